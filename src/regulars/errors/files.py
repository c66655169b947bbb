"""What can go wrong with a file, or with what it says."""

from __future__ import annotations

from typing import Final

from regulars.errors.kind import N_, ErrorKind

INTAKE: Final = (
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
    ErrorKind(
        "folder_unread",
        N_("No file in {path} could be loaded; it holds {files}. The first: {reason}"),
        N_("What each is taken for, and the place to say it: {line}"),
    ),
    ErrorKind("column_missing", N_("No column of {path} looks like {wanted}. Its columns are: {columns}."), N_("Say which one it is: {line}")),
    ErrorKind(
        "column_gone",
        N_("{path} no longer has the column {column}, which was {wanted} in the last such file. New in it: {added}."),
        N_("Say which one it is now: {line}"),
    ),
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
)
