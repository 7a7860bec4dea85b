"""What a plan is worth and which rules hold, recomputed from the bare decisions without the solver.

It imports `plan` and what stands below it, never `optimizer`.
"""
