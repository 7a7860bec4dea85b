"""Plans for each outlook, for today, for the average and for all: what each closes wherever it comes to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from curriplan.base.errors import SolverError
from curriplan.base.progress import Progress
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures.outlooks import outlooks_of_plan
from curriplan.evaluation.objectives import closure_in
from curriplan.evaluation.state import Basis
from curriplan.optimizer.solve.alone import with_closure_alone
from curriplan.optimizer.solve.prepared import best_of_outlooks
from curriplan.optimizer.solve.stages import Solution, solve
from curriplan.plan.plan import Selection
from curriplan.plan.scenarios import MadeFor, PlanInOutlooks, Scenarios
from curriplan.problem.limits import OutlookBest
from curriplan.problem.outlooks import average_outlook
from curriplan.problem.problem import Problem

OWN_SHARE = 0.5
"""Of the time: the plans for one outlook each; the rest is for the three others."""

Made = tuple[MadeFor, str | None, Solution]


def find_scenarios(problem: Problem, *, progress: Callable[[Progress], None] | None = None) -> Scenarios:
    """Make the plans and look at each in every outlook, within the time limit of the settings.

    Parameters
    ----------
    problem : Problem
        With outlooks and a weight of risk.

    Raises
    ------
    InfeasibleError, NoPlanError, SolverError
        As `curriplan.optimizer.solve.stages.solve`; SolverError too where the evaluation refuses a plan.
    """
    settings = problem.limits.settings
    assert settings.risk is not None
    deadline = time.monotonic() + settings.time_limit_s
    problem = with_closure_alone(problem, time_limit_s=settings.time_limit_s / 4, progress=progress)
    own = best_of_outlooks(
        problem, time_limit_s=OWN_SHARE * (deadline - time.monotonic()), progress=progress, whole=True
    )
    average = average_outlook(problem.catalog, problem.limits, problem.outlooks)
    asked = {
        MadeFor.ALL: problem.with_limits(replace(problem.limits, outlook_best=own.best)),
        MadeFor.TODAY: problem.with_limits(replace(problem.limits, settings=settings.without_risk())),
        MadeFor.AVERAGE: problem.within(average),
    }
    made: list[Made] = []
    for waiting, (made_for, one) in zip(range(len(asked), 0, -1), asked.items(), strict=True):
        left_s = (deadline - time.monotonic()) / waiting
        made.append((made_for, None, solve(one, time_limit_s=left_s, progress=progress)))
    made += [(MadeFor.ONE, name, solution) for name, solution in own.solutions.items()]
    best = _best_known(problem, own.best, (solution.selection for _, _, solution in made))
    return Scenarios(settings.risk, tuple(_in_outlooks(problem, one, best) for one in made))


def _best_known(
    problem: Problem, best: dict[str, OutlookBest], selections: Iterable[Selection]
) -> dict[str, OutlookBest]:
    """Return the best closure of each outlook, also where another plan is better than its own."""
    states = [problem.derived(Basis).plan(selection) for selection in selections]
    found = {}
    for one in problem.outlooks:
        value = max(best[one.id].value, *(closure_in(state, one) for state in states))
        bound = best[one.id].bound
        found[one.id] = OutlookBest(value, None if bound is None else max(value, bound))
    return found


def _in_outlooks(problem: Problem, made: Made, best: dict[str, OutlookBest]) -> PlanInOutlooks:
    made_for, outlook, solution = made
    evaluation = evaluate(problem, solution.selection)
    if evaluation.broken_rules:
        raise SolverError.of("plan-refused-by-evaluation", rules=", ".join(evaluation.broken_rules[:10]))
    closures = outlooks_of_plan(problem, solution.selection, best)
    assert closures is not None
    return PlanInOutlooks(
        made_for, outlook, solution.status, evaluation.cost_kzt, closures, solution.selection
    )
