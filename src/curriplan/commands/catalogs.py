"""Commands about a catalog: check it, show its gaps and its graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curriplan.commands.shared import (
    input_file,
    look_at,
    read,
    refuse_both,
    refuse_half_of,
    settings_of,
    start,
)
from curriplan.console import (
    Terminal,
    problems_json,
    show_gaps,
    show_occupation_gaps,
    show_problems,
)
from curriplan.errors import ExitCode
from curriplan.options import (
    CATALOG,
    COMMON,
    FORCE,
    PROFILE,
    PROGRAMMES,
    STRICT,
    outputs_option,
)

if TYPE_CHECKING:
    pass


@click.command()
@CATALOG
@click.option(
    "--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form."
)
@STRICT
@COMMON
def check(catalog: str | None, kind: str, strict: bool, lang: str | None, quiet: bool, verbose: int) -> None:
    """List every problem of a catalog at once."""
    terminal = start(lang, quiet, verbose, strict)
    reading = look_at(terminal, catalog)
    if kind == "json":
        terminal.say(problems_json(terminal, reading))
    else:
        show_problems(terminal, reading)
    if reading.errors or (strict and reading.issues):
        raise click.exceptions.Exit(ExitCode.FILE)


@click.command()
@CATALOG
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@click.option("--from", "source", metavar="OCC", help="Compare two occupations: the one that is held.")
@click.option("--to", "target", metavar="OCC", help="The one that is wanted; id, URI, ISCO code or name.")
@PROGRAMMES
@PROFILE
@FORCE
@STRICT
@COMMON
def gaps(
    catalog: str | None,
    outputs: tuple[Path, ...],
    source: str | None,
    target: str | None,
    programmes: tuple[str, ...],
    profile: Path | None,
    force: bool,
    strict: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Show what graduates still lack for their occupations.

    With --from and --to: what a holder of one occupation lacks for another, in
    any catalog, also a classification without programmes.
    """
    from curriplan.analyses import TABLE_ENDINGS, catalog_gaps, write_gaps
    from curriplan.files import check_outputs

    terminal = start(lang, quiet, verbose, strict)
    refuse_half_of("--from", source, "--to", target)
    refuse_both("--from", source, "--programme", programmes)
    refuse_both("--from", source, "--profile", profile)
    check_outputs(outputs, TABLE_ENDINGS, force=force, source=input_file(catalog))
    if source is not None and target is not None:
        _gaps_between(terminal, catalog, (source, target), outputs)
        return
    settings = settings_of(programmes=programmes, profile=profile)
    found = read(terminal, catalog, settings).require()
    limits, rows = catalog_gaps(found, settings)
    if outputs:
        write_gaps(found, limits, rows, outputs, terminal.language)
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))}")
    else:
        show_gaps(terminal, found, rows)


def _gaps_between(
    terminal: Terminal, catalog: str | None, ends: tuple[str, str], outputs: tuple[Path, ...]
) -> None:
    from curriplan.analyses import write_occupation_gaps
    from curriplan.transition import occupation_gaps

    found = read(terminal, catalog).require()
    between = occupation_gaps(found, *ends)
    if outputs:
        write_occupation_gaps(found, between, outputs, terminal.language)
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))}")
    else:
        show_occupation_gaps(terminal, found, between)


@click.command()
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

    terminal = start(lang, quiet, verbose, strict)
    check_outputs(outputs, GRAPH_ENDINGS, force=force, source=input_file(catalog))
    built = build_graph(read(terminal, catalog).require())
    write_graph(built, outputs)
    counts = terminal.text("message.graph", nodes=built.number_of_nodes(), edges=built.number_of_edges())
    terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))} ({counts})")
