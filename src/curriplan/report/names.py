"""Names of cells with key figures, for formulas and programs of other people; listed on Provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.report.context import Context
from curriplan.report.summary import NoteCells
from curriplan.xlsx.formula import Term
from curriplan.xlsx.sheet import Sheet


@dataclass(frozen=True)
class NamedFigure:
    """A key figure: the name of its cell in the workbook, and the style of its value."""

    name: str
    cell: Term
    style: str


def named_figures(note: NoteCells, money: Mapping[str, Term]) -> tuple[NamedFigure, ...]:
    """Return the figures of the plan that have a name; `money` is missing where it costs nothing."""
    whole, sure = note.overview.total, note.plan.figures.of[None]
    shares = {
        "closure_share": whole.after,
        "closure_before_share": whole.before,
        "closure_low_share": sure["closure_low"],
        "closure_high_share": sure["closure_high"],
    }
    counts = {
        "essentials_count": whole.essentials,
        "essentials_met_count": whole.met_after,
        "essentials_met_before_count": whole.met_before,
        "learners_count": whole.learners,
        "modules_added_count": whole.added,
        "modules_moved_count": whole.moved,
        "modules_dropped_count": whole.dropped,
    }
    amounts = {f"{name}_cost_kzt": term for name, term in money.items()}
    styled = (("share", shares), ("count", counts), ("credits", {"credits_total": whole.credits}))
    return tuple(
        NamedFigure(name, cell, style)
        for style, found in (*styled, ("money", amounts))
        for name, cell in found.items()
    )


def write_names(context: Context, sheet: Sheet, row: int, figures: Sequence[NamedFigure], last: int) -> int:
    """Name the cells, and list name, value and meaning; return the next free row."""
    texts = context.texts
    sheet.across(row, texts("heading.named_cells"), "heading")
    sheet.keep_together(row, row + 2 + len(figures))
    for column, key in enumerate(("cell_name", "value", "meaning")):
        sheet.across(row + 1, texts(f"column.{key}"), "header", column, last if key == "meaning" else column)
    for place, one in enumerate(figures, start=row + 2):
        context.book.name_cell(one.name, one.cell)
        sheet.text(place, 0, one.name, "code")
        sheet.formula(place, 1, one.cell, one.style)
        sheet.across(place, texts(f"named.{one.name}"), "text", 2, last)
    return row + 2 + len(figures)
