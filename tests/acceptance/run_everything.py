"""Load one order file and print everything every analysis says, as canonical JSON: the test of determinism runs this in other
time zones and locales. Usage: python run_everything.py ORDERS.csv WORKSPACE"""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import regulars as rg
from regulars.i18n import Reader

READERS = (Reader("en", "UAH"), Reader("uk", "UAH"), Reader("zh_CN", "UAH"))


def plain(value: Any) -> Any:
    """A value that prints alike whenever it is equal; the last digits of a binary float are not part of an answer."""
    match value:
        case bool() | None | int() | str():
            return value
        case float():
            return format(value, ".11g")
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case dict():
            return {key: plain(item) for key, item in value.items()}
    return str(value)


def answer(shop: Any, analysis: Any) -> dict[str, Any]:
    """All that one analysis says; rows have no order of their own."""
    result = shop.run(analysis)
    return {
        "summary": [plain(row) for row in result.summary.to_pylist()],
        "details": {name: [plain(row) for row in table.to_pylist()] for name, table in result.details.items()},
        "rows": sorted(json.dumps(plain(row), ensure_ascii=False, sort_keys=True) for row in result.rows().to_pylist()),
        "findings": [[finding.grade, *(finding.text(reader) for reader in READERS)] for finding in result.findings],
    }


def main(orders: str, workspace: str) -> None:
    shop = rg.open(workspace, currency="UAH", time_zone="Europe/Kyiv")
    shop.load(orders)
    everything = {analysis.__name__: answer(shop, analysis()) for analysis in rg.ANALYSES}
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    json.dump(everything, sys.stdout, ensure_ascii=False, sort_keys=True, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
