"""What `benchmarks/speed.py` measures: its catalogs are sound, and a small run of it has its table."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from curriplan.base.errors import errors_in
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.planned import existing_selection
from curriplan.problem.checks import check_catalog
from curriplan.problem.problem import Problem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def catalogs() -> Iterator[ModuleType]:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        yield importlib.import_module("speed_catalogs")
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def sound(folder: Path) -> Catalog:
    catalog = read_catalog(folder).require()
    assert not errors_in(check_catalog(catalog))
    return catalog


@pytest.mark.parametrize("size", ["1x60x4", "2x60x8", "13x90x5", "40x300x8"])
def test_of_a_generated_college_the_curricula_of_today_are_a_plan(
    catalogs: ModuleType, tmp_path: Path, size: str
) -> None:
    catalogs.write_college(catalogs.Size.of(size), 7, tmp_path)
    catalog = sound(tmp_path)
    assert (len(catalog.programmes), len(catalog.modules)) == tuple(map(int, size.split("x")[:2]))
    problem = Problem.of(catalog)
    today = evaluate(problem, existing_selection(problem))
    assert not today.broken
    assert 0 < today.objectives["closure"] < 1


def test_a_seed_decides_all_of_a_generated_college(catalogs: ModuleType, tmp_path: Path) -> None:
    size = catalogs.Size.of("3x60x4")
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        catalogs.write_college(size, seed, tmp_path / name)
    first, again, other = (
        read_catalog(tmp_path / name).require().sha256 for name in ("first", "again", "other")
    )
    assert first == again != other


@pytest.mark.parametrize("name", ["free-1", "budget-85", "three-terms", "sixteen", "free-4"])
def test_variants_of_the_bundled_college_are_sound(catalogs: ModuleType, tmp_path: Path, name: str) -> None:
    base = ROOT / "catalogs" / "kz-digital-college"
    catalogs.write_variant(base, name, tmp_path)
    catalog, bundled = sound(tmp_path), read_catalog(base).require()
    assert catalog.sha256 != bundled.sha256
    assert len(catalog.programmes) == (16 if name == "sixteen" else len(bundled.programmes))


def test_a_variant_changes_what_it_says_and_nothing_else(catalogs: ModuleType) -> None:
    tables = catalogs.read_tables(ROOT / "catalogs" / "mini")
    freed = catalogs.with_free_existing(tables, 1)
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
