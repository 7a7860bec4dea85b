"""The objectives as linear expressions, each with the rows that define its variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

import pulp

from curriplan.catalog.records import RequisiteKind, Standing
from curriplan.optimizer.model.planning import ProgrammeProblem
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.rules.change import change_parts
from curriplan.optimizer.rules.lag import define_lag, lag
from curriplan.optimizer.rules.parts import (
    KZT_SCALE,
    cost_parts,
    credit_parts,
    minus,
    outlook_closure_parts,
    programme_closure_parts,
    reach_of,
    times,
)
from curriplan.optimizer.rules.standing import define_wider_reach
from curriplan.problem.curriculum import Option


@dataclass(frozen=True)
class Objective:
    """An objective: which way it goes, how it is scaled, and its expression.

    Parameters
    ----------
    sense : int
        1 to minimise, −1 to maximise.
    scale : float
        The solver sees value · scale, which brings every objective near 1–1000.
    define : callable
        Adds the rows that the expression needs; called once, for the objectives in use.
    parts : callable
        Returns the terms and the constant of the value in its own unit.
    lazy : bool
        Hold it only once a later stage would break it: it seldom binds, and its rows slow the search.
    """

    name: str
    sense: int
    scale: float
    define: Callable[[PlanModel], None]
    parts: Callable[[PlanModel], tuple[Parts, float]]
    lazy: bool = False
    step: float = inf
    """Values are multiples of it; any number without it."""
    least: float = -inf
    """No plan has less than that."""

    def expression(self, model: PlanModel) -> pulp.LpAffineExpression:
        """Return the scaled expression."""
        parts, constant = self.parts(model)
        summed: dict[Any, float] = {}
        for variable, coefficient in parts:
            summed[variable] = summed.get(variable, 0.0) + coefficient * self.scale
        # The constant stands on a variable that is 1: PuLP drops a bare one, and then the relative
        # gap is that of another number; and CBC cannot read the dummy of an empty objective.
        summed[model.one] = constant * self.scale
        return model.by_content(summed)


def _nothing(model: PlanModel) -> None:
    """Need no rows of its own."""


def _define_shortfall(model: PlanModel) -> None:
    """Require shortfall(p) + closure(p) ≥ before(p)."""
    closure = programme_closure_parts(model)
    for one in model.problem.programmes:
        if one.closure_before is not None:
            parts = [(model.shortfall[one.id], 1.0), *closure[one.id]]
            model.require("no_harm", parts, ">=", one.closure_before)


def _no_harm(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p learners(p) · shortfall(p) / Σ_p learners(p)."""
    weights = model.problem.learner_weights
    return [(model.shortfall[name], weight) for name, weight in weights.items()], 0.0


def define_outlook_steps(model: PlanModel) -> None:
    """Require reach[p,c,l] ≤ Σ_{m teaches c to ≥ l} Σ_t x[p,m,t] of levels that only outlooks ask for."""
    programmes = {one.id: one for one in model.problem.programmes}
    for outlook in model.problem.given.sought_outlooks:
        for name, gaps in outlook.gaps.items():
            steps = ((step.competency, step.level) for step in gaps.steps)
            define_wider_reach(model, "outlooks", programmes[name], steps)


def _closure(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p weight(p) · closure(p) / Σ_p weight(p); in an outlook where one is asked about."""
    outlook = model.problem.given.outlook
    if outlook is not None:
        return outlook_closure_parts(model, outlook), 0.0
    closure = programme_closure_parts(model)
    weights = model.problem.closure_weights
    return [(v, c * weights[name]) for name in weights for v, c in closure[name]], 0.0


def _cost(model: PlanModel) -> tuple[Parts, float]:
    """Return the new money, KZT."""
    return cost_parts(model), 0.0


def _disruption(model: PlanModel) -> tuple[Parts, float]:
    """Σ hours(m) · (1 − x[p,m,current term]) over current, Σ hours(m) · x[p,m,t] over other modules."""
    parts: Parts = []
    constant = 0.0
    for one in model.problem.programmes:
        for option in one.options:
            hours = option.module.total_hours
            if option.current_term is None:
                parts += times(hours, model.taken(option))
            else:
                constant += hours
                parts += times(-hours, model.taken(option, [option.current_term]))
    return parts, constant


def _define_differences(model: PlanModel) -> None:
    """Require difference ≥ load[p,t] − load[p,u] and ≥ load[p,u] − load[p,t], and their chords.

    Where every module that may be placed freely has a multiple of q credits, the two loads differ by
    a + q·k with k whole. Between the two values of k on either side of zero no difference lies, so
    the chord through them is a valid row; it is what lets the solver prove a balance other than 0.
    """
    for one in model.problem.programmes:
        loads = {term: credit_parts(model, one, term) for term in one.terms}
        step = _credit_step(model, one)
        for (name, first, second), variable in model.difference.items():
            if name == one.id:
                rise = [*loads[first], *minus(loads[second])]
                fixed = model.problem.fixed_credits(one, first) - model.problem.fixed_credits(one, second)
                chords = _chords(model, one, (first, second), step)
                for slope, least, odd in ((1.0, 0.0, []), (-1.0, 0.0, []), *chords):
                    parts = [(variable, 1.0), *times(-slope, rise), *minus(odd)]
                    model.require("balance", parts, ">=", slope * fixed + least)


def _chords(
    model: PlanModel, one: ProgrammeProblem, pair: tuple[int, int], step: Fraction
) -> Iterator[tuple[float, float, Parts]]:
    """Yield (slope, least, odd) of the rows difference ≥ slope · (load − load) + least + odd.

    Odd are the starts v of modules whose span puts no multiple of the step into the two terms. The
    chord for none of them gets −least·Σv, that for one alone least·v − least·Σ others in place of
    least: where the chord does not hold, difference ≥ slope · (load − load) is left, which is always
    true.
    """
    apart = _forced_credits(model, one, pair[0]) - _forced_credits(model, one, pair[1])
    odd = _odd_starts(model, one, pair, step)
    starts = [variable for variable, _ in odd]
    for slope, least in _chord(apart, step):
        yield slope, least, [(variable, -least) for variable in starts]
    for alone, shift in odd:
        for slope, least in _chord(apart + shift, step):
            signs = ((variable, 1 if variable is alone else -1) for variable in starts)
            yield slope, 0.0, [(variable, sign * least) for variable, sign in signs]


def _odd_starts(model: PlanModel, one: ProgrammeProblem, pair: tuple[int, int], step: Fraction) -> Parts:
    """Return the starts that put no multiple of the step between two terms, with what they put there."""
    found: Parts = []
    for option in one.options:
        for start in option.starts if step and _has_choice(option) and option.span > 1 else ():
            weights = dict(option.runs(start))
            shift = (weights.get(pair[0], 0.0) - weights.get(pair[1], 0.0)) * model.problem.credits(option)
            if Fraction(shift).limit_denominator(10**6) % step:
                found.append((model.start[(*option.key, start)], shift))
    return found


def _has_choice(option: Option) -> bool:
    return len(option.starts) > 1 or option.standing is not Standing.MANDATORY


def _forced_credits(model: PlanModel, one: ProgrammeProblem, term: int) -> float:
    """Return the credits that stand in a term whatever the plan: fixed loads, modules without choice."""
    forced = sum(model.problem.credits(option) * _forced_weight(option, term) for option in one.options)
    return model.problem.fixed_credits(one, term) + forced


def _forced_weight(option: Option, term: int) -> float:
    """Return the part of a module that falls in a term whatever the plan."""
    if _has_choice(option) or not option.starts:
        return 0.0
    return dict(option.runs(option.starts[0])).get(term, 0.0)


def _credit_step(model: PlanModel, one: ProgrammeProblem) -> Fraction:
    """Return the greatest step that divides the credits of all modules of one term with a choice; 0 if none.

    Modules that span may break it: they are looked at start by start.
    """
    return _common_step(
        model.problem.credits(option) for option in one.options if _has_choice(option) and option.span == 1
    )


def _common_step(sizes: Iterable[float]) -> Fraction:
    """Return the greatest number that divides all sizes; 0 where all are 0."""
    step = Fraction(0)
    for number in sizes:
        size = Fraction(number).limit_denominator(10**6)
        while size:
            step, size = size, step % size
    return step


def _chord(apart: float, step: Fraction) -> tuple[tuple[float, float], ...]:
    """Return (slope, least) of difference ≥ slope · (load − load) + least, where it adds anything.

    The loads differ by `apart` + step · k, k whole.
    """
    if not step:
        return ()
    above = float(Fraction(apart).limit_denominator(10**6) % step)
    below = float(step) - above
    if min(above, below) < 1e-9:
        return ()
    slope = (above - below) / float(step)
    return ((slope, above - slope * above),)


def _balance(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p Σ_{t<u} |load[p,t] − load[p,u]|, credits."""
    return [(variable, 1.0) for variable in model.difference.values()], 0.0


LEAST_STEP = Fraction(1, 4)
"""Below this step of credits the largest load is no whole number of steps: it would only slow the search."""


def _peak_step(model: PlanModel) -> Fraction:
    """Return a step that divides every load, in credits; 0 where none of use does."""
    step = _common_step(
        size
        for one in model.problem.programmes
        for size in (
            *(model.problem.fixed_credits(one, term) for term in one.terms),
            *(
                weight * model.problem.credits(option)
                for option in one.options
                for weight in option.module.term_weights
            ),
        )
    )
    return step if step >= LEAST_STEP else Fraction(0)


def _define_peak(model: PlanModel) -> None:
    """Require step · peak ≥ load[p,t], and terms · step · peak ≥ the least total of a programme.

    Where all loads are multiples of a step, peak counts steps and is whole: the least total spread
    evenly, rounded up, is then a bound that no search has to find.
    """
    step = _peak_step(model)
    unit = float(step) or 1.0
    peak = model.add(model.peak, "peak", "peak", integer=step > 0, upper=None)
    for one in model.problem.programmes:
        for term in sorted(one.terms):
            load = credit_parts(model, one, term)
            model.require("peak", [(peak, unit), *minus(load)], ">=", model.problem.fixed_credits(one, term))
        model.require("peak", [(peak, unit)], ">=", _least_total(model, one) / len(one.terms))


def _least_total(model: PlanModel, one: ProgrammeProblem) -> float:
    """Return credits that every plan of a programme has: its least total, or what is mandatory and fixed."""
    mandatory = sum(
        model.problem.credits(option) for option in one.options if option.standing is Standing.MANDATORY
    )
    fixed = sum(model.problem.fixed_credits(one, term) for term in one.terms)
    return max(mandatory + fixed, model.problem.limits.min_credits(one.programme) or 0.0)


def _peak(model: PlanModel) -> tuple[Parts, float]:
    """max_(p,t) load[p,t], credits."""
    return [(model.peak["peak"], float(_peak_step(model)) or 1.0)], 0.0


def _required_pairs(model: PlanModel) -> dict[tuple[str, str, str], tuple[Option, Option, int]]:
    """Return the pairs of `module_requisites` within M(p), and how many rows name each.

    By programme, module and what it requires.
    """
    found: dict[tuple[str, str, str], tuple[Option, Option, int]] = {}
    for one in model.problem.programmes:
        options = {option.module.id: option for option in one.options}
        for row in model.problem.catalog.required_rows:
            if row.module in options and row.requires in options and row.module != row.requires:
                key = (one.id, row.module, row.requires)
                rows = found[key][2] if key in found else 0
                found[key] = (options[row.module], options[row.requires], rows + 1)
    return found


def _define_distance(model: PlanModel) -> None:
    """Require apart[p,m,a,u] ≥ Σ_{v≤u} x[p,a,v] + Σ_{v>u} x[p,m,v] − 1, for u = 1 … T − 1.

    The start of m less that of a is the number of terms u by which a has started and m has not. Where
    a has no alternatives, m is taken only with a, and then Σ_{v>u} x[p,m,v] − Σ_{v>u} x[p,a,v] is a
    tighter right side.
    """
    sole = _sole_requisites(model)
    for key, (option, required, _) in _required_pairs(model).items():
        programme, module, other = key
        for term in range(1, model.problem.catalog.programme_by_id[programme].terms):
            variable = model.add(model.apart, "apart", (*key, term), integer=False)
            later = model.taken(option, [start for start in option.starts if start > term])
            if (module, other) in sole:
                waiting = model.taken(required, [start for start in required.starts if start > term])
                model.require("distance", [(variable, 1.0), *minus(later), *waiting], ">=", 0)
            else:
                started = model.taken_by(required, term)
                model.require("distance", [(variable, 1.0), *minus(later), *minus(started)], ">=", -1)


def _sole_requisites(model: PlanModel) -> frozenset[tuple[str, str]]:
    """Return the pairs (m, a) where m cannot be taken without a; none where §4 is left out."""
    if "§4" in model.without or model.problem.relaxed:
        return frozenset()
    return frozenset(
        (module, requisite.alternatives[0])
        for module, requisites in model.problem.curricula.requisites.items()
        for requisite in requisites
        if len(requisite.alternatives) == 1 and requisite.kind is not RequisiteKind.ORDER
    )


def _distance(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p Σ over the rows (m requires a) of max(0, start of m − start of a), terms."""
    rows = {key: float(count) for key, (_, _, count) in _required_pairs(model).items()}
    return [(variable, rows[key[:3]]) for key, variable in model.apart.items()], 0.0


def _other_occupations(model: PlanModel, one: ProgrammeProblem) -> Iterator[tuple[dict[str, int], float]]:
    """Yield the required levels of each occupation that is no target of p, with its share of d(o)."""
    catalog = model.problem.catalog
    targets = {row.occupation for row in catalog.base_targets if row.programme == one.id}
    required: dict[str, dict[str, int]] = {}
    for row in catalog.occupation_requirements:
        if row.occupation not in targets:
            required.setdefault(row.occupation, {})[row.competency] = row.level
    base = [row for row in catalog.demand if row.scenario is None]
    openings = dict.fromkeys(required, 0.0 if base else 1.0)
    for outlook in base:
        if outlook.occupation in openings:
            openings[outlook.occupation] += outlook.openings
    total = sum(openings.values())
    if total > 0:
        for name, levels in required.items():
            yield levels, openings[name] / total


def _wide_steps(one: ProgrammeProblem, levels: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Yield each (competency, level) above the baseline that an occupation asks for."""
    for competency, highest in levels.items():
        for level in range(one.gaps.baseline.get(competency, 0) + 1, highest + 1):
            yield competency, level


def _define_adaptability(model: PlanModel) -> None:
    """Require reach[p,c,l] ≤ Σ_{m teaches c to ≥ l} Σ_t x[p,m,t] of levels that only others ask for."""
    for one in model.problem.programmes:
        for levels, _ in _other_occupations(model, one):
            define_wider_reach(model, "adaptability", one, _wide_steps(one, levels))


def _adaptability(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p learners(p)·a(p) / Σ_p learners(p), a(p) = Σ_o d(o)·cover(p,o) / Σ_o d(o)."""
    parts: Parts = []
    constant = learners = 0.0
    for one in model.problem.programmes:
        others = list(_other_occupations(model, one))
        learners += one.programme.learners if others else 0
        for levels, share in others:
            worth = share * one.programme.learners / sum(levels.values())
            brought = (min(one.gaps.baseline.get(name, 0), level) for name, level in levels.items())
            constant += worth * sum(brought)
            for step in _wide_steps(one, levels):
                parts.append((reach_of(model, (one.id, *step)), worth))
    if learners == 0:
        return [], 0.0
    return times(1 / learners, parts), constant / learners


def _define_fairness(model: PlanModel) -> None:
    """Require fairness ≤ closure(p) / alone(p); 1 where no programme can close anything."""
    rows = [
        times(1 / alone, parts)
        for name, parts in programme_closure_parts(model).items()
        if (alone := model.problem.limits.closure_alone.get(name, 0.0)) > 0
    ]
    fairness = model.add(model.fairness, "fairness", "fairness", integer=False, upper=None if rows else 1)
    for parts in rows:
        model.require("fairness", [(fairness, 1.0), *minus(parts)], "<=", 0)


def _fairness(model: PlanModel) -> tuple[Parts, float]:
    """min_p closure(p) / alone(p)."""
    return [(model.fairness["fairness"], 1.0)], 0.0


def _changes(model: PlanModel) -> tuple[Parts, float]:
    """Σ_{(p,m) of the compared plan} (1 − x[p,m,its term]) + Σ_{other (p,m)} Σ_t x[p,m,t]."""
    rows = model.problem.limits.settings.compared_starts or ()
    parts, known = change_parts(model, {(programme, module): term for programme, module, term in rows})
    return parts, float(known)


def _define_regret(model: PlanModel) -> None:
    """Require R ≥ C*_s − C_s for every outlook s."""
    define_outlook_steps(model)
    best = model.problem.limits.outlook_best
    regret = model.add(model.regret, "regret", "regret", integer=False, lower=-1)
    for outlook in model.problem.given.outlooks:
        parts = [(regret, 1.0), *outlook_closure_parts(model, outlook)]
        model.require("outlooks", parts, ">=", best[outlook.id].value, scale=1 / 1000)


def _outlooks(model: PlanModel) -> tuple[Parts, float]:
    """(1 − ρ) · Σ_s π_s · C_s + ρ · (Σ_s π_s · C*_s − R)."""
    risk, best = model.problem.limits.settings.risk or 0.0, model.problem.limits.outlook_best
    outlooks = model.problem.given.outlooks
    parts = [
        part
        for one in outlooks
        for part in times((1 - risk) * one.probability, outlook_closure_parts(model, one))
    ]
    possible = sum(one.probability * best[one.id].value for one in outlooks)
    return [*parts, (model.regret["regret"], -risk)], risk * possible


OBJECTIVES: Mapping[str, Objective] = {
    objective.name: objective
    for objective in (
        Objective("no_harm", 1, 1000.0, _define_shortfall, _no_harm, lazy=True, least=0.0),
        Objective("closure", -1, 1000.0, define_outlook_steps, _closure),
        Objective("cost", 1, 1 / KZT_SCALE, _nothing, _cost, step=1.0),
        Objective("disruption", 1, 1.0, _nothing, _disruption),
        Objective("balance", 1, 1.0, _define_differences, _balance),
        Objective("peak", 1, 1.0, _define_peak, _peak),
        Objective("distance", 1, 1.0, _define_distance, _distance),
        Objective("adaptability", -1, 1000.0, _define_adaptability, _adaptability),
        Objective("fairness", -1, 1000.0, _define_fairness, _fairness),
        Objective("changes", 1, 1.0, _nothing, _changes),
        Objective("lag", 1, 100.0, define_lag, lag, least=0.0),
        Objective("outlooks", -1, 1000.0, _define_regret, _outlooks),
    )
}
"""Every objective by name."""
