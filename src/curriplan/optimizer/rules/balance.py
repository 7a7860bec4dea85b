"""How evenly terms are loaded, and their largest load, as linear expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd, lcm

from curriplan.catalog.records import Standing
from curriplan.optimizer.model.planning import ProgrammeProblem
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.rules.parts import credit_parts, minus, times
from curriplan.problem.curriculum import Option

LEAST_STEP = Fraction(1, 4)
"""Below this step of credits the largest load is no whole number of steps: it would only slow the search."""


def define_balance(model: PlanModel) -> None:
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


def balance(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p Σ_{t<u} |load[p,t] − load[p,u]|, credits."""
    return [(variable, 1.0) for variable in model.difference.values()], 0.0


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
    forced = sum(
        model.problem.credits(option) * dict(option.runs(option.starts[0])).get(term, 0.0)
        for option in one.options
        if option.starts and not _has_choice(option)
    )
    return model.problem.fixed_credits(one, term) + forced


def _credit_step(model: PlanModel, one: ProgrammeProblem) -> Fraction:
    """Return the greatest step that divides the credits of all modules of one term with a choice; 0 if none.

    Modules that span may break it: they are looked at start by start.
    """
    return _common_step(
        model.problem.credits(option) for option in one.options if _has_choice(option) and option.span == 1
    )


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


def define_peak(model: PlanModel) -> None:
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


def peak(model: PlanModel) -> tuple[Parts, float]:
    """max_(p,t) load[p,t], credits."""
    return [(model.peak["peak"], float(_peak_step(model)) or 1.0)], 0.0


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


def _least_total(model: PlanModel, one: ProgrammeProblem) -> float:
    """Return credits that every plan of a programme has: its least total, or what is mandatory and fixed."""
    mandatory = sum(
        model.problem.credits(option) for option in one.options if option.standing is Standing.MANDATORY
    )
    fixed = sum(model.problem.fixed_credits(one, term) for term in one.terms)
    return max(mandatory + fixed, model.problem.limits.min_credits(one.programme) or 0.0)


def _common_step(sizes: Iterable[float]) -> Fraction:
    """Return the greatest number that divides all sizes; 0 where all are 0."""
    parts = [Fraction(number).limit_denominator(10**6) for number in sizes]
    return Fraction(gcd(*(one.numerator for one in parts)), lcm(*(one.denominator for one in parts)))
