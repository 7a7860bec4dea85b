"""A working curriculum in layouts of different make: the import gives back what was laid out."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriplan.importing.rup import RupChoices, RupReading, mapping_text, read_mapping, read_rup
from curriplan.importing.rup.sums import SUM_CODES

sys.path.insert(0, str(Path(__file__).parent))
from curricula import KINDS, Curriculum, Style, Written, curricula, expected, styles, write  # noqa: E402

CHOICES = RupChoices(start="2025-1", learners=25)
NAMED = {"ru": "name_ru", "kk": "name_kk"}


def read(written: Written, folder: Path, **changes: Any) -> RupReading:
    return read_rup(written.save(folder / "plan.xlsx"), RupChoices(**{"start": "2025-1", "learners": 25, **changes}))


def assert_gives_back(reading: RupReading, curriculum: Curriculum, style: Style) -> None:
    wanted = expected(curriculum, style)
    assert [issue.line() for issue in reading.errors] == []
    catalog = reading.require()
    found = {row.id: row for row in catalog.modules if row.id not in catalog.header_ids}
    assert set(found) == set(wanted)
    terms = {row.module: row.current_term for row in catalog.programme_modules}
    for key, want in wanted.items():
        module = found[key]
        kinds = {kind: module.hours(kind) for kind in KINDS if module.hours(kind)}
        assert (module.section, module.parent, module.credits) == (want.section, want.parent, want.credits), key
        assert kinds == pytest.approx(dict(want.kinds)), key
        assert terms[key] == want.current_term, key
        assert module.span_weights == pytest.approx(want.weights), key
        assert module.assessment_form == want.form, key
        assert getattr(module, NAMED[style.language]) == want.name, key
    if style.weeks:
        found_weeks = {row.term: row.weeks for row in catalog.programme_terms}
        assert found_weeks == {term: curriculum.weeks[term] for term in range(1, curriculum.last_term + 1)}


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_curriculum_in_any_layout_comes_back(data: st.DataObject) -> None:
    style = data.draw(styles())
    curriculum = data.draw(curricula(style.language))
    with TemporaryDirectory() as folder:
        reading = read(write(curriculum, style), Path(folder))
    assert_gives_back(reading, curriculum, style)
    assert [issue.line() for issue in reading.issues if issue.code in SUM_CODES] == []
    assert [row.text for row in reading.rows if row.kind == "unknown"] == []
