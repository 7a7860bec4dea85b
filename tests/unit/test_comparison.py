"""Two plans compared: what the rows say must follow from the plans alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

import curriplan
from curriplan.catalog.records import CostPart
from curriplan.plan.comparison import Change, compare_plans
from curriplan.plan.plan import (
    CatalogReference,
    Decision,
    Payment,
    Plan,
    PlannedGap,
    PlannedModule,
    PlannedUse,
    Status,
)
from curriplan.report.comparison import limit_words
from curriplan.report.labels import Labels
from curriplan.texts.words import Words


def plan(**changes: Any) -> Plan:
    """P keeps A in term 1 and adds B in term 2; the college pays 500; the laboratory gives 48 h."""
    base = Plan(
        catalog=CatalogReference("tiny", "1", "0" * 64, None),
        limits={"budget_kzt": 1000, "profile": [{"key": "weekly_hours", "value": "36"}], "overrides": {}},
        status=Status.OPTIMAL,
        stages=(),
        modules=(
            PlannedModule("P", "A", 1, Decision.KEPT),
            PlannedModule("P", "B", 2, Decision.ADDED),
            PlannedModule("P", "D", 1, Decision.DROPPED),
        ),
        uses=(PlannedUse("P", "B", 2, "LAB", 48.0, 2),),
        payments=(Payment("college", "B", CostPart.SETUP, 2027, 500),),
        gaps=(PlannedGap("P", "C", 3, 1, 2),),
        measures={"cost_kzt": 500, "closure_after": 0.5, "programmes": {"P": {"closure_after": 0.5}}},
    )
    return replace(base, **changes)


def test_a_plan_compared_with_itself_has_no_change() -> None:
    same = compare_plans(plan(), plan())
    assert same.same_catalog
    assert [row.change for row in same.modules] == [Change.SAME, Change.SAME]  # D is dropped in both
    assert not (same.changed_modules or same.levels or same.money or same.hours or same.limits)
    assert all(row.first == row.second for row in same.measures)


def test_every_kind_of_change_is_named() -> None:
    later = plan(
        catalog=CatalogReference("tiny", "2", "1" * 64, None),
        limits={"budget_kzt": 900, "profile": [{"key": "weekly_hours", "value": "38"}], "overrides": {}},
        modules=(
            PlannedModule("P", "A", 2, Decision.MOVED),
            PlannedModule("P", "B", 2, Decision.DROPPED),
            PlannedModule("P", "D", 1, Decision.KEPT),
        ),
        uses=(PlannedUse("P", "D", 1, "LAB", 24.0, 1), PlannedUse("P", "D", 1, "ROOM", 8.0, 1)),
        payments=(
            Payment("college", "B", CostPart.DELIVERY, 2027, 200),
            Payment("state", "B", CostPart.SETUP, 2026, 70),
            Payment("state", "B", CostPart.DELIVERY, 2027, 30),
        ),
        gaps=(PlannedGap("P", "C", 3, 1, 3),),
        measures={"cost_kzt": 300, "closure_after": 0.75, "programmes": {"P": {"closure_after": 0.75}}},
    )
    found = compare_plans(plan(), later)
    assert not found.same_catalog
    assert {(row.module, row.change, row.first_term, row.second_term) for row in found.changed_modules} == {
        ("A", Change.MOVED, 1, 2),
        ("B", Change.LEFT_OUT, 2, None),
        ("D", Change.TAKEN, None, 1),
    }
    assert [(row.competency, row.first, row.second) for row in found.levels] == [("C", 2, 3)]
    # The college pays 500 before and 200 after, the state 70 + 30.
    assert [(row.name, row.difference) for row in found.money] == [("college", -300), ("state", 100)]
    assert [(row.name, row.difference) for row in found.hours] == [("LAB", -24.0), ("ROOM", 8.0)]
    assert {row.name: (row.first, row.second) for row in found.limits} == {
        "budget_kzt": (1000, 900),
        "profile weekly_hours": ("36", "38"),
    }
    assert ("closure_after", "P", 0.5, 0.75) in {
        (row.name, row.programme, row.first, row.second) for row in found.measures
    }


def test_the_comparison_turned_round_is_its_opposite() -> None:
    one, other = plan(), plan(modules=(PlannedModule("P", "B", 1, Decision.ADDED),))
    there, back = compare_plans(one, other), compare_plans(other, one)
    opposite = {Change.TAKEN: Change.LEFT_OUT, Change.LEFT_OUT: Change.TAKEN, Change.MOVED: Change.MOVED}
    assert [(row.module, opposite[row.change]) for row in there.changed_modules] == [
        (row.module, row.change) for row in back.changed_modules
    ]


def test_tables_and_json_hold_the_same_rows() -> None:
    found = compare_plans(plan(), plan(modules=(PlannedModule("P", "B", 1, Decision.ADDED),)))
    data = found.to_data()
    assert data["modules"] == [
        {"programme": "P", "module": "A", "change": "left_out", "first_term": 1, "second_term": None},
        {"programme": "P", "module": "B", "change": "moved", "first_term": 2, "second_term": 1},
    ]
    assert list(found.frame("modules").module) == ["A", "B"]
    assert list(found.frame("money").columns) == ["name", "first", "second"]


def test_a_setting_that_came_later_than_a_plan_has_its_usual_value() -> None:
    """A plan of an earlier version knows nothing of `quick`: it was none."""
    later = plan(limits={**plan().limits, "quick": False})
    assert compare_plans(plan(), later).limits == ()
    quick = compare_plans(plan(), plan(limits={**plan().limits, "quick": True})).limits
    assert [(row.name, row.first, row.second) for row in quick] == [("quick", False, True)]


@pytest.mark.parametrize(
    ("language", "decisions", "yes"),
    [
        ("en", "TECH SEC2: drop; TECH PHISH: pin, semester 3", "yes"),
        ("ru", "TECH SEC2: исключить; TECH PHISH: закрепить, 3-й семестр", "да"),
        ("kk", "TECH SEC2: шығару; TECH PHISH: семестрін белгілеу, 3-семестр", "иә"),
    ],
)
def test_limits_are_said_in_words(language: str, decisions: str, yes: str) -> None:
    labels = Labels(curriplan.read_catalog("mini").require(), Words(language))
    reviewed = [
        {"programme": "TECH", "module": "SEC2", "decision": "reject", "term": None},
        {"programme": "TECH", "module": "PHISH", "decision": "pin", "term": 3},
    ]
    assert limit_words(labels, reviewed) == decisions
    assert limit_words(labels, True) == yes
    assert limit_words(labels, 0.35) == ("0.35" if language == "en" else "0,35")
    assert limit_words(labels, []) == Words(language)("phrase.not_set")


@pytest.mark.parametrize(("language", "said"), [("kk", "{} (ең көбі {})"), ("en", "{} (at most {})")])
def test_closures_among_the_limits_are_in_per_cent_and_long_lists_counted(language: str, said: str) -> None:
    """They stood there raw: `ONE value 0.6, bound 0.6`, and every row of what is promised."""
    labels = Labels(curriplan.read_catalog("mini").require(), Words(language))
    best = {"ONE": {"value": 0.6, "bound": 0.6}, "TWO": {"value": 0.123, "bound": 0.2}}
    shares = ("60%", "12.3%", "20%") if language == "en" else ("60 %", "12,3 %", "20 %")
    shown = limit_words(labels, best).replace("\u00a0", " ")
    assert shown == f"ONE – {shares[0]}; TWO – {said.format(*shares[1:])}"
    assert re.search("[a-z]_", labels.limit("outlook_best")) is None
    promised = [{"source": "STATE", "year": 2027, "kzt": 1000}] * 3
    asked = [{"competency": "SEC", "above": 1, "since": "2027-1", "occupation": None, "programme": None}]
    for name, rows in (("promised", promised), ("asked", asked)):
        assert limit_words(labels, rows) == Words(language)(f"counted.{name}", count=len(rows))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_limit_is_said_in_words_of_the_format(language: str) -> None:
    labels = Labels(curriplan.read_catalog("mini").require(), Words(language))
    objectives = [{"name": "no_harm", "tolerance": 0}, {"name": "closure", "tolerance": 0.005}]
    previous = [{"programme": "TECH", "module": "BASE", "term": 1}] * 2
    alone = {"TECH": 0.605263}
    said = [labels.limit("objectives"), *(limit_words(labels, one) for one in (objectives, previous, alone))]
    assert re.search("[a-z]{2}", " ".join(said)) is None
    assert "0,005" in said[1] and "2" in said[2] and said[3] == "TECH – 60,5 %"


def test_a_norm_that_a_run_changed_is_one_row_with_its_name_in_words() -> None:
    """It stood there a second time, as the raw list `norm_overrides`."""
    override = {"key": "practice_share_min", "norm": "0.4", "value": "0.5", "by": "practice_share"}
    later = plan(limits={**plan().limits, "practice_share_min": 0.5, "norm_overrides": [override]})
    found = compare_plans(plan(limits={**plan().limits, "practice_share_min": 0.4}), later).limits
    assert [(row.name, row.first, row.second) for row in found] == [("practice_share_min", 0.4, 0.5)]
    labels = Labels(curriplan.read_catalog("mini").require(), Words("ru"))
    assert labels.limit("practice_share_min") == "доля практики, не менее"
