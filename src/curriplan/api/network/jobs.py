"""The jobs of one college, done by whoever has time: this process, a worker, another computer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from curriplan.api.network.brief import college_plan
from curriplan.api.network.failures import LASTING, StoppedError, failure_of
from curriplan.api.network.seen import seen
from curriplan.api.network.store import Store
from curriplan.api.network.tasks import (
    Allotment,
    Done,
    JobKind,
    PlanFiles,
    Task,
    settings_data,
    sha256_of,
    versions,
)
from curriplan.api.optimize import optimize_catalog
from curriplan.api.reading import Reading, read, require_programmes
from curriplan.api.results import PlanResult
from curriplan.api.time_limit import TimeLimit
from curriplan.base.codec import from_data, to_data
from curriplan.base.cut_short import noting_cuts
from curriplan.base.errors import NONE_NEAR, CatalogError, CurriplanError, Issue
from curriplan.base.touched import noting_files, one_command
from curriplan.base.version import TOOL
from curriplan.catalog.network.records import College
from curriplan.catalog.network.whereabouts import MISSING
from curriplan.catalog.records import Catalog
from curriplan.catalog.saving.save import save_catalog
from curriplan.plan.plan import Plan, plan_to_data
from curriplan.problem.facts import facts_of
from curriplan.problem.limits import effective_limits
from curriplan.problem.network import Whose, allotted, as_allotted, choices_of, with_groups
from curriplan.problem.problem import Problem
from curriplan.texts.languages import LANGUAGES

COLLEGES = "colleges"
PLAN, WORKBOOK, CATALOG = "plan.json", "plan.xlsx", "catalog"
CUT = "cut_short_s"
"""The limit of time that a result was cut short by: under a longer one it is made again."""
MOST_READ = 6
"""Catalogs that a process keeps, for the next job of the same college."""

_read_before: OrderedDict[tuple[str, ...], Reading] = OrderedDict()


def perform(task: Task, expected: Mapping[str, str] | None = None) -> Done:
    """Do a job; its result is a file by then, or it failed.

    Parameters
    ----------
    expected : mapping, optional
        The versions that whoever asks has.

    Raises
    ------
    StoppedError
        If Ctrl-C ended it.
    """
    from curriplan.optimizer.solve.solver import catch_interrupt

    store, home = Store(task.out), task.network.path.parent
    try:
        if expected is not None and expected != versions():
            raise CurriplanError([versions_issue(expected, versions())])
        store.probe()
        with one_command(), catch_interrupt() as interrupt, noting_cuts() as cuts:
            result = _JOBS[task.kind](task)
        if interrupt.pressed:
            raise StoppedError  # it may be cut short, and nothing tells later
        if cuts:
            result = {**result, CUT: task.settings.time_limit_s}
        store.put(task, result)
        return Done(task.key, None if "failure" not in result else _failure_in(result))
    except StoppedError:
        raise
    except Exception as error:  # whatever it is, the other colleges go on
        failure = failure_of(error, task.kind, task.college.id, home, task.out)
        if failure.kind in LASTING:
            try:
                store.put(task, {"failure": to_data(failure)})
            except OSError as full:
                failure = failure_of(full, task.kind, task.college.id, home, task.out)
        return Done(task.key, failure)


def versions_issue(expected: Mapping[str, str], found: Mapping[str, str]) -> Issue:
    """Return what is said of a worker that has other versions."""
    names = [name for name in expected if found.get(name) != expected[name]]
    said = [", ".join(f"{name} {one.get(name, '–')}" for name in names) for one in (expected, found)]
    return Issue("network-workers-differ", values={"expected": said[0], "found": said[1]})


def folder_of(out: Path, college: str) -> Path:
    """Return where the files of a college's plan stand."""
    return out / COLLEGES / college


def _failure_in(result: Mapping[str, Any]) -> Any:
    from curriplan.plan.network import Failure

    return from_data(Failure, result["failure"])


# --------------------------------------------------------------------------------------------- the jobs


def _read(task: Task) -> dict[str, Any]:
    """Read and check the catalog; what it was read from is noted, also where it has faults."""
    home = task.network.path.parent
    found: dict[str, Any]
    with noting_files() as files:
        try:
            _require_there(task.college, home)
            reading = read(task.college.catalog, task.settings)
            if task.payload["strict"] and reading.issues:
                raise CatalogError(reading.issues)
            catalog = reading.require()
            require_programmes(catalog)
            facts = facts_of(task.college.id, Problem.of(catalog, task.settings))
            _keep(task, catalog.sha256, reading)
            info = catalog.info
            title = {code: info.title(code) for code in LANGUAGES}
            found = {"facts": to_data(facts), "title": title, "illustrative": info.illustrative}
        except CatalogError as error:
            failure = failure_of(error, task.kind, task.college.id, home, task.out)
            found = {"failure": to_data(failure)}
    return {**found, "seen": seen({*files, task.college.catalog}, home)}


def _require_there(college: College, home: Path) -> None:
    """Refuse a catalog that is not there; what lies beside it is told by `curriplan check`."""
    if not college.catalog.exists():
        path = college.catalog
        values = {"path": path.relative_to(home).as_posix() if path.is_relative_to(home) else str(path)}
        raise CatalogError([Issue(MISSING, values={**values, "nearest": NONE_NEAR})])


def _alone(task: Task) -> dict[str, Any]:
    """Plan the college by itself, as `curriplan optimize` does."""
    reading = _reading(task)
    return _planned(task, reading.require(), reading)


def _offered(task: Task) -> dict[str, Any]:
    """Say what the plan of the college by itself is in the eyes of the master."""
    from curriplan.optimizer.network.college import offer_of, sought

    plan = from_data(Plan, Store(task.out).get(task.payload["alone"])["plan"])
    catalog, name = _reading(task).require(), task.college.id
    offer = offer_of(catalog, task.network, Whose(name), plan.selection, task.settings)
    choices = range(1 + len(choices_of(task.network, name)))
    limits = effective_limits(catalog, task.settings)
    given = [with_groups(catalog, task.network, Whose(name, choice), limits) for choice in choices]
    return {
        "offer": offer and to_data(offer),
        "above": [plan.stage_value(one.name) for one in sought(task.settings).objectives[:-1]],
        "learners": [one.learners_of_one_intake for one in given],
        "groups": [sum(map(limits.groups, one.programmes)) for one in given],
    }


def _priced(task: Task) -> dict[str, Any]:
    """Answer prices."""
    from curriplan.optimizer.network.pricing import answers

    found = answers(_reading(task).require(), task.network, task.asked, task.settings)
    return {"priced": [to_data(one) for one in found]}


def _joint(task: Task) -> dict[str, Any]:
    """Plan several colleges in one model."""
    from curriplan.optimizer.network.together import answer_together

    own = ((task.college, task.catalog_sha256), *task.others)
    each = (replace(task, college=college, catalog_sha256=sha256) for college, sha256 in own)
    catalogs = {one.college.id: _reading(one).require() for one in each}
    return {"joint": to_data(answer_together(catalogs, task.network, task.asked, task.settings))}


def _whole(task: Task) -> dict[str, Any]:
    """Plan the college within what it was allotted, its closure held."""
    given: Allotment = task.asked
    reading = _reading(task)
    own, whose = reading.require(), Whose(task.college.id, given.choice)
    limits = effective_limits(own, task.settings)
    catalog = allotted(own, task.network, whose, limits, given.money, given.hours)
    catalog = as_allotted(catalog, own, task.network, whose, given.names)
    return _planned(task, catalog, reading, least_closure=given.closure)


_JOBS: Mapping[JobKind, Callable[[Task], dict[str, Any]]] = {
    JobKind.READ: _read,
    JobKind.ALONE: _alone,
    JobKind.OFFERED: _offered,
    JobKind.PRICED: _priced,
    JobKind.JOINT: _joint,
    JobKind.WHOLE: _whole,
}


# --------------------------------------------------------------------------------- what they have in common


def _planned(
    task: Task, catalog: Catalog, reading: Reading, least_closure: float | None = None
) -> dict[str, Any]:
    """Plan a catalog, and return the plan, in brief too, with the files that were written of it."""
    paths = [Path(WORKBOOK)] if task.files is not None and task.files.workbook else []
    limit = TimeLimit.of(task.settings.time_limit_s, paths)
    result = optimize_catalog(
        catalog,
        task.settings,
        warnings=reading.issues,
        time_limit=limit,
        least_closure=least_closure,
    )
    if any(one.code == "stopped-early" for one in result.warnings):
        raise StoppedError
    brief = college_plan(result, task.network)
    files = None if task.files is None else _written(task, task.files, result)
    return {"brief": to_data(brief), "plan": plan_to_data(result.plan, TOOL), "files": files}


def _written(task: Task, wanted: PlanFiles, result: PlanResult) -> dict[str, Any]:
    """Write the plan for people, beside the catalog that it is a plan of, and note what was written."""
    folder = folder_of(task.out, task.college.id)
    folder.mkdir(parents=True, exist_ok=True)
    catalog = save_catalog(result.catalog, folder / CATALOG, force=True)
    source = replace(result.plan.catalog, source=str(catalog))
    placed = replace(result, plan=replace(result.plan, catalog=source))
    paths = [folder / PLAN, *([folder / WORKBOOK] if wanted.workbook else [])]
    placed.write(paths, wanted.language)
    everything = {*paths, *(one for one in catalog.iterdir() if one.is_file())}
    return {"language": wanted.language, "workbook": wanted.workbook, "seen": seen(everything, task.out)}


def _reading(task: Task) -> Reading:
    """Return the catalog as it was read before, from memory where this process was the one.

    Raises
    ------
    CurriplanError
        If it has changed since.
    """
    known = _read_before.get(_name_of(task, task.catalog_sha256))
    if known is not None:
        return known
    reading = read(task.college.catalog, task.settings)
    if reading.found is None or reading.found.sha256 != task.catalog_sha256:
        raise CurriplanError.of("network-catalog-changed", college=task.college.id)
    _keep(task, task.catalog_sha256, reading)
    return reading


def _keep(task: Task, sha256: str, reading: Reading) -> None:
    _read_before[_name_of(task, sha256)] = reading
    while len(_read_before) > MOST_READ:
        _read_before.popitem(last=False)


def _name_of(task: Task, sha256: str) -> tuple[str, ...]:
    return str(task.college.catalog), sha256, sha256_of(settings_data(task.settings))
