"""What an evaluation says: each rule with its limit and actual value, and every measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from curriplan.catalog.records import CostPart
from curriplan.problem.aspects import RuleCheck


@dataclass(frozen=True, order=True)
class CostItem:
    """New money that falls due in a calendar year for one part of the cost of a module (§10).

    Parameters
    ----------
    programme : str or None
        None for set-up, which programmes share.
    year : int
        Set-up may be paid earlier, the rest in this year.
    """

    module: str
    part: CostPart
    programme: str | None
    year: int
    kzt: int


@dataclass(frozen=True)
class OccupationMeasures:
    """How well a target occupation is served."""

    occupation: str
    share: float
    cover_before: float
    cover_after: float
    essentials_met_before: bool
    essentials_met_after: bool


@dataclass(frozen=True)
class ProgrammeMeasures:
    """One programme before and after the plan."""

    programme: str
    weight: float
    closure_before: float | None
    closure_after: float | None
    essentials: int
    essentials_met_before: int
    essentials_met_after: int
    occupations: tuple[OccupationMeasures, ...]
    term_credits: tuple[float, ...]
    """Credits by term of the plan, fixed load included."""
    delivery_cost_kzt: int
    """cost_per_group_kzt · groups over all modules of the plan, kept ones included."""
    unteachable_share: float
    """Part of the programme's weight that no module teaches."""
    learners: int = 1
    """Learners of one intake."""
    dual_share: float | None = None
    """Part of production training and practice at an enterprise (§8); None where there is neither."""
    labour_functions: int = 0
    """Labour functions of its occupations that some module of it may serve (§15)."""
    uncovered_functions: tuple[str, ...] = ()
    """Those of them that the plan leaves out."""


@dataclass(frozen=True)
class Evaluation:
    """Everything recomputed from catalog, limits and the bare decisions."""

    checks: tuple[RuleCheck, ...]
    objectives: Mapping[str, float]
    """Value of each objective, in its own unit (closure and no_harm as shares of 1)."""
    programmes: tuple[ProgrammeMeasures, ...]
    closure_before: float
    levels_before: Mapping[str, Mapping[str, int]]
    levels_after: Mapping[str, Mapping[str, int]]
    """Level by programme and competency, baseline included."""
    setup_cost_kzt: Mapping[str, int]
    """New set-up money by module."""
    added_cost_kzt: Mapping[tuple[str, str], int]
    """New delivery money by (programme, module)."""
    levels_by_term: Mapping[str, tuple[Mapping[str, int], ...]] = field(default_factory=dict)
    """Levels held at the end of each term of the plan, by programme (§2)."""
    cost_items: tuple[CostItem, ...] = ()
    """All new money, by module, cost part, programme and year."""

    @property
    def broken(self) -> tuple[RuleCheck, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.holds)

    @property
    def broken_rules(self) -> tuple[str, ...]:
        """The rules that do not hold, sorted."""
        return tuple(sorted({check.rule for check in self.broken}))

    @property
    def cost_kzt(self) -> int:
        """New money in all."""
        return sum(item.kzt for item in self.cost_items)

    @cached_property
    def fees_kzt(self) -> Mapping[tuple[str, str], int]:
        """New money for the hours of sites, by (programme, module)."""
        return self._by_module(CostPart.FEES)

    @cached_property
    def travel_kzt(self) -> Mapping[tuple[str, str], int]:
        """New money for travel to sites, by (programme, module)."""
        return self._by_module(CostPart.TRAVEL)

    @cached_property
    def cost_by_year(self) -> Mapping[int, int]:
        """New money by the calendar year in which it falls due."""
        found: dict[int, int] = {}
        for item in self.cost_items:
            found[item.year] = found.get(item.year, 0) + item.kzt
        return dict(sorted(found.items()))

    def _by_module(self, part: CostPart) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for item in self.cost_items:
            if item.part is part and item.programme is not None:
                key = (item.programme, item.module)
                found[key] = found.get(key, 0) + item.kzt
        return found
