"""What a further million buys in each region: by its price, and by solving the relaxation again with it."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.optimizer.network.master import GivenTo, Offers, Relaxed, relaxed
from curriplan.optimizer.network.rows import MILLION, Country
from curriplan.plan.network import FurtherMoney, SharedKind


def further_money(country: Country, offers: Offers, known: Relaxed) -> tuple[FurtherMoney, ...]:
    """Return what a further million buys, of the source and the year in which it buys most there.

    By the price no million buys more. Solved again over the plans that are known, it buys what is shown: the
    other regions use of these limits what they used, so that it stays in the region.

    Parameters
    ----------
    known : Relaxed
        The relaxation over the offers.

    Raises
    ------
    SolverError
        If the solver failed.
    """
    found = []
    for region in sorted({one.region for one in country.members}):
        purses = ((sum(known.prices[at] for at in rows), rows) for rows in _purses(country, region))
        price, best = max(purses, default=(0.0, ()))
        if best:
            rows = [country.rows[at] for at in best]
            year = next((int(row.when) for row in rows if row.when), None)
            given = GivenTo(region, dict.fromkeys(best, 1.0), _others(known, region, best))
            more = relaxed(country, offers, given)
            gained = more.closures.get(region, 0.0) - known.closures.get(region, 0.0)
            value = max(0.0, more.value - known.value)
            found.append(FurtherMoney(region, MILLION, price, value, gained, rows[0].subject, year))
    return tuple(found)


def _others(known: Relaxed, region: str, rows: tuple[int, ...]) -> dict[int, float]:
    """Return what all other regions use of rows."""
    others = dict.fromkeys(rows, 0.0)
    for (name, at), use in known.used.items():
        if name != region and at in others:
            others[at] += use
    return others


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
