"""What a plan asks of a college beside its rules: teachers, rooms, money of all intakes; how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from curriplan.base.codec import Narrowed, OneOf
from curriplan.base.fields import Amount, Count, EntityId, PartOfOne

KEPT, ADDED, FIXED, DROPPED = ORIGINS = ("kept", "added", "fixed", "dropped")
"""Where hours come from: moved modules count as kept, dropped ones are taught today only."""

Year = Annotated[int, Narrowed(minimum=1900, maximum=2200)]


@dataclass(frozen=True)
class KindHours:
    """Hours of all rooms, or of all teachers, of a kind in one calendar semester, all intakes running.

    It is the semester in which the plan leaves the fewest of the hours that there are.
    """

    kind: EntityId
    category: Annotated[str, "That of its first resource."]
    semester: str
    existing_hours: Annotated[Amount | None, "Hours that there are; null where one of the kind has no limit."]
    committed_hours: Annotated[Amount, "Promised outside the plan, programmes that are not planned included."]
    today_hours: Annotated[Amount, "Of the existing curricula, sites assumed."]
    kept_hours: Annotated[Amount, "Of the plan, by modules that are taught today too."]
    added_hours: Annotated[Amount, "Of the plan, by modules that it adds."]
    lacking_today_hours: Annotated[Amount | None, "The most that today lacks in any semester."]
    lacking_hours: Annotated[Amount | None, "The most that the plan lacks in any semester."]

    @property
    def needed_today_hours(self) -> float:
        """Hours that today asks for, those promised outside included."""
        return self.committed_hours + self.today_hours

    @property
    def needed_hours(self) -> float:
        """Hours that the plan asks for, those promised outside included."""
        return self.committed_hours + self.kept_hours + self.added_hours


@dataclass(frozen=True)
class Posts:
    """Teacher posts of a kind, in the semester of its `KindHours`."""

    kind: EntityId
    today: Amount
    plan: Amount
    existing: Annotated[Amount | None, "Null where the hours of one of the kind have no limit."]
    to_hire: Annotated[Amount | None, "max(0, plan - existing)."]


@dataclass(frozen=True)
class NamedHours:
    """Hours of one group of a programme's curriculum, and those of them that name no teacher or no room."""

    programme: EntityId
    origin: Annotated[str, OneOf(ORIGINS)]
    contact_hours: Amount
    without_teacher_hours: Amount
    practical_hours: Annotated[Amount, "Laboratory-practical, production training, professional practice."]
    without_room_hours: Annotated[Amount, "Practical hours that name no room, plant or enterprise."]


@dataclass(frozen=True)
class IntakeYear:
    """What a source pays in a calendar year when a new intake starts every year, whole KZT."""

    source: EntityId
    year: Year
    first_intake_kzt: Annotated[Count, "Of the plan's own payments."]
    all_intakes_kzt: Count
    budget_kzt: Annotated[Count | None, "Budget of the year; null where sources pay without limit."]
    any_year_left_kzt: Annotated[Count | None, "Left of the budget of any year when the year begins."]
    over_kzt: Annotated[Count, "All intakes together ask for so much more than the source has."]


@dataclass(frozen=True)
class Intakes:
    """New money: set up once, of one intake, and of all intakes year by year until nothing changes."""

    setup_kzt: Count
    one_intake_kzt: Count
    steady_year: Annotated[Year | None, "From it on each year costs the same; null without new money."]
    steady_kzt: Annotated[Count, "A year, from then on."]
    years: tuple[IntakeYear, ...]


@dataclass(frozen=True)
class ErrRange:
    """Closure of a programme, or of the plan, if estimates err: 5th and 95th percentile of the draws."""

    programme: Annotated[EntityId | None, "Null for the plan."]
    closure_low: Annotated[PartOfOne | None, "Null where nothing is missing."]
    closure_high: PartOfOne | None
    entry_levels_hold: Annotated[Count, "Draws in which every entry level is still reached in time."]
    floors_hold: Annotated[Count, "Draws in which every floor is still reached."]
    both_hold: Count


@dataclass(frozen=True)
class IfEstimatesErr:
    """The plan under perturbed estimates (importance ±20 %, levels ±1): no new plan, the same decisions."""

    draws: Count
    plan: ErrRange
    programmes: tuple[ErrRange, ...]


@dataclass(frozen=True)
class HowSure:
    """What stands beside every closure of a plan: its range, and the occupations that are not fully met."""

    if_estimates_err: IfEstimatesErr
    occupations: Annotated[Count, "Pairs of a programme and a target occupation that asks for anything."]
    occupations_not_met: Annotated[Count, "Those of them with a level that is not reached."]

    def to_data(self) -> dict[str, Any]:
        """Return the figures of the plan as plain data, ready for JSON."""
        whole = self.if_estimates_err.plan
        return {
            "closure_low": whole.closure_low,
            "closure_high": whole.closure_high,
            "draws": self.if_estimates_err.draws,
            "both_hold": whole.both_hold,
            "occupations": self.occupations,
            "occupations_not_met": self.occupations_not_met,
        }

    @property
    def programmes(self) -> dict[str | None, ErrRange]:
        """The range of each programme and, under None, of the plan."""
        found = self.if_estimates_err
        return {row.programme: row for row in (found.plan, *found.programmes)}


@dataclass(frozen=True)
class Today:
    """What the existing curricula close, shares of 1, and how sure that is.

    Parameters
    ----------
    programmes : mapping
        By programme; None where it lacks nothing.
    """

    closure: PartOfOne
    programmes: Mapping[str, float | None]
    sure: HowSure


@dataclass(frozen=True)
class ProgrammeFigures:
    """A programme's credits, occupations, and what a learner-point costs."""

    programme: EntityId
    credits_norm: Annotated[Amount | None, "The least credits that it must have (§6)."]
    credits_today: Amount
    credits_plan: Amount
    credits_filled: Annotated[Amount, "Added beyond what is dropped."]
    credits_exchanged: Annotated[Amount, "Added in the place of what is dropped."]
    occupations: Annotated[Count, "Target occupations that ask for anything."]
    occupations_not_met_today: Annotated[Count, "Some level that they ask for is not reached."]
    occupations_not_met: Count
    setup_share_kzt: Annotated[Count, "Set-up of modules, shared out by learners of those who add them."]
    money_kzt: Annotated[Count, "New money of one intake, with that share."]
    learner_points: Annotated[float | None, "Points of closure gained times learners; null without closure."]
    kzt_per_learner_point: Annotated[Amount | None, "Null where no points are gained."]


@dataclass(frozen=True)
class Figures:
    """All of them, recomputed from the bare decisions."""

    post_hours: Annotated[Amount | None, "Hours of a teacher post in a semester; null where not known."]
    teachers: tuple[KindHours, ...]
    posts: Annotated[tuple[Posts, ...], "Empty where the hours of a post are not known."]
    rooms: tuple[KindHours, ...]
    named_hours: tuple[NamedHours, ...]
    intakes: Intakes
    if_estimates_err: IfEstimatesErr
    programmes: tuple[ProgrammeFigures, ...]
    kzt_per_learner_point: Annotated[Amount | None, "Of the plan: all new money over all learner-points."]

    @property
    def occupations_not_met(self) -> int:
        """Pairs of a programme and a target occupation that is not fully met."""
        return sum(row.occupations_not_met for row in self.programmes)

    @property
    def how_sure(self) -> HowSure:
        """What stands beside every closure of the plan."""
        occupations = sum(row.occupations for row in self.programmes)
        return HowSure(self.if_estimates_err, occupations, self.occupations_not_met)
