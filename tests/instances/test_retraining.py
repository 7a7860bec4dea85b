"""Routes against brute force, written from the text of *Retraining* in formulation.md alone.

Without limits of rooms and money each module costs the same whatever else is taken, so that every set of
modules is priced first, and the sets of least cost and hours are then laid into terms in every way.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

import pytest

from curriplan.api.retrain import Asking, retrain_catalog
from curriplan.base.errors import InfeasibleError
from curriplan.catalog.records import (
    Baseline,
    Catalog,
    CatalogInfo,
    Competency,
    CompetencyRelation,
    Floor,
    Module,
    ModuleOutcome,
    ModuleRequisite,
    ModuleResource,
    Occupation,
    OccupationRequirement,
    ProfileEntry,
    Programme,
    ProgrammeModule,
    Resource,
)
from curriplan.plan.retraining import Outcome, Retraining
from curriplan.problem.retraining import Ways, Wish
from instances.seeds import drawn

SEEDS = drawn(range(60), one_of=4)
COMPETENCIES = ("A", "B", "C", "D")
TARGETS = ("O1", "O2", "O3", "O4")
ORIGIN = "O0"
WEEKS = 20
Levels = Mapping[str, int]


def random_catalog(seed: int) -> tuple[Catalog, Wish]:
    rng = Random(f"retraining {seed}")
    ids = [f"M{n}" for n in range(rng.randint(5, 8))]
    modules = tuple(
        Module(
            id=name,
            section="professional",  # type: ignore[arg-type]
            credits=1,
            theory_hours=rng.choice([10, 20, 30]),
            laboratory_practical_hours=rng.choice([0, 10]),
            setup_cost_kzt=rng.choice([0, 100, 300]),
            cost_per_group_kzt=rng.choice([0, 50, 70]),
            already_open=rng.random() < 0.2,
            span_terms=2 if rng.random() < 0.15 else 1,
            exclusive_group="X" if rng.random() < 0.25 else None,
            min_learners=rng.choice([None, None, None, 10, 40]),
        )
        for name in ids
    )
    outcomes = [
        ModuleOutcome(
            module=name, competency=c, entry_level=entry, exit_level=rng.choice([entry + 1, 3, 4, 4])
        )
        for name in ids
        for c in rng.sample(COMPETENCIES, rng.choice([1, 2, 2]))
        for entry in (rng.choice([0, 0, 0, 1, 2]),)
    ]
    kinds = ("prerequisite", "prerequisite", "corequisite", "strict_corequisite", "order")
    requisites = {
        (one, other): ModuleRequisite(
            module=one,
            requires=other,
            kind=rng.choice(kinds),  # type: ignore[arg-type]
            any_of=rng.choice([None, "x"]),
        )
        for one, other in (rng.sample(ids, 2) for _ in range(rng.randint(1, 5)))
    }
    relations = []
    if rng.random() < 0.5:
        relations.append(CompetencyRelation(source="A", target="B", kind="transfers", factor=0.5))  # type: ignore[arg-type]
    if rng.random() < 0.5:
        relations.append(CompetencyRelation(source="C", target="D", kind="requires", level=2, source_level=3))  # type: ignore[arg-type]
    requirements = [
        OccupationRequirement(
            occupation=name,
            competency=c,
            level=rng.randint(1, 2) if name == ORIGIN else rng.randint(2, 4),
            importance=rng.choice([0.5, 1.0]),
            essential=rng.random() < 0.6,
        )
        for name in (ORIGIN, *TARGETS)
        for c in rng.sample(COMPETENCIES, 1 if name == ORIGIN else rng.randint(1, 3))
    ]
    resources = [
        Resource(id=f"R{n}", kind="lab", category="laboratory", places=rng.choice([None, 5]), **fees)
        for n in range(2)
        for fees in ({"fee_per_hour_kzt": rng.choice([0, 1, 3]), "travel_cost_kzt": rng.choice([0, 7])},)
    ]  # type: ignore[arg-type]
    profile = {"group_size": "20", "subgroup_size": "10", "teaching_weeks_year": str(2 * WEEKS)}
    if rng.random() < 0.6:
        profile["weekly_hours"] = rng.choice(["2", "3"])
    catalog = Catalog(
        CatalogInfo(id="t"),
        competencies=tuple(Competency(id=name) for name in COMPETENCIES),
        competency_relations=tuple(relations),
        occupations=tuple(Occupation(id=name) for name in (ORIGIN, *TARGETS)),
        occupation_requirements=tuple(requirements),
        modules=modules,
        module_outcomes=tuple(outcomes),
        module_requisites=tuple(requisites.values()),
        resources=tuple(resources),
        module_resources=tuple(
            ModuleResource(module=name, resource_kind="lab", hours_kind="theory", hours_share=0.5)  # type: ignore[arg-type]
            for name in ids
            if rng.random() < 0.3
        ),
        # What runs today: it must make no difference.
        programmes=(Programme(id="P", start="2026-1", terms=2, learners=30),),
        programme_modules=(
            ProgrammeModule(programme="P", module=ids[0], status="mandatory", current_term=1),
        ),  # type: ignore[arg-type]
        baseline=(Baseline(programme="P", competency="A", level=4),),
        floors=(
            Floor(competency="A", level=rng.randint(2, 4)),
            Floor(competency="D", level=4, programme="P"),
        ),
        profile=tuple(ProfileEntry(key=key, value=value) for key, value in profile.items()),
    )
    wish = Wish(
        learners=rng.choice([15, 25]),
        most_terms=rng.choice([2, 3, 3]),
        cover=rng.choice([None, None, 0.7, 1.0]),
        hour_kzt=rng.choice([None, 2]),
    )
    return catalog, wish


@dataclass(frozen=True)
class Brute:
    """The best route by enumeration; its parts are called by the names of formulation.md."""

    catalog: Catalog
    wish: Wish
    brought: Levels

    def number(self, key: str) -> float | None:
        return next((float(row.value) for row in self.catalog.profile if row.key_name == key), None)

    def carried(self, levels: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Levels with what one hop of a transfer adds."""
        found: dict[str, int] = {}
        for name, level in levels:
            found[name] = max(found.get(name, 0), level)
            for row in self.catalog.competency_relations:
                if row.kind == "transfers" and row.source == name:
                    assert row.factor is not None
                    more = math.floor(row.factor * level + 1e-9)
                    found[row.target] = max(found.get(row.target, 0), more)
        return found

    @cached_property
    def b(self) -> dict[str, int]:
        return self.carried(self.brought.items())

    @cached_property
    def teaches(self) -> dict[str, dict[str, int]]:
        rows = self.catalog.module_outcomes
        return {
            m.id: self.carried((r.competency, r.exit_level) for r in rows if r.module == m.id)
            for m in self.catalog.modules
        }

    def entries(self, module: str) -> dict[str, int]:
        """§3: rows, and what relations require of what the module lifts over their source level."""
        rows = [row for row in self.catalog.module_outcomes if row.module == module]
        found = {
            row.competency: row.entry_level for row in rows if row.entry_level > self.b.get(row.competency, 0)
        }
        for row, relation in itertools.product(rows, self.catalog.competency_relations):
            if relation.kind != "requires" or relation.source != row.competency:
                continue
            level, source_level = relation.level or 0, relation.source_level or 0
            if not max(row.entry_level, self.b.get(row.competency, 0)) < source_level <= row.exit_level:
                continue
            own = any(r.competency == relation.target and r.exit_level >= level for r in rows)
            if level > self.b.get(relation.target, 0) and not own:
                found[relation.target] = max(level, found.get(relation.target, 0))
        return found

    def needs(self, module: str) -> Iterator[tuple[str, set[str]]]:
        """§4: each requisite that is not met by what is held, with its kind and alternatives."""
        rows = [row for row in self.catalog.module_requisites if row.module == module and row.kind != "order"]
        groups: dict[Any, list[ModuleRequisite]] = {}
        for row in rows:
            groups.setdefault((row.kind, row.any_of or f"alone {row.requires}"), []).append(row)
        for (kind, _), group in groups.items():
            if not any(self.is_held(row.requires) for row in group):
                yield str(kind), {row.requires for row in group}

    def is_held(self, module: str) -> bool:
        rows = [row for row in self.catalog.module_outcomes if row.module == module]
        return bool(rows) and all(row.exit_level <= self.b.get(row.competency, 0) for row in rows)

    def cost(self, module: Module) -> int:
        groups = math.ceil(self.wish.learners / 20)
        delivery = module.cost_per_group_kzt
        if self.wish.hour_kzt is not None and module.setup_cost_kzt == module.cost_per_group_kzt == 0:
            delivery = self.wish.hour_kzt * int(module.theory_hours + module.laboratory_practical_hours)
        kzt = module.setup_cost_kzt + delivery * groups
        if any(row.module == module.id for row in self.catalog.module_resources):
            sites = []
            for site in self.catalog.resources:
                parts = math.ceil(self.wish.learners / (site.places or 10))
                fees = math.ceil(site.fee_per_hour_kzt * module.theory_hours * 0.5 * parts - 1e-6)
                sites.append(fees + site.travel_cost_kzt * parts)
            kzt += min(sites)
        return kzt

    def reaches(self, modules: tuple[Module, ...], target: str | None) -> bool:
        level = dict(self.b)
        for module in modules:
            for name, exit_level in self.teaches[module.id].items():
                level[name] = max(level.get(name, 0), exit_level)
        if target is None:
            floors = [row for row in self.catalog.floors if row.programme is None]
            return all(level.get(row.competency, 0) >= row.level for row in floors)
        rows = [row for row in self.catalog.occupation_requirements if row.occupation == target]
        if self.wish.cover is not None:
            full = sum(row.importance * row.level for row in rows)
            have = sum(row.importance * min(row.level, level.get(row.competency, 0)) for row in rows)
            return have / full >= self.wish.cover - 1e-9
        asked = [row for row in rows if row.essential] or rows
        return all(level.get(row.competency, 0) >= row.level for row in asked)

    def ends(self, modules: tuple[Module, ...], most: int) -> int | None:
        """The fewest terms into which the modules can be laid; None where there is no way."""
        starts = [range(1, most - module.span_terms + 2) for module in modules]
        found = [
            max((t + m.span_terms - 1 for t, m in zip(terms, modules, strict=True)), default=0)
            for terms in itertools.product(*starts)
            if self.keeps_rules(dict(zip(modules, terms, strict=True)))
        ]
        return min(found, default=None)

    def keeps_rules(self, start: Mapping[Module, int]) -> bool:
        end = {module: term + module.span_terms - 1 for module, term in start.items()}
        term_of = {module.id: term for module, term in start.items()}
        for module, term in start.items():
            for name, level in self.entries(module.id).items():
                if not any(end[m] < term and self.teaches[m.id].get(name, 0) >= level for m in start):
                    return False
            for kind, names in self.needs(module.id):
                others = [m for m in start if m.id in names]
                ok = {
                    "prerequisite": any(end[m] < term for m in others),
                    "corequisite": any(term_of[m.id] <= term for m in others),
                    "strict_corequisite": any(term_of[m.id] == term for m in others),
                }
                if not ok[kind]:
                    return False
        weekly = self.number("weekly_hours")
        load: dict[int, float] = {}
        for module, term in start.items():
            for run in range(module.span_terms):
                hours = (module.theory_hours + module.laboratory_practical_hours) / module.span_terms
                load[term + run] = load.get(term + run, 0) + hours
        return weekly is None or all(hours <= weekly * WEEKS + 1e-9 for hours in load.values())

    def best(self, target: str | None) -> tuple[int, float, int] | None:
        """Cost, hours and terms of the best route; None where there is none."""
        usable = [m for m in self.catalog.modules if (m.min_learners or 0) <= self.wish.learners]
        sets = [s for n in range(len(usable) + 1) for s in itertools.combinations(usable, n)]
        priced = []
        for modules in sets:
            groups = [m.exclusive_group for m in modules if m.exclusive_group]
            if len(groups) == len(set(groups)) and self.reaches(modules, target):
                hours = sum(m.theory_hours + m.laboratory_practical_hours for m in modules)
                priced.append((sum(map(self.cost, modules)), hours, modules))
        key = (lambda one: one[:2]) if target is not None else (lambda one: (one[1], one[0]))
        for _, alike in itertools.groupby(sorted(priced, key=key), key):
            found = [
                (cost, hours, self.ends(modules, self.wish.most_terms)) for cost, hours, modules in alike
            ]
            possible = [(cost, hours, terms) for cost, hours, terms in found if terms is not None]
            if possible:
                return min(possible)
        return None


def brute_of(catalog: Catalog, wish: Wish) -> Brute:
    needs = (row for row in catalog.occupation_requirements if row.occupation == ORIGIN)
    return Brute(catalog, wish, {row.competency: row.level for row in needs})


def asked(catalog: Catalog, wish: Wish, to: str, **more: Any) -> Retraining | None:
    if to == "floors":
        wish = Wish(wish.learners, wish.most_terms, hour_kzt=wish.hour_kzt)
    try:
        return retrain_catalog(catalog, Asking(ORIGIN, to=to, wish=wish, **more))
    except InfeasibleError:
        return None


def found_of(result: Retraining | None) -> tuple[int, float, int] | None:
    if result is None:
        return None
    (route,) = result.routes
    assert route.outcome in (Outcome.PROVEN, Outcome.HELD)
    assert sum(one.cost_kzt for one in route.modules) == route.cost_kzt
    return route.cost_kzt, route.hours, route.terms


@pytest.mark.parametrize("seed", SEEDS)
def test_routes_are_the_best_there_are(seed: int) -> None:
    catalog, wish = random_catalog(seed)
    for to in (*TARGETS[:2], "floors"):
        expected = brute_of(catalog, wish).best(None if to == "floors" else to)
        assert found_of(asked(catalog, wish, to)) == expected, to


@pytest.mark.parametrize("seed", SEEDS)
def test_targets_that_cost_least_are_proven_to(seed: int) -> None:
    catalog, wish = random_catalog(seed)
    brute, top = brute_of(catalog, wish), 2
    result = asked(catalog, wish, "any", top=top)
    assert result is not None
    best = {name: brute.best(name) for name in TARGETS}
    held = {name for name in TARGETS if brute.reaches((), name)}
    routed = sorted(one[:2] for name, one in best.items() if one is not None and name not in held)[:top]
    assert {one.target for one in result.targets[: len(held)]} == held
    listed = result.targets[len(held) : len(held) + len(routed)]
    assert [(one.cost_kzt, one.hours) for one in listed] == routed
    assert [(one.cost_kzt, one.hours) for one in result.routes] == routed
    for one in result.targets:
        expected = best[one.target]
        if one.outcome in (Outcome.NOT_TAUGHT, Outcome.NO_ROUTE):
            assert expected is None
        elif one.outcome is Outcome.DEARER:
            assert one.least_kzt is not None
            assert one.least_kzt >= routed[-1][0]
            assert expected is None or one.least_kzt <= expected[0]
        else:
            assert expected is not None
            assert (one.cost_kzt, one.hours) == expected[:2]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_route_is_below_its_bound_nor_the_bound_below_the_dearest_step(seed: int) -> None:
    catalog, wish = random_catalog(seed)
    wish = Wish(wish.learners, wish.most_terms, hour_kzt=wish.hour_kzt)
    ways, brute = Ways(catalog, wish), brute_of(catalog, wish)
    origin = ways.origin(ORIGIN, brute.brought)
    assert all(origin.held.get(name, 0) == brute.b.get(name, 0) for name in COMPETENCIES)
    for target in TARGETS:
        question = ways.to_occupation(origin, target)
        found = brute.best(target)
        if question.not_taught:
            assert found is None
            continue
        bound = ways.least(question)
        assert found is None or (bound.kzt, bound.hours) <= found[:2]
        dearest = max(
            (
                min(brute.cost(m) for m in catalog.modules if brute.teaches[m.id].get(name, 0) >= level)
                for name, level in question.gap.items()
            ),
            default=0,
        )
        assert bound.kzt >= dearest


@pytest.mark.parametrize("seed", SEEDS)
def test_who_holds_more_never_pays_more(seed: int) -> None:
    catalog, wish = random_catalog(seed)
    more = {Random(seed).choice(COMPETENCIES): Random(seed).randint(1, 4)}
    for to in TARGETS[:2]:
        less = found_of(asked(catalog, wish, to))
        known = found_of(asked(catalog, wish, to, brought=more))
        assert less is None or (known is not None and known[0] <= less[0])
