"""Plan again with other value judgements and with perturbed estimates: which choices stand."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from curriplan.base.errors import CurriplanError, InfeasibleError, NoPlanError
from curriplan.base.progress import Progress
from curriplan.catalog.records import Catalog
from curriplan.optimizer.crew import crew_of, workers_of
from curriplan.optimizer.solve.prepared import prepared
from curriplan.optimizer.solve.solver import Interrupt, catch_interrupt
from curriplan.optimizer.solve.stages import solve
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.plan import Selection
from curriplan.plan.stability import NOT_RUN, Stability, StabilityRow, StabilityRun
from curriplan.problem.perturbed import perturbed_catalog, with_values
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

MEETING_SHARES = (0.0, 0.5, 1.0)
ESSENTIAL_FACTORS = (1.0, 2.0, 4.0)
RUN_LIMIT_S = 60.0
"""One run takes no longer than this; all together no longer than the time limit of the plan."""
LEAST_S = 1.0
"""The solver has this long even where the programmes planned alone have used up a run's time."""
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
    workers: int | None = None,
) -> Stability:
    """Plan again in every variation and count how often each module is chosen.

    Parameters
    ----------
    selection : Selection
        The plan of the problem as it is; it counts as the run with the plan's own judgements.
    perturbed : int
        How many catalogs with perturbed estimates, beside the nine (or 18) value judgements.
    workers : int, optional
        How many runs go on side by side; by default as many as there are cores, where that pays.

    Returns
    -------
    Stability
        After Ctrl-C, or when the runs have taken as long as the plan might, those that are left, and one
        that Ctrl-C broke off, are ``not_run``.
    """
    settings = problem.limits.settings
    variations = tuple(_variations(problem.catalog, settings, perturbed))
    begun = itertools.count(1)
    broken_off: set[_Variation] = set()

    def tell() -> None:
        if progress is not None:
            progress(Progress(next(begun), len(variations), "closure", 0.0))

    count = min(workers_of(workers, problem), len(variations))
    with catch_interrupt() as interrupt, crew_of(count, _given, (problem,), interrupt, problem) as crew:
        watch = Watch(time.monotonic() + settings.time_limit_s, interrupt)

        def task(variation: _Variation) -> tuple[_Variation, float] | None:
            return None if watch.is_over else (variation, min(RUN_LIMIT_S, watch.left_s))

        def done(variation: _Variation) -> None:
            if interrupt.pressed:
                broken_off.add(variation)
            tell()

        others = [variation for variation in variations if not variation.is_plan_of(settings)]
        tell()
        found = dict(zip(others, crew.ask(_answer, others, task, done), strict=True))
    runs = []
    counts: Counter[Key] = Counter()
    for variation in variations:
        status, chosen = found.get(variation, ("optimal", selection)) or (NOT_RUN, None)
        if variation in broken_off:
            status, chosen = NOT_RUN, None
        runs.append(variation.run(status))
        counts.update(chosen.taken if chosen is not None else ())
    return Stability(_rows(problem, selection, counts), tuple(runs))


def _given(problem: Problem, _interrupt: Interrupt) -> Problem:
    """Return what a worker varies."""
    return problem


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


def _answer(problem: Problem, task: tuple[_Variation, float]) -> tuple[str, Selection | None]:
    """Solve one variation in so many seconds."""
    return _solved(problem, *task)


def _solved(problem: Problem, variation: _Variation, limit_s: float) -> tuple[str, Selection | None]:
    """Solve one variation with the same objectives and within the same rules."""
    deadline = time.monotonic() + limit_s
    settings = replace(
        problem.limits.settings,
        meeting_share=variation.meeting_share,
        essential_factor=variation.essential_factor,
        prove_last_points=False,  # nobody asks a run what they cost
    )
    catalog = problem.catalog
    if variation.flat_levels:
        catalog = catalog.replace(
            level_values=tuple(with_values(row, value=1.0) for row in catalog.level_values)
        )
    if variation.number is not None:
        catalog = perturbed_catalog(catalog, variation.number)
    changed = problem.with_settings(settings, catalog)
    try:
        changed = prepared(changed, time_limit_s=limit_s)
        if changed.limits.closure_alone or changed.limits.outlook_best:
            limit_s = max(LEAST_S, deadline - time.monotonic())
        solution = solve(changed, time_limit_s=limit_s)
    except InfeasibleError:
        return "infeasible", None
    except NoPlanError:
        return "no_plan", None
    except CurriplanError:
        return "failed", None
    return solution.status.value, solution.selection


def _rows(problem: Problem, selection: Selection, counts: Counter[Key]) -> tuple[StabilityRow, ...]:
    """Return a row a module that any run takes, by programme and module in catalog order."""
    chosen = selection.taken
    return tuple(
        StabilityRow(programme, module, (programme, module) in chosen, counts[programme, module])
        for programme in problem.limits.planned
        for module in problem.catalog.module_by_id
        if counts[programme, module] or (programme, module) in chosen
    )
