"""A year after a plan: which intakes run, what they were taught, and what is asked of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import CatalogError, CurriplanError, UsageError
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    Floor,
    Module,
    ModuleOutcome,
    ModuleResource,
    Occupation,
    OccupationRequirement,
    Programme,
    ProgrammeModule,
    Resource,
    ResourceCapacity,
    Target,
)
from curriplan.evaluation.state import Basis
from curriplan.problem.intakes import PlannedIntake, YearlyReplan, yearly_replan
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

IN_FORCE = [PlannedIntake("P", "2026-1", None, {"A": 1, "B": 3})]


def college(**tables: Any) -> Catalog:
    """P lasts 6 terms and repeats: A is taught in term 1 today, B may be added, both 10 h of the room R.

    R has 20 h in every autumn and spring.
    """
    found = Catalog(
        CatalogInfo(id="c"),
        competencies=(Competency(id="C", name_en="C"), Competency(id="D", name_en="D")),
        occupations=(Occupation(id="O", name_en="O"),),
        occupation_requirements=(
            OccupationRequirement(occupation="O", competency="C", level=1, importance=1, essential=True),
            OccupationRequirement(occupation="O", competency="D", level=1, importance=1, essential=True),
        ),
        modules=tuple(
            Module(
                id=name,
                name_en=name,
                section="basic",
                credits=1,
                laboratory_practical_hours=10,
                setup_cost_kzt=7,
            )
            for name in "AB"
        ),
        module_outcomes=(
            ModuleOutcome(module="A", competency="C", entry_level=0, exit_level=1),
            ModuleOutcome(module="B", competency="D", entry_level=0, exit_level=1),
        ),
        resources=(Resource(id="R", kind="lab", category="laboratory", places=100),),
        resource_capacity=tuple(
            ResourceCapacity(resource="R", semester=f"*-{half}", hours=20) for half in (1, 2)
        ),
        module_resources=tuple(
            ModuleResource(module=name, resource_kind="lab", hours_kind="laboratory_practical")
            for name in "AB"
        ),
        programmes=(
            Programme(
                id="P",
                name_en="Clerk",
                name_ru="Делопроизводитель",
                start="2026-1",
                terms=6,
                repeats=True,
                learners=10,
            ),
        ),
        programme_modules=(
            ProgrammeModule(programme="P", module="A", status="existing", current_term=1),
            ProgrammeModule(programme="P", module="B", status="candidate"),
        ),
        targets=(Target(programme="P", occupation="O", share=1),),
    )
    return found.replace(**tables)


def rows(found: YearlyReplan, programme: str) -> dict[str, tuple[str, int | None]]:
    return {
        row.module: (row.status.value, row.current_term)
        for row in found.catalog.programme_modules
        if row.programme == programme
    }


def test_the_running_intake_is_taught_what_the_plan_in_force_says() -> None:
    found = yearly_replan(college(), IN_FORCE)
    starts = {row.id: (row.start, row.repeats, row.intake_of) for row in found.catalog.programmes}
    # Of 6 terms an intake of 2025 has two left, one of 2024 has none.
    assert starts == {
        "P": ("2027-1", True, None),
        "P-2025-1": ("2025-1", False, "P"),
        "P-2026-1": ("2026-1", False, "P"),
    }
    assert found.taught_until == "2026-2"
    assert rows(found, "P-2026-1") == {"A": ("existing", 1), "B": ("existing", 3)}
    assert rows(found, "P-2025-1") == {"A": ("existing", 1), "B": ("candidate", None)}
    assert rows(found, "P") == {"A": ("existing", 1), "B": ("candidate", None)}
    # The oldest is not planned: the plan in force never promised anything for it.
    assert found.programmes == ("P", "P-2026-1")
    assert found.previous == (("P", "A", 1), ("P", "B", 3), ("P-2026-1", "A", 1), ("P-2026-1", "B", 3))
    # A has begun by spring 2027, and is set up; B begins in autumn 2027.
    assert {row.id: row.already_open for row in found.catalog.modules} == {"A": True, "B": False}
    targets = [(row.programme, row.occupation) for row in found.catalog.targets]
    assert targets == [("P", "O"), ("P-2025-1", "O"), ("P-2026-1", "O")]


def test_rooms_are_used_once() -> None:
    """A is taught in term 1, B in term 3, in autumn both.

    Alone, P uses R for A and B in every autumn from 2026 on: 10 + 10 h. With a row for the intake of 2026
    it uses R for A from 2027 on, and for B from its own term 3 on, in 2028; the intake of 2026 has B in 2027.
    """
    found = yearly_replan(college(), IN_FORCE)
    catalog = found.catalog.replace(
        programmes=tuple(row for row in found.catalog.programmes if row.id != "P-2025-1"),
        programme_modules=tuple(
            row for row in found.catalog.programme_modules if row.programme != "P-2025-1"
        ),
        targets=tuple(row for row in found.catalog.targets if row.programme != "P-2025-1"),
    )
    settings = Settings(previous=found.previous, taught_until=found.taught_until).with_fewest_changes()
    result = optimize_catalog(catalog, settings)
    hours = result.problem.derived(Basis).plan(result.plan.selection).uses
    # P: A from 2027 on, B from 2028 on; P-2026-1: B in 2027. What is over is not counted.
    assert hours == {("R", "2027-1"): 20, ("R", "2028-1"): 20, ("R", "2029-1"): 20}
    alone = Problem.of(college()).capacity
    assert alone.semesters_used(college().programmes[0], 3) == ("2026-1", "2027-1", "2028-1")
    both = Problem.of(catalog, settings).capacity
    assert both.semesters_used(catalog.programme_by_id["P"], 3) == ("2028-1", "2029-1")
    assert both.semesters_used(catalog.programme_by_id["P"], 1) == ("2027-1", "2028-1", "2029-1")
    # B is new in P: nothing of it was set up yet, and R charges nothing; it runs in the older intake.
    assert result.after.cost_kzt == 0


def test_a_floor_that_came_later_is_not_asked_of_a_running_intake() -> None:
    now = college(floors=(Floor(competency="C", level=1), Floor(competency="D", level=1)))
    before = college(floors=(Floor(competency="C", level=1),))
    floors = {
        (row.competency, row.programme) for row in yearly_replan(now, IN_FORCE, before=before).catalog.floors
    }
    assert floors == {("C", None), ("D", "P")}
    asked = yearly_replan(now, IN_FORCE, before=before).asked
    assert [(one.competency, one.above, one.since, one.programme) for one in asked] == [
        ("D", 0, "2027-1", "P")
    ]
    # Without the earlier catalog nobody knows what is new, and every intake is asked all.
    assert yearly_replan(now, IN_FORCE).catalog.floors == now.floors
    assert yearly_replan(now, IN_FORCE).asked == ()


def test_a_floor_that_was_raised_asks_the_old_level_of_a_running_intake() -> None:
    now, before = (college(floors=(Floor(competency="C", level=level),)) for level in (3, 2))
    floors = yearly_replan(now, IN_FORCE, before=before).catalog.floors
    assert {(row.programme, row.level) for row in floors} == {("P", 3), ("P-2025-1", 2), ("P-2026-1", 2)}


def test_a_row_of_the_catalog_is_the_running_intake() -> None:
    """The planner knows that four have left, and that there is a next start."""
    base = college()
    new = base.programmes[0].model_copy(update={"start": "2027-1"})
    own = Programme(id="P2", name_en="Clerk", start="2026-1", terms=6, learners=6, intake_of="P")
    found = yearly_replan(base.replace(programmes=(new, own)), IN_FORCE)
    assert found.catalog.programme_by_id["P2"].learners == 6
    assert rows(found, "P2") == {"A": ("existing", 1), "B": ("existing", 3)}
    assert found.programmes == ("P", "P2")
    assert found.catalog.learners_of_one_intake == 10


def test_the_year_after_counts_from_the_new_intake() -> None:
    first = yearly_replan(college(), IN_FORCE)
    starts: dict[str, dict[str, int]] = {"P": {}, "P-2026-1": {}}
    for programme, module, term in first.previous:
        starts[programme][module] = term
    in_force = [
        PlannedIntake("P", "2027-1", None, {**starts["P"], "B": 2}),
        PlannedIntake("P-2026-1", "2026-1", "P", starts["P-2026-1"]),
    ]
    second = yearly_replan(first.catalog, in_force)
    assert {row.id: row.start for row in second.catalog.programmes} == {
        "P": "2028-1",
        "P-2026-1": "2026-1",
        "P-2027-1": "2027-1",
    }
    assert rows(second, "P-2027-1") == {"A": ("existing", 1), "B": ("existing", 2)}
    # From the catalog that was there at first it is the same.
    assert yearly_replan(college(), in_force).catalog.programme_modules == second.catalog.programme_modules


def test_what_was_taught_stays_whatever_is_said_of_it_now() -> None:
    forbidden = ProgrammeModule(programme="P", module="A", status="forbidden", current_term=1)
    late = ProgrammeModule(programme="P", module="B", status="mandatory", allowed_terms=(4,))
    found = yearly_replan(college(programme_modules=(forbidden, late)), IN_FORCE)
    running = {row.module: row for row in found.catalog.programme_modules if row.programme == "P-2026-1"}
    assert (running["A"].status.value, running["A"].allowed_terms) == ("existing", (1,))
    assert (running["B"].status.value, running["B"].current_term, running["B"].allowed_terms) == (
        "mandatory",
        3,
        (4,),
    )


def test_a_mandatory_module_whose_terms_are_over_is_not_asked() -> None:
    early = ProgrammeModule(programme="P", module="B", status="mandatory", allowed_terms=(1,))
    found = yearly_replan(
        college(programme_modules=(college().programme_modules[0], early)),
        [replace(IN_FORCE[0], starts={"A": 1})],
    )
    assert rows(found, "P-2026-1")["B"] == ("candidate", None)
    assert rows(found, "P")["B"] == ("mandatory", None)
    assert [issue.code for issue in found.issues] == ["replan-mandatory-past"]


def test_a_programme_without_a_further_intake_runs_itself() -> None:
    single = college(programmes=(college().programmes[0].model_copy(update={"repeats": False}),))
    found = yearly_replan(single, IN_FORCE)
    assert [(row.id, row.start) for row in found.catalog.programmes] == [("P", "2026-1")]
    assert (found.programmes, found.taught_until) == (("P",), "2026-2")
    assert rows(found, "P") == {"A": ("existing", 1), "B": ("existing", 3)}


def test_only_what_is_chosen_is_planned() -> None:
    base = college()
    other = base.programmes[0].model_copy(update={"id": "Q"})
    both = base.replace(
        programmes=(*base.programmes, other),
        targets=(*base.targets, base.targets[0].model_copy(update={"programme": "Q"})),
    )
    in_force = [*IN_FORCE, PlannedIntake("Q", "2026-1", None, {"A": 1, "B": 2})]
    assert yearly_replan(both, in_force, chosen=["P"]).programmes == ("P", "P-2026-1")
    assert yearly_replan(both, in_force, chosen=["P-2025-1"]).programmes == ("P-2025-1",)
    # What Q is taught is known all the same: rooms are in use.
    assert rows(yearly_replan(both, in_force, chosen=["P"]), "Q") == {
        "A": ("existing", 1),
        "B": ("existing", 2),
    }


@pytest.mark.parametrize(
    ("first", "error", "code"),
    [
        ("2026-1", UsageError, "intake-not-later"),
        ("2027-2", UsageError, "intake-of-nobody"),
        ("autumn", UsageError, "bad-value"),
    ],
)
def test_a_first_semester_that_does_not_fit(first: str, error: type[CurriplanError], code: str) -> None:
    with pytest.raises(error) as refused:
        yearly_replan(college(), IN_FORCE, first=first)
    assert [issue.code for issue in refused.value.issues] == [code]


def test_a_plan_of_others() -> None:
    with pytest.raises(CatalogError) as refused:
        yearly_replan(college(), [PlannedIntake("Q", "2026-1", None, {})])
    assert [issue.code for issue in refused.value.issues] == ["replan-other-programmes"]
    with pytest.raises(UsageError) as unknown:
        yearly_replan(college(), IN_FORCE, chosen=["Q"])
    assert [issue.code for issue in unknown.value.issues] == ["unknown-programme"]


def test_names_say_the_year() -> None:
    found = yearly_replan(college(), IN_FORCE).catalog.programme_by_id
    assert found["P"].name("en") == "Clerk"
    assert found["P-2026-1"].name("ru") == "Делопроизводитель, набор 2026 года"
    assert found["P-2026-1"].name("en") == "Clerk, intake of 2026"
