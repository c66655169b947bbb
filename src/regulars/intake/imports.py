"""One delivery: read, mapped, staged, published, and remembered; or refused as a whole with nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from regulars.engines.duckdb import within_memory
from regulars.engines.refusals import writing
from regulars.errors import Words, error
from regulars.i18n import NO_CURRENCY
from regulars.ingest.asking import nobody_named
from regulars.ingest.mapping import Mapping
from regulars.ingest.mended import note_origins
from regulars.ingest.overlap import set_aside_known, set_aside_mended
from regulars.ingest.presets import named
from regulars.ingest.read import open_source
from regulars.ingest.reasons import REASONS, Note
from regulars.ingest.rules.across import judge_across
from regulars.ingest.rules.notes import notes_of
from regulars.ingest.several.bundles import Bundle, gather
from regulars.ingest.several.words import SET_ASIDE
from regulars.ingest.stage import Staged, stage
from regulars.intake.anew import judged_anew
from regulars.intake.delivery import Import, earlier_of, history, write_import
from regulars.intake.lock import alone
from regulars.intake.mapped import Confirm, Mapped, at_workspace, changes, insist_sure, taken_for, to_remember
from regulars.progress import Progress
from regulars.snapshots import Shelf, Snapshot
from regulars.snapshots.durable import settle
from regulars.snapshots.parts import first_of
from regulars.state import Settings


def load_file(shelf: Shelf, settings: Settings, path: Path | str, corrections: dict[str, str], confirm: Confirm | None, progress: Progress) -> Import:
    """Load one file into the shelf. Every error leaves the snapshot in force as it was.

    A file that was loaded before takes the place of that delivery if its columns are corrected now, or if its currency was
    unknown and is given now; else it changes nothing.
    """
    (bundle,), _ = gather([open_source(path)], corrections, settings.language)
    return load_bundle(shelf, settings, bundle, corrections, confirm, progress)


def load_bundle(shelf: Shelf, settings: Settings, bundle: Bundle, corrections: dict[str, str], confirm: Confirm | None, progress: Progress) -> Import:
    """Load a file, or several that hang together, as one delivery."""
    source = bundle.source
    with writing(shelf.folder), alone(shelf.folder), within_memory(Settings.read(shelf.folder, **settings.given).memory):
        settings = Settings.read(shelf.folder, **settings.given)
        past = history(shelf)
        known = next((one for one in past if one.fingerprint == source.fingerprint), None)
        if known and not corrections and not (known.currencies == (NO_CURRENCY,) and settings.assumed_currency):
            return replace(known, already_loaded=True)
        decided = taken_for(bundle, settings, corrections, confirm, shelf.folder, progress=progress)
        insist_sure(decided, shelf.folder, bundle)
        import_id = _corrected(shelf, known.id) if known else f"{_number(shelf):05d}-{source.fingerprint[:12]}"
        earlier = [one for one in past if one is not known and one.id < import_id]
        before, later = tuple(one.id for one in earlier), tuple(one.id for one in past if one is not known and one.id > import_id)
        folder = shelf.new_part(import_id)
        staged = [
            stage(
                sheet,
                mapping,
                folder=folder,
                import_id=import_id,
                currency=settings.assumed_currency,
                time_zone=settings.zone.key,
                today=datetime.now(settings.zone).date(),
                progress=progress,
            )
            for sheet, mapping in decided
        ]
        _insist_somebody(decided, staged, shelf.folder, bundle)
        note_origins((sheet for sheet, _ in decided), folder, import_id)
        staged.append(set_aside_mended(shelf.deliveries, import_id, sorted({mapping.table for _, mapping in decided}), before))
        staged.append(set_aside_known(shelf.deliveries, import_id, before))
        staged.append(_ruled(shelf, settings, import_id, earlier, [mapping for _, mapping in decided]))
        loaded = _summed(import_id, bundle, staged, decided, changes(decided, settings))
        if loaded.rows_loaded == 0:
            _refuse_empty(loaded, folder)
        write_import(folder, loaded)
        settle(folder)
        parts = judged_anew(shelf.deliveries, (*before, import_id, *later), import_id, import_id) if later else (*before, import_id)
        shelf.publish(parts, settings.arrangement, progress, "correct" if known else "load")
        settings.model_copy(update={"mappings": settings.mappings | to_remember(decided)}).write(shelf.folder)
        return loaded


def _ruled(shelf: Shelf, settings: Settings, import_id: str, past: Sequence[Import], mappings: Sequence[Mapping]) -> Staged:
    """Judge a delivery by what earlier ones show, and say what rules leave out of the figures; no row comes or goes."""
    snapshot = shelf.current()
    last_on = max((book.last_on for book in snapshot.books), default=None) if snapshot else None
    judge_across(shelf.deliveries, import_id, earlier_of(past, mappings, last_on))
    return Staged(0, 0, 0, {}, walk_in_rows=0, currencies=(), notes=notes_of(shelf.deliveries, import_id, settings.arrangement.set_aside))


def arranged_anew(shelf: Shelf, settings: Settings) -> Snapshot:
    """The same deliveries under another arrangement, or in the format of this version."""
    with writing(shelf.folder), alone(shelf.folder), within_memory(settings.memory):
        snapshot = shelf.publish(shelf.parts(), settings.arrangement, action="arrange")
        settings.write(shelf.folder)
        return snapshot


def _number(shelf: Shelf) -> int:
    """The number of the next delivery: none that is or was in force has it."""
    return 1 + max((int(part.partition("-")[0]) for part in (*shelf.parts(), *shelf.log.known())), default=0)


def _corrected(shelf: Shelf, import_id: str) -> str:
    """The id of a delivery that takes the place of this one: its number, so that later ones stay later, and which correction of it this is."""
    root = first_of(import_id).partition(".")[0]
    told = {first_of(part) for part in (*shelf.parts(), *shelf.log.known())}
    return f"{root}.{1 + sum(one.partition('.')[0] == root for one in told)}"


def _insist_somebody(decided: tuple[Mapped, ...], staged: list[Staged], folder: Path, bundle: Bundle) -> None:
    """A customer column that names nobody in any row is the wrong one, not a file of passers-by."""
    for (sheet, mapping), part in zip(decided, staged, strict=True):
        if mapping.table == "sales" and part.walk_in_rows == part.rows_loaded > 0:
            raise at_workspace(nobody_named(sheet), folder, bundle)


def _summed(import_id: str, bundle: Bundle, staged: list[Staged], decided: tuple[Mapped, ...], changed: tuple[Note, ...]) -> Import:
    source = bundle.source
    reasons: dict[str, int] = {}
    for part in staged:
        for reason, rows in part.rejected_by_reason.items():
            reasons[reason] = reasons.get(reason, 0) + rows
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
        notes=(*source.notes, *changed, *_set_aside(bundle, decided), *(note for s in staged for note in s.notes)),
        mappings=tuple(mapping.to_toml_dict() for _, mapping in decided),
        files=tuple({"path": path, "fingerprint": fingerprint} for path, fingerprint in bundle.files),
        source=", ".join(dict.fromkeys(preset.title for _, mapping in decided if (preset := named(mapping.preset)))),
    )


def _set_aside(bundle: Bundle, decided: tuple[Mapped, ...]) -> tuple[Note, ...]:
    """A note of the tables of which nothing is loaded."""
    taken = {sheet.name for sheet, _ in decided}
    names = [*bundle.aside, *(sheet.name for sheet in bundle.source.sheets if sheet.name not in taken)]
    return (Note(SET_ASIDE, (("names", ", ".join(names)),)),) if names else ()


def _refuse_empty(loaded: Import, folder: Path) -> None:
    reason = max(loaded.rejected_by_reason, key=loaded.rejected_by_reason.__getitem__, default="")
    raise error("nothing_loaded", path=loaded.path, rows=loaded.rows_in, reason=Words(REASONS.get(reason, reason)), row=1, rejects=str(folder))
