"""curriplan retrain: hand-sized routes, what each form holds, and what is refused.

The catalog `mini`: security-assistant needs SEC 4 (essential) and DATA 2, analyst-assistant needs DATA 4
(essential) and FRAUD 2. SEC1 teaches SEC to 2, SEC2 from 2 to 4 after SEC1; DATA3 DATA from 2 to 3, DATA4
from 3 to 4.
"""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

import curriplan
from curriplan.api.retrain import write_retraining
from curriplan.base.codec import schema_text
from curriplan.base.errors import CatalogError, InfeasibleError, UsageError
from curriplan.catalog.records import Catalog, Exposure, FundingBudget, Occupation, ResourceCapacity
from curriplan.cli.app import main
from curriplan.plan.retraining import Retraining, RouteOutcome, retrain_schema
from curriplan.texts.words import Words

ANALYST, SECURITY = "analyst-assistant", "security-assistant"


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["retrain", *map(str, arguments), "--lang", "en"])


@pytest.fixture(scope="module")
def mini() -> Catalog:
    return curriplan.read_catalog("mini").require()


def wider(mini: Catalog, *names: str, **ranks: tuple[float, ...]) -> Catalog:
    """Return `mini` with occupations that ask for what security-assistant does, and ranks by two sources."""
    rows = [row for row in mini.occupation_requirements if row.occupation == SECURITY]
    more = tuple(row.model_copy(update={"occupation": name}) for name in names for row in rows)
    scores = tuple(
        Exposure(occupation=name.replace("_", "-"), source=source, score=rank, rank=rank)
        for name, found in ranks.items()
        for source, rank in zip(("first", "second"), found, strict=False)
    )
    return mini.replace(
        occupations=(*mini.occupations, *(Occupation(id=name, name_en=name) for name in names)),
        occupation_requirements=(*mini.occupation_requirements, *more),
        exposure=scores,
    )


def modules_of(found: Retraining) -> list[tuple[str, int, int]]:
    return [(one.module, one.term, one.cost_kzt) for one in found.routes[0].modules]


def test_a_route_by_hand(mini: Catalog) -> None:
    """SEC1: set-up 400,000 + one group 200,000; SEC2: 200,000 + 200,000; SEC2 a term after SEC1.

    FAST (SEC to 3) and SEC2 would cost 300,000 + 400,000, but SEC2 requires SEC1 itself.
    """
    found = curriplan.retrain(mini, ANALYST, SECURITY)
    (route,) = found.routes
    assert modules_of(found) == [("SEC1", 1, 600_000), ("SEC2", 2, 400_000)]
    assert (route.outcome, route.cost_kzt, route.hours, route.terms) == (
        RouteOutcome.PROVEN,
        1_000_000,
        48 + 72,
        2,
    )
    # Held: DATA 4, FRAUD 2. Cover weighs SEC 4 by 1 and DATA 2 by 0.5: (0.5·2) / (1·4 + 0.5·2) = 1/5.
    assert (route.cover_before, route.cover_after) == (pytest.approx(0.2), pytest.approx(1.0))
    assert route.essentials == (1, 0, 1)
    why = [[(one.reason.value, one.subject, one.level) for one in module.why] for module in route.modules]
    assert why == [[("requisite", "SEC2", None)], [("gives", "SEC", 4)]]


def test_two_groups_cost_two_lessons(mini: Catalog) -> None:
    """30 learners are two groups of 25 at most: set-up 400,000 + 200,000, and 2 · (200,000 + 200,000)."""
    assert curriplan.retrain(mini, ANALYST, SECURITY, learners=30).routes[0].cost_kzt == 1_400_000


def test_a_requisite_whose_outcomes_are_held_is_met(mini: Catalog) -> None:
    """Who holds SEC 2 has what SEC1 teaches: SEC2 alone, 400,000."""
    found = curriplan.retrain(mini, ANALYST, SECURITY, baseline={"SEC": 2})
    assert modules_of(found) == [("SEC2", 1, 400_000)]
    half = curriplan.retrain(mini, ANALYST, SECURITY, baseline={"SEC": 1})
    assert modules_of(half) == [("SEC1", 1, 600_000), ("SEC2", 2, 400_000)]


def test_a_cover_may_leave_an_essential_need_open(mini: Catalog) -> None:
    """FAST reaches SEC 3: cover (1·3 + 0.5·2) / 5 = 0.8, for 100,000 + 200,000."""
    found = curriplan.retrain(mini, ANALYST, SECURITY, cover=0.8)
    assert modules_of(found) == [("FAST", 1, 300_000)]
    assert found.routes[0].cover_after == pytest.approx(0.8)
    assert found.routes[0].essentials == (1, 0, 0)


def test_an_hour_has_a_price_where_a_module_has_none(mini: Catalog) -> None:
    """BASE (72 h) has no cost: 72 · 1,000 with --hour-cost, else 0, which is said."""
    found = curriplan.retrain(mini, baseline={"DATA": 1, "FRAUD": 2}, target=ANALYST)
    assert modules_of(found)[0] == ("BASE", 1, 0)
    assert (found.routes[0].without_cost, found.routes[0].modules[0].has_cost) == (1, False)
    priced = curriplan.retrain(mini, baseline={"DATA": 1, "FRAUD": 2}, target=ANALYST, hour_kzt=1000)
    assert modules_of(priced)[0] == ("BASE", 1, 72_000)


def test_the_safety_floors(mini: Catalog) -> None:
    """The floor of all programmes is FRAUD 2: PHISH, 100,000 + 100,000."""
    found = curriplan.retrain(mini, SECURITY, "floors")
    assert modules_of(found) == [("PHISH", 1, 200_000)]
    assert (found.routes[0].target, found.routes[0].hours, found.routes[0].least_kzt) == (None, 48, None)
    held = curriplan.retrain(mini, ANALYST, "floors").routes[0]
    assert (held.outcome, held.modules, held.terms) == (RouteOutcome.HELD, (), 0)


def test_within_the_college(mini: Catalog) -> None:
    """SEC1 and SEC2 use the laboratory 40 h each for 25 / 13 → 2 sub-groups: 80 h a term."""
    rooms = [row for row in mini.resource_capacity if row.resource != "LAB"]
    terms = [f"{2026 + at // 2}-{at % 2 + 1}" for at in range(8)]

    def with_hours(hours: float) -> Catalog:
        lab = (ResourceCapacity(resource="LAB", semester=one, hours=hours) for one in terms)
        return mini.replace(resource_capacity=(*rooms, *lab), funding_budgets=())

    assert curriplan.retrain(with_hours(80), ANALYST, SECURITY, within=True).routes[0].cost_kzt == 1_000_000
    with pytest.raises(InfeasibleError, match="route-clashes"):
        curriplan.retrain(with_hours(79), ANALYST, SECURITY, within=True)
    assert curriplan.retrain(with_hours(79), ANALYST, SECURITY).routes[0].cost_kzt == 1_000_000
    source = mini.funding_sources[0].id

    def with_money(kzt: int) -> Catalog:
        return with_hours(80).replace(
            funding_budgets=(FundingBudget(source=source, budget_kzt=kzt),), funding_limits=()
        )

    assert (
        curriplan.retrain(with_money(1_000_000), ANALYST, SECURITY, within=True).routes[0].cost_kzt
        == 1_000_000
    )
    with pytest.raises(InfeasibleError, match="route-clashes"):
        curriplan.retrain(with_money(999_999), ANALYST, SECURITY, within=True)


def test_safer_is_what_every_source_says(mini: Catalog) -> None:
    """A is lower in both, B in one, C is scored by one source only, D by none."""
    catalog = wider(
        mini, "A", "B", "C", "D", analyst_assistant=(0.9, 0.8), A=(0.1, 0.2), B=(0.1, 0.9), C=(0.5,)
    )
    found = curriplan.retrain(catalog, ANALYST, safer=True)
    rows = {one.target: (one.safer_by, one.not_safer_by) for one in found.targets}
    assert rows == {"A": (("first", "second"), ()), "C": (("first",), ())}
    assert found.not_safer == ("B", "D", SECURITY)
    told = {
        one.target: (one.safer_by, one.not_safer_by) for one in curriplan.retrain(catalog, ANALYST).targets
    }
    assert told["B"] == (("first",), ("second",))
    assert told["D"] == ((), ())


def test_the_matrix_begins_with_what_is_exposed_most(mini: Catalog) -> None:
    """Mean ranks: analyst 0.85, A 0.5, security 0.1; A asks for the same as security."""
    ranks = {"analyst_assistant": (0.9, 0.8), "A": (0.5, 0.5), "security_assistant": (0.1, 0.1)}
    found = curriplan.retrain(wider(mini, "A", **ranks), matrix=2)
    assert found.origins == (ANALYST, "A")
    matrix = found.matrix.set_index("source")
    assert matrix.loc[ANALYST, SECURITY] == matrix.loc[ANALYST, "A"] == 1_000_000
    assert matrix.loc["A", SECURITY] == 0
    # From A: SEC 4, DATA 2 held; DATA3 (300,000 + 200,000) and DATA4 (400,000 + 200,000).
    assert matrix.loc["A", ANALYST] == 1_100_000


def college() -> Catalog:
    return curriplan.read_catalog("kz-digital-college").require()


@pytest.fixture(scope="module")
def of_college() -> Retraining:
    return curriplan.retrain(college(), "data-entry-clerk", top=3, hour_kzt=2500)


def test_nothing_is_said_to_cost_at_least_less_than_is_proven(of_college: Retraining) -> None:
    proven = [one for one in of_college.targets if one.outcome is RouteOutcome.PROVEN]
    assert len(proven) > 3
    assert all(one.least_kzt == one.cost_kzt for one in proven)
    assert all(one.terms for one in proven)


def test_what_is_proven_of_the_list_of_targets(of_college: Retraining, tmp_path: Path) -> None:
    """More routes were found than asked for: what was not solved may cost less than the last of them."""
    assert of_college.is_complete
    costs = [one.cost_kzt for one in of_college.targets if one.cost_kzt is not None]
    least = [one.least_kzt for one in of_college.targets if one.outcome is RouteOutcome.DEARER]
    assert min(least) >= costs[2]
    assert min(least) < costs[-1]
    write_retraining(college(), of_college, [tmp_path / "r.xlsx"], "en")
    said = " ".join(texts_of(tmp_path / "r.xlsx", "All targets"))
    assert "the first 3 are proven to cost least" in said
    assert "dearer" not in said
    assert "not among the cheapest" in said


def test_needs_that_stay_open_are_said_with_a_caution(of_college: Retraining, tmp_path: Path) -> None:
    """The key needs of a policy officer are met though half of what is asked for is not."""
    one = next(row for row in of_college.targets if row.target == "policy-officer")
    route = next(row for row in of_college.routes if row.target == "policy-officer")
    assert one.cover_after == pytest.approx(route.cover_after)
    assert one.open_needs == route.open_needs == sum(gap.after < gap.required for gap in route.gaps) > 0
    write_retraining(college(), of_college, [tmp_path / "r.xlsx"], "en")
    said = f"essential needs met; cover {100 * one.cover_after:.0f}%; other needs left open: {one.open_needs}"
    for sheet in ("Routes", "All targets"):
        texts = texts_of(tmp_path / "r.xlsx", sheet)
        assert said in texts
        assert any("met on paper do not mean" in text for text in texts)
    result = invoke("kz-digital-college", "--from", "data-entry-clerk", "--to", "policy-officer")
    assert said in " ".join(result.stdout.split())
    assert "met on paper do not mean" in " ".join(result.stdout.split())


def test_who_holds_the_essential_needs_is_not_told_that_nothing_is_missing(mini: Catalog) -> None:
    """From SEC 4 the security assistant's key need is met, DATA 2 is not: cover 4 / 5."""
    found = curriplan.retrain(mini, baseline={"SEC": 4}, top=1)
    one = next(row for row in found.targets if row.target == SECURITY)
    assert (one.outcome, one.cover_after, one.open_needs, one.terms) == (RouteOutcome.HELD, 0.8, 1, 0)
    text = Words("en")("retrain_outcome.held")
    assert text == "no module is needed"


def test_what_was_priced_by_the_hour_is_called_so_with_its_money(mini: Catalog, tmp_path: Path) -> None:
    """BASE, 72 h, has no cost: 72 · 1,000; the others have costs of their own."""
    ends: dict[str, Any] = {"baseline": {"DATA": 1, "FRAUD": 2}, "target": ANALYST}
    priced = curriplan.retrain(mini, **ends, hour_kzt=1000)
    assert (priced.routes[0].without_cost, priced.routes[0].priced_kzt) == (1, 72_000)
    write_retraining(mini, priced, [tmp_path / "p.xlsx"], "en")
    texts = texts_of(tmp_path / "p.xlsx", "Routes")
    assert {"Modules priced by the hour", "Cost of these, ₸"} <= set(texts)
    assert "Without a cost" not in texts
    write_retraining(mini, curriplan.retrain(mini, **ends), [tmp_path / "n.xlsx"], "en")
    assert "Without a cost" in texts_of(tmp_path / "n.xlsx", "Routes")
    options = ("--from", SECURITY, "--hour-cost", 1000, "-o", tmp_path / "p.csv")
    assert invoke("mini", *options).exit_code == 0
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        names = csv.DictReader(file).fieldnames or []
    assert {"modules_priced_by_hour", "priced_by_hour_kzt"} <= set(names)
    assert "modules_without_cost" not in names


def texts_of(path: Path, sheet: str) -> list[str]:
    rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [cell for row in rows for cell in row if isinstance(cell, str)]


def test_what_each_form_holds(tmp_path: Path) -> None:
    paths = {ending: tmp_path / f"out.{ending}" for ending in ("json", "csv", "xlsx")}
    options = [word for path in paths.values() for word in ("-o", path)]
    assert invoke("mini", "--from", ANALYST, "--to", SECURITY, *options).exit_code == 0
    data = json.loads(paths["json"].read_text(encoding="utf-8"))
    schema = files("curriplan").joinpath("schemas/retrain-1.json").read_text(encoding="utf-8")
    assert schema == schema_text(retrain_schema()), "run python -m curriplan.plan.describe retrain"
    Draft202012Validator(json.loads(schema)).validate(data)
    assert (data["schema"], data["catalog"]["source"]) == ("curriplan-retrain/1", "mini")
    with paths["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["module"], row["cost_kzt"]) for row in rows] == [("SEC1", "600000"), ("SEC2", "400000")]
    book = load_workbook(paths["xlsx"])
    assert book.sheetnames == ["Routes", "Modules", "Gap"]
    assert invoke("mini", "--from", ANALYST, *options, "--force").exit_code == 0
    assert load_workbook(paths["xlsx"]).sheetnames == ["Routes", "Modules", "Gap", "All targets"]
    with paths["csv"].open(encoding="utf-8-sig", newline="") as file:
        assert [row["target"] for row in csv.DictReader(file)] == [SECURITY]


def test_a_file_of_levels(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    path.write_text("competency,level\nSEC,2\nDATA,4\n", encoding="utf-8")
    result = invoke("mini", "--baseline", path, "--to", SECURITY)
    assert (result.exit_code, "400 000" in result.stdout) == (0, True), result.output
    path.write_text("competency,level\nSEC,2\nDATUM,4\n", encoding="utf-8")
    wrong = invoke("mini", "--baseline", path, "--to", SECURITY)
    assert wrong.exit_code == 3
    assert "levels.csv:3 (competency): unknown-reference" in wrong.stderr.replace(f"{tmp_path}/", "")
    assert "DATA" in wrong.stderr
    with pytest.raises(CatalogError, match="unknown-reference"):
        curriplan.retrain("mini", baseline={"DATUM": 4}, target=SECURITY)


def test_a_file_with_a_competency_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    path.write_text("competency,level\nSEC,2\nDATA,4\nSEC,4\n", encoding="utf-8")
    wrong = invoke("mini", "--baseline", path, "--to", SECURITY)
    assert wrong.exit_code == 3
    said = wrong.stderr.replace(f"{tmp_path}/", "")
    assert "levels.csv:4 (competency): duplicate-key: 'SEC' is there already: levels.csv:2" in said


def test_learners_of_a_programme_bring_what_they_do(mini: Catalog) -> None:
    """TECH begins with DATA 1, and whoever comes from security-assistant holds DATA 2 anyway."""
    by_name = curriplan.retrain(mini, SECURITY, ANALYST, baseline="TECH")
    assert [(one.competency, one.level) for one in by_name.brought] == [("DATA", 1)]
    assert by_name.routes == curriplan.retrain(mini, SECURITY, ANALYST).routes


def test_one_target_that_is_not_safer_is_refused(mini: Catalog) -> None:
    """The first source calls both ends of the middle less exposed, the second only one; NONE has no ranks."""
    ranks = {"analyst_assistant": (0.5, 0.5), "security_assistant": (0.4, 0.5), "LOW": (0.1, 0.1)}
    catalog = wider(mini, "LOW", "NONE", **ranks)
    with pytest.raises(UsageError, match="target-not-safer") as caught:
        curriplan.retrain(catalog, ANALYST, SECURITY, safer=True)
    assert caught.value.issues[0].values["ranks"] == f"second: {ANALYST} 0.5, {SECURITY} 0.5"
    with pytest.raises(CatalogError, match="no-exposure") as lacking:
        curriplan.retrain(catalog, ANALYST, "NONE", safer=True)
    assert lacking.value.issues[0].values["occupation"] == "NONE"
    with pytest.raises(UsageError, match="options-exclude"):
        curriplan.retrain(catalog, ANALYST, "floors", safer=True)
    found = curriplan.retrain(catalog, ANALYST, "LOW", safer=True)
    assert (len(found.routes), found.not_safer) == (1, ())


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("mini", "--from", "nobody", "--to", ANALYST), "unknown-occupation", 2),
        (("mini", "--from", ANALYST, "--to", "nobody"), "unknown-occupation", 2),
        (("mini", "--to", ANALYST), "option-needs-other", 2),
        (("mini", "--safer"), "option-needs-other", 2),
        (("mini", "--from", ANALYST, "--to", SECURITY, "--top", 3), "option-needs-other", 2),
        (("mini", "--from", ANALYST, "--to", "floors", "--top", 3), "option-needs-other", 2),
        (("mini", "--from", ANALYST, "--to", "floors", "--safer"), "no-exposure", 3),
        (("mini", "--from", ANALYST, "--matrix", 2), "options-exclude", 2),
        (("mini", "--from", ANALYST, "--to", "floors", "--cover", 0.5), "options-exclude", 2),
        (("mini", "--matrix", 2), "no-exposure", 3),
        (("mini", "--from", ANALYST, "--cover", 0), "bad-value", 2),
        (("mini", "--from", ANALYST, "--baseline", "nowhere.csv"), "file-unreadable", 3),
    ],
)
def test_what_is_refused(arguments: tuple[Any, ...], code: str, exit_code: int) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, f"{code}: " in result.stderr) == (exit_code, True), result.output


def test_an_occupation_that_asks_for_nothing_is_named_with_its_place(mini: Catalog) -> None:
    bare = mini.replace(occupations=(*mini.occupations, Occupation(id="NONE", name_en="none")))
    for ends in (("NONE", ANALYST), (ANALYST, "NONE")):
        with pytest.raises(UsageError, match="occupation-without-requirements"):
            curriplan.retrain(bare, *ends)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learners", 0),
        ("terms", 21),
        ("cover", 0.0),
        ("cover", "1"),
        ("baseline", 5),
        ("start", "autumn"),
        ("top", True),
    ],
)
def test_arguments_of_the_library(name: str, value: Any) -> None:
    with pytest.raises(UsageError, match=name):
        curriplan.retrain("mini", ANALYST, SECURITY, **{name: value})


def test_a_route_is_the_same_whatever_the_order_of_rows(mini: Catalog) -> None:
    rows = {name: tuple(reversed(mini.table(name))) for name in ("modules", "module_outcomes", "occupations")}
    assert curriplan.retrain(mini.replace(**rows), ANALYST) == curriplan.retrain(mini, ANALYST)
