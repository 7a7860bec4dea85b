"""The lexicographic solve: one stage an objective, each holding what the earlier ones reached."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pulp

from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, NoPlanError, SolverError
from curriplan.base.progress import Progress
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.planned import earlier_selection, existing_selection
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.model.variables import PlanModel, add_response, new_model
from curriplan.optimizer.rules import RULES
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.rules.parts import left_without
from curriplan.optimizer.solve.apart import improve_apart
from curriplan.optimizer.solve.lexicographic import Held
from curriplan.optimizer.solve.run import (
    Run,
    StageClock,
    hold,
    hold_content,
    most_closure,
    price_last_points,
    relative_gap,
    solve_stage,
    tell_reached,
)
from curriplan.optimizer.solve.session import INFINITE
from curriplan.optimizer.solve.solver import OPEN, SOLVE, Outcome, Solved, SolveOptions, catch_interrupt
from curriplan.plan.plan import Selection, Stage, Status
from curriplan.problem.curriculum import Option
from curriplan.problem.objectives import content_stages
from curriplan.problem.partners import Leaving, leaving_partners, left_by
from curriplan.problem.problem import Problem
from curriplan.texts.words import thousands

logger = logging.getLogger(__name__)

MOST_KZT = 10**13
"""More new money than any college has; far below what floating point still tells apart to the tenge."""


@dataclass(frozen=True)
class Solution:
    """A plan as the solver left it: honest status, the decisions, the stages."""

    status: Status
    selection: Selection
    stages: tuple[Stage, ...]
    cost_at_best_closure_kzt: int | None = None
    """Least cost of a plan that gives nothing of the closure away: what the tolerance saves is this
    less the plan's cost. None where closure has no tolerance, or the figure is not proven."""
    cost_at_best_closure_at_most_kzt: int | None = None
    """Where it is not proven: the cost of such a plan, which keeps every rule."""


def build_model(
    problem: Problem,
    drop_rules: frozenset[str] = frozenset(),
    *,
    relaxed: bool = False,
    within: Selection | None = None,
    lp: pulp.LpProblem | None = None,
    mark: str = "",
) -> PlanModel:
    """Write the variables and every rule but `drop_rules` of a problem; also aspects may be named in it.

    Relaxed, forbidden modules and terms that are not allowed have variables too, which rows keep at 0:
    every demand of the catalog is then a row with an `Entity`, to find out which of them clash.
    `within` a plan, only what it takes may be taken, in its terms. In `lp` it stands beside other models,
    told from them by its `mark`.
    """
    own = problem.derived(PlanningProblem)
    if relaxed or within is not None:
        own = PlanningProblem(problem, relaxed=relaxed, within=within)
    model = new_model(own, drop_rules, lp, mark)
    if problem.limits.settings.keep_within is not None and "§16" not in drop_rules:
        _add_responses(model)
    for rule, write in RULES:
        if rule not in drop_rules:
            write(model)
    return model


def _add_responses(model: PlanModel) -> None:
    """Write what is left when each partner leaves: the same rules, without its money and resources."""
    for source in leaving_partners(model.problem.given):
        left = left_by(model.problem.given, Leaving(source)).derived(PlanningProblem)
        response = add_response(model, source, left, left_without(source))
        for rule, write in RULES:
            if rule not in model.without:
                write(response)


def solve(
    problem: Problem,
    *,
    time_limit_s: float | Callable[[float], float] | None = None,
    progress: Callable[[Progress], None] | None = None,
    drop_rules: frozenset[str] = frozenset(),
    within: Selection | None = None,
    least_closure: float | None = None,
) -> Solution:
    """Find the lexicographically best plan.

    Parameters
    ----------
    problem : Problem
        What to plan, and within what.
    time_limit_s : float or callable, optional
        For all stages together; by default what the settings say. A callable is told how many seconds of
        processor time the building of the model took, and returns what is left at every moment.
    progress : callable, optional
        Told now and then where the solve is.
    drop_rules : frozenset of str
        Rules to leave out (``§9``), to learn what each of them costs; such a plan is no plan.
    within : Selection, optional
        Only what this plan takes may be taken, in its terms.
    least_closure : float, optional
        No plan of less closure is looked for, whatever its tolerance gives away.

    Returns
    -------
    Solution
        Optimal within the gap on every stage, or feasible after a time limit or Ctrl-C.

    Raises
    ------
    InfeasibleError
        If no plan satisfies the rules.
    NoPlanError
        If the time ran out, or Ctrl-C came, before any plan was found.
    SolverError
        If the solver failed.
    ValueError
        If a rule or an objective needs `Limits.closure_alone` and it lacks a programme, or
        `Limits.outlook_best` (`curriplan.optimizer.solve.prepared` finds them).
    """
    _refuse_without_closure_alone(problem)
    _refuse_vast_money(problem.derived(PlanningProblem))
    began_s = time.process_time()
    model = build_model(problem, drop_rules, within=within)
    settings = problem.limits.settings
    for choice in settings.sought:
        OBJECTIVES[choice.name].define(model)
    limit_s = settings.time_limit_s if time_limit_s is None else time_limit_s
    building_s = time.process_time() - began_s
    left_s = partial(limit_s, building_s) if callable(limit_s) else None
    most_s = limit_s(building_s) if callable(limit_s) else limit_s
    with catch_interrupt() as interrupt:
        run = Run.of(model, StageClock(most_s, time.monotonic(), left_s), interrupt, progress)
        if least_closure is not None:
            session, held = run.plans.session, Held(OBJECTIVES["closure"], least_closure)
            session.add_row((-INFINITE, held.limit), session.costs["closure"])
        return solved(run)


def solved(run: Run) -> Solution:
    """Solve all stages of a run; raises as `solve`."""
    settings = run.settings
    stages = tuple(_stage(run, number) for number in range(len(run.choices)))
    assert run.best is not None
    proven = not run.stopped and all(stage.is_within(settings.stage_gap) for stage in stages)
    proven = proven and len(stages) == len(settings.objectives)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    return Solution(status, run.best.selection, stages, *_cost_at_best_closure(run))


def _cost_at_best_closure(run: Run) -> tuple[int | None, int | None]:
    """Return the least cost at the best closure, where it is proven, else the cost of a plan of it."""
    if run.at_best is None:
        return None, None
    cost_kzt = round(run.at_best.measures["cost"])
    if run.at_best_is_least:
        return cost_kzt, None
    is_plan = not evaluate(run.plans.model.problem.given, run.at_best.selection).broken_rules
    return None, (cost_kzt if is_plan else None)


def _refuse_without_closure_alone(problem: Problem) -> None:
    lacking = [name for name, gaps in problem.gaps.items() if gaps.total_weight > 0]
    missing = [name for name in lacking if name not in problem.limits.closure_alone]
    if problem.limits.needs_closure_alone and missing:
        raise ValueError(f"equity and fairness need Limits.closure_alone of {', '.join(missing)}")
    if problem.limits.settings.risk is not None and not problem.limits.outlook_best:
        raise ValueError("risk needs Limits.outlook_best")


def _refuse_vast_money(problem: PlanningProblem) -> None:
    """Refuse amounts that no solver can reckon to the tenge; a slip of the pen, mostly."""
    amounts = _most_by_option(problem)
    if sum(amounts.values()) <= MOST_KZT:
        return
    programme, module = max(amounts, key=lambda key: amounts[key])
    values = {
        "programme": programme,
        "module": module,
        "kzt": thousands(amounts[programme, module]),
        "most": thousands(MOST_KZT),
    }
    place = problem.catalog.module_by_id[module].place("id")
    raise CurriplanError([Issue("money-too-large", place, values)])


def most_new_money_kzt(problem: PlanningProblem) -> int:
    """Return the new money for all that may be added, each at the costliest site of each kind."""
    return sum(_most_by_option(problem).values())


def _most_by_option(problem: PlanningProblem) -> dict[tuple[str, str], int]:
    return {
        option.key: _most_kzt(problem, option)
        for one in problem.programmes
        for option in one.options
        if problem.is_added(option)
    }


def _most_kzt(problem: PlanningProblem, option: Option) -> int:
    """Return the new money for an option at the costliest site of each kind."""
    money, capacity = problem.money, problem.capacity
    programme = problem.catalog.programme_by_id[option.programme]
    sites_kzt = 0
    for kind in capacity.needs.get(option.module.id, {}):
        costs = [0]
        for site in capacity.sites.get(kind, ()):
            parts = capacity.parts(programme, option.module.id, site)
            costs.append(money.fees_kzt(option, site, parts) + money.travel_kzt(option, site, parts))
        sites_kzt += max(costs)
    return money.setup_kzt(option.module.id) + money.delivery_kzt(option) + sites_kzt


def _stage(run: Run, number: int) -> Stage:
    """Solve one stage and hold its value for the following ones."""
    choice = run.choices[number]
    objective = OBJECTIVES[choice.name]
    content = content_stages(run.settings.objectives)
    bound = None
    if not run.stopped:
        if number == content and run.best is not None:
            hold_content(run, run.best.taken)
        had_plan = run.best is not None
        solved = solve_stage(run, number, improve_apart)
        if not had_plan:
            _refuse_without_plan(run, solved)
        bound = None if solved.bound is None else objective.sense * solved.bound / objective.scale
    value = run.value(choice.name)
    gap = None if bound is None else relative_gap(bound, value)
    stage = Stage(choice.name, value, bound, gap, content_held=number >= content)
    logger.info("stage %s: value %s, bound %s, gap %s", stage.objective, value, bound, stage.gap)
    tell_reached(run, number, stage.gap)
    price = partial(price_last_points, run, run.settings.prove_last_points)
    hold(run, Held(objective, value), choice.tolerance, bound, price, partial(most_closure, run))
    tell_reached(run, number, stage.gap)  # what is held may have bought more closure
    return stage


def _refuse_without_plan(run: Run, solved: Solved) -> None:
    """Raise what a first stage without any solution means."""
    if solved.outcome is Outcome.INFEASIBLE:
        if not (run.is_as_written and _is_refuted_again(run)):
            raise NoPlanError([Issue("impossible-unconfirmed")])
        raise InfeasibleError([Issue("no-plan-possible", values={"rules": ", ".join(r for r, _ in RULES)})])
    if solved.outcome is Outcome.STOPPED:
        raise NoPlanError([Issue("stopped-before-plan")])
    if solved.outcome is Outcome.FAILED:
        raise SolverError([Issue("solver-failed", values={"reason": solved.reason})])


def _is_refuted_again(run: Run) -> bool:
    """Say whether no plan at hand keeps the rules, and the other solver refutes the same rows too.

    One solver may err, and "there is no plan" is never said on the word of one alone.
    """
    model = run.plans.model
    given = model.problem.given
    # Of a plan at hand nobody knows what is left when a partner leaves (§16).
    is_free = model.problem.within is None and not model.responses
    at_hand = (existing_selection(given), earlier_selection(given)) if is_free else ()
    if any(plan is not None and not evaluate(given, plan).broken_rules for plan in at_hand):
        return False
    if any(not row.items() and not row.valid() for row in model.lp.constraints()):
        return True  # 0 ≥ 1 needs no solver, and CBC does not take it
    other = "cbc" if run.solver == "highs" else "highs"
    left_s = run.clock.left_s / 2  # the rest is for saying what clashes
    any_plan = SolveOptions(1.0, left_s, run.interrupt)
    return left_s > 0 and SOLVE[other](OPEN[other](model.lp), any_plan).outcome is Outcome.INFEASIBLE
