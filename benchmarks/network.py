"""How `curriplan network` grows: N generated colleges, as a row of a table. See docs/performance.md.

    python benchmarks/network.py N [N ...] [--seed 1] [--workers 2] [--folder FOLDER] [--alone] [--fresh]

Every N has its colleges, results, log and figures in a folder of its own, FOLDER/N: the same command goes on
where an earlier one ended, and adds its figures to those of before. Without `--folder` it is a temporary one.

Processor time is that of `curriplan` and of all processes below it, looked at twice a second (what a process
used after the last look is missed); memory is the largest resident set at these looks, of the coordinator
(the process of the command, with the scheduler of Dask in it) and of the largest of the workers. The parts
are by what the log says was just done. With `--alone` colleges are planned by themselves only.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from network_colleges import Country
from speed import markdown
from speed_runs import HERE, Side

LOOK_S = 0.5
SAID_EVERY_S = 60.0
PARTS = {
    "read": "alone",
    "alone": "alone",
    "offered": "priced",
    "priced": "priced",
    "joint": "priced",
    "whole": "whole",
}
"""The part of the table that a kind of job belongs to."""
MIB = 1 << 20
HEAD = (
    "colleges",
    "processor s",
    "alone",
    "priced",
    "whole",
    "wall s",
    "coordinator MiB",
    "worker MiB",
    "files MiB",
    "jobs",
    "rounds",
    "closure today",
    "alone ",
    "national",
    "bound",
    "gap",
    "failed",
)


@dataclass
class Figures:
    """What a run needed so far, over all its attempts."""

    attempts: int = 0
    processor_s: dict[str, float] = field(default_factory=dict)
    wall_s: dict[str, float] = field(default_factory=dict)
    coordinator_bytes: int = 0
    worker_bytes: int = 0
    code: int | None = None


class Watched:
    """A process and all below it: what they use, by the part of the work."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, figures: Figures) -> None:
        self.figures, self.part = figures, "alone"
        self.jobs = 0
        self._log = log.open("a", encoding="utf-8")
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            encoding="utf-8", errors="replace",
        )  # fmt: skip
        self._used: dict[tuple[int, float], float] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        """Keep what it says, with the time, and note which part is at work."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._log.write(f"{time.strftime('%H:%M:%S')} {line}")
            self._log.flush()
            words = line.split("curriplan.api.network.bench: ")
            if len(words) == 2 and words[1].split()[0] in PARTS:
                self.part = PARTS[words[1].split()[0]]
                self.jobs += 1

    def run(self, figures_file: Path) -> None:
        """Look until it has ended; what is known is written now and then."""
        root = psutil.Process(self._process.pid)
        last = said = time.monotonic()
        try:
            while self._process.poll() is None:
                time.sleep(LOOK_S)
                now = time.monotonic()
                self._look(root, now - last)
                last = now
                if now - said > SAID_EVERY_S:
                    said = now
                    self._say(figures_file)
        finally:
            self._stop(root)
            self._reader.join(timeout=10)
            self.figures.code = self._process.returncode
            self._say(figures_file)
            self._log.close()

    def _say(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self.figures), indent=1) + "\n", encoding="utf-8")
        used = sum(self.figures.processor_s.values())
        print(f"  {self.part}: {self.jobs} jobs, {used:.0f} s of processor time", file=sys.stderr, flush=True)

    def _look(self, root: psutil.Process, wall_s: float) -> None:
        wall = self.figures.wall_s
        wall[self.part] = wall.get(self.part, 0.0) + wall_s
        before = sum(self._used.values())
        processes = [root]
        with suppress(psutil.Error):
            processes += root.children(recursive=True)
        for one in processes:
            with suppress(psutil.Error), one.oneshot():
                times, bytes_ = one.cpu_times(), one.memory_info().rss
                self._used[one.pid, one.create_time()] = times.user + times.system
                if one.pid == root.pid:
                    self.figures.coordinator_bytes = max(self.figures.coordinator_bytes, bytes_)
                else:
                    self.figures.worker_bytes = max(self.figures.worker_bytes, bytes_)
        used = self.figures.processor_s
        used[self.part] = used.get(self.part, 0.0) + sum(self._used.values()) - before

    def _stop(self, root: psutil.Process) -> None:
        """Leave no process behind, whatever ended this one."""
        if self._process.poll() is None:
            left = [root, *root.children(recursive=True)]
            self._process.terminate()
            for one in psutil.wait_procs(left, timeout=20)[1]:
                with suppress(psutil.Error):
                    one.kill()
        self._process.wait()


def measure(count: int, folder: Path, options: argparse.Namespace) -> list[str]:
    """Run a network of so many colleges, and return its row."""
    network, out = folder / "network", folder / "out"
    figures_file = folder / ("alone.json" if options.alone else "figures.json")
    if not (network / "network.toml").exists():
        Country(count, options.seed).write(network)
    known = json.loads(figures_file.read_text(encoding="utf-8")) if figures_file.exists() else {}
    figures = Figures() if options.fresh else Figures(**known)
    if figures.code != 0:
        figures.attempts += 1
        command = [sys.executable, "-m", "curriplan", "network", str(network), "-o", str(out), "-v"]
        command += ["--workers", str(options.workers), "--network-gap", str(options.gap)]
        command += ["--no-resume"] if options.fresh else []
        command += ["--alone"] if options.alone else []
        command += [] if options.workbooks else ["--no-workbooks"]
        side = Side("here", HERE)
        Watched(command, side.environment, folder / "log.txt", figures).run(figures_file)
    if figures.code != 0:
        raise SystemExit(f"{count} colleges: exit code {figures.code}, see {folder / 'log.txt'}")
    return row(count, out, figures)


def row(count: int, out: Path, figures: Figures) -> list[str]:
    """Return the row of a run that has ended well."""
    plan = json.loads((out / "network.json").read_text(encoding="utf-8"))
    national = plan["national"]
    parts = [f"{figures.processor_s.get(part, 0.0):.0f}" for part in ("alone", "priced", "whole")]
    sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    jobs = len(list((out / "results").glob("*/*.json")))
    closures = [
        f"{closure(plan, *where):.4f}" for where in (("alone", "closure_before"), ("alone", "closure"))
    ]
    return [
        str(count),
        f"{sum(figures.processor_s.values()):.0f}",
        *parts,
        f"{sum(figures.wall_s.values()):.0f}",
        f"{figures.coordinator_bytes / MIB:.0f}",
        f"{figures.worker_bytes / MIB:.0f}",
        f"{sum(sizes) / MIB:.0f}",
        str(jobs),
        "" if national is None else str(len(national["rounds"])),
        *closures,
        *(["", "", ""] if national is None else [f"{national[key]:.4f}" for key in ("closure", "bound")]),
        *([] if national is None else [f"{100 * national['gap']:.2f} %"]),
        str(sum(one.get("failure") is not None for one in plan["colleges"])),
    ]


def closure(plan: dict[str, Any], which: str, key: str) -> float:
    """Return the national closure of the colleges' plans, summed here once more."""
    weighed = list(_weighed(plan, which, key))
    return sum(weight * value for weight, value in weighed) / sum(weight for weight, _ in weighed)


def _weighed(plan: dict[str, Any], which: str, key: str) -> Iterator[tuple[float, float]]:
    for one in plan["colleges"]:
        if one[which] is not None:
            yield one["weight"] * one["learners"], one[which][key]


def main(*arguments: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # no process is left behind
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("counts", type=int, nargs="+", metavar="N", help="how many colleges; several in turn")
    parser.add_argument("--seed", type=int, default=1, help="of the generated colleges")
    parser.add_argument("--workers", type=int, default=2, help="processes of this machine")
    parser.add_argument("--gap", type=float, default=0.01, help="of the national plan")
    parser.add_argument("--folder", type=Path, help="where everything stays, to go on with")
    parser.add_argument("--alone", action="store_true", help="end with the colleges by themselves")
    parser.add_argument("--workbooks", action="store_true", help="write a workbook of each college as well")
    parser.add_argument("--fresh", action="store_true", help="begin anew where there is a run already")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="curriplan-network-") as temporary:
        rows = []
        for count in options.counts:
            folder = (options.folder or Path(temporary)).absolute() / str(count)
            folder.mkdir(parents=True, exist_ok=True)
            print(f"{count} colleges in {folder}", file=sys.stderr, flush=True)
            rows.append(measure(count, folder, options))
            print(markdown(HEAD, rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
