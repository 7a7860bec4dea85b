"""What each programme reaches when it is planned alone (§13)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from curriplan.base.errors import InfeasibleError
from curriplan.base.progress import Progress
from curriplan.catalog.records import Catalog
from curriplan.optimizer.solve.stages import solve
from curriplan.problem.curriculum import Curricula
from curriplan.problem.gaps import ProgrammeGaps
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.settings import ObjectiveChoice


def closure_alone(
    catalog: Catalog,
    limits: Limits,
    *,
    curricula: Curricula | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> dict[str, float]:
    """Find the best closure of each planned programme when only that one is planned.

    The settings are those of `limits`, without an earlier plan and without equity, and closure is the
    only objective. Its time limit is for all programmes together. Programmes that lack nothing are
    left out; one for which no plan is possible alone has 0, and is compared with nothing.

    Raises
    ------
    NoPlanError, SolverError
        As `curriplan.optimizer.solve.stages.solve`.
    """
    curricula = curricula or Curricula(catalog)
    deadline = time.monotonic() + limits.settings.time_limit_s
    found: dict[str, float] = {}
    for name in limits.planned:
        if ProgrammeGaps(catalog, limits, name).total_weight > 0:
            own = _limits_alone(catalog, limits, name, deadline - time.monotonic())
            try:
                found[name] = solve(catalog, own, curricula=curricula, progress=progress).stages[0].value
            except InfeasibleError:
                found[name] = 0.0
    return found


def with_closure_alone(
    catalog: Catalog,
    limits: Limits,
    *,
    curricula: Curricula | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Limits:
    """Return the limits with what each programme reaches alone, where a rule or an objective asks for it."""
    if not limits.needs_closure_alone:
        return limits
    found = closure_alone(catalog, limits, curricula=curricula, progress=progress)
    return replace(limits, closure_alone=found)


def _limits_alone(catalog: Catalog, limits: Limits, programme: str, left_s: float) -> Limits:
    settings = replace(
        limits.settings,
        programmes=(programme,),
        objectives=(ObjectiveChoice("closure"),),
        previous=None,
        max_changes=None,
        taught_until=None,
        equity=None,
        review=(),
        time_limit_s=max(1.0, left_s),
    )
    return effective_limits(catalog, settings)
