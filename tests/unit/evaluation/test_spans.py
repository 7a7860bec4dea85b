"""Modules that last several terms: load, levels, sites and money of each term (§2 to §4, §6, §9, §10)."""

from __future__ import annotations

from typing import Any

import pytest

from curriplan.catalog.records import Catalog, CostPart, ModuleRequisite, Resource
from curriplan.evaluation.planned import planned_uses
from curriplan.evaluation.result import CostItem, Evaluation
from curriplan.plan.plan import PlannedUse
from unit.evaluation.builders import (
    MODULES,
    OUTCOMES,
    STANDINGS,
    college,
    evaluated,
    good,
    module,
    outcome,
    problem_of,
    programme_p,
    programme_q,
    standing,
    term_1,
)

SPANS = {"span_terms": 2, "span_weights": "0.25;0.75"}


def long_a(**tables: Any) -> Catalog:
    """A lasts two terms, a quarter of it in the first; P has four terms, B needs nothing but C at 1."""
    rows = tuple(
        module("A", 2, parent="H", setup_cost_kzt=1000, cost_per_group_kzt=101, **SPANS)
        if row.id == "A"
        else row
        for row in MODULES
    )
    return college(
        **{
            "modules": rows,
            "programmes": (programme_p(terms=4), programme_q()),
            "programme_terms": (),
            "resource_capacity": (),
            "module_requisites": (),
            "funding_budgets": (),
            **tables,
        }
    )


def aspects(evaluation: Evaluation) -> list[tuple[str, tuple[str, ...]]]:
    return [(check.aspect, check.details) for check in evaluation.broken]


class TestOrder:
    @pytest.mark.parametrize(("term", "held"), [(2, False), (3, True)])
    def test_what_it_teaches_is_held_once_it_has_ended(self, term: int, held: bool) -> None:
        # A runs in terms 1 and 2: B, which asks C at 1, may start in term 3.
        evaluation = evaluated(long_a(), good([f"P:B@{term}"], ["P:B@2"]))
        assert aspects(evaluation) == ([] if held else [("entry_levels", ("B:C",))])
        assert [levels.get("C", 0) for levels in evaluation.levels_by_term["P"]][:2] == [
            0,
            2 if term == 2 else 1,
        ]

    @pytest.mark.parametrize(("term", "kept"), [(2, False), (3, True)])
    def test_a_prerequisite_must_have_ended(self, term: int, kept: bool) -> None:
        catalog = long_a(
            module_outcomes=(*OUTCOMES[:2], outcome("B", "C", 0, 2), OUTCOMES[3]),
            module_requisites=(ModuleRequisite(module="B", requires="A"),),
        )
        evaluation = evaluated(catalog, good([f"P:B@{term}"], ["P:B@2"]))
        assert aspects(evaluation) == ([] if kept else [("prerequisites", ("B:A",))])

    @pytest.mark.parametrize("kind", ["corequisite", "strict_corequisite"])
    def test_a_corequisite_goes_by_its_start(self, kind: str) -> None:
        # K starts with A in term 1; that A runs on in term 2 helps E, which starts there, only as a
        # mere corequisite.
        rows = tuple(ModuleRequisite(module=name, requires="A", kind=kind) for name in ("K", "E"))
        evaluation = evaluated(long_a(module_requisites=rows), good(["P:B@3"], ["P:B@2"]))
        strict = kind == "strict_corequisite"
        assert aspects(evaluation) == ([("strict_corequisites", ("E:A",))] if strict else [])

    def test_a_module_of_today_may_lean_on_a_longer_one_that_starts_with_it(self) -> None:
        # A and B are both of term 1 today, B after A.
        rows = tuple(
            standing("P", row.module, "existing", current_term=1, position=2 + (row.module == "B"))
            if row.programme == "P" and row.module in "AB"
            else row
            for row in STANDINGS
        )
        evaluation = evaluated(long_a(programme_modules=rows), good(["P:B@1"], ["P:B@2"]))
        assert "entry_levels" not in {check.aspect for check in evaluation.broken}

    def test_it_must_end_within_the_programme(self) -> None:
        evaluation = evaluated(long_a(), good(["P:A@4"], ["P:A@1", "P:B@2"]))
        assert ("allowed_terms", ("A",)) in aspects(evaluation)


class TestLoad:
    def test_credits_hours_and_modules_of_each_term(self) -> None:
        # Term 1: K 2, fixed 1, A 2 · 0.25; term 2: E 1, A 2 · 0.75; term 3: B 3. Hours are 24 a credit.
        evaluation = evaluated(long_a(), good(["P:B@3"], ["P:B@2"]))
        assert evaluation.programmes[0].term_credits == (3.5, 2.5, 3, 0)
        hours = {
            c.subject: c.actual
            for c in evaluation.checks
            if c.aspect == "weekly_hours" and c.programme == "P"
        }
        assert hours == {"1": 84, "2": 60, "3": 72, "4": 0}

    def test_it_counts_as_a_module_in_each_of_its_terms(self) -> None:
        rows = tuple(
            term_1(min_modules=0, max_modules=1).model_copy(update={"term": term, "min_credits": 0})
            for term in (1, 2)
        )
        evaluation = evaluated(long_a(programme_terms=rows), good(["P:B@3"], ["P:B@2"]))
        counts = {c.subject: c.actual for c in evaluation.checks if c.aspect == "term_modules_max"}
        assert counts == {"1": 2, "2": 2}

    def test_without_weights_the_parts_are_equal(self) -> None:
        rows = tuple(module("A", 2, span_terms=2) if row.id == "A" else row for row in MODULES)
        evaluation = evaluated(long_a(modules=rows), good(["P:B@3"], ["P:B@2"]))
        assert evaluation.programmes[0].term_credits == (4, 2, 3, 0)


class TestSites:
    def test_hours_fall_into_the_semester_of_each_term(self) -> None:
        # A: 24 h of lab · 2 sub-groups = 48 h: 12 h in autumn, 36 h in the spring after; B: 72 h in
        # autumn. An intake every year: the second one meets B of the first in autumn 2027.
        catalog = long_a(resource_capacity=college().resource_capacity)
        checks = evaluated(catalog, good(["P:B@3"], ["P:B@2"])).checks
        used = {c.semester: c.actual for c in checks if c.subject == "L1" and c.aspect == "resource_hours"}
        assert used == {"2026-1": 84, "2026-2": 36, "2027-1": 84, "2027-2": 36}

    def test_an_intake_alone(self) -> None:
        catalog = long_a(
            resource_capacity=college().resource_capacity,
            programmes=(programme_p(terms=4, repeats=False), programme_q()),
        )
        checks = evaluated(catalog, good(["P:B@3"], ["P:B@2"])).checks
        used = {c.semester: c.actual for c in checks if c.subject == "L1" and c.aspect == "resource_hours"}
        assert used == {"2026-1": 12, "2026-2": 36, "2027-1": 72, "2027-2": 0}

    def test_a_row_of_the_plan_for_each_term(self) -> None:
        rows = planned_uses(problem_of(long_a()), good())
        assert [row for row in rows if row.module == "A" and row.resource == "L1"] == [
            PlannedUse("P", "A", 1, "L1", 12, 2),
            PlannedUse("P", "A", 2, "L1", 36, 2),
        ]


class TestMoney:
    def test_it_falls_due_year_by_year(self) -> None:
        # Autumn 2026 and spring 2027. Delivery 202: ⌊50.5 + 0.5⌋ = 51 and 151. Fees 48 h · 3 = 144: 36
        # and 108. Travel of 2 sub-groups, 7 each: ⌊3.5 + 0.5⌋ = 4 and 10. Set-up with the start.
        rows = tuple(
            Resource(
                id=row.id,
                kind=row.kind,
                category=row.category,
                places=row.places,
                fee_per_hour_kzt=3 if row.id == "L1" else 0,
                travel_cost_kzt=7 if row.id == "L1" else 0,
            )
            for row in college().resources
        )
        evaluation = evaluated(long_a(resources=rows), good(without=["P:B@2", "P:B:L1"]))
        assert evaluation.cost_items == (
            CostItem("A", CostPart.SETUP, None, 2026, 1000),
            CostItem("A", CostPart.DELIVERY, "P", 2026, 51),
            CostItem("A", CostPart.DELIVERY, "P", 2027, 151),
            CostItem("A", CostPart.FEES, "P", 2026, 36),
            CostItem("A", CostPart.FEES, "P", 2027, 108),
            CostItem("A", CostPart.TRAVEL, "P", 2026, 4),
            CostItem("A", CostPart.TRAVEL, "P", 2027, 10),
        )
        assert evaluation.cost_by_year == {2026: 1091, 2027: 269}
        assert evaluation.cost_kzt == evaluation.objectives["cost"] == 1360
