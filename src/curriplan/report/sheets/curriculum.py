"""The working curriculum (РУП) of one programme: every row, and totals that re-add by formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.model import PRACTICE_KINDS, SELF_STUDY_KINDS, HoursKind, Programme, Section
from curriplan.plan import Decision
from curriplan.report.formula import (
    Range,
    Term,
    choose,
    constant,
    count_if,
    holds,
    ratio,
    sum_if,
    total,
    total_of,
)
from curriplan.report.sheets.context import Context, CurriculumCells
from curriplan.report.sheets.functions import write_functions
from curriplan.report.sheets.requisites import write_requisites
from curriplan.report.tables.curriculum import (
    WORKPLACE_KINDS,
    CurriculumRow,
    CurriculumTable,
    curriculum_table,
)
from curriplan.report.workbook import Column, Sheet

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
    Column("column.assessment", "text", 12),
    Column("column.new_cost", "money", 11),
    Column("column.decision", "text", 13),
    Column("column.prerequisites", "text", 13),
    Column("column.why", "text", 42),
)
RESOLVED = Column("column.resolved_reason", "text", 42)
"""Instead of the last column, where the reasons are those of planning anew."""
SECTION, INDEX, NAME, TERM, CREDITS, FIRST_KIND = range(6)
TOTAL, ENTERPRISE, CHECK, ASSESSMENT, COST, DECISION, PREREQUISITES, WHY = range(11, 19)
KINDS = tuple(HoursKind)
LAST_KIND = FIRST_KIND + len(KINDS) - 1
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


def add_curriculum_sheet(context: Context, programme: str) -> Sheet:
    """Add the empty sheet, so that it stands in its place among the tabs."""
    name = f"{context.texts('sheet.curriculum')} {programme}"
    return context.book.sheet(name, [column.width for column in COLUMNS])


def write_curriculum(context: Context, sheet: Sheet, programme: str) -> CurriculumCells:
    """Write the sheet; return where its totals stand."""
    record = context.view.catalog.programme_by_id[programme]
    table = curriculum_table(context.view, context.labels, programme)
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
    sheet.keep_together(last + 2, end - 1)
    by_term, row = _write_terms(context, body, table, totals, end + 1)
    row = _write_dropped(context, sheet, table.dropped, row + 1)
    row = write_functions(context, sheet, programme, row + 1)
    _write_signatures(context, sheet, row + 1)
    # One page for all that follows, where it fits: nobody signs an empty page.
    sheet.keep_together(end + 1, row + 3)
    sheet.keep_together(row + 1, row + 3)
    write_requisites(context, sheet, programme, row + 5)
    context.colour_bad(sheet, first, CHECK, row)
    return CurriculumCells(
        sheet=sheet.name,
        total=totals,
        by_term=by_term,
        modules_by_term={term: _count_modules(context, body, term) for term in by_term},
        decisions=_count_decisions(context, body, table),
        practice_share=share,
        dual_share=dual_share,
    )


def _write_top(context: Context, sheet: Sheet, record: Programme) -> int:
    texts, labels = context.texts, context.labels
    title = texts("title.curriculum", programme=labels.programme(record.id))
    sheet.across(0, title, "title")
    sheet.across(1, texts("how.curriculum"), "how")
    base = record.entry_base or ""
    parts = [
        texts("phrase.qualification", code=record.qualification or "—"),
        texts("phrase.intake", semester=labels.semester(record.start), terms=record.terms),
        texts("phrase.learners", learners=record.learners, groups=context.view.limits.groups(record)),
    ]
    if base:
        known = base in ("grade9", "grade11")
        parts.append(texts(f"entry_base.{base}") if known else base)
    sheet.across(2, " · ".join(parts), "plain")
    return 3


def _height(table: CurriculumTable) -> int:
    """Return the number of rows of the body: sections, headers, rows."""
    groups = [group for section in table.sections for group in section.groups]
    return len(table.sections) + sum(bool(group.index) + len(group.rows) for group in groups)


def _write_body(context: Context, body: _Body, table: CurriculumTable, per_credit: Term | None) -> None:
    row = body.first
    for section in table.sections:
        _write_band(body.sheet, row, context.texts(f"section.{section.section}"))
        body.sheet.keep_together(row, row + 2)
        row += 1
        for group in section.groups:
            header_row, row = row, row + bool(group.index)
            if group.index:
                body.sheet.keep_together(header_row, header_row + 1)
            for line in group.rows:
                _write_row(context, body.sheet, row, line, per_credit)
                row += 1
            if group.index:
                _write_group(context, body.sheet, header_row, row - 1, group.index, group.name)


def _write_band(sheet: Sheet, row: int, text: str) -> None:
    """Write a section's name as a band over the table."""
    for place, column in enumerate(COLUMNS):
        sheet.text(row, place, text if place == NAME else "", f"{column.style} total")


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
        NAME: line.name,
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
    good, bad = constant(context.texts("sign.good")), constant(context.texts("sign.bad"))
    return choose(holds("=", one, other), good, bad)


def _write_group(context: Context, sheet: Sheet, row: int, last: int, index: str, name: str) -> None:
    """Write a module header with the sums of its chosen outcomes."""
    for place, column in enumerate(COLUMNS):
        sheet.text(row, place, "", f"{column.style} group")
    sheet.text(row, INDEX, index, "code group")
    sheet.text(row, NAME, name, "text group")
    body = _Body(sheet, row + 1, last)
    for place in SUMMED.values():
        sheet.formula(row, place, _sum(context, body, place), f"{COLUMNS[place].style} group")


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
    return _write_total_row(sheet, row, "", texts("phrase.total"), whole, "total"), cells


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
    names = ", ".join(
        context.texts(f"section_short.{name}") for name in context.view.limits.practice_sections
    )
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


WEEKS, WEEKLY_CONTACT, WEEKLY_ALL = ASSESSMENT, DECISION, PREREQUISITES
"""Columns of the totals by term that differ from those of the table above."""
TERM_HEADERS = {
    WEEKS: "column.weeks",
    COST: "column.new_cost",
    WEEKLY_CONTACT: "column.weekly_contact",
    WEEKLY_ALL: "column.weekly_all",
}


def _write_terms(
    context: Context, body: _Body, table: CurriculumTable, totals: Mapping[str, Term], row: int
) -> tuple[dict[int, dict[str, Term]], int]:
    """Write the totals by term; they must come to the same total."""
    sheet, texts = body.sheet, context.texts
    sheet.across(row, texts("heading.by_term"), "heading", 0, CHECK)
    for column, key in TERM_HEADERS.items():
        sheet.text(row, column, texts(key), "header")
    record = context.view.catalog.programme_by_id[table.programme]
    cells: dict[int, dict[str, Term]] = {}
    for term, weeks in enumerate(table.weeks, start=1):
        row += 1
        sums = {
            name: _sum(context, body, place, (body.column(TERM), "=", term)) for name, place in SUMMED.items()
        }
        cells[term] = _write_total_row(sheet, row, "", context.labels.term(record, term), sums, "")
        sheet.number(row, TERM, term, "term")
        _write_weekly(sheet, row, weeks, cells[term])
    row += 1
    whole = {name: total_of([one[name] for one in cells.values()]) for name in SUMMED}
    written = _write_total_row(sheet, row, "", texts("phrase.total"), whole, "total")
    sheet.formula(row, CHECK, _sign(context, written["total"], totals["total"]), "status total")
    return cells, row + 1


def _write_weekly(sheet: Sheet, row: int, weeks: float | None, sums: Mapping[str, Term]) -> None:
    """Write the weeks of a term and its hours a week, mandatory and all."""
    sheet.number(row, WEEKS, weeks, "credits")
    for column, hours in ((WEEKLY_CONTACT, contact_hours(sums)), (WEEKLY_ALL, sums["total"])):
        weekly = None if weeks is None else ratio(hours, sheet.ref(row, WEEKS))
        sheet.put(row, column, weekly, "credits")


def contact_hours(sums: Mapping[str, Term]) -> Term:
    """Return hours without self-study."""
    hours = sums["total"]
    for kind in SELF_STUDY_KINDS:
        hours = hours - sums[str(kind)]
    return hours


def _write_dropped(context: Context, sheet: Sheet, rows: Sequence[CurriculumRow], row: int) -> int:
    """Write the modules that the plan drops: to be seen, not to be counted."""
    if not rows:
        return row
    sheet.across(row, context.texts("heading.dropped"), "heading", 0, WHY)
    sheet.keep_together(row, row + min(len(rows), 4))
    for line in rows:
        row += 1
        _write_row(context, sheet, row, line, None, "dropped")
    return row + 2


def _write_signatures(context: Context, sheet: Sheet, row: int) -> None:
    for key in ("signature.drafted", "signature.agreed", "signature.approved"):
        sheet.across(row, context.texts(key), "label", INDEX, NAME)
        sheet.across(row, "", "signature", TERM, LAST_KIND)
        sheet.height(row, 24)
        row += 1


def _count_modules(context: Context, body: _Body, term: int) -> Term:
    """Count the modules that run in a term (§6), each in every term of its span; a fixed load is none."""
    decisions = body.column(DECISION)
    return count_if(
        (body.column(TERM), "=", term),
        (decisions, "<>", context.texts("decision.fixed")),
        (decisions, "<>", context.texts(f"decision.{Decision.DROPPED}")),
    )


def _count_decisions(context: Context, body: _Body, table: CurriculumTable) -> dict[str, Term]:
    """Count modules by decision, in the term in which they start; the dropped ones stand apart."""
    decisions = body.column(DECISION)
    counts = {
        str(one): count_if((decisions, "=", context.texts(f"decision.{one}")))
        for one in (Decision.KEPT, Decision.MOVED, Decision.ADDED)
    }
    return {**counts, str(Decision.DROPPED): constant(len(table.dropped))}
