"""The Budget & hours sheet: new money, load by term, hours of rooms and teachers, with limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.base import semesters
from curriplan.catalog.records import CostPart
from curriplan.report.budget_rows import (
    HoursRow,
    MoneyRow,
    PurseRow,
    UseRow,
    hours_table,
    money_table,
    purse_table,
    resource_table,
    semester_number,
    semester_table,
    source_name,
    use_table,
)
from curriplan.report.context import BudgetCells, Context, CurriculumCells
from curriplan.report.source_years import write_source_years
from curriplan.report.term_hours import write_term_hours
from curriplan.xlsx.formula import Match, Range, Term, constant, ratio, smaller, sum_where, total, total_of
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet

WIDTHS = (14, 44, 26, 16, 16, 16, 16, 18)

PART_COLUMNS = (
    Column("column.setup", "money", 0),
    Column("column.delivery", "money", 0),
    Column("column.fees", "money", 0),
    Column("column.travel", "money", 0),
)
"""One for each `CostPart`, in its order."""
MONEY_COLUMNS = (
    Column("column.index", "code", 0),
    Column("column.module", "text", 0),
    Column("column.programmes", "text", 0),
    *PART_COLUMNS,
    Column("column.money_total", "money", 0),
)
PAID_COLUMNS = (
    Column("column.source_code", "code", 0),
    Column("column.funding_source", "text", 0),
    Column("column.year", "centre", 0),
    *PART_COLUMNS,
    Column("column.money_total", "money", 0),
)
PURSE_COLUMNS = (
    Column("column.source_code", "code", 0),
    Column("column.funding_source", "text", 0),
    Column("column.year", "centre", 0),
    Column("column.budget", "money", 0),
    Column("column.used", "money", 0),
    Column("column.left", "money", 0),
    Column("column.paid_in_year", "money", 0),
)
RESOURCE_COLUMNS = (
    Column("column.resource_code", "code", 0),
    Column("column.resource", "text", 0),
    Column("column.category", "text", 0),
    Column("column.owner", "text", 0),
    Column("column.places", "count", 0),
    Column("column.fee_per_hour", "money", 0),
    Column("column.travel_cost", "money", 0),
    Column("column.intake_hours", "hours", 0),
)
SEMESTER_COLUMNS = (
    Column("column.semester_code", "code", 0),
    Column("column.semester", "text", 0),
    Column("column.programmes", "text", 0),
    Column("column.running_cost", "money", 0),
)
HOURS_COLUMNS = (
    Column("column.resource_code", "code", 0),
    Column("column.resource", "text", 0),
    Column("column.category", "text", 0),
    Column("column.semester", "text", 0),
    Column("column.free_hours", "hours", 0),
    Column("column.used_before", "hours", 0),
    Column("column.used_after", "hours", 0),
    Column("column.load", "share", 0),
)
USE_COLUMNS = (
    Column("column.resource_code", "code", 12),
    Column("column.resource", "text", 34),
    Column("column.programme", "code", 12),
    Column("column.index", "code", 12),
    Column("column.module", "text", 42),
    Column("column.term_number", "term", 10),
    Column("column.parts", "term", 11),
    Column("column.use_hours", "hours", 12),
    Column("column.season", "term", 12),
    Column("column.first_semester", "semester", 14),
    Column("column.last_semester", "semester", 14),
    Column("column.resource_kind", "code", 18),
    Column("column.is_added", "centre", 12),
)
KEPT_ROWS = 6
"""A heading is never printed without its header and a few rows."""
USE_RESOURCE, USE_PROGRAMME = 0, 2
USE_HOURS, USE_SEASON, USE_FIRST, USE_LAST, USE_KIND, USE_ADDED = range(7, 13)


def add_budget_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.budget"), WIDTHS)


def add_use_sheet(context: Context) -> Sheet:
    """Add the empty sheet of single uses."""
    return context.book.sheet(context.texts("sheet.uses"), [column.width for column in USE_COLUMNS])


def write_uses(context: Context, sheet: Sheet) -> dict[str, Range]:
    """Write which module uses which room or teacher; return the columns that hours are summed from."""
    rows = use_table(context.view, context.labels)
    first = sheet.header(sheet.heading("title.uses", "how.uses"), USE_COLUMNS)
    for row, line in enumerate(rows, start=first):
        _write_use(sheet, row, line)
    last = first + len(rows) - 1
    sheet.freeze(first, 2)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, len(USE_COLUMNS) - 1)
    places = {
        "resource": USE_RESOURCE,
        "programme": USE_PROGRAMME,
        "hours": USE_HOURS,
        "season": USE_SEASON,
        "first": USE_FIRST,
        "last": USE_LAST,
        "kind": USE_KIND,
        "added": USE_ADDED,
    }
    return {name: sheet.range(place, first, last) for name, place in places.items()}


def _write_use(sheet: Sheet, row: int, line: UseRow) -> None:
    texts = (line.resource, line.resource_name, line.programme, line.module, line.name)
    for place, text in enumerate(texts):
        sheet.text(row, place, text, USE_COLUMNS[place].style)
    numbers = (line.term, line.parts, line.hours, line.season, line.first, line.last)
    for place, number in enumerate(numbers, start=5):
        sheet.number(row, place, number, USE_COLUMNS[place].style)
    sheet.text(row, USE_KIND, line.kind, USE_COLUMNS[USE_KIND].style)
    sheet.text(row, USE_ADDED, sheet.texts("word.yes" if line.is_added else "word.no"), "centre")


def write_budget(
    context: Context,
    sheet: Sheet,
    uses: Mapping[str, Range],
    payments: Mapping[str, Range],
    curricula: Mapping[str, CurriculumCells],
) -> BudgetCells:
    """Write the sheet; return where its totals stand."""
    row = sheet.heading("title.budget", "how.budget")
    sheet.freeze(row)
    setup, new_money, row = _write_money(context, sheet, row + 1)
    sources, limit, row = _write_purses(context, sheet, row + 1, payments, new_money)
    row = _write_paid(context, sheet, row + 1, payments)
    row = write_source_years(context, sheet, row + 1, payments)
    row = _write_semesters(context, sheet, row + 1, curricula)
    term_hours, row = write_term_hours(context, sheet, row + 1, curricula)
    row = _write_resources(context, sheet, row + 1, uses)
    hours = _write_hours(context, sheet, row + 1, uses)
    return BudgetCells(sheet.name, new_money, setup, limit, hours, sources, term_hours)


def _block(sheet: Sheet, row: int, key: str, columns: Sequence[Column]) -> int:
    """Write a block's heading and header; return its first row."""
    sheet.across(row, sheet.texts(key), "heading")
    sheet.keep_together(row, row + KEPT_ROWS)
    return sheet.header(row + 1, columns)


FIRST_PART, WHOLE = 3, 3 + len(PART_COLUMNS)
"""Columns of the cost parts, and of their sum."""


def _write_total(
    sheet: Sheet, row: int, first: int, columns: Sequence[int], text: str, end: int | None = None
) -> list[Term]:
    """Write a total row of the rows from `first` to before `end` (else `row`); return the sums."""
    last = (row if end is None else end) - 1
    for column, shown in enumerate(("", text, "")):
        sheet.text(row, column, shown, "text total")
    return [
        sheet.formula(row, column, total(sheet.range(column, first, last)), "money total")
        for column in columns
    ]


def _write_money(context: Context, sheet: Sheet, row: int) -> tuple[Term, Term, int]:
    """Write the new money by module and cost part: set-up once, the rest for each programme."""
    first = _block(sheet, row, "heading.new_money", MONEY_COLUMNS)
    rows = money_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_money_row(sheet, place, line)
    end = first + len(rows)
    sums = _write_total(sheet, end, first, range(FIRST_PART, WHOLE + 1), context.texts("phrase.total"))
    return sums[0], sums[-1], end + 1


def _write_money_row(sheet: Sheet, row: int, line: MoneyRow) -> None:
    sheet.text(row, 0, line.module, "code")
    sheet.text(row, 1, line.name, "text")
    sheet.text(row, 2, line.programmes, "text")
    for column, part in enumerate(CostPart, start=FIRST_PART):
        sheet.number(row, column, line.kzt[part], "money")
    _write_whole(sheet, row)


def _write_whole(sheet: Sheet, row: int, look: str = "") -> None:
    parts = [sheet.ref(row, column) for column in range(FIRST_PART, WHOLE)]
    sheet.formula(row, WHOLE, total_of(parts), "money" + look)


def _write_paid(context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range]) -> int:
    """Write what each source pays in each year by cost part, then all sources together by year."""
    rows = list(dict.fromkeys((one.source, one.year) for one in context.view.plan.payments))
    order = {name: place for place, name in enumerate(context.view.problem.money.sources)}
    rows.sort(key=lambda one: (order.get(one[0], len(order)), *one))
    first = _block(sheet, row, "heading.paid", PAID_COLUMNS)
    for place, (source, year) in enumerate(rows, start=first):
        _write_paid_row(context, sheet, place, payments, year, source)
    years = first + len(rows)
    end = years
    for end, year in enumerate(sorted({year for _, year in rows}), start=years):
        _write_paid_row(context, sheet, end, payments, year)
    end += bool(rows)
    _write_total(sheet, end, first, range(FIRST_PART, WHOLE + 1), context.texts("phrase.total"), years)
    sheet.keep_together(row, end)
    return end + 1


def _write_paid_row(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range], year: int, source: str = ""
) -> None:
    """Write the payments of a source in a year; without a source, of all together."""
    look = "" if source else " group"
    name = source_name(context.labels, source) if source else context.texts("phrase.all_sources")
    sheet.text(row, 0, source, "code" + look)
    sheet.text(row, 1, name, "text" + look)
    sheet.number(row, 2, year, "term" + look)
    mine = [(payments["source"], "=", sheet.ref(row, 0))] if source else []
    _write_parts(context, sheet, row, payments, look, *mine, (payments["year"], "=", sheet.ref(row, 2)))


def _write_parts(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range], look: str, *matches: Match
) -> None:
    """Write the payments that match by cost part, and their sum."""
    for column, part in enumerate(CostPart, start=FIRST_PART):
        of_part = (payments["part"], "=", constant(context.texts(f"cost_part.{part}")))
        sheet.formula(row, column, sum_where(payments["kzt"], *matches, of_part), "money" + look)
    _write_whole(sheet, row, look)


BUDGET, USED, LEFT, IN_YEAR = 3, 4, 5, 6


def _write_purses(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range], new_money: Term
) -> tuple[dict[str, Term], Term | None, int]:
    """Write the budgets by source and year with what is left; then the limit of all together (§10)."""
    first = _block(sheet, row, "heading.sources", PURSE_COLUMNS)
    rows = purse_table(context.view, context.labels)
    pooled = {line.source for line in rows if line.year is None}
    used: dict[str, Term] = {}
    years: dict[str, list[int]] = {}
    for place, line in enumerate(rows, start=first):
        above = years.setdefault(line.source, [])
        key = line.source if line.year is None else f"{line.source}:{line.year}"
        used[key] = _write_purse(
            context, sheet, place, line, payments, above if line.source in pooled else None
        )
        above.append(place)
    end = first + len(rows)
    limited = context.view.problem.money.budgets is not None
    for column in () if limited else (BUDGET, LEFT):
        sheet.text(end, column, "", "money total")
    summed = (USED, IN_YEAR, BUDGET, LEFT) if limited else (USED, IN_YEAR)
    paid = _write_total(sheet, end, first, summed, context.texts("phrase.all_sources"))[0]
    for column in range(IN_YEAR + 1):
        sheet.text(end + 1, column, context.texts("phrase.unpaid") if column == 1 else "", "text")
    sheet.formula(end + 1, USED, new_money - paid, "money")
    limit, end = _write_limit(context, sheet, end + 2, new_money)
    sheet.keep_together(row, end - 1)
    return used, limit, end


def _write_purse(
    context: Context,
    sheet: Sheet,
    row: int,
    line: PurseRow,
    payments: Mapping[str, Range],
    years: Sequence[int] | None,
) -> Term:
    """Write one budget and return what is paid from it.

    `years` are the rows above of a source that has money of any year, None for a source without: money
    of any year carries what the years' own budgets do not, so that those are never overdrawn.
    """
    sheet.text(row, 0, line.source, "code")
    sheet.text(row, 1, line.name, "text")
    sheet.number(row, BUDGET, line.budget_kzt, "money")
    if line.year is None:
        sheet.text(row, 2, context.texts("phrase.any_year"), "centre")
        sheet.text(row, IN_YEAR, "", "money")
        paid = sum_where(payments["kzt"], (payments["source"], "=", sheet.ref(row, 0)))
        drawn = paid - total_of([sheet.ref(one, USED) for one in years or ()])
    else:
        sheet.number(row, 2, line.year, "term")
        mine = ((payments["source"], "=", sheet.ref(row, 0)), (payments["year"], "=", sheet.ref(row, 2)))
        in_year = sheet.formula(row, IN_YEAR, sum_where(payments["kzt"], *mine), "money")
        drawn = in_year if years is None else smaller(in_year, sheet.ref(row, BUDGET))
    used = sheet.formula(row, USED, drawn, "money")
    if line.budget_kzt is None:
        sheet.text(row, LEFT, context.texts("phrase.no_limit"), "text")
    else:
        sheet.formula(row, LEFT, sheet.ref(row, BUDGET) - used, "money")
    return used


def _write_limit(context: Context, sheet: Sheet, row: int, new_money: Term) -> tuple[Term | None, int]:
    """Write the cap on all new money: the budgets together, or less where the user says so."""
    sheet.text(row, 1, context.texts("phrase.limit_of_all"), "text total")
    for column in (0, 2, IN_YEAR):
        sheet.text(row, column, "", "text total")
    budget = context.view.limits.budget_kzt
    sheet.number(row, BUDGET, budget, "money total")
    sheet.formula(row, USED, new_money, "money total")
    if budget is None:
        sheet.text(row, LEFT, context.texts("phrase.no_limit"), "text total")
        return None, row + 1
    sheet.formula(row, LEFT, sheet.ref(row, BUDGET) - sheet.ref(row, USED), "money total")
    return sheet.ref(row, BUDGET), row + 1


def _write_resources(context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]) -> int:
    """Write the rooms, enterprises and teachers: whose they are, what they cost, how long they serve."""
    rows = resource_table(context.view, context.labels)
    if not rows:
        return row
    first = _block(sheet, row, "heading.resources", RESOURCE_COLUMNS)
    for place, line in enumerate(rows, start=first):
        texts = (line.resource, line.name, line.category, line.owner)
        for column, text in enumerate(texts):
            sheet.text(place, column, text, RESOURCE_COLUMNS[column].style)
        sheet.number(place, 4, line.places, "count")
        sheet.number(place, 5, line.fee_per_hour_kzt, "money")
        sheet.number(place, 6, line.travel_cost_kzt, "money")
        mine = (uses["resource"], "=", sheet.ref(place, 0))
        sheet.formula(place, 7, sum_where(uses["hours"], mine), "hours")
    return first + len(rows) + 1


def _write_semesters(
    context: Context, sheet: Sheet, row: int, curricula: Mapping[str, CurriculumCells]
) -> int:
    """Write when delivery, fees and travel of the planned intakes fall due, live from their curricula."""
    first = _block(sheet, row, "heading.semesters", SEMESTER_COLUMNS)
    rows = semester_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        sheet.text(place, 0, line.semester, "code")
        sheet.text(place, 1, line.when, "text")
        sheet.text(place, 2, ", ".join(name for name, _ in line.terms), "text")
        due = total_of([curricula[name].by_term[term]["cost"] for name, term in line.terms])
        sheet.formula(place, 3, due, "money")
    end = first + len(rows)
    _write_total(sheet, end, first, (3,), context.texts("phrase.total"))
    sheet.keep_together(row, end)
    return end + 1


def _write_hours(
    context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]
) -> dict[tuple[str, str], Term]:
    """Write the hours of each room and teacher by calendar semester (§9)."""
    rows = hours_table(context.view, context.labels)
    if not rows:
        return {}
    first = _block(sheet, row, "heading.hours", HOURS_COLUMNS)
    sheet.repeat(first - 1, first - 1)
    return {
        (line.resource, line.semester): _write_hours_row(sheet, place, line, uses)
        for place, line in enumerate(rows, start=first)
    }


def _write_hours_row(sheet: Sheet, row: int, line: HoursRow, uses: Mapping[str, Range]) -> Term:
    texts = (line.resource, line.name, line.category, line.when)
    for place, text in enumerate(texts):
        sheet.text(row, place, text, HOURS_COLUMNS[place].style)
    sheet.number(row, 4, line.free_hours, "hours")
    sheet.number(row, 5, line.used_before, "hours")
    used = hours_used(uses, line.semester, (uses["resource"], "=", sheet.ref(row, 0)))
    reference = sheet.formula(row, 6, used, "hours")
    sheet.formula(row, 7, ratio(reference, sheet.ref(row, 4)), "share")
    return reference


def hours_used(uses: Mapping[str, Range], semester: str, *matches: Match) -> Term:
    """Return the hours of the uses that match in a calendar semester, all intakes together."""
    number = constant(semester_number(semester))
    return sum_where(
        uses["hours"],
        *matches,
        (uses["season"], "=", constant(int(semesters.season(semester)))),
        (uses["first"], "<=", number),
        (uses["last"], ">=", number),
    )
