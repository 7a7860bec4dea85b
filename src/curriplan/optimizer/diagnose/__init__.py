"""A problem without a plan: which demands clash, and the least changes that would help."""
