"""The working curriculum in its state form, against a second computation from plan and catalog."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from curriplan.catalog.records import Catalog, ProgrammeTerm
from curriplan.catalog.records import programmes as g
from curriplan.plan.plan import Selection, Start
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from functional.report.test_ministry import grid, mini, written  # noqa: F401 (a fixture)
from functional.report.workbooks import Values, formulas, values
from unit.report.rich import RICH_SELECTION, rich_catalog, rich_view
from unit.report.sample import sample_view

KINDS = {
    "Theory": "theory_hours",
    "Lab and practical": "laboratory_practical_hours",
    "Prod. training": "production_training_hours",
    "Work practice": "professional_practice_hours",
    "Guided self-study": "self_study_guided_hours",
    "Self-study": "self_study_hours",
}
FORMS = ("Exam", "Pass", "Other form")
SECTIONS = ("general", "basic", "professional", "practice", "attestation", "elective")
Row = dict[str, object]
Sums = dict[str, float]


def form_rows(book: Values, sheet: str) -> list[Row]:
    """Return the rows of the form by heading, down to the total."""
    cells = grid(book, sheet)
    first = {row: {at: str(text).split("\n")[0] for at, text in cells[row].items()} for row in cells}
    head = next(row for row in sorted(cells) if "Subjects and modules" in first[row].values())
    columns = first[head]
    found = []
    for row in range(head + 1, max(cells) + 1):
        found.append({text: cells[row].get(column) for column, text in columns.items()})
        if found[-1]["Subjects and modules"] == "Total":
            return found
    raise AssertionError("no total")


def loads(view: PlanView, programme: str) -> dict[tuple[str, str, str], Sums]:
    """Return the figures of each subject: by section, parent and index ("" of the fixed load)."""
    catalog = view.catalog
    per_credit = next(
        (float(row.value) for row in catalog.profile if row.key_name == "hours_per_credit"), None
    )
    found: dict[tuple[str, str, str], Sums] = defaultdict(lambda: defaultdict(float))

    def add(key: tuple[str, str, str], term: int, credits_: float, hours: Mapping[str, float]) -> None:
        found[key]["Credits"] += credits_
        found[key]["Total hours"] += sum(hours.values())
        found[key][str(term)] += sum(hours.values())
        for name, value in hours.items():
            found[key][name] += value

    for load in catalog.programme_fixed_hours:
        if load.programme == programme:
            hours = {name: getattr(load, field) for name, field in KINDS.items()}
            credits_ = sum(hours.values()) / per_credit if per_credit else 0.0
            add((str(load.section), "", ""), load.term, credits_, hours)
    modules = {row.id: row for row in catalog.modules}
    for start in view.plan.selection.starts:
        if start.programme != programme:
            continue
        module = modules[start.module]
        span = module.span_terms or 1
        weights = module.span_weights or tuple(1 / span for _ in range(span))
        for place, weight in enumerate(weights):
            hours = {name: getattr(module, field) * weight for name, field in KINDS.items()}
            key = (str(module.section), module.parent or "", module.id)
            add(key, start.term + place, (module.credits or 0.0) * weight, hours)
    return found


def added(parts: list[Sums]) -> Sums:
    whole: Sums = defaultdict(float)
    for part in parts:
        for name, value in part.items():
            whole[name] += value
    return whole


def same(row: Row, wanted: Sums) -> None:
    names = [name for name in row if name not in ("Index", "Subjects and modules", *FORMS)]
    assert {name: row[name] or 0 for name in names} == pytest.approx({name: wanted[name] for name in names})


def check_figures(view: PlanView, book: Values) -> None:
    """Every figure of every form is that of plan and catalog, and each subject stands once."""
    for programme in view.limits.planned:
        wanted = loads(view, programme)
        rows = iter(form_rows(book, f"Curriculum {programme}"))
        for section in SECTIONS:
            mine = {key: value for key, value in wanted.items() if key[0] == section}
            if not mine:
                continue
            band = next(rows)
            assert band["Index"] is None
            same(band, added(list(mine.values())))
            left, parent = dict(mine), ""
            while left:
                row = next(rows)
                index = str(row["Index"] or "")
                if index and any(key[1] == index for key in left):
                    parent = index
                    same(row, added([value for key, value in mine.items() if key[1] == index]))
                    continue
                key = next(key for key in left if key[2] == index)
                assert key[1] in ("", parent)
                same(row, left.pop(key))
        same(next(rows), added(list(wanted.values())))
        assert next(rows, None) is None


@pytest.mark.parametrize("name", ["sample", "rich", "two fixed loads", "nothing"])
def test_every_figure_is_that_of_plan_and_catalog(name: str) -> None:
    view = {
        "sample": sample_view,
        "rich": rich_view,
        "two fixed loads": lambda: rich_view(with_fixed_load(rich_catalog())),
        "nothing": lambda: sample_view(selection=Selection(())),
    }[name]()
    check_figures(view, values(written(view)))


def test_every_figure_of_a_solved_plan_is_that_of_plan_and_catalog(
    mini: tuple[PlanView, Values],  # noqa: F811
) -> None:
    check_figures(*mini)


def with_fixed_load(catalog: Catalog) -> Catalog:
    """Give A more general education in terms 1 and 3: still one row."""
    more = (
        g.ProgrammeFixedLoad(programme="A", term=1, section="general", laboratory_practical_hours=24),
        g.ProgrammeFixedLoad(programme="A", term=3, section="general", theory_hours=12, self_study_hours=12),
    )
    return catalog.replace(programme_fixed_hours=(*catalog.programme_fixed_hours[:0], *more))


def test_a_fixed_load_of_several_terms_is_one_row() -> None:
    view = rich_view(with_fixed_load(rich_catalog()))
    rows = form_rows(values(written(view)), "Curriculum A")
    (row,) = (row for row in rows if row["Subjects and modules"] == "Fixed load")
    assert (row["Credits"], row["Total hours"], row["1"], row["2"], row["3"]) == (2, 48, 24, None, 24)


def test_a_spanning_module_stands_once_with_its_hours_in_each_semester() -> None:
    rows = form_rows(values(written(rich_view())), "Curriculum A")
    (row,) = (row for row in rows if row["Index"] == "M5")
    # 96 h: half of them in term 2, a quarter in each of the next two.
    assert (row["Credits"], row["Total hours"]) == (4, 96)
    assert (row["1"], row["2"], row["3"], row["4"]) == (None, 48, 24, 24)


def test_whole_hours_are_shown_whole_though_their_parts_are_not() -> None:
    """Thirds of 90, 60 and 110 h and their sums, 87 and 173 h but for binary digits, show no decimals."""
    third = 1 / 3
    hours = dict.fromkeys(KINDS.values(), 0)
    hours |= {"theory_hours": 90, "laboratory_practical_hours": 60, "production_training_hours": 110}
    other = {"credits": 12, "span_terms": 2, "span_weights": (third, 1 - third), "self_study_hours": 28}
    catalog = rich_catalog()
    modules = [row.model_copy(update=hours | other) if row.id == "M5" else row for row in catalog.modules]
    target = BytesIO()
    write_plan_workbook(rich_view(catalog.replace(modules=tuple(modules))), target, "en")
    sheet: Any = openpyxl.load_workbook(target, data_only=True)["Curriculum A"]
    (row,) = (row for row in sheet.iter_rows() if row[0].value == "M5")
    shown = {cell.value: cell.number_format for cell in row[6:] if isinstance(cell.value, (int, float))}
    # 288 h in all, of them 96 and 192 in the two terms.
    near = {round(value): form for value, form in shown.items() if round(value) in (288, 96, 192)}
    assert near.keys() == {288, 96, 192}
    assert any(value != round(value) for value in shown)
    assert not [form for form in near.values() if ".0" in form]


def test_a_module_stands_under_the_index_that_the_college_gives_it() -> None:
    catalog = rich_catalog()
    named = {"H1": "ПМ 01", "M1": "РО 1.1"}
    modules = [row.model_copy(update={"index": named.get(row.id)}) for row in catalog.modules]
    book = values(written(rich_view(catalog.replace(modules=tuple(modules)))))
    indexes = [row["Index"] for row in form_rows(book, "Curriculum A")]
    assert {"ПМ 01", "РО 1.1", "M2"} <= set(indexes)
    assert not {"H1", "M1"} & set(indexes)
    # Decisions are returned by id.
    assert {"H1", "M1"} <= {value for (sheet, _), value in book.items() if sheet == "Decisions A"}


@pytest.mark.parametrize(
    ("terms", "said"), [(2, "10 months"), (4, "1 y. 10 months"), (5, "5 semesters"), (8, "3 y. 10 months")]
)
def test_the_length_of_study_ends_before_the_summer(terms: int, said: str) -> None:
    catalog = rich_catalog()
    programmes = [row.model_copy(update={"terms": terms}) for row in catalog.programmes]
    book = values(written(rich_view(catalog.replace(programmes=tuple(programmes)))))
    assert f"Length: {said}, from" in " ".join(str(one) for one in book.values())


def assessed(**forms: str | None) -> dict[str, tuple[object, ...]]:
    """Return what the form says of assessment where modules of `rich` are assessed so."""
    catalog = rich_catalog()
    modules = tuple(
        row.model_copy(update={"assessment_form": forms[row.id]} if row.id in forms else {})
        for row in catalog.modules
    )
    book = values(written(rich_view(catalog.replace(modules=modules))))
    rows = form_rows(book, "Curriculum A")
    return {
        str(row["Index"] or row["Subjects and modules"]): tuple(row[one] for one in FORMS) for row in rows
    }


def test_a_form_of_assessment_stands_with_its_last_semester() -> None:
    said = assessed(M1="exam", M2="pass, exam", M5="differentiated_pass", M6="Course project; colloquium")
    assert said["M1"] == ("1", None, None)
    assert said["M2"] == ("2", "2", None)
    assert said["M5"] == (None, "4 (graded)", None)
    assert said["M6"] == (None, None, "course project: 4, colloquium (4)")
    assert said["Fixed load"] == (None, None, "by subject")
    assert said["H1"] == said["Total"] == (None, None, None)


@pytest.mark.parametrize("missing", [None, "–", "-", " — "])
def test_a_dash_is_no_form_of_assessment(missing: str | None) -> None:
    said = assessed(H1=missing, M1=missing, M2="exam")
    assert said["M1"] == (None, None, "not given")
    assert said["H1"] == (None, None, None)
    whole = assessed(H1="exam", M1=missing, M2=missing, M5=missing)
    assert whole["M1"] == whole["M2"] == whole["M5"] == (None, None, None)
    # The module ends with M5, in term 4.
    assert whole["H1"] == ("4", None, None)


def lines(book: Values, sheet: str = "Curriculum A") -> dict[str, list[object]]:
    """Return the cells of each row by the text in its first column."""
    return {
        str(cells["A"]): [value for column, value in sorted(cells.items()) if column != "A"]
        for cells in grid(book, sheet).values()
        if cells.get("A") is not None
    }


def test_a_semester_has_its_weeks_hours_a_week_credits_and_attestation() -> None:
    catalog = rich_catalog()
    terms = (
        *(row for row in catalog.programme_terms if row.term != 3),
        ProgrammeTerm(programme="A", term=3, weeks=16, attestation_weeks=1.5),
    )
    said = lines(values(written(rich_view(catalog.replace(programme_terms=terms)))))
    # Half of 40 weeks a year, but 18 in term 1 and 16 in term 3.
    assert said["Teaching weeks, with those of practice"] == [18, 20, 16, 20]
    # 48 + 72 h; M2 and half of M5; a quarter of M5; the same and M6.
    assert said["Mandatory hours a week"] == pytest.approx([120 / 18, 96 / 20, 24 / 16, 96 / 20])
    assert said["Credits of the semester"] == [5, 4, 1, 4]
    assert said["Weeks of attestation"] == [1.5]
    assert "Semesters with exams for which the catalog gives no weeks of attestation: 1, 2." in said


def test_exams_with_weeks_of_attestation_need_no_note() -> None:
    catalog = rich_catalog()
    weeks = {(row.programme, row.term): row for row in catalog.programme_terms}
    for term in (1, 2):
        old = weeks.get(("A", term)) or ProgrammeTerm(programme="A", term=term)
        weeks["A", term] = old.model_copy(update={"attestation_weeks": 1.0})
    said = lines(values(written(rich_view(catalog.replace(programme_terms=tuple(weeks.values()))))))
    assert not [text for text in said if "gives no weeks of attestation" in text]


def test_the_form_says_what_is_approved_and_nothing_of_reasons_or_money() -> None:
    book = values(written(rich_view()))
    said = " | ".join(str(value) for (sheet, _), value in book.items() if sheet == "Curriculum A")
    for text in (
        "APPROVED · БЕКІТЕМІН · УТВЕРЖДАЮ",
        "AGREED · КЕЛІСІЛДІ · СОГЛАСОВАНО",
        "WORKING CURRICULUM · ОҚУ ЖҰМЫС ЖОСПАРЫ · РАБОЧИЙ УЧЕБНЫЙ ПЛАН",
        "Specialty: – · Qualification: 4S06130103 A name",
        "Length: 1 y. 10 months, from autumn 2026",
        "Drafted: chair of the cycle commission",
    ):
        assert text in said
    assert not [word for word in ("₸", "KZT", "kept", "added", "dropped", "Why") if word in said]
    assert "M3" not in said  # dropped: it stands on the sheet of decisions
    assert "M3" in {str(value) for (sheet, _), value in book.items() if sheet == "Decisions A"}


def test_the_form_follows_the_working_sheet() -> None:
    live = {
        at: text for (sheet, at), text in formulas(written(rich_view())).items() if sheet == "Curriculum A"
    }
    assert live
    subjects = [text for text in live.values() if "'Decisions A'!" in text]
    # Four modules and the fixed load: eight sums each, and the hours of their terms (M5 has three).
    assert len(subjects) >= 5 * 8 + 7


def test_long_names_are_cut_in_the_form_and_whole_on_the_working_sheet() -> None:
    catalog = rich_catalog()
    name = "Very long name of a module " * 40
    modules = tuple(
        row.model_copy(update={"name_en": name} if row.id in ("M1", "H1") else {}) for row in catalog.modules
    )
    book = values(written(rich_view(catalog.replace(modules=modules))))
    rows = {row["Index"]: str(row["Subjects and modules"]) for row in form_rows(book, "Curriculum A")}
    assert [len(rows[index]) <= 250 and rows[index].endswith("…") for index in ("M1", "H1")] == [True, True]
    there = {str(value) for (sheet, _), value in book.items() if sheet == "Decisions A"}
    assert name in there


def test_a_module_of_another_section_than_its_header_is_counted_where_it_stands() -> None:
    """M6 under H1, but a practice: the header stands in both sections, with the sums of each."""
    catalog = rich_catalog()
    modules = tuple(
        row.model_copy(update={"parent": "H1"} if row.id == "M6" else {}) for row in catalog.modules
    )
    view = rich_view(catalog.replace(modules=modules))
    book = values(written(view))
    found = [row for row in form_rows(book, "Curriculum A") if row["Index"] == "H1"]
    assert [row["Credits"] for row in found] == [9, 3]
    check_figures(view, book)


def test_a_plan_of_one_semester_has_one_column() -> None:
    target = BytesIO()
    write_plan_workbook(rich_view(), target, "en")
    rows = form_rows(values(target.getvalue()), "Curriculum B")
    assert [name for name in rows[0] if name.isdigit()] == ["1"]
    assert Start("B", "M1", 1) in RICH_SELECTION.starts
