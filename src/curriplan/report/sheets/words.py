"""Sentences built by formulas from texts and cells, so that they follow every edit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from curriplan.report.formula import Term, chained, choose, constant, decimal_text, rounded
from curriplan.report.texts import Texts

MILLION = 1_000_000


def sentence(texts: Texts, key: str, values: Mapping[str, Term]) -> Term:
    """Turn a text with placeholders such as ``{before}`` into a formula that joins texts and cells."""
    parts: list[Term] = []
    rest = texts(key)
    while rest:
        literal, opened, rest = rest.partition("{")
        if literal:
            parts.append(constant(literal))
        if opened:
            name, _, rest = rest.partition("}")
            parts.append(values[name])
    return reduce(chained, parts)


def percent(texts: Texts, share: Term) -> Term:
    """Return a share as text such as ``45.7%``, the same in every region's Excel."""
    if isinstance(share.value, str):
        return share
    shown = decimal_text(share * constant(100), 1, texts.decimal_mark)
    return shown & constant("%" if texts.language == "en" else " %")


def money_words(texts: Texts, amount: Term) -> Term:
    """Return money in words: millions with one digit, less than a million in full."""
    millions = decimal_text(_over(amount, MILLION), 1, texts.decimal_mark) & constant(
        texts("unit_text.million")
    )
    whole = rounded(amount, 0) & constant(texts("unit_text.kzt"))
    large = Term(f"{amount.text}>={MILLION}", amount.number >= MILLION)
    return choose(large, millions, whole)


def _over(amount: Term, divisor: int) -> Term:
    return Term(f"{amount.inner}/{divisor}", amount.number / divisor, True)
