"""Names of tables and columns as planners write them: the format's own, or a title in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from curriplan.catalog.understand import fold, latin
from curriplan.model import RECORD_OF_TABLE, TABLES


def column_of(text: str, table: str) -> str | None:
    """Return the column of a table that a header cell names, or None.

    >>> column_of("name_ru", "modules"), column_of(" Name RU", "modules"), column_of("x", "modules")
    ('name_ru', 'name_ru', None)
    """
    return _look_up(text, column_names(table))


def table_of(text: str) -> str | None:
    """Return the table that a sheet or a file is named after, or None.

    >>> table_of("module_outcomes"), table_of("Module Outcomes"), table_of("notes")
    ('module_outcomes', 'module_outcomes', None)
    """
    return _look_up(text, table_names())


@cache
def column_names(table: str) -> Mapping[str, str]:
    """Return the column of a table for every folded name."""
    return _named((name, (name,)) for name in RECORD_OF_TABLE[table].columns())


@cache
def table_names() -> Mapping[str, str]:
    """Return the table for every folded name."""
    return _named((name, (name,)) for name in TABLES)


def _named(names: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    return {fold(text): name for name, texts in names for text in texts if fold(text)}


def _look_up(text: str, names: Mapping[str, str]) -> str | None:
    folded = fold(text)
    return names.get(folded) or names.get(latin(folded))
