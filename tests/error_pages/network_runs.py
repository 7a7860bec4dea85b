"""Examples of the codes of a run of a network: folders, shards, workers, and colleges that fail."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from curriplan.api.network import bench, cluster, jobs, start
from curriplan.api.network.failures import StoppedError, lost
from curriplan.api.network.folder import MARKER, RunFolder
from curriplan.api.network.summing import refuse_unless_kept
from curriplan.api.network.tasks import Done, JobKind, Task, versions
from curriplan.base.errors import Issue, NoPlanError
from curriplan.catalog.network.read import read_network
from curriplan.catalog.network.records import Network, Region
from curriplan.optimizer.network.master import Relaxed
from curriplan.optimizer.network.out_of_reach import out_of_reach
from curriplan.optimizer.network.rounds import choose
from curriplan.optimizer.network.rows import Country, Member
from curriplan.plan.network import SharedKind, SharedRow
from curriplan.problem.settings import Settings
from error_pages.example import MINI, Example, Stage, call, command

NAMES = 'name_kk = "Ө"\nname_ru = "Р"\nname_en = "R"\n'
NETWORK = f"""{NAMES}[[regions]]
id = "north"
{NAMES}[[colleges]]
id = "a"
catalog = "a"
region = "north"
"""
PLAIN = "network net -o out"
ALL = f"{PLAIN} --shard 1/1"
SOME = f"{ALL} --quick --no-workbooks"
NOTHING = f"{PLAIN} --shard 2/2"
"""Of one college there is no second part: nothing is done."""
JOIN = f"{PLAIN} --scheduler tcp://127.0.0.1:8786"


def _network(stage: Stage) -> Path:
    """Make a network of one college."""
    folder = stage.folder / "net"
    shutil.copytree(MINI, folder / "a")
    (folder / "network.toml").write_text(NETWORK, encoding="utf-8")
    return folder


def _of_two(stage: Stage) -> None:
    """Add a college that is well."""
    folder = stage.folder / "net"
    shutil.copytree(folder / "a", folder / "b")
    text = NETWORK + NETWORK[NETWORK.index("[[colleges]]") :].replace('"a"', '"b"')
    (folder / "network.toml").write_text(text, encoding="utf-8")


def _with(*more: Callable[[Stage], object]) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        _network(stage)
        for one in more:
            one(stage)

    return prepare


def _run_folder(stage: Stage, name: str) -> Path:
    """Make the folder of a run of this network."""
    out = stage.folder / name
    RunFolder(out, read_network(stage.folder / "net").sha256, Settings()).open(resume=True, force=False)
    return out


def _with_damaged_part(stage: Stage) -> None:
    result = _run_folder(stage, "part") / "results" / "ab" / f"{'ab' * 32}.json"
    result.parent.mkdir()
    result.write_text("{", encoding="utf-8")


def _with_part_of_another(stage: Stage) -> None:
    marker = _run_folder(stage, "part") / MARKER
    data = json.loads(marker.read_text(encoding="utf-8"))
    marker.write_text(json.dumps({**data, "network": "0" * 64}), encoding="utf-8")


def _planned(stage: Stage) -> None:
    """Have a run that has ended."""
    from click.testing import CliRunner

    from curriplan.cli.app import main

    assert CliRunner().invoke(main, f"{PLAIN} --workers 1 --quick --no-workbooks".split()).exit_code == 0


def _of_another(stage: Stage) -> None:
    """Let another network lie beside it."""
    _planned(stage)
    shutil.copytree(stage.folder / "net", stage.folder / "other")
    text = NETWORK.replace('"a"', '"b"', 1)
    (stage.folder / "other" / "network.toml").write_text(text, encoding="utf-8")


def _job(stage: Stage, kind: JobKind, job: Callable[[Task], dict[str, Any]]) -> None:
    stage.monkeypatch.setitem(jobs._JOBS, kind, job)  # type: ignore[arg-type]


def _no_time(stage: Stage) -> None:
    def none(_task: Task) -> dict[str, Any]:
        raise NoPlanError([Issue("stopped-before-plan")])

    _job(stage, JobKind.ALONE, none)


def _with_damaged_result(stage: Stage) -> None:
    """Have a result of reading that was cut short."""
    from click.testing import CliRunner

    from curriplan.cli.app import main

    _no_time(stage)
    CliRunner().invoke(main, ALL.split())
    (result,) = (stage.folder / "out" / "results").glob("??/*.json")
    result.write_bytes(result.read_bytes()[:50])


def _changing(stage: Stage) -> None:
    read = jobs._JOBS[JobKind.READ]

    def then_changed(task: Task) -> dict[str, Any]:
        found = read(task)
        if task.college.id == "b":
            return found
        jobs._read_before.clear()
        budgets = stage.folder / "net" / "a" / "funding_budgets.csv"
        stage.edit(budgets, "1600000", "1500000")
        return found

    _job(stage, JobKind.READ, then_changed)


def _with_a_bug(stage: Stage) -> None:
    alone = jobs._JOBS[JobKind.ALONE]

    def bug(task: Task) -> dict[str, Any]:
        if task.college.id == "b":
            return alone(task)
        raise ZeroDivisionError

    _job(stage, JobKind.ALONE, bug)


def _stopped(stage: Stage) -> None:
    def stop(_task: Task) -> Done:
        raise StoppedError

    stage.monkeypatch.setattr(bench, "perform", stop)


def _losing(stage: Stage) -> None:
    @contextmanager
    def losing() -> Iterator[Any]:
        yield lambda tasks: ((task, Done(task.key, lost(task.kind, 4))) for task in tasks)

    stage.monkeypatch.setattr(start, "in_turn", losing)


class _Client:
    """A scheduler whose workers say what they are told to."""

    said: Any = (dict(versions()), "same")
    workers = 1
    status = "running"

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def wait_for_workers(self, *_: Any, **__: Any) -> None:
        if not self.workers:
            raise TimeoutError

    def run(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"tcp://127.0.0.1:40001": self.said}

    def nthreads(self) -> dict[str, int]:
        raise OSError

    def close(self, **_: Any) -> None:
        pass


def _scheduler(**told: Any) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        stage.monkeypatch.setattr(cluster, "Client", type("_Told", (_Client,), told))
        stage.monkeypatch.setattr(cluster, "_reach", _reached)

    return prepare


async def _reached(_address: str) -> None:
    pass


def _no_scheduler(stage: Stage) -> None:
    async def refused(_address: str) -> None:
        raise OSError

    stage.monkeypatch.setattr(cluster, "_reach", refused)


def _gone(stage: Stage) -> None:
    _scheduler()(stage)
    stage.monkeypatch.setattr(cluster.DaskRunner, "check", lambda *_: None)
    stage.monkeypatch.setattr(cluster, "SILENT_S", 0.0)


def _with_floor(floor: float) -> Callable[[Stage], None]:
    """Let the region have a floor, so that there is a national plan."""

    def prepare(stage: Stage) -> None:
        text = NETWORK.replace("[[colleges]]", f"floor = {floor}\n[[colleges]]")
        (stage.folder / "net" / "network.toml").write_text(text, encoding="utf-8")

    return prepare


def _with_thesis(stage: Stage) -> None:
    (stage.folder / "thesis").mkdir()
    (stage.folder / "thesis" / "thesis.docx").write_text("mine", encoding="utf-8")


def _noted(stage: Stage) -> None:
    with (stage.folder / "out" / "colleges.csv").open("a", encoding="utf-8") as file:
        file.write("seen by the deputy\n")


def _silent() -> None:
    """Ask a college that has no plan by itself, and does not answer."""
    member = Member("a", "north", 1.0, (25,), (1,), None)
    network = Network(Path("network.toml"), {}, (Region("north", {}, 0.5),), ())
    unasked = {"gap": 0.01, "most_rounds": 1, "tell": lambda _: None}
    choose([member], network, lambda asked: [None] * len(asked), lambda _: [], **unasked)  # type: ignore[arg-type]


def _found_none() -> None:
    """Choose where no offer keeps a limit, and no bound says that none could."""
    country = Country(Network(Path("network.toml"), {}, (), ()), ())
    raise out_of_reach(country, Relaxed(0.0, {}, ()), 0.5)


def _without_dask(stage: Stage) -> None:
    stage.monkeypatch.setattr(start, "find_spec", lambda _: None)


_ABOVE = SharedRow(SharedKind.MONEY, "STATE", None, "2027", 3_000_000, 0, 3_000_001, 0.0)
NETWORK_RUNS: tuple[Example, ...] = (
    command(
        "network-folder-input",
        "the results are to go into the folder of the network",
        PLAIN[:-3] + "net",
        _network,
    ),
    command(
        "network-folder-other",
        "the results are to go into a folder with something else",
        PLAIN[:-3] + "thesis",
        _with(_with_thesis),
    ),
    command("catalog-is-network", "the folder of a network is given", "optimize net -o plan.xlsx", _network),
    command(
        "network-folder-of-another",
        "the results of another network stand there",
        "network other -o out",
        _with(_of_another),
    ),
    command(
        "network-folder-national",
        "the national plan stands there",
        f"{PLAIN} --alone",
        _with(_with_floor(0.1), _planned),
    ),
    command(
        "network-folder-edited",
        "notes were added to the list of colleges",
        PLAIN,
        _with(_planned, _noted),
    ),
    command("network-merge-other", "a folder of catalogs is no part", f"{NOTHING} --merge net", _network),
    command(
        "network-merge-differs",
        "the part was done with another network.toml",
        f"{NOTHING} --merge part",
        _with(_with_part_of_another),
    ),
    command(
        "network-merge-damaged",
        "a result of the part was cut short",
        f"{NOTHING} --merge part",
        _with(_with_damaged_part),
    ),
    command("network-result-damaged", "a result was cut short", ALL, _with(_with_damaged_result)),
    command(
        "network-catalog-changed",
        "a catalog is edited while the run goes on",
        SOME,
        _with(_of_two, _changing),
    ),
    command("network-stopped", "Ctrl-C is pressed", ALL, _with(_stopped)),
    command("network-worker-lost", "the process of a college dies again and again", ALL, _with(_losing)),
    command("network-needs-dask", "Dask is not installed", f"{PLAIN} --workers 2", _with(_without_dask)),
    command(
        "network-plain-scheduler",
        "the scheduler is on another computer",
        f"{PLAIN} --scheduler tcp://192.0.2.7:8786",
        _network,
    ),
    command("network-no-scheduler", "no scheduler is there", JOIN, _with(_no_scheduler)),
    command("network-no-workers", "the scheduler has no workers", JOIN, _with(_scheduler(workers=0))),
    command(
        "network-worker-lacks",
        "a worker has no curriplan",
        JOIN,
        _with(_scheduler(said=ModuleNotFoundError("curriplan"))),
    ),
    command(
        "network-workers-differ",
        "a worker has an old solver",
        JOIN,
        _with(_scheduler(said=({**versions(), "highspy": "1.5"}, "same"))),
    ),
    command(
        "network-folder-unseen",
        "a worker has another disk",
        JOIN,
        _with(_scheduler(said=(dict(versions()), None))),
    ),
    command("network-scheduler-lost", "the scheduler dies", JOIN, _with(_gone)),
    call(
        "network-plan-refused",
        "two plans together spend a tenge too much",
        "refuse_unless_kept([above], [], has_holes=False)",
        refuse_unless_kept=refuse_unless_kept,
        above=_ABOVE,
    ),
    command("network-cannot-seek", "--equity", f"{PLAIN} --equity 0.5", _with(_with_floor(0.5))),
    command(
        "network-limit-out-of-reach",
        "no plan of the region closes 99 %",
        f"{PLAIN} --workers 1 --quick --no-workbooks",
        _with(_with_floor(0.99)),
    ),
    call(
        "network-without-plans",
        "no college answers prices",
        "choose()",
        choose=_silent,
    ),
    call(
        "network-without-choice",
        "the rounds are used up before a choice keeps the limits",
        "choose()",
        choose=_found_none,
    ),
    command("network-fault", "curriplan has a bug", SOME, _with(_of_two, _with_a_bug)),
)
