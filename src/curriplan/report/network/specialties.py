"""Specialties over all colleges, and the programmes that they are summed from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from curriplan.plan.network import ProgrammeBrief
from curriplan.report.network.colleges import learner_keys
from curriplan.report.network.view import CollegeSeen, NetworkView, blocks, or_dash
from curriplan.xlsx.formula import difference, total, weighted_mean
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import NOTHING, Range, Term

SPECIALTY, QUALIFICATION, PROGRAMME = (
    "nation_column.specialty",
    "nation_column.qualification",
    "nation_column.programme",
)
REGION, COLLEGE = "nation_column.region", "nation_column.college"
NAME, PROGRAMMES = "nation_column.name", "nation_column.programmes"
TODAY, ALONE, CLOSED, GAIN, ADDED, DROPPED = (
    "nation_column.closed_today",
    "nation_column.closed_alone",
    "nation_column.closed_national",
    "nation_column.gain",
    "nation_column.added",
    "nation_column.dropped",
)


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme of a college, in the plan that counts and in that of the college by itself."""

    college: CollegeSeen
    planned: ProgrammeBrief
    alone: ProgrammeBrief | None

    @property
    def codes(self) -> tuple[str, str]:
        """Its specialty and its qualification."""
        return self.planned.specialty or "", self.planned.qualification or ""


def programme_lines(view: NetworkView) -> tuple[ProgrammeLine, ...]:
    """Return the programmes of all colleges, by specialty and qualification."""
    found = []
    for college in view.colleges:
        alone = {one.id: one for one in college.alone.programmes}
        found += [ProgrammeLine(college, one, alone.get(one.id)) for one in college.plan.programmes]
    order = {one.id: place for place, one in enumerate(view.colleges)}
    return tuple(sorted(found, key=lambda one: (one.codes, order[one.college.id], one.planned.id)))


def programme_table(view: NetworkView) -> Table[ProgrammeLine]:
    """Return the table of the programmes."""
    return Table(
        Column(SPECIALTY, "code", 14, lambda one: one.codes[0] or NOTHING),
        Column(QUALIFICATION, "code", 14, lambda one: one.codes[1] or NOTHING),
        Column(PROGRAMME, "text", 44, lambda one: view.name(one.planned.names, one.planned.id)),
        Column(REGION, "text", 20, lambda one: one.college.region),
        Column(COLLEGE, "text", 40, lambda one: one.college.name),
        *_learners(view),
        *_closures(view),
        Column(ADDED, "count", 10, lambda one: one.planned.added),
        Column(DROPPED, "count", 10, lambda one: one.planned.dropped),
    )


def _learners(view: NetworkView) -> Iterator[Column[ProgrammeLine]]:
    today, planned = learner_keys(view)
    yield Column(today, "count", 13, lambda one: 0 if one.alone is None else one.alone.learners)
    if planned != today:
        yield Column(planned, "count", 13, lambda one: one.planned.learners)


def _closures(view: NetworkView) -> Iterator[Column[ProgrammeLine]]:
    yield Column(TODAY, "share", 11, formula=lambda line: or_dash(line.row.planned.closure_before))
    yield Column(
        ALONE,
        "share",
        11,
        formula=lambda line: or_dash(None if line.row.alone is None else line.row.alone.closure_after),
    )
    if view.is_national:
        yield Column(CLOSED, "share", 11, formula=lambda line: or_dash(line.row.planned.closure_after))


@dataclass(frozen=True)
class _Specialty:
    """A specialty and qualification, with the rows of its programmes."""

    codes: tuple[str, str]
    name: str
    colleges: int
    programmes: int
    first: int
    last: int


class SpecialtySheets:
    """The specialties, each a sum of rows of the sheet of the programmes."""

    def __init__(self, view: NetworkView) -> None:
        self.view = view
        self.learners = tuple(dict.fromkeys(learner_keys(view)))

    def write(self, specialties: Sheet, programmes: Sheet) -> None:
        """Write both sheets."""
        table = programme_table(self.view)
        programmes.set_widths(table.widths)
        top = programmes.heading("nation_title.programmes", "nation_how.programmes")
        placed = table.write(programmes, top, programme_lines(self.view))
        placed.page(3)
        summed = self._table(placed)
        specialties.set_widths(summed.widths)
        weights = self.view.texts("nation.weights_left_out") if self.view.has_weights else ""
        top = specialties.heading("nation_title.specialties", "nation_how.specialties", weights=weights)
        found = summed.write(specialties, top, list(self._rows(placed)))
        found.page(3)
        self._write_sums(found)

    def _write_sums(self, placed: Placed[_Specialty]) -> None:
        """Write the sums of what can be added up: learners are those of the sheet of the colleges."""
        sheet, row = placed.sheet, placed.last + 1
        for column in placed.table.shown:
            place, style = placed.place(column.key), f"{column.style} total"
            if column.key == NAME:
                sheet.text(row, place, sheet.texts("nation.total"), style)
            elif column.key in (PROGRAMMES, *self.learners, ADDED, DROPPED):
                sheet.formula(row, place, total(placed.range(column.key)), style)
            else:
                sheet.text(row, place, "", style)

    def _rows(self, placed: Placed[ProgrammeLine]) -> Iterator[_Specialty]:
        keys = ["\n".join(one.codes) for one in placed.rows]
        for key, (first, last) in blocks(keys, placed.first).items():
            lines = placed.rows[first - placed.first : last - placed.first + 1]
            names = sorted({self.view.name(one.planned.names, one.planned.id) for one in lines})
            colleges = len({one.college.id for one in lines})
            specialty, _, qualification = key.partition("\n")
            more = self.view.texts("nation.more_names", name=names[0], count=len(names) - 1)
            name = names[0] if len(names) == 1 else more
            yield _Specialty((specialty, qualification), name, colleges, len(lines), first, last)

    def _table(self, placed: Placed[ProgrammeLine]) -> Table[_Specialty]:
        def cells(line: Line[_Specialty], key: str) -> Range:
            return placed.sheet.range(placed.place(key), line.row.first, line.row.last)

        def summed(key: str) -> Callable[[Line[_Specialty]], Term]:
            return lambda line: total(cells(line, key))

        def mean(key: str) -> Callable[[Line[_Specialty]], Term]:
            learners = self.learners[-1 if key == CLOSED else 0]
            return lambda line: weighted_mean(cells(line, key), cells(line, learners))

        closures = (TODAY, ALONE, *((CLOSED,) if self.view.is_national else ()))
        columns: list[Column[_Specialty]] = [
            Column(SPECIALTY, "code", 14, lambda one: one.codes[0] or NOTHING),
            Column(QUALIFICATION, "code", 14, lambda one: one.codes[1] or NOTHING),
            Column(NAME, "text", 60, lambda one: one.name),
            Column("nation_column.colleges", "count", 11, lambda one: one.colleges),
            Column(PROGRAMMES, "count", 11, lambda one: one.programmes),
            *(Column(key, "count", 13, formula=summed(key)) for key in self.learners),
            *(Column(key, "share", 11, formula=mean(key)) for key in closures),
        ]
        if self.view.is_national:
            columns.append(Column(GAIN, "points", 11, formula=_gain))
        columns += [Column(key, "count", 10, formula=summed(key)) for key in (ADDED, DROPPED)]
        return Table(*columns)


def _gain(line: Line[_Specialty]) -> Term:
    return difference(line[CLOSED], line[ALONE], times=100)
