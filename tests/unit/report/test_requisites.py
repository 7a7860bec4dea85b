"""The annex of a working curriculum: how its modules hang together."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl

from curriplan.catalog.records import ModuleRequisite
from curriplan.plan.plan import Selection, Start
from curriplan.report import requisites as sheet_of
from curriplan.report.labels import Labels
from curriplan.report.requisites import COLUMNS, EXACT, RequisiteRow, requisite_table
from curriplan.report.write import write_plan_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from curriplan.xlsx.workbook import Book
from unit.report.sample import SELECTION, sample_catalog, sample_view

VIEW = sample_view()
LABELS = Labels(VIEW.catalog, Words("en"))


def test_linked_modules_come_first_by_what_depends_on_them() -> None:
    # A takes M1 in term 1 and M2, which requires it, in term 2: a chain of two, one term apart.
    first, second = requisite_table(VIEW, LABELS, "A").rows
    assert first == RequisiteRow("M1", "M1 name", 1, 1, 2, 0, 0, ("M2",))
    assert second == RequisiteRow("M2", "M2 name", 2, 0, 2, 0, 1, ())


def test_a_module_whose_requisite_is_not_taken_stands_alone() -> None:
    # B takes M1 alone.
    table = requisite_table(VIEW, LABELS, "B")
    assert (table.rows, table.unlinked) == ((), 1)


def shown(
    language: str = "en",
    catalog_rows: tuple[ModuleRequisite, ...] | None = None,
    selection: Selection = SELECTION,
) -> list[list[object]]:
    """Return the rows of the annex of programme A, its heading first."""
    catalog = sample_catalog()
    if catalog_rows is not None:
        catalog = catalog.replace(module_requisites=catalog_rows)
    target = BytesIO()
    write_plan_workbook(sample_view(catalog, selection), target, language)
    book = openpyxl.load_workbook(BytesIO(target.getvalue()), data_only=True)
    sheet = book[f"{Words(language)('sheet.decisions')} A"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    heading = Words(language)("heading.requisites")
    start = next((place for place, row in enumerate(rows) if heading in row), len(rows))
    return rows[start:]


def test_the_numbers_stand_in_the_annex_and_are_added_up() -> None:
    places = [column[2] for column in COLUMNS]
    rows = [[row[place] for place in places] for row in shown()]
    assert rows[2] == [Words("en")(column[0]) for column in COLUMNS]
    # Complexity is what depends on a module plus its chain: 1 + 2 and 0 + 2.
    assert rows[3] == ["M1", "M1 name", 1, 1, 2, 0, 3, 0, "M2"]
    assert rows[4] == ["M2", "M2 name", 2, 0, 2, 0, 2, 1, None]
    assert rows[5] == [None, "Total", None, None, None, None, 5, 1, None]
    assert len(rows) == 6


def test_without_a_requisite_inside_the_plan_there_is_no_annex() -> None:
    # M4 is not in the plan, so no module of the plan is linked to another.
    assert shown(catalog_rows=(ModuleRequisite(module="M2", requires="M4"),)) == []


def test_modules_without_requisites_share_a_row_and_count_one_each() -> None:
    with_one_more = replace(SELECTION, starts=(*SELECTION.starts, Start("A", "M4", 2)))
    name, complexity = COLUMNS[1][2], COLUMNS[6][2]
    rows = [(row[name], row[complexity]) for row in shown(selection=with_one_more)]
    # M4 alone: nothing depends on it, and its chain is itself. 3 + 2 + 1.
    assert rows[3:] == [("M1 name", 3), ("M2 name", 2), ("Modules without requisites: 1", 1), ("Total", 6)]


def test_the_annex_is_written_in_every_language() -> None:
    for language in LANGUAGES:
        assert len(shown(language)) == 6


def test_more_paths_than_a_spreadsheet_holds_are_said_to_be_more() -> None:
    target = BytesIO()
    book = Book(target, Words("en"), "", "title", "hash")
    sheet = book.sheet("one", [9.0] * 18)
    for row, paths in enumerate((EXACT - 1, EXACT, 2**5000)):
        sheet_of._write_line(sheet, row, RequisiteRow("M", "M", 1, 1, 3, paths, 2, ()))
    book.close()
    written = openpyxl.load_workbook(BytesIO(target.getvalue()))["one"]
    centrality = COLUMNS[5][2] + 1
    values = [written.cell(row, centrality).value for row in (1, 2, 3)]
    assert values == [999_999_999_999_999, "≥ 1e+15", "≥ 1e+15"]
