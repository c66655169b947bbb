"""Run the contestants side by side and write the tables of docs/performance.md: ``python -m benchmarks [LINES ...]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import delivery, intake, pack, starting, steps
from benchmarks.running import ROOT

MARK = "<!-- measured -->"
MOST_IN_A_BOOK = 1_000_000
OTHERS = ("delivery", "steps", "starting", "intake", "workbook")


def sections(lines: Sequence[int], rounds: int, only: Sequence[str], megabytes: int) -> Iterator[tuple[str, str]]:
    """Heading and text of everything that was asked for, as soon as it is measured."""
    contestants = [key for key in only if key not in OTHERS]
    for size in lines:
        if contestants or not only:
            yield pack.heading(size), pack.table(pack.contest(size, rounds, contestants), rounds)
        if "delivery" in only or not only:
            yield delivery.heading(size), delivery.table(*delivery.deliver(size, rounds), rounds)
        if "steps" in only or (not only and size == max(lines)):
            yield steps.heading(size), steps.table(size)
    if "starting" in only or not only:
        yield starting.HEADING, starting.table(starting.start())
    if "intake" in only or not only:
        yield intake.heading(megabytes), intake.table(intake.contest(megabytes, rounds), rounds)
    if "workbook" in only or not only:
        size = min(max(lines), MOST_IN_A_BOOK)
        yield intake.book_heading(size), intake.book_table(intake.book_contest(size, rounds), rounds)


def write(page: Path, heading: str, text: str) -> None:
    """Put a section below the mark, in place of the one with the same heading."""
    head, _, measured = (page.read_text(encoding="utf-8") if page.exists() else "# Performance\n\n").partition(MARK)
    known: dict[str, str] = {}
    for section in measured.strip().split("\n### "):
        if section.strip():
            title, _, body = section.removeprefix("### ").partition("\n")
            known[f"### {title}"] = body.strip()
    known[heading] = text.strip()
    body = "\n\n".join(f"{title}\n\n{found}" for title, found in known.items())
    page.write_text(f"{head}{MARK}\n\n{body}\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("lines", nargs="*", type=int, help="sizes, in order lines (default: 100000 1000000 10000000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contestant has its turn")
    parser.add_argument("--only", nargs="+", default=[], choices=[*(c.key for c in pack.CONTESTANTS), *OTHERS], help="only these")
    parser.add_argument("--megabytes", type=int, default=intake.MEGABYTES, help="size of the export that is loaded")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md", help="where the tables are written")
    asked = parser.parse_args(arguments)
    given = [f"--megabytes {asked.megabytes}"] if asked.megabytes != intake.MEGABYTES else []
    given += ["--only", *asked.only] if asked.only else []
    command = " ".join(["python -m benchmarks", *map(str, asked.lines), f"--rounds {asked.rounds}", *given])
    for heading, text in sections(asked.lines or [100_000, 1_000_000, 10_000_000], asked.rounds, asked.only, asked.megabytes):
        print(f"{heading}\n\n{text}", flush=True)
        write(asked.page, heading, f"`{command}`. {text}")


if __name__ == "__main__":
    main(sys.argv[1:])
