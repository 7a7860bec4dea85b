"""What a column of a working curriculum is, recognised by the words over it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from curriplan.catalog.records import HoursKind
from curriplan.importing.rup.vocabulary import (
    CONTROL_WORK,
    COURSE_PROJECT,
    DEPARTMENT,
    OF_MODULES,
    SELF_STUDY,
    TOGETHER,
    WEEKS,
    assessment_of,
    folded,
    kinds_of,
)
from curriplan.texts.words import Phrase, texts_of

KINDS = tuple(str(kind) for kind in HoursKind)
WORKPLACE = "workplace"
"""One column for production training and practice: which of them it is, the kind of row tells."""
PAIR = "hours_credits"
"""One column whose cells say hours and credits: 96с-4к, 96/4."""
UNSURE = {
    "self_study?": "self_study_guided, self_study",
    "practice?": "laboratory_practical, professional_practice, workplace",
    "theory?": "theory, laboratory_practical",
    "workplace?": "production_training, professional_practice, workplace",
    "together?": "self_study_guided, contact",
    "course?": "laboratory_practical, professional_practice, assessment:course_project",
    "work?": "assessment:control_work, assessment:course_project, credits, laboratory_practical",
    "pair?": "hours, credits",
    "form?": "assessment:exam, assessment:pass, assessment:differentiated_pass, ignore",
    "control?": "theory, laboratory_practical, self_study_guided, self_study, ignore",
}
"""Roles that headings leave open, with those that they could be."""
LETTERS: Mapping[str, tuple[str, ...]] = {
    "т": ("laboratory_practical", "theory"),
    "п": ("laboratory_practical", "professional_practice"),
}
"""What headings of one letter may mean: Т is theory or, in Kazakh, practical work."""
OPEN_KINDS: Mapping[frozenset[str], str] = {
    frozenset({"laboratory_practical", "theory"}): "theory?",
    frozenset({"laboratory_practical", "professional_practice"}): "practice?",
    frozenset({"production_training", "professional_practice"}): f"{WORKPLACE}?",
    frozenset({"self_study_guided", "self_study"}): "self_study?",
}
"""What a column of several kinds is, where that is asked."""
FORMS = ("exam", "pass", "differentiated_pass", "control_work", "course_project")
TWO_NAMES = ("name:module", "name:outcome")
"""Columns of names where modules stand in one, and their outcomes in the other."""
PLAIN = (
    "index", "name", "name:kk", "name:ru", "name:en", *TWO_NAMES, "section", "term", "credits", "hours",
    "contact", "assessment", WORKPLACE, "counted", PAIR, "ordinal", "decision", "ignore", *KINDS,
    *(f"assessment:{form}" for form in FORMS),
)  # fmt: skip
"""Roles but those of semesters, as they stand in a mapping file."""
UNITS = ("credits", "hours")
PARTS = (*UNITS, *KINDS, WORKPLACE, PAIR)
"""What a column of a semester may hold."""
REPEATABLE = (*KINDS, WORKPLACE, *UNSURE)
"""What several columns of one semester may hold: their hours are added."""
SINGLE = (
    "index",
    "name",
    "name:kk",
    "name:ru",
    "name:en",
    *TWO_NAMES,
    "section",
    "term",
    "credits",
    "hours",
    "contact",
)
"""Roles that only one column can have."""
AMOUNT_ROLES = ("credits", "hours", "contact", "semester", WORKPLACE, *UNSURE, *KINDS)
"""Roles of columns that hold numbers."""
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
    r"^(всего|по плану|факт|барлығы|итого|часы|часов|сағат|сағаты|час|hours|total|в часах|сағатпен|общее)\b"
)
WEEKLY = re.compile(r"в нед|/ ?нед|недельн|аптасына|апталық|(a|per) week")
CREDITS = re.compile(r"кредит|credit|^кр\.?$|^з\. ?е\.?$|^зет$")
HOURS = re.compile(r"\bчас|^ч\.?$|сағат|^сағ\.?$|hours|\bакад\.")
CONTACT = re.compile(r"^с преп\w*\.?$|^конт\w*\.? ?раб|аудиторн|аудитория|обязательн\w* учебн|contact")
RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ordinal", re.compile(r"^#? ?([пр] ?/ ?[псн]\.?)? ?#?$|^n$|^реттік")),
    ("counted", re.compile(r"считать в план|учитыва\w* в план|вход\w* в план|есепке ал")),
    ("index", re.compile(r"индекс|^инд\.?$|\bкоды?\b|шифр|\bindex|^code")),
    ("ignore", re.compile(r"предприят|кәсіпорын|enterprise|₸|^почему|^неге|^why|проверка|тексеру")),
    ("ignore", re.compile(r"^эксперт|^закрепл|^кафедр|^цмк|^цикловая комис")),
    ("ignore", re.compile(r"пререквизит|алдыңғы модул|prereq|= ?кредит|= ?credits|распределение$")),
    ("decision", re.compile(r"^(решение|шешім|decision)$")),
    ("section", re.compile(r"^(раздел|бөлім|section|цикл)$")),
)  # fmt: skip
NAMED = re.compile(r"наимено|названи|атау|\bname")
CONTROL_HOURS = re.compile(r"^контроль$|^п\.?атт\.?$|^конс\w*\.?$|подгот\w*$|^бақылау$")
"""Hours that are none of the kinds, or overlap others: what they count as is asked."""
CONTROL = re.compile(r"контрол|бақылау|assessment|аттестац\w* форм")
FORM = re.compile(r"форм|нысан|түр|assessment")
LATER_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("name", re.compile(r"наимено|названи|атау|^(модул|дисциплин|пән|module)|результат|нәтиже")),
    (
        "hours",
        re.compile(
            r"всего|барлығы|итого|общ\w* (объем|кол)|жалпы|\btotal|^час|^ч\.?$|сағат|^сағ\.?$"
            r"|кол\w*\.? час|объем"
        ),
    ),
    ("term", re.compile(r"^(семестр\w*( (из|об)учен\w*)?|оқ\w* семестр\w*|сем\.?|semester|sem\.?)$")),
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
        units = "|".join(PARTS)
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


@dataclass(frozen=True)
class HeadedColumn:
    """A column: from 0, its heading, and what it is (None: not understood)."""

    index: int
    heading: Heading
    role: Role | None


def role_phrase(word: str) -> Phrase | str:
    """Return what a role is called, as it stands in a mapping; a word that has no text stays."""
    role = Role.parse(word)
    if role is not None and role.name == "semester":
        key = "choice.semester_unit" if role.unit else "choice.semester"
        return Phrase(key, {"term": role.term, "unit": role_phrase(role.unit)}, "questions")
    key = f"role.{word.replace(':', '_')}"
    return Phrase(key, subject="questions") if key in texts_of("questions") else word


def is_open(role: Role) -> bool:
    """Say whether a heading leaves open what a column holds."""
    return open_kind(role) in UNSURE


def open_kind(role: Role) -> str:
    """Return the name of what is open, of a semester that of its unit."""
    return role.unit if role.name == "semester" else role.name


def leaf_of(column: HeadedColumn) -> str:
    """Return the last text over a column, folded: what columns of several semesters have in common."""
    return folded(column.heading.path[-1]) if column.heading.path else ""


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
    elif year and not half and numbers and numbers[0] in {1, 2, 2 * year - 1, 2 * year}:
        half = int(numbers.pop(0))  # the number alone below its course: 2 курс over 3
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
    if any(DEPARTMENT.search(text) and not OF_MODULES.search(text) for text in texts):
        return Role("ignore")
    if heading.half and not any(assessment_of(text) and "контрол" in text for text in texts):
        unit = _unit(texts)
        if heading.path[-1].strip(" .") == "КР":
            unit = "work?"
        open_total = GENERIC.search(texts[-1]) or not _below_semester(texts)
        return Role("semester", heading.half, unit) if unit or open_total else None
    for depth in range(len(texts) - 1, -1, -1):
        found = _leaf_role(texts[depth], texts[:depth])
        if found:
            return _broken_role(texts[: depth + 1], Role(found))
    found = _leaf_role(_joined(texts), []) if len(texts) > 1 else None
    return Role(found) if found else None


def _broken_role(texts: list[str], role: Role) -> Role:
    """Return the role of a heading broken over two cells, such as Профессиональная / практика."""
    if role.name != "practice?" or len(texts) < 2:
        return role
    kinds = kinds_of(_joined(texts[-2:]))
    return Role(kinds[0]) if len(kinds) == 1 and kinds[0] in UNSURE[role.name].split(", ") else role


def _joined(texts: list[str]) -> str:
    """Return what stands in several cells under each other as the one text that it is."""
    return re.sub(r"(?<=\w)- (?=\w)", "", " ".join(texts))


def _below_semester(texts: list[str]) -> bool:
    """Say whether something else than weeks stands below the semester: what the column then holds."""
    spoken = [place for place, text in enumerate(texts) if re.search(r"сем|semester|курс", text)]
    return any(not WEEKS.search(text) and "нед" not in text for text in texts[max(spoken, default=0) + 1 :])


def _unit(texts: list[str]) -> str:
    """Return what a semester's column counts, the nearest text first."""
    for depth in range(len(texts) - 1, -1, -1):
        text = texts[depth]
        if CONTROL_HOURS.search(text):
            return "control?"
        if COURSE_PROJECT.search(text):
            return "course?"
        kinds = _kinds(text, texts[:depth])
        if kinds and (role := _kind_role(kinds)):
            return role
        if CREDITS.search(text) and HOURS.search(text):
            return PAIR
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
    if CONTROL_HOURS.search(text) and any(HOURS.search(one) or GENERIC.search(one) for one in above):
        return "control?"
    if CONTROL.search(" ".join([*above, text])):
        form = assessment_of(text) if above or not FORM.search(text) else None
        return f"assessment:{form}" if form else "assessment"
    return _amount_role(text, above) or _plain_role(text)


def _amount_role(text: str, above: list[str]) -> str | None:
    """Return the role of a column of amounts: a kind of hours, or credits."""
    if COURSE_PROJECT.search(text):  # a heading in several languages says it in another one above
        return next((found[0] for one in reversed(above) if len(found := kinds_of(one)) == 1), "course?")
    if CONTROL_WORK.search(text):
        return "work?"
    kinds = _kinds(text, above)
    if not kinds and GENERIC.search(text):
        if any(CREDITS.search(one) and not HOURS.search(one) for one in above[-1:]):
            return "credits"
        kinds = next((found for one in reversed(above) if len(found := kinds_of(one)) == 1), ())
    if kinds:
        return _kind_role(kinds)
    if CREDITS.search(text) and HOURS.search(text):
        return PAIR
    return "credits" if CREDITS.search(text) and not HOURS.search(text) else None


def _kinds(text: str, above: list[str]) -> tuple[str, ...]:
    """Return the kinds that a text names; with a teacher or without is of the self-study above it."""
    kinds = LETTERS.get(text.rstrip(".")) or kinds_of(text)
    if not kinds and TOGETHER.search(text) and any(SELF_STUDY.search(one) for one in above):
        return ("self_study_guided",)
    return kinds


def _plain_role(text: str) -> str | None:
    form = assessment_of(text)
    if form:
        return f"assessment:{form}"
    if CONTACT.search(text):
        return "contact"
    if TOGETHER.search(text):
        return "together?"
    if WEEKS.search(text) and not HOURS.search(text):
        return None
    return next((role for role, pattern in LATER_RULES if pattern.search(text)), None)


def _kind_role(kinds: tuple[str, ...]) -> str | None:
    return kinds[0] if len(kinds) == 1 else OPEN_KINDS.get(frozenset(kinds))
