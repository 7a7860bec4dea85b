"""What a single change would do, the rest of the plan unchanged: cheap reasons, without a solver.

These are honest answers to a narrow question. A module whose removal alone breaks nothing may still
be needed once the rest is planned anew, and the other way round: texts that are made of this must
say "the rest of the plan unchanged".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from curriplan.base.progress import step
from curriplan.catalog.records import Resource, Standing
from curriplan.evaluation.objectives import MAXIMISED, OBJECTIVES, closure
from curriplan.evaluation.payments import Leftover, bills_of
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules import all_checks, touched_checks
from curriplan.evaluation.rules.money import payments
from curriplan.evaluation.state import Basis, PlanState
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
    in_outlook : (str, float) or None
        Of a plan for all outlooks: the outlook in which the programme's closure loses most, and how much.
    """

    programme: str
    module: str
    term: int
    closure_lost: float
    plan_closure_lost: float
    saved_kzt: int
    broken: tuple[RuleCheck, ...]
    teaches_missing: bool = True
    in_outlook: tuple[str, float] | None = None


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
    step("changes", 0, 2)
    removals = tuple(trial.removals())
    step("changes", 1, 2)
    return WhatIf(removals, tuple(trial.additions()), tuple(trial.stays()))


class Trial:
    """A plan, and what it breaks already, to try single changes on.

    Each is evaluated by its difference from the plan: see `curriplan.evaluation.touched`.
    """

    def __init__(self, plan: PlanState) -> None:
        self.plan = plan
        self._touched: dict[tuple[str, frozenset[str]], dict[tuple[str, ...], tuple[str, ...]]] = {}

    @cached_property
    def _broken(self) -> dict[tuple[str, ...], RuleCheck]:
        """What the plan misses already, by key."""
        return {check.key: check for check in all_checks(self.plan) if not check.holds}

    def _missed(self, check: RuleCheck) -> float:
        """Return by how much the plan itself misses a rule."""
        known = self._broken.get(check.key)
        return known.shortfall if known else 0.0

    def options(self, taken: bool) -> Iterator[tuple[ProgrammeState, Option]]:
        """Yield the options that are taken, or those that are not."""
        for state in self.plan.states.values():
            for name, option in state.of.curriculum.options.items():
                if (name in state.terms_of) is taken:
                    yield state, option

    def newly_broken(self, changed: PlanState) -> tuple[RuleCheck, ...]:
        """Return what a plan that was changed from this one misses by more than this one."""
        assert changed.change is not None
        assert changed.change[0] is self.plan
        checks = (self._counted(check, changed.change[1]) for check in touched_checks(changed))
        return tuple(check for check in checks if not check.holds and check.shortfall > self._missed(check))

    def _counted(self, check: RuleCheck, state: ProgrammeState) -> RuleCheck:
        """Return a row that counts single breaches, with those of the plan that the change leaves alone."""
        known = self._broken.get(check.key)
        if known is None or check.programme is None or not check.details:
            return check
        touched = self._touched_before(state.name, state.asked.modules).get(check.key, ())
        left = Counter(known.details) - Counter(touched)
        details = tuple(sorted((*left.elements(), *check.details)))
        return replace(check, actual=float(len(details)), details=details)

    def _touched_before(
        self, programme: str, modules: frozenset[str]
    ) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Return the breaches of the plan that a change of these modules touches, by key."""
        if (programme, modules) not in self._touched:
            decided = [self.plan.states[programme].about(name) for name in modules]
            starts = [row for rows, _ in decided for row in rows]
            sites = [row for _, rows in decided for row in rows]
            same = touched_checks(self.plan.changed(programme, modules, starts, sites))
            self._touched[programme, modules] = {check.key: check.details for check in same if check.details}
        return self._touched[programme, modules]

    def without(self, option: Option) -> PlanState:
        """Return the plan less a module and its sites."""
        return self.plan.changed(option.programme, (option.module.id,))

    def within(self, option: Option, term: int) -> PlanState:
        """Return the plan with a module in a term, on the sites with the most room."""
        start = Start(*option.key, term)
        return self.plan.changed(option.programme, (option.module.id,), (start,), self.sites_for(start))

    def staying(self, option: Option, term: int) -> PlanState:
        """Return the plan with a module that it takes in another term, on its sites."""
        programme, module = option.key
        _, sites = self.plan.states[programme].about(module)
        return self.plan.changed(programme, (module,), (Start(*option.key, term),), sites)

    def removals(self) -> Iterator[Removal]:
        """Yield each module of the plan taken out."""
        for state, option in self.options(taken=True):
            changed = self.without(option)
            yield Removal(
                *option.key,
                state.terms_of[option.module.id][0],
                _closure(state) - _closure(changed.states[state.name]),
                self._closure - closure(changed),
                self.plan.cost_kzt - changed.cost_kzt,
                self.newly_broken(changed),
                _teaches_missing_step(state, option),
                self._lost_in_outlook(state, changed.states[state.name]),
            )

    def _lost_in_outlook(self, before: ProgrammeState, after: ProgrammeState) -> tuple[str, float] | None:
        """Return the outlook in which a programme loses most, of those that the run seeks; None of none."""
        lost = []
        for one in self.plan.basis.problem.sought_outlooks:
            gaps = one.gaps[before.name]
            held, left = (gaps.closure(state.levels_after) or 0.0 for state in (before, after))
            lost.append((one.id, held - left))
        return max(lost, key=lambda found: found[1], default=None)

    @cached_property
    def _closure(self) -> float:
        return closure(self.plan)

    def stays(self) -> Iterator[Stay]:
        """Yield each moved module back in its term of today: on its sites, else on those with room."""
        for state, option in self.options(taken=True):
            today = option.current_term
            if today is not None and state.terms_of[option.module.id][0] != today:
                ways = (self.staying(option, today), self.within(option, today))
                tried = (self._stay(state, option, one) for one in ways)
                yield min(tried, key=lambda one: (len(one.broken), len(one.worse)))

    def _stay(self, state: ProgrammeState, option: Option, changed: PlanState) -> Stay:
        """Return what comes of it. Who pays is not asked: what is taught today costs no new money (§10)."""
        worse = {}
        for choice in self.plan.basis.limits.settings.objectives:
            sign = -1.0 if choice.name in MAXIMISED else 1.0
            value = OBJECTIVES[choice.name]
            more = sign * (value(changed) - value(self.plan))
            if more > EXACT:
                worse[choice.name] = more
        lost = _closure(state) - _closure(changed.states[state.name])
        return Stay(*option.key, option.current_term or 0, lost, worse, self.newly_broken(changed))

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
        changed = self.within(option, term)
        gained = _closure(changed.states[state.name]) - _closure(state)
        broken = self.newly_broken(changed)
        return Addition(
            *option.key,
            term,
            _obstacle(state, option, gained, broken),
            gained,
            closure(changed) - self._closure,
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
        new = self._unpaid(self.within(option, best.term))
        obstacle = _obstacle(state, option, best.closure_gained, new)
        return replace(best, broken=new, obstacle=obstacle)

    def _unpaid(self, changed: PlanState) -> tuple[RuleCheck, ...]:
        """Return what nobody could pay of a changed plan (§10), beyond what the plan misses already."""
        gained = changed.gained_items
        if gained is not None and self._leftover.pays(gained):
            return ()
        unpaid = tuple(check for check in payments(replace(changed, payments=())) if not check.holds)
        return tuple(check for check in unpaid if check.shortfall > self._missed(check))

    @cached_property
    def _leftover(self) -> Leftover:
        """What the sources have left beside the plan."""
        money = self.plan.basis.money
        return Leftover(money, bills_of(money, self.plan.cost_items))

    def sites_for(self, start: Start) -> Iterator[Site]:
        """Yield a site for each kind: the one whose hours would be exceeded least, else the first.

        Where the kind is split and no resource could take all parts, they are divided.
        """
        capacity, state = self.plan.basis.capacity, self.plan.states[start.programme]
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
        free, used = basis.capacity.free_hours, self.plan.hours.get(site.resource, {})
        excess = (
            used.get(semester, 0.0) + hours * share - free[site.resource, semester]
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
