"""Packed files, unpacked within bounds: what is inside may be large, but not endless, and goes nowhere but into the reading room."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Final

from regulars.errors import N_, RegularsError, Words, error
from regulars.ingest.content import Room
from regulars.ingest.encoding import detect

LARGEST: Final = 64 * 1024**3
"""Bytes that one file may unpack to."""
SMALL: Final = 64 * 1024**2
"""Bytes below which the ratio says nothing: a short file of equal rows packs very well."""
RATIO: Final = 200
"""Times the packed size; order files pack five to fifty times."""
MOST_MEMBERS: Final = 2_000
_PIECE: Final = 1024**2
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800

BOMB: Final = N_("it unpacks to more than 200 times its size")
TOO_LARGE: Final = N_("it unpacks to more than 64 GB")
OUTSIDE: Final = N_("a name in it leads out of the folder")
TOO_MANY: Final = N_("it holds more than 2,000 files")
TOO_DEEP: Final = N_("archives are packed in archives in archives")
CUT_OFF: Final = N_("it ends too early")
MIXED_UP: Final = N_("its parts do not fit together")


def unpack_gzip(path: Path, shown: str, room: Room) -> Path:
    """The unpacked copy of a gzip file. Errors ``archive_unsafe``, ``file_damaged``, ``disk_full``."""
    target = room.place()
    try:
        with gzip.open(path) as source:
            _copy(source, target, path.stat().st_size, shown, room)  # type: ignore[arg-type]
    except EOFError as reason:
        raise error("file_damaged", path=shown, found=Words(CUT_OFF)) from reason
    except (gzip.BadGzipFile, zlib.error) as reason:
        raise error("file_damaged", path=shown, found=str(reason)) from reason
    return target


def unpack_zip(path: Path, shown: str, room: Room) -> list[tuple[str, Path]]:
    """The files of a zip in the order of their names: name with folders, unpacked copy. Hidden files and what macOS adds are left out.

    Errors ``archive_unsafe``, ``file_protected``, ``file_damaged``, ``disk_full``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [(_name(member), member) for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise _unsafe(shown, TOO_MANY)
            if any(_leads_out(name) for name, _ in members):
                raise _unsafe(shown, OUTSIDE)
            wanted = sorted(((name, member) for name, member in members if not is_hidden(name) and member.file_size), key=lambda pair: pair[0])
            if any(member.flag_bits & _ENCRYPTED for _, member in wanted):
                raise error("file_protected", path=shown)
            return _unpacked(archive, wanted, shown, room)
    except zipfile.BadZipFile as reason:
        cut = "not a zip file" in str(reason) or "central directory" in str(reason)
        raise error("file_damaged", path=shown, found=Words(CUT_OFF if cut else MIXED_UP)) from reason
    except EOFError as reason:
        raise error("file_damaged", path=shown, found=Words(CUT_OFF)) from reason
    except (zlib.error, NotImplementedError, ValueError, RuntimeError) as reason:
        raise error("file_damaged", path=shown, found=str(reason)) from reason


def check_packing(path: Path, shown: str) -> None:
    """Error ``archive_unsafe`` for a workbook that unpacks beyond bounds; other files, and broken ones, are for their reader to judge."""
    try:
        with zipfile.ZipFile(path) as archive:
            size, packed = (sum(getattr(member, name) for member in archive.infolist()) for name in ("file_size", "compress_size"))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return
    if size > SMALL and size > RATIO * packed:
        raise _unsafe(shown, BOMB)


def is_hidden(name: str) -> bool:
    """Whether a file is none that a person put there: hidden, a lock of an office program, what macOS adds.

    >>> is_hidden("2024/orders.csv"), is_hidden("__MACOSX/._orders.csv"), is_hidden("~$orders.xlsx"), is_hidden("Thumbs.db")
    (False, True, True, True)
    """
    parts = PurePosixPath(name).parts
    return any(part.startswith((".", "~$")) or part in {"__MACOSX", "Thumbs.db", "desktop.ini"} for part in parts)


def _unpacked(archive: zipfile.ZipFile, wanted: list[tuple[str, zipfile.ZipInfo]], shown: str, room: Room) -> list[tuple[str, Path]]:
    done: list[tuple[str, Path]] = []
    left = LARGEST
    for name, member in wanted:
        target = room.place()
        with archive.open(member) as source:
            left -= _copy(source, target, member.compress_size, shown, room, left)
        done.append((name, target))
    return done


def _copy(source: IO[bytes], target: Path, packed: int, shown: str, room: Room, limit: int = LARGEST) -> int:
    """Copy a stream that is being unpacked, counting what really comes out of it. Returns the bytes."""
    size = 0
    with room.writing(), target.open("wb") as file:
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise _unsafe(shown, TOO_LARGE)
            if size > SMALL and size > RATIO * packed:
                raise _unsafe(shown, BOMB)
            file.write(piece)
    return size


def _leads_out(name: str) -> bool:
    slashed = name.replace("\\", "/")
    return slashed.startswith("/") or ".." in slashed.split("/") or slashed[1:2] == ":"


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; one that is not marked as UTF-8 is in the letters of the machine that packed it."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    return raw.decode(detect(raw, whole=True) or "cp437", errors="replace")


def _unsafe(shown: str, found: str) -> RegularsError:
    return error("archive_unsafe", path=shown, found=Words(found))
