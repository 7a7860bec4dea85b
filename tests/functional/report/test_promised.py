"""What an earlier plan still has to pay: on the sheet of the budget by source and year, and on the note."""

from __future__ import annotations

from curriplan.catalog.records import FundingBudget
from curriplan.report.view import PlanView
from functional.report.test_decision_note import asked, written
from functional.report.test_ministry import table
from unit.report.rich import PROMISES, rich_catalog, rich_view

PROMISED, LEFT_WITH = "Promised to earlier intakes", "Left after promises"


def budgets(view: PlanView) -> dict[tuple[object, object], dict[str, object]]:
    rows = table(written(view), "Budget", "Budgets by source and year, KZT", "Funding source")
    return {(row.get("Code") or row.get("Funding source"), row.get("Year")): row for row in rows}


def director(view: PlanView) -> str:
    (found,) = (one for one in asked(view) if one.startswith("The director: approve"))
    return found


def test_what_is_left_of_each_budget_with_what_is_promised() -> None:
    """The college has no more in 2028, nor in any year; of the state 800 are left for 2000."""
    found = budgets(rich_view(promised=PROMISES))
    rows = {
        key: (row.get("Left"), row.get(PROMISED), row.get(LEFT_WITH))
        for key, row in found.items()
        if key[0] in ("COLLEGE", "STATE")
    }
    assert rows == {
        ("COLLEGE", 2026): (0, 0, 0),
        ("COLLEGE", 2027): (0, 0, 0),
        ("COLLEGE", 2028): (0, 300, 0),
        ("COLLEGE", "any year"): (0, None, -300),  # carries what 2028 has not
        ("STATE", 2027): (4000 - 722, 1000, 4000 - 722 - 1000),
        ("STATE", 2028): (9000 - 1440 - 1000 - 5760, 2000, 800 - 2000),
    }


def test_the_note_says_what_the_budgets_lack() -> None:
    said = director(rich_view(promised=PROMISES))
    assert "Of the budgets of these years 3\u00a0300 KZT are promised to earlier intakes already" in said
    assert said.endswith(
        ": for both together 1\u00a0500 KZT are lacking."
    )  # 300 of the college, 1200 of the state


def test_the_note_says_what_the_budgets_leave() -> None:
    said = director(rich_view(promised=PROMISES[1:2]))
    assert said.endswith(
        "1\u00a0000 KZT are promised to earlier intakes already, which leaves 3\u00a0078 KZT."
    )


def test_without_a_promise_nothing_is_said() -> None:
    view = rich_view()
    assert "promised" not in director(view)
    assert PROMISED not in budgets(view)["COLLEGE", 2026]


def test_nothing_is_left_of_a_year_that_is_over() -> None:
    """The state has 700 for 2026, and nothing that it may pay then."""
    catalog = rich_catalog()
    more = FundingBudget(source="STATE", year=2026, budget_kzt=700)
    richer = catalog.replace(funding_budgets=(*catalog.funding_budgets, more))
    view, over = (rich_view(richer, taught_until=until) for until in (None, "2026-1"))
    paid = sum(row.kzt for row in view.plan.payments if (row.source, row.year) == ("STATE", 2026))
    assert paid < 700
    assert budgets(view)["STATE", 2026]["Left"] == 700 - paid
    assert budgets(over)["STATE", 2026]["Left"] == "the year is over"
    whole, whole_over = (sum_of_left(one) for one in (view, over))
    assert whole - whole_over == 700 - paid


def sum_of_left(view: PlanView) -> float:
    (found,) = (row["Left"] for row in budgets(view).values() if row.get("Funding source") == "All sources")
    return float(str(found))
