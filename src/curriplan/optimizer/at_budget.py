"""What one budget buys: solved, and evaluated without the solver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, NoPlanError, SolverError
from curriplan.base.progress import Progress
from curriplan.catalog.records import Catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.budgets import with_budget, with_plenty
from curriplan.optimizer.rebudgeted import BudgetModel
from curriplan.optimizer.solve.alone import with_closure_alone
from curriplan.optimizer.solve.lexicographic import Point
from curriplan.optimizer.solve.solver import Interrupt
from curriplan.optimizer.solve.stages import Solution, solve
from curriplan.plan.plan import Selection
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings


@dataclass(frozen=True)
class Bought:
    """A solve at one budget and what the evaluation says of it."""

    budget_kzt: int
    status: str
    solution: Solution | None = None
    evaluation: Evaluation | None = None
    selection: Selection | None = None
    """The decisions that were evaluated."""
    point: Point | None = None
    """The same in the columns of the model of all budgets, where there is one."""

    @property
    def closure(self) -> float:
        """Closure of the plan, −1 where there is none."""
        return -1.0 if self.evaluation is None else self.evaluation.objectives["closure"]

    @property
    def gap(self) -> float | None:
        """The widest gap of its stages, None where a bound is unknown."""
        if self.solution is None:
            return None
        gaps = [stage.gap for stage in self.solution.stages]
        return None if None in gaps else max(gap for gap in gaps if gap is not None)


@dataclass
class BudgetSolver:
    """What budgets are solved with."""

    catalog: Catalog
    plenty_kzt: int
    tell: Callable[[Progress], None] | None = None
    _model: BudgetModel | None = None

    def model(self, objectives: Sequence[ObjectiveChoice], settings: Settings) -> BudgetModel:
        """Return the model of all budgets, made when it is first asked for."""
        if self._model is None:
            within = replace(settings, objectives=tuple(objectives), budget_kzt=self.plenty_kzt)
            problem = Problem.of(with_plenty(self.catalog, self.plenty_kzt), within)
            self._model = BudgetModel(problem, [choice.name for choice in objectives])
        return self._model


def solver_of_worker(catalog: Catalog, plenty_kzt: int, _interrupt: Interrupt) -> BudgetSolver:
    """Return what a worker solves budgets with."""
    return BudgetSolver(catalog, plenty_kzt)


@dataclass(frozen=True)
class BudgetWish:
    """A budget, and what to look for within it."""

    budget_kzt: int
    objectives: tuple[ObjectiveChoice, ...]
    settings: Settings
    defined: tuple[ObjectiveChoice, ...] = ()
    """What any budget seeks, where all can be solved in one model."""
    start: Point | None = None
    """A plan that keeps the rules within the budget."""


def planned(given: BudgetSolver, wish: BudgetWish) -> Bought | CurriplanError:
    """Solve one budget; return why there is no plan where there is none."""
    is_rich = wish.budget_kzt == given.plenty_kzt
    divided = with_plenty if is_rich else with_budget
    cap = None if is_rich else wish.budget_kzt
    chosen = replace(wish.settings, objectives=wish.objectives, budget_kzt=cap)
    try:
        problem = with_closure_alone(Problem.of(divided(given.catalog, wish.budget_kzt), chosen))
        solution, point = _solution(given, wish, problem)
    except (InfeasibleError, NoPlanError) as error:
        return error
    evaluation = evaluate(problem, solution.selection)
    if evaluation.broken_rules:
        raise SolverError([_refusal(evaluation)])
    return Bought(wish.budget_kzt, solution.status.value, solution, evaluation, solution.selection, point)


def _solution(given: BudgetSolver, wish: BudgetWish, problem: Problem) -> tuple[Solution, Point | None]:
    """Solve in the model of all budgets where there is one; that there is no plan is said on a model anew."""
    if wish.defined:
        try:
            return given.model(wish.defined, wish.settings).solve(problem, wish.start, given.tell)
        except NoPlanError as error:
            if error.issues[0].code != "impossible-unconfirmed":
                raise
    return solve(problem, progress=given.tell), None


def _refusal(evaluation: Evaluation) -> Issue:
    rules = ", ".join(evaluation.broken_rules)
    return Issue("plan-refused-by-evaluation", values={"rules": rules})
