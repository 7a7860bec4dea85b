"""Runs a command of `curriplan` in this process and says which part of it took how much processor time.

    python benchmarks/speed_parts.py RESULT.json optimize CATALOG -o plan.xlsx ...

Whatever commit `curriplan` is of: a part is a function, named where it lies today and where it lay before,
and what a commit lacks has no time of its own. The time of a part is that of this process and of those it
started, less that of the parts called within it, so that all of them add up. Stages are told apart by what
the optimizer logs at the end of each; what is solved to hold its value counts for the next one, unless it is
a part itself.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import json
import logging
import resource
import runpy
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

SOLVING = "solving"
STAGE = "stage: "
IMPORTS, BEST_CLOSURE, REST = "imports", "cost at best closure", "the rest"
PARTS: dict[str, tuple[str, ...]] = {
    "read": ("curriplan.catalog.reading.read:read_catalog", "curriplan.catalog.read:read_catalog"),
    "check": (
        "curriplan.problem.checks:find_problems",
        "curriplan.problem.checks:check_catalog",
        "curriplan.checks:check_catalog",
    ),
    "build": (
        "curriplan.optimizer.solve.stages:build_model",
        "curriplan.optimizer.stages:build_model",
    ),
    SOLVING: ("curriplan.optimizer.solve.stages:solve", "curriplan.optimizer.stages:solve"),
    BEST_CLOSURE: (
        "curriplan.optimizer.solve.run:price_last_points",
        "curriplan.optimizer.solve.run:_cost_at_best_closure",
        "curriplan.optimizer.stages:_cost_at_best_closure",
    ),
    "evaluations": ("curriplan.evaluation.evaluate:evaluate",),
    "figures": ("curriplan.evaluation.figures:figures_of",),
    "credits that only fill": ("curriplan.optimizer.filling:find_filling",),
    "single changes": ("curriplan.evaluation.whatif:what_if",),
    "equal swaps": ("curriplan.evaluation.swaps:equal_swaps",),
    "workbook": (
        "curriplan.report.write:write_plan_workbook",
        "curriplan.report:write_plan_workbook",
    ),
}
"""Each part with the places of its function: the first that there is counts."""


def processor_s() -> float:
    """Return the processor time of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Stopwatch:
    """Adds the time to the part that is at work: the innermost one."""

    def __init__(self, clock: Callable[[], float] = processor_s) -> None:
        self.seconds: Counter[str] = Counter()
        self._clock, self._read_at = clock, 0.0
        self._at_work = [REST]

    def _read(self) -> None:
        now = self._clock()
        self.seconds[self._at_work[-1]] += now - self._read_at
        self._read_at = now

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time added to `part`."""

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            if self._at_work[-1] == part:
                return function(*arguments, **named)
            self._read()
            self._at_work.append(part)
            try:
                return function(*arguments, **named)
            finally:
                self._read()
                self._at_work.pop()

        return call

    def end_stage(self, objective: str) -> None:
        """Give the time of solving since the last stage to this one."""
        self._read()
        self.seconds[STAGE + objective] += self.seconds.pop(SOLVING, 0.0)

    def end(self) -> dict[str, float]:
        """Return the seconds of each part; solving after the last stage is none of them."""
        self._read()
        self.seconds[REST] += self.seconds.pop(SOLVING, 0.0)
        return dict(self.seconds)

    def watch(self) -> None:
        """Put every part in place of its function, wherever that was imported to."""
        builtins.__import__ = self.timed(IMPORTS, builtins.__import__)
        for part in PARTS:
            wrap(part, functools.partial(self.timed, part))
        tell_stages(self.end_stage)


class _Stages(logging.Handler):
    """Tells which stage has just ended, as the optimizer logs it."""

    def __init__(self, end: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self.end = end

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.INFO and record.msg.startswith("stage %s: value"):
            assert isinstance(record.args, tuple)
            self.end(str(record.args[0]))


def tell_stages(end: Callable[[str], None]) -> None:
    """Have `end` called with the objective of each stage as it ends."""
    optimizer = logging.getLogger("curriplan.optimizer")
    optimizer.setLevel(logging.INFO)
    optimizer.addHandler(_Stages(end))
    optimizer.propagate = False


def wrap(part: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put `around` of a part's function in its place, wherever it was imported to."""
    old = next(filter(None, map(_found, PARTS[part])), None)
    if old is None:
        return
    new = around(old)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "curriplan":
            for attribute, value in list(vars(module).items()):
                if value is old:
                    setattr(module, attribute, new)


def _found(place: str) -> Callable[..., Any] | None:
    module, _, name = place.partition(":")
    try:
        found: Callable[..., Any] | None = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError:
        return None
    return found


def main(result: str, *arguments: str) -> None:
    watch = Stopwatch()
    watch.watch()
    sys.argv = ["curriplan", *arguments]
    try:
        runpy.run_module("curriplan", run_name="__main__")
    finally:
        Path(result).write_text(json.dumps(watch.end()), encoding="utf-8")


if __name__ == "__main__":
    sys.path.pop(0)  # only what a user of `python -m curriplan` has
    main(*sys.argv[1:])
