"""What could go wrong with a plan: the largest risks, each in a sentence over cells of the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from curriplan.plan.plan import Decision
from curriplan.problem.day import read_on, terms_begun
from curriplan.problem.owners import owned_by
from curriplan.problem.perturbed import is_estimate
from curriplan.report.context import Context, OverviewCells, PlanCells
from curriplan.report.intake_groups import (
    by_plan_in_force,
    closure_of,
    intake_groups,
    occupations_once,
    rows_of,
)
from curriplan.xlsx.formula import chained, ratio, sum_where, total
from curriplan.xlsx.sentences import decimal_text, money_words, percent, sentence
from curriplan.xlsx.term import Range, Term, constant

MOST = 4
LEAST_FALL = 0.01
"""Closure that a new intake may fall below what the plan in force would give it, before it is a risk."""
AT_LIMIT = 0.95
"""Share of the hours of a room from which on it has none to spare."""


@dataclass(frozen=True)
class Risk:
    """Something that could go wrong.

    Parameters
    ----------
    size : float
        What part of the whole it puts at stake, 0 to 1: it only orders the risks, and is shown nowhere.
    """

    size: float
    said: Term


def largest_risks(
    context: Context, cells: PlanCells, overview: OverviewCells, payments: Mapping[str, Range]
) -> list[Term]:
    """Return the largest risks in words, the largest first; of equal ones that which is named first here."""
    found = [
        *_of_the_new_intake(context, overview),
        *_of_estimates(context, cells, overview),
        *_of_sources(context, cells, payments),
        *_of_outlooks(context, overview),
        *_of_semesters(context),
        *_of_rooms(context, cells),
        *_of_teachers(context),
        *_of_levels(context, cells),
    ]
    ordered = sorted(found, key=lambda risk: -risk.size)
    return [risk.said for risk in ordered[:MOST] if risk.size > 0]


def _of_the_new_intake(context: Context, overview: OverviewCells) -> Iterator[Risk]:
    """Say that a new intake gets less than the plan in force would give it, and what changes would buy.

    It comes first: it is what a plan with few changes gives away.
    """
    view, texts, groups = context.view, context.texts, intake_groups(context.view)
    found = None if groups is None else by_plan_in_force(view, groups.new)
    if found is None:
        return
    names, last = found
    _, now = closure_of(rows_of(overview, names))
    if last - now.number <= LEAST_FALL:
        return
    values = {"now": percent(texts, now), "last": percent(texts, constant(last))}
    said = sentence(texts, "risk.new_intake", values)
    further = () if view.plan.replanning is None else view.plan.replanning.further
    bought = [
        row for row in further if row.closure is not None and row.closure > 0 and row.cost_kzt is not None
    ]
    if bought:
        most = max(bought, key=lambda row: row.more)
        more = {
            "more": constant(most.more),
            "points": decimal_text(constant(100 * (most.closure or 0)), 1, texts.decimal_mark),
            "money": money_words(texts, constant(max(0, most.cost_kzt or 0))),
        }
        said = chained(said, sentence(texts, "risk.new_intake_further", more))
    yield Risk(1.0, said)


def _of_estimates(context: Context, cells: PlanCells, overview: OverviewCells) -> Iterator[Risk]:
    """Say what closure is if estimates err, in how many draws the plan holds, and what rests on them."""
    sure = context.view.figures.if_estimates_err.plan
    before, after = overview.total.before, overview.total.after
    if sure.closure_low is None or isinstance(after.value, str):
        return
    asked = _targets(context)
    rows = [row for row in context.view.catalog.occupation_requirements if row.occupation in asked]
    judged = sum(is_estimate(row.source) for row in rows)
    gain = after.number - before.number
    values = {
        "range": overview.total.sure,
        "entries": cells.figures.of[None]["entries_hold"],
        "floors": cells.figures.of[None]["floors_hold"],
        "draws": cells.figures.of[None]["draws"],
        "share": percent(context.texts, constant(judged / len(rows) if rows else 0)),
        "rows": constant(len(rows)),
    }
    lost = (after.number - sure.closure_low) / gain if gain > 0 else 0.0
    broken = 1 - sure.both_hold / context.view.figures.if_estimates_err.draws
    yield Risk(min(1.0, max(lost, broken)), sentence(context.texts, "risk.estimates", values))


def _targets(context: Context) -> set[str]:
    planned = set(context.view.limits.planned)
    return {row.occupation for row in context.view.catalog.base_targets if row.programme in planned}


def _of_sources(context: Context, cells: PlanCells, payments: Mapping[str, Range]) -> Iterator[Risk]:
    """Say what is lost if the partner that pays most leaves: the state and the college do not.

    What is left of a plan then, whoever leaves, is another question (*Partners* of the formulation).
    """
    partners = {
        one.id for one in context.view.catalog.funding_sources if one.kind not in ("state", "college")
    }
    paid: dict[str, int] = {}
    for one in context.view.plan.payments:
        paid[one.source] = paid.get(one.source, 0) + one.kzt
    leaving = sorted((name for name in paid if name in partners), key=lambda name: (-paid[name], name))
    if not leaving:
        return
    largest = leaving[0]
    share = ratio(
        sum_where(payments["kzt"], (payments["source"], "=", constant(largest))), total(payments["kzt"])
    )
    theirs = owned_by(context.view.catalog, largest)
    places = {one.resource for one in context.view.plan.uses if one.resource in theirs}
    values = {
        "source": cells.budget.names[largest],
        "share": percent(context.texts, share),
        "partners": constant(len(leaving)),
        "places": constant(len(places)),
    }
    size = paid[largest] / sum(paid.values())
    yield Risk(size, sentence(context.texts, "risk.source_and_places" if places else "risk.source", values))


def _of_outlooks(context: Context, overview: OverviewCells) -> Iterator[Risk]:
    """Say what closes in the outlook that is worst for the plan: an assumption, and called so."""
    outlooks, now = context.view.plan.outlooks, overview.total.after
    before = overview.total.before
    if outlooks is None or isinstance(now.value, str) or isinstance(before.value, str):
        return
    worst = min(outlooks.rows, key=lambda row: row.after)
    gain = now.number - before.number
    if worst.after >= now.number or gain <= 0:
        return
    values = {
        "outlook": constant(context.labels.outlook(worst.outlook)),
        "closure": percent(context.texts, constant(worst.after)),
        "now": percent(context.texts, now),
    }
    yield Risk(min(1.0, (now.number - worst.after) / gain), sentence(context.texts, "risk.outlook", values))


def _of_semesters(context: Context) -> Iterator[Risk]:
    """Say how many modules the plan puts where they cannot be taught: into semesters that have begun."""
    view = context.view
    by_id = view.catalog.programme_by_id
    begun = {
        name: terms_begun(view.catalog, view.limits.settings, by_id[name]) for name in view.limits.planned
    }
    late = [
        row
        for row in view.plan.modules
        if row.decision in (Decision.ADDED, Decision.MOVED) and row.term in begun[row.programme]
    ]
    read = read_on(view.catalog)
    if late and read is not None:
        values = {
            "day": constant(f"{read:%d.%m.%Y}"),
            "programmes": constant(len({row.programme for row in late})),
            "modules": constant(len(late)),
        }
        yield Risk(1.0, sentence(context.texts, "risk.semesters", values))


def _of_rooms(context: Context, cells: PlanCells) -> Iterator[Risk]:
    """Say how many kinds of rooms have no hours to spare when all intakes run."""
    catalog = context.view.catalog
    given = {row.kind for row in catalog.resources if catalog.is_allotted("resource_capacity", row.id)}
    rooms = [
        row
        for row in context.view.figures.rooms
        if row.existing_hours is not None and row.kind not in given  # of a centre it was given what it needs
    ]
    full = [row for row in rooms if row.needed_hours >= AT_LIMIT * (row.existing_hours or 0)]
    if not full:
        return
    worst = max(full, key=lambda row: (row.lacking_hours or 0, row.kind))
    first = min(row.id for row in catalog.resources if row.kind == worst.kind)
    values = {
        "full": constant(len(full)),
        "rooms": constant(len(rooms)),
        "room": cells.hours.names[first],
    }
    yield Risk(len(full) / len(rooms), sentence(context.texts, "risk.rooms", values))


def _of_teachers(context: Context) -> Iterator[Risk]:
    """Say what part of the teachers that the plan needs is not there."""
    posts = [row for row in context.view.figures.posts if row.to_hire is not None]
    needed = sum(row.plan for row in posts)
    lacking = sum(row.to_hire or 0 for row in posts)
    if not lacking:
        return
    values = {
        "posts": constant(context.labels.number(round(lacking, 1))),
        "needed": constant(context.labels.number(round(needed, 1))),
    }
    yield Risk(lacking / needed, sentence(context.texts, "risk.teachers", values))


def _of_levels(context: Context, cells: PlanCells) -> Iterator[Risk]:
    """Say what part of the occupations would still not be fully met."""
    _, met, all_of_them = occupations_once(context.view, cells.occupations)
    unmet = all_of_them - met
    if all_of_them.number:
        values = {"unmet": unmet, "occupations": all_of_them}
        yield Risk(unmet.number / all_of_them.number, sentence(context.texts, "risk.occupations", values))
