"""The optimizer: the only package that knows PuLP and HiGHS."""

from curriplan.optimizer.alone import closure_alone, with_closure_alone
from curriplan.optimizer.frontier import find_frontier
from curriplan.optimizer.stages import Progress, Solution, build_model, solve

__all__ = [
    "Progress",
    "Solution",
    "build_model",
    "closure_alone",
    "find_frontier",
    "solve",
    "with_closure_alone",
]
