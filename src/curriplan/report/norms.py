"""Norms in words: what each is, what stands in its stead, what an advice would give up of them."""

from __future__ import annotations

from curriplan.catalog.records import ProfileEntry
from curriplan.catalog.records.policy import OFF, TOTAL_CREDITS_PREFIX, profile_number
from curriplan.problem.concessions import Concession, Given
from curriplan.problem.limits import Limits
from curriplan.problem.norms import NormOverride
from curriplan.problem.settings import SETTING_OF_NAME
from curriplan.report.labels import Labels, known_word


def norm_name(labels: Labels, key: str) -> str:
    """Return what a key of the profile means."""
    if key.startswith(TOTAL_CREDITS_PREFIX):
        level, _, base = key.removeprefix(TOTAL_CREDITS_PREFIX).partition("_")
        after = known_word(labels.texts, f"entry_base.{base}") or base
        return labels.texts("norm_key.total_credits", level=level, base=after)
    return known_word(labels.texts, f"norm_key.{key}") or key


def norm_value(labels: Labels, key: str, value: str) -> str:
    """Return a value of the profile in words."""
    if key == "practice_share_denominator" and value not in ("all", OFF):
        sections = (known_word(labels.texts, f"section_short.{name}") or name for name in value.split("+"))
        return ", ".join(sections)
    words = known_word(labels.texts, f"norm_value.{value}")
    if words:
        return words
    number = profile_number(value)
    return value if number is None else labels.number(number)


def norm_source(labels: Labels, limits: Limits, row: ProfileEntry) -> str:
    """Return where a value of the profile comes from, and in the stead of which norm it stands."""
    source = labels.source(row.source or "")
    own = next((one for one in limits.norm_overrides if one.key == row.key_name), None)
    return source if own is None else f"{source}; {instead_of(labels, own)}"


def instead_of(labels: Labels, one: NormOverride) -> str:
    """Say what another value stands in the stead of, and where it comes from."""
    profile = labels.catalog.info.profile or labels.texts("norm_by.own_profile")
    norm = norm_value(labels, one.key, one.norm)
    return labels.texts("phrase.norm_instead", norm=norm, profile=profile, by=_by(labels, one))


def override_line(labels: Labels, one: NormOverride) -> str:
    """Return ``weekly hours, at most: 40 instead of 36 (KZ-348-2024), a row of the table profile``."""
    value = norm_value(labels, one.key, one.value)
    return f"{norm_name(labels, one.key)} ({one.key}): {value}, {instead_of(labels, one)}"


def _by(labels: Labels, one: NormOverride) -> str:
    return labels.texts(f"norm_by.{'run' if one.by in SETTING_OF_NAME else one.by}")


def concession_words(labels: Labels, one: Concession) -> str:
    """Say what a change gives up that is no lever like others."""
    if one.given is Given.MANDATORY:
        return labels.texts("concession.mandatory")
    key = str(one.key)
    return labels.texts(
        "concession.norm",
        name=norm_name(labels, key),
        norm=norm_value(labels, key, str(one.norm)),
        profile=one.profile or labels.texts("norm_by.own_profile"),
        source=labels.source(one.source or ""),
    )
