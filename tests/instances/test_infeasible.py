"""Catalogs without a plan: what clashes, and the repairs, against the oracle and another solver.

Every rule has a catalog that is infeasible only because of it: without that rule (for the oracle, which
shares no code) there is a plan. CBC, on a model that is written anew with only the rows in question,
confirms that each clash is one, and is none without any one of its members.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pulp
import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    Competency,
    CompetencyRelation,
    Floor,
    FundingBudget,
    FundingLimit,
    FundingSource,
    LabourFunction,
    ModuleFunction,
    ModuleOutcome,
    ModuleRequisite,
    ModuleResource,
    ProfileEntry,
    Programme,
    ProgrammeModule,
    ProgrammeTerm,
    Resource,
    ResourceCapacity,
    Target,
)
from curriplan.optimizer.solve.alone import closure_alone
from curriplan.optimizer.solve.session import HighsSession, PulpSession
from curriplan.optimizer.solve.solver import (
    Interrupt,
    Outcome,
    SolveOptions,
    solve_with_cbc,
    solve_with_highs,
)
from curriplan.optimizer.solve.stages import build_model
from curriplan.plan.diagnosis import Diagnosis
from curriplan.problem.aspects import ASPECTS, InSettings, InTable
from curriplan.problem.checks import check_catalog
from curriplan.problem.edits import apply_edits
from curriplan.problem.limits import effective_limits
from curriplan.problem.problem import Problem
from curriplan.problem.review import Choice, ReviewDecision
from curriplan.problem.settings import Settings
from curriplan.report.diagnosis import diagnosis_lines, diagnosis_to_data
from formulation.instances import base, module, of_programme, profile
from instances import oracle
from instances.random_catalogs import random_instance, settings_choices


@dataclass(frozen=True)
class Instance:
    """A catalog without a plan, the aspects that clash, and the repairs that must be proposed.

    ``repairs`` are (table or "settings", column, new value) of each edit.
    """

    catalog: Catalog
    aspects: frozenset[str]
    repairs: tuple[tuple[tuple[str, str | None, Any], ...], ...]
    settings: Settings = field(default_factory=Settings)


def a_is_mandatory(*others: tuple[str, dict[str, Any]]) -> tuple[ProgrammeModule, ...]:
    return of_programme(("A", {"status": "mandatory"}), *others)


def both_mandatory() -> tuple[ProgrammeModule, ...]:
    return a_is_mandatory(("B", {"status": "mandatory"}))


NO_ENTRY = tuple(row.model_copy(update={"entry_level": 0}) for row in base().module_outcomes)
LAB = Resource(id="L", kind="lab", category="laboratory", places=15)
A_IN_LAB = ModuleResource(module="A", resource_kind="lab", hours_kind="laboratory_practical")
OPTIONAL = ("programme_modules", "status", "candidate")
ENTRY_0 = ("module_outcomes", "entry_level", 0)


def terms(**columns: Any) -> tuple[ProgrammeTerm, ...]:
    return tuple(ProgrammeTerm(programme="P", term=term, **columns) for term in (1, 2))


INSTANCES: dict[str, Instance] = {
    # A lasts both terms, so it can only start in term 1, and must start in term 2.
    "§1 allowed_terms": Instance(
        base(
            modules=(module("A", span_terms=2), module("B", 3)),
            programme_modules=of_programme(("A", {"status": "mandatory", "allowed_terms": "2"})),
        ),
        frozenset({"mandatory_modules", "allowed_terms"}),
        ((("programme_modules", "allowed_terms", (1, 2)),), (OPTIONAL,)),
    ),
    # B needs level 1 of C, which only A teaches, and A is no module of P.
    "§3": Instance(
        base(programme_modules=of_programme(("B", {"status": "mandatory"}))),
        frozenset({"mandatory_modules", "entry_levels"}),
        ((("module_outcomes", "entry_level", 0),), (OPTIONAL,)),
    ),
    # B lifts C to 2; from there C requires D at 1, which nobody teaches.
    "§3 requires": Instance(
        base(
            competencies=(Competency(id="C"), Competency(id="D")),
            competency_relations=(
                CompetencyRelation(source="C", target="D", kind="requires", level=1, source_level=2),
            ),
            programme_modules=a_is_mandatory(("B", {"status": "mandatory"})),
        ),
        frozenset({"mandatory_modules", "entry_levels"}),
        ((("competency_relations", None, None),), (OPTIONAL,)),
    ),
    # A comes after B, B needs A's level 1. To make one of them optional is no repair: the other one stays.
    "§4 prerequisites": Instance(
        base(
            module_requisites=(ModuleRequisite(module="A", requires="B", kind="prerequisite"),),
            programme_modules=both_mandatory(),
        ),
        frozenset({"mandatory_modules", "entry_levels", "prerequisites"}),
        ((("module_outcomes", "entry_level", 0),), (("module_requisites", None, None),)),
    ),
    # A needs B by its own term; B may not be taken.
    "§4 corequisites": Instance(
        base(
            module_requisites=(ModuleRequisite(module="A", requires="B", kind="corequisite"),),
            module_outcomes=NO_ENTRY,
            programme_modules=a_is_mandatory(("B", {"status": "forbidden"})),
        ),
        frozenset({"mandatory_modules", "corequisites", "forbidden_modules"}),
        ((("module_requisites", None, None),), (OPTIONAL,), (OPTIONAL,)),
    ),
    # A may not come before B, but A may only start in 1 and B in 2.
    "§4 order": Instance(
        base(
            module_requisites=(ModuleRequisite(module="A", requires="B", kind="order"),),
            module_outcomes=NO_ENTRY,
            programme_modules=of_programme(
                ("A", {"status": "mandatory", "pinned_term": 1}),
                ("B", {"status": "mandatory", "pinned_term": 2}),
            ),
        ),
        frozenset({"mandatory_modules", "orders", "allowed_terms"}),
        (
            (("programme_modules", "pinned_term", 2),),
            (("programme_modules", "pinned_term", 1),),
            (("module_requisites", None, None),),
            (OPTIONAL,),  # of another kind than the three that are milder
        ),
    ),
    # A must stand beside B, but A may only start in 1 and B in 2.
    "§4 strict_corequisites": Instance(
        base(
            module_requisites=(ModuleRequisite(module="A", requires="B", kind="strict_corequisite"),),
            module_outcomes=NO_ENTRY,
            programme_modules=of_programme(
                ("A", {"status": "mandatory", "pinned_term": 1}),
                ("B", {"status": "candidate", "pinned_term": 2}),
            ),
        ),
        frozenset({"mandatory_modules", "strict_corequisites", "allowed_terms"}),
        (
            (("programme_modules", "pinned_term", 2),),
            (("programme_modules", "pinned_term", 1),),
            (("module_requisites", None, None),),
            (OPTIONAL,),  # of another kind than the three that are milder
        ),
    ),
    "§5": Instance(
        base(
            modules=(module("A", exclusive_group="G"), module("B", 3, exclusive_group="G")),
            module_outcomes=NO_ENTRY,
            programme_modules=both_mandatory(),
        ),
        frozenset({"mandatory_modules", "exclusive_groups"}),
        ((("modules", "exclusive_group", None),), (OPTIONAL,), (OPTIONAL,)),
    ),
    # A has 2 credits, B has 3.
    "§6 total_credits_min": Instance(
        base(programmes=(Programme(id="P", start="2026-1", terms=2, learners=30, min_credits=6.5),)),
        frozenset({"total_credits_min"}),
        ((("programmes", "min_credits", 5.0),),),
    ),
    "§6 total_credits_min of the profile": Instance(
        base(
            programmes=(
                Programme(
                    id="P",
                    start="2026-1",
                    terms=2,
                    learners=30,
                    qualification="4S06130103",
                    entry_base="grade9",
                ),
            ),
            profile=profile(total_credits_4S_grade9="6.5"),
        ),
        frozenset({"total_credits_min"}),
        ((("profile", "value", "5"),),),
    ),
    "§6 total_credits_max": Instance(
        base(
            programmes=(Programme(id="P", start="2026-1", terms=2, learners=30, max_credits=4),),
            programme_modules=both_mandatory(),
        ),
        frozenset({"mandatory_modules", "total_credits_max"}),
        # B cannot do without A, so only B may become optional.
        ((("programmes", "max_credits", 5.0),), (OPTIONAL,)),
    ),
    "§6 term_credits_max": Instance(
        base(programme_terms=terms(max_credits=1), programme_modules=a_is_mandatory()),
        frozenset({"mandatory_modules", "term_credits_max"}),
        # A may stand in either term: one of the two limits suffices.
        ((("programme_terms", "max_credits", 2.0),), (("programme_terms", "max_credits", 2.0),), (OPTIONAL,)),
    ),
    # Only A is there, 2 credits, and each term wants 1.
    "§6 term_credits_min": Instance(
        base(programme_terms=terms(min_credits=1), programme_modules=a_is_mandatory()),
        frozenset({"term_credits_min"}),
        ((("programme_terms", "min_credits", 0.0),), (("programme_terms", "min_credits", 0.0),)),
    ),
    "§6 term_modules_max": Instance(
        base(programme_terms=terms(max_modules=0), programme_modules=a_is_mandatory()),
        frozenset({"mandatory_modules", "term_modules_max"}),
        ((("programme_terms", "max_modules", 1),), (("programme_terms", "max_modules", 1),), (OPTIONAL,)),
    ),
    "§6 term_modules_min": Instance(
        base(programme_terms=terms(min_modules=1), programme_modules=a_is_mandatory()),
        frozenset({"term_modules_min"}),
        ((("programme_terms", "min_modules", 0),), (("programme_terms", "min_modules", 0),)),
    ),
    # A's 48 hours in 2 weeks are 24 a week, in either term.
    "§6 weekly_hours": Instance(
        base(
            programme_terms=terms(weeks=2),
            programme_modules=a_is_mandatory(),
            profile=profile(weekly_hours="20"),
        ),
        frozenset({"mandatory_modules", "weekly_hours"}),
        ((OPTIONAL,), (("profile", "value", "24"),)),
    ),
    "§6 weekly_hours_all": Instance(
        base(
            programme_terms=terms(weeks=2),
            programme_modules=a_is_mandatory(),
            profile=profile(weekly_hours_all="20"),
        ),
        frozenset({"mandatory_modules", "weekly_hours_all"}),
        ((OPTIONAL,), (("profile", "value", "24"),)),
    ),
    # A is half practice (24 of 48 h). With B, all practice (72 h): 96 of 120 h, four fifths.
    "§7": Instance(
        base(
            modules=(module("A"), module("B", 3, theory_hours=0, laboratory_practical_hours=72)),
            programme_modules=a_is_mandatory(("B", {"status": "candidate"})),
        ),
        frozenset({"mandatory_modules", "practice_share"}),
        ((("settings", "practice_share", 0.8),), (OPTIONAL,)),
        Settings(practice_share=0.85),
    ),
    "§7 of the profile": Instance(
        base(programme_modules=a_is_mandatory(), profile=profile(practice_share_min="0.6")),
        frozenset({"mandatory_modules", "practice_share"}),
        ((OPTIONAL,), (("profile", "value", "0.5"),)),
    ),
    # A has 24 h of production training, of which 6 h at an enterprise: a quarter.
    "§8": Instance(
        base(
            modules=(
                module("A", laboratory_practical_hours=0, production_training_hours=24),
                module("B", 3),
            ),
            programmes=(Programme(id="P", start="2026-1", terms=2, learners=30, dual="yes"),),
            resources=(Resource(id="E", kind="firm", category="enterprise"),),
            module_resources=(
                ModuleResource(
                    module="A", resource_kind="firm", hours_kind="production_training", hours_share=0.25
                ),
            ),
            programme_modules=a_is_mandatory(),
            profile=profile(dual_share_min="0.6"),
        ),
        frozenset({"mandatory_modules", "dual_share"}),
        ((OPTIONAL,), (("profile", "value", "0.25"),)),
    ),
    # 30 learners in a laboratory of 15 places: 2 sub-groups of 24 h are 48 h.
    "§9 resource_hours": Instance(
        base(
            resources=(LAB,),
            module_resources=(A_IN_LAB,),
            resource_capacity=(
                ResourceCapacity(resource="L", semester="*-1", hours=40),
                ResourceCapacity(resource="L", semester="*-2", hours=45, committed_hours=15),
            ),
            programme_modules=a_is_mandatory(),
        ),
        frozenset({"mandatory_modules", "resource_hours"}),
        # In autumn 8 h more; in spring 45 - 15 = 30 h are free, so 18 h more.
        (
            (("resource_capacity", "hours", 48.0),),
            (("resource_capacity", "hours", 63.0),),
            (OPTIONAL,),
        ),
    ),
    # In spring the laboratory has no row, and so no hours.
    "§9 no row": Instance(
        base(
            resources=(LAB,),
            module_resources=(A_IN_LAB,),
            resource_capacity=(ResourceCapacity(resource="L", semester="*-1", hours=100),),
            programme_modules=of_programme(("A", {"status": "mandatory", "pinned_term": 2})),
        ),
        frozenset({"mandatory_modules", "resource_hours", "allowed_terms"}),
        (
            (("programme_modules", "pinned_term", 1),),
            (("resource_capacity", None, 48.0),),
            (OPTIONAL,),
        ),
    ),
    "§9 sites": Instance(
        base(module_resources=(A_IN_LAB,), programme_modules=a_is_mandatory()),
        frozenset({"mandatory_modules", "sites"}),
        ((("module_resources", None, None),), (OPTIONAL,)),
    ),
    # A costs 2 groups x 500 = 1000 KZT.
    "§10 budget": Instance(
        base(
            modules=(module("A", cost_per_group_kzt=500), module("B", 3)), programme_modules=a_is_mandatory()
        ),
        frozenset({"mandatory_modules", "budget"}),
        ((("settings", "budget_kzt", 1000),), (OPTIONAL,)),
        Settings(budget_kzt=400),
    ),
    "§10 budget of the sources": Instance(
        base(
            modules=(module("A", cost_per_group_kzt=500), module("B", 3)),
            programme_modules=a_is_mandatory(),
            funding_sources=(FundingSource(id="S"),),
            funding_budgets=(FundingBudget(source="S", budget_kzt=100, per_learner_kzt=20),),
        ),
        frozenset({"mandatory_modules", "budget"}),
        # 30 learners x 20 = 600 KZT come on top of the 100: 300 more are needed.
        ((("funding_budgets", "budget_kzt", 400),), (OPTIONAL,)),
    ),
    # Terms 1 and 2 lie in 2026 and 2027; the money is there in 2028.
    "§10 source_budget": Instance(
        base(
            modules=(module("A", cost_per_group_kzt=500), module("B", 3)),
            programme_modules=of_programme(("A", {"status": "mandatory", "pinned_term": 1})),
            funding_sources=(FundingSource(id="S"),),
            funding_budgets=(
                FundingBudget(source="S", year=2026, budget_kzt=100),
                FundingBudget(source="S", year=2028, budget_kzt=5000),
            ),
        ),
        frozenset({"mandatory_modules", "source_budget", "allowed_terms"}),
        ((("funding_budgets", "budget_kzt", 1000),), (OPTIONAL,)),
    ),
    # The money is there in 2035 only; the plan needs it in 2026.
    "§10 source_budget without a row": Instance(
        base(
            modules=(module("A", cost_per_group_kzt=500), module("B", 3)),
            programme_modules=of_programme(("A", {"status": "mandatory", "pinned_term": 1})),
            funding_sources=(FundingSource(id="S"),),
            funding_budgets=(FundingBudget(source="S", year=2035, budget_kzt=5000),),
        ),
        frozenset({"mandatory_modules", "source_budget", "allowed_terms"}),
        (
            (("funding_budgets", None, 1000),),
            (("funding_budgets", "year", 2026),),
            (OPTIONAL,),
        ),
    ),
    # S may pay three tenths of A, and nobody else pays.
    "§10 funding_share": Instance(
        base(
            modules=(module("A", cost_per_group_kzt=500), module("B", 3)),
            programme_modules=a_is_mandatory(),
            funding_sources=(FundingSource(id="S"),),
            funding_limits=(FundingLimit(source="S", module="A", max_share=0.3),),
        ),
        frozenset({"mandatory_modules", "funding_share"}),
        ((("funding_limits", "max_share", 1.0),), (OPTIONAL,)),
    ),
    # Modules teach C up to 2.
    "§11": Instance(
        base(floors=(Floor(competency="C", level=4),)),
        frozenset({"floor"}),
        ((("floors", "level", 2),),),
    ),
    "§11 nobody teaches it": Instance(
        base(competencies=(Competency(id="C"), Competency(id="D")), floors=(Floor(competency="D", level=2),)),
        frozenset({"floor"}),
        ((("floors", None, None),),),
    ),
    # The earlier plan took nothing; A is one change, and B, which nobody else wants, none.
    "§12 changes": Instance(
        base(programme_modules=a_is_mandatory(("B", {"status": "candidate"}))),
        frozenset({"mandatory_modules", "changes"}),
        ((("settings", "max_changes", 1),), (OPTIONAL,)),
        Settings(previous=(), max_changes=0),
    ),
    # The first term is over, and A was not in it.
    "§12 taught_terms": Instance(
        base(programme_modules=of_programme(("A", {"status": "mandatory", "pinned_term": 1}))),
        frozenset({"mandatory_modules", "allowed_terms", "taught_terms"}),
        ((("settings", "taught_until", None),), (("programme_modules", "pinned_term", 2),), (OPTIONAL,)),
        Settings(previous=(), taught_until="2026-1"),
    ),
    # B needs level 1 of C, which only A teaches; the review keeps B and leaves A out.
    "§12 review": Instance(
        base(
            programmes=(Programme(id="P", start="2026-1", terms=2, learners=30),),
            programme_modules=of_programme(("A", {"status": "candidate"}), ("B", {"status": "candidate"})),
        ),
        frozenset({"entry_levels", "review_starts", "review_absent"}),
        ((("settings", "review", None),), (("settings", "review", None),), (ENTRY_0,)),
        Settings(
            review=(
                ReviewDecision("P", "A", Choice.REJECT, None),
                ReviewDecision("P", "B", Choice.PIN, 2),
            )
        ),
    ),
    # A is 48 of 120 hours: two fifths must go, since A is forbidden.
    "§12 change_share": Instance(
        base(
            module_outcomes=NO_ENTRY,
            programme_modules=of_programme(
                ("A", {"status": "forbidden", "current_term": 1}),
                ("B", {"status": "existing", "current_term": 2}),
            ),
            profile=profile(change_share_ordinary="0.3"),
        ),
        frozenset({"forbidden_modules", "change_share"}),
        (
            (("programme_modules", "status", "candidate"),),
            (("profile", "value", "0.4"),),
        ),
    ),
    # Each programme alone reaches 1 of its 3 steps' worth with A; the laboratory holds one of them.
    "§13": Instance(
        base(
            modules=(module("A"),),
            module_outcomes=(ModuleOutcome(module="A", competency="C", exit_level=1),),
            programmes=tuple(Programme(id=p, start="2026-1", terms=1, learners=15) for p in "PQ"),
            targets=tuple(Target(programme=p, occupation="O", share=1) for p in "PQ"),
            resources=(LAB,),
            module_resources=(A_IN_LAB,),
            resource_capacity=(ResourceCapacity(resource="L", semester="2026-1", hours=24),),
        ),
        frozenset({"equity", "resource_hours"}),
        ((("settings", "equity", 0.0),), (("resource_capacity", "hours", 48.0),)),
        Settings(equity=0.5),
    ),
    # 30 learners come.
    "§14": Instance(
        base(modules=(module("A", min_learners=40), module("B", 3)), programme_modules=a_is_mandatory()),
        frozenset({"mandatory_modules", "min_learners"}),
        ((("modules", "min_learners", 30),), (OPTIONAL,)),
    ),
    # B serves F and shuts out A, which is mandatory.
    "§15": Instance(
        base(
            modules=(module("A", exclusive_group="G"), module("B", 3, exclusive_group="G")),
            module_outcomes=NO_ENTRY,
            labour_functions=(LabourFunction(id="F", occupation="O"),),
            module_functions=(ModuleFunction(module="B", labour_function="F"),),
            programme_modules=a_is_mandatory(("B", {"status": "candidate"})),
        ),
        frozenset({"mandatory_modules", "exclusive_groups", "labour_functions"}),
        ((("modules", "exclusive_group", None),), (("labour_functions", "occupation", None),), (OPTIONAL,)),
    ),
}
DEFINITIONS = {"§2"}
"""Rules that only define what others speak of: no catalog is infeasible because of them."""


def diagnosis_of(catalog: Catalog, settings: Settings) -> Diagnosis:
    with pytest.raises(InfeasibleError) as caught:
        optimize_catalog(catalog, settings, warnings=())  # some would not pass the checks
    assert isinstance(caught.value.diagnosis, Diagnosis)
    return caught.value.diagnosis


def oracle_finds_a_plan(catalog: Catalog, settings: Settings, without: str | None = None) -> bool:
    chosen = {
        name: getattr(settings, name)
        for name in (
            "programmes",
            "budget_kzt",
            "practice_share",
            "previous",
            "max_changes",
            "taught_until",
            "equity",
        )
    }
    chosen["review"] = tuple((one.programme, one.module, one.term) for one in settings.review)
    dropped = frozenset({without} if without else ())
    return oracle.solve(catalog, drop_rules=dropped, **chosen) is not None


def can_be_met(catalog: Catalog, settings: Settings, keys: set[tuple[Any, ...]]) -> bool:
    """Ask CBC whether these demands can be met together, whatever becomes of all others.

    Of rows that are plainly impossible CBC sometimes says nothing at all: then HiGHS is asked, afresh.
    """
    limits = effective_limits(catalog, settings)
    if limits.needs_closure_alone:
        limits = effective_limits(catalog, settings)
        object.__setattr__(limits, "closure_alone", closure_alone(Problem(catalog, limits)))
    model = build_model(Problem(catalog, limits), relaxed=True)
    lp = pulp.LpProblem()
    for row in model.lp.constraints():
        entity = model.entities.get(row.name)
        if entity is None or (entity.aspect, entity.programme, entity.subject, entity.semester) in keys:
            lp.addConstraint(row, row.name)
    lp.setObjective(next(iter(model.start.values())) * 0)
    options = SolveOptions(0.0, 60, Interrupt())
    try:
        outcome = solve_with_cbc(PulpSession(lp), options).outcome
    except KeyError:  # PuLP misses a variable of CBC's that no row is left for
        outcome = Outcome.FAILED
    if outcome in (Outcome.STOPPED, Outcome.FAILED):
        outcome = solve_with_highs(HighsSession.of(lp), options).outcome
    assert outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
    return outcome is Outcome.OPTIMAL


def amount_of(value: Any) -> Any:
    """Return how much a new row gives, or the new value of a cell."""
    return getattr(value, "hours", getattr(value, "budget_kzt", value))


def changes_of(diagnosis: Diagnosis) -> list[tuple[tuple[str, str | None, Any], ...]]:
    return [
        tuple((edit.table, edit.column, amount_of(edit.value)) for edit in repair.edits)
        for repair in diagnosis.repairs
    ]


def assert_honest(catalog: Catalog, settings: Settings, diagnosis: Diagnosis) -> None:
    """Every clash is one, and none without any one member; every repair makes a plan possible."""
    for clash in diagnosis.clashes:
        assert clash.is_minimal
        keys = {(d.aspect, d.programme, d.subject, d.semester) for d in clash.demands}
        assert len(keys) == len(clash.demands)
        assert not can_be_met(catalog, settings, keys)
        for key in keys:
            assert can_be_met(catalog, settings, keys - {key}), f"{key} is not needed for the clash"
    for repair in diagnosis.repairs:
        changed, chosen = apply_edits(catalog, settings, repair.edits)
        assert oracle_finds_a_plan(changed, chosen)
        optimize_catalog(
            changed, chosen, warnings=()
        )  # raises unless there is a plan that the evaluation accepts


def test_every_rule_has_an_instance() -> None:
    assert {name.split()[0] for name in INSTANCES} | DEFINITIONS == set(oracle.RULES)
    assert "§16" not in oracle.RULES  # its instance stands in tests/unit/optimizer/test_partners.py


def test_every_demand_has_an_instance_and_every_number_a_step() -> None:
    demands = {one.name for one in ASPECTS.values() if one.is_demand} - {"keep_within"}
    assert set.union(*(set(one.aspects) for one in INSTANCES.values())) == demands
    origins = [origin for one in ASPECTS.values() for origin in one.origins]
    columns = {one.column for one in origins if isinstance(one, InTable)}
    chosen = {one.name for one in origins if isinstance(one, InSettings)} - {"keep_within"}
    assert columns | chosen == set(STEPS)


@pytest.mark.parametrize("name", INSTANCES)
def test_a_catalog_that_only_one_rule_makes_infeasible(name: str) -> None:
    instance, rule = INSTANCES[name], name.split(maxsplit=1)[0]
    catalog, settings = instance.catalog, instance.settings
    assert not oracle_finds_a_plan(catalog, settings)
    assert oracle_finds_a_plan(catalog, settings, without=rule)
    diagnosis = diagnosis_of(catalog, settings)
    demands = [demand for clash in diagnosis.clashes for demand in clash.demands]
    assert rule in {demand.rule for demand in demands}
    assert {demand.aspect for demand in demands} == instance.aspects
    assert_honest(catalog, settings, diagnosis)
    assert diagnosis.is_complete
    assert changes_of(diagnosis) == list(instance.repairs)
    for language in ("kk", "ru", "en"):
        assert max(map(len, diagnosis_lines(diagnosis, language))) <= 80
    diagnosis_to_data(diagnosis, "curriplan 0")


def aspects(diagnosis: Diagnosis) -> list[set[str]]:
    return [{demand.aspect for demand in clash.demands} for clash in diagnosis.clashes]


def test_two_clashes_with_nothing_in_common_are_mended_together() -> None:
    # A costs 1000 KZT of 400, and nobody teaches C to 4: no one change helps.
    settings = Settings(budget_kzt=400)
    catalog = base(
        modules=(module("A", cost_per_group_kzt=500), module("B", 3)),
        programme_modules=a_is_mandatory(("B", {"status": "candidate"})),
        floors=(Floor(competency="C", level=4),),
    )
    diagnosis = diagnosis_of(catalog, settings)
    assert_honest(catalog, settings, diagnosis)
    assert sorted(map(sorted, aspects(diagnosis))) == [["budget", "mandatory_modules"], ["floor"]]
    mended = [set(changes) for changes in changes_of(diagnosis)]
    assert {("settings", "budget_kzt", 1000), ("floors", "level", 2)} in mended
    # Or without A; then B lacks its entry level, nobody teaches C at all, and the floor must go.
    assert {OPTIONAL, ("floors", None, None)} in mended
    assert len(mended) == 2


def test_of_two_numbers_raised_together_each_is_the_least() -> None:
    """Rounding the second limit up makes room for a module less in the first term.

    Term 1 is full with 10 credits and gets five modules of 0.2, term 2 with 1 credit and gets one; F may
    stand in either. The smallest sum of changes has it in term 1: 11.2 and 1.2, rounded up to 11.5 and
    1.5. With 1.5 it has room in term 2, and 11 are enough.
    """
    placed = {"FULL1": 1, "FULL2": 2, "X": 2, **{f"Y{n}": 1 for n in range(5)}}
    catalog = base(
        modules=(
            module("FULL1", 10),
            module("FULL2", 1),
            *(module(name, 0.2) for name in ("X", "F", *(f"Y{n}" for n in range(5)))),
        ),
        module_outcomes=(),
        programme_modules=of_programme(
            *((name, {"status": "mandatory", "pinned_term": term}) for name, term in placed.items()),
            ("F", {"status": "mandatory"}),
        ),
        programme_terms=(
            ProgrammeTerm(programme="P", term=1, max_credits=10),
            ProgrammeTerm(programme="P", term=2, max_credits=1),
        ),
    )
    diagnosis = diagnosis_of(catalog, Settings())
    assert_honest(catalog, Settings(), diagnosis)
    together = [repair.edits for repair in diagnosis.repairs]
    limits = next(edits for edits in together if all(edit.column == "max_credits" for edit in edits))
    assert [edit.value for edit in limits] == [11.0, 1.5]
    for edit in limits:
        less = [replace(one, value=one.value - 0.5) if one is edit else one for one in limits]
        assert not oracle_finds_a_plan(*apply_edits(catalog, Settings(), less))


def test_two_clashes_that_overlap_are_mended_by_both_limits_before_what_is_mandatory_goes() -> None:
    # A is too dear (1000 KZT of 400), and no term has room for its 2 credits. A alone could give way, but the
    # college has declared it mandatory: money and room together stand before that.
    settings = Settings(budget_kzt=400)
    catalog = base(
        modules=(module("A", cost_per_group_kzt=500), module("B", 3)),
        programme_modules=a_is_mandatory(),
        programme_terms=terms(max_credits=1),
    )
    diagnosis = diagnosis_of(catalog, settings)
    assert_honest(catalog, settings, diagnosis)
    assert len(diagnosis.clashes) == 2
    *both, last = changes_of(diagnosis)
    budget = ("settings", "budget_kzt", 1000)
    assert both and all({budget, ("programme_terms", "max_credits", 2.0)} == {*changes} for changes in both)
    assert last == (OPTIONAL,)


def test_a_row_for_every_autumn_is_raised_for_the_fullest_one() -> None:
    # P (30 learners, 2 sub-groups) and Q (15, one) repeat: each autumn 24 * 3 = 72 h meet.
    catalog = base(
        programmes=tuple(
            Programme(id=name, start="2026-1", terms=4, learners=learners, repeats="yes")
            for name, learners in (("P", 30), ("Q", 15))
        ),
        targets=tuple(Target(programme=name, occupation="O", share=1) for name in "PQ"),
        resources=(LAB,),
        module_resources=(A_IN_LAB,),
        resource_capacity=(ResourceCapacity(resource="L", semester="*-1", hours=60),),
        programme_modules=tuple(
            ProgrammeModule(programme=name, module="A", status="mandatory", allowed_terms="1;3")
            for name in "PQ"
        ),
    )
    diagnosis = diagnosis_of(catalog, Settings())
    assert_honest(catalog, Settings(), diagnosis)
    assert (("resource_capacity", "hours", 72.0),) in changes_of(diagnosis)
    edit = next(e for r in diagnosis.repairs for e in r.edits if e.table == "resource_capacity")
    assert edit.key == ("L", "*-1") and edit.was == 60.0


def test_a_repair_is_the_least_one() -> None:
    """One step less of each number is not enough: asked of the oracle."""
    for name, instance in INSTANCES.items():
        for repair in diagnosis_of(instance.catalog, instance.settings).repairs:
            edit = repair.edits[0]
            if len(repair.edits) > 1 or isinstance(edit.value, bool | str | None):
                continue
            if edit.column not in STEPS:
                continue
            back = STEPS[str(edit.column)] * (1 if edit.value > edit.was else -1)
            less = replace(edit, value=type(edit.was)(round(edit.value - back, 6)))
            changed, chosen = apply_edits(instance.catalog, instance.settings, [less])
            assert not oracle_finds_a_plan(changed, chosen), f"{name}: {less.value} would do"


@pytest.mark.parametrize("seeds", [range(start, start + 15) for start in range(0, 60, 15)], ids=str)
def test_random_catalogs_without_a_plan(seeds: range) -> None:
    for seed in seeds:
        catalog, options, _ = random_instance(seed)
        settings = Settings(**settings_choices(options))
        if not oracle_finds_a_plan(catalog, settings):
            diagnosis = diagnosis_of(catalog, settings)
            assert diagnosis.is_complete and diagnosis.repairs
            assert_honest(catalog, settings, diagnosis)


STEPS = {
    "max_credits": 0.5,
    "min_credits": 0.5,
    "hours": 0.5,
    "budget_kzt": 1,
    "practice_share": 0.001,
    "equity": 0.001,
    "max_changes": 1,
    "min_learners": 1,
    "max_modules": 1,
    "min_modules": 1,
    "level": 1,
    "max_share": 0.001,
}


@pytest.mark.parametrize("share", ["0.5", "0.9"])
def test_no_plan_has_the_practice_that_a_check_says_no_choice_has(share: str) -> None:
    """The bound that `check` warns by against every plan there is."""
    warned = 0
    for seed in range(60):
        catalog, _, _ = random_instance(seed)
        rows = (row for row in catalog.profile if row.key != "practice_share_min")
        profile = (*rows, ProfileEntry(key="practice_share_min", value=share))
        tried = catalog.replace(profile=profile)
        if "modules-too-little-practice" in {issue.code for issue in check_catalog(tried)}:
            warned += 1
            assert oracle.solve(tried) is None, seed
    assert warned > 3
