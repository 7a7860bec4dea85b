"""Competencies and the occupations that need them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from curriplan.catalog.records.record import Named, Record
from curriplan.catalog.records.values import (
    Id,
    Level,
    LevelOrNone,
    Match,
    RelationKind,
    Semester,
    Share,
    Words,
    YesNo,
    column,
)


class Competency(Named):
    """An ability that modules teach and occupations need."""

    table: ClassVar[str] = "competencies"
    summary: ClassVar[str] = "an ability that modules teach and occupations need"

    framework: str | None = column("Framework it comes from: DigComp, ESCO, occupational, ...", None)
    framework_version: str | None = column("Version of the framework, such as 3.0.", None)
    area: str | None = column("Area within the framework.", None)
    uri: str | None = column("URI in ESCO, where there is one.", None)
    same_as: Words = column("The same ability elsewhere, as framework:version:id; list.", ())
    half_life_years: float | None = column(
        "Years after which half of it is forgotten.", None, unit="years", used=False
    )


class CompetencyRelation(Record):
    """A tie between two competencies."""

    table: ClassVar[str] = "competency_relations"
    key: ClassVar[tuple[str, ...]] = ("source", "target", "kind", "source_level", "level")
    summary: ClassVar[str] = "a tie between two competencies: broader, requires, transfers"

    source: Id = column("The competency that depends or gives.", references="competencies")
    target: Id = column("The competency it points to.", references="competencies")
    kind: RelationKind = column("broader, requires or transfers.")
    level: LevelOrNone | None = column("Level of the target that is needed.", None, unit="level")
    source_level: LevelOrNone | None = column("From this level of the source on.", None, unit="level")
    factor: Share | None = column("Part of the level that carries over.", None, unit="share")


class CompetencyMapping(Record):
    """A tie between the competencies of two frameworks."""

    table: ClassVar[str] = "competency_mappings"
    key: ClassVar[tuple[str, ...]] = ("source", "target")
    summary: ClassVar[str] = (
        "a competency of one framework that is like one of another; only `exact` counts in a plan: both are "
        "then the same ability at the same levels"
    )

    source: Id = column("A competency of one framework.", references="competencies")
    target: Id = column("The competency of the other framework.", references="competencies")
    match: Match = column("exact, close, related, or what the target is to the source: broader, narrower.")
    evidence: str | None = column("Who says so.", None)


class Occupation(Named):
    """A job role."""

    table: ClassVar[str] = "occupations"
    summary: ClassVar[str] = "a job role that programmes train for"

    isco08: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}$")] | None = column("ISCO-08 code.", None)
    nkz_code: str | None = column("Code of the national classifier of occupations.", None)
    uri: str | None = column("URI in ESCO.", None)
    new: YesNo | None = column("yes: a new profession, for which there is little demand yet or none.", None)
    automation_risk: Share | None = column(
        "Probability of being automated, where somebody gives one; scores of exposure are none, and stand in "
        "`exposure`.",
        None,
        unit="share",
        used=False,
    )


class OccupationRequirement(Record):
    """A level of a competency that an occupation needs."""

    table: ClassVar[str] = "occupation_requirements"
    key: ClassVar[tuple[str, ...]] = ("occupation", "competency")
    summary: ClassVar[str] = "a level of a competency that an occupation needs"

    occupation: Id = column("The occupation.", references="occupations")
    competency: Id = column("The competency.", references="competencies")
    level: Level = column("Level needed, 1-8.", unit="level")
    importance: Annotated[float, Field(gt=0, le=1)] = column(
        "How much it matters, above 0 up to 1.", unit="share"
    )
    essential: YesNo = column("yes: the job cannot be done without it.")
    source: str | None = column(
        "Where the row comes from: esco:essential, esco:optional, onet, standard:..., estimate.", None
    )
    since: Semester | None = column(
        "Calendar semester from which it is newly asked, such as 2027-1; empty: always asked. It counts in "
        "closure all the same; the response lag counts from there.",
        None,
    )
