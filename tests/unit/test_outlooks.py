"""What an outlook makes of shares and weights, by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import curriplan
from curriplan.catalog.records import Catalog, CatalogInfo, Demand, Programme, Scenario, Target
from curriplan.problem.limits import effective_limits
from curriplan.problem.outlooks import Outlook, outlooks_of

SOURCES = Path(curriplan.__file__).parent
MAY_READ_ALL = {
    "importing/outlooks/make.py",
    "problem/candidates.py",
    "problem/checks/programmes.py",
    "problem/outlooks.py",
}
"""Who looks at the targets of outlooks too; everybody else means those of today: ``base_targets``."""


def openings(occupation: str, year: int, count: float, scenario: str | None = None) -> Demand:
    return Demand(occupation=occupation, year=year, openings=count, scenario=scenario)


def outlook(demand: tuple[Demand, ...], targets: tuple[Target, ...] = ()) -> Outlook:
    """Return the outlook S of a programme of 40 learners that trains for A (0.75) and B (0.25)."""
    base = (
        Target(programme="P", occupation="A", share=0.75),
        Target(programme="P", occupation="B", share=0.25),
    )
    catalog = Catalog(
        info=CatalogInfo(id="c"),
        programmes=(Programme(id="P", start="2026-1", terms=2, learners=40),),
        targets=(*base, *targets),
        scenarios=(Scenario(id="S", probability=1),),
        demand=demand,
    )
    (found,) = outlooks_of(catalog, effective_limits(catalog))
    return found


def shares(of: Outlook) -> dict[str, float]:
    return dict(of.gaps["P"].shares)


BASE = (openings("A", 2030, 100), openings("A", 2031, 60), openings("B", 2030, 50))


def test_shares_and_weight_follow_the_ratios_of_the_same_years() -> None:
    """2030 alone is in both of A: 50 / 100 = 1/2 (60 of 2031 count for nothing); of B 100 / 50 = 2.

    0.75 · 1/2 + 0.25 · 2 = 0.375 + 0.5 = 0.875: shares 0.375 / 0.875 = 3/7 and 4/7, weight 40 · 0.875 = 35.
    """
    found = outlook((*BASE, openings("A", 2030, 50, "S"), openings("B", 2030, 100, "S")))
    assert shares(found) == pytest.approx({"A": 3 / 7, "B": 4 / 7})
    assert found.weights["P"] == pytest.approx(35)


def test_what_nobody_will_want_asks_for_nothing() -> None:
    """Of A 0 / 100: B has all graduates; weight 40 · 0.25 · 1 = 10."""
    found = outlook((*BASE, openings("A", 2030, 0, "S"), openings("B", 2030, 50, "S")))
    assert shares(found) == {"B": 1.0}
    assert found.weights["P"] == 10


def test_rows_of_targets_are_the_shares_and_leave_the_weight() -> None:
    rows = (
        Target(programme="P", occupation="A", share=0.5, scenario="S"),
        Target(programme="P", occupation="NEW", share=0.5, scenario="S"),
    )
    found = outlook((*BASE, openings("A", 2030, 50, "S")), rows)
    assert shares(found) == {"A": 0.5, "NEW": 0.5}
    assert found.weights["P"] == 40


def test_only_outlooks_see_the_targets_of_outlooks() -> None:
    """A row of `targets` with a scenario is no target of today: no rule, sheet or figure may count it."""
    readers = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if re.search(r"catalog\.targets\b", path.read_text(encoding="utf-8"))
    }
    assert readers == MAY_READ_ALL
