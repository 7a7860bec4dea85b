"""What the closures of other plans go by, said where they stand beside those of the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from curriplan.problem.promised import Promised
from curriplan.report.labels import Labels
from curriplan.texts.words import thousands


def by_allotment(labels: Labels) -> Iterator[str]:
    """Say of a college in a national plan that other budgets are no choice of its own."""
    found = labels.catalog.info.allotted
    if found is not None and found.sources:
        names = ", ".join(map(labels.funding_source, found.sources))
        yield labels.texts("national.budgets", sources=names)


def basis(labels: Labels, *, weighs_outlooks: bool, promised: Sequence[Promised]) -> Iterator[str]:
    """Yield what the figures of other plans leave out that the plan knows: its outlooks, older promises."""
    yield from by_allotment(labels)
    if weighs_outlooks:
        yield labels.texts("phrase.by_today")
    if promised:
        owed: Counter[str] = Counter()
        for one in promised:
            owed[one.source] += one.kzt
        sources = (f"{labels.funding_source(name)} – {thousands(owed[name])}" for name in sorted(owed))
        yield labels.texts("phrase.promised_not_off", kzt=thousands(owed.total()), sources="; ".join(sources))
