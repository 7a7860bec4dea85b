"""Each exit code of docs/cli.md, and what the user sees with it."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import curriplan.api.reading
from curriplan.base.errors import Issue, NoPlanError, SolverError
from curriplan.cli.app import main
from curriplan.optimizer.solve.stages import Solution
from curriplan.plan.plan import Selection, Stage, Start, Status
from curriplan.texts.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
OPTIMIZE = import_module("curriplan.optimizer.solve.stages")


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a plan.json the way a meddler would."""
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def test_3_a_catalog_whose_name_no_disk_can_hold() -> None:
    result = invoke("check", "x" * 5000, "--lang", "en")
    assert result.exit_code == 3, result.exception
    assert "catalog-not-found" in result.stdout


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    assert invoke("optimize", "mini", "-q", "-o", path).exit_code == 0
    return path


def test_0_a_plan_was_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    result = invoke("optimize", "mini", "--lang", "en", "-o", path)
    assert result.exit_code == 0, result.output
    assert json.loads(path.read_text(encoding="utf-8"))["status"] == "optimal"
    assert "Plan of mini 1.0: proven optimal" in result.stdout
    assert str(path) in result.stdout


def test_0_verify_of_a_good_plan(plan: Path) -> None:
    result = invoke("verify", plan, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "The plan holds" in result.stdout


def test_1_a_bug_keeps_its_traceback(run: Any) -> None:
    code = (
        "import curriplan.api.reading as p\n"
        "def broken(*a, **k): raise RuntimeError('a bug')\n"
        "p.read = broken\n"
        "from curriplan.cli.app import main\n"
        "main(['check', 'mini'])\n"
    )
    done = run(code=code)
    assert done.returncode == 1
    assert b"Traceback" in done.stderr
    assert b"RuntimeError: a bug" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["optimise"], "No such command"),
        (["optimize", "mini", "--no-such-option"], "No such option"),
        (["optimize", "mini", "--lang", "de"], "'de' is not one of"),
        (["optimize", "mini", "--solver", "glpk"], "'glpk' is not one of"),
        (["optimize", "mini", "--objective", "closure,beauty"], "unknown-objective"),
        (["optimize", "mini", "--objective", "closure,closure"], "unknown-objective"),
        (["optimize", "mini", "--objective", ""], "unknown-objective"),
        (["optimize", "mini", "--objective", "closure:x"], "bad-value"),
        (["optimize", "mini", "--objective", "closure:-0.1"], "bad-value"),
        (["optimize", "mini", "--objective", "closure:"], "bad-value"),
        (["optimize", "mini", "--objective", "closure:0.1,closure"], "unknown-objective"),
        (["optimize", "mini", "--max-changes", "3"], "previous-missing"),
        (["optimize", "mini", "--taught-until", "2026-1"], "previous-missing"),
        (["optimize", "mini", "--taught-until", "2026"], "bad-value"),
        (["optimize", "mini", "--max-changes", "1.5"], "bad-whole-number"),
        (["optimize", "mini", "--equity", "95"], "bad-value"),
        (["optimize", "mini", "--programme", "NOBODY"], "unknown-programme"),
        (["optimize", "mini", "--budget", "-5"], "bad-whole-number"),
        (["optimize", "mini", "--budget", "1e6"], "bad-whole-number"),
        (["optimize", "mini", "--budget", "lots"], "bad-whole-number"),
        (["optimize", "mini", "--gap", "nan"], "bad-value"),
        (["optimize", "mini", "--gap", "-0.1"], "bad-value"),
        (["optimize", "mini", "--gap", "inf"], "bad-value"),
        (["optimize", "mini", "--time-limit", "0"], "bad-value"),
        (["optimize", "mini", "--time-limit", "inf"], "bad-value"),
        (["optimize", "mini", "--practice-share", "40"], "bad-value"),
        (["optimize", "mini", "-o", "plan.docx"], "unknown-output-kind"),
        (["optimize", "mini", "-o", "plan"], "unknown-output-kind"),
        (["optimize", "mini", "-o", "a.json", "-o", "./a.json"], "output-twice"),
        (["graph", "mini"], "Missing option"),
        (["check", "mini", "--format", "xml"], "'xml' is not one of"),
        (["verify"], "Missing argument"),
    ],
)
def test_2_wrong_usage(arguments: list[str], said: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(*arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", ["1.5", "1e3", "99999999999999999999"])
@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_2_a_whole_number_is_asked_for_with_both_its_bounds(value: str, lang: str) -> None:
    words = {"kk": "бүтін сан", "ru": "целое число", "en": "whole number"}
    result = invoke("optimize", "mini", "--max-changes", value, "--lang", lang)
    assert result.exit_code == 2
    assert words[lang] in result.stderr
    assert "0 ≤ x ≤ 1 000 000" in result.stderr


def test_2_a_number_is_asked_for_with_both_its_bounds() -> None:
    assert "0 < x ≤ 1 000 000." in invoke("optimize", "mini", "--time-limit", "1e7").stderr


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "suggested"), [("--nope", None), ("--forc", None), ("--budgte", "--budget")]
)
def test_2_a_hint_is_near_and_harmless(typed: str, suggested: str | None, lang: str) -> None:
    """To click any short option is like --nope; whoever follows the hint --force overwrites a file."""
    said = invoke("optimize", "mini", typed, "--lang", lang)
    assert said.exit_code == 2
    options = set(re.findall(r"--\w+", said.stderr.splitlines()[-1])) - {typed}
    assert options == ({suggested} if suggested else set())


def test_2_a_wrong_language_in_the_environment(monkeypatch: Any) -> None:
    monkeypatch.setenv("CURRIPLAN_LANG", "de")
    assert invoke("check", "mini").exit_code == 2


def test_3_no_such_catalog() -> None:
    result = invoke("check", "no-such-college")
    assert result.exit_code == 3
    assert "catalog-not-found" in result.output


def test_3_a_broken_table_names_its_cell(mini: Path) -> None:
    path = mini / "modules.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("PHISH", "PHISH,", 1), encoding="utf-8")
    result = invoke("optimize", mini, "--lang", "en", "-o", mini / "plan.json")
    assert result.exit_code == 3
    assert "modules.csv:3" in result.stderr
    assert "Traceback" not in result.output
    assert not (mini / "plan.json").exists()


def test_3_an_earlier_plan_that_is_none(tmp_path: Path) -> None:
    for name, code in (("nowhere.json", "plan-not-found"), (".", "plan-unreadable")):
        result = invoke("optimize", "mini", "--previous", tmp_path / name, "-o", tmp_path / "plan.json")
        assert result.exit_code == 3, result.output
        assert code in result.stderr
        assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


def test_3_strict_takes_warnings_as_errors(mini: Path) -> None:
    """A column that no rule uses yet (here a half-life) is a warning."""
    path = mini / "competencies.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head + ",half_life_years", *(row + ",5" for row in rows)]), encoding="utf-8")
    assert invoke("check", mini).exit_code == 0
    result = invoke("check", mini, "--strict")
    assert result.exit_code == 3
    assert "not-yet-used" in result.stdout
    refused = invoke("optimize", mini, "--strict", "-o", mini / "plan.json")
    assert refused.exit_code == 3
    assert "not-yet-used" in refused.stderr
    assert not (mini / "plan.json").exists()


def test_4_no_plan_can_satisfy_the_rules(tmp_path: Path) -> None:
    """All of the hours cannot be practice: the module BASE is half theory, and 9 credits are needed."""
    path = tmp_path / "plan.json"
    result = invoke("optimize", "mini", "--practice-share", "1", "-o", path)
    assert result.exit_code == 4, result.output
    assert "no-plan-possible" in result.stderr
    assert not path.exists()


def test_5_stopped_before_any_plan(tmp_path: Path, monkeypatch: Any) -> None:
    def stopped(*_: Any, **__: Any) -> Solution:
        raise NoPlanError([Issue("stopped-before-plan")])

    monkeypatch.setattr(OPTIMIZE, "solve", stopped)
    result = invoke("optimize", "mini", "-o", tmp_path / "plan.json")
    assert result.exit_code == 5
    assert "stopped-before-plan" in result.stderr
    assert not list(tmp_path.iterdir())


def test_4_and_5_still_say_what_is_wrong_with_the_earlier_plan(
    plan: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    """What was ignored of it may be why there is no plan."""

    def of_another_college(data: dict[str, Any]) -> None:
        data["catalog"]["id"] = "elsewhere"
        for row in data["modules"] + data["uses"]:
            row["programme"] = f"NO-{row['programme']}"

    edit(plan, of_another_college)
    arguments = ("optimize", "mini", "--lang", "en", "--previous", plan, "-o", tmp_path / "new.json")
    result = invoke(*arguments, "--max-changes", "1")
    assert result.exit_code == 4, result.output
    assert "previous-row-ignored" in result.stderr
    assert "'elsewhere'" in result.stderr

    def stopped(*_: Any, **__: Any) -> None:
        raise NoPlanError([Issue("stopped-before-plan")])

    monkeypatch.setattr(OPTIMIZE, "solve", stopped)
    result = invoke(*arguments)
    assert result.exit_code == 5, result.output
    assert "previous-row-ignored" in result.stderr
    assert "previous-other-catalog" in result.stderr


def test_5_ctrl_c_outside_the_solver(monkeypatch: Any) -> None:
    def pressed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(curriplan.api.reading, "read", pressed)
    result = invoke("check", "mini", "--lang", "ru")
    assert result.exit_code == 5
    assert "Ctrl-C" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "module",
    [
        "curriplan.cli.app",
        "click",
        "curriplan.base.errors",
        "curriplan.cli.commands.catalogs",
        "curriplan.problem.settings",
        "pydantic",
    ],
)
def test_5_ctrl_c_while_the_program_is_imported(run: Any, module: str) -> None:
    """The first import of a module is pressed upon, as a key within the first half second does."""
    code = (
        "import runpy, sys\n"
        "class Press:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            sys.meta_path.remove(self)\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Press())\n"
        "sys.argv = ['curriplan', 'check', 'mini', '--lang', 'ru']\n"
        "runpy.run_module('curriplan', run_name='__main__', alter_sys=False)\n"
    )
    done = run(code=code, env={"PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 5, done.stderr.decode()
    assert "stopped: Работа остановлена по Ctrl-C" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_5_the_console_script_begins_where_the_module_does() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    begun = (ROOT / "src" / "curriplan" / "__main__.py").read_text(encoding="utf-8")
    assert project["scripts"] == {"curriplan": "curriplan.cli.entry:main"}
    assert "from curriplan.cli.entry import main" in begun


def test_5_ctrl_c_that_a_library_swallows(monkeypatch: Any) -> None:
    """PuLP catches everything while it imports the solver: what followed was a traceback."""

    def swallowed(*_: Any, **__: Any) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise RuntimeError("HiGHS: Not Available")

    monkeypatch.setattr(curriplan.api.reading, "read", swallowed)
    # A shell that runs the tests in the background has SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    result = invoke("check", "mini", "--lang", "en")
    assert result.exit_code == 5, result.exception
    assert "Ctrl-C" in result.stderr
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_1_a_bug_while_reading_keeps_its_traceback(monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(curriplan.api.reading, "read", broken)
    result = invoke("check", "mini")
    assert (result.exit_code, str(result.exception)) == (1, "a bug")


def test_6_a_broken_rule(plan: Path) -> None:
    """SEC2 and DATA4 go before what they build on: §3 or §4 breaks whichever the plan took."""

    def all_in_term_one(data: dict[str, Any]) -> None:
        for row in data["modules"] + data["uses"]:
            row["term"] = 1

    edit(plan, all_in_term_one)
    result = invoke("verify", plan, "--lang", "en")
    assert result.exit_code == 6, result.output
    assert "The plan does not hold" in result.stdout
    assert "broken" in result.stdout


def test_6_a_wrong_value(plan: Path) -> None:
    edit(plan, lambda data: data["measures"].update(cost_kzt=1))
    result = invoke("verify", plan, "--lang", "en")
    assert result.exit_code == 6
    assert "the plan says 1, recomputed" in result.stdout


def test_7_the_solver_failed(tmp_path: Path, monkeypatch: Any) -> None:
    def failed(*_: Any, **__: Any) -> Solution:
        raise SolverError([Issue("solver-failed", values={"reason": "numbers"})])

    monkeypatch.setattr(OPTIMIZE, "solve", failed)
    result = invoke("optimize", "mini", "-o", tmp_path / "plan.json")
    assert result.exit_code == 7
    assert "solver-failed" in result.stderr


def wrong_solution(stages: tuple[Stage, ...], *starts: Start) -> Callable[..., Solution]:
    return lambda *_, **__: Solution(Status.OPTIMAL, Selection(starts), stages)


def test_7_a_plan_that_breaks_a_rule_is_never_written(tmp_path: Path, monkeypatch: Any) -> None:
    """SEC2 alone in term 1, without the site it needs: §9 and more."""
    stages = (Stage("closure", 0.5, 0.5, 0.0),)
    monkeypatch.setattr(OPTIMIZE, "solve", wrong_solution(stages, Start("TECH", "SEC2", 1)))
    result = invoke("optimize", "mini", "--objective", "closure", "-o", tmp_path / "plan.json")
    assert result.exit_code == 7
    assert "plan-refused-by-evaluation" in result.stderr
    assert "§9" in result.stderr
    assert not list(tmp_path.iterdir())


def test_7_a_plan_of_another_value_is_never_written(tmp_path: Path, monkeypatch: Any) -> None:
    """The true optimum, but the solver claims a closure that is a tenth too high."""
    solve = OPTIMIZE.solve

    def boasting(*arguments: Any, **options: Any) -> Solution:
        found = solve(*arguments, **options)
        true = found.stages[0]
        return Solution(
            found.status,
            found.selection,
            (Stage(true.objective, true.value + 0.1, (true.bound or 0.0) + 0.1, true.gap),),
        )

    monkeypatch.setattr(OPTIMIZE, "solve", boasting)
    result = invoke("optimize", "mini", "--objective", "closure", "-o", tmp_path / "plan.json")
    assert result.exit_code == 7
    assert "stages" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("schema = 99", "schema-too-new"),
        ("schema = 1\ntongues = 5", "unknown-key"),
        ("schema = 1\nversion =", "malformed-toml"),
    ],
)
@pytest.mark.parametrize(("language", "word"), [("kk", "Қате"), ("ru", "Ошибка"), ("Русский", "Ошибка")])
def test_a_broken_catalog_speaks_the_language_that_it_names(
    mini: Path, line: str, code: str, language: str, word: str
) -> None:
    """What is wrong with its information does not hide the language: planners read no English."""
    path = mini / "catalog.toml"
    text = path.read_text(encoding="utf-8")
    assert 'language = "en"' in text and "schema = 1" in text
    text = text.replace('language = "en"', f'language = "{language}"').replace("schema = 1", line)
    path.write_text(text, encoding="utf-8")
    result = invoke("check", mini)
    assert result.exit_code == 3
    assert re.search(rf"^{word}: .*: {code}: ", result.output, re.MULTILINE), result.output
    assert "Error" not in result.output
