"""How long the workbook of a large plan takes, how much memory, and whether both grow with the rows.

    python benchmarks/workbook.py [PROGRAMMES [MODULES]]

A plan of 40 programmes that are offered 300 modules each is made without any solver, at half size and at
full size, and written in a process of its own. One line a size; ends with an error if the full size takes
more than `MOST_RATIO` times as long as the half. What each single change of the plan would do is evaluated
before the sheets are written and timed apart: it is no work of the report.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
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
    ProgrammeModule,
    Resource,
    ResourceCapacity,
    Target,
)
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
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from speed_parts import processor_s

PROGRAMMES, MODULES, TERMS = 40, 300, 8
COMPETENCIES, LABORATORIES = 60, 12
CHOSEN = 4
"""Of every five modules four are in the plan, the fifth is left out."""
MOST_RATIO = 2.4
"""Twice the rows may take a little more than twice the time: the machine does other work too."""


def names(kind: str, number: int) -> dict[str, str]:
    """Return an id and names in three languages."""
    return {
        "id": f"{kind}{number:04}",
        "name_kk": f"{kind} {number}: зертханалық-практикалық жұмыстар мен өндірістік оқыту",
        "name_ru": f"{kind} {number}: лабораторно-практические работы и производственное обучение",
        "name_en": f"{kind} {number}: laboratory work and production training",
    }


def modules(count: int) -> dict[str, tuple[object, ...]]:
    """Return modules in chains of four, each of which teaches two levels of a competency."""
    rows = [
        Module(
            **names("M", number),
            section="professional",
            credits=1,
            theory_hours=8,
            laboratory_practical_hours=16,
            setup_cost_kzt=50_000,
            cost_per_group_kzt=10_000,
            assessment_form="exam",
        )
        for number in range(count)
    ]
    steps = [
        ModuleOutcome(module=row.id, competency=f"C{place % COMPETENCIES:04}", exit_level=1 + place % 4)
        for place, row in enumerate(rows)
    ]
    needs = [
        ModuleRequisite(module=row.id, requires=rows[place - 1].id)
        for place, row in enumerate(rows)
        if place % 4
    ]
    rooms = [
        ModuleResource(module=row.id, resource_kind="lab", hours_kind="laboratory_practical") for row in rows
    ]
    return {
        "modules": tuple(rows),
        "module_outcomes": tuple(steps),
        "module_requisites": tuple(needs),
        "module_resources": tuple(rooms),
    }


def catalog(programmes: int, count: int) -> Catalog:
    """Return a catalog in which every programme is offered every module."""
    intakes = [
        Programme(**names("P", number), start="2026-1", terms=TERMS, learners=50, repeats=True)
        for number in range(programmes)
    ]
    laboratories = [
        Resource(**names("L", number), kind="lab", category="laboratory", places=25)
        for number in range(LABORATORIES)
    ]
    profile = {
        "hours_per_credit": "24",
        "weekly_hours": "36",
        "teaching_weeks_year": "41",
        "group_size": "25",
    }
    return Catalog(
        info=CatalogInfo(id="large", version="1", language="ru", title_ru="Большой колледж"),
        **modules(count),
        competencies=tuple(Competency(**names("C", one), framework="own") for one in range(COMPETENCIES)),
        occupations=tuple(Occupation(**names("O", one)) for one in range(programmes)),
        occupation_requirements=tuple(
            OccupationRequirement(
                occupation=f"O{one:04}",
                competency=f"C{two:04}",
                level=4,
                importance=1,
                essential=two % 3 == 0,
            )
            for one in range(programmes)
            for two in range(COMPETENCIES)
        ),
        resources=tuple(laboratories),
        resource_capacity=tuple(
            ResourceCapacity(resource=one.id, semester=f"*-{season}", hours=100_000)
            for one in laboratories
            for season in (1, 2)
        ),
        programmes=tuple(intakes),
        programme_modules=tuple(
            ProgrammeModule(programme=one.id, module=f"M{two:04}", status="candidate")
            for one in intakes
            for two in range(count)
        ),
        targets=tuple(
            Target(programme=one.id, occupation=f"O{place:04}", share=1) for place, one in enumerate(intakes)
        ),
        funding_sources=(FundingSource(**names("S", 0), kind="state"),),
        funding_budgets=(FundingBudget(source="S0000", budget_kzt=10**12),),
        profile=tuple(ProfileEntry(key=key, value=value, source="example") for key, value in profile.items()),
    )


def selection(found: Catalog) -> Selection:
    """Return a plan that spreads the modules over the terms, prerequisites first."""
    starts, sites = [], []
    for row in found.programme_modules:
        number = int(row.module[1:])
        if number % 5 < CHOSEN:
            starts.append(Start(row.programme, row.module, 1 + (number // 4 % 2) * 4 + number % 4))
            laboratory = f"L{(number + int(row.programme[1:])) % LABORATORIES:04}"
            sites.append(Site(row.programme, row.module, laboratory))
    return Selection(starts=tuple(starts), sites=tuple(sites))


def view(found: Catalog) -> PlanView:
    """Return the plan with its evaluation, as the workbook needs it."""
    problem = Problem.of(found)
    objectives = problem.limits.settings.objectives
    chosen = selection(found)
    bare = evaluate(problem, chosen)
    chosen = replace(chosen, payments=divide(problem.money, bare.cost_items))
    after = evaluate(problem, chosen)
    plan = Plan(
        catalog=CatalogReference(found.info.id, found.info.version, found.sha256, None),
        limits={},
        status=Status.FEASIBLE,
        stages=tuple(Stage(one.name, after.objectives[one.name], None, None) for one in objectives),
        modules=planned_modules(problem, chosen),
        uses=planned_uses(problem, chosen),
        payments=chosen.payments,
        gaps=planned_gaps(problem, after),
        measures=measures_of(after),
    )
    before = evaluate(problem, existing_selection(problem))
    return PlanView(plan, problem, before, after, tool="curriplan benchmark")


def measure(programmes: int, count: int) -> dict[str, float]:
    """Write one workbook; return seconds, megabytes and rows."""
    made = view(catalog(programmes, count))
    started = processor_s()
    made.what_if  # noqa: B018 - an evaluation of single changes, which the sheets show
    evaluated = processor_s()
    before_mb = _peak_mb()
    target = BytesIO()
    write_plan_workbook(made, target, "ru")
    return {
        "rows": len(made.plan.modules),
        "what_if_s": evaluated - started,
        "seconds": processor_s() - evaluated,
        "before_mb": before_mb,
        "peak_mb": _peak_mb(),
        "file_mb": len(target.getvalue()) / 2**20,
    }


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def measured_alone(programmes: int, count: int) -> dict[str, float]:
    """Measure in a process of its own, so that one size does not use the memory of another."""
    command = [sys.executable, __file__, "--alone", str(programmes), str(count)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--alone"]:
        print(json.dumps(measure(int(arguments[1]), int(arguments[2]))))
        return
    programmes, count = (
        int(one) for one in (arguments + [str(PROGRAMMES), str(MODULES)][len(arguments) :])[:2]
    )
    sizes = [measured_alone(one, count) for one in (programmes // 2, programmes)]
    for size in sizes:
        print(
            f"{size['rows']:.0f} rows: {size['seconds']:.1f} s to write, {size['what_if_s']:.1f} s for the "
            f"effect of single changes; {size['peak_mb']:.0f} MB at most, {size['before_mb']:.0f} MB before; "
            f"file of {size['file_mb']:.1f} MB"
        )
    ratio = sizes[1]["seconds"] / sizes[0]["seconds"]
    print(f"twice the rows take {ratio:.2f} times as long")
    if ratio > MOST_RATIO:
        raise SystemExit(f"FAIL: more than {MOST_RATIO}")


if __name__ == "__main__":
    main(sys.argv[1:])
