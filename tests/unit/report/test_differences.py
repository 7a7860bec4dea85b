"""Differences of two plans in words and rows: what a decision costs, what becomes of each challenge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curriplan.report.differences import FigureRow, challenge_rows, difference_words
from curriplan.report.labels import Labels
from curriplan.texts.words import Words, with_plain_spaces
from unit.report.rich import replanned_view


@pytest.mark.parametrize(
    ("closure", "cost_kzt", "ru", "kk", "en"),
    [
        (
            -0.0056,
            -300_000,
            "закрытие ниже на 0,56 п. п.; дешевле на 300 000 тенге",
            "жабылу 0,56 п. т. төмен; 300 000 теңгеге арзанырақ",
            "closure 0.56 points lower; 300 000 KZT cheaper",
        ),
        (
            0.01,
            1_200_000,
            "закрытие выше на 1,00 п. п.; дороже на 1 200 000 тенге",
            "жабылу 1,00 п. т. жоғары; 1 200 000 теңгеге қымбатырақ",
            "closure 1.00 points higher; 1 200 000 KZT dearer",
        ),
        (0.0, 1, "дороже на 1 тенге", "1 теңгеге қымбатырақ", "1 KZT dearer"),
        # Less than a hundredth of a point is nothing to tell.
        (
            0.00004,
            0,
            "закрытие и деньги те же",
            "жабылу да, қаражат та өзгермейді",
            "closure and money unchanged",
        ),
    ],
)
def test_a_difference_says_in_words_which_way_it_goes(
    closure: float, cost_kzt: int, ru: str, kk: str, en: str
) -> None:
    for language, said in {"ru": ru, "kk": kk, "en": en}.items():
        found = with_plain_spaces(difference_words(Words(language), closure, cost_kzt))
        assert found.replace(",", " ") == said.replace(",", " ")
        assert "%" not in found


def test_each_challenge_has_its_closure_and_what_differs() -> None:
    view = replanned_view()
    assert view.reviewed is not None
    labels = Labels(view.catalog, Words("en"))
    rows = list(challenge_rows(view, labels, view.reviewed))
    found = {one.challenge: one for one in view.plan.challenges if one.closure_after is not None}
    closures = {row.name.partition(".")[0]: row for row in rows if row.style == "share"}
    assert {name: row.after for name, row in closures.items()} == {
        name: one.closure_after for name, one in found.items()
    }
    before = {one.challenge: one.closure_after for one in view.reviewed.challenges}
    assert {name: row.before for name, row in closures.items()} == {name: before[name] for name in found}
    assert all(row.differs for row in rows if row.style == "count")
    # A plan of before the challenges has nothing to compare with: everything is told, with a dash before.
    alone = list(challenge_rows(view, labels, replace(view.reviewed, challenges=())))
    assert len(alone) == len(found) + 3 * len(view.plan.challenges)
    assert {row.before for row in alone} == {None}


def test_a_figure_that_a_plan_lacks_differs() -> None:
    assert FigureRow("x", None, 0.0, "count").differs
    assert not FigureRow("x", None, None, "count").differs
    assert not FigureRow("x", 0.1 + 0.2, 0.3, "share").differs
