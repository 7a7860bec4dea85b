"""Checks of what later versions will use: it is read and kept, never silently ignored."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from curriplan.checks.checked import Checked, by_row, differs, number_text
from curriplan.errors import Issue
from curriplan.model import RECORDS, Record


def scenario_probabilities(checked: Checked) -> Iterator[Issue]:
    """Find outlooks whose probabilities do not sum to 1."""
    rows = checked.catalog.scenarios
    total = math.fsum(row.probability for row in rows)
    if rows and differs(total, 1):
        yield Issue("probabilities-not-one", rows[0].place("probability"), {"sum": number_text(total)})


def not_yet_used(checked: Checked) -> Iterator[Issue]:
    """Find tables, columns and words that no rule uses yet: one warning each."""
    for record in RECORDS:
        rows = checked.catalog.table(record.table)
        if not record.used:
            yield from _unused(rows, "*", None)
            continue
        for name in record.columns():
            if not record.column_info(name)["used"]:
                default = record.model_fields[name].default
                yield from _unused((row for row in rows if getattr(row, name) != default), name, name)


def _unused(rows: Iterable[Record], what: str, column: str | None) -> Iterator[Issue]:
    found = by_row(rows)
    if found:
        values = {"table": found[0].table, "column": what, "rows": len(found)}
        yield Issue("not-yet-used", found[0].place(column), values)
