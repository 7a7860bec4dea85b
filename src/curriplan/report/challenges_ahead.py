"""The table below the challenges that looks ahead: how long the answer takes, outlooks, and partners."""

from __future__ import annotations

from curriplan.plan.challenges import ChallengeAnswer
from curriplan.plan.lag import LagSum
from curriplan.report.context import Context
from curriplan.report.lag_notes import lag_notes
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column

AHEAD = (
    Column("column.challenge_number", "centre"),
    Column("column.challenge", "text"),
    Column("column.partners_behind", "text"),
    Column("column.lag_now", "tenths", span=2),
    Column("column.lag_planned", "tenths", span=2),
    Column("column.learners_until_then", "centre", span=3),
    Column("column.closed_in_outlooks", "centre", span=3),
)
NONE = "–"


def write_challenges_ahead(context: Context, sheet: Sheet, row: int) -> int:
    """Write a line for each challenge that anything is known of; return the next free row."""
    plan, texts = context.view.plan, context.texts
    waits = {one.of: one for one in plan.lag.challenges} if plan.lag else {}
    lines = [one for one in plan.challenges if one.challenge in waits or one.outlooks or one.partners]
    if not lines:
        return row
    sheet.across(row, texts("heading.challenge_ahead"), "heading")
    place = sheet.header(row + 1, AHEAD)
    for found in lines:
        _write_line(context, sheet, place, found, waits.get(found.challenge))
        place += 1
    remarks = []
    if waits and plan.lag:
        remarks.append(texts("phrase.challenge_lag", horizon=context.labels.semester(plan.lag.horizon)))
        remarks.append(lag_notes(context, plan.lag))
    if any(one.outlooks for one in lines):
        remarks.append(texts("phrase.challenge_outlooks"))
    if remarks:
        sheet.across(place, " ".join(remarks), "note")
        place += 1
    sheet.keep_together(row, place - 1)
    return place


def _write_line(
    context: Context, sheet: Sheet, row: int, found: ChallengeAnswer, wait: LagSum | None
) -> None:
    labels = context.labels
    names = {one.id: one.name(context.texts.language) for one in context.view.catalog.challenges}
    learners = f"{wait.learners_before} → {wait.learners_after}" if wait else NONE
    partners = ", ".join(labels.funding_source(one) for one in found.partners)
    values = (
        found.challenge,
        names[found.challenge],
        partners or NONE,
        NONE if wait is None else wait.lag_before,
        NONE if wait is None else wait.lag_after,
        learners,
        closed_in_outlooks(context, found),
    )
    column = 0
    for one, value in zip(AHEAD, values, strict=True):
        sheet.put_across(row, value, one.style, column, column + one.span - 1)
        column += one.span


def closed_in_outlooks(context: Context, found: ChallengeAnswer) -> str:
    """Return the least and the greatest closure that the plan has in an outlook, in per cent."""
    closed = [one.closure_after for one in found.outlooks]
    if not closed:
        return NONE
    least, most = (context.texts.percent(one) for one in (min(closed), max(closed)))
    return least if least == most else f"{least}–{most}"
