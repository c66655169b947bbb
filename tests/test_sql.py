"""The SQL pipeline: what it refuses, what it blames, that filters hold, that names are resolved as DuckDB resolves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from textwrap import dedent
from typing import Any

import pytest

from regulars import sql
from regulars.engines.duckdb import Connection, scratch
from regulars.errors import RegularsError

TABLES = {
    "customers": {"customer_id": "VARCHAR", "city": "VARCHAR", "joined_on": "DATE"},
    "orders": {
        "order_id": "VARCHAR",
        "customer_id": "VARCHAR",
        "book": "VARCHAR",
        "ordered_on": "DATE",
        "ordered_at": "TIMESTAMP",
        "net_revenue": "DECIMAL(18,4)",
    },
}


@pytest.fixture(scope="module")
def shop() -> Iterator[Connection]:
    connection = scratch()
    connection.execute("create table customers (customer_id varchar, city varchar, joined_on date)")
    connection.execute("insert into customers values ('a', 'Kyiv', '2023-12-31'), ('b', 'Lviv', '2024-01-31'), ('c', null, '2024-02-29')")
    connection.execute(
        "create table orders (order_id varchar, customer_id varchar, book varchar, ordered_on date, ordered_at timestamp, net_revenue decimal(18,4))"
    )
    connection.execute(
        """insert into orders values ('1', 'a', 'UAH', '2024-01-01', '2024-01-01 09:30', 100), ('2', 'a', 'UAH', '2024-03-31', '2024-03-31 23:59', 50.5),
        ('3', 'b', 'EUR', '2024-02-05', '2024-02-05 00:00', 10), ('4', 'c', 'UAH', '2024-02-29', '2024-02-29 12:00', 0), ('5', null, 'EUR', '2024-12-31', '2024-12-31 10:00', null)"""
    )
    yield connection
    connection.close()


def prepare(text: str, **more: Any) -> sql.Prepared:
    return sql.prepare(text, tables=TABLES, **more)


def answer(shop: Connection, text: str, **more: Any) -> list[tuple[Any, ...]]:
    prepared = prepare(text, **more)
    return shop.execute(prepared.sql, prepared.parameters or None).fetchall()


def code(text: str, **more: Any) -> str:
    with pytest.raises(RegularsError) as raised:
        prepare(text, **more)
    return raised.value.code


# what is refused

REFUSED = {
    "another statement": "drop table orders",
    "two statements": "select 1 as x; select 2 as x",
    "nothing": "",
    "copy": "copy orders to 'x.csv'",
    "explain": "explain select 1",
    "from first": "from orders",
    "a file": "select * from 'orders.csv'",
    "a table function": "select * from read_csv('orders.csv')",
    "range": "select * from range(10)",
    "a catalogue": "select table_name from information_schema.tables",
    "an unlisted function": "select getenv('HOME') as x",
    "the clock": "select current_date as x",
    "now": "select now() as x",
    "random": "select random() as x",
    "arg_max": "select arg_max(city, joined_on) as x from customers",
    "make_date": "select make_date(2024, 1, 1) as x",
    "hash": "select hash(city) as x from customers",
    "try_cast": "select try_cast(city as int) as x from customers",
    "extract": "select extract(year from joined_on) as x from customers",
    "group by all": "select city, count(*) as n from customers group by all",
    "order by all": "select city from customers order by all",
    "rollup": "select city from customers group by rollup (city)",
    "union": "select city from customers union select city from customers",
    "except": "select city from customers except select city from customers",
    "union by name": "select city from customers union all by name select city from customers",
    "union of unlike selects": "select city from customers union all select city, joined_on from customers",
    "recursive": "with recursive r as (select 1 as x union all select x + 1 from r) select x from r",
    "a CTE named like a table": "with orders as (select * from customers) select * from orders",
    "two CTEs of one name": "with a as (select 1 as x), a as (select 2 as x) select x from a",
    "with inside": "select * from (with a as (select 1 as x) select x from a) as t",
    "natural join": "select city from customers natural join orders",
    "semi join": "select city from customers semi join orders using (customer_id)",
    "asof join": "select city from customers as c asof join orders as o on c.joined_on >= o.ordered_on",
    "comma join": "select city from customers, orders",
    "join without condition": "select city from customers join orders",
    "lateral": "select city from customers cross join lateral (select 1 as x) as t",
    "parenthesised join": "select city from (customers cross join orders)",
    "new names behind a table": "select a from customers as c(a, b)",
    "total by window": "select sum(net_revenue) over () as x from orders",
    "ranking without order": "select row_number() over (partition by book) as x from orders",
    "frame without order": "select sum(net_revenue) over (partition by book rows between 1 preceding and current row) as x from orders",
    "named window": "select sum(net_revenue) over w as x from orders window w as (order by order_id)",
    "distinct in a window": "select count(distinct book) over (partition by customer_id) as x from orders",
    "filter in a window": "select count(*) filter (where book = 'UAH') over (partition by book) as x from orders",
    "qualify": "select order_id from orders qualify row_number() over (order by order_id) = 1",
    "distinct on": "select distinct on (city) city from customers",
    "order inside a call": "select sum(net_revenue order by order_id) as x from orders",
    "interval": "select joined_on + interval 3 month as x from customers",
    "interval comparison": "select city from customers where joined_on - joined_on > interval 3 day",
    "a list": "select [1, 2] as x",
    "a json type": "select cast(city as json) as x from customers",
    "an array type": "select cast(city as varchar[]) as x from customers",
    "sample": "select city from customers using sample 10%",
    "columns": "select columns('c.*') from customers",
    "a lock": "select city from customers for update",
    "time travel": "select city from customers at (version => 1)",
    "any": "select city from customers where city = any(select city from customers)",
    "a positional parameter": "select ? as x",
    "DuckDB's own parameter": "select $x as x",
    "a parameter as a name": "select city:x from customers",
    "a whole row": "select customers as x from customers",
    "two columns of one name": "select city, city from customers",
    "an ambiguous column": "select customer_id from customers cross join orders",
    "wrong number of arguments": "select ratio(1) as x",
    "each outside a list": "select coalesce(each(:by), 'x') as x from customers",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_in_the_dialect_is_refused(text: str) -> None:
    assert code(text, parameters={"x": 1, "by": ("city",)}) == "sql_not_allowed"


@pytest.mark.parametrize(("text", "line", "column"), [("select\n  (1 +\n from customers", 3, 2), ("select 1 fro orders", 1, 14), ("select\n 'abc", 2, 5)])
def test_a_syntax_error_has_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(RegularsError) as raised:
        prepare(text)
    assert (raised.value.code, raised.value.values["line"], raised.value.values["column"]) == ("sql_syntax", line, column)


NO_COLUMN = [
    ("select\n  ciy\nfrom customers", "ciy", 2, "'city'"),
    ("select c.ciy from customers as c", "ciy", 1, "'city'"),
    ("with a as (select city as town from customers)\nselect\n twon from a", "twon", 3, "'town'"),
    ("select city from customers where exists (select 1 from orders where orders.customer_id = customers.customer_id\n and bok = 'x')", "bok", 2, "'book'"),
    ("select 1 as x from customers join orders using (order_id)", "order_id", 1, "'order_id'"),
    ("select rowid from customers", "rowid", 1, "'city'"),
]


@pytest.mark.parametrize(("text", "column", "line", "near"), NO_COLUMN)
def test_a_column_that_is_not_there_fails_before_running(text: str, column: str, line: int, near: str) -> None:
    with pytest.raises(RegularsError) as raised:
        prepare(text)
    values = raised.value.values
    assert (raised.value.code, values["column"], values["line"]) == ("sql_no_such_column", column, line)
    assert near in str(values["near"])


def test_tables_that_are_not_there() -> None:
    assert code("select * from order_lines") == "sql_no_such_table"
    assert code("select x.city from customers as c") == "sql_no_such_table"
    assert code("select x.* from customers as c") == "sql_no_such_table"
    assert code("with a as (select * from b), b as (select city from customers) select * from a") == "sql_no_such_table"  # read from top to bottom


# what it writes


def test_the_text_stays_readable() -> None:
    prepared = prepare(
        """with late as (select * from orders where ordered_on > :since)
        select city, sum(net_revenue) as revenue from customers left join late on late.customer_id = customers.customer_id group by city""",
        parameters={"since": date(2024, 1, 1), "not_used": 1},
    )
    assert prepared.sql == dedent("""\
        WITH late AS (
          SELECT
            orders.order_id,
            orders.customer_id,
            orders.book,
            orders.ordered_on,
            orders.ordered_at,
            orders.net_revenue
          FROM orders
          WHERE
            orders.ordered_on > $since
        )
        SELECT
          customers.city,
          SUM(late.net_revenue) AS revenue
        FROM customers
        LEFT JOIN late
          ON late.customer_id = customers.customer_id
        GROUP BY
          customers.city""")
    assert prepared.parameters == {"since": date(2024, 1, 1)}
    assert prepared.tables == {"customers", "orders"}
    assert prepared.columns == ("city", "revenue")


RATIO = (
    "select ratio(sum(net_revenue), count(*)) as mean from orders where order_id like :start || '%' and ordered_on in :days order by ordered_on desc limit 5"
)


ENGINES = {
    "duckdb": """SELECT CAST(SUM(orders.net_revenue) AS DOUBLE) / NULLIF(CAST(COUNT(*) AS DOUBLE), 0) AS mean FROM orders
        WHERE orders.order_id LIKE $start || '%' AND orders.ordered_on IN ($days_0, $days_1) ORDER BY orders.ordered_on DESC LIMIT 5""",
    "postgres": """SELECT CAST(SUM(orders.net_revenue) AS DOUBLE PRECISION) / NULLIF(CAST(COUNT(*) AS DOUBLE PRECISION), 0) AS mean FROM orders
        WHERE orders.order_id LIKE REPLACE(%(start)s || '%%', '\\', '\\\\') AND orders.ordered_on IN (%(days_0)s, %(days_1)s) ORDER BY orders.ordered_on DESC NULLS LAST LIMIT 5""",
    "spark": """SELECT CAST(SUM(orders.net_revenue) AS DOUBLE) / NULLIF(CAST(COUNT(*) AS DOUBLE), 0) AS mean FROM orders
        WHERE orders.order_id LIKE REPLACE(:start || '%', '\\\\', '\\\\\\\\') AND orders.ordered_on IN (:days_0, :days_1) ORDER BY orders.ordered_on DESC LIMIT 5""",
}


@pytest.mark.parametrize(("dialect", "expected"), ENGINES.items(), ids=ENGINES)
def test_one_text_for_three_engines(dialect: str, expected: str) -> None:
    prepared = prepare(RATIO, parameters={"start": "1", "days": (date(2024, 1, 1), date(2024, 2, 5))}, dialect=dialect)
    assert prepared.sql.split() == expected.split()
    assert prepared.parameters == {"start": "1", "days_0": date(2024, 1, 1), "days_1": date(2024, 2, 5)}


SAME = [
    "select coalesce(city, '-') as city from customers where city is null or city > 'K' order by city",
    "select upper(city) as city, count(*) as n from customers group by city order by city, n",
    "select city as town, town || '!' as loud from customers where town = 'Kyiv'",
    "select book, sum(net_revenue) as net_revenue from orders group by book having sum(net_revenue) > 0 order by net_revenue desc",
    "select customer_id, city, order_id from customers full join orders using (customer_id) order by customer_id, order_id",
    "select * from customers left join orders using (customer_id) order by order_id, customer_id",
    "select * exclude (city) from customers order by 1",
    "select c.*, (select max(o.net_revenue) from orders as o where o.customer_id = c.customer_id) as most from customers as c order by customer_id",
    "select city from customers where customer_id in (select customer_id from orders where book = 'EUR') order by city",
    "select k, word from (values (1, 'one'), (2, 'two')) as names(k, word) order by k desc",
    "select book, sum(net_revenue) over (partition by book) as total, lag(order_id, 1, '-') over (partition by book order by order_id) as before from orders order by order_id",
    "select order_id, sum(net_revenue) over (order by order_id rows between unbounded preceding and current row) as running from orders order by order_id",
    "select count(*) filter (where book = 'UAH') as n, count(distinct book) as books, -5 % 3 as rest, 1 as \"Ключ\" from orders",
    "select order_id from orders union all (select city from customers) order by order_id",
    "select cast(net_revenue as double) / nullif(cast(null as double), 0) as x, case book when 'UAH' then 1 else 2 end as y from orders order by order_id",
]


@pytest.mark.parametrize("text", SAME)
def test_names_are_resolved_as_the_engine_resolves_them(shop: Connection, text: str) -> None:
    plain = shop.execute(text)
    names, expected = tuple(column[0] for column in plain.description), plain.fetchall()
    assert expected
    assert answer(shop, text) == expected
    assert prepare(text).columns == names


# filters


BYPASSES = [
    "select order_id from orders",
    "select order_id from ORDERS",
    'select order_id from "Orders"',
    "select o.order_id from orders as o",
    "select customers.order_id from orders as customers",
    "with mine as (select * from orders) select order_id from mine",
    "with a as (select * from orders), b as (select * from a) select order_id from b",
    "select order_id from (select * from (select * from orders) as a) as b",
    "select order_id from orders where false union all select order_id from orders",
    "select b.order_id from orders as a full join orders as b on false",
    "select (select max(order_id) from orders where customer_id = 'b') as order_id",
    "select customer_id as order_id from customers where customer_id in (select customer_id from orders where book = 'EUR')",
    "select customer_id as order_id from customers as c where exists (select 1 from orders as o where o.customer_id = c.customer_id and book = 'EUR')",
    "select case when exists (select 1 from orders where book = 'EUR') then '3' end as order_id",
    "select max(order_id) as order_id from orders group by book having max(book) = 'EUR'",
    "select city as order_id from customers join orders on orders.customer_id = customers.customer_id and orders.book = 'EUR'",
    "select order_id from orders where book = 'EUR' or true order by (select max(book) from orders)",
    "select order_id, score(net_revenue, 2) as s from orders",
]


@pytest.mark.parametrize("text", BYPASSES)
@pytest.mark.parametrize("sources", [{}, {"orders": "stored_orders"}])
def test_a_filter_holds_wherever_a_table_is_read(shop: Connection, text: str, sources: dict[str, str]) -> None:
    shop.execute("create or replace view stored_orders as select * from orders")
    rows = answer(shop, text, filters={"orders": "book = :book"}, parameters={"book": "UAH"}, sources=sources)
    seen = {row[0] for row in rows} - {None}
    assert seen <= {"1", "2", "4"}
    prepared = prepare(text, filters={"orders": "book = :book"}, parameters={"book": "UAH"}, sources=sources)
    assert prepared.sql.lower().count("from orders") + prepared.sql.count("stored_orders") == prepared.sql.count("orders.book = $book")


def test_a_filter_is_a_condition_and_nothing_else() -> None:
    for condition in ("true) union all (select 1", "true; drop table orders", "book = 'x' order by 1", "getenv('HOME') = 'x'", "each(:book)"):
        assert code("select order_id from orders", filters={"orders": condition}, parameters={"book": ("x",)}) in {"sql_syntax", "sql_not_allowed"}
    assert code("select order_id from orders", filters={"orders": "bok = 'x'"}) == "sql_no_such_column"
    assert code("select order_id from orders", filters={"orders": "book = :book"}) == "sql_parameter"


def test_a_filter_may_ask_other_tables(shop: Connection) -> None:
    filters = {"orders": "customer_id in (select customer_id from customers where city in :cities)"}
    assert answer(shop, "select o.order_id from orders as o order by order_id", filters=filters, parameters={"cities": ["Kyiv"]}) == [("1",), ("2",)]


# parameters


def test_every_name_needs_a_value() -> None:
    with pytest.raises(RegularsError, match=":since, :until"):
        prepare("select order_id from orders where ordered_on between :since and :until")


def test_lists_of_values(shop: Connection) -> None:
    text = "select order_id from orders where book in :books order by order_id"
    assert answer(shop, text, parameters={"books": ["EUR", "PLN"]}) == [("3",), ("5",)]
    assert answer(shop, text, parameters={"books": []}) == []
    assert len(answer(shop, text.replace(" in ", " not in "), parameters={"books": ()})) == 5
    assert answer(shop, "select order_id from orders where order_id in ('1', (:more), '2') order by 1", parameters={"more": "4"}) == [("1",), ("2",), ("4",)]
    assert code(text, parameters={"books": "EUR"}) == "sql_parameter"
    assert code("select order_id from orders where book = :books", parameters={"books": ["EUR"]}) == "sql_parameter"
    assert code("select :v_0 as x from orders where book in :v", parameters={"v": ["EUR"], "v_0": 1}) == "sql_parameter"


def test_parameters_may_be_named_like_keywords(shop: Connection) -> None:
    assert answer(
        shop, "select :order as a, :values as b, case when :end then :group end as c", parameters={"order": 1, "values": 2, "end": True, "group": "x"}
    ) == [(1, 2, "x")]


BY = """select each(:by, c), count(*) as orders, row_number() over (partition by each(:by, c) order by each(:by, c) desc, sum(o.net_revenue), max(o.order_id)) as place
    from customers as c join orders as o on o.customer_id = c.customer_id group by each(:by, c) order by each(:by, c)"""


def test_each_spells_out_columns(shop: Connection) -> None:
    assert answer(shop, BY, parameters={"by": ("city", "joined_on")})[0] == ("Kyiv", date(2023, 12, 31), 2, 1)
    assert prepare(BY, parameters={"by": ("city", "joined_on")}).columns == ("city", "joined_on", "orders", "place")
    assert answer(shop, BY, parameters={"by": ("city",)}) == [("Kyiv", 2, 1), ("Lviv", 1, 1), (None, 1, 1)]


def test_each_of_nothing_leaves_nothing_behind(shop: Connection) -> None:
    assert answer(shop, BY, parameters={"by": ()}) == [(4, 1)]
    using = "with t as (select each(:by), count(*) as n from customers group by each(:by)) select each(:by, c), n from customers as c join t using (each(:by)) order by n, each(:by, c)"
    assert answer(shop, using, parameters={"by": ()}) == [(3,), (3,), (3,)]
    assert answer(shop, using, parameters={"by": ["city"]}) == [("Kyiv", 1), ("Lviv", 1)]
    assert code("select each(:by) from customers", parameters={"by": ()}) == "sql_not_allowed"


@pytest.mark.parametrize("names", ["city", ("city, 1",), ("nowhere",), (1,), None, ("1 as x from customers; drop table orders --",)])
def test_each_takes_names_of_columns_only(names: object) -> None:
    assert code("select each(:by), 1 as one from customers", parameters={"by": names}) in {"sql_parameter", "sql_no_such_column"}


# macros


MACROS = {
    "ratio(1, 2) * 2": 1.0,
    "2 / ratio(1, 2)": 4.0,
    "ratio(1, 0)": None,
    "fell(0.5, 0.4, 0.3, 0.35)": True,
    "fell(0.5, 0.4, 0.45, 0.6)": False,
    "fell(0.3, 0.25, 0.5, 0.55)": False,
    "days_between(date '2024-02-28', date '2024-03-01')": 2,
    "days_between(:until, date '2024-12-30')": -1,
    "10 - days_between(date '2024-01-01', date '2024-01-03')": 8,
    "months_between(date '2023-12-31', date '2024-02-01')": 2,
    "months_between(date '2024-02-01', date '2023-12-31')": -2,
    "add_days(date '2024-02-28', 2)": date(2024, 3, 1),
    "add_days(:until, :n)": date(2025, 1, 3),
    "add_months(date '2024-01-31', 1)": date(2024, 2, 29),
    "add_months(:until, -:n)": date(2024, 9, 30),
    "weekday(date '2024-12-29')": 7,
    "weekday(date '2024-12-30')": 1,
    "month_start(date '2024-02-29')": date(2024, 2, 1),
    "week_start(date '2024-03-03')": date(2024, 2, 26),
    "week_start(date '2024-03-04')": date(2024, 3, 4),
    "date_trunc('quarter', date '2024-12-31')": date(2024, 10, 1),
    "date_trunc(:grain, :until)": date(2024, 1, 1),
    "hour_of(timestamp '2024-01-01 23:59:59')": 23,
    "minutes_between(timestamp '2024-01-01 23:59:30', timestamp '2024-01-02 01:00:10')": 61,
    "minutes_between(timestamp '2024-01-02 08:00:00', timestamp '2024-01-02 00:00:00')": -480,
    "number_key('№ 00-17/А')": "17а",
    "digits_of('SO-0017/2')": "172",
    "number_key('--0')": None,
    "year(:until) * 100 + month(:until)": 202412,
    "quarter(:until) + day(:until)": 35,
    "round(cast('2.5' as double), 0)": 3.0,
}


@pytest.mark.parametrize(("text", "value"), MACROS.items(), ids=MACROS)
def test_macros(shop: Connection, text: str, value: object) -> None:
    found = answer(shop, f"select {text} as x", parameters={"until": date(2024, 12, 31), "n": 3, "grain": "year"})
    assert found == [(value,)]
    assert type(found[0][0]) is type(value)


def test_percentile_is_a_value_that_occurs(shop: Connection) -> None:
    text = "select percentile(net_revenue, :p) as x from orders"
    assert [float(answer(shop, text, parameters={"p": p})[0][0]) for p in (0, 0.25, 0.5, 0.75, 1)] == [0, 0, 10, 50.5, 100]


def test_every_macro_is_written_for_every_engine() -> None:
    for name, macro in sql.MACROS.items():
        call = f"select {name}({', '.join(':' + argument for argument in macro.takes)}) as x"
        for dialect in sql.DIALECTS:
            written = prepare(call, parameters=dict.fromkeys(macro.takes, 1), dialect=dialect).sql
            assert all(mark in written for mark in ({"duckdb": f"${a}", "postgres": f"%({a})s", "spark": f":{a}"}[dialect] for a in macro.takes))


# lineage and lint


def test_lineage_names_the_base_columns() -> None:
    text = """with spent as (select customer_id, sum(net_revenue) as revenue from orders group by customer_id)
        select each(:by), revenue, score(revenue, :bins) as m, ratio(revenue, 2) as half, 1 as one,
            (select max(o.ordered_on) from orders as o where o.customer_id = spent.customer_id) as last_on
        from spent union all select city, null, 1, 2, 3, joined_on from customers"""
    assert sql.lineage(text, TABLES, {"by": ("customer_id",)}) == {
        "customer_id": ("customers.city", "orders.customer_id"),
        "revenue": ("orders.net_revenue",),
        "m": (":bins", "orders.net_revenue"),
        "half": ("orders.net_revenue",),
        "one": (),
        "last_on": ("customers.joined_on", "orders.customer_id", "orders.ordered_on"),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("select net_revenue * 1.0 as x from orders", "1.0"),
        ("select net_revenue / nullif(cast(2 as int), 0) as x from orders", "cast to double"),
        ("select cast(net_revenue as double) / net_revenue as x from orders", "nullif"),
        ("select cast(net_revenue as double) / 0 as x from orders", "nullif"),
        ("select\ncast(ratio(net_revenue, 2) as int) as x from orders", "(line 2): floor"),
        ("select order_id from orders limit 3", "LIMIT without ORDER BY"),
    ],
)
def test_lint(text: str, found: str) -> None:
    assert any(found in line for line in sql.lint(text))


def test_a_text_of_the_house_has_no_lint() -> None:
    assert sql.lint("select cast(floor(ratio(sum(net_revenue), 2)) as int) as x, cast(1 as double) / :bins as y from orders order by x limit 3") == []
