"""Text as planners type it, turned into the text of the format, with the code of what was odd about it.

Pure functions of text; the words stand in ``texts/understood.toml``. Plain cells never come here: the
parser asks only about a row that it could not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise

from curriplan.texts.words import read_texts

Reading = tuple[str | None, str | None]
"""The text of the format and what was odd; or None and the code of the refusal; or None twice."""

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
SPACED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([ '’ʼ`])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", re.ASCII)
DOTS_THEN_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
COMMAS_THEN_DOT = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d+|[+-]?[1-9]\d{0,2}(?:,\d{3}){2,}", re.ASCII)
ONE_COMMA = re.compile(r"([+-]?)(\d*),(\d+)", re.ASCII)
SEVERAL = re.compile(r"\d{1,3}(?:(?: ?[-;/] ?|, | и | және | мен | and )\d{1,3})+", re.ASCII)
"""Numbers between which stands what no number has within."""
WHOLE_PARTS = re.compile(r"\d{1,2}(?:[.,]\d{1,2})+", re.ASCII)
LAST_TERM, HALF, FEW = 20, 5, 2
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
GROUPED_BY_DOT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""A number by itself, and a number of thousands where the comma is the decimal mark."""
THOUSAND = re.compile(r"[1-9]\d{0,2}", re.ASCII)
GROUP_DIGITS = 3
DAY_COLUMNS = ("as_of", "review_by")
"""Columns in which a date is meant; in any other a date of Excel was a text such as 2026-1 or 2.2."""
LETTER_LIKE = {"<compat>", "<wide>", "<narrow>", "<noBreak>"}
"""Compatibility forms that only look different; a superscript, a fraction or a circled digit means more."""
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
# Cyrillic letters that look like Latin ones: typed by mistake in nine identifiers out of ten.
LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТУҮХаеоріѕсухј", "ABESIJKMHOPCTYYXaeopiscyxj")


def plain(text: str) -> str:
    r"""Return a text in its plain form: white space as one space, no invisible characters, one dash.

    Full-width forms become plain ones; a superscript stays, because 10² is not 102.

    >>> plain("１\u00a0200 – 5²")
    '1 200 - 5²'
    """
    if text.isascii():
        return " ".join(text.split())
    shown = "".join(_plain_character(character) for character in text)
    return " ".join(unicodedata.normalize("NFC", shown).translate(DASHES).split())


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) == "Cf":
        return ""
    form = unicodedata.decomposition(character).split(" ", 1)[0]
    return unicodedata.normalize("NFKC", character) if form in LETTER_LIKE else character


def fold(text: str) -> str:
    """Return what two spellings of a name or a word have in common.

    >>> fold("Тёплый_пол (м²)"), fold("  тепл­ый  пол, м²")
    ('теплый пол м²', 'теплый пол м²')
    """
    folded = plain(text).casefold().replace("ё", "е")
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def latin(text: str) -> str:
    """Return a text with Latin letters for the Cyrillic ones that look like them; for matching."""
    return text.translate(LOOK_ALIKES)


def number(text: str, unit: str | None) -> Reading:
    """Read a number: decimal comma, grouped thousands, other signs, per cent of a share, its unit.

    >>> number("1 200,50", None), number("60 %", "share"), number("24 ч", "h"), number("1,200", None)
    (('1200.50', 'decimal-comma'), ('0.6', 'percent-as-share'), ('24', 'number-with-unit'), (None, \
'ambiguous-number'))
    """
    digits, code = _without_unit(plain(text), unit)
    value, mark = _plain_number(digits)
    if value is None:
        return None, mark
    if code == "percent-as-share":
        value = format((Decimal(value) / 100).normalize(), "f")
    return value, code or mark or ("odd-characters" if value != text else None)


def _without_unit(text: str, unit: str | None) -> tuple[str, str | None]:
    """Return a number without the unit of its column."""
    if unit == "share" and text.endswith("%"):
        return text[:-1].strip(), "percent-as-share"
    folded = text.casefold()
    for form in read_texts("understood")["units"].get(unit, ()):
        if folded.endswith(form) and text[: -len(form)].strip()[-1:].isdigit():
            return text[: -len(form)].strip(), "number-with-unit"
        if folded.startswith(form) and text[len(form) :].strip()[:1].isdigit():
            return text[len(form) :].strip(), "number-with-unit"
    return text, None


def _plain_number(text: str) -> Reading:
    if NUMBER.fullmatch(text):
        return text, None
    if SPACED.fullmatch(text):
        value = re.sub(r"[ '’ʼ`]", "", text)
        return value.replace(",", "."), "decimal-comma" if "," in text else "grouped-number"
    if DOTS_THEN_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", "."), "grouped-number"
    if COMMAS_THEN_DOT.fullmatch(text):
        return text.replace(",", ""), "grouped-number"
    return _one_comma(text)


def _one_comma(text: str) -> Reading:
    found = ONE_COMMA.fullmatch(text)
    if not found:
        return None, None
    sign, whole, part = found.groups()
    if THOUSAND.fullmatch(whole) and len(part) == GROUP_DIGITS:
        return None, "ambiguous-number"
    return f"{sign}{whole or 0}.{part}", "decimal-comma"


def is_several(text: str, *, whole: bool) -> bool:
    """Say whether a text in a cell of one number looks like several, or like a range of them.

    Where numbers are `whole`, a mark between small ones that ascend parts them too: nobody means six tenths
    of a semester. A half is a half, unless it follows 4.

    >>> [is_several(text, whole=True) for text in ("5-7", "5;6", "5, 6", "5,6", "5.6", "2.5", "-7", "5")]
    [True, True, True, True, True, False, False, False]
    >>> is_several("5,6", whole=False), is_several("5 и 6", whole=False)
    (False, True)
    """
    typed = plain(text)
    if SEVERAL.fullmatch(typed):
        return True
    if not whole or not WHOLE_PARTS.fullmatch(typed):
        return False
    parts = [int(part) for part in re.split("[.,]", typed)]
    is_half = len(parts) == FEW and parts[1] == HALF != parts[0] + 1
    return parts[-1] <= LAST_TERM and all(a < b for a, b in pairwise(parts)) and not is_half


def numbers(text: str, unit: str | None) -> Reading:
    """Read a list of numbers between semicolons; a comma is decimal only where it cannot part a list.

    >>> numbers("0,25;0,75", "share"), numbers("1,2", None)
    (('0.25;0.75', 'decimal-comma'), (None, None))
    """
    parts = plain(text).split(";")
    if "," in text and len(parts) == 1:
        return None, None
    found = [number(part.strip(), unit) for part in parts]
    refusal = next((code for value, code in found if value is None), None)
    if refusal or any(value is None for value, _ in found):
        return None, refusal
    joined = ";".join(value for value, _ in found if value is not None)
    return joined, next((code for _, code in found if code), "odd-characters" if joined != text else None)


def word(text: str, words: Sequence[str]) -> Reading:
    """Read a word of an enumeration, or yes and no, in any of three languages.

    >>> word("Базовый", ("general", "basic")), word("+", ("yes", "no"))
    (('basic', 'word-understood'), ('yes', 'word-understood'))
    """
    table = word_table(tuple(words))
    found = table.get(plain(text)) or table.get(fold(text))
    return (found, "word-understood") if found else (None, None)


@cache
def word_table(words: tuple[str, ...]) -> Mapping[str, str]:
    """Return the word of the format for every spelling that is understood; none stands for two words."""
    return {spelling: name for name in words for spelling in spellings(name)}


def spellings(name: str) -> Iterator[str]:
    """Yield what stands for a word of the format, folded; signs such as + as they are."""
    yield fold(name)
    for text in read_texts("understood")["words"].get(name, ()):
        yield fold(text) or text


def identifier(text: str, pattern: str) -> Reading:
    """Read an id or a semester typed with Cyrillic look-alikes, other dashes or invisible characters.

    >>> identifier("КМ01", "^[A-Z0-9]+$"), identifier("2026–1", "^[0-9]+-[12]$")
    (('KM01', 'cyrillic-id'), ('2026-1', 'odd-characters'))
    """
    typed = plain(text)
    folded = latin(typed)
    if folded == text or not re.match(pattern, folded):
        return None, None
    return folded, "odd-characters" if folded == typed else "cyrillic-id"


def matches(text: str, pattern: str) -> bool:
    """Say whether a text is, or can be understood as, an id or a semester."""
    return re.match(pattern, latin(plain(text))) is not None


def day(text: str) -> Reading:
    """Read a date with the day first, as it is written in Kazakhstan.

    >>> day("31.05.2026"), day("31.02.2026")
    (('2026-05-31', 'date-understood'), (None, None))
    """
    found = DAY_FIRST.fullmatch(plain(text))
    if not found:
        return None, None
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat(), "date-understood"
    except ValueError:
        return None, None


def header_synonyms(column: str) -> Sequence[str]:
    """Return what planners call a column beside its titles."""
    found: Sequence[str] = read_texts("understood")["headers"].get(column, ())
    return found


def former_titles(name: str) -> Sequence[str]:
    """Return what earlier versions called a table, or a column as ``table.column``: still official."""
    found: Sequence[str] = read_texts("understood")["former"].get(name, ())
    return found


def is_total(text: str) -> bool:
    """Say whether a text heads a row of totals.

    >>> is_total("Итого по модулям:"), is_total("Итоговая аттестация")
    (True, False)
    """
    return _starts_with(text, read_texts("understood")["rows"]["totals"])


def is_note(text: str) -> bool:
    """Say whether a text alone in its row is a remark, and no identifier.

    >>> is_note("Примечание"), is_note("Утверждено советом"), is_note("KM01"), is_note("FI-1C2")
    (True, True, False, False)
    """
    if len(plain(text).split()) > 1 or text.startswith("*"):
        return True
    return _starts_with(text, read_texts("understood")["rows"]["notes"])


def _starts_with(text: str, words: Sequence[str]) -> bool:
    folded = f"{fold(text)} "
    return any(folded.startswith(f"{fold(word)} ") for word in words)
