"""Rows of ``network.toml`` and of the tables beside it: one class a table, as those of a catalog."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from curriplan.catalog.records.record import Named, Record
from curriplan.catalog.records.values import Id, Kzt, Semester, Share, column
from curriplan.texts.languages import Language


class NetworkHead(Record):
    """What stands above the tables of ``network.toml``."""

    table: ClassVar[str] = "network_head"
    key: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str] = "what the network is called, and how it is read"

    name_kk: str | None = column("Name in Kazakh.", None)
    name_ru: str | None = column("Name in Russian.", None)
    name_en: str | None = column("Name in English.", None)
    language: Language = column("Language used unless another is asked for.", "ru")
    places_within: Annotated[int, Field(ge=0, le=1000)] = column(
        "How many groups of a programme a listed choice may lie above or below those of today.", 2
    )


class RegionRow(Named):
    """A region."""

    table: ClassVar[str] = "regions"
    summary: ClassVar[str] = "a region of the country"

    floor: Share | None = column(
        "The closure, weighted by learners, that its colleges together must reach at least; empty: none.",
        None,
        unit="share",
    )


class CollegeRow(Named):
    """A college and where its catalog lies."""

    table: ClassVar[str] = "colleges"
    summary: ClassVar[str] = "a college and where its catalog lies"

    catalog: str = column("Its catalog: a folder or a workbook, as a path from the folder of network.toml.")
    region: Id = column("The region.", references="regions")
    weight: Annotated[float, Field(gt=0, le=1_000_000)] = column(
        "What a learner of it counts in the national closure, beside a learner of another college.", 1.0
    )


class BudgetRow(Record):
    """New money of a source that colleges share."""

    table: ClassVar[str] = "budgets"
    key: ClassVar[tuple[str, ...]] = ("source", "region", "year")
    summary: ClassVar[str] = "new money of a source that colleges share, in a year or in all years together"

    source: Id = column("The funding source, by its id in the catalogs of the colleges.")
    region: Id | None = column(
        "The region whose colleges share it; empty: those of the whole country.", None, references="regions"
    )
    year: Annotated[int, Field(ge=2000, le=2100)] | None = column(
        "Calendar year; empty: all years together.", None
    )
    budget_kzt: Kzt = column("New money, at most.", unit="KZT")


class CentreRow(Named):
    """A resource that many colleges share."""

    table: ClassVar[str] = "centres"
    summary: ClassVar[str] = "a resource that many colleges share"

    region: Id | None = column(
        "Where it stands; the colleges of all regions may use it.", None, references="regions"
    )


class CentreHoursRow(Record):
    """Hours of a centre in a calendar semester."""

    table: ClassVar[str] = "centre_hours"
    key: ClassVar[tuple[str, ...]] = ("centre", "semester")
    summary: ClassVar[str] = "hours of a shared centre in a calendar semester"

    centre: Id = column("The centre.", references="centres")
    semester: Semester = column("Calendar semester: 2027-1 (autumn), 2027-2 (the spring after it).")
    hours: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)] = column(
        "Hours that all colleges together may use it.", unit="h"
    )


class ChoiceRow(Record):
    """Groups of a programme in one of the choices of a college."""

    table: ClassVar[str] = "group_choices"
    key: ClassVar[tuple[str, ...]] = ("college", "choice", "programme")
    summary: ClassVar[str] = "the groups of a programme in one of the choices that a college may be given"

    college: Id = column("The college.", references="colleges")
    choice: Annotated[int, Field(ge=1, le=1000)] = column(
        "Number of the choice, from 1; 0 are the groups of today and are never listed."
    )
    programme: Id = column("The programme, by its id in the catalog of the college.")
    groups: Annotated[int, Field(ge=1, le=10_000)] = column("Groups of one intake.", unit="groups")


NETWORK_RECORDS: tuple[type[Record], ...] = (
    NetworkHead,
    RegionRow,
    CollegeRow,
    BudgetRow,
    CentreRow,
    CentreHoursRow,
    ChoiceRow,
)
"""The rows of a network, in the order in which they are documented."""
NETWORK_TABLES = tuple(record.table for record in NETWORK_RECORDS if record is not NetworkHead)
"""What may stand as a table beside ``network.toml``."""
