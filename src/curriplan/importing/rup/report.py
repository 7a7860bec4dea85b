"""What became of every row, as rows of a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curriplan.catalog.raw import number_text
from curriplan.importing.rup.reading import RupReading

REPORT_COLUMNS = (
    "file", "sheet", "row", "kind", "id", "section", "credits", "hours", "terms", "hours_by_kind", "text",
    "remarks",
)  # fmt: skip


def report_rows(reading: RupReading, language: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each row of the sheet below its heading, then what concerns no single row.

    ``hours_by_kind`` says whether a module's hours by kind are the file's own or shares of the mapping.
    """
    for row in reading.rows:
        taken = row.kind in {"module", "outcome"}
        yield {
            "file": reading.mapping.file,
            "sheet": reading.sheet,
            "row": row.row,
            "kind": row.kind,
            "id": row.id,
            "section": row.section,
            "credits": _amount(row.credits),
            "hours": _amount(row.hours),
            "terms": ";".join(map(str, row.terms)),
            "hours_by_kind": ("mapping" if row.by_share else "file") if taken else "",
            "text": row.text,
            "remarks": " ".join(issue.line(language) for issue in row.issues),
        }
    said = {id(issue) for row in reading.rows for issue in row.issues}
    for issue in (one for one in reading.issues if id(one) not in said):
        values = {"file": reading.mapping.file, "sheet": reading.sheet, "remarks": issue.line(language)}
        yield {**values, "row": issue.place.row if issue.place is not None else None}


def _amount(value: float | None) -> str:
    return "" if value is None else number_text(value)
