"""Routes at the size of all of ESCO: seconds of a pair, and of all targets ranked.

    CURRIPLAN_DATA=... python benchmarks/retraining.py [ORIGINS]

`CURRIPLAN_DATA` is a folder with ``esco-1.1.1``, the official CSV release. ESCO has no modules: one is made
for each skill group and teaches its skills, with costs, hours and prerequisites drawn from a seed; the
relations of skills, which would be entry levels of whole groups, are left out. Wall seconds of one process,
without reading the catalog; beside it the bundled college.
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import curriplan
from curriplan.api.baseline_file import read_baseline
from curriplan.api.retrain import Asking, retrain_catalog
from curriplan.base.errors import InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    Module,
    ModuleOutcome,
    ModuleRequisite,
    ProfileEntry,
    RelationKind,
)
from curriplan.importing.esco.catalog import import_esco
from curriplan.plan.retraining import Outcome
from curriplan.problem.retraining import Wish

REQUIRES_PARENT = 0.3
EXIT_LEVEL = 4
"""Of all skills, which is what the import takes an essential skill to need."""
TOP = 10


def groups_of(release: Path) -> list[str]:
    """Return the URIs of the groups of skills."""
    with (release / "skillGroups_en.csv").open(encoding="utf-8", newline="") as file:
        return [row["conceptUri"] for row in csv.DictReader(file)]


def _skills(name: str, members: dict[str, list[str]], groups: frozenset[str]) -> set[str]:
    """Return the skills of a group, those below other skills too, but none of a group below it."""
    found: set[str] = set()
    waiting = [one for one in members.get(name, ()) if one not in groups]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += members.get(one, ())
    return found


def with_modules(catalog: Catalog, group_uris: Sequence[str], seed: int = 1) -> Catalog:
    """Return a classification with one module for each group of skills, drawn from a seed."""
    rng = Random(seed)
    members: dict[str, list[str]] = {}
    for row in catalog.competency_relations:
        if row.kind is RelationKind.BROADER:
            members.setdefault(row.target, []).append(row.source)
    ids = {row.uri: row.id for row in catalog.competencies}
    named = sorted(ids[uri] for uri in group_uris if uri in ids)
    groups = {name: sorted(_skills(name, members, frozenset(named))) for name in named}
    groups = {name: rows for name, rows in groups.items() if rows}
    modules = [
        Module(
            id=name,
            name_en=catalog.competency_by_id[name].name_en,
            section="professional",  # type: ignore[arg-type]
            credits=2,
            theory_hours=12 * rng.randint(1, 4),
            laboratory_practical_hours=12 * rng.randint(1, 6),
            setup_cost_kzt=1000 * rng.randint(100, 900),
            cost_per_group_kzt=1000 * rng.randint(40, 200),
        )
        for name in groups
    ]
    outcomes = [
        ModuleOutcome(module=name, competency=skill, exit_level=EXIT_LEVEL)
        for name, rows in groups.items()
        for skill in rows
    ]
    parents = {
        row.source: row.target
        for row in catalog.competency_relations
        if row.kind is RelationKind.BROADER and row.source in groups and row.target in groups
    }
    requisites = [
        ModuleRequisite(module=name, requires=parent)
        for name, parent in sorted(parents.items())
        if rng.random() < REQUIRES_PARENT
    ]
    profile = {"group_size": "25", "weekly_hours": "36", "teaching_weeks_year": "41"}
    return catalog.replace(
        competency_relations=(),
        modules=tuple(modules),
        module_outcomes=tuple(outcomes),
        module_requisites=tuple(requisites),
        profile=tuple(ProfileEntry(key=key, value=value) for key, value in profile.items()),
    )


def measure(catalog: Catalog, name: str, origins: Sequence[str], pairs: int, brought: dict[str, int]) -> None:
    """Print the seconds of pairs, and of all targets, for some origins."""
    rng = Random(2)
    needs = sorted({row.occupation for row in catalog.occupation_requirements})
    print(f"{name}: {len(needs):,} occupations, {len(catalog.competencies):,} competencies, "
          f"{len(catalog.modules):,} modules")  # fmt: skip
    times = []
    for source in origins:
        for target in rng.sample(needs, pairs):
            if source != target:
                started = time.perf_counter()
                try:
                    retrain_catalog(catalog, Asking(source, brought, target, Wish(hour_kzt=5000)))
                except InfeasibleError:
                    continue
                times.append(time.perf_counter() - started)
    print(f"  pair: median {statistics.median(times):.2f} s, largest {max(times):.2f} s, of {len(times)}")
    for source in origins:
        started = time.perf_counter()
        found = retrain_catalog(catalog, Asking(source, brought, "any", Wish(hour_kzt=5000), TOP))
        took = time.perf_counter() - started
        solved = sum(one.cost_kzt is not None for one in found.targets)
        untaught = sum(one.outcome is Outcome.NOT_TAUGHT for one in found.targets)
        print(f"  {source}: all targets in {took:.1f} s, {solved} solved, {untaught} that no module leads to")


def main(count: int) -> None:
    release = Path(os.environ["CURRIPLAN_DATA"]) / "esco-1.1.1"
    catalog = with_modules(import_esco(release).catalog, groups_of(release))
    names = sorted({row.occupation for row in catalog.occupation_requirements})
    measure(catalog, "ESCO", Random(3).sample(names, count), 4, {})
    bundled = curriplan.read_catalog("kz-digital-college").require()
    brought = read_baseline(bundled, "ACC")
    measure(bundled, "bundled college", ["data-entry-clerk"], 8, brought)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3)
