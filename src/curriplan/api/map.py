"""The use case of a map (`curriplan graph -o map.html`): what it is drawn of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curriplan.api.plan_file import check_same_catalog
from curriplan.api.verify import verdict_of
from curriplan.base.errors import CurriplanError
from curriplan.catalog.records import Catalog
from curriplan.plan.plan import Plan
from curriplan.problem.problem import Problem

if TYPE_CHECKING:
    from curriplan.catalog.graph import Graph
    from curriplan.report.map.data import MapSource

MOST_HELD = 5000
"""Nodes that a file holds: more would make it slow to open."""


def map_source(
    catalog: Catalog, plan: Plan | None = None, graph: Graph | None = None, around: str | None = None
) -> MapSource:
    """Return what a map shows of a catalog, with a plan of it where there is one.

    Parameters
    ----------
    graph : networkx.MultiDiGraph, optional
        The part of the catalog's graph that lies around a node; nothing beyond it is shown.
    around : str, optional
        That node (``occupation:ID``), which is chosen when the map is opened.

    Raises
    ------
    CurriplanError
        ``plan-other-catalog``, ``plan-breaks-rules``, or ``graph-too-large-to-draw`` where the map would
        have to hold more than `MOST_HELD` nodes.
    """
    from curriplan.report.map.data import MapSource, keys_of

    kept = None if graph is None or around is None else frozenset(graph)
    if plan is None:
        source = MapSource(Problem.of(catalog), kept=kept, chosen=around)
    else:
        check_same_catalog(plan, catalog.sha256)
        verdict = verdict_of(plan, catalog)
        verdict.require_rules()
        source = MapSource(verdict.problem, verdict.plan.selection, kept, around)
    held = len(keys_of(source))
    if held > MOST_HELD:
        raise CurriplanError.of("graph-too-large-to-draw", nodes=held, limit=MOST_HELD)
    return source
