"""What people read of a plan: one file a sheet, drawings, and the words of reasons and of a diagnosis.

It imports `evaluation` and what stands below it, never `optimizer`.
"""
