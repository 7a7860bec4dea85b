"""What a hand edit breaks, gains and costs: the edited plan evaluated, the rest unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from curriplan.base.errors import Issue, UsageError, nearest
from curriplan.evaluation.figures import how_sure
from curriplan.evaluation.objectives import closure, objectives_of
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules import all_checks
from curriplan.evaluation.state import Basis, PlanState
from curriplan.evaluation.whatif import Trial
from curriplan.plan.hand_edit import (
    EditedLevel,
    EditedProgramme,
    EditedRule,
    EditKind,
    EditOutcome,
    HandEdit,
)
from curriplan.plan.plan import Selection, Start
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.problem import Problem


def try_edits(problem: Problem, selection: Selection, edits: Iterable[HandEdit]) -> EditOutcome:
    """Make the edits (drops, then moves, then additions) and evaluate the plan as it is then.

    A module that is added goes to the sites with the most room; one that is moved stays where it is,
    unless fewer rules break elsewhere. Who pays is looked into anew.

    Raises
    ------
    UsageError
        If an edit names what there is not, adds what the plan takes, or drops or moves what it does not.
    """
    ordered = sorted(edits, key=lambda one: (list(EditKind).index(one.kind), one.programme, one.module))
    basis = problem.derived(Basis)
    before = basis.plan(selection)
    _refuse_misfits(before, ordered)
    edited = before
    for edit in ordered:
        edited = _made(edited, edit)
    after = basis.plan(edited.decisions)
    names = sorted({edit.programme for edit in ordered})
    broken, mended = _differing(all_checks(before), all_checks(after))
    return EditOutcome(
        tuple(ordered),
        broken,
        mended,
        closure(before),
        closure(after),
        before.cost_kzt,
        after.cost_kzt,
        tuple(EditedProgramme(one, before.states[one].closure, after.states[one].closure) for one in names),
        tuple(row for one in names for row in _levels(before.states[one], after.states[one])),
        objectives_of(before),
        objectives_of(after),
        how_sure(problem, selection),
        how_sure(problem, edited.decisions),
    )


def _refuse_misfits(plan: PlanState, edits: Sequence[HandEdit]) -> None:
    if issues := [issue for edit in edits for issue in _misfits(plan, edit, edits)]:
        raise UsageError(issues)


def _misfits(plan: PlanState, edit: HandEdit, edits: Sequence[HandEdit]) -> Iterator[Issue]:
    state = plan.states.get(edit.programme)
    if state is None:
        known = ", ".join(plan.states)
        yield Issue("unknown-programme", values={"value": edit.programme, "known": known})
        return
    named = {"programme": edit.programme, "module": edit.module}
    options = state.of.curriculum.options
    taken = edit.module in state.terms_of
    if edit.module not in options:
        yield Issue("edit-unknown-module", values={**named, "nearest": nearest(edit.module, options)})
    elif sum((one.programme, one.module) == (edit.programme, edit.module) for one in edits) > 1:
        yield Issue("edit-twice", values=named)
    elif taken and edit.kind is EditKind.ADD:
        yield Issue("edit-taken-already", values={**named, "term": state.terms_of[edit.module][0]})
    elif not taken and edit.kind is not EditKind.ADD:
        yield Issue("edit-not-taken", values=named)
    terms = state.of.programme.terms
    if edit.term is not None and not 1 <= edit.term <= terms:
        option, value = f"--{edit.kind}", f"{edit.programme}:{edit.module}:{edit.term}"
        yield Issue("bad-value", values={"option": option, "value": value, "expected": f"1 ≤ T ≤ {terms}"})


def _made(plan: PlanState, edit: HandEdit) -> PlanState:
    """Return the plan with one edit."""
    trial, option = Trial(plan), plan.states[edit.programme].of.curriculum.options[edit.module]
    without = trial.without(option)
    if edit.kind is EditKind.DROP or edit.term is None:
        return without
    if edit.kind is EditKind.ADD:
        return trial.within(option, edit.term)
    start = Start(edit.programme, edit.module, edit.term)
    sites = Trial(without).sites_for(start)
    elsewhere = plan.changed(edit.programme, (edit.module,), (start,), sites)
    ways = (trial.staying(option, edit.term), elsewhere)
    return min(ways, key=lambda one: len(trial.newly_broken(one)))


def _differing(
    before: Iterable[RuleCheck], after: Iterable[RuleCheck]
) -> tuple[tuple[EditedRule, ...], tuple[EditedRule, ...]]:
    """Return the rules that are missed by more after an edit, and those by less."""
    earlier = {check.key: check for check in before}
    broken, mended = [], []
    for check in after:
        known = earlier.get(check.key)
        missed = known.shortfall if known else 0.0
        if check.shortfall > missed:
            broken.append(_row(check, known))
        elif check.shortfall < missed:
            mended.append(_row(check, known))
    return tuple(broken), tuple(mended)


def _row(check: RuleCheck, earlier: RuleCheck | None) -> EditedRule:
    about = (check.rule, check.aspect, check.programme, check.subject, check.semester)
    before = None if earlier is None else earlier.actual
    return EditedRule(*about, check.operator, check.limit, before, check.actual, check.unit, check.details)


def _levels(before: ProgrammeState, after: ProgrammeState) -> Iterator[EditedLevel]:
    for competency, required in before.of.gaps.required.items():
        levels = [state.levels_after.get(competency, 0) for state in (before, after)]
        if levels[0] != levels[1]:
            yield EditedLevel(before.name, competency, required, *levels)
