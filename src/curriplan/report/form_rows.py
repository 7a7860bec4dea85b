"""The rows of a working curriculum in its state form: each subject once, whatever terms it runs in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from curriplan.catalog.records import Module
from curriplan.report.assessment import form_word, known_forms
from curriplan.report.curriculum_rows import (
    CurriculumGroup,
    CurriculumRow,
    CurriculumSection,
    CurriculumTable,
)
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView

EXAM, PASS, OTHER = "exam", "pass", "other"
COLUMN_OF: Mapping[str, str] = {"exam": EXAM, "pass": PASS, "differentiated_pass": PASS}
"""The column in which a form of assessment names its semester; forms of any other kind are named too."""


@dataclass(frozen=True)
class BodyPlace:
    """A row of the body of the working sheet: the band of a section, a module header, or a line."""

    row: int
    section: CurriculumSection
    group: CurriculumGroup | None = None
    line: CurriculumRow | None = None


def body_places(table: CurriculumTable, first: int) -> Iterator[BodyPlace]:
    """Yield the rows of the body from row `first` on, in their order."""
    row = first
    for section in table.sections:
        yield BodyPlace(row, section)
        row += 1
        for group in section.groups:
            if group.index:
                yield BodyPlace(row, section, group)
                row += 1
            for line in group.rows:
                yield BodyPlace(row, section, group, line)
                row += 1


@dataclass(frozen=True)
class FormSubject:
    """A module, an outcome or the fixed load of a section: its rows on the working sheet, by term."""

    index: str
    name: str
    rows: Mapping[int, int]

    @property
    def last_term(self) -> int:
        """The term in which it ends, and is assessed."""
        return max(self.rows)


def subjects(places: Iterable[BodyPlace], labels: Labels) -> list[FormSubject]:
    """Gather the rows of a group by subject; a fixed load of several terms is one."""
    lines = [(place.row, place.line) for place in places if place.line is not None]
    found = []
    for index, mine in groupby(lines, key=lambda one: one[1].index):
        rows = {line.term: row for row, line in mine}
        name = labels.module(index) if index else labels.texts("phrase.fixed_load")
        found.append(FormSubject(index, name, rows))
    return found


def assessed(view: PlanView, labels: Labels, index: str, term: int) -> dict[str, str]:
    """Return in which semester a subject is assessed, by column of the form.

    A subject of a module that is assessed as a whole has none of its own; the fixed load is assessed by
    subject, and a form that the catalog does not give is named as missing.
    """
    if not index:
        return {OTHER: labels.texts("phrase.by_subject")}
    module = view.catalog.module_by_id[index]
    forms = known_forms(module.assessment_form)
    header = view.catalog.module_by_id.get(module.parent or "")
    if not forms:
        with_header = header is not None and known_forms(header.assessment_form)
        return {} if with_header else {OTHER: labels.texts("phrase.no_assessment")}
    found: dict[str, list[str]] = {}
    for form in forms:
        word = form_word(form)
        column = COLUMN_OF.get(word, OTHER)
        found.setdefault(column, []).append(_said(labels, word, form, term))
    return {column: ", ".join(said) for column, said in found.items()}


def _said(labels: Labels, word: str, form: str, term: int) -> str:
    if word in (EXAM, PASS):
        return str(term)
    known = f"assessment_at.{word}"
    return labels.texts(known, term=term) if labels.texts.has(known) else f"{form} ({term})"


def exam_terms(view: PlanView, places: Iterable[BodyPlace]) -> list[int]:
    """Return the semesters in which an exam stands, of an outcome or of a module as a whole."""
    ends: dict[str, int] = {}
    for place in places:
        if place.line is not None and place.group is not None:
            for index in (place.line.index, place.group.index):
                ends[index] = max(ends.get(index, 0), place.line.term)
    modules = view.catalog.module_by_id
    return sorted({term for index, term in ends.items() if index in modules and _has_exam(modules[index])})


def _has_exam(module: Module) -> bool:
    return any(COLUMN_OF.get(form_word(form)) == EXAM for form in known_forms(module.assessment_form))
