"""The order of rows in a table: by key, then by content, so that the order in a file never matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TypeVar

from curriplan.catalog.records.record import Record, canonical, natural_key

Row = TypeVar("Row", bound=Record)


def in_order(tables: Mapping[str, Iterable[Row]]) -> dict[str, tuple[Row, ...]]:
    """Return the rows of each table sorted by key, then by content.

    The parts of the keys, which repeat in a large catalog, are ranked once for all tables.
    """
    rows = {name: tuple(table) for name, table in tables.items()}
    keys = {name: [_texts(table, part) for part in table[0].key] for name, table in rows.items() if table}
    words: set[str] = set().union(*(texts for parts in keys.values() for texts in parts))
    ranks = {word: rank for rank, word in enumerate(sorted(words, key=natural_key))}
    return {name: _sorted(table, keys[name], ranks) if table else () for name, table in rows.items()}


def _texts(rows: Sequence[Record], part: str) -> list[str]:
    """Return one part of the key of each row, as `Record.key_values` has it."""
    values = list(map(attrgetter(part), rows))
    known = {value: "" if value is None else str(value) for value in set(values)}
    return [known[value] for value in values]


def _sorted(rows: Sequence[Row], parts: Sequence[Sequence[str]], ranks: Mapping[str, int]) -> tuple[Row, ...]:
    keys = list(zip(*([ranks[text] for text in texts] for texts in parts), strict=True))
    if len(set(keys)) == len(keys):
        return tuple(rows[place] for place in sorted(range(len(rows)), key=keys.__getitem__))
    twins = {key for key, count in Counter(keys).items() if count > 1}
    contents = [_content(row) if key in twins else b"" for row, key in zip(rows, keys, strict=True)]
    order = sorted(range(len(rows)), key=lambda place: (keys[place], contents[place]))
    return tuple(rows[place] for place in order)


def _content(row: Record) -> bytes:
    return canonical(row.model_dump(mode="json", exclude_none=True))
