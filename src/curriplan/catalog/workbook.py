"""Read a workbook whose sheets are the tables of a catalog, as text; openpyxl is used only here.

The file may come from anywhere: its magic bytes are looked at first, its unpacked size is bounded, and
what the sheets say about their own size is not believed.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse
from openpyxl.cell.text import Text
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser

from curriplan.catalog.beside import Beside, beside
from curriplan.catalog.encoding import UTF16_MARKS
from curriplan.catalog.folder import reason_of
from curriplan.catalog.layout import Row, Sheet, find_header, lay_out
from curriplan.catalog.names import info_keys, table_names
from curriplan.catalog.raw import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_FILE_MB,
    MAX_ROWS,
    Cells,
    RawCatalog,
    RawInfo,
    RawTable,
    clean,
    column_letter,
    number_text,
)
from curriplan.catalog.titles import INFO_TABLE
from curriplan.catalog.understand import DAY_COLUMNS
from curriplan.errors import CatalogError, Issue, Place, nearest
from curriplan.model import TABLES

INFO_SHEET = INFO_TABLE
INFO_HEADER = ("key", "value")
LIST_KEYS = ("attribution", "extends", "without")
"""Keys that stand once for each of their values."""
HELP_SHEET = "help"
"""A sheet that a template has for people; nothing is read from it."""
LAST_ROW = 1_048_576
"""The last row that Excel has; what a damaged or hostile file claims below is not looked for."""
WORKBOOK_PART = "xl/workbook.xml"
STRINGS_PART = "/sharedStrings.xml"
MAX_PARTS = 10_000
MAX_SHEETS = 1_000
MAX_OTHERS = 500_000
"""Formats, names, merged ranges, rules and the like, all together."""
CELL = re.compile(rb"<(?:\w+:)?(?:c|si|row)[\s/>]")
SHEET = re.compile(rb"<(?:\w+:)?sheet[\s/>]")
INSIDE_CELL = re.compile(rb"<(?:/|(?:\w+:)?(?:c|v|f|is|si|t|row)[\s/>])")
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How parts of a workbook may be packed; other ways need memory that nobody can foresee."""
ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML cannot hold, and an underscore before such a group."""
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
# What openpyxl, zipfile and the XML parser raise on a damaged or hostile file.
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    DefusedXmlException,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class _Cell:
    """A cell as openpyxl reads it: its value, its type, and whether it is a formula."""

    value: Any
    data_type: str
    formula: bool


def read_workbook(path: Path, label: str | None = None) -> RawCatalog:
    """Read every sheet of a workbook that is a table of a catalog.

    Parameters
    ----------
    path : Path
        An existing file.
    label : str, optional
        What places call the file; by default the path as given.
    """
    raw = RawCatalog(Place(label if label is not None else str(path)))
    try:
        has_formulas = _inspect(path, raw.place)
        with ExitStack() as stack:
            # openpyxl warns of every extension of Excel that it does not know: no fault of the user's
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            _read_sheets(raw, path, _Books(path, has_formulas, stack))
    except CatalogError as error:
        raw.issues.extend(error.issues)
        raw.broken.update(TABLES)
        raw.info_broken = True
    return raw


class _Books:
    """The workbook opened for its values and, where it has formulas, for those too."""

    def __init__(self, path: Path, has_formulas: bool, stack: ExitStack) -> None:
        self.path = path
        self.values = _open(path, True, stack)
        self.formulas = _open(path, False, stack) if has_formulas else None

    def beside(self, sheet: str) -> Beside:
        """Return the merged ranges and the hidden rows and columns of a sheet.

        Raises
        ------
        CatalogError
            If the file is damaged.
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                # openpyxl keeps the part of a sheet to itself
                return beside(archive.read(self.values[sheet]._worksheet_path))
        except DAMAGE as error:
            raise CatalogError.of("damaged-workbook", Place(str(self.path), sheet)) from error

    def rows(self, sheet: str) -> Iterator[tuple[int, list[_Cell]]]:
        """Yield number and cells of the rows that have any.

        Between two filled rows there may be a million empty ones: they are passed over at once.
        """
        if self.formulas is None:
            for number, row in _rows_of(self.values[sheet]):
                if row:
                    yield number, _wide([_Cell(cell["value"], cell["data_type"], False) for cell in row], row)
            return
        for (number, row), (_, twin) in zip(
            _rows_of(self.values[sheet]), _rows_of(self.formulas[sheet]), strict=True
        ):
            if row:
                pairs = zip(row, twin, strict=True)
                cells = [_Cell(a["value"], a["data_type"], b["data_type"] == "f") for a, b in pairs]
                yield number, _wide(cells, row)


def _rows_of(worksheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield the rows of a sheet as they stand in the file, up to the last row that Excel has.

    openpyxl's own rows are as wide as their last cell says, filled or not, and leave out what stands
    in the wrong order without a word.

    Raises
    ------
    ValueError
        If rows or cells are out of order.
    """
    book = worksheet.parent
    with worksheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            worksheet._shared_strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        last = 0
        for number, cells in parser.parse():
            parser.row_dimensions.clear()
            if number > LAST_ROW:
                return
            columns = [cell["column"] for cell in cells]
            if number <= last or any(a >= b for a, b in pairwise(columns)):
                raise ValueError("rows or cells out of order")
            last = number
            yield number, cells


def _wide(cells: list[_Cell], row: list[dict[str, Any]]) -> list[_Cell]:
    """Return cells at their columns, without those that are empty at the end of the row."""
    while cells and cells[-1].value is None and not cells[-1].formula:
        cells.pop()
    if not cells or row[len(cells) - 1]["column"] == len(cells):
        return cells
    wide = [_Cell(None, "n", False)] * row[len(cells) - 1]["column"]
    for cell, at in zip(cells, row, strict=False):
        wide[at["column"] - 1] = cell
    return wide


def _open(path: Path, data_only: bool, stack: ExitStack) -> Any:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
        _mend_strings(path, book)
    except DAMAGE as error:
        raise CatalogError.of("damaged-workbook", Place(str(path))) from error
    stack.callback(book.close)
    return book


def _mend_strings(path: Path, book: Any) -> None:
    """Put back ``x005F_``, which openpyxl takes out of every shared text, also where a user wrote it."""
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.endswith(STRINGS_PART)]
        if len(parts) != 1 or b"x005F_" not in archive.read(parts[0]) or not book.worksheets:
            return
        shared = book.worksheets[0]._shared_strings  # one list for all sheets
        with archive.open(parts[0]) as part:
            for at, text in enumerate(_shared_texts(part)):
                if shared[at] != text:
                    shared[at] = text


def _shared_texts(part: IO[bytes]) -> Iterator[str]:
    """Yield the shared texts, one at a time: a hostile file has as many as memory holds."""
    text: Any = Text
    for _, node in iterparse(part):
        if node.tag.endswith("}si"):
            yield text.from_tree(node).content
            node.clear()


def _inspect(path: Path, place: Place) -> bool:
    """Refuse what is no workbook or too large; return whether any sheet may have a formula."""
    try:
        kind = path.stat()
        size = kind.st_size
        if not stat.S_ISREG(kind.st_mode):  # a device or a pipe that never ends
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise CatalogError.of("file-unreadable", place, reason=reason_of(error)) from error
    if size > MAX_FILE_MB * 1_000_000:
        raise CatalogError.of("file-too-large", place, limit=MAX_FILE_MB)
    if head.startswith(OLE_MARK):
        encrypted = ENCRYPTED_MARK in path.read_bytes()
        raise CatalogError.of("encrypted-workbook" if encrypted else "old-workbook", place)
    if not head.startswith(ZIP_MARK):
        raise CatalogError.of("not-a-workbook", place)
    return _inspect_archive(path, place)


def _inspect_archive(path: Path, place: Place) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_FILE_MB * 1_000_000:
                raise CatalogError.of("file-too-large", place, limit=MAX_FILE_MB)
            if WORKBOOK_PART not in archive.namelist():
                raise CatalogError.of("not-a-workbook", place)
            if len(parts) > MAX_PARTS or any(part.compress_type not in PACKED_AS for part in parts):
                raise CatalogError.of("damaged-workbook", place)
            return _inspect_parts(archive, parts, place)
    except DAMAGE as error:
        raise CatalogError.of("damaged-workbook", place) from error


def _inspect_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], place: Place) -> bool:
    """Refuse more cells or other things than can be read; return whether there may be formulas."""
    formulas = False
    cells = others = 0
    for one in parts:  # every part, because a sheet may lie anywhere in the archive
        part = archive.read(one)
        formulas = formulas or _may_hold_formulas(part)
        tags = part.count(b"<")
        if tags > 8 * MAX_CELLS:
            raise CatalogError.of("too-many-cells", place, limit=MAX_CELLS)
        plain = part.replace(b"\0", b"") if b"\0" in part[:4] else part
        inside = sum(1 for _ in INSIDE_CELL.finditer(plain))
        cells += sum(1 for _ in CELL.finditer(plain))
        others += tags - inside
        if cells > MAX_CELLS:
            raise CatalogError.of("too-many-cells", place, limit=MAX_CELLS)
        if sum(1 for _ in SHEET.finditer(plain)) > MAX_SHEETS:
            raise CatalogError.of("too-many-sheets", place, limit=MAX_SHEETS)
        if others > MAX_OTHERS:
            raise CatalogError.of("too-many-formats", place, limit=MAX_OTHERS)
    return formulas


def _may_hold_formulas(part: bytes) -> bool:
    return part.startswith(UTF16_MARKS) or re.search(rb"<(\w+:)?f[\s>/]", part) is not None


def _lost_sheets(path: Path, read: Iterable[str]) -> list[str]:
    """Return the sheets that a workbook lists and openpyxl passed over without a word, or mixed up."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = fromstring(archive.read(WORKBOOK_PART))
    except DAMAGE as error:
        raise CatalogError.of("damaged-workbook", Place(str(path))) from error
    listed = Counter(node.get("name", "") for node in root.iter() if node.tag.endswith("}sheet"))
    return sorted((listed - Counter(read)) + (listed - Counter(set(listed))))


def _read_sheets(raw: RawCatalog, path: Path, books: _Books) -> None:
    for worksheet in books.values.worksheets:
        _read_sheet(raw, books, worksheet.title, worksheet.sheet_state == "visible")
    for chart in books.values.chartsheets:
        raw.issues.append(_unknown_sheet(raw.place.file, chart.title))
    for title in _lost_sheets(path, books.values.sheetnames):
        raw.issues.append(Issue("damaged-workbook", Place(raw.place.file, title)))
        raw.broken.add(title)


def _unknown_sheet(file: str, title: str) -> Issue:
    values = {"value": title, "nearest": nearest(title.strip(), (INFO_SHEET, *TABLES))}
    return Issue("unknown-sheet", Place(file, title), values)


def _read_sheet(raw: RawCatalog, books: _Books, title: str, visible: bool) -> None:
    file = raw.place.file
    name = table_names().find(title)
    if not visible:
        raw.issues.append(Issue("hidden-sheet", Place(file, title), {"value": title}))
    elif title == HELP_SHEET:
        return
    elif name is None:
        raw.issues.append(_unknown_sheet(file, title))
    elif name in {*raw.tables, *raw.broken} or (name == INFO_SHEET and (raw.info or raw.info_broken)):
        raw.issues.append(Issue("table-twice", Place(file, title), {"value": title, "table": name}))
    else:
        if title not in table_names().official:
            values = {"value": title, "table": name}
            raw.issues.append(Issue("table-name-understood", Place(file, title), values))
        (_read_info if name == INFO_SHEET else _read_table)(raw, books, title, name)


def _read_table(raw: RawCatalog, books: _Books, title: str, table: str) -> None:
    try:
        raw.tables[table] = _table_of(raw.place.file, books, title, table)
    except CatalogError as error:
        raw.broken.add(table)
        raw.issues.extend(error.issues)


def _table_of(file: str, books: _Books, title: str, table: str) -> RawTable:
    """Return the table of a sheet, all rows of one width.

    Raises
    ------
    CatalogError
        If the sheet is too large, damaged, or has no header.
    """
    grid = _Grid(file, title)
    rows = grid.read(books.rows(title))
    header = find_header(table, rows)
    days = {at for at, name in enumerate(header.names) if name in DAY_COLUMNS}
    about = books.beside(title)
    sheet = Sheet(
        table,
        file,
        title,
        grid.with_days(rows, days),
        [(row, issue) for (row, index), issue in grid.faults.items() if not grid.is_day(row, index, days)],
        about.merged,
        about.hidden_rows,
        about.hidden_columns,
    )
    found = lay_out(sheet, header)
    width = max([len(found.header), *(len(cells) for _, cells in found.rows)])
    padded = tuple((number, _padded(cells, width)) for number, cells in found.rows)
    written = _padded(found.written, width) if found.written else ()
    return replace(found, header=_padded(found.header, width), written=written, rows=padded)


class _Grid:
    """A sheet on its way to text: bounded, and with a problem for each cell that has no value."""

    def __init__(self, file: str, sheet: str) -> None:
        self.file, self.sheet = file, sheet
        self.faults: dict[tuple[int, int], Issue] = {}

    def read(self, rows: Iterator[tuple[int, list[_Cell]]]) -> list[Row]:
        """Return the filled rows.

        Raises
        ------
        CatalogError
            If the sheet is too large or the file is damaged.
        """
        filled: list[Row] = []
        try:
            for number, row in rows:
                self._check_size(len(filled))
                cells = self._texts(number, row)
                if any(cell != "" for cell in cells):
                    filled.append((number, cells))
        except DAMAGE as error:
            raise CatalogError.of("damaged-workbook", Place(self.file, self.sheet)) from error
        return filled

    def with_days(self, rows: list[Row], days: Collection[int]) -> list[Row]:
        """Return the rows with the dates of the columns in which a date is meant."""
        texts = {
            at: str(issue.values["value"]) for at, issue in self.faults.items() if self.is_day(*at, days)
        }
        if not texts:
            return rows
        return [
            (number, tuple(texts.get((number, at), cell) for at, cell in enumerate(cells)))
            for number, cells in rows
        ]

    def is_day(self, row: int, index: int, days: Collection[int]) -> bool:
        """Say whether the problem of a cell is a date where a date is meant."""
        return index in days and self.faults[row, index].code == "date-in-cell"

    def _check_size(self, filled: int) -> None:
        if filled > MAX_ROWS:
            raise CatalogError.of("too-many-rows", Place(self.file, self.sheet), limit=MAX_ROWS)

    def _texts(self, number: int, row: Sequence[_Cell]) -> Cells:
        """Return the texts of a row up to its last filled cell."""
        end = len(row)
        while end and row[end - 1].value is None and not row[end - 1].formula:
            end -= 1
        if end > MAX_COLUMNS:
            raise CatalogError.of("too-many-columns", Place(self.file, self.sheet, number), limit=MAX_COLUMNS)
        return tuple(self._text(number, index, cell) for index, cell in enumerate(row[:end]))

    def _text(self, number: int, index: int, cell: _Cell) -> str | None:
        text, code = cell_text(cell.value, cell.data_type, cell.formula, "")
        if code:
            place = Place(self.file, self.sheet, number, column_letter(index))
            self.faults[number, index] = Issue(code, place, {"value": text})
            return None
        return text


def cell_text(value: Any, data_type: str, formula: bool, column: str) -> tuple[str, str | None]:
    """Return the text of a cell, and the code of what is wrong with it if anything is.

    >>> cell_text(12.0, "n", False, "theory_hours")
    ('12', None)
    >>> cell_text(True, "b", False, "essential")
    ('yes', None)
    """
    if value is None:
        # a formula whose result is an empty text has the type str; one never calculated has none
        return "", "formula-without-value" if formula and data_type != "str" else None
    if data_type == "e":
        return str(value), "error-in-cell"
    if isinstance(value, (date, time, timedelta)):
        return _date_text(value), None if column in DAY_COLUMNS else "date-in-cell"
    if isinstance(value, bool):
        return "yes" if value else "no", None
    if isinstance(value, float):
        return number_text(value), None
    return clean(ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))), None


def _date_text(value: date | time | timedelta) -> str:
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    return str(value) if isinstance(value, timedelta) else value.isoformat()


def _padded(cells: tuple[Any, ...], width: int) -> tuple[Any, ...]:
    return (*cells, *[""] * (width - len(cells)))


def _read_info(raw: RawCatalog, books: _Books, title: str, table: str) -> None:
    try:
        found = _table_of(raw.place.file, books, title, table)
    except CatalogError as error:
        raw.info_broken = True
        raw.issues.extend(error.issues)
        return
    place = found.place()
    faults = [issue for _, issue in found.faults]
    missing = [
        Issue("missing-column", found.place(found.header_row), {"column": name})
        for name in INFO_HEADER
        if name not in found.header
    ]
    raw.issues += [*found.notes, *faults, *missing]
    raw.info_broken = bool(missing or faults)
    if not missing:
        raw.info = _info_of(raw, place, _pairs(found.header, found.rows))


def _pairs(header: tuple[str, ...], rows: Iterable[Row]) -> Iterator[tuple[str, str, int, str]]:
    """Yield key, value, row and column of the information about the catalog."""
    key, value = (header.index(name) for name in INFO_HEADER)
    names = info_keys()
    for number, cells in rows:
        if cells[key]:
            text = str(cells[key])
            yield names.find(text) or text, cells[value] or "", number, column_letter(value)


def _info_of(raw: RawCatalog, place: Place, pairs: Iterable[tuple[str, str, int, str]]) -> RawInfo:
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for key, text, row, column in pairs:
        cell = Place(place.file, place.sheet, row, column)
        if key in LIST_KEYS:
            values[key] = [*values.get(key, ()), *([text] if text else [])]
        elif key in values:
            raw.issues.append(Issue("duplicate-info", cell, {"value": key}))
        else:
            values[key] = _typed(key, text)
        places.setdefault(key, cell)
    return RawInfo(values, places, place)


def _typed(key: str, text: str) -> object:
    """Give a text of the sheet the type that catalog.toml would have."""
    if key in {"illustrative", "classification"}:
        return {"yes": True, "no": False, "true": True, "false": False}.get(text.casefold(), text)
    return int(text) if key == "schema" and text.isascii() and text.isdigit() else text


@dataclass(frozen=True)
class GridCell:
    """A filled cell of any sheet.

    Parameters
    ----------
    value : str, float or None
        Its text, or its number; a date as ISO text; None where nobody can tell.
    formula : bool
        Whether it is a formula; then `value` is its result as the program that saved it wrote it.
    problem : str or None
        The code of what is wrong with it: a formula that was never calculated, an error value.
    """

    value: str | float | None
    formula: bool = False
    problem: str | None = None


@dataclass(frozen=True)
class SheetGrid:
    """A sheet: its filled cells by row (from 1, as Excel counts) and column (from 0)."""

    name: str
    rows: dict[int, dict[int, GridCell]]

    def place(self, file: str, row: int | None = None, column: int | None = None) -> Place:
        """Return the place of the sheet, of a row, or of a cell."""
        return Place(file, self.name, row, None if column is None else column_letter(column))


def read_sheets(path: Path, label: str | None = None) -> tuple[SheetGrid, ...]:
    """Read every cell of every sheet of a workbook that may come from anywhere.

    Parameters
    ----------
    label : str, optional
        What places call the file; by default the path as given.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, encrypted, or too large.
    """
    place = Place(label if label is not None else str(path))
    has_formulas = _inspect(path, place)
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        books = _Books(path, has_formulas, stack)
        lost = _lost_sheets(path, books.values.sheetnames)
        if lost:
            raise CatalogError(Issue("damaged-workbook", Place(place.file, title)) for title in lost)
        return tuple(_grid_of(books, place.file, sheet.title) for sheet in books.values.worksheets)


def _grid_of(books: _Books, file: str, title: str) -> SheetGrid:
    rows: dict[int, dict[int, GridCell]] = {}
    try:
        for number, row in books.rows(title):
            if len(rows) > MAX_ROWS:
                raise CatalogError.of("too-many-rows", Place(file, title), limit=MAX_ROWS)
            filled = {at: _grid_cell(cell) for at, cell in enumerate(row) if _is_filled(cell)}
            if filled and max(filled) >= MAX_COLUMNS:
                raise CatalogError.of("too-many-columns", Place(file, title, number), limit=MAX_COLUMNS)
            if filled:
                rows[number] = filled
    except DAMAGE as error:
        raise CatalogError.of("damaged-workbook", Place(file, title)) from error
    return SheetGrid(title, rows)


def _is_filled(cell: _Cell) -> bool:
    return cell.formula or (cell.value is not None and cell.value != "")


def _grid_cell(cell: _Cell) -> GridCell:
    text, problem = cell_text(cell.value, cell.data_type, cell.formula, DAY_COLUMNS[0])
    if cell.value is None or problem is not None:
        return GridCell(None, cell.formula, problem)
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return GridCell(float(cell.value) if is_number else text, cell.formula)


def has_notes(path: Path) -> bool:
    """Say whether a workbook that was read has notes or comment threads beside its cells."""
    with zipfile.ZipFile(path) as archive:
        return any(re.search(r"comments?\d*\.xml$", name, re.IGNORECASE) for name in archive.namelist())
