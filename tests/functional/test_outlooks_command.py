"""``curriplan outlooks`` on the command line: what it writes, says and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import curriplan
from curriplan.catalog.records import Demand
from curriplan.cli.app import main

SCORES = "isco08,score\n2511,3\n9111,1\n2512,5\n"
MADE = "--exposure trial={scores} --beta 0,5"
"""The comma as planners type it."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["outlooks", *arguments])


@pytest.fixture(scope="module")
def college(tmp_path_factory: pytest.TempPathFactory) -> str:
    """`mini` with a code and openings of its occupations; one of the codes is not among the scores."""
    mini = curriplan.read_catalog("mini").require()
    codes = dict(zip((row.id for row in mini.occupations), ("2511", "3512"), strict=True))
    demand = tuple(Demand(occupation=name, year=2030, openings=40, source="estimate") for name in codes)
    rows = tuple(row.model_copy(update={"isco08": codes[row.id]}) for row in mini.occupations)
    folder = tmp_path_factory.mktemp("college") / "mini"
    return str(curriplan.save_catalog(mini.replace(occupations=rows, demand=demand), folder))


@pytest.fixture
def made(tmp_path: Path) -> list[str]:
    path = tmp_path / "scores.csv"
    path.write_text(SCORES, encoding="utf-8")
    return MADE.format(scores=path).split()


def test_a_folder_and_a_workbook_get_the_same(college: str, tmp_path: Path, made: list[str]) -> None:
    hashes = set()
    for name in ("folder", "book.xlsx"):
        done = run(college, str(tmp_path / name), "--lang", "en", *made)
        assert done.exit_code == 0, done.output
        hashes.add(curriplan.read_catalog(tmp_path / name).require().sha256)
    assert hashes == {
        curriplan.make_outlooks(college, exposure={"trial": made[1][6:]}, beta=0.5).catalog.sha256
    }
    assert "no probabilities" in " ".join(done.output.split())


def test_the_copy_can_be_checked_and_has_names_in_three_languages(
    college: str, tmp_path: Path, made: list[str]
) -> None:
    assert run(college, str(tmp_path / "out"), *made).exit_code == 0
    catalog = curriplan.read_catalog(tmp_path / "out").require()
    before = curriplan.read_catalog(college).require()
    assert [one.code for one in curriplan.check_catalog(catalog)] == [
        one.code for one in curriplan.check_catalog(before)
    ]
    row = next(row for row in catalog.scenarios if row.id == "exposure-trial")
    assert (row.name("kk"), row.name("ru"), row.name("en")) == (
        "Автоматтандыру (trial, β = 0,5)",
        "Автоматизация (trial, β = 0,5)",
        "Automation (trial, β = 0.5)",
    )
    assert all(row.source for row in catalog.demand)


def test_each_occupation_that_cannot_be_mapped_is_told(college: str, tmp_path: Path, made: list[str]) -> None:
    done = run(college, str(tmp_path / "out"), "--lang", "en", *made)
    (line,) = [line for line in done.output.splitlines() if "outlook-unmapped" in line]
    assert "(1)" in line
    assert ": security-assistant. " in line
    strict = run(college, str(tmp_path / "other"), "--strict", *made)
    assert strict.exit_code == 3
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("more", "code", "exit_code"),
    [
        (["--beta", "1.01"], "bad-value", 2),
        (["--beta", "0"], "bad-value", 2),
        (["--new-professions", "-1", "--beta", "1"], "bad-value", 2),
        (["--shrink", "0"], "bad-value", 2),
        (["--exposure", "scores.csv", "--beta", "1"], "bad-value", 2),
        (["--exposure", "a=x", "--exposure", "a=y", "--beta", "1"], "bad-value", 2),
        (["--as-of", "yesterday", "--beta", "1"], "bad-value", 2),
        (["--probability", "as-today", "--beta", "1"], "bad-value", 2),
        (["--exposure", "a=x"], "option-needs-other", 2),
        (["--new-professions", "1"], "option-needs-other", 2),
        (["--shrink", "5"], "option-needs-other", 2),
        ([], "outlook-nothing-asked", 2),
        (["--exposure", "a=nowhere.csv", "--beta", "1"], "file-unreadable", 3),
        (["--snapshots", "a.csv", "b.csv"], "file-unreadable", 3),
    ],
)
def test_what_is_refused_before_anything_is_written(
    college: str, tmp_path: Path, more: list[str], code: str, exit_code: int
) -> None:
    done = run(college, str(tmp_path / "out"), "--lang", "en", *more)
    assert done.exit_code == exit_code
    assert f"{code}: " in done.output
    assert not (tmp_path / "out").exists()


def test_what_is_there_is_replaced_only_with_force(college: str, tmp_path: Path, made: list[str]) -> None:
    place = str(tmp_path / "out")
    assert run(college, place, *made).exit_code == 0
    assert run(college, place, *made).exit_code == 3
    assert run(college, place, "--force", *made).exit_code == 0
    assert run(place, place, "--force", *made).exit_code == 3, "never what is read"


def test_probabilities_are_given_for_all_outlooks(college: str, tmp_path: Path, made: list[str]) -> None:
    place = tmp_path / "out"
    wrong = run(college, str(place), "--probability", "as-today=1", "--lang", "en", *made)
    assert (wrong.exit_code, "as-today + exposure-trial = 1" in wrong.output) == (2, True)
    odds = ("--probability", "as-today=70 %", "--probability", "exposure-trial=0,3")
    assert run(college, str(place), *odds, *made).exit_code == 0
    assert {row.id: row.probability for row in curriplan.read_catalog(place).require().scenarios} == {
        "as-today": 0.7,
        "exposure-trial": 0.3,
    }
