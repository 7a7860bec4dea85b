"""Does the bundled problem bite? Solves it, takes limits and rules away, and tries simpler methods.

    python benchmarks/bundled.py [--diagnosis] [CATALOG]

Prints one line a fact and ends with an error if one of them fails: gaps within 0.1 %, at least three
limits of different kinds that bind, 25–75 % of the optional candidates chosen, closure at least 15
points higher than before, a greedy plan at least 3 points worse, each rule of `BITING` needed, at least
one easing of each kind of `EASED`, no added module that is of no use, and the diagnosis: a budget too
small is raised to the least cost, a share of practice that nobody reaches is lowered until there is a
plan. ``--diagnosis`` asks for the diagnosis alone, a minute or two.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from curriplan.base.errors import InfeasibleError
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import (
    Catalog,
    FundingBudget,
    ModuleRequisite,
    ProgrammeModule,
    RelationKind,
    Resource,
    Standing,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.diagnose.diagnose import diagnose
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.solve.stages import Solution, solve
from curriplan.plan.plan import Selection, Site, Start
from curriplan.problem.curriculum import Curricula, Option
from curriplan.problem.edits import apply_edits
from curriplan.problem.limits import Limits
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

CLOSURE_ONLY = (ObjectiveChoice("closure"),)
TIGHT_GAP = 5e-5
"""For comparisons by closure: many a feature is worth less than a tenth of a per cent of it."""

TIME_LIMIT_S = 240.0


@dataclass(frozen=True)
class Relaxed:
    """What taking something away does to the best closure, compared by proven bounds."""

    name: str
    kind: str
    closure: float
    better: bool
    worse: bool


@dataclass(frozen=True)
class Removal:
    """What happens to the rest of the plan without one added module."""

    programme: str
    module: str
    closure_lost: float | None
    broken_rules: tuple[str, ...]

    @property
    def useful(self) -> bool:
        return bool(self.broken_rules) or (self.closure_lost is not None and self.closure_lost > 1e-7)


def value_of(solution: Solution, objective: str) -> tuple[float, float]:
    """Return (value, bound) of a stage."""
    stage = next(stage for stage in solution.stages if stage.objective == objective)
    return stage.value, stage.value if stage.bound is None else stage.bound


def relaxations(catalog: Catalog) -> Iterator[tuple[str, str, Catalog]]:
    """Yield (name, kind, catalog without one limit)."""
    yield "budget", "money", catalog.replace(funding_budgets=())
    yield from money_relaxations(catalog)
    yield from module_relaxations(catalog)
    kinds = {row.kind: row.category.value for row in catalog.resources}
    for kind, category in sorted(kinds.items()):
        freed = {row.id for row in catalog.resources if row.kind == kind}
        rows = tuple(row for row in catalog.resource_capacity if row.resource not in freed)
        label = "teacher hours" if category == "teacher_post" else "room hours"
        yield f"hours of {kind}", label, catalog.replace(resource_capacity=rows)
    terms = tuple(row.model_copy(update={"max_credits": None}) for row in catalog.programme_terms)
    yield "most credits of a term", "credits", catalog.replace(programme_terms=terms)
    for key, kind in (
        ("weekly_hours", "weekly hours"),
        ("practice_share_min", "practice share"),
        ("total_credits", "total credits"),
    ):
        profile = tuple(row for row in catalog.profile if not row.key_name.startswith(key))
        yield key, kind, catalog.replace(profile=profile)
    yield "floors", "floors", catalog.replace(floors=())


def money_relaxations(catalog: Catalog) -> Iterator[tuple[str, str, Catalog]]:
    """Yield catalogs in which the sources are freer with their money, the sum of it unchanged."""
    learners = sum(row.learners for row in catalog.programmes)
    totals: dict[str, int] = {}
    for row in catalog.funding_budgets:
        totals[row.source] = totals.get(row.source, 0) + row.budget_kzt + row.per_learner_kzt * learners
    any_year = tuple(
        FundingBudget(source=source, budget_kzt=kzt, per_learner_kzt=0) for source, kzt in totals.items()
    )
    yield "budgets of years", "years of budgets", catalog.replace(funding_budgets=any_year)
    yield "most shares of sources", "funding shares", catalog.replace(funding_limits=())
    free = {"fee_per_hour_kzt": 0, "travel_cost_kzt": 0}
    resources = tuple(row.model_copy(update=free) for row in catalog.resources)
    yield "fees and travel", "fees", catalog.replace(resources=resources)


def module_relaxations(catalog: Catalog) -> Iterator[tuple[str, str, Catalog]]:
    """Yield catalogs without one feature of modules, resources or competencies."""
    alone = tuple(row.model_copy(update={"min_learners": None}) for row in catalog.modules)
    yield "least learners", "least learners", catalog.replace(modules=alone)
    requires = (RelationKind.BROADER, RelationKind.TRANSFERS)
    rows = tuple(row for row in catalog.competency_relations if row.kind in requires)
    yield "implied entry levels", "implied entry levels", catalog.replace(competency_relations=rows)
    plain = tuple(row for row in catalog.module_requisites if row.kind.value == "prerequisite")
    yield "corequisites", "corequisites", catalog.replace(module_requisites=plain)


def hardenings(catalog: Catalog) -> Iterator[tuple[str, str, Catalog]]:
    """Yield catalogs in which a feature that helps the plan is taken away: each should be worse."""
    whole = tuple(row.model_copy(update={"may_split": False}) for row in catalog.module_resources)
    yield "split kinds", "splits", catalog.replace(module_resources=whole)
    own = tuple(row for row in catalog.resources if not is_lent(row))
    rows = tuple(row for row in catalog.resource_capacity if row.resource in {row.id for row in own})
    yield "laboratories of partners", "sites", catalog.replace(resources=own, resource_capacity=rows)
    first: dict[tuple[str, str], ModuleRequisite] = {}
    for requisite in catalog.module_requisites:
        first.setdefault((requisite.module, requisite.any_of or requisite.requires), requisite)
    yield "alternatives", "alternatives", catalog.replace(module_requisites=tuple(first.values()))
    relations = tuple(row for row in catalog.competency_relations if row.kind is not RelationKind.TRANSFERS)
    yield "transfers", "transfers", catalog.replace(competency_relations=relations)


def is_lent(row: Resource) -> bool:
    """Say whether a laboratory belongs to a partner (enterprises stay: dual training needs them)."""
    return row.owner is not None and row.category.value == "laboratory"


def is_better(base: Solution, other: Solution) -> bool:
    """Say whether the closure of `other` is proven to be beyond that of any plan of `base`."""
    return value_of(other, "closure")[0] > value_of(base, "closure")[1] + 1e-9


def relaxed(base: Solution, catalog: Catalog, settings: Settings, name: str, kind: str) -> Relaxed:
    other = solve(Problem.of(catalog, settings))
    return compared(base, other, name, kind)


def compared(base: Solution, other: Solution, name: str, kind: str) -> Relaxed:
    """Say what became of the best closure."""
    closure = value_of(other, "closure")[0]
    return Relaxed(name, kind, closure, is_better(base, other), is_better(other, base))


def without_rule(base: Solution, catalog: Catalog, settings: Settings, rule: str) -> Relaxed:
    other = solve(Problem.of(catalog, settings), drop_rules=frozenset([rule]))
    return compared(base, other, rule, "rule")


def only_modules(catalog: Catalog, wanted: set[tuple[str, str]]) -> Catalog:
    """Forbid every module that is not wanted, mandatory ones included."""
    curricula = Curricula(catalog)
    rows = {(row.programme, row.module): row for row in catalog.programme_modules}
    kept = []
    for option in curricula.options():
        row = rows.get(option.key) or ProgrammeModule(
            programme=option.programme, module=option.module.id, status=Standing.CANDIDATE
        )
        status = row.status if option.key in wanted else Standing.FORBIDDEN
        kept.append(row.model_copy(update={"status": status}))
    return catalog.replace(programme_modules=tuple(kept))


BITING = ("§3", "§4", "§5", "§8", "§9", "§10", "§14", "§15")
"""Rules without which closure comes out better."""

EASED = ("years of budgets", "funding shares", "fees", "least learners", "implied entry levels")
"""Kinds of limits and features whose absence makes closure come out better."""

RULES_TO_NAME = ("§6", "§7", "§11", "§3", "§4", "§9", "§10", "§8", "§14", "§15")


def removals(catalog: Catalog, limits: Limits, solution: Solution) -> Iterator[Removal]:
    """Take each added module out and re-solve the rest of the plan for closure."""
    chosen = {(start.programme, start.module) for start in solution.selection.starts}
    current = {option.key for option in Curricula(catalog).options() if option.current_term is not None}
    settings = replace(limits.settings, objectives=CLOSURE_ONLY, gap=1e-6, time_limit_s=60)
    with_all = best_closure(only_modules(catalog, chosen), settings)
    assert with_all is not None
    for programme, module in sorted(chosen - current):
        rest = only_modules(catalog, chosen - {(programme, module)})
        closure = best_closure(rest, settings)
        if closure is None:
            broken = [
                rule for rule in RULES_TO_NAME if best_closure(rest, settings, frozenset([rule])) is not None
            ]
            yield Removal(programme, module, None, tuple(broken) or ("several rules",))
        else:
            yield Removal(programme, module, with_all - closure, ())


def best_closure(
    catalog: Catalog, settings: Settings, drop_rules: frozenset[str] = frozenset()
) -> float | None:
    try:
        solution = solve(Problem.of(catalog, settings), drop_rules=drop_rules)
    except InfeasibleError:
        return None
    return value_of(solution, "closure")[0]


class Greedy:
    """Adds, again and again, the module with the most closure for a tenge that breaks no limit.

    It starts from the existing curriculum and stops when nothing raises closure; lower limits (total
    credits, floors) are not asked of it, so it is judged more kindly than a plan.
    """

    def __init__(self, catalog: Catalog, limits: Limits) -> None:
        self.catalog, self.limits = catalog, limits
        self.problem = PlanningProblem(Problem(catalog, limits))
        self.curricula, self.capacity = self.problem.curricula, self.problem.capacity
        current = [
            Start(item.programme, item.module.id, item.current_term)
            for name in limits.planned
            for item in self.curricula.by_programme[name].current
            if item.current_term is not None and item.standing is not Standing.FORBIDDEN
        ]
        self.starts = current
        assigned = self.capacity.assign_sites(
            (item, item.current_term)
            for name in limits.planned
            for item in self.curricula.by_programme[name].current
        )
        taken = {(start.programme, start.module) for start in current}
        self.sites = [
            self.site(programme, module, catalog.resource_by_id[resource])
            for (programme, module, _), resource in sorted(assigned.items())
            if (programme, module) in taken
        ]
        self.state = self.evaluated(self.starts, self.sites)

    def site(self, programme: str, module: str, resource: Resource) -> Site:
        """Use one resource for all parts of an intake, split or not."""
        split = self.capacity.is_split(module, resource.kind)
        row = self.catalog.programme_by_id[programme]
        parts = self.capacity.parts(row, module, resource) if split else 0
        return Site(programme, module, resource.id, parts)

    def evaluated(self, starts: list[Start], sites: list[Site]) -> Evaluation:
        return evaluate(self.problem.given, Selection(tuple(sorted(starts)), tuple(sorted(sites))))

    def excess(self, state: Evaluation) -> dict[tuple[object, ...], float]:
        """Upper limits and breaches that are broken, with how much."""
        return {
            (c.rule, c.aspect, c.programme, c.subject, c.semester): c.actual - c.limit
            for c in state.broken
            if c.operator == "<=" or c.rule in ("§3", "§4") or c.unit == "breaches"
        }

    def moves(self, option: Option) -> Iterator[tuple[list[Start], list[Site]]]:
        """Yield every start with the first site of each kind (a second one if it has two)."""
        kinds = self.capacity.needs.get(option.module.id, {})
        widest = max((len(self.capacity.sites.get(kind, ())) for kind in kinds), default=1)
        for term in option.starts:
            for index in range(widest):
                sites = [
                    self.site(*option.key, found[min(index, len(found) - 1)])
                    for kind in kinds
                    if (found := self.capacity.sites.get(kind, ()))
                ]
                yield [*self.starts, Start(*option.key, term)], [*self.sites, *sites]

    def run(self) -> float:
        while (best := self.best_move()) is not None:
            self.starts, self.sites = best
            self.state = self.evaluated(*best)
        return self.state.objectives["closure"]

    def best_move(self) -> tuple[list[Start], list[Site]] | None:
        """Return the feasible move with the most closure for a tenge, the promising ones tried first."""
        before = self.excess(self.state)
        for _, option in sorted(self.ratios(), key=lambda pair: (-pair[0], pair[1].key)):
            for starts, sites in self.moves(option):
                excess = self.excess(self.evaluated(starts, sites))
                if all(amount <= before.get(key, 0.0) + 1e-9 for key, amount in excess.items()):
                    return starts, sites
        return None

    def ratios(self) -> Iterator[tuple[float, Option]]:
        """Yield (closure of the plan gained for a tenge, option) of every option that gains anything."""
        taken = {(start.programme, start.module) for start in self.starts}
        for one in self.problem.programmes:
            levels = self.state.levels_after[one.id]
            for option in one.options:
                if option.key not in taken:
                    after = dict(levels)
                    for row in self.catalog.teaching.of(option.module.id):
                        after[row.competency] = max(after.get(row.competency, 0), row.exit_level)
                    gain = (one.gaps.closure(after) or 0.0) - (one.gaps.closure(levels) or 0.0)
                    if gain > 0:
                        weight = self.problem.closure_weights[one.id]
                        yield gain * weight / max(self.cost_of(option), 1), option

    def cost_of(self, option: Option) -> int:
        """Return what it costs to add a module, without fees and travel."""
        opened = option.module.id in self.state.setup_cost_kzt
        setup = 0 if opened else self.problem.money.setup_kzt(option.module.id)
        return setup + self.problem.delivery_cost_kzt(option)


def chosen_share(catalog: Catalog, limits: Limits, solution: Solution) -> tuple[int, int]:
    """Return (chosen, all) optional candidates: (programme, module) pairs not taught today."""
    optional = {
        option.key
        for option in Curricula(catalog).options()
        if option.standing is Standing.CANDIDATE and option.programme in limits.planned
    }
    chosen = {(start.programme, start.module) for start in solution.selection.starts}
    return len(optional & chosen), len(optional)


class Report:
    """Prints facts and remembers which failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def fact(self, text: str, holds: bool = True) -> None:
        print(("ok   " if holds else "FAIL ") + text, flush=True)
        if not holds:
            self.failed.append(text)


def measure(catalog: Catalog, report: Report, clock: Callable[[], float] = perf_counter) -> None:
    settings = Settings(time_limit_s=TIME_LIMIT_S)
    problem = Problem.of(catalog, settings)
    limits = problem.limits
    begun = clock()
    solution = solve(problem)
    report.fact(f"solved in {clock() - begun:.1f} s, {solution.status.value}", solution.status == "optimal")
    for stage in solution.stages:
        small = stage.gap is not None and stage.gap <= 0.001
        report.fact(f"{stage.objective}: {stage.value:g}, bound {stage.bound:g}, gap {stage.gap:.5f}", small)
    after = evaluate(problem, solution.selection)
    report.fact(f"passes the evaluation {after.broken_rules}", not after.broken)
    closure = after.objectives["closure"]
    gain = closure - after.closure_before
    report.fact(
        f"closure {after.closure_before:.3f} -> {closure:.3f}",
        after.closure_before >= 0.2 and gain >= 0.15 and closure < 1,
    )
    chosen, optional = chosen_share(catalog, limits, solution)
    report.fact(
        f"{chosen} of {optional} optional candidates ({chosen / optional:.0%})",
        0.25 <= chosen / optional <= 0.75,
    )
    greedy = Greedy(catalog, limits).run()
    report.fact(f"greedy by closure per tenge: {greedy:.3f}", closure - greedy >= 0.03)
    limits_that_bite(catalog, settings, report)
    useless = [item for item in removals(catalog, limits, solution) if not item.useful]
    report.fact(
        f"added modules of no use: {[(item.programme, item.module) for item in useless]}", not useless
    )


def limits_that_bite(catalog: Catalog, settings: Settings, report: Report) -> None:
    """Take limits, features and rules away, one by one."""
    tight = replace(settings, objectives=CLOSURE_ONLY, gap=TIGHT_GAP)
    base = solve(Problem.of(catalog, tight))
    binding = set()
    for name, kind, easier in relaxations(catalog):
        result = relaxed(base, easier, tight, name, kind)
        binding |= {kind} if result.better else set()
        state = "binds" if result.better else "does not bind"
        report.fact(f"without {name} ({kind}): closure {result.closure:.5f}: {state}")
    report.fact(f"kinds of limits that bind: {', '.join(sorted(binding))}", binding >= set(EASED))
    for name, kind, harder in hardenings(catalog):
        try:
            result = relaxed(base, harder, tight, name, kind)
        except InfeasibleError:
            report.fact(f"without {name}: infeasible")
        else:
            report.fact(f"without {name}: closure {result.closure:.5f}", result.worse)
    for rule in BITING:
        result = without_rule(base, catalog, tight, rule)
        report.fact(f"without {rule}: closure {result.closure:.5f}", result.better)


DIAGNOSIS_LIMIT_S = 120.0


def diagnosis(catalog: Catalog, report: Report) -> None:
    """Ask of all programmes what the suite asks of two: what to change where no plan is possible."""
    least_kzt = raised_budget_kzt(catalog, 0)
    report.fact(f"a budget of nothing is raised to KZT {least_kzt}", bool(least_kzt))
    if least_kzt:
        again_kzt = raised_budget_kzt(catalog, least_kzt - 1)
        report.fact(f"a budget of KZT {least_kzt - 1} is raised to KZT {again_kzt}", again_kzt == least_kzt)
    (today,) = (row for row in catalog.profile if row.key_name == "practice_share_min")
    unreached = today.model_copy(update={"value": "0.9"})
    high = catalog.replace(profile=tuple(row if row is not today else unreached for row in catalog.profile))
    found = diagnose(Problem.of(high), DIAGNOSIS_LIMIT_S)
    edits = found.repairs[-1].edits if found and found.repairs else ()
    is_share = [(edit.table, edit.key) for edit in edits] == [("profile", ("practice_share_min",))]
    report.fact(
        f"a share of practice of 0.9: {[edit.value for edit in edits]}",
        is_share and float(today.value) < float(edits[0].value) < 0.9,
    )
    eased, settings = apply_edits(high, Settings(objectives=CLOSURE_ONLY, gap=0.5), edits)
    report.fact("with the proposed share there is a plan", best_closure(eased, settings) is not None)


def raised_budget_kzt(catalog: Catalog, budget_kzt: int) -> int | None:
    """Return what the first repair raises a budget to; None where it is no budget, or none clashes."""
    found = diagnose(Problem.of(catalog, Settings(budget_kzt=budget_kzt)), DIAGNOSIS_LIMIT_S)
    if found is None or not found.repairs:
        return None
    columns = [edit.column for edit in found.repairs[0].edits]
    clashing = [demand.aspect for demand in found.clashes[0].demands[:15]]
    if columns != ["budget_kzt"] or "budget" not in clashing:
        return None
    return int(found.repairs[0].edits[0].value)


def main(*arguments: str) -> int:
    parser = argparse.ArgumentParser(description="Does the bundled problem bite?")
    parser.add_argument("catalog", nargs="?", default="kz-digital-college")
    parser.add_argument("--diagnosis", action="store_true", help="ask for the diagnosis alone")
    asked = parser.parse_args(arguments)
    result = read_catalog(asked.catalog)
    assert result.catalog is not None, [issue.line() for issue in result.issues]
    report = Report()
    if not asked.diagnosis:
        measure(result.catalog, report)
    diagnosis(result.catalog, report)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
