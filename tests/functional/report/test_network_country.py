"""The national workbook of a country: many regions and colleges, and all that a plan of them may have."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pytest
from openpyxl import load_workbook

from curriplan.report.network.write import write_network_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from curriplan.xlsx.measure import PIXELS_PER_POINT, column_pixels
from curriplan.xlsx.paper import PORTRAIT
from curriplan.xlsx.workbook import Book
from functional.report.workbooks import package_of
from unit.report.country import Country
from unit.report.nation import national_plan
from workbooks.office import pages

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


@pytest.mark.parametrize("language", LANGUAGES)
def test_regions_that_have_no_room_on_the_first_page_are_its_annex(language: str) -> None:
    texts, (first, second, third, *_) = Words(language), printed(language)
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
