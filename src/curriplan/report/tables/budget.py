"""New money by module and source, load by term, hours of rooms and teachers."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan import semesters
from curriplan.evaluation.result import RuleCheck
from curriplan.plan import Decision, PlannedUse
from curriplan.report.tables.labels import Labels
from curriplan.report.view import PlanView


@dataclass(frozen=True)
class MoneyRow:
    """New money for one module: set-up once, delivery for each programme that adds it."""

    module: str
    name: str
    programmes: str
    setup_kzt: int
    delivery_kzt: int


@dataclass(frozen=True)
class SourceRow:
    """What a funding source gives, and what the plan takes from it (None: not told)."""

    source: str
    name: str
    budget_kzt: int
    used_kzt: int | None


@dataclass(frozen=True)
class SemesterRow:
    """A calendar semester, and the terms of the programmes that the planned intake spends in it."""

    semester: str
    when: str
    terms: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class HoursRow:
    """Hours of a resource in a calendar semester."""

    resource: str
    name: str
    category: str
    semester: str
    when: str
    free_hours: float
    used_before: float
    used_after: float


@dataclass(frozen=True)
class UseRow:
    """Hours that one intake uses a resource for a module, and the semesters in which it does."""

    programme: str
    module: str
    name: str
    term: int
    resource: str
    resource_name: str
    hours: float
    season: int
    first: int
    """Number of the first semester of use, see `semester_number`."""
    last: int


def semester_number(semester: str) -> int:
    """Return a number that grows by 1 a semester, for comparing: 2026-1 gives 20261, 2026-2 20262."""
    return int(semester.replace("-", ""))


FAR_FUTURE = 99992
"""Last semester of use of a programme that repeats."""


def money_table(view: PlanView, labels: Labels) -> tuple[MoneyRow, ...]:
    """Return the new money by module, the dearest first."""
    added: dict[str, list[str]] = {}
    for row in view.plan.modules:
        if row.decision is Decision.ADDED:
            added.setdefault(row.module, []).append(row.programme)
    rows = [_money_row(view, labels, module, names) for module, names in added.items()]
    return tuple(sorted(rows, key=lambda row: (-row.setup_kzt - row.delivery_kzt, row.module)))


def _money_row(view: PlanView, labels: Labels, module: str, programmes: list[str]) -> MoneyRow:
    delivery = sum(view.after.added_cost_kzt.get((name, module), 0) for name in programmes)
    setup = view.after.setup_cost_kzt.get(module, 0)
    return MoneyRow(module, labels.module(module), ", ".join(programmes), setup, delivery)


def source_table(view: PlanView, labels: Labels) -> tuple[SourceRow, ...]:
    """Return what each source gives: its budgets, and so much for each learner."""
    learners = sum(row.learners for row in view.catalog.programmes)
    given: dict[str, int] = {}
    for row in view.catalog.funding_budgets:
        given[row.source] = given.get(row.source, 0) + row.budget_kzt + row.per_learner_kzt * learners
    names = {row.id: row.name(labels.texts.language) for row in view.catalog.funding_sources}
    paid: dict[str, int] = {}
    for payment in view.plan.payments:
        paid[payment.source] = paid.get(payment.source, 0) + payment.kzt
    return tuple(
        SourceRow(source, names.get(source, source), kzt, paid.get(source, 0) if paid else None)
        for source, kzt in sorted(given.items())
    )


def semester_table(view: PlanView, labels: Labels) -> tuple[SemesterRow, ...]:
    """Return the calendar semesters of the planned intakes."""
    terms: dict[str, list[tuple[str, int]]] = {}
    for name in view.limits.planned:
        programme = view.catalog.programme_by_id[name]
        for term in range(1, programme.terms + 1):
            terms.setdefault(semesters.of_term(programme.start, term), []).append((name, term))
    return tuple(
        SemesterRow(name, labels.semester(name), tuple(rows)) for name, rows in sorted(terms.items())
    )


def hours_table(view: PlanView, labels: Labels) -> tuple[HoursRow, ...]:
    """Return the hours of every limited resource that the plan, or today's teaching, uses."""
    before = {check.key: check.actual for check in view.before.checks}
    rows = (
        _hours_row(view, labels, check, before.get(check.key, 0.0))
        for check in view.after.checks
        if check.aspect == "resource_hours"
    )
    return tuple(sorted(rows, key=lambda row: (row.resource, row.semester)))


def _hours_row(view: PlanView, labels: Labels, check: RuleCheck, before: float) -> HoursRow:
    resource = view.catalog.resource_by_id[check.subject or ""]
    return HoursRow(
        resource=resource.id,
        name=labels.resource(resource.id),
        category=labels.texts(f"resource.{resource.category}"),
        semester=check.semester or "",
        when=labels.semester(check.semester or ""),
        free_hours=check.limit,
        used_before=before,
        used_after=check.actual,
    )


def use_table(view: PlanView, labels: Labels) -> tuple[UseRow, ...]:
    """Return which module uses which resource, by resource, programme and term."""
    rows = (_use_row(view, labels, use) for use in view.plan.uses)
    return tuple(sorted(rows, key=lambda row: (row.resource, row.programme, row.term, row.module)))


def _use_row(view: PlanView, labels: Labels, use: PlannedUse) -> UseRow:
    programme = view.catalog.programme_by_id[use.programme]
    own = semesters.of_term(programme.start, use.term)
    first, last = (programme.start, FAR_FUTURE) if programme.repeats else (own, semester_number(own))
    return UseRow(
        programme=use.programme,
        module=use.module,
        name=labels.module(use.module),
        term=use.term,
        resource=use.resource,
        resource_name=labels.resource(use.resource),
        hours=use.hours,
        season=int(semesters.season(own)),
        first=semester_number(first),
        last=last,
    )
