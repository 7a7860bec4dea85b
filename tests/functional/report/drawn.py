"""The charts of a written workbook, read from the parts of its package."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import combinations
from xml.etree import ElementTree as Tree

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

NAMES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "x": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "p": "http://schemas.openxmlformats.org/package/2006/relationships",
}
ID = f"{{{NAMES['r']}}}id"


@dataclass(frozen=True)
class Drawn:
    """A chart: its sheet, the rows and columns that it touches (from 1, inclusive), its XML."""

    sheet: str
    rows: tuple[int, int]
    columns: tuple[int, int]
    xml: Tree.Element

    def all(self, path: str) -> list[Tree.Element]:
        """Return the elements of a path."""
        return self.xml.findall(path, NAMES)

    @property
    def title(self) -> str:
        """The cached text of the title."""
        return "".join(
            one.text or "" for one in self.all("c:chart/c:title/c:tx/c:strRef/c:strCache/c:pt/c:v")
        )

    @property
    def axis_titles(self) -> list[str]:
        """The texts of the titles of the axes."""
        axes = [*self.all(".//c:catAx"), *self.all(".//c:valAx")]
        return ["".join(t.text or "" for t in axis.findall("c:title//a:t", NAMES)) for axis in axes]


@cache
def opened(data: bytes) -> openpyxl.Workbook:
    """Return the workbook with its cached values, read once."""
    return openpyxl.load_workbook(BytesIO(data), data_only=True)


def charts_of(data: bytes) -> list[Drawn]:
    """Return every chart of a workbook, by sheet and place."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    book = Tree.fromstring(parts["xl/workbook.xml"])
    targets = _targets(parts, "xl/workbook.xml")
    return [
        drawn
        for sheet in book.findall("s:sheets/s:sheet", NAMES)
        for drawn in _of_sheet(parts, sheet.attrib["name"], targets[sheet.attrib[ID]])
    ]


def _of_sheet(parts: dict[str, bytes], name: str, part: str) -> Iterator[Drawn]:
    drawing = Tree.fromstring(parts[part]).find("s:drawing", NAMES)
    if drawing is None:
        return
    path = _targets(parts, part)[drawing.attrib[ID]]
    charts = _targets(parts, path)
    for anchor in Tree.fromstring(parts[path]).findall("x:twoCellAnchor", NAMES):
        chart = anchor.find(".//c:chart", NAMES)
        assert chart is not None
        rows, columns = (_ends(anchor, key) for key in ("row", "col"))
        yield Drawn(name, rows, columns, Tree.fromstring(parts[charts[chart.attrib[ID]]]))


def _ends(anchor: Tree.Element, key: str) -> tuple[int, int]:
    """Return the first and the last row or column, from 1; one that is only reached at 0 is not touched."""
    first = int(anchor.findtext(f"x:from/x:{key}", "", NAMES))
    last = int(anchor.findtext(f"x:to/x:{key}", "", NAMES))
    reached = int(anchor.findtext(f"x:to/x:{key}Off", "", NAMES)) > 0
    return first + 1, last + reached


def _targets(parts: dict[str, bytes], part: str) -> dict[str, str]:
    folder, name = posixpath.split(part)
    root = Tree.fromstring(parts[f"{folder}/_rels/{name}.rels"])
    return {
        one.attrib["Id"]: posixpath.normpath(posixpath.join(folder, one.attrib["Target"]))
        for one in root.findall("p:Relationship", NAMES)
    }


def references(drawn: Drawn) -> Iterator[tuple[str, list[str | None]]]:
    """Yield every reference of a chart to cells, with the texts of its cache, None where there is none."""
    for kind, store in (("strRef", "strCache"), ("numRef", "numCache")):
        for one in drawn.all(f".//c:{kind}"):
            count = one.find(f"c:{store}/c:ptCount", NAMES)
            found: list[str | None] = [None] * int("0" if count is None else count.attrib["val"])
            for point in one.findall(f"c:{store}/c:pt", NAMES):
                found[int(point.attrib["idx"])] = point.findtext("c:v", None, NAMES)
            yield one.findtext("c:f", "", NAMES), found


def cells_of(book: openpyxl.Workbook, reference: str) -> list[object]:
    """Return the values of the cells that a chart refers to, row by row."""
    sheet, _, area = reference.rpartition("!")
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    worksheet = book[sheet.strip("'").replace("''", "'")]
    return [
        worksheet.cell(row, column).value
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]


def faults_of_place(data: bytes) -> list[str]:
    """Return what is wrong with where the charts lie: on each other, on filled cells, across pages."""
    book = opened(data)
    charts = charts_of(data)
    faults = [
        f"{one.sheet}: two charts overlap"
        for one, other in combinations(charts, 2)
        if one.sheet == other.sheet and _meet(one.rows, other.rows) and _meet(one.columns, other.columns)
    ]
    for drawn in charts:
        worksheet = book[drawn.sheet]
        faults += [f"{drawn.sheet}: {name} lies below a chart" for name in _covered(worksheet, drawn)]
        torn = [one.id for one in worksheet.row_breaks.brk if drawn.rows[0] <= one.id < drawn.rows[1]]
        faults += [f"{drawn.sheet}: a page ends in row {row}, within a chart" for row in torn]
        if drawn.columns[1] > max(_filled_columns(worksheet)):
            faults.append(f"{drawn.sheet}: a chart makes the page wider")
    return faults


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _covered(worksheet: Worksheet, drawn: Drawn) -> list[str]:
    merged = [
        area for area in worksheet.merged_cells.ranges if worksheet.cell(area.min_row, area.min_col).value
    ]
    boxes = [(area.coord, (area.min_row, area.max_row), (area.min_col, area.max_col)) for area in merged]
    boxes += [
        (cell.coordinate, (cell.row, cell.row), (cell.column, cell.column))
        for row in worksheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    return [
        name for name, rows, columns in boxes if _meet(rows, drawn.rows) and _meet(columns, drawn.columns)
    ]


def _filled_columns(worksheet: Worksheet) -> set[int]:
    filled = {cell.column for row in worksheet.iter_rows() for cell in row if cell.value is not None}
    return filled | {area.max_col for area in worksheet.merged_cells.ranges}


def heights(data: bytes, sheet: str) -> dict[int, float]:
    """Return the heights of the rows of a sheet that have one."""
    worksheet = opened(data)[sheet]
    return {row: one.height for row, one in worksheet.row_dimensions.items() if one.height is not None}


def printed_points(data: bytes, sheet: str) -> float:
    """Return how many points of rows fit on A4 landscape with the sheet's columns fitted to its width."""
    worksheet = opened(data)[sheet]
    columns = worksheet.column_dimensions.values()
    # A column of w characters of Calibri 11 is 7 w + 5 pixels wide; a pixel is 3/4 of a point.
    wide = sum((one.width * 7) * 0.75 * (one.max - one.min + 1) for one in columns)
    margins = worksheet.page_margins
    across = (297 / 25.4 - margins.left - margins.right) * 72
    down = (210 / 25.4 - margins.top - margins.bottom) * 72
    return down / min(1.0, across / wide)
