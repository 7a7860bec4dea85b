"""The working curriculum of one programme: fixed loads and modules, by section."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from curriplan.base import semesters
from curriplan.catalog.records import (
    HoursByKind,
    HoursKind,
    Module,
    ProgrammeFixedLoad,
    RequisiteKind,
    ResourceCategory,
    Section,
)
from curriplan.plan.plan import Decision, PlannedModule
from curriplan.report.assessment import form_word, known_forms
from curriplan.report.functions import served_modules
from curriplan.report.labels import Labels
from curriplan.report.reasons import why_chosen
from curriplan.report.view import PlanView

NO_GROUP = ""
CONTINUED = "continued"
"""The decision shown on all rows but the first of a module that spans terms: it is counted once."""
WORKPLACE_KINDS = (HoursKind.PRODUCTION_TRAINING, HoursKind.PROFESSIONAL_PRACTICE)
"""Hours of which the dual share counts those at an enterprise (§8)."""
COREQUISITES: Mapping[RequisiteKind, str] = {
    RequisiteKind.COREQUISITE: "phrase.corequisites",
    RequisiteKind.STRICT_COREQUISITE: "phrase.strict_corequisites",
    RequisiteKind.ORDER: "phrase.orders",
}
KNOWN_ASSESSMENTS = ("exam", "pass", "differentiated_pass", "control_work", "course_project")
"""Assessment forms with words of their own; others are shown as the catalog writes them."""


@dataclass(frozen=True)
class CurriculumRow:
    """A row that counts: a fixed load, or a module of the plan in one of the terms that it runs in.

    A module that spans terms has a row for each, with its part of credits and hours: so the sums by
    term are those of §6. A dropped module stands apart, in one row.
    """

    section: Section
    index: str
    name: str
    term: int
    credits: float | None
    """None for a fixed load where the profile gives no hours per credit."""
    hours: tuple[float, ...]
    """In the order of `HoursKind`."""
    enterprise_hours: float
    """Those of them that a learner spends at an enterprise (§8)."""
    assessment: str
    cost_kzt: int
    decision: str
    """A decision of the plan, ``fixed``, or ``continued`` for the later terms of a module."""
    prerequisites: str
    why: str
    serves: str = ""
    """Of a practice: the modules of the plan that it serves, in words."""

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
    declared: float | None = None
    """Credits that the catalog gives the header, if it does."""
    assessment: str = ""
    """How the header as a whole is assessed, if it is."""


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
    attestation_weeks: tuple[float, ...]
    """Weeks of attestation by term, beside the teaching weeks."""

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
    weeks, attestation = _weeks(view, programme), _attestation_weeks(view, programme)
    return CurriculumTable(programme, sections, dropped, weeks, attestation)


def _weeks(view: PlanView, programme: str) -> tuple[float | None, ...]:
    """Return the teaching weeks of each term: its own, else half of a year's (§6)."""
    own = {row.term: row.weeks for row in view.catalog.programme_terms if row.programme == programme}
    year = view.limits.number("teaching_weeks_year")
    half = year / 2 if year is not None else None
    terms = range(1, view.catalog.programme_by_id[programme].terms + 1)
    return tuple(half if (weeks := own.get(term)) is None else weeks for term in terms)


def _attestation_weeks(view: PlanView, programme: str) -> tuple[float, ...]:
    own = {
        row.term: row.attestation_weeks for row in view.catalog.programme_terms if row.programme == programme
    }
    terms = range(1, view.catalog.programme_by_id[programme].terms + 1)
    return tuple(own.get(term) or 0.0 for term in terms)


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
            parts = _module_rows(view, labels, module, chosen[module.id])
            rows.setdefault(module.parent or NO_GROUP, []).extend(parts)
    headers = {name: view.catalog.module_by_id.get(name) for name in rows}
    return tuple(
        CurriculumGroup(
            name,
            labels.module(name) if name else "",
            tuple(found),
            one.credits if one else None,
            _forms(labels, one.assessment_form) if one else "",
        )
        for name, found in rows.items()
        for one in (headers[name],)
    )


def _requisites(view: PlanView, labels: Labels, module: str) -> str:
    """Return the requisites of a module, corequisites named; alternatives with a slash between them."""

    def needed(kind: RequisiteKind) -> str:
        return ", ".join(" / ".join(one) for one in view.curricula.requisites_of(module, kind))

    said = [needed(RequisiteKind.PREREQUISITE)]
    said += [
        labels.texts(key, modules=modules) for kind, key in COREQUISITES.items() if (modules := needed(kind))
    ]
    return "; ".join(part for part in said if part)


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
        enterprise_hours=0.0,
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
        enterprise_hours=_enterprise_hours(view, planned),
        assessment=_assessment(view, labels, module),
        cost_kzt=sum(view.running_costs.get(key, {}).values()),
        decision=str(planned.decision),
        prerequisites=_requisites(view, labels, module.id),
        why=why_chosen(view, labels, planned),
        serves=served_modules(view, labels, planned) if module.section is Section.PRACTICE else "",
    )


def _module_rows(
    view: PlanView, labels: Labels, module: Module, planned: PlannedModule
) -> tuple[CurriculumRow, ...]:
    """Return a row for each term that a module runs in, with its part ω of credits, hours and money."""
    whole = _module_row(view, labels, module, planned)
    if module.span_terms == 1:
        return (whole,)
    costs = _cost_by_term(view, module, planned)
    return tuple(
        _part(labels, whole, place, module.span_terms, weight, costs[planned.term + place])
        for place, weight in enumerate(module.term_weights)
    )


def _part(
    labels: Labels, whole: CurriculumRow, place: int, parts: int, weight: float, cost_kzt: int
) -> CurriculumRow:
    values = {
        "module": whole.name,
        "part": place + 1,
        "parts": parts,
        "credits": labels.number(whole.credits),
    }
    row = replace(
        whole,
        name=labels.texts("phrase.module_part", **values),
        term=whole.term + place,
        credits=None if whole.credits is None else whole.credits * weight,
        hours=tuple(hours * weight for hours in whole.hours),
        enterprise_hours=whole.enterprise_hours * weight,
        cost_kzt=cost_kzt,
    )
    if place == 0:
        return replace(row, assessment="–")
    assessment = whole.assessment if place == parts - 1 else "–"
    began = labels.texts("why.continued", term=whole.term)
    return replace(row, assessment=assessment, decision=CONTINUED, prerequisites="", why=began, serves="")


def _cost_by_term(view: PlanView, module: Module, planned: PlannedModule) -> dict[int, int]:
    """Divide what falls due in each year over the terms of that year, by their part of the module."""
    start = view.catalog.programme_by_id[planned.programme].start
    terms_of: dict[int, list[tuple[int, float]]] = {}
    for term, weight in enumerate(module.term_weights, planned.term):
        year = semesters.calendar_year(semesters.of_term(start, term))
        terms_of.setdefault(year, []).append((term, weight))
    due = view.running_costs.get((planned.programme, module.id), {})
    return {term: kzt for year, terms in terms_of.items() for term, kzt in _divided(due.get(year, 0), terms)}


def _divided(kzt: int, terms: list[tuple[int, float]]) -> Iterator[tuple[int, int]]:
    """Divide an amount by weights into whole tenge that add up to it."""
    whole = sum(weight for _, weight in terms)
    share, paid = 0.0, 0
    for term, weight in terms:
        share += weight
        last = term == terms[-1][0] or whole <= 0
        due = kzt if last else min(kzt, math.floor(kzt * share / whole + 0.5 + 1e-9))
        yield term, due - paid
        paid = due


def _enterprise_hours(view: PlanView, planned: PlannedModule) -> float:
    """Return the hours of training and practice that a learner of the module spends at an enterprise."""
    kinds = {
        resource.kind
        for use in view.uses_of.get((planned.programme, planned.module), ())
        for resource in (view.catalog.resource_by_id[use.resource],)
        if resource.category is ResourceCategory.ENTERPRISE
    }
    needs = view.capacity.needs.get(planned.module, {})
    return sum(needs.get(kind, {}).get(hours, 0.0) for kind in sorted(kinds) for hours in WORKPLACE_KINDS)


def _assessment(view: PlanView, labels: Labels, module: Module) -> str:
    """Return the forms in which a module is assessed; an outcome without one is assessed with its header."""
    if said := _forms(labels, module.assessment_form):
        return said
    header = view.catalog.module_by_id.get(module.parent or "")
    with_header = header is not None and _forms(labels, header.assessment_form)
    return labels.texts("phrase.with_header" if with_header else "phrase.no_assessment")


def _forms(labels: Labels, forms: str | None) -> str:
    """Return assessment forms in words, each of several by itself: "pass, exam"."""
    return ", ".join(_form(labels, part) for part in known_forms(forms))


def _form(labels: Labels, form: str) -> str:
    word = form_word(form)
    return labels.texts(f"assessment.{word}") if word in KNOWN_ASSESSMENTS else form
