"""What graduates can do of occupations that are no target, as a linear expression."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.optimizer.model.planning import ProgrammeProblem
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.rules.parts import reach_of, times
from curriplan.optimizer.rules.standing import define_wider_reach


def define_adaptability(model: PlanModel) -> None:
    """Require reach[p,c,l] ≤ Σ_{m teaches c to ≥ l} Σ_t x[p,m,t] of levels that only others ask for."""
    for one in model.problem.programmes:
        for levels, _ in _other_occupations(model, one):
            define_wider_reach(model, "adaptability", one, _wide_steps(one, levels))


def adaptability(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p learners(p)·a(p) / Σ_p learners(p), a(p) = Σ_o d(o)·cover(p,o) / Σ_o d(o)."""
    parts: Parts = []
    constant = learners = 0.0
    for one in model.problem.programmes:
        others = list(_other_occupations(model, one))
        learners += one.programme.learners if others else 0
        for levels, share in others:
            worth = share * one.programme.learners / sum(levels.values())
            brought = (min(one.gaps.baseline.get(name, 0), level) for name, level in levels.items())
            constant += worth * sum(brought)
            for step in _wide_steps(one, levels):
                parts.append((reach_of(model, (one.id, *step)), worth))
    if learners == 0:
        return [], 0.0
    return times(1 / learners, parts), constant / learners


def _other_occupations(model: PlanModel, one: ProgrammeProblem) -> Iterator[tuple[dict[str, int], float]]:
    """Yield the required levels of each occupation that is no target of p, with its share of d(o)."""
    catalog = model.problem.catalog
    targets = {row.occupation for row in catalog.base_targets if row.programme == one.id}
    required: dict[str, dict[str, int]] = {}
    for row in catalog.occupation_requirements:
        if row.occupation not in targets:
            required.setdefault(row.occupation, {})[row.competency] = row.level
    base = [row for row in catalog.demand if row.scenario is None]
    openings = dict.fromkeys(required, 0.0 if base else 1.0)
    for outlook in base:
        if outlook.occupation in openings:
            openings[outlook.occupation] += outlook.openings
    total = sum(openings.values())
    if total > 0:
        for name, levels in required.items():
            yield levels, openings[name] / total


def _wide_steps(one: ProgrammeProblem, levels: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Yield each (competency, level) above the baseline that an occupation asks for."""
    for competency, highest in levels.items():
        for level in range(one.gaps.baseline.get(competency, 0) + 1, highest + 1):
            yield competency, level
