"""What the command line must know of the analyses before one is imported: names, questions, options, columns and their values.

``analyses.json`` beside this file is written from the analyses by ``make docs``; a test compares the two.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any, Final

FILE: Final = "analyses.json"

SKETCHES: Final[dict[str, dict[str, Any]]] = json.loads((resources.files("regulars.surfaces") / FILE).read_text(encoding="utf-8"))
"""By the key of the analysis: ``says`` (its question), ``options`` (by parameter: flags, help, values), ``columns`` (by name: values)."""


def drawn() -> dict[str, dict[str, Any]]:
    """The sketches as the analyses are now."""
    import regulars as rg
    from regulars.surfaces.parameters import options

    return {
        analysis.key: {
            "says": analysis.question,
            "options": {
                str(one.name): {"flags": [*one.opts, *one.secondary_opts], "says": one.help or "", "values": [*one.values]} for one in options(analysis)
            },
            "columns": {name: sorted(map(str, column.values)) for name, column in analysis().row_columns.items()},
        }
        for analysis in rg.ANALYSES
    }


if __name__ == "__main__":
    (Path(__file__).parent / FILE).write_text(json.dumps(drawn(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
