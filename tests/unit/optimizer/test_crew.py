"""Questions answered side by side: in order, whoever answers; a worker that is lost loses none."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from curriplan.base.errors import Issue, NoPlanError
from curriplan.optimizer.crew import Crew, crew_of
from curriplan.optimizer.solve.solver import Interrupt


def base_of(base: int, interrupt: Interrupt) -> list[int | Interrupt]:
    """What a worker has here: a number to add, and the flag of Ctrl-C."""
    return [base, interrupt]


def added(own: list[int], number: int) -> int:
    """Add; 1300 has no answer, at 99 the process dies, and 50 waits for Ctrl-C."""
    if number == 1300:
        raise NoPlanError([Issue("stopped-before-plan")])
    if number == 99 and len(own) > 1:
        os._exit(1)
    if number == 50:
        print("what a solver prints is no answer")
        deadline = time.monotonic() + 20
        while not own[1].pressed and time.monotonic() < deadline:  # type: ignore[attr-defined]
            time.sleep(0.01)
        return -50
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


def test_after_ctrl_c_what_is_done_is_kept_and_what_runs_hands_over_what_it_has() -> None:
    interrupt = Interrupt()

    def press(_: int) -> None:
        interrupt.pressed = True

    with crew_of(2, base_of, (100,), interrupt, [100]) as crew:
        # 1 is answered while the other worker waits on 50; nothing is begun after that.
        answers = asked(crew, [50, 1, 2, 3, 4, 5, 6, 7], press)
        assert answers[:2] == [-50, 101]
        assert None in answers
