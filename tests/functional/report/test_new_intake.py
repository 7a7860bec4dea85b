"""The note of a plan a year later: running intakes and the new one apart, and what the new one gives away."""

from __future__ import annotations

from pathlib import Path

import pytest

import curriplan
from curriplan.api.results import PlanResult
from curriplan.plan.replanning import FurtherChanges, Replanning
from curriplan.report.view import PlanView
from functional.report.test_decision_note import (
    COSTS,
    RISKS,
    gains,
    lines,
    part,
    said_in,
    view_of,
    written,
)

RUNNING, NEW = "Closure of the gaps: running intakes", "Closure of the gaps: new intake"


@pytest.fixture(scope="module")
def later(mini_result: PlanResult, tmp_path_factory: pytest.TempPathFactory) -> PlanView:
    """Return the plan of `mini` a year later of which nothing may change for either intake but one module."""
    path = tmp_path_factory.mktemp("year") / "plan.json"
    mini_result.to_json(path)
    return view_of(curriplan.replan(path, "mini", max_changes=1))


def test_running_intakes_and_the_new_one_have_a_line_each(later: PlanView) -> None:
    found = gains(written(later))
    assert "Closure of the competence gaps" not in found
    of = {row.programme: row for row in later.after.programmes}
    for title, name in ((RUNNING, "TECH-2026-1"), (NEW, "TECH")):
        assert found[title][:2] == pytest.approx((of[name].closure_before, of[name].closure_after))
    assert str(found[NEW][2]).startswith("by the plan in force it would be ")
