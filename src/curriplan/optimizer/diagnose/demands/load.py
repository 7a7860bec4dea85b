"""Credits, hours and their shares: §6 to §8."""

from __future__ import annotations

from collections.abc import Callable

from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.diagnose.demands.case import (
    CREDIT_STEP,
    HOUR_STEP,
    SHARE_STEP,
    Case,
    Meaning,
    demand_of,
    programme_of,
    subject_of,
)
from curriplan.optimizer.diagnose.levers import Edits, Lever, MovableNumber, Rank, cell, profile_cell, setting
from curriplan.optimizer.model.variables import Entity


def total_credits_min(case: Case, entity: Entity) -> Meaning:
    """§6: least credits of the programme, its own or the profile's."""
    programme = case.programmes[programme_of(entity)].programme
    least = case.limits.min_credits(programme)
    if programme.min_credits is not None:
        place = programme.place("min_credits")
        lever = cell(programme, "min_credits", entity, raises=False, step=CREDIT_STEP)
    else:
        row = case.profile(case.limits.total_credits_key(programme))
        place, lever = row.place("value"), profile_cell(row, entity, raises=False, step=CREDIT_STEP)
    return Meaning(demand_of(entity, place, limit=least, unit="credits"), (lever,))


def total_credits_max(case: Case, entity: Entity) -> Meaning:
    """§6: most credits of the programme."""
    programme = case.programmes[programme_of(entity)].programme
    lever = cell(programme, "max_credits", entity, raises=True, step=CREDIT_STEP)
    place = programme.place("max_credits")
    return Meaning(demand_of(entity, place, limit=programme.max_credits, unit="credits"), (lever,))


def term_limit(case: Case, entity: Entity) -> Meaning:
    """§6: least or most credits, or modules, of a term."""
    _, what, side = entity.aspect.split("_")
    column = f"{side}_{what}"
    row = case.known("programme_terms", programme_of(entity), subject_of(entity))
    step = CREDIT_STEP if what == "credits" else 1.0
    lever = cell(row, column, entity, raises=side == "max", step=step)
    limit = float(getattr(row, column))
    demand = demand_of(entity, row.place(column), limit=limit, unit=what, term=int(subject_of(entity)))
    return Meaning(demand, (lever,))


def weekly_hours(case: Case, entity: Entity) -> Meaning:
    """§6: most hours a week, of the profile."""
    term, row = int(subject_of(entity)), case.profile(entity.aspect)
    weeks = case.own.weeks(case.programmes[programme_of(entity)], term) or 0.0
    lever = profile_cell(row, entity, raises=True, step=HOUR_STEP, rate=weeks)
    demand = demand_of(entity, row.place("value"), limit=float(row.value), unit="h", term=term, weeks=weeks)
    return Meaning(demand, (lever,))


def practice_share(case: Case, entity: Entity) -> Meaning:
    """§7: the least share of practice, chosen for this run or the profile's."""
    chosen = case.settings.practice_share
    reached = _least_share("practice_share")
    if chosen is None:
        row = case.profile("practice_share_min")
        lever = profile_cell(row, entity, raises=False, step=SHARE_STEP, reached=reached, extreme=0.0)
        demand = demand_of(entity, row.place("value"), limit=float(row.value), unit="share")
        return Meaning(demand, (lever,))

    def edits(value: float) -> Edits:
        return (setting("practice_share", value, chosen, "share"),)

    number = MovableNumber(chosen, False, SHARE_STEP, edits, {entity: 1.0}, reached, 0.0)
    lever = Lever(("settings", "practice_share"), Rank.SETTING, number)
    return Meaning(demand_of(entity, limit=chosen, unit="share"), (lever,))


def _least_share(aspect: str) -> Callable[[Evaluation], float]:
    """Return what reads the least share of an aspect that all programmes of a plan have."""

    def reached(evaluation: Evaluation) -> float:
        return min((c.actual for c in evaluation.checks if c.aspect == aspect), default=1.0)

    return reached


def dual_share(case: Case, entity: Entity) -> Meaning:
    """§8: the least share at an enterprise, of the profile."""
    row = case.profile("dual_share_min")
    reached = _least_share("dual_share")
    lever = profile_cell(row, entity, raises=False, step=SHARE_STEP, reached=reached, extreme=0.0)
    return Meaning(demand_of(entity, row.place("value"), limit=float(row.value), unit="share"), (lever,))
