"""The sheet of the challenges: its formulas come to what the evaluation found; without any there is none."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from curriplan.catalog.records import Catalog, Challenge, ChallengeLink, Competency
from curriplan.plan.plan import Selection, Start
from curriplan.report import challenges as sheet_of
from curriplan.report.view import PlanView
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from unit.report.rich import rich_catalog, rich_view
from unit.report.sample import SELECTION, named, sample_catalog, sample_view
from workbooks.kinds import written_view

Rows = list[tuple[Any, ...]]


def rows_of(view: PlanView, language: str = "en") -> Rows:
    book = openpyxl.load_workbook(BytesIO(written_view(view, language)), data_only=True)
    sheet = book[Words(language)("sheet.challenges")]
    return list(sheet.iter_rows(min_row=2, values_only=True))  # above it is the way back


def below(rows: Rows, heading: str) -> Rows:
    """Return the rows of a table, from the second below its heading to the next empty one."""
    first = next(place for place, row in enumerate(rows) if row[0] == Words("en")(heading)) + 2
    return [row for row in rows[first:] if row[0]] if heading.endswith("competencies") else rows[first:]


@pytest.fixture(scope="module")
def view() -> PlanView:
    return rich_view()


@pytest.fixture(scope="module")
def rows(view: PlanView) -> Rows:
    return rows_of(view)


def test_closures_are_those_of_the_evaluation(view: PlanView, rows: Rows) -> None:
    """The sheet sums cells of Gaps, the evaluation steps of its own."""
    for row, found in zip(rows[3:6], view.challenges, strict=True):
        before, after = found.closure_before, found.closure_after
        assert row[8] == ("–" if before is None else pytest.approx(before, abs=1e-8))
        assert row[9] == ("–" if after is None else pytest.approx(after, abs=1e-8))


def test_challenge_2_by_hand(rows: Rows) -> None:
    # C1 is needed by A and B at 4 and has a floor of 2. M1 (72 h, half of them laboratory) brings both to 2;
    # only A takes M2 (48 h, 36 laboratory) and M6 (72 h of practice). C3 is nobody's need: M5 (96 h, 72
    # practical) of A teaches it. 2 · 72 + 48 + 72 + 96 = 360 h, 2 · 36 + 36 + 72 + 72 = 252 practical.
    name, figure = rows[3][1].split("\n")
    assert name == "2 name"
    assert figure.startswith(
        "people: 18\xa0000\xa0000.5 people; Somebody, read in a secondary source; unverified"
    )
    assert figure.endswith("(as of 2026-05-31); review by 2027-05-31")
    assert rows[3][3:8] == (4, 2, 40, 360, 252)
    # A reaches 4 and B 2 of what O1 asks; A and B have 30 and 10 learners, and C2 keeps O1 from both.
    assert rows[3][10:13] == ("1 / 2", "40 → 10", "2 / 2")


def test_a_challenge_that_asks_for_nothing_has_dashes(rows: Rows) -> None:
    assert rows[5][0] == "6"
    assert rows[5][8:13] == ("–",) * 5


def test_competencies_are_those_of_the_evaluation(view: PlanView, rows: Rows) -> None:
    shown = below(rows, "heading.challenge_competencies")
    found = [(row.challenge, one) for row in view.challenges for one in row.competencies]
    assert len(shown) == len(found) == 3
    for row, (challenge, one) in zip(shown, found, strict=True):
        assert row[0] == challenge
        assert row[3:8] == (
            one.floor or "–",
            one.programmes,
            one.learners,
            one.learners_open_before,
            one.learners_open_after,
        )
        assert row[8:11] == pytest.approx((one.worth, one.open_before, one.open_after), abs=1e-8)


def test_the_practical_part_is_that_of_the_curricula(view: PlanView, rows: Rows) -> None:
    practice = view.challenges[1].practice
    assert practice is not None
    hours, share = below(rows, "heading.challenge_practice")[:2]
    assert (hours[3], hours[5]) == (practice.hours_before, practice.hours_after)
    assert share[3] == pytest.approx(practice.least_share_before)
    assert share[5] == pytest.approx(practice.least_share_after)


def test_consortium_money_is_what_the_linked_sources_pay(view: PlanView, rows: Rows) -> None:
    paid = dict.fromkeys(("EMPLOYER", "STATE"), 0)
    for one in view.plan.payments:
        if one.source in paid:
            paid[one.source] += one.kzt
    table = below(rows, "heading.challenge_money")[:3]
    whole = sum(paid.values())
    assert [row[7] for row in table] == [paid["EMPLOYER"], paid["STATE"], whole]
    assert whole == view.challenges[2].paid_kzt > 0
    assert table[2][9] == pytest.approx(whole / view.after.cost_kzt)
    assert all(row[3] + row[5] == row[7] for row in table)


def test_what_is_too_long_for_a_formula_is_a_number(
    rows: Rows, view: PlanView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_of, "MOST_SUMMED", 1)
    for now, then in zip(rows_of(view), rows, strict=True):
        for one, other in zip(now, then, strict=True):
            assert one == (pytest.approx(other) if isinstance(other, float) else other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_stands_after_the_programmes(view: PlanView, language: str) -> None:
    texts = Words(language)
    names = openpyxl.load_workbook(BytesIO(written_view(view, language)), read_only=True).sheetnames
    assert names.index(texts("sheet.challenges")) == names.index(texts("sheet.programmes")) + 1


def test_without_challenges_there_is_no_such_sheet() -> None:
    bare = rich_catalog().replace(challenges=(), challenge_links=())
    book = openpyxl.load_workbook(BytesIO(written_view(rich_view(bare), "en")), read_only=True)
    assert "Challenges" not in book.sheetnames


def unanswered(catalog: Catalog, selection: Selection = SELECTION) -> list[str]:
    """Return what is said below the challenges of why the plan closes nothing of one."""
    rows = rows_of(sample_view(catalog, selection))
    return [str(row[0]) for row in rows if str(row[0]).startswith("Of the competence gaps of challenge")]


def linked(catalog: Catalog | None = None, **link: str) -> Catalog:
    links = (ChallengeLink(challenge="5", **link),) if link else ()
    return (catalog or sample_catalog()).replace(challenges=(Challenge(**named("5")),), challenge_links=links)


def test_a_challenge_that_the_plan_does_not_answer_is_told_with_the_reason() -> None:
    """Only A lacks C2, as B brings it: M4 teaches it, and no programme takes M4."""
    (said,) = unanswered(linked(competency="C2"))
    assert "the programmes that need its competencies (A) could take modules that lift them (M4)" in said
    assert "“Not selected”" in said
    rows = sample_catalog().programme_modules
    without = sample_catalog().replace(programme_modules=tuple(row for row in rows if row.module != "M4"))
    (said,) = unanswered(linked(without, competency="C2"))
    assert said.endswith("the programmes that need its competencies (A) may take no module that lifts them.")


def test_a_challenge_whose_competency_nobody_needs() -> None:
    base = sample_catalog()
    more = base.replace(competencies=(*base.competencies, Competency(**named("C3"))))
    (said,) = unanswered(linked(more, competency="C3"))
    assert "no target occupation of any programme asks for its competencies" in said


def test_a_challenge_that_nothing_is_linked_to() -> None:
    (said,) = unanswered(linked())
    assert said.endswith("the plan closes nothing: the catalog links no competency to it.")
    assert unanswered(linked(funding_source="COLLEGE")) == []  # it is answered by money


def test_modules_in_programmes_that_do_not_ask_are_told() -> None:
    """B has no target and takes M4; A, which lacks C2, does not."""
    base = sample_catalog()
    other = base.replace(baseline=(), targets=base.targets[:1])
    selection = replace(SELECTION, starts=(*SELECTION.starts, Start("B", "M4", 1)))
    (said,) = unanswered(linked(other, competency="C2"), selection)
    assert said.endswith("stand only in programmes that do not ask for them.")


def test_of_a_challenge_that_is_answered_nothing_is_said() -> None:
    assert unanswered(linked(competency="C1")) == []


def test_a_core_that_stays_open_is_said_beside_the_closure() -> None:
    """Challenge 2 asks C1 of 40 learners: 30 lack it by plan, or 20, fewer than two thirds."""
    view = rich_view()
    for lacking, is_said in ((30, True), (20, False)):
        found = tuple(
            replace(
                one,
                learners_open_after=lacking,
                competencies=tuple(
                    replace(row, learners_open_after=lacking if row.competency == "C1" else 0)
                    for row in one.competencies
                ),
            )
            if one.challenge == "2"
            else one
            for one in view.challenges
        )
        rows = rows_of(replace(view, plan=replace(view.plan, challenges=found)))
        said = " ".join(str(row[0]) for row in rows)
        closed = next(one.closure_after for one in found if one.challenge == "2")
        assert closed is not None
        expected = (
            f"Challenge 2: {100 * closed:.1f}% of its gaps close, yet 30 learners will lack at least one "
            "level asked of them; among them C1 name: 30 of 40."
        )
        assert (expected in said) is is_said
        assert ("Challenge 2: " in said) is is_said


def said(rows: Rows) -> str:
    return " ".join(str(cell) for row in rows for cell in row if cell is not None)


def with_lag(catalog: Catalog | None = None) -> PlanView:
    view = rich_view(catalog)
    return replace(view, plan=replace(view.plan, lag=view.lag, challenges=view.challenges))


def test_what_carries_the_lag_of_a_challenge_is_said() -> None:
    """5 asks for C2 anew; given what 2 asks for anew, C1 and its floor, both have one lag."""
    shown = said(rows_of(with_lag()))
    assert "The lag of challenge 5 is that of what is newly asked of it: C2 name." in shown
    links = [row for row in rich_catalog().challenge_links if row.challenge != "5"]
    links += [row.model_copy(update={"challenge": "5"}) for row in links if row.challenge == "2"]
    floors = [row.competency for row in rich_catalog().floors]
    links += [ChallengeLink(challenge="5", competency=name) for name in floors]
    alike = with_lag(rich_catalog().replace(challenge_links=tuple(links)))
    assert alike.lag is not None
    waits = {one.of: one.lag_after for one in alike.lag.challenges}
    assert waits["2"] == waits["5"]
    assert "Challenges 2, 5 share one lag, because the same is newly asked of them: " in said(rows_of(alike))
