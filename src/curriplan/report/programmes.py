"""The sheet of the programmes: what each one gains and how sure that is, its credits, changes and money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from curriplan.catalog.records import Programme
from curriplan.plan.plan import Decision
from curriplan.report.context import (
    Context,
    GapCells,
    OverviewCells,
    PlanCells,
    ProgrammeCells,
)
from curriplan.report.intake_groups import intakes_counted, intakes_said
from curriplan.report.labels import Labels
from curriplan.report.term_hours import draw_term_hours
from curriplan.report.view import PlanView
from curriplan.xlsx.formula import difference, ratio, sum_where, total, weighted_mean
from curriplan.xlsx.printed import CHART_ROW_POINTS, Box
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term


@dataclass(frozen=True)
class ProgrammeRow:
    """One programme of the overview."""

    programme: str
    name: str
    learners: int
    weight: float
    """Weight in the closure of the plan; 0 where nothing is missing, so that it does not count."""
    filled_credits: float | None
    """Credits that only the norm asks for; None where that was not proven."""


def programme_table(view: PlanView, labels: Labels) -> tuple[ProgrammeRow, ...]:
    """Return the planned programmes in the order of the catalog."""
    filled = {row.programme: row.filled for row in view.plan.filling}
    return tuple(
        ProgrammeRow(
            programme=row.programme,
            name=labels.programme(row.programme),
            learners=view.catalog.programme_by_id[row.programme].learners,
            weight=row.weight,
            filled_credits=filled.get(row.programme),
        )
        for row in view.after.programmes
    )


WIDTHS = (11, 28, 10.8, 10.5, 10.5, 13, 12, 14, 10.5, 10.5, 10.5, 11, 14)
GAINS = (
    Column("column.programme", "code"),
    Column("column.programme_name", "text"),
    Column("column.learners", "count"),
    Column("column.weight_in_plan", "number"),
    Column("column.closure_before", "share"),
    Column("column.closure_after", "share"),
    Column("column.change_points", "points"),
    Column("column.err_range", "centre"),
    Column("column.essentials", "count"),
    Column("column.essentials_before", "count"),
    Column("column.essentials_after", "count"),
    Column("column.occupations_unmet", "count"),
)
PROGRAMME, NAME, LEARNERS, WEIGHT, BEFORE, AFTER, CHANGE, ERR, ESSENTIALS, MET_BEFORE, MET_AFTER, UNMET = (
    range(12)
)
CHANGES = (
    Column("column.programme", "code"),
    Column("column.programme_name", "text"),
    Column("column.credits_norm", "credits"),
    Column("column.credits_today", "credits"),
    Column("column.credits", "credits"),
    Column("column.credits_filled", "credits"),
    Column("column.credits_exchanged", "credits"),
    Column("column.credits_beyond", "credits"),
    Column("column.practice_share", "share"),
    Column("column.added", "count"),
    Column("column.moved", "count"),
    Column("column.dropped", "count"),
    Column("column.new_delivery", "money"),
)
NORM, TODAY, CREDITS, FILLED, EXCHANGED, BEYOND, PRACTICE, ADDED, MOVED, DROPPED, COST = range(2, 13)
CHART_ROWS = 14


def add_programmes_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.programmes"), WIDTHS)


def write_programmes(context: Context, sheet: Sheet, cells: PlanCells) -> OverviewCells:
    """Write the sheet; return where its figures stand."""
    rows = programme_table(context.view, context.labels)
    sections = context.labels.sections(context.view.limits.practice_sections)
    row = sheet.heading("title.programmes", "how.programmes", sections=sections)
    sheet.across(row, context.texts("heading.gains"), "heading")
    first = sheet.header(row + 1, GAINS)
    for place, line in enumerate(rows, start=first):
        _write_gain(context, sheet, place, line, cells)
    end = first + len(rows)
    _write_gain_totals(context, sheet, first, end, cells)
    below = _write_note(sheet, end + 1, intakes_said(context.view, context.texts))
    below = _write_note(sheet, below, _own_weights(context)) + 1
    sheet.across(below, context.texts("heading.credits_and_changes"), "heading")
    start = sheet.header(below + 1, CHANGES)
    for place, line in enumerate(rows, start=start):
        _write_change(sheet, place, line, cells)
    last = start + len(rows)
    _write_change_totals(context, sheet, rows, start, last)
    sheet.keep_together(below, last)
    free = _write_note(sheet, last + 1, _own_norms(context)) + 1
    chart = Box(free, free + CHART_ROWS - 1, 0, len(WIDTHS) - 1)
    draw_term_hours(sheet, chart, cells.budget.term_hours)
    sheet.keep_together(chart.first_row, chart.last_row)
    sheet.keep_together(below, chart.last_row)  # a chart alone would leave its page nearly empty
    for place in range(chart.first_row, chart.last_row + 1):
        sheet.height(place, CHART_ROW_POINTS)
    sheet.freeze(2, 2)
    return OverviewCells(
        sheet=sheet.name,
        rows=tuple(_cells(sheet, first + place, start + place) for place in range(len(rows))),
        total=_cells(sheet, end, last),
        names=sheet.range(NAME, first, end - 1),
        after=sheet.range(AFTER, first, end - 1),
        practice=sheet.range(PRACTICE, start, last - 1),
    )


def _write_note(sheet: Sheet, row: int, said: str) -> int:
    """Write what explains figures of the table above, where there is anything; return the next free row."""
    if not said:
        return row
    sheet.across(row, said, "note")
    return row + 1


def _own_weights(context: Context) -> str:
    """Say which programmes weigh otherwise than by their learners, which would be seen as a fault."""
    texts = context.texts
    named = [
        texts("phrase.instead_of", name=row.id, own=texts.significant(row.weight), usual=row.learners)
        for row in _planned(context)
        if row.weight is not None and row.weight != row.learners
    ]
    return texts("phrase.own_weights", which="; ".join(named)) if named else ""


def _own_norms(context: Context) -> str:
    """Say which programmes have a norm of credits of their own beside that of the profile."""
    texts, limits = context.texts, context.view.limits
    named = []
    for row in _planned(context):
        usual = limits.number(limits.total_credits_key(row))
        if row.min_credits is not None and usual is not None and row.min_credits != usual:
            own, norm = texts.significant(row.min_credits), texts.significant(usual)
            named.append(texts("phrase.instead_of", name=row.id, own=own, usual=norm))
    return texts("phrase.own_norms", which="; ".join(named)) if named else ""


def _planned(context: Context) -> Iterator[Programme]:
    return (context.view.catalog.programme_by_id[name] for name in context.view.limits.planned)


def _cells(sheet: Sheet, gain: int, change: int) -> ProgrammeCells:
    gains = (
        PROGRAMME,
        NAME,
        LEARNERS,
        WEIGHT,
        BEFORE,
        AFTER,
        CHANGE,
        ERR,
        ESSENTIALS,
        MET_BEFORE,
        MET_AFTER,
        UNMET,
    )
    changes = (TODAY, CREDITS, FILLED, EXCHANGED, ADDED, MOVED, DROPPED, COST)
    found = [sheet.ref(gain, place) for place in gains]
    return ProgrammeCells(*found, *(sheet.ref(change, place) for place in changes))


def _write_gain(context: Context, sheet: Sheet, row: int, line: ProgrammeRow, plan: PlanCells) -> None:
    sheet.link(row, PROGRAMME, plan.curricula[line.programme].form, line.programme, "code link")
    sheet.text(row, NAME, line.name, "text")
    sheet.number(row, LEARNERS, line.learners, "count")
    sheet.number(row, WEIGHT, line.weight, "number")
    _write_closure(sheet, row, plan.gaps)
    mine = (plan.occupations.programme, "=", sheet.ref(row, PROGRAMME))
    needs = (plan.occupations.essentials, plan.occupations.met_before, plan.occupations.met_after)
    for place, counts in zip((ESSENTIALS, MET_BEFORE, MET_AFTER), needs, strict=True):
        sheet.formula(row, place, sum_where(counts, mine), "count")
    sheet.formula(row, ERR, plan.figures.err_range(context.texts, line.programme), "centre")
    sheet.formula(row, UNMET, plan.occupations.not_met(mine), "count")


def _total_name(context: Context) -> str:
    return context.texts("phrase.total" if intakes_counted(context.view) is None else "phrase.total_intakes")


def _write_gain_totals(context: Context, sheet: Sheet, first: int, end: int, cells: PlanCells) -> None:
    for place, column in enumerate(GAINS):
        sheet.text(end, place, "", f"{column.style} total")
    sheet.text(end, NAME, _total_name(context), "text total")
    for place in (LEARNERS, ESSENTIALS, MET_BEFORE, MET_AFTER, UNMET):
        sheet.formula(end, place, total(sheet.range(place, first, end - 1)), "count total")
    weights = sheet.range(WEIGHT, first, end - 1)
    for place in (BEFORE, AFTER):
        mean = weighted_mean(sheet.range(place, first, end - 1), weights)
        sheet.formula(end, place, mean, "share total")
    sheet.formula(end, CHANGE, _change(sheet, end), "points total")
    sheet.formula(end, ERR, cells.figures.err_range(context.texts), "centre total")


def _change(sheet: Sheet, row: int) -> Term:
    """Return the change of closure in percentage points."""
    return difference(sheet.ref(row, AFTER), sheet.ref(row, BEFORE), times=100)


def _write_closure(sheet: Sheet, row: int, gaps: GapCells) -> None:
    """Write closure = 1 − open worth / worth, summed over the rows of the Gaps sheet."""
    mine: tuple[Range, str, Term] = (gaps.programme, "=", sheet.ref(row, PROGRAMME))
    worth = sum_where(gaps.weight, mine)
    for place, still_open in ((BEFORE, gaps.open_before), (AFTER, gaps.open_after)):
        closed = worth - sum_where(still_open, mine)
        sheet.formula(row, place, ratio(closed, worth), "share")
    sheet.formula(row, CHANGE, _change(sheet, row), "points")


def _write_change(sheet: Sheet, row: int, line: ProgrammeRow, plan: PlanCells) -> None:
    cells, sure = plan.curricula[line.programme], plan.figures.of[line.programme]
    sheet.text(row, PROGRAMME, line.programme, "code")
    sheet.text(row, NAME, line.name, "text")
    if line.filled_credits is None:
        sheet.text(row, BEYOND, "–", "credits")
    else:
        sheet.number(row, BEYOND, line.filled_credits, "credits")
    live: Mapping[int, Term] = {
        NORM: sure["credits_norm"],
        TODAY: sure["credits_today"],
        CREDITS: cells.total["credits"],
        FILLED: sure["credits_filled"],
        EXCHANGED: sure["credits_exchanged"],
        PRACTICE: cells.practice_share,
        ADDED: cells.decisions[Decision.ADDED],
        MOVED: cells.decisions[Decision.MOVED],
        DROPPED: cells.decisions[Decision.DROPPED],
        COST: cells.total["cost"],
    }
    for place, term in live.items():
        sheet.formula(row, place, term, CHANGES[place].style)


def _write_change_totals(
    context: Context, sheet: Sheet, rows: tuple[ProgrammeRow, ...], first: int, end: int
) -> None:
    for place, column in enumerate(CHANGES):
        sheet.text(end, place, "", f"{column.style} total")
    sheet.text(end, NAME, _total_name(context), "text total")
    summed = [TODAY, CREDITS, FILLED, EXCHANGED, ADDED, MOVED, DROPPED, COST]
    if all(line.filled_credits is not None for line in rows):
        summed.append(BEYOND)
    for place in summed:
        term = total(sheet.range(place, first, end - 1))
        sheet.formula(end, place, term, f"{CHANGES[place].style} total")
