"""A table of OpenDocument (.ods): cells of sheets, and what stands beside them.

The archive is looked at as that of a workbook is, before anything in it is parsed. A cell or a row may say
that it stands there a million times: such counts are multiplied before anything is repeated.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from curriplan.base.errors import CatalogError, Place
from curriplan.catalog.reading.archive import (
    DAMAGE,
    DOCUMENT_PART,
    MAX_OTHERS,
    MAX_PARTS,
    MAX_SHEETS,
    PACKED_AS,
    bounded,
    damage,
)
from curriplan.catalog.reading.cells import LITERAL, MOST_MERGED, ODD, Beside, Cell
from curriplan.catalog.reading.grids import GridCell, SheetGrid, grid_row
from curriplan.catalog.reading.raw import (
    LAST_COLUMN,
    LAST_ROW,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_FILE_MB,
    MAX_ROWS,
    Area,
)
from curriplan.catalog.reading.safe_xml import beginnings_and_ends

STYLES, MANIFEST = "styles.xml", "META-INF/manifest.xml"
SIGNATURES = "META-INF/documentsignatures.xml"
PACKAGE = "encrypted-package"
"""Where the whole document is encrypted at once."""
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE, STYLE, TEXT = (f"{{{NAMESPACE}{name}:1.0}}" for name in ("table", "office", "style", "text"))
EXTENDED = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CELL_TAGS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
ROW_TAG, TABLE_TAG, COLUMN_TAG, STYLE_TAG = (
    f"{TABLE}table-row", f"{TABLE}table", f"{TABLE}table-column", f"{STYLE}style",
)  # fmt: skip
PROPERTIES_TAG, PARAGRAPH = f"{STYLE}table-properties", f"{TEXT}p"
FORMULA, VALUE_TYPE, EXTENDED_TYPE = f"{TABLE}formula", f"{OFFICE}value-type", f"{EXTENDED}value-type"
COLUMNS_REPEATED, ROWS_REPEATED, COLUMNS_SPANNED, ROWS_SPANNED = (
    f"{TABLE}number-{name}"
    for name in ("columns-repeated", "rows-repeated", "columns-spanned", "rows-spanned")
)
CELL = re.compile(rb"<(?:\w+:)?(?:covered-)?table-(?:cell|row)[\s/>]")
SHEET = re.compile(rb"<(?:\w+:)?table[\s/>]")
PIECE = re.compile(rb"<(?:\w+:)?(?:p|s|span|line-break|tab)[\s/>]")
ERROR = re.compile(r"#(?:REF|DIV/0|VALUE|NUM|NULL)!|#NAME\?|#N/A|(?:Err|Ошибка|Қате):\d{3}")
AMOUNT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
DURATION = re.compile(
    r"(-?)P(?:(\d{1,5})D)?T(?:(\d{1,7})H)?(?:(\d{1,4})M)?(?:(\d{1,4})(?:[.,]\d+)?S)?", re.ASCII
)
LINKED = re.compile(r"'file:.*'#")
"""How a sheet of another file is called that an office has kept a copy of."""
MOST_DIGITS = 9
"""Of a count; a longer one is more than any table has, and so is the least of them."""


def read_ods(path: Path, place: Place) -> tuple[SheetGrid, ...]:
    """Read every cell of every sheet of an archive that `regular_size` has let through.

    Raises
    ------
    CatalogError
        If it is damaged, encrypted, signed, or too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _inspect(archive, place)
            reader = _Reader(place)
            for part in (STYLES, DOCUMENT_PART):
                if part in archive.namelist():
                    with archive.open(part) as stream:
                        reader.read(beginnings_and_ends(stream))
            return tuple(reader.sheets)
    except DAMAGE as error:
        raise damage(error, place) from error


def _inspect(archive: zipfile.ZipFile, place: Place) -> None:
    """Refuse what cannot be read, or is larger than tables are."""
    parts = archive.infolist()
    names = archive.namelist()
    if sum(part.file_size for part in parts) > MAX_FILE_MB * 1_000_000:
        raise CatalogError.of("file-too-large", place, limit=MAX_FILE_MB)
    if len(parts) > MAX_PARTS or any(part.compress_type not in PACKED_AS for part in parts):
        raise CatalogError.of("damaged-workbook", place)
    if PACKAGE in names or (MANIFEST in names and b"encryption-data" in archive.read(MANIFEST)):
        raise CatalogError.of("encrypted-document", place)
    if SIGNATURES in names:
        raise CatalogError.of("signed-document", place)
    cells = pieces = others = 0
    for name in sorted({DOCUMENT_PART, STYLES} & {*names}):
        part = bounded(archive.read(name), place)
        found = sum(1 for _ in CELL.finditer(part))
        inside = sum(1 for _ in PIECE.finditer(part))
        cells, pieces = cells + found, pieces + inside
        others += part.count(b"<") - part.count(b"</") - found - inside
        if max(cells, pieces) > MAX_CELLS:
            raise CatalogError.of("too-many-cells", place, limit=MAX_CELLS)
        if sum(1 for _ in SHEET.finditer(part)) > MAX_SHEETS:
            raise CatalogError.of("too-many-sheets", place, limit=MAX_SHEETS)
        if others > MAX_OTHERS:
            raise CatalogError.of("too-many-formats", place, limit=MAX_OTHERS)


@dataclass
class _OdsSheet:
    """A sheet on its way; `next_row` is from 1, `next_column` of the declared columns from 0."""

    name: str
    hidden: bool
    rows: dict[int, dict[int, GridCell]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    next_row: int = 1
    next_column: int = 0

    def grid(self) -> SheetGrid:
        """Return the sheet as it was read."""
        about = Beside(tuple(self.merged), frozenset(self.hidden_rows), frozenset(self.hidden_columns))
        return SheetGrid(self.name, self.rows, self.hidden, about)


class _Reader:
    """Goes through a part; tables within cells and kept copies of other files are passed over."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.sheets: list[SheetGrid] = []
        self.hidden_styles: set[str] = set()
        self.sheet: _OdsSheet | None = None
        self.tables = 0
        self.cells = 0

    def read(self, found: Iterator[tuple[str, Element]]) -> None:
        rows = 0
        for event, element in found:
            if event == "start":
                rows += element.tag == ROW_TAG
                if element.tag == TABLE_TAG:
                    self._begin(element)
                continue
            if element.tag == ROW_TAG:
                rows -= 1
                if self.sheet is not None and self.tables == 1:
                    self._row(self.sheet, element)
                    element.clear()
            elif element.tag == COLUMN_TAG and self.sheet is not None and self.tables == 1:
                self._column(self.sheet, element)
            elif element.tag == STYLE_TAG:
                self._style(element)
            elif element.tag == TABLE_TAG:
                self._end()
            if not rows and element.tag != PROPERTIES_TAG:
                element.clear()

    def _style(self, element: Element) -> None:
        shown = [one.get(f"{TABLE}display", "true") for one in element.iter(PROPERTIES_TAG)]
        if "false" in shown:
            self.hidden_styles.add(element.get(f"{STYLE}name", ""))

    def _begin(self, element: Element) -> None:
        self.tables += 1
        name = element.get(f"{TABLE}name", "")
        if self.tables == 1 and not LINKED.match(name):
            self.sheet = _OdsSheet(name, element.get(f"{TABLE}style-name") in self.hidden_styles)

    def _end(self) -> None:
        self.tables -= 1
        if not self.tables and self.sheet is not None:
            self.sheets.append(self.sheet.grid())
            self.sheet = None

    def _column(self, sheet: _OdsSheet, element: Element) -> None:
        count = _count(element, COLUMNS_REPEATED)
        if _is_hidden(element):
            sheet.hidden_columns.update(range(sheet.next_column, min(sheet.next_column + count, MAX_COLUMNS)))
        sheet.next_column += count

    def _row(self, sheet: _OdsSheet, element: Element) -> None:
        """Read a row, which may stand for many."""
        place = Place(self.place.file, sheet.name)
        first, count = sheet.next_row, _count(element, ROWS_REPEATED)
        sheet.next_row += count
        last = min(first + count - 1, LAST_ROW)
        if first > LAST_ROW:
            return
        filled = self._cells(sheet, place, first, element)
        if not filled:
            return
        repeated = last - first + 1
        self._count_cells((repeated - 1) * len(filled))
        if len(sheet.rows) + repeated > MAX_ROWS:
            raise CatalogError.of("too-many-rows", place, limit=MAX_ROWS)
        sheet.rows.update(dict.fromkeys(range(first, last + 1), filled))
        if _is_hidden(element):
            sheet.hidden_rows.update(range(first, last + 1))

    def _cells(self, sheet: _OdsSheet, place: Place, row: int, element: Element) -> dict[int, GridCell]:
        found: dict[int, Cell] = {}
        column = 0
        for one in element:
            if one.tag not in CELL_TAGS:
                continue
            count = _count(one, COLUMNS_REPEATED)
            cell = _cell(one)
            if cell is not None:
                if column + count > MAX_COLUMNS:
                    raise CatalogError.of(
                        "too-many-columns", Place(place.file, place.sheet, row), limit=MAX_COLUMNS
                    )
                self._count_cells(count)
                found.update(dict.fromkeys(range(column, column + count), cell))
            self._merge(sheet, place, row, column, one)
            column += count
        return grid_row(place, row, found.items())

    def _merge(self, sheet: _OdsSheet, place: Place, row: int, column: int, cell: Element) -> None:
        down, right = _count(cell, ROWS_SPANNED), _count(cell, COLUMNS_SPANNED)
        if (down, right) != (1, 1):
            bottom, last = min(row + down - 1, LAST_ROW), min(column + right, LAST_COLUMN) - 1
            sheet.merged.append(Area(row, bottom, column, last))
        if len(sheet.merged) > MOST_MERGED:
            raise CatalogError.of("too-many-formats", place, limit=MOST_MERGED)

    def _count_cells(self, count: int) -> None:
        self.cells += count
        if self.cells > MAX_CELLS:
            raise CatalogError.of("too-many-cells", self.place, limit=MAX_CELLS)


def _count(element: Element, name: str) -> int:
    """Return how often an element stands, or how far it reaches.

    Raises
    ------
    ValueError
        If that is no number from 1 on.
    """
    text = element.get(name)
    if text is None:
        return 1
    if not (text.isascii() and text.isdecimal() and text.strip("0")):
        raise ValueError("no count")
    return int(text) if len(text) <= MOST_DIGITS else 10**MOST_DIGITS


def _is_hidden(element: Element) -> bool:
    return element.get(f"{TABLE}visibility", "visible") != "visible"


def _cell(element: Element) -> Cell | None:
    """Return what a cell holds, None where it is empty."""
    formula = element.get(FORMULA) is not None
    kind = element.get(VALUE_TYPE, "")
    text = _text(element)
    if element.get(EXTENDED_TYPE) == "error" or (formula and ERROR.fullmatch(text)):
        return Cell(text or "#VALUE!", "e", formula)
    if kind in VALUES:
        name, data_type, typed = VALUES[kind]
        try:
            return Cell(typed(element.get(name, "")), data_type, formula)
        except ValueError:  # of this cell alone, such as a day in the year 10000
            return Cell(element.get(name, "") or text, ODD, formula)
    text = text or (element.get(f"{OFFICE}string-value", "") if kind == "string" else "")
    if text:
        return Cell(text, LITERAL, formula)
    calculated = kind == "string" or any(one.tag == PARAGRAPH for one in element)  # to an empty text
    return Cell(None, "str" if calculated else "n", True) if formula else None


def _amount(text: str) -> float:
    if not AMOUNT.fullmatch(text):  # Python would take 1_0 for ten, and the digits of any script
        raise ValueError("no number")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("no finite number")
    return value


def _date(text: str) -> date:
    found: Any = datetime.fromisoformat(text)
    return found.replace(tzinfo=None) if isinstance(found, datetime) else found


def _time(text: str) -> time | timedelta:
    found = DURATION.fullmatch(text)
    if found is None:
        raise ValueError("no duration")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    total = timedelta(days, seconds, 0, 0, minutes, hours)
    if found[1] or total >= timedelta(1):
        return -total if found[1] else total
    return (datetime(1900, 1, 1) + total).time()  # noqa: DTZ001 - a time of no place


VALUES: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    **dict.fromkeys(("float", "percentage", "currency"), (f"{OFFICE}value", "n", _amount)),
    "boolean": (f"{OFFICE}boolean-value", "b", lambda text: text == "true"),
    "date": (f"{OFFICE}date-value", "d", _date),
    "time": (f"{OFFICE}time-value", "d", _time),
}
"""By the type of a value: the attribute that has it, the type that a workbook calls it, how it is read."""


def _text(cell: Element) -> str:
    """Return the paragraphs of a cell; notes and drawings beside them are not its text."""
    if len(cell) == 1 and cell[0].tag == PARAGRAPH and not len(cell[0]):
        return cell[0].text or ""
    return "\n".join("".join(_pieces(one)) for one in cell if one.tag == PARAGRAPH)


SPACES = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
SPACE = f"{TEXT}s"
UNSEEN = (f"{OFFICE}annotation", f"{TEXT}note", f"{TEXT}ruby-text")
MOST_SPACES = 1_000


def _pieces(element: Element) -> Iterator[str]:
    """Yield the text within an element, however deep it lies."""
    waiting: list[Element | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif one.tag == SPACE:
            yield " " * min(_spaces(one), MOST_SPACES)
        elif one.tag in SPACES:
            yield SPACES[one.tag]
        elif one.tag not in UNSEEN:
            inner: list[Element | str] = [one.text or ""]
            for child in one:
                inner += (child, child.tail or "")
            waiting += reversed(inner)


def _spaces(element: Element) -> int:
    text = element.get(f"{TEXT}c", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 1
