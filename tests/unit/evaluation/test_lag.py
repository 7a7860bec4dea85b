"""The response lag: by hand, against the naive enumeration, and relations that hold at any size."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import UsageError
from curriplan.catalog.records import (
    Baseline,
    Catalog,
    Competency,
    Floor,
    ModuleOutcome,
    OccupationRequirement,
    Programme,
    ProgrammeModule,
    Target,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures.lag import lag_of
from curriplan.plan.lag import ResponseLag
from curriplan.plan.plan import Selection, Start
from curriplan.problem.asked import NewlyAsked, newly_asked
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from formulation.instances import base, module
from instances.naive import Naive
from instances.random_catalogs import random_instance
from instances.seeds import drawn
from instances.telling import newly_asking


def college(**tables: object) -> Catalog:
    """P begins in 2026-1, lasts 4 terms and repeats; Q is its running intake, of 2025-1.

    O asks C at 3 since 2026-2. A, taught in both today, lifts C to 1, M to 2, B to 3.
    """
    rows: dict[str, object] = {
        "competencies": tuple(Competency(id=name) for name in "CDE"),
        "programmes": (
            Programme(id="P", start="2026-1", terms=4, learners=20, repeats="yes"),
            Programme(id="Q", start="2025-1", terms=4, learners=15, intake_of="P"),
        ),
        "targets": tuple(Target(programme=name, occupation="O", share=1) for name in "PQ"),
        "occupation_requirements": (
            OccupationRequirement(
                occupation="O", competency="C", level=3, importance=0.5, essential="yes", since="2026-2"
            ),
        ),
        "modules": (module("A"), module("M"), module("B")),
        "module_outcomes": tuple(
            ModuleOutcome(module=name, competency="C", exit_level=level)
            for name, level in (("A", 1), ("M", 2), ("B", 3))
        ),
        "programme_modules": tuple(
            ProgrammeModule(
                programme=name,
                module=one,
                status="existing" if one == "A" else "candidate",
                current_term=1 if one == "A" else None,
            )
            for name in "PQ"
            for one in "AMB"
        ),
    }
    return base(**(rows | tables))


PLAN = Selection((Start("P", "B", 4), Start("Q", "A", 1), Start("Q", "M", 4)))


def lag(catalog: Catalog, selection: Selection, **chosen: object) -> ResponseLag:
    problem = Problem.of(catalog, Settings(**chosen))  # type: ignore[arg-type]
    found = lag_of(problem, selection)
    assert found is not None
    told = evaluate(problem, selection).objectives["lag"]
    assert told == pytest.approx(found.whole.lag_after, abs=1e-8)
    return found


def test_the_lag_by_hand() -> None:
    """C at 1, 2 and 3 weigh 1/2, 1/2 and 1/2 + 3/2: importance 0.5, twice for an essential one, halves.

    H: intakes of P graduate in 2027-2, 2028-2 and 2029-2, the last one by 2030-1. From 2026-2 on these are
    7 semesters. C at 1 is held from 2026-2 on (today's curriculum), C at 2 by Q, which graduates in 2026-2,
    C at 3 by P from 2027-2 on: after 2 semesters. lag = 2·2 / 3. If the curricula stay, C at 2 and 3 wait
    for all 7: (1/2·7 + 2·7) / 3.

    Without C at 3 graduate the 15 of Q in 2026-2, which is P's year too; if the curricula stay, also 20
    in each of 2027-2, 2028-2 and 2029-2.
    """
    found = lag(college(), PLAN, horizon="2030-1")
    assert found.horizon == "2029-2"
    assert [(one.level, one.weight) for one in found.steps] == [(1, 0.5), (2, 0.5), (3, 2.0)]
    assert [one.first_after for one in found.steps] == ["2026-2", "2026-2", "2027-2"]
    assert [one.first_before for one in found.steps] == ["2026-2", None, None]
    assert [(one.lag_before, one.lag_after) for one in found.steps] == [(0, 0), (7, 0), (7, 2)]
    assert [(one.learners_before, one.learners_after) for one in found.steps] == [(0, 0), (75, 0), (75, 15)]
    whole = found.whole
    assert (whole.lag_before, whole.lag_after) == (pytest.approx(17.5 / 3), pytest.approx(4 / 3))
    assert (whole.steps, whole.held_before, whole.held_after, whole.first_after) == (3, 1, 3, "2027-2")
    assert (whole.learners_before, whole.learners_after) == (75, 15), "each learner once"
    assert [row.of for row in found.programmes] == ["P"], "Q answers for P"
    assert [row.of for row in found.competencies] == ["C"]
    assert found.challenges == ()


def test_without_a_horizon_the_first_graduations_are_the_end() -> None:
    """H = 2027-2: of the 3 semesters from 2026-2 on C at 3 waits for 2, so the lag is the same 4/3."""
    found = lag(college(), PLAN)
    assert (found.horizon, found.whole.lag_after) == ("2027-2", pytest.approx(4 / 3))
    assert found.whole.lag_before == pytest.approx(2.5 * 3 / 3)


def test_what_is_asked_after_the_horizon_waits_for_nothing_and_weighs_all_the_same() -> None:
    """D at 1 weighs 0.5 · 2 · 1 = 1 beside the 3 of C: 4 / (3 + 1)."""
    catalog = college()
    late = OccupationRequirement(
        occupation="O", competency="D", level=1, importance=0.5, essential="yes", since="2031-1"
    )
    found = lag(catalog.replace(occupation_requirements=(*catalog.occupation_requirements, late)), PLAN)
    assert found.whole.lag_after == pytest.approx(4 / 4)
    assert (found.steps[-1].first_after, found.steps[-1].lag_after) == (None, 0)


def test_nobody_graduates_by_the_horizon() -> None:
    with pytest.raises(UsageError, match="horizon-before-graduation"):
        Problem.of(college(), Settings(horizon="2026-1"))


def test_nothing_is_newly_asked() -> None:
    catalog = college()
    rows = (row.model_copy(update={"since": None}) for row in catalog.occupation_requirements)
    problem = Problem.of(catalog.replace(occupation_requirements=tuple(rows)))
    assert lag_of(problem, PLAN) is None
    assert "lag" not in evaluate(problem, PLAN).objectives


def floor(level: int, since: str | None, programme: str | None = None) -> Floor:
    return Floor(competency="D", level=level, since=since, programme=programme)


def test_a_floor_binds_whoever_begins_when_it_is_asked() -> None:
    """Q began before 2026-2; P did too, but repeats. As an essential of importance 1, D weighs 2."""
    catalog = college(floors=(floor(1, "2026-2"),), occupation_requirements=())
    problem = Problem.of(catalog)
    broken = [(check.rule, check.programme) for check in evaluate(problem, PLAN).broken]
    assert broken == [("§11", "P")]
    found = lag(catalog, PLAN)
    assert [(one.programme, one.weight, one.lag_after) for one in found.steps] == [("P", 2.0, 3)]


def test_a_level_that_floors_ask_counts_once_and_not_where_it_was_always_asked() -> None:
    """Levels 1 and 2 since 2026-2 by the general row, 3 since 2027-1 by that of P; then 1 always."""
    rows = (floor(2, "2026-2"), floor(3, "2027-1", "P"))
    found = lag(college(floors=rows, occupation_requirements=()), PLAN)
    assert [(one.level, one.since) for one in found.steps] == [(1, "2026-2"), (2, "2026-2"), (3, "2027-1")]
    assert [one.weight for one in found.steps] == [1.0, 1.0 + 2.0, 1.0 + 3.0]
    rows = (floor(1, None), floor(3, "2027-1", "P"))
    found = lag(college(floors=rows, occupation_requirements=()), PLAN)
    assert [(one.level, one.since) for one in found.steps] == [(2, "2027-1"), (3, "2027-1")]


def test_two_catalogs_compared() -> None:
    """Of C only the level above the old one, of E only that above the general floor; D is new."""

    def asking(competency: str, level: int, since: str | None = None) -> OccupationRequirement:
        return OccupationRequirement(
            occupation="O", competency=competency, level=level, importance=1, essential="no", since=since
        )

    def at_least(level: int, programme: str | None = None) -> Floor:
        return Floor(competency="E", level=level, programme=programme)

    old = college(occupation_requirements=(asking("C", 2),), floors=(at_least(2),))
    new = college(
        occupation_requirements=(asking("C", 3), asking("D", 1), asking("E", 1, "2027-1")),
        floors=(at_least(2), at_least(3, "P")),
    )
    found = newly_asked(old, new, "2026-2")
    assert found == (
        NewlyAsked("C", 2, "2026-2", occupation="O"),
        NewlyAsked("D", 0, "2026-2", occupation="O"),
        NewlyAsked("E", 2, "2026-2", programme="P"),
    )
    assert newly_asked(new, new, "2026-2") == ()
    steps = lag(new, PLAN, asked=found).steps
    assert [(one.competency, one.level, one.since, one.occupation) for one in steps] == [
        ("C", 3, "2026-2", "O"),
        ("D", 1, "2026-2", "O"),
        ("E", 1, "2027-1", "O"),  # it says so itself
        ("E", 3, "2026-2", None),
    ]


def test_what_learners_of_a_running_intake_bring_is_held_whatever_is_taken() -> None:
    """Learners of Q bring C at 3, and graduate when it is asked; the model knows it, too."""
    catalog = college(baseline=(Baseline(programme="Q", competency="C", level=3),))
    found = lag(catalog, Selection(()))
    assert [one.first_after for one in found.steps] == ["2026-2", "2026-2", "2026-2"]
    assert found.whole.lag_after == 0
    (stage,) = optimize_catalog(catalog, Settings(objectives=(ObjectiveChoice("lag"),))).plan.stages
    assert (stage.value, stage.bound) == (0, pytest.approx(0))


def test_an_intake_that_is_not_planned_answers_with_its_curriculum_of_today() -> None:
    """Q is taught M: graduates hold C at 2 from 2026-2 on, also where P alone is planned.

    The 15 of Q graduate without C at 3 in 2026-2; P's own intakes begin to do so with the next.
    """
    rows = tuple(
        row.model_copy(update={"current_term": 2}) if (row.programme, row.module) == ("Q", "M") else row
        for row in college().programme_modules
    )
    found = lag(college(programme_modules=rows), Selection((Start("P", "B", 4),)), programmes=("P",))
    assert [one.first_after for one in found.steps] == ["2026-2", "2026-2", "2027-2"]
    assert [one.learners_after for one in found.steps] == [0, 0, 15]


# --- random catalogs: any decisions will do, whether or not they keep the rules

SEEDS = range(60)


def instance(seed: int) -> tuple[Random, Catalog, Selection]:
    """Return a catalog that newly asks, and starts drawn at random."""
    rng = Random(f"lag {seed}")
    catalog = newly_asking(random_instance(seed)[0], rng)
    curricula = Problem.of(catalog).curricula.by_programme
    starts = tuple(
        Start(name, one.module.id, rng.choice(one.starts))
        for name, curriculum in curricula.items()
        for one in curriculum.open_options
        if one.starts and rng.random() < 0.4
    )
    return rng, catalog, Selection(tuple(sorted(starts)))


def waiting(catalog: Catalog, selection: Selection) -> float | None:
    found = lag_of(Problem.of(catalog), selection)
    return None if found is None else found.whole.lag_after


@pytest.mark.parametrize("seed", drawn(SEEDS, one_of=3))
def test_the_lag_is_that_of_the_text(seed: int) -> None:
    """Semester by semester in fractions; and that of all programmes is the mean of theirs, by weight."""
    _, catalog, selection = instance(seed)
    by_hand = Naive(catalog).lag({(one.programme, one.module): one.term for one in selection.starts})
    found = lag_of(Problem.of(catalog), selection)
    assert (found.whole.lag_after if found else 0.0) == pytest.approx(float(by_hand), abs=1e-8)
    if found:
        learners = {row.id: row.learners for row in catalog.programmes}
        worth: dict[str, float] = {}
        for one in found.steps:
            worth[one.programme] = worth.get(one.programme, 0.0) + one.weight * learners[one.programme]
        whole = sum(worth[row.of] * row.lag_after for row in found.programmes) / sum(worth.values())
        assert whole == pytest.approx(found.whole.lag_after, abs=1e-6)


def test_when_a_module_is_taught_changes_nothing_and_more_is_never_slower() -> None:
    """Each of these with a later `since`, too: no requirement waits longer for being asked later."""
    shorter = later = 0
    for seed in SEEDS:
        rng, catalog, selection = instance(seed)
        before = waiting(catalog, selection)
        options = {
            (name, one.module.id): one
            for name, curriculum in Problem.of(catalog).curricula.by_programme.items()
            for one in curriculum.open_options
        }
        moved = (
            replace(one, term=rng.choice(options[one.programme, one.module].starts))
            for one in selection.starts
        )
        assert waiting(catalog, Selection(tuple(moved))) == before, seed
        taken = {(one.programme, one.module) for one in selection.starts}
        added = (
            Start(*key, one.starts[0]) for key, one in options.items() if one.starts and key not in taken
        )
        more = waiting(catalog, Selection((*selection.starts, *added)))
        postponed = tuple(
            row.model_copy(update={"since": rng.choice([row.since, "2027-1", "2027-2", "2028-1"])})
            if row.since is not None and row.since <= "2027-1"
            else row
            for row in catalog.occupation_requirements
        )
        delayed = waiting(catalog.replace(occupation_requirements=postponed), selection)
        if before is None or more is None or delayed is None:
            assert before is more is delayed is None, seed
            continue
        assert more <= before + 1e-8 and delayed <= before + 1e-8, seed
        shorter += more < before
        later += delayed < before
    assert min(shorter, later) >= 10, (shorter, later)
