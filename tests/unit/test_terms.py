"""One term for one thing: texts/terms.toml holds every text for people, and the glossary."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from curriplan.base.errors import issue_texts
from curriplan.texts.naming import with_titles
from curriplan.texts.words import read_texts

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "src" / "curriplan" / "texts"
PAGES = ("README.{}.md", "docs/guide.{}.md", "docs/ministry.{}.md")
TRANSLATED = ("kk", "ru")
CONCEPTS: Mapping[str, Mapping[str, Any]] = read_texts("terms")
FENCED = re.compile(r"```.*?```", re.DOTALL)
"""What a command prints stands in the texts already, and is held to a real run."""
WORKBOOK = ("report", "rules", "map")
"""Texts that people read who never see a file of the catalog."""
MACHINE = re.compile(r"(?<![\w.{/-])[a-z]+_[a-z_]+(?![\w}])")
"""A name of the format: it may stand in brackets behind its title only."""

Said = tuple[str, str]
"""Where a text stands, and the text."""


@cache
def said_in(language: str) -> tuple[Said, ...]:
    """Return every text of the program in a language, then every line of the pages."""
    return (*_program(language), *_pages(language))


def _program(language: str) -> Iterator[Said]:
    for path in sorted(TEXTS.glob("*.toml")):
        if path.stem not in ("understood", "terms"):  # what planners type; the terms themselves
            yield from _texts(tomllib.loads(path.read_text(encoding="utf-8")), language, f"{path.stem} ")


def _pages(language: str) -> Iterator[Said]:
    for name in PAGES:
        page = (ROOT / name.format(language)).read_text(encoding="utf-8")
        for number, line in enumerate(FENCED.sub("", page).split("\n"), start=1):
            yield f"{name.format(language)} {number}", line


def _texts(data: Mapping[str, Any], language: str, place: str) -> Iterator[Said]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _texts(value, language, f"{place}{key}.")
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, dict):
                    yield from _texts(one, language, f"{place}{key}.{number}.")
        elif key == language:
            yield place.rstrip("."), str(value)


def patterns(concept: Mapping[str, Any], language: str) -> Mapping[str, str]:
    found: Mapping[str, str] = concept.get("not", {}).get(language, {})
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_uses_a_word_that_is_not_the_term(language: str) -> None:
    said = [(place, " ".join(text.casefold().split())) for place, text in said_in(language)]
    assert len(said) > 3_000
    wrong = [
        f"{place}: {name}: {found[0]!r} ({concept['why']})"
        for name, concept in CONCEPTS.items()
        for pattern in patterns(concept, language)
        for place, text in said
        if (found := re.search(pattern, text)) and place not in concept.get("but", {}).get(language, ())
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_bundled_college_uses_the_terms(language: str) -> None:
    """What it calls things stands in every sheet."""
    names = {
        text.casefold(): f"{path.name} {number}"
        for path in sorted((ROOT / "catalogs" / "kz-digital-college").glob("*.csv"))
        for number, row in enumerate(csv.DictReader(path.open(encoding="utf-8")), start=2)
        for column, text in row.items()
        if column.endswith(f"_{language}")
    }
    assert len(names) > 500
    wrong = [
        f"{place}: {name}: {text}"
        for name, concept in CONCEPTS.items()
        for pattern in patterns(concept, language)
        for text, place in names.items()
        if re.search(pattern, text)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(CONCEPTS))
def test_each_concept_is_whole_and_its_patterns_find_what_they_name(name: str) -> None:
    concept = CONCEPTS[name]
    assert set(concept) <= {"en", "kk", "ru", "why", "not", "but"}
    assert all(concept[key] and "\n" not in concept[key] for key in ("en", "kk", "ru", "why"))
    for language in TRANSLATED:
        for pattern, example in patterns(concept, language).items():
            assert re.search(pattern, example.casefold()), (pattern, example)
            assert not re.search(pattern, concept[language]), pattern
        known = {place for place, _ in said_in(language)}
        assert set(concept.get("but", {}).get(language, ())) <= known


def test_the_glossary_has_the_same_words() -> None:
    rows = [
        [cell.strip() for cell in line.strip("| \n").split("|")]
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    for name, concept in CONCEPTS.items():
        mine = [row for row in rows if concept["en"] in re.split(r"[,/()] *| +/ +", row[0])]
        assert len(mine) == 1, (name, [row[0] for row in mine])
        assert concept["ru"] in mine[0][1] and concept["kk"] in mine[0][2], (name, mine[0])


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_workbook_names_no_code_and_no_column_without_its_title(language: str) -> None:
    codes = {code for code in issue_texts() if "-" in code}
    for place, text in said_in(language):
        if place.split(" ")[0] not in WORKBOOK:
            continue
        assert not {code for code in codes if re.search(rf"(?<![\w-]){code}(?![\w-])", text)}, place
        bare = [one[0] for one in MACHINE.finditer(text) if not text[: one.start()].endswith("» (")]
        assert [one for one in bare if with_titles(one, language) != one] == [], place


@pytest.mark.parametrize("language", TRANSLATED)
def test_marks_are_those_of_the_language(language: str) -> None:
    """Dashes, an ellipsis and a space before the sign of per cent; ё where a reader expects it."""
    letters = r"(?<!\w)(еще|ее|объем\w*|учет\w*|зачет\w*|расчет\w*|отчет\w*)\b"
    odd = re.compile(rf"[^\W_] - \w|—|\.\.\.(?![\w/)])|\d%|{letters}")
    wrong = [
        f"{place}: {found[0]!r}"
        for place, text in said_in(language)
        if not place.startswith(("README", "docs/")) and (found := odd.search(text))
    ]
    assert wrong == []
