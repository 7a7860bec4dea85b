"""What is in doubt once the rows are understood: questions, each once, and what was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from curriplan.base.errors import Issue
from curriplan.catalog.reading.raw import listed
from curriplan.catalog.records import HoursKind, Section
from curriplan.importing.rup.layout import ambiguous
from curriplan.importing.rup.lines import LEAVES, LineKind, RupLine, RupTable
from curriplan.importing.rup.loads import is_training, kind_hours
from curriplan.importing.rup.roles import (
    AMOUNT_ROLES,
    KINDS,
    WORKPLACE,
    HeadedColumn,
    leaf_of,
    open_kind,
    role_of,
    role_phrase,
)
from curriplan.importing.rup.rows import section_unknown
from curriplan.importing.rup.vocabulary import CORRESPONDENCE, folded

READ = (
    LineKind.HEADER, LineKind.FIXED, LineKind.SECTION, LineKind.TOTAL, LineKind.CONSULTATION,
    LineKind.UNKNOWN, *LEAVES,
)  # fmt: skip
"""Rows whose cells must be readable."""
PLACED = (*LEAVES, LineKind.HEADER, LineKind.FIXED)
GROUPED = ("rup-cell-unreadable", "rup-number-ambiguous")
CELLS_NAMED = 8
FEW = 0.5
"""The part of a total below which hours by kind are few, as in a plan for correspondence study."""
MARGIN = 0.005


def row_issues(table: RupTable) -> Iterator[Issue]:
    """Yield what is wrong with rows and their cells; cells of a column that are wrong alike are one issue."""
    yield from _cell_issues(table)
    for line in table.lines:
        yield from line.remarks
        if line.kind is LineKind.UNKNOWN and not (line.remarks or line.asked):
            yield Issue("rup-row-unknown", table.place(line), {"text": (line.text or "–")[:80]})
        if line.kind is LineKind.HIDDEN:
            yield Issue("rup-row-hidden", table.place(line), {"text": (line.text or "–")[:80]})
    homeless = [line for line in table.lines if line.kind in PLACED and line.section is None]
    if homeless:
        yield section_unknown(table, homeless)


def _cell_issues(table: RupTable) -> Iterator[Issue]:
    groups: dict[tuple[str, str], list[Issue]] = {}
    for line in (one for one in table.lines if one.kind in READ):
        for issue in line.faults:
            if _is_note(line, issue):
                continue
            if issue.code in GROUPED and issue.place is not None:
                groups.setdefault((issue.code, str(issue.place.column)), []).append(issue)
            else:
                yield issue
    for issues in groups.values():
        cells = [f"{one.place.column}{one.place.row}" for one in issues if one.place is not None]
        more = ", …" if len(cells) > CELLS_NAMED else ""
        values = {**issues[0].values, "cells": ", ".join(cells[:CELLS_NAMED]) + more}
        yield Issue(issues[0].code, issues[0].place, values)


def _is_note(line: RupLine, issue: Issue) -> bool:
    """Say whether a cell has words where nothing of the row is taken: at most 100 hours a year."""
    untaken = line.kind is LineKind.CONSULTATION or (line.kind is LineKind.SECTION and not line.values)
    words = re.search(r"[^\W\d_]{2}", str(issue.values.get("value", "")))
    return untaken and issue.code == "rup-cell-unreadable" and words is not None


def workplace_issues(table: RupTable) -> Iterator[Issue]:
    """Ask what a column of training and practice together holds, unless only rows of practice use it."""
    groups: dict[str, list[HeadedColumn]] = {}
    for column in table.layout.columns:
        name = f"{WORKPLACE}?"
        if column.role is not None and name in {column.role.name, column.role.unit}:
            used = [one for one in table.leaves() if one.values.get(column.index)]
            if any(line.section is not Section.PRACTICE for line in used):
                groups.setdefault(leaf_of(column), []).append(column)
    yield from (ambiguous(table.sheet, table.layout, columns) for columns in groups.values())


def practice_as_training(table: RupTable) -> Iterator[Issue]:
    """Say that rows of practice became production training, as a column of the two together was answered."""
    training, both = str(HoursKind.PRODUCTION_TRAINING), f"{WORKPLACE}?"
    columns = [
        one.index
        for one in table.layout.columns
        if one.role is not None
        and training in {one.role.name, one.role.unit}
        and (headed := role_of(one.heading)) is not None
        and open_kind(headed) == both
    ]
    practice = [one for one in table.leaves() if one.section is Section.PRACTICE and not is_training(one)]
    used = [(line, at) for line in practice for at in columns if line.values.get(at)]
    if used:
        line, at = used[0]
        rows = sorted({one.row for one, _ in used})
        yield Issue(
            "rup-practice-as-training", table.place(line, at), {"text": line.text[:80], "rows": listed(rows)}
        )


def missing_kinds(table: RupTable, noted: frozenset[int]) -> Iterator[Issue]:
    """Ask about a column that nobody knows where its numbers are what is missing from the totals."""
    for column in table.layout.columns:
        if column.role is not None or column.index in noted:
            continue
        numbers = {line.row: _number(table, line, column) for line in table.leaves()}
        filled = [line for line in table.leaves() if numbers[line.row]]
        rest = [(_total(table, line) or 0.0) - sum(kind_hours(table, line).values()) for line in filled]
        same = sum(abs(numbers[line.row] - one) < MARGIN for line, one in zip(filled, rest, strict=True))
        if same * 2 > len(filled):
            values = {
                "column": str(table.sheet.place(None, column.index).column),
                "heading": column.heading.text[:80] or "–",
                "choices": ", ".join((*KINDS, "ignore")),
                "said": tuple(map(role_phrase, (*KINDS, "ignore"))),
            }
            yield Issue("rup-column-ambiguous", table.sheet.place(table.layout.top, column.index), values)


def _number(table: RupTable, line: RupLine, column: HeadedColumn) -> float:
    cell = table.sheet.cell(line.row, column.index)
    try:
        return float(cell.text.replace(",", ".")) if cell is not None else 0.0
    except ValueError:
        return 0.0


def _total(table: RupTable, line: RupLine) -> float | None:
    return table.amount(line, "hours") or sum(table.by_term(line, "hours").values()) or None


def study_issue(table: RupTable, texts: Sequence[str]) -> Issue | None:
    """Ask whether a plan is for correspondence study: it says so, or most rows have few hours by kind."""
    rows = few = lacking = 0
    for line in table.leaves():
        total, kinds = _total(table, line), sum(kind_hours(table, line).values())
        if total and kinds and line.section not in {Section.PRACTICE, Section.ATTESTATION}:
            rows, few = rows + 1, few + (kinds < total * FEW)
            lacking += kinds < total - MARGIN
    said = any(CORRESPONDENCE.search(folded(text)) for text in texts)
    if not lacking or not (few * 2 > rows or said):
        return None
    return Issue("rup-study-unknown", table.sheet.place(), {"count": lacking, "rows": rows})


def formula_issue(table: RupTable) -> Issue | None:
    """Return that the formulas were never calculated: none has a value, or all are 0 where sums are not.

    The faults of the single cells are taken away where this says it for all of them.
    """
    columns = list(table.layout.having(*AMOUNT_ROLES))
    found = [
        (line, column, cell)
        for line in table.lines
        for column in columns
        if (cell := table.sheet.cell(line.row, column.index)) is not None and cell.formula
    ]
    if any(cell.value for _, _, cell in found) or any(cell.said for _, _, cell in found):
        return None
    bare = all(cell.problem is not None for _, _, cell in found)
    if bare and len(found) < 2:  # the fault of the cell says it
        return None
    if not bare and not any(_should_be_more(table, line, column) for line, column, _ in found):
        return None
    for line in table.lines:
        line.faults = [one for one in line.faults if one.code != "formula-without-value"]
    line, column, _ = found[0]
    return Issue("rup-formulas-not-calculated", table.place(line, column.index), {"count": len(found)})


def _should_be_more(table: RupTable, line: RupLine, column: HeadedColumn) -> bool:
    """Say whether a cell cannot be 0: it sums up rows that have more, or its row has more than it."""
    role = column.role
    if role is None:
        return False
    if line.kind in {LineKind.HEADER, LineKind.SECTION, LineKind.TOTAL}:
        return any(one.values.get(column.index) for one in table.leaves() if _sums(line, one))
    if line.kind not in LEAVES:
        return False
    total, counted = table.amount(line, "hours"), table.amount(line, "credits")
    kinds, terms = sum(kind_hours(table, line).values()), sum(table.by_term(line, "hours").values())
    if role.name in {"hours", "credits"}:
        return bool(kinds or terms or total or counted)
    has, wanted = (terms, total) if role.name == "semester" else (kinds, total)
    return bool(wanted and has < wanted - MARGIN) or bool(not has and counted)


def _sums(line: RupLine, leaf: RupLine) -> bool:
    """Say whether a row that sums others up may stand for a module."""
    if line.kind is LineKind.HEADER:
        return leaf.parent == line.id
    return leaf.row < line.row if line.kind is LineKind.TOTAL else leaf.section is line.section
