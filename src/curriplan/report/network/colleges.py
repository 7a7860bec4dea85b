"""The colleges: who gets what, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from math import prod

from curriplan.plan.network import SharedKind
from curriplan.report.network.money import ALONE, PLANNED, TakenCells
from curriplan.report.network.view import CollegeSeen, NetworkView
from curriplan.xlsx.formula import difference, products_where, total, weighted_mean
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import NOTHING, Range, Term, as_number, constant

REGION, COLLEGE = "nation_column.region", "nation_column.college"
LEARNERS, LEARNERS_TODAY, LEARNERS_PLANNED = (
    "nation_column.learners",
    "nation_column.learners_today",
    "nation_column.learners_planned",
)
WEIGHT, HOURS = "nation_column.weight", "nation_column.hours"
TODAY, BY_ITSELF, CLOSED = (
    "nation_column.closed_today",
    "nation_column.closed_alone",
    "nation_column.closed_national",
)
GAIN, SHARED_KZT, SHARED_ALONE, ALL_KZT, ADDED = (
    "nation_column.gain",
    "nation_column.shared_kzt",
    "nation_column.shared_alone_kzt",
    "nation_column.all_kzt",
    "nation_column.added",
)
MOST_SOURCES, MONEY_WIDTH, PRINTED_WIDTH = 3, 14, 176
"""Sources with a column of their own, its width, and that of a page: more would make letters too small."""
TOTAL_LOOK = " total"


class CollegeSheet:
    """The sheet of the colleges, which sheets of regions and the summary refer to."""

    def __init__(self, view: NetworkView, money: TakenCells, hours: TakenCells) -> None:
        self.view, self.money, self.hours = view, money, hours
        self.closed = CLOSED if view.is_national else BY_ITSELF
        """The column with the closure that counts."""
        self.used = PLANNED if view.is_national else ALONE
        self.learners_today, self.learners_planned = learner_keys(view)
        self.sources = tuple(dict.fromkeys(one.subject for one in view.shared(SharedKind.MONEY)))
        """The shared sources, each once."""
        self.shown_sources: tuple[str, ...] = ()
        """Those with a column of their own, where there is room for all."""
        if len(self.sources) <= MOST_SOURCES and (
            sum(self.table.widths) + MONEY_WIDTH * len(self.sources) <= PRINTED_WIDTH
        ):
            self.shown_sources = self.sources

    @property
    def table(self) -> Table[CollegeSeen]:
        """The table of the colleges."""
        return Table(*self._about(), *self._closures(), *self._money())

    def _about(self) -> Iterator[Column[CollegeSeen]]:
        view = self.view
        yield Column(REGION, "text", 15, lambda one: one.region)
        yield Column(COLLEGE, "text", 28, lambda one: one.name)
        yield Column(self.learners_today, "count", 12, lambda one: one.alone.learners)
        if view.has_places:
            yield Column(self.learners_planned, "count", 12, lambda one: one.plan.learners)
        if view.has_weights:
            yield Column(WEIGHT, "tenths", 8, lambda one: one.result.weight)

    def _closures(self) -> Iterator[Column[CollegeSeen]]:
        yield Column(TODAY, "share", 9, lambda one: one.alone.closure_before)
        yield Column(BY_ITSELF, "share", 13, lambda one: one.alone.closure)
        if self.view.is_national:
            yield Column(CLOSED, "share", 9, lambda one: one.plan.closure)
            yield Column(
                GAIN, "points", 13, formula=lambda line: difference(line[CLOSED], line[BY_ITSELF], times=100)
            )

    def _money(self) -> Iterator[Column[CollegeSeen]]:
        for place, source in enumerate(self.shown_sources):
            yield Column(source_key(place), "money", MONEY_WIDTH, formula=self._of_source(source))
        if self.sources:
            yield Column(SHARED_KZT, "money", 15, formula=lambda line: self._paid(line, self.used))
            if self.view.is_national:
                yield Column(SHARED_ALONE, "money", 15, formula=lambda line: self._paid(line, ALONE))
        yield Column(ALL_KZT, "money", 15, lambda one: one.plan.cost_kzt)
        if self.view.shared(SharedKind.HOURS):
            yield Column(
                HOURS, "hours", 10, formula=lambda line: self.hours.total(self.used, "college", line.row.id)
            )

    def _of_source(self, source: str) -> Callable[[Line[CollegeSeen]], Term]:
        return lambda line: self.money.total(self.used, "college", line.row.id, source)

    def _paid(self, line: Line[CollegeSeen], key: str) -> Term:
        return self.money.total(key, "college", line.row.id)

    def write(self, sheet: Sheet) -> CollegeCells:
        """Write the sheet: the colleges, and their sums."""
        table = self.table
        sheet.set_widths(table.widths)
        said = self.view.country_added
        row = sheet.heading("nation_title.colleges", "nation_how.colleges", country=said)
        placed = table.write(sheet, row, self.view.colleges)
        for place, source in enumerate(self.shown_sources):
            column, name = table.place(source_key(place)), self.view.shared_names[source]
            sheet.across(row, sheet.texts("nation.kzt_of", source=name), "header", column, column)
        placed.page(2)
        cells = CollegeCells(self, placed)
        cells.write_sums()
        return cells


def learner_keys(view: NetworkView) -> tuple[str, str]:
    """Return the columns with the learners of today and with those of the plan; one where no groups move."""
    return (LEARNERS_TODAY, LEARNERS_PLANNED) if view.has_places else (LEARNERS, LEARNERS)


def source_key(place: int) -> str:
    """Return the key of the column of a shared source."""
    return ("nation_column.source_1", "nation_column.source_2", "nation_column.source_3")[place]


def _per_learner(values: Range, learners: Range, today: Range, weights: tuple[Range, ...]) -> Term:
    """Return Σ value·learners·weight / Σ learners of today·weight, a dash without colleges."""
    columns = [one.values for one in (values, learners, today, *weights)]
    rows = [[as_number(one) for one in row] for row in zip(*columns, strict=True)]
    whole = sum(today_ * prod(weight) for _, _, today_, *weight in rows)
    if not whole:
        return constant(NOTHING)
    closed = sum(value * count * prod(weight) for value, count, _, *weight in rows)
    counted, base = (",".join(one.text for one in (by, *weights)) for by in (learners, today))
    return Term(f"SUMPRODUCT({values.text},{counted})/SUMPRODUCT({base})", closed / whole)


class CollegeCells:
    """The colleges where they stand: columns of all, or of a region."""

    def __init__(self, of: CollegeSheet, placed: Placed[CollegeSeen]) -> None:
        self.of, self.placed = of, placed
        self._ends: dict[str, tuple[int, int]] = {}
        for row, one in placed.lines():
            self._ends[one.region_id] = (self._ends.get(one.region_id, (row, row))[0], row)

    def column(self, key: str, region: str | None = None) -> Range:
        """Return a column of all colleges, or of those of a region; an empty one where it has none."""
        if region is None:
            return self.placed.range(key)
        first, last = self._ends.get(region, (self.placed.first, self.placed.first - 1))
        return self.placed.sheet.range(self.placed.place(key), first, last)

    def closure(self, key: str, region: str | None = None) -> Term:
        """Return a closure over colleges, weighted by learners.

        Nationally by what learners count, and over those of today: so the bound counts too.
        """
        is_planned = key == self.of.closed and self.of.view.is_national
        view = self.of.view
        learners = self.column(self.of.learners_planned if is_planned else self.of.learners_today, region)
        if not learners.values:
            return constant(NOTHING)
        if region is not None or not (view.has_weights or view.has_places):
            return weighted_mean(self.column(key, region), learners)
        weights = (self.column(WEIGHT),) if view.has_weights else ()
        return _per_learner(self.column(key), learners, self.column(self.of.learners_today), weights)

    @cached_property
    def learners_that_count(self) -> Term:
        """The learners of today, as they count in the country: the cell with the sum, or a formula."""
        learners = self.column(self.of.learners_today)
        if not self.of.view.has_weights:
            return total(learners)
        return products_where(learners, self.column(WEIGHT))

    def write_sums(self) -> None:
        """Write the sums below the last college."""
        sheet, row = self.placed.sheet, self.placed.last + 1
        for column in self.placed.table.shown:
            place, style = self.placed.place(column.key), column.style + TOTAL_LOOK
            if column.key == COLLEGE:
                sheet.text(row, place, sheet.texts("nation.total"), style)
            elif column.key in (TODAY, BY_ITSELF, CLOSED):
                sheet.formula(row, place, self.closure(column.key), style)
            elif column.key == GAIN:
                closed, alone = (self.placed.ref(row, one) for one in (CLOSED, BY_ITSELF))
                sheet.formula(row, place, difference(closed, alone, times=100), style)
            elif column.key in (REGION, WEIGHT):
                sheet.text(row, place, "", style)
            else:
                sheet.formula(row, place, total(self.column(column.key)), style)
