"""Outlooks of all of ESCO: seconds to read two sources of scores and to write an outlook of each.

    CURRIPLAN_DATA=... python benchmarks/outlooks.py

`CURRIPLAN_DATA` is a folder with ``esco-1.1.1`` and ``exposure``. Every occupation is given 10 openings; wall
seconds of one process, without reading the release.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import curriplan
from curriplan.catalog.records import Demand
from curriplan.importing.esco.catalog import import_esco

FILES = {"ilo": "ilo_genai_exposure_isco08_2025.csv", "nesta": "mcc_risk_ISCO_4digit.csv"}


def main() -> None:
    """Print one line."""
    data = Path(os.environ["CURRIPLAN_DATA"])
    catalog = import_esco(data / "esco-1.1.1").catalog
    demand = tuple(Demand(occupation=row.id, year=2030, openings=10) for row in catalog.occupations)
    begun = time.perf_counter()
    made = curriplan.make_outlooks(
        catalog.replace(demand=demand),
        exposure={name: data / "exposure" / file for name, file in FILES.items()},
        beta=0.5,
    )
    seconds = time.perf_counter() - begun
    left = {issue.values["source"]: issue.values["count"] for issue in made.issues}
    print(
        f"occupations {len(catalog.occupations)}, outlooks {len(made.outlooks)}, "
        f"rows of demand {len(made.catalog.demand)}, not scored {left}: {seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
