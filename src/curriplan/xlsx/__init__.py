"""Workbooks as such: cells, formulas with their values, charts, pages; it knows nothing of curricula.

It imports `texts` and `base`.
"""
