"""The working sheet of one programme: every row with its reasons, and totals that re-add by formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import PRACTICE_KINDS, SELF_STUDY_KINDS, HoursKind, Programme, Section
from curriplan.catalog.records.policy import ENTRY_BASES
from curriplan.plan.plan import Decision
from curriplan.problem.limits import Limits
from curriplan.report.context import Context, CurriculumCells, YearCells
from curriplan.report.curriculum_rows import (
    WORKPLACE_KINDS,
    CurriculumGroup,
    CurriculumRow,
    CurriculumTable,
)
from curriplan.report.form_rows import body_places
from curriplan.report.functions import write_functions
from curriplan.report.requisites import write_requisites
from curriplan.report.weeks import write_weeks
from curriplan.xlsx.formula import (
    Range,
    Term,
    all_of,
    choose,
    constant,
    count_if,
    holds,
    ratio,
    sum_if,
    total,
    total_of,
)
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet

COLUMNS = (
    Column("column.section", "centre", 8),
    Column("column.index", "code", 11),
    Column("column.module", "text", 34),
    Column("column.term_short", "term", 7),
    Column("column.credits", "credits", 9),
    Column("column.theory", "hours", 8),
    Column("column.laboratory_practical", "hours", 9),
    Column("column.production_training", "hours", 9),
    Column("column.professional_practice", "hours", 9),
    Column("column.self_study_guided", "hours", 8),
    Column("column.self_study", "hours", 8),
    Column("column.total_hours", "hours", 8),
    Column("column.enterprise_hours", "hours", 12),
    Column("column.hours_check", "status", 8),
    Column("column.assessment", "text", 15),
    Column("column.new_cost", "money", 11),
    Column("column.decision", "text", 13),
    Column("column.prerequisites", "text", 13),
    Column("column.why", "text", 40),
)
RESOLVED = Column("column.resolved_reason", "text", 40)
"""Instead of the last column, where the reasons are those of planning anew."""
SECTION, INDEX, NAME, TERM, CREDITS, FIRST_KIND = range(6)
TOTAL, ENTERPRISE, CHECK, ASSESSMENT, COST, DECISION, PREREQUISITES, WHY = range(11, 19)
KINDS = tuple(HoursKind)
SUMMED: Mapping[str, int] = {
    "credits": CREDITS,
    **{str(kind): FIRST_KIND + place for place, kind in enumerate(KINDS)},
    "total": TOTAL,
    "enterprise": ENTERPRISE,
    "cost": COST,
}
"""Columns that are added up, by name."""


@dataclass(frozen=True)
class _Body:
    """Where the rows that count stand."""

    sheet: Sheet
    first: int
    last: int

    def column(self, place: int) -> Range:
        return self.sheet.range(place, self.first, self.last)


def add_decisions_sheet(context: Context, programme: str) -> Sheet:
    """Add the empty sheet, so that it stands in its place among the tabs."""
    name = f"{context.texts('sheet.decisions')} {programme}"
    return context.book.sheet(name, [column.width for column in COLUMNS], is_detail=True)


def write_curriculum(context: Context, sheet: Sheet, table: CurriculumTable, form: str) -> CurriculumCells:
    """Write the sheet; return where its totals stand, and the name of the sheet with the state form."""
    programme = table.programme
    record = context.view.catalog.programme_by_id[programme]
    row = _write_top(context, sheet, record)
    resolved = context.view.explanation is not None
    first = sheet.header(row, (*COLUMNS[:WHY], RESOLVED if resolved else COLUMNS[WHY]))
    sheet.freeze(first, NAME + 1)
    sheet.repeat(row + 1, row + 1)
    # The totals stand below the rows, and the rows need the hours per credit that stands among them.
    last = first + _height(table) - 1
    per_credit_row = last + 4 + len(table.sections)
    body = _Body(sheet, first, last)
    per_credit = _write_per_credit(context, sheet, per_credit_row)
    _write_body(context, body, table, per_credit)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)
    totals, sections = _write_sections(context, body, table, last + 3)
    _write_credit_check(context, sheet, per_credit_row, totals, per_credit)
    share = _write_practice_share(context, sheet, per_credit_row + 1, sections)
    dual_share, end = _write_dual_share(context, sheet, per_credit_row + 2, record, totals)
    faults, end = _write_faults(context, body, end)
    sheet.keep_together(last + 2, end - 1)
    by_term, sums, row = _write_terms(context, body, table, totals, end + 1)
    sheet.keep_together(end + 1, row - 1)
    years, year_sums, end = _write_years(context, sheet, by_term, totals, row + 1)
    sheet.keep_together(row + 1, end - 1)
    row = write_weeks(context, sheet, record, table, by_term, end + 1)
    dropped, row = _write_dropped(context, sheet, table.dropped, row + 1)
    professional = _count_professional(context, body)
    functions, row = write_functions(context, sheet, programme, professional, row + 1)
    write_requisites(context, sheet, programme, row + 1)
    context.colour_bad(sheet, first, CHECK, row)
    return CurriculumCells(
        sheet=sheet.name,
        form=form,
        total=totals,
        by_term=by_term,
        modules_by_term={term: _count_modules(context, body, term) for term in by_term},
        decisions=_count_decisions(context, body, dropped),
        practice_share=share,
        dual_share=dual_share,
        faults={**faults, "sums": _count_signs(context, sheet, (per_credit_row - 1, sums, year_sums))},
        years=years,
        functions=functions,
        first=first,
        columns={one: body.column(place) for one, place in SUMMED.items()},
        contact={term: contact_hours(sums, context.view.limits) for term, sums in by_term.items()},
    )


def _write_top(context: Context, sheet: Sheet, record: Programme) -> int:
    texts, labels = context.texts, context.labels
    title = texts("title.decisions", programme=labels.programme(record.id))
    sheet.across(0, title, "title")
    sheet.across(1, texts("how.decisions"), "how")
    base = record.entry_base or ""
    parts = [
        texts("phrase.qualification", code=record.qualification or "—"),
        texts("phrase.intake", semester=labels.semester(record.start), terms=record.terms),
        texts("phrase.learners", learners=record.learners, groups=context.view.limits.groups(record)),
    ]
    if base:
        parts.append(texts(f"entry_base.{base}") if base in ENTRY_BASES else base)
    sheet.across(2, " · ".join(parts), "plain")
    return 3


def _height(table: CurriculumTable) -> int:
    """Return the number of rows of the body: sections, headers, rows."""
    groups = [group for section in table.sections for group in section.groups]
    return len(table.sections) + sum(bool(group.index) + len(group.rows) for group in groups)


def _write_body(context: Context, body: _Body, table: CurriculumTable, per_credit: Term | None) -> None:
    places = list(body_places(table, body.first))
    for place in places:
        if place.line is not None:
            _write_row(context, body.sheet, place.row, place.line, per_credit)
    for place in places:
        if place.line is None and place.group is not None:
            body.sheet.keep_together(place.row, place.row + 1)
            _write_group(context, body.sheet, place.row, place.row + len(place.group.rows), place.group)
    bands = [place for place in places if place.group is None]
    ends = [*(place.row for place in bands[1:]), body.last + 1]
    for place, end in zip(bands, ends, strict=False):  # a programme without any row has no band
        body.sheet.keep_together(place.row, place.row + 2)
        _write_band(context, body.sheet, place.row, end - 1, place.section.section)


def _write_band(context: Context, sheet: Sheet, row: int, last: int, section: Section) -> None:
    """Write a section's name over its rows, with their sums."""
    for place, column in enumerate(COLUMNS):
        text = context.texts(f"section.{section}") if place == NAME else ""
        sheet.text(row, place, text, f"{column.style} total")
    mine = _Body(sheet, row + 1, last)
    short = context.texts(f"section_short.{section}")
    for place in SUMMED.values():
        term = _sum(context, mine, place, (mine.column(SECTION), "=", short))
        sheet.formula(row, place, term, f"{COLUMNS[place].style} total")


def _write_row(
    context: Context, sheet: Sheet, row: int, line: CurriculumRow, per_credit: Term | None, look: str = ""
) -> None:
    look = look or ("fixed" if line.is_fixed else "")
    for place, value in enumerate(line.hours):
        sheet.number(row, FIRST_KIND + place, value or None, f"hours {look}")
    sheet.formula(row, TOTAL, total(*_row_ranges(sheet, row)), f"hours {look}")
    sheet.number(row, ENTERPRISE, line.enterprise_hours or None, f"hours {look}")
    if line.is_fixed and per_credit is not None:
        sheet.formula(row, CREDITS, ratio(sheet.ref(row, TOTAL), per_credit), f"credits {look}")
    else:
        sheet.number(row, CREDITS, line.credits, f"credits {look}")
    texts = {
        SECTION: context.texts(f"section_short.{line.section}"),
        INDEX: line.index,
        NAME: "\n".join(part for part in (line.name, line.serves) if part),
        ASSESSMENT: line.assessment,
        DECISION: context.texts(f"decision.{line.decision}"),
        PREREQUISITES: line.prerequisites,
        WHY: line.why,
    }
    for place, text in texts.items():
        sheet.text(row, place, text, f"{COLUMNS[place].style} {look}")
    sheet.number(row, TERM, line.term, f"term {look}")
    sheet.number(row, COST, line.cost_kzt or None, f"money {look}")
    _write_row_check(context, sheet, row, per_credit)


def _row_ranges(sheet: Sheet, row: int) -> Sequence[Range]:
    """Return the six hour cells of a row, one by one: ranges here stand in columns."""
    return [sheet.range(FIRST_KIND + place, row, row) for place in range(len(KINDS))]


def _write_row_check(context: Context, sheet: Sheet, row: int, per_credit: Term | None) -> None:
    """Check hours = credits × hours per credit on every row, as inspectors do."""
    if per_credit is None:
        sheet.text(row, CHECK, "—", "status")
        return
    hours = _counted_hours(context, sheet, row)
    sheet.formula(row, CHECK, _sign(context, hours, sheet.ref(row, CREDITS) * per_credit), "status")


def _counted_hours(context: Context, sheet: Sheet, row: int) -> Term:
    """Return the hours that the credits stand for: without self-study where it lies beside them."""
    hours = sheet.ref(row, TOTAL)
    if not context.view.limits.self_study_inside_credit:
        for kind in SELF_STUDY_KINDS:
            hours = hours - sheet.ref(row, SUMMED[str(kind)])
    return hours


def _sign(context: Context, one: Term, other: Term) -> Term:
    """Return ✔ where two numbers are equal, else ✘."""
    return context.whether(holds("=", one, other))


def _write_group(context: Context, sheet: Sheet, row: int, last: int, group: CurriculumGroup) -> None:
    """Write a module header with the sums of its chosen outcomes, checked against a plain sum."""
    for place, column in enumerate(COLUMNS):
        sheet.text(row, place, "", f"{column.style} group")
    sheet.text(row, INDEX, group.index, "code group")
    sheet.text(row, NAME, group.name, "text group")
    sheet.text(row, ASSESSMENT, group.assessment, "text group")
    if group.declared is not None:
        credits_ = context.labels.number(group.declared)
        sheet.text(row, WHY, context.texts("phrase.header_declared", credits=credits_), "text group")
    body = _Body(sheet, row + 1, last)
    for place in SUMMED.values():
        sheet.formula(row, place, _sum(context, body, place), f"{COLUMNS[place].style} group")
    equal = (holds("=", sheet.ref(row, place), total(body.column(place))) for place in SUMMED.values())
    good, bad = (constant(context.texts(key)) for key in ("sign.good_sum", "sign.bad_sum"))
    sheet.formula(row, CHECK, choose(all_of(*equal), good, bad), "status group")


def _sum(context: Context, body: _Body, place: int, *more: tuple[Range, str, str | int]) -> Term:
    """Add a column up over the rows that are not dropped."""
    dropped = context.texts(f"decision.{Decision.DROPPED}")
    return sum_if(body.column(place), *more, (body.column(DECISION), "<>", dropped))


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


def _write_sections(
    context: Context, body: _Body, table: CurriculumTable, row: int
) -> tuple[dict[str, Term], dict[Section, dict[str, Term]]]:
    """Write the totals by section and the total of all."""
    sheet, texts = body.sheet, context.texts
    sheet.across(row - 1, texts("heading.by_section"), "heading", 0, COST)
    cells: dict[Section, dict[str, Term]] = {}
    for section in (item.section for item in table.sections):
        short = texts(f"section_short.{section}")
        sums = {
            name: _sum(context, body, place, (body.column(SECTION), "=", short))
            for name, place in SUMMED.items()
        }
        cells[section] = _write_total_row(sheet, row, short, texts(f"section.{section}"), sums, "")
        row += 1
    whole = {name: total_of([one[name] for one in cells.values()]) for name in SUMMED}
    totals = _write_total_row(sheet, row, "", texts("phrase.total"), whole, "total")
    every = {
        name: _sum(context, body, place, (body.column(TERM), "<>", "")) for name, place in SUMMED.items()
    }
    sheet.formula(row, CHECK, _same(context, totals, every), "status total")
    return totals, cells


def _same(context: Context, one: Mapping[str, Term], other: Mapping[str, Term]) -> Term:
    """Return ✔ where two rows of totals are equal in every column, else ✘."""
    return context.whether(all_of(*(holds("=", one[name], other[name]) for name in SUMMED)))


def _write_faults(context: Context, body: _Body, row: int) -> tuple[dict[str, Term], int]:
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
        sign = _sign(context, found[name], constant(0))
        body.sheet.formula(place, CHECK, sign, "status")
    return found, row + len(counts)


def _write_per_credit(context: Context, sheet: Sheet, row: int) -> Term | None:
    """Write the hours of a credit, to which the checks of all rows refer."""
    per_credit = context.view.limits.number("hours_per_credit")
    label = context.texts("phrase.credit_hours")
    _write_total_row(sheet, row, "", label, {}, "")
    sheet.number(row, CREDITS, per_credit, "hours")
    return None if per_credit is None else sheet.ref(row, CREDITS)


def _write_credit_check(
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
    sheet.formula(row, CHECK, _sign(context, hours, product), "status")


def _write_practice_share(
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


def _write_dual_share(
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


def _write_terms(
    context: Context, body: _Body, table: CurriculumTable, totals: Mapping[str, Term], row: int
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
            name: _sum(context, body, place, (body.column(TERM), "=", term)) for name, place in SUMMED.items()
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


def _count_signs(context: Context, sheet: Sheet, rows: Sequence[int]) -> Term:
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


def _write_years(
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


def _write_dropped(
    context: Context, sheet: Sheet, rows: Sequence[CurriculumRow], row: int
) -> tuple[Range, int]:
    """Write the modules that the plan drops: to be seen, not to be counted; return their decisions."""
    if not rows:
        return sheet.range(DECISION, row, row - 1), row
    sheet.across(row, context.texts("heading.dropped"), "heading", 0, WHY)
    sheet.keep_together(row, row + min(len(rows), 4))
    first = row + 1
    for line in rows:
        row += 1
        _write_row(context, sheet, row, line, None, "dropped")
    return sheet.range(DECISION, first, row), row + 2


def _count_modules(context: Context, body: _Body, term: int) -> Term:
    """Count the modules that run in a term (§6), each in every term of its span; a fixed load is none."""
    decisions = body.column(DECISION)
    return count_if(
        (body.column(TERM), "=", term),
        (decisions, "<>", context.texts("decision.fixed")),
        (decisions, "<>", context.texts(f"decision.{Decision.DROPPED}")),
    )


def _count_professional(context: Context, body: _Body) -> Term:
    """Count the professional modules of the plan, each once."""
    short = context.texts(f"section_short.{Section.PROFESSIONAL}")
    mine, decisions = body.column(SECTION), body.column(DECISION)
    taken = (Decision.KEPT, Decision.MOVED, Decision.ADDED)
    words = [context.texts(f"decision.{one}") for one in taken]
    return total_of([count_if((mine, "=", short), (decisions, "=", word)) for word in words])


def _count_decisions(context: Context, body: _Body, dropped: Range) -> dict[str, Term]:
    """Count modules by decision, in the term in which they start; the dropped ones stand apart."""
    taken = body.column(DECISION)
    areas = {Decision.KEPT: taken, Decision.MOVED: taken, Decision.ADDED: taken, Decision.DROPPED: dropped}
    return {str(one): count_if((area, "=", context.texts(f"decision.{one}"))) for one, area in areas.items()}
