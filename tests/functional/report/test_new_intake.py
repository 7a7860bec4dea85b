"""The note of a plan a year later: running intakes and the new one apart, and what the new one gives away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import curriplan
from curriplan.api.overview import Overview
from curriplan.api.results import PlanResult
from curriplan.plan.replanning import FurtherChanges, Replanning
from curriplan.report import intake_groups, risks, summary
from curriplan.report.view import PlanView
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from functional.report.test_decision_note import (
    CHECKED,
    RISKS,
    gains,
    part,
    view_of,
    written,
)

RUNNING, NEW = "Closure of the gaps: running intakes", "Closure of the gaps: new intake"


@pytest.fixture(scope="module")
def later(mini_result: PlanResult, tmp_path_factory: pytest.TempPathFactory) -> PlanView:
    """Return the plan of `mini` a year later of which nothing may change for either intake but one module."""
    path = tmp_path_factory.mktemp("year") / "plan.json"
    mini_result.to_json(path)
    return view_of(curriplan.replan(path, "mini", max_changes=1))


def test_running_intakes_and_the_new_one_have_a_line_each(later: PlanView) -> None:
    found = gains(written(later))
    assert "Closure of the competence gaps" not in found
    of = {row.programme: row for row in later.after.programmes}
    for title, name in ((RUNNING, "TECH-2026-1"), (NEW, "TECH")):
        assert found[title][:2] == pytest.approx((of[name].closure_before, of[name].closure_after))
    assert str(found[NEW][2]).startswith("by the plan in force it would be ")


def test_each_programme_is_counted_once(later: PlanView) -> None:
    """25 learners in each of two intakes of one programme: one intake has 25, not 50."""
    book = written(later)
    found = gains(book)
    learners = later.catalog.programme_by_id["TECH"].learners
    assert found["Learners, one intake"][1] == learners
    targets = [row for row in later.catalog.base_targets if row.programme == "TECH"]
    assert found["Target occupations that are met in full"][2] == f"of {len(targets)}"


COUNTED = "Counted here are intakes: 2 of them, of 1 programmes; totals hold running intakes too."


def test_intakes_and_programmes_are_counted_apart(later: PlanView) -> None:
    """One programme with two intakes of 25: totals hold 50 learners, and say of what."""
    book = written(later)
    texts = {sheet: [str(text) for (one, _), text in book.items() if one == sheet] for sheet, _ in book}
    agree = next(text for text in texts["Summary"] if text.startswith("The methodical council"))
    assert "agree the working curricula of 2 intakes (programmes: 1)" in agree
    for sheet in ("Programmes", "For the ministry", "Gaps", "Tables to the answers"):
        assert any(text.endswith(COUNTED) for text in texts[sheet]), sheet
    assert texts["Programmes"].count("All intakes") == 2
    at = next(at for at, text in book.items() if at[0] == "Programmes" and text == "All intakes")
    assert book["Programmes", at[1].replace("B", "C")] == 50
    (at,) = (at for at, text in book.items() if text == "learners_count")
    assert book[at[0], at[1].replace("A", "B")] == 50
    assert str(book[at[0], at[1].replace("A", "C")]).startswith("learners of the planned intakes")
    # Both intakes have the qualification code of their programme: that is not one code of several.
    assert not any("one code of several" in text for text in texts["For the ministry"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_counts_them_apart_too(later: PlanView, language: str) -> None:
    lines = dict(Overview(later, language).lines())
    assert next(iter(lines.values())).startswith("2, ")
    assert "1" in next(iter(lines.values()))


def test_where_each_programme_has_one_intake_programmes_are_counted(mini_result: PlanResult) -> None:
    book = written(mini_result.view)
    assert not any("Counted here are intakes" in str(text) for text in book.values())
    assert not any(at[0] == "Programmes" and text == "All intakes" for at, text in book.items())
    assert "working curricula of 1 programmes" in next(
        str(text) for text in book.values() if str(text).startswith("The methodical council")
    )
    assert "intakes" not in " ".join(dict(Overview(mini_result.view, "en").lines()))


@pytest.mark.parametrize("fall", [0.0, 0.0099, 0.2])
def test_a_new_intake_below_the_plan_in_force_is_the_first_risk(
    later: PlanView, monkeypatch: pytest.MonkeyPatch, fall: float
) -> None:
    """The plan in force is made better than it is: by more than a point the new intake falls below it."""
    (now,) = (row.closure_after for row in later.after.programmes if row.programme == "TECH")
    assert now is not None
    for module in (intake_groups, risks, summary):
        monkeypatch.setattr(module, "by_plan_in_force", lambda *_: (("TECH",), now + fall))
    further = (FurtherChanges(2, 0.01, 500), FurtherChanges(5, 0.0421, 2_000_000), FurtherChanges(10))
    view = replace(later, plan=replace(later.plan, replanning=Replanning(further, ())))
    first = str(part(written(view), RISKS, CHECKED)[0]["A"])
    said = "1. The new intake gets less than the plan in force would give it"
    assert first.startswith(said) is (fall > 0.01)
    bought = (
        "Changing up to 5 more modules would raise closure of the whole plan by 4.2 points, for 2 million KZT"
    )
    assert (bought in first) is (fall > 0.01)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lag_says_that_graduated_intakes_are_not_in_it(
    mini_result: PlanResult, tmp_path: Path, language: str
) -> None:
    mini_result.to_json(tmp_path / "plan.json")
    asked = tuple(
        row.model_copy(update={"since": "2027-1"}) for row in mini_result.catalog.occupation_requirements
    )
    catalog = mini_result.catalog.replace(occupation_requirements=asked)
    words = Words(language)
    note = words("phrase.lag_a_year_later", until=words.semester("2026-2"), horizon="@").split("@")[0]
    first = view_of(curriplan.optimize(catalog, objectives="closure,cost"))
    later = curriplan.replan(
        tmp_path / "plan.json", catalog, last_catalog=mini_result.catalog, max_changes=0, objectives="closure"
    )
    for view, is_later in ((first, False), (view_of(later), True)):
        assert view.lag is not None
        book = written(view, language)
        texts = [str(text) for at, text in book.items() if at[0] == words("sheet.lag")]
        assert any(note in text for text in texts) is is_later
        remark = words("gain_remark.lag_a_year_later")
        assert any(str(text).endswith(remark) for text in book.values()) is is_later
        assert any(remark in line for _, line in Overview(view, language).lines()) is is_later
