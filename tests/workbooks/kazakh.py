"""Kazakh words taken apart: Debian's dictionary knows stems well, and few of their many forms.

A word is right where it is a known stem and endings of official prose in their order: voice, negation and
form of a verb; what makes nouns and adjectives; number, possession, case. The vowels of an ending must go
with the stem's last one, its first consonant with the letter before it, and a verb's ending with a verb.
How much of what is misspelt is found so is measured in ``test_spelling.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

BACK, FRONT = "аоұыяё", "әөүіеэ"
"""и, у and ю, and words whose last vowel they are, go with both."""
CLEAR_VOWELS = BACK + FRONT
GLIDES = "иую"
VOICELESS = "пфкқтсшщчцхһбвгд"
"""б, в, г and д end foreign words only, where they sound so."""
NASAL, BUZZING, LIQUID = "мнң", "зж", "рйл"
LEAST_STEM = 3
SOFT = {"г": "к", "ғ": "қ", "б": "п"}
"""A stem's last consonant before a vowel, and what it is at the stem's end."""


class Slot(IntEnum):
    """Where an ending may stand: further from the stem than those before it."""

    OF_NOUN = 0
    """Makes a verb of a noun."""
    VOICE = 1
    NEGATION = 2
    FORM = 3
    """Participles, moods, the noun of a verb."""
    WORD = 4
    """Makes a noun or an adjective of a noun."""
    NUMBER = 5
    OWNER = 6
    CASE = 7
    PLACE = 8


# A is а or е, I is ы or і.
ENDINGS = {
    Slot.OF_NOUN: "лA дA тA лAн дAн тAн лAс дAс тAс лAндIр лAстIр дAндIр тAндIр",
    Slot.VOICE: "Iл л Iн н тIр дIр т ғIз гIз қIз кIз Iс Iт",
    Slot.NEGATION: "мA бA пA",
    Slot.FORM: "ғAн гAн қAн кAн AтIн йтIн Aр р с Iп п A й AдI йдI дI тI сA у ушI IңIз ңIз "
    "ғAншA гAншA қAншA кAншA",
    Slot.WORD: "лIқ лIк дIқ дIк тIқ тIк шI сIз лI дI тI ғI гI қI кI",
    Slot.NUMBER: "лAр дAр тAр",
    Slot.OWNER: "I сI IңIз ңIз",
    Slot.CASE: "нIң дIң тIң ғA гA қA кA нA A дI тI нI н дA тA ндA дAн тAн нAн мен бен пен дAй тAй ндAй",
    Slot.PLACE: "дAғI дAгI тAғI тAгI ндAғI ндAгI",
}
VERBAL = (Slot.VOICE, Slot.NEGATION, Slot.FORM)


@dataclass(frozen=True)
class Ending:
    """An ending, where it stands, and the class of its vowels: nothing where both go with it."""

    text: str
    slot: Slot
    kind: str


def _opened() -> Iterator[Ending]:
    for slot, texts in ENDINGS.items():
        for text in texts.split():
            if not set(text) & set("AI"):
                yield Ending(text, slot, "")
                continue
            for a, i, kind, foreign in (("а", "ы", "back", "гк"), ("е", "і", "front", "ғқ")):
                if not set(text) & set(foreign):
                    yield Ending(text.replace("A", a).replace("I", i), slot, kind)


BY_LAST: dict[str, list[Ending]] = {}
for _ending in _opened():
    BY_LAST.setdefault(_ending.text[-1], []).append(_ending)


def harmony(stem: str) -> str:
    """Return the class of endings that a stem takes: nothing where both may stand."""
    last = next((letter for letter in reversed(stem) if letter in CLEAR_VOWELS + GLIDES), "")
    if stem.endswith("ь"):
        return "front"
    if last in GLIDES:
        return ""
    return "back" if last in BACK else "front"


def joins(before: str, ending: Ending) -> bool:
    """Say whether an ending may follow a letter."""
    first = ending.text[0]
    if first in CLEAR_VOWELS:
        return before not in CLEAR_VOWELS
    if ending.slot is Slot.VOICE or first in "сшу":
        return before in CLEAR_VOWELS if ending.text in ("л", "н", "с", "сы", "сі") else True
    if ending.text in ("м", "ң", "п", "й", "р", "н") or ending.text.startswith(
        ("нд", "йт", "йд", "ңы", "ңі")
    ):
        return before in CLEAR_VOWELS
    vowel = before in CLEAR_VOWELS + GLIDES
    if ending.slot in (Slot.OF_NOUN, Slot.WORD, Slot.NUMBER) and first == "д":
        return before in "л" + NASAL + BUZZING
    return {
        "л": vowel or before in "рй",
        "д": vowel or before in LIQUID + NASAL + BUZZING,
        "т": before in VOICELESS,
        "н": vowel or before in NASAL,
        "м": vowel or before in LIQUID + NASAL,
        "б": before in NASAL + BUZZING,
        "п": before in VOICELESS,
        "ғ": vowel or before in LIQUID + NASAL + BUZZING,
        "г": vowel or before in LIQUID + NASAL + BUZZING,
    }.get(first, before in VOICELESS)


def stems(word: str) -> Iterator[str]:
    """Yield what is left of a word in small letters when endings are taken off, as dictionaries have it."""
    waiting: list[tuple[str, str, Ending | None]] = [(word, "", None)]
    while waiting:
        rest, kind, inner = waiting.pop()
        if inner is not None and (kind in ("", harmony(rest)) or not harmony(rest)):
            yield from _as_in_a_dictionary(rest, inner)
        for ending in BY_LAST.get(rest[-1:], ()):
            left = rest[: -len(ending.text)]
            fits = (
                rest.endswith(ending.text)
                and len(left) >= LEAST_STEM - 1
                and joins(left.rstrip("ь")[-1:], ending)
            )
            agrees = not (kind and ending.kind and kind != ending.kind)
            if fits and agrees and (inner is None or _may_precede(ending.slot, inner.slot)):
                waiting.append((left, kind or ending.kind, ending))


def _may_precede(one: Slot, later: Slot) -> bool:
    if later is Slot.WORD and one in (Slot.OF_NOUN, *VERBAL[:2]):
        return False
    return one < later or (one is later and one in (Slot.VOICE, Slot.WORD))


def _as_in_a_dictionary(rest: str, inner: Ending) -> Iterator[str]:
    """Yield a stem as it stands in the dictionary: verbs with у, and the last letters as they were."""
    before_vowel = inner.text[0] in CLEAR_VOWELS + "у"
    if inner.slot in VERBAL:
        yield rest + "у"
        if rest[-1] in "ыі":
            yield rest[:-1] + "у"
        if rest[-1] == "й":
            yield rest[:-1] + "ю"
        # бірігу, but бірік-тір-у: the dictionary has the first.
        yield from (rest[:-1] + soft + "у" for soft, hard in SOFT.items() if rest[-1] == hard)
        return
    if len(rest) >= LEAST_STEM:
        yield rest
    if before_vowel and rest[-1] in SOFT:
        yield rest[:-1] + SOFT[rest[-1]]
    if inner.slot is Slot.OWNER and before_vowel:
        yield rest + "ь"
        # орын, орн-ы: a narrow vowel falls out.
        yield from (rest[:-1] + vowel + rest[-1] for vowel in "ыі")
