"""`curriplan gaps`: what the existing curricula close, and how sure that is, below and above the table."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from curriplan.api.results import PlanResult
from curriplan.cli.app import main
from curriplan.evaluation.figures import today_of
from curriplan.evaluation.figures.estimates import if_estimates_err
from curriplan.evaluation.state import Basis
from curriplan.plan.plan import Selection, Start
from curriplan.texts.languages import LANGUAGES

SAID = {
    "kk": "Қазіргі оқу жоспарлары тапшылықтың 10,5 % бөлігін жабады",
    "ru": "Действующие учебные планы закрывают 10,5 % дефицита",
    "en": "The existing curricula close 10.5 % of the gaps",
}
RANGED = {"kk": "TECH 10,5 (9,8–18,5) %", "ru": "TECH 10,5 (9,8–18,5) %", "en": "TECH 10.5 (9.8–18.5) %"}


def test_what_is_closed_today_is_what_the_evaluation_says_of_it(mini_result: PlanResult) -> None:
    """Of `mini` only BASE is taught today, in term 1."""
    today = today_of(mini_result.problem)
    assert today.closure == pytest.approx(mini_result.plan.measures["closure_before"])
    assert today.programmes == {"TECH": today.closure}
    plan = mini_result.problem.derived(Basis).plan(Selection((Start("TECH", "BASE", 1),), ()))
    whole, sure = today.sure.if_estimates_err.plan, if_estimates_err(plan).plan
    assert (whole.closure_low, whole.closure_high) == pytest.approx((sure.closure_low, sure.closure_high))
    assert (today.sure.occupations, today.sure.occupations_not_met) == (2, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_gaps_say_what_is_closed_today_also_if_estimates_err(language: str, tmp_path: Path) -> None:
    def invoke(*more: str) -> str:
        result = CliRunner().invoke(main, ["gaps", "mini", "--lang", language, *more], catch_exceptions=False)
        assert result.exit_code == 0
        return " ".join(result.stdout.split())

    path = tmp_path / "gaps.xlsx"
    invoke("-o", str(path))
    cells = [
        " ".join(str(cell).split())
        for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        for cell in row
    ]
    (sentence,) = (cell for cell in cells if SAID[language] in cell)
    assert RANGED[language] in sentence
    assert sentence in invoke()
