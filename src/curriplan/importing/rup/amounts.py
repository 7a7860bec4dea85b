"""Read numbers, lists of semesters and assessment forms out of cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from curriplan.importing.rup.roles import ROMAN
from curriplan.importing.rup.vocabulary import assessment_of, folded

EMPTY = frozenset({"", "-", "–", "—", "−", "x", "х", "."})
UNIT = re.compile(
    r"(?<=\d) ?(?:кредита|кредитов|кредит|кр\.?|часов|часа|час|ч\.?|сағат|сағ\.?|недель|нед\.?|апта)$"
)
PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
AMBIGUOUS = re.compile(r"\d{1,3}[.,]\d{3}")
MARKS = frozenset({"+", "*", "v", "✓", "✔", "да", "иә"})
WORKING_TERMS = range(1, 21)


class AmountError(ValueError):
    """A cell that should hold a number and does not; its argument is the code of the issue."""


def number_of(text: str) -> float | None:
    """Return the number in a cell, None where it is empty.

    Raises
    ------
    AmountError
        If it is no number, or may be a thousand and may be a fraction.

    >>> number_of("1 200,50"), number_of("1,5"), number_of("72 ч"), number_of("–")
    (1200.5, 1.5, 72.0, None)
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if plain in EMPTY:
        return None
    plain = UNIT.sub("", plain).strip()
    if AMBIGUOUS.fullmatch(plain):
        raise AmountError("rup-number-ambiguous")
    if not (PLAIN.fullmatch(plain) or THOUSANDS.fullmatch(plain)):
        raise AmountError("rup-cell-unreadable")
    return float(plain.replace(" ", "").replace(",", "."))


def terms_of(text: str) -> tuple[int, ...]:
    """Return the semesters that a cell names.

    Raises
    ------
    AmountError
        If it names none that can be.

    >>> terms_of("1, 2"), terms_of("3–5"), terms_of("IV сем."), terms_of("")
    ((1, 2), (3, 4, 5), (4,), ())
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("і", "i").replace("х", "x")
    plain = re.sub(r"сем\w*\.?|semester\w*|(?<=\d)-?(?:й|ый|ой|ий|ші|шы)\b", "", plain)
    if " ".join(plain.split()) in EMPTY:
        return ()
    found: list[int] = []
    for part in re.split(r"[,;/и+&]|\s+", re.sub(r"\s*[-–—]\s*", "-", plain.strip())):
        if part:
            ends = [int(end) if end.isdecimal() else ROMAN.get(end, 0) for end in part.split("-")]
            if len(ends) > 2 or not all(end in WORKING_TERMS for end in ends):
                raise AmountError("rup-cell-unreadable")
            found += range(ends[0], ends[-1] + 1)
    return tuple(sorted(set(found)))


def forms_of(marks: Mapping[str, str], text: str) -> str | None:
    """Return the assessment form of a row: of marks in the columns of forms, and of a column of words.

    Forms of several semesters stand in their order; the words of forms that are not known stay.

    >>> forms_of({"exam": "2", "pass": "1"}, "")
    'pass, exam'
    >>> forms_of({}, "Экзамен"), forms_of({}, "зачёт (1), экзамен (2)"), forms_of({}, "–")
    ('exam', 'pass, exam', None)
    """
    found = [(_last_term(mark), form) for form, mark in marks.items() if folded(mark) not in EMPTY]
    words = [form for _, form in sorted(found)]
    parts = [part.strip() for part in re.split(r"[,;/+\n]| и ", text)]
    for part in parts:
        form = assessment_of(re.sub(r"[\d().:\s–-]+$|^[\d().:\s–-]+", "", part)) if part else None
        if form:
            words.append(form)
        elif re.search(r"[^\W\d_]", part) and folded(part) not in EMPTY:
            words.append(part)
    return ", ".join(dict.fromkeys(words)) or None


def _last_term(mark: str) -> int:
    try:
        return max(terms_of(mark), default=0)
    except AmountError:
        return 0
