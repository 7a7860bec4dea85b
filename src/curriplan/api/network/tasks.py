"""A job of one college: what it is asked, and the name of the file that its result has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from curriplan.base.codec import to_data
from curriplan.base.version import __version__
from curriplan.catalog.network.records import College, Network
from curriplan.plan.network import Failure
from curriplan.problem.settings import Settings

SOLVERS = ("highspy", "pulp")


class JobKind(StrEnum):
    """What a job does."""

    READ = "read"
    """Reads and checks the catalog."""
    ALONE = "alone"
    """Plans the college by itself."""
    OFFERED = "offered"
    """Says what that plan is in the eyes of the master."""
    PRICED = "priced"
    """Answers prices."""
    JOINT = "joint"
    """Plans several colleges in one model."""
    WHOLE = "whole"
    """Plans the college within what it was allotted."""


@dataclass(frozen=True)
class Allotment:
    """What a college is given in the national plan, and the closure that its plan there has.

    Parameters
    ----------
    money : mapping of (str, int) to int
        KZT by source and calendar year.
    hours : mapping of (str, str) to float
        Hours by centre and calendar semester.
    names : mapping of str to str
        Of the network, by language: the plan says whose part it is.
    """

    choice: int
    money: Mapping[tuple[str, int], int]
    hours: Mapping[tuple[str, str], float]
    closure: float
    names: Mapping[str, str]


@dataclass(frozen=True)
class PlanFiles:
    """Which files of a plan are written for people, beside its result.

    Parameters
    ----------
    language : str or None
        Of the workbook; None for that of the catalog.
    workbook : bool
        Whether there is one.
    """

    language: str | None
    workbook: bool


@dataclass(frozen=True)
class Task:
    """A job: a pure function of all of this but `out`, `files`, the paths, and a limit of time not reached.

    Parameters
    ----------
    network : Network
        What matters of the network to this college, see `part_of`.
    catalog_sha256 : str
        Of the catalog as it was read; empty for the job that reads it.
    payload : Any
        Further data of the job, as JSON has them.
    asked : Any
        The same as the job takes it.
    out : Path
        The folder of the run.
    files : PlanFiles or None
        What is written for people.
    """

    kind: JobKind
    college: College
    network: Network
    settings: Settings
    out: Path
    catalog_sha256: str = ""
    payload: Any = None
    asked: Any = None
    files: PlanFiles | None = None
    others: tuple[tuple[College, str], ...] = ()
    """Colleges that are planned in the same model, each with the hash of its catalog."""

    @cached_property
    def material(self) -> Mapping[str, Any]:
        """All that the result follows from, as JSON has it."""
        others = {"others": [[one.id, sha256] for one, sha256 in self.others]} if self.others else {}
        return {
            **others,
            "kind": self.kind.value,
            "college": self.college.id,
            "catalog": self.catalog_sha256 or catalog_name(self.college, self.network),
            "versions": versions(),
            "settings": lasting_settings(self.settings),
            "network": _part_data(self.kind, self.network),
            "payload": self.payload,
        }

    @cached_property
    def key(self) -> str:
        """The name of the result."""
        return sha256_of(self.material)


@dataclass(frozen=True)
class Done:
    """What a worker says of a job whose result is a file, or of one that failed."""

    key: str
    failure: Failure | None = None
    remarks: tuple[str, ...] = ()


@cache
def versions() -> Mapping[str, str]:
    """Return the versions that a result hangs on: of this program, and of what solves."""
    return {"curriplan": __version__, **{name: metadata.version(name) for name in SOLVERS}}


def canonical(data: Any) -> bytes:
    """Return the one text that stands for data."""
    text = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def sha256_of(data: Any) -> str:
    """Return the hash of data."""
    return hashlib.sha256(canonical(data)).hexdigest()


def settings_data(settings: Settings) -> dict[str, Any]:
    """Return what a user chose, as JSON has it."""
    profile = settings.profile
    rows = profile and [row.model_dump(mode="json", by_alias=True, exclude_none=True) for row in profile]
    return {**to_data(settings), "profile": rows}


def lasting_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings by which results are named: not the time, which most solves do not need."""
    return {name: value for name, value in settings_data(settings).items() if name != "time_limit_s"}


def catalog_name(college: College, network: Network) -> str:
    """Return what the catalog is called from the folder of the network, with forward slashes."""
    home = network.path.parent
    path = college.catalog
    return (path.relative_to(home) if path.is_relative_to(home) else path).as_posix()


def part_of(network: Network, *colleges: College) -> Network:
    """Return what matters of a network to some colleges, the names left out: it is sent with every job."""
    mine = {None, *(one.region for one in colleges)}
    names = {one.id for one in colleges}
    return replace(
        network,
        names={},
        regions=(),
        colleges=tuple(replace(one, names={}, weight=1.0) for one in colleges),
        budgets=tuple(one for one in network.budgets if one.region in mine),
        centres=tuple(replace(one, names={}) for one in network.centres),
        places=tuple(one for one in network.places if one.college in names),
        sha256="",
        origins={},
    )


def _part_data(kind: JobKind, part: Network) -> Any:
    """Return the part of the network that a job's result follows from.

    A plan of a college by itself hangs on the names of what is shared only, by which its money and hours are
    counted: another budget of the country leaves it as it is.
    """
    if kind is JobKind.READ:
        return None
    if kind is JobKind.ALONE:
        return {
            "sources": sorted({one.source for one in part.budgets}),
            "centres": sorted(one.id for one in part.centres),
        }
    return {
        "region": " ".join(one.region for one in part.colleges),
        "budgets": [asdict(one) for one in part.budgets],
        "centres": [{"id": one.id, "region": one.region, "hours": dict(one.hours)} for one in part.centres],
        "places": [asdict(one) for one in part.places],
    }
