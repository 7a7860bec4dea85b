"""Requisites that no plan can satisfy: cycles of prerequisites, and contradictions with corequisites.

Cycles of required competencies are found here too.

With T the term of a module that is taken, a row (m requires a) says T_m >= T_a + 1 for a prerequisite,
T_m >= T_a for a corequisite and T_m = T_a for a strict one. Rows of a module that share a word in
``any_of`` are alternatives: they only count as a fault where no alternative avoids it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from curriplan.catalog.records import (
    Catalog,
    CompetencyRelation,
    ModuleRequisite,
    RelationKind,
    RequisiteKind,
    requisite_groups,
)

Group = tuple[ModuleRequisite, ...]
Node = TypeVar("Node", str, int)
Edge = tuple[Node, Node]


@dataclass(frozen=True)
class RequisiteConflict:
    """Modules that can never be taken together with what they require.

    Attributes
    ----------
    modules : tuple of str
        The circle, its first module repeated at the end: each requires the next.
    rows : tuple of ModuleRequisite
        The rows that close it, in the order of ``modules``.
    """

    modules: tuple[str, ...]
    rows: tuple[ModuleRequisite, ...]


def find_requisite_cycles(catalog: Catalog) -> tuple[RequisiteConflict, ...]:
    """Return the cycles of prerequisites: every row that lies on one is in at least one of them.

    A module is stuck when a prerequisite of it is stuck, or all alternatives of one are; the largest set
    of stuck modules is found exactly, so that a cycle which an alternative avoids is none.
    """
    rows = _proper_rows(catalog, (RequisiteKind.PREREQUISITE,))
    stuck = _stuck(requisite_groups(rows))
    blocking = [
        row
        for module, groups in requisite_groups(rows).items()
        if module in stuck
        for group in groups
        if all(row.requires in stuck for row in group)
        for row in group
    ]
    edges = {(row.module, row.requires): row for row in blocking}
    return tuple(_circles(edges, edges))


def contradictory_requisites(catalog: Catalog) -> tuple[RequisiteConflict, ...]:
    """Return the contradictions of prerequisites with corequisites.

    The differences T_m - T_a >= 1, >= 0 or both ways 0 that follow from taking one module contradict
    each other exactly when a circle of them holds a prerequisite. Rows with an alternative are left out:
    an alternative may be free of the contradiction. Cycles of prerequisites alone are not repeated here.
    """
    cyclic = {row.key_values() for conflict in find_requisite_cycles(catalog) for row in conflict.rows}
    every = _proper_rows(catalog, [kind for kind in RequisiteKind if kind is not RequisiteKind.ORDER])
    groups = requisite_groups(row for row in every if row.key_values() not in cyclic)
    rows = {module: [g[0] for g in found if len(g) == 1] for module, found in groups.items()}
    suspects = {name for conflict in _contradictions(rows, rows) for name in conflict.modules}
    if not suspects:
        return ()
    suspects = _entangled(rows, suspects)
    together = {frozenset(_implied(module, rows) & suspects): None for module in sorted(rows)}
    found: dict[frozenset[tuple[str, ...]], RequisiteConflict] = {}
    for modules in together:
        for conflict in _contradictions(rows, modules):
            found.setdefault(frozenset(row.key_values() for row in conflict.rows), conflict)
    return tuple(conflict for keys, conflict in found.items() if not any(other < keys for other in found))


def find_requirement_cycles(catalog: Catalog) -> tuple[tuple[CompetencyRelation, ...], ...]:
    """Return circles of competencies that require each other, one for each tangle of them.

    A row "from level s of a on, b at n" leads to another row "from level s' of b on, ..." where s' <= n:
    whoever rises to n of b passes s'. Levels that are not said are 1; a level of 0 asks for nothing.
    """
    rows = [
        row
        for row in catalog.competency_relations
        if row.kind is RelationKind.REQUIRES and row.source != row.target and 0 not in _levels(row)
    ]
    equals = catalog.equal_competencies
    from_source: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for source in equals.get(row.source, (row.source,)):
            from_source.setdefault(source, []).append(number)
    edges = [
        (number, n)
        for number, row in enumerate(rows)
        for n in from_source.get(row.target, ())
        if _levels(rows[n])[0] <= _levels(row)[1]
    ]
    return tuple(tuple(rows[number] for number, _ in circle) for circle in _one_circle_each(edges))


def find_broader_cycles(catalog: Catalog) -> tuple[tuple[CompetencyRelation, ...], ...]:
    """Return circles of competencies each of which is broader than the next, one for each tangle."""
    rows = {
        (row.source, row.target): row
        for row in catalog.competency_relations
        if row.kind is RelationKind.BROADER and row.source != row.target
    }
    return tuple(tuple(rows[pair] for pair in circle) for circle in _one_circle_each(list(rows)))


def _levels(row: CompetencyRelation) -> tuple[int, int]:
    """Return the level of the source from which on, and that of the target which is needed."""
    return (
        1 if row.source_level is None else row.source_level,
        1 if row.level is None else row.level,
    )


def _proper_rows(catalog: Catalog, kinds: Collection[RequisiteKind]) -> list[ModuleRequisite]:
    """Return the rows of these kinds; a module that requires itself is reported elsewhere."""
    return [row for row in catalog.module_requisites if row.kind in kinds and row.module != row.requires]


def _stuck(needs: Mapping[str, tuple[Group, ...]]) -> set[str]:
    """Return the modules that no order of terms can satisfy."""
    dependants: dict[str, set[str]] = {}
    for module, groups in needs.items():
        for row in (row for group in groups for row in group):
            dependants.setdefault(row.requires, set()).add(module)
    stuck, waiting = set(needs), set(needs)
    while waiting:
        free = {m for m in waiting if all(any(row.requires not in stuck for row in g) for g in needs[m])}
        stuck -= free
        waiting = {m for name in free for m in dependants.get(name, ())} & stuck
    return stuck


def _differences(rows: Iterable[ModuleRequisite]) -> dict[tuple[str, str], ModuleRequisite]:
    """Return the row behind each difference T_u - T_v >= 0 or 1, the prerequisite where there are two."""
    edges: dict[tuple[str, str], ModuleRequisite] = {}
    for row in rows:
        pairs = [(row.module, row.requires)]
        if row.kind is RequisiteKind.STRICT_COREQUISITE:
            pairs.append((row.requires, row.module))
        for pair in pairs:
            if pair not in edges or row.kind is RequisiteKind.PREREQUISITE:
                edges[pair] = row
    return edges


def _contradictions(
    rows: Mapping[str, list[ModuleRequisite]], modules: Iterable[str]
) -> Iterator[RequisiteConflict]:
    """Yield the circles with a prerequisite among the rows of some modules taken together."""
    edges = _differences(row for name in sorted(modules) for row in rows.get(name, ()))
    starts = {pair: row for pair, row in edges.items() if row.kind is RequisiteKind.PREREQUISITE}
    yield from _circles(edges, starts)


def _entangled(rows: Mapping[str, list[ModuleRequisite]], suspects: set[str]) -> set[str]:
    """Return all modules that lie on any circle with one of the suspects."""
    parts = tangles(list(_differences(row for found in rows.values() for row in found)))
    return {name for part in parts if part & suspects for name in part}


def _implied(module: str, rows: Mapping[str, list[ModuleRequisite]]) -> set[str]:
    """Return the modules that must be taken if `module` is, itself included."""
    implied, waiting = {module}, [module]
    while waiting:
        wanted = {row.requires for row in rows.get(waiting.pop(), ())} - implied
        implied |= wanted
        waiting += sorted(wanted)
    return implied


def _circles(
    edges: Mapping[tuple[str, str], ModuleRequisite], starts: Mapping[tuple[str, str], ModuleRequisite]
) -> Iterator[RequisiteConflict]:
    """Yield a shortest circle through each edge of `starts` that no circle before has passed."""
    part = {name: number for number, names in enumerate(tangles(list(edges))) for name in names}
    closed = [pair for pair in sorted(starts) if pair[0] in part and part[pair[0]] == part.get(pair[1])]
    if not closed:
        return
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(sorted(edges))
    passed: set[tuple[str, str]] = set()
    for source, target in closed:
        if (source, target) not in passed:
            modules = (source, *nx.shortest_path(graph, target, source))
            circle = list(pairwise(modules))
            passed.update(circle)
            rows = {edges[pair].key_values(): edges[pair] for pair in circle}
            yield RequisiteConflict(modules, tuple(rows.values()))


def _one_circle_each(edges: Sequence[Edge[Node]]) -> list[list[Edge[Node]]]:
    """Return a circle out of each tangle, beginning at its least node."""
    found = sorted(tangles(edges), key=min)
    if not found:
        return []
    import networkx as nx

    graph: nx.DiGraph[Node] = nx.DiGraph(edges)
    return [nx.find_cycle(graph.subgraph(part), min(part)) for part in found]


def tangles(edges: Sequence[Edge[Node]]) -> list[set[Node]]:
    """Return the sets of two nodes and more of which each leads to each (Kosaraju).

    Mostly there are none, and then a catalog is checked without importing networkx, which takes a quarter
    of a second; the circles within them are left to it.
    """
    following: dict[Node, list[Node]] = {node: [] for edge in edges for node in edge}
    before: dict[Node, list[Node]] = {node: [] for node in following}
    for source, target in edges:
        following[source].append(target)
        before[target].append(source)
    seen: set[Node] = set()
    finished = [node for root in following for node in _finished(root, following, seen)]
    seen = set()
    parts = [set(_finished(node, before, seen)) for node in reversed(finished)]
    return [part for part in parts if len(part) > 1]


def _finished(root: Node, following: Mapping[Node, Sequence[Node]], seen: set[Node]) -> Iterator[Node]:
    """Yield what is reached from `root` and was not seen, each after all that it leads to."""
    if root in seen:
        return
    seen.add(root)
    path = [(root, iter(following[root]))]
    while path:
        node, left = path[-1]
        new = next((one for one in left if one not in seen), None)
        if new is None:
            path.pop()
            yield node
        else:
            seen.add(new)
            path.append((new, iter(following[new])))
