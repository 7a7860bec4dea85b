"""What each column of a table holds, read from the declarations of the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from curriplan.catalog.reading.understand import DAY_COLUMNS
from curriplan.catalog.records import Record

MAX_NUMBER = 10**15
"""Above this a double no longer holds every whole number and half."""


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
    unit: str | None = None
    is_day: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its text must be a number."""
        return self.kind in {"integer", "number"}


@cache
def column_types(record: type[Record]) -> Mapping[str, ColumnType]:
    """Return what each column of a table holds, by column name."""
    schema = record.model_json_schema()
    definitions = schema.get("$defs", {})
    return {
        name: replace(
            _column_type(schema["properties"][name], definitions),
            unit=record.column_info(name)["unit"],
            is_day=name in DAY_COLUMNS,
        )
        for name in record.columns()
    }


@cache
def required_columns(record: type[Record]) -> tuple[str, ...]:
    """Return the columns that every row must fill."""
    required = {field.alias or name for name, field in record.model_fields.items() if field.is_required()}
    return tuple(name for name in record.columns() if name in required)


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
