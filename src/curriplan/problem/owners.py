"""Partners: the funding sources of a catalog that are not the college's own, and what is theirs."""

from __future__ import annotations

from curriplan.catalog.records import Catalog

OWN_KIND = "college"
"""The kind of funding source that is no partner."""


def partners_of(catalog: Catalog) -> tuple[str, ...]:
    """Return the funding sources, but those of the college, that may pay or own a resource; in catalog order.

    Without any budgets all sources may pay.
    """
    paying = {row.source for row in catalog.funding_budgets}
    owning = {row.source for row in catalog.resources}
    return tuple(
        row.id
        for row in catalog.funding_sources
        if row.kind != OWN_KIND and (not catalog.funding_budgets or row.id in paying | owning)
    )


def owned_by(catalog: Catalog, source: str) -> frozenset[str]:
    """Return the resources that are a source's."""
    return frozenset(row.id for row in catalog.resources if row.source == source)
