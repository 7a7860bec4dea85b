"""The rows of the sheets, without any Excel; the plan is that of `sample`."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

import curriplan
from curriplan.catalog.records import Floor, ProfileEntry
from curriplan.plan.plan import Start
from curriplan.problem.problem import Problem, find_gaps
from curriplan.report.book import workbook
from curriplan.report.budget_rows import hours_table, money_table, purse_table, semester_table, use_table
from curriplan.report.checks import compliance_table
from curriplan.report.context import Context
from curriplan.report.curriculum_rows import curriculum_table
from curriplan.report.gaps import gap_table, planned_gap_table
from curriplan.report.labels import Labels
from curriplan.report.occupations import target_rows, target_table
from curriplan.report.provenance import (
    input_table,
    norm_table,
    setting_table,
    source_counts,
    stage_table,
    warning_lines,
)
from curriplan.report.reasons import not_selected_table
from curriplan.report.view import PlanView
from curriplan.texts.words import Words

from .sample import SELECTION, sample_catalog, sample_view

VIEW = sample_view()
LABELS = Labels(VIEW.catalog, Words("en"))


def test_the_curriculum_groups_outcomes_under_their_header() -> None:
    table = curriculum_table(VIEW, LABELS, "A")
    shape = [
        (section.section, group.index, [(row.index, row.term, row.decision) for row in group.rows])
        for section in table.sections
        for group in section.groups
    ]
    assert shape == [
        ("general", "", [("", 1, "fixed")]),
        ("professional", "H1", [("M1", 1, "kept"), ("M2", 2, "added")]),
    ]
    assert [(row.index, row.term, row.decision) for row in table.dropped] == [("M3", 2, "dropped")]


def test_the_rows_of_a_curriculum_add_up_to_the_evaluation() -> None:
    for measures in VIEW.after.programmes:
        rows = list(curriculum_table(VIEW, LABELS, measures.programme).rows())
        for term, credits_ in enumerate(measures.term_credits, start=1):
            assert sum(row.credits or 0 for row in rows if row.term == term) == credits_
        added = sum(row.cost_kzt for row in rows)
        mine = [kzt for (name, _), kzt in VIEW.after.added_cost_kzt.items() if name == measures.programme]
        assert added == sum(mine)


def test_fixed_hours_become_credits() -> None:
    fixed = next(iter(curriculum_table(VIEW, LABELS, "A").rows()))
    assert (fixed.credits, fixed.hours) == (2.0, (48.0, 0, 0, 0, 0, 0))  # 48 h / 24


def test_weeks_are_the_terms_own_else_half_a_year() -> None:
    assert curriculum_table(VIEW, LABELS, "A").weeks == (18.0, 20.0)


def test_why_names_what_would_be_lost() -> None:
    why = {row.index: row.why for row in curriculum_table(VIEW, LABELS, "A").rows()}
    # Without M1, M2 lacks its entry level and its prerequisite; 1.5 of the credits too, but that is
    # said only where nothing else is lost. M2 closes C1 from level 2 to 4.
    assert why["M1"] == "mandatory module; gives the entry level for: M2 name; prerequisite of: M2 name"
    # Weights of A (κ = 2 for C1, θ = ½): C1: levels 1-4 each ½·2 = 1, and ½·4·2 = 4 for meeting
    # it: 8. C2: ½·½ = ¼ each for three levels, and ½·3·½ = ¾: 1.5. M2 gives levels 3 and 4 and
    # the meeting, 6 of 9.5 = 63.2 %.
    assert why["M2"] == "closes 63.2 percentage points of the programme's gap"
    assert why[""] == "taught whatever the plan says"


def test_why_says_when_a_module_moves_and_when_nothing_else_is_known() -> None:
    moved = sample_view(selection=type(SELECTION)((Start("A", "M1", 2), Start("A", "M3", 2))))
    rows = {row.index: row for row in curriculum_table(moved, LABELS, "A").rows()}
    # With M1 in term 1 there are 2 + 3 credits against 1.5, a difference of 3.5; now 2 against 3 + 1.5.
    assert rows["M1"].why.startswith(
        "moves from semester 1 to semester 2 (if it stayed: the differences between the loads of semesters "
        "would sum to 1 credits more); mandatory module"
    )
    # M3 teaches nothing and its credits are not missed: the plan misses the minimum without it too,
    # by more: 3 + 1.5 + 2 = 6.5 < 7 already breaks, but less.
    assert rows["M3"].why == (
        "closes no gap: lifts no competency to a level that the programme lacks; "
        "without it the programme lacks credits"
    )


def test_a_gap_that_stays_wholly_open_is_closed_by_nothing() -> None:
    """Its part that is open was now and then a trace larger than all of it: Excel shows ``-0.0%``."""
    problem = Problem.of(curriplan.read_catalog("kz-digital-college").require())
    nothing: dict[str, dict[str, int]] = {name: {} for name in problem.gaps}
    programmes = [SimpleNamespace(programme=name, weight=1.0) for name in problem.gaps]
    after: Any = SimpleNamespace(programmes=programmes, levels_after=nothing)
    view: Any = SimpleNamespace(problem=problem, gaps=find_gaps(problem), after=after)
    table = planned_gap_table(Labels(problem.catalog, Words("en")), view)
    whole, left = (
        next(one for one in table.columns if one.key == f"column.{key}") for key in ("weight", "open_after")
    )
    assert len(view.gaps) > 200
    assert all(whole.of(gap) == left.of(gap) for gap in view.gaps)


def gap_cells() -> dict[tuple[str, str], dict[str, Any]]:
    """Return what stands in the cells of the gaps, by programme and competency."""
    table = planned_gap_table(LABELS, VIEW)
    return {
        (gap.programme, gap.competency): {column.key: column.of(gap) for column in table.shown}
        for gap in VIEW.gaps
    }


def test_gaps_show_what_stays_open_and_what_nobody_teaches() -> None:
    rows = gap_cells()
    first = rows["A", "C1"]
    assert [first[f"column.{name}"] for name in ("required", "before", "after")] == [4, 2, 4]
    assert first["column.weight"] == pytest.approx(8 / 9.5)
    assert first["column.open_before"] == pytest.approx(6 / 9.5)
    assert first["column.open_after"] == 0
    assert first["column.modules"] == "M1 (2), M2 (4)"
    assert first["column.need_source"] == "ESCO: essential"
    second = rows["A", "C2"]
    assert second["column.remark"] == "modules teach this only up to level 2"
    assert second["column.need_source"] == "estimate"
    # B brings level 3 of C2: nothing is missing, so its weight is 0.
    assert rows["B", "C2"]["column.weight"] == 0


def test_closure_can_be_recomputed_from_the_gap_rows() -> None:
    for measures in VIEW.after.programmes:
        rows = [row for (programme, _), row in gap_cells().items() if programme == measures.programme]
        assert sum(row["column.weight"] for row in rows) == pytest.approx(1)
        assert 1 - sum(row["column.open_after"] for row in rows) == pytest.approx(measures.closure_after)
        assert 1 - sum(row["column.open_before"] for row in rows) == pytest.approx(measures.closure_before)


def test_gaps_are_plain_records() -> None:
    gaps = find_gaps(VIEW.problem)
    table = gap_table(LABELS, gaps)
    rows = table.records(gaps)
    assert tuple(rows[0]) == table.fields
    assert rows[0]["missing"] == 2  # asked 4, M1 gives 2
    assert rows[0]["open_weight"] == pytest.approx(6 / 9.5)
    assert list(table.frame(gaps).columns) == list(table.fields) == list(table.frame([]).columns)


def test_money_is_counted_once_for_set_up_and_for_each_programme_for_delivery() -> None:
    # M2: 5,000 once, 2 groups x 2,000. M1 runs already; B adds it for 1 group x 1,000.
    rows = [(row.module, row.programmes, *row.kzt.values()) for row in money_table(VIEW, LABELS)]
    assert rows == [("M2", "A", 5000, 4000, 0, 0), ("M1", "B", 0, 1000, 0, 0)]
    # M1 of B is paid in the autumn of 2026; M2 starts in the spring of 2027.
    assert [(row.source, row.year, row.budget_kzt) for row in purse_table(VIEW, LABELS)] == [
        ("COLLEGE", 2026, 0),
        ("COLLEGE", 2027, 0),
        ("COLLEGE", None, 12_000),
    ]


def test_resource_hours_are_those_of_the_calendar_semester() -> None:
    # Autumn 2026: A's M1, 36 h x 2 sub-groups, and B's, 36 h x 1, of 200 - 20 free. Spring: A's M2.
    rows = [
        (row.semester, row.free_hours, row.used_before, row.used_after) for row in hours_table(VIEW, LABELS)
    ]
    assert rows == [("2026-1", 180, 72, 108), ("2026-2", 200, 0, 72)]
    uses = [(row.programme, row.module, row.season, row.first, row.last) for row in use_table(VIEW, LABELS)]
    assert uses == [
        ("A", "M1", 1, 20261, 99992),  # A repeats: every autumn from its start on
        ("A", "M2", 2, 20261, 99992),
        ("B", "M1", 1, 20261, 20261),
    ]


def test_terms_meet_in_calendar_semesters() -> None:
    rows = [(row.semester, row.when, row.terms) for row in semester_table(VIEW, LABELS)]
    assert rows == [
        ("2026-1", "autumn 2026", (("A", 1), ("B", 1))),
        ("2026-2", "spring 2027", (("A", 2),)),
    ]


def test_occupations_count_essentials() -> None:
    with workbook(LABELS, BytesIO(), "Occupations") as book:
        columns = target_table(Context(book, VIEW, LABELS.texts, LABELS)).shown
    row = {column.key: column.of(target_rows(VIEW)[0]) for column in columns}
    essentials = ("column.essentials", "column.essentials_before", "column.essentials_after")
    assert [row[key] for key in essentials] == [1, 0, 1]
    assert row["column.codes"] == "ISCO-08 2512, NKZ 2512-1"


def test_compliance_gathers_the_counts_of_breaches_and_keeps_every_limit() -> None:
    rows = compliance_table(VIEW, LABELS)
    aspects = [row.check.aspect for row in rows]
    assert aspects.count("prerequisites") == 1
    assert aspects.count("total_credits_min") == 2
    assert len(rows) < len(VIEW.after.checks)
    broken = [(row.check.aspect, row.check.programme) for row in rows if row.before_holds is False]
    # Today B has nothing at all; A has 3 + 1.5 + 2 = 6.5 credits of 7, and 36 h of practice in
    # 72 + 36 + 48 = 156 h, 23 % of the 30 % asked.
    assert broken == [
        ("total_credits_min", "A"),
        ("total_credits_min", "B"),
        ("practice_share", "A"),
        ("floor", "B"),
    ]
    # B teaches no hours today: there is no share to speak of.
    (share_of_b,) = (r for r in rows if (r.check.aspect, r.check.programme) == ("practice_share", "B"))
    assert share_of_b.before is None


def test_breaches_are_added_up_and_named() -> None:
    wrong = sample_view(selection=type(SELECTION)((Start("A", "M2", 1), Start("B", "M4", 1))))
    rows = {row.check.aspect: row for row in compliance_table(wrong, LABELS)}
    assert rows["prerequisites"].check.actual == 1
    assert rows["prerequisites"].subject == "in the plan: A: M2 name – M1 name"
    assert rows["mandatory_modules"].subject == "in the plan: A: M1 name"
    # M2 of A has no laboratory, M4 of B no teacher.
    assert rows["sites"].check.actual == 2
    assert rows["sites"].subject == "in the plan: A: M2 name – lab; B: M4 name – teacher"


def test_norms_say_where_they_come_from() -> None:
    rows = {row.check.aspect: row for row in compliance_table(VIEW, LABELS)}
    assert (rows["weekly_hours"].source, rows["weekly_hours"].verified) == (
        "Order 348",
        "unverified (as of 2026-05-31)",
    )
    assert rows["total_credits_min"].source == "tables of the catalog"
    assert rows["prerequisites"].source == "rule of the planning model"
    assert "denominator: GEN, BM, PM, PP, FA, EL" in rows["practice_share"].norm
    chosen = sample_view(budget_kzt=11_000, practice_share=0.2)
    rows = {row.check.aspect: row for row in compliance_table(chosen, LABELS)}
    assert rows["budget"].source == "set by the user"
    instead = "instead of the norm 0.3 (the catalog's own profile): chosen for this run"
    assert rows["practice_share"].source == f"set by the user; {instead}"
    # More than the 12,000 KZT that the sources have caps nothing: the limit is theirs.
    rows = {row.check.aspect: row for row in compliance_table(sample_view(budget_kzt=20_000), LABELS)}
    assert rows["budget"].source == "tables of the catalog"


def floor_sources(language: str, *floors: Floor) -> list[str]:
    view = sample_view(sample_catalog().replace(floors=floors))
    rows = compliance_table(view, Labels(view.catalog, Words(language)))
    return [row.source for row in rows if row.check.aspect == "floor"]


def test_a_floor_names_its_challenge_in_the_language_and_else_its_reason() -> None:
    plain = Floor(competency="C1", level=2, reason="safety")
    tagged = Floor(competency="C1", level=2, reason="safety", challenge=3)
    assert floor_sources("ru", plain) == ["таблицы каталога; safety"] * 2  # programmes A and B
    said = "таблицы каталога; вызов 3: цифровые следы, таргетинг и приватность"
    assert floor_sources("ru", tagged) == [said] * 2
    # B asks for more than everybody: its own floor binds there, and only its challenge is named.
    higher = Floor(competency="C1", level=3, programme="B", challenge=1)
    first, second = floor_sources("en", tagged, higher)
    assert first.endswith("challenge 3: digital traces, targeting and privacy")
    assert second == "tables of the catalog; challenge 1: fraud against people of weak digital literacy"


@pytest.mark.parametrize(
    ("source", "russian"),
    [
        ("Order 75 of 28 Mar 2023", "Приказ № 75 от 28.03.2023"),
        ("Order 604 of 31 Oct 2018 (replaced)", "Приказ № 604 от 31.10.2018 (заменён)"),
        (
            "Order 604 of 31 Oct 2018 (replaced by Order 348 of 3 Aug 2022)",
            "Приказ № 604 от 31.10.2018 (заменён: приказ № 348 от 03.08.2022)",
        ),
        (
            "Order 348 of 3 Aug 2022, as amended by Order 132 of 31 May 2024",
            "Приказ № 348 от 03.08.2022, с изменениями: приказ № 132 от 31.05.2024",
        ),
        ("choice of the college", "выбор колледжа"),
        ("Order 75 of 28 Xyz 2023", "Order 75 of 28 Xyz 2023"),  # no month
        ("Order 75, paragraph 3", "Order 75, paragraph 3"),
    ],
)
def test_known_sources_are_said_in_the_language_and_others_left(source: str, russian: str) -> None:
    assert Labels(VIEW.catalog, Words("ru")).source(source) == russian
    assert LABELS.source(source) == source


def test_the_catalogs_own_framework_is_a_word() -> None:
    own, named = (
        VIEW.catalog.competencies[0].model_copy(update={"framework": name})
        for name in ("occupational", "DigComp")
    )
    assert LABELS.framework(own) == "occupational (catalog)"
    assert LABELS.framework(named) == "DigComp 3.0"
    assert LABELS.framework(None) == ""


def test_no_row_is_without_an_assessment_form() -> None:
    modules = tuple(
        row.model_copy(update={"assessment_form": None}) if row.id == "M2" else row
        for row in sample_catalog().modules
    )
    view = sample_view(sample_catalog().replace(modules=modules))
    rows = curriculum_table(view, LABELS, "A").rows()
    assert [(row.index, row.assessment) for row in rows] == [
        ("", "by subject"),
        ("M1", "exam"),
        ("M2", "not given"),
    ]


def test_an_outcome_is_assessed_with_its_header_and_several_forms_are_words_of_the_language() -> None:
    """H1 has a form of its own; M1 none, M2 two that are known and one that is not."""
    forms = {"H1": "exam", "M1": None, "M2": "pass, Differentiated pass; портфолио"}
    modules = tuple(
        row.model_copy(update={"assessment_form": forms[row.id]}) if row.id in forms else row
        for row in sample_catalog().modules
    )
    view = sample_view(sample_catalog().replace(modules=modules))
    table = curriculum_table(view, Labels(view.catalog, Words("ru")), "A")
    assert [group.assessment for section in table.sections for group in section.groups] == ["", "экзамен"]
    assert [row.assessment for row in table.rows()] == [
        "по дисциплинам",
        "по модулю",
        "зачёт, диф. зачёт, портфолио",
    ]


def test_provenance_counts_estimates_and_shows_the_effective_limits() -> None:
    counted = dict(source_counts(VIEW, LABELS))
    assert counted["Needs of occupations"] == "ESCO: essential – 1; estimate – 1"
    assert counted["Outcomes of modules"] == "not given – 3"
    assert "Budgets of sources" not in counted  # its source is who pays
    assert "Regulation profile" not in counted  # each of its rows is shown with its source
    shown = dict(setting_table(VIEW, LABELS))
    assert shown["Budget, KZT"] == "12\xa0000 (from the catalog)"
    assert shown["Least practice share"] == "0.3 (from the catalog)"
    assert dict(setting_table(sample_view(budget_kzt=20_000), LABELS))["Budget, KZT"] == "20\xa0000"


def test_a_year_of_the_plan_outside_its_band_is_a_warning() -> None:
    def years(norm: str, tolerance: str) -> list[str]:
        entries = {"hours_per_credit": "24", "year_credits": norm, "year_credits_tolerance": tolerance}
        profile = tuple(ProfileEntry(key=key, value=value) for key, value in entries.items())
        view = sample_view(sample_catalog().replace(profile=profile))
        return [line for line in warning_lines(view, LABELS) if line.startswith("In the plan")]

    # A: 2 fixed + 3 + 2 = 7 credits in its only year; B has one term, which is no year.
    said = "In the plan: year 1 of A has 7 credits; the band of a year is 7.2–8.8 (a warning only)."
    assert years("8", "0.1") == [said]
    assert years("8", "0.125") == []  # 7 is the lower end


def test_norms_have_names_and_values_in_words() -> None:
    profile = tuple(
        ProfileEntry(key=key, value=value)
        for key, value in {
            "hours_per_credit": "24",
            "total_credits_4S_grade9": "3.5",
            "practice_share_denominator": "professional+practice",
            "self_study_inside_credit": "yes",
        }.items()
    )
    view = sample_view(sample_catalog().replace(profile=profile))
    rows = {row.key: row for row in norm_table(view, Labels(view.catalog, Words("ru")))}
    assert rows["hours_per_credit"].name == "академических часов в кредите"
    total = rows["total_credits_4S_grade9"]
    assert (total.name, total.value) == ("всего кредитов: 4S, на базе 9 классов", "3,5")
    assert rows["practice_share_denominator"].value == "ПМ, ПП"
    assert rows["self_study_inside_credit"].value == "да"


def test_what_is_left_out_says_what_stops_it_and_what_would_help() -> None:
    rows = {(row.programme, row.module): row for row in not_selected_table(VIEW, LABELS)}
    m4 = rows["A", "M4"]
    # 7,000 + 2 groups x 300 on top of 10,000 of 12,000: 5,600 too much.
    assert m4.cost_kzt == 7600
    assert m4.binding == "§10 new money, at most the budget"
    assert m4.change == "5\xa0600 KZT more budget"
    assert m4.closure_gain == pytest.approx(0.5 / 9.5)
    assert rows["A", "M3"].was_current
    assert rows["A", "M3"].reason == "lifts no competency to a level that the programme lacks"
    assert [row.module for row in not_selected_table(VIEW, LABELS)] == ["M4", "M3", "M4"]


def test_a_rule_broken_in_many_semesters_is_named_once() -> None:
    catalog = sample_catalog()
    capacity = tuple(row.model_copy(update={"hours": 150.0}) for row in catalog.resource_capacity)
    later = tuple(
        row.model_copy(update={"start": "2025-1"}) if row.id == "B" else row for row in catalog.programmes
    )
    view = sample_view(
        catalog.replace(resource_capacity=capacity, programmes=later),
        type(SELECTION)(
            (Start("A", "M1", 1), Start("B", "M1", 1)), SELECTION.sites[:1] + SELECTION.sites[2:]
        ),
    )
    (row,) = (row for row in not_selected_table(view, LABELS) if row.module == "M2")
    assert row.binding == ""  # springs are free
    assert row.reason == LABELS.texts("left_out.trade_off")


def test_provenance_lists_the_tables_that_hold_anything() -> None:
    rows = {row.title: row for row in input_table(VIEW, "en")}
    assert "Scenarios" not in rows
    assert rows["Modules"].rows == 5
    assert rows["Modules"].sha256 == VIEW.catalog.table_sha256("modules")
    assert ("hours_per_credit", "verified (as of 2026-05-31)") in [
        (row.key, row.verified) for row in norm_table(VIEW, LABELS)
    ]
    assert [row.stage.objective for row in stage_table(VIEW, LABELS)] == [
        "no_harm",
        "closure",
        "cost",
        "disruption",
        "balance",
    ]
    assert warning_lines(VIEW, LABELS) == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", "not given"),
        ("estimate", "estimate"),
        ("estimate: experts", "estimate: experts"),
        ("onet", "onet"),
    ],
)
def test_sources_in_words(source: str, expected: str) -> None:
    assert LABELS.source(source) == expected


@pytest.mark.parametrize(("language", "word"), [("kk", "бағалау"), ("ru", "оценка")])
def test_estimates_are_called_estimates_in_every_language(language: str, word: str) -> None:
    assert Labels(VIEW.catalog, Words(language)).source("estimate") == word
    assert Labels(VIEW.catalog, Words(language)).source("estimate: by hand") == f"{word}: by hand"


def test_an_estimate_says_in_words_what_it_rests_on() -> None:
    source = Labels(VIEW.catalog, Words("ru")).source
    assert source("estimate: esco:optional") == f"{source('estimate')}: {source('esco:optional')}"
    assert "esco:" not in source("estimate: esco:optional")


def test_a_missing_name_falls_back_to_another_language() -> None:
    catalog = sample_catalog()
    nameless = tuple(row.model_copy(update={"name_en": None}) for row in catalog.modules)
    labels = Labels(catalog.replace(modules=nameless), Words("en"))
    assert labels.module("M1") == "M1 қазақша"
    assert labels.module("UNKNOWN") == "UNKNOWN"


def test_a_view_computes_its_single_changes_once() -> None:
    view: PlanView = sample_view()
    assert view.what_if is view.what_if
    assert set(view.removals) == {("A", "M1"), ("A", "M2"), ("B", "M1")}
