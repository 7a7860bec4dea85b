"""Estimates as they might have been: other importances, exit levels and costs, drawn row by row."""

from __future__ import annotations

from random import Random
from typing import Any, TypeVar

from curriplan.catalog.records import Catalog, ModuleOutcome, OccupationRequirement, Record

SPREAD = 0.2
"""Importances and costs are multiplied by a number drawn from 1 − SPREAD to 1 + SPREAD."""
LEVEL_OFF = 0.125
"""Chance that an estimated exit level is one too low, and that it is one too high."""
COSTS = {
    "modules": ("setup_cost_kzt", "cost_per_group_kzt"),
    "resources": ("fee_per_hour_kzt", "travel_cost_kzt"),
}
R = TypeVar("R", bound=Record)


def perturbed_catalog(catalog: Catalog, number: int) -> Catalog:
    """Return the catalog with other importances, estimated exit levels and costs.

    The same number (from 1) always gives the same catalog, and each row's draw is its own: rows may be
    shuffled, added or taken out without touching the others'.
    """
    costs = {
        table: tuple(_with_costs(row, columns, number) for row in catalog.table(table))
        for table, columns in COSTS.items()
    }
    return catalog.replace(
        occupation_requirements=tuple(
            with_values(row, importance=importances(row, number)[-1])
            for row in catalog.occupation_requirements
        ),
        module_outcomes=tuple(
            with_values(row, exit_level=exit_levels(row, number)[-1]) for row in catalog.module_outcomes
        ),
        **costs,
    )


def importances(row: OccupationRequirement, count: int) -> tuple[float, ...]:
    """Return the importance of a requirement in the first `count` perturbed catalogs."""
    return tuple(min(1.0, row.importance * _factor(draw)) for draw in _draws(row, "importance", count))


def exit_levels(row: ModuleOutcome, count: int) -> tuple[int, ...]:
    """Return the exit level of an outcome in the first `count` perturbed catalogs: its own if no estimate."""
    if not is_estimate(row.source):
        return (row.exit_level,) * count
    lower, higher = max(row.entry_level + 1, row.exit_level - 1), min(8, row.exit_level + 1)
    return tuple(
        lower if draw < LEVEL_OFF else higher if draw > 1 - LEVEL_OFF else row.exit_level
        for draw in _draws(row, "exit_level", count)
    )


def with_values(row: R, **values: Any) -> R:
    """Return a row with other values, and nothing that was worked out from the old ones."""
    fields = {name: getattr(row, name) for name in type(row).model_fields}
    changed: R = type(row).model_construct(**{**fields, **values})  # type: ignore[assignment]
    return changed


def _with_costs(row: R, columns: tuple[str, ...], number: int) -> R:
    changed = {name: round(getattr(row, name) * _factor(_draws(row, name, number)[-1])) for name in columns}
    return with_values(row, **changed)


def _draws(row: Record, column: str, count: int) -> tuple[float, ...]:
    """Return numbers from 0 to 1, one a perturbed catalog, that only the row and the column decide."""
    random = Random("/".join((row.table, *row.key_values(), column)))  # noqa: S311 - nothing secret
    return tuple(random.random() for _ in range(count))


def _factor(draw: float) -> float:
    return 1 - SPREAD + 2 * SPREAD * draw


def is_estimate(source: str | None) -> bool:
    """Say whether a row rests on an estimate, as one does that names no source."""
    return (source or "estimate").partition(":")[0].strip().casefold() == "estimate"
