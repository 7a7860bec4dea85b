"""Other occupations that a plan opens: by mental arithmetic, and by brute force from the text."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from curriplan.catalog.records import Catalog, Demand, Occupation, OccupationRequirement, Target
from curriplan.evaluation.figures.doors import adaptability_of
from curriplan.evaluation.planned import existing_selection
from curriplan.plan.doors import MOST_SHUT, Adaptability, Opener, OtherOccupation
from curriplan.plan.plan import Selection, Start
from curriplan.problem.problem import Problem
from instances.random_catalogs import Draw
from instances.seeds import drawn
from unit.evaluation.builders import college, good, problem_of


def need(occupation: str, competency: str, level: int, *, essential: bool = True) -> OccupationRequirement:
    return OccupationRequirement(
        occupation=occupation, competency=competency, level=level, importance=0.3, essential=essential
    )


# O, the target, needs C at 2 and D at 1. R needs C at 2 and D at 2, only C essential; S needs D at 1; V needs
# C at 1, which nobody can do without it being essential: it can be no door.
OTHERS = (
    need("O", "C", 2),
    need("O", "D", 1, essential=False),
    need("R", "C", 2),
    need("R", "D", 2, essential=False),
    need("S", "D", 1),
    need("V", "C", 1, essential=False),
)


def wider(**tables: Any) -> Catalog:
    occupations = tuple(Occupation(id=name) for name in "ORSVW")  # W asks for nothing
    return college(**{"occupations": occupations, "occupation_requirements": OTHERS, **tables})


def found(selection: Selection, **tables: Any) -> Adaptability:
    one = adaptability_of(problem_of(wider(**tables)), selection)
    assert one is not None
    return one


def test_doors_and_covers_by_hand() -> None:
    # Today P holds D at 1 (E): of R 1 of 4 levels, of S all, of V none. The plan adds C at 2: of R 3, of V
    # all. R opens by its essential C, S is open today, V has no essential need. Q holds C at 1 throughout.
    one = found(good())
    assert [row for row in one.occupations if row.programme == "P"] == [
        OtherOccupation("P", "S", pytest.approx(1 / 3), 1, 1, 1, 1, 1),
        OtherOccupation("P", "R", pytest.approx(1 / 3), 0.25, 0.75, 1, 0, 1),
        OtherOccupation("P", "V", pytest.approx(1 / 3), 0, 1, 0, 0, 0),
    ]
    p, q = one.programmes
    assert (p.others, p.doors_brought, p.doors_before, p.doors_after) == (3, 0, 1, 2)
    assert (p.demand_before, p.demand_after) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (p.index_before, p.index_after) == (pytest.approx(1.25 / 3), pytest.approx(2.75 / 3))
    # Q brings C at 1: a quarter of R and all of V.
    assert (q.doors_after, q.index_after) == (0, pytest.approx(1.25 / 3))
    assert (one.doors_before, one.doors_after, one.occupations_after) == (1, 2, 2)
    assert one.index_after == pytest.approx((30 * 2.75 + 10 * 1.25) / 3 / 40)


def test_the_module_that_opens_most() -> None:
    # Without B only R is lost (C falls to 1; a quarter of R's levels); without E only S (and a quarter of R).
    # Both lose one door: E loses 1 + 1/4 of three, B 1/4.
    one = found(good())
    assert one.programmes[0].opens_most == Opener("E", 1, pytest.approx(1.25 / 3))
    assert one.opens_most == Opener("E", 1, pytest.approx(30 / 40 * 1.25 / 3))
    assert one.programmes[1].opens_most is None  # Q takes nothing


def test_what_another_module_teaches_too_is_no_loss() -> None:
    # D1 teaches D as E does: neither alone holds a door of D, so that B opens most.
    both = good()
    both = replace(both, starts=(*both.starts, Start("P", "D1", 2)))
    assert found(both).programmes[0].opens_most == Opener("B", 1, pytest.approx(0.25 / 3))


def test_openings_weigh() -> None:
    # R 30 + 10, S none, V 10: S, open today, has no part of the demand.
    demand = (
        Demand(occupation="R", year=2026, openings=30),
        Demand(occupation="R", year=2027, openings=10),
        Demand(occupation="V", year=2027, openings=10),
        Demand(occupation="S", year=2027, scenario="BOOM", openings=1000),
    )
    p = found(good(), demand=demand).programmes[0]
    assert (p.demand_before, p.demand_after) == (0, pytest.approx(0.8))
    assert p.index_after == pytest.approx(0.8 * 0.75 + 0.2)


def test_without_openings_there_are_doors_and_no_index() -> None:
    demand = (Demand(occupation="O", year=2027, openings=10),)
    p = found(good(), demand=demand).programmes[0]
    assert (p.index_before, p.index_after, p.doors_after, p.demand_after) == (None, None, 2, 0)


def test_nothing_is_said_where_there_are_no_other_occupations() -> None:
    assert adaptability_of(problem_of(college()), good()) is None
    targets = tuple(Target(programme=p, occupation=o, share=0.25) for p in "PQ" for o in "ORSV")
    assert adaptability_of(problem_of(wider(targets=targets)), good()) is None


def test_only_the_best_covered_have_rows_beside_the_doors() -> None:
    # 60 more occupations need C at 8: P covers a quarter of each.
    more = [f"X{number:02}" for number in range(60)]
    one = found(
        good(),
        occupations=tuple(Occupation(id=name) for name in [*"ORSV", *more]),
        occupation_requirements=(*OTHERS, *(need(name, "C", 8) for name in more)),
    )
    p = [row for row in one.occupations if row.programme == "P"]
    assert one.programmes[0].others == 63
    assert len(p) == 2 + MOST_SHUT
    assert [row.occupation for row in p[:4]] == ["S", "R", "V", "X00"]


class Naive:
    """Cover and doors of a programme with some modules, from the text, in fractions."""

    def __init__(self, catalog: Catalog, programme: str) -> None:
        self.c, self.programme = catalog, programme
        targets = {row.occupation for row in catalog.base_targets if row.programme == programme}
        asking = {row.occupation for row in catalog.occupation_requirements}
        self.others = [o.id for o in catalog.occupations if o.id in asking and o.id not in targets]

    def level(self, modules: set[str], competency: str) -> int:
        brought = self.c.teaching.baseline(self.programme).get(competency, 0)
        taught = [
            row.exit_level for m in modules for row in self.c.teaching.of(m) if row.competency == competency
        ]
        return max([brought, *taught])

    def needs(self, occupation: str) -> list[OccupationRequirement]:
        return [row for row in self.c.occupation_requirements if row.occupation == occupation]

    def cover(self, modules: set[str], occupation: str) -> Fraction:
        needs = self.needs(occupation)
        held = sum(min(self.level(modules, row.competency), row.level) for row in needs)
        return Fraction(held, sum(row.level for row in needs))

    def doors(self, modules: set[str]) -> set[str]:
        found = set()
        for occupation in self.others:
            essential = [row for row in self.needs(occupation) if row.essential]
            if essential and all(self.level(modules, row.competency) >= row.level for row in essential):
                found.add(occupation)
        return found

    def index(self, modules: set[str]) -> Fraction | None:
        rows = [row for row in self.c.demand if row.scenario is None]
        weights = [
            sum((Fraction(str(row.openings)) for row in rows if row.occupation == name), Fraction(0))
            if rows
            else Fraction(1)
            for name in self.others
        ]
        if not sum(weights):
            return None
        covers = [self.cover(modules, name) for name in self.others]
        return sum(weight * cover for weight, cover in zip(weights, covers, strict=True)) / sum(weights)


def instance(seed: int) -> tuple[Problem, Selection]:
    """Return a random catalog with a plan of whatever modules: no rule is asked."""
    rng = Random(seed)
    catalog = Draw(rng).catalog()
    problem = Problem.of(catalog)
    starts = [
        Start(name, option.module.id, option.starts[0])
        for name in problem.limits.planned
        for option in problem.curricula.by_programme[name].open_options
        if option.starts and rng.random() < 0.6
    ]
    return problem, Selection(tuple(sorted(starts)))


def taken(selection: Selection, programme: str) -> set[str]:
    return {start.module for start in selection.starts if start.programme == programme}


@pytest.mark.parametrize("seed", drawn(range(60)))
def test_covers_and_doors_are_those_of_the_text(seed: int) -> None:
    problem, selection = instance(seed)
    today = existing_selection(problem)
    naive = {name: Naive(problem.catalog, name) for name in problem.limits.planned}
    asked = [name for name in problem.limits.planned if naive[name].others]
    one = adaptability_of(problem, selection)
    if one is None:
        assert not asked
        return
    assert [row.programme for row in one.programmes] == asked
    for row in one.programmes:
        by_hand, plan = naive[row.programme], taken(selection, row.programme)
        before, after = taken(today, row.programme), by_hand.doors(plan)
        assert (row.doors_before, row.doors_after) == (len(by_hand.doors(before)), len(after))
        for told, modules in ((row.index_before, before), (row.index_after, plan)):
            wanted = by_hand.index(modules)
            assert told == (None if wanted is None else pytest.approx(float(wanted)))
        losses = {}
        for module in sorted(plan):
            rest = plan - {module}
            fall = (by_hand.index(plan) or Fraction(0)) - (by_hand.index(rest) or Fraction(0))
            losses[module] = (len(after) - len(by_hand.doors(rest)), fall)
        best = min(losses, key=lambda name: (-losses[name][0], -losses[name][1], name), default=None)
        if best is None or not any(losses[best]):
            assert row.opens_most is None
        else:
            assert row.opens_most == Opener(best, losses[best][0], pytest.approx(float(losses[best][1])))
    for line in one.occupations:
        by_hand = naive[line.programme]
        plan, before = taken(selection, line.programme), taken(today, line.programme)
        assert line.cover_after == pytest.approx(float(by_hand.cover(plan, line.occupation)))
        assert line.cover_before == pytest.approx(float(by_hand.cover(before, line.occupation)))
        assert line.is_door_after is (line.occupation in by_hand.doors(plan))
        assert line.is_door_before is (line.occupation in by_hand.doors(before))


@pytest.mark.parametrize("seed", drawn(range(30)))
def test_another_module_never_shuts_a_door(seed: int) -> None:
    problem, selection = instance(seed)
    whole = adaptability_of(problem, selection)
    if whole is None:
        return
    for gone in selection.starts:
        rest = replace(selection, starts=tuple(one for one in selection.starts if one != gone))
        less = adaptability_of(problem, rest)
        assert less is not None
        doors = [
            {(row.programme, row.occupation) for row in one.occupations if row.is_door_after}
            for one in (less, whole)
        ]
        assert doors[0] <= doors[1]
        assert less.index_after <= whole.index_after + 1e-9
