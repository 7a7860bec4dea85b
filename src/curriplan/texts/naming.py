"""Beside a name of the format, what a workbook calls it: a planner sees «Программы», not ``programmes``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

from curriplan.texts.titles import INFO_TABLE
from curriplan.texts.words import read_texts, texts_of

NAME = re.compile(
    r"""(?<![\w{./\-"«=@'])(?<!»\ \()[a-z]+(?:_[a-z]+)*(?![\w}\-/="»'(]|[.:]\w)"""
)  # fmt: skip
"""A word of the format in a sentence of another language: no path, option, placeholder or quotation, and
none that its title stands before."""
SHARED = "shared"


@cache
def with_titles(template: str, language: str) -> str:
    """Return a text with the title of each table, column and word of the format before its name, once each.

    In English, whose titles are near the names, it stays; so does a column that tables call by several
    titles, unless the text names the table.

    >>> with_titles("Впишите объём в min_credits листа programmes.", "ru")
    'Впишите объём в «Не менее кредитов» (min_credits) листа «Программы» (programmes).'
    """
    if language == "en":
        return template
    tables = [name for name in _names(template) if name in read_texts("columns")["tables"]]
    said: set[str] = set()

    def titled(match: re.Match[str]) -> str:
        name = match[0]
        title = None if name in said else _title(name, tables, language)
        said.add(name)
        return name if title is None else f"«{title}» ({name})"

    return NAME.sub(titled, template)


class FormatWord(str):
    """A word of the format, such as ``basic``, that is no member of an enumeration where it is said."""

    __slots__ = ()


def with_word(value: object, language: str) -> object:
    """Return a word of the format with its title before it; a tuple of them likewise, all else as it is.

    >>> with_word(FormatWord("order"), "ru"), with_word((FormatWord("order"), 1), "kk")
    ('«порядок» (order)', ('«рет» (order)', 1))
    """
    if isinstance(value, tuple):
        return tuple(with_word(one, language) for one in value)
    if not isinstance(value, StrEnum | FormatWord) or language == "en":
        return value
    title = texts_of("columns").get(f"words.{value}")
    return value if title is None else f"«{title[language]}» ({value})"


def _names(template: str) -> Iterator[str]:
    return (match[0] for match in NAME.finditer(template))


def _title(name: str, tables: list[str], language: str) -> str | None:
    """Return what a workbook calls a table, else a column, else a word; None where it is not one thing."""
    texts = texts_of("columns")
    if (table := texts.get(f"tables.{name}.title")) is not None:
        return table[language]
    named = {table: entry[language] for table, entry in _columns(name).items()}
    word = texts.get(f"words.{name}")
    here = {named[table] for table in tables if table in named}
    if here or word is None:
        titles = here or set(named.values())
        return titles.pop() if len(titles) == 1 else None
    return word[language] if not named else None


@cache
def _columns(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the titles of a column by the table that has it, its own or the one that tables share."""
    texts = texts_of("columns")
    tables = (SHARED, *read_texts("columns")["columns"])
    keys = {table: f"columns.{table}.{name}.title" for table in tables}
    keys[INFO_TABLE] = f"info.{name}.title"
    return {table: texts[key] for table, key in keys.items() if key in texts}


def with_column(template: str, column: str, sheet: str, language: str) -> str:
    """Return a text about a column in quotation marks with its title beside the name that will fill it.

    Parameters
    ----------
    sheet : str
        The table, or what it is called in any language: tables may call a column by several titles.

    >>> with_column("В столбце «{column}» пусто.", "budget_kzt", "Бюджеты источников", "ru")
    'В столбце «Бюджет, тенге» ({column}) пусто.'
    """
    title = None if language == "en" else _title(column, [_tables().get(sheet, sheet)], language)
    return template if title in {None, column} else template.replace("«{column}»", f"«{title}» ({{column}})")


def with_table(template: str, table: str, language: str) -> str:
    """Return a text about a table in quotation marks with its title beside the name that will fill it.

    >>> with_table("Таблица «{table}» пуста.", "funding_budgets", "ru")
    'Таблица «Бюджеты источников» ({table}) пуста.'
    """
    titles = texts_of("columns").get(f"tables.{table}.title") if language != "en" else None
    return template if titles is None else template.replace("«{table}»", f"«{titles[language]}» ({{table}})")


@cache
def _tables() -> Mapping[str, str]:
    """Return the tables by their titles."""
    tables = (*read_texts("columns")["tables"],)
    return {title: one for one in tables for title in texts_of("columns")[f"tables.{one}.title"].values()}
