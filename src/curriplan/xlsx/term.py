"""Formulas that carry their value: what Excel will compute, computed here from the same cells.

A deliverable must show its numbers before anything recalculates it (previews, Protected View,
pandas), so every formula is written together with its cached value. Both grow here from the same
expression, so that they cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache

Scalar = float | int | str | bool | None


NOTHING = "–"
"""What a formula shows where there is no number; an empty text would leave it without a cached value."""


def quoted(sheet: str) -> str:
    """Return a sheet's name as a formula writes it, with the exclamation mark."""
    return "'" + sheet.replace("'", "''") + "'!"


@lru_cache
def _own_references(sheet: str) -> re.Pattern[str]:
    """Return what finds a text within a formula, or a reference into a sheet with its columns and rows."""
    name = re.escape(quoted(sheet))
    return re.compile(rf"""("(?:[^"]|"")*")|(?<!'){name}(\$[A-Z]+)\$(\d+)(?::(\$[A-Z]+)\$(\d+))?""")


def in_cell(text: str, sheet: str, row: int) -> str:
    """Return a formula as a cell of a row holds it: own cells without the sheet's name.

    References into its own row move with it when rows are sorted.

    >>> in_cell("'A'!$B$3+'A'!$B$4+SUM('A'!$C$3:$C$9)+'B'!$B$3", "A", 2)
    "$B3+$B$4+SUM($C$3:$C$9)+'B'!$B$3"
    """

    def written(found: re.Match[str]) -> str:
        words, *corners = found.groups()
        if words is not None:
            return words
        moves = all(number == str(row + 1) for number in corners[1::2] if number)
        places = zip(corners[::2], corners[1::2], strict=True)
        return ":".join(f"{one}{'' if moves else '$'}{number}" for one, number in places if one)

    return _own_references(sheet).sub(written, text)


def as_number(value: Scalar) -> float:
    """Return what Excel's arithmetic makes of a cell: an empty one is 0."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, str):
        raise TypeError(f"text in arithmetic: {value!r}")
    return value


def as_text(value: Scalar) -> str:
    """Return what Excel's ``&`` makes of a value: 15 significant digits, no trailing zeros, no -0."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    text = format(Decimal(f"{as_number(value) + 0.0:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_half_up(value: float, digits: int) -> float:
    """Round as Excel does: halves away from zero, after cutting binary noise."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(f"{value:.15g}").quantize(step, rounding=ROUND_HALF_UP)) + 0.0


@dataclass(frozen=True)
class Term:
    """An expression: its text, without the equals sign, and what it comes to."""

    text: str
    value: Scalar
    composite: bool = False

    @property
    def number(self) -> float:
        """The value as a number."""
        return as_number(self.value)

    @property
    def inner(self) -> str:
        """The text as an operand."""
        return f"({self.text})" if self.composite else self.text

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.inner}+{other.inner}", self.number + other.number, True)

    def __sub__(self, other: Term) -> Term:
        return Term(f"{self.inner}-{other.inner}", self.number - other.number, True)

    def __mul__(self, other: Term) -> Term:
        return Term(f"{self.inner}*{other.inner}", self.number * other.number, True)

    def __and__(self, other: Term) -> Term:
        return Term(f"{self.inner}&{other.inner}", as_text(self.value) + as_text(other.value), True)


@dataclass(frozen=True)
class Range:
    """A stretch of one column and the values that stand in it."""

    sheet: str
    column: int
    first: int
    last: int
    values: tuple[Scalar, ...]

    @property
    def text(self) -> str:
        """The range as a formula writes it, absolute."""
        from xlsxwriter.utility import xl_col_to_name

        name = xl_col_to_name(self.column, col_abs=True)
        return f"{quoted(self.sheet)}{name}${self.first + 1}:{name}${self.last + 1}"

    def cell(self, row: int) -> Term:
        """Return a reference to one of its cells."""
        return cell(self.sheet, row, self.column, self.values[row - self.first])

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Where each value stands, in order: sums over many rows look here and not at every row."""
        found: dict[str, list[int]] = {}
        for place, value in enumerate(self.values):
            found.setdefault(_compared(value), []).append(place)
        return found


def cell(sheet: str, row: int, column: int, value: Scalar) -> Term:
    """Return a reference to a cell."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return Term(quoted(sheet) + xl_rowcol_to_cell(row, column, True, True), value)


def constant(value: Scalar) -> Term:
    """Return a constant."""
    if isinstance(value, str):
        return Term('"' + value.replace('"', '""') + '"', value)
    number = as_number(value)
    return Term(as_text(number), number, composite=number < 0)


@lru_cache(maxsize=50_000)
def _compared(value: Scalar) -> str:
    """Return a value as Excel compares it: letter case apart."""
    return as_text(value).casefold()
