"""From a problem without a plan to its diagnosis."""

from __future__ import annotations

import logging
import time

from curriplan import diagnosis
from curriplan.diagnosis import Demand, Diagnosis
from curriplan.optimizer.conflict.clash import Clash, find_clash
from curriplan.optimizer.conflict.demands import Case, meaning_of
from curriplan.optimizer.conflict.feasibility import Feasibility
from curriplan.optimizer.conflict.repairs import Repairs, by_preference
from curriplan.optimizer.solver import catch_interrupt
from curriplan.optimizer.stages import build_model
from curriplan.optimizer.watch import Watch
from curriplan.problem import PlanningProblem

logger = logging.getLogger(__name__)

CLASH_SHARE = 0.6
"""Part of the time that the search for the clash may take; repairs have the rest."""


def diagnose(problem: PlanningProblem, time_limit_s: float) -> Diagnosis | None:
    """Find out why a problem has no plan, and the least changes with which it has one.

    Parameters
    ----------
    problem : PlanningProblem
        A problem without a plan.
    time_limit_s : float
        What is not known by then, or at Ctrl-C, is left out, and said to be.

    Returns
    -------
    Diagnosis or None
        None where the model without its demands has no plan either, or too little time to tell.
    """
    started = time.monotonic()
    with catch_interrupt() as interrupt:
        watch = Watch(started + time_limit_s * CLASH_SHARE, interrupt)
        model = build_model(problem, relaxed=True)
        feasibility = Feasibility(model, watch)
        clash = find_clash(feasibility, by_preference(feasibility.entities))
        logger.info("clash of %s after %.1f s", clash and len(clash.entities), time.monotonic() - started)
        if clash is None or not clash.entities:
            return None
        watch.deadline = started + time_limit_s
        case = Case(problem)
        repairs = Repairs(case, model, feasibility, watch)
        found = repairs.find(clash)
        logger.info("%d repairs after %.1f s", len(found), time.monotonic() - started)
        clashes = tuple(
            diagnosis.Clash(_demands(case, one), one.is_minimal)
            for one in (repairs.clashes if found else [clash])
        )
        return Diagnosis(problem.catalog, clashes, found, repairs.is_complete)


def _demands(case: Case, clash: Clash) -> tuple[Demand, ...]:
    """Return the demands of a clash, in the order of the rules."""
    ordered = sorted(clash.entities, key=lambda one: (int(one.rule[1:]), one.key))
    return tuple(meaning_of(case, entity).demand for entity in ordered)
