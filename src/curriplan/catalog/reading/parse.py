"""Turn tables of text into records; every fault of a cell becomes an issue with its place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from curriplan.base.errors import Issue, nearest
from curriplan.catalog.reading import understand
from curriplan.catalog.reading.columns import Convert, plain_records
from curriplan.catalog.reading.layout import Skipped
from curriplan.catalog.reading.raw import MAX_TEXT, REFUSED, SHORT, Cells, RawTable, shorten, understood_issue
from curriplan.catalog.reading.types import MAX_NUMBER, ColumnType, column_types, required_columns
from curriplan.catalog.reading.understand import NUMBER, Reading
from curriplan.catalog.reading.wording import in_words_of_format
from curriplan.catalog.records import (
    CAPACITY_SEMESTER_PATTERN,
    ID_PATTERN,
    RECORD_OF_TABLE,
    SEMESTER_PATTERN,
    Origin,
    ProfileEntry,
    Record,
)
from curriplan.catalog.records.unread import with_unread
from curriplan.texts.naming import FormatWord
from curriplan.texts.words import Phrase

PATTERN_CODES = {
    ID_PATTERN: "wrong-id",
    SEMESTER_PATTERN: "wrong-semester",
    CAPACITY_SEMESTER_PATTERN: "wrong-semester",
}
SEMESTER_FORMS = {
    SEMESTER_PATTERN: "2026-1; 2000-1 ... 2100-2",
    CAPACITY_SEMESTER_PATTERN: "2026-1, *-1; 2000-1 ... 2100-2",
}
TERM_COLUMNS = ("current_term", "pinned_term")
"""Columns of one term, beside which there are columns for several."""
FIRST_SEMESTER = "2000-1"
NEVER_IN_PART = (ProfileEntry.table,)
"""Tables that say what is checked at all: a row of theirs is read whole or not."""


@dataclass(frozen=True)
class Parsed:
    """The records of a table, and whether rows were left out because of faults.

    A row of which only cells could not be read is there, see `curriplan.catalog.records.unread`.
    """

    records: tuple[Record, ...]
    complete: bool
    issues: tuple[Issue, ...]


def parse_table(raw: RawTable) -> Parsed:
    """Parse all rows of a table; every fault is reported, and what its cell would say is left open."""
    record = RECORD_OF_TABLE[raw.table]
    raw = in_words_of_format(raw)
    issues = list(_header_issues(raw, record))
    columns = _columns(raw, record)
    labels = _labels(raw, record, columns)
    complete = not any(_lacks_a_column(raw, issue) for issue in issues)
    records = []
    notes = _Notes(raw)
    skipped = Skipped(raw, columns, column_types(record), required_columns(record))
    unclear = _unclear_rows(raw)
    has_days = any(name in columns for name in understand.DAY_COLUMNS)
    plain = plain_records(raw, record, columns, labels, _converter(record))
    for known, (number, cells) in zip(plain, raw.rows, strict=True):
        if known is not None and not has_days and number not in unclear:
            if not skipped.take(number, cells, is_record=True):
                records.append(known)
            continue
        row = _Row(raw, number, columns, labels)
        parsed = row.parse(record, cells)
        if parsed is None or has_days:
            row, parsed = _second_look(row, record, cells, parsed)
        if skipped.take(number, cells, is_record=parsed is not None):
            continue
        if number in unclear:
            complete = False  # what stands in the row is not clear; the range is reported below
            continue
        notes.add(row)
        if parsed is None:
            issues.extend(row.issues)
            parsed = row.without_faults(record)
        if parsed is None:
            complete = False
        else:
            records.append(parsed)
    mixed = list(notes.mixed_marks())
    complete = complete and not mixed
    issues += [*raw.notes, *notes.issues(), *skipped.issues(), *mixed]
    issues += [*_unnamed_columns(raw, skipped.rows), *_cell_faults(raw, skipped.rows)]
    return Parsed(tuple(records), complete, tuple(issues))


def _second_look(
    first: _Row, record: type[Record], cells: Cells, parsed: Record | None
) -> tuple[_Row, Record | None]:
    """Read a row again with its cells understood; where that changes nothing, keep what was found."""
    row = _Row(first.raw, first.number, first.columns, first.labels)
    understood = list(cells)
    for name, index in row.columns.items():
        text = cells[index]
        if not text or len(text) > SHORT:
            continue
        value, code = _understood(text, column_types(record)[name])
        if value is not None and code is not None:
            understood[index] = value
            row.odd.append((code, name, text, value))
        elif code is not None:
            row.refused[name] = code
    if not row.odd and not row.refused:
        return first, parsed
    return row, row.parse(record, tuple(understood))


def _understood(text: str, kind: ColumnType) -> Reading:
    """Return what an odd cell means in the words of the format; see `understand`."""
    if kind.is_number:
        return _understood_number(text, kind)
    if kind.many:
        return None, None
    if kind.words:
        shown = text.casefold() if kind.kind == "boolean" else text
        return (None, None) if shown in kind.words else understand.word(text, kind.words)
    if kind.pattern:
        return (None, None) if re.match(kind.pattern, text) else understand.identifier(text, kind.pattern)
    return understand.day(text) if kind.is_day else (None, None)


def _understood_number(text: str, kind: ColumnType) -> Reading:
    if not kind.many and understand.is_several(text, whole=kind.kind == "integer"):
        return None, "several-numbers"
    if NUMBER.fullmatch(text):
        return None, None
    return (understand.numbers if kind.many else understand.number)(text, kind.unit)


def _unclear_rows(raw: RawTable) -> set[int]:
    """Return the rows in which merged cells leave open where a value belongs."""
    numbers = [number for number, _ in raw.rows] if raw.merged else []
    found: set[int] = set()
    below = 0
    for area in sorted(raw.merged, key=lambda area: area.top):
        first, last = max(area.top, below), area.bottom
        found.update(numbers[bisect_left(numbers, first) : bisect_right(numbers, last)])
        below = max(below, last + 1)
    return found


def _cell_faults(raw: RawTable, skipped: Collection[int]) -> Iterator[Issue]:
    """Yield the problems of cells and the merged ranges of rows that are data."""
    yield from (issue for number, issue in raw.faults if number not in skipped)
    data = [number for number, _ in raw.rows if number not in skipped] if raw.merged else []
    for area in raw.merged:
        at = bisect_left(data, area.top)
        if at < len(data) and data[at] <= area.bottom:
            yield Issue("merged-cells", raw.place(area.top, area.left), {"range": str(area)})


class _Notes:
    """Warnings of a table, one for each column and kind, with the first cell and how many there are."""

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self.found: dict[tuple[str, str], list[tuple[int, str, str]]] = {}

    def add(self, row: _Row) -> None:
        """Note the cells of a row that were understood."""
        for code, column, text, value in row.odd:
            self.found.setdefault((code, column), []).append((row.number, text, value))

    def mixed_marks(self) -> Iterator[Issue]:
        """Yield numbers such as 1.200 in a column of a text file whose other numbers have decimal commas."""
        columns = [column for code, column in self.found if code == "decimal-comma"]
        for column in columns if self.raw.sheet is None else ():
            index = self.raw.header.index(column)
            for number, cells in self.raw.rows:
                if understand.GROUPED_BY_DOT.fullmatch(cells[index] or ""):
                    values = _readings(cells[index] or "", ".")
                    yield Issue("ambiguous-number", self.raw.place(number, index), values)

    def issues(self) -> Iterator[Issue]:
        """Yield the warnings."""
        for (code, column), cells in self.found.items():
            row, text, value = cells[0]
            place = self.raw.place(row, self.raw.header.index(column))
            yield understood_issue(code, place, column, text, value, len(cells))


class _Row:
    """One row on its way to a record."""

    def __init__(
        self, raw: RawTable, number: int, columns: Mapping[str, int], labels: Mapping[str, str]
    ) -> None:
        self.raw, self.number, self.columns, self.labels = raw, number, columns, labels
        self.issues: list[Issue] = []
        self.faulty: set[str] = set()
        self.refused: dict[str, str] = {}
        self.odd: list[tuple[str, str, str, str]] = []
        self.texts: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def parse(self, record: type[Record], cells: tuple[str | None, ...]) -> Record | None:
        """Return the record, or None where anything is wrong."""
        values: dict[str, Any] = {}
        self.values = values
        for name, index in self.columns.items():
            self._take(name, cells[index], column_types(record)[name], values)
        origin = Origin(self.raw.file, self.raw.sheet, self.number, self.labels)
        try:
            parsed = record.model_validate({**values, "origin": origin})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self._translate(record, detail)
            return None
        return None if self.faulty else parsed

    def without_faults(self, record: type[Record]) -> Record | None:
        """Return the record with something in the stead of each faulty cell; None where that makes none."""
        if record.table in NEVER_IN_PART or not self.faulty:
            return None
        kinds = column_types(record)
        values = {name: value for name, value in self.values.items() if name not in self.faulty}
        for name in self.faulty & {*required_columns(record)}:
            values[name], _ = _convert(_stand_in(kinds[name], self.number), kinds[name])
        origin = Origin(self.raw.file, self.raw.sheet, self.number, self.labels, frozenset(self.faulty))
        try:
            return with_unread(record.model_validate({**values, "origin": origin}))
        except ValidationError:
            return None

    def _take(self, name: str, text: str | None, kind: ColumnType, values: dict[str, Any]) -> None:
        if text is None:
            self.faulty.add(name)
        elif text:
            self.texts[name] = text
            value, code = _convert(text, kind)
            if code:
                self._report(code, name, kind)
            else:
                values[name] = value

    def _translate(self, record: type[Record], detail: ErrorDetails) -> None:
        name = str(detail["loc"][0])
        if name in self.faulty:
            return
        if detail["type"] == "missing":
            self.faulty.add(name)
            if name in self.columns:
                self._add("missing-value", name, {"column": name})
            return
        kind = column_types(record)[name]
        self._report(_code_of(detail, kind), name, kind)

    def _report(self, code: str, name: str, kind: ColumnType) -> None:
        self.faulty.add(name)
        code = self.refused.get(name, code)
        values = _values(code, self.texts[name], kind)
        if code == "several-numbers":
            values["instead"] = Phrase("several.terms" if name in TERM_COLUMNS else "several.rows")
        self._add(code, name, values)

    def _add(self, code: str, name: str, values: Mapping[str, object]) -> None:
        place = self.raw.place(self.number, self.columns[name])
        self.issues.append(Issue(code, place, values))


def _stand_in(kind: ColumnType, row: int) -> str:
    """Return a text that a column takes, for a required cell that could not be read."""
    if kind.words:
        return kind.words[0]
    if kind.is_number:
        return str(int(max(1, kind.minimum or 1)))
    return FIRST_SEMESTER if kind.pattern in SEMESTER_FORMS else f"unread-{row}"


def _header_issues(raw: RawTable, record: type[Record]) -> Iterator[Issue]:
    known = record.columns()
    for index, name in enumerate(raw.header):
        if name and name not in known:
            values = {"value": name, "nearest": nearest(name, known)}
            yield Issue("unknown-column", raw.place(raw.header_row, index), values)
        elif name in raw.header[:index] and name:
            yield Issue("duplicate-column", raw.place(raw.header_row, index), {"value": name})
    for name in required_columns(record):
        if name not in raw.header:
            yield Issue("missing-column", raw.place(raw.header_row), {"column": name})


def _lacks_a_column(raw: RawTable, issue: Issue) -> bool:
    """Say whether a column is not there, or under a name that is nearly its own: its cells are unknown."""
    if issue.code == "unknown-column":
        return issue.values["nearest"] not in ("-", *raw.header)
    return issue.code == "missing-column"


def _unnamed_columns(raw: RawTable, skipped: Collection[int]) -> Iterator[Issue]:
    for index in (index for index, name in enumerate(raw.header) if not name):
        filled = (number for number, cells in raw.rows if cells[index] != "" and number not in skipped)
        row = next(filled, None)
        if row is not None:
            yield Issue("unnamed-column", raw.place(row, index))


def _converter(record: type[Record]) -> Convert:
    kinds = column_types(record)
    return lambda name, text: _convert(text, kinds[name])


def _columns(raw: RawTable, record: type[Record]) -> dict[str, int]:
    """Return the index of each known column, in the record's order whatever the file's."""
    return {name: raw.header.index(name) for name in record.columns() if name in raw.header}


def _labels(raw: RawTable, record: type[Record], columns: Mapping[str, int]) -> dict[str, str]:
    """Return what a user calls each column; a column that is not there has no letter."""
    absent = "" if raw.sheet is not None else None
    labels = {}
    for name in record.columns():
        label = raw.column_label(columns[name]) if name in columns else absent
        labels[name] = name if label is None else label
    if "key" in labels:
        labels["key_name"] = labels["key"]
    return labels


def _convert(text: str, kind: ColumnType) -> tuple[Any, str | None]:
    """Return the value for pydantic, or the code of what is wrong with the text."""
    if len(text) > MAX_TEXT:
        return None, "text-too-long"
    if REFUSED.search(text):
        return None, "control-character"
    if not kind.many:
        return _convert_number(text, kind) if kind.is_number else (text, None)
    parts = [part.strip() for part in text.split(";")]
    whole = kind.kind == "integer"
    several = kind.is_number and any(understand.is_several(part, whole=whole) for part in parts)
    if not all(parts) or several or (kind.is_number and "," in text):
        return None, "wrong-list"
    if not kind.is_number:
        return tuple(parts), None
    converted = [_convert_number(part, kind) for part in parts]
    return tuple(value for value, _ in converted), next((code for _, code in converted if code), None)


def _convert_number(text: str, kind: ColumnType) -> tuple[Any, str | None]:
    if not NUMBER.fullmatch(text):
        return None, "wrong-whole-number" if kind.kind == "integer" else "wrong-number"
    if kind.kind == "integer" and understand.GROUPED_BY_DOT.fullmatch(text):
        return None, "ambiguous-number"  # 640.000 may be a thousand times what it says
    number = Decimal(text)
    if abs(number) > MAX_NUMBER:
        return None, "out-of-range"
    if kind.kind == "number":
        return float(text) + 0.0, None  # without the sign of -0
    if number != number.to_integral_value():
        return None, "wrong-whole-number"
    return int(number), None


def _code_of(detail: ErrorDetails, kind: ColumnType) -> str:
    """Return the issue code of a pydantic error type."""
    error = detail["type"]
    if error == "string_pattern_mismatch":
        return PATTERN_CODES.get(kind.pattern or "", "wrong-isco")
    if error == "string_too_long":
        return "wrong-id"
    if error in {"enum", "literal_error", "bool_parsing", "bool_type"}:
        return "wrong-word"
    return "out-of-range"


SHARES = ">= 0, <= 1"
"""What shares of 1 may be: whoever writes 60 means 60 %."""


def _readings(text: str, mark: str) -> dict[str, object]:
    """Return the two numbers that a text can stand for."""
    return {"value": text, "whole": text.replace(mark, ""), "fraction": text.replace(mark, ".")}


def _values(code: str, text: str, kind: ColumnType) -> dict[str, object]:
    """Return the values that fill the texts of a cell's issue."""
    if code == "text-too-long":
        return {"length": len(text), "limit": MAX_TEXT}
    if code == "ambiguous-number":
        shown = understand.plain(text)
        return _readings(shown, "," if "," in shown else ".")
    if code == "control-character" and (found := REFUSED.search(text)):
        return {"value": f"U+{ord(found[0]):04X}"}
    words = tuple(map(FormatWord, kind.words))
    allowed = SEMESTER_FORMS.get(kind.pattern or "") or words or kind.allowed
    if code == "out-of-range" and kind.allowed == SHARES and 1 < (percent := float(text)) <= 100:
        allowed = f"{SHARES} ({percent / 100:g} = {percent:g} %)"
    return {"value": shorten(text), "allowed": allowed}
