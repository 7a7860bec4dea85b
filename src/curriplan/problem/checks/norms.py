"""Checks of the regulation profile: its rows, and what stands over single norms of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from curriplan.base.errors import Issue, nearest
from curriplan.catalog.reading.raw import understood_issue
from curriplan.catalog.records.policy import NUMBER_KEYS, OFF, WORD_KEYS, profile_number
from curriplan.problem.checks.checked import Checked, Rule, number_text
from curriplan.problem.norms import BY_CATALOG, is_norm_key
from curriplan.texts.words import Phrase

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
        if not is_norm_key(name):
            values = {"value": name, "nearest": nearest(name, known)}
            yield Issue("unknown-profile-key", row.place("key"), values)


def profile_values(checked: Checked) -> Iterator[Issue]:
    """Find values of the profile that are no number, out of range, or not one of its words."""
    for row in checked.profile:
        name, number = row.key_name, profile_number(row.value)
        if row.value == OFF:
            continue
        if name in WORD_KEYS:
            if row.value not in WORD_KEYS[name]:
                values = {"value": row.value, "allowed": ", ".join((*WORD_KEYS[name], OFF))}
                yield Issue("wrong-word", row.place("value"), values)
        elif is_norm_key(name):
            if "," in row.value and number is not None:
                understood = f"{number:.10g}"
                yield understood_issue("decimal-comma", row.place("value"), "value", row.value, understood)
            if number is None or not math.isfinite(number):
                yield Issue("profile-not-number", row.place("value"), {"key": name, "value": row.value})
            elif number < 0 or (number == 0 and name not in SHARE_KEYS):
                yield Issue("out-of-range", row.place("value"), {"value": row.value, "allowed": "> 0"})
            elif name in SHARE_KEYS and number > 1:
                allowed = ">= 0, <= 1"
                yield Issue("out-of-range", row.place("value"), {"value": row.value, "allowed": allowed})


def overridden_norms(checked: Checked) -> Iterator[Issue]:
    """Find rows whose value is not that of the norm of the named profile."""
    for one in checked.limits.norm_overrides:
        if one.by == BY_CATALOG and one.row is not None:
            values = {
                "key": one.key,
                "profile": checked.catalog.info.profile,
                "norm": _said(one.norm),
                "value": _said(one.value),
            }
            yield Issue("norm-overridden", one.row.place("value"), values)


def _said(value: str) -> str | float:
    """Return a norm as a sentence has it: a number with the mark of its language, however it is written."""
    number = profile_number(value)
    return value if number is None else int(number) if number.is_integer() else number


def credits_below_norm(checked: Checked) -> Iterator[Issue]:
    """Find programmes that ask for fewer credits than the norm of their level and entry base."""
    limits = checked.limits
    for row in checked.catalog.programmes:
        key = limits.total_credits_key(row)
        norm = limits.number(key)
        if norm is not None and row.min_credits is not None and row.min_credits < norm:
            values = {
                "programme": row.id,
                "key": key,
                "norm": number_text(norm),
                "value": number_text(row.min_credits),
            }
            yield Issue("credits-below-norm", row.place("min_credits"), values)


def _titled(table: str, column: str) -> Phrase:
    """Return a column with its title, by which a workbook in a language has it."""
    title = Phrase(f"columns.{table}.{column}.title", subject="columns")
    return Phrase("named.column", {"name": column, "title": title})


def credits_norm_left_out(checked: Checked) -> Iterator[Issue]:
    """Find programmes that no norm of total credits holds for because what it goes by is not given."""
    for row in checked.planned:
        if lacks := checked.limits.credits_norm_lacks(row):
            values = {"programme": row.id, "columns": tuple(_titled(row.table, name) for name in lacks)}
            yield Issue("credits-norm-left-out", row.place(lacks[-1]), values)


RULES = (
    Rule(profile_keys),
    Rule(profile_values),
    Rule(overridden_norms, ("profile",)),
    Rule(credits_below_norm, ("profile",)),
    Rule(credits_norm_left_out, ("profile",)),
)
