"""LibreOffice computes every formula of every workbook anew, and finds the values that were written.

The samples are held against it in all their shapes in ``functional/report``; here stand the workbooks that
the commands write, the plan of the bundled catalog, and what is printed of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import pytest

from curriplan.texts.languages import LANGUAGES
from functional.report.workbooks import Values, differences, formulas, package_of, poisoned, sheet_xml, values
from workbooks.kinds import every_workbook
from workbooks.office import pdf_texts, recalculated_all, recalculated_and_printed
from workbooks.package import Package
from workbooks.test_lint import SHEET, patched, workbook

FAULTS = re.compile(r"#{3,}|#REF|#NAME|#VALUE|#DIV|#N/A|#NUM|#NULL|Err:\d+")
"""What a program shows in place of a number: no room, or an error."""
PRINTED = "ru"
"""The language in which all is printed."""


def wrong_values(data: bytes, found: Values) -> Mapping[tuple[str, str], object]:
    return differences(values(data), found, formulas(data))


@lru_cache(48)
def shown_numbers(data: bytes) -> list[tuple[object, frozenset[object]]]:
    """Return, sheet by sheet, what decides whether its numbers have room: columns, formats, values."""
    package = package_of(data)
    formats = [(code, *font.items()) for code, font in package.formats()]
    sheets = []
    for sheet in package.sheets.values():
        merged = {(top, left): right - left for top, left, _, right in sheet.merged}
        numbers = (
            (place[1], merged.get(place, 0), formats[cell.style], cell.value)
            for place, cell in sheet.cells.items()
            if cell.is_number
        )
        sheets.append((sheet.widths(), frozenset(numbers)))
    return sheets


def computes_numbers(data: bytes) -> bool:
    return any("</f><v>" in xml and re.search(r"</f><v>\d", xml) for xml in sheet_xml(data).values())


def faults(found: Values) -> list[str]:
    return [text for value in found.values() for text in FAULTS.findall(str(value))]


def check(books: Mapping[str, bytes], like: Mapping[str, bytes]) -> None:
    """Have LibreOffice compute and print workbooks.

    Of all numbers that formulas have, each workbook is given with wrong ones: what is not computed shows.
    A workbook whose numbers stand in the same columns as those of one in `like`, which another test prints,
    is not printed: only texts differ, and they need no room.
    """
    printed = {
        name: data
        for name, data in books.items()
        if name not in like or shown_numbers(like[name]) != shown_numbers(data)
    }
    suspects = {name: poisoned(data) if computes_numbers(data) else data for name, data in books.items()}
    both = recalculated_and_printed({name: suspects[name] for name in printed})
    others = {name: suspects[name] for name in books if name not in printed and formulas(books[name])}
    values_found = {**{name: one for name, (one, _) in both.items()}, **recalculated_all(others)}
    texts = {name: text for name, (_, text) in both.items()}
    for name, data in books.items():
        if not formulas(data):  # nothing is computed
            values_found[name] = values(data)
    assert {name: wrong_values(data, values_found[name]) for name, data in books.items()} == {
        name: {} for name in books
    }
    assert [
        name
        for name, data in suspects.items()
        if data != books[name] and not wrong_values(data, values_found[name])
    ] == []
    assert {name: faults(one) for name, one in values_found.items()} == {name: [] for name in books}
    assert {name: FAULTS.findall(text) for name, text in texts.items()} == {name: [] for name in texts}
    assert all(len(text) > 200 for text in texts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_computes_every_cached_value_and_prints_every_number(language: str) -> None:
    check(every_workbook(language), {} if language == PRINTED else every_workbook(PRINTED))


def test_numbers_in_other_columns_or_formats_are_printed_anew() -> None:
    data, other = every_workbook(PRINTED)["gaps"], every_workbook("en")["gaps"]
    assert shown_numbers(data) == shown_numbers(other)
    (width, *_) = re.findall('<col [^>]*(width="[^"]*")', sheet_xml(other)[SHEET])
    (code, *_) = re.findall('formatCode="0[^"]*', Package(other).parts["xl/styles.xml"].decode())
    changed = {
        "narrower": patched(other, SHEET, width, 'width="3.5"'),
        "another format": patched(other, "xl/styles.xml", code, f"{code}.000"),
        "another value": poisoned(other),
    }
    assert [name for name, one in changed.items() if shown_numbers(data) == shown_numbers(one)] == []


def test_a_number_without_room_is_found() -> None:
    narrow = workbook(lambda _, sheet: (sheet.set_column(1, 1, 2), sheet.write("B2", 123_456_789)))
    broken = workbook(lambda _, sheet: sheet.write_formula("B2", "=1/0", None, 1))
    texts = pdf_texts({"narrow": narrow, "broken": broken, "good": workbook()})
    assert [name for name, text in texts.items() if FAULTS.search(text)] == ["narrow", "broken"]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_of_the_bundled_catalog(bundled_workbook: Callable[[str], Path], language: str) -> None:
    """LibreOffice computes the same; the one with commas is printed with every number."""
    data = bundled_workbook(language).read_bytes()
    assert len(formulas(data)) > 5_000
    check({"plan": data}, {} if language == PRINTED else {"plan": bundled_workbook(PRINTED).read_bytes()})
