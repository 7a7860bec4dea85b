"""Rooms, enterprises and teachers: §9."""

from __future__ import annotations

from curriplan.base import semesters
from curriplan.catalog.records import ResourceCapacity
from curriplan.optimizer.diagnose.demands.case import HOUR_STEP, Case, Meaning, demand_of, subject_of
from curriplan.optimizer.diagnose.levers import Edits, Lever, MovableNumber, Rank, cell, rows_out
from curriplan.optimizer.model.variables import Entity
from curriplan.problem.edits import added_row


def sites(case: Case, entity: Entity) -> Meaning:
    """§9: the module needs a kind of resource that there is none of."""
    module = subject_of(entity)
    rows = [
        row
        for row in case.catalog.module_resources
        if row.module == module and row.resource_kind not in case.problem.capacity.sites
    ]
    places = [row.place("resource_kind") for row in rows]
    kinds = ", ".join(dict.fromkeys(row.resource_kind for row in rows))
    return Meaning(demand_of(entity, *places, module=module, kind=kinds), (rows_out(rows),))


def resource_hours(case: Case, entity: Entity) -> Meaning:
    """§9: the free hours of a resource in a calendar semester."""
    resource, semester = subject_of(entity), str(entity.semester)
    free = case.problem.capacity.free_hours[resource, semester]
    own = case.row("resource_capacity", resource, semester)
    row = own or case.row("resource_capacity", resource, f"*-{semesters.season(semester)}")
    if row is None:
        rows = [one for one in case.catalog.resource_capacity if one.resource == resource]
        places = [one.place() for one in rows]
        lever = _missing_hours(entity, resource, semester)
    else:
        places = [row.place("hours")]
        lever = cell(row, "hours", entity, raises=True, step=HOUR_STEP)
    return Meaning(demand_of(entity, *places, limit=free, unit="h", resource=resource), (lever,))


def _missing_hours(entity: Entity, resource: str, semester: str) -> Lever:
    """Return the lever that gives a resource hours in a semester that no row of it covers."""

    def edits(value: float) -> Edits:
        return (added_row(ResourceCapacity(resource=resource, semester=semester, hours=value)),)

    number = MovableNumber(0.0, True, HOUR_STEP, edits, {entity: 1.0})
    return Lever(("resource_capacity", (resource, semester), "hours"), Rank.LIMIT, number)
