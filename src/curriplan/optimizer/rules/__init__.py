"""The rules as linear constraints: one function a rule, registered in `RULES`.

The inequalities are those of ``docs/formulation.md``; to add a rule, see ``docs/add-a-rule.md``.
"""

from __future__ import annotations

from collections.abc import Callable

from curriplan.optimizer.model.variables import PlanModel
from curriplan.optimizer.rules.change import changes
from curriplan.optimizer.rules.learners import equity, floors, labour_functions, min_learners
from curriplan.optimizer.rules.load import dual_share, load, practice_share
from curriplan.optimizer.rules.money import money
from curriplan.optimizer.rules.order import entry, requisites
from curriplan.optimizer.rules.sites import resources
from curriplan.optimizer.rules.standing import exclusive_groups, reach, standing

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
