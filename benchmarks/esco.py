"""All of ESCO at full scale: seconds and memory of every step, beside a bare ``pandas.read_csv``.

    CURRIPLAN_DATA=... python benchmarks/esco.py [RUNS]

`CURRIPLAN_DATA` is a folder with ``esco-1.1.1``, the official CSV release. Every step runs in a process of
its own, RUNS times in turn with the others, and the least of its times counts: other work on the machine
only ever adds to it. Two times are printed, of processors in seconds: of the step alone, and of its whole
process with the start of Python and the imports. Each has its ratio to the same of ``pandas.read_csv`` of
the same files: the release's for the import, the catalog's own for everything after it.
"""

# Each step imports what it needs and no more, so that the time of its process is its own.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

RELEASE_FILES = (
    "skills_en",
    "skillGroups_en",
    "occupations_en",
    "occupationSkillRelations",
    "skillSkillRelations",
    "broaderRelationsSkillPillar",
)
"""The files of the release that make the catalog; ``skillsHierarchy_en`` is none of them."""
FROM, TO = "web developer", "ict security technician"


def release_csv(_work: Path) -> Callable[[], Any]:
    import pandas as pd

    folder = Path(os.environ["CURRIPLAN_DATA"]) / "esco-1.1.1"
    return lambda: [pd.read_csv(folder / f"{name}.csv") for name in RELEASE_FILES]


def catalog_csv(work: Path) -> Callable[[], Any]:
    import pandas as pd

    return lambda: [pd.read_csv(path) for path in sorted((work / "esco").glob("*.csv"))]


def imported(_work: Path) -> Callable[[], Any]:
    from curriplan.importing.esco.catalog import import_esco

    return lambda: import_esco(Path(os.environ["CURRIPLAN_DATA"]) / "esco-1.1.1")


def reading(work: Path) -> Callable[[], Any]:
    from curriplan.catalog.reading.read import read_catalog

    return lambda: read_catalog(work / "esco").require()


def checking(work: Path) -> Callable[[], Any]:
    from curriplan.problem.checks import check_catalog

    catalog = reading(work)()
    return lambda: check_catalog(catalog)


def hashing(work: Path) -> Callable[[], Any]:
    catalog = reading(work)()
    return lambda: catalog.sha256


def building(work: Path) -> Callable[[], Any]:
    from curriplan.catalog.graph import build_graph

    catalog = reading(work)()
    return lambda: build_graph(catalog)


def written(ending: str, *, around: bool = False) -> Callable[[Path], Callable[[], Any]]:
    def prepare(work: Path) -> Callable[[], Any]:
        from curriplan.api.analyses import write_graph
        from curriplan.catalog.graph import find_node, part_of_graph, steps_from
        from curriplan.problem.occupations import find_occupation

        catalog = reading(work)()
        graph = building(work)()
        node = find_node(graph, f"occupation:{find_occupation(catalog, FROM).id}")

        def write() -> None:
            shown = part_of_graph(graph, steps_from(graph, node, 2)) if around else graph
            write_graph(shown, [work / f"graph{ending}"], "en", node if around else None)

        return write

    return prepare


def gaps(work: Path) -> Callable[[], Any]:
    from curriplan.problem.occupations import occupation_gaps

    catalog = reading(work)()
    return lambda: occupation_gaps(catalog, FROM, TO)


STEPS: dict[str, tuple[Callable[[Path], Callable[[], Any]], str]] = {
    "read_csv of the release": (release_csv, ""),
    "import esco": (imported, "read_csv of the release"),
    "read_csv of the catalog": (catalog_csv, ""),
    "read": (reading, "read_csv of the catalog"),
    "check": (checking, "read_csv of the catalog"),
    "hash": (hashing, "read_csv of the catalog"),
    "build the graph": (building, "read_csv of the catalog"),
    "write .graphml": (written(".graphml"), "read_csv of the catalog"),
    "write .gexf": (written(".gexf"), "read_csv of the catalog"),
    "write .json": (written(".json"), "read_csv of the catalog"),
    "write .svg around": (written(".svg", around=True), "read_csv of the catalog"),
    "gaps --from --to": (gaps, "read_csv of the catalog"),
}


def run_step(name: str, work: Path) -> dict[str, float]:
    """Do one step in this process; a step that needs others first has them done before the clock starts."""
    work_of_step = STEPS[name][0](work)
    started = process_time()
    result = work_of_step()
    alone = process_time() - started
    del result
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"alone": alone, "whole": process_time(), "mb": peak_kb / 1024}


def measured(name: str, work: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--step", name, str(work)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def prepare(work: Path) -> None:
    from curriplan.catalog.saving.folder import write_folder
    from curriplan.importing.esco.catalog import import_esco

    catalog = import_esco(Path(os.environ["CURRIPLAN_DATA"]) / "esco-1.1.1").catalog
    write_folder(catalog, work / "esco")
    rows = sum(1 for _ in catalog.records())
    print(f"{rows:,} rows, {len(catalog.competencies) + len(catalog.occupations):,} nodes")


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        # Not in this process: on Linux a process begins with the peak of the one that starts it.
        subprocess.run([sys.executable, __file__, "--prepare", folder], check=True)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in STEPS}
        for _ in range(runs):
            for name, times in found.items():
                times.append(measured(name, work))
        best = {
            name: {key: min(time[key] for time in times) for key in ("alone", "whole", "mb")}
            for name, times in found.items()
        }
    print(f"{'step':<26}{'alone':>8}{'ratio':>8}{'process':>9}{'ratio':>8}{'MB':>7}{'ratio':>8}")
    for name, (_, base) in STEPS.items():
        print(line(name, best[name], best.get(base)))


def line(name: str, one: dict[str, float], base: dict[str, float] | None) -> str:
    cells = f"{name:<26}"
    for key, width, digits in (("alone", 8, 2), ("whole", 9, 2), ("mb", 7, 0)):
        ratio = f"{one[key] / base[key]:.1f}" if base else ""
        cells += f"{one[key]:>{width}.{digits}f}{ratio:>8}"
    return cells


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["--step"]:
        print(json.dumps(run_step(sys.argv[2], Path(sys.argv[3]))))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 3)
