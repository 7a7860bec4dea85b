"""Every workbook passes the lint, and the lint finds each fault that it is made for."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pkgutil import walk_packages
from typing import Any

import pytest
import xlsxwriter

from curriplan import report
from curriplan.catalog.saving import workbook as catalog_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.xlsx.measure import column_pixels
from curriplan.xlsx.paper import LANDSCAPE, PORTRAIT
from curriplan.xlsx.term import in_cell
from unit.report.rich import replanned_view
from workbooks.kinds import KINDS, mini_case, recorded_formulas, written, written_view
from workbooks.lint import lint, shown
from workbooks.package import Package, Sheet

NAMES = ("rich plan", *KINDS)


def made(name: str, language: str) -> bytes:
    return (
        written_view(replanned_view(), language)
        if name == "rich plan"
        else written(mini_case(), name, language)
    )


def test_every_kind_of_workbook_is_made_here() -> None:
    found = walk_packages(report.__path__, f"{report.__name__}.")
    modules = [import_module(one.name) for one in found]
    writers = {
        name
        for module in (*modules, catalog_workbook)
        for name in dir(module)
        if re.fullmatch(r"write_\w+_workbook", name)
    }
    assert writers == set(KINDS.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_workbook_is_clean_and_each_formula_is_the_helpers(name: str, language: str) -> None:
    with recorded_formulas() as recorded:
        data = made(name, language)
    assert lint(data) == []
    found = {
        (sheet.name, cell.row, cell.column, cell.formula)
        for sheet in Package(data).sheets.values()
        for cell in sheet.cells.values()
        if cell.formula is not None
    }
    assert found == {(one, row, column, in_cell(text, one, row)) for one, row, column, text in recorded}
    if name not in FILLED_IN:
        assert {sheet.name: size for sheet in printed(data) if (size := letters(sheet)) < LEAST_POINTS} == {}


FILLED_IN = ("catalog", "empty catalog")
"""Tables that nobody prints."""
LEAST_POINTS = 7.0


def printed(data: bytes) -> list[Sheet]:
    """Return the sheets that a reader prints: of a detail one empty cell is."""
    book = Package(data)
    areas = (one for one in book.defined_names if one[0] == "_xlnm.Print_Area")
    details = {sheet for _, sheet, text in areas if ":" not in text}
    return [sheet for sheet in book.sheets.values() if sheet.name not in details]


def letters(sheet: Sheet) -> float:
    """Return how large letters of 11 points are where all columns are printed on one page across."""
    last = max((cell.column for cell in sheet.cells.values()), default=0)
    widths = sheet.widths()
    pixels = sum(column_pixels(widths.get(column, 8.43)) for column in range(last + 1))
    page = next(iter(sheet.all("pageSetup")), None)
    paper = PORTRAIT if page is not None and page.get("orientation") != "landscape" else LANDSCAPE
    return 11 * min(1.0, paper.width / (pixels * 0.75))


# --- the lint itself

Change = Callable[[xlsxwriter.Workbook, Any], None]


def workbook(change: Change | None = None) -> bytes:
    """Return a small workbook without faults, but for what `change` does to it."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.formats[0].set_font_name("Calibri")
        sheet = book.add_worksheet("Table")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&LSHA-256 0&RPage &P of &N")
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.write_row(0, 0, ["Module", "Hours"])
        sheet.write_row(1, 0, ["M1", 24])
        sheet.write_formula(2, 1, "=SUM(B2:B2)", None, 24)
        sheet.autofilter(0, 0, 1, 1)
        if change is not None:
            change(book, sheet)
    return target.getvalue()


def patched(data: bytes, part: str, old: str, new: str) -> bytes:
    """Return a workbook with a text of one part replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            text = package.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            copy.writestr(name, text)
    return out.getvalue()


def with_part(data: bytes, name: str) -> bytes:
    """Return a workbook with one more part."""
    out = BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, b"<x/>")
    return out.getvalue()


def test_a_workbook_without_faults_has_none() -> None:
    assert lint(workbook()) == []


def charted(*places: str) -> Change:
    def change(book: xlsxwriter.Workbook, sheet: Any) -> None:
        for place in places:
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": "=Table!$B$2:$B$2"})
            sheet.insert_chart(place, chart)

    return change


def long_list(book: xlsxwriter.Workbook, sheet: Any) -> None:
    # XlsxWriter refuses a list that is too long, so it is smuggled in below.
    sheet.data_validation("C2", {"validate": "list", "source": ["SHORT"]})


def excel_table(book: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.add_table("D1:E3", {"columns": [{"header": "One"}, {"header": "Two"}]})


def sorted_rows(formula: str) -> Change:
    """Return a table of two rows, with a formula in the first of them."""

    def change(_: xlsxwriter.Workbook, sheet: Any) -> None:
        excel_table(_, sheet)
        sheet.write_formula("E2", formula, None, 1)
        sheet.write("D3", 5)

    return change


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def long_header(book: xlsxwriter.Workbook, sheet: Any) -> None:
    look = book.add_format({"font_name": "Calibri", "bold": True, "text_wrap": True, "align": "center"})
    sheet.set_column("D:D", 9)
    sheet.write("D1", "Не закрыто", look)
    sheet.write("D2", "Неохваченные функции", look)


FAULTS: dict[str, tuple[Change, str]] = {
    "a word of a header that is broken": (long_header, "the word 'Неохваченные' of the header is wider"),
    "a new function": (lambda _, s: s.write_formula("C2", "=TEXT(B2,0)", None, 1), "the function TEXT"),
    "a link by formula": (
        lambda _, s: s.write_formula("C2", '=HYPERLINK("http://a.b")', None, 1),
        "the function HYPERLINK",
    ),
    "another workbook": (lambda _, s: s.write_formula("C2", "='[1]A'!B2", None, 1), "out of the workbook"),
    "dde": (lambda _, s: s.write_formula("C2", "=cmd|'/c calc'!A1", None, 1), "out of the workbook"),
    "an array constant": (lambda _, s: s.write_formula("C2", "=SUM({1,2})", None, 3), "an array constant"),
    "a lost reference": (lambda _, s: s.write_formula("C2", "=SUM(#REF!)", None, 3), "an error in"),
    "no value": (lambda _, s: s.write_formula("C2", "=B2&B3", None, ""), "without a value"),
    "an error value": (lambda _, s: s.write_formula("C2", "=B2", None, "#DIV/0!"), "an error value"),
    "a link outside": (lambda _, s: s.write_url("C2", "http://example.com"), "a link out of the workbook"),
    "a dead link": (lambda _, s: s.write_url("C2", "internal:'Gone'!A1"), "a link to no sheet"),
    "a hidden value": (lambda _, s: (s.merge_range("D2:E2", "x"), s.write("E2", "y")), "merged cells hide"),
    "two headers alike": (lambda _, s: s.write("B1", "module"), "not its column's own"),
    "an empty header": (lambda b, s: s.write_blank("B1", None, b.add_format()), "not its column's own"),
    "portrait": (lambda _, s: s.set_portrait(), "A4 landscape"),
    "letter paper": (lambda _, s: s.set_paper(1), "A4 landscape"),
    "not fitted": (lambda _, s: s.fit_to_pages(1, 1), "width of a page"),
    "no footer": (lambda _, s: s.set_footer("&LPage"), "no footer"),
    "nothing frozen": (lambda _, s: s.freeze_panes(0, 2), "no frozen rows"),
    "another font": (
        lambda b, s: s.write("C2", "x", b.add_format({"font_name": "Comic Sans MS"})),
        "a font that is nowhere else: Comic Sans MS",
    ),
    "a narrow column": (lambda _, s: s.write("B2", 123_456_789_012), "does not fit"),
    "charts that overlap": (charted("D5", "H10"), "drawings that overlap"),
    "a chart over a table": (charted("B2"), "a drawing lies over this cell"),
    "a torn chart": (lambda b, s: (charted("D5")(b, s), s.set_h_pagebreaks([10])), "a page ends at row 10"),
    "a row that may be sorted": (
        lambda b, s: (excel_table(b, s), s.write_formula("B5", "=D3", None, 0)),
        "names rows that may be sorted",
    ),
    "another row of a table": (sorted_rows("=D3"), "names rows that may be sorted"),
    "a row that stays behind": (sorted_rows("=$D$2"), "names rows that may be sorted"),
    "a locked table": (lambda b, s: (excel_table(b, s), s.protect()), "a table to sort that is locked"),
    "an unprinted sheet": (lambda b, _: b.add_worksheet("Second"), "Second: is not printed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_lint_finds(fault: str) -> None:
    change, said = FAULTS[fault]
    found = lint(workbook(change))
    assert any(said in line for line in found), found


def test_formulas_that_move_with_their_row_and_whole_columns_may_be_sorted() -> None:
    assert lint(workbook(sorted_rows("=$D2+SUM($D$2:$D$3)"))) == []


def test_charts_side_by_side_do_not_overlap() -> None:
    assert lint(workbook(charted("D5", "L5", "D20"))) == []


PATCHES: dict[str, tuple[bytes, str]] = {
    "a control character": (
        patched(workbook(), "xl/sharedStrings.xml", "M1", "M_x0007_"),
        "a control character",
    ),
    "a text too long": (patched(workbook(), "xl/sharedStrings.xml", "M1", "x" * 32_768), "32768 characters"),
    "a name too long": (patched(workbook(), BOOK, 'name="Table"', f'name="{"x" * 32}"'), "not a name for a"),
    "a taken name": (
        patched(workbook(lambda b, _: b.add_worksheet("Other")), BOOK, 'name="Other"', 'name="TABLE"'),
        "is taken",
    ),
    "a name like a cell": (
        patched(workbook(lambda b, _: b.define_name("Tax_1", "=Table!$B$2")), BOOK, "Tax_1", "TAX1"),
        "looks like a cell",
    ),
    "a lost name": (
        patched(workbook(lambda b, _: b.define_name("Tax", "=Table!$B$2")), BOOK, ">Table!$B$2", ">#REF!"),
        "without a target",
    ),
    "a list too long": (patched(workbook(long_list), SHEET, "SHORT", "x" * 256), "a list of 256"),
    "merged cells that overlap": (
        patched(
            workbook(lambda _, s: (s.merge_range("D2:E2", ""), s.merge_range("D4:E4", ""))),
            SHEET,
            "D4:E4",
            "E2:F2",
        ),
        "merged cells that overlap",
    ),
    "a table unlike its cells": (
        patched(workbook(excel_table), "xl/tables/table1.xml", 'name="Two"', 'name="Too"'),
        "the table calls a column 'Too'",
    ),
    "a header that is not repeated": (
        patched(workbook(), BOOK, "_xlnm.Print_Titles", "Print_Titles_Not"),
        "not repeated",
    ),
    "macros": (with_part(workbook(), "xl/vbaProject.bin"), "may run or fetch something"),
    "another file": (with_part(workbook(), "xl/externalLinks/externalLink1.xml"), "may run or fetch"),
}


@pytest.mark.parametrize("fault", PATCHES)
def test_the_lint_finds_in_a_file_that_no_writer_would_make(fault: str) -> None:
    data, said = PATCHES[fault]
    found = lint(data)
    assert any(said in line for line in found), found


def test_a_formula_past_the_helper_is_seen() -> None:
    with recorded_formulas() as recorded:
        data = workbook()
    cells = Package(data).sheets["Table"].cells.values()
    assert [cell.formula for cell in cells if cell.formula] == ["SUM(B2:B2)"]
    assert recorded == set()


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (1234.5, "#,##0", "1,235"),
        (-1234, "#,##0;-#,##0;–", "-1,234"),
        (0, "#,##0;-#,##0;–", "–"),
        (-1234, '#,##0;"−"#,##0;–', "−1,234"),
        (0.456, "0.0%", "45.6%"),
        (0.05, "+0.0%;-0.0%;0.0%", "+5.0%"),
        (-0.05, "0.0%", "-5.0%"),
        (2.5, "General", "2.5"),
    ],
)
def test_numbers_are_measured_as_they_are_shown(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected
