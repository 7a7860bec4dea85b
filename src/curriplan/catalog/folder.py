"""Read a folder of CSV tables and ``catalog.toml`` as text."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

from curriplan.catalog.raw import (
    MAX_COLUMNS,
    MAX_FILE_MB,
    MAX_ROWS,
    Cells,
    RawCatalog,
    RawInfo,
    RawTable,
    clean,
    trim,
)
from curriplan.collection import keeping_objects
from curriplan.errors import CatalogError, Issue, Place, nearest
from curriplan.model import RECORD_OF_TABLE, TABLES
from curriplan.progress import step

INFO_FILE = "catalog.toml"
OTHER_DELIMITERS = {";": ";", "\t": "TAB", "|": "|"}
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


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
        With every problem of the file as a whole: encoding, delimiter, ragged rows.
    """
    rows = list(_records(_text_of(path, file), file))
    if not rows or not any(rows[0][1]):
        known = ", ".join(RECORD_OF_TABLE[table].columns())
        raise CatalogError.of("missing-header", Place(file, None, 1), known=known)
    header = tuple(cell or "" for cell in trim(rows[0][1]))
    _refuse_other_delimiter(header, file)
    filled = [(number, cells) for number, cells in rows[1:] if any(cells)]
    fits = all(len(cells) == len(header) for _, cells in filled)
    fitted = filled if fits else [(number, _fit(cells, header)) for number, cells in filled]
    raw = RawTable(table, file, None, header, tuple(fitted))
    issues = list(_shape_issues(raw, filled))
    if issues:
        raise CatalogError(issues)
    return raw


def reason_of(error: OSError) -> str:
    """Return the reason of a failed file operation, without the path that the place shows."""
    return error.strerror or type(error).__name__


def _read_one(raw: RawCatalog, path: Path, file: str) -> None:
    if path.name == INFO_FILE:
        _read_info(raw, path, file)
    elif path.suffix.casefold() == ".csv":
        _read_table(raw, path, file)


def _note_misnamed(raw: RawCatalog, path: Path, file: str) -> None:
    """Report what looks like a table that is missing, such as ``floors.csv.txt`` or ``floors.xlsx``."""
    table = path.name.split(".")[0]
    if path.suffix.casefold() != ".csv" and table in TABLES and table not in {*raw.tables, *raw.broken}:
        raw.issues.append(_unknown_file(path, table, file))


def _unknown_file(path: Path, table: str, file: str) -> Issue:
    return Issue("unknown-file", Place(file), {"value": path.name, "nearest": nearest(table, TABLES)})


def _read_table(raw: RawCatalog, path: Path, file: str) -> None:
    if path.stem not in TABLES or path.suffix != ".csv":
        raw.issues.append(_unknown_file(path, path.stem, file))
        return
    try:
        raw.tables[path.stem] = read_csv_table(path, path.stem, file)
    except CatalogError as error:
        raw.broken.add(path.stem)
        raw.issues.extend(error.issues)


def read_text(path: Path, file: str) -> str:
    """Return the text of a file that may come from anywhere; places call it `file`.

    Raises
    ------
    CatalogError
        If it cannot be read, is too large, or is no text in UTF-8.
    """
    return _text_of(path, file)


def _text_of(path: Path, file: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark."""
    data = _bytes_of(path, file)
    if data.startswith(UTF16_MARKS):
        raise CatalogError.of("wrong-encoding", Place(file))
    if b"\0" in data:
        raise CatalogError.of("nul-byte", Place(file, None, _line_of(data, data.index(b"\0"))))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = _line_of(data, error.start)
        raise CatalogError.of("wrong-encoding", Place(file, None, row)) from error


def _bytes_of(path: Path, file: str) -> bytes:
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):  # a folder, or a device that never ends
            number = errno.EISDIR if stat.S_ISDIR(kind.st_mode) else errno.EINVAL
            raise OSError(number, os.strerror(number))
        if kind.st_size > MAX_FILE_MB * 1_000_000:
            raise CatalogError.of("file-too-large", Place(file), limit=MAX_FILE_MB)
        return path.read_bytes()
    except OSError as error:
        raise CatalogError.of("file-unreadable", Place(file), reason=reason_of(error)) from error


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _records(text: str, file: str) -> Iterator[tuple[int, Cells]]:
    """Yield row number and cells; a quoted line break stays within its row, as in Excel."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = filled = 0
    cleaned = _Cleaned()
    try:
        for number, record in enumerate(reader, start=1):
            cells = tuple(map(cleaned.__getitem__, record))
            filled += any(cells)
            if filled > MAX_ROWS + 1:
                raise CatalogError.of("too-many-rows", Place(file), limit=MAX_ROWS)
            yield number, cells
    except csv.Error as error:
        raise CatalogError.of("malformed-csv", Place(file, None, number + 1)) from error


class _Cleaned(dict[str, str]):
    """The clean form of each text of a file, found once and kept once: most cells repeat others."""

    def __missing__(self, text: str) -> str:
        found = self[text] = clean(text)
        return found


def _refuse_other_delimiter(header: tuple[str, ...], file: str) -> None:
    for sign, name in OTHER_DELIMITERS.items():
        if len(header) == 1 and sign in header[0]:
            raise CatalogError.of("wrong-delimiter", Place(file, None, 1), delimiter=name)
    if len(header) > MAX_COLUMNS:
        raise CatalogError.of("too-many-columns", Place(file, None, 1), limit=MAX_COLUMNS)


def _fit(cells: Cells, header: tuple[str, ...]) -> Cells:
    return (*cells, *("" for _ in header[len(cells) :]))[: len(header)]


def _shape_issues(raw: RawTable, filled: list[tuple[int, Cells]]) -> Iterator[Issue]:
    """Yield rows with more or fewer cells than the header: their values may have slipped sideways."""
    expected = len(raw.header)
    for number, cells in filled:
        if len(cells) == expected:
            continue
        found = len(cells) if len(cells) < expected else len(trim(cells))
        if len(cells) < expected or found > expected:
            yield Issue("ragged-row", raw.place(number), {"found": found, "expected": expected})


def _read_info(raw: RawCatalog, path: Path, file: str) -> None:
    try:
        text = _text_of(path, file)
        values = tomllib.loads(text.replace("\r\n", "\n"))
    except CatalogError as error:
        raw.info_broken = True
        raw.issues.extend(error.issues)
    except (ValueError, RecursionError) as error:  # not only TOMLDecodeError: endless digits, deep nests
        raw.info_broken = True
        row = re.search(r"line (\d+)", str(error))
        place = Place(file, None, int(row[1]) if row else None)
        raw.issues.append(Issue("malformed-toml", place, {"reason": str(error)}))
    else:
        places = {key: Place(file, None, _line_of_key(text, key), key) for key in values}
        raw.info = RawInfo(values, places, Place(file))


def _line_of_key(text: str, key: str) -> int | None:
    """Return the line on which a key or a table of that name stands."""
    name = re.escape(key)
    found = re.search(rf"(?m)^[ \t]*\[*[ \t]*[\"']?{name}[\"']?[ \t]*[=.\]]", text)
    return text.count("\n", 0, found.start()) + 1 if found else None
