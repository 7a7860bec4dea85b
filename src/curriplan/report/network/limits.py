"""What colleges share: each limit with its use and its price, and a chart of use against limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from curriplan.plan.network import SharedKind, SharedRow
from curriplan.report.network.money import (
    ALONE,
    PLANNED,
    SUBJECT,
    WHEN,
    TakenCells,
    shown_when,
    style_of,
    style_of_when,
    taken_rows,
)
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.charts import Figure, Kind, Series, axis_up_to, money_axis
from curriplan.xlsx.formula import ratio, total
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import AFTER, BEFORE
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import NOTHING, Range, Term

WHOSE, LIMIT, LEFT, USED = (
    "nation_column.whose",
    "nation_column.limit",
    "nation_column.left",
    "nation_column.share_used",
)
MILLION, HUNDRED = 1_000_000, 100
"""A price is told for so much money, and for so many hours."""
MOST_BARS, LEAST_ROWS = 12, 14
"""Lines that a chart shows at most, and rows that it takes at least."""
ALL = {SharedKind.MONEY: "nation.all_money", SharedKind.HOURS: "nation.all_centres"}
CHART = {SharedKind.MONEY: "nation.chart_money", SharedKind.HOURS: "nation.chart_centres"}
LABEL_LAST = 1
"""The last column of the labels of the chart's table."""


@dataclass(frozen=True)
class Limit:
    """A line of a limit: of a year or a semester, or of all of them together.

    Parameters
    ----------
    limit : float or None
        None where nothing is said of it by itself.
    lines : (int, int)
        Of a sum: the rows of its years among the lines above, the last one not in it.
    """

    row: SharedRow
    limit: float | None
    lines: tuple[int, int] | None = None


def _limit_lines(view: NetworkView, kind: SharedKind) -> tuple[list[Limit], list[Limit]]:
    """Return the limits year by year, and those of all years together, source by source."""
    groups: dict[tuple[str | None, str], dict[str, SharedRow]] = {}
    for row in view.shared(kind):
        groups.setdefault((row.region, row.subject), {})[row.when] = row
    taken = taken_rows(view, kind)
    years: list[Limit] = []
    sums: list[Limit] = []
    for (region, subject), known in groups.items():
        used = (one for one in taken if one.subject == subject)
        whens = {one.when for one in used if region in (None, one.college.region_id)}
        first = len(years)
        named = sorted({*known, *whens} - {""})
        years += [_limit(known, kind, subject, region, when) for when in named]
        sums.append(replace(_limit(known, kind, subject, region, ""), lines=(first, len(years))))
    return years, sums


def _limit(
    known: Mapping[str, SharedRow], kind: SharedKind, subject: str, region: str | None, when: str
) -> Limit:
    found = known.get(when)
    if found is not None:
        return Limit(found, found.limit)
    return Limit(SharedRow(kind, subject, region, when, 0.0, 0.0, 0.0, 0.0), None)


@dataclass(frozen=True)
class LimitCells:
    """The limits by year, and the sums of each source or centre, where they stand."""

    years: Placed[Limit]
    sums: Placed[Limit]


def write_limits(view: NetworkView, sheet: Sheet, kind: SharedKind, taken: TakenCells) -> LimitCells:
    """Write the sheet: limits by year, a chart, the sums of all years."""
    return _LimitSheet(view, sheet, kind, taken).write()


class _LimitSheet:
    """The limits of a kind that are shared."""

    def __init__(self, view: NetworkView, sheet: Sheet, kind: SharedKind, taken: TakenCells) -> None:
        self.view, self.sheet, self.kind, self.taken = view, sheet, kind, taken
        self.used = PLANNED if view.is_national else ALONE

    def write(self) -> LimitCells:
        """Write all of it."""
        years, sums = _limit_lines(self.view, self.kind)
        name = "money" if self.kind is SharedKind.MONEY else "centres"
        by_year = self._table(None)
        self.sheet.set_widths(by_year.widths)
        row = self.sheet.heading(f"nation_title.{name}", f"nation_how.{name}")
        placed = by_year.write(self.sheet, row, years)
        placed.page(2, filtered=False)
        heading = placed.last + 2
        self.sheet.across(heading, self.view.texts(ALL[self.kind]), "heading")
        summed = self._table(placed).fill(self.sheet, heading + 1, sums)
        end = summed.last
        if self._has_left_beside_gain(placed):
            end += 1
            self.sheet.across(end, self.view.texts("nation.left_beside_gain"), "note")
        self.sheet.keep_together(heading, end)
        self._write_chart(placed, end + 2)
        return LimitCells(placed, summed)

    def _table(self, years: Placed[Limit] | None) -> Table[Limit]:
        """Return the table of the years; of their sums, where these are placed."""
        view, style = self.view, style_of(self.kind)
        columns: list[Column[Limit]] = [
            Column(WHOSE, "text", 28, lambda one: view.where(one.row.region)),
            Column(SUBJECT[self.kind], "text", 30, lambda one: view.shared_names[one.row.subject]),
            Column(
                WHEN[self.kind],
                "centre",
                16,
                lambda one: shown_when(view, self.kind, one.row.when),
                varying=lambda one: style_of_when(self.kind, one.row.when),
            ),
            Column(LIMIT, style, 17, formula=lambda line: self._limit(line, years)),
            *self._uses(years),
        ]
        if view.is_national:
            price = (
                "nation_column.price_money" if self.kind is SharedKind.MONEY else "nation_column.price_hours"
            )
            columns.append(Column(price, view.points, 15, formula=self._price))
        return Table(*columns)

    def _uses(self, years: Placed[Limit] | None) -> Iterator[Column[Limit]]:
        style = style_of(self.kind)
        keys = (ALONE, *((PLANNED,) if self.view.is_national else ()))
        for key in keys:
            yield Column(key, style, 17, formula=self._used(key, years))
        yield Column(LEFT, style, 17, formula=self._left)
        yield Column(USED, "share", 14, formula=self._share)

    def _limit(self, line: Line[Limit], years: Placed[Limit] | None) -> Term | float | str:
        if line.row.limit is not None:
            return line.row.limit
        if years is None:
            return NOTHING
        above = _cells(line, years, LIMIT)
        return NOTHING if not above.values or NOTHING in above.values else total(above)

    def _used(self, key: str, years: Placed[Limit] | None) -> Callable[[Line[Limit]], Term]:
        def used(line: Line[Limit]) -> Term:
            if years is not None:
                return total(_cells(line, years, key))
            subject, when = line[SUBJECT[self.kind]], line[WHEN[self.kind]]
            return self.taken.sum_of(key, subject, when, line.row.row.region)

        return used

    def _left(self, line: Line[Limit]) -> Term | str:
        return NOTHING if isinstance(line[LIMIT].value, str) else line[LIMIT] - line[self.used]

    def _share(self, line: Line[Limit]) -> Term | str:
        return NOTHING if isinstance(line[LIMIT].value, str) else ratio(line[self.used], line[LIMIT])

    def _price(self, line: Line[Limit]) -> float | str:
        """Return what a million more, or a hundred hours, would add to the national closure, in points."""
        unit = MILLION if self.kind is SharedKind.MONEY else HUNDRED
        return NOTHING if line.row.limit is None else 100 * unit * line.row.row.price

    def _has_left_beside_gain(self, placed: Placed[Limit]) -> bool:
        """Say whether some money has a price and is left all the same."""
        return self.kind is SharedKind.MONEY and any(
            one.limit is not None and one.row.price > 0 and placed.ref(row, LEFT).number > 0
            for row, one in placed.lines()
        )

    def _write_chart(self, placed: Placed[Limit], row: int) -> None:
        """Draw what is used beside each limit, with the small table that the chart is drawn from."""
        lines, note = self._charted(placed)
        if not lines:
            return
        texts, sheet, style = self.view.texts, self.sheet, style_of(self.kind)
        sheet.across(row, texts(CHART[self.kind]), "heading")
        keys = (LIMIT, self.used)
        sheet.across(row + 1, texts("nation_column.limit_of"), "header", 0, LABEL_LAST)
        for column, key in enumerate(keys, start=LABEL_LAST + 1):
            sheet.across(row + 1, texts(key), "header", column, column)
        first, last = row + 2, row + 1 + len(lines)
        for place, (line, one) in enumerate(lines, start=first):
            sheet.across(place, self._label(one), "text", 0, LABEL_LAST)
            for column, key in enumerate(keys, start=LABEL_LAST + 1):
                sheet.formula(place, column, placed.ref(line, key), style)
        if note:
            sheet.across(last + 1, note, "note", 0, LABEL_LAST + len(keys))
        end = max(last + 1, row + LEAST_ROWS)
        self._draw(row, (first, last), end)
        sheet.keep_together(row, end)

    def _charted(self, placed: Placed[Limit]) -> tuple[list[tuple[int, Limit]], str]:
        """Return the lines with a limit, of too many the tightest, and what is to be said then."""
        lines = [(place, one) for place, one in placed.lines() if one.limit]
        if len(lines) <= MOST_BARS:
            return lines, ""
        tightest = sorted(lines, key=lambda one: (-placed.ref(one[0], USED).number, one[0]))[:MOST_BARS]
        return sorted(tightest, key=lambda one: one[0]), self.view.texts(
            "nation.chart_tightest", shown=MOST_BARS, count=len(lines)
        )

    def _label(self, one: Limit) -> str:
        parts = [self.view.shared_names[one.row.subject]]
        parts += [] if one.row.region is None else [self.view.where(one.row.region)]
        return ", ".join([*parts, str(shown_when(self.view, self.kind, one.row.when))])

    def _draw(self, row: int, rows: tuple[int, int], end: int) -> None:
        texts, sheet = self.view.texts, self.sheet
        places = sheet.cells(rows[0], 0, rows[1], 0)
        series = tuple(
            Series(
                sheet.cells(row + 1, column, row + 1, column),
                places,
                sheet.cells(rows[0], column, rows[1], column),
                colour,
            )
            for column, colour in ((LABEL_LAST + 1, BEFORE), (LABEL_LAST + 2, AFTER))
        )
        largest = max((one or 0.0 for each in series for one in each.values.numbers), default=0.0)
        axis = (
            money_axis(texts("axis.money"), texts("axis.millions"), largest)
            if self.kind is SharedKind.MONEY
            else axis_up_to(texts("axis.hours"), max(largest, 1.0))
        )
        figure = Figure(
            kind=Kind.BARS,
            message=sheet.cells(row, 0, row, 0),
            description=texts(CHART[self.kind]),
            series=series,
            places=texts(SUBJECT[self.kind]),
            values=axis,
        )
        sheet.chart(figure, Box(row + 1, end, LABEL_LAST + 3, len(sheet.widths) - 1))


def _cells(line: Line[Limit], years: Placed[Limit], key: str) -> Range:
    """Return the cells of the years of a sum."""
    assert line.row.lines is not None
    first, end = line.row.lines
    return years.sheet.range(years.place(key), years.first + first, years.first + end - 1)
