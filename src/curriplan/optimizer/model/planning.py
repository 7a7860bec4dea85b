"""What the optimizer works out from a problem for itself: sets and numbers, tied to no solver.

The evaluation never sees it and works out its own: see `curriplan.evaluation.state`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from curriplan.catalog.records import Entry, Programme, ProgrammeFixedLoad, ProgrammeTerm, Taught
from curriplan.plan.plan import Selection
from curriplan.problem.curriculum import Curriculum, Option
from curriplan.problem.gaps import ProgrammeGaps, Step, programme_weight
from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class ProgrammeProblem:
    """One planned programme."""

    curriculum: Curriculum
    gaps: ProgrammeGaps
    terms: dict[int, ProgrammeTerm | None]
    """The row of programme_terms by term, None where there is none."""
    fixed: dict[int, tuple[ProgrammeFixedLoad, ...]]
    """Fixed loads by term."""
    closure_before: float | None
    options: tuple[Option, ...]
    """M(p); in a relaxed problem forbidden modules too, and every start that fits the span."""

    @property
    def programme(self) -> Programme:
        """The programme's record."""
        return self.curriculum.programme

    @property
    def id(self) -> str:
        """The programme's id."""
        return self.programme.id


class PlanningProblem:
    """The options of a problem, its weeks and weights.

    Parameters
    ----------
    given : Problem
        What is planned, and within what.
    relaxed : bool
        Give forbidden modules and all terms to the options, for a model that states them as rows (to
        find out which of them clash).
    within : Selection, optional
        Only what this plan takes may be taken, in its terms.
    """

    def __init__(self, given: Problem, *, relaxed: bool = False, within: Selection | None = None) -> None:
        self.given = given
        self.relaxed = relaxed
        self.within = within
        self.catalog = given.catalog
        self.limits = given.limits
        self.curricula = given.curricula
        self.capacity = given.capacity
        self.money = given.money

    @cached_property
    def programmes(self) -> tuple[ProgrammeProblem, ...]:
        """The planned programmes, in catalog order."""
        return tuple(self._programme(name) for name in self.limits.planned)

    def _programme(self, name: str) -> ProgrammeProblem:
        curriculum = self.curricula.by_programme[name]
        gaps = self.given.gaps[name]
        rows = {row.term: row for row in self.catalog.programme_terms if row.programme == name}
        fixed = [row for row in self.catalog.programme_fixed_hours if row.programme == name]
        every_term = range(1, curriculum.programme.terms + 1)
        before = gaps.levels_after(self.outcomes(item.module.id for item in curriculum.current))
        return ProgrammeProblem(
            curriculum,
            gaps,
            {term: rows.get(term) for term in every_term},
            {term: tuple(row for row in fixed if row.term == term) for term in every_term},
            gaps.closure(before),
            self._options(curriculum),
        )

    def _options(self, curriculum: Curriculum) -> tuple[Option, ...]:
        if self.within is not None:
            term_of = {(row.programme, row.module): row.term for row in self.within.starts}
            return tuple(
                replace(option, starts=(term_of[option.key],) if option.key in term_of else ())
                for option in curriculum.open_options
            )
        if not self.relaxed:
            return curriculum.open_options
        terms = curriculum.programme.terms
        return tuple(
            replace(option, starts=tuple(range(1, terms - option.span + 2)))
            for option in curriculum.options.values()
        )

    def outcomes(self, modules: Iterable[str]) -> Iterable[Taught]:
        """Yield what several modules teach."""
        return (row for name in modules for row in self.catalog.teaching.of(name))

    def entries(self, one: ProgrammeProblem, option: Option) -> tuple[Entry, ...]:
        """Return the levels that an option needs beyond what the learners bring (§3)."""
        return self.catalog.teaching.entries(option.module.id, one.gaps.baseline)

    def teachers(self, one: ProgrammeProblem, competency: str, level: int) -> tuple[Option, ...]:
        """Return the options of a programme that teach `competency` to at least `level`."""
        return tuple(
            option
            for option in one.options
            if any(
                row.competency == competency and row.exit_level >= level
                for row in self.catalog.teaching.of(option.module.id)
            )
        )

    def step_share(self, one: ProgrammeProblem, step: Step) -> float:
        """Return the part of the programme's closure that a step is worth."""
        return step.weight / one.gaps.total_weight

    @cached_property
    def closure_weights(self) -> dict[str, float]:
        """Weight of each programme in the closure of the plan, summing to 1; empty where none counts."""
        raw = {
            one.id: programme_weight(self.catalog, one.id)
            for one in self.programmes
            if one.gaps.total_weight > 0
        }
        total = sum(raw.values())
        return {name: weight / total for name, weight in raw.items()} if total > 0 else {}

    @cached_property
    def learner_weights(self) -> dict[str, float]:
        """Weight by learners of each programme that lacks anything, summing to 1 (no_harm)."""
        raw = {one.id: one.programme.learners for one in self.programmes if one.gaps.total_weight > 0}
        total = sum(raw.values())
        return {name: learners / total for name, learners in raw.items()}

    @cached_property
    def needs_payers(self) -> bool:
        """Whether it matters who pays what and when: budgets of years, or shares below 1.

        Elsewhere the cap on all new money says as much.
        """
        if not self.catalog.funding_sources:
            return False
        shares = (row.max_share < 1 for row in self.catalog.funding_limits)
        years = (row.year is not None for row in self.catalog.funding_budgets)
        return any(shares) or any(years)

    def is_added(self, option: Option) -> bool:
        """Say whether taking an option adds it, so that it costs new money."""
        return option.current_term is None

    def has_site_costs(self, option: Option) -> bool:
        """Say whether fees or travel are due for an option, at some site."""
        needs = self.capacity.needs.get(option.module.id, {})
        sites = (site for kind in needs for site in self.capacity.sites.get(kind, ()))
        costly = any(site.fee_per_hour_kzt > 0 or site.travel_cost_kzt > 0 for site in sites)
        return costly and self.is_added(option)

    def delivery_cost_kzt(self, option: Option) -> int:
        """Return the new money for teaching a module to one intake: none unless it is added."""
        return self.money.delivery_kzt(option) if self.is_added(option) else 0

    def credits(self, option: Option) -> float:
        """Return the credits of an option; a module without credits carries none."""
        return option.module.credits or 0.0

    def fixed_credits(self, one: ProgrammeProblem, term: int) -> float:
        """Return the credits of the fixed load of a term."""
        return sum(self.limits.fixed_credits(row) for row in one.fixed[term])

    def weeks(self, one: ProgrammeProblem, term: int) -> float | None:
        """Return the teaching weeks of a term, None where nothing tells them."""
        row = one.terms[term]
        if row is not None and row.weeks is not None:
            return row.weeks
        year = self.limits.number("teaching_weeks_year")
        return year / 2 if year is not None else None
