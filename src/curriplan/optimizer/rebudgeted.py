"""One model for plans of many budgets: handed over once, then only the right sides of §10 change."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from curriplan.base.errors import Issue, NoPlanError
from curriplan.base.progress import Progress
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.rules.parts import budget_limits
from curriplan.optimizer.solve.lexicographic import Point, WholePlans
from curriplan.optimizer.solve.run import LEAST_S, Run, StageClock
from curriplan.optimizer.solve.session import INFINITE, HighsSession
from curriplan.optimizer.solve.solver import catch_interrupt
from curriplan.optimizer.solve.stages import Solution, build_model, solved
from curriplan.problem.problem import Problem


class BudgetModel:
    """A model in HiGHS of which the budgets are changed.

    Parameters
    ----------
    problem : Problem
        What is planned, with a cap on new money; other problems differ from it by budgets only.
    objectives : collection of str
        What may be sought.
    """

    def __init__(self, problem: Problem, objectives: Collection[str]) -> None:
        model = build_model(problem)
        for name in objectives:
            OBJECTIVES[name].define(model)
        self.plans = WholePlans(model, objectives)
        assert isinstance(self.plans.session, HighsSession)
        self.session = self.plans.session
        of_budgets = budget_limits(problem)
        names = [row.name for row in model.lp.constraints()]
        self._rows = {
            at: entity
            for at, name in enumerate(names)
            if (entity := model.entities.get(name)) in of_budgets and entity is not None
        }

    def solve(
        self,
        problem: Problem,
        start: Point | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> tuple[Solution, Point]:
        """Find the lexicographically best plan within other budgets.

        Parameters
        ----------
        start : Point, optional
            A plan that keeps the rules within these budgets: the search begins with it.

        Raises
        ------
        NoPlanError
            If the time ran out, or Ctrl-C came, before any plan was found beside the start; or if there is
            none, which is not confirmed here (`impossible-unconfirmed`).
        SolverError
            If the solver failed.
        """
        self.set_budgets(problem)
        settings = problem.limits.settings
        clock = StageClock(settings.time_limit_s, time.monotonic())
        with catch_interrupt() as interrupt, self.session.passing_rows():
            run = Run(
                self.plans,
                clock,
                least_s=LEAST_S,
                best=start,
                is_held=start is not None,
                settings=settings,
                is_as_written=False,
                interrupt=interrupt,
                progress=progress,
            )
            solution = solved(run)
        assert run.best is not None
        if run.best is start and run.stopped:
            raise NoPlanError([Issue("stopped-before-plan")])  # nothing was found within these budgets
        return solution, run.best

    def set_budgets(self, problem: Problem) -> None:
        """Give the rows of §10 the budgets of another problem."""
        limits = budget_limits(problem)
        self.session.change_rows({at: (-INFINITE, limits[entity]) for at, entity in self._rows.items()})
