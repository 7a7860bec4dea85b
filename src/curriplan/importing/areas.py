"""The area of each ESCO skill: the group below the top of the hierarchy that it falls under."""

from __future__ import annotations

from collections import defaultdict

from curriplan.importing.esco_release import Release, id_of


def areas_of(release: Release) -> dict[str, str]:
    """Return the name of the area by the URI of a skill or a group.

    The hierarchy has several parents for many skills: of several areas the first one counts, those with a
    code of the skills pillar (such as S5) before those of knowledge, each by code. What stands at the top
    has no area.
    """
    narrower: defaultdict[str, list[str]] = defaultdict(list)
    for uri, broader in zip(release.broader["conceptUri"], release.broader["broaderUri"], strict=True):
        narrower[broader].append(uri)
    top = set(narrower) - set(release.broader["conceptUri"])
    labels = dict(zip(release.groups["conceptUri"], release.groups["preferredLabel"], strict=True))
    codes = dict(zip(release.groups["conceptUri"], release.groups["code"], strict=True))
    firsts = {uri for parent in top for uri in narrower[parent] if uri in labels}
    areas: dict[str, str] = {}
    for first in sorted(firsts, key=lambda uri: (not codes[uri], codes[uri], id_of(uri))):
        waiting = [first]
        while waiting:
            uri = waiting.pop()
            if uri not in areas:
                areas[uri] = labels[first]
                waiting += narrower[uri]
    return areas
