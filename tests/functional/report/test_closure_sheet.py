"""The sheet on which closure is reckoned: for any θ and κ it is what the evaluation finds with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

import curriplan
from curriplan.api.review.read import read_review
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.planned import existing_selection
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from functional.report.test_ministry import grid
from functional.report.workbooks import Values, values
from unit.report.rich import rich_view
from unit.report.sample import sample_view
from workbooks.office import recalculated_all, saved_as

SHEET = "How closure is reckoned"
JUDGEMENTS = ((0.5, 2.0), (0.0, 1.0), (1.0, 4.0), (0.3, 0.25))
BEFORE, AFTER, JUDGED_BEFORE, JUDGED_AFTER, CHANGE = "D", "E", "F", "H", "J"
CASES = ("mini", "sample", "rich")


@cache
def view_of(name: str) -> PlanView:
    if name == "mini":
        return curriplan.optimize(name).view
    return {"sample": sample_view, "rich": rich_view}[name]()


@cache
def written(name: str) -> bytes:
    target = BytesIO()
    write_plan_workbook(view_of(name), target, "en")
    return target.getvalue()


def yellow(book: openpyxl.Workbook) -> list[str]:
    """Return the addresses of θ and κ, which alone may be changed."""
    cells = (cell for row in book[SHEET].iter_rows() for cell in row)
    return [cell.coordinate for cell in cells if cell.fill.fgColor.rgb == "FFFFF6C2"]


def edited(data: bytes, theta: float, kappa: float) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    for address, value in zip(yellow(book), (theta, kappa), strict=True):
        book[SHEET][address] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


@cache
def recalculated(name: str) -> Mapping[tuple[float, float], Values]:
    data = written(name)
    found = recalculated_all({f"{theta} {kappa}": edited(data, theta, kappa) for theta, kappa in JUDGEMENTS})
    return {(theta, kappa): found[f"{theta} {kappa}"] for theta, kappa in JUDGEMENTS}


def shown(book: Values) -> dict[str, dict[str, object]]:
    """Return the lines of the upper table by programme, that of the whole under ''."""
    rows = list(grid(book, SHEET).values())
    start = next(place for place, row in enumerate(rows) if row.get("A") == "Programme")
    end = next(place for place, row in enumerate(rows) if row.get("B") == "Total")
    return {str(row.get("A", "")): row for row in rows[start + 1 : end + 1]}


@pytest.mark.parametrize(("theta", "kappa"), JUDGEMENTS)
@pytest.mark.parametrize("name", CASES)
def test_with_other_judgements_it_is_the_closure_that_the_evaluation_finds(
    name: str, theta: float, kappa: float
) -> None:
    view = view_of(name)
    judged = replace(view.limits.settings, meeting_share=theta, essential_factor=kappa)
    problem = view.problem.with_limits(replace(view.limits, settings=judged))
    found_again = evaluate(problem, view.plan.selection)
    rows = shown(recalculated(name)[theta, kappa])
    expected = {row.programme: (row.closure_before, row.closure_after) for row in found_again.programmes} | {
        "": (found_again.closure_before, found_again.objectives["closure"])
    }
    assert rows.keys() == expected.keys()
    for programme, (before, after) in expected.items():
        found = rows[programme]
        for column, closure in ((JUDGED_BEFORE, before), (JUDGED_AFTER, after)):
            if closure is None:
                assert found[column] == "–"
            else:
                assert found[column] == pytest.approx(closure, abs=1e-8), (programme, column)


@pytest.mark.parametrize("name", CASES)
def test_with_the_judgements_of_the_plan_it_is_the_closure_of_the_plan(name: str) -> None:
    view, rows = view_of(name), shown(values(written(name)))
    for row in view.after.programmes:
        line = rows[row.programme]
        assert (line[JUDGED_BEFORE], line[JUDGED_AFTER]) == pytest.approx(
            (line[BEFORE], line[AFTER]), abs=1e-8
        )
        assert line[AFTER] == pytest.approx(row.closure_after, abs=1e-8)
        assert line[CHANGE] == 0
    assert rows[""][JUDGED_AFTER] == pytest.approx(view.after.objectives["closure"], abs=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_an_edit_changes_no_other_sheet(name: str) -> None:
    """What the plan says stays; only this sheet says what would be."""
    as_it_is, other = (recalculated(name)[judgement] for judgement in ((0.5, 2.0), (1.0, 4.0)))
    changed = {place for place, value in other.items() if as_it_is.get(place) != value}
    assert {sheet for sheet, _ in changed} == {SHEET}
    said = [str(other[place]) for place in changed if "θ" in str(other[place])]
    assert len(said) == 1 and "With θ = 1 and κ = 4" in said[0]


def test_a_review_that_comes_back_with_other_judgements_reads_nothing_of_them(tmp_path: Path) -> None:
    """Neither as a decision nor as an edit of a locked cell: not the yellow cells, nor what follows them."""
    path = tmp_path / "back.xlsx"
    saved = tmp_path / "plan.xlsx"
    curriplan.optimize("mini").to_excel(saved, "en")
    path.write_bytes(saved_as(edited(saved.read_bytes(), 1.0, 4.0), "xlsx")["xlsx"])
    assert shown(values(path.read_bytes()))[""][CHANGE] != 0
    assert read_review(path).issues == read_review(saved).issues == ()


@pytest.mark.parametrize(("part", "value"), [("meeting_share", 0.25), ("essential_factor", 3.0)])
def test_a_plan_made_with_other_judgements_shows_them(part: str, value: float) -> None:
    view = view_of("sample")
    settings = replace(view.limits.settings, **{part: value})
    problem = view.problem.with_limits(replace(view.limits, settings=settings))
    other = replace(
        view,
        problem=problem,
        before=evaluate(problem, existing_selection(problem)),
        after=evaluate(problem, view.plan.selection),
    )
    target = BytesIO()
    write_plan_workbook(other, target, "en")
    book = openpyxl.load_workbook(BytesIO(target.getvalue()))
    found = [book[SHEET][address].value for address in yellow(book)]
    assert found == [settings.meeting_share, settings.essential_factor]
    rows = shown(values(target.getvalue()))
    assert rows[""][JUDGED_AFTER] == pytest.approx(other.after.objectives["closure"], abs=1e-8)
