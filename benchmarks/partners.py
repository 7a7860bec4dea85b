"""Partners that leave the bundled college: processor seconds beside those of the plan.

    python benchmarks/partners.py

One process: the plan, what it loses when each partner leaves, the shares of its sources (16 solves), and a
plan that loses nothing when the research body leaves. Each line ends in what was found.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import curriplan

Found = TypeVar("Found")


def timed(what: str, work: Callable[[], Found], said: Callable[[Found], str]) -> Found:
    """Do something, and print how long it took and what came of it."""
    began = time.process_time()
    found = work()
    print(f"{what:<34} {time.process_time() - began:6.1f} s  {said(found)}", flush=True)
    return found


def main() -> None:
    """Run all, one after another."""
    catalog = curriplan.read_catalog("kz-digital-college").require()
    plan = timed("the plan", lambda: curriplan.optimize(catalog), closure)
    timed("stress", lambda: curriplan.stress(plan, workers=1), repr)
    timed("stress with shares", lambda: curriplan.stress(plan, shares=True, workers=1), repr)
    kept = {"keep_within": 0.0, "partners": ("RESEARCH",)}
    timed("keep within 0, RESEARCH", lambda: curriplan.optimize(catalog, **kept), closure)


def closure(plan: curriplan.PlanResult) -> str:
    """Return the closure of a plan, in per cent."""
    return f"{100 * plan.plan.measures['closure_after']:.2f} %"


if __name__ == "__main__":
    main()
