"""Names of tables and columns as planners write them: the format's own, or a title in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from curriplan.catalog.reading.understand import fold, former_titles, header_synonyms, latin
from curriplan.catalog.records import RECORD_OF_TABLE, TABLES, CatalogInfo
from curriplan.catalog.records.network import NETWORK_TABLES
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import INFO_TABLE, column_title, table_title

INFO_COLUMNS = {"key": ("параметр",), "value": ("значения",)}


@dataclass(frozen=True)
class Names:
    """The names of some tables or columns.

    ``official`` are names and titles exactly as the format has them, ``folded`` the same without case,
    punctuation and white space, ``alike`` those with Latin letters for the Cyrillic ones that look like
    them, ``loose`` other spellings that planners use.
    """

    official: Mapping[str, str]
    folded: Mapping[str, str]
    alike: Mapping[str, str]
    loose: Mapping[str, str]

    def find(self, text: str) -> str | None:
        """Return what an official name or title stands for, whatever its case and white space."""
        if text in self.official:
            return self.official[text]
        folded = fold(text)
        return self.folded.get(folded) or self.alike.get(latin(folded))

    def guess(self, text: str) -> str | None:
        """Return what another spelling stands for."""
        return self.loose.get(fold(text))


@cache
def column_names(table: str) -> Names:
    """Return the names of the columns of a table, or of the keys of the information about the catalog.

    >>> names = column_names("modules")
    >>> names.find("theory_hours"), names.find("Теоретическое обучение, ч"), names.guess("Теория")
    ('theory_hours', 'theory_hours', 'theory_hours')
    """
    if table == INFO_TABLE:
        titles = {name: _titles(table, name) for name in INFO_COLUMNS}
        return _names(titles.items(), INFO_COLUMNS.items())
    columns = RECORD_OF_TABLE[table].columns()
    titles = {name: _titles(table, name) for name in columns}
    return _names(titles.items(), ((name, _loose_names(name, texts)) for name, texts in titles.items()))


@cache
def table_names() -> Names:
    """Return the names of the tables, and of the sheet of information about the catalog.

    >>> table_names().find("modules"), table_names().find("МОДУЛИ"), table_names().find("notes")
    ('modules', 'modules', None)
    """
    return _names(
        (name, (name, *(table_title(name, code) for code in LANGUAGES), *former_titles(name)))
        for name in (*TABLES, INFO_TABLE)
    )


@cache
def network_table_names() -> Names:
    """Return the names of the tables that may stand beside ``network.toml``.

    >>> network_table_names().find("colleges"), network_table_names().find("Колледжи")
    ('colleges', 'colleges')
    """
    return _names((name, (name, *(table_title(name, code) for code in LANGUAGES))) for name in NETWORK_TABLES)


@cache
def info_keys() -> Names:
    """Return the names of the keys of the information about the catalog."""
    keys = [field.alias or name for name, field in CatalogInfo.model_fields.items()]
    return _names((key, _titles(INFO_TABLE, key)) for key in keys)


def _titles(table: str, column: str) -> tuple[str, ...]:
    titles = (column_title(table, column, language) for language in LANGUAGES)
    return (column, *titles, *former_titles(f"{table}.{column}"))


def _loose_names(name: str, titles: Iterable[str]) -> tuple[str, ...]:
    """Return other spellings: a title without its unit, and the synonyms of the column."""
    return (*(text.rsplit(",", 1)[0] for text in titles if "," in text), *header_synonyms(name))


def _names(
    official: Iterable[tuple[str, Iterable[str]]], loose: Iterable[tuple[str, Iterable[str]]] = ()
) -> Names:
    exact = {text: name for name, texts in official for text in texts}
    folded = _unique((fold(text), name) for text, name in exact.items())
    alike = _unique((latin(text), name) for text, name in folded.items())
    return Names(exact, folded, alike, _unique((fold(text), name) for name, texts in loose for text in texts))


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the name for each text that does not stand for two."""
    found: dict[str, set[str]] = {}
    for text, name in pairs:
        found.setdefault(text, set()).add(name)
    return {text: next(iter(names)) for text, names in found.items() if text and len(names) == 1}
