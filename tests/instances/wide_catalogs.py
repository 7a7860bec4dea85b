"""Random catalogs too large to enumerate, in which what costs money in several years is the rule.

They cross: repeating intakes × modules that span × fees × travel × budgets of years and of any year ×
splits over several sites × limits of funding, each of them often, with what `random_catalogs` draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from curriplan.catalog.records import (
    Catalog,
    Floor,
    FundingBudget,
    FundingLimit,
    Module,
    ModuleResource,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Record,
    Resource,
    ResourceCapacity,
    Standing,
)
from instances.random_catalogs import Draw, named

TERMS = 4
Narrowed = tuple[str, Catalog]


class WideDraw(Draw):
    """Two or three programmes of four terms, mostly repeating, in which modules span and sites cost."""

    split_chance = 0.55
    fee_chance = 0.7
    travel_chance = 0.6
    yearly_chances = (0.4, 0.8, 0.8)

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.plain = self.chance(0.6)
        """Whether nothing but the money of each year is scarce: then it decides most often."""
        if self.plain:
            self.yearly_chances, self.fee_chance, self.travel_chance = (1.0,), 0.9, 0.8

    def draw_span(self) -> dict[str, Any]:
        """Draw spans of two terms mostly, alike in both: starts then use the same semesters more often."""
        if self.chance(0.3):
            return {"span_terms": 1}
        return {"span_terms": 2, "span_weights": self.rng.choice([(), (), (0.25, 0.75)])}

    def draw_modules(self) -> None:
        """Draw as usual, but what a module costs by itself is mostly little beside fees and travel."""
        super().draw_modules()
        self.modules = [
            row.model_copy(update={"setup_cost_kzt": 0, "cost_per_group_kzt": 0}) if self.chance(0.6) else row
            for row in self.modules
        ]
        if self.plain:
            self.outcomes = [
                row.model_copy(update={"entry_level": 0, "exit_level": max(1, row.exit_level)})
                for row in self.outcomes
            ]

    def draw_requisites(self) -> None:
        if not self.plain:
            super().draw_requisites()

    def draw_functions(self) -> None:
        if not self.plain:
            super().draw_functions()

    def draw_credit_limits(self) -> None:
        if not self.plain:
            super().draw_credit_limits()

    def draw_fixed_hours(self) -> list[ProgrammeFixedLoad]:
        return [] if self.plain else super().draw_fixed_hours()

    def draw_terms(self) -> list[ProgrammeTerm]:
        return [] if self.plain else super().draw_terms()

    def draw_floors(self) -> list[Floor]:
        return [] if self.plain else super().draw_floors()

    def draw_funding_limits(self, sources: Sequence[str]) -> list[FundingLimit]:
        return [] if self.plain else super().draw_funding_limits(sources)

    def draw_capacity(
        self, resources: Sequence[Resource], needs: Sequence[ModuleResource]
    ) -> list[ResourceCapacity]:
        return [] if self.plain else super().draw_capacity(resources, needs)

    def draw_profile(self, resources: Sequence[Resource], needs: Sequence[ModuleResource]) -> dict[str, str]:
        found = super().draw_profile(resources, needs)
        kept = ("hours_per_credit", "self_study_inside_credit", *self.sizes)
        return {key: found[key] for key in kept} if self.plain else found

    def draw_resources(self) -> tuple[list[Resource], list[ModuleResource]]:
        self.resources, self.needs = super().draw_resources()
        return self.resources, self.needs

    def planted_kzt(self) -> dict[int, int]:
        """Return about what the planted plans cost in each year, with fees and travel."""
        found = super().planted_kzt()
        for programme in self.programmes:
            for term in range(1, programme.terms + 1):
                year = (2 * int(programme.start[:4]) + int(programme.start[-1]) - 1 + term) // 2
                for module, part in self.running_in(programme.id, term):
                    found[year] = found.get(year, 0) + round(part * self.cheapest_kzt(programme, module))
        return found

    def cheapest_kzt(self, programme: Programme, module: Module) -> int:
        """Return about the fees and travel of a module at the cheapest site of each kind."""
        total = 0.0
        for need in self.needs:
            if need.module == module.id:
                hours = module.hours(need.hours_kind) * need.hours_share
                sites = [row for row in self.resources if row.kind == need.resource_kind]
                total += min(
                    (hours * row.fee_per_hour_kzt + row.travel_cost_kzt)
                    * math.ceil(programme.learners / (row.places or 1000))
                    for row in sites
                )
        return round(total)

    def draw_module_count(self) -> int:
        return self.rng.choice([4, 5, 6])

    def draw_programmes(self) -> None:
        rng = self.rng
        for i in range(1, rng.choice([2, 2, 3]) + 1):
            self.programmes.append(
                Programme(
                    **named(f"P{i}"),
                    specialty="06130100",
                    qualification=rng.choice(["4S06130103", "3W06130101"]),
                    start=rng.choice(["2026-1", "2026-2"]),
                    terms=TERMS,
                    repeats=self.chance(0.8),
                    dual=self.chance(0.3),
                    learners=rng.randint(5, 50),
                    weight=self.maybe(0.3, rng.choice([1.0, 2.5])),
                    entry_base="grade9",
                )
            )

    def draw_standings(self, programme: Programme) -> None:
        """Draw as usual, and name each module that is left: who may take what is always said."""
        if not self.plain:
            super().draw_standings(programme)
        said = {row.module for row in self.standings if row.programme == programme.id}
        self.standings += [
            ProgrammeModule(programme=programme.id, module=module.id, status="candidate")
            for module in self.modules
            if module.id not in said
        ]


def wide_catalog(seed: int) -> Catalog:
    """Return the catalog of a seed."""
    return WideDraw(Random(f"wide {seed}")).catalog()


def narrowings(catalog: Catalog, rng: Random) -> Iterator[Narrowed]:
    """Yield the catalog narrowed in one place, one of each kind that fits.

    Rows of existing modules, of modules and of terms stay: without them *before*, §12, §13, §15 and the
    semesters that repeat would change, and the result could be better.
    """
    for make in (fewer_terms, forbidden, less_money, fewer_hours, higher_floor):
        found = make(catalog, rng)
        if found is not None:
            yield make.__name__, found


def _changed(
    catalog: Catalog, table: str, rows: Sequence[Any], rng: Random, change: Callable[[Any], dict[str, Any]]
) -> Catalog | None:
    """Return the catalog with one of some rows changed, None where there is none."""
    if not rows:
        return None
    row: Record = rng.choice(rows)
    new = type(row).model_validate({**row.model_dump(by_alias=True), **change(row)})
    return catalog.replace(**{table: tuple(new if one is row else one for one in catalog.table(table))})


def fewer_terms(catalog: Catalog, rng: Random) -> Catalog | None:
    def terms_of(row: ProgrammeModule) -> tuple[int, ...]:
        last = TERMS - catalog.module_by_id[row.module].span_terms + 1
        return row.allowed_terms or tuple(range(1, last + 1))

    rows = [row for row in catalog.programme_modules if row.pinned_term is None and len(terms_of(row)) > 1]

    def change(row: ProgrammeModule) -> dict[str, Any]:
        out = rng.choice(terms_of(row))
        return {"allowed_terms": tuple(term for term in terms_of(row) if term != out)}

    return _changed(catalog, "programme_modules", rows, rng, change)


def forbidden(catalog: Catalog, rng: Random) -> Catalog | None:
    serving = {row.module for row in catalog.module_functions}
    rows = [
        row
        for row in catalog.programme_modules
        if row.status is Standing.CANDIDATE and row.current_term is None and row.module not in serving
    ]
    return _changed(catalog, "programme_modules", rows, rng, lambda _: {"status": "forbidden"})


def less_money(catalog: Catalog, rng: Random) -> Catalog | None:
    rows = [row for row in catalog.funding_budgets if row.budget_kzt > 0]

    def change(row: FundingBudget) -> dict[str, Any]:
        return {"budget_kzt": int(row.budget_kzt * rng.choice([0.5, 0.8]))}

    return _changed(catalog, "funding_budgets", rows, rng, change)


def fewer_hours(catalog: Catalog, rng: Random) -> Catalog | None:
    rows = [row for row in catalog.resource_capacity if row.hours > row.committed_hours]
    return _changed(
        catalog,
        "resource_capacity",
        rows,
        rng,
        lambda row: {
            "hours": row.committed_hours + (row.hours - row.committed_hours) * rng.choice([0.5, 0.8])
        },
    )


def higher_floor(catalog: Catalog, rng: Random) -> Catalog | None:
    rows = [row for row in catalog.floors if row.level < 4]
    if catalog.floors:
        return _changed(catalog, "floors", rows, rng, lambda row: {"level": row.level + 1})
    taught = sorted({row.competency for row in catalog.module_outcomes})
    programme = rng.choice(catalog.programmes).id
    return catalog.replace(floors=(Floor(competency=rng.choice(taught), level=1, programme=programme),))
