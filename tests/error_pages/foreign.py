"""Finding English in what a Russian or Kazakh session says.

A run of Latin letters may stand there where it is a name: of an option, a file, a column, a code, an id, a
value that the user typed, or a word that the texts of all three languages have in common, such as CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from enum import Enum
from functools import cache
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

import click

from broken_catalogs.base_catalog import Tables
from curriplan.api.review.resolve import known_words
from curriplan.base.errors import issue_texts
from curriplan.catalog.reading.bundled import PROFILE_CATALOGS, bundled_names
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.reading.types import column_types
from curriplan.catalog.records import RECORD_OF_TABLE, CatalogInfo, Record
from curriplan.catalog.records.policy import NUMBER_KEYS, WORD_KEYS
from curriplan.cli.app import main
from curriplan.importing.esco.release import FILES
from curriplan.importing.esco.release import LANGUAGE as ESCO_LANGUAGE
from curriplan.importing.rup.mapping import EXPECTED
from curriplan.plan.plan import plan_schema
from curriplan.problem.objectives import OBJECTIVE_NAMES
from curriplan.problem.review import Choice
from curriplan.problem.settings import SETTINGS
from curriplan.texts.words import texts_of

SUBJECTS = ("cli", "issues", "reasons", "report", "rules", "diagnosis")
WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?:[._-]*[A-Za-z0-9]+)*")
PLAIN = re.compile(r"[A-Za-z]|[A-Z]{1,3}\d[\d.-]*|[IVX]+|[0-9a-f]{12}|[A-Za-z]{40,}")
"""A letter alone, a cell or an index, a Roman number, a hash, a value that was cut."""
SENTENCE = re.compile(r"(?<![\w-])(?:[a-z']+ ){2,}[a-z']+")
"""Names stand in no row without a comma; but for a command line."""
CELL_TEXT = re.compile(r"<t(?: [^>]*)?>(.*?)</t>", re.DOTALL)
ERROR = re.compile(r"<v>(#[^<]+)</v>")
"""An error value of Excel, which messages name as it stands."""
MODULES_OF_NAMES = (
    "importing.rup.lines",
    "importing.rup.roles",
    "importing.esco.release",
    "importing.onet.release",
    "problem.money",
    "catalog.graph",
)
"""Modules whose constants are names in files."""
MOST_READ = 1_000_000
"""Bytes of a file whose words a user may have typed."""


def words_of(text: str) -> set[str]:
    """Return the runs of Latin letters of a text, in small letters."""
    return {word.casefold() for word in WORD.findall(text)}


def foreign_words(said: str, known: Iterable[str]) -> dict[str, str]:
    """Return each run of Latin letters that is no name, and each sentence, with its line."""
    names = {*known, *common_names()}
    found = {
        word: line
        for line in said.splitlines()
        for word in WORD.findall(line)
        if word.casefold() not in names and not names.issuperset(word.casefold().split("."))
        if not PLAIN.fullmatch(word)
    }
    sentences = {text: line for line in said.splitlines() for text in SENTENCE.findall(line)}
    return found | {text: line for text, line in sentences.items() if not text.startswith("curriplan ")}


def typed(arguments: Iterable[str], folder: Path) -> set[str]:
    """Return the words of a command line, of a folder's path, its text files and their names."""
    found = words_of(" ".join(arguments)) | words_of(str(folder))
    for path in folder.rglob("*"):
        found |= words_of(path.name)
        if path.is_file() and path.stat().st_size <= MOST_READ and not is_zipfile(path):
            found |= words_of(path.read_text(encoding="utf-8", errors="replace"))
    return found


def without_cells(said: str, folder: Path) -> str:
    """Return what was said without the texts of whole cells of the workbooks in a folder."""
    cells: set[str] = set()
    for path in folder.rglob("*.xlsx"):
        with suppress(BadZipFile, KeyError), ZipFile(path) as book:
            cells |= set(re.findall(r'<sheet [^>]*name="([^"]*)"', book.read("xl/workbook.xml").decode()))
            for part in book.namelist():
                if part.startswith(("xl/sharedStrings", "xl/worksheets/sheet")):
                    text = book.read(part).decode()
                    cells |= {unescape(one) for one in [*CELL_TEXT.findall(text), *ERROR.findall(text)]}
    for cell in sorted((one for one in cells if one in said and WORD.search(one)), key=len, reverse=True):
        said = re.sub(rf"(?<![\w-]){re.escape(cell)}(?![\w-])", "", said)
    return said


@cache
def common_names() -> frozenset[str]:
    """Return the words that stand for something in files, options and catalogs, in every language."""
    names = [*_machine_words(), *_commands(main), *_ids()]
    return frozenset().union(*map(words_of, names), *_common_to_languages())


def _common_to_languages() -> Iterator[set[str]]:
    """Yield the words that one text has in all three languages, its placeholders aside."""
    for subject in SUBJECTS:
        for entry in texts_of(subject).values():
            plain = (words_of(re.sub(r"\{[^}]*\}", "", text)) for text in entry.values())
            yield set.intersection(*plain)


def _machine_words() -> Iterator[str]:
    yield from issue_texts()
    yield from (setting.name for setting in SETTINGS)
    yield from OBJECTIVE_NAMES
    yield from PROFILE_CATALOGS
    yield from NUMBER_KEYS
    yield from (f"{key} {' '.join(words)}" for key, words in WORD_KEYS.items())
    yield from CatalogInfo.model_fields
    yield from EXPECTED
    yield from map(str, EXPECTED.values())
    yield from _keys(plan_schema())
    yield from (f"{stem}_{ESCO_LANGUAGE}.csv" for stem, _ in FILES.values())
    yield known_words(Choice)  # in every language, as the workbook takes them
    for table, record in RECORD_OF_TABLE.items():
        yield f"{table} {table}.csv"
        for name, kind in column_types(record).items():
            yield " ".join((name, *map(str, kind.words)))
    for module in MODULES_OF_NAMES:
        for value in vars(import_module(f"curriplan.{module}")).values():
            if isinstance(value, type) and issubclass(value, Enum):
                yield from map(str, value)
            if isinstance(value, dict | tuple):
                yield from (one for one in value if isinstance(one, str) and " " not in one)


def _keys(schema: Any) -> Iterator[str]:
    """Yield the keys and the fixed words of a JSON Schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (str(word) for word in schema.get("enum", ()))
        for inner in schema.values():
            yield from _keys(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _keys(inner)


def _commands(command: click.Command, above: str = "curriplan") -> Iterator[str]:
    """Yield the names of commands and options, and what their usage lines call arguments."""
    ctx = click.Context(command, info_name=above)
    yield f"{above} --help {command.options_metavar or ''}"
    for one in command.params:
        choices = one.type.choices if isinstance(one.type, click.Choice) else ()
        yield " ".join((*one.opts, one.make_metavar(ctx), *choices))
    if isinstance(command, click.Group):
        yield command.subcommand_metavar
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{above} {name}")


def _ids() -> Iterator[str]:
    """Yield ids and other single words of the catalogs of the examples, names for people aside."""
    for name in bundled_names():
        yield name
        yield from (word for row in read_catalog(name).require().records() for word in _words_of_row(row))
    for rows in Tables().rows.values():
        yield from (cell for row in rows for cell in row if " " not in cell)


def _words_of_row(row: Record) -> Iterator[str]:
    for field in fields(row) if hasattr(row, "__dataclass_fields__") else ():
        yield str(getattr(row, field.name))
    for name, value in getattr(row, "__dict__", {}).items():
        if isinstance(value, str) and " " not in value and not name.startswith("name_"):
            yield value
