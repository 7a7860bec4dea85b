"""A named profile and the rows that stand over single norms of it: read, checked, planned, shown, saved."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest

import curriplan
from curriplan.base.errors import Issue
from curriplan.catalog.reading.bundled import bundled_folder
from curriplan.catalog.reading.norms import named_norms, with_overrides
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog, CatalogInfo, Module, ProfileEntry, ProgrammeTerm
from curriplan.catalog.saving.save import convert_catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.problem.checks import check_catalog
from curriplan.problem.limits import effective_limits
from curriplan.problem.settings import Settings
from formulation.instances import base, module

NAME = "KZ-348-2024"


def college(folder: Path, *rows: str, name: str | None = NAME, extra: str = "") -> Path:
    """Write the catalog `mini` with a named profile and rows of its own; without rows, those of mini."""
    source = bundled_folder("mini")
    assert source is not None
    shutil.copytree(source, folder)
    info = folder / "catalog.toml"
    named = f'profile = "{name}"\n' if name else ""
    info.write_text(info.read_text(encoding="utf-8") + named + extra, encoding="utf-8")
    if rows:
        lines = "\n".join(("key,value,source", *rows, ""))
        (folder / "profile.csv").write_text(lines, encoding="utf-8")
    return folder


def overridden(catalog: Catalog) -> list[Issue]:
    return [issue for issue in check_catalog(catalog) if issue.code == "norm-overridden"]


def keys(folder: Path) -> set[str]:
    with (folder / "profile.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"] for row in csv.DictReader(file)}


def test_leftover_rows_stand_over_single_norms_and_each_that_differs_is_said(tmp_path: Path) -> None:
    """The case pp: the rows of an example were left where a profile is named."""
    catalog = read_catalog(college(tmp_path / "pp")).require()
    limits = effective_limits(catalog)
    # All but one say what the norm says; of the others of the profile none is lost.
    assert limits.number("total_credits_4S_grade9") == 240
    assert limits.number("teaching_weeks_year") == 41
    (issue,) = overridden(catalog)
    assert str(issue.place) == f"{tmp_path / 'pp' / 'profile.csv'}:10 (value)"
    assert issue.values == {
        "key": "practice_share_denominator",
        "profile": NAME,
        "norm": "basic+professional+practice",
        "value": "all",
    }


def test_both_values_have_the_decimal_mark_of_the_reader(tmp_path: Path) -> None:
    """The profile writes 0.4, the college 0,1: a sentence in Russian has one mark."""
    catalog = read_catalog(college(tmp_path / "marks", 'practice_share_min,"0,1",')).require()
    (issue,) = overridden(catalog)
    assert "– 0,4, а вместо неё по каталогу действует 0,1." in issue.found("ru")
    assert "0.4" in issue.found("en") and "0.1" in issue.found("en")


def test_one_row_replaces_one_norm(tmp_path: Path) -> None:
    """The case proftrap: a row for one norm took all the others away."""
    row = "total_credits_3W_grade9,179,"
    catalog = read_catalog(college(tmp_path / "trap", row)).require()
    limits = effective_limits(catalog)
    assert limits.number("total_credits_3W_grade9") == 179
    assert (limits.number("weekly_hours"), limits.number("practice_share_min")) == (36, 0.4)
    (issue,) = overridden(catalog)
    assert (issue.values["norm"], issue.values["value"]) == (180, 179)
    for language in ("kk", "ru", "en"):
        assert "180" in issue.line(language) and "179" in issue.line(language)


def test_the_same_number_written_otherwise_is_the_same_norm(tmp_path: Path) -> None:
    catalog = read_catalog(college(tmp_path / "same", "weekly_hours,36.0,")).require()
    assert overridden(catalog) == []


def test_off_drops_a_norm(tmp_path: Path) -> None:
    rows = ("practice_share_min,off,", "weekly_hours_counts,off,")
    catalog = read_catalog(college(tmp_path / "off", *rows)).require()
    limits = effective_limits(catalog)
    assert limits.number("practice_share_min") is None
    assert not limits.weekly_hours_counts_all  # what holds without the key
    assert [issue.values["value"] for issue in overridden(catalog)] == ["off", "off"]
    assert not [issue for issue in check_catalog(catalog) if issue.code == "profile-not-number"]


def test_rows_without_a_named_profile_are_the_whole_profile(tmp_path: Path) -> None:
    catalog = read_catalog(college(tmp_path / "own", "weekly_hours,40,", name=None)).require()
    assert [row.key_name for row in catalog.profile] == ["weekly_hours"]
    assert overridden(catalog) == []


def test_a_name_that_nobody_knows_is_an_error_beside_rows_too(tmp_path: Path) -> None:
    found = read_catalog(college(tmp_path / "unknown", name="KZ-1"))
    assert "unknown-profile" in {issue.code for issue in found.issues}


def test_convert_writes_the_name_and_what_differs(tmp_path: Path) -> None:
    rows = ("weekly_hours,38,a letter", "practice_share_min,off,", "group_size,25,our own count")
    source = college(tmp_path / "source", *rows)
    catalog = read_catalog(source).require()
    book = tmp_path / "college.xlsx"
    convert_catalog(source, book)
    convert_catalog(book, tmp_path / "again")
    # The group has the size of the norm, but another source: nothing of it is lost.
    assert keys(tmp_path / "again") == {"weekly_hours", "practice_share_min", "group_size"}
    assert f'profile = "{NAME}"' in (tmp_path / "again" / "catalog.toml").read_text(encoding="utf-8")
    assert read_catalog(tmp_path / "again").require().sha256 == catalog.sha256


@pytest.mark.parametrize("without", ["", 'without = ["profile"]\n'])
def test_the_profile_that_a_base_names_is_that_of_the_catalog(tmp_path: Path, without: str) -> None:
    college(tmp_path / "base", "weekly_hours,38,")
    extra = f'extends = ["../base"]\n{without}'
    top = read_catalog(college(tmp_path / "top", "group_size,30,", name=None, extra=extra)).require()
    values = {row.key_name: row.value for row in top.profile}
    if without:
        assert (top.info.profile, values) == (None, {"group_size": "30"})
        return
    assert (top.info.profile, values["weekly_hours"], values["group_size"]) == (NAME, "38", "30")
    assert {(i.values["key"], i.values["norm"]) for i in overridden(top)} == {
        ("weekly_hours", 36),
        ("group_size", 25),
    }


def test_settings_and_files_over_norms_are_told_apart() -> None:
    catalog = _named(ProfileEntry(key="weekly_hours", value="40"))
    settings = Settings(practice_share=0.3)
    found = {
        one.key: (one.norm, one.value, one.by) for one in effective_limits(catalog, settings).norm_overrides
    }
    assert found == {
        "weekly_hours": ("36", "40", "catalog"),
        "practice_share_min": ("0.4", "0.3", "practice_share"),
    }
    norms = named_norms(NAME)
    assert norms is not None
    rows = tuple(row for key, row in norms.items() if key != "group_size")
    by_file = effective_limits(catalog, Settings(profile=rows)).norm_overrides
    assert [(one.key, one.value, one.by) for one in by_file] == [("group_size", "off", "file")]


def _named(*own: ProfileEntry, **tables: object) -> Catalog:
    norms = named_norms(NAME)
    assert norms is not None
    rows = with_overrides(norms, own)
    return base(profile=rows, **tables).replace(info=CatalogInfo(id="tiny", profile=NAME))


def test_plan_and_workbook_show_what_stands_in_the_stead_of_which_norm(tmp_path: Path) -> None:
    # A has 24 h of practical work and 24 h of guided self-study: with it, 48 h of its term count by the week.
    hours = {"theory_hours": 0.0, "laboratory_practical_hours": 24.0, "self_study_guided_hours": 24.0}
    modules: tuple[Module, ...] = (module("A", **hours), module("B", 3))
    catalog = _named(
        ProfileEntry(key="weekly_hours_guided_self_study", value="yes", source="a letter"),
        ProfileEntry(key="weekly_hours", value="24", source="a letter"),
        ProfileEntry(key="weekly_hours_all", value="off"),
        modules=modules,
        programme_terms=tuple(ProgrammeTerm(programme="P", term=term, weeks=4) for term in (1, 2)),
    )
    result = curriplan.optimize(catalog)
    found = [
        (one["key"], one["norm"], one["value"], one["by"]) for one in result.plan.limits["norm_overrides"]
    ]
    assert found == [
        ("weekly_hours", "36", "24", "catalog"),
        ("weekly_hours_all", "54", "off", "catalog"),
        ("weekly_hours_guided_self_study", "no", "yes", "catalog"),
    ]
    path = tmp_path / "plan.xlsx"
    result.to_excel(path, "en")
    book = openpyxl.load_workbook(path, data_only=True)
    said, rows = (
        [[cell for cell in row if cell is not None] for row in book[name].iter_rows(values_only=True)]
        for name in ("Compliance", "Every check")
    )
    lines = [row[0] for row in said if row and "instead of the norm" in str(row[0])]
    assert len(lines) == 3
    assert "(weekly_hours): 24, instead of the norm 36 (KZ-348-2024)" in lines[0]
    weekly = [row for row in rows if any("mandatory hours of a semester" in str(cell) for cell in row)]
    checks = evaluate(result.problem, result.plan.selection).checks
    actual = sorted(check.actual for check in checks if check.aspect == "weekly_hours")
    # 24 + 24 h in one term, 72 h of B in the other; the live cells say what the evaluation found.
    assert actual == [48.0, 72.0]
    assert all(any(value in row for row in weekly) for value in actual)
    assert all("instead of the norm 36" in " ".join(map(str, row)) for row in weekly)
