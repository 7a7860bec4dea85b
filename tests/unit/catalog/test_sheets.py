# ruff: noqa: E501, DTZ001 - XML of tables, and dates of no place
"""Tables as .xlsx, .ods and .xls: alike where they say the same, else refused with what to do."""

from __future__ import annotations

import io
import struct
import time as clock
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from curricula.formats import as_ods, as_xls, compound, ods_of
from curriplan.base.errors import CatalogError
from curriplan.catalog.reading.grids import SheetGrid
from curriplan.catalog.reading.sheets import read_any_sheets

ROW = "<table:table-row{0}>{1}</table:table-row>"
CELL = '<table:table-cell office:value-type="float" office:value="1"{0}/>'


def rich() -> openpyxl.Workbook:
    """A workbook with everything that a table may have beside formulas."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "План"
    rows: list[list[Any]] = [
        ["Заголовок", None, None, None],
        [12, 1.5, -7, 1234567890.123, 0.1, 100.25, 536870912, 1e300],
        [date(2025, 9, 1), datetime(2025, 9, 1, 10, 30), time(8, 15)],
        [True, False, "две  части", "строка\nстрока", "ө" * 9000, "x" * 9000, "12", " "],
        ["скрыта"],
        ["вниз"],
        *[["same", 5, 5, None, 5]] * 8,
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A6:A9")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["G"].hidden = True
    hidden = book.create_sheet("Скрытый")
    hidden.sheet_state = "hidden"
    hidden["C3"] = "тут"
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(content: bytes, path: Path) -> tuple[SheetGrid, ...]:
    path.write_bytes(content)
    return read_any_sheets(path)


def told(sheets: tuple[SheetGrid, ...]) -> list[Any]:
    """What is said of sheets, merged ranges in any order."""
    return [
        (
            one.name,
            one.hidden,
            one.rows,
            {*one.beside.merged},
            one.beside.hidden_rows,
            one.beside.hidden_columns,
        )
        for one in sheets
    ]


def code_of(content: bytes, path: Path) -> str:
    with pytest.raises(CatalogError) as caught:
        read(content, path)
    return caught.value.issues[0].code


def test_the_three_formats_of_one_table_read_alike(tmp_path: Path) -> None:
    book = rich()
    xlsx = told(read(saved(book), tmp_path / "one.xlsx"))
    assert told(read(as_ods(book), tmp_path / "one.ods")) == xlsx
    assert told(read(as_xls(book), tmp_path / "one.xls")) == xlsx


def test_xlrd_reads_the_same_cells(tmp_path: Path) -> None:
    xlrd = pytest.importorskip("xlrd")
    content = as_xls(rich())
    ours = read(content, tmp_path / "one.xls")
    theirs = xlrd.open_workbook(file_contents=content, ragged_rows=True)
    for grid, sheet in zip(ours, theirs.sheets(), strict=True):
        found = {(row - 1, at): cell.value for row, line in grid.rows.items() for at, cell in line.items()}
        cells = {
            (row, at): value.strip() if isinstance(value, str) else value
            for row in range(sheet.nrows)
            for at, value in enumerate(sheet.row_values(row))
            if sheet.cell_type(row, at) in {xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER}
        }
        assert {place: found[place] for place in cells} == cells


def test_results_of_formulas_are_read_and_nothing_is_computed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    stored = {"=1+1": 2, "=A1": "слово", "=NA()": "#N/A", "=TRUE()": True}
    sheet.append([*stored, "=5+5"])
    (grid,) = read(as_ods(book, stored), tmp_path / "one.ods")
    cells = [grid.rows[1][at] for at in range(5)]
    assert [cell.value for cell in cells] == [2.0, "слово", None, "yes", None]
    assert all(cell.formula for cell in cells)
    assert [cell.problem for cell in cells] == [None, None, "error-in-cell", None, "formula-without-value"]


def _repeated(rows: int = 1, columns: int = 1, cell: str = CELL) -> bytes:
    inside = cell.format(f' table:number-columns-repeated="{columns}"')
    row = ROW.format(f' table:number-rows-repeated="{rows}"', inside)
    return ods_of(
        f'<office:body><office:spreadsheet><table:table table:name="t">{row}</table:table></office:spreadsheet></office:body>'
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_repeated(1_000_000), "too-many-rows"),
        (_repeated(1, 16_384), "too-many-columns"),
        (_repeated(150_000, 100), "too-many-cells"),
        (_repeated(999_999_999, 999_999_999), "too-many-columns"),
        (_repeated(10**9), "too-many-rows"),  # more than any count that a table can have
        (_repeated(1, int("9" * 4000)), "too-many-columns"),
        (_repeated(-1), "damaged-workbook"),
        (_repeated(0), "damaged-workbook"),
        (as_ods(rich(), **{"META-INF/documentsignatures.xml": b"<x/>"}), "signed-document"),
        (as_ods(rich(), **{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "encrypted-document"),
        (as_ods(rich(), **{"encrypted-package": b"x"}), "encrypted-document"),
        (ods_of("<office:body"), "damaged-workbook"),
        (as_ods(rich()).replace(b"content.xml", b"kontent.xml"), "not-a-workbook"),
        (saved(rich()), "workbook-misnamed"),
        (b"<html><table>", "page-as-workbook"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><office:document>", "page-as-workbook"),
        ("<HTML>".encode("utf-16"), "page-as-workbook"),
        (b"Index;Name", "not-a-workbook"),
        (b"", "not-a-workbook"),
    ],
)  # fmt: skip
def test_what_an_ods_may_not_be(content: bytes, code: str, tmp_path: Path) -> None:
    started = clock.process_time()
    assert code_of(content, tmp_path / "one.ods") == code
    assert clock.process_time() - started < 2


def test_empty_cells_and_rows_may_repeat_as_often_as_they_like(tmp_path: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        ROW.format(' table:number-rows-repeated="500"', empty)
        + ROW.format(' table:number-rows-repeated="2"', CELL.format(""))
        + ROW.format(' table:number-rows-repeated="1048074"', empty)
    )
    content = ods_of(f'<office:body><office:spreadsheet><table:table table:name="t">{rows}</table:table></office:spreadsheet></office:body>')  # fmt: skip
    (grid,) = read(content, tmp_path / "one.ods")
    assert sorted(grid.rows) == [501, 502]


def test_hidden_rows_without_cells_take_no_room(tmp_path: Path) -> None:
    """All rows below a table may be hidden, on each of a thousand sheets."""
    hidden = ROW.format(
        ' table:visibility="collapse" table:number-rows-repeated="1048570"', "<table:table-cell/>"
    )
    seen = ROW.format(' table:visibility="collapse"', CELL.format(""))
    one = f'<table:table table:name="t">{seen}{hidden}{ROW.format("", CELL.format(""))}</table:table>'
    content = ods_of(f"<office:body><office:spreadsheet>{one * 900}</office:spreadsheet></office:body>")
    grids = read(content, tmp_path / "one.ods")
    assert all(sorted(grid.rows) == [1, 1_048_572] for grid in grids)
    assert all(grid.beside.hidden_rows == {1} for grid in grids)


@pytest.mark.parametrize(
    ("kind", "attribute", "value"),
    [
        *(("float", "value", value) for value in ("NaN", "INF", "1e999", "-1e999", "1,5", "0x10", "")),
        *(("date", "date-value", value) for value in ("10000-01-01", "2025-02-30", "-0044-03-15")),
        *(("time", "time-value", value) for value in ("P1Y", "PT1e9H")),
    ],
)
def test_a_value_that_nobody_can_tell_is_one_of_its_cell(
    kind: str, attribute: str, value: str, tmp_path: Path
) -> None:
    """The file is not damaged for it: its other cells are read."""
    odd = f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"><text:p>x</text:p></table:table-cell>'
    row = ROW.format("", odd + CELL.format(""))
    content = ods_of(f'<office:body><office:spreadsheet><table:table table:name="t">{row}</table:table></office:spreadsheet></office:body>')  # fmt: skip
    (grid,) = read(content, tmp_path / "one.ods")
    cell, good = grid.rows[1][0], grid.rows[1][1]
    assert (cell.value, cell.problem, cell.said) == (None, "no-value-of-a-cell", value or "x")
    assert good.value == 1.0


@pytest.mark.parametrize("value", ["1e999", "-1e999", "9" * 400, "9" * 5000, "nan"])
def test_a_number_beyond_all_in_a_workbook_is_one_of_its_cell(value: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append([5, 7])
    path = tmp_path / "one.xlsx"
    path.write_bytes(saved(book))
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>5</v>", f"<v>{value}</v>".encode()))
    (grid,) = read(content.getvalue(), path)
    assert (grid.rows[1][0].value, grid.rows[1][0].problem) == (None, "no-value-of-a-cell")
    assert grid.rows[1][1].value == 7.0


def test_days_are_counted_from_1904_where_the_old_workbook_says_so(tmp_path: Path) -> None:
    """45901 days after 30 December 1899 is 1 September 2025, and 1462 days fewer are from 1904 on."""
    for mode, serial in ((0, 45901.0), (1, 45901.0 - 1462)):
        about = (0x22, struct.pack("<H", mode)), (0xE0, struct.pack("<HH", 0, 14) + bytes(16))
        content = stream(number(0, 0, serial), before=about)
        (grid,) = read(content, tmp_path / f"{mode}.xls")
        assert grid.rows[1][0].value == "2025-09-01"


def test_what_is_no_number_in_an_old_workbook_is_an_error_of_its_cell(tmp_path: Path) -> None:
    content = stream(number(0, 0, float("nan")), number(0, 1, float("inf")), number(0, 2, 1e308))
    (grid,) = read(content, tmp_path / "one.xls")
    assert [cell.problem for cell in grid.rows[1].values()] == ["error-in-cell", "error-in-cell", None]


def test_an_entity_in_an_ods_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert code_of(content.getvalue(), tmp_path / "one.ods") == "unsafe-xml"


def test_notes_drawings_and_inner_tables_are_no_cells(tmp_path: Path) -> None:
    inner = '<table:table table:name="in"><table:table-row><table:table-cell office:value-type="float" office:value="9"/></table:table-row></table:table>'
    row = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        f"<text:p>a<text:span>b<text:tab/></text:span>c</text:p>{inner}</table:table-cell>"
    )
    kept = (
        "<table:table table:name=\"'file:///x.ods'#Лист1\"><table:table-row>"
        + CELL.format("")
        + "</table:table-row></table:table>"
    )
    content = ods_of(
        f'<office:body><office:spreadsheet><table:table table:name="t">{ROW.format("", row)}</table:table>{kept}</office:spreadsheet></office:body>'
    )
    (grid,) = read(content, tmp_path / "one.ods")
    assert {at: cell.value for at, cell in grid.rows[1].items()} == {0: "ab\tc"}


def stream(
    *records: tuple[int, bytes], version: int = 0x0600, before: Sequence[tuple[int, bytes]] = ()
) -> bytes:
    """Records of a workbook with one sheet, in a compound file; `before` are those of the whole workbook."""
    begin = struct.pack("<HHHHHHII", 0x0809, 16, version, 5, 0, 1996, 0, 0)
    begin += b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in before)
    listed = struct.pack("<HHIBB", 0x85, 9, 0, 0, 0) + b"\x01\x00s"
    end = struct.pack("<HH", 10, 0)
    at = len(begin) + len(listed) + len(end)
    listed = struct.pack("<HHIBB", 0x85, 9, at, 0, 0) + b"\x01\x00s"
    body = b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)
    return compound(begin + listed + end + begin[:6] + b"\x10" + begin[7:20] + body + end)


def number(row: int, column: int, value: float = 1.0) -> tuple[int, bytes]:
    return 0x203, struct.pack("<HHHd", row, column, 0, value)


def test_a_cell_at_the_corner_takes_no_room(tmp_path: Path) -> None:
    content = stream(number(0, 0), number(65535, 0, 2.0))
    (grid,) = read(content, tmp_path / "one.xls")
    assert {row: cells[0].value for row, cells in grid.rows.items()} == {1: 1.0, 65536: 2.0}
    assert code_of(stream(number(65535, 255)), tmp_path / "two.xls") == "too-many-columns"


def test_a_short_number_is_a_whole_one_or_hundredths(tmp_path: Path) -> None:
    shorts = (12 << 2 | 2, (1234 << 2 | 3), 0x3FF80000, (0xFFFFFFFF - 6 << 2 | 2) & 0xFFFFFFFF)
    cells = b"".join(struct.pack("<HI", 0, one) for one in shorts)
    content = stream((0xBD, struct.pack("<HH", 3, 1) + cells + struct.pack("<H", 4)))
    (grid,) = read(content, tmp_path / "one.xls")
    assert [cell.value for cell in grid.rows[4].values()] == [12.0, 12.34, 1.5, -7.0]


def test_a_text_goes_on_in_the_next_record(tmp_path: Path) -> None:
    formula = struct.pack("<HHH8sHIH", 0, 0, 0, b"\0\0\0\0\0\0\xff\xff", 0, 0, 0)
    text = (0x207, struct.pack("<HB", 4, 0) + b"ab"), (0x3C, b"\x01" + "вг".encode("utf-16-le"))
    (grid,) = read(stream((6, formula), *text), tmp_path / "one.xls")
    assert grid.rows[1][0].value == "abвг"
    (grid,) = read(stream((6, formula)), tmp_path / "two.xls")
    assert grid.rows[1][0].problem == "formula-without-value"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: stream(version=0x0500), "very-old-workbook"),
        (lambda: b"\x09\x08\x08\x00\x00\x05\x05\x00", "very-old-workbook"),
        (lambda: stream(number(0, 0), number(0, 0)), "damaged-workbook"),
        (lambda: stream()[:900], "damaged-workbook"),
        (lambda: stream((0x203, b"\0")), "damaged-workbook"),
        (lambda: as_xls(rich())[:9000], "damaged-workbook"),
        (lambda: saved(rich()), "workbook-misnamed"),
        (lambda: as_ods(rich()), "document-misnamed"),
        (lambda: b"<html xmlns:o='urn:schemas-microsoft-com:office:office'>", "page-as-workbook"),
        (lambda: b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>", "page-as-workbook"),
    ],
)  # fmt: skip
def test_what_an_xls_may_not_be(content: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    assert code_of(content(), tmp_path / "one.xls") == code


def test_a_password_is_told_from_damage(tmp_path: Path) -> None:
    content = as_xls(rich())
    at = content.index(struct.pack("<HH", 0x42, 2))  # the code page becomes the record of a password
    spoiled = content[:at] + struct.pack("<H", 0x2F) + content[at + 2 :]
    assert code_of(spoiled, tmp_path / "one.xls") == "encrypted-workbook"


def test_directories_and_chains_in_circles_are_damage(tmp_path: Path) -> None:
    content = stream(number(0, 0))
    directory = content.index("Workbook".encode("utf-16-le"))
    tree = content[: directory + 68] + struct.pack("<II", 1, 1) + content[directory + 76 :]
    assert code_of(tree, tmp_path / "one.xls") == "damaged-workbook"


def test_sheets_that_share_their_records_are_damage(tmp_path: Path) -> None:
    """A thousand sheets of one place would be read a thousand times."""
    content = stream(*(number(row, 0) for row in range(500)))
    listed = content.index(struct.pack("<HH", 0x85, 9))
    twice = content[:listed] + content[listed : listed + 13] * 2 + content[listed + 13 :]
    assert code_of(twice, tmp_path / "one.xls") == "damaged-workbook"


def test_a_file_with_more_sectors_than_its_header_lists(tmp_path: Path) -> None:
    pytest.importorskip("xlwt")
    from xlwt.CompoundDoc import XlsDoc

    from curriplan.catalog.reading.ole import CompoundFile

    data, content = bytes(range(256)) * 32_000, io.BytesIO()
    XlsDoc().save(content, data)
    file = CompoundFile(content.getvalue())
    assert file.stream(file.top()["Workbook"])[: len(data)] == data  # filled up with zeros by xlwt
