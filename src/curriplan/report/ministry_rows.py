"""What a ministry asks beside the plan itself: teachers, shared rooms, languages, codes, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from curriplan.base import semesters
from curriplan.catalog.records import TABLES, Named, Programme, ResourceCategory
from curriplan.problem.checks.programmes import QUALIFICATION, SPECIALTY
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView

SPOKEN = {"kk": "kazakh", "ru": "russian", "en": "english", None: "none"}
"""Languages of teaching that a programme may name, and their words."""
MOST_NAMES = 12
"""So many ids are listed; the others are counted."""


@dataclass(frozen=True)
class RoomRow:
    """A room, plant or enterprise of the plan, and the programmes that use it."""

    resource: str
    name: str
    owner: str
    is_own: bool
    programmes: tuple[str, ...]


@dataclass(frozen=True)
class CodeRow:
    """The language, the groups and the codes of a programme."""

    programme: str
    name: str
    language: str
    """A word of `SPOKEN`."""
    learners: int
    groups: int
    specialty: str
    qualification: str
    faults: int
    """Of: a qualification that is missing or malformed, a specialty that is, digits that differ."""
    remark: str


@dataclass(frozen=True)
class NameRow:
    """A table of the catalog whose records have names, and those that lack one."""

    table: str
    records: int
    without_kk: int
    without_ru: int
    which: str


def semester_columns(view: PlanView) -> tuple[str, ...]:
    """Return the calendar semesters in which planned programmes are taught."""
    return tuple(
        sorted(
            {
                semesters.of_term(programme.start, term)
                for name in view.limits.planned
                for programme in (view.catalog.programme_by_id[name],)
                for term in range(1, programme.terms + 1)
            }
        )
    )


def room_table(view: PlanView, labels: Labels) -> tuple[RoomRow, ...]:
    """Return the rooms, plants and enterprises that the plan uses, in catalog order."""
    users: dict[str, set[str]] = {}
    for use in view.plan.uses:
        users.setdefault(use.resource, set()).add(use.programme)
    rows = []
    for row in view.catalog.resources:
        if row.id in users and row.category is not ResourceCategory.TEACHER_POST:
            is_given = view.catalog.is_allotted("resource_capacity", row.id)
            unnamed = labels.texts("national.room" if is_given else "phrase.own_room")
            owner = labels.owner(row.owner) or unnamed
            programmes = tuple(name for name in view.limits.planned if name in users[row.id])
            is_own = not (row.owner or is_given)
            rows.append(RoomRow(row.id, labels.resource(row.id), owner, is_own, programmes))
    return tuple(rows)


def code_table(view: PlanView, labels: Labels) -> tuple[CodeRow, ...]:
    """Return the languages and codes of the planned programmes."""
    rows = [view.catalog.programme_by_id[name] for name in view.limits.planned]
    return tuple(
        _code_row(view, labels, row, shared_codes(rows).get(row.qualification or "", ())) for row in rows
    )


def shared_codes(rows: Iterable[Programme]) -> dict[str, tuple[str, ...]]:
    """Return the programmes of each qualification code that several have: no fault, but to be seen."""
    named: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.qualification and row.intake_of is None:  # intakes of one programme share its code
            named[row.qualification] = (*named.get(row.qualification, ()), row.id)
    return {code: names for code, names in named.items() if len(names) > 1}


def _code_row(view: PlanView, labels: Labels, row: Programme, sharing: tuple[str, ...]) -> CodeRow:
    faults = [labels.texts(f"code_fault.{name}") for name in _code_faults(row)]
    others = ", ".join(name for name in sharing if name != row.id)
    remarks = [*faults, labels.texts("code_fault.shared", programmes=others)] if others else faults
    return CodeRow(
        programme=row.id,
        name=labels.programme(row.id),
        language=SPOKEN[row.language],
        learners=row.learners,
        groups=view.limits.groups(row),
        specialty=row.specialty or "",
        qualification=row.qualification or "",
        faults=len(faults),
        remark="; ".join(remarks),
    )


def _code_faults(row: Programme) -> Iterable[str]:
    """Yield what is wrong with the codes of a programme, a key of the texts each."""
    code = QUALIFICATION.fullmatch(row.qualification or "")
    specialty = SPECIALTY.fullmatch(row.specialty or "")
    if code is None:
        yield "qualification"
    if specialty is None:
        yield "specialty"
    if code and specialty and code[2] != specialty[0][:6]:
        yield "digits"


def name_table(view: PlanView, labels: Labels) -> tuple[NameRow, ...]:
    """Return the tables of named records, each with those that lack a Kazakh or a Russian name."""
    found = []
    for table in TABLES:
        rows = [row for row in view.catalog.table(table) if isinstance(row, Named)]
        if not rows:
            continue
        lacking = {
            language: [row.id for row in rows if not getattr(row, f"name_{language}")]
            for language in ("kk", "ru")
        }
        without = sorted({*lacking["kk"], *lacking["ru"]})
        counts = len(lacking["kk"]), len(lacking["ru"])
        found.append(
            NameRow(labels.texts(f"named_table.{table}"), len(rows), *counts, _listed(labels, without))
        )
    return tuple(found)


def _listed(labels: Labels, names: list[str]) -> str:
    """Return ids in a row, of many the first ones."""
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return labels.texts("phrase.and_more", first=shown, count=more) if more > 0 else shown
