"""A bar of how far a long piece of work is, drawn once it has taken a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE_S = 0.5
"""What is done by then needs no bar."""


class StepBar:
    """One bar for the works that follow each other; it goes away at the end."""

    def __init__(self, text: Callable[[str], str]) -> None:
        self._text = text
        self._started = time.monotonic()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, work: str, done: int, total: int) -> None:
        """Draw how far `work` is."""
        if self._progress is None and time.monotonic() - self._started < PATIENCE_S:
            return
        words = self._text(f"step.{work}")
        progress, task = self._drawn(words)
        progress.update(task, description=words, completed=done, total=total)

    def _drawn(self, words: str) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        if self._progress is None or self._task is None:
            console = Console(stderr=True, markup=False, highlight=False)
            columns = (TextColumn("{task.description}", markup=False), BarColumn(30), TaskProgressColumn())
            self._progress = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
            self._task = self._progress.add_task(words)
            self._progress.start()
        return self._progress, self._task
