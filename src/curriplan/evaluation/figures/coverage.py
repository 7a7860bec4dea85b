"""Where a plan builds up each competency that is asked for: by which module, when, to which level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.evaluation.given import ProgrammeBasis
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.state import Basis
from curriplan.plan.plan import Decision, Plan, PlannedModule
from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class Coverage:
    """A module that teaches a competency beyond what learners bring; the module is None where none does.

    Parameters
    ----------
    asked : int
        The highest level that a target occupation or a floor asks for.
    before, after : int
        The level reached today, and by the plan.
    first_term, last_term : int or None
        The terms in which the module runs; its level is held from the end of the last on.
    level : int or None
        The level to which the module teaches.
    raises : bool
        Whether that is more than the modules that ended before it have taught already.
    """

    programme: str
    competency: str
    asked: int
    before: int
    after: int
    module: str | None = None
    decision: Decision | None = None
    first_term: int | None = None
    last_term: int | None = None
    level: int | None = None
    raises: bool = False

    def runs_in(self, term: int) -> bool:
        """Say whether the module runs in a term."""
        return self.first_term is not None and self.first_term <= term <= (self.last_term or 0)


def coverage_of(problem: Problem, plan: Plan, evaluation: Evaluation) -> tuple[Coverage, ...]:
    """Return what teaches each competency that is asked for: by programme, competency, term and module."""
    basis = problem.derived(Basis)
    return tuple(
        row
        for name in problem.limits.planned
        for row in _of_programme(problem, plan, evaluation, basis.programmes[name])
    )


def _of_programme(
    problem: Problem, plan: Plan, evaluation: Evaluation, given: ProgrammeBasis
) -> Iterator[Coverage]:
    name, needs, floors = given.programme.id, given.gaps.required, given.floors
    taken = [row for row in plan.modules if row.programme == name and row.decision is not Decision.DROPPED]
    for competency in problem.catalog.competency_by_id:
        asked = max(needs.get(competency, 0), floors.get(competency, 0))
        if not asked:
            continue
        before, after = (
            levels[name].get(competency, 0) for levels in (evaluation.levels_before, evaluation.levels_after)
        )
        found = [
            (row, level)
            for row in taken
            if (level := _level(problem, row, competency)) > given.gaps.baseline.get(competency, 0)
        ]
        if not found:
            yield Coverage(name, competency, asked, before, after)
        for row, level in sorted(found, key=lambda one: (one[0].term, one[0].module)):
            held = (other for one, other in found if _last_term(problem, one) < row.term)
            yield Coverage(
                name,
                competency,
                asked,
                before,
                after,
                row.module,
                row.decision,
                row.term,
                _last_term(problem, row),
                level,
                raises=level > max(held, default=0),
            )


def _last_term(problem: Problem, row: PlannedModule) -> int:
    return row.term + problem.catalog.module_by_id[row.module].span_terms - 1


def _level(problem: Problem, row: PlannedModule, competency: str) -> int:
    """Return the level to which a module teaches a competency, 0 where it does not."""
    teaching = problem.catalog.teaching.of(row.module)
    return max((one.exit_level for one in teaching if one.competency == competency), default=0)
