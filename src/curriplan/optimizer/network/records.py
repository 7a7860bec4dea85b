"""What the master asks of a college, and what a college answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curriplan.plan.network import SemesterHours, YearMoney
from curriplan.plan.plan import Selection

MILLION = 1_000_000
"""Money is shared in million KZT: rows and variables near those of other kinds."""
EVERY_YEAR = 0
"""Stands for all years in prices of money."""


@dataclass(frozen=True)
class Prices:
    """What closure is worth to the country, and what a unit of each shared limit costs it.

    Parameters
    ----------
    closure : float
        Worth of the closure of the college, all of it, in national closure.
    money : mapping of (str, int) to float
        Price of a tenge by source and calendar year, in national closure; that of `EVERY_YEAR` comes on top.
    hours : mapping of (str, str) to float
        Price of an hour by centre and semester, in national closure.
    most_kzt, most_hours : mapping
        What the plan may use at most, where that is not all that the country has: the answer is then no bound
        of anything.
    """

    closure: float
    money: Mapping[tuple[str, int], float] = field(default_factory=dict)
    hours: Mapping[tuple[str, str], float] = field(default_factory=dict)
    most_kzt: Mapping[tuple[str, int], int] | None = None
    most_hours: Mapping[tuple[str, str], float] | None = None


@dataclass(frozen=True)
class PriceQuestion:
    """Prices that a college is asked at, one after the other, with the groups of one choice.

    Parameters
    ----------
    above : tuple of float or None
        Values of what stands above closure, as the plan of the college by itself has them: no plan may be
        worse. None: they are as good as they can be with all that the country has.
    """

    college: str
    choice: int
    prices: tuple[Prices, ...]
    above: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Offer:
    """A plan that a college offers (a column of the master), as the evaluation recomputed it.

    Parameters
    ----------
    learners, groups : int
        Of one intake of each programme, all programmes together.
    money : tuple of YearMoney
        Use of shared sources by year, sorted; nothing that is 0.
    hours : tuple of SemesterHours
        Use of shared centres by semester, sorted; nothing that is 0.
    above : tuple of float
        Values of the objectives that stand above closure, in their order.
    choice : int
        Which of the listed group vectors it is made for; 0 are the groups of today.
    """

    closure: float
    learners: int
    groups: int
    money: tuple[YearMoney, ...]
    hours: tuple[SemesterHours, ...]
    selection: Selection
    above: tuple[float, ...] = ()
    choice: int = 0

    @property
    def content(self) -> tuple[object, ...]:
        """All that the master sees of it."""
        return self.choice, self.closure, self.money, self.hours


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


@dataclass(frozen=True)
class JointLimit:
    """What several colleges may use together of a row that is shared.

    Parameters
    ----------
    source, year : str, int or None
        Of money; without a year all years together. Limit in million KZT.
    centre, semester : str or None
        Of hours.
    floor : tuple of float
        Of a floor, what the closure of each college counts: Σ count · closure ≥ −limit. Empty otherwise.
    colleges : tuple of int
        Places of the colleges that it holds for.
    """

    limit: float
    colleges: tuple[int, ...]
    source: str | None = None
    year: int | None = None
    centre: str | None = None
    semester: str | None = None
    floor: tuple[float, ...] = ()


@dataclass(frozen=True)
class JointQuestion:
    """What several colleges could do best with what they use and all that others leave, in one model.

    Parameters
    ----------
    worth : tuple of float
        Of the closure of each college, in national closure.
    above : tuple of tuple of float
        Of each college, values of what stands above closure, which are held.
    """

    colleges: tuple[str, ...]
    choices: tuple[int, ...]
    worth: tuple[float, ...]
    above: tuple[tuple[float, ...], ...]
    limits: tuple[JointLimit, ...]


@dataclass(frozen=True)
class JointAnswer:
    """The best plans of several colleges together, one each, or none; and what no such plans pass.

    Parameters
    ----------
    most : float or None
        Upper bound on Σ worth · closure, by the solver; None where it knows none.
    is_impossible : bool
        Whether no plans of them keep the limits together.
    """

    most: float | None
    offers: tuple[Offer, ...] = ()
    is_impossible: bool = False
