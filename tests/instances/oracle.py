"""A brute-force oracle: docs/formulation.md worked out a second time, by enumeration.

It imports nothing of curriplan but the record types, so that a mistake in the shared code cannot hide.
For every planned programme it lists every way to take the modules (a start term, or not at all), notes
which rules each way breaks, and combines the programmes for what they share: resources (§9) and money
(§10). The lexicographic selection then runs over all combinations at once, as arrays with one axis per
programme. Catalogs must be tiny: (terms + 1) ** modules ways per programme.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from curriplan.model import (
    Catalog,
    HoursByKind,
    HoursKind,
    Module,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
)

Objectives = tuple[tuple[str, float], ...]
Choice = tuple[str, str, int]
"""A programme, a module, and the term in which the programme takes it."""
Plan = Mapping[str, int]
"""The modules that one programme takes, each with its term."""
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DEFAULT: Objectives = (
    ("no_harm", 0.0),
    ("closure", 0.005),
    ("cost", 0.0),
    ("disruption", 0.0),
    ("balance", 0.0),
)
RULES = ("§1", "§2", "§3", "§4", "§5", "§6", "§7", "§9", "§10", "§11")
SLACK = 1e-7
"""What a limit or a held objective may be missed by: rounding of floats, nothing else."""
MEETING_SHARE = 0.5
ESSENTIAL_FACTOR = 2.0
PRACTICE = ("laboratory_practical", "production_training", "professional_practice")
SELF_STUDY = ("self_study_guided", "self_study")
ALL_SECTIONS = ("general", "basic", "professional", "practice", "attestation", "elective")


@dataclass(frozen=True)
class Options:
    """What a user may set over the catalog; the names are those of the settings."""

    programmes: tuple[str, ...] = ()
    budget_kzt: int | None = None
    practice_share: float | None = None


@dataclass(frozen=True)
class OracleResult:
    """The optimum: one value per stage, and all plans that attain them."""

    stages: tuple[tuple[str, float], ...]
    margin: float
    """How far the nearest plan is that a stage shut out, relative to the stage's value.

    A tiny margin means that a solver with tolerances may rightly decide otherwise.
    """
    vectors: frozenset[tuple[float, ...]]
    """The values of every objective, in the default order, of each optimal plan, rounded."""
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
    budget_kzt: int | None = None,
    practice_share: float | None = None,
    programmes: tuple[str, ...] = (),
) -> OracleResult | None:
    """Return the optimum of a tiny catalog, None where no plan keeps the rules."""
    options = Options(programmes, budget_kzt, practice_share)
    return Enumeration(catalog, options, droppable=drop_rules).solve(objectives, drop_rules)


def semester_number(semester: str) -> int:
    """Count half-years: an autumn is even, the spring after it is one more."""
    year, half = semester.split("-")
    return 2 * int(year) + int(half) - 1


def total_hours(load: HoursByKind) -> float:
    """Add the hours of all six kinds."""
    return sum(load.hours(kind.value) for kind in HoursKind)


class World:
    """A catalog with its options, looked up by the words of the formulation."""

    def __init__(self, catalog: Catalog, options: Options) -> None:
        self.catalog = catalog
        self.options = options
        self.profile = {row.key_name: row.value for row in catalog.profile}
        self.modules = {row.id: row for row in catalog.modules}
        self.headers = {row.parent for row in catalog.modules if row.parent is not None}
        self.teaches: dict[str, dict[str, int]] = {name: {} for name in self.modules}
        self.entries: dict[str, dict[str, int]] = {name: {} for name in self.modules}
        for outcome in catalog.module_outcomes:
            self.teaches[outcome.module][outcome.competency] = outcome.exit_level
            self.entries[outcome.module][outcome.competency] = outcome.entry_level
        chosen = options.programmes
        self.planned = [p for p in catalog.programmes if not chosen or p.id in chosen]
        self.unplanned = {p.id: p for p in catalog.programmes if chosen and p.id not in chosen}
        self.semesters = sorted(
            {semester_number(p.start) + term for p in catalog.programmes for term in range(p.terms)}
        )

    def number(self, key: str) -> float | None:
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
    def budget(self) -> float:
        """The limit on new money (§10)."""
        if self.options.budget_kzt is not None:
            return self.options.budget_kzt
        if not self.catalog.funding_budgets:
            return math.inf
        learners = sum(p.learners for p in self.catalog.programmes)
        return sum(row.budget_kzt + row.per_learner_kzt * learners for row in self.catalog.funding_budgets)

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


class Sites:
    """§9: the free hours of each limited resource, and what a module uses of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        rows = {(row.resource, row.semester): row for row in world.catalog.resource_capacity}
        limited = [r.id for r in world.catalog.resources if any(name == r.id for name, _ in rows)]
        self.free: dict[tuple[str, int], float] = {}
        for resource, semester in itertools.product(limited, world.semesters):
            half = semester % 2 + 1
            row = rows.get((resource, f"{semester // 2}-{half}")) or rows.get((resource, f"*-{half}"))
            self.free[resource, semester] = max(0.0, row.hours - row.committed_hours) if row else 0.0
        for standing in world.catalog.programme_modules:
            if standing.programme in world.unplanned and standing.current_term is not None:
                self._commit(world.unplanned[standing.programme], standing.module, standing.current_term)
        self.axes = sorted(self.free)
        self.limits = np.array([self.free[axis] for axis in self.axes])

    def _commit(self, programme: Programme, module: str, term: int) -> None:
        for uses in self.kinds(programme, module, term):
            fitting = [use for use in uses if all(h <= self.free[a] + SLACK for a, h in use.items())]
            for axis, hours in (fitting or uses or [{}])[0].items():
                self.free[axis] = max(0.0, self.free[axis] - hours)

    def kinds(self, programme: Programme, module: str, term: int) -> list[list[dict[tuple[str, int], float]]]:
        """Return, for each kind that needs a site, the hours that each of its sites would give."""
        rows = [row for row in self.world.catalog.module_resources if row.module == module]
        found = []
        for kind in sorted({row.resource_kind for row in rows}):
            needs = [
                (row.hours_kind.value, hours)
                for row in rows
                if row.resource_kind == kind
                and (hours := self.world.modules[module].hours(row.hours_kind.value) * row.hours_share) > 0
            ]
            if needs:
                found.append(self._sites(programme, term, kind, needs))
        return found

    def _sites(
        self, programme: Programme, term: int, kind: str, needs: list[tuple[str, float]]
    ) -> list[dict[tuple[str, int], float]]:
        uses = []
        for resource in self.world.catalog.resources:
            if resource.kind == kind:
                by_group = resource.category.value == "teacher_post"
                groups = self.world.groups(programme)
                subgroups = self.world.subgroups(programme, resource.places)
                hours = sum(h * (groups if by_group and k == "theory" else subgroups) for k, h in needs)
                semesters = self._concerned(programme, term)
                axes = [(resource.id, s) for s in semesters if (resource.id, s) in self.free]
                uses.append(dict.fromkeys(axes, hours))
        return uses

    def _concerned(self, programme: Programme, term: int) -> list[int]:
        start = semester_number(programme.start)
        own = start + term - 1
        if not programme.repeats:
            return [own]
        return [s for s in self.world.semesters if s % 2 == own % 2 and s >= start]

    def options(self, programme: Programme, plan: Plan) -> frozenset[tuple[float, ...]]:
        """Return every way to give the plan its sites, as hours used; those that fit alone."""
        ways = {(0.0,) * len(self.axes)}
        for module, term in plan.items():
            for uses in self.kinds(programme, module, term):
                added = [tuple(use.get(axis, 0.0) for axis in self.axes) for use in uses]
                sums = {tuple(a + b for a, b in zip(way, use, strict=True)) for way in ways for use in added}
                ways = {way for way in sums if self._fits(way)}
        return frozenset(ways)

    def _fits(self, way: tuple[float, ...]) -> bool:
        return all(hours <= limit + SLACK for hours, limit in zip(way, self.limits, strict=True))


@dataclass(frozen=True)
class Way:
    """One way to plan one programme: what it breaks, and all that the selection needs of it."""

    plan: dict[str, int]
    broken: frozenset[str]
    closure: float
    delivery_kzt: float
    added: frozenset[str]
    disruption_hours: float
    imbalance_credits: float
    sites: frozenset[tuple[float, ...]]


class OneProgramme:
    """The rules and objectives that concern one programme alone."""

    def __init__(self, world: World, sites: Sites, programme: Programme) -> None:
        self.world = world
        self.sites = sites
        self.programme = programme
        catalog = world.catalog
        mine = programme.id
        self.rows: dict[str, ProgrammeModule] = {
            row.module: row for row in catalog.programme_modules if row.programme == mine
        }
        self.baseline = {row.competency: row.level for row in catalog.baseline if row.programme == mine}
        self.fixed = [row for row in catalog.programme_fixed_hours if row.programme == mine]
        self.term_rows = {row.term: row for row in catalog.programme_terms if row.programme == mine}
        self.terms = range(1, programme.terms + 1)
        self.worth = self._worth()
        self.total_worth = sum(self.worth.values())

    # --- words of the formulation

    def takeable(self) -> list[str]:
        """Return the modules that are no headers and that p may see at all, forbidden ones included."""
        names = self.rows or self.world.modules
        return sorted(name for name in names if name not in self.world.headers)

    def status(self, module: str) -> str:
        """Return the standing; without rows every module is a candidate."""
        return self.rows[module].status.value if module in self.rows else "candidate"

    def current_term(self, module: str) -> int | None:
        """Return the term of the existing curriculum in which p teaches the module."""
        return self.rows[module].current_term if module in self.rows else None

    def starts(self, module: str) -> list[int]:
        """Return Starts(p, m)."""
        row = self.rows.get(module)
        if row is None:
            return list(self.terms)
        if row.pinned_term is not None:
            wanted: Iterable[int] = [row.pinned_term]
        else:
            wanted = row.allowed_terms or self.terms
        return sorted({term for term in wanted if term in self.terms})

    def level(self, modules: Iterable[str], competency: str) -> int:
        """Return the highest level of a competency that the modules teach."""
        return max((self.world.teaches[m].get(competency, 0) for m in modules), default=0)

    def _worth(self) -> dict[tuple[str, int], float]:
        worth: dict[tuple[str, int], float] = {}
        for target in self.world.catalog.targets:
            for need in self.world.catalog.occupation_requirements:
                if target.programme != self.programme.id or need.occupation != target.occupation:
                    continue
                base = self.baseline.get(need.competency, 0)
                levels = range(base + 1, need.level + 1)
                whole = sum(self.world.level_value(level) for level in levels)
                kappa = ESSENTIAL_FACTOR if need.essential else 1.0
                for level in levels:
                    step = (1 - MEETING_SHARE) * self.world.level_value(level)
                    step += MEETING_SHARE * whole if level == need.level else 0.0
                    key = (need.competency, level)
                    worth[key] = worth.get(key, 0.0) + target.share * need.importance * kappa * step
        return worth

    def closure(self, modules: Iterable[str]) -> float:
        """Return closure(p) with these modules; 0 where there is nothing to close."""
        if not self.total_worth:
            return 0.0
        names = list(modules)
        closed = sum(w for (c, level), w in self.worth.items() if self.level(names, c) >= level)
        return closed / self.total_worth

    @cached_property
    def before(self) -> float:
        """before(p): the modules of the existing curriculum, as they stand."""
        return self.closure(m for m, row in self.rows.items() if row.current_term is not None)

    def load(self, plan: Plan) -> dict[int, float]:
        """Return the credits of each term, the fixed ones included."""
        per_credit = self.world.number("hours_per_credit")
        load = dict.fromkeys(self.terms, 0.0)
        for module, term in plan.items():
            load[term] += self.world.modules[module].credits or 0.0
        for row in self.fixed:
            hours = total_hours(row)
            if self.world.profile.get("self_study_inside_credit") == "no":
                hours -= sum(row.hours(kind) for kind in SELF_STUDY)
            load[row.term] += hours / per_credit if per_credit else 0.0
        return load

    # --- rules: each says whether the plan keeps it

    def keeps_standing(self, plan: Plan) -> bool:
        """§1: mandatory modules are taken, forbidden ones not, all in their terms."""
        for module in self.takeable():
            status = self.status(module)
            if module not in plan:
                if status == "mandatory":
                    return False
            elif status == "forbidden" or plan[module] not in self.starts(module):
                return False
        return True

    def leans(self, plan: Plan, module: str, other: str) -> bool:
        """Whether in this plan `module` may build on `other`: before it, or the exception."""
        term = plan[module]
        if other not in plan:
            return False
        if plan[other] < term:
            return True
        if not (plan[other] == term == self.current_term(module) == self.current_term(other)):
            return False
        mine, theirs = self.rows[module].position, self.rows[other].position
        return mine is not None and theirs is not None and theirs < mine

    def keeps_entry(self, plan: Plan) -> bool:
        """§3: every entry level is held before."""
        for module in plan:
            for competency, entry in self.world.entries[module].items():
                if entry > self.baseline.get(competency, 0):
                    carriers = [m for m in plan if self.world.teaches[m].get(competency, 0) >= entry]
                    if not any(self.leans(plan, module, carrier) for carrier in carriers):
                        return False
        return True

    def keeps_requisites(self, plan: Plan) -> bool:
        """§4: of the alternatives of each requisite one is taken, and in time."""
        serves: dict[tuple[str, str, str], bool] = {}
        for i, row in enumerate(self.world.catalog.module_requisites):
            if row.module in plan:
                kind = row.kind.value
                # A row without a word is a group of its own.
                group = (row.module, kind, f"word {row.any_of}" if row.any_of else f"row {i}")
                served = self.serves(plan, row.module, kind, row.requires)
                serves[group] = serves.get(group, False) or served
        return all(serves.values())

    def serves(self, plan: Plan, module: str, kind: str, other: str) -> bool:
        """Whether the plan takes `other` when `module` requires it."""
        if other not in plan:
            return False
        if kind == "prerequisite":
            return self.leans(plan, module, other)
        return plan[other] == plan[module] or (kind == "corequisite" and plan[other] < plan[module])

    def keeps_exclusive(self, plan: Plan) -> bool:
        """§5: no two modules of one exclusive group."""
        groups = [group for m in plan if (group := self.world.modules[m].exclusive_group)]
        return len(groups) == len(set(groups))

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
            count = sum(1 for start in plan.values() if start == term)
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
            loads: list[HoursByKind] = [self.world.modules[m] for m, t in plan.items() if t == term]
            loads += [row for row in self.fixed if row.term == term]
            hours = sum(total_hours(load) for load in loads)
            contact = hours - sum(load.hours(kind) for load in loads for kind in SELF_STUDY)
            for key, counted in (("weekly_hours", hours if every else contact), ("weekly_hours_all", hours)):
                limit = self.world.number(key)
                if limit is not None and weeks is not None and counted > limit * weeks + SLACK:
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
            for row in self.world.catalog.floors
            if row.programme in (None, self.programme.id)
        )

    # --- the enumeration

    def ways(self, droppable: frozenset[str]) -> list[Way]:
        """List every way that breaks no rule but the droppable ones."""
        found = []
        names = self.takeable()
        for terms in itertools.product(*(self._choices(name, "§1" in droppable) for name in names)):
            plan = {name: term for name, term in zip(names, terms, strict=True) if term}
            broken = self._broken(plan, droppable)
            if broken is not None:
                sites = self.sites.options(self.programme, plan)
                if sites or "§9" in droppable:
                    found.append(self._way(plan, broken, sites))
        return found

    def _choices(self, module: str, free: bool) -> list[int]:
        """List the terms to try, 0 for "not taken"; `free` leaves it to §1 to refuse them."""
        if free:
            return [0, *self.terms]
        starts = [] if self.status(module) == "forbidden" else self.starts(module)
        return starts if self.status(module) == "mandatory" else [0, *starts]

    def _broken(self, plan: Plan, droppable: frozenset[str]) -> frozenset[str] | None:
        """Name the droppable rules that are broken, None if another one is."""
        load = self.load(plan)
        rules: list[tuple[str, Callable[[], bool]]] = [
            ("§1", lambda: self.keeps_standing(plan)),
            ("§4", lambda: self.keeps_requisites(plan)),
            ("§5", lambda: self.keeps_exclusive(plan)),
            ("§3", lambda: self.keeps_entry(plan)),
            ("§6", lambda: self.keeps_total(load)),
            ("§6", lambda: self.keeps_terms(plan, load)),
            ("§6", lambda: self.keeps_weeks(plan)),
            ("§7", lambda: self.keeps_practice(plan)),
            ("§11", lambda: self.keeps_floors(plan)),
        ]
        broken = set()
        for rule, keeps in rules:
            if not keeps():
                # Without §2 every level counts as reached, so that §3 has nothing to ask.
                if rule not in droppable and not (rule == "§3" and "§2" in droppable):
                    return None
                broken.add(rule)
        return frozenset(broken)

    def _way(self, plan: dict[str, int], broken: frozenset[str], sites: frozenset[tuple[float, ...]]) -> Way:
        added = frozenset(m for m in plan if self.current_term(m) is None)
        groups = self.world.groups(self.programme)
        disruption = sum(
            total_hours(self.world.modules[m])
            for m, row in self.rows.items()
            if row.current_term is not None
            and row.status.value != "forbidden"
            and plan.get(m) != row.current_term
        )
        load = self.load(plan)
        pairs = itertools.combinations(self.terms, 2)
        return Way(
            plan,
            broken,
            self.closure(plan),
            float(sum(self.world.modules[m].cost_per_group_kzt * groups for m in added)),
            added - self.world.running,
            disruption,
            sum(abs(load[a] - load[b]) for a, b in pairs),
            sites,
        )


def within(value: float, least: float | None, most: float | None) -> bool:
    """Whether a value lies between two limits, each of which may be absent."""
    return (least is None or value >= least - SLACK) and (most is None or value <= most + SLACK)


class Enumeration:
    """All plans of a catalog: enumerated once, solved with any rule dropped that was said to be droppable."""

    def __init__(
        self, catalog: Catalog, options: Options | None = None, droppable: frozenset[str] = frozenset(RULES)
    ) -> None:
        self.world = World(catalog, options or Options())
        self.sites = Sites(self.world)
        self.programmes = [OneProgramme(self.world, self.sites, p) for p in self.world.planned]
        self.ways = [one.ways(droppable) for one in self.programmes]

    def solve(
        self, objectives: Objectives = DEFAULT, drop_rules: frozenset[str] = frozenset()
    ) -> OracleResult | None:
        """Select stage by stage; None where no plan keeps the rules."""
        ignored = drop_rules | ({"§3"} if "§2" in drop_rules else frozenset())
        ways = [
            [w for w in some if w.broken <= ignored and (w.sites or "§9" in ignored)] for some in self.ways
        ]
        if not all(ways):
            return None
        values = self._values(ways, "§2" in drop_rules)
        alive = np.ones(values["cost"].shape, dtype=np.bool_)
        if "§9" not in drop_rules:
            alive &= self._fitting(ways)
        if "§10" not in drop_rules:
            alive &= values["cost"] <= self.world.budget + SLACK
        return self._select(ways, values, alive, objectives) if alive.any() else None

    def _select(
        self, ways: list[list[Way]], values: dict[str, Floats], alive: Bools, objectives: Objectives
    ) -> OracleResult:
        stages, margin = [], math.inf
        for name, tolerance in objectives:
            loss = -values[name] if name == "closure" else values[name]
            best = float(loss[alive].min())
            kept = alive & (loss <= best + tolerance + SLACK)
            shut_out = loss[alive & ~kept]
            if shut_out.size:
                distance = float(shut_out.min()) - best - tolerance
                margin = min(margin, distance / max(1.0, abs(best)))
            alive = kept
            stages.append((name, -best if name == "closure" else best))
        return self._result(ways, values, alive, tuple(stages), margin)

    def _result(
        self,
        ways: list[list[Way]],
        values: dict[str, Floats],
        alive: Bools,
        stages: tuple[tuple[str, float], ...],
        margin: float,
    ) -> OracleResult:
        table = np.stack([values[name][alive] for name, _ in DEFAULT], axis=-1).round(7) + 0.0
        ids = [one.programme.id for one in self.programmes]
        plans = [
            [frozenset((p, m, t) for m, t in w.plan.items()) for w in some]
            for p, some in zip(ids, ways, strict=True)
        ]
        indices = [{plan: i for i, plan in enumerate(some)} for some in plans]

        def contains(choices: Iterable[Choice]) -> bool:
            wanted = list(choices)
            parts = [frozenset(choice for choice in wanted if choice[0] == p) for p in ids]
            found = [index.get(part) for part, index in zip(parts, indices, strict=True)]
            if None in found or sum(map(len, parts)) != len(wanted):
                return False
            return bool(alive[tuple(found)])

        some = np.argwhere(alive)[:100]
        optima = tuple(frozenset().union(*(plans[axis][i] for axis, i in enumerate(where))) for where in some)
        vectors = frozenset(map(tuple, np.unique(table, axis=0).tolist()))
        return OracleResult(stages, margin, vectors, optima, int(alive.sum()), contains)

    def _sum(self, columns: list[list[float]]) -> Floats:
        """Add one column per programme into an array with one axis per programme."""
        return sum_outer([np.array(column, dtype=np.float64) for column in columns])

    def _values(self, ways: list[list[Way]], all_reached: bool) -> dict[str, Floats]:
        counted = [one.total_worth > 0 for one in self.programmes]
        learners = [one.programme.learners * c for one, c in zip(self.programmes, counted, strict=True)]
        weights = [
            (one.programme.learners if one.programme.weight is None else one.programme.weight) * c
            for one, c in zip(self.programmes, counted, strict=True)
        ]
        closures = [
            [(1.0 if all_reached else w.closure) * c for w in some]
            for some, c in zip(ways, counted, strict=True)
        ]
        harms = [
            [max(0.0, one.before - closure) for closure in some]
            for one, some in zip(self.programmes, closures, strict=True)
        ]
        return {
            "no_harm": self._mean(harms, learners),
            "closure": self._mean(closures, weights),
            "cost": self._sum([[w.delivery_kzt for w in some] for some in ways]) + self._set_up(ways),
            "disruption": self._sum([[w.disruption_hours for w in some] for some in ways]),
            "balance": self._sum([[w.imbalance_credits for w in some] for some in ways]),
        }

    def _mean(self, columns: list[list[float]], weights: Sequence[float]) -> Floats:
        whole = sum(weights)
        shares = [weight / whole if whole else 0.0 for weight in weights]
        return self._sum([[share * x for x in some] for share, some in zip(shares, columns, strict=True)])

    def _set_up(self, ways: list[list[Way]]) -> Floats:
        """Pay for setting up each module once, whoever adds it."""
        money = np.zeros(tuple(map(len, ways)))
        for module in sorted({m for some in ways for w in some for m in w.added}):
            adders = self._sum([[float(module in w.added) for w in some] for some in ways])
            money += self.world.modules[module].setup_cost_kzt * (adders > 0)
        return money

    def _fitting(self, ways: list[list[Way]]) -> Bools:
        """Say which combinations find sites for all: some choice of sites keeps every limit."""
        kinds = [sorted({w.sites for w in some}, key=sorted) for some in ways]
        stacks = [np.array([way for sites in some for way in sorted(sites)]) for some in kinds]
        fits: Bools = np.all(sum_outer(stacks) <= self.sites.limits + SLACK, axis=-1)
        for axis, some in enumerate(kinds):
            firsts = np.cumsum([0, *(len(sites) for sites in some)])[:-1]
            fits = np.logical_or.reduceat(fits, firsts, axis=axis)
        places = [{sites: i for i, sites in enumerate(some)} for some in kinds]
        chosen = [[place[w.sites] for w in some] for place, some in zip(places, ways, strict=True)]
        return np.asarray(fits[np.ix_(*chosen)], dtype=np.bool_)


def sum_outer(columns: list[Floats]) -> Floats:
    """Add arrays so that each first axis stays an axis of its own; a second axis is shared."""
    count = len(columns)
    whole: Floats = np.zeros(())
    for axis, column in enumerate(columns):
        shape = [1] * count
        shape[axis] = len(column)
        whole = whole + column.reshape(*shape, *column.shape[1:])
    return whole
