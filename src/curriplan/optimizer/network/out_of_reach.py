"""Which shared limits no choice of plans can keep, and by how much they are missed."""

from __future__ import annotations

from curriplan.base.errors import InfeasibleError, Issue, NoPlanError
from curriplan.optimizer.network.master import Relaxed
from curriplan.optimizer.network.rows import Country, Row
from curriplan.texts.words import Phrase

IMPOSSIBLE = -1e-3
"""A bound below that proves that limits cannot be kept: closure is never below nothing, but breaches cost."""


def out_of_reach(country: Country, known: Relaxed, bound: float) -> InfeasibleError | NoPlanError:
    """Return which limits cannot be kept: proven where even the bound, breaches priced, is below nothing."""
    worst = sorted(known.breaches.items(), key=lambda one: one[0].key)
    issues = [
        Issue("network-limit-out-of-reach", values=_said(country, row, lacking)) for row, lacking in worst
    ]
    if bound < IMPOSSIBLE:
        return InfeasibleError(issues)
    return NoPlanError([Issue("network-without-choice"), *issues])


def _said(country: Country, row: Row, lacking: float) -> dict[str, object]:
    """Return which limit it is and by how much it is missed; of a floor in points of its region."""
    kind = row.kind.value if row.kind is not None else "floor"
    if row.kind is None:
        own = sum(one.learners[0] for one in country.members if one.region == row.region)
        lacking *= 100 * country.learners_of_all / max(1, own)
    where = {"subject": row.subject, "when": row.when or "–", "region": row.region or "–"}
    limit = Phrase(f"network.{kind}", where)
    return {"limit": limit, "lacking": Phrase(f"network.lacking_{kind}", {"amount": round(lacking, 2)})}
