"""A catalog as a workbook to write in: a sheet a table, with lists to choose from and help beside cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from curriplan.model import Catalog
from curriplan.report.measure import shortened
from curriplan.report.styles import ACCENT, LINE
from curriplan.report.texts import Texts
from curriplan.report.workbook import MAX_LIST, Book, Sheet, footer_of
from curriplan.version import TOOL

LAST_ROW = 1_048_575
"""The last row of a sheet, counted from 0: rules hold for rows that are added too."""
MAX_MESSAGE_TITLE = 32
"""Characters of the title of a message beside a cell."""
NUMBER_STYLES = ("field_number", "field_money")
HELP_WIDTHS = (30.0, 36.0, 16.0, 90.0)
LEAST_WIDTH, NAME_MARGIN = 9.0, 3.0

Value = str | float | None


@dataclass(frozen=True)
class CatalogColumn:
    """A column of a table: its name, what people call it, and what may be written in it.

    Parameters
    ----------
    style : str
        The style of its cells: ``field`` (text), ``field_number``, ``field_money``, or ``aside``.
    width : float
        Characters; a longer name makes it wider.
    words : tuple of str
        Words to choose from.
    closed : bool
        Whether other words are refused; else they may be typed after a warning.
    fed_by : tuple of str, optional
        Table and column whose values are offered.
    whole : bool
        Whether numbers must be whole.
    minimum, maximum : float, optional
        Bounds of a number.
    """

    name: str
    title: str
    help: str
    required: bool
    style: str
    width: float
    words: tuple[str, ...] = ()
    closed: bool = True
    fed_by: tuple[str, str] | None = None
    whole: bool = False
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class CatalogTable:
    """A table on its way to a sheet: what it is, its columns, and its rows, all of one length."""

    name: str
    title: str
    help: str
    required: bool
    columns: tuple[CatalogColumn, ...]
    rows: Iterable[Sequence[Value]]


def write_catalog_workbook(
    tables: Sequence[CatalogTable],
    catalog: Catalog,
    target: Path | str | IO[bytes],
    language: str,
    help_sheet: str,
) -> None:
    """Write a catalog to a path or a binary stream.

    Parameters
    ----------
    tables : sequence of CatalogTable
        Every sheet in the order of the tabs, the information about the catalog among them.
    catalog : Catalog
        What the page footers name.
    language : str
        ``kk``, ``ru`` or ``en``: of the help; the names of sheets and columns have none.
    help_sheet : str
        The name of the sheet that explains the others.
    """
    texts = Texts(language)
    title = texts("catalog_book.sheet", catalog=catalog.info.title(language))
    footer = footer_of(texts, TOOL, catalog, catalog.sha256)
    book = Book(target, texts, footer, title, catalog.sha256)
    _write_help(book.sheet(help_sheet, HELP_WIDTHS), title, tables)
    fed = {column.fed_by for table in tables for column in table.columns if column.fed_by}
    for table in tables:
        _write_table(book, table)
        for place, column in enumerate(table.columns):
            if (table.name, column.name) in fed:
                book.growing_list(list_name(table.name, column.name), table.name, place)
    book.close()


def list_name(table: str, column: str) -> str:
    """Return the name in the workbook for the values of a column.

    >>> list_name("modules", "id")
    'list_modules_id'
    """
    return f"list_{table}_{column}"


def _write_table(book: Book, table: CatalogTable) -> None:
    widths = [_width(column) for column in table.columns]
    sheet = book.sheet(table.name, widths)
    sheet.tab(ACCENT if table.required else LINE)
    styles = [column.style for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.column_style(place, _empty(column.style))
        sheet.cell(0, place, column.name, "name must" if column.required else "name")
        sheet.rule(0, 0, place, {"validate": "any", **_message(column)})
        sheet.rule(1, LAST_ROW, place, {**_rule(column), **_message(column)})
    count = 0
    for count, row in enumerate(table.rows, start=1):
        for place, value in enumerate(row):
            if value is not None:
                sheet.cell(count, place, value, _filled(styles[place], value))
    sheet.numbers_may_be_texts(1, LAST_ROW, len(table.columns) - 1)
    sheet.freeze(1, 1)
    sheet.repeat(0, 0)
    sheet.filter(0, count, len(table.columns) - 1)


def _width(column: CatalogColumn) -> float:
    return max(LEAST_WIDTH, len(column.name) + NAME_MARGIN, column.width)


def _empty(style: str) -> str:
    """Return the style of cells in which nothing stands: no mark of a text, which Excel would show."""
    return "empty_field" if style == "field" else style


def _filled(style: str, value: str | float) -> str:
    """Return the style of a value: a text in a column of numbers is a text all the same."""
    return "field" if isinstance(value, str) and style in NUMBER_STYLES else style


def _message(column: CatalogColumn) -> dict[str, Any]:
    return {
        "input_title": shortened(column.title, MAX_MESSAGE_TITLE),
        "input_message": column.help,
        "error_title": shortened(column.title, MAX_MESSAGE_TITLE),
        "error_message": column.help,
    }


def _rule(column: CatalogColumn) -> dict[str, Any]:
    """Return what Excel lets people write: a fault is stopped where it is certain, else asked about."""
    if column.fed_by:
        return {"validate": "list", "source": f"={list_name(*column.fed_by)}", "error_type": "warning"}
    if column.words and len(",".join(column.words)) <= MAX_LIST:
        kind = "stop" if column.closed else "information"
        return {"validate": "list", "source": list(column.words), "error_type": kind}
    if column.style not in NUMBER_STYLES:
        return {"validate": "any"}
    kind = "integer" if column.whole else "decimal"
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    return {"validate": kind, "criteria": ">=", "value": low or 0}


def _write_help(sheet: Sheet, title: str, tables: Sequence[CatalogTable]) -> None:
    texts = sheet.texts
    sheet.across(0, title, "title")
    sheet.across(1, texts("catalog_book.how"), "plain")
    sheet.across(2, texts("catalog_book.next"), "plain")
    sheet.across(3, texts("catalog_book.unread"), "how")
    heads = ("catalog_book.column", "catalog_book.title", "catalog_book.need", "catalog_book.help")
    for place, key in enumerate(heads):
        sheet.text(4, place, texts(key), "header")
    row = 5
    for table in tables:
        row = _write_help_of(sheet, table, row)
    sheet.freeze(5)
    sheet.repeat(4, 4)


def _write_help_of(sheet: Sheet, table: CatalogTable, row: int) -> int:
    """Write what a table and its columns are; return the next row."""
    words = {True: sheet.texts("catalog_book.required"), False: sheet.texts("catalog_book.optional")}
    sheet.link(row, 0, table.name, table.name, "text group")
    for place, text in enumerate((table.title, words[table.required], table.help), start=1):
        sheet.text(row, place, text, "text group")
    for number, column in enumerate(table.columns, start=row + 1):
        for place, text in enumerate((column.name, column.title, words[column.required], column.help)):
            sheet.text(number, place, text, "text")
    return row + 1 + len(table.columns)
