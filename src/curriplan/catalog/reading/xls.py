"""A workbook of Excel 97 to 2003 (.xls, BIFF8): cells of sheets, and what stands beside them.

Records are read by their lengths alone, each once, and only those that hold cells, texts, formats, merged
ranges and what is hidden: no formula, name, picture or macro is looked into. What records say about counts
is not believed. docs/hostile-input.md says why no other reader is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from struct import error as struct_error
from struct import pack, unpack, unpack_from
from typing import Any, NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from curriplan.base.errors import CatalogError, Place
from curriplan.catalog.reading.archive import DAMAGE, MAX_OTHERS, MAX_SHEETS
from curriplan.catalog.reading.cells import LITERAL, LOST_TEXT, MOST_MERGED, Beside, Cell
from curriplan.catalog.reading.contents import contents_of
from curriplan.catalog.reading.grids import SheetGrid, grid_row
from curriplan.catalog.reading.ole import CompoundFile
from curriplan.catalog.reading.raw import MAX_CELLS, MAX_ROWS, Area
from curriplan.catalog.reading.record_texts import RecordTexts, continued

BOF, EOF, FILEPASS = 0x0809, 0x000A, 0x002F
BOUNDSHEET, DATEMODE, FORMAT, XF, SST = 0x0085, 0x0022, 0x041E, 0x00E0, 0x00FC
ROW, COLINFO, MERGED = 0x0208, 0x007D, 0x00E5
NUMBER, RK, MULRK, LABELSST, LABEL, RSTRING, BOOLERR = 0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6, 0x0205
FORMULAS, STRING, BLANK, MULBLANK = (0x0006, 0x0206, 0x0406), 0x0207, 0x0201, 0x00BE
BIFF8 = 0x0600
OLD_BOFS = (0x0009, 0x0209, 0x0409)
"""How a workbook of Excel 2 to 4 begins."""
WORKSHEET = 0
DEFAULT_HIDDEN = 0x20
"""In the flags of a row: its height is none."""
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
XLS_DAMAGE = (*DAMAGE, struct_error)


class BiffRecord(NamedTuple):
    """A record of the stream: its kind, its bytes, and where the next one begins."""

    kind: int
    data: bytes
    end: int


@dataclass
class _Listed:
    """A sheet as the workbook lists it."""

    name: str
    at: int
    hidden: bool


@dataclass
class _OldWorkbook:
    """What holds for all sheets."""

    stream: bytes
    place: Place
    sheets: list[_Listed] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    cell_formats: list[int] = field(default_factory=list)
    epoch: Any = WINDOWS_EPOCH
    cells: int = 0
    others: int = 0
    read: int = 0

    def records(self, at: int) -> Iterator[BiffRecord]:
        """Yield the records from one place on.

        Raises
        ------
        ValueError
            If the last one is cut off, or sheets share their records.
        CatalogError
            If there are more than any workbook has.
        """
        stream = self.stream
        while at + 4 <= len(stream):
            kind, length = unpack_from("<HH", stream, at)
            end = at + 4 + length
            self.read += end - at
            if end > len(stream) or self.read > len(stream):
                raise ValueError("records cut off, or read twice")
            yield BiffRecord(kind, stream[at + 4 : end], end)
            at = end
        raise ValueError("no end of the records")

    def count_cells(self, count: int) -> None:
        """Count cells, and refuse too many."""
        self.cells += count
        if self.cells > MAX_CELLS:
            raise CatalogError.of("too-many-cells", self.place, limit=MAX_CELLS)

    def count_other(self) -> None:
        """Count what is no cell, and refuse too much of it."""
        self.others += 1
        if self.others > MAX_OTHERS:
            raise CatalogError.of("too-many-formats", self.place, limit=MAX_OTHERS)


def read_xls(path: Path, place: Place) -> tuple[SheetGrid, ...]:
    """Read every cell of every sheet of a compound file that `regular_size` has let through.

    Raises
    ------
    CatalogError
        If it is no workbook, of Excel 95 or older, damaged, encrypted, or too large.
    """
    sheet = None
    try:
        book = _OldWorkbook(_stream_of(path, place), place)
        _read_globals(book)
        found = []
        for sheet in book.sheets:
            found.append(_read_sheet(book, sheet))
        return tuple(found)
    except XLS_DAMAGE as error:
        where = Place(place.file, sheet.name) if sheet is not None else place
        raise CatalogError.of("damaged-workbook", where) from error


def _stream_of(path: Path, place: Place) -> bytes:
    file = CompoundFile(path.read_bytes())
    streams = {name.casefold(): number for name, number in file.top().items()}
    if "workbook" in streams:
        return file.stream(streams["workbook"])
    if "book" in streams:
        raise CatalogError.of("very-old-workbook", place)
    raise CatalogError.of("not-a-workbook", place, contents=contents_of(path))


def _read_globals(book: _OldWorkbook) -> None:
    """Read what holds for all sheets."""
    records = book.records(0)
    first = next(records)
    if first.kind != BOF or unpack_from("<H", first.data)[0] != BIFF8:
        old = first.kind in {BOF, *OLD_BOFS}
        raise CatalogError.of("very-old-workbook" if old else "damaged-workbook", book.place)
    for record in records:
        book.count_other()
        if record.kind == EOF:
            return
        if record.kind == FILEPASS:
            raise CatalogError.of("encrypted-workbook", book.place)
        _read_global(book, record)


def _read_global(book: _OldWorkbook, record: BiffRecord) -> None:
    data = record.data
    if record.kind == BOUNDSHEET:
        at, state, kind = unpack_from("<IBB", data)
        if kind == WORKSHEET:
            book.sheets.append(_Listed(RecordTexts([data[6:]]).text(1), at, bool(state & 3)))
        if len(book.sheets) > MAX_SHEETS:
            raise CatalogError.of("too-many-sheets", book.place, limit=MAX_SHEETS)
    elif record.kind == DATEMODE and unpack_from("<H", data)[0] == 1:
        book.epoch = MAC_EPOCH
    elif record.kind == FORMAT:
        book.formats[unpack_from("<H", data)[0]] = RecordTexts([data[2:]]).text(2)
    elif record.kind == XF:
        book.cell_formats.append(unpack_from("<2H", data)[1])
    elif record.kind == SST:
        book.texts = _shared_texts(book, record)


def _shared_texts(book: _OldWorkbook, record: BiffRecord) -> list[str]:
    texts = RecordTexts([record.data[8:], *continued(book.stream, record.end)])
    (count,) = unpack_from("<I", record.data, 4)
    book.count_cells(count)
    return [texts.text(2) for _ in range(count)]


@dataclass
class _OldSheet:
    """A sheet on its way: cells by row and column, both from 0."""

    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Keep a cell, which no other record may have given.

        Raises
        ------
        ValueError
            If another record gave it.
        """
        cells = self.cells.setdefault(row, {})
        if column in cells:
            raise ValueError("cell twice")
        cells[column] = cell


def _read_sheet(book: _OldWorkbook, listed: _Listed) -> SheetGrid:
    records = book.records(listed.at)
    if next(records).kind != BOF:
        raise ValueError("no sheet where one is listed")
    sheet = _OldSheet()
    depth = 1  # a chart within the sheet has a beginning and an end of its own
    waiting: tuple[int, int] | None = None
    for record in records:
        depth += (record.kind == BOF) - (record.kind == EOF)
        if not depth:
            break
        if depth == 1:
            waiting = _read_record(book, sheet, record, waiting)
        else:
            book.count_other()
    return _grid_of(book, listed, sheet)


def _read_record(
    book: _OldWorkbook, sheet: _OldSheet, record: BiffRecord, waiting: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Read a record of a sheet; return the place of a formula whose text follows in a record of its own."""
    kind, data = record.kind, record.data
    if kind == STRING and waiting is not None:
        text = RecordTexts([data, *continued(book.stream, record.end)]).text(2)
        row, column = waiting
        sheet.cells[row][column] = Cell(text, LITERAL, True) if text else Cell(None, "str", True)
        return None
    if kind in {BLANK, MULBLANK}:
        book.count_cells(1 if kind == BLANK else max(len(data) - 6, 0) // 2)
    elif kind == MULRK:
        row, first = unpack_from("<2H", data)
        book.count_cells((len(data) - 6) // 6)
        for at in range((len(data) - 6) // 6):
            cell_format, number = unpack_from("<HI", data, 4 + 6 * at)
            sheet.put(row, first + at, _number(book, _short_number(number), cell_format))
    elif kind in CELLS:
        book.count_cells(1)
        row, column, cell_format = unpack_from("<3H", data)
        sheet.put(row, column, CELLS[kind](book, data, cell_format))
        if kind in FORMULAS:
            return row, column
    else:
        book.count_other()
        _read_beside(book, sheet, kind, data)
    return waiting


def _read_beside(book: _OldWorkbook, sheet: _OldSheet, kind: int, data: bytes) -> None:
    if kind == ROW:
        row, flags = unpack_from("<H10xH", data)
        if flags & DEFAULT_HIDDEN:
            sheet.hidden_rows.add(row + 1)
    elif kind == COLINFO:
        first, last, _, _, flags = unpack_from("<5H", data)
        if flags & 1:
            sheet.hidden_columns.update(range(first, min(last, 255) + 1))
    elif kind == MERGED:
        for at in range(2, len(data) - 7, 8):
            top, bottom, left, right = unpack_from("<4H", data, at)
            if top <= bottom and left <= right:
                sheet.merged.append(Area(top + 1, bottom + 1, left, right))
        if len(sheet.merged) > MOST_MERGED:
            raise CatalogError.of("too-many-formats", book.place, limit=MOST_MERGED)


def _text_cell(_: _OldWorkbook, data: bytes, __: int) -> Cell:
    text = RecordTexts([data[6:]]).text(2)
    return Cell(text, LITERAL, False)


def _shared_cell(book: _OldWorkbook, data: bytes, _: int) -> Cell:
    (number,) = unpack_from("<I", data, 6)
    if number >= len(book.texts):
        return Cell(str(number), LOST_TEXT, False)
    return Cell(book.texts[number], LITERAL, False)


def _number_cell(book: _OldWorkbook, data: bytes, cell_format: int) -> Cell:
    return _number(book, unpack_from("<d", data, 6)[0], cell_format)


def _short_cell(book: _OldWorkbook, data: bytes, cell_format: int) -> Cell:
    return _number(book, _short_number(unpack_from("<I", data, 6)[0]), cell_format)


def _truth_cell(_: _OldWorkbook, data: bytes, __: int) -> Cell:
    return _truth_or_error(data[6], bool(data[7]), False)


def _formula_cell(book: _OldWorkbook, data: bytes, cell_format: int) -> Cell:
    """Return the stored result of a formula; where it is a text, that stands in the next record."""
    if unpack_from("<H", data, 12)[0] != 0xFFFF:
        return _number(book, unpack_from("<d", data, 6)[0], cell_format, formula=True)
    if data[6] in {1, 2}:
        return _truth_or_error(data[8], data[6] == 2, True)
    return Cell(None, "str" if data[6] == 3 else "n", True)


CELLS = {
    NUMBER: _number_cell,
    RK: _short_cell,
    LABELSST: _shared_cell,
    LABEL: _text_cell,
    RSTRING: _text_cell,
    BOOLERR: _truth_cell,
    **dict.fromkeys(FORMULAS, _formula_cell),
}


def _truth_or_error(value: int, is_error: bool, formula: bool) -> Cell:
    if is_error:
        return Cell(ERRORS.get(value, "#VALUE!"), "e", formula)
    return Cell(bool(value), "b", formula)


def _short_number(number: int) -> float:
    """Return a number out of its 30 bits: a whole one, or the front of one with a point, or hundredths."""
    whole = number >> 2 if number < 1 << 31 else (number >> 2) - (1 << 30)
    value = float(whole) if number & 2 else unpack("<d", pack("<II", 0, number & 0xFFFFFFFC))[0]
    return value / 100 if number & 1 else value


def _number(book: _OldWorkbook, value: float, cell_format: int, *, formula: bool = False) -> Cell:
    if not math.isfinite(value):
        return Cell(ERRORS[36], "e", formula)
    number = book.cell_formats[cell_format] if cell_format < len(book.cell_formats) else 0
    text = book.formats.get(number) or BUILTIN_FORMATS.get(number, "")
    if not is_date_format(text):
        return Cell(value, "n", formula)
    try:
        return Cell(from_excel(value, book.epoch, timedelta=is_timedelta_format(text)), "d", formula)
    except (OverflowError, ValueError):
        return Cell("#VALUE!", "e", formula)


def _grid_of(book: _OldWorkbook, listed: _Listed, sheet: _OldSheet) -> SheetGrid:
    place = Place(book.place.file, listed.name)
    if len(sheet.cells) > MAX_ROWS:
        raise CatalogError.of("too-many-rows", place, limit=MAX_ROWS)
    rows = {
        row + 1: filled
        for row in sorted(sheet.cells)  # taken out one by one: never are there twice as many cells
        if (filled := grid_row(place, row + 1, sorted(sheet.cells.pop(row).items())))
    }
    about = Beside(tuple(sheet.merged), frozenset(sheet.hidden_rows), frozenset(sheet.hidden_columns))
    return SheetGrid(listed.name, rows, listed.hidden, about)
