"""`curriplan try` and `what_if`: what a hand edit breaks, gains and costs, without a new plan."""

from __future__ import annotations

import json
import re
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import curriplan
from curriplan.api.results import PlanResult
from curriplan.base.codec import schema_text
from curriplan.base.errors import UsageError
from curriplan.cli.app import main
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures import how_sure
from curriplan.plan.hand_edit import edit_schema
from curriplan.plan.plan import Selection, Start
from curriplan.problem.problem import Problem
from curriplan.texts.languages import LANGUAGES


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture
def saved(mini_result: PlanResult, tmp_path: Path) -> Path:
    return mini_result.to_json(tmp_path / "plan.json")


def test_every_drop_is_what_the_evaluation_finds_of_the_plan_without_it(mini_result: PlanResult) -> None:
    whole = mini_result.plan.selection
    for start in whole.starts:
        outcome = curriplan.what_if(mini_result, drop=[(start.programme, start.module)])
        left = [
            tuple(row for row in rows if (row.programme, row.module) != (start.programme, start.module))
            for rows in (whole.starts, whole.sites)
        ]
        after = evaluate(mini_result.problem, Selection(left[0], left[1]))
        assert outcome.closure_after == pytest.approx(after.objectives["closure"])
        assert outcome.cost_after_kzt == after.cost_kzt
        assert {one.rule for one in outcome.broken} == set(after.broken_rules)
        assert outcome.closure_before == pytest.approx(mini_result.after.objectives["closure"])
        assert outcome.cost_before_kzt == mini_result.after.cost_kzt


def test_a_result_knows_what_was_planned(mini_result: PlanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of its problem is worked out a second time: a planner tries one edit after another."""
    expected = curriplan.what_if(mini_result.plan, mini_result.catalog, drop=["TECH:SEC1"])

    def never(*given: Any) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(Problem, "__init__", never)
    assert curriplan.what_if(mini_result, drop=["TECH:SEC1"]) == expected


def test_every_move_is_what_the_evaluation_finds(mini_result: PlanResult) -> None:
    whole = mini_result.plan.selection
    terms = {row.id: row.terms for row in mini_result.catalog.programmes}
    seen = set()
    for start in whole.starts:
        for term in range(1, terms[start.programme] + 1):
            outcome = curriplan.what_if(mini_result, move=[f"{start.programme}:{start.module}:{term}"])
            others = [row for row in whole.starts if row != start]
            moved = sorted([*others, Start(start.programme, start.module, term)])
            after = evaluate(mini_result.problem, Selection(tuple(moved), whole.sites))
            # Elsewhere the module may break less, never more.
            assert {one.rule for one in outcome.broken} <= set(after.broken_rules)
            assert outcome.closure_after == pytest.approx(after.objectives["closure"])
            seen.add(outcome.holds)
    assert seen == {True, False}


def test_edits_together_swap_what_each_alone_could_not(mini_result: PlanResult) -> None:
    """SEC2 goes and DATA3 comes: the plan that a reviewer who rejects SEC2 gets."""
    outcome = curriplan.what_if(mini_result, drop=["TECH:SEC2"], add=["TECH:DATA3:3"])
    assert [(one.kind, one.module, one.term) for one in outcome.edits] == [
        ("drop", "SEC2", None),
        ("add", "DATA3", 3),
    ]
    levels = {one.competency: (one.before, one.after) for one in outcome.levels}
    assert levels and all(before != after for before, after in levels.values())
    assert outcome.broken_frame.shape[0] == len(outcome.broken)


def test_both_plans_have_their_ranges_if_estimates_err(mini_result: PlanResult) -> None:
    """They are those of the plan's own figures, and of a plan that was made so."""
    figures = mini_result.plan.figures
    assert figures is not None
    outcome = curriplan.what_if(mini_result, drop=["TECH:SEC2"])
    assert outcome.sure_before == figures.how_sure
    whole = mini_result.plan.selection
    left = [tuple(row for row in rows if row.module != "SEC2") for rows in (whole.starts, whole.sites)]
    edited = Selection(left[0], left[1])
    assert outcome.sure_after == how_sure(mini_result.problem, edited)
    assert outcome.sure_after.programmes["TECH"].closure_high < outcome.closure_before
    assert (outcome.sure_before.occupations_not_met, outcome.sure_after.occupations_not_met) == (1, 2)


def test_the_command_says_what_becomes_of_closure_if_estimates_err(saved: Path) -> None:
    for language in LANGUAGES:
        said = invoke("try", saved, "--drop", "TECH:SEC2", "--lang", language).stdout.replace(",", ".")
        assert said.count("60.53 (34.1–68.1)") == said.count("28.95 (22.9–37.2)") == 2  # plan, programme
        assert "159" in said and "175" in said  # entry levels and floors hold in so many of 200 draws


@pytest.mark.parametrize(
    ("edits", "codes"),
    [
        ({}, ["edit-missing"]),
        ({"add": ["TECH:SEC2:2"]}, ["edit-taken-already"]),
        ({"drop": ["TECH:DATA4"]}, ["edit-not-taken"]),
        ({"move": ["TECH:NONE:1"], "drop": ["X:SEC2"]}, ["edit-unknown-module", "unknown-programme"]),
        ({"move": ["TECH:SEC2:2"], "drop": ["TECH:SEC2"]}, ["edit-twice", "edit-twice"]),
        ({"move": ["TECH:SEC2:99"]}, ["bad-value"]),
        ({"move": ["TECH:SEC2"]}, ["bad-value"]),
        ({"drop": ["TECH:SEC2:1"]}, ["bad-value"]),
        ({"add": [("TECH", "DATA4", "x")]}, ["bad-value"]),
    ],
)
def test_edits_that_do_not_fit_are_refused(
    mini_result: PlanResult, edits: dict[str, list[Any]], codes: list[str]
) -> None:
    with pytest.raises(UsageError) as caught:
        curriplan.what_if(mini_result, **edits)
    assert sorted(issue.code for issue in caught.value.issues) == codes


def test_the_command_says_what_breaks_and_ends_with_6(saved: Path) -> None:
    for language in LANGUAGES:
        result = invoke("try", saved, "--move", "TECH:SEC2:1", "--lang", language)
        assert result.exit_code == 6, result.output
        assert "SEC2" in result.stdout
        assert not re.search(r" [<>]= ", result.stdout)  # the sign of a rule that is broken is not so
    quiet = invoke("try", saved, "--drop", "TECH:SEC2", "-q")
    assert (quiet.exit_code, bool(quiet.stdout)) in {(0, False), (6, True)}


def test_json_obeys_its_schema(saved: Path) -> None:
    result = invoke("try", saved, "--drop", "TECH:SEC2", "--move", "TECH:PHISH:3", "--format", "json")
    data = json.loads(result.stdout)
    assert data["schema"] == "curriplan-edit/1"
    schema = files("curriplan").joinpath("schemas/edit-1.json").read_text(encoding="utf-8")
    assert schema == schema_text(edit_schema()), "run python -m curriplan.plan.describe edit"
    Draft202012Validator(json.loads(schema)).validate(data)
    assert set(data) == set(json.loads(schema)["properties"])
    assert data["closure_before"] > data["closure_after"]


@pytest.mark.slow
def test_the_bundled_plan_is_tried_in_two_seconds(
    bundled_result: PlanResult, bundled_written: Any, tmp_path: Path
) -> None:
    """Of a machine that builds the model in 0.25 s; a slower one may take as much longer."""
    path = bundled_result.to_json(tmp_path / "plan.json")
    first = bundled_result.plan.selection.starts[0]
    before = time.process_time()
    curriplan.what_if(path, drop=[(first.programme, first.module)])
    assert time.process_time() - before < max(2.0, 8 * bundled_written.building_s)
