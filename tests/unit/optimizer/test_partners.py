"""What a plan loses when a partner leaves, and what money is worth: the arithmetic of the consortium."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import curriplan
from curriplan.api.optimize import optimize_catalog
from curriplan.api.verify import verdict_of
from curriplan.base.errors import InfeasibleError, UsageError
from curriplan.catalog.records import Catalog, Floor, FundingBudget, FundingLimit, FundingSource, Resource
from curriplan.optimizer.partners import shapley_shares
from curriplan.plan.diagnosis import Diagnosis
from curriplan.plan.plan import Start
from curriplan.plan.stress import Coalition, PartnerLoss
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings
from instances.bare import bare_plans
from unit.consortium import consortium, named, standing

CLOSURE = (ObjectiveChoice("closure"), ObjectiveChoice("cost"))


def planned(catalog: Catalog, **choices: Any) -> curriplan.PlanResult:
    with bare_plans():
        return optimize_catalog(catalog, Settings(objectives=CLOSURE, gap=0.0, **choices))


def taken(result: curriplan.PlanResult) -> set[str]:
    return {one.module for one in result.plan.selection.starts}


def losses(result: curriplan.PlanResult, **choices: Any) -> dict[str, PartnerLoss]:
    return {one.source: one for one in curriplan.stress(result, workers=1, **choices).partners}


def changes(one: PartnerLoss) -> dict[str, str]:
    return {row.module: row.change for row in one.modules}


def test_the_employer_leaves() -> None:
    """The 1000 KZT of COL pay for A; B and L fall, and Z returns as today: 0.4 + 0.1 of 0.9, 0.4 is lost."""
    result = planned(consortium())
    assert taken(result) == {"A", "B", "L"}
    found = losses(result)
    assert list(found) == ["EMP", "R"]  # COL is the college's own
    left = found["EMP"]
    assert (left.status, left.pays_kzt, left.resources) == ("optimal", 1000, ("LAB",))
    assert (left.closure, left.cost_kzt) == (pytest.approx(0.5), 1000)
    assert (left.loss_least, left.loss_most) == (pytest.approx(0.4), pytest.approx(0.4))
    assert changes(left) == {"B": "falls", "L": "falls", "Z": "returns"}
    assert [(one.source, one.plan_kzt, one.left_kzt) for one in left.payers] == [
        ("COL", 1000, 1000),
        ("EMP", 1000, 0),
    ]


def test_a_partner_that_the_plan_does_not_use_costs_nothing() -> None:
    unused = losses(planned(consortium()))["R"]
    assert (unused.status, unused.loss_least, unused.loss_most, unused.modules) == ("unused", 0.0, 0.0, ())


def test_others_pay_for_all_of_it() -> None:
    """With 2000 KZT of COL nothing falls but L, and Z is as good a half of it: 0.9 − 0.8."""
    budgets = (FundingBudget(source="COL", budget_kzt=2000), FundingBudget(source="EMP", budget_kzt=1000))
    catalog = consortium(funding_budgets=budgets)
    assert losses(planned(catalog))["EMP"].loss_most == pytest.approx(0.1)
    own = tuple(row.model_copy(update={"source": None}) for row in catalog.resources)
    limits = (FundingLimit(source="COL", module="A", max_share=0),)
    kept = losses(planned(catalog.replace(resources=own)))["EMP"]
    assert (kept.status, kept.loss_most) == ("unused", 0.0)  # COL, the first source, pays it all
    # COL may not pay for A; once EMP has left nobody can: 0.4 is lost.
    late = losses(planned(catalog.replace(resources=own, funding_limits=limits)))["EMP"]
    assert (late.loss_most, changes(late)) == (pytest.approx(0.4), {"A": "falls"})


def test_a_source_without_budgets_leaves_too() -> None:
    """Without a table of budgets all pay without limit: COL pays for A and B, L falls and Z returns."""
    found = losses(planned(consortium(funding_budgets=())))
    assert found["EMP"].loss_most == pytest.approx(0.1)
    assert changes(found["EMP"]) == {"L": "falls", "Z": "returns"}


@pytest.mark.parametrize(("year", "lost"), [(None, 0.4), (2026, 0.4), (2027, 0.3)])
def test_what_was_due_before_it_leaves_is_sunk(year: int | None, lost: float) -> None:
    """In 2026 COL pays for A and L is taught; from 2027 on B lacks the money of EMP."""
    found = losses(planned(consortium()), leaves_year=year)["EMP"]
    assert found.loss_most == pytest.approx(lost)
    assert found.sunk_kzt == 0  # EMP pays for B, in 2027


def test_a_later_leave_may_cost_more() -> None:
    """A is taught in term 2, B in term 1, and EMP may pay for A alone: COL pays for B in 2026.

    Before anything is paid COL's 1000 KZT go to A, the better one: B falls, 0.3. In 2027 they are spent: A
    falls, 0.4. (L is the college's own here.)
    """
    catalog = consortium(
        programme_modules=(
            standing("A", "candidate", allowed_terms="2"),
            standing("B", "candidate", allowed_terms="1"),
            standing("L", "candidate", allowed_terms="1"),
            standing("Z", "existing", current_term=1),
        ),
        resources=(Resource(**named("LAB"), kind="lab", category="enterprise"),),
        funding_limits=(
            FundingLimit(source="EMP", module="B", max_share=0),
            FundingLimit(source="R", max_share=0),
        ),
    )
    result = planned(catalog)
    assert losses(result)["EMP"].loss_most == pytest.approx(0.3)
    later = losses(result, leaves_year=2027)["EMP"]
    assert (later.loss_most, changes(later)) == (pytest.approx(0.4), {"A": "falls"})


def test_money_of_years_that_is_paid_before_stays_paid() -> None:
    """EMP pays for A of a budget of 2026, COL for B in 2027: when EMP leaves in 2027 nothing falls.

    Before anything is paid A falls, for COL's budget is of 2027.
    """
    budgets = (
        FundingBudget(source="COL", year=2027, budget_kzt=1000),
        FundingBudget(source="EMP", year=2026, budget_kzt=1000),
    )
    own = (Resource(**named("LAB"), kind="lab", category="enterprise"),)
    result = planned(consortium(funding_budgets=budgets, resources=own))
    assert losses(result)["EMP"].loss_most == pytest.approx(0.4)
    later = losses(result, leaves_year=2027)["EMP"]
    assert (later.status, later.pays_kzt, later.sunk_kzt) == ("unused", 1000, 1000)


@pytest.mark.parametrize(
    ("most", "closure", "modules"),
    [
        (0.4, 0.9, {"A", "B", "L"}),
        (0.39, 0.8, {"A", "B", "Z"}),  # A and Z stay: 0.3 is lost
        (0.29, 0.7, {"A", "B"}),  # A stays and Z returns: 0.2
        (0.19, 0.6, {"A", "L"}),  # A stays and Z returns: 0.1
        (0.0, 0.5, {"A", "Z"}),
    ],
)
def test_a_plan_keeps_within_a_loss(most: float, closure: float, modules: set[str]) -> None:
    result = planned(consortium(), keep_within=most)
    assert result.plan.measures["closure_after"] == pytest.approx(closure)
    assert taken(result) == modules
    assert all(one.loss_most is not None and one.loss_most <= most + 1e-9 for one in losses(result).values())
    assert [one.source for one in result.plan.partners] == ["EMP", "R"]
    assert verdict_of(result.plan, result.catalog).holds


def test_only_the_partners_that_are_named_may_leave() -> None:
    """R costs nothing, so the plan is the best of all."""
    result = planned(consortium(), keep_within=0.0, partners=("R",))
    assert result.plan.measures["closure_after"] == pytest.approx(0.9)


def test_a_plan_that_shows_less_than_it_was_asked_for_is_refused() -> None:
    """What is left is recomputed: one that is better than can be paid for, and one that is missing."""
    result = planned(consortium(), keep_within=0.4)
    plan, catalog = result.plan, result.catalog
    (left, other) = plan.partners
    more = replace(left, starts=tuple(sorted((*left.starts, Start("P", "B", 2)))))
    for partners, rule in (((more, other), "partner_responses"), ((), None)):
        verdict = verdict_of(replace(plan, partners=partners), catalog)
        assert not verdict.holds
        assert [one.aspect for one in verdict.verification.broken] == ([rule] if rule else [])
    fewer = replace(left, starts=(), sites=())
    broken = verdict_of(replace(plan, partners=(fewer, other)), catalog).verification.broken
    assert [(one.aspect, one.subject, one.actual) for one in broken] == [
        ("keep_within", "EMP", pytest.approx(0.9))
    ]


def either() -> Catalog:
    """A and B both teach C, and a floor asks C; EMP may pay for A alone, R for B alone.

    So a plan without A or B is lost when a partner leaves, and with both it loses 0.4 when EMP leaves.
    """
    catalog = consortium()
    taught = {(row.module, row.competency): row for row in catalog.module_outcomes}
    also = taught["A", "C"].model_copy(update={"module": "B"})
    asked = tuple(
        row.model_copy(update={"importance": 0.0001}) if row.competency == "C" else row
        for row in catalog.occupation_requirements
    )
    return catalog.replace(
        module_outcomes=(*catalog.module_outcomes, also),
        occupation_requirements=asked,
        floors=(Floor(competency="C", level=1),),
        resources=(Resource(**named("LAB"), kind="lab", category="enterprise"),),
        funding_sources=(FundingSource(**named("EMP")), FundingSource(**named("R"))),
        funding_budgets=tuple(FundingBudget(source=name, budget_kzt=1000) for name in ("EMP", "R")),
        funding_limits=(
            FundingLimit(source="EMP", module="B", max_share=0),
            FundingLimit(source="R", module="A", max_share=0),
        ),
    )


def test_that_no_plan_loses_so_little_is_proven_and_said() -> None:
    """Without R only A can be paid, so B falls and with it D, 0.3 of 0.6001; where L is not taken, Z returns:
    0.2 of 0.6001 is the least that any plan loses, 0.334 when rounded up. It is found by itself.
    """
    with pytest.raises(InfeasibleError) as caught:
        planned_in_full(either(), keep_within=0.2)
    diagnosis = caught.value.diagnosis
    assert isinstance(diagnosis, Diagnosis)
    assert {one.aspect for clash in diagnosis.clashes for one in clash.demands} == {"keep_within"}
    repairs = [(one.column, one.value) for repair in diagnosis.repairs for one in repair.edits]
    assert ("keep_within", 0.334) in repairs
    result = planned(either(), keep_within=0.5)
    assert max(one.loss_most or 0.0 for one in losses(result).values()) == pytest.approx(0.3 / 0.6001)


def planned_in_full(catalog: Catalog, **choices: Any) -> curriplan.PlanResult:
    return optimize_catalog(catalog, Settings(objectives=CLOSURE, gap=0.0, **choices))


def test_without_what_a_partner_pays_for_there_may_be_no_plan() -> None:
    """A is mandatory, and COL has nothing: what breaks is told, and that it is that alone."""
    catalog = consortium(
        programme_modules=(standing("A", "mandatory", allowed_terms="1"),),
        funding_budgets=(FundingBudget(source="COL"), FundingBudget(source="EMP", budget_kzt=1000)),
    )
    gone = losses(planned(catalog))["EMP"]
    assert (gone.status, gone.closure, gone.loss_most) == ("no_plan", None, None)
    found = {(one.check.aspect, one.is_needed) for one in gone.broken}
    assert ("mandatory_modules", True) in found


def test_shares_of_the_sources() -> None:
    """Without money L: 0.2. With 1000 KZT A too: 0.6; with 2000 B too: 0.9. R pays nothing.

    COL brings 0.4 alone and 0.3 after EMP, EMP likewise: 0.35 each, R 0; together 0.7 = 0.9 − 0.2.
    """
    found = curriplan.stress(planned(consortium()), shares=True, workers=1)
    assert found.shares is not None
    table = {one.sources: one.closure for one in found.shares.coalitions}
    assert table[()] == pytest.approx(0.2) and table["COL", "EMP", "R"] == pytest.approx(0.9)
    shares = {one.source: one.share for one in found.shares.shares}
    assert shares == {"COL": pytest.approx(0.35), "EMP": pytest.approx(0.35), "R": pytest.approx(0.0)}
    assert sum(shares.values()) == pytest.approx((table["COL", "EMP", "R"] or 0) - (table[()] or 0))
    assert list(found.shapley["source"]) == ["COL", "EMP", "R"]


def test_without_a_plan_for_nobody_there_are_no_shares() -> None:
    table = [Coalition((), "no_plan"), Coalition(("COL",), "optimal", 0.5, 0.5)]
    assert shapley_shares(table) == ()


def test_shares_lie_between_what_bounds_leave() -> None:
    """v(∅) between 0.1 and 0.2, v(COL) between 0.5 and 0.6: COL's share is 0.4, at least 0.3, at most 0.5."""
    table = [Coalition((), "feasible", 0.1, 0.2), Coalition(("COL",), "feasible", 0.5, 0.6)]
    (only,) = shapley_shares(table)
    assert (only.share, only.least, only.most) == (
        pytest.approx(0.4),
        pytest.approx(0.3),
        pytest.approx(0.5),
    )


def test_shares_of_many_sources_are_refused() -> None:
    names = ["COL", *(f"S{number}" for number in range(6))]
    catalog = consortium(
        funding_sources=tuple(FundingSource(**named(name), kind="employer") for name in names),
        funding_budgets=tuple(FundingBudget(source=name, budget_kzt=300) for name in names),
        funding_limits=(),
        resources=(),
        module_resources=(),
    )
    with pytest.raises(UsageError, match="too-many-sources"):
        curriplan.stress(planned(catalog), shares=True, workers=1)


def test_modules_stay_at_their_sites_where_they_may() -> None:
    """Both laboratories of the college would do for M: it stays where it is when EMP leaves."""
    catalog = consortium()
    labs = tuple(Resource(**named(name), kind="own", category="laboratory") for name in ("L1", "L2"))
    needs = catalog.module_resources[0].model_copy(update={"module": "A", "resource_kind": "own"})
    catalog = catalog.replace(
        resources=(*catalog.resources, *labs), module_resources=(*catalog.module_resources, needs)
    )
    left = losses(planned(catalog))["EMP"]
    assert left.of("site") == ()
