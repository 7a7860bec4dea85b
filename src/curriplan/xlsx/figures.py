"""Blocks of a chart with the small table that it is drawn from, kept together on a page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from curriplan.texts.words import Words
from curriplan.xlsx.charts import Axis, Cells, Figure, Kind, Series, share_axis
from curriplan.xlsx.paper import DEFAULT_ROW_POINTS
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import AFTER, BEFORE
from curriplan.xlsx.term import Range, Term

BAR_LETTERS = 1.6
"""Room for the bars of one row of a table, in letters of the chart."""
AROUND_LETTERS = 11.0
"""Room for the title, the axis titles and the legend."""
TABLE_POINTS = 130.0
"""Room for what stands above and below the rows of a table: headers, a total, what the chart says."""
TABLE_ROW_POINTS = 16.0
MOST_LETTERS = 50
"""Letters of a label, so that it takes one line."""
FEWEST_BARS = 5


@dataclass(frozen=True)
class ChartPlace:
    """Columns of a block: of the labels, of the values, of the chart beside them."""

    label: tuple[int, int]
    values: tuple[int, ...]
    chart: tuple[int, int]


@dataclass(frozen=True)
class Bars:
    """Pairs of shares as bars: the words of their table and of their chart."""

    heading: str
    label: str
    columns: tuple[str, ...]
    axis: str
    letters: float = BAR_LETTERS


Message = Callable[[Range, Sequence[Range]], Term]
"""What a chart says, from its labels and its columns of values."""


def bar_room(sheet: Sheet, head: int, bars: Bars) -> int:
    """Return how many bars fit on one page of a sheet, with a few lines of text around them."""
    around = max(TABLE_POINTS, (AROUND_LETTERS + 1) * sheet.letters())
    each = max(TABLE_ROW_POINTS, bars.letters * sheet.letters())
    return max(FEWEST_BARS, int((sheet.room(head) - around) / each))


def limited(texts: Words, shown: int, count: int) -> str:
    """Say that a chart does not show every row, or nothing."""
    return texts("phrase.chart_limited", shown=shown, count=count) if shown < count else ""


def link_to_chart(sheet: Sheet, row: int, heading: str, target: int) -> None:
    """Write a line above a long table that leads to the chart below it."""
    text = sheet.texts("phrase.chart_below", heading=sheet.texts(heading))
    sheet.link(row, 0, sheet.name, text, "link_line", target)


def write_bars(
    sheet: Sheet,
    row: int,
    bars: Bars,
    place: ChartPlace,
    rows: Sequence[tuple[str, Sequence[Term]]],
    message: Message,
    note: str = "",
) -> int:
    """Write a table of labels and shares with its chart beside it; return the next free row."""
    first = bar_header(sheet, row, bars, place)
    for line, (label, terms) in enumerate(rows, start=first):
        sheet.across(line, label, "text", *place.label)
        for column, term in zip(place.values, terms, strict=True):
            sheet.formula(line, column, term, "share")
    return bar_chart(sheet, row, bars, place, (first, first + len(rows) - 1), message, note)


def bar_header(sheet: Sheet, row: int, bars: Bars, place: ChartPlace) -> int:
    """Write the heading and the header of the table; return its first row."""
    sheet.across(row, sheet.texts(bars.heading), "heading")
    header_cell(sheet, row + 1, bars.label, *place.label)
    for key, column in zip(bars.columns, place.values, strict=True):
        header_cell(sheet, row + 1, key, column, column)
    return row + 2


def header_cell(sheet: Sheet, row: int, key: str, first: int, last: int) -> None:
    """Write a column's header over columns of the sheet."""
    sheet.across(row, sheet.texts(key), "header", first, last)


def bar_chart(
    sheet: Sheet,
    row: int,
    bars: Bars,
    place: ChartPlace,
    lines: tuple[int, int],
    message: Message,
    note: str = "",
    *,
    below: int | None = None,
) -> int:
    """Draw the chart of a table whose heading stands in `row` and whose rows are `lines`.

    What it says is written below the table, from row `below` on if that is given; returns the next
    free row.
    """
    first, last = lines
    after = last + 1 if below is None else below
    said = message(
        sheet.range(place.label[0], first, last), [sheet.range(one, first, last) for one in place.values]
    )
    end = write_message(sheet, after, said, place.label[0], place.values[-1], note)
    high = AROUND_LETTERS + bars.letters * max(last - first + 1, FEWEST_BARS)
    end = fill_up(sheet, row + 1, end, high * sheet.letters())
    labels = sheet.cells(first, place.label[0], last, place.label[0])
    colours = (BEFORE, AFTER) if len(place.values) > 1 else (AFTER,)
    series = tuple(
        Series(sheet.cells(row + 1, one, row + 1, one), labels, sheet.cells(first, one, last, one), colour)
        for one, colour in zip(place.values, colours, strict=True)
    )
    figure = Figure(
        kind=Kind.BARS,
        message=sheet.cells(after, place.label[0], after, place.label[0]),
        description=sheet.texts(bars.heading),
        series=series,
        places=sheet.texts(bars.label),
        values=share_axis(sheet.texts(bars.axis)),
    )
    sheet.chart(figure, Box(row + 1, end, *place.chart))
    sheet.keep_together(row, end)
    return end + 2


def write_message(
    sheet: Sheet, row: int, said: Term, first: int, last: int, note: str = "", style: str = "label"
) -> int:
    """Write what a chart says, and a note where there is one; return the last row written."""
    sheet.formula_across(row, said, style, first, last)
    if not note:
        return row
    sheet.across(row + 1, note, "note", first, last)
    return row + 1


def fill_up(sheet: Sheet, first: int, last: int, points: float) -> int:
    """Return the last row of a block that is at least so high: empty rows are added below."""
    lacking = points - sheet.points(first, last)
    return last + max(0, math.ceil(lacking / DEFAULT_ROW_POINTS))


@dataclass(frozen=True)
class Stack:
    """Amounts of several kinds on top of each other: the words of the chart."""

    heading: str
    places: str


def stacked_chart(
    sheet: Sheet, box: Box, stack: Stack, message: Cells, series: tuple[Series, ...], axis: Axis
) -> None:
    """Draw stacked columns over empty cells."""
    texts = sheet.texts
    figure = Figure(Kind.STACKED, message, texts(stack.heading), series, texts(stack.places), axis)
    sheet.chart(figure, box)
