"""A question of your own, in SQL: on which weekday do customers come, and what do they spend?

Tables, columns and functions are in docs/reference/tables.md and sql.md. Values go in as parameters, never into the text.
"""

from __future__ import annotations

from datetime import date

from tea_shop import open_shop

WEEKDAYS = """
    select weekday(ordered_on) as weekday, count(distinct customer_id) as customers, sum(orders) as orders, sum(net_revenue) as revenue,
        ratio(sum(net_revenue), sum(orders)) as order_value
    from customer_days
    where customer_id is not null and ordered_on >= :since
    group by weekday(ordered_on) order by weekday(ordered_on)"""


def main() -> None:
    shop = open_shop()
    for day in shop.sql(WEEKDAYS, since=date(2025, 1, 1)).to_pylist():
        print("{weekday}  {customers:4} customers  {orders:5} orders  {revenue:10.2f}  {order_value:6.2f} per order".format(**day))


if __name__ == "__main__":
    main()
