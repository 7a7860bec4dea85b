"""`retrain` for Python: everything optional, each argument checked by its name."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from curriplan.api import arguments
from curriplan.api.arguments import whole_within
from curriplan.api.baseline_file import read_baseline
from curriplan.api.reading import Source, read
from curriplan.api.retrain import ANY, TOP, Asking, retrain_catalog
from curriplan.base.arguments import Takes, kind, taking
from curriplan.catalog.records import Catalog
from curriplan.plan.retraining import Retraining
from curriplan.problem.retraining import LEARNERS, MOST_TERMS, CourseWish
from curriplan.problem.settings import Settings
from curriplan.texts.words import Phrase

MOST = 1000
SAID_ALREADY = ("catalog", "learners", "terms", "start", "hour_kzt", "settings")
"""What other functions take too."""


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1


TAKES = {
    **{name: arguments.TAKES[name] for name in SAID_ALREADY},
    "source": kind("text", str),
    "target": kind("text", str),
    "baseline": Takes(lambda value: isinstance(value, Mapping | str | PathLike), Phrase("takes.levels")),
    "top": whole_within(1, MOST),
    "safer": kind("yes_no", bool),
    "matrix": whole_within(2, MOST),
    "cover": Takes(_is_share, Phrase("takes.number", {"range": "0 < x ≤ 1"})),
    "within": kind("yes_no", bool),
}


@taking(TAKES)
def retrain(
    catalog: Catalog | Source | None = None,
    source: str | None = None,
    target: str = ANY,
    *,
    baseline: Mapping[str, int] | Source | None = None,
    top: int = TOP,
    safer: bool = False,
    matrix: int | None = None,
    cover: float | None = None,
    learners: int = LEARNERS,
    terms: int = MOST_TERMS,
    start: str | None = None,
    within: bool = False,
    hour_kzt: int | None = None,
    settings: Settings | None = None,
) -> Retraining:
    """Return the cheapest modules that lead from one occupation to another.

    Parameters
    ----------
    catalog : Catalog, str or path, optional
        As for `optimize`.
    source : str, optional
        The occupation that people come from: its id, its URI, an ISCO-08 code or a name.
    target : str
        An occupation, ``any`` for those that cost least, or ``floors`` for the safety floors.
    baseline : mapping, str or path, optional
        Levels that they hold by competency, beside those of the occupation: a mapping, a CSV file, or a
        programme of the catalog whose learners bring the same.
    top : int
        How many occupations, with ``any``.
    safer : bool
        Only occupations that all sources of scores call less exposed to automation.
    matrix : int, optional
        From each of so many occupations that are exposed most, in the place of `source`.
    cover : float, optional
        Ask for so much of the occupation, a share of 1, in the place of all essential needs.
    learners, terms : int
        Of the course, and the most terms that it may take.
    start : str, optional
        The first term, such as ``2026-1``; by default that of the first programme.
    within : bool
        Within the free hours of the college's rooms and the money of its sources.
    hour_kzt : int, optional
        Cost of an hour of a group, KZT, for modules that have no cost in the catalog.
    settings : Settings, optional
        The profile, the solver and the time limit, for everything together.

    Returns
    -------
    Retraining
        With ``routes_frame``, ``modules``, ``gaps``, ``targets_frame`` and ``matrix`` as DataFrames, and
        ``to_data`` for JSON.

    Raises
    ------
    UsageError
        If an occupation is unknown or asks for nothing, or an argument is not what it takes.
    CatalogError
        If the catalog or the file has errors, or lacks what is asked about.
    InfeasibleError
        If no route leads to the one target that is asked for; it says what is missing.
    """
    found, place = (catalog, None) if isinstance(catalog, Catalog) else _read(catalog, settings)
    wish = CourseWish(learners, terms, start, within, cover, hour_kzt)
    brought = {} if baseline is None else read_baseline(found, baseline)
    asking = Asking(source, brought, target, wish, top, safer, matrix)
    return retrain_catalog(found, asking, settings, source=place)


def _read(catalog: Source | None, settings: Settings | None) -> tuple[Catalog, str | None]:
    reading = read(catalog, settings)
    return reading.require(), reading.source
