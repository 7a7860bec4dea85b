"""The version, and how files name the program that wrote them."""

from __future__ import annotations

__version__ = "0.1.0"
TOOL = f"curriplan {__version__}"
