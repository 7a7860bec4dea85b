"""Commands about several plans: the frontier, plans by outlooks, and the comparison."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from curriplan.cli.commands.shared import deliver, input_file, read, settings_of, with_terminal
from curriplan.cli.console.analyses import show_comparison, show_frontier, show_scenarios
from curriplan.cli.console.in_force import show_in_force
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import (
    CATALOG,
    FORCE,
    PROFILE,
    PROGRAMMES,
    STRICT,
    TIME_LIMIT,
    WORKERS,
    File,
    Number,
    outputs_option,
)


@click.command(cls=SaidCommand)
@CATALOG
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@click.option(
    "--points",
    type=Number(2, 100, whole=True),
    default=9,
    show_default=True,
    metavar="N",
    help="How many budgets at most; the least that allows a plan, what the best closure needs and the "
    "present one always stand.",
)
@PROGRAMMES
@PROFILE
@TIME_LIMIT
@WORKERS
@FORCE
@STRICT
@with_terminal
def frontier(
    terminal: Terminal,
    catalog: str | None,
    outputs: tuple[Path, ...],
    points: int,
    programmes: tuple[str, ...],
    profile: Path | None,
    time_limit_s: float,
    workers: int | None,
    force: bool,
) -> None:
    """Show how much closure each budget buys at best."""
    from curriplan.api.analyses import TABLE_ENDINGS, frontier_of, write_frontier
    from curriplan.base.files import check_outputs
    from curriplan.problem.limits import effective_limits

    check_outputs(outputs, TABLE_ENDINGS, force=force, source=input_file(catalog))
    settings = settings_of(programmes=programmes, profile=profile, time_limit_s=time_limit_s)
    with terminal.progress("budget") as progress:
        found = read(terminal, catalog, settings).require()
        result = frontier_of(found, settings, points, progress, workers)
    write = partial(write_frontier, found, result)

    def show() -> None:
        show_in_force(terminal, found, effective_limits(found, settings))
        show_frontier(terminal, result, found)

    deliver(terminal, outputs, write, show)


@click.command(cls=SaidCommand)
@CATALOG
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@click.option(
    "--risk",
    type=Number(0, 1),
    default=0.5,
    show_default=True,
    metavar="R",
    help="Weight of the worst regret in the plan for all outlooks; the rest is expected closure.",
)
@PROGRAMMES
@PROFILE
@TIME_LIMIT
@FORCE
@STRICT
@with_terminal
def scenarios(
    terminal: Terminal,
    catalog: str | None,
    outputs: tuple[Path, ...],
    risk: float,
    programmes: tuple[str, ...],
    profile: Path | None,
    time_limit_s: float,
    force: bool,
) -> None:
    """Show what plans close in each outlook, and what one for all is worth.

    The plans: one for all outlooks, one for the shares of today, one for the average outlook, and one for
    each outlook alone. Probabilities of outlooks are assumptions of the catalog.
    """
    from curriplan.api.analyses import TABLE_ENDINGS, scenarios_of, write_scenarios
    from curriplan.base.files import check_outputs

    check_outputs(outputs, TABLE_ENDINGS, force=force, source=input_file(catalog))
    settings = settings_of(programmes=programmes, profile=profile, time_limit_s=time_limit_s, risk=risk)
    with terminal.progress() as progress:
        found = read(terminal, catalog, settings).require()
        result = scenarios_of(found, settings, progress)
    write = partial(write_scenarios, found, result)
    deliver(terminal, outputs, write, lambda: show_scenarios(terminal, result, found))


@click.command(cls=SaidCommand)
@click.argument("first", type=File())
@click.argument("second", type=File())
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@FORCE
@with_terminal
def compare(
    terminal: Terminal,
    first: Path,
    second: Path,
    outputs: tuple[Path, ...],
    force: bool,
) -> None:
    """Show what changed from one plan.json to another."""
    from curriplan.api.analyses import TABLE_ENDINGS, compare_saved, write_comparison
    from curriplan.base.files import check_outputs

    for read_file in (first, second):
        check_outputs(outputs, TABLE_ENDINGS, force=force, source=read_file)
    comparison, catalog = compare_saved(first, second)
    terminal.fallback = catalog.info.language
    write = partial(write_comparison, catalog, comparison)
    deliver(terminal, outputs, write, lambda: show_comparison(terminal, comparison, catalog))
