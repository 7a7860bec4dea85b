"""Evaluation without the solver: what a plan reaches, which rules hold, what each objective is worth.

Everything is recomputed from catalog, limits and the bare decisions; nothing of the optimizer is
used, so that a mistake there cannot hide here.
"""

from curriplan.evaluation.decisions import (
    existing_selection,
    payments_for,
    planned_gaps,
    planned_modules,
    planned_uses,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.result import (
    ASPECTS,
    CostItem,
    Evaluation,
    OccupationMeasures,
    ProgrammeMeasures,
    RuleCheck,
)
from curriplan.evaluation.swaps import Swap, equal_swaps
from curriplan.evaluation.verify import Difference, Verification, verify_plan
from curriplan.evaluation.whatif import Addition, Obstacle, Removal, WhatIf, what_if

__all__ = [
    "ASPECTS",
    "Addition",
    "CostItem",
    "Difference",
    "Evaluation",
    "Obstacle",
    "OccupationMeasures",
    "ProgrammeMeasures",
    "Removal",
    "RuleCheck",
    "Swap",
    "Verification",
    "WhatIf",
    "equal_swaps",
    "evaluate",
    "existing_selection",
    "measures_of",
    "payments_for",
    "planned_gaps",
    "planned_modules",
    "planned_uses",
    "verify_plan",
    "what_if",
]
