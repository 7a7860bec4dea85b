"""What must be known of a problem before it is solved: what programmes, and outlooks, reach by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from curriplan.base.errors import Issue, NoPlanError
from curriplan.base.progress import Progress
from curriplan.evaluation.objectives import closure_in
from curriplan.evaluation.state import Basis
from curriplan.optimizer.solve.alone import with_closure_alone
from curriplan.optimizer.solve.stages import Solution, solve
from curriplan.problem.limits import OutlookBest
from curriplan.problem.problem import Problem


def prepared(
    problem: Problem,
    *,
    time_limit_s: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Problem:
    """Return the problem with what programmes reach alone and the best of each outlook, where it is asked.

    Raises
    ------
    InfeasibleError, NoPlanError, SolverError
        As `curriplan.optimizer.solve.stages.solve`.
    """
    limit_s = problem.limits.settings.time_limit_s if time_limit_s is None else time_limit_s
    deadline = time.monotonic() + limit_s
    problem = with_closure_alone(problem, time_limit_s=limit_s, progress=progress)
    if problem.limits.settings.risk is None:
        return problem
    found = best_of_outlooks(problem, time_limit_s=deadline - time.monotonic(), progress=progress)
    return problem.with_limits(replace(problem.limits, outlook_best=found.best))


@dataclass(frozen=True)
class OwnBest:
    """The plan made for each outlook, and the best closure in each."""

    solutions: Mapping[str, Solution]
    best: dict[str, OutlookBest]


def best_of_outlooks(
    problem: Problem,
    *,
    time_limit_s: float,
    progress: Callable[[Progress], None] | None = None,
    whole: bool = False,
) -> OwnBest:
    """Solve for the closure of each outlook alone, what stands before closure held; raises as `solve`.

    The best known of an outlook is what the stage of closure reached there, or the plan of another outlook
    that is better within the gap.

    Parameters
    ----------
    whole : bool
        Whether the plans are whole: what stands behind closure is sought too, within its tolerance.
    """
    deadline = time.monotonic() + time_limit_s

    def tell(at: Progress) -> None:
        if progress is not None:
            progress(replace(at, reached=None))  # it is not the plan of the run

    solutions: dict[str, Solution] = {}
    for waiting, outlook in zip(range(len(problem.outlooks), 0, -1), problem.outlooks, strict=True):
        left_s = (deadline - time.monotonic()) / waiting
        if left_s <= 0:
            raise NoPlanError([Issue("stopped-before-plan")])
        one = problem.within(outlook) if whole else problem.best_within(outlook)
        solutions[outlook.id] = solve(one, time_limit_s=left_s, progress=tell)
    plans = [problem.derived(Basis).plan(one.selection) for one in solutions.values()]
    best = {}
    for outlook in problem.outlooks:
        stage = next(one for one in solutions[outlook.id].stages if one.objective == "closure")
        value = max(stage.value, *(closure_in(plan, outlook) for plan in plans))
        best[outlook.id] = OutlookBest(value, None if stage.bound is None else max(value, stage.bound))
    return OwnBest(solutions, best)
