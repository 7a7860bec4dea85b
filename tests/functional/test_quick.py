"""`optimize --quick`: a first look, which says in every form that it is one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from curriplan.base.errors import issue_texts
from curriplan.cli.app import main
from curriplan.optimizer.solve import stages
from curriplan.optimizer.solve.solver import Outcome, Solved
from curriplan.plan.plan import Status
from curriplan.problem.objectives import DEFAULT_OBJECTIVES, ObjectiveChoice
from curriplan.problem.settings import Settings
from curriplan.texts.words import Words
from functional.reviews import PLAN, fill

SEC2 = ("TECH", "SEC2")
WORDS = {
    "kk": ("алғашқы көрініс", "Ізделмеген мақсаттар"),
    "ru": ("первый взгляд", "Не искались"),
    "en": ("a first look", "Not sought"),
}


def invoke(*words: Any) -> Result:
    return CliRunner().invoke(main, [*map(str, words)])


def sought(names: str, *, quick: bool = True) -> str:
    choices = tuple(ObjectiveChoice(name) for name in names.split())
    return " ".join(choice.name for choice in Settings(objectives=choices, quick=quick).sought)


def test_a_first_look_seeks_up_to_closure_and_cost() -> None:
    assert sought("no_harm closure cost disruption balance") == "no_harm closure cost"
    assert sought("changes no_harm closure cost disruption") == "changes no_harm closure cost"
    assert sought("cost peak closure balance") == "cost peak closure"  # what is cheapest alone closes nothing
    assert sought("closure balance") == "closure"
    assert sought("disruption balance") == "disruption balance"  # it would seek nothing else
    assert sought("no_harm closure cost disruption", quick=False) == "no_harm closure cost disruption"


def test_its_gap_is_one_percent_unless_a_wider_one_is_chosen() -> None:
    assert [Settings(gap=gap, quick=True).stage_gap for gap in (0.0, 0.001, 0.01, 0.05)] == [
        0.01,
        0.01,
        0.01,
        0.05,
    ]
    assert Settings(gap=0.0001).stage_gap == 0.0001


def outputs(paths: Iterable[Path]) -> list[Any]:
    return [word for path in paths for word in ("-o", path)]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_says_what_it_is_in_every_form(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = Path("q.json"), Path("q.xlsx")
    result = invoke("optimize", "mini", "--quick", "--lang", language, "-o", out[0], "-o", out[1])
    assert result.exit_code == 0, result.output
    word, not_sought = WORDS[language]
    assert word in result.stdout
    assert "first-look" in result.stderr
    assert "no_harm" not in result.stderr, "objectives by name, not by code"
    assert max(map(len, result.stdout.splitlines())) <= 80

    plan = json.loads(out[0].read_text(encoding="utf-8"))
    assert (plan["status"], plan["limits"]["quick"]) == ("feasible", True)
    assert [row["objective"] for row in plan["stages"]] == ["no_harm", "closure", "cost"]
    assert [row["name"] for row in plan["limits"]["objectives"]] == [one.name for one in DEFAULT_OBJECTIVES]
    assert [row["code"] for row in plan["warnings"]] == ["first-look"]
    assert (plan["cost_at_best_closure_kzt"], plan["filling"]) == (None, [])
    assert plan["cost_at_best_closure_at_most_kzt"] is None
    assert plan["measures"]["objectives"].keys() >= {"disruption", "balance"}

    book, texts = openpyxl.load_workbook(out[1]), Words(language)
    summary = [str(cell.value) for row in book[texts("sheet.summary")].iter_rows(max_row=6) for cell in row]
    assert any(not_sought in text and word in text.lower() for text in summary), summary
    assert texts("sheet.swaps") not in book.sheetnames
    provenance = [[cell.value for cell in row] for row in book[texts("sheet.provenance")].iter_rows()]
    assert [row for row in provenance if texts("setting.quick") in row and texts("word.yes") in row]
    said = issue_texts()["first-look"].found[language].partition("{")[0]
    assert [row for row in provenance if said in str(row)]

    verdict = invoke("verify", out[0], "--optimality", "--lang", language)
    assert verdict.exit_code == 0, verdict.output
    assert word in verdict.stdout.lower()
    assert "1,00 %" in verdict.stdout or "1.00 %" in verdict.stdout

    reasons = Path("why.xlsx"), Path("why.json")
    told = invoke("explain", out[0], "--lang", language)
    assert word in told.stdout.lower()
    assert invoke("explain", out[0], "-q", "--lang", language, *outputs(reasons)).exit_code == 0
    cells = [str(cell.value) for row in openpyxl.load_workbook(reasons[0]).active.iter_rows() for cell in row]
    assert [text for text in cells if word in text.lower()]
    assert json.loads(reasons[1].read_text(encoding="utf-8"))["first_look"] is True


def test_a_full_plan_says_nothing_of_it(tmp_path: Path) -> None:
    result = invoke("optimize", "mini", "--lang", "en", "-o", tmp_path / "p.json")
    assert "first look" not in result.output
    plan = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
    assert (plan["status"], plan["limits"]["quick"]) == ("optimal", False)


def test_verify_finds_what_is_better_and_what_is_not_so(tmp_path: Path) -> None:
    """Of a first look, too, a plan must not be worse than it says, nor be called optimal."""
    path = tmp_path / "q.json"
    curriplan.optimize("mini", quick=True, budget_kzt=1_100_000).to_json(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["status"] = "optimal"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert invoke("verify", path).exit_code == 6
    data["status"] = "feasible"
    data["limits"]["overrides"]["budget_kzt"] = data["limits"]["budget_kzt"] = 1_600_000
    path.write_text(json.dumps(data), encoding="utf-8")
    assert invoke("verify", path).exit_code == 0
    result = invoke("verify", path, "--optimality", "--lang", "en")
    assert result.exit_code == 6, result.output
    assert "Not optimal" in result.stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("kk", "Алғашқы көрініс: иә → жоқ"),
        ("ru", "Первый взгляд: да → нет"),
        ("en", "First look: yes → no"),
    ],
)
def test_compared_with_a_full_plan_the_difference_is_named(
    tmp_path: Path, language: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    curriplan.optimize("mini", quick=True).to_json("quick.json")
    curriplan.optimize("mini").to_json("full.json")
    result = invoke("compare", "quick.json", "full.json", "-o", "c.xlsx", "--lang", language)
    assert result.exit_code == 0, result.output
    assert said in result.stdout
    texts = Words(language)
    cells = [
        cell.value for row in openpyxl.load_workbook("c.xlsx")[texts("sheet.compare_limits")] for cell in row
    ]
    title, answers = said.split(": ")
    assert [value for value in cells if value in answers.split(" → ")] == answers.split(" → ")
    data = json.loads(Path("quick.json").read_text(encoding="utf-8"))
    del data["limits"]["quick"], data["stages"][2:]  # as one of an earlier version
    Path("old.json").write_text(json.dumps(data), encoding="utf-8")
    assert title not in invoke("compare", "old.json", "full.json", "--lang", language).stdout


def test_nothing_is_asked_but_what_is_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cost at the best closure, no filling, no swaps: one question to the solver a stage."""
    asked: list[float] = []
    real = stages.SOLVE["highs"]
    monkeypatch.setitem(
        stages.SOLVE, "highs", lambda lp, options: asked.append(options.gap) or real(lp, options)
    )
    monkeypatch.setattr("curriplan.api.results.equal_swaps", lambda *_: pytest.fail("swaps"))
    result = curriplan.optimize("mini", quick=True)
    assert asked == [0.01] * 3
    assert result._workbook(result.plan, "en")


def test_with_an_earlier_plan_the_fewest_changes_come_first() -> None:
    first = curriplan.optimize("mini", budget_kzt=1_100_000)
    result = curriplan.optimize("mini", quick=True, previous=first)
    assert [stage.objective for stage in result.plan.stages] == ["changes", "no_harm", "closure", "cost"]
    assert result.plan.stage_value("changes") == 0
    assert result.plan.replanning is None
    limited = curriplan.optimize("mini", quick=True, previous=first, max_changes=1)
    assert [stage.objective for stage in limited.plan.stages] == ["no_harm", "closure", "cost"]
    assert limited.after.objectives["changes"] <= 1


def test_a_tolerance_is_kept_and_its_price_not_asked() -> None:
    objectives = "closure:0.2,cost:100000,disruption"
    full, quick = (curriplan.optimize("mini", objectives=objectives, quick=quick) for quick in (False, True))
    assert full.plan.cost_at_best_closure_at_most_kzt is not None
    assert quick.plan.cost_at_best_closure_at_most_kzt is None
    for name in ("closure", "cost"):  # mini is proven to the end at any gap
        assert quick.plan.stage_value(name) == full.plan.stage_value(name)
    assert quick.after.objectives["closure"] >= quick.plan.stage_value("closure") - 0.2


def test_without_cost_it_ends_with_closure_and_without_both_it_is_a_whole_plan() -> None:
    one = curriplan.optimize("mini", objectives="no_harm,closure,balance", quick=True)
    assert [stage.objective for stage in one.plan.stages] == ["no_harm", "closure"]
    assert one.status is Status.FEASIBLE
    other = curriplan.optimize("mini", objectives="disruption,balance", quick=True)
    assert [stage.objective for stage in other.plan.stages] == ["disruption", "balance"]
    assert other.status is Status.OPTIMAL  # within 1 %, as it says
    assert "first-look" in {issue.code for issue in other.warnings}


def test_when_the_time_is_up_it_says_so_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = stages.SOLVE["highs"], []

    def stopped_at_cost(*arguments: Any) -> Solved:
        calls.append(1)
        return Solved(Outcome.STOPPED) if len(calls) == 3 else real(*arguments)

    monkeypatch.setitem(stages.SOLVE, "highs", stopped_at_cost)
    result = curriplan.optimize("mini", quick=True)
    codes = [(issue.code, getattr(issue.values.get("objective"), "key", None)) for issue in result.warnings]
    assert codes == [("first-look", None), ("not-proven", "objective.cost")]
    assert result.status is Status.FEASIBLE


def test_fairness_is_measured_against_what_each_reaches_alone_in_full() -> None:
    full, quick = (curriplan.optimize("mini", equity=0.9, quick=quick) for quick in (False, True))
    assert quick.limits.closure_alone == full.limits.closure_alone


def test_cbc_gives_the_same_first_look() -> None:
    highs, cbc = (curriplan.optimize("mini", quick=True, solver=solver) for solver in ("highs", "cbc"))
    assert [stage.value for stage in highs.plan.stages] == pytest.approx(
        [stage.value for stage in cbc.plan.stages]
    )


def test_a_review_of_a_first_look_is_one_unless_said_otherwise(tmp_path: Path) -> None:
    sent = curriplan.optimize("mini", quick=True).to_excel(tmp_path / "sent.xlsx", "en")
    path = fill(sent, tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}})
    again = invoke("optimize", "--review", path, "-o", tmp_path / "again.json", "--lang", "en")
    assert again.exit_code == 0, again.output
    assert "review-settings-kept" in again.stderr
    assert "quick" in again.stderr
    plan = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert plan["limits"]["quick"] is True
    assert "replanning" not in plan
    full = invoke("optimize", "--review", path, "--no-quick", "-o", tmp_path / "full.json", "--lang", "en")
    assert full.exit_code == 0, full.output
    assert "first-look" not in full.stderr
    plan = json.loads((tmp_path / "full.json").read_text(encoding="utf-8"))
    assert (plan["limits"]["quick"], plan["status"]) == (False, "optimal")
    approved = fill(sent, tmp_path / "a.xlsx", {PLAN: {"decision": "approve"}})
    done = invoke("optimize", "--review", approved, "-o", tmp_path / "done.json", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "first-look" in done.stderr
