"""The order of a college's own plan, written as rows and terms, and taken away again."""

from __future__ import annotations

from typing import Any

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.catalog.order import unsaid_order, with_college_order, without_college_order
from curriplan.catalog.records import Catalog, Module, ModuleRequisite, ProgrammeModule, Standing
from formulation.instances import base, module


def taught(name: str, term: int, position: int | None, **columns: Any) -> ProgrammeModule:
    values = {"status": "existing", "current_term": term, "position": position, **columns}
    return ProgrammeModule(programme="P", module=name, **values)


def college(**tables: Any) -> Catalog:
    """P teaches A, then B, the outcomes of H, in term 1 and 2; practice W in term 2 after B; G beside."""
    programme = base().programmes[0].model_copy(update={"terms": 3})
    rows: dict[str, Any] = {
        "programmes": (programme,),
        "modules": (
            Module(id="H", section="professional"),
            module("A", parent="H"),
            module("B", 3, parent="H"),
            module("G", section="general"),
            module("W", section="practice"),
            module("N", parent="H"),
        ),
        "programme_modules": (
            taught("A", 1, 1),
            taught("B", 2, 1),
            taught("G", 2, 3),
            taught("W", 2, 2),
            ProgrammeModule(programme="P", module="N", status="candidate"),
        ),
    }
    return base(**{**rows, **tables})


def order_of(catalog: Catalog) -> set[tuple[str, str]]:
    return {(row.module, row.requires) for row in catalog.module_requisites if row.kind.value == "order"}


def terms_of(catalog: Catalog) -> dict[str, tuple[int, ...]]:
    return {row.module: row.allowed_terms for row in catalog.programme_modules if row.allowed_terms}


def test_outcomes_follow_each_other_and_practice_follows_both() -> None:
    ordered = with_college_order(college())
    assert order_of(ordered) == {("B", "A"), ("W", "A"), ("W", "B")}
    # A is taught in the first term: all terms are open to it. G is general, N is not taught.
    assert terms_of(ordered) == {"B": (2, 3)}
    assert with_college_order(ordered).sha256 == ordered.sha256
    assert without_college_order(ordered).sha256 == college().sha256


def test_what_a_catalog_says_already_stays() -> None:
    rows = (ModuleRequisite(module="A", requires="B", kind="corequisite"),)
    standings = (taught("A", 1, 1), taught("B", 2, 1, allowed_terms=(1, 2)), taught("W", 2, 2))
    ordered = with_college_order(college(module_requisites=rows, programme_modules=standings))
    assert order_of(ordered) == {("W", "A"), ("W", "B")}
    assert terms_of(ordered) == {"B": (1, 2)}


def test_programmes_that_teach_it_in_other_orders_have_none() -> None:
    programmes = (base().programmes[0], base().programmes[0].model_copy(update={"id": "Q"}))
    other = [
        row.model_copy(update={"programme": "Q", "current_term": term})
        for row, term in ((taught("A", 1, 2), 1), (taught("B", 1, 1), 1))
    ]
    rows = (taught("A", 1, 1), taught("B", 2, 1), *other)
    assert order_of(with_college_order(college(programmes=programmes, programme_modules=rows))) == set()


def test_modules_of_one_place_have_no_order() -> None:
    rows = tuple(taught(name, 1, None) for name in "AB")
    assert order_of(with_college_order(college(programme_modules=rows))) == set()


@pytest.mark.parametrize("ordered", [False, True])
def test_a_plan_keeps_the_order_unless_it_is_freed(ordered: bool) -> None:
    """A must move to term 3; B, W and the level of the terms would be best with B before it.

    In order, B and W come no earlier than A: all three stand in term 3.
    """
    moved = tuple(
        row.model_copy(update={"pinned_term": 3}) if row.module == "A" else row
        for row in college().programme_modules
        if row.module != "N"
    )
    outcomes = tuple(row for row in college().module_outcomes if row.module == "A")
    catalog = college(programme_modules=moved, module_outcomes=outcomes)
    catalog = catalog.replace(
        programme_modules=tuple(
            row if row.module == "G" else row.model_copy(update={"status": Standing.MANDATORY})
            for row in catalog.programme_modules
        )
    )
    result = optimize_catalog(with_college_order(catalog) if ordered else catalog)
    terms = {start.module: start.term for start in result.plan.selection.starts}
    assert (terms["A"], terms["B"], terms["W"]) == ((3, 3, 3) if ordered else (3, 2, 2))
    assert all(check.holds for check in result.after.checks)


def test_an_order_that_no_row_says_is_told_until_somebody_has_thought_of_it() -> None:
    """What `with_college_order` would write is unsaid, as far as terms leave a plan free to turn it round."""
    bare = college()
    unsaid = unsaid_order(bare)
    assert {*unsaid} == order_of(with_college_order(bare))
    assert unsaid_order(with_college_order(bare)) == ()
    first = ModuleRequisite(module=unsaid[0][0], requires=unsaid[0][1], kind="order")
    assert unsaid_order(bare.replace(module_requisites=(first,))) == ()
    unknown = ModuleRequisite(module="A", requires="NOBODY", kind="prerequisite")
    assert unsaid_order(bare.replace(module_requisites=(unknown,))) == ()
    pinned = tuple(
        row.model_copy(update={"pinned_term": row.current_term}) if row.current_term is not None else row
        for row in bare.programme_modules
    )
    assert unsaid_order(bare.replace(programme_modules=pinned)) == ()
