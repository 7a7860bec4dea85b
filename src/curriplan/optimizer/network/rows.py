"""What colleges share, row by row: limits, what an offer uses of each, and what prices mean for a college."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from curriplan.catalog.network.records import Network
from curriplan.optimizer.network.records import EVERY_YEAR, MILLION, JointLimit, JointQuestion, Offer, Prices
from curriplan.plan.network import SharedKind

TRIFLE = 1e-6
"""What a million is worth where money has no price, of all closure: none is spent for nothing."""


@dataclass(frozen=True)
class Member:
    """A college that takes part in the national plan.

    Parameters
    ----------
    weight : float
        What a learner of it counts.
    learners, groups : tuple of int
        By choice of groups, the first those of today.
    start : Offer or None
        Its plan by itself, where the country has what it uses.
    above : tuple of float or None
        Values of what stands above closure in its plan by itself: no plan may be worse. None: they are as
        good as they can be with all that the country has.
    """

    id: str
    region: str
    weight: float
    learners: tuple[int, ...]
    groups: tuple[int, ...]
    start: Offer | None = None
    above: tuple[float, ...] | None = None

    @property
    def choices(self) -> range:
        """The numbers of its group vectors."""
        return range(len(self.learners))


@dataclass(frozen=True)
class Row:
    """A limit that colleges share: Σ use ≤ limit, or = where it is of groups.

    Parameters
    ----------
    subject : str
        The source, the centre, or the region of a floor or of groups.
    region : str or None
        Of which region colleges are in it, None for all.
    when : str
        The year or the semester; empty for all years together.
    limit : float
        In million KZT, hours, groups; of a floor 0.
    floor : float or None
        The closure that the region must reach.
    """

    kind: SharedKind | None
    subject: str
    region: str | None
    when: str
    limit: float
    floor: float | None = None

    @property
    def is_equal(self) -> bool:
        """Whether all of it must be used: as many groups as today."""
        return self.kind is SharedKind.GROUPS

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from others, for sorting."""
        return (str(self.kind or "floor"), self.subject, self.region or "", self.when)


@dataclass(frozen=True)
class Country:
    """All members and what they share.

    National closure: Σ_c weight · learners(plan) · closure(plan) / Σ_c weight · learners of today.
    """

    network: Network
    members: tuple[Member, ...]

    @cached_property
    def member(self) -> Mapping[str, Member]:
        """The members by id."""
        return {one.id: one for one in self.members}

    @cached_property
    def weight_of_all(self) -> float:
        """Σ_c weight · learners of today."""
        return sum(one.weight * one.learners[0] for one in self.members)

    @property
    def most(self) -> float:
        """National closure if every learner lacked nothing, with the groups that make most of it."""
        most = sum(one.weight * max(one.learners) for one in self.members)
        return most / self.weight_of_all if self.weight_of_all else 0.0

    @cached_property
    def learners_of_all(self) -> int:
        """Learners of today."""
        return sum(one.learners[0] for one in self.members)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions of members, sorted."""
        return tuple(sorted({one.region for one in self.members}))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows, sorted."""
        return tuple(
            sorted((*self._money(), *self._hours(), *self._floors(), *self._groups()), key=lambda r: r.key)
        )

    def _money(self) -> Iterator[Row]:
        for budget in self.network.budgets:
            for year, kzt in budget.years_kzt.items():
                yield Row(SharedKind.MONEY, budget.source, budget.region, str(year), kzt / MILLION)
            if budget.total_kzt is not None:
                yield Row(SharedKind.MONEY, budget.source, budget.region, "", budget.total_kzt / MILLION)

    def _hours(self) -> Iterator[Row]:
        for centre in self.network.centres:
            for semester, hours in centre.hours.items():
                yield Row(SharedKind.HOURS, centre.id, None, semester, hours)

    def _floors(self) -> Iterator[Row]:
        for region in self.network.regions:
            if region.floor is not None:
                yield Row(None, region.id, region.id, "", 0.0, region.floor)

    def _groups(self) -> Iterator[Row]:
        """Keep the groups of a region, where a college of it may have others."""
        for region in sorted({self.network.region_of[one.college] for one in self.network.places}):
            today = sum(one.groups[0] for one in self.members if one.region == region)
            yield Row(SharedKind.GROUPS, region, region, "", today)

    @cached_property
    def _places(self) -> Mapping[tuple[object, ...], tuple[int, ...]]:
        """Where the rows of a source and year, of a centre and semester, of a floor, of groups stand."""
        found: dict[tuple[object, ...], list[int]] = {}
        for at, row in enumerate(self.rows):
            found.setdefault((row.kind, row.subject, row.when), []).append(at)
        return {key: tuple(places) for key, places in found.items()}

    def _rows_of(self, member: Member, *keys: tuple[object, ...]) -> Iterator[int]:
        """Yield the places of rows that a college stands in."""
        for key in keys:
            for at in self._places.get(key, ()):
                if self.rows[at].region in (None, member.region):
                    yield at

    def worth(self, member: Member, offer: Offer) -> float:
        """Return what an offer adds to the national closure."""
        return member.weight * offer.learners * offer.closure / self.weight_of_all

    def uses(self, member: Member, offer: Offer) -> dict[int, float]:
        """Return what an offer uses of the rows by their places, in their units, in the order of the rows.

        Of a floor R: learners · (R − closure) / learners of all, so that Σ ≤ 0 keeps it.
        """
        found: dict[int, float] = {}
        for paid in offer.money:
            source = (SharedKind.MONEY, paid.source)
            for at in self._rows_of(member, (*source, str(paid.year)), (*source, "")):
                found[at] = found.get(at, 0.0) + paid.kzt / MILLION
        for used in offer.hours:
            for at in self._rows_of(member, (SharedKind.HOURS, used.centre, used.semester)):
                found[at] = found.get(at, 0.0) + used.hours
        for at in self._rows_of(member, (SharedKind.GROUPS, member.region, "")):
            found[at] = float(offer.groups)
        for at in self._rows_of(member, (None, member.region, "")):
            floor = self.rows[at].floor or 0.0
            found[at] = offer.learners * (floor - offer.closure) / self.learners_of_all
        return dict(sorted(found.items()))

    def used(self, chosen: Mapping[str, Offer]) -> tuple[float, ...]:
        """Return what the chosen offers use of each row."""
        found = [0.0] * len(self.rows)
        for name, offer in sorted(chosen.items()):
            for at, use in self.uses(self.member[name], offer).items():
                found[at] += use
        return tuple(found)

    def prices(self, duals: Sequence[float], member: Member, choice: int) -> Prices:
        """Return what prices of rows mean for a college, at one choice of its groups.

        All but the constant: see `constant`.
        """
        learners = member.learners[choice]
        closure = member.weight * learners / self.weight_of_all
        money: dict[tuple[str, int], float] = {}
        hours: dict[tuple[str, str], float] = {}
        for row, price in zip(self.rows, duals, strict=True):
            if row.region not in (None, member.region) or price == 0:
                continue
            if row.kind is SharedKind.MONEY:
                key = (row.subject, int(row.when or EVERY_YEAR))
                money[key] = money.get(key, 0.0) + price / MILLION
            elif row.kind is SharedKind.HOURS:
                hours[row.subject, row.when] = hours.get((row.subject, row.when), 0.0) + price
            elif row.floor is not None:
                closure += price * learners / self.learners_of_all
        return Prices(closure, money, hours)

    def constant(self, duals: Sequence[float], member: Member, choice: int) -> float:
        """Return what of Σ price · use does not hang on the plan of a college."""
        found = 0.0
        for at in self._rows_of(member, (SharedKind.GROUPS, member.region, "")):
            found += duals[at] * member.groups[choice]
        for at in self._rows_of(member, (None, member.region, "")):
            floor = self.rows[at].floor or 0.0
            found += duals[at] * floor * member.learners[choice] / self.learners_of_all
        return found

    def joint(self, names: Sequence[str], chosen: Mapping[str, Offer]) -> JointQuestion:
        """Return what several colleges are asked together: with what they use, and all that others leave."""
        members = [self.member[name] for name in names]
        offers = [chosen[name] for name in names]
        others = self.used({name: offer for name, offer in chosen.items() if name not in names})
        limits = []
        for row, use in zip(self.rows, others, strict=True):
            within = tuple(at for at, one in enumerate(members) if row.region in (None, one.region))
            if not within or row.is_equal:
                continue  # groups stay as they were chosen
            limit = JointLimit(row.limit - use, within)
            if row.kind is SharedKind.MONEY:
                limit = replace(limit, source=row.subject, year=int(row.when) if row.when else None)
            elif row.kind is SharedKind.HOURS:
                limit = replace(limit, centre=row.subject, semester=row.when)
            else:
                counts = tuple(offers[at].learners / self.learners_of_all for at in within)
                limit = replace(limit, limit=limit.limit - (row.floor or 0.0) * sum(counts), floor=counts)
            limits.append(limit)
        return JointQuestion(
            tuple(names),
            tuple(one.choice for one in offers),
            tuple(
                one.weight * offer.learners / self.weight_of_all
                for one, offer in zip(members, offers, strict=True)
            ),
            tuple(
                offer.above if one.above is None else one.above
                for one, offer in zip(members, offers, strict=True)
            ),
            tuple(limits),
        )

    def within(self, member: Member, offer: Offer, used: Sequence[float]) -> Prices:
        """Return what a college may do with all that others have left, beside what it uses: for no price."""
        left = [row.limit - use for row, use in zip(self.rows, used, strict=True)]
        most_kzt: dict[tuple[str, int], int] = {}
        most_hours: dict[tuple[str, str], float] = {}
        own_kzt = {(row.source, row.year): row.kzt for row in offer.money}
        own_hours = {(row.centre, row.semester): row.hours for row in offer.hours}
        for row, more in zip(self.rows, left, strict=True):
            if row.region not in (None, member.region):
                continue
            if row.kind is SharedKind.MONEY and row.when:
                key = (row.subject, int(row.when))
                in_all = [left[at] for at in self._rows_of(member, (SharedKind.MONEY, row.subject, ""))]
                kzt = own_kzt.get(key, 0) + int(MILLION * max(0.0, min(more, *in_all) if in_all else more))
                most_kzt[key] = min(most_kzt.get(key, kzt), kzt)
            elif row.kind is SharedKind.HOURS:
                most_hours[row.subject, row.when] = own_hours.get((row.subject, row.when), 0.0) + max(
                    0.0, more
                )
        closure = member.weight * offer.learners / self.weight_of_all
        sources = {row.source for row in self.network.budgets}
        money = {(name, EVERY_YEAR): TRIFLE * closure / MILLION for name in sorted(sources)}
        return Prices(closure, money, {}, most_kzt, most_hours)


def sorted_offers(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Return offers in an order that does not hang on when they came."""
    return tuple(
        sorted(offers, key=lambda one: (one.choice, -one.closure, one.money, one.hours, one.selection.starts))
    )
