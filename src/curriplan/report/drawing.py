"""Draw a small graph as SVG: columns of boxes, arrows between them, a legend.

Around one node the columns are the steps from it; a whole graph has one column for each kind. Everything
is placed by rule, so that the same graph gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from curriplan.base.errors import CurriplanError
from curriplan.catalog.graph import EDGE_KINDS, NODE_KINDS, Graph, name_of, steps_from
from curriplan.catalog.records.record import natural_key
from curriplan.texts.words import Words
from curriplan.xlsx.legal import clean_text
from curriplan.xlsx.measure import text_pixels
from curriplan.xlsx.styles import INK, MUTED

MOST_IN_COLUMN = 40
MOST_IN_WHOLE = 100
"""Nodes beyond which a picture is no longer readable, in a column and in a graph as a whole."""
COLUMN_ORDER = ("programme", "occupation", "competency", "module", "resource")
"""The columns of a whole graph, so that most arrows join neighbours."""
BLOCK_ORDER = ("programme", "occupation", "module", "competency", "resource")
"""The blocks of a column around a node: what teaches comes before more competencies."""
NODE_COLOURS = {
    "competency": ("#E3EEF9", "#1F4E79"),
    "occupation": ("#FBE7D6", "#A8511A"),
    "module": ("#E6F1DF", "#3F6B27"),
    "programme": ("#EDE6F4", "#5B3F86"),
    "resource": ("#F1EDE2", "#6F6337"),
}
"""Fill and border of each kind of node."""
EDGE_COLOURS = {
    "needs": "#A8511A",
    "teaches": "#3F6B27",
    "broader": "#7A8CA3",
    "requires": "#17365D",
    "transfers": "#2C8C99",
    "exact_match": "#0F766E",
    "close_match": "#4D9A92",
    "broader_match": "#5C6F87",
    "narrower_match": "#93A5B8",
    "related_match": "#B6B0C9",
    "prerequisite": "#8A2A12",
    "corequisite": "#C0641F",
    "strict_corequisite": "#6B1D5E",
    "order": "#8A8A8A",
    "part_of": "#9AA39A",
    "targets": "#5B3F86",
    "offers": "#9C86BD",
    "brings": "#B0457B",
    "uses": "#6F6337",
}
FONT = "Calibri, Carlito, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
"""All of them have the Kazakh letters."""
FONT_PIXELS = 12
FONT_POINTS = 9
WIDER = 1.25
"""How much wider than Calibri the widest of the fonts is."""
MARGIN, HEAD, FOOT = 24, 76, 30
BOX_WIDTH, BOX_HEIGHT, ROW, GAP = 250, 36, 44, 150
LINES = 2
MOST_LETTERS = 400
"""Of a name that many letters are looked at: no more fit a box."""
BULGE = 80
"""Room for arrows within a column."""
LEGEND_ROW, LEGEND_WIDTH = 22, 340


@dataclass(frozen=True)
class Drawn:
    """What a picture shows: how many nodes, and how many of those asked for did not fit."""

    nodes: int
    left_out: int


@dataclass(frozen=True)
class _Layout:
    """The columns of a picture, each from the top down."""

    columns: tuple[tuple[str, ...], ...]
    left_out: int

    @property
    def places(self) -> dict[str, tuple[int, int]]:
        """Column and row of each node."""
        return {node: (x, y) for x, column in enumerate(self.columns) for y, node in enumerate(column)}


def write_drawing(
    graph: Graph, path: Path, language: str, centre: str | None = None, depth: int = 2
) -> Drawn:
    """Draw a graph, or what lies around one of its nodes.

    Parameters
    ----------
    centre : str, optional
        A node of the graph, drawn on the left; the others stand by their steps from it.
    depth : int
        How many steps.

    Raises
    ------
    CurriplanError
        ``graph-too-large-to-draw`` where a whole graph has too many nodes to be read.
    """
    layout = _whole(graph) if centre is None else _around(graph, centre, depth)
    picture = _Picture(graph, Words(language), layout, centre)
    path.write_bytes(ET.tostring(picture.svg(), encoding="utf-8", xml_declaration=True) + b"\n")
    return Drawn(len(layout.places), layout.left_out)


def _whole(graph: Graph) -> _Layout:
    if len(graph) > MOST_IN_WHOLE:
        raise CurriplanError.of("graph-too-large-to-draw", nodes=len(graph), limit=MOST_IN_WHOLE)
    kinds = graph.nodes(data="kind")
    columns: list[tuple[str, ...]] = []
    for kind in COLUMN_ORDER:
        found = [node for node in graph if kinds[node] == kind]
        if found:
            columns.append(_ordered(graph, found, columns[-1] if columns else ()))
    return _Layout(tuple(columns), 0)


def _around(graph: Graph, centre: str, depth: int) -> _Layout:
    steps = steps_from(graph, centre, depth)
    columns: list[tuple[str, ...]] = [(centre,)]
    for step in range(1, depth + 1):
        before = columns[-1]
        strength = _strength(graph, before)
        found = [node for node, at in steps.items() if at == step and node in strength]
        found.sort(key=lambda node: (_kind_order(graph, node), -strength[node], natural_key(node)))
        if not found:
            break
        columns.append(_ordered(graph, found[:MOST_IN_COLUMN], before))
    return _Layout(tuple(columns), len(steps) - sum(map(len, columns)))


def _strength(graph: Graph, nodes: Sequence[str]) -> dict[str, float]:
    """Return how strongly each neighbour is tied to some nodes: essential and important needs count most."""
    found: dict[str, float] = {}
    for node in nodes:
        ties = [(target, data) for _, target, data in graph.out_edges(node, data=True)]
        ties += [(source, data) for source, _, data in graph.in_edges(node, data=True)]
        for other, data in ties:
            worth = float(data.get("importance", 1.0)) * (2.0 if data.get("essential") else 1.0)
            found[other] = found.get(other, 0.0) + worth
    return found


def _kind_order(graph: Graph, node: str) -> int:
    return BLOCK_ORDER.index(graph.nodes[node]["kind"])


def _ordered(graph: Graph, nodes: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """Return a column by kind, each node at the height of those that it is tied to in the column before."""
    rows = {node: row for row, node in enumerate(before)}

    def height(node: str) -> float:
        ties = [rows[other] for other in _neighbours(graph, node) if other in rows]
        return sum(ties) / len(ties) if ties else float(len(before))

    places = {node: place for place, node in enumerate(nodes)}
    return tuple(sorted(nodes, key=lambda node: (_kind_order(graph, node), height(node), places[node])))


def _neighbours(graph: Graph, node: str) -> Iterator[str]:
    yield from graph.successors(node)
    yield from graph.predecessors(node)


class _Picture:
    """A layout on its way to SVG."""

    def __init__(self, graph: Graph, texts: Words, layout: _Layout, centre: str | None) -> None:
        self.graph, self.texts, self.layout, self.centre = graph, texts, layout, centre
        self.places = layout.places
        self.edges = [
            (source, target, data)
            for node in self.places
            for source, target, data in graph.out_edges(node, data=True)
            if target in self.places
        ]
        rows = max(map(len, layout.columns), default=1)
        self.width = 2 * MARGIN + len(layout.columns) * (BOX_WIDTH + GAP) - GAP + BULGE
        self.width = max(self.width, 2 * MARGIN + 3 * BOX_WIDTH)
        self.legend_top = HEAD + rows * ROW + FOOT

    def svg(self) -> ET.Element:
        """Return the picture."""
        legend = list(self._legend())
        height = self.legend_top + LEGEND_ROW * max((row for _, row in legend), default=0) + 2 * LEGEND_ROW
        size = {"width": str(self.width), "height": str(height), "viewBox": f"0 0 {self.width} {height}"}
        root = ET.Element(
            "svg",
            {"xmlns": "http://www.w3.org/2000/svg", "xml:lang": self.texts.language, "role": "img", **size},
        )
        root.set("font-family", FONT)
        root.set("font-size", str(FONT_PIXELS))
        ET.SubElement(root, "title").text = self._title()
        self._markers(root)
        ET.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#FFFFFF"})
        self._heading(root)
        for edge in self.edges:
            self._edge(root, *edge)
        for node in self.places:
            self._node(root, node)
        for item, _ in legend:
            root.append(item)
        return root

    def _title(self) -> str:
        if self.centre is None:
            return clean_text(self.texts("drawing.whole", name=self.graph.graph.get("catalog", "")))
        return clean_text(self.texts("drawing.around", name=self._name(self.centre)))

    def _name(self, node: str) -> str:
        return name_of(self.graph, node, self.texts.language)

    def _heading(self, root: ET.Element) -> None:
        counts = self.texts("drawing.counts", nodes=len(self.places), edges=len(self.edges))
        if self.layout.left_out:
            counts += " " + self.texts("drawing.left_out", count=self.layout.left_out)
        (title,) = wrapped(self._title(), (self.width - 2 * MARGIN) / 1.5, 1)
        _text(root, MARGIN, MARGIN + 12, title, INK, {"font-size": "18", "font-weight": "bold"})
        _text(root, MARGIN, MARGIN + 34, counts, MUTED)

    def _markers(self, root: ET.Element) -> None:
        definitions = ET.SubElement(root, "defs")
        for kind in self._edge_kinds():
            size = {"markerWidth": "7", "markerHeight": "7", "refX": "9", "refY": "5", "viewBox": "0 0 10 10"}
            marker = ET.SubElement(definitions, "marker", {"id": f"arrow-{kind}", "orient": "auto", **size})
            ET.SubElement(marker, "path", {"d": "M0,0 L10,5 L0,10 z", "fill": EDGE_COLOURS[kind]})

    def _edge_kinds(self) -> list[str]:
        found = {data["kind"] for *_, data in self.edges}
        return [kind for kind in EDGE_KINDS if kind in found]

    def _edge(self, root: ET.Element, source: str, target: str, data: Mapping[str, Any]) -> None:
        attributes = {
            "d": self._path(source, target),
            "fill": "none",
            "stroke": EDGE_COLOURS[data["kind"]],
            "stroke-width": "1.2",
            "stroke-opacity": "0.75",
            "marker-end": f"url(#arrow-{data['kind']})",
        }
        if data.get("essential") is False:
            attributes["stroke-dasharray"] = "5 3"
        path = ET.SubElement(root, "path", attributes)
        said = [f"{name} {value}" for name, value in data.items() if name not in {"kind", "evidence"}]
        words = [self._name(source), self.texts(f"edge_kind.{data['kind']}"), self._name(target), *said]
        ET.SubElement(path, "title").text = clean_text(" · ".join(words))

    def _path(self, source: str, target: str) -> str:
        (first, _), (second, _) = self.places[source], self.places[target]
        (x1, y1), (x2, y2) = self._corner(source), self._corner(target)
        y1, y2 = y1 + BOX_HEIGHT // 2, y2 + BOX_HEIGHT // 2
        if first == second:
            x = x1 + BOX_WIDTH
            bulge = min(BULGE + MARGIN, 24 + abs(y2 - y1) // 6)
            return f"M{x},{y1 + 6} C{x + bulge},{y1 + 6} {x + bulge},{y2 - 6} {x},{y2 - 6}"
        if first < second:
            start, end, bend = x1 + BOX_WIDTH, x2, GAP // 2
        else:
            start, end, bend = x1, x2 + BOX_WIDTH, -(GAP // 2)
        return f"M{start},{y1} C{start + bend},{y1} {end - bend},{y2} {end},{y2}"

    def _corner(self, node: str) -> tuple[int, int]:
        column, row = self.places[node]
        return MARGIN + column * (BOX_WIDTH + GAP), HEAD + row * ROW

    def _node(self, root: ET.Element, node: str) -> None:
        kind = self.graph.nodes[node]["kind"]
        x, y = self._corner(node)
        group = ET.SubElement(root, "g")
        name = clean_text(self._name(node))
        ET.SubElement(group, "title").text = clean_text(f"{name} ({node})")
        _box(group, x, y, BOX_WIDTH, BOX_HEIGHT, kind, "2.4" if node == self.centre else "1")
        lines = wrapped(name, BOX_WIDTH - 16, LINES)
        top = y + BOX_HEIGHT // 2 + 4 - (len(lines) - 1) * 7
        for number, line in enumerate(lines):
            _text(group, x + 8, top + number * 14, line, INK)

    def _legend(self) -> Iterator[tuple[ET.Element, int]]:
        """Yield what each colour means, with the row of the legend that it stands in."""
        found = {self.graph.nodes[node]["kind"] for node in self.places}
        kinds = [(kind, True) for kind in NODE_KINDS if kind in found]
        kinds += [(kind, False) for kind in self._edge_kinds()]
        each_row = max(1, (self.width - 2 * MARGIN) // LEGEND_WIDTH)
        for number, (kind, is_node) in enumerate(kinds):
            row, column = divmod(number, each_row)
            x, y = MARGIN + column * LEGEND_WIDTH, self.legend_top + row * LEGEND_ROW
            yield self._legend_item(kind, is_node, x, y), row

    def _legend_item(self, kind: str, is_node: bool, x: int, y: int) -> ET.Element:
        group = ET.Element("g")
        if is_node:
            _box(group, x, y, 26, 14, kind, "1")
            words = self.texts(f"node_kind.{kind}")
        else:
            line = {
                "d": f"M{x},{y + 7} L{x + 26},{y + 7}",
                "stroke": EDGE_COLOURS[kind],
                "stroke-width": "1.6",
            }
            ET.SubElement(group, "path", {**line, "marker-end": f"url(#arrow-{kind})"})
            words = self.texts(f"edge_kind.{kind}")
            if kind == "needs":
                words += f" ({self.texts('drawing.optional')})"
        _text(group, x + 34, y + 11, words, INK)
        return group


def _box(parent: ET.Element, x: int, y: int, width: int, height: int, kind: str, stroke: str) -> None:
    fill, border = NODE_COLOURS[kind]
    place = {"x": str(x), "y": str(y), "width": str(width), "height": str(height), "rx": "5"}
    ET.SubElement(parent, "rect", {**place, "fill": fill, "stroke": border, "stroke-width": stroke})


def _text(
    parent: ET.Element, x: int, y: int, text: str, fill: str, more: Mapping[str, str] | None = None
) -> None:
    ET.SubElement(parent, "text", {"x": str(x), "y": str(y), "fill": fill, **(more or {})}).text = text


def wrapped(text: str, width: float, lines: int) -> list[str]:
    """Return a text in at most so many lines of a width in pixels, the last one cut where it must be."""
    found: list[str] = []
    rest = " ".join(text[:MOST_LETTERS].split())
    while rest and len(found) < lines:
        length = _fitting(rest, width)
        if length < len(rest):
            space = rest.rfind(" ", 1, length + 1)
            length = space if space > length // 2 else length
        found.append(rest[:length].rstrip())
        rest = rest[length:].lstrip()
    if rest:
        last = found[-1]
        found[-1] = last[: min(len(last), max(1, _fitting(last + "...", width) - 3))].rstrip() + "..."
    return found or [""]


def _fitting(text: str, width: float) -> int:
    """Return how many letters of a text fit, at least one."""
    length = len(text)
    while length > 1 and text_pixels(text[:length], FONT_POINTS) * WIDER > width:
        length -= 1
    return length
