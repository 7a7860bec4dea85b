"""results.py: a plan as DataFrames, as a workbook, as plan.json."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import curriplan
from curriplan.api.overview import Overview
from curriplan.api.results import PlanResult
from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, UsageError
from curriplan.catalog.records import RECORD_OF_TABLE, TABLES, Challenge, ChallengeLink
from curriplan.cli.console.plan import show_plan
from curriplan.cli.console.terminal import Terminal
from curriplan.plan.explanation import Explanation
from curriplan.plan.frontier import Frontier, FrontierPoint
from curriplan.plan.plan import Plan
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings


@pytest.fixture(scope="module")
def result() -> PlanResult:
    return curriplan.optimize("mini", gap=0.0)


def test_tables_have_the_columns_of_plan_json(result: PlanResult) -> None:
    assert list(result.modules) == ["programme", "module", "term", "decision"]
    assert list(result.gaps) == ["programme", "competency", "required", "before", "after"]
    assert list(result.uses) == ["programme", "module", "term", "resource", "hours", "parts"]
    assert list(result.payments) == ["source", "module", "part", "year", "kzt"]
    assert list(result.stages) == ["objective", "value", "bound", "gap", "content_held"]


def test_tables_hold_the_plan(result: PlanResult) -> None:
    assert len(result.modules) == len(result.plan.modules)
    assert set(result.modules["decision"]) <= {"kept", "moved", "added", "dropped"}
    assert result.payments["kzt"].sum() == result.after.cost_kzt
    assert result.stages.set_index("objective").loc["closure", "value"] == result.plan.stages[1].value


def test_challenges_are_tables_and_a_line_of_the_summary(result: PlanResult) -> None:
    links = (
        ChallengeLink(challenge="1", competency="SEC"),
        ChallengeLink(challenge="2", funding_source="COLLEGE"),
    )
    rows = (Challenge(id="1"), Challenge(id="2"))
    asked = curriplan.optimize(result.catalog.replace(challenges=rows, challenge_links=links), gap=0.0)
    assert list(asked.challenges["challenge"]) == ["1", "2"]
    assert asked.challenges["paid_kzt"].tolist()[1] == asked.after.cost_kzt
    answers = asked.challenge_competencies
    # mini's own floor is that of challenge 1: FRAUD stands beside what is linked.
    assert list(zip(answers["challenge"], answers["competency"], strict=True)) == [
        ("1", "FRAUD"),
        ("1", "SEC"),
    ]
    before, after = (round(100 * asked.challenges[f"closure_{when}"][0]) for when in ("before", "after"))
    assert f"Closed by challenge, %:                1: {before} → {after}\n" in asked.summary("en")
    # Nothing is decided otherwise, and a plan without challenges has the tables, empty.
    assert asked.plan.modules == result.plan.modules
    assert (len(result.challenges), len(result.challenge_competencies)) == (0, 0)
    assert list(result.challenges) == list(asked.challenges)
    assert "Closed by challenge" not in result.summary("en")


def test_doors_are_tables_and_a_line_of_the_summary(result: PlanResult) -> None:
    """A clerk needs SEC at 4, as a target does: the plan reaches it, and opens one door to one programme."""
    clerk = result.catalog.occupations[0].model_copy(update={"id": "clerk"})
    need = result.catalog.occupation_requirements[-1].model_copy(update={"occupation": "clerk"})
    wider = result.catalog.replace(
        occupations=(*result.catalog.occupations, clerk),
        occupation_requirements=(*result.catalog.occupation_requirements, need),
    )
    asked = curriplan.optimize(wider, gap=0.0)
    assert asked.doors[["occupation", "is_door_before", "is_door_after"]].values.tolist() == [
        ["clerk", False, True]
    ]
    assert asked.adaptability[["others", "doors_before", "doors_after"]].values.tolist() == [[1, 0, 1]]
    assert asked.adaptability["index_after"][0] == asked.after.objectives["adaptability"]
    assert "Other occupations in reach:" in asked.summary("en")
    assert asked.plan.modules == result.plan.modules
    assert (len(result.doors), len(result.adaptability)) == (0, 0)
    assert list(result.doors) == list(asked.doors)
    assert "in reach" not in result.summary("en")


def test_the_lag_is_two_tables_and_a_line_of_the_summary(result: PlanResult) -> None:
    """SEC is asked since 2026-2 by one occupation: 4 steps of mini's programme, none of them held today."""
    rows = (
        row.model_copy(update={"since": "2026-2"} if row.competency == "SEC" else {})
        for row in result.catalog.occupation_requirements
    )
    dated = curriplan.optimize(result.catalog.replace(occupation_requirements=tuple(rows)), gap=0.0)
    assert dated.plan.modules == result.plan.modules
    assert dated.lag[["competency", "level", "since", "first_after"]].values.tolist() == [
        ["SEC", level, "2026-2", "2027-1"] for level in (1, 2, 3, 4)
    ]
    assert dated.lag_sums[["by", "of", "steps", "held_after", "lag_after"]].values.tolist() == [
        ["programme", "TECH", 4, 4, 1.0],
        ["competency", "SEC", 4, 4, 1.0],
    ]
    # It waits in 2026-2, and no longer in 2027-1, when the plan's learners graduate: H.
    assert dated.after.objectives["lag"] == 1.0
    said = " ".join(dated.summary("en").split())
    assert "Response lag: 2.0 → 1.0 semesters, of what is newly asked" in said
    assert list(result.lag) == list(dated.lag) and len(result.lag) == len(result.lag_sums) == 0
    assert "Response lag" not in result.summary("en")
    assert "lag" not in result.after.objectives


def test_checks_show_before_and_after(result: PlanResult) -> None:
    """Today BASE alone gives 3 of the 9 credits that mini's programme needs."""
    row = result.checks.set_index("aspect").loc["total_credits_min"]
    assert (row["limit"], row["before"], bool(row["holds_before"])) == (9.0, 3.0, False)
    assert row["after"] >= 9.0
    assert result.checks["holds"].all()


def test_results_say_in_a_line_what_they_are(result: PlanResult) -> None:
    """A notebook shows them so: not pages of rows."""
    plan = "mini 1.0: optimal, closure 60.5 %, 1,200,000 KZT, 4 modules"
    verdict = curriplan.verify(result)
    forged = replace(result.plan, measures={**result.plan.measures, "closure_after": 0.7})
    shown = {
        repr(result.plan): f"<Plan {plan}>",
        repr(result): f"<PlanResult {plan}, {len(result.warnings)} warnings>",
        repr(verdict): f"<Verdict {plan}: holds>",
        repr(curriplan.verify(forged, "mini")): (
            f"<Verdict {plan.replace('60.5', '70.0')}: 0 rules broken, 1 values differ>"
        ),
        repr(curriplan.compare(result, result)): f"<Comparison {plan} → {plan}; 0 of 4 modules differ>",
        repr(curriplan.what_if(result, drop=["TECH:SEC1"])): (
            "<EditOutcome drop TECH:SEC1: closure 60.53 → 60.53 %, -600,000 KZT, 3 rules broken, 0 mended>"
        ),
        repr(result.catalog): "<Catalog mini 1.0: programmes 1, modules 7, occupations 2, competencies 3>",
        repr(curriplan.read_catalog("mini")): f"<ReadResult {result.catalog.shown}; 0 errors, 0 warnings>",
        repr(Frontier((FrontierPoint(5, "infeasible"), FrontierPoint(2000, "optimal", 0.5)), 0.1, 3)): (
            "<Frontier 5 KZT infeasible, 2,000 KZT 50.0 %>"
        ),
        repr(Settings()): "Settings()",
        repr(Settings(budget_kzt=5, previous=(("P", "M", 1),))): "Settings(budget_kzt=5, previous=<1>)",
        repr(curriplan.curriculum_metrics(["A", "B"], [])): "<CurriculumMetrics 2 modules, complexity 2>",
        repr(curriplan.occupation_gaps(result.catalog, "security-assistant", "analyst-assistant")): (
            "<OccupationGaps security-assistant → analyst-assistant: 2 of 2 competencies lack levels>"
        ),
        repr(Explanation(0.5, 0.6, 0.0)): (
            "<Explanation closure 50.00 % of at most 60.00 %, 0 modules, 0 limits, 0 unanswered>"
        ),
    }
    assert list(shown) == list(shown.values())


def test_an_empty_table_keeps_its_columns() -> None:
    """A budget of nothing in a catalog without floors and credits: nothing is bought."""
    mini = curriplan.read_catalog("mini").require()
    programme = mini.programmes[0].model_copy(update={"min_credits": 0.0})
    terms = [
        row.model_copy(update={"min_credits": None, "min_modules": None}) for row in mini.programme_terms
    ]
    free = mini.replace(programmes=(programme,), programme_terms=tuple(terms), floors=())
    plan = curriplan.optimize(free, budget_kzt=0)
    assert list(plan.payments) == ["source", "module", "part", "year", "kzt"]
    assert plan.payments.empty


def test_existing_files_need_force(result: PlanResult, tmp_path: Path) -> None:
    path = result.to_excel(tmp_path / "plan.xlsx", lang="kk")
    with pytest.raises(CurriplanError) as caught:
        result.to_excel(path)
    assert caught.value.issues[0].code == "output-exists"
    assert result.to_excel(path, force=True) == path


def test_wrong_endings_and_languages(result: PlanResult, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        result.to_excel(tmp_path / "plan.json")
    with pytest.raises(UsageError):
        result.to_json(tmp_path / "plan.xlsx")
    with pytest.raises(UsageError):
        result.to_excel(tmp_path / "plan.xlsx", lang="de")
    assert not list(tmp_path.iterdir())


def test_write_workbook_is_to_excel(result: PlanResult, tmp_path: Path) -> None:
    one = curriplan.write_workbook(result, tmp_path / "a.xlsx", "en").read_bytes()
    two = result.to_excel(tmp_path / "b.xlsx", "en").read_bytes()
    assert one == two


def test_objectives_may_be_given_in_words() -> None:
    wanted = (ObjectiveChoice("closure", 0.01), ObjectiveChoice("cost"))
    for given in ("closure:0.01,cost", ["closure:0.01", "cost"], [ObjectiveChoice("closure", 0.01), "cost"]):
        result = curriplan.optimize("mini", objectives=given)
        assert result.limits.settings.objectives == wanted
    with pytest.raises(CurriplanError) as refused:
        curriplan.optimize("mini", objectives=["closure", "closure"])
    assert [issue.code for issue in refused.value.issues] == ["unknown-objective"]


@pytest.mark.parametrize(("language", "shown"), [("kk", "0,832 %"), ("ru", "0,832 %"), ("en", "0.832 %")])
def test_a_gap_is_written_as_in_the_table(language: str, shown: str) -> None:
    from types import SimpleNamespace

    from curriplan.api.optimize import unproven

    limits = SimpleNamespace(settings=Settings(gap=0.001))
    stage = SimpleNamespace(objective="closure", gap=0.0083219)
    (issue,) = unproven(limits, (stage,))  # type: ignore[arg-type]
    assert shown in issue.found(language)


def test_a_setting_that_there_is_none_of_is_named() -> None:
    with pytest.raises(UsageError, match=r"budget.*budget_kzt"):
        curriplan.optimize("mini", budget=1)


def test_help_names_every_function() -> None:
    said = curriplan.__doc__ or ""
    functions = [name for name in curriplan.__all__ if name.islower() and not name.startswith("_")]
    assert [name for name in functions if f"`{name}`" not in said] == []


def test_the_summary_says_what_the_terminal_says(
    result: PlanResult, capsys: pytest.CaptureFixture[str]
) -> None:
    for language in ("kk", "ru", "en"):
        show_plan(Terminal(language), result, ["plan.xlsx"])
        said, summary = " ".join(capsys.readouterr().out.split()), result.summary(language)
        heading, *lines = Overview(result.view, language).text(1000).splitlines()
        assert heading in said
        told = [line for line in lines if not line.startswith("TECH")]
        assert len(told) == len(lines) - 1
        assert [line for line in told if " ".join(line.split()) not in said] == []
        assert " ".join(lines[-1].split()) in " ".join(summary.split())
        assert max(map(len, summary.splitlines())) <= 80
    assert result.summary() == result.summary(result.catalog.info.language)
    with pytest.raises(UsageError):
        result.summary("de")


def test_a_notebook_shows_a_line_and_a_table(result: PlanResult) -> None:
    """Names come out of files: none of them is taken for HTML."""
    evil = "<script>alert(1)</script>"
    programmes = tuple(row.model_copy(update={"name_en": evil}) for row in result.catalog.programmes)
    catalog = result.catalog.replace(programmes=programmes)
    renamed = curriplan.optimize(catalog, quick=True)
    dropped = curriplan.what_if(result, drop=["TECH:SEC1"])
    issue = Issue("unknown-programme", values={"value": evil, "known": "-"})
    shown: list[tuple[Any, str]] = [
        (renamed, "&lt;script&gt;"),
        (result, "10.5 → 60.5 %"),
        (result.plan, "<td>SEC1</td>"),
        (result.catalog, "<td>module_outcomes</td>"),
        (replace(curriplan.read_catalog("mini"), issues=(issue,)), "&lt;script"),
        (curriplan.compare(result, dropped_plan(result)), "<td>SEC1</td>"),
        (dropped, "total_credits_min"),
        (curriplan.verify(result), "holds"),
        (Explanation(0.5, 0.6, 0.001), "0 modules"),
        (Frontier((FrontierPoint(1_000, "infeasible"),), 0.1, 2), "<td>infeasible</td>"),
    ]
    for one, part in shown:
        html = one._repr_html_()
        assert part in html
        assert evil not in html
        assert html.startswith(f"<p>{type(one).__name__} ")


def dropped_plan(result: PlanResult) -> Plan:
    """Return the plan without SEC1, whatever it is worth."""
    return replace(result.plan, modules=tuple(row for row in result.plan.modules if row.module != "SEC1"))


def test_a_table_of_the_catalog_as_a_dataframe(result: PlanResult) -> None:
    for name in TABLES:
        rows, frame = result.catalog.table(name), result.catalog.frame(name)
        assert list(frame) == list(RECORD_OF_TABLE[name].columns())
        assert len(frame) == len(rows)
    modules = result.catalog.frame("modules").set_index("id")
    assert modules.loc["SEC1", ["credits", "section", "already_open"]].tolist() == [
        2.0,
        "professional",
        False,
    ]
    with pytest.raises(UsageError, match="nearest is modules"):
        result.catalog.frame("module")


def test_the_error_says_the_clash_and_the_first_repair() -> None:
    with pytest.raises(InfeasibleError) as caught:
        curriplan.optimize("mini", budget_kzt=1000)
    text = str(caught.value)
    assert "at least 9 credits in all" in text
    assert "1 000 → 1 000 000 KZT" in text
    assert text.count("1. ") == 1
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == text
    assert caught.value.diagnosis is not None
    assert "``.diagnosis``" in (curriplan.optimize.__doc__ or "")
