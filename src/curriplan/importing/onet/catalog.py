"""A release of O*NET into a catalog: its ratings are measured, its technologies have none.

docs/importing.md has the formulas, and every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from os import PathLike
from pathlib import Path

import pandas as pd

from curriplan.base.errors import CatalogError, Issue, Place, UsageError, nearest
from curriplan.base.progress import keeping_objects
from curriplan.catalog.records import Catalog, CatalogInfo, Competency, Occupation, OccupationRequirement
from curriplan.importing.onet.release import (
    CODE,
    COMMODITY,
    COMMODITY_TITLE,
    ELEMENT,
    ELEMENT_NAME,
    HOT,
    IN_DEMAND,
    SCALE,
    TITLE,
    VALUE,
    OnetRelease,
    leave_out_unusable,
    read_release,
)
from curriplan.importing.result import Imported
from curriplan.importing.source import Source, accounted

FRAMEWORK = "O*NET"
AREAS = {"skill_ratings": "Skills", "knowledge_ratings": "Knowledge"}
TECHNOLOGY_AREA = "Technology Skills"
TECHNOLOGY_ID = "unspsc-"
ESSENTIAL_FROM = Decimal(3)
"""From this importance on ("important") a need is essential."""
TECHNOLOGY_LEVEL, TECHNOLOGY_IMPORTANCE = 3, 0.5
"""What an occupation is taken to need of a technology: an estimate, since O*NET does not rate them."""
LICENCE = "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)"
ATTRIBUTION = (
    "This catalog includes information from the O*NET {version} Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a "
    "trademark of USDOL/ETA. curriplan has modified all or some of this information. USDOL/ETA has not "
    "approved, endorsed, or tested these modifications."
)
MODIFIED = (
    "Modified: importance is (IM - 1) / 4, level is 8/7 of LV, rounded; levels and importances of technology "
    "skills are estimates of the import. Names are in English only."
)
TITLES = {
    "kk": "АҚШ Еңбек министрлігінің O*NET деректер базасы",
    "ru": "База данных O*NET Министерства труда США",
    "en": "O*NET database of the US Department of Labor",
}


@keeping_objects()
def import_onet(
    folder: str | PathLike[str], *, occupations: Sequence[str] = (), release: str | None = None
) -> Imported:
    """Make a catalog out of a release of O*NET.

    Parameters
    ----------
    folder : str or path
        The folder of the release: text files, or workbooks where there is no text file; or the .zip of the
        text files.
    occupations : sequence of str
        Codes (``15-1252.00``, or ``15-1252`` for all that begin so) of the occupations to take with what
        they need; by default all.
    release : str, optional
        Version of the release; by default the one in the name of the folder.

    Returns
    -------
    Imported
        The catalog, and what became of every row of the release.

    Raises
    ------
    CatalogError
        If files are missing or broken, or nothing is left.
    UsageError
        If the release has no such occupation.
    """
    found = read_release(Path(folder), release)
    _choose(found, occupations)
    leave_out_unusable(found)
    requirements = (*_rated(found), *_technologies(found))
    if not requirements:
        raise CatalogError.of("import-nothing-left", Place(str(folder)))
    needed = {row.competency for row in requirements}
    catalog = Catalog(
        _info(found.version),
        competencies=tuple(row for row in _competencies(found) if row.id in needed),
        occupations=tuple(
            Occupation(id=code, name_en=title)
            for code, title in zip(found.occupations[CODE], found.occupations[TITLE], strict=True)
        ),
        occupation_requirements=requirements,
    )
    return accounted(catalog, found, Path(folder))


def share_of_importance(rating: Decimal) -> float:
    """Return the importance of a rating from 1 to 5: (rating - 1) / 4.

    >>> share_of_importance(Decimal("4.12"))
    0.78
    """
    return float((rating - 1) / 4)


def level_of_rating(rating: Decimal) -> int:
    """Return the level of a rating from 0 to 7: 8/7 of it, rounded half up, at least 1; 0 stays none.

    >>> [level_of_rating(Decimal(text)) for text in ("0", "0.12", "3.5", "4.62", "7")]
    [0, 1, 4, 5, 8]
    """
    level = int((rating * 8 / 7).quantize(Decimal(1), ROUND_HALF_UP))
    return max(1, level) if rating else 0


def _choose(release: OnetRelease, occupations: Sequence[str]) -> None:
    if not occupations:
        return
    codes = release.occupations[CODE]
    chosen: set[str] = set()
    unknown = []
    for name in occupations:
        found = codes[(codes == name) | codes.str.startswith(f"{name}.")]
        chosen.update(found)
        if found.empty:
            known = sorted({*codes, *release.occupations[TITLE]})
            values = {"value": name, "nearest": nearest(name, known)}
            unknown.append(Issue("import-unknown-occupation", values=values))
    if unknown:
        raise UsageError(unknown)
    for source in release.sources:
        source.keep_chosen(CODE, chosen)


def _rated(release: OnetRelease) -> Iterator[OccupationRequirement]:
    for source in release.ratings:
        ratings = source.rows.set_index([CODE, ELEMENT])
        importances = ratings.loc[ratings[SCALE] == "IM", VALUE]
        levels = ratings.loc[ratings[SCALE] == "LV", VALUE].reindex(importances.index)
        void = []
        for (code, element), importance, level in zip(importances.index, importances, levels, strict=True):
            row = _requirement(code, element, Decimal(importance), Decimal(level))
            if row is None:
                void.append((code, element))
            else:
                yield row
        # Neither important nor needed at any level: a catalog has no place for it.
        keys = pd.MultiIndex.from_frame(source.rows[[CODE, ELEMENT]])
        source.pass_over(pd.Series(keys.isin(void), index=source.rows.index))


def _requirement(
    code: str, element: str, importance: Decimal, level: Decimal
) -> OccupationRequirement | None:
    """Return what a pair of ratings asks for; None where that is nothing."""
    if not (share_of_importance(importance) and level_of_rating(level)):
        return None
    return OccupationRequirement(
        occupation=code,
        competency=element,
        level=level_of_rating(level),
        importance=share_of_importance(importance),
        essential=importance >= ESSENTIAL_FROM,
        source=f"onet: IM {importance}, LV {level}",
    )


def _technologies(release: OnetRelease) -> Iterator[OccupationRequirement]:
    rows = release.technologies.rows
    marks = rows.assign(hot=rows[HOT].eq("Y"), wanted=rows[IN_DEMAND].eq("Y"), count=1)
    sums = marks.groupby([CODE, COMMODITY], sort=True)[["count", "hot", "wanted"]].sum()
    for (code, commodity), count, hot, wanted in zip(
        sums.index, sums["count"], sums["hot"], sums["wanted"], strict=True
    ):
        yield OccupationRequirement(
            occupation=code,
            competency=TECHNOLOGY_ID + commodity,
            level=TECHNOLOGY_LEVEL,
            importance=TECHNOLOGY_IMPORTANCE,
            essential=False,
            source=_examples(count, hot, wanted, release.technologies.absent),
        )


def _examples(count: int, hot: int, wanted: int, absent: frozenset[str]) -> str:
    """Return where a technology comes from; what the release does not mark is not counted."""
    marked = ((HOT, f"{hot} hot"), (IN_DEMAND, f"{wanted} in demand"))
    counts = [f"{count} examples", *(text for column, text in marked if column not in absent)]
    return f"estimate: onet: {', '.join(counts)}"


def _competencies(release: OnetRelease) -> Iterator[Competency]:
    for source in release.ratings:
        area = AREAS[source.kind]
        yield from _named(release, source, ELEMENT, ELEMENT_NAME, area, "")
    technologies = release.technologies
    yield from _named(release, technologies, COMMODITY, COMMODITY_TITLE, TECHNOLOGY_AREA, TECHNOLOGY_ID)


def _named(
    release: OnetRelease, source: Source, code: str, name: str, area: str, prefix: str
) -> Iterator[Competency]:
    rows = source.rows.drop_duplicates(code)
    for one, label in zip(rows[code], rows[name], strict=True):
        yield Competency(
            id=prefix + one,
            name_en=label,
            framework=FRAMEWORK,
            framework_version=release.version,
            area=area,
        )


def _info(version: str | None) -> CatalogInfo:
    return CatalogInfo(
        id=f"onet-{version}" if version else "onet",
        version=version or "0",
        language="en",
        licence=LICENCE,
        attribution=(ATTRIBUTION.format(version=version or "(version unknown)"), MODIFIED),
        classification=True,
        title_kk=TITLES["kk"],
        title_ru=TITLES["ru"],
        title_en=TITLES["en"],
    )
