"""Titles and help of tables and columns in three languages, from ``texts/columns.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

INFO_TABLE = "catalog"
"""What stands for the information about the catalog where a table is asked for."""


@cache
def _texts() -> Mapping[str, Any]:
    text = files("curriplan").joinpath("texts/columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _column(table: str, column: str) -> Mapping[str, Mapping[str, str]]:
    """Return the texts of a column: the table's own, else those shared by tables."""
    texts = _texts()
    if table == INFO_TABLE:
        own: Mapping[str, Mapping[str, Mapping[str, str]]] = texts["info"]
        return own[column]
    own = texts["columns"].get(table, {})
    shared: Mapping[str, Mapping[str, Mapping[str, str]]] = texts["columns"]["shared"]
    return own[column] if column in own else shared[column]


def table_title(table: str, language: str) -> str:
    """Return what a table is called, such as «Модули»."""
    return str(_texts()["tables"][table]["title"][language])


def table_help(table: str, language: str) -> str:
    """Return one sentence on what a row of a table is."""
    return str(_texts()["tables"][table]["help"][language])


def column_title(table: str, column: str, language: str) -> str:
    """Return what a column may be called in a header, unique within its table.

    Parameters
    ----------
    table : str
        A table, or ``catalog`` for the keys of the information about the catalog.
    column : str
        The name of the column as it stands in files, or the key.
    language : str
        kk, ru or en.

    Raises
    ------
    KeyError
        If there is no such table, column or language.
    """
    return _column(table, column)["title"][language]


def column_help(table: str, column: str, language: str) -> str:
    """Return one sentence on what a planner writes in a column, at most 255 characters."""
    return _column(table, column)["help"][language]


def college_title(language: str) -> str:
    """Return what a new catalog is called until its college gives it a name."""
    return str(_texts()["college"][language])
