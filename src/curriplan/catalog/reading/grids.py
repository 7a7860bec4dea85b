"""Every cell of every sheet of a workbook, whatever it is: reviews, working curricula, releases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.base.progress import keeping_objects
from curriplan.catalog.reading.archive import DAMAGE, damage, inspect, lost_sheets
from curriplan.catalog.reading.book import OpenWorkbook, opened
from curriplan.catalog.reading.cells import FAULTY, ODD, Beside, Cell, cell_text
from curriplan.catalog.reading.raw import MAX_COLUMNS, MAX_ROWS, column_letter, number_text

HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which no text holds and nobody can write."""


class GridCell(NamedTuple):
    """A filled cell of any sheet.

    Parameters
    ----------
    value : str, float or None
        Its text, or its number; a date as ISO text; None where nobody can tell.
    formula : bool
        Whether it is a formula; then `value` is its result as the program that saved it wrote it.
    problem : str or None
        The code of what is wrong with it: a formula that was never calculated, an error value.
    said : str
        The error value, as it stands in the cell.
    """

    value: str | float | None
    formula: bool = False
    problem: str | None = None
    said: str = ""

    @property
    def text(self) -> str:
        """Its value as text, a whole number without a decimal point; empty where it has none."""
        if self.value is None:
            return ""
        return number_text(self.value) if isinstance(self.value, float) else self.value.strip()


@dataclass(frozen=True)
class SheetGrid:
    """A sheet: its filled cells by row (from 1, as Excel counts) and column (from 0).

    ``beside`` is what it says beside its cells, where that was asked for.
    """

    name: str
    rows: dict[int, dict[int, GridCell]]
    hidden: bool = False
    beside: Beside = field(default_factory=Beside)

    def place(self, file: str, row: int | None = None, column: int | None = None) -> Place:
        """Return the place of the sheet, of a row, or of a cell."""
        return Place(file, self.name, row, None if column is None else column_letter(column))


def first_row(path: Path) -> SheetGrid:
    """Return the first sheet with its row 1 alone: fast, however long the sheet is.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, encrypted, or too large.
    """
    place = Place(str(path))
    inspect(path, place)
    with opened(path) as book:
        try:
            title = book.workbook.worksheets[0].title
            number, row = next(iter(book.rows(title)), (0, []))
        except DAMAGE as error:
            raise damage(error, place) from error
    return SheetGrid(title, {1: grid_row(place, 1, enumerate(row))} if number == 1 else {})


def read_sheets(
    path: Path, label: str | None = None, *, with_beside: bool = False, inspected: bool = False
) -> tuple[SheetGrid, ...]:
    """Read every cell of every sheet of a workbook that may come from anywhere.

    Parameters
    ----------
    label : str, optional
        What places call the file; by default the path as given.
    with_beside : bool
        Whether merged ranges and hidden rows and columns are wanted too.
    inspected : bool
        Whether `first_row` has looked at it already.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, encrypted, or too large.
    """
    place = Place(label if label is not None else str(path))
    if not inspected:
        inspect(path, place)
    with keeping_objects(), opened(path) as book:
        lost = lost_sheets(path, book.workbook.sheetnames)
        if lost:
            raise CatalogError(Issue("damaged-workbook", Place(place.file, title)) for title in lost)
        return tuple(_grid_of(book, place.file, sheet, with_beside) for sheet in book.workbook.worksheets)


def _grid_of(book: OpenWorkbook, file: str, sheet: Any, with_beside: bool) -> SheetGrid:
    title = sheet.title
    rows: dict[int, dict[int, GridCell]] = {}
    try:
        for number, row in book.rows(title):
            if len(rows) > MAX_ROWS:
                raise CatalogError.of("too-many-rows", Place(file, title), limit=MAX_ROWS)
            filled = grid_row(Place(file, title), number, enumerate(row))
            if filled:
                rows[number] = filled
    except DAMAGE as error:
        raise damage(error, Place(file, title)) from error
    about = book.beside(title) if with_beside else Beside()
    return SheetGrid(title, rows, sheet.sheet_state != "visible", about)


def grid_row(sheet: Place, number: int, cells: Iterable[tuple[int, Cell]]) -> dict[int, GridCell]:
    """Return the filled cells of a row, by column from 0.

    Raises
    ------
    CatalogError
        If they reach further than tables do.
    """
    filled = {at: _grid_cell(cell) for at, cell in cells if _is_filled(cell)}
    if filled and max(filled) >= MAX_COLUMNS:
        raise CatalogError.of("too-many-columns", Place(sheet.file, sheet.sheet, number), limit=MAX_COLUMNS)
    return filled


def _is_filled(cell: Cell) -> bool:
    return cell.formula or (cell.value is not None and cell.value != "")


def _grid_cell(cell: Cell) -> GridCell:
    value, data_type, formula = cell
    if isinstance(value, int | float) and not isinstance(value, bool) and data_type not in FAULTY:
        return GridCell(float(value), formula)
    text, problem = cell_text(value, data_type, formula, dates=True)
    if HALF.search(text):
        return GridCell(None, formula, FAULTY[ODD], HALF.sub("\N{REPLACEMENT CHARACTER}", text))
    if value is None or problem is not None:
        return GridCell(None, formula, problem, text if problem is not None else "")
    return GridCell(text, formula)
