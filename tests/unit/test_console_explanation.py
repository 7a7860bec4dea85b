"""console/explanation.py: the short report says everything once, within 80 columns."""

from __future__ import annotations

import itertools
import re

import pytest

import curriplan
from curriplan.cli.console.explanation import show_explanation
from curriplan.cli.console.terminal import Terminal
from curriplan.plan.explanation import (
    Effect,
    Explanation,
    LimitGain,
    LimitStep,
    ModuleReason,
    Obstacle,
    Reach,
)
from curriplan.texts.words import Words

LANGUAGES = ("kk", "ru", "en")


def reasons() -> tuple[ModuleReason, ...]:
    """Return every kind of answer, in the plan and left out, proven and between figures of any width."""
    found = []
    kinds = itertools.product((True, False), Effect, (True, False), (0.0, 0.0039), ((), ("SWAP",)))
    for number, (is_chosen, effect, is_proven, least, swaps) in enumerate(kinds):
        if is_chosen and effect is Effect.CLOSED:
            continue
        lost = None if effect in (Effect.IMPOSSIBLE, Effect.CLOSED) else 0.004
        one = ModuleReason(
            "P", f"M{number:03}", is_chosen, effect, 1 if is_chosen else None, lost,
            obstacle=None if is_chosen else Obstacle.FORBIDDEN, is_proven=is_proven,
            closure_lost_least=least, swaps=swaps if is_chosen else (),
        )  # fmt: skip
        found.append(one)
    return tuple(found)


def limits() -> tuple[LimitGain, ...]:
    """Return a limit with each kind of answer: hours of a room each."""
    found = []
    gains = ((0.002, True), (0.002, False), (0.0, True), (0.0, False), (None, False))
    for number, ((gain, is_proven), reach) in enumerate(itertools.product(gains, Reach)):
        steps = tuple(LimitStep(share, 100 * (1 + share), gain, 0.0, is_proven) for share in (0.05, 0.1))
        smallest = 104.0 if reach in (Reach.FOUND, Reach.WITHIN) else None
        found.append(
            LimitGain("§9", "resource_hours", None, f"ROOM{number:02}", ("2026-1",), "h", 100.0, 99.0, True,
                      steps, reach, smallest, None if smallest is None else 0.001)
        )  # fmt: skip
    return tuple(found)


def shown(
    explanation: Explanation,
    capsys: pytest.CaptureFixture[str],
    language: str = "en",
    *,
    in_full: bool = False,
) -> str:
    catalog = curriplan.read_catalog("mini").require()
    show_explanation(Terminal(language), explanation, catalog, in_full=in_full)
    return capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_module_and_each_limit_appears_exactly_once(
    capsys: pytest.CaptureFixture[str], language: str
) -> None:
    explanation = Explanation(0.8, 0.81, 0.0, reasons(), limits())
    output = shown(explanation, capsys, language)
    words = output.split()
    for one in explanation.modules:
        # An unknown module is its own name: "M001 M001".
        assert words.count(one.module) + words.count(f"{one.module},") + words.count(f"{one.module};") == 2, (
            one
        )
    for limit in explanation.limits:
        assert len(re.findall(str(limit.subject), output)) == 1, limit
    assert max(map(len, output.splitlines())) <= 80


def test_an_upper_bound_is_never_called_the_loss(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"term": 1, "closure_lost": 0.004, "is_proven": False}
    rows = (
        ModuleReason("P", "CLOSE", True, Effect.LOSES, closure_lost_least=0.0039, **known),
        ModuleReason("P", "WIDE", True, Effect.LOSES, closure_lost_least=0.0, **known),
    )
    output = shown(Explanation(0.8, 0.81, 0.0, rows), capsys)
    # 0.39 to 0.40 points are close: a loss. From nothing to 0.40 is no answer.
    assert "0.39–0.40  CLOSE" in output
    assert output.index("Not answered") < output.index("WIDE")
    assert "at most 0.40" in output and "Of 2 questions 1 " in output


def test_losses_stand_largest_first_and_what_could_be_taken_smallest_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = tuple(
        ModuleReason("P", f"{word}{points}", word == "IN", Effect.LOSES, closure_lost=points / 100)
        for word in ("IN", "OUT")
        for points in (1, 3, 2)
    )
    output = shown(Explanation(0.8, 0.81, 0.0, rows), capsys)
    found = re.findall(r"(?:IN|OUT)\d(?= )", output)
    assert list(dict.fromkeys(found)) == ["IN3", "IN2", "IN1", "OUT1", "OUT2", "OUT3"]


def test_advice_is_given_once_for_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    rows = tuple(
        ModuleReason("P", f"M{number}", number < 5, Effect.UNKNOWN, closure_lost=0.01, is_proven=False)
        for number in range(10)
    )
    output = shown(Explanation(0.8, 0.81, 0.0, rows), capsys)
    assert output.count("--time-limit") == 1


def test_a_mandatory_module_is_never_called_replaceable(capsys: pytest.CaptureFixture[str]) -> None:
    kept = (
        ModuleReason("P", f"M{number}", True, effect, is_mandatory=True)
        for number, effect in enumerate((Effect.NOTHING, Effect.IMPOSSIBLE))
    )
    other = ModuleReason("P", "OTHER", True, Effect.NOTHING)
    text = shown(Explanation(0.5, 0.5, 0.0, (*kept, other)), capsys)
    mandatory, _, replaceable = text.partition("Replaceable")
    assert "Mandatory in the catalog, they stay in every plan:" in mandatory
    assert "M0" in mandatory and "M1" in mandatory
    assert "OTHER" in replaceable and "M0" not in replaceable and "A rule needs them" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_limits_that_were_not_asked_are_no_limits_that_do_not_help(
    capsys: pytest.CaptureFixture[str], language: str
) -> None:
    """A run that was cut short does not know what holds the plan back."""
    unhelpful = [one for one in limits() if one.best_gain <= 0.0]
    answered = tuple(one for one in unhelpful if one.is_answered)
    words = Words(language, "cli")
    open_count = len(unhelpful) - len(answered)
    assert answered
    assert open_count
    cut_short = " ".join(shown(Explanation(0.8, 0.81, 0.0, (), tuple(unhelpful)), capsys, language).split())
    unknown = words("explain.limits_unknown", open=open_count, count=len(unhelpful))
    assert " ".join(unknown.split()) in cut_short
    whole = " ".join(shown(Explanation(0.8, 0.81, 0.0, (), answered), capsys, language).split())
    assert " ".join(words("explain.limits_none").split()) in whole
