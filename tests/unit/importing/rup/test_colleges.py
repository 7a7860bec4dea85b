"""Working curricula as colleges lay them out: what each row and column is, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from curricula import colleges
from curriplan.importing.rup.mapping import ColumnNote, RupMapping, read_mapping
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup
from curriplan.importing.rup.roles import Role

KINDS = ("theory", "laboratory_practical", "production_training", "professional_practice", "self_study_guided", "self_study")  # noqa: E501 # fmt: skip


def read(book: Any, folder: Path, mapping: RupMapping | None = None, **choices: Any) -> RupReading:
    path = folder / "plan.xlsx"
    book.save(path)
    return read_rup(path, RupChoices(**choices), mapping)


TOGETHER = RupMapping(columns=(ColumnNote("J", None, Role("workplace")),))
"""Training and practice share a column of the older form: what it holds is asked, and answered by this."""


def modules(reading: RupReading) -> dict[str, tuple[Any, ...]]:
    """Id → section, parent, credits, term, span, form, hours by kind in their order."""
    catalog = reading.require()
    terms = {row.module: row.current_term for row in catalog.programme_modules}
    return {
        row.id: (
            str(row.section),
            row.parent,
            row.credits,
            terms.get(row.id),
            row.span_terms,
            row.assessment_form,
            tuple(row.hours(kind) for kind in KINDS),
        )
        for row in catalog.modules
    }


def codes(reading: RupReading) -> list[str]:
    return [issue.code for issue in reading.issues]


def test_a_plan_of_the_older_form(tmp_path: Path) -> None:
    book = colleges.book(("РУП", colleges.OLD, colleges.OLD_MERGES))
    assert codes(read(book, tmp_path, learners=25)) == ["rup-column-ambiguous"]
    reading = read(book, tmp_path, TOGETHER, learners=25)
    assert codes(reading) == []
    assert modules(reading) == {
        "OOD01": ("general", None, 3, 1, 2, "pass", (48, 24, 0, 0, 0, 0)),
        "OOD02": ("general", None, 6, 1, 2, "exam", (96, 48, 0, 0, 0, 0)),
        "BM01": ("basic", None, 3, None, 1, "pass", (0,) * 6),
        "BM01.1": ("basic", "BM01", 1, 1, 1, None, (10, 14, 0, 0, 0, 0)),
        "BM01.2": ("basic", "BM01", 2, 3, 1, None, (10, 38, 0, 0, 0, 0)),
        "PM01": ("professional", None, 4.5, None, 1, None, (0,) * 6),
        "PM01.1": ("professional", "PM01", 2, 1, 1, "pass", (20, 28, 0, 0, 0, 0)),
        "PM01.2": ("professional", "PM01", 2.5, 2, 1, "course_project, exam", (20, 40, 0, 0, 0, 0)),
        # Training and practice share a column: in a module it is training, in practice it is practice.
        "PM02": ("professional", None, 3, 3, 1, "exam", (20, 16, 36, 0, 0, 0)),
        "PP01": ("practice", None, 3, 4, 1, "pass", (0, 0, 0, 72, 0, 0)),
        "PP02": ("practice", None, 5, 4, 1, "pass", (0, 0, 0, 120, 0, 0)),
        "PA": ("attestation", None, 1, 2, 1, None, (24, 0, 0, 0, 0, 0)),
        "IA": ("attestation", None, 2, 4, 1, None, (48, 0, 0, 0, 0, 0)),
    }
    (programme,) = reading.require().programmes
    assert (programme.id, programme.qualification, programme.specialty) == (
        "4S06130103",
        "4S06130103",
        "06130100",
    )
    assert (programme.start, programme.terms, programme.entry_base) == ("2024-1", 4, "grade9")
    assert programme.name_ru == "Разработчик программного обеспечения"
    assert {row.term: row.weeks for row in reading.require().programme_terms} == {1: 18, 2: 22, 3: 18, 4: 22}
    assert {row.row: row.kind for row in reading.rows if row.row >= 29} == {
        29: "total", 30: "consultation", 31: "consultation", 32: "total", 33: "signature",
    }  # fmt: skip


def test_a_plain_list_in_kazakh_with_a_column_of_semesters(tmp_path: Path) -> None:
    reading = read(
        colleges.book(("Лист1", colleges.LIST, ())), tmp_path, start="2025-1", learners=25, programme="WD"
    )
    assert codes(reading) == []
    assert modules(reading) == {
        "ZHBP1": ("general", None, 4, 1, 2, "exam", (64, 16, 0, 0, 0, 16)),
        "ZHBP2": ("general", None, 3, 1, 1, "pass", (48, 12, 0, 0, 0, 12)),
        "BM2": ("basic", None, 3, 1, 1, "differentiated_pass", (24, 36, 0, 0, 6, 6)),
        "KM1": ("professional", None, None, None, 1, None, (0,) * 6),
        "KM1.1": ("professional", "KM1", 2, 3, 1, "pass", (18, 30, 0, 0, 0, 0)),
        "KM1.2": ("professional", "KM1", 2.5, 4, 1, "exam", (18, 30, 12, 0, 0, 0)),
        "KP": ("practice", None, 6, 4, 1, "pass", (0, 0, 0, 144, 0, 0)),
        "KA": ("attestation", None, 1, 4, 1, "exam", (24, 0, 0, 0, 0, 0)),
    }
    catalog = reading.require()
    assert catalog.info.language == "kk"
    assert catalog.module_by_id["ZHBP1"].name_kk == "Қазақ тілі"
    assert catalog.module_by_id["ZHBP1"].name_ru is None


def test_credits_by_semester_and_outcomes_that_are_numbered_through(tmp_path: Path) -> None:
    book = colleges.book(("План", colleges.INDENTED, colleges.INDENTED_MERGES))
    reading = read(book, tmp_path, learners=25, programme="SALES")
    assert codes(reading) == []
    assert modules(reading) == {
        "BM1": ("basic", None, 3, 1, 2, "pass", (26, 36, 0, 0, 0, 10)),
        "PM1": ("professional", None, 5, None, 1, None, (0,) * 6),
        "PM1.1": ("professional", "PM1", 3, 2, 1, "exam", (24, 36, 0, 0, 0, 12)),
        "PM1.2": ("professional", "PM1", 2, 3, 1, "pass", (16, 24, 0, 0, 0, 8)),
        "PM2": ("professional", None, 5.5, None, 1, None, (0,) * 6),
        "PM2.3": ("professional", "PM2", 1.5, 3, 1, "pass", (12, 24, 0, 0, 0, 0)),
        "PM2.4": ("professional", "PM2", 4, 4, 1, "exam", (32, 32, 32, 0, 0, 0)),
        "PP01": ("practice", None, 3, 4, 1, "pass", (0, 0, 0, 72, 0, 0)),
    }
    assert reading.require().module_by_id["BM1"].span_weights == pytest.approx((1 / 3, 2 / 3))
    assert reading.require().programmes[0].start == "2025-1"
    assert reading.require().module_by_id["PM2.3"].name_ru == "Вести кассу"


def test_a_book_of_several_sheets_with_hidden_columns_and_numbers_as_text(tmp_path: Path) -> None:
    reading = read(colleges.big(), tmp_path)
    found = [(issue.code, issue.place.row, issue.place.column) for issue in reading.issues if issue.place]
    assert found == [("rup-column-hidden", 12, "Q")]
    assert reading.other_sheets == ("Титул", "Кесте", "Түсіндірме")
    assert modules(reading) == {
        "ZHBP01": ("general", None, 4.5, 1, 2, "exam", (72, 14, 0, 0, 11, 11)),
        "ZHBP02": ("general", None, 3, 1, 3, "pass", (6, 66, 0, 0, 0, 0)),
        "BM02": ("basic", None, None, None, 1, None, (0,) * 6),
        "BM02.1": ("basic", "BM02", 1, 1, 1, "pass", (10, 14, 0, 0, 0, 0)),
        "BM02.2": ("basic", "BM02", 2, 1, 1, "pass", (20, 28, 0, 0, 0, 0)),
        "KM01": ("professional", None, 6, None, 1, None, (0,) * 6),
        "KM01.1": ("professional", "KM01", 3, 3, 1, "exam", (36, 36, 0, 0, 0, 0)),
        "KM01.2": ("professional", "KM01", 3, 4, 1, "exam", (20, 28, 24, 0, 0, 0)),
        "KM02": ("professional", None, 50, 2, 3, "pass", (400, 600, 200, 0, 0, 0)),
        "KP01": ("practice", None, 5, 4, 1, "pass", (0, 0, 0, 120, 0, 0)),
        "KA": ("attestation", None, 1.5, 4, 1, None, (36, 0, 0, 0, 0, 0)),
    }
    catalog = reading.require()
    # Nothing of the module in the semester between its two.
    assert catalog.module_by_id["KM02"].span_weights == (0.5, 0.0, 0.5)
    assert catalog.module_by_id["ZHBP01"].span_weights == pytest.approx((48 / 108, 60 / 108))
    (programme,) = catalog.programmes
    assert (programme.qualification, programme.specialty, programme.learners) == (
        "4S06130105",
        "06130100",
        50,
    )
    assert (programme.start, programme.entry_base, programme.language) == ("2025-1", "grade11", "kk")
    assert {row.term: row.weeks for row in catalog.programme_terms} == {1: 17, 2: 22, 3: 17, 4: 20.5}


def test_kinds_of_hours_within_each_semester(tmp_path: Path) -> None:
    book = colleges.book(("План", colleges.KINDS_BY_SEMESTER, colleges.KINDS_MERGES))
    reading = read(book, tmp_path, start="2025-1", learners=25)
    assert codes(reading) == []
    assert modules(reading) == {
        "BM1": ("basic", None, 2, 1, 2, None, (16, 32, 0, 0, 0, 0)),
        "PM1": ("professional", None, 4, 1, 2, None, (48, 48, 0, 0, 0, 0)),
    }
    assert reading.require().module_by_id["PM1"].span_weights == (0.75, 0.25)
    assert {row.term: row.weeks for row in reading.require().programme_terms} == {1: 18, 2: 22}


def test_bare_numbers_roman_semesters_and_single_practices(tmp_path: Path) -> None:
    book = colleges.book(("План", colleges.BARE, colleges.BARE_MERGES))
    column = '[[column]]\ncolumn = "A"\nis = "index"\n'
    (tmp_path / "mapping.toml").write_text(column, encoding="utf-8")
    book.save(tmp_path / "plan.xlsx")
    choices = RupChoices(start="2025-1", learners=25)
    reading = read_rup(tmp_path / "plan.xlsx", choices, read_mapping(tmp_path / "mapping.toml"))
    assert codes(reading) == []
    assert modules(reading) == {
        "OOD1": ("general", None, 3, 1, 2, None, (72, 0, 0, 0, 0, 0)),
        "OOD2": ("general", None, 3, 1, 1, None, (72, 0, 0, 0, 0, 0)),
        "BM1": ("basic", None, 2, 1, 1, None, (10, 38, 0, 0, 0, 0)),
        "PM1": ("professional", None, 3, None, 1, None, (0,) * 6),
        "PM1.1": ("professional", "PM1", 1, 2, 1, None, (8, 16, 0, 0, 0, 0)),
        "PM1.2": ("professional", "PM1", 2, 2, 1, None, (16, 32, 0, 0, 0, 0)),
        "PP01": ("practice", None, 1, 2, 1, None, (0, 0, 0, 24, 0, 0)),
        "PP02": ("practice", None, 2, 2, 1, None, (0, 0, 0, 48, 0, 0)),
        "IA01": ("attestation", None, 1, 2, 1, None, (0, 24, 0, 0, 0, 0)),
    }


def test_headers_that_say_less_than_their_outcomes(tmp_path: Path) -> None:
    """As in a real accounting plan; its hours have no kind, so a split must be given, and is said."""
    book = colleges.book(("План", colleges.ACCOUNTING, ()))
    refused = read(book, tmp_path, start="2025-1", learners=25)
    assert [issue.code for issue in refused.errors] == ["rup-hours-kind-unknown"]
    split = RupMapping(hours={"professional": {"theory": 0.25, "laboratory_practical": 0.75}})
    reading = read_rup(tmp_path / "plan.xlsx", RupChoices(start="2025-1", learners=25), split)
    wrong = {(issue.place.row, issue.place.column, issue.values["found"], issue.values["sum"]) for issue in reading.sums if issue.place}  # noqa: E501 # fmt: skip
    assert wrong == {
        (3, "D", "12", "15"),
        (3, "E", "288", "360"),
        (6, "D", "22", "25"),
        (6, "E", "528", "600"),
    }
    assert "rup-hours-by-share" in codes(reading)
    assert modules(reading)["PM1.1"] == ("professional", "PM1", 8, 1, 1, None, (48, 144, 0, 0, 0, 0))
    assert [row.by_share for row in reading.rows if row.kind == "outcome"] == [True] * 4


def test_the_order_of_the_plan_is_written_unless_it_is_freed(tmp_path: Path) -> None:
    """Outcomes of a module in order, practice after what is taught before it, no term before today's."""
    book = colleges.book(("РУП", colleges.OLD, colleges.OLD_MERGES))
    catalog = read(book, tmp_path, TOGETHER, learners=25).require()
    order = {(row.module, row.requires) for row in catalog.module_requisites}
    assert order >= {("PM01.2", "PM01.1"), ("BM01.2", "BM01.1"), ("PP01", "PM01.2"), ("PP02", "PM02")}
    assert {str(row.kind) for row in catalog.module_requisites} == {"order"}
    terms = {row.module: row.allowed_terms for row in catalog.programme_modules if row.allowed_terms}
    assert terms == {"PM01.2": (2, 3, 4), "PM02": (3, 4)}
    free = read(book, tmp_path, TOGETHER, learners=25, free_order=True).require()
    assert free.module_requisites == ()
    assert not any(row.allowed_terms for row in free.programme_modules)
