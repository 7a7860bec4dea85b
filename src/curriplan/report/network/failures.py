"""The colleges that have no plan: why, and what to do. Nothing of them is counted anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curriplan.plan.network import CollegeResult, Failure
from curriplan.report.network.view import NetworkView, name_in
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Table
from curriplan.xlsx.term import NOTHING

MOST_FAULTS = 5
"""Faults of a catalog that are told; of the others the number."""
MOST_LETTERS = 600


def failure_table(view: NetworkView) -> Table[CollegeResult]:
    """Return the table of the colleges without a plan."""
    names, texts = view.college_names, view.texts
    return Table(
        Column("nation_column.region", "text", 18, lambda one: view.where(one.region)),
        Column("nation_column.college", "text", 30, lambda one: names[one.id]),
        Column("nation_column.learners", "count", 13, formula=lambda line: line.row.learners or NOTHING),
        Column("nation_column.why", "text", 26, lambda one: why_said(view, one)),
        Column("nation_column.found", "text", 50, lambda one: found_said(view, one.failure)),
        Column("nation_column.to_do", "text", 36, lambda one: texts(f"nation_advice.{kind_of(one)}")),
    )


def kind_of(one: CollegeResult) -> str:
    """Return why a college has no plan, as its texts are named."""
    return "none" if one.failure is None else one.failure.kind.value


def why_said(view: NetworkView, one: CollegeResult) -> str:
    """Say why a college has no plan, and in which step that was."""
    said = view.texts(f"nation_failed.{kind_of(one)}")
    if one.failure is None or not view.texts.has(f"nation_stage.{one.failure.stage}"):
        return said
    return f"{said} ({view.texts(f'nation_stage.{one.failure.stage}')})"


def found_said(view: NetworkView, failure: Failure | None) -> str:
    """Say what was found, in the language of the workbook; the first faults where there are many."""
    issues = () if failure is None else failure.issues
    said = [text for one in issues[:MOST_FAULTS] if (text := text_of(view, one))]
    lines = [one if len(one) <= MOST_LETTERS else one[:MOST_LETTERS] + "…" for one in said]
    if len(issues) > MOST_FAULTS:
        lines.append(view.texts("nation.more_faults", count=len(issues) - MOST_FAULTS))
    return "\n".join(lines) or NOTHING


def text_of(view: NetworkView, issue: Mapping[str, Any]) -> str:
    """Return what an issue says, in the language of the workbook."""
    text = issue.get("text")
    return name_in(text, view.texts.language, "") if isinstance(text, Mapping) else str(text or "")


def write_failures(view: NetworkView, sheet: Sheet) -> None:
    """Write the colleges without a plan."""
    table = failure_table(view)
    sheet.set_widths(table.widths)
    top = sheet.heading("nation_title.failures", "nation_how.failures")
    table.write(sheet, top, view.failed).page(2)
