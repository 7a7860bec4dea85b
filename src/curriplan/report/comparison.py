"""The sheets of a comparison: what changed from one plan to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curriplan.plan.comparison import AmountChange, Comparison, ValueChange, value_text
from curriplan.report.labels import Labels
from curriplan.xlsx.charts import Figure, Kind, Series, share_axis
from curriplan.xlsx.figures import limited, write_message
from curriplan.xlsx.formula import count_greater, sentence
from curriplan.xlsx.styles import AFTER, BEFORE
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Book, Box, Sheet

MODULES = (
    Column("column.programme", "code", 14),
    Column("column.index", "code", 14),
    Column("column.module", "text", 56),
    Column("column.change", "centre", 20),
    Column("column.first_term", "term", 14),
    Column("column.second_term", "term", 14),
)
LEVELS = (
    Column("column.programme", "code", 14),
    Column("column.competency", "text", 56),
    Column("column.required", "term", 14),
    Column("column.first_plan", "term", 14),
    Column("column.second_plan", "term", 14),
)
VALUES = (
    Column("column.what", "text", 56),
    Column("column.programme", "code", 14),
    Column("column.first_plan", "text", 30),
    Column("column.second_plan", "text", 30),
)
AMOUNTS = (
    Column("column.what", "text", 56),
    Column("column.first_plan", "money", 18),
    Column("column.second_plan", "money", 18),
    Column("column.difference", "money", 18),
)
SHARES = ("closure_after", "closure_after_worst")


def write_comparison(labels: Labels, book: Book, comparison: Comparison) -> None:
    """Write one sheet a table: measures first, then modules, levels, money and hours, limits."""
    _write_measures(labels, book, comparison)
    _write_modules(labels, book, comparison)
    _write_levels(labels, book, comparison)
    _write_amounts(labels, book, comparison)
    _write_values(labels, book, "compare_limits", comparison.limits)


def _sheet(labels: Labels, book: Book, name: str, columns: Sequence[Column]) -> tuple[Sheet, int]:
    sheet = book.sheet(labels.texts(f"sheet.{name}"), [column.width for column in columns])
    first = sheet.header(sheet.heading(f"title.{name}", f"how.{name}"), columns)
    sheet.freeze(first)
    sheet.repeat(first - 1, first - 1)
    return sheet, first


def _put_row(sheet: Sheet, row: int, columns: Sequence[Column], values: Sequence[Any]) -> None:
    for place, value in enumerate(values):
        sheet.put(row, place, value, columns[place].style)


def _write_modules(labels: Labels, book: Book, comparison: Comparison) -> None:
    sheet, first = _sheet(labels, book, "compare_modules", MODULES)
    for row, line in enumerate(comparison.changed_modules, start=first):
        change = labels.texts(f"plan_change.{line.change.value}")
        name = labels.module(line.module)
        values = (line.programme, line.module, name, change, line.first_term, line.second_term)
        _put_row(sheet, row, MODULES, values)


def _write_levels(labels: Labels, book: Book, comparison: Comparison) -> None:
    sheet, first = _sheet(labels, book, "compare_levels", LEVELS)
    for row, line in enumerate(comparison.levels, start=first):
        values = (line.programme, labels.competency(line.competency), line.required, line.first, line.second)
        _put_row(sheet, row, LEVELS, values)


def _write_amounts(labels: Labels, book: Book, comparison: Comparison) -> None:
    sheet, first = _sheet(labels, book, "compare_amounts", AMOUNTS)
    rows = [(_source(labels, line), line) for line in comparison.money]
    rows += [(f"{labels.resource(line.name)}, {labels.texts('unit.h')}", line) for line in comparison.hours]
    for row, (name, line) in enumerate(rows, start=first):
        _put_row(sheet, row, AMOUNTS, (name, line.first, line.second))
        sheet.formula(row, 3, sheet.ref(row, 2) - sheet.ref(row, 1), "money")


def _source(labels: Labels, line: AmountChange) -> str:
    return f"{labels.funding_source(line.name)}, {labels.texts('unit.KZT')}"


def _write_measures(labels: Labels, book: Book, comparison: Comparison) -> None:
    _write_values(labels, book, "compare_measures", comparison.measures)


def _write_values(labels: Labels, book: Book, name: str, rows: Sequence[ValueChange]) -> None:
    sheet, first = _sheet(labels, book, name, VALUES)
    words = labels.limit if name == "compare_limits" else labels.measure
    for row, line in enumerate(rows, start=first):
        what = words(line.name)
        _put_row(sheet, row, VALUES, (what, line.programme or ""))
        style = "share" if line.name in SHARES else "count"
        for place, value in ((2, line.first), (3, line.second)):
            _put_value(sheet, row, place, value, style)
    if name == "compare_measures":
        _write_chart(labels, sheet, first, rows)


def _put_value(sheet: Sheet, row: int, place: int, value: Any, style: str) -> None:
    """Write a number as a number, anything else as it would stand in the plan's file."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.number(row, place, value, style if style == "share" else _style_of(value))
    else:
        sheet.text(row, place, "–" if value is None else value_text(value))


def _style_of(value: float) -> str:
    return "count" if float(value).is_integer() else "number"


CHART_ROWS = 20
MOST_PROGRAMMES = 40
"""More columns side by side cannot be told apart."""


def _write_chart(labels: Labels, sheet: Sheet, first: int, rows: Sequence[ValueChange]) -> None:
    """Draw the closure of each programme in both plans, from the rows of the table."""
    lines = [line for line, one in enumerate(rows, start=first) if one.programme is not None]
    if not lines:
        return
    start, end = lines[0], lines[min(len(lines), MOST_PROGRAMMES) - 1]
    row = first + len(rows) + 1
    sheet.across(row, labels.texts("heading.compare_chart"), "heading")
    one, other = sheet.range(2, lines[0], lines[-1]), sheet.range(3, lines[0], lines[-1])
    told = {"up": count_greater(other, one), "down": count_greater(one, other)}
    said = sentence(labels.texts, "sentence.compare", told)
    note = limited(labels.texts, end - start + 1, len(lines))
    top = write_message(sheet, row + 1, said, 0, len(VALUES) - 1, note, "note") + 1
    series = tuple(
        Series(
            sheet.cells(first - 1, column, first - 1, column),
            sheet.cells(start, 1, end, 1),
            sheet.cells(start, column, end, column),
            colour,
        )
        for column, colour in ((2, BEFORE), (3, AFTER))
    )
    message, heading = sheet.cells(row + 1, 0, row + 1, 0), labels.texts("heading.compare_chart")
    axis = share_axis(labels.texts("axis.closure"))
    places = labels.texts("column.programme")
    sheet.chart(
        Figure(Kind.COLUMNS, message, heading, series, places, axis),
        Box(top, top + CHART_ROWS - 1, 0, len(VALUES) - 1),
    )
    sheet.keep_together(row, top + CHART_ROWS - 1)
