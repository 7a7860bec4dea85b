"""LibreOffice computes every formula of every workbook anew, and finds the values that were written.

The samples are held against it in all their shapes in ``functional/report``; here stand the workbooks that
the commands write, the plan of the bundled catalog, and what is printed of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from curriplan.texts.languages import LANGUAGES
from functional.report.workbooks import Values, differences, formulas, poisoned, values
from workbooks.kinds import every_workbook
from workbooks.office import pdf_texts, recalculated_all, recalculated_and_printed
from workbooks.test_lint import workbook

FAULTS = re.compile(r"#{3,}|#REF|#NAME|#VALUE|#DIV|#N/A|#NUM|#NULL|Err:\d+")
"""What a program shows in place of a number: no room, or an error."""


def wrong_values(data: bytes, found: Values) -> Mapping[tuple[str, str], object]:
    return differences(values(data), found, formulas(data))


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_computes_every_cached_value_and_prints_every_number(language: str) -> None:
    books = every_workbook(language)
    found = recalculated_and_printed(books)
    values_found = {name: one for name, (one, _) in found.items()}
    texts = {name: text for name, (_, text) in found.items()}
    assert {name: wrong_values(data, values_found[name]) for name, data in books.items()} == {
        name: {} for name in books
    }
    assert {name: FAULTS.findall(text) for name, text in texts.items()} == {name: [] for name in texts}
    assert all(len(text) > 200 for text in texts.values())
    suspects = {name: poisoned(books[name]) for name in ("plan", "gaps")}
    poisoned_found = recalculated_all(suspects)
    assert [name for name, data in suspects.items() if not wrong_values(data, poisoned_found[name])] == []


def test_a_number_without_room_is_found() -> None:
    narrow = workbook(lambda _, sheet: (sheet.set_column(1, 1, 2), sheet.write("B2", 123_456_789)))
    broken = workbook(lambda _, sheet: sheet.write_formula("B2", "=1/0", None, 1))
    texts = pdf_texts({"narrow": narrow, "broken": broken, "good": workbook()})
    assert [name for name, text in texts.items() if FAULTS.search(text)] == ["narrow", "broken"]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_of_the_bundled_catalog(bundled_workbook: Callable[[str], Path], language: str) -> None:
    """It is printed with every number; LibreOffice computes the same, in the language with commas."""
    data = bundled_workbook(language).read_bytes()
    assert len(formulas(data)) > 5_000
    if language == "ru":
        ((found, text),) = recalculated_and_printed({language: data}).values()
        assert wrong_values(data, found) == {}
    else:
        (text,) = pdf_texts({language: data}).values()
    assert FAULTS.findall(text) == []
