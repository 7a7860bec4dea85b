"""`curriplan network` at a terminal: what it refuses, what it says, and what it ends with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from curriplan.api.network import bench, jobs
from curriplan.api.network.tasks import JobKind
from curriplan.base.errors import ExitCode, Issue
from curriplan.cli.app import main
from functional.network_runs import network_of, planned, written

QUICK = ("--quick", "--no-workbooks", "--lang", "en")


def invoke(*words: object) -> Result:
    return CliRunner().invoke(main, ["network", *map(str, words), *QUICK])


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return network_of(tmp_path_factory.mktemp("network") / "net", 2, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "3/2"], "bad-value"),
        (["--shard", "0/2"], "bad-value"),
        (["--shard", "half"], "bad-value"),
        (["--shard", "1/2", "--workers", "2"], "options-exclude"),
        (["--shard", "1/2", "--scheduler", "tcp://127.0.0.1:1"], "options-exclude"),
        (["--scheduler", "tcp://127.0.0.1:1", "--workers", "2"], "options-exclude"),
        (["--allow-plain"], "option-needs-other"),
        (["--network-gap", "2"], "bad-value"),
        (["--rounds", "0"], "bad-whole-number"),
    ],
)
def test_options_that_do_not_fit_are_refused_before_any_work(
    network: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    result = invoke(network, "-o", tmp_path / "out", *words)
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_shard_says_what_it_has_done_and_a_plan_as_json_is_the_file(network: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    part = invoke(network, "-o", out, "--shard", "2/2")
    assert part.exit_code == ExitCode.DONE, part.output
    assert part.stdout == f"Colleges with a plan: 1, without: 0. Results: {out}\n"
    whole = invoke(network, "-o", out, "--workers", 1, "--format", "json")
    assert whole.exit_code == ExitCode.DONE, whole.output
    assert whole.stdout == (out / "network.json").read_text(encoding="utf-8")
    assert [one["id"] for one in json.loads(whole.stdout)["colleges"]] == ["c1", "c2"]
    quiet = invoke(network, "-o", out, "--workers", 1, "-q")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (ExitCode.DONE, "", "")


def test_each_plan_can_be_verified_where_it_lies(tmp_path: Path) -> None:
    """Its catalog, with what it was given, lies beside it."""
    network, out = network_of(tmp_path / "net", 2, 2_200_000), tmp_path / "out"
    planned(network, out)
    for name in ("c1", "c2"):
        verdict = CliRunner().invoke(main, ["verify", str(out / "colleges" / name / "plan.json"), "-q"])
        assert verdict.exit_code == ExitCode.DONE, verdict.output


def test_where_no_college_has_a_plan_the_command_ends_with_the_reason(tmp_path: Path) -> None:
    network, out = network_of(tmp_path / "net", 1, None), tmp_path / "out"
    (network / "c1" / "modules.csv").unlink()
    result = invoke(network, "-o", out, "--workers", 1)
    assert result.exit_code == ExitCode.FILE
    assert json.loads((out / "network.json").read_text(encoding="utf-8"))["colleges"][0]["failure"]


def test_with_strict_warnings_of_a_catalog_are_its_faults(tmp_path: Path) -> None:
    network = network_of(tmp_path / "net", 1, None)
    competencies = network / "c1" / "competencies.csv"
    text = competencies.read_text(encoding="utf-8")
    head, first, *rest = text.splitlines()
    cells = first.split(",")
    cells[head.split(",").index("name_kk")] = ""
    competencies.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    result = invoke(network, "-o", tmp_path / "out", "--shard", "1/1", "--strict")
    assert result.exit_code == ExitCode.FILE
    assert "c1: " in result.stdout
    assert invoke(network, "-o", tmp_path / "out", "--shard", "1/1").exit_code == ExitCode.DONE


def test_a_result_that_never_comes_into_sight_is_a_failure(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that the worker has under the same name, and that is another one."""
    monkeypatch.setattr(bench, "SEEN_AFTER_S", (0.0, 0.001))
    monkeypatch.setattr(jobs.Store, "put", lambda *_: None)
    monkeypatch.setitem(jobs._JOBS, JobKind.READ, lambda _task: {})  # type: ignore[arg-type]
    result = invoke(network, "-o", tmp_path / "out", "--shard", "1/1")
    assert result.exit_code == ExitCode.FILE
    assert "network-result-damaged" in result.stdout


def test_plans_by_themselves_replace_no_national_plan_unasked(tmp_path: Path) -> None:
    network, out = network_of(tmp_path / "net", 2, 2_200_000), tmp_path / "out"
    planned(network, out)
    before = written(out)
    assert planned(network, out, shard=(1, 2)), "a part writes no plan for people"
    refused = invoke(network, "-o", out, "--workers", 1, "--alone")
    assert (refused.exit_code, "network-folder-national" in refused.stderr) == (ExitCode.FILE, True)
    assert "colleges/ (2)" in refused.stderr and "network.xlsx" in refused.stderr
    assert written(out) == before
    assert invoke(network, "-o", out, "--workers", 1, "--alone", "--force").exit_code == ExitCode.DONE
    assert written(out) != before
    planned(network, out)  # beyond the plans by themselves: asked for by nobody, and nothing is lost
    assert written(out) == before


def test_results_of_another_network_are_replaced_by_force_only(tmp_path: Path) -> None:
    """Wherever it lies and whatever is changed in it: one of another place that says else."""
    network, out = network_of(tmp_path / "net", 2, None), tmp_path / "out"
    planned(network, out, alone_only=True)
    other = network_of(tmp_path / "other", 1, None)
    before = written(out)
    refused = invoke(other, "-o", out, "--workers", 1)
    assert (refused.exit_code, "network-folder-of-another" in refused.stderr) == (ExitCode.FILE, True)
    assert "colleges/ (2)" in refused.stderr
    assert written(out) == before
    moved = (tmp_path / "net").rename(tmp_path / "moved")
    planned(moved, out)
    toml = moved / "network.toml"
    text = toml.read_text(encoding="utf-8")
    shutil.copytree(moved, tmp_path / "net")
    planned(tmp_path / "net", out)
    toml = tmp_path / "net" / "network.toml"
    toml.write_text(text[: text.rindex("[[colleges]]")], encoding="utf-8")
    planned(tmp_path / "net", out)
    assert [path.name for path in sorted((out / "colleges").iterdir())] == ["c1"], "the college was taken out"
    assert invoke(other, "-o", out, "--workers", 1, "--force").exit_code == ExitCode.DONE


def test_a_part_leaves_the_plans_of_another_part_where_they_are(tmp_path: Path) -> None:
    network, out = network_of(tmp_path / "net", 2, None), tmp_path / "out"
    planned(network, out, shard=(1, 2))
    planned(network, out, shard=(2, 2))
    assert [path.name for path in sorted((out / "colleges").iterdir())] == ["c1", "c2"]


def test_a_catalog_that_is_not_there_is_a_failure_of_its_college(tmp_path: Path) -> None:
    """The others go on; `check` calls it an error; and once it is there it is planned."""
    network, out = network_of(tmp_path / "net", 2, 2_200_000), tmp_path / "out"
    (network / "c2").rename(tmp_path / "later")
    assert invoke(network, "-o", out, "--workers", 1).exit_code == ExitCode.DONE
    first, second = json.loads((out / "network.json").read_text(encoding="utf-8"))["colleges"]
    assert ("failure" in first, second["failure"]["kind"]) == (False, "broken")
    assert second["failure"]["issues"][0]["code"] == "network-catalog-missing"
    checked = CliRunner().invoke(main, ["check", str(network), "--lang", "en"])
    assert (checked.exit_code, checked.stdout.count("network-catalog-missing")) == (ExitCode.FILE, 1)
    assert "nearest" not in checked.stdout, "c1 is the catalog of another college"
    (tmp_path / "later").rename(network / "c2")
    assert all(one.failure is None for one in planned(network, out).colleges)


def test_where_nothing_can_be_drawn_each_step_has_a_line(network: Path, tmp_path: Path) -> None:
    """On stderr, so that what is piped on stays the result."""
    done = invoke(network, "-o", tmp_path / "out", "--workers", 1)
    steps = ["Reading catalogs: 2 done, 0 failed, 0 left", "Each college by itself: 2 done, 0 failed, 0 left"]
    assert done.stderr.splitlines()[:2] == steps
    assert not any(step in done.stdout for step in steps)


def test_what_is_merged_is_said(network: Path, tmp_path: Path) -> None:
    parts = [tmp_path / "one", tmp_path / "two"]
    for number, part in enumerate(parts, start=1):
        planned(network, part, shard=(number, 2))
    merge = [word for part in parts for word in ("--merge", part)]
    done = invoke(network, "-o", tmp_path / "out", "--workers", 1, *merge)
    assert f"Taken from {parts[0]}, {parts[1]}: new results: 4\n" in done.stderr  # read and planned, of two
    again = invoke(network, "-o", tmp_path / "out", "--workers", 1, *merge)
    assert f"Taken from {parts[0]}, {parts[1]}: new results: 0\n" in again.stderr


def test_a_part_does_not_say_what_only_the_whole_can_lack(tmp_path: Path) -> None:
    """Here, that a college of another part could balance the groups of this one: it was not read."""
    network = network_of(tmp_path / "net", 2, None)
    text = (network / "network.toml").read_text(encoding="utf-8")
    for college, groups in (("c1", 2), ("c2", 1)):
        text += f'[[places]]\ncollege = "{college}"\nchoices = [ {{ TECH = {groups} }} ]\n'
    (network / "network.toml").write_text(text, encoding="utf-8")
    said: list[Issue] = []
    planned(network, tmp_path / "out", shard=(1, 2), remark=said.append)
    assert [one.code for one in said] == []


def test_the_limit_of_time_is_said_to_be_for_each_plan() -> None:
    said = invoke("--help").output
    assert "Seconds for each plan of a college." in said
    assert "everything together" not in said
    assert said.count("--time-limit S") == 1
