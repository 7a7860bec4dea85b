"""What the rules are about: one declaration for each aspect, from which all else that is said of it follows.

The inequalities are not here: `curriplan.optimizer.rules` constrains, `curriplan.evaluation.rules`
recomputes, and each reads the value at its origin itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import cached_property
from math import inf
from typing import TypeVar

Written = TypeVar("Written")


class Rank(IntEnum):
    """How readily something gives way: what the user just chose first, the law last."""

    SETTING = 0
    LIMIT = 1
    CONTENT = 2
    STANDING = 3
    LAW = 4


class Subject(StrEnum):
    """What a check is about, beside its programme: the parts of its subject, by name."""

    TERM = "term"
    MODULE = "module"
    COMPETENCY = "competency"
    RESOURCE = "resource"
    SOURCE = "source:year"
    COST = "source:module:part"
    GROUP = "group"
    FUNCTION = "function"


class Said(StrEnum):
    """Who asks for what an aspect checks, where no norm of the profile does."""

    USER = "user"
    CATALOG = "catalog"
    MODEL = "model"


@dataclass(frozen=True)
class InSettings:
    """A limit that the user chose: a field of `Settings`."""

    name: str
    rank = Rank.SETTING
    said = Said.USER


@dataclass(frozen=True)
class InProfile:
    """A limit of the regulation profile: a key, or the method of `Limits` that names it by programme."""

    key: str
    is_by_programme: bool = False
    rank = Rank.LAW
    said = Said.CATALOG


@dataclass(frozen=True)
class InTable:
    """A limit in a column of a table: `curriplan.problem.origins` finds the row."""

    table: str
    column: str
    rank: Rank = Rank.LIMIT
    said = Said.CATALOG


Origin = InSettings | InProfile | InTable


@dataclass(frozen=True)
class Aspect:
    """One thing that a rule asks.

    Parameters
    ----------
    name : str
        A key of the texts.
    unit : str
        Of limit and actual value; ``breaches`` counts what breaks the rule, and none is allowed.
    origins : tuple of Origin
        Where its limit is a number: the first that has one counts.
    subject : Subject or None
        What the aspect is about, beside the programme.
    is_shared : bool
        Whether all programmes together are checked.
    raises : bool
        Whether more of the limit is looser: a most, not a least.
    step : float
        A limit is moved in multiples of this.
    farthest : float
        How far it may be moved.
    bought : int
        Its place among the limits that a college moves by itself, from 1; 0 for the others.
    movable : int
        Its place among what a planner can change first in a clash that was not reduced, from 1; else 0.
    is_linear : bool
        Whether its rows give way in proportion to the limit.
    fills : bool
        Whether it only asks for enough of anything.
    is_demand : bool
        Whether a plan could be without it: the model makes the others hold by the way it is built.
    is_named_last : bool
        Whether a clash should name anything else before it.
    said : Said or None
        Who asks for it, where its origins do not say so.
    rule, order : str, int
        The number of its rule, and the place of the rule among those that a clash should rather name:
        limits before the content of modules.
    """

    name: str
    unit: str = "breaches"
    origins: tuple[Origin, ...] = ()
    subject: Subject | None = None
    is_shared: bool = False
    raises: bool = False
    step: float = 1.0
    farthest: float = inf
    bought: int = 0
    movable: int = 0
    is_linear: bool = True
    fills: bool = False
    is_demand: bool = True
    is_named_last: bool = False
    said: Said | None = None
    rule: str = ""
    order: int = 0

    @property
    def asked_by(self) -> Said:
        """Who asks for it: whoever its origins belong to, else the model."""
        return self.said or (self.origins[-1].said if self.origins else Said.MODEL)


def _rule(rule: str, order: int, *aspects: Aspect) -> Iterator[tuple[str, Aspect]]:
    return ((one.name, replace(one, rule=rule, order=order)) for one in aspects)


def _term(what: str, unit: str, step: float) -> tuple[Aspect, Aspect]:
    """Return the least and the most of a term."""
    least = Aspect(
        f"term_{what}_min",
        unit,
        (InTable("programme_terms", f"min_{what}"),),
        Subject.TERM,
        step=step,
        fills=True,
    )
    most = (InTable("programme_terms", f"max_{what}"),)
    return least, Aspect(f"term_{what}_max", unit, most, Subject.TERM, raises=True, step=step)


ASPECTS: Mapping[str, Aspect] = dict(
    (
        *_rule(
            "§1",
            9,
            Aspect("known_programmes", is_shared=True, is_demand=False),
            Aspect("known_modules", is_demand=False),
            Aspect("forbidden_modules", subject=Subject.MODULE, is_named_last=True),
            Aspect("allowed_terms", subject=Subject.MODULE, is_named_last=True),
            Aspect("taken_once", is_demand=False),
            Aspect("mandatory_modules", subject=Subject.MODULE),
        ),
        *_rule("§3", 14, Aspect("entry_levels", subject=Subject.MODULE)),
        *_rule(
            "§4",
            13,
            Aspect("prerequisites", subject=Subject.MODULE),
            Aspect("corequisites", subject=Subject.MODULE, said=Said.CATALOG),
            Aspect("strict_corequisites", subject=Subject.MODULE, said=Said.CATALOG),
            Aspect("orders", subject=Subject.MODULE, said=Said.CATALOG),
        ),
        *_rule("§5", 12, Aspect("exclusive_groups", subject=Subject.GROUP, said=Said.CATALOG)),
        *_rule(
            "§6",
            0,
            Aspect(
                "total_credits_min",
                "credits",
                (
                    InTable("programmes", "min_credits"),
                    InProfile("total_credits_key", is_by_programme=True),
                ),
                step=0.5,
                fills=True,
            ),
            Aspect(
                "total_credits_max",
                "credits",
                (InTable("programmes", "max_credits"),),
                raises=True,
                step=0.5,
            ),
            *_term("credits", "credits", 0.5),
            *_term("modules", "modules", 1.0),
            Aspect("weekly_hours", "h", (InProfile("weekly_hours"),), Subject.TERM, raises=True, step=0.5),
            Aspect(
                "weekly_hours_all",
                "h",
                (InProfile("weekly_hours_all"),),
                Subject.TERM,
                raises=True,
                step=0.5,
            ),
        ),
        *_rule(
            "§7",
            1,
            Aspect(
                "practice_share",
                "share",
                (InSettings("practice_share"), InProfile("practice_share_min")),
                step=0.001,
                farthest=0.0,
            ),
        ),
        *_rule(
            "§8", 2, Aspect("dual_share", "share", (InProfile("dual_share_min"),), step=0.001, farthest=0.0)
        ),
        *_rule(
            "§9",
            8,
            Aspect("sites", subject=Subject.MODULE),
            Aspect("split_parts", is_demand=False),
            Aspect("needless_sites", is_demand=False),
            Aspect(
                "resource_hours",
                "h",
                (InTable("resource_capacity", "hours"),),
                Subject.RESOURCE,
                is_shared=True,
                raises=True,
                step=0.5,
                bought=1,
                movable=4,
            ),
        ),
        *_rule(
            "§10",
            3,
            Aspect(
                "budget",
                "KZT",
                (InSettings("budget_kzt"), InTable("funding_budgets", "budget_kzt")),
                is_shared=True,
                raises=True,
                bought=3,
                movable=1,
            ),
            Aspect("payments", is_shared=True, is_demand=False),
            Aspect("payment_sources", is_shared=True, is_demand=False),
            Aspect(
                "source_budget",
                "KZT",
                (InTable("funding_budgets", "budget_kzt"),),
                Subject.SOURCE,
                is_shared=True,
                raises=True,
                bought=2,
                movable=2,
            ),
            Aspect(
                "funding_share",
                origins=(InTable("funding_limits", "max_share"),),
                subject=Subject.COST,
                is_shared=True,
                raises=True,
                step=0.001,
                farthest=1.0,
                is_linear=False,
            ),
        ),
        *_rule(
            "§11",
            4,
            Aspect("floor", "level", (InTable("floors", "level"),), Subject.COMPETENCY, movable=3),
        ),
        *_rule(
            "§12",
            5,
            Aspect("changes", "changes", (InSettings("max_changes"),), is_shared=True, raises=True, bought=5),
            Aspect("taught_terms", said=Said.USER),
            Aspect(
                "change_share",
                "share",
                (InProfile("change_share_key", is_by_programme=True),),
                raises=True,
                step=0.001,
                farthest=1.0,
            ),
            Aspect("review_starts", subject=Subject.MODULE, said=Said.USER),
            Aspect("review_absent", subject=Subject.MODULE, said=Said.USER),
        ),
        *_rule(
            "§13",
            6,
            Aspect("equity", "share", (InSettings("equity"),), step=0.001, farthest=0.0, bought=6),
        ),
        *_rule(
            "§14",
            10,
            Aspect(
                "min_learners",
                "learners",
                (InTable("modules", "min_learners", Rank.CONTENT),),
                Subject.MODULE,
                is_shared=True,
                farthest=1.0,
                bought=4,
                is_linear=False,
            ),
        ),
        *_rule("§15", 11, Aspect("labour_functions", subject=Subject.FUNCTION, said=Said.CATALOG)),
        *_rule(
            "§16",
            7,
            Aspect("partner_responses", is_shared=True, is_demand=False),
            Aspect(
                "keep_within",
                "share",
                (InSettings("keep_within"),),
                Subject.SOURCE,
                is_shared=True,
                raises=True,
                step=0.001,
                farthest=1.0,
                bought=7,
                is_linear=False,
            ),
        ),
    )
)
"""Every aspect that a check may have, by name."""

RULES = tuple(dict.fromkeys(one.rule for one in ASPECTS.values()))
"""The numbers of the rules that can be checked, in order."""
ALL_RULES = f"{RULES[0]}–{RULES[-1]}"


def in_order(rules: Iterable[tuple[str, Written]]) -> tuple[tuple[str, Written], ...]:
    """Sort what is written of rules by the numbers of these; what is of one rule stays as it stands."""
    return tuple(sorted(rules, key=lambda one: int(one[0].strip("§"))))


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
