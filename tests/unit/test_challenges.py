"""When a challenge expires, and what its floors are called."""

from __future__ import annotations

import pytest

from curriplan.catalog.records import Catalog, Challenge, ChallengeLink, Floor, ProfileEntry
from curriplan.problem.checks import check_catalog
from curriplan.report.labels import Labels
from curriplan.texts.words import Words
from unit.evaluation.builders import college, profile


def checked(
    *, profile_as_of: str | None = None, floors: tuple[Floor, ...] = (), **about: object
) -> list[str]:
    """Return the codes about a challenge of the college, whose first programme begins in autumn 2026."""
    row = Challenge(id="1", **about)
    read = tuple(ProfileEntry(key=one.key_name, value=one.value, as_of=profile_as_of) for one in profile())
    links = (ChallengeLink(challenge="1", competency="C"),)
    catalog = college(challenges=(row,), challenge_links=links, profile=read, floors=floors)
    return [one.code for one in check_catalog(catalog) if "challenge" in one.code or "reference" in one.code]


@pytest.mark.parametrize(
    ("review_by", "profile_as_of", "as_of", "codes"),
    [
        ("2026-09-01", None, None, []),  # the day on which the first programme begins is in time
        ("2026-08-31", None, None, ["challenge-review-due"]),
        ("2026-12-31", None, None, []),
        ("2026-12-31", "2027-01-01", None, ["challenge-review-due"]),  # somebody has read a norm since
        ("2026-12-31", None, "2027-01-01", ["challenge-review-due"]),
        ("2026-12-31", "2026-12-31", "2026-11-01", []),
        ("2026-12-31", "next year", None, []),  # a profile may say so; it tells no day
        (None, "2030-01-01", "2030-01-01", []),
        ("20261231", None, None, ["challenge-date-unclear"]),
        ("2026-W40-1", None, None, ["challenge-date-unclear"]),
        ("2026-02-30", None, None, ["challenge-date-unclear"]),
        (None, None, "2026", ["challenge-date-unclear"]),
    ],
)
def test_a_figure_expires_by_the_day_of_its_catalog(
    review_by: str | None, profile_as_of: str | None, as_of: str | None, codes: list[str]
) -> None:
    assert checked(review_by=review_by, as_of=as_of, profile_as_of=profile_as_of) == codes


def test_floors_name_challenges_of_the_table_where_there_is_one() -> None:
    floor = Floor(competency="C", level=1, challenge=2)
    assert checked(floors=(floor,)) == ["unknown-reference"]
    assert checked(floors=(floor.model_copy(update={"challenge": 1}),)) == []
    bare = college(floors=(floor,))
    assert not [one for one in check_catalog(bare) if one.code == "unknown-reference"]


def test_a_challenge_is_called_as_the_table_says_and_else_as_one_of_the_six() -> None:
    def name(catalog: Catalog, number: str) -> str:
        return Labels(catalog, Words("en")).challenge(number)

    own = college(challenges=(Challenge(id="1", name_en="our own"),))
    assert name(own, "1") == "our own"
    assert name(college(), "1") == "fraud against people of weak digital literacy"
    assert name(college(), "9") == "9"
