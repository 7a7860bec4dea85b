"""Equally good swaps: modules that could stand in another's place without making any objective worse.

An optimizer gives one plan of many that are as good. Every single exchange is tried here, without a
solver: a module of the plan goes, one that is left out comes (or the same one in another term) on any
sites, the rest stays. All that keep every rule and every objective are listed, so that a college may choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil

from curriplan.base.progress import step
from curriplan.catalog.records import Resource
from curriplan.evaluation.objectives import MAXIMISED, OBJECTIVES
from curriplan.evaluation.payments import bills_of, is_payable
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.state import Basis, PlanState
from curriplan.evaluation.whatif import Trial
from curriplan.plan.plan import Selection, Site, Start
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.curriculum import Option
from curriplan.problem.problem import Problem

TOLERANCE = 1e-9
SOONEST = ("disruption", "cost")
"""Objectives that are worked out soonest, and by which nearly every exchange is worse."""
BY_SITES = ("sites", "split_parts", "needless_sites", "dual_share")
"""Aspects of a programme that cannot be judged before its sites are known."""


@dataclass(frozen=True, order=True)
class Swap:
    """Another module, or another term, that serves a plan as well.

    Parameters
    ----------
    programme, module, term
        What the plan takes.
    replacement : str
        What could stand instead; the same module where only the term differs.
    replacement_term : int
        The term in which it would start.
    """

    programme: str
    module: str
    term: int
    replacement: str
    replacement_term: int


def equal_swaps(
    problem: Problem, selection: Selection, *, only: Iterable[tuple[str, str]] | None = None
) -> tuple[Swap, ...]:
    """List every single swap that keeps all rules and leaves no objective of the run worse.

    By programme and module in catalog order, then by replacement and term. A replacement is tried on
    every choice of sites; which one serves is not said, for a new plan would choose anew.

    Parameters
    ----------
    only : iterable of (programme, module), optional
        Look at these modules of the plan only.
    """
    plan = problem.derived(Basis).plan(selection)
    wanted = None if only is None else set(only)
    search = _SwapSearch(plan, [choice.name for choice in problem.limits.settings.objectives])
    taken = list(search.trial.options(taken=True))
    asked = [one for one in taken if wanted is None or one[1].key in wanted]
    found: list[Swap] = []
    for place, (state, option) in enumerate(asked):
        step("changes", place, len(asked))
        found += search.swaps(state, option)
    return tuple(found)


class _SwapSearch:
    """A plan, its values, and what the programmes could take instead."""

    def __init__(self, plan: PlanState, objectives: list[str]) -> None:
        self.plan = plan
        self.trial = Trial(plan)
        ordered = sorted(objectives, key=lambda name: name not in SOONEST)
        self.values = {name: OBJECTIVES[name](plan) for name in ordered}

    def swaps(self, state: ProgrammeState, option: Option) -> Iterator[Swap]:
        """Yield the swaps of one module of the plan, by module in catalog order and term."""
        module, term = option.module.id, state.terms_of[option.module.id][0]
        for other in state.of.curriculum.open_options:
            name = other.module.id
            if name in state.terms_of and name != module:
                continue
            for start in other.starts:
                if (name, start) != (module, term) and self._is_as_good(state, module, other, start):
                    yield Swap(state.name, module, term, name, start)

    def _exchanged(self, module: str, other: Option, term: int, sites: Iterable[Site] = ()) -> PlanState:
        """Return the plan with another module, or the same in another term, on these sites."""
        names, starts = (module, other.module.id), (Start(*other.key, term),)
        return self.plan.changed(other.programme, names, starts, sites)

    def _is_as_good(self, state: ProgrammeState, module: str, other: Option, term: int) -> bool:
        """Ask what needs no sites first: it settles nearly every exchange."""
        bare = self._exchanged(module, other, term)
        # Sites only add hours, fees and travel: what is too much without them is too much with them.
        if not self._keeps_values(bare) or any(map(_needs_no_site, self.trial.newly_broken(bare))):
            return False
        return any(
            self._keeps_all(self._exchanged(module, other, term, sites))
            for sites in self._placed(state, other)
        )

    def _placed(self, state: ProgrammeState, option: Option) -> Iterator[list[Site]]:
        """Yield every choice of sites of a module."""
        kinds = self.plan.basis.capacity.needs.get(option.module.id, {})
        for sites in product(*(self._choices(state, option, kind) for kind in kinds)):
            yield [site for some in sites for site in some]

    def _choices(self, state: ProgrammeState, option: Option, kind: str) -> list[tuple[Site, ...]]:
        """Return each choice of sites of one kind: one resource, or whole parts over several."""
        capacity = self.plan.basis.capacity
        resources = capacity.sites.get(kind, ())
        if not capacity.is_split(option.module.id, kind):
            return [(Site(*option.key, resource.id),) for resource in resources]
        programme = state.of.programme
        sizes = [capacity.part_size(programme, option.module.id, resource) for resource in resources]
        return [tuple(_sites(option, resources, parts)) for parts in divisions(sizes, programme.learners)]

    def _keeps_all(self, changed: PlanState) -> bool:
        broken = not self._keeps_values(changed) or self.trial.newly_broken(changed)
        return not broken and _is_payable(changed)

    def _keeps_values(self, changed: PlanState) -> bool:
        return all(self._keeps(name, changed) for name in self.values)

    def _keeps(self, name: str, changed: PlanState) -> bool:
        sign = -1 if name in MAXIMISED else 1
        slack = TOLERANCE * max(1.0, abs(self.values[name]))
        return sign * OBJECTIVES[name](changed) <= sign * self.values[name] + slack


def divisions(sizes: Sequence[float], learners: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to divide learners into whole parts of such sizes with no part idle (§9).

    >>> list(divisions([10, 15], 20))
    [(0, 2), (1, 1), (2, 0)]
    """
    most = [ceil(learners / size) if size > 0 else 0 for size in sizes]
    for parts in product(*(range(count + 1) for count in most)):
        used = [size for size, count in zip(sizes, parts, strict=True) if count > 0]
        places = sum(size * count for size, count in zip(sizes, parts, strict=True))
        if places - min(used, default=0.0) < learners <= places:
            yield parts


def _sites(option: Option, resources: Sequence[Resource], parts: Sequence[int]) -> Iterator[Site]:
    for resource, count in zip(resources, parts, strict=True):
        if count > 0:
            yield Site(*option.key, resource.id, count)


def _needs_no_site(check: RuleCheck) -> bool:
    return check.aspect not in BY_SITES


def _is_payable(plan: PlanState) -> bool:
    money = plan.basis.money
    return is_payable(money, bills_of(money, plan.cost_items))
