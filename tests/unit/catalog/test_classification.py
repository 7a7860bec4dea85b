"""A classification has competencies and occupations, and nothing to plan yet."""

from __future__ import annotations

from pathlib import Path

import pytest

import curriplan
from curriplan.api.analyses import catalog_gaps, frontier_of
from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import CatalogError
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import CLASSIFICATION_TABLES, TABLES, Catalog
from curriplan.catalog.saving.folder import write_folder


@pytest.fixture
def classification(mini: Path) -> Catalog:
    catalog = curriplan.read_catalog(mini).require()
    others = [name for name in TABLES if name not in {*CLASSIFICATION_TABLES, "competency_relations"}]
    info = catalog.info.model_copy(update={"classification": True})
    return catalog.replace(info=info, **dict.fromkeys(others, ()))


def test_it_is_read_without_programmes(classification: Catalog, tmp_path: Path) -> None:
    result = read_catalog(write_folder(classification, tmp_path / "written"))
    assert result.require().sha256 == classification.sha256
    assert result.issues == ()


def test_a_plain_catalog_without_programmes_is_incomplete(classification: Catalog, tmp_path: Path) -> None:
    plain = classification.replace(info=classification.info.model_copy(update={"classification": None}))
    codes = {issue.code for issue in read_catalog(write_folder(plain, tmp_path / "written")).issues}
    assert codes == {"empty-table"}


@pytest.mark.parametrize("work", [optimize_catalog, catalog_gaps, frontier_of])
def test_there_is_nothing_to_plan(work: object, classification: Catalog) -> None:
    with pytest.raises(CatalogError, match="nothing-to-plan"):
        work(classification)  # type: ignore[operator]


def test_the_hash_of_other_catalogs_does_not_know_of_it(mini: Path) -> None:
    catalog = curriplan.read_catalog(mini).require()
    assert "classification" not in catalog.info.model_dump(exclude_none=True)
