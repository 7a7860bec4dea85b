"""Competencies of several frameworks that are one ability."""

from __future__ import annotations

import hashlib
from pathlib import Path

import curriplan
from curriplan.catalog.graph import build_graph
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import TABLES, Catalog, CompetencyMapping, CompetencyRelation
from curriplan.catalog.records.catalog import LATER_TABLES
from curriplan.catalog.records.record import canonical
from curriplan.catalog.saving.folder import write_folder
from unit.evaluation.builders import OUTCOMES, college, evaluated, good, outcome


def mapped(match: str = "exact", **tables: object) -> Catalog:
    mapping = CompetencyMapping(source="C", target="D", match=match)
    return college(competency_mappings=(mapping,), **tables)


def test_an_exact_match_counts_for_both() -> None:
    # B teaches C to 2: without E, who alone teaches D, D is at 2 all the same.
    assert evaluated(mapped(), good(without=["P:E@2"])).levels_after["P"] == {"C": 2, "D": 2}


def test_other_matches_count_for_nothing() -> None:
    for match in ("close", "broader", "narrower", "related"):
        plan = good(without=["P:E@2"])
        assert evaluated(mapped(match), plan).levels_after == evaluated(college(), plan).levels_after


def test_the_highest_entry_and_exit_of_a_module_count() -> None:
    catalog = mapped(module_outcomes=(*OUTCOMES, outcome("B", "D", 0, 4)))
    (c, d) = sorted((one.competency, one.exit_level, one.row.entry_level) for one in catalog.teaching.of("B"))
    assert (c, d) == (("C", 4, 1), ("D", 4, 1))


def test_mappings_reach_through_a_third_framework_and_transfers_go_to_all() -> None:
    pairs = (("A", "B"), ("C", "B"), ("D", "E"))
    rows = tuple(CompetencyMapping(source=a, target=b, match="exact") for a, b in pairs)
    catalog = Catalog(
        college().info,
        competency_mappings=rows,
        competency_relations=(CompetencyRelation(source="A", target="D", kind="transfers", factor=0.5),),
        module_outcomes=(outcome("M", "C", 0, 4),),
    )
    assert catalog.equal_competencies["A"] == ("A", "B", "C")
    levels = {one.competency: one.exit_level for one in catalog.teaching.of("M")}
    assert levels == {"A": 4, "B": 4, "C": 4, "D": 2, "E": 2}


def test_the_table_is_written_read_and_shown_in_the_graph(mini: Path, tmp_path: Path) -> None:
    catalog = curriplan.read_catalog(mini).require()
    a, b = (row.id for row in catalog.competencies[:2])
    with_row = catalog.replace(competency_mappings=(CompetencyMapping(source=a, target=b, match="close"),))
    assert read_catalog(write_folder(with_row, tmp_path / "written")).require().sha256 == with_row.sha256
    assert with_row.sha256 != catalog.sha256
    assert build_graph(with_row).has_edge(f"competency:{a}", f"competency:{b}", "close_match")


def test_a_catalog_without_mappings_has_the_hash_that_it_had(mini: Path) -> None:
    catalog = curriplan.read_catalog(mini).require()
    digest = hashlib.sha256(canonical(catalog.info.model_dump(mode="json", exclude_none=True)))
    for name in (name for name in TABLES if name not in LATER_TABLES):
        digest.update(f"\n[{name}]{catalog.table_sha256(name)}".encode())
    assert catalog.sha256 == digest.hexdigest()
