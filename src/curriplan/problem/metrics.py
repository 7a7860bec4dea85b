"""What the requisites say about a curriculum, as numbers: its bottlenecks, and how its terms follow.

The definitions are those of Heileman and others, *Curricular Analytics* (arXiv 1811.09676). An edge goes
from the required module to the one that requires it; prerequisites, corequisites and strict corequisites
count alike, alternatives (``any_of``) too, where both modules are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import pstdev
from typing import NamedTuple, TypeAlias

import networkx as nx

from curriplan.catalog.records import ModuleRequisite, RequisiteKind

Requisites: TypeAlias = "nx.DiGraph[str]"

QUARTER_FACTOR = (2, 3)
"""A year of three quarters has shorter terms than one of two semesters: complexity counts 2/3."""


@dataclass(frozen=True)
class ModuleMetrics:
    """How one module hangs in the requisites.

    Attributes
    ----------
    blocking : int
        Modules that cannot be finished without it: its descendants.
    delay : int
        Modules on the longest chain through it, itself included.
    centrality : int
        Σ over the paths from a source to a sink through it of their number of modules; 0 where it is
        itself a source or a sink.
    complexity : float
        blocking + delay; × 2/3, rounded to one decimal, where terms are quarters.
    """

    module: str
    blocking: int
    delay: int
    centrality: int
    complexity: float


@dataclass(frozen=True)
class CurriculumMetrics:
    """The metrics of the modules that one programme takes, sorted by id."""

    modules: tuple[ModuleMetrics, ...]

    def __repr__(self) -> str:
        return f"<CurriculumMetrics {len(self.modules)} modules, complexity {self.complexity:g}>"

    @property
    def blocking(self) -> int:
        """Sum over the modules."""
        return sum(row.blocking for row in self.modules)

    @property
    def delay(self) -> int:
        """Sum over the modules."""
        return sum(row.delay for row in self.modules)

    @property
    def centrality(self) -> int:
        """Sum over the modules."""
        return sum(row.centrality for row in self.modules)

    @property
    def complexity(self) -> float:
        """Sum over the modules: the structural complexity of the curriculum."""
        return round(sum(row.complexity for row in self.modules), 1)


@dataclass(frozen=True)
class TermPlanMetrics:
    """How the modules of one programme lie in its terms.

    Attributes
    ----------
    loads : tuple of float
        Credits by term.
    requisite_distance : int
        Σ over requisite rows with both modules taken of max(0, T_m − T_a), terms.
    standard_deviation : float
        Of the loads, over all terms (not a sample), credits.
    balance : float
        Σ over pairs of terms of |load difference|, credits.
    """

    loads: tuple[float, ...]
    requisite_distance: int
    standard_deviation: float
    balance: float


class _Paths(NamedTuple):
    """All paths that end (or begin) at a module, itself included."""

    number: int
    modules: int
    """Sum over the paths of their number of modules."""
    longest: int


def curriculum_metrics(
    modules: Iterable[str], requisites: Iterable[ModuleRequisite], *, quarters: bool = False
) -> CurriculumMetrics:
    """Compute blocking, delay, centrality and complexity of modules that are taken together.

    Parameters
    ----------
    modules : iterable of str
        The modules that one programme takes.
    requisites : iterable of ModuleRequisite
        Rows of ``module_requisites``; those of other modules, and those of order, do not count.
    quarters : bool
        Whether terms are quarters: then complexity is × 2/3, rounded to one decimal for each module.

    Returns
    -------
    CurriculumMetrics
        Paths are counted, never listed: the time is linear in modules and rows, but for blocking, whose
        sets of descendants are bits of one whole number a module. Counts are exact however large.

    Notes
    -----
    Two modules may strictly require each other, or by alternatives lie on a longer circle. A circle has no
    paths from source to sink, so the rows are taken in sorted order and one that would close a circle is
    left out: of two modules that strictly require each other, the one that sorts first follows the other.
    """
    graph = requisite_graph(modules, requisites)
    order = list(nx.topological_sort(graph))
    above = _paths(order, graph.pred)
    below = _paths(order[::-1], graph.succ)
    blocking = _descendants(order, graph)
    rows = (_module_metrics(name, blocking[name], above[name], below[name], quarters) for name in graph)
    return CurriculumMetrics(tuple(rows))


def requisite_graph(modules: Iterable[str], requisites: Iterable[ModuleRequisite]) -> Requisites:
    """Return the graph of the modules, required → requiring, without circles (see `curriculum_metrics`)."""
    graph: Requisites = nx.DiGraph()
    graph.add_nodes_from(sorted(set(modules)))
    pairs = dict.fromkeys(
        (row.module, row.requires)
        for row in requisites
        if row.module != row.requires and row.kind is not RequisiteKind.ORDER
    )
    edges = [(a, m) for m, a in sorted(pairs) if m in graph and a in graph]
    every: Requisites = nx.DiGraph(edges)
    part = {name: i for i, names in enumerate(nx.strongly_connected_components(every)) for name in names}
    # A circle lies within one strongly connected part, so only the few edges within parts need a search.
    circular = [(a, m) for a, m in edges if part[a] == part[m]]
    kept: Requisites = nx.DiGraph()
    kept.add_nodes_from(name for edge in circular for name in edge)
    for required, module in circular:
        if not nx.has_path(kept, module, required):
            kept.add_edge(required, module)
    graph.add_edges_from((a, m) for a, m in edges if part[a] != part[m] or kept.has_edge(a, m))
    return graph


def requisite_distance(term_of: Mapping[str, int], requisites: Iterable[ModuleRequisite]) -> int:
    """Return Σ over the rows (m requires a) with both taken of max(0, T_m − T_a), in terms.

    Parameters
    ----------
    term_of : mapping of str to int
        The term in which each module that is taken starts.
    requisites : iterable of ModuleRequisite
        Rows of ``module_requisites``; those of order do not count.
    """
    return sum(
        max(0, term_of[row.module] - term_of[row.requires])
        for row in requisites
        if row.module in term_of and row.requires in term_of and row.kind is not RequisiteKind.ORDER
    )


def term_plan_metrics(
    loads: Sequence[float], term_of: Mapping[str, int], requisites: Iterable[ModuleRequisite]
) -> TermPlanMetrics:
    """Return loads, requisite distance, standard deviation and balance of one programme's terms.

    Raises
    ------
    ValueError
        If there are no terms.
    """
    if not loads:
        raise ValueError("a programme has at least one term")
    return TermPlanMetrics(
        tuple(loads),
        requisite_distance(term_of, requisites),
        pstdev(loads),
        sum(abs(first - second) for first, second in combinations(loads, 2)),
    )


def _paths(order: Iterable[str], neighbours: Mapping[str, Iterable[str]]) -> dict[str, _Paths]:
    """Count the paths that reach each module; `order` has its neighbours before it."""
    found: dict[str, _Paths] = {}
    for name in order:
        before = [found[other] for other in neighbours[name]] or [_Paths(1, 0, 0)]
        number = sum(paths.number for paths in before)
        found[name] = _Paths(
            number,
            sum(paths.modules for paths in before) + number,
            max(paths.longest for paths in before) + 1,
        )
    return found


def _descendants(order: list[str], graph: Requisites) -> dict[str, int]:
    """Return the number of descendants of each module; a set is the bits of a whole number."""
    reached: dict[str, int] = {}
    for place, name in enumerate(reversed(order)):
        below = 0
        for other in graph.succ[name]:
            below |= reached[other]
        reached[name] = below | 1 << place
    return {name: bits.bit_count() - 1 for name, bits in reached.items()}


def _module_metrics(
    module: str, blocking: int, above: _Paths, below: _Paths, quarters: bool
) -> ModuleMetrics:
    delay = above.longest + below.longest - 1
    inner = above.longest > 1 and below.longest > 1
    # L↑·N↓ + L↓·N↑ counts the module itself twice on each of its N↑·N↓ paths.
    through = above.modules * below.number + below.modules * above.number - above.number * below.number
    part, whole = QUARTER_FACTOR if quarters else (1, 1)
    complexity = round((blocking + delay) * part / whole, 1)
    return ModuleMetrics(module, blocking, delay, through if inner else 0, complexity)
