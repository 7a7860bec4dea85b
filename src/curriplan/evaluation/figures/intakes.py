"""New money by calendar year when a new intake starts every year: §10 limits that of one intake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from curriplan.catalog.records import CostPart
from curriplan.evaluation.result import CostItem
from curriplan.plan.figures import Intakes, IntakeYear
from curriplan.plan.plan import Payment
from curriplan.problem.money import Money

SourceYear = tuple[str, int]


def intakes_of(money: Money, payments: Iterable[Payment], items: Iterable[CostItem]) -> Intakes:
    """Return set-up once, the money of one intake, and of all intakes year by year until it is steady.

    Each later intake of a programme that repeats costs what the first one does, a year later, and the
    same sources pay it.
    """
    rows = tuple(payments)
    again = repeating_kzt(money, rows, items)
    first: Counter[SourceYear] = Counter()
    yearly: Counter[SourceYear] = Counter()
    for row, kzt in zip(rows, again, strict=True):
        first[row.source, row.year] += row.kzt
        yearly[row.source, row.year] += kzt
    setup = sum(row.kzt for row in rows if row.part is CostPart.SETUP)
    steady = _steady_year(rows, again)
    years = _years(money, first, yearly, steady)
    return Intakes(
        setup_kzt=setup,
        one_intake_kzt=sum(row.kzt for row in rows) - setup,
        steady_year=steady,
        steady_kzt=sum(again),
        years=tuple(years),
    )


def repeating_kzt(money: Money, payments: Iterable[Payment], items: Iterable[CostItem]) -> tuple[int, ...]:
    """Return what of each payment comes again with every later intake, whole KZT.

    Set-up never does. The others pay for programmes together: what falls on those that repeat is shared
    out over the payments of an item, the first ones rounded down, so that their sum is exact.
    """
    repeats = {row.id: row.repeats for row in money.catalog.programmes}
    whole: Counter[tuple[str, CostPart, int]] = Counter()
    again: Counter[tuple[str, CostPart, int]] = Counter()
    for item in items:
        key = (item.module, item.part, item.year)
        whole[key] += item.kzt
        if item.programme is not None and repeats[item.programme]:
            again[key] += item.kzt
    paid: Counter[tuple[str, CostPart, int]] = Counter()
    found = []
    for row in payments:
        key = (row.module, row.part, row.year)
        before = _part(paid[key], again[key], whole[key])
        paid[key] += row.kzt
        found.append(0 if row.part is CostPart.SETUP else _part(paid[key], again[key], whole[key]) - before)
    return tuple(found)


def _part(kzt: int, part: int, whole: int) -> int:
    return kzt * part // whole if whole else 0


def _steady_year(payments: tuple[Payment, ...], again: tuple[int, ...]) -> int | None:
    """Return the first year from which on every year costs the same; None without payments."""
    found = []
    for row, kzt in zip(payments, again, strict=True):
        if kzt:
            found.append(row.year)
        if row.kzt > kzt:
            found.append(row.year + 1)
    return max(found, default=None)


def _years(
    money: Money, first: Mapping[SourceYear, int], yearly: Mapping[SourceYear, int], steady: int | None
) -> Iterator[IntakeYear]:
    """Yield each paying source's years, from the first payment of the plan to the steady one."""
    if steady is None:
        return
    begin = min(year for _, year in first)
    for source in money.sources:
        if not any(name == source for name, _ in first):
            continue
        left = None if money.budgets is None else money.budgets.get((source, None), 0)
        again = 0
        for year in range(begin, steady + 1):
            once = first[source, year] - yearly[source, year]
            again += yearly[source, year]
            budget = None if money.budgets is None else money.budgets.get((source, year), 0)
            beyond = 0 if budget is None else max(0, once + again - budget)
            over = 0 if left is None else max(0, beyond - left)
            yield IntakeYear(source, year, first[source, year], once + again, budget, left, over)
            left = None if left is None else max(0, left - beyond)
