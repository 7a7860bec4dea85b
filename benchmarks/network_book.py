"""What the national workbook of many colleges takes: file size, seconds, memory. Its plans are made up.

    python benchmarks/network_book.py 800

writes the workbook of so many colleges, each with 25 programmes, 120 of 4,000 competencies, 30 added modules,
three sources over four years and a centre, in 20 regions. Nothing of it was planned: only its size is like a
country's. It is the plan that the tests of the workbook take in small (`tests/unit/report/country.py`).
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from curriplan.report.network.write import write_network_workbook

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from unit.report.country import Country


def main() -> None:
    """Write the workbook, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("colleges", type=int, nargs="?", default=800)
    parser.add_argument("--lang", default="ru")
    chosen = parser.parse_args()
    plan = Country(chosen.colleges, programmes=25, competencies=120, modules=30).plan
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
