"""Records as JSON: how they are written and read, and their JSON Schema, from one declaration.

The declaration is a dataclass. The type of a field says what stands in the file; what the type cannot say
stands beside it, in `typing.Annotated`: a sentence of description, or one of the marks below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

LINE_LENGTH = 110
DRAFT = "https://json-schema.org/draft/2020-12/schema"

Row = TypeVar("Row")


class Narrowed:
    """Keywords of JSON Schema that narrow a type, such as ``minimum``.

    Parameters
    ----------
    name : str, optional
        Under which the type stands once in ``$defs``, where it stands in many places.
    """

    def __init__(self, name: str | None = None, **keywords: Any) -> None:
        self.name, self.keywords = name, keywords


@dataclass(frozen=True)
class OneOf:
    """The words that a text may be."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Key:
    """The key in the file, where it is not the name of the field."""

    name: str


@dataclass(frozen=True)
class Keyed:
    """A tuple that stands in the file as an object with these keys."""

    names: tuple[str, ...]


class Members:
    """A mapping of which these keys are known, each with its type.

    Parameters
    ----------
    hints : mapping
        Type by key.
    is_closed : bool
        Whether other keys are refused.
    """

    def __init__(self, hints: Mapping[str, Any], *, is_closed: bool = False) -> None:
        self.hints, self.is_closed = hints, is_closed


class Mark(Enum):
    """How a field stands in the file, where it is not simply there."""

    UNWRITTEN = "unwritten"
    """It does not."""
    MAY_LACK = "may_lack"
    """It is always written, and a file without it is read all the same."""
    WHERE_SET = "where_set"
    """It is written only where it holds something."""


UNWRITTEN, MAY_LACK, WHERE_SET = Mark


def to_data(record: Any) -> dict[str, Any]:
    """Return a record, an instance of a dataclass, as JSON has it."""
    data: dict[str, Any] = write(type(record), record)
    return data


def write(hint: Any, value: Any) -> Any:
    """Return a value of the type `hint` as JSON has it."""
    return _writer(hint)(value)


def from_data(kind: type[Row], data: Mapping[str, Any]) -> Row:
    """Build a record from data that obeys its JSON Schema; what may lack has the default of the field.

    Raises
    ------
    TypeError, ValueError
        If the record itself refuses a value.
    """
    hint: Any = kind
    row: Row = _reader(hint)(data)
    return row


def document_schema(kind: type, name: str, title: str, schema: str) -> dict[str, Any]:
    """Return the JSON Schema of a file that holds a record beside `schema` and the name of the ``tool``."""
    definitions: dict[str, Any] = {}
    tool = Annotated[str, "Name and version of the program that wrote the file."]
    head = {"schema": Annotated[Any, Narrowed(const=schema)], "tool": tool}
    hints = head | {field.key: field.hint for field in _written(kind)}
    found = _object(Members(hints, is_closed=True), definitions)
    return {"$schema": DRAFT, "$id": name, "title": title, **found, "$defs": definitions}


def schema_text(schema: Mapping[str, Any]) -> str:
    """Return the text of a schema file: what fits stands on one line."""
    return _laid_out(schema, "\n", 0) + "\n"


def _laid_out(value: Any, break_: str, before: int) -> str:
    """Return JSON over as many lines as it needs; `before` characters stand in the line already."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, Mapping | list) or before + len(flat) < LINE_LENGTH:
        return flat
    inner = break_ + "  "
    if isinstance(value, list):
        return "[" + ",".join(inner + _laid_out(one, inner, len(inner)) for one in value) + break_ + "]"
    heads = [f"{inner}{json.dumps(key)}: " for key in value]
    tails = (_laid_out(one, inner, len(head)) for head, one in zip(heads, value.values(), strict=True))
    return "{" + ",".join(map("".join, zip(heads, tails, strict=True))) + break_ + "}"


def bare_type(hint: Any) -> Any:
    """Return a type without its marks and without None.

    >>> bare_type(Annotated[float, "A share."] | None)
    <class 'float'>
    """
    kind, _ = _taken_apart(hint)
    inner = _unless_none(kind)
    return kind if inner is None else bare_type(inner)


def may_be_none(hint: Any) -> bool:
    """Say whether a type takes None.

    >>> may_be_none(Annotated[float, "A share."] | None), may_be_none(float)
    (True, False)
    """
    return _unless_none(_taken_apart(hint)[0]) is not None


def keywords_of(hint: Any) -> dict[str, Any]:
    """Return the keywords of JSON Schema that narrow a type.

    >>> keywords_of(Annotated[float, Narrowed(minimum=0)] | None)
    {'minimum': 0}
    """
    kind, marks = _taken_apart(hint)
    inner = _unless_none(kind)
    found = {} if inner is None else keywords_of(inner)
    for mark in marks:
        if isinstance(mark, Narrowed):
            found |= mark.keywords
    return found


@dataclass(frozen=True)
class _Field:
    """A field that stands in the file."""

    name: str
    key: str
    hint: Any
    is_written_where_set: bool


@cache
def _written(kind: type) -> tuple[_Field, ...]:
    return tuple(_fields(kind))


def _fields(kind: type) -> Iterator[_Field]:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        _, marks = _taken_apart(hints[field.name])
        if UNWRITTEN not in marks:
            key = next((mark.name for mark in marks if isinstance(mark, Key)), field.name)
            yield _Field(field.name, key, hints[field.name], WHERE_SET in marks)


def _taken_apart(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type and its marks."""
    if get_origin(hint) is Annotated:
        return hint.__origin__, hint.__metadata__
    return hint, ()


def _unless_none(kind: Any) -> Any:
    """Return the type that a value has unless it is None; None where it is never None."""
    if get_origin(kind) not in (Union, UnionType):
        return None
    (inner,) = (one for one in get_args(kind) if one is not NoneType)
    return inner


@cache
def _writer(hint: Any) -> Callable[[Any], Any]:
    kind, marks = _taken_apart(hint)
    keyed = next((mark for mark in marks if isinstance(mark, Keyed)), None)
    if keyed is not None:
        return lambda value: dict(zip(keyed.names, value, strict=True))
    inner = _unless_none(kind)
    if inner is not None:
        some = _writer(inner)
        return lambda value: None if value is None else some(value)
    if get_origin(kind) is tuple:
        one = _writer(get_args(kind)[0])
        return lambda value: [one(row) for row in value]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    if hasattr(kind, "__dataclass_fields__"):
        return _record_writer(kind)
    return lambda value: value


def _record_writer(kind: type) -> Callable[[Any], dict[str, Any]]:
    parts = [(field, _writer(field.hint)) for field in _written(kind)]

    def write_record(record: Any) -> dict[str, Any]:
        found = {}
        for field, write_field in parts:
            value = getattr(record, field.name)
            if not (field.is_written_where_set and value in (None, ())):
                found[field.key] = write_field(value)
        return found

    return write_record


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    kind, marks = _taken_apart(hint)
    keyed = next((mark for mark in marks if isinstance(mark, Keyed)), None)
    if keyed is not None:
        return lambda data: tuple(data[name] for name in keyed.names)
    inner = _unless_none(kind)
    if inner is not None:
        some = _reader(inner)
        return lambda data: None if data is None else some(data)
    if get_origin(kind) is tuple:
        one = _reader(get_args(kind)[0])
        return lambda data: tuple(one(row) for row in data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if hasattr(kind, "__dataclass_fields__"):
        parts = [(field.name, field.key, _reader(field.hint)) for field in _written(kind)]
        return lambda data: kind(**{name: read(data[key]) for name, key, read in parts if key in data})
    return lambda data: data


NAME_OF_TYPE = {str: "string", bool: "boolean", int: "integer", float: "number"}


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a type; types with a name of their own go into `definitions`."""
    kind, marks = _taken_apart(hint)
    inner = _unless_none(kind)
    if inner is None:
        found = _plain_schema(kind, marks, definitions)
    else:
        found = _schema(inner, definitions)
        found = found if WHERE_SET in marks else _or_null(found)
    for mark in marks:
        if isinstance(mark, str):
            found["description"] = mark
        elif isinstance(mark, Narrowed):
            found |= mark.keywords
            if mark.name is not None:
                definitions[mark.name] = found
                found = {"$ref": f"#/$defs/{mark.name}"}
    return found


def _plain_schema(kind: Any, marks: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    members = _members(kind, marks)
    if members is not None:
        return _object(members, definitions)
    origin = get_origin(kind)
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], definitions)}
    if origin is not None and issubclass(origin, Mapping):
        others = _schema(get_args(kind)[1], definitions)
        return {"type": "object"} | ({"additionalProperties": others} if others else {})
    words = next((mark.words for mark in marks if isinstance(mark, OneOf)), None)
    if words is not None or issubclass(kind, Enum):
        return {"enum": [*map(str, words or kind)]}
    return {"type": NAME_OF_TYPE[kind]} if kind in NAME_OF_TYPE else {}


def _members(kind: Any, marks: tuple[Any, ...]) -> Members | None:
    """Return the keys of what stands in the file as an object, None where that is not known."""
    for mark in marks:
        if isinstance(mark, Members):
            return mark
        if isinstance(mark, Keyed):
            return Members(dict(zip(mark.names, get_args(kind), strict=True)), is_closed=True)
    if hasattr(kind, "__dataclass_fields__"):
        return Members({field.key: field.hint for field in _written(kind)}, is_closed=True)
    return None


def _object(members: Members, definitions: dict[str, Any]) -> dict[str, Any]:
    may_lack = {key for key, one in members.hints.items() if {MAY_LACK, WHERE_SET} & {*_taken_apart(one)[1]}}
    return {
        "type": "object",
        "required": [key for key in members.hints if key not in may_lack],
        **({"additionalProperties": False} if members.is_closed else {}),
        "properties": {key: _schema(hint, definitions) for key, hint in members.hints.items()},
    }


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" in schema:
        return schema | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], None]}
    return {"anyOf": [schema, {"type": "null"}]}
