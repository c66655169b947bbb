"""One delivery: read, mapped, staged, published, and remembered; or refused as a whole with nothing changed."""

from __future__ import annotations

import errno
import json
import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from regulars.errors import error
from regulars.ingest.mapping import Mapping, corrected, currency_of, header_fingerprint, propose
from regulars.ingest.overlap import set_aside_known
from regulars.ingest.read import Sheet, Source, open_source
from regulars.ingest.stage import REASONS, Staged, stage
from regulars.progress import Progress
from regulars.schema import PART_TABLES
from regulars.snapshots import Shelf
from regulars.state import Settings

Confirm = Callable[[Sheet, Mapping], Mapping]
"""Asked when a mapping is unsure: the sheet and the guess in, the decided mapping out."""
Mapped = tuple[Sheet, Mapping]
"""A sheet, and what its columns are taken for."""


@dataclass(frozen=True, slots=True)
class Import:
    """What became of one file. ``rows_in = rows_loaded + rows_rejected`` always holds; ``rejects`` is where the rejected rows are."""

    id: str
    path: str
    loaded_at: str
    fingerprint: str
    rows_in: int
    rows_loaded: int
    rows_rejected: int
    walk_in_rows: int
    rejected_by_reason: dict[str, int] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    notes: tuple[Any, ...] = ()
    mappings: tuple[dict[str, Any], ...] = ()
    already_loaded: bool = False


def history(shelf: Shelf) -> tuple[Import, ...]:
    """The deliveries of the snapshot in force, oldest first."""
    return tuple(_read(shelf.part_folder(part)) for part in shelf.parts())


def _read(folder: Path) -> Import:
    found = json.loads((folder / "import.json").read_text(encoding="utf-8"))
    return Import(**found | {name: tuple(found[name]) for name in ("currencies", "notes", "mappings")})


def rejected(shelf: Shelf) -> pa.Table:
    """Every row of every delivery that was not loaded: where it stood, why, and the row itself."""
    files = [str(f) for part in shelf.parts() for f in sorted(shelf.part_folder(part).glob("rejected*.parquet"))]
    schema = pa.schema([(f.name, pa.int64() if f.type == "integer" else pa.string()) for f in PART_TABLES["rejected"].fields])
    tables = [pq.read_table(f).select(schema.names).cast(schema) for f in files]
    return pa.concat_tables([schema.empty_table(), *tables])


def load_file(shelf: Shelf, settings: Settings, path: Path, corrections: dict[str, str], confirm: Confirm | None, progress: Progress) -> Import:
    """Load one file into the shelf. Every error leaves the snapshot in force as it was."""
    source = open_source(path)
    with _alone(shelf.folder), _writable(shelf.folder):
        settings = Settings.read(shelf.folder, **settings.model_dump(exclude={"mappings"}))
        past = history(shelf)
        for known in past:
            if known.fingerprint == source.fingerprint and not corrections:
                return replace(known, already_loaded=True)
        decided = [(sheet, *_decide(source, sheet, shelf, settings, corrections, confirm)) for sheet in source.sheets]
        import_id = f"{len(past) + 1:05d}-{source.fingerprint[:12]}"
        folder = shelf.new_part(import_id)
        staged = [
            stage(
                sheet,
                mapping,
                folder=folder,
                import_id=import_id,
                currency=currency_of(sheet, mapping) or settings.assumed_currency,
                time_zone=settings.zone.key,
                progress=progress,
            )
            for sheet, mapping, _ in decided
        ]
        staged.append(set_aside_known(folder, [shelf.part_folder(part) for part in shelf.parts()]))
        loaded = _summed(import_id, source, staged, [mapping for _, mapping, _ in decided])
        if loaded.rows_loaded == 0:
            _refuse_empty(loaded, path, folder)
        (folder / "import.json").write_text(json.dumps(asdict(loaded), ensure_ascii=False, indent=1), encoding="utf-8")
        shelf.publish((*shelf.parts(), import_id), settings.day_starts_at, progress)
        remembered = {header: mapping.to_toml_dict() for _, mapping, header in decided}
        settings.model_copy(update={"mappings": settings.mappings | remembered}).write(shelf.folder)
        return loaded


def map_file(shelf: Shelf, settings: Settings, path: Path, corrections: dict[str, str], confirm: Confirm | None) -> tuple[Mapped, ...]:
    """What each column of a file would be taken for. What was corrected or confirmed is remembered for every file with that header."""
    source = open_source(path)
    settings = Settings.read(shelf.folder, **settings.model_dump(exclude={"mappings"}))
    mapped = [(sheet, _mapping(sheet, settings, corrections, confirm)) for sheet in source.sheets]
    if decided := {header_fingerprint(sheet.columns): m.to_toml_dict() for sheet, m in mapped if (corrections or confirm) and not m.doubts}:
        with _alone(shelf.folder), _writable(shelf.folder):
            settings.model_copy(update={"mappings": settings.mappings | decided}).write(shelf.folder)
    return tuple(mapped)


def _mapping(sheet: Sheet, settings: Settings, corrections: dict[str, str], confirm: Confirm | None) -> Mapping:
    """The mapping of a sheet: as confirmed once for this header, else as guessed, corrected and, if unsure, asked."""
    header = header_fingerprint(sheet.columns)
    if header in settings.mappings and not corrections:
        return Mapping.from_toml_dict(settings.mappings[header])
    mapping = propose(sheet, language_hint=settings.language)
    if corrections:
        mapping = corrected(mapping, sheet, corrections)
    if mapping.doubts and confirm is not None:
        mapping = confirm(sheet, mapping)
    return mapping


def _decide(source: Source, sheet: Sheet, shelf: Shelf, settings: Settings, corrections: dict[str, str], confirm: Confirm | None) -> tuple[Mapping, str]:
    """The mapping to load a sheet with; one that is still unsure is a named error with the line to run."""
    mapping = _mapping(sheet, settings, corrections, confirm)
    if mapping.doubts:
        chosen = [f"--set {shlex.quote(f'{m.field}={m.column}')}" for m in mapping.matches]
        line = " ".join(["regulars map", shlex.quote(str(source.path)), *chosen, "--workspace", shlex.quote(str(shelf.folder))])
        raise error("mapping_unsure", path=str(source.path), doubts=list(mapping.doubts), line=line)
    return mapping, header_fingerprint(sheet.columns)


def _summed(import_id: str, source: Source, staged: list[Staged], mappings: list[Mapping]) -> Import:
    reasons: dict[str, int] = {}
    for part in staged:
        for reason, count in part.rejected_by_reason.items():
            reasons[reason] = reasons.get(reason, 0) + count
    return Import(
        id=import_id,
        path=str(source.path),
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        fingerprint=source.fingerprint,
        rows_in=sum(s.rows_in for s in staged),
        rows_loaded=sum(s.rows_loaded for s in staged),
        rows_rejected=sum(s.rows_rejected for s in staged),
        walk_in_rows=sum(s.walk_in_rows for s in staged),
        rejected_by_reason=reasons,
        currencies=tuple(sorted({c for s in staged for c in s.currencies})),
        notes=tuple(note for s in staged for note in s.notes),
        mappings=tuple(m.to_toml_dict() for m in mappings),
    )


def _refuse_empty(loaded: Import, path: Path, folder: Path) -> None:
    reason = max(loaded.rejected_by_reason, key=loaded.rejected_by_reason.__getitem__, default="")
    raise error("nothing_loaded", path=str(path), rows=loaded.rows_in, reason=REASONS.get(reason, reason), row=1, rejects=str(folder))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time; the lock is the operating system's, so a killed writer frees it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "writing.lock", timeout=0)
        lock.acquire()
    except Timeout as cause:
        holder = folder / "writing.process"
        raise error("workspace_busy", path=str(folder), process=holder.read_text() if holder.exists() else "-") from cause
    except OSError as cause:
        raise error("not_writable", path=str(folder), reason=cause.strerror or str(cause)) from cause
    try:
        (folder / "writing.process").write_text(str(os.getpid()))
        yield
    finally:
        (folder / "writing.process").unlink(missing_ok=True)
        lock.release()


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """The operating system's refusals as named errors."""
    try:
        yield
    except OSError as cause:
        if cause.errno == errno.ENOSPC:
            raise error("disk_full", path=str(folder)) from cause
        raise error("not_writable", path=str(cause.filename or folder), reason=cause.strerror or str(cause)) from cause
