"""A small plan, built in code, whose every number can be followed by hand.

Programme A (two terms from autumn 2026, repeats, 30 learners, so 2 groups of 25 and 2 sub-groups
of 15) teaches M1 and M3 today. The plan keeps M1 in term 1, drops M3, adds M2 in term 2. Programme B
(one term, does not repeat, 10 learners: 1 group, 1 sub-group) adds M1. M4 is left out by both.

    module  credits  theory  laboratory  set-up  per group
    M1      3        36      36          -       1,000  (runs: A teaches it today)
    M2      2        12      36          5,000   2,000
    M3      1.5      36      -           -       -
    M4      1        24      -           7,000   300
    fixed   2        48 (general education, A, term 1)
"""

from __future__ import annotations

from dataclasses import replace

from curriplan.catalog.records import Catalog, CatalogInfo
from curriplan.catalog.records import competencies as c
from curriplan.catalog.records import modules as m
from curriplan.catalog.records import policy as p
from curriplan.catalog.records import programmes as g
from curriplan.catalog.records import resources as r
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.payments import divide
from curriplan.evaluation.planned import (
    existing_selection,
    planned_gaps,
    planned_modules,
    planned_uses,
)
from curriplan.plan.plan import CatalogReference, Plan, Selection, Site, Stage, Start, Status
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from curriplan.report.view import PlanView


def named(name: str) -> dict[str, str]:
    return {
        "id": name,
        "name_kk": f"{name} қазақша",
        "name_ru": f"{name} по-русски",
        "name_en": f"{name} name",
    }


def module(name: str, credits_: float | None, theory: float, laboratory: float, **more: object) -> m.Module:
    values = {"section": "professional", "assessment_form": "exam", **more}
    return m.Module(
        **named(name),
        credits=credits_,
        theory_hours=theory,
        laboratory_practical_hours=laboratory,
        **values,
    )


def sample_catalog() -> Catalog:
    profile = {
        "hours_per_credit": "24",
        "practice_share_min": "0.3",
        "weekly_hours": "36",
        "teaching_weeks_year": "40",
        "group_size": "25",
    }
    return Catalog(
        info=CatalogInfo(
            id="sample",
            version="1.0",
            language="en",
            title_kk="Үлгі",
            title_ru="Образец",
            title_en="Sample",
            licence="CC-BY-4.0",
            attribution=("Somebody, somewhere",),
            illustrative=True,
        ),
        competencies=(
            c.Competency(**named("C1"), framework="DigComp", framework_version="3.0"),
            c.Competency(**named("C2"), framework="ESCO"),
        ),
        occupations=(c.Occupation(**named("O1"), isco08="2512", nkz_code="2512-1"),),
        occupation_requirements=(
            c.OccupationRequirement(
                occupation="O1",
                competency="C1",
                level=4,
                importance=1,
                essential=True,
                source="esco:essential",
            ),
            c.OccupationRequirement(
                occupation="O1", competency="C2", level=3, importance=0.5, essential=False, source="estimate"
            ),
        ),
        modules=(
            module("H1", None, 0, 0, assessment_form=None),
            module("M1", 3, 36, 36, parent="H1", cost_per_group_kzt=1000),
            module("M2", 2, 12, 36, parent="H1", setup_cost_kzt=5000, cost_per_group_kzt=2000),
            module("M3", 1.5, 36, 0, section="basic"),
            module("M4", 1, 24, 0, setup_cost_kzt=7000, cost_per_group_kzt=300),
        ),
        module_outcomes=(
            m.ModuleOutcome(module="M1", competency="C1", exit_level=2),
            m.ModuleOutcome(module="M2", competency="C1", entry_level=2, exit_level=4),
            m.ModuleOutcome(module="M4", competency="C2", exit_level=2),
        ),
        module_requisites=(m.ModuleRequisite(module="M2", requires="M1"),),
        resources=(
            r.Resource(**named("LAB"), kind="lab", category="laboratory", places=15),
            r.Resource(**named("TEACHER"), kind="teacher", category="teacher_post"),
        ),
        resource_capacity=(
            r.ResourceCapacity(resource="LAB", semester="*-1", hours=200, committed_hours=20),
            r.ResourceCapacity(resource="LAB", semester="*-2", hours=200),
        ),
        module_resources=(
            r.ModuleResource(module="M1", resource_kind="lab", hours_kind="laboratory_practical"),
            r.ModuleResource(module="M2", resource_kind="lab", hours_kind="laboratory_practical"),
            r.ModuleResource(module="M4", resource_kind="teacher", hours_kind="theory"),
        ),
        programmes=(
            g.Programme(
                **named("A"),
                qualification="4S06130103",
                start="2026-1",
                terms=2,
                repeats=True,
                learners=30,
                entry_base="grade9",
                min_credits=7,
            ),
            g.Programme(**named("B"), start="2026-1", terms=1, learners=10, min_credits=3, max_credits=3.5),
        ),
        programme_terms=(
            g.ProgrammeTerm(programme="A", term=1, weeks=18, min_credits=4, max_credits=6, max_modules=3),
        ),
        programme_fixed_hours=(
            g.ProgrammeFixedLoad(programme="A", term=1, section="general", theory_hours=48),
        ),
        programme_modules=(
            g.ProgrammeModule(programme="A", module="M1", status="mandatory", current_term=1),
            g.ProgrammeModule(programme="A", module="M2", status="candidate"),
            g.ProgrammeModule(programme="A", module="M3", status="existing", current_term=2),
            g.ProgrammeModule(programme="A", module="M4", status="candidate"),
            g.ProgrammeModule(programme="B", module="M1", status="candidate"),
            g.ProgrammeModule(programme="B", module="M4", status="candidate"),
        ),
        baseline=(g.Baseline(programme="B", competency="C2", level=3),),
        targets=(
            g.Target(programme="A", occupation="O1", share=1),
            g.Target(programme="B", occupation="O1", share=1),
        ),
        funding_sources=(p.FundingSource(**named("COLLEGE"), kind="college"),),
        funding_budgets=(p.FundingBudget(source="COLLEGE", budget_kzt=12_000),),
        floors=(p.Floor(competency="C1", level=2, reason="safety"),),
        profile=tuple(
            p.ProfileEntry(
                key=key,
                value=value,
                source="Order 348",
                verified=key == "hours_per_credit",
                as_of="2026-05-31",
            )
            for key, value in profile.items()
        ),
    )


SELECTION = Selection(
    starts=(Start("A", "M1", 1), Start("A", "M2", 2), Start("B", "M1", 1)),
    sites=(Site("A", "M1", "LAB"), Site("A", "M2", "LAB"), Site("B", "M1", "LAB")),
)


def sample_view(
    catalog: Catalog | None = None, selection: Selection = SELECTION, **choices: object
) -> PlanView:
    """Return the plan of the sample catalog (or of another catalog with the same ids)."""
    catalog = catalog or sample_catalog()
    problem = Problem.of(catalog, Settings(**choices))
    bare = evaluate(problem, selection)
    selection = replace(selection, payments=divide(problem.money, bare.cost_items))
    after = evaluate(problem, selection)
    stages = tuple(
        Stage(name, value, value, 0.0) if name != "balance" else Stage(name, value, None, None)
        for choice in problem.limits.settings.objectives
        for name, value in ((choice.name, after.objectives[choice.name]),)
    )
    plan = Plan(
        catalog=CatalogReference(catalog.info.id, catalog.info.version, catalog.sha256, "sample"),
        limits={},
        status=Status.FEASIBLE,
        stages=stages,
        modules=planned_modules(problem, selection),
        uses=planned_uses(problem, selection),
        payments=selection.payments,
        gaps=planned_gaps(problem, after),
        measures=measures_of(after),
    )
    return PlanView(
        plan=plan,
        problem=problem,
        before=evaluate(problem, existing_selection(problem)),
        after=after,
        tool="curriplan 0",
    )
