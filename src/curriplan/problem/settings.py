"""The settings of a run: each declared once, in a field of `Settings`.

From the declaration follow the option of the command line, the range that is checked, what stands in
``plan.json`` and in its JSON Schema, and the rows of the Provenance sheet (`docs/add-a-setting.md`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum, StrEnum
from numbers import Integral, Real
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from curriplan.base.arguments import shown_value
from curriplan.base.codec import (
    MAY_LACK,
    UNWRITTEN,
    WHERE_SET,
    Keyed,
    Narrowed,
    bare_type,
    keywords_of,
    may_be_none,
)
from curriplan.base.errors import Issue, UsageError
from curriplan.base.fields import (
    SEMESTER_PATTERN,
    Amount,
    Count,
    EntityId,
    PartOfOne,
    PositiveAmount,
    TermNumber,
)
from curriplan.problem.asked import NewlyAsked
from curriplan.problem.promised import Promised
from curriplan.problem.review import ReviewDecision
from curriplan.texts.words import Phrase

if TYPE_CHECKING:
    from curriplan.catalog.records import ProfileEntry
else:
    ProfileEntry = Any  # its library is heavy, and --help stays light


class Replan(StrEnum):
    """What is wished for where there is a plan already."""

    FEWEST = "fewest"
    """The fewest changed modules first, then the usual objectives."""
    BEST = "best"
    """The best plan, whatever it changes."""


@dataclass(frozen=True)
class ObjectiveChoice:
    """An objective and how far later objectives may worsen it.

    ``tolerance`` is in the objective's own unit: closure and no_harm in shares of 1 (0.005 is half
    a percentage point) like adaptability and fairness, cost in KZT, disruption in hours, balance and
    peak in credits, distance in terms, changes in modules, lag in semesters, outlooks in shares.
    """

    name: str
    tolerance: Amount = 0.0

    def __post_init__(self) -> None:
        """Refuse a tolerance that is no number, naming its objective, with a UsageError."""
        tolerance: Any = self.tolerance
        if isinstance(tolerance, bool) or not isinstance(tolerance, Real):
            option, value = f"objectives {self.name}", shown_value(tolerance)
            raise UsageError.of("bad-value", option=option, value=value, expected="0 ≤ x")


CLOSURE_TOLERANCE = 0.005
DEFAULT_OBJECTIVES = (
    ObjectiveChoice("no_harm"),
    ObjectiveChoice("closure", CLOSURE_TOLERANCE),
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
    "changes",
    "lag",
    "outlooks",
)
PLACING = frozenset({"balance", "peak", "distance"})
"""Objectives that say when and where, once it is decided what is taken."""
FIRST_LOOK = frozenset({"closure", "outlooks", "cost"})
"""What a first look is about."""
QUICK_GAP = 0.01
"""Relative gap at which a stage of a first look counts as proven."""
OBJECTIVES_IN_WORDS = """\
Objectives by importance, of {names}; later ones may worsen one by T, in its own unit [default: {usual}]."""
_USUAL = (f"{one.name}:{one.tolerance:g}" if one.tolerance else one.name for one in DEFAULT_OBJECTIVES)
OBJECTIVES_TO_NAME = (("names", ", ".join(OBJECTIVE_NAMES)), ("usual", ", ".join(_USUAL)))
SEMESTER = re.compile(SEMESTER_PATTERN)
SOLVERS = ("highs", "cbc")


class Group(Enum):
    """What a setting is about, in the order in which settings are shown."""

    SCOPE = "scope"
    OBJECTIVES = "objectives"
    EARLIER_PLAN = "earlier_plan"
    FAIRNESS = "fairness"
    SOLVING = "solving"
    JUDGEMENTS = "judgements"


@dataclass(frozen=True)
class CommandOption:
    """The option of a setting on the command line: a number within its range, unless something else.

    Parameters
    ----------
    name, metavar, help : str
        ``--equity``, ``R``, and a sentence, in other languages in ``texts/help.toml``.
    reads : str
        ``number``, ``word`` (one of `Setting.words`), ``flag``, ``semester``, ``ids`` (repeatable),
        ``objectives`` or ``file``.
    values : tuple of (name, text)
        What fills the places in braces of `help`.
    """

    name: str
    metavar: str | None
    help: str
    reads: str = "number"
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Setting:
    """What is known of a setting beside its value; it stands in the type of its field.

    Parameters
    ----------
    group : Group
        Where it stands among the others.
    option : CommandOption or None
        None where it is not chosen on the command line.
    most : float
        The largest number that a run takes, where the type does not say it.
    words : tuple of str
        The words that may be chosen, where it is a word.
    needs_previous : bool
        Whether it means nothing without an earlier plan.
    is_limit : bool
        Whether None means that there is no limit.
    is_counted : bool
        Whether it holds too many things to show one by one.
    norm : str or None
        The number of the profile in whose stead it stands.
    name : str
        The field of `Settings`, and the key in ``plan.json``.
    hint : type
        Its type, with what a file may hold.
    default : Any
        What holds where nothing is chosen.
    """

    group: Group
    option: CommandOption | None = None
    most: float = math.inf
    words: tuple[str, ...] = ()
    needs_previous: bool = False
    is_limit: bool = False
    is_counted: bool = False
    norm: str | None = None
    name: str = ""
    hint: Any = None
    default: Any = None

    @property
    def range(self) -> tuple[float, float] | None:
        """Smallest and largest number, None where it is no number."""
        bounds = keywords_of(self.hint)
        least = bounds.get("minimum", bounds.get("exclusiveMinimum"))
        return None if least is None else (least, bounds.get("maximum", self.most))


SemesterName = Annotated[str, Narrowed(pattern=r"^\d{4}-[12]$")]
EarlierStart = Annotated[tuple[EntityId, EntityId, TermNumber], Keyed(("programme", "module", "term"))]


@dataclass(frozen=True)
class Settings:
    """What a user may choose; everything has a default."""

    programmes: Annotated[
        tuple[EntityId, ...],
        Setting(
            Group.SCOPE, CommandOption("--programme", "ID", "Plan this programme only; repeatable.", "ids")
        ),
    ] = ()
    """Plan only these; the existing curricula of the others keep their resources (§9). Empty: all."""
    budget_kzt: Annotated[
        Count | None,
        Setting(Group.SCOPE, CommandOption("--budget", "KZT", "Cap on all new money together."), most=10**15),
    ] = None
    """Cap on all new money together, beside the budgets of the sources (§10)."""
    practice_share: Annotated[
        PartOfOne | None,
        Setting(
            Group.SCOPE,
            CommandOption("--practice-share", "R", "Least share of practice, such as 0.4."),
            norm="practice_share_min",
        ),
    ] = None
    """Instead of the profile's ``practice_share_min`` (§7)."""
    profile: Annotated[
        tuple[ProfileEntry, ...] | None,
        UNWRITTEN,
        Setting(
            Group.SCOPE,
            CommandOption(
                "--profile", "FILE", "CSV of a regulation profile, instead of the catalog's.", "file"
            ),
        ),
    ] = None
    """A whole profile instead of the catalog's."""
    horizon: Annotated[
        SemesterName | None,
        MAY_LACK,
        "The response lag is counted up to the last graduation by this semester; null: the last of all "
        "planned.",
        Setting(
            Group.SCOPE,
            CommandOption(
                "--horizon",
                "SEMESTER",
                "Count the response lag up to the last graduation by this semester, such as 2032-2.",
                "semester",
            ),
        ),
    ] = None
    """Calendar semester up to which the response lag looks."""
    asked: Annotated[
        tuple[NewlyAsked, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "What is newly asked beside the rows that say `since`: the difference to an earlier catalog.",
        Setting(Group.SCOPE, is_counted=True),
    ] = ()
    """What a comparison with an earlier catalog says is newly asked."""
    objectives: Annotated[
        tuple[ObjectiveChoice, ...],
        Narrowed(minItems=1),
        Setting(
            Group.OBJECTIVES,
            CommandOption(
                "--objective", "NAME[:T],...", OBJECTIVES_IN_WORDS, "objectives", OBJECTIVES_TO_NAME
            ),
        ),
    ] = DEFAULT_OBJECTIVES
    """Lexicographic order."""
    risk: Annotated[
        PartOfOne | None,
        MAY_LACK,
        "How much the worst regret over the outlooks weighs; null where the plan is for the shares of today.",
        Setting(
            Group.JUDGEMENTS,
            CommandOption(
                "--risk",
                "R",
                "Plan for all outlooks of the catalog: instead of closure seek (1 - R) times its expected "
                "value less R times the worst regret, 0 <= R <= 1.",
            ),
        ),
    ] = None
    """ρ: in the place of closure stands the objective ``outlooks``, which weighs regret by it."""
    gap: Annotated[
        Amount,
        Setting(
            Group.SOLVING,
            CommandOption("--gap", "R", "Relative gap at which an objective counts as proven."),
            most=1,
        ),
    ] = 0.001
    """Relative optimality gap at which a stage counts as proven."""
    time_limit_s: Annotated[
        PositiveAmount,
        Setting(
            Group.SOLVING,
            CommandOption("--time-limit", "S", "Seconds for everything together."),
            most=10**6,
        ),
    ] = 300.0
    """For all stages together, seconds; the runs of ``stability`` together have as much again."""
    solver: Annotated[
        str, Setting(Group.SOLVING, CommandOption("--solver", None, "Solver.", "word"), words=SOLVERS)
    ] = "highs"
    """``highs`` or ``cbc``."""
    quick: Annotated[
        bool,
        MAY_LACK,
        "Whether this is a first look: objectives behind closure and cost were not sought, and the gap is "
        "0.01 at least.",
        Setting(
            Group.SOLVING,
            CommandOption(
                "--quick",
                None,
                "A first look: seek nothing behind closure and cost, at a gap of 1 % or --gap if that is "
                "larger, and leave out what is slow; the plan says so.",
                "flag",
            ),
        ),
    ] = False
    """A first look (see `sought` and `stage_gap`), without what takes long and is not needed for one."""
    prove_last_points: Annotated[
        bool,
        MAY_LACK,
        "Whether the least cost of the best closure was sought, not only what a plan of it costs.",
        Setting(
            Group.SOLVING,
            CommandOption(
                "--prove-last-points",
                None,
                "Prove what the closure that the tolerance gives away would cost at least; else the plan "
                "says what it costs at most.",
                "flag",
            ),
        ),
    ] = False
    """Whether the least cost of the best closure is sought."""
    meeting_share: Annotated[PartOfOne, Setting(Group.JUDGEMENTS)] = 0.5
    """θ: the part of a requirement's worth that is earned only by meeting it."""
    essential_factor: Annotated[PositiveAmount, Setting(Group.JUDGEMENTS, most=10**6)] = 2.0
    """κ of an essential requirement; an optional one has 1."""
    previous: Annotated[
        tuple[EarlierStart, ...] | None,
        Narrowed(uniqueItems=True),
        "The starts of the earlier plan that changes are counted against.",
        Setting(
            Group.EARLIER_PLAN,
            CommandOption(
                "--previous", "FILE", "plan.json of an earlier plan, to count changes against.", "file"
            ),
            is_counted=True,
        ),
    ] = None
    """The starts of an earlier plan (§12): programme, module, term."""
    max_changes: Annotated[
        Count | None,
        Setting(
            Group.EARLIER_PLAN,
            CommandOption(
                "--max-changes", "N", "At most so many modules added, dropped or moved against --previous."
            ),
            most=10**6,
            needs_previous=True,
            is_limit=True,
        ),
    ] = None
    """At most so many changes against it (§12)."""
    taught_until: Annotated[
        SemesterName | None,
        Setting(
            Group.EARLIER_PLAN,
            CommandOption(
                "--taught-until",
                "SEMESTER",
                "Keep the terms up to this semester, such as 2026-2, as --previous has them.",
                "semester",
            ),
            needs_previous=True,
        ),
    ] = None
    """Terms up to this calendar semester stay as the earlier plan has them (§12)."""
    equity: Annotated[
        PartOfOne | None,
        Setting(
            Group.FAIRNESS,
            CommandOption(
                "--equity", "R", "Least closure of each programme, as a share of what it reaches alone."
            ),
        ),
    ] = None
    """Least closure of each programme, as a share of what it reaches when planned alone (§13)."""
    keep_within: Annotated[
        PartOfOne | None,
        WHERE_SET,
        "The most that the plan may lose of its closure, whichever one partner leaves.",
        Setting(
            Group.FAIRNESS,
            CommandOption(
                "--keep-within",
                "LOSS",
                "Lose no more closure than this, such as 0.02 (two points), whichever one partner leaves.",
            ),
            is_limit=True,
        ),
    ] = None
    """The most that closure may lose when any one partner leaves (§16)."""
    partners: Annotated[
        tuple[EntityId, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "The partners that may leave; absent where all may.",
        Setting(
            Group.FAIRNESS,
            CommandOption("--partner", "ID", "Only this partner may leave; repeatable.", "ids"),
        ),
    ] = ()
    """The partners any one of whom may leave (§16). Empty: all."""
    review: Annotated[
        tuple[ReviewDecision, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "What reviewers decided on single modules; absent where there is nothing.",
        Setting(Group.EARLIER_PLAN, is_counted=True),
    ] = ()
    """What reviewers decided on single modules (§12)."""
    reviewed: Annotated[
        tuple[EarlierStart, ...],
        WHERE_SET,
        Narrowed(minItems=1, uniqueItems=True),
        "The starts of the plan under review, where the objective changes is counted against it.",
        Setting(Group.EARLIER_PLAN, is_counted=True),
    ] = ()
    """The starts of the plan under review, where the objective `changes` counts against it."""
    promised: Annotated[
        tuple[Promised, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "What the plan in force still has to pay from the year of the new intake on, by source and year.",
        Setting(Group.EARLIER_PLAN, is_counted=True),
    ] = ()
    """What the plan in force still has to pay; nothing is subtracted from the budgets."""

    def __post_init__(self) -> None:
        """Refuse what is of another kind than a setting takes; a list becomes a tuple.

        Raises
        ------
        UsageError
            Naming each such setting and what it takes.
        """
        issues = []
        for one in SETTINGS:
            value = getattr(self, one.name)
            try:
                object.__setattr__(self, one.name, _fitting(one.hint, value))
            except (TypeError, ValueError):  # of another kind, or of another length
                values = {"option": one.name, "value": shown_value(value), "expected": _taken(one)}
                issues.append(Issue("bad-value", values=values))
        if issues:
            raise UsageError(issues)
        if self.risk is not None:
            object.__setattr__(self, "objectives", _renamed(self.objectives, "closure", "outlooks"))

    def __repr__(self) -> str:
        """Return what differs from the usual settings, of long lists how many."""
        found = ((one, getattr(self, one.name)) for one in SETTINGS)
        shown = (
            f"{one.name}={f'<{len(value)}>' if one.is_counted else repr(value)}"
            for one, value in found
            if value != one.default
        )
        return f"Settings({', '.join(shown)})"

    @property
    def closing(self) -> str:
        """The objective that asks how much is closed: by the shares of today, or over all outlooks."""
        return "closure" if self.risk is None else "outlooks"

    def without_risk(self) -> Settings:
        """Return the settings for the shares of today alone: closure in the place of all outlooks."""
        return replace(self, risk=None, objectives=_renamed(self.objectives, "outlooks", "closure"))

    def up_to_closure(self) -> Settings:
        """Return the settings that seek nothing behind closure, which gives nothing away."""
        names = [choice.name for choice in self.objectives]
        before = self.objectives[: names.index("closure")]
        return replace(self, objectives=(*before, ObjectiveChoice("closure")), prove_last_points=False)

    @property
    def compared_starts(self) -> tuple[EarlierStart, ...] | None:
        """What the objective `changes` counts against: the plan under review, else the earlier one."""
        return self.reviewed or self.previous

    @property
    def sought(self) -> tuple[ObjectiveChoice, ...]:
        """The objectives that are solved for: of a first look those up to closure and cost.

        What stands behind both takes what is at hand; where neither is an objective, all are sought.
        """
        names = [choice.name for choice in self.objectives]
        last = max((at for at, name in enumerate(names) if name in FIRST_LOOK), default=len(names) - 1)
        return self.objectives[: last + 1] if self.quick else self.objectives

    @property
    def stage_gap(self) -> float:
        """The relative gap at which a stage counts as proven: that of a first look is wider."""
        return max(self.gap, QUICK_GAP) if self.quick else self.gap

    @property
    def minimises_changes(self) -> bool:
        """Whether `changes` is an objective."""
        return any(choice.name == "changes" for choice in self.objectives)

    @property
    def content_stages(self) -> int:
        """How many objectives, from the first, decide what is taken; the rest only when and where.

        All do, unless those of `PLACING` stand behind all others.
        """
        names = [choice.name for choice in self.objectives]
        first = next((at for at, name in enumerate(names) if name in PLACING), len(names))
        return first if first > 0 and PLACING.issuperset(names[first:]) else len(names)

    def with_fewest_changes(self) -> Settings:
        """Return the settings with `changes` as the first objective, unless the objectives name it."""
        if self.minimises_changes:
            return self
        return replace(self, objectives=(ObjectiveChoice("changes"), *self.objectives))

    def for_replanning(self, wish: Replan) -> Settings:
        """Return the settings with the fewest changes first, where they are counted and not limited."""
        limited = self.previous is None or self.max_changes is not None
        return self if limited or wish is Replan.BEST else self.with_fewest_changes()

    def without_fewest_changes(self) -> Settings:
        """Return the settings without the objective `changes`; it is never the only one."""
        others = tuple(choice for choice in self.objectives if choice.name != "changes")
        return replace(self, objectives=others or DEFAULT_OBJECTIVES, reviewed=())

    def seeks(self, objective: str) -> bool:
        """Say whether an objective is among those of the run."""
        return any(choice.name == objective for choice in self.objectives)


def _renamed(objectives: tuple[ObjectiveChoice, ...], old: str, new: str) -> tuple[ObjectiveChoice, ...]:
    """Return objectives with another one in the place of `old`."""
    return tuple(replace(one, name=new) if one.name == old else one for one in objectives)


def _declared() -> Iterator[Setting]:
    hints = get_type_hints(Settings, include_extras=True)
    for one in fields(Settings):
        (declared,) = (mark for mark in hints[one.name].__metadata__ if isinstance(mark, Setting))
        yield replace(declared, name=one.name, hint=hints[one.name], default=one.default)


SETTINGS = tuple(_declared())
"""Every setting, in the order of ``plan.json``."""
SETTING_OF_NAME = {one.name: one for one in SETTINGS}


EXAMPLES = {
    "objectives": '["closure:0.01", "cost"]',
    "previous": '[("P1", "M1", 3)]',
    "reviewed": '[("P1", "M1", 3)]',
    "profile": "[ProfileEntry(...)]",
    "review": "[ReviewDecision(...)]",
    "asked": "[NewlyAsked(...)]",
    "promised": "[Promised(...)]",
}
"""Of the lists that settings take, but for those of ids."""


def _taken(one: Setting) -> Phrase | str:
    """Return what a setting takes, in words."""
    kind = bare_type(one.hint)
    if one.words:
        return ", ".join(one.words)
    if get_origin(kind) is tuple:
        return Phrase("takes.list", {"example": EXAMPLES.get(one.name, '["P1", "P2"]')})
    if one.range is not None:
        low, high = one.range
        return Phrase("takes.whole" if kind is int else "takes.number", {"range": f"{low:g} ≤ x ≤ {high:g}"})
    return Phrase("takes.yes_no" if kind is bool else "takes.text")


def _fitting(hint: Any, value: Any) -> Any:
    """Return a value as its type has it: whole numbers as such, a list as a tuple; else raise TypeError."""
    if value is None and may_be_none(hint):
        return None
    kind = bare_type(hint)
    if kind is Any:
        return value
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise TypeError(hint)
        each = get_args(kind)
        if each[-1] is Ellipsis:
            each = each[:1] * len(value)
        return tuple(_fitting(one, part) for one, part in zip(each, value, strict=True))
    if kind in (int, float):
        return _number(kind, value)
    if not isinstance(value, kind):
        raise TypeError(hint)
    return value


def _number(kind: type, value: Any) -> int | float:
    """Return a number of any library as Python's own; 50e6 is whole, too."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(kind)
    if isinstance(value, Integral):
        return int(value)
    number = float(value)
    if kind is int and not number.is_integer():
        raise TypeError(kind)
    return int(number) if kind is int else number


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
    usual["outlooks"] = ObjectiveChoice("outlooks", CLOSURE_TOLERANCE)
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
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < MOST_TOLERANCE:
        raise UsageError.of("bad-value", option="--objective", value=text, expected="0 ≤ x")
    return number


def _objective_issues(names: Sequence[str]) -> Iterator[Issue]:
    for name in dict.fromkeys(names or ("",)):
        if name not in OBJECTIVE_NAMES or names.count(name) > 1:
            yield Issue("unknown-objective", values={"value": name, "known": ", ".join(OBJECTIVE_NAMES)})


def setting_issues(settings: Settings) -> Iterator[Issue]:
    """Yield what no run could be made with, whatever the catalog; the command line refuses most before."""
    yield from _objective_issues([choice.name for choice in settings.objectives])
    if settings.solver not in SOLVERS:
        yield Issue("unknown-solver", values={"value": settings.solver, "known": ", ".join(SOLVERS)})
    for one in SETTINGS:
        value = getattr(settings, one.name)
        if value not in (None, one.default):
            yield from _value_issues(one, value)
    for choice in settings.objectives:
        if not 0 <= choice.tolerance < math.inf:
            values = {"option": f"objectives {choice.name}", "value": choice.tolerance, "expected": "0 ≤ x"}
            yield Issue("bad-value", values=values)
    compared = [
        one.name for one in SETTINGS if one.needs_previous and getattr(settings, one.name) is not None
    ]
    if compared and settings.previous is None:
        yield Issue("previous-missing", values={"option": compared[0]})
    if settings.seeks("outlooks") is not (settings.risk is not None):
        yield Issue("risk-without-closure" if settings.risk is not None else "outlooks-without-risk")
    if settings.minimises_changes and settings.compared_starts is None:
        yield Issue("previous-missing", values={"option": "--objective changes"})


def _value_issues(one: Setting, value: Any) -> Iterator[Issue]:
    if one.range is not None:
        low, high = one.range
        if not low <= value <= high:
            expected = f"{low:g} ≤ x ≤ {high:g}"
            yield Issue("bad-value", values={"option": one.name, "value": value, "expected": expected})
    if one.option is not None and one.option.reads == "semester" and not SEMESTER.fullmatch(value):
        values = {"option": one.name, "value": value, "expected": "2026-1"}
        yield Issue("bad-value", values=values)
