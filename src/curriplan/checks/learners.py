"""Checks of the least number of learners that opens a module (§14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from curriplan import semesters
from curriplan.checks.checked import Checked
from curriplan.errors import Issue
from curriplan.model import Module, Programme, ProgrammeModule, Standing


def too_few_learners(checked: Checked) -> Iterator[Issue]:
    """Find modules that can never open: too few learners could start them in any one semester."""
    for module in checked.catalog.modules:
        offered = any(module.id in checked.offered[row.id] for row in checked.planned)
        if module.min_learners is None or not offered:
            continue
        most = max(_learners_by_semester(checked, module).values(), default=0)
        if most < module.min_learners:
            values = {"module": module.id, "least": module.min_learners, "most": most}
            yield Issue("too-few-learners", module.place("min_learners"), values)


def _learners_by_semester(checked: Checked, module: Module) -> Counter[str]:
    """Return the learners of all programmes that could start a module in each semester."""
    found: Counter[str] = Counter()
    for programme in checked.catalog.programmes:
        terms = _possible_terms(checked, programme, module)
        for semester in {name for term in terms for name in _start_semesters(checked, programme, term)}:
            found[semester] += programme.learners
    return found


def _possible_terms(checked: Checked, programme: Programme, module: Module) -> set[int]:
    """Return the terms in which a programme could start a module; today's where it is not planned."""
    rows = checked.standings.get(programme.id)
    row = None if rows is None else next((row for row in rows if row.module == module.id), None)
    if programme.id not in checked.limits.planned:
        return {row.current_term} if row is not None and row.current_term is not None else set()
    if module.id not in checked.offered[programme.id]:
        return set()
    return _startable(programme, module, row)


def _startable(programme: Programme, module: Module, row: ProgrammeModule | None) -> set[int]:
    wanted: tuple[int, ...] = tuple(range(1, programme.terms + 1))
    if row is not None and row.status is not Standing.FORBIDDEN:
        wanted = (row.pinned_term,) if row.pinned_term is not None else row.allowed_terms or wanted
    return {term for term in wanted if term + module.span_terms - 1 <= programme.terms}


def _start_semesters(checked: Checked, programme: Programme, term: int) -> tuple[str, ...]:
    """Return the semesters in which an intake starts a module of `term`: of every year if it repeats."""
    own = semesters.of_term(programme.start, term)
    if not programme.repeats:
        return (own,)
    season = semesters.season(own)
    return tuple(name for name in checked.semesters if name >= own and semesters.season(name) == season)
