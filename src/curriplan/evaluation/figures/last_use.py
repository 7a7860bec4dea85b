"""When each step that graduates hold was last taught or used (*Terms since use*).

No objective: how fast an unused ability is lost is badly known (``docs/formulation.md``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.catalog.records import Catalog
from curriplan.evaluation.result import Evaluation
from curriplan.plan.plan import Decision, Plan
from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class LastUse:
    """A level that graduates hold, and the last module of the plan that teaches or needs it.

    Parameters
    ----------
    last_term : int
        The last term in which such a module runs; 0 where there is none: the level is brought along.
    module : str or None
        That module, the first by id where several end together.
    terms_since : int
        Terms of the programme after that one.
    """

    programme: str
    competency: str
    level: int
    last_term: int
    module: str | None
    terms_since: int


def last_uses(problem: Problem, plan: Plan, evaluation: Evaluation) -> tuple[LastUse, ...]:
    """Return every step held at the end of each planned programme, by competency and level."""
    return tuple(
        row for name in problem.limits.planned for row in _of_programme(problem, plan, evaluation, name)
    )


def _of_programme(problem: Problem, plan: Plan, evaluation: Evaluation, name: str) -> Iterator[LastUse]:
    catalog, terms = problem.catalog, problem.catalog.programme_by_id[name].terms
    ends = {
        row.module: row.term + catalog.module_by_id[row.module].span_terms - 1
        for row in plan.modules
        if row.programme == name and row.decision is not Decision.DROPPED
    }
    touched: dict[str, list[tuple[int, int, str]]] = {}
    for module in sorted(ends):
        for competency, level in touched_by(catalog, module, frozenset(ends)).items():
            touched.setdefault(competency, []).append((level, ends[module], module))
    for competency, held in sorted(evaluation.levels_after[name].items()):
        for level in range(1, held + 1):
            reaching = [(end, module) for up_to, end, module in touched.get(competency, ()) if up_to >= level]
            end, last = max(reaching, key=lambda one: one[0], default=(0, None))
            yield LastUse(name, competency, level, end, last, terms - end)


def touched_by(catalog: Catalog, module: str, taken: frozenset[str]) -> dict[str, int]:
    """Return the level up to which a module teaches each competency, or needs it, beside modules taken.

    It needs its entry levels, as if nobody brought anything, and what a module that it requires teaches.
    """
    found = [(one.competency, one.exit_level) for one in catalog.teaching.of(module)]
    found += ((one.competency, one.level) for one in catalog.teaching.entries(module, {}))
    for row in catalog.required_by_module.get(module, ()):
        if row.requires in taken:
            found += ((one.competency, one.exit_level) for one in catalog.teaching.of(row.requires))
    highest: dict[str, int] = {}
    for competency, level in found:
        highest[competency] = max(highest.get(competency, 0), level)
    return highest
