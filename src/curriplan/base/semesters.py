"""Calendar semesters: ``2026-1`` is the autumn of 2026, ``2026-2`` the spring that follows it."""

from __future__ import annotations


def advance(semester: str, steps: int) -> str:
    """Return the semester `steps` later.

    >>> advance("2026-1", 3)
    '2027-2'
    """
    return of_ordinal(ordinal(semester) + steps)


def ordinal(semester: str) -> int:
    """Return the number of a semester among all half-years: the next has the next number."""
    year, half = semester.split("-")
    return int(year) * 2 + int(half) - 1


def of_ordinal(number: int) -> str:
    """Return the semester of a number.

    >>> of_ordinal(ordinal("2027-2"))
    '2027-2'
    """
    return f"{number // 2}-{number % 2 + 1}"


def of_term(start: str, term: int) -> str:
    """Return the calendar semester of the programme term `term` (from 1)."""
    return advance(start, term - 1)


def calendar_year(semester: str) -> int:
    """Return the calendar year: a spring lies in the year after its autumn.

    >>> calendar_year("2026-1"), calendar_year("2026-2")
    (2026, 2027)
    """
    year, half = semester.split("-")
    return int(year) + int(half) - 1


def season(semester: str) -> str:
    """Return ``1`` for an autumn, ``2`` for a spring."""
    return semester.split("-")[1]
