"""The state of a lexicographic solve: what is held, and how one objective is solved within it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

import pulp

from curriplan.base.progress import Progress
from curriplan.evaluation.objectives import OBJECTIVES as VALUES
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.variables import PlanModel
from curriplan.optimizer.rules.objectives import OBJECTIVES, Objective
from curriplan.optimizer.solve.decisions import read_selection
from curriplan.optimizer.solve.solver import SOLVE, Interrupt, Outcome, Solved, SolveOptions
from curriplan.plan.plan import Selection
from curriplan.problem.settings import ObjectiveChoice, Settings

logger = logging.getLogger(__name__)

HELD_SLACK = 1e-7
"""Relative slack on a held objective value, above the solver's feasibility tolerance."""


@dataclass
class Held:
    """An objective that later stages must not worsen, its value, and its row."""

    objective: Objective
    value: float
    tolerance: float = 0.0

    @property
    def limit(self) -> float:
        """The right side of its row, in the solver's scale.

        No slack of it is a step: not a tenge is given away that later stages were not allowed.
        """
        scaled = abs(self.value * self.objective.scale)
        slack = HELD_SLACK * max(1.0, scaled) if scaled > HELD_SLACK else 0.0
        slack = min(slack, self.objective.step * self.objective.scale / 2)
        return (self.objective.sense * self.value + self.tolerance) * self.objective.scale + slack

    def is_kept_by(self, value: float) -> bool:
        """Say whether `value` is no worse than allowed."""
        return self.objective.sense * value * self.objective.scale <= self.limit + HELD_SLACK

    def row(self, model: PlanModel) -> pulp.LpConstraint:
        """Return sense · objective ≤ limit."""
        return pulp.LpConstraint(
            self.objective.sense * self.objective.expression(model),
            pulp.LpConstraintLE,
            f"hold_{self.objective.name}",
            self.limit,
        )


@dataclass(frozen=True)
class Cheapest:
    """A plan: the solver's values and the decisions."""

    values: dict[str, float]
    selection: Selection


@dataclass(frozen=True)
class Loose:
    """The closure held with a tolerance: its row, and the bound of its stage."""

    held: Held
    row: pulp.LpConstraint
    bound: float | None


@dataclass
class Run:
    """The state of one lexicographic solve."""

    model: PlanModel
    interrupt: Interrupt
    progress: Callable[[Progress], None] | None
    time_limit_s: float
    started: float = field(default_factory=time.monotonic)
    left_by_caller_s: Callable[[], float] | None = None
    values: dict[str, float] | None = None
    selection: Selection | None = None
    stopped: bool = False
    waiting: list[Held] = field(default_factory=list)
    """Held objectives whose row is not in the model yet."""
    is_held: bool = False
    """Whether the row of an objective is in the model: what is sought is near the plan at hand."""
    cost_at_best_closure_kzt: int | None = None
    cheapest_at_best: Cheapest | None = None
    """The plan that it is the cost of."""
    loose_closure: Loose | None = None
    """The closure where a tolerance lets later stages worsen it."""

    @property
    def settings(self) -> Settings:
        """What the user chose."""
        return self.model.problem.limits.settings

    @property
    def choices(self) -> tuple[ObjectiveChoice, ...]:
        """The objectives that are sought, in their order."""
        return self.settings.sought

    @property
    def left_s(self) -> float:
        """Seconds until the time limit."""
        if self.left_by_caller_s is not None:
            return self.left_by_caller_s()
        return self.started + self.time_limit_s - time.monotonic()


def relative_gap(bound: float, value: float) -> float:
    """Return |bound − value| / max(|value|, 1e-9); a difference below 1e-9 is none."""
    difference = abs(bound - value)
    return 0.0 if difference < 1e-9 else difference / max(abs(value), 1e-9)


def improve(run: Run, options: SolveOptions, objective: Objective) -> Solved:
    """Solve for one objective, from the plan at hand to the next."""
    run.model.lp.setObjective(objective.sense * objective.expression(run.model))
    solved, selection = solve_until_held(run, options)
    logger.debug("stage %s: %s %s", objective.name, solved.outcome.value, solved.message)
    if selection is not None:
        run.values, run.selection = solved.values, selection
    if solved.outcome is not Outcome.OPTIMAL:
        run.stopped = True
    return solved


def solve_until_held(run: Run, options: SolveOptions) -> tuple[Solved, Selection | None]:
    """Solve; where the result breaks an objective that is held lazily, add its row and solve again."""
    while True:
        left = max(0.5, min(options.time_limit_s, run.left_s))
        solved = SOLVE[run.settings.solver](run.model.lp, replace(options, time_limit_s=left))
        if not solved.values and solved.outcome is not Outcome.OPTIMAL:
            return solved, None
        selection = read_selection(run.model, solved.values)
        if not _add_broken_rows(run, selection):
            return solved, selection
        if solved.outcome is not Outcome.OPTIMAL:
            return replace(solved, outcome=Outcome.STOPPED), None


def options_of(run: Run, number: int, objective: Objective) -> SolveOptions:
    """Return how a stage is solved: from the plan at hand, in the time that is left, telling its progress."""

    def watch(value: float | None, bound: float | None) -> None:
        if run.progress is not None:
            gap = None if value is None or bound is None else relative_gap(bound, value)
            elapsed = time.monotonic() - run.started
            run.progress(Progress(number + 1, len(run.choices), objective.name, elapsed, gap))

    watch(None, None)
    gap, near = run.settings.stage_gap, run.is_held
    return SolveOptions(gap, run.left_s, run.interrupt, run.values, watch, is_near=near)


def tell_reached(run: Run, number: int, gap: float | None) -> None:
    """Tell what the plan at hand is worth, now that a stage is done."""
    if run.progress is None:
        return
    assert run.selection is not None
    plan = run.model.problem.given.derived(Basis).plan(run.selection)
    names = dict.fromkeys([*(choice.name for choice in run.choices), "closure", "cost"])
    reached = {name: float(VALUES[name](plan)) for name in names}
    elapsed = time.monotonic() - run.started
    run.progress(Progress(number + 1, len(run.choices), run.choices[number].name, elapsed, gap, reached))


def value_at_hand(run: Run, objective: Objective) -> float:
    """Return what the plan at hand is worth."""
    assert run.selection is not None
    return value_of(run, run.selection, objective)


def value_of(run: Run, selection: Selection, objective: Objective) -> float:
    """Return the objective's value of rounded decisions, recomputed without the solver."""
    plan = run.model.problem.given.derived(Basis).plan(selection)
    return float(VALUES[objective.name](plan))


def hold(
    run: Run,
    held: Held,
    tolerance: float,
    bound: float | None,
    most_closure: Callable[[Loose, Held], float] | None,
) -> None:
    """Keep an objective at its value, then let the later stages worsen it by its tolerance.

    What the tolerance of closure saves is money only: once cost is held, closure is held at the most that
    `most_closure` finds.
    """
    if held.objective.lazy:
        held.tolerance = tolerance
        run.waiting.append(held)
        return
    row = held.row(run.model)
    run.model.lp.addConstraint(row)
    run.is_held = True
    if held.objective.name == "closure" and tolerance > 0 and not (run.stopped or run.settings.quick):
        run.cost_at_best_closure_kzt = _cost_at_best_closure(run)
    loose = run.loose_closure
    if held.objective.name == "cost" and loose is not None and most_closure is not None and not run.stopped:
        kept = Held(loose.held.objective, most_closure(loose, held))
        loose.row.constant += loose.held.limit - kept.limit
    strict = held.limit
    held.tolerance = tolerance
    row.constant += strict - held.limit
    if held.objective.name == "closure" and tolerance > 0:
        run.loose_closure = Loose(held, row, bound)


def hold_content(model: PlanModel, taken: Collection[tuple[str, str]]) -> None:
    """Leave only the terms and sites of these modules of programmes to decide.

    Σ_t x[p,m,t] = 1 for what is taken, 0 for all else.
    """
    for one in model.problem.programmes:
        for option in one.options:
            starts = model.taken(option)
            if option.key in taken:
                model.require("content", starts, "=", 1)
            else:
                for variable, _ in starts:
                    variable.upBound = 0


def most_closure(run: Run, loose: Loose, cost: Held) -> float:
    """Find the most closure among plans of the least cost."""
    closure = loose.held.objective
    # The plan that costs least at the best closure, unless a stage in between holds what it may break.
    at_best = run.cheapest_at_best if number_of(run, "cost") == number_of(run, "closure") + 1 else None
    if at_best is not None and cost.is_kept_by(float(run.cost_at_best_closure_kzt or 0)):
        run.values, run.selection = at_best.values, at_best.selection
    value = value_at_hand(run, closure)
    if loose.bound is None or relative_gap(loose.bound, value) > run.settings.stage_gap:
        improve(run, options_of(run, number_of(run, closure.name), closure), closure)
        value = value_at_hand(run, closure)
    return value


def number_of(run: Run, name: str) -> int:
    """Return the place of an objective in the order."""
    return next(number for number, choice in enumerate(run.choices) if choice.name == name)


def _add_broken_rows(run: Run, selection: Selection) -> bool:
    """Put the rows of waiting objectives that `selection` breaks into the model."""
    broken = [held for held in run.waiting if not held.is_kept_by(value_of(run, selection, held.objective))]
    for held in broken:
        run.model.lp.addConstraint(held.row(run.model))
        run.waiting.remove(held)
    return bool(broken)


def _cost_at_best_closure(run: Run) -> int | None:
    """Return the least cost at the best closure, None unless proven: what the last points cost."""
    cost = OBJECTIVES["cost"]
    expression = cost.expression(run.model)
    run.model.lp.setObjective(expression)
    left = run.left_s / 4
    if left <= 0:
        return None
    options = SolveOptions(run.settings.stage_gap, left, run.interrupt, run.values, is_near=True)
    solved, selection = solve_until_held(run, options)
    if selection is None or solved.outcome is not Outcome.OPTIMAL:
        return None
    run.cheapest_at_best = Cheapest(solved.values, selection)
    return round(value_of(run, selection, cost))
