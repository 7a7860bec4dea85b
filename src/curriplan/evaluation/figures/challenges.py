"""What a plan answers to the challenges of its catalog: modules, levels, money, and what stays open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from curriplan.base.codec import from_data, to_data
from curriplan.catalog.records import HoursByKind
from curriplan.evaluation.figures.ahead import in_outlooks, partners_behind
from curriplan.evaluation.figures.worth import not_met
from curriplan.evaluation.measures import plain
from curriplan.evaluation.planned import existing_selection
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.state import Basis, PlanState
from curriplan.plan.challenges import ChallengeAnswer, CompetencyAnswer, PracticalPart
from curriplan.plan.plan import Selection
from curriplan.problem.challenges import AnsweredBy, answers_of
from curriplan.problem.problem import Problem


def challenges_of(problem: Problem, selection: Selection) -> tuple[ChallengeAnswer, ...]:
    """Return what a plan answers to each challenge, in the order of the catalog; nothing without any.

    Parameters
    ----------
    selection : Selection
        The decisions, with the payments of the plan.
    """
    answers = answers_of(problem.catalog)
    if not answers:
        return ()
    basis = problem.derived(Basis)
    today, plan = basis.plan(existing_selection(problem)), basis.plan(selection)

    found = (_answer(problem, one, today, plan, selection) for one in answers)
    return tuple(from_data(ChallengeAnswer, plain(to_data(one))) for one in found)


@dataclass(frozen=True)
class _Concerned:
    """A programme, as far as a challenge is concerned."""

    state: ProgrammeState
    answers: AnsweredBy
    share: float
    """Weight of the programme over its worth: turns a weight of its steps into one of the plan."""

    @property
    def learners(self) -> int:
        return self.state.of.programme.learners

    @property
    def before(self) -> Mapping[str, int]:
        return self.state.of.levels_before

    @property
    def after(self) -> Mapping[str, int]:
        return self.state.levels_after

    @cached_property
    def floors(self) -> Mapping[str, int]:
        return self.answers.floors_of(self.state.name)

    @cached_property
    def needs(self) -> Mapping[str, int]:
        required = self.state.of.gaps.required
        return {name: required[name] for name in self.answers.competencies if name in required}

    @cached_property
    def asked(self) -> Mapping[str, int]:
        """The level asked by needs and floors of the challenge, by competency."""
        names = sorted({*self.needs, *self.floors})
        return {name: max(self.needs.get(name, 0), self.floors.get(name, 0)) for name in names}

    def raising(self, competencies: Iterable[str]) -> tuple[str, ...]:
        """Return the modules of the plan that lift learners above what they bring, sorted."""
        wanted, brought = set(competencies), self.state.of.gaps.baseline
        teaching = self.state.of.basis.catalog.teaching
        return tuple(
            module
            for module in sorted(self.state.terms_of)
            if any(
                row.competency in wanted and row.exit_level > brought.get(row.competency, 0)
                for row in teaching.of(module)
            )
        )

    def open_weight(self, competency: str, levels: Mapping[str, int]) -> float:
        """Return the part of the plan's weight that levels leave open in a competency."""
        held = levels.get(competency, 0)
        steps = (one for one in self.state.of.gaps.steps if one.competency == competency)
        return self.share * sum(one.weight for one in steps if one.level > held)


def _answer(
    problem: Problem, answers: AnsweredBy, today: PlanState, plan: PlanState, selection: Selection
) -> ChallengeAnswer:
    weights = {name: state.of.weight for name, state in plan.states.items() if state.of.gaps.total_weight > 0}
    whole = sum(weights.values())
    rows = [
        _Concerned(
            state, answers, weights.get(name, 0.0) / (state.of.gaps.total_weight or 1.0) / (whole or 1.0)
        )
        for name, state in plan.states.items()
    ]
    competencies = tuple(_competencies(problem, answers, rows))
    worth = sum((one.worth for one in competencies), 0.0)
    modules = {row.state.name: row.raising(answers.competencies) for row in rows}
    by_id = problem.catalog.module_by_id
    places = [(name, module) for name, found in modules.items() for module in found]
    paid = [one.kzt for one in selection.payments if one.source in answers.sources]
    targets = [(row, target) for row in rows for target in _targets(row.state, answers)]
    return ChallengeAnswer(
        challenge=answers.challenge.id,
        modules=_in_order(problem, {module for _, module in places}),
        places=len(places),
        added=sum(module not in today.states[name].terms_of for name, module in places),
        hours=sum((by_id[module].total_hours for _, module in places), 0.0),
        practice_hours=sum((by_id[module].practice_hours for _, module in places), 0.0),
        programmes=sum(bool(found) for found in modules.values()),
        learners=sum(row.learners for row in rows if modules[row.state.name]),
        worth=worth,
        closure_before=_closure(worth, sum(one.open_before for one in competencies)),
        closure_after=_closure(worth, sum(one.open_after for one in competencies)),
        floors=sum(len(row.floors) for row in rows),
        floors_met_before=sum(_met(row.floors, row.before) for row in rows),
        floors_met_after=sum(_met(row.floors, row.after) for row in rows),
        needs=sum(len(row.needs) for row in rows),
        needs_met_before=sum(_met(row.needs, row.before) for row in rows),
        needs_met_after=sum(_met(row.needs, row.after) for row in rows),
        learners_open_before=sum(
            row.learners for row in rows if _met(row.asked, row.before) < len(row.asked)
        ),
        learners_open_after=sum(row.learners for row in rows if _met(row.asked, row.after) < len(row.asked)),
        occupations=len(targets),
        occupations_met_before=sum(one not in not_met(row.state, row.before) for row, one in targets),
        occupations_met_after=sum(one not in not_met(row.state, row.after) for row, one in targets),
        paid_kzt=sum(paid) if answers.sources else None,
        competencies=competencies,
        practice=_practice(today, plan) if answers.challenge.practice else None,
        outlooks=tuple(in_outlooks(problem.outlooks, answers.competencies, plan)),
        partners=partners_behind(problem, selection, places, answers.sources),
    )


def _targets(state: ProgrammeState, answers: AnsweredBy) -> Iterator[str]:
    """Yield the target occupations of a programme that answer the challenge and ask for anything."""
    return (name for name in state.of.gaps.occupations() if name in answers.occupations)


def _met(asked: Mapping[str, int], levels: Mapping[str, int]) -> int:
    """Return how many of the levels that are asked for are reached."""
    return sum(levels.get(name, 0) >= level for name, level in asked.items())


def _closure(worth: float, left: float) -> float | None:
    return None if worth <= 0 else max(0.0, 1 - left / worth)


def _in_order(problem: Problem, modules: set[str]) -> tuple[str, ...]:
    return tuple(name for name in problem.catalog.module_by_id if name in modules)


def _competencies(
    problem: Problem, answers: AnsweredBy, programmes: Sequence[_Concerned]
) -> Iterator[CompetencyAnswer]:
    """Yield each competency of a challenge, in the order of the catalog."""
    for name in answers.competencies:
        concerned = [row for row in programmes if name in row.asked]
        raising = {module for row in programmes for module in row.raising((name,))}
        lacking_before = [row for row in concerned if row.before.get(name, 0) < row.asked[name]]
        lacking_after = [row for row in concerned if row.after.get(name, 0) < row.asked[name]]
        yield CompetencyAnswer(
            competency=name,
            floor=max((row.floors.get(name, 0) for row in programmes), default=0),
            programmes=len(concerned),
            programmes_met_before=len(concerned) - len(lacking_before),
            programmes_met_after=len(concerned) - len(lacking_after),
            learners=sum(row.learners for row in concerned),
            learners_open_before=sum(row.learners for row in lacking_before),
            learners_open_after=sum(row.learners for row in lacking_after),
            worth=sum((row.open_weight(name, row.state.of.gaps.baseline) for row in programmes), 0.0),
            open_before=sum((row.open_weight(name, row.before) for row in programmes), 0.0),
            open_after=sum((row.open_weight(name, row.after) for row in programmes), 0.0),
            modules=_in_order(problem, raising),
        )


def _practice(today: PlanState, plan: PlanState) -> PracticalPart:
    return PracticalPart(
        hours_before=_practice_hours(today),
        hours_after=_practice_hours(plan),
        least_share_before=_least_share(today),
        least_share_after=_least_share(plan),
    )


def _practice_hours(plan: PlanState) -> float:
    """Return the practical hours of one group of each programme, fixed load included."""
    catalog = plan.basis.catalog
    rows: list[HoursByKind] = [
        catalog.module_by_id[module] for state in plan.states.values() for module in sorted(state.terms_of)
    ]
    rows += [row for row in catalog.programme_fixed_hours if row.programme in plan.states]
    return sum((row.practice_hours for row in rows), 0.0)


def _least_share(plan: PlanState) -> float | None:
    """Return the least practice share of a programme (§7), None where none has hours of the denominator."""
    found = []
    for state in plan.states.values():
        hours = [state.terms[number].practice for number in state.of.terms]
        if total := sum(one for _, one in hours):
            found.append(sum(one for one, _ in hours) / total)
    return min(found, default=None)
