"""Marks of what a catalog says of a module in a programme: equal marks, equal rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from curriplan.catalog.records import TABLES, Catalog, Record
from curriplan.catalog.records.record import canonical

MARK_LENGTH = 16


def row_marks(catalog: Catalog, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return a mark for each programme and module: of every row that names the module, or is it.

    Of rows that name a programme too, those of this one; and when the programme's terms are. A programme or
    a module that the catalog does not have is left out.
    """
    shared: dict[str, list[bytes]] = {}
    own: dict[tuple[str, str], list[bytes]] = {}
    for name in TABLES:
        for row in catalog.table(name):
            module = getattr(row, "id" if name == "modules" else "module", None)
            if module is not None:
                programme = getattr(row, "programme", None)
                text = name.encode() + _text(row)
                if programme is None:
                    shared.setdefault(module, []).append(text)
                else:
                    own.setdefault((programme, module), []).append(text)
    found = {}
    for programme, module in keys:
        own_row = catalog.programme_by_id.get(programme)
        if own_row is not None and module in catalog.module_by_id:
            terms = f"{own_row.start} {own_row.terms}".encode()
            rows = sorted([*shared.get(module, ()), *own.get((programme, module), ())])
            found[programme, module] = hashlib.sha256(b"\n".join([terms, *rows])).hexdigest()[:MARK_LENGTH]
    return found


def _text(row: Record) -> bytes:
    return canonical(row.model_dump(mode="json", exclude_none=True))
