"""The command line: options in, pipeline, exit code out. No command decides anything itself."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curriplan.console import (
    Terminal,
    prepare_streams,
    problems_json,
    show_comparison,
    show_frontier,
    show_gaps,
    show_plan,
    show_problems,
    show_verdict,
)
from curriplan.errors import CatalogError, CurriplanError, ExitCode, InfeasibleError, Issue
from curriplan.options import (
    CATALOG,
    COMMON,
    FORCE,
    LANGUAGE_KEY,
    PROFILE,
    PROGRAMMES,
    STRICT,
    TIME_LIMIT,
    File,
    Number,
    Semester,
    objective_choices,
    outputs_option,
)
from curriplan.version import __version__

if TYPE_CHECKING:
    from curriplan.optimizer import Progress
    from curriplan.pipeline import Reading
    from curriplan.results import PlanResult
    from curriplan.settings import ObjectiveChoice, Settings


class Commands(click.Group):
    """The commands; turns errors that a user can mend into one clear message and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command on a console of any encoding."""
        prepare_streams()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a bug keeps its traceback."""
        try:
            with _whatever_follows_ctrl_c():
                return super().invoke(ctx)
        except CurriplanError as error:
            _terminal(ctx).error(error.issues)
            if isinstance(error, InfeasibleError):
                _terminal(ctx).diagnosis(error.diagnosis)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            _terminal(ctx).error([Issue("stopped")])
            ctx.exit(ExitCode.NO_PLAN)


@contextmanager
def _whatever_follows_ctrl_c() -> Iterator[None]:
    """Take an error that follows from Ctrl-C for Ctrl-C itself.

    PuLP swallows it while it imports the solver, and then complains that it has none; NumPy does not
    bear to be imported a second time.
    """
    pressed = []

    def press(number: int, frame: Any) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield
    except (CurriplanError, click.exceptions.Exit, click.ClickException, click.Abort):
        raise
    except Exception as error:
        if pressed:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _terminal(ctx: click.Context) -> Terminal:
    language: Terminal | str | None = ctx.meta.get(LANGUAGE_KEY)
    return language if isinstance(language, Terminal) else Terminal(language)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="curriplan", message="%(prog)s %(version)s")
def main() -> None:
    """Plan vocational curricula: which practical modules, in which term.

    CATALOG is a folder of CSV tables, a workbook of the same tables, or the name of a bundled catalog;
    left out, it is the bundled, illustrative one (kz-digital-college).

    Exit codes: 0 done, 1 a bug, 2 wrong usage, 3 something wrong in or about a
    file, 4 no plan can satisfy the rules, 5 stopped before any plan was found,
    6 verify found a broken rule, 7 the solver failed.
    """


@main.command()
@CATALOG
@outputs_option(".xlsx, .json [default: plan.xlsx]")
@PROGRAMMES
@click.option(
    "--budget", type=Number(0, 10**15, whole=True), metavar="KZT", help="Cap on all new money together."
)
@click.option(
    "--practice-share", type=Number(0, 1), metavar="R", help="Least share of practice, such as 0.4."
)
@PROFILE
@click.option(
    "--objective",
    "objectives",
    callback=objective_choices,
    metavar="NAME[:T],...",
    help="Objectives by importance, of no_harm, closure, cost, disruption, balance, peak, distance, "
    "adaptability, fairness; later ones may worsen one by T, in its own unit "
    "[default: no_harm, closure:0.005, cost, disruption, balance].",
)
@click.option(
    "--previous", type=File(), metavar="FILE", help="plan.json of an earlier plan, to count changes against."
)
@click.option(
    "--max-changes",
    type=Number(0, 10**6, whole=True),
    metavar="N",
    help="At most so many modules added, dropped or moved against --previous.",
)
@click.option(
    "--taught-until",
    type=Semester(),
    metavar="SEMESTER",
    help="Keep the terms up to this semester, such as 2026-2, as --previous has them.",
)
@click.option(
    "--review",
    type=File(),
    metavar="FILE",
    help="Workbook of a plan with a filled-in Review sheet: plan anew as it decides, with the settings of "
    "that plan where no others are given.",
)
@click.option(
    "--stability",
    type=Number(0, 1000, whole=True),
    metavar="N",
    help="Plan again under other value judgements and with N perturbed catalogs, and count how often each "
    "module is chosen; these runs together have --time-limit once more.",
)
@click.option(
    "--equity",
    type=Number(0, 1),
    metavar="R",
    help="Least closure of each programme, as a share of what it reaches alone.",
)
@TIME_LIMIT
@click.option(
    "--gap",
    type=Number(0, 1),
    default=0.001,
    show_default=True,
    metavar="R",
    help="Relative gap at which an objective counts as proven.",
)
@click.option(
    "--solver", default="highs", show_default=True, type=click.Choice(["highs", "cbc"]), help="Solver."
)
@click.option(
    "--diagnosis",
    type=File(),
    metavar="FILE",
    help="Where no plan is possible (exit 4): write to this .json which demands clash and what would help.",
)
@FORCE
@STRICT
@COMMON
def optimize(
    catalog: str | None,
    outputs: tuple[Path, ...],
    programmes: tuple[str, ...],
    budget: int | None,
    practice_share: float | None,
    profile: Path | None,
    objectives: tuple[ObjectiveChoice, ...] | None,
    previous: Path | None,
    max_changes: int | None,
    taught_until: str | None,
    review: Path | None,
    stability: int | None,
    equity: float | None,
    time_limit: float,
    gap: float,
    solver: str,
    diagnosis: Path | None,
    force: bool,
    strict: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Find the best plan of a catalog and write it as a workbook."""
    from curriplan.files import check_outputs
    from curriplan.pipeline import DIAGNOSIS_ENDINGS, optimize_catalog, write_diagnosis
    from curriplan.plan_file import earlier_starts, read_plan
    from curriplan.results import PLAN_ENDINGS
    from curriplan.settings import Settings

    terminal = _start(lang, quiet, verbose, strict)
    paths = outputs or (Path("plan.xlsx"),)
    for read_file in (_input_file(catalog), previous, review):
        check_outputs(paths, PLAN_ENDINGS, force=force, source=read_file)
        check_outputs([diagnosis] if diagnosis else [], DIAGNOSIS_ENDINGS, force=force, source=read_file)
    earlier = read_plan(previous) if previous else None
    choices = _choices(
        programmes=programmes,
        budget_kzt=budget,
        practice_share=practice_share,
        profile=profile,
        objectives=objectives,
        previous=earlier_starts(earlier) if earlier else None,
        max_changes=max_changes,
        taught_until=taught_until,
        equity=equity,
        time_limit_s=time_limit,
        gap=gap,
        solver=solver,
    )
    with terminal.progress() as progress:
        try:
            if review is not None:
                reading, result = _replan(terminal, review, catalog, choices, progress, stability)
            else:
                settings = Settings(**choices)
                reading = _read(terminal, catalog, settings)
                result = optimize_catalog(
                    reading.require(),
                    settings,
                    source=reading.source,
                    warnings=reading.issues,
                    progress=progress,
                    stability=stability,
                    previous_catalog=earlier.catalog.id if earlier else None,
                )
        except InfeasibleError as error:
            if diagnosis is not None:
                write_diagnosis(error, diagnosis)
            raise
        result.write(paths, terminal.language)
    for issue in result.warnings[len(reading.issues) :]:  # `curriplan check` does not show these
        terminal.tell(terminal.line(issue))
    if not quiet:
        show_plan(terminal, result, [str(path) for path in paths])


@main.command()
@CATALOG
@click.option(
    "--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form."
)
@STRICT
@COMMON
def check(catalog: str | None, kind: str, strict: bool, lang: str | None, quiet: bool, verbose: int) -> None:
    """List every problem of a catalog at once."""
    terminal = _start(lang, quiet, verbose, strict)
    reading = _look_at(terminal, catalog)
    if kind == "json":
        terminal.say(problems_json(terminal, reading))
    else:
        show_problems(terminal, reading)
    if reading.errors or (strict and reading.issues):
        raise click.exceptions.Exit(ExitCode.FILE)


@main.command()
@CATALOG
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@PROGRAMMES
@PROFILE
@FORCE
@STRICT
@COMMON
def gaps(
    catalog: str | None,
    outputs: tuple[Path, ...],
    programmes: tuple[str, ...],
    profile: Path | None,
    force: bool,
    strict: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Show what graduates still lack for their occupations."""
    from curriplan.analyses import TABLE_ENDINGS, catalog_gaps, write_gaps
    from curriplan.files import check_outputs

    terminal = _start(lang, quiet, verbose, strict)
    check_outputs(outputs, TABLE_ENDINGS, force=force, source=_input_file(catalog))
    settings = _settings(programmes=programmes, profile=profile)
    found = _read(terminal, catalog, settings).require()
    limits, rows = catalog_gaps(found, settings)
    if outputs:
        write_gaps(found, limits, rows, outputs, terminal.language)
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))}")
    else:
        show_gaps(terminal, found, rows)


@main.command()
@click.argument("plan", type=File())
@CATALOG
@COMMON
def verify(plan: Path, catalog: str | None, lang: str | None, quiet: bool, verbose: int) -> None:
    """Re-evaluate a plan.json without a solver and say which rules hold.

    CATALOG is by default the one that the plan names.
    """
    from curriplan.pipeline import verify_saved_plan

    terminal = _start(lang, quiet, verbose)
    verdict = verify_saved_plan(plan, catalog)
    terminal.fallback = verdict.catalog.info.language
    if not (quiet and verdict.holds):
        show_verdict(terminal, verdict)
    if not verdict.holds:
        raise click.exceptions.Exit(ExitCode.BROKEN_RULE)


@main.command()
@CATALOG
@outputs_option(".graphml, .json", required=True)
@FORCE
@STRICT
@COMMON
def graph(
    catalog: str | None,
    outputs: tuple[Path, ...],
    force: bool,
    strict: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Write the graph of what needs, teaches and precedes what."""
    from curriplan.analyses import GRAPH_ENDINGS, write_graph
    from curriplan.files import check_outputs
    from curriplan.graph import build_graph

    terminal = _start(lang, quiet, verbose, strict)
    check_outputs(outputs, GRAPH_ENDINGS, force=force, source=_input_file(catalog))
    built = build_graph(_read(terminal, catalog).require())
    write_graph(built, outputs)
    counts = terminal.text("message.graph", nodes=built.number_of_nodes(), edges=built.number_of_edges())
    terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))} ({counts})")


@main.command()
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
@FORCE
@STRICT
@COMMON
def frontier(
    catalog: str | None,
    outputs: tuple[Path, ...],
    points: int,
    programmes: tuple[str, ...],
    profile: Path | None,
    time_limit: float,
    force: bool,
    strict: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Show how much closure each budget buys at best."""
    from curriplan.analyses import TABLE_ENDINGS, frontier_of, write_frontier
    from curriplan.files import check_outputs

    terminal = _start(lang, quiet, verbose, strict)
    check_outputs(outputs, TABLE_ENDINGS, force=force, source=_input_file(catalog))
    settings = _settings(programmes=programmes, profile=profile, time_limit_s=time_limit)
    with terminal.progress("budget") as progress:
        found = _read(terminal, catalog, settings).require()
        result = frontier_of(found, settings, points, progress)
    if outputs:
        write_frontier(found, result, outputs, terminal.language)
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))}")
    if not (outputs and quiet):
        show_frontier(terminal, result)


@main.command()
@click.argument("first", type=File())
@click.argument("second", type=File())
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@FORCE
@COMMON
def compare(
    first: Path,
    second: Path,
    outputs: tuple[Path, ...],
    force: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Show what changed from one plan.json to another."""
    from curriplan.analyses import TABLE_ENDINGS, compare_saved, write_comparison
    from curriplan.files import check_outputs

    terminal = _start(lang, quiet, verbose)
    for read_file in (first, second):
        check_outputs(outputs, TABLE_ENDINGS, force=force, source=read_file)
    comparison, catalog = compare_saved(first, second)
    terminal.fallback = catalog.info.language
    if outputs:
        write_comparison(catalog, comparison, outputs, terminal.language)
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))}")
    if not (outputs and quiet):
        show_comparison(terminal, comparison, catalog)


@main.command()
@click.argument("plan", type=File())
@CATALOG
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
@FORCE
@COMMON
def explain(
    plan: Path,
    catalog: str | None,
    outputs: tuple[Path, ...],
    modules: tuple[str, ...],
    programmes: tuple[str, ...],
    time_limit: float,
    force: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Say why each module is in or out, and what more of each limit would buy.

    Each module of plan.json is taken out, or forced in, and the rest planned anew. CATALOG is by
    default the one that the plan names.
    """
    from curriplan.console.explanation import show_explanation
    from curriplan.explaining import EXPLANATION_ENDINGS, explain_saved, write_explanation
    from curriplan.files import check_outputs

    terminal = _start(lang, quiet, verbose)
    check_outputs(outputs, EXPLANATION_ENDINGS, force=force, source=plan)
    with terminal.progress("question") as progress:
        result, found = explain_saved(
            plan,
            catalog,
            modules=modules,
            programmes=programmes,
            time_limit_s=time_limit,
            progress=progress,
        )
    terminal.fallback = found.info.language
    if outputs:
        write_explanation(found, result, outputs, terminal.language)
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))}")
    if not (outputs and quiet):
        show_explanation(terminal, result, found, in_full=bool(modules))


def _start(lang: str | None, quiet: bool, verbose: int, strict: bool = False) -> Terminal:
    """Return the command's terminal, and log to stderr as much as was asked for."""
    if verbose:
        logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
        logging.getLogger("curriplan").setLevel(logging.INFO if verbose == 1 else logging.DEBUG)
    terminal = Terminal(lang, quiet, strict)
    click.get_current_context().meta[LANGUAGE_KEY] = terminal
    return terminal


def _replan(
    terminal: Terminal,
    review: Path,
    catalog: str | None,
    choices: Mapping[str, Any],
    progress: Callable[[Progress], None] | None,
    stability: int | None,
) -> tuple[Reading, PlanResult]:
    """Make the plan that a review asks for, with the settings of the plan under review."""
    from curriplan.pipeline import replan, reviewed_settings, reviewed_source
    from curriplan.reviewing import read_review

    found = read_review(review)
    anew = {name: value for name, value in choices.items() if _is_given(name)}
    settings = reviewed_settings(found, anew)
    reading = _read(terminal, catalog or reviewed_source(found), settings)
    names = ", ".join(sorted(anew)) or terminal.text("message.no_settings")
    terminal.tell(terminal.text("message.review_settings", names=names))
    return reading, replan(found, reading, settings, progress=progress, stability=stability)


PARAMETERS = {"budget_kzt": "budget", "time_limit_s": "time_limit"}
"""Options whose setting has another name."""


def _is_given(setting: str) -> bool:
    """Say whether the option of a setting was given, and is not merely at its default."""
    source = click.get_current_context().get_parameter_source(PARAMETERS.get(setting, setting))
    return source is not None and source is not click.core.ParameterSource.DEFAULT


def _settings(**choices: Any) -> Settings:
    """Return the settings of the options that were given."""
    from curriplan.settings import Settings

    return Settings(**_choices(**choices))


def _choices(**choices: Any) -> dict[str, Any]:
    """Return the settings that were given by name, with the files that they name read."""
    from curriplan.pipeline import read_profile

    given = {name: value for name, value in choices.items() if value is not None}
    if "profile" in given:
        given["profile"] = read_profile(given["profile"])
    return given


def _input_file(catalog: str | None) -> Path | None:
    return Path(catalog) if catalog else None


def _read(terminal: Terminal, catalog: str | None, settings: Settings | None = None) -> Reading:
    """Read a catalog, tell its warnings, and refuse them where they count as errors."""
    reading = _look_at(terminal, catalog, settings)
    if not reading.errors and reading.issues:
        if terminal.strict:
            terminal.tell(terminal.text("message.strict"))
            raise CatalogError(reading.issues)
        terminal.warn(reading.issues)
    return reading


def _look_at(terminal: Terminal, catalog: str | None, settings: Settings | None = None) -> Reading:
    """Read a catalog, speak its language from then on, and say so where it is an illustration."""
    from curriplan.pipeline import read

    reading = read(catalog, settings)
    if reading.found is not None:
        info = reading.found.info
        terminal.fallback = info.language
        if info.illustrative:
            title = info.title(terminal.language)
            terminal.note(Issue("illustrative-catalog", values={"title": title}))
    return reading
