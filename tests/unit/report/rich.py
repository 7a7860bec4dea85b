"""A small plan that uses every part of the model, built on `sample`; its numbers can be followed by hand.

Programme A is dual and has four terms (autumn 2026 to spring 2028). Beside M1, M2 and M3 of `sample`
it adds M5 and M6:

    module  terms        credits  theory  laboratory  training  practice  set-up  per group
    M5      2, 3, 4      4        24      48          24        -         9,000   1,001
    M6      4            3        -       -           -         72        -       500

M5 has half of its load in term 2 and a quarter in terms 3 and 4. Its 24 h of training are at the
enterprise E1, for all sub-groups. The 72 h of practice of M6 may be split over enterprises: E1 takes
10 learners at a time, E2 takes 20; A sends one sub-group to each, for its 30 learners.

    E1      80 KZT an hour, 700 KZT for the travel of a sub-group
    E2      free, 100 KZT for the travel of a sub-group

New money of A (2 groups of 25):

    M2  set-up 5,000 (due 2027), delivery 4,000 (term 2: 2027)
    M5  set-up 9,000 (due 2027), delivery 2,002: half by term 2 (1,001), three quarters by term 3
        (1,501.5, rounded to 1,502), the rest in term 4: 1,001 + 501 in 2027, 500 in 2028;
        fees 80 · 24 h · 3 sub-groups of 10 = 5,760: 2,880 + 1,440 in 2027, 1,440 in 2028;
        travel 3 · 700 = 2,100: 1,050 + 525 in 2027, 525 in 2028
    M6  delivery 1,000 (term 4: 2028), fees 80 · 72 = 5,760 for the one sub-group at E1, travel
        700 + 100 = 800, all in 2028
    B adds M1: delivery 1,000 in 2026

The college has 1,500 KZT for 2026, 6,000 for 2027 and 20,000 for any year; the state has 4,000 for
2027 and 9,000 for 2028 and carries at most half of a set-up and no travel; the employer has none.
"""

from __future__ import annotations

from dataclasses import replace

from curriplan.catalog.records import Catalog
from curriplan.catalog.records import challenges as h
from curriplan.catalog.records import competencies as c
from curriplan.catalog.records import modules as m
from curriplan.catalog.records import policy as p
from curriplan.catalog.records import programmes as g
from curriplan.catalog.records import resources as r
from curriplan.plan.plan import Plan, Selection, Site, Start, plan_sha256
from curriplan.plan.replanning import DecisionPrice, FurtherChanges, Replanning
from curriplan.plan.versions import PlanVersion
from curriplan.problem.promised import Promised
from curriplan.problem.review import ReviewChange, ReviewLine, ReviewRecord
from curriplan.report.view import PlanView

from .sample import SELECTION, module, named, sample_catalog, sample_view


def rich_catalog() -> Catalog:
    """Return the catalog of the sample with spans, split enterprises, sources, functions, relations."""
    base = sample_catalog()
    long, practice = _modules()
    learners = {"A": {"terms": 4, "dual": True, "min_credits": 14}, "B": {}}
    terms = (*base.programme_terms, g.ProgrammeTerm(programme="A", term=3, max_modules=2))
    return base.replace(
        modules=(*base.modules, long, practice),
        module_outcomes=(
            *base.module_outcomes,
            m.ModuleOutcome(module="M5", competency="C3", exit_level=2),
            m.ModuleOutcome(module="M6", competency="C1", entry_level=2, exit_level=3),
        ),
        module_requisites=(
            *base.module_requisites,
            m.ModuleRequisite(module="M5", requires="M1"),
            m.ModuleRequisite(module="M5", requires="M2", kind="corequisite"),
        ),
        competencies=(*base.competencies, c.Competency(**named("C3"), framework="occupational")),
        competency_relations=(
            # M5 teaches C3 to 2, and so C2 to 1.
            c.CompetencyRelation(source="C3", target="C2", kind="transfers", factor=0.5),
            c.CompetencyRelation(source="C3", target="C1", kind="requires", source_level=2, level=2),
        ),
        labour_functions=(
            m.LabourFunction(**named("F1"), occupation="O1", standard="Standard 1"),
            m.LabourFunction(**named("F2"), occupation="O1", standard="Standard 1"),
            m.LabourFunction(**named("F3"), occupation="O1", standard="Standard 1"),
        ),
        module_functions=(
            m.ModuleFunction(module="M1", labour_function="F1"),
            m.ModuleFunction(module="M2", labour_function="F1"),
            m.ModuleFunction(module="M5", labour_function="F2"),
            m.ModuleFunction(module="M6", labour_function="F2"),
        ),
        programmes=tuple(row.model_copy(update=learners[row.id]) for row in base.programmes),
        programme_terms=terms,
        programme_modules=(
            *base.programme_modules,
            g.ProgrammeModule(programme="A", module="M5", status="candidate"),
            g.ProgrammeModule(programme="A", module="M6", status="candidate"),
        ),
        profile=(
            *base.profile,
            p.ProfileEntry(key="dual_share_min", value="0.6", source="Order 348", verified=False),
            p.ProfileEntry(key="change_share_dual", value="0.8"),
            p.ProfileEntry(key="subgroup_size", value="15"),
        ),
        **_enterprises(base),
        **_money(),
        **_challenges(base),
        **_others(base),
    )


def _others(base: Catalog) -> dict[str, tuple[object, ...]]:
    """C2 is newly asked since 2026-2.

    O2 is no target: C1 at 1 opens it to A, which holds C3 at 2 of the 4 that it would like.
    """
    needs = (("C1", 1, True), ("C3", 4, False))
    return {
        "occupations": (*base.occupations, c.Occupation(**named("O2"))),
        "occupation_requirements": (
            *(
                row.model_copy(update={"since": "2026-2" if row.competency == "C2" else None})
                for row in base.occupation_requirements
            ),
            *(
                c.OccupationRequirement(
                    occupation="O2", competency=name, level=level, importance=0.5, essential=essential
                )
                for name, level, essential in needs
            ),
        ),
    }


def _challenges(base: Catalog) -> dict[str, tuple[object, ...]]:
    """Challenge 2 has a figure, C1 with its floor, C3 that nobody needs, and O1; 5 the practice; 6 money."""
    links = (
        {"competency": "C1"},
        {"competency": "C3"},
        {"occupation": "O1"},
    )
    return {
        "challenges": (
            h.Challenge(
                **named("2"),
                indicator_kk="адам",
                indicator_ru="человек",
                indicator_en="people",
                value=18_000_000.5,
                unit="people",
                source="Somebody, read in a secondary source",
                as_of="2026-05-31",
                review_by="2027-05-31",
            ),
            h.Challenge(**named("5"), practice=True, value=40, unit="percent", verified=True),
            h.Challenge(**named("6")),
        ),
        "challenge_links": (
            *(h.ChallengeLink(challenge="2", **link) for link in links),
            h.ChallengeLink(challenge="5", competency="C2"),
            h.ChallengeLink(challenge="6", funding_source="STATE"),
            h.ChallengeLink(challenge="6", funding_source="EMPLOYER"),
        ),
        "floors": tuple(row.model_copy(update={"challenge": 2, "since": "2026-1"}) for row in base.floors),
    }


def _modules() -> tuple[m.Module, m.Module]:
    long = module(
        "M5",
        4,
        24,
        48,
        production_training_hours=24,
        parent="H1",
        span_terms=3,
        span_weights=(0.5, 0.25, 0.25),
        setup_cost_kzt=9000,
        cost_per_group_kzt=1001,
        min_learners=20,
        assessment_form="differentiated_pass",
    )
    practice = module(
        "M6",
        3,
        0,
        0,
        professional_practice_hours=72,
        section="practice",
        cost_per_group_kzt=500,
        assessment_form="pass",
    )
    return long, practice


def _enterprises(base: Catalog) -> dict[str, tuple[object, ...]]:
    places = {"kind": "enterprise", "category": "enterprise"}
    return {
        "resources": (
            *base.resources,
            r.Resource(
                **named("E1"), **places, places=10, owner="Bank", fee_per_hour_kzt=80, travel_cost_kzt=700
            ),
            r.Resource(**named("E2"), **places, places=20, owner="Ltd", travel_cost_kzt=100),
        ),
        "module_resources": (
            *base.module_resources,
            r.ModuleResource(module="M5", resource_kind="enterprise", hours_kind="production_training"),
            r.ModuleResource(
                module="M6", resource_kind="enterprise", hours_kind="professional_practice", may_split=True
            ),
        ),
        "resource_capacity": (
            *base.resource_capacity,
            *(
                r.ResourceCapacity(resource=name, semester=semester, hours=150)
                for name in ("E1", "E2")
                for semester in ("*-1", "*-2")
            ),
        ),
    }


def _money() -> dict[str, tuple[object, ...]]:
    return {
        "funding_sources": (
            p.FundingSource(**named("STATE"), kind="state"),
            p.FundingSource(**named("EMPLOYER"), kind="employer"),
            p.FundingSource(**named("COLLEGE"), kind="college"),
        ),
        "funding_budgets": (
            p.FundingBudget(source="COLLEGE", year=2026, budget_kzt=1500),
            p.FundingBudget(source="COLLEGE", year=2027, budget_kzt=6000),
            p.FundingBudget(source="COLLEGE", budget_kzt=20_000),
            p.FundingBudget(source="STATE", year=2027, budget_kzt=4000),
            p.FundingBudget(source="STATE", year=2028, budget_kzt=9000),
        ),
        "funding_limits": (
            p.FundingLimit(source="STATE", cost_part="setup", max_share=0.5),
            p.FundingLimit(source="STATE", cost_part="travel", max_share=0),
        ),
    }


RICH_SELECTION = Selection(
    starts=(*SELECTION.starts, Start("A", "M5", 2), Start("A", "M6", 4)),
    sites=(*SELECTION.sites, Site("A", "M5", "E1"), Site("A", "M6", "E1", 1), Site("A", "M6", "E2", 1)),
)
EARLIER = (("A", "M1", 1), ("A", "M2", 2), ("A", "M3", 3), ("B", "M1", 1))
"""An earlier plan, against which A drops M3 and adds M5 and M6: three changes."""

PROMISES = (Promised("COLLEGE", 2028, 300), Promised("STATE", 2027, 1000), Promised("STATE", 2028, 2000))
"""What the plan in force still has to pay, more than is left."""


def rich_view(catalog: Catalog | None = None, **choices: object) -> PlanView:
    """Return the plan above, held to an earlier plan and to equity unless `choices` say otherwise."""
    held = {"previous": EARLIER, "max_changes": 3, "taught_until": "2026-1", "equity": 0.25}
    return sample_view(catalog or rich_catalog(), RICH_SELECTION, **{**held, **choices})


LINES = (
    ReviewLine(None, None, "return", None, "вызов 2 закрыт слабо", "=1+1", "2026-11-24", "Review!L6"),
    ReviewLine("A", "M2", "pin", 2, "", "A. A.", "24.11.2026", "Review!J8"),
    ReviewLine("A", "M3", "reject", None, "=HYPERLINK(1)", "", "", "Review!J9"),
    ReviewLine("A", "M6", None, None, "why is it so?", "", "", "Review!L10"),
    ReviewLine("B", "M1", None, None, "", "A. A.", "", "Review!M11"),
)
"""What two reviewers wrote: decisions, comments, and who saw a row without either."""


def replanned_view() -> PlanView:
    """Return the plan as the third version of one without M5 and M6, with all that Changes may show."""
    view, earlier = rich_view(promised=PROMISES), sample_view(rich_catalog(), SELECTION)
    before = replace(earlier.plan, challenges=earlier.challenges)
    changes = (ReviewChange("A", "M5", False, None, 2), ReviewChange("A", "M6", False, None, 4))
    record = ReviewRecord("plan-back.xlsx", plan_sha256(before), True, LINES, changes)
    prices = (DecisionPrice("A", "M2", -0.0123, 1_200_000), DecisionPrice("A", "M3", None, None))
    further = (FurtherChanges(2, 0.005, -300), FurtherChanges(5), FurtherChanges(10, 0.0, 0))
    plan = replace(
        view.plan,
        challenges=view.challenges,
        review=record,
        replanning=Replanning(further, prices),
        versions=versions(before, view.plan, record),
    )
    return replace(view, plan=plan, reviewed=before)


def versions(before: Plan, plan: Plan, record: ReviewRecord) -> tuple[PlanVersion, ...]:
    """Return three versions, of which the catalog of the second was edited."""

    def version(number: int, of: Plan | None, **more: object) -> PlanVersion:
        worth = {} if of is None else {name: of.measures[name] for name in ("closure_after", "cost_kzt")}
        bare = PlanVersion(
            number=number,
            file=None,
            date="",
            decisions=0,
            comments=0,
            is_approved=False,
            taken=0,
            left_out=0,
            moved=0,
            closure=worth.get("closure_after"),
            cost_kzt=worth.get("cost_kzt"),
            catalog_sha256=plan.catalog.sha256,
            plan_sha256=None,
        )
        return replace(bare, **more)  # type: ignore[arg-type]

    edited = {"file": "=1+1.xlsx", "is_approved": True, "decisions": 3, "catalog_sha256": "0" * 64}
    return (
        version(1, None, catalog_sha256=None, plan_sha256="1" * 64),
        version(2, before, plan_sha256=record.plan_sha256, **edited),
        version(3, plan, file=record.file, date="2026-11-24", decisions=2, comments=3, taken=2),
    )
