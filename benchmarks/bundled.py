"""Does the bundled problem bite? Solves it, takes limits and rules away, and tries simpler methods.

    python benchmarks/bundled.py [CATALOG]

Prints one line a fact and ends with an error if one of them fails: gaps within 0.1 %, at least three
limits of different kinds that bind, 25–75 % of the optional candidates chosen, closure at least 15
points higher than before, a greedy plan at least 3 points worse, §3, §4, §9 and §10 each needed, and
no added module that is of no use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from curriplan.catalog import read_catalog
from curriplan.curriculum import Curricula, Option
from curriplan.errors import InfeasibleError
from curriplan.evaluation import evaluate
from curriplan.evaluation.result import Evaluation
from curriplan.model import Catalog, ProgrammeModule, Standing
from curriplan.optimizer import Solution, solve
from curriplan.plan import Selection, Site, Start
from curriplan.problem import PlanningProblem, ProgrammeProblem
from curriplan.settings import Limits, ObjectiveChoice, Settings, effective_limits

CLOSURE_ONLY = (ObjectiveChoice("closure"),)
CLOSURE_AND_COST = (ObjectiveChoice("no_harm"), ObjectiveChoice("closure", 0.005), ObjectiveChoice("cost"))
TIME_LIMIT_S = 240.0


@dataclass(frozen=True)
class Relaxed:
    """What taking something away does to the first stages, compared by proven bounds."""

    name: str
    kind: str
    closure: float
    cost_kzt: float
    better: bool


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
    kinds = sorted({(row.category.value, row.kind) for row in catalog.resources})
    for category, kind in kinds:
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
        rows = tuple(row for row in catalog.profile if not row.key_name.startswith(key))
        yield key, kind, catalog.replace(profile=rows)
    yield "floors", "floors", catalog.replace(floors=())


def is_better(base: Solution, other: Solution) -> bool:
    """Say whether `other` is proven better than `base` on closure or, at no less closure, on cost."""
    closure, best = value_of(other, "closure")[0], value_of(base, "closure")
    if closure > best[1] + 1e-9:
        return True
    return closure >= best[0] - 1e-9 and value_of(other, "cost")[0] < value_of(base, "cost")[1] - 1e-6


def relaxed(base: Solution, catalog: Catalog, settings: Settings, name: str, kind: str) -> Relaxed:
    other = solve(catalog, effective_limits(catalog, settings))
    return Relaxed(
        name, kind, value_of(other, "closure")[0], value_of(other, "cost")[0], is_better(base, other)
    )


def without_rule(base: Solution, catalog: Catalog, settings: Settings, rule: str) -> Relaxed:
    other = solve(catalog, effective_limits(catalog, settings), drop_rules=frozenset([rule]))
    return Relaxed(
        rule, "rule", value_of(other, "closure")[0], value_of(other, "cost")[0], is_better(base, other)
    )


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


RULES_TO_NAME = ("§6", "§7", "§11", "§3", "§4", "§9", "§10")


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
        solution = solve(catalog, effective_limits(catalog, settings), drop_rules=drop_rules)
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
        self.problem = PlanningProblem(catalog, limits)
        self.curricula, self.capacity = self.problem.curricula, self.problem.capacity
        current = [
            Start(item.programme, item.module.id, item.current_term)
            for name in limits.planned
            for item in self.curricula.by_programme[name].current
            if item.current_term is not None and item.standing is not Standing.FORBIDDEN
        ]
        self.starts = current
        assigned = self.capacity.assign_current_sites(limits.planned)
        taken = {(start.programme, start.module) for start in current}
        self.sites = [
            Site(programme, module, resource)
            for (programme, module, _), resource in sorted(assigned.items())
            if (programme, module) in taken
        ]
        self.state = self.evaluated(self.starts, self.sites)

    def evaluated(self, starts: list[Start], sites: list[Site]) -> Evaluation:
        return evaluate(
            self.catalog,
            self.limits,
            Selection(tuple(sorted(starts)), tuple(sorted(sites))),
            curricula=self.curricula,
            capacity=self.capacity,
        )

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
                    Site(*option.key, found[min(index, len(found) - 1)].id)
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
                    rows = self.catalog.outcomes_by_module.get(option.module.id, ())
                    after = dict(levels)
                    for row in rows:
                        after[row.competency] = max(after.get(row.competency, 0), row.exit_level)
                    gain = (one.gaps.closure(after) or 0.0) - (one.gaps.closure(levels) or 0.0)
                    if gain > 0:
                        weight = self.problem.closure_weights[one.id]
                        yield gain * weight / max(self.cost_of(one, option), 1), option

    def cost_of(self, one: ProgrammeProblem, option: Option) -> int:
        opened = option.module.id in self.state.setup_cost_kzt
        setup = 0 if opened else self.problem.setup_cost_kzt(option.module.id)
        return setup + self.problem.delivery_cost_kzt(one, option)


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
    limits = effective_limits(catalog, settings)
    begun = clock()
    solution = solve(catalog, limits)
    report.fact(f"solved in {clock() - begun:.1f} s, {solution.status.value}", solution.status == "optimal")
    for stage in solution.stages:
        small = stage.gap is not None and stage.gap <= 0.001
        report.fact(f"{stage.objective}: {stage.value:g}, bound {stage.bound:g}, gap {stage.gap:.5f}", small)
    after = evaluate(catalog, limits, solution.selection)
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
    short = replace(settings, objectives=CLOSURE_AND_COST)
    binding = set()
    for name, kind, easier in relaxations(catalog):
        result = relaxed(solution, easier, short, name, kind)
        binding |= {kind} if result.better else set()
        state = "binds" if result.better else "does not bind"
        report.fact(
            f"without {name} ({kind}): closure {result.closure:.4f}, cost {result.cost_kzt:,.0f}: {state}"
        )
    report.fact(f"kinds of limits that bind: {', '.join(sorted(binding))}", len(binding) >= 3)
    for rule in ("§3", "§4", "§9", "§10"):
        result = without_rule(solution, catalog, short, rule)
        report.fact(
            f"without {rule}: closure {result.closure:.4f}, cost {result.cost_kzt:,.0f}", result.better
        )
    useless = [item for item in removals(catalog, limits, solution) if not item.useful]
    report.fact(
        f"added modules of no use: {[(item.programme, item.module) for item in useless]}", not useless
    )


def main(source: str = "kz-digital-college") -> int:
    result = read_catalog(source)
    assert result.catalog is not None, [issue.line() for issue in result.issues]
    report = Report()
    measure(result.catalog, report)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
