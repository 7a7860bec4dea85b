"""What a single change would do, the rest of the plan unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from curriplan.catalog.records import Catalog, FundingBudget, ModuleRequisite
from curriplan.evaluation.whatif import Addition, Removal, WhatIf, what_if
from curriplan.plan.explanation import Obstacle
from curriplan.plan.plan import Selection, Site, Start
from unit.evaluation.builders import (
    CAPACITY,
    STANDINGS,
    capacity,
    college,
    evaluated,
    good,
    problem_of,
    profile,
    standing,
)
from unit.evaluation.test_objectives import selections


def tried(selection: Selection, catalog: Catalog | None = None, **settings: Any) -> WhatIf:
    catalog = catalog or college()
    return what_if(problem_of(catalog, **settings), selection)


def removal(name: str, result: WhatIf) -> Removal:
    (found,) = (one for one in result.removals if (one.programme, one.module) == ("P", name))
    return found


def addition(programme: str, name: str, result: WhatIf) -> Addition:
    (found,) = (one for one in result.additions if (one.programme, one.module) == (programme, name))
    return found


def broken(change: Removal | Addition) -> dict[tuple[str, str | None], float]:
    return {(check.aspect, check.subject): check.shortfall for check in change.broken}


def test_every_option_is_tried_once() -> None:
    result = tried(good())
    assert [(one.programme, one.module) for one in result.removals] == [
        ("P", "A"),
        ("P", "B"),
        ("P", "E"),
        ("P", "K"),
    ]
    assert [(one.programme, one.module) for one in result.additions] == [
        ("P", "D1"),
        ("P", "X"),
        ("Q", "A"),
        ("Q", "D1"),
    ]


class TestRemoval:
    def test_what_a_module_closes(self) -> None:
        # B: C stays at 1, 3 of 4.5 lost in P, of which P is 30 of 40 learners; 2000 + 200 · 2 saved.
        # 6 credits of 8 are left; C is short of its floor by 1 level.
        found = removal("B", tried(good()))
        assert (found.term, found.saved_kzt) == (2, 2400)
        assert found.closure_lost == pytest.approx(3 / 4.5)
        assert found.plan_closure_lost == pytest.approx(30 / 40 * 3 / 4.5)
        assert broken(found) == {("total_credits_min", None): 2, ("floor", "C"): 1}

    def test_what_leans_on_a_module(self) -> None:
        # A: B teaches C to 2 without it, so closure stays; but B needs A, by entry level and by row.
        # 7 of 8 credits are left, 3 of 4 in term 1.
        found = removal("A", tried(good()))
        assert found.closure_lost == 0
        assert broken(found) == {
            ("entry_levels", None): 1,
            ("prerequisites", None): 1,
            ("total_credits_min", None): 1,
            ("term_credits_min", "1"): 1,
        }

    def test_a_mandatory_module(self) -> None:
        found = removal("K", tried(good()))
        assert ("mandatory_modules", None) in broken(found)
        assert found.closure_lost == found.saved_kzt == 0

    def test_a_module_that_nothing_rests_on_but_its_closure(self) -> None:
        # E: D at 0, 0.5 of 4.5; 8 credits are still enough.
        found = removal("E", tried(good()))
        assert found.closure_lost == pytest.approx(0.5 / 4.5)
        assert found.broken == ()


class TestStay:
    def test_what_a_move_averts(self) -> None:
        # B is taught in term 1 today and moves to term 2. Left there it would begin before A ends: no entry
        # level, no prerequisite. Term 1 would have 5 + 3 credits of 6, and 120 + 72 = 192 hours in 4 weeks of
        # 36, 48 too many; L1, 90 h each autumn, 48 + 72 h. Loads of 8 and 1 instead of
        # 5 and 4: a difference of 7 instead of 1.
        rows = tuple(
            standing("P", "B", "existing", current_term=1) if row.key_values() == ("P", "B") else row
            for row in STANDINGS
        )
        (stay,) = tried(good(), college(programme_modules=rows)).stays
        assert (stay.programme, stay.module, stay.term, stay.closure_lost) == ("P", "B", 1, 0.0)
        assert {(one.aspect, one.subject): one.shortfall for one in stay.broken} == {
            ("entry_levels", None): 1,
            ("prerequisites", None): 1,
            ("term_credits_max", "1"): 2,
            ("weekly_hours", "1"): 48,
            ("resource_hours", "L1"): 30,
        }
        assert stay.worse == {"balance": 6.0}

    def test_a_move_that_averts_nothing(self) -> None:
        # E moves from term 2 to term 1: 6 and 3 credits instead of 5 and 4. Back, nothing is worse.
        plan = good()
        starts = tuple(Start("P", "E", 1) if row.module == "E" else row for row in plan.starts)
        (stay,) = tried(Selection(starts, plan.sites)).stays
        assert (stay.module, stay.term, stay.worse, stay.broken) == ("E", 2, {}, ())

    def test_what_was_not_moved_has_no_such_question(self) -> None:
        assert tried(good()).stays == ()


class TestAddition:
    def test_forbidden(self) -> None:
        assert addition("P", "X", tried(good())) == Addition("P", "X", None, Obstacle.FORBIDDEN)

    def test_no_term_to_start_in(self) -> None:
        rows = tuple(
            standing("P", "D1", "candidate", allowed_terms="3") if row.key_values() == ("P", "D1") else row
            for row in STANDINGS
        )
        found = addition("P", "D1", tried(good(), college(programme_modules=rows)))
        assert found == Addition("P", "D1", None, Obstacle.NO_TERM)

    def test_what_is_reached_already(self) -> None:
        # E teaches D already. 10 credits are allowed; set-up 100, 50 · 2 groups.
        found = addition("P", "D1", tried(good()))
        assert (found.obstacle, found.term, found.cost_kzt) == (Obstacle.ALREADY_REACHED, 2, 200)
        assert found.closure_gained == 0
        assert found.broken == ()

    def test_what_teaches_nothing_that_is_missing(self) -> None:
        # Q has C at 1 at entry.
        found = addition("Q", "A", tried(good()))
        assert found.obstacle is Obstacle.TEACHES_NO_MISSING_STEP
        # A runs in P by now: only one group to teach.
        assert found.cost_kzt == 100

    def test_what_would_gain_but_costs(self) -> None:
        # D1 closes 0.5 of Q's 2.5; Q is 10 of 40 learners. 3600 + 150 of 4000 KZT.
        found = addition("Q", "D1", tried(good()))
        assert (found.obstacle, found.term, found.cost_kzt) == (Obstacle.TRADE_OFF, 1, 150)
        assert found.closure_gained == pytest.approx(0.2)
        assert found.plan_closure_gained == pytest.approx(0.05)

    def test_what_would_gain_but_breaks_the_budget(self) -> None:
        # 3750 of 3700 KZT.
        found = addition("Q", "D1", tried(good(), budget_kzt=3700))
        assert found.obstacle is Obstacle.BREAKS_RULES
        assert broken(found) == {("budget", None): 50}

    def test_what_would_gain_but_nobody_may_pay(self) -> None:
        # D1 in Q: set-up 100 and 50 for its group; autumn 2027 lies in the calendar year 2027, of which
        # A and B leave nothing, spring 2028 in 2028.
        years = {2026: 1200, 2027: 2400, 2028: 150}

        def found() -> Addition:
            rows = tuple(FundingBudget(source="S1", year=y, budget_kzt=kzt) for y, kzt in years.items())
            return addition("Q", "D1", tried(good(), college(funding_budgets=rows)))

        assert (found().term, found().obstacle) == (2, Obstacle.TRADE_OFF)
        # Another 150 in 2029 keep the sum, but help nobody.
        years.update({2028: 149, 2029: 150})
        assert (found().obstacle, broken(found())) == (Obstacle.BREAKS_RULES, {("payments", None): 2})
        assert found().broken[0].details == ("D1:setup:2027", "D1:delivery:2027")

    def test_the_term_that_breaks_fewest_rules(self) -> None:
        # E left out: there is room in both terms, so today's, 2.
        selection = good(without=["P:E@2"])
        assert addition("P", "E", tried(selection)).term == 2
        # With D1, which is not taken, as its prerequisite no term is without a fault.
        rows = (ModuleRequisite(module="B", requires="A"), ModuleRequisite(module="E", requires="D1"))
        catalog = college(module_requisites=rows, profile=profile(weekly_hours="31"))
        # In term 1, E would also make 144 of 124 hours.
        found = addition("P", "E", tried(selection, catalog))
        assert (found.term, broken(found)) == (2, {("prerequisites", None): 1})

    def test_the_room_that_is_exceeded_least(self) -> None:
        # L1 is full in autumn (48 of 48): Q's A (24 h · 1 sub-group) takes L2, where 50 h are free.
        rows = (capacity("L1", "*-1", 48), *CAPACITY[2:])
        found = addition("Q", "A", tried(good(), college(resource_capacity=rows)))
        assert found.broken == ()
        # With 20 h in L2 it would exceed L2 by 4 h, L1 by 24 h, in autumn; in spring L2 has none (24 h)
        # and L1 8 h left (16 h short): still one rule each, every autumn or spring from 2027 on.
        rows = (
            capacity("L1", "*-1", 48),
            capacity("L1", "*-2", 80),
            capacity("L2", "*-1", 20),
            *CAPACITY[4:],
        )
        found = addition("Q", "A", tried(good(), college(resource_capacity=rows)))
        assert (found.term, broken(found)) == (1, {("resource_hours", "L2"): 4})

    def test_sub_groups_are_divided_where_no_room_takes_all(self) -> None:
        # P adds A: 24 h a part, L1 (15 places) has 24 h, L2 (10 places) 48 h. 2 parts of L1 would exceed
        # it by 24 h, 3 of L2 by 24 h; one of L1 and two of L2 exceed nothing.
        rows = tuple(
            row.model_copy(update={"may_split": True})
            if row.module == "A" and row.resource_kind == "lab"
            else row
            for row in college().module_resources
        )
        hours = (
            capacity("L1", "*-1", 24),
            capacity("L1", "*-2", 80),
            capacity("L2", "*-1", 48),
            *CAPACITY[4:],
        )
        selection = good(without=["P:A@1", "P:A:L1", "P:A:T"])
        catalog = college(module_resources=rows, resource_capacity=hours)
        found = addition("P", "A", tried(selection, catalog))
        assert (found.term, found.broken) == (1, ())
        # With 23 h in L1 the parts are all in L2 (72 of 48 h) or exceed both: at least one rule breaks.
        hours = (capacity("L1", "*-1", 23), *hours[1:])
        found = addition("P", "A", tried(selection, catalog.replace(resource_capacity=hours)))
        assert "split_parts" not in {check.aspect for check in found.broken}
        assert "resource_hours" in {check.aspect for check in found.broken}

    def test_a_kind_without_any_resource(self) -> None:
        catalog = college(resources=tuple(row for row in college().resources if row.kind != "teacher"))
        found = addition("Q", "A", tried(good(without=["P:A:T"]), catalog))
        assert broken(found) == {("sites", None): 1}


def test_what_the_plan_breaks_already_is_not_held_against_a_change() -> None:
    # K and A are out: 4 of 8 credits, 1 of 4 in term 1, no mandatory K, nothing before B.
    result = tried(good(without=["P:K@1", "P:A@1", "P:A:L1", "P:A:T"]))
    assert addition("P", "D1", result).broken == ()
    # Without B too, 3 credits fewer: that is worse than before. Its own faults are gone with it.
    assert broken(removal("B", result)) == {("total_credits_min", None): 6, ("floor", "C"): 2}


@settings(max_examples=25, deadline=None)
@given(selections())
def test_a_change_is_what_a_full_evaluation_says_of_it(selection: Selection) -> None:
    catalog = college()
    base = evaluated(catalog, selection)
    was = {check.key: check.shortfall for check in base.broken}
    for one in tried(selection, catalog).removals:
        key = (one.programme, one.module)
        changed = Selection(
            tuple(row for row in selection.starts if (row.programme, row.module) != key),
            tuple(row for row in selection.sites if (row.programme, row.module) != key),
        )
        full = evaluated(catalog, changed)
        assert set(one.broken) == {c for c in full.broken if c.shortfall > was.get(c.key, 0)}
        assert one.saved_kzt == base.cost_kzt - full.cost_kzt
        assert one.plan_closure_lost == pytest.approx(base.objectives["closure"] - full.objectives["closure"])


def test_an_added_module_takes_a_site_of_each_kind() -> None:
    # What the addition of A to Q says of the budget and the rooms is what a plan with it says.
    selection = good(["Q:A@1"])
    with_sites = Selection(selection.starts, (*selection.sites, Site("Q", "A", "L1"), Site("Q", "A", "T")))
    full = evaluated(college(), with_sites, budget_kzt=3650)
    found = addition("Q", "A", tried(good(), budget_kzt=3650))
    assert Start("Q", "A", found.term or 0) in selection.starts
    assert found.broken == full.broken
