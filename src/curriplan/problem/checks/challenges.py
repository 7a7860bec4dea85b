"""Checks of the challenges: their links, and figures that must be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from curriplan.base.errors import Issue, nearest
from curriplan.problem.checks.checked import Checked, Rule
from curriplan.problem.day import day, first_day, read_on

DAYS = ("as_of", "review_by")


def unclear_days(checked: Checked) -> Iterator[Issue]:
    """Find dates of challenges that are none: nobody would be reminded."""
    for row in checked.catalog.challenges:
        for name in DAYS:
            text = getattr(row, name)
            if text is not None and day(text) is None:
                yield Issue("challenge-date-unclear", row.place(name), {"value": text, "column": name})


def due_reviews(checked: Checked) -> Iterator[Issue]:
    """Find figures whose review is due before the plan begins, or before the catalog was last read."""
    today = _day_of(checked)
    for row in checked.catalog.challenges:
        due = None if row.review_by is None else day(row.review_by)
        if due is not None and today is not None and due < today:
            values = {"challenge": row.id, "review_by": due.isoformat(), "day": today.isoformat()}
            yield Issue("challenge-review-due", row.place("review_by"), values)


def _day_of(checked: Checked) -> date | None:
    """Return the day that a catalog is of, whatever the clock says.

    The later of the day on which its first programme begins, and the last on which a figure was read.
    """
    found = [read_on(checked.catalog)]
    starts = sorted(row.start for row in checked.planned)
    if starts:
        found.append(first_day(starts[0]))
    return max((one for one in found if one is not None), default=None)


def unlinked(checked: Checked) -> Iterator[Issue]:
    """Find challenges that nothing of the catalog answers."""
    catalog = checked.catalog
    answered = {row.challenge for row in catalog.challenge_links if row.named}
    answered |= {str(row.challenge) for row in catalog.floors if row.challenge is not None}
    for row in catalog.challenges:
        if row.id not in answered and not row.practice:
            yield Issue("challenge-unlinked", row.place("id"), {"challenge": row.id})


def faulty_links(checked: Checked) -> Iterator[Issue]:
    """Find links that name nothing, or more than one thing."""
    for row in checked.catalog.challenge_links:
        if not row.named:
            yield Issue("challenge-link-empty", row.place("challenge"), {"challenge": row.challenge})
        elif len(row.named) > 1:
            values = {"challenge": row.challenge, "columns": ", ".join(row.named)}
            yield Issue("challenge-link-several", row.place(row.named[1]), values)


def floors_of_unknown_challenges(checked: Checked) -> Iterator[Issue]:
    """Find floors that name a challenge which the table of challenges lacks, where there is that table."""
    known = sorted(row.id for row in checked.catalog.challenges)
    for row in checked.catalog.floors if known else ():
        name = str(row.challenge)
        if row.challenge is not None and name not in known:
            values = {"value": name, "table": "challenges", "nearest": nearest(name, known)}
            yield Issue("unknown-reference", row.place("challenge"), values)


RULES = (
    Rule(unclear_days),
    Rule(due_reviews, ("programmes", "challenges", "profile")),
    Rule(unlinked, ("challenge_links", "floors.challenge")),
    Rule(faulty_links, ("challenge_links.competency", "challenge_links.occupation")),
    Rule(floors_of_unknown_challenges, ("challenges.id",)),
)
