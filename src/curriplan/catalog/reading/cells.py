"""A cell of any table, whatever file it stands in: its value, its type, and what it says.

Types are called as workbooks (.xlsx) call them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from curriplan.catalog.reading.raw import Area, clean, number_text, shorten

MOST_MERGED = 100_000
"""Merged ranges of a sheet: no sheet that a person made has as many, and one with more is not read."""


@dataclass(frozen=True)
class Beside:
    """Merged ranges, and the numbers of hidden rows (from 1) and columns (from 0)."""

    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


class Cell(NamedTuple):
    """A cell: its value, its type, and whether it is a formula, whose stored result the value is."""

    value: Any
    data_type: str
    formula: bool


LOST_TEXT = "lost text"
"""The type of a cell whose text is not in the workbook."""
LITERAL = "literal text"
"""The type of a text in which nothing stands for a character that XML cannot hold: of .ods and .xls."""
ODD = "odd"
"""The type of a cell whose value is none of its type, or whose type no workbook has."""
FAULTY = {"e": "error-in-cell", LOST_TEXT: "text-not-there", ODD: "no-value-of-a-cell"}
"""Types of cells without a value, and what is said of them."""
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML cannot hold, and an underscore before such a group."""
AMOUNT = re.compile(r"[ \t\r\n]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t\r\n]*", re.ASCII)
"""How a workbook writes a number; Python takes 1_0 for ten, too, and the digits of any script."""
VALUES = {
    "n": AMOUNT,
    "b": re.compile("[01]"),
    "s": None,
    "str": None,
    "inlineStr": None,
    "d": None,
    "e": None,
}
"""Types that cells have, with what their values look like where nothing else looks at that."""


def is_odd(data_type: str, text: str) -> bool:
    """Say whether a value is none of its type.

    >>> [is_odd("n", text) for text in ("12", "-1.5E3", "1_0", "٣", "nan", "1e999")]
    [False, False, True, True, True, True]
    """
    if data_type not in VALUES:
        return True
    form = VALUES[data_type]
    if form is not None and not form.fullmatch(text):
        return True
    return data_type == "n" and not math.isfinite(float(text))


def cell_text(value: Any, data_type: str, formula: bool, *, dates: bool = False) -> tuple[str, str | None]:
    """Return the text of a cell, and the code of what is wrong with it if anything is.

    >>> cell_text(12.0, "n", False)
    ('12', None)
    >>> cell_text(True, "b", False)
    ('yes', None)
    """
    if value is None:
        # a formula whose result is an empty text has the type str; one never calculated has none
        return "", "formula-without-value" if formula and data_type != "str" else None
    if data_type in FAULTY:
        return shorten(str(value)), FAULTY[data_type]
    if isinstance(value, str):
        return clean(value) if data_type == LITERAL else _plain_text(value), None
    if isinstance(value, (date, time, timedelta)):
        return _date_text(value), None if dates else "date-in-cell"
    if isinstance(value, bool):
        return "yes" if value else "no", None
    return number_text(value) if isinstance(value, float) else _plain_text(str(value)), None


def _plain_text(text: str) -> str:
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        # two escapes may be one character
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return clean(text)


def _date_text(value: date | time | timedelta) -> str:
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    return str(value) if isinstance(value, timedelta) else value.isoformat()
