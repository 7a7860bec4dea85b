"""What `benchmarks/speed.py` measures: its catalogs are sound, and a small run of it has its table."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from curriplan.base.errors import errors_in
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.planned import existing_selection
from curriplan.optimizer.solve.stages import solve
from curriplan.problem.checks import check_catalog
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def benchmarks() -> Iterator[Callable[[str], ModuleType]]:
    """How its modules are imported, which find each other in their folder."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        yield importlib.import_module
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture(scope="module")
def colleges(benchmarks: Callable[[str], ModuleType]) -> ModuleType:
    return benchmarks("speed_colleges")


@pytest.fixture(scope="module")
def variants(benchmarks: Callable[[str], ModuleType]) -> ModuleType:
    return benchmarks("speed_variants")


def sound(folder: Path) -> Catalog:
    catalog = read_catalog(folder).require()
    assert not errors_in(check_catalog(catalog))
    return catalog


@pytest.mark.parametrize("size", ["1x60x4", "2x60x8", "13x90x5", "40x300x8"])
def test_of_a_generated_college_the_curricula_of_today_are_a_plan(
    colleges: ModuleType, tmp_path: Path, size: str
) -> None:
    colleges.write_college(colleges.Size.of(size), 7, tmp_path)
    catalog = sound(tmp_path)
    assert (len(catalog.programmes), len(catalog.modules)) == tuple(map(int, size.split("x")[:2]))
    problem = Problem.of(catalog)
    today = evaluate(problem, existing_selection(problem))
    assert not today.broken
    assert 0 < today.objectives["closure"] < 1


def test_a_seed_decides_all_of_a_generated_college(colleges: ModuleType, tmp_path: Path) -> None:
    size = colleges.Size.of("3x60x4")
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        colleges.write_college(size, seed, tmp_path / name)
    first, again, other = (
        read_catalog(tmp_path / name).require().sha256 for name in ("first", "again", "other")
    )
    assert first == again != other


@pytest.mark.parametrize("name", ["free-1", "budget-85", "three-terms", "sixteen", "free-4"])
def test_variants_of_the_bundled_college_are_sound(variants: ModuleType, tmp_path: Path, name: str) -> None:
    base = ROOT / "catalogs" / "kz-digital-college"
    variants.write_variant(base, name, tmp_path)
    catalog, bundled = sound(tmp_path), read_catalog(base).require()
    assert catalog.sha256 != bundled.sha256
    assert len(catalog.programmes) == (16 if name == "sixteen" else len(bundled.programmes))


def test_two_colleges_in_one_have_what_both_need(variants: ModuleType, tmp_path: Path) -> None:
    """Of each programme planned twice, both have what they have alone: rooms, posts and money."""
    base = ROOT / "catalogs" / "kz-digital-college"
    variants.write_variant(base, "sixteen", tmp_path / "sixteen")
    alone, twice = (check_catalog(read_catalog(path).require()) for path in (base, tmp_path / "sixteen"))
    # What only the ninth programme takes is nobody's there. (With hours times 16 to 9, three posts and a
    # site of practice lacked hours for the curricula of today.)
    assert {issue.code for issue in twice} <= {issue.code for issue in alone} | {"module-of-nobody"}
    mini, most = ROOT / "catalogs" / "mini", Settings(objectives=(ObjectiveChoice("closure"),))
    variants.write_variant(mini, "sixteen", tmp_path / "mini")
    one, two = (Problem.of(read_catalog(path).require(), most) for path in (mini, tmp_path / "mini"))
    reached = [solve(problem).stages[0].value for problem in (one, two)]
    # All programmes of `mini` twice: set-up is paid once for both, so money buys as much or more.
    assert len(two.catalog.programmes) == 2 * len(one.catalog.programmes)
    assert reached[1] >= reached[0] - 1e-3


def test_a_variant_changes_what_it_says_and_nothing_else(variants: ModuleType) -> None:
    tables = variants.read_tables(ROOT / "catalogs" / "mini")
    freed = variants.with_free_existing(tables, 1)
    rows = zip(tables["programme_modules"], freed["programme_modules"], strict=True)
    changed = {row["module"]: other["allowed_terms"] for row, other in rows if row != other}
    today = {
        row["module"]: row["current_term"]
        for row in tables["programme_modules"]
        if row["status"] == "existing"
    }
    # Each of them is taught in term 1 of three: a term later becomes possible, none earlier.
    assert set(today.values()) == {"1"}
    assert changed == dict.fromkeys(today, "1;2")
    assert freed | {"programme_modules": []} == tables | {"programme_modules": []}


def test_the_time_of_a_part_is_without_that_of_parts_within_it(
    benchmarks: Callable[[str], ModuleType],
) -> None:
    parts = benchmarks("speed_parts")
    now = [0.0]
    watch = parts.Stopwatch(lambda: now[0])

    def worked(seconds: float) -> None:
        now[0] += seconds

    evaluate_ = watch.timed("evaluations", worked)

    def solving() -> None:
        for objective in ("closure", "cost"):
            worked(5)
            evaluate_(1)
            watch.end_stage(objective)
        worked(2)

    worked(3)
    watch.timed(parts.SOLVING, solving)()
    # 3 before and 2 after the last stage are of no part; each stage takes 5, and an evaluation of 1.
    assert watch.end() == {"the rest": 5, "stage: closure": 5, "stage: cost": 5, "evaluations": 2}


def test_ratios_are_of_what_both_prove(benchmarks: Callable[[str], ModuleType]) -> None:
    speed, runs = benchmarks("speed"), benchmarks("speed_runs")

    def line(name: str, here_s: float, against_s: float, is_complete: bool = True) -> Any:
        there = runs.Measured(
            against_s, against_s, is_complete, "proven" if is_complete else "cost 2 % short"
        )
        return speed.Line(name, [runs.Measured(here_s, here_s, True, "proven"), there])

    table = speed.Table(["a", "b"], [])
    table.lines = [line("free-1", 2, 8), line("budget-85", 1, 4), line("sixteen", 1, 100, is_complete=False)]
    *_, last = table.to_data()["lines"]
    # 2 + 1 to 8 + 4; what the other commit left unproven is in no sum.
    assert (last["name"], last["ratio"]) == ("sum of free-1, budget-85", 0.25)
    assert "proven / cost 2 % short" in table.text()


def test_what_a_peer_leaves_unproven_counts_at_the_limit(benchmarks: Callable[[str], ModuleType]) -> None:
    peers = benchmarks("speed_peers")
    proven, short = peers.Solved(4.0, True, 1.0), peers.Solved(9.0, False, None)
    found = [
        peers.Compared("one", "cost", proven, {"cbc": peers._limited(short, 60.0)}),
        peers.Compared("two", "cost", proven, {"cbc": peers._limited(proven, 60.0)}),
    ]
    # 60 to 4 and 4 to 4: the root of 15 times 1.
    assert peers.means(found)["cbc"] == pytest.approx(15**0.5)
    assert peers.table(found)[1][0] == ["one: cost", "4.00", "60.00", "cbc"]


def test_a_small_run_has_its_table(
    benchmarks: Callable[[str], ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speed, parts = benchmarks("speed"), benchmarks("speed_parts")
    written = tmp_path / "speed.json"
    only = [f"--only={name}" for name in ("bundled", "changes", "peers")]
    mini = ["--catalog", str(ROOT / "catalogs" / "mini"), "--changes", "1x20", "--json", str(written)]
    assert speed.main(*only, *mini) == 0
    text = capsys.readouterr().out
    assert "| bundled " in text
    assert "| bundled: balance " in text
    data = json.loads(written.read_text(encoding="utf-8"))
    found = {line["name"]: line["runs"][0] for line in data["lines"]}
    assert [*found] == ["bundled", "single changes of 1x20"]
    assert all(one["is_complete"] for one in found.values()), found
    # Whoever renames a function of `speed_parts.PARTS` adds its new place there: each part must be found.
    bundled = found["bundled"]
    stages = {parts.STAGE + name for name in bundled["values"]}
    assert stages | {*parts.PARTS} - {parts.SOLVING} <= {*bundled["parts"]}
    assert sum(bundled["parts"].values()) == pytest.approx(bundled["processor_s"], rel=0.15)
    for one in data["peers"]:
        assert all(peer["is_proven"] for peer in one["peers"].values()), one
    assert "optima differ" not in text
    assert {"highs", "cbc"} <= data["against_peers"].keys()
