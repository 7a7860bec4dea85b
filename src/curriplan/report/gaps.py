"""The Gaps sheet: what is asked, taught today, reached by the plan, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence

from curriplan.problem.limits import Limits
from curriplan.report.areas import GapColumns, write_areas
from curriplan.report.context import Context, GapCells
from curriplan.report.gap_rows import GapRow, PlannedGapRow, planned_gap_table
from curriplan.report.labels import Labels
from curriplan.xlsx.figures import (
    MOST_LETTERS,
    Bars,
    ChartPlace,
    bar_room,
    limited,
    link_to_chart,
    write_bars,
)
from curriplan.xlsx.formula import (
    Match,
    Range,
    Term,
    constant,
    extreme,
    larger,
    name_of_extreme,
    percent,
    ratio,
    sentence,
    sum_where,
)
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.workbook import Column, Sheet

COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.competency", "text", 40),
    Column("column.framework", "text", 14),
    Column("column.area", "text", 21),
    Column("column.essential", "centre", 11),
    Column("column.required", "term", 10),
    Column("column.baseline", "term", 10),
    Column("column.before", "term", 10),
    Column("column.after", "term", 10),
    Column("column.residual", "term", 11),
    Column("column.weight_in_plan", "number", 10),
    Column("column.weight", "share", 11),
    Column("column.open_before", "share", 11),
    Column("column.open_after", "share", 11),
    Column("column.closed", "share", 11),
    Column("column.modules", "text", 34),
    Column("column.remark", "text", 22),
    Column("column.need_source", "text", 22),
)
PROGRAMME, NAME, FRAMEWORK, AREA, ESSENTIAL, REQUIRED, BASELINE, BEFORE, AFTER = range(9)
RESIDUAL, IN_PLAN, WEIGHT, OPEN_BEFORE, OPEN_AFTER, CLOSED, MODULES, REMARK, SOURCE = range(9, 18)


def add_gap_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.gaps"), [column.width for column in COLUMNS])


def write_gaps(context: Context, sheet: Sheet) -> GapCells:
    """Write the sheet; return where its columns stand."""
    rows = planned_gap_table(context.view, context.labels)
    top = sheet.heading("title.gaps", "how.gaps")
    first = sheet.header(top + 1, COLUMNS)
    for row, line in enumerate(rows, start=first):
        _write_row(context.labels, sheet, row, line)
    last = first + len(rows) - 1
    finish_table(sheet, first, last, len(COLUMNS), RESIDUAL)
    places = (AREA, IN_PLAN, WEIGHT, OPEN_BEFORE, OPEN_AFTER)
    columns = GapColumns(*(sheet.range(place, first, last) for place in places))
    if write_areas(context, sheet, last + 2, rows, columns) > last + 2:
        link_to_chart(sheet, top, "heading.areas", last + 2)
    return GapCells(
        sheet=sheet.name,
        programme=sheet.range(PROGRAMME, first, last),
        weight=sheet.range(WEIGHT, first, last),
        open_before=sheet.range(OPEN_BEFORE, first, last),
        open_after=sheet.range(OPEN_AFTER, first, last),
    )


def finish_table(sheet: Sheet, first: int, last: int, columns: int, residual: int) -> None:
    """Freeze, repeat and filter a table, and colour what stays open: nothing else is coloured."""
    sheet.freeze(first, 2)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, columns - 1)
    if last >= first:
        sheet.colour_positive(first, residual, last)


def _write_row(labels: Labels, sheet: Sheet, row: int, line: PlannedGapRow) -> None:
    write_gap_cells(labels, sheet, row, line.gap)
    sheet.number(row, AFTER, line.after, "term")
    residual = larger(constant(0), sheet.ref(row, REQUIRED) - sheet.ref(row, AFTER))
    sheet.formula(row, RESIDUAL, residual, "term")
    sheet.number(row, IN_PLAN, line.programme_weight, "number")
    sheet.number(row, WEIGHT, line.gap.weight, "share")
    sheet.number(row, OPEN_BEFORE, line.gap.open_before, "share")
    sheet.number(row, OPEN_AFTER, line.open_after, "share")
    closed = ratio(sheet.ref(row, WEIGHT) - sheet.ref(row, OPEN_AFTER), sheet.ref(row, WEIGHT))
    sheet.formula(row, CLOSED, closed, "share")
    write_texts(sheet, row, {MODULES: line.modules, REMARK: line.remark, SOURCE: line.gap.source})


def write_gap_cells(labels: Labels, sheet: Sheet, row: int, gap: GapRow) -> None:
    """Write the cells that do not depend on a plan: programme to the level taught today."""
    sheet.text(row, PROGRAMME, gap.programme, "code")
    sheet.text(row, NAME, gap.name, "text")
    sheet.text(row, FRAMEWORK, gap.framework, "text")
    sheet.text(row, AREA, gap.area, "text")
    sheet.text(row, ESSENTIAL, labels.yes_no(gap.essential), "centre")
    levels = (gap.required, gap.baseline, gap.before)
    for place, level in zip((REQUIRED, BASELINE, BEFORE), levels, strict=True):
        sheet.number(row, place, level, "term")


def write_texts(sheet: Sheet, row: int, texts: dict[int, str]) -> None:
    """Write several text cells of a row."""
    for place, text in texts.items():
        sheet.text(row, place, text, "text")


GAP_COLUMNS: Sequence[Column] = (
    *COLUMNS[:AFTER],
    Column("column.missing", "term", 11),
    Column("column.teachable", "term", 11),
    Column("column.weight", "share", 11),
    Column("column.open_before", "share", 11),
    Column("column.need_source", "text", 26),
)
"""Columns of the workbook of ``curriplan gaps``, which knows no plan."""


def write_plain_gaps(labels: Labels, limits: Limits, sheet: Sheet, rows: Sequence[GapRow]) -> None:
    """Write the gaps before any plan, with the settings that the weights rest on."""
    top = row = sheet.heading("title.gaps", "how.gaps_before")
    theta, kappa = (
        labels.number(value) for value in (limits.settings.meeting_share, limits.settings.essential_factor)
    )
    sheet.across(row, labels.texts("phrase.worth", theta=theta, kappa=kappa), "note")
    first = sheet.header(row + 2, GAP_COLUMNS)
    missing, teachable, weight, open_before, source = range(AFTER, AFTER + 5)
    for row, gap in enumerate(rows, start=first):
        write_gap_cells(labels, sheet, row, gap)
        lacking = larger(constant(0), sheet.ref(row, REQUIRED) - sheet.ref(row, BEFORE))
        sheet.formula(row, missing, lacking, "term")
        sheet.number(row, teachable, gap.teachable, "term")
        sheet.number(row, weight, gap.weight, "share")
        sheet.number(row, open_before, gap.open_before, "share")
        sheet.text(row, source, gap.source, "text")
    last = first + len(rows) - 1
    finish_table(sheet, first, last, len(GAP_COLUMNS), missing)
    _write_programmes(labels, sheet, last + 2, rows, (first, last, weight, open_before))
    if rows:
        link_to_chart(sheet, top + 1, TODAY.heading, last + 2)


TODAY = Bars("heading.closure_today", "column.programme", ("column.closure_before",), "axis.closure")
TODAY_PLACE = ChartPlace(label=(0, 1), values=(2,), chart=(3, len(GAP_COLUMNS) - 1))


def _write_programmes(
    labels: Labels, sheet: Sheet, row: int, rows: Sequence[GapRow], places: tuple[int, int, int, int]
) -> None:
    """Write what of each programme's gap today's curriculum closes, and a chart of it."""
    first, last, weight, open_before = places
    worth, left, whose = (sheet.range(one, first, last) for one in (weight, open_before, PROGRAMME))
    found: dict[str, tuple[str, Sequence[Term]]] = {}
    for line, gap in enumerate(rows, start=first):
        if gap.programme not in found:
            mine: Match = (whose, "=", sheet.ref(line, PROGRAMME))
            whole = sum_where(worth, mine)
            name = f"{gap.programme}: {labels.programme(gap.programme)}"
            closed = ratio(whole - sum_where(left, mine), whole)
            found[gap.programme] = (shortened(name, MOST_LETTERS), (closed,))
    if not found:
        return
    ranked = sorted(found.values(), key=lambda one: _rank(one[1][0]))
    shown = ranked[: bar_room(sheet, row, TODAY)]

    def message(names: Range, values: Sequence[Range]) -> Term:
        told = {
            "programme": name_of_extreme(names, values[0], "MIN"),
            "least": percent(labels.texts, extreme(values[0], "MIN")),
        }
        return sentence(labels.texts, "sentence.closure_today", told)

    note = limited(labels.texts, len(shown), len(ranked))
    write_bars(sheet, row, TODAY, TODAY_PLACE, shown, message, note)


def _rank(closure: Term) -> float:
    """Return where a programme stands: the least closed first, those that lack nothing last."""
    return 2.0 if isinstance(closure.value, str) else closure.number
