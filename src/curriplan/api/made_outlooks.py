"""Outlooks on the labour market, made of public scores, counts of vacancies and new professions."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from curriplan.api.arguments import takes_as_said
from curriplan.api.reading import Source, read
from curriplan.base.errors import UsageError
from curriplan.catalog.records import Catalog
from curriplan.importing.outlooks.make import Ingredients, MadeOutlooks, outlooks_made


@takes_as_said
def make_outlooks(
    catalog: Catalog | Source | None = None,
    *,
    exposure: Mapping[str, str | PathLike[str]] | None = None,
    beta: float | None = None,
    new_professions: float | None = None,
    snapshots: tuple[str | PathLike[str], str | PathLike[str]] | None = None,
    shrink: float | None = None,
    probabilities: Mapping[str, float] | None = None,
    as_today: bool = True,
    as_of: str | None = None,
) -> MadeOutlooks:
    """Add outlooks on the labour market to a catalog. They are assumptions, no forecasts.

    Parameters
    ----------
    catalog : Catalog, str or path, optional
        A catalog, a folder or workbook, or the name of a bundled catalog.
    exposure : mapping of str to path, optional
        Files of scores of ISCO-08 unit groups by the name of their source: ``ilo`` and ``nesta`` are known,
        any other has the columns ``isco08`` and ``score``. Without, the table ``exposure`` of the catalog.
    beta : float, optional
        Above 0, up to 1: an outlook for each source, in which demand is times 1 − beta · rank. Scores are
        no probabilities; ranks run from 0 to 1.
    new_professions : float, optional
        With `beta`: one more, in which this part (above 0, up to 1) of the demand lost goes to occupations
        that the catalog calls ``new``.
    snapshots : pair of paths, optional
        An older and a newer count of vacancies: an outlook in which shares go on changing as they did.
    shrink : float, optional
        With `snapshots`: draw ratios towards 1 as if so many vacancies stood by it; else it is estimated.
    probabilities : mapping of str to float, optional
        Of all outlooks by id; equal by default, which is an assumption as well. They must be given where the
        catalog has outlooks and others come to them.
    as_today : bool
        Whether one outlook is that demand stays what it is.
    as_of : str, optional
        The date on which the scores were read, such as ``2026-05-31``.

    Returns
    -------
    MadeOutlooks
        With ``catalog`` (for `save_catalog`), ``outlooks``, ``issues``.

    Raises
    ------
    CatalogError
        If the catalog has errors, or a file cannot be read or says nothing of it.
    UsageError
        If nothing was asked for, or a number is out of its range.
    """
    for name, value, needs in (
        ("exposure", exposure, beta),
        ("new_professions", new_professions, beta),
        ("shrink", shrink, snapshots),
    ):
        if value and needs is None:
            other = "snapshots" if name == "shrink" else "beta"
            raise UsageError.of("option-needs-other", option=name, other=other)
    for name, value in (("beta", beta), ("new_professions", new_professions)):
        if value is not None and not 0 < value <= 1:
            raise UsageError.of("bad-value", option=name, value=value, expected="0 < x ≤ 1")
    if shrink is not None and not shrink > 0:
        raise UsageError.of("bad-value", option="shrink", value=shrink, expected="0 < x")
    found = catalog if isinstance(catalog, Catalog) else read(catalog).require()
    wish = Ingredients(
        exposure={name: Path(path) for name, path in (exposure or {}).items()},
        beta=beta,
        moved=new_professions,
        snapshots=(Path(snapshots[0]), Path(snapshots[1])) if snapshots else None,
        shrink=shrink,
        probabilities=probabilities,
        as_today=as_today,
        as_of=as_of,
    )
    return outlooks_made(found, wish)
