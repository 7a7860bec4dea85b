"""Commands about a catalog: check it, show its gaps and its graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curriplan.commands.shared import input_file, look_at, read, settings_of, start
from curriplan.console import (
    Terminal,
    problems_json,
    show_gaps,
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
    File,
    outputs_option,
)

if TYPE_CHECKING:
    from curriplan.model import Catalog


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

    terminal = start(lang, quiet, verbose, strict)
    check_outputs(outputs, TABLE_ENDINGS, force=force, source=input_file(catalog))
    settings = settings_of(programmes=programmes, profile=profile)
    found = read(terminal, catalog, settings).require()
    limits, rows = catalog_gaps(found, settings)
    if outputs:
        write_gaps(found, limits, rows, outputs, terminal.language)
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, outputs))}")
    else:
        show_gaps(terminal, found, rows)


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


@click.command()
@click.argument("path", type=File())
@click.option("--from", "source", metavar="CATALOG", help="Copy this catalog, in place of the example.")
@click.option("--empty", is_flag=True, help="Headers only, no example rows.")
@FORCE
@COMMON
def init(
    path: Path,
    source: str | None,
    empty: bool,
    force: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Make a catalog to fill in: a workbook (PATH ends in .xlsx) or a folder.

    It has every table and column; a workbook also has lists to choose from and help. Unless told
    otherwise it holds a small example that can be checked and planned as it is.
    """
    from curriplan.saving import init_catalog

    terminal = start(lang, quiet, verbose)
    found = init_catalog(path, source=source, empty=empty, language=lang, force=force)
    catalog = found.require()
    terminal.fallback = catalog.info.language
    terminal.warn(found.issues)
    _tell_saved(terminal, path, catalog)
    if source is None:
        key = "saving.empty" if empty else "saving.example"
        terminal.tell(terminal.text(key, profile=catalog.info.profile))
    terminal.tell(f"{terminal.text('saving.next')} curriplan check {_shown(path)}")


@click.command()
@click.argument("catalog")
@click.argument("dest", type=File())
@FORCE
@COMMON
def convert(
    catalog: str,
    dest: Path,
    force: bool,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Save a catalog as a workbook (DEST ends in .xlsx) or as a folder, losing nothing."""
    from curriplan.saving import convert_catalog

    terminal = start(lang, quiet, verbose)
    found = convert_catalog(catalog, dest, language=lang, force=force)
    saved = found.require()
    terminal.fallback = saved.info.language
    terminal.warn(found.issues)
    _tell_saved(terminal, dest, saved)


def _tell_saved(terminal: Terminal, path: Path, catalog: Catalog) -> None:
    rows = terminal.text("saving.rows", count=sum(1 for _ in catalog.records()))
    terminal.tell(f"{terminal.text('line.written')}: {path} ({rows})")


def _shown(path: Path) -> str:
    """Return a path as a shell takes it."""
    return f'"{path}"' if " " in str(path) else str(path)
