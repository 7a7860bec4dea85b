"""What each module costs at least: no plan of a programme that is made takes it for less (§10)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from curriplan.catalog.records import Programme
from curriplan.problem.curriculum import Option
from curriplan.problem.made_programme import AskedProgramme, Modules
from curriplan.problem.problem import Problem


def least_costs(modules: Modules, programme: Programme) -> Mapping[str, int]:
    """Return what each module costs a programme at least, KZT."""
    problem = Problem.of(modules.catalog_of(AskedProgramme(programme), modules.known))
    options = problem.curricula.by_programme[programme.id].options.values()
    return {option.module.id: _least_kzt(problem, option) for option in options}


def _least_kzt(problem: Problem, option: Option) -> int:
    """Return set-up and teaching of a module, and of each kind of room that it needs the least."""
    money, module = problem.money, option.module.id
    own_kzt = money.setup_kzt(module) + money.delivery_kzt(option)
    kinds = problem.capacity.needs.get(module, {})
    return own_kzt + sum(_least_of_kind(problem, option, kind) for kind in kinds)


def _least_of_kind(problem: Problem, option: Option, kind: str) -> int:
    """Return the least fees and travel of one kind; where it is split, by its cheapest place."""
    money, capacity = problem.money, problem.capacity
    sites = capacity.sites.get(kind, ())
    if not capacity.is_split(option.module.id, kind):
        return min((money.fees_kzt(option, one) + money.travel_kzt(option, one) for one in sites), default=0)
    programme = problem.catalog.programme_by_id[option.programme]
    of_learner = (
        (money.fees_kzt(option, one, 1) + money.travel_kzt(option, one, 1))
        / capacity.part_size(programme, option.module.id, one)
        for one in sites
    )
    return math.ceil(min(of_learner, default=0.0) * programme.learners - 1e-6)
