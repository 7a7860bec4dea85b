"""A problem without a plan: which demands clash, and the least changes that would help (§7 of the design)."""

from curriplan.optimizer.conflict.diagnose import diagnose

__all__ = ["diagnose"]
