"""Modules of several curricula that look equal and are not shared, and those that were renamed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curriplan.base.errors import Issue, Place
from curriplan.catalog.records import Catalog, HoursKind, Module, Section
from curriplan.importing.rup.vocabulary import folded, skeleton
from curriplan.texts.languages import LANGUAGES

MODULES_NAMED = 8
"""Modules that an issue names."""
MANDATORY = (Section.GENERAL, Section.BASIC)
"""Sections whose modules mean the same in every programme where their numbers are the same."""


@dataclass(frozen=True)
class _Head:
    """A module that belongs to no other: the id that it has in its file, and the one that it got."""

    id: str
    named: str
    file: str
    module: Module
    load: tuple[object, ...]

    def is_like(self, other: _Head) -> bool:
        """Say whether two modules that teach as much look like one."""
        if self.named == other.named or self.file == other.file or self.load != other.load:
            return False
        mine, others = _names(self.module), _names(other.module)
        common = mine.keys() & others.keys()
        if any(mine[language] == others[language] for language in common):
            return True
        numbered = self.module.section in MANDATORY and _number(self.id) == _number(other.id)
        return numbered and not common


def alike_issues(
    catalogs: Sequence[Catalog], names: Sequence[Mapping[str, str]], paths: Sequence[Path]
) -> list[Issue]:
    """Return which modules were renamed in each file, and which look equal under different ids.

    Parameters
    ----------
    names : sequence of mapping of str to str
        The ids that the modules of each catalog got, by those that they have in their files.
    """
    issues: list[Issue] = []
    heads: list[_Head] = []
    for catalog, named, path in zip(catalogs, names, paths, strict=True):
        mine = list(_heads(catalog, named, path.name))
        renamed = [f"{one.id} → {one.named}" for one in mine if one.id != one.named]
        if renamed:
            more = ["…"] if renamed[MODULES_NAMED:] else []
            values: dict[str, object] = {"count": len(renamed)}
            values["renamed"] = (*renamed[:MODULES_NAMED], *more)
            issues.append(Issue("rup-modules-renamed", Place(str(path)), values))
        for one in mine:
            alike = [other for other in heads if one.is_like(other)]
            if alike:
                said = tuple(f"{other.named} ({other.file})" for other in alike[:MODULES_NAMED])
                values = {"id": one.named, "name": one.module.name(catalog.info.language), "alike": said}
                issues.append(Issue("rup-modules-alike", Place(str(path)), values))
        heads += mine
    return issues


def _heads(catalog: Catalog, named: Mapping[str, str], file: str) -> Iterator[_Head]:
    for module in (one for one in catalog.modules if one.parent is None):
        family = [one for one in catalog.modules if module.id in {one.id, one.parent}]
        load = (str(module.section), *sorted(map(_amounts, family)))
        yield _Head(module.id, named[module.id], file, module, load)


def _amounts(module: Module) -> tuple[float, ...]:
    return (module.credits or 0.0, *(module.hours(kind) for kind in HoursKind))


def _names(module: Module) -> dict[str, str]:
    texts = {language: getattr(module, f"name_{language}") or "" for language in LANGUAGES}
    words = {language: re.sub(r"[\W_]+", " ", folded(text)).strip() for language, text in texts.items()}
    return {language: text for language, text in words.items() if text}


def _number(name: str) -> tuple[str, tuple[int, ...]]:
    """Return the letters and the numbers of an id: BM01 and BM1 are the same.

    >>> _number("BM01") == _number("BM.1")
    True
    """
    return re.sub(r"[\W\d_]", "", skeleton(name)), tuple(map(int, re.findall(r"\d{1,9}", name)))
