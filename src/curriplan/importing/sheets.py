"""Tables of a release that come as workbooks, through the guarded reader of any workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from curriplan.catalog.grids import GridCell, SheetGrid, read_sheets
from curriplan.catalog.raw import column_letter
from curriplan.errors import CatalogError, Issue
from curriplan.importing.source import Source

EMPTY = GridCell(None)


def read_sheet_source(path: Path, kind: str, columns: Sequence[str]) -> Source:
    """Read the named columns of the first sheet of a workbook; row 1 is its header.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, too large, lacks columns, or has cells that nobody can read.
    """
    sheet = read_sheets(path)[0]
    header = {cell.text: at for at, cell in sheet.rows.get(1, {}).items()}
    issues = [
        Issue("missing-column", sheet.place(str(path), 1), {"column": name})
        for name in columns
        if name not in header
    ]
    if issues:
        raise CatalogError(issues)
    places = {name: header[name] for name in columns}
    _refuse_unreadable(sheet, list(places.values()), str(path))
    numbers = [number for number in sorted(sheet.rows) if number > 1]
    cells = {
        name: [sheet.rows[number].get(header[name], EMPTY).text for number in numbers] for name in columns
    }
    letters = {name: column_letter(header[name]) for name in columns}
    rows = pd.DataFrame(cells, index=numbers, dtype=str)
    return Source(kind, str(path), rows, sheet.name, letters)


def _refuse_unreadable(sheet: SheetGrid, columns: Sequence[int], file: str) -> None:
    issues = [
        Issue(cell.problem, sheet.place(file, number, at), {"value": "?"})
        for number, row in sheet.rows.items()
        for at in columns
        if (cell := row.get(at)) is not None and cell.problem is not None
    ]
    if issues:
        raise CatalogError(issues)
