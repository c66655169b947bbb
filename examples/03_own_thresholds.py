"""After how many days is a silence unusual in *this* shop? The customer portfolio with thresholds from the data, beside the default."""

from __future__ import annotations

from tea_shop import open_shop

import regulars as rg


def main() -> None:
    shop = open_shop()
    default, proposed = rg.CPM(), rg.CPM.propose(shop)
    print(f"Default:  lapsed after {default.lapse_days} days, loyal from {default.tenure_days[1]} days on")
    print(f"Proposed: lapsed after {proposed.lapse_days} days, loyal from {proposed.tenure_days[1]} days on")

    groups = [{(row["type"], row["state"]): row["customers"] for row in shop.run(cpm).summary.to_pylist()} for cpm in (default, proposed)]
    for (kind, state), customers in groups[0].items():
        print(f"{kind:12}{state:8}{customers:6}{groups[1][kind, state]:6}")

    lapsed = shop.run(proposed).rows(type="excellent", state="lapsed", people=True)
    print("Call first:", ", ".join(row["name"] for row in lapsed.limit(5)) or "nobody")


if __name__ == "__main__":
    main()
