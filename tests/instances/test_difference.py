"""A changed plan evaluated by difference is what a whole evaluation, worked out afresh, makes of it.

Random changes of random plans, most of which break rules: other modules, terms and sites of one or two
modules of a programme, lawful or not. Everything is compared exactly: numbers to the last bit.

    pytest tests/instances/test_difference.py --changes 10000
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from curriplan.evaluation.objectives import objectives_of
from curriplan.evaluation.payments import Leftover, bills_of, is_payable
from curriplan.evaluation.rules import all_checks, touched_checks
from curriplan.evaluation.state import Basis, PlanState
from curriplan.evaluation.whatif import Trial
from curriplan.plan.plan import Selection, Site, Start
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from instances.random_catalogs import open_instance, random_instance, settings_choices
from instances.wide_catalogs import wide_catalog

CHANGES_A_PLAN = 5


def problems(seed: int) -> Iterator[Problem]:
    """Yield a problem of each kind of random catalog."""
    for instance in (random_instance, open_instance):
        catalog, options, objectives = instance(seed)
        choices = tuple(ObjectiveChoice(*choice) for choice in objectives)
        yield Problem.of(catalog, Settings(**settings_choices(options), objectives=choices))
    yield Problem.of(wide_catalog(seed))


def random_decisions(
    problem: Problem, programme: str, module: str, rng: Random, taken: float
) -> tuple[list[Start], list[Site]]:
    """Draw starts and sites of a module: mostly one start or none, and one site a kind or several."""
    option = problem.curricula.by_programme[programme].options[module]
    terms = problem.catalog.programme_by_id[programme].terms
    starts, sites = [], []
    if rng.random() < taken:
        lawful = option.starts or (1,)
        starts.append(Start(programme, module, rng.choice(lawful)))
        if rng.random() < 0.05:
            starts.append(Start(programme, module, rng.randint(1, terms)))
    if starts or rng.random() < 0.1:
        for kind in problem.capacity.needs.get(module, {}):
            resources = problem.capacity.sites.get(kind, ())
            for resource in resources:
                if rng.random() < 1.2 / len(resources):
                    sites.append(Site(programme, module, resource.id, rng.choice([0, 0, 1, 2])))
    return starts, sites


def random_plan(problem: Problem, rng: Random) -> Selection:
    """Draw a plan: today's modules mostly as they stand, some others beside them."""
    starts: list[Start] = []
    sites: list[Site] = []
    for name in problem.limits.planned:
        for module, option in problem.curricula.by_programme[name].options.items():
            of_module = random_decisions(problem, name, module, rng, taken=0.5)
            if option.current_term is not None and rng.random() < 0.7:
                of_module[0][:] = [Start(name, module, option.current_term)]
            starts += of_module[0]
            sites += of_module[1]
    return Selection(tuple(starts), tuple(sites))


def random_change(problem: Problem, rng: Random) -> tuple[str, list[str], list[Start], list[Site]]:
    """Draw other decisions about one or two modules of a programme."""
    programme = rng.choice(problem.limits.planned)
    options = list(problem.curricula.by_programme[programme].options)
    modules = rng.sample(options, min(len(options), rng.choice([1, 1, 2])))
    starts: list[Start] = []
    sites: list[Site] = []
    for module in modules:
        of_module = random_decisions(problem, programme, module, rng, taken=0.6)
        starts += of_module[0]
        sites += of_module[1]
    return programme, modules, starts, sites


def same(plan: PlanState, changed: PlanState, whole: PlanState) -> None:
    """Check that a changed plan is worth what the same decisions are worth afresh."""
    assert changed.decisions == whole.decisions
    assert objectives_of(changed) == objectives_of(whole)
    assert changed.cost_kzt == whole.cost_kzt
    assert changed.cost_items == whole.cost_items
    assert {key: hours for key, hours in changed.uses.items() if hours} == {
        key: hours for key, hours in whole.uses.items() if hours
    }
    for name, state in whole.states.items():
        assert changed.states[name].closure == state.closure
        assert changed.states[name].levels_by_term == state.levels_by_term
        assert changed.states[name].term_credits == state.term_credits
    same_rows(plan, changed, whole)


def same_rows(plan: PlanState, changed: PlanState, whole: PlanState) -> None:
    """Check each row of the rules: it is as touched, or as it was before; and what newly breaks.

    Who pays is not asked of a changed plan; it follows from the items, which are compared.
    """
    before = {check.key: check for check in all_checks(plan)}
    after = [check for check in all_checks(whole) if check.aspect != "payments"]
    touched = {check.key: check for check in touched_checks(changed)}
    for check in after:
        known = before.get(check.key)
        is_counted = check.unit == "breaches" and known is not None and not known.holds
        if not is_counted:
            assert touched.get(check.key, known) == check
    expected = tuple(
        check
        for check in after
        if not check.holds and check.shortfall > (before[check.key].shortfall if check.key in before else 0.0)
    )
    assert Trial(plan).newly_broken(changed) == expected


def same_payers(plan: PlanState, changed: PlanState, whole: PlanState) -> bool:
    """Check that what is left over for new items is proof that all can be paid; say whether it was."""
    gained, money = changed.gained_items, plan.basis.money
    if gained is None or not Leftover(money, bills_of(money, plan.cost_items)).pays(gained):
        return False
    assert is_payable(money, bills_of(money, whole.cost_items))
    return bool(gained)


def test_a_change_is_worth_what_the_whole_is_worth(request: pytest.FixtureRequest) -> None:
    count: int = request.config.getoption("--changes")
    done = seen_paid = seen_broken = 0
    seed = 0
    while done < count:
        for problem in problems(seed):
            rng = Random(f"difference {seed}")
            plan = problem.derived(Basis).plan(random_plan(problem, rng))
            for _ in range(CHANGES_A_PLAN):
                programme, modules, starts, sites = random_change(problem, rng)
                changed = plan.changed(programme, modules, starts, sites)
                whole = Problem.of(problem.catalog, problem.limits.settings).derived(Basis)
                afresh = whole.plan(changed.decisions)
                same(plan, changed, afresh)
                seen_paid += same_payers(plan, changed, afresh)
                seen_broken += bool(Trial(plan).newly_broken(changed))
                done += 1
        seed += 1
    assert min(seen_paid, seen_broken, done - seen_broken) > count / 20, (seen_paid, seen_broken, done)


def test_changes_of_the_bundled_plan(request: pytest.FixtureRequest, bundled_result: Any) -> None:
    """A plan that holds, of a college of nine programmes."""
    problem = bundled_result.problem
    rng = Random("bundled difference")
    plan = problem.derived(Basis).plan(bundled_result.plan.selection)
    for _ in range(request.config.getoption("--changes") // 10):
        changed = plan.changed(*random_change(problem, rng))
        same(plan, changed, problem.derived(Basis).plan(changed.decisions))
