"""What the master asks of a college, and what a college answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curriplan.plan.network import SemesterHours, YearMoney
from curriplan.plan.plan import Selection


@dataclass(frozen=True)
class Prices:
    """What closure is worth to the country, and what a unit of each shared limit costs it.

    Parameters
    ----------
    closure : float
        Worth of the closure of the college, all of it, in national closure.
    money : mapping of (str, int) to float
        Price of a tenge by source and calendar year, in national closure.
    hours : mapping of (str, str) to float
        Price of an hour by centre and semester, in national closure.
    """

    closure: float
    money: Mapping[tuple[str, int], float] = field(default_factory=dict)
    hours: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """A plan that a college offers (a column of the master), as the evaluation recomputed it.

    Parameters
    ----------
    choice : int
        Which of the listed group vectors it is made for; 0 are the groups of today.
    """

    closure: float
    learners: int
    groups: int
    money: tuple[YearMoney, ...]
    hours: tuple[SemesterHours, ...]
    selection: Selection
    choice: int = 0


@dataclass(frozen=True)
class Priced:
    """What a college answers to prices: a plan, where one was found, and what no plan of it passes.

    Parameters
    ----------
    most : float
        Upper bound on closure · worth − money · prices − hours · prices over all plans of the college (the
        solver's bound, never the plan's value), in national closure.
    """

    most: float
    offer: Offer | None
    choice: int = 0
