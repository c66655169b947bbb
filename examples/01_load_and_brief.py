"""From order files to the brief: load, look at what was left out, ask, write the page.

With your own file:  python examples/01_load_and_brief.py orders.xlsx
"""

from __future__ import annotations

import sys
from pathlib import Path

from tea_shop import open_shop

import regulars as rg
from regulars.reports.brief import make_brief
from regulars.reports.page import write_html


def main(files: list[str]) -> None:
    shop = rg.open("my-shop") if files else open_shop()
    for file in files:
        shop.load(file)

    for loaded in shop.imports:
        print(f"{Path(loaded.path).name}: {loaded.rows_in} rows, {loaded.rows_loaded} loaded, {loaded.rows_rejected} not")

    reader = rg.reader(currency=shop.chosen_book.name)
    brief = make_brief(shop)
    for finding, _ in brief.headlines:
        print("-", finding.text(reader))

    page = Path("brief.html")
    write_html(brief, page, reader)
    print("The brief:", page.resolve())


if __name__ == "__main__":
    main(sys.argv[1:])
