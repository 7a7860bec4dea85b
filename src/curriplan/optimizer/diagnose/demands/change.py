"""What may change against an earlier plan, or against what is taught today: §12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curriplan.base import semesters
from curriplan.optimizer.diagnose.demands.case import (
    SHARE_STEP,
    Case,
    Meaning,
    demand_of,
    programme_of,
    subject_of,
)
from curriplan.optimizer.diagnose.levers import Edits, Lever, MovableNumber, Rank, profile_cell, setting
from curriplan.optimizer.model.variables import Entity
from curriplan.plan.plan import Selection
from curriplan.problem.edits import SETTINGS, Edit


def changes(case: Case, entity: Entity) -> Meaning:
    """§12: at most so many changes against the earlier plan."""
    most = case.settings.max_changes
    assert most is not None

    def edits(value: float) -> Edits:
        return (setting("max_changes", int(value), most, "changes"),)

    lever = Lever(
        ("settings", "max_changes"), Rank.SETTING, MovableNumber(float(most), True, 1.0, edits, {entity: 1.0})
    )
    return Meaning(demand_of(entity, limit=float(most), unit="changes"), (lever,))


def taught_terms(case: Case, entity: Entity) -> Meaning:
    """§12: terms already taught stay as the earlier plan has them."""
    last = case.settings.taught_until
    assert last is not None
    first = min(row.start for row in case.catalog.programmes)

    def choices(_selection: Selection) -> Iterator[Edits]:
        semester = semesters.advance(last, -1)
        while semester >= first:
            yield (setting("taught_until", semester, last),)
            semester = semesters.advance(semester, -1)
        yield (setting("taught_until", None, last),)

    lever = Lever(("settings", "taught_until"), Rank.SETTING, choices=choices)
    return Meaning(demand_of(entity, last=last, **_about(case, entity)), (lever,))


def _about(case: Case, entity: Entity) -> dict[str, Any]:
    """Return the subject as a term or as a module, whichever it is."""
    subject = subject_of(entity)
    if subject in case.catalog.module_by_id:
        return {"module": subject}
    return {"term": int(subject)} if subject.isdigit() else {}


def change_share(case: Case, entity: Entity) -> Meaning:
    """§12: the share of its hours that a college may change."""
    one = case.programmes[programme_of(entity)]
    row = case.profile(case.limits.change_share_key(one.programme))
    hours = sum(option.module.total_hours for option in one.curriculum.current)
    lever = profile_cell(row, entity, raises=True, step=SHARE_STEP, rate=hours, extreme=1.0)
    return Meaning(demand_of(entity, row.place("value"), limit=float(row.value), unit="share"), (lever,))


def review(case: Case, entity: Entity) -> Meaning:
    """§12: what a reviewer decided on a module."""
    key = (programme_of(entity), subject_of(entity))
    decision = next(one for one in case.settings.review if one.key == key)
    lifted = Edit(SETTINGS, key, "review", was=decision.choice.value, place=decision.place)
    lever = Lever(("settings", "review", *key), Rank.SETTING, choices=lambda _selection: ((lifted,),))
    places = [decision.place] if decision.place is not None else []
    return Meaning(demand_of(entity, *places, module=decision.module, term=decision.term), (lever,))
