"""The effective limits and choices of a run: the regulation profile plus the user's overrides.

No regulatory number stands in code: a key that the profile lacks switches its rule off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from curriplan.base.errors import Issue, UsageError
from curriplan.catalog.records import SEMESTER_PATTERN, Catalog, HoursByKind, ProfileEntry, Programme
from curriplan.catalog.records.policy import (
    DENOMINATORS,
    QUALIFICATION_LEVELS,
    TOTAL_CREDITS_PREFIX,
    WORD_KEYS,
    number_of,
)
from curriplan.problem.review import ReviewDecision, decisions_from_data, decisions_to_data


def limits_to_data(limits: Limits) -> dict[str, Any]:
    """Return every effective value of a run, and which of them the user chose."""
    settings = limits.settings
    review = {"review": decisions_to_data(settings.review)} if settings.review else {}
    return {
        "programmes": list(limits.planned),
        "budget_kzt": limits.budget_kzt,
        "practice_share_min": limits.practice_share_min,
        "objectives": [
            {"name": choice.name, "tolerance": choice.tolerance} for choice in settings.objectives
        ],
        "gap": settings.gap,
        "time_limit_s": settings.time_limit_s,
        "solver": settings.solver,
        "meeting_share": settings.meeting_share,
        "essential_factor": settings.essential_factor,
        "previous": None
        if settings.previous is None
        else [{"programme": p, "module": m, "term": t} for p, m, t in settings.previous],
        "max_changes": settings.max_changes,
        "taught_until": settings.taught_until,
        "equity": settings.equity,
        **review,
        "closure_alone": dict(sorted(limits.closure_alone.items())),
        "profile": [
            row.model_dump(mode="json", by_alias=True, exclude_none=True) for row in limits.profile.values()
        ],
        "overrides": {
            "programmes": list(settings.programmes),
            "budget_kzt": settings.budget_kzt,
            "practice_share": settings.practice_share,
            "profile": settings.profile is not None,
        },
    }


def settings_from_data(data: Mapping[str, Any]) -> Settings:
    """Return the settings that a plan was made with."""
    overrides = data["overrides"]
    profile = tuple(ProfileEntry(**row) for row in data["profile"]) if overrides["profile"] else None
    return Settings(
        programmes=tuple(overrides["programmes"]),
        budget_kzt=overrides["budget_kzt"],
        practice_share=overrides["practice_share"],
        profile=profile,
        objectives=tuple(ObjectiveChoice(row["name"], row["tolerance"]) for row in data["objectives"]),
        gap=data["gap"],
        time_limit_s=data["time_limit_s"],
        solver=data["solver"],
        meeting_share=data["meeting_share"],
        essential_factor=data["essential_factor"],
        previous=None
        if data["previous"] is None
        else tuple((row["programme"], row["module"], row["term"]) for row in data["previous"]),
        max_changes=data["max_changes"],
        taught_until=data["taught_until"],
        equity=data["equity"],
        review=decisions_from_data(data.get("review", ())),
    )


@dataclass(frozen=True)
class ObjectiveChoice:
    """An objective and how far later objectives may worsen it.

    ``tolerance`` is in the objective's own unit: closure and no_harm in shares of 1 (0.005 is half
    a percentage point) like adaptability and fairness, cost in KZT, disruption in hours, balance and
    peak in credits, distance in terms.
    """

    name: str
    tolerance: float = 0.0


DEFAULT_OBJECTIVES = (
    ObjectiveChoice("no_harm"),
    ObjectiveChoice("closure", 0.005),
    ObjectiveChoice("cost"),
    ObjectiveChoice("disruption"),
    ObjectiveChoice("balance"),
)
OBJECTIVE_NAMES = (
    *(choice.name for choice in DEFAULT_OBJECTIVES),
    "peak",
    "distance",
    "adaptability",
    "fairness",
)
SEMESTER = re.compile(SEMESTER_PATTERN)
SOLVERS = ("highs", "cbc")
RANGES: Mapping[str, tuple[float, float]] = {
    "budget_kzt": (0, 10**15),
    "practice_share": (0, 1),
    "gap": (0, 1),
    "time_limit_s": (0, 10**6),
    "meeting_share": (0, 1),
    "essential_factor": (0, 10**6),
    "max_changes": (0, 10**6),
    "equity": (0, 1),
}
"""Smallest and largest value of each number that a user may choose."""


@dataclass(frozen=True)
class Settings:
    """What a user may choose; everything has a default.

    Parameters
    ----------
    programmes : tuple of str
        Plan only these; the existing curricula of the others keep their resources (§9). Empty: all.
    budget_kzt : int, optional
        Cap on all new money together, beside the budgets of the sources (§10).
    practice_share : float, optional
        Instead of the profile's ``practice_share_min`` (§7).
    profile : tuple of ProfileEntry, optional
        A whole profile instead of the catalog's.
    objectives : tuple of ObjectiveChoice
        Lexicographic order.
    gap : float
        Relative optimality gap at which a stage counts as proven.
    time_limit_s : float
        For all stages together, seconds; the runs of ``stability`` together have as much again.
    solver : str
        ``highs`` or ``cbc``.
    meeting_share : float
        θ: the part of a requirement's worth that is earned only by meeting it.
    essential_factor : float
        κ of an essential requirement; an optional one has 1.
    previous : tuple of (programme, module, term), optional
        The starts of an earlier plan (§12).
    max_changes : int, optional
        At most so many changes against it (§12).
    taught_until : str, optional
        Terms up to this calendar semester stay as the earlier plan has them (§12).
    equity : float, optional
        Least closure of each programme, as a share of what it reaches when planned alone (§13).
    review : tuple of ReviewDecision
        What reviewers decided on single modules (§12).
    """

    programmes: tuple[str, ...] = ()
    budget_kzt: int | None = None
    practice_share: float | None = None
    profile: tuple[ProfileEntry, ...] | None = None
    objectives: tuple[ObjectiveChoice, ...] = DEFAULT_OBJECTIVES
    gap: float = 0.001
    time_limit_s: float = 300.0
    solver: str = "highs"
    meeting_share: float = 0.5
    essential_factor: float = 2.0
    previous: tuple[tuple[str, str, int], ...] | None = None
    max_changes: int | None = None
    taught_until: str | None = None
    equity: float | None = None
    review: tuple[ReviewDecision, ...] = ()


@dataclass(frozen=True)
class Limits:
    """Every effective value of a run: the parsed profile and the settings over it.

    Made by `effective_limits`; read by the optimizer, the evaluation and the report alike.
    """

    settings: Settings
    profile: Mapping[str, ProfileEntry]
    numbers: Mapping[str, float]
    words: Mapping[str, str]
    budget_kzt: int | None
    """New money of all sources together, None where nothing limits it."""
    planned: tuple[str, ...] = field(default=())
    """Programmes that are planned, sorted as in the catalog."""
    closure_alone: Mapping[str, float] = field(default_factory=dict)
    """Best closure of each programme when it is planned alone (§13), where that was asked for."""

    @property
    def needs_closure_alone(self) -> bool:
        """Whether a rule or an objective compares with what programmes reach alone (§13)."""
        names = {choice.name for choice in self.settings.objectives}
        return self.settings.equity is not None or "fairness" in names

    def number(self, key: str) -> float | None:
        """Return a number of the profile, None where it has none."""
        return self.numbers.get(key)

    @property
    def practice_share_min(self) -> float | None:
        """Least practice share (§7): the setting, else the profile's."""
        chosen = self.settings.practice_share
        return chosen if chosen is not None else self.number("practice_share_min")

    @property
    def practice_sections(self) -> tuple[str, ...]:
        """Sections in the denominator of the practice share (§7)."""
        return DENOMINATORS[self.words.get("practice_share_denominator", "all")]

    @property
    def weekly_hours_counts_all(self) -> bool:
        """Whether the weekly limit counts self-study too (§6)."""
        return self.words.get("weekly_hours_counts", "contact") == "all"

    @property
    def self_study_inside_credit(self) -> bool:
        """Whether self-study lies inside the credit's hours."""
        return self.words.get("self_study_inside_credit", "yes") == "yes"

    def credit_hours(self, row: HoursByKind) -> float:
        """Return the hours that count as credits: all, or without self-study where it lies beside."""
        return row.total_hours if self.self_study_inside_credit else row.contact_hours

    def fixed_credits(self, row: HoursByKind) -> float:
        """Return the credits of a fixed load; 0 where the profile gives no hours of a credit."""
        per_credit = self.number("hours_per_credit")
        return self.credit_hours(row) / per_credit if per_credit else 0.0

    def groups(self, programme: Programme) -> int:
        """Return the number of groups of one intake: learners / group_size, rounded up."""
        return _ceil_div(programme.learners, self.number("group_size"))

    def subgroups(self, programme: Programme, places: int | None) -> int:
        """Return the number of sub-groups for a room: learners / places, rounded up."""
        return _ceil_div(programme.learners, places or self.number("subgroup_size"))

    def min_credits(self, programme: Programme) -> float | None:
        """Return the least credits of a programme: its own, else by level and entry base."""
        if programme.min_credits is not None:
            return programme.min_credits
        return self.number(self.total_credits_key(programme))

    def total_credits_key(self, programme: Programme) -> str:
        """Return the profile key of the least total, such as ``total_credits_4S_grade9``."""
        code = programme.qualification or ""
        level = next((word for word in QUALIFICATION_LEVELS if code.startswith(word)), "")
        return f"{TOTAL_CREDITS_PREFIX}{level}_{programme.entry_base}"

    def change_share_key(self, programme: Programme) -> str:
        """Return the profile key of the share of its content that a college may change (§12)."""
        return "change_share_dual" if programme.dual else "change_share_ordinary"


def _ceil_div(count: int, size: float | None) -> int:
    """Divide and round up; without a size all learners are one group."""
    return -int(-count // size) if size else 1


def effective_limits(catalog: Catalog, settings: Settings | None = None) -> Limits:
    """Combine the catalog's profile and budgets with the settings.

    Raises
    ------
    UsageError
        If a programme, objective or solver is unknown, or a number is out of its range.

    The profile's own faults (a number that is none) are reported by the checks; here they read as
    absent.
    """
    settings = settings or Settings()
    _refuse_bad_settings(catalog, settings)
    rows = catalog.profile if settings.profile is None else settings.profile
    profile = {row.key_name: row for row in rows}
    numbers = {key: n for key, row in profile.items() if (n := number_of(row.value)) is not None}
    words = {
        key: profile[key].value
        for key, allowed in WORD_KEYS.items()
        if key in profile and profile[key].value in allowed
    }
    planned = tuple(
        row.id for row in catalog.programmes if not settings.programmes or row.id in settings.programmes
    )
    return Limits(settings, profile, numbers, words, _budget(catalog, settings), planned)


MOST_TOLERANCE = 10**15
"""More than any objective can be worth, and still a number."""


def objectives_named(names: Sequence[str]) -> tuple[ObjectiveChoice, ...]:
    """Return objectives in the order of `names`, each with its usual tolerance.

    Raises
    ------
    UsageError
        If a name is unknown or given twice, or there is none.
    """
    issues = list(_objective_issues(names))
    if issues:
        raise UsageError(issues)
    usual = {choice.name: choice for choice in DEFAULT_OBJECTIVES}
    return tuple(usual.get(name, ObjectiveChoice(name)) for name in names)


def objectives_from(text: str) -> tuple[ObjectiveChoice, ...]:
    """Read ``closure:0.01,cost``: objectives in order, each with the tolerance given, else its usual one.

    Raises
    ------
    UsageError
        If a name is unknown or given twice, or a tolerance is no number from 0.
    """
    parts = [[word.strip() for word in part.partition(":")] for part in text.split(",")]
    usual = objectives_named([name for name, _, _ in parts])
    return tuple(
        ObjectiveChoice(choice.name, _tolerance(tolerance)) if mark else choice
        for choice, (_, mark, tolerance) in zip(usual, parts, strict=True)
    )


def _tolerance(text: str) -> float:
    number = number_of(text)
    if number is None or not 0 <= number < MOST_TOLERANCE:
        raise UsageError.of("bad-value", option="--objective", value=text, expected="0 ≤ x")
    return number


def _objective_issues(names: Sequence[str]) -> Iterator[Issue]:
    for name in dict.fromkeys(names or ("",)):
        if name not in OBJECTIVE_NAMES or names.count(name) > 1:
            yield Issue("unknown-objective", values={"value": name, "known": ", ".join(OBJECTIVE_NAMES)})


def _refuse_bad_settings(catalog: Catalog, settings: Settings) -> None:
    issues = [
        Issue("unknown-programme", values={"value": name, "known": ", ".join(catalog.programme_by_id)})
        for name in settings.programmes
        if name not in catalog.programme_by_id
    ]
    issues += _objective_issues([choice.name for choice in settings.objectives])
    if settings.solver not in SOLVERS:
        known = ", ".join(SOLVERS)
        issues.append(Issue("unknown-solver", values={"value": settings.solver, "known": known}))
    issues += _range_issues(settings)
    issues += _earlier_plan_issues(settings)
    if issues:
        raise UsageError(issues)


def _range_issues(settings: Settings) -> Iterator[Issue]:
    """Yield numbers out of their range; the command line refuses most of them before."""
    for name, (low, high) in RANGES.items():
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            expected = f"{low:g} ≤ x ≤ {high:g}"
            yield Issue("bad-value", values={"option": name, "value": value, "expected": expected})
    for choice in settings.objectives:
        if not 0 <= choice.tolerance < inf:
            values = {"option": f"objectives {choice.name}", "value": choice.tolerance, "expected": "0 ≤ x"}
            yield Issue("bad-value", values=values)


def _earlier_plan_issues(settings: Settings) -> Iterator[Issue]:
    """Yield what compares with an earlier plan where none is given, and a malformed semester."""
    if settings.previous is None and (settings.max_changes is not None or settings.taught_until is not None):
        option = "max_changes" if settings.max_changes is not None else "taught_until"
        yield Issue("previous-missing", values={"option": option})
    if settings.taught_until is not None and not SEMESTER.fullmatch(settings.taught_until):
        values = {"option": "taught_until", "value": settings.taught_until, "expected": "2026-1"}
        yield Issue("bad-value", values=values)


def _budget(catalog: Catalog, settings: Settings) -> int | None:
    """Return the cap on new money (§10): the setting, and never more than all sources have together."""
    found = (settings.budget_kzt, sources_kzt(catalog))
    return min((kzt for kzt in found if kzt is not None), default=None)


def sources_kzt(catalog: Catalog) -> int | None:
    """Return the budgets of all sources and years together, KZT; None where there is none (§10)."""
    if not catalog.funding_budgets:
        return None
    learners = sum(row.learners for row in catalog.programmes)
    return sum(row.budget_kzt + row.per_learner_kzt * learners for row in catalog.funding_budgets)
