"""``optimize --with-frontier``: what other budgets would buy, beside a plan that is the same without it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import curriplan
from curriplan.api.results import PlanResult
from curriplan.base.errors import Issue, NoPlanError, UsageError
from curriplan.cli.app import main
from curriplan.optimizer import frontier as search
from curriplan.plan.frontier import PlanFrontier
from curriplan.plan.plan import plan_sha256
from curriplan.texts.words import thousands
from functional.report.test_ministry import grid
from functional.report.workbooks import values

SHEET = "Frontier"


def invoke(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@cache
def planned() -> PlanResult:
    return curriplan.optimize("mini", frontier=4)


def lines(result: PlanResult, path: Path) -> list[dict[str, object]]:
    data = result.to_excel(path, "en").read_bytes()
    return list(grid(values(data), SHEET).values())


def test_the_command_changes_nothing_but_the_frontier(tmp_path: Path) -> None:
    read: list[dict[str, Any]] = []
    for name, options in (("plain", ()), ("with", ("--with-frontier", "4"))):
        outputs = [tmp_path / f"{name}.xlsx", tmp_path / f"{name}.json"]
        done = invoke("optimize", "mini", *options, *(part for one in outputs for part in ("-o", one)))
        assert done.exit_code == 0, done.output
        read.append(json.loads(outputs[1].read_text(encoding="utf-8")))
    plain, other = read
    assert 3 <= len(other.pop("frontier")["points"]) <= 4
    assert plain == other
    assert invoke("verify", tmp_path / "with.json", "mini").exit_code == 0


def test_five_points_where_no_number_is_given(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    assert invoke("optimize", "mini", "-o", path, "--with-frontier").exit_code == 0
    found = json.loads(path.read_text(encoding="utf-8"))["frontier"]
    assert found["points"] == [
        json.loads(json.dumps(point))
        for point in curriplan.find_frontier("mini", points=5).to_data()["points"]
    ]


def test_the_hash_of_a_plan_is_the_same_without_it() -> None:
    plan = planned().plan
    assert plan.frontier is not None
    assert plan_sha256(plan) == plan_sha256(replace(plan, frontier=None))


def test_it_is_what_the_frontier_command_finds() -> None:
    found = curriplan.find_frontier("mini", points=4)
    assert planned().plan.frontier == found.of_plan
    assert [point.is_current for point in found.points].count(True) == 1


@pytest.mark.parametrize("points", ["2", "6", "many"])
def test_more_points_than_a_chart_holds_are_refused(points: str, tmp_path: Path) -> None:
    done = invoke("optimize", "mini", "-o", tmp_path / "p.json", "--with-frontier", points)
    assert done.exit_code == 2
    assert not (tmp_path / "p.json").exists()


@pytest.mark.parametrize("points", [2, 6, True, "4"])
def test_the_library_refuses_them_too(points: Any) -> None:
    with pytest.raises(UsageError):
        curriplan.optimize("mini", frontier=points)


def test_the_plan_stands_below_the_budgets_and_the_next_money_is_told(tmp_path: Path) -> None:
    """By hand from the points: the first dearer plan that closes more, and what a point of it costs."""
    result = planned()
    assert result.plan.frontier is not None
    rows = lines(result, tmp_path / "p.xlsx")
    top = next(place for place, row in enumerate(rows) if str(row.get("A", "")).startswith("Budget"))
    heads = {str(text): at for at, text in rows[top].items()}
    mine = next(row for row in rows if row.get("A") == "This plan")
    closure, cost = result.after.objectives["closure"], result.after.cost_kzt
    assert mine[heads["Closure"]] == pytest.approx(closure)
    assert mine[heads["Money needed, KZT"]] == cost
    better = next(
        point
        for point in result.plan.frontier.points
        if point.closure is not None and point.cost_kzt is not None
        if point.closure > closure + 0.0005 and point.cost_kzt > cost
    )
    assert better.closure is not None and better.cost_kzt is not None
    said = next(str(row["A"]) for row in rows if str(row.get("A", "")).startswith("The plan closes"))
    gained = 100 * (better.closure - closure)
    assert f"would bring {100 * better.closure:.1f}%: +{gained:.1f} points" in said
    price = (better.cost_kzt - cost) / gained
    assert f"at {thousands(round(price))} KZT a point" in said


def test_where_money_buys_nothing_more_it_says_so(tmp_path: Path) -> None:
    """The best point of all taken away, no budget closes more than the plan."""
    result = planned()
    assert result.plan.frontier is not None
    closure = result.after.objectives["closure"]
    points = tuple(
        point for point in result.plan.frontier.points if (point.closure or 0.0) <= closure + 0.0005
    )
    assert 0 < len(points) < len(result.plan.frontier.points)
    bare = replace(result, plan=replace(result.plan, frontier=PlanFrontier(points, None, True)))
    texts = [str(row.get("A", "")) for row in lines(bare, tmp_path / "p.xlsx")]
    assert any("More money would add nothing" in text for text in texts)


def test_where_no_budget_was_found_in_time_the_sheet_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def none_found(*_: object, **__: object) -> None:
        raise NoPlanError([Issue("stopped-before-plan")])

    monkeypatch.setattr(search, "find_frontier", none_found)
    result = curriplan.optimize("mini", frontier=3)
    assert result.plan.frontier == PlanFrontier((), None, False)
    texts = [str(row.get("A", "")) for row in lines(result, tmp_path / "p.xlsx")]
    assert any(text.startswith("No other budget was found in time.") for text in texts)


def test_a_search_that_was_stopped_is_called_so(tmp_path: Path) -> None:
    result = planned()
    assert result.plan.frontier is not None
    stopped = replace(result.plan.frontier, is_complete=False)
    cut = replace(result, plan=replace(result.plan, frontier=stopped))
    told = "The search was stopped: not every budget was looked at."
    assert told in [row.get("A") for row in lines(cut, tmp_path / "cut.xlsx")]
    assert told not in [row.get("A") for row in lines(result, tmp_path / "whole.xlsx")]


def test_without_the_option_there_is_no_such_sheet(tmp_path: Path) -> None:
    plain = replace(planned(), plan=replace(planned().plan, frontier=None))
    data = plain.to_excel(tmp_path / "p.xlsx", "en").read_bytes()
    assert SHEET not in {sheet for sheet, _ in values(data)}
    assert "frontier" not in json.loads(plain.to_json(tmp_path / "p.json").read_text(encoding="utf-8"))
