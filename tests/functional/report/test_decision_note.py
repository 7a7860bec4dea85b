"""The first sheet, which asks for a decision: its figures and risks, re-reckoned from plan and evaluation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from curriplan.api.results import PlanResult
from curriplan.catalog.records import CostPart, ProfileEntry
from curriplan.plan.figures import Intakes, IntakeYear, KindHours, Posts
from curriplan.plan.outlooks import OutlookClosure, PlanOutlooks
from curriplan.plan.plan import Decision, Payment, Selection, Start
from curriplan.report.labels import Labels
from curriplan.report.norms import norm_name
from curriplan.report.view import PlanView
from curriplan.texts.words import Words, thousands
from functional.report.test_ministry import grid
from functional.report.workbooks import Values, values
from unit.report.rich import rich_catalog, rich_view
from unit.report.sample import sample_catalog, sample_view
from workbooks.kinds import written_view

NOTE = "Summary"
ABOVE = "the plan was chosen for these very estimates, so errors mostly lower it"
RISKS, CHECKED, COSTS = (
    "The largest risks",
    "What was checked and what was not",
    "What it costs and who pays, KZT",
)


def written(view: PlanView, language: str = "en") -> Values:
    return values(written_view(view, language))


def lines(book: Values) -> list[dict[str, object]]:
    """Return the rows of the note from top to bottom."""
    cells = grid(book, NOTE)
    return [cells[row] for row in sorted(cells)]


def part(book: Values, heading: str, end: str) -> list[dict[str, object]]:
    """Return the rows of the note between two headings."""
    rows = lines(book)
    texts = [row.get("A") for row in rows]
    return rows[texts.index(heading) + 1 : texts.index(end)] if heading in texts else []


def said(book: Values) -> str:
    return "\n".join(str(value) for row in lines(book) for value in row.values())


def said_in(language: str, view: PlanView) -> str:
    book = openpyxl.load_workbook(BytesIO(written_view(view, language)), data_only=True)
    sheet = book[Words(language)("sheet.summary")]
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row if value)


def norm_of(row: ProfileEntry) -> str:
    return norm_name(Labels(sample_catalog(), Words("en")), row.key_name)


def view_of(result: PlanResult) -> PlanView:
    return PlanView(result.plan, result.problem, result.before, result.after, "curriplan 0")


@pytest.fixture(params=["mini", "sample", "rich"])
def case(request: pytest.FixtureRequest) -> tuple[PlanView, Values]:
    made = {"sample": sample_view, "rich": rich_view}
    mine = made.get(request.param)
    view = view_of(request.getfixturevalue("mini_result")) if mine is None else mine()
    return view, written(view)


def gains(book: Values) -> dict[str, tuple[object, object, object]]:
    """Return what the plan brings: today, by plan, remark."""
    rows = part(book, "What the plan brings", COSTS)
    return {str(row["A"]): (row.get("C"), row.get("D"), row.get("E")) for row in rows}


def met(view: PlanView, levels: Mapping[str, Mapping[str, int]]) -> tuple[int, int]:
    """Count the target occupations all of whose levels are reached, and all that ask for anything."""
    every = whole = 0
    for target in view.catalog.targets:
        if target.programme not in view.limits.planned:
            continue
        needs = [row for row in view.catalog.occupation_requirements if row.occupation == target.occupation]
        every += bool(needs)
        reached = levels[target.programme]
        whole += bool(needs) and all(reached.get(row.competency, 0) >= row.level for row in needs)
    return whole, every


def test_closure_occupations_and_learners(case: tuple[PlanView, Values]) -> None:
    view, book = case
    found = gains(book)
    today, planned, remark = found["Closure of the competence gaps"]
    assert today == pytest.approx(view.after.closure_before)
    assert planned == pytest.approx(view.after.objectives["closure"])
    sure = view.figures.if_estimates_err.plan
    assert sure.closure_low is not None and sure.closure_high is not None
    shown, _, why = str(remark).partition("; ")
    assert re.fullmatch(r"if estimates err: [\d.]+–[\d.]+%", shown)
    # A closure above all that it may be is not left without a word.
    assert (why == ABOVE) is (view.after.objectives["closure"] > sure.closure_high)
    assert why in (ABOVE, "")
    low, high = (float(one) / 100 for one in re.findall(r"[\d.]+", str(remark)))
    assert (low, high) == pytest.approx((sure.closure_low, sure.closure_high), abs=6e-4)
    before, every = met(view, view.after.levels_before)
    after, _ = met(view, view.after.levels_after)
    assert found["Target occupations that are met in full"] == (before, after, f"of {every}")
    learners = sum(view.catalog.programme_by_id[name].learners for name in view.limits.planned)
    assert found["Learners, one intake"][1] == learners
    shares = [check.actual for check in view.after.checks if check.aspect == "practice_share"]
    assert found["Practice share, of the programme with the least"][1] == pytest.approx(min(shares))


@pytest.mark.parametrize("high", [0.1, 1.0])
def test_a_closure_above_its_range_is_explained(high: float) -> None:
    view = sample_view()
    sure = view.figures.if_estimates_err
    ranged = replace(sure, plan=replace(sure.plan, closure_low=0.05, closure_high=high))
    remark = str(gains(written(changed(view, if_estimates_err=ranged)))["Closure of the competence gaps"][2])
    assert remark.endswith(ABOVE) is (high == 0.1)


def test_money_by_source(case: tuple[PlanView, Values]) -> None:
    """For set-up, for one intake, in all, and each year: of the year the costs of programmes that repeat."""
    view, book = case
    rows = [row for row in part(book, COSTS, RISKS) if "C" in row][1:]
    paid: dict[str, int] = defaultdict(int)
    for one in view.plan.payments:
        (source,) = (row for row in view.catalog.funding_sources if row.id == one.source)
        paid[source.name("en")] += one.kzt
    *sources, whole = rows
    assert {str(row["A"]): row["E"] for row in sources} == paid
    assert [row["E"] for row in sources] == sorted(paid.values(), reverse=True)
    for row in rows:
        once, again, every, full = (float(str(row[column])) for column in "CDEG")
        assert once + again == every
        assert full <= again
    setup = sum(one.kzt for one in view.plan.payments if one.part is CostPart.SETUP)
    repeating = sum(
        item.kzt
        for item in view.after.cost_items
        if item.programme is not None and view.catalog.programme_by_id[item.programme].repeats
    )
    assert (whole["C"], whole["E"], whole["G"]) == (setup, sum(paid.values()), repeating)


def test_what_is_asked_counts_pairs_and_distinct_modules(case: tuple[PlanView, Values]) -> None:
    view, book = case
    added = [row for row in view.plan.modules if row.decision is Decision.ADDED]
    first = part(book, "What is asked of whom", "What the plan brings")[0]["A"]
    asked = f"add {len(added)} modules ({len({row.module for row in added})} distinct ones)"
    assert asked in str(first)


def test_nothing_is_said_of_what_there_is_none() -> None:
    """The sample moves no module and drops one; without any change only the agreement is asked for."""
    view = sample_view()
    first = part(written(view), "What is asked of whom", "What the plan brings")[0]["A"]
    # M2 for A and M1 for B; M3 goes.
    assert str(first).endswith("of 2 programmes, add 2 modules (2 distinct ones), drop 1.")
    kept = Selection((Start("A", "M1", 1), Start("A", "M3", 2)), view.plan.selection.sites[:1])
    book = written(sample_view(selection=kept))
    asked = part(book, "What is asked of whom", "What the plan brings")
    assert str(asked[0]["A"]).endswith("agree the working curricula of 2 programmes.")
    assert asked[1]["A"] == "The director: approve them; no new money is needed."
    assert "No new money is needed." in said(book)


def test_norms_that_were_checked_and_those_that_were_not() -> None:
    """One of the five norms of the sample is verified; nothing is said to be left where none is."""
    assert "Norms checked against the text of the order: 1 of 5." in said(written(sample_view()))
    catalog = sample_catalog()
    every = tuple(row.model_copy(update={"verified": True}) for row in catalog.profile)
    shown = said(written(sample_view(catalog.replace(profile=every))))
    assert "All 5 norms were checked against the text of the order." in shown
    assert "have not been compared" not in shown
    none = tuple(row.model_copy(update={"verified": False}) for row in catalog.profile)
    shown = said(written(sample_view(catalog.replace(profile=none))))
    assert "None of the 5 norms was checked against the text of its order." in shown
    assert "The others" not in shown and "0 of 5" not in shown


def test_a_norm_of_an_order_that_was_replaced_is_named() -> None:
    source = "Order 604 of 31 Oct 2018 (replaced by Order 348 of 3 Aug 2022)"
    catalog = sample_catalog()
    first, *others = catalog.profile
    old = first.model_copy(update={"source": source})
    shown = said(written(sample_view(catalog.replace(profile=(old, *others)))))
    assert f"Resting on an order that has been replaced: {norm_of(old)} – {source}." in shown
    assert "has been replaced" not in said(written(sample_view()))
    russian = said_in("ru", sample_view(catalog.replace(profile=(old, *others))))
    assert "Приказ № 604 от 31.10.2018 (заменён: приказ № 348 от 03.08.2022)" in russian


NO_INTAKES = Intakes(0, 0, None, 0, ())
NO_RISKS: dict[str, Any] = {"rooms": (), "posts": (), "intakes": NO_INTAKES}


def risks(view: PlanView) -> list[str]:
    """Return the risks that the note names, without their numbers."""
    found = [str(row["A"]) for row in part(written(view), RISKS, CHECKED)]
    assert [one.partition(". ")[0] for one in found] == [str(place + 1) for place in range(len(found))]
    return [one.partition(". ")[2] for one in found]


def changed(view: PlanView, **figures: Any) -> PlanView:
    """Return the view with other figures of rooms and posts."""
    return replace(view, plan=replace(view.plan, figures=replace(view.figures, **figures)))


def safe() -> PlanView:
    """Return a plan that risks nothing: no occupation asks for anything, no partner pays."""
    catalog = sample_catalog()
    return changed(
        sample_view(catalog.replace(occupation_requirements=())), rooms=(), posts=(), intakes=NO_INTAKES
    )


def room(kind: str, existing: float | None, needed: float) -> KindHours:
    lacking = None if existing is None else max(0.0, needed - existing)
    return KindHours(kind, "laboratory", "2026-1", existing, 0.0, 0.0, needed, 0.0, 0.0, lacking)


def paid_by(view: PlanView, **kzt: int) -> PlanView:
    """Return the view with so much paid by each source."""
    (first, *_) = view.plan.payments
    payments: tuple[Payment, ...] = tuple(
        replace(first, source=name, kzt=amount) for name, amount in kzt.items()
    )
    return replace(view, plan=replace(view.plan, payments=payments))


def test_where_nothing_is_at_risk_nothing_is_said() -> None:
    assert risks(safe()) == []
    assert RISKS not in said(written(safe()))


def test_the_risk_of_estimates() -> None:
    """Of the two requirements of O1 one rests on ESCO, one on an estimate; no source is an estimate too."""
    found = sample_view().figures.if_estimates_err
    sure = found.plan
    assert sure.closure_low is not None and sure.closure_high is not None
    shown = f"{100 * sure.closure_low:.3g}–{100 * sure.closure_high:.3g}%"
    ready, draws = sure.entry_levels_hold, found.draws
    text = (
        "If estimates err (importance ±20 %, levels ±1; how far they really do nobody knows), closure is {}; "
        f"learners are ready for every module as it begins in {ready} of {draws} draws, "
        f"and all minimum levels are reached in {sure.floors_hold}. "
        "Of the 2 requirements of the occupations {} are estimates."
    )
    assert text.format(shown, "50%") in risks(sample_view())
    catalog = sample_catalog()
    needs = tuple(row.model_copy(update={"source": None}) for row in catalog.occupation_requirements)
    unsourced = risks(sample_view(catalog.replace(occupation_requirements=needs)))
    assert any("Of the 2 requirements of the occupations 100%" in one for one in unsourced)


def test_levels_that_hold_in_no_draw_are_the_largest_risk() -> None:
    """Whatever closure loses: 0 of 200 is all that there is to lose."""
    view = rich_view()
    sure = view.figures.if_estimates_err
    for both, first in ((0, True), (sure.draws, False)):
        plan = replace(sure.plan, entry_levels_hold=both, floors_hold=both, both_hold=both)
        shown = risks(changed(view, if_estimates_err=replace(sure, plan=plan)))
        assert shown[0].startswith("If estimates err") is first


def test_the_risk_of_partners() -> None:
    """State and college do not leave; of those that can the one that pays most is named."""
    view = changed(
        rich_view(rich_catalog().replace(occupation_requirements=())), rooms=(), posts=(), intakes=NO_INTAKES
    )
    assert risks(paid_by(view, STATE=600, COLLEGE=400)) == []
    assert risks(paid_by(view, COLLEGE=750, EMPLOYER=250)) == [
        "If the partner “EMPLOYER name” leaves, 25% of the new money is missing (partners that pay: 1)."
    ]


def test_the_risk_of_a_partner_whose_places_are_used() -> None:
    used = {one.resource for one in rich_view().plan.uses}
    theirs = tuple(
        row.model_copy(update={"source": "EMPLOYER"}) if row.id in used else row
        for row in rich_catalog().resources
    )
    catalog = rich_catalog().replace(occupation_requirements=(), resources=theirs)
    view = changed(rich_view(catalog), rooms=(), posts=(), intakes=NO_INTAKES)
    said = (
        "If the partner “EMPLOYER name” leaves, 25% of the new money is missing, and the places of training "
        f"that it gives (places: {len(used)}; partners that pay: 1)."
    )
    assert risks(paid_by(view, COLLEGE=750, EMPLOYER=250)) == [said]


def test_the_risk_of_an_outlook() -> None:
    """The outlook in which the plan closes least is named, and only one that is worse than today's shares."""
    base = changed(rich_view(), rooms=(), posts=(), intakes=NO_INTAKES)
    after = base.after.objectives["closure"]

    def said(*closures: float) -> list[str]:
        rows = tuple(
            OutlookClosure(f"O{place}", 1 / len(closures), 0.1, one) for place, one in enumerate(closures)
        )
        found = PlanOutlooks(rows, 0.1, sum(closures) / len(closures))
        view = replace(base, plan=replace(base.plan, outlooks=found))
        return [text for text in risks(view) if "outlook" in text]

    assert said(after, after + 0.01) == []
    (text,) = said(after, after - 0.2, after - 0.1)
    assert text.startswith("Outlooks are assumptions: in the outlook “O1” closure would be ")


def asked(view: PlanView) -> list[str]:
    """Return what the note asks for."""
    return [str(row["A"]) for row in part(written(view), "What is asked of whom", "What the plan brings")]


def with_intakes(*lacking: str) -> PlanView:
    """Return a plan in which these sources lack 100 of 400 in 2030, and ever after."""
    years = tuple(IntakeYear(name, 2030, 0, 400, 300, 0, 100) for name in lacking)
    return changed(rich_view(), intakes=Intakes(0, 0, 2030, 0, years))


def test_what_all_intakes_lack_is_asked_for_with_the_figures_of_the_evaluation() -> None:
    view = rich_view()
    over: dict[int, int] = defaultdict(int)
    needed: dict[int, int] = defaultdict(int)
    for row in view.figures.intakes.years:
        over[row.year] += row.over_kzt
        needed[row.year] += row.all_intakes_kzt
    short = [year for year in sorted(over) if over[year]]
    worst = max(short, key=lambda year: (over[year], -year))
    (text,) = (one for one in asked(view) if "later intakes" in one)
    assert f"decide before the budget of {short[0]} is approved" in text
    if over[worst] == needed[worst]:
        assert text.endswith(f"nothing is there of the {thousands(needed[worst])} KZT needed.")
    else:
        assert text.endswith(f"by {thousands(over[worst])} KZT of the {thousands(needed[worst])} KZT needed.")
    assert f" in {worst}" in text
    assert not any("money falls short" in one for one in risks(view))


def test_where_the_money_is_enough_nothing_is_asked() -> None:
    rows = rich_view().figures.intakes
    assert any(row.over_kzt for row in rows.years)
    enough = replace(rows, years=tuple(replace(row, over_kzt=0) for row in rows.years))
    assert not any("later intakes" in one for one in asked(changed(rich_view(), intakes=enough)))
    assert not any("later intakes" in one for one in asked(safe()))


@pytest.mark.parametrize(
    ("sources", "who"),
    [
        (("COLLEGE",), "The director"),
        (("COLLEGE", "STATE"), "The director and the ministry"),
        (("STATE", "EMPLOYER"), "The director, the ministry and the partners that pay"),
    ],
)
def test_who_decides_is_who_decides_on_the_sources_that_lack(sources: tuple[str, ...], who: str) -> None:
    view = with_intakes(*sources)
    (one,) = (text for text in asked(view) if "later intakes" in text)
    assert one.startswith(f"{who}: decide before the budget of 2030 is approved")
    assert "in 2030 and every year after" in one


@pytest.mark.parametrize(("day", "is_begun"), [("2026-09-01", False), ("2026-09-02", True)])
def test_a_semester_that_has_begun_is_a_risk(day: str, is_begun: bool) -> None:
    """Both programmes of the sample begin in autumn 2026, on 1 September; B adds M1 to it, A nothing."""
    catalog = sample_catalog()
    read = tuple(row.model_copy(update={"as_of": day}) for row in catalog.profile)
    found = [one for one in risks(sample_view(catalog.replace(profile=read))) if "has already begun" in one]
    said_of = (
        "The first semester has already begun: the catalog is of 02.09.2026, and the plan puts modules "
        "into semesters that have begun (1, in 1 programmes)."
    )
    assert found == [said_of] * is_begun


def test_the_risk_of_rooms() -> None:
    """From 95 % of its hours on a kind has none to spare; one without a limit always has."""
    kinds = sorted({row.kind for row in safe().catalog.resources})
    kind = kinds[0]
    first = min(row.id for row in safe().catalog.resources if row.kind == kind)
    said_of = "Kinds of rooms without hours to spare: 1 of {}; the tightest is “" + first + " name”."
    assert risks(changed(safe(), rooms=(room(kind, 100, 94.9),))) == []
    assert risks(changed(safe(), rooms=(room(kind, None, 1000),))) == []
    assert risks(changed(safe(), rooms=(room(kind, 100, 95),))) == [said_of.format(1)]
    assert risks(changed(safe(), rooms=(room(kind, 100, 120), room(kind, 100, 10)))) == [said_of.format(2)]


def test_the_risk_of_teachers() -> None:
    assert risks(changed(safe(), posts=(Posts("teacher", 1, 2, 2, 0),))) == []
    assert risks(changed(safe(), posts=(Posts("teacher", 1, 2, None, None),))) == []
    lacking = (Posts("teacher", 1, 2, 1.5, 0.5), Posts("master", 1, 2, 2, 0))
    assert risks(changed(safe(), posts=lacking)) == ["Teachers are lacking: 0.5 posts of 4."]


def test_the_risk_of_occupations_that_are_not_fully_met() -> None:
    view = sample_view()
    whole, every = met(view, view.after.levels_after)
    assert every - whole > 0
    text = f"Target occupations that are not fully met: {every - whole} of {every}."
    assert text in risks(view)
    reachable = tuple(
        row.model_copy(update={"level": 1})
        for row in view.catalog.occupation_requirements
        if row.competency == "C1"
    )
    easy = sample_view(sample_catalog().replace(occupation_requirements=reachable))
    assert met(easy, easy.after.levels_after) == (2, 2)
    assert not any("not fully met" in one for one in risks(easy))


def test_the_largest_risks_stand_by_size() -> None:
    """Half of the money, a third of the rooms, a tenth of the posts; a fifth risk is left out."""
    kind = safe().catalog.resources[0].kind
    rooms = (room(kind, 100, 100), room(kind, 100, 0), room(kind, 100, 0))
    bare = rich_view(rich_catalog().replace(occupation_requirements=()))
    posts = (Posts("teacher", 1, 10, 9, 1),)
    view = paid_by(changed(bare, rooms=rooms, posts=posts, intakes=NO_INTAKES), COLLEGE=500, EMPLOYER=500)
    begins = ["If the partner", "Kinds of rooms", "Teachers are lacking"]
    assert [one[: len(begin)] for one, begin in zip(risks(view), begins, strict=True)] == begins
    lacking = (Posts("teacher", 1, 10, 0, 10),)
    larger = changed(rich_view(), rooms=rooms, posts=lacking, intakes=NO_INTAKES)
    found = risks(paid_by(larger, COLLEGE=999, EMPLOYER=1))
    assert len(found) == 4
    assert "Teachers are lacking: 10 posts of 10." in found
    assert not any("If the partner" in one for one in found)
