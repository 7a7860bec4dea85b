"""A network on real processes: one killed in the middle, then the scheduler, then the command itself."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from curriplan.api.network import cluster
from curriplan.api.network.cluster import DaskRunner, is_of_this_machine, joined_cluster
from curriplan.api.network.failures import lost
from curriplan.api.network.folder import RunFolder
from curriplan.api.network.tasks import Done, JobKind, Task, part_of, versions
from curriplan.base.errors import CurriplanError, ExitCode
from curriplan.base.leftovers import beside
from curriplan.catalog.network.records import College, Network
from curriplan.problem.settings import Settings
from functional.network_runs import network_of, planned, results_in, written

distributed = pytest.importorskip("distributed")
PATIENCE_S = 120.0
OPTIONS = ("--quick", "--no-workbooks", "--lang", "en")


class Processes:
    """A scheduler, workers and commands of this test, which end with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.all: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return self.run("-m", *words)

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self.all)}.log").open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, *words], stdout=log, stderr=subprocess.STDOUT, cwd=self.folder
            )
        self.all.append(started)
        return started

    def log(self, process: subprocess.Popen[bytes]) -> str:
        return (self.folder / f"{self.all.index(process)}.log").read_text(encoding="utf-8")

    def scheduler(self) -> tuple[str, subprocess.Popen[bytes]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port))
        return f"tcp://127.0.0.1:{port}", self.start(*words, "--no-dashboard")

    def worker(self, address: str) -> subprocess.Popen[bytes]:
        words = ("--nthreads", "1", "--no-dashboard", "--no-nanny")
        return self.start("distributed.cli.dask_worker", address, *words)


@pytest.fixture
def processes(tmp_path: Path) -> Generator[Processes]:
    found = Processes(tmp_path)
    yield found
    for one in found.all:
        one.kill()
        one.wait()


def wait_for_results(out: Path, count: int, process: subprocess.Popen[bytes]) -> int:
    """Wait until a run has so many results; return how many there are."""
    until = time.monotonic() + PATIENCE_S
    while len(results_in(out)) < count:
        assert process.poll() is None, "the run has ended before it was disturbed"
        assert time.monotonic() < until
        time.sleep(0.02)
    return len(results_in(out))


@pytest.mark.slow
def test_a_worker_and_then_the_scheduler_are_killed_and_the_run_is_gone_on_with(
    tmp_path: Path, processes: Processes
) -> None:
    """Of 4 colleges a run has 4 results of reading, 4 alone, 4 offered, some priced, 4 whole."""
    network, out, clean = network_of(tmp_path / "net", 4, 4_500_000), tmp_path / "out", tmp_path / "clean"
    planned(network, clean)
    address, scheduler = processes.scheduler()
    workers = [processes.worker(address) for _ in range(2)]
    words = ("curriplan", "network", str(network), "-o", str(out), *OPTIONS)
    first = processes.start(*words, "--scheduler", address)
    wait_for_results(out, 6, first)
    workers[0].kill()
    seen = wait_for_results(out, 10, first)
    scheduler.kill()
    assert first.wait(PATIENCE_S) == ExitCode.NO_PLAN
    assert "network-scheduler-lost" in processes.log(first)
    assert "Traceback" not in processes.log(first)
    kept = {path: path.stat().st_mtime_ns for path in results_in(out)}
    assert seen <= len(kept) < len(results_in(clean)), "in the middle"
    assert not (out / "network.json").exists()

    address, _ = processes.scheduler()
    processes.worker(address)
    again = processes.start(*words, "--scheduler", address)
    assert again.wait(PATIENCE_S) == ExitCode.DONE, processes.log(again)
    assert written(out) == written(clean)
    assert [path.name for path in results_in(out)] == [path.name for path in results_in(clean)]
    assert {path: path.stat().st_mtime_ns for path in kept} == kept, "what was done is not done again"


def test_a_run_that_is_killed_is_gone_on_with(tmp_path: Path, processes: Processes) -> None:
    network, out, clean = network_of(tmp_path / "net", 3), tmp_path / "out", tmp_path / "clean"
    planned(network, clean, alone_only=True)
    words = ("curriplan", "network", str(network), "-o", str(out), *OPTIONS, "--alone")
    first = processes.start(*words, "--workers", "1")
    wait_for_results(out, 4, first)
    first.kill()
    first.wait()
    kept = {path: path.stat().st_mtime_ns for path in results_in(out)}
    left = beside(results_in(out)[0])  # as a writer has it that is killed before it gives the name
    dead = left.with_name(left.name.replace(f"{os.getpid():08x}", "7ffffff0"))
    dead.write_text('{"half', encoding="utf-8")
    again = processes.start(*words, "--workers", "1")
    assert again.wait(PATIENCE_S) == ExitCode.DONE, processes.log(again)
    assert written(out) == written(clean)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert not dead.exists()


def test_a_script_need_not_guard_its_main_module(tmp_path: Path, processes: Processes) -> None:
    """Each of its processes would begin with the script, and begin a network of its own."""
    network = network_of(tmp_path / "net", 2, None)
    script = tmp_path / "script.py"
    script.write_text(
        "import curriplan, pathlib\n"
        "with pathlib.Path('begun').open('a') as file: file.write('x')\n"
        f"plan = curriplan.network({str(network)!r}, 'out', workers=1 + 1, workbooks=False, quick=True)\n"
        "assert all(one.alone for one in plan.colleges) and pathlib.Path(__file__).name == 'script.py'\n",
        encoding="utf-8",
    )
    process = processes.run(str(script))
    assert process.wait(PATIENCE_S) == 0, processes.log(process)
    assert (tmp_path / "begun").read_text(encoding="utf-8") == "x"


def test_ctrl_c_says_how_to_go_on(tmp_path: Path, processes: Processes) -> None:
    network, out = network_of(tmp_path / "net", 3), tmp_path / "out"
    words = ("curriplan", "network", str(network), "-o", str(out), *OPTIONS, "--alone", "--workers", "1")
    first = processes.start(*words)
    wait_for_results(out, 4, first)
    first.send_signal(signal.SIGINT)
    assert first.wait(PATIENCE_S) == ExitCode.NO_PLAN
    assert "network-stopped" in processes.log(first)
    assert "Traceback" not in processes.log(first)


# ------------------------------------------------------------------------------- without real processes


class Told:
    """A future of a scheduler that is none."""

    def __init__(self, key: str, status: str, value: Any) -> None:
        self.key, self.status, self.value = key, status, value

    def result(self, **_: Any) -> Any:
        return self.value

    def exception(self) -> Exception:
        error: Exception = distributed.scheduler.KilledWorker(self.key, None, 1)
        return error

    def add_done_callback(self, function: Any) -> None:
        function(self)


class Pretended:
    """A client of a scheduler that is none, with two threads: some jobs take their worker with them."""

    def __init__(self, deadly: set[str], blamed: set[str] = frozenset(), gone_after: int = 10**6) -> None:  # type: ignore[assignment]
        self.deadly, self.blamed, self.gone_after = deadly, set(blamed), gone_after
        self.status = "running"
        self.submitted: list[str] = []
        self.open = self.most_open = 0

    def nthreads(self) -> dict[str, int]:
        return {"a": 1, "b": 1}

    def cancel(self, futures: list[Told], **_: Any) -> None:
        self.open -= len(futures)

    def submit(self, _perform: Any, task: Task, _versions: Any, key: str, **_: Any) -> Told:
        name = task.college.id
        self.submitted.append(name)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        if len(self.submitted) > self.gone_after:
            return Told(key, "cancelled", None)
        if name in self.deadly or name in self.blamed:
            self.blamed.discard(name)
            return Told(key, "error", None)
        return Told(key, "finished", Done(task.key))


def tasks(tmp_path: Path, count: int) -> list[Task]:
    colleges = tuple(College(f"c{number}", tmp_path, "north") for number in range(count))
    network = Network(tmp_path / "network.toml", {}, (), colleges)
    return [Task(JobKind.ALONE, one, part_of(network, one), Settings(), tmp_path) for one in colleges]


def came(runner: DaskRunner, asked: list[Task]) -> Iterator[tuple[str, Done]]:
    for task, done in runner(asked):
        runner.client.open -= 1
        yield task.college.id, done


def test_a_job_that_takes_its_workers_with_it_is_lost_and_who_worked_beside_it_is_not(tmp_path: Path) -> None:
    client = Pretended(deadly={"c1"}, blamed={"c2"})
    asked = tasks(tmp_path, 4)
    found = dict(came(DaskRunner(client, tmp_path), asked))
    assert found["c1"] == Done(asked[1].key, lost("alone", 4))
    assert {name for name, done in found.items() if done.failure is None} == {"c0", "c2", "c3"}
    assert client.submitted[4:] == ["c1", "c2"], "once more, each alone"


def test_few_jobs_are_on_their_way_at_once(tmp_path: Path) -> None:
    client = Pretended(deadly=set())
    assert len(dict(came(DaskRunner(client, tmp_path), tasks(tmp_path, 50)))) == 50
    assert client.most_open <= 2 * cluster.AHEAD


def test_a_scheduler_that_is_gone_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(CurriplanError, match="network-scheduler-lost") as caught:
        dict(came(DaskRunner(Pretended(set(), gone_after=5), tmp_path), tasks(tmp_path, 9)))
    assert caught.value.exit_code is ExitCode.NO_PLAN


class Slow(Pretended):
    """A client whose scheduler gives no answer at first, and has done a job when it gives one."""

    def __init__(self, silent: int) -> None:
        super().__init__(set())
        self.silent = silent
        self.given: list[Told] = []

    def nthreads(self) -> dict[str, int]:
        self.silent -= 1
        if self.silent >= 0:
            raise OSError("Timed out trying to connect")
        for one in self.given:
            one.status = "finished"
        return super().nthreads()

    def submit(self, *words: Any, **more: Any) -> Told:
        self.given.append(super().submit(*words, **more))
        self.given[-1].status = "pending"
        return self.given[-1]


def test_a_scheduler_that_is_silent_for_a_while_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine may be overworked, or have slept; not for ever, and not where its connection is gone."""
    monkeypatch.setattr(cluster, "COUNT_S", 0.0)
    monkeypatch.setattr(cluster, "LOOK_S", 0.001)
    assert list(dict(came(DaskRunner(Slow(4), tmp_path), tasks(tmp_path, 1)))) == ["c0"]
    gone = Slow(10**9)
    gone.status = "closed"
    monkeypatch.setattr(cluster, "SILENT_S", 0.02)
    for client in (Slow(10**9), gone):
        with pytest.raises(CurriplanError, match="network-scheduler-lost"):
            dict(came(DaskRunner(client, tmp_path), tasks(tmp_path, 1)))


def test_a_scheduler_elsewhere_needs_tls(tmp_path: Path) -> None:
    assert is_of_this_machine("localhost:8786") and is_of_this_machine("tcp://[::1]:8786")
    for elsewhere in ("tcp://192.0.2.7:8786", "192.0.2.7", "tcp://no-such-host.invalid:1", "tcp://", "a b"):
        assert not is_of_this_machine(elsewhere), elsewhere
    with (
        pytest.raises(CurriplanError, match="network-plain-scheduler") as caught,
        joined_cluster("tcp://192.0.2.7:8786", tmp_path, allow_plain=False),
    ):
        pass
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (ModuleNotFoundError("curriplan"), "network-worker-lacks"),
        (({**versions(), "highspy": "0.1"}, "same"), "network-workers-differ"),
        ((dict(versions()), None), "network-folder-unseen"),
    ],
)
def test_workers_that_could_not_do_the_work_are_refused(tmp_path: Path, said: Any, code: str) -> None:
    class Client(Pretended):
        def wait_for_workers(self, count: int, **_: Any) -> None:
            assert count == 1

        def run(self, *_: Any, **_more: Any) -> dict[str, Any]:
            return {"tcp://a": said}

    RunFolder(tmp_path, "0" * 64, Settings()).open(resume=True, force=True)
    with pytest.raises(CurriplanError, match=code):
        DaskRunner(Client(set()), tmp_path).check("tcp://a")
