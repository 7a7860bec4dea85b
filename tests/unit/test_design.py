"""A new qualification out of the modules of a small college, by mental arithmetic.

=====  =========  =======  =====  ==================  =======================
id     section    credits  hours  teaches             programmes
=====  =========  =======  =====  ==================  =======================
GE     general    2        48     -                   P, Q today, term 1
BA     basic      1        24     -                   P, Q today, term 1
M1     profess.   2.5      60     C 0 to 2            P today; serves F1
M2     profess.   1        24     D 0 to 1            candidate of Q; serves F2
FILL   profess.   2        48     -                   P today
ELSE   profess.   2        48     -                   Q today
=====  =========  =======  =====  ==================  =======================

P trains for O and, with half of its graduates, for N; Q for R. N needs C at 2 (essential), D at 3 and X at 1,
which nobody teaches; R needs D at 1. F1 is a function of N, F3 another one that no module serves.

A qualification for N after grade 9 takes over GE and BA (3 credits). It needs M1 (C) and M2 (D up to 1): 6.5
credits. P is its kin: FILL fills 2 more, 8.5 in all. ELSE does not suit it.
"""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

import curriplan
from curriplan.api.design import DesignResult, DesignWish, design_catalog, write_design
from curriplan.base.codec import schema_text
from curriplan.base.errors import UsageError
from curriplan.catalog.records import (
    Baseline,
    Catalog,
    CatalogInfo,
    Competency,
    Floor,
    FundingBudget,
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
    ProgrammeModule,
    ProgrammeTerm,
    Resource,
    ResourceCapacity,
    Target,
)
from curriplan.catalog.records.catalog import TABLES
from curriplan.cli.app import main
from curriplan.plan.design import Commission, DesignFunction, LeftOut, Likeness, design_schema
from curriplan.problem.settings import Settings


def module(name: str, size: float, section: str = "professional", **columns: Any) -> Module:
    hours = {"theory_hours": size * 12, "laboratory_practical_hours": size * 12}
    return Module(id=name, name_en=name, section=section, credits=size, **{**hours, **columns})


def need(occupation: str, competency: str, level: int, *, essential: bool = False) -> OccupationRequirement:
    return OccupationRequirement(
        occupation=occupation, competency=competency, level=level, importance=1, essential=essential
    )


def programme(name: str, **columns: Any) -> Programme:
    values = {"start": "2026-1", "terms": 2, "learners": 20, "entry_base": "grade9", "language": "kk"}
    return Programme(id=name, name_en=name, **{**values, **columns})


PROFILE = {
    "hours_per_credit": "24",
    "teaching_weeks_year": "10",
    "weekly_hours_all": "54",
    "group_size": "25",
    "practice_share_min": "0.4",
    "practice_share_denominator": "all",
    "total_credits_4S_grade9": "8.5",
    "total_credits_3W_grade9": "20",
}
COMMON = ("GE", "BA")
TAUGHT = {"P": ("GE", "BA", "M1", "FILL"), "Q": ("GE", "BA", "ELSE")}


def college(**tables: Any) -> Catalog:
    rows: dict[str, Any] = {
        "competencies": (
            Competency(id="C", framework="F", area="1"),
            Competency(id="D", framework="F", area="2"),
            Competency(id="X", framework="F", area="1"),
        ),
        "occupations": tuple(Occupation(id=name, name_en=name) for name in "NORS"),
        "occupation_requirements": (
            need("O", "C", 2),
            need("N", "C", 2, essential=True),
            need("N", "D", 3),
            need("N", "X", 1),
            need("R", "D", 1),
        ),
        "modules": (
            module("GE", 2, "general"),
            module("BA", 1, "basic"),
            module("M1", 2.5, cost_per_group_kzt=1000, already_open=True),
            module("M2", 1, setup_cost_kzt=300, cost_per_group_kzt=500),
            module("FILL", 2),
            module("ELSE", 2),
        ),
        "module_outcomes": (
            ModuleOutcome(module="M1", competency="C", exit_level=2),
            ModuleOutcome(module="M2", competency="D", exit_level=1),
        ),
        "labour_functions": (
            LabourFunction(id="F1", occupation="N"),
            LabourFunction(id="F2", occupation="R"),
            LabourFunction(id="F3", occupation="N"),
        ),
        "module_functions": (
            ModuleFunction(module="M1", labour_function="F1"),
            ModuleFunction(module="M2", labour_function="F2"),
        ),
        "programmes": (programme("P"), programme("Q")),
        "programme_terms": tuple(
            ProgrammeTerm(programme=name, term=term, weeks=5, max_credits=6)
            for name in "PQ"
            for term in (1, 2)
        ),
        "programme_modules": (
            *(
                ProgrammeModule(
                    programme=name, module=one, status="existing", current_term=1 if one in COMMON else 2
                )
                for name, modules in TAUGHT.items()
                for one in modules
            ),
            ProgrammeModule(programme="Q", module="M2", status="candidate"),
        ),
        "targets": (
            Target(programme="P", occupation="O", share=0.5),
            Target(programme="P", occupation="N", share=0.5),
            Target(programme="Q", occupation="R", share=1),
        ),
        "profile": tuple(ProfileEntry(key=key, value=value) for key, value in PROFILE.items()),
    }
    info = CatalogInfo(schema=1, id="small", version="1", language="en")
    return Catalog(info, **{**rows, **tables})


def designed(catalog: Catalog | None = None, **asked: Any) -> DesignResult:
    wanted = {"occupations": ("N",), "entry_base": "grade9", "terms": 2, **asked}
    return design_catalog(catalog or college(), DesignWish(**wanted), Settings(time_limit_s=60))


@pytest.fixture(scope="module")
def result() -> DesignResult:
    return designed(hour_kzt=10)


def test_the_curriculum_and_why_each_module_stands_in_it(result: DesignResult) -> None:
    design = result.design
    assert {row.module: row.role for row in design.modules} == {
        "GE": "common", "BA": "common", "M1": "needed", "M2": "needed", "FILL": "fills",
    }  # fmt: skip
    assert (design.credits, design.credits_norm, design.credits_lacking) == (8.5, 8.5, 0)
    assert (design.models, design.kin) == (("P", "Q"), ("P",))
    assert {row.module: row.term for row in design.modules if row.module in ("GE", "BA")} == {
        "GE": 1, "BA": 1,
    }  # fmt: skip


def test_only_what_is_asked_for_makes_a_module_needed(tmp_path: Path) -> None:
    """M1 now has an entry level that A gives, A requires B; PR is a practice. FILL, P2 serve nothing.

    P2 teaches D to 1, which the learners of all models bring. The norm is all nine credits.
    """
    more = (
        module("A", 0.25),
        module("B", 0.25),
        module("PR", 0.5, "practice"),
        module("P2", 0.5),
    )
    own = ("A", "B", "PR", "P2")
    small = college()
    catalog = small.replace(
        modules=(*small.modules, *more),
        competencies=(*small.competencies, Competency(id="E", framework="F", area="1")),
        module_outcomes=(
            ModuleOutcome(module="M1", competency="C", exit_level=2),
            ModuleOutcome(module="M1", competency="E", entry_level=1, exit_level=2),
            ModuleOutcome(module="M2", competency="D", exit_level=1),
            ModuleOutcome(module="A", competency="E", exit_level=1),
            ModuleOutcome(module="P2", competency="D", exit_level=1),
        ),
        module_requisites=(ModuleRequisite(module="A", requires="B", kind="corequisite"),),
        baseline=tuple(Baseline(programme=name, competency="D", level=1) for name in "PQ"),
        profile=tuple(
            ProfileEntry(key=key, value=value)
            for key, value in {**PROFILE, "total_credits_4S_grade9": "9"}.items()
        ),
        programme_modules=(
            *small.programme_modules,
            *(ProgrammeModule(programme="P", module=one, status="existing", current_term=1) for one in own),
        ),
    )
    found = designed(catalog)
    roles = {row.module: row.role for row in found.design.modules}
    expected = {"GE": "common", "BA": "common", "M1": "needed", "A": "needed", "B": "needed"}
    assert roles == {**expected, "PR": "practice", "FILL": "fills", "P2": "fills"}
    found.to_excel(tmp_path / "d.xlsx", "en")
    write_design(found, [tmp_path / "d.csv"], "en")
    with (tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        said = {row["module"]: (row["role"], row["why"]) for row in csv.DictReader(file)}
    words = {"needed": "needed", "common": "common", "practice": "practice", "fills": "fills the norm"}
    assert said == {name: (role, words[role]) for name, role in roles.items()}
    sheet = load_workbook(tmp_path / "d.xlsx")["Curriculum"]
    cells = {row[1]: row[3] for row in sheet.iter_rows(values_only=True) if row[1] in roles}
    assert cells == {name: words[role] for name, role in roles.items()}


def test_steps_are_taught_or_to_be_commissioned(result: DesignResult) -> None:
    # C 2 of 2, D 1 of 3, X 0 of 1: six steps, three taught.
    rows = {
        row.competency: (row.steps, row.taught, row.to_commission, row.left_out)
        for row in result.design.needs
    }
    assert rows == {"C": (2, 2, 0, 0), "D": (3, 1, 2, 0), "X": (1, 0, 1, 0)}


def test_hours_are_estimated_by_modules_that_are_alike(result: DesignResult) -> None:
    # M2 teaches a step of D in 24 h: 2 · 24. Nobody teaches X; C is of its area, M1 takes 60 / 2 h a step.
    # Worth, κ 2 and θ ½: C (½ + ½ · 2 for the last step, ½ for the first) · 2 = 4, D ½ + ½ + ½ + ½ · 3 = 3,
    # X ½ + ½ = 1; of 8. D lacks 3 − ½, X all of its 1.
    assert result.design.commission == (
        Commission("D", 1, 3, False, 2.5 / 8, Likeness.COMPETENCY, 1, 24, 48),
        Commission("X", 0, 1, False, 1 / 8, Likeness.AREA, 1, 30, 30),
    )
    assert result.design.hours_to_commission == 78


def test_what_it_costs(result: DesignResult) -> None:
    # M1 runs already: no set-up. One group of 25. GE, BA and FILL, 120 h, have no cost: 10 KZT an hour.
    cost = result.design.cost
    assert (cost.setup_kzt, cost.intake_kzt) == (300, 1500)
    assert (cost.hours_without_cost, cost.priced_kzt) == (120, 1200)
    assert cost.learner_kzt == 2700 / 25
    assert designed().design.cost.learner_kzt == 1500 / 25


def test_for_what_part_of_the_hours_the_cost_of_a_learner_is_known(tmp_path: Path) -> None:
    """M1 and M2 have a cost: 84 of 204 h, 41 %. A learner's cost stands with that, on paper and terminal."""
    curriplan.save_catalog(college(), tmp_path / "base")
    asked = ["design", str(tmp_path / "base"), "--occupation", "N", "--entry-base", "grade9", "--terms", "2"]
    for more, rest in (((), "at least: without set-up"), (("--hour-cost", "10"), "price of an hour")):
        path = tmp_path / f"d{len(more)}.xlsx"
        shown = CliRunner().invoke(main, [*asked, *more, "--lang", "en", "-q"])
        assert "known for 41 % of the hours" in " ".join(shown.output.split())
        run = CliRunner().invoke(main, [*asked, *more, "--lang", "en", "-o", str(path), "-q"])
        assert run.exit_code == 0, run.output
        rows = {row[0]: row for row in load_workbook(path)["Summary"].iter_rows(values_only=True)}
        assert rows["Per learner, KZT"][2].startswith("known for 41 % of the hours; ")
        assert rest in rows["Per learner, KZT"][2]
    assert designed().design.cost.known_share == pytest.approx(84 / 204)


def test_labour_functions(result: DesignResult) -> None:
    assert result.design.functions == (
        DesignFunction("F1", "N", ("M1",), True),
        DesignFunction("F3", "N", (), False),
    )


def test_it_is_a_plan_like_any_other(result: DesignResult) -> None:
    assert curriplan.verify(result.plan.plan, result.catalog).holds
    assert result.plan.limits.planned == ("NEW",)
    rows = [row.values for row in result.design.rows if row.table == "programmes"]
    assert [row["id"] for row in rows] == ["NEW"]
    assert all(row.values["programme"] == "NEW" for row in result.design.rows if row.table != "programmes")


def test_the_usual_id_gets_a_number_where_it_is_taken(result: DesignResult) -> None:
    assert designed(result.whole).design.programme == "NEW-2"
    with pytest.raises(UsageError) as caught:
        designed(result.whole, id="NEW")
    assert [issue.code for issue in caught.value.issues] == ["duplicate-key"]


def test_where_the_norm_cannot_be_filled_it_says_what_is_missing() -> None:
    # Four terms would hold the 20 credits; the modules that suit it come to 8.5.
    design = designed(level="3W", terms=4).design
    assert (design.credits, design.credits_norm, design.credits_lacking) == (8.5, 20, 11.5)
    assert [row.role for row in design.modules].count("fills") == 1


def test_rooms_that_do_not_suffice_are_named() -> None:
    # M1 needs the laboratory for its 30 h; 20 h are free, and P takes them all with today's M1: 10 h lacked
    # before, the new one lacks 30 more. Without that limit there is a curriculum.
    tables = {
        "resources": (Resource(id="LAB", kind="lab", category="laboratory"),),
        "module_resources": (
            ModuleResource(module="M1", resource_kind="lab", hours_kind="laboratory_practical"),
        ),
        "resource_capacity": tuple(
            ResourceCapacity(resource="LAB", semester=f"2026-{half}", hours=40) for half in (1, 2)
        ),
    }
    design = designed(college(**tables), start="2026-1").design
    assert design.rooms_lacking == ()  # the autumn has 40 h, and P uses the spring
    tight = tuple(row.model_copy(update={"hours": 20}) for row in tables["resource_capacity"])
    found = designed(college(**{**tables, "resource_capacity": tight}), start="2026-1").design
    assert [(row.kind, row.is_teacher) for row in found.rooms_lacking] == [("lab", False)]
    assert found.rooms_lacking[0].hours >= 10
    assert found.credits == 8.5


def test_steps_that_the_rules_do_not_let_in_are_left_out() -> None:
    # X is taught by a module that only starts with 60 learners.
    crowd = module("CROWD", 1, min_learners=60)
    outcomes = (*college().module_outcomes, ModuleOutcome(module="CROWD", competency="X", exit_level=1))
    design = designed(college(modules=(*college().modules, crowd), module_outcomes=outcomes)).design
    assert design.left_out == (LeftOut("X", 0, 1, ("CROWD",)),)
    assert [row.competency for row in design.commission] == ["D"]


def test_budgets_of_the_college_do_not_limit_it() -> None:
    tables = {
        "funding_sources": (FundingSource(id="S", name_en="S"),),
        "funding_budgets": (FundingBudget(source="S", budget_kzt=1),),
    }
    assert designed(college(**tables)).design.cost.setup_kzt == 300


def test_the_copy_is_whole_or_says_what_it_lacks(tmp_path: Path) -> None:
    """Alone it has all tables of the college; beside a plan, made without who pays, it says what it lacks."""
    tables = {
        "funding_sources": (FundingSource(id="S", name_en="S"),),
        "funding_budgets": (FundingBudget(source="S", budget_kzt=1),),
        "resources": (Resource(id="LAB", kind="lab", category="laboratory", source="S"),),
    }
    base, whole, part = (tmp_path / name for name in ("base", "whole", "part"))
    curriplan.save_catalog(college(**tables), base)
    asked = [
        "design",
        str(base),
        "--occupation",
        "N",
        "--entry-base",
        "grade9",
        "--terms",
        "2",
        "--lang",
        "en",
    ]
    run = CliRunner().invoke(main, [*asked, "--rows", str(whole)])
    assert (run.exit_code, "design-copy-not-whole" in run.output) == (0, False), run.output
    before, after = (curriplan.read_catalog(path).require() for path in (base, whole))
    for name in TABLES:
        there = [row.model_dump() for row in after.table(name)]
        assert all(row.model_dump() in there for row in before.table(name)), name
    assert "NEW" in after.programme_by_id
    run = CliRunner().invoke(main, [*asked, "--rows", str(part), "--plan", str(tmp_path / "plan.json")])
    assert run.exit_code == 0, run.output
    assert "design-copy-not-whole" in run.output
    assert "funding_sources, funding_budgets, resources.source" in " ".join(run.output.split())
    assert CliRunner().invoke(main, ["verify", str(tmp_path / "plan.json")]).exit_code == 0


def test_floors_of_everybody_are_asked_too() -> None:
    design = designed(college(floors=(Floor(competency="D", level=1),)), occupations=("O",)).design
    assert {row.competency: row.required for row in design.needs} == {"C": 2, "D": 1}
    assert "M2" in {row.module for row in design.modules}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"occupations": ("S",)}, "occupation-without-requirements"),
        ({"occupations": ("none",)}, "unknown-occupation"),
        ({"entry_base": "tvet"}, "design-unknown-entry-base"),
        ({"terms": 1}, "design-too-few-terms"),
        ({"id": "=1+1"}, "wrong-id"),
        ({"id": "Я1"}, "wrong-id"),
        ({"id": ""}, "wrong-id"),
        ({"id": "A\n"}, "wrong-id"),
        ({"id": "A" * 81}, "wrong-id"),
        ({"id": "P"}, "duplicate-key"),
    ],
)
def test_bad_questions_are_refused(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        designed(**asked)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_too_few_terms_says_how_many() -> None:
    # 8.5 credits, and a term holds 6: two terms.
    with pytest.raises(UsageError) as caught:
        designed(terms=1)
    assert caught.value.issues[0].values["needed"] == 2


def test_json_obeys_its_schema_which_is_the_one_that_ships(result: DesignResult) -> None:
    Draft202012Validator(design_schema()).validate(json.loads(json.dumps(result.design.to_data())))
    shipped = files("curriplan").joinpath("schemas/design-1.json").read_text(encoding="utf-8")
    assert shipped == schema_text(design_schema())


def test_the_library_gives_tables(tmp_path: Path) -> None:
    found = curriplan.design(college(), ["N"], "grade9", 2)
    assert list(found.commission["competency"]) == ["D", "X"]
    assert set(found.modules["role"]) == {"common", "needed", "fills"}
    assert found.to_excel(tmp_path / "d.xlsx", "ru").exists()
    assert json.loads(found.to_json(tmp_path / "d.json").read_text())["schema"] == "curriplan-design/1"
    assert "NEW" in repr(found.design)


def test_what_the_command_writes_reads_back(tmp_path: Path) -> None:
    """The copy of the catalog with the rows passes `check`, and the plan `verify`."""
    base = tmp_path / "base"
    curriplan.save_catalog(college(), base)
    rows, plan, out = tmp_path / "rows", tmp_path / "plan.json", tmp_path / "design.json"
    asked = ["design", str(base), "--occupation", "N", "--entry-base", "grade9", "--terms", "2"]
    files = ["-o", str(out), "--plan", str(plan), "--rows", str(rows), "--lang", "en"]
    run = CliRunner().invoke(main, [*asked, *files])
    assert run.exit_code == 0, run.output
    assert "to commission 3" in run.output
    assert CliRunner().invoke(main, ["check", str(rows)]).exit_code == 0
    assert CliRunner().invoke(main, ["verify", str(plan)]).exit_code == 0
    read = curriplan.read_catalog(rows).require()
    assert [row.id for row in read.programmes] == ["NEW", "P", "Q"]
    needs = json.loads(out.read_text())["needs"]
    left = sum(
        max(0, row["required"] - max(row["brought"], row["reached"], row["teachable"])) for row in needs
    )
    assert left == 3
