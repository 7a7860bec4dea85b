"""The use cases, one function each, and the public library.

It imports every room but `cli`.
"""
