"""Rooms, plants, enterprises and teacher posts."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from curriplan.catalog.records.record import Named, Record
from curriplan.catalog.records.values import (
    CapacitySemester,
    Hours,
    HoursKind,
    Id,
    Kzt,
    ResourceCategory,
    Share,
    YesNo,
    column,
)


class Resource(Named):
    """A room, plant, enterprise or teacher post with limited hours."""

    table: ClassVar[str] = "resources"
    summary: ClassVar[str] = "a laboratory, workshop, training plant, enterprise or teacher post"

    kind: Id = column("What modules ask for, such as security-laboratory or teacher-networks.")
    category: ResourceCategory = column("laboratory, workshop, training_plant, enterprise or teacher_post.")
    owner: str | None = column("Who owns it.", None)
    places: Annotated[int, Field(ge=1)] | None = column(
        "Learners at a time; empty: a sub-group of the profile.", None, unit="learners"
    )
    fee_per_hour_kzt: Kzt = column("Fee for an hour of use by an added module.", 0, unit="KZT")
    travel_cost_kzt: Kzt = column("Travel of a sub-group to it, for an added module.", 0, unit="KZT")
    source: Id | None = column(
        "The partner (a funding source) whose it is and with which it would go; empty: of no partner.",
        None,
        references="funding_sources",
    )


class ResourceCapacity(Record):
    """Hours of a resource in a calendar semester."""

    table: ClassVar[str] = "resource_capacity"
    key: ClassVar[tuple[str, ...]] = ("resource", "semester")
    summary: ClassVar[str] = "hours of a resource in a calendar semester, or in every autumn or spring"

    resource: Id = column("The resource.", references="resources")
    semester: CapacitySemester = column("2026-1 (autumn), 2026-2 (spring), or *-1 and *-2 for every year.")
    hours: Hours = column("Hours it can be used.", unit="h")
    committed_hours: Hours = column("Hours already promised to others.", 0.0, unit="h")


class ModuleResource(Record):
    """A kind of resource that a module's hours need."""

    table: ClassVar[str] = "module_resources"
    key: ClassVar[tuple[str, ...]] = ("module", "resource_kind", "hours_kind")
    summary: ClassVar[str] = "a kind of resource that a module's hours of a kind need"

    module: Id = column("The module.", references="modules")
    resource_kind: Id = column("The kind of resource (column kind of resources).")
    hours_kind: HoursKind = column("The hours that need it.")
    hours_share: Share = column("Part of those hours.", 1.0, unit="share")
    may_split: YesNo = column(
        "yes: whole sub-groups may be divided over several resources of the kind.", False
    )
