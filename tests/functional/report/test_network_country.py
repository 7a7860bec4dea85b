"""The national workbook of a country: many regions and colleges, and all that a plan of them may have."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from openpyxl import load_workbook

from curriplan.cli.console.national import show_national
from curriplan.cli.console.terminal import Terminal
from curriplan.plan.network import NetworkPlan, SemesterHours
from curriplan.report.network import write
from curriplan.report.network.write import LONG, write_network_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from curriplan.xlsx.measure import PIXELS_PER_POINT, column_pixels
from curriplan.xlsx.paper import PORTRAIT
from curriplan.xlsx.workbook import Book
from functional.report.workbooks import differences, formulas, package_of, poisoned, values
from unit.report.country import Country
from unit.report.nation import national_plan
from workbooks.lint import lint
from workbooks.office import pages, recalculated_all

COUNTRY = Country(50, 25, programmes=2, competencies=2, modules=2)
"""More regions than the country has: the annex has room for so many."""
LEAST_POINTS, BODY_POINTS = 7.8, 10.0


@cache
def book_of(country: Country, language: str) -> bytes:
    stream = BytesIO()
    write_network_workbook(country.plan, stream, language)
    return stream.getvalue()


@cache
def printed(language: str) -> list[str]:
    """Return the text of each page of the country's workbook, in one line."""
    return [" ".join(one.split()) for one in pages({"book": book_of(COUNTRY, language)})["book"]]


def test_regions_that_have_no_room_on_the_first_page_are_its_annex() -> None:
    texts, (first, second, third, *_) = Words("ru"), printed("ru")
    for key in ("nation.it_brings", "nation.how_sure", "nation.signatures"):
        assert texts(key) in first
    assert texts("nation.annex_said", count=25) in first, "the first page names its annex"
    assert second.find(texts("nation.annex")) >= 0
    order = [second.find(text) for text in (texts("nation.annex"), "(r0)", "(r24)", texts("nation.country"))]
    assert order == sorted(order) and order[0] >= 0
    assert texts("nation_title.regions") in third


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_page_and_annex_have_letters_that_can_be_read(language: str) -> None:
    """Both are shrunk alike: by their columns, or by how high the first page is."""
    summary = next(iter(package_of(book_of(COUNTRY, language)).sheets.values()))
    page, breaks = summary.find("pageSetup"), list(summary.all("brk"))
    assert page is not None and len(breaks) == 1
    wide = sum(map(column_pixels, summary.widths().values())) / PIXELS_PER_POINT
    by_columns = PORTRAIT.width / wide if page.get("fitToHeight") == "0" else 1.0
    assert BODY_POINTS * min(by_columns, int(page.get("scale", "100")) / 100) >= LEAST_POINTS


def test_a_few_regions_stand_on_the_first_page() -> None:
    stream = BytesIO()
    write_network_workbook(national_plan(), stream, "en")
    summary = next(iter(package_of(stream.getvalue()).sheets.values()))
    assert summary.find("rowBreaks") is None
    texts = [
        str(row[0]) for row in load_workbook(stream, data_only=True)["Summary"].iter_rows(values_only=True)
    ]
    assert texts.index("Almaty city") < texts.index("How sure it is")
    assert Words("en")("nation.annex") not in texts


def test_a_first_page_that_is_too_high_is_shrunk_and_its_annex_with_it() -> None:
    """100 rows of 30 points take 3,000; a page has some 750."""
    stream = BytesIO()
    book = Book(stream, Words("en"), "", "", "")
    sheet = book.sheet("A", (50,), is_portrait=True)
    for row in range(110):
        sheet.text(row, 0, "x")
        sheet.height(row, 30)
    sheet.print_with_annex(100, 109)
    book.close()
    (found,) = package_of(stream.getvalue()).sheets.values()
    page = found.find("pageSetup")
    assert page is not None and 20 < int(page.get("scale", "100")) < 25
    assert [one.get("id") for one in found.all("brk")] == ["100"]
    assert len(pages({"book": stream.getvalue()})["book"]) == 2


def rows_of(plan: NetworkPlan, language: str = "en") -> dict[str, list[list[object]]]:
    """Return the rows of each sheet, as a program that recalculates nothing sees them."""
    stream = BytesIO()
    write_network_workbook(plan, stream, language)
    book = load_workbook(stream, data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def column(rows: list[list[object]], head: str) -> list[object]:
    """Return a column below its header."""
    top = next(place for place, row in enumerate(rows) if head in row)
    return [row[rows[top].index(head)] for row in rows[top + 1 :]]


def numbers(values: list[object]) -> list[float]:
    return [one for one in values if isinstance(one, (int, float))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("has_weights", [True, False])
def test_a_closure_weighted_by_weights_says_so_wherever_it_is_told(
    language: str, has_weights: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is said of weights where all are 1."""
    plan, texts = national_plan(), Words(language)
    if has_weights:
        plan = replace(plan, colleges=(replace(plan.colleges[0], weight=2.0), *plan.colleges[1:]))
    said, silent = (texts(f"nation.{key}") for key in ("by_weight", "by_learners"))
    if not has_weights:
        said, silent = silent, said
    found = rows_of(plan, language)
    for name, count in (("summary", 2), ("proof", 1)):  # what closure means, and what is proven
        cells = [str(one) for row in found[texts(f"nation_sheet.{name}")] for one in row]
        assert sum(said in one for one in cells) == count, name
        assert has_weights or not any(silent in one for one in cells)
    country = texts("nation.country_by_weight")
    for name in ("summary", "regions", "colleges"):
        cells = [str(one) for row in found[texts(f"nation_sheet.{name}")] for one in row]
        assert any(country in one for one in cells) is has_weights, name
    left_out = texts("nation.weights_left_out")
    cells = [str(row[0]) for row in found[texts("nation_sheet.specialties")]]
    assert any(left_out in one for one in cells) is has_weights
    show_national(Terminal(chosen=language), plan, [])
    told = " ".join(capsys.readouterr().out.split())
    assert (texts("nation.by_weight") in told) is has_weights


def test_learners_are_those_of_today_or_of_the_plan_and_add_up_on_every_sheet() -> None:
    """Groups of 25 and of 20 change places: 5 learners fewer than today, in the region and in the country."""
    found = rows_of(COUNTRY.plan)
    today = sum(one.alone.learners for one in COUNTRY.plan.colleges if one.alone is not None)
    planned = sum(one.national.learners for one in COUNTRY.plan.colleges if one.national is not None)
    assert today - planned == 5
    for name in ("Colleges", "Specialties", "Programmes", "Regions"):
        for head, count in (("Learners today", today), ("Learners planned", planned)):
            *each, last = numbers(column(found[name], head))
            has_sum = name != "Programmes"
            assert sum(each) + (0 if has_sum else last) == count, (name, head)
            assert not has_sum or last == count, (name, head)
    shown = (f"{one:,}".replace(",", "\u00a0") for one in (planned, today))
    said = "learners of one intake: {} planned ({} today)".format(*shown)
    assert any(said in str(row[0]) for row in found["Summary"])
    assert any(Words("en")("nation.country_moved") in str(row[0]) for row in found["Colleges"])


def test_competencies_count_those_of_today_as_they_are_today() -> None:
    """Of Alatau a group of 25 moves to Medeu: 150 + 50 learners are asked today, by the plan 125 + 75."""
    found = rows_of(national_plan())["Competencies"]
    heads = (
        "Learners who need it today",
        "Learners planned who need it",
        "Lacking today",
        "Lacking, own plans",
    )
    work, fraud = zip(*(column(found, head)[:2] for head in heads), strict=True)
    assert work == (200, 200, 200, 100) and fraud == (200, 200, 200, 0)


def test_what_would_be_hundreds_of_pages_is_left_to_the_screen_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """740 colleges take hundreds of pages of money, hours and reasons; here more than one is too many."""
    texts = Words("ru")
    names = {key: texts(f"nation_sheet.{key}") for key in LONG}
    monkeypatch.setattr(write, "MOST_PAGES", 1)
    stream = BytesIO()
    write_network_workbook(COUNTRY.plan, stream, "ru")
    package = package_of(stream.getvalue())
    for name in names.values():
        guide = " ".join(str(cell.value) for (row, _), cell in package.sheets[name].cells.items() if row == 0)
        assert "Лист не печатается: он занял бы около" in guide, name
    sheets = "«{money_of_colleges}», «{hours_of_colleges}»".format(**names)
    summary = next(iter(package.sheets.values())).cells.values()
    assert any(f"Листы {sheets} не печатаются" in str(cell.value) for cell in summary)
    found = [" ".join(one.split()) for one in pages({"book": stream.getvalue()})["book"]]
    assert not any(texts(f"nation_title.{key}") in one for key in LONG for one in found)
    assert len(found) < len(printed("ru"))


def test_what_is_short_or_asked_for_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Лист не печатается" not in " ".join(package_of(book_of(COUNTRY, "ru")).strings)
    monkeypatch.setattr(write, "MOST_PAGES", 1)
    stream = BytesIO()
    write_network_workbook(COUNTRY.plan, stream, "ru", prints_details=True)
    assert "Лист не печатается" not in " ".join(package_of(stream.getvalue()).strings)


def test_a_centre_of_a_region_is_used_by_colleges_of_all_regions() -> None:
    """The region of a centre is where it stands: what colleges of others take of it is in every sum."""
    rows = [one for one in COUNTRY.plan.shared if one.subject == "ROBOTS"]
    assert {one.region for one in rows} == {"r0"}
    found = rows_of(COUNTRY.plan)
    used = sum(one.used for one in rows)
    names = column(found["Centres"], "Centre"), column(found["Centres"], "In the national plan")
    robots = [amount for name, amount in zip(*names, strict=True) if name == "Centre of robotics"]
    assert robots[-1] == used and sum(numbers(robots)) == 2 * used  # semester by semester, and in all
    detail = found["Hours of colleges"]
    pairs = zip(column(detail, "Centre"), column(detail, "In the national plan"), strict=True)
    assert sum(numbers([amount for name, amount in pairs if name == "Centre of robotics"])) == used
    summary = next(row for row in found["Summary"] if row[0] == "Centre of robotics")
    assert used in summary


def test_a_source_of_a_region_is_named_with_its_region() -> None:
    said = next(str(row[0]) for row in rows_of(COUNTRY.plan)["Summary"] if "than there is" in str(row[0]))
    assert "Local budget (" in said and "Local budget, " not in said


def test_numbers_below_nothing_have_the_minus_of_the_sentences() -> None:
    """No format that shows a number below 0 leaves it to the program to write a hyphen before it."""
    package = package_of(book_of(COUNTRY, "ru"))
    codes = [code for code, _ in package.formats()]
    below = {
        (sheet.name, codes[cell.style])
        for sheet in package.sheets.values()
        for cell in sheet.cells.values()
        if cell.is_number and float(cell.value or "0") < 0
    }
    assert below
    assert {one for one in below if ';"−"' not in one[1]} == set()
    assert not any("-" in code for code in codes if code != "General" and "yy" not in code)


def test_parts_of_an_hour_more_or_less_have_a_format() -> None:
    """Alatau takes half an hour less than 100; its own plan took 80."""
    plan = national_plan()
    first = plan.colleges[0]
    assert first.national is not None
    hours = (SemesterHours("CENTRE", "2027-1", 99.5),)
    changed = replace(first, national=replace(first.national, hours=hours))
    found = rows_of(replace(plan, colleges=(changed, *plan.colleges[1:])))
    assert column(found["Hours of colleges"], "Difference")[0] == 19.5


def test_further_money_stands_below_heads_of_its_own_on_every_page() -> None:
    """Below the table of the regions it would stand under the heads of these from the second page on."""
    found = rows_of(COUNTRY.plan)
    regions = [one for one in column(found["A further million"], "Region") if one]
    assert regions == column(found["Regions"], "Region")[: len(regions)] and len(regions) == 25
    assert not any("Source" in row for row in found["Regions"])


def test_what_a_million_brings_is_told_only_where_no_groups_move() -> None:
    """Alatau gets 250,000 KZT more and a group less: its gain is not of the money alone. Taraz keeps them."""
    why = rows_of(national_plan())["Why"]
    decided = dict(
        zip(column(why, "College"), map(str, column(why, "What decided the division")), strict=True)
    )
    said = "each million above its own plan comes to"
    assert said not in decided["Alatau College"] and "250\u00a0000 KZT more" in decided["Alatau College"]
    assert said in decided["Taraz College"]


def test_libreoffice_computes_what_was_written_and_nothing_is_cut() -> None:
    """Weights, groups that move, floors, sources of regions, centres, failures: all at once."""
    books = {code: book_of(COUNTRY, code) for code in ("ru", "kk")}
    assert {code: list(lint(data)) for code, data in books.items()} == {code: [] for code in books}
    found = recalculated_all({"ru": poisoned(books["ru"])})["ru"]
    assert differences(values(books["ru"]), found, formulas(books["ru"])) == {}
    assert len(formulas(books["ru"])) > 1_000


def test_learners_of_a_catalog_that_was_not_read_are_not_told_as_none() -> None:
    """Of three colleges without a plan one could not be read: how many learners it has is not known."""
    failed = [one for one in COUNTRY.plan.colleges if one.failure is not None]
    known = sum(one.learners for one in failed)
    assert [one.learners == 0 for one in failed] == [True, False, False]
    said = next(str(row[0]) for row in rows_of(COUNTRY.plan)["Summary"] if "not in the plan" in str(row[0]))
    assert f"(3, learners: {known} at least, since not all catalogs were read)" in said
    one_less = replace(COUNTRY.plan, colleges=tuple(one for one in COUNTRY.plan.colleges if one != failed[0]))
    said = next(str(row[0]) for row in rows_of(one_less)["Summary"] if "not in the plan" in str(row[0]))
    assert f"(2, learners: {known})" in said
