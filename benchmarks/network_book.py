"""What the national workbook of many colleges takes: file size, seconds, memory. Its plans are made up.

    python benchmarks/network_book.py 800

writes the workbook of so many colleges, each with 25 programmes, 120 of 4,000 competencies, 30 added modules,
three sources over four years and a centre, in 20 regions. Nothing of it was planned: only its size is like a
country's. `made_up` has the plan.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path

from curriplan.plan.network import (
    ChallengeBrief,
    CollegePlan,
    CollegeResult,
    CompetencyBrief,
    Failed,
    Failure,
    FurtherMoney,
    ModuleBrief,
    National,
    NetworkPlan,
    ProgrammeBrief,
    RegionResult,
    Round,
    SemesterHours,
    SharedKind,
    SharedRow,
    YearMoney,
)
from curriplan.plan.plan import Status
from curriplan.report.network.write import write_network_workbook

REGIONS, SPECIALTIES, COMPETENCIES, OF_A_COLLEGE, MODULES = 20, 180, 4_000, 120, 30
YEARS, SOURCES = range(2027, 2031), ("REPUBLIC", "REGION", "EMPLOYERS")
SEMESTERS = tuple(f"{year}-{half}" for year in range(2027, 2030) for half in (1, 2))
EVERY_FAILED = 40
"""Of so many colleges one has no plan."""


def named(what: str, number: int) -> dict[str, str]:
    """Return a name in three languages that says that it is made up."""
    return dict.fromkeys(("kk", "ru", "en"), f"{what} (made up) {number}")


def made_up(colleges: int, programmes: int = 25) -> NetworkPlan:
    """Return a plan of so many colleges; the same numbers give the same plan."""
    draw = random.Random(colleges)
    money, hours = SharedKind.MONEY, SharedKind.HOURS
    whole = (
        SharedRow(money, source, None, str(year), 10**10, 0, 0, draw.random() * 1e-10)
        for source in ("REPUBLIC", "EMPLOYERS")
        for year in YEARS
    )
    regional = (
        SharedRow(money, "REGION", f"r{region}", str(year), 10**9, 0, 0, 0.0)
        for region in range(REGIONS)
        for year in YEARS
    )
    centres = (
        SharedRow(hours, f"CENTRE{region}", f"r{region}", semester, 4_000.0, 0, 0, 1e-6)
        for region in range(REGIONS)
        for semester in SEMESTERS
    )
    return NetworkPlan(
        names=named("Network", colleges),
        network_sha256="e" * 64,
        settings={},
        colleges=tuple(_college(draw, number, programmes) for number in range(colleges)),
        regions=tuple(
            RegionResult(
                f"r{one}",
                named("Region", one),
                0.3,
                colleges // REGIONS,
                1,
                1_000,
                0.1,
                0.5,
                0.5,
                0.1,
                0.9,
                0.01,
            )
            for one in range(REGIONS)
        ),
        shared=(*whole, *regional, *centres),
        national=National(
            0.5, 0.5, 0.51, 0.02, tuple(Round(one, 800, 300, 0.5, 0.51, 0.51, 0.02) for one in range(1, 20))
        ),
        further=tuple(FurtherMoney(f"r{one}", 10**6, 1e-5, 1e-5, 0.5) for one in range(REGIONS)),
    )


def _college(draw: random.Random, number: int, programmes: int) -> CollegeResult:
    is_failed = number % EVERY_FAILED == EVERY_FAILED - 1
    issues = ({"code": "wrong-word", "text": named("Fault", number)},) * 20
    return CollegeResult(
        id=f"c{number}",
        region=f"r{number % REGIONS}",
        names=named("Higher polytechnic college", number),
        weight=1.0,
        learners=25 * programmes,
        groups={f"P{one}": 1 for one in range(programmes)},
        alone=None if is_failed else _plan(draw, number, programmes),
        national=None if is_failed else _plan(draw, number, programmes),
        failure=Failure(Failed.BROKEN, "read", issues) if is_failed else None,
        catalog_sha256="b" * 64,
        workbook=f"colleges/c{number}/plan.xlsx",
    )


def _plan(draw: random.Random, number: int, programmes: int) -> CollegePlan:
    codes = [(number * 7 + one * 13) % SPECIALTIES for one in range(programmes)]
    first = (number * 37) % (COMPETENCIES - OF_A_COLLEGE)
    return CollegePlan(
        plan_sha256="a" * 64,
        status=Status.OPTIMAL,
        learners=25 * programmes,
        closure_before=0.1,
        closure=draw.random(),
        cost_kzt=draw.randint(10**6, 10**8),
        cost_all_intakes_kzt=None,
        gap=0.0,
        money=tuple(
            YearMoney(source, year, draw.randint(1, 10**7)) for source in sorted(SOURCES) for year in YEARS
        ),
        hours=tuple(
            SemesterHours(f"CENTRE{number % REGIONS}", semester, float(draw.randint(1, 99)))
            for semester in SEMESTERS
        ),
        programmes=tuple(
            ProgrammeBrief(
                f"P{place}",
                named("Programme", code),
                f"{6_000_000 + code:08}",
                f"4S{6_000_000 + code:08}",
                25,
                25.0,
                0.1,
                draw.random(),
                3,
                1,
            )
            for place, code in enumerate(codes)
        ),
        competencies=tuple(
            CompetencyBrief(f"C{one}", named("Competency", one), 100, 80, draw.randint(0, 80), 4)
            for one in range(first, first + OF_A_COLLEGE)
        ),
        challenges=tuple(
            ChallengeBrief(str(one), named("Challenge", one), 0.1, draw.random(), 10.0) for one in range(1, 7)
        ),
        added=tuple(
            ModuleBrief(f"M{one}", named("Module", one), ("P0",), 10**5 * one, 2, draw.random() / 10, 25)
            for one in range(MODULES)
        ),
        dropped=("OLD",),
    )


def main() -> None:
    """Write the workbook, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("colleges", type=int, nargs="?", default=800)
    parser.add_argument("--lang", default="ru")
    chosen = parser.parse_args()
    plan = made_up(chosen.colleges)
    before, start = _peak_mib(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.xlsx"
        write_network_workbook(plan, path, chosen.lang)
        size = path.stat().st_size
    seconds = time.process_time() - start
    print(
        f"{chosen.colleges} colleges: {size / 1e6:.1f} MB, {seconds:.1f} s of processor time, "
        f"peak {_peak_mib():.0f} MiB ({before:.0f} MiB before it)"
    )


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
