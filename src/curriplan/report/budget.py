"""The sheet of the budget: what each source has and pays, year by year, and the hours by semester of study.

The money of single modules stands on the sheet of expenses, hours of rooms and teachers on that of hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.report.budget_blocks import block, write_total
from curriplan.report.budget_rows import PurseRow, purse_table, semester_table
from curriplan.report.context import Balance, BudgetCells, Context, CurriculumCells
from curriplan.report.source_years import write_source_years
from curriplan.report.term_hours import write_term_hours
from curriplan.xlsx.formula import larger, smaller, sum_where, total_above_zero, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term, constant

WIDTHS = (14, 44, 26, 16, 16, 16, 16, 18)
WIDTHS_PROMISED = (12, 38, 20, 16, 16, 16, 16, 16, 16)
"""With what is promised to earlier intakes: no wider, or its letters would be too small on paper."""

PURSE_COLUMNS = (
    Column("column.source_code", "code", 0),
    Column("column.funding_source", "text", 0),
    Column("column.year", "centre", 0),
    Column("column.budget", "money", 0),
    Column("column.used", "money", 0),
    Column("column.left", "money", 0),
    Column("column.paid_in_year", "money", 0),
)
PROMISED_COLUMNS = (
    Column("column.promised", "money", 0),
    Column("column.left_with_promised", "money", 0),
)
"""Only where an earlier plan still has to pay."""
SEMESTER_COLUMNS = (
    Column("column.semester_code", "code", 0),
    Column("column.semester", "text", 0),
    Column("column.programmes", "text", 0),
    Column("column.running_cost", "money", 0),
)


def add_budget_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    widths = WIDTHS_PROMISED if context.view.limits.settings.promised else WIDTHS
    return context.book.sheet(context.texts("sheet.budget"), widths)


def write_budget(
    context: Context,
    sheet: Sheet,
    payments: Mapping[str, Range],
    new_money: Term,
    curricula: Mapping[str, CurriculumCells],
) -> BudgetCells:
    """Write the sheet; return where its totals stand."""
    row = sheet.heading("title.budget", "how.budget")
    sheet.freeze(row)
    purses, row = _write_purses(context, sheet, row + 1, payments, new_money)
    row = write_source_years(context, sheet, row + 1, payments)
    row = _write_semesters(context, sheet, row + 1, curricula)
    term_hours, _ = write_term_hours(context, sheet, row + 1, curricula)
    return BudgetCells(
        sheet.name, purses.limit, purses.used, purses.names, purses.promised, purses.balance, term_hours
    )


BUDGET, USED, LEFT, IN_YEAR, PROMISED, LEFT_WITH = 3, 4, 5, 6, 7, 8


@dataclass(frozen=True)
class _PurseCells:
    """What is paid from each budget, the cells with the names of the sources, and those of the sums."""

    used: dict[str, Term]
    names: dict[str, Term]
    limit: Term | None
    promised: Term | None
    balance: Balance | None


def _write_purses(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range], new_money: Term
) -> tuple[_PurseCells, int]:
    """Write the budgets by source and year with what is left; then the limit of all together (§10).

    Returns where all that stands, and the next free row.
    """
    is_promised = bool(context.view.limits.settings.promised)
    columns = (*PURSE_COLUMNS, *(PROMISED_COLUMNS if is_promised else ()))
    first = block(sheet, row, "heading.sources", columns)
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
        if is_promised:
            _write_promised(context, sheet, place, line, above if line.source in pooled else None)
        above.append(place)
    end = first + len(rows)
    limited = context.view.problem.money.budgets is not None
    for column in () if limited else (BUDGET, LEFT):
        sheet.text(end, column, "", "money total")
    summed: tuple[int, ...] = (USED, IN_YEAR, BUDGET, LEFT) if limited else (USED, IN_YEAR)
    if is_promised:
        summed += (PROMISED, LEFT_WITH) if limited else (PROMISED,)
        sheet.text(end, LEFT_WITH, "", "money total")
    paid = write_total(sheet, end, first, summed, context.texts("phrase.all_sources"))[0]
    for column in range(len(columns)):
        sheet.text(end + 1, column, context.texts("phrase.unpaid") if column == 1 else "", "text")
    sheet.formula(end + 1, USED, new_money - paid, "money")
    promised = sheet.ref(end, PROMISED) if is_promised else None
    balance = None
    if is_promised and limited:
        rests = sheet.range(LEFT_WITH, first, end - 1)
        enough = total_above_zero(rests)
        balance = Balance(enough, enough - sheet.ref(end, LEFT_WITH))
    limit, free = _write_limit(context, sheet, end + 2, new_money, sheet.ref(end, LEFT) if limited else None)
    sheet.keep_together(row, free - 1)
    names = {line.source: sheet.ref(place, 1) for place, line in enumerate(rows, start=first)}
    return _PurseCells(used, names, limit, promised, balance), free


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
    elif _is_over(context, line) and used.number < line.budget_kzt:
        sheet.text(row, LEFT, context.texts("phrase.year_over"), "text")
    else:
        sheet.formula(row, LEFT, sheet.ref(row, BUDGET) - used, "money")
    return used


def _is_over(context: Context, line: PurseRow) -> bool:
    """Say whether a budget is of a year that is over: nobody can spend what is left of it."""
    first = context.view.limits.first_year
    return line.year is not None and first is not None and line.year < first


def _write_promised(
    context: Context, sheet: Sheet, row: int, line: PurseRow, years: Sequence[int] | None
) -> None:
    """Write what is promised to earlier intakes in a year, and what is left with it.

    Less than nothing is left where the budgets are not enough for both. Of a source that has money of any
    year this carries what the years' own budgets do not, as in `_write_purse`.
    """
    texts, left = context.texts, sheet.ref(row, LEFT)
    promises = context.view.limits.settings.promised
    kzt = sum(one.kzt for one in promises if (one.source, one.year) == (line.source, line.year))
    if line.year is None:
        sheet.text(row, PROMISED, "", "money")
        beyond = [
            larger(constant(0), sheet.ref(one, PROMISED) - sheet.ref(one, LEFT))
            for one in years or ()
            if not isinstance(sheet.ref(one, LEFT).value, str)
        ]
        sheet.formula(row, LEFT_WITH, left - total_of(beyond), "money")
        return
    sheet.number(row, PROMISED, kzt, "money")
    if line.budget_kzt is None:
        sheet.text(row, LEFT_WITH, texts("phrase.no_limit"), "text")
    elif isinstance(left.value, str):
        sheet.text(row, LEFT_WITH, texts("phrase.year_over"), "text")
    else:
        rest = left - sheet.ref(row, PROMISED)
        sheet.formula(row, LEFT_WITH, rest if years is None else larger(constant(0), rest), "money")


def _write_limit(
    context: Context, sheet: Sheet, row: int, new_money: Term, left: Term | None
) -> tuple[Term | None, int]:
    """Write the cap on all new money: the budgets together, or less where the user says so.

    No more is left of it than is `left` of the budgets of years that are not over.
    """
    sheet.text(row, 1, context.texts("phrase.limit_of_all"), "text total")
    for column in (0, 2, IN_YEAR):
        sheet.text(row, column, "", "text total")
    budget = context.view.limits.budget_kzt
    sheet.number(row, BUDGET, budget, "money total")
    sheet.formula(row, USED, new_money, "money total")
    if budget is None:
        sheet.text(row, LEFT, context.texts("phrase.no_limit"), "text total")
        return None, row + 1
    rest = sheet.ref(row, BUDGET) - sheet.ref(row, USED)
    has_over = any(_is_over(context, line) for line in purse_table(context.view, context.labels))
    shown = smaller(rest, left) if left is not None and has_over else rest
    sheet.formula(row, LEFT, shown, "money total")
    return sheet.ref(row, BUDGET), row + 1


def _write_semesters(
    context: Context, sheet: Sheet, row: int, curricula: Mapping[str, CurriculumCells]
) -> int:
    """Write when delivery, fees and travel of the planned intakes fall due, live from their curricula."""
    first = block(sheet, row, "heading.semesters", SEMESTER_COLUMNS)
    rows = semester_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        sheet.text(place, 0, line.semester, "code")
        sheet.text(place, 1, line.when, "text")
        sheet.text(place, 2, ", ".join(name for name, _ in line.terms), "text")
        due = total_of([curricula[name].by_term[term]["cost"] for name, term in line.terms])
        sheet.formula(place, 3, due, "money")
    end = first + len(rows)
    write_total(sheet, end, first, (3,), context.texts("phrase.total"))
    sheet.keep_together(row, end)
    return end + 1
