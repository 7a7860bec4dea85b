"""The working curriculum as the workbook of a plan has it: what stands below its table."""

from __future__ import annotations

from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.lines import LineKind, RupLine, RupTable
from curriplan.importing.rup.vocabulary import folded

WEEKS = ("недели", "апта саны", "weeks")


def is_own(layout: Layout) -> bool:
    """Say whether a table is one of the workbook of a plan."""
    return {"section", "decision"} <= {one.role.name for one in layout.columns if one.role}


def without_forms(found: list[tuple[RupSheet, Layout]]) -> list[tuple[RupSheet, Layout]]:
    """Return the working sheets of a plan's workbook, which say all that its state forms say; else all."""
    return [one for one in found if is_own(one[1])] or found


def own_weeks(table: RupTable) -> dict[int, float]:
    """Return the teaching weeks by semester of the table of semesters that stands below the modules."""
    terms = next((one.index for one in table.layout.having("term")), None)
    found: dict[int, float] = {}
    column = None
    for line in (one for one in table.lines if one.kind is LineKind.OUTSIDE):
        cells = table.sheet.grid.rows[line.row]
        heads = [at for at in sorted(cells) if folded(table.sheet.text(line.row, at)) in WEEKS]
        if heads and not found:
            column = heads[0]
        elif column is not None and terms is not None:
            term, weeks = cells.get(terms), cells.get(column)
            if term is None or weeks is None:
                break
            if isinstance(term.value, float) and isinstance(weeks.value, float):
                found[int(term.value)] = weeks.value
    return found


def only_name(line: RupLine) -> None:
    """Take away what stands below a name in its cell: the outcomes that a practice serves."""
    line.names = {key: text.partition("\n")[0].strip() for key, text in line.names.items()}
    line.name = line.name.partition("\n")[0].strip()
