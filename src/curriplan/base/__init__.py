"""What every room may lean on: issues and errors, safe files, semesters, progress, the version.

It imports `texts`.
"""
