"""Checks of funding sources and their budgets (§10)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from curriplan.base import semesters
from curriplan.base.errors import Issue
from curriplan.catalog.records import CostPart, FundingLimit, Module
from curriplan.problem.checks.checked import TOLERANCE, Checked, Rule, first_names, number_text


def sources_without_budget(checked: Checked) -> Iterator[Issue]:
    """Find sources without a budget where others have one: they pay nothing."""
    paying = {row.source for row in checked.catalog.funding_budgets}
    for row in checked.catalog.funding_sources:
        if paying and row.id not in paying:
            yield Issue("source-without-budget", row.place("id"), {"source": row.id})


def budget_years(checked: Checked) -> Iterator[Issue]:
    """Find budgets of a year in which no programme runs: nothing falls due in it."""
    years = sorted({semesters.calendar_year(semester) for semester in checked.semesters})
    for row in checked.catalog.funding_budgets:
        if years and row.year is not None and row.year not in years:
            values = {"source": row.source, "year": row.year, "first": years[0], "last": years[-1]}
            yield Issue("budget-year-outside", row.place("year"), values)


def limits_without_effect(checked: Checked) -> Iterator[Issue]:
    """Find limits that fit nothing: their module is of another section."""
    modules = checked.catalog.module_by_id
    for row in checked.catalog.funding_limits:
        module = modules.get(row.module or "")
        if module is not None and row.section not in (None, module.section):
            values = {"module": module.id, "section": row.section, "own": module.section}
            yield Issue("limit-without-effect", row.place("section"), values)


def unpayable_modules(checked: Checked) -> Iterator[Issue]:
    """Find costs of modules that all sources together may not carry (§10): one warning for each limit."""
    found: dict[tuple[str, ...], list[tuple[Module, CostPart, float]]] = {}
    for module, part in _costs_of_adding(checked):
        rows = [_limit(checked, source, module, part) for source in _payers(checked)]
        total = math.fsum(1.0 if row is None else row.max_share for row in rows)
        limits = [row for row in rows if row is not None]
        if limits and total < 1 - TOLERANCE:
            found.setdefault(limits[0].key_values(), []).append((module, part, total))
    for row in checked.catalog.funding_limits:
        if unpayable := found.get(row.key_values()):
            _, part, total = unpayable[0]
            names = first_names(dict.fromkeys(module.id for module, _, _ in unpayable))
            values = {"modules": names, "part": part, "sum": number_text(total)}
            yield Issue("cost-not-payable", row.place("max_share"), values)


def _payers(checked: Checked) -> list[str]:
    """Return the sources that pay: those with a budget, where any has one."""
    catalog = checked.catalog
    paying = {row.source for row in catalog.funding_budgets}
    return [row.id for row in catalog.funding_sources if row.id in paying or not paying]


def _limit(checked: Checked, source: str, module: Module, part: CostPart) -> FundingLimit | None:
    rows = [row for row in checked.catalog.funding_limits if row.source == source]
    fitting = [row for row in rows if row.fits(module.id, module.section, part)]
    return max(fitting, key=lambda row: row.precision, default=None)


def _costs_of_adding(checked: Checked) -> Iterator[tuple[Module, CostPart]]:
    """Yield what a module itself costs where a plan may add it; fees and travel hang on the site."""
    rows = checked.catalog.programme_modules
    standing = {(row.programme, row.module) for row in rows if row.current_term is not None}
    running = {module for _, module in standing}
    addable = {(p.id, m) for p in checked.planned for m in checked.offered[p.id]} - standing
    names = {module for _, module in addable}
    for module in (row for row in checked.catalog.modules if row.id in names):
        if module.setup_cost_kzt and module.id not in running:
            yield module, CostPart.SETUP
        if module.cost_per_group_kzt:
            yield module, CostPart.DELIVERY


RULES = (
    Rule(sources_without_budget, ("funding_budgets.source",)),
    Rule(budget_years, ("programmes",)),
    Rule(limits_without_effect),
    Rule(unpayable_modules, ("funding_limits", "funding_sources", "modules")),
)
