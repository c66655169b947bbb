"""What each sheet of a source is taken for: as confirmed once for its header, else as guessed; corrected and, if unsure, asked."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from regulars.engines.refusals import writing
from regulars.errors import N_, RegularsError, did_you_mean, error
from regulars.ingest.asking import unsure
from regulars.ingest.changed import gone_error, nearest, recalled, remembered, taken_over
from regulars.ingest.evidence import BY_PERSON
from regulars.ingest.headers import header_fingerprint
from regulars.ingest.mapping import Mapping, corrected, of_known_system, propose
from regulars.ingest.raw import prepared
from regulars.ingest.read import Sheet, Source, open_source
from regulars.ingest.reasons import Note
from regulars.ingest.several.bundles import Bundle, gather
from regulars.ingest.several.keys import Links
from regulars.intake.lock import alone
from regulars.progress import Progress, silent
from regulars.snapshots import Shelf
from regulars.state import Settings

Confirm = Callable[[Sheet, Mapping], Mapping]
"""Asked when a mapping is unsure: the sheet and the guess in, the decided mapping out."""
_NOT_OURS: Final = frozenset({"column_missing", "column_gone"})
"""Errors of a table that is perhaps none of ours: beside others that are, it is left out."""
Mapped = tuple[Sheet, Mapping]
"""A sheet, and what its columns are taken for."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A table of which nothing can be loaded, and why."""

    sheet: Sheet
    problem: RegularsError


@dataclass(frozen=True, slots=True)
class MappedFiles:
    """What several files would be taken for: tables with their columns, tables that are none of ours, the keys between all, and what to know."""

    mapped: tuple[Mapped, ...]
    unknown: tuple[Unmapped, ...]
    links: Links
    notes: tuple[Note, ...]


def map_file(shelf: Shelf, settings: Settings, path: Path | str, corrections: dict[str, str], confirm: Confirm | None, only: str | None) -> tuple[Mapped, ...]:
    """What each column of a file would be taken for. What was corrected or confirmed is remembered for every file with that header."""
    return map_files(shelf, settings, (path,), corrections, confirm, only).mapped


def map_files(
    shelf: Shelf, settings: Settings, paths: Sequence[Path | str], corrections: dict[str, str], confirm: Confirm | None, only: str | None = None
) -> MappedFiles:  # fmt: skip
    """What each column of several files would be taken for, and the keys between them."""
    settings = Settings.read(shelf.folder, **settings.given)
    bundles, links = gather([open_source(path) for path in paths], corrections, settings.language, always=len(paths) > 1)
    found: list[Mapped] = []
    unknown: list[Unmapped] = []
    for bundle in bundles:
        try:
            found += taken_for(bundle, settings, corrections, confirm, shelf.folder, only)
        except RegularsError as problem:
            if len(bundles) == 1 or problem.code not in _NOT_OURS:
                raise
            unknown += [Unmapped(sheet, problem) for sheet in bundle.source.sheets]
    mapped = tuple(found)
    if decided := to_remember(tuple(pair for pair in mapped if (corrections or confirm) and pair[1].sure)):
        with writing(shelf.folder), alone(shelf.folder):
            settings.model_copy(update={"mappings": settings.mappings | decided}).write(shelf.folder)
    return MappedFiles(mapped, tuple(unknown), links, (*(note for bundle in bundles for note in bundle.source.notes), *changes(mapped, settings)))


def to_remember(mapped: tuple[Mapped, ...]) -> dict[str, dict[str, Any]]:
    """What regulars.toml keeps: a mapping for each header."""
    return {header_fingerprint(sheet.columns): remembered(sheet, mapping) for sheet, mapping in mapped}


def taken_for(
    bundle: Bundle, settings: Settings, corrections: dict[str, str], confirm: Confirm | None, folder: Path, only: str | None = None,
    progress: Progress = silent,
) -> tuple[Mapped, ...]:  # fmt: skip
    """Every sheet that is a table, with what its columns are taken for; the first problem if none is.

    Corrections are meant for the sheet called ``only``, else for the sheets that have such columns.
    """
    source = bundle.source
    if only and only not in (names := [sheet.name for sheet in source.sheets]):
        raise error("mapping_wrong", setting=only, path=str(source.path), reason=N_("there is no such sheet"), allowed=did_you_mean(only, names))
    told = bundle.told if bundle.told is not None and not only else _meant(source, corrections, only)
    found: list[Mapped] = []
    problems: list[RegularsError] = []
    for sheet in source.sheets:
        proven = bundle.proven.get(sheet)
        sheet = prepared(sheet, progress)
        try:
            found.append((sheet, _mapping(sheet, settings, told.get(sheet, {}), proven, confirm, corrected_now=bool(corrections))))
        except RegularsError as problem:
            if problem.code not in _NOT_OURS:
                raise
            if sheet.name == only:
                raise at_workspace(problem, folder, bundle) from problem
            problems.append(problem)
    if not found:
        raise at_workspace(problems[0], folder, bundle)
    return tuple(found)


def _meant(source: Source, corrections: dict[str, str], only: str | None) -> dict[Sheet, dict[str, str]]:
    """Which corrections are meant for which sheet: all for every one that has such columns, else for the first."""
    meant = [s for s in source.sheets if (s.name == only if only else {*corrections.values()} & {*s.columns})] or source.sheets[:1]
    return dict.fromkeys(meant, corrections)


def _mapping(
    sheet: Sheet, settings: Settings, corrections: MappingLike[str, str], proven: Mapping | None, confirm: Confirm | None, *, corrected_now: bool
) -> Mapping:  # fmt: skip
    """The mapping of a sheet: as confirmed once for this header, else as the keys to other tables or its own columns tell; corrected and, if unsure, asked."""
    known = settings.mappings.get(header_fingerprint(sheet.columns))
    mapping = recalled(sheet, known) if known and not (proven and corrected_now) else proven
    if corrections and not (proven and corrected_now):
        mapping = corrected(mapping, sheet, corrections, language_hint=settings.language)
    mapping = mapping or _like_the_last(sheet, settings)
    return confirm(sheet, mapping) if mapping.doubts and confirm else mapping


def _like_the_last(sheet: Sheet, settings: Settings) -> Mapping:
    """What is known of the system that wrote it; else the mapping of the last file that had nearly the same columns, for those it has; else a guess.

    Errors ``column_missing``, ``column_gone``.
    """
    found = nearest(sheet, settings.mappings)
    if (known := of_known_system(sheet, language_hint=settings.language)) is not None:
        return _as_set_before(known, sheet, found[0] if found else None, settings.language)
    if found is None:
        return propose(sheet, language_hint=settings.language)
    try:
        return taken_over(sheet, *found, language_hint=settings.language)
    except RegularsError:
        try:
            return propose(sheet, language_hint=settings.language)
        except RegularsError as problem:
            raise gone_error(problem, *found) if problem.code == "column_missing" else problem from None


def _as_set_before(known: Mapping, sheet: Sheet, last: Mapping | None, language: str) -> Mapping:
    """The mapping of a known export, with the columns that a person set for the last one that had other columns."""
    if last is None or last.table != known.table:
        return known
    told = {match.field: match.column for match in last.matches if match.reason == BY_PERSON and match.column in sheet.columns}
    return corrected(known, sheet, told, language_hint=language) if told else known


def changes(mapped: tuple[Mapped, ...], settings: Settings) -> tuple[Note, ...]:
    """What is otherwise in these sheets than in the last ones of their kind."""
    unknown = (sheet for sheet, _ in mapped if header_fingerprint(sheet.columns) not in settings.mappings)
    return tuple(note for sheet in unknown if (found := nearest(sheet, settings.mappings)) for note in found[1].notes)


def insist_sure(mapped: tuple[Mapped, ...], folder: Path, bundle: Bundle) -> None:
    """A sheet that is still unsure is a named error with the line to run."""
    for sheet, mapping in mapped:
        if not mapping.sure:
            raise at_workspace(unsure(sheet, mapping), folder, bundle)


def at_workspace(problem: RegularsError, folder: Path, bundle: Bundle) -> RegularsError:
    """The same error, its line naming the workspace, and all the files where there are several."""
    words = shlex.split(str(problem.values["line"]))
    if len(bundle.files) > 1:
        at = words.index("--set") if "--set" in words else len(words)
        words = [*words[:2], *(path for path, _ in bundle.files), *words[at:]]
    return error(problem.code, **{**problem.values, "line": shlex.join([*words, "--workspace", str(folder)])})
