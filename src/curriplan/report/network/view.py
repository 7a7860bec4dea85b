"""A national plan as its sheets see it: names that are unique, colleges in order, and what counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from curriplan.plan.network import (
    CollegePlan,
    CollegeResult,
    Names,
    NetworkPlan,
    RegionResult,
    SharedKind,
    SharedRow,
)
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from curriplan.xlsx.term import NOTHING


def name_in(names: Names, language: str, name: str) -> str:
    """Return a name in a language, else the first of kk, ru, en that is there, else the id."""
    return next((found for code in (language, *LANGUAGES) if (found := names.get(code))), name)


def told_apart(named: Iterable[tuple[str, Names]], language: str) -> dict[str, str]:
    """Return names by id; those that several have stand with their id, so that sheets can look them up.

    >>> told_apart([("a", {"en": "One"}), ("b", {"en": "One"}), ("c", {})], "en")
    {'a': 'One (a)', 'b': 'One (b)', 'c': 'c'}
    """
    found = {name: name_in(names, language, name) for name, names in named}
    counts = Counter(one.casefold() for one in found.values())
    return {name: f"{one} ({name})" if counts[one.casefold()] > 1 else one for name, one in found.items()}


FEW = 10
"""Up to so many colleges each of them moves tenths of a point."""

Amounts = Mapping[tuple[str, str], float]
"""KZT by source and year, or hours by centre and semester."""


@dataclass(frozen=True)
class CollegeSeen:
    """A college that counts: it has a plan, and none of its later steps failed."""

    result: CollegeResult
    alone: CollegePlan
    plan: CollegePlan
    """In the national plan; that by itself where nothing is shared."""
    name: str
    region: str

    @property
    def id(self) -> str:
        """Its id."""
        return self.result.id

    @property
    def region_id(self) -> str:
        """The id of its region."""
        return self.result.region


class NetworkView:
    """A national plan, and what is asked of it again and again."""

    def __init__(self, plan: NetworkPlan, texts: Words) -> None:
        self.plan = plan
        self.texts = texts

    @property
    def title(self) -> str:
        """The name of the network."""
        return name_in(self.plan.names, self.texts.language, "network")

    @property
    def heading(self) -> str:
        """What the workbook is."""
        key = "nation_title.summary" if self.is_national else "nation.title_alone"
        return self.texts(key, network=self.title)

    @property
    def is_national(self) -> bool:
        """Whether plans were chosen together; else each college stands alone."""
        return self.plan.national is not None

    @property
    def is_illustrative(self) -> bool:
        """Whether any catalog says that it is no real college."""
        return any(one.illustrative for one in self.plan.colleges)

    @property
    def points(self) -> str:
        """The style of points of the national closure: of a country a college moves a thousandth of one."""
        return "lost" if self.is_small else "price"

    @property
    def is_small(self) -> bool:
        """Whether a college moves tenths of a point of the country."""
        return len(self.colleges) <= FEW

    @cached_property
    def region_names(self) -> Mapping[str, str]:
        """The name of each region."""
        return told_apart(((one.id, one.names) for one in self.plan.regions), self.texts.language)

    @cached_property
    def college_names(self) -> Mapping[str, str]:
        """The name of each college."""
        return told_apart(((one.id, one.names) for one in self.plan.colleges), self.texts.language)

    @cached_property
    def shared_names(self) -> Mapping[str, str]:
        """The names of shared sources and centres."""
        known: dict[str, Names] = {}
        for college in self.colleges:
            known |= {name: one for name, one in college.plan.source_names.items() if name not in known}
        known |= self.plan.shared_names
        ids = dict.fromkeys(one.subject for one in self.plan.shared if one.subject)
        return told_apart(((name, known.get(name, {})) for name in ids), self.texts.language)

    @cached_property
    def colleges(self) -> tuple[CollegeSeen, ...]:
        """The colleges that count, region by region, in the order of the file."""
        return tuple(self._colleges())

    def _colleges(self) -> Iterator[CollegeSeen]:
        by_region: dict[str, list[CollegeResult]] = {one.id: [] for one in self.plan.regions}
        for one in self.plan.colleges:
            by_region.setdefault(one.region, []).append(one)
        for region, results in by_region.items():
            for one in results:
                plan = one.national if self.is_national else one.alone
                if one.failure is None and one.alone is not None and plan is not None:
                    name = self.college_names[one.id]
                    yield CollegeSeen(one, one.alone, plan, name, self.region_names.get(region, region))

    @cached_property
    def failed(self) -> tuple[CollegeResult, ...]:
        """The colleges that count nowhere."""
        counted = {one.id for one in self.colleges}
        return tuple(one for one in self.plan.colleges if one.id not in counted)

    @cached_property
    def has_weights(self) -> bool:
        """Whether learners of some colleges count more than those of others."""
        return any(one.result.weight != 1 for one in self.colleges)

    @property
    def by(self) -> str:
        """By what closures of colleges are weighted in that of the country."""
        return self.texts("nation.by_weight" if self.has_weights else "nation.by_learners")

    @cached_property
    def country_said(self) -> str:
        """How closure of the country is reckoned otherwise than that of a region; empty where it is not."""
        today, planned = (
            sum(one.result.weight * getattr(one, plan).learners for one in self.colleges)
            for plan in ("alone", "plan")
        )
        said = {"nation.country_by_weight": self.has_weights, "nation.country_moved": today != planned}
        return " ".join(self.texts(key) for key, holds in said.items() if holds)

    @property
    def country_added(self) -> str:
        """That as it stands behind other sentences."""
        return f" {self.country_said}" if self.country_said else ""

    @cached_property
    def has_places(self) -> bool:
        """Whether groups were chosen from lists."""
        return any(one.result.planned_groups is not None for one in self.colleges)

    def shared(self, kind: SharedKind) -> tuple[SharedRow, ...]:
        """Return the shared limits of a kind: those of the country first, then region by region.

        All colleges may use a centre: the region of its rows is only where it stands.
        """
        order = {None: -1} | {one.id: place for place, one in enumerate(self.plan.regions)}
        rows = (self._for_all(one) for one in self.plan.shared if one.kind is kind)
        return tuple(
            sorted(rows, key=lambda one: (order.get(one.region, len(order)), one.subject, one.when or "~"))
        )

    @staticmethod
    def _for_all(row: SharedRow) -> SharedRow:
        return replace(row, region=None) if row.kind is SharedKind.HOURS else row

    @cached_property
    def _sharing(self) -> Mapping[tuple[SharedKind, str], frozenset[str | None]]:
        found: dict[tuple[SharedKind, str], set[str | None]] = {}
        for one in map(self._for_all, self.plan.shared):
            found.setdefault((one.kind, one.subject), set()).add(one.region)
        return {key: frozenset(regions) for key, regions in found.items()}

    def shares(self, kind: SharedKind, subject: str, region: str) -> bool:
        """Say whether colleges of a region share a source or a centre with others."""
        return not {None, region}.isdisjoint(self._sharing.get((kind, subject), ()))

    def shared_kzt(self, plan: CollegePlan, region: str) -> float:
        """Return what the sources that colleges of a region share pay of a plan of one of them."""
        paid = amounts(plan, SharedKind.MONEY).items()
        return sum(kzt for (source, _), kzt in paid if self.shares(SharedKind.MONEY, source, region))

    def mean_closure(self, closures: Iterable[tuple[CollegePlan, float]]) -> float:
        """Return the mean of closures of the colleges, in their order, by what their learners count."""
        rows = zip(self.colleges, closures, strict=True)
        known = [(one.result.weight * plan.learners, closure) for one, (plan, closure) in rows]
        return sum(count * closure for count, closure in known) / sum(count for count, _ in known)

    def source_name(self, source: str | None) -> str:
        """Return the name of a shared source."""
        return NOTHING if source is None else self.shared_names.get(source, source)

    def where(self, region: str | None) -> str:
        """Return whose a shared limit is."""
        return self.texts("nation.country") if region is None else self.region_names.get(region, region)

    def region(self, name: str) -> RegionResult | None:
        """Return what is known of a region."""
        return next((one for one in self.plan.regions if one.id == name), None)

    def name(self, names: Names, name: str) -> str:
        """Return a name in the language of the workbook."""
        return name_in(names, self.texts.language, name)


def amounts(plan: CollegePlan, kind: SharedKind) -> Amounts:
    """Return KZT by source and year, or hours by centre and semester."""
    if kind is SharedKind.MONEY:
        return {(one.source, str(one.year)): one.kzt for one in plan.money}
    return {(one.centre, one.semester): one.hours for one in plan.hours}


def or_dash(value: float | None) -> float | str:
    """Return a number as it is, a dash for none."""
    return NOTHING if value is None else value


def blocks(keys: Iterable[str], first: int) -> dict[str, tuple[int, int]]:
    """Return the first and last row of each run of equal keys, from row `first` on.

    >>> blocks(["a", "a", "b"], 5)
    {'a': (5, 6), 'b': (7, 7)}
    """
    found: dict[str, tuple[int, int]] = {}
    for row, key in enumerate(keys, start=first):
        found[key] = (found.get(key, (row, row))[0], row)
    return found
