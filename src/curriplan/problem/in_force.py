"""What limits a run, and what does not because nothing is said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from curriplan.catalog.records import TABLES, Catalog, ResourceCategory
from curriplan.catalog.records.policy import OFF
from curriplan.catalog.records.unread import is_unread
from curriplan.problem.limits import Limits


@dataclass(frozen=True)
class InForce:
    """What is in force: norms, money, levels, and the hours of rooms and teachers.

    Parameters
    ----------
    profile : str, optional
        The named regulation profile; None where the norms are the catalog's or the user's own, or none.
    norms : int
        How many norms there are.
    changed : int
        How many of them do not hold as the profile says.
    budget_kzt : int, optional
        New money at most; None where nothing limits it.
    floors : int
        Rows of least levels.
    rooms, teachers : tuple of int
        How many there are, and of how many the hours are limited.
    unknown : frozenset of str
        ``norms``, ``credits`` (the norm of total credits), ``budget``, ``floors``, ``rooms`` and
        ``teachers`` as far as nobody can tell, because tables could not be read whole.
    without_credits_norm : tuple of str
        Planned programmes that no norm of total credits holds for because what it goes by is not given.
    """

    profile: str | None
    norms: int
    changed: int
    budget_kzt: int | None
    floors: int
    rooms: tuple[int, int]
    teachers: tuple[int, int]
    unknown: frozenset[str] = frozenset()
    without_credits_norm: tuple[str, ...] = ()


RESTS_ON = {
    "norms": {"profile"},
    "credits": {"profile", "programmes"},
    "budget": {"funding_budgets", "programmes"},
    "floors": {"floors"},
    "rooms": {"resources", "resource_capacity"},
    "teachers": {"resources", "resource_capacity"},
}
"""The tables that each of them follows from."""


def in_force(catalog: Catalog, limits: Limits, incomplete: Collection[str] = ()) -> InForce:
    """Return what limits the plans of a catalog.

    Parameters
    ----------
    incomplete : collection of str
        Tables that lack rows; those with cells that could not be read are found here.
    """
    lacking = {*incomplete, *(name for name in TABLES if any(map(is_unread, catalog.table(name))))}
    limited = {row.resource for row in catalog.resource_capacity}
    teachers = [row.id for row in catalog.resources if row.category is ResourceCategory.TEACHER_POST]
    rooms = [row.id for row in catalog.resources if row.category is not ResourceCategory.TEACHER_POST]
    return InForce(
        profile=catalog.info.profile if limits.settings.profile is None else None,
        norms=sum(row.value != OFF for row in limits.profile.values()),
        changed=len(limits.norm_overrides),
        budget_kzt=limits.budget_kzt,
        floors=len({row.key_values() for one in catalog.programmes for row in catalog.floors_of(one.id)}),
        rooms=_counted(rooms, limited),
        teachers=_counted(teachers, limited),
        unknown=frozenset(name for name, tables in RESTS_ON.items() if tables & lacking),
        without_credits_norm=tuple(
            row.id
            for row in catalog.programmes
            if row.id in limits.planned and limits.credits_norm_lacks(row)
        ),
    )


def _counted(ids: Iterable[str], limited: set[str]) -> tuple[int, int]:
    found = list(ids)
    return len(found), sum(name in limited for name in found)
