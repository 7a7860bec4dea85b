"""Every table and column has a title and a help text in three languages, fit for a header and a cell."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from curriplan.catalog.records import RECORDS, TABLES, CatalogInfo
from curriplan.catalog.records.network import NETWORK_RECORDS
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import INFO_TABLE, column_help, column_title, table_help, table_title

COLUMNS = {
    **{record.table: record.columns() for record in (*RECORDS, *NETWORK_RECORDS)},
    INFO_TABLE: tuple(field.alias or name for name, field in CatalogInfo.model_fields.items()),
}
EXCEL_MESSAGE_LIMIT = 255


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", COLUMNS)
def test_table_and_columns_are_titled(table: str, language: str) -> None:
    assert table_title(table, language)
    assert table_help(table, language).endswith(".")
    for column in COLUMNS[table]:
        assert column_title(table, column, language), column
        text = column_help(table, column, language)
        assert text.endswith("."), column
        assert len(text) <= EXCEL_MESSAGE_LIMIT, (column, len(text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", COLUMNS)
def test_titles_are_unique_as_headers(table: str, language: str) -> None:
    """Also against the names of other columns: `level` may not be the title of another column."""
    columns = COLUMNS[table]
    titles = Counter(column_title(table, column, language).casefold() for column in columns)
    assert [title for title, count in titles.items() if count > 1] == []
    for column in columns:
        title = column_title(table, column, language).casefold()
        assert title == column or title not in columns


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_tables_are_unique(language: str) -> None:
    titles = [table_title(table, language).casefold() for table in COLUMNS]
    assert len(set(titles)) == len(titles)


def test_a_title_means_one_column_whatever_its_language() -> None:
    for table, columns in COLUMNS.items():
        meant: dict[str, set[str]] = {}
        for column in columns:
            for language in LANGUAGES:
                meant.setdefault(column_title(table, column, language).casefold(), set()).add(column)
        assert {title: found for title, found in meant.items() if len(found) > 1} == {}, table


def test_no_text_is_left_over() -> None:
    """A text of a column that is no more would be kept in three languages for nobody."""
    texts = tomllib.loads(files("curriplan").joinpath("texts/columns.toml").read_text(encoding="utf-8"))
    assert set(texts["tables"]) == {*COLUMNS}
    assert set(texts["info"]) == {"key", "value", "help", *COLUMNS[INFO_TABLE]}
    own = texts["columns"].copy()
    shared = own.pop("shared")
    for table, columns in own.items():
        assert set(columns) <= set(COLUMNS[table]), table
    used = {column for table in TABLES for column in COLUMNS[table] if column not in own.get(table, {})}
    assert set(shared) == used


def test_an_unknown_column_is_a_bug() -> None:
    with pytest.raises(KeyError):
        column_title("modules", "colour", "ru")
