"""Where the third-party files lie that the build copies into the package: ECharts and the fonts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from regulars.errors import error

FOLDER: Final = Path(__file__).parents[1] / "static" / "vendor"


def vendor(name: str) -> Path:
    """The path of one of those files; a named error if the package was not built or installed whole."""
    path = FOLDER / name
    if not path.is_file():
        raise error("part_missing", what=name, reason=str(path), line="pip install --force-reinstall --no-deps regulars")
    return path
