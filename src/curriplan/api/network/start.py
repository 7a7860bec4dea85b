"""`curriplan network`: from what a user asks to the plan of a network, whoever does the jobs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from curriplan.api.network.bench import Bench, NetworkProgress, Runner, in_this_process
from curriplan.api.network.files import NETWORK_FILES, write_network_files
from curriplan.api.network.folder import RunFolder
from curriplan.api.network.run import NetworkChoices, NetworkRun, with_absolute_paths
from curriplan.api.network.seen import seen
from curriplan.base.errors import Issue, UsageError
from curriplan.base.progress import tell_language
from curriplan.catalog.network.read import read_network
from curriplan.catalog.network.records import Network
from curriplan.plan.network import NetworkPlan
from curriplan.problem.settings import Settings

NEEDED = ("distributed", "cryptography")
"""What the extra `curriplan[network]` brings: Dask, and what it speaks TLS by."""
NOT_SHARED = ("changes", "fairness", "outlooks")
"""Objectives that compare a plan with others, which would have other shares."""


@dataclass(frozen=True)
class Helpers:
    """Who does the jobs.

    Parameters
    ----------
    workers : int or None
        Processes of this machine; None for as many as there are cores, 1 for this process itself.
    scheduler : str or None
        The address of a Dask scheduler whose workers do them instead.
    allow_plain : bool
        Whether it may be on another machine without TLS.
    """

    workers: int | None = None
    scheduler: str | None = None
    allow_plain: bool = False

    @contextmanager
    def runner(self, out: Path) -> Iterator[Runner]:
        """Have them ready.

        Raises
        ------
        UsageError
            If Dask is needed and not installed.
        CurriplanError
            As `curriplan.api.network.cluster.joined_cluster`.
        """
        count = self.workers or cores()
        if self.scheduler is None and count == 1:
            yield in_this_process
            return
        if any(find_spec(name) is None for name in NEEDED):
            raise UsageError.of("network-needs-dask")
        from curriplan.api.network.cluster import joined_cluster, local_cluster

        if self.scheduler is None:
            with local_cluster(count, out) as runner:
                yield runner
        else:
            with joined_cluster(self.scheduler, out, allow_plain=self.allow_plain) as runner:
                yield runner


def cores() -> int:
    """Return how many processors this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable is not None else os.cpu_count() or 1


def plan_network(
    source: Path,
    out: Path,
    settings: Settings,
    choices: NetworkChoices,
    *,
    helpers: Helpers,
    merge: Sequence[Path] = (),
    resume: bool = True,
    force: bool = False,
    tell: Callable[[NetworkProgress], None] = lambda _: None,
    remark: Callable[[Issue], None] = lambda _: None,
    merged: Callable[[int], None] = lambda _: None,
) -> NetworkPlan:
    """Plan a network; what was done before is not done again.

    Parameters
    ----------
    source : Path
        A folder with a ``network.toml``, or that file.
    out : Path
        The folder of the results.
    merge : sequence of Path
        Folders of other runs whose results are taken: shards of this one.
    resume : bool
        Whether results that are in `out` already count.
    force : bool
        Whether `out` may hold other things than a run, or plans that this one replaces by others.
    tell : callable
        Told how far the work is.
    remark : callable
        Told warnings, and of results that were damaged.
    merged : callable
        Told how many results were taken from `merge`.

    Raises
    ------
    CurriplanError
        If the network or the folder cannot be used, the work was stopped or its scheduler lost, or the plans
        break what is shared.
    """
    warnings: list[Issue] = []
    network = with_absolute_paths(read_network(source, warnings))
    tell_language(network.language)
    for issue in warnings:
        remark(issue)
    if network.shares_anything:
        _refuse_what_hangs_on_shares(settings)
    folder = RunFolder.of(out.absolute(), network, settings, national=_is_national(network, choices))
    folder.open(resume=resume, force=force)
    taken = folder.merge(merge, [one.id for one in network.colleges], remark)
    if merge:
        merged(taken)
    with in_turn() if choices.shard is not None else helpers.runner(folder.path) as runner:
        bench = Bench(folder.store, runner, tell, remark)
        run = NetworkRun(network, settings, choices, folder, bench, warnings)
        plan = run.plan()
    paths: tuple[Path, ...] = ()
    if choices.shard is None:
        folder.forget(*NETWORK_FILES)
        paths = write_network_files(plan, folder.path, choices.language or network.language)
    folder.note_written({**run.written, **seen(paths, folder.path)})
    return plan


def _is_national(network: Network, choices: NetworkChoices) -> bool | None:
    """Say whether a run ends with a national plan; None where it writes no plan for people."""
    if not network.shares_anything:
        return False
    return None if choices.shard is not None and not choices.alone_only else not choices.alone_only


def _refuse_what_hangs_on_shares(settings: Settings) -> None:
    """Refuse what compares with plans that a college could make alone: what it is given is not known yet."""
    wanted = [f"--objective {one.name}" for one in settings.objectives if one.name in NOT_SHARED]
    if settings.equity is not None:
        wanted.append("--equity")
    if not settings.seeks("closure"):
        wanted.append("--objective")
    if wanted:
        raise UsageError([Issue("network-cannot-seek", values={"option": one}) for one in wanted])


@contextmanager
def in_turn() -> Iterator[Runner]:
    """Have this process do the jobs: no cluster is needed for a part of a network."""
    yield in_this_process
