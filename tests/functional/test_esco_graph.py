"""All of ESCO as a graph, counted independently, and gaps between any two of its occupations."""

from __future__ import annotations

import csv
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pytest

from curriplan.base.errors import Severity
from curriplan.catalog.graph import Graph, build_graph, part_of_graph, steps_from, write_gexf, write_graphml
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog
from curriplan.catalog.saving.folder import write_folder
from curriplan.importing.esco.catalog import import_esco
from curriplan.problem.checks import check_catalog
from curriplan.problem.occupations import occupation_gaps
from curriplan.report.drawing import write_drawing

FOLDER = Path(os.environ.get("CURRIPLAN_DATA", "/nowhere")) / "esco-1.1.1"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="CURRIPLAN_DATA has no folder esco-1.1.1"),
]


def rows_of(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def folder(once: Callable[[str, Callable[[], Path]], Path], shared_folder: Path) -> Path:
    return once("esco folder", lambda: write_folder(import_esco(FOLDER).catalog, shared_folder / "esco"))


@pytest.fixture(scope="module")
def catalog(folder: Path) -> Catalog:
    return read_catalog(folder).require()


@pytest.fixture(scope="module")
def graph(catalog: Catalog) -> Graph:
    return build_graph(catalog)


def test_it_is_read_and_has_no_errors(catalog: Catalog) -> None:
    assert not [issue for issue in check_catalog(catalog) if issue.severity is Severity.ERROR]


def test_nodes_and_edges_are_the_rows(graph: Graph, folder: Path) -> None:
    nodes = {f"competency:{row['id']}" for row in rows_of(folder, "competencies")}
    nodes |= {f"occupation:{row['id']}" for row in rows_of(folder, "occupations")}
    assert set(graph) == nodes
    edges: Counter[tuple[str, str, str]] = Counter()
    for row in rows_of(folder, "occupation_requirements"):
        edges[f"occupation:{row['occupation']}", f"competency:{row['competency']}", "needs"] += 1
    for row in rows_of(folder, "competency_relations"):
        edges[f"competency:{row['source']}", f"competency:{row['target']}", row["kind"]] += 1
    assert Counter((a, b, data["kind"]) for a, b, data in graph.edges(data=True)) == edges
    assert len(nodes) > 17_000
    assert edges.total() > 144_000


def test_gaps_between_any_two_occupations(catalog: Catalog, folder: Path) -> None:
    """Of 40 pairs, each cover worked out from the rows of the file: nothing is transferred in ESCO."""
    needs: dict[str, dict[str, tuple[int, float]]] = {}
    for row in rows_of(folder, "occupation_requirements"):
        levels = needs.setdefault(row["occupation"], {})
        levels[row["competency"]] = (int(row["level"]), float(row["importance"]))
    names = sorted(needs)
    dice = random.Random(5)
    for source, target in (dice.sample(names, 2) for _ in range(40)):
        wanted, held = needs[target], needs[source]
        have = sum(i * min(level, held.get(name, (0, 0.0))[0]) for name, (level, i) in wanted.items())
        found = occupation_gaps(catalog, source, target)
        assert found.cover == pytest.approx(have / sum(level * i for level, i in wanted.values()))
        assert {row.competency for row in found.rows} == set(wanted)


def test_neighbourhoods_are_exported_whole_and_drawn(graph: Graph, tmp_path: Path) -> None:
    occupations = [node for node in graph if node.startswith("occupation:")]
    for node in random.Random(7).sample(occupations, 5):
        steps = steps_from(graph, node, 2)
        assert [other for other in steps if other.startswith("occupation:")] == [node]
        part = part_of_graph(graph, steps)
        write_graphml(part, tmp_path / "g.graphml")
        write_gexf(part, tmp_path / "g.gexf", "en")
        graphml = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
        assert dict(graphml.nodes(data=True)) == dict(part.nodes(data=True))
        assert sorted(graphml.edges(keys=True)) == sorted(part.edges(keys=True))
        assert set(nx.read_gexf(tmp_path / "g.gexf")) == set(part)
        drawn = write_drawing(graph, tmp_path / "g.svg", "kk", node, 2)
        assert drawn.nodes + drawn.left_out == len(steps)


def test_the_whole_graph_comes_back_from_graphml(graph: Graph, tmp_path: Path) -> None:
    write_graphml(graph, tmp_path / "g.graphml")
    back = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert (back.number_of_nodes(), back.number_of_edges()) == (len(graph), graph.number_of_edges())
