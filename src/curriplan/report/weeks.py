"""The week chart of a working curriculum: theory, practice, attestation and holidays of every semester."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from curriplan.catalog.records import HoursKind, Programme
from curriplan.report.context import Context
from curriplan.report.curriculum_rows import CurriculumTable
from curriplan.xlsx.formula import all_of, chained, holds, repeated, rounded, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term, constant

COLUMNS = (
    ("column.semester", "text", 1, 2),
    ("column.weeks_theory", "credits", 3, 4),
    ("column.weeks_practice", "credits", 5, 6),
    ("column.weeks_attestation", "credits", 7, 8),
    ("column.weeks_holidays", "credits", 9, 10),
    ("column.weeks_all", "credits", 11, 12),
    ("column.weeks_check", "status", 13, 13),
    ("column.weeks_strip", "hash", 14, 18),
)
"""Header, style, and the first and last of the sheet's columns that it takes: they are narrow."""
FIRST, LAST = COLUMNS[0][2], COLUMNS[-1][3]
NAME, THEORY, PRACTICE, ATTESTATION, HOLIDAYS, ALL, CHECK, STRIP = (column[2] for column in COLUMNS)
PARTS = {THEORY: "theory", PRACTICE: "practice", ATTESTATION: "attestation", HOLIDAYS: "holidays"}
"""The kinds of weeks, in the order in which a semester has them."""
WEEKS_OF_YEAR = 52


def write_weeks(
    context: Context,
    sheet: Sheet,
    record: Programme,
    table: CurriculumTable,
    by_term: Mapping[int, Mapping[str, Term]],
    row: int,
) -> int:
    """Write the week chart; return the next free row. Nothing where the teaching weeks are unknown."""
    if None in table.weeks:
        return row
    texts = context.texts
    sheet.across(row, texts("heading.weeks"), "heading", FIRST, LAST)
    sheet.across(row + 1, texts("how.weeks"), "how", FIRST, LAST)
    half, norm = _write_assumptions(context, sheet, row + 2)
    for key, _, first, last in COLUMNS:
        sheet.across(row + 4, texts(key), "header", first, last)
    place = row + 4
    mine: list[int] = []
    for term in by_term:
        place += 1
        mine.append(place)
        name = context.labels.term(record, term)
        sheet.put_across(place, name, "text", NAME, THEORY - 1)
        sheet.put_across(place, table.attestation_weeks[term - 1], "credits", ATTESTATION, HOLIDAYS - 1)
        _write_term(context, sheet, place, by_term[term], half, norm)
        if term % 2 == 0 or term == len(by_term):
            place += 1
            _write_year(context, sheet, place, (term + 1) // 2, mine)
            mine = []
    sheet.keep_together(row, place)
    return place + 2


def _write_assumptions(context: Context, sheet: Sheet, row: int) -> tuple[Term, Term | None]:
    """Write the weeks of half a year and the hours of a week of practice; return the cells."""
    norm = context.view.limits.number("weekly_hours")
    values = {"phrase.half_year_weeks": WEEKS_OF_YEAR / 2, "phrase.practice_week": norm}
    for place, (key, value) in enumerate(values.items(), start=row):
        sheet.across(place, context.texts(key), "text", FIRST, THEORY - 1)
        sheet.put_across(place, value, "credits", THEORY, PRACTICE - 1)
    return sheet.ref(row, THEORY), None if norm is None else sheet.ref(row + 1, THEORY)


def _practice(sums: Mapping[str, Term], norm: Term | None) -> Term:
    """Return the weeks that the hours of practice of a term fill; without a norm nobody can tell."""
    hours = sums[str(HoursKind.PROFESSIONAL_PRACTICE)]
    if norm is None:
        return constant(0)
    return Term(f"{hours.inner}/{norm.inner}", hours.number / norm.number, True)


def _write_term(
    context: Context, sheet: Sheet, row: int, sums: Mapping[str, Term], half: Term, norm: Term | None
) -> None:
    """Write a semester: practice lies within the teaching weeks, holidays are what is left of half a year."""
    sheet.put_across(row, _practice(sums, norm), "credits", PRACTICE, ATTESTATION - 1)
    practice, attestation = sheet.ref(row, PRACTICE), sheet.ref(row, ATTESTATION)
    sheet.put_across(row, sums["weeks"] - practice, "credits", THEORY, PRACTICE - 1)
    sheet.put_across(row, half - sums["weeks"] - attestation, "credits", HOLIDAYS, ALL - 1)
    _write_sum(context, sheet, row, "")
    sheet.put_across(row, _strip(context, sheet, row), "hash", STRIP, LAST)


def _write_sum(context: Context, sheet: Sheet, row: int, look: str) -> None:
    """Write the weeks in all, and whether no kind of week is overdrawn."""
    sheet.put_across(
        row, total_of([sheet.ref(row, place) for place in PARTS]), f"credits {look}", ALL, CHECK - 1
    )
    enough = (holds(">=", sheet.ref(row, place), constant(0)) for place in (THEORY, HOLIDAYS))
    sheet.formula(row, CHECK, context.whether(all_of(*enough)), f"status {look}")


def _write_year(context: Context, sheet: Sheet, row: int, year: int, terms: list[int]) -> None:
    """Write the weeks of a year: those of its semesters."""
    sheet.put_across(row, context.texts("phrase.year", year=year), "text group", NAME, THEORY - 1)
    for (_, style, first, last), place in zip(COLUMNS[1:5], PARTS, strict=True):
        summed = total_of([sheet.ref(term, place) for term in terms])
        sheet.put_across(row, summed, f"{style} group", first, last)
    _write_sum(context, sheet, row, "group")
    sheet.put_across(row, "", "hash group", STRIP, LAST)


def _strip(context: Context, sheet: Sheet, row: int) -> Term:
    """Return the semester as a strip of letters, one a week, rounded so that the weeks of all come out."""
    parts: list[Term] = []
    before = constant(0)
    for place, name in PARTS.items():
        until = total_of([sheet.ref(row, one) for one in PARTS if one <= place])
        count = rounded(until, 0) - rounded(before, 0)
        parts.append(repeated(context.texts(f"week_letter.{name}"), count))
        before = until
    return reduce(chained, parts)
