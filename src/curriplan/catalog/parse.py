"""Turn tables of text into records; every fault of a cell becomes an issue with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from curriplan.catalog.columns import Convert, plain_records
from curriplan.catalog.raw import RawInfo, RawTable
from curriplan.errors import Issue, Place, nearest
from curriplan.model import (
    CAPACITY_SEMESTER_PATTERN,
    ID_PATTERN,
    LANGUAGES,
    RECORD_OF_TABLE,
    SCHEMA,
    SEMESTER_PATTERN,
    CatalogInfo,
    Origin,
    Record,
)

MAX_TEXT = 32_767
"""Characters that a cell of Excel can hold."""
MAX_NUMBER = 10**15
"""Above this a double no longer holds every whole number and half."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
COMMA_NUMBER = re.compile(r"[+-]?\d+(,\d+)+(\.\d+)?", re.ASCII)
# What a workbook cannot hold: control characters but tab and line breaks, surrogates, two non-characters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
PATTERN_CODES = {
    ID_PATTERN: "wrong-id",
    SEMESTER_PATTERN: "wrong-semester",
    CAPACITY_SEMESTER_PATTERN: "wrong-semester",
}
SEMESTER_FORMS = {
    SEMESTER_PATTERN: "2026-1; 2000-1 ... 2100-2",
    CAPACITY_SEMESTER_PATTERN: "2026-1, *-1; 2000-1 ... 2100-2",
}
# Error types of pydantic in the information about the catalog, with what is allowed there instead.
INFO_CODES = {
    "literal_error": ("wrong-word", ", ".join(LANGUAGES)),
    "bool_parsing": ("wrong-word", "true, false"),
    "bool_type": ("wrong-word", "true, false"),
    "int_parsing": ("out-of-range", f">= 1, <= {SCHEMA}"),
    "int_type": ("out-of-range", f">= 1, <= {SCHEMA}"),
    "int_from_float": ("out-of-range", f">= 1, <= {SCHEMA}"),
    "greater_than_equal": ("out-of-range", f">= 1, <= {SCHEMA}"),
}
# Cyrillic letters that look like Latin ones: typed by mistake in nine identifiers out of ten.
LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТУХаеоріѕсухј", "ABESIJKMHOPCTYXaeopiscyxj")


@dataclass(frozen=True)
class Parsed:
    """The records of a table, and whether rows were left out because of faults."""

    records: tuple[Record, ...]
    complete: bool
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class ColumnType:
    """What a column holds, read from the declaration of its record."""

    kind: str
    many: bool
    words: tuple[str, ...]
    pattern: str | None
    allowed: str
    minimum: float | None = None
    maximum: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether its text must be a number."""
        return self.kind in {"integer", "number"}


@cache
def column_types(record: type[Record]) -> Mapping[str, ColumnType]:
    """Return what each column of a table holds, by column name."""
    schema = record.model_json_schema()
    definitions = schema.get("$defs", {})
    return {name: _column_type(schema["properties"][name], definitions) for name in record.columns()}


def required_columns(record: type[Record]) -> tuple[str, ...]:
    """Return the columns that every row must fill."""
    required = set(record.model_json_schema().get("required", ()))
    return tuple(name for name in record.columns() if name in required)


def parse_table(raw: RawTable) -> Parsed:
    """Parse all rows of a table; a row with a fault is left out and reported."""
    record = RECORD_OF_TABLE[raw.table]
    issues = list(_header_issues(raw, record))
    columns = _columns(raw, record)
    labels = _labels(raw, record, columns)
    complete = not any(issue.code == "missing-column" for issue in issues)
    records = []
    plain = plain_records(raw, record, columns, labels, _converter(record))
    for known, (number, cells) in zip(plain, raw.rows, strict=True):
        if known is not None:
            records.append(known)
            continue
        row = _Row(raw, number, columns, labels)
        parsed = row.parse(record, cells)
        issues.extend(row.issues)
        if parsed is None:
            complete = False
        else:
            records.append(parsed)
    return Parsed(tuple(records), complete, tuple(issues))


def parse_info(raw: RawInfo) -> tuple[CatalogInfo | None, tuple[Issue, ...]]:
    """Parse the information about the catalog."""
    values = {key: value for key, value in raw.values.items() if value != ""}
    issues = [
        Issue("control-character", raw.place_of(key), {"value": f"U+{ord(found[0]):04X}"})
        for key, value in values.items()
        if (found := CONTROL.search(str(value)))
    ]
    schema = values.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        place = raw.place_of("schema")
        return None, (Issue("schema-too-new", place, {"found": schema, "known": SCHEMA}),)
    try:
        info = CatalogInfo.model_validate(values)
    except ValidationError as error:
        issues += [_info_issue(raw, detail) for detail in error.errors(include_url=False)]
        return None, tuple(issues)
    issues += _missing_titles(raw, info)
    return info, tuple(issues)


class _Row:
    """One row on its way to a record."""

    def __init__(
        self, raw: RawTable, number: int, columns: Mapping[str, int], labels: Mapping[str, str]
    ) -> None:
        self.raw, self.number, self.columns, self.labels = raw, number, columns, labels
        self.issues: list[Issue] = []
        self.faulty: set[str] = set()
        self.texts: dict[str, str] = {}

    def parse(self, record: type[Record], cells: tuple[str | None, ...]) -> Record | None:
        """Return the record, or None where anything is wrong."""
        values: dict[str, Any] = {}
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
        self._add(code, name, _values(code, self.texts[name], kind))

    def _add(self, code: str, name: str, values: Mapping[str, object]) -> None:
        place = self.raw.place(self.number, self.columns[name])
        if code == "wrong-id":
            code, values = _id_fault(values)
        self.issues.append(Issue(code, place, values))


def _header_issues(raw: RawTable, record: type[Record]) -> Iterator[Issue]:
    known = record.columns()
    for index, name in enumerate(raw.header):
        if name and name not in known:
            values = {"value": name, "nearest": nearest(name, known)}
            yield Issue("unknown-column", raw.place(1, index), values)
        elif name in raw.header[:index] and name:
            yield Issue("duplicate-column", raw.place(1, index), {"value": name})
    for name in required_columns(record):
        if name not in raw.header:
            yield Issue("missing-column", raw.place(1), {"column": name})
    for index in (index for index, name in enumerate(raw.header) if not name):
        row = next((number for number, cells in raw.rows if cells[index] != ""), None)
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


def _column_type(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> ColumnType:
    plain = _resolve(schema, definitions)
    many = plain.get("type") == "array"
    item = _resolve(plain["items"], definitions) if many else plain
    kind = str(item.get("type", "string"))
    words = ("yes", "no") if kind == "boolean" else tuple(item.get("enum", ()))
    minimum, maximum = item.get("minimum", item.get("exclusiveMinimum")), item.get("maximum")
    return ColumnType(kind, many, words, item.get("pattern"), _range_text(item), minimum, maximum)


def _resolve(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Look through references and ``X | None``."""
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolve(choice, definitions)
    if "$ref" in schema:
        return _resolve(definitions[str(schema["$ref"]).rsplit("/", 1)[1]], definitions)
    return schema


def _range_text(schema: Mapping[str, Any]) -> str:
    """Return the limits of a number, in signs that need no translation."""
    signs = {"exclusiveMinimum": ">", "minimum": ">=", "maximum": "<=", "exclusiveMaximum": "<"}
    found = [f"{sign} {schema[key]}" for key, sign in signs.items() if key in schema]
    return ", ".join(found) or f"<= {MAX_NUMBER}"


def _convert(text: str, kind: ColumnType) -> tuple[Any, str | None]:
    """Return the value for pydantic, or the code of what is wrong with the text."""
    if len(text) > MAX_TEXT:
        return None, "text-too-long"
    if CONTROL.search(text):
        return None, "control-character"
    if not kind.many:
        return _convert_number(text, kind) if kind.is_number else (text, None)
    parts = [part.strip() for part in text.split(";")]
    if not all(parts) or (kind.is_number and "," in text):
        return None, "wrong-list"
    if not kind.is_number:
        return tuple(parts), None
    converted = [_convert_number(part, kind) for part in parts]
    return tuple(value for value, _ in converted), next((code for _, code in converted if code), None)


def _convert_number(text: str, kind: ColumnType) -> tuple[Any, str | None]:
    if COMMA_NUMBER.fullmatch(text):
        return None, "decimal-comma"
    if not NUMBER.fullmatch(text):
        return None, "wrong-whole-number" if kind.kind == "integer" else "wrong-number"
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


def _values(code: str, text: str, kind: ColumnType) -> dict[str, object]:
    """Return the values that fill the texts of a cell's issue."""
    if code == "text-too-long":
        return {"length": len(text), "limit": MAX_TEXT}
    if code == "control-character" and (found := CONTROL.search(text)):
        return {"value": f"U+{ord(found[0]):04X}"}
    allowed = SEMESTER_FORMS.get(kind.pattern or "") or ", ".join(kind.words) or kind.allowed
    return {"value": shorten(text), "allowed": allowed}


def _id_fault(values: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """Name Cyrillic look-alikes where they alone make an id wrong."""
    text = str(values["value"])
    latin = text.translate(LOOK_ALIKES)
    if latin == text or not re.match(ID_PATTERN, latin):
        return "wrong-id", {"value": text}
    letters = " ".join(dict.fromkeys(a for a, b in zip(text, latin, strict=True) if a != b))
    return "cyrillic-id", {"value": text, "letters": letters, "suggestion": latin}


def shorten(text: str, limit: int = 60) -> str:
    """Cut a long value, so that a message stays readable."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _info_issue(raw: RawInfo, detail: ErrorDetails) -> Issue:
    """Translate a pydantic error of the information about the catalog."""
    key = str(detail["loc"][0])
    place, error = raw.place_of(key), detail["type"]
    value = shorten(str(raw.values.get(key, "")))
    fields = {field.alias or name for name, field in CatalogInfo.model_fields.items()}
    if error == "missing":
        return Issue("missing-value", place, {"column": key})
    if error == "extra_forbidden":
        return Issue("unknown-key", place, {"value": key, "known": ", ".join(sorted(fields))})
    if error in {"string_pattern_mismatch", "string_too_long"}:
        return Issue(*_with_place(_id_fault({"value": value}), place))
    code, allowed = INFO_CODES.get(error, ("wrong-text", ""))
    return Issue(code, place, {"value": value, "allowed": allowed})


def _with_place(
    fault: tuple[str, Mapping[str, object]], place: Place
) -> tuple[str, Place, Mapping[str, object]]:
    return fault[0], place, fault[1]


def _missing_titles(raw: RawInfo, info: CatalogInfo) -> list[Issue]:
    missing = [code for code in LANGUAGES if getattr(info, f"title_{code}") is None]
    if not missing:
        return []
    place = raw.place_of(f"title_{missing[0]}")
    return [Issue("missing-translation", place, {"id": info.id, "languages": ", ".join(missing)})]
