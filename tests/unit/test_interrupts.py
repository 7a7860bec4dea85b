"""Ctrl-C: answered at once whatever the main thread does, and what was found is not lost by one press."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from curriplan import optimize
from curriplan.base.interrupts import (
    DELIBERATE_S,
    Acknowledged,
    Keeper,
    ResultsDropped,
    keeping_results,
    undisturbed,
)
from curriplan.base.progress import listening, step
from curriplan.base.replacing import replacing
from curriplan.base.touched import one_command
from curriplan.cli.console.terminal import Terminal
from curriplan.optimizer.solve.solver import catch_interrupt

ANSWER_S = 60.0
"""How long to wait for what comes at once, on a machine that does something else just then."""


@pytest.fixture(autouse=True)
def usual_handler() -> Iterator[None]:
    """A shell that runs the tests in the background has SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Heard:
    """What was answered, and when."""

    def __init__(self) -> None:
        self.answers: list[Acknowledged] = []
        self.came = threading.Event()

    def __call__(self, said: Acknowledged) -> None:
        self.answers.append(said)
        self.came.set()

    def press(self) -> None:
        self.came.clear()
        signal.raise_signal(signal.SIGINT)

    def wait(self) -> list[Acknowledged]:
        assert self.came.wait(ANSWER_S), "nothing was said"
        return self.answers


def test_a_press_during_a_search_is_answered_at_once_and_flags_it() -> None:
    heard = Heard()
    with keeping_results(heard), catch_interrupt() as interrupt:
        heard.press()
        assert heard.wait() == [Acknowledged.STOPPING]
        assert interrupt.pressed
        heard.press()
        assert heard.wait() == [Acknowledged.STOPPING, Acknowledged.STOPPING_ALREADY]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


class Waited(ctypes.Structure):
    """What `poll` of the C library waits for."""

    _fields_ = (("file", ctypes.c_int), ("events", ctypes.c_short), ("found", ctypes.c_short))


def ready_without_python(file: int) -> bool:
    """Wait until there is something to read, in one call of C."""
    waited = Waited(file, select.POLLIN, 0)
    return ctypes.CDLL(None).poll(ctypes.byref(waited), 1, int(ANSWER_S * 1000)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process alone")
def test_it_is_answered_while_the_main_thread_runs_no_python() -> None:
    """A solver works in one call for long, as a wait for a pipe does here: no handler runs until it ends."""
    heard: list[tuple[Acknowledged, bool]] = []
    ours, theirs = os.pipe()

    def answer(said: Acknowledged) -> None:
        heard.append((said, interrupt.pressed))
        os.write(theirs, b".")  # this ends the call

    called = threading.Event()

    def press() -> None:
        called.wait()
        os.kill(os.getpid(), signal.SIGINT)

    with keeping_results(answer), catch_interrupt() as interrupt:
        # Blocked here, the signal reaches another thread, and does not end the call either.
        pressing = threading.Thread(target=press)
        pressing.start()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        switching_s = sys.getswitchinterval()
        sys.setswitchinterval(ANSWER_S)  # no other thread runs before the call has begun
        try:
            called.set()
            is_ready = ready_without_python(ours)
        finally:
            sys.setswitchinterval(switching_s)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            pressing.join()
        assert is_ready, "nothing was said"
        assert interrupt.pressed
    assert heard == [(Acknowledged.STOPPING, False)]


def test_once_something_was_found_one_press_drops_nothing() -> None:
    now = [0.0]
    keeper = Keeper(lambda _: None, signal.default_int_handler, lambda: now[0])
    with pytest.raises(KeyboardInterrupt):
        keeper(signal.SIGINT, None)  # nothing was found yet
    keeper.search_ended(is_stopped=False)
    keeper(signal.SIGINT, None)
    now[0] += DELIBERATE_S / 2
    keeper(signal.SIGINT, None)  # held down
    now[0] += DELIBERATE_S
    with pytest.raises(ResultsDropped):
        keeper(signal.SIGINT, None)


def test_a_press_while_results_are_written_says_that_they_are() -> None:
    heard = Heard()
    with keeping_results(heard):
        with catch_interrupt():
            pass
        heard.press()
        assert heard.wait() == [Acknowledged.WRITING]


def test_a_press_is_answered_even_if_the_results_were_out_of_danger_first() -> None:
    """The thread that answers runs when it can; clearing up after a failure may come before it."""
    heard = Heard()
    keeper = Keeper(heard, signal.default_int_handler)
    keeper.search_ended(is_stopped=False)
    keeper(signal.SIGINT, None)
    keeper.results_written()
    keeper.answer()
    keeper.answer()
    assert heard.answers == [Acknowledged.WRITING]


def test_a_search_after_the_one_that_was_stopped_is_stopped_too() -> None:
    with keeping_results(lambda _: None):
        with catch_interrupt():
            signal.raise_signal(signal.SIGINT)
        with catch_interrupt() as second:
            assert second.pressed


def test_before_a_search_a_press_ends_the_command_and_nothing_is_said() -> None:
    heard = Heard()
    with pytest.raises(KeyboardInterrupt), keeping_results(heard):
        signal.raise_signal(signal.SIGINT)
    assert heard.answers == []


def test_two_files_take_their_places_without_ctrl_c_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = os.replace

    def pressed(old: Any, new: Any) -> None:
        move(old, new)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(os, "replace", pressed)
    paths = tmp_path / "a.json", tmp_path / "b.json"
    with one_command() as written, replacing(*paths) as new_files:
        for new in new_files:
            new.write_text("{}", encoding="utf-8")
    assert [path.read_text(encoding="utf-8") for path in paths] == ["{}", "{}"]
    assert written == list(paths)
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_undisturbed_puts_the_handler_back() -> None:
    with undisturbed():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_is_done_after_the_search_is_told(tmp_path: Path) -> None:
    told: dict[str, int] = {}
    with listening(lambda work, _, total: told.update({work: total})):
        optimize("mini").to_excel(tmp_path / "plan.xlsx")
    assert {"evaluating", "filling", "changes", "writing"} <= set(told)


class _Screen(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("language", "line"),
    [("kk", "Жазылуда, 40 %"), ("ru", "Запись, 40 %"), ("en", "Writing, 40 %")],
)
def test_the_progress_line_says_what_is_done_now(
    monkeypatch: pytest.MonkeyPatch, language: str, line: str
) -> None:
    from rich.status import Status

    shown: list[str] = []
    monkeypatch.setattr(Status, "update", lambda _, text: shown.append(text))
    monkeypatch.setattr(sys, "stderr", _Screen())
    with Terminal(language).progress():
        step("writing", 4, 10)
        step("evaluating", 0, 1)
    assert shown[0] == line
    assert "%" not in shown[1]
