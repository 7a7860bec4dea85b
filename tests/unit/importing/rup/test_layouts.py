"""A working curriculum in layouts of different make: the import gives back what was laid out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from curricula.generated import (
    Curriculum,
    Style,
    Written,
    curricula,
    expected,
    files,
    questions,
    write,
)
from curricula.giving_back import answers, assert_gives_back
from curriplan.importing.rup.mapping import read_mapping
from curriplan.importing.rup.mapping_text import mapping_text
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup
from curriplan.importing.rup.sums import SUM_CODES
from instances.seeds import examples


def read(written: Written, folder: Path, **changes: Any) -> RupReading:
    return read_rup(
        written.save(folder / "plan.xlsx"), RupChoices(**{"start": "2025-1", "learners": 25, **changes})
    )


def check_file(curriculum: Curriculum, style: Style, folder: Path) -> str:
    """Read a file: what nobody can tell is asked, and nothing else; once answered, all is right."""
    reading = read(write(curriculum, style), folder)
    wanted, asked = questions(curriculum, style), {issue.code for issue in reading.errors}
    if (style.above or style.below) and asked > wanted:
        return "asked"  # about what stands below the table: at times nobody can tell that from a row of it
    assert asked == wanted, [issue.line() for issue in reading.errors]
    if wanted:
        reading = read_rup(
            folder / "plan.xlsx", RupChoices(start="2025-1", learners=25), answers(reading, style)
        )
    assert_gives_back(reading, curriculum, style)
    if style.above or style.below:  # a note is not understood, a sum that is none does not add up
        return "asked" if wanted else "read"
    assert [issue.line() for issue in reading.issues if issue.code in SUM_CODES] == []
    assert [row.text for row in reading.rows if row.kind == "unknown"] == []
    return "asked" if wanted else "read"


@given(files())
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_curriculum_in_any_layout_comes_back(file: tuple[Curriculum, Style]) -> None:
    with TemporaryDirectory() as folder:
        check_file(*file, Path(folder))


@given(files())
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_import_with_the_mapping_that_it_wrote_gives_the_same(file: tuple[Curriculum, Style]) -> None:
    curriculum, style = file[0], replace(file[1], above=(), below=())
    written = write(curriculum, style)
    with TemporaryDirectory() as folder:
        path, noted = Path(folder) / "plan.xlsx", Path(folder) / "mapping.toml"
        reading = read(written, Path(folder))
        if reading.errors:
            reading = read_rup(path, RupChoices(start="2025-1", learners=25), answers(reading, style))
        text = mapping_text(reading.mapping, {"": "a comment\nof two lines", "row": "rows"})
        noted.write_text(text, encoding="utf-8")
        again = read_rup(path, mapping=read_mapping(noted))
        assert again.require().sha256 == reading.require().sha256
        assert mapping_text(again.mapping, {"": "a comment\nof two lines", "row": "rows"}) == text
        # Rows that have moved are found by what they say.
        written.sheet.insert_rows(written.heading[1] + 1, 2)
        written.book.save(path)
        moved = read_rup(path, mapping=read_mapping(noted))
        assert moved.require().sha256 == reading.require().sha256


FULL = Style(title_rows=8, totals=True, section_numbers=True, headers_filled=True, total_hours=True)


def sums_of(reading: RupReading) -> set[tuple[str, int, str]]:
    return {
        (issue.code, issue.place.row, issue.place.column)
        for issue in reading.sums
        if issue.place is not None and issue.place.row is not None and issue.place.column is not None
    }


def spoil(written: Written, row: str, column: str, amount: float) -> None:
    cell = written.sheet.cell(written.rows[row], written.columns[column])
    cell.value = (cell.value or 0) + amount


@given(st.data())
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_wrong_cell_of_hours_is_found_in_every_sum_that_it_spoils(data: st.DataObject) -> None:
    curriculum = data.draw(curricula())
    written = write(curriculum, FULL)
    wanted = expected(curriculum, FULL)
    key = data.draw(st.sampled_from(sorted(wanted)))
    module = wanted[key]
    spoil(written, key, "hours", data.draw(st.sampled_from([1, 24, 0.5])))
    with TemporaryDirectory() as folder:
        reading = read(written, Path(folder))
    sums = {key: "rup-header-not-sum" for key in [module.parent] if key}
    sums |= dict.fromkeys((module.section, f"total {module.section}", "total"), "rup-total-not-sum")
    assert sums_of(reading) == {
        ("rup-hours-not-credits", *written.address(key, "credits")),
        ("rup-kinds-not-total", *written.address(key, "hours")),
        ("rup-semesters-not-total", *written.address(key, "hours")),
        *((code, *written.address(row, "hours")) for row, code in sums.items()),
    }


@given(st.data())
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_wrong_sum_is_found_at_its_cell_alone(data: st.DataObject) -> None:
    curriculum = data.draw(curricula())
    written = write(curriculum, FULL)
    headers = {module.parent for module in expected(curriculum, FULL).values()} - {None}
    row = data.draw(st.sampled_from(sorted(set(written.rows) - set(expected(curriculum, FULL)))))
    term = f"term{data.draw(st.integers(1, curriculum.last_term))}"
    column = data.draw(st.sampled_from(["theory", term, "credits"]))
    assume(written.sheet.cell(written.rows[row], written.columns[column]).value)
    spoil(written, row, column, 3)
    with TemporaryDirectory() as folder:
        reading = read(written, Path(folder))
    code = "rup-header-not-sum" if row in headers else "rup-total-not-sum"
    found = {(code, *written.address(row, column))}
    if row in headers:  # a header is a row of its own too, whose amounts must agree
        own = {"theory": ("rup-kinds-not-total", "hours"), term: ("rup-semesters-not-total", "hours")}
        name, cell = own.get(column, ("rup-hours-not-credits", "credits"))
        found.add((name, *written.address(row, cell)))
    assert sums_of(reading) == found
