"""Credits that are filled only because the norm asks for them, programme by programme.

A small exact program a programme: of what the plan takes, the fewest credits with which the programme
reaches the same steps and keeps all rules but the least credits, the other programmes as they are.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import pulp

from curriplan.base.cut_short import note_cut
from curriplan.evaluation.filling import LEAST_CREDITS
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.planning import PlanningProblem, ProgrammeProblem
from curriplan.optimizer.model.variables import PlanModel, new_model
from curriplan.optimizer.rules import RULES
from curriplan.optimizer.rules.objectives import define_outlook_steps
from curriplan.optimizer.solve.solver import OPEN, SOLVE, Outcome, SolveOptions, catch_interrupt
from curriplan.plan.plan import Filling, Selection
from curriplan.problem.problem import Problem

LONGEST_S = 10.0
"""Seconds for all programmes together, if so many are left."""


def find_filling(problem: Problem, selection: Selection, left_s: float) -> tuple[Filling, ...]:
    """Return what only fills credits, by planned programme in catalog order.

    Parameters
    ----------
    left_s : float
        Seconds that are left; programmes for which they do not suffice have no figure.
    """
    until = time.monotonic() + min(left_s, LONGEST_S)
    content = _Content(problem, selection)
    with catch_interrupt() as interrupt:
        found = []
        for one in content.problem.programmes:
            left = until - time.monotonic()
            kept = None
            if not content.has_least(one):
                kept = content.taken(one)
            elif left > 0 and not interrupt.pressed:
                kept = content.fewest(one, SolveOptions(0.0, left, interrupt))
            else:
                note_cut("filling")
            found.append(content.filling(one, kept))
        return tuple(found)


@dataclass
class _Content:
    """The model of what a plan takes, where it takes it, and nothing else."""

    given: Problem
    selection: Selection

    def __post_init__(self) -> None:
        self.problem = PlanningProblem(self.given, within=self.selection)
        self.model: PlanModel = new_model(self.problem, without=frozenset(LEAST_CREDITS))
        for _, write in RULES:
            write(self.model)
        define_outlook_steps(self.model)
        self._keep_sites()
        self.model.lp.setObjective(pulp.LpAffineExpression(dict.fromkeys(self._deciding(), 0.0)))
        self.solver = self.given.limits.settings.solver
        self.session = OPEN[self.solver](self.model.lp)
        self.column = {variable.name: at for at, variable in enumerate(self.model.lp.variables())}

    def _deciding(self) -> list[pulp.LpVariable]:
        """Return all variables that are fixed or sought."""
        reached = (*self.model.reach.values(), *self.model.wider_reach.values())
        return [*self.model.start.values(), *reached, self.model.one]

    def _keep_sites(self) -> None:
        """Allow no other site, nor more parts at one, than the plan uses."""
        parts = {(row.programme, row.module, row.resource): row.parts for row in self.selection.sites}
        for family, most in ((self.model.site, 1), (self.model.split, None)):
            for (programme, module, _, resource), variable in family.items():
                used = parts.get((programme, module, resource))
                variable.upBound = 0 if used is None else (most or used)

    def has_least(self, one: ProgrammeProblem) -> bool:
        """Say whether a programme has least credits, in all or of a term."""
        terms = (row for row in one.terms.values() if row is not None)
        whole = self.problem.limits.min_credits(one.programme)
        return whole is not None or any(row.min_credits is not None for row in terms)

    def taken(self, one: ProgrammeProblem) -> frozenset[str]:
        """Return what a programme takes."""
        return frozenset(option.module.id for option in one.options if option.starts)

    def fewest(self, one: ProgrammeProblem, options: SolveOptions) -> frozenset[str] | None:
        """Return the modules of the fewest credits; None where that is not proven in time."""
        model, column = self.model, self.column
        levels = self.given.derived(Basis).plan(self.selection).states[one.id].levels_after
        bounds = {}
        for (programme, _, _), variable in model.start.items():
            bounds[column[variable.name]] = (0.0 if programme == one.id else 1.0, 1.0)
        for (programme, competency, level), variable in (model.reach | model.wider_reach).items():
            same = programme == one.id and levels.get(competency, 0) >= level
            bounds[column[variable.name]] = (1.0 if same else 0.0, 1.0)
        self.session.change_columns(bounds)
        costs = {
            column[variable.name]: self.problem.credits(option)
            for option in one.options
            for variable, _ in model.taken(option)
        }
        self.session.minimise({column[model.one.name]: 0.0, **costs})
        solved = SOLVE[self.solver](self.session, options)
        if solved.outcome is not Outcome.OPTIMAL:
            return None
        return frozenset(
            module
            for (programme, module, _), variable in model.start.items()
            if programme == one.id and solved.values[column[variable.name]] > 0.5
        )

    def filling(self, one: ProgrammeProblem, kept: frozenset[str] | None) -> Filling:
        """Return the figure of a programme from the modules that do without it."""
        taken = [option for option in one.options if option.starts]
        credits_taken = sum(self.problem.credits(option) for option in taken)
        fixed = sum(self.problem.fixed_credits(one, term) for term in one.terms)
        if kept is None:
            return Filling(one.id, credits_taken + fixed, None)
        idle = [option for option in taken if option.module.id not in kept]
        only_filled = sum(self.problem.credits(option) for option in idle)
        modules = tuple(sorted(option.module.id for option in idle))
        return Filling(one.id, credits_taken + fixed, only_filled, modules)
