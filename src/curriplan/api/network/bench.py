"""Having jobs done: what is a result already is not done again, the rest by whoever has time."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from curriplan.api.network.failures import StoppedError, issue_data
from curriplan.api.network.jobs import CUT, perform
from curriplan.api.network.seen import is_as_seen
from curriplan.api.network.store import DamagedResultError, Store
from curriplan.api.network.tasks import Done, JobKind, Task
from curriplan.base.codec import from_data
from curriplan.base.errors import CurriplanError, ExitCode, Issue
from curriplan.plan.network import Failed, Failure

logger = logging.getLogger(__name__)

T = TypeVar("T")
SEEN_AFTER_S = (0.0, 0.1, 1.0, 5.0, 15.0, 45.0)
"""How long what another computer wrote is waited for: a shared disk may show it a minute late."""


@dataclass(frozen=True)
class NetworkProgress:
    """How far a stage is.

    Parameters
    ----------
    stage : str
        ``read``, ``alone``, ``offered``, ``priced`` or ``whole``.
    number : int
        Which time it comes: the round of pricing.
    left_s : float or None
        Seconds that the stage will take, as its jobs went so far; None where nobody can say.
    """

    stage: str
    number: int
    done: int
    failed: int
    left: int
    left_s: float | None = None
    gap: float | None = None
    """Of the national choice so far."""


class Runner(Protocol):
    """Whoever does jobs: in any order, each once."""

    def __call__(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Done]]:
        """Yield each job with what came of it, as it is done."""


def in_this_process(tasks: Sequence[Task]) -> Iterator[tuple[Task, Done]]:
    """Do jobs one after the other.

    Raises
    ------
    StoppedError
        If Ctrl-C was pressed.
    """
    from curriplan.optimizer.solve.solver import catch_interrupt

    with catch_interrupt() as interrupt:
        for task in tasks:
            if interrupt.pressed:
                raise StoppedError
            yield task, perform(task)


@dataclass
class Bench:
    """Where jobs are handed in.

    Parameters
    ----------
    tell : callable
        Told how far a stage is.
    remark : callable
        Told of results that had to be done again.
    """

    store: Store
    runner: Runner
    tell: Callable[[NetworkProgress], None]
    remark: Callable[[Issue], None]
    gap: float | None = None
    _times: dict[str, int] = field(default_factory=dict)

    def results(
        self, tasks: Sequence[Task], take: Callable[[Task, Mapping[str, Any]], T]
    ) -> list[T | Failure]:
        """Return of each job what `take` makes of its result, or why there is none; jobs of one kind.

        Only what is taken stays in memory.

        Raises
        ------
        CurriplanError
            ``network-stopped`` after Ctrl-C, or what ends the whole run, as a scheduler that is gone.
        """
        if not tasks:
            return []
        kind = tasks[0].kind
        self._times[kind] = number = self._times.get(kind, 0) + 1
        found: dict[str, T | Failure] = {}
        left: dict[str, Task] = {}
        for task in tasks:
            known = self._stored(task, take)
            if known is None:
                left[task.key] = task
            else:
                found[task.key] = known
        started = time.monotonic()
        before = len(found)

        def said() -> None:
            failed = sum(isinstance(one, Failure) for one in found.values())
            new, open_ = len(found) - before, before + len(left) - len(found)
            left_s = (time.monotonic() - started) / new * open_ if new else None
            self.tell(
                NetworkProgress(kind.value, number, len(found) - failed, failed, open_, left_s, self.gap)
            )

        said()
        try:
            for task, done in self.runner(list(left.values())):
                found[task.key] = self._new(task, take) if done.failure is None else done.failure
                logger.info("%s %s: %s", kind, task.college.id, done.failure.kind if done.failure else "done")
                said()
        except StoppedError as error:
            raise CurriplanError.of(
                "network-stopped", exit_code=ExitCode.NO_PLAN, done=len(found), count=len(tasks)
            ) from error
        return [found[task.key] for task in tasks]

    def _stored(self, task: Task, take: Callable[[Task, Mapping[str, Any]], T]) -> T | Failure | None:
        """Return what is taken of a result that is there already and still holds."""
        try:
            content: Mapping[str, Any] | None = self.store.get(task.key)
            if content is None or not _holds(task, content):
                return None
            return _taken(task, content, take)
        except (DamagedResultError, OSError, LookupError, TypeError, ValueError):  # or of another making
            self.remark(
                Issue("network-result-damaged", values={"college": task.college.id, "stage": task.kind})
            )
            return None

    def _new(self, task: Task, take: Callable[[Task, Mapping[str, Any]], T]) -> T | Failure:
        """Return what a job has just written."""
        content = None
        for pause_s in SEEN_AFTER_S:
            time.sleep(pause_s)
            with suppress(DamagedResultError, OSError):
                content = self.store.get(task.key)
            if content is not None:
                break
        else:  # what the worker wrote is not seen here
            issue = Issue("network-result-damaged", values={"college": task.college.id, "stage": task.kind})
            return Failure(Failed.DISK, task.kind.value, (issue_data(issue, task.out),))
        return _taken(task, content, take)


def _taken(
    task: Task, content: Mapping[str, Any], take: Callable[[Task, Mapping[str, Any]], T]
) -> T | Failure:
    return from_data(Failure, content["failure"]) if "failure" in content else take(task, content)


def _holds(task: Task, content: Mapping[str, Any]) -> bool:
    """Say whether a result had the time there is, and the files that it is about are as it left them."""
    if content.get(CUT, math.inf) < task.settings.time_limit_s:
        return False
    if task.kind is JobKind.READ:
        return is_as_seen(content["seen"], task.network.path.parent)
    if task.files is None or "failure" in content:
        return True
    files = content["files"]
    return (
        files is not None
        and files["language"] == task.files.language
        and files["workbook"] >= task.files.workbook
        and is_as_seen(files["seen"], task.out)
    )
