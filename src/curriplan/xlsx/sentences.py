"""Sentences and amounts in words as formulas: they change with the cells that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from curriplan.texts.words import NO_BREAK_SPACE, Words, within_quotes
from curriplan.xlsx.formula import chained, choose, rounded
from curriplan.xlsx.term import NOTHING, Term, as_text, constant


def decimal_text(term: Term, digits: int, mark: str) -> Term:
    """Return a number as text with a fixed decimal mark.

    ``TEXT`` reads its pattern by the computer's region, and ``&`` writes the region's mark; only the
    replacement below gives the same sentence everywhere.
    """
    shown = rounded(term, digits)
    other = "." if mark == "," else ","
    return Term(f'SUBSTITUTE({shown.text}&"","{other}","{mark}")', as_text(shown.value).replace(".", mark))


MILLION = 1_000_000


def sentence(texts: Words, key: str, values: Mapping[str, Term]) -> Term:
    """Turn a text with placeholders such as ``{before}`` into a formula that joins texts and cells."""
    parts: list[Term] = []
    rest = texts.template(key)
    while rest:
        literal, opened, rest = rest.partition("{")
        if literal:
            parts.append(constant(literal))
        if opened:
            name, _, rest = rest.partition("}")
            is_quoted = literal.endswith("«") and rest.startswith("»")
            parts.append(_within_quotes(values[name]) if is_quoted else values[name])
    return reduce(chained, parts)


def _within_quotes(text: Term) -> Term:
    """Return a text as it stands between guillemets."""
    value = str(text.value)
    if "«" not in value:
        return text
    inner = f'SUBSTITUTE(SUBSTITUTE({text.text},"«","„"),"»","“")'
    return Term(inner, within_quotes(value))


def percent(texts: Words, share: Term) -> Term:
    """Return a share as text such as ``45.7%``, the same in every region's Excel."""
    if isinstance(share.value, str):
        return share
    shown = decimal_text(share * constant(100), 1, texts.decimal_mark)
    return shown & constant("%" if texts.language == "en" else " %")


def percent_range(texts: Words, low: Term, high: Term) -> Term:
    """Return ``34.1–68.1 %``: what becomes of a share if estimates err; a dash where nothing is known."""
    if isinstance(low.value, str):
        return constant(NOTHING)
    shown = decimal_text(low * constant(100), 1, texts.decimal_mark)
    return chained(chained(shown, constant("–")), percent(texts, high))


def grouped(count: Term) -> Term:
    """Return a whole number as text with a gap before its last three digits, in every region's Excel."""
    gapped = f'INT({count.text}/1000)&"{NO_BREAK_SPACE}"&RIGHT("000"&MOD({count.text},1000),3)'
    number = int(count.number)
    shown = f"{number // 1000}{NO_BREAK_SPACE}{number % 1000:03}" if number >= 1000 else str(number)
    return Term(f'IF({count.text}>=1000,{gapped},{count.text}&"")', shown)


def money_words(texts: Words, amount: Term) -> Term:
    """Return money in words: millions with one digit, less than a million in full."""
    millions = decimal_text(_over(amount, MILLION), 1, texts.decimal_mark) & constant(
        texts("unit_text.million")
    )
    whole = chained(grouped(rounded(amount, 0)), constant(texts("unit_text.kzt")))
    large = Term(f"{amount.text}>={MILLION}", amount.number >= MILLION)
    return choose(large, millions, whole)


def _over(amount: Term, divisor: int) -> Term:
    return Term(f"{amount.inner}/{divisor}", amount.number / divisor, True)
