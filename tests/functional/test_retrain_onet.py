"""The occupations that cost least to reach, beside those that O*NET calls related: precision at ten.

They are not the same question: what asks for no more than is held costs nothing, however far it is from the
work that was done. The figure is reported, and asked only to be above that of a blind choice.
"""

from __future__ import annotations

import os
import statistics
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook

from curriplan.api.retrain import Asking, retrain_catalog
from curriplan.catalog.records import Module, ModuleOutcome
from curriplan.importing.onet.catalog import import_onet
from instances.seeds import WHICH

FOLDER = Path(os.environ.get("CURRIPLAN_DATA", "/nowhere")) / "onet-29.2"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="CURRIPLAN_DATA has no folder onet-29.2"),
    pytest.mark.skipif(WHICH == "some", reason="the second command draws it: CURRIPLAN_SEEDS=other"),
]
ORIGINS, TOP = 12, 10


def related() -> dict[str, set[str]]:
    """Return the related occupations of each, whatever their tier."""
    sheet = load_workbook(FOLDER / "Related Occupations.xlsx", read_only=True).active
    assert sheet is not None
    rows = sheet.iter_rows(values_only=True)
    head = list(next(rows))
    own, other = head.index("O*NET-SOC Code"), head.index("Related O*NET-SOC Code")
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(str(row[own]), set()).add(str(row[other]))
    return found


def test_what_costs_least_is_related_more_often_than_by_chance() -> None:
    """A module for each competency and level, at 1,000 KZT a level: cost is the levels of what is missing."""
    catalog = import_onet(FOLDER).catalog
    asked = sorted({row.competency for row in catalog.occupation_requirements if row.essential})
    steps = [(name, level, f"{name}-{level}") for name in asked for level in range(1, 9)]
    catalog = catalog.replace(
        modules=tuple(
            Module(
                id=one,
                section="professional",
                credits=1,
                theory_hours=10 * level,
                setup_cost_kzt=1000 * level,
            )  # type: ignore[arg-type]
            for _, level, one in steps
        ),
        module_outcomes=tuple(
            ModuleOutcome(module=one, competency=name, exit_level=level) for name, level, one in steps
        ),
    )
    near = related()
    names = sorted({row.occupation for row in catalog.occupation_requirements if row.essential})
    origins = Random(1).sample([name for name in names if name in near], ORIGINS)
    precision = []
    for source in origins:
        found = retrain_catalog(catalog, Asking(source, top=TOP)).targets[:TOP]
        precision.append(sum(one.target in near[source] for one in found) / TOP)
    by_chance = statistics.mean(len(near[one]) / len(names) for one in origins)
    print(f"precision at {TOP}: {statistics.mean(precision):.3f}, by chance {by_chance:.3f}")
    assert statistics.mean(precision) > by_chance
