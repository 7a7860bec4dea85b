"""The workbook of a plan that uses every part of the model: spans, split sites, dual, sources by year.

That LibreOffice computes the same in all languages says ``workbooks/test_recalculation.py``: of this very
plan, the rich one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from curriplan.catalog.records import CostPart
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from functional.report.workbooks import Values, differences, formulas, values
from unit.report.rich import rich_catalog, rich_view
from workbooks.office import recalculated

ENGLISH = Words("en")
RULE_TEXTS = Words("en", "rules")


def written(view: PlanView, language: str = "en") -> bytes:
    target = BytesIO()
    write_plan_workbook(view, target, language)
    return target.getvalue()


@pytest.fixture(scope="module")
def view() -> PlanView:
    return rich_view()


@pytest.fixture(scope="module")
def book(view: PlanView) -> Values:
    return values(written(view))


def rows(book: Values, sheet: str, heading: str = "") -> Iterator[dict[str, object]]:
    """Yield the rows of a table by header text: the first table below a cell with `heading`."""
    cells: dict[int, dict[str, object]] = {}
    for (name, place), value in book.items():
        if name == sheet:
            column, row = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()  # type: ignore[union-attr]
            cells.setdefault(int(row), {})[column] = value
    start = min((row for row, line in cells.items() if heading in line.values()), default=0)
    header_row = next(row for row in sorted(cells) if row > start and len(cells[row]) > 3)
    header = {column: str(text) for column, text in cells[header_row].items()}
    for row in range(header_row + 1, max(cells) + 1):
        if row not in cells:
            return
        yield {text: cells[row].get(column) for column, text in header.items()}


def test_the_plan_holds(view: PlanView) -> None:
    assert view.after.broken == ()


@pytest.mark.parametrize("lacking", [("funding_budgets",), ("funding_budgets", "funding_sources")])
def test_without_budgets_or_sources_it_is_computed_alike(lacking: tuple[str, ...], tmp_path: Path) -> None:
    catalog = rich_catalog().replace(funding_limits=(), **dict.fromkeys(lacking, ()))
    data = written(rich_view(catalog), "ru")
    assert differences(values(data), recalculated(data), formulas(data)) == {}
    shown = set(values(data).values())
    assert Words("ru")("phrase.no_limit") in shown
    assert (Words("ru")("phrase.unassigned") in shown) is ("funding_sources" in lacking)


def test_semesters_of_a_spanning_module_are_those_of_the_evaluation(view: PlanView, book: Values) -> None:
    # The body ends where a row is missing; sections and headers have no semester.
    lines = [row for row in rows(book, "Decisions A") if row["Sem."] is not None]
    (measures,) = (row for row in view.after.programmes if row.programme == "A")
    # Fixed 2 + M1 3; M2 2 + half of M5's 4; a quarter of them; another and M6's 3.
    assert measures.term_credits == (5, 4, 1, 4)
    for term, credits_ in enumerate(measures.term_credits, start=1):
        assert sum(row["Credits"] for row in lines if row["Sem."] == term) == credits_  # type: ignore[misc]
    parts = [row for row in lines if row["Index"] == "M5"]
    assert [(row["Sem."], row["Credits"], row["Total hours"]) for row in parts] == [
        (2, 2, 48),
        (3, 1, 24),
        (4, 1, 24),
    ]
    assert [row["Decision"] for row in parts] == ["add", "continued", "continued"]
    # Delivery, fees and travel of terms 2 and 3 fall due in 2027, together 1,502 + 4,320 + 1,575 =
    # 7,397: two thirds, 4,931, in term 2. 500 + 1,440 + 525 in term 4, 2028.
    assert [row["New cost, ₸"] for row in parts] == [4931, 2466, 2465]


def test_every_live_value_is_that_of_the_evaluation(view: PlanView, book: Values) -> None:
    data = written(view)
    live = {place for place in formulas(data) if place[0] == "Every check"}
    texts = {RULE_TEXTS(f"aspect.{check.aspect}"): check.aspect for check in view.after.checks}
    shown = list(rows(book, "Every check"))
    seen = set()
    for row in shown:
        aspect = next(name for text, name in texts.items() if str(row["Norm"]).startswith(text))
        if row["Checked by"] == "formula":
            seen.add(aspect)
        found = [
            check.actual
            for check in view.after.checks
            if check.aspect == aspect
            and (check.unit == "breaches" or (check.programme or None) == row["Programme"])
        ]
        assert any(row["In the plan"] == pytest.approx(actual) for actual in found), row
        assert row["Status of plan"] == "✔ holds"
    assert {"dual_share", "source_budget", "equity", "budget", "resource_hours"} <= seen
    assert {"total_credits_min", "term_modules_max", "practice_share", "weekly_hours"} <= seen
    assert {row["Unit"] for row in shown} >= {"learners", "changes", "breaches", "KZT"}
    assert len(live) > 100


def test_the_dual_share_is_of_one_learner(view: PlanView, book: Values) -> None:
    # All 24 h of training and 72 h of practice are at an enterprise, of 24 + 72 h.
    (row,) = (one for one in rows(book, "Every check") if "enterprise" in str(one["Norm"]))
    assert (row["Limit"], row["In the plan"], row["Source"]) == (0.6, 1, "Order 348")
    assert row["Verified"] == "unverified"


def test_the_budget_adds_up_to_the_measures_and_the_payments(view: PlanView, book: Values) -> None:
    sheet = "Expenses"
    by_module = {row["Index"]: row for row in rows(book, sheet, ENGLISH("heading.new_money"))}
    # As reckoned in `rich`.
    parts = ("Set-up", "Delivery", "Fees", "Travel", "Total")
    assert [by_module["M5"][part] for part in parts] == [9000, 2002, 5760, 2100, 18_862]
    assert [by_module["M6"][part] for part in parts] == [0, 1000, 5760, 800, 7560]
    total = by_module[None]
    measures = view.plan.measures
    names = ("setup_cost_kzt", "added_delivery_cost_kzt", "fees_kzt", "travel_kzt", "cost_kzt")
    assert [total[part] for part in parts] == [measures[name] for name in names]
    for row in rows(book, sheet, ENGLISH("heading.paid")):
        for part, name in zip(CostPart, parts, strict=False):
            mine = [one for one in view.plan.payments if one.part is part]
            if row["Year"] is not None:
                mine = [one for one in mine if one.year == row["Year"]]
                if row["Code"] is not None:
                    mine = [one for one in mine if one.source == row["Code"]]
            assert row[name] == sum(one.kzt for one in mine)


def test_budgets_of_years_and_of_any_year_say_what_is_left(book: Values) -> None:
    found = {
        (row["Code"], row["Year"]): (row["Budget"], row["Paid from it"], row["Left"], row["Paid in the year"])
        for row in rows(book, "Budget", ENGLISH("heading.sources"))
    }
    # The state pays fees of 2027 as far as they are open, and in 2028 1,440 + 1,000 + 5,760.
    assert found["STATE", 2027] == (4000, 722, 3278, 722)
    assert found["STATE", 2028] == (9000, 8200, 800, 8200)
    # The college pays 1,500 of 2026 and 6,000 of 2027 from the budgets of these years; beyond them it
    # draws on its money of any year: 27,500 in all.
    assert found["COLLEGE", 2026] == (1500, 1500, 0, 1500)
    assert found["COLLEGE", 2027][:3] == (6000, 6000, 0)
    assert found["COLLEGE", 2028] == (0, 0, 0, 1825)
    assert found["COLLEGE", "any year"] == (20_000, 20_000, 0, None)
    assert found["EMPLOYER", "any year"] == (0, 0, 0, None)


def test_payments_say_which_share_a_source_carries(book: Values) -> None:
    found = list(rows(book, "Payments"))
    setup = [row for row in found if row["Index"] == "M5" and row["Cost part"] == "set-up"]
    # One item, paid in two years by the college, which has no limit.
    assert [(row["Year"], row["Pays, ₸"], row["Part carried"]) for row in setup] == [
        (2026, 500, 1),
        (2027, 8500, 1),
    ]
    fees = next(row for row in found if row["Code"] == "STATE" and row["Year"] == 2027)
    assert fees["Part carried"] == pytest.approx(722 / 4320)
    assert {row["Status"] for row in found} == {"–"}  # of fees and delivery the state may carry all


def test_a_source_within_its_share_says_so() -> None:
    # The college alone has no money: the state pays half of each set-up, the rest stays open.
    budgets = tuple(row for row in rich_catalog().funding_budgets if row.source == "STATE")
    poor = rich_view(rich_catalog().replace(funding_budgets=budgets))
    shown = values(written(poor))
    found = [row for row in rows(shown, "Payments") if row["Cost part"] == "set-up"]
    assert found
    assert all(row["Part carried"] <= row["Largest part allowed"] == 0.5 for row in found)  # type: ignore[operator]
    assert {row["Status"] for row in found} == {"✔ holds"}
    open_kzt = poor.after.cost_kzt - sum(row.kzt for row in poor.plan.payments)
    column = [value for (sheet, _), value in shown.items() if sheet == "Budget"]
    assert column[column.index("Costs that nobody pays") + 1] == open_kzt > 0


def test_uses_stand_term_by_term_with_their_sub_groups(book: Values) -> None:
    found = [
        (row["Code"], row["Index"], row["Semester"], row["Groups or sub-groups"], row["Hours"])
        for row in rows(book, "Resource use")
        if str(row["Code"]).startswith("E")
    ]
    # M5: 24 h for three sub-groups of 10, half of it in term 2. M6: 72 h for one sub-group at each.
    assert found == [
        ("E1", "M5", 2, 3, 36),
        ("E1", "M5", 3, 3, 18),
        ("E1", "M5", 4, 3, 18),
        ("E1", "M6", 4, 1, 72),
        ("E2", "M6", 4, 1, 72),
    ]


def test_resources_name_their_owner_and_what_they_cost(book: Values) -> None:
    listed = rows(book, "Hours of rooms & teachers", ENGLISH("heading.resources"))
    (first,) = (row for row in listed if row["Code"] == "E1")
    assert (first["Owner"], first["Places"], first["Fee an hour, ₸"]) == ("Bank", 10, 80)
    assert (first["Travel of a sub-group, ₸"], first["Hours of one intake by plan"]) == (700, 144)


def test_every_labour_function_names_its_modules(book: Values) -> None:
    texts = [str(value) for (sheet, _), value in book.items() if sheet == "Decisions A"]
    place = texts.index(ENGLISH("heading.labour_functions"))
    block = " | ".join(texts[place : place + 30])
    assert "F1 name | O1 name | M1, M2 | 2 | ✔ covered" in block
    assert "F2 name | O1 name | M5, M6 | 2 | ✔ covered" in block
    assert "F3 name | O1 name | 0 | no module of the programme serves it" in block
    assert "Professional modules that serve no labour function: none" in block


def test_a_transfer_is_named_where_a_module_teaches_by_it(book: Values) -> None:
    (row,) = (row for row in rows(book, "Gaps") if (row["Programme"], row["Competency"]) == ("A", "C2 name"))
    assert row["Contributing modules (level)"] == "M5 (1, carried over from “C3 name”)"
    assert row["In the plan"] == 1


def test_what_the_plan_was_held_to_is_said(book: Values) -> None:
    said = [str(value) for (sheet, _), value in book.items() if sheet == "Summary"]
    assert any("at most 3; nothing changes up to the end of autumn 2026; every" in one for one in said)
    settings = {value for (sheet, _), value in book.items() if sheet == "Provenance"}
    assert {"modules of the earlier plan: 4", "autumn 2026", "0.25"} <= settings
    assert ENGLISH("assumption.transfers") in settings
    assert ENGLISH("assumption.requires") in settings
    assert ENGLISH("assumption.adaptability") not in settings


def test_a_module_that_spans_is_counted_once(view: PlanView, book: Values) -> None:
    found = {
        row["Programme"]: row for row in rows(book, "Programmes", ENGLISH("heading.credits_and_changes"))
    }
    # A adds M2, M5 and M6, however many rows M5 has; M3 goes.
    assert (found["A"]["Modules added"], found["A"]["Modules dropped"]) == (3, 1)
    running = view.after.cost_kzt - 14_000  # both set-ups
    assert found["A"]["New money without set-up, ₸"] + found["B"]["New money without set-up, ₸"] == running  # type: ignore[operator]


def test_names_of_the_new_tables_never_become_formulas(view: PlanView) -> None:
    catalog = rich_catalog()
    evil = {"name_kk": "=1+1", "name_ru": "+1", "name_en": "@SUM(A1)"}
    hostile = {
        name: tuple(row.model_copy(update=evil) for row in catalog.table(name))
        for name in ("funding_sources", "labour_functions")
    }
    # One owner for each, as without the payloads: the table of owners keeps its rows.
    owned = tuple(
        row.model_copy(update={"owner": f"=cmd|'/c calc'!A{place}"} if row.owner else {})
        for place, row in enumerate(catalog.resources)
    )
    data = written(rich_view(catalog.replace(**hostile, resources=owned)))
    assert formulas(data) == formulas(written(view))
    assert {"@SUM(A1)", "=cmd|'/c calc'!A1"} <= set(values(data).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_wherever_money_falls_due_the_semesters_add_up_to_it(view: PlanView, language: str) -> None:
    """Parts of a module are rounded to whole tenge: nothing may be lost between the sheets."""
    shown, texts = values(written(view, language)), Words(language)
    total = view.after.cost_kzt - sum(view.after.setup_cost_kzt.values())
    row = list(rows(shown, texts("sheet.budget"), texts("heading.semesters")))[-1]
    assert row[texts("column.running_cost")] == total
