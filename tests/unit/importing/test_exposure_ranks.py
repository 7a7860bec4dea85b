"""Ranks of scores: places, whatever the scale; and what is said of the two public sources."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curriplan.importing.outlooks.exposure import ranks_of, read_scores
from unit.importing.test_outlooks import ILO, NESTA, needs_data


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_ranks_are_of_places_and_know_no_scale(values: list[float]) -> None:
    ranks = ranks_of(pd.Series(values)).tolist()
    for value, rank in zip(values, ranks, strict=True):
        # those below, and half of the others that are equal, of all others
        below = sum(other < value for other in values)
        equal = sum(other == value for other in values) - 1
        assert rank == pytest.approx((below + equal / 2) / (len(values) - 1))
    grown = [2 * value if value > 0 else value / 2 for value in values]  # rises where the values do
    assume(len({*grown}) == len({*values}))
    assert ranks_of(pd.Series(grown)).tolist() == ranks
    assert ranks_of(pd.Series([-value for value in values])).tolist() == pytest.approx(
        [1 - rank for rank in ranks]
    )


@needs_data
def test_both_public_sources_agree_as_little_as_is_said_of_them() -> None:
    """``SOURCES.md``: a rank correlation of 0.41 over 415 groups; new professions are exposed too."""
    ilo, nesta = read_scores("ilo", ILO), read_scores("nesta", NESTA)
    assert (len(ilo.groups), len(nesta.groups)) == (427, 421)
    assert (ilo.issues, nesta.issues) == ((), ())
    both = sorted(ilo.groups.keys() & nesta.groups.keys())
    ranks = pd.DataFrame([(ilo.groups[one][0], nesta.groups[one][0]) for one in both]).rank()
    assert len(both) == 415
    assert ranks[0].corr(ranks[1]) == pytest.approx(0.41, abs=0.005)
    assert (ilo.groups["2511"][0], ilo.groups["2422"][0]) == (0.49, 0.42)
