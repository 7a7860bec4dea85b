"""What stands above the table, and on title sheets: codes, years, schooling, learners."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from curriplan.importing.rup.entry import entry_base_of
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.vocabulary import folded, skeleton

MAX_TITLE_ROWS = 120
MAX_TITLE_CELLS = 8
"""Filled cells in a row of a title sheet; a row with more is one of a table."""
QUALIFICATION = re.compile(r"(?<![0-9A-ZА-Я])(3W|4[SC]|5AB)\s?(\d{8})(?!\d)")
"""The letter S of a code is at times typed as the Cyrillic С."""
SPECIALTY = re.compile(r"(?<![\dA-Z])(\d{8})(?!\d)")
BARE_SPECIALTY = re.compile(r"\s*(\d{6}00)\s*[-–—.:«\"“]*\s*[^\W\d_]{3}")
"""The code of a specialty before its name, without a word that says what it is; all codes end like this."""
SEMESTER = re.compile(r"(?<!\d)(20\d\d-[12])(?!\d)")
SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d) ?[-–—/] ?(20\d\d)")
YEAR_OF_ENTRY = re.compile(
    r"(?:год\w* (?:набора|поступления|приема)|прием \w*|қабылдау жылы|қабылданған жылы)\D{0,10}(20\d\d)"
    r"|(20\d\d)\D{0,6}(?:год\w* (?:набора|поступления|приема)|жылғы қабылдау)"
)
SEASON = re.compile(r"(осень|autumn|весна|spring) (20\d\d)|(20\d\d) ж\. (күз|көктем)")
AUTUMN = ("осень", "autumn", "күз")
CURRICULUM = re.compile(
    r"^(?:рабочий учебный план|оқу жұмыс жоспары|working curriculum"
    r"|решения и расчеты|шешімдер мен есептер|decisions and sums): *(.+)",
    re.IGNORECASE,
)
LEARNERS = re.compile(r"(?:обучающихся|контингент|білім алушылар(?: саны)?|learners)\D{0,20}(\d{1,5})")
TERMS = re.compile(r"(?:семестров|семестр саны|semesters:?)\D{0,3}(\d{1,2})(?!\d)")
NAME_AFTER = re.compile(r"^[\s\"«»„“”:–—\-.,]+")


def whole_qualification(text: str) -> str | None:
    """Return the code of a qualification, None where a text is more or less than one.

    >>> whole_qualification(" 4С 06130103 ")
    '4S06130103'
    """
    found = QUALIFICATION.fullmatch(skeleton(text).strip())
    return found[1].replace("C", "S") + found[2] if found else None


def title_values(texts: Iterable[str]) -> dict[str, Any]:
    """Return what texts say about the programme: keys of the mapping file's ``[programme]``.

    >>> title_values(["Квалификация: 4S06130103 – Техник-программист"])
    {'qualification': '4S06130103', 'title': 'Техник-программист'}
    >>> title_values(["06120200 - Системы информационной безопасности"])["specialty"]
    '06120200'
    """
    known = [unicodedata.normalize("NFKC", text) for text in texts]
    found: dict[str, Any] = {}
    for text in known:
        for key, value in _values(text):
            found.setdefault(key, value)
    if base := entry_base_of(known):
        found["entry_base"] = base
    if "title" not in found and "specialty_title" in found:
        found["title"] = found["specialty_title"]
    found.pop("specialty_title", None)
    if bare := found.pop("bare_specialty", None):
        found.setdefault("specialty", bare)
    return found


def qualification_of(text: str) -> str:
    """Return the code of a qualification in a text, an empty text where it has none.

    >>> qualification_of("4S 06130103 Разработчик")
    '4S06130103'
    """
    found = QUALIFICATION.search(skeleton(unicodedata.normalize("NFKC", text)))
    return found[1].replace("C", "S") + found[2] if found else ""


def title_texts(sheet: RupSheet, last: int, others: Iterable[RupSheet]) -> Iterator[str]:
    """Yield the texts above row `last` of a sheet, then those of title sheets: of few words, no tables."""
    yield from _texts(sheet, last)
    for other in others:
        if not other.hidden and not any(len(cells) > MAX_TITLE_CELLS for cells in other.grid.rows.values()):
            yield from _texts(other, MAX_TITLE_ROWS)


def _texts(sheet: RupSheet, last: int) -> Iterator[str]:
    for row in sorted(row for row in sheet.grid.rows if row < last):
        # A code and its name often stand in neighbouring cells.
        texts = [text for at in sorted(sheet.grid.rows[row]) if (text := sheet.text(row, at))]
        yield " ".join(texts)[:2000]


def _values(text: str) -> Iterator[tuple[str, Any]]:
    one = folded(text)
    found = QUALIFICATION.search(skeleton(text))
    if found:
        yield "qualification", qualification_of(text)
        yield from _title("title", text, found.end())
    else:
        code = SPECIALTY.search(text)
        if code and re.search(r"специальност|мамандық|мамандығ|specialty", one):
            yield "specialty", code[1]
            yield from _title("specialty_title", text, code.end())
        elif bare := BARE_SPECIALTY.match(text):
            yield "bare_specialty", bare[1]
            yield from _title("specialty_title", text, bare.end(1))
    if (named := CURRICULUM.match(text.strip())) and not QUALIFICATION.search(skeleton(named[1])):
        yield "title", named[1].strip()[:200]
    yield from _start(text, one)
    for key, pattern in (("learners", LEARNERS), ("terms", TERMS)):
        if (counted := pattern.search(one)) and int(counted[1]):
            yield key, int(counted[1])


def _start(text: str, one: str) -> Iterator[tuple[str, str]]:
    if semester := SEMESTER.search(text):
        yield "start", semester[1]
    elif season := SEASON.search(one):
        name, year = season[1] or season[4], int(season[2] or season[3])
        yield "start", f"{year}-1" if name in AUTUMN else f"{year - 1}-2"
    elif (years := SCHOOL_YEAR.search(text)) and int(years[2]) > int(years[1]):
        yield "start", f"{years[1]}-1"
    elif entry := YEAR_OF_ENTRY.search(one):
        yield "start", f"{entry[1] or entry[2]}-1"


def _title(key: str, text: str, end: int) -> Iterator[tuple[str, str]]:
    rest = NAME_AFTER.sub("", " ".join(text[end:].split()))
    rest = re.split(r"[;·|]|\s(?:квалификаци|біліктілі)", rest, maxsplit=1, flags=re.IGNORECASE)[0].strip(
        " »”\"'.,"
    )
    if re.search(r"[^\W\d_]{3}", rest):
        yield key, rest[:200]
