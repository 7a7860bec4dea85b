"""What some colleges lose or change for the whole: who closes less than by itself, whose groups change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curriplan.report.network.places import place_lines
from curriplan.report.network.view import NetworkView

MOST_NAMED = 5
LEAST_LOST = 0.0005
"""What is shown as 0.0 points is no loss."""


def losers_said(view: NetworkView) -> Iterator[str]:
    """Name the colleges and regions that close less than by their own plans, the largest loss first."""
    colleges = [(one.plan.closure - one.alone.closure, one.name) for one in view.colleges]
    regions = [
        (one.closure - one.closure_alone, view.region_names[one.id])
        for one in view.plan.regions
        if one.closure is not None and one.closure_alone is not None
    ]
    for key, found in (("nation.losers", colleges), ("nation.losing_regions", regions)):
        lost = sorted(one for one in found if one[0] <= -LEAST_LOST)
        if lost:
            said = [
                view.texts("nation.loser", name=name, points=signed_points(view, change))
                for change, name in lost
            ]
            yield view.texts(key, names=first_named(view, said))


def moved_said(view: NetworkView) -> Iterator[str]:
    """Say in how many colleges numbers of groups change, and how many groups move."""
    changed = [one for one in place_lines(view) if one.planned != one.today]
    if changed:
        yield view.texts(
            "nation.groups_moved",
            colleges=len({one.college.id for one in changed}),
            groups=sum(max(0, one.planned - one.today) for one in changed),
        )


def first_named(view: NetworkView, names: Sequence[str]) -> str:
    """Return the first few, and how many more there are."""
    said = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return said if more <= 0 else view.texts("nation.more_losers", names=said, count=more)


def signed_points(view: NetworkView, change: float) -> str:
    """Return a change of closure in points with one digit, its sign a plus or a real minus."""
    if not round(100 * change, 1):
        return view.texts.number(0, 1)
    return view.texts.number(100 * change, 1, signed=True).replace("-", "−")
