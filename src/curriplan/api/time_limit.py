"""One time limit for everything together: reading, building, solving, evaluating and writing.

Solving is what can be cut short, so it gets what the rest leaves. What follows it (evaluating the plan,
looking for exchanges that serve as well, writing the workbook) cannot be: its time is set aside, estimated
from what the building of the model took on this machine for this catalog.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from curriplan.base.errors import Issue, NoPlanError
from curriplan.base.files import kind_of

WORKBOOK_PER_BUILDING = 20.0
"""Processor time of evaluating a plan and writing its workbook, for each second that the building of its
model took. Measured: 17 to 23 on the bundled college."""
WORKBOOK_LEAST_S = 0.2
DATA_PER_BUILDING = 6.0
"""The same where only data are written."""
DATA_LEAST_S = 0.1
MOST_LOAD = 4.0
"""A second of processor time is taken to last no longer than so many seconds, however busy the machine."""
NEEDED_STEP_S = 5
"""What would be needed is an estimate, and told in steps."""


def _processor_s() -> float:
    """Return the processor time of this process and of the solvers that it started, seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class TimeLimit:
    """When a run ends, and what it must still do by then.

    Parameters
    ----------
    limit_s : float
        For everything together, from now on.
    writes_workbook : bool
        Whether a workbook is written of the plan.
    clock, processor : callable
        Seconds on the wall, and of processor time.
    """

    def __init__(
        self,
        limit_s: float,
        *,
        writes_workbook: bool = False,
        clock: Callable[[], float] = time.monotonic,
        processor: Callable[[], float] = _processor_s,
    ) -> None:
        self.limit_s, self.writes_workbook = limit_s, writes_workbook
        self._clock, self._processor = clock, processor
        self._started, self._processor_at_start = clock(), processor()
        self._is_solving = False
        self._set_aside_s = 0.0

    @classmethod
    def of(cls, limit_s: float, paths: Iterable[Path]) -> TimeLimit:
        """Return the limit of a run that writes its plan to `paths`."""
        return cls(limit_s, writes_workbook=any(kind_of(path) == ".xlsx" for path in paths))

    @property
    def left_s(self) -> float:
        """Seconds until the end."""
        return self.limit_s - (self._clock() - self._started)

    @property
    def spare_s(self) -> float:
        """Seconds that are left beside what was last set aside."""
        return self.left_s - self._set_aside_s

    @property
    def load(self) -> float:
        """How long a second of processor time has lasted so far."""
        worked_s = self._processor() - self._processor_at_start
        passed_s = self._clock() - self._started
        return min(MOST_LOAD, max(1.0, passed_s / worked_s)) if worked_s > 0 else 1.0

    def reserved_s(self, building_s: float) -> float:
        """Return what evaluating and writing will take where building took so much processor time."""
        if self.writes_workbook:
            worked_s = WORKBOOK_LEAST_S + WORKBOOK_PER_BUILDING * building_s
        else:
            worked_s = DATA_LEAST_S + DATA_PER_BUILDING * building_s
        return worked_s * self.load

    def for_solving_s(self, building_s: float) -> float:
        """Return what is left for solving once a model is built.

        Raises
        ------
        NoPlanError
            As `require`, where there is nothing left before solving has begun.
        """
        reserved_s = self._set_aside_s = self.reserved_s(building_s)
        if not self._is_solving:
            self.require(reserved_s)
            self._is_solving = True
        return self.left_s - reserved_s

    def require(self, reserved_s: float = 0.0) -> None:
        """Refuse to go on where there is no time for what cannot be cut short.

        Raises
        ------
        NoPlanError
            ``time-limit-too-short``, with the seconds that would leave something for the search.
        """
        if self.left_s > reserved_s:
            return
        needed_s = self.limit_s - self.left_s + reserved_s
        values = {
            "limit": f"{self.limit_s:g}",
            "needed": NEEDED_STEP_S * math.ceil((needed_s + 1) / NEEDED_STEP_S),
        }
        raise NoPlanError([Issue("time-limit-too-short", values=values)])
