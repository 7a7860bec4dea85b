"""The regions: closure with its range, floors, and what a further million buys there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from curriplan.plan.network import FurtherMoney, RegionResult
from curriplan.report.network.colleges import (
    BY_ITSELF,
    CLOSED,
    COLLEGE,
    LEARNERS,
    REGION,
    SHARED_KZT,
    TODAY,
    CollegeCells,
)
from curriplan.report.network.view import NetworkView, or_dash
from curriplan.xlsx.charts import Cells, Figure, Kind, Series, share_axis
from curriplan.xlsx.formula import (
    NOTHING,
    Range,
    Term,
    chained,
    constant,
    extreme,
    name_of_extreme,
    percent,
    total,
)
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import SERIES
from curriplan.xlsx.table import Column, Line, Placed, Table

COLLEGES, FAILED = "nation_column.colleges", "nation_column.failed"
LOWEST, HIGHEST = "nation_column.lowest", "nation_column.highest"
FLOOR, MARGIN, FLOOR_PRICE = (
    "nation_column.floor",
    "nation_column.above_floor",
    "nation_column.floor_price",
)
BY_PRICE, RESOLVED, REGION_THEN = (
    "nation_column.million_by_price",
    "nation_column.million_resolved",
    "nation_column.region_then",
)
BAR_ROWS = 2.2
"""Rows of a chart for the bars of one region."""
MOST_BARS = 24
AROUND = 7


@dataclass(frozen=True)
class RegionLine:
    """A region with what further money buys there."""

    of: RegionResult
    further: FurtherMoney | None


class RegionSheet:
    """The sheet of the regions; its figures are formulas over the sheet of the colleges."""

    def __init__(self, view: NetworkView, colleges: CollegeCells) -> None:
        self.view, self.colleges = view, colleges
        self.has_floors = any(one.floor is not None for one in view.plan.regions)
        self.has_further = bool(view.plan.further)

    @property
    def table(self) -> Table[RegionLine]:
        """The table of the regions."""
        return Table(*self._about(), *self._closures(), *self._floors(), *self._money())

    def _about(self) -> Iterator[Column[RegionLine]]:
        names = self.view.region_names
        yield Column(REGION, "text", 19, lambda one: names[one.of.id])
        yield Column(COLLEGES, "count", 9, formula=lambda line: self._count(line.row))
        yield Column(FAILED, "count", 8, lambda one: one.of.failed)
        key = self.colleges.of.learners_planned
        yield Column(LEARNERS, "count", 12, formula=lambda line: total(self._of(line, key)))

    def _count(self, row: RegionLine) -> Term:
        names = self.colleges.column(COLLEGE, row.of.id)
        return Term(f"COUNTA({names.text})", float(len(names.values))) if names.values else constant(0)

    def _closures(self) -> Iterator[Column[RegionLine]]:
        for key in (TODAY, BY_ITSELF, *((CLOSED,) if self.view.is_national else ())):
            yield Column(key, "share", 9, formula=self._closure(key))
        yield Column(LOWEST, "text", 21, formula=lambda line: self._extreme(line, "MIN"))
        yield Column(HIGHEST, "text", 21, formula=lambda line: self._extreme(line, "MAX"))

    def _closure(self, key: str) -> Callable[[Line[RegionLine]], Term]:
        return lambda line: self.colleges.closure(key, line.row.of.id)

    def _extreme(self, line: Line[RegionLine], function: str) -> Term | str:
        closures = self._of(line, self.colleges.of.closed)
        if not closures.values:
            return NOTHING
        name = name_of_extreme(self._of(line, COLLEGE), closures, function)
        share = percent(self.view.texts, extreme(closures, function))
        return chained(chained(share, constant(" – ")), name)

    def _of(self, line: Line[RegionLine], key: str) -> Range:
        return self.colleges.column(key, line.row.of.id)

    def _floors(self) -> Iterator[Column[RegionLine]]:
        if not self.has_floors:
            return
        yield Column(
            FLOOR,
            "share",
            9,
            formula=lambda line: NOTHING if line.row.of.floor is None else line.row.of.floor,
        )
        yield Column(MARGIN, "points", 9, formula=self._margin)
        if self.view.is_national:
            yield Column(
                FLOOR_PRICE,
                "fine_points",
                10,
                formula=lambda line: NOTHING if line.row.of.floor is None else line.row.of.floor_price,
            )

    def _margin(self, line: Line[RegionLine]) -> Term | str:
        closed = line[self.colleges.of.closed]
        if line.row.of.floor is None or isinstance(closed.value, str):
            return NOTHING
        return (closed - line[FLOOR]) * constant(100)

    def _money(self) -> Iterator[Column[RegionLine]]:
        if self.colleges.of.sources:
            yield Column(SHARED_KZT, "money", 15, formula=lambda line: total(self._of(line, SHARED_KZT)))
        if self.has_further:
            for key, of in ((BY_PRICE, "by_price"), (RESOLVED, "resolved")):
                yield Column(key, "fine_points", 10, formula=self._further(of))
            yield Column(
                REGION_THEN,
                "share",
                10,
                formula=lambda line: or_dash(
                    None if line.row.further is None else line.row.further.region_closure
                ),
            )

    def _further(self, of: str) -> Callable[[Line[RegionLine]], float | str]:
        def found(line: Line[RegionLine]) -> float | str:
            value = None if line.row.further is None else getattr(line.row.further, of)
            return NOTHING if value is None else 100 * value

        return found

    def write(self, sheet: Sheet) -> Placed[RegionLine]:
        """Write the sheet: the regions, the country, and the chart of their closures."""
        table = self.table
        sheet.set_widths(table.widths)
        further = {one.region: one for one in self.view.plan.further}
        rows = [RegionLine(one, further.get(one.id)) for one in self.view.plan.regions]
        row = sheet.heading("nation_title.regions", "nation_how.regions")
        placed = table.write(sheet, row, rows)
        placed.page(1, filtered=False)
        self._write_sums(placed)
        self._write_chart(placed)
        return placed

    def _write_sums(self, placed: Placed[RegionLine]) -> None:
        sheet, row = placed.sheet, placed.last + 1
        for column in placed.table.shown:
            place, style = placed.place(column.key), f"{column.style} total"
            if column.key == REGION:
                sheet.text(row, place, sheet.texts("nation.country"), style)
            elif column.key in (TODAY, BY_ITSELF, CLOSED):
                sheet.formula(row, place, self.colleges.closure(column.key), style)
            elif column.key in (COLLEGES, FAILED, LEARNERS, SHARED_KZT):
                sheet.formula(row, place, total(placed.range(column.key)), style)
            else:
                sheet.text(row, place, "", style)

    def _write_chart(self, placed: Placed[RegionLine]) -> None:
        """Draw the closures of the regions, and of the country, side by side."""
        sheet, texts = placed.sheet, self.view.texts
        shown = min(len(placed.rows), MOST_BARS)
        if not shown:
            return
        first, last = placed.first, placed.first + shown - 1
        row = placed.last + 3
        key = "nation.chart_regions" if self.view.is_national else "nation.chart_regions_alone"
        sheet.across(row, texts(key), "heading")
        if shown < len(placed.rows):
            row += 1
            sheet.across(row, texts("phrase.chart_limited", shown=shown, count=len(placed.rows)), "note")
        keys = (TODAY, BY_ITSELF, *((CLOSED,) if self.view.is_national else ()))
        series = tuple(
            Series(placed.header(one), _labels(placed, first, last), placed.cells(one, first, last), colour)
            for one, colour in zip(keys, (SERIES[3], SERIES[2], SERIES[0]), strict=False)
        )
        figure = Figure(
            kind=Kind.BARS,
            message=sheet.cells(row, 0, row, 0),
            description=texts(key),
            series=series,
            places=texts("nation_column.region"),
            values=share_axis(texts("axis.closure")),
        )
        end = row + 1 + int(AROUND + BAR_ROWS * shown)
        sheet.chart(figure, Box(row + 1, end, 0, placed.table.last))
        sheet.keep_together(row, end)


def _labels(placed: Placed[RegionLine], first: int, last: int) -> Cells:
    return placed.cells(REGION, first, last)
