"""A diagnosis in the planner's words, for the terminal and for ``--diagnosis``."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from typing import Any

from curriplan.base.errors import Place
from curriplan.catalog.records import RECORD_OF_TABLE, Catalog, Named, Record
from curriplan.plan.diagnosis import DIAGNOSIS_SCHEMA, Clash, Diagnosis, RuleDemand
from curriplan.problem.aspects import ASPECTS, InSettings
from curriplan.problem.concessions import Concession
from curriplan.problem.edits import SETTINGS, Edit
from curriplan.problem.settings import SETTING_OF_NAME
from curriplan.report.labels import Labels
from curriplan.report.norms import concession_words, norm_name
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.naming import with_titles
from curriplan.texts.words import Words, with_plain_spaces

DEMANDS_SHOWN = 15
"""More of one clash are only counted on the terminal: so many clash only where the time ran out."""
_TABLE_OF = {
    "programme": "programmes",
    "module": "modules",
    "modules": "modules",
    "requires": "modules",
    "competency": "competencies",
    "source_competency": "competencies",
    "target": "competencies",
    "resource": "resources",
    "source": "funding_sources",
    "function": "labour_functions",
}
"""The table whose names a value of a sentence bears."""
_AMOUNT_OF = {"resource_capacity": "hours", "funding_budgets": "budget_kzt"}
"""The column that says how much a new row gives."""
_PLAIN = ("term", "terms", "year", "was_year", "value_year")
"""Numbers that are written without gaps between thousands."""
_DECIMAL = re.compile(r"-?\d+\.\d+")
_NAME_OF_ID = {"modules": "module", "programmes": "programme", "labour_functions": "function"}


class Sentences:
    """The sentences of one catalog in one language."""

    def __init__(self, catalog: Catalog, language: str) -> None:
        self.language = language
        self.text = Words(language, "diagnosis")
        self.rule_texts = Words(language, "rules")
        self._labels = Labels(catalog, Words(language))
        self._names = {
            (row.table, row.id): row.name(language) for row in catalog.records() if isinstance(row, Named)
        }

    def demand(self, demand: RuleDemand) -> str:
        """Say what a demand asks."""
        key = f"demand.{demand.aspect}"
        if "year" in demand.values:
            key += "_no_row" if "years" in demand.values else "_year"
        joined = " or " if demand.aspect.endswith("requisites") else ", "
        filled = {
            name: self._value(name, value, demand.unit, joined) for name, value in demand.values.items()
        }
        return self.rule_texts(key, **filled)

    def edit(self, edit: Edit) -> str:
        """Say what a change does."""
        values = {**_key_values(edit), **self._changed(edit)}
        filled = {name: self._value(name, value, edit.unit) for name, value in values.items()}
        if "key_name" in values:
            filled["key_name"] = norm_name(self._labels, values["key_name"])
        said = self.rule_texts(_edit_key(edit), **filled)
        is_given = bool(edit.key) and self._labels.catalog.is_allotted(edit.table, edit.key[0])
        return f"{said} {self.text('note.allotted')}" if is_given else said

    def own_norm(self, edit: Edit) -> str:
        """Say which row of the catalog stands over a norm of a profile that is no file of the college."""
        template = with_titles(self.text.template("title.own_norm"), self.language)
        value = self._value("value", edit.value, edit.unit)
        return self.text.filled(template, key=edit.key[0], value=value)

    def concession(self, one: Concession) -> str:
        """Say what a change gives up."""
        return concession_words(self._labels, one)

    def _changed(self, edit: Edit) -> dict[str, Any]:
        if isinstance(edit.value, Record):
            return {"value": getattr(edit.value, _AMOUNT_OF.get(edit.table, ""), None)}
        if edit.column == "year":
            return {"was_year": edit.was, "value_year": edit.value}
        return {"was": edit.was, "value": edit.value}

    def _value(self, name: str, value: Any, unit: str | None, joined: str = ", ") -> str:
        if value is None or value == ():
            return self.text("word.none")
        if isinstance(value, tuple):
            word = self.text("word.or") if joined == " or " else joined
            return word.join(self._value(name, one, unit) for one in value)
        if name == "part":
            return self.text(f"word.{value}")
        if name in _TABLE_OF:
            return self._label(_TABLE_OF[name], str(value))
        if name in ("semester", "last") or (unit is None and _is_semester(value)):
            return self._semester(str(value))
        plain = not isinstance(value, int | float) or name in _PLAIN
        return self._plain(name, str(value)) if plain else self._number(value, unit)

    def _plain(self, name: str, text: str) -> str:
        """Return a text as it is; the value of a norm, which is one too, with the decimal mark."""
        number = name in {"was", "value"} and _DECIMAL.fullmatch(text)
        return text.replace(".", self.text.decimal_mark) if number else text

    def _label(self, table: str, name: str) -> str:
        """Return an id with its name in quotation marks."""
        called = self._names.get((table, name), name)
        left, right = ("“", "”") if self.language == "en" else ("«", "»")
        return name if called == name else f"{name} {left}{called}{right}"

    def _number(self, value: float, unit: str | None) -> str:
        if unit == "share":
            return f"{self._number(round(value * 100, 6), None)} %"
        return self.text.number(value, 3, trimmed=True)

    def _semester(self, semester: str) -> str:
        return f"{self.text.semester(semester)} ({semester})"


def _is_semester(value: object) -> bool:
    return isinstance(value, str) and len(value) == 6 and value[4] == "-" and value[5] in "12"


def _edit_key(edit: Edit) -> str:
    """Return the key of the sentence of a change."""
    if edit.column is None:
        return f"edit.{edit.table}.{'added' if isinstance(edit.value, Record) else 'row'}"
    key = f"edit.{edit.table}.{edit.column}"
    if (edit.table, edit.column) == ("programme_modules", "status"):
        return f"{key}_{edit.was}"
    if edit.column == "year" and edit.value is None:
        return f"{key}_any"
    return f"{key}_year" if edit.column == "budget_kzt" and any(edit.key[1:]) else key


def _key_values(edit: Edit) -> dict[str, Any]:
    """Return the key of the changed row by column, by the names that sentences use."""
    if edit.table == SETTINGS:
        return dict(zip(("programme", "module"), edit.key, strict=False))
    columns = RECORD_OF_TABLE[edit.table].key
    found: dict[str, Any] = dict(zip(columns, edit.key, strict=True))
    if edit.table in _NAME_OF_ID:
        found[_NAME_OF_ID[edit.table]] = found.pop("id")
    if edit.table == "competency_relations":
        found["source_competency"] = found.pop("source")
    return found


def diagnosis_lines(diagnosis: Diagnosis, language: str, width: int = 80) -> list[str]:
    """Return a diagnosis as lines for a terminal, at most `width` wide where words allow it."""
    words = Sentences(diagnosis.catalog, language)
    lines: list[str] = []
    for number, clash in enumerate(diagnosis.clashes):
        lines += [*([""] if number else []), *_clash_lines(words, clash, number, width, diagnosis.is_stopped)]
    lines += ["", *_repair_lines(words, diagnosis, width)]
    if diagnosis.is_stopped:
        lines += ["", *_wrapped(words.text("title.stopped"), width)]
    elif not diagnosis.is_complete:
        lines += ["", *_wrapped(words.text("title.not_complete"), width)]
    return lines


def _clash_lines(words: Sentences, clash: Clash, number: int, width: int, is_stopped: bool) -> Iterator[str]:
    key = "title.another_clash" if number else "title.clash"
    yield words.text(key + ("_alone" if len(clash.demands) == 1 else ""))
    for demand in clash.demands[:DEMANDS_SHOWN]:
        yield from _wrapped(words.demand(demand), width, "  - ")
        yield from _place_lines(words, demand.places, width)
        if not demand.places and (option := _option_of(demand.aspect)):
            yield from _wrapped(words.text("title.where", place=option), width, "    ")
    if len(clash.demands) > DEMANDS_SHOWN:
        more = "title.more_demands" if clash.is_minimal or is_stopped else "title.more_unreduced"
        yield from _wrapped(words.text(more, count=len(clash.demands) - DEMANDS_SHOWN), width, "  - ")
    if not clash.is_minimal:
        why = "title.not_minimal_stopped" if is_stopped else "title.not_minimal"
        yield from _wrapped(words.text(why), width, "  ")


def _option_of(aspect: str) -> str | None:
    """Return the option that sets what a demand without a place asks."""
    names = [one.name for one in ASPECTS[aspect].origins if isinstance(one, InSettings)]
    names += ["taught_until"] if aspect == "taught_terms" else []  # a semester: its limit is no number
    return next((one.option.name for one in map(SETTING_OF_NAME.get, names) if one and one.option), None)


def _place_lines(words: Sentences, places: Sequence[Place], width: int, lead: str = "    ") -> Iterator[str]:
    """Yield where something stands: the first place, and how many more there are."""
    if places:
        text = str(places[0])
        if len(places) > 1:
            text = words.text("title.more_places", place=text, count=len(places) - 1)
        yield from _wrapped(words.text("title.where", place=text), width, lead)


def _repair_lines(words: Sentences, diagnosis: Diagnosis, width: int) -> Iterator[str]:
    repairs = diagnosis.repairs
    if not repairs:
        yield from _wrapped(words.text("title.no_repair"), width)
        return
    yield words.text("title.repair" if len(repairs) == 1 else "title.repairs")
    for number, repair in enumerate(repairs, 1):
        lead = f"  {number}. "
        if len(repair.edits) > 1:
            yield f"{lead}{words.text('title.together')}"
            lead = "     - "
        for edit in repair.edits:
            yield from _wrapped(words.edit(edit), width, lead)
            places = [edit.place] if edit.place is not None else []
            yield from _place_lines(words, places, width, " " * len(lead))
            if edit.place is not None and edit.place.file == diagnosis.catalog.info.profile:
                # the named profile is no file of the college: a row of its own stands over it
                row = words.own_norm(edit)
                yield from _wrapped(row, width, " " * len(lead))
        for one in repair.concessions:
            yield from _wrapped(words.concession(one), width, " " * 5)
        if not repair.is_least:
            yield from _wrapped(words.text("title.not_least"), width, " " * 5)


def _wrapped(text: str, width: int, lead: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def diagnosis_to_data(
    diagnosis: Diagnosis, tool: str, languages: Iterable[str] = LANGUAGES
) -> dict[str, Any]:
    """Return a diagnosis as the data of ``--diagnosis FILE.json``; `tool` is ``curriplan VERSION``."""
    catalog = diagnosis.catalog
    words = {language: Sentences(catalog, language) for language in languages}
    return {
        "schema": DIAGNOSIS_SCHEMA,
        "tool": tool,
        "catalog": {
            "id": catalog.info.id,
            "version": catalog.info.version,
            "sha256": catalog.sha256,
        },
        "complete": diagnosis.is_complete,
        "stopped": diagnosis.is_stopped,
        "clashes": [
            {"minimal": clash.is_minimal, "demands": [_demand_data(one, words) for one in clash.demands]}
            for clash in diagnosis.clashes
        ],
        "repairs": [
            {
                "least": row.is_least,
                "edits": [_edit_data(one, words) for one in row.edits],
                "concessions": [_concession_data(one, words) for one in row.concessions],
            }
            for row in diagnosis.repairs
        ],
    }


def _demand_data(demand: RuleDemand, words: Mapping[str, Sentences]) -> dict[str, Any]:
    return {
        "rule": demand.rule,
        "aspect": demand.aspect,
        "programme": demand.programme,
        "subject": demand.subject,
        "semester": demand.semester,
        "limit": demand.limit,
        "unit": demand.unit,
        "places": [_place_data(place) for place in demand.places],
        "text": {language: with_plain_spaces(one.demand(demand)) for language, one in words.items()},
    }


def _edit_data(edit: Edit, words: Mapping[str, Sentences]) -> dict[str, Any]:
    return {
        "table": edit.table,
        "key": list(edit.key),
        "column": edit.column,
        "was": _plain(edit.was),
        "value": _plain(edit.value),
        "unit": edit.unit,
        "place": None if edit.place is None else _place_data(edit.place),
        "text": {language: with_plain_spaces(one.edit(edit)) for language, one in words.items()},
    }


def _concession_data(one: Concession, words: Mapping[str, Sentences]) -> dict[str, Any]:
    text = {language: with_plain_spaces(some.concession(one)) for language, some in words.items()}
    return {**asdict(one), "text": text}


def _place_data(place: Place) -> dict[str, Any]:
    return {"file": place.file, "sheet": place.sheet, "row": place.row, "column": place.column}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Record):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, Enum) else value
