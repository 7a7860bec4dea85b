"""Options and fixtures of the whole suite."""

from __future__ import annotations

import gc
import json
import logging
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest

from instances.seeds import draw_the_same
from workbooks.tools import REQUIRE, refuses_skip

ROOT = Path(__file__).resolve().parents[1]
SOLVED_LIMIT_S = 600
"""How long a process waits for a plan that another one solves."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--changes", type=int, default=300, help="random changes evaluated by difference")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that lacks a program where all of them must be there."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and refuses_skip(report.longrepr[2]):
        report.outcome = "failed"
        report.longrepr = f"{report.longrepr[2]}, and {REQUIRE} is set"
    return report


def pytest_configure() -> None:
    """Collect no garbage while tests are collected: nearly all of it stays, and it is a third of the time."""
    gc.disable()
    draw_the_same()


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives as long as the run: going over it costs a fifth of the time."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_sessionfinish() -> None:
    """End the LibreOffice that the tests of this process shared."""
    from workbooks.office import close_all

    close_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: what begins last keeps one processor busy and leaves the others idle."""
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, "workbooks" not in item.path.parts))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of this run that all processes see which run its tests."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, shared_folder: Path) -> None:
    """What a developer has set in the shell must not change a test."""
    for name in ("CURRIPLAN_LANG", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8"):
        monkeypatch.delenv(name, raising=False)
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        # Else each of the many processes that tests start would compile all that it imports.
        monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
        monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(shared_folder / "bytecode"))


@pytest.fixture(autouse=True)
def quiet_logger() -> Generator[None, None, None]:
    """What one test logs with ``-v`` must not make the tests after it log."""
    yield
    logging.getLogger("curriplan").setLevel(logging.NOTSET)


@pytest.fixture(scope="session", autouse=True)
def patience() -> Generator[None]:
    """Give what has seconds of its own minutes: on a busy machine a plan would lack a figure."""
    with mock.patch("curriplan.optimizer.filling.LONGEST_S", 600.0):
        yield


@pytest.fixture(scope="session", autouse=True)
def no_borders_of_merged_cells() -> Generator[None]:
    """Spare openpyxl the borders around merged cells, which nobody looks at: half of the time of opening."""
    from openpyxl.worksheet.merge import MergedCellRange

    with mock.patch.object(MergedCellRange, "format"), mock.patch.object(MergedCellRange, "_get_borders"):
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the bundled catalog `mini` that a test may change."""
    return Path(shutil.copytree(ROOT / "catalogs" / "mini", tmp_path / "mini"))


Once = Callable[[str, Callable[[], Any]], Any]


@pytest.fixture(scope="session")
def once(shared_folder: Path) -> Once:
    """Call a function once however many processes run the tests; all get its result, pickled under a name."""

    def result_of(name: str, function: Callable[[], Any]) -> Any:
        folder = shared_folder / f"once {name}"
        saved, failed = folder / "result.pickle", folder / "failed"
        try:
            folder.mkdir()
        except FileExistsError:
            deadline = time.monotonic() + SOLVED_LIMIT_S
            while not saved.exists() and not failed.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            return pickle.loads(saved.read_bytes())
        try:
            result = function()
            new = saved.with_suffix(".new")
            new.write_bytes(pickle.dumps(result))
            new.replace(saved)
        except BaseException:
            failed.touch()
            raise
        return result

    return result_of


@pytest.fixture(scope="session")
def bundled_result(once: Once) -> Any:
    """The plan of the bundled catalog, which no test may change."""
    import curriplan

    return once("bundled", lambda: curriplan.optimize("kz-digital-college"))


class Written(NamedTuple):
    """The workbooks of the plan of the bundled catalog, and the processor time that the first one took."""

    paths: Mapping[str, Path]
    """By language; no test may change them."""
    building_s: float
    """To build the model once more."""
    needed_s: float
    """For all that comes after the plan is found: to verify it, to look for swaps, to write a workbook."""


@pytest.fixture(scope="session")
def bundled_written(once: Once, bundled_result: Any, shared_folder: Path) -> Written:
    """The workbooks of the plan of the bundled catalog in all languages, written in one go."""
    return Written(*once("bundled written", lambda: _written(bundled_result, shared_folder)))


def _written(result: Any, folder: Path) -> tuple[Mapping[str, Path], float, float]:
    """Write all languages. What single changes would do is in all of them the same, and looked for once."""
    from curriplan.evaluation.verify import verify_plan
    from curriplan.optimizer.solve.stages import build_model
    from curriplan.problem.problem import Problem
    from curriplan.problem.settings import Settings
    from curriplan.report import view
    from curriplan.texts.languages import LANGUAGES

    def fresh() -> Problem:
        return Problem.of(result.catalog, Settings())

    building_s = sorted(_worked_s(lambda: build_model(fresh())) for _ in range(3))[1]
    paths = {language: folder / f"bundled_{language}.xlsx" for language in LANGUAGES}
    anew = replace(result, problem=fresh())
    found = cache(partial(view.what_if, anew.problem, anew.plan.selection))

    def single_changes(*_: Any) -> Any:
        return found()

    def verify_and_write() -> None:
        verify_plan(anew.problem, anew.plan)
        anew.to_excel(paths["ru"], "ru")

    with mock.patch.object(view, "what_if", single_changes):
        needed_s = _worked_s(verify_and_write)
        for language in set(LANGUAGES) - {"ru"}:
            anew.to_excel(paths[language], language)
    return paths, building_s, needed_s


def _worked_s(work: Callable[[], Any]) -> float:
    """Return the processor time that a piece of work takes this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.fixture(scope="session")
def bundled_workbook(bundled_written: Written) -> Callable[[str], Path]:
    """Where the workbook of the plan of the bundled catalog lies in a language; no test may change it."""
    return lambda language: bundled_written.paths[language]


@pytest.fixture(scope="session")
def mini_result(once: Once) -> Any:
    """The plan of the catalog `mini`, which no test may change."""
    import curriplan

    return once("mini", lambda: curriplan.optimize("mini"))


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `curriplan` in a process of its own, in `tmp_path`, and return what came out as bytes."""

    def call(
        *arguments: Any, cwd: Path | None = None, env: Mapping[str, str] | None = None, code: str = ""
    ) -> subprocess.CompletedProcess[bytes]:
        start = ["-c", code] if code else ["-m", "curriplan"]
        return subprocess.run(
            [sys.executable, *start, *map(str, arguments)],
            cwd=cwd or tmp_path,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )

    return call


EVERY_COMMAND = """
import json, sys
from curriplan.cli.entry import main
codes = []
for arguments in json.loads(sys.argv.pop()):
    sys.argv[1:] = arguments
    try:
        main()
        codes.append(0)
    except SystemExit as end:
        codes.append(end.code or 0)
print(*codes)
"""


@pytest.fixture
def run_all(run: Run) -> Callable[..., tuple[list[int], str]]:
    """Run commands of `curriplan` one after the other in one process: exit codes, and what came out."""

    def call(*commands: tuple[Any, ...], encoding: str = "utf-8", **options: Any) -> tuple[list[int], str]:
        arguments = json.dumps([[str(one) for one in command] for command in commands])
        done = run(arguments, code=EVERY_COMMAND, **options)
        said = done.stdout.decode(encoding) + done.stderr.decode(encoding)
        assert done.returncode == 0, said
        *_, last = done.stdout.decode(encoding).splitlines()
        return [int(code) for code in last.split()], said

    return call
