"""Money by source and calendar year: a table and stacked columns (Budget)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.report.budget_rows import source_name
from curriplan.report.context import Context
from curriplan.xlsx.charts import Series, money_axis
from curriplan.xlsx.figures import Stack, header_cell, stacked_chart, write_message
from curriplan.xlsx.formula import Match, extreme, name_of_extreme, ratio, sum_where, total, total_of
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sentences import percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import SERIES
from curriplan.xlsx.term import Range, Term, constant

SOURCE, NAME, FIRST_YEAR, LAST_YEAR, TOTAL = 0, 1, 2, 6, 7
MOST_SOURCES = len(SERIES)
MOST_LETTERS = 60
CHART_ROWS = 16


def write_source_years(context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range]) -> int:
    """Write the table with its chart below; return the next free row. Without payments there is neither."""
    sources, years = _sources(context), sorted({one.year for one in context.view.plan.payments})
    if not sources:
        return row
    sheet.across(row, context.texts("heading.source_years"), "heading")
    columns = _write_header(sheet, row + 1, years)
    first = row + 2
    named = sources if len(sources) <= MOST_SOURCES else sources[: MOST_SOURCES - 1]
    for line, source in enumerate(named, start=first):
        sheet.text(line, SOURCE, source, "code")
        sheet.text(line, NAME, shortened(source_name(context.labels, source), MOST_LETTERS), "text")
        _write_amounts(sheet, line, payments, columns, ((payments["source"], "=", sheet.ref(line, SOURCE)),))
    last = first + len(named) - 1
    end = _write_rest(context, sheet, (first, last + 1), payments, columns, rest=len(sources) > len(named))
    said = _message(context, sheet, (first, last), end)
    write_message(sheet, end + 1, said, 0, TOTAL, style="note")
    box = Box(end + 2, end + 1 + CHART_ROWS, 0, TOTAL)
    _draw(sheet, box, (row + 1, first, end - 1), end, columns)
    sheet.keep_together(row, box.last_row)
    return box.last_row + 2


def _sources(context: Context) -> list[str]:
    """Return those who pay, the largest payer first."""
    paid: dict[str, int] = {}
    for one in context.view.plan.payments:
        paid[one.source] = paid.get(one.source, 0) + one.kzt
    return sorted(paid, key=lambda name: (-paid[name], name))


Years = Mapping[int, tuple[int, str]]
"""The year of each column with how it is compared: the last column may hold all later years."""


def _write_header(sheet: Sheet, row: int, years: Sequence[int]) -> Years:
    header_cell(sheet, row, "column.source_code", SOURCE, SOURCE)
    header_cell(sheet, row, "column.funding_source", NAME, NAME)
    most = LAST_YEAR - FIRST_YEAR + 1
    columns = {}
    for column, year in enumerate(years[:most], start=FIRST_YEAR):
        later = column == LAST_YEAR and len(years) > most
        sheet.text(row, column, f"{year}+" if later else str(year), "header")
        columns[column] = (year, ">=" if later else "=")
    header_cell(sheet, row, "column.money_total", TOTAL, TOTAL)
    for column in range(FIRST_YEAR + len(columns), TOTAL):
        sheet.text(row, column, "", "header")
    return columns


def _write_amounts(
    sheet: Sheet, row: int, payments: Mapping[str, Range], columns: Years, matches: tuple[Match, ...]
) -> None:
    """Write what is paid in each year by the payments that match, and in all."""
    for column, (year, sign) in columns.items():
        due = sum_where(payments["kzt"], *matches, (payments["year"], sign, constant(year)))
        sheet.formula(row, column, due, "money")
    _write_total(sheet, row, columns, "money")


def _write_total(sheet: Sheet, row: int, columns: Years, style: str) -> None:
    for column in range(FIRST_YEAR + len(columns), TOTAL):
        sheet.text(row, column, "", style)
    sheet.formula(row, TOTAL, total_of([sheet.ref(row, column) for column in columns]), style)


def _write_rest(
    context: Context,
    sheet: Sheet,
    rows: tuple[int, int],
    payments: Mapping[str, Range],
    columns: Years,
    *,
    rest: bool,
) -> int:
    """Write the sources beyond the colours in one row, and the total; return the row of the total."""
    first, row = rows
    end = row + rest
    sheet.text(end, SOURCE, "", "text total")
    sheet.text(end, NAME, context.texts("phrase.total"), "text total")
    for column, (year, sign) in columns.items():
        whole = sum_where(payments["kzt"], (payments["year"], sign, constant(year)))
        if rest:
            named = total(sheet.range(column, first, row - 1))
            sheet.formula(row, column, whole - named, "money")
        sheet.formula(end, column, total(sheet.range(column, first, end - 1)), "money total")
    if rest:
        sheet.text(row, SOURCE, "", "code")
        sheet.text(row, NAME, context.texts("phrase.other_sources"), "text")
        _write_total(sheet, row, columns, "money")
    _write_total(sheet, end, columns, "money total")
    return end


def _message(context: Context, sheet: Sheet, rows: tuple[int, int], end: int) -> Term:
    """Return who pays most, and how much of all."""
    sums = sheet.range(TOTAL, *rows)
    values = {
        "source": name_of_extreme(sheet.range(NAME, *rows), sums, "MAX"),
        "share": percent(context.texts, ratio(extreme(sums, "MAX"), sheet.ref(end, TOTAL))),
    }
    return sentence(context.texts, "sentence.source_years", values)


def _draw(sheet: Sheet, box: Box, rows: tuple[int, int, int], end: int, columns: Years) -> None:
    header, first, last = rows
    final = FIRST_YEAR + len(columns) - 1
    years = sheet.cells(header, FIRST_YEAR, header, final)
    series = tuple(
        Series(sheet.cells(line, NAME, line, NAME), years, sheet.cells(line, FIRST_YEAR, line, final), colour)
        for line, colour in zip(range(first, last + 1), SERIES, strict=False)
    )
    largest = max(sheet.ref(end, column).number for column in columns)
    axis = money_axis(sheet.texts("axis.money"), sheet.texts("axis.millions"), largest)
    message = sheet.cells(end + 1, 0, end + 1, 0)
    stacked_chart(sheet, box, Stack("heading.source_years", "column.year"), message, series, axis)
