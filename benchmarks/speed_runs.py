"""What `speed.py` runs: a command of one checkout, in a process of its own, with its processor time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
PARTS_SCRIPT = Path(__file__).with_name("speed_parts.py")
PROVEN_GAP = 0.001
POINTS = 9
"""Budgets of the frontier."""
LONGER = 3
"""How many times the limit of one plan explain and frontier have, which solve many."""


@dataclass(frozen=True)
class Side:
    """A checkout whose sources are run; the packages are those of this Python."""

    name: str
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which its `curriplan` is imported and no other."""
        return os.environ | {"PYTHONPATH": str(self.root / "src"), "CURRIPLAN_LANG": "en"}


@dataclass
class Measured:
    """One run: processor and wall time in seconds, what it came to, and its parts."""

    processor_s: float
    wall_s: float
    is_complete: bool
    state: str
    parts: dict[str, float] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Return what stands in the JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Ended:
    """A process that has ended: its times in seconds, exit code, and what it said."""

    processor_s: float
    wall_s: float
    code: int
    output: str
    errors: str


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> Ended:
    """Run a command to its end; its time is that of all processes that it waited for."""
    began_s = time.monotonic()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        wall_s = time.monotonic() - began_s
        output.seek(0)
        errors.seek(0)
        said, failed = output.read().decode(errors="replace"), errors.read().decode(errors="replace")
    return Ended(used.ru_utime + used.ru_stime, wall_s, process.returncode, said, failed)


def curriplan(side: Side, *arguments: str) -> Ended:
    """Run a command of `curriplan`."""
    return run([sys.executable, "-m", "curriplan", *arguments], side.environment)


Job = Callable[[Side, Path], Measured]
"""Runs in a folder of its own that is there for all jobs of one side."""


def optimizing(catalog: Path, limit_s: float) -> Job:
    """Return the job of one `optimize` with a workbook, told apart by its parts."""

    def job(side: Side, folder: Path) -> Measured:
        plan, parts = folder / f"{catalog.name}.json", folder / "parts.json"
        plan.unlink(missing_ok=True)
        outputs = ["-o", str(plan.with_suffix(".xlsx")), "-o", str(plan)]
        limit = ["--time-limit", str(limit_s), "--force", "--quiet"]
        ended = run(
            [sys.executable, str(PARTS_SCRIPT), str(parts), "optimize", str(catalog), *outputs, *limit],
            side.environment,
        )
        if not plan.exists():
            return _failed(ended)
        stages = json.loads(plan.read_text(encoding="utf-8"))["stages"]
        short = [_shortfall(stage) for stage in stages if not _is_proven(stage)]
        return Measured(
            ended.processor_s,
            ended.wall_s,
            not short,
            ", ".join(short) or "proven",
            json.loads(parts.read_text(encoding="utf-8")),
            {stage["objective"]: stage["value"] for stage in stages},
        )

    return job


def _is_proven(stage: dict[str, Any]) -> bool:
    return stage["gap"] is not None and stage["gap"] <= PROVEN_GAP


def _shortfall(stage: dict[str, Any]) -> str:
    gap = stage["gap"]
    return f"{stage['objective']} " + ("not begun" if gap is None else f"{100 * gap:.2g} % short")


def explaining(catalog: Path, limit_s: float) -> Job:
    """Return the job of explaining the side's own plan of a catalog, which must have been made before."""

    def job(side: Side, folder: Path) -> Measured:
        plan, answers = folder / f"{catalog.name}.json", folder / "explained.json"
        if not plan.exists():
            return Measured(0.0, 0.0, False, "no plan to explain")
        limit = ["--time-limit", str(LONGER * limit_s), "--force", "--quiet"]
        ended = curriplan(side, "explain", str(plan), str(catalog), "-o", str(answers), *limit)
        if ended.code:
            return _failed(ended)
        found = json.loads(answers.read_text(encoding="utf-8"))
        left, asked = found["unanswered"], len(found["modules"]) + len(found["limits"])
        state = f"{asked - left} of {asked} answered in {ended.wall_s:.0f} s of wall time"
        return Measured(ended.processor_s, ended.wall_s, not left, state)

    return job


def finding_frontier(catalog: Path, limit_s: float) -> Job:
    """Return the job of `frontier --points 9`."""

    def job(side: Side, folder: Path) -> Measured:
        path = folder / "frontier.json"
        limit = ["--time-limit", str(LONGER * limit_s), "--force", "--quiet"]
        ended = curriplan(side, "frontier", str(catalog), "--points", str(POINTS), "-o", str(path), *limit)
        if ended.code:
            return _failed(ended)
        points = json.loads(path.read_text(encoding="utf-8"))["points"]
        proven = sum(point["status"] in ("optimal", "infeasible") for point in points)
        return Measured(
            ended.processor_s, ended.wall_s, proven == len(points), f"{proven} of {len(points)} points proven"
        )

    return job


def planning_for_outlooks(catalog: Path, limit_s: float) -> Job:
    """Return the job of `scenarios`: a plan for each outlook, for today, for the average and for all."""

    def job(side: Side, folder: Path) -> Measured:
        path = folder / "scenarios.json"
        limit = ["--time-limit", str(LONGER * limit_s), "--force", "--quiet"]
        ended = curriplan(side, "scenarios", str(catalog), "-o", str(path), *limit)
        if ended.code:
            return _failed(ended)
        plans = json.loads(path.read_text(encoding="utf-8"))["plans"]
        proven = sum(plan["status"] == "optimal" for plan in plans)
        state = f"{proven} of {len(plans)} plans proven"
        return Measured(ended.processor_s, ended.wall_s, proven == len(plans), state)

    return job


def changing(programmes: int, modules: int) -> Job:
    """Return the job of the effect of single changes of a large plan, as the side's `workbook.py` has it."""

    def job(side: Side, _folder: Path) -> Measured:
        script = str(side.root / "benchmarks" / "workbook.py")
        ended = run([sys.executable, script, "--alone", str(programmes), str(modules)], side.environment)
        if ended.code:
            return _failed(ended)
        found = json.loads(ended.output)
        parts = {"single changes": found["what_if_s"], "workbook": found["seconds"]}
        return Measured(found["what_if_s"], ended.wall_s, True, f"{found['rows']} modules", parts)

    return job


def _failed(ended: Ended) -> Measured:
    last = (ended.errors.strip().splitlines() or [""])[-1]
    return Measured(ended.processor_s, ended.wall_s, False, f"exit {ended.code}: {last}"[:100])


def refuses(side: Side, catalog: Path) -> bool:
    """Say whether a checkout's reader or checks find errors in a catalog."""
    return curriplan(side, "check", str(catalog), "--quiet").code != 0


def measured_in_turn(sides: Sequence[Side], job: Job, folder: Path, repeats: int) -> list[Measured]:
    """Run a job `repeats` times on each side, in turn; of each side the run with the least time counts.

    Other work on the machine only ever adds to it.
    """
    found: list[list[Measured]] = [[] for _ in sides]
    for number in range(repeats):
        for place in range(len(sides)) if number % 2 == 0 else reversed(range(len(sides))):
            own = folder / f"side {place}"
            own.mkdir(exist_ok=True)
            found[place].append(job(sides[place], own))
    return [min(runs, key=lambda one: (not one.is_complete, one.processor_s)) for runs in found]


def commit_of(root: Path) -> str:
    """Return the short name of a checkout's commit, with a mark where files differ from it."""
    try:
        name = _git(root, "rev-parse", "--short", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return "here"
    return name + ("+" if _git(root, "status", "--porcelain", "--untracked-files=no") else "")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@contextmanager
def checked_out(commit: str) -> Iterator[Side]:
    """Yield another commit of this repository, checked out in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="curriplan-speed-") as folder:
        root = Path(folder) / "checkout"
        _git(HERE, "worktree", "add", "--detach", str(root), commit)
        try:
            yield Side(_git(root, "rev-parse", "--short", "HEAD"), root)
        finally:
            _git(HERE, "worktree", "remove", "--force", str(root))
