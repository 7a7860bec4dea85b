"""Closure if estimates err: the same decisions under perturbed estimates, without planning anew.

A draw changes importances and estimated exit levels (`curriplan.problem.perturbed`), and only what
hangs on these is recomputed: levels, closure, entry levels (§3) and floors (§11). Costs change too, and
touch none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from curriplan.catalog.records import Entry, ModuleOutcome, Taught
from curriplan.catalog.records.teaching import Teaching
from curriplan.evaluation.given import ProgrammeBasis
from curriplan.evaluation.objectives import mean
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules.learners import floors
from curriplan.evaluation.rules.order import entry_levels
from curriplan.evaluation.state import Basis, PlanState
from curriplan.plan.figures import ErrRange, IfEstimatesErr
from curriplan.plan.plan import Start
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
    found = {name: draws.outcomes_of(state) for name, state in plan.states.items()}
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
    """The draws of a problem; they are the same for every plan of it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._bases = tuple(_DrawnBasis(problem.derived(Basis), self, place) for place in range(DRAWS))
        self._programmes: dict[str, tuple[_DrawnProgramme, ...]] = {}
        self._exits: dict[str, tuple[tuple[int, ...], ...]] = {}
        self._teaching: dict[tuple[str, tuple[int, ...]], Teaching] = {}
        self._entries: dict[tuple[str, Teaching], tuple[Entry, ...]] = {}
        self._needs: dict[str, _Needs] = {}
        self._outcomes: dict[tuple[str, tuple[Start, ...]], list[Outcome]] = {}

    def outcomes_of(self, state: ProgrammeState) -> list[Outcome]:
        """Return what each draw makes of a programme's decisions.

        Modules without outcomes are left out: they change no level, and need none.
        """
        teaching = self.problem.catalog.outcomes_by_module
        starts = tuple(sorted(row for row in state.starts if row.module in teaching))
        key = (state.name, starts)
        if key not in self._outcomes:
            self._outcomes[key] = self._worked_out(ProgrammeState.of_rows(state.of, starts, ()))
        return self._outcomes[key]

    def _worked_out(self, bare: ProgrammeState) -> list[Outcome]:
        modules, needs = sorted(bare.terms_of), self._needs_of(bare.of.gaps)
        known: dict[tuple[tuple[int, ...], ...], tuple[Levels, bool, bool]] = {}
        found = []
        for place, programme in enumerate(self._drawn(bare.of)):
            exits = tuple(self.exits(module)[place] for module in modules)
            if exits not in known:
                drawn = ProgrammeState(programme, bare.asked)
                terms = {number: replace(term, of=programme) for number, term in bare.terms.items()}
                drawn.__dict__.update(terms_of=bare.terms_of, terms=terms)
                entries, held = (all(check.holds for check in rule(drawn)) for rule in (entry_levels, floors))
                known[exits] = drawn.levels_after, entries, held
            levels, entries, held = known[exits]
            found.append((needs.closure(levels, place), entries, held))
        return found

    def _drawn(self, of: ProgrammeBasis) -> tuple[_DrawnProgramme, ...]:
        """Return the basis of a programme in each draw."""
        name = of.programme.id
        if name not in self._programmes:
            for shared in (of.floors, of.neighbours):
                assert shared is not None, "worked out once, before the copies"
            self._programmes[name] = tuple(_DrawnProgramme(of, basis) for basis in self._bases)
        return self._programmes[name]

    def _needs_of(self, gaps: ProgrammeGaps) -> _Needs:
        if gaps.programme not in self._needs:
            self._needs[gaps.programme] = _Needs(gaps)
        return self._needs[gaps.programme]

    def exits(self, module: str) -> tuple[tuple[int, ...], ...]:
        """Return the exit levels of a module's outcomes in each draw."""
        if module not in self._exits:
            rows = self.problem.catalog.outcomes_by_module[module]
            self._exits[module] = tuple(zip(*(exit_levels(row, DRAWS) for row in rows), strict=True))
        return self._exits[module]

    def teaching(self, module: str, place: int) -> Teaching:
        """Return what a module teaches and asks for in a draw; there are few different ones."""
        catalog = self.problem.catalog
        rows: tuple[ModuleOutcome, ...] = catalog.outcomes_by_module[module]
        key = (module, self.exits(module)[place])
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
    """The basis of a problem in which modules teach what a draw, counted from 0, says."""

    def __init__(self, basis: Basis, draws: _Draws, place: int) -> None:
        self.__dict__.update(basis.__dict__)
        self.draws, self.place = draws, place
        self._taught: dict[str, tuple[Taught, ...]] = {}

    def outcomes(self, module: str) -> tuple[Taught, ...]:
        """Return what a module teaches in this draw, transfers included."""
        found = self._taught.get(module)
        if found is None:
            found = self._taught[module] = self.draws.teaching(module, self.place).of(module)
        return found


class _DrawnProgramme(ProgrammeBasis):
    """The basis of a programme in a draw: all as it is but what modules teach and ask for."""

    def __init__(self, of: ProgrammeBasis, basis: _DrawnBasis) -> None:
        self.__dict__.update(of.__dict__)
        self.basis = self._drawn = basis
        self._needed: dict[str, tuple[Entry, ...]] = {}

    def entries(self, module: str) -> tuple[Entry, ...]:
        """Return the levels above the baseline that a module needs beforehand in this draw (§3)."""
        found = self._needed.get(module)
        if found is None:
            drawn = self._drawn
            found = self._needed[module] = drawn.draws.entries(self.programme.id, module, drawn.place)
        return found


class _Needs:
    """What each requirement of a programme closes by level, and its importance in each draw."""

    def __init__(self, gaps: ProgrammeGaps) -> None:
        rows = [(need, need.requirement) for need in gaps.needs]
        self._competencies = [row.competency for _, row in rows]
        self._worth = [[gaps.worth(need, level) for level in range(row.level + 1)] for need, row in rows]
        self._importances = list(zip(*(importances(row, DRAWS) for _, row in rows), strict=True))

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
