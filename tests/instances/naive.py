"""A deliberately naive second enumeration, to keep the oracle honest.

Every combination of terms and sites of the whole plan, no pruning, whole-plan checks, exact fractions
instead of floats. It shares no line with ``oracle``; it is hopelessly slow and meant for a few modules.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from curriplan.model import Catalog

ALL_KINDS = (
    "theory",
    "laboratory_practical",
    "production_training",
    "professional_practice",
    "self_study_guided",
    "self_study",
)
PRACTICE_KINDS = ALL_KINDS[1:4]
CONTACT_KINDS = ALL_KINDS[:4]
Starts = dict[tuple[str, str], int]
Sites = dict[tuple[str, str, str], str]
Value = tuple[Fraction, ...]


def exact(number: float | str) -> Fraction:
    """Turn a decimal number into the fraction that was written."""
    return Fraction(str(number))


def hours_of(row: Any, kinds: tuple[str, ...] = ALL_KINDS) -> Fraction:
    """Add the hours of some kinds."""
    return sum((exact(getattr(row, f"{kind}_hours")) for kind in kinds), Fraction(0))


class Naive:
    """All plans of a catalog, each checked as a whole."""

    def __init__(
        self,
        catalog: Catalog,
        programmes: tuple[str, ...] = (),
        budget_kzt: int | None = None,
        practice_share: float | None = None,
        drop_rules: frozenset[str] = frozenset(),
    ) -> None:
        self.c = catalog
        self.drop_rules = drop_rules
        """Those of §4 and §5 to leave out."""
        self.planned = [p for p in catalog.programmes if p.id in programmes or not programmes]
        self.others = [p for p in catalog.programmes if p not in self.planned]
        self.profile = {row.key_name: row.value for row in catalog.profile}
        self.budget_kzt = budget_kzt
        self.share = practice_share
        if practice_share is None and "practice_share_min" in self.profile:
            self.share = float(self.profile["practice_share_min"])
        self.module = {row.id: row for row in catalog.modules}
        self.row = {(row.programme, row.module): row for row in catalog.programme_modules}
        self.calendar = {self.semester(p, t) for p in catalog.programmes for t in range(1, p.terms + 1)}
        self.free = self.free_hours()

    # --- helpers

    def semester(self, programme: Any, term: int) -> str:
        year, half = map(int, programme.start.split("-"))
        for _ in range(term - 1):
            year, half = (year, 2) if half == 1 else (year + 1, 1)
        return f"{year}-{half}"

    def semesters_of(self, programme: Any, term: int) -> list[str]:
        own = self.semester(programme, term)
        if not programme.repeats:
            return [own]
        return [s for s in sorted(self.calendar) if s[-1] == own[-1] and s >= programme.start]

    def parts(self, learners: int, size: Any) -> int:
        """Count groups: 1 where no size is known."""
        if size in (None, "", 0):
            return 1
        groups = 0
        while groups * exact(size) < learners:
            groups += 1
        return groups

    def need_hours(self, programme: Any, module: str, kind: str, resource: Any) -> Fraction:
        total = Fraction(0)
        for row in self.c.module_resources:
            if (row.module, row.resource_kind) == (module, kind):
                hours = hours_of(self.module[module], (str(row.hours_kind),)) * exact(row.hours_share)
                if resource.category == "teacher_post" and row.hours_kind == "theory":
                    total += hours * self.parts(programme.learners, self.profile.get("group_size"))
                else:
                    size = resource.places or self.profile.get("subgroup_size")
                    total += hours * self.parts(programme.learners, size)
        return total

    def kinds_needed(self, module: str) -> list[str]:
        rows = [row for row in self.c.module_resources if row.module == module]
        hours: dict[str, Fraction] = {}
        for row in rows:
            taught = hours_of(self.module[module], (str(row.hours_kind),)) * exact(row.hours_share)
            hours[row.resource_kind] = hours.get(row.resource_kind, Fraction(0)) + taught
        return sorted(kind for kind, total in hours.items() if total)

    def free_hours(self) -> dict[tuple[str, str], Fraction]:
        """Return the free hours by resource and semester; a resource that is not there is unlimited."""
        free: dict[tuple[str, str], Fraction] = {}
        for resource in self.c.resources:
            rows = {r.semester: r for r in self.c.resource_capacity if r.resource == resource.id}
            for semester in self.calendar if rows else ():
                row = rows.get(semester, rows.get(f"*-{semester[-1]}"))
                hours = exact(row.hours) - exact(row.committed_hours) if row else Fraction(0)
                free[resource.id, semester] = max(Fraction(0), hours)
        for standing in self.c.programme_modules:
            for programme in self.others:
                if standing.programme == programme.id and standing.current_term is not None:
                    self.commit(free, programme, standing.module, standing.current_term)
        return free

    def commit(self, free: dict[tuple[str, str], Fraction], programme: Any, module: str, term: int) -> None:
        for kind in self.kinds_needed(module):
            sites = [r for r in self.c.resources if r.kind == kind]
            semesters = self.semesters_of(programme, term)
            chosen = None
            for site in sites:
                need = self.need_hours(programme, module, kind, site)
                if all(free.get((site.id, s), need) >= need for s in semesters):
                    chosen = site
                    break
            chosen = chosen or (sites[0] if sites else None)
            for s in semesters:
                if chosen is not None and (chosen.id, s) in free:
                    need = self.need_hours(programme, module, kind, chosen)
                    free[chosen.id, s] = max(Fraction(0), free[chosen.id, s] - need)

    def has_rows(self, programme: str) -> bool:
        return any(p == programme for p, _ in self.row)

    def current(self, programme: str) -> set[str]:
        return {m for (p, m), row in self.row.items() if p == programme and row.current_term is not None}

    def baseline(self, programme: str, competency: str) -> int:
        for row in self.c.baseline:
            if (row.programme, row.competency) == (programme, competency):
                return row.level
        return 0

    def exit(self, module: str, competency: str) -> int:
        for row in self.c.module_outcomes:
            if (row.module, row.competency) == (module, competency):
                return row.exit_level
        return 0

    def v(self, level: int) -> Fraction:
        for row in self.c.level_values:
            if row.level == level:
                return exact(row.value)
        return Fraction(1)

    # --- all plans

    def plans(self) -> Iterator[tuple[Starts, Sites]]:
        """Yield every plan: any module in any term or none, with every choice of sites."""
        pairs = [(p.id, m) for p in self.planned for m in sorted(self.module)]
        terms = {p.id: range(p.terms + 1) for p in self.planned}
        for chosen in itertools.product(*(terms[p] for p, _ in pairs)):
            starts = {pair: term for pair, term in zip(pairs, chosen, strict=True) if term}
            keys = [(p, m, kind) for p, m in starts for kind in self.kinds_needed(m)]
            rooms = [[r.id for r in self.c.resources if r.kind == kind] for _, _, kind in keys]
            for sites in itertools.product(*rooms):
                yield starts, dict(zip(keys, sites, strict=True))

    def count(self) -> int:
        """Count the choices of terms, to see beforehand what an enumeration takes."""
        count = 1
        for programme in self.planned:
            count *= (programme.terms + 1) ** len(self.module)
        return count

    # --- whole-plan checks

    def feasible(self, starts: Starts, sites: Sites) -> bool:
        for programme in self.planned:
            mine = {m: t for (p, m), t in starts.items() if p == programme.id}
            if not (
                self.s1(programme, mine)
                and self.s3(programme, mine)
                and ("§4" in self.drop_rules or self.s4(programme, mine))
                and ("§5" in self.drop_rules or self.s5(mine))
                and self.s6(programme, mine)
                and self.s7(programme, mine)
                and self.s11(programme, mine)
            ):
                return False
        return self.s9(starts, sites) and self.cost(starts) <= self.budget()

    def s1(self, programme: Any, mine: dict[str, int]) -> bool:
        headers = {row.parent for row in self.c.modules}
        for module, term in mine.items():
            row = self.row.get((programme.id, module))
            if module in headers or (row is None and self.has_rows(programme.id)):
                return False
            if row is not None:
                if row.status == "forbidden":
                    return False
                if row.pinned_term is not None and term != row.pinned_term:
                    return False
                if row.pinned_term is None and row.allowed_terms and term not in row.allowed_terms:
                    return False
        mandatory = {m for (p, m), row in self.row.items() if p == programme.id and row.status == "mandatory"}
        return mandatory <= set(mine)

    def before(self, programme: Any, mine: dict[str, int], module: str) -> set[str]:
        """Return the modules that `module` may lean on."""
        found = {m for m, t in mine.items() if t < mine[module]}
        row = self.row.get((programme.id, module))
        if row is not None and row.current_term == mine[module] and row.position is not None:
            for m, t in mine.items():
                other = self.row.get((programme.id, m))
                if (
                    other is not None
                    and other.current_term == t == row.current_term
                    and other.position is not None
                    and other.position < row.position
                ):
                    found.add(m)
        return found

    def s3(self, programme: Any, mine: dict[str, int]) -> bool:
        for module in mine:
            held = self.before(programme, mine, module)
            for row in self.c.module_outcomes:
                if row.module == module:
                    levels = [self.exit(m, row.competency) for m in held]
                    if max([self.baseline(programme.id, row.competency), *levels]) < row.entry_level:
                        return False
        return True

    def s4(self, programme: Any, mine: dict[str, int]) -> bool:
        for module, term in mine.items():
            in_time = {
                "prerequisite": self.before(programme, mine, module),
                "corequisite": {m for m, t in mine.items() if t <= term},
                "strict_corequisite": {m for m, t in mine.items() if t == term},
            }
            for kind, served in in_time.items():
                needs = [n for n in self.c.module_requisites if (n.module, n.kind) == (module, kind)]
                if not {need.requires for need in needs if not need.any_of} <= served:
                    return False
                for word in {need.any_of for need in needs if need.any_of}:
                    if served.isdisjoint(need.requires for need in needs if need.any_of == word):
                        return False
        return True

    def s5(self, mine: dict[str, int]) -> bool:
        return not any(
            self.module[a].exclusive_group
            and self.module[a].exclusive_group == self.module[b].exclusive_group
            for a, b in itertools.combinations(mine, 2)
        )

    def loads(self, programme: Any, mine: dict[str, int], term: int | None = None) -> list[Any]:
        fixed = [row for row in self.c.programme_fixed_hours if row.programme == programme.id]
        return [self.module[m] for m, t in mine.items() if term in (None, t)] + [
            row for row in fixed if term in (None, row.term)
        ]

    def credits(self, programme: Any, mine: dict[str, int], term: int | None) -> Fraction:
        total = Fraction(0)
        for load in self.loads(programme, mine, term):
            if hasattr(load, "credits"):
                total += exact(load.credits)
            elif "hours_per_credit" in self.profile:
                beside = self.profile.get("self_study_inside_credit") == "no"
                kinds = CONTACT_KINDS if beside else ALL_KINDS
                total += hours_of(load, kinds) / exact(self.profile["hours_per_credit"])
        return total

    def s6(self, programme: Any, mine: dict[str, int]) -> bool:
        least = programme.min_credits
        code = programme.qualification or ""
        for level in ("3W", "4S", "5AB"):
            key = f"total_credits_{level}_{programme.entry_base}"
            if least is None and code.startswith(level) and key in self.profile:
                least = exact(self.profile[key])
        total = self.credits(programme, mine, None)
        if least is not None and total < least:
            return False
        if programme.max_credits is not None and total > programme.max_credits:
            return False
        return all(self.s6_term(programme, mine, term) for term in range(1, programme.terms + 1))

    def s6_term(self, programme: Any, mine: dict[str, int], term: int) -> bool:
        load = self.credits(programme, mine, term)
        count = len([m for m, t in mine.items() if t == term])
        weeks = None
        if "teaching_weeks_year" in self.profile:
            weeks = exact(self.profile["teaching_weeks_year"]) / 2
        for row in self.c.programme_terms:
            if (row.programme, row.term) == (programme.id, term):
                weeks = exact(row.weeks) if row.weeks is not None else weeks
                for value, low, high in (
                    (load, row.min_credits, row.max_credits),
                    (count, row.min_modules, row.max_modules),
                ):
                    if (low is not None and value < low) or (high is not None and value > high):
                        return False
        here = self.loads(programme, mine, term)
        every = sum(map(hours_of, here), Fraction(0))
        contact = sum((hours_of(load, CONTACT_KINDS) for load in here), Fraction(0))
        counted = every if self.profile.get("weekly_hours_counts") == "all" else contact
        if weeks is None:
            return True
        return not (
            ("weekly_hours" in self.profile and counted > exact(self.profile["weekly_hours"]) * weeks)
            or (
                "weekly_hours_all" in self.profile and every > exact(self.profile["weekly_hours_all"]) * weeks
            )
        )

    def s7(self, programme: Any, mine: dict[str, int]) -> bool:
        if self.share is None:
            return True
        word = self.profile.get("practice_share_denominator", "all")
        here = [
            load for load in self.loads(programme, mine) if word == "all" or load.section in word.split("+")
        ]
        practice = sum((hours_of(load, PRACTICE_KINDS) for load in here), Fraction(0))
        return practice >= exact(self.share) * sum(map(hours_of, here), Fraction(0))

    def s9(self, starts: Starts, sites: Sites) -> bool:
        used: dict[tuple[str, str], Fraction] = {}
        for (p, m, kind), site in sites.items():
            programme = next(row for row in self.planned if row.id == p)
            resource = next(row for row in self.c.resources if row.id == site)
            for semester in self.semesters_of(programme, starts[p, m]):
                hours = self.need_hours(programme, m, kind, resource)
                used[site, semester] = used.get((site, semester), Fraction(0)) + hours
        return all(hours <= self.free[axis] for axis, hours in used.items() if axis in self.free)

    def budget(self) -> float:
        if self.budget_kzt is not None:
            return self.budget_kzt
        if not self.c.funding_budgets:
            return float("inf")
        everyone = sum(p.learners for p in self.c.programmes)
        return sum(b.budget_kzt + b.per_learner_kzt * everyone for b in self.c.funding_budgets)

    def s11(self, programme: Any, mine: dict[str, int]) -> bool:
        for floor in self.c.floors:
            if floor.programme is None or floor.programme == programme.id:
                levels = [self.exit(m, floor.competency) for m in mine]
                if max([self.baseline(programme.id, floor.competency), *levels]) < floor.level:
                    return False
        return True

    # --- objectives

    def cost(self, starts: Starts) -> Fraction:
        added = {(p, m) for p, m in starts if m not in self.current(p)}
        running = {m for p in self.c.programmes for m in self.current(p.id)}
        total = Fraction(0)
        for module in {m for _, m in added}:
            if not self.module[module].already_open and module not in running:
                total += self.module[module].setup_cost_kzt
        for p, m in added:
            learners = next(row.learners for row in self.planned if row.id == p)
            total += self.module[m].cost_per_group_kzt * self.parts(learners, self.profile.get("group_size"))
        return total

    def worth(self, programme: Any, modules: set[str]) -> tuple[Fraction, Fraction]:
        """Return the worth reached with the modules, and the whole worth."""
        reached = whole = Fraction(0)
        for target in self.c.targets:
            for need in self.c.occupation_requirements:
                if target.programme == programme.id and target.occupation == need.occupation:
                    base = self.baseline(programme.id, need.competency)
                    missing = [k for k in range(1, need.level + 1) if k > base]
                    for k in missing:
                        worth = self.v(k) / 2
                        if k == need.level:
                            worth += sum(map(self.v, missing), Fraction(0)) / 2
                        worth *= exact(target.share) * exact(need.importance) * (2 if need.essential else 1)
                        whole += worth
                        if any(self.exit(m, need.competency) >= k for m in modules):
                            reached += worth
        return reached, whole

    def values(self, starts: Starts) -> dict[str, Fraction]:
        """Return the value of each objective; closure with its sign turned, so that less is better."""
        harm = harm_weight = closure = closure_weight = disruption = balance = Fraction(0)
        for programme in self.planned:
            mine = {m: t for (p, m), t in starts.items() if p == programme.id}
            after, whole = self.worth(programme, set(mine))
            today, _ = self.worth(programme, self.current(programme.id))
            if whole:
                weight = programme.learners if programme.weight is None else exact(programme.weight)
                harm += programme.learners * max(Fraction(0), (today - after) / whole)
                harm_weight += programme.learners
                closure += weight * after / whole
                closure_weight += weight
            for module in self.current(programme.id):
                row = self.row[programme.id, module]
                if row.status != "forbidden" and mine.get(module) != row.current_term:
                    disruption += hours_of(self.module[module])
            loads = [self.credits(programme, mine, t) for t in range(1, programme.terms + 1)]
            balance += sum((abs(a - b) for a, b in itertools.combinations(loads, 2)), Fraction(0))
        return {
            "no_harm": harm / harm_weight if harm_weight else Fraction(0),
            "closure": -closure / closure_weight if closure_weight else Fraction(0),
            "cost": self.cost(starts),
            "disruption": disruption,
            "balance": balance,
        }

    def solve(self, objectives: tuple[tuple[str, float], ...]) -> list[tuple[str, float]] | None:
        """Return the value of each stage, None where no plan keeps the rules."""
        distinct: dict[Value, dict[str, Fraction]] = {}
        for starts, sites in self.plans():
            if self.feasible(starts, sites):
                found = self.values(starts)
                distinct[tuple(found.values())] = found
        left = list(distinct.values())
        if not left:
            return None
        stages = []
        for name, tolerance in objectives:
            best = min(value[name] for value in left)
            left = [value for value in left if value[name] <= best + exact(tolerance)]
            stages.append((name, float(-best if name == "closure" else best)))
        return stages
