"""Read a folder of CSV tables and ``catalog.toml`` as text."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from curriplan.base.errors import CatalogError, Issue, Place, nearest
from curriplan.base.files import unguarded
from curriplan.base.progress import keeping_objects, step
from curriplan.base.refusals import RefusedError, reason_of, toml_reason
from curriplan.catalog.reading.decoding import UTF16_MARKS, decode, lost_letters, regular_size
from curriplan.catalog.reading.layout import HEADER_WITHIN, FilledSheet, Header, Row, find_header, lay_out
from curriplan.catalog.reading.names import table_names
from curriplan.catalog.reading.raw import (
    LAST_ROW,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_CSV_MB,
    MAX_INFO_MB,
    MAX_ROW_LENGTH,
    MAX_ROWS,
    RawCatalog,
    RawInfo,
    RawTable,
    clean,
    listed,
    trim,
)
from curriplan.catalog.records import TABLES
from curriplan.texts.words import Phrase

INFO_FILE = "catalog.toml"
NETWORK_FILE = "network.toml"
"""Lies beside the catalogs of a network, and says what they share."""
DELIMITERS = {",": ",", ";": ";", "\t": Phrase("mark.tab"), "|": "|"}
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\n|\r)', re.IGNORECASE)
"""The first line by which a file tells Excel its separator; Excel does not count it as a row."""
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
MOST_POINTS = 1_000
"""In a line of ``catalog.toml``: the parser takes the square of a key's depth, in time and memory."""
PLACED_KEYS = 100
"""So many keys of ``catalog.toml`` are looked up in its text: more than it can have."""
HEAD = 100_000
"""Characters in which the separator is looked for."""


@keeping_objects()
def read_folder(folder: Path, label: str | None = None) -> RawCatalog:
    """Read every table of a folder.

    Parameters
    ----------
    folder : Path
        An existing folder.
    label : str, optional
        What places call the folder; by default the path as given.
    """
    shown = Path(label) if label is not None else folder
    raw = RawCatalog(Place(str(shown)))
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raw.issues.append(Issue("file-unreadable", raw.place, {"reason": reason_of(error)}))
        return raw
    for place, path in enumerate(paths):
        step("reading", place, 2 * len(paths))
        _read_one(raw, path, str(shown / path.name))
    for path in paths:
        _note_misnamed(raw, path, str(shown / path.name))
    return raw


def read_csv_table(path: Path, table: str, file: str) -> RawTable:
    """Read one CSV file as the table `table`.

    Raises
    ------
    CatalogError
        With every problem of the file as a whole: encoding, ragged rows.
    """
    text, notes = _decoded(_bytes_of(path, file), file)
    text, delimiter = _delimiter(text, table)
    if delimiter != ",":
        values = {"delimiter": DELIMITERS[delimiter]}
        notes.append(Issue("wrong-delimiter", Place(file, None, 1), values))
    rows = [(number, cells) for number, cells in _records(text, file, delimiter) if any(cells)]
    header = find_header(table, rows)
    if len(header.written) > MAX_COLUMNS:
        raise CatalogError.of("too-many-columns", Place(file, None, header.row), limit=MAX_COLUMNS)
    written = _trimmed(header)
    raw = lay_out(FilledSheet(table, file, None, rows), written, notes)
    issues = list(_shape_issues(raw))
    if issues:
        raise CatalogError(issues)
    raw = replace(raw, rows=tuple((number, cells[: len(raw.header)]) for number, cells in raw.rows))
    return replace(raw, notes=(*raw.notes, *_lost_letters(raw, text, notes)))


def _trimmed(header: Header) -> Header:
    """Return a header without the empty cells at its end."""
    width = len(trim(header.written))
    return replace(header, written=header.written[:width], names=header.names[:width])


def _delimiter(text: str, table: str) -> tuple[str, str]:
    """Return the text without its line ``sep=;`` and the sign that separates its columns.

    It is the one with which the header names most columns of the table; a comma wins a tie.
    """
    told = SEPARATOR_LINE.match(text)
    if told:
        return text[told.end() :], told[1]
    scores = {}
    for sign in DELIMITERS:
        rows = _head(text, sign)
        header = find_header(table, rows)
        width = len(rows[0][1]) if rows else 0
        scores[sign] = (header.found(), width if width > 1 and not header.found() else 0)
        if sign == "," and header.row == 1 and header.found() == len(trim(header.written)) > 1:
            break
    return text, max(scores, key=lambda sign: scores[sign])


def _head(text: str, delimiter: str) -> list[Row]:
    """Return the first rows of a text as a separator cuts them, whatever is wrong with the quotes."""
    reader = csv.reader(io.StringIO(text[:HEAD], newline=""), delimiter=delimiter)
    rows: list[Row] = []
    try:
        for number, record in enumerate(islice(reader, HEADER_WITHIN), start=1):
            rows.append((number, tuple(clean(cell) for cell in record)))
    except csv.Error:
        pass
    return [row for row in rows if any(row[1])]


def _lost_letters(raw: RawTable, text: str, notes: list[Issue]) -> Iterator[Issue]:
    """Yield a warning where Windows-1251 had no Kazakh letters and question marks stand for them."""
    if not any(note.values.get("encoding") == "Windows-1251" for note in notes) or "?" not in text:
        return
    if not any(lost_letters(cell or "") for _, cells in raw.rows for cell in cells):
        return
    for index in range(len(raw.header)):
        rows = [number for number, cells in raw.rows if lost_letters(cells[index] or "", others=True)]
        if rows:
            values = {"count": len(rows), "column": raw.header[index], "rows": listed(rows)}
            yield Issue("letters-lost", raw.place(rows[0], index), values)


def _read_one(raw: RawCatalog, path: Path, file: str) -> None:
    if path.name == INFO_FILE:
        _read_info(raw, path, file)
    elif path.suffix.casefold() == ".csv":
        _read_table(raw, path, file)


def _note_misnamed(raw: RawCatalog, path: Path, file: str) -> None:
    """Report what looks like a table that is missing, such as ``floors.csv.txt`` or ``floors.xlsx``."""
    table = table_names().find(path.name.split(".")[0])
    if path.suffix.casefold() != ".csv" and table in TABLES and table not in {*raw.tables, *raw.broken}:
        raw.issues.append(_unknown_file(path, table, file))


def _unknown_file(path: Path, table: str, file: str) -> Issue:
    return Issue("unknown-file", Place(file), {"value": path.name, "nearest": nearest(table, TABLES)})


def _read_table(raw: RawCatalog, path: Path, file: str) -> None:
    table = table_names().find(path.stem)
    if table not in TABLES:
        raw.issues.append(_unknown_file(path, path.stem, file))
        return
    if table in {*raw.tables, *raw.broken}:
        raw.issues.append(Issue("table-twice", Place(file), {"value": path.name, "table": table}))
        return
    if path.suffix != ".csv" or path.stem not in table_names().official:
        raw.issues.append(Issue("table-name-understood", Place(file), {"value": path.name, "table": table}))
    try:
        raw.tables[table] = read_csv_table(path, table, file)
    except CatalogError as error:
        raw.broken.add(table)
        raw.issues.extend(error.issues)


def read_text(path: Path, file: str) -> str:
    """Return the text of a file that may come from anywhere; places call it `file`.

    Raises
    ------
    CatalogError
        If it cannot be read, is too large, or is no text in UTF-8.
    """
    return text_of(_bytes_of(path, file), file)


def text_of(data: bytes, file: str) -> str:
    """Return the text of the bytes of a file; places call it `file`.

    Raises
    ------
    CatalogError
        If they are no text in UTF-8.
    """
    return _decoded(data, file, strictly=True)[0]


def _decoded(data: bytes, file: str, *, strictly: bool = False) -> tuple[str, list[Issue]]:
    """Return the text of a file, and a warning where it is not in UTF-8, or refuse it `strictly`."""
    if not data.startswith(UTF16_MARKS) and b"\0" in data:
        raise CatalogError.of("nul-byte", Place(file, None, _line_of(data, data.index(b"\0"))))
    try:
        text, encoding = (data.decode("utf-8-sig"), None) if strictly else decode(data)
    except UnicodeDecodeError as error:
        row = None if data.startswith(UTF16_MARKS) else _line_of(data, error.start)
        raise CatalogError.of("wrong-encoding", Place(file, None, row)) from error
    if "\0" in text:
        raise CatalogError.of("nul-byte", Place(file, None, text.count("\n", 0, text.index("\0")) + 1))
    return text, [Issue("other-encoding", Place(file), {"encoding": encoding})] if encoding else []


def _bytes_of(path: Path, file: str, limit_mb: int = MAX_CSV_MB) -> bytes:
    try:
        if regular_size(path) > limit_mb * 1_000_000:
            raise CatalogError.of("file-too-large", Place(file), limit=limit_mb)
        return path.read_bytes()
    except OSError as error:
        raise CatalogError.of("file-unreadable", Place(file), reason=reason_of(error)) from error


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _records(text: str, file: str, delimiter: str) -> Iterator[Row]:
    """Yield row number and cells; a quoted line break stays within its row, as in Excel."""
    lines = _Lines(text, file)
    number = filled = 0
    cleaned = _Cleaned()
    try:
        for number, record in enumerate(csv.reader(lines, strict=True, delimiter=delimiter), start=1):
            lines.count(number, record)
            cells = tuple(map(cleaned.__getitem__, record))
            filled += any(cells)
            if filled > MAX_ROWS + 1 or number > LAST_ROW:
                raise CatalogError.of("too-many-rows", Place(file), limit=MAX_ROWS)
            yield number, cells
    except csv.Error as error:
        raise CatalogError.of("malformed-csv", Place(file, None, number + 1)) from error


class _Cleaned(dict[str, str]):
    """What each cell of a file says, found once and kept once: most cells repeat others."""

    def __missing__(self, text: str) -> str:
        plain = clean(text)
        found = self[text] = clean(unguarded(plain)) if "'" in plain else plain
        return found


class _Lines:
    """The lines of a text for the CSV reader, bounded before it makes cells of them."""

    def __init__(self, text: str, file: str) -> None:
        self.file, self.found = file, LINE.finditer(text)
        self.number = self.length = self.cells = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.found)[0]
        self.length += len(line)
        if self.length > MAX_ROW_LENGTH:
            place = Place(self.file, None, self.number + 1)
            raise CatalogError.of("row-too-long", place, limit=MAX_ROW_LENGTH)
        return line

    def count(self, number: int, record: list[str]) -> None:
        """Count the cells of a row that is read whole."""
        self.number, self.length = number, 0
        self.cells += len(record)
        if self.cells > MAX_CELLS:
            raise CatalogError.of("too-many-cells", Place(self.file, None, number), limit=MAX_CELLS)


def _shape_issues(raw: RawTable) -> Iterator[Issue]:
    """Yield rows with more or fewer cells than the header: their values may have slipped sideways."""
    expected = len(raw.header)
    for number, cells in raw.rows:
        if len(cells) == expected:
            continue
        found = len(cells) if len(cells) < expected else len(trim(cells))
        if len(cells) < expected or found > expected:
            yield Issue("ragged-row", raw.place(number), {"found": found, "expected": expected})


def _read_info(raw: RawCatalog, path: Path, file: str) -> None:
    text = ""
    try:
        text, notes = decoded_file(path, file, MAX_INFO_MB)
        raw.issues.extend(notes)
        values = toml_values(text, file)
    except CatalogError as error:
        raw.info_broken = True
        raw.issues.extend(error.issues)
        named = re.search(r"""(?m)^[ \t]*["']?language["']?[ \t]*=[ \t]*["'](.{1,80}?)["']""", text)
        raw.language_named = named and named[1]
    else:
        places = {key: Place(file, None, line_of_key(text, key), key) for key in list(values)[:PLACED_KEYS]}
        raw.info = RawInfo(values, places, Place(file))


def decoded_file(path: Path, file: str, limit_mb: int) -> tuple[str, list[Issue]]:
    """Return the text of a file of so many megabytes at most, and a warning where it is not in UTF-8.

    Raises
    ------
    CatalogError
        If it cannot be read, is too large, or is no text.
    """
    return _decoded(_bytes_of(path, file, limit_mb), file)


def toml_values(text: str, file: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Return what a text of TOML says that may come from anywhere.

    Raises
    ------
    CatalogError
        If it is no TOML.
    """
    try:
        if any(line.count(".") > MOST_POINTS for line in text.splitlines()):
            raise RefusedError("file.too_many_points", limit=MOST_POINTS)
        return tomllib.loads(text.replace("\r\n", "\n"), parse_float=parse_float)
    except (ValueError, RecursionError) as error:  # not only TOMLDecodeError: endless digits, deep nests
        row = re.search(r"line (\d+)", str(error))
        place = Place(file, None, int(row[1]) if row else None)
        raise CatalogError.of("malformed-toml", place, reason=toml_reason(error)) from error


def line_of_key(text: str, key: str) -> int | None:
    """Return the line on which a key or a table of that name stands."""
    name = re.escape(key)
    found = re.search(rf"(?m)^[ \t]*\[*[ \t]*[\"']?{name}[\"']?[ \t]*[=.\]]", text)
    return text.count("\n", 0, found.start()) + 1 if found else None
