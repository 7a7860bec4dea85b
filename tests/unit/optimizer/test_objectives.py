"""The chord row of balance, by hand and against every whole step."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriplan.catalog.records import Programme, ProgrammeFixedLoad
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.model.variables import new_model
from curriplan.optimizer.rules.balance import _chord, _chords, _credit_step
from curriplan.problem.problem import Problem
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
    problem = PlanningProblem(Problem.of(catalog))
    # C cannot move; 4.5 and 3 are multiples of 1.5.
    assert _credit_step(new_model(problem), problem.programmes[0]) == Fraction(3, 2)


def test_the_chords_stay_below_with_modules_that_span() -> None:
    # A and B have 2 credits, the step; D puts 0.8 and 1.2 of its 2 into two of the four terms. Every
    # placement of the three must respect every row.
    catalog = base(
        programmes=(Programme(id="P", start="2026-1", terms=4, learners=30),),
        modules=(module("A"), module("B"), module("D", span_terms=2, span_weights="0.4;0.6")),
        programme_fixed_hours=(
            ProgrammeFixedLoad(programme="P", term=1, section="general", theory_hours=24),
        ),
    )
    problem = PlanningProblem(Problem.of(catalog))
    model = new_model(problem)
    one = problem.programmes[0]
    step = _credit_step(model, one)
    assert step == 2
    for first, second in combinations(range(1, 5), 2):
        rows = [*_chords(model, one, (first, second), step)]
        assert rows
        for a, b, d in product(range(5), range(5), range(4)):  # 0: not taken
            loads = {1: 1.0, 2: 0.0, 3: 0.0, 4: 0.0}
            for term, size in ((a, 2.0), (b, 2.0), (d, 0.8), (d + 1 if d else 0, 1.2)):
                if term:
                    loads[term] += size
            taken = {model.start["P", "D", d]} if d else set()
            rise = loads[first] - loads[second]
            for slope, least, odd in rows:
                bound = slope * rise + least + sum(c for v, c in odd if v in taken)
                assert abs(rise) >= bound - 1e-9
