"""Every rule and every objective has a golden LP file of a tiny instance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from curriplan.catalog.records import Catalog
from curriplan.optimizer.model.lp_file import lp_text
from curriplan.optimizer.rules import RULES
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.stages import build_model
from curriplan.problem.limits import effective_limits
from curriplan.problem.problem import Problem
from formulation.instances import CLOSURE_ALONE, INSTANCES, OUTLOOK_BEST, SETTINGS

GOLDEN = Path(__file__).parent / "golden"
RULE_NAMES = [name for name, _ in RULES]


def golden_path(name: str) -> Path:
    return GOLDEN / f"{name.replace('§', 'rule-')}.lp"


def what_of(name: str) -> str:
    """Return the rule or objective of an instance: ``§9`` of ``§9-split``."""
    return name.partition("-")[0]


def text_of(name: str, catalog: Catalog) -> str:
    """Write only the rule, or only the objective with the rows that define it."""
    limits = effective_limits(catalog, SETTINGS.get(name))
    limits = replace(
        limits, closure_alone=CLOSURE_ALONE.get(name, {}), outlook_best=OUTLOOK_BEST.get(name, {})
    )
    # An objective may lean on rules; their rows stand in golden files of their own.
    without = frozenset(RULE_NAMES) - {what_of(name)} - ({"§4"} if name == "distance" else set())
    model = build_model(Problem(catalog, limits), without)
    if name in OBJECTIVES:
        objective = OBJECTIVES[name]
        objective.define(model)
        model.lp.setObjective(objective.sense * objective.expression(model))
    return lp_text(model)


@pytest.mark.parametrize("name", INSTANCES)
def test_lp_is_as_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    text = text_of(name, INSTANCES[name])
    path = golden_path(name)
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.exists(), f"{path.name} is missing: run pytest tests/formulation --update-golden"
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*RULE_NAMES, *OBJECTIVES])
def test_every_rule_and_objective_has_an_instance(name: str) -> None:
    assert name in INSTANCES, f"{name} needs an instance in tests/formulation/instances.py"


@pytest.mark.parametrize("name", INSTANCES)
def test_an_instance_writes_rows_of_its_rule(name: str) -> None:
    """An instance that the rule has nothing to say of would be no golden file of it."""
    if what_of(name) in RULE_NAMES:
        assert f"{what_of(name).replace('§', 'rule_')}_0:" in text_of(name, INSTANCES[name])


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.glob("*.lp")} == {golden_path(name).name for name in INSTANCES}
