"""Random tiny catalogs in which a feature is likely to tell: drawn until it may change the best plan.

The catalogs of `random_catalogs` are so small that what stands in few rows seldom matters. Here the brute
force solves a catalog first, and what is added speaks against the plan that it finds best, or against
none: an instance that tells nothing by chance is drawn again. Each is a pure function of its seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from functools import cache
from itertools import combinations
from random import Random

from curriplan.base import semesters
from curriplan.catalog.records import Catalog, ModuleRequisite, Programme, Record, RequisiteKind
from instances.oracle import Enumeration, Options, OracleResult
from instances.random_catalogs import (
    HOURS_PER_CREDIT,
    KINDS,
    USUAL,
    Choice,
    Objectives,
    RandomOptions,
    credits_of,
    open_instance,
    random_instance,
    random_order,
    reviewed_instance,
    with_changes,
)

Instance = tuple[Catalog, RandomOptions, Objectives]
WISHES = ("balance", "closure", "cost", "disruption", "distance", "fairness", "no_harm", "peak")
TRIES = 200
"""So many catalogs are drawn at most for an instance; a handful is enough for most."""


def oracle_options(catalog: Catalog, options: RandomOptions) -> Options:
    """Return the options without programmes that a shrunk catalog no longer has."""
    known = {row.id for row in catalog.programmes}
    chosen = {**asdict(options), "programmes": tuple(p for p in options.programmes if p in known)}
    return Options(**chosen)


def plans_of(instance: Instance) -> Enumeration:
    """Enumerate the plans of an instance, to be solved by several objectives."""
    catalog, drawn, objectives = instance
    options = replace(oracle_options(catalog, drawn), with_others="adaptability" in dict(objectives))
    return Enumeration(catalog, options, frozenset())


def solved(instance: Instance) -> OracleResult | None:
    return plans_of(instance).solve(instance[2])


def a_best_plan(result: OracleResult) -> list[Choice]:
    return sorted(min(result.optima, key=sorted))


@cache
def ordered_instance(seed: int) -> Instance:
    """Return an instance with rows of order that speak against the plan which is best without them.

    Every other one is of a catalog that does not name the candidates of some programme. A row or two hold
    between further modules, and some rows look like alternatives, which they are not.
    """
    rng = Random(f"ordered {seed}")
    drawn = [open_instance, random_instance][seed % 2]
    for number in _numbers(seed):
        catalog, options, objectives = drawn(number)
        bare = tuple(row for row in catalog.module_requisites if row.kind is not RequisiteKind.ORDER)
        free = catalog.replace(module_requisites=bare)
        best = solved((free, options, objectives))
        pairs = [] if best is None else _in_turn(free, a_best_plan(best))
        if pairs:
            break
    chosen = rng.sample(pairs, k=min(len(pairs), rng.choice([1, 1, 2])))
    against = [
        ModuleRequisite(module=m, requires=a, kind="order", any_of="W3" if rng.random() < 0.3 else None)
        for m, a in chosen
    ]
    taken = {frozenset(pair) for pair in chosen}
    others = [
        row
        for row in random_order(free, rng)
        if frozenset((row.module, row.requires)) not in taken and rng.random() < 0.3
    ]
    return free.replace(module_requisites=(*bare, *against, *others)), options, objectives


def _in_turn(catalog: Catalog, plan: list[Choice]) -> list[tuple[str, str]]:
    """Return pairs of modules that no requisite joins, the first in an earlier term of a programme."""
    joined = {frozenset((row.module, row.requires)) for row in catalog.module_requisites}
    found: dict[frozenset[str], tuple[str, str]] = {}
    for (p, m, earlier), (q, a, later) in combinations(sorted(plan, key=lambda one: one[2]), 2):
        if p == q and earlier < later and frozenset((m, a)) not in joined:
            found.setdefault(frozenset((m, a)), (m, a))
    return list(found.values())


@cache
def filling_instance(seed: int) -> Instance:
    """Return an instance in which a programme must have more credits than the best plan gives it."""
    rng = Random(f"filling {seed}")
    for number in _numbers(seed):
        catalog, options, _ = random_instance(number)
        best = solved((catalog, options, USUAL))
        if best is None:
            continue
        asked_of = rng.choice(catalog.programmes)
        least = _credits(catalog, a_best_plan(best), asked_of.id) + rng.choice([0.5, 1.0, 1.0, 2.0])
        if least > (asked_of.max_credits or least):
            continue
        raised = asked_of.model_copy(update={"min_credits": least})
        programmes = (raised if row is asked_of else row for row in catalog.programmes)
        asked = catalog.replace(programmes=tuple(programmes))
        filled = solved((asked, options, USUAL))
        if filled is None:
            continue
        if filled.value("closure") <= best.value("closure") + 1e-9 or rng.random() < 0.3:
            return asked, options, USUAL
    raise AssertionError(f"no instance of {seed}")


def _credits(catalog: Catalog, plan: list[Choice], programme: str) -> float:
    """Return the credits of a programme, fixed load included."""
    by_id = {row.id: row for row in catalog.modules}
    fixed = (row for row in catalog.programme_fixed_hours if row.programme == programme)
    taken = credits_of(by_id[m] for p, m, _ in plan if p == programme)
    return taken + sum(row.hours(kind) for row in fixed for kind in KINDS) / HOURS_PER_CREDIT


@cache
def refused_instance(seed: int) -> Instance:
    """Return an instance with a reviewer's decisions, in most against what the best plan takes."""
    catalog, options, objectives = reviewed_instance(seed)
    rng = Random(f"refused {seed}")
    best = None
    if rng.random() < 0.7:
        best = solved((catalog, replace(options, review=()), objectives))
    if best is None or not a_best_plan(best):
        return catalog, options, objectives
    decided = rng.sample(a_best_plan(best), k=1)
    review = tuple((p, m, rng.choice([None, None, 1, 2])) for p, m, _ in decided)
    return catalog, replace(options, review=review), objectives


@cache
def changing_instance(seed: int) -> Instance:
    """Return an instance whose plan under review is best for another wish, with a decision on it or two.

    The fewest changes stand mostly first; without them another plan is the best.
    """
    rng = Random(f"changing {seed}")
    for number in _numbers(seed):
        catalog, drawn, objectives = random_instance(number)
        options = replace(drawn, max_changes=None, taught_until=None, previous=None, review=())
        plans = plans_of((catalog, options, objectives))
        best = plans.solve(objectives)
        if best is None:
            continue
        other = plans.solve(((rng.choice(WISHES), 0.0),))
        assert other is not None
        reviewed = tuple(sorted(rng.choice(sorted(other.optima, key=sorted))))
        if not reviewed or best.contains(reviewed):
            continue
        decided = rng.sample(reviewed, k=min(len(reviewed), rng.choice([0, 1, 1, 2])))
        review = tuple((p, m, rng.choice([t, t, None])) for p, m, t in sorted(decided))
        options = replace(options, review=review, reviewed=reviewed)
        instance = (catalog, options, with_changes(rng, objectives))
        plans = plans_of(instance)
        nearest, best = plans.solve(instance[2]), plans.solve(objectives)
        if nearest is None or best is None:
            continue
        if nearest.vectors != best.vectors or rng.random() < 0.1:
            return instance
    raise AssertionError(f"no instance of {seed}")


@cache
def asking_instance(seed: int) -> Instance:
    """Return an instance that newly asks levels, and seeks a short lag; in most it decides.

    In many of two programmes the second is a running intake of the first.
    """
    rng = Random(f"asking {seed}")
    for number in _numbers(seed):
        catalog, drawn, objectives = random_instance(number)
        horizon = rng.choice([None, None, "2031-1", "2028-2"])
        options = replace(drawn, horizon=horizon)
        if horizon == "2028-2":  # by then all have graduated, and those that repeat once more
            options = replace(options, programmes=())
        place = rng.choice([0, 0, 0, 1, len(objectives)])
        sought = (*objectives[:place], ("lag", rng.choice([0.0, 0.0, 0.2])), *objectives[place:])
        instance = (newly_asking(catalog, rng), options, sought)
        plans = plans_of(instance)
        fastest, best = plans.solve(sought), plans.solve(objectives)
        if fastest is None or best is None:
            continue
        if fastest.vectors != best.vectors or rng.random() < 0.02:
            return instance
    raise AssertionError(f"no instance of {seed}")


def newly_asking(catalog: Catalog, rng: Random) -> Catalog:
    """Return a catalog of which many requirements and floors say since when they ask."""
    semesters = ["2025-2", "2026-1", "2026-1", "2026-2", "2026-2", "2027-1", "2027-2"]

    def dated(rows: Iterable[Record]) -> tuple[Record, ...]:
        return tuple(
            row.model_copy(update={"since": rng.choice(semesters)}) if rng.random() < 0.6 else row
            for row in rows
        )

    programmes = list(catalog.programmes)
    if len(programmes) > 1 and rng.random() < 0.7:
        programmes = running_and_new(programmes)
    return catalog.replace(
        programmes=tuple(programmes),
        occupation_requirements=dated(catalog.occupation_requirements),
        floors=dated(catalog.floors),
    )


def running_and_new(programmes: list[Programme]) -> list[Programme]:
    """Let the one of two programmes that begins first be a running intake of the other."""
    first, second = sorted(programmes, key=lambda row: (row.start, row.id))
    update: dict[str, object] = {"repeats": False, "intake_of": second.id}
    if first.start == second.start:
        second = second.model_copy(update={"start": semesters.advance(second.start, 2)})
    return [first.model_copy(update=update), second]


def _numbers(seed: int) -> Iterator[int]:
    """Yield the seeds of the catalogs that an instance may be made of: its own for each instance."""
    yield from range(10_000 + TRIES * seed, 10_000 + TRIES * (seed + 1))
