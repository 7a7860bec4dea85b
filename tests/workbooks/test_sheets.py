"""What a reader may do with a plan's workbook: sort tables, find cells by name and the way back, write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from curriplan.report.view import PlanView
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from curriplan.xlsx.styles import NOTE_FILL, OPEN_FILL
from functional.report.workbooks import Values
from unit.report.rich import rich_view
from workbooks.kinds import Case, mini_case, written, written_view
from workbooks.lint import table_boxes
from workbooks.office import recalculated, sorted_by
from workbooks.package import MAIN, Box, Package, Sheet, box_of

TABLES = {"gaps", "occupations", "not_selected", "payments", "resource_uses", "new_money"}
"""Of every plan; equal swaps and stability are there where anything is."""


@cache
def book(language: str) -> bytes:
    return written_view(rich_view(), language)


def tables(package: Package) -> Iterator[tuple[Sheet, Box, str]]:
    """Yield each table: its sheet, the rows below its header, its name."""
    for sheet in package.sheets.values():
        for box, one in zip(table_boxes(sheet), sheet.tables, strict=True):
            yield sheet, box, one.get("displayName", "")


def rows_of(found: Values, sheet: str, box: Box) -> Counter[tuple[object, ...]]:
    """Return the rows of a stretch of cells, whatever their order; numbers to nine digits."""
    first_row, first, last_row, last = box
    cells = {place: value for (name, place), value in found.items() if name == sheet}
    rows: Counter[tuple[object, ...]] = Counter()
    for row in range(first_row, last_row + 1):
        line = [cells.get(_address(row, column)) for column in range(first, last + 1)]
        rows[tuple(round(one, 9) if isinstance(one, float) else one for one in line)] += 1
    return rows


def _address(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def outside(found: Values, boxes: dict[str, list[Box]]) -> dict[tuple[str, str], object]:
    """Return the values of all cells that stand in no table."""
    return {
        (sheet, place): round(value, 9) if isinstance(value, float) else value
        for (sheet, place), value in found.items()
        if not any(_within(place, box) for box in boxes.get(sheet, ()))
    }


def _within(place: str, box: Box) -> bool:
    row, column, _, _ = box_of(place)
    return box[0] <= row <= box[2] and box[1] <= column <= box[3]


def test_what_people_sort_is_a_table_of_its_own_name() -> None:
    names = [name for _, _, name in tables(Package(book("en")))]
    assert set(names) >= TABLES
    assert len(set(names)) == len(names)
    assert {name for _, _, name in tables(Package(written(mini_case(), "explanation", "en")))} == {
        "reasons",
        "limits",
    }


@pytest.mark.parametrize("column", [0, 3])
def test_sorting_every_table_changes_no_row_and_no_other_cell(column: int) -> None:
    """Sorted by LibreOffice, the largest first, and everything computed anew."""
    data = book("en")
    found = [(sheet.name, box) for sheet, box, _ in tables(Package(data))]
    boxes: dict[str, list[Box]] = {}
    for sheet, box in found:
        boxes.setdefault(sheet, []).append(box)
    before = recalculated(data)
    after = sorted_by(data, [(sheet, box, column) for sheet, box in found])
    assert outside(after, boxes) == outside(before, boxes)
    for sheet, box in found:
        assert rows_of(after, sheet, box) == rows_of(before, sheet, box), sheet
    assert any(before[place] != after.get(place) for place in before), "nothing was sorted"


NAMED = {
    "closure_share": "closure_after",
    "closure_before_share": "closure_before",
    "essentials_count": "essentials",
    "essentials_met_count": "essentials_met_after",
    "essentials_met_before_count": "essentials_met_before",
    "first_intake_cost_kzt": "cost_kzt",
}
"""Names of cells, with the measures of plan.json that they show."""


def named(package: Package) -> dict[str, object]:
    """Return the value of each named cell, and what the sheet of provenance lists beside the name."""
    cells = {}
    for name, owner, text in package.defined_names:
        if owner is None and not name.startswith("_xlnm"):
            sheet, _, place = text.replace("$", "").rpartition("!")
            row, column, _, _ = box_of(place)
            cell = package.sheets[sheet.strip("'").replace("''", "'")].cells[row, column]
            cells[name] = float(cell.value or "nan")
    return cells


@pytest.mark.parametrize("language", LANGUAGES)
def test_named_cells_hold_the_measures_of_the_plan(language: str) -> None:
    result = mini_case().plan
    package = Package(written(mini_case(), "plan", language))
    found, measures = named(package), result.plan.measures
    assert {name: found[name] for name in NAMED} == pytest.approx(
        {name: measures[key] for name, key in NAMED.items()}
    )
    sure, money = result.plan.figures.if_estimates_err.plan, result.plan.figures.intakes
    assert (found["closure_low_share"], found["closure_high_share"]) == pytest.approx(
        (sure.closure_low, sure.closure_high)
    )
    assert found["setup_cost_kzt"] == money.setup_kzt
    assert found["intake_cost_kzt"] == money.one_intake_kzt
    assert found["yearly_cost_kzt"] == money.steady_kzt
    decisions = Counter(str(one.decision) for one in result.plan.modules)
    assert [found[f"modules_{name}_count"] for name in ("added", "moved", "dropped")] == [
        decisions[name] for name in ("added", "moved", "dropped")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_provenance_lists_every_named_cell_with_its_value(language: str) -> None:
    package = Package(book(language))
    sheet = package.sheets[Words(language)("sheet.provenance")]
    listed = {
        cell.value: float(sheet.cells[row, 1].value or "nan")
        for (row, column), cell in sheet.cells.items()
        if column == 0 and (row, 1) in sheet.cells and sheet.cells[row, 1].formula
    }
    names = named(package)
    typed = {name: names.pop(name) for name in ("theta", "kappa")}  # no formula follows what is typed
    assert listed == names
    assert typed == {"theta": 0.5, "kappa": 2.0}
    beside = {
        cell.value: sheet.cells.get((row, 1)) for (row, column), cell in sheet.cells.items() if not column
    }
    for name, value in typed.items():
        cell = beside[name]
        assert cell is not None and cell.formula is None and float(cell.value or "nan") == value
    assert len(listed) == 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_leads_back_to_the_first_and_that_to_every_sheet(language: str) -> None:
    package, texts = Package(book(language)), Words(language)
    first, *others = package.sheets.values()

    def targets(sheet: Sheet) -> list[str]:
        return [one.get("location", "").rpartition("!")[0].strip("'") for one in sheet.all("hyperlink")]

    for sheet in others:
        links = [one for one in sheet.all("hyperlink") if one.get("ref", "").startswith("A1")]
        assert [one.get("location") for one in links] == [f"'{first.name}'!A1"], sheet.name
        assert sheet.cells[0, 0].value == f"← {first.name}"
    spoken = [sheet.name for sheet in others if not _of_programme(sheet, texts)]
    assert set(targets(first)) >= set(spoken) - {texts("sheet.carried")} - set(_extra(texts))
    areas = {owner: text for name, owner, text in package.defined_names if name == "_xlnm.Print_Area"}
    for sheet in others:
        assert not re.search(r"\$A\$1\b", areas[sheet.name]), sheet.name


def _of_programme(sheet: Sheet, texts: Words) -> bool:
    return sheet.name.startswith((texts("sheet.curriculum"), texts("sheet.decisions")))


def _extra(texts: Words) -> tuple[str, ...]:
    return texts("sheet.swaps"), texts("sheet.stability")


def unlocked(package: Package) -> set[int]:
    """Return the numbers of the cell styles that are not locked."""
    styles = package.styles.find(f"{MAIN}cellXfs")
    assert styles is not None
    return {
        number
        for number, one in enumerate(styles)
        if (found := one.find(f"{MAIN}protection")) is not None and found.get("locked") == "0"
    }


def test_what_is_not_sorted_is_locked_without_a_password_and_says_so() -> None:
    package, texts = Package(book("en")), Words("en")
    review = texts("sheet.review")
    for sheet in package.sheets.values():
        lock = sheet.find("sheetProtection")
        if sheet.tables:
            assert lock is None, sheet.name
        else:
            assert lock is not None, sheet.name
            assert lock.get("password") is None and lock.get("hashValue") is None
            assert lock.get("autoFilter") == "0", "filters are allowed"
    told = {
        sheet.name: texts_of_row(sheet, 0)
        for sheet in package.sheets.values()
        if sheet.name != texts("sheet.carried")
    }
    says = {key: texts(f"guide.{key}", review=review) for key in ("locked", "signed", "sorted", "inputs")}
    assert says["locked"] in told[texts("sheet.compliance")]
    assert says["signed"] in told[f"{texts('sheet.curriculum')} A"]
    assert says["sorted"] in told[texts("sheet.payments")]
    assert says["inputs"] in told[texts("sheet.ministry_tables")]
    assert texts("guide.review") in told[review]


def texts_of_row(sheet: Sheet, row: int) -> list[str]:
    return [str(cell.value) for (place, _), cell in sheet.cells.items() if place == row]


def test_what_is_yellow_can_be_written_in_and_what_is_locked_is_not_yellow() -> None:
    """On locked sheets; yellow is the fill that `styles` keeps for it."""
    package = Package(book("en"))
    fills = package.styles.find(f"{MAIN}fills")
    styles = package.styles.find(f"{MAIN}cellXfs")
    assert fills is not None and styles is not None
    wanted = f"FF{OPEN_FILL[1:]}"
    yellow = {number for number, one in enumerate(fills) if wanted in ElementTree.tostring(one).decode()}
    marked = {number for number, one in enumerate(styles) if int(one.get("fillId", "0")) in yellow}
    assert marked
    assert marked <= unlocked(package)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_says_what_it_is_about_and_invents_neither_author_nor_date(language: str) -> None:
    parts = Package(book(language)).parts
    core, custom = parts["docProps/core.xml"].decode(), parts["docProps/custom.xml"].decode()
    view: PlanView = rich_view()
    subject = " · ".join((view.catalog.info.title(language), *view.limits.planned, language))
    assert f"<dc:subject>{subject}</dc:subject>" in core
    assert "<dc:title>" in core
    assert "dcterms" not in re.sub(r"xmlns:dcterms=", "", core)
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) == [""]
    for name, value in (("curriplan version", view.tool), ("curriplan language", language)):
        assert f'name="{name}"><vt:lpwstr>{value}</vt:lpwstr>' in custom


WARNED = (
    "stress",
    "retraining",
    "design",
    "scenarios",
    "frontier",
    "explanation",
    "gaps",
    "occupation gaps",
)
"""Workbooks beside that of a plan, whose first sheet says whether the catalog is an illustration."""


@pytest.mark.parametrize("kind", WARNED)
def test_the_first_sheet_says_that_the_catalog_is_an_illustration(kind: str) -> None:
    for language in LANGUAGES:
        book = load_workbook(BytesIO(written(mini_case(), kind, language)))
        band = Words(language)("phrase.illustrative")
        (cell,) = [
            cell for row in book.worksheets[0].iter_rows(max_row=6) for cell in row if cell.value == band
        ]
        assert cell.fill.fgColor.rgb == "FF" + NOTE_FILL.removeprefix("#")


def test_a_real_college_has_no_such_band() -> None:
    mini = mini_case().catalog
    real = Case(mini.replace(info=mini.info.model_copy(update={"illustrative": False})))
    book = load_workbook(BytesIO(written(real, "gaps", "en")))
    texts = {cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row}
    assert Words("en")("phrase.illustrative") not in texts
