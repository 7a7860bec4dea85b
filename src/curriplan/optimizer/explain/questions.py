"""Every question of a plan in turn, as far as the time goes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import replace

from curriplan.evaluation import equal_swaps
from curriplan.explanation import Explanation, LimitGain, ModuleReason
from curriplan.optimizer.explain.case import Case, open_case, up_to_closure, up_to_cost
from curriplan.optimizer.explain.limits import limit_gains
from curriplan.optimizer.explain.modules import chosen_reasons, left_out_reasons
from curriplan.optimizer.explain.resolver import Resolver, Watch
from curriplan.optimizer.solver import catch_interrupt
from curriplan.optimizer.stages import Progress
from curriplan.plan import Selection
from curriplan.problem import PlanningProblem

logger = logging.getLogger(__name__)

LIMITS_SHARE, LEFT_OUT_SHARE = 0.35, 0.2
"""Parts of the time that are kept for the limits, and for the modules left out."""


def explain(
    problem: PlanningProblem,
    selection: Selection,
    *,
    modules: Collection[str] = (),
    programmes: Collection[str] = (),
    time_limit_s: float = 300.0,
    progress: Callable[[Progress], None] | None = None,
) -> Explanation:
    """Say why a plan is as it is.

    Parameters
    ----------
    problem : PlanningProblem
        What was planned, and within what.
    selection : Selection
        The plan.
    modules : collection of str
        Only these; the limits are left out then. Empty: all.
    programmes : collection of str
        Only the modules of these programmes. Empty: all.
    time_limit_s : float
        What is not answered by then, or at Ctrl-C, is said not to be.

    Raises
    ------
    InfeasibleError, NoPlanError
        If the rules allow no plan, or none was found in time.
    """
    started = time.monotonic()
    objectives = problem.limits.settings.objectives
    with catch_interrupt() as interrupt:
        watch = Watch(started + time_limit_s, interrupt)
        resolver = Resolver(problem, up_to_cost(objectives) or up_to_closure(objectives), watch)
        case = open_case(problem, selection, resolver, _ticker(started, progress))
        logger.info("best closure %s within %s", case.closure, case.margin)
        wanted = _wanted(modules, programmes)
        limits_s = 0.0 if modules else LIMITS_SHARE * time_limit_s
        reasons = [
            *chosen_reasons(case, wanted, limits_s + LEFT_OUT_SHARE * time_limit_s),
            *left_out_reasons(case, wanted, limits_s, with_money=bool(modules)),
        ]
        limits = [] if modules else list(limit_gains(case))
    return _explanation(case, reasons, limits)


def _wanted(modules: Collection[str], programmes: Collection[str]) -> Callable[[tuple[str, str]], bool]:
    return lambda key: (not programmes or key[0] in programmes) and (not modules or key[1] in modules)


def _swaps(case: Case, keys: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the other modules that would serve as well, the rest of the plan unchanged."""
    catalog, limits = case.problem.catalog, case.problem.limits
    found: dict[tuple[str, str], dict[str, None]] = {}
    for swap in equal_swaps(catalog, limits, case.selection, basis=case.resolver.basis, only=keys):
        if swap.replacement != swap.module:
            found.setdefault((swap.programme, swap.module), {})[swap.replacement] = None
    return {key: tuple(names) for key, names in found.items()}


def _ticker(started: float, progress: Callable[[Progress], None] | None) -> Callable[[str], None]:
    count = 0

    def tick(_name: str) -> None:
        nonlocal count
        count += 1
        if progress is not None:
            progress(Progress(count, 0, "closure", time.monotonic() - started))

    return tick


def _explanation(case: Case, reasons: list[ModuleReason], limits: list[LimitGain]) -> Explanation:
    order = {name: place for place, name in enumerate(case.problem.limits.planned)}
    swaps = _swaps(case, [(one.programme, one.module) for one in reasons if one.is_chosen])
    reasons = [replace(one, swaps=swaps.get((one.programme, one.module), ())) for one in reasons]
    ordered = sorted(reasons, key=lambda one: (order[one.programme], not one.is_chosen))
    gains = sorted(limits, key=lambda one: -round(one.best_gain, 9))
    closure = case.measured(case.selection).measures["closure"]
    return Explanation(closure, case.closure, case.margin, tuple(ordered), tuple(gains))
