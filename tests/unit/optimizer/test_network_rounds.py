"""The national choice among colleges whose plans are listed, against every choice that there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random

import pytest

from curriplan.base.errors import InfeasibleError, NoPlanError
from curriplan.catalog.network.records import Centre, College, Network, Places, Region, SharedBudget
from curriplan.optimizer.network.records import (
    EVERY_YEAR,
    JointAnswer,
    JointLimit,
    JointQuestion,
    Offer,
    Priced,
    PriceQuestion,
    Prices,
)
from curriplan.optimizer.network.rounds import NationalChoice, choose
from curriplan.optimizer.network.rows import Country, Member
from curriplan.plan.network import Round, SemesterHours, YearMoney
from curriplan.plan.plan import Selection
from instances.seeds import drawn

NOTHING = Selection(())
MILLION = 1_000_000
Listed = dict[str, list[Offer]]
"""All plans of each college."""


@dataclass
class Nation:
    """Colleges with listed plans, which answer as curriplan's colleges do; what they are asked is kept."""

    network: Network
    plans: Listed
    silent: frozenset[str] = frozenset()
    starts: Mapping[str, Offer] = field(default_factory=dict)
    together: bool = True
    rounds: list[Round] = field(default_factory=list)

    def members(self) -> list[Member]:
        found = []
        for one in self.network.colleges:
            choices = sorted({offer.choice for offer in self.plans[one.id]})
            by_choice = {offer.choice: offer for offer in self.plans[one.id]}
            learners = tuple(by_choice[choice].learners for choice in choices)
            groups = tuple(by_choice[choice].groups for choice in choices)
            found.append(Member(one.id, one.region, one.weight, learners, groups, self.starts.get(one.id)))
        return found

    def ask(self, questions: Sequence[PriceQuestion]) -> list[tuple[Priced, ...] | None]:
        return [self._answer(one) for one in questions]

    def _answer(self, question: PriceQuestion) -> tuple[Priced, ...] | None:
        if question.college in self.silent:
            return None
        return tuple(self._priced(question, prices) for prices in question.prices)

    def _priced(self, question: PriceQuestion, prices: Prices) -> Priced:
        offers = [one for one in self.plans[question.college] if one.choice == question.choice]
        within = [one for one in offers if _is_within(one, prices)]
        best = max(within, key=lambda one: _value(one, prices), default=None)
        most = max(_value(one, prices) for one in offers)
        return Priced(most, best)

    def ask_together(self, questions: Sequence[JointQuestion]) -> list[JointAnswer | None]:
        return [self._joint(one) if self.together else None for one in questions]

    def _joint(self, question: JointQuestion) -> JointAnswer:
        asked = zip(question.colleges, question.choices, strict=True)
        lists = [[one for one in self.plans[name] if one.choice == choice] for name, choice in asked]
        fitting = [one for one in product(*lists) if all(_keeps(limit, one) for limit in question.limits)]
        worth = question.worth

        def value(offers: tuple[Offer, ...]) -> float:
            return sum(w * one.closure for w, one in zip(worth, offers, strict=True))

        best = max(fitting, key=value, default=())
        return JointAnswer(value(best) if best else None, best, is_impossible=not best)

    def choice(self, gap: float = 0.0) -> NationalChoice:
        return choose(
            self.members(),
            self.network,
            self.ask,
            self.ask_together,
            gap=gap,
            most_rounds=30,
            tell=self.rounds.append,
        )

    def every_choice(self) -> Iterator[tuple[float, dict[str, Offer]]]:
        """Yield every choice that keeps all limits, with its national closure, from the text of the issue."""
        names = [one.id for one in self.network.colleges if one.id not in self.silent]
        college = {one.id: one for one in self.network.colleges}
        today = {name: next(o for o in self.plans[name] if o.choice == 0) for name in names}
        whole = sum(college[name].weight * today[name].learners for name in names)
        for offers in product(*(self.plans[name] for name in names)):
            chosen = dict(zip(names, offers, strict=True))
            if self._is_lawful(chosen, today):
                worth = sum(college[n].weight * o.learners * o.closure for n, o in chosen.items())
                yield worth / whole, chosen

    def _is_lawful(self, chosen: Mapping[str, Offer], today: Mapping[str, Offer]) -> bool:
        return self._keeps_money(chosen) and self._keeps_hours(chosen) and self._keeps_regions(chosen, today)

    def _keeps_money(self, chosen: Mapping[str, Offer]) -> bool:
        for budget in self.network.budgets:
            inside = [o for n, o in chosen.items() if budget.region in (None, self.network.region_of[n])]
            rows = [row for offer in inside for row in offer.money if row.source == budget.source]
            years = budget.years_kzt.items()
            if any(sum(row.kzt for row in rows if row.year == year) > kzt for year, kzt in years):
                return False
            if budget.total_kzt is not None and sum(row.kzt for row in rows) > budget.total_kzt:
                return False
        return True

    def _keeps_hours(self, chosen: Mapping[str, Offer]) -> bool:
        for centre in self.network.centres:
            for semester, hours in centre.hours.items():
                used = [r.hours for o in chosen.values() for r in o.hours if r.semester == semester]
                if sum(used) > hours + 1e-9:
                    return False
        return True

    def _keeps_regions(self, chosen: Mapping[str, Offer], today: Mapping[str, Offer]) -> bool:
        region_of = self.network.region_of
        moving = {region_of[one.college] for one in self.network.places}
        for region in self.network.regions:
            own = {n: o for n, o in chosen.items() if region_of[n] == region.id}
            learners = sum(o.learners for o in own.values())
            closed = sum(o.learners * o.closure for o in own.values())
            if region.floor is not None and closed < region.floor * learners - 1e-9:
                return False
            groups = sum(o.groups for o in own.values()), sum(today[n].groups for n in own)
            if region.id in moving and groups[0] != groups[1]:
                return False
        return True


def _value(one: Offer, prices: Prices) -> float:
    money = sum(
        row.kzt
        * (prices.money.get((row.source, row.year), 0.0) + prices.money.get((row.source, EVERY_YEAR), 0.0))
        for row in one.money
    )
    hours = sum(row.hours * prices.hours.get((row.centre, row.semester), 0.0) for row in one.hours)
    return prices.closure * one.closure - money - hours


def _is_within(one: Offer, prices: Prices) -> bool:
    kzt, hours = prices.most_kzt or {}, prices.most_hours or {}
    return all(row.kzt <= kzt.get((row.source, row.year), row.kzt) for row in one.money) and all(
        row.hours <= hours.get((row.centre, row.semester), row.hours) + 1e-9 for row in one.hours
    )


def _keeps(limit: JointLimit, offers: Sequence[Offer]) -> bool:
    used = 0.0
    for place, at in enumerate(limit.colleges):
        one = offers[at]
        if limit.floor:
            used -= limit.floor[place] * one.closure
        paid = (row for row in one.money if row.source == limit.source and limit.year in (None, row.year))
        used += sum(row.kzt for row in paid) / MILLION
        there = (row for row in one.hours if (row.centre, row.semester) == (limit.centre, limit.semester))
        used += sum(row.hours for row in there)
    return used <= limit.limit + 1e-7


FEW = 8
"""Combinations of groups, of which all are looked at."""
FEATURES = ("years", "total", "regional", "centre", "floors", "places", "weights", "silent")


def nation(seed: int) -> Nation:
    """Draw 2 to 5 colleges of two regions, each with 3 to 6 plans; every feature is in half of them."""
    rng = Random(seed)
    has = {name: rng.random() < 0.5 for name in FEATURES}
    names = [f"c{number}" for number in range(rng.randrange(2, 6))]
    regions = {name: rng.choice(("east", "west")) for name in names}
    semesters = ("2027-1", "2027-2")
    plans: Listed = {}
    places = []
    for name in names:
        groups = rng.randrange(1, 5)
        choices = [groups]
        if has["places"] and rng.random() < 0.7:
            choices += [groups + more for more in (-1, 1) if groups + more > 0]
            places.append(Places(name, tuple({"P": number} for number in choices[1:])))
        plans[name] = [_nothing(choice, number) for choice, number in enumerate(choices)]
        for choice, number in enumerate(choices):
            for _ in range(rng.randrange(2, 6 if len(choices) == 1 else 4)):
                plans[name].append(_plan(rng, choice, number, semesters))
    budgets = []
    kzt = rng.randrange(1, 3 * len(names)) * MILLION
    if has["years"] or not has["total"]:
        budgets.append(SharedBudget("STATE", None, {2027: kzt, 2028: kzt // 2}))
    if has["total"]:
        budgets.append(SharedBudget("LOCAL" if has["years"] else "STATE", None, {}, kzt))
    if has["regional"]:
        budgets.append(SharedBudget("LOCAL", "east", {2027: kzt // 3, 2028: kzt // 3}, kzt // 2))
    centre = Centre("CENTRE", {semester: float(rng.randrange(20, 200)) for semester in semesters})
    floor = rng.choice((0.1, 0.3)) if has["floors"] else None
    network = Network(
        Path("network.toml"),
        {},
        (Region("east", {}, floor), Region("west", {})),
        tuple(
            College(
                name, Path(name), regions[name], {}, rng.choice((0.5, 1.0, 2.0)) if has["weights"] else 1.0
            )
            for name in names
        ),
        tuple(budgets),
        (centre,) if has["centre"] else (),
        tuple(places),
    )
    silent = frozenset(names[:1]) if has["silent"] and len(names) > 2 else frozenset()
    return Nation(network, plans, silent)


def _nothing(choice: int, groups: int) -> Offer:
    return Offer(0.05, 25 * groups, groups, (), (), NOTHING, (), choice)


def _plan(rng: Random, choice: int, groups: int, semesters: Sequence[str]) -> Offer:
    money = [
        YearMoney(source, year, rng.randrange(1, 30) * 100_000)
        for source in ("LOCAL", "STATE")
        for year in (2027, 2028)
        if rng.random() < 0.6
    ]
    hours = [
        SemesterHours("CENTRE", one, float(rng.randrange(1, 60))) for one in semesters if rng.random() < 0.5
    ]
    closure = rng.randrange(10, 100) / 100
    return Offer(closure, 25 * groups, groups, tuple(money), tuple(hours), NOTHING, (), choice)


@pytest.mark.parametrize("seed", drawn(range(120), one_of=6))
def test_the_choice_is_the_best_of_all_or_within_its_bound(seed: int) -> None:
    """The bound is no less than the best of all, the choice lawful and no better; of few, it is the best."""
    one = nation(seed)
    best = max(one.every_choice(), key=lambda pair: pair[0], default=None)
    if best is None:
        with pytest.raises((InfeasibleError, NoPlanError)):
            one.choice()
        return
    found = one.choice()
    assert found.bound >= best[0] - 1e-7
    assert best[0] + 1e-9 >= found.closure
    assert any(abs(value - found.closure) < 1e-9 for value, _ in one.every_choice())
    assert found.failed == tuple(sorted(one.silent))
    combinations = {tuple(o.choice for o in chosen.values()) for _, chosen in one.every_choice()}
    if len(combinations) <= FEW:
        assert found.closure == pytest.approx(best[0], abs=1e-9)
        assert found.bound == pytest.approx(best[0], abs=1e-6)


@pytest.mark.parametrize("seed", drawn(range(120), one_of=6))
def test_every_round_is_above_what_is_known_and_gaps_close(seed: int) -> None:
    """Weak duality in every round, and the best bound never rises."""
    one = nation(seed)
    if one.silent or not any(True for _ in one.every_choice()):
        return
    one.together = False
    try:
        found = one.choice()
    except NoPlanError:  # plans that nobody was asked for at such prices: the relaxation mixes others
        return
    last = float("inf")
    for at in one.rounds:
        assert at.best_bound is not None
        assert at.best_bound <= last
        last = at.best_bound
        if at.relaxed is not None and at.bound is not None and at.kind == "priced":
            assert at.bound >= at.relaxed - 1e-6
    assert found.closure <= found.bound + 1e-9


@pytest.mark.parametrize("seed", drawn(range(60), one_of=6))
def test_more_money_never_lowers_what_is_possible(seed: int) -> None:
    """Twice the money: the best choice is as good at least."""
    one = nation(seed)
    if one.network.places or not any(True for _ in one.every_choice()):
        return
    richer = Nation(_with_more(one.network), one.plans, one.silent)
    assert richer.choice().closure >= one.choice().closure - 1e-9


@pytest.mark.parametrize("seed", drawn(range(60), one_of=6))
def test_order_and_names_change_nothing(seed: int) -> None:
    """Colleges the other way round, with other names: the same closure and bound."""
    one = nation(seed)
    if not any(True for _ in one.every_choice()) or one.network.places:
        return
    colleges = tuple(
        College(f"z{college.id}", college.catalog, college.region, {}, college.weight)
        for college in reversed(one.network.colleges)
    )
    network = Network(
        Path("n"), {}, one.network.regions[::-1], colleges, one.network.budgets, one.network.centres
    )
    other = Nation(
        network,
        {f"z{name}": plans[::-1] for name, plans in one.plans.items()},
        frozenset(f"z{name}" for name in one.silent),
    )
    first, second = one.choice(), other.choice()
    assert second.closure == pytest.approx(first.closure, abs=1e-9)
    assert second.bound == pytest.approx(first.bound, abs=1e-6)


def _with_more(network: Network) -> Network:
    budgets = tuple(
        SharedBudget(
            one.source,
            one.region,
            {year: 2 * kzt for year, kzt in one.years_kzt.items()},
            None if one.total_kzt is None else 2 * one.total_kzt,
        )
        for one in network.budgets
    )
    return Network(network.path, {}, network.regions, network.colleges, budgets, network.centres)


def _two(*, floor: float | None = None, kzt: int = 3 * MILLION, centre: float = 100.0) -> Nation:
    """Two colleges of 100 learners: `a` closes 0.9 for 3 million, `b` 0.5 for 1 and 0.6 for 2 million.

    By nothing each closes 0.05. With 3 million: a alone (0.9 + 0.05) / 2 = 0.475; b for 2 and a for nothing
    (0.05 + 0.6) / 2 = 0.325.
    """
    network = Network(
        Path("network.toml"),
        {},
        (Region("east", {}), Region("west", {}, floor)),
        (College("a", Path("a"), "east"), College("b", Path("b"), "west")),
        (SharedBudget("STATE", None, {2027: kzt}),),
        (Centre("CENTRE", {"2027-1": centre}),),
    )
    hours = (SemesterHours("CENTRE", "2027-1", 80.0),)

    def offer(closure: float, millions: int, used: tuple[SemesterHours, ...] = ()) -> Offer:
        money = (YearMoney("STATE", 2027, millions * MILLION),) if millions else ()
        return Offer(closure, 100, 4, money, used, NOTHING)

    return Nation(
        network,
        {
            "a": [offer(0.05, 0), offer(0.9, 3, hours)],
            "b": [offer(0.05, 0), offer(0.5, 1), offer(0.6, 2, hours)],
        },
    )


def test_money_goes_where_it_closes_most() -> None:
    """3 million: all of it to a, (0.9 + 0.05) / 2 = 0.475; with 4, b has its first, (0.9 + 0.5) / 2 = 0.7."""
    assert _two().choice().closure == pytest.approx(0.475)
    assert _two(kzt=4 * MILLION).choice().closure == pytest.approx(0.7)


def test_a_floor_is_kept_first() -> None:
    """West must reach 0.5: b has its first million, and a has not the three that it needs: (0.05 + 0.5) / 2.

    Its second million is left: (0.05 + 0.6) / 2 = 0.325.
    """
    assert _two(floor=0.5).choice().closure == pytest.approx(0.325)


def test_a_floor_out_of_reach_is_told_with_what_is_lacking() -> None:
    """West closes 0.6 at most, 0.65 is asked: 5 points are lacking."""
    with pytest.raises(InfeasibleError) as caught:
        _two(floor=0.65).choice()
    assert [one.code for one in caught.value.issues] == ["network-limit-out-of-reach"]
    assert "5" in caught.value.issues[0].found("en")
    assert "west" in caught.value.issues[0].found("en")


def test_hours_of_a_centre_are_not_given_twice() -> None:
    """With 5 million both could have their best (80 h each), but the centre has 100 h: (0.9 + 0.5) / 2 = 0.7.

    With 160 h: (0.9 + 0.6) / 2 = 0.75.
    """
    assert _two(kzt=5 * MILLION).choice().closure == pytest.approx(0.7)
    assert _two(kzt=5 * MILLION, centre=160.0).choice().closure == pytest.approx(0.75)


def test_a_further_million_goes_to_the_college_that_does_most_with_it() -> None:
    """4 million, a and b's first: the fifth buys 0.1 of b, 100 of 200 learners, 0.05; a has its best."""
    found = _two(kzt=4 * MILLION, centre=160.0).choice()
    east, west = found.further
    assert (west.region, west.source, west.year, west.college) == ("west", "STATE", 2027, "b")
    assert west.resolved == pytest.approx(0.05)
    assert west.region_closure == pytest.approx(0.1)
    assert (east.region, east.resolved, east.college) == ("east", 0.0, None)
    assert west.at_most is not None
    assert west.at_most >= 0.05 - 1e-9


def test_a_college_that_does_not_answer_is_in_no_figure() -> None:
    """Without a, b has its best: 0.6 of its own learners, and of the country that is left."""
    one = _two()
    one.silent = frozenset({"a"})
    found = one.choice()
    assert (found.failed, found.closure) == (("a",), pytest.approx(0.6))


def test_a_plan_by_itself_that_the_country_cannot_pay_is_no_offer() -> None:
    """a by itself uses 9 million where the country has 4: parts of it would pass the bound of all others."""
    one = _two(kzt=4 * MILLION)
    dear = Offer(1.0, 100, 4, (YearMoney("STATE", 2027, 9 * MILLION),), (), NOTHING)
    one.starts = {"a": dear}
    found = one.choice()
    assert found.closure == pytest.approx(0.7)
    assert dear not in found.offers.values()


def test_no_round_claims_more_than_all_of_every_gap() -> None:
    """A bound above 100 % would be laughed at: nobody can close more than there is."""
    one = _two()
    one.choice()
    assert all(at.bound is None or at.bound <= 1.0 for at in one.rounds)


def test_who_cannot_say_what_more_it_would_do_stays() -> None:
    """b answers prices, but not what it would do with what is left: its plan stays, (0.9 + 0.5) / 2 = 0.7."""

    class Tired(Nation):
        def _answer(self, question: PriceQuestion) -> tuple[Priced, ...] | None:
            is_more = any(one.most_kzt is not None for one in question.prices)
            return None if is_more and question.college == "b" else super()._answer(question)

    plain = _two(kzt=4 * MILLION)
    one = Tired(plain.network, plain.plans, together=False)
    found = one.choice()
    assert (found.failed, set(found.offers)) == ((), {"a", "b"})
    assert found.closure == pytest.approx(0.7)


def test_the_rows_count_what_they_say() -> None:
    """A year, all years, a region, a centre, a floor: 2 million in 2027, 1 in 2028; 4 groups, 50 learners.

    Floor 0.4 with closure 0.3: 50 · (0.4 − 0.3) / 100 = 0.05 is lacking.
    """
    budgets = (
        SharedBudget("STATE", None, {2027: 5 * MILLION}, 6 * MILLION),
        SharedBudget("STATE", "east", {}, 1),
    )
    network = Network(
        Path("n"),
        {},
        (Region("east", {}, 0.4),),
        (College("a", Path("a"), "east"), College("b", Path("b"), "east")),
        budgets,
        (Centre("CENTRE", {"2027-1": 9.0}),),
        (Places("a", ({"P": 3},)),),
    )
    members = tuple(Member(name, "east", 1.0, (50,), (4,)) for name in ("a", "b"))
    country = Country(network, members)
    money = (YearMoney("STATE", 2027, 2 * MILLION), YearMoney("STATE", 2028, MILLION))
    offer = Offer(0.3, 50, 4, money, (SemesterHours("CENTRE", "2027-1", 7.0),), NOTHING)
    used = {
        (row.key[0], row.region, row.when): use
        for row, use in zip(country.rows, country.used({"a": offer}), strict=True)
    }
    assert used == {
        ("money", None, "2027"): 2.0,
        ("money", None, ""): 3.0,
        ("money", "east", ""): 3.0,
        ("hours", None, "2027-1"): 7.0,
        ("floor", "east", ""): pytest.approx(0.05),
        ("groups", "east", ""): 4.0,
    }
