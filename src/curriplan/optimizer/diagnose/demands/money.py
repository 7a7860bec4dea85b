"""New money, and who may pay it: §10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from curriplan.catalog.records import CostPart, FundingBudget, Record
from curriplan.optimizer.diagnose.demands.case import SHARE_STEP, Case, Meaning, demand_of, subject_of
from curriplan.optimizer.diagnose.levers import Edits, Lever, MovableNumber, Rank, cell, setting
from curriplan.optimizer.model.variables import Entity
from curriplan.optimizer.rules.sums import KZT_SCALE
from curriplan.plan.plan import Selection
from curriplan.problem.edits import added_row, edit_of
from curriplan.problem.limits import sources_kzt


def budget(case: Case, entity: Entity) -> Meaning:
    """§10: the cap on all new money: that of this run, or the budgets of all sources together."""
    cap = case.limits.budget_kzt
    assert cap is not None
    rows = case.catalog.funding_budgets
    if _sources_set_cap(case):
        levers = [_budget_cell(row, entity) for row in rows]
        places = [row.place("budget_kzt") for row in rows]
        return Meaning(demand_of(entity, *places, limit=float(cap), unit="KZT"), tuple(levers))
    chosen, total = case.settings.budget_kzt, sources_kzt(case.catalog)
    assert chosen is not None

    def edits(value: float) -> Edits:
        found = [setting("budget_kzt", int(value), chosen, "KZT")]
        if total is not None and value > total:
            # More than all sources have together: one of them must give more as well.
            found.append(edit_of(rows[0], "budget_kzt", rows[0].budget_kzt + int(value) - total))
        return tuple(found)

    number = MovableNumber(float(chosen), True, 1.0, edits, {entity: 1 / KZT_SCALE})
    lever = Lever(("settings", "budget_kzt"), Rank.SETTING, number)
    return Meaning(demand_of(entity, limit=float(cap), unit="KZT"), (lever,))


def _sources_set_cap(case: Case) -> bool:
    """Say whether all new money is capped by what the sources have, not by a lower setting."""
    chosen, cap = case.settings.budget_kzt, case.limits.budget_kzt
    return cap is not None and (chosen is None or chosen > cap)


def _budget_cell(row: Record, entity: Entity) -> Lever:
    return cell(row, "budget_kzt", entity, raises=True, step=1.0, rate=1 / KZT_SCALE)


def source_budget(case: Case, entity: Entity) -> Meaning:
    """§10: what a source has in a year, or in any year."""
    source, _, year = subject_of(entity).partition(":")
    budgets = case.problem.money.budgets or {}
    limit = float(budgets.get((source, int(year) if year else None), 0))
    values: dict[str, Any] = {"source": source, **({"year": int(year)} if year else {})}
    # A year without a row is paid from the source's money of any year.
    row = case.row("funding_budgets", source, year) or case.row("funding_budgets", source, "")
    if row is not None:
        demand = demand_of(entity, row.place("budget_kzt"), limit=limit, unit="KZT", **values)
        return Meaning(demand, (_budget_cell(row, entity),))
    rows = [one for one in case.catalog.funding_budgets if one.source == source]
    values["years"] = tuple(str(one.year) for one in rows)
    places = [one.place("year") for one in rows]
    levers = [_missing_money(case, entity, source, int(year), rows)]
    levers += [_other_year(case, one, rows) for one in rows]
    return Meaning(demand_of(entity, *places, limit=limit, unit="KZT", **values), tuple(levers))


def _missing_money(
    case: Case, entity: Entity, source: str, year: int, rows: Sequence[FundingBudget]
) -> Lever:
    """Return the lever that gives a source money in a year for which it has no row."""

    def edits(value: float) -> Edits:
        return (added_row(FundingBudget(source=source, year=year, budget_kzt=int(value))),)

    rates = {entity: 1 / KZT_SCALE}
    if _sources_set_cap(case):
        rates[Entity("§10", "budget")] = 1 / KZT_SCALE
    scale = float(max(row.budget_kzt for row in rows))
    number = MovableNumber(0.0, True, 1.0, edits, rates, scale=scale)
    return Lever(("funding_budgets", (source, str(year)), "budget_kzt"), Rank.LIMIT, number)


def _other_year(case: Case, row: FundingBudget, rows: Sequence[FundingBudget]) -> Lever:
    """Return the lever that moves a budget to a year without one, or frees it of its year."""
    taken = {one.year for one in rows}

    def choices(_selection: Selection) -> Iterator[Edits]:
        for year in case.problem.money.years:
            if year not in taken:
                yield (edit_of(row, "year", year),)
        yield (edit_of(row, "year", None),)

    return Lever((row.table, row.key_values(), "year"), Rank.LIMIT, choices=choices)


def funding_share(case: Case, entity: Entity) -> Meaning:
    """§10: the share of a cost that a source may carry."""
    source, name, part = subject_of(entity).split(":")
    row = case.problem.money.limit_row(source, case.catalog.module_by_id[name], CostPart(part))
    assert row is not None
    lever = cell(row, "max_share", entity, raises=True, step=SHARE_STEP, rate=None, extreme=1.0)
    demand = demand_of(
        entity,
        row.place("max_share"),
        limit=row.max_share,
        unit="share",
        source=source,
        module=name,
        part=part,
    )
    return Meaning(demand, (lever,))
