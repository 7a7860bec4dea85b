"""report/drawing.py: well-formed, safe, whole or with a count of what is left out, within its edges."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan import read_catalog
from curriplan.base.errors import CurriplanError
from curriplan.catalog.graph import Graph, build_graph, steps_from
from curriplan.catalog.records import Catalog, CatalogInfo, Competency, Occupation, OccupationRequirement
from curriplan.report.drawing import (
    EDGE_COLOURS,
    MOST_IN_COLUMN,
    MOST_IN_WHOLE,
    NODE_COLOURS,
    wrapped,
    write_drawing,
)
from curriplan.xlsx.measure import text_pixels

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "rect", "defs", "marker", "path", "g", "text"}
HOSTILE = "<script>alert(1)</script>&\"'><image href='http://x'/>]]>&#x0;\u202e"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return build_graph(read_catalog("mini").require())


def drawn(
    graph: Graph, path: Path, language: str = "en", centre: str | None = None, depth: int = 2
) -> ET.Element:
    write_drawing(graph, path, language, centre, depth)
    return ET.fromstring(path.read_bytes())


def boxes(picture: ET.Element) -> list[ET.Element]:
    return [group for group in picture.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]


def arrows(picture: ET.Element) -> list[ET.Element]:
    return [path for path in picture.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]


def star(count: int, name: str = "competency") -> Graph:
    """One occupation that needs `count` competencies, the first half of them essential."""
    needs = [
        OccupationRequirement(
            occupation="O", competency=f"C{i}", level=4, importance=1.0, essential=2 * i < count
        )
        for i in range(count)
    ]
    competencies = [Competency(id=f"C{i}", name_en=f"{name} {i}") for i in range(count)]
    return build_graph(
        Catalog(
            CatalogInfo(id="star"),
            competencies=tuple(competencies),
            occupations=(Occupation(id="O", name_en=name),),
            occupation_requirements=tuple(needs),
        )
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_small_graph_is_drawn_whole(graph: Graph, tmp_path: Path, language: str) -> None:
    picture = drawn(graph, tmp_path / "g.svg", language)
    assert len(boxes(picture)) == len(graph)
    assert len(arrows(picture)) == graph.number_of_edges()
    names = {str(data[f"name_{language}"]) for _, data in graph.nodes(data=True)}
    titles = [group.findtext(f"{SVG}title") or "" for group in boxes(picture)]
    assert {title.rpartition(" (")[0] for title in titles} == names


def test_nothing_lies_outside_the_picture_or_on_another_box(graph: Graph, tmp_path: Path) -> None:
    for centre in (None, *graph):
        picture = drawn(graph, tmp_path / "g.svg", "ru", centre, 3)
        width, height = (float(picture.attrib[name]) for name in ("width", "height"))
        found = set()
        for group in boxes(picture):
            rect = group.find(f"{SVG}rect")
            assert rect is not None
            x, y, w, h = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            assert x >= 0 and x + w <= width and y >= 0 and y + h <= height
            assert all(abs(x - other[0]) >= w or abs(y - other[1]) >= h for other in found)
            found.add((x, y))
        for path in picture.iter(f"{SVG}path"):
            numbers = [float(one) for one in re.findall(r"-?[0-9.]+", path.attrib["d"])]
            assert all(0 <= x <= width for x in numbers[::2])
            assert all(0 <= y <= height for y in numbers[1::2])


def test_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    """The essential needs come first; the picture says how many nodes it leaves out."""
    graph = star(MOST_IN_COLUMN + 7)
    result = write_drawing(graph, tmp_path / "g.svg", "en", "occupation:O", 2)
    assert (result.nodes, result.left_out) == (MOST_IN_COLUMN + 1, 7)
    picture = ET.fromstring((tmp_path / "g.svg").read_bytes())
    assert len(boxes(picture)) == MOST_IN_COLUMN + 1
    assert "Nodes left out: 7." in " ".join(text.text or "" for text in picture.iter(f"{SVG}text"))
    shown = {title.text or "" for group in boxes(picture) for title in group.iter(f"{SVG}title")}
    essential = [f"competency:C{i}" for i in range(MOST_IN_COLUMN + 7) if 2 * i < MOST_IN_COLUMN + 7]
    assert all(any(node in title for title in shown) for node in essential)


def test_around_a_node_everything_near_is_drawn(graph: Graph, tmp_path: Path) -> None:
    for centre in graph:
        result = write_drawing(graph, tmp_path / "g.svg", "en", centre, 2)
        assert result.nodes == len(steps_from(graph, centre, 2))
        assert result.left_out == 0


def test_a_large_graph_is_not_drawn_whole(tmp_path: Path) -> None:
    with pytest.raises(CurriplanError) as caught:
        write_drawing(star(MOST_IN_WHOLE), tmp_path / "g.svg", "en")
    assert [issue.code for issue in caught.value.issues] == ["graph-too-large-to-draw"]
    assert not (tmp_path / "g.svg").exists()


@settings(max_examples=60, deadline=None)
@given(name=st.one_of(st.just(HOSTILE), st.text(max_size=60)))
def test_names_stay_text(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever stands in a name, the picture has no elements and attributes but its own."""
    path = tmp_path_factory.mktemp("svg") / "g.svg"
    picture = drawn(star(3, name.encode("utf-8", "replace").decode() or "x"), path, "en", "occupation:O")
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} <= ELEMENTS
    names = {name for element in picture.iter() for name in element.attrib}
    assert not [one for one in names if one.startswith("on") or "href" in one]
    assert b"<script" not in path.read_bytes()


def test_the_same_graph_gives_the_same_bytes(graph: Graph, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        write_drawing(graph, tmp_path / name, "kk", "module:PHISH", 3)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_an_empty_graph_is_drawn(tmp_path: Path) -> None:
    assert boxes(drawn(build_graph(Catalog(CatalogInfo(id="g"))), tmp_path / "g.svg")) == []


def test_colours_tell_kinds_apart() -> None:
    assert len(set(EDGE_COLOURS.values())) == len(EDGE_COLOURS)
    assert len(set(NODE_COLOURS.values())) == len(NODE_COLOURS)


@given(st.text(max_size=600), st.integers(1, 3))
def test_wrapped_lines_fit(text: str, lines: int) -> None:
    found = wrapped(text, 234, lines)
    assert 1 <= len(found) <= lines
    whole = " ".join(text.split())
    if not found[-1].endswith("..."):
        assert "".join(found).replace(" ", "") == whole.replace(" ", "")
    assert all(len(line) <= 4 or text_pixels(line, 9) * 1.25 <= 234 for line in found)


def test_a_long_name_costs_no_time() -> None:
    assert wrapped("x" * 1_000_000, 234, 2)[-1].endswith("...")
