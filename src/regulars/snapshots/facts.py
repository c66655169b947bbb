"""Tables that are served much as they were delivered: of each record its latest news, under its business day.

A delivery that tells again of a record (a ticket that was closed since, the spend of a day that was corrected) replaces what
earlier ones said of it. A record without a number is known by its content: the same row in two overlapping exports is one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from regulars.engines.duckdb import Connection
from regulars.schema import FACTS, PART_TABLES, TABLES, Fact
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.parts import PLACE, Parts, shown_by
from regulars.snapshots.typing import holds, typed

TOLD: Final = ("rejected", "problems", "field_counts", "value_counts")
"""What deliveries tell of their own rows."""


def create_facts(built: Connection, arrangement: Arrangement) -> None:
    """Every fact table, and what is known of the deliveries, from ``part_*``."""
    for fact in FACTS.values():
        built.execute(f"CREATE TABLE {fact.name} AS {typed(fact.served.fields, _latest(fact, f'part_{fact.name}', arrangement))}")
    for name in TOLD:
        built.execute(f"CREATE TABLE {name} AS {typed(TABLES[name].fields, _told(name, f'part_{name}', arrangement))}")


def extend_facts(built: Connection, arrangement: Arrangement) -> None:
    """Bring the same tables up to the deliveries of ``new_part_*``."""
    for fact in FACTS.values():
        new = f"new_part_{fact.name}"
        if holds(built, new):
            built.execute(f"CREATE TEMP TABLE news AS {typed(fact.served.fields, _latest(fact, new, arrangement))}")
            built.execute(f"DELETE FROM {fact.name} WHERE {_key(fact)} IN (SELECT {_key(fact)} FROM news)")
            built.execute(f"INSERT INTO {fact.name} FROM news")
            built.execute("DROP TABLE news")
    for name in TOLD:
        built.execute(f"INSERT INTO {name} {typed(TABLES[name].fields, _told(name, f'new_part_{name}', arrangement))}")


def drop_past_problems(built: Connection, deliveries: Parts, parts: Sequence[str]) -> None:
    """Leave out of ``problems`` those of sales rows that a later delivery replaced or an earlier one had brought, and those shown by one that is gone."""
    place = ", ".join(PLACE)
    gone = f"SELECT {place} FROM ({deliveries.superseded(parts)}) UNION ALL SELECT {place} FROM rejected WHERE reason = 'already_loaded' AND about = 'sales'"
    built.execute(f"DELETE FROM problems WHERE about = 'sales' AND (({place}) IN ({gone}) OR NOT {shown_by(parts)})")


def list_deliveries(built: Connection, deliveries: Parts, parts: Sequence[str]) -> None:
    """``deliveries``: what each delivery says of itself."""
    said = [json.loads((deliveries.folder(part) / "import.json").read_text(encoding="utf-8")) for part in parts]
    known = [one | {"import_id": one["id"], "file": Path(one["path"]).name, "loaded_at": datetime.fromisoformat(one["loaded_at"])} for one in said]
    built.register("deliveries_said", pa.table({name: [one.get(name) for one in known] for name in TABLES["deliveries"].columns}))
    built.execute(f"CREATE OR REPLACE TABLE deliveries AS {typed(TABLES['deliveries'].fields, 'select * from deliveries_said')}")
    built.unregister("deliveries_said")


def _latest(fact: Fact, source: str, arrangement: Arrangement) -> str:
    """The rows that stand, as served, as SQL."""
    rows = f"(SELECT *, {_key(fact)} AS told FROM {_numbered(fact, source)})"
    last = "import_id = max(import_id) OVER (PARTITION BY told)"
    if fact.id:
        last = f"row_number() OVER (PARTITION BY told ORDER BY {', '.join(f'{name} DESC' for name in PLACE)}) = 1"
    day = f"cast({fact.happened} - to_hours({arrangement.day_starts_at}) as date)"
    of = {f"{fact.happened.removesuffix('_at')}_on": day} if fact.happened.endswith("_at") else {}
    shown = ", ".join(f"{of.get(name) or ('currency' if name == 'book' else name)} AS {name}" for name in fact.served.columns)
    return f"SELECT {shown} FROM {rows} QUALIFY {last}"


def _numbered(fact: Fact, source: str) -> str:
    """The delivered rows; one without a number gets the fingerprint of its content, and its n-th copy in a delivery the number n."""
    if fact.id is None:
        return source
    content = f"md5(concat_ws(chr(31), {', '.join(_said(f.name) for f in fact.fields[1:])}))"
    made = f"{content} || '-' || row_number() OVER (PARTITION BY import_id, {content} ORDER BY source_sheet, source_row)"
    known, nameless = (f"SELECT * FROM {source} WHERE {fact.id} IS {'NOT ' if known else ''}NULL" for known in (True, False))
    return f"({known} UNION ALL SELECT * REPLACE ({made} AS {fact.id}) FROM ({nameless}))"


def _key(fact: Fact) -> str:
    """What a row is about, as one text."""
    return fact.id or f"concat_ws(chr(31), {', '.join(map(_said, fact.key))})"


def _said(name: str) -> str:
    return f"coalesce(cast({name} AS VARCHAR), '')"


def _told(name: str, source: str, arrangement: Arrangement) -> str:
    """Rows of ``rejected``, ``problems`` … as served, as SQL."""
    rules = ", ".join(f"'{rule}'" for rule in arrangement.set_aside)
    moneyless = ", ".join(f"'{table}'" for table, told in PART_TABLES.items() if "currency" not in told.columns)
    shown = {"book": f"case when about not in ({moneyless}) then coalesce(currency, 'XXX') end", "set_aside": f"rule IN ({rules})" if rules else "false"}
    return f"SELECT {', '.join(f'{shown.get(column, column)} AS {column}' for column in TABLES[name].columns)} FROM {source}"
