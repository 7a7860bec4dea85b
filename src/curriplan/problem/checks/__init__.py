"""The rules that tie the rows of a catalog together: one small function each, all in `RULES`.

A rule yields issues with the place of the value at fault. Rules that would speak of rows which reading
had to leave out name the tables that they need whole, and wait until those are mended.
"""

from __future__ import annotations

from collections.abc import Iterable

from curriplan.base.arguments import taking
from curriplan.base.errors import Issue
from curriplan.base.progress import keeping_objects, step
from curriplan.catalog.records import CATALOG_READ, Catalog
from curriplan.problem.checks import (
    candidates,
    funding,
    keys,
    modules,
    norms,
    programmes,
    reach,
    relations,
    resources,
)
from curriplan.problem.checks.checked import Checked, Rule
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.problem import Problem


@keeping_objects()
@taking({"catalog": CATALOG_READ})
def check_catalog(
    catalog: Catalog,
    limits: Limits | None = None,
    incomplete: Iterable[str] = (),
    problem: Problem | None = None,
) -> tuple[Issue, ...]:
    """Check a catalog.

    Parameters
    ----------
    catalog : Catalog
        What to check.
    limits : Limits, optional
        The effective limits; by default those of the catalog's own profile.
    incomplete : iterable of str
        Tables that lack rows because reading left them out (`ReadResult.incomplete`).
    problem : Problem, optional
        The problem of this catalog and these limits, where it is made already.

    Returns
    -------
    tuple of Issue
        Every problem, errors and warnings, by place.
    """
    lacking = frozenset(incomplete)
    checked = Checked(catalog, limits or effective_limits(catalog), lacking, problem)
    found: list[Issue] = []
    for place, rule in enumerate(RULES):
        step("checking", place, len(RULES))
        if not lacking & {*rule.needs}:
            found.extend(rule.check(checked))
    return tuple(sorted(found, key=Issue.sort_key))


RULES: tuple[Rule, ...] = tuple(
    rule
    for theme in (keys, relations, modules, resources, programmes, candidates, reach, funding, norms)
    for rule in theme.RULES
)
"""Every rule. To add one: a function in the module that suits it and a line in the `RULES` at its end, its
texts in ``texts/issues.toml``, and an example in ``tests/broken_catalogs``."""
