"""Sums that do not add up: rows, module headers, sections and totals, each with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from curriplan.base.errors import Issue, Place
from curriplan.catalog.reading import raw
from curriplan.catalog.records import HoursKind
from curriplan.importing.rup.lines import LEAVES, LineKind, RupLine, RupTable
from curriplan.importing.rup.loads import Rates, equal, kind_hours
from curriplan.importing.rup.roles import AMOUNT_ROLES, KINDS, UNSURE, WORKPLACE, HeadedColumn, role_phrase
from curriplan.texts.words import Digits

COUNTED = (*LEAVES, LineKind.HEADER)
MAX_STARTS = 12
"""Sections and totals above a total from which its rows may run."""
SUMMED = (*LEAVES, LineKind.FIXED)


def number_text(value: float) -> Digits:
    """Return an amount as it stands in a sentence."""
    return Digits(raw.number_text(value))


def sum_issues(table: RupTable, rates: Rates) -> list[Issue]:
    """Return every sum of the table that does not add up, by row."""
    found: list[Issue] = []
    for line in table.lines:
        if line.kind in COUNTED:
            found += _row_issues(table, line, rates)
        if line.kind is LineKind.HEADER:
            found += _differences(table, line, table.outcomes_of(line), "rup-header-not-sum")
        elif line.kind is LineKind.SECTION and line.values:
            found += _differences(table, line, _section_leaves(table, line), "rup-total-not-sum")
        elif line.kind is LineKind.TOTAL:
            found += _differences(table, line, _best_rows(table, line), "rup-total-not-sum")
    return found


def _row_issues(table: RupTable, line: RupLine, rates: Rates) -> Iterator[Issue]:
    """Compare the amounts of one row with each other."""
    hours, counted = table.amount(line, "hours"), table.amount(line, "credits")
    unsure = [one for one in UNSURE if one != f"{WORKPLACE}?"]
    kinds = sum(kind_hours(table, line).values()) + sum(table.amount(line, one) or 0.0 for one in unsure)
    in_kinds = hours if hours is not None else (kinds or None)
    if counted is not None and in_kinds is not None and not equal(in_kinds, counted * rates.hours_per_credit):
        values = {
            "hours": number_text(in_kinds),
            "credits": number_text(counted),
            "expected": number_text(counted * rates.hours_per_credit),
            "per_credit": number_text(rates.hours_per_credit),
        }
        yield Issue("rup-hours-not-credits", _cell(table, line, "credits"), values)
    told = line.kind is LineKind.HEADER and not any(
        _differences(table, line, table.outcomes_of(line), "rup-header-not-sum")
    )
    if hours is not None and kinds and not (equal(hours, kinds) or told or (rates.rest and kinds < hours)):
        values = {"total": number_text(hours), "sum": number_text(kinds)}
        yield Issue("rup-kinds-not-total", _cell(table, line, "hours"), values)
    for kind in KINDS:
        in_all, in_terms = table.in_all(line, kind), table.by_term(line, kind)
        if in_all and in_terms and not equal(in_all, sum(in_terms.values())):
            values = {"total": number_text(in_all), "sum": number_text(sum(in_terms.values()))}
            said = {"unit": kind, "said": role_phrase(kind)}
            yield Issue("rup-semesters-not-total", _cell(table, line, kind), {**values, **said})
    for unit, total, name in (("hours", in_kinds, "hours"), ("credits", counted, "credits")):
        in_terms = table.by_term(line, unit)
        if unit == "hours" and _are_in_class(table, line, rates, sum(in_terms.values())):
            continue
        if in_terms and total is not None and not equal(total, sum(in_terms.values())):
            values = {"total": number_text(total), "sum": number_text(sum(in_terms.values()))}
            said = {"unit": unit, "said": role_phrase(unit)}
            yield Issue("rup-semesters-not-total", _cell(table, line, name), {**values, **said})


def _are_in_class(table: RupTable, line: RupLine, rates: Rates, in_terms: float) -> bool:
    """Say whether semesters hold the hours without self-study, as sessions of correspondence study do."""
    kinds = kind_hours(table, line)
    alone = kinds.pop(HoursKind.SELF_STUDY, 0.0)
    return bool(alone or rates.rest == HoursKind.SELF_STUDY) and equal(sum(kinds.values()), in_terms)


def _cell(table: RupTable, line: RupLine, name: str) -> Place:
    """Return the place of the amount of a row: its cell, else that of the first amount it has."""
    names = (name, "hours", "credits", *KINDS, WORKPLACE, "semester")
    columns = (one.index for role in names for one in table.columns(role) if one.index in line.values)
    return table.place(line, next(columns, None))


def _amount_columns(table: RupTable) -> list[HeadedColumn]:
    return [one for one in table.layout.having(*AMOUNT_ROLES) if one.role is not None]


def _sums(table: RupTable, rows: Iterable[RupLine]) -> dict[int, float]:
    sums = {column.index: 0.0 for column in _amount_columns(table)}
    for line in rows:
        for at, value in line.values.items():
            sums[at] = sums.get(at, 0.0) + value
    return sums


def _differences(table: RupTable, line: RupLine, rows: Sequence[RupLine], code: str) -> Iterator[Issue]:
    """Compare the cells of a row that sums others up with their sums, where they have any."""
    sums = _sums(table, rows)
    said = {at for one in rows for at in one.values}
    unread = {issue.place.column for one in rows for issue in one.faults if issue.place is not None}
    for column in _amount_columns(table):
        value = line.values.get(column.index)
        if table.place(line, column.index).column in unread or column.index not in said:
            continue
        if value is not None and not equal(value, sums[column.index]):
            values = {
                "text": line.text[:60],
                "column": column.heading.text[:80],
                "found": number_text(value),
                "sum": number_text(sums[column.index]),
            }
            yield Issue(code, table.place(line, column.index), values)


def _section_leaves(table: RupTable, section: RupLine) -> list[RupLine]:
    """Return the rows that a section most likely sums up.

    They run to the next section, to a later one (sections may stand in sections), or to where the rows
    belong elsewhere: all of them or those of the section, whichever agree best.
    """
    rows: list[RupLine] = []
    choices: list[list[RupLine]] = []
    for line in (one for one in table.lines if one.row > section.row):
        if len(choices) >= MAX_STARTS:
            break
        changed = line.kind in SUMMED and rows and rows[-1].section is not line.section
        if (line.kind is LineKind.SECTION and rows) or changed:
            choices.append(list(rows))
        rows += [line] if line.kind in SUMMED else []
    choices.append(rows)
    mine = [[line for line in one if line.section is section.section] for one in choices[:1]]
    return min((*mine, *choices), key=lambda choice: _distance(table, section, choice))


def _best_rows(table: RupTable, total: RupLine) -> list[RupLine]:
    """Return the rows that a total most likely sums up.

    They run from the top, from the start of a section or from after another total, with or without
    consultations: the choice with which most cells agree, then the one that differs least.
    """
    before = [line for line in table.lines if line.row < total.row]
    starts = {0, *(line.row for line in before if line.kind in {LineKind.SECTION, LineKind.TOTAL})}
    choices = []
    for start in [*sorted(starts, reverse=True)[:MAX_STARTS], 0]:
        plain = [one for one in before if one.row > start and one.kind in SUMMED]
        extra = [one for one in before if one.row > start and one.kind is LineKind.CONSULTATION]
        choices += [plain] + ([sorted([*plain, *extra], key=lambda one: one.row)] if extra else [])
    return min((one for one in choices if one), key=lambda rows: _distance(table, total, rows), default=[])


def _distance(table: RupTable, total: RupLine, rows: Sequence[RupLine]) -> tuple[int, float]:
    sums = _sums(table, rows)
    pairs = [(value, sums.get(at, 0.0)) for at, value in total.values.items()]
    return sum(not equal(a, b) for a, b in pairs), sum(abs(a - b) / (abs(a) + abs(b) + 1) for a, b in pairs)


SUM_CODES = (
    "rup-hours-not-credits",
    "rup-kinds-not-total",
    "rup-semesters-not-total",
    "rup-header-not-sum",
    "rup-total-not-sum",
)
"""Codes of sums that do not add up."""
