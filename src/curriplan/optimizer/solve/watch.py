"""How long a series of questions to the solver may go on."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from curriplan.optimizer.solve.solver import Interrupt


@dataclass
class Watch:
    """When to stop asking: at the deadline, or with Ctrl-C."""

    deadline: float
    interrupt: Interrupt = field(default_factory=Interrupt)

    @property
    def left_s(self) -> float:
        """Seconds until the deadline; none after Ctrl-C."""
        return 0.0 if self.interrupt.pressed else max(0.0, self.deadline - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return self.left_s <= 0.0

    @contextmanager
    def within(self, share: float, most_s: float = math.inf) -> Iterator[None]:
        """Allow a part of the work this share of the time that is left, and `most_s` at most."""
        whole = self.deadline
        self.deadline = time.monotonic() + min(self.left_s * share, most_s)
        try:
            yield
        finally:
            self.deadline = whole
