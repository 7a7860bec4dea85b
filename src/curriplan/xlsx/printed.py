"""A sheet on paper: pages, rows that stay together or in view, and charts that lie over cells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curriplan.xlsx.charts import Cells, Figure
from curriplan.xlsx.grid import Grid
from curriplan.xlsx.measure import PIXELS_PER_POINT, column_pixels
from curriplan.xlsx.paper import MAX_ROW_POINTS, Page, page_breaks
from curriplan.xlsx.shared import Shared

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


CHART_POINTS, LEAST_CHART_POINTS, MOST_CHART_POINTS = 7.0, 8.0, 13.0
"""Letters of charts on paper, and the smallest and largest on a screen."""
CHART_ROW_POINTS = 15.5
"""Height of rows that only carry a chart: said, since programs differ in what they take for usual."""
SURE_WIDTH = 0.95
"""Part of the width of a page that columns fill in every program, if they fill it by our reckoning."""
CHART_MARGIN = 4
"""Pixels between a chart and the edges of its cells."""


@dataclass(frozen=True)
class Box:
    """The cells that a chart lies over, rows and columns inclusive, and nothing else."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class PrintedSheet(Grid):
    """The cells of a sheet as pages show them."""

    def __init__(self, book: Shared, worksheet: Worksheet, name: str, page: Page) -> None:
        super().__init__(book, worksheet, name)
        self.is_detail = False
        """Whether it is for the screen: printed only where the book prints details."""
        self._page = page
        self._last_printed: int | None = None
        self._is_one_page = False
        self._starts: tuple[int, ...] = ()
        self._most_scale = 1.0
        self._blocks: list[tuple[int, int]] = []
        self._repeated: tuple[int, int] | None = None
        self._charts: list[tuple[Box, Figure]] = []

    @property
    def is_printed(self) -> bool:
        """Whether its pages are printed with the others."""
        return self.book.prints_details or not self.is_detail

    def finish(self) -> None:
        """Set the heights of all rows and the page breaks that the blocks ask for."""
        heights = {**self._heights, **self._fixed_heights}
        for row, points in heights.items():
            self._worksheet.set_row(row, min(points, MAX_ROW_POINTS))
        heights.update(dict.fromkeys(range(self.top), 0.0))
        breaks = page_breaks(self._blocks, heights, self._printed_points(), self._repeated, self._starts)
        if self._last_printed is not None:
            breaks = [] if self._is_one_page else [row for row in breaks if row <= self._last_printed]
        if breaks:
            self._worksheet.set_h_pagebreaks(breaks)
        for box, figure in self._charts:
            self._insert(box, figure)
        for area in self._lined_areas():
            rule = {"type": "blanks", "format": self.book.conditional("lined")}
            self._worksheet.conditional_format(*area, rule)
        if not self.is_printed:
            # Programs leave out a page without content, also of a print area (Microsoft's KB 288968).
            empty = self._last_row + 2
            self._worksheet.print_area(empty, 0, empty, 0)
        elif self.top and self._last_printed is None:
            self.print_only(max([self._last_row, *(box.last_row for box, _ in self._charts)]))

    def _printed_points(self) -> float:
        """Return the points of rows that a page holds: fitting to the width scales the height too."""
        return self._page.height / self._scale()

    def _scale(self) -> float:
        """Return how much a page shrinks the sheet so that its columns fit, and its first page."""
        wide = sum(column_pixels(width) for width in self.widths) / PIXELS_PER_POINT
        return min(self._most_scale, self._page.width / wide)

    # Charts.

    def cells(self, first_row: int, first_column: int, last_row: int, last_column: int) -> Cells:
        """Return cells that a chart is drawn from."""
        rows, columns = range(first_row, last_row + 1), range(first_column, last_column + 1)
        found = [self._values.get((row, column)) for row in rows for column in columns]
        numbers = tuple(None if one is None or isinstance(one, str) else float(one) for one in found)
        return Cells(self.name, first_row, first_column, last_row, last_column, numbers)

    def room(self, row: int) -> float:
        """Return the points below a row that is printed on top of a page, under the repeated rows."""
        head = self.points(*self._repeated) if self._repeated else 0.0
        return self._printed_points() - head - self.points(row, row)

    def letters(self) -> float:
        """Return the size of the letters of a chart: large where the page shrinks the sheet."""
        return min(max(round(CHART_POINTS / self._scale()), LEAST_CHART_POINTS), MOST_CHART_POINTS)

    def chart(self, figure: Figure, box: Box) -> None:
        """Lay a chart over empty cells that are kept for it; its size is theirs."""
        for row in range(box.first_row, box.last_row + 1):
            self._heights.setdefault(row, CHART_ROW_POINTS)
        self._charts.append((box, figure))

    def _insert(self, box: Box, figure: Figure) -> None:
        """Insert a chart over its cells, a little smaller than they are."""
        wide = sum(int(column_pixels(one)) for one in self.widths[box.first_column : box.last_column + 1])
        heights = {**self._heights, **self._fixed_heights}
        high = sum(int(heights[row] * PIXELS_PER_POINT) for row in range(box.first_row, box.last_row + 1))
        chart = self.book.draw(figure, self.letters())
        chart.set_size({"width": wide - 2 * CHART_MARGIN, "height": high - 2 * CHART_MARGIN})
        place: dict[str, Any] = {"x_offset": CHART_MARGIN, "y_offset": CHART_MARGIN, "object_position": 2}
        place["description"] = figure.description
        self._worksheet.insert_chart(box.first_row, box.first_column, chart, place)

    def print_only(self, last: int) -> None:
        """Print the first rows only."""
        self._last_printed = last
        self._worksheet.print_area(self.top, 0, last, len(self.widths) - 1)

    def print_on_one_page(self, last: int) -> None:
        """Print the first rows only, on one page."""
        self.print_only(last)
        self._is_one_page = True
        self._worksheet.fit_to_pages(1, 1)

    def print_with_annex(self, first: int, last: int) -> None:
        """Print the first rows only: one page, and from row `first` on a page that belongs to it.

        All is shrunk so that the columns fit; where that is not enough for the rows of the first page, more.
        """
        self.print_only(last)
        self._starts = (first,)
        high = self.points(self.top, first - 1)
        if high > self._printed_points():
            # No program fits the columns then: there must be room also where its letters are wider.
            scale = int(100 * min(self._page.height / high, SURE_WIDTH * self._scale()))
            self._most_scale = scale / 100
            self._worksheet.set_print_scale(scale)

    # Pages.

    def count_pages(self) -> int:
        """Return how many pages all rows that stand take, the repeated ones on each; charts apart."""
        head = self.points(*self._repeated) if self._repeated else 0.0
        return math.ceil(self.points(self.top, self._last_row) / (self._printed_points() - head))

    def freeze(self, row: int, column: int = 0) -> None:
        """Keep the rows above and the columns left in view."""
        self._worksheet.freeze_panes(row, column)

    def repeat(self, first: int, last: int) -> None:
        """Print these rows at the top of every page."""
        self._worksheet.repeat_rows(first, last)
        self._repeated = (first, last)

    def keep_together(self, first: int, last: int) -> None:
        """Ask that these rows are printed on one page."""
        self._blocks.append((first, last))
