"""The lexicographic solve: one stage an objective, each holding what the earlier ones reached."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import pulp

from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, NoPlanError, SolverError
from curriplan.base.progress import Progress
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.objectives import OBJECTIVES as VALUES
from curriplan.evaluation.planned import earlier_selection, existing_selection
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.model.variables import PlanModel, StartKey, new_model
from curriplan.optimizer.rules import RULES
from curriplan.optimizer.rules.objectives import OBJECTIVES, Objective
from curriplan.optimizer.solve.decisions import read_selection
from curriplan.optimizer.solve.solver import SOLVE, Interrupt, Outcome, Solved, SolveOptions, catch_interrupt
from curriplan.plan.plan import Selection, Stage, Start, Status
from curriplan.problem.curriculum import Option
from curriplan.problem.problem import Problem
from curriplan.problem.settings import ObjectiveChoice, Settings
from curriplan.texts.words import thousands

logger = logging.getLogger(__name__)

NARROWED = (1.0, 0.25, 0.0)
"""Parts of the gap with which a stage is solved again, in turn, to prove what a plan says of it."""
HELD_SLACK = 1e-7
"""Relative slack on a held objective value, above the solver's feasibility tolerance."""


MOST_KZT = 10**13
"""More new money than any college has; far below what floating point still tells apart to the tenge."""


@dataclass(frozen=True)
class Solution:
    """A plan as the solver left it: honest status, the decisions, the stages."""

    status: Status
    selection: Selection
    stages: tuple[Stage, ...]
    cost_at_best_closure_kzt: int | None = None
    """Least cost of a plan that gives nothing of the closure away: what the tolerance saves is this
    less the plan's cost. None where closure has no tolerance, or the figure is not proven."""


@dataclass
class _Held:
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
class _Cheapest:
    """A plan: the solver's values and the decisions."""

    values: dict[str, float]
    selection: Selection


@dataclass(frozen=True)
class _Loose:
    """The closure held with a tolerance: its row, and the bound of its stage."""

    held: _Held
    row: pulp.LpConstraint
    bound: float | None


@dataclass
class _Run:
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
    waiting: list[_Held] = field(default_factory=list)
    """Held objectives whose row is not in the model yet."""
    cost_at_best_closure_kzt: int | None = None
    cheapest_at_best: _Cheapest | None = None
    """The plan that it is the cost of."""
    loose_closure: _Loose | None = None
    """The closure where a tolerance lets later stages worsen it."""

    @property
    def settings(self) -> Settings:
        return self.model.problem.limits.settings

    @property
    def choices(self) -> tuple[ObjectiveChoice, ...]:
        return self.settings.objectives

    @property
    def left_s(self) -> float:
        if self.left_by_caller_s is not None:
            return self.left_by_caller_s()
        return self.started + self.time_limit_s - time.monotonic()


def build_model(
    problem: Problem, drop_rules: frozenset[str] = frozenset(), *, relaxed: bool = False
) -> PlanModel:
    """Write the variables and every rule but `drop_rules` of a problem.

    Relaxed, forbidden modules and terms that are not allowed have variables too, which rows keep at 0:
    every demand of the catalog is then a row with an `Entity`, to find out which of them clash.
    """
    own = PlanningProblem(problem, relaxed=True) if relaxed else problem.derived(PlanningProblem)
    model = new_model(own, without=drop_rules)
    for rule, write in RULES:
        if rule not in drop_rules:
            write(model)
    return model


def solve(
    problem: Problem,
    *,
    time_limit_s: float | Callable[[float], float] | None = None,
    progress: Callable[[Progress], None] | None = None,
    drop_rules: frozenset[str] = frozenset(),
) -> Solution:
    """Find the lexicographically best plan.

    Parameters
    ----------
    problem : Problem
        What to plan, and within what.
    time_limit_s : float or callable, optional
        For all stages together; by default what the settings say. A callable is told how many seconds of
        processor time the building of the model took, and returns what is left at every moment.
    progress : callable, optional
        Told now and then where the solve is.
    drop_rules : frozenset of str
        Rules to leave out (``§9``), to learn what each of them costs; such a plan is no plan.

    Returns
    -------
    Solution
        Optimal within the gap on every stage, or feasible after a time limit or Ctrl-C.

    Raises
    ------
    InfeasibleError
        If no plan satisfies the rules.
    NoPlanError
        If the time ran out, or Ctrl-C came, before any plan was found.
    SolverError
        If the solver failed.
    ValueError
        If a rule or an objective needs `Limits.closure_alone` and it lacks a programme
        (`curriplan.optimizer.solve.alone` finds it).
    """
    _refuse_without_closure_alone(problem)
    _refuse_vast_money(problem.derived(PlanningProblem))
    began_s = time.process_time()
    model = build_model(problem, drop_rules)
    settings = problem.limits.settings
    for choice in settings.objectives:
        OBJECTIVES[choice.name].define(model)
    limit_s = settings.time_limit_s if time_limit_s is None else time_limit_s
    building_s = time.process_time() - began_s
    left_s = partial(limit_s, building_s) if callable(limit_s) else None
    most_s = limit_s(building_s) if callable(limit_s) else limit_s
    with catch_interrupt() as interrupt:
        run = _Run(model, interrupt, progress, most_s, left_by_caller_s=left_s)
        stages = tuple(_stage(run, number) for number in range(len(run.choices)))
    assert run.selection is not None
    proven = not run.stopped and all(stage.is_within(settings.gap) for stage in stages)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    return Solution(status, run.selection, stages, run.cost_at_best_closure_kzt)


@dataclass(frozen=True)
class Reached:
    """How good a plan can be on one objective, the earlier ones held: as found, and at most."""

    objective: str
    held: float
    """What it is compared with, and then held at."""
    found: float | None
    """Of the best plan that was found; None where there was no time for one."""
    bound: float | None
    """What no plan passes; None where it is not known."""
    is_optimal: bool = False
    is_impossible: bool = False
    """Whether no plan keeps the rules, by the word of this solver alone."""
    cost_at_best_closure_kzt: int | None = None


def reach_again(
    problem: Problem,
    values: Sequence[float],
    starts: Iterable[Start] = (),
    closure: float | None = None,
    *,
    time_limit_s: float,
) -> Iterator[Reached]:
    """Yield how good each objective can be where the earlier ones are held at given values.

    Closure comes once more, behind cost, where its tolerance let it be given away: it buys money only.

    Parameters
    ----------
    values : sequence of float
        What a plan reached on each objective of the settings, in their order.
    starts : iterable of Start
        That plan, where it is known: the search begins with it, so that mostly the bound alone is sought.
    closure : float, optional
        What that plan closes in the end; without it closure does not come twice.
    time_limit_s : float
        For all objectives together, the building of the model included.
    """
    started = time.monotonic()
    model = build_model(problem)
    choices = problem.limits.settings.objectives
    for choice in choices:
        OBJECTIVES[choice.name].define(model)
    taken = {(one.programme, one.module, one.term) for one in starts}
    with catch_interrupt() as interrupt:
        run = _Run(model, interrupt, None, time_limit_s, started)
        for number, (choice, value) in enumerate(zip(choices, values, strict=True)):
            objective = OBJECTIVES[choice.name]
            held = _Held(objective, value)
            found = _reach(run, number, held, taken)
            run.stopped = run.stopped or not found.is_optimal
            once_more: list[Reached] = []

            def kept_closure(loose: _Loose, _cost: _Held, once_more: list[Reached] = once_more) -> float:
                assert closure is not None
                kept = _Held(loose.held.objective, closure)
                once_more.append(_reach(run, _number_of(run, "closure"), kept, taken))
                return closure

            _hold(run, held, choice.tolerance, found.bound, None if closure is None else kept_closure)
            is_closure = choice.name == "closure"
            yield replace(
                found, cost_at_best_closure_kzt=run.cost_at_best_closure_kzt if is_closure else None
            )
            yield from once_more


def _reach(run: _Run, number: int, held: _Held, taken: Set[StartKey]) -> Reached:
    """Solve a stage until the bound is within the gap of what it is to be held at, or a plan is better.

    A plan that is a little better than that may end a search before its bound is there: then the gap is
    narrowed.
    """
    objective = held.objective
    if run.stopped or run.left_s <= 0:
        return Reached(objective.name, held.value, None, None)
    run.model.lp.setObjective(objective.sense * objective.expression(run.model))
    if taken:
        with _only(run.model, taken):
            known, _ = _solve_until_held(run, _options(run, number, objective))
        run.values = known.values or run.values
    gap = run.settings.gap
    allowed = gap * abs(held.value) + HELD_SLACK * max(1.0, abs(held.value))
    for narrowed in NARROWED:
        options = replace(_options(run, number, objective), gap=narrowed * gap)
        solved, selection = _solve_until_held(run, options)
        if selection is not None:
            run.values, run.selection = solved.values, selection
        found = None if selection is None else _value_of(run, selection, objective)
        bound = None if solved.bound is None else objective.sense * solved.bound / objective.scale
        gains = [objective.sense * (held.value - one) for one in (found, bound) if one is not None]
        if (
            solved.outcome is not Outcome.OPTIMAL
            or bound is None
            or gains[0] > allowed
            or gains[-1] <= allowed
        ):
            break
    is_optimal = solved.outcome is Outcome.OPTIMAL and found is not None
    is_impossible = solved.outcome is Outcome.INFEASIBLE
    return Reached(objective.name, held.value, found, bound, is_optimal, is_impossible)


@contextmanager
def _only(model: PlanModel, taken: Set[StartKey]) -> Iterator[None]:
    """Leave nothing to decide of the starts: what the solver finds is the rest of one plan."""
    bounds = {key: (one.lowBound, one.upBound) for key, one in model.start.items()}
    for key, variable in model.start.items():
        variable.lowBound = variable.upBound = float(key in taken)
    try:
        yield
    finally:
        for key, variable in model.start.items():
            variable.lowBound, variable.upBound = bounds[key]


def _refuse_without_closure_alone(problem: Problem) -> None:
    lacking = [name for name, gaps in problem.gaps.items() if gaps.total_weight > 0]
    missing = [name for name in lacking if name not in problem.limits.closure_alone]
    if problem.limits.needs_closure_alone and missing:
        raise ValueError(f"equity and fairness need Limits.closure_alone of {', '.join(missing)}")


def _refuse_vast_money(problem: PlanningProblem) -> None:
    """Refuse amounts that no solver can reckon to the tenge; a slip of the pen, mostly."""
    amounts = {
        option.key: _most_kzt(problem, option)
        for one in problem.programmes
        for option in one.options
        if problem.is_added(option)
    }
    if sum(amounts.values()) <= MOST_KZT:
        return
    programme, module = max(amounts, key=lambda key: amounts[key])
    values = {
        "programme": programme,
        "module": module,
        "kzt": thousands(amounts[programme, module]),
        "most": thousands(MOST_KZT),
    }
    place = problem.catalog.module_by_id[module].place("id")
    raise CurriplanError([Issue("money-too-large", place, values)])


def _most_kzt(problem: PlanningProblem, option: Option) -> int:
    """Return the new money for an option at the costliest site of each kind."""
    money, capacity = problem.money, problem.capacity
    programme = problem.catalog.programme_by_id[option.programme]
    sites_kzt = 0
    for kind in capacity.needs.get(option.module.id, {}):
        costs = [0]
        for site in capacity.sites.get(kind, ()):
            parts = capacity.parts(programme, option.module.id, site)
            costs.append(money.fees_kzt(option, site, parts) + money.travel_kzt(option, site, parts))
        sites_kzt += max(costs)
    return money.setup_kzt(option.module.id) + money.delivery_kzt(option) + sites_kzt


def _stage(run: _Run, number: int) -> Stage:
    """Solve one stage and hold its value for the following ones."""
    choice = run.choices[number]
    objective = OBJECTIVES[choice.name]
    bound = None
    if not run.stopped:
        bound = _solve_stage(run, number, objective)
    value = _value(run, objective)
    stage = Stage(choice.name, value, bound, None if bound is None else relative_gap(bound, value))
    logger.info("stage %s: value %s, bound %s, gap %s", stage.objective, value, bound, stage.gap)
    _hold(run, _Held(objective, value), choice.tolerance, bound, partial(_most_closure, run))
    return stage


def relative_gap(bound: float, value: float) -> float:
    """Return |bound − value| / max(|value|, 1e-9); a difference below 1e-9 is none."""
    difference = abs(bound - value)
    return 0.0 if difference < 1e-9 else difference / max(abs(value), 1e-9)


def _solve_stage(run: _Run, number: int, objective: Objective) -> float | None:
    solved = _improve(run, _options(run, number, objective), objective)
    return None if solved.bound is None else objective.sense * solved.bound / objective.scale


def _improve(run: _Run, options: SolveOptions, objective: Objective) -> Solved:
    """Solve for one objective, from the plan at hand to the next."""
    run.model.lp.setObjective(objective.sense * objective.expression(run.model))
    solved, selection = _solve_until_held(run, options)
    logger.debug("stage %s: %s %s", objective.name, solved.outcome.value, solved.message)
    if run.selection is None:
        _refuse_without_plan(run, solved)
    if selection is not None:
        run.values, run.selection = solved.values, selection
    if solved.outcome is not Outcome.OPTIMAL:
        run.stopped = True
    return solved


def _solve_until_held(run: _Run, options: SolveOptions) -> tuple[Solved, Selection | None]:
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


def _options(run: _Run, number: int, objective: Objective) -> SolveOptions:
    def watch(value: float | None, bound: float | None) -> None:
        if run.progress is not None:
            gap = None if value is None or bound is None else relative_gap(bound, value)
            elapsed = time.monotonic() - run.started
            run.progress(Progress(number + 1, len(run.choices), objective.name, elapsed, gap))

    watch(None, None)
    return SolveOptions(run.settings.gap, run.left_s, run.interrupt, run.values, watch)


def _refuse_without_plan(run: _Run, solved: Solved) -> None:
    """Raise what a first stage without any solution means."""
    if solved.outcome is Outcome.INFEASIBLE:
        if not _is_refuted_again(run):
            raise NoPlanError([Issue("impossible-unconfirmed")])
        raise InfeasibleError([Issue("no-plan-possible", values={"rules": ", ".join(r for r, _ in RULES)})])
    if solved.outcome is Outcome.STOPPED:
        raise NoPlanError([Issue("stopped-before-plan")])
    if solved.outcome is Outcome.FAILED:
        raise SolverError([Issue("solver-failed", values={"reason": solved.reason})])


def _is_refuted_again(run: _Run) -> bool:
    """Say whether no plan at hand keeps the rules, and the other solver refutes the same rows too.

    One solver may err, and "there is no plan" is never said on the word of one alone.
    """
    given = run.model.problem.given
    at_hand = (existing_selection(given), earlier_selection(given))
    if any(plan is not None and not evaluate(given, plan).broken_rules for plan in at_hand):
        return False
    if any(not row.items() and not row.valid() for row in run.model.lp.constraints()):
        return True  # 0 ≥ 1 needs no solver, and CBC does not take it
    other = "cbc" if run.settings.solver == "highs" else "highs"
    left_s = run.left_s / 2  # the rest is for saying what clashes
    any_plan = SolveOptions(1.0, left_s, run.interrupt)
    return left_s > 0 and SOLVE[other](run.model.lp, any_plan).outcome is Outcome.INFEASIBLE


def _value(run: _Run, objective: Objective) -> float:
    assert run.selection is not None
    return _value_of(run, run.selection, objective)


def _value_of(run: _Run, selection: Selection, objective: Objective) -> float:
    """Return the objective's value of rounded decisions, recomputed without the solver."""
    plan = run.model.problem.given.derived(Basis).plan(selection)
    return float(VALUES[objective.name](plan))


def _hold(
    run: _Run,
    held: _Held,
    tolerance: float,
    bound: float | None,
    most_closure: Callable[[_Loose, _Held], float] | None,
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
    if held.objective.name == "closure" and tolerance > 0 and not run.stopped:
        run.cost_at_best_closure_kzt = _cost_at_best_closure(run)
    loose = run.loose_closure
    if held.objective.name == "cost" and loose is not None and most_closure is not None and not run.stopped:
        kept = _Held(loose.held.objective, most_closure(loose, held))
        loose.row.constant += loose.held.limit - kept.limit
    strict = held.limit
    held.tolerance = tolerance
    row.constant += strict - held.limit
    if held.objective.name == "closure" and tolerance > 0:
        run.loose_closure = _Loose(held, row, bound)


def _most_closure(run: _Run, loose: _Loose, cost: _Held) -> float:
    """Find the most closure among plans of the least cost."""
    closure = loose.held.objective
    # The plan that costs least at the best closure, unless a stage in between holds what it may break.
    at_best = run.cheapest_at_best if _number_of(run, "cost") == _number_of(run, "closure") + 1 else None
    if at_best is not None and cost.is_kept_by(float(run.cost_at_best_closure_kzt or 0)):
        run.values, run.selection = at_best.values, at_best.selection
    value = _value(run, closure)
    if loose.bound is None or relative_gap(loose.bound, value) > run.settings.gap:
        _improve(run, _options(run, _number_of(run, closure.name), closure), closure)
        value = _value(run, closure)
    return value


def _number_of(run: _Run, name: str) -> int:
    return next(number for number, choice in enumerate(run.choices) if choice.name == name)


def _add_broken_rows(run: _Run, selection: Selection) -> bool:
    """Put the rows of waiting objectives that `selection` breaks into the model."""
    broken = [held for held in run.waiting if not held.is_kept_by(_value_of(run, selection, held.objective))]
    for held in broken:
        run.model.lp.addConstraint(held.row(run.model))
        run.waiting.remove(held)
    return bool(broken)


def _cost_at_best_closure(run: _Run) -> int | None:
    """Return the least cost at the best closure, None unless proven: what the last points cost."""
    cost = OBJECTIVES["cost"]
    expression = cost.expression(run.model)
    run.model.lp.setObjective(expression)
    left = run.left_s / 4
    if left <= 0:
        return None
    options = SolveOptions(run.settings.gap, left, run.interrupt, run.values)
    solved, selection = _solve_until_held(run, options)
    if selection is None or solved.outcome is not Outcome.OPTIMAL:
        return None
    run.cheapest_at_best = _Cheapest(solved.values, selection)
    return round(_value_of(run, selection, cost))
