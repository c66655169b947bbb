"""Runs the tutorial notebook on the demonstration data and writes it with its outputs: ``make docs``, or with a target of one's own.

Warnings are errors. What differs from run to run (times, process numbers) is not kept, so the same code gives the same file.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

TUTORIAL = Path(__file__).resolve().parent / "tutorial.ipynb"
STRICT = "import warnings; warnings.simplefilter('error'); warnings.filterwarnings('ignore', module='ipykernel')"


def executed(folder: Path) -> nbformat.NotebookNode:
    """The tutorial, run in a folder, with its outputs."""
    notebook = nbformat.read(TUTORIAL, as_version=4)
    strict = nbformat.v4.new_code_cell(STRICT)
    notebook.cells.insert(0, strict)
    NotebookClient(
        notebook, kernel_name="python3", timeout=300, resources={"metadata": {"path": str(folder)}}, record_timing=False, coalesce_streams=True
    ).execute()
    notebook.cells.remove(strict)
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = number
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def main(target: Path = TUTORIAL) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = {"IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
        os.environ.update({key: str(folder / value) for key, value in own.items()}, REGULARS_LANGUAGE="en")
        (folder / "work").mkdir()
        nbformat.write(executed(folder / "work"), target)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
