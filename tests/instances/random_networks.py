"""Random tiny networks of colleges, valid by construction: two or three of them, with all that is shared.

They cross: money of the country by year × of all years × of a region × a centre × floors of regions × listed
groups × weights of colleges, each often, with what `random_catalogs` draws in a college: requisites, spans,
sites that split, fees, travel, limits of funding, own sources, intakes that repeat, least learners, floors.
All colleges have the same norms and the same semesters, so that they can be merged (`merged`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from curriplan.catalog.network.records import Centre, College, Network, Places, Region, SharedBudget
from curriplan.catalog.records import (
    Catalog,
    FundingSource,
    LevelValue,
    Programme,
)
from instances.random_catalogs import Draw, named

STATE, LOCAL, OWN, CENTRE = "STATE", "LOCAL", "OWN", "R1"
FEATURES = ("years", "total", "local", "centre", "floors", "places", "weights")
GROUP = 12
YEARS = (2026, 2027)
SEMESTERS = ("2026-1", "2026-2", "2027-1")


class CollegeDraw(Draw):
    """A college: a first programme of three terms, so that all have the same semesters, often a second."""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.inside, self.named_profile = True, None
        self.sizes = {"group_size": str(GROUP), "subgroup_size": "8"}

    def draw_programmes(self) -> None:
        rng = self.rng
        for i in range(1, rng.choice([1, 2]) + 1):
            self.programmes.append(
                Programme(
                    **named(f"P{i}"),
                    specialty="06130100",
                    qualification="4S06130103",
                    start="2026-1" if i == 1 else rng.choice(["2026-1", "2026-2"]),
                    terms=3 if i == 1 else 2,
                    repeats=self.chance(0.4),
                    learners=rng.randint(5, 50),
                    weight=self.maybe(0.3, rng.choice([0.0, 1.0, 2.5])),
                    entry_base="grade9",
                )
            )

    def draw_level_values(self) -> list[LevelValue]:
        return []

    def draw_profile(self, *_: Any) -> dict[str, str]:
        return {"hours_per_credit": "24", **self.sizes}

    def with_outlooks(self, catalog: Catalog) -> Catalog:
        return catalog

    def draw_money(self) -> dict[str, Any]:
        """Draw a source of the country, often one of the region, often an own one."""
        sources = [STATE, *([LOCAL] if self.chance(0.6) else []), *([OWN] if self.chance(0.5) else [])]
        tables: dict[str, Any] = {"funding_sources": tuple(FundingSource(**named(s)) for s in sources)}
        if self.chance(0.5):
            tables["funding_limits"] = tuple(self.draw_funding_limits(sources))
        tables["funding_budgets"] = tuple(self.draw_budgets(sources))
        return tables


@dataclass(frozen=True)
class DrawnNetwork:
    """A network with its catalogs, and which features it has."""

    network: Network
    catalogs: Mapping[str, Catalog]
    features: frozenset[str]


@lru_cache(maxsize=64)
def random_network(seed: int) -> DrawnNetwork:
    """Return the network of a seed."""
    rng = Random(f"network {seed}")
    has = {name for name in FEATURES if rng.random() < 0.5}
    names = [f"K{number}" for number in range(1, rng.choice([2, 2, 3]) + 1)]
    region_of = {name: rng.choice(["east", "west"]) for name in names}
    catalogs = {name: CollegeDraw(Random(f"network {seed} {name}")).catalog() for name in names}
    colleges = tuple(
        College(
            name, Path(name), region_of[name], {}, rng.choice([0.5, 1.0, 3.0]) if "weights" in has else 1.0
        )
        for name in names
    )
    floors = {"east": rng.choice([0.05, 0.15, 0.3]) if "floors" in has else None, "west": None}
    network = Network(
        path=Path("network.toml"),
        names={},
        regions=tuple(Region(one, {}, floor) for one, floor in floors.items()),
        colleges=colleges,
        budgets=tuple(_budgets(rng, has, catalogs)),
        centres=(_centre(rng, catalogs),) if "centre" in has else (),
        places=tuple(_places(rng, catalogs)) if "places" in has else (),
    )
    return DrawnNetwork(network, catalogs, frozenset(has))


def _budgets(rng: Random, has: set[str], catalogs: Mapping[str, Catalog]) -> list[SharedBudget]:
    """Draw about half of what all could spend."""
    whole = sum(
        row.setup_cost_kzt + row.cost_per_group_kzt for one in catalogs.values() for row in one.modules
    )

    def amount(most: float) -> int:
        return math.ceil(whole * rng.uniform(0, most) / 50_000) * 50_000

    by_year = {year: amount(0.4) for year in YEARS} if "years" in has or "total" not in has else {}
    total = amount(0.5) if "total" in has else None
    rows = [SharedBudget(STATE, None, by_year, total)]
    if "local" in has:
        rows += [SharedBudget(LOCAL, "east", {year: amount(0.3) for year in YEARS})]
        rows += [SharedBudget(LOCAL, "west", {}, amount(0.3))]
    return rows


def _centre(rng: Random, catalogs: Mapping[str, Catalog]) -> Centre:
    """Draw hours of the first laboratory of all: those of about one or two uses."""
    found = [module.credits for one in catalogs.values() for module in one.modules if module.credits]
    typical = 24 * max(found, default=1.0)
    return Centre(
        CENTRE, {when: float(round(typical * rng.choice([0.0, 1.0, 2.0, 4.0]))) for when in SEMESTERS}
    )


def _places(rng: Random, catalogs: Mapping[str, Catalog]) -> list[Places]:
    """Draw a group more and a group less of the first programme of each."""
    rows = []
    for name, catalog in sorted(catalogs.items()):
        groups = math.ceil(catalog.programmes[0].learners / GROUP)
        choices = [{"P1": groups + more} for more in (1, -1) if groups + more > 0]
        rows.append(Places(name, tuple(choices[: rng.choice([1, 2])])))
    return rows
