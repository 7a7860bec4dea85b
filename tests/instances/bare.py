"""Plans without what is told beside them, where hundreds are made and only their decisions are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

MODULE = "curriplan.api.optimize"


@contextmanager
def bare_plans() -> Iterator[None]:
    """Leave out why there is no plan, the figures, and which credits only fill.

    They are the subjects of test_infeasible, test_figures and test_filling, and take longer than the rest.
    """
    with (
        mock.patch(f"{MODULE}.why_none", return_value=None),
        mock.patch(f"{MODULE}.figures_of", return_value=None),
        mock.patch(f"{MODULE}._with_filling", lambda result, *_: result),
    ):
        yield
