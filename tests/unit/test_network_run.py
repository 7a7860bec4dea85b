"""What the result of a job is named by, what is sent with it, and what a terminal says of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from curriplan.api.network.bench import NetworkProgress
from curriplan.api.network.seen import is_as_seen, seen
from curriplan.api.network.store import DamagedResultError, Store
from curriplan.api.network.tasks import JobKind, Task, part_of
from curriplan.catalog.network.records import Centre, College, Network, Places, SharedBudget
from curriplan.catalog.reading.bundled import bundled_root
from curriplan.cli.console.network import progress_text, time_to_go
from curriplan.cli.console.terminal import Terminal
from curriplan.problem.settings import Settings

HOME = Path("/country").absolute()
COLLEGES = (
    College("a", HOME / "a", "north", {"en": "A"}),
    College("b", HOME / "b", "south", {"en": "B"}, weight=2.0),
)
NETWORK = Network(
    path=HOME / "network.toml",
    names={"en": "N"},
    regions=(),
    colleges=COLLEGES,
    budgets=(SharedBudget("STATE", None, {2027: 5}), SharedBudget("LOCAL", "south", {}, 7)),
    centres=(Centre("LAB", {"2027-1": 9.0}),),
    places=(Places("b", ({"P": 2},)),),
)


def task(kind: JobKind = JobKind.WHOLE, network: Network = NETWORK, college: int = 0, **more: Any) -> Task:
    one = network.colleges[college]
    given = {"catalog_sha256": "1" * 64, "payload": {"choice": 0}} | more
    settings = given.pop("settings", Settings())
    return Task(kind, one, part_of(network, one), settings, HOME / "out", **given)


@pytest.mark.parametrize(
    "other",
    [
        lambda: task(JobKind.PRICED),
        lambda: task(college=1),
        lambda: task(catalog_sha256="2" * 64),
        lambda: task(payload={"choice": 1}),
        lambda: task(settings=Settings(gap=0.01)),
        lambda: task(network=replace(NETWORK, budgets=(SharedBudget("STATE", None, {2027: 6}),))),
        lambda: task(network=replace(NETWORK, centres=(Centre("LAB", {"2027-1": 8.0}),))),
    ],
    ids=["kind", "college", "catalog", "payload", "settings", "budget", "centre"],
)
def test_whatever_a_result_follows_from_is_in_its_name(other: Callable[[], Task]) -> None:
    assert other().key != task().key


@pytest.mark.parametrize(
    "network",
    [
        replace(NETWORK, names={"en": "M"}, sha256="f" * 64),
        replace(NETWORK, colleges=(COLLEGES[0], replace(COLLEGES[1], weight=3.0))),
        replace(NETWORK, colleges=(replace(COLLEGES[0], names={"en": "AA"}, weight=9.0), COLLEGES[1])),
        replace(NETWORK, budgets=(NETWORK.budgets[0], SharedBudget("LOCAL", "south", {}, 8))),
        replace(NETWORK, places=()),
        replace(NETWORK, path=HOME / "elsewhere" / "network.toml"),
    ],
    ids=["names", "other college", "own name and weight", "another region", "places of others", "path"],
)
def test_what_does_not_matter_to_a_college_leaves_its_results_as_they_are(network: Network) -> None:
    assert task(network=network).key == task().key


def test_a_plan_by_itself_hangs_on_no_amount_of_what_is_shared() -> None:
    richer = replace(NETWORK, budgets=(SharedBudget("STATE", None, {2027: 6}),), places=())
    assert task(JobKind.ALONE, richer).key == task(JobKind.ALONE).key
    without = replace(NETWORK, budgets=())
    assert task(JobKind.ALONE, without).key != task(JobKind.ALONE).key, "its use of them is counted no more"


def test_nothing_that_only_people_read_is_sent_with_a_job() -> None:
    part = task().network
    assert [one.id for one in part.colleges] == ["a"] and part.colleges[0].names == {}
    assert [one.source for one in part.budgets] == ["STATE"]
    assert part.places == () and part.origins == {}


def test_a_result_comes_back_as_it_was_written(tmp_path: Path) -> None:
    store, one = Store(tmp_path), task()
    assert store.get(one.key) is None
    result = {"offer": None, "closure": 0.1 + 0.2, "name": "Ақтөбе"}
    store.put(one, result)
    assert store.get(one.key) == result
    assert store.names() == [one.key]
    assert [path.name for path in store.path(one.key).parent.iterdir()] == [f"{one.key}.json"]
    path = store.path(one.key)
    path.write_bytes(path.read_bytes().replace(b"0.30000000000000004", b"0.4"))
    with pytest.raises(DamagedResultError):
        store.get(one.key)


def test_a_store_takes_what_it_lacks_from_another(tmp_path: Path) -> None:
    store, other, one = Store(tmp_path / "one"), Store(tmp_path / "other"), task()
    other.put(one, {"n": 1})
    assert store.take(one.key, other)
    other.put(one, {"n": 2})
    assert not store.take(one.key, other), "what was there first stays"
    assert store.get(one.key) == {"n": 1}


def test_what_was_read_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    """A file beside a table counts, for it may be another one; one that is not there may come."""
    table = tmp_path / "a" / "modules.csv"
    table.parent.mkdir()
    table.write_text("id\n", encoding="utf-8")
    base = bundled_root() / "mini" / "modules.csv"
    known = seen({table, base, tmp_path / "b"}, tmp_path)
    assert set(known) == {"a", "a/modules.csv", "b", "bundled:mini", "bundled:mini/modules.csv"}
    assert known["b"] is None
    assert is_as_seen(known, tmp_path)
    (tmp_path / "b").mkdir()
    assert not is_as_seen(known, tmp_path)
    (tmp_path / "b").rmdir()
    (table.parent / "targets.csv").write_text("programme\n", encoding="utf-8")
    assert not is_as_seen(known, tmp_path)


@pytest.mark.parametrize(
    ("left_s", "said"),
    [(None, ""), (0.4, ", about 1 s to go"), (59, ", about 59 s to go"), (240, ", about 4 min to go"),
     (5400, ", about 1.5 h to go")],
)  # fmt: skip
def test_the_time_to_go_is_said_in_the_largest_unit(left_s: float | None, said: str) -> None:
    assert time_to_go(Terminal("en"), left_s) == said


def test_progress_is_one_line() -> None:
    at = NetworkProgress("priced", 3, 40, 1, 59, 240.0, 0.0123)
    said = "Sharing out, round 3: 40 done, 1 failed, 59 left, about 4 min to go; gap 1.23 %"
    assert progress_text(Terminal("en"), at) == said
    assert "{" not in progress_text(Terminal("kk"), at) + progress_text(Terminal("ru"), at)
