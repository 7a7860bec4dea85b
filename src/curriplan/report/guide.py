"""The line above each sheet, for the screen only: the way back to the first one, and what may be written."""

from __future__ import annotations

from curriplan.report.context import Context
from curriplan.xlsx.sheet import Sheet

SIZE = 9
"""Points of its letters, as its styles have them."""


def write_guides(context: Context, first: Sheet, review: Sheet) -> None:
    """Lock what is neither written in nor sorted, against accidents, and say so above each sheet."""
    for sheet in context.book.sheets:
        if not sheet.is_sortable:
            sheet.protect()
        if sheet is not first:
            _write_guide(context, sheet, first, review)


def _write_guide(context: Context, sheet: Sheet, first: Sheet, review: Sheet) -> None:
    back = context.texts("guide.back", sheet=first.name)
    last = len(sheet.widths) - 1
    end = sheet.columns_for(back, SIZE)
    sheet.link(0, 0, first.name, back, "way_back", last=end)
    if end < last:
        key = "review" if sheet is review else what_is_allowed(sheet)
        sheet.across(0, context.texts(f"guide.{key}", review=review.name), "guide", end + 1, last)


def what_is_allowed(sheet: Sheet) -> str:
    """Return the name of the text that says what readers may do with a sheet that is not for review."""
    if sheet.has_inputs:
        return "inputs"
    if sheet.is_sortable:
        return "sorted"
    return "signed" if sheet.open_cells() else "locked"
