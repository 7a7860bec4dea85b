"""Tell a row that sums others up by its numbers, whatever it is called."""

from __future__ import annotations

from collections.abc import Sequence

from curriplan.importing.rup.lines import LineKind, RupLine, RupTable

LEAST_SUMMED, LEAST_CELLS = 4, 3
"""Rows and cells from which a sum of everything above is no accident."""


def sums_up(line: RupLine, rows: Sequence[RupLine]) -> bool:
    """Say whether most amounts of a row are the sums of the rows below it."""
    sums = [sum(row.values.get(at, 0.0) for row in rows) for at in line.values]
    same = sum(abs(a - b) < 0.005 for a, b in zip(line.values.values(), sums, strict=True))
    return same * 2 > len(sums)


def sums_up_all(table: RupTable, line: RupLine) -> bool:
    """Say whether a row without an index is the total of all rows above it, whatever it is called.

    No module is as large as all others together: `LEAST_SUMMED` of them, in as many cells as a total has at
    least, and more of its cells than not. The last outcome of a module that alone is taught in a semester
    has the sums of that semester too: of rows that have nothing there it is no total.
    """
    if line.index or len(line.values) < LEAST_CELLS:
        return False
    above = [one for one in table.lines if one.row < line.row and one.values]
    rows = [one for one in above if one.kind in {LineKind.MODULE, LineKind.OUTCOME, LineKind.FIXED}]
    rows += [
        one
        for one in above
        if one.kind is LineKind.HEADER and not any(outcome.values for outcome in table.outcomes_of(one))
    ]
    sums = {at: sum(one.values.get(at, 0.0) for one in rows) for at in line.values}
    same = [at for at, value in line.values.items() if value and abs(value - sums[at]) < 0.005]
    summed = sum(any(one.values.get(at) for at in same) for one in rows)
    return summed >= LEAST_SUMMED and len(same) >= LEAST_CELLS and len(same) * 2 > len(line.values)
