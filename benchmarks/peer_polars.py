"""The value pack in Polars lazy, straight from the order lines; runs in an environment of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.answers import Answers, finish

AS_OF = date(2025, 12, 31)
THEN_ON = date(2025, 10, 2)


def tile(column: str, tiles: int, *, down: bool = False) -> pl.Expr:
    """SQL's ntile: parts of equal size, the first ones larger by one."""
    place, size, larger = pl.col(column).rank("ordinal", descending=down).cast(pl.Int64) - 1, pl.len() // tiles, pl.len() % tiles
    edge = larger * (size + 1)
    return pl.when(place < edge).then(place // (size + 1)).otherwise(larger + (place - edge) // size) + 1


def groups(days: pl.LazyFrame, bar: float, at: date) -> pl.LazyFrame:
    """Type and state of every customer at a day."""
    spans = days.group_by("customer_id").agg(n=pl.len(), a=pl.col("day").min(), z=pl.col("day").max(), m=pl.col("m").sum())
    tenure = (pl.col("z") - pl.col("a")).dt.total_days()
    kind = pl.when(pl.col("n") == 1).then(1).when(tenure < 90).then(2).when(pl.col("m") < bar).then(3).when(tenure < 210).then(4).otherwise(5)
    return spans.with_columns(k=kind, active=(pl.lit(at) - pl.col("z")).dt.total_days() < 240)


def answers(path: Path) -> Answers:
    lines = pl.scan_parquet(path)
    known = lines.filter(pl.col("customer_id").is_not_null())
    bought = known.filter(pl.col("quantity") > 0).with_columns(day=pl.col("ordered_at").dt.date())
    month = pl.col("ordered_at").dt.truncate("1mo").dt.date()
    kpis = lines.group_by(month.alias("period")).agg(
        pl.col("amount").sum(), orders=pl.col("order_id").n_unique(), customers=pl.col("customer_id").drop_nulls().n_unique()
    )
    each = bought.group_by("customer_id").agg(last=pl.col("day").max(), f=pl.col("day").n_unique(), m=pl.col("amount").sum())
    rfm = each.with_columns(r5=tile("last", 5), f5=tile("f", 5), m5=tile("m", 5)).group_by("r5", "f5").agg(pl.len(), pl.col("m").sum())
    days = bought.group_by("customer_id", "day").agg(m=pl.col("amount").sum(), o=pl.col("order_id").n_unique())
    bar = days.select(7 * pl.col("m").sum() / pl.col("o").sum()).collect(engine="streaming").item()
    now = groups(days, bar, AS_OF)
    then = groups(days.filter(pl.col("day") <= THEN_ON), bar, THEN_ON).join(now.select("customer_id", back=pl.col("z") > THEN_ON), on="customer_id")
    outcome = then.group_by("k", "active").agg(pl.col("back").mean())
    cpm = now.group_by("k", "active").agg(pl.len(), pl.col("m").sum()).join(outcome, on=("k", "active"), how="left")
    spent = known.group_by("customer_id").agg(m=pl.col("amount").sum(), o=pl.col("order_id").n_unique())
    concentration = spent.with_columns(decile=tile("m", 10, down=True)).group_by("decile").agg(pl.len(), pl.col("m").sum(), pl.col("o").sum())
    active = bought.select("customer_id", month=month).unique()
    first = active.group_by("customer_id").agg(cohort=pl.col("month").min())
    age = (pl.col("month").dt.year() - pl.col("cohort").dt.year()) * 12 + pl.col("month").dt.month().cast(pl.Int32) - pl.col("cohort").dt.month()
    retention = active.join(first, on="customer_id").group_by("cohort", age.alias("age")).agg(pl.len())
    asked = {"kpis": kpis, "rfm": rfm, "cpm": cpm, "concentration": concentration, "retention": retention}
    return {name: frame.collect(engine="streaming").rows() for name, frame in asked.items()}


if __name__ == "__main__":
    finish(answers)
