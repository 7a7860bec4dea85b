"""Closure if estimates err: the same decisions under perturbed estimates, without planning anew.

A draw changes importances and estimated exit levels (`curriplan.problem.perturbed`), and only what
hangs on these is recomputed: levels, closure, entry levels (§3) and floors (§11). Costs change too, and
touch none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from curriplan.catalog.records import Entry, ModuleOutcome, Taught
from curriplan.catalog.records.teaching import Teaching
from curriplan.evaluation.objectives import mean
from curriplan.evaluation.rules.learners import floors
from curriplan.evaluation.rules.order import entry_levels
from curriplan.evaluation.state import Basis, PlanState, ProgrammeBasis, ProgrammeState
from curriplan.plan.figures import ErrRange, IfEstimatesErr
from curriplan.problem.gaps import Levels, ProgrammeGaps
from curriplan.problem.perturbed import exit_levels, importances, with_values
from curriplan.problem.problem import Problem

DRAWS = 200
TAIL = 10
"""Percentiles are the 10th least and the 10th greatest of 200: the 5th and the 95th."""
Outcome = tuple[float | None, bool, bool]
"""Closure in a draw, and whether entry levels and floors hold."""


def if_estimates_err(plan: PlanState) -> IfEstimatesErr:
    """Return how closure, entry levels and floors of a plan fare in the draws."""
    draws = plan.basis.problem.derived(_Draws)
    found = {name: [draws.outcome(state, place) for place in range(DRAWS)] for name, state in plan.states.items()}
    return IfEstimatesErr(
        draws=DRAWS,
        plan=_range(None, [_of_plan(plan, found, place) for place in range(DRAWS)]),
        programmes=tuple(_range(name, outcomes) for name, outcomes in found.items()),
    )


def _of_plan(plan: PlanState, found: Mapping[str, list[Outcome]], place: int) -> Outcome:
    """Return the closure of the plan in a draw, and whether all programmes hold."""
    now = {name: outcomes[place] for name, outcomes in found.items()}
    closed = [(plan.states[name].of.weight, one[0]) for name, one in now.items() if one[0] is not None]
    closure = mean((weight, value) for weight, value in closed if value is not None)
    known = closure if closed else None
    return known, all(one[1] for one in now.values()), all(one[2] for one in now.values())


def _range(programme: str | None, outcomes: list[Outcome]) -> ErrRange:
    closures = sorted(one[0] for one in outcomes if one[0] is not None)
    return ErrRange(
        programme=programme,
        closure_low=closures[TAIL - 1] if closures else None,
        closure_high=closures[-TAIL] if closures else None,
        entry_levels_hold=sum(entries for _, entries, _ in outcomes),
        floors_hold=sum(held for _, _, held in outcomes),
        both_hold=sum(entries and held for _, entries, held in outcomes),
    )


class _Draws:
    """The draws of a problem: importances by programme, exit levels by module; the same for every plan."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.basis = problem.derived(Basis)
        self._exits: dict[str, list[tuple[int, ...]]] = {}
        self._teaching: dict[tuple[str, tuple[int, ...]], Teaching] = {}
        self._entries: dict[tuple[str, Teaching], tuple[Entry, ...]] = {}
        self._needs: dict[str, _Needs] = {}
        self._programmes: dict[tuple[str, int], _DrawnProgramme] = {}

    def outcome(self, state: ProgrammeState, place: int) -> Outcome:
        """Return what a draw, counted from 0, makes of a programme's decisions."""
        drawn = ProgrammeState(self.programme(state.of, place), state.starts, ())
        levels = drawn.levels_after
        holding = (all(check.holds for check in rule(drawn)) for rule in (entry_levels, floors))
        entries, held = holding
        return self.needs(state.of.gaps).closure(levels, place), entries, held

    def programme(self, of: ProgrammeBasis, place: int) -> ProgrammeBasis:
        """Return the basis of a programme in a draw."""
        key = (of.programme.id, place)
        if key not in self._programmes:
            assert of.floors is not None  # worked out once, before the copies
            self._programmes[key] = _DrawnProgramme(of, self, place)
        return self._programmes[key]

    def needs(self, gaps: ProgrammeGaps) -> _Needs:
        """Return what a programme's requirements weigh in each draw."""
        if gaps.programme not in self._needs:
            self._needs[gaps.programme] = _Needs(gaps)
        return self._needs[gaps.programme]

    def teaching(self, module: str, place: int) -> Teaching:
        """Return what a module teaches and asks for in a draw."""
        catalog = self.problem.catalog
        rows: tuple[ModuleOutcome, ...] = catalog.outcomes_by_module.get(module, ())
        if module not in self._exits:
            drawn = [exit_levels(row, DRAWS) for row in rows]
            self._exits[module] = list(zip(*drawn, strict=True)) if rows else [()] * DRAWS
        key = (module, self._exits[module][place])
        if key not in self._teaching:
            changed = (with_values(row, exit_level=level) for row, level in zip(rows, key[1], strict=True))
            self._teaching[key] = catalog.teaching.changed(module, tuple(changed))
        return self._teaching[key]

    def entries(self, programme: str, module: str, place: int) -> tuple[Entry, ...]:
        """Return the levels above the baseline that a module needs beforehand in a draw (§3)."""
        teaching = self.teaching(module, place)
        key = (programme, teaching)
        if key not in self._entries:
            self._entries[key] = teaching.entries(module, self.problem.gaps[programme].baseline)
        return self._entries[key]


class _DrawnBasis(Basis):
    """The basis of a problem in which modules teach what a draw says."""

    def __init__(self, draws: _Draws, place: int) -> None:
        self.__dict__.update(draws.basis.__dict__)
        self._draws, self._place = draws, place

    def outcomes(self, module: str) -> tuple[Taught, ...]:
        return self._draws.teaching(module, self._place).of(module)


class _DrawnProgramme(ProgrammeBasis):
    """The basis of a programme in a draw: all as it is but what modules teach and ask for."""

    def __init__(self, of: ProgrammeBasis, draws: _Draws, place: int) -> None:
        self.__dict__.update(of.__dict__)
        self.basis = _DrawnBasis(draws, place)
        self._draws, self._place = draws, place

    def entries(self, module: str) -> tuple[Entry, ...]:
        return self._draws.entries(self.programme.id, module, self._place)


class _Needs:
    """What each requirement of a programme closes by level, and its importance in each draw."""

    def __init__(self, gaps: ProgrammeGaps) -> None:
        rows = [need for need in gaps.needs]
        self._competencies = [need.requirement.competency for need in rows]
        self._worth = [[gaps.worth(need, level) for level in range(need.requirement.level + 1)] for need in rows]
        self._importances = list(zip(*(importances(need.requirement, DRAWS) for need in rows), strict=True))

    def closure(self, levels: Levels, place: int) -> float | None:
        """Return closed weight over all weight in a draw; None where nothing is missing."""
        closed = whole = 0.0
        if not self._competencies:
            return None
        for name, worth, importance in zip(
            self._competencies, self._worth, self._importances[place], strict=True
        ):
            whole += importance * worth[-1]
            closed += importance * worth[min(levels.get(name, 0), len(worth) - 1)]
        return closed / whole if whole > 0 else None
