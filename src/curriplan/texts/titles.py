"""What tables, columns and objectives are called in three languages: each once, wherever it stands."""

from __future__ import annotations

from curriplan.texts.words import Words

INFO_TABLE = "catalog"
"""What stands for the information about the catalog where a table is asked for."""


def _said(table: str, column: str, part: str, language: str) -> str:
    """Return a text of a column: the table's own, else the one that tables share."""
    texts = Words(language, "columns")
    if table == INFO_TABLE:
        return texts(f"info.{column}.{part}")
    own = f"columns.{table}.{column}.{part}"
    return texts(own if texts.has(own) else f"columns.shared.{column}.{part}")


def table_title(table: str, language: str) -> str:
    """Return what a table is called, such as «Модули»."""
    return Words(language, "columns")(f"tables.{table}.title")


def table_help(table: str, language: str) -> str:
    """Return one sentence on what a row of a table is."""
    return Words(language, "columns")(f"tables.{table}.help")


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
    return _said(table, column, "title", language)


def column_help(table: str, column: str, language: str) -> str:
    """Return one sentence on what a planner writes in a column, at most 255 characters."""
    return _said(table, column, "help", language)


def word_title(word: str, language: str) -> str:
    """Return what stands for a word of the format in a workbook in a language; codes stand for themselves.

    >>> word_title("basic", "ru"), word_title("kk", "ru")
    ('базовый', 'kk')
    """
    texts = Words(language, "columns")
    return texts(f"words.{word}") if texts.has(f"words.{word}") else word


def help_sheet_title(language: str) -> str:
    """Return what the sheet is called that explains the others."""
    return Words(language, "columns")("help_sheet")


def objective_title(name: str, language: str) -> str:
    """Return what an objective is called, with the unit of its value: «затраты, тенге»."""
    return Words(language, "rules")(f"objective.{name}")


def recorded_title(path: str, language: str) -> str:
    """Return what a part of ``plan.json`` is called in a sentence.

    >>> recorded_title("limits/time_limit_s", "en"), recorded_title("stages/*/bound", "en")
    ('time limit, s', 'best value of each objective and its bound')
    """
    texts = Words(language, "report")
    name, _, below = path.partition(":")[0].partition("/")
    is_limit = name == "limits"
    if is_limit:
        name, _, below = below.partition("/")
    elif name == "review":
        name = "reviewed_file"  # the review among the limits is what it decided
    if name == "overrides" and below:
        name = below
    recorded = f"recorded.{name}"
    setting = f"setting.{name.removesuffix('_min')}"
    title = texts(setting if is_limit and not texts.has(recorded) else recorded)
    return title[:1].lower() + title[1:]


def college_title(language: str) -> str:
    """Return what a new catalog is called until its college gives it a name."""
    return Words(language, "columns")("college")
