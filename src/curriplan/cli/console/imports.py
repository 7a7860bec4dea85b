"""What came of an import: rows by kind, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from curriplan.base.errors import Issue
from curriplan.cli.console.terminal import WARNINGS_SHOWN, Terminal, add_row, grid

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.importing.result import Imported

AMOUNTS = ("read", "taken", "left_out", "unused")


def show_imported(terminal: Terminal, found: Imported) -> None:
    """Show what became of the rows; of many alike that were left out only the first, unless verbose."""
    table = grid(
        [(terminal.text("import.rows"), "left"), *((terminal.text(f"import.{n}"), "right") for n in AMOUNTS)]
    )
    for tally in found.tallies:
        amounts = (terminal.number(getattr(tally, name)) for name in AMOUNTS)
        add_row(table, terminal.text(f"import_kind.{tally.kind}"), *amounts)
    if not terminal.quiet:
        terminal.table(table)
        terminal.say(_sizes(terminal, found.catalog))
    tell_issues(terminal, found.issues)


def tell_issues(terminal: Terminal, found: Sequence[Issue], more: str = "import.more") -> None:
    """Tell what was left out or is doubtful; of many alike only the first, unless verbose, and how many."""
    for issues in _alike(found):
        shown = issues if terminal.verbose or len(issues) <= WARNINGS_SHOWN else issues[:1]
        for issue in shown:
            terminal.tell(terminal.line(issue))
        if len(issues) > len(shown):
            values = {"count": len(issues) - len(shown), "code": issues[0].code}
            terminal.tell(terminal.text(more, **values))


def _sizes(terminal: Terminal, catalog: Catalog) -> str:
    tables = {
        "competencies": catalog.competencies,
        "occupations": catalog.occupations,
        "requirements": catalog.occupation_requirements,
        "relations": catalog.competency_relations,
    }
    sizes = {name: terminal.number(len(rows)) for name, rows in tables.items()}
    return terminal.text("import.catalog", **sizes)


def _alike(issues: Sequence[Issue]) -> Iterator[list[Issue]]:
    """Yield the issues of each file by what is wrong."""
    found: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        found.setdefault((issue.place.file if issue.place else "", issue.code), []).append(issue)
    yield from (found[key] for key in sorted(found))
