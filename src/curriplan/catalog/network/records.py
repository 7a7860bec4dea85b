"""What ``network.toml`` says: colleges, regions, the money and the centres that they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from curriplan.base.errors import Place
from curriplan.catalog.records import Origin

Names = Mapping[str, str]
"""A name by language: kk, ru, en."""


@dataclass(frozen=True)
class Region:
    """A region of the country.

    Parameters
    ----------
    floor : float or None
        The learner-weighted closure that its colleges together must reach at least, between 0 and 1.
    """

    id: str
    names: Names
    floor: float | None = None


@dataclass(frozen=True)
class College:
    """A college and its catalog.

    Parameters
    ----------
    catalog : Path
        The folder or workbook, as it is found from the working folder.
    weight : float
        What a learner of it counts in the national closure, beside one of another college.
    """

    id: str
    catalog: Path
    region: str
    names: Names = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True)
class SharedBudget:
    """New money of one source that colleges share; in its stead their own budgets of the source do not count.

    Parameters
    ----------
    source : str
        The id of the funding source in the catalogs of the colleges.
    region : str or None
        The region whose colleges share it; None for those of the whole country. Colleges of other regions
        keep the money of their own catalogs, unless a row is theirs too.
    years_kzt : mapping of int to int
        Money by calendar year; where there is any, a year that is not named has none.
    total_kzt : int or None
        Of all years together at most.
    """

    source: str
    region: str | None
    years_kzt: Mapping[int, int] = field(default_factory=dict)
    total_kzt: int | None = None


@dataclass(frozen=True)
class Centre:
    """A resource that many colleges share; in its stead their own capacity of the resource does not count.

    Parameters
    ----------
    id : str
        The id of the resource in the catalogs of the colleges.
    hours : mapping of str to float
        Hours by calendar semester, ``2027-1``; a semester that is not named has none.
    region : str or None
        Where it stands, for people: the colleges of all regions may use it.
    """

    id: str
    hours: Mapping[str, float]
    names: Names = field(default_factory=dict)
    region: str | None = None


@dataclass(frozen=True)
class Places:
    """Group vectors that a college may be given instead of its groups of today (state order).

    Parameters
    ----------
    choices : tuple of mapping of str to int
        Groups by programme; a programme that is not named keeps its groups of today.
    """

    college: str
    choices: tuple[Mapping[str, int], ...]


@dataclass(frozen=True)
class Network:
    """All of ``network.toml`` and of the tables beside it, sorted by id: the order of rows never matters.

    Parameters
    ----------
    path : Path
        The file ``network.toml``.
    language : str
        The language used unless another is asked for: kk, ru or en.
    places_within : int
        How many groups a listed choice may lie from today, of each programme.
    origins : mapping of tuple of str to Origin
        Where each row was read, by table and key; empty for a network made in code.
    """

    path: Path
    names: Names
    regions: tuple[Region, ...]
    colleges: tuple[College, ...]
    budgets: tuple[SharedBudget, ...] = ()
    centres: tuple[Centre, ...] = ()
    places: tuple[Places, ...] = ()
    sha256: str = ""
    """Of what it says; the catalogs are not in it."""
    language: str = "ru"
    places_within: int = 2
    origins: Mapping[tuple[str, ...], Origin] = field(default_factory=dict, compare=False, repr=False)

    def place(self, table: str, *key: str, column: str | None = None) -> Place:
        """Return where a row of a table was read, or a value of it; of one made in code, its key."""
        origin = self.origins.get((table, *key))
        return Place(f"{table}: {'/'.join(key)}") if origin is None else origin.place(column)

    @cached_property
    def region_of(self) -> Mapping[str, str]:
        """The region of each college."""
        return {one.id: one.region for one in self.colleges}

    @property
    def shares_anything(self) -> bool:
        """Whether there is anything for which the plans of colleges depend on each other."""
        floors = any(one.floor is not None for one in self.regions)
        return bool(self.budgets or self.centres or self.places or floors)
