"""The value pack in pandas, columns backed by Arrow, straight from the order lines; runs in an environment of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.answers import Answers, finish

AS_OF = pd.Timestamp("2025-12-31")
THEN_ON = AS_OF - pd.Timedelta(days=90)
COLUMNS = ["order_id", "customer_id", "ordered_at", "quantity", "amount"]


def tile(values: pd.Series, tiles: int, *, down: bool = False) -> pd.Series:
    """SQL's ntile: parts of equal size, the first ones larger by one."""
    place = values.rank(method="first", ascending=not down).astype("int64") - 1
    size, larger = divmod(len(values), tiles)
    edge = larger * (size + 1)
    return pd.Series(np.where(place < edge, place // (size + 1), larger + (place - edge) // max(size, 1)) + 1, index=values.index)


def groups(days: pd.DataFrame, bar: float, at: pd.Timestamp) -> pd.DataFrame:
    """Type and state of every customer at a day."""
    spans = days.groupby("customer_id").agg(n=("day", "size"), a=("day", "min"), z=("day", "max"), m=("m", "sum"))
    tenure = (spans["z"] - spans["a"]).dt.days
    spans["k"] = np.select([spans["n"] == 1, tenure < 90, spans["m"] < bar, tenure < 210], [1, 2, 3, 4], 5)
    spans["active"] = (at - spans["z"]).dt.days < 240
    return spans


def answers(path: Path) -> Answers:
    lines = pd.read_parquet(path, columns=COLUMNS, dtype_backend="pyarrow").astype({"quantity": "float64", "amount": "float64"})
    lines["ordered_at"] = lines["ordered_at"].astype("datetime64[us]")
    lines["customer_id"] = lines["customer_id"].astype("category")
    lines["day"] = lines["ordered_at"].dt.normalize()
    lines["month"] = lines["ordered_at"].dt.to_period("M").dt.to_timestamp()
    known = lines[lines["customer_id"].notna()]
    bought = known[known["quantity"] > 0]
    kpis = lines.groupby("month").agg(revenue=("amount", "sum"), orders=("order_id", "nunique"), customers=("customer_id", "nunique"))
    by_customer = bought.groupby("customer_id", observed=True)
    each = by_customer.agg(last=("day", "max"), f=("day", "nunique"), m=("amount", "sum"))
    scored = each.assign(r5=tile(each["last"], 5), f5=tile(each["f"], 5), m5=tile(each["m"], 5))
    rfm = scored.groupby(["r5", "f5"]).agg(customers=("m", "size"), revenue=("m", "sum"))
    days = bought.groupby(["customer_id", "day"], observed=True).agg(m=("amount", "sum"), o=("order_id", "nunique")).reset_index()
    days["customer_id"] = days["customer_id"].cat.codes
    bar = 7 * days["m"].sum() / days["o"].sum()
    now, then = groups(days, bar, AS_OF), groups(days[days["day"] <= THEN_ON], bar, THEN_ON)
    outcome = then.assign(back=now["z"] > THEN_ON).groupby(["k", "active"])["back"].mean()
    cpm = now.groupby(["k", "active"]).agg(customers=("m", "size"), revenue=("m", "sum")).join(outcome, how="left")
    spent = known.groupby("customer_id", observed=True).agg(m=("amount", "sum"), o=("order_id", "nunique"))
    concentration = spent.assign(decile=tile(spent["m"], 10, down=True)).groupby("decile").agg(n=("m", "size"), m=("m", "sum"), o=("o", "sum"))
    active = bought[["customer_id", "month"]].drop_duplicates()
    cohort = active.groupby("customer_id", observed=True)["month"].transform("min")
    age = (active["month"].dt.year - cohort.dt.year) * 12 + active["month"].dt.month - cohort.dt.month
    retention = active.assign(cohort=cohort, age=age).groupby(["cohort", "age"])["customer_id"].size().to_frame()
    asked = {"kpis": kpis, "rfm": rfm, "cpm": cpm, "concentration": concentration, "retention": retention}
    return {name: frame.reset_index().astype(object).to_numpy().tolist() for name, frame in asked.items()}


if __name__ == "__main__":
    finish(answers)
