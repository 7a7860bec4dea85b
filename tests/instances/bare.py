"""Plans without what is told beside them, where hundreds are made and only their decisions are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

MODULE = "curriplan.api.optimize"


def _nothing(*_: Any) -> None:
    return None


def _as_it_is(result: Any, *_: Any) -> Any:
    return result


BESIDE = {
    "why_none": _nothing,
    "figures_of": _nothing,
    "_with_filling": _as_it_is,
    "_with_replanning": _as_it_is,
}


@contextmanager
def bare_plans(but: str = "") -> Iterator[None]:
    """Leave out why there is no plan, the figures, which credits only fill, and what changes would buy.

    They are the subjects of test_infeasible, test_figures, test_filling and test_replanning, and take
    longer than the rest. One of them is kept where it is named.
    """
    with ExitStack() as stack:
        for name, instead in BESIDE.items():
            if name != but:
                stack.enter_context(mock.patch(f"{MODULE}.{name}", instead))
        yield
