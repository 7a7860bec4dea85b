"""A catalog on its way to a workbook: what each sheet, column and cell holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from curriplan.base.version import TOOL
from curriplan.catalog.footer import footer_of
from curriplan.catalog.reading.bundled import PROFILE_CATALOGS
from curriplan.catalog.reading.raw import HELP_SHEET, INFO_HEADER
from curriplan.catalog.reading.types import ColumnType, column_types, required_columns
from curriplan.catalog.records import (
    CLASSIFICATION_TABLES,
    RECORDS,
    REQUIRED_TABLES,
    Catalog,
    CatalogInfo,
    Record,
)
from curriplan.catalog.records.policy import (
    NUMBER_KEYS,
    QUALIFICATION_LEVELS,
    TOTAL_CREDITS_PREFIX,
    WORD_KEYS,
)
from curriplan.catalog.saving.folder import rows_to_write
from curriplan.catalog.saving.texts import cell_of
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import INFO_TABLE, column_help, column_title, table_help, table_title
from curriplan.texts.words import Words
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.styles import ACCENT, LINE
from curriplan.xlsx.workbook import Book, Sheet

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
    meanings : tuple of str
        What each of the words means, for the help; none where the help of the column says it.
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
    meanings: tuple[str, ...] = ()
    closed: bool = True
    fed_by: tuple[str, str] | None = None
    whole: bool = False
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class CatalogTable:
    """A table on its way to a sheet.

    Parameters
    ----------
    rows : iterable of sequences
        Its rows, all as long as there are columns.
    values : tuple of CatalogColumn
        What stands in the second column of each row, in a table whose rows differ in that.
    """

    name: str
    title: str
    help: str
    required: bool
    columns: tuple[CatalogColumn, ...]
    rows: Iterable[Sequence[Value]]
    values: tuple[CatalogColumn, ...] = ()


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


def _rule(table: str, column: CatalogColumn) -> dict[str, Any]:
    """Return what Excel lets people write: a fault is stopped where it is certain, else asked about."""
    if column.fed_by:
        return {"validate": "list", "source": f"={list_name(*column.fed_by)}", "error_type": "warning"}
    if column.words:
        kind = "stop" if column.closed else "information"
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
        self.sheet.link(self.row, 0, table.name, table.name, "text group")
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


EXACT_DIGITS = 15
"""Digits of a number that every program keeps; a number that needs more is written as text."""
KIND_OF_RESOURCE = ("module_resources", "resource_kind")
FED_BY_NO_ID = {KIND_OF_RESOURCE: ("resources", "kind")}
"""Columns that repeat the words of another column, which is no id."""
ENTRY_BASES = ("grade9", "grade11")
PROPOSED = {
    ("modules", "assessment_form"): ("exam", "pass", "differentiated_pass"),
    ("programmes", "entry_base"): ENTRY_BASES,
}
"""Words to choose from where others fit too."""
PROFILE_KEY = ("profile", "key")
PROFILE_KEYS = (
    *NUMBER_KEYS,
    *WORD_KEYS,
    *(f"{TOTAL_CREDITS_PREFIX}{level}_{base}" for level in QUALIFICATION_LEVELS for base in ENTRY_BASES),
)
"""The keys that a profile may have."""
YES_NO = ("yes", "no")
INFO_WORDS = {
    "language": LANGUAGES,
    "illustrative": YES_NO,
    "classification": YES_NO,
    "profile": tuple(PROFILE_CATALOGS),
}
"""Words to choose from beside the keys of the catalog."""
NAME_WIDTH, TEXT_WIDTH, ID_WIDTH, NUMBER_WIDTH, HELP_WIDTH = 38.0, 24.0, 16.0, 9.0, 90.0


def write_workbook(catalog: Catalog, path: Path, language: str) -> None:
    """Write a catalog as a workbook to write in; its help in `language`."""
    tables = [_info_table(catalog.info, language), *_tables(catalog, language)]
    write_catalog_workbook(tables, catalog, path, language, HELP_SHEET)


def _tables(catalog: Catalog, language: str) -> Iterator[CatalogTable]:
    needed = CLASSIFICATION_TABLES if catalog.info.classification else REQUIRED_TABLES
    for record in RECORDS:
        table = record.table
        yield CatalogTable(
            table,
            table_title(table, language),
            table_help(table, language),
            table in needed,
            tuple(_columns(record, language)),
            _rows(record, rows_to_write(catalog, table)),
        )


def _columns(record: type[Record], language: str) -> Iterator[CatalogColumn]:
    required = required_columns(record)
    for name, kind in column_types(record).items():
        table = record.table
        extra = record.column_info(name)
        fed_by = (extra["references"], "id") if extra["references"] else FED_BY_NO_ID.get((table, name))
        yield CatalogColumn(
            name,
            column_title(table, name, language),
            column_help(table, name, language),
            name in required,
            _style(kind, extra["unit"]),
            _column_width(name, kind, fed_by is not None),
            words=_words(table, name, kind),
            meanings=_profile_meanings(Words(language)) if (table, name) == PROFILE_KEY else (),
            closed=bool(kind.words),
            fed_by=None if kind.many else fed_by,
            whole=kind.kind == "integer",
            minimum=kind.minimum,
            maximum=kind.maximum,
        )


def _words(table: str, name: str, kind: ColumnType) -> tuple[str, ...]:
    if kind.many:
        return ()
    return PROFILE_KEYS if (table, name) == PROFILE_KEY else kind.words or PROPOSED.get((table, name), ())


def _profile_meanings(texts: Words) -> tuple[str, ...]:
    """Return what each key of the profile is, and the words that may stand beside it."""
    found = []
    for key in PROFILE_KEYS:
        if key.startswith(TOTAL_CREDITS_PREFIX):
            level, base = key.removeprefix(TOTAL_CREDITS_PREFIX).split("_")
            found.append(texts("norm_key.total_credits", level=level, base=texts(f"entry_base.{base}")))
        else:
            words = f": {' / '.join(WORD_KEYS[key])}" if key in WORD_KEYS else ""
            found.append(texts(f"norm_key.{key}") + words)
    return tuple(found)


def _style(kind: ColumnType, unit: str | None) -> str:
    if kind.many or not kind.is_number:
        return "field"
    return "field_money" if unit == "KZT" else "field_number"


def _column_width(name: str, kind: ColumnType, is_reference: bool) -> float:
    if kind.is_number:
        return NUMBER_WIDTH
    if name.startswith("name_"):
        return NAME_WIDTH
    return ID_WIDTH if is_reference or kind.pattern or kind.words else TEXT_WIDTH


def _rows(record: type[Record], rows: Iterable[Record]) -> Iterator[tuple[Value, ...]]:
    kinds = column_types(record)
    fields = [("key_name" if name == "key" else name, kind) for name, kind in kinds.items()]
    for row in rows:
        yield tuple(_cell(getattr(row, name), kind) for name, kind in fields)


def _cell(value: Any, kind: ColumnType) -> Value:
    """Return a value as it stands in a cell; None where the cell is empty."""
    text = cell_of(value)
    if text and kind.is_number and not kind.many and float(f"{value:.{EXACT_DIGITS}g}") == value:
        return float(value)
    return text or None


def _info_table(info: CatalogInfo, language: str) -> CatalogTable:
    """Return the sheet that stands for ``catalog.toml``, with every key, also those without a value."""
    key, value = INFO_HEADER
    widths = {key: ID_WIDTH, value: HELP_WIDTH / 2, "help": HELP_WIDTH}
    columns = tuple(
        CatalogColumn(
            name,
            column_title(INFO_TABLE, name, language),
            column_help(INFO_TABLE, name, language),
            name in INFO_HEADER,
            "field" if name == value else "aside",
            width,
        )
        for name, width in widths.items()
    )
    pairs = list(_info_pairs(info))
    rows = [(name, text, column_help(INFO_TABLE, name, language)) for name, text in pairs]
    values = tuple(_info_value(name, language) for name, _ in pairs)
    title, text = table_title(INFO_TABLE, language), table_help(INFO_TABLE, language)
    return CatalogTable(INFO_TABLE, title, text, True, columns, rows, values)


def _info_value(key: str, language: str) -> CatalogColumn:
    return CatalogColumn(
        key,
        column_title(INFO_TABLE, key, language),
        column_help(INFO_TABLE, key, language),
        key == "id",
        "field",
        TEXT_WIDTH,
        words=INFO_WORDS.get(key, ()),
        closed=key != "profile",
    )


def _info_pairs(info: CatalogInfo) -> Iterator[tuple[str, str | None]]:
    """Yield key and value; a key whose value is a list once for each of its items."""
    for name, field in CatalogInfo.model_fields.items():
        value = getattr(info, name)
        items = (value or (None,)) if isinstance(value, tuple) else (value,)
        for item in items:
            yield field.alias or name, cell_of(item) or None
