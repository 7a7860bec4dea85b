"""The national plan of tiny random colleges against all of them in one model, and what holds at any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import InfeasibleError, NoPlanError
from curriplan.catalog.network.records import College, Network, Places, SharedBudget
from curriplan.optimizer.network.pricing import answers
from curriplan.optimizer.network.records import JointAnswer, JointQuestion, Priced, PriceQuestion, Prices
from curriplan.optimizer.network.rounds import NationalChoice, choose
from curriplan.optimizer.network.rows import Member
from curriplan.optimizer.network.together import answer_together
from curriplan.plan.network import Round
from curriplan.problem.limits import effective_limits
from curriplan.problem.network import Whose, choices_of, lifted, with_groups
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings
from instances.bare import bare_plans
from instances.merged import Best, best_together
from instances.random_networks import FEATURES, DrawnNetwork, random_network
from instances.seeds import drawn

EXACT = Settings(gap=0.0, objectives=tuple(ObjectiveChoice(name) for name in ("no_harm", "closure")))
NOTHING_HELD: Mapping[str, tuple[float, ...]] = {}
SEEDS = range(160)
FOUND = (8, 20, 55)
"""Seeds that found something: a listed group vector without a plan, prices that the solver took for none."""
NEAR = 1e-6
PRICED_NEAR = 2e-4
"""Prices are never quite nothing, so that the bound is a little above what it could be."""


@lru_cache(maxsize=64)
def with_plans(seed: int) -> DrawnNetwork | None:
    """Return the network of a seed, less colleges without any plan; None where none is left."""
    one = random_network(seed)
    left = tuple(college for college in one.network.colleges if _has_plan(one, college.id))
    names = {college.id for college in left}
    places = tuple(row for row in one.network.places if row.college in names)
    network = replace(one.network, colleges=left, places=places)
    catalogs = {name: catalog for name, catalog in one.catalogs.items() if name in names}
    return DrawnNetwork(network, catalogs, one.features) if left else None


def _has_plan(one: DrawnNetwork, name: str) -> bool:
    question = PriceQuestion(name, 0, (Prices(1.0),))
    try:
        return bool(answers(one.catalogs[name], one.network, question, EXACT))
    except InfeasibleError:
        return False


def members(one: DrawnNetwork, above: Mapping[str, tuple[float, ...]]) -> list[Member]:
    """Return who takes part; `above` closure may be no worse than that."""
    found = []
    for college in one.network.colleges:
        choices = range(1 + len(choices_of(one.network, college.id)))
        catalog = one.catalogs[college.id]
        limits = effective_limits(catalog, EXACT)
        given = [with_groups(catalog, one.network, Whose(college.id, choice), limits) for choice in choices]
        learners = tuple(row.learners_of_one_intake for row in given)
        groups = tuple(sum(map(limits.groups, each.programmes)) for each in given)
        held = above.get(college.id)
        found.append(Member(college.id, college.region, college.weight, learners, groups, None, held))
    return found


def national(
    one: DrawnNetwork,
    *,
    together: bool,
    rounds: list[Round] | None = None,
    above: Mapping[str, tuple[float, ...]] = NOTHING_HELD,
) -> NationalChoice | None:
    """Return the national choice; None where there is none."""

    def answer(question: PriceQuestion) -> tuple[Priced, ...]:
        try:
            return answers(one.catalogs[question.college], one.network, question, EXACT)
        except InfeasibleError:
            assert question.choice  # with the groups of today all have a plan
            return ()

    def ask(questions: Sequence[PriceQuestion]) -> list[tuple[Priced, ...] | None]:
        return [answer(question) for question in questions]

    def ask_together(questions: Sequence[JointQuestion]) -> list[JointAnswer | None]:
        return [
            answer_together(one.catalogs, one.network, question, EXACT) if together else None
            for question in questions
        ]

    try:
        return choose(
            members(one, above),
            one.network,
            ask,
            ask_together,
            gap=1e-7,
            most_rounds=40,
            tell=[].append if rounds is None else rounds.append,
        )
    except (InfeasibleError, NoPlanError):
        return None


@lru_cache(maxsize=64)
def best(seed: int) -> Best | None:
    one = with_plans(seed)
    assert one is not None
    return best_together(one.network, one.catalogs)


@pytest.mark.parametrize("seed", drawn(SEEDS, FOUND, one_of=10))
def test_the_national_plan_is_that_of_one_model(seed: int) -> None:
    """Up to five colleges: the same closure, the bound no lower, weak duality in every round."""
    one = with_plans(seed)
    if one is None:
        return
    expected, rounds = best(seed), list[Round]()
    found = national(one, together=True, rounds=rounds)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert not found.failed
    assert found.closure == pytest.approx(expected.closure, abs=NEAR)
    assert found.bound >= expected.closure - NEAR
    if not one.network.places:
        assert found.bound == pytest.approx(expected.closure, abs=NEAR)
    for at in rounds:
        known = at.relaxed or 0.0 if at.kind == "priced" else 0.0  # a joint bound is one of whole plans
        assert at.bound is None or at.bound >= max(known, expected.closure) - NEAR


@pytest.mark.parametrize("seed", drawn(SEEDS, FOUND, one_of=40))
def test_prices_alone_never_pass_the_best_nor_bound_it_below(seed: int) -> None:
    one = with_plans(seed)
    expected = None if one is None else best(seed)
    found = None if one is None else national(one, together=False)
    if expected is not None and found is not None:
        assert found.closure <= expected.closure + NEAR
        assert found.bound >= expected.closure - NEAR


@pytest.mark.parametrize("seed", drawn(SEEDS, one_of=40))
def test_more_money_never_lowers_the_best_or_the_bound(seed: int) -> None:
    """Half as much again: the best of the poorer network is a lawful plan of the richer one."""
    one = with_plans(seed)
    poorer = None if one is None else national(one, together=True)
    if one is None or poorer is None:
        return
    # Else the richer network would ask each college for the least harm that all of the money could buy it.
    # With other groups than today's a plan may harm less than any with today's: then nothing is held (1.0).
    above = {
        name: tuple(1.0 if offer.choice else value + 1e-9 for value in offer.above)
        for name, offer in poorer.offers.items()
    }
    richer = national(replace(one, network=_richer(one.network)), together=True, above=above)
    assert richer is not None
    assert richer.closure >= poorer.closure - PRICED_NEAR
    assert richer.bound >= poorer.closure - NEAR


def _richer(network: Network) -> Network:
    rows = []
    for row in network.budgets:
        years = {year: kzt * 3 // 2 for year, kzt in row.years_kzt.items()}
        total = None if row.total_kzt is None else row.total_kzt * 3 // 2
        rows.append(SharedBudget(row.source, row.region, years, total))
    return replace(network, budgets=tuple(rows))


@pytest.mark.parametrize("seed", drawn(SEEDS, one_of=40))
def test_names_and_order_of_colleges_change_nothing(seed: int) -> None:
    one = with_plans(seed)
    if one is None:
        return
    name_of = {college.id: f"Z{9 - number}" for number, college in enumerate(one.network.colleges)}
    colleges = [
        College(name_of[row.id], row.catalog, row.region, {}, row.weight) for row in one.network.colleges
    ]
    places = [Places(name_of[row.college], row.choices) for row in one.network.places]
    network = replace(one.network, colleges=tuple(colleges[::-1]), places=tuple(places[::-1]))
    catalogs = {name_of[name]: catalog for name, catalog in one.catalogs.items()}
    first = national(one, together=True)
    second = national(DrawnNetwork(network, catalogs, one.features), together=True)
    assert (first is None) is (second is None)
    if first is not None and second is not None:
        assert second.closure == pytest.approx(first.closure, abs=PRICED_NEAR)
        assert second.bound == pytest.approx(first.bound, abs=PRICED_NEAR)


@pytest.mark.parametrize("seed", drawn(SEEDS, one_of=40))
def test_of_one_college_it_is_its_own_plan_with_all_that_there_is(seed: int) -> None:
    """Where a total stands beside years the lifted catalog may have more, so that it is a bound."""
    one = with_plans(seed)
    if one is None:
        return
    college = one.network.colleges[0]
    regions = tuple(replace(row, floor=None) for row in one.network.regions)
    network = replace(one.network, colleges=(college,), places=(), regions=regions)
    only = DrawnNetwork(network, {college.id: one.catalogs[college.id]}, one.features)
    found = national(only, together=True)
    assert found is not None
    with bare_plans():
        own = one.catalogs[college.id]
        catalog = lifted(own, network, Whose(college.id), effective_limits(own, EXACT))
        (value,) = [
            stage.value
            for stage in optimize_catalog(catalog, EXACT).plan.stages
            if stage.objective == "closure"
        ]
    if any(row.total_kzt is not None for row in network.budgets):
        assert found.closure <= value + NEAR
    else:
        assert found.closure == pytest.approx(value, abs=NEAR)


def test_all_pairs_of_what_is_shared_are_drawn_together() -> None:
    """Each pair of features is in a tenth of the networks at least."""
    drawn_together = Counter(
        pair for seed in SEEDS for pair in combinations(sorted(random_network(seed).features), 2)
    )
    assert set(drawn_together) == set(combinations(sorted(FEATURES), 2))
    assert min(drawn_together.values()) >= len(SEEDS) // 10
