"""Checks of dual training (§8)."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.checks.checked import Checked
from curriplan.errors import Issue
from curriplan.model import ResourceCategory

SHARE = "dual_share_min"


def dual_programmes(checked: Checked) -> Iterator[Issue]:
    """Find dual programmes without a least share of dual training, or without any enterprise."""
    share = checked.limits.number(SHARE)
    enterprises = any(row.category is ResourceCategory.ENTERPRISE for row in checked.catalog.resources)
    for programme in (row for row in checked.catalog.programmes if row.dual):
        values = {"programme": programme.id}
        if share is None:
            yield Issue("dual-without-share", programme.place("dual"), values)
        elif share > 0 and not enterprises:
            yield Issue("dual-without-enterprise", programme.place("dual"), values)


def needless_dual_share(checked: Checked) -> Iterator[Issue]:
    """Find a least share of dual training in a catalog's own profile where no programme is dual."""
    own = checked.catalog.info.profile is None and checked.limits.settings.profile is None
    if own and not any(row.dual for row in checked.catalog.programmes):
        for row in (row for row in checked.profile if row.key_name == SHARE):
            yield Issue("dual-share-without-programme", row.place("key"))
