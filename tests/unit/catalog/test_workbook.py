"""Workbooks: cells to text, formulas, hostile files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from broken_catalogs.base_catalog import BASE, Tables
from curriplan.base.errors import Place
from curriplan.catalog.reading.cells import cell_text
from curriplan.catalog.reading.read import ReadResult, read_catalog


def _save(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path


def _read_edited(path: Path, edit: Callable[[openpyxl.Workbook], object]) -> ReadResult:
    book = Tables().workbook()
    edit(book)
    return read_catalog(_save(book, path / "catalog.xlsx"))


def _rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Change the parts of a saved workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, change(name, data))
    return path


def _codes(result: ReadResult) -> list[str]:
    return [issue.code for issue in result.issues]


@pytest.mark.parametrize(
    ("value", "data_type", "text", "code"),
    [
        (None, "n", "", None),
        (12, "n", "12", None),
        (12.0, "n", "12", None),
        (0.1, "n", "0.1", None),
        (1e300, "n", "1e+300", None),
        (True, "b", "yes", None),
        (False, "b", "no", None),
        (" NA\r\n007 ", "s", "NA\n007", None),
        ("a_x000D_\nb", "s", "a\nb", None),
        ("_x005F_x0041_", "s", "_x0041_", None),
        ("#N/A", "e", "#N/A", "error-in-cell"),
        ("#N/A", "s", "#N/A", None),
        (datetime(2026, 1, 1), "d", "2026-01-01", "date-in-cell"),  # noqa: DTZ001
        (time(12, 30), "d", "12:30:00", "date-in-cell"),
    ],
)
def test_cells(value: Any, data_type: str, text: str, code: str | None) -> None:
    assert cell_text(value, data_type, False) == (text, code)


def test_a_date_is_welcome_where_a_date_is_meant() -> None:
    assert cell_text(date(2026, 5, 31), "d", False, dates=True) == ("2026-05-31", None)


def test_folder_and_workbook_of_the_same_content_have_the_same_hash(tmp_path: Path) -> None:
    result = _read_edited(tmp_path, lambda _: None)
    assert result.issues == ()
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def test_places_are_sheet_row_and_letter(tmp_path: Path) -> None:
    module = _read_edited(tmp_path, lambda _: None).require().module_by_id["SEC"]
    path = str(tmp_path / "catalog.xlsx")
    assert module.place("credits") == Place(path, "modules", 5, "G")
    assert str(module.place("credits")) == f"{path} [modules] G5"
    assert str(module.place("min_learners")) == f"{path} [modules] 5"  # there is no such column


def test_a_calculated_formula_is_read_by_its_value(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["modules"]["H5"] = "=12*2"
        book["modules"]["J5"] = '=IF(H5>99,1,"")'

    path = _save(_edited(edit), tmp_path / "catalog.xlsx")

    def calculate(name: str, data: bytes) -> bytes:
        data = data.replace(b"<f>12*2</f><v />", b"<f>12*2</f><v>24</v>")
        data = data.replace(b"<f>12*2</f><v></v>", b"<f>12*2</f><v>24</v>")
        start = data.find(b'<c r="J5"')
        if start >= 0:  # an empty text is a result too
            end = data.index(b"</c>", start)
            cell = b'<c r="J5" t="str"><f>IF(H5&gt;99,1,"")</f><v></v>'
            data = data[:start] + cell + data[end:]
        return data

    result = read_catalog(_rewrite(path, calculate))
    assert _codes(result) == []
    module = result.require().module_by_id["SEC"]
    assert (module.theory_hours, module.setup_cost_kzt) == (24.0, 0)


def _edited(edit: Callable[[openpyxl.Workbook], object]) -> openpyxl.Workbook:
    book = Tables().workbook()
    edit(book)
    return book


def test_every_formula_without_a_value_is_named(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["modules"]["H5"] = "=12*2"
        book["targets"]["C2"] = "=1"

    result = _read_edited(tmp_path, edit)
    places = [(i.code, i.place.sheet, i.place.row, i.place.column) for i in result.issues if i.place]
    assert places == [
        ("formula-without-value", "modules", 5, "H"),
        ("formula-without-value", "targets", 2, "C"),
    ]


def test_wrong_dimensions_are_not_believed(tmp_path: Path) -> None:
    path = _save(Tables().workbook(), tmp_path / "catalog.xlsx")
    changed = []

    def lie(name: str, data: bytes) -> bytes:
        start = data.find(b"<dimension ref=")
        if name.startswith("xl/worksheets/") and start >= 0:
            changed.append(name)
            data = data[:start] + b'<dimension ref="A1:B2"/>' + data[data.index(b"/>", start) + 2 :]
        return data

    result = read_catalog(_rewrite(path, lie))
    assert len(changed) > 10
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def test_formatted_empty_cells_are_no_rows(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        bold = openpyxl.styles.Font(bold=True)
        for row in range(3, 400):
            book["floors"].cell(row, 20).font = bold

    assert _codes(_read_edited(tmp_path, edit)) == []


def test_a_cell_at_the_end_of_the_sheet_is_soon_refused(tmp_path: Path) -> None:
    result = _read_edited(tmp_path, lambda book: book["floors"].cell(1_048_576, 16_384, "x"))
    assert _codes(result) == ["too-many-columns"]


def test_a_row_number_beyond_the_sheet_is_not_looked_for(tmp_path: Path) -> None:
    path = _save(Tables().workbook(), tmp_path / "catalog.xlsx")

    def far(name: str, data: bytes) -> bytes:
        row = b'<row r="2000000000"><c r="A2000000000" t="n"><v>1</v></c></row></sheetData>'
        return data.replace(b"</sheetData>", row)

    # Excel has no such row, so nothing can stand there; and two thousand million rows are not counted
    assert read_catalog(_rewrite(path, far)).require().sha256 == read_catalog(BASE).require().sha256


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    path = _save(Tables().workbook(), tmp_path / "catalog.xlsx")
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

    def plant(name: str, data: bytes) -> bytes:
        return bomb + data[data.index(b"<worksheet") :] if "worksheets/sheet3" in name else data

    result = read_catalog(_rewrite(path, plant))
    assert "unsafe-xml" in _codes(result)
    assert "damaged-workbook" not in _codes(result)


def test_a_part_that_unpacks_to_much_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "catalog.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(201):
                part.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    assert _codes(read_catalog(path)) == ["file-too-large"]


def test_charts_and_notes_are_named_and_skipped(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        chart = openpyxl.chart.BarChart()
        chart.add_data(openpyxl.chart.Reference(book["level_values"], min_col=2, min_row=1, max_row=3))
        book.create_chartsheet("picture").add_chart(chart)
        book.create_sheet("notes").append(["anything"])

    result = _read_edited(tmp_path, edit)
    assert _codes(result) == ["unknown-sheet", "unknown-sheet"]
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def test_information_of_the_sheet_has_its_types(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for pair in (["illustrative", "yes"], ["attribution", "ESCO"], ["attribution", "O*NET"]):
            book["catalog"].append(pair)
        book["catalog"]["B4"] = 2.0  # version, typed as a number

    info = _read_edited(tmp_path, edit).require().info
    assert (info.illustrative, info.attribution, info.version) == (True, ("ESCO", "O*NET"), "2")


def test_a_file_that_is_no_catalog_is_said_to_be_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    result = read_catalog(_save(book, tmp_path / "x.xlsx"))
    assert {"missing-info", "unknown-sheet", "not-a-catalog"} & set(_codes(result))
    assert result.catalog is None


def test_the_file_is_not_held_open(tmp_path: Path) -> None:
    path = _save(Tables().workbook(), tmp_path / "catalog.xlsx")
    read_catalog(path)
    path.rename(tmp_path / "moved.xlsx")  # fails on Windows while any handle is open
    buffer = io.BytesIO((tmp_path / "moved.xlsx").read_bytes())
    assert zipfile.is_zipfile(buffer)


def _saved(path: Path) -> Path:
    return _save(Tables().workbook(), path / "catalog.xlsx")


def _sheet_part(path: Path, title: str) -> str:
    """Return the name of a sheet's file in the archive, such as ``sheet7.xml``."""
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    return f"sheet{names.index(title) + 1}.xml"


@pytest.mark.parametrize(
    ("found", "put"),
    [("{part}", "gone.xml"), ('Target="/xl/worksheets/{part}"', 'Target="http://x/y" TargetMode="External"')],
    ids=["its part is gone", "it lies on another computer"],
)
def test_a_sheet_that_is_listed_but_cannot_be_read(found: str, put: str, tmp_path: Path) -> None:
    """openpyxl passes over it: the plan would be made without the floors."""
    path = _saved(tmp_path)
    old = found.format(part=_sheet_part(path, "floors")).encode()

    def change(name: str, data: bytes) -> bytes:
        return data.replace(old, put.encode()) if name.endswith("workbook.xml.rels") else data

    result = read_catalog(_rewrite(path, change))
    assert [(issue.code, issue.place) for issue in result.issues] == [
        ("damaged-workbook", Place(str(path), "floors"))
    ]


def test_two_sheets_of_one_name(tmp_path: Path) -> None:
    """Only the first of them can be had, whichever it is."""

    def change(name: str, data: bytes) -> bytes:
        return data.replace(b'name="level_values"', b'name="floors"') if name == "xl/workbook.xml" else data

    result = read_catalog(_rewrite(_saved(tmp_path), change))
    assert "damaged-workbook" in _codes(result)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_formula_is_seen_however_the_sheet_is_written(encoding: str, tmp_path: Path) -> None:
    """A formula that was never calculated is no empty cell."""
    path = _save(_with_formula(), tmp_path / "catalog.xlsx")
    part = _sheet_part(path, "floors")

    def change(name: str, data: bytes) -> bytes:
        return data.decode().replace("<f>", "<f\n>").encode(encoding) if name.endswith(part) else data

    assert "formula-without-value" in _codes(read_catalog(_rewrite(path, change)))


def _with_formula() -> openpyxl.Workbook:
    book = Tables().workbook()
    book["floors"]["E2"] = "=1+1"
    return book


def test_what_openpyxl_prints_of_damaged_formats_is_no_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _save(Tables().workbook(), tmp_path / "catalog.xlsx")

    def without_formats(name: str, data: bytes) -> bytes:
        return re.sub(rb"<cellStyleXfs.*?</cellStyleXfs>", b"", data) if name == "xl/styles.xml" else data

    read_catalog(_rewrite(path, without_formats))
    assert capsys.readouterr().out == ""


def test_more_merged_ranges_than_are_looked_at_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left out without a word, a merged range would leave cells empty that somebody sees filled."""
    monkeypatch.setattr("curriplan.catalog.reading.book.MOST_MERGED", 2)

    def merged(count: int) -> Callable[[openpyxl.Workbook], object]:
        rows = range(30, 30 + 2 * count, 2)
        return lambda book: [book["floors"].merge_cells(f"A{row}:A{row + 1}") for row in rows]

    assert "too-many-formats" not in _codes(_read_edited(tmp_path, merged(2)))
    (issue,) = _read_edited(tmp_path, merged(3)).issues
    assert (issue.code, issue.place) == ("too-many-formats", Place(str(tmp_path / "catalog.xlsx"), "floors"))


@pytest.mark.parametrize("number", ["-1", "1_0", "+1", "99999", "٣", "9" * 5000, "1.0"])
def test_a_shared_text_that_is_not_there(number: str, tmp_path: Path) -> None:
    """Python counts -1 from the end, and takes 1_0 for ten and ٣ for three: each was another text."""
    path = _saved(tmp_path)
    part = f"xl/worksheets/{_sheet_part(path, 'modules')}"
    texts = "<si><t>x</t></si>" * 11

    def change(name: str, data: bytes) -> bytes:
        if name == "[Content_Types].xml":
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
            more = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            return data.replace(b"</Types>", more.encode())
        cell = f'\\1t="s"><v>{number}</v></c>'.encode()
        return re.sub(rb'(<c r="B2" )t="inlineStr">.*?</c>', cell, data) if name == part else data

    _rewrite(path, change)
    with zipfile.ZipFile(path, "a") as archive:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{texts}</sst>')
    places = {(issue.code, issue.place) for issue in read_catalog(path).issues}
    assert ("text-not-there", Place(str(path), "modules", 2, "B")) in places


ODD_NUMBERS = ["1_0", "\u0663", "nan", "inf", "0x10", "5 5", "1.5.2", "--1", "\uff15"]
TYPES = [*((number, None) for number in ODD_NUMBERS), ("5", "zzz"), ("5", "N"), ("2", "b"), ("true", "b")]


@pytest.mark.parametrize(("value", "data_type"), TYPES)
def test_what_is_no_value_of_a_cell_is_refused_with_it(
    value: str, data_type: str | None, tmp_path: Path
) -> None:
    """Python takes 1_0 for ten and any digits for ours, and openpyxl every unknown type for a text."""
    path = _saved(tmp_path)
    part = f"xl/worksheets/{_sheet_part(path, 'modules')}"
    kind = f' t="{data_type}"' if data_type else ""

    def change(name: str, data: bytes) -> bytes:
        cell = f'<c r="G2"{kind}><v>{value}</v></c>'.encode()
        changed = re.sub(rb'<c r="G2".*?</c>', cell, data) if name == part else data
        assert name != part or changed != data
        return changed

    _rewrite(path, change)
    issues = [issue for issue in read_catalog(path).issues if issue.place and issue.place.sheet == "modules"]
    assert [(issue.code, issue.place) for issue in issues] == [
        ("no-value-of-a-cell", Place(str(path), "modules", 2, "G"))
    ]
    assert issues[0].values["value"] == value


@pytest.mark.parametrize("number", ["10", "10.", "1e1", "+10", " 10 ", "1.0E+01"])
def test_every_way_to_write_a_number_is_read(number: str, tmp_path: Path) -> None:
    path = _saved(tmp_path)
    part = f"xl/worksheets/{_sheet_part(path, 'modules')}"
    cell = f'<c r="G2"><v>{number}</v></c>'.encode()
    _rewrite(path, lambda name, data: re.sub(rb'<c r="G2".*?</c>', cell, data) if name == part else data)
    assert read_catalog(path).require().modules[0].credits == 10


@pytest.mark.parametrize("sheet", ["catalog", "modules"])
@pytest.mark.parametrize("area", ["A1:XFD1048576", "A1:C9", "A2:C4"])
def test_a_range_merged_over_a_sheet_is_refused(sheet: str, area: str, tmp_path: Path) -> None:
    """Excel shows its first cell alone: what the others hold nobody sees, and was read."""
    path = _saved(tmp_path)
    part = f"xl/worksheets/{_sheet_part(path, sheet)}"
    merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    _rewrite(path, lambda name, data: data.replace(b"</sheetData>", merged) if name == part else data)
    result = read_catalog(path)
    assert ("merged-cells", sheet) in {
        (issue.code, issue.place and issue.place.sheet) for issue in result.issues
    }
    assert result.catalog is None
