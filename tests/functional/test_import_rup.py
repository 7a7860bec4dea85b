"""``curriplan import rup`` as a planner runs it, and the plan's own working curriculum read back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from curricula import colleges
from curriplan.api.launcher import launcher_paths
from curriplan.catalog.records import (
    Competency,
    HoursKind,
    ModuleOutcome,
    Occupation,
    OccupationRequirement,
    Target,
)
from curriplan.cli.app import main
from curriplan.importing.rup.grid import read_book
from curriplan.importing.rup.reading import RupChoices, read_rup
from curriplan.plan.plan import Decision, Status
from curriplan.texts.titles import table_title


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["import", "rup", *map(str, arguments)])


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    colleges.book(("РУП", colleges.APART, colleges.OLD_MERGES)).save(path)
    return path


def test_questions_are_asked_once_and_answered_in_the_mapping(plan: Path, tmp_path: Path) -> None:
    dest, noted = tmp_path / "out", tmp_path / "out.mapping.toml"
    refused = call(plan, dest, "--lang", "en")
    assert refused.exit_code == 3
    assert "rup-learners-missing" in refused.stderr
    assert str(noted) in refused.stderr
    assert not dest.exists()
    text = noted.read_text(encoding="utf-8")
    assert 'learners = "?"' in text
    noted.write_text(text.replace('learners = "?"', "learners = 25"), encoding="utf-8")
    done = call(plan, dest, "--mapping", noted, "--lang", "en")
    assert done.exit_code == 0, done.stderr
    assert "All sums add up." in done.stdout
    assert f"curriplan check {dest}" in " ".join(done.stdout.split())
    (programme,) = curriplan.read_catalog(dest).partial.programmes  # type: ignore[union-attr]
    assert programme.learners == 25


def test_what_is_missing_is_said_by_check(plan: Path, tmp_path: Path) -> None:
    assert call(plan, tmp_path / "out", "--learners", 25).exit_code == 0
    found = curriplan.read_catalog(tmp_path / "out").issues
    errors = sorted(issue.values["table"] for issue in found if issue.code == "empty-table")
    assert errors == ["competencies", "module_outcomes", "occupation_requirements", "occupations", "targets"]
    assert {issue.code for issue in found} == {"empty-table", "missing-translation"}


def test_a_workbook_and_a_report_of_every_row(plan: Path, tmp_path: Path) -> None:
    dest, report = tmp_path / "out.xlsx", tmp_path / "rows.csv"
    done = call(plan, dest, "--learners", 25, "--programme", "SD", "--start", "2025-1", "--report", report)
    assert done.exit_code == 0, done.stderr
    catalog = curriplan.read_catalog(dest).partial
    assert catalog is not None
    assert [(row.id, row.start) for row in catalog.programmes] == [("SD", "2025-1")]
    assert (tmp_path / "out.mapping.toml").exists()
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["row"]) for row in rows] == list(range(12, 34))
    taken = {
        "kind": "module",
        "id": "OOD01",
        "section": "general",
        "credits": "3",
        "hours": "72",
        "terms": "1;2",
    }
    other = {
        "sheet": "РУП",
        "row": "13",
        "hours_by_kind": "file",
        "text": "ООД.01 Казахский язык",
        "remarks": "",
    }
    assert rows[1] == {"file": "plan.xlsx", **taken, **other}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_terminal_has_eighty_columns(language: str, plan: Path, tmp_path: Path) -> None:
    book = colleges.book(("РУП", colleges.APART, colleges.OLD_MERGES))
    for row in range(13, 29):
        book["РУП"].cell(row, 6, 7)
    book["РУП"].cell(34, 2, "Прочее: " + "очень длинное пояснение " * 12)
    book.save(plan)
    done = call(plan, tmp_path / "out", "--learners", 25, "--lang", language)
    assert done.exit_code == 0, done.stderr
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert "F13" in done.stdout


def test_nothing_of_a_person_is_overwritten(plan: Path, tmp_path: Path) -> None:
    dest, noted = tmp_path / "out", tmp_path / "out.mapping.toml"
    assert call(plan, dest).exit_code == 3
    # As the import left it, the mapping file may be written anew; once edited only on purpose.
    assert call(plan, dest, "--learners", 25).exit_code == 0
    assert call(plan, dest, "--learners", 25).exit_code == 3
    noted.write_text(noted.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    before = noted.read_bytes()
    assert "output-exists" in call(plan, tmp_path / "out", "--learners", 30, "--lang", "en").stderr
    assert noted.read_bytes() == before
    assert call(plan, dest, "--learners", 30, "--force").exit_code == 0
    assert call(plan, plan, "--learners", 30, "--force").exit_code == 3
    assert call(plan, dest, "--force", "--report", plan.with_suffix(".csv"), "--learners", 0).exit_code == 2


def test_an_imported_workbook_gets_launchers(plan: Path, tmp_path: Path) -> None:
    dest = tmp_path / "college.xlsx"
    assert call(plan, tmp_path / "folder", "--learners", 25, "--launcher").exit_code == 2
    done = call(plan, dest, "--learners", 25, "--launcher")
    assert done.exit_code == 0, done.output
    assert [path for path in launcher_paths(dest) if "college.xlsx" in path.read_text("utf-8")] == [
        *launcher_paths(dest)
    ]


@pytest.mark.parametrize(
    ("language", "sheet", "column"), [("ru", "Модули", "Раздел"), ("kk", "Модульдер", "Бөлім")]
)
def test_an_imported_workbook_speaks_the_language_as_init_does(
    language: str, sheet: str, column: str, plan: Path, tmp_path: Path
) -> None:
    """Sheets, headers and words; read back it has the rows that a folder has, and nothing is odd."""
    book = tmp_path / "college.xlsx"
    done = call(plan, book, "--learners", 25, "--lang", language)
    assert done.exit_code == 0, done.output
    assert call(plan, tmp_path / "folder", "--learners", 25, "--lang", language).exit_code == 0
    cells = next(openpyxl.load_workbook(book)[sheet].iter_rows(values_only=True))
    assert column in cells
    assert table_title("targets", language) in done.output
    found, other = (curriplan.read_catalog(path) for path in (book, tmp_path / "folder"))
    assert found.partial is not None and other.partial is not None
    assert found.partial.sha256 == other.partial.sha256
    assert {issue.code for issue in found.issues} == {issue.code for issue in other.issues}


def test_a_refused_import_shows_no_totals(plan: Path, tmp_path: Path) -> None:
    refused = call(plan, tmp_path / "out", "--lang", "en")
    assert refused.exit_code == 3
    assert "All sums add up." not in refused.stdout
    assert "In all:" not in refused.stdout


def test_a_repeated_run_replaces_its_own_report_and_mapping(plan: Path, tmp_path: Path) -> None:
    dest, report = tmp_path / "out", tmp_path / "rows.csv"
    noted = tmp_path / "out.mapping.toml"
    assert call(plan, dest, "--report", report).exit_code == 3  # it asks for the learners
    text = noted.read_text(encoding="utf-8").replace('learners = "?"', "learners = 25")
    noted.write_text(text, encoding="utf-8")
    assert call(plan, dest, "--report", report, "--mapping", noted).exit_code == 0
    # A report that a person has changed stays.
    report.write_text(report.read_text(encoding="utf-8") + "mine\n", encoding="utf-8")
    again = call(plan, tmp_path / "other", "--report", report, "--mapping", noted, "--lang", "en")
    assert "output-exists" in again.stderr
    assert report.read_text(encoding="utf-8").endswith("mine\n")


def test_an_imported_curriculum_with_a_college_own_tables_is_planned(plan: Path, tmp_path: Path) -> None:
    reading = read_rup(plan, RupChoices(learners=25, programme="SD"))
    names = {"name_kk": "Бағдарламалау", "name_ru": "Программирование", "name_en": "Programming"}
    need = {"occupation": "O", "competency": "C", "level": 2, "importance": 1.0, "essential": True}
    catalog = reading.require()
    catalog = catalog.replace(
        # The file is a short one: the least credits of the profile are not for it.
        programmes=tuple(row.model_copy(update={"min_credits": 20.0}) for row in catalog.programmes),
        competencies=(Competency(id="C", **names),),
        occupations=(Occupation(id="O", **names),),
        occupation_requirements=(OccupationRequirement(**need),),
        module_outcomes=(ModuleOutcome(module="PM01.1", competency="C", exit_level=2),),
        targets=(Target(programme="SD", occupation="O", share=1.0),),
    )
    found = curriplan.optimize(curriplan.write_folder(catalog, tmp_path / "catalog"))
    assert found.plan.status is Status.OPTIMAL
    kept = {row.module: row.term for row in found.plan.modules if row.decision is Decision.KEPT}
    assert kept.items() >= {"OOD01": 1, "PM01.1": 1, "PP02": 4, "IA": 4}.items()


def test_a_hidden_sheet_is_read_only_if_it_is_named(plan: Path) -> None:
    book = colleges.book(("РУП", colleges.APART, colleges.OLD_MERGES), ("Черновик", colleges.LIST, ()))
    book["Черновик"].sheet_state = "hidden"
    book.save(plan)
    assert read_rup(plan, RupChoices(learners=25)).sheet == "РУП"
    assert read_rup(plan, RupChoices(learners=25, sheet="черновик")).sheet == "Черновик"


def test_quiet_says_nothing_but_errors(plan: Path, tmp_path: Path) -> None:
    done = call(plan, tmp_path / "out", "--learners", 25, "--quiet")
    assert (done.exit_code, done.output) == (0, "")
    assert "rup-learners-missing" in call(plan, tmp_path / "other", "--quiet").stderr


def test_the_same_file_gives_the_same_bytes(plan: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert call(plan, tmp_path / name, "--learners", 25).exit_code == 0
    one, two = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    notes = [(tmp_path / f"{name}.mapping.toml").read_bytes() for name in ("one", "two")]
    assert notes[0] == notes[1]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_working_curricula_of_a_plan_come_back(
    language: str,
    bundled_result: Any,
    bundled_workbook: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bundled plan → its workbook → import: the same modules, credits, hours and semesters."""
    # One reading of all sheets serves each programme, which has a sheet of its own.
    monkeypatch.setattr("curriplan.importing.rup.reading.read_book", cache(read_book))
    path = bundled_workbook(language)
    catalog, plan = bundled_result.catalog, bundled_result.plan
    sheet = {"kk": "Шешімдер", "ru": "Решения", "en": "Decisions"}[language]
    for programme in catalog.programmes:
        reading = read_rup(path, RupChoices(sheet=f"{sheet} {programme.id}"))
        found = reading.require()
        assert reading.sums == ()
        mine = {
            row.module: row.term
            for row in plan.modules
            if row.programme == programme.id and row.decision is not Decision.DROPPED
        }
        assert {row.module: row.current_term for row in found.programme_modules} == mine
        for module_id in mine:
            module, original = found.module_by_id[module_id], catalog.module_by_id[module_id]
            names = ("section", "parent", "span_terms", "assessment_form", f"name_{language}")
            assert [getattr(module, name) for name in names] == [getattr(original, name) for name in names]
            assert module.credits == pytest.approx(original.credits)
            assert module.term_weights == pytest.approx(original.term_weights)
            for kind in HoursKind:
                assert module.hours(kind) == pytest.approx(original.hours(kind)), (module_id, kind)
        (read,) = found.programmes
        names = ("qualification", "start", "terms", "learners", "entry_base")
        assert [getattr(read, name) for name in names] == [getattr(programme, name) for name in names]
        fixed = {(row.term, row.section): row.total_hours for row in found.programme_fixed_hours}
        assert fixed == {
            (row.term, row.section): row.total_hours
            for row in catalog.programme_fixed_hours
            if row.programme == programme.id
        }
        weeks = {row.term: row.weeks for row in catalog.programme_terms if row.programme == programme.id}
        assert {row.term: row.weeks for row in found.programme_terms} == weeks


@pytest.mark.parametrize(
    ("lang", "said"), [("kk", "көрсетілмеген"), ("ru", "куда записать каталог"), ("en", "is missing")]
)
def test_a_forgotten_dest_is_named_with_a_right_call(lang: str, said: str, plan: Path) -> None:
    """click took the only word for DEST, and missed FILE."""
    named = plan.rename(plan.with_name("мой план.xlsx"))
    refused = call(named, "--lang", lang)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert f'curriplan import rup "{named}" college.xlsx' in refused.stderr


def test_the_next_call_can_be_copied_whatever_the_path(plan: Path, tmp_path: Path) -> None:
    dest, questions = tmp_path / "мой колледж.xlsx", tmp_path / "мои вопросы.xlsx"
    asked = call(plan, dest, "--questions", questions, "--lang", "ru")
    assert f'--mapping "{questions}"' in asked.stderr
    done = call(plan, dest, "--learners", 25, "--lang", "ru")
    assert f'--mapping "{tmp_path}/{dest.stem}.mapping.toml"' in done.stderr
    assert f'curriplan check "{dest}"' in " ".join(done.stdout.split())
