"""Examples of the codes of reviews: a plan's workbook, spoiled as in ``tests/functional/test_review.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from openpyxl.comments import Comment

from curriplan.api.review.read import read_review
from error_pages.example import Example, Stage, command
from functional.reviews import PLAN, Filled, Review, ask, fill
from functional.test_review import PHISH, SEC1, SEC2, SPOILED

RUN = "optimize --review r.xlsx -o new.json"


def _sent(filled: Filled, change: Callable[[Review], object] | None = None) -> Callable[[Stage], None]:
    written: dict[bytes, bytes] = {}
    """What was filled in, by the workbook in which it was: each example is shown in every language."""

    def prepare(stage: Stage) -> None:
        plan, target = stage.take("plan.xlsx"), stage.folder / "r.xlsx"
        content = plan.read_bytes()
        if content in written:
            target.write_bytes(written[content])
        else:
            written[content] = fill(plan, target, filled, change=change).read_bytes()

    return prepare


def _asking(**values: object) -> Callable[[Stage], None]:
    return _sent({}, lambda review: ask(review, **values))


def _noted(review: Review) -> None:
    review.cell(SEC1, "term").comment = Comment("too early", "A. A.")


def _rebuilt(stage: Stage) -> None:
    """Have a review whose packed plan was changed by someone who knows how to pack it."""
    _sent({PLAN: {"decision": "approve"}})(stage)
    found = read_review(Path("r.xlsx"))
    modules = tuple(replace(row, term=1) for row in found.plan.modules)
    spoiled = replace(found, plan=replace(found.plan, modules=modules), rows=found.rows[:1], issues=())
    stage.monkeypatch.setattr("curriplan.api.review.read.read_review", lambda _: spoiled)


def _edited(stage: Stage) -> None:
    with (stage.college() / "competencies.csv").open("a", encoding="utf-8") as file:
        file.write("NEW,жаңа,новая,new" + "," * 5 + "\n")
    _sent({SEC2: {"decision": "reject"}})(stage)


def _with_settings(stage: Stage) -> None:
    """Have a review whose packed plan names a setting in the stead of a norm."""
    _sent({SEC2: {"decision": "reject"}})(stage)
    found = read_review(Path("r.xlsx"))
    limits = {**found.plan.limits, "overrides": {**found.plan.limits["overrides"], "practice_share": 0.0}}
    spoiled = replace(found, plan=replace(found.plan, limits=limits))
    stage.monkeypatch.setattr("curriplan.api.review.read.read_review", lambda _: spoiled)


def review_examples() -> Iterator[Example]:
    """Yield one example of each code."""
    seen: set[str] = set()
    for name, (spoil, code, _) in SPOILED.items():
        if code.startswith("review-") and code not in seen:
            seen.add(code)
            yield command(code, f"a review with {name}", RUN, _sent({SEC2: {"comment": "no"}}, spoil))
    yield from OTHERS


OTHERS: tuple[Example, ...] = (
    command("review-nothing-decided", "a review that nobody filled in", RUN, _sent({})),
    command(
        "review-approve-contradicted",
        "the plan approved, and a module rejected",
        RUN,
        _sent({PLAN: {"decision": "approve"}, SEC2: {"decision": "reject"}}),
    ),
    command(
        "review-approve-with-settings",
        "the plan approved, and another budget",
        f"{RUN} --budget 1000000",
        _sent({PLAN: {"decision": "approve"}}),
    ),
    command(
        "review-module-unknown",
        "a module that there is not asked for",
        RUN,
        _asking(programme="TECH", index="NONE", decision="pin", semester=2),
    ),
    command(
        "review-module-has-row",
        "a module asked for that has its own row",
        RUN,
        _asking(programme="TECH", index="SEC2", decision="pin", semester=2),
    ),
    command(
        "review-module-undecided",
        "a module named, and no decision beside it",
        RUN,
        _asking(programme="TECH", index="DATA4"),
    ),
    command(
        "review-notes-unread",
        "a note attached to a cell",
        RUN,
        _sent({PHISH: {"decision": "pin", "semester": 3}}, _noted),
    ),
    command(
        "review-catalog-edited",
        "a catalog with a competency more than when the plan went out",
        f"{RUN} --catalog college",
        _edited,
    ),
    command(
        "review-settings-kept",
        "a workbook whose packed plan waives the practice share, which nobody asked for",
        RUN,
        _with_settings,
    ),
    command("review-plan-broken", "the packed plan changed, and packed anew", RUN, _rebuilt),
)
