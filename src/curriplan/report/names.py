"""Names of cells with key figures, for formulas and programs of other people; listed on Provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.report.context import Context
from curriplan.report.summary import NoteCells
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term

NAMES = {
    "closure_share": "share",
    "closure_before_share": "share",
    "closure_low_share": "share",
    "closure_high_share": "share",
    "essentials_count": "count",
    "essentials_met_count": "count",
    "essentials_met_before_count": "count",
    "learners_count": "count",
    "modules_added_count": "count",
    "modules_moved_count": "count",
    "modules_dropped_count": "count",
    "credits_total": "credits",
    "setup_cost_kzt": "money",
    "intake_cost_kzt": "money",
    "first_intake_cost_kzt": "money",
    "yearly_cost_kzt": "money",
    "theta": "number",
    "kappa": "number",
}
"""The names, with the style of each value."""
TYPED = ("theta", "kappa")
"""Cells that readers may change: no formula follows them here, so that a review compares nothing of them."""
COLUMNS = ("column.cell_name", "column.value", "column.meaning")


@dataclass(frozen=True)
class NamedFigure:
    """A key figure: the name of its cell in the workbook, and the style of its value."""

    name: str
    cell: Term
    style: str


def named_figures(
    note: NoteCells, money: Mapping[str, Term], judgements: Mapping[str, Term]
) -> tuple[NamedFigure, ...]:
    """Return the figures of the plan that have a name; `money` is empty where it costs nothing."""
    whole, sure = note.overview.total, note.plan.figures.of[None]
    cells = {
        "closure_share": whole.after,
        "closure_before_share": whole.before,
        "closure_low_share": sure["closure_low"],
        "closure_high_share": sure["closure_high"],
        "essentials_count": whole.essentials,
        "essentials_met_count": whole.met_after,
        "essentials_met_before_count": whole.met_before,
        "learners_count": whole.learners,
        "modules_added_count": whole.added,
        "modules_moved_count": whole.moved,
        "modules_dropped_count": whole.dropped,
        "credits_total": whole.credits,
        **{f"{name}_cost_kzt": term for name, term in money.items()},
        **judgements,
    }
    return tuple(NamedFigure(name, cell, NAMES[name]) for name, cell in cells.items())


def write_names(context: Context, sheet: Sheet, row: int, figures: Sequence[NamedFigure], last: int) -> int:
    """Name the cells, and list name, value and meaning; return the next free row."""
    texts = context.texts
    sheet.across(row, texts("heading.named_cells"), "heading")
    sheet.keep_together(row, row + 2 + len(figures))
    for column, key in enumerate(COLUMNS):
        sheet.head(row + 1, key, column, last if key == COLUMNS[-1] else column)
    for place, one in enumerate(figures, start=row + 2):
        context.book.name_cell(one.name, one.cell)
        sheet.text(place, 0, one.name, "code")
        if one.name in TYPED:
            sheet.number(place, 1, one.cell.number, one.style)
        else:
            sheet.formula(place, 1, one.cell, one.style)
        sheet.across(place, texts(f"named.{one.name}"), "text", 2, last)
    return row + 2 + len(figures)
