"""Solving a saved plan's problem again: how good each objective can be where the earlier ones are held."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial

from curriplan.optimizer.model.variables import StartKey
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.apart import improve_apart
from curriplan.optimizer.solve.lexicographic import HELD_SLACK, Held
from curriplan.optimizer.solve.run import (
    Loose,
    Run,
    StageClock,
    hold,
    hold_content,
    options_of,
    price_last_points,
)
from curriplan.optimizer.solve.solver import Outcome, catch_interrupt
from curriplan.optimizer.solve.stages import build_model
from curriplan.plan.plan import Start
from curriplan.problem.problem import Problem

NARROWED = (1.0, 0.25, 0.0)
"""Parts of the gap with which a stage is solved again, in turn, to prove what a plan says of it."""


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
    content_stages: int | None = None,
    cost_at_best_closure: tuple[int | None, int | None] = (None, None),
    *,
    time_limit_s: float,
) -> Iterator[Reached]:
    """Yield how good each objective can be where the earlier ones are held at given values.

    Closure comes once more, behind cost, where its tolerance let it be given away: it buys money only.

    Parameters
    ----------
    values : sequence of float
        What a plan reached on each objective that is sought, in their order.
    starts : iterable of Start
        That plan, where it is known: the search begins with it, so that mostly the bound alone is sought.
    closure : float, optional
        What that plan closes in the end; without it closure does not come twice.
    content_stages : int, optional
        From this objective on only the terms and sites of what that plan takes are decided; never
        without it.
    cost_at_best_closure : tuple of int or None
        What a plan says of it, KZT: the least there is, or what there is for at most; sought again.
    time_limit_s : float
        For all objectives together, the building of the model included.
    """
    started = time.monotonic()
    model = build_model(problem)
    choices = problem.limits.settings.sought
    for choice in choices:
        OBJECTIVES[choice.name].define(model)
    taken = {(one.programme, one.module, one.term) for one in starts}
    with catch_interrupt() as interrupt:
        run = Run.of(model, StageClock(time_limit_s, started), interrupt)
        for number, (choice, value) in enumerate(zip(choices, values, strict=True)):
            objective = OBJECTIVES[choice.name]
            if number == content_stages:
                hold_content(run, {(programme, module) for programme, module, _ in taken})
            held = Held(objective, value)
            found = _reach(run, number, held, taken)
            run.stopped = run.stopped or not found.is_optimal
            once_more: list[Reached] = []

            def kept_closure(loose: Loose, _cost: Held, once_more: list[Reached] = once_more) -> float:
                assert closure is not None
                kept = Held(loose.held.objective, closure)
                once_more.append(_reach(run, run.number_of(run.closing), kept, taken))
                return closure

            price = partial(
                price_last_points, run, cost_at_best_closure != (None, None), cost_at_best_closure[1]
            )
            again = None if closure is None else kept_closure
            hold(run, held, choice.tolerance, found.bound, price, again)
            if choice.name == run.closing and run.at_best is not None and run.at_best_is_least:
                found = replace(found, cost_at_best_closure_kzt=round(run.at_best.measures["cost"]))
            yield found
            yield from once_more


def _reach(run: Run, number: int, held: Held, taken: Set[StartKey]) -> Reached:
    """Solve a stage until the bound is within the gap of what it is to be held at, or a plan is better.

    A plan that is a little better than that may end a search before its bound is there: then the gap is
    narrowed.
    """
    objective = held.objective
    if run.stopped or run.clock.left_s <= 0:
        return Reached(objective.name, held.value, None, None)
    if taken:  # what the solver finds is the rest of that plan
        starts = run.plans.model.start.items()
        only = {run.plans.column[one.name]: (float(key in taken),) * 2 for key, one in starts}
        with run.plans.session.with_columns(only):
            run.improve(objective.name, options_of(run, number))
    gap = run.settings.stage_gap
    allowed = gap * abs(held.value) + HELD_SLACK * max(1.0, abs(held.value))
    for narrowed in NARROWED:
        solved = improve_apart(run, objective.name, replace(options_of(run, number), gap=narrowed * gap))
        found = run.value(objective.name) if solved.values else None
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
