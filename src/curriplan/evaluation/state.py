"""The decisions of a plan laid over the catalog: what the rules and the objectives are asked of.

Each programme has a state of its own and the plan holds the states together. A change in one
programme makes one new state and leaves the others, with all that was computed of them, as they are.
Within the new state those terms, resources and modules are new that `curriplan.evaluation.touched` names.
Each figure of a part is the same function of the same decisions in the same order, whether everything is
new or one part of it: so what is evaluated by difference is what a whole evaluation finds, to the last bit.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from curriplan.catalog.records import CostPart, ResourceCategory
from curriplan.evaluation.given import Given, ProgrammeBasis
from curriplan.evaluation.parts import Taken, Term, Use
from curriplan.evaluation.result import CostItem
from curriplan.evaluation.touched import Asked, everything, touched
from curriplan.plan.plan import Payment, Selection, Site, Start

Figure = TypeVar("Figure")
Row = TypeVar("Row", Start, Site)
Due = tuple[CostPart, int, int]
"""A part of new money, an amount in KZT, and how often that amount is paid (§10)."""


@dataclass(frozen=True)
class ProgrammeState:
    """One programme with its decisions, both sorted.

    Parameters
    ----------
    change : pair, optional
        The state from which this one was changed, and what the change touches.
    """

    of: ProgrammeBasis
    starts: tuple[Start, ...]
    sites: tuple[Site, ...]
    change: tuple[ProgrammeState, Asked] | None = None

    def changed(
        self, modules: Iterable[str], starts: Iterable[Start] = (), sites: Iterable[Site] = ()
    ) -> ProgrammeState:
        """Return the state in which these starts and sites are all that is decided about some modules."""
        names = frozenset(modules)
        new = tuple(sorted(starts)), tuple(sorted(sites))
        kept_starts, gone_starts = _divided(self.starts, names)
        kept_sites, gone_sites = _divided(self.sites, names)
        asked = touched(self.of, names, (gone_starts, gone_sites), new)
        return ProgrammeState(
            self.of, _merged(kept_starts, new[0]), _merged(kept_sites, new[1]), (self, asked)
        )

    @property
    def whole(self) -> ProgrammeState:
        """The same decisions, of which everything is asked."""
        return self if self.change is None else ProgrammeState(self.of, self.starts, self.sites)

    @cached_property
    def asked(self) -> Asked:
        """What is looked at: everything, or what the change touches."""
        return everything(self.of, self.starts, self.sites) if self.change is None else self.change[1]

    def _before(self, table: str) -> Mapping[Any, Any]:
        """Return a table as it was before the change; an empty one where all is new."""
        return {} if self.change is None else getattr(self.change[0], table)

    def _by_module(self, table: str, new: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table by module: as it was before the change, but for the modules decided anew."""
        found = dict(self._before(table))
        for name in self.asked.modules:
            found.pop(name, None)
        return {**found, **new}

    def once(self, figure: Callable[[ProgrammeState], Figure]) -> Figure:
        """Return a figure of this state, worked out at the first call."""
        if figure not in self._figures:
            self._figures[figure] = figure(self)
        found: Figure = self._figures[figure]
        return found

    @cached_property
    def _figures(self) -> dict[Callable[[ProgrammeState], Any], Any]:
        return {}

    @property
    def name(self) -> str:
        """The programme's id."""
        return self.of.programme.id

    @cached_property
    def terms_of(self) -> dict[str, tuple[int, ...]]:
        """Terms by module that is taken; more than one breaks §1."""
        new: dict[str, tuple[int, ...]] = {}
        for row in self.asked.taken:
            new[row.module] = (*new.get(row.module, ()), row.term)
        return self._by_module("terms_of", new)

    @cached_property
    def leaning(self) -> tuple[Taken, ...]:
        """What is taken and may lean on what is decided anew (§3, §4), by term and module."""
        if self.change is None:
            return self.asked.taken
        options, terms_of = self.of.curriculum.options, self.terms_of
        names = {one for name in self.asked.modules for one in self.of.leaning_on(name) if one in terms_of}
        rows = (Taken(options[name], term) for name in names for term in terms_of[name])
        return tuple(sorted(rows, key=lambda row: (row.term, row.module)))

    @cached_property
    def terms(self) -> dict[int, Term]:
        """The terms of the programme, and others in which something runs, in order."""
        asked, before = self.asked, self._before("terms")
        running: dict[int, list[Taken]] = {number: [] for number in asked.terms}
        for number in asked.terms:
            if number in before:
                running[number] += (row for row in before[number].running if row.module not in asked.modules)
        for row in asked.taken:
            for number in row.terms:
                running[number].append(row)
        new = {number: Term.of_rows(self.of, number, rows) for number, rows in running.items()}
        return dict(sorted({**before, **new}.items()))

    @cached_property
    def used(self) -> dict[str, Use]:
        """The resources that the programme uses (§9)."""
        asked, before = self.asked, self._before("used")
        rows: dict[str, list[tuple[Site, tuple[int, ...]]]] = {name: [] for name in asked.resources}
        for name in asked.resources:
            if name in before:
                rows[name] += (row for row in before[name].rows if row[0].module not in asked.modules)
        for site in asked.sites:
            rows[site.resource].append((site, self.terms_of.get(site.module, ())))
        return {**before, **{name: Use.of_rows(self.of, some) for name, some in rows.items()}}

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], float]:
        """Hours by (resource, calendar semester), repeats included (§9)."""
        return {
            (name, semester): hours
            for name, use in self.used.items()
            for semester, hours in use.hours.items()
        }

    @cached_property
    def levels_at_start(self) -> dict[int, Mapping[str, int]]:
        """Levels held when a term starts: what the modules that ended before taught (§2)."""
        levels: Mapping[str, int] = self.of.gaps.baseline
        found = {}
        for number, term in self.terms.items():
            found[number] = levels
            levels = _raised(levels, term.taught)
        return found

    @cached_property
    def levels_by_term(self) -> tuple[Mapping[str, int], ...]:
        """Levels held at the end of each term of the programme."""
        return tuple(_raised(self.levels_at_start[one], self.terms[one].taught) for one in self.of.terms)

    @cached_property
    def levels_after(self) -> Mapping[str, int]:
        """Levels held at the end."""
        last = max(self.terms)
        return _raised(self.levels_at_start[last], self.terms[last].taught)

    @cached_property
    def closure(self) -> float | None:
        """Closure of the programme with the plan, None where no step is missing."""
        return self.of.gaps.closure(self.levels_after)

    @cached_property
    def term_credits(self) -> tuple[float, ...]:
        """load[p,t]: credits by term, fixed load included (§6)."""
        return tuple(self.terms[number].credits for number in self.of.terms)

    @cached_property
    def dual_share(self) -> float | None:
        """Hours at an enterprise / hours of production training and practice; None without such (§8)."""
        total = sum(self.terms[number].workplace_hours for number in self.of.terms)
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
        taken = self.terms_of
        return tuple(
            name for name, serving in self.of.functions.items() if not any(one in taken for one in serving)
        )

    @cached_property
    def added(self) -> tuple[str, ...]:
        """Modules taken that are not current, sorted by id."""
        return tuple(sorted(self.due))

    def delivery_cost_kzt(self, modules: Iterable[str]) -> dict[str, int]:
        """Return cost_per_group_kzt · groups by module."""
        return {name: self.of.delivery_kzt(name) for name in modules}

    @cached_property
    def due(self) -> dict[str, tuple[Due, ...]]:
        """New money but set-up by module that is added; nothing is due for one that costs nothing (§10)."""
        new: dict[str, list[Due]] = {
            row.module: [(CostPart.DELIVERY, self.of.delivery_kzt(row.module), 1)]
            for row in self.asked.taken
            if row.option.current_term is None
        }
        for site in self.asked.sites:
            if site.module in new:
                new[site.module] += self.of.basis.site_kzt(self.name, site)
        paid = {name: tuple(row for row in rows if row[1] * row[2] > 0) for name, rows in new.items()}
        return self._by_module("due", paid)

    @cached_property
    def cost_kzt(self) -> int:
        """New money of this programme alone, without set-up."""
        modules = self.asked.modules
        if self.change is None:
            return _kzt(self.due, modules)
        before = self.change[0]
        return before.cost_kzt - _kzt(before.due, modules) + _kzt(self.due, modules)

    def items_of(self, module: str) -> tuple[CostItem, ...]:
        """Return the new money for a module, without set-up, by part and year."""
        found: dict[tuple[CostPart, int], int] = {}
        for part, kzt, times in self.due.get(module, ()):
            for year, due in self.of.basis.by_year(self.name, module, self.terms_of[module][0], kzt):
                found[part, year] = found.get((part, year), 0) + due * times
        return tuple(
            CostItem(module, part, self.name, year, kzt)
            for (part, year), kzt in sorted(found.items())
            if kzt > 0
        )

    @cached_property
    def cost_items(self) -> tuple[CostItem, ...]:
        """New money of this programme alone, without set-up, by module, part and year."""
        return tuple(item for module in sorted(self.due) for item in self.items_of(module))


def _divided(rows: Iterable[Row], modules: frozenset[str]) -> tuple[list[Row], list[Row]]:
    """Return the rows of other modules, and those of these."""
    kept: list[Row] = []
    gone: list[Row] = []
    for row in rows:
        (gone if row.module in modules else kept).append(row)
    return kept, gone


def _merged(kept: list[Row], new: Iterable[Row]) -> tuple[Row, ...]:
    for row in new:
        insort(kept, row)
    return tuple(kept)


def _raised(levels: Mapping[str, int], taught: Mapping[str, int]) -> Mapping[str, int]:
    """Return the levels held after what is taught."""
    higher = {name: level for name, level in taught.items() if level > levels.get(name, 0)}
    return {**levels, **higher} if higher else levels


def _kzt(due: Mapping[str, tuple[Due, ...]], modules: Iterable[str]) -> int:
    return sum(kzt * times for name in modules for _, kzt, times in due.get(name, ()))


@dataclass(frozen=True)
class PlanState:
    """All planned programmes with their decisions, and what concerns no single one of them.

    Parameters
    ----------
    change : pair, optional
        The plan from which this one was changed, and the state that is new.
    """

    basis: Basis
    states: Mapping[str, ProgrammeState]
    stray_starts: tuple[Start, ...] = ()
    """Starts of programmes that are unknown or not planned."""
    stray_sites: tuple[Site, ...] = ()
    payments: tuple[Payment, ...] | None = ()
    """Who pays; empty: whether anybody could is looked into; None: nobody asks."""
    change: tuple[PlanState, ProgrammeState] | None = None

    def changed(
        self,
        programme: str,
        modules: Iterable[str],
        starts: Iterable[Start] = (),
        sites: Iterable[Site] = (),
    ) -> PlanState:
        """Return the plan with other decisions about some modules of a programme, without its payments."""
        state = self.states[programme].changed(modules, starts, sites)
        states = {**self.states, programme: state}
        return PlanState(self.basis, states, self.stray_starts, self.stray_sites, None, (self, state))

    @property
    def whole(self) -> PlanState:
        """The same decisions, of which everything is asked."""
        if self.change is None:
            return self
        states = {name: state.whole for name, state in self.states.items()}
        return PlanState(self.basis, states, self.stray_starts, self.stray_sites, self.payments)

    @property
    def decisions(self) -> Selection:
        """The starts and sites of the planned programmes, without who pays."""
        starts = (start for state in self.states.values() for start in state.starts)
        sites = (site for state in self.states.values() for site in state.sites)
        return Selection(tuple(sorted(starts)), tuple(sorted(sites)))

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """What is looked at: everything of each programme, or what the change touches in one."""
        states = self.states.values() if self.change is None else (self.change[1],)
        return tuple(state.asked for state in states)

    @cached_property
    def asked_modules(self) -> frozenset[str]:
        """The modules that are looked at."""
        return frozenset().union(*(one.modules for one in self.asked))

    def _before(self, table: str) -> Mapping[Any, Any]:
        """Return a table as it was before the change; an empty one where all is new."""
        return {} if self.change is None else getattr(self.change[0], table)

    @cached_property
    def hours(self) -> dict[str, dict[str, float]]:
        """Hours by resource and calendar semester of all planned programmes (§9)."""
        new: dict[str, dict[str, float]] = {name: {} for one in self.asked for name in one.resources}
        for name, found in new.items():
            for state in self.states.values():
                if name in state.used:
                    for semester, hours in state.used[name].hours.items():
                        found[semester] = found.get(semester, 0.0) + hours
        return {**self._before("hours"), **new}

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], float]:
        """Hours by (resource, calendar semester) of all planned programmes (§9)."""
        return {
            (name, semester): hours for name, rows in self.hours.items() for semester, hours in rows.items()
        }

    @cached_property
    def learners_by_start(self) -> dict[tuple[str, str], int]:
        """Learners by (module with ``min_learners`` that is asked about, semester in which they start)."""
        found: dict[tuple[str, str], int] = {}
        for name in self.basis.crowds:
            if name in self.asked_modules:
                for state in self.states.values():
                    for term in state.terms_of.get(name, ()):
                        self.basis.add_learners(found, state.of.curriculum.options[name], term)
        return found

    @cached_property
    def setup_cost_kzt(self) -> dict[str, int]:
        """New set-up money by module that some programme adds and that does not run already (§10)."""
        found = dict(self._before("setup_cost_kzt"))
        for name in sorted(self.asked_modules - self.basis.curricula.running):
            found.pop(name, None)
            if any(name in state.due for state in self.states.values()):
                found[name] = self.basis.money.setup_kzt(name)
        return found

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
        items = [item for module in sorted(self.setup_cost_kzt) for item in self.setup_of(module)]
        for state in self.states.values():
            items += state.cost_items
        order = {part: place for place, part in enumerate(CostPart)}
        return tuple(sorted(items, key=lambda item: (item.module, order[item.part], item.year)))

    @cached_property
    def gained_items(self) -> tuple[CostItem, ...] | None:
        """The new money that a change adds; None where it takes any away or lets any fall due otherwise."""
        assert self.change is not None
        before, state = self.change
        found: list[CostItem] = []
        for module in sorted(state.asked.modules):
            setup, earlier = self.setup_of(module), before.setup_of(module)
            if before.states[state.name].due.get(module) or (earlier and earlier != setup):
                return None
            found += (*(() if earlier else setup), *state.items_of(module))
        return tuple(found)

    def setup_of(self, module: str) -> tuple[CostItem, ...]:
        """Return the set-up of a module, due in the first year in which a programme starts it; or nothing."""
        kzt = self.setup_cost_kzt.get(module, 0)
        if kzt <= 0:
            return ()
        years = (
            self.basis.money.start_year(state.of.curriculum.options[module], state.terms_of[module][0])
            for state in self.states.values()
            if module in state.due
        )
        return (CostItem(module, CostPart.SETUP, None, min(years), kzt),)


class Basis(Given):
    """What every plan of a problem is measured against; ``problem.derived(Basis)`` works it out once."""

    def plan(self, selection: Selection) -> PlanState:
        """Lay the decisions of `selection` over the catalog; their order never matters."""
        starts: dict[str, list[Start]] = {name: [] for name in self.programmes}
        sites: dict[str, list[Site]] = {name: [] for name in self.programmes}
        stray_starts: list[Start] = []
        stray_sites: list[Site] = []
        for start in sorted(selection.starts):
            starts.get(start.programme, stray_starts).append(start)
        for site in sorted(selection.sites):
            sites.get(site.programme, stray_sites).append(site)
        states = {
            name: ProgrammeState(one, tuple(starts[name]), tuple(sites[name]))
            for name, one in self.programmes.items()
        }
        payments = tuple(sorted(selection.payments))
        return PlanState(self, states, tuple(stray_starts), tuple(stray_sites), payments)
