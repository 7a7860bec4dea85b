"""Tiny catalogs, one a rule, whose LP files are small enough to read."""

from __future__ import annotations

from typing import Any

from curriplan.model import (
    Baseline,
    Catalog,
    CatalogInfo,
    Competency,
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


def module(name: str, credits: float = 2, section: str = "professional", **columns: Any) -> Module:
    """A module of 24 hours a credit, half theory and half laboratory work."""
    half = credits * 12
    hours = {"theory_hours": half, "laboratory_practical_hours": half}
    return Module(id=name, section=section, credits=credits, **{**hours, **columns})


def base(**tables: Any) -> Catalog:
    """One programme P of two terms, two modules: A lifts C from 0 to 1, B from 1 to 2."""
    rows: dict[str, Any] = {
        "competencies": (Competency(id="C"),),
        "occupations": (Occupation(id="O"),),
        "occupation_requirements": (
            OccupationRequirement(occupation="O", competency="C", level=2, importance=1, essential="yes"),
        ),
        "modules": (module("A"), module("B", 3)),
        "module_outcomes": (
            ModuleOutcome(module="A", competency="C", exit_level=1),
            ModuleOutcome(module="B", competency="C", entry_level=1, exit_level=2),
        ),
        "programmes": (Programme(id="P", start="2026-1", terms=2, learners=30),),
        "targets": (Target(programme="P", occupation="O", share=1),),
        "profile": (
            ProfileEntry(key="hours_per_credit", value="24"),
            ProfileEntry(key="group_size", value="25"),
            ProfileEntry(key="subgroup_size", value="13"),
        ),
    }
    return Catalog(CatalogInfo(id="tiny"), **{**rows, **tables})


def profile(**values: str) -> tuple[ProfileEntry, ...]:
    return (*base().profile, *(ProfileEntry(key=key, value=value) for key, value in values.items()))


def of_programme(*rows: tuple[str, dict[str, Any]]) -> tuple[ProgrammeModule, ...]:
    return tuple(ProgrammeModule(programme="P", module=name, **columns) for name, columns in rows)


INSTANCES: dict[str, Catalog] = {
    # A is mandatory, B may start in term 2 only; opening B costs new money.
    "§1": base(
        modules=(module("A"), module("B", 3, setup_cost_kzt=1000)),
        programme_modules=of_programme(
            ("A", {"status": "mandatory"}), ("B", {"status": "candidate", "allowed_terms": "2"})
        ),
    ),
    # The baseline 1 leaves the step to level 2, which only B teaches; E teaches nothing.
    "§2": base(
        modules=(module("A"), module("B", 3), module("E", 1)),
        baseline=(Baseline(programme="P", competency="C", level=1),),
    ),
    # B needs level 1 of C, from A. Both are taught in term 1 today, A first: B may lean on A there.
    "§3": base(
        programme_modules=of_programme(
            ("A", {"status": "existing", "current_term": 1, "position": 1}),
            ("B", {"status": "existing", "current_term": 1, "position": 2}),
        ),
    ),
    # B requires A, or else E; E comes no earlier than A; F stands beside E; Z requires X, which the
    # programme may not take.
    "§4": base(
        modules=tuple(module(name, 1) for name in "ABEFXZ"),
        module_requisites=(
            ModuleRequisite(module="B", requires="A", any_of="either"),
            ModuleRequisite(module="B", requires="E", any_of="either"),
            ModuleRequisite(module="E", requires="A", kind="corequisite"),
            ModuleRequisite(module="F", requires="E", kind="strict_corequisite"),
            ModuleRequisite(module="Z", requires="X"),
        ),
        programme_modules=of_programme(
            *((name, {"status": "candidate"}) for name in "ABEFZ"), ("X", {"status": "forbidden"})
        ),
    ),
    # Of A and B, which exclude each other, one at most; E is outside the group.
    "§5": base(
        modules=(module("A", exclusive_group="G"), module("B", 3, exclusive_group="G"), module("E", 1)),
    ),
    # 1 fixed credit (24 h theory) in term 1; at least 4 and at most 6 credits in all; at most one
    # module and 3 credits in term 1; contact hours ≤ 36 a week and all hours ≤ 54 over 2 weeks.
    "§6": base(
        programmes=(Programme(id="P", start="2026-1", terms=2, learners=30, min_credits=4, max_credits=6),),
        modules=(
            module("A"),
            module("B", 3, theory_hours=36, laboratory_practical_hours=12, self_study_hours=24),
        ),
        programme_terms=(
            ProgrammeTerm(programme="P", term=1, weeks=2, min_credits=1, max_credits=3, max_modules=1),
        ),
        programme_fixed_hours=(
            ProgrammeFixedLoad(programme="P", term=1, section="general", theory_hours=24),
        ),
        profile=profile(weekly_hours="36", weekly_hours_all="54", weekly_hours_counts="contact"),
    ),
    # 40 % of the hours outside general education: A 24 of 48 (+4.8), B 12 of 72 (−16.8), fixed 0 of
    # 12 (−4.8); the general module G does not count.
    "§7": base(
        modules=(
            module("A"),
            module("B", 3, theory_hours=60, laboratory_practical_hours=12),
            module("G", 1, "general"),
        ),
        programme_fixed_hours=(ProgrammeFixedLoad(programme="P", term=1, section="basic", theory_hours=12),),
        profile=profile(practice_share_min="0.4", practice_share_denominator="basic+professional+practice"),
    ),
    # A needs a room for its 24 laboratory hours: L1 (15 places: 2 sub-groups, 48 h) or L2 (10: 3,
    # 72 h), and a teacher for its 24 theory hours (2 groups: 48 h). Autumn and spring differ.
    "§9": base(
        module_resources=(
            ModuleResource(module="A", resource_kind="lab", hours_kind="laboratory_practical"),
            ModuleResource(module="A", resource_kind="teacher", hours_kind="theory"),
        ),
        resources=(
            Resource(id="L1", kind="lab", category="laboratory", places=15),
            Resource(id="L2", kind="lab", category="laboratory", places=10),
            Resource(id="T", kind="teacher", category="teacher_post"),
        ),
        resource_capacity=(
            ResourceCapacity(resource="L1", semester="*-1", hours=60, committed_hours=20),
            ResourceCapacity(resource="L1", semester="2026-2", hours=50),
            ResourceCapacity(resource="L2", semester="*-1", hours=80),
            ResourceCapacity(resource="L2", semester="*-2", hours=70),
            ResourceCapacity(resource="T", semester="*-1", hours=100),
            ResourceCapacity(resource="T", semester="*-2", hours=0),
        ),
    ),
    # 5000 KZT and 100 for each of 30 learners: 8000. A runs already; B costs 1000 to open; 2 groups.
    "§10": base(
        modules=(
            module("A", setup_cost_kzt=9000, already_open="yes", cost_per_group_kzt=200),
            module("B", 3, setup_cost_kzt=1000, cost_per_group_kzt=300),
        ),
        funding_sources=(FundingSource(id="college"),),
        funding_budgets=(FundingBudget(source="college", budget_kzt=5000, per_learner_kzt=100),),
    ),
    # Everyone must reach level 2 of C: only B teaches it.
    "§11": base(floors=(Floor(competency="C", level=2),)),
    # Objectives. A is taught today: before is level 1 of C.
    "no_harm": base(
        programme_modules=of_programme(
            ("A", {"status": "existing", "current_term": 1}), ("B", {"status": "candidate"})
        )
    ),
    "closure": base(),
    "cost": base(modules=(module("A", cost_per_group_kzt=200), module("B", 3, setup_cost_kzt=1000))),
    "disruption": base(
        programme_modules=of_programme(
            ("A", {"status": "existing", "current_term": 1}), ("B", {"status": "candidate"})
        )
    ),
    # 1 fixed credit in term 1 and modules of 2 credits: the loads differ by 1 + 2k, so by 1 at least.
    "balance": base(
        modules=(module("A"), module("B")),
        programme_fixed_hours=(
            ProgrammeFixedLoad(programme="P", term=1, section="general", theory_hours=24),
        ),
    ),
}
