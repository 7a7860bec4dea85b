"""How many of the random catalogs a run of the tests draws.

The whole suite must end within seven minutes, so that it draws half of the largest sets; `.ci/run` draws the
other half in a step of its own. ``CURRIPLAN_SEEDS`` says ``half`` (the default), ``other`` or ``all``.
"""

from __future__ import annotations

import os

DRAWN = {"half": slice(0, None, 2), "other": slice(1, None, 2), "all": slice(None)}


def drawn(seeds: range) -> range:
    """Return those of some seeds that this run draws."""
    return seeds[DRAWN[os.environ.get("CURRIPLAN_SEEDS", "half")]]
