"""What a reviewer cannot see in Excel: a hidden sheet is not read, hidden rows and columns are said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from curriplan.base.errors import Issue, Place
from curriplan.catalog.reading.grids import SheetGrid
from curriplan.catalog.reading.raw import column_letter, listed

Cells = Iterable[tuple[int, int]]
"""Row and column of cells that a reviewer filled in."""


def hidden_sheets(file: str, sheets: Iterable[SheetGrid]) -> Iterator[Issue]:
    """Yield a warning for each hidden sheet, which is not read, as no hidden sheet of a catalog is."""
    for sheet in sheets:
        if sheet.hidden:
            yield Issue("hidden-sheet", Place(file, sheet.name), {"value": sheet.name})


def hidden_cells(file: str, sheet: SheetGrid, filled: Cells, titles: Mapping[int, str]) -> Iterator[Issue]:
    """Yield warnings of filled cells that are obeyed although nobody sees them.

    Parameters
    ----------
    sheet : SheetGrid
        Read with what stands beside its cells.
    filled : iterable of pairs of int
        Row and column of what a reviewer filled in; what is empty may be hidden.
    titles : mapping
        The header of each column.
    """
    at = sorted(set(filled))
    rows = sorted({row for row, _ in at} & sheet.beside.hidden_rows)
    if rows:
        yield Issue("hidden-rows", sheet.place(file, rows[0]), {"count": len(rows), "rows": listed(rows)})
    columns = sorted({column for _, column in at} & sheet.beside.hidden_columns)
    if columns:
        named = ", ".join(f"{column_letter(column)} {titles[column]}" for column in columns)
        yield Issue("hidden-columns", sheet.place(file, None, columns[0]), {"columns": named})
