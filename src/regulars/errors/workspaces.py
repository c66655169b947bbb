"""What can go wrong with a workspace, and what can be wrongly typed."""

from __future__ import annotations

from typing import Final

from regulars.errors.kind import N_, ErrorKind

WORKSPACES: Final = (
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
    ErrorKind("nothing_to_undo", N_("There is no delivery to take back."), N_("Load a file first: regulars load FILE")),
    ErrorKind("nothing_to_redo", N_("The last thing that happened here was no undo."), N_("See what happened: regulars history")),
    ErrorKind("import_unknown", N_("There is no delivery {name} in force."), N_("Did you mean {near}? All of them: regulars history")),
    ErrorKind(
        "nothing_known_yet",
        N_("Nothing was loaded into {path} by {when}."),
        N_("The first delivery came on {first}; see regulars history."),
    ),
    ErrorKind("past_is_read_only", N_("This is the workspace as it was known on {when}; nothing can be loaded into it."), N_("Open the workspace itself.")),
    ErrorKind("rule_unknown", N_("There is no rule {name}."), N_("Did you mean {near}? All of them: regulars rules")),
    ErrorKind(
        "rule_only_flags",
        N_("The rule {name} ({title}) only flags rows and takes none out, so it has no switch."),
        N_("Rules with a switch: {known}."),
    ),
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
)
