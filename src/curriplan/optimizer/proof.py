"""Proving again what a saved plan says on the solver's word: that no plan is better."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from curriplan.optimizer.filling import find_filling
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.again import Reached, reach_again
from curriplan.optimizer.solve.alone import alone
from curriplan.optimizer.solve.solver import catch_interrupt
from curriplan.plan.plan import Filling, Plan
from curriplan.plan.proof import Finding, Optimality, Proof
from curriplan.problem.objectives import content_stages
from curriplan.problem.outlooks import Outlook
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

ROUNDING = 1e-6
"""Relative difference of two numbers that are the same to a solver."""


def prove(problem: Problem, plan: Plan, worth: Mapping[str, float], *, time_limit_s: float) -> Optimality:
    """Solve a plan's problem again, stage by stage, and compare with what the plan says it reached.

    Each stage is solved with the earlier ones held at the recorded values, as they were when the plan
    was made. It ends with the first figure that is refuted: what follows rests on it.

    Parameters
    ----------
    plan : Plan
        One that the evaluation accepts; `problem` is the one that it solves.
    worth : mapping of str to float
        What the evaluation finds the plan worth by objective, for stages that it does not record.
    time_limit_s : float
        For everything together.
    """
    found: list[Proof] = []
    with catch_interrupt():  # Ctrl-C ends all that follows, too
        for one in _proofs(problem, plan, worth, time.monotonic() + time_limit_s):
            found.append(one)
            if one.finding in (Finding.BETTER, Finding.OVERSTATED):
                break
    return Optimality(tuple(found))


def _proofs(problem: Problem, plan: Plan, worth: Mapping[str, float], deadline: float) -> Iterator[Proof]:
    settings = problem.limits.settings
    for programme, recorded in problem.limits.closure_alone.items():
        left_s = deadline - time.monotonic()
        reach = next(reach_again(alone(problem, programme), [recorded], time_limit_s=left_s))
        if reach.is_impossible and recorded == 0:
            reach = replace(reach, found=0.0, is_optimal=True)
        yield replace(_compared(reach, recorded, settings.gap), what=f"closure_alone/{programme}")
    at_its_stage = {stage.objective: stage.value for stage in plan.stages}
    for outlook in problem.sought_outlooks:
        yield _best_of(problem, outlook, at_its_stage, deadline)
    values = [at_its_stage.get(choice.name, worth[choice.name]) for choice in settings.sought]
    left_s = deadline - time.monotonic()
    cost_kzt, most_kzt = plan.cost_at_best_closure_kzt, plan.cost_at_best_closure_at_most_kzt
    again = reach_again(
        problem,
        values,
        plan.selection.starts,
        worth[settings.closing],
        _content_stages(plan, settings),
        (cost_kzt, most_kzt),
        time_limit_s=left_s,
    )
    for reach in again:
        yield _compared(reach, reach.held, settings.stage_gap)
        if reach.objective == settings.closing and cost_kzt is not None:
            yield _same_cost(reach.cost_at_best_closure_kzt, cost_kzt, settings.stage_gap)
            cost_kzt = None
        if reach.objective == settings.closing and most_kzt is not None:
            yield _at_most(reach.cost_at_best_closure_kzt, most_kzt)
            most_kzt = None
    if settings.quick:  # a first look does not work out what fills
        return
    filled = {row.programme: row.filled for row in plan.filling}
    for row in find_filling(problem, plan.selection, deadline - time.monotonic()):
        yield _same_filling(row, filled.get(row.programme))


def _best_of(problem: Problem, outlook: Outlook, at_its_stage: Mapping[str, float], deadline: float) -> Proof:
    """Return what solving again says of the best closure recorded of an outlook."""
    recorded = problem.limits.outlook_best[outlook.id].value
    best = problem.best_within(outlook)
    settings = best.limits.settings
    values = [at_its_stage[choice.name] for choice in settings.objectives[:-1]]
    *_, reach = reach_again(best, [*values, recorded], time_limit_s=deadline - time.monotonic())
    return replace(_compared(reach, recorded, settings.stage_gap), what=f"outlook_best/{outlook.id}")


def _content_stages(plan: Plan, settings: Settings) -> int:
    """Return behind how many stages the content was held; a plan of earlier versions says of none."""
    held = (number for number, stage in enumerate(plan.stages) if stage.content_held)
    return next(held, max(len(plan.stages), content_stages(settings.objectives)))


def _compared(reach: Reached, recorded: float, gap: float) -> Proof:
    """Return what the best that can be reached says of what was recorded."""
    sense = OBJECTIVES[reach.objective].sense
    rounding = ROUNDING * max(1.0, abs(recorded))
    slack = gap * abs(recorded) + rounding

    def gain(value: float) -> float:
        """How much better a value is than the recorded one."""
        return sense * (recorded - value)

    finding, possible = Finding.UNSETTLED, reach.bound
    if reach.found is not None and gain(reach.found) > slack:
        finding, possible = Finding.BETTER, reach.found
    elif reach.bound is not None and gain(reach.bound) < -rounding:
        finding = Finding.OVERSTATED
    elif reach.is_optimal and (reach.bound is None or gain(reach.bound) <= slack):
        # CBC tells no bound: what it calls optimal is within the gap of the best
        finding, possible = Finding.PROVEN, reach.found
    return Proof(reach.objective, recorded, finding, possible)


def _same_filling(row: Filling, recorded: float | None) -> Proof:
    """Return what the most credits that can be done without say of what was recorded."""
    found, finding = row.filled, Finding.UNSETTLED
    if recorded is None:
        finding = Finding.UNRECORDED
    elif found is not None and abs(found - recorded) <= ROUNDING * max(1.0, found):
        finding = Finding.PROVEN
    elif found is not None:
        finding = Finding.BETTER if found > recorded else Finding.OVERSTATED
    return Proof(f"filling/{row.programme}", recorded, finding, found)


def _same_cost(found_kzt: int | None, recorded_kzt: int, gap: float) -> Proof:
    finding = Finding.UNSETTLED
    if found_kzt is not None:
        near = abs(found_kzt - recorded_kzt) <= gap * max(found_kzt, recorded_kzt)
        finding = Finding.PROVEN if near else Finding.BETTER
        if found_kzt > recorded_kzt and not near:
            finding = Finding.OVERSTATED
    return Proof("cost_at_best_closure_kzt", recorded_kzt, finding, found_kzt)


def _at_most(found_kzt: int | None, recorded_kzt: int) -> Proof:
    """Return what a plan of the best closure says of what one was said to cost."""
    finding = Finding.UNSETTLED
    if found_kzt is not None:
        finding = Finding.PROVEN if found_kzt <= recorded_kzt else Finding.OVERSTATED
    return Proof("cost_at_best_closure_at_most_kzt", recorded_kzt, finding, found_kzt)
