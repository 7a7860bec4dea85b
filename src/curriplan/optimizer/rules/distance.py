"""How long modules wait after what they require, as a linear expression."""

from __future__ import annotations

from collections import Counter

from curriplan.catalog.records import RequisiteKind
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.rules.parts import minus


def define_distance(model: PlanModel) -> None:
    """Require apart[p,m,a,u] ≥ Σ_{v≤u} x[p,a,v] + Σ_{v>u} x[p,m,v] − 1, for u = 1 … T − 1.

    The start of m less that of a is the number of terms u by which a has started and m has not. Where
    a has no alternatives, m is taken only with a, and then Σ_{v>u} x[p,m,v] − Σ_{v>u} x[p,a,v] is a
    tighter right side.
    """
    sole = _sole_requisites(model)
    options = {option.key: option for one in model.problem.programmes for option in one.options}
    for key in _required_pairs(model):
        programme, module, other = key
        option, required = options[programme, module], options[programme, other]
        for term in range(1, model.problem.catalog.programme_by_id[programme].terms):
            variable = model.add(model.apart, "apart", (*key, term), integer=False)
            later = model.taken(option, [start for start in option.starts if start > term])
            if (module, other) in sole:
                waiting = model.taken(required, [start for start in required.starts if start > term])
                model.require("distance", [(variable, 1.0), *minus(later), *waiting], ">=", 0)
            else:
                started = model.taken_by(required, term)
                model.require("distance", [(variable, 1.0), *minus(later), *minus(started)], ">=", -1)


def distance(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p Σ over the rows (m requires a) of max(0, start of m − start of a), terms."""
    rows = _required_pairs(model)
    return [(variable, float(rows[key[:3]])) for key, variable in model.apart.items()], 0.0


def _required_pairs(model: PlanModel) -> Counter[tuple[str, str, str]]:
    """Return how many rows of `module_requisites` name each pair within M(p).

    By programme, module and what it requires.
    """
    return Counter(
        (one.id, row.module, row.requires)
        for one in model.problem.programmes
        for known in ({option.module.id for option in one.options},)
        for row in model.problem.catalog.required_rows
        if {row.module, row.requires} <= known and row.module != row.requires
    )


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
