"""The signatures under a working curriculum: who drafted, considered, agreed and approves it."""

from __future__ import annotations

from curriplan.report.context import Context
from curriplan.xlsx.workbook import Sheet

COLUMNS = (
    ("signature.role", 1, 2),
    ("signature.name", 3, 7),
    ("signature.sign", 8, 11),
    ("signature.date", 12, 14),
    ("signature.stamp", 15, 17),
)
"""Header, and the first and last of the sheet's columns that it takes: they are narrow."""
ROLES = ("drafted", "considered", "agreed", "approved")
LINE_POINTS = 34


def write_signatures(context: Context, sheet: Sheet, row: int) -> int:
    """Write a line for each who signs: name, signature, date, stamp; return the next free row."""
    first, last = COLUMNS[0][1], COLUMNS[-1][2]
    sheet.across(row, context.texts("heading.signatures"), "heading", first, last)
    for key, start, end in COLUMNS:
        sheet.across(row + 1, context.texts(key), "header", start, end)
    for place, role in enumerate(ROLES, start=row + 2):
        sheet.height(place, LINE_POINTS)
        sheet.across(place, context.texts(f"signature_of.{role}"), "text", COLUMNS[0][1], COLUMNS[0][2])
        for _, start, end in COLUMNS[1:]:
            sheet.across(place, "", "text", start, end)
    end = row + 2 + len(ROLES)
    sheet.keep_together(row, end - 1)
    return end + 1
