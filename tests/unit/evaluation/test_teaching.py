"""What relations between competencies add: levels brought, levels taught, entry levels."""

from __future__ import annotations

from curriplan.catalog.records import Baseline, Catalog, CompetencyRelation, ModuleOutcome
from curriplan.evaluation.result import Evaluation
from unit.evaluation.builders import OUTCOMES, college, evaluated, good, outcome


def related(kind: str, source: str, target: str, *outcomes: ModuleOutcome, **columns: object) -> Catalog:
    relation = CompetencyRelation(source=source, target=target, kind=kind, **columns)
    return college(competency_relations=(relation,), module_outcomes=(*OUTCOMES, *outcomes))


def breaches(evaluation: Evaluation) -> list[tuple[str, tuple[str, ...]]]:
    return [(check.aspect, check.details) for check in evaluation.broken]


def test_a_transfer_widens_what_a_module_teaches() -> None:
    # B teaches C to 2; half of it is D at 1: without E nothing of D is lost.
    catalog = related("transfers", "C", "D", factor=0.5)
    evaluation = evaluated(catalog, good(without=["P:E@2"]))
    assert evaluation.levels_after["P"] == {"C": 2, "D": 1}
    assert evaluation.programmes[0].closure_after == 1


def test_a_transfer_is_rounded_down() -> None:
    # 0.4 · 2 = 0.8.
    evaluation = evaluated(related("transfers", "C", "D", factor=0.4), good(without=["P:E@2"]))
    assert evaluation.levels_after["P"].get("D", 0) == 0


def test_a_transfer_widens_what_learners_bring() -> None:
    # Q has C at 1 at entry, all of which counts as D: D is no missing step of it.
    catalog = related("transfers", "C", "D", factor=1)
    evaluation = evaluated(catalog, good())
    assert evaluation.levels_before["Q"] == {"C": 1, "D": 1}


def test_what_is_transferred_serves_as_an_entry_level() -> None:
    # B in term 2 asks D at 1: C at 1, which A teaches in term 1, carries over.
    asks = (outcome("B", "D", 1, 2),)
    assert breaches(evaluated(college(module_outcomes=(*OUTCOMES, *asks)), good())) == [
        ("entry_levels", ("B:D",))
    ]
    assert breaches(evaluated(related("transfers", "C", "D", *asks, factor=1), good())) == []


class TestRequires:
    """B lifts C over 2, so a relation C requires D at 1 from 2 on asks D at 1 before B."""

    def test_it_becomes_an_entry_level(self) -> None:
        evaluation = evaluated(related("requires", "C", "D", level=1, source_level=2), good())
        # E teaches D in term 2 only, with B.
        assert breaches(evaluation) == [("entry_levels", ("B:D",))]

    def test_only_of_the_module_that_lifts_over_the_source_level(self) -> None:
        # From 1 on: A lifts C from 0 to 1, B starts above it.
        evaluation = evaluated(related("requires", "C", "D", level=1, source_level=1), good())
        assert breaches(evaluation) == [("entry_levels", ("A:D",))]

    def test_not_where_learners_bring_it(self) -> None:
        catalog = related("requires", "C", "D", level=1, source_level=2)
        rows = (*catalog.baseline, Baseline(programme="P", competency="D", level=1))
        assert breaches(evaluated(catalog.replace(baseline=rows), good())) == []

    def test_not_where_the_module_teaches_it_itself(self) -> None:
        catalog = related("requires", "C", "D", outcome("B", "D", 0, 1), level=1, source_level=2)
        assert breaches(evaluated(catalog, good())) == []
