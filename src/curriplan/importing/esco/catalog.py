"""An official CSV release of ESCO into a catalog.

ESCO says which skills an occupation needs, but not how well: the levels and importances that planning
asks for are defaults of this import, and their rows say so. docs/importing.md has every rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place, UsageError, nearest
from curriplan.base.progress import keeping_objects
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    CompetencyRelation,
    Occupation,
    OccupationRequirement,
    Origin,
    RelationKind,
)
from curriplan.importing.esco.release import EscoRelease, id_of, read_release
from curriplan.importing.result import Imported
from curriplan.importing.source import Source, accounted, without_circles


def areas_of(release: EscoRelease) -> dict[str, str]:
    """Return the name of the area by the URI of a skill or a group.

    The hierarchy has several parents for many skills: of several areas the first one counts, those with a
    code of the skills pillar (such as S5) before those of knowledge, each by code. What stands at the top
    has no area.
    """
    narrower: defaultdict[str, list[str]] = defaultdict(list)
    for uri, broader in zip(release.broader["conceptUri"], release.broader["broaderUri"], strict=True):
        narrower[broader].append(uri)
    top = set(narrower) - set(release.broader["conceptUri"])
    labels = dict(zip(release.groups["conceptUri"], release.groups["preferredLabel"], strict=True))
    codes = dict(zip(release.groups["conceptUri"], release.groups["code"], strict=True))
    firsts = {uri for parent in top for uri in narrower[parent] if uri in labels}
    areas: dict[str, str] = {}
    for first in sorted(firsts, key=lambda uri: (not codes[uri], codes[uri], id_of(uri))):
        waiting = [first]
        while waiting:
            uri = waiting.pop()
            if uri not in areas:
                areas[uri] = labels[first]
                waiting += narrower[uri]
    return areas


FRAMEWORK = "ESCO"
LEVELS = {"essential": 4, "optional": 3}
"""Level that an occupation is taken to need: an estimate, since ESCO has none."""
IMPORTANCE = {"essential": 1.0, "optional": 0.5}
SOURCES = {kind: f"estimate: esco:{kind}" for kind in LEVELS}
REQUIRED_LEVEL = 1
"""Level of a skill that is essential to another one, from its first level on: the least one can claim."""
ATTRIBUTION = (
    "This catalog uses the ESCO classification of the European Commission. Names are in English only.",
    (
        "ESCO has no levels: the levels and importances of occupation_requirements are estimates of the "
        "import (essential: level 4, importance 1; optional: level 3, importance 0.5), and so is level 1 "
        "of the relations 'requires'."
    ),
)
LICENCE = "Commission Decision 2011/833/EU on the reuse of Commission documents"
TITLES = {
    "kk": "Еуропалық комиссияның ESCO жіктеуіші",
    "ru": "Классификатор ESCO Европейской комиссии",
    "en": "ESCO classification of the European Commission",
}
PARTS = {
    "digital": {"kk": "цифрлық дағдылар", "ru": "цифровые навыки", "en": "digital skills"},
    "digcomp": {"kk": "DigComp дағдылары", "ru": "навыки DigComp", "en": "DigComp skills"},
    "transversal": {"kk": "көпсалалы дағдылар", "ru": "универсальные навыки", "en": "transversal skills"},
}


@keeping_objects()
def import_esco(
    folder: str | PathLike[str],
    *,
    occupations: Sequence[str] = (),
    collection: str | None = None,
    essential_only: bool = False,
    release: str | None = None,
) -> Imported:
    """Make a catalog out of an official CSV release of ESCO.

    Parameters
    ----------
    folder : str or path
        The folder of the release, or its .zip; 1.1 or 1.2, in English.
    occupations : sequence of str
        Codes (``2512.4``), ISCO-08 groups (``2512``), URIs or ids of the occupations to take with what they
        need; by default all.
    collection : {"digital", "digcomp", "transversal"}, optional
        Take only the skills of this collection and what occupations need of them.
    essential_only : bool
        Pass over optional needs: a programmer has some fifty of them, one for each language.
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
    found = read_release(Path(folder), collection, release)
    if essential_only:
        found.needs.pass_over(found.needs["relationType"].ne("essential"))
    _choose(found, occupations, collection)
    if not (len(found.skills.rows) and len(found.occupations.rows) and len(found.needs.rows)):
        raise CatalogError.of("import-nothing-left", Place(str(folder)))
    relations = without_circles(tuple(_relations(found)), (found.skill_relations, found.broader))
    catalog = Catalog(
        _info(found.version, collection),
        competencies=tuple(_competencies(found)),
        competency_relations=relations,
        occupations=tuple(_occupations(found)),
        occupation_requirements=tuple(_requirements(found)),
    )
    return accounted(catalog, found, Path(folder))


def _choose(release: EscoRelease, occupations: Sequence[str], collection: str | None) -> None:
    """Pass over what was not asked for, and what nothing that was asked for leads to."""
    relations, broader, needs = release.skill_relations, release.broader, release.needs
    relations.pass_over(relations["relationType"].ne("essential"))
    if not occupations and collection is None:
        return
    if occupations:
        chosen = set(_named_occupations(release.occupations, occupations))
        needs.keep_chosen("occupationUri", chosen)
        release.occupations.keep_chosen("conceptUri", chosen)
    start = set(needs["skillUri"])
    if release.members is not None:
        members = set(release.members["conceptUri"])
        start = start & members if occupations else members
        needs.keep_chosen("skillUri", members)
    if not occupations:
        release.occupations.keep_chosen("conceptUri", set(needs["occupationUri"]))
    ties = [
        *_pairs(relations, "originalSkillUri", "relatedSkillUri"),
        *_pairs(broader, "conceptUri", "broaderUri"),
    ]
    concepts = _reached(start, ties)
    for source in (release.skills, release.groups):
        source.keep_chosen("conceptUri", concepts)
    relations.keep_chosen("originalSkillUri", concepts)
    broader.keep_chosen("conceptUri", concepts)


def _named_occupations(source: Source, wanted: Sequence[str]) -> Iterator[str]:
    """Yield the URIs of the occupations that were named."""
    rows = source.rows
    unknown = []
    for name in wanted:
        named = rows[["conceptUri", "id", "code", "iscoGroup"]].isin([name]).any(axis=1)
        if not named.any():
            known = (*rows["code"], *rows["preferredLabel"])
            values = {"value": name, "nearest": nearest(name, sorted(known))}
            unknown.append(Issue("import-unknown-occupation", values=values))
        yield from rows.loc[named, "conceptUri"]
    if unknown:
        raise UsageError(unknown)


def _pairs(source: Source, first: str, second: str) -> Iterator[tuple[str, str]]:
    return zip(source[first], source[second], strict=True)


def _reached(start: set[str], ties: Iterable[tuple[str, str]]) -> set[str]:
    """Return what a walk along the ties comes to, its start included."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    for first, second in ties:
        following[first].append(second)
    found, waiting = set(start), list(start)
    while waiting:
        for one in following[waiting.pop()]:
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _competencies(release: EscoRelease) -> Iterator[Competency]:
    areas = areas_of(release)
    for source in (release.skills, release.groups):
        for uri, name, label in _cells(source, "conceptUri", "id", "preferredLabel"):
            yield Competency(
                id=name,
                name_en=label,
                framework=FRAMEWORK,
                framework_version=release.version,
                area=areas.get(uri),
                uri=uri,
            )


def _occupations(release: EscoRelease) -> Iterator[Occupation]:
    columns = ("conceptUri", "id", "preferredLabel", "iscoGroup")
    for uri, name, label, isco in _cells(release.occupations, *columns):
        yield Occupation(id=name, name_en=label, isco08=isco or None, uri=uri)


def _requirements(release: EscoRelease) -> Iterator[OccupationRequirement]:
    for occupation, skill, kind in _cells(release.needs, "occupationUri", "skillUri", "relationType"):
        yield OccupationRequirement(
            occupation=id_of(occupation),
            competency=id_of(skill),
            level=LEVELS[kind],
            importance=IMPORTANCE[kind],
            essential=kind == "essential",
            source=SOURCES[kind],
        )


def _relations(release: EscoRelease) -> Iterator[CompetencyRelation]:
    for source, kind, level in (
        (release.skill_relations, RelationKind.REQUIRES, REQUIRED_LEVEL),
        (release.broader, RelationKind.BROADER, None),
    ):
        first, second = source.rows.columns[:2]
        for row, ends in zip(source.rows.index, _cells(source, first, second), strict=True):
            yield CompetencyRelation(
                source=id_of(ends[0]),
                target=id_of(ends[1]),
                kind=kind,
                level=level,
                origin=Origin(source.file, None, int(row), {"target": second}),
            )


def _cells(source: Source, *columns: str) -> Iterator[tuple[str, ...]]:
    return zip(*(source[name] for name in columns), strict=True)


def _info(version: str | None, collection: str | None) -> CatalogInfo:
    parts = [FRAMEWORK.casefold(), *([version] if version else []), *([collection] if collection else [])]
    titles = {
        f"title_{language}": title + (f": {PARTS[collection][language]}" if collection else "")
        for language, title in TITLES.items()
    }
    return CatalogInfo(
        id="-".join(parts),
        version=version or "0",
        language="en",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        classification=True,
        **titles,
    )
