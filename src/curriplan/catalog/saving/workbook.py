"""Writing a catalog as a workbook to write in: rules, lists to choose from, and the help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from curriplan.base.version import TOOL
from curriplan.catalog.footer import footer_of
from curriplan.catalog.records import (
    Catalog,
)
from curriplan.catalog.saving.sheets import CatalogColumn, CatalogTable, tables_of
from curriplan.texts.titles import help_sheet_title
from curriplan.texts.words import Words
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import ACCENT, LINE
from curriplan.xlsx.workbook import Book

LAST_ROW = 1_048_575
"""The last row of a sheet, counted from 0: rules hold for rows that are added too."""
MAX_MESSAGE_TITLE = 32
"""Characters of the title of a message beside a cell."""
NUMBER_STYLES = ("field_number", "field_money")
HELP_WIDTHS = (30.0, 36.0, 16.0, 90.0)
LEAST_WIDTH, NAME_MARGIN = 9.0, 3.0


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
        ``kk``, ``ru`` or ``en``: of the help; sheets and columns are called as `tables` have it.
    help_sheet : str
        The name of the sheet that explains the others.
    """
    texts = Words(language)
    title = texts("catalog_book.sheet", catalog=catalog.info.title(language))
    footer = footer_of(texts, TOOL, catalog, catalog.sha256)
    book = Book(target, texts, footer, title, catalog.sha256)
    _Help(book, book.sheet(help_sheet, HELP_WIDTHS)).write(title, tables)
    fed = {column.fed_by for table in tables for column in table.columns if column.fed_by}
    for table in tables:
        _write_table(book, table)
        for place, column in enumerate(table.columns):
            if (table.name, column.name) in fed:
                book.growing_list(list_name(table.name, column.name), table.sheet, place)
    book.close()


def list_name(table: str, column: str) -> str:
    """Return the name in the workbook for the values of a column.

    >>> list_name("modules", "id")
    'list_modules_id'
    """
    return f"list_{table}_{column}"


def _write_table(book: Book, table: CatalogTable) -> None:
    widths = [_width(column) for column in table.columns]
    sheet = book.sheet(table.sheet, widths)
    sheet.tab(ACCENT if table.required else LINE)
    styles = [column.style for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.column_style(place, _empty(column.style))
        sheet.cell(0, place, column.header, "name must" if column.required else "name")
        sheet.rule(0, 0, place, {"validate": "any", **_message(column)})
        for first, last, ruled in _stretches(table, place):
            sheet.rule(first, last, place, {**_rule(table.name, ruled), **_message(ruled)})
    count = 0
    for count, row in enumerate(table.rows, start=1):
        for place, value in enumerate(row):
            if value is not None:
                sheet.cell(count, place, value, _filled(styles[place], value))
    sheet.numbers_may_be_texts(1, LAST_ROW, len(table.columns) - 1)
    sheet.freeze(1, 1)
    sheet.repeat(0, 0)
    sheet.filter(0, count, len(table.columns) - 1)


def _stretches(table: CatalogTable, place: int) -> Iterator[tuple[int, int, CatalogColumn]]:
    """Yield first and last row of the cells of a column that are alike, and what they hold."""
    if table.values and place == 1:
        yield from ((row, row, value) for row, value in enumerate(table.values, start=1))
    else:
        yield 1, LAST_ROW, table.columns[place]


def _width(column: CatalogColumn) -> float:
    return max(LEAST_WIDTH, len(column.header) + NAME_MARGIN, column.width)


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


def _rule(table: str, column: CatalogColumn) -> dict[str, Any]:
    """Return what Excel lets people write: a fault is stopped where it is certain, else asked about.

    Of words none is: the reader knows more spellings than a list has room for.
    """
    if column.fed_by:
        return {"validate": "list", "source": f"={list_name(*column.fed_by)}", "error_type": "warning"}
    if column.words:
        kind = "warning" if column.closed else "information"
        listed = f"={list_name(table, column.name)}" if column.meanings else list(column.words)
        return {"validate": "list", "source": listed, "error_type": kind}
    kind = "integer" if column.whole else "decimal"
    low, high = column.minimum, column.maximum
    if column.style not in NUMBER_STYLES or low is None:
        return {"validate": "any"}
    if high is None:
        return {"validate": kind, "criteria": ">=", "value": low}
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


class _Help:
    """The sheet that explains the tables, their columns, and words that need it."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.book, self.sheet, self.texts = book, sheet, sheet.texts
        self.row = 0

    def write(self, title: str, tables: Sequence[CatalogTable]) -> None:
        """Write how to fill in the workbook, then every table."""
        heads = (title, self.texts("catalog_book.how"), self.texts("catalog_book.next"))
        for row, (text, style) in enumerate(zip(heads, ("title", "plain", "plain"), strict=True)):
            self.sheet.across(row, text, style)
        self.sheet.across(3, self.texts("catalog_book.unread"), "how")
        keys = ("catalog_book.column", "catalog_book.title", "catalog_book.need", "catalog_book.help")
        self.row = 4
        self._line([self.texts(key) for key in keys], "header")
        self.sheet.freeze(self.row)
        self.sheet.repeat(self.row - 1, self.row - 1)
        for table in tables:
            self._write_table(table)

    def _write_table(self, table: CatalogTable) -> None:
        self.sheet.link(self.row, 0, table.sheet, table.name, "text group")
        self._line(["", table.title, self._need(table.required), table.help], "text group", first=1)
        for column in table.columns:
            self._line([column.name, column.title, self._need(column.required), column.help], "text")
            if column.meanings:
                self._write_words(table, column)

    def _write_words(self, table: CatalogTable, column: CatalogColumn) -> None:
        """Write the words of a column, from where they are also offered in its cells."""
        first = self.row
        for word, meaning in zip(column.words, column.meanings, strict=True):
            self._line([word, "", "", meaning], "text fixed")
        self.book.fixed_list(list_name(table.name, column.name), self.sheet.name, 0, first, self.row - 1)

    def _line(self, texts: Sequence[str], style: str, first: int = 0) -> None:
        for place, text in enumerate(texts[first:], start=first):
            self.sheet.text(self.row, place, text, style)
        self.row += 1

    def _need(self, required: bool) -> str:
        return self.texts("catalog_book.required") if required else self.texts("catalog_book.optional")


def write_workbook(catalog: Catalog, path: Path, language: str, *, in_words: bool = False) -> None:
    """Write a catalog as a workbook to write in; its help in `language`, `in_words` all else too."""
    tables = tables_of(catalog, language, in_words=in_words)
    help_sheet = help_sheet_title(language if in_words else "en")
    write_catalog_workbook(tables, catalog, path, language, help_sheet)
