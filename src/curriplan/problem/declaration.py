"""What a setting is declared with, beside the type of its field: its group, its option, its limits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any, NamedTuple, get_origin, get_type_hints

from curriplan.base.codec import bare_type, keywords_of
from curriplan.texts.words import Phrase


class Group(Enum):
    """What a setting is about, in the order in which settings are shown."""

    SCOPE = "scope"
    OBJECTIVES = "objectives"
    EARLIER_PLAN = "earlier_plan"
    FAIRNESS = "fairness"
    SOLVING = "solving"
    JUDGEMENTS = "judgements"


@dataclass(frozen=True)
class CommandOption:
    """The option of a setting on the command line: a number within its range, unless something else.

    It stands in the type of the field, beside the `Setting`.

    Parameters
    ----------
    name, metavar, help : str
        ``--equity``, ``R``, and a sentence, in other languages in ``texts/help.toml``.
    reads : str
        ``number``, ``word`` (one of `Setting.words`), ``flag``, ``semester``, ``ids`` (repeatable),
        ``objectives`` or ``file``.
    values : tuple of (name, text)
        What fills the places in braces of `help`.
    """

    name: str
    metavar: str | None
    help: str
    reads: str = "number"
    values: tuple[tuple[str, str], ...] = ()


class NumberRange(NamedTuple):
    """Smallest and largest number; `above`: the smallest itself is refused."""

    low: float
    high: float
    above: bool = False

    def __contains__(self, value: object) -> bool:
        """Say whether a number fits."""
        number: Any = value
        return self.low <= number <= self.high and not (self.above and number == self.low)

    def __str__(self) -> str:
        """Return it in signs that need no translation."""
        return f"{self.low:g} {'<' if self.above else '≤'} x ≤ {self.high:g}"


@dataclass(frozen=True)
class Setting:
    """What is known of a setting beside its value; it stands in the type of its field.

    Parameters
    ----------
    group : Group
        Where it stands among the others.
    most : float
        The largest number that a run takes, where the type does not say it.
    words : tuple of str
        The words that may be chosen, where it is a word.
    example : str
        What may be given, where it is a list.
    needs_previous : bool
        Whether it means nothing without an earlier plan.
    is_limit : bool
        Whether None means that there is no limit.
    is_counted : bool
        Whether it holds too many things to show one by one.
    norm : str or None
        The number of the profile in whose stead it stands.
    option : CommandOption or None
        None where it is not chosen on the command line.
    name : str
        The field of `Settings`, and the key in ``plan.json``.
    hint : type
        Its type, with what a file may hold.
    default : Any
        What holds where nothing is chosen.
    """

    group: Group
    most: float = math.inf
    words: tuple[str, ...] = ()
    example: str = '["P1", "P2"]'
    needs_previous: bool = False
    is_limit: bool = False
    is_counted: bool = False
    norm: str | None = None
    option: CommandOption | None = None
    name: str = ""
    hint: Any = None
    default: Any = None

    @property
    def range(self) -> NumberRange | None:
        """Smallest and largest number, None where it is no number."""
        bounds = keywords_of(self.hint)
        above = "exclusiveMinimum" in bounds
        least = bounds.get("exclusiveMinimum" if above else "minimum")
        return None if least is None else NumberRange(least, bounds.get("maximum", self.most), above)

    @property
    def takes(self) -> Phrase | str:
        """What it takes, in words."""
        kind = bare_type(self.hint)
        if self.words:
            return ", ".join(self.words)
        if get_origin(kind) is tuple:
            return Phrase("takes.list", {"example": self.example})
        if self.range is not None:
            return Phrase("takes.whole" if kind is int else "takes.number", {"range": str(self.range)})
        return Phrase("takes.yes_no" if kind is bool else "takes.text")


def declared_in(kind: type) -> Iterator[Setting]:
    """Yield every setting of a dataclass, in the order of its fields."""
    hints = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        marks: dict[type, Any] = {type(mark): mark for mark in hints[one.name].__metadata__}
        option, hint = marks.get(CommandOption), hints[one.name]
        yield replace(marks[Setting], option=option, name=one.name, hint=hint, default=one.default)
