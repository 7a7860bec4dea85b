"""The languages that every text for people exists in."""

from __future__ import annotations

from typing import Literal

LANGUAGES = ("kk", "ru", "en")
FORM_LANGUAGES = ("kk", "ru")
"""Those of state forms."""
Language = Literal["kk", "ru", "en"]
