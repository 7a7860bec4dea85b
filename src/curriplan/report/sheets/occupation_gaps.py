"""The sheet of what a holder of one occupation lacks for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from curriplan.report.formula import (
    Range,
    Term,
    constant,
    count_if,
    larger,
    products_where,
    ratio,
    smaller,
    total,
)
from curriplan.report.sheets.gaps import finish_table, write_texts
from curriplan.report.tables.labels import Labels
from curriplan.report.tables.occupation_gaps import OccupationGapRow, occupation_gap_table
from curriplan.report.workbook import Column, Sheet
from curriplan.transition import OccupationGaps

OCCUPATION_GAP_COLUMNS: Sequence[Column] = (
    Column("column.competency", "text", 44),
    Column("column.framework", "text", 16),
    Column("column.area", "text", 21),
    Column("column.essential", "centre", 11),
    Column("occupation_gaps.importance", "number", 12),
    Column("column.required", "term", 11),
    Column("occupation_gaps.held", "term", 12),
    Column("occupation_gaps.counted", "term", 12),
    Column("column.missing", "term", 11),
    Column("occupation_gaps.share", "share", 12),
    Column("occupation_gaps.via", "text", 26),
    Column("column.need_source", "text", 22),
)
NAME, FRAMEWORK, AREA, ESSENTIAL, IMPORTANCE, REQUIRED, HELD, COUNTED, MISSING, SHARE, VIA, SOURCE = range(12)
Columns = Callable[[int], Range]
TOTALS = 4
"""Rows of totals above the table."""


def write_occupation_gaps(labels: Labels, sheet: Sheet, gaps: OccupationGaps) -> None:
    """Write the two occupations, the totals as formulas over the table, and one row a competency."""
    rows = occupation_gap_table(gaps, labels)
    row = sheet.heading("occupation_gaps.title", "occupation_gaps.how")
    ends = {
        "source": gaps.source.name(labels.texts.language),
        "target": gaps.target.name(labels.texts.language),
    }
    sheet.across(row, labels.texts("occupation_gaps.ends", **ends), "plain")
    top = row + 2
    first = sheet.header(top + TOTALS + 1, OCCUPATION_GAP_COLUMNS)
    for place, line in enumerate(rows, start=first):
        _write_row(labels, sheet, place, line)
    last = first + len(rows) - 1
    finish_table(sheet, first, last, len(OCCUPATION_GAP_COLUMNS), MISSING)
    _write_totals(labels, sheet, top, lambda column: sheet.range(column, first, last))


def _write_row(labels: Labels, sheet: Sheet, row: int, line: OccupationGapRow) -> None:
    gap = line.gap
    write_texts(sheet, row, {NAME: line.name, FRAMEWORK: line.framework, AREA: line.area})
    sheet.text(row, ESSENTIAL, labels.yes_no(gap.essential), "centre")
    sheet.number(row, IMPORTANCE, gap.importance, "number")
    sheet.number(row, REQUIRED, gap.required, "term")
    sheet.number(row, HELD, gap.held, "term")
    required, held = sheet.ref(row, REQUIRED), sheet.ref(row, HELD)
    sheet.formula(row, COUNTED, smaller(held, required), "term")
    sheet.formula(row, MISSING, larger(constant(0), required - held), "term")
    sheet.number(row, SHARE, line.share, "share")
    write_texts(sheet, row, {VIA: line.via, SOURCE: line.source})


def _write_totals(labels: Labels, sheet: Sheet, row: int, column: Columns) -> None:
    """Write cover, essential needs met, and missing levels, each as a formula."""
    yes = labels.yes_no(True)
    weights = column(IMPORTANCE)
    cover = ratio(products_where(weights, column(COUNTED)), products_where(weights, column(REQUIRED)))
    figures: tuple[tuple[str, Term, str], ...] = (
        ("occupation_gaps.cover", cover, "share"),
        ("occupation_gaps.met", count_if((column(ESSENTIAL), "=", yes), (column(MISSING), "=", 0)), "count"),
        ("occupation_gaps.essentials", count_if((column(ESSENTIAL), "=", yes)), "count"),
        ("occupation_gaps.levels", total(column(MISSING)), "count"),
    )
    for place, (key, term, style) in enumerate(figures, start=row):
        sheet.text(place, NAME, labels.texts(key), "text")
        sheet.formula(place, FRAMEWORK, term, style)
