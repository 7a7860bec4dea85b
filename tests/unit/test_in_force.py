"""The head of a result: what is in force, what is not, and what nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import curriplan
from broken_catalogs.base_catalog import Tables
from curriplan.cli.app import main
from curriplan.problem.in_force import InForce, in_force
from curriplan.problem.limits import effective_limits
from curriplan.problem.settings import Settings
from curriplan.texts.words import Words
from functional.report.workbooks import values


def _in_force(name: str, settings: Settings | None = None) -> InForce:
    catalog = curriplan.read_catalog(name).require()
    return in_force(catalog, effective_limits(catalog, settings))


def test_what_limits_the_example() -> None:
    """`mini`: 11 norms, a budget of 1.6 million, a floor; a room and a post, both with hours."""
    assert _in_force("mini") == InForce(None, 11, 0, 1_600_000, 1, (1, 1), (1, 1))


def test_what_the_user_sets_counts() -> None:
    found = _in_force("mini", Settings(budget_kzt=500_000, practice_share=0.1))
    assert (found.budget_kzt, found.changed) == (500_000, 1)


def _head(path: Path | str, *arguments: str) -> str:
    done = CliRunner().invoke(main, [*(arguments or ("check",)), str(path), "--lang", "en"])
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("command", [("check",), ("gaps",), ("frontier",)])
def test_each_result_says_what_is_in_force(command: tuple[str, ...]) -> None:
    assert _head("mini", *command).startswith(
        "In force: the catalog's own norms (11); a budget of 1 600 000 KZT; least levels (1); "
        "hours of rooms (1 of 1); hours of teachers (1 of 1 posts)."
    )


def test_what_is_not_there_is_said_to_limit_nothing(tmp_path: Path) -> None:
    tables = Tables()
    for name in (
        "profile",
        "funding_budgets",
        "floors",
        "resources",
        "resource_capacity",
        "module_resources",
    ):
        del tables.rows[name]
    head = _head(tables.write_folder(tmp_path / "catalog"))
    assert head.startswith(
        "Not in force: no norms: credits, hours and shares are not limited; no budget: money is not limited; "
        "no least levels: none is guaranteed; no hours of rooms: they are not limited; no hours of teachers: "
        "they are not limited."
    )


def test_nothing_is_said_of_what_could_not_be_read(tmp_path: Path) -> None:
    """A budget of which a cell is no number is neither there nor not there."""
    tables = Tables()
    tables.set("funding_budgets", 2, "budget_kzt", "much")
    tables.raw["floors.csv"] = b"\xff\xfe\x00\xd8"
    del tables.rows["floors"]
    said = _head(tables.write_folder(tmp_path / "catalog"))
    assert "budget of" not in said
    assert "no budget" not in said
    assert "least levels" not in said
    assert "hours of rooms" in said


def test_a_classification_has_nothing_to_limit(tmp_path: Path) -> None:
    tables = Tables()
    tables.info += "classification = true\n"
    for name in {*tables.rows} - {"competencies", "occupations", "occupation_requirements"}:
        del tables.rows[name]
    assert "orce:" not in _head(tables.write_folder(tmp_path / "catalog"))


def test_the_summary_of_a_plan_says_what_does_not_limit_it(tmp_path: Path) -> None:
    """Of the example all is in force, and nothing is said; without its budget money is not limited."""
    catalog = curriplan.read_catalog("mini").require()
    free = catalog.replace(funding_budgets=(), floors=())
    said = {}
    for name, one in (("all", catalog), ("free", free)):
        path = curriplan.optimize(one).to_excel(tmp_path / f"{name}.xlsx", lang="ru")
        summary = Words("ru")("sheet.summary")
        said[name] = [text for (sheet, _), text in values(path.read_bytes()).items() if sheet == summary]
    head = "Не действует: бюджета нет – средства не ограничены; минимальных уровней нет – "
    assert [str(text).startswith(head) for text in said["free"]].count(True) == 1
    assert not [text for text in said["all"] if str(text).startswith("Не действует")]


def test_a_norm_of_credits_that_does_not_hold_is_said(tmp_path: Path) -> None:
    tables = Tables()
    tables.set("programmes", 2, "entry_base", "")
    head = _head(tables.write_folder(tmp_path / "catalog"))
    assert "the norm of total credits for ADM: what it goes by is not given in programmes" in head
