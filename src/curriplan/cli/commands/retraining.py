"""The command about ways to other occupations."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from curriplan.base.errors import Issue, UsageError
from curriplan.cli.commands.shared import (
    deliver,
    input_file,
    is_given,
    read,
    refuse_both,
    settings_of,
    with_terminal,
)
from curriplan.cli.console.retraining import show_retraining
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import (
    CATALOG,
    FORCE,
    HOUR_COST,
    PROFILE,
    STRICT,
    TIME_LIMIT,
    Number,
    Semester,
    outputs_option,
)


@click.command(cls=SaidCommand)
@CATALOG
@click.option("--from", "source", metavar="OCCUPATION", help="The occupation that people come from.")
@click.option(
    "--baseline",
    metavar="FILE",
    help="A CSV file of levels that they hold (competency,level), or a programme of the catalog whose "
    "learners bring the same; beside --from both count.",
)
@click.option(
    "--to",
    default="any",
    show_default=True,
    metavar="OCCUPATION",
    help="An occupation, `any` for those that cost least, or `floors` for the safety floors.",
)
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@click.option(
    "--top",
    type=Number(1, 1000, whole=True),
    default=10,
    show_default=True,
    metavar="K",
    help="How many occupations, with --to any.",
)
@click.option(
    "--safer", is_flag=True, help="Only occupations that all sources call less exposed to automation."
)
@click.option(
    "--matrix",
    type=Number(2, 1000, whole=True),
    metavar="N",
    help="From each of the N occupations that are exposed most, in the place of --from.",
)
@click.option(
    "--cover",
    type=Number(0, 1, above=True),
    metavar="R",
    help="Ask for so much of the occupation, such as 0.8, in the place of all essential needs.",
)
@click.option(
    "--learners",
    type=Number(1, 1_000_000, whole=True),
    default=25,
    show_default=True,
    metavar="N",
    help="Learners of the course.",
)
@click.option(
    "--terms",
    type=Number(1, 20, whole=True),
    default=8,
    show_default=True,
    metavar="N",
    help="At most so many terms.",
)
@click.option(
    "--start",
    type=Semester(),
    metavar="SEMESTER",
    help="The first term, such as 2026-1.  [default: that of the first programme]",
)
@click.option("--within", is_flag=True, help="Within the free hours of the college's rooms and its money.")
@HOUR_COST
@PROFILE
@TIME_LIMIT
@FORCE
@STRICT
@with_terminal
def retrain(
    terminal: Terminal,
    catalog: str | None,
    source: str | None,
    baseline: str | None,
    to: str,
    outputs: tuple[Path, ...],
    top: int,
    safer: bool,
    matrix: int | None,
    cover: float | None,
    learners: int,
    terms: int,
    start: str | None,
    within: bool,
    hour_kzt: int | None,
    profile: Path | None,
    time_limit_s: float,
    force: bool,
) -> None:
    """Show the cheapest modules that lead from one occupation to another.

    What people hold is what their occupation asks for, or what a file says. A route gives all essential
    needs of the target; of those that cost the same it has the fewest hours, then the fewest terms.
    """
    from curriplan.api.analyses import TABLE_ENDINGS
    from curriplan.api.baseline_file import read_baseline
    from curriplan.api.retrain import ANY, Asking, retrain_catalog, write_retraining
    from curriplan.base.files import check_outputs
    from curriplan.problem.retraining import CourseWish

    refuse_both("--matrix", matrix, "--from", source)
    if to != ANY and is_given("top"):
        raise UsageError.of("option-needs-other", option="--top", other=f"--to {ANY}")
    for read_file in (input_file(catalog), input_file(baseline)):
        check_outputs(outputs, TABLE_ENDINGS, force=force, source=read_file)
    settings = settings_of(profile=profile, time_limit_s=time_limit_s)
    with terminal.steps():
        reading = read(terminal, catalog, settings)
        found = reading.require()
        warnings: list[Issue] = []
        brought = {} if baseline is None else read_baseline(found, baseline, warnings)
        terminal.warn(warnings)
        wish = CourseWish(learners, terms, start, within, cover, hour_kzt)
        asking = Asking(source, brought, to, wish, top, safer, matrix)
        result = retrain_catalog(found, asking, settings, source=reading.source)
    write = partial(write_retraining, found, result)
    deliver(terminal, outputs, write, lambda: show_retraining(terminal, found, result))
