"""Words of the format in a table that is kept in a language: its header says in which, and nothing is odd.

Under any other header the same words are understood too, with a warning (`understand.word`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from curriplan.catalog.reading.raw import RawTable
from curriplan.catalog.reading.types import column_types
from curriplan.catalog.records import RECORD_OF_TABLE
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import column_title, word_title


def in_words_of_format(raw: RawTable) -> RawTable:
    """Return a table with the words of the format in place of those of the language of each header."""
    if not raw.written:
        return raw
    kinds = column_types(RECORD_OF_TABLE[raw.table])
    known = {
        index: words_of(raw.table, name, raw.written[index], kinds[name].words)
        for index, name in enumerate(raw.header)
        if name in kinds and kinds[name].words and not kinds[name].many
    }
    known = {index: words for index, words in known.items() if words}
    if not known:
        return raw
    rows = tuple(
        (
            number,
            tuple(
                known[at].get(cell, cell) if at in known and cell else cell for at, cell in enumerate(cells)
            ),
        )
        for number, cells in raw.rows
    )
    return replace(raw, rows=rows)


@cache
def words_of(table: str, column: str, header: str, words: tuple[str, ...]) -> Mapping[str, str]:
    """Return the words of a column by what they are called in the languages of its header."""
    languages = [code for code in LANGUAGES if column_title(table, column, code) == header]
    return {word_title(word, code): word for code in languages for word in words}
