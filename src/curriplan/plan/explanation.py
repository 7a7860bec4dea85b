"""What planning anew says of a plan: each module, each limit. Records only; the optimizer fills them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from curriplan.base.notebook import notebook_html
from curriplan.plan.figures import HowSure
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.concessions import Concession
from curriplan.problem.edits import Edit

if TYPE_CHECKING:
    import pandas as pd


class Obstacle(StrEnum):
    """The first thing that speaks against adding a module alone."""

    FORBIDDEN = "forbidden"
    NO_TERM = "no_term"
    """No term in which it may start."""
    TEACHES_NO_MISSING_STEP = "teaches_no_missing_step"
    ALREADY_REACHED = "already_reached"
    """The plan reaches every missing step that it teaches without it."""
    BREAKS_RULES = "breaks_rules"
    TRADE_OFF = "trade_off"
    """It would close a little more: within the tolerance of closure, or at a cost."""


EXPLANATION_SCHEMA = "curriplan-explanation/1"


CLOSE_POINTS, CLOSE_PART = 0.001, 0.5
"""Two figures are close within a tenth of a point, or half of the larger one."""


class Effect(StrEnum):
    """What comes of taking a module out, or of forcing one in, the rest planned anew."""

    LOSES = "loses"
    """The best closure is lower."""
    NOTHING = "nothing"
    """The best closure is the same within the gap."""
    HARMS = "harms"
    """An objective that stands before closure is worse."""
    IMPOSSIBLE = "impossible"
    """No plan satisfies the rules."""
    CLOSED = "closed"
    """Not asked: the module is forbidden, or there is no term for it."""
    UNKNOWN = "unknown"
    """Not answered in time: the figures are those of the single change, the rest unchanged."""


@dataclass(frozen=True)
class ModuleReason:
    """Why a programme takes a module, or does not.

    Parameters
    ----------
    is_chosen : bool
        Whether the plan takes it: then the question is what is lost without it, else with it.
    term : int or None
        Its term in the plan.
    closure_lost : float or None
        Of the best closure of the plan, a share of 1: where it is not proven, what is lost at most; with
        `Effect.UNKNOWN` what the single change loses, the rest unchanged. None where no plan is possible.
    programme_closure_lost : float or None
        The same of its programme's closure, as the two plans found have it: other plans, as good
        together, may share it out otherwise.
    money_kzt : int or None
        New money that forcing the module in costs more than the plan does, the rest planned anew; None
        where it was not asked or is unknown.
    money_alone_kzt : int or None
        The same, the rest unchanged.
    margin : float
        The closure lost is known within so much, by the bounds of both solves.
    is_proven : bool
        Whether the loss is proven within the gap; else it is no more than that, and no less than
        `closure_lost_least`.
    closure_lost_least : float
        No less than this is lost, by the bound of the solve.
    obstacle : Obstacle or None
        For a module left out, what stands first against adding it alone.
    rules : tuple of RuleCheck
        What would break by the single change, the rest unchanged.
    clash : tuple of str
        Where no plan is possible: aspects of the rules that clash then, where they are known.
    swaps : tuple of str
        Other modules that could stand in its place, the rest unchanged, with every rule kept and no
        objective worse (`curriplan.evaluation.swaps.equal_swaps`, which names the terms as well).
    is_mandatory : bool
        Whether the college declares it mandatory: no advice drops it.
    """

    programme: str
    module: str
    is_chosen: bool
    effect: Effect
    term: int | None = None
    closure_lost: float | None = None
    programme_closure_lost: float | None = None
    money_kzt: int | None = None
    money_alone_kzt: int | None = None
    margin: float = 0.0
    is_proven: bool = True
    obstacle: Obstacle | None = None
    rules: tuple[RuleCheck, ...] = ()
    clash: tuple[str, ...] = ()
    swaps: tuple[str, ...] = ()
    closure_lost_least: float = 0.0
    is_mandatory: bool = False

    @property
    def is_between(self) -> bool:
        """Whether the loss is known only as lying between two figures, which are close."""
        lost, least = self.closure_lost or 0.0, self.closure_lost_least
        unproven = self.effect is Effect.LOSES and not self.is_proven
        return unproven and least > 0.0 and lost - least <= max(CLOSE_POINTS, CLOSE_PART * lost)

    @property
    def is_answered(self) -> bool:
        """Whether it is known what the change does, at least between two close figures."""
        return self.effect is not Effect.UNKNOWN and (self.is_proven or self.is_between)

    @property
    def is_resolved(self) -> bool:
        """Whether the rest was planned anew for the answer."""
        return self.effect not in (Effect.UNKNOWN, Effect.CLOSED)


@dataclass(frozen=True)
class LimitStep:
    """A limit moved so far, and the best closure then.

    Parameters
    ----------
    share : float
        How far, as a share of the limit: 0.05, 0.1.
    value : float
        The value that was tried, rounded to what the limit allows.
    gain : float or None
        Closure gained, a share of 1; None where it was not answered in time.
    margin : float
        The gain is known within so much.
    """

    share: float
    value: float
    gain: float | None = None
    margin: float = 0.0
    is_proven: bool = True

    @property
    def is_answered(self) -> bool:
        """Whether the gain is known: proven, or a plan was found that has it."""
        return self.gain is not None and (self.is_proven or self.gain > 0.0)


class Reach(StrEnum):
    """What is known of the smallest increase of a limit that changes closure."""

    FOUND = "found"
    WITHIN = "within"
    """It is enough, but a smaller one may be."""
    NEVER = "never"
    """Not even doubling the limit (or taking it away, if it is a least) changes closure."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class LimitGain:
    """A limit that the plan all but uses up, and what more of it would bring.

    Parameters
    ----------
    rule, aspect : str
        ``§9``, ``resource_hours``.
    programme, subject : str or None
        What it is about, as in `RuleCheck`.
    semesters : tuple of str
        The calendar semesters that it holds for, where it is one of hours of a resource.
    unit : str
        Unit of the value.
    value, used : float
        The limit as it stands, and the most that the plan has of it where that is the same unit.
    raises : bool
        Whether more of it is looser (a budget), or less (a least share).
    steps : tuple of LimitStep
        At 5 and at 10 per cent.
    smallest : float or None
        The nearest value that changes closure by more than the gap.
    smallest_gain : float or None
        What it brings.
    edits : tuple of Edit
        What to write where, for `smallest` (else for the last step).
    concessions : tuple of Concession
        The norm that these would lower.
    """

    rule: str
    aspect: str
    programme: str | None
    subject: str | None
    semesters: tuple[str, ...]
    unit: str
    value: float
    used: float | None
    raises: bool
    steps: tuple[LimitStep, ...] = ()
    reach: Reach = Reach.UNKNOWN
    smallest: float | None = None
    smallest_gain: float | None = None
    edits: tuple[Edit, ...] = ()
    concessions: tuple[Concession, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether it is known what 5 and 10 per cent more of it bring."""
        return bool(self.steps) and all(step.is_answered for step in self.steps)

    @property
    def best_gain(self) -> float:
        """The largest gain among what was tried."""
        gains = [step.gain for step in self.steps if step.gain is not None]
        return max([*gains, self.smallest_gain or 0.0])


@dataclass(frozen=True)
class Explanation:
    """Why the plan is as it is.

    Attributes
    ----------
    closure, best_closure : float
        Of the plan, and the best that its rules allow: what all losses and gains are measured from.
    margin : float
        The best closure is proven within so much.
    modules : tuple of ModuleReason
        By programme, the chosen ones first, in catalog order.
    limits : tuple of LimitGain
        What would gain most first.
    sure : HowSure or None
        What becomes of the closure of the plan if estimates err, and the occupations not fully met.
    first_look : bool
        Whether the plan is a first look (``--quick``): a whole plan may be another one.
    best_sure : HowSure or None
        The same of the plan that was found to close most.
    """

    closure: float
    best_closure: float
    margin: float
    modules: tuple[ModuleReason, ...] = ()
    limits: tuple[LimitGain, ...] = ()
    sure: HowSure | None = None
    first_look: bool = False
    best_sure: HowSure | None = None

    def __repr__(self) -> str:
        closure = f"closure {100 * self.closure:.2f} % of at most {100 * self.best_closure:.2f} %"
        asked = f"{len(self.modules)} modules, {len(self.limits)} limits, {self.unanswered} unanswered"
        return f"<Explanation {closure}, {asked}>"

    def _repr_html_(self) -> str:
        return notebook_html(self, self.modules_frame)

    @property
    def unanswered(self) -> int:
        """How many modules and limits were not answered in time."""
        modules = sum(not one.is_answered for one in self.modules)
        return modules + sum(not one.is_answered for one in self.limits)

    @property
    def by_module(self) -> Mapping[tuple[str, str], ModuleReason]:
        """The reasons by programme and module."""
        return {(one.programme, one.module): one for one in self.modules}

    @property
    def modules_frame(self) -> pd.DataFrame:
        """The reasons as a DataFrame, one row a programme and module."""
        return _frame(map(_module_data, self.modules), MODULE_COLUMNS)

    @property
    def limits_frame(self) -> pd.DataFrame:
        """The limits as a DataFrame, one row a limit."""
        return _frame(map(limit_row, self.limits), LIMIT_COLUMNS)

    def to_data(self) -> dict[str, Any]:
        """Return the explanation as plain data, ready for JSON."""
        return {
            "schema": EXPLANATION_SCHEMA,
            "closure": self.closure,
            "best_closure": self.best_closure,
            "margin": self.margin,
            "first_look": self.first_look,
            "unanswered": self.unanswered,
            "modules": [_module_data(one) for one in self.modules],
            "limits": [_limit_data(one) for one in self.limits],
            **({} if self.sure is None else self.sure.to_data()),
            **({} if self.best_sure is None else _of_best(self.best_sure)),
        }


def _of_best(sure: HowSure) -> dict[str, Any]:
    names = ("closure_low", "closure_high", "both_hold", "occupations_not_met")
    return {f"best_{name}": value for name, value in sure.to_data().items() if name in names}


MODULE_COLUMNS = tuple(one.name for one in fields(ModuleReason))
LIMIT_COLUMNS = (
    "rule", "aspect", "programme", "subject", "semesters", "unit", "value", "used", "raises",
    "value_at_5", "gain_at_5", "value_at_10", "gain_at_10", "reach", "smallest", "smallest_gain",
)  # fmt: skip


def _frame(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))


def _module_data(one: ModuleReason) -> dict[str, Any]:
    return {
        **asdict(one),
        "effect": one.effect.value,
        "obstacle": None if one.obstacle is None else one.obstacle.value,
        "rules": [asdict(check) for check in one.rules],
    }


def limit_row(one: LimitGain) -> dict[str, Any]:
    """Return a limit as one flat row."""
    found: dict[str, Any] = {name: getattr(one, name) for name in LIMIT_COLUMNS[:9]}
    found["semesters"] = ";".join(one.semesters)
    for number, step in zip(("5", "10"), one.steps, strict=False):
        found[f"value_at_{number}"], found[f"gain_at_{number}"] = step.value, step.gain
    names = ("reach", "smallest", "smallest_gain")
    return found | {name: getattr(one, name) for name in names} | {"reach": one.reach.value}


def _limit_data(one: LimitGain) -> dict[str, Any]:
    return {
        **asdict(one),
        "semesters": list(one.semesters),
        "reach": one.reach.value,
        "edits": [_edit_data(edit) for edit in one.edits],
    }


def _edit_data(edit: Edit) -> dict[str, Any]:
    return {
        "table": edit.table,
        "key": list(edit.key),
        "column": edit.column,
        "was": edit.was,
        "value": edit.value,
        "unit": edit.unit,
    }
