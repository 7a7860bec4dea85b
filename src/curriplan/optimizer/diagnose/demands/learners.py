"""What learners must get, and how many must come: §11 and §13 to §15."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.optimizer.diagnose.demands.case import (
    SHARE_STEP,
    Case,
    Meaning,
    demand_of,
    programme_of,
    subject_of,
)
from curriplan.optimizer.diagnose.levers import Edits, Lever, MovableNumber, Rank, cell, one_choice, setting
from curriplan.optimizer.model.variables import Entity
from curriplan.plan.plan import Selection
from curriplan.problem.edits import edit_of


def floor(case: Case, entity: Entity) -> Meaning:
    """§11: a level that the programme must reach."""
    competency, programme = subject_of(entity), programme_of(entity)
    rows = [
        row
        for row in case.catalog.floors
        if row.competency == competency and row.programme in (None, programme)
    ]
    row = max(rows, key=lambda one: one.level)

    def choices(_selection: Selection) -> Iterator[Edits]:
        for level in range(row.level - 1, 0, -1):
            yield (edit_of(row, "level", level),)
        yield (edit_of(row, None),)

    lever = Lever((row.table, row.key_values(), "level"), Rank.LIMIT, choices=choices)
    demand = demand_of(
        entity, row.place("level"), limit=float(row.level), unit="level", competency=competency
    )
    return Meaning(demand, (lever,))


def equity(case: Case, entity: Entity) -> Meaning:
    """§13: the least part of what each programme reaches when it is planned alone."""
    share = case.settings.equity
    assert share is not None

    def edits(value: float) -> Edits:
        return (setting("equity", value, share, "share"),)

    rates = {entity: case.limits.closure_alone[programme_of(entity)]}
    number = MovableNumber(share, False, SHARE_STEP, edits, rates, extreme=0.0)
    lever = Lever(("settings", "equity"), Rank.SETTING, number)
    return Meaning(demand_of(entity, limit=share, unit="share"), (lever,))


def min_learners(case: Case, entity: Entity) -> Meaning:
    """§14: the least learners with whom a module starts in a semester."""
    module = case.catalog.module_by_id[subject_of(entity).partition(":")[0]]
    lever = cell(
        module, "min_learners", entity, raises=False, step=1.0, rank=Rank.CONTENT, rate=None, extreme=1.0
    )
    limit = float(module.min_learners or 0)
    demand = demand_of(entity, module.place("min_learners"), limit=limit, unit="learners", module=module.id)
    return Meaning(demand, (lever,))


def labour_functions(case: Case, entity: Entity) -> Meaning:
    """§15: a module that serves the labour function."""
    name = subject_of(entity)
    row = case.known("labour_functions", name)
    return Meaning(demand_of(entity, row.place(), function=name), (one_choice(row, "occupation", None),))
