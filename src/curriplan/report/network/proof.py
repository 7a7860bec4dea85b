"""How sure the national plan is: the rounds of pricing, the bound, and what the plan reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from curriplan.plan.network import National, Round
from curriplan.report.network.view import NetworkView, or_dash
from curriplan.xlsx.formula import choose, holds
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Table
from curriplan.xlsx.term import NOTHING, Term, constant

RELAXED, BOUND = "nation_column.relaxed", "nation_column.bound"


KINDS = {kind: f"nation_round.{kind}" for kind in ("priced", "filled", "joint")}


@dataclass(frozen=True)
class ProofCells:
    """The bound, and the closure of the plan, where they stand."""

    closure: Term
    bound: Term
    gap_points: Term


def write_proof(view: NetworkView, sheet: Sheet, national: National, closure: Term) -> ProofCells:
    """Write the sheet; `closure` is that of the sheet of the colleges."""
    texts = view.texts
    table = _round_table(view, lambda: places["nation.proof_closure"])
    sheet.set_widths(table.widths)
    row = sheet.heading("nation_title.proof", "nation_how.proof", by=view.by)
    last = table.last
    said: list[tuple[str, Term | float, str]] = [
        ("nation.proof_closure", closure, "share gap"),
        ("nation.proof_chosen", national.chosen, "share gap"),
        ("nation.proof_bound", national.bound, "share gap"),
    ]
    places: dict[str, Term] = {}
    for key, value, style in said:
        sheet.across(row, texts(key), "text", 0, last - 1)
        sheet.put(row, last, value, style)
        places[key] = sheet.ref(row, last)
        row += 1
    points = (places["nation.proof_bound"] - places["nation.proof_closure"]) * constant(100)
    sheet.across(row, texts("nation.proof_gap"), "text", 0, last - 1)
    gap = sheet.formula(row, last, points, "fine_points")
    row += 1
    for key in _notes(national):
        sheet.across(row, texts(key), "plain")
        row += 1
    table.write(sheet, row + 1, national.rounds).page(1, filtered=False)
    return ProofCells(places["nation.proof_closure"], places["nation.proof_bound"], gap)


def _notes(national: National) -> list[str]:
    notes = ["nation.over_list"] if national.is_over_list else []
    return notes + ([] if national.stopped is None else [f"nation_stopped.{national.stopped}"])


def _round_table(view: NetworkView, closure: Callable[[], Term]) -> Table[Round]:
    """Return the table; `closure` has that of the national plan, which no bound may be below."""
    yes, no = (constant(view.texts(key)) for key in ("word.yes", "word.no"))

    def proves(line: Line[Round]) -> Term | str:
        return NOTHING if line.row.bound is None else choose(holds(">=", line[BOUND], closure()), yes, no)

    return Table(
        Column("nation_column.round", "term", 12, lambda one: one.number),
        Column("nation_column.round_kind", "text", 26, lambda one: view.texts(KINDS[one.kind])),
        Column("nation_column.asked", "count", 16, lambda one: one.asked),
        Column("nation_column.new_plans", "count", 18, lambda one: one.new_columns),
        Column(RELAXED, "share gap", 22, formula=lambda line: or_dash(line.row.relaxed)),
        Column(BOUND, "share gap", 22, formula=lambda line: or_dash(line.row.bound)),
        Column(
            "nation_column.best_bound", "share gap", 22, formula=lambda line: or_dash(line.row.best_bound)
        ),
        Column("nation_column.gap", "share gap", 16, formula=lambda line: or_dash(line.row.gap)),
        Column("nation_column.bound_holds", "centre", 24, formula=proves),
    )
