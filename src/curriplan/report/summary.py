"""The first sheet, a note that asks for a decision: one printed page, and below it links to the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.plan.plan import Decision, Status
from curriplan.problem.in_force import in_force
from curriplan.report.allotted import national_said
from curriplan.report.book import banner
from curriplan.report.budget_blocks import paid_amounts
from curriplan.report.budget_rows import source_name
from curriplan.report.compliance import norms_verified
from curriplan.report.context import BudgetCells, ComplianceCells, Context, OverviewCells, PlanCells
from curriplan.report.doors import DoorCells
from curriplan.report.in_force import not_in_force_said
from curriplan.report.intake_groups import (
    by_plan_in_force,
    closure_of,
    counted_once,
    intake_groups,
    intakes_counted,
    occupations_once,
    one_intake,
    rows_of,
)
from curriplan.report.labels import Labels
from curriplan.report.lag import LagCells
from curriplan.report.lag_notes import is_of_later_year
from curriplan.report.later_intakes import later_intakes_asked
from curriplan.report.ministry_money import IntakeCells
from curriplan.report.risks import largest_risks
from curriplan.report.view import PlanView
from curriplan.texts.titles import objective_title
from curriplan.texts.words import Words
from curriplan.xlsx.formula import chained, choose, holds, least, total, total_of
from curriplan.xlsx.sentences import money_words, percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Range, Term, constant

WIDTHS = (30, 10, 14, 14, 14, 14, 12, 12)
"""Characters: upright A4 prints them at nine tenths."""
LAST = len(WIDTHS) - 1
NO_GAP = 1e-9
"""A relative gap that is none: what is left of rounding."""
MOST_SOURCES = 6
Gain = tuple[Term | float | str, Term, str, Term | str]
"""Today, by the plan, the style of both, and a remark."""
"""Sources that have a row of their own; the others share one."""


Tabs = Mapping[str, Sheet]
"""The other sheets, by the name of their line among the links."""
SEE = {
    "heading.asked_for": "review",
    "heading.it_brings": "programmes",
    "heading.it_costs": "budget",
    "heading.risks": "figures",
    "heading.checked": "compliance",
    "heading.decision": "review",
}
"""The sheet on which the reader of a part of the note finds more."""
SEE_COLUMNS = 2
"""Columns on the right of a heading that name it."""


@dataclass(frozen=True)
class NoteCells:
    """What the note is made of."""

    plan: PlanCells
    overview: OverviewCells
    checks: ComplianceCells
    payments: Mapping[str, Range]
    doors: DoorCells | None
    lag: LagCells | None
    intakes: IntakeCells | None


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
    if settings.keep_within is not None:
        said.append(texts("phrase.held_partners", points=labels.number(100 * settings.keep_within)))
    return texts("phrase.held_to", limits="; ".join(said)) if said else ""


def add_summary_sheet(context: Context) -> Sheet:
    """Add the empty sheet: the first tab."""
    return context.book.sheet(context.texts("sheet.summary"), WIDTHS, is_portrait=True)


def write_summary(
    context: Context, sheet: Sheet, cells: NoteCells, others: Sequence[tuple[Sheet, str]]
) -> dict[str, Term]:
    """Write the sheet; `others` are the sheets to link to, each with the key of its line.

    Returns the cells with what it costs in all: ``setup``, ``intake``, ``first_intake``, ``yearly``.
    """
    tabs = {key.removeprefix("link."): tab for tab, key in others}
    row = _write_top(context, sheet)
    row = _write_asked(context, sheet, row, tabs, cells)
    row = _write_gains(context, sheet, row, tabs, cells)
    money, row = _write_money(context, sheet, row, tabs, cells.payments)
    row = _write_risks(context, sheet, row, tabs, cells)
    row = _write_checked(context, sheet, row, tabs, cells.checks)
    row = _write_decision(context, sheet, row, tabs)
    sheet.print_on_one_page(row - 1)
    _write_links(context, sheet, row + 1, others, tabs["review"].name)
    sheet.freeze(1)
    return money


def _write_top(context: Context, sheet: Sheet) -> int:
    texts, info = context.texts, context.view.catalog.info
    sheet.across(0, texts("title.summary", catalog=info.title(texts.language)), "title")
    row = banner(context.labels, sheet, 1)
    sheet.across(row, _status_line(context), "plain")
    for said in (held_to(context.view, context.labels), national_said(context.labels)):
        if said:
            row += 1
            sheet.across(row, said, "plain")
    if lacking := not_in_force_said(texts, in_force(context.view.catalog, context.view.limits)):
        row += 1
        sheet.across(row, lacking, "label")
    return row + 1


def _write_heading(sheet: Sheet, row: int, key: str, tabs: Tabs) -> None:
    """Write the heading of a part, with the sheet that has more of it at its right: a link, also on paper."""
    target = tabs[SEE[key]].name
    sheet.across(row, sheet.texts(key), "heading", 0, LAST - SEE_COLUMNS)
    place = LAST - SEE_COLUMNS + 1
    sheet.link(row, place, target, f"→ {target}", "heading see", last=LAST)


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
    return texts.significant(gap * 100 if gap > NO_GAP else 0.0, 2) + percent


def _write_asked(context: Context, sheet: Sheet, row: int, tabs: Tabs, cells: NoteCells) -> int:
    """Write what is asked of whom."""
    added = [one for one in context.view.plan.modules if one.decision is Decision.ADDED]
    texts, whole, payments = context.texts, cells.overview.total, cells.payments
    values = {
        "programmes": constant(len(cells.overview.rows)),
        "added": whole.added,
        "distinct": constant(len({one.module for one in added})),
        "moved": whole.moved,
        "dropped": whole.dropped,
        "money": money_words(texts, total(payments["kzt"])),
    }
    agree = sentence(texts, "asked.councils", values)
    if (counts := intakes_counted(context.view)) is not None:
        apart = {name: constant(count) for name, count in counts.items()}
        agree = sentence(texts, "asked.councils_intakes", apart)
    for name in ("added", "moved", "dropped"):  # of what there is none nothing is said
        said = sentence(texts, f"asked.{name}", values)
        agree = chained(agree, choose(holds(">=", values[name], constant(1)), said, constant("")))
    asked = [
        chained(agree, constant(".")),
        _with_promised(texts, _director(context, values, cells), cells.plan.budget),
    ]
    if (later := later_intakes_asked(context, cells.intakes)) is not None:
        asked.append(later)
    asked.append(sentence(texts, "asked.ministry", values))
    _write_heading(sheet, row, "heading.asked_for", tabs)
    for place, one in enumerate(asked, start=row + 1):
        sheet.formula_across(place, one, "sentence", 0, LAST)
    return row + 1 + len(asked)


def _director(context: Context, values: Mapping[str, Term], cells: NoteCells) -> Term:
    """Ask the director for the money that the plan needs, as far as no national plan allots it."""
    texts, budget, payments = context.texts, cells.plan.budget, context.view.plan.payments
    if not payments:
        return sentence(texts, "asked.director_free", values)
    is_given = {
        one.source: context.view.catalog.is_allotted("funding_budgets", one.source) for one in payments
    }
    if not any(is_given.values()):
        limit = {} if budget.limit is None else {"limit": money_words(texts, budget.limit)}
        return sentence(texts, "asked.director_limited" if limit else "asked.director", {**values, **limit})
    if all(is_given.values()):
        return sentence(texts, "asked.director_allotted", values)
    given = total_of([term for key, term in budget.sources.items() if is_given.get(key.partition(":")[0])])
    own = money_words(texts, total(cells.payments["kzt"]) - given)
    return sentence(texts, "asked.director_partly", {"given": money_words(texts, given), "own": own})


def _with_promised(texts: Words, director: Term, budget: BudgetCells) -> Term:
    """Add what of the budgets is promised to earlier intakes already, and whether it is enough for both."""
    if budget.promised is None:
        return director
    said = sentence(texts, "asked.promised", {"promised": money_words(texts, budget.promised)})
    if budget.balance is not None:
        values = {name: money_words(texts, getattr(budget.balance, name)) for name in ("left", "lacking")}
        enough = sentence(texts, "asked.promised_left", values)
        lacking = sentence(texts, "asked.promised_lacking", values)
        said = chained(said, choose(holds(">=", budget.balance.lacking, constant(1)), lacking, enough))
    return chained(chained(director, said), constant("."))


def _header(context: Context, sheet: Sheet, row: int, keys: Mapping[tuple[int, int], str]) -> None:
    for (first, last), key in keys.items():
        sheet.across(row, context.texts(key), "header", first, last)


def _write_gains(context: Context, sheet: Sheet, row: int, tabs: Tabs, cells: NoteCells) -> int:
    """Write what the plan changes: closure with its range, occupations, learners, credits, practice."""
    texts = context.texts
    _write_heading(sheet, row, "heading.it_brings", tabs)
    columns = {
        (0, 1): "column.indicator",
        (2, 2): "column.today",
        (3, 3): "column.by_plan",
        (4, LAST): "column.remark",
    }
    _header(context, sheet, row + 1, columns)
    practice = [check.actual for check in context.view.before.checks if check.aspect == "practice_share"]
    sections = context.labels.sections(context.view.limits.practice_sections)

    def once(name: str) -> Term:
        return counted_once(context.view, cells.overview, name)

    met_before, met_after, asking = occupations_once(context.view, cells.plan.occupations)
    both = {"filled": once("credits_filled"), "exchanged": once("credits_exchanged")}
    known: dict[str, Gain] = {
        **_closures(context, cells),
        "occupations": (
            met_before,
            met_after,
            "count",
            sentence(texts, "gain_remark.of", {"count": asking}),
        ),
        "essentials": (
            once("met_before"),
            once("met_after"),
            "count",
            sentence(texts, "gain_remark.of", {"count": once("essentials")}),
        ),
        "learners": ("–", once("learners"), "count", texts("gain_remark.learners")),
        "credits": (
            once("credits_today"),
            once("credits"),
            "credits",
            sentence(texts, "gain_remark.credits", both),
        ),
        "practice": (
            min(practice, default="–"),
            least(cells.overview.practice),
            "share",
            texts("gain_remark.practice", sections=sections),
        ),
    }
    known |= _ahead(context, cells)
    for place, (name, (today, planned, style, remark)) in enumerate(known.items(), start=row + 2):
        sheet.across(place, texts(f"gain.{name}"), "text", 0, 1)
        sheet.put(place, 2, today, style)
        sheet.put(place, 3, planned, f"{style} group")
        sheet.put_across(place, remark, "text", 4, LAST)
    return row + 2 + len(known)


def _ahead(context: Context, cells: NoteCells) -> dict[str, Gain]:
    """Return the rows of doors and of the lag, where there are any."""
    texts = context.texts
    known: dict[str, Gain] = {}
    if (doors := cells.doors) is not None:
        once_each = one_intake(context.view)
        before, after, others = doors.before, doors.after, doors.others
        if len(once_each) < len(context.view.limits.planned):
            rows = [doors.of[name] for name in once_each if name in doors.of]
            before, after, others = (total_of(column) for column in zip(*rows, strict=True))
        pairs = sentence(texts, "gain_remark.doors", {"count": others})
        known["doors"] = (before, after, "count", pairs)
    if (lag := cells.lag) is not None and (found := context.view.lag) is not None:
        held_today = any(one.first_before is not None for one in found.steps)
        key = "gain_remark.lag" if held_today else "gain_remark.lag_none_today"
        asked = sentence(texts, key, {"count": lag.steps})
        if is_of_later_year(context.view):
            asked = chained(asked, constant(texts("gain_remark.lag_a_year_later")))
        known["lag"] = (lag.before, lag.after, "tenths", asked)
    return known


def _closures(context: Context, cells: NoteCells) -> dict[str, tuple[Term, Term, str, Term | str]]:
    """Return closure as a row; a year later as two, of running intakes and of the new one.

    The new one stands beside what the plan in force would give it.
    """
    texts, whole, groups = context.texts, cells.overview.total, intake_groups(context.view)
    if groups is None:
        return {"closure": (whole.before, whole.after, "share", _sure(context, cells))}
    running, new = (closure_of(rows_of(cells.overview, names)) for names in (groups.running, groups.new))
    last: Term | str = texts("gain_remark.closure_new_unknown")
    if (found := by_plan_in_force(context.view, groups.new)) is not None:
        last = sentence(texts, "gain_remark.closure_new", {"last": percent(texts, constant(found[1]))})
    return {
        "closure_running": (*running, "share", texts("gain_remark.closure_running")),
        "closure_new": (*new, "share", last),
    }


def _sure(context: Context, cells: NoteCells) -> Term:
    """Say what closure is if estimates err; where the plan's own is above all of that, also why."""
    texts, after = context.texts, cells.overview.total.after
    said = sentence(texts, "gain_remark.closure", {"range": cells.overview.total.sure})
    high = cells.plan.figures.of[None]["closure_high"]
    if isinstance(high.value, str) or isinstance(after.value, str):
        return said
    above = Term(f"{after.text}>{high.text}", after.number > high.number)
    return chained(said, choose(above, constant(texts("gain_remark.closure_above")), constant("")))


def _write_money(
    context: Context, sheet: Sheet, row: int, tabs: Tabs, payments: Mapping[str, Range]
) -> tuple[dict[str, Term], int]:
    """Write what each source pays: once, for one intake, and each year at full operation."""
    texts = context.texts
    _write_heading(sheet, row, "heading.it_costs", tabs)
    paid: dict[str, int] = {}
    for one in context.view.plan.payments:
        paid[one.source] = paid.get(one.source, 0) + one.kzt
    if not paid:
        sheet.across(row + 1, texts("phrase.costs_nothing"), "plain")
        return {}, row + 2
    columns = {
        (0, 1): "column.funding_source",
        (2, 2): "column.setup_once",
        (3, 3): "column.one_intake",
        (4, 5): "column.first_in_all",
        (6, LAST): "column.year_in_full",
    }
    _header(context, sheet, row + 1, columns)
    sources = sorted(paid, key=lambda name: (-paid[name], name))
    first = row + 2
    alone = sources if len(sources) <= MOST_SOURCES else sources[: MOST_SOURCES - 1]
    for place, source in enumerate(alone, start=first):
        sheet.across(place, source_name(context.labels, source), "text", 0, 1)
        _write_amounts(sheet, place, paid_amounts(context, payments, source), "")
    end = first + len(alone)
    every = paid_amounts(context, payments)
    if len(alone) < len(sources):
        sheet.across(end, texts("phrase.other_sources_count", count=len(sources) - len(alone)), "text", 0, 1)
        shown = [total(sheet.range(column, first, end - 1)) for column in (4, 2, 6)]
        _write_amounts(sheet, end, [amount - other for amount, other in zip(every, shown, strict=True)], "")
        end += 1
    sheet.across(end, texts("phrase.total"), "text total", 0, 1)
    _write_amounts(sheet, end, every, " total")
    sheet.across(end + 1, texts("phrase.year_in_full"), "note")
    columns_of = {"setup": 2, "intake": 3, "first_intake": 4, "yearly": 6}
    return {name: sheet.ref(end, column) for name, column in columns_of.items()}, end + 2


def _write_amounts(sheet: Sheet, row: int, amounts: Sequence[Term], look: str) -> None:
    """Write money by when it is paid: in all, of it for set-up, and what comes again each year."""
    style = "money" + look
    paid, setup, again = amounts
    sheet.put_across(row, paid, style, 4, 5)
    sheet.formula(row, 2, setup, style)
    sheet.formula(row, 3, sheet.ref(row, 4) - sheet.ref(row, 2), style)
    sheet.put_across(row, again, style, 6, LAST)


def _write_risks(context: Context, sheet: Sheet, row: int, tabs: Tabs, cells: NoteCells) -> int:
    found = largest_risks(context, cells.plan, cells.overview, cells.payments)
    if not found:
        return row
    _write_heading(sheet, row, "heading.risks", tabs)
    for place, said in enumerate(found, start=row + 1):
        number = constant(f"{place - row}. ")
        sheet.formula_across(place, number & said, "sentence", 0, LAST)
    return row + 1 + len(found)


HALVES = ((0, 2), (3, LAST))


def _write_checked(context: Context, sheet: Sheet, row: int, tabs: Tabs, checks: ComplianceCells) -> int:
    """Write side by side what was checked and what nobody has checked."""
    texts = context.texts
    values = {"broken": checks.broken_after, "before": checks.broken_before, "checks": checks.checks}
    rules = choose(
        holds("<=", checks.broken_after, constant(0)),
        sentence(texts, "sentence.rules_hold", values),
        sentence(texts, "sentence.rules_broken", values),
    )
    _write_heading(sheet, row, "heading.checked", tabs)
    sheet.formula_across(row + 1, rules, "kpi_text", *HALVES[0])
    sheet.across(row + 1, norms_verified(context), "kpi_text", *HALVES[1])
    return row + 2


DECIDING = ("council", "employers", "director", "ministry")
DECISION_COLUMNS = {
    (0, 1): "signature.role",
    (2, 3): "signature.decision",
    (4, 5): "signature.name",
    (6, 6): "signature.sign",
    (7, 7): "signature.date",
}
LINE_POINTS = 26


def _write_decision(context: Context, sheet: Sheet, row: int, tabs: Tabs) -> int:
    """Write a line for each who decides: decision, name, signature, date."""
    _write_heading(sheet, row, "heading.decision", tabs)
    _header(context, sheet, row + 1, DECISION_COLUMNS)
    for place, who in enumerate(DECIDING, start=row + 2):
        sheet.height(place, LINE_POINTS)
        for (first, last), key in DECISION_COLUMNS.items():
            if key == "signature.role":
                sheet.put_across(place, context.texts(f"deciding.{who}"), "text", first, last)
            else:
                sheet.to_sign(place, "text", first, last)
    return row + 2 + len(DECIDING)


def _write_links(
    context: Context, sheet: Sheet, row: int, others: Sequence[tuple[Sheet, str]], review: str
) -> None:
    """Write the links, below what is printed."""
    sheet.across(row, context.texts("heading.sheets"), "heading")
    sheet.across(row + 1, context.texts("phrase.formulas_only_check", review=review), "note")
    for place, (target, key) in enumerate(others, start=row + 2):
        sheet.link(place, 0, target.name, target.name, "link_line")
        sheet.across(place, context.texts(key), "note", 1, LAST)
