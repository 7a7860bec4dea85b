"""Who pays (§10): decided from the amounts alone, in whole tenge, the same on every machine.

Modules are paid in catalog order, each by the sources in catalog order as far as their money and
shares go, set-up in the year in which it falls due before earlier ones. Only where that leaves
something open is everything divided anew, by a flow of greatest amount that prefers the same: earlier
sources, first of all for earlier modules, and the due year.

Whether all can be paid is a smaller question: see `is_payable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curriplan.catalog.records import CostPart
from curriplan.evaluation.result import CostItem
from curriplan.plan.plan import Payment
from curriplan.problem.money import Money

if TYPE_CHECKING:
    import networkx as nx

Paid = dict[tuple[str, int, int], int]
"""KZT by source, year and place of the bill."""


@dataclass(frozen=True)
class Bill:
    """New money for one part of the cost of a module that falls due in one year, programmes together.

    Parameters
    ----------
    most_kzt : mapping
        The most that each source may carry of it.
    """

    module: str
    part: CostPart
    year: int
    kzt: int
    most_kzt: Mapping[str, int]

    @property
    def paid_in(self) -> int:
        """The year in which it is paid, 0 for set-up, which may be paid earlier."""
        return 0 if self.part is CostPart.SETUP else self.year

    @property
    def name(self) -> str:
        """``A:delivery:2027``."""
        return bill_name(self.module, self.part, self.year)


def bill_name(module: str, part: CostPart, year: int) -> str:
    """Return how a bill is named in checks: ``A:delivery:2027``."""
    return f"{module}:{part}:{year}"


def bills_of(money: Money, items: Iterable[CostItem]) -> tuple[Bill, ...]:
    """Add up the items of all programmes; the shares of a source are taken programme by programme."""
    found: dict[tuple[str, CostPart, int], list[int]] = {}
    for item in items:
        found.setdefault((item.module, item.part, item.year), []).append(item.kzt)
    by_id = money.catalog.module_by_id
    return tuple(
        Bill(
            module,
            part,
            year,
            sum(amounts),
            {
                source: sum(money.most_kzt(source, by_id[module], part, kzt) for kzt in amounts)
                for source in money.sources
            },
        )
        for (module, part, year), amounts in found.items()
    )


def divide(money: Money, items: Iterable[CostItem]) -> tuple[Payment, ...]:
    """Say who pays what of the new money of a plan; nobody pays what the sources together cannot.

    A catalog without sources pays from ``unassigned``.
    """
    bills = bills_of(money, items)
    payments = (
        Payment(source, bills[place].module, bills[place].part, year, kzt)
        for (source, year, place), kzt in _divided(money, bills).items()
    )
    order = {name: place for place, name in enumerate(money.sources)}
    parts = {part: place for place, part in enumerate(CostPart)}
    return tuple(sorted(payments, key=lambda row: (order[row.source], row.module, parts[row.part], row.year)))


def unpaid_by_anybody(money: Money, bills: Sequence[Bill]) -> Iterator[str]:
    """Yield the bills that are not paid in full when as much as possible is paid."""
    if is_payable(money, bills):
        return
    paid = [0] * len(bills)
    for (_, _, place), kzt in _divided(money, bills).items():
        paid[place] += kzt
    for bill, kzt in zip(bills, paid, strict=True):
        if kzt < bill.kzt:
            yield bill.name


def is_payable(money: Money, bills: Sequence[Bill]) -> bool:
    """Say whether the sources together can pay all bills in full.

    A way to pay is proof that there is one: paying sparingly mostly finds it, and then no flow is asked.
    It may miss one, where a source has spent on early bills what only it could have paid later: then
    the greatest flow decides.
    """
    return Leftover(money, bills).is_proof or greatest_kzt(money, bills) == _kzt_of(bills)


def greatest_kzt(money: Money, bills: Sequence[Bill]) -> int:
    """Return the most that the sources together can pay of the bills, in KZT.

    Bills of one year that each source may carry whole or not at all, the same of each, are one bill
    here: whatever the sources pay for them together may be shared out over them in any way, for no share
    of a source is short of a bill. So the greatest flow is the same, through a network of a few dozen
    nodes where the bills are hundreds. A bill that a source may carry in part stays alone.
    """
    alike: dict[object, list[Bill]] = {}
    for place, bill in enumerate(bills):
        whole = tuple(source for source, most in bill.most_kzt.items() if most >= bill.kzt)
        in_part = any(0 < most < bill.kzt for most in bill.most_kzt.values())
        key = place if in_part else (bill.part is CostPart.SETUP, bill.year, whole)
        alike.setdefault(key, []).append(bill)
    return _Flow(money, [_together(rows) for rows in alike.values()]).greatest_kzt()


def _together(bills: Sequence[Bill]) -> Bill:
    """Return one bill for those that are alike."""
    first, kzt = bills[0], _kzt_of(bills)
    if len(bills) == 1:
        return first
    most_kzt = {source: kzt if most >= first.kzt else 0 for source, most in first.most_kzt.items()}
    return Bill(first.module, first.part, first.year, kzt, most_kzt)


class Leftover:
    """What the sources have left once bills are paid sparingly: cheap proof that they can pay for more.

    Those bills come first that the fewest sources may carry, and they are paid first by the source that
    may carry the least: so the sources that may pay anything have most left.
    """

    def __init__(self, money: Money, bills: Sequence[Bill]) -> None:
        self.money = money
        carried = {name: sum(bill.most_kzt[name] for bill in bills) for name in money.sources}
        self._sources = sorted(money.sources, key=lambda name: carried[name])
        self._purses = _Purses(money)
        self.is_proof = self._pay(bills, self._purses)
        """Whether a way to pay everything was found: where not, there may still be one."""

    def _pay(self, bills: Iterable[Bill], purses: _Purses) -> bool:
        def carriers(bill: Bill) -> tuple[int, bool]:
            return sum(most > 0 for most in bill.most_kzt.values()), bill.part is CostPart.SETUP

        ordered = sorted(bills, key=carriers)
        paid = _in_order(self.money, ordered, self._sources, purses)
        return sum(paid.values()) == _kzt_of(ordered)

    def pays(self, items: Iterable[CostItem]) -> bool:
        """Say whether further items are seen to be paid as well: True is proof, False says nothing.

        What is paid stays as it is, and the further items are paid from the rest. Where one adds to a
        bill that is paid already, a source may carry its share of it beside its share of that bill:
        shares are taken item by item and added up (§10). So both together are a way to pay everything.
        """
        return self.is_proof and self._pay(bills_of(self.money, items), self._purses.copy())


def _kzt_of(bills: Iterable[Bill]) -> int:
    return sum(bill.kzt for bill in bills)


def _divided(money: Money, bills: Sequence[Bill]) -> Paid:
    paid = _in_order(money, bills, money.sources, _Purses(money))
    if sum(paid.values()) == _kzt_of(bills):
        return paid
    return _Flow(money, bills).cheapest(greatest_kzt(money, bills))


class _Purses:
    """What each source has left: of single years, and of any year."""

    def __init__(self, money: Money) -> None:
        self._left = None if money.budgets is None else dict(money.budgets)

    def copy(self) -> _Purses:
        """Return the same money, to be spent apart."""
        other = copy(self)
        other._left = None if self._left is None else dict(self._left)
        return other

    def take(self, source: str, year: int, wanted: int) -> int:
        """Take as much of `wanted` as there is, money of the year before money of any year."""
        if self._left is None:
            return wanted
        taken = 0
        for key in ((source, year), (source, None)):
            part = min(wanted - taken, self._left.get(key, 0))
            if part > 0:
                self._left[key] -= part
                taken += part
        return taken


def _in_order(money: Money, bills: Sequence[Bill], sources: Iterable[str], purses: _Purses) -> Paid:
    """Pay bill by bill, source by source, as far as money and shares go."""
    paid: Paid = {}
    for place, bill in enumerate(bills):
        left = bill.kzt
        for source in sources:
            share = min(left, bill.most_kzt[source])
            for year in _years(money, bill):
                kzt = purses.take(source, year, share)
                if kzt > 0:
                    paid[source, year, place] = kzt
                    share -= kzt
                    left -= kzt
    return paid


def _years(money: Money, bill: Bill) -> tuple[int, ...]:
    """Return the years in which a bill may be paid, the due one first, then backwards."""
    if bill.part is not CostPart.SETUP:
        return (bill.year,)
    return (bill.year, *(year for year in reversed(money.years) if year < bill.year))


class _Flow:
    """The network of purses, years and bills; every tenge flows from a purse to a bill."""

    def __init__(self, money: Money, bills: Sequence[Bill]) -> None:
        self.money = money
        self.bills = bills
        self._all = _kzt_of(bills)
        import networkx as nx  # few plans need a flow, and it takes a fifth of a second

        self.graph: nx.DiGraph[int] = nx.DiGraph()
        self._numbers: dict[object, int] = {}
        self.start, self.end = self._node("start"), self._node("end")
        self.graph.add_nodes_from((self.start, self.end))
        self._ways: dict[tuple[str, int, int], tuple[int, int]] = {}
        for place, bill in enumerate(bills):
            self._add_bill(place, bill)
        self._add_purses()

    def _node(self, name: object) -> int:
        """Return the number of a node: the order of words would change from run to run."""
        return self._numbers.setdefault(name, len(self._numbers))

    def _add_bill(self, place: int, bill: Bill) -> None:
        here = self._node(place)
        # Where not all can be paid, later modules wait: this outweighs every preference below.
        last = place * (1000 + len(self.bills)) * (len(self.money.sources) + 1)
        self.graph.add_edge(here, self.end, capacity=bill.kzt, weight=last)
        years = _years(self.money, bill)
        dear = 1000 + len(self.bills) - place
        for rank, source in enumerate(self.money.sources):
            if bill.most_kzt[source] <= 0:
                continue
            share = self._node((place, source))
            self.graph.add_edge(share, here, capacity=bill.most_kzt[source], weight=0)
            for back, year in enumerate(years):
                ways = (self._node((source, year)), share)
                # A later source is dearer than any number of earlier years, for an early bill most.
                self.graph.add_edge(*ways, capacity=bill.kzt, weight=rank * dear + back)
                self._ways[source, year, place] = ways

    def _add_purses(self) -> None:
        budgets = self.money.budgets
        used = dict.fromkeys((source, year) for source, year, _ in self._ways)
        for source, year in used:
            here = self._node((source, year))
            if budgets is None:
                self.graph.add_edge(self.start, here, capacity=self._all, weight=0)
                continue
            own, any_year = budgets.get((source, year), 0), budgets.get((source, None), 0)
            self.graph.add_edge(self.start, here, capacity=min(own, self._all), weight=0)
            if any_year > 0:
                pool = self._node((source, None))
                self.graph.add_edge(self.start, pool, capacity=min(any_year, self._all), weight=0)
                self.graph.add_edge(pool, here, capacity=self._all, weight=0)

    def greatest_kzt(self) -> int:
        """Return the greatest amount that can flow."""
        import networkx as nx

        return int(nx.maximum_flow_value(self.graph, self.start, self.end))

    def cheapest(self, kzt: int) -> Paid:
        """Return a cheapest flow of that amount, at most the greatest."""
        import networkx as nx

        self.graph.add_node(self.start, demand=-kzt)
        self.graph.add_node(self.end, demand=kzt)
        flow = nx.min_cost_flow(self.graph)
        found = {key: int(flow[tail][head]) for key, (tail, head) in self._ways.items()}
        return {key: kzt for key, kzt in found.items() if kzt > 0}
