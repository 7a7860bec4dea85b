"""What each outlook says of occupations: by how much demand changes, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from statistics import fmean

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.catalog.records import Catalog, Exposure
from curriplan.importing.outlooks.exposure import UNIT_GROUP, unit_group
from curriplan.importing.outlooks.snapshots import Shift, Shifts, Snapshot, changes_between
from curriplan.texts.words import Phrase

LEFT = "estimate: as in the base"
"""Of an occupation of which an outlook says nothing."""
SAME = "estimate: the base unchanged"


@dataclass(frozen=True)
class Future:
    """An outlook before it stands in a catalog.

    Parameters
    ----------
    name : Phrase
        What people call it.
    factors : mapping of str to float
        d_s / d_0 by occupation; 1 where none is said.
    said : mapping of str to str
        Where each factor comes from.
    moved : float
        The part of what is lost that goes to new professions.
    """

    id: str
    name: Phrase
    factors: Mapping[str, float]
    said: Mapping[str, str]
    moved: float = 0.0

    def factor(self, occupation: str) -> float:
        """Return d_s / d_0 of an occupation."""
        return self.factors.get(occupation, 1.0)

    def source(self, occupation: str) -> str:
        """Return where the demand of an occupation comes from."""
        return self.said.get(occupation, LEFT if self.factors else SAME)


def as_today() -> Future:
    """Return the outlook in which demand stays what it is."""
    return Future("as-today", Phrase("outlook.as_today"), {}, {})


def exposure_ids(sources: Iterable[str]) -> Mapping[str, str]:
    """Return the id of each source: its Latin letters and digits, numbered where these are alike.

    >>> exposure_ids(["Минтруда", "Атамекен", "ILO 2025", "ilo-2025", "scores 2"])["Минтруда"]
    'exposure-scores-3'
    """
    ids: dict[str, str] = {}
    slugs = {source: _slug(source) for source in sorted({*sources})}
    taken = {*slugs.values()}
    for source, slug in slugs.items():
        name, number = slug, 1
        while f"exposure-{name}" in ids.values() or (number > 1 and name in taken):
            number += 1
            name = f"{slug}-{number}"
        ids[source] = f"exposure-{name}"
    return ids


def of_exposure(name: str, rows: Iterable[Exposure], beta: float) -> Future:
    """Return the outlook, of this id, in which demand falls with the rank that a source gives occupations."""
    ranked = tuple(rows)
    source = ranked[0].source
    return Future(
        name,
        Phrase("outlook.exposure", {"source": source, "beta": beta}),
        {row.occupation: 1 - beta * row.rank for row in ranked},
        {row.occupation: _reckoned(beta, row.rank, (row,)) for row in ranked},
    )


def of_new_professions(rows: Iterable[Exposure], beta: float, moved: float) -> Future:
    """Return the outlook in which demand moves from exposed occupations to new professions.

    The rank of an occupation is the mean of those that its sources give it.
    """
    by_occupation: dict[str, list[Exposure]] = {}
    for row in rows:
        by_occupation.setdefault(row.occupation, []).append(row)
    ranks = {name: fmean(row.rank for row in some) for name, some in by_occupation.items()}
    return Future(
        "new-professions",
        Phrase("outlook.new_professions", {"beta": beta, "moved": round(100 * moved)}),
        {name: 1 - beta * rank for name, rank in ranks.items()},
        {name: _reckoned(beta, ranks[name], some) for name, some in by_occupation.items()},
        moved,
    )


def _reckoned(beta: float, rank: float, rows: Iterable[Exposure]) -> str:
    """Say how the demand of an occupation was reckoned, with the score and rank of each source."""
    each = "; ".join(
        f"{row.source}: score {row.score:g}, rank {row.rank:g}"
        + (f" (ISCO-08 {row.isco08})" if row.isco08 else "")
        for row in rows
    )
    return f"estimate: base × (1 − {beta:g} × {rank:.4g}); {each}"


def of_snapshots(catalog: Catalog, old: Snapshot, new: Snapshot, k: float | None) -> tuple[Future, Shifts]:
    """Return the outlook in which shares go on changing as they did between two counts of vacancies.

    The ratio of a competency reaches an occupation as the mean over its requirements, by their importance.

    Raises
    ------
    CatalogError
        If the snapshots count different things, or one of them counts nothing that the catalog knows.
    """
    if old.kind == "competency":
        changes = changes_between(old, new, k)
        required = {row.competency for row in catalog.occupation_requirements}
        _refuse_unknown(catalog, (old, new), required)
        factors = _through_requirements(catalog, changes)
        said = {name: f"estimate: base × {factor:.4g}; {changes.said}" for name, factor in factors.items()}
    else:
        known = {code for row in catalog.occupations for code in (row.id, row.uri, row.nkz_code) if code}

        def name(code: str) -> str:
            group = re.match(rf"{UNIT_GROUP}(?!\d)", code)
            return code if code in known or group is None else group[0]

        old, new = old.renamed(name), new.renamed(name)
        changes = changes_between(old, new, k)
        groups = {group for group in map(unit_group, catalog.occupations) if group}
        _refuse_unknown(catalog, (old, new), known | groups)
        found = _by_occupation(catalog, changes)
        factors = {name: change.ratio for name, change in found.items()}
        said = {
            name: f"estimate: base × {change.ratio:.4g}; vacancies {change.old:g} → {change.new:g}, "
            f"k = {changes.k:.4g}; {changes.said}"
            for name, change in found.items()
        }
    return Future("snapshots", Phrase("outlook.snapshots"), factors, said), changes


def _refuse_unknown(catalog: Catalog, snapshots: Iterable[Snapshot], known: Set[str]) -> None:
    """Refuse a snapshot of other codes alone: all that the catalog knows would seem to come, or to go."""
    place = catalog.occupations[0].place("isco08") if catalog.occupations else None
    issues = [
        Issue("outlook-nothing-known", place or Place(one.said), {"source": one.said})
        for one in snapshots
        if known.isdisjoint(one.counts)
    ]
    if issues:
        raise CatalogError(issues)


def _by_occupation(catalog: Catalog, changes: Shifts) -> dict[str, Shift]:
    """Return what snapshots say of each occupation, by its id, URI or code, else by its unit group."""
    found: dict[str, Shift] = {}
    for row in catalog.occupations:
        codes = (code for code in (row.id, row.uri, row.nkz_code, unit_group(row)) if code)
        change = next((changes.by_code[code] for code in codes if code in changes.by_code), None)
        if change is not None:
            found[row.id] = change
    return found


def _through_requirements(catalog: Catalog, changes: Shifts) -> dict[str, float]:
    """Return the mean ratio of what an occupation requires; 1 stands for what is not counted."""
    parts: dict[str, list[tuple[float, float]]] = {}
    counted: set[str] = set()
    for row in catalog.occupation_requirements:
        change = changes.by_code.get(row.competency)
        parts.setdefault(row.occupation, []).append((row.importance, change.ratio if change else 1.0))
        if change:
            counted.add(row.occupation)
    return {
        name: sum(weight * ratio for weight, ratio in some) / sum(weight for weight, _ in some)
        for name, some in parts.items()
        if name in counted
    }


def unmapped(catalog: Catalog, source: str, known: Iterable[str]) -> Issue | None:
    """Return the warning of all occupations of which a source says nothing.

    Raises
    ------
    CatalogError
        If that is every one.
    """
    found = {*known}
    lacking = [row for row in catalog.occupations if row.id not in found]
    place = Place(source) if not catalog.occupations else catalog.occupations[0].place("isco08")
    if len(lacking) == len(catalog.occupations):
        raise CatalogError.of("outlook-nothing-known", place, source=source)
    if not lacking:
        return None
    values = {
        "source": source,
        "count": len(lacking),
        "names": ", ".join(row.id for row in lacking),
        "codeless": sum(unit_group(row) is None for row in lacking),
    }
    return Issue("outlook-unmapped", lacking[0].place("isco08"), values)


def _slug(text: str) -> str:
    """Return a text as part of an id.

    >>> _slug("ILO 2025")
    'ilo-2025'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "scores"
