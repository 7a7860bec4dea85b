"""The decisions of a plan laid over the catalog: what the rules and the objectives are asked of.

Each programme has a state of its own and the plan holds the states together. A change in one
programme makes one new state and leaves the others, with all that was computed of them, as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from curriplan.capacity import Capacity
from curriplan.curriculum import Curricula, Curriculum, Option
from curriplan.gaps import ProgrammeGaps, programme_weight
from curriplan.model import (
    Catalog,
    HoursByKind,
    Module,
    ModuleOutcome,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeTerm,
)
from curriplan.plan import Payment, Selection, Site, Start
from curriplan.settings import Limits


@dataclass(frozen=True)
class Load:
    """What one module or one fixed load puts into a term: credits, and hours by the words of §6, §7."""

    section: str
    credits: float
    contact_hours: float
    total_hours: float
    practice_hours: float


@dataclass(frozen=True)
class Taken:
    """A module that a programme takes, and the term."""

    option: Option
    term: int

    @property
    def module(self) -> str:
        """The module's id."""
        return self.option.module.id


class Basis:
    """What every plan of a catalog under the same limits is measured against; computed once."""

    def __init__(
        self,
        catalog: Catalog,
        limits: Limits,
        curricula: Curricula | None = None,
        capacity: Capacity | None = None,
    ) -> None:
        self.catalog = catalog
        self.limits = limits
        self.curricula = curricula or Curricula(catalog)
        self.capacity = capacity or Capacity(catalog, limits, self.curricula)
        self.load_of_module = cache(self._load_of_module)
        self.hours_used = cache(self._hours_used)
        self.semesters_used = cache(self._semesters_used)

    @cached_property
    def programmes(self) -> dict[str, ProgrammeBasis]:
        """The basis of each planned programme, in catalog order."""
        return {name: ProgrammeBasis(self, name) for name in self.limits.planned}

    def outcomes(self, module: str) -> tuple[ModuleOutcome, ...]:
        """Return what a module teaches."""
        return self.catalog.outcomes_by_module.get(module, ())

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

    def _load_of_module(self, module: str) -> Load:
        row: Module = self.catalog.module_by_id[module]
        return _load(row, row.section, row.credits or 0.0)

    def load_of_fixed(self, row: ProgrammeFixedLoad) -> Load:
        """Return the load of fixed hours; their credits are hours / hours_per_credit (§6)."""
        return _load(row, row.section, self.limits.fixed_credits(row))

    def _hours_used(self, programme: str, module: str, resource: str) -> float:
        site = self.catalog.resource_by_id.get(resource)
        if site is None:
            return 0.0
        return self.capacity.hours_used(self.catalog.programme_by_id[programme], module, site)

    def _semesters_used(self, programme: str, term: int) -> tuple[str, ...]:
        return self.capacity.semesters_used(self.catalog.programme_by_id[programme], term)


def _load(row: HoursByKind, section: str, credit_points: float) -> Load:
    return Load(section, credit_points, row.contact_hours, row.total_hours, row.practice_hours)


class ProgrammeBasis:
    """What does not depend on the plan: a programme's options, limits by term, and its *before*."""

    def __init__(self, basis: Basis, name: str) -> None:
        catalog = basis.catalog
        self.basis = basis
        self.programme: Programme = catalog.programme_by_id[name]
        self.curriculum: Curriculum = basis.curricula.by_programme[name]
        self.gaps = ProgrammeGaps(catalog, basis.limits, name)
        self.weight = programme_weight(catalog, name)
        self.terms = range(1, self.programme.terms + 1)
        self.term_rows: dict[int, ProgrammeTerm] = {
            row.term: row for row in catalog.programme_terms if row.programme == name
        }
        self.fixed_loads: dict[int, list[Load]] = {}
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
        """What it takes, by term."""
        found: dict[int, list[Taken]] = {}
        for row in self.taken:
            found.setdefault(row.term, []).append(row)
        return found

    @cached_property
    def levels_at_start(self) -> dict[int, dict[str, int]]:
        """Levels held when a term starts: what the modules of earlier terms taught (§2)."""
        levels = dict(self.of.gaps.baseline)
        found = {}
        for term in sorted({*self.of.terms, *self.taken_in}):
            found[term] = levels
            levels = self._after_term(levels, term)
        return found

    def _after_term(self, levels: dict[str, int], term: int) -> dict[str, int]:
        levels = dict(levels)
        for row in self.taken_in.get(term, ()):
            for outcome in self.of.basis.outcomes(row.module):
                levels[outcome.competency] = max(levels.get(outcome.competency, 0), outcome.exit_level)
        return levels

    @cached_property
    def levels_by_term(self) -> tuple[dict[str, int], ...]:
        """Levels held at the end of each term of the programme."""
        return tuple(self._after_term(self.levels_at_start[term], term) for term in self.of.terms)

    @cached_property
    def levels_after(self) -> dict[str, int]:
        """Levels held at the end."""
        last = max(self.levels_at_start)
        return self._after_term(self.levels_at_start[last], last)

    @cached_property
    def closure(self) -> float | None:
        """Closure of the programme with the plan, None where no step is missing."""
        return self.of.gaps.closure(self.levels_after)

    @cached_property
    def loads(self) -> dict[int, list[Load]]:
        """Loads by term of the programme, fixed ones included."""
        return {
            term: [
                *self.of.fixed_loads.get(term, ()),
                *(self.of.basis.load_of_module(row.module) for row in self.taken_in.get(term, ())),
            ]
            for term in self.of.terms
        }

    @cached_property
    def term_credits(self) -> tuple[float, ...]:
        """load[p,t]: credits by term, fixed load included (§6)."""
        return tuple(sum(load.credits for load in loads) for loads in self.loads.values())

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
            hours = basis.hours_used(self.name, site.module, site.resource)
            for term in self.terms_of.get(site.module, ()):
                for semester in basis.semesters_used(self.name, term):
                    key = (site.resource, semester)
                    found[key] = found.get(key, 0.0) + hours
        return found


@dataclass(frozen=True)
class PlanState:
    """All planned programmes with their decisions, and what concerns no single one of them."""

    basis: Basis
    states: Mapping[str, ProgrammeState]
    stray_starts: tuple[Start, ...] = ()
    """Starts of programmes that are unknown or not planned."""
    stray_sites: tuple[Site, ...] = ()
    payments: tuple[Payment, ...] = ()

    def replacing(self, state: ProgrammeState) -> PlanState:
        """Return the plan with other decisions for one programme, without its payments."""
        return replace(self, states={**self.states, state.name: state}, payments=())

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], float]:
        """Hours by (resource, calendar semester) of all planned programmes (§9)."""
        found: dict[tuple[str, str], float] = {}
        for state in self.states.values():
            for key, hours in state.uses.items():
                found[key] = found.get(key, 0.0) + hours
        return found

    @cached_property
    def setup_cost_kzt(self) -> dict[str, int]:
        """New set-up money by module that some programme adds and that does not run already (§10)."""
        added = {name for state in self.states.values() for name in state.added}
        by_id = self.basis.catalog.module_by_id
        return {name: by_id[name].setup_cost_kzt for name in sorted(added - self.basis.curricula.running)}

    @cached_property
    def added_cost_kzt(self) -> dict[tuple[str, str], int]:
        """New delivery money by (programme, module) added (§10)."""
        return {
            (name, module): kzt
            for name, state in self.states.items()
            for module, kzt in state.delivery_cost_kzt(state.added).items()
        }

    @property
    def cost_kzt(self) -> int:
        """New money in all."""
        return sum(self.setup_cost_kzt.values()) + sum(self.added_cost_kzt.values())

    @cached_property
    def new_money_kzt(self) -> dict[str, int]:
        """New money by module: set-up and delivery together."""
        return new_money_by_module(self.setup_cost_kzt, self.added_cost_kzt)


def new_money_by_module(
    setup_cost_kzt: Mapping[str, int], added_cost_kzt: Mapping[tuple[str, str], int]
) -> dict[str, int]:
    """Add up new set-up and delivery money by module (§10), sorted by id."""
    found = dict(setup_cost_kzt)
    for (_, module), kzt in added_cost_kzt.items():
        found[module] = found.get(module, 0) + kzt
    return dict(sorted(found.items()))
