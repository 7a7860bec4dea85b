"""All that a report may see: the catalog, the plan, and what the evaluation says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from curriplan.base.errors import Issue
from curriplan.evaluation.figures import figures_of
from curriplan.evaluation.figures.challenges import challenges_of
from curriplan.evaluation.figures.coverage import Coverage, coverage_of
from curriplan.evaluation.figures.doors import adaptability_of
from curriplan.evaluation.figures.lag import lag_of
from curriplan.evaluation.figures.last_use import LastUse, last_uses
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.swaps import Swap
from curriplan.evaluation.whatif import Addition, Removal, Stay, WhatIf, what_if
from curriplan.plan.challenges import ChallengeAnswer
from curriplan.plan.doors import Adaptability
from curriplan.plan.explanation import Explanation, ModuleReason
from curriplan.plan.figures import Figures
from curriplan.plan.lag import ResponseLag
from curriplan.plan.plan import Decision, Plan, PlannedModule, PlannedUse, plan_sha256
from curriplan.problem.gaps import Gap
from curriplan.problem.problem import OfProblem, Problem, find_gaps


@dataclass(frozen=True)
class PlanView(OfProblem):
    """A plan with everything that the workbook shows of it."""

    plan: Plan
    problem: Problem
    before: Evaluation
    after: Evaluation
    tool: str
    """``curriplan VERSION``."""
    warnings: tuple[Issue, ...] = ()
    explanation: Explanation | None = field(default=None, kw_only=True)
    """What planning anew says of each module, where that was asked for."""
    swaps: tuple[Swap, ...] = ()
    """Single exchanges with which the plan is as good."""
    reviewed: Plan | None = None
    """The plan whose review led to this one."""

    @cached_property
    def plan_sha256(self) -> str:
        """The hash of the plan."""
        return plan_sha256(self.plan)

    @cached_property
    def figures(self) -> Figures:
        """Teachers, rooms, money of all intakes, how sure it is: those of the plan, else recomputed."""
        return self.plan.figures or figures_of(self.problem, self.plan.selection, self.after)

    @cached_property
    def challenges(self) -> tuple[ChallengeAnswer, ...]:
        """What the plan answers to each challenge of the catalog: as the plan has it, else recomputed."""
        return self.plan.challenges or challenges_of(self.problem, self.plan.selection)

    @cached_property
    def adaptability(self) -> Adaptability | None:
        """Cover of other occupations, and doors: as the plan has it, else recomputed."""
        return self.plan.adaptability or adaptability_of(self.problem, self.plan.selection)

    @cached_property
    def lag(self) -> ResponseLag | None:
        """How long what is newly asked waits: as the plan has it, else recomputed; None without any."""
        return self.plan.lag or lag_of(self.problem, self.plan.selection)

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """What teaches each competency that is asked for, and when."""
        return coverage_of(self.problem, self.plan, self.after)

    @cached_property
    def last_uses(self) -> tuple[LastUse, ...]:
        """When each step that graduates hold was last taught or used."""
        return last_uses(self.problem, self.plan, self.after)

    @cached_property
    def terms_since_use(self) -> dict[tuple[str, str, int], int]:
        """Terms since then, by programme, competency and level."""
        return {(row.programme, row.competency, row.level): row.terms_since for row in self.last_uses}

    @cached_property
    def resolved(self) -> dict[tuple[str, str], ModuleReason]:
        """What planning anew says, by (programme, module)."""
        return {} if self.explanation is None else dict(self.explanation.by_module)

    @cached_property
    def what_if(self) -> WhatIf:
        """What each single removal or addition would do, the rest of the plan unchanged."""
        return what_if(self.problem, self.plan.selection)

    @cached_property
    def removals(self) -> dict[tuple[str, str], Removal]:
        """What is lost without a module of the plan, by (programme, module)."""
        return {(row.programme, row.module): row for row in self.what_if.removals}

    @cached_property
    def additions(self) -> dict[tuple[str, str], Addition]:
        """What adding a module that is left out would do, by (programme, module)."""
        return {(row.programme, row.module): row for row in self.what_if.additions}

    @cached_property
    def stays(self) -> dict[tuple[str, str], Stay]:
        """What would come of a moved module that stayed where it is today, by (programme, module)."""
        return {(row.programme, row.module): row for row in self.what_if.stays}

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What each planned programme lacks before the plan."""
        return find_gaps(self.problem)

    @cached_property
    def running_costs(self) -> dict[tuple[str, str], dict[int, int]]:
        """New money but set-up by (programme, module): KZT by calendar year."""
        found: dict[tuple[str, str], dict[int, int]] = {}
        for item in self.after.cost_items:
            if item.programme is not None:
                years = found.setdefault((item.programme, item.module), {})
                years[item.year] = years.get(item.year, 0) + item.kzt
        return found

    @cached_property
    def uses_of(self) -> dict[tuple[str, str], list[PlannedUse]]:
        """The uses of resources by (programme, module)."""
        found: dict[tuple[str, str], list[PlannedUse]] = {}
        for use in self.plan.uses:
            found.setdefault((use.programme, use.module), []).append(use)
        return found

    def filling_of(self, programme: str) -> frozenset[str]:
        """Return the modules of a programme that only fill credits, as far as that is proven."""
        rows = (row for row in self.plan.filling if row.programme == programme)
        return frozenset(name for row in rows for name in row.modules)

    def chosen(self, programme: str) -> tuple[PlannedModule, ...]:
        """Return the modules that a programme takes."""
        rows = (row for row in self.plan.modules if row.programme == programme)
        return tuple(row for row in rows if row.decision is not Decision.DROPPED)
