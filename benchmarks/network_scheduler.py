"""How the scheduler and the coordinator of `curriplan network` keep up: solves are replaced by waiting.

    python benchmarks/network_scheduler.py [--workers 2 8 32] [--jobs 741] [--mean 1.5] [--folder FOLDER]
    python benchmarks/network_scheduler.py --master 100 300 741

The jobs are those of a round of pricing: the real task is sent to a real worker process of the local cluster,
which sleeps as long as a solve takes (drawn by the seed around `--mean` seconds), and then writes a real
result, that of a generated college, as it would; the coordinator reads and checks it. So all is as in a run
but the solve. Efficiency is the time waited, by workers and wall time. These are processes, no threads:
the writing of results needs Python's lock.

With `--master` the choice among columns is measured instead: so many colleges, each with `--columns` random
columns, and the rows of the generated network; the relaxation and the whole choice, in seconds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import psutil
from distributed import WorkerPlugin

from curriplan.api.network import jobs
from curriplan.api.network.bench import Bench
from curriplan.api.network.cluster import local_cluster
from curriplan.api.network.national import _priced_in
from curriplan.api.network.store import Store
from curriplan.api.network.tasks import JobKind, Task, part_of
from curriplan.base.codec import to_data
from curriplan.catalog.network.read import read_network
from curriplan.catalog.network.records import College, Network
from curriplan.catalog.reading.read import read_catalog
from curriplan.optimizer.network.master import chosen, relaxed
from curriplan.optimizer.network.pricing import answers
from curriplan.optimizer.network.records import Offer, PriceQuestion, Prices
from curriplan.optimizer.network.rows import Country as Rows
from curriplan.optimizer.network.rows import Member
from curriplan.plan.network import SemesterHours, YearMoney
from curriplan.plan.plan import Selection
from curriplan.problem.settings import Settings
from network_colleges import Country
from speed import markdown

MIB = 1 << 20
SPREAD = 0.6
"""Of the logarithm of how long a solve takes."""
PRICE_VECTORS = 2
HEAD = (
    "workers",
    "mean wait s",
    "jobs",
    "wall s",
    "jobs a second",
    "efficiency",
    "coordinator s",
    "workers s",
    "result KiB",
)


class Waiting(WorkerPlugin):
    """Puts a wait in place of the solve, in a worker."""

    name = "waiting"

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - Dask gives it
        def wait(task: Task) -> dict[str, Any]:
            time.sleep(task.payload["wait_s"])
            return dict(self.content)

        jobs._JOBS = {**jobs._JOBS, JobKind.PRICED: wait}


def result_of(network: Network) -> dict[str, Any]:
    """Return the result of a real job of pricing: that of the first college at prices of its sources."""
    college = network.colleges[0]
    catalog = read_catalog(college.catalog).require()
    sources = {(row.source, year): 1e-12 for row in network.budgets for year in row.years_kzt}
    prices = tuple(
        Prices(1e-3, {key: at * kzt for key, kzt in sources.items()}) for at in range(PRICE_VECTORS)
    )
    found = answers(catalog, network, PriceQuestion(college.id, 0, prices), Settings())
    return {"priced": [to_data(one) for one in found]}


def tasks_of(network: Network, out: Path, options: argparse.Namespace) -> list[Task]:
    """Return a job a college, each with how long it waits."""
    rng = Random(f"waits {options.seed}")
    found = []
    for number in range(options.jobs):
        one = replace(network.colleges[number % len(network.colleges)], id=f"C{number:04}")
        waited_s = options.mean * rng.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)
        payload = {"wait_s": waited_s, "round": time.time()}
        part = part_of(network, one)
        found.append(Task(JobKind.PRICED, one, part, Settings(), out, "0" * 64, payload=payload))
    return found


def measure(network: Network, workers: int, folder: Path, options: argparse.Namespace) -> list[str]:
    """Have the jobs done by so many workers, and return the row."""
    content = result_of(network)
    me = psutil.Process()
    with local_cluster(workers, folder) as runner:
        runner.client.register_plugin(Waiting(content))
        runner.client.wait_for_workers(workers)
        tasks = tasks_of(network, folder, options)
        bench = Bench(Store(folder), runner, lambda _: None, lambda _: None)
        others_before = sum(map(used_s, me.children(recursive=True)))
        before_s, began = used_s(me), time.monotonic()
        found = bench.results(tasks, _priced_in)
        wall_s = time.monotonic() - began
        coordinator_s = used_s(me) - before_s
        others_s = sum(map(used_s, me.children(recursive=True))) - others_before
    assert all(isinstance(one, tuple) for one in found)
    waited_s = sum(task.payload["wait_s"] for task in tasks)
    size = Store(folder).path(tasks[0].key).stat().st_size
    return [
        str(workers),
        f"{options.mean:g}",
        str(len(tasks)),
        f"{wall_s:.1f}",
        f"{len(tasks) / wall_s:.1f}",
        f"{waited_s / (workers * wall_s):.3f}",
        f"{coordinator_s:.1f}",
        f"{others_s:.1f}",
        f"{size / 1024:.0f}",
    ]


def used_s(process: psutil.Process) -> float:
    """Return the processor time of a process."""
    times = process.cpu_times()
    return times.user + times.system


# --------------------------------------------------------------------------------- the choice among columns


def master_rows(count: int, folder: Path, options: argparse.Namespace) -> list[str]:
    """Time the relaxation and the whole choice over random columns."""
    Country(count, options.seed).write(folder)
    network = read_network(folder, [])
    rng = Random(f"columns {count} {options.seed}")
    offers = {one.id: tuple(columns(network, one, rng, options.columns)) for one in network.colleges}
    members = tuple(Member(one.id, one.region, 1.0, (250,), (10,)) for one in network.colleges)
    country = Rows(replace(network, places=()), members)
    began = time.process_time()
    known = relaxed(country, offers)
    relaxed_s = time.process_time() - began
    found = chosen(country, offers, 0.001)
    chosen_s = time.process_time() - began - relaxed_s
    assert found is not None
    return [
        str(count),
        str(len(country.rows)),
        str(count * options.columns),
        f"{relaxed_s:.1f}",
        f"{chosen_s:.1f}",
        f"{100 * (known.value - found.value) / found.value:.2f} %",
        f"{psutil.Process().memory_info().rss / MIB:.0f}",
    ]


def columns(network: Network, college: College, rng: Random, count: int) -> Iterator[Offer]:
    """Yield nothing, and plans of growing cost with less and less for it, at the centres that are near."""
    yield Offer(0.3, 250, 10, (), (), Selection(()))
    rate = rng.uniform(0.5, 1.5)
    centres = [one for one in network.centres if one.region in (None, college.region)]
    for _ in range(count - 1):
        part = rng.random()
        money = tuple(
            YearMoney(row.source, year, int(0.01 * part * kzt * rng.uniform(0.5, 1.5) * _share(row, network)))
            for row in sorted(network.budgets, key=lambda one: one.source)
            if row.region in (None, college.region)
            for year, kzt in sorted(row.years_kzt.items())
        )
        hours = tuple(
            SemesterHours(one.id, when, round(0.01 * part * number * rng.random(), 1))
            for one in centres
            for when, number in sorted(one.hours.items())
        )
        yield Offer(0.3 + 0.3 * rate * part**0.5, 250, 10, money, hours, Selection(()))


def _share(budget: Any, network: Network) -> float:
    """Return how many hundredths of a budget twice a college's part of it is."""
    inside = sum(budget.region in (None, one.region) for one in network.colleges)
    return 200 / inside


def main(*arguments: str) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 8, 32])
    parser.add_argument("--jobs", type=int, default=741)
    parser.add_argument("--mean", type=float, default=1.5, help="seconds that a job waits on average")
    parser.add_argument("--master", type=int, nargs="+", metavar="N", help="measure the choice instead")
    parser.add_argument("--columns", type=int, default=30, help="of each college")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where results are written: another disk")
    options = parser.parse_args(arguments)
    rows: list[Sequence[str]] = []
    with tempfile.TemporaryDirectory(prefix="curriplan-scheduler-", dir=options.folder) as temporary:
        folder = Path(temporary)
        if options.master:
            head = ("colleges", "rows", "columns", "relaxed s", "whole s", "apart", "MiB")
            for count in options.master:
                rows.append(master_rows(count, folder / f"master-{count}", options))
                print(rows[-1], file=sys.stderr, flush=True)
            print(markdown(head, rows))
            return 0
        Country(20, options.seed).write(folder / "network")
        network = read_network(folder / "network", [])
        for workers in options.workers:
            out = folder / f"out-{workers}"
            out.mkdir()
            rows.append(measure(network, workers, out, options))
            print(rows[-1], file=sys.stderr, flush=True)
        print(markdown(HEAD, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
