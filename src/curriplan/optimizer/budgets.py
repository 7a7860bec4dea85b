"""A catalog with other budgets: the sources keep their proportions, or all have plenty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from curriplan.catalog.records import Catalog, FundingBudget
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.solve.stages import most_new_money_kzt
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings


def with_budget(catalog: Catalog, budget_kzt: int) -> Catalog:
    """Return the catalog with the budgets of its sources and years in proportion to `budget_kzt`.

    Each is rounded up to whole tenge, so that none falls where `budget_kzt` grows: what they are together
    is to be capped by the budget itself. Budgets that are all 0 count as equal ones.
    """
    amounts = _amounts(catalog)
    total = sum(amounts)
    return _with_budgets(catalog, (-(-amount * budget_kzt // total) for amount in amounts))


def _amounts(catalog: Catalog) -> list[int]:
    learners = catalog.learners_of_one_intake
    found = [row.budget_kzt + row.per_learner_kzt * learners for row in catalog.funding_budgets]
    return found if any(found) else [1] * len(found)


def with_plenty(catalog: Catalog, plenty_kzt: int) -> Catalog:
    """Return the catalog with as much money as any plan may need, wherever there is any."""
    return _with_budgets(catalog, (plenty_kzt if amount else 0 for amount in _amounts(catalog)))


def plenty_of(catalog: Catalog, settings: Settings) -> int:
    """Return more money than any plan costs, and no more than that: HiGHS fails over 10 trillion."""
    problem = Problem.of(catalog.replace(funding_budgets=()), replace(settings, budget_kzt=None))
    return 2 * most_new_money_kzt(problem.derived(PlanningProblem)) + 1


def _with_budgets(catalog: Catalog, amounts: Iterable[int]) -> Catalog:
    rows: Iterator[FundingBudget] = (
        row.model_copy(update={"budget_kzt": amount, "per_learner_kzt": 0})
        for row, amount in zip(catalog.funding_budgets, amounts, strict=True)
    )
    return catalog.replace(funding_budgets=tuple(rows))
