"""The optimizer: the only package that knows PuLP and HiGHS."""

from curriplan.optimizer.stages import Progress, Solution, build_model, solve

__all__ = ["Progress", "Solution", "build_model", "solve"]
