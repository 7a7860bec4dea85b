"""Turn the plain rows of a table into records a whole column at a time.

A large classification repeats few values many times over: each distinct one is converted and validated
once, by the type that its record declares. A row with a value that is not plainly right is left to
`curriplan.catalog.reading.parse`, which takes it cell by cell and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from curriplan.catalog.reading.raw import RawTable
from curriplan.catalog.records import Origin, Record

Convert = Callable[[str, str], tuple[Any, str | None]]
"""Turns the name and the text of a cell into a value for validation, or the code of a fault."""

_DOUBT: Any = object()
"""Stands for a value that the row-wise parser must look at."""


def plain_records(
    raw: RawTable,
    record: type[Record],
    columns: Mapping[str, int],
    labels: Mapping[str, str],
    convert: Convert,
) -> Sequence[Record | None]:
    """Return the record of each row, None where a cell of the row is not plainly right.

    Parameters
    ----------
    columns : mapping of str to int
        The place of each column that the table has.
    labels : mapping of str to str
        What a user calls each column.
    """
    cells = [row for _, row in raw.rows]
    texts = {name: [row[index] for row in cells] for name, index in columns.items()}
    values: list[Iterable[Any]] = []
    doubtful = False
    for field in record.model_fields:
        if field == "origin":
            values.append([Origin(raw.file, raw.sheet, number, labels) for number, _ in raw.rows])
            continue
        name = _column_of(record, field)
        known = _Values(record, field, name, convert, texts.get(name, ("",)))
        if name in texts:
            values.append(map(known.by_text.__getitem__, texts[name]))
        elif known.by_text[""] is _DOUBT:
            return (None,) * len(cells)
        else:
            values.append([known.by_text[""]] * len(cells))
        doubtful |= any(value is _DOUBT for value in known.by_text.values())
    return _assembled(record, values, _filled(record, texts, len(cells)), doubtful)


def _column_of(record: type[Record], field: str) -> str:
    return record.model_fields[field].alias or field


class _Values:
    """The value of each distinct text of a column."""

    def __init__(
        self, record: type[Record], field: str, name: str, convert: Convert, texts: Iterable[str | None]
    ) -> None:
        info = record.model_fields[field]
        self.by_text: dict[str | None, Any] = dict.fromkeys(texts, _DOUBT)
        converted = {text: convert(name, text) for text in self.by_text if text}
        plain = {text: value for text, (value, code) in converted.items() if code is None}
        self.by_text.update(_validated(_adapter(record, field), plain))
        if "" in self.by_text and not info.is_required():
            self.by_text[""] = info.default


@cache
def _adapter(record: type[Record], field: str) -> TypeAdapter[list[Any]]:
    """Return what validates values of a field as its record would."""
    declared: Any = record.model_fields[field].rebuild_annotation()
    config = ConfigDict(str_strip_whitespace=bool(record.model_config.get("str_strip_whitespace")))
    return TypeAdapter(list[declared], config=config)


def _validated(adapter: TypeAdapter[list[Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that fit, as validated, by text."""
    try:
        return dict(zip(values, adapter.validate_python(list(values.values())), strict=True))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = {detail["loc"][0] for detail in details}
    fitting = {text: value for place, (text, value) in enumerate(values.items()) if place not in wrong}
    return dict(zip(fitting, adapter.validate_python(list(fitting.values())), strict=True))


def _filled(record: type[Record], texts: Mapping[str, Sequence[str | None]], rows: int) -> Sequence[set[str]]:
    """Return the fields that each row fills; rows that fill the same ones share one set."""
    fields = [
        field for field in record.model_fields if field == "origin" or _column_of(record, field) in texts
    ]
    sparse = [field for field in fields if field != "origin" and "" in texts[_column_of(record, field)]]
    if not sparse:
        return [set(fields)] * rows
    known: dict[tuple[bool, ...], set[str]] = {}
    found = []
    for row in zip(*(map(bool, texts[_column_of(record, field)]) for field in sparse), strict=True):
        if row not in known:
            empty = {field for field, is_filled in zip(sparse, row, strict=True) if not is_filled}
            known[row] = set(fields) - empty
        found.append(known[row])
    return found


def _assembled(
    record: type[Record], values: Iterable[Iterable[Any]], filled: Sequence[set[str]], doubtful: bool
) -> Sequence[Record | None]:
    """Put validated values together, as `pydantic.BaseModel.model_construct` does, but many times faster."""
    names = tuple(record.model_fields)
    new, put = record.__new__, object.__setattr__
    records: list[Record | None] = []
    for row, fields in zip(zip(*values, strict=True), filled, strict=True):
        if doubtful and any(value is _DOUBT for value in row):
            records.append(None)
            continue
        one = new(record)
        put(one, "__dict__", dict(zip(names, row, strict=True)))
        put(one, "__pydantic_fields_set__", fields)
        put(one, "__pydantic_extra__", None)
        put(one, "__pydantic_private__", None)
        records.append(one)
    return records
