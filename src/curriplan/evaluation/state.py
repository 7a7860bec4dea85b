"""The decisions of a plan laid over the catalog: what the rules and the objectives are asked of.

Each programme has a state of its own and the plan holds the states together. A change in one
programme makes one new state and leaves the others, with all that was computed of them, as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from curriplan.catalog.records import CostPart
from curriplan.evaluation.given import CommonBasis
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.result import CostItem
from curriplan.evaluation.touched import Asked
from curriplan.plan.plan import Payment, Selection, Site, Start


@dataclass(frozen=True)
class Left:
    """What is left of a plan when a partner leaves.

    Parameters
    ----------
    closure : float
        Its closure.
    faults : tuple of str
        Rules that it breaks, and what it takes though it may not (``MEC/M1``).
    """

    closure: float
    faults: tuple[str, ...] = ()


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
    left: Mapping[str, Left] | None = None
    """What is left when a partner leaves, by partner (§16); None: nobody asks."""

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


class Basis(CommonBasis):
    """What every plan of a problem is measured against; ``problem.derived(Basis)`` works it out once."""

    def plan(self, selection: Selection) -> PlanState:
        """Lay the decisions of `selection` over the catalog; their order never matters."""
        starts: dict[str, list[Start]] = {name: [] for name in self.programmes}
        sites: dict[str, list[Site]] = {name: [] for name in self.programmes}
        stray_starts: list[Start] = []
        stray_sites: list[Site] = []
        for start in selection.starts:
            starts.get(start.programme, stray_starts).append(start)
        for site in selection.sites:
            sites.get(site.programme, stray_sites).append(site)
        states = {
            name: ProgrammeState.of_rows(one, starts[name], sites[name])
            for name, one in self.programmes.items()
        }
        payments = tuple(sorted(selection.payments))
        return PlanState(self, states, tuple(sorted(stray_starts)), tuple(sorted(stray_sites)), payments)
