"""The annex of a working curriculum: how its modules hang together, for who plans it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curriplan.catalog.records import ModuleRequisite
from curriplan.problem.metrics import ModuleMetrics, curriculum_metrics, requisite_distance, requisite_graph
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.xlsx.formula import total
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term


@dataclass(frozen=True)
class RequisiteRow:
    """A module of the plan that requires another, or that another requires."""

    module: str
    name: str
    term: int
    blocking: int
    delay: int
    centrality: int
    distance: int
    """Σ of the terms that lie between it and each module that it requires."""
    next: tuple[str, ...]
    """The modules that require it directly."""


@dataclass(frozen=True)
class RequisiteTable:
    """The linked modules of a programme, those on which most depends first."""

    rows: tuple[RequisiteRow, ...]
    unlinked: int
    """Modules of the plan without any requisite: each has the complexity 1."""


def requisite_table(view: PlanView, labels: Labels, programme: str) -> RequisiteTable:
    """Return how the modules hang together that a programme takes."""
    term_of = {row.module: row.term for row in view.chosen(programme)}
    requisites = view.catalog.required_rows
    graph = requisite_graph(term_of, requisites)
    linked = [row for row in curriculum_metrics(term_of, requisites).modules if graph.degree(row.module)]
    ordered = sorted(linked, key=lambda row: (-row.blocking, -row.delay, -row.centrality, row.module))
    following = {row.module: tuple(sorted(graph.successors(row.module))) for row in ordered}
    rows = (_row(labels, row, term_of, requisites, following[row.module]) for row in ordered)
    return RequisiteTable(tuple(rows), len(term_of) - len(linked))


def _row(
    labels: Labels,
    metrics: ModuleMetrics,
    term_of: Mapping[str, int],
    requisites: Iterable[ModuleRequisite],
    following: tuple[str, ...],
) -> RequisiteRow:
    module = metrics.module
    return RequisiteRow(
        module,
        labels.module(module),
        term_of[module],
        metrics.blocking,
        metrics.delay,
        metrics.centrality,
        requisite_distance(term_of, [row for row in requisites if row.module == module]),
        following,
    )


COLUMNS = (
    ("column.index", "code", 1, 1),
    ("column.module", "text", 2, 2),
    ("column.term_short", "term", 3, 3),
    ("column.blocking", "term", 4, 5),
    ("column.delay", "term", 6, 7),
    ("column.centrality", "term", 8, 9),
    ("column.complexity", "term", 10, 11),
    ("column.requisite_distance", "term", 12, 13),
    ("column.next_modules", "text", 14, 17),
)
"""Header, style, and the first and last of the sheet's columns that it takes: they are narrow."""
FIRST, LAST = COLUMNS[0][2], COLUMNS[-1][3]
NAME, BLOCKING, DELAY, COMPLEXITY, DISTANCE = (COLUMNS[place][2] for place in (1, 3, 4, 6, 7))
EXACT = 10**15
"""A spreadsheet holds fifteen digits; there may be more paths than that."""


def write_requisites(context: Context, sheet: Sheet, programme: str, row: int) -> None:
    """Write the metrics of the modules that have a requisite; nothing where none has."""
    texts = context.texts
    table = requisite_table(context.view, context.labels, programme)
    if not table.rows:
        return
    sheet.across(row, texts("heading.requisites"), "heading", FIRST, LAST)
    sheet.across(row + 1, texts("how.requisites"), "how", FIRST, LAST)
    for key, _, first, last in COLUMNS:
        sheet.across(row + 2, texts(key), "header", first, last)
    body = row + 3
    for place, line in enumerate(table.rows):
        _write_line(sheet, body + place, line)
    end = body + len(table.rows)
    if table.unlinked:
        label = texts("phrase.unlinked_modules", modules=table.unlinked)
        _write_cells(sheet, end, {NAME: label, COMPLEXITY: table.unlinked})
        end += 1
    sums = {column: total(sheet.range(column, body, end - 1)) for column in (COMPLEXITY, DISTANCE)}
    _write_cells(sheet, end, {NAME: texts("phrase.total"), **sums}, "total")
    sheet.keep_together(row, end)
    sheet.keep_together(row, body)


def _write_line(sheet: Sheet, row: int, line: RequisiteRow) -> None:
    paths = line.centrality if line.centrality < EXACT else f"≥ {EXACT:.0e}"
    values = (line.module, line.name, line.term, line.blocking, line.delay, paths, 0, line.distance)
    cells = dict(zip((column[2] for column in COLUMNS), (*values, ", ".join(line.next)), strict=True))
    _write_cells(sheet, row, cells)
    complexity = sheet.ref(row, BLOCKING) + sheet.ref(row, DELAY)
    sheet.put(row, COMPLEXITY, complexity, "term")


def _write_cells(sheet: Sheet, row: int, cells: Mapping[int, str | int | Term], look: str = "") -> None:
    """Write a row of the table; columns without a value stay empty."""
    for _, style, first, last in COLUMNS:
        sheet.put_across(row, cells.get(first, ""), f"{style} {look}", first, last)
