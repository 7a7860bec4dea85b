"""Every question of a plan in turn, as far as the time goes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from curriplan.base.progress import Progress, step
from curriplan.catalog.records import Standing
from curriplan.evaluation.figures import how_sure
from curriplan.evaluation.swaps import equal_swaps
from curriplan.optimizer.crew import crew_of, workers_of
from curriplan.optimizer.explain.limits import ask_limits, ask_limits_again, limit_questions
from curriplan.optimizer.explain.live import Key
from curriplan.optimizer.explain.modules import (
    ask_again,
    ask_modules,
    look_near,
    module_questions,
    more_money,
    reason_of,
)
from curriplan.optimizer.explain.questioned import (
    QuestionedPlan,
    new_case,
    open_case,
    up_to_closure,
    up_to_cost,
)
from curriplan.optimizer.explain.resolver import Resolver
from curriplan.optimizer.solve.solver import catch_interrupt
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.explanation import Explanation, LimitGain, ModuleReason
from curriplan.plan.plan import Selection
from curriplan.problem.problem import Problem

logger = logging.getLogger(__name__)

NEAR_SHARE = 0.4
"""The part of the time that must be left once each programme was planned anew by itself."""
LIMITS_SHARE = 0.35
"""The part of the time left then that the limits have for themselves."""


def explain(
    problem: Problem,
    selection: Selection,
    *,
    modules: Collection[str] = (),
    programmes: Collection[str] = (),
    time_limit_s: float = 900.0,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Explanation:
    """Say why a plan is as it is.

    Parameters
    ----------
    problem : Problem
        What was planned, and within what.
    selection : Selection
        The plan.
    modules : collection of str
        Only these; the limits are left out then. Empty: all.
    programmes : collection of str
        Only the modules of these programmes. Empty: all.
    time_limit_s : float
        What is not answered by then, or at Ctrl-C, is said not to be.
    workers : int, optional
        How many questions are answered at once; by default as many as there are cores, where that pays.

    Raises
    ------
    NoPlanError
        If none was found in time.
    """
    started, worked_s = time.monotonic(), time.process_time()
    wished = problem.limits.settings.objectives
    objectives = up_to_cost(wished) or up_to_closure(wished)
    given = problem, selection, objectives
    count = workers_of(workers, problem)
    with catch_interrupt() as interrupt, crew_of(count, new_case, given, interrupt) as crew:
        watch = Watch(started + time_limit_s, interrupt)
        resolver = Resolver(problem, objectives, watch)
        case = crew.own = open_case(problem, selection, resolver, _teller(started, progress))
        case.share_best(crew)
        logger.info("best closure %s within %s", case.closure, case.margin)
        questions = module_questions(case, _wanted(modules, programmes))
        limits = [] if modules else limit_questions(case, questions)
        case.measure_load(started, worked_s)
        watch.deadline -= _reserved_s(case, len(questions))
        case.total = sum(one.is_open(case) for one in questions) + len(limits)
        look_near(case, crew, questions, NEAR_SHARE * time_limit_s)
        swaps = _swaps(case, [one.key for one in questions if one.is_chosen and not one.is_mandatory(case)])
        ask_limits(case, crew, limits, (1.0 - LIMITS_SHARE) * watch.left_s)
        ask_modules(case, crew, questions, 0.0, exactly=bool(modules))
        ask_again(case, crew, questions, exactly=bool(modules))
        ask_limits_again(case, crew, limits)
        money = more_money(case, crew, questions) if modules else [None] * len(questions)
        step("evaluating", 0, 1)
        reasons = [reason_of(case, one, kzt) for one, kzt in zip(questions, money, strict=True)]
    return _explanation(case, reasons, [one.gained(problem) for one in limits], swaps)


def _reserved_s(case: QuestionedPlan, questions: int) -> float:
    """Return what it will take to say what was found: for each question a plan is evaluated once."""
    began = time.monotonic()
    case.programme_closures(case.selection)
    return questions * (time.monotonic() - began)


def _wanted(modules: Collection[str], programmes: Collection[str]) -> Callable[[tuple[str, str]], bool]:
    return lambda key: (not programmes or key[0] in programmes) and (not modules or key[1] in modules)


def _swaps(case: QuestionedPlan, keys: list[Key]) -> dict[Key, tuple[str, ...]]:
    """Return the other modules that would serve as well, the rest of the plan unchanged."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for swap in equal_swaps(case.problem, case.selection, only=keys):
        if swap.replacement != swap.module:
            found.setdefault((swap.programme, swap.module), {})[swap.replacement] = None
    return {key: tuple(names) for key, names in found.items()}


def _teller(started: float, progress: Callable[[Progress], None] | None) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(Progress(done, total, "closure", time.monotonic() - started))

    return tell


def _explanation(
    case: QuestionedPlan,
    reasons: list[ModuleReason],
    limits: list[LimitGain],
    swaps: Mapping[Key, tuple[str, ...]],
) -> Explanation:
    order = {name: place for place, name in enumerate(case.problem.limits.planned)}
    rows = case.problem.catalog.programme_modules
    mandatory = {(row.programme, row.module) for row in rows if row.status is Standing.MANDATORY}
    keyed = [((one.programme, one.module), one) for one in reasons]
    reasons = [replace(one, swaps=swaps.get(key, ()), is_mandatory=key in mandatory) for key, one in keyed]
    ordered = sorted(reasons, key=lambda one: (order[one.programme], not one.is_chosen))
    gains = sorted(limits, key=lambda one: (bool(one.concessions), -round(one.best_gain, 9)))
    closure = case.measured(case.selection).measures["closure"]
    # A plan that closes no more is not the better one for being another.
    best = case.best_point.selection if case.closure - closure > case.tolerance else case.selection
    sure, best_sure = (how_sure(case.problem, one) for one in (case.selection, best))
    told = tuple(ordered), tuple(gains)
    return Explanation(closure, case.closure, case.margin, *told, sure=sure, best_sure=best_sure)
