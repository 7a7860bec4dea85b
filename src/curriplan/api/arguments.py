"""What the functions of the library take: an argument of the wrong kind is refused by its name.

Each name means the same in all functions, and stands here once; `takes_as_said` checks it.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable
from functools import wraps
from numbers import Integral, Real
from os import PathLike
from typing import Any, NamedTuple, ParamSpec, TypeVar

from curriplan.api.results import PlanResult
from curriplan.base.errors import UsageError
from curriplan.catalog.records import Catalog
from curriplan.plan.plan import Plan
from curriplan.problem.settings import Settings, shown_value
from curriplan.texts.words import Phrase

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Takes(NamedTuple):
    """Whether a value is of the right kind, and that kind in words."""

    fits: Callable[[Any], bool]
    words: Phrase


def _whole_from(least: int) -> Takes:
    def fits(value: Any) -> bool:
        return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= least

    return Takes(fits, Phrase("takes.whole_from", {"least": least}))


def _kind(name: str, *kinds: type) -> Takes:
    return Takes(lambda value: isinstance(value, kinds), Phrase(f"takes.{name}"))


def _list_of(example: str) -> Takes:
    def fits(value: Any) -> bool:
        return isinstance(value, Iterable) and not isinstance(value, str | bytes | PathLike)

    return Takes(fits, Phrase("takes.list", {"example": example}))


def _is_seconds(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and not math.isnan(value)


_PLAN = _kind("plan", PlanResult, Plan, str, PathLike)
_PATH = _kind("path", str, PathLike)
TAKES: dict[str, Takes] = {
    "catalog": _kind("catalog", Catalog, str, PathLike),
    "settings": _kind("settings", Settings),
    "progress": Takes(callable, Phrase("takes.function")),
    "stability": _whole_from(0),
    "workers": _whole_from(1),
    "points": _whole_from(2),
    "review": _PATH,
    "path": _PATH,
    "plan": _PLAN,
    "first": _PLAN,
    "second": _PLAN,
    "result": _kind("result", PlanResult),
    "optimality": _kind("yes_no", bool),
    "force": _kind("yes_no", bool),
    "time_limit_s": Takes(_is_seconds, Phrase("takes.seconds")),
    "modules": _list_of('["M1", "M2"]'),
    "programmes": _list_of('["P1", "P2"]'),
    "add": _list_of('["P:M:3"]'),
    "move": _list_of('["P:M:3"]'),
    "drop": _list_of('["P:M"]'),
}
JUDGED_ELSEWHERE = frozenset({"lang", "replan", "choices"})
"""Arguments that are one of a few words, and settings, which judge themselves."""


def takes_as_said(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Have a function refuse, as a `UsageError`, what is not as `TAKES` says; None only where it is usual."""
    parameters = inspect.signature(function)

    @wraps(function)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        for name, value in parameters.bind(*args, **kwargs).arguments.items():
            usual = parameters.parameters[name].default
            if name in TAKES and value is not usual and not TAKES[name].fits(value):
                words = TAKES[name].words
                raise UsageError.of("bad-value", option=name, value=shown_value(value), expected=words)
        return function(*args, **kwargs)

    return checked
