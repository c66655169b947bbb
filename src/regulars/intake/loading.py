"""What a workspace does with files: it says what is in them, loads them, and knows which it has loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from regulars.errors import N_, Words
from regulars.i18n import Reader
from regulars.progress import Progress, silent
from regulars.rights import Sight
from regulars.snapshots import Shelf, compaction
from regulars.state import Settings

if TYPE_CHECKING:
    from regulars.ingest.several.bundles import Bundle
    from regulars.intake.checking import Checked
    from regulars.intake.deliveries import Deliveries, Unread
    from regulars.intake.delivery import Import
    from regulars.intake.mapped import Confirm, Mapped, MappedFiles
    from regulars.intake.rejects import Rejects


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
        return self._taken_in(load_file(self._shelf, self.settings, os.fspath(path), dict(mapping or {}), confirm, progress))

    def _taken_in(self, loaded: Import) -> Import:
        """After a load: many small deliveries are merged, and what was decided is known from now on."""
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
        """Load every file of a folder and the folders in it, as ``load_files`` does.

        Raises:
            RegularsError: ``file_missing``, ``folder_empty``, ``folder_unread``, ``not_writable``, ``workspace_busy``.
        """
        from regulars.intake.deliveries import load_folder

        return load_folder(Path(folder), lambda paths: self.load_files(paths, mapping=mapping, confirm=confirm, progress=progress))

    def load_files(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        mapping: Mapping[str, str] | None = None,
        confirm: Confirm | None = None,
        progress: Progress = silent,
    ) -> Deliveries:
        """Load files, folders and tables of databases: each file is a delivery of its own, but tables that need each other are loaded as one.

        Lines of orders without a date or a customer find them in the file of the orders, by the key that their values prove; a
        customer number leads to the person in the file of the customers. In ``mapping`` a column of a certain table is
        ``orders.column 7``. Files that cannot be loaded are named, the rest goes on.

        Raises:
            RegularsError: as ``load``, if nothing could be loaded.
        """
        from regulars.intake import deliveries
        from regulars.intake.delivery import history
        from regulars.intake.imports import load_bundle

        self._sight.allow(Words(N_("loading files")))
        given = dict(mapping or {})

        def load(bundle: Bundle) -> Import:
            return self._taken_in(load_bundle(self._shelf, self.settings, bundle, given, confirm, progress))

        return deliveries.load_files(deliveries.paths_of(paths), load, history(self._shelf), given, self.settings.language, progress)

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

    def map_files(
        self,
        paths: Iterable[str | os.PathLike[str]],
        mapping: Mapping[str, str] | None = None,
        *,
        sheet: str | None = None,
        confirm: Confirm | None = None,
    ) -> MappedFiles:
        """What several files are to each other: what each column would be taken for, which tables are one, the keys between all. Nothing is loaded."""
        from regulars.intake.deliveries import paths_of
        from regulars.intake.mapped import map_files

        self._sight.allow(Words(N_("loading files")))
        return map_files(self._shelf, self.settings, paths_of(paths), dict(mapping or {}), confirm, sheet)

    def check(self, path: str | os.PathLike[str], *, mapping: Mapping[str, str] | None = None, progress: Progress = silent) -> Checked:
        """Judge a file without loading it: what would load, what would not and why, what the rules find, what is unsure about its columns.

        Raises:
            RegularsError: ``file_*``, ``column_missing``, ``mapping_*``, ``nothing_loaded``: what loading it would raise, but for doubts.
        """
        from regulars.intake.checking import check_file

        self._sight.allow(Words(N_("loading files")))
        return check_file(self._shelf, self.settings, os.fspath(path), dict(mapping or {}), progress)

    @property
    def imports(self) -> tuple[Import, ...]:
        """Every delivery in the snapshot in force, oldest first. They tell of all the data: a restricted reader is refused."""
        from regulars.intake.delivery import history

        self._sight.allow(Words(N_("the list of deliveries")))
        return tuple(replace(one, language=self.settings.language) for one in history(self._shelf))

    def rejects(self, delivery: str | None = None) -> tuple[Rejects, ...]:
        """The rows that were not loaded and not mended since, sheet by sheet: of one delivery (id or number), or of all.

        Raises:
            RegularsError: ``import_unknown``.
        """
        from regulars.intake.delivery import history, meant
        from regulars.intake.rejects import rejects

        self._sight.allow(Words(N_("the rows that were not loaded")))
        files = {one.id: one.path for one in history(self._shelf)}
        return rejects(self._shelf, (meant(tuple(files), delivery),) if delivery else tuple(files), files, Reader(self.settings.language))

    def write_rejects(self, path: str | os.PathLike[str], delivery: str | None = None) -> None:
        """Write them to a file to mend: the columns as they came, then the reason in the workspace's language, then the place. What is mended in
        it is loaded like any file, and no row of it twice.

        Raises:
            RegularsError: ``import_unknown``, ``value_wrong`` for another kind of file than .csv and .xlsx, ``not_writable``.
        """
        from regulars.intake.rejects import write_rejects

        write_rejects(self.rejects(delivery), Path(path))
