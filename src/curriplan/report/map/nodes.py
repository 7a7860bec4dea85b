"""The nodes of a map by number, and what ties them whatever the programme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from curriplan.catalog.records import Catalog, Module, Named, requisite_groups
from curriplan.report.areas import area_name
from curriplan.report.labels import Labels
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import word_title
from curriplan.texts.words import Words
from curriplan.xlsx.legal import clean_text
from curriplan.xlsx.measure import shortened

MOST_LETTERS = 300
"""Of one text of the catalog: what a person reads of a name, and a bound on the size of the file."""

Key = tuple[str, str]
"""The kind of a node, and its id."""


def held(text: str) -> str:
    """Return a text of a catalog as the map holds it."""
    return shortened(clean_text(text), MOST_LETTERS)


class Nodes:
    """The nodes of a map, numbered in the order of the catalog.

    Parameters
    ----------
    keys : iterable of Key
        Modules, competencies and occupations of the catalog, in any order.
    """

    def __init__(self, catalog: Catalog, keys: Iterable[Key], language: str) -> None:
        self.catalog = catalog
        self.words = Words(language, "map")
        self.labels = Labels(catalog, Words(language))
        wanted = set(keys)
        tables: tuple[tuple[str, Iterable[Named]], ...] = (
            ("module", catalog.modules),
            ("competency", catalog.competencies),
            ("occupation", catalog.occupations),
        )
        self._rows = [(kind, row) for kind, rows in tables for row in rows if (kind, row.id) in wanted]
        self.number = {(kind, row.id): number for number, (kind, row) in enumerate(self._rows)}
        self._sources: dict[str, int] = {}

    def numbers(self, kind: str, names: Iterable[str]) -> list[int]:
        """Return the numbers of the nodes of some ids, ascending; what the map leaves out has none."""
        return sorted(self.number[kind, name] for name in names if (kind, name) in self.number)

    def to_data(self) -> dict[str, Any]:
        """Return nodes and ties, each tie with the numbers of its ends."""
        return {
            "nodes": [self._node(kind, row) for kind, row in self._rows],
            "teaches": self.teaches,
            "needs": self.needs,
            "requisites": self.requisites,
            "sources": list(self._sources),
        }

    def _node(self, kind: str, row: Named) -> dict[str, Any]:
        language = self.words.language
        names = [row.name(language), *(getattr(row, f"name_{code}") or "" for code in LANGUAGES)]
        facts: dict[str, Callable[[Any], Iterator[str]]] = {
            "module": self._module_facts,
            "competency": self._competency_facts,
            "occupation": self._occupation_facts,
        }
        found: dict[str, Any] = {"kind": kind, "id": row.id, "name": held(names[0])}
        if isinstance(row, Module):
            found["span"] = row.span_terms
        also = sorted({held(name) for name in names[1:] if name} - {found["name"]})
        return {**found, "also": also, "facts": list(facts[kind](row))}

    def _module_facts(self, row: Module) -> Iterator[str]:
        words = self.words
        if row.credits is not None:
            yield words("fact.credits", credits=words.number(row.credits, 2, trimmed=True))
        yield word_title(row.section.value, words.language)
        yield words("fact.hours", hours=words.number(row.total_hours, 1, trimmed=True))
        if row.span_terms > 1:
            yield words("fact.span", terms=row.span_terms)
        if row.setup_cost_kzt:
            yield words("fact.setup", kzt=words.number(row.setup_cost_kzt))
        if row.cost_per_group_kzt:
            yield words("fact.group", kzt=words.number(row.cost_per_group_kzt))

    def _competency_facts(self, row: Any) -> Iterator[str]:
        area = area_name(self.labels, row) if row.area else ""
        yield from (held(text) for text in (self.labels.framework(row), area) if text)

    def _occupation_facts(self, row: Any) -> Iterator[str]:
        if row.isco08:
            yield f"ISCO-08 {row.isco08}"
        if row.nkz_code:
            yield held(f"{self.labels.texts('phrase.nkz')} {row.nkz_code}")

    def _source(self, source: str | None) -> int:
        said = held(self.labels.source(source or ""))
        return self._sources.setdefault(said, len(self._sources))

    @cached_property
    def teaches(self) -> list[list[Any]]:
        """Module, competency, level before, level after, source; with what is carried over from another."""
        found = []
        for (kind, name), module in self.number.items():
            for one in self.catalog.teaching.of(name) if kind == "module" else ():
                competency = self.number.get(("competency", one.competency))
                if competency is not None:
                    before = 0 if one.via else one.row.entry_level
                    source = self._source(one.row.source)
                    found.append([module, competency, before, one.exit_level, source, int(bool(one.via))])
        return found

    @cached_property
    def needs(self) -> list[list[Any]]:
        """Occupation, competency, level, 1 where it is essential, source."""
        found = []
        for row in self.catalog.occupation_requirements:
            ends = (
                self.number.get(("occupation", row.occupation)),
                self.number.get(("competency", row.competency)),
            )
            if None not in ends:
                found.append([*ends, row.level, int(row.essential), self._source(row.source)])
        return found

    @cached_property
    def requisites(self) -> list[list[Any]]:
        """Module, kind, modules of which one suffices; those left out of the map are not in it."""
        found = []
        for name, groups in sorted(requisite_groups(self.catalog.module_requisites).items()):
            module = self.number.get(("module", name))
            for group in groups if module is not None else ():
                others = self.numbers("module", (row.requires for row in group))
                if others:
                    found.append([module, group[0].kind.value, others])
        return found
