"""The functions of the public library: the use cases with everything optional, and pandas tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.errors import CurriplanError
from curriplan.model import Catalog
from curriplan.pipeline import (
    Source,
    Verdict,
    catalog_gaps,
    optimize_catalog,
    read,
    verdict_of,
    verify_saved_plan,
)
from curriplan.plan import Plan
from curriplan.plan_file import check_same_catalog, read_plan
from curriplan.results import PlanResult, known_language
from curriplan.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from curriplan.optimizer import Progress


def optimize(
    catalog: Catalog | Source | None = None,
    settings: Settings | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    **choices: Any,
) -> PlanResult:
    """Find the best plan.

    Parameters
    ----------
    catalog : Catalog, str or path, optional
        A catalog, a folder or workbook, or the name of a bundled catalog (by default the illustrative
        ``kz-digital-college``).
    settings : Settings, optional
        What the user chose.
    progress : callable, optional
        Told now and then where the solver is.
    **choices
        Fields of `Settings` that replace those of `settings`, such as ``budget_kzt=50_000_000``.

    Returns
    -------
    PlanResult
        With ``modules``, ``gaps``, ``uses``, ``payments``, ``stages``, ``checks`` as DataFrames,
        ``to_excel`` and ``to_json``.

    Raises
    ------
    CatalogError
        If the catalog has errors.
    UsageError
        If a setting is unknown.
    InfeasibleError, NoPlanError, SolverError
        If there is no plan, none was found in time, or the solver failed.
    """
    chosen = replace(settings or Settings(), **choices)
    if isinstance(catalog, Catalog):
        return optimize_catalog(catalog, chosen, progress=progress)
    reading = read(catalog, chosen)
    return optimize_catalog(
        reading.require(), chosen, source=reading.source, warnings=reading.issues, progress=progress
    )


def verify(plan: PlanResult | Plan | Source, catalog: Catalog | Source | None = None) -> Verdict:
    """Re-evaluate a plan without a solver.

    Parameters
    ----------
    plan : PlanResult, Plan, str or path
        A plan, or a ``plan.json``.
    catalog : Catalog, str or path, optional
        The catalog it was made from; by default the one that the plan names.

    Raises
    ------
    CurriplanError
        If the plan or the catalog cannot be read, or the plan was made from another catalog.
    """
    if isinstance(plan, PlanResult):
        return verdict_of(plan.plan, plan.catalog)
    if not isinstance(plan, Plan):
        if not isinstance(catalog, Catalog):
            return verify_saved_plan(Path(plan), catalog)
        plan = read_plan(Path(plan))
    if not isinstance(catalog, Catalog):
        source = catalog or plan.catalog.source
        if source is None:
            raise CurriplanError.of("plan-without-catalog", path="Plan")
        catalog = read(source).require()
    check_same_catalog(plan, catalog.sha256)
    return verdict_of(plan, catalog)


def find_gaps(
    catalog: Catalog | Source | None = None, settings: Settings | None = None, lang: str | None = None
) -> pd.DataFrame:
    """Return what each programme's graduates still lack for their occupations.

    Parameters
    ----------
    catalog : Catalog, str or path, optional
        As for `optimize`.
    settings : Settings, optional
        Which programmes, which regulation profile.
    lang : str, optional
        Language of the names; the catalog's by default.

    Returns
    -------
    pandas.DataFrame
        One row a programme and competency: levels required, brought, taught today and teachable, and
        the weight of what is open as a share of the programme's whole weight.
    """
    import pandas as pd

    from curriplan.report import GAP_FIELDS, gap_rows

    found = catalog if isinstance(catalog, Catalog) else read(catalog, settings).require()
    _, gaps = catalog_gaps(found, settings)
    rows = gap_rows(found, gaps, known_language(lang, found))
    return pd.DataFrame(rows, columns=list(GAP_FIELDS))


def write_workbook(
    result: PlanResult, path: str | PathLike[str], lang: str | None = None, *, force: bool = False
) -> Path:
    """Write a plan as a workbook and return its path; see `PlanResult.to_excel`."""
    return result.to_excel(path, lang, force=force)
