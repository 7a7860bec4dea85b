"""The decisions of a plan laid over the catalog: what the rules and the objectives are asked of.

Each programme has a state of its own and the plan holds the states together. A change in one
programme makes one new state and leaves the others, with all that was computed of them, as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from curriplan.catalog.records import (
    CostPart,
    Entry,
    HoursByKind,
    HoursKind,
    Module,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeTerm,
    ResourceCategory,
    Taught,
)
from curriplan.evaluation.result import CostItem
from curriplan.plan.plan import Payment, Selection, Site, Start
from curriplan.problem.curriculum import Curriculum, Option
from curriplan.problem.gaps import programme_weight
from curriplan.problem.problem import Problem
from curriplan.problem.review import ReviewDecision


@dataclass(frozen=True)
class Taken:
    """A module that a programme takes, and the term in which it starts."""

    option: Option
    term: int

    @property
    def end(self) -> int:
        """The last term that it runs in."""
        return self.term + self.option.span - 1

    @property
    def module(self) -> str:
        """The module's id."""
        return self.option.module.id


@dataclass(frozen=True)
class ProgrammeState:
    """One programme with its decisions, both sorted."""

    of: ProgrammeBasis
    starts: tuple[Start, ...]
    sites: tuple[Site, ...]

    @property
    def name(self) -> str:
        """The programme's id."""
        return self.of.programme.id

    @cached_property
    def taken(self) -> tuple[Taken, ...]:
        """What it takes, by term and module; modules that are no option of it teach it nothing."""
        options = self.of.curriculum.options
        rows = (Taken(options[row.module], row.term) for row in self.starts if row.module in options)
        return tuple(sorted(rows, key=lambda row: (row.term, row.module)))

    @cached_property
    def terms_of(self) -> dict[str, tuple[int, ...]]:
        """Terms by module that is taken; more than one breaks §1."""
        found: dict[str, tuple[int, ...]] = {}
        for row in self.taken:
            found[row.module] = (*found.get(row.module, ()), row.term)
        return found

    @cached_property
    def taken_in(self) -> dict[int, list[Taken]]:
        """What it starts, by term."""
        return _grouped(self.taken, (row.term for row in self.taken))

    @cached_property
    def ended_in(self) -> dict[int, list[Taken]]:
        """What it takes, by the last term that it runs in."""
        return _grouped(self.taken, (row.end for row in self.taken))

    @cached_property
    def levels_at_start(self) -> dict[int, dict[str, int]]:
        """Levels held when a term starts: what the modules that ended before taught (§2)."""
        levels = self.of.gaps.baseline
        found = {}
        for term in sorted({*self.of.terms, *self.taken_in, *self.ended_in}):
            found[term] = levels
            levels = self._with(levels, self.ended_in.get(term, ()))
        return found

    def _with(self, levels: dict[str, int], ended: Iterable[Taken]) -> dict[str, int]:
        levels = dict(levels)
        for row in ended:
            for outcome in self.of.basis.outcomes(row.module):
                if outcome.exit_level > levels.get(outcome.competency, 0):
                    levels[outcome.competency] = outcome.exit_level
        return levels

    @cached_property
    def levels_by_term(self) -> tuple[dict[str, int], ...]:
        """Levels held at the end of each term of the programme."""
        return tuple(
            self._with(self.levels_at_start[term], self.ended_in.get(term, ())) for term in self.of.terms
        )

    @cached_property
    def levels_after(self) -> dict[str, int]:
        """Levels held at the end."""
        last = max(self.levels_at_start)
        return self._with(self.levels_at_start[last], self.ended_in.get(last, ()))

    @cached_property
    def closure(self) -> float | None:
        """Closure of the programme with the plan, None where no step is missing."""
        return self.of.gaps.closure(self.levels_after)

    @cached_property
    def loads(self) -> dict[int, list[TermLoad]]:
        """Loads by term of the programme: fixed ones, and the part of each module that runs in it."""
        found = {term: list(self.of.fixed_loads.get(term, ())) for term in self.of.terms}
        for row in self.taken:
            for term, load in enumerate(self.of.basis.loads_of_module(row.module), row.term):
                if term in found:
                    found[term].append(load)
        return found

    @cached_property
    def running(self) -> dict[int, int]:
        """Number of modules that run in each term of the programme."""
        return {
            term: len(loads) - len(self.of.fixed_loads.get(term, ())) for term, loads in self.loads.items()
        }

    @cached_property
    def term_credits(self) -> tuple[float, ...]:
        """load[p,t]: credits by term, fixed load included (§6)."""
        return tuple(sum(load.credits for load in loads) for loads in self.loads.values())

    @cached_property
    def dual_share(self) -> float | None:
        """Hours at an enterprise / hours of production training and practice; None without such (§8)."""
        total = sum(load.workplace_hours for loads in self.loads.values() for load in loads)
        if total <= 0:
            return None
        basis = self.of.basis
        at_enterprise = {
            (site.module, resource.kind)
            for site in self.sites
            if (resource := basis.catalog.resource_by_id.get(site.resource)) is not None
            and resource.category is ResourceCategory.ENTERPRISE
        }
        hours = sum(
            basis.workplace_hours(module, kind) * len(self.terms_of.get(module, ()))
            for module, kind in sorted(at_enterprise)
        )
        return hours / total

    @cached_property
    def closure_alone(self) -> float | None:
        """Best closure when planned alone (§13), None where there is none; 1 while it is not known."""
        if self.of.gaps.total_weight <= 0:
            return None
        return self.of.basis.limits.closure_alone.get(self.name, 1.0) or None

    @cached_property
    def uncovered_functions(self) -> tuple[str, ...]:
        """Labour functions that a module could serve and none that is taken does (§15)."""
        return tuple(name for name, serving in self.of.functions.items() if not serving & set(self.terms_of))

    @cached_property
    def added(self) -> tuple[str, ...]:
        """Modules taken that are not current, sorted by id."""
        return tuple(sorted({row.module for row in self.taken if row.option.current_term is None}))

    def delivery_cost_kzt(self, modules: tuple[str, ...]) -> dict[str, int]:
        """Return cost_per_group_kzt · groups by module."""
        groups = self.of.basis.limits.groups(self.of.programme)
        by_id = self.of.basis.catalog.module_by_id
        return {name: by_id[name].cost_per_group_kzt * groups for name in modules}

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], float]:
        """Hours by (resource, calendar semester), repeats included (§9)."""
        basis = self.of.basis
        found: dict[tuple[str, str], float] = {}
        for site in self.sites:
            hours = basis.site_hours(self.name, site.module, site.resource, site.parts)
            for term in self.terms_of.get(site.module, ()):
                for semester, share in basis.semester_shares(self.name, site.module, term):
                    key = (site.resource, semester)
                    found[key] = found.get(key, 0.0) + hours * share
        return found

    @cached_property
    def due_kzt(self) -> tuple[tuple[str, CostPart, int, int], ...]:
        """New money but set-up by module, part and amount, and how often that amount is paid (§10)."""
        added = self.added
        found = [(module, CostPart.DELIVERY, kzt, 1) for module, kzt in self.delivery_cost_kzt(added).items()]
        for site in self.sites:
            if site.module in added:
                found += [
                    (site.module, part, kzt, times)
                    for part, kzt, times in self.of.basis.site_kzt(self.name, site)
                ]
        return tuple(row for row in found if row[2] * row[3] > 0)

    @cached_property
    def cost_kzt(self) -> int:
        """New money of this programme alone, without set-up."""
        return sum(kzt * times for _, _, kzt, times in self.due_kzt)

    @cached_property
    def cost_items(self) -> tuple[CostItem, ...]:
        """New money of this programme alone, without set-up, by module, part and year."""
        found: dict[tuple[str, CostPart, int], int] = {}
        for module, part, kzt, times in self.due_kzt:
            for year, due in self.of.basis.by_year(self.name, module, self.terms_of[module][0], kzt):
                found[module, part, year] = found.get((module, part, year), 0) + due * times
        return tuple(
            CostItem(module, part, self.name, year, kzt)
            for (module, part, year), kzt in sorted(found.items())
            if kzt > 0
        )


def _grouped(rows: Iterable[Taken], terms: Iterable[int]) -> dict[int, list[Taken]]:
    found: dict[int, list[Taken]] = {}
    for row, term in zip(rows, terms, strict=True):
        found.setdefault(term, []).append(row)
    return found


@dataclass(frozen=True)
class PlanState:
    """All planned programmes with their decisions, and what concerns no single one of them."""

    basis: Basis
    states: Mapping[str, ProgrammeState]
    stray_starts: tuple[Start, ...] = ()
    """Starts of programmes that are unknown or not planned."""
    stray_sites: tuple[Site, ...] = ()
    payments: tuple[Payment, ...] | None = ()
    """Who pays; empty: whether anybody could is looked into; None: nobody asks."""

    def replacing(self, state: ProgrammeState) -> PlanState:
        """Return the plan with other decisions for one programme, without its payments."""
        return replace(self, states={**self.states, state.name: state}, payments=None)

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], float]:
        """Hours by (resource, calendar semester) of all planned programmes (§9)."""
        found: dict[tuple[str, str], float] = {}
        for state in self.states.values():
            for key, hours in state.uses.items():
                found[key] = found.get(key, 0.0) + hours
        return found

    @cached_property
    def learners_by_start(self) -> dict[tuple[str, str], int]:
        """Learners of planned programmes by (module with ``min_learners``, semester) (§14)."""
        found: dict[tuple[str, str], int] = {}
        if self.basis.crowds:
            for state in self.states.values():
                for row in state.taken:
                    self.basis.add_learners(found, row.option, row.term)
        return found

    @cached_property
    def setup_cost_kzt(self) -> dict[str, int]:
        """New set-up money by module that some programme adds and that does not run already (§10)."""
        added = {name for state in self.states.values() for name in state.added}
        money = self.basis.money
        return {name: money.setup_kzt(name) for name in sorted(added - self.basis.curricula.running)}

    @cached_property
    def added_cost_kzt(self) -> dict[tuple[str, str], int]:
        """New delivery money by (programme, module) added (§10)."""
        return {
            (name, module): kzt
            for name, state in self.states.items()
            for module, kzt in state.delivery_cost_kzt(state.added).items()
        }

    @cached_property
    def cost_kzt(self) -> int:
        """New money in all."""
        return sum(self.setup_cost_kzt.values()) + sum(state.cost_kzt for state in self.states.values())

    @cached_property
    def cost_items(self) -> tuple[CostItem, ...]:
        """All new money by module, part, programme and the year in which it falls due (§10)."""
        items = [*self._setup_items()]
        for state in self.states.values():
            items += state.cost_items
        order = {part: place for place, part in enumerate(CostPart)}
        return tuple(sorted(items, key=lambda item: (item.module, order[item.part], item.year)))

    def _setup_items(self) -> Iterator[CostItem]:
        """Yield the set-up of each module, due in the first year in which a programme starts it."""
        money = self.basis.money
        for module, kzt in self.setup_cost_kzt.items():
            years = [
                money.start_year(state.of.curriculum.options[module], state.terms_of[module][0])
                for state in self.states.values()
                if module in state.added
            ]
            if kzt > 0:
                yield CostItem(module, CostPart.SETUP, None, min(years), kzt)


@dataclass(frozen=True)
class TermLoad:
    """What one module or one fixed load puts into a term: credits, and hours by the words of §6, §7."""

    section: str
    credits: float
    contact_hours: float
    guided_hours: float
    """Guided self-study."""
    total_hours: float
    practice_hours: float
    workplace_hours: float
    """Production training and professional practice: the hours of which §8 asks a share."""

    def part(self, weight: float) -> TermLoad:
        """Return the part of it that falls into one term."""
        return TermLoad(
            self.section,
            self.credits * weight,
            self.contact_hours * weight,
            self.guided_hours * weight,
            self.total_hours * weight,
            self.practice_hours * weight,
            self.workplace_hours * weight,
        )


class Basis:
    """What every plan of a problem is measured against; ``problem.derived(Basis)`` works it out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.catalog = problem.catalog
        self.limits = problem.limits
        self.curricula = problem.curricula
        self.capacity = problem.capacity
        self.money = problem.money
        self.loads_of_module = cache(self._loads_of_module)
        self.site_hours = cache(self._site_hours)
        self.semester_shares = cache(self._semester_shares)
        self.site_kzt = cache(self._site_kzt)
        self.by_year = cache(self._by_year)

    @cached_property
    def programmes(self) -> dict[str, ProgrammeBasis]:
        """The basis of each planned programme, in catalog order."""
        return {name: ProgrammeBasis(self, name) for name in self.limits.planned}

    def outcomes(self, module: str) -> tuple[Taught, ...]:
        """Return what a module teaches, transfers included."""
        return self.catalog.teaching.of(module)

    def plan(self, selection: Selection) -> PlanState:
        """Lay the decisions of `selection` over the catalog; their order never matters."""
        starts, sites = sorted(selection.starts), sorted(selection.sites)
        states = {
            name: ProgrammeState(
                one,
                tuple(row for row in starts if row.programme == name),
                tuple(row for row in sites if row.programme == name),
            )
            for name, one in self.programmes.items()
        }
        return PlanState(
            self,
            states,
            tuple(row for row in starts if row.programme not in states),
            tuple(row for row in sites if row.programme not in states),
            tuple(sorted(selection.payments)),
        )

    @cached_property
    def crowds(self) -> dict[str, int]:
        """Least learners by module that has such a limit (§14)."""
        return {row.id: row.min_learners for row in self.catalog.modules if row.min_learners is not None}

    @cached_property
    def unplanned_learners(self) -> dict[tuple[str, str], int]:
        """Learners by (module, semester) who start it in programmes that are not planned (§14)."""
        found: dict[tuple[str, str], int] = {}
        for name, one in self.curricula.by_programme.items():
            if name not in self.limits.planned:
                for option in one.current:
                    if option.current_term is not None:
                        self.add_learners(found, option, option.current_term)
        return found

    def add_learners(self, found: dict[tuple[str, str], int], option: Option, term: int) -> None:
        """Add the learners who start a module in `term` to those by (module, semester)."""
        if option.module.id in self.crowds:
            programme = self.catalog.programme_by_id[option.programme]
            for semester in self.capacity.start_semesters(programme, term):
                key = (option.module.id, semester)
                found[key] = found.get(key, 0) + programme.learners

    def _loads_of_module(self, module: str) -> tuple[TermLoad, ...]:
        row: Module = self.catalog.module_by_id[module]
        whole = _load(row, row.section, row.credits or 0.0)
        return tuple(whole.part(weight) for weight in row.term_weights)

    def workplace_hours(self, module: str, kind: str) -> float:
        """Return the hours of production training and practice that a module spends at a kind (§8)."""
        needed = self.capacity.needs.get(module, {}).get(kind, {})
        kinds = (HoursKind.PRODUCTION_TRAINING, HoursKind.PROFESSIONAL_PRACTICE)
        return sum(needed.get(hours_kind, 0.0) for hours_kind in kinds)

    def load_of_fixed(self, row: ProgrammeFixedLoad) -> TermLoad:
        """Return the load of fixed hours; their credits are hours / hours_per_credit (§6)."""
        return _load(row, row.section, self.limits.fixed_credits(row))

    def _site_hours(self, programme: str, module: str, resource: str, parts: int) -> float:
        site = self.catalog.resource_by_id.get(resource)
        if site is None:
            return 0.0
        return self.capacity.site_hours(self.catalog.programme_by_id[programme], module, site, parts)

    def _semester_shares(self, programme: str, module: str, term: int) -> tuple[tuple[str, float], ...]:
        option = self.curricula.by_programme[programme].options[module]
        return tuple(self.capacity.semester_shares(option, term).items())

    def _site_kzt(self, programme: str, site: Site) -> tuple[tuple[CostPart, int, int], ...]:
        """Return fees and travel of a site: what each is of one part, and how often it is paid (§10)."""
        resource = self.catalog.resource_by_id.get(site.resource)
        if resource is None or resource.kind not in self.capacity.needs.get(site.module, {}):
            return ()
        option = self.curricula.by_programme[programme].options[site.module]
        split = self.capacity.is_split(site.module, resource.kind)
        times = site.parts if split else 1
        return (
            (CostPart.FEES, self.money.fees_kzt(option, resource, 1), times),
            (CostPart.TRAVEL, self.money.travel_kzt(option, resource, 1), times),
        )

    def _by_year(self, programme: str, module: str, term: int, kzt: int) -> tuple[tuple[int, int], ...]:
        option = self.curricula.by_programme[programme].options[module]
        return tuple(self.money.by_year(option, term, kzt).items())


def _load(row: HoursByKind, section: str, credit_points: float) -> TermLoad:
    workplace_hours = row.production_training_hours + row.professional_practice_hours
    return TermLoad(
        section,
        credit_points,
        row.contact_hours,
        row.self_study_guided_hours,
        row.total_hours,
        row.practice_hours,
        workplace_hours,
    )


class ProgrammeBasis:
    """What does not depend on the plan: a programme's options, limits by term, and its *before*."""

    def __init__(self, basis: Basis, name: str) -> None:
        catalog = basis.catalog
        self.basis = basis
        self.programme: Programme = catalog.programme_by_id[name]
        self.curriculum: Curriculum = basis.curricula.by_programme[name]
        self.gaps = basis.problem.gaps[name]
        self.weight = programme_weight(catalog, name)
        self.terms = range(1, self.programme.terms + 1)
        self.term_rows: dict[int, ProgrammeTerm] = {
            row.term: row for row in catalog.programme_terms if row.programme == name
        }
        self.fixed_loads: dict[int, list[TermLoad]] = {}
        for row in catalog.programme_fixed_hours:
            if row.programme == name:
                self.fixed_loads.setdefault(row.term, []).append(basis.load_of_fixed(row))

    @cached_property
    def levels_before(self) -> dict[str, int]:
        """Levels that the existing curriculum reaches, as it stands: no rule is enforced on it."""
        current = (item.module.id for item in self.curriculum.current)
        return self.gaps.levels_after(row for name in current for row in self.basis.outcomes(name))

    @cached_property
    def closure_before(self) -> float | None:
        """Closure of the existing curriculum, None where no step is missing."""
        return self.gaps.closure(self.levels_before)

    @cached_property
    def unteachable_share(self) -> float:
        """Part of the weight W(p) whose steps no module of M(p) teaches."""
        options = (item.module.id for item in self.curriculum.open_options)
        best = self.gaps.levels_after(row for name in options for row in self.basis.outcomes(name))
        closure = self.gaps.closure(best)
        return 0.0 if closure is None else 1.0 - closure

    @cached_property
    def floors(self) -> dict[str, int]:
        """Highest floor by competency (§11)."""
        found: dict[str, int] = {}
        for row in self.basis.catalog.floors:
            if row.programme in (None, self.programme.id):
                found[row.competency] = max(found.get(row.competency, 0), row.level)
        return found

    def entries(self, module: str) -> tuple[Entry, ...]:
        """Return the levels above the baseline that a module needs beforehand (§3)."""
        found = self._entries.get(module)
        if found is None:
            found = self.basis.catalog.teaching.entries(module, self.gaps.baseline)
            self._entries[module] = found
        return found

    @cached_property
    def _entries(self) -> dict[str, tuple[Entry, ...]]:
        return {}

    @cached_property
    def functions(self) -> dict[str, frozenset[str]]:
        """Modules of M(p) that serve each labour function of its occupations; none left out (§15)."""
        catalog = self.basis.catalog
        occupations = {row.occupation for row in catalog.targets if row.programme == self.programme.id}
        options = {option.module.id for option in self.curriculum.open_options}
        serving: dict[str, set[str]] = {}
        for row in catalog.module_functions:
            if row.module in options:
                serving.setdefault(row.labour_function, set()).add(row.module)
        return {
            row.id: frozenset(serving[row.id])
            for row in catalog.labour_functions
            if row.occupation in occupations and row.id in serving
        }

    @cached_property
    def previous(self) -> dict[str, int] | None:
        """Terms of the earlier plan by module of M(p); None without an earlier plan (§12)."""
        rows = self.basis.limits.settings.previous
        if rows is None:
            return None
        options = {option.module.id for option in self.curriculum.open_options}
        return {
            module: term for name, module, term in rows if name == self.programme.id and module in options
        }

    @cached_property
    def review(self) -> tuple[ReviewDecision, ...]:
        """What reviewers decided on modules of this programme (§12)."""
        rows = self.basis.limits.settings.review
        return tuple(row for row in rows if row.programme == self.programme.id)

    def weeks(self, term: int) -> float | None:
        """Return the teaching weeks of a term: its own, else half a year's, else None (§6)."""
        row = self.term_rows.get(term)
        if row is not None and row.weeks is not None:
            return row.weeks
        year = self.basis.limits.number("teaching_weeks_year")
        return None if year is None else year / 2

    def state(self, starts: tuple[Start, ...], sites: tuple[Site, ...]) -> ProgrammeState:
        """Return the state of this programme under other decisions."""
        return ProgrammeState(self, tuple(sorted(starts)), tuple(sorted(sites)))
