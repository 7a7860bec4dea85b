"""The commands and what they say on a terminal.

It imports every room.
"""
