"""The last sheet: the plan and all locked cells once more, for the program that reads a review back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curriplan.catalog.marks import row_marks
from curriplan.plan.carried import CARRIED_SCHEMA, carried_lines
from curriplan.plan.plan import plan_to_data
from curriplan.report.context import Context
from curriplan.report.review import plan_key
from curriplan.xlsx.sheet import Sheet

PLAN_PROPERTY = "curriplan plan SHA-256"
"""Custom property that tells which plan a workbook shows."""
WIDTH = 110


def _marks(context: Context) -> dict[str, dict[str, str]]:
    """Return the mark of what the catalog says of each module, by programme and module."""
    view = context.view
    options = {name: view.curricula.by_programme[name].options for name in view.limits.planned}
    keys = [(name, module) for name, modules in options.items() for module in modules]
    found: dict[str, dict[str, str]] = {}
    for (programme, module), mark in row_marks(view.catalog, keys).items():
        found.setdefault(programme, {})[module] = mark
    return found


def add_carried_sheet(context: Context) -> Sheet:
    """Add the empty sheet: the last tab."""
    return context.book.sheet(context.texts("sheet.carried"), [WIDTH], is_detail=True)


def write_carried(context: Context, sheet: Sheet, review: Sheet, rows: Mapping[str, Any]) -> None:
    """Write the data after all other sheets; on paper only what they are for."""
    sha256 = context.view.plan_sha256
    row = sheet.heading("title.carried", "how.carried")
    sheet.text(row, 0, context.texts("phrase.plan_sha256", sha256=sha256), "plain")
    sheet.freeze(row)
    sheet.print_only(row)
    data = {
        "schema": CARRIED_SCHEMA,
        "language": context.texts.language,
        "plan_sha256": sha256,
        "plan": plan_to_data(context.view.plan, context.view.tool),
        "plan_key": plan_key(context.view),
        "rows": dict(rows),
        "marks": _marks(context),
        "review_sheet": review.name,
        "sheets": [
            {"name": one.name, "open": one.open_cells(), "columns": one.locked_columns()}
            for one in context.book.sheets
            if one is not sheet
        ],
    }
    for place, line in enumerate(carried_lines(data), start=row + 2):
        sheet.text(place, 0, line, "data")
    context.book.property(PLAN_PROPERTY, sha256)
