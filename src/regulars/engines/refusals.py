"""What the machine refuses (space, memory, open files, rights) as named errors, whichever library was told so."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from regulars.errors import RegularsError, error

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_OPEN: Final = frozenset({errno.EMFILE, errno.ENFILE})
_NO_THREAD: Final = "can't start new thread"
"""What Python says where there is no room for the stack of one."""
OF_THE_SQL: Final = ("0A", "21", "22", "42")
"""How the SQLSTATE begins of what the text asks for: not supported, too many rows in a subquery, values, names and types."""
_KIND: Final = re.compile(r"^[A-Z][A-Za-z ]* Error: ")
_ADVICE: Final = re.compile(r"(?<=[.!]) (?:Add|Correct|If|In order|Please|Rewrite|Use|You) ")


def complaint(said: str) -> str:
    """What an engine has against an SQL text, in its words: the first line, without its kind and without advice on settings that nobody has here."""
    first, *_ = _ADVICE.split(_KIND.sub("", said.strip().partition("\n")[0]), maxsplit=1)
    return first.rstrip(" .!")


def refusal(cause: BaseException, path: Path) -> RegularsError | None:
    """The named error of a refusal met at work on a path; None if it is something else. DuckDB tells the system's reason only in words."""
    number = cause.errno if isinstance(cause, OSError) else None
    if number in _FULL or "No space left on device" in str(cause):
        return error("disk_full", path=str(path))
    if number in _OPEN or "Too many open files" in str(cause):
        return error("too_many_open_files", path=str(path), limit=_open_files())
    if isinstance(cause, (MemoryError, duckdb.OutOfMemoryException)) or number == errno.ENOMEM or _NO_THREAD in str(cause):
        return error("out_of_memory")
    return None


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever is refused while something is written here, as a named error."""
    try:
        yield
    except OSError as cause:
        raise refusal(cause, path) or error("not_writable", path=str(cause.filename or path), reason=cause.strerror or str(cause)) from cause
    except duckdb.IOException as cause:
        raise refusal(cause, path) or error("not_writable", path=str(path), reason=str(cause).splitlines()[0]) from cause
    except (duckdb.Error, MemoryError) as cause:
        if (named := refusal(cause, path)) is None:
            raise
        raise named from cause


def _open_files() -> str:
    """How many files a process may hold open here."""
    try:
        import resource
    except ImportError:  # Windows
        return "-"
    return str(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
