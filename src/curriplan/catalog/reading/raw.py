"""What the file readers hand on: tables of text with their places, before anything is understood.

A cell is its stripped text, ``""`` where it is empty, and ``None`` where it could not be read and a
problem has been reported already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from curriplan.base.errors import Issue, Place, errors_in
from curriplan.texts.naming import FormatWord

Cells = tuple[str | None, ...]

INFO_HEADER = ("key", "value")
"""Of the table that says what a catalog is."""
MAX_ROWS = 200_000
"""Filled rows of one table. The largest public classification has under a tenth of it."""
MAX_COLUMNS = 200
LAST_ROW = 1_048_576
"""The last row that Excel has; what a damaged or hostile file claims below is not looked for."""
LAST_COLUMN = 16_384
WHOLE_BELOW = 1e15
"""Below this a double shows every digit of a whole number."""
MAX_FILE_MB = 200
"""Megabytes of a CSV folder, and of all parts of a workbook together once unpacked."""
MAX_CSV_MB = 100
"""Megabytes of one CSV file: as text it may take four times the room."""
MAX_INFO_MB = 1
"""Megabytes of ``catalog.toml``."""
MAX_CELLS = 3_000_000
"""Cells of one CSV file or of a workbook, empty ones too."""
MAX_ROW_LENGTH = 1_000_000
"""Characters of one row of a CSV file."""
MAX_TEXT = 32_767
"""Characters that a cell of Excel can hold."""
SHORT = 200
"""Numbers, words and identifiers are shorter; a longer text is not looked at a second time."""
# What a workbook cannot hold: control characters but tab and line breaks, surrogates, two non-characters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
REFUSED = re.compile(f"{CONTROL.pattern}|[\u202a-\u202e\u2066-\u2069]")
"""What no text of a file may have: what a workbook cannot hold, and what turns the direction of a text,
so that people read another one than the program."""


def refused_issue(place: Place, char: str) -> Issue:
    """Return the issue about a character that no text may have."""
    return Issue("control-character", place, {"value": f"U+{ord(char):04X}"})


@dataclass(frozen=True)
class Area:
    """A merged range: its first and last row (from 1) and column (from 0)."""

    top: int
    bottom: int
    left: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Say whether a cell lies in the range."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True)
class RawTable:
    """A table as text: its header, and its filled rows with the row number that Excel shows.

    ``written`` is the header as it stands in the file, where names of other languages were understood.
    ``notes`` are warnings about the table; ``faults`` are the problems of its cells, by row, and
    ``merged`` the ranges that cannot be filled: both count only in rows that are data.
    """

    table: str
    file: str
    sheet: str | None
    header: tuple[str, ...]
    rows: tuple[tuple[int, Cells], ...]
    header_row: int = 1
    written: tuple[str, ...] = ()
    notes: tuple[Issue, ...] = ()
    faults: tuple[tuple[int, Issue], ...] = ()
    merged: tuple[Area, ...] = ()

    def column_label(self, index: int) -> str:
        """Return what a user calls a column: its header in a CSV file, its letter in a workbook."""
        if self.sheet is not None:
            return column_letter(index)
        shown = self.written or self.header
        return shown[index] if index < len(shown) else column_letter(index)

    def place(self, row: int | None = None, index: int | None = None) -> Place:
        """Return the place of a cell, of a row, or of the table."""
        return Place(self.file, self.sheet, row, None if index is None else self.column_label(index))


@dataclass(frozen=True)
class RawInfo:
    """The information about the catalog: values by key, and where each stands."""

    values: Mapping[str, object]
    places: Mapping[str, Place]
    place: Place

    def place_of(self, key: str) -> Place:
        """Return the place of `key`, else of the whole."""
        return self.places.get(key, self.place)


@dataclass
class RawCatalog:
    """All that a reader found in a folder or a workbook.

    ``broken`` names the tables that are there but could not be read, so that nothing is said to be
    missing because of them.
    """

    place: Place
    info: RawInfo | None = None
    info_broken: bool = False
    language_named: object = None
    """What a broken file of information calls the catalog's language."""
    tables: dict[str, RawTable] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)

    def nothing_found(self) -> bool:
        """Say whether there is no sign of a catalog at all."""
        return not (self.tables or self.broken or self.info or self.info_broken)

    def nothing_issues(self, place: Place) -> list[Issue]:
        """Return why nothing was found: warnings alone, of files with other names, do not say it."""
        said = errors_in(self.issues)
        return [*self.issues, *(() if said else [Issue("not-a-catalog", place, {"path": self.place.file})])]


def column_letter(index: int) -> str:
    """Return the letter of the column `index`, counted from 0.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def clean(text: str) -> str:
    r"""Strip a cell and give its line breaks one form, so that a folder and a workbook agree.

    >>> clean(" a\r\nb ")
    'a\nb'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() if "\r" in text else text.strip()


def number_text(value: float) -> str:
    """Return a number as text, a whole one without a decimal point.

    >>> number_text(12.0), number_text(1.5)
    ('12', '1.5')
    """
    return str(int(value)) if value.is_integer() and abs(value) < WHOLE_BELOW else repr(value)


def trim(cells: Cells) -> Cells:
    """Drop the empty cells at the end of a row."""
    end = len(cells)
    while end and cells[end - 1] == "":
        end -= 1
    return cells[:end]


def shorten(text: str, limit: int = 60) -> str:
    """Cut a long value, so that a message stays readable."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def listed(rows: Iterable[int], most: int = 10) -> str:
    """Return row numbers as text, runs of them together.

    >>> listed([5, 3, 4, 9])
    '3-5, 9'
    """
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return ", ".join(shown[:most]) + (", ..." if len(shown) > most else "")


def understood_issue(code: str, place: Place, column: str, text: str, value: str, count: int = 1) -> Issue:
    """Return the warning of a cell that was understood, or of the first of several in its column."""
    said = FormatWord(value) if code == "word-understood" else value
    values = {"count": count, "column": column, "value": shorten(text), "understood": said}
    # where the identifier stands that a look-alike refers to, once all tables are read
    return Issue(code, place, {**values, "target": str(place)} if code == "cyrillic-id" else values)
