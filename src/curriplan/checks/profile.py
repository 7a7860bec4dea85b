"""Checks of the regulation profile."""

from __future__ import annotations

import math
from collections.abc import Iterator

from curriplan.checks.checked import Checked
from curriplan.errors import Issue, nearest
from curriplan.settings import NUMBER_KEYS, TOTAL_CREDITS_PREFIX, WORD_KEYS, number_of

SHARE_KEYS = (
    "year_credits_tolerance",
    "practice_share_min",
    "dual_share_min",
    "change_share_ordinary",
    "change_share_dual",
)


def profile_keys(checked: Checked) -> Iterator[Issue]:
    """Find unknown keys of the profile."""
    known = sorted({*NUMBER_KEYS, *WORD_KEYS})
    for row in checked.profile:
        name = row.key_name
        if name not in known and not name.startswith(TOTAL_CREDITS_PREFIX):
            values = {"value": name, "nearest": nearest(name, known)}
            yield Issue("unknown-profile-key", row.place("key"), values)


def profile_values(checked: Checked) -> Iterator[Issue]:
    """Find values of the profile that are no number, out of range, or not one of its words."""
    for row in checked.profile:
        name, number = row.key_name, number_of(row.value)
        if name in WORD_KEYS:
            if row.value not in WORD_KEYS[name]:
                values = {"value": row.value, "allowed": ", ".join(WORD_KEYS[name])}
                yield Issue("wrong-word", row.place("value"), values)
        elif name in NUMBER_KEYS or name.startswith(TOTAL_CREDITS_PREFIX):
            if number is None or not math.isfinite(number):
                yield Issue("profile-not-number", row.place("value"), {"key": name, "value": row.value})
            elif number < 0 or (number == 0 and name not in SHARE_KEYS):
                yield Issue("out-of-range", row.place("value"), {"value": row.value, "allowed": "> 0"})
            elif name in SHARE_KEYS and number > 1:
                allowed = ">= 0, <= 1"
                yield Issue("out-of-range", row.place("value"), {"value": row.value, "allowed": allowed})
