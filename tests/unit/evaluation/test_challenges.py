"""What the good plan of the small college answers to its challenges, by mental arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from curriplan.catalog.records import (
    Catalog,
    Challenge,
    ChallengeLink,
    Competency,
    CompetencyMapping,
    Floor,
    FundingSource,
    Occupation,
    OccupationRequirement,
    Scenario,
    Target,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures.challenges import challenges_of
from curriplan.plan.challenges import ChallengeAnswer, PracticalPart
from unit.evaluation.builders import GOOD_PAYMENTS, college, good, problem_of

FLOORS = (
    Floor(competency="C", level=1, challenge=1),
    Floor(competency="C", level=2, programme="P", challenge=1),
)
WORTH = {"meeting_share": 0, "essential_factor": 1}
"""Each missing step weighs the importance of what asks for it."""


def challenged(*links: tuple[str, str, str], **tables: Any) -> Catalog:
    """The college with challenges 1, 2 (practice) and 3, and links as (challenge, column, id)."""
    rows = (Challenge(id="1"), Challenge(id="2", practice=True), Challenge(id="3"))
    linked = tuple(ChallengeLink(challenge=name, **{column: value}) for name, column, value in links)
    return college(**{"challenges": rows, "challenge_links": linked, "floors": FLOORS, **tables})


def answers(catalog: Catalog) -> dict[str, ChallengeAnswer]:
    problem = problem_of(catalog, **WORTH)
    return {one.challenge: one for one in challenges_of(problem, good(paid=GOOD_PAYMENTS))}


FOUND = answers(challenged(("2", "occupation", "O"), ("2", "funding_source", "S1")))


def test_modules_that_raise_the_competencies() -> None:
    # A lifts P's learners to 1 of C, B to 2: 48 + 72 h, half of them laboratory; Q takes neither.
    one = FOUND["1"]
    assert (one.modules, one.places, one.added) == (("A", "B"), 2, 2)
    assert (one.hours, one.practice_hours, one.programmes, one.learners) == (120, 60, 1, 30)


def test_a_module_of_today_is_not_added() -> None:
    one = answers(challenged(("3", "competency", "D")))["3"]
    assert (one.modules, one.places, one.added, one.hours) == (("E",), 1, 0, 24)


def test_closure_is_weighted_as_that_of_the_plan() -> None:
    # P lacks C1, C2 (1 each) and D1 (0.5): 2 of 2.5 are C. Q brings C1 and lacks C2 and D1: 1 of 1.5.
    # With 30 and 10 learners C is worth (30 · 2 / 2.5 + 10 · 1 / 1.5) / 40 = 23 / 30. The plan leaves what
    # Q lacks, 10 / 1.5 / 40 = 5 / 30, and closes 18 of 23 parts.
    one = FOUND["1"]
    assert one.worth == pytest.approx(23 / 30)
    assert one.closure_before == 0
    assert one.closure_after == pytest.approx(18 / 23)
    (row,) = one.competencies
    assert (row.worth, row.open_before) == (pytest.approx(23 / 30), pytest.approx(23 / 30))
    assert row.open_after == pytest.approx(5 / 30)


def test_what_stays_open() -> None:
    # The floors of C bind P at 2 and Q at 1, which Q brings; both need C at 2 for O: P reaches it.
    one = FOUND["1"]
    assert (one.floors, one.floors_met_before, one.floors_met_after) == (2, 1, 2)
    assert (one.needs, one.needs_met_before, one.needs_met_after) == (2, 0, 1)
    assert (one.learners_open_before, one.learners_open_after) == (40, 10)
    (row,) = one.competencies
    assert (row.floor, row.programmes, row.programmes_met_before, row.programmes_met_after) == (2, 2, 0, 1)
    assert (row.learners, row.learners_open_before, row.learners_open_after) == (40, 40, 10)


def test_a_floor_of_another_challenge_does_not_count() -> None:
    floors = (FLOORS[0], Floor(competency="C", level=2, programme="P", challenge=3))
    found = answers(challenged(floors=floors))
    assert (found["1"].floors, found["1"].competencies[0].floor) == (2, 1)
    assert (found["3"].floors, found["3"].floors_met_before, found["3"].floors_met_after) == (1, 0, 1)


def test_linked_occupations_and_money() -> None:
    # P reaches both needs of O, Q neither. S1 pays 1000 + 200 for A and 800 for B.
    two = FOUND["2"]
    assert (two.occupations, two.occupations_met_before, two.occupations_met_after) == (2, 0, 1)
    assert two.paid_kzt == 2000
    assert FOUND["1"].paid_kzt is None


def test_the_practical_part() -> None:
    # Today K and E: 24 + 12 h of laboratory; the plan adds 24 of A and 36 of B. Of professional modules and
    # practice, the denominator, half is laboratory: 12 of 24 h, then 72 of 144; Q has none.
    assert FOUND["2"].practice == PracticalPart(36, 96, 0.5, 0.5)
    assert FOUND["1"].practice is None


def test_a_challenge_without_competencies_has_no_closure() -> None:
    two = FOUND["2"]
    assert (two.modules, two.hours, two.worth, two.closure_before, two.closure_after) == (
        (),
        0,
        0,
        None,
        None,
    )


def test_the_same_ability_of_another_framework_counts() -> None:
    # D2 is D: what is linked to it answers by D too, which alone the occupation asks for.
    same = {
        "competencies": (Competency(id="C"), Competency(id="D"), Competency(id="D2")),
        "competency_mappings": (CompetencyMapping(source="D2", target="D", match="exact"),),
    }
    one = answers(challenged(("3", "competency", "D2"), **same))["3"]
    assert [row.competency for row in one.competencies] == ["D", "D2"]
    # E of today teaches D to P, Q is at 0: closed are 30 · 0.5 / 2.5 = 6 of 6 + 10 · 0.5 / 1.5 parts.
    assert one.closure_before == one.closure_after == pytest.approx(6 / (6 + 10 / 3))


def test_over_all_competencies_it_is_the_closure_of_the_plan() -> None:
    catalog = challenged(("3", "competency", "C"), ("3", "competency", "D"))
    evaluation = evaluate(problem_of(catalog, **WORTH), good())
    three = answers(catalog)["3"]
    assert three.worth == pytest.approx(1)
    assert three.closure_before == pytest.approx(evaluation.closure_before)
    assert three.closure_after == pytest.approx(evaluation.objectives["closure"])


def test_a_catalog_without_challenges_has_no_answers() -> None:
    assert challenges_of(problem_of(college()), good()) == ()


def test_closure_in_an_outlook_is_that_of_a_catalog_with_its_shares() -> None:
    # D is asked for 0.5, C for 1: of an outlook of which P's learners all go into the new occupation N, which
    # asks for C2 only, P lacks C1 and C2 (1 each), Q C2; the plan closes P's: 30 / (30 + 10).
    catalog = challenged()
    new = Occupation(id="N")
    asks = OccupationRequirement(occupation="N", competency="C", level=2, importance=1.0, essential=False)
    grown = catalog.replace(
        occupations=(*catalog.occupations, new),
        occupation_requirements=(*catalog.occupation_requirements, asks),
    )
    names = sorted({row.programme for row in catalog.targets})
    rows = tuple(Target(programme=name, occupation="N", share=1.0) for name in names)
    ahead = tuple(row.model_copy(update={"scenario": "AHEAD"}) for row in rows)
    outlook = Scenario(id="AHEAD", probability=1.0)
    (found,) = answers(grown.replace(scenarios=(outlook,), targets=(*catalog.targets, *ahead)))["1"].outlooks
    there = answers(grown.replace(targets=rows))["1"]
    assert (found.closure_before, found.closure_after) == (there.closure_before, there.closure_after)
    assert found.closure_after == pytest.approx(30 / 40)


def test_an_outlook_in_which_nothing_of_a_challenge_is_missing_says_nothing() -> None:
    outlook = Scenario(id="SAME", probability=1.0)
    same = tuple(row.model_copy(update={"scenario": "SAME"}) for row in college().targets)
    catalog = challenged(scenarios=(outlook,), targets=(*college().targets, *same))
    found = answers(catalog)
    (one,) = found["1"].outlooks
    assert (one.closure_before, one.closure_after) == (found["1"].closure_before, found["1"].closure_after)
    assert found["3"].outlooks == ()  # nothing is linked to it


def test_partners_are_who_pays_or_owns_a_place_but_the_college() -> None:
    # A and B raise C in P. S1 and S2 pay for them; where both are the college no payer is a partner, but S3,
    # which pays nothing and owns the rooms that A and B use.
    def behind(**kinds: str) -> tuple[str, ...]:
        sources = tuple(FundingSource(id=name, kind=kind) for name, kind in kinds.items())
        rooms = tuple(
            row.model_copy(update={"source": "S3" if "S3" in kinds else None}) for row in college().resources
        )
        return answers(challenged(funding_sources=sources, resources=rooms))["1"].partners

    assert behind(S1="state", S2="employer") == ("S1", "S2")
    assert behind(S1="college", S2="employer") == ("S2",)
    assert behind(S1="college", S2="college", S3="employer") == ("S3",)
    assert behind(S1="college", S2="college", S3="college") == ()


def test_a_linked_source_that_pays_anything_stands_behind_the_challenge() -> None:
    # Nothing of challenge 3 is taught; S2 pays for B, S3 for nothing.
    sources = tuple(FundingSource(id=name, kind="employer") for name in ("S1", "S2", "S3"))
    catalog = challenged(
        ("3", "funding_source", "S2"), ("3", "funding_source", "S3"), funding_sources=sources
    )
    assert answers(catalog)["3"].partners == ("S2",)
