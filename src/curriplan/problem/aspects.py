"""The aspects of the rules, and what a check of one says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

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
