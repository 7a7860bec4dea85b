"""Relations that lead in a circle: a catalog cannot hold them."""

from __future__ import annotations

from collections.abc import Iterable

from curriplan.errors import CatalogError, Place
from curriplan.importing.source import Source
from curriplan.model import Catalog, CatalogInfo, CompetencyRelation
from curriplan.requisites import find_broader_cycles, find_requirement_cycles

MOST_ROUNDS = 50
"""Circles are left out one by one; a file with so many of them is no classification."""


def without_circles(
    relations: tuple[CompetencyRelation, ...], sources: Iterable[Source]
) -> tuple[CompetencyRelation, ...]:
    """Return relations without those that close a circle, which their source leaves out.

    Raises
    ------
    CatalogError
        If there are too many circles.
    """
    by_file = {source.file: source for source in sources}
    for _ in range(MOST_ROUNDS):
        catalog = Catalog(CatalogInfo(id="relations"), competency_relations=relations)
        closing = [
            circle[-1] for circle in (*find_requirement_cycles(catalog), *find_broader_cycles(catalog))
        ]
        if not closing:
            return relations
        for row in closing:
            place = row.place("target")
            source = by_file[place.file]
            source.leave_out(source.rows.index.to_series() == place.row, "import-circle", str(place.column))
        lost = {row.key_values() for row in closing}
        relations = tuple(row for row in relations if row.key_values() not in lost)
    raise CatalogError.of("import-circles", Place(", ".join(sorted(by_file))))
