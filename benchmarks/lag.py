"""What the response lag costs: the measure of a plan, and a plan that seeks it first.

    python benchmarks/lag.py [CATALOG]

Prints one line a run: processor seconds, the lag with the existing curricula and with the plan, closure and
new money. The measure alone is timed on the usual plan, the mean of 20.
"""

from __future__ import annotations

import argparse
from time import process_time

from curriplan.api.optimize import optimize_catalog
from curriplan.api.results import PlanResult
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog
from curriplan.evaluation.figures.lag import lag_of
from curriplan.problem.objectives import DEFAULT_OBJECTIVES, ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

TIMES = 20
RUNS = {
    "usual objectives": Settings(),
    "lag first": Settings(objectives=(ObjectiveChoice("lag"), *DEFAULT_OBJECTIVES)),
    "lag after closure": Settings(
        objectives=(*DEFAULT_OBJECTIVES[:2], ObjectiveChoice("lag"), *DEFAULT_OBJECTIVES[2:])
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("catalog", nargs="?", default="kz-digital-college")
    catalog = read_catalog(parser.parse_args().catalog).require()
    print("| run | seconds | lag, semesters | closure | new money, KZT |")
    print("|---|---:|---|---:|---:|")
    results = [_run(catalog, name, settings) for name, settings in RUNS.items()]
    print(f"| the measure of a plan | {_measured_s(results[0]):.3f} | | | |")


def _run(catalog: Catalog, name: str, settings: Settings) -> PlanResult:
    """Plan once and print the line."""
    begun = process_time()
    result = optimize_catalog(catalog, settings)
    seconds = process_time() - begun
    lag = result.plan.lag
    assert lag is not None, "nothing is newly asked"
    waits = f"{lag.whole.lag_before:.2f} → {lag.whole.lag_after:.2f}"
    closure, kzt = result.after.objectives["closure"], result.after.cost_kzt
    print(f"| {name}, {result.status} | {seconds:.1f} | {waits} | {closure:.1%} | {kzt:,} |", flush=True)
    return result


def _measured_s(result: PlanResult) -> float:
    """Return the seconds that the measure of a plan takes where nothing of the problem is worked out yet."""
    begun = process_time()
    for _ in range(TIMES):
        lag_of(Problem(result.catalog, result.limits), result.plan.selection)
    return (process_time() - begun) / TIMES


if __name__ == "__main__":
    main()
