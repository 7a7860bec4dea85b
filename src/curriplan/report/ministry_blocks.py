"""The tables of the sheet for the ministry on groups, languages, codes, checks and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriplan.report.context import Context, CurriculumCells
from curriplan.report.intake_groups import intakes_said
from curriplan.report.ministry_parts import (
    CODE,
    FIRST,
    NAME,
    THIRD,
    block,
    write_headers,
    write_texts,
    write_totals,
)
from curriplan.report.ministry_rows import SPOKEN, CodeRow, NameRow, code_table, name_table
from curriplan.xlsx.formula import holds, sum_where, total
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Term, constant

CODE_COLUMNS = (
    Column("column.programme", "code", 0),
    Column("column.programme_name", "text", 0),
    Column("column.teaching_language", "text", 0),
    Column("column.learners", "count", 0),
    Column("column.groups", "count", 0),
    Column("column.specialty", "centre", 0),
    Column("column.qualification", "centre", 0),
    Column("column.code_faults", "count", 0),
    Column("column.status", "status", 0),
    Column("column.remark", "text", 0),
)
LEARNERS, GROUPS, SPECIALTY, QUALIFICATION, FAULTS, STATUS, REMARK = range(FIRST, FIRST + 7)


@dataclass(frozen=True)
class GroupCells:
    """Groups by language of teaching, and faults of the codes."""

    groups: Term
    by_language: Mapping[str, Term]
    faults: Term


def write_groups(context: Context, sheet: Sheet, row: int) -> tuple[GroupCells, int]:
    """Write languages, groups and codes by programme, then the groups by language."""
    first = block(sheet, row, "heading.groups", "how.groups", CODE_COLUMNS[:REMARK])
    last_column = len(sheet.widths) - 1
    sheet.across(first - 1, context.texts("column.remark"), "header", REMARK, last_column)
    rows = code_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_code(context, sheet, place, line)
    end = first + len(rows)
    columns = {LEARNERS: "count", GROUPS: "count", FAULTS: "count"}
    sums = write_totals(sheet, end, first, columns, context.texts("phrase.total"))
    for column in (SPECIALTY, QUALIFICATION):
        sheet.text(end, column, "", "centre total")
    context.colour_status(sheet, first, STATUS, end - 1)
    sheet.keep_together(row, end)
    below = end + 1
    if counted := intakes_said(context.view, context.texts):
        sheet.across(below, counted, "note")
        below += 1
    by_language, end = _write_languages(context, sheet, below + 1, first, end - 1)
    return GroupCells(sums[GROUPS], by_language, sums[FAULTS]), end


def _write_code(context: Context, sheet: Sheet, row: int, line: CodeRow) -> None:
    language = context.texts(f"taught_in.{line.language}")
    write_texts(sheet, row, (line.programme, line.name, language))
    sheet.number(row, LEARNERS, line.learners, "count")
    sheet.number(row, GROUPS, line.groups, "count")
    sheet.text(row, SPECIALTY, line.specialty, "centre")
    sheet.text(row, QUALIFICATION, line.qualification, "centre")
    sheet.number(row, FAULTS, line.faults, "count")
    sheet.formula(row, STATUS, context.whether(holds("=", sheet.ref(row, FAULTS), constant(0))), "status")
    sheet.across(row, line.remark, "text", REMARK)


LANGUAGE_COLUMNS = (
    Column("column.teaching_language", "text", 0),
    Column("column.programme_count", "count", 0),
    Column("column.learners", "count", 0),
    Column("column.groups", "count", 0),
)


def _write_languages(
    context: Context, sheet: Sheet, row: int, first: int, last: int
) -> tuple[dict[str, Term], int]:
    """Write programmes, learners and groups by language of teaching; return the groups."""
    sheet.across(row, context.texts("heading.languages"), "heading")
    write_headers(sheet, row + 1, NAME, LANGUAGE_COLUMNS)
    columns = {column: sheet.range(column, first, last) for column in (THIRD, LEARNERS, GROUPS)}
    begin = row + 2
    groups: dict[str, Term] = {}
    for place, language in enumerate(SPOKEN.values(), start=begin):
        sheet.text(place, NAME, context.texts(f"taught_in.{language}"), "text")
        mine = (columns[THIRD], "=", sheet.ref(place, NAME))
        sheet.formula(place, THIRD, sum_where(None, mine), "count")
        sheet.formula(place, FIRST, sum_where(columns[LEARNERS], mine), "count")
        groups[language] = sheet.formula(place, FIRST + 1, sum_where(columns[GROUPS], mine), "count")
    end = begin + len(groups)
    sheet.text(end, NAME, context.texts("phrase.total"), "text total")
    for column in (THIRD, FIRST, FIRST + 1):
        sheet.formula(end, column, total(sheet.range(column, begin, end - 1)), "count total")
    sheet.keep_together(row, end)
    return groups, end + 2


CHECK_COLUMNS = (
    Column("column.programme", "code", 0),
    Column("column.programme_name", "text", 0),
    Column("column.curriculum_sheet", "text", 0),
    Column("column.fault_hours", "count", 0),
    Column("column.fault_headers", "count", 0),
    Column("column.fault_sums", "count", 0),
    Column("column.fault_assessment", "count", 0),
    Column("column.years_outside", "count", 0),
    Column("column.years_judged", "count", 0),
    Column("column.functions_uncovered", "count", 0),
    Column("column.functions_asked", "count", 0),
    Column("column.modules_untied", "count", 0),
    Column("column.modules_professional", "count", 0),
)
CHECKS = (
    "hours",
    "headers",
    "sums",
    "assessment",
    "outside",
    "judged",
    "uncovered",
    "asked",
    "untied",
    "professional",
)
"""The counted columns, from `FIRST` on."""


def write_checks(
    context: Context, sheet: Sheet, row: int, curricula: Mapping[str, CurriculumCells]
) -> tuple[dict[str, Term], int]:
    """Write what an inspector counts on each working curriculum; return the sums."""
    first = block(sheet, row, "heading.curriculum_checks", "how.curriculum_checks", CHECK_COLUMNS)
    for place, (programme, cells) in enumerate(curricula.items(), start=first):
        sheet.text(place, CODE, programme, "code")
        sheet.text(place, NAME, context.labels.programme(programme), "text")
        sheet.link(place, THIRD, cells.sheet, cells.sheet, "text link")
        for column, term in enumerate(_counts(cells), start=FIRST):
            sheet.formula(place, column, term, "count")
    end = first + len(curricula)
    styles = dict.fromkeys(range(FIRST, FIRST + len(CHECKS)), "count")
    sums = write_totals(sheet, end, first, styles, context.texts("phrase.total"))
    sheet.keep_together(row, end)
    return {name: sums[column] for column, name in enumerate(CHECKS, start=FIRST)}, end + 2


def _counts(cells: CurriculumCells) -> tuple[Term, ...]:
    nothing = constant(0)
    faults = [cells.faults[name] for name in CHECKS[:4]]
    functions = (nothing,) * 4
    if cells.functions is not None:
        one = cells.functions
        functions = (one.uncovered, one.asked, one.untied, one.professional)
    return (*faults, cells.years.outside, cells.years.judged, *functions)


NAME_COLUMNS = (
    Column("column.table", "text", 0),
    Column("column.rows", "count", 0),
    Column("column.without_kk", "count", 0),
    Column("column.without_ru", "count", 0),
)


def write_names(context: Context, sheet: Sheet, row: int) -> tuple[Term, Term, int]:
    """Write which records lack a Kazakh or a Russian name; return their number, that of all, a row."""
    sheet.across(row, context.texts("heading.names"), "heading")
    sheet.across(row + 1, context.texts("how.names"), "how")
    write_headers(sheet, row + 2, NAME, NAME_COLUMNS)
    which = FIRST + 2
    sheet.across(row + 2, context.texts("column.which"), "header", which)
    first = row + 3
    rows = name_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_name(sheet, place, line, which)
    end = first + len(rows)
    sheet.text(end, NAME, context.texts("phrase.total"), "text total")
    sums = [
        sheet.formula(end, column, total(sheet.range(column, first, end - 1)), "count total")
        for column in (THIRD, FIRST, FIRST + 1)
    ]
    sheet.keep_together(row, end)
    return sums[1] + sums[2], sums[0], end + 2


def _write_name(sheet: Sheet, row: int, line: NameRow, which: int) -> None:
    sheet.text(row, NAME, line.table, "text")
    for column, count in enumerate((line.records, line.without_kk, line.without_ru), start=THIRD):
        sheet.number(row, column, count, "count")
    sheet.across(row, line.which, "text", which)
