"""The sheet Stability: in how many of the varied runs each module is chosen."""

from __future__ import annotations

from collections import Counter

from curriplan.catalog.records import Standing
from curriplan.plan.stability import Stability, StabilityRow, StabilityRun
from curriplan.report.context import Context
from curriplan.xlsx.table import Column, Table

FIRM, LIKELY = 0.9, 0.5
"""Shares of the runs from which on a choice is called firm, and likely."""


def stability_table(context: Context, runs: int) -> Table[StabilityRow]:
    """Return the table of the modules, whose choices are counted in so many runs."""

    def share(line: StabilityRow) -> float | None:
        return line.chosen_in / runs if runs else None

    def verdict(line: StabilityRow) -> str:
        option = context.view.curricula.by_programme[line.programme].options.get(line.module)
        if line.is_chosen and option is not None and option.standing is Standing.MANDATORY:
            return context.texts("why.mandatory")
        return context.texts(verdict_key(line, share(line) or 0.0))

    return Table(
        Column("column.programme", "code", 12, lambda line: line.programme),
        Column("column.index", "code", 14, lambda line: line.module),
        Column("column.module", "text", 46, lambda line: context.labels.module(line.module)),
        Column("column.in_plan", "centre", 12, lambda line: line.is_chosen),
        Column("column.chosen_in", "count", 12, lambda line: line.chosen_in),
        Column("column.runs", "count", 12, lambda _: runs),
        Column("column.chosen_share", "share", 12, share),
        Column("column.verdict", "text", 40, verdict),
    )


def write_stability(context: Context, found: Stability) -> None:
    """Add the sheet and write it: what became of the runs, then one row a module."""
    table = stability_table(context, found.counted)
    sheet = context.book.sheet(context.texts("sheet.stability"), table.widths, is_detail=True)
    top = sheet.heading("title.stability", "how.stability")
    sheet.across(top, runs_text(context, found.runs), "plain")
    table.write(sheet, top + 1, found.rows).page(3, name="stability")


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
