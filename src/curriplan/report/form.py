"""The working curriculum (РУП) in the state form: what is approved and taught, without reasons or money.

Its figures are those of the working sheet of the programme, cell by cell, so that they follow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from curriplan.catalog.records import HoursKind, Programme
from curriplan.report.assessment import known_forms
from curriplan.report.context import Context, CurriculumCells
from curriplan.report.curriculum_rows import CurriculumSection, CurriculumTable
from curriplan.report.form_rows import (
    EXAM,
    OTHER,
    PASS,
    BodyPlace,
    FormSubject,
    assessed,
    body_places,
    exam_terms,
    subjects,
)
from curriplan.report.ministry_rows import SPOKEN
from curriplan.report.signatures import write_signatures
from curriplan.xlsx.formula import ratio, total, total_of
from curriplan.xlsx.measure import COLUMN_PIXELS, column_pixels, shortened
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term

FIXED_WIDTHS = (10.5, 0, 7.5, 10.5, 11, 7.3, 7.5, 6.5, 6.8, 6.5, 6.8, 7.5, 6.5)
"""That of the names is what the others leave."""
TERM_WIDTH, TERM_WIDTHS = 5.2, 22
"""Of a semester, and the least of all of them: their heading stands over them."""
NAME_WIDTHS = (30, 58)
MOST_PIXELS = 1480
"""With more a page is shrunk until its letters are smaller than seven points."""
INDEX, NAME, EXAMS, PASSES, OTHERS, CREDITS, TOTAL, FIRST_KIND = range(8)
KINDS = tuple(HoursKind)
FIRST_TERM = FIRST_KIND + len(KINDS)
FORMS = {EXAM: EXAMS, PASS: PASSES, OTHER: OTHERS}
HEADERS = {
    INDEX: "column.index",
    NAME: "column.subject_name",
    EXAMS: "column.form_exam",
    PASSES: "column.form_pass",
    OTHERS: "column.form_other",
    CREDITS: "column.credits",
    TOTAL: "column.total_hours",
    **{FIRST_KIND + place: f"column.{kind}" for place, kind in enumerate(KINDS)},
}
SUMMED = {
    CREDITS: "credits",
    TOTAL: "total",
    **{FIRST_KIND + place: str(kind) for place, kind in enumerate(KINDS)},
}
"""Columns that are added up, each with its name on the working sheet."""
LAST_SUBJECTS = 8
"""Rows of subjects that stand on the page of the totals at least: no page has nothing but sums to sign."""
SPARED_POINTS = 2
"""Of the height of a row, which is more than its letters need."""
LINE = "____________________  ____________________________"
LINE_POINTS = 20
MOST_LETTERS, MOST_LETTERS_OF_FORM, MOST_LETTERS_OF_INDEX = 250, 60, 30
"""Of a name, of a form of assessment and of an index: the working sheet has all that is known."""


def add_form_sheet(context: Context, programme: str) -> Sheet:
    """Add the empty sheet: a column for each semester of study."""
    terms = context.view.catalog.programme_by_id[programme].terms
    name = f"{context.texts('sheet.curriculum')} {programme}"
    widths = [*FIXED_WIDTHS, *(max(TERM_WIDTH, TERM_WIDTHS / terms) for _ in range(terms))]
    least, most = NAME_WIDTHS
    left = MOST_PIXELS - sum(column_pixels(width) for width in widths)
    widths[NAME] = max(least, min(most, left // COLUMN_PIXELS))
    return context.book.sheet(name, widths)


def write_form(context: Context, sheet: Sheet, table: CurriculumTable, work: CurriculumCells) -> None:
    """Write the curriculum of a programme; `work` says where the cells of its working sheet stand."""
    record = context.view.catalog.programme_by_id[table.programme]
    row = _write_top(context, sheet, record)
    first = _write_header(context, sheet, row, record)
    sheet.freeze(first, NAME + 1)
    sheet.repeat(row, first - 1)
    places = list(body_places(table, work.first))
    sections, heads, row = [], set[int](), first
    for section in table.sections:
        mine = [place for place in places if place.section is section]
        sections.append(row)
        row = _write_section(context, sheet, row, section, mine, work, heads)
    for taught in range(first, row):
        sheet.height(taught, sheet.points(taught, taught) - SPARED_POINTS)
    columns = [*SUMMED, *range(FIRST_TERM, FIRST_TERM + record.terms)]
    end = row
    _write_sums(
        sheet,
        row,
        context.texts("phrase.total"),
        columns,
        " total",
        [{column: sheet.ref(band, column) for column in columns} for band in sections],
    )
    row = _write_terms(context, sheet, row + 1, table, work)
    exams = exam_terms(context.view, places)
    if silent := [term for term in exams if not table.attestation_weeks[term - 1]]:
        listed = ", ".join(str(term) for term in silent)
        sheet.across(row, context.texts("form.no_attestation", terms=listed), "plain")
        row += 1
    # Signatures stand on the page of the totals that they are set under, and of the last subjects.
    signed = write_signatures(context, sheet, row + 1)
    last = max(end - LAST_SUBJECTS, first)
    while last - 1 in heads:
        last -= 1
    sheet.keep_together(last, signed)
    sheet.keep_together(end, signed)


def _write_top(context: Context, sheet: Sheet, record: Programme) -> int:
    """Write who agrees and approves, and what is approved."""
    texts, labels, last = context.texts, context.labels, len(sheet.widths) - 1
    top = sheet.top
    left, right = (0, NAME), (FIRST_KIND + 2, last)
    for key, who, place in (
        ("form.agreed", "form.agreed_by", left),
        ("form.approved", "form.approved_by", right),
    ):
        sheet.across(top, texts.in_form(key), "label", *place)
        sheet.across(top + 1, texts(who), "plain", *place)
        sheet.to_sign(top + 2, "plain", *place, LINE)
        sheet.to_sign(top + 3, "plain", *place, texts("form.day"))
    sheet.height(top + 2, LINE_POINTS)
    sheet.across(top + 4, texts.in_form("form.title"), "title centred")
    code = f"{record.qualification} " if record.qualification else ""
    said = [
        texts("form.specialty", code=record.specialty or "–"),
        texts("form.qualification", name=f"{code}{labels.programme(record.id)}"),
        texts("form.base", base=_base(context, record)),
        texts("form.period", length=_length(context, record.terms), start=labels.semester(record.start)),
        texts("form.language", language=texts(f"taught_in.{SPOKEN[record.language]}")),
        texts("phrase.learners", learners=record.learners, groups=context.view.limits.groups(record)),
    ]
    sheet.across(top + 5, " · ".join(shortened(one, MOST_LETTERS) for one in said), "plain centred")
    return top + 7


def _length(context: Context, terms: int) -> str:
    """Return how long a programme takes as the state form has it: its last year ends before the summer."""
    if terms % 2:
        return context.texts("form.length_terms", terms=terms)
    years = terms // 2 - 1
    return context.texts("form.length_years" if years else "form.length_months", years=years)


def _base(context: Context, record: Programme) -> str:
    """Return the schooling at entry in words, as the catalog writes it where it is no word of ours."""
    key = f"entry_base.{record.entry_base}"
    return context.texts(key) if context.texts.has(key) else record.entry_base or "–"


def _write_header(context: Context, sheet: Sheet, row: int, record: Programme) -> int:
    """Write the header, in letters as large as those below it; return the first row below it."""
    texts = context.texts
    last = FIRST_TERM + record.terms - 1
    spans = {
        (EXAMS, OTHERS): "column.form_assessment",
        (CREDITS, FIRST_TERM - 1): "column.form_volume",
        (FIRST_TERM, last): "column.form_terms",
    }
    sheet.across(row, "", "form_header", INDEX, NAME)
    for (first, end), key in spans.items():
        sheet.across(row, texts.in_form(key, "\n"), "form_header", first, end)
    for column, key in HEADERS.items():
        sheet.text(row + 1, column, texts.in_form(key, "\n"), "form_header")
    for term in range(1, record.terms + 1):
        sheet.text(row + 1, FIRST_TERM + term - 1, str(term), "form_header")
    return row + 2


def _write_section(
    context: Context,
    sheet: Sheet,
    row: int,
    section: CurriculumSection,
    places: Sequence[BodyPlace],
    work: CurriculumCells,
    heads: set[int],
) -> int:
    """Write a section: its band with the sums, then its modules; return the next free row.

    Rows that stand over others, and so on no page alone, are added to `heads`.
    """
    band = row
    heads.add(band)
    sheet.keep_together(band, band + 2)
    row += 1
    parts: list[Mapping[int, Term]] = []
    columns = [*SUMMED, *range(FIRST_TERM, len(sheet.widths))]
    for _, found in groupby(places, key=lambda place: id(place.group)):
        mine = list(found)
        group = mine[0].group
        if group is None:
            continue
        header, row = row, row + bool(group.index)
        first = row
        for subject in subjects(mine, context.labels):
            _write_subject(context, sheet, row, subject, work)
            row += 1
        sums = {column: total(sheet.range(column, first, row - 1)) for column in columns}
        if group.index:
            sheet.keep_together(header, header + 1)
            heads.add(header)
            _write_sums(sheet, header, group.name, columns, " group", [sums])
            sheet.text(header, INDEX, _index(context, group.index), "code group")
            ends = max(line.term for place in mine if (line := place.line) is not None)
            _write_forms(sheet, header, _of_header(context, group.index, ends), " group")
            sums = {column: sheet.ref(header, column) for column in columns}
        parts.append(sums)
    name = context.texts(f"section.{section.section}")
    _write_sums(sheet, band, name, columns, " total", parts)
    return row


def _of_header(context: Context, index: str, term: int) -> dict[str, str]:
    """Return how a module as a whole is assessed; nothing where only its outcomes are."""
    module = context.view.catalog.module_by_id.get(index)
    if module is None or not known_forms(module.assessment_form):
        return {}
    return assessed(context.view, context.labels, index, term)


def _write_sums(
    sheet: Sheet,
    row: int,
    name: str,
    columns: Sequence[int],
    look: str,
    parts: Sequence[Mapping[int, Term]],
) -> None:
    for column in range(len(sheet.widths)):
        sheet.text(row, column, "", f"text{look}")
    sheet.text(row, NAME, shortened(name, MOST_LETTERS), f"text{look}")
    for column in columns:
        style = "credits" if column == CREDITS else "hours"
        sheet.formula(row, column, total_of([one[column] for one in parts]), style + look)


def _write_subject(
    context: Context, sheet: Sheet, row: int, subject: FormSubject, work: CurriculumCells
) -> None:
    """Write a subject: its figures are the sums of its rows on the working sheet."""
    sheet.text(row, INDEX, _index(context, subject.index), "code")
    sheet.text(row, NAME, shortened(subject.name, MOST_LETTERS), "text")
    forms = assessed(context.view, context.labels, subject.index, subject.last_term)
    _write_forms(sheet, row, forms, "")
    for column, name in SUMMED.items():
        style = "credits" if column == CREDITS else "hours"
        found = [work.cell(place, name) for place in subject.rows.values()]
        sheet.formula(row, column, total_of(found), style)
    for column in range(FIRST_TERM, len(sheet.widths)):
        place = subject.rows.get(column - FIRST_TERM + 1)
        if place is None:
            sheet.number(row, column, None, "hours")
        else:
            sheet.formula(row, column, work.cell(place, "total"), "hours")


def _index(context: Context, name: str) -> str:
    """Return the index under which the college's curriculum has a module; a fixed load has none."""
    module = context.view.catalog.module_by_id.get(name)
    return shortened(module.index, MOST_LETTERS_OF_INDEX) if module and module.index else name


def _write_forms(sheet: Sheet, row: int, forms: Mapping[str, str], look: str) -> None:
    for form, column in FORMS.items():
        sheet.text(row, column, shortened(forms.get(form, ""), MOST_LETTERS_OF_FORM), f"centre{look}")


def _write_terms(
    context: Context,
    sheet: Sheet,
    row: int,
    table: CurriculumTable,
    work: CurriculumCells,
) -> int:
    """Write what a semester has beside its hours: weeks, hours a week, weeks of attestation."""
    texts = context.texts
    weeks: dict[int, Term] = {}
    names = ("form.weeks", "form.weekly", "form.credits", "form.attestation")
    for place, key in enumerate(names, start=row):
        sheet.across(place, texts(key), "text", INDEX, FIRST_TERM - 1)
    for term, known in enumerate(table.weeks, start=1):
        column = FIRST_TERM + term - 1
        sheet.number(row, column, known, "credits")
        weeks[term] = sheet.ref(row, column)
        mandatory = None if known is None else ratio(work.contact[term], weeks[term])
        sheet.put(row + 1, column, mandatory, "credits")
        sheet.formula(row + 2, column, work.by_term[term]["credits"], "credits")
        sheet.number(row + 3, column, table.attestation_weeks[term - 1] or None, "credits")
    return row + len(names)
