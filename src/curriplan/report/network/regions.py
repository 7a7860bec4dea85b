"""The regions: closure with its range, and floors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from curriplan.plan.network import RegionResult
from curriplan.report.network.colleges import (
    BY_ITSELF,
    CLOSED,
    COLLEGE,
    REGION,
    SHARED_KZT,
    TODAY,
    CollegeCells,
)
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.charts import Cells, Figure, Kind, Series, share_axis
from curriplan.xlsx.formula import chained, extreme, name_of_extreme, total
from curriplan.xlsx.printed import CHART_ROW_POINTS, Box
from curriplan.xlsx.sentences import percent
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import SERIES
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import NOTHING, Range, Term, constant

COLLEGES, FAILED = "nation_column.colleges", "nation_column.failed"
LOWEST, HIGHEST = "nation_column.lowest", "nation_column.highest"
FLOOR, FLOOR_PRICE = "nation_column.floor", "nation_column.floor_price"
BAR_ROWS, AROUND, AROUND_PAGE = 2.2, 7, 3
"""Rows of a chart for the bars of one region, for what stands around them, and what a page leaves free."""
MOST_BARS = 24


class RegionSheet:
    """The sheet of the regions; its figures are formulas over the sheet of the colleges."""

    def __init__(self, view: NetworkView, colleges: CollegeCells) -> None:
        self.view, self.colleges = view, colleges
        self.has_floors = any(one.floor is not None for one in view.plan.regions)

    @property
    def table(self) -> Table[RegionResult]:
        """The table of the regions."""
        return Table(*self._about(), *self._closures(), *self._floors(), *self._money())

    def _about(self) -> Iterator[Column[RegionResult]]:
        names = self.view.region_names
        yield Column(REGION, "text", 22, lambda one: names[one.id])
        yield Column(COLLEGES, "count", 9, formula=lambda line: self._count(line.row))
        yield Column(FAILED, "count", 8, lambda one: one.failed)
        for key in self._learners:
            yield Column(key, "count", 11, formula=self._learners_of(key))

    @property
    def _learners(self) -> tuple[str, ...]:
        """The columns of the learners: of today and of the plan, where groups move."""
        of = self.colleges.of
        return tuple(dict.fromkeys((of.learners_today, of.learners_planned)))

    def _learners_of(self, key: str) -> Callable[[Line[RegionResult]], Term]:
        return lambda line: total(self._of(line, key))

    def _count(self, row: RegionResult) -> Term:
        names = self.colleges.column(COLLEGE, row.id)
        return Term(f"COUNTA({names.text})", float(len(names.values))) if names.values else constant(0)

    def _closures(self) -> Iterator[Column[RegionResult]]:
        for key in (TODAY, BY_ITSELF, *((CLOSED,) if self.view.is_national else ())):
            yield Column(key, "share", 13 if key == BY_ITSELF else 9, formula=self._closure(key))
        wide = 25 - 4 * (len(self._learners) - 1)  # a second column of learners takes its room from the names
        yield Column(LOWEST, "text", wide, formula=lambda line: self._extreme(line, "MIN"))
        yield Column(HIGHEST, "text", wide, formula=lambda line: self._extreme(line, "MAX"))

    def _closure(self, key: str) -> Callable[[Line[RegionResult]], Term]:
        return lambda line: self.colleges.closure(key, line.row.id)

    def _extreme(self, line: Line[RegionResult], function: str) -> Term | str:
        closures = self._of(line, self.colleges.of.closed)
        if not closures.values:
            return NOTHING
        name = name_of_extreme(self._of(line, COLLEGE), closures, function)
        share = percent(self.view.texts, extreme(closures, function))
        return chained(chained(share, constant(" – ")), name)

    def _of(self, line: Line[RegionResult], key: str) -> Range:
        return self.colleges.column(key, line.row.id)

    def _floors(self) -> Iterator[Column[RegionResult]]:
        if not self.has_floors:
            return
        yield Column(
            FLOOR,
            "share",
            9,
            formula=lambda line: NOTHING if line.row.floor is None else line.row.floor,
        )
        if self.view.is_national:
            yield Column(
                FLOOR_PRICE,
                "fine_points",
                9,
                formula=lambda line: NOTHING if line.row.floor is None else line.row.floor_price,
            )

    def _money(self) -> Iterator[Column[RegionResult]]:
        if self.colleges.of.sources:
            yield Column(SHARED_KZT, "money", 15, formula=lambda line: total(self._of(line, SHARED_KZT)))

    def write(self, sheet: Sheet) -> Placed[RegionResult]:
        """Write the sheet: the regions, the country, and the chart of their closures."""
        table = self.table
        sheet.set_widths(table.widths)
        rows = self.view.plan.regions
        how = "nation_how.regions" if self.view.is_national else "nation.how_regions_alone"
        row = sheet.heading("nation_title.regions", how, country=self.view.country_added)
        placed = table.write(sheet, row, rows)
        placed.page(1, filtered=False)
        self._write_sums(placed)
        self._write_chart(placed, placed.last + 3)
        return placed

    def _write_sums(self, placed: Placed[RegionResult]) -> None:
        sheet, row = placed.sheet, placed.last + 1
        for column in placed.table.shown:
            place, style = placed.place(column.key), f"{column.style} total"
            if column.key == REGION:
                sheet.text(row, place, sheet.texts("nation.country"), style)
            elif column.key in (TODAY, BY_ITSELF, CLOSED):
                sheet.formula(row, place, self.colleges.closure(column.key), style)
            elif column.key in (COLLEGES, FAILED, *self._learners, SHARED_KZT):
                sheet.formula(row, place, total(placed.range(column.key)), style)
            else:
                sheet.text(row, place, "", style)

    def _write_chart(self, placed: Placed[RegionResult], row: int) -> None:
        """Draw the closures of the regions, and of the country, side by side."""
        sheet, texts = placed.sheet, self.view.texts
        shown = min(len(placed.rows), MOST_BARS)
        if not shown:
            return
        first, last = placed.first, placed.first + shown - 1
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
        most = int(sheet.room(row) / CHART_ROW_POINTS) - AROUND_PAGE
        end = row + min(int(AROUND + BAR_ROWS * shown), most)
        sheet.chart(figure, Box(row + 1, end, 0, placed.table.last))
        sheet.keep_together(row, end)


def _labels(placed: Placed[RegionResult], first: int, last: int) -> Cells:
    return placed.cells(REGION, first, last)
