"""The languages that every text for people exists in."""

from __future__ import annotations

from typing import Literal

LANGUAGES = ("kk", "ru", "en")
Language = Literal["kk", "ru", "en"]
