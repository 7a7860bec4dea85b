"""Kill commands at every file operation: ``python tests/functional/kills.py --most 150``.

Each command runs in a fork of its own, which kills itself just before its n-th operation on a file of the
working folder (also those that no audit event tells of: fsync, an exchange of names). What it wrote must
then be, output by output, the old or the new; the same command once more must bring all that is new, leave
nothing else behind, and say so where some outputs had come and others had not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curricula import colleges
from curriplan.base import replacing
from curriplan.base.leftovers import put_back

EVENTS = ("open", "os.", "shutil.", "ctypes.dlsym")


@dataclass(frozen=True)
class Scenario:
    """A command that replaces outputs.

    Parameters
    ----------
    name : str
        What is replaced.
    first : tuple of list of str
        Commands that make what is there before.
    command : list of str
        The command that is killed.
    outputs : tuple of str
        Files and folders that it writes.
    folder : str
        Where it runs.
    exchange : bool
        Whether the system exchanges two names in one step.
    """

    name: str
    first: tuple[list[str], ...]
    command: list[str]
    outputs: tuple[str, ...]
    folder: str = "."
    exchange: bool = True


_OLD = (["init", "college", "--empty"],)
_RUP = [
    "import",
    "rup",
    "rup.xlsx",
    "college",
    "--report",
    "rows.csv",
    "--learners",
    "20",
    "--start",
    "2026-1",
]
_PLANS = [word for name in ("a.json", "a.xlsx", "b.json") for word in ("-o", name)]
SCENARIOS = (
    Scenario("convert to a new folder", (), ["convert", "mini", "college"], ("college",)),
    Scenario(
        "convert over a folder",
        _OLD,
        ["convert", "mini", "college", "--force"],
        ("college",),
    ),
    Scenario(
        "convert over a folder in two steps",
        _OLD,
        ["convert", "mini", "college", "--force"],
        ("college",),
        exchange=False,
    ),
    Scenario(
        "convert over a workbook",
        (["init", "--empty", "college.xlsx"],),
        ["convert", "mini", "college.xlsx", "--force"],
        ("college.xlsx",),
    ),
    Scenario("init where one works", (), ["init", "."], ("college",), folder="college"),
    Scenario("init of a workbook", (), ["init", "college.xlsx"], ("college.xlsx",)),
    Scenario(
        "import over what was imported",
        (["init", "college"], [*_RUP[:3], "other", *_RUP[4:]]),
        [*_RUP, "--force"],
        ("college", "college.mapping.toml", "rows.csv"),
    ),
    Scenario(
        "optimize over three plans",
        (["optimize", "mini", "--quick", *_PLANS],),
        ["optimize", "mini", "--force", *_PLANS],
        ("a.json", "a.xlsx", "b.json"),
    ),
)


def content(path: Path) -> Any:
    """Return the bytes of a file or of a folder's files, None where there is nothing."""
    if path.is_dir():
        return {one.name: one.read_bytes() for one in sorted(path.iterdir()) if not one.name.startswith(".")}
    return path.read_bytes() if path.exists() else None


def command(arguments: list[str], folder: Path, watch: Callable[[], None] | None = None) -> tuple[int, str]:
    """Run a command in a fork; return its exit code, negative for a signal, and what it said."""
    said = folder.parent / "said.txt"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            sys.stdout, sys.stderr = (os.fdopen(os.dup(number), "w", encoding="utf-8") for number in (1, 2))
            os.chdir(folder)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.fsync = lambda _: None  # a killed process leaves to the system what it has written
            if watch is not None:
                watch()
            code = _run(arguments)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, said.read_text(encoding="utf-8", errors="replace")


def _run(arguments: list[str]) -> int:
    from curriplan.cli.app import main

    try:
        main(args=[*arguments, "--lang", "en"], prog_name="curriplan")
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def watched(
    home: Path, tell: int | None, most: int, number: int = signal.SIGKILL, *, exchange: bool = True
) -> None:
    """Count this process's operations on files in `home`; at the one after `most`, send it a signal.

    Parameters
    ----------
    tell : int, optional
        A file number to which a byte is written for each.
    """
    count = 0
    root = str(home.resolve())

    def operation() -> None:
        nonlocal count
        if tell is not None:
            os.write(tell, b".")
        if count == most:
            count += 1
            os.kill(os.getpid(), number)
            return
        count += 1

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if not event.startswith(EVENTS):
            return
        is_exchange = event == "ctypes.dlsym" and arguments[1] == "renameat2"
        paths = arguments[: 2 if event in ("os.rename", "os.link") else 1]
        names = [os.fsdecode(one) for one in paths if isinstance(one, str | bytes | os.PathLike)]
        if is_exchange or any(str(Path(name).absolute()).startswith(root) for name in names):
            operation()

    os.fsync = lambda _: operation()
    if not exchange:
        replacing._exchange = lambda *_: False
    sys.addaudithook(hear)


def import_everything() -> None:
    """Import what the commands import when they run, once for all forks."""
    from hostile import runner

    runner.import_everything()
    import curriplan.api.optimize
    import curriplan.catalog.saving.workbook
    import curriplan.cli.commands.catalogs
    import curriplan.cli.commands.import_rup
    import curriplan.cli.commands.planning
    import curriplan.cli.console.plan
    import curriplan.cli.console.rup
    import curriplan.importing.rup.reading
    import curriplan.report.write  # noqa: F401


class Trial:
    """One scenario, and what its outputs are before and after."""

    def __init__(self, scenario: Scenario, home: Path) -> None:
        self.scenario, self.home = scenario, home
        shutil.rmtree(home, ignore_errors=True)
        self.made = home / "made"
        (self.made / scenario.folder).mkdir(parents=True)
        colleges.book(("РУП", colleges.APART, colleges.OLD_MERGES)).save(self.made / "rup.xlsx")
        for arguments in scenario.first:
            code, said = command(arguments, self.made)
            if code:
                raise RuntimeError(f"{arguments}: {code} {said}")
        self.old = self._contents(self.made)
        work = self._fresh()
        ours, theirs = os.pipe()
        code, said = self._command(work, theirs, sys.maxsize)
        os.close(theirs)
        self.operations = 0
        while block := os.read(ours, 1 << 16):
            self.operations += len(block)
        os.close(ours)
        if code:
            raise RuntimeError(f"{scenario.command}: {code} {said}")
        self.new = self._contents(work)
        self.names = sorted(one.name for one in work.iterdir())

    def _contents(self, folder: Path) -> list[Any]:
        return [content(folder / name) for name in self.scenario.outputs]

    def _fresh(self) -> Path:
        work = self.home / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.made, work)
        return work

    def _command(
        self, work: Path, tell: int | None, most: int, number: int = signal.SIGKILL
    ) -> tuple[int, str]:
        watch = partial(watched, work, tell, most, number, exchange=self.scenario.exchange)
        return command(self.scenario.command, work / self.scenario.folder, watch)

    def faults(self, most: int, number: int = signal.SIGKILL) -> Iterator[str]:
        """Kill the command before the operation of that number; yield what is wrong then."""
        work = self._fresh()
        code, said = self._command(work, None, most, number)
        # The command ends Ctrl-C itself, and lets it be while results take their places.
        if code not in ((0, 5) if number == signal.SIGINT else (-number,)):
            yield f"ended with {code}: {said}"
        if not self.scenario.exchange or self.scenario.folder != ".":  # here there is a moment between
            put_back(work / self.scenario.outputs[0])
        states = []
        for name, now, old, new in zip(
            self.scenario.outputs, self._contents(work), self.old, self.new, strict=True
        ):
            if now not in (old, new):
                yield f"{name} is neither the old nor the new"
            states.append(now == new if old != new else None)
        is_mixed = {True, False} <= {*states}
        if number != signal.SIGKILL and is_mixed:
            yield "some outputs are new, some old"
        yield from self._repeated(work, self._contents(work) == self.old, is_mixed)

    def _repeated(self, work: Path, is_old: bool, is_mixed: bool) -> Iterator[str]:
        """Yield what is wrong when the command is run once more."""
        arguments = self.scenario.command
        if not is_old and "--force" not in arguments:
            arguments = [*arguments, "--force"]
        if self.scenario.folder != "." and not is_old:
            put_back(work / self.scenario.outputs[0])
            return
        code, said = command(arguments, work / self.scenario.folder)
        if code:
            yield f"once more: {code} {said}"
        if self._contents(work) != self.new:
            yield "once more is not the new"
        if is_mixed and "--force" in arguments and "-q" not in arguments and "outputs-in-part" not in said:
            yield "it was not said that only some outputs came"
        names = sorted(one.name for one in work.iterdir())
        if names != self.names:
            yield f"left: {[*{*names} ^ {*self.names}]}"


def main() -> int:
    """Kill every command at its operations, spread evenly over them, and print what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=150, help="kills of all together; 0 for every one")
    parser.add_argument("--signal", default="SIGKILL")
    parser.add_argument("--only", action="append", help="a part of the name of a command; repeatable")
    given = parser.parse_args()
    number = int(getattr(signal, given.signal))
    wrong = kills = 0
    import_everything()
    scenarios = [one for one in SCENARIOS if any(part in one.name for part in given.only or [""])]
    for scenario in scenarios:
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial(scenario, Path(folder) / "trial")
            most = -(-given.most // len(scenarios)) if given.most else trial.operations
            wanted = min(most, trial.operations)
            places = [at * trial.operations // wanted for at in range(wanted)]
            for place in places:
                for fault in trial.faults(place, number):
                    wrong += 1
                    print(f"{scenario.name}, operation {place}: {fault}", flush=True)
            kills += len(places)
            print(f"{scenario.name}: {trial.operations} operations, {len(places)} kills", flush=True)
    print(f"{kills} kills, {wrong} wrong")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
