"""Programmes: their terms, modules, learners and targets."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from curriplan.base.semesters import calendar_year, season
from curriplan.catalog.records.record import HoursByKind, Named, Record
from curriplan.catalog.records.values import (
    Credits,
    Id,
    LevelOrNone,
    Section,
    Semester,
    Standing,
    Term,
    Terms,
    YesNo,
    column,
)
from curriplan.texts.words import Words


class Programme(Named):
    """An intake of one qualification."""

    table: ClassVar[str] = "programmes"
    summary: ClassVar[str] = "an intake of one qualification"

    specialty: str | None = column("Code of the specialty, eight digits.", None)
    qualification: str | None = column("Code of the qualification, such as 4S06130103.", None)
    start: Semester = column("Calendar semester of its first term, such as 2026-1.")
    terms: Term = column("Number of terms.", unit="terms")
    repeats: YesNo = column("yes: an intake every year with the same plan.", False)
    intake_of: Id | None = column(
        "The programme of which this row is an intake that runs already, with the modules that it is taught "
        "as its curriculum of today; empty: the programme itself.",
        None,
        references="programmes",
    )
    learners: Annotated[int, Field(ge=1, le=1_000_000)] = column("Learners of one intake.", unit="learners")
    weight: Annotated[float, Field(ge=0)] | None = column(
        "Its weight in the closure of the plan; empty: its learners.", None
    )
    entry_base: str | None = column(
        "Schooling at entry: grade9, grade11 or tvet (a vocational qualification).", None
    )
    dual: YesNo = column("yes: dual training (part of it at an enterprise).", False)
    language: Literal["kk", "ru", "en"] | None = column("Language of teaching.", None)
    min_credits: Credits | None = column(
        "Least credits of the whole programme; empty: the profile's.", None, unit="credits"
    )
    max_credits: Credits | None = column("Most credits of the programme.", None, unit="credits")

    def name(self, language: str) -> str:
        """Return the name in `language`; of an intake that runs already, with the year it began."""
        return super().name(language) if self.intake_of is None else self.intake_name(language)

    def intake_name(self, language: str) -> str:
        """Return the name in `language` with the year in which this intake begins."""
        year, half = calendar_year(self.start), season(self.start)
        return Words(language)(f"intake.{half}", name=super().name(language), year=year)


class ProgrammeTerm(Record):
    """A term of a programme and its limits."""

    table: ClassVar[str] = "programme_terms"
    key: ClassVar[tuple[str, ...]] = ("programme", "term")
    summary: ClassVar[str] = "a term of a programme and its limits"

    programme: Id = column("The programme.", references="programmes")
    term: Term = column("The term, from 1.")
    weeks: Annotated[float, Field(gt=0, le=60)] | None = column("Teaching weeks.", None, unit="weeks")
    attestation_weeks: Annotated[float, Field(ge=0, le=60)] | None = column(
        "Weeks of attestation, beside the teaching weeks.", None, unit="weeks"
    )
    min_credits: Credits | None = column("Least credits in the term.", None, unit="credits")
    max_credits: Credits | None = column("Most credits in the term.", None, unit="credits")
    min_modules: Annotated[int, Field(ge=0)] | None = column(
        "Least modules in the term.", None, unit="modules"
    )
    max_modules: Annotated[int, Field(ge=0)] | None = column(
        "Most modules in the term.", None, unit="modules"
    )


class ProgrammeFixedLoad(HoursByKind):
    """Hours of a term that are taught whatever the plan says."""

    table: ClassVar[str] = "programme_fixed_hours"
    key: ClassVar[tuple[str, ...]] = ("programme", "term", "section")
    first: ClassVar[tuple[str, ...]] = ("programme", "term", "section")
    summary: ClassVar[str] = "hours of a term that are fixed, by section and kind"

    programme: Id = column("The programme.", references="programmes")
    term: Term = column("The term, from 1.")
    section: Section = column("The section that the hours belong to.")


class ProgrammeModule(Record):
    """A module's standing in a programme."""

    table: ClassVar[str] = "programme_modules"
    key: ClassVar[tuple[str, ...]] = ("programme", "module")
    summary: ClassVar[str] = "a module's standing in a programme"

    programme: Id = column("The programme.", references="programmes")
    module: Id = column("The module.", references="modules")
    status: Standing = column("mandatory, existing (may be dropped), candidate or forbidden.")
    current_term: Term | None = column("The term in which it is taught today.", None)
    position: Annotated[int, Field(ge=1)] | None = column(
        "Its order within the term in which it is taught today.", None
    )
    allowed_terms: Terms = column("Terms it may start in; list; empty: all.", ())
    pinned_term: Term | None = column("The term it must start in, if it is taken.", None)


class Baseline(Record):
    """A level that learners bring."""

    table: ClassVar[str] = "baseline"
    key: ClassVar[tuple[str, ...]] = ("programme", "competency")
    summary: ClassVar[str] = "a level that learners bring"

    programme: Id = column("The programme.", references="programmes")
    competency: Id = column("The competency.", references="competencies")
    level: LevelOrNone = column("Level at entry.", unit="level")
    source: str | None = column("Where the row comes from.", None)


class Target(Record):
    """An occupation that a programme trains for."""

    table: ClassVar[str] = "targets"
    key: ClassVar[tuple[str, ...]] = ("programme", "occupation", "scenario")
    summary: ClassVar[str] = "an occupation that a programme trains for"

    programme: Id = column("The programme.", references="programmes")
    occupation: Id = column("The occupation.", references="occupations")
    share: Annotated[float, Field(gt=0, le=1)] = column(
        "Part of the graduates; the shares of a programme (and outlook) sum to 1.", unit="share"
    )
    scenario: Id | None = column(
        "The outlook whose shares the rows of the programme are, instead of those that follow from demand; "
        "empty: the base.",
        None,
        references="scenarios",
    )
