"""One model of many budgets: for each of them it is what a model made of that budget would be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from curriplan.base.errors import InfeasibleError, NoPlanError
from curriplan.catalog.records import Catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.optimizer.budgets import plenty_of, with_budget, with_plenty
from curriplan.optimizer.rebudgeted import BudgetModel
from curriplan.optimizer.solve.stages import solve
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from instances.random_catalogs import random_instance

NAMES = ("no_harm", "closure", "cost")
UP_TO_COST = tuple(ObjectiveChoice(name) for name in NAMES)


def problems(seed: int) -> tuple[Problem, list[Problem]]:
    """A random catalog with more money than it needs, and with nothing, with a bit and with half of that."""
    catalog, options, _ = random_instance(seed)
    settings = Settings(programmes=options.programmes, gap=0.0, objectives=UP_TO_COST)
    plenty_kzt = plenty_of(catalog, settings)

    def of(one: Catalog, budget_kzt: int) -> Problem:
        return Problem.of(one, replace(settings, budget_kzt=budget_kzt))

    budgets = (0, plenty_kzt // 7, plenty_kzt // 2)
    return of(with_plenty(catalog, plenty_kzt), plenty_kzt), [
        of(with_budget(catalog, kzt), kzt) for kzt in budgets
    ]


def rows_and_columns(model: BudgetModel) -> list[Any]:
    lp = model.session.highs.getLp()
    matrix = lp.a_matrix_
    return [
        lp.col_lower_,
        lp.col_upper_,
        lp.row_lower_,
        lp.row_upper_,
        matrix.start_,
        matrix.index_,
        matrix.value_,
    ]


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_with_other_budgets_it_is_the_model_of_these(seed: int) -> None:
    rich, others = problems(seed)
    model = BudgetModel(rich, NAMES)
    for other in others:
        model.set_budgets(other)
        fresh = rows_and_columns(BudgetModel(other, NAMES))
        assert all(np.array_equal(*pair) for pair in zip(rows_and_columns(model), fresh, strict=True))


def test_budgets_of_years_and_of_any_year_are_met_in_the_catalogs_drawn() -> None:
    """What the test above is worth: some models have rows of sources, not the cap alone."""
    counts = {len(BudgetModel(problems(seed)[0], NAMES)._rows) for seed in range(0, 60, 4)}
    assert 1 in counts
    assert max(counts) >= 3


@pytest.mark.parametrize("seed", range(1, 60, 4))
def test_its_plans_are_as_good_as_those_of_models_of_their_own(seed: int) -> None:
    """Asked for one budget after another, from the plan before; where there is no plan it says nothing."""
    rich, others = problems(seed)
    model, start = BudgetModel(rich, NAMES), None
    for other in (*others, rich):
        try:
            wanted = solve(other)
        except InfeasibleError:
            with pytest.raises(NoPlanError):
                model.solve(other)
            continue
        before = start
        found, start = model.solve(other, before)
        assert [stage.value for stage in found.stages] == pytest.approx(
            [s.value for s in wanted.stages], abs=1e-6
        )
        assert found.status == wanted.status == "optimal"
        assert not evaluate(other, found.selection).broken_rules
        # What was asked of the model before leaves no trace: workers ask in other orders.
        assert BudgetModel(rich, NAMES).solve(other, before) == (found, start)
