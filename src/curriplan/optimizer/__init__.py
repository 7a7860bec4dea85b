"""The only room that knows the solver: model, rules, solve, diagnose, explain.

It imports `evaluation` and what stands below it, never `report`.
"""
