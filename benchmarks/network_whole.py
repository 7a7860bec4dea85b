"""The national plan of a few generated colleges beside one model of them all. See docs/performance.md.

    python benchmarks/network_whole.py [N ...] [--seed 1] [--gap 0.001] [--time-limit 600]

`curriplan network` runs in this process. The one model is that of the tests (`tests/instances/merged.py`):
all colleges as one catalog, what they share as rows between them, solved once for every choice of groups that
leaves the region as many. The times are processor seconds; both have the same gap.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from curriplan.api.network.run import NetworkChoices
from curriplan.api.network.start import Helpers, plan_network
from curriplan.catalog.network.read import read_network
from curriplan.catalog.reading.read import read_catalog
from curriplan.problem.settings import Settings
from network_colleges import Country
from speed import markdown
from speed_runs import HERE

sys.path.append(str(HERE / "tests"))
from instances.merged import best_together, every_choice

HEAD = (
    "colleges",
    "programmes",
    "network",
    "its bound",
    "its s",
    "one model",
    "its bound ",
    "its s ",
    "models",
    "apart",
)


def row(count: int, folder: Path, options: argparse.Namespace) -> list[str]:
    """Return the row of so many colleges."""
    Country(count, options.seed).write(folder)
    network = read_network(folder, [])
    catalogs = {one.id: read_catalog(one.catalog).require() for one in network.colleges}
    began = time.process_time()
    choices = NetworkChoices(gap=options.gap, workbooks=False)
    settings = Settings(gap=options.gap / 10, time_limit_s=options.time_limit)
    plan = plan_network(folder, folder / "out", settings, choices, helpers=Helpers(workers=1))
    network_s = time.process_time() - began
    assert plan.national is not None
    best = best_together(network, catalogs, options.gap, options.time_limit)
    one_s = time.process_time() - began - network_s
    assert best is not None
    assert plan.national.bound >= best.closure - 1e-6, "the bound of the network is below a plan"
    assert best.bound >= plan.national.closure - 1e-6, "the network passes what one model proves"
    return [
        str(count),
        str(sum(len(one.programmes) for one in catalogs.values())),
        f"{plan.national.closure:.5f}",
        f"{plan.national.bound:.5f}",
        f"{network_s:.0f}",
        f"{best.closure:.5f}",
        f"{best.bound:.5f}",
        f"{one_s:.0f}",
        str(sum(1 for _ in every_choice(network, catalogs))),
        f"{100 * (plan.national.closure / best.closure - 1):+.2f} %",
    ]


def main(*arguments: str) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("counts", type=int, nargs="*", default=[2, 3, 4, 5], metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds of a model")
    options = parser.parse_args(arguments)
    rows: list[Sequence[str]] = []
    with tempfile.TemporaryDirectory(prefix="curriplan-whole-") as temporary:
        for count in options.counts:
            rows.append(row(count, Path(temporary) / str(count), options))
            print(markdown(HEAD, rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
