"""Questions that do not depend on each other, answered side by side: each worker is a process of its own.

A worker makes what it answers with once (a model in HiGHS, mostly) and keeps it. Which worker answers what
must not matter: an answer follows from the question alone. With one worker this process answers itself.

A worker is this Python started anew: so it is alike on all systems, and a script that plans with the library
need not guard its main module. Ctrl-C reaches the workers as a word of this process only.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar

from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.solve.solver import Interrupt, catch_interrupt
from curriplan.problem.problem import Problem

logger = logging.getLogger(__name__)

C = TypeVar("C")
Q = TypeVar("Q")
T = TypeVar("T")
R = TypeVar("R")

STARTS_WORTH_A_CREW = 300
"""With fewer starts to decide, a question is answered before a worker has begun."""
LAST_WORD_S = 5.0
"""After Ctrl-C a worker has so long to hand over what it has."""
LOOK_S = 0.1
"""How often this process looks whether Ctrl-C was pressed."""
_SIZE_BYTES = 8
_BEGIN = "import sys; sys.path[:] = {path!r}; from curriplan.optimizer.crew import serve; serve()"


def workers_of(wanted: int | None, problem: Problem) -> int:
    """Return how many workers to have: as many as are wanted, else one for each core where that pays."""
    if wanted is not None:
        return max(1, wanted)
    programmes = problem.derived(PlanningProblem).programmes
    if sum(len(option.starts) for one in programmes for option in one.options) < STARTS_WORTH_A_CREW:
        return 1
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable is not None else os.cpu_count() or 1


@dataclass
class Crew:
    """Those who answer.

    Parameters
    ----------
    own : Any
        What this process answers with, where there are no workers or one was lost.
    """

    interrupt: Interrupt
    own: Any
    workers: list[_Worker] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many questions are answered at once."""
        return max(1, len(self.workers))

    def tell(self, function: Callable[[Any, T], object], word: T) -> None:
        """Have everybody know something before they answer further questions."""
        function(self.own, word)
        for worker in self.workers:
            worker.send(function, word)

    def ask(
        self,
        function: Callable[[Any, T], R],
        questions: Sequence[Q],
        task: Callable[[Q], T | None],
        done: Callable[[Q], None] = lambda _: None,
    ) -> list[R | None]:
        """Return the answer to each question, None where it was not asked.

        Parameters
        ----------
        function : callable
            Of a module: answers a task with what who answers has.
        task : callable
            Makes a task of a question when its turn comes; None where there is no time left for it.
        done : callable
            Is told of each question that was answered, as soon as it is.

        Raises
        ------
        Exception
            What answering raised.
        """
        answers: list[R | None] = [None] * len(questions)
        left = list(enumerate(questions))
        if self.workers and len(questions) > 1:
            asked = _Round(self, function, left, task)
            for at, answer in asked.answers():
                answers[at] = answer
                done(questions[at])
            left = asked.lost
            self.workers = [worker for worker in self.workers if not worker.is_lost]
        for at, question in left:
            wanted = task(question)
            if wanted is not None:
                answers[at] = function(self.own, wanted)
                done(question)
        return answers

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.end()


@contextmanager
def crew_of(
    workers: int,
    make: Callable[..., Any],
    given: tuple[Any, ...],
    interrupt: Interrupt,
    own: Any = None,
) -> Iterator[Crew]:
    """Have so many workers, none where one suffices.

    Parameters
    ----------
    make : callable
        Of a module: makes what a worker answers with, of `given` and an `Interrupt` that Ctrl-C sets.
    own : Any
        The same of this process; it may be said later.
    """
    crew = Crew(interrupt, own)
    try:
        if workers > 1 and sys.executable and not getattr(sys, "frozen", False):
            opening = _frame((make, given))
            with suppress(OSError):  # where no more processes may be started, fewer must do
                for _ in range(workers):
                    crew.workers.append(_Worker(opening))
        yield crew
    finally:
        crew.close()


class _Worker:
    """A process that answers, seen from the one that asks.

    Parameters
    ----------
    opening : bytes
        What it is told first.
    """

    def __init__(self, opening: bytes) -> None:
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
        self._process = subprocess.Popen(  # noqa: S603 - this Python, and a text of this module
            [sys.executable, "-c", _BEGIN.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **apart,
        )
        self.is_lost = False
        self._waiting = 1
        # It takes a while until the worker reads: this process has other things to do.
        self._opening = threading.Thread(target=self._put, args=(opening,), daemon=True)
        self._opening.start()

    def _put(self, frame: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # a worker that is gone is found out by who waits for it
            self._process.stdin.write(frame)
            self._process.stdin.flush()

    def send(self, function: Callable[..., object], task: object) -> None:
        """Hand over a task, to be answered after those before it."""
        self._opening.join()
        self._waiting += 1
        self._put(_frame((function, task)))

    def receive(self) -> Any:
        """Wait for the answer to the last task; those before it only make ready."""
        assert self._process.stdout is not None
        answer = None
        while self._waiting:
            is_answer, answer = _read(self._process.stdout)
            self._waiting -= 1
            if not is_answer:
                raise answer
        return answer

    def stop(self) -> None:
        """Have the worker hand over what it has."""
        if not self._opening.is_alive():
            self._put(_frame(None))

    def end(self) -> None:
        """End the worker at once: there is nothing that it could lose."""
        self._process.kill()
        self._process.wait()
        self._opening.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


class _Round:
    """Questions that are handed out in order, to whoever is free.

    Attributes
    ----------
    lost : list
        Questions, with their places, whose worker has ended unasked.
    """

    def __init__(
        self,
        crew: Crew,
        function: Callable[[Any, Any], Any],
        questions: Iterable[tuple[int, Any]],
        task: Callable[[Any], Any],
    ) -> None:
        self.crew, self.function, self.task = crew, function, task
        self.lost: list[tuple[int, Any]] = []
        self._left = iter(questions)
        self._lock = threading.Lock()
        self._answers: queue.SimpleQueue[tuple[int, Any] | Exception | None] = queue.SimpleQueue()

    def answers(self) -> Iterator[tuple[int, Any]]:
        """Yield (place, answer) as they come, until all have come or Ctrl-C was pressed."""
        for worker in self.crew.workers:
            threading.Thread(target=self._keep_busy, args=(worker,), daemon=True).start()
        busy, failed = len(self.crew.workers), None
        stopped_at: float | None = None
        while busy:
            found: Any = ()
            with suppress(queue.Empty):
                found = self._answers.get(timeout=LOOK_S)
            if self.crew.interrupt.pressed:
                stopped_at = self._stop(stopped_at)
            if found is None:
                busy -= 1
            elif isinstance(found, Exception):
                failed = failed or found
            elif found:
                yield found
        self.lost += list(self._left)
        if self.crew.interrupt.pressed:
            self.lost.clear()
        elif failed is not None:
            raise failed

    def _stop(self, stopped_at: float | None) -> float:
        """Have the workers hand over what they have; those that do not are ended."""
        now = time.monotonic()
        for worker in self.crew.workers:
            if stopped_at is None:
                worker.stop()
            elif now - stopped_at > LAST_WORD_S:
                worker.end()
        return now if stopped_at is None else stopped_at

    def _keep_busy(self, worker: _Worker) -> None:
        at, question = -1, None
        try:
            while not self.crew.interrupt.pressed:
                with self._lock:
                    at, question = next(self._left, (-1, None))
                    wanted = None if at < 0 else self.task(question)
                if at < 0:
                    break
                if wanted is not None:
                    worker.send(self.function, wanted)
                    self._answers.put((at, worker.receive()))
        except (EOFError, OSError):
            logger.warning("a worker was lost; its question is asked again")
            worker.is_lost = True
            self.lost.append((at, question))
        except Exception as error:
            self._answers.put(error)
        finally:
            self._answers.put(None)


def serve() -> None:
    """Answer what comes in on stdin, until it ends: the life of a worker."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a solver prints is no answer
    tasks: queue.SimpleQueue[tuple[Callable[..., Any], Any] | None] = queue.SimpleQueue()
    own: Any = None
    is_made = False
    with catch_interrupt() as interrupt:
        threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks, interrupt), daemon=True).start()
        while (work := tasks.get()) is not None:
            function, task = work
            try:
                if is_made:
                    answer = function(own, task)
                else:
                    own, answer, is_made = function(*task, interrupt), None, True
            except Exception as error:
                answers.write(_frame((False, error)))
            else:
                answers.write(_frame((True, answer)))
            answers.flush()


def _listen(
    source: IO[bytes],
    tasks: queue.SimpleQueue[tuple[Callable[..., Any], Any] | None],
    interrupt: Interrupt,
) -> None:
    """Take in tasks; a word to stop, and the end of who asks, reach a solve that is under way."""
    try:
        while (found := _read(source)) is not None:
            tasks.put(found)
        _stop(interrupt)
        while _read(source) is not None:
            """What comes after that is not begun."""
    except (EOFError, OSError):
        _stop(interrupt)
    finally:
        tasks.put(None)  # whatever was wrong with the last word, nobody is left to work for


def _stop(interrupt: Interrupt) -> None:
    """End the solve that is under way, whoever in this process waits for it, and those that follow."""
    interrupt.pressed = True
    signal.raise_signal(signal.SIGINT)


def _frame(what: object) -> bytes:
    data = pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_SIZE_BYTES, "big") + data


def _read(stream: IO[bytes]) -> Any:
    size = stream.read(_SIZE_BYTES)
    if len(size) < _SIZE_BYTES:
        raise EOFError("a process of this run has ended")
    data = stream.read(length := int.from_bytes(size, "big"))
    if len(data) < length:
        raise EOFError("a process of this run has ended within a word")
    return pickle.loads(data)  # noqa: S301 - from our own process
