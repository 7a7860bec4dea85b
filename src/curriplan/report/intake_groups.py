"""A plan a year later: its programmes as running intakes and the new one, and what one intake of each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curriplan.evaluation.planned import earlier_selection
from curriplan.evaluation.state import Basis
from curriplan.report.context import OccupationCells, OverviewCells, ProgrammeCells
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.formula import numeric, ratio, total_of
from curriplan.xlsx.term import Term, constant


@dataclass(frozen=True)
class IntakeGroups:
    """The programmes of the plan by whether they run already; both are there."""

    running: tuple[str, ...]
    new: tuple[str, ...]


def intake_groups(view: PlanView) -> IntakeGroups | None:
    """Return running and new intakes; None where the plan has not both."""
    rows = [view.catalog.programme_by_id[name] for name in view.limits.planned]
    running = tuple(row.id for row in rows if row.intake_of is not None or view.limits.is_over(row.start))
    new = tuple(row.id for row in rows if row.id not in running)
    return IntakeGroups(running, new) if running and new else None


def one_intake(view: PlanView) -> tuple[str, ...]:
    """Return one intake of each programme: of several that are planned the one that begins last."""
    last: dict[str, tuple[str, str]] = {}
    for name in view.limits.planned:
        row = view.catalog.programme_by_id[name]
        whose = row.intake_of or row.id
        last[whose] = max(last.get(whose, ("", "")), (row.start, row.id))
    chosen = {name for _, name in last.values()}
    return tuple(name for name in view.limits.planned if name in chosen)


def intakes_counted(view: PlanView) -> dict[str, int] | None:
    """Return how many intakes and how many programmes a plan has; None where they are as many."""
    counts = {"intakes": len(view.limits.planned), "programmes": len(one_intake(view))}
    return None if counts["intakes"] == counts["programmes"] else counts


def intakes_said(view: PlanView, texts: Words) -> str:
    """Say that totals are over intakes, running ones among them; nothing where each programme has one."""
    counts = intakes_counted(view)
    return "" if counts is None else texts("phrase.intakes_counted", **counts)


def rows_of(overview: OverviewCells, names: Sequence[str]) -> list[ProgrammeCells]:
    """Return the rows of some programmes on the sheet of the programmes."""
    return [row for row in overview.rows if row.programme.value in names]


def closure_of(rows: Sequence[ProgrammeCells]) -> tuple[Term, Term]:
    """Return closure of some programmes together, today and by the plan: the mean by their weights."""
    weights = total_of([row.weight for row in rows])
    before, after = (
        ratio(total_of([numeric(getattr(row, name)) * row.weight for row in rows]), weights)
        for name in ("before", "after")
    )
    return before, after


def by_plan_in_force(view: PlanView, names: Sequence[str]) -> tuple[tuple[str, ...], float] | None:
    """Return what the plan in force would close of some programmes, and which of them it has.

    As the catalog is now, and by the weights of this plan; None where it has none of them.
    """
    previous = view.limits.settings.previous or ()
    selection = earlier_selection(view.problem)
    if selection is None:
        return None
    states = view.problem.derived(Basis).plan(selection).states
    weights = {row.programme: row.weight for row in view.after.programmes}
    known = {
        name: closure
        for name in names
        if any(row[0] == name for row in previous)
        and (closure := states[name].closure) is not None
        and weights.get(name)
    }
    whole = sum(weights[name] for name in known)
    if not whole:
        return None
    return tuple(known), sum(weights[name] * closure for name, closure in known.items()) / whole


def counted_once(view: PlanView, overview: OverviewCells, name: str) -> Term:
    """Return a sum of the sheet of the programmes over one intake of each."""
    names = one_intake(view)
    if len(names) == len(view.limits.planned):
        return getattr(overview.total, name)  # type: ignore[no-any-return]
    return total_of([getattr(row, name) for row in rows_of(overview, names)])


def occupations_once(view: PlanView, cells: OccupationCells) -> tuple[Term, Term, Term]:
    """Return target occupations of one intake of each programme: fully met today, by the plan, and all."""
    names = one_intake(view)
    if len(names) == len(view.limits.planned):
        found = [cells.asking]
    else:
        found = [(*cells.asking, (cells.programme, "=", constant(name))) for name in names]
    before, after = (
        total_of([cells.met(cover, *matches) for matches in found])
        for cover in (cells.cover_before, cells.cover_after)
    )
    return before, after, total_of([cells.count(*matches) for matches in found])
