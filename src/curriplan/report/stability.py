"""The sheet Stability: in how many of the varied runs each module is chosen."""

from __future__ import annotations

from collections import Counter

from curriplan.plan.stability import Stability, StabilityRow, StabilityRun
from curriplan.report.context import Context
from curriplan.xlsx.table import Column

COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.index", "code", 14),
    Column("column.module", "text", 46),
    Column("column.in_plan", "centre", 12),
    Column("column.chosen_in", "count", 12),
    Column("column.runs", "count", 12),
    Column("column.chosen_share", "share", 12),
    Column("column.verdict", "text", 40),
)
FIRM, LIKELY = 0.9, 0.5
"""Shares of the runs from which on a choice is called firm, and likely."""


def write_stability(context: Context, found: Stability) -> None:
    """Add the sheet and write it: what became of the runs, then one row a module."""
    texts = context.texts
    sheet = context.book.sheet(texts("sheet.stability"), [column.width for column in COLUMNS])
    top = sheet.heading("title.stability", "how.stability")
    sheet.across(top, runs_text(context, found.runs), "plain")
    first = sheet.header(top + 1, COLUMNS)
    for row, line in enumerate(found.rows, start=first):
        for place, value in enumerate(_values(context, line, found.counted)):
            sheet.put(row, place, value, COLUMNS[place].style)
    last = first + len(found.rows) - 1
    sheet.freeze(first, 3)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)


def _values(context: Context, line: StabilityRow, runs: int) -> tuple[str | float | None, ...]:
    share = line.chosen_in / runs if runs else None
    return (
        line.programme,
        line.module,
        context.labels.module(line.module),
        context.labels.yes_no(line.is_chosen),
        line.chosen_in,
        runs,
        share,
        context.texts(verdict_key(line, share or 0.0)),
    )


def verdict_key(line: StabilityRow, share: float) -> str:
    """Return the text of what a planner may make of a count."""
    if line.is_chosen:
        if share >= FIRM:
            return "stability.firm"
        return "stability.likely" if share >= LIKELY else "stability.weak"
    return "stability.rival" if share >= LIKELY else "stability.rarely"


def runs_text(context: Context, runs: tuple[StabilityRun, ...]) -> str:
    """Return how many runs came to a plan, and what became of the others."""
    counts = Counter(run.status for run in runs)
    return context.texts(
        "stability.runs",
        runs=len(runs),
        plans=sum(run.has_plan for run in runs),
        infeasible=counts["infeasible"],
        stopped=counts["no_plan"] + counts["failed"] + counts["not_run"],
    )
