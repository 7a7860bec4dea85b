"""What was left out of an import or is doubtful, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curriplan.errors import Issue
from curriplan.files import replacing, write_csv

COLUMNS = ("code", "file", "row", "column", "found", "advice")


def write_issues(issues: Iterable[Issue], path: Path, language: str) -> None:
    """Write one row for each issue, as CSV."""
    rows = (
        {
            "code": issue.code,
            "file": issue.place.file if issue.place else "",
            "row": issue.place.row if issue.place and issue.place.row else "",
            "column": (issue.place.column or "") if issue.place else "",
            "found": issue.found(language),
            "advice": issue.advice(language),
        }
        for issue in issues
    )
    with replacing(path) as (new,):
        write_csv(new, COLUMNS, rows)
