"""The rows of a working curriculum: sections, module headers and what they add up to, each row checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import SELF_STUDY_KINDS, HoursKind, Section
from curriplan.plan.plan import Decision
from curriplan.report.context import Context
from curriplan.report.curriculum_rows import CurriculumGroup, CurriculumRow, CurriculumTable
from curriplan.report.form_rows import body_places
from curriplan.xlsx.formula import all_of, choose, holds, ratio, sum_if, total
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term, constant

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
class Body:
    """Where the rows that count stand."""

    sheet: Sheet
    first: int
    last: int

    def column(self, place: int) -> Range:
        """Return a column of these rows."""
        return self.sheet.range(place, self.first, self.last)


def body_height(table: CurriculumTable) -> int:
    """Return the number of rows of the body: sections, headers, rows."""
    groups = [group for section in table.sections for group in section.groups]
    return len(table.sections) + sum(bool(group.index) + len(group.rows) for group in groups)


def write_body(context: Context, body: Body, table: CurriculumTable, per_credit: Term | None) -> None:
    """Write the rows of the programme with their sections and module headers."""
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
    mine = Body(sheet, row + 1, last)
    short = context.texts(f"section_short.{section}")
    for place in SUMMED.values():
        term = summed(context, mine, place, (mine.column(SECTION), "=", short))
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
    sheet.formula(row, CHECK, equal_sign(context, hours, sheet.ref(row, CREDITS) * per_credit), "status")


def _counted_hours(context: Context, sheet: Sheet, row: int) -> Term:
    """Return the hours that the credits stand for: without self-study where it lies beside them."""
    hours = sheet.ref(row, TOTAL)
    if not context.view.limits.self_study_inside_credit:
        for kind in SELF_STUDY_KINDS:
            hours = hours - sheet.ref(row, SUMMED[str(kind)])
    return hours


def equal_sign(context: Context, one: Term, other: Term) -> Term:
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
    body = Body(sheet, row + 1, last)
    for place in SUMMED.values():
        sheet.formula(row, place, summed(context, body, place), f"{COLUMNS[place].style} group")
    equal = (holds("=", sheet.ref(row, place), total(body.column(place))) for place in SUMMED.values())
    good, bad = (constant(context.texts(key)) for key in ("sign.good_sum", "sign.bad_sum"))
    sheet.formula(row, CHECK, choose(all_of(*equal), good, bad), "status group")


def summed(context: Context, body: Body, place: int, *more: tuple[Range, str, str | int]) -> Term:
    """Add a column up over the rows that are not dropped."""
    dropped = context.texts(f"decision.{Decision.DROPPED}")
    return sum_if(body.column(place), *more, (body.column(DECISION), "<>", dropped))


def write_dropped(
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
