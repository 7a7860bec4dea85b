"""The sheets of a working curriculum: cells, merged ranges, and what is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curriplan.base.errors import Place
from curriplan.catalog.reading.grids import GridCell, SheetGrid
from curriplan.catalog.reading.raw import Area
from curriplan.catalog.reading.sheets import read_any_sheets


@dataclass(frozen=True)
class RupSheet:
    """A sheet of a file, of which more may be hidden than the file says.

    Where it holds several programmes each sees a part of it: ``block`` says which, and ``said`` what stands
    over its columns alone.
    """

    file: str
    grid: SheetGrid
    hidden_columns: frozenset[int]
    block: str = ""
    said: str = ""

    @property
    def name(self) -> str:
        """The name on its tab."""
        return self.grid.name

    @property
    def hidden(self) -> bool:
        """Whether nobody sees it."""
        return self.grid.hidden

    @property
    def merges(self) -> tuple[Area, ...]:
        """The merged ranges."""
        return self.grid.beside.merged

    @property
    def hidden_rows(self) -> frozenset[int]:
        """The rows that nobody sees, from 1."""
        return self.grid.beside.hidden_rows

    def cell(self, row: int, column: int) -> GridCell | None:
        """Return a filled cell, else None."""
        return self.grid.rows.get(row, {}).get(column)

    def text(self, row: int, column: int) -> str:
        """Return what a cell says, a number as text, an empty cell as an empty text."""
        cell = self.cell(row, column)
        return "" if cell is None else cell.text

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Return the place of the sheet, a row or a cell."""
        return self.grid.place(self.file, row, column)


def read_book(path: Path, label: str | None = None) -> tuple[RupSheet, ...]:
    """Read every sheet of a workbook (.xlsx, .xls, .ods) that may come from anywhere.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, encrypted, or too large.
    """
    file = label if label is not None else str(path)
    grids = read_any_sheets(path, label)
    return tuple(RupSheet(file, grid, grid.beside.hidden_columns) for grid in grids)
