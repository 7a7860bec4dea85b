"""From a problem without a plan to its diagnosis."""

from __future__ import annotations

import logging
import time

from curriplan.optimizer.diagnose.case import Case, Meaning
from curriplan.optimizer.diagnose.clash import FoundClash, find_clash
from curriplan.optimizer.diagnose.demands import meaning_of
from curriplan.optimizer.diagnose.feasibility import Feasibility
from curriplan.optimizer.diagnose.repairs import Repairs, by_preference
from curriplan.optimizer.solve.solver import catch_interrupt
from curriplan.optimizer.solve.stages import build_model
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan import diagnosis
from curriplan.plan.diagnosis import Diagnosis, RuleDemand
from curriplan.problem.aspects import ASPECTS, Rank
from curriplan.problem.problem import Problem

logger = logging.getLogger(__name__)

CLASH_SHARE = 0.6
"""Part of the time that the search for the clash may take; repairs have the rest."""
SETTLED_CLASH_SHARE = 0.3
"""Part of it where one of the user's own settings suffices: then the repair is known already."""


def diagnose(problem: Problem, time_limit_s: float) -> Diagnosis | None:
    """Find out why a problem has no plan, and the least changes with which it has one.

    Parameters
    ----------
    problem : Problem
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
        watch = Watch(started + time_limit_s, interrupt)
        model = build_model(problem, relaxed=True)
        feasibility = Feasibility(model, watch)
        case = Case(problem)
        repairs = Repairs(case, model, feasibility, watch)
        own = repairs.ask_own()
        logger.info("%d settings suffice, after %.1f s", len(repairs.own), time.monotonic() - started)
        ordered = by_preference(feasibility.entities)
        ordered.sort(key=lambda one: one not in own)
        with watch.within(SETTLED_CLASH_SHARE if own else CLASH_SHARE):
            clash = find_clash(feasibility, ordered)
        logger.info("clash of %s after %.1f s", clash and len(clash.entities), time.monotonic() - started)
        if clash is None or not clash.entities:
            return None
        found = repairs.find(clash)
        logger.info("%d repairs after %.1f s", len(found), time.monotonic() - started)
        clashes = tuple(
            diagnosis.Clash(_demands(case, one), one.is_minimal)
            for one in (repairs.clashes if found else [clash])
        )
        return Diagnosis(
            problem.catalog, clashes, found, repairs.is_complete and not interrupt.pressed, interrupt.pressed
        )


def _demands(case: Case, clash: FoundClash) -> tuple[RuleDemand, ...]:
    """Return the demands of a clash, in the order of the rules; of a long list, what can be changed first."""
    ordered = sorted(clash.entities, key=lambda one: (int(one.rule[1:]), one.key))
    if not clash.is_minimal:
        meanings = [meaning_of(case, entity) for entity in by_preference(ordered)]
        return tuple(one.demand for one in sorted(meanings, key=_place_in_list))
    return tuple(meaning_of(case, entity).demand for entity in ordered)


def _place_in_list(meaning: Meaning) -> tuple[Rank, bool, int]:
    """Return where a demand stands in a list that could not be reduced: what is readiest to change first."""
    rank = min((lever.rank for lever in meaning.levers), default=Rank.LAW)
    place = ASPECTS[meaning.demand.aspect].movable
    return rank, not place, place
