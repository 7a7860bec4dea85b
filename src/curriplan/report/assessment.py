"""The forms of assessment that a cell of the catalog names, and the words of ours that they are."""

from __future__ import annotations

import re

BETWEEN_FORMS = re.compile(r"\s*[,;+\n]\s*")


def known_forms(said: str | None) -> list[str]:
    """Return the forms of assessment that a cell of the catalog names: a dash names none."""
    parts = (part.strip() for part in BETWEEN_FORMS.split(said or ""))
    return [part for part in parts if part.strip("-–—. ")]


def form_word(form: str) -> str:
    """Return a form as the words of ours are written: ``Differentiated pass`` as ``differentiated_pass``."""
    return re.sub(r"[\s_-]+", "_", form.casefold())
