"""Commands about a catalog: check it, show its gaps and its graph."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curriplan.base.errors import ExitCode, UsageError
from curriplan.base.files import check_outputs
from curriplan.base.shell import typed
from curriplan.cli.commands.shared import (
    deliver,
    input_file,
    look_at,
    read,
    refuse_both,
    refuse_half_of,
    settings_of,
    tell_hidden,
    tell_written,
    with_terminal,
)
from curriplan.cli.console.catalog import (
    problems_json,
    show_gaps,
    show_network_problems,
    show_occupation_gaps,
    show_problems,
)
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import (
    CATALOG,
    FORCE,
    FREE_ORDER,
    LAUNCHER,
    PROFILE,
    PROGRAMMES,
    STRICT,
    File,
    Number,
    outputs_option,
)

if TYPE_CHECKING:
    from curriplan.api.marking import State
    from curriplan.api.reading import Reading
    from curriplan.catalog.records import Catalog


@click.command(cls=SaidCommand)
@CATALOG
@click.option(
    "--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form."
)
@click.option(
    "--mark",
    "copy",
    type=File(),
    metavar="COPY",
    help="Write a copy of the workbook in which each faulty cell is coloured and says what is wrong.",
)
@FORCE
@STRICT
@with_terminal
def check(terminal: Terminal, catalog: str | None, kind: str, copy: Path | None, force: bool) -> None:
    """List every problem of a catalog at once.

    With --mark: also in a copy of the workbook, beside the cells. CATALOG may be the folder of a network
    (network.toml): then of it and of all its catalogs.
    """
    from curriplan.api.check_network import check_network, means_network

    state: State = None
    if copy is not None:
        from curriplan.api.marking import check_marking
        from curriplan.api.reading import DEFAULT_CATALOG

        state = check_marking(Path(catalog or DEFAULT_CATALOG), copy, force=force)
    with terminal.steps():
        network = check_network(catalog) if catalog is not None and means_network(catalog) else None
        reading = look_at(terminal, catalog) if network is None else network
    if kind == "json":
        terminal.say(problems_json(terminal, reading))
    elif network is not None:
        show_network_problems(terminal, network)
    else:
        show_problems(terminal, reading)
    if copy is not None:
        _mark(terminal, reading, Path(catalog or ""), copy, state)
    if reading.errors or (terminal.strict and reading.issues):
        raise click.exceptions.Exit(ExitCode.FILE)


def _mark(terminal: Terminal, reading: Reading, source: Path, copy: Path, state: State) -> None:
    from curriplan.api.marking import write_marked

    done = write_marked(reading, source, copy, terminal.language, strict=terminal.strict, state=state)
    if done.path is None:
        terminal.tell(terminal.text("mark.nothing", path=str(copy)))
    else:
        tell_written(terminal, done.path, counts=terminal.text("mark.cells", count=done.cells))
    tell_hidden(terminal, done.hidden)
    if done.elsewhere:
        terminal.tell(terminal.text("mark.elsewhere", count=done.elsewhere))


@click.command(cls=SaidCommand)
@CATALOG
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@click.option("--from", "source", metavar="OCC", help="Compare two occupations: the one that is held.")
@click.option("--to", "target", metavar="OCC", help="The one that is wanted; id, URI, ISCO code or name.")
@PROGRAMMES
@PROFILE
@FORCE
@STRICT
@with_terminal
def gaps(
    terminal: Terminal,
    catalog: str | None,
    outputs: tuple[Path, ...],
    source: str | None,
    target: str | None,
    programmes: tuple[str, ...],
    profile: Path | None,
    force: bool,
) -> None:
    """Show what graduates still lack for their occupations.

    With --from and --to: what a holder of one occupation lacks for another, in
    any catalog, also a classification without programmes.
    """
    from curriplan.api.analyses import TABLE_ENDINGS, catalog_gaps, write_gaps
    from curriplan.base.files import check_outputs
    from curriplan.evaluation.figures import today_of

    refuse_half_of("--from", source, "--to", target)
    refuse_both("--from", source, "--programme", programmes)
    refuse_both("--from", source, "--profile", profile)
    check_outputs(outputs, TABLE_ENDINGS, force=force, source=input_file(catalog))
    if source is not None and target is not None:
        _gaps_between(terminal, catalog, (source, target), outputs)
        return
    settings = settings_of(programmes=programmes, profile=profile)
    found = read(terminal, catalog, settings).require()
    problem, rows = catalog_gaps(found, settings)
    write = partial(write_gaps, problem, rows)
    deliver(
        terminal, outputs, write, lambda: show_gaps(terminal, problem, rows, today_of(problem)), both=False
    )


def _gaps_between(
    terminal: Terminal, catalog: str | None, ends: tuple[str, str], outputs: tuple[Path, ...]
) -> None:
    from curriplan.api.analyses import write_occupation_gaps
    from curriplan.problem.occupations import occupation_gaps

    with terminal.steps():
        found = read(terminal, catalog).require()
    between = occupation_gaps(found, *ends)
    write = partial(write_occupation_gaps, found, between)
    deliver(terminal, outputs, write, lambda: show_occupation_gaps(terminal, found, between), both=False)


@click.command(cls=SaidCommand)
@CATALOG
@outputs_option(".graphml, .gexf, .json, .svg, .html", required=True)
@click.option("--around", metavar="KIND:ID", help="Only what lies around this node, such as occupation:ID.")
@click.option(
    "--depth",
    type=Number(1, 20, whole=True),
    metavar="N",
    help="How many edges away from it.  [default: 2]",
)
@click.option(
    "--plan",
    type=File(),
    metavar="FILE",
    help="With .html: a plan.json to show beside today; CATALOG is by default the one that it names.",
)
@FORCE
@STRICT
@with_terminal
def graph(
    terminal: Terminal,
    catalog: str | None,
    outputs: tuple[Path, ...],
    around: str | None,
    depth: int | None,
    plan: Path | None,
    force: bool,
) -> None:
    """Write the graph of what needs, teaches and precedes what.

    A picture (.svg) shows a small graph, or what lies around one node. A map (.html) opens in any
    browser, offline: modules by term, what each needs, gives and closes, and with --plan also what
    the plan changes.
    """
    from curriplan.api.analyses import GRAPH_ENDINGS, NEIGHBOURHOOD_DEPTH, write_graph
    from curriplan.base.files import check_outputs, kind_of
    from curriplan.catalog.graph import build_graph, find_node, part_of_graph, steps_from

    if around is None and depth is not None:
        raise UsageError.of("option-needs-other", option="--depth", other="--around")
    has_map = any(kind_of(path) == ".html" for path in outputs)
    if plan is not None and not has_map:
        raise UsageError.of("option-needs-other", option="--plan", other="-o FILE.html")
    for read_file in (input_file(catalog), plan):
        check_outputs(outputs, GRAPH_ENDINGS, force=force, source=read_file)
    saved = None
    if plan is not None:
        from curriplan.api.plan_file import read_plan
        from curriplan.api.verify import named_source

        saved = read_plan(plan)
        catalog = named_source(saved, plan) if catalog is None else catalog
    with terminal.steps():
        found = read(terminal, catalog).require()
        built = build_graph(found)
        steps = depth or NEIGHBOURHOOD_DEPTH
        node = None if around is None else find_node(built, around)
        if node is not None:
            built = part_of_graph(built, steps_from(built, node, steps))
        source = None
        if has_map:
            from curriplan.api.map import map_source

            source = map_source(found, saved, built, node)
        issues = write_graph(built, outputs, terminal.language, node, steps, source)
    terminal.warn(issues)
    counts = terminal.text("message.graph", nodes=built.number_of_nodes(), edges=built.number_of_edges())
    tell_written(terminal, *outputs, counts=counts)


@click.command(cls=SaidCommand)
@click.argument("path", type=File())
@click.option("--from", "source", metavar="CATALOG", help="Copy this catalog, in place of the example.")
@click.option("--empty", is_flag=True, help="Headers only, no example rows.")
@click.option(
    "--network", is_flag=True, help="A small example network instead: network.toml and three colleges."
)
@LAUNCHER
@FREE_ORDER
@FORCE
@with_terminal
def init(
    terminal: Terminal,
    path: Path,
    source: str | None,
    empty: bool,
    network: bool,
    launcher: bool,
    free_order: bool,
    force: bool,
) -> None:
    """Make a catalog to fill in: a workbook (PATH ends in .xlsx) or a folder.

    It has every table and column; a workbook also has lists to choose from and help. Unless told
    otherwise it holds a small example that can be checked and planned as it is.

    --launcher with a workbook that is there already leaves it as it is and writes only the files
    beside it.
    """
    from curriplan.api.launcher import check_launchers, is_workbook, write_launchers
    from curriplan.base.replacing import together
    from curriplan.catalog.saving.save import init_catalog, template_names

    if network:
        refused = {"--from": source, "--empty": empty, "--launcher": launcher, "--free-order": free_order}
        for option, value in refused.items():
            refuse_both(option, value or None, "--network", network)
        _init_network(terminal, path, force=force)
        return
    if launcher and is_workbook(path) and not (force or source or empty):
        _write_launchers_only(terminal, path)
        return
    if launcher:
        check_outputs([path], [".xlsx"], force=force)
        check_launchers(path, force=force)
    with together():
        found = init_catalog(
            path, source=source, empty=empty, language=terminal.chosen, force=force, free_order=free_order
        )
        catalog = found.require()
        terminal.fallback = catalog.info.language
        launchers = write_launchers(path, terminal.language) if launcher else ()
    terminal.warn(found.issues)
    _tell_saved(terminal, path, catalog)
    if launchers:
        tell_written(terminal, *launchers)
    if source is None:
        key = "saving.empty" if empty else "saving.example"
        names = template_names(path, terminal.chosen or catalog.info.language)
        terminal.tell(terminal.text(key, profile=catalog.info.profile, **names))
    terminal.tell(f"{terminal.text('saving.next')} curriplan check {typed(path)}")


def _init_network(terminal: Terminal, path: Path, *, force: bool) -> None:
    from curriplan.base.replacing import together
    from curriplan.catalog.network.init import init_network

    with together():
        terminal.fallback = init_network(path, force=force).language
    tell_written(terminal, path)
    terminal.tell(terminal.text("saving.network"))
    terminal.tell(f"{terminal.text('saving.next')} curriplan check {typed(path)}")


def _write_launchers_only(terminal: Terminal, book: Path) -> None:
    """Write the launchers of a workbook that is there, in the language of its catalog."""
    from curriplan.api.launcher import check_launchers, write_launchers
    from curriplan.catalog.reading.read import read_catalog

    check_launchers(book, force=False)
    found = read_catalog(book).partial
    if found is not None:
        terminal.fallback = found.info.language
    tell_written(terminal, *write_launchers(book, terminal.language))
    terminal.tell(terminal.text("launcher.only", path=str(book)))


@click.command(cls=SaidCommand)
@click.argument("catalog")
@click.argument("dest", type=File())
@FORCE
@with_terminal
def convert(
    terminal: Terminal,
    catalog: str,
    dest: Path,
    force: bool,
) -> None:
    """Save a catalog as a workbook (DEST ends in .xlsx) or as a folder, losing nothing."""
    from curriplan.catalog.saving.save import convert_catalog

    found = convert_catalog(catalog, dest, language=terminal.chosen, force=force)
    saved = found.require()
    terminal.warn(found.issues)
    _tell_saved(terminal, dest, saved)


def _tell_saved(terminal: Terminal, path: Path, catalog: Catalog) -> None:
    rows = terminal.text("saving.rows", count=sum(1 for _ in catalog.records()))
    tell_written(terminal, path, counts=rows)
