"""Curriculum metrics: published values, worked plans, brute force over random graphs."""

from __future__ import annotations

from itertools import pairwise, product

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import curriplan
from curriplan.catalog.records import ModuleRequisite, RequisiteKind
from curriplan.problem.metrics import (
    CurriculumMetrics,
    curriculum_metrics,
    requisite_distance,
    requisite_graph,
    term_plan_metrics,
)
from instances.test_oracle import catalog, programme, standing
from instances.test_oracle import module as module_rows

PREREQUISITE, COREQUISITE, STRICT, ORDER = RequisiteKind


def requisite(required: str, module: str, kind: RequisiteKind = PREREQUISITE) -> ModuleRequisite:
    return ModuleRequisite(module=module, requires=required, kind=kind)


def edges(text: str) -> list[ModuleRequisite]:
    """Read ``A>B C>B``: A is required by B, C by B."""
    return [requisite(required, module) for required, module in (pair.split(">") for pair in text.split())]


def columns(metrics: CurriculumMetrics) -> tuple[list[int], list[int], int, float]:
    delay, blocking = [row.delay for row in metrics.modules], [row.blocking for row in metrics.modules]
    return delay, blocking, metrics.centrality, metrics.complexity


REFERENCE = {
    # The published examples of arXiv 1811.09676 and two worked by hand: d, b by module, Σq, Σh.
    "1>2 1>3 2>4": ("1234", [3, 3, 2, 3], [3, 1, 0, 0], 3, 15),
    "1>3 2>3 3>4": ("1234", [3, 3, 3, 3], [2, 2, 1, 0], 6, 17),
    "A>C B>C D>C C>E D>F": ("ABCDEFGH", [3, 3, 3, 3, 3, 2, 1, 1], [2, 2, 1, 3, 0, 0, 0, 0], 9, 27),
    "A>B A>C B>D C>D C>E D>F D>G G>F": ("ABCDEFG", [5, 5, 5, 5, 3, 5, 5], [6, 3, 4, 2, 0, 0, 1], 49, 49),
}


@pytest.mark.parametrize("text", REFERENCE)
def test_published_graphs(text: str) -> None:
    modules, delay, blocking, centrality, complexity = REFERENCE[text]
    assert columns(curriculum_metrics(modules, edges(text))) == (delay, blocking, centrality, complexity)


def test_kinds_of_requisites_count_alike() -> None:
    rows = [requisite("1", "2", STRICT), requisite("1", "3", COREQUISITE), requisite("2", "4")]
    assert curriculum_metrics("1234", rows) == curriculum_metrics("1234", edges("1>2 1>3 2>4"))


def test_two_rows_between_the_same_modules_are_one_edge() -> None:
    rows = [requisite("1", "2", COREQUISITE), requisite("1", "2"), requisite("2", "3")]
    # One path 1-2-3 of three modules goes through 2.
    assert curriculum_metrics("123", rows).centrality == 3


def test_modules_that_are_not_taken_do_not_count() -> None:
    # Without 2 nothing depends on 1, nor 4 on anything: 3 chains of one module each, but for 1-3.
    delay, blocking, centrality, complexity = columns(curriculum_metrics("134", edges("1>2 1>3 2>4")))
    assert (delay, blocking, centrality, complexity) == ([2, 2, 1], [1, 0, 0], 0, 6)


def test_quarters_count_two_thirds_rounded_by_module() -> None:
    # h = 6, 4, 2, 3; two thirds are 4, 2.667, 1.333, 2: rounded 4, 2.7, 1.3, 2, their sum 10.
    metrics = curriculum_metrics("1234", edges("1>2 1>3 2>4"), quarters=True)
    assert [row.complexity for row in metrics.modules] == [4.0, 2.7, 1.3, 2.0]
    assert metrics.complexity == 10.0


def test_no_modules_no_complexity() -> None:
    assert columns(curriculum_metrics([], edges("1>2"))) == ([], [], 0, 0)


def test_of_two_modules_that_strictly_require_each_other_the_first_follows_the_second() -> None:
    rows = [requisite("A", "B", STRICT), requisite("B", "A", STRICT), requisite("B", "C")]
    # The row (A requires B) sorts first: B→A stays, A→B would close a circle.
    assert set(requisite_graph("ABC", rows).edges) == {("B", "A"), ("B", "C")}
    assert requisite_graph("ABC", rows).edges == requisite_graph("CBA", reversed(rows)).edges


def test_a_module_that_requires_itself_is_no_edge() -> None:
    assert not requisite_graph("A", edges("A>A")).edges


def test_path_counts_of_any_size_are_exact() -> None:
    # 400 layers of two modules, each requiring both of the layer before: through a module of an inner
    # layer go 2^399 paths of 400 modules each (2 choices in each other layer), far beyond 64 bits.
    layers = [(f"{depth:03}a", f"{depth:03}b") for depth in range(400)]
    rows = [requisite(a, m) for above, below in pairwise(layers) for a in above for m in below]
    metrics = curriculum_metrics([name for layer in layers for name in layer], rows)
    inner = [row for row in metrics.modules if row.module[:3] not in ("000", "399")]
    assert {row.centrality for row in inner} == {400 * 2**399}
    assert metrics.modules[0].blocking == 2 * 399


def all_paths(graph: nx.DiGraph[str]) -> list[list[str]]:
    """List every path from a source to a sink, one by one."""
    waiting = [[name] for name in graph if not graph.pred[name]]
    found = []
    while waiting:
        path = waiting.pop()
        longer = [[*path, name] for name in graph.succ[path[-1]]]
        waiting += longer
        if not longer:
            found.append(path)
    return found


NAMES = "ABCDEFGH"
PAIRS = [(a, m) for a in NAMES for m in NAMES if a < m]


@given(st.lists(st.sampled_from(PAIRS), unique=True, max_size=16), st.permutations(NAMES))
def test_metrics_agree_with_the_list_of_all_paths(pairs: list[tuple[str, str]], names: list[str]) -> None:
    # Renamed at random, so that the order of ids is not that of the requisites.
    other = dict(zip(NAMES, names, strict=True))
    graph = nx.DiGraph((other[a], other[m]) for a, m in pairs)
    graph.add_nodes_from(NAMES)
    paths = all_paths(graph)
    rows = [requisite(a, m) for a, m in graph.edges]
    for row in curriculum_metrics(NAMES, rows).modules:
        through = [path for path in paths if row.module in path]
        inner = bool(graph.pred[row.module] and graph.succ[row.module])
        assert row.blocking == len(nx.descendants(graph, row.module))
        assert row.delay == max(map(len, through))
        assert row.centrality == (sum(map(len, through)) if inner else 0)
        assert row.complexity == row.blocking + row.delay


@given(st.lists(st.sampled_from([(a, m) for a in NAMES for m in NAMES]), unique=True, max_size=24))
def test_any_rows_give_a_graph_without_circles_that_lacks_no_other_row(pairs: list[tuple[str, str]]) -> None:
    graph = requisite_graph(NAMES, [requisite(a, m) for a, m in pairs])
    assert nx.is_directed_acyclic_graph(graph)
    for required, module in pairs:
        # Whatever is left out would close a circle.
        assert graph.has_edge(required, module) or nx.has_path(graph, module, required)


CREDITS = {"A": 3, "B": 1, "C": 2, "D": 1, "E": 4, "F": 1}
PLAN_ROWS = [
    *edges("A>E A>C B>E B>F"),
    requisite("D", "E", COREQUISITE),
    requisite("F", "E", STRICT),
]


def loads_of(term_of: dict[str, int], terms: int = 3) -> list[int]:
    return [sum(CREDITS[m] for m, term in term_of.items() if term == t) for t in range(1, terms + 1)]


def test_a_worked_plan_of_three_terms() -> None:
    term_of = {"A": 1, "B": 1, "C": 2, "D": 2, "E": 3, "F": 3}
    found = term_plan_metrics(loads_of(term_of), term_of, PLAN_ROWS)
    # AB 3 + 1, CD 2 + 1, EF 4 + 1 credits.
    assert found.loads == (4, 3, 5)
    # A→E 2, A→C 1, B→E 2, B→F 2, D→E 1, F→E 0 terms.
    assert found.requisite_distance == 8
    # The mean is 4: √((0 + 1 + 1) / 3).
    assert found.standard_deviation == pytest.approx(0.816497, abs=5e-7)
    # |4 − 3| + |4 − 5| + |3 − 5|.
    assert found.balance == 4


def holds(row: ModuleRequisite, term_of: dict[str, int]) -> bool:
    gap = term_of[row.module] - term_of[row.requires]
    return {PREREQUISITE: gap >= 1, COREQUISITE: gap >= 0, STRICT: gap == 0}[row.kind]


def test_the_order_of_balance_and_distance_matters() -> None:
    # All 3^6 ways to place six modules; the published counts and values of the 22 feasible ones.
    every = [dict(zip(CREDITS, terms, strict=True)) for terms in product((1, 2, 3), repeat=6)]
    plans = [plan for plan in every if all(holds(row, plan) for row in PLAN_ROWS)]
    assert len(plans) == 22
    found = [term_plan_metrics(loads_of(plan), plan, PLAN_ROWS) for plan in plans]
    assert min((one.balance, one.requisite_distance) for one in found) == (4, 6)
    assert min((one.requisite_distance, one.balance) for one in found) == (4, 16)


def test_a_module_before_what_it_requires_has_no_distance() -> None:
    # An alternative that serves nothing may stand later: max(0, 1 − 3) = 0; and 9 is not taken.
    assert requisite_distance({"A": 3, "B": 1}, edges("A>B 9>B A>9")) == 0


def test_a_programme_without_terms_has_no_loads() -> None:
    with pytest.raises(ValueError, match="term"):
        term_plan_metrics([], {}, [])


@pytest.mark.parametrize(
    ("order", "values"),
    [(("balance", "distance"), (4.0, 6.0)), (("distance", "balance"), (4.0, 16.0))],
)
def test_the_optimizer_finds_the_published_values_in_either_order(
    order: tuple[str, str], values: tuple[float, float]
) -> None:
    one = catalog(
        programme(terms=3),
        *(module_rows(name, size=size) for name, size in CREDITS.items()),
        *(standing(name, "mandatory") for name in CREDITS),
        PLAN_ROWS,
    )
    result = curriplan.optimize(one, objectives=order, gap=0.0)
    assert tuple(stage.value for stage in result.plan.stages) == values
    assert all(stage.gap == 0 for stage in result.plan.stages)


def test_what_only_comes_in_order_counts_for_nothing() -> None:
    rows = [requisite("1", "2"), requisite("3", "1", ORDER)]
    assert requisite_distance({"3": 1, "1": 2, "2": 3}, rows) == 1
    assert [row.blocking for row in curriculum_metrics("123", rows).modules] == [1, 0, 0]
