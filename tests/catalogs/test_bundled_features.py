"""The bundled college uses every feature of the model: each table, column and word that a rule reads."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import (
    RECORDS,
    Catalog,
    CostPart,
    Record,
    RelationKind,
    RequisiteKind,
    ResourceCategory,
    Standing,
)

COLLEGE = Path(__file__).resolve().parents[2] / "catalogs" / "kz-digital-college"

RECORD_OF = {record.table: record for record in RECORDS}

LEFT_EMPTY = {
    ("occupations", "nkz_code"): "codes of the national classifier must be read in it, not estimated",
    ("profile", "verified"): "no number was read in the primary text",
    ("challenges", "verified"): "no figure was read at its origin",
    ("targets", "scenario"): "every occupation has demand in the base, from which shares in outlooks follow",
    ("programmes", "intake_of"): "it plans its first intake; `replan` writes those that run",
    ("modules", "index"): "a made-up college has no indexes of its own: its ids are enough",
    **dict.fromkeys(
        (("competency_mappings", name) for name in ("source", "target", "match", "evidence")),
        "its competencies are of one catalog: there is no second framework to tie to",
    ),
    **{
        ("programme_fixed_hours", name): "all that it teaches stands by name"
        for name in RECORD_OF["programme_fixed_hours"].columns()
    },
}
"""Columns that are read by a rule or an output and that the college leaves at their default, with reason."""

COLUMNS = [
    (record, name)
    for record in RECORDS
    if record.used
    for name in record.columns()
    if record.column_info(name)["used"]
]


@pytest.fixture(scope="module")
def college() -> Catalog:
    result = read_catalog(COLLEGE)
    assert result.catalog is not None
    return result.catalog


def is_filled(catalog: Catalog, record: type[Record], name: str) -> bool:
    """Say whether some row of the table says something else than the column's default."""
    field = "key_name" if (record.table, name) == ("profile", "key") else name
    default = record.model_fields[field].default
    values = [getattr(row, field) for row in catalog.table(record.table)]
    return any(default is PydanticUndefined or value != default for value in values)


@pytest.mark.parametrize(("record", "name"), COLUMNS, ids=lambda part: getattr(part, "table", part))
def test_every_column_says_something_or_is_left_empty_for_a_reason(
    college: Catalog, record: type[Record], name: str
) -> None:
    assert is_filled(college, record, name) != ((record.table, name) in LEFT_EMPTY)


def test_no_reason_is_given_for_a_column_that_does_not_exist() -> None:
    assert set(LEFT_EMPTY) <= {(record.table, name) for record, name in COLUMNS}


@pytest.mark.parametrize(
    ("words", "table", "name"),
    [
        (RequisiteKind, "module_requisites", "kind"),
        (RelationKind, "competency_relations", "kind"),
        (ResourceCategory, "resources", "category"),
        (Standing, "programme_modules", "status"),
    ],
)
def test_every_word_is_used(college: Catalog, words: type[StrEnum], table: str, name: str) -> None:
    assert {getattr(row, name) for row in college.table(table)} == set(words)


def test_funding_limits_speak_of_every_cost_part_and_of_all_of_them(college: Catalog) -> None:
    assert {row.cost_part for row in college.funding_limits} == {None, *CostPart}


def test_the_shapes_that_rules_distinguish_all_occur(college: Catalog) -> None:
    modules = college.modules
    spans = {(row.span_terms, bool(row.span_weights)) for row in modules if row.span_terms > 1}
    assert spans == {(2, True), (2, False), (3, False)}  # with weights of its own, and in equal parts
    groups = [row.exclusive_group for row in modules if row.exclusive_group]
    assert all(groups.count(name) >= 2 for name in groups)
    alternatives = {row.kind for row in college.module_requisites if row.any_of}
    assert alternatives == {RequisiteKind.PREREQUISITE, RequisiteKind.COREQUISITE}
    years = {(row.source, row.year is None) for row in college.funding_budgets}
    assert {any_year for _, any_year in years} == {True, False}
    assert any({(source, True), (source, False)} <= years for source, _ in years)
    precision = {(bool(row.module), bool(row.section)) for row in college.funding_limits}
    assert precision == {(False, False), (False, True), (True, False)}
