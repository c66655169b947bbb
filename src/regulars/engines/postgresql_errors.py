"""What PostgreSQL and its driver complain of, as named errors. No password can stand in them: addresses hold none."""

from __future__ import annotations

import re
from typing import Final

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from regulars.engines.refusals import OF_THE_SQL, complaint
from regulars.errors import RegularsError, error

_NOBODY_THERE: Final = re.compile(
    r"refused|resolve host|translate host|timeout|timed out|No such file|unreachable|No route|closed the connection|reset by peer"
    r"|invalid port|invalid URI|response to \w+ negotiation|expected authentication request",
    re.IGNORECASE,
)
"""The driver's own complaints, which are always in English; everything else was said by a server."""
_NO_DATABASE: Final = re.compile(r'database "(.+)" does not exist')
_BUSY: Final = re.compile(r"too many|starting up|shutting down|recovery")


def refused(cause: psycopg.Error, address: str) -> RegularsError:
    """Why a connection did not come about."""
    said = " ".join(str(cause).split())
    reason = re.sub(r"^.*failed: ([^ :]+: )?| Is the server running.*$| Multiple connection attempts failed.*$", "", said).strip(" .?")
    if found := _NO_DATABASE.search(said):
        return error("engine_database_missing", engine=address, database=found[1], user=_part(address, "user"))
    if _NOBODY_THERE.search(said):
        return error("engine_unreachable", address=address, reason=reason)
    if _BUSY.search(said):
        return error("engine_failed", engine=address, reason=reason)
    return error("engine_login", engine=address, reason=reason)


def named(cause: psycopg.Error, address: str, closed: bool) -> RegularsError:
    """Why the server did not do what it was asked."""
    said = (cause.diag.message_primary or str(cause).partition("\n")[0]).rstrip(".")
    match cause:
        case errors.DiskFull():
            return error("engine_disk_full", engine=address)
        case errors.InsufficientPrivilege():
            return error("engine_right_missing", engine=address, reason=said, line=_grant(said, address))
        case errors.UndefinedTable() | errors.InvalidSchemaName():
            found = re.search(r'[«„"“](.+?)[»“”"]', said)
            return error("engine_table_missing", engine=address, table=found[1] if found else said)
    if isinstance(cause, errors.DataError) or (cause.sqlstate or "").startswith(OF_THE_SQL):
        return error("sql_failed", reason=complaint(said))
    if closed or isinstance(cause, (errors.AdminShutdown, errors.CrashShutdown, psycopg.InterfaceError)):
        return error("engine_lost", engine=address, reason=said)
    return error("engine_failed", engine=address, reason=said)


def _grant(said: str, address: str) -> str:
    """The statement that gives the right that is missing: to copy into the database, or to read what another role has copied."""
    database, user = _part(address, "dbname"), _part(address, "user")
    return f"GRANT CREATE, TEMPORARY ON DATABASE {database} TO {user};" if database in said.split() else f"GRANT <owner of the schema> TO {user};"


def _part(address: str, name: str) -> str:
    """The user or the database an address names, else what stands for the one the driver chose."""
    return str(conninfo_to_dict(address).get(name) or f"<{name}>")
