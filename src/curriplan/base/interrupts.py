"""Ctrl-C in a command that searches long: it is answered at once, and what was found is not lost.

While a solver works, this process may not run a line of Python for seconds. Ctrl-C is therefore heard by a
thread, which says at once what becomes of it; what it does is the business of the handler in force. That is
this module's own (`Keeper`) before and after a search, and that of the search while it goes on.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from types import FrameType

DELIBERATE_S = 1.0
"""A key that is pressed again sooner is held down, or pressed in haste."""


class Acknowledged(StrEnum):
    """What Ctrl-C is answered with."""

    STOPPING = "stopping"
    """The search ends as soon as it can, and what it has found is kept."""
    STOPPING_ALREADY = "stopping_already"
    WRITING = "writing"
    """What was found is being evaluated and written; only a further Ctrl-C drops it."""


class ResultsDropped(KeyboardInterrupt):
    """Ctrl-C pressed again while results were written: they are gone."""


class Keeper:
    """The handler of Ctrl-C around a search: once something was found, the first press drops nothing.

    Parameters
    ----------
    answer : callable
        Told at once, by a thread, of a press that does not end the command.
    outer : callable
        The handler of before, which ends the command.
    clock : callable
        Seconds.
    """

    def __init__(
        self,
        answer: Callable[[Acknowledged], None],
        outer: Callable[[int, FrameType | None], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.has_results = self.is_stopped = self._is_searching = False
        self._answer, self._outer, self._clock = answer, outer, clock
        self._pressed_at: float | None = None
        self._answered: list[Acknowledged] = []

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """End the command, unless that would drop what was found and nobody has been told so."""
        if not self.has_results:
            self._outer(number, frame)
            return
        before, now = self._pressed_at, self._clock()
        if before is None:
            self._pressed_at = now
            self.is_stopped = True
        elif now - before >= DELIBERATE_S:
            raise ResultsDropped

    def search_began(self) -> None:
        """Note that Ctrl-C now ends the search alone."""
        self._is_searching = True

    def search_ended(self, *, is_stopped: bool) -> None:
        """Note that there is something to keep, and whether further searches are not wanted."""
        self._is_searching, self.has_results = False, True
        self.is_stopped = self.is_stopped or is_stopped

    def results_written(self) -> None:
        """Note that what was found is out of danger."""
        self.has_results = False

    def answer(self) -> None:
        """Say what becomes of a press, each thing once."""
        if self._is_searching:
            stopping = Acknowledged.STOPPING in self._answered
            said = Acknowledged.STOPPING_ALREADY if stopping else Acknowledged.STOPPING
        elif self.has_results or self._pressed_at is not None:  # it may be out of danger by now
            said = Acknowledged.WRITING
        else:
            return
        if said not in self._answered:
            self._answered.append(said)
            self._answer(said)


@contextmanager
def keeping_results(answer: Callable[[Acknowledged], None]) -> Iterator[None]:
    """Answer Ctrl-C within the block at once, and keep what a search in it has found.

    Elsewhere than in the main thread nothing is done.
    """
    outer = None
    if threading.current_thread() is threading.main_thread():
        outer = signal.getsignal(signal.SIGINT)
    if outer is None:
        yield
        return
    keeper = Keeper(answer, outer if callable(outer) else _ignore)
    ours, theirs = os.pipe()
    if os.name == "posix":  # elsewhere it cannot be, and need not
        os.set_blocking(theirs, False)
    before = signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
    listener = threading.Thread(target=_listen, args=(ours, keeper), daemon=True)
    listener.start()
    signal.signal(signal.SIGINT, keeper)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, outer)
        signal.set_wakeup_fd(before)
        os.close(theirs)
        listener.join()
        os.close(ours)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do what a command in the background does with Ctrl-C."""


def _listen(presses: int, keeper: Keeper) -> None:
    """Answer each Ctrl-C until nobody is left to tell of it."""
    with suppress(OSError):
        while heard := os.read(presses, 1):
            if heard[0] == signal.SIGINT:
                keeper.answer()


class Terminated(BaseException):
    """The system asked for an end while results were written."""


class _Ends:
    """The handler of signals that end a process: the block that writes is left first, to be undone."""

    def __init__(self) -> None:
        self.came: int | None = None
        self.is_held = self._has_left = False

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        self.came = number
        self.leave()

    def leave(self) -> None:
        if self.came is not None and not (self.is_held or self._has_left):
            self._has_left = True
            raise Terminated


ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
"""Signals by which a system ends a process: a shutdown, a terminal that is closed (the last on Windows)."""


@contextmanager
def undone_by_signals() -> Iterator[None]:
    """Let signals that end a process at once leave the block first, as Ctrl-C does; then they end it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = _Ends()
    numbers = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        if handler.came is not None:
            signal.raise_signal(handler.came)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let no Ctrl-C come between putting results in their places, which takes no time; hold other signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    held = {one for number in ENDING if isinstance(one := signal.getsignal(number), _Ends)}
    if before is not None:  # a handler that is not Python's could not be put back
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for one in held:
        one.is_held = True
    try:
        yield
        if isinstance(before, Keeper):
            before.results_written()
    finally:
        for one in held:
            one.is_held = False
        if before is not None:
            signal.signal(signal.SIGINT, before)
    for one in held:
        one.leave()
