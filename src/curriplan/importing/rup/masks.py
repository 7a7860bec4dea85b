"""A part of a sheet, as one of several programmes sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from curriplan.catalog.reading.raw import Area
from curriplan.importing.rup.grid import RupSheet


@dataclass(frozen=True)
class Mask:
    """What is left of a sheet: some rows, and from one of them on some columns."""

    rows: range
    columns: Callable[[int], bool] = lambda _: True
    top: int = 0
    gone: frozenset[int] = frozenset()

    def keeps(self, row: int, column: int) -> bool:
        """Say whether a cell is seen."""
        return row in self.rows and row not in self.gone and (row < self.top or self.columns(column))

    def clipped(self, area: Area, width: int) -> Iterator[Area]:
        """Yield what is left of a merged range, in runs of columns; the last may reach beyond the width."""
        top, bottom = max(area.top, self.rows.start), min(area.bottom, self.rows.stop - 1)
        while top in self.gone:
            top += 1
        if top > bottom:
            return
        start: int | None = None
        for column in range(area.left, min(area.right, width) + 2):
            kept = column <= min(area.right, width) and (bottom < self.top or self.columns(column))
            if kept and start is None:
                start = column
            elif not kept and start is not None:
                yield Area(top, bottom, start, column - 1)
                start = None


def masked(sheet: RupSheet, mask: Mask) -> RupSheet:
    """Return a sheet without some cells; a text merged over both sides is seen from either."""
    rows = {
        row: kept
        for row, cells in sheet.grid.rows.items()
        if (kept := {at: cell for at, cell in cells.items() if mask.keeps(row, at)})
    }
    width = max((at for cells in sheet.grid.rows.values() for at in cells), default=0)
    merges: list[Area] = []
    for area in sheet.merges:
        cell = sheet.cell(area.top, area.left)
        for part in mask.clipped(area, width):
            merges.append(part)
            if cell is not None:
                rows.setdefault(part.top, {}).setdefault(part.left, cell)
    beside = replace(sheet.grid.beside, merged=tuple(merges))
    return replace(sheet, grid=replace(sheet.grid, rows=dict(sorted(rows.items())), beside=beside))
