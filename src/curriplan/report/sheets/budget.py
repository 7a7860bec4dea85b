"""The Budget & hours sheet: new money, load by term, hours of rooms and teachers, with limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.report.formula import Range, Term, constant, ratio, sum_where, total, total_of
from curriplan.report.sheets.context import BudgetCells, Context, CurriculumCells
from curriplan.report.tables.budget import (
    HoursRow,
    MoneyRow,
    SourceRow,
    UseRow,
    hours_table,
    money_table,
    semester_number,
    semester_table,
    source_table,
    use_table,
)
from curriplan.report.workbook import Column, Sheet

WIDTHS = (14, 44, 26, 16, 16, 16, 16, 18)

MONEY_COLUMNS = (
    Column("column.index", "code", 0),
    Column("column.module", "text", 0),
    Column("column.programmes", "text", 0),
    Column("column.setup", "money", 0),
    Column("column.delivery", "money", 0),
    Column("column.money_total", "money", 0),
)
SOURCE_COLUMNS = (
    Column("column.source_code", "code", 0),
    Column("column.funding_source", "text", 0),
    Column("column.budget", "money", 0),
    Column("column.used", "money", 0),
    Column("column.left", "money", 0),
)
SEMESTER_COLUMNS = (
    Column("column.semester_code", "code", 0),
    Column("column.semester", "text", 0),
    Column("column.programmes", "text", 0),
    Column("column.delivery", "money", 0),
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
    Column("column.use_hours", "hours", 12),
    Column("column.season", "term", 12),
    Column("column.first_semester", "term", 14),
    Column("column.last_semester", "term", 14),
)
KEPT_ROWS = 6
"""A heading is never printed without its header and a few rows."""
USE_RESOURCE, USE_HOURS, USE_SEASON, USE_FIRST, USE_LAST = 0, 6, 7, 8, 9


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
        "hours": USE_HOURS,
        "season": USE_SEASON,
        "first": USE_FIRST,
        "last": USE_LAST,
    }
    return {name: sheet.range(place, first, last) for name, place in places.items()}


def _write_use(sheet: Sheet, row: int, line: UseRow) -> None:
    texts = (line.resource, line.resource_name, line.programme, line.module, line.name)
    for place, text in enumerate(texts):
        sheet.text(row, place, text, USE_COLUMNS[place].style)
    numbers = (line.term, line.hours, line.season, line.first, line.last)
    for place, number in enumerate(numbers, start=5):
        sheet.number(row, place, number, USE_COLUMNS[place].style)


def write_budget(
    context: Context, sheet: Sheet, uses: Mapping[str, Range], curricula: Mapping[str, CurriculumCells]
) -> BudgetCells:
    """Write the sheet; return where its totals stand."""
    row = sheet.heading("title.budget", "how.budget")
    sheet.freeze(row)
    setup, new_money, row = _write_money(context, sheet, row + 1)
    limit, row = _write_sources(context, sheet, row + 1, new_money)
    row = _write_semesters(context, sheet, row + 1, curricula)
    hours = _write_hours(context, sheet, row + 1, uses)
    return BudgetCells(sheet.name, new_money, setup, limit, hours)


def _block(sheet: Sheet, row: int, key: str, columns: Sequence[Column]) -> int:
    """Write a block's heading and header; return its first row."""
    sheet.across(row, sheet.texts(key), "heading")
    sheet.keep_together(row, row + KEPT_ROWS)
    return sheet.header(row + 1, columns)


def _write_money(context: Context, sheet: Sheet, row: int) -> tuple[Term, Term, int]:
    """Write the new money by module: set-up once, delivery for each programme."""
    first = _block(sheet, row, "heading.new_money", MONEY_COLUMNS)
    rows = money_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_money_row(sheet, place, line)
    last = first + len(rows) - 1
    end = last + 1
    for column, text in enumerate(("", context.texts("phrase.total"), "")):
        sheet.text(end, column, text, "text total")
    sums = [
        sheet.formula(end, column, total(sheet.range(column, first, last)), "money total")
        for column in (3, 4, 5)
    ]
    return sums[0], sums[-1], end + 1


def _write_money_row(sheet: Sheet, row: int, line: MoneyRow) -> None:
    sheet.text(row, 0, line.module, "code")
    sheet.text(row, 1, line.name, "text")
    sheet.text(row, 2, line.programmes, "text")
    sheet.number(row, 3, line.setup_kzt, "money")
    sheet.number(row, 4, line.delivery_kzt, "money")
    sheet.formula(row, 5, sheet.ref(row, 3) + sheet.ref(row, 4), "money")


def _write_sources(context: Context, sheet: Sheet, row: int, new_money: Term) -> tuple[Term | None, int]:
    """Write what each source gives and pays; then the limit of all together (§10)."""
    first = _block(sheet, row, "heading.sources", SOURCE_COLUMNS)
    rows = source_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_source(sheet, place, line)
    end = first + len(rows)
    sheet.text(end, 0, "", "text total")
    sheet.text(end, 1, context.texts("phrase.limit_of_all"), "text total")
    budget = context.view.limits.budget_kzt
    sheet.number(end, 2, budget, "money total")
    sheet.formula(end, 3, new_money, "money total")
    if budget is None:
        sheet.text(end, 4, context.texts("phrase.no_limit"), "text total")
        return None, end + 1
    sheet.formula(end, 4, sheet.ref(end, 2) - sheet.ref(end, 3), "money total")
    return sheet.ref(end, 2), end + 1


def _write_source(sheet: Sheet, row: int, line: SourceRow) -> None:
    sheet.text(row, 0, line.source, "code")
    sheet.text(row, 1, line.name, "text")
    sheet.number(row, 2, line.budget_kzt, "money")
    sheet.number(row, 3, line.used_kzt, "money")
    if line.used_kzt is None:
        sheet.number(row, 4, None, "money")
    else:
        sheet.formula(row, 4, sheet.ref(row, 2) - sheet.ref(row, 3), "money")


def _write_semesters(
    context: Context, sheet: Sheet, row: int, curricula: Mapping[str, CurriculumCells]
) -> int:
    """Write when the delivery money of the planned intakes falls due, live from their curricula."""
    first = _block(sheet, row, "heading.semesters", SEMESTER_COLUMNS)
    rows = semester_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        sheet.text(place, 0, line.semester, "code")
        sheet.text(place, 1, line.when, "text")
        sheet.text(place, 2, ", ".join(name for name, _ in line.terms), "text")
        due = total_of([curricula[name].by_term[term]["cost"] for name, term in line.terms])
        sheet.formula(place, 3, due, "money")
    end = first + len(rows)
    for column, text in enumerate(("", context.texts("phrase.total"), "")):
        sheet.text(end, column, text, "text total")
    sheet.formula(end, 3, total(sheet.range(3, first, end - 1)), "money total")
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
    number = constant(semester_number(line.semester))
    season = constant(int(line.semester[-1]))
    used = sum_where(
        uses["hours"],
        (uses["resource"], "=", sheet.ref(row, 0)),
        (uses["season"], "=", season),
        (uses["first"], "<=", number),
        (uses["last"], ">=", number),
    )
    reference = sheet.formula(row, 6, used, "hours")
    sheet.formula(row, 7, ratio(reference, sheet.ref(row, 4)), "share")
    return reference
