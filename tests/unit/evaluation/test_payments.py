"""Who pays (§10): by hand, and against trying every way to pay."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan.catalog.records import Catalog, CostPart, FundingBudget, FundingLimit, FundingSource
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.payments import bills_of, divide, greatest_kzt, is_payable, unpaid_by_anybody
from curriplan.evaluation.result import CostItem
from curriplan.plan.plan import Payment, Selection
from unit.evaluation.builders import (
    college,
    evaluated,
    good,
    payments,
    problem_of,
    programme_p,
    programme_q,
)


def paid(catalog: Catalog, selection: Selection, **settings: Any) -> tuple[Payment, ...]:
    """Who pays a plan; what is said of it breaks no rule of §10."""
    problem = problem_of(catalog, **settings)
    found = divide(problem.money, evaluate(problem, selection).cost_items)
    again = evaluate(problem, Selection(selection.starts, selection.sites, found))
    assert "§10" not in again.broken_rules
    return found


def budgets(*words: str) -> dict[str, Any]:
    """Read ``S1:2026:500`` as a budget of the year 2026, ``S1::500`` as one of any year."""
    rows = (word.split(":") for word in words)
    return {
        "funding_budgets": tuple(
            FundingBudget(source=source, year=int(year) if year else None, budget_kzt=int(kzt))
            for source, year, kzt in rows
        )
    }


# The good plan: set-up A 1000 and delivery A 200 in 2026, set-up B 2000 and delivery B 400 in 2027.
class TestByHand:
    def test_each_source_pays_up_to_its_budget_in_catalog_order(self) -> None:
        # S1 has 2000: A's 1200 and 800 of B's 2400; S2 has 2000.
        assert paid(college(), good()) == payments(
            "S1:A:setup:2026:1000",
            "S1:A:delivery:2026:200",
            "S1:B:setup:2027:800",
            "S2:B:setup:2027:1200",
            "S2:B:delivery:2027:400",
        )

    def test_without_budgets_the_first_source_pays(self) -> None:
        assert {row.source for row in paid(college(funding_budgets=()), good())} == {"S1"}

    def test_without_sources_money_is_unassigned(self) -> None:
        found = paid(college(funding_budgets=(), funding_sources=()), good(), budget_kzt=3600)
        assert {row.source for row in found} == {"unassigned"}
        assert sum(row.kzt for row in found) == 3600

    def test_what_costs_nothing_is_not_paid(self) -> None:
        assert paid(college(), Selection(())) == ()

    def test_set_up_is_paid_when_due_and_before_where_it_must(self) -> None:
        # 2027 has 1500: B's delivery needs 400 of it, so that 1100 of its set-up are left; 900 come from
        # 2026, which has 1200 + 900.
        found = paid(college(**budgets("S1:2026:2100", "S1:2027:1500")), good())
        assert found == payments(
            "S1:A:setup:2026:1000",
            "S1:A:delivery:2026:200",
            "S1:B:setup:2026:900",
            "S1:B:setup:2027:1100",
            "S1:B:delivery:2027:400",
        )

    def test_a_budget_before_the_first_term_pays_set_up_only(self) -> None:
        catalog = college(**budgets("S1:2025:1000", "S1:2026:200", "S1:2027:2400"))
        assert paid(catalog, good())[0] == payments("S1:A:setup:2025:1000")[0]
        # 3600 in all, but the delivery of A in 2026 has nobody.
        catalog = college(**budgets("S1:2025:1200", "S1:2027:2400"))
        assert [c.details for c in evaluated(catalog, good()).broken] == [("A:delivery:2026",)]

    def test_shares_are_taken_programme_by_programme(self) -> None:
        # Half of A's delivery to P (2 · 100 + 1) and to Q (101): ⌊100.5⌋ + ⌊50.5⌋ = 150 of 302.
        rows = tuple(
            row.model_copy(update={"cost_per_group_kzt": 101}) if row.id == "A" else row
            for row in college().modules
        )
        limits = (FundingLimit(source="S1", cost_part="delivery", max_share=0.5),)
        catalog = college(
            modules=rows,
            funding_limits=limits,
            programmes=(programme_p(), programme_q(start="2026-1")),
            resource_capacity=(),
        )
        found = paid(catalog, good(["Q:A@1", "Q:A:L2", "Q:A:T"]))
        # P: 202, of which S1 may carry 101; Q: 101, of which 50.
        assert [row for row in found if row.module == "A" and row.part is CostPart.DELIVERY] == list(
            payments("S1:A:delivery:2026:151", "S2:A:delivery:2026:152")
        )

    def test_nobody_pays_what_the_sources_cannot(self) -> None:
        # A and the set-up of B take 3200 of 3400: 200 of B's delivery are left open.
        catalog = college(**budgets("S1::3400"))
        problem = problem_of(catalog)
        found = divide(problem.money, evaluate(problem, good()).cost_items)
        assert sum(row.kzt for row in found) == 3400
        again = evaluate(problem, good(paid=()))
        assert {check.aspect for check in again.broken} == {"budget", "payments"}

    def test_the_order_of_sources_gives_way_where_not_all_would_be_paid(self) -> None:
        # S1 may pay anything, S2 only set-up. Paid in order, S1's 2000 go to A and 800 of B's set-up,
        # and nobody is left for B's delivery.
        limits = (
            FundingLimit(source="S2", max_share=0),
            FundingLimit(source="S2", cost_part="setup", max_share=1),
        )
        assert paid(college(funding_limits=limits), good()) == payments(
            "S1:A:setup:2026:1000",
            "S1:A:delivery:2026:200",
            "S1:B:setup:2027:400",
            "S1:B:delivery:2027:400",
            "S2:B:setup:2027:1600",
        )


ITEMS = ((CostPart.SETUP, None), (CostPart.DELIVERY, "P"), (CostPart.FEES, "P"), (CostPart.DELIVERY, "Q"))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Catalog, tuple[CostItem, ...]]:
    """Two sources with few tenge in 2026, 2027 and any year, some shares, and up to three items."""
    amounts = st.integers(0, 4)
    rows = [
        FundingBudget(source=source, year=year, budget_kzt=draw(amounts))
        for source in ("S1", "S2")
        for year in draw(st.lists(st.sampled_from([None, 2026, 2027]), unique=True))
    ]
    limits = [
        FundingLimit(source=source, cost_part=part, max_share=draw(st.sampled_from([0, 0.5, 0.75])))
        for source in ("S1", "S2")
        for part in draw(st.lists(st.sampled_from([None, "setup", "delivery"]), unique=True))
    ]
    found = {
        (module, part, programme, draw(st.sampled_from([2026, 2027])))
        for module in draw(st.lists(st.sampled_from(["A", "B"]), max_size=3))
        for part, programme in (draw(st.sampled_from(ITEMS)),)
    }
    # A module is set up once.
    once = {(m, part, p): (m, part, p, year) for m, part, p, year in sorted(found, key=str)}
    items = tuple(CostItem(*key, draw(st.integers(1, 4))) for key in once.values())
    sources = (FundingSource(id="S1"), FundingSource(id="S2"))
    return college(funding_sources=sources, funding_budgets=tuple(rows), funding_limits=tuple(limits)), items


def most_that_can_be_paid(catalog: Catalog, items: tuple[CostItem, ...]) -> int:
    """Try every way to pay, tenge by tenge, that is not too much already: from the text of §10 alone."""
    sums: dict[tuple[str, CostPart, int], list[int]] = {}
    for item in items:
        sums.setdefault((item.module, item.part, item.year), []).append(item.kzt)
    own = {(row.source, row.year): row.budget_kzt for row in catalog.funding_budgets}
    shares = {(row.source, row.cost_part): row.max_share for row in catalog.funding_limits}
    ways: list[tuple[str, int, int, int]] = []
    bills = list(sums.items())
    for place, ((_, part, due), amounts) in enumerate(bills):
        for source in ("S1", "S2"):
            share = shares.get((source, part), shares.get((source, None), 1.0))
            most = sum(int(share * kzt + 1e-6) for kzt in amounts)
            years = [2026, 2027] if part is CostPart.SETUP else [due]
            ways += [(source, year, place, most) for year in years if year <= due]
    bill_kzt = [sum(amounts) for _, amounts in bills]
    has_budgets = bool(catalog.funding_budgets)
    best = 0

    def go_on(tried: tuple[int, ...]) -> None:
        """Pay in all ways that begin so; what is too much already is not less with more."""
        nonlocal best
        rest = [most for *_, most in ways[len(tried) :]]
        if sum(tried) + sum(rest) <= best or not _is_billed(bill_kzt, ways, tried):
            return
        if has_budgets and not _within(own, ways, tried):
            return
        if not rest:
            best = sum(tried)
            return
        for kzt in range(rest[0], -1, -1):
            go_on((*tried, kzt))

    go_on(())
    return best


def _is_billed(bill_kzt: list[int], ways: list[tuple[str, int, int, int]], tried: tuple[int, ...]) -> bool:
    by_source: Counter[tuple[str, int]] = Counter()
    by_bill: Counter[int] = Counter()
    for (source, _, place, most), kzt in zip(ways, tried, strict=False):
        by_source[source, place] += kzt
        by_bill[place] += kzt
        if by_source[source, place] > most or by_bill[place] > bill_kzt[place]:
            return False
    return True


def _within(own: dict[Any, int], ways: list[tuple[str, int, int, int]], tried: tuple[int, ...]) -> bool:
    spent: dict[tuple[str, int], int] = {}
    for (source, year, _, _), kzt in zip(ways, tried, strict=False):
        spent[source, year] = spent.get((source, year), 0) + kzt
    return all(
        sum(max(0, kzt - own.get((name, year), 0)) for (name, year), kzt in spent.items() if name == source)
        <= own.get((source, None), 0)
        for source in ("S1", "S2")
    )


@settings(max_examples=150, deadline=None)
@given(cases())
def test_as_much_is_paid_as_can_be(case: tuple[Catalog, tuple[CostItem, ...]]) -> None:
    catalog, items = case
    money = problem_of(catalog).money
    found = divide(money, items)
    most = most_that_can_be_paid(catalog, items)
    assert sum(row.kzt for row in found) == most
    assert all(row.kzt > 0 for row in found)
    bills = bills_of(money, items)
    assert greatest_kzt(money, bills) == most
    payable = most == sum(item.kzt for item in items)
    assert is_payable(money, bills) is payable
    assert (list(unpaid_by_anybody(money, bills)) == []) is payable


def test_the_same_money_is_divided_the_same_way() -> None:
    catalog = college(**budgets("S1:2026:2100", "S1:2027:500", "S2::1000"))
    assert len({paid(catalog, good()) for _ in range(3)}) == 1


@pytest.mark.parametrize("count", [300])
def test_hundreds_of_items_take_no_time_worth_naming(count: int) -> None:
    """The flow is needed here: in catalog order S1 would be spent before what only S1 may pay."""
    names = [f"M{number:03d}" for number in range(count)]
    rows = tuple(college().modules[2].model_copy(update={"id": name}) for name in names)
    catalog = college(
        modules=rows,
        funding_limits=(
            FundingLimit(source="S2", cost_part="delivery", max_share=0),
            FundingLimit(source="S1", cost_part="setup", max_share=0.5),
        ),
        **budgets(f"S1:2026:{count * 150}", f"S1:2027:{count * 50}", f"S2::{count * 100}"),
    )
    parts = ((CostPart.SETUP, None, 200), (CostPart.DELIVERY, "P", 100))
    items = tuple(
        CostItem(name, part, programme, 2026 + place % 2, kzt)
        for place, name in enumerate(names)
        for part, programme, kzt in parts
    )
    money = problem_of(catalog).money
    begin = time.process_time()
    found = divide(money, items)
    assert sum(row.kzt for row in found) == count * 300
    assert time.process_time() - begin < 5
