"""The files of an ESCO release: which there are, and which of their rows can be used at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.catalog.records import is_id
from curriplan.importing.packed import is_packed
from curriplan.importing.source import (
    Source,
    find_files,
    list_files,
    named,
    read_all,
    read_source,
    version_of,
)
from curriplan.problem.checks.keys import URI

LANGUAGE = "en"
ISCED = "isced-f"
"""Groups of knowledge are known by their ISCED-F code, which alone would look like a number."""
RELATIONS = ("essential", "optional")

FILES = {
    "skills": ("skills", ("conceptUri", "preferredLabel", "status", "skillType")),
    "groups": ("skillGroups", ("conceptUri", "preferredLabel", "status", "code")),
    "occupations": ("occupations", ("conceptUri", "preferredLabel", "status", "iscoGroup", "code")),
    "needs": ("occupationSkillRelations", ("occupationUri", "skillUri", "relationType", "skillType")),
    "skill_relations": ("skillSkillRelations", ("originalSkillUri", "relatedSkillUri", "relationType")),
    "broader": ("broaderRelationsSkillPillar", ("conceptUri", "broaderUri")),
}
"""The name of each file without language and ending, and the columns that are read."""
COLLECTIONS = {
    "digital": ("digitalSkillsCollection", "ictSkillsCollection"),
    "digcomp": ("digCompSkillsCollection",),
    "transversal": ("transversalSkillsCollection",),
}
"""The names of the file of each collection: ESCO 1.1.0 calls digital skills ICT skills."""
IN_LANGUAGE = re.compile(r"(skills|skillgroups|occupations)_([a-z]{2})\.csv")


@dataclass
class EscoRelease:
    """The rows of a release that can be used; of the concepts, `ids` holds the id of every URI."""

    skills: Source
    groups: Source
    occupations: Source
    needs: Source
    skill_relations: Source
    broader: Source
    members: Source | None
    version: str | None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The tables whose rows come into a catalog."""
        return self.skills, self.groups, self.occupations, self.skill_relations, self.broader, self.needs

    @property
    def issues(self) -> Iterator[Issue]:
        """What was left out or is doubtful, file by file."""
        for source in (*self.sources, *([self.members] if self.members else [])):
            yield from source.issues


def read_release(folder: Path, collection: str | None, version: str | None) -> EscoRelease:
    """Read the files of a release, and leave out what cannot be used.

    Raises
    ------
    CatalogError
        With every problem of every file as a whole.
    """
    wanted: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        kind: ((stem,), columns) for kind, (stem, columns) in FILES.items()
    }
    if collection:
        wanted["members"] = (COLLECTIONS[collection], ("conceptUri",))
    # Relations of release 1.1 have no language in their name.
    names = {
        kind: [name for stem in stems for name in (f"{stem}_{LANGUAGE}.csv", f"{stem}.csv")]
        for kind, (stems, _) in wanted.items()
    }
    _refuse_other_language(folder)
    paths = find_files(folder, names)
    readers = [partial(read_source, paths[kind], kind, columns) for kind, (_, columns) in wanted.items()]
    found = {source.kind: source for source in read_all(readers)}
    members = found.pop("members", None)
    release = EscoRelease(**found, members=members, version=version or version_of(folder))
    _sift_concepts(release)
    _sift_relations(release)
    return release


def _refuse_other_language(folder: Path) -> None:
    """Refuse a release of which all that has a language is in another one."""
    if not folder.is_dir() and not is_packed(folder):
        return
    found = [match.groups() for name in list_files(folder) if (match := IN_LANGUAGE.fullmatch(name))]
    languages = {language for _, language in found}
    if LANGUAGE not in languages and len({stem for stem, _ in found}) == 3:
        files = ", ".join(f"skills_{language}.csv" for language in sorted(languages))
        raise CatalogError.of("import-other-language", Place(str(folder)), files=files)


def _sift_concepts(release: EscoRelease) -> None:
    for source in (release.skills, release.groups, release.occupations):
        _sift_named(source)
    # What is a skill cannot be a group as well: one table of the catalog holds both.
    taken = source_ids(release.skills)
    release.groups.leave_out(release.groups["id"].isin(taken), "import-repeated-row", "conceptUri")
    release.skills.remark(release.skills["skillType"].eq(""), "import-blank-type", "skillType")
    isco = release.occupations["iscoGroup"].str.removeprefix("C")
    release.occupations.rows = release.occupations.rows.assign(iscoGroup=isco)
    wrong = ~isco.str.fullmatch(r"[0-9]{1,4}")
    release.occupations.remark(wrong, "import-wrong-isco", "iscoGroup")
    release.occupations.rows.loc[wrong, "iscoGroup"] = ""


def _sift_named(source: Source) -> None:
    source.leave_out(~source["conceptUri"].map(_is_usable_uri).astype(bool), "import-wrong-uri", "conceptUri")
    source.rows = source.rows.assign(id=source["conceptUri"].map(id_of))
    source.leave_out(source["status"].ne("released"), "import-not-released", "status")
    source.leave_out(~named(source["preferredLabel"]), "import-without-name", "preferredLabel")
    source.leave_out(source["id"].duplicated(), "import-repeated-row", "conceptUri")


def source_ids(source: Source) -> set[str]:
    """Return the ids of the concepts that are still taken."""
    return set(source["id"])


def id_of(uri: str) -> str:
    """Return the id of a concept: the last part of its URI.

    >>> id_of("http://data.europa.eu/esco/isced-f/0613")
    'isced-f-0613'
    """
    start, _, last = uri.rpartition("/")
    return f"{ISCED}-{last}" if start.endswith(f"/{ISCED}") else last


def _is_usable_uri(uri: str) -> bool:
    name = id_of(uri)
    return bool(URI.fullmatch(uri) and is_id(name))


def _sift_relations(release: EscoRelease) -> None:
    skills = set(release.skills["conceptUri"])
    concepts = skills | set(release.groups["conceptUri"])
    occupations = set(release.occupations["conceptUri"])
    release.needs.keep_known("occupationUri", occupations)
    release.needs.keep_known("skillUri", skills)
    for column in ("originalSkillUri", "relatedSkillUri"):
        release.skill_relations.keep_known(column, skills)
    for column in ("conceptUri", "broaderUri"):
        release.broader.keep_known(column, concepts)
    for source in (release.needs, release.skill_relations):
        source.leave_out(~source["relationType"].isin(RELATIONS), "import-unknown-relation", "relationType")
    for source in (release.skill_relations, release.broader):
        first, second = source.rows.columns[:2]
        source.leave_out(source[first].eq(source[second]), "import-own-relation", second)
    for source in (release.needs, release.skill_relations, release.broader):
        _sift_repeated(source)
    if release.members is not None:
        release.members.keep_known("conceptUri", skills)
    release.needs.remark(release.needs["skillType"].eq(""), "import-blank-type", "skillType")


def _sift_repeated(source: Source) -> None:
    """Leave out relations that stand twice; of an essential and an optional one, the optional one."""
    ends = list(source.rows.columns[:2])
    rows = source.rows
    if "relationType" in rows:
        rows = rows.sort_values("relationType", kind="stable")
    repeated = rows.duplicated(ends).reindex(source.rows.index)
    source.leave_out(repeated, "import-repeated-row", ends[1])
