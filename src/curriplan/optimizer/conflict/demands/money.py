"""New money, and who may pay it: §10."""

from __future__ import annotations

from typing import Any

from curriplan.edits import edit_of
from curriplan.model import CostPart, Record
from curriplan.optimizer.conflict.demands.case import SHARE_STEP, Case, Meaning, demand_of, subject_of
from curriplan.optimizer.conflict.levers import Edits, Lever, Number, Rank, cell, setting
from curriplan.optimizer.constraints.sums import KZT_SCALE
from curriplan.optimizer.variables import Entity
from curriplan.settings import sources_kzt


def budget(case: Case, entity: Entity) -> Meaning:
    """§10: the cap on all new money: that of this run, or the budgets of all sources together."""
    chosen, cap = case.settings.budget_kzt, case.limits.budget_kzt
    assert cap is not None
    rows = case.catalog.funding_budgets
    if chosen is None or chosen > cap:
        levers = [_budget_cell(row, entity) for row in rows]
        places = [row.place("budget_kzt") for row in rows]
        return Meaning(demand_of(entity, *places, limit=float(cap), unit="KZT"), tuple(levers))
    total = sources_kzt(case.catalog)

    def edits(value: float) -> Edits:
        found = [setting("budget_kzt", int(value), chosen, "KZT")]
        if total is not None and value > total:
            # More than all sources have together: one of them must give more as well.
            found.append(edit_of(rows[0], "budget_kzt", rows[0].budget_kzt + int(value) - total))
        return tuple(found)

    number = Number(float(chosen), True, 1.0, edits, {entity: 1 / KZT_SCALE})
    lever = Lever(("settings", "budget_kzt"), Rank.SETTING, number)
    return Meaning(demand_of(entity, limit=float(cap), unit="KZT"), (lever,))


def _budget_cell(row: Record, entity: Entity) -> Lever:
    return cell(row, "budget_kzt", entity, raises=True, step=1.0, rate=1 / KZT_SCALE)


def source_budget(case: Case, entity: Entity) -> Meaning:
    """§10: what a source has in a year, or in any year."""
    source, _, year = subject_of(entity).partition(":")
    budgets = case.problem.money.budgets or {}
    found = case.row("funding_budgets", source, year)
    limit = float(budgets.get((source, int(year) if year else None), 0))
    values: dict[str, Any] = {"source": source, **({"year": int(year)} if year else {})}
    # A year without a row is paid from the source's money of any year.
    row = found or case.row("funding_budgets", source, "")
    if row is None:
        rows = [one for one in case.catalog.funding_budgets if one.source == source]
        places = [one.place("budget_kzt") for one in rows]
        levers = [_budget_cell(one, entity) for one in rows]
    else:
        places, levers = [row.place("budget_kzt")], [_budget_cell(row, entity)]
    return Meaning(demand_of(entity, *places, limit=limit, unit="KZT", **values), tuple(levers))


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
