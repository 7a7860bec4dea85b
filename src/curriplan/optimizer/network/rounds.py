"""The national plan: prices go out, plans and bounds come back, until the choice is near the bound.

Rounds are synchronous and offers sorted: the same answers give the same rounds, whoever gave them, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isfinite

from curriplan.base.errors import Issue, NoPlanError
from curriplan.catalog.network.records import Network
from curriplan.optimizer.network.further import Known, further_money
from curriplan.optimizer.network.grouping import TOGETHER, combinations, few_together
from curriplan.optimizer.network.master import SLACK, MasterChoice, Relaxed, chosen, relaxed
from curriplan.optimizer.network.out_of_reach import IMPOSSIBLE, out_of_reach
from curriplan.optimizer.network.records import (
    JointAnswer,
    JointQuestion,
    Offer,
    Priced,
    PriceQuestion,
    Prices,
)
from curriplan.optimizer.network.rows import Country, Member, sorted_offers
from curriplan.plan.network import FurtherMoney, Round, SharedKind

Ask = Callable[[Sequence[PriceQuestion]], Sequence[tuple[Priced, ...] | None]]
"""Asks colleges, and returns as many answers: None of a college that cannot take part any more, an empty one
where it has no plan with such groups."""
AskTogether = Callable[[Sequence[JointQuestion]], Sequence[JointAnswer | None]]
"""Asks several colleges together, and returns as many answers; None where there is none."""
Asked = Sequence[tuple[str, int, tuple[Prices, ...]]]
"""Colleges, choices of groups, and prices."""
Duals = tuple[float, ...]

FACTORS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.2, 3.0, 1000.0)
"""What the first prices are, times what closure costs on average: from free to whatever it takes."""
FLOOR = 1e-4
"""What all limits together are worth at least, of all closure: nobody uses money for nothing."""
STEPS = (0.5, 1.0)
"""How far the prices of a round go from the best ones so far to those of the relaxation, which swing."""
WHOLE_PART = 0.1
"""The gap of the choice, as a part of the gap that is asked for."""
IMPROVING_ROUNDS = 6
"""Rounds in which colleges are asked, one by one and then a few together, what they do with what is left."""
WEAK_SLACK = 1e-6
LACKING_GAP = 0.02


@dataclass(frozen=True)
class NationalChoice:
    """The national choice, before the plans of colleges are solved whole.

    Parameters
    ----------
    country : Country
        The members that took part, and the rows.
    offers : mapping of str to Offer
        One a college.
    closure, bound : float
        Learner-weighted national closure of the choice, and what no choice passes.
    prices : tuple of float
        Of each row, by the relaxation, in national closure a unit (million KZT, hour, group).
    failed : tuple of str
        Colleges that gave no answer, and are in none of the figures.
    stopped : str or None
        Why it ended before the gap was closed: rounds, or exhausted where nothing new came.
    """

    country: Country
    offers: Mapping[str, Offer]
    closure: float
    bound: float
    prices: Duals
    rounds: tuple[Round, ...]
    further: tuple[FurtherMoney, ...]
    failed: tuple[str, ...] = ()
    stopped: str | None = None


def choose(
    members: Sequence[Member],
    network: Network,
    ask: Ask,
    ask_together: AskTogether,
    *,
    gap: float,
    most_rounds: int,
    tell: Callable[[Round], None],
) -> NationalChoice:
    """Find one plan a college within what is shared, and bound what any choice can reach.

    Parameters
    ----------
    gap : float
        (bound − closure) / closure at which pricing ends.
    most_rounds : int
        Rounds of pricing at most.

    Raises
    ------
    InfeasibleError
        If no choice keeps the shared limits and floors.
    NoPlanError
        If none was found.
    SolverError
        If the solver failed.
    """
    country = Country(network, tuple(sorted(members, key=lambda one: one.id)))
    search = _Search(country, ask, ask_together, gap, tell)
    search.first_round()
    while not search.is_done and len(search.rounds) < most_rounds and search.priced_round():
        pass
    search.choose_now()
    for improve in (search.filling_round, search.joint_round):
        for _ in range(IMPROVING_ROUNDS):
            if search.is_done or not improve():
                break
    stopped = "rounds" if len(search.rounds) >= most_rounds else "exhausted"
    return search.choice(None if search.is_done else stopped)


@dataclass
class _Search:
    """The offers so far, the best prices, and the best choice."""

    country: Country
    ask: Ask
    ask_together: AskTogether
    gap: float
    tell: Callable[[Round], None]
    offers: dict[str, tuple[Offer, ...]] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    bound: float = field(init=False)
    priced_bound: float = inf
    """The best of the bounds by prices."""
    best_duals: Duals = ()
    known: Relaxed | None = None
    best: MasterChoice | None = None
    failed: list[str] = field(default_factory=list)
    impossible: set[tuple[str, int]] = field(default_factory=set)
    """Choices of groups with which a college has no plan."""

    def __post_init__(self) -> None:
        self.bound = self.country.most

    @property
    def is_done(self) -> bool:
        """Whether the choice is as near the bound as was asked for, or it is proven that there is none."""
        if self.best is None:
            # That there is none is known early; how much is lacking, when the relaxation is near its bound.
            lacking = 0.0 if self.known is None else -self.known.value
            return self.bound < IMPOSSIBLE and self.bound + lacking <= LACKING_GAP * lacking
        return self.bound - self.best.value <= self.gap * max(self.best.value, 1e-9)

    def choose_now(self) -> None:
        """Choose, however near the bound is; not where it is proven that there is no choice."""
        if self.best is None and not self.is_done:
            self._choose()

    def first_round(self) -> None:
        """Ask at several prices from nothing to whatever it takes, the same of every tenge."""
        one = self._average()
        self._priced([tuple(factor * price for price in one) for factor in FACTORS])

    def priced_round(self) -> bool:
        """Ask on the way from the best prices to those of the relaxation; False where that is in vain."""
        assert self.known is not None
        new = self._floored(self.known.prices)
        steps = [
            tuple(old + part * (price - old) for old, price in zip(self.best_duals or new, new, strict=True))
            for part in STEPS
        ]
        bound, value = self.bound, self.known.value
        added = self._priced(list(dict.fromkeys(steps)))
        return added > 0 or self.bound < bound or self.known.value > value

    def filling_round(self) -> bool:
        """Ask what each college would do with all that is left; False where nothing is better for it."""
        if self.best is None:
            return False
        before, used = self.best.value, self.country.used(self.best.offers)
        asked = [
            (name, offer.choice, (self.country.within(self.country.member[name], offer, used),))
            for name, offer in sorted(self.best.offers.items())
        ]
        # Who does not answer has a plan already, and stays.
        added = self._add({key: answer for key, answer in self._asked(asked).items() if answer})
        self._choose()
        self._note(len(asked), added, None, "filled")
        return self.best is not None and self.best.value > before

    def joint_round(self) -> bool:
        """Ask a few colleges together, in groups; False where nothing is better for it.

        Where all colleges are in one group, they are asked with every combination of their groups, as long as
        these are few: then what they answer is the best choice of all, and its bound one of the country.
        """
        is_all = len(self.country.members) <= TOGETHER
        if self.best is None and not is_all:
            return False
        before = self.best.value if self.best else -1.0
        at_hand = self.best.offers if self.best else {name: one[0] for name, one in self.offers.items()}
        possible = {one.id: self._possible(one) for one in self.country.members}
        everything = combinations(self.country, self.offers, possible) if is_all else []
        names = [one.id for one in self.country.members]
        asked = [self.country.joint(names, one) for one in everything]
        asked = asked or [
            self.country.joint(some, at_hand) for some in few_together(self.country, len(self.rounds))
        ]
        answers, added = self.ask_together(asked), 0
        for question, answer in zip(asked, answers, strict=True):
            for name, offer in zip(question.colleges, answer.offers if answer else (), strict=False):
                known = {one.content: one for one in (offer, *self.offers[name])}
                added += len(known) - len(self.offers[name])
                self.offers[name] = sorted_offers(known.values())
        bound = _most_of(answers) if everything else None
        self.bound = min(self.bound, self.bound if bound is None else bound)
        self._choose()
        self._note(len(asked), added, bound, "joint")
        return self.best is not None and self.best.value > before

    def _average(self) -> Duals:
        """Return prices at which all limits together are worth as much as all closure of today's plans."""
        starts = [self.country.worth(one, one.start) for one in self.country.members if one.start is not None]
        worth = sum(starts) or 0.5
        totals: dict[SharedKind | None, float] = {}
        for row in self.country.rows:
            totals[row.kind] = totals.get(row.kind, 0.0) + row.limit
        priced = (SharedKind.MONEY, SharedKind.HOURS)
        return tuple(
            worth / totals[row.kind] if row.kind in priced and totals[row.kind] > 0 else 0.0
            for row in self.country.rows
        )

    def _floored(self, duals: Duals) -> Duals:
        """Return prices with a trifle on every limit of money and hours."""
        rows = self.country.rows
        return tuple(
            max(price, FLOOR / (len(rows) * row.limit)) if row.limit > 0 and not row.is_equal else price
            for row, price in zip(rows, duals, strict=True)
        )

    def _priced(self, vectors: Sequence[Duals]) -> int:
        """Ask all colleges at several prices, take up their answers, and return how many offers are new."""
        vectors = [self._floored(one) for one in vectors]
        asked = [
            (member.id, choice, tuple(self.country.prices(one, member, choice) for one in vectors))
            for member in self.country.members
            for choice in self._possible(member)
        ]
        failed_before = len(self.failed)
        answers = self._answers(asked)
        added = self._add(answers)
        self.known = relaxed(self.country, self.offers)
        bound = None
        if len(self.failed) == failed_before:
            bounds = [self._bound(vectors[at], answers, at) for at in range(len(vectors))]
            bound = min(bounds)
            assert self.known.value <= bound + WEAK_SLACK, "weak duality: a bound is below a known choice"
            if bound < self.priced_bound:
                self.priced_bound, self.best_duals = bound, vectors[bounds.index(bound)]
            self.bound = min(self.bound, bound)
        self._choose(is_due=False)
        self._note(len(asked) * len(vectors), added, bound)
        return added

    def _asked(self, asked: Asked) -> dict[tuple[str, int], tuple[Priced, ...] | None]:
        """Ask, and return the answers by college and choice of groups."""
        questions = [PriceQuestion(*one, self.country.member[one[0]].above) for one in asked]
        return dict(zip(((q.college, q.choice) for q in questions), self.ask(questions), strict=True))

    def _answers(self, asked: Asked) -> dict[tuple[str, int], tuple[Priced, ...]]:
        """Ask, and leave out of the country who does not answer.

        Then bounds begin anew: those before are of another country, and so are answers of this round.
        """
        answers = self._asked(asked)
        self.impossible |= {key for key, answer in answers.items() if answer == ()}
        silent = {name for (name, _), answer in answers.items() if answer is None}
        lost = sorted(silent | {one.id for one in self.country.members if not self._possible(one)})
        if lost:
            self.failed += lost
            left = tuple(one for one in self.country.members if one.id not in lost)
            if not left:
                raise NoPlanError([Issue("network-without-plans")])
            self.country = replace(self.country, members=left)
            self.offers = {name: one for name, one in self.offers.items() if name not in lost}
            self.bound, self.priced_bound = self.country.most, inf
            self.best, self.best_duals = None, ()
        return {key: answer for key, answer in answers.items() if answer and key[0] not in lost}

    def _possible(self, member: Member) -> list[int]:
        """Return the choices of groups with which a college may have a plan."""
        return [choice for choice in member.choices if (member.id, choice) not in self.impossible]

    def _add(self, answers: Mapping[tuple[str, int], tuple[Priced, ...]]) -> int:
        """Take up offers, each once; at first the plan of a college by itself."""
        added = 0
        for (name, _), answer in sorted(answers.items()):
            new = [one.offer for one in answer if one.offer is not None]
            start = self.country.member[name].start
            if name not in self.offers and start is not None and self._fits_alone(name, start):
                new.append(start)
            before = self.offers.get(name, ())
            known = {one.content: one for one in (*before, *sorted_offers(new))[::-1]}
            self.offers[name] = sorted_offers(known.values())
            added += len(self.offers[name]) - len(before)
        return added

    def _fits_alone(self, name: str, offer: Offer) -> bool:
        """Say whether a plan keeps each limit by itself: else no choice has it, and bounds are not of it."""
        uses = self.country.uses(self.country.member[name], offer)
        rows = self.country.rows
        limited = (at for at in uses if rows[at].kind in (SharedKind.MONEY, SharedKind.HOURS))
        return all(uses[at] <= rows[at].limit + SLACK for at in limited)

    def _bound(self, duals: Duals, answers: Mapping[tuple[str, int], tuple[Priced, ...]], at: int) -> float:
        """Return Σ price · limit + Σ_c max over its choices (most − price · what no plan changes)."""
        rows = zip(duals, self.country.rows, strict=True)
        found = sum(price * row.limit for price, row in rows)
        for member in self.country.members:
            found += max(
                answers[member.id, choice][at].most - self.country.constant(duals, member, choice)
                for choice in self._possible(member)
            )
        return found

    def _choose(self, *, is_due: bool = True) -> None:
        """Choose anew among all offers; the best choice so far stays where the new one is not better.

        Not before it can close the gap, unless it is due: that takes long, and prices do not hang on it.
        """
        known = self.known
        if known is not None and not is_due:
            near = not known.breaches and self.bound - known.value <= self.gap * known.value
            if not near:
                return
        new = chosen(self.country, self.offers, self.gap * WHOLE_PART, self.bound / (1 + self.gap))
        if new is not None and (self.best is None or new.value > self.best.value):
            self.best = new

    def _note(self, asked: int, added: int, bound: float | None, kind: str = "priced") -> None:
        known = self.known
        value = None if known is None or known.breaches else known.value
        gap = None if self.best is None else (self.bound - self.best.value) / max(self.best.value, 1e-9)
        bound = None if bound is None else min(bound, self.country.most)
        self.rounds.append(Round(len(self.rounds) + 1, asked, added, value, bound, self.bound, gap, kind))
        self.tell(self.rounds[-1])

    def _further(self, best: MasterChoice, known: Relaxed) -> tuple[FurtherMoney, ...]:
        bound = self.priced_bound
        if not isfinite(bound):
            return ()
        found = Known(best.offers, best.value, known.prices, bound, self.best_duals)
        return further_money(self.country, found, self.ask)

    def choice(self, stopped: str | None) -> NationalChoice:
        """Return the best choice; raises as `choose`."""
        self.known = relaxed(self.country, self.offers)  # offers that fill what is left are in it too
        if self.best is None:
            raise out_of_reach(self.country, self.known, self.bound)
        return NationalChoice(
            self.country,
            self.best.offers,
            self.best.value,
            self.bound,
            self.known.prices,
            tuple(self.rounds),
            self._further(self.best, self.known),
            tuple(sorted(self.failed)),
            stopped,
        )


def _most_of(answers: Iterable[JointAnswer | None]) -> float | None:
    """Return what no combination passes: the largest bound of the possible ones; None where one has none."""
    found = [None if one is None else one.most for one in answers if one is None or not one.is_impossible]
    known = [one for one in found if one is not None]
    return max(known) if known and len(known) == len(found) else None
