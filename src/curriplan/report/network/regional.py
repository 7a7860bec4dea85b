"""The division by region on the first sheet: on its page where there is room, else as an annex of a page."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.plan.network import RegionResult
from curriplan.report.network.colleges import BY_ITSELF, CLOSED, REGION, SHARED_KZT, TODAY, CollegeCells
from curriplan.report.network.regions import FLOOR
from curriplan.report.network.standing import Said, colleges_said, regions_said
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Placed
from curriplan.xlsx.term import Term

GAP_POINTS = 8
"""Height of the empty row above a heading."""


def write_heading(sheet: Sheet, row: int, key: str) -> None:
    """Write a heading of the first sheet, below an empty row."""
    sheet.height(row - 1, GAP_POINTS)
    sheet.across(row, sheet.texts(key), "heading")


class RegionBlock:
    """The regions in rows, and what is said of them and of their colleges."""

    def __init__(
        self, view: NetworkView, sheet: Sheet, colleges: CollegeCells, regions: Placed[RegionResult]
    ) -> None:
        self.view, self.sheet, self.colleges, self.regions = view, sheet, colleges, regions

    def write(self, row: int) -> int:
        """Write all of it; return the next free row."""
        write_heading(self.sheet, row, "nation.by_region")
        row = self._write_said(self._write_rows(row + 1), self._of_regions(), self._of_colleges())
        return row + 1

    def announce(self, row: int) -> int:
        """Write what matters most, and where the rest stands; return the next free row."""
        write_heading(self.sheet, row, "nation.by_region")
        annex = self.view.texts("nation.annex_said", count=len(self.regions.rows))
        return self._write_said(row + 1, self._of_regions(), iter([annex])) + 1

    def write_annex(self, row: int) -> int:
        """Write the annex; return the next free row."""
        texts = self.view.texts
        self.sheet.across(row, texts("nation.annex"), "title")
        self.sheet.across(row + 1, texts("nation.annex_of", heading=self.view.heading), "note")
        return self._write_said(self._write_rows(row + 2), self._of_colleges())

    def _of_regions(self) -> Iterator[Said]:
        return regions_said(self.view, self.colleges, self.regions)

    def _of_colleges(self) -> Iterator[Said]:
        return colleges_said(self.view, self.colleges)

    def _write_said(self, row: int, *said: Iterator[Said]) -> int:
        for one in (one for each in said for one in each):
            if isinstance(one, Term):
                self.sheet.formula_across(row, one, "sentence", 0, len(self.sheet.widths) - 1)
            else:
                self.sheet.across(row, one, "sentence")
            row += 1
        return row

    def _write_rows(self, row: int) -> int:
        """Write a line for each region and one for the country; return the next free row."""
        columns = self._columns()
        for (start, end), (key, _) in columns.items():
            self.sheet.head(row, key, start, end)
        last = self.regions.last + 1  # the sums of their sheet
        for line in range(self.regions.first, last + 1):
            row += 1
            look = " total" if line == last else ""
            for (start, end), (key, style) in columns.items():
                found = self.regions.ref(line, key)
                self.sheet.put_across(row, found if found.value != "" else "", style + look, start, end)
        if self.view.country_said:
            row += 1
            self.sheet.across(row, self.view.country_said, "note")
        return row + 1

    def _columns(self) -> dict[tuple[int, int], tuple[str, str]]:
        """Return key and style by the columns of the sheet that they take."""
        of, last = self.colleges.of, len(self.sheet.widths) - 1
        columns: dict[tuple[int, int], tuple[str, str]] = {
            (0, 0): (REGION, "text"),
            (1, 2): (of.learners_planned, "count"),
            (3, 3): (TODAY, "share"),
            (4, 4): (BY_ITSELF, "share"),
        }
        if self.view.is_national:
            columns[5, 5] = (CLOSED, "share")
        has_floors = FLOOR in {one.key for one in self.regions.table.shown}
        if has_floors:
            columns[6, 6] = (FLOOR, "share")
        if of.sources:
            columns[6 + has_floors, last] = (SHARED_KZT, "money")
        return columns
