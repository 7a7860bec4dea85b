"""The sheet that says where each competency is built up, and its table in the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from io import BytesIO
from unittest import mock

import pytest

import curriplan
from curriplan.evaluation.figures.coverage import Coverage, coverage_of
from curriplan.plan.plan import Decision
from curriplan.report import coverage as sheet
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from functional.report.test_ministry import grid
from functional.report.workbooks import Values, values
from unit.report.rich import rich_view
from unit.report.sample import sample_view

SHEET = "Coverage map"
CASES = ("sample", "rich")


@cache
def view_of(name: str) -> PlanView:
    return {"sample": sample_view, "rich": rich_view}[name]()


def written(view: PlanView) -> Values:
    target = BytesIO()
    write_plan_workbook(view, target, "en")
    return values(target.getvalue())


def lines(book: Values) -> list[dict[str, str]]:
    """Return the rows of the sheet by header."""
    rows = list(grid(book, SHEET).values())
    top = next(place for place, row in enumerate(rows) if row.get("A") == "Programme")
    return [{str(rows[top][at]): str(value) for at, value in row.items()} for row in rows[top + 1 :]]


def taught(rows: Iterable[Coverage]) -> list[tuple[object, ...]]:
    return [
        (row.programme, row.competency, row.module, row.decision, row.first_term, row.last_term, row.level)
        for row in rows
    ]


def test_the_rows_of_the_rich_sample() -> None:
    """By hand: M5 runs in terms 2 to 4 and lifts C2 to 1 by what it carries over, M6 teaches C1 to 3 in 4."""
    rows = taught(view_of("rich").coverage)
    assert ("A", "C2", "M5", Decision.ADDED, 2, 4, 1) in rows
    assert ("A", "C1", "M6", Decision.ADDED, 4, 4, 3) in rows


def test_a_module_that_teaches_no_higher_is_not_said_to_lift() -> None:
    """M1 teaches C1 to 2 in term 1, M2 to 4 in term 2; M6, to 3 in term 4, adds nothing to that."""
    raised = {row.module: row.raises for row in view_of("rich").coverage if row.programme == "A"}
    assert raised == {"M1": True, "M2": True, "M6": False, "M5": True}
    (row,) = (
        row for row in lines(written(view_of("rich"))) if row["Programme"] == "A" and "M6" in row["Sem. 4"]
    )
    assert (row["Sem. 2"], row["Sem. 4"]) == ("+ M2 → 4", "+ M6 =")


@pytest.mark.parametrize("name", CASES)
def test_every_competency_that_is_asked_for_has_rows(name: str) -> None:
    """Also those that no module lifts: a hole is seen, not left out."""
    view = view_of(name)
    asked = {(gap.programme, gap.competency): gap.required for gap in view.gaps}
    for floor in view.catalog.floors:
        for programme in view.limits.planned:
            if floor.programme in (None, programme):
                key = (programme, floor.competency)
                asked[key] = max(asked.get(key, 0), floor.level)
    assert {(row.programme, row.competency): row.asked for row in view.coverage} == asked
    for row in view.coverage:
        assert row.after == view.after.levels_after[row.programme].get(row.competency, 0)
        assert row.before == view.after.levels_before[row.programme].get(row.competency, 0)


@pytest.mark.parametrize("most", [0, 3])
@pytest.mark.parametrize("name", CASES)
def test_the_sheet_names_every_module_in_each_semester_in_which_it_runs(name: str, most: int) -> None:
    """Where a cell is too small for all, it says how many more there are, and the last column names all."""
    view = view_of(name)
    with mock.patch.object(sheet, "MOST_IN_CELL", most):
        found = lines(written(view))
    labels = {row.id: row.name("en") for row in view.catalog.competencies}
    by_row = {(row["Programme"], row["Competency"]): row for row in found}
    cut = 0
    for one in view.coverage:
        row = by_row[one.programme, labels[one.competency]]
        for term in range(one.first_term or 1, (one.last_term or 0) + 1):
            cell = row[f"Sem. {term}"]
            ends = f"→ {one.level}" if one.raises else "="
            ends = ends if term == one.last_term else "…"
            said = f"{'+ ' if one.decision is Decision.ADDED else ''}{one.module} {ends}"
            if said not in cell.split("\n"):
                cut += 1
                assert cell.endswith(" more")
                whole = row["Whole list, where the cell is too small"]
                named = next(line for line in whole.split("\n") if line.startswith(f"Sem. {term}: "))
                assert said in named
    assert (cut > 0) is (most == 0)
    assert all(("Whole list, where the cell is too small" in row) <= (most == 0) for row in found)


@pytest.mark.parametrize("name", CASES)
def test_the_last_columns_are_the_levels_asked_and_held(name: str) -> None:
    view, found = view_of(name), lines(written(view_of(name)))
    expected = {
        (row.programme, row.competency): (row.asked, row.before, row.after, max(0, row.asked - row.after))
        for row in view.coverage
    }
    keys = ("Level asked", "Today", "In the plan", "Lacking")
    assert [tuple(int(row[key]) for key in keys) for row in found] == list(expected.values())


def test_without_modules_each_competency_is_a_hole() -> None:
    view = view_of("rich")
    rows = coverage_of(view.problem, replace(view.plan, modules=()), view.after)
    assert [(row.module, row.runs_in(1)) for row in rows] == [(None, False)] * len(rows)
    assert {(row.programme, row.competency) for row in rows} == {
        (row.programme, row.competency) for row in view.coverage
    }


def test_the_library_gives_it_as_a_table() -> None:
    result = curriplan.optimize("mini")
    frame = result.coverage
    assert list(frame.columns) == [
        "programme",
        "competency",
        "asked",
        "before",
        "after",
        "module",
        "decision",
        "first_term",
        "last_term",
        "level",
        "raises",
    ]
    assert len(frame) == len(result.view.coverage) > 0
    gaps = result.gaps.set_index(["programme", "competency"])
    for row in frame.itertuples():
        if (row.programme, row.competency) in gaps.index:
            assert row.after == gaps.loc[(row.programme, row.competency), "after"]
