"""The effective limits of a run: the regulation profile, the budgets, and the user's settings over them.

No regulatory number stands in code: a key that the profile lacks switches its rule off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, NamedTuple

from curriplan.base.codec import MAY_LACK, WHERE_SET, Members, from_data, to_data, write
from curriplan.base.errors import UsageError
from curriplan.base.fields import Amount, Count, EntityId
from curriplan.base.semesters import advance, calendar_year
from curriplan.catalog.records import Catalog, HoursByKind, ProfileEntry, Programme
from curriplan.catalog.records.policy import (
    DENOMINATORS,
    QUALIFICATION_LEVELS,
    TOTAL_CREDITS_PREFIX,
    WORD_KEYS,
    profile_number,
)
from curriplan.problem.asked import graduation, last_graduation
from curriplan.problem.norms import NormOverride, norm_overrides
from curriplan.problem.setting_issues import setting_issues
from curriplan.problem.settings import SETTINGS, Settings


@dataclass(frozen=True)
class OutlookBest:
    """How much a plan made for one outlook alone can close in it."""

    value: Annotated[Amount, "The best closure known."]
    bound: Annotated[Amount | None, "What no plan passes; null where the solver tells no bound."]

    @property
    def most(self) -> float:
        """What no plan passes, as far as it is known."""
        return self.value if self.bound is None else max(self.value, self.bound)


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
    outlook_best: Mapping[str, OutlookBest] = field(default_factory=dict)
    """The best closure of each outlook, where a run weighs regret."""
    norm_overrides: tuple[NormOverride, ...] = ()
    """The norms that do not hold as the profile says, and what holds in their stead."""

    @property
    def needs_closure_alone(self) -> bool:
        """Whether a rule or an objective compares with what programmes reach alone (§13)."""
        return self.settings.equity is not None or self.settings.seeks("fairness")

    def number(self, key: str) -> float | None:
        """Return a number of the profile, or the setting in its stead; None where there is neither."""
        return self.numbers.get(key)

    def is_over(self, semester: str) -> bool:
        """Say whether a calendar semester is taught already (§12): its rooms are asked for no more."""
        until = self.settings.taught_until
        return until is not None and semester <= until

    @property
    def first_year(self) -> int | None:
        """The calendar year of the first semester that is open; budgets before it are over."""
        until = self.settings.taught_until
        return None if until is None else calendar_year(advance(until, 1))

    @property
    def practice_sections(self) -> tuple[str, ...]:
        """Sections in the denominator of the practice share (§7)."""
        return DENOMINATORS[self.words.get("practice_share_denominator", "all")]

    @property
    def weekly_hours_counts_all(self) -> bool:
        """Whether the weekly limit counts self-study too (§6)."""
        return self.words.get("weekly_hours_counts", "contact") == "all"

    @property
    def weekly_hours_count_guided(self) -> bool:
        """Whether the weekly limit counts guided self-study beside the contact hours (§6)."""
        return self.words.get("weekly_hours_guided_self_study", "no") == "yes"

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

    def credits_norm_lacks(self, programme: Programme) -> tuple[str, ...]:
        """Return the columns for want of which no norm of total credits holds; none where one holds.

        None either where the profile has no norm that could be the programme's.
        """
        if self.min_credits(programme) is not None:
            return ()
        level, _, base = self.total_credits_key(programme).removeprefix(TOTAL_CREDITS_PREFIX).partition("_")
        norms = (key.removeprefix(TOTAL_CREDITS_PREFIX).partition("_") for key in self.numbers)
        lacks = tuple(name for name in ("qualification", "entry_base") if getattr(programme, name) is None)
        fits = any(
            ("qualification" in lacks or level == one[0]) and ("entry_base" in lacks or base == one[2])
            for one in norms
        )
        return lacks if fits else ()

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
    if issues := [*setting_issues(catalog, settings)]:
        raise UsageError(issues)
    planned = tuple(
        row for row in catalog.programmes if not settings.programmes or row.id in settings.programmes
    )
    if settings.horizon is not None and planned and not last_graduation(planned, settings.horizon):
        first = min(map(graduation, planned))
        raise UsageError.of("horizon-before-graduation", value=settings.horizon, first=first)
    rows = catalog.profile if settings.profile is None else settings.profile
    profile = {row.key_name: row for row in rows}
    numbers = {key: n for key, row in profile.items() if (n := profile_number(row.value)) is not None}
    chosen = ((one.norm, getattr(settings, one.name)) for one in SETTINGS if one.norm)
    numbers |= {norm: value for norm, value in chosen if value is not None}
    words = {
        key: profile[key].value
        for key, allowed in WORD_KEYS.items()
        if key in profile and profile[key].value in allowed
    }
    return Limits(
        settings,
        profile,
        numbers,
        words,
        _budget(catalog, settings),
        tuple(row.id for row in planned),
        norm_overrides=norm_overrides(catalog, settings),
    )


class _Effective(NamedTuple):
    """How ``plan.json`` keeps what holds, where a setting stands over the catalog."""

    key: str
    hint: Any
    value: Callable[[Limits], Any]


def _in_stead_of(norm: str, setting: Any) -> _Effective:
    marks = setting.__metadata__  # a setting that may lack in a file has a norm that may
    return _Effective(norm, Annotated[float | None, *marks], lambda limits: limits.number(norm))


EFFECTIVE: Mapping[str, _Effective] = {
    "programmes": _Effective("programmes", tuple[EntityId, ...], lambda limits: limits.planned),
    "budget_kzt": _Effective("budget_kzt", Count | None, lambda limits: limits.budget_kzt),
    **{one.name: _in_stead_of(one.norm, one.hint) for one in SETTINGS if one.norm},
}
"""The settings that stand over something of the catalog; the profile does too, row by row."""

_ALONE = Annotated[
    Mapping[str, Amount],
    "Best closure of each programme planned alone, as the solver found it; empty unless asked for.",
]
_BEST = Annotated[
    Mapping[str, OutlookBest],
    MAY_LACK,
    "Best closure in each outlook of a plan made for it alone, as the solver found it; empty without --risk.",
]
_PROFILE = {
    "key": EntityId,
    "value": str,
    "source": Annotated[str | None, WHERE_SET],
    "verified": Annotated[bool | None, WHERE_SET],
    "as_of": Annotated[str | None, WHERE_SET],
}
_OVERRIDE = {"key": EntityId, "norm": str, "value": str, "by": str}


def limit_members() -> dict[str, Any]:
    """Return the keys of ``limits`` in ``plan.json``, each with its type."""
    hints = {one.name: one.hint for one in SETTINGS}
    return {
        **{one.key: one.hint for one in EFFECTIVE.values()},
        **{name: hint for name, hint in hints.items() if name not in EFFECTIVE and name != "profile"},
        "closure_alone": _ALONE,
        "outlook_best": _BEST,
        "profile": tuple[Annotated[Mapping[str, Any], Members(_PROFILE, is_closed=True)], ...],
        "norm_overrides": Annotated[
            tuple[Annotated[Mapping[str, Any], Members(_OVERRIDE, is_closed=True)], ...], MAY_LACK
        ],
        "overrides": Annotated[
            Mapping[str, Any], Members({name: hints[name] for name in EFFECTIVE} | {"profile": bool})
        ],
    }


def limits_to_data(limits: Limits) -> dict[str, Any]:
    """Return every effective value of a run, and which of them the user chose."""
    chosen = to_data(limits.settings)
    overrides = {name: chosen.pop(name) for name in EFFECTIVE}
    return {
        **{one.key: write(one.hint, one.value(limits)) for one in EFFECTIVE.values()},
        **chosen,
        "closure_alone": dict(sorted(limits.closure_alone.items())),
        "outlook_best": {name: to_data(best) for name, best in sorted(limits.outlook_best.items())},
        "profile": [
            row.model_dump(mode="json", by_alias=True, exclude_none=True) for row in limits.profile.values()
        ],
        "norm_overrides": [{name: getattr(one, name) for name in _OVERRIDE} for one in limits.norm_overrides],
        "overrides": {**overrides, "profile": limits.settings.profile is not None},
    }


def settings_from_data(data: Mapping[str, Any]) -> Settings:
    """Return the settings that a plan was made with; what came after it has its default."""
    overrides = data["overrides"]
    profile = tuple(ProfileEntry(**row) for row in data["profile"]) if overrides["profile"] else None
    chosen = {name: overrides[name] for name in EFFECTIVE if name in overrides}
    settings = from_data(Settings, {**data, **chosen})
    return replace(settings, profile=profile)


def with_recorded_solves(limits: Limits, data: Mapping[str, Any]) -> Limits:
    """Return limits with what the solver found before the plan, as ``plan.json`` has it."""
    best = {name: from_data(OutlookBest, row) for name, row in data.get("outlook_best", {}).items()}
    return replace(limits, closure_alone=dict(data["closure_alone"]), outlook_best=best)


def _budget(catalog: Catalog, settings: Settings) -> int | None:
    """Return the cap on new money (§10): the setting, and never more than all sources have together."""
    found = (settings.budget_kzt, sources_kzt(catalog))
    return min((kzt for kzt in found if kzt is not None), default=None)


def sources_kzt(catalog: Catalog) -> int | None:
    """Return the budgets of all sources and years together, KZT; None where there is none (§10)."""
    if not catalog.funding_budgets:
        return None
    learners = catalog.learners_of_one_intake
    return sum(row.budget_kzt + row.per_learner_kzt * learners for row in catalog.funding_budgets)
