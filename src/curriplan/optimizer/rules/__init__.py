"""The rules as linear constraints: one function a rule, registered in the `RULES` of its theme.

The inequalities are those of ``docs/formulation.md``; to add a rule, see ``docs/add-a-rule.md``.
"""

from __future__ import annotations

from curriplan.optimizer.rules import change, learners, load, money, order, partners, sites, standing
from curriplan.problem.aspects import in_order

THEMES = (standing, order, load, sites, money, learners, change, partners)
RULES = in_order(one for theme in THEMES for one in theme.RULES)
"""Every rule with the function that writes it, in the order of ``docs/formulation.md``."""
