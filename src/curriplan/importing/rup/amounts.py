"""Read numbers, lists of semesters and assessment forms out of cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from curriplan.importing.rup.roles import ROMAN
from curriplan.importing.rup.vocabulary import assessment_of, folded

EMPTY = frozenset({"", "-", "–", "—", "−", "x", "х", "."})
UNITS: tuple[tuple[str, str], ...] = (
    ("credits", r"кредита|кредитов|кредит|кред\.?|кр\.?|к\.?|з\. ?е\.?|credits?|cr\.?"),
    ("hours", r"часов|часа|час\.?|ч\.?|сағат|сағ\.?|с\.?|hours?|h\.?"),
    ("weeks", r"недели|недель|неделя|нед\.?|н\.?|апталық|апта|ап\.?|weeks?|w\.?"),
)
"""Units that people write into a cell beside a number."""
UNIT = re.compile("(?<=\\d) ?(?:" + "|".join(f"(?P<{name}>{words})" for name, words in UNITS) + ")$")
UNIT_WORD = re.compile("(?:" + "|".join(f"(?P<{name}>{words})" for name, words in UNITS) + ")")
NUMBER = r"\d+(?:[.,]\d+)?"
PAIR = re.compile(rf"({NUMBER}) ?([^\W\d_]*)\.? ?(?:[-–—/|;(]|, )+ ?({NUMBER}) ?([^\W\d_]*)\.? ?\)?")
"""Hours and credits in one cell, in either order: 96с-4к, 4 кр. / 96 ч, 96 (4)."""
PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
AMBIGUOUS = re.compile(r"\d{1,3}[.,]\d{3}")
MARKS = frozenset({"+", "*", "v", "✓", "✔", "да", "иә"})
WORKING_TERMS = range(1, 21)


class AmountError(ValueError):
    """A cell that should hold a number and does not; its argument is the code of the issue."""


def number_of(text: str) -> float | None:
    """Return the number in a cell, None where it is empty; see `amount_of`.

    >>> number_of("1 200,50"), number_of("1,5"), number_of("72 ч"), number_of("–")
    (1200.5, 1.5, 72.0, None)
    """
    return amount_of(text)[0]


def amount_of(text: str) -> tuple[float | None, str]:
    """Return the number in a cell, None where it is empty, and the unit that it says: else an empty text.

    Raises
    ------
    AmountError
        If it is no number, or may be a thousand and may be a fraction.

    >>> amount_of("72 ч"), amount_of("4 нед."), amount_of("3 кр"), amount_of("72")
    ((72.0, 'hours'), (4.0, 'weeks'), (3.0, 'credits'), (72.0, ''))
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if plain in EMPTY:
        return None, ""
    found = UNIT.search(plain)
    unit = "" if found is None else str(found.lastgroup)
    plain = UNIT.sub("", plain).strip()
    if AMBIGUOUS.fullmatch(plain):
        raise AmountError("rup-number-ambiguous")
    if not (PLAIN.fullmatch(plain) or THOUSANDS.fullmatch(plain)):
        raise AmountError("rup-cell-unreadable")
    return float(plain.replace(" ", "").replace(",", ".")), unit


def unit_word(text: str) -> str:
    """Return the unit that a cell says without any number, an empty text where it says something else."""
    found = UNIT_WORD.fullmatch(folded(text))
    return "" if found is None else str(found.lastgroup)


def pair_of(text: str, first: str = "") -> tuple[float, float] | None:
    """Return the hours and the credits that one cell says, None where it does not say two amounts.

    Parameters
    ----------
    first : str
        Which of the two stands first where no letter in the cell says it: ``"hours"``, ``"credits"``.

    >>> pair_of("96с-4к"), pair_of("4 кр. / 96 ч"), pair_of("96/4", "hours"), pair_of("96/4")
    ((96.0, 4.0), (96.0, 4.0), (96.0, 4.0), None)
    """
    found = PAIR.fullmatch(folded(text))
    if found is None:
        return None
    units = [unit_word(found[2]) if found[2] else "", unit_word(found[4]) if found[4] else ""]
    if any(
        word and unit not in {"hours", "credits"} for word, unit in zip(found.group(2, 4), units, strict=True)
    ):
        return None
    order = units[0] or {"hours": "credits", "credits": "hours"}.get(units[1], first)
    if units[0] == units[1] != "" or order not in {"hours", "credits"}:
        return None
    one, other = (float(found[at].replace(",", ".")) for at in (1, 3))
    hours, counted = (one, other) if order == "hours" else (other, one)
    return (hours, counted) if hours >= counted else None


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
            ends = [
                int(end) if end.isdecimal() and len(end) < 4 else ROMAN.get(end, 0) for end in part.split("-")
            ]
            if len(ends) > 2 or not all(end in WORKING_TERMS for end in ends):
                raise AmountError("rup-cell-unreadable")
            found += range(ends[0], ends[-1] + 1)
    return tuple(sorted(set(found)))


TERMS_SAID = re.compile(
    r"\((?:[\d\s,;.–-]|сем(?:естр\w*)?\b\.?|semesters?)*\)|\d+(?:\s*[,–-]\s*\d+)*\s*-?\s*(?:сем(?:естр\w*)?\b\.?|semesters?)",
    re.IGNORECASE,
)
"""Semesters said beside a form of assessment."""


def forms_of(marks: Mapping[str, str], text: str) -> str | None:
    """Return the assessment form of a row: of marks in the columns of forms, and of a column of words.

    Forms of several semesters stand in their order; the words of forms that are not known stay.

    >>> forms_of({"exam": "2", "pass": "1"}, "")
    'pass, exam'
    >>> forms_of({}, "Экзамен"), forms_of({}, "зачёт (1), экзамен (2)"), forms_of({}, "–")
    ('exam', 'pass, exam', None)
    >>> forms_of({}, "зачёт (1, 3 сем.), экз. 4 семестр")
    'pass, exam'
    """
    text = TERMS_SAID.sub("", text)
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
