"""Names that go on in the next row: rows with words alone, and how certain that is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from curriplan.base.errors import Issue
from curriplan.importing.rup.lines import LineKind, RupLine, RupTable
from curriplan.importing.rup.vocabulary import EXAM_ROW, folded

OPEN_WORDS = re.compile(
    r"(^| )(и|или|в|во|на|с|со|по|для|от|о|об|при|под|над|из|к|ко|за|до|без|между|а также|и/или"
    r"|және|мен|пен|бен|немесе|үшін|бойынша|туралы|of|and|or|the|for|in|on|with|to)$"
)
"""Words that end no name."""
OTHER_ROWS = re.compile(r"^(в том числе|из них|в т\.? ?ч|оның ішінде|соның ішінде|including|of which)|:$")
"""Headings of what follows."""
VERB = re.compile(r"^\w+(ть|ться|ти|чь)\b")
"""The first word of an outcome as Russian standards have it."""
JOINED = re.compile(r"(?<=[^\W\d_]{2})[-\N{SOFT HYPHEN}]$")
COMPOUND = re.compile(r"(\w*[ое]|\b\w{1,4})-$")
"""What stands before a hyphen that stays: санитарно-, веб-."""


def kind_of_words(line: RupLine, above: RupLine | None, following: Sequence[RupLine]) -> LineKind:
    """Tell a row without amounts: it says how a module ends, or goes on with the name right above it."""
    if EXAM_ROW.search(folded(line.name)):
        return LineKind.NOTE
    rest = above is not None and goes_on(above, line, following)
    return LineKind.CONTINUED if rest else LineKind.UNKNOWN


def goes_on(above: RupLine, line: RupLine, following: Sequence[RupLine]) -> bool:
    """Say whether a row is certainly the rest of the name above it.

    That name is open (a hyphen, a comma, a bracket, a word that ends none), or the row begins small below a
    name that began with a capital and stands alone there: several may be outcomes without an index.
    """
    if not _is_words(line) or not set(line.names) <= set(above.names):
        return False
    if OTHER_ROWS.search(folded(line.name)):
        return False
    if all(_is_open(above.names[key]) for key in line.names):
        return True
    alone = not (following and following[0].row == line.row + 1 and _is_words(following[0]))
    small = all(text[:1].islower() and above.names[key][:1].isupper() for key, text in line.names.items())
    return alone and small and not VERB.search(folded(line.name))


def take_rest(table: RupTable, above: RupLine, line: RupLine) -> None:
    """Put the rest of a name behind it, and say so."""
    for key, text in line.names.items():
        above.names[key] = _together(above.names.get(key, ""), text)
    above.name = _together(above.name, line.name)
    values = {"text": line.text[:80], "name": " ".join(above.name.split())[:120], "row": above.row}
    line.remarks.append(Issue("rup-name-continued", table.place(line), values))


def _is_words(line: RupLine) -> bool:
    """Say whether a row has nothing but words in columns of names."""
    other = (line.index, line.values, line.marks, line.assessment, line.term_text, line.section_text)
    return bool(any(line.names.values())) and not any(other) and not line.faults


def _is_open(name: str) -> bool:
    text = name.rstrip()
    opened = sum(map(text.count, "([«“")) > sum(map(text.count, ")]»”"))
    return opened or text.endswith((",", "-", "\N{SOFT HYPHEN}")) or bool(OPEN_WORDS.search(folded(text)))


def _together(first: str, rest: str) -> str:
    """Return a name of two rows; a word that was divided becomes whole.

    >>> _together("Развитие информа-", "ционных систем"), _together("Санитарно-", "гигиенические нормы")
    ('Развитие информационных систем', 'Санитарно-гигиенические нормы')
    """
    first, rest = first.rstrip(), rest.lstrip()
    if not JOINED.search(first):
        return f"{first} {rest}".strip()
    keeps = COMPOUND.search(folded(first)) or not rest[:1].islower()
    return f"{first if keeps else first[:-1]}{rest}"
