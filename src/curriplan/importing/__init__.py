"""Catalogs out of what colleges and classifications have: a working curriculum, ESCO, O*NET.

It imports `problem` and what stands below it.
"""
