"""What a terminal shows of a network: how far it is, and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from curriplan.base.errors import ExitCode
from curriplan.cli.console.terminal import Terminal
from curriplan.plan.network import Failed, NetworkPlan

if TYPE_CHECKING:
    from curriplan.api.network.bench import NetworkProgress

MINUTE_S = 60.0
HOUR_S = 3600.0
CODES = {
    Failed.BROKEN: ExitCode.FILE,
    Failed.DISK: ExitCode.FILE,
    Failed.INFEASIBLE: ExitCode.INFEASIBLE,
    Failed.TIME: ExitCode.NO_PLAN,
    Failed.LOST: ExitCode.NO_PLAN,
    Failed.ERROR: ExitCode.BUG,
}
"""What a run ends with in which no college has a plan, by the first of these reasons that there is."""


@contextmanager
def progress_line(terminal: Terminal) -> Iterator[Callable[[NetworkProgress], None]]:
    """Draw one line of how far a network is: done, failed, left, time to go.

    Where stderr is no terminal, a line is written when a step is done, and each minute while it goes on.
    """
    if sys.stderr.isatty():
        with terminal.drawn_line() as draw:
            yield lambda at: draw(progress_text(terminal, at))
        return
    said_at = time.monotonic()

    def tell(at: NetworkProgress) -> None:
        nonlocal said_at
        if at.left == 0 or time.monotonic() - said_at >= MINUTE_S:
            said_at = time.monotonic()
            terminal.tell(progress_text(terminal, at))

    yield tell


def progress_text(terminal: Terminal, at: NetworkProgress) -> str:
    """Return how far a network is, in a line."""
    stage = terminal.text(f"network_stage.{at.stage}", number=at.number)
    gap = "" if at.gap is None else terminal.text("network.gap", gap=terminal.percent(at.gap, 2))
    text = terminal.text("network.progress", stage=stage, done=at.done, failed=at.failed, left=at.left)
    return f"{text}{time_to_go(terminal, at.left_s)}{gap}"


def time_to_go(terminal: Terminal, left_s: float | None) -> str:
    """Return how long the stage goes on, in the largest unit that fits; nothing where nobody can say."""
    if not left_s:
        return ""
    for unit, seconds in (("hours", HOUR_S), ("minutes", MINUTE_S)):
        if left_s >= seconds:
            digits = 1 if unit == "hours" else 0
            return terminal.text(f"network.{unit}", time=terminal.number(left_s / seconds, digits))
    return terminal.text("network.seconds", time=terminal.number(max(1.0, left_s)))


def show_shard(terminal: Terminal, plan: NetworkPlan, out: Path) -> None:
    """Show what came of a part of a network, and of which colleges nothing."""
    failed = [(one.id, one.failure) for one in plan.colleges if one.failure is not None]
    planned = len(plan.colleges) - len(failed)
    terminal.say(terminal.text("network.planned", count=planned, failed=len(failed), path=str(out)))
    for name, failure in failed:
        for issue in failure.issues[:1]:
            said = issue["text"][terminal.language]
            terminal.say(f"  {name}: {issue['code']}: {said}")


def exit_code_of(plan: NetworkPlan) -> ExitCode:
    """Return what the command ends with: 0 where a college has a plan."""
    failed = {one.failure.kind for one in plan.colleges if one.failure is not None}
    if not failed or any(one.failure is None for one in plan.colleges):
        return ExitCode.DONE
    return next((code for kind, code in CODES.items() if kind in failed), ExitCode.NO_PLAN)
