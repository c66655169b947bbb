"""The settings file: read, refused with its place, written without losing what a person wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

import regulars as rg
from regulars.state import Settings


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"currency": "POUND"}, "currency"),
        ({"time_zone": "London"}, "time_zone"),
        ({"day_starts_at": 13}, "day_starts_at"),
        ({"day_starts_at": -1}, "day_starts_at"),
        ({"language": "fr"}, "language"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(tmp_path: Path, given: dict[str, object], name: str) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        rg.open(tmp_path / "shop", **given)  # type: ignore[arg-type]
    assert caught.value.code == "setting_wrong"
    assert caught.value.values["name"] == name
    assert caught.value.values["allowed"]


def test_an_unknown_key_or_broken_file_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "regulars.toml").write_text("langauge = 'uk'\n")
    with pytest.raises(rg.RegularsError) as caught:
        rg.open(tmp_path)
    assert caught.value.values["name"] == "langauge"
    assert str(tmp_path) in str(caught.value)
    (tmp_path / "regulars.toml").write_text("language = \n")
    with pytest.raises(rg.RegularsError, match="TOML"):
        rg.open(tmp_path)


def test_writing_keeps_the_comments_of_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "regulars.toml"
    path.write_text("# our shop in Lviv\nlanguage = 'uk'\n")
    Settings.read(tmp_path, currency="uah").write(tmp_path)
    assert "# our shop in Lviv" in path.read_text(encoding="utf-8")
    again = Settings.read(tmp_path)
    assert (again.language, again.currency, again.zone.key) == ("uk", "UAH", "Europe/Kyiv")


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a,b\n")
    with pytest.raises(rg.RegularsError) as caught:
        rg.open(tmp_path / "orders.csv")
    assert caught.value.code == "not_a_workspace"


def test_another_beginning_of_the_business_day_arranges_the_data_anew(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,customer_id,date,amount\n1,a,2024-01-05 23:00,10\n2,a,2024-01-06 02:00,10\n3,b,2024-01-07 12:00,10\n")
    ws = rg.open(tmp_path / "shop", currency="UAH")
    ws.load(path)
    assert [row["order_days"] for row in ws.run(rg.CPM()).rows(customer_id="a").to_pylist()] == [2]
    night = rg.open(tmp_path / "shop", day_starts_at=6)
    assert [row["order_days"] for row in night.run(rg.CPM()).rows(customer_id="a").to_pylist()] == [1]
    assert rg.open(tmp_path / "shop").snapshot.day_starts_at == 6
