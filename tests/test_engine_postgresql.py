"""PostgreSQL as the engine: what is copied, when, and what is said when it cannot be."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

import regulars as rg
from contract_shops import line, open_shop, shop_rows
from engines_at_hand import Server
from regulars import engines
from regulars.engines import serve
from regulars.errors import error
from regulars.i18n import Reader
from regulars.reports.brief import make_brief
from regulars.reports.page import render
from regulars.runs import compare
from regulars.schema import TABLES
from regulars.surfaces import cli
from regulars.workspace import Workspace


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """A small shop of its own."""
    found: Workspace = open_shop(tmp_path, shop_rows(customers=20))
    return found


@pytest.fixture
def url(postgresql_server: Server) -> Iterator[str]:
    """The address of the server; what was copied there is dropped afterwards."""
    yield postgresql_server.url()
    for name in schemas(postgresql_server):
        postgresql_server.do(f"drop schema {name} cascade")


def schemas(server: Server) -> list[str]:
    return [name for (name,) in server.do("select nspname from pg_namespace where nspname like 'snap%' order by oid")]


@contextmanager
def named(code: str, *words: str) -> Iterator[None]:
    """What is raised has this code, says these words, and no password."""
    with pytest.raises(rg.RegularsError) as caught:
        yield
    said = str(caught.value)
    assert (caught.value.code, [word for word in words if word not in said]) == (code, []), said
    assert "sesame" not in said


def test_the_brief_is_the_same_but_for_the_name_of_the_engine(tea_shop_loaded: Workspace, url: str) -> None:
    pages = [render(make_brief(ws), Reader("en", "GBP")) for ws in (tea_shop_loaded, rg.open(tea_shop_loaded.folder, engine=url))]
    here, there = (re.sub(r"<(script|style|pre).*?</\1>", "", page, flags=re.DOTALL).replace("><", ">\n<").splitlines() for page in pages)
    assert len(here) == len(there) > 500
    differing = [(one, other) for one, other in zip(here, there, strict=True) if one != other]
    assert [one.replace("duckdb", "postgres") for one, _ in differing] == [other for _, other in differing] != []


def test_moving_copies_compares_and_then_writes_the_setting(shop: Workspace, url: str, postgresql_server: Server) -> None:
    steps: list[str] = []
    shop.move(url, progress=lambda step, done, total: steps.append(f"{step} {done}/{total}"))
    assert len(set(steps)) > 3
    assert shop.run(rg.RFM()).provenance.engine == "postgres"
    again = rg.open(shop.folder)
    assert again.settings.engine == url
    assert again.run(rg.RFM()).provenance.engine == "postgres"
    assert schemas(postgresql_server) == [f"snap_{shop.snapshot.id}"]
    again.move("duckdb")
    assert rg.open(shop.folder).run(rg.RFM()).provenance.engine == "duckdb"
    for one in (shop, again):
        one.close()


def test_an_engine_given_for_a_session_is_not_written_down(shop: Workspace, url: str, tmp_path: Path) -> None:
    with rg.open(shop.folder, engine=url) as guest:
        guest.load(_orders(tmp_path, 1))
    assert rg.open(shop.folder).settings.engine == "duckdb"


def test_every_table_arrives_as_it_is(tied_shop: Workspace, url: str) -> None:
    snapshot = tied_shop.snapshot
    here, there = (serve(address, snapshot.id, snapshot.file) for address in ("duckdb", url))
    for name, table in TABLES.items():
        order = ", ".join(f'"{column}"' + (' collate "C"' if kind == "VARCHAR" else "") for column, kind in table.columns.items())
        plain = order.replace(' collate "C"', "")
        mine, theirs = here.query(f"select * from {name} order by {plain}"), there.query(f"select * from {name} order by {order}")
        assert theirs.schema.equals(mine.schema)
        assert theirs.to_pylist() == mine.to_pylist()
        assert there.columns(name) == dict(table.columns)
    here.close()
    there.close()


def test_a_copy_is_made_once_even_if_many_come_at_once(shop: Workspace, url: str, postgresql_server: Server) -> None:
    snapshot = shop.snapshot
    copies: list[str] = []

    def come(_: int) -> None:
        there = serve(url, snapshot.id, snapshot.file, lambda step, done, total: copies.append(f"{done} {threading.get_ident()}"))
        compare(url, there, snapshot)
        there.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come, range(4)))
    assert len({one.split()[1] for one in copies}) == 1
    assert len(schemas(postgresql_server)) == 1


def test_a_copy_that_is_stopped_leaves_nothing(shop: Workspace, url: str, postgresql_server: Server) -> None:
    def stop(_step: str, done: int, _total: int) -> None:
        if done == 3:
            raise error("cancelled")

    with named("cancelled"):
        shop.move(url, progress=stop)
    assert not schemas(postgresql_server)
    assert rg.open(shop.folder).settings.engine == "duckdb"


def test_the_last_two_snapshots_stay_and_strangers_are_left_alone(shop: Workspace, url: str, postgresql_server: Server, tmp_path: Path) -> None:
    postgresql_server.do("create schema snap_of_somebody_else")
    ids = []
    with rg.open(shop.folder, engine=url) as ws:
        for number in range(3):
            ws.load(_orders(tmp_path, number))
            ws.run(rg.RFM())
            ids.append(f"snap_{ws.snapshot.id}")
    assert schemas(postgresql_server) == ["snap_of_somebody_else", *ids[-2:]]


def test_threads_ask_and_store_at_the_same_time(shop: Workspace, url: str) -> None:
    snapshot = shop.snapshot
    there = serve(url, snapshot.id, snapshot.file)

    def work(number: int) -> int:
        there.store(f"kept_{number % 3}", "select customer_id, %(n)s::bigint as n from customers", {"n": number % 3})
        return int(there.query(f"select count(*) as c from kept_{number % 3}")["c"][0].as_py())

    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(work, range(40))} == {20}
    assert there.columns("kept_0") == {"customer_id": "VARCHAR", "n": "BIGINT"}
    there.close()
    assert there.closed
    with named("engine_closed"):
        there.query("select 1 as n")


def test_a_lost_connection_is_named_and_the_next_question_opens_another(shop: Workspace, url: str, postgresql_server: Server) -> None:
    ws = rg.open(shop.folder, engine=url)
    result = ws.run(rg.RFM())
    postgresql_server.do("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'regulars'")
    with named("engine_lost"):
        result.source({}, False, None)
    assert ws.run(rg.RFM()).source({}, False, None).num_rows
    ws.close()


def test_a_dropped_table_is_named_and_copied_again(shop: Workspace, url: str, postgresql_server: Server) -> None:
    ws = rg.open(shop.folder, engine=url)
    schema = f"snap_{ws.snapshot.id}"
    ws.run(rg.RFM())
    postgresql_server.do(f"drop table {schema}.order_lines")
    with named("engine_table_missing", "order_lines"):
        ws.table("order_lines")
    ws.close()
    with rg.open(shop.folder, engine=url) as again:
        assert again.table("order_lines").num_rows


def test_a_copy_that_was_changed_is_not_moved_to(shop: Workspace, url: str, postgresql_server: Server) -> None:
    shop.move(url)
    shop.move("duckdb")
    postgresql_server.do(f"update snap_{shop.snapshot.id}.customer_days set net_revenue = net_revenue + 0.0001")
    with named("engine_differs"):
        shop.move(url)
    assert rg.open(shop.folder).settings.engine == "duckdb"


@pytest.mark.parametrize(
    ("user", "database", "code"),
    [
        ("nobody_we_know", "regulars", "engine_login"),
        ("shop", "no_such_database", "engine_database_missing"),
        ("visitor", "regulars", "engine_right_missing"),
        ("guarded", "regulars", "engine_login"),
    ],
)
def test_who_is_not_let_in_is_told_why(
    shop: Workspace, url: str, postgresql_server: Server, monkeypatch: pytest.MonkeyPatch, user: str, database: str, code: str
) -> None:
    postgresql_server.guard("guarded")
    postgresql_server.do("drop role if exists visitor", "create role visitor login")
    monkeypatch.setenv("PGPASSWORD", "sesame, but another one")
    with named(code):
        shop.move(postgresql_server.url(user, database))


def test_who_may_not_read_what_another_copied_is_told(shop: Workspace, url: str, postgresql_server: Server) -> None:
    shop.move(url)
    postgresql_server.do("drop role if exists visitor", "create role visitor login")
    with named("engine_right_missing", "TO visitor"):
        shop.move(postgresql_server.url("visitor"))


def test_the_password_comes_from_the_usual_places(shop: Workspace, url: str, postgresql_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    postgresql_server.guard("guarded")
    postgresql_server.do("grant shop to guarded")
    monkeypatch.setenv("PGPASSWORD", "open sesame")
    shop.move(url)
    shop.move(postgresql_server.url("guarded"))
    shop.close()
    assert "sesame" not in (shop.folder / "regulars.toml").read_text()


@pytest.mark.parametrize(
    "address", ["postgresql://shop@127.0.0.1:1/regulars", "postgresql://shop@host.invalid/regulars", "postgresql://shop@127.0.0.1:99999/x"]
)
def test_nobody_there_is_named(shop: Workspace, address: str) -> None:
    pytest.importorskip("psycopg")
    with named("engine_unreachable", address):
        shop.move(address)


def test_another_kind_of_server_is_named(shop: Workspace) -> None:
    pytest.importorskip("psycopg")
    answer = b"HTTP/1.1 400 Bad Request\r\n\r\n"

    class Web(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1024)
            self.request.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Web) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"postgresql://shop@127.0.0.1:{server.server_address[1]}/regulars"
        for how in ("prefer", "disable"):
            with named("engine_unreachable", address):
                shop.move(f"{address}?sslmode={how}")
        server.shutdown()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://shop:sesame@db/regulars",
        "postgresql://shop:open?sesame@db/regulars",
        "postgresql://db/regulars?user=shop&password=sesame",
        "sc://host:15002/;token=sesame",
        "host=db password = sesame",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(tmp_path: Path, address: str) -> None:
    with named("engine_secret"):
        rg.open(tmp_path, engine=address)


@pytest.mark.parametrize("address", ["mysql://db/x", "oracle", "local[", ""])
def test_an_unknown_engine_is_refused(tmp_path: Path, address: str) -> None:
    with named("setting_wrong", "postgresql://"):
        rg.open(tmp_path, engine=address)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("duckdb", "duckdb"),
        ("postgresql://me@db:5432/shop?sslmode=require", "postgresql"),
        ("postgres://db/shop", "postgresql"),
        ("postgresql://?service=shop", "postgresql"),
        ("spark", "spark"),
        ("local[2]", "spark"),
        ("local[*]", "spark"),
        ("spark://host:7077", "spark"),
        ("sc://host:15002", "spark"),
    ],
)
def test_every_address_has_its_engine(address: str, kind: str) -> None:
    assert engines.kind_of(address) == kind


def test_without_the_driver_the_line_that_installs_it_is_said(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "regulars.engines.postgresql", None)
    with named("part_missing", "pip install 'regulars[postgres]'"):
        shop.move("postgresql://shop@127.0.0.1/regulars")


def test_the_command_shows_moves_and_shows_the_text_of_the_engine(
    shop: Workspace, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_WORKSPACE", str(shop.folder))
    assert cli.run(["engine"]) == 0
    assert "duckdb answers" in capsys.readouterr().out
    assert cli.run(["engine", url]) == 0
    assert "regulars engine duckdb" in capsys.readouterr().out
    assert cli.run(["sql", "rfm", "--prepared"]) == 0
    assert "%(_book)s" in capsys.readouterr().out
    assert cli.run(["doctor"]) == 0
    assert f"{url}, it answers" in capsys.readouterr().out


def _orders(folder: Path, number: int) -> Path:
    """A file with one order more."""
    from contract_shops import DAY, HEADER
    from order_files import as_csv, write

    return write(folder / f"more_{number}.csv", as_csv(HEADER, [line(f"N{number}", f"{number:04d}", DAY)]))
