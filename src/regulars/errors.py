"""Every error a person can meet, in one list: what is wrong, where, what is allowed, what to do next.

Bottom layer. An error is raised by its code, ``raise error("no_such_column", column=..., ...)``; the list below owns
the words, so that the reference page, the command line and the pages in three languages all say the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Final


def N_(message: str) -> str:
    """Mark a text for the catalogues without translating it here."""
    return message


class Words(str):
    """A value of an error that is itself a text of the catalogue, unlike a name or a number that somebody wrote."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One thing that can go wrong: a stable code, the sentence, the next step, and the command's exit status."""

    code: str
    says: str
    next_step: str
    exit_status: int = 2

    @property
    def fields(self) -> frozenset[str]:
        """The values the two texts need."""
        return frozenset(name for text in (self.says, self.next_step) for _, name, _, _ in Formatter().parse(text) if name)


class RegularsError(Exception):
    """A named error: ``kind`` for machines, ``values`` for the place and the value, words from the catalogue."""

    def __init__(self, kind: ErrorKind, values: dict[str, object]) -> None:
        self.kind = kind
        self.values = values
        super().__init__(f"{kind.says.format(**values)} {kind.next_step.format(**values)}".strip())

    @property
    def code(self) -> str:
        return self.kind.code

    def __reduce__(self) -> tuple[type[RegularsError], tuple[ErrorKind, dict[str, object]]]:
        return (type(self), (self.kind, self.values))


def error(code: str, **values: object) -> RegularsError:
    """The error of that code, its sentence filled with the given values. A missing or unknown value is a bug and raises."""
    kind = KINDS[code]
    if kind.fields != values.keys():
        raise TypeError(f"error {code!r} takes {sorted(kind.fields)}, got {sorted(values)}")
    return RegularsError(kind, values)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The known names nearest to a mistyped one, quoted and joined, or all of them if none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return ", ".join(repr(n) for n in (near or names)) or "-"


_ALL: Final = (
    # files and intake
    ErrorKind("file_missing", N_("There is no file {path}."), N_("Check the name; in this folder: {near}.")),
    ErrorKind("file_is_folder", N_("{path} is a folder, not a file."), N_("Load every file in it: regulars load {path} (in Python: load_folder).")),
    ErrorKind(
        "file_kind_unknown",
        N_("{path} is not a table Regulars can read: {found}."),
        N_("Save it as .csv or .xlsx (in Excel: File, Save as) and load that."),
    ),
    ErrorKind(
        "file_empty",
        N_("{path} holds no data rows: {found}."),
        N_("Export it again with at least one order, or see an example: regulars template orders.xlsx"),
    ),
    ErrorKind("file_damaged", N_("{path} cannot be read: {found}."), N_("Open it in the program that made it, save it again as .xlsx or .csv, and load that.")),
    ErrorKind("file_protected", N_("{path} is protected by a password."), N_("Open it with the password, save it without one, and load that.")),
    ErrorKind(
        "file_too_large",
        N_("{path} holds one object of more than {limit} MB, which cannot be read piece by piece."),
        N_("Export it as .csv, as Parquet or as JSON lines; those may be of any size."),
    ),
    ErrorKind("archive_unsafe", N_("{path} is not unpacked: {found}."), N_("Look at what is inside with a program you trust, and load the table itself.")),
    ErrorKind(
        "json_broken",
        N_("{path} is broken at line {line}: {reason}."),
        N_("Export it again; if it comes from a download, it probably stopped half way."),
    ),
    ErrorKind("columns_too_many", N_("{path} has {columns} columns; a table of orders has at most {limit}."), N_("Export only the columns you need.")),
    ErrorKind(
        "line_too_long",
        N_("{path} has a line of more than {limit} characters, so it cannot be a table with rows."),
        N_("Export it again with one line for each row, as .csv or .xlsx."),
    ),
    ErrorKind(
        "address_wrong",
        N_("{given} is not the address of a table: {reason}."),
        N_("Write it like this: sqlite:///shop.db?table=orders or sqlite:///shop.db?query=select * from orders"),
    ),
    ErrorKind("sheet_too_large", N_("A sheet of {path} reaches to cell {cell}, far beyond its table."), N_("Delete what lies behind it, or save it as .csv.")),
    ErrorKind("year_missing", N_("The dates in {column} of {path} have no year."), N_("Say it in the name of the file, such as {example}, and load that.")),
    ErrorKind("table_missing", N_("There is no table {table} in {path}."), N_("Did you mean {near}?")),
    ErrorKind("query_failed", N_("The query to {path} failed: {reason}."), N_("Try it in the database's own program first; it must be one SELECT.")),
    ErrorKind(
        "folder_empty",
        N_("No file in {path} could be loaded; it holds {files}."),
        N_("Put the exports there as .csv, .xlsx, .json or .parquet, and load the folder again."),
    ),
    ErrorKind("column_missing", N_("No column of {path} looks like {wanted}. Its columns are: {columns}."), N_("Say which one it is: {line}")),
    ErrorKind(
        "mapping_unsure",
        N_("The columns of {path} are not certain enough to load without asking: {doubts}."),
        N_("Confirm or correct them with this line, then load again: {line}"),
    ),
    ErrorKind("mapping_wrong", N_("{setting} does not fit {path}: {reason}."), N_("Allowed: {allowed}. See the columns: regulars map {path}")),
    ErrorKind(
        "nothing_loaded",
        N_("None of the {rows} rows of {path} could be loaded. First reason: {reason} (row {row})."),
        N_("The rows and their reasons are in {rejects}. Check the columns: regulars map {path}"),
    ),
    # workspace
    ErrorKind("workspace_empty", N_("The workspace {path} has no data yet."), N_("Load a file first: regulars load orders.xlsx --workspace {path}")),
    ErrorKind(
        "orders_missing",
        N_("The workspace {path} holds no orders yet."),
        N_("Every answer starts from orders. Load a file of them: regulars load orders.xlsx --workspace {path}"),
    ),
    ErrorKind("workspace_busy", N_("Another load into {path} is running (process {process})."), N_("Wait until it ends, then try again.")),
    ErrorKind("not_writable", N_("{path} cannot be written: {reason}."), N_("Choose a folder of your own, for example: --workspace ~/regulars")),
    ErrorKind("not_a_workspace", N_("{path} is a file, not a workspace folder."), N_("Give a folder; a file is loaded with: regulars load {path}")),
    ErrorKind("setting_wrong", N_("{place}: {name} = {value} is not allowed."), N_("Allowed: {allowed}.")),
    ErrorKind(
        "snapshot_damaged",
        N_("The data in {path} cannot be read: {reason}."),
        N_("Load the files again into a new workspace; the old folder is left as it is."),
    ),
    ErrorKind(
        "workspace_newer",
        N_("The workspace {path} was last written by a newer Regulars ({version})."),
        N_("Update this one to version {version} or later: pip install --upgrade regulars"),
    ),
    # analyses
    ErrorKind("analysis_unknown", N_("There is no analysis called {name}."), N_("Did you mean {near}? The whole list: regulars run --help")),
    ErrorKind("parameter_unknown", N_("{analysis} has no parameter {name}."), N_("Did you mean {near}? All of them: regulars run {analysis} --help")),
    ErrorKind("parameter_wrong", N_("{analysis}: {name} = {value} is not allowed: {reason}."), N_("Allowed: {allowed}.")),
    ErrorKind("dimension_unknown", N_("{name} is not something the data can be split by."), N_("Did you mean {near}?")),
    ErrorKind(
        "currency_mixed",
        N_("The data hold several currencies ({currencies}), and no exchange rates were given, so they are not added up."),
        N_("Look at one at a time: --book {first}"),
    ),
    ErrorKind("book_unknown", N_("There is no book {name}."), N_("The books are: {known}.")),
    ErrorKind("summary_too_large", N_("The answer of {analysis} has more than {limit} rows."), N_("Use a coarser grain or fewer dimensions: {hint}.")),
    ErrorKind("as_of_before_data", N_("{as_of} is before the first business day in the data ({first})."), N_("Choose a date from {first} to {last}.")),
    ErrorKind("detail_unknown", N_("{analysis} has no detail {name}."), N_("Did you mean {near}?")),
    ErrorKind("cell_unknown", N_("{analysis} has no rows where {condition}."), N_("Columns that can be named: {known}.")),
    # sql
    ErrorKind("sql_syntax", N_("The SQL cannot be read at line {line}, column {column}: {reason}."), N_("See the analysis' own text: regulars sql rfm")),
    ErrorKind("sql_not_allowed", N_("The SQL uses {what}, which is not allowed here."), N_("Allowed: {allowed}.")),
    ErrorKind("sql_no_such_column", N_("There is no column {column} in {table} (line {line})."), N_("Did you mean {near}?")),
    ErrorKind("sql_no_such_table", N_("There is no table {table}."), N_("Did you mean {near}?")),
    ErrorKind("sql_parameter", N_("The SQL and its parameters do not fit: {what}."), N_("Every :name in the text needs one value, and every value one :name.")),
    ErrorKind(
        "sql_failed",
        N_("The SQL, or a value in it, does not fit: {reason}."),
        N_(
            "Check it: every column that is not summed stands in GROUP BY, a column is compared with its own kind, "
            "numbers are written as 1234.5 and dates as 2026-01-31."
        ),
    ),
    ErrorKind(
        "condition_failed",
        N_("A condition on customers or orders does not fit the values it meets."),
        N_("Compare a column with its own kind: text with 'text', numbers with 1234.5, dates with '2026-01-31'."),
    ),
    ErrorKind("not_allowed", N_("Your rights do not include {what}."), N_("Ask whoever runs this workspace, or ask only about what you may see.")),
    # the command line
    ErrorKind("command_unknown", N_("There is no command {name}."), N_("Did you mean {near}? All of them: {command} --help")),
    ErrorKind("option_unknown", N_("{command} has no option {name}."), N_("Did you mean {near}? All of them: {command} --help")),
    ErrorKind("argument_missing", N_("{command} needs {name}."), N_("See how it is used: {command} --help")),
    ErrorKind("usage_wrong", N_("{command} cannot make sense of {given}."), N_("See how it is used: {command} --help")),
    ErrorKind("value_wrong", N_("{name} = {value} is not allowed."), N_("Allowed: {allowed}.")),
    ErrorKind(
        "brief_unreadable",
        N_("{path} cannot be compared: {reason}."),
        N_("Write the brief again, and compare that: regulars brief --output again.html"),
    ),
    ErrorKind(
        "diff_unclear",
        N_("It is not clear what to compare: {given}."),
        N_("Give two briefs: regulars diff november.brief.html december.brief.html. Or two days: regulars diff --from 2025-11-30 --to 2025-12-31"),
    ),
    ErrorKind("file_in_the_way", N_("{path} already exists and is left as it is."), N_("Give another name.")),
    ErrorKind(
        "export_too_long",
        N_("{rows} rows do not fit into one sheet of a workbook: {path}."),
        N_("Write a .csv instead, or ask for fewer rows: --limit {limit}"),
    ),
    ErrorKind(
        "unexpected",
        N_("Regulars met something it did not expect: {what}"),
        N_("Run the line again with --verbose and send what it prints, with the answer of regulars doctor, to whoever maintains Regulars."),
        1,
    ),
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

KINDS: Final[dict[str, ErrorKind]] = {kind.code: kind for kind in _ALL}
