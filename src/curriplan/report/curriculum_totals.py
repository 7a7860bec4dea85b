"""What stands below the rows of a working curriculum: totals by section, term and year, shares and faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.catalog.records import PRACTICE_KINDS, SELF_STUDY_KINDS, HoursKind, Programme, Section
from curriplan.problem.limits import Limits
from curriplan.report.context import Context, YearCells
from curriplan.report.curriculum_body import (
    ASSESSMENT,
    CHECK,
    COLUMNS,
    COST,
    CREDITS,
    DECISION,
    NAME,
    PREREQUISITES,
    SECTION,
    SUMMED,
    TERM,
    TOTAL,
    WHY,
    Body,
    equal_sign,
    summed,
)
from curriplan.report.curriculum_rows import WORKPLACE_KINDS, CurriculumTable
from curriplan.xlsx.formula import all_of, choose, count_if, holds, ratio, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term, constant


def _write_total_row(
    sheet: Sheet, row: int, short: str, label: str, terms: Mapping[str, Term], look: str
) -> dict[str, Term]:
    for place, column in enumerate(COLUMNS[: COST + 1]):
        sheet.text(row, place, "", f"{column.style} {look}")
    sheet.text(row, SECTION, short, f"centre {look}")
    sheet.text(row, NAME, label, f"text {look}")
    return {
        name: sheet.formula(row, SUMMED[name], term, f"{COLUMNS[SUMMED[name]].style} {look}")
        for name, term in terms.items()
    }


def write_sections(
    context: Context, body: Body, table: CurriculumTable, row: int
) -> tuple[dict[str, Term], dict[Section, dict[str, Term]]]:
    """Write the totals by section and the total of all."""
    sheet, texts = body.sheet, context.texts
    sheet.across(row - 1, texts("heading.by_section"), "heading", 0, COST)
    cells: dict[Section, dict[str, Term]] = {}
    for section in (item.section for item in table.sections):
        short = texts(f"section_short.{section}")
        sums = {
            name: summed(context, body, place, (body.column(SECTION), "=", short))
            for name, place in SUMMED.items()
        }
        cells[section] = _write_total_row(sheet, row, short, texts(f"section.{section}"), sums, "")
        row += 1
    whole = {name: total_of([one[name] for one in cells.values()]) for name in SUMMED}
    totals = _write_total_row(sheet, row, "", texts("phrase.total"), whole, "total")
    every = {
        name: summed(context, body, place, (body.column(TERM), "<>", "")) for name, place in SUMMED.items()
    }
    sheet.formula(row, CHECK, _same(context, totals, every), "status total")
    return totals, cells


def _same(context: Context, one: Mapping[str, Term], other: Mapping[str, Term]) -> Term:
    """Return ✔ where two rows of totals are equal in every column, else ✘."""
    return context.whether(all_of(*(holds("=", one[name], other[name]) for name in SUMMED)))


def write_faults(context: Context, body: Body, row: int) -> tuple[dict[str, Term], int]:
    """Count the rows that an inspector would mark; return the counts and the next free row."""
    bad, checks, terms = context.texts("sign.bad"), body.column(CHECK), body.column(TERM)
    forms = body.column(ASSESSMENT)
    unnamed = count_if((forms, "=", context.texts("phrase.no_assessment")), (terms, "<>", ""))
    counts = {
        "hours": count_if((checks, "=", bad)),
        "headers": count_if((checks, "=", context.texts("sign.bad_sum"))),
        "assessment": unnamed + count_if((forms, "=", ""), (terms, "<>", "")),
    }
    found = {}
    for place, (name, count) in enumerate(counts.items(), start=row):
        _write_total_row(body.sheet, place, "", context.texts(f"fault.{name}"), {}, "")
        found[name] = body.sheet.formula(place, TOTAL, count, "count")
        sign = equal_sign(context, found[name], constant(0))
        body.sheet.formula(place, CHECK, sign, "status")
    return found, row + len(counts)


def write_per_credit(context: Context, sheet: Sheet, row: int) -> Term | None:
    """Write the hours of a credit, to which the checks of all rows refer."""
    per_credit = context.view.limits.number("hours_per_credit")
    label = context.texts("phrase.credit_hours")
    _write_total_row(sheet, row, "", label, {}, "")
    sheet.number(row, CREDITS, per_credit, "hours")
    return None if per_credit is None else sheet.ref(row, CREDITS)


def write_credit_check(
    context: Context, sheet: Sheet, row: int, totals: Mapping[str, Term], per_credit: Term | None
) -> None:
    """Write credits × hours per credit beside the total and compare the two."""
    if per_credit is None:
        return
    product = sheet.formula(row, TOTAL, totals["credits"] * per_credit, "hours")
    hours = totals["total"]
    if not context.view.limits.self_study_inside_credit:
        for kind in SELF_STUDY_KINDS:
            hours = hours - totals[str(kind)]
    sheet.formula(row, CHECK, equal_sign(context, hours, product), "status")


def write_practice_share(
    context: Context, sheet: Sheet, row: int, sections: Mapping[Section, Mapping[str, Term]]
) -> Term:
    """Write the practice share (§7), naming its denominator."""
    counted = [sections[one] for one in sections if one in context.view.limits.practice_sections]
    practice = total_of([one[str(kind)] for one in counted for kind in PRACTICE_KINDS])
    hours = total_of([one["total"] for one in counted])
    names = context.labels.sections(context.view.limits.practice_sections)
    label = context.texts("phrase.practice_share", sections=names)
    _write_total_row(sheet, row, "", label, {}, "")
    return sheet.formula(row, TOTAL, ratio(practice, hours), "share")


def write_dual_share(
    context: Context, sheet: Sheet, row: int, record: Programme, totals: Mapping[str, Term]
) -> tuple[Term | None, int]:
    """Write the dual share (§8) of a dual programme; return it and the next free row."""
    if not record.dual:
        return None, row
    workplace = total_of([totals[str(kind)] for kind in WORKPLACE_KINDS])
    _write_total_row(sheet, row, "", context.texts("phrase.dual_share"), {}, "")
    return sheet.formula(row, TOTAL, ratio(totals["enterprise"], workplace), "share"), row + 1


WEEKS, WEEKLY_CONTACT, WEEKLY_ALL, VERDICT = ASSESSMENT, DECISION, PREREQUISITES, WHY
"""Columns of the totals by term that differ from those of the table above."""
TERM_HEADERS = {
    WEEKS: "column.weeks",
    COST: "column.new_cost",
    WEEKLY_CONTACT: "column.weekly_contact",
    WEEKLY_ALL: "column.weekly_all",
    VERDICT: "column.weekly_norm",
}


def write_terms(
    context: Context, body: Body, table: CurriculumTable, totals: Mapping[str, Term], row: int
) -> tuple[dict[int, dict[str, Term]], int, int]:
    """Write the totals by term; return them, the row of their check, and the next free row."""
    sheet, texts = body.sheet, context.texts
    _write_heading(sheet, row, "heading.by_term", TERM_HEADERS)
    record = context.view.catalog.programme_by_id[table.programme]
    cells: dict[int, dict[str, Term]] = {}
    # The norms stand below the terms, which are compared with them.
    end = row + len(table.weeks) + 1
    norms = _write_norms(context, sheet, end + 1)
    for term, weeks in enumerate(table.weeks, start=1):
        row += 1
        sums = {
            name: summed(context, body, place, (body.column(TERM), "=", term))
            for name, place in SUMMED.items()
        }
        cells[term] = _write_total_row(sheet, row, "", context.labels.term(record, term), sums, "")
        sheet.number(row, TERM, term, "term")
        sheet.number(row, WEEKS, weeks, "credits")
        cells[term]["weeks"] = sheet.ref(row, WEEKS)
        _write_weekly(context, sheet, row, weeks, cells[term], norms)
    whole = {name: total_of([one[name] for one in cells.values()]) for name in SUMMED}
    written = _write_total_row(sheet, end, "", texts("phrase.total"), whole, "total")
    sheet.formula(end, CHECK, _same(context, written, totals), "status total")
    context.colour_status(sheet, end - len(table.weeks), VERDICT, end - 1)
    return cells, end, end + 2


def count_signs(context: Context, sheet: Sheet, rows: Sequence[int]) -> Term:
    """Count the ✘ in the check column of some rows."""
    bad = context.texts("sign.bad")
    counts = [count_if((sheet.range(CHECK, row, row), "=", bad)) for row in rows]
    return total_of(counts)


def _write_heading(sheet: Sheet, row: int, key: str, headers: Mapping[int, str]) -> None:
    """Write the heading of a block, and the headers of the columns that differ from the table's."""
    sheet.across(row, sheet.texts(key), "heading", 0, CHECK)
    for column, header in headers.items():
        sheet.text(row, column, sheet.texts(header), "header")


def _write_norms(context: Context, sheet: Sheet, row: int) -> dict[int, Term]:
    """Write the most hours a week below the columns that they bind."""
    limits = context.view.limits
    mandatory, every = limits.number("weekly_hours"), limits.number("weekly_hours_all")
    if limits.weekly_hours_counts_all:
        bound = [norm for norm in (mandatory, every) if norm is not None]
        mandatory, every = None, min(bound, default=None)
    norms = {WEEKLY_CONTACT: mandatory, WEEKLY_ALL: every}
    sheet.text(row, ASSESSMENT, context.texts("phrase.at_most"), "text")
    for column, norm in norms.items():
        sheet.number(row, column, norm, "credits")
    return {column: sheet.ref(row, column) for column, norm in norms.items() if norm is not None}


def _write_weekly(
    context: Context,
    sheet: Sheet,
    row: int,
    weeks: float | None,
    sums: Mapping[str, Term],
    norms: Mapping[int, Term],
) -> None:
    """Write the hours a week of a term, mandatory and all, held against their norms."""
    contact = contact_hours(sums, context.view.limits)
    for column, hours in ((WEEKLY_CONTACT, contact), (WEEKLY_ALL, sums["total"])):
        weekly = None if weeks is None else ratio(hours, sheet.ref(row, WEEKS))
        sheet.put(row, column, weekly, "credits")
    if weeks is None or not norms:
        sheet.text(row, VERDICT, context.texts("status.unknown"), "status")
        return
    kept = (holds("<=", sheet.ref(row, column), norm) for column, norm in norms.items())
    good, bad = constant(context.texts("status.holds")), constant(context.texts("status.broken"))
    sheet.formula(row, VERDICT, choose(all_of(*kept), good, bad), "status")


BAND_WORDS = ("status.inside", "status.outside")
LOWEST, HIGHEST = ASSESSMENT, DECISION
YEAR_HEADERS = {
    LOWEST: "column.year_lowest",
    COST: "column.new_cost",
    HIGHEST: "column.year_highest",
    VERDICT: "column.year_band",
}


def write_years(
    context: Context,
    sheet: Sheet,
    by_term: Mapping[int, Mapping[str, Term]],
    totals: Mapping[str, Term],
    row: int,
) -> tuple[YearCells, int, int]:
    """Write the totals by year, held against a band that only warns; return the row of their check too."""
    _write_heading(sheet, row, "heading.by_year", YEAR_HEADERS)
    first, terms = row + 1, list(by_term)
    cells = []
    for place, start in enumerate(range(0, len(terms), 2)):
        mine = [by_term[term] for term in terms[start : start + 2]]
        sums = {name: total_of([one[name] for one in mine]) for name in SUMMED}
        label = context.texts("phrase.year", year=place + 1)
        cells.append(_write_total_row(sheet, first + place, "", label, sums, ""))
        # A last year of one term is no whole year.
        _write_band_of_year(context, sheet, first + place, whole=len(mine) == 2)
    end = first + len(cells)
    whole = {name: total_of([one[name] for one in cells]) for name in SUMMED}
    written = _write_total_row(sheet, end, "", context.texts("phrase.total"), whole, "total")
    sheet.formula(end, CHECK, _same(context, written, totals), "status total")
    verdicts = sheet.range(VERDICT, first, end - 1)
    judged = [count_if((verdicts, "=", context.texts(key))) for key in BAND_WORDS]
    return YearCells(judged[0] + judged[1], judged[1]), end, end + 1


def _write_band_of_year(context: Context, sheet: Sheet, row: int, *, whole: bool) -> None:
    """Write the band of a year's credits and whether they lie within it."""
    limits = context.view.limits
    norm, tolerance = limits.number("year_credits"), limits.number("year_credits_tolerance")
    if not norm or tolerance is None or not whole:
        sheet.text(row, VERDICT, context.texts("status.unknown"), "status")
        return
    for column, sign in ((LOWEST, -1), (HIGHEST, 1)):
        sheet.number(row, column, norm * (1 + sign * tolerance), "credits")
    credits_ = sheet.ref(row, CREDITS)
    inside = all_of(
        holds(">=", credits_, sheet.ref(row, LOWEST)), holds("<=", credits_, sheet.ref(row, HIGHEST))
    )
    words = (constant(context.texts(key)) for key in BAND_WORDS)
    sheet.formula(row, VERDICT, choose(inside, *words), "status")


def contact_hours(sums: Mapping[str, Term], limits: Limits) -> Term:
    """Return the hours that the week counts: without self-study, or only without that of no teacher."""
    hours = sums["total"]
    guided = HoursKind.SELF_STUDY_GUIDED if limits.weekly_hours_count_guided else None
    for kind in (one for one in SELF_STUDY_KINDS if one is not guided):
        hours = hours - sums[str(kind)]
    return hours
