"""The workbooks as an office program reads them: LibreOffice opens each, calculates every formula anew, and finds the analyses' own numbers."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import regulars as rg
from briefs import EVIL, made_brief
from regulars.i18n import LANGUAGES, Language, Reader
from regulars.reports import write_workbook
from regulars.reports.brief import Brief, make_brief
from regulars.reports.cells import sheet_name
from regulars.surfaces.export import Sheet, export
from regulars.units import count, money, text
from regulars.worlds import TeaShop

INSTALL = "apt-get install -y --no-install-recommends libreoffice-calc poppler-utils"
ERRORS = re.compile(r"#(NAME|REF|VALUE|DIV/0|NUM|N/A|NULL)[!?]?|Err:\d+")
PAGES = 80
"""Of a brief of a small shop, printed."""

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
"""The program's setting "recalculation on file load: always"."""


@dataclass(frozen=True)
class Opened:
    """Workbooks as we wrote them, and as LibreOffice wrote them again after calculating; the small ones also on paper."""

    brief: Brief
    ours: Path
    theirs: Path


def soffice(profile: Path, kind: str, into: Path, files: list[Path]) -> None:
    """Convert some files in one start of the program, in a profile of its own."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip(f"LibreOffice is not installed: {INSTALL}")
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    line = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind, "--outdir", str(into), *map(str, files)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert all((into / file.with_suffix(f".{kind}").name).exists() for file in files), done.stderr


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A small tea shop's brief in three languages, one with hostile names, and an exported table."""
    folder = tmp_path_factory.mktemp("office")
    ours, theirs = folder / "ours", folder / "theirs"
    ours.mkdir()
    shop = rg.open(folder / "shop", currency="GBP", time_zone="Europe/London", language="en")
    for path in TeaShop(language="en", customers=200).write(folder / "files").files:
        shop.load(path)
    with shop:
        brief = make_brief(shop)
        files = [write_workbook(brief, ours / f"{language}.xlsx", Reader(language)) for language in LANGUAGES]
    files.append(write_workbook(made_brief(), ours / "evil.xlsx", Reader("en")))
    rows = [{"name": name, "spent": Decimal("-2.50"), "orders": n} for n, name in enumerate(EVIL)]
    columns = {"name": text("Name", "n"), "spent": money("Spent", "s"), "orders": count("Orders", "o")}
    export(ours / "export.xlsx", [Sheet("Spent: all", columns, rows)], Reader("en", "GBP"))
    files.append(ours / "export.xlsx")
    soffice(folder / "profile", "xlsx", theirs, files)
    soffice(folder / "profile", "pdf", theirs, [ours / "zh_CN.xlsx", ours / "evil.xlsx"])
    return Opened(brief, ours, theirs)


NAMES = (*LANGUAGES, "evil", "export")


def cells(path: Path) -> Iterator[tuple[str, int, int, Any]]:
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)):
            for place, value in enumerate(values):
                yield name, row, place, value


def parts(path: Path, pattern: str) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode() for name in sorted(archive.namelist()) if re.search(pattern, name)]


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_shows_an_error(opened: Opened, name: str) -> None:
    assert not [cell for cell in cells(opened.theirs / f"{name}.xlsx") if isinstance(cell[3], str) and ERRORS.fullmatch(cell[3])]


@pytest.mark.parametrize("name", NAMES)
def test_calculated_anew_every_cell_is_what_we_wrote(opened: Opened, name: str) -> None:
    """Formulas included: the value we store beside a formula is the analysis' own number."""
    ours = {cell[:3]: cell[3] for cell in cells(opened.ours / f"{name}.xlsx") if cell[3] != ""}
    theirs = {cell[:3]: cell[3] for cell in cells(opened.theirs / f"{name}.xlsx") if cell[3] != ""}
    assert ours.keys() == theirs.keys()
    assert not {place: (value, theirs[place]) for place, value in ours.items() if not same(value, theirs[place])}


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return bool(ours == theirs) or str(ours).split() == str(theirs).split()


def test_a_changed_cell_changes_what_follows_from_it(opened: Opened, tmp_path: Path) -> None:
    """The program does calculate: with another number of customers the sum above is another."""
    book = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(opened.ours / "evil.xlsx") as archive, zipfile.ZipFile(book, "w") as changed:
        for part in archive.namelist():
            data = archive.read(part)
            changed.writestr(part, data.replace(b"<v>1000</v>", b"<v>9000</v>") if part.endswith("sheet7.xml") else data)
    soffice(tmp_path / "profile", "xlsx", tmp_path / "theirs", [book])
    before = {cell[:3]: cell[3] for cell in cells(opened.theirs / "evil.xlsx")}
    after = {cell[:3]: cell[3] for cell in cells(tmp_path / "theirs" / "changed.xlsx")}
    changes = sorted(after[place] - before[place] for place in before if isinstance(before[place], float) and after[place] != before[place])
    assert changes == [8000, 8000], "the cell itself and its sum"


@pytest.mark.parametrize("language", LANGUAGES)
def test_ratios_and_sums_arise_in_the_file(opened: Opened, language: str) -> None:
    formulas = re.findall(r"<f>([^<]*)</f>", "".join(parts(opened.ours / f"{language}.xlsx", "worksheets/sheet")))
    assert sum(bool(re.fullmatch(r"[A-Z]+\d+/[A-Z]+\d+", one)) for one in formulas) > 50
    assert sum(one.startswith("SUBTOTAL(109,") for one in formulas) > 10
    assert all(re.fullmatch(r"[A-Z]+\d+/[A-Z]+\d+|SUBTOTAL\(109,[$A-Z0-9:]+\)|IF\([A-Z]+\d+=0,\"\",[A-Z]+\d+/[A-Z]+\d+\)", one) for one in formulas)


def test_the_sums_are_the_analyses_own(opened: Opened) -> None:
    """The revenue above the table of segments, calculated by the program, is the sum of the answer."""
    result = opened.brief.result("rfm")
    assert result is not None
    name = sheet_name(result.analysis.title, (), otherwise="", ending=" · Table")
    rows = CalamineWorkbook.from_path(str(opened.theirs / "en.xlsx")).get_sheet_by_name(name).to_python(skip_empty_area=False)
    sums = next(row for row in rows if row[0] == "Total of the rows shown")
    place = list(result.columns).index("revenue")
    assert sums[place] == pytest.approx(float(sum(result.summary["revenue"].to_pylist())))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_found_again(opened: Opened, language: Language) -> None:
    from regulars.charts.forms import Grid, Spark

    wanted = [picture.form for result in opened.brief.results for picture in result.charts if not isinstance(picture.form, (Grid, Spark))]
    found = parts(opened.theirs / f"{language}.xlsx", r"charts/chart\d+\.xml")
    assert len(found) == len(wanted) >= 5
    titles = {"".join(re.findall(r"<a:t>([^<]*)</a:t>", chart.split("<c:autoTitleDeleted")[0])) for chart in found}
    assert titles == {Reader(language).say(form.title) for form in wanted}
    scales = sum(sheet.count("<colorScale>") for sheet in parts(opened.theirs / f"{language}.xlsx", "worksheets/sheet"))
    assert scales == sum(isinstance(picture.form, Grid) for result in opened.brief.results for picture in result.charts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_days_and_money_is_negative_in_its_currency(opened: Opened, language: str) -> None:
    values = [cell[3] for cell in cells(opened.theirs / f"{language}.xlsx")]
    assert sum(isinstance(value, date) for value in values) > 10
    assert "£" in "".join(parts(opened.theirs / f"{language}.xlsx", "styles"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leads_out_of_the_file(opened: Opened, name: str) -> None:
    outside = [rel for rel in parts(opened.theirs / f"{name}.xlsx", r"\.rels$") if "TargetMode" in rel and not re.search(r'Target="#', rel)]
    assert not outside
    if name in ("evil", "export"):
        assert set(EVIL) <= {cell[3] for cell in cells(opened.theirs / f"{name}.xlsx")}


@pytest.mark.parametrize("name", ["zh_CN", "evil"])
def test_printed_it_has_a_bounded_number_of_pages(opened: Opened, name: str) -> None:
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", (opened.theirs / f"{name}.pdf").read_bytes()))
    assert 5 <= pages <= PAGES
