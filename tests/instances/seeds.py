"""How much of what is drawn at random a run of the tests draws.

The whole suite must end within seven minutes, so that it draws a part of the largest sets; `.ci/run` draws
the others in a step of its own. ``CURRIPLAN_SEEDS`` says ``some`` (the default), ``other`` or ``all``.

Whatever it says, a run draws the same as the last one, hypothesis too: else a landing would fail over what
it has nothing to do with. ``new`` lets hypothesis draw anew; `.ci/run` does so last, and prints its finds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, settings

WHICH = os.environ.get("CURRIPLAN_SEEDS", "some")


def drawn(seeds: Sequence[int], always: Sequence[int] = (), one_of: int = 2) -> list[int]:
    """Return those of some seeds that this run draws: one of so many; some whatever they are."""
    some = sorted({*seeds[::one_of], *always})
    return {"some": some, "other": sorted({*seeds} - {*some})}.get(WHICH, [*seeds])


def examples(most: int) -> int:
    """Return how many examples hypothesis draws for a test: of the dear ones, the suite draws half."""
    return -(-most // 2) if WHICH == "some" else most


def draw_the_same() -> None:
    """Let hypothesis draw what follows from the code of a test, so that two runs draw alike.

    No test of it fails because the machine is busy.
    """
    settings.register_profile(
        "curriplan",
        derandomize=WHICH != "new",
        database=None,
        print_blob=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("curriplan")
