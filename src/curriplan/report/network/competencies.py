"""Competencies and challenges over all colleges: what learners lack before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from curriplan.plan.network import ChallengeBrief, CompetencyBrief, Names
from curriplan.report.network.view import NetworkView, or_dash
from curriplan.xlsx.formula import ratio
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Table

LEARNERS, LEARNERS_TODAY, LEARNERS_PLANNED = (
    "nation_column.learners_asked",
    "nation_column.learners_asked_today",
    "nation_column.learners_asked_planned",
)
BEFORE, AFTER = "nation_column.lacking_before", "nation_column.lacking_after"
ALONE = "nation_column.lacking_alone"


@dataclass(frozen=True)
class CompetencyLine:
    """A competency over the colleges that ask for it."""

    id: str
    names: Names
    colleges: int
    colleges_lacking: int
    learners: int
    """Of the plan; those of today beside them."""
    today: int
    before: int
    alone: int
    after: int
    highest: int


def competency_lines(view: NetworkView) -> tuple[CompetencyLine, ...]:
    """Return the competencies of all colleges: those that most learners still lack first."""
    found: dict[str, list[CompetencyBrief]] = {}
    today: dict[str, list[CompetencyBrief]] = {}
    for college in view.colleges:
        for kind, plan in ((found, college.plan), (today, college.alone)):
            for one in plan.competencies:
                kind.setdefault(one.id, []).append(one)
    lines = (
        CompetencyLine(
            name,
            rows[0].names,
            len(rows),
            sum(one.lacking_after > 0 for one in rows),
            sum(one.learners for one in rows),
            sum(one.learners for one in today.get(name, ())),
            sum(one.lacking_before for one in today.get(name, ())),
            sum(one.lacking_after for one in today.get(name, ())),
            sum(one.lacking_after for one in rows),
            max(one.highest_asked for one in rows),
        )
        for name, rows in found.items()
    )
    return tuple(sorted(lines, key=lambda one: (-one.after, -one.before, one.id)))


def competency_table(view: NetworkView) -> Table[CompetencyLine]:
    """Return the table of the competencies."""
    columns: list[Column[CompetencyLine]] = [
        Column("nation_column.competency", "text", 70, lambda one: view.name(one.names, one.id)),
        Column("nation_column.highest_asked", "term", 11, lambda one: one.highest),
        Column("nation_column.colleges_asking", "count", 12, lambda one: one.colleges),
        *_asking(view),
        Column(BEFORE, "count", 13, lambda one: one.before),
        Column(ALONE, "count", 13, lambda one: one.alone),
    ]
    if view.is_national:
        columns.append(Column(AFTER, "count", 13, lambda one: one.after))
    after = AFTER if view.is_national else ALONE
    learners = LEARNERS_PLANNED if view.has_places else LEARNERS
    columns += [
        Column("nation_column.lacking_fewer", "count", 13, formula=lambda line: line[BEFORE] - line[after]),
        Column(
            "nation_column.share_lacking",
            "share",
            17,
            formula=lambda line: ratio(line[after], line[learners]),
        ),
        Column("nation_column.colleges_lacking", "count", 13, lambda one: one.colleges_lacking),
    ]
    return Table(*columns)


def _asking(view: NetworkView) -> Iterator[Column[CompetencyLine]]:
    """Yield who needs it: today and in the plan, where groups move."""
    if view.has_places:
        yield Column(LEARNERS_TODAY, "count", 13, lambda one: one.today)
    key = LEARNERS_PLANNED if view.has_places else LEARNERS
    yield Column(key, "count", 13, lambda one: one.learners)


def write_competencies(view: NetworkView, sheet: Sheet) -> None:
    """Write what learners lack of each competency."""
    table = competency_table(view)
    sheet.set_widths(table.widths)
    top = sheet.heading("nation_title.competencies", "nation_how.competencies")
    table.write(sheet, top, competency_lines(view)).page(1)


@dataclass(frozen=True)
class ChallengeLine:
    """A challenge over the colleges whose catalogs name it."""

    names: Names
    id: str
    colleges: int
    before: float | None
    alone: float | None
    after: float | None


def challenge_lines(view: NetworkView) -> tuple[ChallengeLine, ...]:
    """Return the challenges of all colleges."""
    rows: dict[str, list[tuple[ChallengeBrief, ChallengeBrief]]] = {}
    for college in view.colleges:
        alone = {one.id: one for one in college.alone.challenges}
        for one in college.plan.challenges:
            rows.setdefault(one.id, []).append((one, alone.get(one.id, one)))
    return tuple(
        ChallengeLine(
            found[0][0].names,
            name,
            len(found),
            _mean((one.weight, one.closure_before) for _, one in found),
            _mean((one.weight, one.closure_after) for _, one in found),
            _mean((one.weight, one.closure_after) for one, _ in found),
        )
        for name, found in sorted(rows.items())
    )


def _mean(pairs: Iterable[tuple[float, float | None]]) -> float | None:
    known = [(weight, value) for weight, value in pairs if value is not None]
    whole = sum(weight for weight, _ in known)
    return sum(weight * value for weight, value in known) / whole if whole else None


def write_challenges_of_all(view: NetworkView, sheet: Sheet) -> None:
    """Write how far each challenge is answered."""

    def dashed(of: str) -> Callable[[Line[ChallengeLine]], float | str]:
        def found(line: Line[ChallengeLine]) -> float | str:
            value: float | None = getattr(line.row, of)
            return or_dash(value)

        return found

    columns: list[Column[ChallengeLine]] = [
        Column("nation_column.challenge", "text", 90, lambda one: view.name(one.names, one.id)),
        Column("nation_column.colleges", "count", 12, lambda one: one.colleges),
        Column("nation_column.closed_today", "share", 14, formula=dashed("before")),
        Column("nation_column.closed_alone", "share", 14, formula=dashed("alone")),
    ]
    if view.is_national:
        columns.append(Column("nation_column.closed_national", "share", 14, formula=dashed("after")))
    table = Table(*columns)
    sheet.set_widths(table.widths)
    top = sheet.heading("nation_title.challenges", "nation_how.challenges")
    table.write(sheet, top, challenge_lines(view)).page(1)
