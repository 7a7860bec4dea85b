"""A workbook opened with openpyxl: cells of sheets, and what stands beside them.

What sheets say about their own size is not believed, and openpyxl is not to speak to anybody.
"""

from __future__ import annotations

import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import (  # type: ignore[attr-defined]
    DATA_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
    _cast_number,
)
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from curriplan.base.errors import CatalogError, Place
from curriplan.catalog.reading.archive import DAMAGE, damage
from curriplan.catalog.reading.cells import AMOUNT, LOST_TEXT, MOST_MERGED, ODD, Beside, Cell, is_odd
from curriplan.catalog.reading.decoding import UTF16_MARKS
from curriplan.catalog.reading.raw import LAST_COLUMN, LAST_ROW, MAX_COLUMNS, Area
from curriplan.catalog.reading.safe_xml import iterparse

MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref\s*=\s*[\"']([^\"'<>]*)")
HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s([^<>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^<>]*)>")
NUMBER = re.compile(rb"\b(r|min|max)\s*=\s*[\"'](\d{1,9})[\"']")


def beside(part: bytes) -> Beside:
    """Return what the XML of a sheet says beside its cells.

    >>> found = beside(b'<col min="2" max="3" hidden="1"/><row r="7" hidden="1"><mergeCell ref="A2:A5"/>')
    >>> [str(area) for area in found.merged], set(found.hidden_rows), sorted(found.hidden_columns)
    (['A2:A5'], {7}, [1, 2])
    """
    if part.startswith(UTF16_MARKS):
        part = part.decode("utf-16", errors="replace").encode()
    rows: set[int] = set()
    columns: set[int] = set()
    for found in HIDDEN.finditer(part):
        numbers = {name: int(value) for name, value in NUMBER.findall(found[2])}
        if found[1] == b"row":
            rows.add(numbers.get(b"r", 0))
        else:
            first = numbers.get(b"min", 1)
            columns.update(range(first - 1, min(numbers.get(b"max", first), MAX_COLUMNS)))
    return Beside(tuple(_areas(part)), frozenset(rows), frozenset(columns))


def _areas(part: bytes) -> Iterator[Area]:
    for found in islice(MERGED.finditer(part), MOST_MERGED + 1):
        try:
            left, top, right, bottom = range_boundaries(found[1].decode("ascii", errors="replace"))
        except ValueError:
            continue
        yield Area(top or 1, bottom or LAST_ROW, (left or 1) - 1, (right or LAST_COLUMN) - 1)


STRING_TAG, TEXT_TAG, RUN_TAG = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "r"))


@contextmanager
def opened(path: Path) -> Iterator[OpenWorkbook]:
    """Open a workbook that `curriplan.catalog.reading.archive.inspect` has let through.

    openpyxl warns of every extension of Excel that it does not know, and prints what it makes of damaged
    formats: no fault of the user, and no result of a command.
    """
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(redirect_stdout(StringIO()))
        yield OpenWorkbook(path, stack)


class OpenWorkbook:
    """An open workbook."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.path = path
        self.workbook = _open(path, stack)

    def beside(self, sheet: str) -> Beside:
        """Return the merged ranges and the hidden rows and columns of a sheet.

        Raises
        ------
        CatalogError
            If the file is damaged, or has more merged ranges than anybody makes.
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                # openpyxl keeps the part of a sheet to itself
                found = beside(archive.read(self.workbook[sheet]._worksheet_path))
        except DAMAGE as error:
            raise damage(error, Place(str(self.path), sheet)) from error
        if len(found.merged) > MOST_MERGED:
            raise CatalogError.of("too-many-formats", Place(str(self.path), sheet), limit=MOST_MERGED)
        return found

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """Yield number and cells of the rows that have any.

        Between two filled rows there may be a million empty ones: they are passed over at once.
        """
        for number, columns, cells in _rows_of(self.workbook[sheet]):
            if cells:
                yield number, _wide(cells, columns)


MOST_DIGITS = 9
"""Of the number of a shared text, and of a row."""
DIGITS = "0123456789"
MOST_PLAIN = 40
"""Letters of a number that no program writes longer."""


class _Parser(WorkSheetParser):
    """Rows of a sheet: results of formulas, and whether there is a formula. The rest is not looked at."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._columns: dict[str, int] = {}
        """Columns by their letters, as openpyxl understood them before."""
        self._plain: set[str | None] = set()
        """Formats, as they stand in the file, that are no dates."""

    def rows(self) -> Iterator[tuple[int, list[tuple[int, Cell]]]]:
        source: Any = self.source
        after_rows = False
        for element in iterparse(source):
            if element.tag == ROW_TAG:
                row: Any = element
                found: Any = self.parse_row(row)
                yield found
                element.clear()
            elif after_rows or element.tag == DATA_TAG:
                after_rows = True
                element.clear()

    def parse_cell(self, element: Element) -> Any:
        """Return column and contents of a cell; what is not plain is left to openpyxl."""
        address = element.get("r", "")
        letters = address.rstrip(DIGITS)
        column = self._columns.get(letters)
        if column and element.get("s") in self._plain and 0 < len(address) - len(letters) <= MOST_DIGITS:
            cell = self._plain_cell(element)
            if cell is not None:
                self.col_counter = column
                return column, cell
        return self._any_cell(element)

    def _plain_cell(self, element: Element) -> Cell | None:
        """Understand an empty cell, a number, a text, or the result of a formula; None for anything else."""
        data_type = element.get("t", "n")
        if not len(element):
            return Cell(None, data_type, False)
        first, last = element[0], element[-1]
        formula = first.tag == FORMULA_TAG
        text = last.text if last.tag == VALUE_TAG and len(element) == 1 + formula else None
        if text and data_type == "n" and len(text) <= MOST_PLAIN and AMOUNT.fullmatch(text):
            value = _cast_number(text)
            return Cell(value, data_type, formula) if math.isfinite(value) else None
        if text and data_type == "str":
            return Cell(text, "s", formula)
        if text and data_type == "s" and self._is_shared(text):
            texts: Any = self.shared_strings
            return Cell(texts[int(text)], data_type, formula)
        is_text = data_type == "inlineStr" and first.tag == INLINE_STRING and len(element) == len(first) == 1
        if is_text and first[0].tag == TEXT_TAG and first[0].text is not None:
            return Cell(first[0].text, "s", False)
        return None

    def _any_cell(self, element: Element) -> tuple[int, Cell]:
        fault, text = self._fault(element)
        if fault:
            element.set("t", "str")
        cell: dict[str, Any] = super().parse_cell(element)
        formula = element.find(FORMULA_TAG) is not None
        column = int(cell["column"])
        # Here openpyxl found no fault with them.
        letters = element.get("r", "").rstrip(DIGITS)
        if letters.isascii() and letters.isalpha():
            self._columns[letters] = column
        if cell["style_id"] not in self.date_formats:
            self._plain.add(element.get("s"))
        if fault:
            return column, Cell(text, fault, formula)
        return column, Cell(cell["value"], cell["data_type"], formula)

    def _fault(self, element: Element) -> tuple[str, str]:
        """Return the type of a cell that cannot be understood, empty for any other, and what stands there."""
        data_type, text = element.get("t", "n"), element.findtext(VALUE_TAG, "")
        if not text:
            return "", ""
        if data_type == "s":  # Python would count -1 from the end
            return "" if self._is_shared(text) else LOST_TEXT, text
        return ODD if is_odd(data_type, text) else "", text

    def _is_shared(self, number: str) -> bool:
        texts: Any = self.shared_strings
        is_one = number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS
        return is_one and int(number) < len(texts)


def _rows_of(worksheet: Any) -> Iterator[tuple[int, list[int], list[Cell]]]:
    """Yield number, columns and cells of rows as they stand in the file, up to the last row that Excel has.

    openpyxl's own rows are as wide as their last cell says, filled or not, and leave out what stands
    in the wrong order without a word.

    Raises
    ------
    ValueError
        If rows or cells are out of order.
    """
    book = worksheet.parent
    with worksheet._get_source() as source:
        parser = _Parser(
            source,
            worksheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        last = 0
        for number, cells in parser.rows():
            parser.row_dimensions.clear()
            if number > LAST_ROW:
                return
            columns = [column for column, _ in cells]
            if number <= last or columns != sorted(set(columns)):
                raise ValueError("rows or cells out of order")
            last = number
            yield number, columns, [cell for _, cell in cells]


def _wide(cells: list[Cell], columns: list[int]) -> list[Cell]:
    """Return cells at their columns, without those that are empty at the end of the row."""
    while cells and cells[-1].value is None and not cells[-1].formula:
        cells.pop()
    if not cells or columns[len(cells) - 1] == len(cells):
        return cells
    wide = [Cell(None, "n", False)] * columns[len(cells) - 1]
    for cell, column in zip(cells, columns, strict=False):
        wide[column - 1] = cell
    return wide


class _Sheet(ReadOnlyWorksheet):
    """A sheet that is not asked for its size."""

    def _get_size(self) -> None:
        pass


class _LeanReader(ExcelReader):
    """Sheets by name, shared texts as they stand in the file, and which formats are dates."""

    def read_strings(self) -> None:
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as stream:
                self.shared_strings = list(_shared_texts(stream))

    def read_worksheets(self) -> None:
        workbook: Any = self.wb
        sheet: Any
        for sheet, relation in self.parser.find_sheets():
            if relation.target not in self.valid_files:
                continue
            if "chartsheet" in relation.Type:
                self.read_chartsheet(sheet, relation)
                continue
            found = _Sheet(workbook, sheet.name, relation.target, self.shared_strings)
            found.sheet_state = sheet.state
            workbook._sheets.append(found)
        # Nobody asks for names; for one of printed rows openpyxl takes the square of its length.
        self.parser.assign_names = _no_names  # type: ignore[method-assign]


def _no_names() -> None:
    """Take no names from a workbook."""


def _open(path: Path, stack: ExitStack) -> Any:
    try:
        reader = _LeanReader(path, read_only=True, keep_vba=False, data_only=True, keep_links=False)
        reader.read()
    except DAMAGE as error:
        raise damage(error, Place(str(path))) from error
    stack.callback(reader.wb.close)
    return reader.wb


def _shared_texts(stream: IO[bytes]) -> Iterator[str]:
    """Yield the shared texts; unlike openpyxl, also the ``x005F_`` in them that a user wrote."""
    for node in iterparse(stream):
        if node.tag == STRING_TAG:
            plain = [part.text or "" for part in node.iterfind(TEXT_TAG)][-1:]
            yield "".join((*plain, *(run.findtext(TEXT_TAG, "") for run in node.iterfind(RUN_TAG))))
            node.clear()
