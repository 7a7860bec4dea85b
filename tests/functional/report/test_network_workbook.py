"""The national workbook: its figures are those of the plan, and every sum is one of cells.

What LibreOffice computes, spells, validates and prints of it is asked in ``tests/workbooks``.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

import curriplan
from curriplan.api.network.brief import college_plan
from curriplan.api.network.files import write_network_files
from curriplan.base.codec import from_data, schema_text
from curriplan.catalog.network.records import Centre, College, Network, Region, SharedBudget
from curriplan.cli.console.national import show_national
from curriplan.cli.console.terminal import Terminal
from curriplan.evaluation.whatif import what_if
from curriplan.plan.network import CollegeResult, NetworkPlan, SharedKind, YearMoney, network_schema
from curriplan.report.network.colleges import CollegeSheet
from curriplan.report.network.money import TakenCells
from curriplan.report.network.view import NetworkView, told_apart
from curriplan.report.network.write import PRINTED, SHEETS, write_network_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words, read_texts
from curriplan.xlsx.measure import PIXELS_PER_POINT, column_pixels
from curriplan.xlsx.paper import LANDSCAPE, PORTRAIT
from functional.report.workbooks import formulas, values
from unit.report.country import Country
from unit.report.nation import national_plan
from workbooks.office import pages
from workbooks.package import Package

Row = list[object]
LEAST_POINTS, BODY_POINTS = 8.0, 10.0


def book_of(plan: NetworkPlan, language: str = "en") -> bytes:
    stream = BytesIO()
    write_network_workbook(plan, stream, language)
    return stream.getvalue()


@cache
def sheets() -> dict[str, list[Row]]:
    """Return the rows of each sheet of the plan made by hand."""
    return sheets_of(national_plan())


def sheets_of(plan: NetworkPlan) -> dict[str, list[Row]]:
    """Return the rows of each sheet, as a program that recalculates nothing sees them."""
    book = load_workbook(BytesIO(book_of(plan)), data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def table(rows: list[Row], head: str) -> list[dict[str, object]]:
    """Return the rows of a sheet below the first header that has a word."""
    place = next(place for place, row in enumerate(rows) if head in row)
    return [dict(zip(map(str, rows[place]), row, strict=True)) for row in rows[place + 1 :]]


def college(plan: NetworkPlan, name: str, **changes: object) -> NetworkPlan:
    """Return a plan with a college that differs."""
    changed: Iterator[CollegeResult] = (
        replace(one, **changes) if one.id == name else one  # type: ignore[arg-type]
        for one in plan.colleges
    )
    return replace(plan, colleges=tuple(changed))


def test_closures_are_those_of_the_arithmetic() -> None:
    """See `unit.report.nation`: 10 % today, 45 % by themselves, 55 % nationally, the bound 55.25 %."""
    first = sheets()["Summary"]
    closures = {row[0]: row[5] for row in first if isinstance(row[0], str) and isinstance(row[5], float)}
    assert closures["The curricula of today"] == pytest.approx(0.10)
    assert closures["Each college planned by itself, within its own budget"] == pytest.approx(0.45)
    assert closures["The national plan"] == pytest.approx(0.55)
    assert any("above 55.25%, which is 0.25 points above this plan" in str(row[0]) for row in first)
    almaty, zhambyl, country = table(sheets()["Regions"], "Region")[:3]
    # (100·0.5 + 50·0.6) / 150, and 0.6 of both colleges.
    assert almaty["Closed, own plan"] == pytest.approx(80 / 150)
    assert almaty["Closed, national plan"] == pytest.approx(0.6)
    assert zhambyl["Closed, national plan"] == pytest.approx(zhambyl["Floor"])
    assert zhambyl["College with the lowest closure"] == "40% – Taraz College"
    assert (country["Region"], country["Closed, national plan"]) == ("The whole country", pytest.approx(0.55))


def test_regions_are_as_the_evaluation_summed_them() -> None:
    plan = national_plan()
    for row, region in zip(table(sheets()["Regions"], "Region"), plan.regions, strict=False):
        assert row["Closed, own plan"] == pytest.approx(region.closure_alone)
        assert row["Closed, national plan"] == pytest.approx(region.closure)
        assert (row["Learners planned"], row["Without a plan"]) == (region.learners, region.failed)


def test_each_shared_limit_is_used_as_the_plan_says() -> None:
    plan = national_plan()
    for name, kind, when in (
        ("Shared money", SharedKind.MONEY, "Year"),
        ("Centres", SharedKind.HOURS, "Semester"),
    ):
        rows = table(sheets()[name], when)
        for limit in (one for one in plan.shared if one.kind is kind):
            title = plan.shared_names[limit.subject]["en"]
            times = {"": "all years", "2027-1": "autumn 2027", "2027-2": "spring 2028"}
            wanted = times.get(limit.when, int(limit.when) if limit.when.isdigit() else None)
            row = next(one for one in rows if title in one.values() and wanted == one[when])
            assert row["Limit"] == limit.limit
            assert row["Plans within own budgets"] == limit.used_alone
            assert row["In the national plan"] == limit.used
    whole = next(row for row in sheets()["Summary"] if row[0] == "Total")
    assert whole[3:7] == [8_000_000, 5_500_000, 6_000_000, 2_000_000]


def test_regions_that_are_all_alike_have_no_lowest_one() -> None:
    plan = national_plan()
    alike = [
        one if one.national is None else replace(one, national=replace(one.national, closure=0.5))
        for one in plan.colleges
    ]
    said = [
        any("Closure is lowest in" in str(value) for value in values(book_of(one)).values())
        for one in (plan, replace(plan, colleges=tuple(alike)))
    ]
    assert said == [True, False]


def test_limits_whose_short_names_are_alike_have_ids_on_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two sources of long names that begin alike, and the second with a limit of a region too."""
    plan = national_plan()
    money = [row for row in plan.shared if row.kind is SharedKind.MONEY]
    long = "The republican budget of the ministry, line "
    names = {name: {"en": f"{long}{at}"} for at, name in enumerate(("REPUBLIC", "REGION"))}
    rows = [replace(money[0], when="2027", region=None), replace(money[0], subject="REGION", when="2027")]
    rows.append(replace(rows[1], region="almaty"))
    show_national(Terminal(chosen="en"), replace(plan, shared=tuple(rows), shared_names=names), [])
    shown = [line.split(", 2027")[0] for line in capsys.readouterr().out.splitlines() if ", 2027" in line]
    assert sorted(shown) == ["REGION", "REGION, almaty", "REPUBLIC"]


def test_a_source_with_limits_of_the_country_and_a_region_has_no_total() -> None:
    """Its use in the region counts under both limits: a sum would count it twice."""
    plan = national_plan()
    regional = replace(plan.shared[0], region="almaty", limit=5_000_000)
    found = sheets_of(replace(plan, shared=(*plan.shared, regional)))
    assert not any(row[0] == "Total" for row in found["Summary"])
    assert any("is no free money" in str(row[0]) for row in found["Summary"])
    rows = [row for row in table(found["Shared money"], "Year") if row["Year"] == 2027]
    used = {row["Shared by"]: row["In the national plan"] for row in rows if row["Limit"] == 5_000_000}
    assert used == {"The whole country": 5_000_000, "Almaty city": 5_000_000}


def test_who_gets_what_is_summed_from_the_rows_of_the_colleges() -> None:
    rows = table(sheets()["Colleges"], "College")
    got = {one["College"]: one["Shared money in all, KZT"] for one in rows}
    assert got == {
        "Alatau College": 3_750_000,
        "Medeu College": 1_500_000,
        "Taraz College": 750_000,
        "Total": 6_000_000,
    }
    assert {one["College"]: one["Hours in centres"] for one in rows}["Total"] == 130
    detail = table(sheets()["Money of colleges"], "Source")
    assert sum(int(str(one["In the national plan"])) for one in detail) == 6_000_000


def test_a_college_without_a_plan_is_told_and_counted_nowhere() -> None:
    found = sheets()
    assert any(
        "Colleges not in the plan (1): Spring College – its catalog has errors." in str(row[0])
        for row in found["Summary"]
    )
    (row,) = table(found["Colleges without a plan"], "College")
    assert (row["College"], row["Learners"]) == ("Spring College", "–")
    assert "its catalog has errors (while its catalog was read)" in str(row["Why"])
    assert str(row["What was found"]).count("unknown language") == 5
    assert "2 more faults" in str(row["What was found"])
    elsewhere = {name for name, rows in found.items() if any("Spring College" in row for row in rows)}
    assert elsewhere == {"Colleges without a plan", "Provenance"}


def test_groups_of_the_state_order_stay_as_many_in_a_region() -> None:
    rows = table(sheets()["State order"], "College")
    changes = {(one["College"], one["Programme"]): one["Change"] for one in rows if one["College"]}
    assert changes["Alatau College", "Security technician"] == -1
    assert changes["Medeu College", "Security technician"] == 1
    assert rows[-1]["Region"] == "Almaty city"
    assert [rows[-1][key] for key in ("Groups today", "Groups planned", "Change")] == [6, 6, 0]


def test_reasons_name_what_was_added_and_what_was_scarce() -> None:
    rows = {str(row["College"]): row for row in table(sheets()["Why"], "College")}
    adds = "Which modules the plan adds, and what they give"
    assert (
        rows["Alatau College"][adds]
        == "Phishing drill: 8.0 points; Security laboratory: needed for other modules"
    )
    moved = str(rows["Medeu College"]["What decided the division"])
    assert moved.startswith(
        "the state order changes its groups (Security technician +1): 75 learners instead of 50"
    )
    decided = str(rows["Taraz College"]["What decided the division"])
    assert "the state order" not in decided
    assert "gets 750 000 KZT more" in decided.replace("\u00a0", " ")
    assert "Competence centre, autumn 2027 (16.7%)" in decided  # 20 of 120 hours
    assert "Republican budget" not in decided  # it takes of 2028, of which there is enough
    assert "the floor of the region (40.0%) may matter: by an estimate" in decided


@pytest.mark.parametrize("weight", [1.0, 3.0])
def test_what_colleges_bring_adds_up_to_what_the_plan_brings(weight: float) -> None:
    """Alatau with weight 1: (75·0.6 − 100·0.1) / 200 = 17.5 points, for 3.75 million 4.6667 each."""
    found = sheets_of(college(national_plan(), "taraz", weight=weight))
    rows = table(found["Why"], "College")[:4]
    brings = [row["Brings the country, points"] for row in rows]
    assert brings[3] == pytest.approx(sum(brings[:3]))  # type: ignore[arg-type]
    country = table(found["Regions"], "Region")[2]
    gained = country["Closed, national plan"] - country["Gap closed today"]  # type: ignore[operator]
    assert brings[3] == pytest.approx(100 * gained)
    if weight == 1.0:
        assert brings[0] == pytest.approx(17.5)
        assert rows[0]["For a million of shared money, points"] == pytest.approx(17.5 / 3.75)


def test_weights_count_in_the_country_and_not_in_a_region() -> None:
    """(75·0.6 + 75·0.6 + 3·50·0.4) / (100 + 50 + 3·50), over the learners of today."""
    found = sheets_of(college(national_plan(), "taraz", weight=3.0))
    country = table(found["Regions"], "Region")[2]
    assert country["Closed, national plan"] == pytest.approx(150 / 300)
    assert table(found["Regions"], "Region")[1]["Closed, national plan"] == pytest.approx(0.4)


def test_colleges_by_themselves_have_a_workbook_too() -> None:
    plan = national_plan(national=None, shared=(), further=())
    alone = replace(
        plan, colleges=tuple(replace(one, national=None, planned_groups=None) for one in plan.colleges)
    )
    found = sheets_of(alone)
    assert {"Proof", "Shared money", "Centres", "State order", "Money of colleges"}.isdisjoint(found)
    assert not any(
        "national" in str(cell)
        for name in ("Summary", "Regions", "Colleges")
        for row in found[name]
        for cell in row
    )
    assert table(found["Regions"], "Region")[2]["Closed, own plan"] == pytest.approx(0.45)
    empty = sheets_of(replace(alone, colleges=(alone.colleges[2],)))
    assert any(
        "Colleges not in the plan (1): Spring College – its catalog has errors." in str(row[0])
        for row in empty["Summary"]
    )


def test_a_region_without_a_plan_has_dashes() -> None:
    """A range of no rows would be two of other ones."""
    failure = national_plan().colleges[2].failure
    plan = college(national_plan(), "taraz", alone=None, national=None, failure=failure)
    data = book_of(plan)
    row = table(sheets_of(plan)["Regions"], "Region")[1]
    assert [row[key] for key in ("Colleges in the plan", "Learners planned", "Closed, national plan")] == [
        0,
        0,
        "–",
    ]
    assert row["College with the lowest closure"] == "–"
    corners = (re.findall(r"\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)", str(one)) for one in formulas(data).values())
    assert all(int(first) <= int(last) for found in corners for first, last in found)


def test_things_of_one_name_are_told_apart() -> None:
    names = {"en": "Polytechnic"}
    assert told_apart([("a", names), ("b", names)], "kk") == {"a": "Polytechnic (a)", "b": "Polytechnic (b)"}


@pytest.mark.parametrize("weight", [1.0, 2.0])
@pytest.mark.parametrize("has_places", [True, False])
@pytest.mark.parametrize("sources", [1, 2, 3, 4])
def test_what_is_signed_has_letters_that_can_be_read(weight: float, has_places: bool, sources: int) -> None:
    plan = college(national_plan(), "taraz", weight=weight)
    first = plan.shared[0]
    more = tuple(replace(first, subject=f"S{number}") for number in range(2, sources))
    plan = replace(plan, shared=(*plan.shared, *more) if sources > 1 else (first,))
    if not has_places:
        plan = replace(plan, colleges=tuple(replace(one, planned_groups=None) for one in plan.colleges))
    view = NetworkView(plan, Words("ru"))
    none = TakenCells(SharedKind.MONEY, None)
    colleges = CollegeSheet(view, none, none)
    points = sum(map(column_pixels, colleges.table.widths)) / PIXELS_PER_POINT
    assert BODY_POINTS * min(1.0, LANDSCAPE.width / points) >= LEAST_POINTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_printed_sheet_has_letters_that_can_be_read(language: str) -> None:
    package = Package(book_of(national_plan(), language))
    names = [Words(language)(f"nation_sheet.{one}") for one in ("summary", *PRINTED)]
    assert list(package.sheets)[: len(names)] == names
    for name in names:
        page = PORTRAIT if name == names[0] else LANDSCAPE
        widths = package.sheets[name].widths().values()
        points = sum(map(column_pixels, widths)) / PIXELS_PER_POINT
        assert BODY_POINTS * min(1.0, page.width / points) >= LEAST_POINTS, name


def test_what_is_printed_is_what_is_signed() -> None:
    """The note, regions, money, centres, colleges, state order, those without a plan: a page each here."""
    printed = pages({"book": book_of(national_plan(), "ru")})["book"]
    titles = [Words("ru")(f"nation_title.{one}") for one in PRINTED]
    assert len(printed) == 1 + len(titles)
    for title, page in zip(("Национальный план: Условная сеть", *titles), printed, strict=True):
        assert title in " ".join(page.split())


def test_files_are_one_result(tmp_path: Path) -> None:
    plan = national_plan()
    paths = write_network_files(plan, tmp_path, "en")
    assert [path.name for path in paths] == ["network.json", "network.xlsx", "colleges.csv"]
    data = json.loads(paths[0].read_text(encoding="utf-8"))
    shipped = files("curriplan").joinpath("schemas/network-1.json").read_text(encoding="utf-8")
    assert shipped == schema_text(network_schema()), "run python -m curriplan.plan.describe network"
    Draft202012Validator(json.loads(shipped)).validate(data)
    assert from_data(NetworkPlan, data) == plan
    with paths[2].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["college"], row["closure"], row["shared_kzt"], row["failure"]) for row in rows] == [
        ("alatau", "0.6", "3750000", ""),
        ("medeu", "0.6", "1500000", ""),
        ("broken", "", "", "broken"),
        ("taraz", "0.4", "750000", ""),
    ]
    before = [path.read_bytes() for path in paths]
    write_network_files(plan, tmp_path, "en")
    assert [path.read_bytes() for path in paths] == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_says_the_most_important_within_80_columns(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_national(Terminal(chosen=language), national_plan(), ["out/network.xlsx"])
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    marked = said.replace(",", ".")
    for figure in ("45.0", "55.0", "55.25", "0.45", "6 300 000", "40.0 %", "out/network.xlsx"):
        assert figure in marked, figure


def test_a_plan_of_a_college_in_brief_is_that_of_the_evaluation() -> None:
    result = curriplan.optimize("mini")
    catalog = result.catalog
    network = Network(
        Path("network.toml"),
        {},
        (Region("a", {}),),
        (College("one", Path("one"), "a"),),
        tuple(SharedBudget(one.id, None, {2027: 1}) for one in catalog.funding_sources),
        (Centre("LAB", {}),),
    )
    found = college_plan(result, network)
    assert found.closure == pytest.approx(result.after.objectives["closure"])
    assert sum(one.kzt for one in found.money) == result.after.cost_kzt  # every source is shared
    # SEC1 and SEC2 take 80 hours each; those of the first autumn are taught whatever the plan says.
    hours = [(one.semester, one.hours) for one in found.hours]
    assert hours == [("2026-1", 80.0), ("2026-2", 80.0), ("2027-1", 80.0)]
    lost = {
        one.module: one.plan_closure_lost for one in what_if(result.problem, result.plan.selection).removals
    }
    assert {one.id: one.closure for one in found.added} == {
        one.id: pytest.approx(lost[one.id]) for one in found.added
    }
    assert {one.id for one in found.competencies} == {row.competency for row in result.plan.gaps}
    lacking = {row.competency for row in result.plan.gaps if row.after < row.required}
    assert {one.id for one in found.competencies if one.lacking_after} == lacking


def test_frames_have_a_row_for_each_thing() -> None:
    plan = national_plan()
    assert list(plan.colleges_frame["failure"].dropna()) == ["broken"]
    assert plan.money.query("plan == 'national'")["kzt"].sum() == 6_000_000
    assert len(plan.shared_frame) == len(plan.shared)
    assert list(plan.rounds_frame["number"]) == [1, 2]
    assert (len(plan.regions_frame), len(plan.programmes), len(plan.hours)) == (2, 8, 5)
    assert len(plan.competencies) == 12
    assert set(plan.modules["id"]) == {"PHISH", "SEC"}
    assert "55" in repr(plan) and "alatau" in plan._repr_html_()


def test_many_colleges_stay_within_the_limits_of_excel() -> None:
    """40 stand for 800, of which ``benchmarks/network_book.py`` tells size, seconds and memory.

    What grows with the colleges is rows; formulas have ranges, and are no longer for more of them.
    """
    few, many = (
        book_of(Country(count, programmes=programmes).plan) for count, programmes in ((20, 1), (40, 2))
    )
    lengths = [max(len(str(one)) for one in formulas(data).values()) for data in (few, many)]
    assert lengths[1] <= lengths[0] + 40 < 8_192
    book = load_workbook(BytesIO(many), read_only=True)
    assert book["Colleges"].max_row == 4 + 38 + 1  # guide, title, how, header; two of 40 failed; the sum
    assert max(len(name) for name in book.sheetnames) <= 31


def test_who_loses_is_named_on_the_first_page_the_largest_loss_first() -> None:
    plan = national_plan()
    first, second = plan.colleges[:2]
    assert first.national is not None and second.national is not None
    plan = college(plan, "alatau", national=replace(first.national, closure=0.45))
    plan = college(plan, "medeu", national=replace(second.national, closure=0.4))
    plan = replace(plan, regions=(replace(plan.regions[0], closure=0.42), plan.regions[1]))
    said = [str(row[0]) for row in sheets_of(plan)["Summary"]]
    assert (
        "Colleges that close less than by their own plan: "
        "Medeu College (−20.0 points), Alatau College (−5.0 points)."
    ) in said
    assert "Regions that close less than by their own plans: Almaty city (−11.3 points)." in said


def test_the_first_page_says_what_is_approved_and_what_becomes_of_it() -> None:
    said = "\n".join(str(row[0]) for row in sheets()["Summary"])
    assert "To be approved: the division of shared money and hours" in said
    assert "(sheets Regions, Colleges, Money of colleges, Hours of colleges, State order)" in said
    assert "All shared money and hours are divided among the others" in said
    # 6.3 million of all new money less 6 million of shared.
    assert "the colleges spend 300\u00a0000 KZT of their own" in said
    assert "Colleges: 2, groups that move to another programme or college: 1 (sheet State order)." in said
    rows = table(sheets()["Summary"], "Region")[:2]
    assert [row["Region"] for row in rows] == ["Almaty city", "Zhambyl region"]
    assert [row["Shared money in all, KZT"] for row in rows] == [5_250_000, 750_000]


def test_a_further_million_is_estimated_found_and_bounded() -> None:
    """The best region is that of whole plans, whatever is estimated."""
    row = table(sheets()["A further million"], "College that does most with it")[1]
    assert row["National closure: estimate, points"] == pytest.approx(2.0)
    assert row["Found by whole plans, points"] == pytest.approx(1.8)
    assert row["Proven: at most, points"] == pytest.approx(2.5)
    said = "\n".join(str(row[0]) for row in sheets()["Summary"])
    assert (
        "brings most in Taraz College (Zhambyl region)" in said and "the gain is at most 2.5 points" in said
    )
    plan = national_plan()
    estimated = tuple(replace(one, resolved=None, college=None) for one in plan.further)
    assert not any(
        "brings most" in str(row[0]) for row in sheets_of(replace(plan, further=estimated))["Summary"]
    )


def test_a_college_that_gets_less_is_told_what_its_million_would_bring() -> None:
    """Alatau gives up 500 000 KZT and 5 points of 100 of 200 learners: 2.5 points, 5.0 for a million."""
    plan = national_plan()
    alatau = plan.colleges[0]
    assert alatau.alone is not None
    national = replace(alatau.alone, closure=0.45, money=(YearMoney("REPUBLIC", 2027, 3_000_000),))
    plan = college(plan, "alatau", national=national, planned_groups=None)
    dear = tuple(replace(one, price=8e-8) if one.when == "2027" else one for one in plan.shared)
    decided = "What decided the division"
    (row, *_) = table(sheets_of(replace(plan, shared=dear))["Why"], "College")
    assert "would bring the country 5.0 points here on average, while a further million brings 8.0" in str(
        row[decided]
    )
    (row, *_) = table(sheets_of(plan)["Why"], "College")  # a further million: 2.0 points
    assert "would bring" not in str(row[decided])


def test_money_left_beside_a_gain_is_explained() -> None:
    plan = national_plan()
    note = Words("en")("nation.left_beside_gain")
    assert not any(note in row for row in sheets()["Shared money"])
    first, second, *rest = plan.shared  # of the second a million is left
    plan = replace(plan, shared=(first, replace(second, price=1e-8), *rest))
    assert any(note in row for row in sheets_of(plan)["Shared money"])


def test_a_round_says_what_was_solved() -> None:
    rows = table(sheets()["Proof"], "What was solved")[:2]
    assert [row["What was solved"] for row in rows] == ["answers to prices", "several colleges together"]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_how_to_read_quotes_names_that_are_there(language: str) -> None:
    texts = Words(language)
    keys = [key for key in read_texts("report") if key in ("nation_sheet", "nation_column", "nation_round")]
    named = {texts(f"{key}.{name}").casefold() for key in keys for name in read_texts("report")[key]}
    named.add(texts("word.yes").casefold())
    for name in SHEETS:
        for quoted in re.findall("«([^»]+)»", texts.template(f"nation_how.{name}")):
            assert quoted.casefold() in named, (name, quoted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_says_why_it_stopped(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    national = national_plan().national
    assert national is not None
    terminal = Terminal(chosen=language)
    for why in ("rounds", "exhausted"):
        show_national(terminal, national_plan(national=replace(national, stopped=why)), [])
        assert terminal.text(f"nation_stopped.{why}")[:20] in capsys.readouterr().out
