"""Jobs on many processes and machines: Dask moves them there, and does nothing else.

No job depends on another one in Dask, and no result stays in its memory: a job writes a file and says that it
did. A scheduler or a worker that dies loses nothing but what was under way.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import dask
from distributed import CancelledError, Client, Future, LocalCluster, Security, WorkerPlugin
from distributed.comm.core import connect
from distributed.scheduler import KilledWorker

from curriplan.api.network.failures import StoppedError, lost
from curriplan.api.network.folder import marker_text, shown
from curriplan.api.network.jobs import perform, versions_issue
from curriplan.api.network.store import Store
from curriplan.api.network.tasks import Done, Task, versions
from curriplan.base.errors import CurriplanError, ExitCode
from curriplan.optimizer.solve.solver import catch_interrupt

logger = logging.getLogger(__name__)

LOOK_S = 0.2
"""How often this process looks whether Ctrl-C was pressed, or the scheduler is gone."""
COUNT_S = 5.0
"""How often it asks how many workers there are, while it waits."""
WORKERS_S = 60.0
"""How long it waits for a worker where there is none."""
SILENT_S = 600.0
"""How long it waits for a scheduler that gives no answer while its connection stands: its machine may be
overworked or have slept. One that is gone has none, and is not waited for."""
AHEAD = 2
"""Jobs that are on their way for each thread: no more, so that the scheduler never holds hundreds."""
ALLOWED_DEATHS = 1
"""Workers that a job may take with it before it is tried once more, with nothing beside it."""
CLOSE_S = 10.0
LOCAL_CONFIG = {
    # A worker is declared dead when it has not been heard of for so long, five minutes by default. Whatever
    # holds Python's lock keeps it silent: a solve does not, but the building of a large model may for long.
    # A process of this machine that really dies is found out at once, by its connection: so there is no need
    # to suspect one that is silent. On a cluster of others it is for them to raise it (docs/network.md).
    "distributed.scheduler.worker-ttl": "1 day",
    "distributed.scheduler.allowed-failures": ALLOWED_DEATHS,
    # On a machine that has more to do than it can, a new connection takes its time.
    "distributed.comm.timeouts.connect": "5 minutes",
    # Else a worker is given a job while it works at another one, and may be blamed for its death.
    "distributed.scheduler.worker-saturation": 1.0,
    # A worker that has grown takes no more jobs, and nothing ever makes it small again.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    # No web pages: others on this machine could read them.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.large-graph-warning-threshold": "100MB",
}
REACH_S = 20.0
"""How long a scheduler is looked for."""
ANSWER_S = 10.0
"""How long a word of a worker takes at most, unless that worker is gone."""
_UNDER_WAY = Done("")
NOISY = ("distributed", "asyncio", "tornado")
SAFE = ("tls://", "wss://")


class _HearsNoKey(WorkerPlugin):
    """Ctrl-C reaches all processes of a terminal; it is for the one that asked for the work."""

    name = "curriplan-hears-no-key"

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - Dask gives it
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def local_cluster(workers: int, out: Path) -> Iterator[DaskRunner]:
    """Have so many processes of this machine, one thread each, that nobody else can send work to."""
    with (
        TemporaryDirectory(prefix="curriplan-") as scratch,
        dask.config.set(LOCAL_CONFIG),
        _quiet_logs(),
        _without_main_module(),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            security=True,  # certificates for this run: other users of the machine have none
            local_directory=scratch,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.register_plugin(_HearsNoKey())
        yield DaskRunner(client, out)


@contextmanager
def joined_cluster(address: str, out: Path, *, allow_plain: bool) -> Iterator[DaskRunner]:
    """Join a scheduler that is there, with TLS as Dask is configured.

    Raises
    ------
    CurriplanError
        If it is not there, has no workers, would be spoken to in plain text, or a worker has other versions
        or does not see the folder of the run.
    """
    if not address.startswith(SAFE) and not allow_plain and not is_of_this_machine(address):
        raise CurriplanError.of("network-plain-scheduler", exit_code=ExitCode.USAGE, address=address)
    with _quiet_logs():
        try:
            asyncio.run(_reach(address))
            client = Client(address, set_as_default=False)
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            logger.info("no scheduler: %s", error)
            raise CurriplanError.of("network-no-scheduler", address=address) from error
        try:
            runner = DaskRunner(client, out)
            runner.check(address)
            yield runner
        finally:
            with suppress(Exception):  # the scheduler may be gone, and with it whom to say goodbye
                client.close(timeout=CLOSE_S)


async def _reach(address: str) -> None:
    """Find out whether a scheduler can be spoken to: a client that cannot hangs when it is given up."""
    secured = Security().get_connection_args("client")
    comm = await connect(address, timeout=REACH_S, **secured)
    await comm.close()


def is_of_this_machine(address: str) -> bool:
    """Say whether an address is one of this machine: others cannot be listened on.

    >>> is_of_this_machine("tcp://127.0.0.1:8786"), is_of_this_machine("192.0.2.1")
    (True, False)
    """
    host = urlsplit("//" + address.rpartition("://")[2]).hostname
    try:
        found = {(one[0], one[4][0]) for one in socket.getaddrinfo(host, None)}
    except (OSError, ValueError):
        return False
    return bool(found) and all(_can_listen(*one) for one in found)


def _can_listen(family: int, host: str | int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.bind((host, 0))
    except OSError:
        return False
    return True


class DaskRunner:
    """Hands jobs to the workers of a scheduler, a few at a time.

    Parameters
    ----------
    out : Path
        The folder of the run, which all workers must see under this name.
    """

    def __init__(self, client: Client, out: Path) -> None:
        self.client, self.out, self.store = client, out, Store(out)
        self._threads = 1
        self._counted_at = self._answered_at = self._alone_since = -1.0

    def check(self, address: str) -> None:
        """Refuse a scheduler whose workers could not do the work.

        Raises
        ------
        CurriplanError
            If there are none, or one has other versions or does not see the folder of the run.
        """
        try:
            self.client.wait_for_workers(1, timeout=WORKERS_S)
        except (TimeoutError, OSError) as error:
            raise CurriplanError.of("network-no-workers", address=address) from error
        expected = dict(versions())
        found = self.client.run(about, str(self.out), on_error="return")
        for worker, said in sorted(found.items()):
            if not isinstance(said, tuple):
                logger.info("%s: %s", worker, said)
                raise CurriplanError.of("network-worker-lacks", worker=worker, reason=type(said).__name__)
            if said[0] != expected:
                raise CurriplanError([versions_issue(expected, said[0])])
            if said[1] != marker_text(self.out):
                raise CurriplanError.of("network-folder-unseen", worker=worker, path=shown(self.out))

    def __call__(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Done]]:
        """Yield each job with what came of it.

        Raises
        ------
        StoppedError
            If Ctrl-C was pressed.
        CurriplanError
            If the scheduler is gone, or has had no workers for a minute.
        """
        suspects: list[tuple[Task, int]] = []
        with catch_interrupt() as interrupt:
            for task, done in self._all(tasks, interrupt):
                if isinstance(done, int):
                    suspects.append((task, done))
                else:
                    yield task, done
            # Who works beside a job that takes its worker with it is suspected too: each once more, alone.
            for suspect, deaths in suspects:
                for task, came in self._all([suspect], interrupt):
                    if isinstance(came, Done):
                        yield task, came
                    else:
                        yield task, Done(task.key, lost(task.kind, deaths + came))

    def _all(self, tasks: Iterable[Task], interrupt: Any) -> Iterator[tuple[Task, Done | int]]:
        """Yield each job with what came of it, or how many workers have died at it."""
        left = iter(tasks)
        self._answered_at = time.monotonic()
        running: dict[Future[Any], Task] = {}
        woken = threading.Event()
        self._count()
        try:
            while True:
                while len(running) < AHEAD * self._threads and (task := next(left, None)) is not None:
                    running[self._submit(task, woken)] = task
                if not running:
                    return
                woken.wait(LOOK_S)
                woken.clear()
                if interrupt.pressed:
                    raise StoppedError
                came = {
                    one: self._came(task, one) for one, task in running.items() if one.status != "pending"
                }
                for one, found in came.items():
                    if found is not _UNDER_WAY:
                        yield running.pop(one), found
                if _UNDER_WAY in came.values() or not came:
                    self._look()
        finally:
            if running and self.client.status == "running":
                with suppress(Exception):
                    self.client.cancel(list(running), force=True)

    def _submit(self, task: Task, woken: threading.Event) -> Future[Any]:
        name = f"curriplan-{task.kind}-{task.college.id}-{task.key[:12]}-{time.monotonic_ns()}"
        future = self.client.submit(perform, task, dict(versions()), key=name, pure=False)
        future.add_done_callback(lambda _: woken.set())
        return future

    def _came(self, task: Task, future: Future[Any]) -> Done | int:
        """Return what a job says, how many workers have died at it, or that it is still under way."""
        match future.status:
            case "finished":
                with suppress(OSError, CancelledError):  # who has the answer is gone: soon its status says so
                    done: Done = future.result(timeout=ANSWER_S)
                    return done
                return _UNDER_WAY
            case "lost":  # its worker died after it: Dask does it once more, unless its result is a file
                return Done(task.key) if self.store.path(task.key).exists() else _UNDER_WAY
            case "error":
                error = future.exception()
                if isinstance(error, KilledWorker):
                    return int(error.allowed_failures) + 1
                raise error
        # Cancelled: only a scheduler that is gone does this.
        raise CurriplanError.of("network-scheduler-lost", exit_code=ExitCode.NO_PLAN)

    def _look(self) -> None:
        """Find out whether there is still somebody to wait for."""
        if self.client.status != "running":
            raise CurriplanError.of("network-scheduler-lost", exit_code=ExitCode.NO_PLAN)
        if time.monotonic() - self._counted_at > COUNT_S:
            self._count()

    def _count(self) -> None:
        """Count the threads of the workers; raises where there have been none, or no answer, for long."""
        try:
            threads = sum(self.client.nthreads().values())
        except Exception as error:  # Dask says it in many ways
            logger.info("no answer of the scheduler: %r", error)
            now = self._counted_at = time.monotonic()
            if self.client.status == "running" and now - self._answered_at < SILENT_S:
                return
            raise CurriplanError.of("network-scheduler-lost", exit_code=ExitCode.NO_PLAN) from error
        now = self._counted_at = self._answered_at = time.monotonic()
        if threads:
            self._threads, self._alone_since = threads, now
        elif self._alone_since < 0:
            self._alone_since = now
        elif now - self._alone_since > WORKERS_S:
            address = self.client.scheduler.address if self.client.scheduler is not None else "-"
            raise CurriplanError.of("network-no-workers", exit_code=ExitCode.NO_PLAN, address=address)


def about(out: str) -> tuple[Mapping[str, str], str | None]:
    """Return what a worker runs, and what it sees in the folder of the run."""
    return dict(versions()), marker_text(Path(out))


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Let new processes not begin with the script of the user, which would start a network of its own."""
    main = sys.modules["__main__"]
    known: dict[str, Any] = {
        name: main.__dict__[name] for name in ("__file__", "__spec__") if name in main.__dict__
    }
    main.__dict__.pop("__file__", None)
    main.__spec__ = None
    try:
        yield
    finally:
        main.__dict__.update(known)


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """Keep what Dask says of workers that come and go from the terminal: what matters of it is told."""
    known = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in NOISY]
    noisy = [logging.getLogger(name) for name in {*known, *NOISY}]
    before = [one.level for one in noisy]
    for one in noisy:
        one.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for one, level in zip(noisy, before, strict=True):
            one.setLevel(level)
