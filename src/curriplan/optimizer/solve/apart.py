"""What each programme has at least bounds a sum over programmes: a stage that takes long is looked at so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from curriplan.optimizer.solve.run import Run
from curriplan.optimizer.solve.session import INFINITE, HighsSession
from curriplan.optimizer.solve.solver import Outcome, Solved, SolveOptions, solve_with_highs

NODES_TOGETHER = 200
"""Nodes of a search within which most colleges are done: only then each programme is looked at."""
NODES_EACH = 2000
"""Nodes at most for one programme; the bound of a search that ends so is true as well."""
TIME_SHARE = 0.4
"""Of the time that is left, what all programmes together may take at most."""
ROW_SLACK = 1e-6
"""Relative slack of a bound that becomes a row, above the solver's feasibility tolerance."""


def improve_apart(run: Run, name: str, options: SolveOptions) -> Solved:
    """Solve for an objective as `Run.improve`; `balance`, where it takes long, with a bound by programme.

    The relaxation evens out the terms of every programme with fractions of modules. What a programme has at
    least, whatever the others do within their rows, is a row that no plan of this stage or of a later one
    breaks: Σ_{t<u} |load[p,t] − load[p,u]| ≥ its bound.
    """
    parts = list(_differences(run)) if name == "balance" else []
    is_known = run.best is not None and isinstance(run.plans.session, HighsSession)
    if len(parts) < 2 or not is_known or run.is_bounded_apart:
        return run.improve(name, options)
    solved = run.improve(name, replace(options, most_nodes=NODES_TOGETHER))
    if not takes_long(run, solved):
        return solved
    _bound_each(run, options, parts)
    assert run.best is not None
    # A plan that a search was cut short at is not near the best: RENS pays (decision 26).
    again = replace(options, start=run.best.values, time_limit_s=run.clock.left_s, is_near=False)
    return run.improve(name, again)


def takes_long(run: Run, solved: Solved) -> bool:
    """Say whether it was the number of nodes that ended a search."""
    is_over = run.interrupt.pressed or run.clock.left_s <= 0
    return solved.outcome is Outcome.STOPPED_WITH_PLAN and not is_over


def _differences(run: Run) -> Iterator[dict[int, float]]:
    """Yield the sum of the differences of each programme."""
    model = run.plans.model
    for one in model.problem.programmes:
        variables = (variable for key, variable in model.difference.items() if key[0] == one.id)
        yield {run.plans.column[variable.name]: 1.0 for variable in variables}


def _bound_each(run: Run, options: SolveOptions, parts: list[dict[int, float]]) -> None:
    """Find how small the differences of each programme can be at least, and hold them there by a row."""
    session = run.plans.session
    assert isinstance(session, HighsSession)
    assert run.best is not None
    one = replace(options, start=run.best.values, watch=None, most_nodes=NODES_EACH, is_near=True)
    left_s = run.clock.left_s * (1 - TIME_SHARE)
    for number, part in enumerate(parts):
        limit_s = (run.clock.left_s - left_s) / (len(parts) - number)
        if run.interrupt.pressed or limit_s <= 0:
            return
        session.minimise(part)
        bound = solve_with_highs(session, replace(one, time_limit_s=limit_s)).bound
        if bound is not None and bound > 0:
            session.add_row((bound - ROW_SLACK * max(1.0, bound), INFINITE), part)
    run.is_bounded_apart = True
