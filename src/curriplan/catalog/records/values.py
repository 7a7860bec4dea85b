"""Words and value types of the tables: enumerations, ranges, patterns, and `column`."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic.config import JsonDict

from curriplan.base.fields import ID_PATTERN, MAX_ID_LENGTH, SEMESTER_PATTERN

SCHEMA = 1
"""The catalog schema that this version writes, and the highest that it reads."""


class Section(StrEnum):
    """The part of a working curriculum that a module stands in."""

    GENERAL = "general"
    BASIC = "basic"
    PROFESSIONAL = "professional"
    PRACTICE = "practice"
    ATTESTATION = "attestation"
    ELECTIVE = "elective"


class HoursKind(StrEnum):
    """How an hour of a module is taught."""

    THEORY = "theory"
    LABORATORY_PRACTICAL = "laboratory_practical"
    PRODUCTION_TRAINING = "production_training"
    PROFESSIONAL_PRACTICE = "professional_practice"
    SELF_STUDY_GUIDED = "self_study_guided"
    SELF_STUDY = "self_study"


PRACTICE_KINDS = (
    HoursKind.LABORATORY_PRACTICAL,
    HoursKind.PRODUCTION_TRAINING,
    HoursKind.PROFESSIONAL_PRACTICE,
)
SELF_STUDY_KINDS = (HoursKind.SELF_STUDY_GUIDED, HoursKind.SELF_STUDY)


class ResourceCategory(StrEnum):
    """What a resource is; a teacher post is counted by group for theory, by sub-group else."""

    LABORATORY = "laboratory"
    WORKSHOP = "workshop"
    TRAINING_PLANT = "training_plant"
    ENTERPRISE = "enterprise"
    TEACHER_POST = "teacher_post"


class Standing(StrEnum):
    """A module's standing in a programme (the ``status`` column of programme_modules)."""

    MANDATORY = "mandatory"
    EXISTING = "existing"
    CANDIDATE = "candidate"
    FORBIDDEN = "forbidden"


class RelationKind(StrEnum):
    """How one competency bears on another."""

    BROADER = "broader"
    REQUIRES = "requires"
    TRANSFERS = "transfers"


class Match(StrEnum):
    """How alike two competencies of different frameworks are; the words of SKOS."""

    EXACT = "exact"
    CLOSE = "close"
    BROADER = "broader"
    NARROWER = "narrower"
    RELATED = "related"


class RequisiteKind(StrEnum):
    """How a module depends on another."""

    PREREQUISITE = "prerequisite"
    COREQUISITE = "corequisite"
    STRICT_COREQUISITE = "strict_corequisite"
    ORDER = "order"
    """No need of the other: where both are taken, the module starts no earlier."""


class CostPart(StrEnum):
    """What new money is spent on (§10)."""

    SETUP = "setup"
    DELIVERY = "delivery"
    FEES = "fees"
    TRAVEL = "travel"


class FigureUnit(StrEnum):
    """What the figure of a challenge is counted in."""

    PERCENT = "percent"
    PEOPLE = "people"
    CASES = "cases"
    NUMBER = "number"
    KZT = "kzt"


def _yes_no(value: object) -> object:
    """Accept exactly the words of the format, so that a stray ``1`` or ``t`` is reported."""
    if isinstance(value, str):
        return {"yes": True, "no": False}.get(value.strip().casefold(), value + " (yes/no)")
    return value


def _list(value: object) -> object:
    return tuple(part.strip() for part in value.split(";")) if isinstance(value, str) else value


CAPACITY_SEMESTER_PATTERN = r"^(20[0-9]{2}|2100|\*)-[12]$"

MAX_HOURS = 100_000
MAX_CREDITS = 10_000

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=MAX_ID_LENGTH)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Terms = Annotated[tuple[Annotated[int, Field(ge=1, le=20)], ...], BeforeValidator(_list)]
Shares = Annotated[tuple[Annotated[float, Field(ge=0, le=1)], ...], BeforeValidator(_list)]
Words = Annotated[tuple[str, ...], BeforeValidator(_list)]
Semester = Annotated[str, StringConstraints(pattern=SEMESTER_PATTERN)]
CapacitySemester = Annotated[str, StringConstraints(pattern=CAPACITY_SEMESTER_PATTERN)]
Level = Annotated[int, Field(ge=1, le=8)]
LevelOrNone = Annotated[int, Field(ge=0, le=8)]
Hours = Annotated[float, Field(ge=0, le=MAX_HOURS, allow_inf_nan=False)]
Credits = Annotated[float, Field(ge=0, le=MAX_CREDITS, allow_inf_nan=False)]
Kzt = Annotated[int, Field(ge=0, le=10**15)]
Share = Annotated[float, Field(ge=0, le=1)]
Term = Annotated[int, Field(ge=1, le=20)]


def is_id(text: str) -> bool:
    """Say whether a text can be an id.

    >>> is_id("PM01.2"), is_id("ПМ01"), is_id("x" * 81)
    (True, False, False)
    """
    return len(text) <= MAX_ID_LENGTH and re.fullmatch(ID_PATTERN, text) is not None


def column(
    description: str,
    default: Any = ...,
    *,
    unit: str | None = None,
    references: str | None = None,
    used: bool = True,
) -> Any:
    """Declare a column of a table.

    Parameters
    ----------
    description : str
        What a planner writes there, one sentence.
    default : Any
        The value of an empty cell; ``...`` makes the column required.
    unit : str, optional
        ``h``, ``KZT``, ``credits``, ``share``, ``level``, ...
    references : str, optional
        The table whose ``id`` the value must be.
    used : bool
        False while no rule uses the column; a filled cell is then reported as ``not-yet-used``.
    """
    extra: JsonDict = {"unit": unit, "references": references, "used": used}
    return Field(default, description=description, json_schema_extra=extra)
