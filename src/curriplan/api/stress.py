"""The use case of `curriplan stress`: what a saved plan loses when a partner leaves, and its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from curriplan.api.reading import Source
from curriplan.api.verify import read_saved, verdict_of
from curriplan.base.errors import CurriplanError, ExitCode, UsageError
from curriplan.base.files import write_each
from curriplan.catalog.records import Catalog
from curriplan.plan.plan import Selection
from curriplan.plan.stress import Stress
from curriplan.problem.owners import partners_of
from curriplan.problem.problem import Problem

if TYPE_CHECKING:
    from curriplan.base.progress import Progress

STRESS_LIMIT_S = 300.0
"""So long is looked for what is left, unless told otherwise."""


def stress_saved(
    path: Path,
    source: Source | None = None,
    partners: Sequence[str] = (),
    *,
    leaves_year: int | None = None,
    shares: bool = False,
    time_limit_s: float = STRESS_LIMIT_S,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> tuple[Stress, Catalog]:
    """Find what a saved plan loses when each partner leaves; see `stress_of`.

    Raises
    ------
    CurriplanError
        If the plan or the catalog cannot be read, the plan was made from another one, or breaks a rule.
    """
    plan, catalog = read_saved(path, source)
    verdict = verdict_of(plan, catalog)
    verdict.require_rules()
    found = stress_of(
        verdict.problem,
        plan.selection,
        partners,
        leaves_year=leaves_year,
        shares=shares,
        time_limit_s=time_limit_s,
        progress=progress,
        workers=workers,
    )
    return found, catalog


def stress_of(
    problem: Problem,
    selection: Selection,
    partners: Sequence[str] = (),
    *,
    leaves_year: int | None = None,
    shares: bool = False,
    time_limit_s: float = STRESS_LIMIT_S,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Stress:
    """Find what a plan loses when each partner leaves; see `curriplan.optimizer.partners.find_stress`.

    Raises
    ------
    UsageError
        If a partner is none, the year is none of the plan's, or shares of too many sources are asked for.
    CurriplanError
        If the catalog names no partner.
    """
    from curriplan.optimizer.partners import find_stress

    known = partners_of(problem.catalog)
    if not known:
        raise CurriplanError.of("no-partners", exit_code=ExitCode.USAGE)
    for name in partners:
        if name not in known:
            raise UsageError.of("unknown-partner", value=name, known=", ".join(known))
    years = problem.money.years
    if leaves_year is not None and not min(years) <= leaves_year <= max(years):
        raise UsageError.of("leaves-outside-plan", year=leaves_year, first=min(years), last=max(years))
    return find_stress(
        problem,
        selection,
        partners or known,  # also those that --keep-within did not ask about
        leaves_year=leaves_year,
        shares=shares,
        time_limit_s=time_limit_s,
        progress=progress,
        workers=workers,
    )


def write_stress(catalog: Catalog, stress: Stress, paths: Sequence[Path], language: str) -> None:
    """Write it to each of `paths`; a CSV holds a row a partner."""
    from curriplan.report.labels import Labels
    from curriplan.report.stress import partner_table, write_stress_workbook
    from curriplan.texts.words import Words

    data = stress.to_data()
    reference = {"id": catalog.info.id, "version": catalog.info.version, "sha256": catalog.sha256}
    head = {"schema": data.pop("schema"), "catalog": reference}
    table = partner_table(Labels(catalog, Words(language)), stress.closure)

    def workbook(stream: IO[bytes]) -> None:
        write_stress_workbook(catalog, stress, stream, language)

    write_each(paths, workbook, head | data, table.fields, table.records(stress.partners))
