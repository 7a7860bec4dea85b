"""Checking a catalog with rows of which some cells could not be read.

A rule is run over all rows. Where it asked for none of those cells, what it found is true. Else the rows
that it asked are left out, and it is run again; where it must not be without them (`Rule.needs`), it waits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields

from curriplan.base.errors import Issue, Place
from curriplan.catalog.records import TABLES, Catalog, Record
from curriplan.catalog.records.unread import cells_of, is_unread, watching
from curriplan.problem.checks.checked import Checked, Rule


@dataclass(frozen=True)
class Unchecked:
    """What a rule could not say.

    Parameters
    ----------
    theme : str
        What the rule is about: the name of its module in `curriplan.problem.checks`.
    whole : bool
        Whether it said nothing at all, or only left rows out.
    cells : tuple of Place
        The cells because of which.
    tables : tuple of str
        The tables that lack rows, because of which.
    """

    theme: str
    whole: bool
    cells: tuple[Place, ...] = ()
    tables: tuple[str, ...] = ()


def unread_in(catalog: Catalog) -> bool:
    """Say whether any row of a catalog has cells that could not be read."""
    return any(is_unread(row) for name in TABLES for row in catalog.table(name))


def run_carefully(
    rule: Rule,
    catalog: Catalog,
    incomplete: frozenset[str],
    check: Callable[[Catalog, frozenset[str]], Checked],
) -> tuple[tuple[Issue, ...], Unchecked | None]:
    """Return what a rule finds whatever stands in the cells that could not be read, and what is left open.

    Parameters
    ----------
    incomplete : frozenset of str
        Tables that lack whole rows.
    check : callable
        Makes what is checked of a catalog and the tables that lack rows.
    """
    dropped: dict[int, Record] = {}
    cells: set[Place] = set()
    while True:
        lacking = incomplete.union(row.table for row in dropped.values())
        with watching() as watched:
            found = tuple(rule.check(check(_seen_anew(catalog, dropped), lacking)))
        cells |= {*cells_of(watched.used), *cells_of(watched.passed)}
        if any(_is_needed(rule, row.table, name) for (_, name), row in watched.used.items()):
            return (), _unchecked(rule, cells, whole=True)
        asked = {id(row): row for row in watched.used.values() if not _is_kept(rule, row.table)}
        if not asked:
            break
        dropped |= asked
    kept = [row.place() for row in watched.used.values()]
    certain = tuple(issue for issue in found if not _stands_in(issue, kept))
    return certain, _unchecked(rule, cells, whole=False) if cells else None


def _unchecked(rule: Rule, cells: Iterable[Place], *, whole: bool) -> Unchecked:
    return Unchecked(rule.theme, whole, tuple(sorted(cells, key=Place.sort_key)))


def _is_needed(rule: Rule, table: str, column: str) -> bool:
    """Say whether a rule speaks falsely without a column of a table."""
    return table in rule.needs or f"{table}.{column}" in rule.needs


def _is_kept(rule: Rule, table: str) -> bool:
    """Say whether a rule needs every row of a table, if not every cell."""
    return any(need.startswith(f"{table}.") for need in rule.needs)


def _stands_in(issue: Issue, rows: Collection[Place]) -> bool:
    place = issue.place
    return place is not None and any(
        (place.file, place.sheet, place.row) == (row.file, row.sheet, row.row) for row in rows
    )


def _seen_anew(catalog: Catalog, dropped: Collection[int]) -> Catalog:
    """Return the same rows without some, and without what was found out about them before."""
    view = object.__new__(type(catalog))
    for one in fields(catalog):
        value = getattr(catalog, one.name)
        if one.name != "info" and dropped:
            value = tuple(_without(value, dropped))
        object.__setattr__(view, one.name, value)
    return view


def _without(rows: Iterable[Record], dropped: Collection[int]) -> Iterator[Record]:
    return (row for row in rows if id(row) not in dropped)
