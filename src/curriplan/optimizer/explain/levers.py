"""The limits that a plan all but uses up, and the cell or setting that each of them stands in."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

from curriplan.base import semesters
from curriplan.catalog.records import Catalog, FundingBudget, ProfileEntry, Record
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.edits import SETTINGS, Edit, edit_of
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

ROOM = 0.1
"""A limit is asked about where less than this part of it is left."""
Edits = tuple[Edit, ...]


@dataclass(frozen=True)
class MovableLimit:
    """A number of the catalog or the settings that limits plans.

    Parameters
    ----------
    key : hashable
        Tells levers apart.
    raises : bool
        Whether more of it is looser.
    step : float
        Values are multiples of this.
    edits : callable
        What sets it to a value.
    """

    key: Hashable
    unit: str
    value: float
    raises: bool
    step: float
    edits: Callable[[float], Edits]
    checks: tuple[RuleCheck, ...] = ()

    def moved(self, share: float) -> float:
        """Return the value that is looser by a share of itself."""
        return self.rounded(self.value * (1 + share if self.raises else 1 - share))

    def rounded(self, value: float) -> float:
        """Return the next multiple of the step on the looser side, never below nothing."""
        steps = value / self.step
        whole = math.ceil(steps - 1e-6) if self.raises else math.floor(steps + 1e-6)
        return max(0.0, round(whole * self.step, 6))

    @property
    def farthest(self) -> float:
        """How far it is moved at most: doubled, or taken away."""
        return max(abs(self.value), self.step)


def tight_levers(problem: Problem, checks: Iterable[RuleCheck]) -> tuple[MovableLimit, ...]:
    """Return the levers of those limits of which little is left, by rule and place."""
    found: dict[Hashable, tuple[MovableLimit, list[RuleCheck]]] = {}
    for check in checks:
        lever = _lever(problem, check) if is_tight(check) else None
        if lever is not None:
            known = found.setdefault(lever.key, (lever, []))[1]
            if check.key not in {one.key for one in known}:
                known.append(check)
    return tuple(_with_checks(lever, tuple(rows)) for lever, rows in found.values())


def is_tight(check: RuleCheck) -> bool:
    """Say whether less than a tenth of a limit is left."""
    return check.limit > 0 and abs(check.limit - check.actual) <= ROOM * check.limit + 1e-9


def _with_checks(lever: MovableLimit, checks: tuple[RuleCheck, ...]) -> MovableLimit:
    return MovableLimit(lever.key, lever.unit, lever.value, lever.raises, lever.step, lever.edits, checks)


def _lever(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    make = _LEVERS.get(check.aspect)
    return None if make is None else make(problem, check)


def _cell(row: Record, column: str, raises: bool, step: float) -> MovableLimit | None:
    value = getattr(row, column)
    if value is None:
        return None
    whole = isinstance(value, int)

    def edits(new: float) -> Edits:
        return (edit_of(row, column, round(new) if whole else new),)

    unit = str(type(row).column_info(column)["unit"] or "")
    return MovableLimit((row.table, row.key_values(), column), unit, float(value), raises, step, edits)


def _profile_cell(problem: Problem, key: str, raises: bool, step: float, unit: str) -> MovableLimit | None:
    row = problem.limits.profile.get(key)
    if row is None or key not in problem.limits.numbers:
        return None

    def edits(new: float, row: ProfileEntry = row) -> Edits:
        return (edit_of(row, "value", f"{new:.10g}"),)

    return MovableLimit(("profile", key), unit, problem.limits.numbers[key], raises, step, edits)


def _setting(settings: Settings, name: str, raises: bool, step: float, unit: str) -> MovableLimit | None:
    value = getattr(settings, name)
    if value is None:
        return None

    def edits(new: float) -> Edits:
        return (Edit(SETTINGS, (), name, round(new) if isinstance(value, int) else new, value, unit),)

    return MovableLimit((SETTINGS, name), unit, float(value), raises, step, edits)


def _resource_hours(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    season = f"*-{semesters.season(str(check.semester))}"
    rows = [row for row in problem.catalog.resource_capacity if row.resource == check.subject]
    fitting = [row for name in (check.semester, season) for row in rows if row.semester == name]
    return _cell(fitting[0], "hours", True, 0.5) if fitting else None


def _budget(problem: Problem, _check: RuleCheck) -> MovableLimit | None:
    """Return the cap that was chosen for the run; budgets of sources are levers of their own."""
    return _setting(problem.limits.settings, "budget_kzt", True, 1.0, "KZT")


def _source_budget(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    source, _, year = str(check.subject).partition(":")
    rows = [row for row in problem.catalog.funding_budgets if row.source == source]
    fitting = [row for row in rows if str(row.year or "") == year]
    if not fitting:
        return None
    row: FundingBudget = fitting[0]
    by_learner = row.per_learner_kzt * sum(one.learners for one in problem.catalog.programmes)

    def edits(new: float) -> Edits:
        return (edit_of(row, "budget_kzt", round(new) - by_learner),)

    key = (row.table, row.key_values(), "budget_kzt")
    return MovableLimit(key, "KZT", float(row.budget_kzt + by_learner), True, 1.0, edits)


def _programme_credits(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    programme = problem.catalog.programme_by_id[str(check.programme)]
    if check.aspect == "total_credits_max":
        return _cell(programme, "max_credits", True, 0.5)
    if programme.min_credits is not None:
        return _cell(programme, "min_credits", False, 0.5)
    key = problem.limits.total_credits_key(programme)
    return _profile_cell(problem, key, False, 0.5, "credits")


def _term(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    _, what, side = check.aspect.split("_")
    for row in problem.catalog.programme_terms:
        if (row.programme, str(row.term)) == (check.programme, check.subject):
            return _cell(row, f"{side}_{what}", side == "max", 0.5 if what == "credits" else 1.0)
    return None


def _weekly(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    return _profile_cell(problem, check.aspect, True, 0.5, "h")


def _practice(problem: Problem, _check: RuleCheck) -> MovableLimit | None:
    chosen = _setting(problem.limits.settings, "practice_share", False, 0.001, "share")
    return chosen or _profile_cell(problem, "practice_share_min", False, 0.001, "share")


def _dual(problem: Problem, _check: RuleCheck) -> MovableLimit | None:
    return _profile_cell(problem, "dual_share_min", False, 0.001, "share")


def _floor(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    fitting = _floors(problem.catalog, check)
    return _cell(fitting[0], "level", False, 1.0) if fitting else None


def _floors(catalog: Catalog, check: RuleCheck) -> list[Record]:
    rows = [
        row
        for row in catalog.floors
        if row.competency == check.subject and row.programme in (None, check.programme)
    ]
    return [row for row in rows if row.level == check.limit]


def _changes(problem: Problem, _check: RuleCheck) -> MovableLimit | None:
    return _setting(problem.limits.settings, "max_changes", True, 1.0, "changes")


def _change_share(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    dual = problem.catalog.programme_by_id[str(check.programme)].dual
    key = "change_share_dual" if dual else "change_share_ordinary"
    return _profile_cell(problem, key, True, 0.001, "share")


def _equity(problem: Problem, _check: RuleCheck) -> MovableLimit | None:
    return _setting(problem.limits.settings, "equity", False, 0.001, "share")


def _min_learners(problem: Problem, check: RuleCheck) -> MovableLimit | None:
    module = problem.catalog.module_by_id.get(str(check.subject).partition(":")[0])
    return None if module is None else _cell(module, "min_learners", False, 1.0)


_LEVERS: Mapping[str, Callable[[Problem, RuleCheck], MovableLimit | None]] = {
    "total_credits_min": _programme_credits,
    "total_credits_max": _programme_credits,
    "term_credits_min": _term,
    "term_credits_max": _term,
    "term_modules_min": _term,
    "term_modules_max": _term,
    "weekly_hours": _weekly,
    "weekly_hours_all": _weekly,
    "practice_share": _practice,
    "dual_share": _dual,
    "resource_hours": _resource_hours,
    "budget": _budget,
    "source_budget": _source_budget,
    "floor": _floor,
    "changes": _changes,
    "change_share": _change_share,
    "equity": _equity,
    "min_learners": _min_learners,
}
"""Aspects whose limit is a number that someone could move."""
