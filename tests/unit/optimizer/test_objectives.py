"""The chord row of balance, by hand and against every whole step."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriplan.optimizer.objectives import _chord, _credit_step
from curriplan.optimizer.variables import new_model
from curriplan.problem import PlanningProblem
from curriplan.settings import effective_limits
from formulation.instances import base, module, of_programme

HALVES = st.integers(-40, 40).map(lambda n: n / 2)
STEPS = st.integers(1, 12).map(lambda n: Fraction(n, 2))


@given(HALVES, STEPS)
def test_the_chord_lies_below_every_difference_and_touches_two(apart: float, step: Fraction) -> None:
    rows = _chord(apart, step)
    differences = [apart + float(step) * k for k in range(-100, 101)]
    for slope, least in rows:
        slack = [abs(d) - (slope * d + least) for d in differences]
        assert min(slack) >= -1e-9
        assert sum(s < 1e-9 for s in slack) == 2
    # Without a row, a difference of 0 must be possible.
    assert rows or min(map(abs, differences)) < 1e-9


def test_the_chord_by_hand() -> None:
    # Loads differ by 1 + 3k: 1 above zero, −2 below it. The chord through (1, 1) and (−2, 2) has the
    # slope (1 − 2) / 3 and meets 1 at 1: difference ≥ −d/3 + 4/3.
    assert _chord(1.0, Fraction(3)) == (pytest.approx((-1 / 3, 4 / 3)),)
    assert _chord(6.0, Fraction(3)) == ()  # 6 − 2·3 = 0: the terms can be level
    assert _chord(1.0, Fraction(0)) == ()  # nothing can be placed


def test_the_step_divides_all_modules_with_a_choice() -> None:
    catalog = base(
        modules=(module("A", 4.5), module("B", 3), module("C", 5)),
        programme_modules=of_programme(
            ("A", {"status": "candidate"}),
            ("B", {"status": "existing", "current_term": 1}),
            ("C", {"status": "mandatory", "pinned_term": 1}),
        ),
    )
    problem = PlanningProblem(catalog, effective_limits(catalog))
    # C cannot move; 4.5 and 3 are multiples of 1.5.
    assert _credit_step(new_model(problem), problem.programmes[0]) == Fraction(3, 2)
