"""How did the segments move from one month to another? RFM with cut points that stay where they are.

Scores compare customers with one another: the best fifth is always about a fifth, so it cannot grow. To compare months, choose
cut points once and keep them. The detail ``cuts`` of an ordinary run shows where your shop's lie today.
"""

from __future__ import annotations

from datetime import date

from tea_shop import open_shop

import regulars as rg

MONTHS = (date(2025, 9, 30), date(2025, 12, 31))
BREAKS = (
    (14, 30, 60, 120),  # days since the last order: up to 14 scores 5, up to 30 scores 4 …
    (2, 5, 10, 20),  # purchase days: from 2 on scores 2, from 5 on 3 …
    (20, 50, 150, 400),  # pounds: from 20 on scores 2, from 50 on 3 …
)


def main() -> None:
    shop = open_shop()
    segments: dict[str, list[int]] = {}
    for place, day in enumerate(MONTHS):
        result = shop.run(rg.RFM(as_of=day, breaks=BREAKS))
        for line in result.answer.summary:
            segments.setdefault(line["segment"].show(shop.reader), [0, 0])[place] = line.value("customers")

    print(f"{'':22} {MONTHS[0]} {MONTHS[1]}")
    for segment, (before, after) in sorted(segments.items()):
        print(f"{segment:22} {before:10} {after:10}")


if __name__ == "__main__":
    main()
