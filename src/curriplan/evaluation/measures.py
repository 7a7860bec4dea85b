"""The measures of a plan as plain data: what ``plan.json`` keeps of an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from curriplan.evaluation.objectives import mean
from curriplan.evaluation.result import Evaluation, OccupationMeasures, ProgrammeMeasures

DIGITS = 9
"""Digits that are kept of a number: far below any tolerance, and the same on every machine."""

Closure = Callable[[ProgrammeMeasures], float | None]


def measures_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return every measure of a plan, ready for JSON: plain numbers and sorted keys.

    Shares are of 1, money is KZT. A closure is None where a programme lacks nothing.
    """
    found: dict[str, Any] = {
        **_closures("before", evaluation, lambda one: one.closure_before),
        **_closures("after", evaluation, lambda one: one.closure_after),
        **_essentials(evaluation.programmes),
        "cost_kzt": evaluation.cost_kzt,
        "setup_cost_kzt": sum(evaluation.setup_cost_kzt.values()),
        "added_delivery_cost_kzt": sum(evaluation.added_cost_kzt.values()),
        "fees_kzt": sum(evaluation.fees_kzt.values()),
        "travel_kzt": sum(evaluation.travel_kzt.values()),
        "cost_by_year_kzt": {str(year): kzt for year, kzt in evaluation.cost_by_year.items()},
        "total_delivery_cost_kzt": sum(one.delivery_cost_kzt for one in evaluation.programmes),
        "unteachable_share": _weighted(
            evaluation, lambda one: None if one.closure_after is None else one.unteachable_share
        ),
        "objectives": dict(evaluation.objectives),
        "programmes": {one.programme: _programme(one) for one in evaluation.programmes},
    }
    measures: dict[str, Any] = plain(found)
    return measures


def _closures(when: str, evaluation: Evaluation, closure: Closure) -> dict[str, Any]:
    """Return closure of the plan: by weight, by learners, unweighted, and the worst programme's."""
    known = {one.programme: value for one in evaluation.programmes if (value := closure(one)) is not None}
    worst = min(known, key=lambda name: (known[name], name), default=None)
    learners = [
        (one.learners, known[one.programme]) for one in evaluation.programmes if one.programme in known
    ]
    return {
        f"closure_{when}": _weighted(evaluation, closure),
        f"closure_{when}_by_learners": mean(learners),
        f"closure_{when}_unweighted": mean((1, value) for value in known.values()),
        f"closure_{when}_worst": None if worst is None else known[worst],
        f"closure_{when}_worst_programme": worst,
    }


def _weighted(evaluation: Evaluation, value: Closure) -> float:
    rows = ((one.weight, value(one)) for one in evaluation.programmes)
    return mean((weight, number) for weight, number in rows if number is not None)


def _essentials(programmes: Iterable[ProgrammeMeasures]) -> dict[str, int]:
    rows = tuple(programmes)
    occupations = tuple(occupation for one in rows for occupation in one.occupations)
    return {
        "essentials": sum(one.essentials for one in rows),
        "essentials_met_before": sum(one.essentials_met_before for one in rows),
        "essentials_met_after": sum(one.essentials_met_after for one in rows),
        "occupations": len(occupations),
        "occupations_met_before": sum(one.essentials_met_before for one in occupations),
        "occupations_met_after": sum(one.essentials_met_after for one in occupations),
    }


def _programme(one: ProgrammeMeasures) -> dict[str, Any]:
    return {
        "weight": one.weight,
        "learners": one.learners,
        "closure_before": one.closure_before,
        "closure_after": one.closure_after,
        **_essentials((one,)),
        "cover": {row.occupation: _cover(row) for row in one.occupations},
        "term_credits": list(one.term_credits),
        "total_delivery_cost_kzt": one.delivery_cost_kzt,
        "unteachable_share": one.unteachable_share,
        "dual_share": one.dual_share,
        "labour_functions": one.labour_functions,
        "uncovered_functions": list(one.uncovered_functions),
    }


def _cover(row: OccupationMeasures) -> dict[str, Any]:
    return {
        "share": row.share,
        "before": row.cover_before,
        "after": row.cover_after,
        "essentials_met_before": row.essentials_met_before,
        "essentials_met_after": row.essentials_met_after,
    }


def plain(value: Any) -> Any:
    """Sort keys and round numbers, all the way down; a negative zero becomes zero."""
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value
