"""The outlooks of a catalog to which some were added: what each does to demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from curriplan.catalog.records import Catalog
from curriplan.report.labels import Labels
from curriplan.xlsx.table import Column, Table


@dataclass(frozen=True)
class MadeRow:
    """An outlook beside the base, over all occupations and years of which it says the openings."""

    outlook: str
    probability: float
    openings: float | None
    """None where it says nothing of any, as of outlooks that the catalog had and that give shares only."""
    base: float
    falling: int
    """Occupations of which fewer are wanted than in the base."""
    rising: int

    @property
    def change(self) -> float | None:
        """By how much all openings change, as a share of the base."""
        return self.openings / self.base - 1 if self.base and self.openings is not None else None


def made_rows(catalog: Catalog, outlooks: Iterable[str]) -> Iterator[MadeRow]:
    """Yield a row for each outlook."""
    by_id = {row.id: row for row in catalog.scenarios}
    base = {(row.occupation, row.year): row.openings for row in catalog.demand if row.scenario is None}
    for name in outlooks:
        ahead = {(row.occupation, row.year): row.openings for row in catalog.demand if row.scenario == name}
        falling = {key[0] for key, openings in ahead.items() if openings < base.get(key, 0.0)}
        rising = {key[0] for key, openings in ahead.items() if openings > base.get(key, 0.0)}
        yield MadeRow(
            name,
            by_id[name].probability,
            sum(ahead.values()) if ahead else None,
            sum(base.get(key, 0.0) for key in ahead),
            len(falling),
            len(rising),
        )


def _openings(row: MadeRow) -> int | None:
    return None if row.openings is None else round(row.openings)


def made_table(labels: Labels) -> Table[MadeRow]:
    """Return the table of the outlooks."""
    names = {row.id: row.name(labels.texts.language) for row in labels.catalog.scenarios}
    return Table(
        Column(value=lambda row: names[row.outlook], console="outlook"),
        Column(value=lambda row: row.outlook, field="outlook"),
        Column(style="share", value=lambda row: row.probability, field="probability", console="probability"),
        Column(style="count", value=_openings, field="openings", console="openings"),
        Column(
            style="share", value=lambda row: row.change, field="change", digits=4, console="demand_change"
        ),
        Column(style="count", value=lambda row: row.falling, field="falling", console="falling"),
        Column(style="count", value=lambda row: row.rising, field="rising", console="rising"),
    )
