"""What comes out of a run, as bare records: plan, explanation, frontier, stability, comparison, diagnosis.

It imports `problem` and what stands below it.
"""
