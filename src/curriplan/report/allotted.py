"""Whose part a college's plan is: what the national plan allotted to it, in words."""

from __future__ import annotations

from collections.abc import Iterable

from curriplan.report.labels import Labels

MOST = 6
"""Sources or centres that a sentence names; how many more there are it says."""


def national_said(labels: Labels) -> str:
    """Say that a catalog is part of a national plan, and what that allots; nothing of a college by itself."""
    found, texts = labels.catalog.info.allotted, labels.texts
    if found is None:
        return ""
    given = {
        "national.sources": _named(labels, map(labels.funding_source, found.sources)),
        "national.centres": _named(labels, map(labels.resource, found.centres)),
        "national.programmes": _named(labels, map(labels.programme, found.programmes)),
    }
    what = "; ".join(texts(key, names=names) for key, names in given.items() if names)
    said = texts("national.part", network=found.name(texts.language))
    return said + (texts("national.gives", what=what) if what else "")


def _named(labels: Labels, names: Iterable[str]) -> str:
    every = list(names)
    more = [labels.texts("national.more", count=len(every) - MOST)] if len(every) > MOST else []
    return ", ".join([*every[:MOST], *more])
