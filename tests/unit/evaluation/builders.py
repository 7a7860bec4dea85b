"""A college small enough for mental arithmetic, in which every rule has something to say.

Programme P, 30 learners, 2 groups of 25, repeats from autumn 2026; two terms of 4 weeks.

====  =========  =======  =====  ===========  =====  =====  =======
id    section    credits  hours  teaches      setup  group  standing
====  =========  =======  =====  ===========  =====  =====  =======
K     basic      2        48     -            -      -      mandatory, today in term 1, position 1
E     profess.   1        24     D 0 to 1     -      -      existing, today in term 2, position 1
A     profess.   2        48     C 0 to 1     1000   100    candidate
B     profess.   3        72     C 1 to 2     2000   200    candidate, requires A
D1    profess.   1        24     D 0 to 1     100    50     candidate, in term 2 only
X     profess.   1        24     -            -      -      forbidden
====  =========  =======  =====  ===========  =====  =====  =======

Half of each module's hours are theory, half laboratory work. H is the header of A and B. Term 1 has
24 fixed hours of general theory: 1 credit. Programme Q, 10 learners, repeats from autumn 2027, has
level 1 of C at entry and may take A and D1; the good plan gives it nothing.

The occupation O of both needs C at 2 (essential, importance 1) and D at 1 (importance 0.5).

The good plan of P takes K and A in term 1, B and E in term 2: 2 + 2 + 1 fixed = 5 credits and
48 + 48 + 24 = 120 hours in term 1, 3 + 1 = 4 credits and 72 + 24 = 96 hours in term 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from curriplan.catalog.records import (
    Baseline,
    Catalog,
    CatalogInfo,
    Competency,
    CostPart,
    Floor,
    FundingBudget,
    FundingSource,
    Module,
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
    Resource,
    ResourceCapacity,
    Target,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.result import Evaluation
from curriplan.plan.plan import Payment, Selection, Site, Start
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

PROFILE = {
    "hours_per_credit": "24",
    "group_size": "25",
    "subgroup_size": "13",
    "teaching_weeks_year": "8",
    "weekly_hours": "36",
    "weekly_hours_all": "54",
    "practice_share_min": "0.4",
    "practice_share_denominator": "professional+practice",
    "total_credits_4S_grade9": "8",
}


def profile(**changes: str) -> tuple[ProfileEntry, ...]:
    """The profile with some values changed."""
    return tuple(ProfileEntry(key=key, value=value) for key, value in {**PROFILE, **changes}.items())


def module(name: str, size: float, section: str = "professional", **columns: Any) -> Module:
    """A module of `size` credits, 24 hours each, half theory and half laboratory work."""
    hours = {"theory_hours": size * 12, "laboratory_practical_hours": size * 12}
    return Module(id=name, section=section, credits=size, **{**hours, **columns})


def standing(programme: str, name: str, status: str, **columns: Any) -> ProgrammeModule:
    return ProgrammeModule(programme=programme, module=name, status=status, **columns)


def programme_p(**columns: Any) -> Programme:
    values: dict[str, Any] = {
        "start": "2026-1",
        "terms": 2,
        "repeats": True,
        "learners": 30,
        "qualification": "4S06130103",
        "entry_base": "grade9",
        "max_credits": 10,
    }
    return Programme(id="P", **{**values, **columns})


def programme_q(**columns: Any) -> Programme:
    values: dict[str, Any] = {"start": "2027-1", "terms": 2, "repeats": True, "learners": 10}
    return Programme(id="Q", **{**values, **columns})


def term_1(**columns: Any) -> ProgrammeTerm:
    values = {"weeks": 4, "min_credits": 4, "max_credits": 6, "min_modules": 1, "max_modules": 3}
    return ProgrammeTerm(programme="P", term=1, **{**values, **columns})


def outcome(name: str, competency: str, entry: int, exit_level: int) -> ModuleOutcome:
    return ModuleOutcome(module=name, competency=competency, entry_level=entry, exit_level=exit_level)


def capacity(resource: str, semester: str, hours: float, committed: float = 0.0) -> ResourceCapacity:
    return ResourceCapacity(resource=resource, semester=semester, hours=hours, committed_hours=committed)


MODULES = (
    Module(id="H", section="professional"),
    module("K", 2, "basic"),
    module("E", 1),
    module("A", 2, parent="H", setup_cost_kzt=1000, cost_per_group_kzt=100),
    module("B", 3, parent="H", setup_cost_kzt=2000, cost_per_group_kzt=200),
    module("D1", 1, setup_cost_kzt=100, cost_per_group_kzt=50),
    module("X", 1),
    module("LOOSE", 1),
)
OUTCOMES = (
    outcome("E", "D", 0, 1),
    outcome("A", "C", 0, 1),
    outcome("B", "C", 1, 2),
    outcome("D1", "D", 0, 1),
)
STANDINGS = (
    standing("P", "K", "mandatory", current_term=1, position=1),
    standing("P", "E", "existing", current_term=2, position=1),
    standing("P", "A", "candidate"),
    standing("P", "B", "candidate"),
    standing("P", "D1", "candidate", allowed_terms="2"),
    standing("P", "X", "forbidden"),
    standing("Q", "A", "candidate"),
    standing("Q", "D1", "candidate"),
)
# P: A in L1 (15 places, 2 sub-groups) uses 24 h · 2 = 48 h, B 36 h · 2 = 72 h; A in L2 (10 places, 3
# sub-groups) 72 h. A's 24 hours of theory take the teacher 24 h · 2 groups = 48 h.
CAPACITY = (
    capacity("L1", "2026-1", 60, 10),
    capacity("L1", "*-1", 90),
    capacity("L1", "*-2", 80),
    capacity("L2", "*-1", 50),
    capacity("T", "*-1", 100),
    capacity("T", "*-2", 100),
)
RESOURCES = (
    Resource(id="L1", kind="lab", category="laboratory", places=15),
    Resource(id="L2", kind="lab", category="laboratory", places=10),
    Resource(id="T", kind="teacher", category="teacher_post"),
)


def needs(name: str, kind: str, hours_kind: str, share: float = 1.0) -> ModuleResource:
    return ModuleResource(module=name, resource_kind=kind, hours_kind=hours_kind, hours_share=share)


def college(**tables: Any) -> Catalog:
    """The college, with some tables replaced."""
    rows: dict[str, Any] = {
        "competencies": (Competency(id="C"), Competency(id="D")),
        "occupations": (Occupation(id="O"),),
        "occupation_requirements": (
            OccupationRequirement(occupation="O", competency="C", level=2, importance=1, essential=True),
            OccupationRequirement(occupation="O", competency="D", level=1, importance=0.5, essential=False),
        ),
        "modules": MODULES,
        "module_outcomes": OUTCOMES,
        "module_requisites": (ModuleRequisite(module="B", requires="A"),),
        "resources": RESOURCES,
        "resource_capacity": CAPACITY,
        "module_resources": (
            needs("A", "lab", "laboratory_practical"),
            needs("A", "teacher", "theory"),
            needs("B", "lab", "laboratory_practical"),
        ),
        "programmes": (programme_p(), programme_q()),
        "programme_terms": (term_1(),),
        "programme_fixed_hours": (
            ProgrammeFixedLoad(programme="P", term=1, section="general", theory_hours=24),
        ),
        "programme_modules": STANDINGS,
        "baseline": (Baseline(programme="Q", competency="C", level=1),),
        "targets": (
            Target(programme="P", occupation="O", share=1),
            Target(programme="Q", occupation="O", share=1),
        ),
        "funding_sources": (FundingSource(id="S1"), FundingSource(id="S2")),
        # 2000 of S1, and of S2 1600 + 10 for each of the 40 learners = 2000.
        "funding_budgets": (
            FundingBudget(source="S1", budget_kzt=2000),
            FundingBudget(source="S2", budget_kzt=1600, per_learner_kzt=10),
        ),
        "floors": (
            Floor(competency="C", level=1),
            Floor(competency="C", level=2, programme="P"),
        ),
        "profile": profile(),
    }
    return Catalog(CatalogInfo(id="college"), **{**rows, **tables})


def starts(*words: str) -> tuple[Start, ...]:
    """Read ``P:A@1`` as: P takes A in term 1."""
    parts = (word.replace("@", ":").split(":") for word in words)
    return tuple(Start(programme, name, int(term)) for programme, name, term in parts)


def sites(*words: str) -> tuple[Site, ...]:
    """Read ``P:A:L1`` as: P uses L1 for A; ``P:A:L1:2``: for two parts of it."""
    rows = (word.split(":") for word in words)
    return tuple(Site(*ids[:3], *(int(parts) for parts in ids[3:])) for ids in rows)


def payments(*words: str) -> tuple[Payment, ...]:
    """Read ``S1:A:setup:2026:1000`` as: S1 pays 1000 KZT for the set-up of A in 2026."""
    rows = (word.split(":") for word in words)
    return tuple(
        Payment(source, name, CostPart(part), int(year), int(kzt)) for source, name, part, year, kzt in rows
    )


GOOD_STARTS = ("P:K@1", "P:A@1", "P:B@2", "P:E@2")
GOOD_SITES = ("P:A:L1", "P:A:T", "P:B:L1")
GOOD_PAYMENTS = (
    "S1:A:setup:2026:1000",
    "S1:A:delivery:2026:200",
    "S1:B:setup:2027:800",
    "S2:B:setup:2027:1200",
    "S2:B:delivery:2027:400",
)
"""A costs 1000 + 100 · 2 groups in autumn 2026, B 2000 + 200 · 2 in spring 2027; S1 has 2000."""


def good(
    more: Iterable[str] = (),
    without: Iterable[str] = (),
    paid: Iterable[str] = (),
) -> Selection:
    """The good plan with some starts (``P:A@1``) and sites (``P:A:L1``) more, and some less."""
    left_out = set(without)
    words = [*(word for word in (*GOOD_STARTS, *GOOD_SITES) if word not in left_out), *more]
    return Selection(
        starts(*(word for word in words if "@" in word)),
        sites(*(word for word in words if "@" not in word)),
        payments(*paid),
    )


def limits_of(catalog: Catalog, **settings: Any) -> Limits:
    return effective_limits(catalog, Settings(**settings))


def problem_of(catalog: Catalog, **settings: Any) -> Problem:
    return Problem.of(catalog, Settings(**settings))


def evaluated(catalog: Catalog, selection: Selection, **settings: Any) -> Evaluation:
    return evaluate(problem_of(catalog, **settings), selection)
