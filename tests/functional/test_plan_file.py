"""plan.json: its schema, what it names, and what is refused."""

from __future__ import annotations

import copy
import json
import os
import shutil
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from curriplan.api.plan_file import found_source, saved_source
from curriplan.api.results import PlanResult
from curriplan.base.codec import schema_text
from curriplan.base.errors import CurriplanError
from curriplan.cli.app import main
from curriplan.plan.plan import plan_schema


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, mini_result: PlanResult) -> dict[str, Any]:
    path = mini_result.to_json(tmp_path_factory.mktemp("plan") / "plan.json")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_the_schema_file_is_what_the_records_say() -> None:
    """Run `python -m curriplan.plan.describe > src/curriplan/schemas/plan-1.json` after a change of them."""
    path = files("curriplan").joinpath("schemas/plan-1.json")
    assert path.read_text(encoding="utf-8") == schema_text(plan_schema())


def test_the_schema_is_a_schema_and_the_plan_obeys_it(data: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(plan_schema())
    Draft202012Validator(plan_schema()).validate(data)


def test_the_keys_stand_in_their_order(data: dict[str, Any]) -> None:
    assert list(data) == [
        "schema", "tool", "catalog", "limits", "status", "stages", "modules", "uses", "payments", "gaps",
        "measures", "warnings", "cost_at_best_closure_kzt",
        "cost_at_best_closure_at_most_kzt", "filling", "intakes", "figures",
    ]  # fmt: skip
    assert data["schema"] == "curriplan-plan/1"
    assert data["catalog"]["source"] == "mini"


def test_the_schema_has_every_key_that_is_written(data: dict[str, Any]) -> None:
    """Rows refuse unknown keys, so a key that is added to a record must be added to the schema."""
    properties = plan_schema()["properties"]
    only_where_asked_for = {"stability", "replanning", "review", "challenges", "versions", "frontier"}
    only_where_asked_for |= {"adaptability", "lag", "outlooks", "partners"}
    assert {*data, *only_where_asked_for} == set(properties)
    seldom = {"asked", "promised", "review", "reviewed", "keep_within", "partners"}
    assert {*data["limits"], *seldom} == set(properties["limits"]["properties"]), "likewise"
    for table in ("stages", "modules", "uses", "payments", "gaps"):
        assert data[table], f"mini has no {table}: the test shows nothing"
        assert set(data[table][0]) == set(properties[table]["items"]["properties"])


def changed(data: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    copied = copy.deepcopy(data)
    change(copied)
    return copied


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d.update(schema="curriplan-plan/2"), "plan-schema-too-new"),
        (lambda d: d.update(schema="curriplan-plan/10"), "plan-schema-too-new"),
        (lambda d: d.update(schema="something/1"), "plan-unreadable"),
        (lambda d: d.pop("schema"), "plan-unreadable"),
        (lambda d: d.pop("modules"), "plan-invalid"),
        (lambda d: d.update(status="best"), "plan-invalid"),
        (lambda d: d["modules"][0].update(term=0), "plan-invalid"),
        (lambda d: d["modules"][0].update(term=True), "plan-invalid"),
        (lambda d: d["modules"][0].update(term="1"), "plan-invalid"),
        (lambda d: d["modules"][0].update(extra=1), "plan-invalid"),
        (lambda d: d["modules"][0].update(module="../etc"), "plan-invalid"),
        (lambda d: d["payments"][0].update(kzt=1.5), "plan-invalid"),
        (lambda d: d["stages"][0].update(value=None), "plan-invalid"),
        (lambda d: d["limits"]["objectives"][0].update(tolerance=10**400), "plan-unreadable"),
        (lambda d: d["limits"].update(gap="small"), "plan-invalid"),
        (lambda d: d["catalog"].update(sha256="0" * 64), "plan-other-catalog"),
        (lambda d: d["catalog"].update(source=None), "plan-without-catalog"),
        (lambda d: d["catalog"].update(source="./nowhere"), "saved-catalog-missing"),
        (lambda d: d["limits"].update(solver="glpk"), "unknown-solver"),
        (lambda d: d["limits"]["overrides"].update(programmes=["NOBODY"]), "unknown-programme"),
    ],
)
def test_a_plan_that_is_refused(change: Any, code: str, data: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(changed(data, change)), encoding="utf-8")
    result = invoke("verify", path, "--lang", "en")
    assert result.exit_code == 3, result.output
    assert code in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"schema": "curriplan-plan/1", "status": NaN}',
        b'{"schema": "curriplan-plan/1", "status": 1e999}',
        b"[" * 100_000,
        b"PK\x03\x04 a workbook",
    ],
)
def test_a_file_that_is_no_plan(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    result = invoke("verify", path, "--lang", "en")
    assert result.exit_code == 3, result.output
    assert "plan-unreadable" in result.stderr


def test_a_missing_plan_and_a_folder(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.json", "plan-not-found"), (tmp_path, "plan-unreadable")):
        result = invoke("verify", path)
        assert result.exit_code == 3
        assert code in result.stderr


def test_unknown_modules_break_a_rule_and_nothing_else(data: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(
        json.dumps(changed(data, lambda d: d["modules"][0].update(module="NO-SUCH"))), encoding="utf-8"
    )
    result = invoke("verify", path)
    assert result.exit_code == 6, result.output
    assert "NO-SUCH" in result.stdout


def test_a_moved_pair_of_catalog_and_plan_still_verifies(
    mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan names its catalog from its own folder, so both may move together.

    One beside that folder is opened from a working folder that holds both, else on the user's word.
    """
    plans = tmp_path / "plans"
    plans.mkdir()
    assert invoke("optimize", mini, "-q", "-o", plans / "plan.json").exit_code == 0
    text = (plans / "plan.json").read_text(encoding="utf-8")
    assert json.loads(text)["catalog"]["source"] == "../mini"
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.move(mini, moved / "mini")
    shutil.move(plans, moved / "plans")
    refused = invoke("verify", moved / "plans" / "plan.json")
    assert refused.exit_code == 3
    assert "saved-catalog-elsewhere" in refused.output
    assert invoke("verify", moved / "plans" / "plan.json", "--catalog", moved / "mini").exit_code == 0
    assert invoke("verify", moved / "plans" / "plan.json", "x", "--catalog", "y").exit_code == 2
    monkeypatch.chdir(moved)
    assert invoke("verify", moved / "plans" / "plan.json").exit_code == 0


def test_a_folder_of_a_bundled_name_is_told_apart(mini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed copy called `mini` wins over the bundled `mini`, when planning and when verifying."""
    monkeypatch.chdir(mini.parent)
    path = mini / "catalog.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"1.0"', '"1.1"'), encoding="utf-8")
    assert invoke("optimize", "mini", "-q", "-o", "plan.json").exit_code == 0
    catalog = json.loads(Path("plan.json").read_text(encoding="utf-8"))["catalog"]
    assert (catalog["version"], catalog["source"]) == ("1.1", "./mini")
    assert invoke("verify", "plan.json").exit_code == 0


def test_the_settings_of_the_run_are_those_of_the_check(tmp_path: Path) -> None:
    """A plan made within a smaller budget is verified against that budget."""
    path = tmp_path / "plan.json"
    assert invoke("optimize", "mini", "-q", "--budget", "1400000", "-o", path).exit_code == 0
    plan = json.loads(path.read_text(encoding="utf-8"))
    assert plan["limits"]["budget_kzt"] == 1_400_000
    assert plan["measures"]["cost_kzt"] <= 1_400_000
    assert invoke("verify", path).exit_code == 0
    plan["limits"]["overrides"]["budget_kzt"] = plan["measures"]["cost_kzt"] - 1_000
    path.write_text(json.dumps(plan), encoding="utf-8")
    result = invoke("verify", path)
    assert result.exit_code == 6
    assert "budget" in result.stdout


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["limits"].update(budget_kzt=10**9),
        lambda d: d["limits"].update(practice_share_min=0.0),
        lambda d: d["limits"]["profile"].pop(),
    ],
)
def test_a_limit_that_was_not_the_limit(change: Any, data: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(changed(data, change)), encoding="utf-8")
    result = invoke("verify", path)
    assert result.exit_code == 6, result.output
    assert "limits/" in result.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["measures"].update(cost_kzt=1_200_001), "measures/cost_kzt"),
        (lambda d: d["measures"]["objectives"].update(cost=1_200_001.0), "measures/objectives/cost"),
        (lambda d: d["stages"][2].update(value=1_200_001.0), "stages/3: gap"),
        (lambda d: d["stages"][2].update(value=1_199_999.0), "stages/3: value"),
        (lambda d: d["stages"][2].update(value=1_199_999.0, bound=1_199_999.0), "stages/3: value"),
        (lambda d: d["stages"][2].update(value=1_200_000.4, bound=1_200_000.4), "stages/3: value"),
        (lambda d: d["measures"].update(essentials_met_after=True), "measures/essentials_met_after"),
        (lambda d: d["catalog"].update(id="another"), "catalog/id"),
        (lambda d: d["catalog"].update(version="2.0"), "catalog/version"),
        (lambda d: d["stages"][0].update(bound=1e308), "stages/1: gap"),
        (lambda d: d["stages"].clear(), "status"),
    ],
)
def test_a_record_that_is_slightly_wrong(
    change: Any, said: str, data: dict[str, Any], tmp_path: Path
) -> None:
    """Mini costs 1 200 000 KZT: a tenge more is within a millionth, and still wrong."""
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(changed(data, change)), encoding="utf-8")
    result = invoke("verify", path, "--lang", "en")
    assert result.exit_code == 6, result.output
    assert said in result.stdout


def test_limits_chosen_by_hand_are_shown(mini: Path, tmp_path: Path) -> None:
    """A plan keeps every limit if its author may choose them: a reader must see which."""
    profile = (mini / "profile.csv").read_text(encoding="utf-8")
    own = profile.replace("practice_share_min,0.4", "practice_share_min,0.1")
    (tmp_path / "own.csv").write_text(own, encoding="utf-8")
    plain, chosen = tmp_path / "plain.json", tmp_path / "chosen.json"
    options = ("--profile", tmp_path / "own.csv", "--budget", "1700000", "--objective", "closure,cost")
    assert invoke("optimize", mini, "-q", "-o", plain).exit_code == 0
    assert invoke("optimize", mini, "-q", *options, "-o", chosen).exit_code == 0
    assert "by hand" not in invoke("verify", plain, "--lang", "en").stdout
    shown = invoke("verify", chosen, "--lang", "en").stdout
    assert (
        "Chosen by hand for this plan: budget, KZT = 1700000; objectives, and how much of each later ones "
        "may give away = closure (-0.005), cost; regulation profile practice_share_min = 0.1"
    ) in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80


def test_what_is_wrong_with_a_plan_fits_the_terminal(mini: Path, tmp_path: Path) -> None:
    """An emptied profile once filled 1200 columns, and money was shown as 1.2e+06."""
    path = tmp_path / "plan.json"
    assert invoke("optimize", mini, "-q", "-o", path).exit_code == 0
    data = json.loads(path.read_text(encoding="utf-8"))
    data["limits"].update(profile=[], budget_kzt=1)
    for row in data["payments"]:
        row.update(part="setup", kzt=1234567)
    path.write_text(json.dumps(data), encoding="utf-8")
    result = invoke("verify", path, "--lang", "en")
    assert result.exit_code == 6
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "e+06" not in result.stdout
    # A rule without a subject has no gap before its colon: "§10 payments equal the costs: 6 <= 0 breaches".
    assert "§10 payments equal the costs:" in result.stdout


def test_a_start_of_the_earlier_plan_stands_once(mini: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert invoke("optimize", mini, "-q", "-o", path).exit_code == 0
    data = json.loads(path.read_text(encoding="utf-8"))
    data["limits"]["previous"] = [{"programme": "TECH", "module": "BASE", "term": 1}] * 2
    path.write_text(json.dumps(data), encoding="utf-8")
    result = invoke("verify", path, "--lang", "en")
    assert (result.exit_code, "non-unique" in result.stderr) == (3, True)


def test_a_key_that_nobody_knows_is_refused(mini: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert invoke("optimize", mini, "-q", "-o", path).exit_code == 0
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "approved": True}), encoding="utf-8")
    result = invoke("verify", path, "--lang", "en")
    assert (result.exit_code, "approved" in result.stderr) == (3, True)


def test_planning_anew_from_a_saved_plan(mini: Path, tmp_path: Path) -> None:
    """The first plan costs 1.2 million, now there are 1.1: 9 credits take a swap, two changes."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert invoke("optimize", mini, "-q", "-o", first).exit_code == 0
    path = mini / "catalog.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"1.0"', '"1.1"'), encoding="utf-8")
    options = ("--previous", first, "--max-changes", "2", "--budget", "1100000")
    result = invoke("optimize", mini, "--lang", "en", *options, "-o", second)
    assert result.exit_code == 0, result.output
    assert "Changes of earlier plan:    2, at most 2" in result.stdout
    assert "previous-row-ignored" not in result.stderr
    checked = invoke("verify", second, "--lang", "en")
    assert checked.exit_code == 0, checked.output
    assert "§12" in checked.stdout
    assert "limit of changes against the earlier plan = 2" in " ".join(checked.stdout.split())
    data = json.loads(second.read_text(encoding="utf-8"))
    data["limits"]["max_changes"] = 1
    second.write_text(json.dumps(data), encoding="utf-8")
    refused = invoke("verify", second, "--lang", "en")
    assert refused.exit_code == 6, refused.output
    assert "changes" in refused.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every path is a text")
def test_a_path_that_is_no_text(mini: Path, tmp_path: Path) -> None:
    """A folder out of an archive with another encoding: its name comes back from the plan as it was."""
    folder = shutil.move(mini, tmp_path / os.fsdecode(b"catalog \xff"))
    path = tmp_path / "plan.json"
    assert invoke("optimize", folder, "-q", "-o", path, "-o", tmp_path / "plan.xlsx").exit_code == 0
    assert invoke("verify", path).exit_code == 0


@pytest.mark.parametrize(
    "source",
    ["/etc/passwd", "//host/share", r"\\\\host\share", "../elsewhere", "./link", "x/../../up", "./a\0"],
)
def test_a_catalog_that_lies_elsewhere_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """A file that somebody sent names any path: neither it nor where a link leads is looked at."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(folder)
    looked_at: list[object] = []
    look = os.path.realpath

    def realpath(path: Any, **how: Any) -> Any:
        looked_at.append(path)
        return look(path, **how)

    with monkeypatch.context() as patched:
        patched.setattr(os.path, "realpath", realpath)
        with pytest.raises(CurriplanError) as caught:
            found_source(source, folder)
    assert not any(str(path).startswith(("//", "\\\\")) for path in looked_at)
    assert caught.value.issues[0].code == "saved-catalog-elsewhere"


def test_a_catalog_that_is_gone_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CurriplanError) as caught:
        found_source("./college", tmp_path)
    assert caught.value.issues[0].code == "saved-catalog-missing"
    assert "--catalog" in caught.value.issues[0].advice("kk")


def test_sources_survive_the_way_to_disk_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("college", "sub/college", "../college", "."):
        path = (tmp_path / "plans" / name).resolve()
        path.mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(tmp_path)
        saved = saved_source(str(path), tmp_path / "plans")
        assert saved is not None
        assert saved.startswith(".")
        assert "\\" not in saved
        assert Path(found_source(saved, tmp_path / "plans")) == path
    assert saved_source("mini", tmp_path) == "mini"
    assert found_source("mini", tmp_path) == "mini"
    assert saved_source(None, tmp_path) is None
