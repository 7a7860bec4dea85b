"""The records of a catalog, their files in both directions, and their graph.

It imports `xlsx` and what stands below it.
"""
