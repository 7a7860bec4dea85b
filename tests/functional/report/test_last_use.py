"""Terms since each step was last taught or used: by hand, and against a plain reading of the formulation."""

from __future__ import annotations

from dataclasses import replace

import pytest

import curriplan
from curriplan.catalog.records import programmes as g
from curriplan.evaluation.figures.last_use import last_uses
from curriplan.plan.plan import Decision
from curriplan.problem.problem import Problem
from curriplan.report.view import PlanView
from functional.report.test_coverage import CASES, lines, view_of, written

Steps = dict[tuple[str, int], tuple[int, str | None, int]]


def steps(view: PlanView, programme: str) -> Steps:
    rows = last_uses(view.problem, view.plan, view.after)
    return {
        (row.competency, row.level): (row.last_term, row.module, row.terms_since)
        for row in rows
        if row.programme == programme
    }


def without_requisites() -> PlanView:
    view = view_of("rich")
    catalog = view.catalog.replace(module_requisites=())
    return replace(view, problem=Problem(catalog, view.limits))


def test_a_level_is_used_as_long_as_a_module_teaches_or_needs_it() -> None:
    """A has four terms: M1 (term 1) lifts C1 to 2, M2 (term 2) to 4, M6 (term 4) teaches it to 3.

    M5 (terms 2 to 4) teaches C3 to 2, which requires C1 at 2, and by what it carries over C2 to 1.
    """
    found = steps(without_requisites(), "A")
    assert {level: found["C1", level] for level in range(1, 5)} == {
        1: (4, "M5", 0),
        2: (4, "M5", 0),
        3: (4, "M6", 0),
        4: (2, "M2", 2),
    }
    assert found["C3", 2] == found["C2", 1] == (4, "M5", 0)


def test_a_module_uses_what_those_that_it_requires_teach() -> None:
    """M5, which ends in term 4, requires M2: so C1 at 4 is used until then."""
    assert steps(view_of("rich"), "A")["C1", 4] == (4, "M5", 0)


def test_what_nobody_teaches_is_brought_along_and_waits_for_all_terms() -> None:
    view = view_of("rich")
    brought = (*view.catalog.baseline, g.Baseline(programme="A", competency="C4", level=1))
    after = {**view.after.levels_after, "A": {**view.after.levels_after["A"], "C4": 1}}
    catalog = view.catalog.replace(baseline=brought)
    found = replace(
        view, problem=Problem(catalog, view.limits), after=replace(view.after, levels_after=after)
    )
    assert steps(found, "A")["C4", 1] == (0, None, 4)


def naive(view: PlanView, programme: str, competency: str, level: int) -> int:
    """The last term, from the text of the formulation alone."""
    catalog = view.catalog
    taken = {
        row.module: row.term + catalog.module_by_id[row.module].span_terms - 1
        for row in view.plan.modules
        if row.programme == programme and row.decision is not Decision.DROPPED
    }
    teaches = {name: {one.competency: one.exit_level for one in catalog.teaching.of(name)} for name in taken}
    last = 0
    for name, end in taken.items():
        needed = [one.level for one in catalog.teaching.entries(name, {}) if one.competency == competency]
        required = [
            teaches[row.requires].get(competency, 0)
            for row in catalog.module_requisites
            if row.module == name and row.kind != "order" and row.requires in taken
        ]
        if max([teaches[name].get(competency, 0), *needed, *required]) >= level:
            last = max(last, end)
    return last


@pytest.mark.parametrize("name", CASES)
def test_each_step_held_has_a_row_and_the_terms_of_a_plain_reading(name: str) -> None:
    view = view_of(name)
    rows = view.last_uses
    held = {
        (programme, competency, level)
        for programme in view.limits.planned
        for competency, highest in view.after.levels_after[programme].items()
        for level in range(1, highest + 1)
    }
    assert {(row.programme, row.competency, row.level) for row in rows} == held
    for row in rows:
        assert row.last_term == naive(view, row.programme, row.competency, row.level)
        assert row.terms_since == view.catalog.programme_by_id[row.programme].terms - row.last_term


@pytest.mark.parametrize("name", CASES)
def test_higher_steps_wait_no_less_than_lower_ones(name: str) -> None:
    waits: dict[tuple[str, str], list[int]] = {}
    for row in view_of(name).last_uses:
        waits.setdefault((row.programme, row.competency), []).append(row.terms_since)
    assert all(some == sorted(some) for some in waits.values())


@pytest.mark.parametrize("name", CASES)
def test_the_coverage_map_shows_it_for_the_level_reached(name: str) -> None:
    view = view_of(name)
    labels = {row.id: row.name("en") for row in view.catalog.competencies}
    shown = {
        (row["Programme"], row["Competency"]): row.get("Level reached: terms since taught or used") or None
        for row in lines(written(view))
    }
    for row in view.coverage:
        since = view.terms_since_use.get((row.programme, row.competency, row.after))
        assert shown[row.programme, labels[row.competency]] == (None if since is None else str(since))
        assert (since is None) is (row.after == 0)


def test_the_library_gives_it_as_a_table() -> None:
    result = curriplan.optimize("mini")
    frame = result.last_uses
    assert list(frame.columns) == ["programme", "competency", "level", "last_term", "module", "terms_since"]
    assert len(frame) == sum(sum(levels.values()) for levels in result.after.levels_after.values())
