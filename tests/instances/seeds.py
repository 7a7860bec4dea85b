"""How many of the random catalogs a run of the tests draws.

The whole suite must end within seven minutes, so that it draws half of the largest sets; `.ci/run` draws the
other half in a step of its own. ``CURRIPLAN_SEEDS`` says ``half`` (the default), ``other`` or ``all``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence


def drawn(seeds: range, always: Sequence[int] = ()) -> list[int]:
    """Return those of some seeds that this run draws; some belong to the first half whatever they are."""
    which = os.environ.get("CURRIPLAN_SEEDS", "half")
    half = sorted({*seeds[::2], *always})
    return {"half": half, "other": sorted({*seeds} - {*half}), "all": [*seeds]}[which]
