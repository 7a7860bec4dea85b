"""Commands about one plan: make it, verify it, explain it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curriplan.base.errors import ExitCode, InfeasibleError, Issue, NoPlanError, UsageError
from curriplan.cli.commands.shared import (
    choices_of,
    deliver,
    input_file,
    is_given,
    limits_of_plan,
    one_catalog,
    read,
    refuse_idle_partners,
    with_terminal,
)
from curriplan.cli.console.in_force import show_in_force
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import (
    CATALOG,
    DIAGNOSIS,
    FORCE,
    NAMED_CATALOG,
    PRINT_DETAILS,
    STRICT,
    WORKERS,
    File,
    Number,
    outputs_option,
    setting_options,
)
from curriplan.plan.frontier import OF_A_PLAN
from curriplan.problem.declaration import Group
from curriplan.problem.settings import Replan, Settings

if TYPE_CHECKING:
    from curriplan.api.reading import Reading
    from curriplan.api.results import PlanResult
    from curriplan.api.time_limit import TimeLimit
    from curriplan.base.progress import Progress


@click.command(cls=SaidCommand)
@CATALOG
@NAMED_CATALOG
@outputs_option(".xlsx, .json [default: plan.xlsx]")
@setting_options(Group.SCOPE, Group.OBJECTIVES, "risk", Group.EARLIER_PLAN)
@click.option(
    "--review",
    type=File(),
    metavar="FILE",
    help="Workbook of a plan with a filled-in Review sheet: plan anew as it decides, with the settings of "
    "that plan where no others are given.",
)
@click.option(
    "--replan",
    type=click.Choice([wish.value for wish in Replan]),
    default=Replan.FEWEST.value,
    show_default=True,
    help="With --review, or --previous without --max-changes: change the fewest modules first, or make the "
    "best plan anew.",
)
@click.option(
    "--stability",
    type=Number(0, 1000, whole=True),
    metavar="N",
    help="Plan again under other value judgements and with N perturbed catalogs, and count how often each "
    "module is chosen; these runs together have --time-limit once more.",
)
@click.option(
    "--with-frontier",
    "frontier",
    is_flag=False,
    flag_value=str(max(OF_A_PLAN)),
    type=Number(min(OF_A_PLAN), max(OF_A_PLAN), whole=True),
    metavar="[N]",
    help="Add what other budgets would buy at best: a sheet with a chart of closure against cost, at N "
    "budgets, 3 to 5 (5 where N is left out). It takes up to --time-limit once more (of the bundled catalog "
    "twice as long as the plan), and does not change the plan.",
)
@WORKERS
@setting_options(Group.FAIRNESS, "time_limit_s", Group.SOLVING)
@DIAGNOSIS
@PRINT_DETAILS
@FORCE
@STRICT
@with_terminal
def optimize(
    terminal: Terminal,
    catalog: str | None,
    named_catalog: str | None,
    outputs: tuple[Path, ...],
    previous: Path | None,
    review: Path | None,
    replan: str,
    stability: int | None,
    frontier: int | None,
    workers: int | None,
    diagnosis: Path | None,
    print_details: bool,
    force: bool,
    **chosen: Any,
) -> None:
    """Find the best plan of a catalog and write it as a workbook."""
    from curriplan.api.time_limit import TimeLimit

    paths = outputs or (Path("plan.xlsx"),)
    limit = TimeLimit.of(chosen["time_limit_s"], paths)  # to import what follows takes a second

    from curriplan.api.analyses import with_frontier
    from curriplan.api.diagnose import DIAGNOSIS_ENDINGS, write_diagnosis
    from curriplan.api.optimize import optimize_catalog
    from curriplan.api.plan_file import earlier_starts, read_plan
    from curriplan.api.results import PLAN_ENDINGS
    from curriplan.base.files import check_outputs

    if workers is not None and stability is None and frontier is None:
        terminal.note(Issue("workers-unused", values={"count": workers}))
    catalog = one_catalog(catalog, named_catalog)
    for read_file in (input_file(catalog), previous, review):
        check_outputs(paths, PLAN_ENDINGS, force=force, source=read_file)
        check_outputs([diagnosis] if diagnosis else [], DIAGNOSIS_ENDINGS, force=force, source=read_file)
    earlier = read_plan(previous) if previous else None
    choices = choices_of(previous=earlier_starts(earlier) if earlier else None, **chosen)
    with terminal.progress() as progress:
        try:
            if review is not None:
                reading, result = _replan(
                    terminal, review, catalog, choices, Replan(replan), progress, stability, workers, limit
                )
            else:
                settings = Settings(**choices).for_replanning(Replan(replan))
                refuse_idle_partners(settings)
                limit.require()
                reading = read(terminal, catalog, settings)
                result = optimize_catalog(
                    reading.require(),
                    settings,
                    source=reading.source,
                    warnings=reading.issues,
                    progress=progress,
                    stability=stability,
                    workers=workers,
                    previous_catalog=earlier.catalog.id if earlier else None,
                    time_limit=limit,
                )
            if frontier is not None:
                result = with_frontier(result, frontier, progress, workers)
        except (InfeasibleError, NoPlanError) as error:
            if diagnosis is not None:
                write_diagnosis(error, diagnosis)
            raise
        result.write(paths, terminal.language, print_details=print_details)
    for issue in result.warnings[len(reading.issues) :]:  # `curriplan check` does not show these
        terminal.tell(terminal.line(issue))
    if not terminal.quiet:
        from curriplan.cli.console.plan import show_plan

        show_plan(terminal, result, [str(path) for path in paths])


@click.command(cls=SaidCommand)
@click.argument("plan", type=File())
@CATALOG
@NAMED_CATALOG
@click.option(
    "--optimality", is_flag=True, help="Solve again too, and prove that no plan is better within the gap."
)
@click.option(
    "--time-limit",
    type=Number(0, 10**6, above=True),
    metavar="S",
    help="Seconds for everything together, with --optimality.  [default: 300]",
)
@with_terminal
def verify(
    terminal: Terminal,
    plan: Path,
    catalog: str | None,
    named_catalog: str | None,
    optimality: bool,
    time_limit: float | None,
) -> None:
    """Re-evaluate a plan.json without a solver and say which rules hold.

    CATALOG is by default the one that the plan names. What is not checked is named: that no plan is
    better is the solver's word, unless --optimality proves it again. Then exit 6 also says that there is
    a better plan, exit 5 that there was no time to tell.
    """
    from curriplan.api.verify import PROOF_LIMIT_S, verify_saved_plan
    from curriplan.cli.console.verdict import exit_code_of, show_verdict

    if time_limit is not None and not optimality:
        raise UsageError.of("option-needs-other", option="--time-limit", other="--optimality")
    started = time.monotonic()
    verdict = verify_saved_plan(plan, one_catalog(catalog, named_catalog))
    if optimality:
        left_s = (time_limit or PROOF_LIMIT_S) - (time.monotonic() - started)
        verdict = verdict.proven_again(time_limit_s=left_s)
    code = exit_code_of(verdict)
    if code is not ExitCode.DONE or not terminal.quiet:
        show_verdict(terminal, verdict)
    raise click.exceptions.Exit(code)


@click.command(cls=SaidCommand)
@click.argument("plan", type=File())
@CATALOG
@NAMED_CATALOG
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@click.option(
    "--module", "modules", multiple=True, metavar="ID", help="Explain this module only; repeatable."
)
@click.option(
    "--programme",
    "programmes",
    multiple=True,
    metavar="ID",
    help="Explain modules of this programme only; repeatable.",
)
@click.option(
    "--time-limit",
    type=Number(0, 10**6, above=True),
    default=900.0,
    show_default=True,
    metavar="S",
    help="Seconds for everything together; what is not answered by then is named.",
)
@WORKERS
@FORCE
@with_terminal
def explain(
    terminal: Terminal,
    plan: Path,
    catalog: str | None,
    named_catalog: str | None,
    outputs: tuple[Path, ...],
    modules: tuple[str, ...],
    programmes: tuple[str, ...],
    time_limit: float,
    workers: int | None,
    force: bool,
) -> None:
    """Say why each module is in or out, and what more of each limit would buy.

    Each module of plan.json is taken out, or forced in, and the rest planned anew. CATALOG is by
    default the one that the plan names.
    """
    from curriplan.api.explain import EXPLANATION_ENDINGS, explain_saved, write_explanation
    from curriplan.base.files import check_outputs
    from curriplan.cli.console.explanation import show_explanation

    check_outputs(outputs, EXPLANATION_ENDINGS, force=force, source=plan)
    with terminal.progress("question") as progress:
        result, found = explain_saved(
            plan,
            one_catalog(catalog, named_catalog),
            modules=modules,
            programmes=programmes,
            time_limit_s=time_limit,
            progress=progress,
            workers=workers,
        )
    write = partial(write_explanation, found, result)

    def show() -> None:
        show_in_force(terminal, found, limits_of_plan(plan, found))
        show_explanation(terminal, result, found, in_full=bool(modules))

    deliver(terminal, outputs, write, show)


def _edit_option(name: str, metavar: str, text: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", name, multiple=True, metavar=metavar, help=f"{text}; repeatable.")


@click.command("try", cls=SaidCommand)
@click.argument("plan", type=File())
@CATALOG
@NAMED_CATALOG
@_edit_option("add", "P:M:T", "Add module M to programme P, starting in its term T")
@_edit_option("drop", "P:M", "Take module M out of programme P")
@_edit_option("move", "P:M:T", "Start module M of programme P in term T")
@click.option(
    "--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form."
)
@with_terminal
def try_edit(
    terminal: Terminal,
    plan: Path,
    catalog: str | None,
    named_catalog: str | None,
    add: tuple[str, ...],
    drop: tuple[str, ...],
    move: tuple[str, ...],
    kind: str,
) -> None:
    """Say what a hand edit of a plan.json breaks, gains and costs, the rest unchanged.

    Nothing is planned anew and nothing is written. CATALOG is by default the one that the plan names.
    Exit code 6 says that the edit breaks a rule.
    """
    from curriplan.api.hand_edit import edit_saved, edits_of
    from curriplan.cli.console.hand_edit import edit_json, show_edit

    edits = edits_of(add, drop, move)
    outcome, found = edit_saved(plan, one_catalog(catalog, named_catalog), edits)
    if kind == "json":
        terminal.say(edit_json(outcome))
    elif not (terminal.quiet and outcome.holds):
        show_in_force(terminal, found, limits_of_plan(plan, found))
        show_edit(terminal, outcome, found)
    if not outcome.holds:
        raise click.exceptions.Exit(ExitCode.BROKEN_RULE)


def _replan(
    terminal: Terminal,
    review: Path,
    catalog: str | None,
    choices: Mapping[str, Any],
    wish: Replan,
    progress: Callable[[Progress], None] | None,
    stability: int | None,
    workers: int | None,
    limit: TimeLimit,
) -> tuple[Reading, PlanResult]:
    """Make the plan that a review asks for, with the settings of the plan under review."""
    from curriplan.api.review.read import read_review
    from curriplan.api.review.replan import replan, reviewed_settings, reviewed_source

    found = read_review(review)
    anew = {name: value for name, value in choices.items() if is_given(name)}
    settings = reviewed_settings(found, anew, wish)
    refuse_idle_partners(settings)
    reading = read(terminal, catalog or reviewed_source(found), settings)
    names = ", ".join(sorted(anew)) or terminal.text("message.no_settings")
    terminal.tell(terminal.text("message.review_settings", names=names))
    limit.limit_s = settings.time_limit_s
    done = replan(
        found,
        reading,
        settings,
        progress=progress,
        stability=stability,
        workers=workers,
        time_limit=limit,
    )
    return reading, done
