"""Every Kazakh and Russian word of the program and of the bundled catalogs is a word, in its own letters.

Debian's dictionaries judge (hunspell-ru, hunspell-kk). The Russian one knows the forms of words, so what it
lacks stands in ``terms_ru.txt``, a short list that was read through. The Kazakh one knows 54,000 stems but
few of their forms (it refuses every fourth word of the program): what it refuses is taken apart by
`kazakh.stems`, and is right where a stem that it knows, or one of ``terms_kk.txt``, is left. That setting
lets some faults through. How many is measured here on words spoilt on purpose, so that nobody believes more
than it finds: it misses most where a letter that falls out leaves another word.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from curriplan.texts.languages import LANGUAGES
from workbooks.kazakh import stems
from workbooks.words import (
    CYRILLIC,
    LATIN,
    cyrillic,
    misspelt_kazakh,
    misspelt_russian,
    other_cells,
    terms,
    texts,
    unknown,
    words,
)

KAZAKH_LETTERS = "әғқңөұүһі"
RUSSIAN_TWINS = dict(zip(KAZAKH_LETTERS, "агкноууxи".replace("x", "х"), strict=True))
"""The letter that a keyboard without Kazakh has in place of each."""


def test_russian_words_are_in_the_dictionary() -> None:
    found = cyrillic(texts("ru"))
    assert len(found) > 2_000
    assert {word: found.get(word) for word in misspelt_russian(found)} == {}


def test_kazakh_words_are_known_stems_with_endings() -> None:
    found = cyrillic(texts("kk"))
    assert len(found) > 2_000
    assert {word: found.get(word) for word in misspelt_kazakh(found)} == {}


def test_texts_without_a_language_are_one_of_both() -> None:
    """Sources, reasons and owners are in the language of the catalog."""
    found = cyrillic(other_cells())
    both = misspelt_kazakh(misspelt_russian(found)) if found else set()
    assert {word: found.get(word) for word in both} == {}


def test_the_lists_have_no_word_too_many() -> None:
    """A term that the dictionary knows, or that nothing uses any more, hides faults for nothing."""
    russian = {word.casefold() for word in unknown("ru_RU", cyrillic(texts("ru")))}
    assert terms("ru") == russian
    kazakh = {word.casefold() for word in unknown("kk_KZ", cyrillic(texts("kk")))}
    used = kazakh.union(*(stems(word) for word in kazakh))
    assert terms("kk") - used == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_mixes_latin_and_cyrillic_letters(language: str) -> None:
    found = words([*texts(language), *other_cells()])
    assert [word for word in found if CYRILLIC.search(word) and LATIN.search(word)] == []


def test_each_language_has_its_own_letters() -> None:
    assert [word for word in cyrillic(texts("ru")) if set(word.casefold()) & set(KAZAKH_LETTERS)] == []
    assert cyrillic(texts("en")) == {}
    # Each Kazakh text of some length has a letter that Russian lacks.
    long = [text for text, _ in texts("kk") if len(re.findall(r"[^\W\d_]", text)) > 40]
    assert [text for text in long if not set(text.casefold()) & set(KAZAKH_LETTERS)] == []


def test_a_misspelt_word_is_found() -> None:
    assert misspelt_russian(["учебный", "учебнный"]) == {"учебнный"}
    # The second has a Russian letter, the third the vowels of the other class, the fourth д for л.
    wrong = {"кузыреттерді", "модульдарға", "бағдарламадар"}
    assert misspelt_kazakh(["құзыреттерді", "модульдерге", "бағдарламалар", *wrong]) == wrong


def twin(word: str, chance: random.Random) -> str:
    places = [place for place, letter in enumerate(word) if letter in RUSSIAN_TWINS]
    if not places:
        return word
    place = chance.choice(places)
    return word[:place] + RUSSIAN_TWINS[word[place]] + word[place + 1 :]


def swapped(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def dropped(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + word[place + 1 :]


def doubled(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + word[place] + word[place:]


@pytest.mark.parametrize(("spoil", "least"), [(twin, 0.88), (swapped, 0.9), (dropped, 0.7), (doubled, 0.94)])
def test_how_much_is_found_of_kazakh_words_that_are_spoilt(
    spoil: Callable[[str, random.Random], str], least: float
) -> None:
    right = sorted(word for word in cyrillic(texts("kk")) if len(word) >= 5 and word.islower())
    chance = random.Random(1)
    wrong = {spoil(word, chance) for word in right} - set(right)
    assert len(wrong) > 1_000
    assert len(misspelt_kazakh(wrong)) >= least * len(wrong)
