"""Rows that repeat the heading, as on each printed page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from curriplan.importing.rup.headings import is_labelled
from curriplan.importing.rup.lines import RupLine, RupTable
from curriplan.importing.rup.vocabulary import folded

REPEATED = 3
"""Cells of a heading that a row must repeat to be one itself."""


def repeats_heading(table: RupTable, line: RupLine) -> bool:
    """Say whether a row repeats a row of the heading, as on each printed page: all of it, or much."""
    columns = {one.index: one.heading.path for one in table.layout.columns}
    filled = {at: text for at in columns if (text := folded(table.sheet.text(line.row, at)))}
    same = [text for at, text in filled.items() if text in _heading_texts(table, at, columns[at])]
    worded = sum(not text.isdecimal() for text in same)
    if worded >= REPEATED or (worded > 0 and len(same) == len(filled)):
        return True
    numbers = sum(bool(re.fullmatch(r"[\d.,]+", text)) for text in filled.values())
    return worded > 0 and is_labelled(table.sheet, line.row) and len(same) + numbers >= len(filled)


def _heading_texts(table: RupTable, column: int, path: Sequence[str]) -> set[str]:
    rows = range(table.layout.top, table.layout.bottom + 1)
    return {folded(text) for text in (*path, *(table.sheet.text(row, column) for row in rows))} - {""}
