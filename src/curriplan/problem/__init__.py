"""One run before any plan: settings, limits, curricula, capacity, money, gaps, and the checks of a catalog.

It imports `catalog` and what stands below it.
"""
