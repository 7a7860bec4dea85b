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
RUSSIAN_WORDS = re.compile(
    r"наимен|назван|часов|\bчас|теорети|практическ|заняти|форма|зач[её]т|экзамен|всего|объ[её]м"
)
"""Words of headings that are Russian and never Kazakh."""
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
        Section.GENERAL: "ООД ООМ ОД ЖБП ЖББП ЖББ GE GEN OOD ОУД",
        Section.BASIC: "БМ BM",
        Section.PROFESSIONAL: "ПМ КМ PM KM МДК",
        Section.PRACTICE: "ПП УП ПРП ӨП КТ PP КП ПДП",
        Section.ATTESTATION: "ИА ПА ИГА ГИА ҚА АА IA FA",
        Section.ELECTIVE: "Ф F EL ФТД",
    }.items()
    for letters in words.split()
}
"""Sections by the letters of an index."""
CYCLES: dict[str, Section] = {
    skeleton(letters): section
    for section, words in {
        Section.GENERAL: "ДОО ОДО БД ПД",
        Section.BASIC: "ОГД СЭД ОГСЭ СГ СГЦ ЕН ЕНД ЖММ ОГМ ЖГП ӘЭП",
        Section.PROFESSIONAL: "ОПД ОПМ СД СМ ОП ЖКП АП",
    }.items()
    for letters in words.split()
}
"""Cycles of older standards by their letters: the section that comes nearest, which is said."""
INSIDE_LETTERS = frozenset({skeleton("МДК")})
"""Letters of courses that a module is made of."""
COUNTED = frozenset({"+", "да", "иә", "yes", "1", "*", "v"})
NOT_COUNTED = frozenset({"-", "–", "—", "нет", "жоқ", "no", "0"})
"""What a column says that tells whether a row counts."""
NOT_COUNTED_NAME = re.compile(
    r"не (учитыва|учтен|засчитыва|считает|входит в (общ|объем|расчет|план))"
    r"|вне (сетки|плана|объема)|есепке (алынбай|кірмей)|есептелмей|not counted"
)
EXAM_ROW = re.compile(
    r"(^|\.э?к? )(квалификационн\w* |комплексн\w* |демонстрационн\w* )*(экзамен|емтихан|зачет|exam)"
    r"|\bемтихан(ы|дар)?$"
)
"""A row that only says how a module ends."""
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
    (
        Section.BASIC,
        r"^(общие? )?(общ\w*)?гуманитарн|^(цикл )?социально-(экон|гуман)|^\w* ?(мат\w* и )?\w* ?естественно",
    ),
    (Section.BASIC, r"^математическ\w* и |^жалпы гуманитар|^әлеуметтік-эконом|^жалпыға? міндетті мод"),
    (Section.PROFESSIONAL, r"^общепрофессион|^специальные (дисц|мод)|^жалпы кәсіптік|^арнайы (пәндер|мод)"),
    (Section.ELECTIVE, r"факультатив|elective|^ф$|^el$"),
)
"""Sections by what a row or the column of sections says; the first that fits."""
WHOLE_SHEET = re.compile(r"^(учебный )?план$|^руп\b|план учебн|^о[жқ]ж\b|жоспар")
"""The name of the sheet with the whole plan, where others have parts of it."""
PART_SHEET = re.compile(r"\bкурс\b|^курс|свод|семестр")
"""The name of a sheet with one course or a summary of the plan."""
COURSE_SHEET = re.compile(r"(\d|\b[iv]{1,3}) ?-? ?курс|курс ?#? ?(\d|[iv]{1,3}\b)")
"""The name of a sheet with one course."""
OUTCOME_HEADING = re.compile(r"^(наимен\w* )?(рез\w*\.? ?об|оқыту нәтиже|outcome|learning outcome|результат)")
"""Over a column of the outcomes of modules that stand in another."""
TOTAL = re.compile(
    r"^(итого|всего|общий итог|подытог|сумма|барлығы|жиыны|жинағы|жалпы (саны|көлемі|жиыны|барлығы)|total"
    r"|grand total|sub-?total|общ(ее количество|ая (сумма|трудоемкость|нагрузка)))\b|^қорытынды$|\bбарлығы$"
)
TOTAL_LAST = re.compile(
    r"\b(оқыту|оқу|модуль|пән|бөлім|курс|семестр|цикл|жоспар|сағат|кредит|жүктеме)\w*\b.*"
    r"\b(барлығы|жиыны|жиынтығы|жинағы|қорытындысы)$"
)
"""A total as Kazakh says it, its noun last: only of rows without an index."""
SUMMARY = re.compile(
    r"^(количество|кол-?во|число) (экзам|зач|диф|курсов|контр|недел|час|учебн)|^(часов|час\.?|сағат) в нед"
    r"|^недельн|^(обязательная )?(учебная|аудиторная) нагрузка"
    r"|^(емтихан|сынақ|апта|курстық жоба|курстық жұмыс)\w* саны"
    r"|аптасына .*(сағат|жүктеме)|(сағат|жүктеме).* аптасына|нагрузка\b.* в неделю"
    r"|^(экзаменационн\w* |промежуточн\w* )?(сесси\w*|аттестац\w*),? (недел|апта)|^емтихан сессия"
)
"""Rows that count something over all modules and are none: exams, hours a week."""
WHOLE_PRACTICE = re.compile(
    r"^(профессиональн\w+ практик\w*|практик\w*|производственное обучение и .*практик\w*|кәсіптік практика"
    r"|professional practice|practice)$"
)
"""What the section of practice is called; other names are of one practice."""
CONSULTATION = re.compile(r"^(консультац|кеңес|consultation)")
TRAINING = re.compile(r"^(производственное обучение|өндірістік оқыту)")
PRACTICE = re.compile(
    r"практик|\bпракт\b|стажиров|тағылымдама|өндірістік тәжірибе|\bpractice|\binternship"
    r"|^(учебн|производств|преддиплом|технолог|ознаком)\w*ая\b|^(оқу|өндірістік|диплом алды|танысу)\w*$"
)
"""A row that is practice by its name, where it stands in a section of practice."""
FIXED_LOAD = re.compile(r"^((постоянная|закрепленная) нагрузка|(тұрақты|бекітілген) жүктеме|fixed load)$")
SIGNATURE = re.compile(
    r"_{3,}|директор|согласован|утвержд|келісілді|бекітемін|составил|разработ(чик|ал)|әзірлеген|құрастырған"
    r"|методист\b|әдіскер|председател|төраға|подпись|қолы\b|зам\. ?дир|approved|agreed"
)
NOTE = re.compile(r"^(примечани|ескерту|пояснени|\*|note)")
DEPARTMENT = re.compile(
    r"кафедр|цикл\w*\.?[- ](\w+[- ])?комис|комиссия|бірлестік|\bп?ц[әкм]?[км]\b|\bпцмк\b|\bdepartment"
)
"""Over the code and the name of the department, or the cycle commission, that teaches a module."""
OF_MODULES = re.compile(r"модул|дисциплин|предмет(?!но)|пән(?!дік)|план|жоспар|семестр|курс|час|сағат|кредит")
"""What is no department, whatever else it names: a column of names, a title over the whole table."""
CORRESPONDENCE = re.compile(r"заочн|сырттай|\bcorrespondence|дистанцион|қашықтан|вечерн|кешкі")
"""Forms of study with few hours in class."""
PART = re.compile(
    r"^(?P<name>.*) \((?:часть \d+ из \d+, всего .*|\d+ бөліктің \d+-бөлігі.*|part \d+ of \d+, .*)\)$",
    re.DOTALL,
)
"""How the plan's own workbook names the part of a module in one of its terms."""
WEEKS = re.compile(r"недел|\bнед\b|апта|weeks")


def section_of(text: str) -> Section | None:
    """Return the section that a text names, else None.

    >>> section_of("Базовые модули"), section_of("ЖБП")
    (<Section.BASIC: 'basic'>, <Section.GENERAL: 'general'>)
    """
    one = folded(text)
    return next((section for section, pattern in SECTION_WORDS if re.search(pattern, one)), None)


ASSESSMENTS: tuple[tuple[str, str], ...] = (
    ("differentiated_pass", r"диф|саралан|graded|^дз$|^сс$|^з ?/ ?о$|^зао$"),
    ("differentiated_pass", r"за ?ч[её]? ?т\w* ?(с|со) ?оц|баға\w* сынақ|сынақ \(?баға"),
    ("exam", r"экза-? ?м|^экз\.?$|^эк\.?$|емтихан|exam|^э$|^е$|^к/э$"),
    ("pass", r"за-? ?ч[её]? ?т|^зач\.?$|^за$|сынақ|\bpass|^з$|^с$"),
    ("control_work", r"^контр\.?$|контр\w*\.? ?раб|контрольн|бақылау жұмыс|^к\.? ?/? ?р\.?$|^бж$"),
    ("course_project", r"курсов|курстық|course (project|work)|^к\.? ?п\.?$|^крп$|^кж$"),
)
"""Assessment forms by what a heading or a cell says; the first that fits."""
CONTROL_WORK = re.compile(r"^к\.? ?/? ?р\.?$")
"""Control works among forms of assessment, credits or course works elsewhere."""
COURSE_PROJECT = re.compile(r"^к\.? ?п\.?$")
"""A course project in Russian, practice in Kazakh."""


def assessment_of(text: str) -> str | None:
    """Return the assessment form that a text names, else None.

    >>> assessment_of("дифф. зачёт"), assessment_of("Емтихан"), assessment_of("Зачет с оц.")
    ('differentiated_pass', 'exam', 'differentiated_pass')
    """
    one = folded(text)
    return next((form for form, pattern in ASSESSMENTS if re.search(pattern, one)), None)


ALONE = r"самостоят|\bсам\. ?раб|\bсрс\b|\bсро\b|\bср\b|сөж|өзіндік|self-study|\bбөж\b"
GUIDED = (
    r"\bсрсп\b|\bсроп\b|соөж|сөжо|обөж|боөж|guided|supervised|под (руковод|контрол)|с участием"
    r"|жетекшілі|басшылығы"
    r"|\bс (преп|педагог|учител|мастер|наставник)|совместно с|(педагог|оқытушы|мұғалім|шебер)\w*[пм]ен\b"
    r"|with (a |the )?(teacher|pedagogue|instructor)"
)
TOGETHER = re.compile(GUIDED)
"""With a teacher: guided self-study where self-study is meant at all."""
SELF_STUDY = re.compile(rf"{ALONE}|\bсрсп\b|\bсроп\b|соөж|сөжо|обөж|боөж|guided|supervised")
BETWEEN = re.compile(r"[/,;+&\n]| и | және | and ")
PRACTICE_KIND = "(проф|произв|учебн|преддипл|диплом|технолог|кәсіптік|өндірістік|оқу|ознаком)"
PRACTICE_NOUN = r"практик(а|и|у|ой|асы|аны)?\b"

KINDS: tuple[tuple[str, str], ...] = (
    (HoursKind.THEORY, r"теор|theory|лекц|дәріс|^лек\.?$|^лк$|^т/?о$"),
    (
        HoursKind.LABORATORY_PRACTICAL,
        r"лаборат|практическ|\bлп[рз]\b|\bлпр|зертхан|\bзпж\b|\blab|^лаб\b|^л[рз]$",
    ),
    (
        HoursKind.LABORATORY_PRACTICAL,
        r"тәжірибе|практикалық|курсов|курстық|практ\w*\.? (зан|раб)|^пр\.?$|^прак?т?\.?$",
    ),
    (HoursKind.LABORATORY_PRACTICAL, r"^практика$|^п[зр]$|^прз$|^зж$|^крп$"),
    (HoursKind.PRODUCTION_TRAINING, r"произв\w*\.? обуч|өндірістік оқыту|^по$|^өо$|\bп/о\b"),
    (HoursKind.PRODUCTION_TRAINING, r"prod\. training|production training"),
    (HoursKind.PROFESSIONAL_PRACTICE, rf"^({PRACTICE_NOUN})$|^пп$|^уп$|^пдп$|\bп/п\b"),
    (
        HoursKind.PROFESSIONAL_PRACTICE,
        rf"{PRACTICE_KIND}\w*\.?( алды\w*)?( ?\([^)]*\))?,? ?({PRACTICE_NOUN})",
    ),
    (HoursKind.PROFESSIONAL_PRACTICE, r"work practice|professional practice"),
)
"""Kinds of hours but self-study by what a heading says."""
SIGNS = {"по": HoursKind.PRODUCTION_TRAINING, "өо": HoursKind.PRODUCTION_TRAINING}
"""Signs that mean a kind beside another one: ПО/ПП, ӨО/КП."""
PRACTICE_SIGNS = frozenset({"пп", "кп", "өп", "уп"})


def kinds_of(text: str) -> tuple[str, ...]:
    """Return the kinds of hours that a heading names.

    >>> kinds_of("Лабораторно-практические занятия")
    ('laboratory_practical',)
    >>> kinds_of("Самостоятельная работа студента с педагогом"), kinds_of("СРС/СРСП")
    (('self_study_guided',), ('self_study', 'self_study_guided'))
    """
    one = folded(text)
    found = {str(kind) for part in BETWEEN.split(one) if (kind := _self_study(part)) is not None}
    if TOGETHER.search(one) and found == {"self_study"} and BETWEEN.search(one):
        found.add("self_study_guided")
    found |= {str(kind) for kind, pattern in KINDS if re.search(pattern, one)}
    signs = [part.strip() for part in BETWEEN.split(one)]
    if len(signs) > 1 and set(signs) <= {*SIGNS, *PRACTICE_SIGNS}:
        found |= {str(SIGNS.get(sign, HoursKind.PROFESSIONAL_PRACTICE)) for sign in signs}
    return tuple(sorted(found))


def _self_study(part: str) -> HoursKind | None:
    if not SELF_STUDY.search(part) or re.search(r"^без ", part):
        return HoursKind.SELF_STUDY if re.search(r"^без (преп|педагог)", part) else None
    guided = TOGETHER.search(part) and not re.search(r"\bбез (преп|педагог)|оқытушысыз|педагогсыз", part)
    return HoursKind.SELF_STUDY_GUIDED if guided else HoursKind.SELF_STUDY
