"""The sheet of the response lag: since when what is newly asked waits, and who graduates without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from curriplan.plan.lag import LagSum, ResponseLag, StepLag
from curriplan.report.context import Context
from curriplan.report.lag_notes import lag_notes
from curriplan.xlsx.formula import Match, products_where, ratio, sum_where
from curriplan.xlsx.sentences import decimal_text, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Placed, Table
from curriplan.xlsx.term import NOTHING, Term, constant

PROGRAMME, COMPETENCY, WORTH = "column.programme", "column.competency_code", "column.lag_worth"
WAITS_TODAY, WAITS = "column.waits_today", "column.waits_by_plan"


@dataclass(frozen=True)
class LagCells:
    """The lag today and by the plan, and of how many steps."""

    before: Term
    after: Term
    steps: Term


def lag_table(context: Context) -> Table[StepLag]:
    """Return the table of the steps that are newly asked."""
    labels, texts = context.labels, context.texts
    programmes = context.view.catalog.programme_by_id

    def asking(row: StepLag) -> str:
        return texts("phrase.a_floor") if row.occupation is None else labels.occupation(row.occupation)

    return Table(
        Column(PROGRAMME, "code", 12, lambda row: row.programme),
        Column("column.competency", "text", 42, lambda row: labels.competency(row.competency)),
        Column("column.asked_by", "text", 34, asking),
        Column("column.asked_level", "term", 10, lambda row: row.level),
        Column("column.since", "text", 14, lambda row: labels.semester(row.since)),
        Column("column.weight", "weight", 11, lambda row: row.weight),
        Column("column.learners", "count", 11, lambda row: programmes[row.programme].learners),
        Column(WORTH, "tenths", 11, formula=lambda line: line["column.weight"] * line["column.learners"]),
        Column("column.first_held_today", "text", 14, lambda row: _semester(context, row.first_before)),
        Column("column.first_held", "text", 14, lambda row: _semester(context, row.first_after)),
        Column(WAITS_TODAY, "count", 12, lambda row: row.lag_before),
        Column(WAITS, "count", 12, lambda row: row.lag_after),
        Column("column.without_today", "count", 13, lambda row: row.learners_before),
        Column("column.without_by_plan", "count", 13, lambda row: row.learners_after),
        Column(COMPETENCY, "code", 14, lambda row: row.competency),
    )


SUMS = (
    Column("column.lag_of", "code"),
    Column("column.programme_name", "text", span=2),
    Column("column.lag_steps", "count"),
    Column("column.steps_held_today", "count"),
    Column("column.steps_held", "count"),
    Column("column.all_held_from", "text", span=2),
    Column("column.mean_lag_today", "tenths"),
    Column("column.mean_lag", "tenths"),
    Column("column.without_today", "count"),
    Column("column.without_by_plan", "count"),
)
CODE, NAME, STEPS, HELD_TODAY, HELD, ALL_FROM, LAG_TODAY, LAG, WITHOUT_TODAY, WITHOUT = (
    0, 1, 3, 4, 5, 6, 8, 9, 10, 11,
)  # fmt: skip


@dataclass(frozen=True)
class _Group:
    """Sums of one kind, and where the steps name what they are of."""

    heading: str
    rows: Sequence[LagSum]
    name: Callable[[str], str]
    column: str | None
    """None where no column of the steps names it: a step may belong to several challenges."""


def write_lag(context: Context, sheet: Sheet, found: ResponseLag) -> LagCells:
    """Write the sheet: the sums of the plan, by programme, challenge and competency, then the steps."""
    table, labels = lag_table(context), context.labels
    sheet.set_widths(table.widths)
    top = sheet.heading("title.lag", "how.lag")
    groups = [
        _Group("heading.by_programme", found.programmes, labels.programme, PROGRAMME),
        _Group("heading.by_challenge", found.challenges, labels.challenge, None),
        _Group("heading.by_competency", found.competencies, labels.competency, COMPETENCY),
    ]
    shown = [group for group in groups if group.rows]
    first = sheet.header(top + 3, SUMS)
    heading = first + 2 + sum(1 + len(group.rows) for group in shown)
    sheet.across(heading, context.texts("heading.lag_steps"), "heading")
    placed = table.write(sheet, heading + 1, found.steps)
    sheet.sortable("lag_steps", placed.first - 1, placed.last, table.last)
    sheet.repeat(placed.first - 1, placed.first - 1)
    every = (placed.range(WORTH), ">=", constant(0))
    _write_sum(context, sheet, first, found.whole, _counted(placed, every), "total")
    sheet.across(first, context.texts("phrase.total"), "text total", NAME, NAME + 1)
    row = first
    for group in shown:
        sheet.across(row + 1, context.texts(group.heading), "group", 0, WITHOUT)
        for place, one in enumerate(group.rows, start=row + 2):
            of = None if group.column is None else (placed.range(group.column), "=", constant(one.of))
            _write_sum(context, sheet, place, one, None if of is None else _counted(placed, of))
            sheet.text(place, CODE, one.of, "code")
            sheet.across(place, group.name(one.of), "text", NAME, NAME + 1)
        row += 1 + len(group.rows)
    cells = LagCells(sheet.ref(first, LAG_TODAY), sheet.ref(first, LAG), sheet.ref(first, STEPS))
    said = {
        "before": decimal_text(cells.before, 1, context.texts.decimal_mark),
        "after": decimal_text(cells.after, 1, context.texts.decimal_mark),
        "horizon": constant(labels.semester(found.horizon)),
        "steps": cells.steps,
    }
    if notes := lag_notes(context, found):
        sheet.across(top + 1, notes, "note", 0, WITHOUT)
    sheet.formula_across(top, sentence(context.texts, "sentence.lag", said), "sentence", 0, WITHOUT)
    sheet.freeze(first)
    return cells


def _counted(placed: Placed[StepLag], match: Match) -> dict[int, Term]:
    """Return what is counted of the steps that match, by column of the sums."""
    worth, steps = placed.range(WORTH), sum_where(None, match)

    def held(key: str) -> Term:
        return steps - sum_where(None, match, (placed.range(key), "=", constant(NOTHING)))

    def waits(key: str) -> Term:
        return ratio(products_where(worth, placed.range(key), match), sum_where(worth, match))

    return {
        STEPS: steps,
        HELD_TODAY: held("column.first_held_today"),
        HELD: held("column.first_held"),
        LAG_TODAY: waits(WAITS_TODAY),
        LAG: waits(WAITS),
    }


def _write_sum(
    context: Context,
    sheet: Sheet,
    row: int,
    one: LagSum,
    counted: Mapping[int, Term] | None,
    look: str = "",
) -> None:
    """Write a sum, by formulas where it is `counted`; a learner who lacks several steps counts once."""
    values: Mapping[int, Term | float] = counted or {
        STEPS: one.steps,
        HELD_TODAY: one.held_before,
        HELD: one.held_after,
        LAG_TODAY: one.lag_before,
        LAG: one.lag_after,
    }
    for place, value in values.items():
        style = "tenths" if place in (LAG_TODAY, LAG) else "count"
        sheet.put(row, place, value, f"{style} {look}".strip())
    sheet.across(row, _semester(context, one.first_after), f"text {look}".strip(), ALL_FROM, ALL_FROM + 1)
    for place, learners in ((WITHOUT_TODAY, one.learners_before), (WITHOUT, one.learners_after)):
        sheet.number(row, place, learners, f"count {look}".strip())


def _semester(context: Context, semester: str | None) -> str:
    return NOTHING if semester is None else context.labels.semester(semester)
