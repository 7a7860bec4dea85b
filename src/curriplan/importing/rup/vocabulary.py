"""The words of working curricula in Kazakh, Russian and English, whatever their case and look-alikes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from curriplan.catalog.records import HoursKind, Section

# Latin letters that look like Cyrillic ones, small: typed by mistake within Cyrillic words.
TO_CYRILLIC = str.maketrans("abcehikmoptxyj", "авсеһікмортхуј")
# Cyrillic capitals that look like Latin ones, so that an index matches however it was typed.
TO_LATIN = str.maketrans("АВСЕНІІКМОРТХУЅЈ", "ABCEHIIKMOPTXYSJ")
MAX_REMEMBERED = 200
"""The longest text, in characters, whose folded form is kept: longer ones hardly come twice."""
KAZAKH_LETTERS = frozenset("әғқңөұүһі")
TRANSLITERATION = {
    "А": "A", "Ә": "A", "Б": "B", "В": "V", "Г": "G", "Ғ": "G", "Д": "D", "Е": "E", "Ё": "E", "Ж": "ZH",
    "З": "Z", "И": "I", "І": "I", "Й": "Y", "К": "K", "Қ": "K", "Л": "L", "М": "M", "Н": "N", "Ң": "N",
    "О": "O", "Ө": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ұ": "U", "Ү": "U", "Ф": "F",
    "Х": "KH", "Һ": "H", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "", "Ы": "Y", "Ь": "", "Э": "E",
    "Ю": "YU", "Я": "YA",
}  # fmt: skip


def folded(text: str) -> str:
    r"""Return a text for matching: one case, one kind of space, Cyrillic letters in Cyrillic words.

    >>> folded("Teopетическое\u00a0 обу-\nчение")
    'теоретическое обучение'
    """
    return _remembered(text) if len(text) <= MAX_REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    # The sign № would become the letters No.
    text = (
        unicodedata.normalize("NFKC", text.replace("№", "#"))
        .replace("\N{SOFT HYPHEN}", "")
        .casefold()
        .replace("ё", "е")
    )
    text = re.sub(r"(?<=\w)[-‐]\s*\n\s*(?=\w)", "", text)
    words = re.split(r"\s+", text.strip())
    return " ".join(
        word.translate(TO_CYRILLIC) if re.search("[а-яәғқңөұүһі]", word) else word for word in words
    )


# The cells of a table repeat the same few texts, and each is asked about from many sides.
_remembered = lru_cache(4096)(_fold)


def skeleton(text: str) -> str:
    """Return the letters of an index in capitals, look-alikes as Latin letters.

    >>> skeleton("км") == skeleton("KM")
    True
    """
    return unicodedata.normalize("NFKC", text).upper().translate(TO_LATIN)


def transliterated(text: str) -> str:
    """Return a text in the letters that an id may have.

    >>> transliterated("ПМ 01"), transliterated("ЖБП-2")
    ('PM01', 'ZHBP-2')
    """
    capital = unicodedata.normalize("NFKC", text).upper()
    latin = "".join(TRANSLITERATION.get(letter, letter) for letter in capital)
    return re.sub(r"[^A-Z0-9._-]", "", latin).strip("._-")


def is_kazakh(texts: Sequence[str]) -> bool:
    """Say whether texts are Kazakh: a Kazakh letter in at least every fifth of their words."""
    words = [word for text in texts for word in folded(text).split() if re.search("[а-яәғқңөұүһі]", word)]
    return bool(words) and sum(bool(KAZAKH_LETTERS & set(word)) for word in words) * 5 >= len(words)


def language_of(names: Sequence[str]) -> str:
    """Return the language of names: Kazakh, English where no letter is Cyrillic, else Russian.

    >>> language_of(["Физика"]), language_of(["Қазақ тілі"]), language_of(["Physics"])
    ('ru', 'kk', 'en')
    """
    letters = set("".join(map(folded, names)))
    if letters & set("abcdefghijklmnopqrstuvwxyz") and not letters & set("абвгдежзийклмнопрстуфхцчшщыэюя"):
        return "en"
    return "kk" if is_kazakh(names) else "ru"


INDEX_SECTIONS: dict[str, Section] = {
    skeleton(letters): section
    for section, words in {
        Section.GENERAL: "ООД ООМ ОД ЖБП ЖББП ЖББ GE GEN OOD",
        Section.BASIC: "БМ BM",
        Section.PROFESSIONAL: "ПМ КМ PM KM",
        Section.PRACTICE: "ПП УП ПРП ӨП КТ PP КП",
        Section.ATTESTATION: "ИА ПА ИГА ҚА АА IA FA",
        Section.ELECTIVE: "Ф F EL",
    }.items()
    for letters in words.split()
}
"""Sections by the letters of an index."""
OUTCOME_LETTERS = frozenset(skeleton(word) for word in ("РО", "ОН", "RO", "ON", "LO"))
CONSULTATION_LETTERS = frozenset({skeleton("К")})
TRAINING_LETTERS = frozenset(skeleton(word) for word in ("ПО", "ӨО"))

SECTION_WORDS: tuple[tuple[Section, str], ...] = (
    (Section.GENERAL, r"общеобразоват|жалпы білім|general.education|^ооды?$|^жбп$|^жббп$|^gen$"),
    (Section.BASIC, r"базов\w* модул|^базовые|базалық модул|basic mod|^бм$|^bm$"),
    (Section.ATTESTATION, r"аттестац|аттестатт|attestation|^иа$|^қа$|^fa$"),
    (Section.ATTESTATION, r"^дипломн\w* (проект|работ)|^защита диплом|^дипломдық жоба|^диплом жоба"),
    (Section.PRACTICE, r"^профессиональн\w* практик|^(учебн|производств|преддиплом)\w*.{0,40}практик"),
    (Section.PRACTICE, r"^(кәсіптік|өндірістік|диплом алды\w*|оқу).{0,25} практика"),
    (Section.PRACTICE, r"^практик|practice|^пп$|^кп$|^pp$"),
    (Section.PROFESSIONAL, r"профессиональн\w* модул|^профессиональные|кәсіптік модул"),
    (Section.PROFESSIONAL, r"professional mod|^пм$|^км$|^pm$"),
    (Section.ELECTIVE, r"факультатив|elective|^ф$|^el$"),
)
"""Sections by what a row or the column of sections says; the first that fits."""
TOTAL = re.compile(r"^(итого|всего|барлығы|жиыны|жалпы (саны|көлемі)|total|общее количество)\b")
WHOLE_PRACTICE = re.compile(
    r"^(профессиональн\w+ практик\w*|практик\w*|производственное обучение и .*практик\w*|кәсіптік практика"
    r"|professional practice|practice)$"
)
"""What the section of practice is called; other names are of one practice."""
CONSULTATION = re.compile(r"^(консультац|кеңес|consultation)")
TRAINING = re.compile(r"^(производственное обучение|өндірістік оқыту)")
FIXED_LOAD = re.compile(r"^(закрепленная нагрузка|бекітілген жүктеме|fixed load)$")
SIGNATURE = re.compile(
    r"_{3,}|директор|согласован|утвержд|келісілді|бекітемін|составил|разработ(чик|ал)|әзірлеген|құрастырған"
    r"|методист\b|әдіскер|председател|төраға|подпись|қолы\b|зам\. ?дир|approved|agreed"
)
NOTE = re.compile(r"^(примечани|ескерту|пояснени|\*|note)")
PART = re.compile(
    r"^(?P<name>.*) \((?:часть \d+ из \d+, всего .*|\d+ бөліктің \d+-бөлігі.*|part \d+ of \d+, .*)\)$",
    re.DOTALL,
)
"""How the plan's own workbook names the part of a module in one of its terms."""
WEEKS = re.compile(r"недел|апта|weeks")


def section_of(text: str) -> Section | None:
    """Return the section that a text names, else None.

    >>> section_of("Базовые модули"), section_of("ЖБП")
    (<Section.BASIC: 'basic'>, <Section.GENERAL: 'general'>)
    """
    one = folded(text)
    return next((section for section, pattern in SECTION_WORDS if re.search(pattern, one)), None)


ASSESSMENTS: tuple[tuple[str, str], ...] = (
    ("differentiated_pass", r"диф|саралан|graded|^дз$|^сс$"),
    ("exam", r"экзам|емтихан|exam|^э$|^е$|^к/э$"),
    ("pass", r"зач[её]?т|сынақ|\bpass|^з$|^с$"),
    ("control_work", r"контрольн|бақылау жұмыс|^к/?р$"),
    ("course_project", r"курсов|курстық|course (project|work)"),
)
"""Assessment forms by what a heading or a cell says; the first that fits."""


def assessment_of(text: str) -> str | None:
    """Return the assessment form that a text names, else None.

    >>> assessment_of("дифф. зачёт"), assessment_of("Емтихан")
    ('differentiated_pass', 'exam')
    """
    one = folded(text)
    return next((form for form, pattern in ASSESSMENTS if re.search(pattern, one)), None)


KINDS: tuple[tuple[str, str], ...] = (
    (HoursKind.SELF_STUDY_GUIDED, r"срсп|соөж|сөжо|guided|под руководством|жетекшілі|с преподавател"),
    (HoursKind.SELF_STUDY, r"\bсрс\b|\bсро\b|сөж|самостоят|өзіндік|self-study"),
    (HoursKind.THEORY, r"теор|theory|лекц|дәріс"),
    (HoursKind.LABORATORY_PRACTICAL, r"лаборат|практическ|\bлп[рз]\b|\bлпр|зертхан|\bзпж\b|\blab"),
    (HoursKind.LABORATORY_PRACTICAL, r"тәжірибе|практикалық|курсов|курстық|практ\w*\.? (зан|раб)"),
    (HoursKind.LABORATORY_PRACTICAL, r"^практика$"),
    (HoursKind.PRODUCTION_TRAINING, r"производств\w*\.? обуч|өндірістік оқыту|^по$|^өо$"),
    (HoursKind.PRODUCTION_TRAINING, r"prod\. training|production training"),
    (HoursKind.PROFESSIONAL_PRACTICE, r"(профессиональн|производственн)\w*\.? практик|^практика$"),
    (HoursKind.PROFESSIONAL_PRACTICE, r"(кәсіптік|өндірістік) практика|^пп$|^кп$"),
    (HoursKind.PROFESSIONAL_PRACTICE, r"work practice|professional practice"),
)
"""Kinds of hours by what a heading says."""


def kinds_of(text: str) -> tuple[str, ...]:
    """Return the kinds of hours that a heading names.

    >>> kinds_of("Лабораторно-практические занятия")
    ('laboratory_practical',)
    """
    one = folded(text)
    found = list(dict.fromkeys(str(kind) for kind, pattern in KINDS if re.search(pattern, one)))
    if found == ["self_study_guided", "self_study"] and not re.search(
        r"\bсрс\b|сөж|самостоят\w* .*самостоят", one
    ):
        return ("self_study_guided",)
    return tuple(found)
