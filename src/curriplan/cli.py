"""The command line: options in, pipeline, exit code out. No command decides anything itself."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curriplan.console import Terminal, prepare_streams, show_gaps, show_plan, show_verdict
from curriplan.errors import CatalogError, CurriplanError, ExitCode, Issue
from curriplan.options import (
    CATALOG,
    COMMON,
    FORCE,
    LANGUAGE_KEY,
    PROFILE,
    PROGRAMMES,
    STRICT,
    File,
    Number,
    objective_choices,
    outputs_option,
)
from curriplan.version import __version__

if TYPE_CHECKING:
    from curriplan.pipeline import Reading
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
            return super().invoke(ctx)
        except CurriplanError as error:
            _terminal(ctx).error(error.issues)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            _terminal(ctx).error([Issue("stopped")])
            ctx.exit(ExitCode.NO_PLAN)


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
    metavar="NAME,...",
    help="Objectives by importance [default: no_harm,closure,cost,disruption,balance].",
)
@click.option(
    "--time-limit",
    type=Number(0, 10**6, above=True),
    default=300.0,
    show_default=True,
    metavar="S",
    help="Seconds for all objectives together.",
)
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
    time_limit: float,
    gap: float,
    solver: str,
    force: bool,
    strict: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Find the best plan of a catalog and write it as a workbook."""
    from curriplan.files import check_outputs
    from curriplan.pipeline import optimize_catalog
    from curriplan.results import PLAN_ENDINGS

    terminal = _start(lang, quiet, verbose, strict)
    paths = outputs or (Path("plan.xlsx"),)
    check_outputs(paths, PLAN_ENDINGS, force=force, source=_input_file(catalog))
    settings = _settings(
        programmes=programmes,
        budget_kzt=budget,
        practice_share=practice_share,
        profile=profile,
        objectives=objectives,
        time_limit_s=time_limit,
        gap=gap,
        solver=solver,
    )
    with terminal.progress() as progress:
        reading = _read(terminal, catalog, settings)
        result = optimize_catalog(
            reading.require(),
            settings,
            source=reading.source,
            warnings=reading.issues,
            progress=progress,
        )
        result.write(paths, terminal.language)
    terminal.warn(result.warnings[len(reading.issues) :])
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
        terminal.say(_problems_json(terminal, reading))
    else:
        _say_problems(terminal, reading)
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
    from curriplan.files import check_outputs
    from curriplan.pipeline import GAPS_ENDINGS, catalog_gaps, write_gaps

    terminal = _start(lang, quiet, verbose, strict)
    check_outputs(outputs, GAPS_ENDINGS, force=force, source=_input_file(catalog))
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
    from curriplan.files import check_outputs
    from curriplan.graph import build_graph
    from curriplan.pipeline import GRAPH_ENDINGS, write_graph

    terminal = _start(lang, quiet, verbose, strict)
    check_outputs(outputs, GRAPH_ENDINGS, force=force, source=_input_file(catalog))
    built = build_graph(_read(terminal, catalog).require())
    write_graph(built, outputs)
    counts = terminal.text("message.graph", nodes=built.number_of_nodes(), edges=built.number_of_edges())
    terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))} ({counts})")


def _start(lang: str | None, quiet: bool, verbose: int, strict: bool = False) -> Terminal:
    """Return the command's terminal, and log to stderr as much as was asked for."""
    if verbose:
        logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
        logging.getLogger("curriplan").setLevel(logging.INFO if verbose == 1 else logging.DEBUG)
    terminal = Terminal(lang, quiet, strict)
    click.get_current_context().meta[LANGUAGE_KEY] = terminal
    return terminal


def _settings(**choices: Any) -> Settings:
    """Return the settings of the options that were given."""
    from curriplan.pipeline import read_profile
    from curriplan.settings import Settings

    given = {name: value for name, value in choices.items() if value is not None}
    if "profile" in given:
        given["profile"] = read_profile(given["profile"])
    return Settings(**given)


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


def _say_problems(terminal: Terminal, reading: Reading) -> None:
    for issue in reading.issues:
        terminal.say(terminal.line(issue))
    if not reading.issues:
        terminal.say(terminal.text("message.clean", catalog=reading.source))
        return
    errors = len(reading.errors)
    counts = {"errors": errors, "warnings": len(reading.issues) - errors}
    terminal.say(terminal.text("message.counts", catalog=reading.source, **counts))


def _problems_json(terminal: Terminal, reading: Reading) -> str:
    rows = [_problem_data(issue, terminal.language) for issue in reading.issues]
    data = {"catalog": reading.source, "errors": len(reading.errors), "problems": rows}
    # A console of another encoding would put question marks into the texts.
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(data, ensure_ascii=not unicode, indent=1)


def _problem_data(issue: Issue, language: str) -> dict[str, Any]:
    place = issue.place
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "file": place.file if place else None,
        "sheet": place.sheet if place else None,
        "row": place.row if place else None,
        "column": place.column if place else None,
        "found": issue.found(language),
        "advice": issue.advice(language),
    }
