"""In which order the nodes of a column stand, so that few lines cross: the same for the same nodes."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence

SWEEPS = 4
"""Times that all columns are put in order, forwards and backwards in turn."""

Columns = Sequence[Sequence[int]]


def ordered(columns: Columns, lines: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the columns with their nodes in an order in which fewer lines cross.

    Each node is moved to the mean place of those that lines lead to from it (its barycentre), column
    after column; of all orders seen, the given one included, the first with the fewest crossings counts.

    Parameters
    ----------
    columns : sequence of sequences of int
        Nodes by column, each node once.
    lines : iterable of pairs of int
        The nodes that a line joins; one of a single column crosses nothing.
    """
    column_of = {node: number for number, nodes in enumerate(columns) for node in nodes}
    joined: dict[int, list[int]] = {node: [] for node in column_of}
    across = []
    for first, second in lines:
        if first in joined and second in joined and column_of[first] != column_of[second]:
            joined[first].append(second)
            joined[second].append(first)
            across.append((first, second) if column_of[first] < column_of[second] else (second, first))
    order = [list(nodes) for nodes in columns]
    best, fewest = [list(nodes) for nodes in order], crossings(order, across)
    for sweep in range(SWEEPS):
        for number in range(len(order)) if sweep % 2 == 0 else reversed(range(len(order))):
            places = _places(order)
            order[number].sort(key=lambda node: _mean(places, joined[node], node))
        found = crossings(order, across)
        if found < fewest:
            best, fewest = [list(nodes) for nodes in order], found
    return best


def crossings(columns: Columns, lines: Iterable[tuple[int, int]]) -> int:
    """Return how many pairs of lines between the same two columns cross."""
    column_of = {node: number for number, nodes in enumerate(columns) for node in nodes}
    place_of = {node: place for nodes in columns for place, node in enumerate(nodes)}
    between: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for first, second in lines:
        ends = sorted((column_of[node], place_of[node]) for node in (first, second))
        between.setdefault((ends[0][0], ends[1][0]), []).append((ends[0][1], ends[1][1]))
    count = 0
    for pairs in between.values():
        seen: list[int] = []
        for _, end in sorted(pairs):
            count += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return count


def _places(columns: Columns) -> dict[int, float]:
    """Return how far down its column each node stands, from 0 to 1."""
    return {node: (place + 0.5) / len(nodes) for nodes in columns for place, node in enumerate(nodes)}


def _mean(places: Mapping[int, float], others: Sequence[int], node: int) -> float:
    """Return the mean place of some nodes; a node without lines keeps its own."""
    return sum(places[other] for other in others) / len(others) if others else places[node]
