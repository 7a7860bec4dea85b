"""What of the workbook of a plan is printed, on how many pages, and in how large letters."""

from __future__ import annotations

from functools import cache

import openpyxl
import pytest

from curriplan.catalog.records import Catalog, ProgrammeModule
from curriplan.plan.plan import Selection, Start
from curriplan.report.view import PlanView
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from functional.report.drawn import opened
from functional.report.test_charts import LONG, many_programmes
from functional.report.test_plan_workbook import hostile_catalog
from unit.report.rich import replanned_view
from unit.report.sample import module, sample_catalog, sample_view
from workbooks.kinds import mini_case, written, written_view
from workbooks.office import pages

DETAILS = (
    "review",
    "decisions",
    "gaps",
    "coverage",
    "closure",
    "occupations",
    "figures",
    "not_selected",
    "expenses",
    "payments",
    "hours",
    "uses",
    "every_check",
    "ministry_tables",
    "provenance",
)
"""Sheets that are for the screen."""
PRINTED = ("summary", "programmes", "ministry", "budget", "loads", "compliance")
"""Sheets that are printed beside the curricula."""
REPLANNED = (*PRINTED, "changes")
"""Those of a plan that was made anew after a review."""
LEAST_POINTS = 8.0
LEAST_POINTS_OF_FORM = 7.0
MOST_PAGES_OF_FORM = 4
HEAD_ROWS, FEWEST_SUBJECTS = 11, 4
LENGTHS = range(24, 54, 3)
"""Subjects of curricula: a page has room for some forty."""
BODY_POINTS = 10.0
A4_SHORT, A4_LONG = 210 / 25.4 * 72, 297 / 25.4 * 72


def with_long_names(catalog: Catalog) -> Catalog:
    """Return the catalog with names of programmes, occupations and sources that go on and on."""
    longer = {
        name: tuple(
            row.model_copy(update={f"name_{code}": f"{row.name(code)[:200]}{LONG * 3}" for code in LANGUAGES})
            for row in catalog.table(name)
        )
        for name in ("programmes", "occupations", "funding_sources", "resources")
    }
    return catalog.replace(**longer)


def of_many_lengths() -> PlanView:
    """Return curricula of ever more subjects: their sums begin anywhere on a page."""
    catalog = sample_catalog()
    (one,) = (row for row in catalog.programmes if row.id == "B")
    names = [f"N{number}" for number in range(1, LENGTHS[-1] + 1)]
    programmes = tuple(one.model_copy(update={"id": f"L{length}"}) for length in LENGTHS)
    longer = catalog.replace(
        modules=(*catalog.modules, *(module(name, 1, 24, 0) for name in names)),
        programmes=(*catalog.programmes, *programmes),
    )
    allowed = [
        ProgrammeModule(programme=f"L{length}", module=name, status="candidate")
        for length in LENGTHS
        for name in names[:length]
    ]
    longer = longer.replace(programme_modules=(*longer.programme_modules, *allowed))
    starts = [Start(f"L{length}", name, 1) for length in LENGTHS for name in names[:length]]
    return sample_view(longer, Selection(tuple(starts)))


@cache
def view_of(name: str) -> PlanView:
    makers = {
        "sample": sample_view,
        "rich": replanned_view,
        "hostile": lambda: sample_view(with_long_names(hostile_catalog())),
        "lengths": of_many_lengths,
        "many": lambda: sample_view(many_programmes(), Selection(())),
    }
    return makers[name]()


@cache
def made(name: str, language: str) -> bytes:
    if name == "mini":
        return written(mini_case(), "plan", language)
    if name == "details":
        return written_view(view_of("rich"), language, prints_details=True)
    return written_view(view_of(name), language)


PRINTED_HERE = [(name, code) for name in ("sample", "rich", "hostile") for code in LANGUAGES]


@cache
def printed(name: str, language: str) -> list[str]:
    """Return the pages of a workbook."""
    return pages({"book": made(name, language)})["book"]


def first_pages(found: list[str], name: str, language: str) -> list[int]:
    """Return which pages bear the title of a sheet, which stands on its first one only."""
    if name == "curriculum":
        title = Words(language)("form.title")  # with the other two languages behind it
        return [place for place, text in enumerate(found) if f"\n{title} · " in f"\n{text}"]
    title, opened_, _ = Words(language).template(f"title.{name}").partition("{")
    if opened_:  # what follows is a name
        return [place for place, text in enumerate(found) if f"\n{title}" in f"\n{text}"]
    return [place for place, text in enumerate(found) if title in text.split("\n")]


@pytest.mark.parametrize(("name", "language"), PRINTED_HERE)
def test_the_note_is_one_page(name: str, language: str) -> None:
    """Whatever it holds: the second page is the first of the sheet of the programmes."""
    found, texts = printed(name, language), Words(language)
    if name != "hostile":  # whose title is any text
        assert first_pages(found, "summary", language) == [0]
    assert texts("heading.decision") in found[0].split("\n")
    assert first_pages(found, "programmes", language) == [1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_details_print_no_page_unless_asked_for(language: str) -> None:
    found = printed("rich", language)
    assert [name for name in DETAILS if first_pages(found, name, language)] == []
    assert [name for name in REPLANNED if not first_pages(found, name, language)] == []


def test_details_are_printed_where_they_are_asked_for() -> None:
    found, short = printed("details", "en"), printed("rich", "en")
    assert [name for name in (*REPLANNED, *DETAILS) if not first_pages(found, name, "en")] == []
    assert len(found) >= len(short) + len(DETAILS)


@pytest.mark.parametrize(
    ("name", "language"),
    [*((name, code) for name, code in PRINTED_HERE if name != "hostile"), ("details", "en")],
)
def test_no_page_is_empty(name: str, language: str) -> None:
    """Each has more than the footer, also where every sheet is printed."""
    for text in printed(name, language):
        assert len(text.split()) > 25, text


def scale(data: bytes, sheet: str) -> float:
    """Return how much the page of a sheet is shrunk, for its columns and, of one page, its rows."""
    found = opened(data)[sheet]
    portrait = found.page_setup.orientation != "landscape"
    width, height = (A4_SHORT, A4_LONG) if portrait else (A4_LONG, A4_SHORT)
    margins = found.page_margins
    # A column of w characters is 7 w pixels wide, its margin included; a pixel is 3/4 of a point.
    wide = sum(
        one.width * 7 * 0.75 * (one.max - one.min + 1)
        for one in found.column_dimensions.values()
        if not one.hidden
    )
    shrunk = min(1.0, (width - 72 * (margins.left + margins.right)) / wide)
    if found.page_setup.fitToHeight == 1:
        last = openpyxl.utils.range_boundaries(found.print_area.replace("$", "").rpartition("!")[2])[3]
        rows = found.row_dimensions
        high = sum(rows[row].height or 15.0 if row in rows else 15.0 for row in range(1, last + 1))
        shrunk = min(shrunk, (height - 72 * (margins.top + margins.bottom)) / high)
    return shrunk


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["sample", "rich", "mini", "many"])
def test_letters_are_large_enough_to_be_read(name: str, language: str) -> None:
    """Of every sheet that is printed but the curricula, whose form asks for small ones."""
    data, texts = made(name, language), Words(language)
    for key in REPLANNED if name == "rich" else PRINTED:
        assert scale(data, texts(f"sheet.{key}")) * BODY_POINTS >= LEAST_POINTS, key
    wide = scale(data, texts("sheet.every_check"))  # a detail: what the measure finds too small
    assert wide * BODY_POINTS < LEAST_POINTS


@pytest.mark.parametrize(("name", "language"), PRINTED_HERE)
def test_a_curriculum_is_few_pages_in_letters_that_can_be_read(name: str, language: str) -> None:
    """Each begins on a page of its own; the budget follows the last of them."""
    found, data = printed(name, language), made(name, language)
    texts = Words(language)
    starts = first_pages(found, "curriculum", language)
    sheets = [one for one in opened(data).sheetnames if one.startswith(f"{texts('sheet.curriculum')} ")]
    assert len(starts) == len(sheets) > 0
    ends = [*starts[1:], first_pages(found, "budget", language)[0]]
    assert max(end - start for start, end in zip(starts, ends, strict=True)) <= MOST_PAGES_OF_FORM
    for sheet in sheets:
        sizes = {cell.font.sz for row in opened(data)[sheet] for cell in row if cell.value is not None}
        assert scale(data, sheet) * min(sizes) >= LEAST_POINTS_OF_FORM, "also the headings of the form"


@pytest.mark.parametrize(("name", "language"), [*PRINTED_HERE, ("lengths", "ru")])
def test_what_is_signed_stands_below_subjects(name: str, language: str) -> None:
    """No page of a curriculum has the totals and the signatures alone."""
    found, data, texts = printed(name, language), made(name, language), Words(language)
    starts = first_pages(found, "curriculum", language)
    sheets = [one for one in opened(data).sheetnames if one.startswith(f"{texts('sheet.curriculum')} ")]
    ends = [*starts[1:], first_pages(found, "budget", language)[0]]
    for sheet, start, end in zip(sheets, starts, ends, strict=True):
        rows = [(row[0].value, row[1].value) for row in opened(data)[sheet].iter_rows(min_row=HEAD_ROWS)]
        total = [name for _, name in rows].index(texts("phrase.total"))
        subjects = {str(index) for index, _ in rows[:total] if index}
        on_last = subjects & {word for line in found[end - 1].split("\n") for word in line.split()[:1]}
        assert len(on_last) >= min(FEWEST_SUBJECTS, len(subjects)), (sheet, end - start)
        assert texts("heading.signatures") in found[end - 1]


@pytest.mark.parametrize("terms", [1, 2, 6, 8, 12])
def test_letters_of_a_curriculum_are_large_enough_however_many_semesters_it_has(terms: int) -> None:
    catalog = sample_catalog()
    longer = tuple(
        row.model_copy(update={"terms": terms if row.id == "B" else row.terms}) for row in catalog.programmes
    )
    data = written_view(sample_view(catalog.replace(programmes=longer)), "ru")
    assert scale(data, "РУП B") * BODY_POINTS >= LEAST_POINTS_OF_FORM
