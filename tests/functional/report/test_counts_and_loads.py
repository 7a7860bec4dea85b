"""The counts of Compliance and the load map, reckoned a second time from the checks of the evaluation."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

import pytest

from curriplan.problem.aspects import RuleCheck
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from curriplan.texts.words import Words
from functional.report.test_decision_note import view_of
from functional.report.test_ministry import grid
from functional.report.workbooks import Values, values
from unit.report.rich import rich_view
from unit.report.sample import sample_catalog, sample_view

COMPLIANCE, LOADS = "Compliance", "Load map"


def written(view: PlanView) -> Values:
    target = BytesIO()
    write_plan_workbook(view, target, "en")
    return values(target.getvalue())


def broken_view() -> PlanView:
    """Return a plan that costs 10,000 of 9,000 KZT, with rooms that are nearly full."""
    capacity = tuple(row.model_copy(update={"hours": 148.0}) for row in sample_catalog().resource_capacity)
    return sample_view(sample_catalog().replace(resource_capacity=capacity), budget_kzt=9_000)


@pytest.fixture(params=["mini", "sample", "rich", "broken"])
def case(request: pytest.FixtureRequest) -> tuple[PlanView, Values]:
    made = {"sample": sample_view, "rich": rich_view, "broken": broken_view}
    mine = made.get(request.param)
    view = view_of(request.getfixturevalue("mini_result")) if mine is None else mine()
    return view, written(view)


def is_near(check: RuleCheck) -> bool:
    """Say whether a check of something measured is kept with less than a twentieth of its limit to spare."""
    if check.unit not in {"credits", "h", "share", "KZT"} or check.limit <= 0 or not check.holds:
        return False
    spare = {"<=": check.limit - check.actual, ">=": check.actual - check.limit}.get(check.operator)
    return spare is not None and spare <= 0.05 * check.limit + 1e-9


def counted(view: PlanView) -> list[tuple[str, str | None, bool, bool, bool]]:
    """Return rule, programme, whether broken today, whether broken by the plan, whether at the limit.

    What only counts breaches is one check for the whole college.
    """
    today = {check.key: check for check in view.before.checks}
    found = []
    gathered: dict[str, tuple[str, bool, bool]] = {}
    for check in view.after.checks:
        before = today.get(check.key)
        was_broken = before is not None and not before.holds
        if check.unit == "breaches":
            _, was, now = gathered.get(check.aspect, ("", False, False))
            gathered[check.aspect] = (check.rule, was or was_broken, now or not check.holds)
        else:
            found.append((check.rule, check.programme, was_broken, not check.holds, is_near(check)))
    return found + [(rule, None, was, now, False) for rule, was, now in gathered.values()]


def blocks(book: Values) -> tuple[dict[str, list[object]], dict[str, list[object]]]:
    """Return the counts by rule and by programme: checks, broken today, broken in the plan, at the limit."""
    cells = grid(book, COMPLIANCE)
    found: dict[str, dict[str, list[object]]] = {}
    block: dict[str, list[object]] = {}
    for row in sorted(cells):
        texts = cells[row]
        if len(texts) == 1:
            block = found.setdefault(str(texts["A"]), {})
        elif "E" in texts:
            name = texts.get("B") if texts.get("A") in (None, "", "Σ", "△") else texts["A"]
            block[str(name)] = [texts.get(column) for column in "EGIJ"]
    return found["By rule"], found["By programme"]


def test_counts_by_rule_and_by_programme(case: tuple[PlanView, Values]) -> None:
    view, book = case
    by_rule, by_programme = blocks(book)
    checks = counted(view)
    for place, block, faults in ((0, by_rule, 0), (1, by_programme, 3)):
        wanted: dict[str, Counter[int]] = {}
        for check in checks:
            name = check[place] or "The college as a whole"
            sums = wanted.setdefault(name, Counter({0: 0 if check[place] is None else faults}))
            sums.update({0: 1, 1: check[2], 2: check[3], 3: check[4]})
        found = {name: counts for name, counts in block.items() if name in wanted}
        assert found == {name: [sums[one] for one in range(4)] for name, sums in wanted.items()}
    # Hours, headers and sums of each curriculum are checks too: both tables come to the same.
    curricula = len(view.limits.planned)
    assert by_rule["Total"] == by_programme["Total"]
    assert by_rule["Total"][0] == len(checks) + 3 * curricula
    assert by_rule["Total"][3] == sum(check[4] for check in checks)


def test_some_case_has_what_is_broken_and_what_is_near() -> None:
    assert any(check[4] for check in counted(broken_view()))
    assert any(check[3] for check in counted(broken_view()))


def test_what_is_broken_or_nearest_is_repeated(case: tuple[PlanView, Values]) -> None:
    """Every broken check, and of each kind that is at its limit the nearest, with how many more there are."""
    view, book = case
    cells = grid(book, COMPLIANCE)
    heading = next(row for row in cells if cells[row].get("A") == "Broken, and nearest to the limit")
    rows = [cells[row] for row in sorted(cells) if row > heading + 1]
    broken = [check for check in view.after.checks if not check.holds]
    kinds = Counter(check.aspect for check in view.after.checks if is_near(check))
    if not broken and not kinds:
        assert cells[heading + 1]["A"] == "There are none."
        return
    assert len(rows) == len(broken) + len(kinds)
    assert [row["J"] for row in rows].count("✘ broken") == len(broken)
    names = Words("en", "rules")
    for aspect, count in kinds.items():
        spare = min(
            abs(check.actual - check.limit) / check.limit
            for check in view.after.checks
            if check.aspect == aspect and is_near(check)
        )
        (row,) = (
            row
            for row in rows
            if row["J"] == "✔ holds" and str(row["B"]).startswith(names(f"aspect.{aspect}"))
        )
        limit, actual = float(str(row["E"])), float(str(row["I"]))
        assert abs(actual - limit) / limit == pytest.approx(spare)
        more = f"(at the limit as well: {count - 1})"
        assert (more in str(row.get("D"))) is (count > 1)


def test_the_load_map_is_that_of_the_checks(case: tuple[PlanView, Values]) -> None:
    """Hours used of the hours there are, of each resource and semester that has a limit; nothing else."""
    view, book = case
    cells = grid(book, LOADS)
    head = next(row for row in sorted(cells) if cells[row].get("A") == "Code")
    columns = {column: str(text) for column, text in cells[head].items() if column > "C"}
    found = {
        (str(cells[row]["A"]), columns[column]): value
        for row in cells
        if row > head
        for column, value in cells[row].items()
        if column in columns
    }
    labels = Labels(view.catalog, Words("en"))
    wanted = {
        (check.subject, labels.semester(check.semester)): check.actual / check.limit
        for check in view.after.checks
        if check.aspect == "resource_hours" and check.semester is not None and check.limit
    }
    assert found == pytest.approx(wanted)
    fullest: dict[str, float] = {}
    for (name, _), load in wanted.items():
        fullest[str(name)] = max(load, fullest.get(str(name), 0.0))
    order = [str(cells[row]["A"]) for row in sorted(cells) if row > head]
    assert order == sorted(fullest, key=lambda name: (-fullest[name], name))


def test_a_semester_without_any_hours_has_no_load() -> None:
    """Nothing is divided by 0: a dash stands there, and the room comes last."""
    catalog = sample_catalog()
    capacity = tuple(row.model_copy(update={"hours": 0.0}) for row in catalog.resource_capacity)
    cells = grid(written(sample_view(catalog.replace(resource_capacity=capacity))), LOADS)
    head = next(row for row in sorted(cells) if cells[row].get("A") == "Code")
    shown = {value for row in cells if row > head for column, value in cells[row].items() if column > "C"}
    assert shown == {"–"}


def test_a_college_without_limited_resources_says_so() -> None:
    book = written(sample_view(sample_catalog().replace(resource_capacity=())))
    assert "No room and no teacher has limited hours." in grid(book, LOADS)[5].values()
