"""Decisions, semesters and headers as people type them, in three languages."""

from __future__ import annotations

import pytest

from curriplan.api.review import words
from curriplan.catalog.records import Programme
from curriplan.problem.review import Choice, PlanChoice
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import texts_of

PROGRAMME = Programme(id="P", start="2026-1", terms=6, learners=10)
ENTRIES = texts_of("report")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("choice", [*Choice, *PlanChoice])
def test_every_word_that_a_workbook_offers_is_understood(choice: Choice | PlanChoice, language: str) -> None:
    word = ENTRIES[f"review_choice.{choice}"][language]
    found = words.choice_of if isinstance(choice, Choice) else words.plan_choice_of
    for typed in (word, word.upper(), f"  {word}. ", f"«{word}»", word.replace(" ", "\u00a0")):
        assert found(typed) is choice, typed


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("кабылдау", Choice.ACCEPT),  # no Kazakh keyboard
        ("ҚАБЫЛДАМАЙМЫН", Choice.REJECT),
        ("Отклонён", Choice.REJECT),
        ("отклонен", Choice.REJECT),
        ("аccept", Choice.ACCEPT),  # the first letter is Cyrillic
        ("бекіту", Choice.PIN),
        ("approve", None),
        ("maybe", None),
        ("", None),
    ],
)
def test_variants_of_words(typed: str, choice: Choice | None) -> None:
    assert words.choice_of(typed) is choice


def test_on_the_row_of_the_plan_the_same_word_may_mean_another_thing() -> None:
    assert words.plan_choice_of("бекіту") is PlanChoice.APPROVE
    assert words.choice_of("бекіту") is Choice.PIN
    assert words.plan_choice_of("закрепить") is None


@pytest.mark.parametrize("vocabulary", [Choice, PlanChoice])
def test_no_word_means_two_things(vocabulary: type[Choice] | type[PlanChoice]) -> None:
    meanings: dict[str, set[str]] = {}
    for choice in vocabulary:
        offered = [ENTRIES[f"review_choice.{choice}"][code] for code in LANGUAGES]
        for word in (*offered, *words.FURTHER_WORDS[choice].split()):
            meanings.setdefault(words.folded(word), set()).add(choice.value)
    assert all(len(found) == 1 for found in meanings.values()), meanings


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("3", 3),
        ("3.0", 3),
        ("3,0", 3),
        ("semester 3", 3),
        ("3-й семестр", 3),
        ("3-семестр", 3),
        ("Семестр 3", 3),
        ("2027-1", 3),
        ("2027-2", 4),
        ("2027-01-01", 3),  # what Excel makes of 2027-1
        ("autumn 2027", 3),
        ("осень 2027 г.", 3),
        ("Весна 2027 г.", 2),
        ("0", None),
        ("7", None),
        ("2036-1", None),
        ("later", None),
        ("3 or 4", None),
        ("33", None),
    ],
)
def test_semesters(typed: str, term: int | None) -> None:
    assert words.term_of(typed, PROGRAMME) == term


def test_headers_are_told_apart_in_every_language() -> None:
    names = words.header_names()
    assert len(set(names.values())) == 8
    for name in set(names.values()):
        assert {names[words.folded(ENTRIES[f"column.{name}"][code])] for code in LANGUAGES} == {name}
