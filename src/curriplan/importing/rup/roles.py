"""What a column of a working curriculum is, recognised by the words over it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from curriplan.catalog.records import HoursKind
from curriplan.importing.rup.vocabulary import WEEKS, assessment_of, folded, kinds_of

KINDS = tuple(str(kind) for kind in HoursKind)
WORKPLACE = "workplace"
"""One column for production training and practice: which of them it is, the kind of row tells."""
UNSURE = {
    "self_study?": "self_study_guided, self_study",
    "practice?": "laboratory_practical, professional_practice, workplace",
}
"""Roles that headings leave open, with those that they could be."""
FORMS = ("exam", "pass", "differentiated_pass", "control_work", "course_project")
PLAIN = (
    "index", "name", "name:kk", "name:ru", "name:en", "section", "term", "credits", "hours", "contact",
    "assessment", WORKPLACE, "ordinal", "decision", "ignore", *KINDS,
    *(f"assessment:{form}" for form in FORMS),
)  # fmt: skip
"""Roles but those of semesters, as they stand in a mapping file."""
UNITS = ("credits", "hours")
SINGLE = ("index", "name", "name:kk", "name:ru", "name:en", "section", "term", "credits", "hours", "contact")
"""Roles that only one column can have."""
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
NUMBER = r"(\d{1,2}|[ivx]{1,4})"
ORDINAL = r"(?: ?[-–]?(?:й|ый|ой|ий|ші|шы|нші|ыншы|інші))?"
SEMESTER = re.compile(
    rf"(?<!\w){NUMBER}{ORDINAL} ?[-–.]? ?сем|сем\w*\.? ?#? ?{NUMBER}(?!\w)|semester {NUMBER}(?!\w)"
)
YEAR = re.compile(rf"(?<!\w){NUMBER}{ORDINAL} ?[-–.]? ?курс|курс\w* ?#? ?{NUMBER}(?!\w)")
WEEK_COUNT = re.compile(
    rf"(\d{{1,2}}(?:[.,]\d)?) ?(?:{WEEKS.pattern}|нед)|(?:{WEEKS.pattern})\D{{0,12}}(\d{{1,2}}(?:[.,]\d)?)"
)
GENERIC = re.compile(
    r"^(всего|барлығы|итого|часы|часов|сағат|сағаты|час|hours|total|в часах|сағатпен|общее)\b"
)
WEEKLY = re.compile(r"в неделю|аптасына|(a|per) week")
CREDITS = re.compile(r"кредит|credit|^кр\.?$")
HOURS = re.compile(r"\bчас|сағат|hours")
CONTACT = re.compile(r"аудиторн|аудитория|обязательн\w* учебн|contact")
RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ordinal", re.compile(r"^#? ?([пр] ?/ ?[псн]\.?)? ?#?$|^n$|^реттік")),
    ("index", re.compile(r"индекс|\bкоды?\b|шифр|\bindex|^code")),
    ("ignore", re.compile(r"предприят|кәсіпорын|enterprise|₸|^почему|^неге|^why|проверка|тексеру")),
    ("ignore", re.compile(r"пререквизит|алдыңғы модул|prereq|= ?кредит|= ?credits|распределение$")),
    ("decision", re.compile(r"^(решение|шешім|decision)$")),
    ("section", re.compile(r"^(раздел|бөлім|section|цикл)$")),
)  # fmt: skip
NAMED = re.compile(r"наименован|названи|атау|\bname")
CONTROL = re.compile(r"контрол|бақылау|assessment|аттестац\w* форм")
FORM = re.compile(r"форм|нысан|түр|assessment")
LATER_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("name", re.compile(r"наименован|названи|атау|^(модул|дисциплин|пән|module)|результат|нәтиже")),
    (
        "hours",
        re.compile(r"всего|барлығы|итого|общ\w* (объем|кол)|жалпы|\btotal|^час|сағат|кол\w*\.? час|объем"),
    ),
    ("term", re.compile(r"^(семестр\w*|сем\.?|semester|sem\.?)$")),
)
MAX_TERM = 20


@dataclass(frozen=True)
class Role:
    """What a column is; a semester has its number, and a unit where its heading says one.

    >>> Role.parse("semester:3:credits"), str(Role("semester", 3))
    (Role(name='semester', term=3, unit='credits'), 'semester:3')
    """

    name: str
    term: int = 0
    unit: str = ""

    def __str__(self) -> str:
        if self.name != "semester":
            return self.name
        return f"semester:{self.term}" + (f":{self.unit}" if self.unit else "")

    @staticmethod
    def parse(text: str) -> Role | None:
        """Return the role of a mapping file, None where there is none of that name."""
        if text in PLAIN:
            return Role(text)
        units = "|".join((*UNITS, *KINDS))
        found = re.fullmatch(rf"semester:(\d{{1,2}})(?::({units}))?", text)
        if found is None or not 1 <= int(found[1]) <= MAX_TERM:
            return None
        return Role("semester", int(found[1]), found[2] or "")


@dataclass(frozen=True)
class Heading:
    """What stands over a column.

    Parameters
    ----------
    path : tuple of str
        The texts from the top down, as they stand.
    year, half : int
        The course and the semester that they name; 0 where none.
    """

    path: tuple[str, ...]
    year: int = 0
    half: int = 0
    weeks: float | None = None

    @property
    def text(self) -> str:
        """The texts in one line."""
        return " / ".join(" ".join(text.split()) for text in self.path)


def read_heading(path: tuple[str, ...]) -> Heading:
    """Read course, semester and weeks out of the texts over a column."""
    texts = [_plain(text) for text in path]
    year = half = 0
    weeks = None
    for text in texts:
        year = _found(YEAR, text) or year
        half = _found(SEMESTER, text) or half
        counted = WEEK_COUNT.search(text)
        if counted:
            weeks = float((counted[1] or counted[2]).replace(",", "."))
    spoken = any(re.search(r"сем|semester", text) for text in texts)
    numbers = [number for number in map(_number, texts) if number is not None]
    if spoken and not half and numbers:
        half = int(numbers.pop(0)) if numbers[0] == int(numbers[0]) else 0
    if half and weeks is None and numbers:
        weeks = numbers[0]
    return Heading(path, year, half if half <= MAX_TERM else 0, weeks)


def _plain(text: str) -> str:
    """Fold a text, and Roman numbers of any alphabet into Latin ones."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("і", "i").replace("х", "x").split()
    roman = [word if re.fullmatch(r"[ivx]{1,4}[-.]?", word) else "" for word in words]
    plain = folded(text).split()
    return (
        " ".join(a or b for a, b in zip(roman, plain, strict=False))
        if len(plain) == len(words)
        else folded(text)
    )


def _found(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    if match is None:
        return 0
    word = next(group for group in match.groups() if group)
    return int(word) if word.isdigit() else ROMAN.get(word, 0)


def _number(text: str) -> float | None:
    if re.fullmatch(r"\d{1,2}([.,]\d)?", text):
        return float(text.replace(",", "."))
    return float(ROMAN[text]) if text in ROMAN else None


def role_of(heading: Heading) -> Role | None:
    """Return what a column is, None where its heading says nothing that is known.

    The semester of the role is the number in the heading; which semester of the programme it is, all
    columns together tell.
    """
    texts = [text for text in map(folded, heading.path) if text and _number(_plain(text)) is None]
    if not texts or any(WEEKLY.search(text) for text in texts):
        return None
    if heading.half and not any(assessment_of(text) and "контрол" in text for text in texts):
        unit = _unit(texts)
        return Role("semester", heading.half, unit) if unit or not _below_semester(texts) else None
    for depth in range(len(texts) - 1, -1, -1):
        found = _leaf_role(texts[depth], texts[:depth])
        if found:
            return Role(found)
    return None


def _below_semester(texts: list[str]) -> bool:
    """Say whether something else than weeks stands below the semester: what the column then holds."""
    spoken = [place for place, text in enumerate(texts) if re.search(r"сем|semester|курс", text)]
    return any(not WEEKS.search(text) and "нед" not in text for text in texts[max(spoken, default=0) + 1 :])


def _unit(texts: list[str]) -> str:
    """Return what a semester's column counts, the nearest text first."""
    for text in reversed(texts):
        kinds = kinds_of(text)
        if len(kinds) == 1:
            return kinds[0]
        if bool(CREDITS.search(text)) != bool(HOURS.search(text)):
            return "credits" if CREDITS.search(text) else "hours"
    return ""


def _leaf_role(text: str, above: list[str]) -> str | None:
    """Return the role that a text names, in the light of those above it."""
    first = next((role for role, pattern in RULES if pattern.search(text)), None)
    if first == "index" and NAMED.search(text):  # index and name in one column
        return "name"
    if first:
        return first
    if CONTROL.search(" ".join([*above, text])):
        form = assessment_of(text) if above or not FORM.search(text) else None
        return f"assessment:{form}" if form else "assessment"
    return _amount_role(text, above) or _plain_role(text)


def _amount_role(text: str, above: list[str]) -> str | None:
    """Return the role of a column of amounts: a kind of hours, or credits."""
    kinds = kinds_of(text)
    if not kinds and GENERIC.search(text):
        if any(CREDITS.search(one) and not HOURS.search(one) for one in above[-1:]):
            return "credits"
        kinds = next((found for one in reversed(above) if len(found := kinds_of(one)) == 1), ())
    if kinds:
        return _kind_role(kinds)
    return "credits" if CREDITS.search(text) and not HOURS.search(text) else None


def _plain_role(text: str) -> str | None:
    form = assessment_of(text)
    if form:
        return f"assessment:{form}"
    if CONTACT.search(text):
        return "contact"
    return next((role for role, pattern in LATER_RULES if pattern.search(text)), None)


def _kind_role(kinds: tuple[str, ...]) -> str | None:
    if len(kinds) == 1:
        return kinds[0]
    if set(kinds) == {"laboratory_practical", "professional_practice"}:
        return "practice?"
    if set(kinds) == {"production_training", "professional_practice"}:
        return WORKPLACE
    if set(kinds) == {"self_study_guided", "self_study"}:
        return "self_study?"
    return None
