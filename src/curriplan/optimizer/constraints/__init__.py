"""The rules as linear constraints: one function a rule, registered in `RULES`.

The inequalities are those of ``docs/formulation.md``; to add a rule, see ``docs/add-a-rule.md``.
"""

from __future__ import annotations

from collections.abc import Callable

from curriplan.optimizer.constraints.change import changes
from curriplan.optimizer.constraints.learners import equity, floors, labour_functions, min_learners
from curriplan.optimizer.constraints.load import dual_share, load, practice_share
from curriplan.optimizer.constraints.money import money
from curriplan.optimizer.constraints.order import entry, requisites
from curriplan.optimizer.constraints.sites import resources
from curriplan.optimizer.constraints.standing import exclusive_groups, reach, standing
from curriplan.optimizer.constraints.sums import KZT_SCALE
from curriplan.optimizer.variables import PlanModel

__all__ = ["KZT_SCALE", "RULES"]

RULES: tuple[tuple[str, Callable[[PlanModel], None]], ...] = (
    ("§1", standing),
    ("§2", reach),
    ("§3", entry),
    ("§4", requisites),
    ("§5", exclusive_groups),
    ("§6", load),
    ("§7", practice_share),
    ("§8", dual_share),
    ("§9", resources),
    ("§10", money),
    ("§11", floors),
    ("§12", changes),
    ("§13", equity),
    ("§14", min_learners),
    ("§15", labour_functions),
)
"""Every rule with the function that writes it, in the order of ``docs/formulation.md``."""
