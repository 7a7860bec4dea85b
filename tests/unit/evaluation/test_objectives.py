"""Objectives and measures by hand, and *before* beside *after*."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan.catalog.records import (
    Catalog,
    Demand,
    ModuleRequisite,
    Occupation,
    OccupationRequirement,
    Target,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.planned import existing_selection, planned_gaps, planned_modules, planned_uses
from curriplan.evaluation.result import Evaluation
from curriplan.plan.plan import Decision, PlannedGap, PlannedModule, PlannedUse, Selection, Site, Start
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from unit.evaluation.builders import (
    GOOD_SITES,
    GOOD_STARTS,
    OUTCOMES,
    STANDINGS,
    college,
    evaluated,
    good,
    limits_of,
    outcome,
    problem_of,
    programme_p,
    programme_q,
    standing,
)

EMPTY = Selection(())


def objective(name: str, selection: Selection, **tables: Any) -> float:
    return evaluated(college(**tables), selection).objectives[name]


class TestClosure:
    """Worth of the steps of P: C to 1, κ 2 · 0.5 · 1 = 1; C to 2, 2 · (0.5 · 1 + 0.5 · 2) = 3; D to 1,
    importance 0.5 · (0.5 · 1 + 0.5 · 1) = 0.5; 4.5 in all. Of Q, which has C at 1: C to 2,
    2 · (0.5 · 1 + 0.5 · 1) = 2; D 0.5; 2.5 in all.
    """

    @pytest.mark.parametrize(
        ("selection", "p", "q"),
        [
            (EMPTY, 0, 0),
            (good(), 1, 0),
            (good(without=["P:E@2"]), 4 / 4.5, 0),
            (good(without=["P:B@2"]), 1.5 / 4.5, 0),
            (good(["Q:D1@1"]), 1, 0.5 / 2.5),
        ],
    )
    def test_of_a_programme_and_of_the_plan(self, selection: Selection, p: float, q: float) -> None:
        evaluation = evaluated(college(), selection)
        assert [one.closure_after for one in evaluation.programmes] == [pytest.approx(p), pytest.approx(q)]
        # 30 and 10 learners.
        assert evaluation.objectives["closure"] == pytest.approx((30 * p + 10 * q) / 40)

    def test_higher_steps_include_the_lower(self) -> None:
        # B teaches C to 2 and with it to 1, whatever its entry level: §3 is another matter.
        assert evaluated(college(), good(without=["P:A@1"])).programmes[0].closure_after == 1

    def test_weights_of_the_catalog_come_before_learners(self) -> None:
        rows = (programme_p(weight=1), programme_q(weight=3))
        assert objective("closure", good(), programmes=rows) == pytest.approx(1 / 4)

    def test_a_programme_that_lacks_nothing_does_not_count(self) -> None:
        rows = (Target(programme="P", occupation="O", share=1),)
        evaluation = evaluated(college(targets=rows), good())
        assert [one.closure_after for one in evaluation.programmes] == [1, None]
        assert evaluation.objectives["closure"] == 1

    def test_a_plan_that_lacks_nothing_has_closure_zero(self) -> None:
        evaluation = evaluated(college(targets=()), good())
        assert evaluation.objectives["closure"] == evaluation.objectives["no_harm"] == 0
        assert evaluation.closure_before == 0

    def test_programmes_that_are_not_planned_do_not_count(self) -> None:
        evaluation = evaluated(college(), good(), programmes=("P",))
        assert evaluation.objectives["closure"] == 1
        assert [one.programme for one in evaluation.programmes] == ["P"]


class TestOtherObjectives:
    def test_no_harm_is_the_learners_share_of_what_is_lost(self) -> None:
        # Today P has E: D, 0.5 / 4.5. Without it, 30 of 40 learners lose that.
        assert objective("no_harm", EMPTY) == pytest.approx(30 / 40 * 0.5 / 4.5)
        assert objective("no_harm", good()) == 0

    def test_no_harm_counts_learners_whatever_the_weights(self) -> None:
        rows = (programme_p(weight=1), programme_q(weight=3))
        assert objective("no_harm", EMPTY, programmes=rows) == pytest.approx(30 / 40 * 0.5 / 4.5)

    def test_a_gain_elsewhere_does_not_make_up_for_harm(self) -> None:
        assert objective("no_harm", good(["Q:D1@1"], [*GOOD_STARTS])) == pytest.approx(30 / 40 * 0.5 / 4.5)

    def test_cost(self) -> None:
        # A 1000 + 100 · 2 groups, B 2000 + 200 · 2.
        assert objective("cost", good()) == 3600

    @pytest.mark.parametrize(
        ("selection", "hours"),
        [
            (EMPTY, 24 + 48),
            # A of 48 and B of 72 hours are added.
            (good(), 120),
            (good(without=["P:E@2"]), 120 + 24),
            (good(["P:E@1"], ["P:E@2"]), 120 + 24),
            (good(["P:E@1", "P:K@2"], ["P:E@2", "P:K@1"]), 120 + 24 + 48),
        ],
    )
    def test_disruption_is_hours_added_dropped_or_moved(self, selection: Selection, hours: float) -> None:
        assert objective("disruption", selection) == hours

    def test_dropping_what_is_forbidden_disrupts_nothing(self) -> None:
        rows = tuple(
            standing("P", "X", "forbidden", current_term=1) if row.module == "X" else row for row in STANDINGS
        )
        assert objective("disruption", good(), programme_modules=rows) == 120

    def test_balance_sums_over_pairs_of_terms(self) -> None:
        # P: |5 − 4|; Q: D1 alone, |1 − 0|.
        assert objective("balance", good()) == 1
        assert objective("balance", good(["Q:D1@1"])) == 2

    def test_balance_of_three_terms(self) -> None:
        # 5, 1, 3 credits: 4 + 2 + 2.
        selection = good(["P:B@3"], ["P:B@2"])
        assert objective("balance", selection, programmes=(programme_p(terms=3), programme_q())) == 8


class TestObjectivesOnRequest:
    def test_peak_is_the_fullest_term_of_any_programme(self) -> None:
        assert objective("peak", good()) == 5
        # A in Q's term 1 is 2 credits; with E in term 1 P has 6 there.
        assert objective("peak", good(["Q:A@1", "P:E@1"], ["P:E@2"])) == 6

    def test_distance_sums_over_every_requisite_of_modules_that_are_taken(self) -> None:
        # B in term 2 requires A and, as an alternative, K of term 1; E stands beside B; K needs E, which
        # comes later: nothing; A needs D1, which is not taken.
        rows = (
            ModuleRequisite(module="B", requires="A", any_of="one"),
            ModuleRequisite(module="B", requires="K", any_of="one"),
            ModuleRequisite(module="B", requires="E", kind="corequisite"),
            ModuleRequisite(module="K", requires="E", kind="corequisite"),
            ModuleRequisite(module="A", requires="D1"),
        )
        assert objective("distance", good(), module_requisites=rows) == 1 + 1 + 0 + 0

    def other_occupations(self, *demand: Demand) -> dict[str, Any]:
        """R asks C at 4, S asks C at 1 and D at 3; nobody asks anything for N."""
        rows = college().occupation_requirements
        more = (("R", "C", 4), ("S", "C", 1), ("S", "D", 3))
        return {
            "occupations": tuple(Occupation(id=name) for name in ("O", "R", "S", "N")),
            "occupation_requirements": (
                *rows,
                *(
                    OccupationRequirement(
                        occupation=name, competency=competency, level=level, importance=0.1, essential=True
                    )
                    for name, competency, level in more
                ),
            ),
            "demand": demand,
        }

    def test_adaptability_is_the_cover_of_occupations_that_are_no_target(self) -> None:
        # P holds C at 2 and D at 1: of R 2/4, of S (1 + 1)/4, together 1/2. Q holds C at 1: 1/4 of each.
        tables = self.other_occupations()
        assert objective("adaptability", good(), **tables) == pytest.approx((30 * 0.5 + 10 * 0.25) / 40)

    def test_adaptability_weighs_by_openings_of_the_base_outlook(self) -> None:
        # P: R 2/4 with 30 + 10 openings, S without any has no weight; so Q: 1/4. E left out takes D from P,
        # which only S would feel.
        tables = self.other_occupations(
            Demand(occupation="R", year=2026, openings=30),
            Demand(occupation="R", year=2027, openings=10),
            Demand(occupation="O", year=2027, openings=1000),
            Demand(occupation="S", year=2027, scenario="BOOM", openings=1000),
        )
        for selection in (good(), good(without=["P:E@2"])):
            found = objective("adaptability", selection, **tables)
            assert found == pytest.approx((30 * 0.5 + 10 * 0.25) / 40)

    def test_adaptability_of_a_programme_that_trains_for_all_does_not_count(self) -> None:
        # P trains for R and S as well: only Q is left.
        tables = self.other_occupations()
        targets = (
            *(Target(programme="P", occupation=name, share=1) for name in "ORS"),
            Target(programme="Q", occupation="O", share=1),
        )
        assert objective("adaptability", good(), targets=targets, **tables) == 0.25
        assert objective("adaptability", good()) == 0

    def fairness(self, alone: dict[str, float], selection: Selection, **chosen: Any) -> float | None:
        limits = replace(limits_of(college(), **chosen), closure_alone=alone)
        return evaluate(Problem(college(), limits), selection).objectives.get("fairness")

    def test_fairness_is_the_smallest_share_of_what_is_reached_alone(self) -> None:
        # P without B 1.5 of 4.5; alone 1. Q with D1 0.5 of 2.5; alone 0.8.
        selection = good(["Q:D1@1"], ["P:B@2"])
        assert self.fairness({"P": 1, "Q": 0.8}, selection) == pytest.approx(0.25)
        assert self.fairness({"P": 1, "Q": 0.2}, selection) == pytest.approx(1 / 3)
        # Q can close nothing at all.
        assert self.fairness({"P": 1, "Q": 0}, good()) == 1
        assert self.fairness({"P": 0, "Q": 0}, good()) == 1

    def test_fairness_only_where_it_is_known_or_asked_for(self) -> None:
        assert self.fairness({}, good()) is None
        # What is not known yet is taken as 1: never better than it is.
        asked = self.fairness({}, good(["Q:D1@1"]), objectives=(ObjectiveChoice("fairness"),))
        assert asked == pytest.approx(0.2)


class TestChanges:
    """The good plan of P starts K and A in term 1, B and E in term 2; X of the earlier plan nobody knows."""

    same = (("P", "K", 1), ("P", "A", 1), ("P", "B", 2), ("P", "E", 2))

    def changes(self, **chosen: Any) -> float | None:
        limits = limits_of(college(), **chosen)
        return evaluate(Problem(college(), limits), good()).objectives.get("changes")

    def test_a_module_counts_once_however_it_changed(self) -> None:
        assert self.changes(previous=(*self.same, ("P", "X", 1))) == 0
        # A moved; B and E are new; D1 of Q is gone.
        assert self.changes(previous=(("P", "K", 1), ("P", "A", 2), ("Q", "D1", 1))) == 4
        # Of a programme that the plan compared with does not have nothing is a change ...
        assert self.changes(previous=(("Q", "D1", 1),)) == 1
        # ... unless it has none at all: then A, B, E and K are new.
        assert self.changes(previous=()) == 4

    def test_the_plan_under_review_stands_before_the_earlier_one(self) -> None:
        assert self.changes(previous=(), reviewed=(*self.same[:3], ("P", "E", 1))) == 1
        assert self.changes() is None


class TestBefore:
    """The existing curriculum as it stands; it may break rules."""

    def catalog(self) -> Catalog:
        # X is taught in term 1 today although it is forbidden from now on, and lifts C to 1.
        rows = tuple(
            standing("P", "X", "forbidden", current_term=1) if row.module == "X" else row for row in STANDINGS
        )
        return college(programme_modules=rows, module_outcomes=(*OUTCOMES, outcome("X", "C", 0, 1)))

    def existing(self, catalog: Catalog, **settings: Any) -> Selection:
        return existing_selection(problem_of(catalog, **settings))

    def test_the_decisions_behind_it(self) -> None:
        assert self.existing(self.catalog()).starts == (
            Start("P", "E", 2),
            Start("P", "K", 1),
            Start("P", "X", 1),
        )

    def test_it_counts_what_is_forbidden_and_says_so(self) -> None:
        catalog = self.catalog()
        evaluation = evaluated(catalog, self.existing(catalog))
        # C at 1 and D at 1: (1 + 0.5) / 4.5. It keeps the forbidden X, has only 2 + 1 + 1 + 1 fixed = 5
        # of 8 credits, and C at 1 where the floor is 2.
        assert evaluation.closure_before == pytest.approx(30 / 40 * 1.5 / 4.5)
        assert evaluation.objectives["closure"] == pytest.approx(evaluation.closure_before)
        assert [check.aspect for check in evaluation.broken] == [
            "forbidden_modules",
            "total_credits_min",
            "floor",
        ]

    def test_before_does_not_depend_on_the_plan(self) -> None:
        before = [evaluated(self.catalog(), one) for one in (EMPTY, good())]
        assert before[0].levels_before == before[1].levels_before == {"P": {"C": 1, "D": 1}, "Q": {"C": 1}}
        assert before[0].closure_before == before[1].closure_before

    def test_every_current_module_gets_a_site_for_each_kind(self) -> None:
        rows = tuple(
            standing(*row.key_values(), "existing", current_term=1) if row.module == "A" else row
            for row in STANDINGS
        )
        catalog = college(programme_modules=rows)
        # P's A takes 48 of 50 h of L1. Q's 24 h meet it in autumn 2027: 90 − 48 = 42 are left.
        assert self.existing(catalog).sites == (
            Site("P", "A", "L1"),
            Site("P", "A", "T"),
            Site("Q", "A", "L1"),
            Site("Q", "A", "T"),
        )
        assert "§9" not in evaluated(catalog, self.existing(catalog)).broken_rules
        # Alone, P finds Q's hours taken.
        assert {site.programme for site in self.existing(catalog, programmes=("P",)).sites} == {"P"}


class TestRowsOfAPlan:
    def test_decisions(self) -> None:
        selection = good(["P:K@2", "Q:D1@1"], ["P:K@1", "P:E@2"])
        assert planned_modules(problem_of(college()), selection) == (
            PlannedModule("P", "A", 1, Decision.ADDED),
            PlannedModule("P", "B", 2, Decision.ADDED),
            PlannedModule("P", "E", 2, Decision.DROPPED),
            PlannedModule("P", "K", 2, Decision.MOVED),
            PlannedModule("Q", "D1", 1, Decision.ADDED),
        )

    def test_kept(self) -> None:
        found = planned_modules(problem_of(college()), good())
        assert [row.module for row in found if row.decision is Decision.KEPT] == ["E", "K"]

    def test_uses(self) -> None:
        assert planned_uses(problem_of(college()), good()) == (
            PlannedUse("P", "A", 1, "L1", 48, 2),
            PlannedUse("P", "A", 1, "T", 48, 2),
            PlannedUse("P", "B", 2, "L1", 72, 2),
        )

    def test_gaps(self) -> None:
        problem = problem_of(college())
        assert planned_gaps(problem, evaluate(problem, good())) == (
            PlannedGap("P", "C", 2, 0, 2),
            PlannedGap("P", "D", 1, 1, 1),
            PlannedGap("Q", "C", 2, 1, 1),
            PlannedGap("Q", "D", 1, 0, 0),
        )


class TestMeasures:
    def test_by_hand(self) -> None:
        found = measures_of(evaluated(college(), good(["Q:D1@1"])))
        q = found["programmes"].pop("Q")
        # P: 1 of 1 essential met, 0 before. D1 for P's two groups is not taken: K and E cost nothing.
        assert found["programmes"]["P"] == {
            "closure_after": 1,
            "closure_before": round(0.5 / 4.5, 9),
            "cover": {
                # 0.5 of 1 · 2 + 0.5 · 1 before.
                "O": {
                    "after": 1,
                    "before": 0.2,
                    "essentials_met_after": True,
                    "essentials_met_before": False,
                    "share": 1,
                }
            },
            "essentials": 1,
            "essentials_met_after": 1,
            "essentials_met_before": 0,
            "learners": 30,
            "occupations": 1,
            "occupations_met_after": 1,
            "occupations_met_before": 0,
            "term_credits": [5, 4],
            "total_delivery_cost_kzt": 100 * 2 + 200 * 2,
            "unteachable_share": 0,
            "weight": 30,
            # Neither production training nor practice, and no labour functions.
            "dual_share": None,
            "labour_functions": 0,
            "uncovered_functions": [],
        }
        # Q has no module for C from 1 to 2: 2 of 2.5 cannot be taught. C at 1 and D at 1 of 2 and 1.
        assert (q["closure_before"], q["closure_after"], q["unteachable_share"]) == (0, 0.2, 0.8)
        assert q["cover"]["O"]["before"] == 0.4
        assert q["cover"]["O"]["after"] == 0.6

    def test_of_the_plan(self) -> None:
        found = measures_of(
            evaluated(college(programmes=(programme_p(weight=10), programme_q())), good(["Q:D1@1"]))
        )
        del found["programmes"]
        before = 0.5 / 4.5
        expected = {
            # Weights 10 and 10, learners 30 and 10.
            "closure_before": before / 2,
            "closure_after": (1 + 0.2) / 2,
            "closure_before_by_learners": 30 * before / 40,
            "closure_after_by_learners": (30 * 1 + 10 * 0.2) / 40,
            "closure_before_unweighted": before / 2,
            "closure_after_unweighted": 0.6,
            "closure_before_worst": 0,
            "closure_after_worst": 0.2,
            "closure_before_worst_programme": "Q",
            "closure_after_worst_programme": "Q",
            "essentials": 2,
            "essentials_met_before": 0,
            "essentials_met_after": 1,
            "occupations": 2,
            "occupations_met_before": 0,
            "occupations_met_after": 1,
            # D1 for Q: set-up 100, one group 50.
            "cost_kzt": 3600 + 150,
            "setup_cost_kzt": 1000 + 2000 + 100,
            "added_delivery_cost_kzt": 200 + 400 + 50,
            "fees_kzt": 0,
            "travel_kzt": 0,
            "total_delivery_cost_kzt": 200 + 400 + 50,
            "unteachable_share": 0.8 / 2,
            "objectives": {
                "no_harm": 0,
                "closure": 0.6,
                "cost": 3750,
                # A 48, B 72, D1 24 hours are added.
                "disruption": 144,
                "balance": 2,
                # Term 1 of P; B one term after A; no occupation beside O.
                "peak": 5,
                "distance": 1,
                "adaptability": 0,
            },
        }
        # A in autumn 2026; B in spring 2027; D1 of Q in autumn 2027.
        assert found.pop("cost_by_year_kzt") == {"2026": 1200, "2027": 2400 + 150}
        assert found.pop("objectives") == pytest.approx(expected.pop("objectives"))
        assert found == pytest.approx(expected)

    def test_kept_modules_cost_delivery_but_no_new_money(self) -> None:
        rows = tuple(
            standing("P", "B", "existing", current_term=2) if row.module == "B" else row for row in STANDINGS
        )
        found = measures_of(evaluated(college(programme_modules=rows), good()))
        assert (found["cost_kzt"], found["total_delivery_cost_kzt"]) == (1200, 600)

    def test_they_are_plain_sorted_json(self) -> None:
        found = measures_of(evaluated(college(targets=()), good()))
        assert json.loads(json.dumps(found, sort_keys=True, allow_nan=False)) == found
        assert list(found) == sorted(found)
        assert found["closure_after_worst"] is None
        assert found["programmes"]["P"]["closure_after"] is None

    def test_no_measure_is_the_negative_zero(self) -> None:
        evaluation = replace(evaluated(college(), good()), objectives={"no_harm": -1e-17})
        assert json.dumps(measures_of(evaluation)["objectives"]) == '{"no_harm": 0.0}'


CHOICES = ("P:K", "P:E", "P:A", "P:B", "P:D1", "P:X", "Q:A", "Q:D1")


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Any modules in any terms, and any sites: most such plans break rules."""
    words = [
        f"{one}@{draw(st.integers(1, 2))}" for one in draw(st.lists(st.sampled_from(CHOICES), unique=True))
    ]
    words += draw(st.lists(st.sampled_from([*GOOD_SITES, "P:A:L2", "Q:A:L2", "Q:A:T"]), unique=True))
    return good(words, [*GOOD_STARTS, *GOOD_SITES])


def of_programme(selection: Selection, name: str) -> Selection:
    return Selection(tuple(row for row in selection.starts if row.programme == name))


@settings(max_examples=60, deadline=None)
@given(selections(), st.randoms(use_true_random=False))
def test_the_order_of_decisions_does_not_matter(selection: Selection, random: Any) -> None:
    mixed = Selection(
        tuple(random.sample(selection.starts, len(selection.starts))),
        tuple(random.sample(selection.sites, len(selection.sites))),
    )
    assert evaluated(college(), mixed) == evaluated(college(), selection)


@settings(max_examples=60, deadline=None)
@given(selections())
def test_cost_adds_up_but_for_what_is_set_up_together(selection: Selection) -> None:
    p, q = (evaluated(college(), of_programme(selection, name)) for name in "PQ")
    both = set(p.setup_cost_kzt) & set(q.setup_cost_kzt)
    shared = sum(p.setup_cost_kzt[name] for name in both)
    assert evaluated(college(), selection).cost_kzt == p.cost_kzt + q.cost_kzt - shared


def closures(evaluation: Evaluation) -> list[float]:
    return [one.closure_after or 0.0 for one in evaluation.programmes]


@settings(max_examples=60, deadline=None)
@given(selections(), st.sampled_from("KEABX"), st.sampled_from("CD"), st.integers(1, 8))
def test_one_more_outcome_never_lowers_closure(
    selection: Selection, name: str, competency: str, level: int
) -> None:
    rows = {(row.module, row.competency): row for row in OUTCOMES}
    new = outcome(name, competency, 0, level)
    old = rows.get((name, competency))
    if old is None or old.exit_level < level:
        rows[name, competency] = new
    before = closures(evaluated(college(), selection))
    after = closures(evaluated(college(module_outcomes=tuple(rows.values())), selection))
    assert all(one <= other + 1e-12 for one, other in zip(before, after, strict=True))


@settings(max_examples=60, deadline=None)
@given(selections(), st.sampled_from(CHOICES))
def test_one_more_module_never_lowers_closure_nor_cost(selection: Selection, word: str) -> None:
    more = Selection((*selection.starts, *good([f"{word}@1"], GOOD_STARTS).starts), selection.sites)
    few, many = (evaluated(college(), one) for one in (selection, more))
    assert all(one <= other for one, other in zip(closures(few), closures(many), strict=True))
    assert few.cost_kzt <= many.cost_kzt


@settings(max_examples=60, deadline=None)
@given(selections())
def test_levels_never_fall_from_term_to_term(selection: Selection) -> None:
    evaluation = evaluated(college(), selection)
    for name, terms in evaluation.levels_by_term.items():
        for earlier, later in pairwise(terms):
            assert all(level <= later[competency] for competency, level in earlier.items())
        assert terms[-1] == evaluation.levels_after[name]
