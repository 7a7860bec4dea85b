"""Who can pay decides what can be taken (§10)."""

from __future__ import annotations

from typing import Any

import pytest

from curriplan.base.errors import InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    Floor,
    FundingBudget,
    FundingLimit,
    FundingSource,
    ModuleOutcome,
)
from curriplan.optimizer.solve.stages import solve
from curriplan.plan.plan import Start
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from formulation.instances import base, module

CHEAPEST = Settings(objectives=(ObjectiveChoice("cost"),), gap=0.0)


def catalog_of(budgets: tuple[dict[str, Any], ...], limits: tuple[dict[str, Any], ...] = ()) -> Catalog:
    """A costs 1000 to open and 2 groups · 200 = 400 to teach; everyone must take it.

    Term 1 is in 2026, term 2 in 2027.
    """
    return base(
        modules=(module("A", setup_cost_kzt=1000, cost_per_group_kzt=200),),
        module_outcomes=(ModuleOutcome(module="A", competency="C", exit_level=2),),
        floors=(Floor(competency="C", level=2),),
        funding_sources=(FundingSource(id="college"), FundingSource(id="state")),
        funding_budgets=tuple(FundingBudget(**row) for row in budgets),
        funding_limits=tuple(FundingLimit(**row) for row in limits),
    )


def starts(catalog: Catalog) -> tuple[Start, ...] | None:
    try:
        return solve(Problem.of(catalog, CHEAPEST)).selection.starts
    except InfeasibleError:
        return None


def of(source: str, budget_kzt: int, year: int | None = None) -> dict[str, Any]:
    return {"source": source, "budget_kzt": budget_kzt, "year": year}


@pytest.mark.parametrize(
    ("budgets", "term"),
    [
        ((of("college", 1400, 2026),), 1),  # all in 2026
        ((of("college", 1400, 2027),), 2),
        ((of("college", 1399, 2027),), None),  # a tenge short
        ((of("college", 1000, 2026), of("college", 400, 2027)), 2),  # set-up paid the year before
        ((of("college", 400, 2026), of("college", 1000, 2027)), 2),  # 400 of it ahead, 600 + 400 later
        ((of("college", 700, 2026), of("state", 699, 2026), of("state", 1)), 1),  # all three together
        ((of("college", 700, 2026), of("state", 699, 2026), of("state", 0)), None),
        ((of("college", 1400, 2030),), None),  # no term falls in 2030: nothing is paid then
    ],
)
def test_the_years_of_budgets(budgets: tuple[dict[str, Any], ...], term: int | None) -> None:
    found = starts(catalog_of(budgets))
    assert found == (None if term is None else (Start("P", "A", term),))


@pytest.mark.parametrize(
    ("budgets", "limits", "possible"),
    [
        # The state may pay a third of the set-up, ⌊1000/3⌋ = 333: the college needs 667 + 400 or less.
        ((of("college", 667), of("state", 733)), [("state", "setup", 1 / 3)], True),
        ((of("college", 666), of("state", 734)), [("state", "setup", 1 / 3)], False),
        # The state pays no delivery, the college no set-up.
        ((of("college", 400), of("state", 1000)), [("state", "delivery", 0), ("college", "setup", 0)], True),
        ((of("college", 401), of("state", 999)), [("state", "delivery", 0), ("college", "setup", 0)], False),
    ],
)
def test_shares_are_rounded_down_to_whole_tenge(
    budgets: tuple[dict[str, Any], ...], limits: list[tuple[str, str, float]], possible: bool
) -> None:
    rows = tuple({"source": who, "cost_part": part, "max_share": share} for who, part, share in limits)
    assert (starts(catalog_of(budgets, rows)) is not None) is possible


@pytest.mark.parametrize(("share", "possible"), [(0.5, True), (0.3, False), (0.4995, False)])
def test_shares_without_any_budget(share: float, possible: bool) -> None:
    # Both may carry 0.4995: ⌊499.5⌋ + ⌊499.5⌋ = 998 of the 1000 of the set-up, and 2 stay unpaid.
    rows = tuple({"source": name, "max_share": share} for name in ("college", "state"))
    assert (starts(catalog_of((), rows)) is not None) is possible
