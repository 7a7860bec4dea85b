"""What a programme still lacks: the weight of each step that its occupations need.

The formulas stand in ``docs/formulation.md`` under *Worth*; closure, cover and essentials are
computed from the levels that a set of modules reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from curriplan.catalog.records import Catalog, OccupationRequirement, Taught
from curriplan.problem.limits import Limits

Levels = Mapping[str, int]
"""Level by competency id; a missing competency is at 0."""


@dataclass(frozen=True)
class Step:
    """A missing step of a programme: the competency must rise to `level`."""

    programme: str
    competency: str
    level: int
    weight: float


@dataclass(frozen=True)
class StepParts:
    """What a step is worth to the essential or to the other requirements, whatever θ and κ are.

    Its weight is (κ if essential, else 1) · ((1 − θ) · reaching + θ · meeting), summed over both kinds.
    """

    step: Step
    essential: bool
    reaching: float
    """Σ share · importance · v(l) of those that ask for the level or a higher one."""
    meeting: float
    """Σ share · importance · V of those that the level meets."""


@dataclass(frozen=True)
class TargetNeed:
    """A requirement of a target occupation, with the share of graduates that it concerns."""

    requirement: OccupationRequirement
    share: float


class ProgrammeGaps:
    """The missing steps of one programme and what a set of levels closes of them.

    Parameters
    ----------
    shares : mapping of str to float, optional
        The part of the graduates by occupation; by default what the programme trains for today.
    """

    def __init__(
        self, catalog: Catalog, limits: Limits, programme: str, shares: Mapping[str, float] | None = None
    ) -> None:
        self.programme = programme
        self.baseline: dict[str, int] = catalog.teaching.baseline(programme)
        if shares is None:
            shares = base_shares(catalog, programme)
        self.shares = shares
        self.needs = tuple(
            TargetNeed(row, shares[row.occupation])
            for row in catalog.occupation_requirements
            if row.occupation in shares
        )
        self._value = {row.level: row.value for row in catalog.level_values}
        self._settings = limits.settings

    @cached_property
    def required(self) -> dict[str, int]:
        """Highest level asked by a target occupation, by competency, sorted as in the catalog."""
        found: dict[str, int] = {}
        for need in self.needs:
            row = need.requirement
            found[row.competency] = max(found.get(row.competency, 0), row.level)
        return dict(sorted(found.items()))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every missing step with its weight, by competency and level."""
        return tuple(
            Step(self.programme, competency, level, self._weight(competency, level))
            for competency, highest in self.required.items()
            for level in range(self.baseline.get(competency, 0) + 1, highest + 1)
        )

    @cached_property
    def total_weight(self) -> float:
        """W(p), the weight of all missing steps."""
        return sum(step.weight for step in self.steps)

    def _weight(self, competency: str, level: int) -> float:
        asking = (n for n in self.needs if n.requirement.competency == competency)
        return sum(self.weight_of(need, level) for need in asking)

    def weight_of(self, need: TargetNeed, level: int) -> float:
        """Return the part of the weight of a step that one requirement gives; 0 above its level."""
        return need.requirement.importance * self._step_worth(need, level)

    def _step_worth(self, need: TargetNeed, level: int) -> float:
        """Return what a step weighs for one requirement whose importance is 1; 0 above its level."""
        theta = self._settings.meeting_share
        reaching, meeting = self._worths(need, level)
        factor = self._settings.essential_factor if need.requirement.essential else 1.0
        return need.share * factor * ((1 - theta) * reaching + theta * meeting)

    def _worths(self, need: TargetNeed, level: int) -> tuple[float, float]:
        """Return the worth of reaching a level of a requirement, and of meeting the requirement with it."""
        row = need.requirement
        if level > row.level:
            return 0.0, 0.0
        missing = range(self.baseline.get(row.competency, 0) + 1, level + 1) if row.level == level else ()
        return self._value.get(level, 1.0), sum((self._value.get(one, 1.0) for one in missing), 0.0)

    @cached_property
    def step_parts(self) -> tuple[StepParts, ...]:
        """The steps as they are before θ and κ, one row for each kind of requirement that asks for them."""
        return tuple(self._parts())

    def _parts(self) -> Iterator[StepParts]:
        for step in self.steps:
            for essential in (True, False):
                asking = [
                    need
                    for need in self.needs
                    if need.requirement.competency == step.competency
                    if need.requirement.level >= step.level and need.requirement.essential is essential
                ]
                worths = [(n.share * n.requirement.importance, self._worths(n, step.level)) for n in asking]
                if worths:
                    reaching = sum(graduates * one for graduates, (one, _) in worths)
                    yield StepParts(step, essential, reaching, sum(g * one for g, (_, one) in worths))

    def worth(self, need: TargetNeed, level: int) -> float:
        """Return the weight that a level closes of one requirement, were its importance 1."""
        first = self.baseline.get(need.requirement.competency, 0) + 1
        return sum(self._step_worth(need, step) for step in range(first, level + 1))

    def levels_after(self, outcomes: Iterable[Taught]) -> dict[str, int]:
        """Return the levels held after `outcomes`, the baseline included."""
        levels = dict(self.baseline)
        for row in outcomes:
            levels[row.competency] = max(levels.get(row.competency, 0), row.exit_level)
        return levels

    def closure(self, levels: Levels) -> float | None:
        """Return closed weight / total weight, None where nothing is missing."""
        if self.total_weight <= 0:
            return None
        closed = sum(s.weight for s in self.steps if levels.get(s.competency, 0) >= s.level)
        return closed / self.total_weight

    def essentials_met(self, levels: Levels) -> tuple[int, int]:
        """Return (met, all) essential requirements of the target occupations."""
        rows = [need.requirement for need in self.needs if need.requirement.essential]
        return sum(levels.get(row.competency, 0) >= row.level for row in rows), len(rows)

    def occupations(self) -> tuple[str, ...]:
        """Return the target occupations that have requirements, sorted."""
        return tuple(sorted({need.requirement.occupation for need in self.needs}))

    def cover(self, occupation: str, levels: Levels) -> float:
        """Return Σ importance·min(level, required) / Σ importance·required of an occupation."""
        rows = [n.requirement for n in self.needs if n.requirement.occupation == occupation]
        have = sum(r.importance * min(levels.get(r.competency, 0), r.level) for r in rows)
        return have / sum(r.importance * r.level for r in rows)

    def essentials_of_occupation_met(self, occupation: str, levels: Levels) -> bool:
        """Say whether every essential requirement of an occupation is met."""
        rows = [n.requirement for n in self.needs if n.requirement.occupation == occupation]
        return all(levels.get(r.competency, 0) >= r.level for r in rows if r.essential)


def base_shares(catalog: Catalog, programme: str) -> dict[str, float]:
    """Return the part of a programme's graduates by target occupation, as it is today."""
    return {row.occupation: row.share for row in catalog.base_targets if row.programme == programme}


def programme_weight(catalog: Catalog, programme: str) -> float:
    """Return the weight of a programme in the closure of the plan: its own, else its learners."""
    row = catalog.programme_by_id[programme]
    return float(row.learners if row.weight is None else row.weight)


@dataclass(frozen=True)
class Gap:
    """One competency that a programme's occupations need, before any planning."""

    programme: str
    competency: str
    required: int
    baseline: int
    before: int
    teachable: int
    """Highest level, up to `required`, that the programme's modules can teach."""
    weight: float
    """Weight of its missing steps."""
    open_weight: float
    """Weight of the steps that the existing curriculum leaves open."""
    essential: bool
