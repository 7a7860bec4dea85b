"""A network of which some colleges fail: the others finish, and the next run does only what is lacking."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from curriplan.api.network import folder, jobs, store
from curriplan.api.network.tasks import JobKind, Task
from curriplan.base.errors import CurriplanError, Issue, NoPlanError
from curriplan.base.leftovers import beside
from curriplan.plan.network import Failed, NetworkPlan
from curriplan.problem.settings import Settings
from functional.network_runs import again, network_of, planned, results_in, written


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three colleges: 3,300,000 KZT suffice for one of them to close more than it must (3 · 1.0 + 0.2)."""
    return network_of(tmp_path_factory.mktemp("network") / "net")


@pytest.fixture(scope="module")
def undisturbed(network: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    planned(network, out)
    return out


@pytest.fixture
def begun(undisturbed: Path, tmp_path: Path) -> Path:
    """A copy of the undisturbed run, that a test may damage."""
    return Path(shutil.copytree(undisturbed, tmp_path / "out"))


@pytest.fixture(scope="module")
def each_alone(network: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("alone") / "out"
    planned(network, out, alone_only=True)
    return out


@pytest.fixture
def alone(each_alone: Path, tmp_path: Path) -> Path:
    """A copy of a run that ended with the colleges by themselves."""
    return Path(shutil.copytree(each_alone, tmp_path / "out"))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The jobs that are really done, in their order."""
    found: list[tuple[str, str]] = []
    for kind, job in jobs._JOBS.items():

        def noted(task: Task, job: Callable[[Task], dict[str, Any]] = job) -> dict[str, Any]:
            found.append((task.kind.value, task.college.id))
            return job(task)

        monkeypatch.setitem(jobs._JOBS, kind, noted)  # type: ignore[arg-type]
    return found


def failures(plan: NetworkPlan) -> dict[str, tuple[Failed, str, str]]:
    return {
        one.id: (one.failure.kind, one.failure.stage, one.failure.issues[0]["code"])
        for one in plan.colleges
        if one.failure is not None
    }


def test_what_is_shared_is_kept_and_the_closure_is_that_of_the_plans(undisturbed: Path) -> None:
    data = json.loads((undisturbed / "network.json").read_text(encoding="utf-8"))
    (row,) = data["shared"]
    assert (row["limit"], row["used_alone"], row["used"]) == (3_300_000, 3_600_000, 3_200_000)
    closures = sorted(one["national"]["closure"] for one in data["colleges"])
    assert closures == pytest.approx([0.421052632, 0.421052632, 0.605263158])
    assert data["national"]["closure"] == pytest.approx(sum(closures) / 3)
    assert data["national"]["bound"] >= data["national"]["closure"] - 1e-9


def test_a_run_that_is_done_does_nothing_again(
    network: Path, begun: Path, done: list[tuple[str, str]]
) -> None:
    before = written(begun)
    planned(network, begun)
    assert done == []
    assert written(begun) == before


def test_a_run_may_begin_anew(network: Path, alone: Path, done: list[tuple[str, str]]) -> None:
    before = written(alone)
    planned(network, alone, alone_only=True, resume=False)
    assert {name for kind, name in done if kind == "alone"} == {"c1", "c2", "c3"}
    assert written(alone) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-20]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text(path.read_text().replace('"closure":', '"closure": 1e-3,"x":', 1)),
        lambda path: path.write_text("[]"),
    ],
    ids=["cut short", "empty", "edited", "something else"],
)
def test_a_damaged_result_is_noticed_and_done_again(
    network: Path, alone: Path, done: list[tuple[str, str]], damage: Callable[[Path], object]
) -> None:
    before = written(alone)
    kept = next(path for path in results_in(alone) if b'"kind":"alone"' in path.read_bytes())
    damage(kept)
    said: list[Issue] = []
    planned(network, alone, alone_only=True, remark=said.append)
    assert again(said) == ["network-result-damaged"]
    assert [kind for kind, _ in done] == ["alone"]
    assert written(alone) == before


def test_a_result_under_the_name_of_another_is_noticed(
    network: Path, alone: Path, done: list[tuple[str, str]]
) -> None:
    first, second, *_ = (path for path in results_in(alone) if b'"kind":"alone"' in path.read_bytes())
    shutil.copy(first, second)
    said: list[Issue] = []
    planned(network, alone, alone_only=True, remark=said.append)
    assert again(said) == ["network-result-damaged"]
    assert len(done) == 1


def test_a_plan_that_somebody_took_away_is_made_again(
    network: Path, alone: Path, done: list[tuple[str, str]]
) -> None:
    before = written(alone)
    (alone / "colleges" / "c2" / "plan.json").unlink()
    (alone / "colleges" / "c3" / "catalog" / "modules.csv").write_text("id\n", encoding="utf-8")
    planned(network, alone, alone_only=True, force=True)
    assert done == [("alone", "c2"), ("alone", "c3")]
    assert written(alone) == before


def test_another_budget_leaves_the_colleges_by_themselves_as_they_are(
    network: Path, begun: Path, tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    richer = Path(shutil.copytree(network, tmp_path / "net"))
    toml = richer / "network.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("3300000", "3400000"), encoding="utf-8")
    plan = planned(richer, begun, force=True)
    assert {kind for kind, _ in done} & {"read", "alone"} == set()
    assert plan.shared[0].used == 3_400_000


def test_a_catalog_that_changed_is_read_again_and_only_it(
    network: Path, alone: Path, tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    changed = Path(shutil.copytree(network, tmp_path / "net"))
    (changed / "c2" / "notes.txt").write_text("no table", encoding="utf-8")
    planned(changed, alone, alone_only=True)
    assert done == [("read", "c2")]
    budgets = changed / "c2" / "funding_budgets.csv"
    budgets.write_text(budgets.read_text(encoding="utf-8").replace("1600000", "1100000"), encoding="utf-8")
    plan = planned(changed, alone, alone_only=True)
    assert done[1:] == [("read", "c2"), ("alone", "c2")]
    assert plan.colleges[1].alone is not None and plan.colleges[1].alone.cost_kzt == 1_000_000


def test_a_catalog_that_changes_during_the_run_fails_and_says_so(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = Path(shutil.copytree(network, tmp_path / "net"))
    alone = jobs._JOBS[JobKind.ALONE]

    def later(task: Task) -> dict[str, Any]:
        if task.college.id == "c2":
            jobs._read_before.clear()
            budgets = changed / "c2" / "funding_budgets.csv"
            text = budgets.read_text(encoding="utf-8").replace("1600000", "1500000")
            budgets.write_text(text, encoding="utf-8")
        return alone(task)

    monkeypatch.setitem(jobs._JOBS, JobKind.ALONE, later)  # type: ignore[arg-type]
    plan = planned(changed, tmp_path / "out", alone_only=True)
    assert failures(plan) == {"c2": (Failed.ERROR, "alone", "network-catalog-changed")}
    assert failures(planned(changed, tmp_path / "out", alone_only=True)) == {}


def _spoiled(folder: Path) -> Path:
    """Six colleges: one lacks a table, one has too little money for its floor, four are well."""
    network = network_of(folder, 6, 4_500_000)
    (network / "c1" / "modules.csv").unlink()
    budgets = network / "c2" / "funding_budgets.csv"
    budgets.write_text(budgets.read_text(encoding="utf-8").replace("1600000", "1000"), encoding="utf-8")
    return network


def test_whoever_fails_the_others_finish_and_the_next_run_tries_what_may_go_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: list[tuple[str, str]]
) -> None:
    """One is broken, one infeasible, one takes too long, one meets a full disk, one a bug of ours."""
    network, out, clean = _spoiled(tmp_path / "net"), tmp_path / "out", tmp_path / "clean"
    optimize, write = jobs.optimize_catalog, store.Store._write
    spoiling = True

    def optimized(catalog: Any, *args: Any, **kwargs: Any) -> Any:
        college = done[-1][1]
        if spoiling and college == "c3":
            raise NoPlanError([Issue("stopped-before-plan")])
        if spoiling and college == "c5":
            raise ZeroDivisionError
        return optimize(catalog, *args, **kwargs)

    def full(path: Path, content: bytes, *, is_kept: bool = True) -> None:
        if spoiling and done and done[-1] == ("alone", "c4") and is_kept:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content, is_kept=is_kept)

    monkeypatch.setattr(jobs, "optimize_catalog", optimized)
    monkeypatch.setattr(store.Store, "_write", staticmethod(full))
    plan = planned(network, out)
    assert failures(plan) == {
        "c1": (Failed.BROKEN, "read", "missing-table"),
        "c2": (Failed.INFEASIBLE, "alone", "no-plan-possible"),
        "c3": (Failed.TIME, "alone", "stopped-before-plan"),
        "c4": (Failed.DISK, "alone", "output-not-writable"),
        "c5": (Failed.ERROR, "alone", "network-fault"),
    }
    assert plan.regions[0].failed == 5 and plan.regions[0].learners == 25
    assert plan.shared[0].used == 2_300_000, "what failed is counted nowhere"
    assert "ZeroDivisionError" in (out / "faults" / "c5-alone.txt").read_text(encoding="utf-8")
    assert [path.name for path in sorted((out / "colleges").iterdir())] == ["c6"]
    said = plan.colleges[0].failure
    assert said is not None and set(said.issues[0]["text"]) == {"kk", "ru", "en"}
    assert str(tmp_path) not in (out / "network.json").read_text(encoding="utf-8")

    spoiling = False
    before = len(done)
    later = planned(network, out)
    tried = [name for kind, name in done[before:] if kind == "alone"]
    assert tried == ["c3", "c4", "c5"], "a broken catalog and one without a plan do not change by waiting"
    assert set(failures(later)) == {"c1", "c2"}
    planned(network, clean)
    assert written(out) == written(clean)


def test_where_all_fail_at_prices_each_reason_is_written(
    network: Path, begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prices that follow from another budget are new questions, which nobody answers in time."""
    richer = Path(shutil.copytree(network, tmp_path / "net"))
    toml = richer / "network.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("3300000", "3400000"), encoding="utf-8")

    def none(_task: Task) -> dict[str, Any]:
        raise NoPlanError([Issue("stopped-before-plan")])

    monkeypatch.setitem(jobs._JOBS, JobKind.PRICED, none)  # type: ignore[arg-type]
    plan = planned(richer, begun, force=True)
    late = (Failed.TIME, "priced", "stopped-before-plan")
    assert failures(plan) == dict.fromkeys(("c1", "c2", "c3"), late)
    assert json.loads((begun / "network.json").read_text(encoding="utf-8"))["national"] is None
    assert sorted(begun.glob("colleges/*/plan.json")) == []


def test_a_full_disk_is_found_out_before_the_work(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: list[tuple[str, str]]
) -> None:
    out, write = tmp_path / "out", store.Store._write

    def full(path: Path, content: bytes, *, is_kept: bool = True) -> None:
        if any(kind == "read" for kind, _ in done):
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content, is_kept=is_kept)

    monkeypatch.setattr(store.Store, "_write", staticmethod(full))
    plan = planned(network, out)
    assert [kind for kind, _ in done] == ["read"], "no work for nothing"
    assert {kind for kind, _, _ in failures(plan).values()} == {Failed.DISK}
    assert results_in(out) == []


def test_a_folder_of_somebody_else_is_refused(network: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(CurriplanError, match="network-folder-other"):
        planned(network, out)
    planned(network, out, force=True, shard=(1, 3))
    assert (out / "thesis.docx").read_text(encoding="utf-8") == "mine"


def test_what_somebody_has_changed_is_not_replaced(network: Path, tmp_path: Path) -> None:
    """A note in a file for people: the next run is refused unless told to; what is gone is made again."""
    out = tmp_path / "out"
    planned(network, out)
    before = written(out)
    planned(network, out)
    (out / "colleges" / "c1" / "plan.json").unlink()
    planned(network, out)
    assert written(out) == before
    for name in ("network.json", "colleges/c2/plan.json"):
        with (out / name).open("a", encoding="utf-8") as file:
            file.write(" ")
        with pytest.raises(CurriplanError, match="network-folder-edited") as refused:
            planned(network, out)
        assert refused.value.issues[0].values["files"] == name
        assert (out / name).read_bytes().endswith(b" ")
        planned(network, out, shard=(1, 3))  # it writes nothing for people
        assert (out / name).read_bytes().endswith(b" ")
        planned(network, out, force=True)
        assert written(out) == before


def test_what_is_strange_in_the_data_stands_in_the_plan(network: Path, tmp_path: Path) -> None:
    """Whoever signs sees only the workbook: a catalog that two colleges have is told there too."""
    other = Path(shutil.copytree(network, tmp_path / "net"))
    toml = other / "network.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('"c3"\nregion', '"c2"\nregion'), encoding="utf-8"
    )
    shutil.rmtree(other / "c3")
    said: list[Issue] = []
    plan = planned(other, tmp_path / "out", remark=said.append, alone_only=True)
    assert [one["code"] for one in plan.warnings] == [one.code for one in said] == ["network-catalogs-same"]
    assert plan.warnings[0]["text"]["en"].startswith("network.toml:")
    book = load_workbook(tmp_path / "out" / "network.xlsx")
    assert plan.warnings[0]["text"]["en"] in [cell.value for cell in book["Remarks on the data"]["A"]]
    assert any("Remarks on the data" in str(cell.value) for row in book["Summary"] for cell in row)


def test_a_run_that_ends_early_does_not_forget_what_was_written(network: Path, begun: Path) -> None:
    """After a floor that nobody can keep, a note in a workbook of before is as safe as ever."""
    toml = network / "network.toml"
    before = toml.read_text(encoding="utf-8")
    toml.write_text(before.replace('id = "north"\n', 'id = "north"\nfloor = 0.99\n', 1), encoding="utf-8")
    try:
        with pytest.raises(CurriplanError):
            planned(network, begun)
    finally:
        toml.write_text(before, encoding="utf-8")
    with (begun / "colleges.csv").open("a", encoding="utf-8") as file:
        file.write("seen")
    with pytest.raises(CurriplanError, match="network-folder-edited"):
        planned(network, begun)


@pytest.mark.parametrize("force", [False, True])
def test_nothing_is_removed_or_written_elsewhere(
    network: Path, begun: Path, tmp_path: Path, force: bool
) -> None:
    """A link among the plans leads to somebody's own folder; another file lies in the catalog of a plan."""
    victim = Path(shutil.copytree(begun / "colleges" / "c1", tmp_path / "victim"))
    before = {path: path.read_bytes() for path in victim.rglob("*") if path.is_file()}
    (begun / "colleges" / "zz").symlink_to(victim)
    if force:
        planned(network, begun, force=True)
    else:
        with pytest.raises(CurriplanError, match="network-folder-edited"):
            planned(network, begun)
    assert {path: path.read_bytes() for path in victim.rglob("*") if path.is_file()} == before
    (begun / "colleges" / "zz").unlink()
    note = begun / "colleges" / "c1" / "catalog" / "notes.txt"
    note.write_text("mine", encoding="utf-8")
    with pytest.raises(CurriplanError, match="folder-not-a-catalog"):
        planned(network, begun, force=force)
    assert note.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("where", ["in the place of a plan", "beside network.toml", "in a catalog"])
def test_results_never_replace_what_is_read(network: Path, tmp_path: Path, where: str) -> None:
    out = Path(shutil.copytree(network, tmp_path / "net"))
    if where == "in the place of a plan":
        (out / "colleges").mkdir()
        for name in ("c1", "c2", "c3"):
            (out / name).rename(out / "colleges" / name)
        toml = out / "network.toml"
        text = toml.read_text(encoding="utf-8").replace('catalog = "', 'catalog = "colleges/')
        toml.write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    into = out / "c1" if where == "in a catalog" else out
    with pytest.raises(CurriplanError, match="network-folder-input"):
        planned(out, into, force=True, alone_only=True)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "said",
    ['{"a": 1}', '["a"]', '"a"', "{%s: 'x'}" % ("'" + "a" * 400 + "'"), "{'/etc/passwd': 'x', '../x': 'x'}"],
)
def test_a_damaged_list_of_what_was_written_is_no_matter(network: Path, begun: Path, said: str) -> None:
    marker = begun / "network-run.json"
    data = json.loads(marker.read_text(encoding="utf-8"))
    data["written"] = json.loads(said.replace("'", '"'))
    marker.write_text(json.dumps(data), encoding="utf-8")
    planned(network, begun)


def test_who_fails_at_the_last_step_leaves_its_share_to_the_others(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if its catalog had been broken from the beginning."""
    without = Path(shutil.copytree(network, tmp_path / "net"))
    (without / "c2" / "modules.csv").write_text("id\n", encoding="utf-8")
    wanted = planned(without, tmp_path / "wanted")
    whole = jobs._JOBS[JobKind.WHOLE]

    def failing(task: Task) -> dict[str, Any]:
        if task.college.id == "c2":
            raise RuntimeError("a fault")
        return whole(task)

    monkeypatch.setitem(jobs._JOBS, JobKind.WHOLE, failing)  # type: ignore[arg-type]
    found = planned(network, tmp_path / "found")
    assert {name: kind for name, (kind, *_) in failures(found).items()} == {"c2": Failed.ERROR}
    assert found.national is not None and wanted.national is not None
    assert found.national.closure == wanted.national.closure
    assert (found.shared, found.further) == (wanted.shared, wanted.further)


def test_two_runs_may_begin_at_once(network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one has just put into the folder is known by the other as of such a run."""
    out = tmp_path / "out"
    out.mkdir()
    shutil.copy(__file__, beside(out / "network-run.json"))  # being written
    is_free, first = folder._is_free, [True]

    def late(path: Path, force: bool) -> bool:
        if first:
            first.clear()
            planned(network, path, shard=(1, 3))
        return is_free(path, force)

    monkeypatch.setattr(folder, "_is_free", late)
    planned(network, out, shard=(2, 3))
    assert len(results_in(out)) == 4


def test_shards_are_taken_together(
    network: Path, undisturbed: Path, tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    """Two parts of three colleges, the second done twice: each college counts once."""
    parts = [tmp_path / "one", tmp_path / "two", tmp_path / "two again"]
    for out, shard in zip(parts, ((1, 2), (2, 2), (2, 2)), strict=True):
        planned(network, out, shard=shard)
        assert not (out / "network.json").exists()
    assert done == [
        *(("read", "c1"), ("read", "c3"), ("alone", "c1"), ("alone", "c3")),
        *[("read", "c2"), ("alone", "c2")] * 2,
    ]
    before = len(done)
    damaged = next(path for path in results_in(parts[1]) if b'"kind":"alone"' in path.read_bytes())
    damaged.write_bytes(damaged.read_bytes()[:100])
    foreign = parts[0] / "colleges" / "thesis" / "plan.json"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine", encoding="utf-8")
    said: list[Issue] = []
    planned(network, tmp_path / "all", merge=parts, remark=said.append)
    assert again(said) == ["network-merge-damaged"]
    assert {kind for kind, _ in done[before:]} & {"read", "alone"} == set()
    assert written(tmp_path / "all") == written(undisturbed)
    assert not (tmp_path / "all" / "colleges" / "thesis").exists()


@pytest.mark.parametrize("what", ["network", "settings", "versions", "other"])
def test_a_shard_of_something_else_is_refused(
    network: Path, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, other = tmp_path / "part", Path(shutil.copytree(network, tmp_path / "net"))
    if what == "network":
        toml = other / "network.toml"
        toml.write_text(toml.read_text(encoding="utf-8").replace("3300000", "3400000"), encoding="utf-8")
    planned(other, part, shard=(1, 3), settings=Settings(gap=0.01) if what == "settings" else None)
    marker = part / "network-run.json"
    if what == "versions":
        text = marker.read_text(encoding="utf-8").replace('"curriplan": "', '"curriplan": "9')
        marker.write_text(text, encoding="utf-8")
    elif what == "other":
        marker.unlink()
    code = "network-merge-other" if what == "other" else "network-merge-differs"
    with pytest.raises(CurriplanError, match=code):
        planned(network, tmp_path / "all", merge=[part])
    assert results_in(tmp_path / "all") == []


def test_where_nothing_is_shared_each_college_has_its_own_plan(
    tmp_path: Path, done: list[tuple[str, str]]
) -> None:
    network = network_of(tmp_path / "net", 2, None)
    plan = planned(network, tmp_path / "out")
    assert plan.national is None and plan.shared == ()
    assert {kind for kind, _ in done} == {"read", "alone"}
    assert [one.national for one in plan.colleges] == [None, None]
    for shard in ((1, 2), (2, 2)):
        planned(network, tmp_path / f"part {shard[0]}", shard=shard)
    before = len(done)
    planned(network, tmp_path / "all", merge=[tmp_path / "part 1", tmp_path / "part 2"])
    assert done[before:] == [], "the plans of the parts come with their results"
    assert written(tmp_path / "all") == written(tmp_path / "out")


@pytest.mark.parametrize("kind", [JobKind.PRICED, JobKind.JOINT])
def test_what_ctrl_c_cuts_short_is_not_kept(
    kind: JobKind, network: Path, begun: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that was cut short looks like any other: nobody could tell later that it is worse."""
    job = jobs._JOBS[kind]
    kinds = {path: json.loads(path.read_bytes())["of"]["kind"] for path in results_in(begun)}
    gone = [path for path, of in kinds.items() if of == kind.value]
    if not gone:
        pytest.skip(f"this run needs no job {kind.value}")
    for path in gone:
        path.unlink()

    def pressed(task: Task) -> dict[str, Any]:
        found = job(task)
        os.kill(os.getpid(), signal.SIGINT)
        return found

    monkeypatch.setitem(jobs._JOBS, kind, pressed)  # type: ignore[arg-type]
    with pytest.raises(CurriplanError) as caught:
        planned(network, begun)
    assert caught.value.issues[0].code == "network-stopped"
    assert not any(path.exists() for path in gone)
    monkeypatch.undo()
    planned(network, begun)
    assert written(begun) == written(undisturbed)
