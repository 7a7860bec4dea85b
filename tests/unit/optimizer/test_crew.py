"""Questions answered side by side: in order, whoever answers; a worker that is lost loses none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from curriplan.base.errors import Issue, NoPlanError
from curriplan.optimizer import crew as crew_module
from curriplan.optimizer.crew import Crew, _frame, crew_of
from curriplan.optimizer.solve.solver import Interrupt


def base_of(base: int, interrupt: Interrupt) -> list[int | Interrupt]:
    """What a worker has here: a number to add, and the flag of Ctrl-C."""
    return [base, interrupt]


def added(own: list[int], number: int) -> int:
    """Add; 1300 has no answer, and at 99 the process dies."""
    if number == 1300:
        raise NoPlanError([Issue("stopped-before-plan")])
    if number == 99 and len(own) > 1:
        os._exit(1)
    print("what a solver prints is no answer")
    return own[0] + number


def asked(crew: Crew, numbers: list[int], done: Callable[[int], None] = lambda _: None) -> list[int | None]:
    return crew.ask(added, numbers, lambda number: number if number >= 0 else None, done)


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_stand_in_the_order_of_the_questions_whoever_gives_them(workers: int) -> None:
    with crew_of(workers, base_of, (100,), Interrupt(), [100]) as crew:
        assert len(crew.workers) == (0 if workers == 1 else 2)
        told: list[int] = []
        assert asked(crew, [1, -1, *range(2, 30)], told.append) == [101, None, *range(102, 130)]
        assert sorted(told) == list(range(1, 30))  # the one without time is not told of
        crew.tell(replace_base, 200)
        assert asked(crew, [1, 2, 3]) == [201, 202, 203]
        with pytest.raises(NoPlanError, match="stopped-before-plan"):
            asked(crew, [1, 1300, 2])
        assert asked(crew, [1, 2]) == [201, 202]


def replace_base(own: list[int], base: int) -> None:
    own[0] = base


def test_a_worker_that_dies_takes_no_question_with_it() -> None:
    with crew_of(2, base_of, (100,), Interrupt(), [100]) as crew:
        # Both workers die of a 99 each: this process, which does not, answers those and what is left.
        assert asked(crew, [1, 99, 2, 99, 3, 4]) == [101, 199, 102, 199, 103, 104]
        assert asked(crew, [5, 6]) == [105, 106]
        assert not crew.workers


def waiting_of(base: int, begun: Path, interrupt: Interrupt) -> list[int | Interrupt | Path]:
    return [base, interrupt, begun]


def in_turn(own: list[int | Interrupt | Path], number: int) -> int:
    """Add; 50 says that it has begun and waits for Ctrl-C, 1 waits until 50 has begun."""
    base, interrupt, begun = own
    assert isinstance(base, int) and isinstance(interrupt, Interrupt) and isinstance(begun, Path)
    if number == 50:
        begun.touch()
        assert within_a_minute(lambda: interrupt.pressed)
        return -50
    if number == 1:
        assert within_a_minute(begun.exists)
    return base + number


def within_a_minute(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.005)
    return is_so()


def test_after_ctrl_c_what_is_done_is_kept_and_what_runs_hands_over_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew_module, "LAST_WORD_S", 60.0)  # however busy the machine, it is heard
    interrupt = Interrupt()
    begun = tmp_path / "begun"

    def press(_: int) -> None:
        interrupt.pressed = True

    def task(number: int) -> int:
        # Whoever has answered 1 may be quicker than Ctrl-C: the next is handed over once that is pressed.
        assert number in {1, 50} or within_a_minute(lambda: interrupt.pressed)
        return number

    with crew_of(2, waiting_of, (100, begun), interrupt, [100]) as crew:
        answers = crew.ask(in_turn, [50, 1, 2, 3, 4, 5, 6, 7], task, press)
    # 1 is answered while the other worker waits on 50. Of 2 it does not matter: it was handed over meanwhile.
    assert answers[:2] == [-50, 101]
    assert answers[3:] == [None] * 5


@pytest.mark.parametrize("last", [b"", b"\x00", _frame("a whole word")[:-3]])
def test_a_worker_ends_with_whoever_asks_also_within_a_word(last: bytes) -> None:
    """The one who asks was killed: before a word, in its length, or in the word itself."""
    begin = "from curriplan.optimizer.crew import serve; serve()"
    worker = subprocess.Popen([sys.executable, "-c", begin], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        worker.communicate(_frame((base_of, (100,))) + last, timeout=60)
    finally:
        worker.kill()
    assert worker.returncode == 0
