"""The day that a catalog is of, whatever the clock says, and what has begun by then."""

from __future__ import annotations

import re
from datetime import date

from curriplan.base import semesters
from curriplan.catalog.records import Catalog, Programme
from curriplan.problem.settings import Settings

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day(text: str) -> date | None:
    """Return the day of a text such as 2026-05-31, None where it is none."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_on(catalog: Catalog) -> date | None:
    """Return the last day on which somebody read a figure or a norm of a catalog: its last ``as_of``."""
    read = [row.as_of for row in catalog.challenges] + [row.as_of for row in catalog.profile]
    return max((found for text in read if text is not None and (found := day(text))), default=None)


def first_day(semester: str) -> date:
    """Return the day on which a calendar semester begins: 1 September, or 1 January after it."""
    month = 9 if semesters.season(semester) == "1" else 1
    return date(semesters.calendar_year(semester), month, 1)


def terms_begun(catalog: Catalog, settings: Settings, programme: Programme) -> tuple[int, ...]:
    """Return the terms that have begun on the last day that the catalog tells, and are still planned.

    Terms that stay as an earlier plan has them (``taught_until``) are not, nor those of a running intake,
    which is known to have begun.
    """
    read = read_on(catalog)
    if read is None or programme.intake_of is not None:
        return ()
    calendar = {term: semesters.of_term(programme.start, term) for term in range(1, programme.terms + 1)}
    return tuple(
        term
        for term, semester in calendar.items()
        if first_day(semester) < read and not (settings.taught_until and semester <= settings.taught_until)
    )
