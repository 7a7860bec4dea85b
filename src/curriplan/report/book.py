"""A workbook of results, with the footer of its catalog: what fills one only adds its sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from curriplan.base.version import TOOL
from curriplan.catalog.footer import footer_of
from curriplan.report.labels import Labels
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.workbook import Book

Target = Path | str | IO[bytes]


@contextmanager
def workbook(
    labels: Labels,
    target: Target,
    title: str,
    sha256: str | None = None,
    tool: str = TOOL,
    *,
    programmes: Sequence[str] = (),
    prints_details: bool = False,
    leads_back: bool = False,
) -> Iterator[Book]:
    """Yield a workbook that is written when the block ends.

    Parameters
    ----------
    target : path or binary stream
        Written as it is: replacing an old file safely is the caller's business.
    title : str
        Of the file's properties.
    sha256 : str, optional
        Of the catalog that the results were made from; by default that of the names.
    programmes : sequence of str
        That it is about, for the file's properties.
    prints_details : bool
        Whether the sheets of details are printed too.
    leads_back : bool
        Whether a row above each sheet but the first is kept for the way back to that.
    """
    made_from = labels.catalog.sha256 if sha256 is None else sha256
    language = labels.texts.language
    footer = footer_of(labels.texts, tool, labels.catalog, made_from)
    book = Book(
        target,
        labels.texts,
        footer,
        title,
        made_from,
        subject=" · ".join((labels.catalog.info.title(language), *programmes, language)),
        tool=tool,
        prints_details=prints_details,
        leads_back=leads_back,
    )
    yield book
    book.close()


def first_heading(labels: Labels, sheet: Sheet, title_key: str, how_key: str, **values: object) -> int:
    """Write the heading of a first sheet, with the band of an illustrative catalog; return the next row."""
    return banner(labels, sheet, sheet.heading(title_key, how_key, **values))


def banner(labels: Labels, sheet: Sheet, row: int) -> int:
    """Write the red band where the catalog is an illustration; return the next row."""
    if not labels.catalog.info.illustrative:
        return row
    sheet.across(row, labels.texts("phrase.illustrative"), "banner")
    return row + 1
