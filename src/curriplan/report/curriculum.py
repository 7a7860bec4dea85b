"""The working sheet of one programme: every row with its reasons, and totals that re-add by formula."""

from __future__ import annotations

from curriplan.catalog.records import Programme, Section
from curriplan.catalog.records.policy import ENTRY_BASES
from curriplan.plan.plan import Decision
from curriplan.report.context import Context, CurriculumCells
from curriplan.report.curriculum_body import (
    CHECK,
    COLUMNS,
    DECISION,
    NAME,
    RESOLVED,
    SECTION,
    SUMMED,
    TERM,
    WHY,
    Body,
    body_height,
    write_body,
    write_dropped,
)
from curriplan.report.curriculum_rows import CurriculumTable
from curriplan.report.curriculum_totals import (
    contact_hours,
    count_signs,
    write_credit_check,
    write_dual_share,
    write_faults,
    write_per_credit,
    write_practice_share,
    write_sections,
    write_terms,
    write_years,
)
from curriplan.report.functions import write_functions
from curriplan.report.requisites import write_requisites
from curriplan.report.weeks import write_weeks
from curriplan.xlsx.formula import count_if, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Range, Term


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
    sheet.repeat(row, row)
    # The totals stand below the rows, and the rows need the hours per credit that stands among them.
    last = first + body_height(table) - 1
    per_credit_row = last + 4 + len(table.sections)
    body = Body(sheet, first, last)
    per_credit = write_per_credit(context, sheet, per_credit_row)
    write_body(context, body, table, per_credit)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)
    totals, sections = write_sections(context, body, table, last + 3)
    write_credit_check(context, sheet, per_credit_row, totals, per_credit)
    share = write_practice_share(context, sheet, per_credit_row + 1, sections)
    dual_share, end = write_dual_share(context, sheet, per_credit_row + 2, record, totals)
    faults, end = write_faults(context, body, end)
    sheet.keep_together(last + 2, end - 1)
    by_term, sums, row = write_terms(context, body, table, totals, end + 1)
    sheet.keep_together(end + 1, row - 1)
    years, year_sums, end = write_years(context, sheet, by_term, totals, row + 1)
    sheet.keep_together(row + 1, end - 1)
    row = write_weeks(context, sheet, record, table, by_term, end + 1)
    dropped, row = write_dropped(context, sheet, table.dropped, row + 1)
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
        faults={**faults, "sums": count_signs(context, sheet, (per_credit_row - 1, sums, year_sums))},
        years=years,
        functions=functions,
        first=first,
        columns={one: body.column(place) for one, place in SUMMED.items()},
        contact={term: contact_hours(sums, context.view.limits) for term, sums in by_term.items()},
    )


def _write_top(context: Context, sheet: Sheet, record: Programme) -> int:
    texts, labels = context.texts, context.labels
    title = texts("title.decisions", programme=labels.programme(record.id))
    top = sheet.top
    sheet.across(top, title, "title")
    sheet.across(top + 1, texts("how.decisions"), "how")
    base = record.entry_base or ""
    parts = [
        texts("phrase.qualification", code=record.qualification or "—"),
        texts("phrase.intake", semester=labels.semester(record.start), terms=record.terms),
        texts("phrase.learners", learners=record.learners, groups=context.view.limits.groups(record)),
    ]
    if base:
        parts.append(texts(f"entry_base.{base}") if base in ENTRY_BASES else base)
    sheet.across(top + 2, " · ".join(parts), "plain")
    return top + 3


def _count_modules(context: Context, body: Body, term: int) -> Term:
    """Count the modules that run in a term (§6), each in every term of its span; a fixed load is none."""
    decisions = body.column(DECISION)
    return count_if(
        (body.column(TERM), "=", term),
        (decisions, "<>", context.texts("decision.fixed")),
        (decisions, "<>", context.texts(f"decision.{Decision.DROPPED}")),
    )


def _count_professional(context: Context, body: Body) -> Term:
    """Count the professional modules of the plan, each once."""
    short = context.texts(f"section_short.{Section.PROFESSIONAL}")
    mine, decisions = body.column(SECTION), body.column(DECISION)
    taken = (Decision.KEPT, Decision.MOVED, Decision.ADDED)
    words = [context.texts(f"decision.{one}") for one in taken]
    return total_of([count_if((mine, "=", short), (decisions, "=", word)) for word in words])


def _count_decisions(context: Context, body: Body, dropped: Range) -> dict[str, Term]:
    """Count modules by decision, in the term in which they start; the dropped ones stand apart."""
    taken = body.column(DECISION)
    areas = {Decision.KEPT: taken, Decision.MOVED: taken, Decision.ADDED: taken, Decision.DROPPED: dropped}
    return {str(one): count_if((area, "=", context.texts(f"decision.{one}"))) for one, area in areas.items()}
