"""Cycles and contradictions, compared with trying every assignment of terms."""

from __future__ import annotations

from itertools import product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan.catalog.records import Catalog, CatalogInfo, ModuleRequisite, RequisiteKind
from curriplan.problem.requisites import contradictory_requisites, find_requisite_cycles, tangles

MODULES = "abcd"
PRE, CO, STRICT, _ = RequisiteKind
INFO = CatalogInfo.model_validate({"id": "requisites"})


def _catalog(*rows: tuple[str, str, RequisiteKind, str | None]) -> Catalog:
    return Catalog(
        INFO,
        module_requisites=tuple(
            ModuleRequisite(module=m, requires=r, kind=kind, any_of=word) for m, r, kind, word in rows
        ),
    )


def _holds(kind: RequisiteKind, term: int, required: int) -> bool:
    """Say whether a module in `term` may lean on one in `required` (0: not taken)."""
    if required == 0:
        return False
    return {PRE: required < term, CO: required <= term, STRICT: required == term}[kind]


def _possible(catalog: Catalog, module: str) -> bool:
    """Try every assignment of terms 0 (not taken) to 4 that takes `module`."""
    for terms in product(range(len(MODULES) + 1), repeat=len(MODULES)):
        of = dict(zip(MODULES, terms, strict=True))
        if of[module] and all(_satisfied(catalog, name, of) for name in MODULES if of[name]):
            return True
    return False


def _satisfied(catalog: Catalog, module: str, of: dict[str, int]) -> bool:
    groups: dict[tuple[str, str], list[bool]] = {}
    for row in catalog.module_requisites:
        if row.module == module:
            name = (row.kind.value, row.any_of) if row.any_of else (row.kind.value, f"only {row.requires}")
            groups.setdefault(name, []).append(_holds(row.kind, of[module], of[row.requires]))
    return all(any(group) for group in groups.values())


def _cycles(catalog: Catalog) -> list[str]:
    return [" -> ".join(conflict.modules) for conflict in find_requisite_cycles(catalog)]


def test_a_cycle_is_shown_with_its_rows() -> None:
    catalog = _catalog(
        ("a", "b", PRE, None), ("b", "c", PRE, None), ("c", "a", PRE, None), ("d", "a", PRE, None)
    )
    (conflict,) = find_requisite_cycles(catalog)
    assert conflict.modules == ("a", "b", "c", "a")
    assert [row.key_values()[:2] for row in conflict.rows] == [("a", "b"), ("b", "c"), ("c", "a")]


def test_every_cyclic_row_is_in_a_cycle() -> None:
    # a requires b and c, and each of them requires a: two cycles share a
    catalog = _catalog(
        ("a", "b", PRE, None), ("b", "a", PRE, None), ("a", "c", PRE, None), ("c", "a", PRE, None)
    )
    assert _cycles(catalog) == ["a -> b -> a", "a -> c -> a"]


def test_an_alternative_avoids_a_cycle() -> None:
    # a requires b or c, b requires a: a is taken after c, then b
    rows = (("a", "b", PRE, "x"), ("a", "c", PRE, "x"), ("b", "a", PRE, None))
    assert _cycles(_catalog(*rows)) == []
    # now c requires a too, and no alternative is left
    assert _cycles(_catalog(*rows, ("c", "a", PRE, None))) == ["a -> b -> a", "a -> c -> a"]


def test_a_module_that_requires_itself_is_reported_elsewhere() -> None:
    assert _cycles(_catalog(("a", "a", PRE, None))) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", "b", CO, None), ("b", "a", CO, None)], []),  # both in one term
        ([("a", "b", PRE, None), ("a", "b", CO, None)], []),  # a corequisite may come before
        ([("a", "b", PRE, None), ("a", "b", STRICT, None)], ["a -> b -> a"]),
        ([("a", "b", PRE, None), ("b", "a", CO, None)], ["a -> b -> a"]),
        ([("a", "b", PRE, None), ("b", "c", CO, None), ("c", "a", CO, None)], ["a -> b -> c -> a"]),
        # d takes a in its own term, c takes b in its own: only both together contradict each other
        (
            [
                ("d", "a", STRICT, None),
                ("c", "b", STRICT, None),
                ("d", "b", PRE, None),
                ("c", "a", PRE, None),
            ],
            [],
        ),
    ],
)
def test_contradictions(rows: list[tuple[str, str, RequisiteKind, None]], expected: list[str]) -> None:
    found = contradictory_requisites(_catalog(*rows))
    assert [" -> ".join(conflict.modules) for conflict in found] == expected


ROWS = st.tuples(st.sampled_from(MODULES), st.sampled_from(MODULES)).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(ROWS, st.sampled_from([None, None, "x", "y"])), max_size=7, unique_by=lambda r: r[0])
)
def test_cycles_are_exactly_the_modules_that_cannot_be_taken(
    rows: list[tuple[tuple[str, str], str | None]],
) -> None:
    catalog = _catalog(*((m, r, PRE, word) for (m, r), word in rows))
    found = find_requisite_cycles(catalog)
    assert bool(found) == (not all(_possible(catalog, module) for module in MODULES))
    for conflict in found:
        assert not any(_possible(catalog, module) for module in conflict.modules)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ROWS, st.sampled_from([PRE, CO, STRICT])), max_size=6, unique=True))
def test_contradictions_are_exactly_the_modules_that_cannot_be_taken(
    rows: list[tuple[tuple[str, str], RequisiteKind]],
) -> None:
    catalog = _catalog(*((m, r, kind, None) for (m, r), kind in rows))
    found = (*find_requisite_cycles(catalog), *contradictory_requisites(catalog))
    assert bool(found) == (not all(_possible(catalog, module) for module in MODULES))


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30))
@settings(deadline=None)
def test_tangles_are_those_of_networkx(edges: list[tuple[int, int]]) -> None:
    parts = nx.strongly_connected_components(nx.DiGraph(edges))
    assert sorted(map(sorted, tangles(edges))) == sorted(sorted(part) for part in parts if len(part) > 1)


def test_a_chain_of_any_length_has_no_tangle() -> None:
    """The search goes no deeper into Python's stack, however long the chain."""
    assert tangles([(number, number + 1) for number in range(5_000)]) == []
    assert tangles([(number, (number + 1) % 5_000) for number in range(5_000)]) == [set(range(5_000))]
