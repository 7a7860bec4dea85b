"""graph.py: one node a record, one edge a row, and both export formats hold them whole."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

from curriplan import read_catalog
from curriplan.base.errors import UsageError
from curriplan.catalog.graph import (
    EDGE_KINDS,
    NODE_KINDS,
    Graph,
    build_graph,
    find_node,
    graph_to_node_link,
    name_of,
    part_of_graph,
    steps_from,
    write_gexf,
    write_graphml,
)
from curriplan.catalog.records import Catalog, CatalogInfo, Module, ModuleResource, Occupation, Resource


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog("mini").require()


@pytest.fixture(scope="module")
def graph(catalog: Catalog) -> Graph:
    return build_graph(catalog)


def test_one_node_a_record(graph: Graph, catalog: Catalog) -> None:
    kinds = Counter(data["kind"] for _, data in graph.nodes(data=True))
    assert kinds == {
        "competency": len(catalog.competencies),
        "occupation": len(catalog.occupations),
        "module": len(catalog.modules),
        "programme": len(catalog.programmes),
        "resource": len(catalog.resources),
    }


def test_one_edge_a_row(graph: Graph, catalog: Catalog) -> None:
    kinds = Counter(data["kind"] for *_, data in graph.edges(data=True))
    assert kinds["needs"] == len(catalog.occupation_requirements)
    assert kinds["teaches"] == len(catalog.module_outcomes)
    assert kinds["prerequisite"] == len(catalog.module_requisites)
    assert kinds["targets"] == len(catalog.targets)
    assert kinds["offers"] == len(catalog.programme_modules)
    assert kinds["brings"] == len(catalog.baseline)


def test_nodes_are_named_in_three_languages(graph: Graph) -> None:
    node = graph.nodes["module:PHISH"]
    assert node["name_kk"] == "Фишингке қарсы жаттығу"
    assert node["name_ru"] == "Тренировка по распознаванию фишинга"
    assert node["name_en"] == "Phishing drill"


def test_a_module_uses_every_site_of_a_kind_and_each_kind_of_hours() -> None:
    """One module, theory and practice in one of two laboratories: 2 hours kinds × 2 sites = 4 edges."""
    info = CatalogInfo(schema=1, id="g")
    rooms = [
        Resource(id=name, kind="lab", category="laboratory", name_en=name)  # type: ignore[arg-type]
        for name in ("L1", "L2")
    ]
    needs = [
        ModuleResource(module="M", resource_kind="lab", hours_kind=kind)  # type: ignore[arg-type]
        for kind in ("theory", "laboratory_practical")
    ]
    module = Module(id="M", section="professional", credits=1.0)  # type: ignore[arg-type]
    built = build_graph(
        Catalog(info, modules=(module,), resources=tuple(rooms), module_resources=tuple(needs))
    )
    keys = [(v, key) for _, v, key in built.edges(keys=True)]
    assert sorted(keys) == [
        ("resource:L1", "uses"),
        ("resource:L1", "uses#2"),
        ("resource:L2", "uses"),
        ("resource:L2", "uses#2"),
    ]


def test_an_edge_to_nowhere_makes_no_node() -> None:
    need = ModuleResource(module="GHOST", resource_kind="lab", hours_kind="theory")  # type: ignore[arg-type]
    built = build_graph(Catalog(CatalogInfo(schema=1, id="g"), module_resources=(need,)))
    assert built.number_of_nodes() == 0


def test_graphml_comes_back_whole(graph: Graph, tmp_path: Path) -> None:
    write_graphml(graph, tmp_path / "g.graphml")
    back = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(back.edges(keys=True)) == sorted(graph.edges(keys=True))
    assert (
        back.edges["occupation:security-assistant", "competency:SEC", "needs"]
        == (graph.edges["occupation:security-assistant", "competency:SEC", "needs"])
    )


def test_node_link_comes_back_whole(graph: Graph) -> None:
    text = json.dumps(graph_to_node_link(graph), ensure_ascii=False)
    back = nx.node_link_graph(json.loads(text), edges="edges")
    assert nx.utils.graphs_equal(back, graph)


def test_attributes_are_plain_values(graph: Graph) -> None:
    rows = [data for _, data in graph.nodes(data=True)] + [data for *_, data in graph.edges(data=True)]
    assert {type(value) for data in rows for value in data.values()} <= {str, int, float, bool}


def test_gexf_comes_back_whole(graph: Graph, tmp_path: Path) -> None:
    """But for `start`, which GEXF takes for its own time line."""
    write_gexf(graph, tmp_path / "g.gexf", "kk")
    back = nx.read_gexf(tmp_path / "g.gexf")
    assert set(back) == set(graph)
    for node, data in graph.nodes(data=True):
        found = dict(back.nodes[node])
        assert found.pop("label") == name_of(graph, node, "kk")
        if "start" in data:
            found["start"] = found.pop("first_semester")
        assert found == data
    assert sorted(back.edges(keys=True)) == sorted(graph.edges(keys=True))
    for *ends, key, data in graph.edges(keys=True, data=True):
        found = dict(back.edges[(*ends, key)])
        found.pop("id")
        assert found.pop("label") == data["kind"]
        assert found == data


def test_gexf_knows_no_date(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_gexf(graph, tmp_path / "a.gexf", "en")
    monkeypatch.setattr("time.strftime", lambda *_: "2001-01-01")
    write_gexf(graph, tmp_path / "b.gexf", "en")
    assert (tmp_path / "a.gexf").read_bytes() == (tmp_path / "b.gexf").read_bytes()
    assert b"networkx " not in (tmp_path / "a.gexf").read_bytes().lower()


def test_every_kind_of_edge_is_known(graph: Graph) -> None:
    assert {data["kind"] for *_, data in graph.edges(data=True)} <= set(EDGE_KINDS)
    assert {data["kind"] for _, data in graph.nodes(data=True)} == set(NODE_KINDS)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_steps_are_shortest_ways_that_avoid_the_own_kind(graph: Graph, depth: int) -> None:
    """Every walk without a step from another kind back to the centre's kind, tried one by one."""
    kinds = graph.nodes(data="kind")
    for centre in graph:
        shortest = {centre: 0}
        walks = [(centre,)]
        for length in range(1, depth + 1):
            walks = [
                (*walk, other)
                for walk in walks
                for other in sorted({*graph.successors(walk[-1]), *graph.predecessors(walk[-1])})
                if kinds[other] != kinds[centre] or kinds[walk[-1]] == kinds[centre]
                if other not in walk
            ]
            for walk in walks:
                shortest.setdefault(walk[-1], length)
        assert steps_from(graph, centre, depth) == shortest


def test_a_part_has_the_edges_among_its_nodes(graph: Graph) -> None:
    nodes = set(steps_from(graph, "occupation:security-assistant", 1))
    part = part_of_graph(graph, nodes)
    assert list(part) == [node for node in graph if node in nodes]
    expected = [edge for edge in graph.edges(keys=True) if {edge[0], edge[1]} <= nodes]
    assert list(part.edges(keys=True)) == expected


@pytest.mark.parametrize("word", ["module:PHISH", "PHISH"])
def test_a_node_is_found(graph: Graph, word: str) -> None:
    assert find_node(graph, word) == "module:PHISH"


def test_a_node_is_found_by_its_uri() -> None:
    rows = (Occupation(id="a", uri="http://e.eu/a"), Occupation(id="b"))
    built = build_graph(Catalog(CatalogInfo(id="g"), occupations=rows))
    assert find_node(built, "http://e.eu/a") == "occupation:a"


@pytest.mark.parametrize("word", ["", "PHISHING", "module:", "person:PHISH"])
def test_an_unknown_node_is_refused(graph: Graph, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_node(graph, word)
    assert [issue.code for issue in caught.value.issues] == ["unknown-node"]
