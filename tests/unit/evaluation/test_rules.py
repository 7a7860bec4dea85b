"""For each rule a plan that breaks it alone is refused, naming that rule and no other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from curriplan.catalog.records import (
    Catalog,
    Floor,
    FundingBudget,
    FundingLimit,
    FundingSource,
    LabourFunction,
    Module,
    ModuleFunction,
    ModuleOutcome,
    ModuleRequisite,
    ProgrammeFixedLoad,
    ProgrammeTerm,
    Resource,
    Standing,
    Target,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.plan.plan import Response, Selection, Start
from curriplan.problem.aspects import ASPECTS, RuleCheck
from curriplan.problem.origins import About, locate
from curriplan.problem.problem import Problem
from curriplan.problem.review import Choice, ReviewDecision
from unit.evaluation.builders import (
    CAPACITY,
    GOOD_PAYMENTS,
    MODULES,
    OUTCOMES,
    RESOURCES,
    STANDINGS,
    capacity,
    college,
    evaluated,
    good,
    limits_of,
    module,
    needs,
    outcome,
    profile,
    programme_p,
    programme_q,
    standing,
    term_1,
)


@dataclass(frozen=True)
class Broken:
    """A catalog and a plan of it that break one aspect of one rule, and how that shows."""

    aspect: str
    programme: str | None
    limit: float
    actual: float
    selection: Selection = field(default_factory=good)
    tables: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    subject: str | None = None
    semester: str | None = None
    details: tuple[str, ...] = ()
    profile_key: str | None = None
    closure_alone: dict[str, float] = field(default_factory=dict)


def requires(*pairs: tuple[str, str], kind: str = "prerequisite") -> dict[str, Any]:
    rows = tuple(ModuleRequisite(module=one, requires=two, kind=kind) for one, two in pairs)
    return {"module_requisites": rows}


def of_p(**columns: Any) -> dict[str, Any]:
    return {"programmes": (programme_p(**columns), programme_q())}


def of_term_1(**columns: Any) -> dict[str, Any]:
    return {"programme_terms": (term_1(**columns),)}


def with_a(**columns: Any) -> tuple[Module, ...]:
    """The modules, A with other columns."""
    return tuple(row.model_copy(update=columns) if row.id == "A" else row for row in MODULES)


def split(*names: str) -> dict[str, Any]:
    """Laboratory work of some modules may be divided over L1 and L2."""
    rows = (
        row.model_copy(update={"may_split": True})
        if row.module in names and row.resource_kind == "lab"
        else row
        for row in college().module_resources
    )
    return {"module_resources": tuple(rows)}


def practice_of_e(share: float) -> dict[str, Any]:
    """E is 24 hours of practice, of which a share needs the plant."""
    hours = {"theory_hours": 0, "laboratory_practical_hours": 0, "professional_practice_hours": 24}
    return {
        "modules": tuple(module("E", 1, **hours) if row.id == "E" else row for row in MODULES),
        "resources": (*RESOURCES, Resource(id="PLANT", kind="plant", category="enterprise")),
        "module_resources": (
            *college().module_resources,
            needs("E", "plant", "professional_practice", share),
        ),
    }


PARTNER = {
    "funding_sources": (FundingSource(id="S1", kind="college"), FundingSource(id="S2", kind="employer")),
    "profile": profile(total_credits_4S_grade9="6"),
    "floors": (Floor(competency="C", level=1),),
}
"""S2 is a partner, and what it leaves has enough credits, 2 + 2 + 1 and 1 of fixed load, and C at 1."""


def left_by_s2(*more: Start) -> Selection:
    """The good plan, which says that all but B is left when S2 leaves."""
    plan = good()
    starts = (*(one for one in plan.starts if one.module != "B"), *more)
    sites = tuple(one for one in plan.sites if one.module != "B")
    return replace(plan, responses=(Response("S2", tuple(sorted(starts)), sites),))


CASES = {
    "a programme that there is not": Broken(
        "known_programmes", None, 0, 1, good(["Z:A@1"]), details=("Z:A",)
    ),
    "a programme that is not planned": Broken(
        "known_programmes", None, 0, 1, good(["Q:D1@1"]), settings={"programmes": ("P",)}, details=("Q:D1",)
    ),
    "a module that there is not": Broken("known_modules", "P", 0, 1, good(["P:GONE@1"]), details=("GONE",)),
    "a header": Broken("known_modules", "P", 0, 1, good(["P:H@1"]), details=("H",)),
    "a module that the programme has no row for": Broken(
        "known_modules", "P", 0, 1, good(["P:LOOSE@2"]), details=("LOOSE",)
    ),
    # X adds 1 credit and 24 hours to term 1: 6 credits, 144 hours, 3 modules, each just allowed.
    "a forbidden module": Broken("forbidden_modules", "P", 0, 1, good(["P:X@1"]), details=("X",)),
    # D1 may start in term 2 only.
    "a term that is not allowed": Broken("allowed_terms", "P", 0, 1, good(["P:D1@1"]), details=("D1",)),
    "a term beyond the last": Broken(
        "allowed_terms",
        "P",
        0,
        1,
        good(["P:E@3"], ["P:E@2"]),
        details=("E",),
        settings={"practice_share": 0.0},
    ),
    "another term than the pinned one": Broken(
        "allowed_terms",
        "P",
        0,
        1,
        details=("E",),
        tables={
            "programme_modules": tuple(
                standing("P", "E", "existing", current_term=2, allowed_terms="1;2", pinned_term=1)
                if row.module == "E"
                else row
                for row in STANDINGS
            )
        },
    ),
    "a module taken twice": Broken("taken_once", "P", 0, 1, good(["P:E@1"]), details=("E",)),
    "a mandatory module left out": Broken(
        "mandatory_modules",
        "P",
        0,
        1,
        details=("D1",),
        tables={
            "programme_modules": tuple(
                standing("P", "D1", "mandatory") if row.key_values() == ("P", "D1") else row
                for row in STANDINGS
            )
        },
    ),
    # K in term 1 would need C at 1, which A teaches in the same term.
    "an entry level not yet reached": Broken(
        "entry_levels",
        "P",
        0,
        1,
        details=("K:C",),
        tables={"module_outcomes": (*OUTCOMES, outcome("K", "C", 1, 2))},
    ),
    "a prerequisite left out": Broken(
        "prerequisites", "P", 0, 1, details=("E:D1",), tables=requires(("B", "A"), ("E", "D1"))
    ),
    "a prerequisite in the same term": Broken(
        "prerequisites", "P", 0, 1, details=("K:A",), tables=requires(("B", "A"), ("K", "A"))
    ),
    "a prerequisite that the programme may not take": Broken(
        "prerequisites", "P", 0, 1, details=("E:LOOSE",), tables=requires(("B", "A"), ("E", "LOOSE"))
    ),
    # A (term 1) would do as the other alternative, but is not one of B's.
    "no alternative of a prerequisite": Broken(
        "prerequisites",
        "P",
        0,
        1,
        details=("B:D1|LOOSE",),
        tables={
            "module_requisites": tuple(
                ModuleRequisite(module="B", requires=name, any_of="either") for name in ("D1", "LOOSE")
            )
        },
    ),
    # K stands in term 1, E in term 2.
    "a corequisite that comes later": Broken(
        "corequisites",
        "P",
        0,
        1,
        details=("K:E",),
        tables=requires(("B", "A"), ("K", "E"), kind="corequisite"),
    ),
    # B stands in term 2: A in term 1 is not beside it, E in term 2 is beside B.
    "a strict corequisite in another term": Broken(
        "strict_corequisites",
        "P",
        0,
        1,
        details=("B:A",),
        tables=requires(("B", "A"), ("B", "E"), kind="strict_corequisite"),
    ),
    # K stands in term 1 and E in term 2; B, in term 2, does not come before A.
    "an order turned round": Broken(
        "orders", "P", 0, 1, details=("K:E",), tables=requires(("B", "A"), ("K", "E"), kind="order")
    ),
    # Q takes A alone.
    "two modules of an exclusive group": Broken(
        "exclusive_groups",
        "P",
        0,
        1,
        details=("G:A|B",),
        tables={
            "modules": tuple(
                row.model_copy(update={"exclusive_group": "G"}) if row.id in ("A", "B") else row
                for row in MODULES
            )
        },
    ),
    # 5 + 4 = 9 credits in all.
    "too few credits for the profile": Broken(
        "total_credits_min",
        "P",
        10,
        9,
        tables={"profile": profile(total_credits_4S_grade9="10")},
        profile_key="total_credits_4S_grade9",
    ),
    "too few credits for the programme": Broken(
        "total_credits_min", "P", 9.5, 9, tables=of_p(min_credits=9.5)
    ),
    "too many credits": Broken("total_credits_max", "P", 8.5, 9, tables=of_p(max_credits=8.5)),
    "too few credits in a term": Broken(
        "term_credits_min", "P", 5.5, 5, subject="1", tables=of_term_1(min_credits=5.5)
    ),
    "too many credits in a term": Broken(
        "term_credits_max", "P", 4.5, 5, subject="1", tables=of_term_1(max_credits=4.5)
    ),
    "too few modules in a term": Broken(
        "term_modules_min", "P", 3, 2, subject="1", tables=of_term_1(min_modules=3)
    ),
    "too many modules in a term": Broken(
        "term_modules_max", "P", 1, 2, subject="1", tables=of_term_1(max_modules=1)
    ),
    # 120 hours in term 1 of 4 weeks are 30 a week; term 2 has 96.
    "too many hours that count by the week": Broken(
        "weekly_hours",
        "P",
        116,
        120,
        subject="1",
        tables={"profile": profile(weekly_hours="29")},
        profile_key="weekly_hours",
    ),
    "too many hours of all kinds": Broken(
        "weekly_hours_all",
        "P",
        116,
        120,
        subject="1",
        tables={"profile": profile(weekly_hours_all="29")},
        profile_key="weekly_hours_all",
    ),
    # Half of the 48 + 72 + 24 hours of A, B and E.
    "too little practice for the profile": Broken(
        "practice_share",
        "P",
        0.51,
        0.5,
        tables={"profile": profile(practice_share_min="0.51")},
        profile_key="practice_share_min",
    ),
    "too little practice for the user": Broken(
        "practice_share", "P", 0.6, 0.5, settings={"practice_share": 0.6}
    ),
    "no site": Broken("sites", "P", 0, 1, good(without=["P:A:T"]), details=("A:teacher",)),
    # L2 has no hours in spring, and A no need for B's; L2 in autumn would be 72 of 50 hours.
    "two sites of a kind": Broken(
        "sites",
        "P",
        0,
        1,
        good(["P:A:L2"]),
        details=("A:lab",),
        tables={"resource_capacity": (*CAPACITY[:3], capacity("L2", "*-1", 72), *CAPACITY[4:])},
    ),
    "a site of a kind that is not needed": Broken(
        "needless_sites", "P", 0, 1, good(["P:B:T"]), details=("B:T",)
    ),
    "a site for a module not taken": Broken("needless_sites", "P", 0, 1, good(["P:D1:T"]), details=("D1:T",)),
    "a site that there is not": Broken("needless_sites", "P", 0, 1, good(["P:A:GONE"]), details=("A:GONE",)),
    "a site of a programme that there is not": Broken(
        "needless_sites", None, 0, 1, good(["Z:A:T"]), details=("Z:T",)
    ),
    # 60 − 15 committed hours; A uses 48.
    "a laboratory over its hours": Broken(
        "resource_hours",
        None,
        45,
        48,
        subject="L1",
        semester="2026-1",
        tables={"resource_capacity": (capacity("L1", "2026-1", 60, 15), *CAPACITY[1:])},
    ),
    # 1200 for A and 2400 for B.
    "more money than the user gives": Broken("budget", None, 3599, 3600, settings={"budget_kzt": 3599}),
    "a payment too small": Broken(
        "payments",
        None,
        0,
        1,
        good(paid=["S1:A:setup:2026:999", *GOOD_PAYMENTS[1:]]),
        details=("A:setup:2026",),
    ),
    "a payment for nothing": Broken(
        "payments",
        None,
        0,
        1,
        good(paid=[*GOOD_PAYMENTS, "S2:E:delivery:2027:1"]),
        details=("E:delivery:2027",),
    ),
    "a payment below zero": Broken(
        "payments",
        None,
        0,
        1,
        good(paid=[*GOOD_PAYMENTS, "S2:A:setup:2025:100", "S2:A:setup:2026:-100"]),
        details=("A:setup:2026",),
    ),
    # Set-up of A falls due in autumn 2026, of B in spring 2027.
    "a set-up paid too late": Broken(
        "payments",
        None,
        0,
        2,
        good(paid=["S1:A:setup:2027:1000", *GOOD_PAYMENTS[1:]]),
        details=("A:setup:2026", "A:setup:2027"),
    ),
    "a delivery paid in another year": Broken(
        "payments",
        None,
        0,
        2,
        good(paid=[*GOOD_PAYMENTS[:1], "S1:A:delivery:2025:200", *GOOD_PAYMENTS[2:]]),
        details=("A:delivery:2025", "A:delivery:2026"),
    ),
    # A quarter each: half of the set-up of A and of B has nobody to pay it.
    "what no source may pay": Broken(
        "payments",
        None,
        0,
        2,
        details=("A:setup:2026", "B:setup:2027"),
        tables={
            "funding_limits": tuple(
                FundingLimit(source=name, cost_part="setup", max_share=0.25) for name in ("S1", "S2")
            )
        },
    ),
    "a source that there is not": Broken(
        "payment_sources",
        None,
        0,
        1,
        good(paid=["S9:A:setup:2026:1000", *GOOD_PAYMENTS[1:]]),
        details=("S9",),
    ),
    # S1 has 2000 for any years: 1000 + 200 + 801 are 1 too many.
    "a source over its budget of any year": Broken(
        "source_budget",
        None,
        2000,
        2001,
        good(paid=[*GOOD_PAYMENTS[:2], "S1:B:setup:2027:801", "S2:B:setup:2027:1199", GOOD_PAYMENTS[4]]),
        subject="S1",
    ),
    # S1 pays 1200 in 2026 and 800 in 2027.
    "a source over its budget of a year": Broken(
        "source_budget",
        None,
        1100,
        1200,
        good(paid=GOOD_PAYMENTS),
        subject="S1:2026",
        tables={
            "funding_budgets": (
                FundingBudget(source="S1", year=2026, budget_kzt=1100 - 40 * 10, per_learner_kzt=10),
                FundingBudget(source="S1", year=2027, budget_kzt=800),
                FundingBudget(source="S2", budget_kzt=1700),
            )
        },
    ),
    # 200 of 1200 in 2026 and 100 of 800 in 2027 are beyond the years' budgets: 300 of 299.
    "a source over its budgets together": Broken(
        "source_budget",
        None,
        299,
        300,
        good(paid=GOOD_PAYMENTS),
        subject="S1",
        tables={
            "funding_budgets": (
                FundingBudget(source="S1", year=2026, budget_kzt=1000),
                FundingBudget(source="S1", year=2027, budget_kzt=700),
                FundingBudget(source="S1", budget_kzt=299),
                FundingBudget(source="S2", budget_kzt=1700),
            )
        },
    ),
    "a source without a budget": Broken(
        "source_budget",
        None,
        0,
        1600,
        good(paid=GOOD_PAYMENTS),
        subject="S2",
        tables={"funding_budgets": (FundingBudget(source="S1", budget_kzt=9000),)},
    ),
    # S1 pays 800 of B's set-up of 2000: 0.3 would be 600.
    "a source over its share": Broken(
        "funding_share",
        None,
        0,
        1,
        good(paid=GOOD_PAYMENTS),
        details=("S1:B:setup",),
        tables={
            "funding_limits": (
                FundingLimit(source="S1", module="B", max_share=0.3),
                FundingLimit(source="S1", cost_part="setup", max_share=1),
            )
        },
    ),
    "a floor": Broken(
        "floor", "P", 2, 1, subject="D", tables={"floors": (Floor(competency="D", level=2, programme="P"),)}
    ),
    # E's 24 hours of practice are all that counts; half of them are at the plant.
    "too little of a dual programme at an enterprise": Broken(
        "dual_share",
        "P",
        0.6,
        0.5,
        good(["P:E:PLANT"]),
        tables={
            **of_p(dual=True),
            **practice_of_e(0.5),
            "profile": profile(dual_share_min="0.6"),
        },
        profile_key="dual_share_min",
    ),
    # 15 + 10 places for 30 learners.
    "too few parts": Broken(
        "split_parts",
        "P",
        0,
        1,
        good(["P:A:L1:1", "P:A:L2:1"], ["P:A:L1"]),
        tables=split("A"),
        details=("A:lab",),
    ),
    # 2 · 15 places do without the 10 more.
    "an idle part": Broken(
        "split_parts",
        "P",
        0,
        1,
        good(["P:A:L1:2", "P:A:L2:1"], ["P:A:L1"]),
        tables=split("A"),
        details=("A:lab",),
    ),
    "no part at all": Broken(
        "split_parts", "P", 0, 1, good(without=["P:A:L1"]), tables=split("A"), details=("A:lab",)
    ),
    "a site of no part": Broken(
        "needless_sites",
        "P",
        0,
        1,
        good(["P:A:L1:2", "P:A:L2:0"], ["P:A:L1"]),
        tables=split("A"),
        details=("A:L2",),
    ),
    # A teacher is no room to be split: one of two groups would have none.
    "one site for some parts only": Broken(
        "sites", "P", 0, 1, good(["P:A:T:1"], ["P:A:T"]), details=("A:teacher",)
    ),
    # The earlier plan has all but B.
    "more changes than allowed": Broken(
        "changes",
        None,
        0,
        1,
        settings={"previous": (("P", "A", 1), ("P", "K", 1), ("P", "E", 2)), "max_changes": 0},
        details=("P:B",),
    ),
    # The earlier plan has A in term 2: in term 1, autumn 2026, there was only K.
    "a term already taught that differs": Broken(
        "taught_terms",
        "P",
        0,
        1,
        settings={"previous": (("P", "A", 2), ("P", "K", 1)), "taught_until": "2026-1"},
        details=("A",),
    ),
    # A is in term 1.
    "a module that a review keeps in another term": Broken(
        "review_starts",
        "P",
        0,
        1,
        settings={
            "review": (ReviewDecision("P", "A", Choice.PIN, 2), ReviewDecision("P", "K", Choice.ACCEPT, 1))
        },
        details=("A",),
    ),
    "a module that a review leaves out": Broken(
        "review_absent",
        "P",
        0,
        1,
        settings={"review": (ReviewDecision("P", "B", Choice.REJECT, None),)},
        details=("B",),
    ),
    # E's 24 of 24 + 48 hours.
    "more of today's content dropped than allowed": Broken(
        "change_share",
        "P",
        0.3,
        24 / 72,
        good(without=["P:E@2"]),
        tables={"profile": profile(change_share_ordinary="0.3", change_share_dual="1")},
        profile_key="change_share_ordinary",
    ),
    "more dropped of a dual programme": Broken(
        "change_share",
        "P",
        0.3,
        24 / 72,
        good(without=["P:E@2"]),
        tables={
            **of_p(dual=True),
            "profile": profile(change_share_ordinary="1", change_share_dual="0.3"),
        },
        profile_key="change_share_dual",
    ),
    # Alone, Q would reach 0.2 by D1.
    "a programme that gets too little": Broken(
        "equity",
        "Q",
        0.5 * 0.2,
        0,
        settings={"equity": 0.5},
        closure_alone={"P": 1.0, "Q": 0.2},
    ),
    "too few learners": Broken(
        "min_learners",
        None,
        31,
        30,
        subject="A",
        semester="2026-1",
        tables={**of_p(repeats=False), "modules": with_a(min_learners=31)},
    ),
    # Without S2, which pays for B, K, A and E are left: of P's 4.5 the steps C1 (1) and D1 (0.5) are reached,
    # so 30 · 1/3 of 40 learners' closure, 0.25, and with B it was 30 · 1 of 40, 0.75.
    "too much lost when a partner leaves": Broken(
        "keep_within",
        None,
        0.1,
        0.5,
        selection=left_by_s2(),
        tables=PARTNER,
        settings={"keep_within": 0.1},
        subject="S2",
    ),
    "what a partner leaves is no part of the plan": Broken(
        "partner_responses",
        None,
        0,
        1,
        selection=left_by_s2(Start("P", "D1", 2)),
        tables=PARTNER,
        settings={"keep_within": 0.9},
        details=("S2:P/D1",),
    ),
    # D1 and the forbidden X serve it; Q has no target here.
    "a labour function left out": Broken(
        "labour_functions",
        "P",
        0,
        1,
        details=("F",),
        tables={
            "targets": (Target(programme="P", occupation="O", share=1),),
            "labour_functions": (LabourFunction(id="F", occupation="O"),),
            "module_functions": (
                ModuleFunction(module="D1", labour_function="F"),
                ModuleFunction(module="X", labour_function="F"),
            ),
        },
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_plan_that_breaks_one_rule_names_that_rule_and_no_other(case: Broken) -> None:
    catalog = college(**case.tables)
    limits = replace(limits_of(catalog, **case.settings), closure_alone=case.closure_alone)
    evaluation = evaluate(Problem(catalog, limits), case.selection)
    assert [check.aspect for check in evaluation.broken] == [case.aspect]
    check = evaluation.broken[0]
    assert evaluation.broken_rules == (ASPECTS[case.aspect].rule,)
    assert (check.rule, check.programme) == (ASPECTS[case.aspect].rule, case.programme)
    assert (check.subject, check.semester) == (case.subject, case.semester)
    assert (check.limit, check.actual) == (pytest.approx(case.limit), pytest.approx(case.actual))
    assert check.shortfall == pytest.approx(abs(case.limit - case.actual))
    assert check.details == case.details
    # What would be looser follows from the declaration: it must be what the check compares.
    assert not ASPECTS[case.aspect].origins or ASPECTS[case.aspect].raises == (check.operator == "<=")
    assert not ASPECTS[case.aspect].is_demand or ASPECTS[case.aspect].is_shared == (check.programme is None)
    at = locate(About(catalog, limits, check.aspect, check.programme, check.subject, check.semester))
    norm = at.row.key_name if at is not None and at.row is not None and at.row.table == "profile" else None
    assert norm == case.profile_key


SWITCHED_OFF = {
    "dual_share",
    "split_parts",
    "funding_share",
    "changes",
    "taught_terms",
    "change_share",
    "review_starts",
    "review_absent",
    "equity",
    "min_learners",
    "labour_functions",
    "partner_responses",
    "keep_within",
}
"""The college has no dual programme, may split nothing, and so on: these rules ask nothing of it."""


def test_every_aspect_has_a_plan_that_breaks_it() -> None:
    assert {case.aspect for case in CASES.values()} == set(ASPECTS)


@pytest.mark.parametrize("paid", [(), GOOD_PAYMENTS])
def test_the_good_plan_breaks_nothing(paid: tuple[str, ...]) -> None:
    evaluation = evaluated(college(), good(paid=paid))
    assert evaluation.broken == ()
    # Each aspect is looked at, but for those of what this college has not; payers only where any are named.
    unseen = set(ASPECTS) - {check.aspect for check in evaluation.checks}
    assert unseen == SWITCHED_OFF | (set() if paid else {"payment_sources", "source_budget"})


def test_a_key_names_one_row() -> None:
    checks = evaluated(college(), good(paid=GOOD_PAYMENTS)).checks
    assert len({check.key for check in checks}) == len(checks)


def find(evaluation: Any, aspect: str, subject: str | None = None, semester: str | None = None) -> RuleCheck:
    """Return the one row of programme P, or of all, for an aspect."""
    found = [
        check
        for check in evaluation.checks
        if check.aspect == aspect
        and check.programme in {None, "P"}
        and (subject is None or check.subject == subject)
        and (semester is None or check.semester == semester)
    ]
    assert len(found) == 1, found
    return found[0]


class TestLeaningOnTheSameTerm:
    """§3, §4: a module in its current term may lean on those that stand before it there."""

    def catalog(self, a: dict[str, Any], b: dict[str, Any]) -> Catalog:
        """A and B are both taught in term 1 today."""
        changed = {"A": a, "B": b}
        rows = tuple(
            standing("P", row.module, "existing", current_term=1, **changed[row.module])
            if row.programme == "P" and row.module in changed
            else row
            for row in STANDINGS
        )
        # 2 + 2 + 3 + 1 = 8 credits and 192 hours in term 1.
        return college(
            programme_modules=rows,
            programme_terms=(term_1(max_credits=8, weeks=8),),
            resource_capacity=(),
        )

    def broken(self, catalog: Catalog, term: int = 1) -> list[tuple[str, tuple[str, ...]]]:
        changed = good([f"P:A@{term}", f"P:B@{term}"], ["P:A@1", "P:B@2"])
        evaluation = evaluated(catalog, changed)
        assert set(evaluation.broken_rules) <= {"§3", "§4"}
        return [(check.aspect, check.details) for check in evaluation.broken]

    def test_on_an_earlier_position(self) -> None:
        assert self.broken(self.catalog({"position": 2}, {"position": 3})) == []

    @pytest.mark.parametrize(
        ("a", "b"), [({"position": 3}, {"position": 2}), ({"position": 2}, {"position": 2})]
    )
    def test_not_on_a_later_or_the_same_position(self, a: dict[str, Any], b: dict[str, Any]) -> None:
        expected = [("entry_levels", ("B:C",)), ("prerequisites", ("B:A",))]
        assert self.broken(self.catalog(a, b)) == expected

    @pytest.mark.parametrize(("a", "b"), [({}, {"position": 2}), ({"position": 2}, {})])
    def test_not_without_both_positions(self, a: dict[str, Any], b: dict[str, Any]) -> None:
        expected = [("entry_levels", ("B:C",)), ("prerequisites", ("B:A",))]
        assert self.broken(self.catalog(a, b)) == expected

    def test_not_in_another_term_than_today(self) -> None:
        # K and E alone leave 3 credits in term 1.
        catalog = self.catalog({"position": 2}, {"position": 3}).replace(programme_terms=())
        expected = [("entry_levels", ("B:C",)), ("prerequisites", ("B:A",))]
        assert self.broken(catalog, term=2) == expected

    @pytest.mark.parametrize("taught", [outcome("A", "C", 0, 1), outcome("A", "D", 0, 3)])
    def test_not_on_one_that_teaches_too_little_or_something_else(self, taught: ModuleOutcome) -> None:
        # B asks C at 2.
        rows = (OUTCOMES[0], taught, outcome("B", "C", 2, 3))
        catalog = self.catalog({"position": 2}, {"position": 3}).replace(module_outcomes=rows)
        assert self.broken(catalog) == [("entry_levels", ("B:C",))]

    def test_not_on_a_candidate(self) -> None:
        # K, today in term 1, asks C at 1; A teaches it in term 1, but only from now on.
        catalog = college(module_outcomes=(*OUTCOMES, outcome("K", "C", 1, 2)))
        assert evaluated(catalog, good()).broken_rules == ("§3",)


def test_an_entry_level_within_the_baseline_asks_nothing() -> None:
    # Q has level 1 of C at entry, so B may come first.
    catalog = college(
        programme_modules=(*STANDINGS, standing("Q", "B", "candidate")),
        module_requisites=(),
        resource_capacity=(),
    )
    assert evaluated(catalog, good(["Q:B@1", "Q:B:L1"]), budget_kzt=10_000).broken == ()


def test_reach_is_walked_term_by_term() -> None:
    evaluation = evaluated(college(), good())
    assert [dict(levels) for levels in evaluation.levels_by_term["P"]] == [{"C": 1}, {"C": 2, "D": 1}]
    assert evaluation.levels_after == {"P": {"C": 2, "D": 1}, "Q": {"C": 1}}


class TestLoad:
    """§6, §7: what counts into which sum."""

    def test_fixed_load_has_credits_and_hours_but_is_no_module(self) -> None:
        evaluation = evaluated(college(), good())
        assert find(evaluation, "term_credits_min", "1").actual == 2 + 2 + 24 / 24
        assert find(evaluation, "term_modules_max", "1").actual == 2
        assert find(evaluation, "weekly_hours", "1").actual == 48 + 48 + 24

    def test_without_hours_per_credit_fixed_load_has_no_credits(self) -> None:
        rows = tuple(row for row in profile() if row.key_name != "hours_per_credit")
        assert evaluated(college(profile=rows), good()).programmes[0].term_credits == (4, 4)

    def self_study(self, counts: str, guided: str) -> Any:
        """E has 10 more hours of self-study in term 2, 4 of them guided, beside 12 + 12 and B's 36 + 36."""
        hours = {"self_study_hours": 6, "self_study_guided_hours": 4}
        rows = tuple(module("E", 1, **hours) if row.id == "E" else row for row in MODULES)
        words = {"weekly_hours_counts": counts, "weekly_hours_guided_self_study": guided}
        return evaluated(college(modules=rows, profile=profile(**words)), good())

    @pytest.mark.parametrize(
        ("counts", "guided", "hours"),
        [
            ("contact", "no", 96),
            ("contact", "off", 96),
            ("contact", "yes", 100),
            ("all", "no", 106),
            ("all", "yes", 106),
        ],
    )
    def test_the_week_counts_contact_hours_with_guided_self_study_or_all(
        self, counts: str, guided: str, hours: float
    ) -> None:
        evaluation = self.self_study(counts, guided)
        assert find(evaluation, "weekly_hours", "2").actual == hours
        assert find(evaluation, "weekly_hours_all", "2").actual == 106

    def test_weeks_are_the_terms_else_half_a_years(self) -> None:
        evaluation = evaluated(college(programme_terms=(term_1(weeks=5),)), good())
        p = {
            c.subject: c.limit for c in evaluation.checks if c.aspect == "weekly_hours" and c.programme == "P"
        }
        assert p == {"1": 36 * 5, "2": 36 * 8 / 2}

    def test_without_weeks_or_number_there_is_no_weekly_rule(self) -> None:
        rows = tuple(row for row in profile() if row.key_name not in {"teaching_weeks_year", "weekly_hours"})
        checks = evaluated(college(profile=rows), good()).checks
        weekly = {(c.aspect, c.programme, c.subject) for c in checks if c.aspect.startswith("weekly")}
        assert weekly == {("weekly_hours_all", "P", "1")}

    @pytest.mark.parametrize(
        ("denominator", "share"),
        [
            # A, B, E: 24 + 36 + 12 of 144; with K, 24 of 48; with the fixed hours, 0 of 24.
            ("professional+practice", 72 / 144),
            ("basic+professional+practice", 96 / 192),
            ("all", 96 / 216),
        ],
    )
    def test_the_denominator_of_practice(self, denominator: str, share: float) -> None:
        evaluation = evaluated(college(profile=profile(practice_share_denominator=denominator)), good())
        assert find(evaluation, "practice_share").actual == pytest.approx(share)

    def test_without_hours_in_the_denominator_there_is_no_practice_rule(self) -> None:
        # Q takes nothing and has no fixed load.
        checks = evaluated(college(), good()).checks
        assert [check.programme for check in checks if check.aspect == "practice_share"] == ["P"]

    def test_term_limits_of_a_term_without_modules(self) -> None:
        rows = (term_1(), ProgrammeTerm(programme="Q", term=2, min_credits=1))
        evaluation = evaluated(college(programme_terms=rows), good())
        assert [(c.aspect, c.programme, c.subject, c.actual) for c in evaluation.broken] == [
            ("term_credits_min", "Q", "2", 0)
        ]

    def test_fixed_load_of_several_sections_adds_up(self) -> None:
        rows = tuple(
            ProgrammeFixedLoad(programme="P", term=1, section=section, theory_hours=hours)
            for section, hours in (("general", 12), ("basic", 12))
        )
        assert evaluated(college(programme_fixed_hours=rows), good()).programmes[0].term_credits == (5, 4)


class TestResources:
    """§9: hours by calendar semester."""

    def hours(self, catalog: Catalog, selection: Selection, resource: str, **settings: Any) -> dict[str, Any]:
        checks = evaluated(catalog, selection, **settings).checks
        return {c.semester: (c.actual, c.limit) for c in checks if c.subject == resource and c.rule == "§9"}

    def test_intakes_that_repeat_meet_in_every_year(self) -> None:
        # P (from 2026) uses 48 h every autumn for A, 72 h every spring for B. Q (from 2027) takes A:
        # 24 h for its one sub-group of 15 places, every autumn from 2027 on.
        assert self.hours(college(), good(["Q:A@1", "Q:A:L1", "Q:A:T"]), "L1") == {
            "2026-1": (48, 50),
            "2026-2": (72, 80),
            "2027-1": (72, 90),
            "2027-2": (72, 80),
        }

    def test_an_intake_that_does_not_repeat_uses_its_own_semester(self) -> None:
        assert self.hours(college(**of_p(repeats=False)), good(), "L1") == {
            "2026-1": (48, 50),
            "2026-2": (72, 80),
            "2027-1": (0, 90),
            "2027-2": (0, 80),
        }

    def test_two_terms_of_one_season_meet(self) -> None:
        # Four terms: A in term 1 and B in term 3 are both in autumn, in every year from 2026 on.
        catalog = college(**of_p(terms=4), resource_capacity=(capacity("L1", "*-1", 200),))
        changed = good(["P:B@3"], ["P:B@2"])
        autumns = {
            name: used for name, (used, _) in self.hours(catalog, changed, "L1").items() if name[-1] == "1"
        }
        assert autumns == {"2026-1": 120, "2027-1": 120}

    def test_theory_of_a_teacher_is_counted_by_group_and_the_rest_by_sub_group(self) -> None:
        # 30 learners: 2 groups of 25, 3 sub-groups of 13. A has 24 h of each: 24·2 + 24·3 = 120.
        rows = (needs("A", "teacher", "theory"), needs("A", "teacher", "laboratory_practical"))
        catalog = college(module_resources=rows, resource_capacity=(capacity("T", "*-1", 120),))
        selection = good(without=["P:A:L1", "P:B:L1"])
        assert evaluated(catalog, selection).broken == ()
        assert self.hours(catalog, selection, "T")["2026-1"] == (120, 120)

    def test_a_share_of_the_hours(self) -> None:
        # A quarter of A's 24 h for 2 groups.
        rows = (needs("A", "teacher", "theory", 0.25),)
        selection = good(without=["P:A:L1", "P:B:L1"])
        assert self.hours(college(module_resources=rows), selection, "T")["2026-1"] == (12, 100)

    def test_a_kind_whose_hours_are_zero_needs_no_site(self) -> None:
        rows = (*college().module_resources, needs("E", "enterprise", "professional_practice"))
        assert evaluated(college(module_resources=rows), good()).broken == ()

    def test_a_semester_without_a_row_has_no_hours(self) -> None:
        catalog = college(resource_capacity=tuple(row for row in CAPACITY if row.semester != "*-2"))
        evaluation = evaluated(catalog, good())
        assert [(c.subject, c.semester, c.limit, c.actual) for c in evaluation.broken] == [
            ("L1", "2026-2", 0, 72),
            ("L1", "2027-2", 0, 72),
        ]

    def test_a_resource_without_any_row_is_unlimited(self) -> None:
        rows = tuple(row for row in CAPACITY if row.resource != "L1")
        evaluation = evaluated(college(resource_capacity=rows), good())
        assert evaluation.broken == ()
        assert {check.subject for check in evaluation.checks if check.aspect == "resource_hours"} == {
            "L2",
            "T",
        }

    def test_more_committed_than_there_is_leaves_nothing(self) -> None:
        rows = (capacity("L1", "2026-1", 60, 70), *CAPACITY[1:])
        catalog = college(resource_capacity=rows)
        assert self.hours(catalog, good(), "L1")["2026-1"] == (48, 0)

    def test_programmes_that_are_not_planned_keep_what_they_use_today(self) -> None:
        # Q teaches A today, in the first room that holds it: L1, 24 h in every autumn from 2027.
        rows = (*STANDINGS[:-2], standing("Q", "A", "existing", current_term=1), STANDINGS[-1])
        catalog = college(programme_modules=rows)
        only_p = self.hours(catalog, good(), "L1", programmes=("P",))
        assert only_p == {
            "2026-1": (48, 50),
            "2026-2": (72, 80),
            "2027-1": (48, 90 - 24),
            "2027-2": (72, 80),
        }

    def test_a_catalog_without_needs_has_no_site_rules(self) -> None:
        catalog = college(module_resources=(), resources=(), resource_capacity=())
        selection = good(without=["P:A:L1", "P:A:T", "P:B:L1"])
        assert "§9" not in {check.rule for check in evaluated(catalog, selection).checks}

    def test_a_site_is_needless_where_nothing_needs_any(self) -> None:
        catalog = college(module_resources=())
        found = find(evaluated(catalog, good()), "needless_sites")
        assert found.details == ("A:L1", "A:T", "B:L1")

    def test_a_repeating_intake_of_another_programme_commits_its_parts(self) -> None:
        # Q takes A today in one part of L1 (10 learners, 15 places): 24 h in every autumn from 2027.
        rows = (*STANDINGS[:-2], standing("Q", "A", "existing", current_term=1), STANDINGS[-1])
        catalog = college(programme_modules=rows, **split("A"))
        selection = good(["P:A:L1:2"], ["P:A:L1"])
        assert self.hours(catalog, selection, "L1", programmes=("P",))["2027-1"] == (48, 90 - 24)


class TestSplit:
    """§9: sub-groups divided over L1 (15 places) and L2 (10 places); A needs 24 h of one part."""

    @pytest.mark.parametrize(
        ("parts", "holds"),
        [
            # 30 learners: 30, 35 and 30 places are enough, and none to spare of a part.
            (["P:A:L1:2"], True),
            (["P:A:L1:1", "P:A:L2:2"], True),
            (["P:A:L2:3"], True),
            # 25 places; 20 places; 45 − 15 = 30 and 40 − 10 = 30 would do.
            (["P:A:L1:1", "P:A:L2:1"], False),
            (["P:A:L2:2"], False),
            (["P:A:L1:3"], False),
            (["P:A:L1:2", "P:A:L2:1"], False),
        ],
    )
    def test_parts_suffice_and_none_is_idle(self, parts: list[str], holds: bool) -> None:
        catalog = college(resource_capacity=(), **split("A"))
        evaluation = evaluated(catalog, good(parts, ["P:A:L1"]))
        assert [check.aspect for check in evaluation.broken] == ([] if holds else ["split_parts"])

    def test_each_resource_serves_the_hours_of_its_parts(self) -> None:
        evaluation = evaluated(college(**split("A")), good(["P:A:L1:1", "P:A:L2:2"], ["P:A:L1"]))
        assert evaluation.broken == ()
        assert find(evaluation, "resource_hours", "L1", "2026-1").actual == 24
        assert find(evaluation, "resource_hours", "L2", "2026-1").actual == 48

    def test_each_part_pays_its_fee_and_travel(self) -> None:
        # 24 h · 2.5 of a part in L1, 2 parts of 24 h · 1.5 in L2; 5 and 7 for the travel of a part.
        rows = tuple(
            row.model_copy(update=columns)
            for row, columns in zip(
                RESOURCES,
                (
                    {"fee_per_hour_kzt": 3, "travel_cost_kzt": 5},
                    {"fee_per_hour_kzt": 2, "travel_cost_kzt": 7},
                    {},
                ),
                strict=True,
            )
        )
        catalog = college(resources=rows, funding_budgets=(), **split("A"))
        evaluation = evaluated(catalog, good(["P:A:L1:1", "P:A:L2:2"], ["P:A:L1"]))
        # B in L1: 72 h · 3 and 2 sub-groups · 5, one site for all.
        assert evaluation.fees_kzt == {("P", "A"): 24 * 3 + 2 * 24 * 2, ("P", "B"): 72 * 3}
        assert evaluation.travel_kzt == {("P", "A"): 5 + 2 * 7, ("P", "B"): 2 * 5}
        assert evaluation.cost_kzt == 3600 + 168 + 216 + 19 + 10

    def test_teachers_of_theory_are_divided_by_group(self) -> None:
        # 30 learners are 2 groups of 25: one each for two teachers; with both at one, the other idles.
        rows = tuple(
            row.model_copy(update={"may_split": True}) if row.resource_kind == "teacher" else row
            for row in college().module_resources
        )
        teachers = (*RESOURCES, RESOURCES[2].model_copy(update={"id": "T2"}))
        catalog = college(module_resources=rows, resources=teachers)
        both = evaluated(catalog, good(["P:A:T:1", "P:A:T2:1"], ["P:A:T"]))
        assert both.broken == ()
        assert find(both, "resource_hours", "T", "2026-1").actual == 24
        idle = evaluated(catalog, good(["P:A:T:2", "P:A:T2:1"], ["P:A:T"]))
        assert [check.aspect for check in idle.broken] == ["split_parts"]


class TestDualShare:
    """§8: only where a programme is dual and the profile asks a share."""

    def share(self, dual: bool = True, least: str = "0.5", share: float = 0.5, **tables: Any) -> Any:
        changed = {
            **of_p(dual=dual),
            **practice_of_e(share),
            "profile": profile(dual_share_min=least),
            **tables,
        }
        return evaluated(college(**changed), good(["P:E:PLANT"]))

    def test_practice_of_fixed_loads_counts_below_the_line(self) -> None:
        # 12 of 24 + 24 hours.
        rows = (ProgrammeFixedLoad(programme="P", term=1, section="practice", production_training_hours=24),)
        found = find(self.share(least="0.25", programme_fixed_hours=rows), "dual_share")
        assert (found.actual, found.limit) == (0.25, 0.25)

    def test_a_workshop_is_no_enterprise(self) -> None:
        rows = (*RESOURCES, Resource(id="PLANT", kind="plant", category="training_plant"))
        found = find(self.share(resources=rows), "dual_share")
        assert (found.actual, found.holds) == (0, False)

    def test_it_asks_nothing_of_other_programmes_nor_without_practice(self) -> None:
        assert "§8" not in {check.rule for check in self.share(dual=False).checks}
        plain = evaluated(college(**of_p(dual=True), profile=profile(dual_share_min="0.5")), good())
        assert "§8" not in {check.rule for check in plain.checks}

    def test_it_is_a_measure_of_every_programme(self) -> None:
        assert self.share(dual=False).programmes[0].dual_share == 0.5


class TestChanges:
    """§12: the good plan against earlier ones."""

    GOOD = (("P", "A", 1), ("P", "B", 2), ("P", "E", 2), ("P", "K", 1))

    def counted(
        self, *previous: tuple[str, str, int], selection: Selection | None = None
    ) -> tuple[float, Any]:
        found = find(evaluated(college(), selection or good(), previous=previous, max_changes=1), "changes")
        return found.actual, found.details

    def test_nothing_changes(self) -> None:
        assert self.counted(*self.GOOD) == (0, ())

    def test_a_move_counts_once(self) -> None:
        assert self.counted(("P", "A", 1), ("P", "B", 2), ("P", "E", 1), ("P", "K", 1)) == (1, ())

    def test_what_comes_and_what_goes(self) -> None:
        # B is new, D1 is gone, in both programmes: the names stand there as the limit of 1 is broken.
        rows = (("P", "A", 1), ("P", "D1", 2), ("P", "E", 2), ("P", "K", 1), ("Q", "D1", 1))
        assert self.counted(*rows) == (3, ("P:B", "P:D1", "Q:D1"))

    def test_what_cannot_be_taken_any_more_is_left_out(self) -> None:
        # X is forbidden, GONE is no module, Z no programme.
        assert self.counted(*self.GOOD, ("P", "X", 1), ("P", "GONE", 1), ("Z", "A", 1)) == (0, ())

    def test_terms_up_to_a_semester_are_frozen(self) -> None:
        # E in term 1 before, in term 2 now; P's terms are autumn 2026 and spring 2027.
        rows = (("P", "A", 1), ("P", "B", 2), ("P", "E", 1), ("P", "K", 1))
        for until, details in (("2025-2", ()), ("2026-1", ("E",)), ("2026-2", ("E",))):
            found = [
                check
                for check in evaluated(college(), good(), previous=rows, taught_until=until).checks
                if check.aspect == "taught_terms"
            ]
            assert [(check.programme, check.details) for check in found] == [("P", details), ("Q", ())]

    def test_a_change_in_a_later_term_is_free(self) -> None:
        evaluation = evaluated(
            college(), good(), previous=self.GOOD[:1] + self.GOOD[3:], taught_until="2026-1"
        )
        assert evaluation.broken == ()

    def test_the_share_is_of_what_is_dropped_not_moved(self) -> None:
        catalog = college(profile=profile(change_share_ordinary="0"))
        assert find(evaluated(catalog, good(["P:E@1"], ["P:E@2"])), "change_share").actual == 0
        assert "change_share" not in {
            check.aspect for check in evaluated(catalog, good(), previous=self.GOOD).checks
        }

    def test_what_is_forbidden_from_now_on_counts_as_dropped(self) -> None:
        # X 24 of 48 + 24 + 24.
        rows = tuple(
            standing("P", "X", "forbidden", current_term=1) if row.module == "X" else row for row in STANDINGS
        )
        catalog = college(programme_modules=rows, profile=profile(change_share_ordinary="0.25"))
        assert find(evaluated(catalog, good()), "change_share").actual == 0.25


class TestLeastLearners:
    """§14: learners of all programmes that start a module in a semester."""

    def learners(self, selection: Selection, **tables: Any) -> dict[str | None, float]:
        chosen = tables.pop("settings", {})
        checks = evaluated(college(modules=with_a(min_learners=40), **tables), selection, **chosen).checks
        return {check.semester: check.actual for check in checks if check.aspect == "min_learners"}

    def test_intakes_start_it_every_year_from_their_first_on(self) -> None:
        assert self.learners(good()) == {"2026-1": 30, "2027-1": 30}
        assert self.learners(good(["Q:A@1"])) == {"2026-1": 30, "2027-1": 40}

    def test_other_seasons_are_apart(self) -> None:
        assert self.learners(good(["Q:A@2"])) == {"2026-1": 30, "2027-1": 30, "2027-2": 10}

    def test_programmes_that_are_not_planned_come_with_what_they_teach_today(self) -> None:
        rows = (*STANDINGS[:-2], standing("Q", "A", "existing", current_term=1), STANDINGS[-1])
        found = self.learners(good(), programme_modules=rows, settings={"programmes": ("P",)})
        assert found == {"2026-1": 30, "2027-1": 40}

    def test_nobody_asks_where_no_planned_programme_starts_it(self) -> None:
        assert self.learners(good(without=["P:A@1"])) == {}


class TestEquity:
    def test_a_programme_that_can_close_nothing_alone_is_left_out(self) -> None:
        limits = replace(limits_of(college(), equity=0.5), closure_alone={"P": 1.0, "Q": 0.0})
        checks = evaluate(Problem(college(), limits), good()).checks
        assert [(c.programme, c.limit, c.actual) for c in checks if c.aspect == "equity"] == [("P", 0.5, 1)]

    def test_what_is_not_known_is_taken_as_everything(self) -> None:
        checks = evaluated(college(), good(), equity=0.5).checks
        assert [(c.programme, c.limit) for c in checks if c.aspect == "equity"] == [("P", 0.5), ("Q", 0.5)]


def test_a_labour_function_that_no_module_may_serve_asks_nothing() -> None:
    rows = (LabourFunction(id="F", occupation="O"), LabourFunction(id="G", occupation="O"))
    serving = (
        ModuleFunction(module="A", labour_function="F"),
        ModuleFunction(module="X", labour_function="G"),
    )
    catalog = college(labour_functions=rows, module_functions=serving)
    evaluation = evaluated(catalog, good())
    # P takes A; Q, which may, does not. X is forbidden in P and none of Q's.
    assert [(c.programme, c.details) for c in evaluation.broken] == [("Q", ("F",))]
    assert [(one.labour_functions, one.uncovered_functions) for one in evaluation.programmes] == [
        (1, ()),
        (1, ("F",)),
    ]


class TestMoney:
    """§10: which money is new."""

    def cost(self, selection: Selection, **tables: Any) -> int:
        return evaluated(college(**tables), selection, budget_kzt=100_000).cost_kzt

    def test_a_module_is_set_up_once_for_all(self) -> None:
        # 3600 for P; Q adds A too: no second set-up, 100 for its one group.
        assert self.cost(good(["Q:A@1", "Q:A:L1", "Q:A:T"])) == 3600 + 100

    def test_no_set_up_of_what_is_open_already(self) -> None:
        rows = tuple(
            module("A", 2, parent="H", setup_cost_kzt=1000, cost_per_group_kzt=100, already_open=True)
            if row.id == "A"
            else row
            for row in MODULES
        )
        assert self.cost(good(), modules=rows) == 3600 - 1000

    def test_no_set_up_of_what_another_programme_teaches_today_even_if_forbidden_there(self) -> None:
        rows = (*STANDINGS[:-2], standing("Q", "A", "forbidden", current_term=1), STANDINGS[-1])
        assert self.cost(good(), programme_modules=rows) == 3600 - 1000

    def test_what_is_current_costs_nothing_new_even_when_moved(self) -> None:
        rows = tuple(
            standing("P", "B", "existing", current_term=1) if row.module == "B" else row for row in STANDINGS
        )
        assert self.cost(good(), programme_modules=rows) == 1200

    def test_dropping_saves_nothing(self) -> None:
        assert self.cost(good(without=["P:E@2"])) == 3600

    def test_no_budget_no_limit(self) -> None:
        evaluation = evaluated(college(funding_budgets=()), good())
        assert "budget" not in {check.aspect for check in evaluation.checks}

    def test_the_budgets_of_the_catalog_add_up(self) -> None:
        assert find(evaluated(college(), good()), "budget").limit == 2000 + 1600 + 10 * (30 + 10)


def test_the_highest_floor_of_a_competency_counts_once() -> None:
    checks = [check for check in evaluated(college(), good()).checks if check.rule == "§11"]
    # Every programme: C at 1. P: C at 2.
    assert [(c.programme, c.subject, c.limit, c.actual) for c in checks] == [
        ("P", "C", 2, 2),
        ("Q", "C", 1, 1),
    ]


def test_without_rows_a_programme_may_take_what_its_occupations_need_but_headers() -> None:
    catalog = college(programme_modules=(), programme_terms=())
    needed = good(["Q:D1@1"], without=["P:K@1"])
    assert "§1" not in evaluated(catalog, needed).broken_rules
    for other in ("Q:LOOSE@1", "Q:H@1"):
        assert "§1" in evaluated(catalog, good([other])).broken_rules


def test_a_row_existing_without_a_term_is_a_candidate() -> None:
    rows = tuple(
        standing("P", "A", "existing") if row.key_values() == ("P", "A") else row for row in STANDINGS
    )
    evaluation = evaluated(college(programme_modules=rows), good())
    assert ("P", "A") in evaluation.added_cost_kzt
    assert Standing.EXISTING in {row.status for row in rows}
