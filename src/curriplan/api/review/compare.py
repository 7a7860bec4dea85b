"""The locked cells of a workbook against what was written: any edit, wherever rows and columns went.

Sheets may be renamed, rows sorted, empty or new rows and columns put in: none of that is an edit.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from curriplan.catalog.reading.grids import GridCell, SheetGrid
from curriplan.catalog.reading.raw import LAST_ROW

Value = str | float
FORMULA = "\0formula"
"""Stands for a formula where rows are told apart by what stands in them."""
MOST_PAIRS = 1_000_000
"""With more rows left over, an edited row is looked for only between its neighbours."""
TOLERANCE = 1e-6
"""Relative: how exactly another program reckons a formula."""
NO_CELL = GridCell(None)
EXACT = 1e-14
"""Relative: how exactly a number is kept that nobody reckons anew."""


@dataclass(frozen=True)
class WrittenSheet:
    """The locked cells of a sheet as they were written: value and whether it is a formula."""

    name: str
    rows: Mapping[int, Mapping[int, tuple[Value, bool]]]
    open_cells: frozenset[tuple[int, int]] = frozenset()
    """Row and column of the cells in which anybody may write."""


@dataclass(frozen=True)
class CellEdit:
    """A locked cell that is not as it was written; row and column None for a row that is gone."""

    sheet: SheetGrid
    row: int | None
    column: int | None
    was: str
    found: str


@dataclass
class ReviewDifferences:
    """What is not as it was written."""

    edits: list[CellEdit] = field(default_factory=list)
    lost_sheets: list[str] = field(default_factory=list)
    _formulas: list[CellEdit] = field(default_factory=list)
    """Formulas with another result: they follow from an edit, or from sorting, where there is any."""
    _sorted: bool = False

    @property
    def all_edits(self) -> list[CellEdit]:
        """The edits; formulas count only where nothing else explains their results."""
        return self.edits or ([] if self._sorted else self._formulas)

    def take(self, other: ReviewDifferences) -> None:
        """Add what was found on a further sheet."""
        self.edits += other.edits
        self.lost_sheets += other.lost_sheets
        self._formulas += other._formulas
        self._sorted |= other._sorted


def written_sheet(data: Mapping[str, Any]) -> WrittenSheet:
    """Return a sheet from the data that a workbook carries."""
    rows: dict[int, dict[int, tuple[Value, bool]]] = {}
    for row, column, value, formula in _carried_cells(data):
        rows.setdefault(_within(row), {})[_within(column)] = (_value(value), bool(formula))
    opened = frozenset((_within(row), _within(column)) for row, column in data["open"])
    return WrittenSheet(str(data["name"]), rows, opened)


def _carried_cells(data: Mapping[str, Any]) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield row, column, value and whether it is a formula; workbooks of version 0.1.0 have rows."""
    if "cells" in data:
        for row, cells in data["cells"]:
            yield from ((row, column, value, formula) for column, value, formula in cells)
        return
    for column, formula, steps, values in data["columns"]:
        for row, value in zip(accumulate(map(_within, steps)), values, strict=True):
            yield row, column, value, formula


def _within(number: Any) -> int:
    """Return the number of a row or a column, refused with ValueError where no sheet has it."""
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= LAST_ROW:
        raise ValueError
    return number


def _value(value: Any) -> Value:
    """Return the value of a cell, refused with TypeError where no cell can hold it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return float(value) if isinstance(value, int) else value


def shown(value: Value | None) -> str:
    """Return a value as it is compared and named: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join((value if value.isascii() else unicodedata.normalize("NFKC", value)).split())
    return f"{value:.15g}"


def paired_sheets(written: Sequence[WrittenSheet], found: Sequence[SheetGrid]) -> dict[str, SheetGrid | None]:
    """Return the sheet in which each written one is found: of the same name, else with the most in common."""
    left = {one.name: one for one in found}
    pairs: dict[str, SheetGrid | None] = {one.name: left.pop(one.name, None) for one in written}
    contents = {name: Counter(_contents(grid)) for name, grid in left.items()}
    for one in written:
        if pairs[one.name] is None and contents:
            mine = Counter(shown(v) for row in one.rows.values() for v, f in row.values() if not f)
            best = max(sorted(contents), key=lambda name: (contents[name] & mine).total())
            if (contents[best] & mine).total() * 2 >= mine.total():
                del contents[best]
                pairs[one.name] = left[best]
    return pairs


def _contents(grid: SheetGrid) -> Iterator[str]:
    for row in grid.rows.values():
        for cell in row.values():
            if not cell.formula:
                yield shown(cell.value)


def compare_sheet(
    written: WrittenSheet, grid: SheetGrid, keyed: Mapping[int, int | None]
) -> ReviewDifferences:
    """Find what differs on one sheet.

    Parameters
    ----------
    keyed : mapping
        Written rows that have a key, with where they stand now; None to leave them out.
    """
    result = ReviewDifferences()
    columns = matched_columns(written, grid)
    known = {row: at for row, at in keyed.items() if at is not None}
    rest = {row: cells for row, cells in written.rows.items() if row not in keyed}
    rows = {**known, **_matched_rows(rest, grid, columns, known)}
    for row, cells in sorted(written.rows.items()):
        if row in keyed and row not in known:
            continue
        at = rows.get(row)
        if at is None:
            texts = "; ".join(shown(value) for value, formula in cells.values() if not formula)
            result.edits.append(CellEdit(grid, None, None, texts, ""))
        else:
            _compare_row(result, written, row, grid, at, columns)
    order = [rows[row] for row in sorted(written.rows) if row in rows]
    result._sorted = order != sorted(order)
    return result


def _compare_row(
    result: ReviewDifferences,
    written: WrittenSheet,
    row: int,
    grid: SheetGrid,
    at: int,
    columns: Mapping[int, int],
) -> None:
    cells, here = written.rows[row], grid.rows.get(at, {})
    for column, place in sorted(columns.items()):
        if (row, column) in written.open_cells:
            continue
        value, formula = cells.get(column, (None, False))
        cell = here.get(place, NO_CELL)
        if cell.formula == formula and cell.value == value:
            continue
        edit = CellEdit(grid, at, place, shown(value), shown(cell.value))
        if formula and cell.formula:
            if cell.value is not None and not _same(value, cell.value, TOLERANCE):
                result._formulas.append(edit)
        elif formula or cell.formula or not _same(value, cell.value, EXACT):
            result.edits.append(edit)


def _same(written: Value | None, found: Value | None, tolerance: float) -> bool:
    one, other = shown(written), shown(found)
    if one == other:
        return True
    numbers = [_number(text) for text in (one, other)]
    if numbers[0] is None or numbers[1] is None:
        # The words of a formula differ only in the decimal mark of another region.
        return one.replace(",", ".") == other.replace(",", ".")
    return abs(numbers[0] - numbers[1]) <= tolerance * max(1.0, abs(numbers[0]))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def matched_columns(written: WrittenSheet, grid: SheetGrid) -> dict[int, int]:
    """Return where each written column stands now: in the same order, with as much in common as can be."""
    mine, theirs = _by_column(_written_cells(written)), _by_column(_grid_cells(grid))
    ours, places = sorted(mine), sorted(theirs)
    # best[i][j]: the most in common of the first i written columns and the first j found ones.
    best = [[0] * (len(places) + 1) for _ in range(len(ours) + 1)]
    for i, column in enumerate(ours, 1):
        for j, place in enumerate(places, 1):
            both = best[i - 1][j - 1] + (mine[column] & theirs[place]).total()
            best[i][j] = max(best[i - 1][j], best[i][j - 1], both)
    found: dict[int, int] = {}
    i, j = len(ours), len(places)
    while i and j:
        if best[i][j] == best[i][j - 1]:
            j -= 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            found[ours[i]] = places[j]
    return _filled_up(found, ours)


def _filled_up(found: dict[int, int], columns: Sequence[int]) -> dict[int, int]:
    """Add the columns that nothing tells apart: as far from their left neighbour as they were."""
    shift = 0
    for column in columns:
        if column in found:
            shift = found[column] - column
        else:
            found[column] = column + shift
    return found


def _written_cells(written: WrittenSheet) -> Iterator[tuple[int, str]]:
    for row in written.rows.values():
        for column, (value, formula) in row.items():
            yield column, FORMULA if formula else shown(value)


def _grid_cells(grid: SheetGrid) -> Iterator[tuple[int, str]]:
    for row in grid.rows.values():
        for column, cell in row.items():
            yield column, FORMULA if cell.formula else shown(cell.value)


def _by_column(cells: Iterable[tuple[int, str]]) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for column, text in cells:
        found[column][text] += 1
    return found


def _matched_rows(
    written: Mapping[int, Mapping[int, tuple[Value, bool]]],
    grid: SheetGrid,
    columns: Mapping[int, int],
    known: Mapping[int, int],
) -> dict[int, int]:
    """Return where each written row stands now: one that is alike, else the likest of those left over."""
    taken = set(known.values())
    alike: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    marks = {row: _mark(cells, columns) for row, cells in grid.rows.items() if row not in taken}
    for row in sorted(marks):
        alike[marks[row]].append(row)
    found: dict[int, int] = {}
    left = []
    for row in sorted(written):
        mark = _written_mark(written[row], columns)
        if alike[mark]:
            found[row] = alike[mark].popleft()
        else:
            left.append((row, mark))
    free = sorted(set(marks) - set(found.values()))
    return {**found, **_likest(left, {row: marks[row] for row in free}, {**known, **found})}


def _written_mark(cells: Mapping[int, tuple[Value, bool]], columns: Mapping[int, int]) -> tuple[str, ...]:
    texts = {column: FORMULA if formula else shown(value) for column, (value, formula) in cells.items()}
    return tuple(texts.get(column, "") for column in sorted(columns))


def _mark(cells: Mapping[int, GridCell], columns: Mapping[int, int]) -> tuple[str, ...]:
    texts = {place: FORMULA if cell.formula else shown(cell.value) for place, cell in cells.items()}
    return tuple(texts.get(columns[column], "") for column in sorted(columns))


def _likest(
    left: Sequence[tuple[int, tuple[str, ...]]],
    free: dict[int, tuple[str, ...]],
    matched: Mapping[int, int],
) -> dict[int, int]:
    """Pair edited rows with those left over: most cells alike, then nearest to where they would stand."""
    found: dict[int, int] = {}
    for row, mark in left:
        before = [at for one, at in matched.items() if one < row]
        after = [at for one, at in matched.items() if one > row]
        low, high = max(before, default=0), min(after, default=10**9)

        def likeness(
            at: int, mark: tuple[str, ...] = mark, low: int = low, high: int = high
        ) -> tuple[int, ...]:
            alike = sum(1 for one, other in zip(mark, free[at], strict=True) if one and one == other)
            return (alike, int(low < at < high), -at)

        near = free if len(left) * len(free) <= MOST_PAIRS else [at for at in free if low < at < high]
        best = max(near, key=likeness, default=None)
        if best is not None and (likeness(best)[0] or likeness(best)[1]):
            found[row] = best
            del free[best]
    return found
