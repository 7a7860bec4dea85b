"""The planning problem as sets and numbers, ready for any solver and tied to none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from curriplan.capacity import Capacity
from curriplan.curriculum import Curricula, Curriculum, Option
from curriplan.gaps import ProgrammeGaps, Step, programme_weight
from curriplan.model import Catalog, ModuleOutcome, Programme, ProgrammeFixedLoad, ProgrammeTerm
from curriplan.settings import Limits


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

    @property
    def programme(self) -> Programme:
        """The programme's record."""
        return self.curriculum.programme

    @property
    def id(self) -> str:
        """The programme's id."""
        return self.programme.id

    @property
    def options(self) -> tuple[Option, ...]:
        """M(p)."""
        return self.curriculum.open_options


class PlanningProblem:
    """All planned programmes and what they share."""

    def __init__(
        self,
        catalog: Catalog,
        limits: Limits,
        curricula: Curricula | None = None,
        capacity: Capacity | None = None,
    ) -> None:
        self.catalog = catalog
        self.limits = limits
        self.curricula = curricula or Curricula(catalog)
        self.capacity = capacity or Capacity(catalog, limits, self.curricula)

    @cached_property
    def programmes(self) -> tuple[ProgrammeProblem, ...]:
        """The planned programmes, in catalog order."""
        return tuple(self._programme(name) for name in self.limits.planned)

    def _programme(self, name: str) -> ProgrammeProblem:
        curriculum = self.curricula.by_programme[name]
        gaps = ProgrammeGaps(self.catalog, self.limits, name)
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
        )

    def outcomes(self, modules: Iterable[str]) -> Iterable[ModuleOutcome]:
        """Yield the outcomes of several modules."""
        return (row for name in modules for row in self.catalog.outcomes_by_module.get(name, ()))

    def teachers(self, one: ProgrammeProblem, competency: str, level: int) -> tuple[Option, ...]:
        """Return the options of a programme that teach `competency` to at least `level`."""
        return tuple(
            option
            for option in one.options
            if any(
                row.competency == competency and row.exit_level >= level
                for row in self.catalog.outcomes_by_module.get(option.module.id, ())
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

    def delivery_cost_kzt(self, one: ProgrammeProblem, option: Option) -> int:
        """Return the new money for teaching a module to one intake: none unless it is added."""
        if option.current_term is not None:
            return 0
        return option.module.cost_per_group_kzt * self.limits.groups(one.programme)

    def setup_cost_kzt(self, module: str) -> int:
        """Return the new money for starting a module: none where it runs already."""
        running = module in self.curricula.running
        return 0 if running else self.catalog.module_by_id[module].setup_cost_kzt

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
