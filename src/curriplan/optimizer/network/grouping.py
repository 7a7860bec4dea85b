"""Which colleges are asked together, and with which groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod

from curriplan.optimizer.network.master import Offers
from curriplan.optimizer.network.records import Offer
from curriplan.optimizer.network.rows import Country

TOGETHER = 5
"""Colleges in one model."""
MOST_LISTED, MOST_COMBINATIONS = 10_000, 32
"""Combinations of groups that are looked through, and that are solved, with all colleges in one model."""


def few_together(country: Country, number: int) -> list[tuple[str, ...]]:
    """Return groups of colleges, region by region; in every second round they are other ones."""
    ordered = sorted(country.members, key=lambda one: (one.region, one.id))
    names = [one.id for one in ordered]
    shift = TOGETHER // 2 if number % 2 and len(names) > TOGETHER else 0
    first, rest = names[:shift], names[shift:]
    parts = [first, *(rest[at : at + TOGETHER] for at in range(0, len(rest), TOGETHER))]
    return [tuple(part) for part in parts if part]


def combinations(
    country: Country, offers: Offers, possible: Mapping[str, Sequence[int]]
) -> list[Mapping[str, Offer]]:
    """Return an offer of each college for every combination of groups that keeps those of regions.

    None where there are more than a few.

    Parameters
    ----------
    possible : mapping of str to sequence of int
        The group vectors with which a college may have a plan.
    """
    names = [one.id for one in country.members]
    if prod(len(possible[name]) for name in names) > MOST_LISTED:
        return []
    rows = [(at, row) for at, row in enumerate(country.rows) if row.is_equal]
    found: list[Mapping[str, Offer]] = []
    for choices in product(*(possible[name] for name in names)):
        pairs = zip(names, choices, strict=True)
        taken = {name: next(o for o in offers[name] if o.choice == choice) for name, choice in pairs}
        used = country.used(taken) if rows else ()
        if all(abs(used[at] - row.limit) < 0.5 for at, row in rows):
            found.append(taken)
    return found if len(found) <= MOST_COMBINATIONS else []
