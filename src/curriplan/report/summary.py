"""The Summary sheet: five figures, three sentences, the decision asked for, the programmes, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.plan.plan import Decision, Status
from curriplan.problem.in_force import in_force
from curriplan.report.context import (
    BudgetCells,
    ComplianceCells,
    Context,
    FigureCells,
    GapCells,
    PlanCells,
    ProgrammeCells,
    SummaryCells,
)
from curriplan.report.in_force import not_in_force_said
from curriplan.report.labels import Labels
from curriplan.report.term_hours import draw_term_hours
from curriplan.report.view import PlanView
from curriplan.texts.titles import objective_title
from curriplan.texts.words import Words
from curriplan.xlsx.figures import fill_up
from curriplan.xlsx.formula import (
    Range,
    Term,
    chained,
    choose,
    constant,
    difference,
    holds,
    money_words,
    percent,
    ratio,
    sentence,
    sum_where,
    total,
    weighted_mean,
)
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Box, Sheet


@dataclass(frozen=True)
class ProgrammeRow:
    """One programme of the summary."""

    programme: str
    name: str
    learners: int
    weight: float
    """Weight in the closure of the plan; 0 where nothing is missing, so that it does not count."""
    filled_credits: float | None
    """Credits that only the norm asks for; None where that was not proven."""


def held_to(view: PlanView, labels: Labels) -> str:
    """Say what the plan was held to beside the rules of the catalog, or nothing."""
    texts, settings = labels.texts, view.limits.settings
    said = []
    if settings.max_changes is not None:
        said.append(texts("phrase.held_changes", changes=settings.max_changes))
    if settings.taught_until is not None:
        said.append(texts("phrase.held_taught", semester=labels.semester(settings.taught_until)))
    if settings.review:
        said.append(texts("phrase.held_review", decisions=len(settings.review)))
    if settings.equity is not None:
        said.append(texts("phrase.held_equity", share=labels.number(100 * settings.equity)))
    return texts("phrase.held_to", limits="; ".join(said)) if said else ""


def programme_table(view: PlanView, labels: Labels) -> tuple[ProgrammeRow, ...]:
    """Return the planned programmes in the order of the catalog."""
    filled = {row.programme: row.filled for row in view.plan.filling}
    return tuple(
        ProgrammeRow(
            programme=row.programme,
            name=labels.programme(row.programme),
            learners=view.catalog.programme_by_id[row.programme].learners,
            weight=row.weight,
            filled_credits=filled.get(row.programme),
        )
        for row in view.after.programmes
    )


COLUMNS = (
    Column("column.programme", "code", 13),
    Column("column.programme_name", "text", 34),
    Column("column.learners", "count", 12),
    Column("column.weight_in_plan", "number", 12),
    Column("column.closure_before", "share", 11),
    Column("column.closure_after", "share", 11),
    Column("column.change", "points", 10),
    Column("column.err_range", "centre", 15),
    Column("column.essentials", "count", 12),
    Column("column.essentials_before", "count", 12),
    Column("column.essentials_after", "count", 12),
    Column("column.occupations_unmet", "count", 12),
    Column("column.credits_norm", "credits", 9),
    Column("column.credits_today", "credits", 9),
    Column("column.credits", "credits", 9),
    Column("column.practice_share", "share", 10),
    Column("column.added", "count", 10),
    Column("column.moved", "count", 10),
    Column("column.dropped", "count", 10),
    Column("column.new_delivery", "money", 13),
    Column("column.credits_beyond", "credits", 13),
)
PROGRAMME, NAME, LEARNERS, WEIGHT, BEFORE, AFTER, CHANGE, ERR = range(8)
ESSENTIALS, MET_BEFORE, MET_AFTER, UNMET, NORM, TODAY, CREDITS = range(8, 15)
PRACTICE, ADDED, MOVED, DROPPED, COST, FILLED = range(15, 21)
LAST = len(COLUMNS) - 1


def add_summary_sheet(context: Context) -> Sheet:
    """Add the empty sheet: the first tab."""
    return context.book.sheet(context.texts("sheet.summary"), [column.width for column in COLUMNS])


@dataclass(frozen=True)
class _Totals:
    """The cells of the total row."""

    before: Term
    after: Term
    essentials: Term
    met_before: Term
    met_after: Term
    added: Term
    moved: Term
    dropped: Term


@dataclass(frozen=True)
class _Figures:
    """The cells that the figures and the sentences are built from."""

    totals: _Totals
    budget: BudgetCells
    compliance: ComplianceCells
    sure: FigureCells


def write_summary(
    context: Context,
    sheet: Sheet,
    cells: PlanCells,
    compliance: ComplianceCells,
    others: Sequence[tuple[Sheet, str]],
) -> SummaryCells:
    """Write the sheet; `others` are the sheets to link to, each with the key of its line.

    Returns where the figures of the programmes stand.
    """
    row = _write_top(context, sheet)
    cards, sentences = row, row + 4
    table = sentences + 8
    sheet.across(table, context.texts("heading.programmes"), "heading")
    totals, end = _write_programmes(context, sheet, table + 1, cells)
    figures = _Figures(totals, cells.budget, compliance, cells.figures)
    _write_cards(context, sheet, cards, figures)
    _write_sentences(context, sheet, sentences, figures)
    last = _write_links(context, sheet, end + 1, others)
    draw_term_hours(sheet, Box(end + 1, last, CHART_FIRST, LAST), cells.budget.term_hours)
    for spacer in (cards - 1, sentences - 1, table - 1, end):
        sheet.height(spacer, SPACER_POINTS)
    sheet.freeze(2)
    first = end - 1 - len(context.view.after.programmes)
    return SummaryCells(
        sheet=sheet.name,
        rows=tuple(_cells(sheet, row) for row in range(first, end - 1)),
        total=_cells(sheet, end - 1),
        names=sheet.range(NAME, first, end - 2),
        after=sheet.range(AFTER, first, end - 2),
    )


def _cells(sheet: Sheet, row: int) -> ProgrammeCells:
    places = (PROGRAMME, NAME, LEARNERS, BEFORE, AFTER, CHANGE, ERR, ESSENTIALS, MET_BEFORE, MET_AFTER, COST)
    return ProgrammeCells(*(sheet.ref(row, place) for place in places))


def _write_top(context: Context, sheet: Sheet) -> int:
    texts, info = context.texts, context.view.catalog.info
    sheet.across(0, texts("title.summary", catalog=info.title(texts.language)), "title")
    sheet.across(1, texts("how.summary"), "how")
    row = 2
    if info.illustrative:
        sheet.across(row, texts("phrase.illustrative"), "banner")
        row += 1
    sheet.across(row, _status_line(context), "label")
    if held := held_to(context.view, context.labels):
        row += 1
        sheet.across(row, held, "plain")
    if lacking := not_in_force_said(texts, in_force(context.view.catalog, context.view.limits)):
        row += 1
        sheet.across(row, lacking, "plain")
    return row + 2


def _status_line(context: Context) -> str:
    """Say honestly how far the optimizer came, with the gap of each stage."""
    plan, texts = context.view.plan, context.texts
    gaps = "; ".join(f"{context.labels.stage(one)} – {_gap(texts, one.gap)}" for one in plan.stages)
    settings = context.view.limits.settings
    left = settings.objectives[len(settings.sought) :]
    if left:
        names = "; ".join(objective_title(choice.name, texts.language) for choice in left)
        return texts("phrase.status_first_look", gaps=gaps, left=names)
    optimal = plan.status is Status.OPTIMAL
    return texts("phrase.status_optimal" if optimal else "phrase.status_feasible", gaps=gaps)


def _gap(texts: Words, gap: float | None) -> str:
    if gap is None:
        return texts("phrase.unknown")
    percent = "%" if texts.language == "en" else " %"
    return texts.significant(gap * 100, 2) + percent


def _write_programmes(context: Context, sheet: Sheet, row: int, cells: PlanCells) -> tuple[_Totals, int]:
    rows = programme_table(context.view, context.labels)
    first = sheet.header(row, COLUMNS)
    for place, line in enumerate(rows, start=first):
        _write_programme(context, sheet, place, line, cells)
    last = first + len(rows) - 1
    end = last + 1
    for place, column in enumerate(COLUMNS):
        sheet.text(end, place, "", f"{column.style} total")
    sheet.text(end, NAME, context.texts("phrase.total"), "text total")
    summed_places = [LEARNERS, ESSENTIALS, MET_BEFORE, MET_AFTER, UNMET, ADDED, MOVED, DROPPED, COST]
    if all(line.filled_credits is not None for line in rows):
        summed_places.append(FILLED)
    for place in summed_places:
        term = total(sheet.range(place, first, last))
        sheet.formula(end, place, term, f"{COLUMNS[place].style} total")
    weights = sheet.range(WEIGHT, first, last)
    for place in (BEFORE, AFTER):
        mean = weighted_mean(sheet.range(place, first, last), weights)
        sheet.formula(end, place, mean, "share total")
    sheet.formula(end, CHANGE, _change(sheet, end), "points total")
    sheet.formula(end, ERR, cells.figures.err_range(context.texts), "centre total")
    summed = (BEFORE, AFTER, ESSENTIALS, MET_BEFORE, MET_AFTER, ADDED, MOVED, DROPPED)
    return _Totals(*(sheet.ref(end, place) for place in summed)), end + 1


def _change(sheet: Sheet, row: int) -> Term:
    return difference(sheet.ref(row, AFTER), sheet.ref(row, BEFORE))


def _write_programme(context: Context, sheet: Sheet, row: int, line: ProgrammeRow, plan: PlanCells) -> None:
    cells = plan.curricula[line.programme]
    sheet.link(row, PROGRAMME, cells.sheet, line.programme, "code link")
    sheet.text(row, NAME, line.name, "text")
    sheet.number(row, LEARNERS, line.learners, "count")
    sheet.number(row, WEIGHT, line.weight, "number")
    if line.filled_credits is None:
        sheet.text(row, FILLED, "–", "credits")
    else:
        sheet.number(row, FILLED, line.filled_credits, "credits")
    _write_closure(sheet, row, plan.gaps)
    mine = (plan.occupations.programme, "=", sheet.ref(row, PROGRAMME))
    needs = (plan.occupations.essentials, plan.occupations.met_before, plan.occupations.met_after)
    for place, counts in zip((ESSENTIALS, MET_BEFORE, MET_AFTER), needs, strict=True):
        sheet.formula(row, place, sum_where(counts, mine), "count")
    sure = plan.figures.of[line.programme]
    live: Mapping[int, Term] = {
        ERR: plan.figures.err_range(context.texts, line.programme),
        UNMET: plan.occupations.not_met(mine),
        NORM: sure["credits_norm"],
        TODAY: sure["credits_today"],
        CREDITS: cells.total["credits"],
        PRACTICE: cells.practice_share,
        ADDED: cells.decisions[Decision.ADDED],
        MOVED: cells.decisions[Decision.MOVED],
        DROPPED: cells.decisions[Decision.DROPPED],
        COST: cells.total["cost"],
    }
    for place, term in live.items():
        sheet.formula(row, place, term, COLUMNS[place].style)


def _write_closure(sheet: Sheet, row: int, gaps: GapCells) -> None:
    """Write closure = 1 − open worth / worth, summed over the rows of the Gaps sheet."""
    mine: tuple[Range, str, Term] = (gaps.programme, "=", sheet.ref(row, PROGRAMME))
    worth = sum_where(gaps.weight, mine)
    for place, still_open in ((BEFORE, gaps.open_before), (AFTER, gaps.open_after)):
        closed = worth - sum_where(still_open, mine)
        sheet.formula(row, place, ratio(closed, worth), "share")
    sheet.formula(row, CHANGE, _change(sheet, row), "points")


CARDS = ((0, 1), (2, 5), (6, 9), (10, 13), (14, 19))
"""First and last column of each of the five figures."""


def _write_cards(context: Context, sheet: Sheet, row: int, figures: _Figures) -> None:
    for (first, last), card in zip(CARDS, _cards(context, figures), strict=True):
        sheet.across(row, context.texts(f"card.{card.key}"), "kpi_label", first, last)
        sheet.formula_across(row + 1, card.value, card.style, first, last)
        sheet.formula_across(row + 2, card.note, "kpi_note", first, last)
    for place, points in enumerate((16, 26, 28)):
        sheet.height(row + place, points)


@dataclass(frozen=True)
class _Card:
    """One of the five figures."""

    key: str
    value: Term
    style: str
    note: Term


def _cards(context: Context, figures: _Figures) -> tuple[_Card, ...]:
    totals, budget, compliance = figures.totals, figures.budget, figures.compliance

    def notes(**values: Term) -> Term:
        return _notes(context, values)

    limit = constant(context.texts("phrase.no_limit"))
    if budget.limit is not None:
        limit = notes(
            limit=money_words(context.texts, budget.limit), setup=money_words(context.texts, budget.setup)
        )
    rules = notes(before=compliance.broken_before, checks=compliance.checks)
    return (
        _Card(
            "closure",
            totals.after,
            "kpi_share",
            notes(before=percent(context.texts, totals.before), err=figures.sure.err_range(context.texts)),
        ),
        _Card(
            "essentials", totals.met_after, "kpi_count", notes(of=totals.essentials, before=totals.met_before)
        ),
        _Card("new_money", budget.new_money, "kpi_count", limit),
        _Card("modules", totals.added, "kpi_count", notes(moved=totals.moved, dropped=totals.dropped)),
        _Card("rules", compliance.broken_after, "kpi_count", rules),
    )


def _notes(context: Context, values: Mapping[str, Term]) -> Term:
    """Return ``today: 12, of: 40`` as a formula; the keys name texts."""
    joined: Term | None = None
    for key, value in values.items():
        comma = ", " if joined is not None else ""
        note = constant(f"{comma}{context.texts(f'note.{key}')} ") & value
        joined = note if joined is None else chained(joined, note)
    assert joined is not None
    return joined


def _write_sentences(context: Context, sheet: Sheet, row: int, figures: _Figures) -> None:
    """Write four sentences built from the cells, and the decision asked for."""
    texts = context.texts
    sheet.across(row, texts("heading.in_words"), "heading")
    for place, said in enumerate(_sentences(context, figures), start=row + 1):
        sheet.formula_across(place, said, "sentence", 0, LAST)
    sheet.across(row + 5, texts("phrase.decision_asked"), "label")
    sheet.across(row + 6, texts("phrase.formulas_only_check"), "note")


def _sentences(context: Context, figures: _Figures) -> tuple[Term, ...]:
    totals, budget, compliance = figures.totals, figures.budget, figures.compliance
    values = {
        "before": percent(context.texts, totals.before),
        "after": percent(context.texts, totals.after),
        "met_before": totals.met_before,
        "met_after": totals.met_after,
        "essentials": totals.essentials,
        "added": totals.added,
        "moved": totals.moved,
        "dropped": totals.dropped,
        "money": money_words(context.texts, budget.new_money),
        "broken_before": compliance.broken_before,
        "broken_after": compliance.broken_after,
        "checks": compliance.checks,
    }
    changes = "sentence.changes_unlimited"
    if budget.limit is not None:
        changes = "sentence.changes"
        values["limit"] = money_words(context.texts, budget.limit)
    rules = choose(
        holds("<=", compliance.broken_after, constant(0)),
        sentence(context.texts, "sentence.rules_hold", values),
        sentence(context.texts, "sentence.rules_broken", values),
    )
    return (
        sentence(context.texts, "sentence.closure", values),
        figures.sure.sentence(context.texts),
        sentence(context.texts, changes, values),
        rules,
    )


SPACER_POINTS = 5.0
"""Height of the empty rows between the parts: all of them on one page, where it holds them."""
LINKS_LAST = 7
CHART_FIRST = LINKS_LAST + 1
LINK_POINTS = 13.0
"""Height of a link: its note fits one line in every language."""
CHART_POINTS = 152.0
"""Height of the chart beside the links."""


def _write_links(context: Context, sheet: Sheet, row: int, others: Sequence[tuple[Sheet, str]]) -> int:
    """Write the links on the left, with room for the chart on the right; return the last row."""
    sheet.across(row, context.texts("heading.sheets"), "heading", 0, LINKS_LAST)
    for place, (target, key) in enumerate(others, start=row + 1):
        sheet.link(place, 0, target.name, target.name, "link_line")
        sheet.across(place, context.texts(key), "note", 2, LINKS_LAST)
        sheet.height(place, LINK_POINTS)
    last = fill_up(sheet, row, row + len(others), CHART_POINTS)
    sheet.keep_together(row, last)
    return last
