"""Mistakes that were planted are found, and nothing else is: twelve kinds, three rates, three languages; and every count known of real data."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from planted import PEOPLE, SALES, TONGUES, Tongue, clean_people, clean_sales, doubled, planted, write

ROWS, BUYERS = 2_000, 600
HEADER = 2
"""A row's number in the file is its place in the list and this."""


def files(folder: Path, tongue: Tongue, rate: float) -> dict[str, dict[int, str]]:
    """Four files of one company with mistakes at a rate: file → row → kind."""
    dice = random.Random(f"{tongue.language} {rate}")
    truth = {}
    for number, kinds in enumerate(SALES, 1):
        rows, truth[f"sales{number}.csv"] = planted(clean_sales(tongue, ROWS, dice), kinds, rate, tongue, dice)
        write(folder / f"sales{number}.csv", tongue.sales, rows, tongue)
    rows, truth["sales3.csv"] = doubled(clean_sales(tongue, ROWS, dice), rate, dice)
    write(folder / "sales3.csv", tongue.sales, rows, tongue)
    rows, truth["people.csv"] = planted(clean_people(tongue, BUYERS, dice), PEOPLE, rate, tongue, dice)
    write(folder / "people.csv", tongue.people, rows, tongue)
    return truth


def flagged(folder: Path, tongue: Tongue, file: str) -> list[dict[str, Any]]:
    """The failing records of a file, loaded into a workspace of its own: a buyer who is in no list of customers is no mistake of that list."""
    shop = rg.open(folder / f"{file}.regulars", currency=tongue.currency, time_zone=tongue.zone, language=tongue.language)
    with shop:
        if file == "people.csv":
            shop.load(folder / "sales3.csv", confirm=lambda _, mapping: mapping)
        shop.load(folder / file)
        rows: list[dict[str, Any]] = shop.run(rg.DataQuality()).rows(file=file).to_arrow().to_pylist()
    return [row for row in rows if row["dimension"] != "reality" and row["source_row"] is not None]


def judged(rows: list[dict[str, Any]], truth: Mapping[int, str], size: int) -> tuple[dict[str, float], float]:
    """Recall of each kind, and the part of the clean rows that is blamed."""
    found = {(row["source_row"] - HEADER, row["rule"]) for row in rows}
    sizes = Counter(truth.values())
    recall = {kind: sum((place, kind) in found for place, of in truth.items() if of == kind) / sizes[kind] for kind in sizes}
    return recall, len({place for place, _ in found} - truth.keys()) / (size - len(truth))


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.language)
def test_A49_planted_errors(tongue: Tongue, rate: float, tmp_path: Path) -> None:
    """Of every kind at least 95 in 100 are found, and at most one in a hundred clean rows is blamed."""
    kinds: set[str] = set()
    for file, truth in files(tmp_path, tongue, rate).items():
        size = BUYERS if file == "people.csv" else ROWS + sum(kind == "duplicate_row" for kind in truth.values())
        recall, false = judged(flagged(tmp_path, tongue, file), truth, size)
        assert all(part >= 0.95 for part in recall.values()), (file, recall)
        assert false <= 0.01, (file, false)
        kinds |= recall.keys()
    assert len(kinds) >= 12


@pytest.mark.shared
def test_online_retail_surfaces_every_count(shared_data: Path, tmp_path: Path) -> None:
    """What is known of the file, by its README and ``methods.md``, is in the answer; and the rows behind each count are as many."""
    with rg.open(tmp_path / "shop", currency="GBP", time_zone="Europe/London", language="en") as shop:
        shop.load(shared_data / "online_retail" / "online_retail.csv.gz")
        result = shop.run(rg.DataQuality())
        counted = Counter[str]()
        for line in result.summary.to_pylist():
            counted[line["rule"]] += line["failing"]
            behind = {name: line[name] for name in ("dimension", "about", "field", "rule")}
            assert len(result.rows(**behind)) == line["failing"], behind
        assert {rule: counted[rule] for rule in KNOWN} == KNOWN
        (source,) = result.details["sources"].to_pylist()
        assert (source["rows_in"], source["rows_loaded"], source["rows_rejected"]) == (541_909, 541_909, 0)
        fields = {(line["about"], line["field"]): line for line in result.details["fields"].to_pylist()}
        assert {key: fields[key]["distinct_values"] for key in DISTINCT} == DISTINCT
        assert {key: fields[key]["missing"] for key in BLANK} == BLANK
        cancelled = result.rows(rule="cancelled").to_arrow()
        assert len(set(cancelled["record_id"].to_pylist())) == 3_836
        adjusted = {row["record_id"] for row in result.rows(rule=("non_product", "negative_price")).to_arrow().to_pylist()}
        assert len({number for number in adjusted if number.startswith("A")}) == 3
        unpriced = result.rows(rule=("zero_price", "negative_price")).to_arrow()
        assert unpriced.num_rows == 2_517


KNOWN = {"customer_missing": 135_080, "cancelled": 9_288, "duplicate_row": 5_268, "unmarked_return": 1_336, "negative_price": 2, "zero_price": 2_515}
DISTINCT = {("sales", "order_id"): 25_900, ("customers", "customer_id"): 4_372, ("products", "product_id"): 4_070}
BLANK = {("sales", "customer_id"): 135_080, ("sales", "product_name"): 1_454}
