"""Cross-record rules where one broken example is not enough: limits, sums, exceptions, wording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from broken_catalogs.base_catalog import BASE, Tables
from curriplan.catalog import read_catalog
from curriplan.checks import RULES, check_catalog
from curriplan.errors import Issue
from curriplan.model import Catalog, CatalogInfo, Competency, Floor, ModuleOutcome, Programme
from curriplan.settings import Settings, effective_limits

Check = Callable[[Callable[[Tables], object]], list[Issue]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check the base catalog after an edit."""

    def run(edit: Callable[[Tables], object]) -> list[Issue]:
        tables = Tables()
        edit(tables)
        result = read_catalog(tables.write_folder(tmp_path))
        return list(check_catalog(result.require()))

    return run


def _codes(issues: list[Issue]) -> list[str]:
    return [issue.code for issue in issues]


def test_every_rule_is_named_once_and_described() -> None:
    names = [rule.check.__name__ for rule in RULES]
    assert len(set(names)) == len(names) > 25
    assert all((rule.check.__doc__ or "").startswith("Find ") for rule in RULES)


def test_a_catalog_built_in_code_has_places_too() -> None:
    info = CatalogInfo.model_validate({"id": "code"})
    outcome = ModuleOutcome(module="M", competency="C", entry_level=3, exit_level=3)
    names = {"name_kk": "к", "name_ru": "р", "name_en": "e"}
    catalog = Catalog(info, competencies=(Competency(id="C", **names),), module_outcomes=(outcome,))
    issues = check_catalog(catalog)
    assert sorted(issue.code for issue in issues) == ["exit-not-above-entry", "unknown-reference"]
    assert str(issues[0].place) == "module_outcomes: M/C (exit_level)"


def test_a_cycle_is_worded_with_its_rows(check: Check) -> None:
    (issue,) = check(lambda t: t.add("module_requisites", module="RO1", requires="SEC"))
    assert issue.code == "requisite-cycle"
    assert issue.values["cycle"] == "RO1 -> SEC -> RO1"
    assert "module_requisites.csv:4, " in str(issue.values["rows"])
    assert str(issue.values["rows"]).endswith("module_requisites.csv:3")


def test_the_second_of_two_rows_is_the_duplicate(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.add("level_values", level="1", value="0.1")  # sorts before the first row, but stands after

    (issue,) = check(edit)
    assert issue.place is not None
    assert issue.place.row == 4
    assert str(issue.values["first"]).endswith("level_values.csv:2")


def test_a_near_id_is_offered(check: Check) -> None:
    (issue,) = check(lambda t: t.set("module_requisites", 2, "requires", "RO11"))
    assert issue.code == "unknown-reference"
    assert issue.values["nearest"] == "RO1"


def test_self_study_beside_the_credit(check: Check) -> None:
    def beside(tables: Tables) -> None:
        tables.set("profile", 8, "value", "no")
        tables.set("modules", 5, "self_study_hours", "10")  # 24 + 48 = 3 * 24 without them

    assert _codes(check(beside)) == []


def test_self_study_inside_the_credit(check: Check) -> None:
    (issue,) = check(lambda t: t.set("modules", 5, "self_study_hours", "10"))
    assert issue.code == "hours-not-credits"
    assert {**issue.values} == {"hours": "82", "credits": "3", "expected": "72", "per_credit": "24"}


def test_without_a_profile_its_rules_are_off(check: Check) -> None:
    def edit(tables: Tables) -> None:
        del tables.rows["profile"]
        tables.set("modules", 5, "credits", "3.3")

    assert _codes(check(edit)) == []


def test_a_header_may_count_the_existing_outcomes_alone(check: Check) -> None:
    # PM1 says 4 = RO1 2 + RO2 2; the candidate SEC (3) under it is what a plan may add
    assert _codes(check(lambda t: t.set("modules", 5, "parent", "PM1"))) == []


def test_a_header_may_count_every_outcome(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.set("modules", 5, "parent", "PM1")
        tables.set("modules", 2, "credits", "7")

    assert _codes(check(edit)) == []


def test_a_header_needs_no_credits(check: Check) -> None:
    assert _codes(check(lambda t: t.set("modules", 2, "credits", ""))) == []


def test_shares_that_sum_to_one_but_for_rounding(check: Check) -> None:
    def edit(tables: Tables) -> None:
        for number in range(3):
            tables.add("occupations", id=f"O{number}", name_kk="к", name_ru="р", name_en="e")
            tables.add(
                "occupation_requirements",
                occupation=f"O{number}",
                competency="NET",
                level="1",
                importance="1",
                essential="no",
            )
            tables.add("targets", programme="ADM", occupation=f"O{number}", share="0.3")
        tables.set("targets", 2, "share", "0.1")  # 0.1 + 3 * 0.3

    assert _codes(check(edit)) == []


def test_two_half_rooms_are_no_fault(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.set("module_resources", 2, "hours_share", "0.5")
        tables.add(
            "resources", id="SHOP", kind="shop", category="workshop", name_kk="к", name_ru="р", name_en="e"
        )
        for season in ("*-1", "*-2"):
            tables.add("resource_capacity", resource="SHOP", semester=season, hours="9")
        tables.add(
            "module_resources",
            module="SEC",
            resource_kind="shop",
            hours_kind="laboratory_practical",
            hours_share="0.5",
        )

    assert _codes(check(edit)) == []


def test_a_resource_that_nobody_needs_needs_no_hours(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.add(
            "resources", id="X", kind="hall", category="workshop", name_kk="к", name_ru="р", name_en="e"
        )

    assert _codes(check(edit)) == []


def test_without_the_table_of_hours_nothing_is_limited(check: Check) -> None:
    assert _codes(check(lambda t: t.rows.pop("resource_capacity"))) == []


def test_hours_of_one_year_only(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.set("programmes", 2, "terms", "4")  # 2026-1 to 2027-2, and TEACHER has hours in 2026-1

    issues = [issue for issue in check(edit) if issue.code == "capacity-missing"]
    assert [issue.values["semesters"] for issue in issues] == ["2027-1"]


def test_the_existing_curriculum_by_year(check: Check) -> None:
    def years(terms: str) -> list[object]:
        found = check(lambda t: t.set("programmes", 2, "terms", terms))
        return [issue.values["years"] for issue in found if issue.code == "year-credits-outside"]

    # term 3 makes a second year, of which there is only half: it is not compared with a whole year's 10
    assert years("3") == []
    # term 4 makes it whole: 4 + 144/24 = 10 credits in year 1, nothing in year 2
    assert years("4") == ["2: 0"]


def test_no_existing_curriculum_is_no_fault(check: Check) -> None:
    def edit(tables: Tables) -> None:
        for row in (2, 3):
            tables.set("programme_modules", row, "current_term", "")
            tables.set("programme_modules", row, "status", "candidate")

    assert _codes(check(edit)) == []


def test_a_baseline_reaches_a_floor(check: Check) -> None:
    def floor(tables: Tables) -> None:
        tables.add("floors", competency="ICT", level="1")  # no module teaches ICT, but learners bring 1

    assert _codes(check(floor)) == []


def test_a_forbidden_module_teaches_nothing(check: Check) -> None:
    found = check(lambda t: t.set("programme_modules", 4, "status", "forbidden"))
    # SEC alone takes DB to 3, which ADMIN needs; RO1 takes it to 2, which is the floor
    assert [(issue.code, issue.values["taught"]) for issue in found] == [("step-not-taught", 2)]


def test_without_rows_a_programme_may_take_every_module(check: Check) -> None:
    assert _codes(check(lambda t: t.rows.pop("programme_modules"))) == []


def test_one_warning_per_programme_and_competency(check: Check) -> None:
    def edit(tables: Tables) -> None:
        names = {"name_kk": "к", "name_ru": "р", "name_en": "e"}
        tables.add("programmes", id="P2", start="2026-1", terms="2", learners="9", **names)
        tables.add("targets", programme="P2", occupation="ADMIN", share="1")
        tables.set("occupation_requirements", 3, "level", "8")

    found = check(edit)
    assert [(i.code, i.values["programme"], i.values["level"]) for i in found] == [
        ("step-not-taught", "ADM", 8),
        ("step-not-taught", "P2", 8),
    ]


def test_only_planned_programmes_are_asked_what_they_reach() -> None:
    catalog = read_catalog(BASE).require()
    other = Programme(id="P2", start="2026-1", terms=2, learners=9, name_kk="к", name_ru="р", name_en="e")
    catalog = catalog.replace(
        programmes=(*catalog.programmes, other),
        targets=(*catalog.targets, catalog.targets[0].model_copy(update={"programme": "P2"})),
        floors=(Floor(competency="DB", level=8, programme="P2"),),
    )
    limits = effective_limits(catalog, Settings(programmes=("ADM",)))
    assert check_catalog(catalog, limits) == ()
    assert [issue.code for issue in check_catalog(catalog)] == ["floor-unreachable"]


def test_the_profile_of_the_user_is_checked_instead() -> None:
    catalog = read_catalog(BASE).require()
    entry = catalog.profile[0].model_copy(update={"key_name": "weekly_hours", "value": "many"})
    limits = effective_limits(catalog, Settings(profile=(entry,)))
    assert _codes(list(check_catalog(catalog, limits))) == ["profile-not-number"]


def test_unused_columns_give_one_warning_with_the_number_of_rows(check: Check) -> None:
    def edit(tables: Tables) -> None:
        for row in (5, 3, 4):
            tables.set("modules", row, "min_learners", "10")
        tables.set("modules", 4, "span_terms", "2")

    found = check(edit)
    assert [(i.values["column"], i.values["rows"], i.place.row) for i in found if i.place] == [
        ("min_learners", 3, 3),
        ("span_terms", 1, 4),
    ]


@pytest.mark.parametrize(
    ("qualification", "specialty", "codes"),
    [
        ("3W06120101", "06120100", []),
        ("5AB06120103", "06120100", []),
        ("4S06120102", None, []),
        (None, "06120100", []),
        ("4S0612010", "06120100", ["wrong-qualification-code"]),
        ("6S06120102", "06120100", ["wrong-qualification-code"]),
        ("4S06120102x", "06120100", ["wrong-qualification-code"]),
        ("4S06120102", "0612010", ["wrong-specialty-code"]),
        ("4S06130103", "06120100", ["specialty-mismatch"]),
    ],
)
def test_codes(check: Check, qualification: str | None, specialty: str | None, codes: list[str]) -> None:
    def edit(tables: Tables) -> None:
        tables.set("programmes", 2, "qualification", qualification or "")
        tables.set("programmes", 2, "specialty", specialty or "")

    assert _codes(check(edit)) == codes
