"""What can be wrong with a question: an analysis, its parameters, SQL of one's own."""

from __future__ import annotations

from typing import Final

from regulars.errors.kind import N_, ErrorKind

QUESTIONS: Final = (
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
)
