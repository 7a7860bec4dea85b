"""What a ministry asks, re-added from the catalog and the plan: never from the code that wrote it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter.utility import xl_cell_to_rowcol

from curriplan.api.results import PlanResult
from curriplan.catalog.records import Catalog, ModuleFunction, ProfileEntry, Resource
from curriplan.plan.plan import PlannedUse, Selection, Site, Start
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from curriplan.texts.languages import LANGUAGES
from functional.report.workbooks import Values, formulas, values
from unit.report.rich import rich_catalog, rich_view
from unit.report.sample import sample_catalog, sample_view
from workbooks.office import shown_after

ASKED, SHEET = "For the ministry", "Tables to the answers"
SURE = "If estimates err (importance ±20 %, levels ±1); credits"
ENDS = re.compile(r"([A-Z]+)(\d+)")
PAGE = Path(__file__).parents[3] / "docs" / "inspection.md"


def written(view: PlanView, language: str = "en") -> bytes:
    target = BytesIO()
    write_plan_workbook(view, target, language)
    return target.getvalue()


def grid(book: Values, sheet: str) -> dict[int, dict[str, object]]:
    """Return the cells of a sheet by row and column."""
    found: dict[int, dict[str, object]] = defaultdict(dict)
    for (name, place), value in book.items():
        if name == sheet:
            match = ENDS.fullmatch(place)
            assert match
            found[int(match[2])][match[1]] = value
    return found


def table(book: Values, sheet: str, heading: str, header: str) -> Iterator[dict[str, object]]:
    """Yield the rows by header below a heading: from the row that has `header` to the next empty one."""
    cells = grid(book, sheet)
    start = next(row for row in sorted(cells) if heading in cells[row].values())
    head = next(row for row in sorted(cells) if row > start and header in cells[row].values())
    columns = {column: str(text) for column, text in cells[head].items()}
    row = head + 1
    while row in cells:
        yield {text: cells[row].get(column) for column, text in columns.items()}
        row += 1


def answers(book: Values) -> dict[str, tuple[object, object, object]]:
    """Return each question's figure, sign and words."""
    rows = table(book, ASKED, "What a ministry asks", "Question")
    return {str(row["Question"]): (row["Answer"], row["Sign"], row["In words"]) for row in rows}


def with_post(catalog: Catalog) -> Catalog:
    """Return the catalog with a teacher post of 18 hours a week, and hours of the teacher."""
    post = ProfileEntry(key="teacher_weekly_hours", value="18", source="estimate", verified=False)
    return catalog.replace(profile=(*catalog.profile, post))


@pytest.fixture(scope="module")
def mini(mini_result: PlanResult) -> tuple[PlanView, Values]:
    result = mini_result
    target = BytesIO()
    view = PlanView(
        plan=result.plan,
        problem=result.problem,
        before=result.before,
        after=result.after,
        tool="curriplan 0",
    )
    write_plan_workbook(view, target, "en")
    return view, values(target.getvalue())


@pytest.fixture(scope="module")
def sample() -> tuple[PlanView, Values]:
    view = sample_view(with_post(sample_catalog()))
    return view, values(written(view))


@pytest.fixture(scope="module")
def rich() -> tuple[PlanView, Values]:
    view = rich_view(with_post(rich_catalog()))
    return view, values(written(view))


@pytest.fixture(params=["mini", "sample", "rich"])
def case(request: pytest.FixtureRequest) -> tuple[PlanView, Values]:
    found: tuple[PlanView, Values] = request.getfixturevalue(request.param)
    return found


def semester_of(view: PlanView, use: PlannedUse, year: int, half: int) -> bool:
    """Say whether a use falls in a calendar semester: of a programme that repeats, in every year."""
    programme = view.catalog.programme_by_id[use.programme]
    start_year, start_half = (int(part) for part in programme.start.split("-"))
    steps = start_half - 1 + use.term - 1
    own = (start_year + steps // 2, steps % 2 + 1)
    if programme.repeats:
        return own[1] == half and (year, half) >= (start_year, start_half)
    return own == (year, half)


def hours(view: PlanView, resource: str, programme: str | None, header: str) -> float:
    """Re-add the hours of a resource in the semester that a header such as ``spring 2027`` names."""
    season, year_text = header.split()
    half = 1 if season == "autumn" else 2
    year = int(year_text) - (half - 1)
    return sum(
        use.hours
        for use in view.plan.uses
        if use.resource == resource
        and programme in (None, use.programme)
        and semester_of(view, use, year, half)
    )


def semesters_in(row: dict[str, object]) -> list[str]:
    return [name for name in row if re.fullmatch(r"(autumn|spring) \d{4}", name)]


def test_money_for_a_learner_and_for_a_learner_point(case: tuple[PlanView, Values]) -> None:
    """Rows and total alike: all new money, set-up shared out, over points gained times learners."""
    view, book = case
    paid = sum(payment.kzt for payment in view.plan.payments)
    learners = sum(view.catalog.programme_by_id[name].learners for name in view.limits.planned)
    found = answers(book)
    assert found["New money per learner, KZT"][0] == pytest.approx(paid / learners)
    *rows, whole = table(book, SHEET, "New money per learner and per learner-point, KZT", "Programme")
    running: dict[str | None, int] = defaultdict(int)
    for item in view.after.cost_items:
        running[item.programme] += item.kzt
    points = 0.0
    for row, measures in zip(rows, view.after.programmes, strict=True):
        assert row["Programme"] == measures.programme
        assert row["One intake, ₸"] == running[measures.programme]
        money = float(str(row["New money, ₸"]))
        assert money == running[measures.programme] + float(str(row["Share of set-up, ₸"]))
        assert row["Per learner, ₸"] == pytest.approx(money / measures.learners)
        gained = 100 * ((measures.closure_after or 0) - (measures.closure_before or 0)) * measures.learners
        assert row["Learner-points"] == pytest.approx(gained, abs=1e-6)
        assert row["Per learner-point, ₸"] == (pytest.approx(money / gained) if gained > 0 else "–")
        points += gained
    assert whole["Share of set-up, ₸"] == running[None]
    assert whole["New money, ₸"] == paid
    per_point = found["New money per point of closure and learner, KZT"][0]
    assert whole["Per learner-point, ₸"] == per_point == pytest.approx(paid / points)


def test_money_of_all_intakes(case: tuple[PlanView, Values]) -> None:
    """An intake starts every year: what falls due in each, item by item, and what budgets leave open."""
    view, book = case
    rows = list(table(book, SHEET, "New money by calendar year with all intakes running, KZT", "Code"))
    due: dict[int, int] = defaultdict(int)
    years = sorted({int(str(row["Year"])) for row in rows})
    for payment in view.plan.payments:
        due[payment.year] += payment.kzt if payment.part == "setup" else 0
    for item in (one for one in view.after.cost_items if one.programme is not None):
        repeats = view.catalog.programme_by_id[item.programme].repeats
        for later in range(len(years) if repeats else 1):
            due[item.year + later] += item.kzt
    sums = {int(str(row["Year"])): row["All intakes, ₸"] for row in rows if row["Code"] is None}
    assert sums == {year: due[year] for year in years}
    budgets = view.problem.money.budgets
    over: set[object] = set()
    for source in {str(row["Code"]) for row in rows if row["Code"] is not None}:
        left = (budgets or {}).get((source, None), 0)
        for row in (row for row in rows if row["Code"] == source):
            if budgets is None:
                assert (row["Over the budget, ₸"], row["Status"]) == (0, "✔")
                continue
            asked = float(str(row["All intakes, ₸"])) - budgets.get((source, int(str(row["Year"]))), 0)
            assert row["Left of any year, ₸"] == left
            assert row["Over the budget, ₸"] == max(0, asked - left)
            assert row["Status"] == ("✘" if asked > left else "✔")
            if asked > left:
                over.add(row["Year"])
            left -= min(left, max(0, asked))
    question = "Years in which there is too little money for all intakes (a warning)"
    assert answers(book)[question][0] == len(over)


def test_payments_by_year_and_source(case: tuple[PlanView, Values]) -> None:
    view, book = case
    due: dict[tuple[str, str], int] = defaultdict(int)
    for payment in view.plan.payments:
        due[payment.source, str(payment.year)] += payment.kzt
    rows = list(table(book, SHEET, "Payments by year and source, KZT", "Code"))
    years = [name for name in rows[0] if name.isdigit()]
    assert years == sorted({year for _, year in due})
    for row in rows[:-1]:
        assert [row[year] for year in years] == [due[str(row["Code"]), year] for year in years]
        assert row["Total"] == sum(due[str(row["Code"]), year] for year in years)
    assert rows[-1]["Total"] == sum(due.values())
    most = max(sum(kzt for (source, _), kzt in due.items() if source == row["Code"]) for row in rows[:-1])
    share = answers(book)["Share of the source that pays most"][0]
    assert share == pytest.approx(most / sum(due.values()))


def of_kind(view: PlanView, names: object) -> list[str]:
    """Return the resources of the kind whose resources have these names."""
    kinds: dict[str, list[Resource]] = {}
    for row in view.catalog.resources:
        kinds.setdefault(row.kind, []).append(row)
    said = {"; ".join(row.name("en") for row in rows): [row.id for row in rows] for rows in kinds.values()}
    return said[str(names)]


@pytest.mark.parametrize("heading", ["Teacher posts", "Hours of laboratories and sites by kind"])
def test_hours_of_a_kind(case: tuple[PlanView, Values], heading: str) -> None:
    """Hours in the semester that is named are those of the plan; in no other one is more lacking."""
    view, book = case
    current = {
        (row.programme, row.module) for row in view.catalog.programme_modules if row.current_term is not None
    }
    *rows, whole = table(book, SHEET, heading, "Kind")
    lacking = 0.0
    for row in rows:
        here, semester = of_kind(view, row["Resources of the kind"]), str(row["Semester"])
        every = sum(hours(view, name, None, semester) for name in here)
        assert float(str(row["Kept modules, h"])) + float(str(row["Added modules, h"])) == pytest.approx(
            every
        )
        if not any((use.programme, use.module) in current for use in view.plan.uses if use.resource in here):
            assert row["Kept modules, h"] == 0
        if row["Hours there are"] == "no limit":
            continue
        checks = [check for check in view.after.checks if check.subject in here and check.semester]
        by_semester: dict[str, float] = defaultdict(float)
        for check in checks:
            by_semester[str(check.semester)] += check.actual - check.limit
        most = max((value for value in by_semester.values()), default=0.0)
        assert row["Hours lacking"] == pytest.approx(max(0.0, most))
        lacking += max(0.0, most)
    assert whole["Hours lacking"] == pytest.approx(lacking)


def test_teacher_posts(case: tuple[PlanView, Values]) -> None:
    view, book = case
    *rows, whole = table(book, SHEET, "Teacher posts", "Kind")
    post = 18 * 20  # of sample and rich; mini says nothing of a post
    known = any(row.key_name == "teacher_weekly_hours" for row in view.catalog.profile)
    need = 0.0
    for row in rows:
        parts = ("Committed outside the plan", "Kept modules, h", "Added modules, h")
        asked = sum(float(str(row[name])) for name in parts)
        need += asked
        assert row["Posts by plan"] == (pytest.approx(asked / post) if known else "–")
        if known and row["Hours there are"] != "no limit":
            there = float(str(row["Hours there are"]))
            assert row["Posts there are"] == pytest.approx(there / post)
            assert row["To hire"] == pytest.approx(max(0.0, asked - there) / post)
    assert whole["Posts by plan"] == (pytest.approx(need / post) if known else "–")


def test_hours_of_teachers_today_are_those_of_the_evaluation(mini: tuple[PlanView, Values]) -> None:
    view, book = mini
    (row, _) = table(book, SHEET, "Teacher posts", "Kind")
    semester = view.figures.teachers[0].semester
    before = [
        check.actual
        for check in view.before.checks
        if check.subject == "TEACHER" and check.semester == semester
    ]
    assert [row["Hours today"]] == before


def test_teachers_of_a_plan_that_uses_them() -> None:
    """The sample with M4 in place of M2: 24 h of theory, for the 2 groups of A in spring."""
    selection = Selection(
        starts=(Start("A", "M1", 1), Start("A", "M4", 2)),
        sites=(Site("A", "M1", "LAB"), Site("A", "M4", "TEACHER")),
    )
    view = sample_view(with_post(sample_catalog()), selection)
    book = values(written(view))
    row, whole = table(book, SHEET, "Teacher posts", "Kind")
    assert (row["Semester"], row["Added modules, h"]) == ("spring 2027", 48)
    assert whole["Posts by plan"] == pytest.approx(48 / 360)
    there = view.catalog.resource_capacity
    hours_there = next((row.hours for row in there if row.resource == "TEACHER"), None)
    if hours_there is not None:
        assert answers(book)["Teacher posts to hire"][0] == max(0.0, 48 - hours_there) / 360


def test_hours_that_name_no_teacher_or_room(case: tuple[PlanView, Values]) -> None:
    view, book = case
    *rows, whole = table(book, SHEET, "Hours that name no teacher or no room", "Programme")
    teachers = {row.kind for row in view.catalog.resources if row.category == "teacher_post"}
    for row in rows:
        modules = [
            view.catalog.module_by_id[start.module]
            for start in view.plan.selection.starts
            if start.programme == row["Programme"]
        ]
        named = 0.0
        for one in modules:
            for kind in ("theory", "laboratory_practical", "production_training", "professional_practice"):
                share = sum(
                    need.hours_share
                    for need in view.catalog.module_resources
                    if (need.module, need.hours_kind) == (one.id, kind) and need.resource_kind in teachers
                )
                named += one.hours(kind) * min(1, share)
        contact = sum(float(str(row[name])) for name in ("Contact, kept", "Contact, added", "Contact, fixed"))
        assert contact - float(str(row["Without a teacher"])) == pytest.approx(named)
    share = float(str(whole["Without a teacher"])) / sum(
        float(str(whole[name])) for name in ("Contact, kept", "Contact, added", "Contact, fixed")
    )
    assert answers(book)["Share of contact hours that name no teacher"][0] == pytest.approx(share)


def test_how_sure_the_closure_is_and_todays_credits(case: tuple[PlanView, Values]) -> None:
    view, book = case
    *rows, whole = table(book, "How sure & credits", SURE, "Programme")
    found = view.figures
    for row, sure, one in zip(rows, found.if_estimates_err.programmes, found.programmes, strict=True):
        assert row["Closure, 5th percentile"] == ("–" if sure.closure_low is None else sure.closure_low)
        assert (row["Both hold"], row["Draws"]) == (sure.both_hold, 200)
        assert (row["Credits today"], row["Credits by plan"]) == (one.credits_today, one.credits_plan)
        assert (row["Credits filled"], row["Credits exchanged"]) == (
            one.credits_filled,
            one.credits_exchanged,
        )
    assert whole["Closure, 95th percentile"] == found.if_estimates_err.plan.closure_high
    both = found.if_estimates_err.plan.both_hold
    lines = {
        sheet: str(value)
        for (sheet, _), value in book.items()
        if str(value).startswith("If estimates err (importance ±20 %, levels ±1), closure")
    }
    line = lines["Gaps"]
    assert lines == {"Gaps": line}
    # Wherever else the closure of the plan stands, its range stands beside it.
    beside = {str(value) for (sheet, _), value in book.items() if sheet == "Summary"}
    assert line.partition(", closure is ")[2].partition(";")[0] in {
        one.removeprefix("if estimates err: ") for one in beside
    }
    assert any(one.startswith("if estimates err: ") for one in beside)
    occupations = sum(row.occupations for row in found.programmes)
    assert f"hold in {both} of 200 draws" in line
    assert line.endswith(f"not fully met: {found.occupations_not_met} of {occupations}.")
    assert "confidence" not in line


def test_who_shares_which_laboratory(case: tuple[PlanView, Values]) -> None:
    """The rows below a laboratory are the programmes of the plan that use it, with their hours."""
    view, book = case
    rows = list(table(book, SHEET, "Who shares which laboratory when, hours", "Resource, programme"))
    semesters = semesters_in(rows[0])
    shared, seen = 0, set()
    resource = ""
    for row in rows:
        code = str(row["Resource, programme"])
        if row["Owner"] is not None:
            resource = code
            users = {use.programme for use in view.plan.uses if use.resource == resource}
            assert row["Programmes"] == len(users)
            shared += len(users) > 1
        mine = None if row["Owner"] is not None else code
        wanted = [hours(view, resource, mine, name) for name in semesters]
        assert [row[name] for name in semesters] == pytest.approx(wanted)
        seen.add((resource, mine))
    rooms = {row.id for row in view.catalog.resources if row.category != "teacher_post"}
    used = {(use.resource, use.programme) for use in view.plan.uses if use.resource in rooms}
    assert used <= seen
    found = answers(book)
    assert found["Laboratories and sites that several programmes share"][0] == shared
    owners = list(table(book, SHEET, "Owners of the resources", "Owner"))
    assert owners[-1]["Resources"] == len({resource for resource, _ in used})


def test_groups_by_language(case: tuple[PlanView, Values]) -> None:
    """Groups are counted by the language of their programme, the last one filled or not."""
    view, book = case
    words = {"kk": "Kazakh", "ru": "Russian", "en": "English", None: "not given"}
    groups: dict[str, int] = defaultdict(int)
    size = view.limits.number("group_size")
    assert size
    for name in view.limits.planned:
        row = view.catalog.programme_by_id[name]
        groups[words[row.language]] += -(-row.learners // int(size))
    rows = list(table(book, SHEET, "Groups by language of teaching", "Groups"))
    assert {row["Language of teaching"]: row["Groups"] for row in rows[:-1]} == {
        word: groups[word] for word in words.values()
    }
    assert rows[-1]["Groups"] == answers(book)["Groups of one intake"][0] == sum(groups.values())


def test_essentials_and_the_lowest_programme(case: tuple[PlanView, Values]) -> None:
    view, book = case
    found = answers(book)
    met = sum(row.essentials_met_after for row in view.after.programmes)
    every = sum(row.essentials for row in view.after.programmes)
    assert found["Share of essential needs met"][0] == pytest.approx(met / every)
    lowest = min(row.closure_after for row in view.after.programmes if row.closure_after is not None)
    value, _, said = found["Programme with the lowest closure"]
    assert value == pytest.approx(lowest)
    (worst,) = (row.programme for row in view.after.programmes if row.closure_after == lowest)
    assert str(said).startswith(view.catalog.programme_by_id[worst].name("en"))


def test_a_sound_plan_has_no_faults(rich: tuple[PlanView, Values]) -> None:
    found = answers(rich[1])
    for question in (
        "Faults in rows, module headers and totals",
        "Rows without an assessment form",
        "Labour functions uncovered and professional modules without one",
        "Records without a Kazakh or a Russian name",
    ):
        assert found[question][:2] == (0, "✔"), question


def test_codes_forms_and_names_that_are_missing_are_counted() -> None:
    catalog = sample_catalog()
    first, second = catalog.programmes
    programmes = (
        first.model_copy(update={"specialty": "06130100"}),  # agrees with 4S06130103
        second.model_copy(update={"specialty": "06120100", "qualification": "4S06130103"}),
    )
    modules = tuple(
        row.model_copy(update={"assessment_form": None, "name_kk": None} if row.id == "M1" else {})
        for row in catalog.modules
    )
    found = answers(values(written(sample_view(catalog.replace(programmes=programmes, modules=modules)))))
    assert found["Faults in the codes of qualifications and specialties"][:2] == (1, "✘")
    assert found["Rows without an assessment form"][:2] == (2, "✘")  # M1 of A and of B
    assert found["Records without a Kazakh or a Russian name"][:2] == (1, "✘")


def test_outcomes_that_are_assessed_with_their_header_lack_no_form() -> None:
    catalog = sample_catalog()
    forms = {"H1": "exam", "M1": None}
    modules = tuple(
        row.model_copy(update={"assessment_form": forms[row.id]}) if row.id in forms else row
        for row in catalog.modules
    )
    book = values(written(sample_view(catalog.replace(modules=modules))))
    assert answers(book)["Rows without an assessment form"][:2] == (0, "✔")


NUMBERS = ("Credits", "Theory", "Lab and practical", "Prod. training", "Work practice", "Total hours")


def curriculum_rows(book: Values, sheet: str) -> list[dict[str, object]]:
    cells = grid(book, sheet)
    head = next(row for row in sorted(cells) if "Section" in cells[row].values())
    columns = {column: str(text) for column, text in cells[head].items()}
    found, row = [], head + 1
    while row in cells:
        found.append({text: cells[row].get(column) for column, text in columns.items()})
        row += 1
    return found


def test_sections_and_headers_are_the_sums_of_their_rows(case: tuple[PlanView, Values]) -> None:
    view, book = case
    for programme in view.limits.planned:
        sheet = f"Decisions {programme}"
        band: dict[str, object] = {}
        header: dict[str, object] = {}
        sums: dict[int, dict[str, float]] = defaultdict(lambda: dict.fromkeys(NUMBERS, 0.0))
        owners: dict[int, dict[str, object]] = {}
        for row in curriculum_rows(book, sheet):
            if row["Sem."] is None:
                header = row if row["Index"] is not None else {}
                band = band if row["Index"] is not None else row
                owners[id(row)] = row
                continue
            parent = view.catalog.module_by_id[str(row["Index"])].parent if row["Index"] else None
            for owner in (band, header if parent else {}):
                for name in NUMBERS if owner else ():
                    sums[id(owner)][name] += float(row[name] or 0)  # type: ignore[arg-type]
        assert owners
        for key, owner in owners.items():
            assert {name: owner[name] or 0 for name in NUMBERS} == pytest.approx(sums[key]), owner
            assert owner["Hours = credits"] == ("✔ Σ" if owner["Index"] else None)


def by_label(book: Values, sheet: str, heading: str, label: str) -> dict[str, object]:
    """Return the cells of the row with a label below a heading, by column letter."""
    cells = grid(book, sheet)
    start = next(row for row in sorted(cells) if heading in cells[row].values())
    return next(cells[row] for row in sorted(cells) if row > start and label in cells[row].values())


def test_years_are_two_terms_each(case: tuple[PlanView, Values]) -> None:
    view, book = case
    for measures in view.after.programmes:
        credits_ = measures.term_credits
        for year in range((len(credits_) + 1) // 2):
            row = by_label(book, f"Decisions {measures.programme}", "Totals by year", f"Year {year + 1}")
            assert row["E"] == pytest.approx(sum(credits_[2 * year : 2 * year + 2]))


def test_the_week_chart_fills_the_year(case: tuple[PlanView, Values]) -> None:
    view, book = case
    for programme in view.limits.planned:
        record = view.catalog.programme_by_id[programme]
        practice: dict[int, float] = defaultdict(float)
        for row in curriculum_rows(book, f"Decisions {programme}"):
            if row["Sem."] is not None:
                practice[int(row["Sem."])] += float(row["Work practice"] or 0)  # type: ignore[call-overload, arg-type]
        own = {row.term: row.weeks for row in view.catalog.programme_terms if row.programme == programme}
        year = view.limits.number("teaching_weeks_year")
        rows = list(table(book, f"Decisions {programme}", "Week chart of the course of study", "Semester"))
        terms = [row for row in rows if str(row["Semester"]).startswith("Semester")]
        assert len(terms) == record.terms
        for term, row in enumerate(terms, start=1):
            weeks = own.get(term) or (year or 0) / 2
            assert row["Practice"] == pytest.approx(practice[term] / 36)
            assert row["Theory"] == pytest.approx(weeks - practice[term] / 36)
            assert row["Holidays"] == pytest.approx(26 - weeks - float(row["Attestation"] or 0))  # type: ignore[arg-type]
            strip = str(row["Week by week"])
            assert len(strip) == 26
            assert abs(strip.count("P") - practice[term] / 36) <= 1
            assert abs(strip.count("H") - (26 - weeks)) <= 1
        for row in rows:
            if str(row["Semester"]) == "Year 1" and record.terms > 1:
                assert row["All weeks"] == 52


def test_weeks_of_attestation_are_taken_from_the_holidays() -> None:
    catalog = sample_catalog()
    (term,) = catalog.programme_terms
    attested = catalog.replace(programme_terms=(term.model_copy(update={"attestation_weeks": 2}),))
    book = values(written(sample_view(attested)))
    first, *_ = table(book, "Decisions A", "Week chart of the course of study", "Semester")
    # 18 teaching weeks of the 26.
    assert (first["Attestation"], first["Holidays"], first["All weeks"]) == (2, 6, 26)
    assert first["Week by week"] == "T" * 18 + "A" * 2 + "H" * 6


def test_a_practice_lists_the_modules_that_share_its_functions(rich: tuple[PlanView, Values]) -> None:
    names = [str(row["Module, learning outcome"]) for row in curriculum_rows(rich[1], "Decisions A")]
    assert "M6 name\nOutcomes served: M5 (labour functions: F2)" in names
    # M4 serves the same function, but the plan does not take it.
    shared = ModuleFunction(module="M4", labour_function="F2")
    catalog = rich_catalog()
    more = catalog.replace(module_functions=(*catalog.module_functions, shared))
    names = [
        str(row["Module, learning outcome"])
        for row in curriculum_rows(values(written(rich_view(more))), "Decisions A")
    ]
    assert "M6 name\nOutcomes served: M5 (labour functions: F2)" in names
    silent = values(written(rich_view(catalog.replace(module_functions=()))))
    names = [str(row["Module, learning outcome"]) for row in curriculum_rows(silent, "Decisions A")]
    assert "M6 name\nThe catalog does not say which outcomes it serves" in names


def test_a_year_outside_the_band_warns_and_breaks_nothing() -> None:
    catalog = rich_catalog()
    band = (("year_credits", "10"), ("year_credits_tolerance", "0.1"))
    extra = tuple(ProfileEntry(key=key, value=value) for key, value in band)
    book = values(written(rich_view(catalog.replace(profile=(*catalog.profile, *extra)))))
    # A has 9 credits in its first year, within 9 to 11, and 5 in its second.
    sheet = "Decisions A"
    assert "✔ within" in by_label(book, sheet, "Totals by year", "Year 1").values()
    assert "△ outside (a warning)" in by_label(book, sheet, "Totals by year", "Year 2").values()
    assert answers(book)["Years outside the band of credits (a warning)"][:2] == (1, "–")
    assert not [value for value in book.values() if str(value).startswith("ATTENTION")]


def test_an_edit_that_breaks_the_arithmetic_shows() -> None:
    """LibreOffice computes all cells anew after each of the edits, as for a reader who retypes a cell."""
    edits: tuple[tuple[str, int, float | str, str], ...] = (
        ("M1 name", 5, 30, "Faults in rows, module headers and totals"),  # hours of theory
        ("H1 name", 4, 12, "Faults in rows, module headers and totals"),  # credits of a header
        ("M1 name", 14, "", "Rows without an assessment form"),
    )
    data = written(sample_view())
    before = values(data)
    cells = grid(before, "Decisions A")
    rows = [next(row for row in sorted(cells) if name in cells[row].values()) for name, *_ in edits]
    changes = [
        [(("Decisions A", row - 1, column), value)]
        for row, (_, column, value, _) in zip(rows, edits, strict=True)
    ]
    computed = {place: (place[0], *xl_cell_to_rowcol(place[1])) for place in formulas(data)}
    assert not any("\n" in str(before.get(place)) for place in computed)
    shown = shown_after(data, changes, list(computed.values()))
    for (*_, question), after in zip(edits, shown, strict=True):
        book = before | {place: after[where] for place, where in computed.items()}
        assert answers(before)[question][:2] == (0, "✔")
        assert answers(book)[question][:2] == ("1", "✘")
        attention = any(str(text).startswith("ATTENTION: ") for text in book.values())
        assert attention is question.startswith("Faults in rows")


def test_the_page_for_inspectors_names_what_the_workbook_has() -> None:
    checks, _, names = PAGE.read_text(encoding="utf-8").partition("## Names in three languages")
    used = {name for line in checks.splitlines() if line[:1] == "|" for name in re.findall("`([^`]+)`", line)}
    rows = [re.findall("`([^`]+)`", line) for line in names.splitlines() if line.startswith("| `")]
    assert used == {row[0] for row in rows}
    assert len(rows) > 20
    for place, language in enumerate(("en", "ru", "kk")):
        assert language in LANGUAGES
        book = values(written(rich_view(), language))
        shown = {str(value) for value in book.values()} | {sheet for sheet, _ in book}
        shown |= {sheet.removesuffix(" A") for sheet, _ in book}
        shown |= {line for text in shown for line in text.splitlines()}  # the form is headed in two languages
        assert {row[place] for row in rows} <= shown
