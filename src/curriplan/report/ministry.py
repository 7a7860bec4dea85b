"""The sheet for the ministry: its questions with their answers, and the tables that they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriplan.report import ministry_blocks as blocks
from curriplan.report import ministry_hours as hours
from curriplan.report import ministry_money as spent
from curriplan.report.context import Context, OverviewCells, PlanCells
from curriplan.report.intake_groups import intakes_said
from curriplan.report.ministry_rows import semester_columns, shared_codes
from curriplan.xlsx.formula import chained, choose, holds, least, looked_up, numeric, ratio
from curriplan.xlsx.sentences import decimal_text, money_words, percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term, constant

QUESTIONS = (
    "per_learner",
    "per_point",
    "payer",
    "intakes",
    "posts",
    "without_teacher",
    "without_room",
    "rooms",
    "groups",
    "essentials",
    "worst",
    "arithmetic",
    "years",
    "assessment",
    "functions",
    "codes",
    "names",
)
"""In the order in which they are answered."""
STYLES: Mapping[str, str] = {
    "per_learner": "money",
    "per_point": "money",
    "payer": "share",
    "posts": "half_hours",
    "without_teacher": "share",
    "without_room": "share",
    "essentials": "share",
    "worst": "share",
}
"""Styles of answers that are no plain count."""
QUESTION, ANSWER, SIGN, WORDS, WHERE, TABLE = range(6)
NO_TABLE = ""
"""Where an answer that there is nothing comes from."""
ASKED_WIDTHS = (44, 14, 9, 54, 25, 28)
FEWEST_COLUMNS = 14
WIDTHS = (14, 48, 26)
FIGURE_WIDTH = 11.7
"""Of the tables that the answers rest on."""


@dataclass(frozen=True)
class _Answer:
    """A question's answer: a figure, in words, where it comes from, and whether it is as it should be."""

    value: Term
    words: Term
    where: str
    """A sheet, or the key of a heading of this one."""
    good: Term | None = None


def add_ministry_sheet(context: Context) -> Sheet:
    """Add the empty sheet of questions and answers."""
    return context.book.sheet(context.texts("sheet.ministry"), ASKED_WIDTHS)


def add_ministry_tables_sheet(context: Context) -> Sheet:
    """Add the empty sheet of the tables: wide enough for a column a semester."""
    figures = len(semester_columns(context.view)) + len(hours.ROOM_FIGURES)
    years = len({one.year for one in context.view.plan.payments})
    wide = max(FEWEST_COLUMNS, len(WIDTHS) + max(figures, years))
    widths = (*WIDTHS, *(FIGURE_WIDTH for _ in range(wide - len(WIDTHS))))
    return context.book.sheet(context.texts("sheet.ministry_tables"), widths, is_detail=True)


def write_ministry(
    context: Context,
    asked: Sheet,
    sheet: Sheet,
    cells: PlanCells,
    overview: OverviewCells,
    uses: Mapping[str, Range],
    payments: Mapping[str, Range],
) -> spent.IntakeCells | None:
    """Write the tables on `sheet`, the questions on `asked`; return where the money of all intakes stands."""
    row = sheet.heading("title.ministry_tables", "how.ministry_tables") + 1
    money, row = spent.write_money(context, sheet, row, overview)
    sources, row = spent.write_years(context, sheet, row, payments)
    intakes, row = spent.write_intakes(context, sheet, row, payments)
    posts, row = hours.write_posts(context, sheet, row, uses)
    row = hours.write_room_kinds(context, sheet, row, uses)
    named, row = hours.write_named(context, sheet, row)
    rooms, row = hours.write_rooms(context, sheet, row, uses)
    groups, row = blocks.write_groups(context, sheet, row)
    checks, row = blocks.write_checks(context, sheet, row, cells.curricula)
    missing, records, _ = blocks.write_names(context, sheet, row)
    sheet.freeze(2)
    answers = {
        **_money_answers(context, money, sources),
        "intakes": _intakes(context, intakes),
        "posts": _posts(context, posts),
        **_named(context, named),
        "rooms": _rooms(context, rooms),
        **_group_answers(context, groups),
        **_overview_answers(context, overview),
        **_check_answers(context, checks),
        "names": _counted(context, "names", missing, {"records": records}, "heading.names"),
    }
    _write_questions(context, asked, sheet, answers, overview)
    return intakes


QUESTION_COLUMNS = (
    Column("column.question"),
    Column("column.answer"),
    Column("column.check"),
    Column("column.in_words"),
    Column("column.comes_from"),
    Column("column.table"),
)


def _write_questions(
    context: Context, sheet: Sheet, tables: Sheet, answers: Mapping[str, _Answer], overview: OverviewCells
) -> None:
    """Write each question with its answer, in figures and words, and the sheet that it comes from."""
    first = sheet.header(sheet.heading("title.ministry", "how.ministry") + 1, QUESTION_COLUMNS)
    for place, name in enumerate(QUESTIONS, start=first):
        answer = answers[name]
        sheet.text(place, QUESTION, context.texts(f"question.{name}"), "text")
        value = sheet.formula(place, ANSWER, answer.value, f"{STYLES.get(name, 'count')} group")
        words = answer.words
        if name == "worst":
            found = looked_up(overview.names, overview.after, value)
            whole = percent(context.texts, overview.total.after)
            words = sentence(context.texts, "answer.worst", {"programme": found, "all": whole})
        sheet.put(place, SIGN, answer.good if answer.good is not None else "–", "status")
        sheet.formula_across(place, words, "text", WORDS, WORDS)
        _write_where(sheet, place, tables, answer.where)
    context.colour_status(sheet, first, SIGN, first + len(QUESTIONS) - 1)
    sheet.freeze(first, 1)


def _write_where(sheet: Sheet, row: int, tables: Sheet, where: str) -> None:
    """Write the sheet that an answer comes from as a link, and which of the tables it is."""
    if not where.startswith("heading."):
        if where == NO_TABLE:
            sheet.text(row, WHERE, "–", "text")
        else:
            sheet.link(row, WHERE, where, where, "text link")
        sheet.text(row, TABLE, "–", "text")
        return
    heading = sheet.texts(where)
    sheet.link(row, WHERE, tables.name, tables.name, "text link", tables.row_of(heading))
    sheet.text(row, TABLE, heading, "text")


def _decimal(context: Context, term: Term, digits: int = 1) -> Term:
    """Return a number as text, a dash as it is."""
    shown = decimal_text(numeric(term), digits, context.texts.decimal_mark)
    known = Term(f"ISNUMBER({term.text})", not isinstance(term.value, str))
    return choose(known, shown, term)


def _money_answers(
    context: Context, money: spent.MoneyCells, sources: spent.SourceCells
) -> dict[str, _Answer]:
    """Answer what the money comes to, and who pays most of it."""
    whole = money_words(context.texts, money.money)
    points = decimal_text(money.points, 1, context.texts.decimal_mark)
    payer = spent.largest_source(sources)
    values = {"source": looked_up(sources.names, sources.paid, payer)}
    values |= {
        "paid": money_words(context.texts, numeric(payer)),
        "all": money_words(context.texts, sources.total),
    }
    here = "heading.money_by_programme"
    learners = {"money": whole, "learners": money.learners}
    return {
        "per_learner": _Answer(
            money.per_learner, sentence(context.texts, "answer.per_learner", learners), here
        ),
        "per_point": _Answer(
            money.per_point,
            sentence(context.texts, "answer.per_point", {"money": whole, "points": points}),
            here,
        ),
        "payer": _Answer(
            ratio(numeric(payer), sources.total),
            sentence(context.texts, "answer.payer", values),
            "heading.money_by_year",
        ),
    }


def _intakes(context: Context, intakes: spent.IntakeCells | None) -> _Answer:
    """Answer in how many years all intakes together ask for more than the sources have."""
    if intakes is None:
        return _Answer(constant("–"), constant(context.texts("answer.intakes_none")), NO_TABLE)
    values = {"steady": money_words(context.texts, intakes.steady)}
    words = sentence(context.texts, "answer.intakes", values)
    good = context.whether(holds("=", intakes.over, constant(0)))
    return _Answer(intakes.over, words, "heading.all_intakes", good)


def _posts(context: Context, posts: hours.PostCells | None) -> _Answer:
    """Answer how many teacher posts are to be filled beyond those that there are."""
    if posts is None:
        return _Answer(constant("–"), constant(context.texts("answer.posts_none")), NO_TABLE)
    values = {
        "plan": _decimal(context, posts.plan),
        "today": _decimal(context, posts.today),
        "have": _decimal(context, posts.have),
        "hours": _decimal(context, posts.hours),
    }
    words = choose(
        holds("<=", posts.hours, constant(0)),
        constant(context.texts("answer.posts_unknown")),
        sentence(context.texts, "answer.posts", values),
    )
    return _Answer(posts.hire, words, "heading.teacher_posts")


def _named(context: Context, named: hours.NamedCells) -> dict[str, _Answer]:
    """Answer what part of the plan's hours names no teacher, and no room: they come on top."""
    pairs = {
        "without_teacher": (named.without_teacher, named.contact),
        "without_room": (named.without_room, named.practical),
    }
    return {
        name: _Answer(
            ratio(part, whole),
            sentence(
                context.texts,
                f"answer.{name}",
                {"hours": _decimal(context, part, 0), "all": _decimal(context, whole, 0)},
            ),
            "heading.named_hours",
        )
        for name, (part, whole) in pairs.items()
    }


def _rooms(context: Context, rooms: hours.RoomCells | None) -> _Answer:
    """Answer how many rooms several programmes share."""
    if rooms is None:
        return _Answer(constant("–"), constant(context.texts("answer.rooms_none")), NO_TABLE)
    values = {"rooms": rooms.rooms, "foreign": rooms.foreign}
    return _Answer(rooms.shared, sentence(context.texts, "answer.rooms", values), "heading.shared_rooms")


def _group_answers(context: Context, groups: blocks.GroupCells) -> dict[str, _Answer]:
    """Answer how many groups are taught in which language, and whether the codes are right."""
    languages = groups.by_language
    values = {"kk": languages["kazakh"], "ru": languages["russian"]}
    values["other"] = languages["english"] + languages["none"]
    return {
        "groups": _Answer(
            groups.groups, sentence(context.texts, "answer.groups", values), "heading.languages"
        ),
        "codes": _codes(context, groups.faults),
    }


def _codes(context: Context, faults: Term) -> _Answer:
    """Answer whether codes are right; a code of several programmes is no fault, but said."""
    planned = context.view.limits.planned
    shared = shared_codes(context.view.catalog.programme_by_id[name] for name in planned)
    if not shared:
        return _counted(context, "codes", faults, {}, "heading.groups")
    which = "; ".join(f"{code} – {', '.join(names)}" for code, names in sorted(shared.items()))
    return _counted(context, "codes_shared", faults, {"which": constant(which)}, "heading.groups")


def _overview_answers(context: Context, overview: OverviewCells) -> dict[str, _Answer]:
    """Answer how many essential needs are met, and which programme closes least."""
    whole = overview.total
    values = {"met": whole.met_after, "all": whole.essentials, "today": whole.met_before}
    words = sentence(context.texts, "answer.essentials", values)
    if counted := intakes_said(context.view, context.texts):
        words = chained(words, constant(f". {counted}"))
    return {
        "essentials": _Answer(
            ratio(whole.met_after, whole.essentials),
            words,
            overview.sheet,
        ),
        "worst": _Answer(least(overview.after), constant(""), overview.sheet),
    }


def _check_answers(context: Context, checks: Mapping[str, Term]) -> dict[str, _Answer]:
    """Answer what an inspector would mark on the working curricula."""
    sums = checks["hours"] + checks["headers"] + checks["sums"]
    loose = checks["uncovered"] + checks["untied"]
    functions = {"functions": checks["asked"], "modules": checks["professional"]}
    return {
        "arithmetic": _counted(context, "arithmetic", sums, {}),
        "years": _Answer(
            checks["outside"],
            sentence(context.texts, "answer.years", {"years": checks["judged"]}),
            "heading.curriculum_checks",
        ),
        "assessment": _counted(context, "assessment", checks["assessment"], {}),
        "functions": _counted(context, "functions", loose, functions),
    }


def _counted(
    context: Context,
    name: str,
    count: Term,
    values: Mapping[str, Term],
    where: str = "heading.curriculum_checks",
) -> _Answer:
    """Answer with a number of faults, of which there should be none."""
    good = context.whether(holds("=", count, constant(0)))
    return _Answer(count, sentence(context.texts, f"answer.{name}", values), where, good)
