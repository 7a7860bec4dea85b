"""The working curriculum of one programme: fixed loads and modules, by section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.model import HoursByKind, HoursKind, Module, ProgrammeFixedLoad, RequisiteKind, Section
from curriplan.plan import Decision, PlannedModule
from curriplan.report.tables.labels import Labels
from curriplan.report.tables.reasons import why_chosen
from curriplan.report.view import PlanView

NO_GROUP = ""
KNOWN_ASSESSMENTS = ("exam", "pass", "differentiated_pass")
"""Assessment forms with words of their own; others are shown as the catalog writes them."""


@dataclass(frozen=True)
class CurriculumRow:
    """A row that counts: a fixed load or a module of the plan; or a dropped one, apart."""

    section: Section
    index: str
    name: str
    term: int
    credits: float | None
    """None for a fixed load where the profile gives no hours per credit."""
    hours: tuple[float, ...]
    """In the order of `HoursKind`."""
    assessment: str
    cost_kzt: int
    decision: str
    """A decision of the plan, or ``fixed``."""
    prerequisites: str
    why: str

    @property
    def is_fixed(self) -> bool:
        """Whether the row is a fixed load."""
        return self.decision == "fixed"


@dataclass(frozen=True)
class CurriculumGroup:
    """A module header with the outcomes of it that the plan takes; index "" for rows without one."""

    index: str
    name: str
    rows: tuple[CurriculumRow, ...]


@dataclass(frozen=True)
class CurriculumSection:
    """A section of the curriculum."""

    section: Section
    groups: tuple[CurriculumGroup, ...]


@dataclass(frozen=True)
class CurriculumTable:
    """The working curriculum of a programme."""

    programme: str
    sections: tuple[CurriculumSection, ...]
    dropped: tuple[CurriculumRow, ...]
    weeks: tuple[float | None, ...]
    """Teaching weeks by term, None where nothing tells them."""

    def rows(self) -> Iterator[CurriculumRow]:
        """Yield the rows that count."""
        for section in self.sections:
            for group in section.groups:
                yield from group.rows


def curriculum_table(view: PlanView, labels: Labels, programme: str) -> CurriculumTable:
    """Return the working curriculum of a programme."""
    fixed = [row for row in view.catalog.programme_fixed_hours if row.programme == programme]
    planned = [row for row in view.plan.modules if row.programme == programme]
    taken = [row for row in planned if row.decision is not Decision.DROPPED]
    sections = tuple(
        CurriculumSection(section, groups)
        for section in Section
        if (groups := _groups(view, labels, section, fixed, taken))
    )
    gone = {row.module: row for row in planned if row.decision is Decision.DROPPED}
    dropped = tuple(
        _module_row(view, labels, module, gone[module.id])
        for module in view.catalog.modules
        if module.id in gone
    )
    return CurriculumTable(programme, sections, dropped, _weeks(view, programme))


def _weeks(view: PlanView, programme: str) -> tuple[float | None, ...]:
    """Return the teaching weeks of each term: its own, else half of a year's (§6)."""
    own = {row.term: row.weeks for row in view.catalog.programme_terms if row.programme == programme}
    year = view.limits.number("teaching_weeks_year")
    half = year / 2 if year is not None else None
    terms = range(1, view.catalog.programme_by_id[programme].terms + 1)
    return tuple(half if (weeks := own.get(term)) is None else weeks for term in terms)


def _groups(
    view: PlanView,
    labels: Labels,
    section: Section,
    fixed: list[ProgrammeFixedLoad],
    taken: list[PlannedModule],
) -> tuple[CurriculumGroup, ...]:
    """Gather the rows of a section by their header, in the order of the catalog."""
    rows: dict[str, list[CurriculumRow]] = {}
    if mine := [_fixed_row(view, labels, row) for row in fixed if row.section is section]:
        rows[NO_GROUP] = mine
    chosen = {row.module: row for row in taken}
    for module in view.catalog.modules:
        if module.id in chosen and module.section is section:
            row = _module_row(view, labels, module, chosen[module.id])
            rows.setdefault(module.parent or NO_GROUP, []).append(row)
    return tuple(
        CurriculumGroup(header, labels.module(header) if header else "", tuple(found))
        for header, found in rows.items()
    )


def _prerequisites(view: PlanView, module: str) -> str:
    """Return the prerequisites of a module; alternatives with a slash between them."""
    needed = view.curricula.requisites_of(module, RequisiteKind.PREREQUISITE)
    return ", ".join(" / ".join(alternatives) for alternatives in needed)


def _hours(record: HoursByKind) -> tuple[float, ...]:
    return tuple(record.hours(kind) for kind in HoursKind)


def _fixed_row(view: PlanView, labels: Labels, load: ProgrammeFixedLoad) -> CurriculumRow:
    return CurriculumRow(
        section=load.section,
        index="",
        name=labels.texts("phrase.fixed_load"),
        term=load.term,
        credits=view.limits.fixed_credits(load) if view.limits.number("hours_per_credit") else None,
        hours=_hours(load),
        assessment=labels.texts("phrase.by_subject"),
        cost_kzt=0,
        decision="fixed",
        prerequisites="",
        why=labels.texts("why.fixed"),
    )


def _module_row(view: PlanView, labels: Labels, module: Module, planned: PlannedModule) -> CurriculumRow:
    key = (planned.programme, module.id)
    return CurriculumRow(
        section=module.section,
        index=module.id,
        name=labels.module(module.id),
        term=planned.term,
        credits=module.credits,
        hours=_hours(module),
        assessment=_assessment(labels, module.assessment_form),
        cost_kzt=view.after.added_cost_kzt.get(key, 0),
        decision=str(planned.decision),
        prerequisites=_prerequisites(view, module.id),
        why=why_chosen(view, labels, planned),
    )


def _assessment(labels: Labels, form: str | None) -> str:
    word = (form or "").strip().casefold()
    if not word:
        return labels.texts("phrase.no_assessment")
    return labels.texts(f"assessment.{word}") if word in KNOWN_ASSESSMENTS else (form or "")
