"""The least changes with which a plan exists; each is tried on the changed catalog before it is named."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from curriplan.optimizer.diagnose.case import Case
from curriplan.optimizer.diagnose.clash import FoundClash, find_clash
from curriplan.optimizer.diagnose.demands import meaning_of
from curriplan.optimizer.diagnose.feasibility import Amount, Answer, Feasibility
from curriplan.optimizer.diagnose.kinds import SUMMED, RepairKind, in_order, kind_of, kinds_of
from curriplan.optimizer.diagnose.levers import Lever, together
from curriplan.optimizer.diagnose.mildest import MildestEdits
from curriplan.optimizer.model.variables import Entity, PlanModel
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.diagnosis import Repair
from curriplan.problem.aspects import ASPECTS, Rank
from curriplan.problem.concessions import Given, concessions

MOST_REPAIRS = 3
"""So many of the mildest are named; beyond them the mildest of each further kind."""
MOST_CLASHES = 4
"""With more clashes than this, one set of changes is found that mends them all, perhaps not the smallest."""
OWN_SHARE = 0.4
"""Of the time, what the questions about the user's own settings may take."""
ASKING_SHARE = 0.6
"""Of the time left for repairs, what asking which levers suffice may take; the rest is for trying them."""
Order = tuple[Rank, float, int]
"""How mild a change is: the readiest lever, then the smallest change."""


@dataclass
class Repairs:
    """The search for repairs of one problem.

    Attributes
    ----------
    clashes : list of FoundClash
        What the repairs found last answer.
    """

    case: Case
    model: PlanModel
    feasibility: Feasibility
    watch: Watch
    clashes: list[FoundClash] = field(default_factory=list)
    own: list[tuple[Order, Repair]] = field(default_factory=list)
    """Of the user's own settings, those that suffice alone, and how."""

    def __post_init__(self) -> None:
        pairs = [
            (entity, lever)
            for entity in self.feasibility.entities
            for lever in meaning_of(self.case, entity).levers
        ]
        self._levers = together(pairs)
        self._mildest = MildestEdits(self.case, self.model, self.feasibility, self.watch)
        self._is_complete = True
        self._asked: set[Hashable] = set()
        self._keys: dict[Entity, list[Hashable]] = {}
        for entity, lever in pairs:
            self._keys.setdefault(entity, []).append(lever.key)

    @property
    def is_complete(self) -> bool:
        """Whether every question found its answer in time."""
        return self._is_complete and self._mildest.is_complete

    def find(self, clash: FoundClash) -> tuple[Repair, ...]:
        """Return the mildest repairs and one of each kind that works; `clashes` then holds what they answer.

        Those that give up something stand last, and none contains another.
        """
        self.clashes = [clash]
        repairs = self._singles(clash)
        if not repairs:
            repairs = self._collected(self._combined()) or self._collected(self._correction())
        elif all(repair.concessions for repair in repairs):
            repairs = (*self._without_concessions(), *repairs)
        repairs = (*repairs, *self._summed(clash, repairs))
        if self.watch.is_over:
            self._is_complete = False
        return in_order(repairs)

    def _summed(self, clash: FoundClash, repairs: Sequence[Repair]) -> Iterator[Repair]:
        """Yield what several changes of one kind do, where none of that kind suffices alone."""
        catalog = self.case.catalog
        found = [kinds_of(catalog, one) for one in repairs]
        known = frozenset[RepairKind]().union(*(kinds for kinds in found if len(kinds) == 1))
        in_clash = {kind_of(catalog, lever) for lever in self._levers_of(clash)}
        for kind in SUMMED:
            if kind in in_clash - known and repairs and not self.watch.is_over:
                needed = self._needed([one for one in self._levers.values() if kind_of(catalog, one) is kind])
                repair = None if needed is None else self._repair(*needed)
                if repair is not None:
                    yield repair

    def _needed(self, levers: list[Lever]) -> tuple[list[Lever], Answer] | None:
        """Return those of some levers that must give way, and how far; None where all do not suffice."""
        answer = self._ask(levers)
        if len(levers) < 2 or not answer.feasible:
            return None
        slacks = iter(answer.slacks)
        needed = [one for one in levers if not (one.number and one.number.rates) or next(slacks) > 0.0]
        for lever in levers:
            rest = [one for one in needed if one is not lever]
            if lever in needed and rest and not self.watch.is_over:
                less = self._ask(rest)
                needed, answer = (rest, less) if less.feasible else (needed, answer)
        return needed, self._ask(needed)

    def _without_concessions(self) -> tuple[Repair, ...]:
        """Return several changes that give up no norm, where each that suffices alone does."""
        repairs = self._collected(self._combined(Rank.CONTENT))
        self.clashes = self.clashes if repairs else self.clashes[:1]
        return tuple(repair for repair in repairs if not repair.concessions)[: MOST_REPAIRS - 1]

    def ask_own(self) -> frozenset[Entity]:
        """Ask of each of the user's own settings whether it suffices alone; return what these rule."""
        ruled: set[Entity] = set()
        with self.watch.within(OWN_SHARE):
            for lever in self._own_levers():
                self._asked.add(lever.key)
                answer = self._ask((lever,))
                repair = self._repair((lever,), answer) if answer.feasible else None
                if repair is not None:
                    order = (lever.rank, self._change(lever, answer), -1)
                    self.own.append((_after_concessions(order, repair), repair))
                    ruled |= lever.entities
        return frozenset(ruled)

    def _own_levers(self) -> list[Lever]:
        """Return what this run set, and the budget of a catalog that has one number for it."""
        one_budget = len(self.case.catalog.funding_budgets) == 1
        return [
            lever
            for lever in self._levers.values()
            if lever.rank is Rank.SETTING
            or (one_budget and any(entity.aspect == "budget" for entity in lever.entities))
        ]

    def _singles(self, clash: FoundClash) -> tuple[Repair, ...]:
        """Return the mildest three changes of one lever each that suffice, and one of each further kind.

        Those that take long to find wait for the others, and are left out where three milder ones are known.
        """
        found = list(self.own)
        kinds = {kind for _, repair in found for kind in kinds_of(self.case.catalog, repair)}
        sufficing = []
        if self.own and not clash.is_minimal:
            self._is_complete = False  # of so many demands the others are not asked one by one
        else:
            sufficing = self._sufficing(clash)
        for order, lever, answer in sorted(sufficing, key=lambda one: (_is_searched(one[1]), one[0])):
            milder = sum(known < order for known, _ in found)
            is_new = kind_of(self.case.catalog, lever) not in kinds
            if (milder < MOST_REPAIRS or is_new) and not self.watch.is_over:
                repair = self._repair((lever,), answer)
                if repair is not None:
                    found.append((_after_concessions(order, repair), repair))
                    kinds |= kinds_of(self.case.catalog, repair)
        return self._of_each_kind([repair for _, repair in sorted(found, key=lambda one: one[0])])

    def _of_each_kind(self, repairs: Iterable[Repair]) -> tuple[Repair, ...]:
        """Return the first three repairs, and of the others the first of each kind."""
        kinds: set[RepairKind] = set()
        kept: list[Repair] = []
        for repair in repairs:
            new = kinds_of(self.case.catalog, repair) - kinds
            if len(kept) < MOST_REPAIRS or new:
                kept.append(repair)
            kinds |= new
        return tuple(kept)

    def _sufficing(self, clash: FoundClash) -> list[tuple[Order, Lever, Answer]]:
        """Return the levers of a clash with which a plan exists: what a planner can change is asked first."""
        found = []
        with self.watch.within(ASKING_SHARE):
            for number, lever in enumerate(self._levers_of(clash)):
                if lever.key not in self._asked and not self.watch.is_over:
                    answer = self._ask((lever,))
                    if answer.feasible:
                        found.append(((lever.rank, self._change(lever, answer), number), lever, answer))
            self._is_complete &= not self.watch.is_over
        return found

    def _levers_of(self, clash: FoundClash) -> tuple[Lever, ...]:
        ordered = sorted(clash.entities, key=lambda one: (int(one.rule[1:]), one.key))
        keys = dict.fromkeys(key for entity in ordered for key in self._keys.get(entity, ()))
        return tuple(sorted((self._levers[key] for key in keys), key=lambda lever: lever.rank))

    def _ask(self, levers: Sequence[Lever]) -> Answer:
        """Say whether a plan exists if these levers give way, and how far those do that are linear."""
        given = frozenset(entity for lever in levers for entity in lever.entities)
        others = [entity for entity in self.feasibility.entities if entity not in given]
        linear = [lever.number for lever in levers if lever.number is not None and lever.number.rates]
        amounts = [Amount(n.rates, n.change(n.was + 1)) for n in linear]
        answer = self.feasibility.least_slack(others, amounts)
        if answer.feasible is None or not answer.is_least:
            self._is_complete = False
        return answer

    def _change(self, lever: Lever, answer: Answer) -> float:
        """Return how large the change of a lever is, for the order of repairs."""
        if lever.number is None:
            return 1.0
        if not lever.number.rates:
            return 2.0
        return lever.number.change(lever.number.moved(answer.slacks[0]))

    def _repair(self, levers: Sequence[Lever], answer: Answer) -> Repair | None:
        """Return the mildest change of these levers, and whether none is proven to be milder."""
        edits = self._mildest.edits_of(levers, answer)
        if not edits:
            return None
        given = concessions(self.case.catalog, self.case.limits, edits)
        return Repair(edits, self._mildest.is_least, given)

    def _collected(self, proposals: Iterable[Repair | None]) -> tuple[Repair, ...]:
        """Return the first three repairs; each was tried."""
        found: list[Repair] = []
        for repair in proposals:
            if repair is not None:
                found.append(repair)
            if len(found) == MOST_REPAIRS or self.watch.is_over:
                break
        return tuple(found)

    def _combined(self, most: Rank = Rank.LAW) -> Iterator[Repair | None]:
        """Yield, set by set, changes of several levers, none behind `most`, as few as hit every clash.

        A set that does not suffice shows another clash, which the next set must hit too.
        """
        tried: set[frozenset[Hashable]] = set()
        while not self.watch.is_over:
            keys = next((one for one in self._hitting_sets(most) if one not in tried), None)
            if keys is None:
                return
            tried.add(keys)
            levers = [self._levers[key] for key in self._levers if key in keys]
            answer = self._ask(levers)
            if answer.feasible:
                yield self._repair(levers, answer)
            elif answer.feasible is False and not self._add_clash(levers):
                return

    def _add_clash(self, levers: Sequence[Lever]) -> bool:
        """Note another clash, of demands that none of these levers rules."""
        given = frozenset(entity for lever in levers for entity in lever.entities)
        rest = [entity for entity in by_preference(self.feasibility.entities) if entity not in given]
        clash = find_clash(self.feasibility, rest) if len(self.clashes) < MOST_CLASHES else None
        if clash is None:
            return False
        self.clashes.append(clash)
        return True

    def _correction(self) -> Iterator[Repair | None]:
        """Yield the changes of levers that must give way once as many others as possible stand.

        The law stands first, what the user just chose last; levers are tried in halves, so that the many
        that stand cost few questions.
        """
        ordered = sorted(self._levers.values(), key=lambda lever: -lever.rank)
        kept: set[Hashable] = set()
        released: list[Lever] = []
        waiting = [ordered]
        while waiting and not self.watch.is_over:
            some = waiting.pop()
            if self._stands(kept.union(lever.key for lever in some)):
                kept.update(lever.key for lever in some)
            elif len(some) == 1:
                released += some
            else:
                half = len(some) // 2
                waiting += [some[half:], some[:half]]
        if not waiting and released:
            answer = self._ask(released)
            if answer.feasible:
                yield self._repair(released, answer)

    def _stands(self, keys: set[Hashable]) -> bool:
        """Say whether a plan keeps every demand all of whose levers are among these."""
        wanted = [e for e in self.feasibility.entities if keys.issuperset(self._keys.get(e, ()))]
        return bool(self.feasibility.ask(wanted).feasible)

    def _hitting_sets(self, most: Rank) -> list[frozenset[Hashable]]:
        """Return sets of levers of which every clash has one: norms last, small and mild ones first."""
        by_clash = [
            [lever.key for lever in self._levers_of(clash) if lever.rank <= most] for clash in self.clashes
        ]
        found = dict.fromkeys(frozenset(keys) for keys in product(*by_clash))

        def order(keys: frozenset[Hashable]) -> tuple[bool, int, int]:
            ranks = [self._levers[key].rank for key in keys]
            return max(ranks, default=Rank.SETTING) > Rank.CONTENT, len(ranks), sum(ranks)

        return sorted(found, key=order)


def by_preference(entities: Iterable[Entity]) -> list[Entity]:
    """Sort demands by how much a planner would rather read of them."""
    aspects = ((ASPECTS[one.aspect], one) for one in entities)
    ordered = sorted(aspects, key=lambda pair: (pair[0].is_named_last, pair[0].order))
    return [entity for _, entity in ordered]


def _is_searched(lever: Lever) -> bool:
    """Say whether the value of a lever takes a series of solves to find."""
    return lever.number is not None and (not lever.number.rates or lever.number.reached is not None)


def _after_concessions(order: Order, repair: Repair) -> Order:
    """Put a change behind all that give up nothing, also where its lever is a readier one."""
    ranks = [Rank.LAW if one.given is Given.NORM else Rank.STANDING for one in repair.concessions]
    return (max([order[0], *ranks]), *order[1:])
