"""Figures of the good plan of the small college, by mental arithmetic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures import figures_of
from curriplan.evaluation.payments import divide
from curriplan.evaluation.verify import verify_plan
from curriplan.plan.figures import Figures
from unit.evaluation.builders import college, good, problem_of, profile
from unit.evaluation.test_verify import GOOD_PLAN


def figures(**tables: Any) -> Figures:
    problem = problem_of(college(**tables))
    paid = divide(problem.money, evaluate(problem, good()).cost_items)
    selection = replace(good(), payments=paid)
    return figures_of(problem, selection, evaluate(problem, selection))


FOUND = figures(profile=profile(teacher_weekly_hours="12"))


def test_teachers_and_posts() -> None:
    # A's 24 h of theory for 2 groups: 48 h in every autumn. T has 100 h; a post has 12 · 8 / 2 = 48 h.
    (teacher,), (post,) = FOUND.teachers, FOUND.posts
    assert (teacher.kind, teacher.semester, teacher.existing_hours) == ("teacher", "2026-1", 100)
    assert (teacher.today_hours, teacher.kept_hours, teacher.added_hours) == (0, 0, 48)
    assert FOUND.post_hours == 48
    assert (post.today, post.plan, post.existing) == (0, 1, pytest.approx(100 / 48))
    assert post.to_hire == 0


def test_rooms() -> None:
    # L1: A 48 h in autumns, 60 h there and 10 promised; B 72 h in springs, 80 h there. L2 has 50 h in
    # autumns only. Left: in 2026-1 60 + 50 − 10 − 48 = 52, in later autumns 90 + 50 − 48 = 92, in springs
    # 80 − 72 = 8: they are the tightest, 2026-2 the first of them.
    (lab,) = FOUND.rooms
    assert (lab.kind, lab.semester, lab.existing_hours, lab.added_hours) == ("lab", "2026-2", 80, 72)
    assert (lab.lacking_hours, lab.lacking_today_hours) == (0, 0)


def test_hours_that_name_nobody() -> None:
    # Half theory, half laboratory: kept K and E 48 + 24 h, none named; added A 48 h, its theory has a
    # teacher and its laboratory a room, and B 72 h with a room; fixed are 24 h of theory.
    rows = {row.origin: row for row in FOUND.named_hours if row.programme == "P"}
    assert [
        (one.contact_hours, one.without_teacher_hours, one.practical_hours, one.without_room_hours)
        for one in (rows["kept"], rows["added"], rows["fixed"], rows["dropped"])
    ] == [(72, 72, 36, 36), (120, 96, 60, 0), (24, 24, 0, 0), (0, 0, 0, 0)]


def test_money_of_all_intakes() -> None:
    # Set-up 1000 in 2026 and 2000 in 2027. Each intake pays 200 for A in its first year and 400 for B in
    # its second: 200 in 2026, 600 in 2027, 600 in 2028 and so on. S1 pays 1200 + 800 of its 2000.
    intakes = FOUND.intakes
    assert (intakes.setup_kzt, intakes.one_intake_kzt, intakes.steady_kzt) == (3000, 600, 600)
    assert intakes.steady_year == 2028
    assert [(row.source, row.year, row.all_intakes_kzt, row.over_kzt) for row in intakes.years] == [
        ("S1", 2026, 1200, 0),
        ("S1", 2027, 1000, 200),  # again 200 for A, of which nothing is left
        ("S1", 2028, 200, 200),
        ("S2", 2026, 0, 0),
        ("S2", 2027, 1600, 0),
        ("S2", 2028, 400, 0),  # 2000 − 1600 is just enough
    ]


def test_a_programme_that_does_not_repeat_pays_once() -> None:
    catalog = college()
    once = tuple(row.model_copy(update={"repeats": False}) for row in catalog.programmes)
    intakes = figures(programmes=once).intakes
    assert (intakes.steady_year, intakes.steady_kzt) == (2028, 0)
    assert sum(row.all_intakes_kzt for row in intakes.years) == 3600


def test_credits_points_and_occupations() -> None:
    # Today K and E, 2 + 1 credits, and 1 of fixed hours; with A and B 5 more. D is met today by E; with C
    # at 2 the whole gap of P is closed. Closed today: D 0.5 of 0.5 + 2 · 2 · 1 = 4.5, that is 1/9.
    row, other = FOUND.programmes
    assert (row.credits_norm, row.credits_today, row.credits_plan) == (8, 4, 9)
    assert (row.credits_filled, row.credits_exchanged) == (5, 0)
    assert (row.occupations, row.occupations_not_met_today, row.occupations_not_met) == (1, 1, 0)
    assert (row.setup_share_kzt, row.money_kzt) == (3000, 3600)
    assert row.learner_points == pytest.approx(100 * 8 / 9 * 30)
    assert row.kzt_per_learner_point == pytest.approx(3600 / (100 * 8 / 9 * 30))
    # Q takes nothing: no points and no money, and the plan's figure is that of P.
    assert (other.occupations_not_met, other.learner_points, other.kzt_per_learner_point) == (1, 0, None)
    assert FOUND.kzt_per_learner_point == row.kzt_per_learner_point


def test_credits_that_are_exchanged() -> None:
    # Without E the plan drops 1 credit and adds 5: 1 is exchanged, 4 are filled.
    problem = problem_of(college())
    selection = good(without=["P:E@2"])
    row = figures_of(problem, selection, evaluate(problem, selection)).programmes[0]
    assert (row.credits_filled, row.credits_exchanged) == (4, 1)


def test_without_the_hours_of_a_post_there_are_hours_and_no_posts() -> None:
    found = figures()
    assert (found.post_hours, found.posts) == (None, ())
    assert found.teachers == FOUND.teachers


def test_a_forged_figure_is_found() -> None:
    problem = problem_of(college())
    found = figures_of(problem, GOOD_PLAN.selection, evaluate(problem, GOOD_PLAN.selection))
    assert verify_plan(problem, replace(GOOD_PLAN, figures=found)).holds
    ranges = replace(found.if_estimates_err, plan=replace(found.if_estimates_err.plan, closure_low=0.8))
    forged = replace(GOOD_PLAN, figures=replace(found, if_estimates_err=ranges))
    (difference,) = verify_plan(problem, forged).differences
    assert difference.what == "figures/if_estimates_err/plan/closure_low"
    fewer = replace(GOOD_PLAN, figures=replace(found, rooms=()))
    assert not verify_plan(problem, fewer).holds
