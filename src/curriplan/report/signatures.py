"""The signatures under a working curriculum, of those who drafted and considered it."""

from __future__ import annotations

from curriplan.report.context import Context
from curriplan.xlsx.sheet import Sheet

COLUMNS = (
    ("signature.role", 0, 1),
    ("signature.name", 2, 4),
    ("signature.sign", 5, 8),
    ("signature.date", 9, 12),
)
"""Header, and the first and last of the form's columns that it takes: they are narrow."""
ROLES = ("drafted", "considered")
LINE_POINTS = 30


def write_signatures(context: Context, sheet: Sheet, row: int) -> int:
    """Write a line for each who signs: name, signature, date; return the last of them."""
    sheet.across(row, context.texts("heading.signatures"), "heading", 0, COLUMNS[-1][2])
    for key, start, end in COLUMNS:
        sheet.across(row + 1, context.texts(key), "form_header", start, end)
    for place, role in enumerate(ROLES, start=row + 2):
        sheet.height(place, LINE_POINTS)
        for key, start, end in COLUMNS:
            if key == "signature.role":
                sheet.across(place, context.texts(f"signature_of.{role}"), "text", start, end)
            else:
                sheet.to_sign(place, "text", start, end)
    return row + 1 + len(ROLES)
