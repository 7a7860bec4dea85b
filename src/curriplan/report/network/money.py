"""Money and hours that colleges share: how much of it each of them takes."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan.plan.network import SharedKind
from curriplan.report.network.view import CollegeSeen, NetworkView, amounts
from curriplan.xlsx.formula import sum_where, total
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Placed, Table
from curriplan.xlsx.term import Range, Term, constant

REGION, COLLEGE = "nation_column.region", "nation_column.college"
SUBJECT = {SharedKind.MONEY: "nation_column.source", SharedKind.HOURS: "nation_column.centre"}
WHEN = {SharedKind.MONEY: "nation_column.year", SharedKind.HOURS: "nation_column.semester"}
ALONE, PLANNED = "nation_column.by_themselves", "nation_column.in_national"


@dataclass(frozen=True)
class TakenShare:
    """What a college takes of a source in a year, or of a centre in a semester."""

    college: CollegeSeen
    subject: str
    when: str
    alone: float
    planned: float


def taken_rows(view: NetworkView, kind: SharedKind) -> tuple[TakenShare, ...]:
    """Return what each college takes of what is shared, college by college."""
    found: list[TakenShare] = []
    for college in view.colleges:
        alone, planned = (amounts(one, kind) for one in (college.alone, college.plan))
        shared = (key for key in sorted({*alone, *planned}) if view.shares(kind, key[0], college.region_id))
        found += [TakenShare(college, *key, alone.get(key, 0), planned.get(key, 0)) for key in shared]
    return tuple(found)


def shown_when(view: NetworkView, kind: SharedKind, when: str) -> str | float:
    """Return a year as a number, a semester in words."""
    if not when:
        return view.texts("nation.all_years" if kind is SharedKind.MONEY else "nation.all_semesters")
    return int(when) if kind is SharedKind.MONEY else view.texts.semester(when)


def style_of(kind: SharedKind) -> str:
    """Return the style of amounts."""
    return "money" if kind is SharedKind.MONEY else "hours"


def style_of_when(kind: SharedKind, when: str) -> str:
    """Return the style of a year or a semester."""
    return "term" if when and kind is SharedKind.MONEY else "centre"


class TakenCells:
    """What colleges take, where it stands: cells of a college, of a region, of all."""

    def __init__(self, kind: SharedKind, placed: Placed[TakenShare] | None) -> None:
        self._kind, self._placed = kind, placed
        self._of: dict[tuple[str, ...], list[int]] = {}
        for row, one in [] if placed is None else placed.lines():
            for key in (
                (),
                ("region", one.college.region_id),
                ("college", one.college.id),
                ("college", one.college.id, one.subject),
            ):
                self._of.setdefault(key, [row, row])[1] = row

    def total(self, key: str, *of: str) -> Term:
        """Return the sum of a column over the rows of a college, of it and a source, of a region, or all."""
        ends = self._of.get(of)
        return constant(0) if ends is None else total(self._range(key, *ends))

    def sum_of(self, key: str, subject: Term, when: Term, region: str | None) -> Term:
        """Return the sum of a column over the colleges that share a limit; cells name source and year."""
        ends = self._of.get(() if region is None else ("region", region))
        if ends is None:
            return constant(0)
        values, subjects, times = (
            self._range(one, *ends) for one in (key, SUBJECT[self._kind], WHEN[self._kind])
        )
        return sum_where(values, (subjects, "=", subject), (times, "=", when))

    def _range(self, key: str, first: int, last: int) -> Range:
        assert self._placed is not None
        return self._placed.sheet.range(self._placed.place(key), first, last)


def taken_table(view: NetworkView, kind: SharedKind) -> Table[TakenShare]:
    """Return the table of what each college takes."""
    style = style_of(kind)
    columns: list[Column[TakenShare]] = [
        Column(REGION, "text", 22, lambda one: one.college.region),
        Column(COLLEGE, "text", 54, lambda one: one.college.name),
        Column(SUBJECT[kind], "text", 30, lambda one: view.shared_names[one.subject]),
        Column(
            WHEN[kind],
            "centre",
            14,
            lambda one: shown_when(view, kind, one.when),
            varying=lambda one: style_of_when(kind, one.when),
        ),
        Column(ALONE, style, 16, lambda one: one.alone),
    ]
    if view.is_national:
        columns.append(Column(PLANNED, style, 16, lambda one: one.planned))
        columns.append(
            Column(
                "nation_column.more", f"{style}_change", 16, formula=lambda line: line[PLANNED] - line[ALONE]
            )
        )
    return Table(*columns)


def write_taken(view: NetworkView, sheet: Sheet | None, kind: SharedKind) -> TakenCells:
    """Write what each college takes; without a sheet there is nothing to take."""
    if sheet is None:
        return TakenCells(kind, None)
    table = taken_table(view, kind)
    sheet.set_widths(table.widths)
    name = "money_of_colleges" if kind is SharedKind.MONEY else "hours_of_colleges"
    placed = table.write(
        sheet, sheet.heading(f"nation_title.{name}", f"nation_how.{name}"), taken_rows(view, kind)
    )
    placed.page(2)
    return TakenCells(kind, placed)
