"""What holds for every table; `docs/add-a-table.md` says in which order one is added."""

from __future__ import annotations

from curriplan.catalog.records import RECORD_OF_TABLE, Catalog, CatalogInfo


def test_a_table_is_called_as_its_rows_say() -> None:
    """The field of `Catalog` names the table for programs, the class of its rows for files."""
    assert {name: record.table for name, record in RECORD_OF_TABLE.items()} == {
        name: name for name in RECORD_OF_TABLE
    }


def test_a_catalog_keeps_its_hash_when_a_table_is_added() -> None:
    """Each plan.json names the hash of its catalog: a table that came later belongs into `LATER_TABLES`."""
    known = "180cd504801471d9aca19c8b3e3a66834497bd3a12f9f14c7ee472bebd112ee0"
    assert Catalog(CatalogInfo(id="empty")).sha256 == known
