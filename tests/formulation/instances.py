"""Tiny catalogs, one or more a rule, whose LP files are small enough to read.

A name is a rule or an objective, with a word after a hyphen where there are several.
"""

from __future__ import annotations

from typing import Any

from curriplan.catalog.records import (
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
    LabourFunction,
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
    Resource,
    ResourceCapacity,
    Scenario,
    Target,
)
from curriplan.problem.limits import OutlookBest
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.review import Choice, ReviewDecision
from curriplan.problem.settings import Settings


def module(name: str, credits: float = 2, section: str = "professional", **columns: Any) -> Module:
    """A module of 24 hours a credit, half theory and half laboratory work."""
    half = credits * 12
    hours = {"theory_hours": half, "laboratory_practical_hours": half}
    return Module(id=name, section=section, credits=credits, **{**hours, **columns})


def base(**tables: Any) -> Catalog:
    """One programme P of two terms, two modules: A lifts C from 0 to 1, B from 1 to 2.

    Unless the rows say otherwise, each programme may take every module.
    """
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
    rows |= tables
    headers = {one.parent for one in rows["modules"]}
    rows.setdefault(
        "programme_modules",
        tuple(
            ProgrammeModule(programme=programme.id, module=one.id, status="candidate")
            for programme in rows["programmes"]
            for one in rows["modules"]
            if one.id not in headers
        ),
    )
    return Catalog(CatalogInfo(id="tiny"), **rows)


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
    # A runs two terms: B started in 2 finds nobody who has ended, in 3 it finds A started in 1. In term 1,
    # where both are taught today, B may lean on A beside it; that start is no part of the later rows.
    "§3-spans": base(
        programmes=(Programme(id="P", start="2026-1", terms=4, learners=30),),
        modules=(module("A", span_terms=2), module("B", 3, span_terms=2)),
        programme_modules=of_programme(
            ("A", {"status": "existing", "current_term": 1, "position": 1}),
            ("B", {"status": "existing", "current_term": 1, "position": 2}),
        ),
    ),
    # Lifting C over 1 (to source_level 2) requires D at 1. B and F do that, and neither has a row for D.
    # E teaches D; so do, by the transfer ⌊0.5 · 2⌋ = 1, F and B: each of them may follow the other.
    "§3-requires": base(
        competencies=(Competency(id="C"), Competency(id="D")),
        modules=(module("B", 3), module("E", 1), module("F", 1)),
        module_outcomes=(
            ModuleOutcome(module="B", competency="C", exit_level=2),
            ModuleOutcome(module="E", competency="D", exit_level=1),
            ModuleOutcome(module="F", competency="C", exit_level=2),
        ),
        competency_relations=(
            CompetencyRelation(source="C", target="D", kind="requires", level=1, source_level=2),
            CompetencyRelation(source="C", target="D", kind="transfers", factor=0.5),
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
    # A puts a quarter of its 2 credits into its first term and the rest into its second; it counts as one
    # module in each of them.
    "§6-spans": base(
        programmes=(Programme(id="P", start="2026-1", terms=3, learners=30, max_credits=4),),
        modules=(module("A", span_terms=2, span_weights="0.25;0.75"),),
        module_outcomes=(ModuleOutcome(module="A", competency="C", exit_level=1),),
        programme_terms=(ProgrammeTerm(programme="P", term=2, weeks=1, max_credits=3, max_modules=1),),
        profile=profile(weekly_hours="36"),
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
    # Half of the hours of production training (24 of A, 12 fixed) must be at an enterprise: 24 of A if its
    # site is W, none if it is the college's own plant O; 12·½ = 6 are asked by the fixed load.
    "§8": base(
        programmes=(Programme(id="P", start="2026-1", terms=2, learners=30, dual="yes"),),
        modules=(
            module("A", laboratory_practical_hours=0, production_training_hours=24),
            module("B", 3),
        ),
        programme_fixed_hours=(
            ProgrammeFixedLoad(programme="P", term=1, section="practice", production_training_hours=12),
        ),
        module_resources=(
            ModuleResource(module="A", resource_kind="plant", hours_kind="production_training"),
            ModuleResource(module="A", resource_kind="teacher", hours_kind="theory"),
        ),
        resources=(
            Resource(id="O", kind="plant", category="training_plant"),
            Resource(id="W", kind="plant", category="enterprise"),
            Resource(id="T", kind="teacher", category="teacher_post"),
        ),
        profile=profile(dual_share_min="0.5"),
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
    # 30 learners in parts of 15 (L1: at most 2, 24 h each) or 10 (L2: at most 3); so at least 2 parts. A
    # lasts both terms: half of the hours fall in each semester.
    "§9-split": base(
        modules=(module("A", span_terms=2),),
        module_outcomes=(ModuleOutcome(module="A", competency="C", exit_level=1),),
        module_resources=(
            ModuleResource(
                module="A", resource_kind="lab", hours_kind="laboratory_practical", may_split="yes"
            ),
        ),
        resources=(
            Resource(id="L1", kind="lab", category="laboratory", places=15),
            Resource(id="L2", kind="lab", category="laboratory", places=10),
        ),
        resource_capacity=(
            ResourceCapacity(resource="L1", semester="*-1", hours=20),
            ResourceCapacity(resource="L1", semester="*-2", hours=30),
            ResourceCapacity(resource="L2", semester="*-1", hours=40),
            ResourceCapacity(resource="L2", semester="*-2", hours=50),
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
    # Term 1 is in 2026, term 2 in 2027. A: set-up 1000 and 2 groups · 200 = 400. B: 36 h · 2 sub-groups ·
    # 10 = 720 fees and 2 · 50 = 100 travel at W, nothing at L. The college has 700 in 2026 and 900 of any
    # year; the state has 2000 in 2027, and pays a third of set-ups (333) and nothing of travel.
    "§10-payers": base(
        modules=(module("A", setup_cost_kzt=1000, cost_per_group_kzt=200), module("B", 3)),
        module_resources=(
            ModuleResource(module="B", resource_kind="lab", hours_kind="laboratory_practical"),
        ),
        resources=(
            Resource(id="L", kind="lab", category="laboratory", places=15),
            Resource(
                id="W",
                kind="lab",
                category="enterprise",
                places=15,
                fee_per_hour_kzt=10,
                travel_cost_kzt=50,
            ),
        ),
        funding_sources=(FundingSource(id="college"), FundingSource(id="state")),
        funding_budgets=(
            FundingBudget(source="college", year=2026, budget_kzt=700),
            FundingBudget(source="college", budget_kzt=900),
            FundingBudget(source="state", year=2027, budget_kzt=2000),
        ),
        funding_limits=(
            FundingLimit(source="state", cost_part="setup", max_share=1 / 3),
            FundingLimit(source="state", cost_part="travel", max_share=0),
        ),
    ),
    # Everyone must reach level 2 of C: only B teaches it.
    "§11": base(floors=(Floor(competency="C", level=2),)),
    # P begins in 2026-1, Q in 2026-2 and R, which repeats, in 2026-1: the floor binds Q and R.
    "§11-since": base(
        floors=(Floor(competency="C", level=2, since="2026-2"),),
        programmes=(
            Programme(id="P", start="2026-1", terms=1, learners=30),
            Programme(id="Q", start="2026-2", terms=1, learners=30),
            Programme(id="R", start="2026-1", terms=1, learners=30, repeats="yes"),
        ),
        targets=tuple(Target(programme=name, occupation="O", share=1) for name in "PQR"),
    ),
    # The earlier plan took A in term 1 and B in 2; one change at most, and term 1 (2026-1) is taught.
    "§12": base(modules=(module("A"), module("B", 3), module("E", 1))),
    # A (48 h) and the forbidden X (24 h) are taught today: 72 h, of which 40 % = 28.8 may go. X goes
    # anyhow, so of A 43.2 h must stay.
    "§12-share": base(
        modules=(module("A"), module("B", 3), module("X", 1)),
        programme_modules=of_programme(
            ("A", {"status": "existing", "current_term": 1}),
            ("B", {"status": "candidate"}),
            ("X", {"status": "forbidden", "current_term": 2}),
        ),
        profile=profile(change_share_ordinary="0.4"),
    ),
    # Alone P closes 0.8: at least 0.9 of that.
    # A stays in term 2, B is left out; C, no module of the catalog, cannot start.
    "§12-review": base(programmes=(Programme(id="P", start="2026-1", terms=2, learners=30),)),
    "§13": base(),
    # B starts with 50 learners or more: P has 30 and Q, of which every intake starts it in its one autumn,
    # 15; R is not planned and has 10 in 2027-1.
    "§14": base(
        programmes=(
            Programme(id="P", start="2026-1", terms=3, learners=30),
            Programme(id="Q", start="2026-1", terms=1, learners=15, repeats="yes"),
            Programme(id="R", start="2027-1", terms=1, learners=10),
        ),
        modules=(module("B", 3, min_learners=50),),
        module_outcomes=(ModuleOutcome(module="B", competency="C", exit_level=2),),
        programme_modules=(
            ProgrammeModule(programme="P", module="B", status="candidate"),
            ProgrammeModule(programme="Q", module="B", status="candidate"),
            ProgrammeModule(programme="R", module="B", status="existing", current_term=1),
        ),
        targets=tuple(Target(programme=name, occupation="O", share=1) for name in "PQR"),
    ),
    # F of the target O is served by A or B, G by a module that P may not take, H is of another occupation.
    "§15": base(
        occupations=(Occupation(id="O"), Occupation(id="U")),
        modules=(module("A"), module("B", 3), module("X", 1)),
        programme_modules=of_programme(
            ("A", {"status": "candidate"}), ("B", {"status": "candidate"}), ("X", {"status": "forbidden"})
        ),
        labour_functions=(
            LabourFunction(id="F", occupation="O"),
            LabourFunction(id="G", occupation="O"),
            LabourFunction(id="H", occupation="U"),
        ),
        module_functions=(
            ModuleFunction(module="A", labour_function="F"),
            ModuleFunction(module="B", labour_function="F"),
            ModuleFunction(module="X", labour_function="G"),
            ModuleFunction(module="A", labour_function="H"),
        ),
    ),
    # S pays half of what A costs and owns the laboratory of B, which is taught today: without S neither is
    # left, but for what the college alone can pay.
    "§16": base(
        modules=(module("A", cost_per_group_kzt=200), module("B", 3)),
        programme_modules=of_programme(
            ("A", {"status": "candidate"}), ("B", {"status": "existing", "current_term": 2})
        ),
        funding_sources=(FundingSource(id="K", kind="college"), FundingSource(id="S", kind="employer")),
        funding_budgets=(
            FundingBudget(source="K", budget_kzt=200),
            FundingBudget(source="S", budget_kzt=200),
        ),
        resources=(Resource(id="L", kind="lab", category="enterprise", source="S"),),
        module_resources=(
            ModuleResource(module="B", resource_kind="lab", hours_kind="laboratory_practical"),
        ),
    ),
    # Where both are taken, B does not start before A.
    "§4-order": base(module_requisites=(ModuleRequisite(module="B", requires="A", kind="order"),)),
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
    # 1 fixed credit in term 1, modules of 2 and 3: loads are whole credits. A is mandatory, so the two
    # terms share at least 3 credits: 1.5 in one of them, 2 as it must be whole.
    "peak": base(
        programme_modules=of_programme(("A", {"status": "mandatory"}), ("B", {"status": "candidate"})),
        programme_fixed_hours=(
            ProgrammeFixedLoad(programme="P", term=1, section="general", theory_hours=24),
        ),
    ),
    # B is not taken without A; E stands with A or B, so that either may be left out.
    "distance": base(
        modules=(module("A"), module("B", 3), module("E", 1)),
        programmes=(Programme(id="P", start="2026-1", terms=3, learners=30),),
        module_requisites=(
            ModuleRequisite(module="B", requires="A"),
            ModuleRequisite(module="E", requires="A", kind="corequisite", any_of="either"),
            ModuleRequisite(module="E", requires="B", kind="corequisite", any_of="either"),
        ),
    ),
    # U asks C at 3 and D at 1 and has 30 openings, V asks D at 1 and has 10. Learners bring C at 1: of U
    # they hold 1 of 4, times 30/40; a level of U is worth 3/16, D at 1 of V 1/4 more.
    "adaptability": base(
        competencies=(Competency(id="C"), Competency(id="D")),
        occupations=(Occupation(id="O"), Occupation(id="U"), Occupation(id="V")),
        occupation_requirements=(
            OccupationRequirement(occupation="O", competency="C", level=2, importance=1, essential="no"),
            OccupationRequirement(occupation="U", competency="C", level=3, importance=0.5, essential="no"),
            OccupationRequirement(occupation="U", competency="D", level=1, importance=0.5, essential="no"),
            OccupationRequirement(occupation="V", competency="D", level=1, importance=0.5, essential="no"),
        ),
        modules=(module("A"), module("B", 3)),
        module_outcomes=(
            ModuleOutcome(module="A", competency="D", exit_level=1),
            ModuleOutcome(module="B", competency="C", entry_level=1, exit_level=3),
        ),
        baseline=(Baseline(programme="P", competency="C", level=1),),
        demand=(
            Demand(occupation="U", year=2027, openings=30),
            Demand(occupation="V", year=2027, openings=10),
        ),
    ),
    "changes": base(),
    # O asks C at 2 since 2026-2 (C at 1 is brought), a floor of P asks D at 1 since 2026-1. Both are steps of
    # one level, reached and met at once, and essential: C weighs 2 · 0.5 of importance = 1, D 2. Q, the
    # running intake of P, graduates in 2026-2, P in 2027-1, which is H. C waits for 2 semesters at most,
    # D for 3; in 2026-2 Q has graduated, in 2027-1 both have:
    # lag = (1·2 + 2·3)/3 − (reach[Q,C,2] + held[C,2] + 2·reach[Q,D,1] + 2·held[D,1])/3, times 100.
    "lag": base(
        competencies=(Competency(id="C"), Competency(id="D")),
        occupation_requirements=(
            OccupationRequirement(
                occupation="O", competency="C", level=2, importance=0.5, essential="yes", since="2026-2"
            ),
        ),
        programmes=(
            Programme(id="P", start="2026-1", terms=3, learners=30),
            Programme(id="Q", start="2026-1", terms=2, learners=20, intake_of="P"),
        ),
        targets=tuple(Target(programme=name, occupation="O", share=1) for name in "PQ"),
        modules=(module("A"), module("B", 3)),
        module_outcomes=(
            ModuleOutcome(module="A", competency="D", exit_level=1),
            ModuleOutcome(module="B", competency="C", entry_level=1, exit_level=3),
        ),
        baseline=tuple(Baseline(programme=name, competency="C", level=1) for name in "PQ"),
        floors=(Floor(competency="D", level=1, programme="P", since="2026-1"),),
    ),
    # Two programmes reach 0.5 and 0.8 alone.
    "fairness": base(
        programmes=tuple(Programme(id=name, start="2026-1", terms=1, learners=30) for name in "PQ"),
        targets=tuple(Target(programme=name, occupation="O", share=1) for name in "PQ"),
    ),
    # Of O twice as many are wanted in BOOM; in AI all graduates go to the new N, which asks for D of E.
    "outlooks": base(
        competencies=tuple(Competency(id=name) for name in "CD"),
        occupations=tuple(Occupation(id=name) for name in "NO"),
        occupation_requirements=(
            OccupationRequirement(occupation="O", competency="C", level=2, importance=1, essential="yes"),
            OccupationRequirement(occupation="N", competency="D", level=1, importance=1, essential="no"),
        ),
        modules=(module("A"), module("B", 3), module("E")),
        module_outcomes=(*base().module_outcomes, ModuleOutcome(module="E", competency="D", exit_level=1)),
        targets=(
            Target(programme="P", occupation="O", share=1),
            Target(programme="P", occupation="N", share=1, scenario="AI"),
        ),
        scenarios=(Scenario(id="AI", probability=0.25), Scenario(id="BOOM", probability=0.75)),
        demand=(
            Demand(occupation="O", year=2030, openings=10),
            Demand(occupation="O", year=2030, scenario="BOOM", openings=20),
        ),
    ),
}

SETTINGS: dict[str, Settings] = {
    "§12": Settings(previous=(("P", "A", 1), ("P", "B", 2)), max_changes=1, taught_until="2026-1"),
    "changes": Settings(
        objectives=(ObjectiveChoice("changes"),), previous=(), reviewed=(("P", "A", 1), ("P", "B", 2))
    ),
    "§12-review": Settings(
        review=(
            ReviewDecision("P", "A", Choice.PIN, 2),
            ReviewDecision("P", "B", Choice.REJECT, None),
            ReviewDecision("P", "C", Choice.PIN, 1),
        )
    ),
    "§13": Settings(equity=0.9),
    "§14": Settings(programmes=("P", "Q")),
    "outlooks": Settings(risk=0.4),
    "§16": Settings(keep_within=0.25),
}
"""What a user chooses beside the catalog."""

CLOSURE_ALONE: dict[str, dict[str, float]] = {"§13": {"P": 0.8}, "fairness": {"P": 0.5, "Q": 0.8}}
"""What programmes reach alone."""

OUTLOOK_BEST = {"outlooks": {"AI": OutlookBest(1.0, 1.0), "BOOM": OutlookBest(0.5, 0.5)}}
"""The best closure of each outlook."""
