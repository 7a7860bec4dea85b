"""The settings of a run: each declared once, in a field of `Settings`.

From the declaration follow the option of the command line, the range that is checked, what stands in
``plan.json`` and in its JSON Schema, and the rows of the Provenance sheet (`docs/add-a-setting.md`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from curriplan.base.arguments import fitting, shown_value
from curriplan.base.codec import MAY_LACK, UNWRITTEN, WHERE_SET, Keyed, Narrowed
from curriplan.base.errors import Issue, UsageError
from curriplan.base.fields import Amount, Count, EntityId, PartOfOne, PositiveAmount, TermNumber
from curriplan.problem.asked import NewlyAsked
from curriplan.problem.declaration import CommandOption, Group, Setting, declared_in
from curriplan.problem.objectives import (
    DEFAULT_OBJECTIVES,
    FIRST_LOOK,
    OBJECTIVE_NAMES,
    USUAL_ORDER,
    ObjectiveChoice,
    renamed,
)
from curriplan.problem.promised import Promised
from curriplan.problem.review import ReviewDecision

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


QUICK_GAP = 0.01
"""Relative gap at which a stage of a first look counts as proven."""
SemesterName = Annotated[str, Narrowed(pattern=r"^\d{4}-[12]$")]
EarlierStart = Annotated[tuple[EntityId, EntityId, TermNumber], Keyed(("programme", "module", "term"))]


@dataclass(frozen=True)
class Settings:
    """What a user may choose; everything has a default."""

    programmes: Annotated[
        tuple[EntityId, ...],
        Setting(Group.SCOPE),
        CommandOption("--programme", "ID", "Plan this programme only; repeatable.", "ids"),
    ] = ()
    """Plan only these; the existing curricula of the others keep their resources (§9). Empty: all."""
    budget_kzt: Annotated[
        Count | None,
        Setting(Group.SCOPE, most=10**15),
        CommandOption("--budget", "KZT", "Cap on all new money together."),
    ] = None
    """Cap on all new money together, beside the budgets of the sources (§10)."""
    practice_share: Annotated[
        PartOfOne | None,
        Setting(Group.SCOPE, norm="practice_share_min"),
        CommandOption("--practice-share", "R", "Least share of practice, such as 0.4."),
    ] = None
    """Instead of the profile's ``practice_share_min`` (§7)."""
    profile: Annotated[
        tuple[ProfileEntry, ...] | None,
        UNWRITTEN,
        Setting(Group.SCOPE, example="[ProfileEntry(...)]"),
        CommandOption("--profile", "FILE", "CSV of a regulation profile, instead of the catalog's.", "file"),
    ] = None
    """A whole profile instead of the catalog's."""
    horizon: Annotated[
        SemesterName | None,
        MAY_LACK,
        "The response lag is counted up to the last graduation by this semester; null: the last of all "
        "planned.",
        Setting(Group.SCOPE),
        CommandOption(
            "--horizon",
            "SEMESTER",
            "Count the response lag up to the last graduation by this semester, such as 2032-2.",
            "semester",
        ),
    ] = None
    asked: Annotated[
        tuple[NewlyAsked, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "What is newly asked beside the rows that say `since`: the difference to an earlier catalog.",
        Setting(Group.SCOPE, is_counted=True, example="[NewlyAsked(...)]"),
    ] = ()
    """What a comparison with an earlier catalog says is newly asked."""
    objectives: Annotated[
        tuple[ObjectiveChoice, ...],
        Narrowed(minItems=1),
        Setting(Group.OBJECTIVES, example='["closure:0.01", "cost"]'),
        CommandOption(
            "--objective",
            "NAME[:T],...",
            "Objectives by importance, of {names}; later ones may worsen one by T, in its own unit "
            "[default: {usual}].",
            "objectives",
            (("names", ", ".join(OBJECTIVE_NAMES)), ("usual", USUAL_ORDER)),
        ),
    ] = DEFAULT_OBJECTIVES
    """Lexicographic order."""
    risk: Annotated[
        PartOfOne | None,
        MAY_LACK,
        "How much the worst regret over the outlooks weighs; null where the plan is for the shares of today.",
        Setting(Group.JUDGEMENTS),
        CommandOption(
            "--risk",
            "R",
            "Plan for all outlooks of the catalog: instead of closure seek (1 - R) times its expected "
            "value less R times the worst regret, 0 <= R <= 1.",
        ),
    ] = None
    """ρ: in the place of closure stands the objective ``outlooks``, which weighs regret by it."""
    gap: Annotated[
        Amount,
        Setting(Group.SOLVING, most=1),
        CommandOption("--gap", "R", "Relative gap at which an objective counts as proven."),
    ] = 0.001
    """Relative optimality gap at which a stage counts as proven."""
    time_limit_s: Annotated[
        PositiveAmount,
        Setting(Group.SOLVING, most=10**6),
        CommandOption("--time-limit", "S", "Seconds for everything together."),
    ] = 300.0
    """For all stages together, seconds; the runs of ``stability`` together have as much again."""
    solver: Annotated[
        str,
        Setting(Group.SOLVING, words=("highs", "cbc")),
        CommandOption("--solver", None, "Solver.", "word"),
    ] = "highs"
    """``highs`` or ``cbc``."""
    quick: Annotated[
        bool,
        MAY_LACK,
        "Whether this is a first look: objectives behind closure and cost were not sought, and the gap is "
        "0.01 at least.",
        Setting(Group.SOLVING),
        CommandOption(
            "--quick",
            None,
            "A first look: seek nothing behind closure and cost, at a gap of 1 % or --gap if that is "
            "larger, and leave out what is slow; the plan says so.",
            "flag",
        ),
    ] = False
    """A first look (see `sought` and `stage_gap`), without what takes long and is not needed for one."""
    prove_last_points: Annotated[
        bool,
        MAY_LACK,
        "Whether the least cost of the best closure was sought, not only what a plan of it costs.",
        Setting(Group.SOLVING),
        CommandOption(
            "--prove-last-points",
            None,
            "Prove what the closure that the tolerance gives away would cost at least; else the plan "
            "says what it costs at most.",
            "flag",
        ),
    ] = False
    meeting_share: Annotated[PartOfOne, Setting(Group.JUDGEMENTS)] = 0.5
    """θ: the part of a requirement's worth that is earned only by meeting it."""
    essential_factor: Annotated[PositiveAmount, Setting(Group.JUDGEMENTS, most=10**6)] = 2.0
    """κ of an essential requirement; an optional one has 1."""
    previous: Annotated[
        tuple[EarlierStart, ...] | None,
        Narrowed(uniqueItems=True),
        "The starts of the earlier plan that changes are counted against.",
        Setting(Group.EARLIER_PLAN, is_counted=True, example='[("P1", "M1", 3)]'),
        CommandOption(
            "--previous", "FILE", "plan.json of an earlier plan, to count changes against.", "file"
        ),
    ] = None
    """The starts of an earlier plan (§12): programme, module, term."""
    max_changes: Annotated[
        Count | None,
        Setting(Group.EARLIER_PLAN, most=10**6, needs_previous=True, is_limit=True),
        CommandOption(
            "--max-changes", "N", "At most so many modules added, dropped or moved against --previous."
        ),
    ] = None
    """At most so many changes against it (§12)."""
    taught_until: Annotated[
        SemesterName | None,
        Setting(Group.EARLIER_PLAN, needs_previous=True),
        CommandOption(
            "--taught-until",
            "SEMESTER",
            "Keep the terms up to this semester, such as 2026-2, as --previous has them.",
            "semester",
        ),
    ] = None
    """Terms up to this calendar semester stay as the earlier plan has them (§12)."""
    equity: Annotated[
        PartOfOne | None,
        Setting(Group.FAIRNESS),
        CommandOption(
            "--equity", "R", "Least closure of each programme, as a share of what it reaches alone."
        ),
    ] = None
    """Least closure of each programme, as a share of what it reaches when planned alone (§13)."""
    keep_within: Annotated[
        PartOfOne | None,
        WHERE_SET,
        "The most that the plan may lose of its closure, whichever one partner leaves.",
        Setting(Group.FAIRNESS, is_limit=True),
        CommandOption(
            "--keep-within",
            "LOSS",
            "Lose no more closure than this, such as 0.02 (two points), whichever one partner leaves.",
        ),
    ] = None
    """The most that closure may lose when any one partner leaves (§16)."""
    partners: Annotated[
        tuple[EntityId, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "The partners that may leave; absent where all may.",
        Setting(Group.FAIRNESS),
        CommandOption("--partner", "ID", "Only this partner may leave; repeatable.", "ids"),
    ] = ()
    """The partners any one of whom may leave (§16). Empty: all."""
    review: Annotated[
        tuple[ReviewDecision, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "What reviewers decided on single modules; absent where there is nothing.",
        Setting(Group.EARLIER_PLAN, is_counted=True, example="[ReviewDecision(...)]"),
    ] = ()
    """What reviewers decided on single modules (§12)."""
    reviewed: Annotated[
        tuple[EarlierStart, ...],
        WHERE_SET,
        Narrowed(minItems=1, uniqueItems=True),
        "The starts of the plan under review, where the objective changes is counted against it.",
        Setting(Group.EARLIER_PLAN, is_counted=True, example='[("P1", "M1", 3)]'),
    ] = ()
    promised: Annotated[
        tuple[Promised, ...],
        WHERE_SET,
        Narrowed(minItems=1),
        "What the plan in force still has to pay from the year of the new intake on, by source and year.",
        Setting(Group.EARLIER_PLAN, is_counted=True, example="[Promised(...)]"),
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
                object.__setattr__(self, one.name, fitting(one.hint, value))
            except (TypeError, ValueError):  # of another kind, or of another length
                values = {"option": one.name, "value": shown_value(value), "expected": one.takes}
                issues.append(Issue("bad-value", values=values))
        if issues:
            raise UsageError(issues)
        if self.risk is not None:
            object.__setattr__(self, "objectives", renamed(self.objectives, "closure", "outlooks"))

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
        return replace(self, risk=None, objectives=renamed(self.objectives, "outlooks", "closure"))

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
        return self.seeks("changes")

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


SETTINGS = tuple(declared_in(Settings))
"""Every setting, in the order of ``plan.json``."""
SETTING_OF_NAME = {one.name: one for one in SETTINGS}
