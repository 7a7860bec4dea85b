"""How fast everything is, as one table; beside another commit, as ratios from the same run.

    python benchmarks/speed.py [--against COMMIT] [--only NAME]... [--json FILE]

All times are processor seconds of processes of their own. With ``--against`` another commit is checked out
beside this one and both run in turn on the same catalogs, with the packages of this Python. Names for
``--only``: ``bundled`` (one `optimize`, part by part), ``variants`` (the bundled college freer and tighter:
``free-1``, ``budget-85``, ``three-terms``, ``sixteen``, ``free-4``), ``generated`` (colleges of six sizes; or
a size such as ``8x160x6``: programmes, modules, terms), ``explain``, ``frontier``, ``scenarios``, ``changes``
(of a plan of 40 programmes and 300 modules), ``peers`` (other solvers on the models of the stages). See
docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import speed_peers
from speed_colleges import SIZES, Size, write_college
from speed_parts import IMPORTS, PARTS, REST, SOLVING, STAGE
from speed_runs import (
    HERE,
    Job,
    Measured,
    Side,
    changing,
    checked_out,
    commit_of,
    explaining,
    finding_frontier,
    measured_in_turn,
    optimizing,
    planning_for_outlooks,
    refuses,
)
from speed_variants import VARIANTS, write_variant

BUNDLED = "bundled"
GROUPS = (BUNDLED, "variants", "generated", "explain", "frontier", "scenarios", "changes", "peers")
TIME_LIMIT_S, PEER_LIMIT_S = 300.0, 60.0
LARGE = "40x300"
"""Programmes and modules of the plan whose single changes are evaluated."""


@dataclass
class Line:
    """One line of the table: what was run, and what each side needed."""

    name: str
    runs: list[Measured]

    @property
    def ratio(self) -> float | None:
        """Time of this checkout to that of the other commit."""
        return _ratio(*(one.processor_s for one in self.runs)) if len(self.runs) == 2 else None

    @property
    def is_proven(self) -> bool:
        return all(one.is_complete for one in self.runs)

    def rows(self, *, in_parts: bool) -> Iterator[list[str]]:
        """Yield its cells, and those of its parts."""
        states = list(dict.fromkeys(one.state for one in self.runs))
        yield [self.name, *map(_seconds, _times(self.runs)), " / ".join(states)]
        parts = dict.fromkeys(part for one in self.runs for part in one.parts) if in_parts else ()
        for part in sorted(parts, key=_place):
            times = [one.parts.get(part) for one in self.runs]
            yield ["– " + part, *map(_seconds, [*times, *_ratios(times)]), ""]


def _place(part: str) -> int:
    """Put the parts in the order in which they happen, the stages where solving stands."""
    return [IMPORTS, *PARTS, REST].index(SOLVING if part.startswith(STAGE) else part)


def _times(runs: Sequence[Measured]) -> list[float | None]:
    times: list[float | None] = [one.processor_s for one in runs]
    return [*times, *_ratios(times)]


def _ratios(times: Sequence[float | None]) -> list[float | None]:
    return [_ratio(*times)] if len(times) == 2 else []


def _ratio(here: float | None, against: float | None) -> float | None:
    return here / against if here is not None and against else None


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def sums(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the sum over the variants that both sides prove."""
    proven = [line for line in lines if line.name in VARIANTS and line.is_proven]
    if len(proven) > 1:
        each = zip(*(line.runs for line in proven), strict=True)
        total = [
            Measured(sum(one.processor_s for one in runs), sum(one.wall_s for one in runs), True, "proven")
            for runs in each
        ]
        yield Line(f"sum of {', '.join(line.name for line in proven)}", total)


@dataclass
class Table:
    """What a run found, as text and as data."""

    sides: list[str]
    notes: list[str]
    lines: list[Line] = field(default_factory=list)
    peers: list[speed_peers.Compared] = field(default_factory=list)

    def text(self) -> str:
        """Return two tables in Markdown: of the runs, and of the peers."""
        head = ["processor seconds", *self.sides, *(["ratio"] if len(self.sides) == 2 else []), "came to"]
        rows = [row for line in self.lines for row in line.rows(in_parts=line.name == BUNDLED)]
        rows += [row for line in sums(self.lines) for row in line.rows(in_parts=False)]
        blocks = [*self.notes, markdown(head, rows)] if rows else list(self.notes)
        if self.peers:
            blocks.append(markdown(*speed_peers.table(self.peers)))
        return "\n\n".join(blocks)

    def to_data(self) -> dict[str, Any]:
        """Return the same for programs, with the parts and values of every run."""
        return {
            "sides": self.sides,
            "notes": self.notes,
            "lines": [
                {"name": line.name, "ratio": line.ratio, "runs": [one.to_data() for one in line.runs]}
                for line in (*self.lines, *sums(self.lines))
            ],
            "peers": [one.to_data() for one in self.peers],
            "against_peers": speed_peers.means(self.peers),
        }

    def write(self, path: Path | None) -> None:
        """Write what is known so far to a file of JSON, if there shall be one."""
        if path is not None:
            text = json.dumps(self.to_data(), ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns are aligned for eyes as well."""
    cells = [list(head), *map(list, rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    is_text = [place in (0, len(head) - 1) for place in range(len(head))]
    rule = [
        ("-" * width if left else "-" * (width - 1) + ":")
        for width, left in zip(widths, is_text, strict=True)
    ]
    cells.insert(1, rule)
    aligned = (
        " | ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, is_text, strict=True)
        )
        for row in cells
    )
    return "\n".join(f"| {row} |" for row in aligned)


def instances(names: Sequence[str], base: Path, seed: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (name, folder) of the catalogs that are asked for, written where they are not there yet."""
    wanted = {BUNDLED: [BUNDLED], "variants": [*VARIANTS], "generated": [*map(str, SIZES)]}
    for name in dict.fromkeys(one for asked in names for one in wanted.get(asked, [asked])):
        path = base if name == BUNDLED else folder / name
        if name in VARIANTS:
            write_variant(base, name, path)
        elif name != BUNDLED:
            write_college(Size.of(name), seed, path)
        yield name, path


def jobs(options: argparse.Namespace, base: Path, folder: Path) -> Iterator[tuple[str, Job]]:
    """Yield what is asked for, by name; a plan that is to be explained is made before."""
    only = list(options.only)
    if "explain" in only and BUNDLED not in only:
        only.append(BUNDLED)
    for name, path in instances([one for one in only if _is_instance(one)], base, options.seed, folder):
        yield name, optimizing(path, options.time_limit)
    if "explain" in only:
        yield "explain", explaining(base, options.time_limit)
    if "frontier" in only:
        yield "frontier", finding_frontier(base, options.time_limit)
    if "scenarios" in only:
        yield "scenarios", planning_for_outlooks(base, options.time_limit)
    if "changes" in only:
        yield f"single changes of {options.changes}", changing(*map(int, options.changes.split("x")))


def _is_instance(name: str) -> bool:
    return name not in ("explain", "frontier", "scenarios", "changes", "peers")


def base_of(options: argparse.Namespace, sides: Sequence[Side]) -> tuple[Path, str]:
    """Return the catalog that is bundled, or given: one that every side reads; and say whose it is."""
    if options.catalog is not None:
        return options.catalog.resolve(), f"Catalog: {options.catalog.name}."
    for side in sides:
        path = side.root / "catalogs" / "kz-digital-college"
        if not any(refuses(other, path) for other in sides):
            return path, f"Catalog: the bundled college of {side.name}."
    raise SystemExit("Neither side reads the bundled college of the other: give one with --catalog.")


def known_name(text: str) -> str:
    """Take a group, a variant or a size."""
    if text not in (*GROUPS, *VARIANTS):
        try:
            Size.of(text)
        except (ValueError, TypeError) as error:
            raise argparse.ArgumentTypeError(f"none of {', '.join((*GROUPS, *VARIANTS))}") from error
    return text


def parser() -> argparse.ArgumentParser:
    """Declare the options."""
    made = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    made.add_argument("--against", metavar="COMMIT", help="another commit to run beside")
    made.add_argument("--only", action="append", type=known_name, metavar="NAME", help="repeatable")
    made.add_argument("--catalog", type=Path, metavar="FOLDER", help="instead of the bundled college")
    made.add_argument("--time-limit", type=float, default=TIME_LIMIT_S, metavar="SECONDS", help="of a plan")
    made.add_argument("--peer-limit", type=float, default=PEER_LIMIT_S, metavar="SECONDS", help="of a model")
    made.add_argument("--repeats", type=int, default=1, help="the least time of so many runs counts")
    made.add_argument("--seed", type=int, default=1, help="of the generated colleges")
    made.add_argument("--changes", default=LARGE, metavar="PxM", help="size of the plan of `changes`")
    made.add_argument("--json", type=Path, metavar="FILE", help="write everything there too")
    return made


def measure(options: argparse.Namespace) -> Table:
    """Run everything that is asked for; each line is shown and written as soon as it is known."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="curriplan-speed-")))
        sides = [Side(commit_of(HERE), HERE)]
        if options.against:
            sides.append(stack.enter_context(checked_out(options.against)))
        base, whose = base_of(options, sides)
        limits = f"{options.time_limit:g} s a plan, least of {options.repeats}, seed {options.seed}."
        table = Table([side.name for side in sides], [f"{whose} {limits}"])
        for name, job in jobs(options, base, folder):
            table.lines.append(Line(name, measured_in_turn(sides, job, folder, options.repeats)))
            for row in table.lines[-1].rows(in_parts=False):
                print("  ".join(row), file=sys.stderr, flush=True)
            table.write(options.json)
        if "peers" in options.only:
            ask_peers(options, table, sides[0], base, folder)
            table.write(options.json)
        return table


def ask_peers(options: argparse.Namespace, table: Table, side: Side, base: Path, folder: Path) -> None:
    """Add what the peers make of the instances that are named, beside the runs of the table."""
    named = [name for name in options.only if _is_instance(name) and name != "generated"]
    known = {line.name: line.runs[0] for line in table.lines}
    found = [
        (name, path, known.get(name) or optimizing(path, options.time_limit)(side, folder))
        for name, path in instances(named or [BUNDLED, "variants"], base, options.seed, folder)
    ]
    table.peers, notes = speed_peers.compare(found, side, folder, options.peer_limit, options.time_limit)
    table.notes += notes


def main(*arguments: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what was checked out goes
    options = parser().parse_args(arguments)
    options.only = options.only or list(GROUPS)
    table = measure(options)
    print(table.text())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
