"""What schooling a curriculum says its learners come with: its base."""

from __future__ import annotations

import re
from collections.abc import Iterable

from curriplan.importing.rup.vocabulary import folded

GRADE9, GRADE11, TVET = "grade9", "grade11", "tvet"
SEVERAL = "?"
"""A file that names more than one base: a question, as everywhere in a mapping."""

CLASS = r"(?:[- ]?(?:го|ти|х|й|ый|ого))?[- ]?(?:кл|сын|grade)"
AND = r"\s*(?:/|,|и|или|және|немесе|and|or)\s*"
LEVELS = {
    GRADE9: re.compile(
        rf"неполн\w* (?:общ\w* )?средн|основн\w* (?:общ\w* )?средн|основн\w* общ\w* образ|девят\w* клас"
        rf"|основн\w*(?={AND}общ\w* средн)|негізгі(?={AND}жалпы орта)|негізгі (?:жалпы )?орта|тоғызыншы"
        rf"|(?<![\d.,-])9(?:{AND}11)?{CLASS}|grade 9(?!\d)"
        rf"|(?:lower|basic) secondary"
    ),
    GRADE11: re.compile(
        rf"(?<!основного )(?<!основное )общ\w* средн|средн\w* общ|(?<!не)полн\w* средн|одиннадцат\w* клас"
        rf"|(?<!негізгі )жалпы орта|он бірінші сын|(?<![\d.,-])(?:9{AND})?11{CLASS}|grade 11(?!\d)"
        rf"|(?:general|upper) secondary"
    ),
    TVET: re.compile(
        r"техническ\w*(?: и |,? )?профессиональн|начальн\w* профессион|средн\w* (?:профессион|специальн)"
        r"|послесредн|(?<!\w)типо(?!\w)|техникалық және кәсіптік|орта білімнен кейінгі"
        r"|(?<!\w)тжкб(?!\w)|vocational"
    ),
}
NEAR = 14
"""Letters between the word that says “on the base of” and the level that it is about."""
BASE_BEFORE = re.compile(
    r"(?<!\w)(?:на баз[еу]|база(?: приема| поступления| обучения)?|на основе|после(?: окончания)?"
    r"|after|based on)(?!\w)"
)
BASE_BEHIND = re.compile(r"(?<!\w)(?:базасы\w*|негізі\w*|кейін)(?!\w)|(?<=\w)[- ](?:base|basis)(?!\w)")
BARE = {
    GRADE9: re.compile(r"\W{0,3}9(?=\s*(?:$|[,.](?!\d)))"),
    GRADE11: re.compile(r"\W{0,3}11(?=\s*(?:$|[,.](?!\d)))"),
}
"""“на базе 9”, with no word behind it."""
OBTAINED = re.compile(
    r"(?:с |со )?(?:одновременн\w* )?(?:получени|выдач)\w*[^,;.)]*|жалпы орта білім\w* (?:бер|ал)\w*"
)
"""The schooling that learners get beside their qualification is none that they come with."""
OF_LAWS = re.compile(r"стандарт|приказ|бұйры|(?<!\w)(?:гос|госо|мжмбс)(?!\w)|типов|үлгілік")
"""A text about standards names all levels of schooling, none as the base."""


def entry_base_of(texts: Iterable[str]) -> str | None:
    """Return the base that texts name: `GRADE9`, `GRADE11`, `TVET`, `SEVERAL`, or None where none is named.

    What is called a base goes before a level of schooling that is only mentioned; several that are only
    mentioned say nothing.

    >>> entry_base_of(["очная, на базе основного среднего образования с получением общего среднего"])
    'grade9'
    >>> entry_base_of(["11 сынып негізінде"])
    'grade11'
    >>> entry_base_of(["на базе 9 и 11 классов"])
    '?'
    """
    said: set[str] = set()
    mentioned: set[str] = set()
    for text in texts:
        one = OBTAINED.sub(" ", folded(text))
        said |= _said(one)
        if not OF_LAWS.search(one):
            mentioned |= {level for level in (GRADE9, GRADE11) if LEVELS[level].search(one)}
    found = said or (mentioned if len(mentioned) == 1 else set())
    return SEVERAL if len(found) > 1 else next(iter(found), None)


def _said(text: str) -> set[str]:
    """Return the levels that a text calls the base of the learners."""
    named: set[str] = set()
    for word in BASE_BEFORE.finditer(text):
        rest = re.split(r"[;()]", text[word.end() :])[0]
        near = {level: match for level, one in LEVELS.items() if (match := one.search(rest))}
        first = min((match.start() for match in near.values()), default=len(rest))
        if near and first <= NEAR and not OF_LAWS.search(rest[:first]):
            end = max(match.end() for match in near.values() if match.start() == first)
            named |= {level for level, match in near.items() if _together(rest, end, match.start())}
        elif first > NEAR or not near:
            named |= {level for level, pattern in BARE.items() if pattern.match(rest)}
    for word in BASE_BEHIND.finditer(text):
        before = re.split(r"[;()]", text[: word.start()])[-1]
        near = {level: found[-1] for level, one in LEVELS.items() if (found := [*one.finditer(before)])}
        last = max((match.end() for match in near.values()), default=0)
        if near and len(before) - last <= NEAR and not OF_LAWS.search(before[last:]):
            start = min(match.start() for match in near.values() if match.end() == last)
            named |= {level for level, match in near.items() if _together(before, match.end(), start)}
    return named


def _together(text: str, end: int, start: int) -> bool:
    """Say whether nothing but “and” stands between two levels, or they are the same one."""
    return start <= end or re.fullmatch(rf"\w*\.?(?: образован\w*| білім)?{AND}", text[end:start]) is not None
