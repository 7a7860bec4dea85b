"""A brute-force oracle: docs/formulation.md worked out a second time, by enumeration.

It imports nothing of curriplan but the record types, so that a mistake in the shared code cannot hide.
For every planned programme it lists every way to take the modules (a start term, or not at all, and the
sites of what is taken), notes which rules each way breaks, and combines the programmes for what they
share: resources (§9), money (§10), changes (§12) and least learners (§14). Who pays what (§10) is a
maximum flow, looked at only where a plan could be the best. Catalogs must be tiny:
(terms + 1) ** modules ways per programme, times the ways to choose sites.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from curriplan.catalog.records import (
    Catalog,
    Floor,
    HoursByKind,
    HoursKind,
    Module,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    Resource,
)

Objectives = tuple[tuple[str, float], ...]
Choice = tuple[str, str, int]
"""A programme, a module, and the term in which the programme starts it."""
Plan = Mapping[str, int]
"""The modules that one programme takes, each with its start term."""
Axis = tuple[str, int]
"""A limited resource and a calendar semester."""
ItemKey = tuple[str, str, int]
"""A module, a cost part and the calendar year in which the item falls due."""
Items = tuple[tuple[ItemKey, int], ...]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

DEFAULT: Objectives = (
    ("no_harm", 0.0),
    ("closure", 0.005),
    ("cost", 0.0),
    ("disruption", 0.0),
    ("balance", 0.0),
)
OBJECTIVES = (
    *(name for name, _ in DEFAULT),
    "peak",
    "distance",
    "adaptability",
    "fairness",
    "changes",
    "lag",
    "outlooks",
)
MAXIMISED = ("closure", "adaptability", "fairness", "outlooks")
RULES = tuple(f"§{number}" for number in range(1, 16))
SLACK = 1e-7
"""What a limit or a held objective may be missed by: rounding of floats, nothing else."""
MEETING_SHARE = 0.5
ESSENTIAL_FACTOR = 2.0
PRACTICE = ("laboratory_practical", "production_training", "professional_practice")
AT_WORK = ("production_training", "professional_practice")
WEEKLY = ("weekly_hours", "weekly_hours_all")
SELF_STUDY = ("self_study_guided", "self_study")
HOURS_KINDS = tuple(kind.value for kind in HoursKind)
ALL_SECTIONS = ("general", "basic", "professional", "practice", "attestation", "elective")


WHEN_AND_WHERE = frozenset({"balance", "peak", "distance"})

Content = frozenset[tuple[str, str]]
"""What a plan takes, by programme and module."""


@dataclass(frozen=True)
class Options:
    """What a user may set over the catalog; the names are those of the settings."""

    programmes: tuple[str, ...] = ()
    budget_kzt: int | None = None
    practice_share: float | None = None
    previous: tuple[Choice, ...] | None = None
    max_changes: int | None = None
    taught_until: str | None = None
    equity: float | None = None
    review: tuple[tuple[str, str, int | None], ...] = ()
    with_others: bool = False
    """Whether programmes without rows may take what other occupations ask for: with adaptability."""
    reviewed: tuple[Choice, ...] = ()
    horizon: str | None = None
    risk: float | None = None
    """ρ, where `outlooks` is an objective."""


@dataclass(frozen=True)
class OracleResult:
    """The optimum: one value per stage, and all plans that attain them."""

    stages: tuple[tuple[str, float], ...]
    margin: float
    """How far the nearest plan is that a stage shut out, relative to the stage's value.

    A tiny margin means that a solver with tolerances may rightly decide otherwise.
    """
    vectors: frozenset[tuple[float, ...]]
    """The values of every objective, in the order of `OBJECTIVES`, of each optimal plan, rounded."""
    optima: tuple[frozenset[Choice], ...]
    """At most a hundred of the optimal plans."""
    count: int
    """Number of optimal plans, counted without sites."""
    contains: Callable[[Iterable[Choice]], bool]
    """Whether a plan is one of the optimal ones."""

    def value(self, objective: str) -> float:
        """Return the value of the stage `objective`."""
        return dict(self.stages)[objective]


def solve(
    catalog: Catalog,
    *,
    objectives: Objectives = DEFAULT,
    drop_rules: frozenset[str] = frozenset(),
    options: Options | None = None,
    content: Content | None = None,
    **chosen: Any,
) -> OracleResult | None:
    """Return the optimum of a tiny catalog, None where no plan keeps the rules.

    Options are given as a whole or one by one (``budget_kzt=5``). Of the `content`, where it is given,
    is every plan from the first objective on behind which only `WHEN_AND_WHERE` stand: None where no
    best plan has it.
    """
    options = replace(options or Options(), **chosen)
    options = replace(options, with_others="adaptability" in dict(objectives))
    return Enumeration(catalog, options, droppable=drop_rules).solve(objectives, drop_rules, content)


def semester_number(semester: str) -> int:
    """Count half-years: an autumn is even, the spring after it is one more."""
    year, half = semester.split("-")
    return 2 * int(year) + int(half) - 1


def year_of(number: int) -> int:
    """Return the calendar year of a semester number: a spring lies in the year after its autumn."""
    return (number + 1) // 2


def total_hours(load: HoursByKind) -> float:
    """Add the hours of all six kinds."""
    return sum(load.hours(kind) for kind in HOURS_KINDS)


def carried(factor: float | None, level: int) -> int:
    """Return the level that a transfer carries over."""
    return math.floor((1.0 if factor is None else factor) * level + 1e-9)


class World:
    """A catalog with its options, looked up by the words of the formulation."""

    def __init__(self, catalog: Catalog, options: Options) -> None:
        self.catalog = catalog
        self.options = options
        self.base_targets = [row for row in catalog.targets if not row.scenario]
        self.profile = {row.key_name: row.value for row in catalog.profile if row.value != "off"}
        self.modules = {row.id: row for row in catalog.modules}
        self.headers = {row.parent for row in catalog.modules if row.parent is not None}
        self.rows_of: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in self.modules}
        """The entry and the exit level of each row of `module_outcomes`, by module and competency."""
        for outcome in catalog.module_outcomes:
            levels = (outcome.entry_level, outcome.exit_level)
            self.rows_of[outcome.module][outcome.competency] = levels
        self.transfers = [r for r in catalog.competency_relations if r.kind.value == "transfers"]
        self.requires = [r for r in catalog.competency_relations if r.kind.value == "requires"]
        self.teaches = {name: self._taught(rows) for name, rows in self.rows_of.items()}
        chosen = options.programmes
        self.planned = [p for p in catalog.programmes if not chosen or p.id in chosen]
        self.unplanned = {p.id: p for p in catalog.programmes if chosen and p.id not in chosen}
        over = semester_number(options.taught_until) if options.taught_until else -1
        found = {semester_number(p.start) + term for p in catalog.programmes for term in range(p.terms)}
        self.semesters = sorted(semester for semester in found if semester > over)
        # What is asked for each of thousands of plans is worked out once.
        self.weights_of = {name: self._weights(row) for name, row in self.modules.items()}
        self.hours_of = {name: total_hours(row) for name, row in self.modules.items()}
        self.openings = {(r.occupation, r.scenario, r.year): r.openings for r in catalog.demand}
        self.named_earlier: set[str] = set()
        """The programmes of which the earlier plan has rows."""
        self.named_reviewed: set[str] = set()
        self.requisites = [(r.module, r.kind.value, r.requires, r.any_of) for r in catalog.module_requisites]
        self.number = cache(self._number)

    def ratio(self, occupation: str, scenario: str) -> float:
        """Return d[s,o] / d₀[s,o], over the years of which both have a row."""
        years = [y for o, s, y in self.openings if o == occupation and s == scenario]
        years = [y for y in years if (occupation, None, y) in self.openings]
        base = sum(self.openings[occupation, None, y] for y in years)
        return sum(self.openings[occupation, scenario, y] for y in years) / base

    def _taught(self, rows: Mapping[str, tuple[int, int]]) -> dict[str, int]:
        """Return what a module with these rows teaches: its rows, and what transfers from them."""
        taught = {competency: level for competency, (_, level) in rows.items()}
        for relation in self.transfers:
            if relation.source in rows:
                level = carried(relation.factor, rows[relation.source][1])
                if level >= 1:
                    taught[relation.target] = max(taught.get(relation.target, 0), level)
        return taught

    def baseline(self, programme: str) -> dict[str, int]:
        """Return the levels brought: the rows of the programme, and what transfers from them."""
        rows = {row.competency: row.level for row in self.catalog.baseline if row.programme == programme}
        brought = dict(rows)
        for relation in self.transfers:
            level = carried(relation.factor, rows.get(relation.source, 0))
            brought[relation.target] = max(brought.get(relation.target, 0), level)
        return brought

    def today(self, programme: str, competency: str) -> int:
        """Return the level that learners hold after the curriculum of today."""
        levels = [self.baseline(programme).get(competency, 0)]
        for row in self.catalog.programme_modules:
            if row.programme == programme and row.current_term is not None:
                levels.append(self.teaches[row.module].get(competency, 0))
        return max(levels)

    @staticmethod
    def _weights(row: Module) -> list[float]:
        return list(row.span_weights) or [1 / row.span_terms] * row.span_terms

    def weights(self, module: str) -> list[float]:
        """Return the part of the load in each term that the module runs in."""
        return self.weights_of[module]

    def span(self, module: str) -> int:
        """Return the number of terms that the module lasts."""
        return self.modules[module].span_terms

    def _number(self, key: str) -> float | None:
        """Return a number of the profile, None where it has none."""
        try:
            return float(self.profile[key])
        except (KeyError, ValueError):
            return None

    @property
    def practice_share(self) -> float | None:
        """The least practice share of §7."""
        chosen = self.options.practice_share
        return self.number("practice_share_min") if chosen is None else chosen

    @property
    def practice_sections(self) -> tuple[str, ...]:
        """The sections that §7 looks at."""
        word = self.profile.get("practice_share_denominator", "all")
        return ALL_SECTIONS if word == "all" else tuple(word.split("+"))

    @property
    def cap(self) -> float:
        """The limit on all new money together (§10)."""
        chosen = self.options.budget_kzt
        whole = math.inf if chosen is None else chosen
        return min(whole, sum(self.budgets.values())) if self.budgets else whole

    @cached_property
    def budgets(self) -> dict[tuple[str, int | None], int]:
        """What each source has for each year, and (None) for any years."""
        learners = sum(p.learners for p in self.catalog.programmes if not p.intake_of)
        return {
            (row.source, row.year): row.budget_kzt + row.per_learner_kzt * learners
            for row in self.catalog.funding_budgets
        }

    def share(self, source: str, module: str, part: str) -> float:
        """Return the largest share of a part of a module's cost that a source may carry."""
        found = {(False, False, False): 1.0}
        for row in self.catalog.funding_limits:
            named = (row.module is not None, row.section is not None, row.cost_part is not None)
            fits = row.source == source and row.module in (None, module)
            fits = fits and (row.section is None or row.section.value == self.modules[module].section.value)
            if fits and (row.cost_part is None or row.cost_part.value == part):
                found[named] = row.max_share
        return found[max(found)]

    @cached_property
    def running(self) -> set[str]:
        """Modules that run already: nobody pays for setting them up."""
        opened = {row.id for row in self.catalog.modules if row.already_open}
        current = {row.module for row in self.catalog.programme_modules if row.current_term is not None}
        return opened | current

    def groups(self, programme: Programme) -> int:
        """Return the number of groups of an intake."""
        size = self.number("group_size")
        return math.ceil(programme.learners / size) if size else 1

    def subgroups(self, programme: Programme, places: int | None) -> int:
        """Return the number of sub-groups of an intake in a room with so many places."""
        size = places if places is not None else self.number("subgroup_size")
        return math.ceil(programme.learners / size) if size else 1

    def level_value(self, level: int) -> float:
        """Return v(l)."""
        found = [row.value for row in self.catalog.level_values if row.level == level]
        return found[0] if found else 1.0


@dataclass(frozen=True)
class Use:
    """One way to give a module its sites of one kind (or of all kinds)."""

    hours: tuple[float, ...]
    """Hours used of each limited resource in each semester (`Sites.axes`)."""
    enterprise_hours: float = 0.0
    """Hours of one learner at an enterprise (§8)."""
    fees_kzt: tuple[int, ...] = ()
    """An amount for each site, or for each part where an intake is split."""
    travel_kzt: tuple[int, ...] = ()
    missing: bool = False
    """Whether no resource has the kind."""

    def __add__(self, other: Use) -> Use:
        return Use(
            tuple(a + b for a, b in zip(self.hours, other.hours, strict=True)),
            self.enterprise_hours + other.enterprise_hours,
            self.fees_kzt + other.fees_kzt,
            self.travel_kzt + other.travel_kzt,
            self.missing or other.missing,
        )


@dataclass(frozen=True)
class Need:
    """A kind of resource that a module needs, with the hours of one part, kind by kind."""

    kind: str
    hours: tuple[tuple[str, float], ...]
    may_split: bool

    @property
    def part_hours(self) -> float:
        """Hours of one part."""
        return sum(hours for _, hours in self.hours)

    @property
    def at_work_hours(self) -> float:
        """Hours that would count as hours at an enterprise."""
        return sum(hours for kind, hours in self.hours if kind in AT_WORK)


class Sites:
    """§9: the free hours of each limited resource, and what a module uses of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        rows = {(row.resource, row.semester): row for row in world.catalog.resource_capacity}
        limited = [r.id for r in world.catalog.resources if any(name == r.id for name, _ in rows)]
        self.free: dict[Axis, float] = {}
        for resource, semester in itertools.product(limited, world.semesters):
            half = semester % 2 + 1
            row = rows.get((resource, f"{semester // 2}-{half}")) or rows.get((resource, f"*-{half}"))
            self.free[resource, semester] = max(0.0, row.hours - row.committed_hours) if row else 0.0
        self.axes = sorted(self.free)
        for standing in world.catalog.programme_modules:
            if standing.programme in world.unplanned and standing.current_term is not None:
                self._commit(world.unplanned[standing.programme], standing.module, standing.current_term)
        self.limits = [self.free[axis] for axis in self.axes]
        self.none = Use((0.0,) * len(self.axes))

    def _commit(self, programme: Programme, module: str, term: int) -> None:
        for need in self.needs(module):
            uses = [self._one_site(programme, module, term, need, r) for r in self._of_kind(need.kind)]
            free = [self.free[axis] for axis in self.axes]
            fitting = [
                u for u in uses if all(h <= f + SLACK for h, f in zip(u.hours, free, strict=True) if h)
            ]
            for use in (fitting or uses)[:1]:
                for axis, hours in zip(self.axes, use.hours, strict=True):
                    self.free[axis] = max(0.0, self.free[axis] - hours)

    def _of_kind(self, kind: str) -> list[Resource]:
        return [resource for resource in self.world.catalog.resources if resource.kind == kind]

    def needs(self, module: str) -> list[Need]:
        """Return the kinds of resource that a module needs."""
        rows = [row for row in self.world.catalog.module_resources if row.module == module]
        found = []
        for kind in sorted({row.resource_kind for row in rows}):
            mine = [row for row in rows if row.resource_kind == kind]
            hours = tuple(
                (row.hours_kind.value, hours)
                for row in mine
                if (hours := self.world.modules[module].hours(row.hours_kind.value) * row.hours_share) > 0
            )
            if hours:
                found.append(Need(kind, hours, any(row.may_split for row in mine)))
        return found

    def uses(self, programme: Programme, module: str, term: int) -> list[Use]:
        """Return every way to give a module that starts in a term all its sites."""
        found = [self.none]
        for need in self.needs(module):
            ways = list(self._ways(programme, module, term, need)) or [replace(self.none, missing=True)]
            found = list(dict.fromkeys(a + b for a in found for b in ways))
        return found

    def _ways(self, programme: Programme, module: str, term: int, need: Need) -> Iterator[Use]:
        resources = self._of_kind(need.kind)
        if not need.may_split:
            for resource in resources:
                yield self._one_site(programme, module, term, need, resource)
            return
        sizes = [self._size(programme, need, resource) for resource in resources]
        most = [math.ceil(programme.learners / size) for size in sizes]
        for parts in itertools.product(*(range(count + 1) for count in most)):
            room = sum(n * size for n, size in zip(parts, sizes, strict=True))
            idle = any(n and room - size >= programme.learners for n, size in zip(parts, sizes, strict=True))
            if room >= programme.learners and not idle:
                yield self._split(programme, module, term, need, list(zip(resources, parts, strict=True)))

    def _by_group(self, need: Need, resource: Resource) -> bool:
        theory = all(kind == "theory" for kind, _ in need.hours)
        return resource.category.value == "teacher_post" and theory

    def _size(self, programme: Programme, need: Need, resource: Resource) -> float:
        """Return the learners of one part."""
        if self._by_group(need, resource):
            return self.world.number("group_size") or programme.learners
        return resource.places or self.world.number("subgroup_size") or programme.learners

    def _one_site(self, programme: Programme, module: str, term: int, need: Need, resource: Resource) -> Use:
        teacher = resource.category.value == "teacher_post"
        groups = self.world.groups(programme)
        subgroups = self.world.subgroups(programme, resource.places)
        hours = sum(h * (groups if teacher and kind == "theory" else subgroups) for kind, h in need.hours)
        parts = groups if self._by_group(need, resource) else subgroups
        return Use(
            self._by_axis(programme, module, term, resource.id, hours),
            need.at_work_hours if resource.category.value == "enterprise" else 0.0,
            (math.ceil(resource.fee_per_hour_kzt * hours - 1e-6),),
            (resource.travel_cost_kzt * parts,),
        )

    def _split(
        self, programme: Programme, module: str, term: int, need: Need, parts: list[tuple[Resource, int]]
    ) -> Use:
        whole = self.none
        for resource, count in parts:
            if count:
                fee = math.ceil(resource.fee_per_hour_kzt * need.part_hours - 1e-6)
                hours = self._by_axis(programme, module, term, resource.id, count * need.part_hours)
                whole += Use(hours, 0.0, count * (fee,), count * (resource.travel_cost_kzt,))
        # All resources of a kind that is split are of one category.
        enterprise = parts[0][0].category.value == "enterprise"
        return replace(whole, enterprise_hours=need.at_work_hours if enterprise else 0.0)

    def _by_axis(
        self, programme: Programme, module: str, term: int, resource: str, hours: float
    ) -> tuple[float, ...]:
        used = dict.fromkeys(self.axes, 0.0)
        for k, weight in enumerate(self.world.weights(module)):
            for semester in self._concerned(programme, term + k):
                if (resource, semester) in used:
                    used[resource, semester] += weight * hours
        return tuple(used.values())

    def _concerned(self, programme: Programme, term: int) -> list[int]:
        start = semester_number(programme.start)
        own = start + term - 1
        if not programme.repeats:
            return [own]
        with_older = any(row.intake_of == programme.id for row in self.world.catalog.programmes)
        return [s for s in self.world.semesters if s % 2 == own % 2 and s >= (own if with_older else start)]

    def fits(self, hours: tuple[float, ...]) -> bool:
        """Whether hours used lie within the limits."""
        return all(h <= limit + SLACK for h, limit in zip(hours, self.limits, strict=True))


class Payers:
    """§10: whether the sources together can pay items, found as a maximum flow."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sources = [row.id for row in world.catalog.funding_sources]
        self.known: dict[Items, bool] = {}

    def can_pay(self, own: Sequence[Items], setup: Items) -> bool:
        """Whether all items find payers: those of each programme, and what is set up."""
        items = {key: [kzt] for key, kzt in setup if kzt}
        for key, kzt in itertools.chain(*own):
            if kzt:
                items.setdefault(key, []).append(kzt)
        if not items or not self.sources:
            return True
        signature = tuple(sorted((key, kzt) for key, amounts in items.items() for kzt in amounts))
        if signature not in self.known:
            self.known[signature] = self._flow(items) == sum(map(sum, items.values()))
        return self.known[signature]

    def _flow(self, items: Mapping[ItemKey, list[int]]) -> int:
        capacity: dict[Hashable, dict[Hashable, int]] = {}
        endless = sum(map(sum, items.values()))

        def edge(start: Hashable, end: Hashable, most: int) -> None:
            capacity.setdefault(start, {})[end] = most
            capacity.setdefault(end, {}).setdefault(start, 0)

        for (source, year), kzt in self.world.budgets.items():
            edge(("budget", source, year), "sink", kzt)
        for (module, part, due), amounts in items.items():
            item = ("item", module, part, due)
            edge("source", item, sum(amounts))
            for source in self.sources:
                share = self.world.share(source, module, part)
                paid = ("paid", source, module, part, due)
                edge(item, paid, sum(math.floor(share * kzt + 1e-6) for kzt in amounts))
                if not self.world.budgets:
                    edge(paid, "sink", endless)
                for payer, year in self.world.budgets:
                    in_time = year is None or year == due or (part == "setup" and year < due)
                    if payer == source and in_time:
                        edge(paid, ("budget", source, year), endless)
        return maximum_flow(capacity)


def maximum_flow(capacity: dict[Hashable, dict[Hashable, int]]) -> int:
    """Return the most that flows from ``source`` to ``sink``; the capacities are used up."""
    total = 0
    while True:
        came: dict[Hashable, Hashable] = {"source": None}
        queue: deque[Hashable] = deque(["source"])
        while queue and "sink" not in came:
            here = queue.popleft()
            for there, free in capacity[here].items():
                if free > 0 and there not in came:
                    came[there] = here
                    queue.append(there)
        if "sink" not in came:
            return total
        path = []
        node: Hashable = "sink"
        while node != "source":
            path.append((came[node], node))
            node = came[node]
        least = min(capacity[a][b] for a, b in path)
        for a, b in path:
            capacity[a][b] -= least
            capacity[b][a] += least
        total += least


@dataclass(frozen=True)
class Measures:
    """What the objectives need of a plan of one programme."""

    closure: float
    added: tuple[str, ...]
    """The added modules that somebody must pay for setting up."""
    disruption_hours: float
    imbalance_credits: float
    peak_credits: float
    distance_terms: int
    adaptability: float
    changes: int
    changes_reviewed: int


@dataclass(frozen=True)
class Way:
    """One way to plan one programme: what it breaks, and all that the selection needs of it."""

    plan: dict[str, int]
    number: int
    """Counts the plans: ways with other sites for the same plan share it."""
    broken: frozenset[str]
    measures: Measures
    hours: tuple[float, ...]
    items: Items

    @property
    def own_kzt(self) -> int:
        """New money without setting up."""
        return sum(kzt for _, kzt in self.items)


class OneProgramme:
    """The rules and objectives that concern one programme alone."""

    def __init__(
        self,
        world: World,
        sites: Sites,
        programme: Programme,
        find_alone: Callable[[Programme], float | None] | None = None,
    ) -> None:
        self.find_alone = find_alone
        self.world = world
        self.sites = sites
        self.programme = programme
        catalog = world.catalog
        mine = programme.id
        self.rows: dict[str, ProgrammeModule] = {
            row.module: row for row in catalog.programme_modules if row.programme == mine
        }
        self.baseline = world.baseline(mine)
        self.fixed = [row for row in catalog.programme_fixed_hours if row.programme == mine]
        self.term_rows = {row.term: row for row in catalog.programme_terms if row.programme == mine}
        self.terms = range(1, programme.terms + 1)
        self.worth = self._worth({r.occupation: r.share for r in world.base_targets if r.programme == mine})
        self.total_worth = sum(self.worth.values())
        self.known_sites: dict[tuple[str, int], list[tuple[Use, Items]]] = {}
        # A method that is asked for each of thousands of plans answers the same each time.
        self.starts, self.entries = cache(self._starts), cache(self._entries)
        self.takeable, self.levels = cache(self._takeable), cache(self._levels)
        self.credits_of = cache(self._credits_of)
        self.earlier: dict[str, int] | None = None
        """The starts of the earlier plan (§12), of modules that p may take."""
        offered = {m for m in self.takeable() if self.status(m) != "forbidden"}
        if world.options.previous is not None:
            self.earlier = {m: t for p, m, t in world.options.previous if p == mine and m in offered}
        rows = world.options.reviewed
        self.reviewed = {m: t for p, m, t in rows if p == mine and m in offered} if rows else self.earlier
        """What the objective `changes` counts against."""
        if self.earlier:
            world.named_earlier.add(mine)
        if self.reviewed:
            world.named_reviewed.add(mine)

    # --- words of the formulation

    @cached_property
    def alone(self) -> float | None:
        """alone(p) (§13), None where there is no plan for p alone; worked out where it is asked for."""
        return None if self.find_alone is None else self.find_alone(self.programme)

    def _takeable(self) -> list[str]:
        """Return the modules that are no headers and that p may see at all, forbidden ones included."""
        names = set(self.rows) or self.candidates()
        return sorted(name for name in names if name not in self.world.headers)

    def candidates(self) -> set[str]:
        """Return the candidates of a programme without rows: the least set that misses nothing."""
        found: set[str] = set()
        while missing := {m for m in self.world.modules if m not in found and self.belongs(m, found)}:
            found |= missing
        return found

    def belongs(self, module: str, others: set[str]) -> bool:
        """Whether a module is a candidate by itself, or since one of `others` requires it."""
        if module in self.world.headers:
            return False
        catalog, taught = self.world.catalog, self.world.teaches[module]
        mine = {row.occupation for row in catalog.targets if row.programme == self.programme.id}
        rows = [r.labour_function for r in catalog.module_functions if r.module == module]
        if any(row.id in rows and row.occupation in mine for row in catalog.labour_functions):
            return True
        for need in catalog.occupation_requirements:
            step = min(need.level, taught.get(need.competency, 0))
            counts = not rows if need.occupation in mine else self.world.options.with_others
            if not counts:
                continue
            if step > self.baseline.get(need.competency, 0):
                return True
        floors = self.floors
        if not rows and any(
            self.baseline.get(row.competency, 0) < row.level <= taught.get(row.competency, 0)
            for row in floors
        ):
            return True
        needs = [row for row in catalog.module_requisites if row.kind != "order"]
        if any(row.requires == module and row.module in others for row in needs):
            return True
        needed = [entry for other in others for entry in self.entries(other)]
        return any(taught.get(competency, 0) >= level for competency, level in needed)

    def status(self, module: str) -> str:
        """Return the standing; without rows every module is a candidate."""
        return self.rows[module].status.value if module in self.rows else "candidate"

    def current_term(self, module: str) -> int | None:
        """Return the term of the existing curriculum in which p teaches the module."""
        return self.rows[module].current_term if module in self.rows else None

    def _starts(self, module: str) -> list[int]:
        """Return Starts(p, m)."""
        row = self.rows.get(module)
        wanted: Iterable[int] = self.terms
        if row is not None:
            wanted = [row.pinned_term] if row.pinned_term is not None else row.allowed_terms or self.terms
        return sorted({term for term in wanted if term >= 1 and self.end(module, term) <= self.terms[-1]})

    def end(self, module: str, start: int) -> int:
        """Return the last term of a module that starts in a term."""
        return start + self.world.span(module) - 1

    def running(self, plan: Plan, term: int) -> list[tuple[Module, float]]:
        """Return the modules that run in a term, each with the part of its load that it puts there."""
        parts = self.world.weights_of
        return [
            (self.world.modules[m], parts[m][term - start])
            for m, start in plan.items()
            if start <= term < start + len(parts[m])
        ]

    def year(self, term: int) -> int:
        """Return the calendar year of a term."""
        return year_of(semester_number(self.programme.start) + term - 1)

    def _levels(self, modules: frozenset[str]) -> dict[str, int]:
        """Return the highest level of each competency that the modules teach."""
        found: dict[str, int] = {}
        for module in modules:
            for competency, level in self.world.teaches[module].items():
                found[competency] = max(found.get(competency, 0), level)
        return found

    def level(self, modules: Iterable[str], competency: str) -> int:
        """Return the highest level of a competency that the modules teach."""
        return self.levels(frozenset(modules)).get(competency, 0)

    def in_outlook(self, scenario: str) -> tuple[dict[tuple[str, int], float], float]:
        """Return w[s,p,c,l] of each step, and weight[s,p]."""
        own = self.programme
        weight = float(own.learners if own.weight is None else own.weight)
        rows = [r for r in self.world.catalog.targets if r.programme == own.id]
        given = {r.occupation: r.share for r in rows if r.scenario == scenario}
        if given:
            return self._worth(given), weight
        grown = {
            r.occupation: r.share * self.world.ratio(r.occupation, scenario) for r in rows if not r.scenario
        }
        whole = sum(grown.values())
        shares = {occupation: part / whole for occupation, part in grown.items() if part > 0}
        return self._worth(shares), weight * whole

    def _worth(self, shares: Mapping[str, float]) -> dict[tuple[str, int], float]:
        worth: dict[tuple[str, int], float] = {}
        for occupation, share in shares.items():
            for need in self.world.catalog.occupation_requirements:
                if need.occupation != occupation:
                    continue
                kappa = ESSENTIAL_FACTOR if need.essential else 1.0
                for level, step in self.steps_of(need.competency, need.level):
                    key = (need.competency, level)
                    worth[key] = worth.get(key, 0.0) + share * need.importance * kappa * step
        return worth

    def steps_of(self, competency: str, asked: int) -> list[tuple[int, float]]:
        """Return each level above the baseline up to the one asked, with its worth before all factors."""
        levels = range(self.baseline.get(competency, 0) + 1, asked + 1)
        whole = sum(self.world.level_value(level) for level in levels)
        return [
            (
                level,
                (1 - MEETING_SHARE) * self.world.level_value(level)
                + (MEETING_SHARE * whole if level == asked else 0.0),
            )
            for level in levels
        ]

    @cached_property
    def floors(self) -> list[Floor]:
        """The floors that bind p (§11): with `since` only where an intake begins then or later."""
        start = semester_number(self.programme.start)
        return [
            row
            for row in self.world.catalog.floors
            if row.programme in (None, self.programme.id)
            if row.since is None or self.programme.repeats or start >= semester_number(row.since)
        ]

    @cached_property
    def newly_asked(self) -> list[tuple[str, int, int, float]]:
        """The items of the response lag: competency, level, semester number of `since`, w."""
        found = []
        for target in self.world.base_targets:
            for need in self.world.catalog.occupation_requirements:
                mine = target.programme == self.programme.id and need.occupation == target.occupation
                if mine and need.since is not None:
                    factor = target.share * need.importance * (ESSENTIAL_FACTOR if need.essential else 1.0)
                    for level, step in self.steps_of(need.competency, need.level):
                        found.append((need.competency, level, semester_number(need.since), factor * step))
        for competency in {row.competency for row in self.floors}:
            rows = [row for row in self.floors if row.competency == competency]
            for level in range(self.baseline.get(competency, 0) + 1, max(row.level for row in rows) + 1):
                asking = [row for row in rows if row.level >= level]
                since, _, row = min(((r.since or "", r.level, r) for r in asking), key=lambda one: one[:2])
                if since:
                    step = dict(self.steps_of(competency, row.level))[level]
                    found.append((competency, level, semester_number(since), ESSENTIAL_FACTOR * step))
        return found

    @property
    def graduation(self) -> int:
        """The number of the semester of its last term."""
        return semester_number(self.programme.start) + self.programme.terms - 1

    def holds(self, modules: Iterable[str], competency: str, level: int) -> bool:
        """Whether graduates of these modules hold a level."""
        return max(self.baseline.get(competency, 0), self.level(modules, competency)) >= level

    def closure(self, modules: Iterable[str], worth: dict[tuple[str, int], float] | None = None) -> float:
        """Return closure(p) with these modules, or that of an outlook; 0 where there is nothing to close."""
        worth = self.worth if worth is None else worth
        total = sum(worth.values())
        if not total:
            return 0.0
        levels = self.levels(frozenset(modules))
        return sum(w for (c, level), w in worth.items() if levels.get(c, 0) >= level) / total

    @cached_property
    def before(self) -> float:
        """before(p): the modules of the existing curriculum, as they stand."""
        return self.closure(m for m, row in self.rows.items() if row.current_term is not None)

    def load(self, plan: Plan) -> dict[int, float]:
        """Return the credits of each term, the fixed ones included."""
        per_credit = self.world.number("hours_per_credit")
        load = dict.fromkeys(self.terms, 0.0)
        for module, start in plan.items():
            for term, credits_ in enumerate(self.credits_of(module), start):
                load[term] += credits_
        for term, hours in self.fixed_hours:
            load[term] += hours / per_credit if per_credit else 0.0
        return load

    def _credits_of(self, module: str) -> list[float]:
        """Return the credits of a module in each term in which it runs."""
        whole = self.world.modules[module].credits or 0.0
        return [whole * part for part in self.world.weights_of[module]]

    @cached_property
    def fixed_hours(self) -> list[tuple[int, float]]:
        """The term of each row of fixed load, and the hours of it that credits count."""
        outside = self.world.profile.get("self_study_inside_credit") == "no"
        alone = SELF_STUDY if outside else ()
        return [(row.term, total_hours(row) - sum(row.hours(kind) for kind in alone)) for row in self.fixed]

    # --- rules: each says whether the plan keeps it

    def keeps_standing(self, module: str, plan: Plan) -> bool:
        """§1: a mandatory module is taken, a forbidden one not, each in its terms."""
        if module not in plan:
            return self.status(module) != "mandatory"
        return self.status(module) != "forbidden" and plan[module] in self.starts(module)

    def leans(self, plan: Plan, module: str, other: str) -> bool:
        """Whether in this plan `module` may build on `other`: before it, or the exception."""
        term = plan[module]
        if other not in plan:
            return False
        if self.end(other, plan[other]) < term:
            return True
        if not (plan[other] == term == self.current_term(module) == self.current_term(other)):
            return False
        mine, theirs = self.rows[module].position, self.rows[other].position
        return mine is not None and theirs is not None and theirs < mine

    def keeps_entry(self, module: str, carriers: Sequence[str], plan: Plan) -> bool:
        """§3: one of the modules that teach an entry level of a module comes before it."""
        return module not in plan or any(self.leans(plan, module, carrier) for carrier in carriers)

    def _entries(self, module: str) -> list[tuple[str, int]]:
        """Return the entry levels of a module in p: its own, and what relations imply."""
        rows = self.world.rows_of[module]
        found = [(c, entry) for c, (entry, _) in rows.items() if entry > self.baseline.get(c, 0)]
        for relation in self.world.requires:
            level = 1 if relation.level is None else relation.level
            over = 1 if relation.source_level is None else relation.source_level
            if relation.source in rows and level > self.baseline.get(relation.target, 0):
                entry, exit_level = rows[relation.source]
                lifts = max(entry, self.baseline.get(relation.source, 0)) < over <= exit_level
                if lifts and rows.get(relation.target, (0, 0))[1] < level:
                    found.append((relation.target, level))
        return found

    def keeps_requisite(self, module: str, kind: str, others: Sequence[str], plan: Plan) -> bool:
        """§4: of the alternatives of a requisite one is taken, and in time."""
        return module not in plan or any(self.serves(plan, module, kind, other) for other in others)

    def _alternatives(self) -> dict[tuple[str, str, str], list[str]]:
        """Return the modules that each requisite leaves the choice of."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for i, (module, kind, requires, any_of) in enumerate(self.world.requisites):
            # A row without a word is a group of its own.
            joined = any_of and kind != "order"
            group = (module, kind, f"word {any_of}" if joined else f"row {i}")
            found.setdefault(group, []).append(requires)
        return found

    def serves(self, plan: Plan, module: str, kind: str, other: str) -> bool:
        """Whether the plan takes `other` when `module` requires it."""
        if kind == "order":
            return other not in plan or plan[other] <= plan[module]
        if other not in plan:
            return False
        if kind == "prerequisite":
            return self.leans(plan, module, other)
        return plan[other] == plan[module] or (kind == "corequisite" and plan[other] < plan[module])

    def keeps_exclusive(self, module: str, earlier: Sequence[str], plan: Plan) -> bool:
        """§5: of the modules of its exclusive group that stand before it none is taken with a module."""
        return module not in plan or not any(other in plan for other in earlier)

    def keeps_total(self, load: Mapping[int, float]) -> bool:
        """§6, first point: credits of the whole programme."""
        programme = self.programme
        least = programme.min_credits
        if least is None:
            code = programme.qualification or ""
            for name in ("3W", "4S", "5AB"):
                if code.startswith(name):
                    least = self.world.number(f"total_credits_{name}_{programme.entry_base}")
        return within(sum(load.values()), least, programme.max_credits)

    def keeps_terms(self, plan: Plan, load: Mapping[int, float]) -> bool:
        """§6, second point: credits and modules of each term."""
        for term, row in self.term_rows.items():
            count = len(self.running(plan, term))
            if not within(load[term], row.min_credits, row.max_credits):
                return False
            if not within(count, row.min_modules, row.max_modules):
                return False
        return True

    def keeps_weeks(self, plan: Plan) -> bool:
        """§6, third point: hours by the week."""
        every = self.world.profile.get("weekly_hours_counts") == "all"
        for term in self.terms:
            weeks = self._weeks(term)
            if weeks is None or all(self.world.number(key) is None for key in WEEKLY):
                continue
            loads: list[tuple[HoursByKind, float]] = list(self.running(plan, term))
            loads += [(row, 1.0) for row in self.fixed if row.term == term]
            hours = sum(total_hours(load) * part for load, part in loads)
            alone = sum(load.hours(kind) * part for load, part in loads for kind in SELF_STUDY)
            contact = hours - alone
            if self.world.profile.get("weekly_hours_guided_self_study") == "yes":
                contact += sum(load.self_study_guided_hours * part for load, part in loads)
            for key, counted in zip(WEEKLY, (hours if every else contact, hours), strict=True):
                limit = self.world.number(key)
                if limit is not None and counted > limit * weeks + SLACK:
                    return False
        return True

    def _weeks(self, term: int) -> float | None:
        if term in self.term_rows and self.term_rows[term].weeks is not None:
            return self.term_rows[term].weeks
        year = self.world.number("teaching_weeks_year")
        return None if year is None else year / 2

    def keeps_practice(self, plan: Plan) -> bool:
        """§7: enough practice in the sections of the denominator."""
        share = self.world.practice_share
        if share is None:
            return True
        taken = [self.world.modules[m] for m in plan]
        every: list[Module | ProgrammeFixedLoad] = [*taken, *self.fixed]
        loads = [x for x in every if x.section.value in self.world.practice_sections]
        practice = sum(load.hours(kind) for load in loads for kind in PRACTICE)
        return practice >= share * sum(total_hours(load) for load in loads) - SLACK

    def keeps_floors(self, plan: Plan) -> bool:
        """§11: every floor is reached."""
        return all(
            max(self.baseline.get(row.competency, 0), self.level(plan, row.competency)) >= row.level
            for row in self.floors
        )

    def keeps_dual(self, plan: Plan, enterprise_hours: float) -> bool:
        """§8: enough of production training and practice at an enterprise."""
        share = self.world.number("dual_share_min")
        if share is None or not self.programme.dual:
            return True
        loads: list[HoursByKind] = [*(self.world.modules[m] for m in plan), *self.fixed]
        at_work = sum(load.hours(kind) for load in loads for kind in AT_WORK)
        return enterprise_hours >= share * at_work - SLACK

    def changes(self, plan: Plan, earlier: Plan | None) -> int:
        """Count the changes against the earlier plan (§12), or against the one under review."""
        named = self.world.named_earlier if earlier is self.earlier else self.world.named_reviewed
        if not earlier and named:
            return 0  # it names other programmes only
        earlier = earlier or {}
        return sum(1 for m in {*earlier, *plan} if earlier.get(m) != plan.get(m))

    def keeps_earlier(self, plan: Plan) -> bool:
        """§12: frozen terms, the number of changes, or the share of what is taught today."""
        if self.earlier is None:
            return self._keeps_share(plan)
        most = self.world.options.max_changes
        if most is not None and self.changes(plan, self.earlier) > most:
            return False
        until = self.world.options.taught_until
        if until is None:
            return True
        frozen = semester_number(until) - semester_number(self.programme.start) + 1
        before = {(m, t) for m, t in self.earlier.items() if t <= frozen}
        return before == {(m, t) for m, t in plan.items() if t <= frozen}

    def keeps_review(self, plan: Plan) -> bool:
        """§12: each module that a reviewer decided on starts in that term, or does not at all."""
        mine = [(m, term) for p, m, term in self.world.options.review if p == self.programme.id]
        return all(plan.get(m) == term for m, term in mine)

    def _keeps_share(self, plan: Plan) -> bool:
        share = self.world.number("change_share_dual" if self.programme.dual else "change_share_ordinary")
        today = [m for m, row in self.rows.items() if row.current_term is not None]
        hours = {m: self.world.hours_of[m] for m in today}
        dropped = sum(hours[m] for m in today if m not in plan)
        return share is None or dropped <= share * sum(hours.values()) + SLACK

    def keeps_equity(self, plan: Plan) -> bool:
        """§13: closure not far below what p reaches alone."""
        share = self.world.options.equity
        if share is None or not self.total_worth or not self.alone:
            return True
        return self.closure(plan) >= share * self.alone - SLACK

    def keeps_functions(self, plan: Plan) -> bool:
        """§15: every labour function that some module could serve is served."""
        return not any(serving.isdisjoint(plan) for serving in self.serving)

    @cached_property
    def serving(self) -> list[set[str]]:
        """The modules that serve each labour function of the targets which some module could serve."""
        targets = {row.occupation for row in self.world.base_targets if row.programme == self.programme.id}
        offered = {m for m in self.takeable() if self.status(m) != "forbidden"}
        found = []
        for function in self.world.catalog.labour_functions:
            serving = {
                row.module
                for row in self.world.catalog.module_functions
                if row.labour_function == function.id and row.module in offered
            }
            if function.occupation in targets and serving:
                found.append(serving)
        return found

    # --- what the objectives and the combination ask

    def distance(self, plan: Plan) -> int:
        """Return by how many terms requisites lie apart."""
        return sum(
            max(0, plan[module] - plan[requires])
            for module, kind, requires, _ in self.world.requisites
            if module in plan and requires in plan and kind != "order"
        )

    @cached_property
    def outlook(self) -> list[tuple[float, list[tuple[str, int]]]]:
        """Occupations that are no target: each with its openings, and what it requires."""
        catalog = self.world.catalog
        targets = {row.occupation for row in self.world.base_targets if row.programme == self.programme.id}
        base = [row for row in catalog.demand if row.scenario is None]
        found = []
        for occupation in catalog.occupations:
            rows = [row for row in catalog.occupation_requirements if row.occupation == occupation.id]
            openings = sum(row.openings for row in base if row.occupation == occupation.id) if base else 1.0
            if rows and occupation.id not in targets:
                found.append((openings, [(row.competency, row.level) for row in rows]))
        return found

    def adaptability(self, plan: Plan) -> float:
        """Return a(p), 0 where nothing counts."""
        openings = sum(weight for weight, _ in self.outlook)
        covered = 0.0
        for weight, needs in self.outlook:
            held = [min(max(self.baseline.get(c, 0), self.level(plan, c)), level) for c, level in needs]
            covered += weight * sum(held) / sum(level for _, level in needs)
        return covered / openings if openings else 0.0

    def measures(self, plan: Plan) -> Measures:
        """Return what the objectives need of a plan."""
        load = self.load(plan)
        disruption = sum(
            self.world.hours_of[m]
            for m, row in self.rows.items()
            if row.current_term is not None
            and row.status.value != "forbidden"
            and plan.get(m) != row.current_term
        ) + sum(self.world.hours_of[m] for m in plan if self.current_term(m) is None)
        pairs = itertools.combinations(self.terms, 2)
        return Measures(
            closure=self.closure(plan),
            added=tuple(m for m in plan if self.current_term(m) is None and m not in self.world.running),
            disruption_hours=disruption,
            imbalance_credits=sum(abs(load[a] - load[b]) for a, b in pairs),
            peak_credits=max(load.values()),
            distance_terms=self.distance(plan),
            adaptability=self.adaptability(plan),
            changes=self.changes(plan, self.earlier),
            changes_reviewed=self.changes(plan, self.reviewed),
        )

    def by_year(self, module: str, start: int, kzt: int) -> dict[int, int]:
        """Return how much of an amount falls due in each calendar year as the module runs."""
        weights = self.world.weights(module)
        found: dict[int, int] = {}
        paid, run = 0, 0.0
        for k, weight in enumerate(weights):
            run += weight
            until = kzt if k == len(weights) - 1 else math.floor(kzt * run + 0.5 + 1e-9)
            year = self.year(start + k)
            found[year] = found.get(year, 0) + until - paid
            paid = until
        return found

    def site_ways(self, module: str, start: int) -> list[tuple[Use, Items]]:
        """Return every way to give an added or kept module its sites, with the items it brings."""
        if (module, start) not in self.known_sites:
            found: dict[tuple[Use, Items], None] = {}
            delivery = self.world.modules[module].cost_per_group_kzt * self.world.groups(self.programme)
            for use in self.sites.uses(self.programme, module, start):
                amounts = {"delivery": (delivery,), "fees": use.fees_kzt, "travel": use.travel_kzt}
                items: dict[ItemKey, int] = {}
                for part, kzt in ((part, kzt) for part, some in amounts.items() for kzt in some):
                    for year, due in self.by_year(module, start, kzt).items():
                        if due and self.current_term(module) is None:
                            items[module, part, year] = items.get((module, part, year), 0) + due
                found[replace(use, fees_kzt=(), travel_kzt=()), tuple(items.items())] = None
            self.known_sites[module, start] = list(found)
        return self.known_sites[module, start]

    # --- the enumeration

    def ways(self, droppable: frozenset[str], most_broken: int) -> list[Way]:
        """List every way that breaks at most so many rules, all droppable."""
        found: list[Way] = []
        for plan, few in self._plans(droppable, most_broken):
            broken = self._broken(plan, few, droppable, most_broken)
            if broken is not None:
                sited = list(self._sited(plan, broken, droppable, most_broken))
                if sited:
                    measures, number = self.measures(plan), len(found)
                    found += [Way(plan, number, rules, measures, used, items) for rules, used, items in sited]
        return found

    def _sited(
        self, plan: Plan, broken: frozenset[str], droppable: frozenset[str], most_broken: int
    ) -> Iterator[tuple[frozenset[str], tuple[float, ...], Items]]:
        """Yield the ways to give a plan its sites: rules broken, hours used and items."""
        crowded = "§9" in droppable and len(broken) < most_broken
        ways: dict[tuple[Use, Items], None] = {(self.sites.none, ()): None}
        for module, start in plan.items():
            sums = (
                (use + more, items + further)
                for use, items in ways
                for more, further in self.site_ways(module, start)
            )
            ways = dict.fromkeys(
                (use, items)
                for use, items in sums
                if crowded or (not use.missing and self.sites.fits(use.hours))
            )
        outcomes: dict[tuple[frozenset[str], tuple[float, ...], Items], None] = {}
        for use, items in ways:
            rules = set(broken)
            rules |= {"§9"} if use.missing or not self.sites.fits(use.hours) else set()
            rules |= set() if self.keeps_dual(plan, use.enterprise_hours) else {"§8"}
            rules |= {"§10"} if sum(kzt for _, kzt in items) > self.world.cap else set()
            if rules <= droppable and len(rules) <= most_broken:
                outcomes[frozenset(rules), use.hours, items] = None
        yield from outcomes

    def _choices(self, module: str, free: bool) -> list[int]:
        """List the terms to try, 0 for "not taken"; `free` leaves it to §1 to refuse them."""
        if free:
            return [0, *(term for term in self.terms if self.end(module, term) <= self.terms[-1])]
        starts = [] if self.status(module) == "forbidden" else self.starts(module)
        return starts if self.status(module) == "mandatory" else [0, *starts]

    def _plans(self, droppable: frozenset[str], most_broken: int) -> Iterator[tuple[Plan, frozenset[str]]]:
        """Yield the plans with what they break of the rules between few modules.

        Where the first modules break too much already, what may be done with the others is not asked.
        """
        names = self.takeable()
        choices = [self._choices(name, "§1" in droppable) for name in names]
        decided = self._decided(names)
        plan: dict[str, int] = {}

        def from_module(at: int, before: frozenset[str]) -> Iterator[tuple[Plan, frozenset[str]]]:
            if at == len(names):
                yield dict(plan), before
                return
            for term in choices[at]:
                if term:
                    plan[names[at]] = term
                broken = before
                for rule, keeps in decided[at]:
                    if rule not in broken and not keeps(plan):
                        broken |= {rule}
                        if rule not in droppable or len(broken) > most_broken:
                            break
                else:
                    yield from from_module(at + 1, broken)
            plan.pop(names[at], None)

        return from_module(0, frozenset())

    def _decided(self, names: Sequence[str]) -> list[list[tuple[str, Callable[[Plan], bool]]]]:
        """Return for each module what is known of the rules once it and all before it are decided."""
        found: list[list[tuple[str, Callable[[Plan], bool]]]] = [[] for _ in names]
        place = {name: at for at, name in enumerate(names)}
        groups = {name: self.world.modules[name].exclusive_group for name in names}

        def add(rule: str, concerned: Iterable[str], keeps: Callable[[Plan], bool]) -> None:
            found[max(place[name] for name in concerned if name in place)].append((rule, keeps))

        for at, name in enumerate(names):
            add("§1", [name], partial(self.keeps_standing, name))
            group = [other for other in names[:at] if groups[name] and groups[other] == groups[name]]
            if group:
                add("§5", [name], partial(self.keeps_exclusive, name, group))
        for (name, kind, _), others in self._alternatives().items():
            if name in place:
                add("§4", [name, *others], partial(self.keeps_requisite, name, kind, others))
        for name in names:
            for competency, entry in self.entries(name):
                carriers = [m for m in names if self.world.teaches[m].get(competency, 0) >= entry]
                add("§3", [name, *carriers], partial(self.keeps_entry, name, carriers))
        return found

    def _broken(
        self, plan: Plan, broken: frozenset[str], droppable: frozenset[str], most_broken: int
    ) -> frozenset[str] | None:
        """Add the rules of a whole plan that are broken; None if too many are, or one not to be dropped."""
        for rule, keeps in self._rules(plan):
            if rule not in broken and not keeps():
                broken |= {rule}
                if rule not in droppable or len(broken) > most_broken:
                    return None
        return broken

    def _rules(self, plan: Plan) -> Iterator[tuple[str, Callable[[], bool]]]:
        """Yield the rules of a whole plan: most are refused before what the later ones need is asked for."""
        load = self.load(plan)
        yield "§6", partial(self.keeps_total, load)
        yield "§6", partial(self.keeps_terms, plan, load)
        yield "§6", partial(self.keeps_weeks, plan)
        yield "§7", partial(self.keeps_practice, plan)
        yield "§11", partial(self.keeps_floors, plan)
        yield "§12", partial(self.keeps_earlier, plan)
        yield "§12", partial(self.keeps_review, plan)
        yield "§13", partial(self.keeps_equity, plan)
        yield "§15", partial(self.keeps_functions, plan)


def within(value: float, least: float | None, most: float | None) -> bool:
    """Whether a value lies between two limits, each of which may be absent."""
    return (least is None or value >= least - SLACK) and (most is None or value <= most + SLACK)


MOST_KNOWN = 1000
KNOWN_ALONE: dict[tuple[int, Options], tuple[Catalog, float | None]] = {}
"""alone(p) by catalog and options: one catalog is solved in several ways. It holds the catalog, whose number
would be another one's else."""


class Enumeration:
    """All plans of a catalog: enumerated once, solved with any rule dropped that was said to be droppable.

    With `most_broken` = 1 it keeps only what breaks one rule at most: enough to drop one rule at a time.
    """

    def __init__(
        self,
        catalog: Catalog,
        options: Options | None = None,
        droppable: frozenset[str] = frozenset(RULES),
        most_broken: int = len(RULES),
        *,
        with_alone: bool = True,
    ) -> None:
        self.world = World(catalog, options or Options())
        self.sites = Sites(self.world)
        self.payers = Payers(self.world)
        self.programmes = [
            OneProgramme(self.world, self.sites, p, self._alone if with_alone else None)
            for p in self.world.planned
        ]
        # What breaks §3 is needed where §2 may be dropped.
        self.droppable = droppable | ({"§3"} if "§2" in droppable else frozenset())
        self.ways = [one.ways(self.droppable, most_broken) for one in self.programmes]

    def _alone(self, programme: Programme) -> float | None:
        """Return alone(p) (§13), None where there is no plan for p alone."""
        options = replace(
            self.world.options,
            programmes=(programme.id,),
            previous=self.world.options.previous if self.world.options.taught_until else None,
            max_changes=None,
            equity=None,
            review=(),
            reviewed=(),
        )
        catalog = self.world.catalog
        key = (id(catalog), options)
        if key not in KNOWN_ALONE:
            if len(KNOWN_ALONE) >= MOST_KNOWN:
                KNOWN_ALONE.clear()
            found = Enumeration(catalog, options, frozenset(), with_alone=False).solve((("closure", 0.0),))
            KNOWN_ALONE[key] = catalog, None if found is None else found.value("closure")
        return KNOWN_ALONE[key][1]

    def solve(
        self,
        objectives: Objectives = DEFAULT,
        drop_rules: frozenset[str] = frozenset(),
        content: Content | None = None,
    ) -> OracleResult | None:
        """Select stage by stage; None where no plan keeps the rules."""
        ignored = drop_rules | ({"§3"} if "§2" in drop_rules else frozenset())
        ways = [[w for w in some if w.broken <= ignored] for some in self.ways]
        if not all(ways):
            return None
        selection = Selection(self, ways, ignored)
        return selection.select(objectives, content)


class Selection:
    """The combinations of ways that keep the shared rules, and the choice among them."""

    def __init__(self, every: Enumeration, ways: list[list[Way]], ignored: frozenset[str]) -> None:
        self.world = every.world
        self.limits = every.sites.limits
        self.payers = every.payers
        self.programmes = every.programmes
        self.ways = ways
        self.ignored = ignored
        self.where = np.nonzero(self._alive())
        """For each programme the way that each combination takes."""
        self.setups = [self._setups(m) for m in self._to_set_up()]
        self.values = self._values()
        if "§10" not in ignored:
            within_cap = self.values["cost"] <= self.world.cap + SLACK
            self._keep(within_cap)

    def _keep(self, kept: Bools) -> None:
        self.where = tuple(index[kept] for index in self.where)
        self.values = {name: value[kept] for name, value in self.values.items()}
        self.setups = [(module, years[kept]) for module, years in self.setups]

    # --- which combinations keep the shared rules; one axis per programme

    def _alive(self) -> Bools:
        alive: Bools = np.ones(tuple(map(len, self.ways)), dtype=np.bool_)
        if "§9" not in self.ignored:
            for axis, limit in enumerate(self.limits):
                used = self._outer([[w.hours[axis] for w in some] for some in self.ways])
                alive &= used <= limit + SLACK
        if "§12" not in self.ignored and self.world.options.max_changes is not None:
            changes = self._outer([[float(w.measures.changes) for w in some] for some in self.ways])
            alive &= changes <= self.world.options.max_changes
        if "§14" not in self.ignored:
            alive &= self._enough_learners()
        return alive

    def _outer(self, columns: list[list[float]]) -> Floats:
        return sum_outer([np.array(column, dtype=np.float64) for column in columns])

    def _enough_learners(self) -> Bools:
        """§14: in every semester enough learners start a module, or nobody of the planned does."""
        enough: Bools = np.ones(tuple(map(len, self.ways)), dtype=np.bool_)
        for module in self.world.modules.values():
            for semester in self.world.semesters if module.min_learners else ():
                learners = self._outer(
                    [
                        [self._starting(one.programme, w.plan.get(module.id), semester) for w in some]
                        for one, some in zip(self.programmes, self.ways, strict=True)
                    ]
                )
                others = sum(
                    self._starting(programme, row.current_term, semester)
                    for row in self.world.catalog.programme_modules
                    if row.module == module.id and (programme := self.world.unplanned.get(row.programme))
                )
                enough &= (learners == 0) | (learners + others >= (module.min_learners or 0))
        return enough

    def _starting(self, programme: Programme, term: int | None, semester: int) -> float:
        """Return the learners of a programme that start in a semester what its plan starts in a term."""
        if term is None:
            return 0.0
        own = semester_number(programme.start) + term - 1
        later = programme.repeats and semester > own and (semester - own) % 2 == 0
        return float(programme.learners) if semester == own or later else 0.0

    # --- the values of the combinations that are left, one entry each

    def _to_set_up(self) -> list[str]:
        return sorted({m for some in self.ways for w in some for m in w.measures.added})

    def _setups(self, module: str) -> tuple[str, Floats]:
        """Return in which year each combination sets a module up, infinity for never."""
        never = math.inf
        columns = [
            np.array(
                [one.year(w.plan[module]) if module in w.measures.added else never for w in some],
                dtype=np.float64,
            )
            for one, some in zip(self.programmes, self.ways, strict=True)
        ]
        years = [column[index] for column, index in zip(columns, self.where, strict=True)]
        return module, np.min(np.stack(years), axis=0)

    def _values(self) -> dict[str, Floats]:
        one_each = [
            {
                "closure": np.array([1.0 if "§2" in self.ignored else w.measures.closure for w in some]),
                "own": np.array([float(w.own_kzt) for w in some]),
                "disruption": np.array([w.measures.disruption_hours for w in some]),
                "balance": np.array([w.measures.imbalance_credits for w in some]),
                "peak": np.array([w.measures.peak_credits for w in some]),
                "distance": np.array([float(w.measures.distance_terms) for w in some]),
                "adaptability": np.array([w.measures.adaptability for w in some]),
                "changes": np.array([float(w.measures.changes_reviewed) for w in some]),
            }
            for some in self.ways
        ]

        def each(name: str) -> list[Floats]:
            return [columns[name][index] for columns, index in zip(one_each, self.where, strict=True)]

        learners = [float(one.programme.learners) for one in self.programmes]
        counted = [float(one.total_worth > 0) for one in self.programmes]
        weights = [
            (one.programme.learners if one.programme.weight is None else one.programme.weight) * c
            for one, c in zip(self.programmes, counted, strict=True)
        ]
        outlooks = [
            n * (sum(openings for openings, _ in one.outlook) > 0)
            for one, n in zip(self.programmes, learners, strict=True)
        ]
        harms = [
            np.maximum(0.0, one.before - closure)
            for one, closure in zip(self.programmes, each("closure"), strict=True)
        ]
        cost = sum(each("own"))
        for module, years in self.setups:
            cost = cost + self.world.modules[module].setup_cost_kzt * np.isfinite(years)
        return {
            "no_harm": mean(harms, [n * c for n, c in zip(learners, counted, strict=True)]),
            "closure": mean(each("closure"), weights),
            "cost": np.asarray(cost),
            "disruption": np.asarray(sum(each("disruption"))),
            "balance": np.asarray(sum(each("balance"))),
            "peak": np.max(np.stack(each("peak")), axis=0),
            "distance": np.asarray(sum(each("distance"))),
            "adaptability": mean(each("adaptability"), outlooks),
            "fairness": self._fairness(each("closure")),
            "changes": np.asarray(sum(each("changes"))),
            "lag": self._lag(len(self.where[0])),
            "outlooks": np.zeros_like(cost, dtype=np.float64),  # only where it is an objective
        }

    def _lag(self, count: int) -> Floats:
        """Return the response lag of each combination: semester for semester, who has graduated by then."""
        names = {one.programme.id for one in self.programmes}
        waited, total = np.zeros(count), 0.0
        for one in self.programmes:
            heads = {one.programme.intake_of} & names
            family = [
                (other, axis)
                for axis, other in enumerate(self.programmes)
                if one.programme.id in (other.programme.id, other.programme.intake_of)
            ]
            running = [p for p in self.world.unplanned.values() if p.intake_of == one.programme.id]
            for competency, level, since, weight in () if heads else one.newly_asked:
                total += weight * one.programme.learners
                current = [m for m, row in one.rows.items() if row.current_term is not None]
                today = one.programme.repeats and one.holds(current, competency, level)
                for semester in range(since, self._horizon() + 1):
                    held = np.full(count, today)
                    for other, axis in family:
                        if other.graduation <= semester:
                            reached = [other.holds(w.plan, competency, level) for w in self.ways[axis]]
                            held = held | np.array(reached)[self.where[axis]]
                    for p in running:
                        graduated = semester_number(p.start) + p.terms - 1 <= semester
                        if graduated and self.world.today(p.id, competency) >= level:
                            held = np.full(count, True)
                    waited = waited + weight * one.programme.learners * ~held
        return waited / total if total else waited

    def _horizon(self) -> int:
        """Return the number of the last semester in which a planned intake graduates, within the horizon."""
        ends = [(one.graduation, one.programme.repeats) for one in self.programmes]
        if self.world.options.horizon is None:
            return max(end for end, _ in ends)
        last = semester_number(self.world.options.horizon)
        return max(s for end, repeats in ends for s in range(end, last + 1, 2) if s == end or repeats)

    def _fairness(self, closures: list[Floats]) -> Floats:
        shares = [
            closure / one.alone
            for one, closure in zip(self.programmes, closures, strict=True)
            if one.alone and one.total_worth
        ]
        return np.min(np.stack(shares), axis=0) if shares else np.ones_like(closures[0])

    # --- the selection

    def payable(self, i: int) -> bool:
        """§10: whether the sources can pay the items of a combination."""
        if "§10" in self.ignored:
            return True
        own = [some[index[i]].items for some, index in zip(self.ways, self.where, strict=True)]
        setup = tuple(
            ((module, "setup", int(years[i])), self.world.modules[module].setup_cost_kzt)
            for module, years in self.setups
            if math.isfinite(years[i])
        )
        return self.payers.can_pay(own, setup)

    def _closures_ahead(self) -> Floats:
        """C_s of each combination, a row an outlook."""
        rows = []
        for scenario in self.world.catalog.scenarios:
            ahead = [one.in_outlook(scenario.id) for one in self.programmes]
            columns = [
                np.array([one.closure(w.plan, worth) for w in some])[index]
                for one, (worth, _), some, index in zip(
                    self.programmes, ahead, self.ways, self.where, strict=True
                )
            ]
            rows.append(mean(columns, [weight * (sum(worth.values()) > 0) for worth, weight in ahead]))
        return np.stack(rows)

    def _over_outlooks(self) -> Floats:
        """(1 − ρ) · Σ π·C + ρ · (Σ π·C* − R), C* the best payable of those that are left."""
        risk = self.world.options.risk or 0.0
        closures = self._closures_ahead()
        best = np.array(
            [row[next(i for i in np.argsort(-row, kind="stable") if self.payable(i))] for row in closures]
        )
        parts = np.array([row.probability for row in self.world.catalog.scenarios])
        regret = np.max(best[:, None] - closures, axis=0)
        self.regrets = regret
        return np.asarray((1 - risk) * parts @ closures + risk * (parts @ best - regret))

    def select(self, objectives: Objectives, content: Content | None = None) -> OracleResult | None:
        """Select stage by stage; None where nobody can pay for any combination."""
        stages: list[tuple[str, float]] = []
        margin = math.inf
        names = [name for name, _ in objectives]
        placing = {at for at in range(1, len(names)) if WHEN_AND_WHERE.isdisjoint(names[:at])}
        placing -= {at for at in placing if not WHEN_AND_WHERE.issuperset(names[at:])}
        for at, (name, tolerance) in enumerate(objectives):
            if content is not None and at == min(placing, default=None):
                self._keep_content(content)
            if name == "outlooks":
                if not any(self.payable(i) for i in range(len(self.values["cost"]))):
                    return None
                self.values[name] = self._over_outlooks()
            loss = -self.values[name] if name in MAXIMISED else self.values[name]
            first = next((i for i in np.argsort(loss, kind="stable") if self.payable(i)), None)
            if first is None:
                return None
            best = float(loss[first])
            shut_out = loss[loss > best + tolerance + SLACK]
            if shut_out.size:
                distance = float(shut_out.min()) - best - tolerance
                margin = min(margin, distance / max(1.0, abs(best)))
            # Whoever is better than the best payable plan is not payable.
            self._keep((loss <= best + tolerance + SLACK) & (loss >= best - SLACK))
            for closing in ("closure", "outlooks") if name == "cost" else ():
                if closing in dict(stages):
                    margin = min(margin, self._keep_closure_of_cheapest(closing, best))
            stages.append((name, -best if name in MAXIMISED else best))
        self._keep(np.array([self.payable(i) for i in range(len(self.values["cost"]))], dtype=np.bool_))
        return self._result(tuple(stages), margin) if len(self.values["cost"]) else None

    def _keep_content(self, content: Content) -> None:
        """Keep the combinations that take just this, whenever and wherever."""
        for axis, (one, some) in enumerate(zip(self.programmes, self.ways, strict=True)):
            wanted = {module for programme, module in content if programme == one.programme.id}
            same = np.array([w.plan.keys() == wanted for w in some], dtype=np.bool_)
            self._keep(same[self.where[axis]])

    def _keep_closure_of_cheapest(self, closing: str, cost: float) -> float:
        """Keep what closes no less than the best plan of the least cost; return the margin."""
        closure = self.values[closing]
        cheapest = np.nonzero(self.values["cost"] <= cost + SLACK)[0]
        order = cheapest[np.argsort(-closure[cheapest], kind="stable")]
        best = float(closure[next(i for i in order if self.payable(i))])
        shut_out = closure[closure < best - SLACK]
        self._keep(closure >= best - SLACK)
        return best - float(shut_out.max()) if shut_out.size else math.inf

    def _result(self, stages: tuple[tuple[str, float], ...], margin: float) -> OracleResult:
        table = np.stack([self.values[name] for name in OBJECTIVES], axis=-1).round(6) + 0.0
        numbers = [
            np.array([w.number for w in some])[index]
            for some, index in zip(self.ways, self.where, strict=True)
        ]
        plans = [
            {w.number: frozenset((one.programme.id, m, t) for m, t in w.plan.items()) for w in some}
            for one, some in zip(self.programmes, self.ways, strict=True)
        ]
        optimal = dict.fromkeys(zip(*(column.tolist() for column in numbers), strict=True))
        whole = {
            frozenset[Choice]().union(*(plans[axis][n] for axis, n in enumerate(combination)))
            for combination in optimal
        }

        def contains(choices: Iterable[Choice]) -> bool:
            return frozenset(choices) in whole

        return OracleResult(
            stages,
            margin,
            frozenset(map(tuple, np.unique(table, axis=0).tolist())),
            tuple(sorted(whole, key=sorted)[:100]),
            len(whole),
            contains,
        )


def mean(columns: list[Floats], weights: Sequence[float]) -> Floats:
    """Return the weighted mean of columns, 0 where nothing weighs."""
    whole = sum(weights)
    parts = [
        w / whole * column if whole else 0.0 * column for w, column in zip(weights, columns, strict=True)
    ]
    return np.asarray(sum(parts))


def sum_outer(columns: list[Floats]) -> Floats:
    """Add arrays so that each becomes an axis of its own."""
    count = len(columns)
    whole: Floats = np.zeros(())
    for axis, column in enumerate(columns):
        shape = [1] * count
        shape[axis] = len(column)
        whole = whole + column.reshape(shape)
    return whole
