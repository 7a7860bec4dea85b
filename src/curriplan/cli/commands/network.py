"""The command about many colleges at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curriplan.base.errors import UsageError
from curriplan.cli.commands.shared import choices_of, refuse_both, with_terminal
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import FORCE, STRICT, File, Number, Shard, setting_options, time_limit_of_each
from curriplan.problem.declaration import Group
from curriplan.problem.settings import Settings


@click.command(cls=SaidCommand)
@click.argument("folder", type=File(), metavar="DIR")
@click.option(
    "-o",
    "--output",
    "out",
    type=File(),
    required=True,
    metavar="OUT",
    help="Folder of the results: made, or gone on with where it is one of this network.",
)
@click.option(
    "--workers",
    type=Number(1, 1000, whole=True),
    metavar="N",
    help="Processes of this machine that plan colleges side by side; 1 needs no Dask.  "
    "[default: as many as there are cores]",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Have the workers of this Dask scheduler plan instead, with TLS as Dask is configured; they must "
    "see DIR and OUT under the same paths.",
)
@click.option(
    "--allow-plain",
    is_flag=True,
    help="Let --scheduler be on another machine without TLS: whoever is on the way can read and change all.",
)
@click.option(
    "--resume/--no-resume",
    default=True,
    show_default=True,
    help="Go on with what is in OUT, or begin anew.",
)
@click.option(
    "--shard",
    type=Shard(),
    metavar="I/N",
    help="Read and plan by themselves the I-th of N parts of the colleges only, in this process; --merge "
    "takes the parts together.",
)
@click.option(
    "--merge",
    type=File(),
    multiple=True,
    metavar="OUT",
    help="Take the results of another run of the same network, such as a shard, first; repeatable.",
)
@click.option("--alone", is_flag=True, help="End with the plans of the colleges by themselves.")
@click.option(
    "--network-gap",
    type=Number(0, 1),
    default=0.01,
    show_default=True,
    metavar="R",
    help="Relative gap at which the national plan is near enough to what is possible.",
)
@click.option(
    "--rounds",
    type=Number(1, 1000, whole=True),
    default=40,
    show_default=True,
    metavar="N",
    help="Rounds at most in which colleges are asked at prices.",
)
@click.option(
    "--workbooks/--no-workbooks",
    default=True,
    show_default=True,
    help="Write a workbook of each college's plan, beside its plan.json.",
)
@setting_options(
    "practice_share",
    "profile",
    "horizon",
    Group.OBJECTIVES,
    "equity",
    Group.SOLVING,
    without="time_limit_s",
)
@time_limit_of_each()
@click.option(
    "--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form."
)
@FORCE
@STRICT
@with_terminal
def network(
    terminal: Terminal,
    folder: Path,
    out: Path,
    workers: int | None,
    scheduler: str | None,
    allow_plain: bool,
    resume: bool,
    shard: tuple[int, int] | None,
    merge: tuple[Path, ...],
    alone: bool,
    network_gap: float,
    rounds: int,
    workbooks: bool,
    kind: str,
    force: bool,
    **chosen: Any,
) -> None:
    """Plan a network of colleges that share money and centres.

    DIR is a folder with a network.toml. Each college is planned by itself, then asked what it would do with a
    share of what all have, and planned within what it is given. --time-limit is for each plan of a college.
    What is done stands in OUT: the same command goes on where an earlier one ended, however it ended.
    """
    refuse_both("--shard", shard, "--scheduler", scheduler)
    refuse_both("--shard", shard, "--workers", workers)
    refuse_both("--scheduler", scheduler, "--workers", workers)
    if allow_plain and scheduler is None:
        raise UsageError.of("option-needs-other", option="--allow-plain", other="--scheduler")
    from curriplan.api.network.files import NETWORK_FILES
    from curriplan.api.network.run import NetworkChoices
    from curriplan.api.network.start import Helpers, plan_network
    from curriplan.cli.console.national import show_national
    from curriplan.cli.console.network import exit_code_of, progress_line, show_shard
    from curriplan.plan.network import network_to_json

    choices = NetworkChoices(
        gap=network_gap,
        rounds=rounds,
        alone_only=alone,
        shard=shard,
        language=terminal.chosen,
        workbooks=workbooks,
        strict=terminal.strict,
    )
    settings = Settings(**choices_of(**chosen))
    with progress_line(terminal) as tell:
        plan = plan_network(
            folder,
            out,
            settings,
            choices,
            helpers=Helpers(workers, scheduler, allow_plain),
            merge=merge,
            resume=resume,
            force=force,
            tell=tell,
            remark=lambda issue: terminal.warn([issue]),
            merged=lambda count: terminal.tell(
                terminal.text("network.merged", count=count, folders=", ".join(map(str, merge)))
            ),
        )
    if kind == "json":
        terminal.say(network_to_json(plan).rstrip("\n"))
    elif shard is not None and not terminal.quiet:
        show_shard(terminal, plan, out)
    elif not terminal.quiet:
        show_national(terminal, plan, [str(out / name) for name in NETWORK_FILES])
    code = exit_code_of(plan)
    if code:
        raise click.exceptions.Exit(code)
