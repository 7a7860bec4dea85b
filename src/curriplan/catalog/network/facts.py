"""What a network is checked against of a college: facts of its catalog, small enough to keep for hundreds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curriplan.base.fields import Count, EntityId, Sha256


@dataclass(frozen=True)
class CollegeFacts:
    """Facts of a college's catalog, as whoever read it found them; they go into a file as they are.

    Parameters
    ----------
    college : str
        Its id in the network.
    sources : tuple of str
        The ids of its funding sources, sorted.
    resources : mapping of str to str
        The kind of each of its resources.
    used : tuple of str
        The resources that a module of its planned programmes may use, sorted.
    groups : mapping of str to int
        The groups of today of one intake, by planned programme.
    learners : int
        Of one intake of these programmes together.
    years : tuple of int
        The calendar years in which terms of its planned programmes lie that are not over, sorted.
    semesters : tuple of str
        The calendar semesters of these terms, sorted.
    own_kzt : mapping of str to int
        What its catalog has of each source in all years together, in KZT; none where nothing limits it.
    """

    college: EntityId
    catalog_sha256: Sha256
    sources: tuple[EntityId, ...]
    resources: Mapping[str, str]
    used: tuple[EntityId, ...]
    groups: Mapping[str, Count]
    learners: Count
    years: tuple[int, ...]
    semesters: tuple[str, ...]
    own_kzt: Mapping[str, Count] = field(default_factory=dict)
