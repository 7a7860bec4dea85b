"""Units that cells say beside their numbers: each must be that of its column, or it is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.base.errors import Issue
from curriplan.importing.rup.lines import LineKind, RupLine, RupTable
from curriplan.importing.rup.roles import AMOUNT_ROLES, HeadedColumn
from curriplan.texts.words import Phrase

CELLS_NAMED = 8
READ = (
    LineKind.SECTION, LineKind.HEADER, LineKind.OUTCOME, LineKind.MODULE, LineKind.FIXED, LineKind.TOTAL,
    LineKind.CONSULTATION,
)  # fmt: skip
"""Rows whose amounts are read."""


def unit_of(column: HeadedColumn) -> str:
    """Return what a column counts: hours, credits, or an empty text where it is open."""
    role = column.role
    if role is None or (role.name == "semester" and not role.unit):
        return ""
    return "credits" if "credits" in {role.name, role.unit} else "hours"


def said_unit(table: RupTable) -> str | None:
    """Return the unit that the cells of semesters say, where they all say the same and no heading does."""
    columns = [one.index for one in table.columns("semester", "")]
    said = {line.units[at] for line in table.lines for at in columns if at in line.units}
    return said.pop() if len(said) == 1 and said <= {"hours", "credits"} else None


def settle_cell_units(table: RupTable, hours_per_week: float | None) -> list[Issue]:
    """Turn weeks into hours where it is known how many they are; return what is in another unit.

    Returns
    -------
    list of Issue
        One for all weeks, one for each other unit in columns of another, with the cells.
    """
    weeks: list[tuple[RupLine, HeadedColumn]] = []
    others: dict[tuple[str, str], list[tuple[RupLine, HeadedColumn]]] = {}
    for line in (one for one in table.lines if one.kind in READ):
        for column in table.layout.having(*AMOUNT_ROLES):
            said, wanted = line.units.get(column.index, ""), unit_of(column)
            if said and said != wanted and line.values.get(column.index):
                if said == "weeks" and wanted != "credits":
                    weeks.append((line, column))
                elif wanted:
                    others.setdefault((said, wanted), []).append((line, column))
    if hours_per_week is not None:
        for line, column in weeks:
            line.values[column.index] *= hours_per_week
        weeks = []
    issues = [_issue(table, "rup-weeks-in-hours", weeks, {})] if weeks else []
    for (said, wanted), cells in sorted(others.items()):
        issues.append(_issue(table, "rup-unit-other", cells, {"said": _word(said), "wanted": _word(wanted)}))
    return issues


def _word(unit: str) -> Phrase:
    return Phrase(f"unit.{unit}", subject="questions")


def _issue(
    table: RupTable, code: str, cells: Sequence[tuple[RupLine, HeadedColumn]], values: Mapping[str, Phrase]
) -> Issue:
    places = [table.place(line, column.index) for line, column in cells]
    named = ", ".join(f"{place.column}{place.row}" for place in places[:CELLS_NAMED])
    line, column = cells[0]
    text = table.sheet.text(line.row, column.index)[:60]
    more = ", …" if len(places) > CELLS_NAMED else ""
    return Issue(code, places[0], {**values, "value": text, "cells": named + more, "count": len(cells)})
