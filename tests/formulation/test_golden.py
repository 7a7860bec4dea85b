"""Every rule and every objective has a golden LP file of a tiny instance."""

from __future__ import annotations

from pathlib import Path

import pytest

from curriplan.model import Catalog
from curriplan.optimizer import build_model
from curriplan.optimizer.constraints import RULES
from curriplan.optimizer.lp_file import lp_text
from curriplan.optimizer.objectives import OBJECTIVES
from curriplan.problem import PlanningProblem
from curriplan.settings import effective_limits
from formulation.instances import INSTANCES

GOLDEN = Path(__file__).parent / "golden"
RULE_NAMES = [name for name, _ in RULES]


def golden_path(name: str) -> Path:
    return GOLDEN / f"{name.replace('§', 'rule-')}.lp"


def text_of(name: str, catalog: Catalog) -> str:
    """Write only the rule, or only the objective with the rows that define it."""
    problem = PlanningProblem(catalog, effective_limits(catalog))
    model = build_model(problem, frozenset(RULE_NAMES) - {name})
    if name in OBJECTIVES:
        objective = OBJECTIVES[name]
        objective.define(model)
        model.lp.setObjective(objective.sense * objective.expression(model))
    return lp_text(model)


@pytest.mark.parametrize("name", [*RULE_NAMES, *OBJECTIVES])
def test_lp_is_as_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    assert name in INSTANCES, f"{name} needs an instance in tests/formulation/instances.py"
    text = text_of(name, INSTANCES[name])
    path = golden_path(name)
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.exists(), f"{path.name} is missing: run pytest tests/formulation --update-golden"
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    wanted = {golden_path(name).name for name in [*RULE_NAMES, *OBJECTIVES]}
    assert {path.name for path in GOLDEN.glob("*.lp")} == wanted
