"""The forms of assessment that a cell of the catalog names."""

from __future__ import annotations

import re

BETWEEN_FORMS = re.compile(r"\s*[,;+\n]\s*")


def known_forms(said: str | None) -> list[str]:
    """Return the forms of assessment that a cell of the catalog names: a dash names none."""
    parts = (part.strip() for part in BETWEEN_FORMS.split(said or ""))
    return [part for part in parts if part.strip("-–—. ")]
