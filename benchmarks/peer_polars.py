"""The value pack in Polars lazy, straight from the order lines; runs in an environment of its own."""

import sys
from datetime import date

import polars as pl

AS_OF = date(2025, 12, 31)


def run(path: str) -> None:
    lines = pl.scan_parquet(path)
    known = lines.filter(pl.col("customer_id").is_not_null())
    bought = known.filter(pl.col("quantity") > 0).with_columns(day=pl.col("ordered_at").dt.date())
    month = pl.col("ordered_at").dt.truncate("1mo").dt.date()
    kpis = lines.group_by(month.alias("period")).agg(
        pl.col("amount").sum(), orders=pl.col("order_id").n_unique(), customers=pl.col("customer_id").drop_nulls().n_unique()
    )
    each = bought.group_by("customer_id").agg(last=pl.col("day").max(), f=pl.col("day").n_unique(), m=pl.col("amount").sum())

    def fifth(column: str, *, down: bool = False) -> pl.Expr:
        return ((pl.col(column).rank("ordinal", descending=down) - 1) * 5 // pl.len() + 1).alias(column + "5")

    rfm = each.with_columns(fifth("last"), fifth("f"), fifth("m")).group_by("last5", "f5").agg(pl.len(), pl.col("m").sum())
    days = bought.group_by("customer_id", "day").agg(m=pl.col("amount").sum(), o=pl.col("order_id").n_unique())
    bar = days.select(7 * pl.col("m").sum() / pl.col("o").sum()).collect(engine="streaming").item()

    def groups(rows: pl.LazyFrame, at: date) -> pl.LazyFrame:
        spans = rows.group_by("customer_id").agg(n=pl.len(), a=pl.col("day").min(), z=pl.col("day").max(), m=pl.col("m").sum())
        tenure = (pl.col("z") - pl.col("a")).dt.total_days()
        kind = pl.when(pl.col("n") == 1).then(1).when(tenure < 90).then(2).when(pl.col("m") < bar).then(3).when(tenure < 210).then(4).otherwise(5)
        return spans.with_columns(k=kind, active=(pl.lit(at) - pl.col("z")).dt.total_days() < 240)

    now, then_on = groups(days, AS_OF), date(2025, 10, 2)
    cpm = now.group_by("k", "active").agg(pl.len(), pl.col("m").sum())
    then = groups(days.filter(pl.col("day") <= then_on), then_on).join(now.select("customer_id", back=pl.col("z") > then_on), on="customer_id")
    outcome = then.group_by("k", "active").agg(pl.col("back").mean())
    spent = known.group_by("customer_id").agg(m=pl.col("amount").sum(), o=pl.col("order_id").n_unique())
    tenth = ((pl.col("m").rank("ordinal", descending=True) - 1) * 10 // pl.len() + 1).alias("decile")
    concentration = spent.with_columns(tenth).group_by("decile").agg(pl.len(), pl.col("m").sum(), pl.col("o").sum())
    active = bought.select("customer_id", month=month).unique()
    first = active.group_by("customer_id").agg(cohort=pl.col("month").min())
    retention = active.join(first, on="customer_id").group_by("cohort", "month").agg(pl.len())
    for frame in (kpis, rfm, cpm, outcome, concentration, retention):
        frame.collect(engine="streaming")


run(sys.argv[1])
