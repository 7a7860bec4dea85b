"""How the modules of one programme hang together: the metrics of its requisites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curriplan.metrics import ModuleMetrics, curriculum_metrics, requisite_distance, requisite_graph
from curriplan.model import ModuleRequisite
from curriplan.report.tables.labels import Labels
from curriplan.report.view import PlanView


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
    requisites = view.catalog.module_requisites
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
