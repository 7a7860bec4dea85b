"""The bundled college made freer, tighter and larger, for `speed.py` to measure."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

from speed_tables import Row, Tables, read_tables, write_tables

FREE_TERMS = 3
"""Terms in which a candidate of the variant `three-terms` may start."""
TIGHT_PERCENT = 85
MANY = 16
"""Programmes of the variant `sixteen`."""


def with_free_existing(tables: Tables, by: int) -> Tables:
    """Let each existing module that is not mandatory start up to `by` terms earlier or later than today."""

    def freed(row: Row) -> Row:
        if row["status"] != "existing" or not row["current_term"]:
            return row
        today = int(row["current_term"])
        return _allowed(tables, row, range(today - by, today + by + 1))

    return tables | {"programme_modules": [freed(row) for row in tables["programme_modules"]]}


def with_three_terms(tables: Tables) -> Tables:
    """Let each candidate that has fewer terms to start in start a term earlier and a term later as well."""

    def freed(row: Row) -> Row:
        own = [
            int(term) for term in (row["allowed_terms"] or row.get("pinned_term") or "").split(";") if term
        ]
        if row["status"] != "candidate" or not 0 < len(own) < FREE_TERMS:
            return row
        most = _last_start(tables, row)
        first = min(max(1, min(own) - 1), max(1, most - FREE_TERMS + 1))
        return _allowed(tables, row, range(first, first + FREE_TERMS))

    return tables | {"programme_modules": [freed(row) for row in tables["programme_modules"]]}


def _allowed(tables: Tables, row: Row, terms: range) -> Row:
    possible = [str(term) for term in terms if 1 <= term <= _last_start(tables, row)]
    pin = {"pinned_term": ""} if "pinned_term" in row else {}
    return row | {"allowed_terms": ";".join(possible)} | pin


def _last_start(tables: Tables, row: Row) -> int:
    (terms,) = (int(one["terms"]) for one in tables["programmes"] if one["id"] == row["programme"])
    (span,) = (int(one.get("span_terms") or 1) for one in tables["modules"] if one["id"] == row["module"])
    return terms - span + 1


def with_less_money(tables: Tables) -> Tables:
    """Give every source 85 % of what it has."""
    return _scaled(tables, "funding_budgets", ("budget_kzt", "per_learner_kzt"), TIGHT_PERCENT, 100)


def with_many_programmes(tables: Tables) -> Tables:
    """Plan 16 programmes: the first eight and each of them again, with twice the rooms, posts and money.

    So what two plans of the eight need suffices for both together; money a learner doubles with the learners.
    """
    half = {row["id"] for row in tables["programmes"][: MANY // 2]}
    found = dict(tables)
    for table, rows in tables.items():
        key = "id" if table == "programmes" else "programme"
        kept = [row for row in rows if not row.get(key) or row[key] in half]
        again = [row | {key: f"{row[key]}2"} for row in kept if row.get(key)]
        found[table] = [*kept, *again]
    for table, columns in (
        ("resource_capacity", ("hours", "committed_hours")),
        ("funding_budgets", ("budget_kzt",)),
    ):
        found = _scaled(found, table, columns, 2, 1)
    return found


def _scaled(tables: Tables, table: str, columns: tuple[str, ...], over: int, under: int) -> Tables:
    def scaled(row: Row) -> Row:
        given = [column for column in columns if row.get(column)]
        return row | {column: str(math.floor(float(row[column]) * over / under)) for column in given}

    return tables | {table: [scaled(row) for row in tables[table]]}


VARIANTS: dict[str, Callable[[Tables], Tables]] = {
    "free-1": lambda tables: with_free_existing(tables, 1),
    "budget-85": with_less_money,
    "three-terms": with_three_terms,
    "sixteen": with_many_programmes,
    "free-4": lambda tables: with_free_existing(tables, 4),
}
"""Freer and tighter colleges, by name."""


def write_variant(base: Path, name: str, folder: Path) -> None:
    """Write a variant of the catalog in the folder `base`."""
    write_tables(VARIANTS[name](read_tables(base)), folder)
    shutil.copyfile(base / "catalog.toml", folder / "catalog.toml")
