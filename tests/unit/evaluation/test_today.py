"""What the curriculum of today has too much of, by term and by programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from broken_catalogs.base_catalog import Tables
from curriplan.api.reading import read


def _full(folder: Path) -> Path:
    """Term 1 has RO1 and RO2, 96 hours with a teacher, and what is fixed; of 4 weeks."""
    tables = Tables()
    tables.set("programme_terms", 2, "weeks", "4")
    tables.add("profile", key="weekly_hours", value="24", source="trial", verified="no")
    return tables.write_folder(folder / "catalog")


def test_one_warning_names_the_terms_above_the_limit(tmp_path: Path) -> None:
    """96 + 72 = 168 hours of term 1 against 24 × 4 = 96; 72 of term 2 are far below 480."""
    (issue,) = read(_full(tmp_path)).issues
    assert (issue.code, issue.place and issue.place.row) == ("today-breaks-rule", 2)
    assert "term 1: 168 > 96" in issue.found("en")
    assert "mandatory hours of a semester" in issue.found("en")


@pytest.mark.parametrize("name", ["mini", "kz-digital-college"])
def test_bundled_curricula_have_nothing_too_much(name: str) -> None:
    assert not {"today-breaks-rule", "modules-too-few-credits", "credits-norm-left-out"} & {
        issue.code for issue in read(name).issues
    }
