"""Random tiny catalogs, valid by construction, and a helper that shrinks one that fails.

Every catalog is a pure function of a `random.Random`. The frequencies are tuned so that the rules bite:
``test_against_brute_force`` counts in how many instances each rule changes the optimum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import combinations
from random import Random
from typing import Any, TypeVar

from curriplan.catalog.reading.norms import named_norms, with_overrides
from curriplan.catalog.records import (
    RECORD_OF_TABLE,
    TABLES,
    Baseline,
    Catalog,
    CatalogInfo,
    Competency,
    CompetencyRelation,
    Demand,
    Floor,
    FundingBudget,
    FundingLimit,
    FundingSource,
    HoursKind,
    LabourFunction,
    LevelValue,
    Module,
    ModuleFunction,
    ModuleOutcome,
    ModuleRequisite,
    ModuleResource,
    Occupation,
    OccupationRequirement,
    ProfileEntry,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Record,
    Resource,
    ResourceCapacity,
    Scenario,
    Section,
    Target,
)
from curriplan.problem import review

HOURS_PER_CREDIT = 24
PRACTICAL = "professional+practice"
KINDS = tuple(kind.value for kind in HoursKind)
SECTIONS = tuple(section.value for section in Section)
GUIDED = "weekly_hours_guided_self_study"
INHERITED = ("subgroup_size", "weekly_hours_counts", "practice_share_denominator", "dual_share_min", GUIDED)
"""Norms of a named profile that a catalog of a few credits can keep."""
DROPPED = ("weekly_hours", "weekly_hours_all", "practice_share_min", "dual_share_min", "group_size", GUIDED)
"""Norms that are dropped now and then."""
AT_WORK = ("production_training", "professional_practice")
Choice = tuple[str, str, int]
Objectives = tuple[tuple[str, float], ...]
USUAL: Objectives = (
    ("no_harm", 0.0),
    ("closure", 0.005),
    ("cost", 0.0),
    ("disruption", 0.0),
    ("balance", 0.0),
)
TOLERANCES = {
    "no_harm": (0.0, 0.05),
    "closure": (0.0, 0.005, 0.1),
    "cost": (0.0, 150_000.0),
    "disruption": (0.0, 24.0),
    "balance": (0.0, 0.5),
    "peak": (0.0, 0.5),
    "distance": (0.0, 1.0),
    "adaptability": (0.0, 0.05),
    "fairness": (0.0, 0.1),
}
"""The objectives that need no earlier plan, and tolerances to choose from."""
T = TypeVar("T")


@dataclass(frozen=True)
class RandomOptions:
    """What a user sets over the catalog; the names are those of the settings."""

    programmes: tuple[str, ...] = ()
    budget_kzt: int | None = None
    practice_share: float | None = None
    previous: tuple[Choice, ...] | None = None
    max_changes: int | None = None
    taught_until: str | None = None
    equity: float | None = None
    review: tuple[tuple[str, str, int | None], ...] = ()
    """A reviewer's decisions: the module starts in the term, or is left out."""
    reviewed: tuple[Choice, ...] = ()
    """The plan under review."""
    horizon: str | None = None


def settings_choices(options: Any) -> dict[str, Any]:
    """Return options as the fields of `Settings`."""
    decisions = [
        review.ReviewDecision(p, m, review.Choice.PIN if t else review.Choice.REJECT, t)
        for p, m, t in options.review
    ]
    chosen = {name: value for name, value in asdict(options).items() if name != "with_others"}
    return {**chosen, "review": tuple(decisions)}


@lru_cache(maxsize=700)  # many tests draw the same seeds; nothing of an instance can be changed
def random_instance(seed: int) -> tuple[Catalog, RandomOptions, Objectives]:
    """Return the catalog, the options and the objectives of a seed."""
    rng = Random(seed)
    draw = Draw(rng)
    catalog = draw.catalog()
    return catalog, draw.options(catalog), random_objectives(rng, crowded=draw.crowded)


def open_instance(seed: int) -> tuple[Catalog, RandomOptions, Objectives]:
    """Return the instance of a seed in which the candidates of some programmes are not said.

    One module may teach nothing, one may serve an occupation that is nobody's target, some come in order,
    and adaptability is an objective more often.
    """
    catalog, options, objectives = random_instance(seed)
    rng = Random(f"open {seed}")
    ids = [row.id for row in catalog.programmes]
    closed = {name for name in ids if rng.random() < 0.3 and name != ids[seed % len(ids)]}
    idle = rng.choice(catalog.modules).id if rng.random() < 0.4 else None
    foreign = rng.choice(catalog.modules).id if rng.random() < 0.5 else None
    changed: dict[str, tuple[Any, ...]] = {
        "programme_modules": tuple(row for row in catalog.programme_modules if row.programme in closed),
        "module_outcomes": tuple(row for row in catalog.module_outcomes if row.module != idle),
    }
    if foreign is not None:
        changed["labour_functions"] = (*catalog.labour_functions, LabourFunction(**named("F9")))
        served = ModuleFunction(module=foreign, labour_function="F9")
        changed["module_functions"] = (*catalog.module_functions, served)
    changed["module_requisites"] = (*catalog.module_requisites, *random_order(catalog, rng))
    if "adaptability" not in dict(objectives) and rng.random() < 0.3:
        objectives = (*objectives, ("adaptability", 0.0))
    return catalog.replace(**changed), options, objectives


def random_order(catalog: Catalog, rng: Random) -> list[ModuleRequisite]:
    """Draw rows of order between modules that no requisite joins, some of them as if alternatives."""
    joined = {frozenset((row.module, row.requires)) for row in catalog.module_requisites}
    headers = catalog.header_ids
    leaves = [row.id for row in catalog.modules if row.id not in headers]
    rng.shuffle(leaves)
    return [
        ModuleRequisite(module=m, requires=a, kind="order", any_of="W3" if rng.random() < 0.3 else None)
        for a, m in combinations(leaves, 2)
        if frozenset((a, m)) not in joined and rng.random() < 0.5
    ]


def with_changes(rng: Random, objectives: Objectives) -> Objectives:
    """Draw a place for the objective `changes`, mostly the first."""
    place = rng.choice([0, 0, 0, rng.randint(0, len(objectives))])
    return (*objectives[:place], ("changes", rng.choice([0.0, 0.0, 1.0])), *objectives[place:])


def reviewed_instance(seed: int) -> tuple[Catalog, RandomOptions, Objectives]:
    """Return the instance of a seed with a reviewer's decisions."""
    rng = Random(seed)
    draw = Draw(rng)
    catalog = draw.catalog()
    options, objectives = draw.options(catalog), random_objectives(rng, crowded=draw.crowded)
    more = Random(f"review {seed}")
    options = replace(options, review=random_review(more, draw.planted, options.programmes))
    if more.random() < 0.6 and (reviewed := draw.draw_previous()):
        options = replace(options, reviewed=reviewed)
        objectives = with_changes(more, objectives)
    return catalog, options, objectives


def random_review(
    rng: Random, planted: Mapping[str, Mapping[str, int]], programmes: tuple[str, ...]
) -> tuple[tuple[str, str, int | None], ...]:
    """Draw decisions: mostly what the planted plan does, now and then another term or none."""
    chosen = {p: plan for p, plan in planted.items() if p in programmes or not programmes}
    starts = [(p, m, t) for p, plan in chosen.items() for m, t in plan.items()]
    drawn = rng.sample(starts, k=min(len(starts), rng.choice([1, 1, 2, 3])))
    return tuple((p, m, rng.choice([t, t, 1, None, None, None])) for p, m, t in sorted(drawn))


def random_objectives(rng: Random, *, crowded: bool = False) -> Objectives:
    """Draw the usual objectives, these with further ones among them, or a few of the nine in any order."""
    kind = rng.random()
    if kind < (0.1 if crowded else 0.35):
        return USUAL
    if kind < 0.6:
        further = [name for name in TOLERANCES if name not in dict(USUAL)]
        chosen = list(USUAL)
        if crowded and rng.random() < 0.6:
            return (("fairness", rng.choice(TOLERANCES["fairness"])), *USUAL)
        for name in rng.sample(further, k=rng.choice([1, 1, 2])):
            chosen.insert(rng.randint(0, 4), (name, rng.choice(TOLERANCES[name])))
        return tuple(chosen)
    # What seldom matters behind the others comes first here, or right behind the closure.
    rare = rng.choice([["adaptability"], ["fairness"], ["no_harm"], ["closure", "distance"]])
    rest = sorted(TOLERANCES.keys() - set(rare))
    names = rare + rng.sample(rest, k=rng.choice([1, 2, 3, 9 - len(rare)]))
    if rng.random() < 0.2:
        rng.shuffle(names)
    return tuple((name, rng.choice(TOLERANCES[name])) for name in names)


class Draw:
    """One catalog in the making: tables are drawn in order, later ones look at earlier ones."""

    span_chance = 0.22
    split_chance = 0.25
    fee_chance = 0.35
    travel_chance = 0.25
    yearly_chances = (0.0, 0.4, 0.8)
    """How likely it is that a source gives money for certain years: drawn by catalog."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.inside = not self.chance(0.15)
        """Whether self-study lies inside the credit's hours."""
        self.crowded = self.chance(0.35)
        """Whether two programmes, one of them with much of an existing curriculum, share one laboratory."""
        self.working = self.chance(0.4)
        """Whether much is taught at work, mostly in dual training."""
        self.competencies = [f"C{i}" for i in range(1, rng.choice([2, 3, 3, 4]) + 1)]
        self.cautious = not self.crowded and self.chance(0.33)
        """Whether a module teaches only what floors ask, and no occupation."""
        self.forgotten = rng.choice(self.competencies)
        self.occupations = [f"O{i}" for i in range(1, rng.randint(1, 2) + 1)]
        self.elsewhere = [f"O{i}" for i in (8, 9) if self.chance(0.4)]
        """Occupations that are no target."""
        self.least_learners = self.chance(0.3)
        self.functions: list[LabourFunction] = []
        self.served: list[ModuleFunction] = []
        self.profile: dict[str, str] = {}
        self.norms_rng = Random(f"norms {rng.getstate()[1][:3]}")
        """A source of its own, so that what is drawn of norms changes nothing else."""
        self.outlooks_rng = Random(f"outlooks {rng.getstate()[1][:3]}")
        self.named_profile = "KZ-348-2024" if self.norms_rng.random() < 0.3 else None
        """The profile that the catalog names: its rows stand over single norms of it."""
        sizes = ((0.6, "group_size", ["12", "25"]), (0.5, "subgroup_size", ["6", "13"]))
        self.sizes = {
            key: rng.choice(values) for probability, key, values in sizes if self.chance(probability)
        }
        """The sizes of groups and sub-groups that the profile has."""
        self.highest = rng.choice([3, 4, 4])
        self.modules: list[Module] = []
        self.outcomes: list[ModuleOutcome] = []
        self.requisites: list[ModuleRequisite] = []
        self.programmes: list[Programme] = []
        self.standings: list[ProgrammeModule] = []
        self.planted: dict[str, dict[str, int]] = {}
        """For each programme a plan that keeps §1, §3 and §4; most limits are drawn so as to admit it."""

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def maybe(self, probability: float, value: T) -> T | None:
        return value if self.chance(probability) else None

    def catalog(self) -> Catalog:
        self.draw_programmes()
        self.draw_modules()
        self.relations = self.draw_relations()
        self.draw_requisites()
        for programme in self.programmes:
            if self.chance(0.8):
                self.draw_standings(programme)
            self.plant(programme)
        self.fixed = self.draw_fixed_hours()
        self.draw_credit_limits()
        self.terms = self.draw_terms()
        resources, needs = self.draw_resources()
        self.requirements = self.draw_requirements()
        header = self.draw_header()
        self.profile = self.draw_profile(resources, needs)
        self.targets = self.draw_targets()
        self.draw_functions()
        catalog = Catalog(
            info=CatalogInfo(id="random", version="1", language="en", profile=self.named_profile),
            competencies=tuple(Competency(**named(c)) for c in self.competencies),
            competency_relations=tuple(self.relations),
            occupations=tuple(Occupation(**named(o)) for o in (*self.occupations, *self.elsewhere)),
            occupation_requirements=tuple(self.requirements),
            modules=(*self.modules, *header),
            module_outcomes=tuple(self.outcomes),
            module_requisites=tuple(self.requisites),
            labour_functions=tuple(self.functions),
            module_functions=tuple(self.served),
            resources=tuple(resources),
            module_resources=tuple(needs),
            resource_capacity=tuple(self.draw_capacity(resources, needs)),
            programmes=tuple(self.programmes),
            programme_terms=tuple(self.terms),
            programme_fixed_hours=tuple(self.fixed),
            programme_modules=tuple(self.standings),
            baseline=tuple(self.draw_baseline()),
            targets=tuple(self.targets),
            floors=tuple(self.draw_floors()),
            level_values=tuple(self.draw_level_values()),
            profile=self.norms(),
            demand=self.draw_demand(),
            **self.draw_money(),
        )
        return self.with_outlooks(catalog)

    def options(self, catalog: Catalog) -> RandomOptions:
        """Draw options: mostly none."""
        rng = self.rng
        ids = [row.id for row in catalog.programmes]
        previous = self.draw_previous() if self.chance(0.3) else None
        start = min(row.start for row in catalog.programmes)
        later = f"{start[:-1]}2" if start.endswith("1") else f"{int(start[:4]) + 1}-1"
        known = previous is not None
        return RandomOptions(
            programmes=(rng.choice(ids),) if len(ids) > 1 and self.chance(0.15) else (),
            budget_kzt=rng.randint(0, 30) * 50_000 if self.chance(0.12) else None,
            practice_share=rng.choice([0.0, 0.2, 0.4]) if self.chance(0.06) else None,
            previous=previous,
            max_changes=rng.randint(1, 5) if known and self.chance(0.6) else None,
            taught_until=rng.choice([start, start, later]) if known and self.chance(0.3) else None,
            equity=rng.choice([0.4, 0.6, 0.8, 0.9, 1.0]) if self.chance(0.2 + 0.5 * self.crowded) else None,
        )

    def draw_previous(self) -> tuple[Choice, ...]:
        """Draw an earlier plan: the planted one with a few changes, now and then a row that nobody knows."""
        rng = self.rng
        rows = []
        for programme, plan in self.planted.items():
            most = next(row.terms for row in self.programmes if row.id == programme)
            for module, term in plan.items():
                if self.chance(0.9):
                    rows.append((programme, module, rng.randint(1, most) if self.chance(0.08) else term))
        return tuple(rows + ([("P9", "M1", 1), ("P1", "M99", 1)] if self.chance(0.1) else []))

    # --- what is taught and asked

    def draw_relations(self) -> list[CompetencyRelation]:
        """Draw what transfers and what requires what."""
        rng = self.rng
        rows: dict[tuple[str, str, str], CompetencyRelation] = {}
        for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
            source, target = rng.sample(self.competencies, k=2)
            kind = rng.choice(["transfers", "transfers", "requires", "broader"])
            extra: dict[str, Any] = {}
            if kind == "transfers":
                extra = {"factor": rng.choice([0.3, 0.5, 0.5, 0.7, 1.0])}
            elif kind == "requires":
                extra = {
                    "level": self.maybe(0.5, rng.randint(1, 2)),
                    "source_level": self.maybe(0.6, rng.randint(1, 3)),
                }
            ends = frozenset((source, target))
            if all(frozenset(other[:2]) != ends for other in rows):
                rows[source, target, kind] = CompetencyRelation(
                    source=source, target=target, kind=kind, **extra
                )
        return list(rows.values())

    def draw_span(self) -> dict[str, Any]:
        """Draw how long a module lasts, no longer than the shortest programme."""
        rng = self.rng
        longest = min(row.terms for row in self.programmes)
        span = min(longest, rng.choice([2, 2, 3])) if self.chance(self.span_chance) else 1
        weights: dict[int, list[tuple[float, ...]]] = {
            1: [()],
            2: [(), (0.25, 0.75), (0.75, 0.25), (0.0, 1.0)],
            3: [(), (0.25, 0.25, 0.5), (0.5, 0.0, 0.5)],
        }
        return {"span_terms": span, "span_weights": rng.choice(weights[span])}

    def draw_functions(self) -> None:
        """Draw labour functions, mostly such that a planted module serves them."""
        rng = self.rng
        for i in range(1, (0 if self.crowded else rng.choice([0, 0, 0, 1, 1, 2])) + 1):
            occupation = rng.choice(self.occupations)
            serving = [rng.choice(self.modules).id] if self.chance(0.3) else []
            for row in self.targets:
                planted = sorted(self.planted[row.programme])
                if row.occupation == occupation and planted and self.chance(0.97):
                    serving.append(rng.choice(planted))
            self.functions.append(LabourFunction(**named(f"F{i}"), occupation=self.maybe(0.95, occupation)))
            self.served += [ModuleFunction(module=m, labour_function=f"F{i}") for m in dict.fromkeys(serving)]

    def draw_demand(self) -> tuple[Demand, ...]:
        """Draw openings of the base."""
        rng = self.rng
        if not self.chance(0.5):
            return ()
        return tuple(
            Demand(occupation=occupation, year=year, openings=float(rng.choice([0, 10, 25, 100])))
            for occupation in (*self.occupations, *self.elsewhere)
            for year in (2026, 2027)
            if self.chance(0.5)
        )

    def with_outlooks(self, catalog: Catalog) -> Catalog:
        """Add one to three outlooks: openings, and shares where none follow from them."""
        if not catalog.demand:
            return catalog
        rng = self.outlooks_rng
        parts = rng.choice([(1.0,), (0.5, 0.5), (0.9, 0.1), (0.25, 0.25, 0.5), (0.6, 0.4, 0.0)])
        names = [f"ahead{number}" for number in range(1, len(parts) + 1)]
        ahead = [
            row.model_copy(update={"scenario": name, "openings": float(rng.choice([0, 5, 10, 40, 200]))})
            for name in names
            for row in catalog.demand
        ]
        wanted = {row.occupation for row in catalog.demand if row.openings > 0}
        shares = [
            Target(programme=programme.id, occupation=occupation, share=share, scenario=name)
            for name in names
            for programme in self.programmes
            for occupation, share in self.draw_shares(rng, programme.id, wanted)
        ]
        return catalog.replace(
            scenarios=tuple(
                Scenario(**named(name), probability=part) for name, part in zip(names, parts, strict=True)
            ),
            demand=(*catalog.demand, *ahead),
            targets=(*catalog.targets, *shares),
        )

    def draw_shares(self, rng: Random, programme: str, wanted: set[str]) -> Iterable[tuple[str, float]]:
        """Draw the shares of a programme in an outlook; mostly none where they follow from demand."""
        mine = [row.occupation for row in self.targets if row.programme == programme]
        if wanted.issuperset(mine) and rng.random() < 0.8:
            return ()
        others = [one for one in (*self.occupations, *self.elsewhere) if one not in mine]
        known = [*mine, *others[: rng.randint(0, len(others))]][:3]
        rng.shuffle(known)
        return zip(known, {1: (1.0,), 2: (0.75, 0.25), 3: (0.5, 0.3, 0.2)}[len(known)], strict=True)

    def draw_requirements(self) -> list[OccupationRequirement]:
        rng = self.rng
        taught = {row.competency for row in self.outcomes}
        if len(taught) > 1 and (self.cautious or self.chance(0.5)):
            taught.discard(self.forgotten if self.cautious else rng.choice(sorted(taught)))
        return [
            OccupationRequirement(
                occupation=occupation,
                competency=competency,
                level=rng.randint(1, self.highest),
                importance=rng.choice([0.2, 0.35, 0.5, 0.75, 1.0]),
                essential=self.chance(0.4),
                source="estimate",
            )
            for occupation in (*self.occupations, *self.elsewhere)
            for competency in self.competencies
            if self.chance(0.97 if competency in taught else 0.15)
        ]

    def draw_hours(self, size_credits: float) -> dict[str, float]:
        """Split the hours of so many credits; self-study beside the credit comes on top."""
        rng = self.rng
        quarters = round(size_credits * 4)
        kinds = [k for k in KINDS if self.inside or "self_study" not in k]
        kinds += AT_WORK if self.working else ()
        chosen = list(dict.fromkeys(rng.sample(kinds, k=rng.randint(1, 3))))
        if self.chance(0.6):
            chosen.append(rng.choice(["laboratory_practical", "laboratory_practical", "theory"]))
        hours = dict.fromkeys(chosen, 0.0)
        for _ in range(quarters):
            hours[rng.choice(chosen)] += HOURS_PER_CREDIT / 4
        if not self.inside and self.chance(0.7):
            hours["self_study"] = 6.0 * rng.randint(1, 4)
        return {f"{kind}_hours": value for kind, value in hours.items() if value}

    def draw_modules(self) -> None:
        rng = self.rng
        count = self.draw_module_count()
        groups = self.draw_exclusive_groups(count)
        for i in range(1, count + 1):
            sizes = [1.0, 1.0, 1.5] if self.crowded else [0.5, 1.0, 1.0, 1.5, 2.0, 2.0, 3.0]
            size_credits = rng.choice(sizes)
            module = Module(
                **named(f"M{i}"),
                section=rng.choice(SECTIONS[1:5] if self.chance(0.8) else SECTIONS),
                credits=size_credits,
                setup_cost_kzt=rng.choice([0, 1, 2, 5, 5, 8]) * 100_000,
                cost_per_group_kzt=rng.choice([0, 1, 2, 3]) * 50_000,
                already_open=self.chance(0.2),
                exclusive_group=groups.get(i),
                min_learners=self.maybe(0.5 if self.least_learners else 0.0, self.draw_least_learners()),
                **self.draw_span(),
                **self.draw_hours(size_credits),
            )
            self.modules.append(module)
            for competency in self.draw_taught(i):
                taught = [row.exit_level for row in self.outcomes if row.competency == competency]
                entry = rng.choice([0, rng.randint(0, min(3, max(taught, default=0)))])
                if self.chance(0.04):
                    entry = rng.randint(0, 3)
                self.outcomes.append(
                    ModuleOutcome(
                        module=module.id,
                        competency=competency,
                        entry_level=entry,
                        exit_level=min(entry + rng.choice([1, 1, 2]), 4),
                    )
                )

    def draw_module_count(self) -> int:
        # Two programmes of three terms with five modules would take too long to enumerate.
        most = 4 if sum(row.terms for row in self.programmes) > 4 else 5
        return min(most, self.rng.choice([2, 3, 4, 5, 5, 5]))

    def draw_least_learners(self) -> int:
        """Draw how many learners a module needs: about as many as one programme or all together have."""
        learners = [row.learners for row in self.programmes]
        return self.rng.choice([*learners, sum(learners), max(learners) + 1])

    def draw_taught(self, number: int) -> list[str]:
        """Draw what a module teaches: the first one of a cautious catalog only what nobody asks."""
        if self.cautious:
            rest = [c for c in self.competencies if c != self.forgotten]
            return [self.forgotten] if number == 1 else self.rng.sample(rest, k=min(len(rest), 2))
        return self.rng.sample(self.competencies, k=self.rng.choice([1, 2, 2]))

    def draw_exclusive_groups(self, count: int) -> dict[int, str]:
        """Draw of which exclusive group some of so many modules are; mostly none."""
        rng = self.rng
        groups: dict[int, str] = {}
        for name in ("X1", "X2"):
            free = [i for i in range(1, count + 1) if i not in groups]
            if len(free) > 1 and self.chance(0.35):
                groups |= dict.fromkeys(rng.sample(free, k=rng.choice([1, 2, 2, 3]) if free[2:] else 2), name)
        return groups

    def draw_requisites(self) -> None:
        """Draw requisites that all hold if every module is taken in its place of one order of terms.

        Of the alternatives of a requisite, one at least fits this order.
        """
        places = [0]
        for _ in self.modules[1:]:
            places.append(places[-1] + self.chance(0.75))
        place_of = {module.id: place for module, place in zip(self.modules, places, strict=True)}
        for module in place_of:
            for kind, probability in (
                ("prerequisite", 0.17),
                ("corequisite", 0.1),
                ("strict_corequisite", 0.12),
            ):
                for word in ("W1", "W2"):
                    if self.chance(probability):
                        self.draw_requisite(module, kind, word, place_of)

    def draw_requisite(self, module: str, kind: str, word: str, place_of: Mapping[str, int]) -> None:
        """Draw a requisite with one module that serves, or with alternatives of which one at least does."""
        mine = place_of[module]
        others = [m for m in place_of if m != module and not self.mentioned(module, m)]
        serving = {
            "prerequisite": [m for m in others if place_of[m] < mine],
            "corequisite": [m for m in others if place_of[m] <= mine],
            "strict_corequisite": [m for m in others if place_of[m] == mine],
        }[kind]
        if not serving:
            return
        chosen = [self.rng.choice(serving)]
        alternatives = self.chance(0.6)
        rest = [m for m in others if m not in chosen]
        if alternatives and rest:
            chosen += self.rng.sample(rest, k=min(len(rest), self.rng.choice([1, 1, 2])))
        self.requisites += [
            ModuleRequisite(module=module, requires=m, kind=kind, any_of=word if alternatives else None)
            for m in chosen
        ]

    def mentioned(self, module: str, other: str) -> bool:
        """Whether a requisite of one of two modules names the other already."""
        return any({row.module, row.requires} == {module, other} for row in self.requisites)

    def draw_header(self) -> list[Module]:
        """Group some modules of one section under a header; change their `parent`."""
        section = self.rng.choice(self.modules).section
        children = [m for m in self.modules if m.section == section]
        if not self.chance(0.2):
            return []
        hours = {f"{k}_hours": sum(m.hours(k) for m in children) for k in KINDS}
        self.modules = [m.model_copy(update={"parent": "H1"}) if m in children else m for m in self.modules]
        sum_credits = self.maybe(0.7, credits_of(children))
        return [Module(**named("H1"), section=section, credits=sum_credits, **hours)]

    # --- programmes

    def draw_programmes(self) -> None:
        rng = self.rng
        count = 2 if self.crowded else rng.choice([1, 2])
        for i in range(1, count + 1):
            self.programmes.append(
                Programme(
                    **named(f"P{i}"),
                    specialty="06130100",
                    qualification=rng.choice(["4S06130103", "3W06130101", "5AB06130104"]),
                    start="2026-1" if self.crowded else rng.choice(["2026-1", "2026-1", "2026-2", "2027-1"]),
                    terms=rng.choice([2, 2, 3]),
                    repeats=self.chance(0.4),
                    dual=self.chance(0.9 if self.working else 0.4),
                    learners=rng.randint(30, 60) if self.crowded and i == 1 else rng.randint(5, 50),
                    weight=self.maybe(
                        0.9 if self.crowded else 0.3,
                        rng.choice([1.0, 40.0, 90.0] if i == 1 else [0.0, 1.0, 2.5]),
                    ),
                    entry_base=rng.choice(["grade9", "grade11"]),
                )
            )

    def draw_standings(self, programme: Programme) -> None:
        rng = self.rng
        today = 1 if self.crowded else rng.randint(1, programme.terms)
        """The term in which most of the existing curriculum stands, so that the exception is met."""
        wealthy = self.chance(0.4)
        """Whether most of the existing curriculum may be kept or dropped."""
        positions = list(range(1, len(self.modules) + 1))
        if self.chance(0.25):
            rng.shuffle(positions)
        chosen = [m for m in self.modules if self.chance(0.92)] or self.modules[:1]
        for module in chosen:
            rich = programme.id == "P2" if self.crowded else wealthy
            weights = [0.03, 0.07, 0.85, 0.05] if self.crowded else [0.08, 0.2, 0.65, 0.07]
            weights = [0.05, 0.75, 0.15, 0.05] if rich else weights
            status = rng.choices(["mandatory", "existing", "candidate", "forbidden"], weights)[0]
            last = programme.terms - module.span_terms + 1
            existing = {"mandatory": 0.5, "existing": 0.9, "candidate": 0.0, "forbidden": 0.5}[status]
            current = self.maybe(existing, min(last, today) if self.chance(0.9) else rng.randint(1, last))
            position = positions[self.modules.index(module)]
            terms = list(range(1, last + 1))
            few = min(len(terms), rng.randint(1, 2))
            allowed = tuple(sorted(rng.sample(terms, k=few))) if self.chance(0.3) else ()
            pin = current if current in (allowed or terms) else rng.choice(allowed or terms)
            self.standings.append(
                ProgrammeModule(
                    programme=programme.id,
                    module=module.id,
                    status=status,
                    current_term=current,
                    position=self.maybe(0.92, position) if current is not None else None,
                    allowed_terms=allowed,
                    pinned_term=self.maybe(0.12, pin),
                )
            )

    @property
    def spans(self) -> dict[str, int]:
        """How many terms each module lasts."""
        return {module.id: module.span_terms for module in self.modules}

    def plant(self, programme: Programme) -> None:
        """Take modules one by one where their needs are met; a mandatory one that cannot be is none."""
        rng = self.rng
        plan: dict[str, int] = {}
        rows = {row.module: row for row in self.standings if row.programme == programme.id}
        for module in rows or [m.id for m in self.modules]:
            row = rows.get(module)
            terms: Sequence[int] = range(1, programme.terms - self.spans[module] + 2)
            if row is not None:
                terms = (row.pinned_term,) if row.pinned_term else row.allowed_terms or terms
            fitting = [t for t in terms if t >= self.earliest(plan, module) and self.suits(plan, module, t)]
            mandatory = row is not None and row.status.value == "mandatory"
            if row is not None and row.status.value == "forbidden":
                continue
            if fitting and (mandatory or self.chance(0.75 + 0.2 * self.cautious)):
                plan[module] = rng.choice(fitting)
            elif row is not None and mandatory and self.chance(0.9):
                i = self.standings.index(row)
                status = "candidate" if row.current_term is None else "existing"
                self.standings[i] = ProgrammeModule(**{**row.model_dump(), "status": status})
        self.planted[programme.id] = plan

    def earliest(self, plan: dict[str, int], module: str) -> int:
        """Return the first term in which the plan admits the module, one beyond all terms if none."""
        terms = [1]
        mine = {row.competency: row for row in self.outcomes if row.module == module}
        for row in mine.values():
            if row.entry_level:
                terms.append(self.held_after(plan, row.competency, row.entry_level) + 1)
        for relation in self.relations:
            found = mine.get(relation.source)
            if relation.kind.value != "requires" or found is None or relation.target in mine:
                continue
            if found.entry_level < (relation.source_level or 1) <= found.exit_level:
                terms.append(self.held_after(plan, relation.target, relation.level or 1) + 1)
        return max(terms)

    def held_after(self, plan: dict[str, int], competency: str, level: int) -> int:
        """Return the term after which the plan holds a level, one beyond all terms if never."""
        spans = self.spans
        carriers = [
            plan[row.module] + spans[row.module] - 1
            for row in self.outcomes
            if row.competency == competency and row.exit_level >= level and row.module in plan
        ]
        return min(carriers, default=99)

    def suits(self, plan: dict[str, int], module: str, term: int) -> bool:
        """Whether the plan admits the module in a term by its requisites and its exclusive group."""
        groups = {m.id: m.exclusive_group for m in self.modules}
        if groups[module] and groups[module] in map(groups.get, plan):
            return False
        in_time = {
            "prerequisite": {m for m, t in plan.items() if t + self.spans[m] - 1 < term},
            "corequisite": {m for m, t in plan.items() if t <= term},
            "strict_corequisite": {m for m, t in plan.items() if t == term},
        }
        mine = [row for row in self.requisites if row.module == module]
        return all(
            any(
                row.requires in in_time[row.kind.value]
                for row in mine
                if row is one or (one.any_of and (row.kind, row.any_of) == (one.kind, one.any_of))
            )
            for one in mine
        )

    def modules_in(self, programme: str) -> list[Module]:
        """Return the planted modules of a programme."""
        return [m for m in self.modules if m.id in self.planted[programme]]

    def running_in(self, programme: str, term: int) -> list[tuple[Module, float]]:
        """Return the planted modules that run in a term, with the part of their load."""
        plan = self.planted[programme]
        return [
            (m, m.term_weights[term - plan[m.id]])
            for m in self.modules_in(programme)
            if plan[m.id] <= term < plan[m.id] + m.span_terms
        ]

    def at_least(self, limit: float, planted: float) -> float:
        """Widen an upper limit so as to admit the planted plan, mostly."""
        return max(limit, planted) if self.chance(0.97) else limit

    def at_most(self, limit: float, planted: float) -> float:
        """Lower a lower limit so as to admit the planted plan, mostly."""
        return min(limit, planted) if self.chance(0.97) else limit

    def draw_credit_limits(self) -> None:
        """Limit the credits of the programmes around their planted plans."""
        rng = self.rng
        offered = credits_of(self.modules)
        for i, programme in enumerate(self.programmes):
            planted = credits_of(self.modules_in(programme.id))
            fixed = sum(row.hours(k) for row in self.fixed if row.programme == programme.id for k in KINDS)
            planted += fixed / HOURS_PER_CREDIT
            least = self.maybe(
                0.0 if self.crowded else 0.25,
                self.at_most(_half(offered * rng.choice([0.2, 0.4, 0.6])), planted),
            )
            most = self.maybe(0.35, self.at_least(_half(offered * rng.choice([0.3, 0.5, 0.7])), planted))
            if least is not None and most is not None:
                most = max(least, most)
            update = {"min_credits": least, "max_credits": most}
            self.programmes[i] = programme.model_copy(update=update)

    def draw_terms(self) -> list[ProgrammeTerm]:
        rows = []
        for programme in self.programmes:
            for term in range(1, programme.terms + 1):
                if self.chance(0.55):
                    rows.append(self.draw_term(programme.id, term))
        return rows

    def draw_term(self, programme: str, term: int) -> ProgrammeTerm:
        """Draw the limits of a term, mostly so as to admit what is planted there."""
        rng = self.rng
        here = self.running_in(programme, term)
        fixed = [row for row in self.fixed if (row.programme, row.term) == (programme, term)]
        load = sum((m.credits or 0.0) * part for m, part in here)
        load += sum(row.hours(kind) for row in fixed for kind in KINDS) / HOURS_PER_CREDIT
        low = not self.crowded
        most = self.at_least(rng.choice([1.0, 2.0, 3.0, 4.0]), load)
        least = self.at_most(rng.choice([0.5, 1.0, 2.0]), load)
        most_modules = int(self.at_least(rng.randint(1, 2), len(here)))
        least_modules = int(self.at_most(rng.randint(1, 2), len(here)))
        return ProgrammeTerm(
            programme=programme,
            term=term,
            weeks=self.maybe(0.6, rng.choice([1.5, 2.0, 2.5, 4.0])),
            min_credits=self.maybe(0.25 if low else 0.0, min(least, most)),
            max_credits=self.maybe(0.4, most),
            min_modules=self.maybe(0.2 if low else 0.0, min(least_modules, most_modules)),
            max_modules=self.maybe(0.4, most_modules),
        )

    def draw_fixed_hours(self) -> list[ProgrammeFixedLoad]:
        rows = []
        for programme in self.programmes:
            for term in range(1, programme.terms + 1):
                if self.chance(0.15):
                    for section in self.rng.sample(SECTIONS, k=self.rng.choice([1, 1, 2])):
                        hours = self.draw_hours(self.rng.choice([0.5, 1.0]))
                        rows.append(
                            ProgrammeFixedLoad(programme=programme.id, term=term, section=section, **hours)
                        )
        return rows

    def draw_baseline(self) -> list[Baseline]:
        return [
            Baseline(programme=programme.id, competency=competency, level=self.rng.randint(0, 2))
            for programme in self.programmes
            for competency in self.competencies
            if self.chance(0.2)
        ]

    def draw_targets(self) -> list[Target]:
        rows = []
        for programme in self.programmes:
            chosen = self.rng.sample(self.occupations, k=self.rng.randint(1, len(self.occupations)))
            shares = [1.0] if len(chosen) == 1 else self.rng.choice([[0.5, 0.5], [0.3, 0.7], [0.85, 0.15]])
            rows += [
                Target(programme=programme.id, occupation=occupation, share=share)
                for occupation, share in zip(chosen, shares, strict=True)
            ]
        return rows

    def draw_floors(self) -> list[Floor]:
        """Draw floors, mostly of what the planted plans teach and no occupation asks."""
        rows = {}
        asked = {row.competency: 0 for row in self.outcomes} | {
            r.competency: r.level for r in self.requirements
        }
        added = {(row.programme, row.module) for row in self.standings if row.current_term is not None}
        taught = [
            (programme, row.competency)
            for programme, plan in self.planted.items()
            for row in self.outcomes
            if row.module in plan and (programme, row.module) not in added
        ]
        forgotten = [(p, c) for p, c in taught if asked[c] < self.reachable_level(c, p, planted=True)]
        for _ in range(0 if self.crowded else self.rng.choice([1, 1, 2] if self.cautious else [0, 0, 1])):
            choices = forgotten if forgotten and self.chance(0.85) else taught
            if choices:
                mine, competency = self.rng.choice(choices)
                programme = self.maybe(0.6, mine)
                reachable = self.reachable_level(competency, programme, planted=self.chance(0.9))
                if reachable:
                    level = self.rng.choice([1, reachable, reachable])
                    rows[competency, programme] = Floor(
                        competency=competency, level=level, programme=programme
                    )
        return list(rows.values())

    def reachable_level(self, competency: str, programme: str | None, *, planted: bool) -> int:
        """Return the least level that the programmes reach, with their planted plans or all modules."""
        levels = []
        for name in self.planted if programme is None else [programme]:
            seen = self.planted[name] if planted else self.visible(name)
            levels.append(max((self.exit_level(module, competency) for module in seen), default=0))
        return min(levels)

    def visible(self, programme: str) -> list[str]:
        """Return the modules that a programme may take."""
        rows = [row for row in self.standings if row.programme == programme]
        if not rows:
            return [module.id for module in self.modules]
        return [row.module for row in rows if row.status.value != "forbidden"]

    def exit_level(self, module: str, competency: str) -> int:
        """Return the level of a competency that a module teaches, 0 for none."""
        return max(
            (r.exit_level for r in self.outcomes if (r.module, r.competency) == (module, competency)),
            default=0,
        )

    def draw_level_values(self) -> list[LevelValue]:
        if not self.chance(0.3):
            return []
        values = [0.0, 0.5, 1.0, 1.5, 3.0]
        return [LevelValue(level=i, value=self.rng.choice(values)) for i in range(1, 4) if self.chance(0.6)]

    # --- what is scarce

    def draw_resources(self) -> tuple[list[Resource], list[ModuleResource]]:
        rng = self.rng
        kinds = ["lab", "post", "firm"]
        weights = [2, 1, 6] if self.working else [3, 2, 2]
        drawn = rng.choices(kinds, weights=weights, k=rng.choice([0, 1, 2, 2, 3]) + self.working)
        if self.crowded:
            drawn = ["lab"]
        split = {kind for kind in kinds if not self.crowded and self.chance(self.split_chance)}
        """Kinds that some modules divide over several resources: these are all of one category."""
        drawn = [kind for i, kind in enumerate(drawn) if drawn[:i].count(kind) < 2]
        if split and len(drawn) < 3:
            drawn += [kind for kind in drawn if kind in split and drawn.count(kind) < 2]
        resources = [
            Resource(
                **named(f"R{i}"),
                kind=kind,
                category=self.draw_category(kind, kind in split),
                owner=self.maybe(0.3, rng.choice(["college", "plant"])),
                places=60 if self.crowded else self.draw_places(kind in split),
                fee_per_hour_kzt=rng.choice([0, 500, 2_000]) if self.chance(self.fee_chance) else 0,
                travel_cost_kzt=rng.choice([10_000, 40_000]) if self.chance(self.travel_chance) else 0,
            )
            for i, kind in enumerate(drawn, 1)
        ]
        here = sorted({resource.kind for resource in resources})
        needs: list[ModuleResource] = []
        for module in self.modules:
            given = [kind for kind in KINDS if module.hours(kind) > 0 or self.chance(0.05)]
            for kind in here:
                if self.chance(0.95 if self.crowded else 0.45 if kind in split else 0.6):
                    hours_kinds = self.draw_hours_kinds(kind, given)
                    if kind == "post" and kind in split and "theory" in hours_kinds:
                        hours_kinds = ["theory"]
                    needs += [
                        ModuleResource(
                            module=module.id,
                            resource_kind=kind,
                            hours_kind=hours_kind,
                            hours_share=1.0 if kind == "firm" else rng.choice([1.0, 1.0, 0.5]),
                            may_split=kind in split and (i == 0 or self.chance(0.5)),
                        )
                        for i, hours_kind in enumerate(hours_kinds)
                    ]
        return resources, needs

    def draw_category(self, kind: str, split: bool) -> str:
        """Draw the category of a resource; only enterprises count for the dual share."""
        choices = {
            "lab": ["laboratory", "workshop"],
            "post": ["teacher_post"],
            "firm": ["enterprise", "enterprise", "training_plant"],
        }[kind]
        return choices[0] if split else self.rng.choice(choices)

    def draw_places(self, split: bool) -> int | None:
        """Draw the places; large where an intake may be split, so that there are few ways to do so."""
        if split:
            return self.rng.choice([20, 25, 40])
        return self.maybe(0.5, self.rng.choice([8, 12, 25]))

    def draw_hours_kinds(self, kind: str, given: Sequence[str]) -> list[str]:
        """Draw the hours that need the resource; a teacher mostly gives the theory."""
        at_work = [k for k in AT_WORK if k in given]
        if kind == "firm" and at_work and self.chance(0.8):
            return at_work
        if kind == "post" and "theory" in given and self.chance(0.7):
            return ["theory", *(k for k in given if k != "theory" and self.chance(0.5))]
        return self.rng.sample(given, k=min(len(given), 3 if self.crowded else self.rng.choice([1, 2])))

    def draw_capacity(
        self, resources: Sequence[Resource], needs: Sequence[ModuleResource]
    ) -> list[ResourceCapacity]:
        """Draw hours that hold one to three uses of a typical module."""
        rng = self.rng
        rows = []
        sizes = [1.0, 1.0, 1.3, 2.0] if self.crowded else [0.8, 1.0, 1.3, 2.0, 3.0]
        for resource in resources:
            if self.chance(0.1):
                continue
            hours = [
                module.hours(row.hours_kind) * row.hours_share
                for row in needs
                for module in self.modules
                if row.resource_kind == resource.kind and row.module == module.id
            ]
            learners = max(programme.learners for programme in self.programmes)
            typical = max(hours, default=12.0) * math.ceil(learners / (resource.places or 15))
            semesters = ["*-1"] if self.crowded and self.chance(0.7) else ["*-1", "*-2"]
            if self.chance(0.4):
                semesters += rng.sample(["2026-1", "2026-2", "2027-1", "2027-2"], k=rng.randint(1, 2))
            for semester in semesters:
                if self.crowded or self.chance(0.97):
                    free = math.ceil(typical * rng.choice(sizes))
                    if not self.crowded and self.chance(0.95):
                        free = max(free, math.ceil(self.planted_hours(resource, needs, semester[-1])))
                    committed = (
                        rng.choice([6.0, 12.0, 1000.0]) if self.chance(0.3 - 0.3 * self.crowded) else 0.0
                    )
                    rows.append(
                        ResourceCapacity(
                            resource=resource.id,
                            semester=semester,
                            hours=free + committed,
                            committed_hours=committed,
                        )
                    )
        return rows

    def planted_hours(self, resource: Resource, needs: Sequence[ModuleResource], half: str) -> float:
        """Return the hours of the planted plans in all autumns or springs, if all meet in one resource."""
        total = 0.0
        size = resource.places or float(self.sizes.get("subgroup_size", "1000"))
        for programme in self.programmes:
            first = int(programme.start[-1])
            for term in range(1, programme.terms + 1):
                for module, part in self.running_in(programme.id, term):
                    if (first + term) % 2 + 1 == int(half):
                        total += math.ceil(programme.learners / size) * sum(
                            module.hours(row.hours_kind) * row.hours_share * part
                            for row in needs
                            if (row.module, row.resource_kind) == (module.id, resource.kind)
                        )
        return total

    def draw_money(self) -> dict[str, Any]:
        """Draw sources, their budgets about what the planted plans cost, and what they may carry."""
        if not self.chance(0.8):
            return {}
        rng = self.rng
        sources = [f"S{i}" for i in range(1, rng.choice([1, 1, 2, 2, 3]) + 1)]
        tables: dict[str, Any] = {"funding_sources": tuple(FundingSource(**named(s)) for s in sources)}
        if self.chance(0.5):
            tables["funding_limits"] = tuple(self.draw_funding_limits(sources))
        if self.chance(0.93):
            tables["funding_budgets"] = tuple(self.draw_budgets(sources))
        return tables

    def draw_budgets(self, sources: Sequence[str]) -> list[FundingBudget]:
        """Draw budgets by year and for any year."""
        rng = self.rng
        planted = self.planted_kzt()
        whole = sum(m.setup_cost_kzt + m.cost_per_group_kzt for m in self.modules)
        yearly = rng.choice(self.yearly_chances)
        rows = []
        for source in sources:
            if self.chance(yearly):
                for year in range(2026, 2029):
                    due = sum(planted.get(y, 0) for y in ([year] if self.chance(0.6) else planted))
                    amount = self.draw_amount(due * rng.choice([0.7, 1, 1.2, 2]))
                    if self.chance(0.75):
                        rows.append(FundingBudget(source=source, year=year, budget_kzt=amount))
            if self.chance(1.0 if not yearly else 0.4):
                most = max(
                    whole * rng.choice([0.1, 0.2, 0.4]), sum(planted.values()) * rng.choice([0.7, 1, 1.2, 2])
                )
                rows.append(
                    FundingBudget(
                        source=source,
                        budget_kzt=self.draw_amount(most / len(sources)),
                        per_learner_kzt=rng.choice([0, 0, 1_000, 3_000]),
                    )
                )
        return rows

    def draw_amount(self, about: float) -> int:
        """Round up to whole ten thousands."""
        return math.ceil(about / 10_000) * 10_000

    def draw_funding_limits(self, sources: Sequence[str]) -> list[FundingLimit]:
        rng = self.rng
        rows = {}
        for _ in range(rng.choice([1, 1, 2, 3])):
            row = FundingLimit(
                source=rng.choice(sources),
                module=self.maybe(0.35, rng.choice(self.modules).id),
                section=self.maybe(0.35, rng.choice(self.modules).section),
                cost_part=self.maybe(0.4, rng.choice(["setup", "setup", "delivery", "fees", "travel"])),
                max_share=rng.choice([0.0, 0.25, 0.5, 0.5, 0.8]),
            )
            rows[row.key_values()] = row
        return list(rows.values())

    def planted_kzt(self) -> dict[int, int]:
        """Return about what the planted plans cost in each year, without fees and travel."""
        running = {row.module for row in self.standings if row.current_term is not None}
        current = {(row.programme, row.module) for row in self.standings if row.current_term is not None}
        size = float(self.profile.get("group_size", "1000"))
        found: dict[int, int] = {}
        for programme in self.programmes:
            for m in self.modules_in(programme.id):
                half = 2 * int(programme.start[:4]) + int(programme.start[-1]) - 1
                year = (half + self.planted[programme.id][m.id]) // 2
                if (programme.id, m.id) not in current:
                    kzt = m.cost_per_group_kzt * math.ceil(programme.learners / size)
                    if m.id not in running and not m.already_open:
                        kzt += m.setup_cost_kzt
                        running.add(m.id)
                    found[year] = found.get(year, 0) + kzt
        return found

    def draw_profile(self, resources: Sequence[Resource], needs: Sequence[ModuleResource]) -> dict[str, str]:
        rng = self.rng
        values = {
            "hours_per_credit": str(HOURS_PER_CREDIT),
            "credit_step": "0.5",
            "self_study_inside_credit": "yes" if self.inside else "no",
            **self.sizes,
        }
        drawn: list[tuple[float, str, str]] = [
            (
                0.7,
                "practice_share_denominator",
                rng.choice(["all", "basic+professional+practice", PRACTICAL]),
            ),
            (0.6, "weekly_hours_counts", rng.choice(["contact", "all"])),
            (0.5, "teaching_weeks_year", rng.choice(["3", "5", "7"])),
        ]
        values.update({key: value for probability, key, value in drawn if self.chance(probability)})
        if self.norms_rng.random() < 0.4:
            values[GUIDED] = self.norms_rng.choice(["yes", "yes", "no"])
        practice_share = self.draw_practice_share(values)
        if practice_share and self.chance(0.7):
            values["practice_share_min"] = str(practice_share)
        dual_share = self.draw_dual_share(resources, needs)
        if dual_share and self.chance(0.8):
            values["dual_share_min"] = str(dual_share)
        for key in ("change_share_ordinary", "change_share_dual"):
            if self.chance(0.3):
                values[key] = str(self.draw_change_share())
        if not self.crowded:
            values |= self.draw_weekly_hours(values) | self.draw_total_credits()
        return values

    def norms(self) -> tuple[ProfileEntry, ...]:
        """Return the rows of the profile, by themselves or over the norms of a named one.

        Under a named profile single norms are dropped, and so is what it asks beyond what was drawn, but
        for what a catalog of a few credits can keep.
        """
        rng, values = self.norms_rng, dict(self.profile)
        if self.named_profile is None:
            return entries(values)
        norms = named_norms(self.named_profile)
        assert norms is not None
        for key in norms:
            drawn, inherited = (0.15 if key in DROPPED else 0.0), (0.5 if key in INHERITED else 1.0)
            if rng.random() < (drawn if key in values else inherited):
                values[key] = "off"
            elif norms[key].value == values.get(key) and rng.random() < 0.5:
                del values[key]
        return with_overrides(norms, entries(values))

    def draw_dual_share(self, resources: Sequence[Resource], needs: Sequence[ModuleResource]) -> float:
        """Draw the least dual share, mostly one that the planted plans have, in steps of 0.05."""
        firms = {row.kind for row in resources if row.category.value == "enterprise"}
        shares = [1.0]
        for programme in (row for row in self.programmes if row.dual):
            away = whole = 0.0
            for module in self.modules_in(programme.id):
                whole += sum(module.hours(kind) for kind in AT_WORK)
                away += sum(
                    module.hours(row.hours_kind) * row.hours_share
                    for row in needs
                    if row.module == module.id
                    and row.resource_kind in firms
                    and row.hours_kind.value in AT_WORK
                )
            fixed = [row for row in self.fixed if row.programme == programme.id]
            whole += sum(row.hours(kind) for row in fixed for kind in AT_WORK)
            if whole:
                shares.append(away / whole)
        return self.at_most(self.rng.choice([0.5, 0.8, 1.0]), math.floor(min(shares) * 20) / 20)

    def draw_change_share(self) -> float:
        """Draw the share of today's hours that may go, mostly so as to admit what is planted."""
        gone = [0.0]
        for programme in self.programmes:
            rows = [r for r in self.standings if r.programme == programme.id and r.current_term is not None]
            hours = {m.id: m.total_hours for m in self.modules}
            today = sum(hours[row.module] for row in rows)
            lost = sum(hours[row.module] for row in rows if row.module not in self.planted[programme.id])
            gone.append(lost / today if today else 0.0)
        return self.at_least(self.rng.choice([0.0, 0.2, 0.3, 0.5]), min(1.0, math.ceil(max(gone) * 20) / 20))

    def draw_practice_share(self, values: dict[str, str]) -> float:
        """Draw the least practice share, mostly one that the planted plans have, in steps of 0.05."""
        word = values.get("practice_share_denominator", "all")
        shares = [1.0]
        for programme in self.programmes:
            fixed = [row for row in self.fixed if row.programme == programme.id]
            loads: list[Module | ProgrammeFixedLoad] = [*fixed, *self.modules_in(programme.id)]
            counted = [load for load in loads if word == "all" or load.section.value in word.split("+")]
            hours = sum(load.total_hours for load in counted)
            if hours:
                shares.append(sum(load.practice_hours for load in counted) / hours)
        planted = math.floor(min(shares) * 20) / 20
        return self.at_most(self.rng.choice([0.5, 0.6, 0.8]), planted)

    def draw_total_credits(self) -> dict[str, str]:
        """Draw the least credits by qualification level and entry base, about those planted."""
        values = {}
        for programme in self.programmes:
            planted = credits_of(self.modules_in(programme.id))
            level = (programme.qualification or "").rstrip("0123456789")
            if self.chance(0.3):
                least = self.at_most(planted + 0.5, _half(planted * self.rng.choice([0.7, 1.0])))
                values[f"total_credits_{level}_{programme.entry_base}"] = str(max(0.5, least))
        return values

    def draw_weekly_hours(self, values: dict[str, str]) -> dict[str, str]:
        """Draw weekly limits about the fullest week of the planted plans."""
        guided = values.get(GUIDED) == "yes"
        contact = self.fullest_week(values, "self_study" if guided else "self")
        every = self.fullest_week(values, "none")
        counted = every if values.get("weekly_hours_counts") == "all" else contact
        drawn: dict[str, str] = {}
        for key, probability, hours in (("weekly_hours", 0.55, counted), ("weekly_hours_all", 0.35, every)):
            if self.chance(probability):
                drawn[key] = str(
                    max(1, math.ceil(hours * self.rng.choice([0.9, 1.0, 1.0, 1.0, 1.1, 1.2, 1.5])))
                )
        return drawn

    def fullest_week(self, values: dict[str, str], left_out: str) -> float:
        """Return the most hours a week in any term, as planted, without some kinds; fixed hours included."""
        most = 12.0
        for programme in self.programmes:
            for term in range(1, programme.terms + 1):
                loads = [row for row in self.fixed if (row.programme, row.term) == (programme.id, term)]
                here = [*((load, 1.0) for load in loads), *self.running_in(programme.id, term)]
                rows = [row for row in self.terms if (row.programme, row.term) == (programme.id, term)]
                weeks = rows[0].weeks if rows else None
                weeks = weeks or float(values.get("teaching_weeks_year", "60")) / 2
                hours = sum(
                    load.hours(kind) * part
                    for load, part in here
                    for kind in KINDS
                    if not (left_out == "self" and "self" in kind) and kind != left_out
                )
                most = max(most, hours / weeks)
        return most


def entries(values: Mapping[str, str]) -> tuple[ProfileEntry, ...]:
    return tuple(ProfileEntry(key=key, value=value) for key, value in values.items())


def named(name: str) -> dict[str, str]:
    """Return an id, and the same as name in all languages."""
    return {"id": name, "name_kk": name, "name_ru": name, "name_en": name}


def credits_of(modules: Iterable[Module]) -> float:
    """Add the credits of modules."""
    return sum(module.credits or 0.0 for module in modules)


def _half(some_credits: float) -> float:
    """Round down to the credit step of one half."""
    return math.floor(some_credits * 2) / 2


# --- shrinking


def shrink(catalog: Catalog, fails: Callable[[Catalog], bool]) -> Catalog:
    """Delete rows while the failure persists, and return the smallest catalog found.

    Rows that refer to a deleted row go with it; the shares of the targets are stretched back to 1.
    A catalog on which `fails` raises counts as one that does not fail.
    """
    changed = True
    while changed:
        changed = False
        for table in TABLES:
            for row in catalog.table(table):
                if not any(row is other for other in catalog.table(table)):
                    continue
                smaller = without(catalog, row)
                if smaller.programmes and _fails(smaller, fails):
                    catalog, changed = smaller, True
    return catalog


def _fails(catalog: Catalog, fails: Callable[[Catalog], bool]) -> bool:
    try:
        return fails(catalog)
    except Exception:  # a catalog that breaks the test itself shows nothing about the failure
        return False


def without(catalog: Catalog, row: Record) -> Catalog:
    """Return the catalog less a row and all rows that refer to it."""
    tables = {name: [r for r in catalog.table(name) if r is not row] for name in TABLES}
    before = -1
    while (size := sum(map(len, tables.values()))) != before:
        before = size
        ids = {name: {getattr(r, "id", None) for r in rows} for name, rows in tables.items()}
        for name, rows in tables.items():
            tables[name] = [r for r in rows if _refers_well(r, name, ids)]
    tables["targets"] = _stretched([r for r in tables["targets"] if isinstance(r, Target)])
    return catalog.replace(**{name: tuple(rows) for name, rows in tables.items()})


def _refers_well(row: Record, table: str, ids: dict[str, set[Any]]) -> bool:
    for name in RECORD_OF_TABLE[table].columns():
        referred = RECORD_OF_TABLE[table].column_info(name).get("references")
        value = getattr(row, name, None)
        if referred and value is not None and value not in ids[referred]:
            return False
    return True


def _stretched(targets: Sequence[Target]) -> list[Record]:
    sums: dict[str, float] = {}
    for row in targets:
        sums[row.programme] = sums.get(row.programme, 0.0) + row.share
    return [row.model_copy(update={"share": min(1.0, row.share / sums[row.programme])}) for row in targets]
