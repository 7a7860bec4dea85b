"""The library names an argument of the wrong kind, and says what it takes, before any work."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import curriplan
from curriplan import ObjectiveChoice, Settings
from curriplan.api import library, library_ahead, made_outlooks
from curriplan.api.arguments import JUDGED_ELSEWHERE, TAKES
from curriplan.api.network import library as network_library
from curriplan.api.results import PlanResult
from curriplan.base.errors import UsageError
from curriplan.problem.settings import SETTINGS

FUNCTIONS = [
    function
    for name in curriplan.__all__
    if inspect.isfunction(function := getattr(curriplan, name))
    and function.__module__
    in (library.__name__, library_ahead.__name__, made_outlooks.__name__, network_library.__name__)
]
NEEDED = {
    "path": "plan.xlsx",
    "last": "plan.json",
    "catalog": "mini",
    "occupations": ["security-assistant"],
    "entry_base": "grade9",
    "terms": 4,
    "folder": "network",
    "out": "results",
}
"""What fits the arguments that must be given; else a plan does."""
OF_NO_KIND = object()
"""What nothing takes."""
SAID = {
    "kk": "күтілетін мән",
    "ru": "ожидается",
    "en": "expected",
}


def refused(call: Callable[[], object], option: str) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert [issue.values["option"] for issue in caught.value.issues] == [option]
    for language, word in SAID.items():
        text = caught.value.issues[0].advice(language)
        assert word in text.lower()
        assert "{" not in text


def test_every_argument_of_the_library_is_said_once() -> None:
    named = {name for function in FUNCTIONS for name in inspect.signature(function).parameters}
    assert named == set(TAKES) | JUDGED_ELSEWHERE
    assert len(FUNCTIONS) == 14


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_each_function_refuses_what_is_of_no_kind(function: Any, mini_result: PlanResult) -> None:
    parameters = inspect.signature(function).parameters
    needed = [name for name, one in parameters.items() if one.default is one.empty and name in TAKES]
    for name in parameters.keys() & TAKES.keys():
        given = {other: NEEDED.get(other, mini_result) for other in needed} | {name: OF_NO_KIND}
        refused(lambda given=given: function(**given), name)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("workers", value) for value in (0, -1, 1.5, "2", True)),
        *(("stability", value) for value in (-1, 2.5, "3", True)),
        ("review", 5),
        ("progress", "yes"),
        ("settings", {"budget_kzt": 1}),
        ("catalog", 5),
    ],
)
def test_what_optimize_takes(name: str, value: Any) -> None:
    refused(lambda: curriplan.optimize(**{"catalog": "mini", name: value}), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("terms", value) for value in (0, 21, 1.5, "2", True)),
        *(("learners", value) for value in (0, 10**6 + 1)),
        ("occupations", "O1"),
        ("start", "2027"),
        ("language", "de"),
        ("level", "4s"),
        ("names", {"de": "Analytiker"}),
        ("names", {"en": 5}),
        ("hour_kzt", -1),
    ],
)
def test_what_design_takes(name: str, value: Any) -> None:
    given = {one: NEEDED[one] for one in ("catalog", "occupations", "entry_base", "terms")}
    refused(lambda: curriplan.design(**{**given, name: value}), name)


def test_what_stress_takes(mini_result: PlanResult) -> None:
    wrong: dict[str, Any] = {"partners": "COL", "leaves_year": 1899, "shares": 1}
    for name, value in wrong.items():
        refused(lambda name=name, value=value: curriplan.stress(mini_result, **{name: value}), name)  # type: ignore[misc]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.name)
def test_each_setting_refuses_what_is_of_no_kind(setting: Any) -> None:
    refused(lambda: Settings(**{setting.name: OF_NO_KIND}), setting.name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("programmes", "TECH"),
        ("programmes", [1]),
        ("budget_kzt", "5"),
        ("budget_kzt", 1.5),
        ("budget_kzt", True),
        ("budget_kzt", float("inf")),
        ("gap", None),
        ("gap", "0,1"),
        ("quick", "yes"),
        ("solver", 3),
        ("taught_until", 2026),
        ("objectives", 5),
        ("objectives", ["cost", 5]),
        ("previous", [("P", "M")]),
        ("profile", "profile.csv"),
    ],
)
def test_what_settings_take(name: str, value: Any) -> None:
    refused(lambda: curriplan.optimize("mini", **{name: value}), name)


def test_a_tolerance_is_a_number() -> None:
    refused(lambda: ObjectiveChoice("closure", "a"), "objectives closure")  # type: ignore[arg-type]


def test_the_frontier_names_a_setting_that_there_is_none_of() -> None:
    with pytest.raises(UsageError) as caught:
        curriplan.find_frontier("mini", hours=1)
    assert [(one.code, one.values["name"]) for one in caught.value.issues] == [("unknown-name", "hours")]


def test_an_argument_that_there_is_none_of_is_named_with_the_right_one(mini_result: PlanResult) -> None:
    with pytest.raises(UsageError, match=r"module'\. The nearest is modules"):
        curriplan.explain(mini_result, module=["SEC1"])  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="nearest is every_column"):
        curriplan.save_catalog(mini_result.catalog, "c.xlsx", every_colum=True)  # type: ignore[call-arg]


@pytest.mark.parametrize("other", [5, "mini", None])
def test_functions_of_catalogs_name_what_they_take(
    other: Any, mini_result: PlanResult, tmp_path: Path
) -> None:
    needs_a_catalog = {
        "check_catalog": (),
        "build_graph": (),
        "save_catalog": (tmp_path / "c.xlsx",),
        "write_folder": (tmp_path / "c",),
        "occupation_gaps": ("a", "b"),
    }
    for name, more in needs_a_catalog.items():
        refused(lambda name=name, more=more: getattr(curriplan, name)(other, *more), "catalog")  # type: ignore[misc]
    if not isinstance(other, str):
        refused(lambda: curriplan.read_catalog(other), "source")  # type: ignore[arg-type]
        refused(lambda: mini_result.to_excel(other), "path")  # type: ignore[arg-type]
        refused(lambda: mini_result.to_json(other), "path")  # type: ignore[arg-type]
        refused(lambda: curriplan.write_folder(mini_result.catalog, other), "folder")  # type: ignore[arg-type]
        refused(lambda: curriplan.save_catalog(mini_result.catalog, other), "path")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_lists_and_whole_numbers_of_another_type_are_taken() -> None:
    """As they come out of a notebook: a list of names, 50e6 for fifty million."""
    settings = Settings(programmes=["TECH"], budget_kzt=50e6, previous=[["P", "M", 1]])  # type: ignore[arg-type, list-item]
    assert settings == Settings(programmes=("TECH",), budget_kzt=50_000_000, previous=(("P", "M", 1),))
    assert isinstance(settings.budget_kzt, int)
