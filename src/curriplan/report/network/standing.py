"""How regions and colleges stand in a national plan, in sentences of the first page."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.plan.network import RegionResult
from curriplan.report.network.colleges import BY_ITSELF, CLOSED, CollegeCells
from curriplan.report.network.losers import losers_said, moved_said
from curriplan.report.network.regions import FLOOR
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.formula import GREATER, count_greater
from curriplan.xlsx.sentences import percent, sentence
from curriplan.xlsx.table import Placed
from curriplan.xlsx.term import NOTHING, Term

MOST_FLOORS = 5
Said = Term | str
"""A sentence; a formula where it follows from cells."""


def regions_said(view: NetworkView, colleges: CollegeCells, regions: Placed[RegionResult]) -> Iterator[Said]:
    """Say where closure is lowest and highest, and which floors hold."""
    texts, closed = view.texts, colleges.of.closed
    known = [
        (row, regions.ref(row, closed))
        for row, _ in regions.lines()
        if not isinstance(regions.ref(row, closed).value, str)
    ]
    low = min(known, key=lambda one: one[1].number, default=None)
    high = max(known, key=lambda one: one[1].number, default=None)
    if low and high and high[1].number > low[1].number + GREATER:  # else all are alike
        values = {
            "low": regions.ref(low[0], "nation_column.region"),
            "low_share": percent(texts, low[1]),
            "high": regions.ref(high[0], "nation_column.region"),
            "high_share": percent(texts, high[1]),
        }
        yield sentence(texts, "nation.lowest_region", values)
    yield from _floors_said(view, regions, closed)


def colleges_said(view: NetworkView, colleges: CollegeCells) -> Iterator[Said]:
    """Say who gains and who loses, where groups move, and what further money brings."""
    if view.is_national:
        after, alone = (colleges.column(key) for key in (CLOSED, BY_ITSELF))
        counts = {"more": count_greater(after, alone), "fewer": count_greater(alone, after)}
        yield sentence(view.texts, "nation.gainers", counts)
        yield from losers_said(view)
        yield from moved_said(view)
    yield from _further_said(view)


def _further_said(view: NetworkView) -> Iterator[str]:
    """Say where a further million brought most; only what whole plans gained is compared."""
    texts = view.texts
    known = [
        (one.resolved, one) for one in view.plan.further if one.resolved is not None and one.resolved > 0
    ]
    if not known:
        return
    gain, best = max(known, key=lambda one: (one[0], one[1].region))
    said = texts(
        "nation.million_best",
        region=view.region_names.get(best.region, best.region),
        college=NOTHING if best.college is None else view.college_names.get(best.college, best.college),
        kzt=texts.number(best.kzt),
        where=view.source_name(best.source) + ("" if best.year is None else f", {best.year}"),
        points=_gain(view, gain),
    )
    if best.at_most is not None:
        said = f"{said} {texts('nation.million_at_most', points=_gain(view, best.at_most))}"
    yield said


def _gain(view: NetworkView, gain: float) -> str:
    return view.texts.number(100 * gain, 1 if view.is_small else 4)


def _floors_said(view: NetworkView, regions: Placed[RegionResult], closed: str) -> Iterator[str]:
    """Say whether the floors hold, and where they do not."""
    floors = [(row, one) for row, one in regions.lines() if one.floor is not None]
    if not floors:
        return
    below = [one for row, one in floors if _is_below(regions.ref(row, closed), regions.ref(row, FLOOR))]
    if not below:
        yield view.texts("nation.floors_hold", count=len(floors))
        return
    names = ", ".join(view.region_names[one.id] for one in below[:MOST_FLOORS])
    more = "…" if len(below) > MOST_FLOORS else ""
    yield view.texts("nation.floors_broken", count=len(below), all=len(floors), names=names + more)


FLOOR_SLACK = 1e-6


def _is_below(closed: Term, floor: Term) -> bool:
    return isinstance(closed.value, str) or closed.number < floor.number - FLOOR_SLACK
