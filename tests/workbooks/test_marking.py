"""A marked copy: the cells and their comments as they were asked for, and nothing else another."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from curriplan.catalog.saving.save import init_catalog
from curriplan.xlsx.marking.package import CellMark, has_threads, is_signed, marked
from workbooks.office import saved_again
from workbooks.package import Package
from workbooks.test_validator import errors_of
from workbooks.tools import needs

RED, YELLOW = "FFC7CE", "FFEB9C"
SAID = "Қате: «x» – сан емес & <теріс>."
MAY_CHANGE = re.compile(
    r"\[Content_Types\]\.xml|xl/styles\.xml|xl/worksheets/(?:_rels/)?sheet\d+\.xml(?:\.rels)?"
    r"|xl/comments.*|xl/drawings/.*\.vml"
)
Marks = list[CellMark]


def _openpyxl(*, comments: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "modules"
    for row in (["id", "credits"], ["A", 5], ["B", "x"], [None, None], ["C", 7]):
        sheet.append(row)
    sheet.merge_cells("D2:D4")
    sheet["D2"] = "merged"
    other = book.create_sheet("other")
    other["A1"] = "=1+1"
    if comments:
        sheet["B3"].comment = Comment("Что здесь?", "Айгүл")
        sheet["A5"].comment = Comment("ok", "Айгүл")
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xlsxwriter(*, comments: bool = False) -> bytes:
    """With what may stand beside cells: a chart, a picture of the header, a table, lists, a button."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("modules")
    bold = book.add_format({"bold": True, "num_format": "0.00", "bg_color": "#FFFF00"})
    sheet.set_column(0, 0, 40, bold)
    sheet.set_row(6, 30, bold)
    for row, cells in enumerate((["id", "credits"], ["A", 5], ["B", "x"], ["C", 7])):
        sheet.write_row(row, 0, cells)
    sheet.add_table("F1:G4", {"columns": [{"header": "f"}, {"header": "g"}]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=modules!$B$2:$B$4"})
    sheet.insert_chart("I2", chart)
    sheet.data_validation("B2:B9", {"validate": "list", "source": ["1", "2"]})
    sheet.insert_button("I20", {"caption": "go"})
    if comments:
        sheet.write_comment("B3", "Что здесь?", {"author": "Айгүл"})
        sheet.write_comment("A4", "ok")
    book.add_worksheet("other").write_formula(0, 0, "=1+1")
    book.close()
    return stream.getvalue()


def _library(*, comments: bool = False) -> bytes:
    return saved_again({"book": _xlsxwriter(comments=comments)})["book"]


MAKERS = {"openpyxl": _openpyxl, "xlsxwriter": _xlsxwriter, "libreoffice": _library}
MARKS = [
    CellMark("modules", (3, 2), RED, SAID),
    CellMark("modules", (2, 1), YELLOW, "first\nsecond"),
    CellMark("modules", (2, 3), RED, "not there"),
    CellMark("modules", (9, 2), RED, "a row that is not there"),
    CellMark("modules", (7, 1), RED, "a row with a format"),
]


def _changed(before: bytes, after: bytes) -> set[str]:
    old, new = (zipfile.ZipFile(io.BytesIO(data)) for data in (before, after))
    assert new.namelist()[: len(old.namelist())] == old.namelist(), "the parts stand in the same order"
    assert [one.date_time for one in new.infolist()][: len(old.namelist())] == [
        one.date_time for one in old.infolist()
    ]
    return {name for name in new.namelist() if name not in old.namelist() or old.read(name) != new.read(name)}


def _seen(data: bytes) -> dict[str, tuple[str, str | None]]:
    """Return colour and comment of the cells of the sheet that have either."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))["modules"]
    return {
        cell.coordinate: (
            str(cell.fill.fgColor.rgb)[2:] if cell.fill.patternType else "",
            cell.comment.text if cell.comment else None,
        )
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment or str(cell.fill.fgColor.rgb)[2:] in (RED, YELLOW)
    }


@pytest.mark.parametrize("comments", [False, True], ids=["no comments", "comments"])
@pytest.mark.parametrize("maker", MAKERS)
def test_cells_are_marked_and_all_the_rest_is_as_it_was(maker: str, comments: bool, tmp_path: Path) -> None:
    make: Callable[..., bytes] = MAKERS[maker]
    before = make(comments=comments)
    found = marked(before, MARKS, "curriplan")
    assert (found.cells, found.left_out) == (len(MARKS), ())
    changed = _changed(before, found.data)
    assert all(MAY_CHANGE.fullmatch(name) for name in changed), changed
    assert sum("worksheets/sheet" in name for name in changed) == 1
    seen = _seen(found.data)
    there = "Что здесь?" if comments else None
    expected = {
        "B3": (RED, f"{there}\n\n{SAID}" if there else SAID),
        "A2": (YELLOW, "first\nsecond"),
        "C2": (RED, "not there"),
        "B9": (RED, "a row that is not there"),
        "A7": (RED, "a row with a format"),
    }
    untouched = {name: one for name, one in seen.items() if name not in expected}
    assert {name: seen[name] for name in expected} == expected
    assert [text for _, text in untouched.values()] == (["ok"] if comments else [])
    old, new = Package(before).sheets, Package(found.data).sheets
    for name, sheet in old.items():
        values = {place: (cell.formula, cell.value) for place, cell in sheet.cells.items()}
        assert {place: (cell.formula, cell.value) for place, cell in new[name].cells.items()} == values
    validator = needs("ooxml-validator")
    said = _said(errors_of(validator, found.data, tmp_path / "after.xlsx"))
    assert not said or said <= _said(errors_of(validator, before, tmp_path / "before.xlsx"))


def _said(errors: list[dict[str, str]]) -> set[str]:
    return {f"{one['path']} {one['description']}" for one in errors}


def test_libreoffice_shows_what_was_marked() -> None:
    """Marked twice, as by somebody who checks a marked copy: the second comment stands below the first."""
    once = marked(_openpyxl(comments=True), MARKS, "curriplan").data
    twice = marked(once, [CellMark("modules", (3, 2), YELLOW, "again")], "curriplan").data
    again = saved_again({"once": once, "twice": twice})
    assert _seen(again["once"])["B3"] == (RED, f"Что здесь?\n\n{SAID}")
    assert _seen(again["twice"])["B3"] == (YELLOW, f"Что здесь?\n\n{SAID}\n\nagain")
    assert _seen(again["twice"])["A2"] == (YELLOW, "first\nsecond")


def test_a_format_keeps_all_but_its_colour() -> None:
    before = openpyxl.load_workbook(io.BytesIO(_xlsxwriter()))["modules"]["A2"]
    found = marked(_xlsxwriter(), [CellMark("modules", (2, 1), RED, "x")], "curriplan").data
    cell = openpyxl.load_workbook(io.BytesIO(found))["modules"]["A2"]
    assert repr(cell.font) == repr(before.font)
    assert (cell.font.bold, cell.number_format) == (True, "0.00")
    assert repr(cell.border) == repr(before.border)
    new = marked(_xlsxwriter(), [CellMark("modules", (20, 1), RED, "x")], "curriplan").data
    cell = openpyxl.load_workbook(io.BytesIO(new))["modules"]["A20"]  # it had none: that of its column
    assert (cell.font.bold, cell.number_format, cell.fill.fgColor.rgb) == (True, "0.00", f"FF{RED}")


def test_of_merged_cells_the_one_that_is_seen_is_marked() -> None:
    marks = [CellMark("modules", (3, 4), RED, "one"), CellMark("modules", (4, 4), RED, "two")]
    found = marked(_openpyxl(), marks, "curriplan")
    assert _seen(found.data) == {"D2": (RED, "one\n\ntwo")}
    assert found.cells == 1


def _patched(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for one in old.infolist():
            content = old.read(one)
            new.writestr(one, change(content) if one.filename == name else content)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def _prefixed(part: bytes) -> bytes:
    """Write the elements of a sheet with a prefix, as some programs do."""
    text = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", part)
    return text.replace(b"<x:?xml", b"<?xml").replace(b"xmlns=", b"xmlns:x=")


@pytest.mark.parametrize(
    "change",
    [
        _prefixed,
        lambda part: re.sub(rb' r="[A-Z]*\d+"', b"", part),  # places follow from the order
        lambda part: part.replace(b'<row r="4"></row>', b'<row r="4"/>'),
        lambda part: b"\xef\xbb\xbf" + part,
        lambda part: part.decode().replace("<?xml version='1.0' encoding='UTF-8'?>", "").encode("utf-16"),
        lambda part: part.replace(b'<c r="B3"', b"<!-- <c r='B3'> --><c\n r='B3' cm=\"0\""),
    ],
    ids=["prefix", "no places", "empty row", "mark of order", "utf-16", "comment and quotes"],
)
def test_a_sheet_may_be_written_in_other_ways(change: Callable[[bytes], bytes]) -> None:
    before = _patched(_openpyxl(), SHEET, change)
    found = marked(before, [*MARKS[:3], CellMark("modules", (4, 2), RED, "empty")], "curriplan")
    assert {name: colour for name, (colour, _) in _seen(found.data).items()} == {
        "B3": RED,
        "A2": YELLOW,
        "C2": RED,
        "B4": RED,
    }


def test_a_sheet_that_cannot_be_marked_is_left_as_it_is() -> None:
    before = _patched(_openpyxl(), "xl/worksheets/sheet2.xml", lambda _: b"<worksheet><broken>")
    marks = [
        CellMark("other", (1, 1), RED, "x"),
        CellMark("modules", (2, 1), RED, "y"),
        CellMark("none", (1, 1), RED, "z"),
    ]
    found = marked(before, marks, "curriplan")
    assert (found.cells, [mark.sheet for mark in found.left_out]) == (1, ["other", "none"])
    assert "xl/worksheets/sheet2.xml" not in _changed(before, found.data)


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY e "x">]><worksheet><sheetData>&e;</sheetData></worksheet>'
    found = marked(_patched(_openpyxl(), SHEET, lambda _: bomb), MARKS, "curriplan")
    assert len(found.left_out) == len(MARKS)


def test_signatures_and_threads_are_known(tmp_path: Path) -> None:
    def with_part(name: str) -> bytes:
        stream = io.BytesIO(_openpyxl())
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr(name, "x")
        return stream.getvalue()

    assert not is_signed(_openpyxl(comments=True))
    assert not has_threads(_openpyxl(comments=True))
    assert is_signed(with_part("_xmlsignatures/origin.sigs"))
    assert has_threads(with_part("xl/threadedComments/threadedComment1.xml"))


def test_the_same_workbook_and_marks_give_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "college.xlsx"
    init_catalog(path)
    data = path.read_bytes()
    title = openpyxl.load_workbook(path).sheetnames[2]
    marks = [CellMark(title, (2, 1), RED, SAID)]
    one, two = (marked(data, marks, "curriplan").data for _ in range(2))
    assert one == two
    validator = needs("ooxml-validator")
    assert errors_of(validator, one, tmp_path / "marked.xlsx") == []
