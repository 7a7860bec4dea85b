"""A catalog built in code: no files at all, from the records to the plan.

Run it with ``python examples/catalog_in_code.py``.
"""

from typing import Any

import curriplan
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    Module,
    ModuleOutcome,
    ModuleRequisite,
    Occupation,
    OccupationRequirement,
    Programme,
    Section,
    Target,
)


def names(text: str) -> dict[str, Any]:
    """Return one name for all three languages."""
    return {"name_kk": text, "name_ru": text, "name_en": text}


def module(name: str, hours: float, cost_kzt: int) -> Module:
    """Return a module of practical work; 24 hours are one credit."""
    return Module(
        id=name,
        **names(name),
        section=Section.PROFESSIONAL,
        credits=hours / 24,
        laboratory_practical_hours=hours,
        cost_per_group_kzt=cost_kzt,
    )


catalog = Catalog(
    info=CatalogInfo(schema=1, id="in-code", version="1", language="en"),
    competencies=(Competency(id="BACKUP", **names("backing up data")),),
    occupations=(Occupation(id="DBA", **names("database administrator")),),
    occupation_requirements=(
        OccupationRequirement(occupation="DBA", competency="BACKUP", level=4, importance=1.0, essential=True),
    ),
    modules=(module("BACKUP-1", 48, 200_000), module("BACKUP-2", 72, 300_000)),
    module_outcomes=(
        ModuleOutcome(module="BACKUP-1", competency="BACKUP", entry_level=0, exit_level=2),
        ModuleOutcome(module="BACKUP-2", competency="BACKUP", entry_level=2, exit_level=4),
    ),
    module_requisites=(ModuleRequisite(module="BACKUP-2", requires="BACKUP-1"),),
    programmes=(Programme(id="SOFT", **names("software developer"), start="2026-1", terms=4, learners=25),),
    targets=(Target(programme="SOFT", occupation="DBA", share=1.0),),
)

result = curriplan.optimize(catalog)
print(result.modules.to_string(index=False))
print(f"closure {result.after.objectives['closure']:.0%}, new money {result.after.cost_kzt} KZT")
