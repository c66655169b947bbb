"""Bytes guided by coverage into the readers and the mapping: anything but a named error, or more than ten seconds on one input, is a finding.

``make fuzz`` runs it for two minutes; ``python fuzz/reading.py crash-…`` repeats a finding. It is no part of the tests.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["regulars.ingest", "regulars.schema"]):
    from regulars.errors import RegularsError
    from regulars.ingest.mapping import propose
    from regulars.ingest.read import open_source

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from nasty_files import every

LONGEST = 20_000
"""Bytes of one input."""
FOLDER = Path(tempfile.mkdtemp(prefix="regulars-fuzz-"))


def one_input(content: bytes) -> None:
    """Read and map one file to its last row."""
    path = FOLDER / "file"
    path.write_bytes(content)
    try:
        for sheet in open_source(path).sheets:
            for _ in sheet.rows():
                pass
            propose(sheet)
    except RegularsError:
        return


def seeds() -> Path:
    """The small nasty files of the tests, to start from."""
    folder = FOLDER / "seeds"
    folder.mkdir()
    for number, one in enumerate(every()):
        if len(one.data) <= LONGEST:
            (folder / str(number)).write_bytes(one.data)
    return folder


if __name__ == "__main__":
    words = sys.argv if any(Path(word).is_file() for word in sys.argv[1:]) else [*sys.argv, str(seeds())]
    atheris.Setup([*words, f"-max_len={LONGEST}", "-timeout=10", "-rss_limit_mb=2048"], one_input)
    atheris.Fuzz()
