"""Cross-record rules where one broken example is not enough: limits, sums, exceptions, wording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from broken_catalogs.base_catalog import BASE, Tables
from curriplan.api.reading import read
from curriplan.base.errors import Issue
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog, CatalogInfo, Competency, Floor, ModuleOutcome, Programme
from curriplan.cli.console.problems import unchecked_text
from curriplan.problem.checks import RULES, check_catalog
from curriplan.problem.checks.careful import Unchecked
from curriplan.problem.limits import effective_limits
from curriplan.problem.settings import Settings
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import column_title
from curriplan.texts.words import texts_of

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


@pytest.mark.parametrize("theme", sorted({rule.theme for rule in RULES}))
def test_each_theme_has_words_where_it_could_not_be_checked(theme: str) -> None:
    said = [unchecked_text([Unchecked(theme, whole=True, tables=("modules",))], code) for code in LANGUAGES]
    assert all(said)
    assert len({*said}) == len(LANGUAGES)


def test_no_other_theme_has_words() -> None:
    keys = {key for key in texts_of("cli") if key.startswith("unchecked.theme.")}
    assert keys == {f"unchecked.theme.{rule.theme}" for rule in RULES}


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


def test_without_rows_a_programme_may_take_what_its_occupations_need(check: Check) -> None:
    def edit(tables: Tables, share: str = "0.3", min_credits: str = "8") -> None:
        tables.rows.pop("programme_modules")
        tables.set("profile", 6, "value", share)
        tables.set("programmes", 2, "min_credits", min_credits)

    # 7 credits of modules with 96 of 168 hours of practice, and 144 fixed hours of theory, 6 credits:
    # 96 of 312 hours are 30.8 %.
    assert _codes(check(edit)) == []
    assert _codes(check(lambda t: edit(t, share="0.31"))) == ["candidates-too-little-practice"]
    assert _codes(check(lambda t: edit(t, min_credits="13"))) == []
    assert _codes(check(lambda t: edit(t, min_credits="13.5"))) == ["candidates-too-few-credits"]

    # Of DB alone RO1 and SEC would do: RO2, which teaches NET, is nobody's.
    def without_net(tables: Tables) -> None:
        edit(tables)
        tables.rows["occupation_requirements"] = [
            row for row in tables.rows["occupation_requirements"] if "NET" not in row
        ]

    assert "module-of-nobody" in _codes(check(without_net))


def test_all_modules_together_reach_the_norm_or_not(check: Check) -> None:
    """7 credits of modules and 6 fixed ones, 13; of two that exclude each other only one counts."""

    def edit(tables: Tables, least: str, *, exclude: bool = False) -> None:
        tables.set("profile", 9, "value", least)
        for row in (4, 5) if exclude else ():  # RO2 has 2 credits, SEC 3
            tables.set("modules", row, "exclusive_group", "ONE")

    assert _codes(check(lambda t: edit(t, "13"))) == []
    (issue,) = check(lambda t: edit(t, "13.5"))
    assert issue.code == "modules-too-few-credits"
    assert issue.values == {
        "programme": "ADM",
        "most": "13",
        "least": "13.5",
        "norm": "total_credits_4S_grade9",
    }
    assert _codes(check(lambda t: edit(t, "11", exclude=True))) == []
    assert _codes(check(lambda t: edit(t, "11.5", exclude=True))) == ["modules-too-few-credits"]


def test_practice_that_no_choice_reaches_is_said_before_a_plan_is_sought(check: Check) -> None:
    """All three modules: 24 + 24 + 48 of 168 hours, and 144 fixed ones of theory: 96 of 312 are 30.8 %."""

    def edit(tables: Tables, share: str, status: str = "", theory: str = "24", practice: str = "48") -> None:
        tables.set("profile", 6, "value", share)
        tables.set("modules", 5, "theory_hours", theory)  # of SEC
        tables.set("modules", 5, "laboratory_practical_hours", practice)
        if status:
            tables.set("programme_modules", 4, "status", status)

    assert _codes(check(lambda t: edit(t, "0.3"))) == []
    assert _codes(check(lambda t: edit(t, "0.31"))) == ["modules-too-little-practice"]
    # SEC of theory alone: without it 48 of 240 hours, 20 %, with it 48 of 312, 15.4 %
    assert _codes(check(lambda t: edit(t, "0.18", "candidate", "72", "0"))) == []
    assert _codes(check(lambda t: edit(t, "0.18", "mandatory", "72", "0"))) == ["modules-too-little-practice"]


@pytest.mark.parametrize(
    ("cells", "lacks"),
    [
        ({"entry_base": ""}, ["entry_base"]),
        ({"entry_base": "", "qualification": ""}, ["qualification", "entry_base"]),
        ({"entry_base": "", "min_credits": "8"}, None),
        ({"entry_base": "", "qualification": "5AB06120102"}, None),  # no norm of that level at all
        ({"entry_base": "grade11"}, None),
    ],
)
def test_a_norm_that_lacks_what_it_goes_by_is_said(
    check: Check, cells: dict[str, str], lacks: list[str] | None
) -> None:
    def edit(tables: Tables) -> None:
        for column, value in cells.items():
            tables.set("programmes", 2, column, value)

    found = check(edit)
    assert _codes(found) == ([] if lacks is None else ["credits-norm-left-out"])
    for issue in found:
        said = issue.found("ru")
        assert all(f"{name} («{column_title('programmes', name, 'ru')}»)" in said for name in lacks or ())


def test_one_warning_per_programme_and_competency(check: Check) -> None:
    def edit(tables: Tables) -> None:
        names = {"name_kk": "к", "name_ru": "р", "name_en": "e"}
        own = {"start": "2026-1", "terms": "2", "learners": "9", "entry_base": "grade11"}
        tables.add("programmes", id="P2", **own, **names)
        tables.add("targets", programme="P2", occupation="ADMIN", share="1")
        tables.set("occupation_requirements", 3, "level", "8")

    found = check(edit)
    assert [(i.code, i.values["programme"], i.values["level"]) for i in found] == [
        ("step-not-taught", "ADM", 8),
        ("step-not-taught", "P2", 8),
    ]


def test_only_planned_programmes_are_asked_what_they_reach() -> None:
    catalog = read_catalog(BASE).require()
    names = {"name_kk": "к", "name_ru": "р", "name_en": "e"}
    other = Programme(id="P2", start="2026-1", terms=2, learners=9, entry_base="grade11", **names)
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


def test_a_share_of_nothing_may_be_changed(check: Check) -> None:
    def edit(tables: Tables) -> None:
        for key in ("change_share_ordinary", "change_share_dual"):
            tables.add("profile", key=key, value="0")

    assert _codes(check(edit)) == []


def test_unused_columns_give_one_warning_with_the_number_of_rows(check: Check) -> None:
    def edit(tables: Tables) -> None:
        for row in (4, 2, 3):
            tables.set("competencies", row, "half_life_years", "5")
        tables.set("occupations", 2, "automation_risk", "0.5")

    found = check(edit)
    assert [(i.values["column"], i.values["rows"], i.place.row) for i in found if i.place] == [
        ("half_life_years", 3, 2),
        ("automation_risk", 1, 2),
    ]


def test_a_transfer_teaches_and_brings_levels(check: Check) -> None:
    def codes(of_database: str, of_skills: str) -> list[str]:
        def edit(tables: Tables) -> None:
            relations = (("DB", "ICT", of_database), ("ICT", "NET", of_skills))
            for source, target, factor in relations:
                tables.add(
                    "competency_relations", source=source, target=target, kind="transfers", factor=factor
                )
            tables.add("floors", competency="ICT", level="2")
            tables.set("module_outcomes", 3, "entry_level", "1")  # RO2, which alone teaches NET

        return _codes(check(edit))

    # SEC leaves DB 4, which is ICT 0.5 * 4 = 2; learners bring ICT 1, which is NET 1 * 1
    assert codes("0.5", "1") == []
    # 0.49 * 4 = 1.96 is level 1, and 0.9 * 1 is none
    assert codes("0.49", "0.9") == ["floor-unreachable", "entry-not-taught"]


def test_a_requirement_that_the_module_meets_itself_or_the_source_level_spares(check: Check) -> None:
    def edit(tables: Tables) -> None:
        # SEC takes DB from 2 to 4 and teaches NET to 3 itself; RO1 takes DB to 2 only, below source_level
        tables.add(
            "competency_relations", source="DB", target="NET", kind="requires", level="3", source_level="3"
        )
        tables.add("module_outcomes", module="SEC", competency="NET", entry_level="0", exit_level="3")

    assert _codes(check(edit)) == []


def test_a_requirement_of_many_modules_is_one_warning_a_programme(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.add("competency_relations", source="DB", target="ICT", kind="requires", level="5")
        tables.set("module_outcomes", 4, "entry_level", "0")  # SEC lifts DB over 1 as well as RO1

    (issue,) = check(edit)
    assert (issue.code, issue.values["modules"], issue.values["taught"]) == (
        "required-level-not-taught",
        "RO1, SEC",
        1,
    )


def test_each_circle_of_requirements_is_worded_once(check: Check) -> None:
    def edit(tables: Tables) -> None:
        for source, target in (("DB", "NET"), ("NET", "ICT"), ("ICT", "DB")):
            tables.add("competency_relations", source=source, target=target, kind="requires")
        for name in ("X", "Y"):  # a circle of its own, which the other one leads to
            tables.add("competencies", id=name, name_kk="к", name_ru="р", name_en="e")
        for source, target in (("ICT", "X"), ("X", "Y"), ("Y", "X")):
            tables.add("competency_relations", source=source, target=target, kind="requires")

    found = check(edit)
    assert [(i.code, i.values["cycle"]) for i in found if i.code == "requirement-cycle"] == [
        ("requirement-cycle", "DB -> NET -> ICT -> DB"),
        ("requirement-cycle", "X -> Y -> X"),
    ]


def test_levels_keep_a_circle_of_requirements_open(check: Check) -> None:
    def edit(tables: Tables) -> None:
        # NET from 2 on needs ICT 1, and ICT from 2 on needs NET 2: NET 1, ICT 1, NET 2, ICT 2 is an order
        tables.add(
            "competency_relations", source="NET", target="ICT", kind="requires", level="1", source_level="2"
        )
        tables.add(
            "competency_relations", source="ICT", target="NET", kind="requires", level="2", source_level="2"
        )

    assert _codes(check(edit)) == []


def test_a_span_that_just_fits(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.set("modules", 5, "span_terms", "2")
        tables.set("programme_modules", 4, "allowed_terms", "1")

    assert _codes(check(edit)) == []


def test_credits_of_a_year_follow_the_weights_of_a_span(check: Check) -> None:
    def years(weights: str) -> list[object]:
        def edit(tables: Tables) -> None:
            tables.set("programmes", 2, "terms", "4")
            tables.set("modules", 4, "span_terms", "2")
            tables.set("modules", 4, "span_weights", weights)
            tables.set("programme_modules", 3, "current_term", "2")
            for term in ("3", "4"):
                tables.add(
                    "programme_fixed_hours", programme="ADM", term=term, section="general", theory_hours="120"
                )

        found = check(edit)
        return [issue.values["years"] for issue in found if issue.code == "year-credits-outside"]

    # year 1: RO1 2 + 144/24 = 6 and the first part of RO2's 2; year 2: 240/24 = 10 and the second part
    assert years("0.5;0.5") == []  # 9 and 11 are just within 10 - 10 % and 10 + 10 %
    assert years("0.25;0.75") == ["1: 8.5, 2: 11.5"]


def test_learners_of_several_programmes_open_a_module_together(check: Check) -> None:
    def codes(start: str, terms: str = "1", repeats: str = "no") -> list[str]:
        def edit(tables: Tables) -> None:
            tables.set("programmes", 2, "repeats", repeats)
            tables.set("modules", 4, "min_learners", "30")  # RO2: ADM has 25
            names = {"name_kk": "к", "name_ru": "р", "name_en": "e"}
            tables.add("programmes", id="P2", start=start, terms="2", learners="5", **names)
            tables.add("targets", programme="P2", occupation="ADMIN", share="1")
            tables.add(
                "programme_modules", programme="P2", module="RO2", status="candidate", allowed_terms=terms
            )
            tables.add("programme_modules", programme="P2", module="RO1", status="candidate")
            tables.add("programme_modules", programme="P2", module="SEC", status="candidate")
            tables.set("programme_modules", 3, "allowed_terms", "1")
            del tables.rows["resource_capacity"]

        return [code for code in _codes(check(edit)) if code == "too-few-learners"]

    assert codes("2026-1") == []  # 25 + 5 in 2026-1
    assert codes("2026-1", terms="2") == ["too-few-learners"]  # 25 in 2026-1, 5 in 2026-2
    assert codes("2027-1") == ["too-few-learners"]  # 25 in 2026-1, 5 in 2027-1
    assert codes("2027-1", repeats="yes") == []  # the next intake of ADM starts it in 2027-1


def test_functions_of_other_occupations_ask_nothing(check: Check) -> None:
    names = {"name_kk": "к", "name_ru": "р", "name_en": "e"}

    def edit(tables: Tables) -> None:
        tables.add("occupations", id="CLERK", **names)
        tables.add("labour_functions", id="F1", occupation="CLERK", **names)
        tables.add("labour_functions", id="F2", **names)
        tables.add("module_functions", module="SEC", labour_function="F1")

    assert _codes(check(edit)) == []


def test_many_functions_without_a_module_are_one_warning(check: Check) -> None:
    names = {"name_kk": "к", "name_ru": "р", "name_en": "e"}

    def edit(tables: Tables) -> None:
        for number in range(1, 8):
            tables.add("labour_functions", id=f"F{number}", occupation="ADMIN", **names)

    (issue,) = check(edit)
    assert issue.values["count"] == 7
    assert issue.values["functions"] == "F1, F2, F3, F4, F5, ..."


def test_a_split_of_sub_groups_alone_is_no_fault(check: Check) -> None:
    def edit(tables: Tables) -> None:
        tables.set("module_resources", 2, "may_split", "yes")  # security-lab: one laboratory
        tables.set("module_resources", 3, "may_split", "yes")  # teacher-it: laboratory hours, and ...
        tables.set("module_resources", 4, "hours_share", "0")  # ... none of theory

    assert _codes(check(edit)) == []


@pytest.mark.parametrize(
    ("qualification", "specialty", "codes"),
    [
        ("3W06120101", "06120100", []),
        ("5AB06120103", "06120100", []),
        ("4S06120102", None, []),
        (None, "06120100", ["credits-norm-left-out"]),  # that of 4S and grade9, 8 credits
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


@pytest.mark.parametrize("value", ["NAN", "inf", "-inf"])
def test_a_step_of_credits_that_is_no_number_is_said_once(check: Check, value: str) -> None:
    issues = check(lambda t: t.set("profile", 3, "value", value))  # credit_step
    assert _codes(issues) == ["profile-not-number"]


def test_terms_without_weeks_are_named_once_a_programme(check: Check) -> None:
    """Without the table all lack them; without a weekly norm, or with the weeks of a year, none matters."""

    def without_weeks(*norms: tuple[str, str]) -> Callable[[Tables], None]:
        def edit(tables: Tables) -> None:
            tables.rows.pop("programme_terms")
            for key, value in norms:
                tables.add("profile", key=key, value=value)

        return edit

    (issue,) = check(without_weeks(("weekly_hours_all", "54")))
    assert (issue.code, issue.values["terms"]) == ("term-without-weeks", "1, 2")
    assert issue.values["keys"] == "weekly_hours_all"
    assert check(without_weeks()) == []
    assert check(without_weeks(("weekly_hours_all", "54"), ("teaching_weeks_year", "36"))) == []


def test_an_empty_cell_of_a_term_is_no_limit_forgotten(check: Check) -> None:
    assert check(lambda t: t.set("programme_terms", 3, "max_credits", "")) == []


def test_a_category_that_is_none_has_no_follow_up_errors(tmp_path: Path) -> None:
    """Kind and category of the only room are swapped: one error, not one for each module that needs it."""
    tables = Tables()
    kind, category = "security-lab", "laboratory"
    tables.set("resources", 2, "kind", category)
    tables.set("resources", 2, "category", kind)
    found = read(tables.write_folder(tmp_path)).errors
    assert [(issue.code, issue.place and issue.place.column) for issue in found] == [
        ("wrong-word", "category")
    ]
