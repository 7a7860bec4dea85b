"""The national plan: prices go out, plans and bounds come back, until the choice is near the bound.

Rounds are synchronous and offers sorted: the same answers give the same rounds, whoever gave them, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isfinite

from curriplan.base.errors import InfeasibleError, Issue, NoPlanError
from curriplan.catalog.network.records import Network
from curriplan.optimizer.network.master import MasterChoice, Relaxed, chosen, relaxed
from curriplan.optimizer.network.records import Offer, Priced, Prices, Question
from curriplan.optimizer.network.rows import Country, Member, Row, sorted_offers
from curriplan.plan.network import FurtherMoney, Round, SharedKind
from curriplan.texts.words import Phrase

Ask = Callable[[Sequence[Question]], Sequence[tuple[Priced, ...] | None]]
"""Asks colleges, and returns as many answers; None of a college that cannot take part any more."""
Duals = tuple[float, ...]

FACTORS = (0.0, 0.3, 1.0, 3.0, 1000.0)
"""What the first prices are, times what closure costs on average: from free to whatever it takes."""
FLOOR = 1e-4
"""What all limits together are worth at least, of all closure: nobody uses money for nothing."""
OLD_PART = 0.5
"""How much of the best prices stays in those of the next round: without, they swing."""
WHOLE_PART = 0.1
"""The gap of the choice, as a part of the gap that is asked for."""
FILLING_ROUNDS = 6
"""Rounds in which colleges are asked what they would do with what the choice leaves."""
WEAK_SLACK = 1e-6
LACKING_GAP = 0.02
IMPOSSIBLE = -1e-3
"""A bound below that proves that limits cannot be kept: closure is never below nothing, but breaches cost."""


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
        Why pricing ended before the gap was closed: rounds or time.
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
    *,
    gap: float,
    most_rounds: int,
    left_s: Callable[[], float],
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
    search = _Search(Country(network, tuple(sorted(members, key=lambda one: one.id))), ask, gap, tell)
    search.first_round()
    while not search.is_done and len(search.rounds) < most_rounds and left_s() > 0 and search.priced_round():
        pass
    for _ in range(FILLING_ROUNDS):
        if search.is_done or left_s() <= 0 or not search.filling_round():
            break
    return search.choice(None if search.is_done else "time" if left_s() <= 0 else "rounds")


@dataclass
class _Search:
    """The offers so far, the best prices, and the best choice."""

    country: Country
    ask: Ask
    gap: float
    tell: Callable[[Round], None]
    offers: dict[str, tuple[Offer, ...]] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    bound: float = inf
    best_duals: Duals = ()
    known: Relaxed | None = None
    best: MasterChoice | None = None
    failed: list[str] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether the choice is as near the bound as was asked for, or it is proven that there is none."""
        if self.best is None:
            # That there is none is known early; how much is lacking, when the relaxation is near its bound.
            lacking = 0.0 if self.known is None else -self.known.value
            return self.bound < IMPOSSIBLE and self.bound + lacking <= LACKING_GAP * lacking
        return self.bound - self.best.value <= self.gap * max(self.best.value, 1e-9)

    def first_round(self) -> None:
        """Ask at several prices from nothing to whatever it takes, the same of every tenge."""
        one = self._average()
        self._priced([tuple(factor * price for price in one) for factor in FACTORS])

    def priced_round(self) -> bool:
        """Ask at the prices of the relaxation, and halfway to the best ones; False where that is in vain."""
        assert self.known is not None
        new = self._floored(self.known.prices)
        pairs = zip(self.best_duals or new, new, strict=True)
        between = tuple(OLD_PART * old + (1 - OLD_PART) * price for old, price in pairs)
        bound, value = self.bound, self.known.value
        added = self._priced(list(dict.fromkeys((between, new))))
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
        answers = self._answers(asked)
        added = self._add(answers)
        self._choose()
        self._note(len(asked), added, None)
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
            for choice in member.choices
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
            if bound < self.bound:
                self.bound, self.best_duals = bound, vectors[bounds.index(bound)]
        self._choose()
        self._note(len(asked) * len(vectors), added, bound)
        return added

    def _answers(
        self, asked: Sequence[tuple[str, int, tuple[Prices, ...]]]
    ) -> dict[tuple[str, int], tuple[Priced, ...]]:
        """Ask, and leave out of the country who does not answer.

        Then bounds begin anew: those before are of another country, and so are answers of this round.
        """
        questions = [Question(*one) for one in asked]
        answers = dict(zip(((q.college, q.choice) for q in questions), self.ask(questions), strict=True))
        lost = sorted({name for (name, _), answer in answers.items() if answer is None})
        if lost:
            self.failed += lost
            left = tuple(one for one in self.country.members if one.id not in lost)
            if not left:
                raise NoPlanError([Issue("network-without-plans")])
            self.country = replace(self.country, members=left)
            self.offers = {name: one for name, one in self.offers.items() if name not in lost}
            self.bound, self.best, self.best_duals = inf, None, ()
        return {key: answer for key, answer in answers.items() if answer is not None and key[0] not in lost}

    def _add(self, answers: Mapping[tuple[str, int], tuple[Priced, ...]]) -> int:
        """Take up offers, each once; at first the plan of a college by itself, if it harms no more."""
        added = 0
        for (name, _), answer in sorted(answers.items()):
            new = [one.offer for one in answer if one.offer is not None]
            start = self.country.member[name].start
            if name not in self.offers and start is not None and _harms_no_more(start, new):
                new.append(start)
            before = self.offers.get(name, ())
            known = {one.content: one for one in (*before, *sorted_offers(new))[::-1]}
            self.offers[name] = sorted_offers(known.values())
            added += len(self.offers[name]) - len(before)
        return added

    def _bound(self, duals: Duals, answers: Mapping[tuple[str, int], tuple[Priced, ...]], at: int) -> float:
        """Return Σ price · limit + Σ_c max over its choices (most − price · what no plan changes)."""
        rows = zip(duals, self.country.rows, strict=True)
        found = sum(price * row.limit for price, row in rows)
        for member in self.country.members:
            found += max(
                answers[member.id, choice][at].most - self.country.constant(duals, member, choice)
                for choice in member.choices
            )
        return found

    def _choose(self) -> None:
        """Choose anew among all offers; the best choice so far stays where the new one is not better."""
        new = chosen(self.country, self.offers, self.gap * WHOLE_PART)
        if new is not None and (self.best is None or new.value > self.best.value):
            self.best = new

    def _note(self, asked: int, added: int, bound: float | None) -> None:
        known = self.known
        value = None if known is None or known.breaches else known.value
        best_bound = self.bound if isfinite(self.bound) else None
        gap = None
        if self.best is not None and best_bound is not None:
            gap = (best_bound - self.best.value) / max(self.best.value, 1e-9)
        self.rounds.append(Round(len(self.rounds) + 1, asked, added, value, bound, best_bound, gap))
        self.tell(self.rounds[-1])

    def choice(self, stopped: str | None) -> NationalChoice:
        """Return the best choice; raises as `choose`."""
        assert self.known is not None
        if self.best is None:
            raise _out_of_reach(self.country, self.known, self.bound)
        return NationalChoice(
            self.country,
            self.best.offers,
            self.best.value,
            self.bound,
            self.known.prices,
            tuple(self.rounds),
            tuple(self._further(self.known)),
            tuple(sorted(self.failed)),
            stopped,
        )

    def _further(self, known: Relaxed) -> Iterable[FurtherMoney]:
        """Yield what a further million buys in each region, where it buys most there."""
        for region in sorted({one.region for one in self.country.members}):
            purses = ((sum(known.prices[at] for at in rows), rows) for rows in self._purses(region))
            price, best = max(purses, default=(0.0, ()))
            if best:
                rows = [self.country.rows[at] for at in best]
                more = relaxed(self.country, self.offers, dict.fromkeys(rows, 1.0))
                dated = next((row for row in rows if row.when), None)
                yield FurtherMoney(
                    region=region,
                    kzt=1_000_000,
                    by_price=price,
                    resolved=max(0.0, more.value - known.value),
                    region_closure=more.closures.get(region, 0.0) - known.closures.get(region, 0.0),
                    source=rows[0].subject,
                    year=None if dated is None else int(dated.when),
                )

    def _purses(self, region: str) -> list[tuple[int, ...]]:
        """Return the rows that a further million of a source in a year would raise, for a region."""
        found: dict[tuple[str, str], list[int]] = {}
        rows = [
            (at, row)
            for at, row in enumerate(self.country.rows)
            if row.kind is SharedKind.MONEY and row.region in (None, region)
        ]
        for _, row in rows:
            found.setdefault((row.subject, row.when), [])
        dated = {subject for subject, when in found if when}
        return [
            tuple(at for at, row in rows if row.subject == subject and row.when in ("", when))
            for subject, when in sorted(found)
            if when or subject not in dated
        ]


def _harms_no_more(start: Offer, priced: Sequence[Offer]) -> bool:
    """Say whether a plan keeps what stands above closure as well as those that were asked for."""
    held = next((one.above for one in priced), None)
    return held is not None and all(a <= b + 1e-9 for a, b in zip(start.above, held, strict=True))


def _out_of_reach(country: Country, known: Relaxed, bound: float) -> InfeasibleError | NoPlanError:
    """Return which limits cannot be kept: proven where even the bound, breaches priced, is below nothing."""
    worst = sorted(known.breaches.items(), key=lambda one: one[0].key)
    issues = [
        Issue("network-limit-out-of-reach", values=_said(country, row, lacking)) for row, lacking in worst
    ]
    if bound < IMPOSSIBLE:
        return InfeasibleError(issues)
    return NoPlanError([Issue("network-without-choice"), *issues])


def _said(country: Country, row: Row, lacking: float) -> dict[str, object]:
    """Return which limit it is and by how much it is missed; of a floor in points of its region."""
    kind = row.kind.value if row.kind is not None else "floor"
    if row.kind is None:
        own = sum(one.learners[0] for one in country.members if one.region == row.region)
        lacking *= 100 * country.learners_of_all / max(1, own)
    where = {"subject": row.subject, "when": row.when or "–", "region": row.region or "–"}
    limit = Phrase(f"network.{kind}", where)
    return {"limit": limit, "lacking": Phrase(f"network.lacking_{kind}", {"amount": round(lacking, 2)})}
