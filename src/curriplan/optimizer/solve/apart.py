"""What each programme has at least bounds a sum over programmes: a stage that takes long is looked at so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from curriplan.optimizer.solve.run import Run
from curriplan.optimizer.solve.session import INFINITE, Columns, HighsSession
from curriplan.optimizer.solve.solver import Outcome, Solved, SolveOptions, solve_with_highs

NODES_TOGETHER = 200
"""Nodes of a search within which most colleges are done: only then each programme is looked at."""
NODES_EACH = 2000
"""Nodes at most for the bound of one programme; that of a search that ends so is true as well."""
NODES_TO_LEAST = 500
"""Nodes at most for a plan in which one more programme has its least."""
NODES_OF_THE_REST = 1000
"""Nodes at most for the rest, where those are held that have it."""
TIME_SHARE = 0.4
"""Of the time that is left, what each of the three may take at most."""
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
    run.is_bounded_apart = True
    _near_least(run, name, options, list(_bounded(run, options, parts)))
    assert run.best is not None
    found = run.improve(name, replace(options, start=run.best.values, time_limit_s=run.clock.left_s))
    bounds = [bound for bound in (solved.bound, found.bound) if bound is not None]
    return replace(found, bound=max(bounds, default=None))


def takes_long(run: Run, solved: Solved) -> bool:
    """Say whether it was the number of nodes that ended a search."""
    is_over = run.interrupt.pressed or run.clock.left_s <= 0
    return solved.outcome is Outcome.STOPPED_WITH_PLAN and not is_over


def _differences(run: Run) -> Iterator[Columns]:
    """Yield the sum of the differences of each programme."""
    model = run.plans.model
    for one in model.problem.programmes:
        variables = (variable for key, variable in model.difference.items() if key[0] == one.id)
        yield {run.plans.column[variable.name]: 1.0 for variable in variables}


def _bounded(run: Run, options: SolveOptions, parts: list[Columns]) -> Iterator[tuple[Columns, float]]:
    """Find how small the differences of each programme can be at least, and hold them there by a row."""
    session = run.plans.session
    assert run.best is not None
    one = replace(options, start=run.best.values, most_nodes=NODES_EACH)
    for part, limit_s in zip(parts, _limits_s(run, len(parts)), strict=False):
        bound = _solved(run, part, replace(one, time_limit_s=limit_s)).bound
        least = max(0.0, bound or 0.0)
        session.add_row((least - ROW_SLACK * max(1.0, least), INFINITE), part)
        yield part, least


def _near_least(run: Run, name: str, options: SolveOptions, parts: Iterable[tuple[Columns, float]]) -> None:
    """Look for a plan in which most programmes have their least, the ones before held there; then the rest.

    It is the plan at hand from then on if it is better than that.
    """
    before, session = run.best, run.plans.session
    assert before is not None
    values, held, parts = before.values, [], list(parts)
    for (part, least), limit_s in zip(parts, _limits_s(run, len(parts)), strict=False):
        most = least + ROW_SLACK * max(1.0, least)
        one = replace(options, start=values, most_nodes=NODES_TO_LEAST, target=most, time_limit_s=limit_s)
        values = _solved(run, part, one).values or values
        if sum(values[column] for column in part) <= most:
            held.append(session.add_row((-INFINITE, most), part))
    limit_s = run.clock.left_s * TIME_SHARE
    rest = replace(options, start=values, most_nodes=NODES_OF_THE_REST, time_limit_s=limit_s)
    run.improve(name, rest)
    session.change_rows(dict.fromkeys(held, (-INFINITE, INFINITE)))
    assert run.best is not None
    if run.best.measures[name] > before.measures[name]:
        run.best = before


def _solved(run: Run, part: Columns, options: SolveOptions) -> Solved:
    session = run.plans.session
    assert isinstance(session, HighsSession)
    session.minimise(part)
    return solve_with_highs(session, replace(options, watch=None, is_near=True))


def _limits_s(run: Run, count: int) -> Iterator[float]:
    """Yield how long each of so many may take: what those before it left is shared out."""
    left_s = run.clock.left_s * (1 - TIME_SHARE)
    for waiting in range(count, 0, -1):
        limit_s = (run.clock.left_s - left_s) / waiting
        if run.interrupt.pressed or limit_s <= 0:
            return
        yield limit_s
