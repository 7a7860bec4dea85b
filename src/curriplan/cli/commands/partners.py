"""The command about partners that leave."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from curriplan.cli.commands.shared import deliver, limits_of_plan, one_catalog, with_terminal
from curriplan.cli.console.in_force import show_in_force
from curriplan.cli.console.stress import show_stress
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import (
    CATALOG,
    FORCE,
    NAMED_CATALOG,
    TIME_LIMIT,
    WORKERS,
    File,
    Number,
    outputs_option,
    setting_options,
)


@click.command(cls=SaidCommand)
@click.argument("plan", type=File())
@CATALOG
@NAMED_CATALOG
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@setting_options("partners")
@click.option(
    "--leaves",
    "leaves_year",
    type=Number(1900, 2200, whole=True),
    metavar="YEAR",
    help="The partner leaves in this calendar year: what fell due before is paid as in the plan.  "
    "[default: before anything is paid]",
)
@click.option(
    "--shares",
    is_flag=True,
    help="Also show how much closure the money of each source gives (Shapley), of six sources at most.",
)
@TIME_LIMIT
@WORKERS
@FORCE
@with_terminal
def stress(
    terminal: Terminal,
    plan: Path,
    catalog: str | None,
    named_catalog: str | None,
    outputs: tuple[Path, ...],
    partners: tuple[str, ...],
    leaves_year: int | None,
    shares: bool,
    time_limit_s: float,
    workers: int | None,
    force: bool,
) -> None:
    """Show what a plan.json loses when a partner leaves, who pays then, and which modules fall.

    A partner is a funding source that is not the college's own. What can be left of the plan is planned anew:
    modules may fall or be taught again as today, none is added. CATALOG is by default the one that the plan
    names.
    """
    from curriplan.api.analyses import TABLE_ENDINGS
    from curriplan.api.stress import stress_saved, write_stress
    from curriplan.base.files import check_outputs

    check_outputs(outputs, TABLE_ENDINGS, force=force, source=plan)
    with terminal.progress("budget") as progress:
        result, found = stress_saved(
            plan,
            one_catalog(catalog, named_catalog),
            partners,
            leaves_year=leaves_year,
            shares=shares,
            time_limit_s=time_limit_s,
            progress=progress,
            workers=workers,
        )

    def show() -> None:
        show_in_force(terminal, found, limits_of_plan(plan, found))
        show_stress(terminal, result, found)

    deliver(terminal, outputs, partial(write_stress, found, result), show)
