"""What a plan takes of what colleges share: money of sources by year, hours of centres by semester."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from curriplan.evaluation.measures import DIGITS
from curriplan.plan.network import SemesterHours, YearMoney
from curriplan.plan.plan import Payment


def shared_money(payments: Iterable[Payment], sources: Iterable[str]) -> tuple[YearMoney, ...]:
    """Return what shared sources pay, whole KZT by source and calendar year, sorted."""
    wanted = set(sources)
    found: dict[tuple[str, int], int] = {}
    for one in payments:
        if one.source in wanted:
            found[one.source, one.year] = found.get((one.source, one.year), 0) + one.kzt
    return tuple(YearMoney(source, year, kzt) for (source, year), kzt in sorted(found.items()) if kzt)


def shared_hours(uses: Mapping[tuple[str, str], float], centres: Iterable[str]) -> tuple[SemesterHours, ...]:
    """Return the hours that a plan takes of shared centres, by centre and calendar semester, sorted (§9).

    Parameters
    ----------
    uses : mapping
        Hours by (resource, calendar semester) of all planned programmes.
    """
    wanted = set(centres)
    rows = ((name, semester, round(hours, DIGITS)) for (name, semester), hours in sorted(uses.items()))
    return tuple(SemesterHours(*row) for row in rows if row[0] in wanted and row[2] > 0)
