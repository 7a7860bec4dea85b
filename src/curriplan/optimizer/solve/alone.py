"""What each programme reaches when it is planned alone (§13)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from curriplan.base.errors import InfeasibleError, Issue, NoPlanError
from curriplan.base.progress import Progress
from curriplan.optimizer.solve.stages import solve
from curriplan.problem.limits import effective_limits
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem


def closure_alone(
    problem: Problem,
    *,
    time_limit_s: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> dict[str, float]:
    """Find the best closure of each planned programme when only that one is planned.

    The settings are those of the problem, without equity and without an earlier plan but for what is
    taught already, closure is the only objective, and a first look compares with it as every plan does.
    Programmes that lack nothing are left out; one for which no plan is possible alone has 0, and is
    compared with nothing.

    Parameters
    ----------
    time_limit_s : float, optional
        For all programmes together; by default what the settings say.

    Raises
    ------
    NoPlanError, SolverError
        As `curriplan.optimizer.solve.stages.solve`.
    """
    limit_s = problem.limits.settings.time_limit_s if time_limit_s is None else time_limit_s
    deadline = time.monotonic() + limit_s

    def tell(at: Progress) -> None:
        if progress is not None:
            progress(replace(at, reached=None))  # it is not the plan of the run

    found: dict[str, float] = {}
    for name, gaps in problem.gaps.items():
        if gaps.total_weight > 0:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise NoPlanError([Issue("stopped-before-plan")])
            try:
                solution = solve(alone(problem, name), time_limit_s=left_s, progress=tell)
                found[name] = solution.stages[0].value
            except InfeasibleError:
                found[name] = 0.0
    return found


def with_closure_alone(
    problem: Problem,
    *,
    time_limit_s: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Problem:
    """Return the problem with what each programme reaches alone, where a rule or an objective asks for it."""
    if not problem.limits.needs_closure_alone:
        return problem
    found = closure_alone(problem, time_limit_s=time_limit_s, progress=progress)
    return problem.with_limits(replace(problem.limits, closure_alone=found))


def alone(problem: Problem, programme: str) -> Problem:
    """Return the problem of one programme only, of which closure is the only objective.

    What is taught already stays as it is.
    """
    chosen = problem.limits.settings
    settings = replace(
        chosen.without_risk(),
        programmes=(programme,),
        objectives=(ObjectiveChoice("closure"),),
        previous=None if chosen.taught_until is None else chosen.previous,
        reviewed=(),
        max_changes=None,
        equity=None,
        keep_within=None,
        review=(),
        quick=False,
        horizon=None,
    )
    return problem.with_limits(effective_limits(problem.catalog, settings))
