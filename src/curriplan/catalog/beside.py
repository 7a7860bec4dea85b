"""What a sheet says beside its cells: merged ranges, hidden rows and columns.

openpyxl passes over them where it reads large sheets, so they are looked for in the bytes of the sheet.
Nothing is parsed or expanded for it, whatever the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from openpyxl.utils.cell import range_boundaries

from curriplan.catalog.encoding import UTF16_MARKS
from curriplan.catalog.raw import LAST_COLUMN, LAST_ROW, MAX_COLUMNS, Area

MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref\s*=\s*[\"']([^\"'<>]*)")
HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s([^<>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^<>]*)>")
NUMBER = re.compile(rb"\b(r|min|max)\s*=\s*[\"'](\d{1,9})[\"']")
MOST_MERGED = 100_000
"""Merged ranges of a sheet: no sheet that a person made has as many, and one with more is not read."""


@dataclass(frozen=True)
class Beside:
    """Merged ranges, and the numbers of hidden rows (from 1) and columns (from 0)."""

    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def beside(part: bytes) -> Beside:
    """Return what the XML of a sheet says beside its cells.

    >>> found = beside(b'<col min="2" max="3" hidden="1"/><row r="7" hidden="1"><mergeCell ref="A2:A5"/>')
    >>> [str(area) for area in found.merged], set(found.hidden_rows), sorted(found.hidden_columns)
    (['A2:A5'], {7}, [1, 2])
    """
    if part.startswith(UTF16_MARKS):
        part = part.decode("utf-16", errors="replace").encode()
    rows: set[int] = set()
    columns: set[int] = set()
    for found in HIDDEN.finditer(part):
        numbers = {name: int(value) for name, value in NUMBER.findall(found[2])}
        if found[1] == b"row":
            rows.add(numbers.get(b"r", 0))
        else:
            first = numbers.get(b"min", 1)
            columns.update(range(first - 1, min(numbers.get(b"max", first), MAX_COLUMNS)))
    return Beside(tuple(_areas(part)), frozenset(rows), frozenset(columns))


def _areas(part: bytes) -> Iterator[Area]:
    for found in islice(MERGED.finditer(part), MOST_MERGED + 1):
        try:
            left, top, right, bottom = range_boundaries(found[1].decode("ascii", errors="replace"))
        except ValueError:
            continue
        yield Area(top or 1, bottom or LAST_ROW, (left or 1) - 1, (right or LAST_COLUMN) - 1)
