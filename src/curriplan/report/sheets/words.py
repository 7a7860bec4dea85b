"""Sentences beside live numbers: formulas that join texts and cells, the same in every region's Excel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from curriplan.report.formula import Term, chained, choose, constant, decimal_text, rounded
from curriplan.report.sheets.context import Context

MILLION = 1_000_000


def percent(context: Context, share: Term) -> Term:
    """Return a share as text such as ``45.7%``."""
    hundred = constant(100)
    if isinstance(share.value, str):
        return share
    shown = decimal_text(share * hundred, 1, context.texts.decimal_mark)
    return shown & constant("%" if context.texts.language == "en" else " %")


def money_words(context: Context, money: Term) -> Term:
    """Return money in words: millions with one digit, less than a million in full."""
    mark = context.texts.decimal_mark
    millions = decimal_text(_over(money, MILLION), 1, mark) & constant(context.texts("unit_text.million"))
    whole = rounded(money, 0) & constant(context.texts("unit_text.kzt"))
    large = Term(f"{money.text}>={MILLION}", money.number >= MILLION)
    return choose(large, millions, whole)


def _over(money: Term, divisor: int) -> Term:
    return Term(f"{money.inner}/{divisor}", money.number / divisor, True)


def filled(context: Context, key: str, values: Mapping[str, Term]) -> Term:
    """Turn a text with placeholders such as ``{before}`` into a formula that joins texts and cells."""
    parts: list[Term] = []
    rest = context.texts(key)
    while rest:
        literal, opened, rest = rest.partition("{")
        if literal:
            parts.append(constant(literal))
        if opened:
            name, _, rest = rest.partition("}")
            parts.append(values[name])
    return reduce(chained, parts)
