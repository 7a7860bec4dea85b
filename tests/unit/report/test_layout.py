"""Names, texts, heights and page breaks that a workbook can hold."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from curriplan.catalog.footer import footer_of
from curriplan.catalog.records import Catalog, CatalogInfo
from curriplan.texts.words import Words
from curriplan.xlsx import legal, paper, workbook
from curriplan.xlsx.measure import lines_needed, row_points, text_pixels
from curriplan.xlsx.term import constant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x1bc", "abc"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("Әәғқңөұүһі", "Әәғқңөұүһі"),
    ],
)
def test_control_characters_never_reach_a_cell(text: str, expected: str) -> None:
    assert legal.clean_text(text) == expected


def test_text_beyond_what_a_cell_holds_is_cut_with_a_mark() -> None:
    assert len(legal.clean_text("x" * 32_767)) == 32_767
    cut = legal.clean_text("x" * 32_768)
    assert len(cut) == 32_767
    assert cut.endswith(legal.CUT_MARK)


def test_letters_beyond_the_basic_plane_count_twice_and_are_not_torn() -> None:
    cut = legal.clean_text("x" + "\U0001f600" * 20_000)
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert cut.endswith("\U0001f600" + legal.CUT_MARK)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("a[b]:c*d?e/f\\g", "a b  c d e f g"),
        ("'quoted'", "quoted"),
        ("", "-"),
        ("History", "History (2)"),  # a name that Excel keeps for itself
        ("Gaps", "Gaps (2)"),
        ("GAPS", "GAPS (2)"),
        ("x" * 40, "x" * 31),
    ],
)
def test_sheet_names_are_legal_and_unique(wanted: str, expected: str) -> None:
    assert legal.unique_sheet_name(wanted, ["Gaps"]) == expected


def test_long_names_that_begin_alike_stay_apart() -> None:
    first = legal.unique_sheet_name("x" * 40, [])
    second = legal.unique_sheet_name("x" * 40, [first])
    third = legal.unique_sheet_name("x" * 40, [first, second])
    assert len({first, second, third}) == 3
    assert second == "x" * 27 + " (2)"
    assert max(map(len, (first, second, third))) == 31


def test_an_ampersand_in_the_footer_is_no_code() -> None:
    info = CatalogInfo(id="c", version="R&D &P")
    footer = footer_of(Words("en"), "curriplan 1", Catalog(info=info), "0123456789abcdef")
    assert "c R&&D &&P" in footer
    assert "SHA-256 0123456789ab&R" in footer
    assert footer.endswith("Page &P of &N")
    assert len(footer_of(Words("kk"), "x" * 500, Catalog(info=info), "0" * 64)) <= 255


def test_every_page_of_a_made_up_catalog_says_so() -> None:
    info = CatalogInfo(id="c", version="1", illustrative=True)
    footer = footer_of(Words("ru"), "x" * 500, Catalog(info=info), "0" * 64)
    assert footer.startswith("&L&8УСЛОВНЫЙ ПРИМЕР · x")
    assert len(footer) <= 255
    real = info.model_copy(update={"illustrative": False})
    assert "ПРИМЕР" not in footer_of(Words("ru"), "x", Catalog(info=real), "0" * 64)


def test_lines_wrap_at_words_and_cut_those_that_are_too_long() -> None:
    ten = text_pixels("0" * 10, 10)
    room = ten + 7 + 1  # the cell's own margin
    assert lines_needed("0" * 10, room, 10) == 1
    assert lines_needed("0" * 11, room, 10) == 2
    assert lines_needed("00000 00000", room, 10) == 2
    assert lines_needed("000 000\n1", room, 10) == 2
    # Broken at its hyphen it fills 7 and 9 of 10 digits, which leaves no room for a further word.
    assert lines_needed("000000-000000000 0", room, 10) == 3
    assert lines_needed("", room, 10) == 1


def test_wide_letters_are_wider() -> None:
    assert text_pixels("ШШШШ", 10) > text_pixels("аааа", 10) > text_pixels("іііі", 10)
    assert text_pixels("а", 10, bold=True) > text_pixels("а", 10)
    assert row_points(2, 10) == 28


def test_pages_do_not_tear_blocks() -> None:
    heights = dict.fromkeys(range(20), 10.0)
    # Pages of 80 points hold 8 rows; the block of rows 6-9 moves to the second page whole.
    assert paper.page_breaks([(6, 9)], heights, 80) == [6, 14]
    assert paper.page_breaks([], heights, 80) == [8, 16]


def test_repeated_rows_take_room_on_the_pages_after_them() -> None:
    heights = dict.fromkeys(range(20), 10.0)
    # First page: rows 0-7. Then the two repeated rows leave room for six.
    assert paper.page_breaks([], heights, 80, (0, 1)) == [8, 14]


def test_a_block_longer_than_a_page_is_left_alone() -> None:
    heights = dict.fromkeys(range(20), 10.0)
    assert paper.page_breaks([(2, 18)], heights, 80) == [8, 16]


def test_of_blocks_that_begin_alike_the_longest_that_fits_counts() -> None:
    heights = dict.fromkeys(range(20), 10.0)
    for blocks in ([(6, 9), (6, 7)], [(6, 7), (6, 9)]):
        assert paper.page_breaks(blocks, heights, 80) == [6, 14]
    assert paper.page_breaks([(7, 19), (7, 8)], heights, 80) == [7, 15]


def test_rows_without_a_height_have_the_usual_one() -> None:
    # 10 + 15 + 15 points, then a block of 60: 100 is more than a page.
    assert paper.page_breaks([(3, 6)], {0: 10.0}, 80) == [3]
    assert paper.page_breaks([(3, 6)], {0: 10.0}, 100) == []


def test_a_formula_stands_as_it_was_written() -> None:
    """Also one whose text reads like a function of later programs, which XlsxWriter would rename."""
    target = BytesIO()
    book = workbook.Book(target, Words("en"), "", "t", "0" * 64)
    sheet = book.sheet("S", (10.0,))
    sheet.formula(0, 0, constant("TAKE(2)") & constant("!"), "plain")
    book.close()
    with ZipFile(target) as package:
        written = package.read("xl/worksheets/sheet1.xml").decode()
    assert "TAKE(2)" in written
    assert "_xlfn" not in written


def test_the_generic_write_of_a_formula_cannot_be_reached() -> None:
    """Even the workbook's own catch-all method takes no string for a formula."""
    book = workbook.Book(BytesIO(), Words("en"), "", "t", "0" * 64)
    assert not book._workbook.strings_to_formulas
    assert not book._workbook.strings_to_urls
    assert not book._workbook.strings_to_numbers


def test_empty_cells_are_written_only_where_more_than_lines_is_seen() -> None:
    """The lines around A1, A3 and B3 are drawn by one rule; the fill of B2 and the yellow of A2 are not."""
    target = BytesIO()
    book = workbook.Book(target, Words("en"), "", "t", "0" * 64)
    sheet = book.sheet("S", (10.0, 10.0))
    sheet.text(0, 0, "", "text")
    sheet.text(0, 1, "x", "text")
    sheet.open(1, 0, "")
    sheet.text(1, 1, "", "text total")
    sheet.number(2, 0, None, "money")
    sheet.text(2, 1, "", "text")
    sheet.text(4, 0, "", "plain")
    book.close()
    with ZipFile(target) as package:
        written = package.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<c r="(\w+)"', written) == ["B1", "A2", "B2"]
    assert re.findall(r'<conditionalFormatting sqref="([^"]+)"', written) == ["A1:B3"]
    assert 'type="containsBlanks"' in written
