"""The sheet of the challenges: what the plan answers to each of them, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import PRACTICE_KINDS, Challenge
from curriplan.plan.challenges import ChallengeAnswer, CompetencyAnswer
from curriplan.problem.challenges import AnsweredBy, answers_of
from curriplan.report.budget_blocks import paid_amounts
from curriplan.report.budget_rows import source_name
from curriplan.report.challenges_ahead import write_challenges_ahead
from curriplan.report.context import Context, GapCells, OverviewCells, PlanCells
from curriplan.report.labels import Labels
from curriplan.report.unanswered import core_open_said, unanswered_said
from curriplan.xlsx.formula import least, products_where, ratio, total, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term, constant

WIDTHS = (4, 46, 23, *(9.2,) * 10)
"""Characters: lying A4 prints them at some eight points."""
LAST = len(WIDTHS) - 1
GAP_POINTS = 4.0
"""Height of the row between two tables."""
MOST_SUMMED = 100
"""Cells that a formula sums one by one: with more of them it would grow longer than Excel allows, and the
number stands there itself."""
MOST_MODULES = 2
"""Modules that are named; of the others the number is told."""

CHALLENGES = (
    Column("column.challenge_number", "centre"),
    Column("column.challenge_figure", "text", span=2),
    Column("column.challenge_modules", "count"),
    Column("column.challenge_programmes", "count"),
    Column("column.learners_reached", "count"),
    Column("column.challenge_hours", "hours"),
    Column("column.challenge_practice", "hours"),
    Column("column.closed_today", "share"),
    Column("column.closed_by_plan", "share"),
    Column("column.levels_open", "centre"),
    Column("column.learners_open", "centre"),
    Column("column.occupations_open", "centre"),
)
NUMBER, NAME, FIGURE, MODULES, PROGRAMMES, LEARNERS, HOURS, PRACTICE, CLOSED_TODAY, CLOSED = range(10)
LEVELS_OPEN, LEARNERS_OPEN, OCCUPATIONS_OPEN = range(10, 13)
COMPETENCIES = (
    Column("column.challenge_number", "centre"),
    Column("column.competency", "text"),
    Column("column.raising_modules", "text"),
    Column("column.floor", "term"),
    Column("column.programmes_asking", "count"),
    Column("column.learners_asking", "count"),
    Column("column.learners_lacking_today", "count"),
    Column("column.learners_lacking", "count"),
    Column("column.worth_in_plan", "share"),
    Column("column.open_before", "share"),
    Column("column.open_after", "share"),
    Column("column.closed_today", "share"),
    Column("column.closed_by_plan", "share"),
)
FLOOR, ASKING, LEARNERS_ASKING, LACKING_TODAY, LACKING, WORTH, OPEN_TODAY, OPEN_PLAN = range(3, 11)
FIRST_PAIR, SECOND_PAIR, THIRD_PAIR, AFTER_PAIRS = (3, 4), (5, 6), (7, 8), (9, 10)


@dataclass(frozen=True)
class _Line:
    """A challenge with what answers it and what the plan makes of it."""

    answers: AnsweredBy
    found: ChallengeAnswer

    @property
    def challenge(self) -> Challenge:
        return self.answers.challenge

    @property
    def competencies(self) -> tuple[CompetencyAnswer, ...]:
        """Those that some planned programme must have, or that a module of the plan raises."""
        return tuple(row for row in self.found.competencies if row.programmes or row.modules)


def add_challenges_sheet(context: Context) -> Sheet | None:
    """Add the empty sheet; None where the catalog names no challenge."""
    if not context.view.catalog.challenges:
        return None
    return context.book.sheet(context.texts("sheet.challenges"), WIDTHS)


def write_challenges(
    context: Context, sheet: Sheet, cells: PlanCells, overview: OverviewCells, paid: Mapping[str, Range]
) -> None:
    """Write the sheet: the challenges, what pays and trains for them, and their competencies."""
    answers = answers_of(context.view.catalog)
    lines = [_Line(*pair) for pair in zip(answers, context.view.challenges, strict=True)]
    row = sheet.heading("title.challenges", "how.challenges")
    first = sheet.header(row, CHALLENGES)
    last = first + len(lines) - 1
    nothing = [unanswered_said(context, line.answers, line.found) for line in lines]
    still_open = " ".join(filter(None, (core_open_said(context, line.found) for line in lines)))
    for said in filter(None, (*nothing, still_open)):
        last += 1
        sheet.across(last, said, "plain")
    sheet.height(last + 1, GAP_POINTS)
    below = _write_practice(context, sheet, last + 2, lines, cells, overview)
    below = _write_money(context, sheet, below, lines, paid)
    below = write_challenges_ahead(context, sheet, below)
    sheet.across(below, context.texts("heading.challenge_competencies"), "heading")
    start = sheet.header(below + 1, COMPETENCIES)
    places = _write_competencies(context, sheet, start, lines, cells.gaps)
    for place, line in enumerate(lines, start=first):
        _write_challenge(context, sheet, place, line, places[line.challenge.id])
    sheet.keep_together(below, start)
    sheet.freeze(2, 2)


def figure_said(labels: Labels, challenge: Challenge) -> str:
    """Return the figure of a challenge with what it counts, its source, and when it must be read again."""
    texts = labels.texts
    said = [challenge.indicator(texts.language)]
    if challenge.value is not None:
        value = texts.number(challenge.value, 2, trimmed=True)
        said.append(texts(f"figure_unit.{challenge.unit or 'number'}", value=value))
    parts = [": ".join(part for part in said if part)]
    if challenge.source:
        parts.append(labels.source(challenge.source))
    if challenge.value is not None:
        parts.append(labels.verified(challenge))
    if challenge.review_by:
        parts.append(texts("phrase.review_by", date=challenge.review_by))
    return "; ".join(part for part in parts if part)


def _write_challenge(context: Context, sheet: Sheet, row: int, line: _Line, places: tuple[int, int]) -> None:
    found = line.found
    sheet.text(row, NUMBER, found.challenge, "centre")
    name = line.challenge.name(context.texts.language)
    said = "\n".join(part for part in (name, figure_said(context.labels, line.challenge)) if part)
    sheet.across(row, said, "text", NAME, FIGURE)
    numbers = {
        MODULES: len(found.modules),
        PROGRAMMES: found.programmes,
        LEARNERS: found.learners,
        HOURS: found.hours,
        PRACTICE: found.practice_hours,
    }
    for column, number in numbers.items():
        sheet.number(row, column, number, CHALLENGES[column - 1].style)
    worth = sheet.range(WORTH, *places)
    for column, left in ((CLOSED_TODAY, OPEN_TODAY), (CLOSED, OPEN_PLAN)):
        closed = total(worth) - total(sheet.range(left, *places))
        sheet.formula(row, column, ratio(closed, total(worth)), "share")
    for column, text in zip((LEVELS_OPEN, LEARNERS_OPEN, OCCUPATIONS_OPEN), open_said(found), strict=True):
        sheet.text(row, column, text, "centre")


def open_said(found: ChallengeAnswer) -> tuple[str, str, str]:
    """Return what a plan leaves open of a challenge: levels, learners, occupations; a dash for none.

    Levels and occupations are told of all that are asked for, learners today and by the plan.
    """
    asked = sum(one.programmes for one in found.competencies)
    met = sum(one.programmes_met_after for one in found.competencies)
    unmet = found.occupations - found.occupations_met_after
    return (
        f"{asked - met} / {asked}" if asked else "–",
        f"{found.learners_open_before} → {found.learners_open_after}" if asked else "–",
        f"{unmet} / {found.occupations}" if found.occupations else "–",
    )


def _write_practice(
    context: Context,
    sheet: Sheet,
    row: int,
    lines: Sequence[_Line],
    cells: PlanCells,
    overview: OverviewCells,
) -> int:
    """Write the practical part for each challenge that it answers; return the next free row."""
    texts = context.texts
    answered = [line for line in lines if line.found.practice is not None]
    if not answered:
        return row
    sheet.across(row, texts("heading.challenge_practice"), "heading")
    heads = {
        (0, 0): "column.challenge_number",
        (1, 2): "column.indicator",
        FIRST_PAIR: "column.today",
        SECOND_PAIR: "column.by_plan",
    }
    for (first, last), key in heads.items():
        sheet.across(row + 1, texts(key), "header", first, last)
    sums = [one.total[str(kind)] for one in cells.curricula.values() for kind in PRACTICE_KINDS]
    place = row + 2
    for line in answered:
        practice = line.found.practice
        assert practice is not None
        share = practice.least_share_before
        known: tuple[tuple[str, float | str, Term, str], ...] = (
            ("hours", practice.hours_before, _summed(sums), "hours"),
            ("share", "–" if share is None else share, least(overview.practice), "share"),
        )
        for name, today, planned, style in known:
            sheet.text(place, NUMBER, line.challenge.id, "centre")
            sheet.across(place, texts(f"challenge_practice.{name}"), "text", NAME, FIGURE)
            sheet.put_across(place, today, style, *FIRST_PAIR)
            sheet.put_across(place, planned, style, *SECOND_PAIR)
            place += 1
    sheet.keep_together(row, place - 1)
    sheet.height(place, GAP_POINTS)
    return place + 1


def _write_money(
    context: Context, sheet: Sheet, row: int, lines: Sequence[_Line], paid: Mapping[str, Range]
) -> int:
    """Write what the sources linked to a challenge pay; return the next free row."""
    texts = context.texts
    linked = [(line, source) for line in lines for source in line.answers.sources]
    if not linked:
        return row
    sheet.across(row, texts("heading.challenge_money"), "heading")
    heads = {
        (0, 0): "column.challenge_number",
        (1, 2): "column.funding_source",
        FIRST_PAIR: "column.setup_once",
        SECOND_PAIR: "column.one_intake",
        THIRD_PAIR: "column.first_in_all",
        AFTER_PAIRS: "column.share_of_money",
    }
    for (first, last), key in heads.items():
        sheet.across(row + 1, texts(key), "header", first, last)
    place = row + 2
    for line in lines:
        if line.answers.sources:
            place = _write_payers(context, sheet, place, line, paid)
    sheet.keep_together(row, place - 1)
    sheet.height(place, GAP_POINTS)
    return place + 1


def _write_payers(context: Context, sheet: Sheet, row: int, line: _Line, paid: Mapping[str, Range]) -> int:
    """Write a line for each source that answers a challenge, and their sum; return the next free row."""
    end = row + len(line.answers.sources)
    for place, source in enumerate(line.answers.sources, start=row):
        whole, setup, _ = paid_amounts(context, paid, source)
        sheet.text(place, NUMBER, line.challenge.id, "centre")
        sheet.across(place, source_name(context.labels, source), "text", NAME, FIGURE)
        sheet.put_across(place, whole, "money", *THIRD_PAIR)
        sheet.put_across(place, setup, "money", *FIRST_PAIR)
        _write_parts(sheet, place, paid, "")
    sheet.text(end, NUMBER, line.challenge.id, "centre total")
    sheet.across(end, context.texts("phrase.total"), "text total", NAME, FIGURE)
    for pair in (FIRST_PAIR, THIRD_PAIR):
        sheet.put_across(end, total(sheet.range(pair[0], row, end - 1)), "money total", *pair)
    _write_parts(sheet, end, paid, " total")
    return end + 1


def _write_parts(sheet: Sheet, row: int, paid: Mapping[str, Range], look: str) -> None:
    """Write what one intake pays, and the share of all new money."""
    whole = sheet.ref(row, THIRD_PAIR[0])
    sheet.put_across(row, whole - sheet.ref(row, FIRST_PAIR[0]), f"money{look}", *SECOND_PAIR)
    sheet.put_across(row, ratio(whole, total(paid["kzt"])), f"share{look}", *AFTER_PAIRS)


def _write_competencies(
    context: Context, sheet: Sheet, row: int, lines: Sequence[_Line], gaps: GapCells
) -> dict[str, tuple[int, int]]:
    """Write the competencies of each challenge; return the first and last row of each."""
    whole = products_where(gaps.in_plan, gaps.weight)
    places = {}
    for line in lines:
        first = row
        for one in line.competencies:
            _write_competency(context, sheet, row, line, one, gaps, whole)
            row += 1
        places[line.challenge.id] = (first, row - 1)
    return places


def _write_competency(
    context: Context,
    sheet: Sheet,
    row: int,
    line: _Line,
    one: CompetencyAnswer,
    gaps: GapCells,
    whole: Term,
) -> None:
    sheet.text(row, NUMBER, line.challenge.id, "centre")
    sheet.text(row, NAME, context.labels.competency(one.competency), "text")
    sheet.text(row, FIGURE, modules_said(one.modules), "text")
    sheet.put(row, FLOOR, one.floor or "–", "term")
    numbers = {
        ASKING: one.programmes,
        LEARNERS_ASKING: one.learners,
        LACKING_TODAY: one.learners_open_before,
        LACKING: one.learners_open_after,
    }
    for column, number in numbers.items():
        sheet.number(row, column, number, "count")
    mine = (gaps.competency, "=", constant(one.competency))
    for column, part in ((WORTH, gaps.weight), (OPEN_TODAY, gaps.open_before), (OPEN_PLAN, gaps.open_after)):
        left = products_where(gaps.in_plan, part, mine)
        sheet.put(row, column, ratio(left, whole) if whole.number else 0, "share")
    worth = sheet.ref(row, WORTH)
    for column, left_in in ((LAST - 1, OPEN_TODAY), (LAST, OPEN_PLAN)):
        sheet.formula(row, column, ratio(worth - sheet.ref(row, left_in), worth), "share")


def modules_said(modules: Sequence[str]) -> str:
    """Return the codes of the first modules, and how many there are beside them; a dash for none."""
    shown, more = ", ".join(modules[:MOST_MODULES]), len(modules) - MOST_MODULES
    return f"{shown} +{more}" if more > 0 else shown or "–"


def _summed(terms: Sequence[Term]) -> Term:
    """Return the sum of single cells, or of products of them."""
    if len(terms) > MOST_SUMMED:
        return constant(sum(term.number for term in terms))
    return total_of(terms)
