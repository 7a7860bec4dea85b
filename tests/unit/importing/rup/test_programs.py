"""Working curricula of the programs that colleges use: every module, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from curricula import programs
from curricula.colleges import book
from curriplan.importing.rup.mapping import RupMapping
from curriplan.importing.rup.mapping_text import mapping_text
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup

KINDS = ("theory", "laboratory_practical", "production_training", "professional_practice", "self_study")
CHOICES = RupChoices(start="2026-1", learners=25)


def read(found: Any, folder: Path, mapping: RupMapping | None = None) -> RupReading:
    found.save(folder / "plan.xlsx")
    return read_rup(folder / "plan.xlsx", CHOICES, mapping)


def modules(reading: RupReading) -> dict[str, tuple[Any, ...]]:
    """Id → section, parent, credits, term, span, form, hours by kind in their order."""
    assert [issue.line() for issue in reading.errors] == []
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


MDK_FORMS = "differentiated_pass, course_project, exam"
MMIS_MODULES = {
    "OOD01": ("general", None, 7, 1, 2, "exam", (84, 78, 0, 0, 6)),
    "OOD02": ("general", None, 3, 1, 1, "differentiated_pass", (36, 36, 0, 0, 0)),
    "OOD04": ("general", None, 2, 2, 1, "pass", (12, 30, 0, 0, 6)),
    "PM01": ("professional", None, None, None, 1, None, (0, 0, 0, 0, 0)),
    # The course project counts as laboratory and practical work.
    "MDK01.01": ("professional", "PM01", 13.5, 2, 2, MDK_FORMS, (144, 168, 0, 0, 12)),
    "UP01.01": ("practice", "PM01", 3, 3, 1, "differentiated_pass", (0, 0, 0, 72, 0)),
    "PP01.01": ("practice", "PM01", 3, 3, 1, "differentiated_pass", (0, 0, 0, 72, 0)),
}  # fmt: skip


@pytest.mark.parametrize("text", [programs.MMIS, programs.MMIS_OSF], ids=["plx", "osf"])
def test_the_export_of_mmis(text: str, tmp_path: Path) -> None:
    found = book(("Титул", "Учебный план\nНабор 2026", ()), ("План", text, programs.MMIS_MERGES))
    found.copy_worksheet(found["План"]).title = "Курс 1"
    found.copy_worksheet(found["План"]).title = "ПланСвод"
    reading = read(found, tmp_path)
    assert reading.sheet == "План"
    assert modules(reading) == MMIS_MODULES
    assert [issue.line() for issue in reading.sums] == []
    said = [issue.code for issue in reading.doubts]
    assert said == ["rup-credits-from-hours", "rup-row-not-counted"]
    assert {row.term: row.weeks for row in reading.require().programme_terms} == {1: 16, 2: 22, 3: 17}
    assert [row.kind for row in reading.rows if "Экзамен квалиф" in row.text] == ["note"]


def test_hours_of_control_are_one_question_for_all_semesters(tmp_path: Path) -> None:
    text = programs.MMIS.replace("|Лек|Лаб|Пр|СР", "|Лек|Лаб|Контроль|СР").replace(
        "|Лек|Лаб|Пр|КП|СР", "|Лек|Лаб|Контроль|КП|СР"
    )
    found = book(("План", text, programs.MMIS_MERGES))
    asked = read(found, tmp_path)
    assert [issue.code for issue in asked.errors] == ["rup-column-ambiguous"]
    assert asked.errors[0].values["column"] == "P, U, Z"
    assert '[headings]\n"контроль" = "?"' in mapping_text(asked.mapping, {})
    answered = modules(read(found, tmp_path, RupMapping(headings={"контроль": "laboratory_practical"})))
    assert answered["OOD01"] == MMIS_MODULES["OOD01"]


def test_the_form_of_the_portal(tmp_path: Path) -> None:
    found = book(("Мазмұны", programs.PORTAL_CONTENTS, ()), ("ОЖЖ", programs.PORTAL, ()))
    reading = read(found, tmp_path)
    assert modules(reading) == {
        "ZHBP01": ("general", None, 4, 1, 1, "exam", (60, 36, 0, 0, 0)),
        "ZHBP02": ("general", None, 5, 2, 1, "pass", (84, 36, 0, 0, 0)),
        "BM01": ("basic", None, 3, 2, 1, "pass", (24, 48, 0, 0, 0)),
        "KM01": ("professional", None, 6, 3, 1, "exam", (60, 84, 0, 0, 0)),
        "KM02": ("professional", None, 6, 4, 1, "exam", (36, 36, 72, 0, 0)),
        "KP01": ("practice", None, 6, 4, 1, "pass", (0, 0, 0, 144, 0)),
    }
    assert reading.sums == ()
    assert [issue.code for issue in reading.doubts] == []
    assert {row.term: row.weeks for row in reading.require().programme_terms} == {1: 18, 2: 22, 3: 18, 4: 20}
