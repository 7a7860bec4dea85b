"""The functions of Excel that formulas are made of: only old ones with English names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from curriplan.xlsx.term import (
    NOTHING,
    Range,
    Scalar,
    Term,
    _compared,
    as_number,
    as_text,
    constant,
    round_half_up,
)

RELATIVE_SLACK = 1e-6


GREATER = 0.0005
"""By how much a share must be greater to be called so: half of what is shown."""


def total(*ranges: Range) -> Term:
    """Return ``SUM`` over ranges."""
    filled = [item for item in ranges if item.values]
    if not filled:
        return constant(0)
    number = sum(as_number(v) for item in filled for v in item.values)
    return Term(f"SUM({_side_by_side(filled) or ','.join(item.text for item in filled)})", number)


def _side_by_side(ranges: Sequence[Range]) -> str:
    """Return ranges that stand side by side as one: a row's sum is read, and kept, more easily so."""
    first = ranges[0]
    for place, one in enumerate(ranges):
        if (one.sheet, one.column, one.first, one.last) != (
            first.sheet,
            first.column + place,
            first.first,
            first.last,
        ):
            return ""
    start, _, _ = first.text.rpartition(":")
    return f"{start}:{ranges[-1].text.rpartition(':')[2]}"


def total_known(values: Range) -> Term:
    """Return ``SUM`` over a column in which some cells are words, which it passes over."""
    return total(replace(values, values=tuple(0 if isinstance(v, str) else v for v in values.values)))


def total_above_zero(values: Range) -> Term:
    """Return ``SUMIF`` over the cells of a column that are more than nothing; words are passed over."""
    found = sum(as_number(v) for v in values.values if not isinstance(v, str) and as_number(v) > 0)
    return Term(f'SUMIF({values.text},">0")', found)


def total_of(terms: Sequence[Term]) -> Term:
    """Return ``SUM`` over single cells, or the cell where it is but one."""
    if not terms:
        return constant(0)
    if len(terms) == 1:
        return replace(terms[0], value=terms[0].number)
    return Term(f"SUM({','.join(term.text for term in terms)})", sum(term.number for term in terms))


def largest_of(terms: Sequence[Term]) -> Term:
    """Return ``MAX`` over single cells."""
    if not terms:
        return constant(0)
    return Term(f"MAX({','.join(term.text for term in terms)})", max(term.number for term in terms))


Condition = tuple[Range, str, Scalar]
"""A range, ``=`` or ``<>``, and one of the workbook's own words or a number (never catalog text)."""


def _criterion(operator: str, value: Scalar) -> str:
    if isinstance(value, str) or operator != "=":
        sign = "" if operator == "=" else operator
        return constant(sign + as_text(value)).text
    return constant(value).text


def _meets(operator: str, cell_value: Scalar, wanted: Scalar) -> bool:
    same = _compared(cell_value) == _compared(wanted)
    return same if operator == "=" else not same


def _candidates(conditions: Sequence[tuple[Range, str, Scalar]]) -> Sequence[int]:
    """Return the fewest places that one condition alone leaves, in order."""
    found: Sequence[int] = range(len(conditions[0][0].values))
    for area, sign, wanted in conditions:
        if sign == "=":
            places = area.places.get(_compared(wanted), ())
            found = min(found, places, key=len)
    return found


def sum_if(values: Range, *conditions: Condition) -> Term:
    """Return ``SUMIFS``."""
    if not values.values:
        return constant(0)
    tests = ",".join(f"{area.text},{_criterion(sign, value)}" for area, sign, value in conditions)
    found = sum(
        as_number(values.values[place])
        for place in _candidates(conditions)
        if all(_meets(sign, area.values[place], wanted) for area, sign, wanted in conditions)
    )
    return Term(f"SUMIFS({values.text},{tests})", found)


def count_if(*conditions: Condition) -> Term:
    """Return ``COUNTIFS``."""
    if not conditions[0][0].values:
        return constant(0)
    tests = ",".join(f"{area.text},{_criterion(sign, value)}" for area, sign, value in conditions)
    found = sum(
        all(_meets(sign, area.values[place], wanted) for area, sign, wanted in conditions)
        for place in _candidates(conditions)
    )
    return Term(f"COUNTIFS({tests})", float(found))


Match = tuple[Range, str, Term]
"""A range, one of ``= <= >=``, and the cell to compare with."""


def _compares(operator: str, value: Scalar, wanted: Scalar) -> bool:
    if operator == "=":
        return _meets("=", value, wanted)
    left, right = as_number(value), as_number(wanted)
    return left <= right if operator == "<=" else left >= right


def sum_where(values: Range | None, *matches: Match) -> Term:
    """Return ``SUMPRODUCT`` over the rows that match; without values, their number.

    Unlike ``SUMIFS`` it compares identifiers exactly: no wildcards, and ``007`` is not ``7``.
    """
    if not matches[0][0].values:
        return constant(0)
    tests = "*".join(f"({area.text}{sign}{wanted.text})" for area, sign, wanted in matches)
    found = 0.0
    for place in _candidates([(area, sign, wanted.value) for area, sign, wanted in matches]):
        if all(_compares(sign, area.values[place], wanted.value) for area, sign, wanted in matches):
            found += as_number(values.values[place]) if values else 1.0
    return Term(f"SUMPRODUCT({tests}*{values.text if values else 1})", found)


def numeric(term: Term) -> Term:
    """Return ``N``: a number as it is, 0 for a dash."""
    return Term(f"N({term.text})", 0.0 if isinstance(term.value, str) else term.number)


def ratio(part: Term, whole: Term) -> Term:
    """Return part / whole, a dash where the whole is 0."""
    value: Scalar = part.number / whole.number if whole.number else NOTHING
    return Term(f'IF({whole.text}=0,"{NOTHING}",{part.inner}/{whole.inner})', value)


def difference(later: Term, earlier: Term, times: int = 1) -> Term:
    """Return later − earlier, `times` so much, a dash where either is no number."""
    known = not isinstance(later.value, str) and not isinstance(earlier.value, str)
    value: Scalar = (later.number - earlier.number) * times if known else NOTHING
    both = f"AND(ISNUMBER({later.text}),ISNUMBER({earlier.text}))"
    found = f"{later.inner}-{earlier.inner}" if times == 1 else f"({later.inner}-{earlier.inner})*{times}"
    return Term(f'IF({both},{found},"{NOTHING}")', value)


def larger(one: Term, other: Term) -> Term:
    """Return the larger of two."""
    return Term(f"MAX({one.text},{other.text})", max(one.number, other.number))


def smaller(one: Term, other: Term) -> Term:
    """Return the smaller of two."""
    return Term(f"MIN({one.text},{other.text})", min(one.number, other.number))


def least(values: Range) -> Term:
    """Return the smallest number of a column, a dash where it has none."""
    return _extreme("MIN", values, min)


def greatest(values: Range) -> Term:
    """Return the largest number of a column, a dash where it has none."""
    return _extreme("MAX", values, max)


def _extreme(function: str, values: Range, choice: Callable[[Sequence[float]], float]) -> Term:
    numbers = [as_number(v) for v in values.values if not isinstance(v, str) and v is not None]
    if not values.values:
        return constant(NOTHING)
    text = f'IF(COUNT({values.text})=0,"{NOTHING}",{function}({values.text}))'
    return Term(text, choice(numbers) if numbers else NOTHING)


def looked_up(found: Range, keys: Range, key: Term) -> Term:
    """Return what stands beside the first cell of `keys` that equals a cell, a dash where none does."""
    if not keys.values:
        return constant(NOTHING)
    value: Scalar = next(
        (one for one, name in zip(found.values, keys.values, strict=True) if _meets("=", name, key.value)),
        NOTHING,
    )
    inner = f"INDEX({found.text},MATCH({key.text},{keys.text},0))"
    return Term(f'IF({count_equal(keys, key).text}=0,"{NOTHING}",{inner})', value)


def count_equal(keys: Range, key: Term) -> Term:
    """Return how many cells of a column equal a cell."""
    return sum_where(None, (keys, "=", key))


def all_of(*conditions: Term) -> Term:
    """Return ``AND``."""
    text = ",".join(condition.text for condition in conditions)
    return Term(f"AND({text})", all(bool(condition.value) for condition in conditions))


def repeated(sign: str, times: Term) -> Term:
    """Return a sign so many times, ``REPT``; nothing for less than one."""
    counted = larger(constant(0), times)
    return Term(f"REPT({constant(sign).text},{counted.text})", sign * int(counted.number))


def weighted_mean(values: Range, weights: Range) -> Term:
    """Return Σ value·weight / Σ weight over the rows that have a value."""
    pairs = [
        (as_number(v), as_number(w))
        for v, w in zip(values.values, weights.values, strict=True)
        if not isinstance(v, str) and v is not None
    ]
    whole = sum(weight for _, weight in pairs)
    filled = f"SUMPRODUCT(ISNUMBER({values.text})*{weights.text})"
    text = f'IF({filled}=0,"{NOTHING}",SUMPRODUCT({values.text},{weights.text})/{filled})'
    return Term(text, sum(v * w for v, w in pairs) / whole if whole else NOTHING)


def holds(operator: str, actual: Term, limit: Term) -> Term:
    """Return whether a rule holds, with the slack that the evaluation gives."""
    slack_text = f"{RELATIVE_SLACK:.6f}*MAX(1,ABS({limit.text}))"
    slack = RELATIVE_SLACK * max(1.0, abs(limit.number))
    if operator == ">=":
        ok = actual.number >= limit.number - slack
        return Term(f"{actual.inner}>={limit.inner}-{slack_text}", ok)
    if operator == "<=":
        ok = actual.number <= limit.number + slack
        return Term(f"{actual.inner}<={limit.inner}+{slack_text}", ok)
    ok = abs(actual.number - limit.number) <= slack
    return Term(f"ABS({actual.inner}-{limit.inner})<={slack_text}", ok)


def choose(condition: Term, then: Term, otherwise: Term) -> Term:
    """Return ``IF``."""
    value = then.value if condition.value else otherwise.value
    return Term(f"IF({condition.text},{then.text},{otherwise.text})", value)


def chained(one: Term, other: Term) -> Term:
    """Return two texts joined, without the parentheses that ``&`` would gather in a long chain."""
    return Term(f"{one.text}&{other.text}", (one & other).value, True)


def rounded(term: Term, digits: int) -> Term:
    """Return ``ROUND``."""
    return Term(f"ROUND({term.text},{digits})", round_half_up(term.number, digits))


def products_where(one: Range, other: Range, *matches: Match) -> Term:
    """Return ``SUMPRODUCT`` of two columns over the rows that match, or over all."""
    if not one.values:
        return constant(0)
    found = sum(
        as_number(a) * as_number(b)
        for place, (a, b) in enumerate(zip(one.values, other.values, strict=True))
        if all(_compares(sign, area.values[place], wanted.value) for area, sign, wanted in matches)
    )
    tests = "".join(f"({area.text}{sign}{wanted.text})*" for area, sign, wanted in matches)
    return Term(f"SUMPRODUCT({tests}{one.text}*{other.text})", found)


def extreme(values: Range, function: str) -> Term:
    """Return ``MIN`` or ``MAX`` of a column, in which texts do not count."""
    numbers = [as_number(one) for one in values.values if one is not None and not isinstance(one, str)]
    choice = min if function == "MIN" else max
    return Term(f"{function}({values.text})", choice(numbers, default=0.0))


def name_of_extreme(names: Range, values: Range, function: str) -> Term:
    """Return the name in the first row with the ``MIN`` or ``MAX`` of a column, a dash without numbers."""
    found = extreme(values, function)
    same = (
        name
        for name, one in zip(names.values, values.values, strict=True)
        if one is not None and not isinstance(one, str) and as_number(one) == found.number
    )
    text = f'IF(COUNT({values.text})=0,"{NOTHING}",INDEX({names.text},MATCH({found.text},{values.text},0)))'
    return Term(text, next(same, NOTHING))


def count_greater(one: Range, other: Range) -> Term:
    """Count the rows in which the first of two columns is the greater."""
    pairs = zip(one.values, other.values, strict=True)
    numbers = ((a, b) for a, b in pairs if not isinstance(a, str) and not isinstance(b, str))
    found = sum(as_number(a) > as_number(b) + GREATER for a, b in numbers)
    numeric = f"ISNUMBER({one.text})*ISNUMBER({other.text})"
    return Term(f"SUMPRODUCT({numeric}*({one.text}>{other.text}+{as_text(GREATER)}))", float(found))
