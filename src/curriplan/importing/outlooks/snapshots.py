"""How the share of vacancies of an occupation, or of a competency, has changed between two counts.

A share of few vacancies says little: the ratio of the new share to the old one is drawn towards 1, the more
the fewer there are. It is the credibility estimator of Bühlmann (1967), the linear empirical Bayes one of
which Marshall (1991) gives the moments: the mean of 1 and of the ratio, weighted by a constant k and by the
count.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.catalog.reading.understand import number
from curriplan.importing.outlooks.reading import read_rows
from curriplan.importing.source import Source

KINDS: Mapping[str, tuple[str, ...]] = {
    "occupation": ("occupation", "occupation_code", "occupation code"),
    "competency": ("competency",),
}
"""What the rows of a snapshot count vacancies of, and how the column of its codes may be called."""
VACANCIES = "vacancies"
FEWEST, MOST = 1e-3, 1e9
"""Vacancies of a row, where there are any: means over periods may be fractions."""
OPTIONAL = (*(name for names in KINDS.values() for name in names), "source", "retrieved_on")


@dataclass(frozen=True)
class Snapshot:
    """Vacancies by code, over all periods and regions of a file."""

    kind: str
    counts: Mapping[str, float]
    said: str
    """The file, and what its rows say of where they come from and when they were read."""

    @cached_property
    def total(self) -> float:
        """All vacancies."""
        return math.fsum(self.counts.values())

    def renamed(self, name: Callable[[str], str]) -> Snapshot:
        """Return the same vacancies by other codes; those of codes with one name are summed."""
        summed: dict[str, float] = {}
        for code, count in self.counts.items():
            summed[name(code)] = summed.get(name(code), 0.0) + count
        return replace(self, counts=summed)


def read_snapshot(path: Path) -> Snapshot:
    """Read a count of vacancies.

    Raises
    ------
    CatalogError
        If the file cannot be read, lacks a column, has a cell that is no count, or counts nothing.
    """
    found = read_rows(path, "vacancies", (VACANCIES,), OPTIONAL)
    kind, column = _codes_of(found)
    counts = found[VACANCIES].map(_count).astype(float)
    issues = [
        Issue("snapshot-wrong-count", Place(found.file, None, int(str(row)), VACANCIES), {"value": value})
        for row, value in found[VACANCIES][counts.isna()].items()
    ]
    if issues:
        raise CatalogError(issues)
    summed = counts.groupby(found[column], sort=True).sum()
    if not summed.sum() > 0:
        raise CatalogError.of("snapshot-no-counts", Place(found.file, None, None, VACANCIES))
    said = (value for name in ("source", "retrieved_on") for value in sorted({*found[name]} - {""}))
    named = {str(code): float(count) for code, count in summed.items()}
    return Snapshot(kind, named, ", ".join([Path(found.file).name, *said]))


def _codes_of(found: Source) -> tuple[str, str]:
    """Return what a snapshot counts, and the column of its codes."""
    there = [(kind, one) for kind, names in KINDS.items() for one in names if one not in found.absent]
    if not there:
        raise CatalogError.of("missing-column", Place(found.file, None, 1), column="occupation")
    if len(there) > 1:
        raise CatalogError.of("duplicate-column", Place(found.file, None, 1), value=there[1][1])
    return there[0]


def _count(text: str) -> float:
    """Return a number of vacancies as typed in a cell, not a number where it is none."""
    read, _ = number(text, None)
    value = float(read) if read is not None else math.nan
    return value if value == 0 or FEWEST <= value <= MOST else math.nan


@dataclass(frozen=True)
class Shift:
    """What two snapshots say of one code.

    Parameters
    ----------
    old, new : float
        Its vacancies.
    ratio : float
        Of the new share to the old one, drawn towards 1.
    """

    old: float
    new: float
    ratio: float


@dataclass(frozen=True)
class Shifts:
    """What two snapshots say, by code, and the constant k by which ratios were drawn towards 1."""

    kind: str
    k: float
    by_code: Mapping[str, Shift]
    said: str


def changes_between(old: Snapshot, new: Snapshot, k: float | None = None) -> Shifts:
    """Return how shares have changed.

    Parameters
    ----------
    k : float, optional
        Above 0; by default estimated from the two snapshots, infinite where they differ no more than
        chance would have it.

    Raises
    ------
    CatalogError
        If one counts occupations and the other competencies.
    """
    if old.kind != new.kind:
        place = Place(new.said)
        raise CatalogError.of("missing-column", place, column=old.kind)
    codes = sorted({*old.counts, *new.counts})
    pairs = {code: (old.counts.get(code, 0.0), new.counts.get(code, 0.0)) for code in codes}
    of_old = old.total / (old.total + new.total)
    constant = shrinkage(pairs.values(), of_old) if k is None else k
    return Shifts(
        old.kind,
        constant,
        {code: Shift(*pair, ratio_of(*pair, of_old, constant)) for code, pair in pairs.items()},
        f"{old.said} → {new.said}",
    )


def ratio_of(old: float, new: float, of_old: float, k: float) -> float:
    """Return (n·r + k) / (n + k), where r is the ratio of shares and n the count behind it.

    n is ``old`` · (1 − a) and n·r is ``new`` · a, where a is the part of all vacancies that the old snapshot
    has: so neither snapshot counts for more than the other, and there is a ratio also where ``old`` is 0.

    >>> ratio_of(10, 30, 0.5, 5), ratio_of(30, 10, 0.5, 5), ratio_of(0, 0, 0.5, 5)
    (2.0, 0.5, 1.0)
    """
    return 1.0 if math.isinf(k) else (new * of_old + k) / (old * (1 - of_old) + k)


def shrinkage(pairs: Iterable[tuple[float, float]], of_old: float) -> float:
    """Return k = 1 / σ², where σ² is by how much ratios vary beyond chance (method of moments).

    Were a share the same in both, ``new`` of the m = ``old`` + ``new`` vacancies would be binomial: the
    difference d = ``new`` · a − ``old`` · (1 − a) would have the variance c = m·a·(1 − a). With ratios that
    vary by σ² it has c + c²·σ², so that σ² = Σ (d² − c) / Σ c².
    """
    table = pd.DataFrame(list(pairs), columns=["old", "new"])
    differences = table["new"] * of_old - table["old"] * (1 - of_old)
    chance = table.sum(axis=1) * of_old * (1 - of_old)
    beyond = float((differences**2 - chance).sum())
    return float((chance**2).sum()) / beyond if beyond > 0 else math.inf
