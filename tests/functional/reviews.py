"""Fill in the Review sheet of a workbook as a reviewer would, and move things about as reviewers do."""

from __future__ import annotations

import base64
import copyreg
import hashlib
import json
import pickle
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.packaging.relationship import RelationshipList
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.table import TableList
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from curriplan.plan.carried import CARRIED_SCHEMA
from curriplan.texts.words import Words
from workbooks.office import saved_again
from workbooks.package import Package

PLAN = ("", "")
"""The row of the whole plan, where rows are named by programme and module."""
COLUMNS = {
    "programme": "column.programme",
    "index": "column.index",
    "term": "column.term_number",
    "decision": "column.review_decision",
    "semester": "column.pinned_term",
    "comment": "column.comment",
    "reviewer": "column.reviewer",
    "date": "column.review_date",
    "key": "column.review_key",
}
Row = tuple[str, str]
Filled = Mapping[Row, Mapping[str, Any]]


@dataclass
class Review:
    """An open workbook and where things stand on its Review sheet."""

    book: Any
    sheet: Any
    header: int
    columns: dict[str, int]
    rows: dict[Row, int]
    free: list[int]
    """Rows in which modules can be asked for."""

    def cell(self, row: Row, column: str) -> Any:
        return self.sheet.cell(self.rows[row], self.columns[column])

    def address(self, row: Row, column: str) -> str:
        return str(self.cell(row, column).coordinate)


def _with_tables(tables: list[Any]) -> TableList:
    found = TableList()
    for one in tables:
        found.add(one)
    return found


# Pickled as any other dictionary, it would come back with the cells of its tables instead of these.
copyreg.pickle(TableList, lambda one: (_with_tables, (list(one.values()),)))


@lru_cache(8)
def _pickled(content: bytes) -> bytes:
    """Open a workbook: it is opened a hundred times, and comes out of a pickle ten times as fast."""
    # Nobody looks at the borders of merged cells, which cost most of the time of opening; what they cover
    # is empty already.
    with (
        mock.patch.multiple(MergedCellRange, format=mock.DEFAULT, _get_borders=mock.DEFAULT),
        mock.patch.object(Worksheet, "_clean_merge_range"),
    ):
        return pickle.dumps(openpyxl.load_workbook(BytesIO(content)))


@lru_cache(8)
def _sheets_written(content: bytes) -> dict[str, tuple[Standing, bytes]]:
    """How each sheet of a workbook stands, and what openpyxl writes of it, where it has no drawings."""
    book = pickle.loads(_pickled(content))
    standing = {sheet.title: _standing(sheet) for sheet in book.worksheets}
    stream = BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as package:
        return {
            sheet.title: (standing[sheet.title], package.read(sheet.path[1:]))
            for sheet in book.worksheets
            if not (sheet._rels or sheet._drawing or sheet._comments or sheet._tables)
        }


Standing = tuple[object, ...]


def _standing(sheet: Any) -> Standing:
    """What reviewers change of a sheet: its cells with their styles, and how its rows and columns stand."""
    cells = [(at, c._value, c.data_type, c._style, c.comment, c.hyperlink) for at, c in sheet._cells.items()]
    sizes = [
        (key, one.hidden, one.width if of is sheet.column_dimensions else one.height)
        for of in (sheet.row_dimensions, sheet.column_dimensions)
        for key, one in of.items()
    ]
    return cells, sizes, sorted(map(str, sheet.merged_cells.ranges)), sheet.sheet_state


def _save(review: Review, content: bytes, target: Path) -> None:
    """Save a workbook; of the sheets that stand as they were opened, what openpyxl writes is known."""
    known = _sheets_written(content)

    def write(writer: ExcelWriter, sheet: Any) -> None:
        standing, written = known.get(sheet.title, (None, b""))
        if sheet is review.sheet or standing is None or _standing(sheet) != standing:
            write_anew(writer, sheet)
            return
        sheet._drawing, sheet._rels = None, RelationshipList()
        writer._archive.writestr(sheet.path[1:], written)  # type: ignore[attr-defined]
        writer.manifest.append(sheet)  # type: ignore[attr-defined]

    write_anew = ExcelWriter.write_worksheet
    with mock.patch.object(ExcelWriter, "write_worksheet", write):
        review.book.save(target)


_seen: set[bytes] = set()


def opened(path: Path, language: str) -> Review:
    texts = Words(language)
    book = pickle.loads(_pickled(path.read_bytes()))
    sheet = book[texts("sheet.review")]
    wanted = {texts(key): name for name, key in COLUMNS.items()}
    header = next(row for row in sheet.iter_rows() if texts("column.review_key") in [c.value for c in row])
    columns = {wanted[cell.value]: cell.column for cell in header if cell.value in wanted}
    rows: dict[Row, int] = {}
    free = []
    for number in range(header[0].row + 1, sheet.max_row + 1):
        if sheet.cell(number, columns["key"]).value:
            found = [sheet.cell(number, columns[name]).value or "" for name in ("programme", "index")]
            rows[found[0], found[1]] = number
        else:
            free.append(number)
    return Review(book, sheet, header[0].row, columns, rows, free)


@lru_cache(8)
def _places(content: bytes, language: str) -> tuple[str, dict[Row, int], dict[str, str]]:
    """Return the part of the Review sheet, the row of each module, and the letters of each column."""
    texts = Words(language)
    sheet = Package(content).sheets[texts("sheet.review")]
    cells = {place: cell.value or "" for place, cell in sheet.cells.items()}
    header = next(row for (row, _), value in cells.items() if value == texts("column.review_key"))
    wanted = {texts(key): name for name, key in COLUMNS.items()}
    columns = {wanted[value]: at for (row, at), value in cells.items() if row == header and value in wanted}
    rows = {
        (cells.get((row, columns["programme"]), ""), cells.get((row, columns["index"]), "")): row + 1
        for row, at in cells
        if row > header and at == columns["key"] and cells[row, at]
    }
    return sheet.part, rows, {name: get_column_letter(at + 1) for name, at in columns.items()}


def _typed(content: bytes, filled: Filled, language: str) -> bytes | None:
    """Return a workbook with texts and numbers typed in; None where a cell or a value is no plain one."""
    part, rows, columns = _places(content, language)
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for one in old.infolist():
            data = old.read(one)
            if one.filename == part:
                for row, values in filled.items():
                    for column, value in values.items():
                        cell, written = _cell(f"{columns[column]}{rows[row]}"), _written(value)
                        styles = cell.findall(data)
                        if len(styles) != 1 or written is None:
                            return None
                        data = data.replace(styles[0][0], styles[0][1] + written)
            new.writestr(one.filename, data)
    return stream.getvalue()


def _cell(address: str) -> re.Pattern[bytes]:
    """Return what finds a cell without a formula: all of it, and its address and style."""
    opening = rf'<c r="{address}"(?: s="\d+")?'
    return re.compile(rf'(({opening})(?: t="\w+")?(?:/>|>(?:(?!<f|</c>).)*</c>))'.encode())


def _written(value: Any) -> bytes | None:
    """Return what stands in the XML of a cell behind its address and style."""
    if value is None:
        return b"/>"
    if type(value) is int:
        return b"><v>%d</v></c>" % value
    if isinstance(value, str) and not value.startswith("=") and value.isprintable():
        text = escape(value).encode()
        return b' t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % text
    return None


def fill(
    path: Path,
    target: Path,
    filled: Filled,
    language: str = "en",
    change: Callable[[Review], object] | None = None,
) -> Path:
    """Write decisions and comments, then change what else is asked for, and save under another name.

    What is only typed in is written into the XML of the sheet, as everything else would stay in Excel; with
    changes, openpyxl saves the workbook.
    """
    if change is None:
        typed = _typed(path.read_bytes(), filled, language)
        if typed is not None:
            target.write_bytes(typed)
            return target
    review = opened(path, language)
    for row, values in filled.items():
        for column, value in values.items():
            review.cell(row, column).value = value
    if change is not None:
        change(review)
    content = path.read_bytes()
    digest = hashlib.sha256(content).digest()
    if digest in _seen:
        _save(review, content, target)
    else:  # perhaps nothing is filled in there a second time
        _seen.add(digest)
        review.book.save(target)
    return target


def ask(review: Review, **values: Any) -> int:
    """Ask for a module in the first free row, and return its number."""
    row = review.free.pop(0)
    for column, value in values.items():
        review.sheet.cell(row, review.columns[column]).value = value
    return row


SHEETS_READ = "curriplan.api.review.read.read_sheets"
"""What reads the cells of a review, to be patched with what follows."""


SHARED = ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml")
"""Parts that say what the cells of all sheets mean."""


def reading_once(most: int, most_sheets: int = 200) -> Callable[..., Any]:
    """Return what reads a review, and remembers so many: the same bytes under the same path.

    Of sheets whose parts are the same, more are remembered: mostly, only the Review sheet is another.
    """
    from curriplan.catalog.reading import grids

    of_sheet = grids._grid_of
    sheets: dict[tuple[str, bytes, bool], Any] = {}

    def grid(book: Any, file: str, sheet: Any, with_beside: bool) -> Any:
        digest = hashlib.sha256()
        with zipfile.ZipFile(book.path) as package:
            names = {sheet._worksheet_path, *SHARED}.intersection(package.namelist())
            for name in sorted(names):
                digest.update(f"{name} {package.getinfo(name).file_size} ".encode() + package.read(name))
        key = sheet.title, digest.digest(), with_beside
        if key not in sheets:
            if len(sheets) >= most_sheets:
                del sheets[next(iter(sheets))]
            sheets[key] = of_sheet(book, file, sheet, with_beside)
        return sheets[key]

    @lru_cache(most)
    def known(path: Path, _: bytes, with_beside: bool) -> Any:
        with mock.patch.object(grids, "_grid_of", grid):
            return grids.read_sheets(path, with_beside=with_beside)

    def read(path: Path, *, with_beside: bool) -> Any:
        content = path.read_bytes() if path.is_file() else b""
        return known(path, content, with_beside)

    return read


def saved_by_libreoffice(path: Path, folder: Path) -> Path:
    """Open a workbook in LibreOffice and save it, as a reviewer without Excel would."""
    folder.mkdir()
    target = folder / path.name
    target.write_bytes(saved_again({path.name: path.read_bytes()})[path.name])
    return target


def packed_by_zlib(data: Mapping[str, Any]) -> list[str]:
    """Return the lines of a carried copy as version 0.1.0 wrote them first: packed by zlib."""
    content = json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    packed = base64.b64encode(zlib.compress(content, 6)).decode("ascii")
    parts = [packed[at : at + 30_000] for at in range(0, len(packed), 30_000)]
    lines = [f"{CARRIED_SCHEMA}:{number}/{len(parts)}:{part}" for number, part in enumerate(parts, 1)]
    return [*lines, f"{CARRIED_SCHEMA}:sha256:{hashlib.sha256(content).hexdigest()}"]
