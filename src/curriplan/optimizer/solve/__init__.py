"""The solver, and the lexicographic solve over it."""
