"""A workbook of openpyxl written as .ods and as .xls, with values that its formulas are said to have.

Nothing here knows curriplan. `stored` gives the results of formulas by their text; without it they have none.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
URN = "urn:oasis:names:tc:opendocument:xmlns"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    + "".join(f' xmlns:{name}="{URN}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    + ' office:version="1.2">'
)
STYLES = (
    '<office:automatic-styles><style:style style:name="hid" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
)


def as_ods(book: openpyxl.Workbook, stored: Mapping[str, Any] | None = None, **parts: bytes) -> bytes:
    """Return the bytes of an OpenDocument table; `parts` are further files of it, by their names."""
    body = "".join(_table(sheet, stored or {}) for sheet in book.worksheets)
    return ods_of(
        f"{STYLES}<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>", parts
    )


def ods_of(inside: str, parts: Mapping[str, bytes] = {}) -> bytes:
    """Return an OpenDocument table with a content of its own."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("content.xml", f"{HEAD}{inside}</office:document-content>")
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def _table(sheet: Any, stored: Mapping[str, Any]) -> str:
    hidden = ' table:style-name="hid"' if sheet.sheet_state != "visible" else ""
    columns = "".join(
        f"<table:table-column{_visibility(sheet.column_dimensions[letter].hidden)}/>"
        for letter in (openpyxl.utils.get_column_letter(at + 1) for at in range(sheet.max_column))
    )
    spans = {one.bounds[:2]: one.bounds for one in sheet.merged_cells.ranges}
    rows = "".join(
        f"<table:table-row{_visibility(sheet.row_dimensions[number].hidden)}>"
        + "".join(_cell(sheet.cell(number, at + 1), spans, stored) for at in range(sheet.max_column))
        + "</table:table-row>"
        for number in range(1, sheet.max_row + 1)
    )
    return f"<table:table table:name={quoteattr(sheet.title)}{hidden}>{columns}{rows}</table:table>"


def _visibility(hidden: bool) -> str:
    return ' table:visibility="collapse"' if hidden else ""


def _cell(cell: Any, spans: Mapping[Any, Any], stored: Mapping[str, Any]) -> str:
    value, attributes = cell.value, ""
    if (bounds := spans.get((cell.column, cell.row))) is not None:
        attributes += f' table:number-columns-spanned="{bounds[2] - bounds[0] + 1}"'
        attributes += f' table:number-rows-spanned="{bounds[3] - bounds[1] + 1}"'
    if isinstance(value, str) and value.startswith("="):
        attributes += f" table:formula={quoteattr('of:' + value)}"
        value = stored.get(value)
    kind, text = _typed(value)
    return f"<table:table-cell{attributes}{kind}>{text}</table:table-cell>"


def _typed(value: Any) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"', ""
    if isinstance(value, int | float):
        return f' office:value-type="float" office:value="{value!r}"', f"<text:p>{value}</text:p>"
    if isinstance(value, date | datetime):
        return f' office:value-type="date" office:date-value="{value.isoformat()}"', ""
    if isinstance(value, time):
        return f' office:value-type="time" office:time-value="{value.strftime("PT%HH%MM%SS")}"', ""
    paragraphs = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in str(value).split("\n"))
    return ' office:value-type="string"', paragraphs


def _spaced(text: str) -> str:
    """Write a second space after the first as the format asks for."""
    return escape(text).replace("  ", ' <text:s text:c="1"/>')


def as_xls(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook of Excel 97, by xlwt; its formulas have no values."""
    import pytest

    xlwt = pytest.importorskip("xlwt")
    found = xlwt.Workbook(encoding="utf-8")
    for sheet in book.worksheets:
        made = found.add_sheet(sheet.title, cell_overwrite_ok=False)
        made.visibility = 0 if sheet.sheet_state == "visible" else 1
        spans = {one.bounds[:2]: one.bounds for one in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                _write(xlwt, made, cell, spans.get((cell.column, cell.row)))
        for number, about in sheet.row_dimensions.items():
            made.row(number - 1).hidden = bool(about.hidden)
        for letter, about in sheet.column_dimensions.items():
            made.col(openpyxl.utils.column_index_from_string(letter) - 1).hidden = bool(about.hidden)
    content = io.BytesIO()
    found.save(content)
    return content.getvalue()


def _write(xlwt: Any, sheet: Any, cell: Any, bounds: tuple[int, int, int, int] | None) -> None:
    value = cell.value
    if value is None and bounds is None:
        return
    style = xlwt.XFStyle()
    if isinstance(value, date | datetime | time):
        style.num_format_str = "h:mm:ss" if isinstance(value, time) else "yyyy-mm-dd hh:mm"
    if isinstance(value, str) and value.startswith("="):
        value = xlwt.Formula(value[1:])
    if bounds is None:
        sheet.write(cell.row - 1, cell.column - 1, value, style)
    else:
        left, top, right, bottom = (one - 1 for one in bounds)
        sheet.write_merge(top, bottom, left, right, value, style)


SECTOR = 512


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """Return a compound file with one stream."""
    padded = stream.ljust(max(-(-len(stream) // SECTOR) * SECTOR, 4096), b"\0")
    count = len(padded) // SECTOR
    tables = -(-(count + 2) // 127)
    chain = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * tables]
    table = b"".join(struct.pack("<I", one) for one in chain).ljust(tables * SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, 0xFFFFFFFF, 0, len(padded))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(10) + struct.pack("<9I", tables, count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, count + 1)
    listed = b"".join(struct.pack("<I", count + 1 + one) for one in range(1, tables))
    return (head + listed).ljust(SECTOR, b"\xff") + padded + directory.ljust(SECTOR, b"\0") + table


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return head.ljust(116, b"\0") + struct.pack("<IIx3x", first, size)
