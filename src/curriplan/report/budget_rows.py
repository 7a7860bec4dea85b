"""New money by module and source, load by term, hours of rooms and teachers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriplan.base import semesters
from curriplan.catalog.records import CostPart
from curriplan.evaluation.figures.intakes import repeating_kzt
from curriplan.plan.plan import Decision, Payment, PlannedUse
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.money import UNASSIGNED
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView


@dataclass(frozen=True)
class MoneyRow:
    """New money for one module: set-up once, the other parts for each programme that adds it."""

    module: str
    name: str
    programmes: str
    kzt: Mapping[CostPart, int]


@dataclass(frozen=True)
class PaymentRow:
    """What a source pays for a part of the cost of a module in a year."""

    source: str
    source_name: str
    module: str
    name: str
    part: CostPart
    part_name: str
    year: int
    kzt: int
    item_kzt: int
    """The item that it belongs to: what falls due in the year, of set-up the whole."""
    max_share: float | None
    """The largest share of it that the source may carry, None where no limit is given."""
    again_kzt: int
    """What of the payment comes again with every later intake."""


@dataclass(frozen=True)
class PurseRow:
    """What a source gives for a year, or for any years together (None), and None where it has no limit."""

    source: str
    name: str
    year: int | None
    budget_kzt: int | None


@dataclass(frozen=True)
class ResourceRow:
    """A room, enterprise or teacher, with what using it costs."""

    resource: str
    name: str
    category: str
    owner: str
    places: int | None
    fee_per_hour_kzt: int
    travel_cost_kzt: int


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
    """Hours that one intake uses a resource for a module in a term, and the semesters in which it does."""

    programme: str
    module: str
    name: str
    term: int
    resource: str
    resource_name: str
    kind: str
    """Kind of the resource."""
    is_added: bool
    """Whether the programme does not teach the module today."""
    parts: int
    """Sub-groups (or groups of a teacher of theory) that it serves."""
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
    """Return the new money of every added module, the dearest first."""
    added: dict[str, list[str]] = {}
    for row in view.plan.modules:
        if row.decision is Decision.ADDED:
            added.setdefault(row.module, []).append(row.programme)
    costs: dict[str, dict[CostPart, int]] = {module: dict.fromkeys(CostPart, 0) for module in added}
    for item in view.after.cost_items:
        costs[item.module][item.part] += item.kzt
    rows = (
        MoneyRow(module, labels.module(module), ", ".join(names), costs[module])
        for module, names in added.items()
    )
    return tuple(sorted(rows, key=lambda row: (-sum(row.kzt.values()), row.module)))


def payment_table(view: PlanView, labels: Labels) -> tuple[PaymentRow, ...]:
    """Return who pays what and when, by source, year and module."""
    due: dict[tuple[str, CostPart, int], int] = {}
    for item in view.after.cost_items:
        key = (item.module, item.part, _item_year(item.part, item.year))
        due[key] = due.get(key, 0) + item.kzt
    order = {name: place for place, name in enumerate(view.problem.money.sources)}
    payments = view.plan.payments
    again = repeating_kzt(view.problem.money, payments, view.after.cost_items)
    rows = [
        _payment_row(
            view, labels, row, due.get((row.module, row.part, _item_year(row.part, row.year)), 0), kzt
        )
        for row, kzt in zip(payments, again, strict=True)
    ]
    parts = tuple(CostPart)

    def place(row: PaymentRow) -> tuple[int, str, int, str, int]:
        last = len(order)
        return (order.get(row.source, last), row.source, row.year, row.module, parts.index(row.part))

    return tuple(sorted(rows, key=place))


def _item_year(part: CostPart, year: int) -> int:
    """Return the year of an item; set-up is one item, whenever it is paid."""
    return 0 if part is CostPart.SETUP else year


def _payment_row(view: PlanView, labels: Labels, row: Payment, item_kzt: int, again_kzt: int) -> PaymentRow:
    limit = view.problem.money.limit_row(row.source, view.catalog.module_by_id[row.module], row.part)
    return PaymentRow(
        source=row.source,
        source_name=source_name(labels, row.source),
        module=row.module,
        name=labels.module(row.module),
        part=row.part,
        part_name=labels.texts(f"cost_part.{row.part}"),
        year=row.year,
        kzt=row.kzt,
        item_kzt=item_kzt,
        max_share=None if limit is None else limit.max_share,
        again_kzt=again_kzt,
    )


def source_name(labels: Labels, source: str) -> str:
    """Return who pays; a catalog without sources names nobody."""
    return labels.texts("phrase.unassigned") if source == UNASSIGNED else labels.funding_source(source)


def purse_name(labels: Labels, source: str) -> str:
    """Return who pays where it is said what it has: as its own budget, or as one that was allotted."""
    return labels.allotted("funding_budgets", source, source_name(labels, source))


def purse_table(view: PlanView, labels: Labels) -> tuple[PurseRow, ...]:
    """Return the budgets by source and year, and every year in which a source pays without one.

    The money of any year comes last; a source without a row in any year has none (§10).
    """
    budgets = view.problem.money.budgets
    paying: dict[str, set[int]] = {source: set() for source in view.problem.money.sources}
    for payment in view.plan.payments:
        paying.setdefault(payment.source, set()).add(payment.year)
    for promise in view.limits.settings.promised:
        paying.setdefault(promise.source, set()).add(promise.year)
    found = []
    for source, paid_in in paying.items():
        name = purse_name(labels, source)
        own = {} if budgets is None else {year: kzt for (one, year), kzt in budgets.items() if one == source}
        years = sorted(paid_in | {year for year in own if year is not None})
        no_limit = None if budgets is None else 0
        found += [PurseRow(source, name, year, own.get(year, no_limit)) for year in years]
        if budgets is not None and (None in own or not own):
            found.append(PurseRow(source, name, None, own.get(None, 0)))
    return tuple(found)


def resource_table(view: PlanView, labels: Labels) -> tuple[ResourceRow, ...]:
    """Return the rooms, enterprises and teachers of the catalog, with what using them costs."""
    return tuple(
        ResourceRow(
            row.id,
            labels.resource(row.id),
            labels.texts(f"resource.{row.category}"),
            labels.owner(row.owner),
            row.places,
            row.fee_per_hour_kzt,
            row.travel_cost_kzt,
        )
        for row in view.catalog.resources
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
        name=labels.allotted("resource_capacity", resource.id, labels.resource(resource.id)),
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
    option = view.curricula.by_programme[use.programme].options[use.module]
    # Of a programme with running intakes only those that begin from now on follow the plan (§9).
    all_meet = programme.repeats and use.programme not in view.catalog.running_intakes
    first = programme.start if all_meet else own
    last = FAR_FUTURE if programme.repeats else semester_number(own)
    return UseRow(
        programme=use.programme,
        module=use.module,
        name=labels.module(use.module),
        term=use.term,
        resource=use.resource,
        resource_name=labels.resource(use.resource),
        kind=view.catalog.resource_by_id[use.resource].kind,
        is_added=option.current_term is None,
        parts=use.parts,
        hours=use.hours,
        season=int(semesters.season(own)),
        first=semester_number(first),
        last=last,
    )
