"""The model as a readable LP file: a legend of ids on top, names by index below."""

from __future__ import annotations

import tempfile
from pathlib import Path

from curriplan.optimizer.model.variables import PlanModel


def lp_text(model: PlanModel) -> str:
    """Return the LP file of a model, with a comment for each variable that it uses."""
    if model.lp.objective is None:
        model.lp.setObjective(0 * next(iter(model.start.values())))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.lp"
        model.lp.writeLP(str(path))
        body = path.read_text(encoding="utf-8")
    used = sorted((variable.name for variable in model.lp.variables()), key=_by_index)
    legend = "".join(f"\\ {name} = {model.legend[name]}\n" for name in used if name in model.legend)
    return legend + body


def _by_index(name: str) -> tuple[str, int]:
    letter, _, index = name.rpartition("_")
    return (letter, int(index)) if index.isdigit() else (name, 0)
