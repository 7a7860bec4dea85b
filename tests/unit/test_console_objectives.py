"""console/objectives.py: what each stage of a search found, said as soon as it is known."""

from __future__ import annotations

import pytest

import curriplan
from curriplan.base.progress import Progress
from curriplan.cli.console.objectives import Findings
from curriplan.cli.console.terminal import Terminal, wrapped
from curriplan.problem.objectives import OBJECTIVE_NAMES
from curriplan.texts.words import Words

ENGLISH = Words("en", "cli")
NAMES = ("no_harm", "closure", "cost", "disruption", "balance")


def at(stage: int, *values: float, gap: float | None = 0.0, names: tuple[str, ...] = NAMES) -> Progress:
    reached = dict(zip((*names, "closure", "cost"), values, strict=False))
    return Progress(stage, len(names), names[stage - 1], 1.0, gap, reached)


def test_closure_and_cost_come_first_and_then_what_each_stage_changed() -> None:
    findings = Findings()
    steps = [
        (Progress(1, 5, "no_harm", 0.0), None),
        (at(1, 0.0, 0.3, 9e6, 800, 30), None),  # what a plan closes that was not made for it says nothing
        (
            at(2, 0.0, 0.8, 5_000_000, 700, 20),
            "First figures: 80.00 % of the gaps closed, new money 5",
        ),
        (at(2, 0.0, 0.8, 5_000_000, 700, 20), None),  # told twice a stage: what is held may change a plan
        (
            at(3, 0.0, 0.795, 4_000_000, 900, 25, gap=0.0004),
            "Objective 3 of 5, gap 0.04 % – cost, KZT: 5 000 000 → 4 000 000; closure: 80.00 % → 79.50 %",
        ),
        (at(3, 0.0, 0.797, 4_000_000, 900, 25), "closure: 79.50 % → 79.70 %"),
        (
            at(4, 0.0, 0.797, 4_000_000, 640, 31, gap=None),
            "Objective 4 of 5, gap ? – changed hours: 900.0 → 640.0",
        ),
        (at(5, 0.0, 0.797, 4_000_000, 640, 31), "Objective 5 of 5, gap 0.00 % – balance, credits: 31.0"),
    ]
    for progress, expected in steps:
        news = findings.news(progress, ENGLISH, "→")
        found = None if news is None else news.replace("\N{NO-BREAK SPACE}", " ")
        assert found == expected or (expected and found and expected in found), progress


def test_where_closure_is_no_objective_the_first_stage_speaks() -> None:
    news = Findings().news(at(1, 70.0, 0.5, 1_000, names=("disruption",)), ENGLISH, "→")
    assert news is not None
    assert news.startswith("First figures: 50.00 % of the gaps closed, new money 1")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_what_is_said_fits_a_terminal(language: str) -> None:
    terminal, findings = Terminal(language), Findings()
    for stage in range(1, len(OBJECTIVE_NAMES) + 1):
        values = [float(10**14 + stage)] * len(OBJECTIVE_NAMES)
        news = findings.news(
            at(stage, *values, gap=float("nan"), names=OBJECTIVE_NAMES), terminal.words, "->"
        )
        if news is not None:
            assert max(map(len, wrapped(news, hanging=2))) <= 80


def test_the_last_that_is_told_is_the_plan() -> None:
    told: list[Progress] = []
    result = curriplan.optimize("mini", progress=told.append)
    reached = [one.reached for one in told if one.reached is not None]
    assert len(reached) == 2 * len(result.plan.stages)
    assert dict(reached[-1]) == pytest.approx({name: result.after.objectives[name] for name in NAMES})


def test_programmes_planned_alone_tell_nothing_of_the_plan() -> None:
    """§13 plans each programme alone before: what that costs is not what the plan costs."""
    told: list[Progress] = []
    result = curriplan.optimize("mini", equity=0.5, progress=told.append)
    assert told[0].stages == 1
    reached = [one.reached for one in told if one.reached is not None]
    assert len(reached) == 2 * len(result.plan.stages)
