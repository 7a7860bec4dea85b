"""How many of the random catalogs a run of the tests draws.

The whole suite must end within seven minutes, so that it draws a part of the largest sets; `.ci/run` draws
the others in a step of its own. ``CURRIPLAN_SEEDS`` says ``some`` (the default), ``other`` or ``all``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence


def drawn(seeds: range, always: Sequence[int] = (), one_of: int = 2) -> list[int]:
    """Return those of some seeds that this run draws: one of so many; some whatever they are."""
    which = os.environ.get("CURRIPLAN_SEEDS", "some")
    some = sorted({*seeds[::one_of], *always})
    return {"some": some, "other": sorted({*seeds} - {*some}), "all": [*seeds]}[which]
