"""Hours of all planned programmes by semester of study: a table, and stacked columns for the Summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.report.context import Context, CurriculumCells, TermHours
from curriplan.xlsx.charts import Series, axis_up_to
from curriplan.xlsx.figures import Stack, header_cell, stacked_chart, write_message
from curriplan.xlsx.formula import total, total_of
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sentences import sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import SERIES
from curriplan.xlsx.term import Term, as_number

PARTS: Mapping[str, tuple[str, ...]] = {
    "column.theory": ("theory",),
    "column.part_laboratory": ("laboratory_practical",),
    "column.part_practice": ("production_training", "professional_practice"),
    "column.part_self_study": ("self_study_guided", "self_study"),
}
"""What the columns are made of: the kinds of hours of each header."""
LABEL, FIRST_PART = (0, 1), 2
TOTAL = FIRST_PART + len(PARTS)


def write_term_hours(
    context: Context, sheet: Sheet, row: int, curricula: Mapping[str, CurriculumCells]
) -> tuple[TermHours, int]:
    """Write the table; return where it stands, and the next free row."""
    sheet.across(row, context.texts("heading.hours_by_term"), "heading")
    first = _write_header(sheet, row + 1)
    terms = sorted({term for cells in curricula.values() for term in cells.by_term})
    for line, term in enumerate(terms, start=first):
        _write_term(sheet, line, term, curricula)
    last = first + len(terms) - 1
    end = last + 1
    sheet.across(end, context.texts("phrase.total"), "text total", *LABEL)
    for column in range(FIRST_PART, TOTAL + 1):
        sheet.formula(end, column, total(sheet.range(column, first, last)), "hours total")
    # No share here: the practice share of the norm has another denominator.
    practice = sheet.ref(end, FIRST_PART + 1) + sheet.ref(end, FIRST_PART + 2)
    said = sentence(
        context.texts, "sentence.hours_by_term", {"practice": practice, "all": sheet.ref(end, TOTAL)}
    )
    write_message(sheet, end + 1, said, LABEL[0], TOTAL)
    sheet.keep_together(row, end + 1)
    return _places(sheet, first, last), end + 2


def _write_header(sheet: Sheet, row: int) -> int:
    header_cell(sheet, row, "column.term_number", *LABEL)
    for column, key in enumerate((*PARTS, "column.total_hours"), start=FIRST_PART):
        header_cell(sheet, row, key, column, column)
    return row + 1


def _write_term(sheet: Sheet, row: int, term: int, curricula: Mapping[str, CurriculumCells]) -> None:
    """Write the hours of one semester of study, summed over the programmes that have it."""
    sheet.put_across(row, term, "term", *LABEL)
    sums = [cells.by_term[term] for cells in curricula.values() if term in cells.by_term]
    for column, kinds in enumerate(PARTS.values(), start=FIRST_PART):
        sheet.formula(row, column, _sum_of(sums, kinds), "hours")
    parts = [sheet.ref(row, column) for column in range(FIRST_PART, TOTAL)]
    sheet.formula(row, TOTAL, total_of(parts), "hours")


def _sum_of(sums: Sequence[Mapping[str, Term]], kinds: Sequence[str]) -> Term:
    found = [total_of([one[kind] for one in sums]) for kind in kinds]
    return found[0] if len(found) == 1 else found[0] + found[1]


def _places(sheet: Sheet, first: int, last: int) -> TermHours:
    parts = range(FIRST_PART, TOTAL)
    sums = sheet.range(TOTAL, first, last).values
    return TermHours(
        header=[sheet.cells(first - 1, column, first - 1, column) for column in parts],
        terms=sheet.cells(first, LABEL[0], last, LABEL[0]),
        columns=[sheet.cells(first, column, last, column) for column in parts],
        message=sheet.cells(last + 2, LABEL[0], last + 2, LABEL[0]),
        largest=max((as_number(one) for one in sums), default=0.0),
    )


def draw_term_hours(sheet: Sheet, box: Box, hours: TermHours) -> None:
    """Draw the hours over empty cells of any sheet."""
    series = tuple(
        Series(name, hours.terms, values, colour)
        for name, values, colour in zip(hours.header, hours.columns, SERIES, strict=False)
    )
    axis = axis_up_to(sheet.texts("axis.hours"), hours.largest)
    stacked_chart(
        sheet, box, Stack("heading.hours_by_term", "column.term_number"), hours.message, series, axis
    )
