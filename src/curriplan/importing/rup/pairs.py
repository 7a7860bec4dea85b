"""Columns whose cells say hours and credits together: each becomes two, of which the sheet has one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from curriplan.base.errors import Place
from curriplan.catalog.reading.grids import GridCell
from curriplan.importing.rup.amounts import EMPTY, AmountError, amount_of, pair_of
from curriplan.importing.rup.context import first_unit, naming_columns, texts_below
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.roles import PAIR, HeadedColumn, Role
from curriplan.importing.rup.vocabulary import folded

BESIDE = 100_000
"""Added to the number of a column of pairs: the column of their credits, which no sheet has."""


@dataclass(frozen=True)
class SplitSheet(RupSheet):
    """A sheet with columns that it does not have; places say the columns that it has."""

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Return the place of the sheet, a row or a cell."""
        return super().place(row, None if column is None else column % BESIDE)


def split_pairs(sheet: RupSheet, layout: Layout) -> tuple[RupSheet, Layout]:
    """Return a sheet and its layout with the hours of each pair in one column, the credits in another."""
    paired = [
        one for one in layout.columns if one.role is not None and PAIR in {one.role.name, one.role.unit}
    ]
    if not paired:
        return sheet, layout
    beside = naming_columns(layout.columns)
    first = {
        one.index: first_unit(one.heading.text, texts_below(sheet, one, layout.bottom, beside))
        for one in paired
    }
    rows = dict(sheet.grid.rows)
    for row in (row for row in rows if row > layout.bottom):
        rows[row] = dict(rows[row])
        for column in paired:
            if column.index in rows[row]:
                rows[row].update(_cells(rows[row][column.index], column, first[column.index]))
    columns = [one for one in layout.columns if one not in paired]
    columns += [part for column in paired for part in _parts(column)]
    split = SplitSheet(sheet.file, replace(sheet.grid, rows=rows), sheet.hidden_columns)
    return split, replace(layout, columns=tuple(sorted(columns, key=lambda one: one.index)))


def _parts(column: HeadedColumn) -> Iterator[HeadedColumn]:
    role = column.role
    assert role is not None
    for index, unit in ((column.index, "hours"), (column.index + BESIDE, "credits")):
        part = replace(role, unit=unit) if role.name == "semester" else Role(unit)
        yield replace(column, index=index, role=part)


def _cells(cell: GridCell, column: HeadedColumn, first: str) -> dict[int, GridCell]:
    """Return what stands in the two columns for a cell of the one."""
    if cell.problem is not None or folded(cell.text) in EMPTY:
        return {column.index: cell}
    pair = pair_of(cell.text, first)
    if pair is not None:
        return {column.index: GridCell(pair[0]), column.index + BESIDE: GridCell(pair[1])}
    try:
        number, unit = amount_of(cell.text)
    except AmountError:
        return {column.index: cell}
    if unit in {"", "weeks"} and number:
        return {column.index: cell._replace(problem="rup-cell-unreadable")}
    return {column.index: cell} if unit == "hours" else {column.index + BESIDE: cell}
