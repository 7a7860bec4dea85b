"""The problem as sets, numbers and variables, before any rule."""
