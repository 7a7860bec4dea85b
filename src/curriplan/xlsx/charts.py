"""Charts as plain records, and how XlsxWriter draws them: every axis and colour said, nothing smoothed.

Series, titles and labels are references to cells, so that a chart follows the numbers of its sheet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from curriplan.xlsx.styles import FONT, INK, LINE, MUTED
from curriplan.xlsx.term import quoted

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.chart import Chart

MILLION = 1_000_000
HEADROOM = 1.05
"""An axis ends a little above its largest value: an edited cell may grow."""
MOST_STEPS = 5


@dataclass(frozen=True)
class Cells:
    """A cell, or a stretch of a row or a column."""

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    numbers: tuple[float | None, ...] = ()
    """Their values row by row, None for what is no number: a chart leaves those places empty."""

    @property
    def text(self) -> str:
        """The reference as a chart writes it, absolute."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        first = xl_rowcol_to_cell(self.first_row, self.first_column, True, True)
        last = xl_rowcol_to_cell(self.last_row, self.last_column, True, True)
        return f"={quoted(self.sheet)}{first}" + ("" if first == last else f":{last}")


class Kind(StrEnum):
    """How the values are drawn."""

    STACKED = "stacked"
    COLUMNS = "columns"
    BARS = "bars"
    POINTS = "points"


@dataclass(frozen=True)
class Axis:
    """An axis of numbers from `low` to `high`, with a line at every `step`."""

    title: str
    low: float
    high: float
    step: float
    number_format: str


@dataclass(frozen=True)
class Series:
    """Values with their name and their places along the other axis.

    A series that is `labelled` writes its name beside its point; of points, `joined` draws the line
    only.
    """

    name: Cells
    places: Cells
    values: Cells
    colour: str
    labelled: bool = False
    joined: bool = False
    above: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart: the cell with its message, its series, its axes; `places` is a title or an axis."""

    kind: Kind
    message: Cells
    description: str
    series: tuple[Series, ...]
    places: str | Axis
    values: Axis


SHARE_AXIS = (0.0, 1.0, 0.2, "0%")


def share_axis(title: str) -> Axis:
    """Return an axis from 0 to 100 %."""
    return Axis(title, *SHARE_AXIS)


def axis_up_to(title: str, largest: float, number_format: str = "#,##0", *, low: float = 0.0) -> Axis:
    """Return an axis with round ends and at most a few round steps.

    >>> axis_up_to("h", 3_050)
    Axis(title='h', low=0.0, high=4000.0, step=1000.0, number_format='#,##0')
    """
    span = max(largest * HEADROOM - low, 1e-9)
    step = round_step(span / MOST_STEPS)
    low = math.floor(low / step + 1e-9) * step
    return Axis(title, low, math.ceil(largest * HEADROOM / step - 1e-9) * step, step, number_format)


def round_step(least: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, ... that is not below a number.

    >>> round_step(640.5), round_step(0.03), round_step(2)
    (1000.0, 0.05, 2.0)
    """
    power = 10.0 ** math.floor(math.log10(least))
    return round(next(one for one in (1, 2, 5, 10) if one * power >= least * (1 - 1e-9)) * power, 12)


def in_millions(largest: float) -> bool:
    """Say whether amounts up to so much are shown in millions."""
    return largest >= MILLION


def money_axis(title: str, title_of_millions: str, largest: float, *, low: float = 0.0) -> Axis:
    """Return an axis of money, in millions where that is shorter."""
    if not in_millions(largest):
        return axis_up_to(title, max(largest, 1.0), low=low)
    axis = axis_up_to(title_of_millions, largest, low=low)
    whole = axis.step >= MILLION
    return Axis(axis.title, axis.low, axis.high, axis.step, "#,##0,," if whole else "#,##0.0,,")


def draw(workbook: xlsxwriter.Workbook, figure: Figure, points: float) -> Chart:
    """Return the chart of a figure, its letters so many points high."""
    chart = workbook.add_chart(dict(_KINDS[figure.kind]))
    assert chart is not None
    for series in figure.series:
        chart.add_series(_series(figure.kind, series, points))
    title_font = _font(points + 1, bold=True)
    chart.set_title({"name": figure.message.text, "name_font": title_font, "overlay": False})
    places = figure.places
    across = (
        _category_axis(places, points, reverse=figure.kind is Kind.BARS)
        if isinstance(places, str)
        else _value_axis(places, points, lines=False)
    )
    upwards = _value_axis(figure.values, points)
    if figure.kind is Kind.BARS:
        # The first row stands on top; the numbers stay below, where the last row ends.
        across, upwards = upwards | {"label_position": "high"}, across
    chart.set_x_axis(across)
    chart.set_y_axis(upwards)
    shown = figure.kind is not Kind.POINTS and len(figure.series) > 1
    side = "right" if figure.kind is Kind.STACKED else "bottom"
    chart.set_legend({"position": side, "font": _font(points)} if shown else {"none": True})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": "#FFFFFF"}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.show_hidden_data()
    chart.show_blanks_as("span" if figure.kind is Kind.POINTS else "gap")
    return chart


_KINDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.STACKED: {"type": "column", "subtype": "stacked"},
    Kind.COLUMNS: {"type": "column"},
    Kind.BARS: {"type": "bar"},
    Kind.POINTS: {"type": "scatter", "subtype": "straight_with_markers"},
}


def _font(points: float, *, bold: bool = False, colour: str = INK) -> dict[str, Any]:
    return {"name": FONT, "size": points, "bold": bold, "color": colour}


def _category_axis(title: str, points: float, *, reverse: bool) -> dict[str, Any]:
    return {
        "name": title,
        "name_font": _font(points, colour=MUTED),
        "num_font": _font(points),
        "line": {"color": MUTED},
        "major_tick_mark": "none",
        "reverse": reverse,
        "interval_unit": 1,
    }


def _value_axis(axis: Axis, points: float, *, lines: bool = True) -> dict[str, Any]:
    return {
        "name": axis.title,
        "name_font": _font(points, colour=MUTED),
        "num_font": _font(points),
        "num_format": axis.number_format,
        "min": axis.low,
        "max": axis.high,
        "major_unit": axis.step,
        "line": {"color": MUTED},
        "major_tick_mark": "none" if lines else "outside",
        "major_gridlines": {"visible": lines, "line": {"color": LINE, "width": 0.5}},
    }


def _series(kind: Kind, series: Series, points: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": series.name.text,
        "categories": series.places.text,
        "values": series.values.text,
        "values_data": list(series.values.numbers),
    }
    if kind is not Kind.POINTS:
        gap, overlap = (60, 100) if kind is Kind.STACKED else (50, 0)
        outline = {"color": "#FFFFFF", "width": 0.5}
        return found | {"fill": {"color": series.colour}, "border": outline, "gap": gap, "overlap": overlap}
    if series.joined:
        return found | {"line": {"color": series.colour, "width": 1.5}, "marker": {"type": "none"}}
    label = {
        "series_name": True,
        "value": False,
        "position": "above" if series.above else "below",
        "font": _font(points),
    }
    marker = {
        "type": "diamond" if series.above else "circle",
        "size": 10 if series.above else 7,
        "fill": {"color": series.colour},
        "border": {"color": "#FFFFFF"},
    }
    return found | {"line": {"none": True}, "marker": marker, "data_labels": label if series.labelled else {}}
