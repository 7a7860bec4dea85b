"""A deliberately naive second enumeration, to keep the oracle honest.

Every combination of terms and sites of the whole plan, no pruning, whole-plan checks, exact fractions
instead of floats; who pays (§10) is decided by cuts instead of flows. It shares no line with ``oracle``; it
is hopelessly slow and meant for a few modules.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

from curriplan.catalog.records import Catalog

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
WORK_KINDS = ALL_KINDS[2:4]
BY_PROGRAMME = ("§5", "§4", "§3", "§15", "§12", "§11", "§13", "§7", "§6")
"""The rules of one programme alone, the quickest to check first; §1 stands before them all."""
MAXIMISED = ("closure", "adaptability", "fairness")
Starts = dict[tuple[str, str], int]
Sites = dict[tuple[str, str, str], tuple[tuple[str, int], ...]]
"""For each programme, module and kind the resources used with their parts; 0 parts where one serves all."""
Value = tuple[Fraction, ...]


@cache
def exact(number: float | str) -> Fraction:
    """Turn a decimal number into the fraction that was written."""
    return Fraction(str(number))


def hours_of(row: Any, kinds: tuple[str, ...] = ALL_KINDS) -> Fraction:
    """Add the hours of some kinds."""
    hours = [getattr(row, f"{kind}_hours") for kind in kinds]
    return sum((exact(some) for some in hours if some), Fraction(0))


class Naive:
    """All plans of a catalog, each checked as a whole."""

    def __init__(
        self,
        catalog: Catalog,
        programmes: tuple[str, ...] = (),
        budget_kzt: int | None = None,
        practice_share: float | None = None,
        previous: tuple[tuple[str, str, int], ...] | None = None,
        max_changes: int | None = None,
        taught_until: str | None = None,
        equity: float | None = None,
        review: tuple[tuple[str, str, int | None], ...] = (),
        reviewed: tuple[tuple[str, str, int], ...] = (),
        horizon: str | None = None,
        drop_rules: frozenset[str] = frozenset(),
        *,
        with_others: bool = False,
    ) -> None:
        self.with_others = with_others
        self.known_candidates: dict[str, set[str]] = {}
        self.known_worth: dict[tuple[str, frozenset[str]], tuple[Fraction, Fraction]] = {}
        self.c = catalog
        self.base_targets = [row for row in catalog.targets if not row.scenario]
        self.drop_rules = drop_rules
        self.planned = [p for p in catalog.programmes if p.id in programmes or not programmes]
        self.others = [p for p in catalog.programmes if p not in self.planned]
        self.profile = {row.key_name: row.value for row in catalog.profile if row.value != "off"}
        self.budget_kzt = budget_kzt
        self.given_share = practice_share
        self.share = practice_share
        if practice_share is None and "practice_share_min" in self.profile:
            self.share = float(self.profile["practice_share_min"])
        self.previous, self.max_changes = previous, max_changes
        self.taught_until, self.equity = taught_until, equity
        self.review, self.reviewed = review, reviewed
        self.horizon = horizon
        self.module = {row.id: row for row in catalog.modules}
        self.row = {(row.programme, row.module): row for row in catalog.programme_modules}
        self.calendar = {self.semester(p, t) for p in catalog.programmes for t in range(1, p.terms + 1)}
        self.calendar = {s for s in self.calendar if taught_until is None or s > taught_until}
        self.free = self.free_hours()
        self.best_alone: dict[str, Fraction] | None = None

    def alone(self) -> dict[str, Fraction]:
        """Return alone(p) of the programmes that have a plan when planned alone."""
        if self.best_alone is None:
            self.best_alone = {}
            for p in self.planned:
                past = {"previous": self.previous, "taught_until": self.taught_until}
                lonely = Naive(
                    self.c,
                    (p.id,),
                    self.budget_kzt,
                    self.given_share,
                    with_others=self.with_others,
                    **(past if self.taught_until else {}),
                )
                lonely.best_alone = {}
                stages = lonely.exact_stages((("closure", 0.0),))
                if stages is not None:
                    self.best_alone[p.id] = -stages[0][1]
        return self.best_alone

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
        intakes = [row for row in self.c.programmes if row.intake_of == programme.id]
        first = own if intakes else programme.start
        return [s for s in sorted(self.calendar) if s[-1] == own[-1] and s >= first]

    def year(self, programme: Any, term: int) -> int:
        year, half = map(int, self.semester(programme, term).split("-"))
        return year if half == 1 else year + 1

    def weights(self, module: str) -> list[Fraction]:
        row = self.module[module]
        if row.span_weights:
            return [exact(weight) for weight in row.span_weights]
        return [Fraction(1, row.span_terms)] * row.span_terms

    def last(self, module: str, start: int) -> int:
        """Return the last term of a module."""
        return start + self.module[module].span_terms - 1

    def parts(self, learners: int, size: Any) -> int:
        """Count groups: 1 where no size is known."""
        if size in (None, "", 0):
            return 1
        groups = 0
        while groups * exact(size) < learners:
            groups += 1
        return groups

    def need_rows(self, module: str, kind: str) -> list[tuple[str, Fraction]]:
        return [
            (
                str(row.hours_kind),
                hours_of(self.module[module], (str(row.hours_kind),)) * exact(row.hours_share),
            )
            for row in self.c.module_resources
            if (row.module, row.resource_kind) == (module, kind)
        ]

    def resource(self, name: str) -> Any:
        return next(row for row in self.c.resources if row.id == name)

    def may_split(self, module: str, kind: str) -> bool:
        return any(
            row.may_split
            for row in self.c.module_resources
            if (row.module, row.resource_kind) == (module, kind)
        )

    def part_size(self, module: str, kind: str, resource: Any) -> Any:
        """Return the size of a part, None where all learners are one."""
        rows = [row for row in self.need_rows(module, kind) if row[1]]
        if resource.category == "teacher_post" and all(name == "theory" for name, _ in rows):
            return self.profile.get("group_size")
        return resource.places or self.profile.get("subgroup_size")

    def part_count(self, programme: Any, module: str, kind: str, use: tuple[str, int]) -> int:
        """Return how many parts a use serves."""
        size = self.part_size(module, kind, self.resource(use[0]))
        return use[1] or self.parts(programme.learners, size)

    def use_hours(self, programme: Any, module: str, kind: str, use: tuple[str, int]) -> Fraction:
        """Return the hours that a use takes of its resource."""
        resource = self.resource(use[0])
        if use[1]:
            return use[1] * sum((hours for _, hours in self.need_rows(module, kind)), Fraction(0))
        total = Fraction(0)
        for hours_kind, hours in self.need_rows(module, kind):
            if resource.category == "teacher_post" and hours_kind == "theory":
                total += hours * self.parts(programme.learners, self.profile.get("group_size"))
            else:
                size = resource.places or self.profile.get("subgroup_size")
                total += hours * self.parts(programme.learners, size)
        return total

    def by_semester(self, programme: Any, module: str, term: int, hours: Fraction) -> dict[str, Fraction]:
        """Return the hours of each semester in which a module of a term uses so many hours."""
        used: dict[str, Fraction] = {}
        for k, weight in enumerate(self.weights(module)):
            for semester in self.semesters_of(programme, term + k):
                used[semester] = used.get(semester, Fraction(0)) + weight * hours
        return used

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
            chosen = None
            for site in reversed([r.id for r in self.c.resources if r.kind == kind]):
                hours = self.use_hours(programme, module, kind, (site, 0))
                needed = self.by_semester(programme, module, term, hours)
                fits = all(free.get((site, s), need) >= need for s, need in needed.items())
                # Going backwards, the first that fits is the last to be chosen; so is the first of all.
                if chosen is None or fits or not chosen[2]:
                    chosen = (site, needed, fits)
            if chosen is not None:
                for s, need in chosen[1].items():
                    if (chosen[0], s) in free:
                        free[chosen[0], s] = max(Fraction(0), free[chosen[0], s] - need)

    def rows_of(self, programme: Any) -> set[str]:
        return {m for p, m in self.row if p == programme.id}

    def current(self, programme: str) -> set[str]:
        return {m for (p, m), row in self.row.items() if p == programme and row.current_term is not None}

    def given(self, programme: str, competency: str) -> int:
        """Return the level of the baseline row."""
        for row in self.c.baseline:
            if (row.programme, row.competency) == (programme, competency):
                return row.level
        return 0

    def baseline(self, programme: str, competency: str) -> int:
        """Return the level brought, transfers included."""
        levels = [self.given(programme, competency)]
        for r in self.c.competency_relations:
            if r.kind == "transfers" and r.target == competency:
                levels.append(int(exact(r.factor or 0) * self.given(programme, r.source)))
        return max(levels)

    def exit(self, module: str, competency: str) -> int:
        """Return the level to which a module teaches, transfers included."""
        levels = [0]
        for row in self.c.module_outcomes:
            if row.module == module:
                levels += [row.exit_level] if row.competency == competency else []
                for r in self.c.competency_relations:
                    if r.kind == "transfers" and (r.source, r.target) == (row.competency, competency):
                        levels.append(int(exact(r.factor or 0) * row.exit_level))
        return max(levels)

    def entry_levels(self, programme: str, module: str) -> list[tuple[str, int]]:
        rows = {row.competency: row for row in self.c.module_outcomes if row.module == module}
        found = [(c, row.entry_level) for c, row in rows.items()]
        for r in self.c.competency_relations:
            if r.kind == "requires" and r.source in rows:
                needed = r.level if r.level is not None else 1
                threshold = r.source_level if r.source_level is not None else 1
                row = rows[r.source]
                below = threshold > row.entry_level and threshold > self.baseline(programme, r.source)
                itself = r.target in rows and rows[r.target].exit_level >= needed
                if below and threshold <= row.exit_level and not itself:
                    found.append((r.target, needed))
        return [(c, n) for c, n in found if n > self.baseline(programme, c)]

    def v(self, level: int) -> Fraction:
        for row in self.c.level_values:
            if row.level == level:
                return exact(row.value)
        return Fraction(1)

    # --- all plans

    def all_starts(self) -> Iterator[Starts]:
        """Yield every choice of terms: any module in any term that leaves it room, or none."""
        pairs = [(p, m) for p in self.planned for m in sorted(self.module)]
        terms = [[t for t in range(p.terms + 1) if t == 0 or self.last(m, t) <= p.terms] for p, m in pairs]
        for chosen in itertools.product(*terms):
            yield {(p.id, m): term for (p, m), term in zip(pairs, chosen, strict=True) if term}

    def all_sites(self, starts: Starts) -> Iterator[Sites]:
        """Yield every choice of sites."""
        keys = [(p, m, kind) for p, m in starts for kind in self.kinds_needed(m)]
        choices = [list(self.site_choices(*key)) for key in keys]
        for sites in itertools.product(*choices):
            yield dict(zip(keys, sites, strict=True))

    def site_choices(self, p: str, module: str, kind: str) -> Iterator[tuple[tuple[str, int], ...]]:
        names = [r.id for r in self.c.resources if r.kind == kind]
        if not names and "§9" in self.drop_rules:
            yield ()
        if not self.may_split(module, kind):
            yield from (((name, 0),) for name in names)
            return
        learners = next(row.learners for row in self.planned if row.id == p)
        sizes = {}
        for name in names:
            size = self.part_size(module, kind, self.resource(name))
            sizes[name] = Fraction(learners) if size in (None, "") else exact(size)
        for counts in itertools.product(*(range(self.parts(learners, sizes[n]) + 1) for n in names)):
            served = [sizes[n] for n, count in zip(names, counts, strict=True) for _ in range(count)]
            enough = sum(served) >= learners
            if names and enough and all(sum(served) - size < learners for size in served):
                yield tuple((n, count) for n, count in zip(names, counts, strict=True) if count)

    def count(self) -> int:
        """Count the choices of terms, to see beforehand what an enumeration takes."""
        count = 1
        for programme in self.planned:
            count *= (programme.terms + 1) ** len(self.module)
        return count

    # --- whole-plan checks

    def feasible(self, starts: Starts) -> bool:
        """Check what does not depend on sites."""
        for programme in self.planned:
            mine = {m: t for (p, m), t in starts.items() if p == programme.id}
            if not self.s1(programme, mine):
                return False
            if not all(
                self.keeps(rule, programme, mine) for rule in BY_PROGRAMME if rule not in self.drop_rules
            ):
                return False
        return ("§12" in self.drop_rules or self.s12_changes(starts)) and (
            "§14" in self.drop_rules or self.s14(starts)
        )

    def keeps(self, rule: str, programme: Any, mine: dict[str, int]) -> bool:
        """Check one rule of one programme."""
        if rule == "§3":
            return "§2" in self.drop_rules or self.s3(programme, mine)
        if rule == "§5":
            return self.s5(mine)
        if rule == "§12":
            return (
                self.s12_frozen(programme, mine)
                and self.s12_share(programme, mine)
                and self.s12_review(programme, mine)
            )
        found: bool = getattr(self, f"s{rule[1:]}")(programme, mine)
        return found

    def feasible_sites(self, starts: Starts, sites: Sites) -> bool:
        return (
            ("§8" in self.drop_rules or self.s8(starts, sites))
            and ("§9" in self.drop_rules or self.s9(starts, sites))
            and ("§10" in self.drop_rules or self.s10(starts, sites))
        )

    def s1(self, programme: Any, mine: dict[str, int]) -> bool:
        headers = {row.parent for row in self.c.modules}
        for module, term in mine.items():
            row = self.row.get((programme.id, module))
            if module in headers or module not in self.offered(programme) | self.rows_of(programme):
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
        found = {m for m, t in mine.items() if self.last(m, t) < mine[module]}
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
            for competency, level in self.entry_levels(programme.id, module):
                if not any(self.exit(m, competency) >= level for m in held):
                    return False
        return True

    def s4(self, programme: Any, mine: dict[str, int]) -> bool:
        for module, term in mine.items():
            in_time = {
                "prerequisite": self.before(programme, mine, module),
                "corequisite": {m for m, t in mine.items() if t <= term},
                "strict_corequisite": {m for m, t in mine.items() if t == term},
            }
            for need in self.c.module_requisites:
                if (need.module, need.kind) == (module, "order") and mine.get(need.requires, 0) > term:
                    return False
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

    def loads(
        self, programme: Any, mine: dict[str, int], term: int | None = None
    ) -> list[tuple[Any, Fraction]]:
        """Return modules and fixed loads, each with its part in the term (or in all)."""
        found = [(self.module[m], Fraction(1)) for m in mine if term is None]
        for m, start in mine.items():
            for k, weight in enumerate(self.weights(m)):
                if term == start + k:
                    found.append((self.module[m], weight))
        fixed = [row for row in self.c.programme_fixed_hours if row.programme == programme.id]
        return found + [(row, Fraction(1)) for row in fixed if term in (None, row.term)]

    def sum_hours(self, loads: list[tuple[Any, Fraction]], kinds: tuple[str, ...] = ALL_KINDS) -> Fraction:
        return sum((hours_of(load, kinds) * part for load, part in loads), Fraction(0))

    def credits(self, programme: Any, mine: dict[str, int], term: int | None) -> Fraction:
        total = Fraction(0)
        for load, part in self.loads(programme, mine, term):
            if hasattr(load, "credits"):
                total += exact(load.credits) * part
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
        count = len([m for m, t in mine.items() if t <= term <= self.last(m, t)])
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
        every = self.sum_hours(here)
        contact = self.sum_hours(here, CONTACT_KINDS)
        if self.profile.get("weekly_hours_guided_self_study") == "yes":
            contact = contact + self.sum_hours(here, ("self_study_guided",))
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
        loads = self.loads(programme, mine)
        here = [load for load in loads if word == "all" or load[0].section in word.split("+")]
        return self.sum_hours(here, PRACTICE_KINDS) >= exact(self.share) * self.sum_hours(here)

    def s8(self, starts: Starts, sites: Sites) -> bool:
        if "dual_share_min" not in self.profile:
            return True
        for programme in self.planned:
            mine = {m: t for (p, m), t in starts.items() if p == programme.id}
            away = Fraction(0)
            for (p, m, kind), uses in sites.items():
                if p == programme.id and uses and self.resource(uses[0][0]).category == "enterprise":
                    rows = self.need_rows(m, kind)
                    away += sum((hours for name, hours in rows if name in WORK_KINDS), Fraction(0))
            share = exact(self.profile["dual_share_min"])
            whole = self.sum_hours(self.loads(programme, mine), WORK_KINDS)
            if programme.dual and away < share * whole:
                return False
        return True

    def s9(self, starts: Starts, sites: Sites) -> bool:
        used: dict[tuple[str, str], Fraction] = {}
        for (p, m, kind), uses in sites.items():
            programme = next(row for row in self.planned if row.id == p)
            for use in uses:
                hours = self.use_hours(programme, m, kind, use)
                for semester, some in self.by_semester(programme, m, starts[p, m], hours).items():
                    used[use[0], semester] = used.get((use[0], semester), Fraction(0)) + some
        return all(hours <= self.free[axis] for axis, hours in used.items() if axis in self.free)

    # --- money

    def budget_of(self, row: Any) -> int:
        everyone = sum(p.learners for p in self.c.programmes if p.intake_of is None)
        found: int = row.budget_kzt + row.per_learner_kzt * everyone
        return found

    def limit(self, source: str, module: str, part: str) -> Fraction:
        """Return the share of the limit that fits best."""
        for wants in itertools.product((True, False), repeat=3):
            for row in self.c.funding_limits:
                pairs = (
                    (row.module, module),
                    (row.section, self.module[module].section),
                    (row.cost_part, part),
                )
                fits = all((a == b) if want else a is None for (a, b), want in zip(pairs, wants, strict=True))
                if row.source == source and fits:
                    return exact(row.max_share)
        return Fraction(1)

    def items(self, starts: Starts, sites: Sites) -> list[tuple[str, str, str, int, int]]:
        """Return the items: programme (none for setting up), module, cost part, year due, amount."""
        found = []
        added = {(p, m): t for (p, m), t in starts.items() if m not in self.current(p)}
        running = {m for p in self.c.programmes for m in self.current(p.id)}
        programme = {row.id: row for row in self.planned}
        for module in {m for _, m in added} - running:
            if not self.module[module].already_open:
                first = min(self.year(programme[p], t) for (p, m), t in added.items() if m == module)
                found.append(("", module, "setup", first, self.module[module].setup_cost_kzt))
        for (p, m), term in added.items():
            groups = self.parts(programme[p].learners, self.profile.get("group_size"))
            amounts = [("delivery", self.module[m].cost_per_group_kzt * groups)]
            for (q, n, kind), uses in sites.items():
                for use in uses if (p, m) == (q, n) else ():
                    row = self.resource(use[0])
                    hours = self.use_hours(programme[p], m, kind, use)
                    parts = self.part_count(programme[p], m, kind, use)
                    # One amount for a site, or for each part.
                    for _ in range(max(1, use[1])):
                        amounts.append(("fees", math.ceil(row.fee_per_hour_kzt * hours / max(1, use[1]))))
                        travelling = 1 if use[1] else parts
                        amounts.append(("travel", row.travel_cost_kzt * travelling))
            for part, kzt in amounts:
                paid = 0
                for k in range(self.module[m].span_terms):
                    until = int(kzt * sum(self.weights(m)[: k + 1], Fraction(0)) + Fraction(1, 2))
                    found.append((p, m, part, self.year(programme[p], term + k), until - paid))
                    paid = until
        return found

    def s10(self, starts: Starts, sites: Sites) -> bool:
        items = self.items(starts, sites)
        rows = self.c.funding_budgets
        whole = sum(item[4] for item in items)
        if self.budget_kzt is not None and whole > self.budget_kzt:
            return False
        if not self.c.funding_sources:
            return True
        # One amount for each programme, module, part and year: the limits are rounded down for each.
        amounts: dict[tuple[str, str, str, int], int] = {}
        for p, module, part, year, kzt in items:
            amounts[p, module, part, year] = amounts.get((p, module, part, year), 0) + kzt
        # A cut: of each source either nothing, or its any-year budget and the budgets of some years.
        ranges = []
        for source in self.c.funding_sources:
            years = {row.year: self.budget_of(row) for row in rows if row.source == source.id}
            loose = years.pop(None, 0)
            chosen = [
                (source.id, set(some), loose + sum(years[year] for year in some))
                for count in range(len(years) + 1)
                for some in itertools.combinations(years, count)
            ]
            endless = [] if rows else [(source.id, {0}, whole)]
            ranges.append([*(endless or chosen), None])
        grouped: dict[tuple[str, str, int], list[int]] = {}
        for (_, module, part, year), kzt in amounts.items():
            grouped.setdefault((module, part, year), []).append(kzt)
        return all(self.cut(cut, grouped) >= whole for cut in itertools.product(*ranges))

    def cut(self, cut: Any, grouped: dict[tuple[str, str, int], list[int]]) -> int:
        """Return the capacity of a cut: of the budgets cut, and of what reaches those that are not."""
        total: int = sum(side[2] for side in cut if side is not None)
        for (module, part, due), amounts in grouped.items():
            through = 0
            for source, side in zip(self.c.funding_sources, cut, strict=True):
                given = {r.year for r in self.c.funding_budgets if r.source == source.id and r.year}
                in_time = {y for y in given if y == due or (part == "setup" and y < due)}
                if side is None or not in_time <= side[1]:
                    share = self.limit(source.id, module, part)
                    through += sum(int(share * kzt) for kzt in amounts)
            total += min(sum(amounts), through)
        return total

    def s11(self, programme: Any, mine: dict[str, int]) -> bool:
        for floor in self.c.floors:
            if self.is_bound(programme, floor):
                levels = [self.exit(m, floor.competency) for m in mine]
                if max([self.baseline(programme.id, floor.competency), *levels]) < floor.level:
                    return False
        return True

    def is_bound(self, programme: Any, floor: Any) -> bool:
        """Say whether a floor names a programme or nobody, and an intake of it begins when it is asked."""
        if floor.programme is not None and floor.programme != programme.id:
            return False
        return not floor.since or programme.repeats or floor.since <= programme.start

    # --- changes, equity, learners, functions

    def offered(self, programme: Any) -> set[str]:
        """Return M(p)."""
        names = self.rows_of(programme) or self.candidates(programme)
        headers = {row.parent for row in self.c.modules}
        gone = {m for (p, m), row in self.row.items() if p == programme.id and row.status == "forbidden"}
        return names - headers - gone

    def candidates(self, programme: Any) -> set[str]:
        """Return M(p) of a programme without rows, headers included."""
        if programme.id not in self.known_candidates:
            found: set[str] = set()
            larger = self.wanted(programme)
            while larger != found:
                found = set(larger)
                rows = [r for r in self.c.module_requisites if r.kind != "order"]
                larger |= {r.requires for r in rows if r.module in found}
                for needing in found:
                    for competency, level in self.entry_levels(programme.id, needing):
                        larger |= {m for m in self.module if self.exit(m, competency) >= level}
            self.known_candidates[programme.id] = found
        return self.known_candidates[programme.id]

    def wanted(self, programme: Any) -> set[str]:
        """Return what teaches a step or a floor, or serves a function, of a programme."""
        targets = {t.occupation for t in self.c.targets if t.programme == programme.id}
        mine = {f.id for f in self.c.labour_functions if f.occupation in targets}
        serving = {r.module for r in self.c.module_functions if r.labour_function in mine}
        foreign = {r.module for r in self.c.module_functions} - serving
        asked = [
            (n.competency, 1, n.level) for n in self.c.occupation_requirements if n.occupation in targets
        ]
        asked += [(f.competency, f.level, f.level) for f in self.c.floors if self.is_bound(programme, f)]
        teaching = {m for m in self.module if self.lifts(programme.id, m, asked)} - foreign
        others = [
            (n.competency, 1, n.level) for n in self.c.occupation_requirements if n.occupation not in targets
        ]
        elsewhere = {m for m in self.module if self.with_others and self.lifts(programme.id, m, others)}
        return serving | teaching | elsewhere

    def lifts(self, programme: str, module: str, asked: list[tuple[str, int, int]]) -> bool:
        """Say whether a module teaches a level above the baseline, of those between a least and a most."""
        return any(
            self.baseline(programme, c) < level <= self.exit(module, c)
            for c, least, most in asked
            for level in range(least, most + 1)
        )

    def earlier(self) -> set[tuple[str, str, int]]:
        return self.known(self.previous or ())

    def known(self, rows: tuple[tuple[str, str, int], ...]) -> set[tuple[str, str, int]]:
        open_to = {p.id: self.offered(p) for p in self.planned}
        return {row for row in rows if row[1] in open_to.get(row[0], ())}

    def s12_changes(self, starts: Starts) -> bool:
        if self.max_changes is None:
            return True
        return self.differing(starts, self.earlier()) <= self.max_changes

    def differing(self, starts: Starts, then: set[tuple[str, str, int]]) -> int:
        there = {p for p, _, _ in then}
        now = {(p, m, t) for (p, m), t in starts.items() if p in there or not there}
        return len({(p, m) for p, m, _ in now ^ then})

    def s12_frozen(self, programme: Any, mine: dict[str, int]) -> bool:
        if self.taught_until is None:
            return True
        for term in range(1, programme.terms + 1):
            if self.semester(programme, term) <= self.taught_until:
                then = {m for p, m, t in self.earlier() if (p, t) == (programme.id, term)}
                if then != {m for m, t in mine.items() if t == term}:
                    return False
        return True

    def s12_share(self, programme: Any, mine: dict[str, int]) -> bool:
        key = "change_share_dual" if programme.dual else "change_share_ordinary"
        if self.previous is not None or key not in self.profile:
            return True
        today = {m: hours_of(self.module[m]) for m in self.current(programme.id)}
        gone = sum((hours for m, hours in today.items() if m not in mine), Fraction(0))
        return gone <= exact(self.profile[key]) * sum(today.values(), Fraction(0))

    def s12_review(self, programme: Any, mine: dict[str, int]) -> bool:
        wanted = {m: term for p, m, term in self.review if p == programme.id}
        return {m: mine.get(m) for m in wanted} == wanted

    def s13(self, programme: Any, mine: dict[str, int]) -> bool:
        if self.equity is None:
            return True
        after, whole = self.worth(programme, set(mine))
        if not whole:
            return True
        return after / whole >= exact(self.equity) * self.alone().get(programme.id, Fraction(0))

    def s14(self, starts: Starts) -> bool:
        given = [
            (p.id, m, self.row[p.id, m].current_term or 0) for p in self.others for m in self.current(p.id)
        ]
        given += [(p, m, t) for (p, m), t in starts.items()]
        planned = {p.id for p in self.planned}
        for module, semester in itertools.product(self.module, self.calendar):
            here = []
            for p, m, t in given:
                programme = next(row for row in self.c.programmes if row.id == p)
                own = self.semester(programme, t)
                again = programme.repeats and own[-1] == semester[-1] and own < semester
                if m == module and (own == semester or again):
                    here.append(programme)
            if any(p.id in planned for p in here):
                least = self.module[module].min_learners or 0
                if sum(p.learners for p in here) < least:
                    return False
        return True

    def s15(self, programme: Any, mine: dict[str, int]) -> bool:
        targets = {t.occupation for t in self.base_targets if t.programme == programme.id}
        for function in self.c.labour_functions:
            serving = {r.module for r in self.c.module_functions if r.labour_function == function.id}
            serving &= self.offered(programme)
            if function.occupation in targets and serving and not serving & set(mine):
                return False
        return True

    # --- objectives

    def worth(self, programme: Any, modules: set[str]) -> tuple[Fraction, Fraction]:
        """Return the worth reached with the modules, and the whole worth."""
        key = (programme.id, frozenset(modules))
        if key not in self.known_worth:
            self.known_worth[key] = self.worth_of(programme, modules)
        return self.known_worth[key]

    def worth_of(self, programme: Any, modules: set[str]) -> tuple[Fraction, Fraction]:
        reached = whole = Fraction(0)
        for target in self.base_targets:
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

    def adaptability(self, programme: Any, modules: set[str]) -> Fraction | None:
        """Return the index of a programme, None where no occupation counts."""
        mine = {t.occupation for t in self.base_targets if t.programme == programme.id}
        covered = openings = Fraction(0)
        for occupation in self.c.occupations:
            needs = [n for n in self.c.occupation_requirements if n.occupation == occupation.id]
            demand = [d for d in self.c.demand if not d.scenario]
            mine_of = [exact(d.openings) for d in demand if d.occupation == occupation.id]
            weight = sum(mine_of, Fraction(0)) if demand else Fraction(1)
            if needs and occupation.id not in mine:
                held = 0
                for need in needs:
                    levels = [self.exit(m, need.competency) for m in modules]
                    levels.append(self.baseline(programme.id, need.competency))
                    held += min(max(levels), need.level)
                covered += weight * Fraction(held, sum(need.level for need in needs))
                openings += weight
        return covered / openings if openings else None

    def values(self, starts: Starts) -> dict[str, Fraction]:
        """Return the values of the objectives; those to maximise with their sign turned."""
        harm = harm_weight = closure = closure_weight = disruption = balance = Fraction(0)
        peak = distance = adaptability = adaptable = Fraction(0)
        shares = []
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
                if self.alone().get(programme.id, 0) > 0:
                    shares.append(after / whole / self.alone()[programme.id])
            for module in self.current(programme.id):
                row = self.row[programme.id, module]
                if row.status != "forbidden" and mine.get(module) != row.current_term:
                    disruption += hours_of(self.module[module])
            for module in set(mine) - self.current(programme.id):
                disruption += hours_of(self.module[module])
            loads = [self.credits(programme, mine, t) for t in range(1, programme.terms + 1)]
            balance += sum((abs(a - b) for a, b in itertools.combinations(loads, 2)), Fraction(0))
            peak = max(peak, *loads)
            for need in self.c.module_requisites:
                if need.kind != "order" and need.module in mine and need.requires in mine:
                    distance += max(0, mine[need.module] - mine[need.requires])
            index = self.adaptability(programme, set(mine))
            if index is not None:
                adaptability += programme.learners * index
                adaptable += programme.learners
        return {
            "no_harm": harm / harm_weight if harm_weight else Fraction(0),
            "closure": -closure / closure_weight if closure_weight else Fraction(0),
            "disruption": disruption,
            "balance": balance,
            "peak": peak,
            "distance": distance,
            "adaptability": -adaptability / adaptable if adaptable else Fraction(0),
            "fairness": -min(shares, default=Fraction(1)),
            "changes": Fraction(self.differing(starts, self.known(self.reviewed or self.previous or ()))),
            "lag": self.lag(starts),
        }

    def lag(self, starts: Starts) -> Fraction:
        """Return the mean of the semesters in which nobody holds what is newly asked."""
        waits = weights = Fraction(0)
        for p in self.planned:
            if any(other.id == p.intake_of for other in self.planned):
                continue
            for competency, level, since, worth in self.asked_newly(p):
                weights += worth * p.learners
                waits += worth * p.learners * self.waiting(starts, p, (competency, level, since))
        return waits / weights if weights else Fraction(0)

    def waiting(self, starts: Starts, p: Any, step: tuple[str, int, str]) -> int:
        """Count the semesters from `since` to H in which no graduate holds a step."""
        competency, level, since = step
        today = [self.exit(m, competency) for m in self.current(p.id)]
        if p.repeats and max([self.baseline(p.id, competency), *today]) >= level:
            return 0
        free = 0
        for semester in self.years_ahead():
            holding = False
            for q in self.planned:
                if p.id in (q.id, q.intake_of):
                    levels = [self.exit(m, competency) for (name, m), _ in starts.items() if name == q.id]
                    reached = max([self.baseline(q.id, competency), *levels]) >= level
                    holding |= reached and self.semester(q, q.terms) <= semester
            for q in self.others:
                if q.intake_of == p.id and self.semester(q, q.terms) <= semester:
                    levels = [self.exit(m, competency) for m in self.current(q.id)]
                    holding |= max([self.baseline(q.id, competency), *levels]) >= level
            free += since <= semester and not holding
        return free

    def years_ahead(self) -> list[str]:
        """Return all semesters up to H."""
        every = [f"{year}-{half}" for year in range(2020, 2046) for half in (1, 2)]
        ends = {self.semester(q, q.terms) for q in self.planned}
        if self.horizon:
            later = [
                s
                for q in self.planned
                for s in every
                if q.repeats and s[-1] == self.semester(q, q.terms)[-1] and s > self.semester(q, q.terms)
            ]
            ends = {s for s in (*ends, *later) if s <= self.horizon}
        return [s for s in every if s <= max(ends)]

    def asked_newly(self, p: Any) -> Iterator[tuple[str, int, str, Fraction]]:
        """Yield competency, level, since and w of each row and level that is newly asked."""
        for target in self.base_targets:
            for need in self.c.occupation_requirements:
                if target.programme == p.id and target.occupation == need.occupation and need.since:
                    factor = exact(target.share) * exact(need.importance) * (2 if need.essential else 1)
                    for level in range(1, need.level + 1):
                        worth = self.row_worth(p, need, level)
                        if worth is not None:
                            yield need.competency, level, need.since, factor * worth
        bound = [f for f in self.c.floors if self.is_bound(p, f)]
        for competency in sorted({f.competency for f in bound}):
            for level in range(1, 9):
                asking = [f for f in bound if f.competency == competency and f.level >= level]
                asking.sort(key=lambda f: f.level)
                asking.sort(key=lambda f: f.since or "0")
                if asking and asking[0].since:
                    worth = self.row_worth(p, asking[0], level)
                    if worth is not None:
                        yield competency, level, asking[0].since, 2 * worth

    def row_worth(self, p: Any, row: Any, level: int) -> Fraction | None:
        """Return what a level of a row is worth before all factors; None where it is brought."""
        base = self.baseline(p.id, row.competency)
        if level <= base:
            return None
        meeting = [self.v(k) for k in range(base + 1, row.level + 1) if level == row.level]
        return (self.v(level) + sum(meeting, Fraction(0))) / 2

    def exact_stages(self, objectives: tuple[tuple[str, float], ...]) -> list[tuple[str, Fraction]] | None:
        """Return the loss of each stage, None where no plan keeps the rules."""
        if not hasattr(self, "distinct"):
            self.distinct: dict[Value, dict[str, Fraction]] = {}
            for starts in self.all_starts():
                if self.feasible(starts):
                    found = self.values(starts)
                    for sites in self.all_sites(starts):
                        if self.feasible_sites(starts, sites):
                            cost = Fraction(sum(item[4] for item in self.items(starts, sites)))
                            one = {**found, "cost": cost}
                            self.distinct[tuple(one.values())] = one
        left = list(self.distinct.values())
        if not left:
            return None
        stages = []
        for name, tolerance in objectives:
            best = min(value[name] for value in left)
            if name == "cost" and "closure" in [stage for stage, _ in stages]:
                cheapest = [value["closure"] for value in left if value["cost"] == best]
                left = [value for value in left if value["closure"] <= min(cheapest)]
            left = [value for value in left if value[name] <= best + exact(tolerance)]
            stages.append((name, best))
        return stages

    def solve(self, objectives: tuple[tuple[str, float], ...]) -> list[tuple[str, float]] | None:
        """Return the value of each stage, None where no plan keeps the rules."""
        stages = self.exact_stages(objectives)
        if stages is None:
            return None
        return [(name, float(-best if name in MAXIMISED else best)) for name, best in stages]
