"""pipeline.py: the use cases, as a library calls them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import curriplan
from curriplan.api.optimize import optimize_catalog
from curriplan.api.reading import DEFAULT_CATALOG, read, read_profile
from curriplan.api.results import PlanResult
from curriplan.base.errors import CatalogError, CurriplanError, InfeasibleError, Issue, UsageError
from curriplan.catalog.records import Catalog, CatalogInfo
from curriplan.plan.plan import Decision, Status
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings

PROFILE = "key,value,source,verified,as_of\n"


@pytest.fixture(scope="module")
def mini() -> Catalog:
    return curriplan.read_catalog("mini").require()


@pytest.fixture(scope="module")
def result(mini: Catalog) -> PlanResult:
    return curriplan.optimize(mini, gap=0.0)


def test_the_default_catalog_is_the_illustrative_college() -> None:
    found = read().require()
    assert found.info.id == DEFAULT_CATALOG
    assert found.info.illustrative


def test_a_plan_of_records_names_no_file(result: PlanResult) -> None:
    assert result.status is Status.OPTIMAL
    assert result.plan.catalog.source is None
    assert result.plan.catalog.sha256 == result.catalog.sha256


def test_every_current_module_is_kept_moved_or_dropped(result: PlanResult) -> None:
    """BASE is the only module that mini teaches today."""
    current = [row for row in result.plan.modules if row.decision is not Decision.ADDED]
    assert [row.module for row in current] == ["BASE"]


def test_payments_add_up_to_the_new_money(result: PlanResult) -> None:
    assert sum(row.kzt for row in result.plan.payments) == result.after.cost_kzt > 0


def test_choices_replace_settings(mini: Catalog) -> None:
    settings = Settings(objectives=(ObjectiveChoice("cost"),), budget_kzt=1_600_000)
    plan = curriplan.optimize(mini, settings, budget_kzt=1_500_000)
    assert plan.limits.budget_kzt == 1_500_000
    assert [stage.objective for stage in plan.plan.stages] == ["cost"]


def _starts(result: PlanResult) -> tuple[tuple[str, str, int], ...]:
    return tuple((row.programme, row.module, row.term) for row in result.plan.selection.starts)


def _codes(result: PlanResult) -> list[str]:
    return [issue.code for issue in result.warnings]


CLOSURE = (ObjectiveChoice("closure"),)


def test_an_earlier_plan_in_any_form(result: PlanResult, mini: Catalog, tmp_path: Path) -> None:
    """Without a change, the only plan is the earlier one."""
    path = result.to_json(tmp_path / "plan.json")
    for previous in (result, result.plan, path, str(path), _starts(result)):
        again = curriplan.optimize(mini, previous=previous, max_changes=0, objectives=CLOSURE)
        assert again.limits.settings.previous == _starts(again) == _starts(result)
        assert _codes(again) == []


def test_an_earlier_plan_of_another_catalog(result: PlanResult, mini: Catalog, tmp_path: Path) -> None:
    """To plan anew after a change of the catalog is what an earlier plan is for."""
    changed = mini.replace(info=mini.info.model_copy(update={"version": "2.0"}))
    assert changed.sha256 != mini.sha256
    again = curriplan.optimize(changed, previous=result, max_changes=0, objectives=CLOSURE)
    assert _starts(again) == _starts(result)
    assert curriplan.verify(again).holds


def test_rows_that_nobody_knows_are_told_where_there_is_no_plan(mini: Catalog) -> None:
    """An earlier plan of which nothing is left: each module is a change."""
    with pytest.raises(InfeasibleError) as refused:
        curriplan.optimize(mini, previous=(("NOBODY", "BASE", 1),), max_changes=0)
    assert [issue.code for issue in refused.value.issues] == ["no-plan-possible", "previous-row-ignored"]


def test_an_earlier_plan_of_another_college(result: PlanResult, mini: Catalog, tmp_path: Path) -> None:
    other = mini.replace(info=mini.info.model_copy(update={"id": "elsewhere"}))
    path = result.to_json(tmp_path / "plan.json")
    for previous in (result, result.plan, path):
        (issue,) = curriplan.optimize(other, previous=previous, objectives=CLOSURE).warnings
        assert issue.code == "previous-other-catalog"
        assert {**issue.values} == {"previous": mini.info.id, "catalog": "elsewhere"}


def test_rows_of_the_earlier_plan_that_nobody_knows(
    result: PlanResult, mini: Catalog, tmp_path: Path
) -> None:
    unknown = (("NOBODY", "BASE", 1), ("TECH", "GHOST", 1), *(("TECH", f"GHOST{n}", 1) for n in range(5)))
    again = curriplan.optimize(mini, previous=(*_starts(result), *unknown), max_changes=0, objectives=CLOSURE)
    assert again.limits.settings.previous == _starts(result)
    (issue,) = again.warnings
    assert issue.code == "previous-row-ignored"
    assert {**issue.values} == {
        "count": 7,
        "names": "NOBODY/BASE, TECH/GHOST, TECH/GHOST0, TECH/GHOST1, TECH/GHOST2, ...",
    }
    data = json.loads(again.to_json(tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert [row["code"] for row in data["warnings"]] == ["previous-row-ignored"]
    assert len(data["limits"]["previous"]) == len(_starts(result))
    assert curriplan.verify(tmp_path / "plan.json", mini).holds


def test_an_earlier_plan_that_starts_a_module_twice(result: PlanResult, mini: Catalog) -> None:
    row = result.plan.modules[0]
    twice = replace(result.plan, modules=(*result.plan.modules, replace(row, term=row.term + 1)))
    with pytest.raises(CurriplanError, match=r"plan-invalid.*twice"):
        curriplan.optimize(mini, previous=twice)


def test_changes_need_an_earlier_plan(mini: Catalog) -> None:
    for choice in ({"max_changes": 3}, {"taught_until": "2026-1"}):
        with pytest.raises(UsageError, match="previous-missing"):
            curriplan.optimize(mini, **choice)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"bad-value.*taught_until"):
        curriplan.optimize(mini, previous=(), taught_until="2026")


def test_a_budget_cannot_raise_those_of_the_sources(mini: Catalog) -> None:
    own = sum(row.budget_kzt for row in mini.funding_budgets)
    plan = curriplan.optimize(mini, budget_kzt=own + 1, objectives=CLOSURE)
    assert plan.limits.budget_kzt == own
    assert _codes(plan) == ["budget-above-sources"]
    assert _codes(curriplan.optimize(mini, budget_kzt=own, objectives=CLOSURE)) == []


def test_what_a_programme_reaches_alone_is_recorded(mini: Catalog, tmp_path: Path) -> None:
    """Mini has one programme: alone it reaches what it reaches in any plan of the best closure."""
    best = curriplan.optimize(mini, objectives=CLOSURE).after.objectives["closure"]
    plan = curriplan.optimize(mini, equity=1.0, objectives=(ObjectiveChoice("fairness"),))
    assert dict(plan.limits.closure_alone) == {"TECH": pytest.approx(best, abs=2e-3)}
    assert plan.after.objectives["closure"] == pytest.approx(best, abs=2e-3)
    data = json.loads(plan.to_json(tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert data["limits"]["closure_alone"] == dict(plan.limits.closure_alone)
    assert curriplan.verify(tmp_path / "plan.json", mini).holds


def test_equity_asks_nothing_of_a_programme_that_cannot_stand_alone(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of such a programme the optimizer and the evaluation must think the same, or no plan is accepted."""
    monkeypatch.setattr("curriplan.optimizer.solve.alone.closure_alone", lambda *_, **__: {"TECH": 0.0})
    plan = curriplan.optimize(mini, equity=1.0, objectives=(ObjectiveChoice("cost"),))
    assert dict(plan.limits.closure_alone) == {"TECH": 0.0}
    assert plan.after.objectives["closure"] < 0.6, "the cheapest plan is not the best"
    assert curriplan.verify(plan).holds


def test_nothing_is_planned_alone_unless_asked_for(result: PlanResult) -> None:
    assert dict(result.limits.closure_alone) == {}


@pytest.mark.parametrize("tolerance", [-0.1, float("nan"), float("inf")])
def test_a_tolerance_that_is_none(mini: Catalog, tolerance: float) -> None:
    with pytest.raises(UsageError, match=r"bad-value.*objectives closure"):
        curriplan.optimize(mini, objectives=(ObjectiveChoice("closure", tolerance),))


def test_an_unknown_choice_is_an_error(mini: Catalog) -> None:
    with pytest.raises(UsageError):
        curriplan.optimize(mini, budget=1)
    with pytest.raises(UsageError):
        curriplan.optimize(mini, solver="glpk")


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ("gap", -0.001), ("gap", float("nan")), ("time_limit_s", 0), ("budget_kzt", -1),
        ("practice_share", 1.5), ("meeting_share", 2), ("essential_factor", -1),
    ],
)  # fmt: skip
def test_a_number_out_of_its_range_is_named(mini: Catalog, choice: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"bad-value.* {choice} ") as caught:
        curriplan.optimize(mini, **{choice: value})
    assert len(caught.value.issues) == 1


def test_a_plan_needs_an_objective(mini: Catalog) -> None:
    with pytest.raises(UsageError, match="unknown-objective"):
        curriplan.optimize(mini, objectives=())


def test_a_catalog_with_errors_is_not_planned() -> None:
    with pytest.raises(CatalogError) as caught:
        optimize_catalog(_with_a_dangling_target())
    assert "unknown-reference" in {issue.code for issue in caught.value.issues}


def _with_a_dangling_target() -> Catalog:
    mini = curriplan.read_catalog("mini").require()
    target = mini.targets[0].model_copy(update={"occupation": "GHOST"})
    return mini.replace(targets=(target, *mini.targets[1:]))


def test_verify_takes_results_plans_and_files(result: PlanResult, mini: Catalog, tmp_path: Path) -> None:
    path = result.to_json(tmp_path / "plan.json")
    assert curriplan.verify(result).holds
    assert curriplan.verify(result.plan, mini).holds
    assert curriplan.verify(path, mini).holds
    assert curriplan.verify(str(path), "mini").holds
    assert curriplan.verify(result.plan, "mini").holds


def test_verify_refuses_another_catalog(result: PlanResult, mini: Catalog) -> None:
    other = mini.replace(info=CatalogInfo(schema=1, id="other"))
    with pytest.raises(CurriplanError) as caught:
        curriplan.verify(result.plan, other)
    assert caught.value.issues[0].code == "plan-other-catalog"


def test_verify_asks_for_the_catalog_of_a_bare_plan(result: PlanResult) -> None:
    with pytest.raises(CurriplanError) as caught:
        curriplan.verify(result.plan)
    assert caught.value.issues[0].code == "plan-without-catalog"


def test_gaps_as_a_table() -> None:
    """TECH trains for two occupations that together ask three competencies."""
    gaps = curriplan.find_gaps("mini", lang="en")
    assert set(gaps["competency"]) == {"DATA", "FRAUD", "SEC"}
    assert gaps["weight"].sum() == pytest.approx(1.0)
    with pytest.raises(UsageError):
        curriplan.find_gaps("mini", lang="de")


def test_a_profile_replaces_the_catalogs(tmp_path: Path) -> None:
    path = tmp_path / "profile.csv"
    path.write_text(PROFILE + "hours_per_credit,24,local,no,\npractice_share_min,0.6,local,no,\n", "utf-8")
    rows = read_profile(path)
    plan = curriplan.optimize("mini", profile=rows)
    assert plan.limits.number("practice_share_min") == 0.6
    data = json.loads(plan.to_json(tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert data["limits"]["overrides"]["profile"] is True
    assert curriplan.verify(tmp_path / "plan.json").holds


@pytest.mark.parametrize(
    ("content", "code"),
    [("key,valve\n", "missing-column"), (PROFILE + "a b,1,,no,\n", "wrong-id"), ("", "missing-header")],
)
def test_a_broken_profile(content: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "profile.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_profile(path)
    assert code in {issue.code for issue in caught.value.issues}


def test_what_is_odd_in_a_profile_is_told(tmp_path: Path) -> None:
    path = tmp_path / "profile.csv"
    path.write_text("key;value\nhours_per_credit;24\n", encoding="utf-8")
    warnings: list[Issue] = []
    (row,) = read_profile(path, warnings)
    assert (row.key_name, row.value) == ("hours_per_credit", "24")
    assert [issue.code for issue in warnings] == ["wrong-delimiter"]


def test_a_missing_profile(tmp_path: Path) -> None:
    with pytest.raises(CurriplanError):
        read_profile(tmp_path / "nowhere.csv")
