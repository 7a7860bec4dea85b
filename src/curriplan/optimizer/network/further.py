"""What a further million does in each region: its price, what whole plans gain, and what none passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from curriplan.optimizer.network.records import MILLION, Offer, Priced, PriceQuestion
from curriplan.optimizer.network.rows import Country
from curriplan.plan.network import FurtherMoney, SharedKind


@dataclass(frozen=True)
class Known:
    """What is known of a choice.

    Parameters
    ----------
    prices : tuple of float
        Of each row, by the relaxation.
    bound : float
        What no choice passes by the best prices, which are `bounding`.
    """

    chosen: Mapping[str, Offer]
    closure: float
    prices: tuple[float, ...]
    bound: float
    bounding: tuple[float, ...]


def further_money(
    country: Country,
    known: Known,
    ask: Callable[[Sequence[PriceQuestion]], Sequence[tuple[Priced, ...] | None]],
) -> tuple[FurtherMoney, ...]:
    """Return what a further million does in each region, of the source and the year with the highest price.

    Each college of the region is asked what it would do with what the choice leaves, and with the million
    beside it: the best of them is what whole plans gain, all others as they are. No choice gains more than
    the bound by prices leaves: λ · (b + 1 million) + Σ_c UB_c(λ) − closure.
    """
    purses = {region: _purse(country, region, known.prices) for region in country.regions}
    asked = [
        (region, name)
        for region, (_, rows) in purses.items()
        for name in sorted(known.chosen)
        if rows and country.member[name].region == region
    ]
    used = country.used(known.chosen)
    questions = [
        _question(country, name, known.chosen[name], used, purses[region][1]) for region, name in asked
    ]
    best: dict[str, tuple[float, str, float]] = {}
    for (region, name), answer in zip(asked, ask(questions), strict=True):
        gain, closure = _gain(country, name, known.chosen[name], answer or ())
        if (gain, name) > best.get(region, (0.0, "", 0.0))[:2] and gain > 0:
            best[region] = gain, name, closure
    return tuple(
        _money(country, known, region, price, rows, best.get(region))
        for region, (price, rows) in purses.items()
        if rows
    )


def _question(
    country: Country, name: str, offer: Offer, used: Sequence[float], rows: Sequence[int]
) -> PriceQuestion:
    member = country.member[name]
    richer = tuple(use - (1.0 if at in rows else 0.0) for at, use in enumerate(used))
    prices = (country.within(member, offer, used), country.within(member, offer, richer))
    return PriceQuestion(name, offer.choice, prices, member.above)


def _gain(country: Country, name: str, offer: Offer, answer: Sequence[Priced]) -> tuple[float, float]:
    """Return what the country and the college's closure gain with the million, beyond what is left anyway."""
    member = country.member[name]
    if len(answer) < 2 or answer[1].offer is None:
        return 0.0, 0.0
    without = max((offer, answer[0].offer or offer), key=lambda one: one.closure)
    return (
        country.worth(member, answer[1].offer) - country.worth(member, without),
        answer[1].offer.closure - without.closure,
    )


def _money(
    country: Country,
    known: Known,
    region: str,
    price: float,
    rows: Sequence[int],
    best: tuple[float, str, float] | None,
) -> FurtherMoney:
    learners = sum(
        offer.learners for name, offer in known.chosen.items() if country.member[name].region == region
    )
    gain, name, closure = best or (0.0, None, 0.0)
    own = 0 if name is None else known.chosen[name].learners
    year = next((int(country.rows[at].when) for at in rows if country.rows[at].when), None)
    most = known.bound + sum(known.bounding[at] for at in rows) - known.closure
    return FurtherMoney(
        region=region,
        kzt=MILLION,
        by_price=price,
        resolved=gain,
        region_closure=closure * own / learners if learners else 0.0,
        source=country.rows[rows[0]].subject,
        year=year,
        college=name,
        at_most=max(gain, most),
    )


def _purse(country: Country, region: str, prices: Sequence[float]) -> tuple[float, tuple[int, ...]]:
    """Return the highest price of a further million of a source in a year, and the rows that it raises."""
    found = ((sum(prices[at] for at in rows), rows) for rows in _purses(country, region))
    return max(found, default=(0.0, ()))


def _purses(country: Country, region: str) -> Iterator[tuple[int, ...]]:
    """Yield the rows that a further million of a source in a year would raise, for a region."""
    rows = [
        (at, row)
        for at, row in enumerate(country.rows)
        if row.kind is SharedKind.MONEY and row.region in (None, region)
    ]
    dated = {row.subject for _, row in rows if row.when}
    for subject, when in sorted({(row.subject, row.when) for _, row in rows}):
        if when or subject not in dated:
            yield tuple(at for at, row in rows if row.subject == subject and row.when in ("", when))
