"""Judging: what the rules find in the rows of a sheet, written as the part ``problems``.

The different texts of the columns that rules read are judged once each in Python; which of them are concerned becomes a relation. Then one
pass over the rows evaluates the conditions of all rules, and only the rows of which any holds are looked at again, to write down why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from regulars.engines.duckdb import Connection, literal
from regulars.ingest.rules.menu import RULES
from regulars.ingest.rules.records import far_months
from regulars.ingest.rules.rule import STAFF, Rule
from regulars.ingest.rules.words import rough_pattern, says
from regulars.schema import FACTS, PART_TABLES

_MONEY: Final = ("amount", "spend", "value", "balance")
_KEYS: Final = {"sales": "order_id", "customers": "customer_id", "products": "product_id", "payments": "payment_id"}
_HAPPENED: Final = {"sales": "ordered_at", "payments": "paid_at"}


@dataclass(frozen=True, slots=True)
class Told:
    """The typed rows of one table that a sheet tells of: the relation and its columns, and whether it is the sheet's own table."""

    table: str
    relation: str
    columns: frozenset[str]
    own: bool

    def first(self, names: Iterable[str]) -> str:
        """The first of these columns that there is, as SQL."""
        return next((name for name in names if name in self.columns), "NULL")

    def rules(self) -> tuple[Rule, ...]:
        """The rules that can find anything here."""
        meant = [rule for rule in RULES if self.table in rule.about and (self.own or rule.about[0] == self.table)]
        return tuple(rule for rule in meant if (rule.condition and self.table == rule.about[0]) or self.read_by(rule))

    def read_by(self, rule: Rule) -> tuple[str, ...]:
        """The columns that a rule reads, as far as there are such; of ``one|other``, the first that there is."""
        named = [next((name for name in names.split("|") if name in self.columns), "") for names in rule.reads]
        return tuple(filter(None, named))

    def own_field(self, rule: Rule) -> str:
        """The field at fault where the rule's condition holds."""
        return rule.field or next(iter(self.read_by(rule)), "")

    def said(self) -> dict[str, str]:
        """What a problem says of a row beside the fault, as SQL."""
        fact = FACTS.get(self.table)
        happened = _HAPPENED.get(self.table) or (fact.happened if fact else "")
        return {
            "record_id": f"{self.first((_KEYS.get(self.table) or (fact.key[0] if fact and fact.key else ''),))}::VARCHAR",
            "customer_id": self.first(("customer_id",)),
            "staff": self.first(STAFF),
            "amount": self.first(_MONEY),
            "currency": self.first(("currency",)),
            "happened_on": f"{self.first((happened,))}::DATE",
        }

    @property
    def concerned(self) -> str:
        """The relation of the rows that any rule concerns."""
        return f"concerned_{self.table}"

    def texts_of(self, rule: Rule, column: str) -> str:
        """The relation of the texts of a column that a rule concerns."""
        return f"texts_{self.table}_{rule.key}_{column}"

    def holds(self, rule: Rule, column: str) -> str:
        """Whether a row's column holds such a text, as SQL."""
        return f"{column}::VARCHAR IN (SELECT text FROM {self.texts_of(rule, column)})"


def judge_rows(connection: Connection, tables: Sequence[Told], source: str, target: Path, cells: str) -> None:
    """Write what the rules find in these tables to ``target``.

    ``source`` is SQL for delivery and sheet of a row; ``cells`` a SELECT of ``source_row`` and ``cells``, the hash of the row as it is written.
    """
    found = [problem for told in tables for problem in _judged(connection, told, source, cells)]
    columns = PART_TABLES["problems"].columns
    typed = ", ".join(f'{name}::{kind} AS "{name}"' for name, kind in columns.items())
    nothing = f"SELECT {', '.join(f'NULL AS {name}' for name in columns)} WHERE false"
    written = f"SELECT {typed} FROM ({' UNION ALL BY NAME '.join(found) or nothing}) ORDER BY source_row, about, rule"
    connection.execute(f"COPY ({written}) TO {literal(target)} (FORMAT parquet, COMPRESSION zstd)")


def _judged(connection: Connection, told: Told, source: str, cells: str) -> list[str]:
    """What each rule finds in a table, as SELECTs."""
    rules = told.rules()
    if told.table == "sales":
        _prepare(connection, told, cells)
    texts = _concerned_texts(connection, told, rules)
    conditions = {rule.key: condition for rule in rules if (condition := _condition(rule, told, texts.get(rule.key, ())))}
    if not conditions:
        return []
    shown = [column for rule in rules if rule.key in conditions for column in (told.own_field(rule), *texts.get(rule.key, ()))]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {told.concerned} AS {_marked(told, conditions, shown)}")
    return [_problems(told, rule, texts.get(rule.key, ()), source) for rule in rules if rule.key in conditions]


def _concerned_texts(connection: Connection, told: Told, rules: Sequence[Rule]) -> dict[str, tuple[str, ...]]:
    """Rule → the columns in which it concerns any text; these texts become relations (``texts_of``)."""
    texts = _texts(connection, told, rules)
    found: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        for column in told.read_by(rule):
            counted = texts.get(column, {})
            concerned = sorted(rule.texts(counted) if rule.texts else (text for text in counted if says(rule.words, text))) if counted else []
            if concerned:
                connection.register("concerned_texts", pa.table({"text": concerned}))
                connection.execute(f"CREATE OR REPLACE TEMP TABLE {told.texts_of(rule, column)} AS FROM concerned_texts")
                connection.unregister("concerned_texts")
                found[rule.key] = (*found.get(rule.key, ()), column)
    return found


def _texts(connection: Connection, told: Told, rules: Sequence[Rule]) -> dict[str, dict[str, int]]:
    """Column → its different texts with the number of their rows; where only words are looked for, those worth a look."""
    readers: dict[str, list[Rule]] = {}
    for rule in rules:
        for column in told.read_by(rule):
            readers.setdefault(column, []).append(rule)
    counts = []
    for column, reading in readers.items():
        count = f"SELECT '{column}' AS name, {column}::VARCHAR AS text, count(*) AS rows FROM {told.relation} WHERE {column} IS NOT NULL GROUP BY 2"
        rough = "" if any(rule.texts for rule in reading) else "|".join(rough_pattern(rule.words) for rule in reading)
        counts.append(f"(WITH t AS MATERIALIZED ({count}) SELECT * FROM t WHERE regexp_matches(lower(text), {literal(rough)}))" if rough else f"({count})")
    found: dict[str, dict[str, int]] = {}
    for name, text, rows in connection.execute(" UNION ALL ".join(counts)).fetchall() if counts else ():
        found.setdefault(name, {})[text] = rows
    return found


def _condition(rule: Rule, told: Told, columns: tuple[str, ...]) -> str:
    """When a row is concerned, as SQL; empty if it cannot be."""
    own = [f"({rule.condition.replace('{rows}', told.relation)})"] if rule.condition and told.table == rule.about[0] else []
    return " OR ".join([*own, *(told.holds(rule, column) for column in columns)])


def _marked(told: Told, conditions: dict[str, str], shown: Iterable[str]) -> str:
    """The rows of which any condition holds, with a column for each, as SQL: what a problem says of a row, and the columns that are ``shown``."""
    marks = "".join(f", coalesce({condition}, false) AS is_{key}" for key, condition in conditions.items())
    said = "".join(f", {sql} AS said_{name}" for name, sql in told.said().items())
    values = "".join(f", {column}" for column in sorted({*shown} & told.columns))
    anything = " OR ".join(f"is_{key}" for key in conditions)
    return f"SELECT * FROM (SELECT source_row{said}{values}{marks} FROM {told.relation}) WHERE {anything}"


def _problems(told: Told, rule: Rule, columns: tuple[str, ...], source: str) -> str:
    """The rows that a rule concerns, as rows of ``problems``."""
    own = told.own_field(rule)
    field = "".join(f"WHEN {told.holds(rule, column)} THEN '{column}' " for column in columns)
    value = "".join(f"WHEN {told.holds(rule, column)} THEN {column}::VARCHAR " for column in columns)
    shown = f"{own}::VARCHAR" if own in told.columns else "NULL"
    said = ", ".join(f"said_{name} AS {name}" for name in told.said())
    return f"""SELECT {source}, '{told.table}' AS about, '{rule.key}' AS rule, {f"CASE {field}ELSE '{own}' END" if field else f"'{own}'"} AS field,
        {f"CASE {value}ELSE {shown} END" if value else shown} AS value, {said}, NULL AS because_of FROM {told.concerned} WHERE is_{rule.key}"""


def _prepare(connection: Connection, told: Told, cells: str) -> None:
    """What conditions on sales look up: ``cells``, ``again`` (how order numbers are used) and ``far_months``."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW cells AS {cells}")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE again AS
        SELECT order_id, min(customer_id) <> max(customer_id) OR coalesce(min(store) <> max(store), false)
            OR max(ordered_at) - min(ordered_at) > INTERVAL 60 DAY AS used
        FROM {told.relation} WHERE order_id IS NOT NULL AND quantity > 0 AND amount >= 0 GROUP BY order_id"""
    )
    months = dict(connection.execute(f"SELECT date_trunc('month', ordered_at)::DATE, count(*) FROM {told.relation} GROUP BY 1").fetchall())
    connection.register("far_found", pa.table({"month": pa.array(far_months(months), pa.date32())}))
    connection.execute("CREATE OR REPLACE TEMP TABLE far_months AS FROM far_found")
    connection.unregister("far_found")
