"""Names that are attacks stay texts: no formula, no link, no code in any workbook or CSV file.

Each free text of a catalog is an attack. The same catalog with a plain word in place of each attack tells
which formulas and links there must be.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from curriplan.catalog.records import RECORDS, Catalog, Exposure
from curriplan.texts.languages import LANGUAGES
from functional.report.workbooks import values
from unit.report.rich import rich_catalog, rich_view
from workbooks.hostile import PAYLOADS, attacked, attacked_columns, harmless, text_columns
from workbooks.kinds import (
    CSV_KINDS,
    KINDS,
    Case,
    csv_rows,
    mini_case,
    with_two_outlooks,
    written,
    written_view,
)
from workbooks.lint import lint
from workbooks.package import Package, formula_texts

LATER = "later plan"
"""Its sheets are those of a plan, and its texts are written by the same columns."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "﹢")
UNSEEN = " \t\u00a0\ufeff\u200b\u200f\u202e\u2066"
STRIDE = 17
"""Each language begins at another payload, so that a column meets several."""


def rich_with_outlook() -> Catalog:
    """Return the rich sample with the tables that only outlooks and scores fill."""
    base = with_two_outlooks(rich_catalog())
    scored = Exposure(occupation=base.occupations[0].id, source="x", score=0.5, rank=0.5)
    return base.replace(exposure=(scored,))


@cache
def columns(name: str) -> dict[str, tuple[str, ...]]:
    return attacked_columns(mini_case().catalog if name == "mini" else rich_with_outlook())


def texts(payloads: tuple[str, ...], language: str) -> Iterator[str]:
    shift = LANGUAGES.index(language) * STRIDE
    return itertools.cycle(payloads[shift:] + payloads[:shift])


@cache
def cases(language: str) -> tuple[Case, Case]:
    """Return `mini` attacked, and with plain words in the same places."""
    catalog = mini_case().catalog
    both = (
        attacked(catalog, columns("mini"), texts(one, language)) for one in (PAYLOADS, harmless(PAYLOADS))
    )
    first, second = (Case(one) for one in both)
    return first, second


@cache
def made(name: str, language: str) -> tuple[bytes, bytes]:
    """Return a workbook of the attacked catalog and of the plain one."""
    if name in KINDS:
        first, second = (written(case, name, language) for case in cases(language))
    else:
        pair = (
            attacked(rich_with_outlook(), columns("rich"), texts(one, language))
            for one in (PAYLOADS, harmless(PAYLOADS))
        )
        first, second = (written_view(rich_view(one), language) for one in pair)
    return first, second


def said(package: Package) -> Counter[tuple[str, str]]:
    """Count what is read as a formula, row numbers left out: the order of rows may follow the names."""
    found = ((where.rpartition(" ")[2], text) for where, text in formula_texts(package))
    return Counter((tag, re.sub(r"\$?\d+", "0", text)) for tag, text in found)


def links(package: Package) -> Counter[str]:
    sheets = package.sheets.values()
    return Counter(one.get("location", "") for sheet in sheets for one in sheet.all("hyperlink"))


def test_every_text_column_is_attacked() -> None:
    attacks = {
        (table, name) for one in ("mini", "rich") for table, names in columns(one).items() for name in names
    }
    wanted = {(record.table, name) for record in RECORDS for name in text_columns(record)}
    # Codes of the classifier and numbers of the profile are refused where they are none; no workbook of a
    # plan shows the evidence of a mapping.
    assert wanted - attacks == {
        ("competency_mappings", "evidence"),
        ("profile", "value"),
        ("programmes", "qualification"),
        ("programmes", "specialty"),
    }
    assert len(attacks) > 40


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["rich plan", *(kind for kind in KINDS if kind != LATER)])
def test_no_text_of_a_catalog_becomes_more_than_a_text(name: str, language: str) -> None:
    data, plain = made(name, language)
    first, second = Package(data), Package(plain)
    assert said(first) == said(second)
    assert links(first) == links(second)
    assert sorted(first.parts) == sorted(second.parts)
    # A payload that is a name of a language or a term is one long word, which no column is made for.
    assert [fault for fault in lint(first) if not fault.endswith("wider than its column")] == []


def test_the_attacks_are_in_the_workbook_as_they_were_written() -> None:
    shown = {str(value) for value in values(made("rich plan", "en")[0]).values()}
    shown |= {str(value) for value in values(made("plan", "en")[0]).values()}
    for payload in ("=cmd|'/c calc'!A1", "+1+1", "0123", "<f>1+1</f>", "＝1+1", "http://example.com"):
        assert any(payload in text for text in shown), payload


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CSV_KINDS)
def test_no_cell_of_a_csv_file_starts_a_formula(kind: str, language: str) -> None:
    rows, plain = (csv_rows(case, kind, language) for case in cases(language))
    numbers = {cell for row in plain for cell in row}
    risky = [
        cell
        for row in rows
        for cell in row
        if (cell.startswith(FORMULA_STARTS) or cell.lstrip(UNSEEN).startswith(FORMULA_STARTS))
        and cell not in numbers
    ]
    assert risky == []
    assert len(rows) == len(plain) > 1
