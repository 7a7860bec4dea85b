"""The catalog as one directed multigraph of what needs, teaches and precedes what.

Nodes are keyed ``kind:id`` (``module:SEC-LAB``), because ids are unique within a table only. Nodes
and edges carry ``kind``; every other attribute is a text, a number or a yes/no, and an absent value
is left out, so that each export format can hold the graph whole.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from curriplan.base.arguments import taking
from curriplan.base.errors import UsageError, nearest
from curriplan.base.progress import keeping_objects, step
from curriplan.catalog.records import CATALOG_READ, Catalog, Named, Record
from curriplan.texts.languages import LANGUAGES

Graph: TypeAlias = "nx.MultiDiGraph[str]"
Scalar = str | int | float | bool

_NODE_TABLES = {
    "competency": ("competencies", ("framework", "framework_version", "area", "uri")),
    "occupation": ("occupations", ("isco08", "nkz_code", "uri")),
    "module": ("modules", ("section", "credits", "setup_cost_kzt", "cost_per_group_kzt")),
    "programme": ("programmes", ("specialty", "qualification", "start", "terms", "learners")),
    "resource": ("resources", ("category", "places")),
}


NODE_KINDS = tuple(_NODE_TABLES)
EDGE_KINDS = (
    "needs",
    "teaches",
    "broader",
    "requires",
    "transfers",
    "exact_match",
    "close_match",
    "broader_match",
    "narrower_match",
    "related_match",
    "prerequisite",
    "corequisite",
    "strict_corequisite",
    "order",
    "part_of",
    "targets",
    "offers",
    "brings",
    "uses",
)
_ATTRIBUTES = {"source": "evidence"}
"""Columns whose name an export format takes for itself: a node-link edge has a source of its own."""


class _Edge(NamedTuple):
    source: str
    target: str
    kind: str
    attributes: dict[str, Scalar]


@keeping_objects()
@taking({"catalog": CATALOG_READ})
def build_graph(catalog: Catalog) -> Graph:
    """Build the graph of a catalog.

    Parameters
    ----------
    catalog : Catalog
        Best one without errors: an edge whose end is not in the catalog is left out here, and
        reported by `curriplan.check_catalog`.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes of kind competency, occupation, module, programme, resource. Edges of kind

        - ``broader``, ``requires``, ``transfers``: competency to competency;
        - ``exact_match``, ``close_match``, ``broader_match``, ``narrower_match``, ``related_match``: a
          competency to one of another framework (evidence);
        - ``needs``: occupation to competency (level, importance, essential, evidence);
        - ``teaches``: module to competency (entry_level, exit_level, evidence);
        - ``prerequisite``, ``corequisite``, ``strict_corequisite``, ``order``: module to its requisite;
        - ``part_of``: outcome to its professional-module header;
        - ``targets``: programme to occupation (share);
        - ``offers``: programme to module (status, current_term);
        - ``brings``: programme to competency (level of its learners at entry);
        - ``uses``: module to each resource of a kind that it needs (hours_kind, hours_share).

        The order of nodes and edges follows the catalog's, so two runs give the same graph.
    """
    step("building", 0, 1)
    graph: Graph = nx.MultiDiGraph(catalog=catalog.info.id, version=catalog.info.version)
    for kind, (table, columns) in _NODE_TABLES.items():
        for row in catalog.table(table):
            assert isinstance(row, Named)
            graph.add_node(f"{kind}:{row.id}", kind=kind, **_names(row), **_scalars(row, columns))
    counts: dict[tuple[str, str, str], int] = {}
    for source, target, kind, attributes in _edges(catalog):
        if source in graph and target in graph:
            count = counts[source, target, kind] = counts.get((source, target, kind), 0) + 1
            key = kind if count == 1 else f"{kind}#{count}"
            graph.add_edge(source, target, key=key, kind=kind, **attributes)
    return graph


def _edges(catalog: Catalog) -> Iterator[_Edge]:
    yield from _competency_edges(catalog)
    yield from _module_edges(catalog)
    yield from _programme_edges(catalog)
    yield from _resource_edges(catalog)


def _competency_edges(catalog: Catalog) -> Iterator[_Edge]:
    for relation in catalog.competency_relations:
        values = _scalars(relation, ("level", "source_level", "factor"))
        yield _Edge(
            f"competency:{relation.source}", f"competency:{relation.target}", relation.kind.value, values
        )
    for row in catalog.competency_mappings:
        values = _scalars(row, ("evidence",))
        yield _Edge(f"competency:{row.source}", f"competency:{row.target}", f"{row.match}_match", values)
    for need in catalog.occupation_requirements:
        values = _scalars(need, ("level", "importance", "essential", "source"))
        yield _Edge(f"occupation:{need.occupation}", f"competency:{need.competency}", "needs", values)


def _module_edges(catalog: Catalog) -> Iterator[_Edge]:
    for outcome in catalog.module_outcomes:
        values = _scalars(outcome, ("entry_level", "exit_level", "source"))
        yield _Edge(f"module:{outcome.module}", f"competency:{outcome.competency}", "teaches", values)
    for row in catalog.module_requisites:
        yield _Edge(
            f"module:{row.module}", f"module:{row.requires}", row.kind.value, _scalars(row, ("any_of",))
        )
    for module in catalog.modules:
        if module.parent is not None:
            yield _Edge(f"module:{module.id}", f"module:{module.parent}", "part_of", {})


def _programme_edges(catalog: Catalog) -> Iterator[_Edge]:
    for target in catalog.base_targets:
        values = _scalars(target, ("share",))
        yield _Edge(f"programme:{target.programme}", f"occupation:{target.occupation}", "targets", values)
    for row in catalog.programme_modules:
        values = _scalars(row, ("status", "current_term", "pinned_term"))
        yield _Edge(f"programme:{row.programme}", f"module:{row.module}", "offers", values)
    for level in catalog.baseline:
        values = _scalars(level, ("level", "source"))
        yield _Edge(f"programme:{level.programme}", f"competency:{level.competency}", "brings", values)


def _resource_edges(catalog: Catalog) -> Iterator[_Edge]:
    sites: dict[str, list[str]] = {}
    for resource in catalog.resources:
        sites.setdefault(resource.kind, []).append(resource.id)
    for row in catalog.module_resources:
        values = _scalars(row, ("hours_kind", "hours_share"))
        for site in sites.get(row.resource_kind, ()):
            yield _Edge(f"module:{row.module}", f"resource:{site}", "uses", values)


def _names(row: Named) -> dict[str, Scalar]:
    return _scalars(row, ("name_kk", "name_ru", "name_en"))


def _scalars(row: Record, columns: tuple[str, ...]) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for name in columns:
        value = getattr(row, name)
        if value is not None:
            found[_ATTRIBUTES.get(name, name)] = value.value if isinstance(value, StrEnum) else value
    return found


@keeping_objects()
def write_graphml(graph: Graph, path: Path) -> None:
    """Write the graph as GraphML, with the same bytes on every machine."""
    # networkx would take lxml where it is installed, and lay the file out differently.
    nx.write_graphml_xml(graph, path, encoding="utf-8", prettyprint=True)


@keeping_objects()
def graph_to_node_link(graph: Graph) -> dict[str, Any]:
    """Return the graph as node-link data, ready for JSON."""
    data: dict[str, Any] = nx.node_link_data(graph, edges="edges")
    return data


_GEXF_ATTRIBUTES = {"start": "first_semester"}
"""Columns whose name GEXF takes for its own time line."""


@keeping_objects()
def write_gexf(graph: Graph, path: Path, language: str) -> None:
    """Write the graph as GEXF, as Gephi reads it, with the same bytes on every day.

    Nodes are labelled by their name in `language`, edges by their kind; the semester in which a programme
    starts is called ``first_semester``.
    """
    labelled: Graph = nx.MultiDiGraph(**graph.graph)
    for node, data in graph.nodes(data=True):
        renamed = {_GEXF_ATTRIBUTES.get(name, name): value for name, value in data.items()}
        labelled.add_node(node, label=name_of(graph, node, language), **renamed)
    for source, target, key, data in graph.edges(keys=True, data=True):
        labelled.add_edge(source, target, key=key, label=data["kind"], **data)
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    meta = writer.xml.find("meta")
    meta.attrib.clear()  # the date of today
    meta.find("creator").text = "curriplan"
    writer.add_graph(labelled)
    with path.open("wb") as file:
        writer.write(file)


def name_of(graph: Graph, node: str, language: str) -> str:
    """Return the name of a node in `language`, else the first of kk, ru, en, else its id."""
    data = graph.nodes[node]
    names = (data.get(f"name_{code}") for code in (language, *LANGUAGES))
    return next((str(name) for name in names if name), node.partition(":")[2])


def find_node(graph: Graph, word: str) -> str:
    """Return the node that ``kind:id``, an id or a URI stands for.

    Raises
    ------
    UsageError
        ``unknown-node``, or ``ambiguous-node`` where several nodes answer to it.
    """
    if word in graph:
        return word
    matches = [f"{kind}:{word}" for kind in NODE_KINDS if f"{kind}:{word}" in graph]
    matches = matches or [node for node, data in graph.nodes(data=True) if word and data.get("uri") == word]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UsageError.of("ambiguous-node", value=word, known=", ".join(matches[:5]))
    kinds = ", ".join(NODE_KINDS)
    raise UsageError.of("unknown-node", value=word, nearest=nearest(word, graph), kinds=kinds)


def steps_from(graph: Graph, centre: str, depth: int) -> dict[str, int]:
    """Return the nodes around one, and how many edges away each is, whatever the edges' direction.

    Through nodes of other kinds the way does not lead back to the kind of the centre: around an occupation
    lie its competencies and who teaches them, not every other occupation that shares one of them.

    Parameters
    ----------
    depth : int
        Edges to follow, 0 for the centre alone.
    """
    kinds = graph.nodes(data="kind")
    own = kinds[centre]
    steps = {centre: 0}
    front = [centre]
    for distance in range(1, depth + 1):
        found = [
            other
            for node in front
            for other in (*graph.successors(node), *graph.predecessors(node))
            if other not in steps and (kinds[other] != own or kinds[node] == own)
        ]
        front = list(dict.fromkeys(found))
        steps.update(dict.fromkeys(front, distance))
    return steps


def part_of_graph(graph: Graph, nodes: Container[str]) -> Graph:
    """Return the graph of some nodes and all edges among them, in the order of the whole."""
    part: Graph = nx.MultiDiGraph(**graph.graph)
    part.add_nodes_from((node, data) for node, data in graph.nodes(data=True) if node in nodes)
    for source, target, key, data in graph.edges(list(part), keys=True, data=True):
        if target in part:
            part.add_edge(source, target, key=key, **data)
    return part
