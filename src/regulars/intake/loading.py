"""What a workspace does with files: it says what is in them, loads them, and knows which it has loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from regulars.errors import N_, Words
from regulars.progress import Progress, silent
from regulars.rights import Sight
from regulars.snapshots import Shelf, compaction
from regulars.state import Settings

if TYPE_CHECKING:
    from regulars.intake.deliveries import Deliveries, Unread
    from regulars.intake.imports import Import
    from regulars.intake.mapped import Confirm, Mapped


class Loading:
    """The part of a workspace that takes files in. What it needs of intake it imports when it is asked: reading starts a third faster without."""

    folder: Path
    settings: Settings
    _shelf: Shelf
    _sight: Sight

    def load(
        self,
        path: str | os.PathLike[str],
        *,
        mapping: Mapping[str, str] | None = None,
        confirm: Confirm | None = None,
        progress: Progress = silent,
    ) -> Import:
        """Load a file of orders, customers, products or payments, or a table of a database by its address, and publish the new snapshot.

        ``mapping`` says which column is what (field → column, ``-`` for none) where the guess is wrong; ``confirm`` is asked
        when the guess is unsure. Without it an unsure file is a named error with the line to run. The same file twice
        changes nothing.

        Raises:
            RegularsError: ``file_*``, ``column_missing``, ``mapping_*``, ``nothing_loaded``, ``not_writable``, ``workspace_busy``.
        """
        from regulars.intake.imports import load_file  # intake is only for who loads: reading starts a third faster without it

        self._sight.allow(Words(N_("loading files")))
        loaded = load_file(self._shelf, self.settings, os.fspath(path), dict(mapping or {}), confirm, progress)
        if compaction.due(self._shelf):
            compaction.start(self.folder)
        self.settings = Settings.read(self.folder, **self.settings.given)
        return replace(loaded, language=self.settings.language)

    def load_folder(
        self,
        folder: str | os.PathLike[str],
        *,
        mapping: Mapping[str, str] | None = None,
        confirm: Confirm | None = None,
        progress: Progress = silent,
    ) -> Deliveries:
        """Load every file of a folder and the folders in it, each as a delivery of its own. Files that cannot be loaded are named, the rest goes on.

        Raises:
            RegularsError: ``file_missing``, ``folder_empty``, ``not_writable``, ``workspace_busy``.
        """
        from regulars.ingest.folder import files_of
        from regulars.intake.deliveries import load_files

        paths = files_of(Path(folder))
        return load_files(
            paths, Path(folder), lambda path: self.load(path, mapping=mapping, confirm=confirm, progress=progress), self.settings.language, progress
        )

    def watch(
        self, folder: str | os.PathLike[str], *, every: float = 10.0, wait: Callable[[float], bool] | None = None, confirm: Confirm | None = None
    ) -> Iterator[Import | Unread]:
        """Load what lies in a folder and what is put into it, file by file, for as long as it is asked for more.

        A file is loaded once it has stopped growing (it was the same at two looks, ``every`` so many seconds); one that was loaded before
        changes nothing, and one that cannot be loaded is told and tried again when it changes. ``wait(seconds)`` may end the watch by True.
        """
        from regulars.intake.watched import watch

        return watch(Path(folder), lambda path: self.load(path, confirm=confirm), every=every, wait=wait)

    def map(
        self, path: str | os.PathLike[str], mapping: Mapping[str, str] | None = None, *, sheet: str | None = None, confirm: Confirm | None = None
    ) -> tuple[Mapped, ...]:
        """What each column of a file would be taken for, sheet by sheet. Nothing is loaded.

        What ``mapping`` corrects (in one ``sheet``) or ``confirm`` decides is kept in ``regulars.toml``, for every later file with that header.
        """
        from regulars.intake.mapped import map_file

        self._sight.allow(Words(N_("loading files")))
        return map_file(self._shelf, self.settings, os.fspath(path), dict(mapping or {}), confirm, sheet)

    @property
    def imports(self) -> tuple[Import, ...]:
        """Every delivery in the snapshot in force, oldest first. They tell of all the data: a restricted reader is refused."""
        from regulars.intake.imports import history

        self._sight.allow(Words(N_("the list of deliveries")))
        return tuple(replace(one, language=self.settings.language) for one in history(self._shelf))
