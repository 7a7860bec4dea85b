"""A first look against the brute-force oracle: exact where its gap is none, else within its gap.

The instances draw budgets, earlier plans, reviews, equity, tolerances and the order of the objectives.
"""

from __future__ import annotations

import math
from collections import Counter
from unittest import mock

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.api.results import PlanResult
from curriplan.base.errors import CatalogError, InfeasibleError
from curriplan.evaluation.verify import verify_plan
from curriplan.plan.plan import Status
from curriplan.problem import settings as module
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings
from instances.oracle import MAXIMISED, Objectives, solve
from instances.random_catalogs import RandomOptions, random_instance, reviewed_instance, settings_choices
from instances.test_against_brute_force import Draw, difference_from_oracle, oracle_options

DRAWS: tuple[tuple[Draw, int], ...] = tuple(
    (draw, seed)
    for draw, seeds in ((random_instance, range(0, 500, 20)), (reviewed_instance, range(3, 120, 12)))
    for seed in seeds
)


def first_look(draw: Draw, seed: int) -> tuple[PlanResult | None, Settings]:
    catalog, options, objectives = draw(seed)
    settings = settings_of(options, objectives)
    with mock.patch("curriplan.api.optimize.why_none", return_value=None):
        try:
            return optimize_catalog(catalog, settings), settings
        except (CatalogError, InfeasibleError):
            return None, settings


def settings_of(options: RandomOptions, objectives: Objectives) -> Settings:
    choices = tuple(ObjectiveChoice(name, tolerance) for name, tolerance in objectives)
    return Settings(objectives=choices, gap=0.0, quick=True, **settings_choices(options))


def sought(settings: Settings) -> Objectives:
    return tuple((choice.name, choice.tolerance) for choice in settings.sought)


@pytest.mark.parametrize(("draw", "seed"), DRAWS)
def test_without_a_gap_a_first_look_is_the_optimum_of_what_it_seeks(
    draw: Draw, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUICK_GAP", 0.0)
    catalog, drawn, _ = draw(seed)
    result, settings = first_look(draw, seed)
    options = oracle_options(catalog, drawn)
    assert difference_from_oracle(catalog, options, sought(settings), result) is None


@pytest.mark.parametrize(("draw", "seed"), DRAWS[::3])
def test_a_first_look_is_within_its_gap_and_says_what_it_is(draw: Draw, seed: int) -> None:
    catalog, drawn, _ = draw(seed)
    result, settings = first_look(draw, seed)
    oracle = solve(catalog, objectives=sought(settings), options=oracle_options(catalog, drawn))
    assert (result is None) == (oracle is None)
    if result is None or oracle is None:
        return
    (first, best), stage = oracle.stages[0], result.plan.stages[0]
    lost = (best - stage.value) * (1 if first in MAXIMISED else -1)
    assert lost <= 0.01 * abs(stage.value) + 1e-6
    assert [one.objective for one in result.plan.stages] == [name for name, _ in sought(settings)]
    assert result.plan.status is (
        Status.OPTIMAL if len(settings.sought) == len(settings.objectives) else Status.FEASIBLE
    )
    assert verify_plan(result.problem, result.plan).holds
    assert "first-look" in {issue.code for issue in result.warnings}
    assert not math.isnan(lost)


def test_the_instances_bite() -> None:
    """Some first looks stop early, some have to seek all, and all kinds of settings are among them."""
    met: Counter[str] = Counter()
    for draw, seed in DRAWS:
        _, options, objectives = draw(seed)
        settings = settings_of(options, objectives)
        met["stops early"] += len(settings.sought) < len(objectives)
        met["seeks all"] += len(settings.sought) == len(objectives)
        met["no cost"] += not settings.seeks("cost")
        met["tolerance"] += any(choice.tolerance > 0 for choice in settings.sought)
        for name in ("previous", "reviewed", "review", "equity", "max_changes", "budget_kzt"):
            met[name] += bool(getattr(settings, name))
    assert min(met.values()) >= 2, met
