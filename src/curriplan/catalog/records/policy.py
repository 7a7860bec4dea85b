"""Money, outlooks, floors, value judgements and the regulation profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from curriplan.catalog.records.programmes import Programme
from curriplan.catalog.records.record import Named, Record
from curriplan.catalog.records.values import (
    CostPart,
    Id,
    Kzt,
    Level,
    Section,
    Semester,
    Share,
    YesNo,
    column,
)


class FundingSource(Named):
    """Who pays."""

    table: ClassVar[str] = "funding_sources"
    summary: ClassVar[str] = "who pays: college, state, employer, research body"

    kind: Literal["college", "state", "employer", "research"] | None = column(
        "college, state, employer or research.", None
    )


class FundingBudget(Record):
    """New money of a source."""

    table: ClassVar[str] = "funding_budgets"
    key: ClassVar[tuple[str, ...]] = ("source", "year")
    summary: ClassVar[str] = "new money that a source gives"

    source: Id = column("The funding source.", references="funding_sources")
    year: Annotated[int, Field(ge=2000, le=2100)] | None = column("Calendar year; empty: any.", None)
    budget_kzt: Kzt = column("New money.", 0, unit="KZT")
    per_learner_kzt: Kzt = column("More new money for each learner.", 0, unit="KZT")


class FundingLimit(Record):
    """The share of a cost that a source may carry."""

    table: ClassVar[str] = "funding_limits"
    key: ClassVar[tuple[str, ...]] = ("source", "module", "section", "cost_part")
    summary: ClassVar[str] = "the share of a module's cost that a source may carry"

    source: Id = column("The funding source.", references="funding_sources")
    module: Id | None = column("The module; empty: all.", None, references="modules")
    section: Section | None = column("The kind of module; empty: all.", None)
    cost_part: CostPart | None = column("setup, delivery, fees or travel; empty: all.", None)
    max_share: Share = column("The largest share.", unit="share")

    def fits(self, module: str, section: Section, part: CostPart) -> bool:
        """Say whether the row speaks of a cost part of a module."""
        return (
            self.module in (None, module)
            and self.section in (None, section)
            and self.cost_part in (None, part)
        )

    @property
    def precision(self) -> tuple[bool, bool, bool]:
        """How closely it says what it speaks of: of the rows that fit, the closest holds."""
        return (self.module is not None, self.section is not None, self.cost_part is not None)


class Scenario(Named):
    """An outlook."""

    table: ClassVar[str] = "scenarios"
    summary: ClassVar[str] = "an outlook on the labour market"

    probability: Share = column("Its probability, an assumption; they sum to 1.", unit="share")


class Demand(Record):
    """Openings of an occupation."""

    table: ClassVar[str] = "demand"
    key: ClassVar[tuple[str, ...]] = ("occupation", "year", "scenario")
    summary: ClassVar[str] = "openings of an occupation by year and outlook"

    occupation: Id = column("The occupation.", references="occupations")
    year: Annotated[int, Field(ge=2000, le=2100)] = column("Calendar year.")
    scenario: Id | None = column("The outlook; empty: the base.", None, references="scenarios")
    openings: Annotated[float, Field(ge=0)] = column("Openings.")
    source: str | None = column("Where the row comes from.", None)


class Exposure(Record):
    """How exposed an occupation is to automation, as one source scores it."""

    table: ClassVar[str] = "exposure"
    key: ClassVar[tuple[str, ...]] = ("occupation", "source")
    summary: ClassVar[str] = (
        "how exposed an occupation is to automation, as one source scores it: a score and its rank, no "
        "probability"
    )

    occupation: Id = column("The occupation.", references="occupations")
    source: str = column("Whose score it is, the same words for all occupations.")
    score: Annotated[float, Field(allow_inf_nan=False)] = column("The score, on the scale of its source.")
    rank: Share = column(
        "Where the score stands among all unit groups of the source: 0 the least exposed, 1 the most, equal "
        "scores share their mean rank.",
        unit="share",
    )
    isco08: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}$")] | None = column(
        "The ISCO-08 group that the score is of.", None
    )
    as_of: str | None = column("Date of the reading, as 2026-05-31.", None)


class Floor(Record):
    """A level that every programme, or a named one, must reach."""

    table: ClassVar[str] = "floors"
    key: ClassVar[tuple[str, ...]] = ("competency", "programme")
    summary: ClassVar[str] = "a level that every (or a named) programme must reach"

    competency: Id = column("The competency.", references="competencies")
    level: Level = column("The level.", unit="level")
    programme: Id | None = column("The programme; empty: every.", None, references="programmes")
    reason: str | None = column("Why.", None)
    challenge: Annotated[int, Field(ge=1, le=6)] | None = column(
        "The challenge of digitalisation that it answers, 1-6; an id of `challenges`, where it has rows.",
        None,
    )
    since: Semester | None = column(
        "Calendar semester from which it is asked, such as 2027-1: it binds programmes that repeat, and "
        "those that begin then or later; empty: always asked, of all.",
        None,
    )

    def binds(self, programme: Programme) -> bool:
        """Say whether it asks its level of a programme: of an intake that begins when it is asked (§11)."""
        begins = self.since is None or programme.repeats or programme.start >= self.since
        return self.programme in (None, programme.id) and begins


class LevelValue(Record):
    """What a step to a level is worth."""

    table: ClassVar[str] = "level_values"
    key: ClassVar[tuple[str, ...]] = ("level",)
    summary: ClassVar[str] = "what the step to a level is worth (a value judgement)"

    level: Level = column("The level.", unit="level")
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)] = column(
        "Worth of the step from the level below.", 1.0
    )


class ProfileEntry(Record):
    """A number of the regulation profile, with its source."""

    table: ClassVar[str] = "profile"
    key: ClassVar[tuple[str, ...]] = ("key_name",)
    summary: ClassVar[str] = "a value of the regulation profile, with its source"

    key_name: Id = Field(
        alias="key",
        description="Name of the value (docs/catalog-format.md lists them).",
        json_schema_extra={"unit": None, "references": None, "used": True},
    )
    value: str = column("The value.")
    source: str | None = column("Where it comes from.", None)
    verified: YesNo = column("yes: read in the primary text.", False)
    as_of: str | None = column("Date of the reading, as 2026-05-31.", None)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the column names; the first is written ``key``."""
        return ("key", "value", "source", "verified", "as_of")

    @classmethod
    def column_info(cls, name: str) -> Mapping[str, Any]:
        """Return unit, references and used of a column."""
        return super().column_info("key_name" if name == "key" else name)


DENOMINATORS: Mapping[str, tuple[str, ...]] = {
    "all": ("general", "basic", "professional", "practice", "attestation", "elective"),
    "basic+professional+practice": ("basic", "professional", "practice"),
    "professional+practice": ("professional", "practice"),
}
"""Sections whose hours are the denominator of the practice share (§7)."""

NUMBER_KEYS: Mapping[str, str] = {
    "hours_per_credit": "Academic hours in one credit.",
    "credit_step": "Credits come in steps of this.",
    "year_credits": "Credits of a year; a year outside the band is a warning.",
    "year_credits_tolerance": "The band around year_credits, as a share.",
    "teaching_weeks_year": "Teaching weeks of a year, where programme_terms gives none.",
    "weekly_hours": "Most mandatory hours a week (see weekly_hours_counts).",
    "weekly_hours_all": "Most hours of all kinds a week, self-study included.",
    "practice_share_min": "Least share of practice (see practice_share_denominator).",
    "dual_share_min": "Least share at an enterprise of production training and practice, if dual.",
    "group_size": "Learners of a group.",
    "subgroup_size": "Learners of a sub-group, where a resource gives no places.",
    "teacher_weekly_hours": "Teaching hours a week of one teacher post; only the workbook uses it.",
    "change_share_ordinary": "Share of the content that a college may change.",
    "change_share_dual": "The same for a dual programme.",
}
OFF = "off"
"""The value that drops a norm: its rule is not checked, or of a word, what holds without it does."""
WORD_KEYS: Mapping[str, tuple[str, ...]] = {
    "weekly_hours_counts": ("contact", "all"),
    "weekly_hours_guided_self_study": ("no", "yes"),
    "self_study_inside_credit": ("yes", "no"),
    "practice_share_denominator": tuple(DENOMINATORS),
}
WORD_MEANINGS: Mapping[str, str] = {
    "weekly_hours_counts": "What `weekly_hours` counts: contact hours, or hours of all kinds; contact "
    "without the key.",
    "weekly_hours_guided_self_study": "yes: guided self-study counts beside the contact hours; no without "
    "the key.",
    "self_study_inside_credit": "yes: self-study lies inside the hours of the credit; yes without the key.",
    "practice_share_denominator": "Sections whose hours the practice share is taken of; all without the key.",
}
"""What each word decides, and what holds where the profile lacks it."""
QUALIFICATION_LEVELS = ("3W", "4S", "5AB")
ENTRY_BASES = ("grade9", "grade11", "tvet")
"""What learners come with: nine or eleven classes, or a vocational qualification."""
TOTAL_CREDITS_PREFIX = "total_credits_"
"""``total_credits_4S_grade9`` is the least total of a 4S programme after grade 9."""


DECIMAL_COMMA = re.compile(r"[+-]?(?!0*[1-9]\d{0,2},\d{3}$)\d+,\d+", re.ASCII)
"""A number whose comma can part decimals only."""


def profile_number(text: str) -> float | None:
    """Read a number with a decimal point or comma, None where it is none, or has two meanings as 1,200.

    >>> profile_number("36,5"), profile_number("36.5"), profile_number("1,200"), profile_number("off")
    (36.5, 36.5, None, None)
    """
    try:
        return float(text.replace(",", ".") if DECIMAL_COMMA.fullmatch(text) else text)
    except ValueError:
        return None
