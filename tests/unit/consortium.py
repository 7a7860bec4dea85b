"""A consortium small enough for mental arithmetic.

Programme P, 30 learners in 2 groups, term 1 in 2026, term 2 in 2027. The occupation asks C, D, E and F at 1,
none essential, with importance 0.4, 0.3, 0.2 and 0.1: the closure is the sum of what is reached.

====  ========  ====  =========================================================
id    teaches   KZT   standing
====  ========  ====  =========================================================
A     C         1000  candidate, in term 1
B     D         1000  candidate, in term 2
L     E         -     candidate, in term 1, in the laboratory of EMP
Z     F         -     today in term 1; L and Z shut each other out
====  ========  ====  =========================================================

The college COL and the employer EMP have 1000 KZT each, of any year; the research body R has 1000 and may pay
for nothing. The best plan takes A, B and L: 0.9, for 2000 KZT, and drops Z.
"""

from __future__ import annotations

from typing import Any

from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    FundingBudget,
    FundingLimit,
    FundingSource,
    Module,
    ModuleOutcome,
    ModuleResource,
    Occupation,
    OccupationRequirement,
    ProfileEntry,
    Programme,
    ProgrammeModule,
    Resource,
    Target,
)


def named(name: str) -> dict[str, str]:
    return {"id": name, "name_kk": name, "name_ru": name, "name_en": name}


def module(name: str, **columns: Any) -> Module:
    """A module of a credit, half theory and half laboratory work."""
    hours = {"theory_hours": 12, "laboratory_practical_hours": 12}
    return Module(**{**named(name), "section": "professional", "credits": 1, **hours, **columns})


def standing(name: str, status: str, **columns: Any) -> ProgrammeModule:
    return ProgrammeModule(programme="P", module=name, status=status, **columns)


ASKED = {"C": ("A", 0.4), "D": ("B", 0.3), "E": ("L", 0.2), "F": ("Z", 0.1)}
MODULES = (
    module("A", cost_per_group_kzt=500),
    module("B", cost_per_group_kzt=500),
    module("L", exclusive_group="G"),
    module("Z", exclusive_group="G"),
)
STANDINGS = (
    standing("A", "candidate", allowed_terms="1"),
    standing("B", "candidate", allowed_terms="2"),
    standing("L", "candidate", allowed_terms="1"),
    standing("Z", "existing", current_term=1),
)


def consortium(**tables: Any) -> Catalog:
    """The consortium, with some tables changed."""
    rows: dict[str, Any] = {
        "competencies": tuple(Competency(**named(name)) for name in ASKED),
        "occupations": (Occupation(**named("O")),),
        "occupation_requirements": tuple(
            OccupationRequirement(
                occupation="O", competency=name, level=1, importance=importance, essential="no"
            )
            for name, (_, importance) in ASKED.items()
        ),
        "modules": MODULES,
        "module_outcomes": tuple(
            ModuleOutcome(module=taught_by, competency=name, exit_level=1)
            for name, (taught_by, _) in ASKED.items()
        ),
        "resources": (Resource(**named("LAB"), kind="lab", category="enterprise", source="EMP"),),
        "module_resources": (
            ModuleResource(module="L", resource_kind="lab", hours_kind="laboratory_practical"),
        ),
        "programmes": (Programme(**named("P"), start="2026-1", terms=2, learners=30),),
        "programme_modules": STANDINGS,
        "targets": (Target(programme="P", occupation="O", share=1),),
        "funding_sources": (
            FundingSource(**named("COL"), kind="college"),
            FundingSource(**named("EMP"), kind="employer"),
            FundingSource(**named("R"), kind="research"),
        ),
        "funding_budgets": tuple(FundingBudget(source=name, budget_kzt=1000) for name in ("COL", "EMP", "R")),
        "funding_limits": (FundingLimit(source="R", max_share=0),),
        "profile": (
            ProfileEntry(key="hours_per_credit", value="24"),
            ProfileEntry(key="group_size", value="25"),
        ),
    }
    return Catalog(CatalogInfo(id="consortium", version="1"), **{**rows, **tables})
