"""Several colleges in one model, within what others leave of what is shared: exact, for a few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulp

from curriplan.catalog.network.records import Network
from curriplan.catalog.records import Catalog
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.network.college import PricedCollege, SharedUses, offer_within, sought
from curriplan.optimizer.network.records import JointAnswer, JointLimit, JointQuestion
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.rules.parts import programme_closure_parts
from curriplan.optimizer.solve.decisions import read_selection
from curriplan.optimizer.solve.lexicographic import Held
from curriplan.optimizer.solve.solver import OPEN, SOLVE, Outcome, SolveOptions, catch_interrupt
from curriplan.optimizer.solve.stages import build_model
from curriplan.problem.network import Whose
from curriplan.problem.settings import Settings

SCALE = OBJECTIVES["closure"].scale


def answer_together(
    catalogs: Mapping[str, Catalog],
    network: Network,
    question: JointQuestion,
    settings: Settings | None = None,
) -> JointAnswer:
    """Find the best plans of several colleges within limits of all of them together.

    Maximise Σ_c worth(c) · closure(c), Σ_c use(c) ≤ limit for each row, what stands above closure held.

    Parameters
    ----------
    catalogs : mapping of str to Catalog
        Of the colleges of the question, as they were read.
    """
    settings = sought(settings)
    with catch_interrupt() as interrupt:
        joint = _Joint(catalogs, network, question, settings)
        options = SolveOptions(settings.stage_gap, settings.time_limit_s, interrupt)
        solved = SOLVE[settings.solver](OPEN[settings.solver](joint.lp), options)
    most = None if solved.bound is None else -solved.bound * sum(question.worth) / SCALE
    if not solved.values:
        return JointAnswer(most, is_impossible=solved.outcome is Outcome.INFEASIBLE)
    values = dict(zip((one.name for one in joint.lp.variables()), solved.values, strict=True))
    offers = tuple(
        offer_within(given, read_selection(model, values), uses.used_kzt(values))
        for given, model, uses in zip(joint.colleges, joint.models, joint.uses, strict=True)
    )
    return JointAnswer(most, tuple(one for one in offers if one is not None) if None not in offers else ())


class _Joint:
    """The models of several colleges in one PuLP problem, each with a mark of its own."""

    def __init__(
        self, catalogs: Mapping[str, Catalog], network: Network, question: JointQuestion, settings: Settings
    ) -> None:
        self.lp = pulp.LpProblem("colleges", pulp.LpMinimize)
        whose = [Whose(*one) for one in zip(question.colleges, question.choices, strict=True)]
        self.colleges = [PricedCollege(catalogs[one.college], network, one, settings) for one in whose]
        self.models = [self._model(at, one) for at, one in enumerate(self.colleges)]
        pairs = zip(self.models, self.colleges, strict=True)
        self.uses = [SharedUses(model, college) for model, college in pairs]
        for at, model in enumerate(self.models):
            self._hold(model, settings, question.above[at])
        for number, limit in enumerate(question.limits):
            self._limit(number, limit)
        unit = SCALE / (sum(question.worth) or 1.0)
        worth = [
            (variable, -part * worth * unit)
            for model, worth in zip(self.models, question.worth, strict=True)
            for variable, part in _closure(model)
        ]
        self.lp.setObjective(_sum(worth))

    def _model(self, at: int, college: PricedCollege) -> PlanModel:
        model = build_model(college.problem, lp=self.lp, mark=f"_college{at}")
        for choice in college.settings.objectives:
            OBJECTIVES[choice.name].define(model)
        return model

    def _hold(self, model: PlanModel, settings: Settings, values: Sequence[float]) -> None:
        """Keep what stands above closure at its values."""
        for choice, value in zip(settings.objectives[:-1], values, strict=True):
            objective = OBJECTIVES[choice.name]
            held = Held(objective, value, choice.tolerance)
            parts = objective.sense * objective.expression(model)
            name = f"held_{choice.name}{model.mark}"
            self.lp.addConstraint(pulp.LpConstraint(parts, pulp.LpConstraintLE, name, held.limit))

    def _limit(self, number: int, limit: JointLimit) -> None:
        if parts := list(self._parts(limit)):
            row = pulp.LpConstraint(_sum(parts), pulp.LpConstraintLE, f"limit_{number}", limit.limit)
            self.lp.addConstraint(row)

    def _parts(self, limit: JointLimit) -> Iterator[tuple[Any, float]]:
        """Yield what colleges use of a row."""
        for place, at in enumerate(limit.colleges):
            if limit.floor:
                count = limit.floor[place]
                yield from ((variable, -part * count) for variable, part in _closure(self.models[at]))
            for (source, year), spent in self.uses[at].spent.items():
                if source == limit.source and limit.year in (None, year):
                    yield spent, 1.0
            for (centre, semester), taken in self.uses[at].taken.items():
                if (centre, semester) == (limit.centre, limit.semester):
                    yield taken, 1.0


def _sum(parts: Parts) -> pulp.LpAffineExpression:
    found: dict[Any, float] = {}
    for variable, coefficient in parts:
        found[variable] = found.get(variable, 0.0) + coefficient
    return pulp.LpAffineExpression(found)


def _closure(model: PlanModel) -> Iterator[tuple[Any, float]]:
    """Yield the terms of the closure of a college."""
    weights = model.problem.closure_weights
    for name, parts in programme_closure_parts(model).items():
        yield from ((variable, part * weights[name]) for variable, part in parts if name in weights)
