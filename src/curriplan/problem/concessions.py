"""What an advice gives up that is no lever like others: a norm, or what a college declared mandatory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from curriplan.catalog.reading.norms import named_norms
from curriplan.catalog.records import Catalog, ProfileEntry, Standing
from curriplan.catalog.records.policy import profile_number
from curriplan.problem.edits import SETTINGS, Edit
from curriplan.problem.limits import Limits
from curriplan.problem.settings import SETTING_OF_NAME


class Given(StrEnum):
    """What is given up."""

    NORM = "norm"
    MANDATORY = "mandatory"


@dataclass(frozen=True)
class Concession:
    """What a change gives up, which no advice may leave unsaid.

    Parameters
    ----------
    key, norm : str or None
        Of a norm: its key in the profile, and what the profile says.
    profile : str or None
        The named profile that it is of; None where the catalog has its own.
    source : str or None
        Where the norm comes from.
    """

    given: Given
    key: str | None = None
    norm: str | None = None
    profile: str | None = None
    source: str | None = None


def concessions(catalog: Catalog, limits: Limits, edits: Iterable[Edit]) -> tuple[Concession, ...]:
    """Return what changes give up, each once."""
    found = (_concession(catalog, limits, edit) for edit in edits)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _concession(catalog: Catalog, limits: Limits, edit: Edit) -> Concession | None:
    if edit.table == "programme_modules" and edit.column == "status" and edit.was is Standing.MANDATORY:
        return Concession(Given.MANDATORY)
    key = _norm_key(catalog, limits, edit)
    row = None if key is None else limits.profile.get(key)
    if key is None or row is None:
        return None
    name = None if limits.settings.profile is not None else catalog.info.profile
    # What a college wrote over a norm of the named profile is not the norm.
    norm = ((named_norms(name) if name else None) or {}).get(key, row)
    return Concession(Given.NORM, key, norm.value, name, norm.source)


def _norm_key(catalog: Catalog, limits: Limits, edit: Edit) -> str | None:
    """Return the norm that a change lowers, None where it lowers none."""
    if edit.table == ProfileEntry.table:
        return edit.key[0]
    if edit.table == SETTINGS:
        setting = SETTING_OF_NAME.get(str(edit.column))
        key = setting.norm if setting is not None else None
    elif (edit.table, edit.column) == ("programmes", "min_credits"):
        key = limits.total_credits_key(catalog.programme_by_id[edit.key[0]])
    else:
        key = None
    row = None if key is None else limits.profile.get(key)
    least = None if row is None else profile_number(row.value)
    lowers = least is not None and edit.value is not None and edit.value < least
    return key if lowers else None
