"""The kinds of what could give way: a planner is shown a repair of each, to choose whom to ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from curriplan.catalog.records import Catalog, ResourceCategory
from curriplan.optimizer.diagnose.levers import Lever
from curriplan.plan.diagnosis import Repair
from curriplan.problem.concessions import Given
from curriplan.problem.edits import SETTINGS


class RepairKind(StrEnum):
    """What is asked for by a change."""

    SETTING = "setting"
    ROOMS = "rooms"
    POSTS = "posts"
    MONEY = "money"
    TERMS = "terms"
    CONTENT = "content"
    STANDING = "standing"
    NORM = "norm"


SUMMED = (RepairKind.ROOMS, RepairKind.POSTS, RepairKind.MONEY, RepairKind.TERMS)
"""Kinds of which several changes are one request: hours of two rooms, credits of two terms."""
_OF_TABLE = {
    SETTINGS: RepairKind.SETTING,
    "funding_budgets": RepairKind.MONEY,
    "funding_limits": RepairKind.MONEY,
    "programme_terms": RepairKind.TERMS,
    "programmes": RepairKind.TERMS,
    "programme_modules": RepairKind.TERMS,
    "profile": RepairKind.NORM,
}


def kind_of(catalog: Catalog, lever: Lever) -> RepairKind:
    """Return the kind of a lever, by the cell or the rows that it moves."""
    at = lever.key
    while isinstance(at, tuple) and isinstance(at[0], tuple):  # several rows
        at = at[0]
    assert isinstance(at, tuple)
    key = at[1] if len(at) > 1 and isinstance(at[1], tuple) else ()
    return _kind(catalog, str(at[0]), key, str(at[-1]))


def kinds_of(catalog: Catalog, repair: Repair) -> frozenset[RepairKind]:
    """Return the kinds of the changes of a repair."""
    return frozenset(_kind(catalog, edit.table, edit.key, str(edit.column)) for edit in repair.edits)


def _kind(catalog: Catalog, table: str, key: tuple[object, ...], column: str) -> RepairKind:
    if table == "resource_capacity":
        row = catalog.resource_by_id.get(str(key[0]))
        return (
            RepairKind.POSTS
            if row is not None and row.category is ResourceCategory.TEACHER_POST
            else RepairKind.ROOMS
        )
    if (table, column) == ("programme_modules", "status"):
        return RepairKind.STANDING
    return _OF_TABLE.get(table, RepairKind.CONTENT)


def in_order(repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """Return repairs, those that give up something last, none that changes all that another does and more."""
    found: list[tuple[frozenset[object], Repair]] = []
    for repair in sorted(repairs, key=lambda one: len(one.edits)):
        cells = frozenset((edit.table, edit.key, edit.column) for edit in repair.edits)
        if not any(known <= cells for known, _ in found):
            found.append((cells, repair))
    kept = {id(repair) for _, repair in found}
    return tuple(sorted((one for one in repairs if id(one) in kept), key=_given_up))


def _given_up(repair: Repair) -> int:
    return max((1 + (one.given is Given.NORM) for one in repair.concessions), default=0)
