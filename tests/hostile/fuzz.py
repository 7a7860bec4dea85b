"""Fuzz every reader: ``python tests/hostile/fuzz.py --inputs 50000 --seed 1``.

An input is a seed and a few mutations, all decided by seed, reader and number, so that a find can be read
again: ``--reader workbook --first 123 --inputs 1``. The importers and `extends` are read where they are
asked for: ``--reader esco --reader onet``. Only issues and `CurriplanError` may come out; every
fourth input is read twice and must say the same. A find is made smaller by leaving mutations out.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hostile.targets import WEIGHTS, Target, targets
from hostile.targets_importing import classification_targets, extends_targets, rup_targets, table_targets
from hostile.targets_network import network_targets

MOST_MUTATIONS = 4
SLOW_S = 5.0
"""Processor time of one input above which it is reported."""
STUCK_S = 60
MEMORY_BYTES = 1 << 30
"""Address space beyond what the process has when the first input is read."""


class StuckError(BaseException):
    """An input took too long; no exception that a reader may catch."""


@dataclass(frozen=True)
class Find:
    """An input that brought out something else than issues."""

    reader: str
    number: int
    steps: tuple[int, ...]
    what: str


def limit_memory() -> None:
    """Allow this process 1 GiB of address space beyond what it has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def sample_of(target: Target, name: str, steps: Sequence[int]) -> Any:
    """Return the input of the numbered mutations."""
    sample = target.seeds[steps[0] % len(target.seeds)] if steps else target.seeds[0]
    for step in steps:
        sample = target.spoil(Random(f"{name}:{step}"), sample)
    return sample


def _stop(*_: Any) -> None:
    raise StuckError


def outcome(target: Target, sample: Any, work: Path, twice: bool) -> tuple[str, float]:
    """Return what is wrong with reading a sample, empty where nothing is, and its processor time."""
    started = time.process_time()
    signal.alarm(STUCK_S)
    try:
        first = target.read(sample, work)
        took = time.process_time() - started
        if twice and target.read(sample, work) != first:
            return "not the same issues twice", took
    except StuckError:
        return "stuck: " + "".join(traceback.format_exc(limit=-4)), time.process_time() - started
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f"{Path(one.filename).name}:{one.lineno}" for one in frames if "curriplan" in one.filename]
        return f"{type(error).__name__} at {' '.join(ours[-3:])}: {str(error)[:200]}", 0.0
    finally:
        signal.alarm(0)
    return ("" if took <= SLOW_S else f"slow: {took:.1f} s"), took


def smallest(target: Target, find: Find, work: Path) -> Find:
    """Leave out mutations as long as the same thing comes out."""
    kind = find.what.partition(":")[0]
    for count in range(1, len(find.steps)):
        for steps in combinations(find.steps, count):
            what, _ = outcome(target, sample_of(target, find.reader, steps), work, "twice" in kind)
            if what.partition(":")[0] == kind:
                return Find(find.reader, find.number, steps, what)
    return find


GROUPS = {
    classification_targets: ("esco", "onet", "outlooks", "packed"),
    rup_targets: ("rup", "rup mapping", "rup questions"),
    extends_targets: ("extends",),
    table_targets: ("ods", "xls"),
    network_targets: ("network",),
}


def _targets(readers: Sequence[str]) -> dict[str, Target]:
    found = targets() if set(readers) & set(WEIGHTS) else {}
    for make, names in GROUPS.items():
        found |= make() if set(readers) & set(names) else {}
    return found


def fuzz(readers: Sequence[str], first: int, inputs: int, seed: int, report: Any = None) -> dict[str, Any]:
    """Read inputs and return the figures: inputs and seconds by reader, the slowest input, the finds."""
    known = _targets(readers)
    counts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    quiet: Counter[str] = Counter()
    finds: dict[str, Find] = {}
    slowest = (0.0, "", 0)
    order = [name for name in readers for _ in range(WEIGHTS.get(name, 1))]
    signal.signal(signal.SIGALRM, _stop)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for number in range(first, first + inputs):
            name = order[number % len(order)]
            random = Random(f"{seed}:{name}:{number}")
            steps = tuple(random.randrange(1 << 48) for _ in range(random.randint(1, MOST_MUTATIONS)))
            sample = sample_of(known[name], name, steps)
            what, took = outcome(known[name], sample, work, number % 4 == 0)
            counts[name] += 1
            seconds[name] += took
            slowest = max(slowest, (took, name, number))
            key = f"{name}: {what.partition(': ')[0]}"
            if what and key not in finds:
                finds[key] = smallest(known[name], Find(name, number, steps, what), work)
                print(finds[key], file=sys.stderr, flush=True)
            if what:
                quiet[key] += 1
            if report is not None and (number - first + 1) % 1000 == 0:
                print(number - first + 1, dict(counts), len(finds), "finds", file=report, flush=True)
    return {
        "inputs": dict(sorted(counts.items())),
        "processor_seconds": {name: round(value, 1) for name, value in sorted(seconds.items())},
        "slowest": {"seconds": round(slowest[0], 2), "reader": slowest[1], "number": slowest[2]},
        "finds": [{**asdict(find), "times": quiet[key]} for key, find in sorted(finds.items())],
    }


def main() -> int:
    """Fuzz as the options say and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--reader",
        action="append",
        choices=[*WEIGHTS, *(name for names in GROUPS.values() for name in names)],
    )
    options = parser.parse_args()
    limit_memory()
    figures = fuzz(options.reader or list(WEIGHTS), options.first, options.inputs, options.seed, sys.stderr)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 1 if figures["finds"] else 0


if __name__ == "__main__":
    sys.exit(main())
