"""What may be answered to the questions of an import, and how an answer becomes a part of the mapping.

An answer is one of the words that the mapping may hold, said in the planner's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from curriplan.catalog.records import SEMESTER_PATTERN, Section, is_id
from curriplan.catalog.records.policy import ENTRY_BASES
from curriplan.importing.rup.mapping import ROW_KINDS, SECTIONS, STUDY
from curriplan.importing.rup.roles import FORMS, KINDS, PARTS, PLAIN, UNITS, Role, role_phrase
from curriplan.importing.rup.title import whole_qualification
from curriplan.importing.rup.vocabulary import folded
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Phrase, Words, texts_of

HEADED = ("contact", "assessment", *(f"assessment:{form}" for form in FORMS))
"""What columns under one heading may hold beside amounts of a semester."""
MOST_TERMS = 10
"""Semesters that a column is offered to be of; further ones may be typed."""
SHARE = re.compile(r"(?P<kind>.*\S)\s+(?P<share>\d{1,3}(?:[.,]\d+)?)\s*%")


def _roles() -> tuple[str, ...]:
    terms = range(1, MOST_TERMS + 1)
    return (*PLAIN, *(f"semester:{term}{unit}" for term in terms for unit in ("", ":hours", ":credits")))


LISTS: Mapping[str, tuple[str, ...]] = {
    "semesters": UNITS,
    "hours": KINDS,
    "column": _roles(),
    "rows": (*(f"module {section}" for section in SECTIONS), *ROW_KINDS),
    "headings": (*PARTS, *HEADED, "ignore"),
    "sections": SECTIONS,
    "study": STUDY,
    "entry_base": ENTRY_BASES,
}
"""Words of the mapping by the kind of question; ``module general`` is a row's kind and its section."""


def list_of(key: str) -> str:
    """Return the list from which a question is answered; empty where there is none."""
    name = key if key.partition(".")[0] != "programme" else key.partition(".")[2]
    head = name.partition(".")[0]
    return head if head in LISTS else ""


def phrase_of(word: str, name: str = "") -> Phrase | str:
    """Return what a word of the mapping is called; a word that has no text stays.

    Parameters
    ----------
    name : str
        The list that it is of: some words mean one thing of columns and another one of rows.
    """
    head, _, rest = word.partition(" ")
    if head == "module" and rest:
        key, section = "choice.module_of", Phrase(f"section.{rest}", subject="report")
        return Phrase(key, {"section": section}, "questions")
    if name == "entry_base":
        return Phrase(f"entry_base.{word}", subject="report")
    if name == "sections":
        return Phrase(f"section.{word}", subject="report")
    if name == "semesters":
        return Phrase(f"choice.semesters_{word}", subject="questions")
    if name == "rows" and f"rup_kind.{word}" in texts_of("cli"):
        return Phrase(f"rup_kind.{word}", subject="cli")
    return role_phrase(word)


def said(word: str, language: str, name: str = "") -> str:
    """Return what a word of the mapping is called in a language."""
    return Words(language).said(phrase_of(word, name))


@cache
def _meanings(name: str) -> Mapping[str, str]:
    """Return the words of a list by what they are called in any language, and by themselves."""
    found: dict[str, str] = {}
    for word in LISTS[name]:
        for language in LANGUAGES:
            found.setdefault(folded(said(word, language, name)), word)
            found.setdefault(folded(said(word, language)), word)
        found.setdefault(word, word)
    if name == "study":
        texts = texts_of("questions")
        for answer, word in (("yes", "correspondence"), ("no", "full_time")):
            found.update({folded(texts[f"choice.{answer}"][language]): word for language in LANGUAGES})
    if name == "column":  # offered where a column is a semester's
        parts = (f"semester:{term}:{part}" for term in range(1, MOST_TERMS + 1) for part in PARTS)
        for word, language in product(parts, LANGUAGES):
            found.setdefault(folded(said(word, language, name)), word)
    return found


def _meaning(name: str, answer: str) -> str | None:
    """Return the word that an answer means: what is offered, or the first words of one offer alone."""
    known = _meanings(name)
    begun = folded(answer) + " "
    word = known.get(folded(answer)) or known.get(answer.strip())
    if word is None and begun.strip():
        found = {word for said, word in known.items() if said.startswith(begun)}
        word = found.pop() if len(found) == 1 else None
    return word


def choices_of(name: str, language: str) -> list[str]:
    """Return what is offered in a list."""
    return [said(word, language, name) for word in LISTS[name]]


def example_of_shares(language: str) -> str:
    """Return how shares of kinds of hours are written."""
    return f"{said('theory', language)} 40 %; {said('laboratory_practical', language)} 60 %"


EXPECTED_SHOWN = 12


def expected(key: str) -> tuple[Phrase | str, ...]:
    """Return what may be answered."""
    if key in FREE:
        return FREE[key]
    name = list_of(key)
    if not name:
        return ("A", "B", "C", "...")
    more = ("...",) if LISTS[name][EXPECTED_SHOWN:] else ()
    return (*(phrase_of(word, name) for word in LISTS[name][:EXPECTED_SHOWN]), *more)


FREE: Mapping[str, tuple[str, ...]] = {
    "programme.id": ("4S06130103", "RPO"),
    "programme.start": ("2026-1", "2026-2"),
    "programme.learners": ("1 ... 1000000",),
    "programme.qualification": ("4S06130103", "3W07150501"),
    "hours_per_week": ("36", "38,5"),
}
"""What may be answered where there is no list."""


def take(data: dict[str, Any], key: str, answer: str) -> bool:
    """Write an answer into the tables of a mapping; False where nobody can understand it."""
    head, _, rest = key.partition(".")
    if head == "programme":
        return _take_programme(data, rest, answer)
    if head == "role":
        return _take_role(data, rest, answer)
    if head == "hours_per_week":
        return _take_hours_per_week(data, answer)
    word = _meaning(head, answer)
    if head == "hours":
        value: Any = word or _shares(answer)
        data.setdefault("hours", {})[rest] = value
        return bool(value)
    if word is None and head == "column" and Role.parse(answer.strip()) is not None:
        word = answer.strip()
    if word is None:
        return False
    if head in {"semesters", "study"}:
        data[head] = word
    elif head in {"headings", "sections"}:
        data.setdefault(head, {})[rest] = word
    elif head == "column":
        _take_column(data, rest, word)
    else:
        _take_rows(data, rest, word)
    return True


def _take_programme(data: dict[str, Any], name: str, answer: str) -> bool:
    programme = data.setdefault("programme", {})
    if name == "start" and re.fullmatch(SEMESTER_PATTERN, answer):
        programme["start"] = answer
        return True
    if name == "id" and is_id(answer.strip()):
        programme["id"] = answer.strip()
        return True
    if name == "learners" and re.fullmatch(r"[1-9][0-9]{0,5}|1000000", answer):
        programme["learners"] = int(answer)
        return True
    if name == "qualification" and (code := whole_qualification(answer)):
        programme["qualification"] = code
        return True
    if name == "entry_base" and (word := _meanings(name).get(folded(answer))):
        programme["entry_base"] = word
        return True
    return False


def _take_hours_per_week(data: dict[str, Any], answer: str) -> bool:
    if not re.fullmatch(r"[0-9]{1,2}([.,][0-9]+)?", answer.strip()) or not float(answer.replace(",", ".")):
        return False
    data["hours_per_week"] = float(answer.replace(",", "."))
    return True


def _take_role(data: dict[str, Any], rest: str, answer: str) -> bool:
    role, _, sheet = rest.partition(".")
    letter = answer.strip().upper()
    if not re.fullmatch(r"[A-Z]{1,3}", letter):
        return False
    _take_column(data, f"{letter}.{sheet}", role)
    return True


def _take_column(data: dict[str, Any], column: str, word: str) -> None:
    """Write what a column is; of one sheet where its name stands behind the letter, else of all."""
    letter, _, sheet = column.partition(".")
    notes = [one for one in data.get("column", ()) if one.get("column") == letter]
    notes = [one for one in notes if not sheet or one.get("sheet") == sheet]
    for note in notes:
        note["is"] = word
    if not notes:
        of_sheet = {"sheet": sheet} if sheet else {}
        data.setdefault("column", []).append({**of_sheet, "column": letter, "is": word})


def _take_rows(data: dict[str, Any], rows: str, word: str) -> None:
    kind, _, section = word.partition(" ")
    sheets = data["sheet"] if isinstance(data.get("sheet"), list) else []
    numbers = {str(sheet): f"{number}!" for number, sheet in enumerate(sheets, start=1)}
    for note in data.get("row", ()):
        if f"{numbers.get(str(note.get('sheet')), '')}{note.get('row')}" in rows.split(","):
            note["is"] = kind
            if section:
                note["section"] = str(Section(section))


def _shares(answer: str) -> dict[str, float] | None:
    """Understand shares of kinds of hours: ``theory 40 %; practical work 60 %``."""
    found: dict[str, float] = {}
    for part in re.split(r"[;\n]", answer):
        share = SHARE.fullmatch(part.strip())
        word = _meanings("hours").get(folded(share["kind"])) if share else None
        if share is None or word is None or word in found:
            return None
        found[word] = round(float(share["share"].replace(",", ".")) / 100, 6)
    return found if abs(sum(found.values()) - 1) < 1e-6 else None
