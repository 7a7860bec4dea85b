"""The rules that tie the rows of a catalog together: one small function each, all in `RULES`.

A rule yields issues with the place of the value at fault. Rules that would speak of rows or cells which
could not be read name the tables or columns that they need whole, and wait until those are mended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from curriplan.base.arguments import taking
from curriplan.base.errors import Issue
from curriplan.base.progress import keeping_objects, step
from curriplan.catalog.records import CATALOG_READ, Catalog
from curriplan.problem.checks import (
    candidates,
    challenges,
    funding,
    intakes,
    keys,
    modules,
    norms,
    outlooks,
    programmes,
    reach,
    relations,
    resources,
)
from curriplan.problem.checks.careful import Unchecked, run_carefully, unread_in
from curriplan.problem.checks.checked import Checked, Rule
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class CatalogCheck:
    """What the rules say of a catalog.

    Parameters
    ----------
    issues : tuple of Issue
        Every problem, errors and warnings, by place.
    unchecked : tuple of Unchecked
        What could not be said, because of cells or rows that could not be read.
    """

    issues: tuple[Issue, ...]
    unchecked: tuple[Unchecked, ...]


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
        Every problem, errors and warnings, by place. A rule that needs cells or rows which could not be
        read says nothing, or nothing of their rows; `find_problems` tells which.
    """
    return find_problems(catalog, limits, incomplete, problem).issues


@keeping_objects()
def find_problems(
    catalog: Catalog,
    limits: Limits | None = None,
    incomplete: Iterable[str] = (),
    problem: Problem | None = None,
) -> CatalogCheck:
    """Check a catalog as `check_catalog` does, and say what could not be checked."""
    lacking = frozenset(incomplete)

    def checked(seen: Catalog, tables: frozenset[str]) -> Checked:
        return Checked(seen, limits or effective_limits(seen), tables)

    careful = unread_in(catalog)
    whole = None if careful else Checked(catalog, limits or effective_limits(catalog), lacking, problem)
    found: list[Issue] = []
    unchecked: list[Unchecked] = []
    for place, rule in enumerate(RULES):
        step("checking", place, len(RULES))
        if missing := lacking & rule.tables:
            unchecked.append(Unchecked(rule.theme, whole=True, tables=tuple(sorted(missing))))
        elif whole is not None:
            found.extend(rule.check(whole))
        else:
            certain, left = run_carefully(rule, catalog, lacking, checked)
            found.extend(certain)
            unchecked += [left] if left else []
    return CatalogCheck(tuple(sorted(found, key=Issue.sort_key)), tuple(unchecked))


RULES: tuple[Rule, ...] = tuple(
    rule
    for theme in (
        keys,
        relations,
        modules,
        resources,
        programmes,
        intakes,
        candidates,
        reach,
        funding,
        challenges,
        outlooks,
        norms,
    )
    for rule in theme.RULES
)
"""Every rule. To add one: a function in the module that suits it and a line in the `RULES` at its end, its
texts in ``texts/issues.toml``, and an example in ``tests/broken_catalogs``."""
