"""What the functions of the library take: an argument of the wrong kind is refused by its name.

Each name means the same in all functions, and stands here once; `takes_as_said` checks it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from os import PathLike
from typing import Any

from curriplan.api.results import PlanResult
from curriplan.base.arguments import PATH, Takes, kind, taking
from curriplan.base.fields import SEMESTER
from curriplan.catalog.records import Catalog
from curriplan.catalog.records.policy import QUALIFICATION_LEVELS
from curriplan.plan.frontier import OF_A_PLAN
from curriplan.plan.plan import Plan
from curriplan.problem.settings import Settings
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Phrase, thousands


def _whole_from(least: int) -> Takes:
    def fits(value: Any) -> bool:
        return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= least

    return Takes(fits, Phrase("takes.whole_from", {"least": least}))


def _whole_in(values: range) -> Takes:
    def fits(value: Any) -> bool:
        return not isinstance(value, bool) and isinstance(value, Integral) and int(value) in values

    return Takes(fits, Phrase("takes.whole", {"range": f"{min(values)}–{max(values)}"}))


def whole_within(least: int, most: int) -> Takes:
    """Return what takes a whole number from `least` to `most`."""
    words = Phrase("takes.whole", {"range": f"{least} ≤ x ≤ {thousands(most)}"})
    return Takes(lambda value: _whole_from(least).fits(value) and value <= most, words)


def _one_of(*words: str | None) -> Takes:
    return Takes(
        lambda value: value in words, Phrase("takes.one_of", {"words": ", ".join(filter(None, words))})
    )


def _list_of(example: str) -> Takes:
    def fits(value: Any) -> bool:
        return isinstance(value, Iterable) and not isinstance(value, str | bytes | PathLike)

    return Takes(fits, Phrase("takes.list", {"example": example}))


def _is_seconds(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and not math.isnan(value)


def _is_share(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 1


def _is_shard(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and all(type(one) is int for one in value)
        and 1 <= value[0] <= value[1]
    )


def _are_names(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        code in LANGUAGES and isinstance(name, str) for code, name in value.items()
    )


_PLAN = kind("plan", PlanResult, Plan, str, PathLike)
TAKES: dict[str, Takes] = {
    "catalog": kind("catalog", Catalog, str, PathLike),
    "settings": kind("settings", Settings),
    "progress": Takes(callable, Phrase("takes.function")),
    "stability": _whole_from(0),
    "frontier": _whole_in(OF_A_PLAN),
    "workers": _whole_from(1),
    "points": _whole_from(2),
    "review": PATH,
    "path": PATH,
    "last": PATH,
    "save_catalog": PATH,
    "last_catalog": kind("catalog", Catalog, str, PathLike),
    "plan": _PLAN,
    "first": _PLAN,
    "second": _PLAN,
    "result": kind("result", PlanResult),
    "optimality": kind("yes_no", bool),
    "force": kind("yes_no", bool),
    "print_details": kind("yes_no", bool),
    "time_limit_s": Takes(_is_seconds, Phrase("takes.seconds")),
    "modules": _list_of('["M1", "M2"]'),
    "programmes": _list_of('["P1", "P2"]'),
    "add": _list_of('["P:M:3"]'),
    "move": _list_of('["P:M:3"]'),
    "drop": _list_of('["P:M"]'),
    "as_today": kind("yes_no", bool),
    "partners": _list_of('["S1", "S2"]'),
    "leaves_year": _whole_in(range(1900, 2201)),
    "shares": kind("yes_no", bool),
    "occupations": _list_of('["O1", "O2"]'),
    "entry_base": kind("text", str),
    "terms": whole_within(1, 20),
    "learners": whole_within(1, 10**6),
    "level": _one_of(*QUALIFICATION_LEVELS, None),
    "start": Takes(lambda value: bool(SEMESTER.fullmatch(str(value))), Phrase("takes.semester")),
    "language": _one_of(*LANGUAGES),
    "programme": kind("text", str),
    "names": Takes(_are_names, Phrase("takes.names", {"example": 'dict(en="Data analyst")'})),
    "hour_kzt": whole_within(0, 10**9),
    "folder": PATH,
    "out": PATH,
    "scheduler": kind("text", str),
    "allow_plain": kind("yes_no", bool),
    "resume": kind("yes_no", bool),
    "shard": Takes(_is_shard, Phrase("takes.shard")),
    "merge": _list_of('["part-1", "part-2"]'),
    "alone": kind("yes_no", bool),
    "network_gap": Takes(_is_share, Phrase("takes.number", {"range": "0 ≤ x ≤ 1"})),
    "rounds": _whole_from(1),
    "workbooks": kind("yes_no", bool),
    "tell": Takes(callable, Phrase("takes.function")),
    "remark": Takes(callable, Phrase("takes.function")),
}
JUDGED_ELSEWHERE = frozenset(
    {
        *("lang", "replan", "intake", "choices"),
        *("exposure", "beta", "new_professions", "snapshots", "shrink", "probabilities", "as_of"),
    }
)
"""Arguments that are one of a few words, settings, which judge themselves, and what outlooks are made of."""


takes_as_said = taking(TAKES)
