"""What a plan closes in each outlook of its catalog, recomputed from the bare decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from curriplan.base.codec import from_data, to_data
from curriplan.evaluation.measures import plain
from curriplan.evaluation.objectives import closure_in
from curriplan.evaluation.state import Basis
from curriplan.plan.outlooks import OutlookClosure, PlanOutlooks, Regret
from curriplan.plan.plan import Selection
from curriplan.problem.limits import OutlookBest
from curriplan.problem.problem import Problem


def outlooks_of_plan(
    problem: Problem, selection: Selection, best: Mapping[str, OutlookBest] | None = None
) -> PlanOutlooks | None:
    """Return the closure of a plan in each outlook; None where the catalog has none.

    Parameters
    ----------
    best : mapping, optional
        The best closure of each outlook; by default what the limits of the run hold, if anything.
    """
    if not problem.outlooks:
        return None
    best = problem.limits.outlook_best if best is None else best
    state = problem.derived(Basis).plan(selection)
    rows = []
    for one in problem.outlooks:
        after = closure_in(state, one)
        regret = _regret(best[one.id], after) if one.id in best else None
        before = closure_in(state, one, before=True)
        rows.append(OutlookClosure(one.id, one.probability, before, after, regret))
    regrets = [row.regret for row in rows if row.regret is not None]
    found = PlanOutlooks(
        tuple(rows),
        sum(row.probability * row.before for row in rows),
        sum(row.probability * row.after for row in rows),
        _largest(one.least for one in regrets),
        _largest(one.most for one in regrets),
    )
    return from_data(PlanOutlooks, plain(to_data(found)))


def _regret(best: OutlookBest, after: float) -> Regret:
    least = max(0.0, best.value - after)
    return Regret(best.value, least, max(least, best.most - after))


def _largest(values: Iterable[float]) -> float | None:
    return max(values, default=None)
