"""What the figures of a plan differ in from those of the plan under review, and differences in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.plan.challenges import ChallengeAnswer
from curriplan.plan.comparison import CLOSURES, compare_plans
from curriplan.plan.plan import Plan
from curriplan.report.figures import range_words
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.formula import difference
from curriplan.xlsx.table import Column, Table
from curriplan.xlsx.term import NOTHING

SMALLEST_DIFFERENCE = 1e-9
LAG_DIGITS = 2
"""Of a response lag, in semesters."""
POINT_DIGITS = 2


@dataclass(frozen=True)
class FigureRow:
    """A figure of both plans."""

    name: str
    before: float | None
    after: float | None
    style: str
    err_before: str = ""
    """What becomes of a closure if estimates err."""
    err_after: str = ""

    @property
    def differs(self) -> bool:
        """Whether the plans differ in it by more than rounding."""
        one, other = self.before, self.after
        return one != other if one is None or other is None else abs(one - other) > SMALLEST_DIFFERENCE


def difference_words(
    texts: Words, closure: float | None, cost_kzt: int | None, lag: float | None = None, *, sign: int = 1
) -> str:
    """Return how a plan differs from another: ``closure 0.56 points lower; 300 000 KZT cheaper``.

    Parameters
    ----------
    texts : Words
        Those of workbooks.
    closure, cost_kzt, lag
        Of the plan, less those of the other; what is nothing when rounded is left out. None where closure
        and money were not found in time, which is said.
    sign : int
        −1 for how the other differs from the plan.
    """
    if closure is None or cost_kzt is None:
        return texts("phrase.not_in_time")
    closure, cost_kzt, lag = sign * closure, sign * cost_kzt, None if lag is None else sign * lag
    parts = []
    if points := round(100 * closure, POINT_DIGITS):
        key = "phrase.closure_higher" if points > 0 else "phrase.closure_lower"
        parts.append(texts(key, points=texts.number(abs(points), POINT_DIGITS)))
    if cost_kzt:
        key = "phrase.dearer" if cost_kzt > 0 else "phrase.cheaper"
        parts.append(texts(key, money=texts.number(abs(cost_kzt))))
    if lag is not None and (semesters := round(lag, LAG_DIGITS)):
        key = "phrase.lag_longer" if semesters > 0 else "phrase.lag_shorter"
        parts.append(texts(key, semesters=texts.number(abs(semesters), LAG_DIGITS)))
    return "; ".join(parts) or texts("phrase.no_difference")


def figure_rows(view: PlanView, labels: Labels, reviewed: Plan) -> Iterator[FigureRow]:
    """Yield closure, money and hours of both plans, as far as they differ."""
    comparison = compare_plans(reviewed, view.plan)
    for one in comparison.measured:
        style = "share" if one.name in CLOSURES else "money"
        name = labels.measure(one.name) + (f": {one.programme}" if one.programme else "")
        ranges = (one.first_range, one.second_range)
        shown = ("" if found is None else range_words(labels.texts, found) for found in ranges)
        row = FigureRow(name, one.first, one.second, style, *shown)
        if row.differs or one.name in ("closure_after", "cost_kzt"):
            yield row
    for amount in comparison.money:
        name = f"{labels.funding_source(amount.name)}, {labels.texts('unit.KZT')}"
        yield FigureRow(name, amount.first, amount.second, "money")
    for amount in comparison.hours:
        name = f"{labels.resource(amount.name)}, {labels.texts('unit.h')}"
        yield FigureRow(name, amount.first, amount.second, "hours")


def challenge_rows(view: PlanView, labels: Labels, reviewed: Plan) -> Iterator[FigureRow]:
    """Yield what both plans close of each challenge, and what they leave open, where that differs."""
    earlier = {one.challenge: one for one in reviewed.challenges}
    names = {row.id: row.name(labels.texts.language) for row in view.catalog.challenges}
    for after in view.plan.challenges:
        before = earlier.get(after.challenge)
        called = {"challenge": after.challenge, "name": names.get(after.challenge, after.challenge)}
        name = labels.texts("phrase.challenge_closed", **called)
        closures = (None if before is None else before.closure_after, after.closure_after)
        if any(one is not None for one in closures):
            yield FigureRow(name, *closures, "share")
        counts = (dict.fromkeys(_open_of(after)) if before is None else _open_of(before), _open_of(after))
        for key, count in counts[1].items():
            row = FigureRow(labels.texts(key, **called), counts[0][key], count, "count")
            if row.differs:
                yield row


def _open_of(answer: ChallengeAnswer) -> dict[str, int]:
    """Return what a plan leaves open of a challenge, by the phrase that names it."""
    return {
        "phrase.challenge_levels": sum(
            one.programmes - one.programmes_met_after for one in answer.competencies
        ),
        "phrase.challenge_learners": answer.learners_open_after,
        "phrase.challenge_occupations": answer.occupations - answer.occupations_met_after,
    }


def figure_table(*, with_ranges: bool) -> Table[FigureRow]:
    """Return the table of figures of both plans; the name stretches over three columns.

    Parameters
    ----------
    with_ranges : bool
        Whether it says what becomes of closures if estimates err.
    """
    before, after = "column.before_review", "column.after_review"
    ranges: tuple[Column[FigureRow], ...] = (
        Column("column.err_before_review", value=lambda row: row.err_before),
        Column("column.err_after_review", value=lambda row: row.err_after),
    )
    return Table(
        Column("column.what", value=lambda row: row.name, span=3),
        Column(before, value=lambda row: _shown(row.before), varying=lambda row: row.style),
        Column(after, value=lambda row: _shown(row.after), varying=lambda row: row.style),
        Column(
            "column.difference_points",
            formula=lambda line: difference(
                line[after], line[before], 100 if line.row.style == "share" else 1
            ),
            varying=lambda row: "fine_points" if row.style == "share" else row.style,
        ),
        *(ranges if with_ranges else ()),
    )


def _shown(value: float | None) -> float | str:
    return NOTHING if value is None else value
