"""Matching refunds to sales: nothing lost, nothing returned twice, order of input irrelevant, equal to the rule read aloud."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.matching import RefundMatches, match_refunds

Line = tuple[int, int, int, int]
"""Key, time, row, quantity."""


@st.composite
def ledgers(draw: st.DrawFn) -> list[Line]:
    """Up to 30 lines of three keys with many ties of time."""
    lines = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(-6, 6)), max_size=30))
    rows = draw(st.permutations(range(len(lines))))
    return [(key, time, row, quantity) for (key, time, quantity), row in zip(lines, rows, strict=True)]


def match(lines: list[Line]) -> RefundMatches:
    """The matcher, fed line by line."""
    return match_refunds(*(list(column) for column in zip(*lines, strict=True))) if lines else match_refunds([], [], [], [])


def read_aloud(lines: list[Line]) -> tuple[dict[tuple[int, int], int], dict[int, int]]:
    """The rule, one refund at a time: look at every sale that is not later, nearest first. Keyed by row."""
    left = {row: quantity for _, _, row, quantity in lines if quantity > 0}
    matched: dict[tuple[int, int], int] = {}
    unmatched: dict[int, int] = {}
    for key, time, row, quantity in sorted((line for line in lines if line[3] < 0), key=lambda line: (line[1], line[2])):
        owed = -quantity
        earlier = [line for line in lines if line[0] == key and line[3] > 0 and line[1] <= time]
        for sale in sorted(earlier, key=lambda line: (line[1], line[2]), reverse=True):
            taken = min(owed, left[sale[2]])
            if taken:
                matched[row, sale[2]] = taken
                left[sale[2]] -= taken
                owed -= taken
        if owed:
            unmatched[row] = owed
    return matched, unmatched


def by_row(lines: list[Line], found: RefundMatches) -> tuple[dict[tuple[int, int], int], dict[int, int]]:
    """The matcher's answer keyed by row instead of position."""
    pairs = zip(found.refund.tolist(), found.sale.tolist(), found.quantity.tolist(), strict=True)
    rest = zip(found.unmatched_refund.tolist(), found.unmatched_quantity.tolist(), strict=True)
    return {(lines[refund][2], lines[sale][2]): taken for refund, sale, taken in pairs}, {lines[refund][2]: owed for refund, owed in rest}


@given(ledgers())
def test_matching_follows_the_rule_read_aloud(lines: list[Line]) -> None:
    assert by_row(lines, match(lines)) == read_aloud(lines)


@given(ledgers(), st.randoms())
def test_the_order_of_the_lines_changes_nothing(lines: list[Line], random: Any) -> None:
    shuffled = random.sample(lines, len(lines))
    first, second = by_row(lines, match(lines)), by_row(shuffled, match(shuffled))
    assert first == second
    assert list(first[0]) == list(second[0])


@given(ledgers())
def test_pieces_are_conserved_and_taken_only_from_sales_that_are_not_later(lines: list[Line]) -> None:
    found = match(lines)
    returned, reversed_pieces = Counter[int](), Counter[int]()
    for refund, sale, taken in zip(found.refund.tolist(), found.sale.tolist(), found.quantity.tolist(), strict=True):
        assert taken > 0
        assert lines[refund][0] == lines[sale][0]
        assert lines[sale][1] <= lines[refund][1]
        reversed_pieces[refund] += taken
        returned[sale] += taken
    for refund, owed in zip(found.unmatched_refund.tolist(), found.unmatched_quantity.tolist(), strict=True):
        reversed_pieces[refund] += owed
    assert reversed_pieces == Counter({place: -line[3] for place, line in enumerate(lines) if line[3] < 0})
    assert all(pieces <= lines[sale][3] for sale, pieces in returned.items())


@pytest.mark.parametrize(
    ("lines", "matched", "unmatched"),
    [
        ([(1, 10, 0, 80_995), (1, 20, 1, -80_995)], {(1, 0): 80_995}, {}),
        ([(1, 10, 0, -5), (1, 20, 1, 5)], {}, {0: 5}),
        ([(1, 10, 0, -5), (1, 10, 1, 5)], {(0, 1): 5}, {}),
        ([(1, 10, 0, 5), (1, 10, 1, 5), (1, 10, 2, -5)], {(2, 1): 5}, {}),
        ([(1, 10, 0, 5), (2, 20, 1, 5), (1, 30, 2, -7)], {(2, 0): 5}, {2: 2}),
        ([(1, 10, 0, 9), (1, 20, 1, -4), (1, 30, 2, 1), (1, 40, 3, -4)], {(1, 0): 4, (3, 2): 1, (3, 0): 3}, {}),
        ([(1, 10, 0, 0), (1, 20, 1, -1)], {}, {1: 1}),
    ],
    ids=["cancels itself", "later sale untouched", "same instant", "later line first", "other key untouched", "split and left over", "no pieces"],
)
def test_typical_ledgers(lines: list[Line], matched: dict[tuple[int, int], int], unmatched: dict[int, int]) -> None:
    assert by_row(lines, match(lines)) == (matched, unmatched)


def test_an_empty_ledger_matches_nothing() -> None:
    assert [column.tolist() for column in match([])] == [[], [], [], [], []]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 1], [1, 1], [0, 0], [5, 5]), "Rows differ"),
        (([1], [1], [0], [5, 5]), "one length"),
        (([1], [1], [0], [0.5]), "whole numbers"),
    ],
)
def test_ambiguous_or_uneven_input_is_refused(arguments: tuple[list[Any], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        match_refunds(*arguments)
