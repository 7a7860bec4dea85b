"""What a change of a plan touches: the one place that says what must be looked at anew.

A change decides otherwise about some modules of one programme. What it touches follows from the formulas
of ``docs/formulation.md``, which say of each figure what it is made of:

- loads of a term (§6 to §8): of the modules that run in it, so the terms in which these modules run, before
  the change or after it;
- hours of a resource (§9): of the sites that use it, so the resources that these modules use or used;
- standing, sites and what a review decided (§1, §5, §9, §12): of each module by itself, so these modules;
- entry levels and requisites (§3, §4): of the modules that ask for them, so these modules and all that may
  lean on one of them: `ProgrammeBasis.leaning_on`;
- least learners (§14) and set-up (§10): of the programmes that start a module, so these modules.

All else of the programme is a few numbers (totals, shares, floors, functions): they are worked out again
from its parts. Other programmes stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from curriplan.evaluation.given import ProgrammeBasis
from curriplan.evaluation.parts import Taken
from curriplan.plan.plan import Site, Start
from curriplan.problem.curriculum import Option

Decided = tuple[tuple[Start, ...], tuple[Site, ...]]
"""Starts and sites, each sorted."""


@dataclass(frozen=True)
class Asked:
    """What of a programme is looked at: everything, or what a change touches.

    Parameters
    ----------
    modules : frozenset of str
        Decided otherwise; where everything is looked at, all that the programme takes or may take.
    options : tuple of Option
        Those of them that the programme may take.
    starts, sites, taken
        What is decided about them now, sorted.
    terms : tuple of int
        Terms of the programme whose loads may differ.
    resources : tuple of str
        Resources whose hours may differ.
    """

    modules: frozenset[str]
    options: tuple[Option, ...]
    starts: tuple[Start, ...]
    sites: tuple[Site, ...]
    taken: tuple[Taken, ...]
    terms: tuple[int, ...]
    resources: tuple[str, ...]


def everything(of: ProgrammeBasis, decided: Decided) -> Asked:
    """Return all of a programme, of which this is decided."""
    starts, sites = decided
    taken = taken_of(of, starts)
    return Asked(
        frozenset({*of.curriculum.options, *(row.module for row in starts)}),
        tuple(of.curriculum.options.values()),
        starts,
        sites,
        taken,
        tuple(sorted({*of.terms, *(term for row in taken for term in row.terms)})),
        tuple(sorted({row.resource for row in sites})),
    )


def touched(of: ProgrammeBasis, modules: Iterable[str], before: Iterable[Decided], now: Decided) -> Asked:
    """Return what a change touches, from all that was decided about its modules before, and is now."""
    names, options = frozenset(modules), of.curriculum.options
    starts, sites = now
    taken = taken_of(of, starts)
    terms = {term for row in taken for term in row.terms}
    resources = {row.resource for row in sites}
    for earlier_starts, earlier_sites in before:
        terms.update(term for row in taken_of(of, earlier_starts) for term in row.terms)
        resources.update(row.resource for row in earlier_sites)
    return Asked(
        names,
        tuple(options[name] for name in sorted(names) if name in options),
        starts,
        sites,
        taken,
        tuple(sorted(terms)),
        tuple(sorted(resources)),
    )


def taken_of(of: ProgrammeBasis, starts: Iterable[Start]) -> tuple[Taken, ...]:
    """Return the starts by term and module; modules that are no option teach nothing."""
    options = of.curriculum.options
    rows = (Taken(options[row.module], row.term) for row in starts if row.module in options)
    return tuple(sorted(rows, key=lambda row: (row.term, row.module)))
