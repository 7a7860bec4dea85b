"""What an evaluation says: each rule with its limit and actual value, and every measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from curriplan.model import CostPart

ASPECTS: Mapping[str, str] = {
    "known_programmes": "§1",
    "known_modules": "§1",
    "forbidden_modules": "§1",
    "allowed_terms": "§1",
    "taken_once": "§1",
    "mandatory_modules": "§1",
    "entry_levels": "§3",
    "prerequisites": "§4",
    "corequisites": "§4",
    "strict_corequisites": "§4",
    "exclusive_groups": "§5",
    "total_credits_min": "§6",
    "total_credits_max": "§6",
    "term_credits_min": "§6",
    "term_credits_max": "§6",
    "term_modules_min": "§6",
    "term_modules_max": "§6",
    "weekly_hours": "§6",
    "weekly_hours_all": "§6",
    "practice_share": "§7",
    "dual_share": "§8",
    "sites": "§9",
    "split_parts": "§9",
    "needless_sites": "§9",
    "resource_hours": "§9",
    "budget": "§10",
    "payments": "§10",
    "payment_sources": "§10",
    "source_budget": "§10",
    "funding_share": "§10",
    "floor": "§11",
    "changes": "§12",
    "taught_terms": "§12",
    "change_share": "§12",
    "review_starts": "§12",
    "review_absent": "§12",
    "equity": "§13",
    "min_learners": "§14",
    "labour_functions": "§15",
}
"""Every aspect that a check may have, with its rule: the texts need an entry for each."""


@dataclass(frozen=True)
class RuleCheck:
    """One rule for one subject, as a row of the Compliance sheet.

    Parameters
    ----------
    rule : str
        ``§3``.
    aspect : str
        What of the rule, a key of the texts: ``total_credits_min``, ``entry_levels``, ...
    programme : str or None
        None for a rule over all programmes (§9, §10, §12, §14).
    subject : str or None
        A term, a resource, a competency, a module, a source (with ``:2027`` of one year); None for the
        whole programme.
    semester : str or None
        The calendar semester, for §9 and §14.
    operator : str
        ``>=``, ``<=`` or ``=``.
    limit, actual : float
        In `unit`. For rules over single modules: number of breaches, limit 0.
    unit : str
        ``credits``, ``h``, ``share``, ``KZT``, ``level``, ``modules``, ``learners``, ``changes``,
        ``breaches``.
    details : tuple of str
        Module ids (or module:competency and the like) that break the rule.
    profile_key : str or None
        The key of the regulation profile that gives the limit.
    """

    rule: str
    aspect: str
    programme: str | None
    subject: str | None
    operator: str
    limit: float
    actual: float
    unit: str
    semester: str | None = None
    details: tuple[str, ...] = ()
    profile_key: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """Rule, aspect, programme, subject, semester: pairs a row *before* with its row *after*."""
        return (self.rule, self.aspect, self.programme or "", self.subject or "", self.semester or "")

    @property
    def shortfall(self) -> float:
        """By how much the actual value misses the limit, in `unit`; 0 where the rule holds."""
        return 0.0 if self.holds else abs(self.limit - self.actual)

    @cached_property
    def holds(self) -> bool:
        """Whether the rule holds within 1e-6 · max(1, |limit|)."""
        slack = 1e-6 * max(1.0, abs(self.limit))
        if self.operator == ">=":
            return self.actual >= self.limit - slack
        if self.operator == "<=":
            return self.actual <= self.limit + slack
        return abs(self.actual - self.limit) <= slack


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
