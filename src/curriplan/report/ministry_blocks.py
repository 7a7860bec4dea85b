"""The tables of the sheet for the ministry: money, teachers, rooms, languages, codes, checks, names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.report.budget import hours_used
from curriplan.report.budget_rows import source_name
from curriplan.report.context import BudgetCells, Context, CurriculumCells, ProgrammeCells, SummaryCells
from curriplan.report.ministry_rows import (
    SPOKEN,
    CodeRow,
    NameRow,
    RoomRow,
    TeacherRow,
    code_table,
    name_table,
    room_table,
    semester_columns,
    teacher_table,
)
from curriplan.xlsx.formula import (
    Range,
    Term,
    constant,
    count_if,
    difference,
    greatest,
    holds,
    largest_of,
    numeric,
    ratio,
    sum_where,
    total,
    total_of,
)
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet

CODE, NAME, THIRD, FIRST = range(4)
"""The columns that all tables have alike; figures stand from `FIRST` on."""
KEPT_ROWS = 6
"""A heading is never printed without its header and a few rows."""


@dataclass(frozen=True)
class MoneyCells:
    """New money, and what it comes to for a learner and for a point of closure."""

    money: Term
    learners: Term
    points: Term
    per_learner: Term
    per_point: Term


@dataclass(frozen=True)
class SourceCells:
    """What the sources pay in all."""

    names: Range
    paid: Range
    total: Term


@dataclass(frozen=True)
class PostCells:
    """Teacher posts in all."""

    hours: Term
    """Of one post in a semester."""
    have: Term
    today: Term
    plan: Term
    more: Term


def block(sheet: Sheet, row: int, key: str, how: str, columns: Sequence[Column]) -> int:
    """Write a table's heading, a line on how to read it, and its header; return its first row."""
    sheet.across(row, sheet.texts(key), "heading")
    sheet.across(row + 1, sheet.texts(how), "how")
    sheet.keep_together(row, row + KEPT_ROWS)
    return sheet.header(row + 2, columns)


def _write_headers(sheet: Sheet, row: int, first: int, columns: Sequence[Column]) -> None:
    """Write the two header rows of columns that do not begin at the left."""
    for place, column in enumerate(columns, start=first):
        sheet.text(row, place, sheet.texts.others(column.key), "other_languages")
        sheet.text(row + 1, place, sheet.texts(column.key), "header")


def _write_texts(sheet: Sheet, row: int, texts: Sequence[str], look: str = "") -> None:
    for column, text in enumerate(texts):
        sheet.text(row, column, text, f"{'code' if column == CODE else 'text'} {look}")


def _write_totals(
    sheet: Sheet, row: int, first: int, columns: Mapping[int, str], text: str
) -> dict[int, Term]:
    """Write a total row of some columns by their style; return the sums."""
    _write_texts(sheet, row, ("", text, ""), "total")
    return {
        column: sheet.formula(row, column, total(sheet.range(column, first, row - 1)), f"{style} total")
        for column, style in columns.items()
    }


MONEY_COLUMNS = (
    Column("column.programme", "code", 0),
    Column("column.programme_name", "text", 0),
    Column("column.teaching_language", "text", 0),
    Column("column.learners", "count", 0),
    Column("column.closure_before", "share", 0),
    Column("column.closure_after", "share", 0),
    Column("column.change", "points", 0),
    Column("column.new_money", "money", 0),
    Column("column.per_learner", "money", 0),
    Column("column.per_point", "money", 0),
)
LEARNERS, BEFORE, AFTER, CHANGE, MONEY, PER_LEARNER, PER_POINT = range(FIRST, 10)


def write_money(
    context: Context, sheet: Sheet, row: int, summary: SummaryCells, budget: BudgetCells
) -> tuple[MoneyCells, int]:
    """Write the new money by programme, for each learner and for each point; set-up is shared."""
    first = block(sheet, row, "heading.money_by_programme", "how.money_by_programme", MONEY_COLUMNS)
    languages = {line.programme: line.language for line in code_table(context.view, context.labels)}
    row = first
    for cells in summary.rows:
        language = context.texts(f"taught_in.{languages[str(cells.programme.value)]}")
        _write_programme(sheet, row, cells, language)
        row += 1
    _write_texts(sheet, row, ("", context.texts("phrase.shared_setup"), ""))
    for column in range(FIRST, len(MONEY_COLUMNS)):
        sheet.text(row, column, "", "money")
    sheet.formula(row, MONEY, budget.setup, "money")
    _write_texts(sheet, row + 1, ("", context.texts("phrase.total"), ""), "total")
    _write_figures(sheet, row + 1, summary.total, total(sheet.range(MONEY, first, row)), " total")
    points = numeric(sheet.ref(row + 1, CHANGE)) * constant(100)
    return (
        MoneyCells(
            money=sheet.ref(row + 1, MONEY),
            learners=sheet.ref(row + 1, LEARNERS),
            points=points,
            per_learner=sheet.ref(row + 1, PER_LEARNER),
            per_point=sheet.ref(row + 1, PER_POINT),
        ),
        row + 3,
    )


def _write_programme(sheet: Sheet, row: int, cells: ProgrammeCells, language: str) -> None:
    sheet.formula(row, CODE, cells.programme, "code")
    sheet.formula(row, NAME, cells.name, "text")
    sheet.text(row, THIRD, language, "text")
    _write_figures(sheet, row, cells, cells.cost, "")


def _write_figures(sheet: Sheet, row: int, cells: ProgrammeCells, money: Term, look: str) -> None:
    """Write learners, closure and money, and what the money comes to for each."""
    values = {
        LEARNERS: cells.learners,
        BEFORE: cells.before,
        AFTER: cells.after,
        CHANGE: cells.change,
        MONEY: money,
    }
    for column, term in values.items():
        sheet.formula(row, column, term, MONEY_COLUMNS[column].style + look)
    spent = sheet.ref(row, MONEY)
    sheet.formula(row, PER_LEARNER, ratio(spent, sheet.ref(row, LEARNERS)), "money" + look)
    points = numeric(sheet.ref(row, CHANGE)) * constant(100)
    sheet.formula(row, PER_POINT, ratio(spent, points), "money" + look)


SOURCE_COLUMNS = (
    Column("column.source_code", "code", 0),
    Column("column.funding_source", "text", 0),
    Column("column.money_total", "money", 0),
)


def write_years(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range]
) -> tuple[SourceCells, int]:
    """Write what each source pays in each calendar year."""
    first = block(sheet, row, "heading.money_by_year", "how.money_by_year", SOURCE_COLUMNS)
    years = sorted({one.year for one in context.view.plan.payments})
    paying = {one.source for one in context.view.plan.payments}
    known = [name for name in context.view.problem.money.sources if name in paying]
    sources = [*known, *sorted(paying - set(known))]
    columns = range(FIRST, FIRST + len(years))
    for column, year in zip(columns, years, strict=True):
        sheet.number(first - 1, column, year, "header")
    for place, source in enumerate(sources, start=first):
        sheet.text(place, CODE, source, "code")
        sheet.text(place, NAME, source_name(context.labels, source), "text")
        mine = (payments["source"], "=", sheet.ref(place, CODE))
        for column in columns:
            paid = sum_where(payments["kzt"], mine, (payments["year"], "=", sheet.ref(first - 1, column)))
            sheet.formula(place, column, paid, "money")
        sheet.formula(place, THIRD, total_of([sheet.ref(place, column) for column in columns]), "money")
    end = first + len(sources)
    _write_texts(sheet, end, ("", context.texts("phrase.all_sources")), "total")
    for column in (THIRD, *columns):
        sheet.formula(end, column, total(sheet.range(column, first, end - 1)), "money total")
    names, paid_in_all = (sheet.range(column, first, end - 1) for column in (NAME, THIRD))
    return SourceCells(names, paid_in_all, sheet.ref(end, THIRD)), end + 2


TEACHER_COLUMNS = (
    Column("column.resource_code", "code", 0),
    Column("column.teachers", "text", 0),
    Column("column.teacher_hours", "hours", 0),
)
POST_COLUMNS = (
    Column("column.committed_hours", "hours", 0),
    Column("column.most_today", "hours", 0),
    Column("column.most_plan", "hours", 0),
    Column("column.posts_have", "credits", 0),
    Column("column.posts_today", "credits", 0),
    Column("column.posts_plan", "credits", 0),
    Column("column.posts_more", "credits", 0),
)
COMMITTED, TODAY_HOURS, PLAN_HOURS, HAVE, TODAY, PLAN, MORE = range(len(POST_COLUMNS))


def write_posts(
    context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]
) -> tuple[PostCells | None, int]:
    """Write the hours of the teachers by semester against those of a post; nothing without teachers."""
    rows = teacher_table(context.view, context.labels)
    if not rows:
        return None, row
    sheet.across(row, context.texts("heading.teacher_posts"), "heading")
    sheet.across(row + 1, context.texts("how.teacher_posts"), "how")
    post = _write_post(context, sheet, row + 2)
    first = sheet.header(row + 5, TEACHER_COLUMNS)
    semesters = semester_columns(context.view)
    after = write_semester_headers(context, sheet, first - 1, semesters)
    _write_headers(sheet, first - 2, after, POST_COLUMNS)
    for place, line in enumerate(rows, start=first):
        _write_teacher(sheet, place, line, semesters, uses, post)
    end = first + len(rows)
    sheet.keep_together(row, end)
    summed = {THIRD: "hours"} | dict.fromkeys(range(after, after + HAVE), "hours")
    for column in range(FIRST, after):
        sheet.text(end, column, "", "hours total")
    _write_totals(sheet, end, first, summed, context.texts("phrase.total"))
    _write_need(sheet, end, after, post, " total")
    found = (sheet.ref(end, after + place) for place in (HAVE, TODAY, PLAN, MORE))
    return PostCells(post, *found), end + 2


def _write_post(context: Context, sheet: Sheet, row: int) -> Term:
    """Write the hours of a post in a semester, for the reader to change; return the cell."""
    limits = context.view.limits
    weeks = limits.number("teaching_weeks_year")
    inputs = (limits.number("teacher_weekly_hours"), None if weeks is None else weeks / 2)
    for place, key in enumerate(("phrase.post_week", "phrase.semester_weeks", "phrase.post_semester")):
        sheet.across(row + place, context.texts(key), "text", CODE, NAME)
    for place, value in enumerate(inputs):
        sheet.open(row + place, THIRD, value, "credits input")
    return sheet.formula(row + 2, THIRD, sheet.ref(row, THIRD) * sheet.ref(row + 1, THIRD), "credits")


def write_semester_headers(context: Context, sheet: Sheet, row: int, semesters: Sequence[str]) -> int:
    """Write a column for each calendar semester; return the next free column."""
    for column, semester in enumerate(semesters, start=FIRST):
        sheet.text(row, column, context.labels.semester(semester), "header")
    return FIRST + len(semesters)


def _write_teacher(
    sheet: Sheet,
    row: int,
    line: TeacherRow,
    semesters: Sequence[str],
    uses: Mapping[str, Range],
    post: Term,
) -> None:
    """Write one kind of teachers: hours by semester with the plan, the most of them, posts."""
    _write_texts(sheet, row, (line.resource, line.name))
    sheet.number(row, THIRD, line.hours, "hours")
    mine = (uses["resource"], "=", sheet.ref(row, CODE))
    for column, semester in enumerate(semesters, start=FIRST):
        sheet.formula(row, column, hours_used(uses, semester, mine), "hours")
    after = FIRST + len(semesters)
    sheet.number(row, after + COMMITTED, line.committed_hours, "hours")
    sheet.number(row, after + TODAY_HOURS, max(line.today, default=0.0), "hours")
    most = largest_of([sheet.ref(row, column) for column in range(FIRST, after)])
    sheet.formula(row, after + PLAN_HOURS, most, "hours")
    _write_need(sheet, row, after, post, "")


def _write_need(sheet: Sheet, row: int, after: int, post: Term, look: str) -> None:
    """Write the posts that there are, that today takes and that the plan takes, promised hours included."""
    committed = sheet.ref(row, after + COMMITTED)
    hours = {HAVE: sheet.ref(row, THIRD)}
    for place, used in ((TODAY, TODAY_HOURS), (PLAN, PLAN_HOURS)):
        hours[place] = committed + sheet.ref(row, after + used)
    for place, term in hours.items():
        sheet.formula(row, after + place, ratio(term, post), "credits" + look)
    more = difference(sheet.ref(row, after + PLAN), sheet.ref(row, after + TODAY))
    sheet.formula(row, after + MORE, more, "credits" + look)


ROOM_COLUMNS = (
    Column("column.room_or_programme", "code", 0),
    Column("column.programme_name", "text", 0),
    Column("column.owner", "text", 0),
)
ROOM_FIGURES = (Column("column.all_hours", "hours", 0), Column("column.sharing", "count", 0))


@dataclass(frozen=True)
class RoomCells:
    """The rooms of the plan."""

    rooms: Term
    shared: Term
    foreign: Term


def write_rooms(
    context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]
) -> tuple[RoomCells | None, int]:
    """Write who uses which room when, then the hours of each owner; nothing without rooms."""
    rows = room_table(context.view, context.labels)
    if not rows:
        return None, row
    first = block(sheet, row, "heading.shared_rooms", "how.shared_rooms", ROOM_COLUMNS)
    semesters = semester_columns(context.view)
    after = write_semester_headers(context, sheet, first - 1, semesters)
    _write_headers(sheet, first - 2, after, ROOM_FIGURES)
    place = first
    for line in rows:
        sheet.keep_together(place, place + len(line.programmes))
        _write_room(context, sheet, place, line, semesters, uses)
        place += 1 + len(line.programmes)
    columns = {name: sheet.range(column, first, place - 1) for name, column in _room_places(after).items()}
    owned = (columns["owner"], "<>", "")
    rooms = count_if(owned)
    cells = RoomCells(
        rooms=rooms,
        shared=sum_where(None, (columns["sharing"], ">=", constant(2))),
        foreign=rooms - count_if((columns["owner"], "=", context.texts("phrase.own_room"))),
    )
    return cells, _write_owners(context, sheet, place + 1, rows, columns)


def _room_places(after: int) -> dict[str, int]:
    return {"owner": THIRD, "hours": after, "sharing": after + 1}


def _write_room(
    context: Context,
    sheet: Sheet,
    row: int,
    line: RoomRow,
    semesters: Sequence[str],
    uses: Mapping[str, Range],
) -> None:
    """Write a room with its sums, and below it the hours of each programme that uses it."""
    after = FIRST + len(semesters)
    last = row + len(line.programmes)
    _write_texts(sheet, row, (line.resource, line.name, line.owner), "group")
    for place, programme in enumerate(line.programmes, start=row + 1):
        _write_texts(sheet, place, (programme, context.labels.programme(programme), ""))
        mine = (
            (uses["resource"], "=", sheet.ref(row, CODE)),
            (uses["programme"], "=", sheet.ref(place, CODE)),
        )
        for column, semester in enumerate(semesters, start=FIRST):
            sheet.formula(place, column, hours_used(uses, semester, *mine), "hours")
        every = [sheet.ref(place, column) for column in range(FIRST, after)]
        sheet.formula(place, after, total_of(every), "hours")
        sheet.text(place, after + 1, "", "count")
    for column in range(FIRST, after + 1):
        sheet.formula(row, column, total(sheet.range(column, row + 1, last)), "hours group")
    used = sum_where(None, (sheet.range(after, row + 1, last), ">=", constant(0.01)))
    sheet.formula(row, after + 1, used, "count group")


OWNER_COLUMNS = (
    Column("column.owner", "text", 0),
    Column("column.rooms", "count", 0),
    Column("column.all_hours", "hours", 0),
    Column("column.part", "share", 0),
)


def _write_owners(
    context: Context, sheet: Sheet, row: int, rows: Sequence[RoomRow], columns: Mapping[str, Range]
) -> int:
    """Write how many rooms and hours each owner gives."""
    sheet.across(row, context.texts("heading.owners"), "heading")
    _write_headers(sheet, row + 1, NAME, OWNER_COLUMNS)
    first = row + 3
    owners = list(dict.fromkeys(line.owner for line in sorted(rows, key=lambda line: not line.is_own)))
    end = first + len(owners)
    for place, owner in enumerate(owners, start=first):
        sheet.text(place, NAME, owner, "text")
        mine = (columns["owner"], "=", sheet.ref(place, NAME))
        sheet.formula(place, THIRD, sum_where(None, mine), "count")
        sheet.formula(place, FIRST, sum_where(columns["hours"], mine), "hours")
    sheet.text(end, NAME, context.texts("phrase.total"), "text total")
    for column, style in ((THIRD, "count"), (FIRST, "hours")):
        sheet.formula(end, column, total(sheet.range(column, first, end - 1)), f"{style} total")
    for place in range(first, end + 1):
        look = " total" if place == end else ""
        share = ratio(sheet.ref(place, FIRST), sheet.ref(end, FIRST))
        sheet.formula(place, FIRST + 1, share, "share" + look)
    sheet.keep_together(row, end)
    return end + 2


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
GROUPS, SPECIALTY, QUALIFICATION, FAULTS, STATUS, REMARK = range(FIRST + 1, FIRST + 7)


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
    sums = _write_totals(sheet, end, first, columns, context.texts("phrase.total"))
    for column in (SPECIALTY, QUALIFICATION):
        sheet.text(end, column, "", "centre total")
    context.colour_status(sheet, first, STATUS, end - 1)
    sheet.keep_together(row, end)
    by_language, end = _write_languages(context, sheet, end + 2, first, end - 1)
    return GroupCells(sums[GROUPS], by_language, sums[FAULTS]), end


def _write_code(context: Context, sheet: Sheet, row: int, line: CodeRow) -> None:
    language = context.texts(f"taught_in.{line.language}")
    _write_texts(sheet, row, (line.programme, line.name, language))
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
    _write_headers(sheet, row + 1, NAME, LANGUAGE_COLUMNS)
    columns = {column: sheet.range(column, first, last) for column in (THIRD, LEARNERS, GROUPS)}
    begin = row + 3
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
    sums = _write_totals(sheet, end, first, styles, context.texts("phrase.total"))
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
    _write_headers(sheet, row + 2, NAME, NAME_COLUMNS)
    which = FIRST + 2
    sheet.across(row + 3, context.texts("column.which"), "header", which)
    first = row + 4
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


def largest_source(cells: SourceCells) -> Term:
    """Return what the source that pays most pays, a dash where nobody does."""
    return greatest(cells.paid)
