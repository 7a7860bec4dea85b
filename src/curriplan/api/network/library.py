"""The function of the public library that plans a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.api.arguments import takes_as_said
from curriplan.api.as_given import in_settings
from curriplan.api.network.run import NetworkChoices
from curriplan.api.network.start import Helpers, plan_network
from curriplan.base.errors import Issue, UsageError
from curriplan.plan.network import NetworkPlan
from curriplan.problem.settings import Settings
from curriplan.texts.languages import LANGUAGES

if TYPE_CHECKING:
    from curriplan.api.network.bench import NetworkProgress

Place = str | PathLike[str]


@takes_as_said
def network(
    folder: Place,
    out: Place,
    settings: Settings | None = None,
    *,
    workers: int | None = 1,
    scheduler: str | None = None,
    allow_plain: bool = False,
    resume: bool = True,
    force: bool = False,
    shard: tuple[int, int] | None = None,
    merge: Iterable[Place] = (),
    alone: bool = False,
    network_gap: float = 0.01,
    rounds: int = 40,
    workbooks: bool = True,
    lang: str | None = None,
    tell: Callable[[NetworkProgress], None] | None = None,
    remark: Callable[[Issue], None] | None = None,
    **choices: Any,
) -> NetworkPlan:
    """Plan a network of colleges that share money and centres.

    Parameters
    ----------
    folder : str or path
        A folder with a ``network.toml``, or that file.
    out : str or path
        Folder of the results; one of a run that has ended anyhow is gone on with.
    settings : Settings, optional
        What was chosen for the colleges' plans; ``time_limit_s`` is for each of them.
    workers : int, optional
        Processes of this machine that plan side by side, 1 for this process alone; None for as many as there
        are cores. More than one needs Dask. A script need not guard its main module.
    scheduler : str, optional
        Address of a Dask scheduler whose workers plan instead.
    allow_plain : bool
        Whether that may be on another machine without TLS.
    resume, force : bool
        Whether results in `out` count; whether it may hold other things than a run.
    shard : tuple of (int, int), optional
        ``(2, 8)``: only the second of eight parts of the colleges, by themselves; no files of the network.
    merge : iterable of path
        Folders of other runs of the same network, such as shards, whose results are taken first.
    alone : bool
        Whether to end with the colleges by themselves.
    network_gap : float
        Relative gap at which the national plan is near enough, 0 to 1.
    rounds : int
        Rounds of pricing at most.
    workbooks : bool
        Whether each college has a workbook beside its ``plan.json``.
    lang : str, optional
        Of the workbooks: ``kk``, ``ru`` or ``en``; by default that of the network, and of each catalog.
    tell, remark : callable, optional
        Told how far the work is; told warnings, and of results that had to be done again.
    **choices
        Fields of `Settings` that replace those of `settings`.

    Returns
    -------
    NetworkPlan
        As ``network.json`` holds it. Colleges without a plan have a ``failure``.

    Raises
    ------
    UsageError
        If an argument is not what it takes, or Dask is needed and not installed.
    CurriplanError
        If the network or `out` cannot be used, the work was stopped or its scheduler lost, or no choice of
        plans keeps what is shared.
    """
    if lang is not None and lang not in LANGUAGES:
        raise UsageError.of("unknown-language", value=lang, known=", ".join(LANGUAGES))
    chosen = NetworkChoices(
        gap=network_gap,
        rounds=rounds,
        alone_only=alone,
        shard=shard,
        language=lang,
        workbooks=workbooks,
    )
    return plan_network(
        Path(folder),
        Path(out),
        replace(settings or Settings(), **in_settings(choices)[0]),
        chosen,
        helpers=Helpers(workers, scheduler, allow_plain),
        merge=[Path(one) for one in merge],
        resume=resume,
        force=force,
        tell=tell or (lambda _: None),
        remark=remark or (lambda _: None),
    )
