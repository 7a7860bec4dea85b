"""The money of the sheet for the ministry: by programme, by source and year, and of all intakes together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriplan.plan.figures import IntakeYear
from curriplan.report.budget_rows import purse_name, source_name
from curriplan.report.context import Context, OverviewCells, ProgrammeCells
from curriplan.report.ministry_parts import CODE, FIRST, NAME, THIRD, block, write_texts
from curriplan.report.ministry_rows import code_table
from curriplan.xlsx.formula import greatest, holds, larger, numeric, ratio, sum_where, total, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import Range, Term, constant


@dataclass(frozen=True)
class MoneyCells:
    """New money, and what it comes to for a learner and for a learner-point."""

    money: Term
    learners: Term
    points: Term
    per_learner: Term
    per_point: Term


@dataclass(frozen=True)
class SourceCells:
    """What the sources pay in all."""

    names: Range
    paid: Range
    total: Term


@dataclass(frozen=True)
class IntakeCells:
    """Years in which all intakes together ask for more than the sources have."""

    over: Term
    by_year: Mapping[int, tuple[Term, Term]]
    """What all sources are asked for, and what of it they lack."""
    steady: Term
    """New money a year once nothing changes any more."""


MONEY_COLUMNS = (
    Column("column.programme", "code", 0),
    Column("column.programme_name", "text", 0),
    Column("column.teaching_language", "text", 0),
    Column("column.learners", "count", 0),
    Column("column.closure_before", "share", 0),
    Column("column.closure_after", "share", 0),
    Column("column.change_points", "points", 0),
    Column("column.err_range", "centre", 0),
    Column("column.running_money", "money", 0),
    Column("column.setup_share", "money", 0),
    Column("column.new_money", "money", 0),
    Column("column.per_learner", "money", 0),
    Column("column.learner_points", "count", 0),
    Column("column.per_learner_point", "money", 0),
)
LEARNERS, BEFORE, AFTER, CHANGE, ERR, RUNNING, SETUP, MONEY, PER_LEARNER, POINTS, PER_POINT = range(FIRST, 14)


def write_money(context: Context, sheet: Sheet, row: int, overview: OverviewCells) -> tuple[MoneyCells, int]:
    """Write the new money by programme with its share of set-up, for each learner and learner-point."""
    first = block(sheet, row, "heading.money_by_programme", "how.money_by_programme", MONEY_COLUMNS)
    languages = {line.programme: line.language for line in code_table(context.view, context.labels)}
    shares = {line.programme: line.setup_share_kzt for line in context.view.figures.programmes}
    end = first + len(overview.rows)
    for place, cells in enumerate(overview.rows, start=first):
        name = str(cells.programme.value)
        sheet.formula(place, CODE, cells.programme, "code")
        sheet.formula(place, NAME, cells.name, "text")
        sheet.text(place, THIRD, context.texts(f"taught_in.{languages[name]}"), "text")
        sheet.formula(place, RUNNING, cells.cost, "money")
        sheet.number(place, SETUP, shares[name], "money")
        _write_closure(sheet, place, cells, "")
        gained = numeric(sheet.ref(place, CHANGE)) * sheet.ref(place, LEARNERS)
        sheet.formula(place, POINTS, gained, "count")
        _write_figures(sheet, place, "", sheet.ref(place, LEARNERS))
    write_texts(sheet, end, ("", context.texts("phrase.total"), ""), "total")
    _write_closure(sheet, end, overview.total, " total")
    for column in (RUNNING, SETUP, POINTS):
        style = f"{MONEY_COLUMNS[column].style} total"
        sheet.formula(end, column, total(sheet.range(column, first, end - 1)), style)
    # Of programmes that nothing is spent on, such as running intakes that do not change, nobody is paid for.
    spent = sheet.range(MONEY, first, end - 1)
    learners = sum_where(sheet.range(LEARNERS, first, end - 1), (spent, ">=", constant(1)))
    _write_figures(sheet, end, " total", learners)
    money, *others = (sheet.ref(end, column) for column in (MONEY, POINTS, PER_LEARNER, PER_POINT))
    return MoneyCells(money, learners, *others), end + 2


def _write_closure(sheet: Sheet, row: int, cells: ProgrammeCells, look: str) -> None:
    values = {
        LEARNERS: cells.learners,
        BEFORE: cells.before,
        AFTER: cells.after,
        CHANGE: cells.change,
        ERR: cells.sure,
    }
    for column, term in values.items():
        sheet.formula(row, column, term, MONEY_COLUMNS[column].style + look)


def _write_figures(sheet: Sheet, row: int, look: str, learners: Term) -> None:
    """Write the money of a row, and what it comes to for a learner and for a learner-point."""
    spent = sheet.formula(row, MONEY, sheet.ref(row, RUNNING) + sheet.ref(row, SETUP), "money" + look)
    sheet.formula(row, PER_LEARNER, ratio(spent, learners), "money" + look)
    points = larger(constant(0), sheet.ref(row, POINTS))
    sheet.formula(row, PER_POINT, ratio(spent, points), "money" + look)


SOURCE_COLUMNS = (
    Column("column.source_code", "code", 0),
    Column("column.funding_source", "text", 0),
    Column("column.money_total", "money", 0),
)


def write_years(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range]
) -> tuple[SourceCells, int]:
    """Write what each source pays in each calendar year."""
    first = block(sheet, row, "heading.money_by_year", "how.money_by_year", SOURCE_COLUMNS)
    years = sorted({one.year for one in context.view.plan.payments})
    paying = {one.source for one in context.view.plan.payments}
    known = [name for name in context.view.problem.money.sources if name in paying]
    sources = [*known, *sorted(paying - set(known))]
    columns = range(FIRST, FIRST + len(years))
    for column, year in zip(columns, years, strict=True):
        sheet.number(first - 1, column, year, "header")
    for place, source in enumerate(sources, start=first):
        sheet.text(place, CODE, source, "code")
        sheet.text(place, NAME, source_name(context.labels, source), "text")
        mine = (payments["source"], "=", sheet.ref(place, CODE))
        for column in columns:
            paid = sum_where(payments["kzt"], mine, (payments["year"], "=", sheet.ref(first - 1, column)))
            sheet.formula(place, column, paid, "money")
        sheet.formula(place, THIRD, total_of([sheet.ref(place, column) for column in columns]), "money")
    end = first + len(sources)
    write_texts(sheet, end, ("", context.texts("phrase.all_sources")), "total")
    for column in (THIRD, *columns):
        sheet.formula(end, column, total(sheet.range(column, first, end - 1)), "money total")
    names, paid_in_all = (sheet.range(column, first, end - 1) for column in (NAME, THIRD))
    return SourceCells(names, paid_in_all, sheet.ref(end, THIRD)), end + 2


INTAKE_KEYS = {
    "source": "column.source_code",
    "year": "column.year",
    "all": "column.all_intakes",
    "budget": "column.budget",
    "left": "column.any_year_left",
    "over": "column.over",
}


def write_intakes(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range]
) -> tuple[IntakeCells | None, int]:
    """Write what each source pays with all intakes running, year by year until nothing changes."""
    rows = context.view.figures.intakes.years
    if not rows:
        return None, row
    table = _intake_table(context, payments)
    first = block(sheet, row, "heading.all_intakes", "how.all_intakes", table.columns)
    placed = table.fill(sheet, first, rows)
    context.colour_status(sheet, first, placed.place("column.status"), placed.last)
    all_years = sorted({line.year for line in rows})
    for place, year in enumerate(all_years, start=placed.last + 1):
        _write_year(context, placed, place, year, payments)
    end = placed.last + len(all_years)
    context.colour_status(sheet, placed.last + 1, placed.place("column.status"), end)
    asked, lacking = (placed.place(INTAKE_KEYS[key]) for key in ("all", "over"))
    beyond = sum_where(None, (sheet.range(lacking, placed.last + 1, end), ">=", constant(1)))
    by_year = {
        year: (sheet.ref(place, asked), sheet.ref(place, lacking))
        for place, year in enumerate(all_years, start=placed.last + 1)
    }
    return IntakeCells(beyond, by_year, sheet.ref(end, asked)), end + 2


def _write_year(
    context: Context, placed: Placed[IntakeYear], row: int, year: int, payments: Mapping[str, Range]
) -> None:
    """Write what all sources together pay in a year."""
    sheet, keys = placed.sheet, INTAKE_KEYS
    write_texts(sheet, row, ("", context.texts("phrase.all_sources")), "group")
    sheet.number(row, THIRD, year, "term group")
    here = sheet.ref(row, THIRD)
    sums = {
        "column.first_intake": _paid_in(payments, here),
        keys["all"]: sum_where(placed.range(keys["all"]), (placed.range(keys["year"]), "=", here)),
        keys["over"]: sum_where(placed.range(keys["over"]), (placed.range(keys["year"]), "=", here)),
    }
    for key, term in sums.items():
        sheet.formula(row, placed.place(key), term, "money group")
    for key in (keys["budget"], keys["left"]):
        sheet.text(row, placed.place(key), "", "money group")
    fits = context.whether(holds("=", placed.ref(row, keys["over"]), constant(0)))
    sheet.formula(row, placed.place("column.status"), fits, "status group")


def _intake_table(context: Context, payments: Mapping[str, Range]) -> Table[IntakeYear]:
    keys = INTAKE_KEYS
    no_limit = context.texts("phrase.no_limit")

    def all_intakes(line: Line[IntakeYear]) -> Term:
        mine = (payments["source"], "=", line[keys["source"]])
        once = sum_where(payments["again"], mine, (payments["year"], "=", line[keys["year"]]))
        again = sum_where(payments["again"], mine, (payments["year"], "<=", line[keys["year"]]))
        return line["column.first_intake"] - once + again

    def left(line: Line[IntakeYear]) -> Term | str | int:
        if line.row.any_year_left_kzt is None:
            return no_limit
        above = line.above
        if above is None or above.row.source != line.row.source:
            return line.row.any_year_left_kzt
        return larger(constant(0), above[keys["left"]] - _beyond(above))

    def over(line: Line[IntakeYear]) -> Term | int:
        if line.row.any_year_left_kzt is None:
            return 0
        return larger(constant(0), _beyond(line) - line[keys["left"]])

    return Table(
        Column(keys["source"], "code", 0, lambda row: row.source),
        Column("column.funding_source", "text", 0, lambda row: purse_name(context.labels, row.source)),
        Column(keys["year"], "term", 0, lambda row: row.year),
        Column(
            "column.first_intake",
            "money",
            0,
            formula=lambda line: _paid_in(payments, line[keys["year"]], line[keys["source"]]),
        ),
        Column(keys["all"], "money", 0, formula=all_intakes),
        Column(
            keys["budget"], "money", 0, lambda row: no_limit if row.budget_kzt is None else row.budget_kzt
        ),
        Column(keys["left"], "money", 0, formula=left),
        Column(keys["over"], "money", 0, formula=over),
        Column(
            "column.status",
            "status",
            0,
            formula=lambda line: context.whether(holds("=", line[keys["over"]], constant(0))),
        ),
    )


def _beyond(line: Line[IntakeYear]) -> Term:
    """Return what the budget of the year does not carry."""
    return larger(constant(0), line[INTAKE_KEYS["all"]] - line[INTAKE_KEYS["budget"]])


def _paid_in(payments: Mapping[str, Range], year: Term, source: Term | None = None) -> Term:
    """Return what the plan's payments come to in a year: of a source, or of all."""
    mine = [] if source is None else [(payments["source"], "=", source)]
    return sum_where(payments["kzt"], *mine, (payments["year"], "=", year))


def largest_source(cells: SourceCells) -> Term:
    """Return what the source that pays most pays, a dash where nobody does."""
    return greatest(cells.paid)
