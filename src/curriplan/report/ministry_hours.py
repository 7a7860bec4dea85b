"""The teachers and rooms of the sheet for the ministry: hours and posts by kind, who shares which room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.plan.figures import ADDED, DROPPED, FIXED, KEPT, KindHours, NamedHours
from curriplan.report.context import Context
from curriplan.report.hours import hours_used
from curriplan.report.ministry_parts import CODE, FIRST, NAME, THIRD, block, write_headers, write_texts
from curriplan.report.ministry_rows import RoomRow, room_table, semester_columns
from curriplan.xlsx.formula import Match, count_if, larger, ratio, sum_where, total, total_known, total_of
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import NOTHING, Range, Term, constant

MOST_LETTERS = 90
"""Of the names of the resources of a kind."""
EXISTING, COMMITTED, TODAY, KEPT_HOURS, ADDED_HOURS, LACKING = (
    "column.existing_hours",
    "column.committed_hours",
    "column.hours_today",
    "column.hours_kept",
    "column.hours_added",
    "column.hours_lacking",
)
HAVE, POSTS_TODAY, POSTS_PLAN, HIRE = (
    "column.posts_have",
    "column.posts_today",
    "column.posts_plan",
    "column.posts_hire",
)


@dataclass(frozen=True)
class PostCells:
    """Teacher posts in all."""

    hours: Term
    """Of one post in a semester."""
    have: Term
    today: Term
    plan: Term
    hire: Term


@dataclass(frozen=True)
class NamedCells:
    """Hours of the plan that name no teacher, or no room."""

    contact: Term
    without_teacher: Term
    practical: Term
    without_room: Term


def _kind_columns(context: Context, uses: Mapping[str, Range]) -> tuple[Column[KindHours], ...]:
    """Return the columns that teachers and rooms have alike: hours of one semester."""
    names: dict[str, list[str]] = {}
    categories: dict[str, dict[str, None]] = {}
    for row in context.view.catalog.resources:
        shown = context.labels.allotted("resource_capacity", row.id, context.labels.resource(row.id))
        names.setdefault(row.kind, []).append(shown)
        categories.setdefault(row.kind, {})[context.texts(f"resource.{row.category}")] = None

    no_limit = context.texts("phrase.no_limit")

    def used(line: Line[KindHours], word: str) -> Term:
        mine: tuple[Match, ...] = (
            (uses["kind"], "=", constant(line.row.kind)),
            (uses["added"], "=", constant(context.texts(f"word.{word}"))),
        )
        return hours_used(uses, line.row.semester, *mine)

    return (
        Column("column.category", "text", 0, lambda row: ", ".join(categories[row.kind])),
        Column(
            "column.resources", "text", 0, lambda row: shortened("; ".join(names[row.kind]), MOST_LETTERS)
        ),
        Column("column.semester", "text", 0, lambda row: context.labels.semester(row.semester)),
        Column(
            EXISTING, "hours", 0, lambda row: no_limit if row.existing_hours is None else row.existing_hours
        ),
        Column(COMMITTED, "hours", 0, lambda row: row.committed_hours),
        Column(TODAY, "hours", 0, lambda row: row.today_hours),
        Column(KEPT_HOURS, "hours", 0, formula=lambda line: used(line, "no")),
        Column(ADDED_HOURS, "hours", 0, formula=lambda line: used(line, "yes")),
        Column(LACKING, "hours", 0, formula=_lacking),
    )


def _needed(line: Line[KindHours]) -> Term:
    return total_of([line[COMMITTED], line[KEPT_HOURS], line[ADDED_HOURS]])


def _lacking(line: Line[KindHours]) -> Term | str:
    if line.row.existing_hours is None:
        return NOTHING
    return larger(constant(0), _needed(line) - line[EXISTING])


HOURS_KEYS = (EXISTING, COMMITTED, TODAY, KEPT_HOURS, ADDED_HOURS, LACKING)


def _write_kinds(
    context: Context, sheet: Sheet, first: int, table: Table[KindHours], rows: Sequence[KindHours]
) -> Placed[KindHours]:
    """Write the rows of a table of kinds and the sums of its hours."""
    placed = table.fill(sheet, first, rows)
    end = placed.last + 1
    write_texts(sheet, end, ("", context.texts("phrase.total"), ""), "total")
    for key in HOURS_KEYS:
        sheet.formula(end, placed.place(key), total_known(placed.range(key)), "hours total")
    return placed


def write_posts(
    context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]
) -> tuple[PostCells | None, int]:
    """Write hours and posts of each kind of teacher; nothing without teachers."""
    rows = context.view.figures.teachers
    if not rows:
        return None, row
    sheet.across(row, context.texts("heading.teacher_posts"), "heading")
    sheet.across(row + 1, context.texts("how.teacher_posts"), "how")
    post = _write_post(context, sheet, row + 2)

    def posts(hours: Term) -> Term:
        return ratio(hours, post)

    def known(line: Line[KindHours], hours: Term) -> Term | str:
        return NOTHING if line.row.existing_hours is None else posts(hours)

    table = Table(
        *_kind_columns(context, uses),
        Column(HAVE, "credits", 0, formula=lambda line: known(line, line[EXISTING])),
        Column(POSTS_TODAY, "credits", 0, formula=lambda line: posts(line[COMMITTED] + line[TODAY])),
        Column(POSTS_PLAN, "credits", 0, formula=lambda line: posts(_needed(line))),
        Column(HIRE, "half_hours", 0, formula=lambda line: known(line, line[LACKING])),
    )
    first = sheet.header(row + 5, table.columns)
    placed = _write_kinds(context, sheet, first, table, rows)
    end = placed.last + 1
    sheet.keep_together(row, end)
    sums = {key: placed.ref(end, key) for key in HOURS_KEYS}
    needed = total_of([sums[key] for key in (COMMITTED, KEPT_HOURS, ADDED_HOURS)])
    hours = {
        HAVE: sums[EXISTING],
        POSTS_TODAY: sums[COMMITTED] + sums[TODAY],
        POSTS_PLAN: needed,
        HIRE: sums[LACKING],
    }
    for key, term in hours.items():
        style = "half_hours" if key == HIRE else "credits"
        sheet.formula(end, placed.place(key), posts(term), f"{style} total")
    return PostCells(post, *(placed.ref(end, key) for key in hours)), end + 2


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


def write_room_kinds(context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]) -> int:
    """Write hours of each kind of room, plant or enterprise; nothing without rooms."""
    rows = context.view.figures.rooms
    if not rows:
        return row
    table = Table(
        *_kind_columns(context, uses),
        Column("column.load", "share", 0, formula=_load),
        Column(
            "column.lacking_today",
            "hours",
            0,
            lambda line: NOTHING if line.lacking_today_hours is None else line.lacking_today_hours,
        ),
    )
    first = block(sheet, row, "heading.room_hours", "how.room_hours", table.columns)
    placed = _write_kinds(context, sheet, first, table, rows)
    for key in ("column.load", "column.lacking_today"):
        sheet.text(placed.last + 1, placed.place(key), "", "hours total")
    return placed.last + 3


def _load(line: Line[KindHours]) -> Term | str:
    return NOTHING if line.row.existing_hours is None else ratio(_needed(line), line[EXISTING])


CONTACT = {
    KEPT: "column.contact_kept",
    ADDED: "column.contact_added",
    FIXED: "column.contact_fixed",
}
PRACTICAL = {
    KEPT: "column.practical_kept",
    ADDED: "column.practical_added",
    FIXED: "column.practical_fixed",
}
"""The columns of the hours by origin."""


@dataclass(frozen=True)
class NamedLine:
    """The hours of a programme by origin."""

    programme: str
    by_origin: Mapping[str, NamedHours]

    def without(self, what: str) -> float:
        """Return the hours of the plan that name no teacher, or no room."""
        rows = (row for origin, row in self.by_origin.items() if origin != DROPPED)
        return float(sum(getattr(row, f"without_{what}_hours") for row in rows))


def write_named(context: Context, sheet: Sheet, row: int) -> tuple[NamedCells, int]:
    """Write the hours of the plan by origin, and those that name no teacher or no room."""
    found: dict[str, dict[str, NamedHours]] = {}
    for one in context.view.figures.named_hours:
        found.setdefault(one.programme, {})[one.origin] = one
    table = _named_table(context)
    first = block(sheet, row, "heading.named_hours", "how.named_hours", table.columns)
    placed = table.fill(sheet, first, [NamedLine(name, rows) for name, rows in found.items()])
    end = placed.last + 1
    write_texts(sheet, end, ("", context.texts("phrase.total"), ""), "total")
    sums = {
        column.key: sheet.formula(
            end, placed.place(column.key), total(placed.range(column.key)), "hours total"
        )
        for column in table.columns[FIRST:]
        if column.style == "hours"
    }
    contact, practical = (total_of([sums[key] for key in keys.values()]) for keys in (CONTACT, PRACTICAL))
    cells = NamedCells(contact, sums["column.without_teacher"], practical, sums["column.without_room"])
    shares = {
        "column.share_teacher": ratio(cells.without_teacher, contact),
        "column.share_room": ratio(cells.without_room, practical),
    }
    for key, term in shares.items():
        sheet.formula(end, placed.place(key), term, "share total")
    sheet.keep_together(row, end)
    return cells, end + 2


def _named_table(context: Context) -> Table[NamedLine]:
    def hours(key: str, origin: str, field: str) -> Column[NamedLine]:
        return Column(key, "hours", 0, lambda row: getattr(row.by_origin[origin], field))

    def share(key: str, part: str, whole: Sequence[str]) -> Column[NamedLine]:
        return Column(
            key, "share", 0, formula=lambda line: ratio(line[part], total_of([line[one] for one in whole]))
        )

    return Table(
        Column("column.programme", "code", 0, lambda row: row.programme),
        Column("column.programme_name", "text", 0, lambda row: context.labels.programme(row.programme)),
        Column("column.hours_of", "text", 0, lambda _: context.texts("phrase.of_one_group")),
        *(hours(key, origin, "contact_hours") for origin, key in CONTACT.items()),
        Column("column.without_teacher", "hours", 0, lambda row: row.without("teacher")),
        share("column.share_teacher", "column.without_teacher", tuple(CONTACT.values())),
        *(hours(key, origin, "practical_hours") for origin, key in PRACTICAL.items()),
        Column("column.without_room", "hours", 0, lambda row: row.without("room")),
        share("column.share_room", "column.without_room", tuple(PRACTICAL.values())),
    )


def write_semester_headers(context: Context, sheet: Sheet, row: int, semesters: Sequence[str]) -> int:
    """Write a column for each calendar semester; return the next free column."""
    for column, semester in enumerate(semesters, start=FIRST):
        sheet.text(row, column, context.labels.semester(semester), "header")
    return FIRST + len(semesters)


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
    write_headers(sheet, first - 1, after, ROOM_FIGURES)
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
    write_texts(sheet, row, (line.resource, line.name, line.owner), "group")
    for place, programme in enumerate(line.programmes, start=row + 1):
        write_texts(sheet, place, (programme, context.labels.programme(programme), ""))
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
    write_headers(sheet, row + 1, NAME, OWNER_COLUMNS)
    first = row + 2
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
