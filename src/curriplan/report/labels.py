"""Names of things in the report's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from curriplan.base import semesters
from curriplan.catalog.records import (
    RECORD_OF_TABLE,
    Catalog,
    Challenge,
    Competency,
    Named,
    ProfileEntry,
    Programme,
)
from curriplan.plan.plan import Stage
from curriplan.problem.aspects import RuleCheck
from curriplan.texts.titles import column_title, objective_title, table_title
from curriplan.texts.words import Words, texts_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ORDER = r"Order (\d+) of (\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})"
_ORDERS = re.compile(rf"{_ORDER}(?:, as amended by {_ORDER})?( \(replaced(?: by {_ORDER})?\))?")
_SECOND_HAND = re.compile("(.+), read in a secondary source")
SOURCE_TEXTS = ("derived", "practice", "in_use", "choice")
"""Whole sources with words of their own."""
OWNERS = ("competence_centre", "university", "engineering_works", "service_company", "it_company")
"""Owners of the bundled catalog's resources, with words of their own."""


def in_words(
    texts: Words, source: str, family: str = "source_text", names: Sequence[str] = SOURCE_TEXTS
) -> str:
    """Return a source in the language of the texts, or as it is where nothing is known of it."""
    if texts.language == "en":
        return source
    for name in names:
        key = f"{family}.{name}"
        if texts_of("report")[key]["en"] == source:
            return texts(key)
    second_hand = _SECOND_HAND.fullmatch(source)
    if second_hand is not None:
        return texts("source_part.second_hand", source=second_hand[1])
    found = _ORDERS.fullmatch(source)
    return source if found is None else _orders(texts, found)


def _orders(texts: Words, found: re.Match[str]) -> str:
    parts: tuple[str | None, ...] = found.groups()
    if any(month is not None and month not in MONTHS for month in (parts[2], parts[6], parts[11])):
        return found.group(0)
    said = _order(texts, parts[:4])
    if parts[4] is not None:
        said = texts("source_part.amended", order=said, amendment=_order(texts, parts[4:8]))
    if parts[9] is not None:
        said = texts("source_part.replaced_by", order=said, by=_order(texts, parts[9:13]))
    elif parts[8]:
        said = texts("source_part.replaced", order=said)
    return said[:1].upper() + said[1:]


def is_replaced(source: str) -> bool:
    """Say whether a source is an order in whose stead there is another by now."""
    found = _ORDERS.fullmatch(source)
    return found is not None and found[9] is not None


def _order(texts: Words, parts: tuple[str | None, ...]) -> str:
    number, day, month, year = parts
    date = f"{int(day or 0):02}.{MONTHS.index(month or '') + 1:02}.{year}"
    return texts("source_part.order", number=number, date=date)


def known_word(texts: Words, key: str) -> str | None:
    """Return the text of a key that a catalog's word makes, None where there is none."""
    return texts(key) if texts.has(key) else None


LIMITS = {
    "resource_hours": "resource_capacity",
    "source_budget": "funding_budgets",
    "budget": "funding_budgets",
    "payments": "funding_budgets",
}
"""The table that says how much there is of what a rule limits, as far as a national plan may allot it."""


def limit_of(check: RuleCheck) -> tuple[str, str]:
    """Return that table, and whose rows of it a check is about; empty for all of them."""
    table = LIMITS.get(check.aspect, "")
    is_one = check.aspect in ("resource_hours", "source_budget")
    return table, (check.subject or "").partition(":")[0] if is_one else ""


ESTIMATE = "estimate"
ESCO_SOURCES = {"esco:essential": "phrase.essential_source", "esco:optional": "phrase.optional_source"}
OCCUPATIONAL = "occupational"
"""The framework of a catalog's own competencies: a word, not a name like DigComp."""


class Labels:
    """Looks names up in a catalog; an unknown id is its own name."""

    def __init__(self, catalog: Catalog, texts: Words) -> None:
        self.catalog = catalog
        self.texts = texts
        self.rule_texts = Words(texts.language, "rules")

    def _name(self, row: Named | None, name: str) -> str:
        if isinstance(row, Programme) and row.id in self.catalog.running_intakes:
            return row.intake_name(self.texts.language)  # not the only one of its programme
        return row.name(self.texts.language) if row else name

    def programme(self, name: str) -> str:
        """Return a programme's name."""
        return self._name(self.catalog.programme_by_id.get(name), name)

    def sections(self, names: Iterable[str]) -> str:
        """Return sections by their letters."""
        return ", ".join(self.texts(f"section_short.{name}") for name in names)

    def module(self, name: str) -> str:
        """Return a module's name."""
        return self._name(self.catalog.module_by_id.get(name), name)

    def competency(self, name: str) -> str:
        """Return a competency's name."""
        return self._name(self.catalog.competency_by_id.get(name), name)

    def outlook(self, name: str) -> str:
        """Return the name of an outlook, its id where the catalog has none."""
        row = next((one for one in self.catalog.scenarios if one.id == name), None)
        return self._name(row, name)

    def occupation(self, name: str) -> str:
        """Return an occupation's name."""
        return self._name(self.catalog.occupation_by_id.get(name), name)

    def resource(self, name: str) -> str:
        """Return a resource's name."""
        return self._name(self.catalog.resource_by_id.get(name), name)

    def owner(self, owner: str | None) -> str:
        """Return an owner of a resource, one of the bundled catalog in the report's language."""
        return in_words(self.texts, owner or "", "owner_text", OWNERS)

    def funding_source(self, name: str) -> str:
        """Return a funding source's name."""
        row = next((one for one in self.catalog.funding_sources if one.id == name), None)
        return self._name(row, name)

    def allotted(self, table: str, name: str, shown: str) -> str:
        """Return what a source or a centre is called, with the word that it is allotted where it is."""
        if not self.catalog.is_allotted(table, name):
            return shown
        return self.texts("national.allotted", name=shown)

    def is_allotted(self, check: RuleCheck) -> bool:
        """Say whether the limit of a check is the national plan's: of a source, a centre, or all money."""
        found = self.catalog.info.allotted
        table, name = limit_of(check)
        return found is not None and (found.gives(table, name) if name else bool(table and found.sources))

    def challenge(self, name: str) -> str:
        """Return a challenge's name; without a table of them, that of one of the six that are known."""
        row = next((one for one in self.catalog.challenges if one.id == name), None)
        return self._name(row, known_word(self.texts, f"challenge.{name}") or name)

    def stage(self, stage: Stage) -> str:
        """Return the name of a stage's objective, and whether it was sought of the chosen modules alone."""
        name = objective_title(stage.objective, self.texts.language)
        return self.texts("phrase.of_chosen_modules", objective=name) if stage.content_held else name

    def measure(self, name: str) -> str:
        """Return the words of a measure or a limit; one without words is its own name."""
        key = f"measure.{name}"
        return self.texts(key) if self.texts.has(key) else name

    def limit(self, name: str) -> str:
        """Return the words of a setting or of a key of the profile; one without words is its own name."""
        group, _, key = name.partition(" ") if " " in name else ("setting", "", name)
        of_setting = known_word(self.texts, f"setting.{key}") if group == "setting" else None
        return of_setting or known_word(self.texts, f"norm_key.{key}") or key

    def number(self, value: float | None) -> str:
        """Return a number with the language's decimal mark; nothing for None."""
        return "" if value is None else self.texts.significant(value)

    def semester(self, semester: str) -> str:
        """Return ``autumn 2026`` for 2026-1, ``spring 2027`` for 2026-2."""
        return self.texts.semester(semester)

    def term(self, programme: Programme, term: int) -> str:
        """Return ``Semester 3 (autumn 2027)``."""
        when = self.semester(semesters.of_term(programme.start, term))
        return self.texts("phrase.term", term=term, semester=when)

    def sources(self, sources: Iterable[str | None]) -> str:
        """Return the distinct sources of some rows; an estimate is called one in words."""
        found = sorted({source or "" for source in sources})
        return "; ".join(self.source(source) for source in found)

    def source(self, source: str) -> str:
        """Return one source in words."""
        if not source:
            return self.texts("phrase.no_source")
        head, colon, rest = source.partition(":")
        if head.strip().casefold() == ESTIMATE:
            basis = ESCO_SOURCES.get(rest.strip())
            return self.texts("phrase.estimate") + colon + (f" {self.texts(basis)}" if basis else rest)
        return self.texts(ESCO_SOURCES[source]) if source in ESCO_SOURCES else in_words(self.texts, source)

    def verified(self, entry: ProfileEntry | Challenge) -> str:
        """Return whether a norm or a figure was verified at its origin, and when that was said."""
        verified = self.texts("phrase.verified" if entry.verified else "phrase.unverified")
        if not entry.as_of:
            return verified
        return self.texts("phrase.as_of", verified=verified, date=entry.as_of)

    def framework(self, competency: Competency | None) -> str:
        """Return ``DigComp 3.0``; a catalog's own occupational layer is called one in words."""
        if competency is None or not competency.framework:
            return ""
        if competency.framework.casefold() == OCCUPATIONAL:
            return self.texts("phrase.occupational_framework")
        return " ".join(word for word in (competency.framework, competency.framework_version) if word)

    def yes_no(self, value: bool) -> str:
        """Return yes or no."""
        return self.texts("word.yes" if value else "word.no")

    def anything(self, name: str) -> str:
        """Return what an id of a check's details is called; alternatives (``A|B``) joined by *or*."""
        return self.texts("word.or").join(self._subject(one) for one in name.split("|"))

    def detail(self, detail: str) -> str:
        """Return the names in a detail of a check (``SEC2:SEC1|NE``): a module, and what it lacks."""
        return " – ".join(map(self.anything, detail.split(":")))

    def table(self, table: str) -> str:
        """Return what a table is called, with the name that its sheet or file has."""
        return self._quoted(table_title(table, self.texts.language), table)

    def column(self, table: str, column: str) -> str:
        """Return what a column is called, with the name that stands above it."""
        return self._quoted(column_title(table, column, self.texts.language), column)

    def row(self, table: str, key: Sequence[str]) -> str:
        """Return what a row of a table is about: the names of what its key holds, as far as they have one."""
        columns = RECORD_OF_TABLE[table].key
        named = (self._key_part(column, part) for column, part in zip(columns, key, strict=True))
        return ", ".join(part for part in named if part)

    def _key_part(self, column: str, part: str) -> str:
        if column == "semester":
            return self.semester(part)
        if column == "term":
            return self.texts("phrase.term_short", term=part)
        name = self._subject(part) if part and not part.isdigit() else part
        return part if name == part else f"{part} {name}"

    def _quoted(self, title: str, name: str) -> str:
        return self.texts("phrase.titled", title=title, name=name)

    def subject(self, check: RuleCheck) -> str:
        """Return what a check is about: a term, a resource, a competency, a module."""
        if check.aspect == "source_budget":
            return self._budget(check.subject or "")
        words = [self.allotted(*limit_of(check), self._subject(check.subject))] if check.subject else []
        if check.semester:
            words.append(self.semester(check.semester))
        return ", ".join(words)

    def _budget(self, subject: str) -> str:
        """Return the name of a source and the year of its budget."""
        source, _, year = subject.partition(":")
        name = self.allotted("funding_budgets", source, self.funding_source(source))
        return f"{name}, {year or self.texts('phrase.any_year')}"

    def _subject(self, subject: str) -> str:
        if subject.isdigit():
            return self.texts("phrase.term_short", term=subject)
        row = next((table[subject] for table in self._named_tables if subject in table), None)
        return self._name(row, subject)

    @cached_property
    def _named_tables(self) -> tuple[Mapping[str, Named], ...]:
        """What ids stand for, in the order in which one that several tables have is understood."""
        catalog = self.catalog
        functions = {row.id: row for row in catalog.labour_functions}
        sources = {row.id: row for row in catalog.funding_sources}
        own = (catalog.resource_by_id, catalog.competency_by_id, catalog.module_by_id)
        return (*own, functions, sources, catalog.programme_by_id)

    def rule(self, check: RuleCheck) -> str:
        """Return ``§6 load of a term, at most``."""
        return f"{check.rule} {self.rule_texts('aspect.' + check.aspect)}"
