"""Rows of which some cells could not be read: what stands in for those cells, and who asks for it.

Such a row takes part in every check that does not ask for them. Something of the right type stands in for
each, so that nothing fails; whoever looks at it is noted (`watching`), and what comes of it does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from curriplan.base.errors import Place
from curriplan.catalog.records.record import Record

_MADE: set[type[Record]] = set()
"""The classes of such rows, one for each table."""


@dataclass
class Watched:
    """What was asked for within a block.

    Attributes
    ----------
    used : dict of (int, str) to Record
        Cells whose stand-in was taken for a value, by the identity of their row and their field.
    passed : dict of (int, str) to Record
        Cells that somebody asked about first, and left out (`is_read`).
    """

    used: dict[tuple[int, str], Record] = field(default_factory=dict)
    passed: dict[tuple[int, str], Record] = field(default_factory=dict)


_WATCHED: ContextVar[Watched | None] = ContextVar("watched", default=None)


@contextmanager
def watching() -> Iterator[Watched]:
    """Note within the block which unread cells are asked for."""
    watched = Watched()
    token = _WATCHED.set(watched)
    try:
        yield watched
    finally:
        _WATCHED.reset(token)


def is_unread(row: Record) -> bool:
    """Say whether a row has cells that could not be read."""
    return type(row) in _MADE


def is_read(row: Record, *names: str) -> bool:
    """Say whether cells of a row could be read; note those that could not."""
    if not is_unread(row) or row.origin is None:
        return True
    unread = [name for name in names if name in row.origin.unread]
    watched = _WATCHED.get()
    if watched is not None:
        watched.passed.update({(id(row), name): row for name in unread})
    return not unread


def cells_of(asked: dict[tuple[int, str], Record]) -> list[Place]:
    """Return the places of cells, sorted."""
    return sorted({row.place(name) for (_, name), row in asked.items()}, key=Place.sort_key)


def with_unread(row: Record) -> Record:
    """Return a row that notes who asks for the fields that its origin calls unread."""
    twin = object.__new__(_class_of(type(row)))
    object.__setattr__(twin, "__dict__", dict(row.__dict__))
    object.__setattr__(twin, "__pydantic_fields_set__", set(row.model_fields_set))
    object.__setattr__(twin, "__pydantic_extra__", None)
    object.__setattr__(twin, "__pydantic_private__", None)
    return twin


@cache
def _class_of(record: type[Record]) -> type[Record]:
    def look(self: Record, name: str) -> Any:
        if not name.startswith("_"):
            _note(self, name)
        return record.__getattribute__(self, name)

    made = type(record.__name__, (record,), {"__module__": __name__, "__getattribute__": look})
    _MADE.add(made)
    return made


def _note(row: Any, name: str) -> None:
    watched = _WATCHED.get()
    if watched is not None and name in object.__getattribute__(row, "__dict__")["origin"].unread:
        watched.used[id(row), name] = row
