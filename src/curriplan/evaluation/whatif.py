"""What a single change would do, the rest of the plan unchanged: cheap reasons, without a solver.

These are honest answers to a narrow question. A module whose removal alone breaks nothing may still
be needed once the rest is planned anew, and the other way round: texts that are made of this must
say "the rest of the plan unchanged".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from curriplan.catalog.records import Resource, Standing
from curriplan.evaluation.objectives import MAXIMISED, OBJECTIVES, closure
from curriplan.evaluation.rules import programme_checks, shared_checks
from curriplan.evaluation.rules.money import payments
from curriplan.evaluation.state import Basis, PlanState, ProgrammeState
from curriplan.plan.explanation import Obstacle
from curriplan.plan.plan import Selection, Site, Start
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.curriculum import Option
from curriplan.problem.problem import Problem

EXACT = 1e-9
"""Objectives that differ by no more are equal."""


@dataclass(frozen=True)
class Removal:
    """What is lost when a module of the plan is taken out, the rest unchanged.

    Parameters
    ----------
    closure_lost : float
        Of the programme's closure, as a share of 1.
    plan_closure_lost : float
        Of the closure of the plan.
    saved_kzt : int
        New money that is not spent.
    broken : tuple of RuleCheck
        Rules that would break, each with its `shortfall`.
    teaches_missing : bool
        Whether it teaches a step that the programme lacks at entry: where nothing is lost then, other
        modules of the plan reach it as well.
    """

    programme: str
    module: str
    term: int
    closure_lost: float
    plan_closure_lost: float
    saved_kzt: int
    broken: tuple[RuleCheck, ...]
    teaches_missing: bool = True


@dataclass(frozen=True)
class Stay:
    """What would come of a moved module that stayed in its term of today, the rest unchanged.

    Parameters
    ----------
    term : int
        Its term of today.
    closure_lost : float
        Of the programme's closure, as a share of 1.
    worse : mapping
        By objective of the run, by how much it would be worse, in its own unit: only those that would be.
    broken : tuple of RuleCheck
        Rules that would break, each with its `shortfall`.
    """

    programme: str
    module: str
    term: int
    closure_lost: float = 0.0
    worse: Mapping[str, float] = field(default_factory=dict)
    broken: tuple[RuleCheck, ...] = ()


@dataclass(frozen=True)
class Addition:
    """What adding a module that is left out would do, the rest unchanged, in its best term.

    The best term is the one in which it breaks the fewest rules, then today's, then the earliest.

    Parameters
    ----------
    term : int or None
        None where it may start in no term.
    closure_gained, plan_closure_gained : float
        As shares of 1.
    cost_kzt : int
        New money.
    broken : tuple of RuleCheck
        Rules that would break, each with its `shortfall`.
    """

    programme: str
    module: str
    term: int | None
    obstacle: Obstacle
    closure_gained: float = 0.0
    plan_closure_gained: float = 0.0
    cost_kzt: int = 0
    broken: tuple[RuleCheck, ...] = ()


@dataclass(frozen=True)
class WhatIf:
    """Every single removal and addition, by programme and module in catalog order."""

    removals: tuple[Removal, ...]
    additions: tuple[Addition, ...]
    stays: tuple[Stay, ...] = ()
    """Of each module that the plan moves."""


def what_if(problem: Problem, selection: Selection) -> WhatIf:
    """Try each module of the plan without it, each option left out within it, and each move undone.

    Rules that the plan breaks already are not held against a change.
    """
    trial = Trial(problem.derived(Basis).plan(selection))
    return WhatIf(tuple(trial.removals()), tuple(trial.additions()), tuple(trial.stays()))


class Trial:
    """A plan, and what it breaks already, to try single changes on."""

    def __init__(self, plan: PlanState) -> None:
        self.plan = plan
        self.closure = closure(plan)
        checks = [check for state in plan.states.values() for check in programme_checks(state)]
        checks += shared_checks(plan)
        self.shortfalls = {check.key: check.shortfall for check in checks if not check.holds}

    def options(self, taken: bool) -> Iterator[tuple[ProgrammeState, Option]]:
        """Yield the options that are taken, or those that are not."""
        for state in self.plan.states.values():
            for name, option in state.of.curriculum.options.items():
                if (name in state.terms_of) is taken:
                    yield state, option

    def newly_broken(self, changed: PlanState, state: ProgrammeState) -> tuple[RuleCheck, ...]:
        """Return what the changed plan misses by more than the plan: only one programme differs."""
        checks = (*programme_checks(state), *shared_checks(changed))
        return tuple(
            check
            for check in checks
            if not check.holds and check.shortfall > self.shortfalls.get(check.key, 0.0)
        )

    def without(self, state: ProgrammeState, module: str) -> ProgrammeState:
        """Return the programme less a module and its sites."""
        return state.of.state(
            tuple(row for row in state.starts if row.module != module),
            tuple(row for row in state.sites if row.module != module),
        )

    def within(self, state: ProgrammeState, option: Option, term: int) -> ProgrammeState:
        """Return the programme with one more module, on the sites with the most room."""
        start = Start(*option.key, term)
        return state.of.state((*state.starts, start), (*state.sites, *self._sites(state, start)))

    def removals(self) -> Iterator[Removal]:
        """Yield each module of the plan taken out."""
        for state, option in self.options(taken=True):
            module = option.module.id
            without = self.without(state, module)
            changed = self.plan.replacing(without)
            yield Removal(
                state.name,
                module,
                state.terms_of[module][0],
                _closure(state) - _closure(without),
                self.closure - closure(changed),
                self.plan.cost_kzt - changed.cost_kzt,
                self.newly_broken(changed, without),
                _teaches_missing_step(state, option),
            )

    def stays(self) -> Iterator[Stay]:
        """Yield each moved module back in its term of today: on its sites, else on those with room."""
        for state, option in self.options(taken=True):
            today = option.current_term
            if today is not None and state.terms_of[option.module.id][0] != today:
                without = self.without(state, option.module.id)
                tried = [self._stay(state, option, one) for one in self._back(state, without, option, today)]
                yield min(tried, key=lambda one: (len(one.broken), len(one.worse)))

    def _back(
        self, state: ProgrammeState, without: ProgrammeState, option: Option, today: int
    ) -> Iterator[ProgrammeState]:
        start = Start(*option.key, today)
        yield state.of.state((*without.starts, start), state.sites)
        yield self.within(without, option, today)

    def _stay(self, state: ProgrammeState, option: Option, back: ProgrammeState) -> Stay:
        changed = self.plan.replacing(back)
        broken = self.newly_broken(changed, back)
        if not broken and changed.cost_items != self.plan.cost_items:
            broken = self._unpaid(changed)
        worse = {}
        for choice in self.plan.basis.limits.settings.objectives:
            sign = -1.0 if choice.name in MAXIMISED else 1.0
            value = OBJECTIVES[choice.name]
            more = sign * (value(changed) - value(self.plan))
            if more > EXACT:
                worse[choice.name] = more
        lost = _closure(state) - _closure(back)
        return Stay(*option.key, option.current_term or 0, lost, worse, broken)

    def additions(self) -> Iterator[Addition]:
        """Yield each option that is left out, in its best term."""
        for state, option in self.options(taken=False):
            tried = [self._addition(state, option, term) for term in option.starts]
            if tried:
                yield self._best(state, option, tried)
            else:
                forbidden = option.standing is Standing.FORBIDDEN
                obstacle = Obstacle.FORBIDDEN if forbidden else Obstacle.NO_TERM
                yield Addition(*option.key, None, obstacle)

    def _addition(self, state: ProgrammeState, option: Option, term: int) -> Addition:
        within = self.within(state, option, term)
        changed = self.plan.replacing(within)
        gained = _closure(within) - _closure(state)
        broken = self.newly_broken(changed, within)
        return Addition(
            *option.key,
            term,
            _obstacle(state, option, gained, broken),
            gained,
            closure(changed) - self.closure,
            changed.cost_kzt - self.plan.cost_kzt,
            broken,
        )

    def _best(self, state: ProgrammeState, option: Option, tried: list[Addition]) -> Addition:
        """Return the addition that breaks the fewest rules, in today's term, in the earliest."""
        tried.sort(key=lambda one: (len(one.broken), one.term != option.current_term, one.term))
        if tried[0].broken:
            return tried[0]
        asked = [self._if_payable(state, option, tried[0])]
        for one in tried[1:]:
            if one.broken or not asked[-1].broken:
                break
            asked.append(self._if_payable(state, option, one))
        return asked[-1] if not asked[-1].broken else asked[0]

    def _if_payable(self, state: ProgrammeState, option: Option, best: Addition) -> Addition:
        """Return an addition that breaks nothing else with what nobody could pay (§10).

        Asked last and once: to divide money over sources takes longer than all other rules.
        """
        if best.term is None or best.cost_kzt <= 0:
            return best
        new = self._unpaid(self.plan.replacing(self.within(state, option, best.term)))
        obstacle = _obstacle(state, option, best.closure_gained, new)
        return replace(best, broken=new, obstacle=obstacle)

    def _unpaid(self, changed: PlanState) -> tuple[RuleCheck, ...]:
        """Return what nobody could pay of a changed plan (§10), beyond what the plan misses already."""
        unpaid = tuple(check for check in payments(replace(changed, payments=())) if not check.holds)
        return tuple(check for check in unpaid if check.shortfall > self.shortfalls.get(check.key, 0.0))

    def _sites(self, state: ProgrammeState, start: Start) -> Iterator[Site]:
        """Yield a site for each kind: the one whose hours would be exceeded least, else the first.

        Where the kind is split and no resource could take all parts, they are divided.
        """
        capacity = self.plan.basis.capacity
        for kind in capacity.needs.get(start.module, {}):
            resources = capacity.sites.get(kind, ())
            if resources:
                whole = [self._whole_site(state, start, resource) for resource in resources]
                best = min(whole, key=lambda site: self._excess(start, site))
                split = capacity.is_split(start.module, kind)
                if split and self._excess(start, best) > 0:
                    yield from self._divided(state, start, resources)
                else:
                    yield best

    def _whole_site(self, state: ProgrammeState, start: Start, resource: Resource) -> Site:
        capacity = self.plan.basis.capacity
        split = capacity.is_split(start.module, resource.kind)
        parts = capacity.parts(state.of.programme, start.module, resource) if split else 0
        return Site(start.programme, start.module, resource.id, parts)

    def _divided(
        self, state: ProgrammeState, start: Start, resources: tuple[Resource, ...]
    ) -> Iterator[Site]:
        """Place part by part where it exceeds the hours least, until all learners have a place."""
        size = {
            row.id: self.plan.basis.capacity.part_size(state.of.programme, start.module, row)
            for row in resources
        }
        parts = dict.fromkeys(size, 0)

        def one_more(name: str) -> float:
            return self._excess(start, Site(start.programme, start.module, name, parts[name] + 1))

        places, learners = 0.0, state.of.programme.learners
        while places < learners:
            best = min(parts, key=one_more)
            parts[best] += 1
            places += size[best]
        for name in sorted(size, key=lambda name: size[name]):
            idle = min(parts[name], int((places - learners) // size[name]))
            parts[name] -= idle
            places -= idle * size[name]
        return (Site(start.programme, start.module, name, count) for name, count in parts.items() if count)

    def _excess(self, start: Start, site: Site) -> float:
        """Return the most hours by which a resource would be exceeded in any semester, 0 for none."""
        basis = self.plan.basis
        hours = basis.site_hours(site.programme, site.module, site.resource, site.parts)
        free = basis.capacity.free_hours
        excess = (
            self.plan.uses.get((site.resource, semester), 0.0) + hours * share - free[site.resource, semester]
            for semester, share in basis.semester_shares(start.programme, start.module, start.term)
            if (site.resource, semester) in free
        )
        return max(0.0, *excess, 0.0)


def _closure(state: ProgrammeState) -> float:
    return state.closure or 0.0


def _obstacle(
    state: ProgrammeState, option: Option, gained: float, broken: tuple[RuleCheck, ...]
) -> Obstacle:
    if not _teaches_missing_step(state, option):
        return Obstacle.TEACHES_NO_MISSING_STEP
    if gained <= 0:
        return Obstacle.ALREADY_REACHED
    return Obstacle.BREAKS_RULES if broken else Obstacle.TRADE_OFF


def _teaches_missing_step(state: ProgrammeState, option: Option) -> bool:
    """Say whether a module teaches a step that the programme lacks at entry."""
    gaps = state.of.gaps
    return any(
        gaps.baseline.get(row.competency, 0) < min(row.exit_level, gaps.required.get(row.competency, 0))
        for row in state.of.basis.outcomes(option.module.id)
    )
