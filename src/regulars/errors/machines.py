"""What can go wrong with the engines, and with the machine below."""

from __future__ import annotations

from typing import Final

from regulars.errors.kind import N_, ErrorKind

MACHINES: Final = (
    # engines
    ErrorKind(
        "engine_secret",
        N_("The address of the engine holds a password or a token, which does not belong into a settings file."),
        N_("Leave it out; for PostgreSQL put it into ~/.pgpass or the variable PGPASSWORD: postgresql://user@host:5432/database"),
    ),
    ErrorKind(
        "engine_login",
        N_("{engine} lets nobody in under this name: {reason}."),
        N_("Check user and password: the password comes from ~/.pgpass (host:port:database:user:password, readable by you alone) or from PGPASSWORD."),
    ),
    ErrorKind(
        "mysql_login",
        N_("{engine} lets nobody in under this name: {reason}."),
        N_("Check user and password: the password comes from MYSQL_PWD or from ~/.my.cnf, readable by you alone."),
    ),
    ErrorKind(
        "engine_database_missing",
        N_("{engine} has no database {database}."),
        N_("Have it made by whoever looks after the server: createdb --owner {user} {database}"),
    ),
    ErrorKind("engine_right_missing", N_("{engine} does not allow it: {reason}."), N_("Have the right granted by whoever looks after the server: {line}")),
    ErrorKind(
        "engine_table_missing",
        N_("{engine} no longer has {table}: somebody has dropped it."),
        N_("Run the same line again: what is missing is copied anew from the workspace."),
    ),
    ErrorKind("engine_lost", N_("The connection to {engine} was lost: {reason}."), N_("Run the same line again; the data in the workspace are safe.")),
    ErrorKind(
        "engine_closed",
        N_("The workspace that this answer came from has been closed, and not all of the answer had been read."),
        N_("Run the analysis again in an open workspace, and ask for all you need before it is closed, or inside its with block."),
    ),
    ErrorKind(
        "engine_disk_full",
        N_("The disk of {engine} is full."),
        N_("Have space made on the server and run the same line again; nothing was half-copied. Without a server: regulars engine duckdb"),
    ),
    ErrorKind("engine_failed", N_("{engine} gave up: {reason}."), N_("Look into the log of the server, or ask whoever looks after it.")),
    ErrorKind(
        "engine_differs",
        N_("{engine} does not hold the same data: {table} has {there}, the workspace {here}."),
        N_("Nothing was changed. Drop the schema of this snapshot on the server and move again."),
    ),
    # the machine
    ErrorKind("disk_full", N_("The disk is full while writing {path}."), N_("Free some space and run the same line again; nothing was half-loaded.")),
    ErrorKind(
        "too_many_open_files",
        N_("{path} cannot be opened: a process may hold {limit} files open here, and it does."),
        N_("Allow more and run the same line again: ulimit -n 4096. Many loads leave many files; to merge them: regulars compact"),
    ),
    ErrorKind(
        "out_of_memory",
        N_("The memory of this machine is not enough for it; nothing was half-done."),
        N_("Close other programs and run the same line again. A large file can also be loaded in pieces, such as one file a month."),
    ),
    ErrorKind("part_missing", N_("{what} is not installed: {reason}."), N_("Install it with: {line}")),
    # other engines
    ErrorKind(
        "java_missing",
        N_("Spark needs Java {oldest} or newer; found: {found}."),
        N_("Install one and try again, for example: {line}. Or let JAVA_HOME name the folder of the one you have."),
    ),
    ErrorKind(
        "java_home_wrong",
        N_("JAVA_HOME is {folder}, and no Java runs there."),
        N_("Let it name the folder of a Java {oldest} or newer; or take it away and install one, for example: {line}"),
    ),
    ErrorKind(
        "spark_not_started",
        N_("Spark did not start: {reason}."),
        N_("Put it right with whoever looks after Spark, or answer without it: regulars engine duckdb"),
    ),
    ErrorKind(
        "spark_elsewhere",
        N_("In this process runs the Spark of {runs}, not that of {address}; one process has one Spark."),
        N_('Let engine be "spark", which takes the one that runs, or stop that one first (spark.stop()).'),
    ),
    ErrorKind(
        "engine_unreachable",
        N_("{address} does not answer: {reason}."),
        N_("Check the address, and that the server is running and reachable. To answer without it: regulars engine duckdb"),
    ),
    ErrorKind("cancelled", N_("Stopped at your wish; nothing was changed."), N_("Run the same line again to start over."), 130),
)
