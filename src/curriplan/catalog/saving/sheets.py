"""What each sheet, column and cell of a workbook holds that is made of a catalog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from curriplan.catalog.reading.bundled import PROFILE_CATALOGS
from curriplan.catalog.reading.raw import INFO_HEADER
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
    ENTRY_BASES,
    NUMBER_KEYS,
    QUALIFICATION_LEVELS,
    TOTAL_CREDITS_PREFIX,
    WORD_KEYS,
)
from curriplan.catalog.saving.folder import rows_to_write
from curriplan.catalog.saving.texts import cell_of
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import INFO_TABLE, column_help, column_title, table_help, table_title, word_title
from curriplan.texts.words import Words

Value = str | float | None


@dataclass(frozen=True)
class CatalogColumn:
    """A column of a table: its name, what people call it, and what may be written in it.

    Parameters
    ----------
    header : str
        What stands over it: its name, or its title in a workbook that is kept in a language.
    style : str
        The style of its cells: ``field`` (text), ``field_number``, ``field_money``, or ``aside``.
    width : float
        Characters; a longer name makes it wider.
    words : tuple of str
        Words to choose from.
    meanings : tuple of str
        What each of the words means, for the help; none where the help of the column says it.
    closed : bool
        Whether the reader knows no others but spellings of these; Excel asks before it takes one.
    fed_by : tuple of str, optional
        Table and column whose values are offered.
    whole : bool
        Whether numbers must be whole.
    minimum, maximum : float, optional
        Bounds of a number.
    """

    name: str
    header: str
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
    sheet : str
        What its sheet is called: its name, or its title in a workbook that is kept in a language.
    rows : iterable of sequences
        Its rows, all as long as there are columns.
    values : tuple of CatalogColumn
        What stands in the second column of each row, in a table whose rows differ in that.
    """

    name: str
    sheet: str
    title: str
    help: str
    required: bool
    columns: tuple[CatalogColumn, ...]
    rows: Iterable[Sequence[Value]]
    values: tuple[CatalogColumn, ...] = ()


EXACT_DIGITS = 15
"""Digits of a number that every program keeps; a number that needs more is written as text."""
KIND_OF_RESOURCE = ("module_resources", "resource_kind")
FED_BY_NO_ID = {KIND_OF_RESOURCE: ("resources", "kind")}
"""Columns that repeat the words of another column, which is no id."""
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
    "languages": LANGUAGES,
    "illustrative": YES_NO,
    "classification": YES_NO,
    "profile": tuple(PROFILE_CATALOGS),
}
"""Words to choose from beside the keys of the catalog."""
NAME_WIDTH, TEXT_WIDTH, ID_WIDTH, NUMBER_WIDTH, HELP_WIDTH = 38.0, 24.0, 16.0, 9.0, 90.0


def tables_of(catalog: Catalog, language: str, *, in_words: bool = False) -> list[CatalogTable]:
    """Return every sheet in the order of the tabs, the information about the catalog first.

    Parameters
    ----------
    language : str
        ``kk``, ``ru`` or ``en``: of the help.
    in_words : bool
        Whether names of sheets and columns and the words to choose from are in that language too; in
        English they are those of the format.
    """
    said = language if in_words else "en"
    return [_info_table(catalog.info, language, said), *_tables(catalog, language, said)]


def _name_in(said: str, name: str, title: str) -> str:
    """Return what a sheet or a column is called: by the format in English, else by its title."""
    return name if said == "en" else title


def _help_in(said: str, text: str, words: Sequence[str]) -> str:
    """Return the help of a column with its words as they stand in the list beside it.

    >>> _help_in("ru", "yes – каждый год; basic – базовый.", ("yes", "basic"))
    'да – каждый год; базовый.'
    """
    if said == "en" or not words:
        return text
    names = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    shown = re.sub(rf"(?<![\w-])({names})(?![\w-])", lambda found: word_title(found[1], said), text)
    return re.sub(r"(?<![\w-])([^,;:.–]+) – \1(?=[,;.])", r"\1", shown)


def _tables(catalog: Catalog, language: str, said: str) -> Iterator[CatalogTable]:
    needed = CLASSIFICATION_TABLES if catalog.info.classification else REQUIRED_TABLES
    for record in RECORDS:
        table = record.table
        yield CatalogTable(
            table,
            _name_in(said, table, table_title(table, language)),
            table_title(table, language),
            table_help(table, language),
            table in needed,
            tuple(_columns(record, language, said)),
            _rows(record, rows_to_write(catalog, table), said),
        )


def _columns(record: type[Record], language: str, said: str) -> Iterator[CatalogColumn]:
    required = required_columns(record)
    for name, kind in column_types(record).items():
        table = record.table
        extra = record.column_info(name)
        fed_by = (extra["references"], "id") if extra["references"] else FED_BY_NO_ID.get((table, name))
        yield CatalogColumn(
            name,
            _name_in(said, name, column_title(table, name, language)),
            column_title(table, name, language),
            _help_in(said, column_help(table, name, language), () if kind.many else kind.words),
            name in required,
            _style(kind, extra["unit"]),
            _column_width(name, kind, fed_by is not None),
            words=tuple(word_title(word, said) for word in _words(table, name, kind)),
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


def _rows(record: type[Record], rows: Iterable[Record], said: str) -> Iterator[tuple[Value, ...]]:
    kinds = column_types(record)
    fields = [("key_name" if name == "key" else name, kind) for name, kind in kinds.items()]
    for row in rows:
        yield tuple(_cell(getattr(row, name), kind, said) for name, kind in fields)


def _cell(value: Any, kind: ColumnType, said: str) -> Value:
    """Return a value as it stands in a cell; None where the cell is empty."""
    text = cell_of(value)
    if text and kind.words and not kind.many:
        return word_title(text, said)
    if text and kind.is_number and not kind.many and float(f"{value:.{EXACT_DIGITS}g}") == value:
        return float(value)
    return text or None


def _info_table(info: CatalogInfo, language: str, said: str) -> CatalogTable:
    """Return the sheet that stands for ``catalog.toml``, with every key, also those without a value."""
    key, value = INFO_HEADER
    widths = {key: ID_WIDTH, value: HELP_WIDTH / 2, "help": HELP_WIDTH}
    columns = tuple(
        CatalogColumn(
            name,
            _name_in(said, name, column_title(INFO_TABLE, name, language)),
            column_title(INFO_TABLE, name, language),
            column_help(INFO_TABLE, name, language),
            name in INFO_HEADER,
            "field" if name == value else "aside",
            width,
        )
        for name, width in widths.items()
    )
    pairs = list(_info_pairs(info))
    rows = [
        (
            _name_in(said, name, column_title(INFO_TABLE, name, language)),
            word_title(text, said) if text and _flags(name) else text,
            _help_in(said, column_help(INFO_TABLE, name, language), _flags(name)),
        )
        for name, text in pairs
    ]
    values = tuple(_info_value(name, language, said) for name, _ in pairs)
    title, text = table_title(INFO_TABLE, language), table_help(INFO_TABLE, language)
    sheet = _name_in(said, INFO_TABLE, title)
    return CatalogTable(INFO_TABLE, sheet, title, text, True, columns, rows, values)


def _flags(key: str) -> tuple[str, ...]:
    """Return the words of a key that is answered by yes or no."""
    return YES_NO if INFO_WORDS.get(key) == YES_NO else ()


def _info_value(key: str, language: str, said: str) -> CatalogColumn:
    return CatalogColumn(
        key,
        _name_in(said, key, column_title(INFO_TABLE, key, language)),
        column_title(INFO_TABLE, key, language),
        _help_in(said, column_help(INFO_TABLE, key, language), _flags(key)),
        key == "id",
        "field",
        TEXT_WIDTH,
        words=tuple(word_title(word, said) for word in INFO_WORDS.get(key, ())),
        closed=key not in {"profile", "languages"},
    )


def _info_pairs(info: CatalogInfo) -> Iterator[tuple[str, str | None]]:
    """Yield key and value; a key whose value is a list once for each of its items."""
    for name, field in CatalogInfo.model_fields.items():
        value = getattr(info, name)
        if name == "allotted":
            if value is None:
                continue  # nobody fills it in
            value = to_json(value).decode()
        items = (value or (None,)) if isinstance(value, tuple) else (value,)
        for item in items:
            yield field.alias or name, cell_of(item) or None
