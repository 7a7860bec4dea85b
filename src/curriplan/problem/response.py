"""What the response lag is made of: the steps that are newly asked, their weights, and who graduates when.

Who holds what when is for the optimizer and the evaluation to say, each by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from curriplan.catalog.records import Catalog, Floor, OccupationRequirement, Programme
from curriplan.problem.asked import NewlyAsked, graduation, intakes_of, last_graduation
from curriplan.problem.gaps import ProgrammeGaps, TargetNeed
from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class AskedStep:
    """A step that is newly asked of a programme, by one row of the catalog.

    Parameters
    ----------
    weight : float
        What the row alone gives to w[p,c,l] of *Worth*; a floor counts as an essential requirement of
        importance 1 and share 1.
    row : OccupationRequirement or Floor
        The row that asks.
    """

    programme: str
    competency: str
    level: int
    since: str
    weight: float
    row: OccupationRequirement | Floor

    @property
    def occupation(self) -> str | None:
        """The occupation that asks; None where a floor does."""
        return self.row.occupation if isinstance(self.row, OccupationRequirement) else None


class AskedSteps:
    """The newly asked steps of a problem; `problem.derived(AskedSteps)` works it out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.catalog: Catalog = problem.catalog
        self._compared: dict[tuple[str | None, str | None, str], NewlyAsked] = {
            (one.occupation, one.programme, one.competency): one for one in problem.limits.settings.asked
        }

    @cached_property
    def intakes(self) -> Mapping[str, tuple[Programme, ...]]:
        """The intakes of each planned programme that answers for itself, by when they graduate.

        One that is not planned follows its curriculum of today.
        """
        planned = self.problem.limits.planned
        by_id = self.catalog.programme_by_id
        return {
            name: tuple(sorted(intakes_of(self.catalog, name), key=lambda row: (graduation(row), row.id)))
            for name in planned
            if by_id[name].intake_of not in planned
        }

    @cached_property
    def horizon(self) -> str:
        """H: the last graduation of a planned intake, within the horizon of the settings."""
        rows = tuple(self.catalog.programme_by_id[name] for name in self.problem.limits.planned)
        return last_graduation(rows, self.problem.limits.settings.horizon)

    @cached_property
    def steps(self) -> tuple[AskedStep, ...]:
        """Every newly asked step, by programme, competency, level and who asks."""
        return tuple(
            step
            for name in self.intakes
            for step in sorted(
                self._steps_of(self.problem.gaps[name]),
                key=lambda one: (one.competency, one.level, one.occupation or ""),
            )
        )

    def _steps_of(self, gaps: ProgrammeGaps) -> Iterator[AskedStep]:
        for need in gaps.needs:
            row = need.requirement
            since, above = self._asked(row, self._compared.get((row.occupation, None, row.competency)))
            yield from _levels(gaps, need, row, since, above)
        yield from self._floor_steps(gaps)

    def _floor_steps(self, gaps: ProgrammeGaps) -> Iterator[AskedStep]:
        """Yield the levels that floors newly ask; one that several ask counts once, from the earliest."""
        asked: dict[str, int] = {}
        rows = (
            (*self._asked(floor, self._compared.get((None, gaps.programme, floor.competency))), floor)
            for floor in self.catalog.floors_of(gaps.programme)
            if floor.level > 0
        )
        for since, above, floor in sorted(rows, key=lambda row: (row[0], row[2].level)):
            first = max(above, asked.get(floor.competency, 0))
            yield from _levels(gaps, _as_need(floor), floor, since, first)
            asked[floor.competency] = max(first, floor.level)

    @staticmethod
    def _asked(row: OccupationRequirement | Floor, compared: NewlyAsked | None) -> tuple[str, int]:
        """Return since when a row is newly asked, and above which level; "" where it was always asked."""
        if row.since is not None or compared is None:
            return row.since or "", 0
        return compared.since, compared.above


def _levels(
    gaps: ProgrammeGaps, need: TargetNeed, row: OccupationRequirement | Floor, since: str, above: int
) -> Iterator[AskedStep]:
    """Yield the levels of a row that are newly asked beyond what learners bring."""
    first = max(above, gaps.baseline.get(row.competency, 0)) + 1
    for level in range(first, row.level + 1) if since else ():
        weight = gaps.weight_of(need, level)
        yield AskedStep(gaps.programme, row.competency, level, since, weight, row)


def _as_need(floor: Floor) -> TargetNeed:
    """Return a floor as what it weighs: an essential requirement of importance 1, of all graduates."""
    row = OccupationRequirement(
        occupation="floor", competency=floor.competency, level=floor.level, importance=1, essential=True
    )
    return TargetNeed(row, 1.0)
