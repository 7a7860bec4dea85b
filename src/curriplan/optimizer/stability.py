"""Plan again with other value judgements and with perturbed estimates: which choices stand."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeVar

from curriplan.base.errors import CurriplanError, InfeasibleError, NoPlanError
from curriplan.base.progress import Progress
from curriplan.catalog.records import Catalog, LevelValue, ModuleOutcome, Record
from curriplan.optimizer.solve.alone import with_closure_alone
from curriplan.optimizer.solve.solver import catch_interrupt
from curriplan.optimizer.solve.stages import solve
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.plan import Selection
from curriplan.plan.stability import NOT_RUN, Stability, StabilityRow, StabilityRun
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

MEETING_SHARES = (0.0, 0.5, 1.0)
ESSENTIAL_FACTORS = (1.0, 2.0, 4.0)
SPREAD = 0.2
"""Importances and costs are multiplied by a number drawn from 1 − SPREAD to 1 + SPREAD."""
LEVEL_OFF = 0.125
"""Chance that an estimated exit level is one too low, and that it is one too high."""
RUN_LIMIT_S = 60.0
"""One run takes no longer than this; all together no longer than the time limit of the plan."""
LEAST_S = 1.0
"""The solver has this long even where the programmes planned alone have used up a run's time."""
COSTS = {
    "modules": ("setup_cost_kzt", "cost_per_group_kzt"),
    "resources": ("fee_per_hour_kzt", "travel_cost_kzt"),
}
R = TypeVar("R", bound=Record)
Key = tuple[str, str]


@dataclass(frozen=True)
class _Variation:
    meeting_share: float
    essential_factor: float
    flat_levels: bool = False
    number: int | None = None

    def is_plan_of(self, settings: Settings) -> bool:
        """Say whether this is what the plan was made with."""
        judged = (self.meeting_share, self.essential_factor)
        same = judged == (settings.meeting_share, settings.essential_factor)
        return same and not self.flat_levels and self.number is None

    def run(self, status: str) -> StabilityRun:
        return StabilityRun(self.meeting_share, self.essential_factor, self.flat_levels, self.number, status)


def find_stability(
    problem: Problem,
    selection: Selection,
    perturbed: int,
    progress: Callable[[Progress], None] | None = None,
) -> Stability:
    """Plan again in every variation and count how often each module is chosen.

    Parameters
    ----------
    selection : Selection
        The plan of the problem as it is; it counts as the run with the plan's own judgements.
    perturbed : int
        How many catalogs with perturbed estimates, beside the nine (or 18) value judgements.

    Returns
    -------
    Stability
        After Ctrl-C, or when the runs have taken as long as the plan might, those that are left, and one
        that Ctrl-C broke off, are ``not_run``.
    """
    settings = problem.limits.settings
    variations = tuple(_variations(problem.catalog, settings, perturbed))
    counts: Counter[Key] = Counter()
    runs = []
    with catch_interrupt() as interrupt:
        watch = Watch(time.monotonic() + settings.time_limit_s, interrupt)
        for at, variation in enumerate(variations, start=1):
            if progress is not None:
                progress(Progress(at, len(variations), "closure", 0.0))
            status, found = _run(problem, variation, selection, watch)
            runs.append(variation.run(status))
            counts.update(_taken(found) if found is not None else ())
    return Stability(_rows(problem, selection, counts), tuple(runs))


def _run(
    problem: Problem, variation: _Variation, selection: Selection, watch: Watch
) -> tuple[str, Selection | None]:
    """Return what a variation came to: the plan itself stands for its own."""
    if variation.is_plan_of(problem.limits.settings):
        return "optimal", selection
    if watch.is_over:
        return NOT_RUN, None
    found = _solved(problem, variation, min(RUN_LIMIT_S, watch.left_s))
    return (NOT_RUN, None) if watch.interrupt.pressed else found


def _variations(catalog: Catalog, settings: Settings, perturbed: int) -> Iterator[_Variation]:
    """Yield θ by κ, with level values as given and (where they differ) flat; then the perturbed catalogs."""
    differs = len({row.value for row in catalog.level_values}) > 0 and any(
        row.value != 1 for row in catalog.level_values
    )
    for flat in (False, True) if differs else (False,):
        for share in MEETING_SHARES:
            for factor in ESSENTIAL_FACTORS:
                yield _Variation(share, factor, flat)
    for number in range(1, perturbed + 1):
        yield _Variation(settings.meeting_share, settings.essential_factor, number=number)


def _solved(problem: Problem, variation: _Variation, limit_s: float) -> tuple[str, Selection | None]:
    """Solve one variation with the same objectives and within the same rules."""
    deadline = time.monotonic() + limit_s
    settings = replace(
        problem.limits.settings,
        meeting_share=variation.meeting_share,
        essential_factor=variation.essential_factor,
    )
    catalog = problem.catalog
    if variation.flat_levels:
        catalog = catalog.replace(level_values=tuple(_flat(row) for row in catalog.level_values))
    if variation.number is not None:
        catalog = perturbed_catalog(catalog, variation.number)
    changed = problem.with_settings(settings, catalog)
    try:
        changed = with_closure_alone(changed, time_limit_s=limit_s)
        if changed.limits.needs_closure_alone:
            limit_s = max(LEAST_S, deadline - time.monotonic())
        solution = solve(changed, time_limit_s=limit_s)
    except InfeasibleError:
        return "infeasible", None
    except NoPlanError:
        return "no_plan", None
    except CurriplanError:
        return "failed", None
    return solution.status.value, solution.selection


def _flat(row: LevelValue) -> LevelValue:
    return _with(row, value=1.0)


def perturbed_catalog(catalog: Catalog, number: int) -> Catalog:
    """Return the catalog with other importances, estimated exit levels and costs.

    The same number always gives the same catalog, and each row's draw is its own: rows may be shuffled,
    added or taken out without touching the others'.
    """
    costs = {
        table: tuple(_with_costs(row, columns, number) for row in catalog.table(table))
        for table, columns in COSTS.items()
    }
    return catalog.replace(
        occupation_requirements=tuple(
            _with(row, importance=min(1.0, row.importance * _factor(row, "importance", number)))
            for row in catalog.occupation_requirements
        ),
        module_outcomes=tuple(
            _with(row, exit_level=_exit(row, number)) if _is_estimate(row.source) else row
            for row in catalog.module_outcomes
        ),
        **costs,
    )


def _with_costs(row: R, columns: tuple[str, ...], number: int) -> R:
    changed = {name: round(getattr(row, name) * _factor(row, name, number)) for name in columns}
    return _with(row, **changed)


def _with(row: R, **values: Any) -> R:
    """Return a row with other values, and nothing that was worked out from the old ones."""
    fields = {name: getattr(row, name) for name in type(row).model_fields}
    changed: R = type(row).model_construct(**{**fields, **values})  # type: ignore[assignment]
    return changed


def _draw(row: Record, column: str, number: int) -> float:
    """Return a number from 0 to 1 that only the row, the column and the run decide."""
    seed = "/".join((str(number), row.table, *row.key_values(), column))
    return Random(seed).random()  # noqa: S311 - nothing secret


def _factor(row: Record, column: str, number: int) -> float:
    return 1 - SPREAD + 2 * SPREAD * _draw(row, column, number)


def _is_estimate(source: str | None) -> bool:
    return (source or "estimate").partition(":")[0].strip().casefold() == "estimate"


def _exit(row: ModuleOutcome, number: int) -> int:
    draw = _draw(row, "exit_level", number)
    if draw < LEVEL_OFF:
        return max(row.entry_level + 1, row.exit_level - 1)
    return min(8, row.exit_level + 1) if draw > 1 - LEVEL_OFF else row.exit_level


def _taken(selection: Selection) -> set[Key]:
    return {(start.programme, start.module) for start in selection.starts}


def _rows(problem: Problem, selection: Selection, counts: Counter[Key]) -> tuple[StabilityRow, ...]:
    """Return a row a module that any run takes, by programme and module in catalog order."""
    chosen = _taken(selection)
    return tuple(
        StabilityRow(programme, module, (programme, module) in chosen, counts[programme, module])
        for programme in problem.limits.planned
        for module in problem.catalog.module_by_id
        if counts[programme, module] or (programme, module) in chosen
    )
