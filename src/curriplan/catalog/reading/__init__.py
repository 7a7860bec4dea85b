"""A catalog out of files: every table read, every oddity said, every problem with its place."""
