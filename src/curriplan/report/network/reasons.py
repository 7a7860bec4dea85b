"""Why each college gets what it gets: what its plan adds, what it brings the country, what was scarce."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.plan.network import CollegePlan, SharedKind, SharedRow
from curriplan.report.network.colleges import (
    ADDED,
    COLLEGE,
    REGION,
    SHARED_KZT,
    TODAY,
    WEIGHT,
    CollegeCells,
)
from curriplan.report.network.losers import signed_points
from curriplan.report.network.places import lines_of
from curriplan.report.network.view import CollegeSeen, NetworkView, amounts
from curriplan.xlsx.formula import ratio, total
from curriplan.xlsx.sentences import MILLION
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Table
from curriplan.xlsx.term import NOTHING, Term, constant

MOST_MODULES = 3
"""Added modules that are named; of the others the number is told."""
MOST_LIMITS = 3
"""Limits of money, and of hours, that are named."""
BRINGS = "nation_column.brings"


@dataclass(frozen=True)
class _Reason:
    """Why a college gets what it gets."""

    college: CollegeSeen
    row: int
    """Of the sheet of the colleges."""


class ReasonSheet:
    """The reasons, and what each college brings the country: that is summed up to the whole gain."""

    def __init__(self, view: NetworkView, colleges: CollegeCells) -> None:
        self.view, self.colleges = view, colleges

    @property
    def table(self) -> Table[_Reason]:
        """The table of reasons."""
        return Table(*self._columns())

    def _columns(self) -> Iterator[Column[_Reason]]:
        view = self.view
        yield Column(REGION, "text", 13, lambda one: one.college.region)
        yield Column(COLLEGE, "text", 20, lambda one: one.college.name)
        yield Column(BRINGS, view.points, 10, formula=self._brings)
        if self.colleges.of.sources:
            yield Column("nation_column.brings_a_million", view.points, 10, formula=self._a_million)
        yield Column("nation_column.adds", "text", 30, lambda one: _adds(view, one.college.plan))
        yield Column(ADDED, "count", 10, lambda one: len(one.college.plan.added))
        yield Column("nation_column.drops", "count", 12, lambda one: len(one.college.plan.dropped))
        if view.is_national:
            yield Column("nation_column.decided", "text", 55, lambda one: decided(view, one.college))
        yield Column("nation_column.sure", "text", 13, lambda one: sure(view, one.college.plan))

    def _brings(self, line: Line[_Reason]) -> Term:
        """Return how many points the plan of a college adds to the national closure of today."""
        of, row = self.colleges.of, line.row.row

        def ref(key: str) -> Term:
            return self.colleges.placed.ref(row, key)

        gain = ref(of.closed) * ref(of.learners_planned) - ref(TODAY) * ref(of.learners_today)
        counted = gain * ref(WEIGHT) if self.view.has_weights else gain
        return ratio(counted * constant(100), self.colleges.learners_that_count)

    def _a_million(self, line: Line[_Reason]) -> Term | str:
        """Return that for each million of shared money, a dash where it takes none."""
        paid = self.colleges.placed.ref(line.row.row, SHARED_KZT)
        return ratio(line[BRINGS] * constant(MILLION), paid) if line[BRINGS].value != NOTHING else NOTHING

    def write(self, sheet: Sheet) -> None:
        """Write the sheet, and the sum of what the colleges bring."""
        table = self.table
        sheet.set_widths(table.widths)
        rows = [_Reason(one, row) for row, one in self.colleges.placed.lines()]
        placed = table.write(sheet, sheet.heading("nation_title.reasons", "nation_how.reasons"), rows)
        placed.page(2)
        end = placed.last + 1
        sheet.text(end, 0, "", "text total")
        sheet.text(end, placed.place(COLLEGE), sheet.texts("nation.total"), "text total")
        sheet.formula(end, placed.place(BRINGS), total(placed.range(BRINGS)), f"{self.view.points} total")


def sure(view: NetworkView, plan: CollegePlan) -> str:
    """Say how far the optimizer came with a plan of a college."""
    if plan.gap is None:
        return view.texts("nation.gap_unknown")
    if plan.gap <= NO_GAP:
        return view.texts("nation.gap_none")
    return view.texts("nation.gap_at_most", gap=view.texts.significant(100 * plan.gap, 2))


NO_GAP = 1e-9


def _adds(view: NetworkView, plan: CollegePlan) -> str:
    """Name the added modules without which most would be lost, and how many more there are."""
    rows = sorted(plan.added, key=lambda one: (-one.closure, -one.learners, one.id))
    said = []
    for one in rows[:MOST_MODULES]:
        name = view.name(one.names, one.id)
        points = view.texts.number(100 * one.closure, 1)
        key = "nation.module_closes" if one.closure >= LEAST_TOLD else "nation.module_leads"
        said.append(view.texts(key, module=name, points=points))
    if len(rows) > MOST_MODULES:
        said.append(view.texts("nation.more_modules", count=len(rows) - MOST_MODULES))
    return "; ".join(said) or view.texts("nation.adds_nothing")


LEAST_TOLD = 0.0005


def decided(view: NetworkView, college: CollegeSeen) -> str:
    """Say in words why a college gets what it gets: money, floor, hours, or that it needs no more."""
    texts = view.texts
    parts = [*_groups(view, college), *_changes(view, college)]
    if college.plan.closure >= 1 - NO_GAP:
        parts.append(texts("nation.needs_no_more"))
    for kind, key in ((SharedKind.MONEY, "nation.scarce"), (SharedKind.HOURS, "nation.hours_limit")):
        if scarce := _scarce(view, college, kind):
            parts.append(texts(key, limits=scarce))
    region = view.region(college.region_id)
    if region is not None and region.floor is not None and region.floor_price > 0:
        price = texts.number(region.floor_price, 2)
        parts.append(texts("nation.floor_decides", floor=texts.percent(region.floor), price=price))
    return "; ".join(parts) or texts("nation.nothing_scarce")


def _groups(view: NetworkView, college: CollegeSeen) -> Iterator[str]:
    """Say which groups it is given or loses: its closure is over other learners then."""
    moved = [
        f"{one.programme} {view.texts.number(one.planned - one.today, signed=True).replace('-', '−')}"
        for one in lines_of(view, college)
        if one.planned != one.today
    ]
    if moved:
        learners = {"planned": view.texts.number(college.plan.learners)}
        learners["today"] = view.texts.number(college.alone.learners)
        yield view.texts("nation.groups_given", groups=", ".join(moved), **learners)


def _changes(view: NetworkView, college: CollegeSeen) -> Iterator[str]:
    """Say how much more or less shared money it gets than by itself, and what a million of that brings.

    Where its groups move too, what it gains is not of the money alone, and no more is said.
    """
    alone, planned = (view.shared_kzt(one, college.region_id) for one in (college.alone, college.plan))
    if planned == alone:
        return
    key = "nation.gets_more" if planned > alone else "nation.gets_less"
    points = signed_points(view, college.plan.closure - college.alone.closure)
    yield view.texts(key, kzt=view.texts.number(abs(planned - alone)), points=points)
    price, here = _price(view, college) * MILLION, _gained(view, college) / (planned - alone) * MILLION
    if here <= 0 or price <= 0 or college.plan.learners != college.alone.learners or _moves(college):
        return
    told = {"here": _points(view, here), "price": _points(view, price)}
    if planned > alone:
        yield view.texts("nation.takes_up", **told)
    elif here < price:
        yield view.texts("nation.gives_up", **told)


def _moves(college: CollegeSeen) -> bool:
    """Say whether it is given other groups than today's."""
    return college.result.planned_groups not in (None, college.result.groups)


def _points(view: NetworkView, gain: float) -> str:
    return view.texts.number(100 * gain, 1) if view.is_small else view.texts.significant(100 * gain, 2)


def _gained(view: NetworkView, college: CollegeSeen) -> float:
    """Return by how much the country closes more with its plan than with that by itself."""
    learners = sum(one.result.weight * one.alone.learners for one in view.colleges)
    alone, planned = (one.closure * one.learners for one in (college.alone, college.plan))
    return college.result.weight * (planned - alone) / learners if learners else 0.0


def _price(view: NetworkView, college: CollegeSeen) -> float:
    """Return the highest price of money that it shares, for a tenge."""
    rows = view.shared(SharedKind.MONEY)
    return max((one.price for one in rows if one.region in (None, college.region_id)), default=0.0)


def _scarce(view: NetworkView, college: CollegeSeen, kind: SharedKind) -> str:
    """Name the limits of a kind with a price of which it takes most, and how many more there are."""
    taken = amounts(college.plan, kind)
    found: list[tuple[float, str]] = []
    for row in view.shared(kind):
        used = sum(
            amount
            for (subject, when), amount in taken.items()
            if subject == row.subject and row.when in ("", when)
        )
        if row.price > 0 and used > 0 and row.region in (None, college.region_id):
            said = view.texts(
                _scarce_key(row),
                subject=view.shared_names[row.subject],
                when=row.when if kind is SharedKind.MONEY else view.texts.semester(row.when),
                share=view.texts.percent(used / row.limit),
            )
            found.append((used / row.limit, said))
    most = sorted(found, key=lambda one: -one[0])[:MOST_LIMITS]
    names = "; ".join(said for _, said in most)
    more = len(found) - len(most)
    return view.texts("nation.more_losers", names=names, count=more) if more else names


def _scarce_key(row: SharedRow) -> str:
    if row.kind is SharedKind.HOURS:
        return "nation.scarce_hours"
    return "nation.scarce_money" if row.when else "nation.scarce_money_whole"
