"""What a further million buys in each region: an estimate, what was found, and what is proven."""

from __future__ import annotations

from collections.abc import Callable

from curriplan.plan.network import FurtherMoney
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Table
from curriplan.xlsx.term import NOTHING


def write_further(view: NetworkView, sheet: Sheet) -> None:
    """Write what a further million buys in each region."""
    names = view.college_names
    table: Table[FurtherMoney] = Table(
        Column("nation_column.region", "text", 28, lambda one: view.where(one.region)),
        Column("nation_column.source", "text", 28, lambda one: view.source_name(one.source)),
        Column("nation_column.year", "centre", 12, lambda one: _shown_year(view, one.year)),
        Column("nation_column.million_by_price", view.points, 14, lambda one: 100 * one.by_price),
        Column(
            "nation_column.million_college", "text", 50, lambda one: names.get(one.college or "", NOTHING)
        ),
        Column("nation_column.million_resolved", view.points, 14, formula=_points("resolved")),
        Column("nation_column.million_at_most", view.points, 14, formula=_points("at_most")),
        Column("nation_column.region_gain", view.points, 14, formula=_points("region_closure")),
    )
    sheet.set_widths(table.widths)
    top = sheet.heading("nation_title.further", "nation_how.further")
    table.write(sheet, top, view.plan.further).page(1, filtered=False)


def _shown_year(view: NetworkView, year: int | None) -> str:
    """Return a year as text, None as all years."""
    return view.texts("nation.all_years") if year is None else str(year)


def _points(of: str) -> Callable[[Line[FurtherMoney]], float | str]:
    """Return what writes a gain of closure in points, a dash where it is not known."""

    def found(line: Line[FurtherMoney]) -> float | str:
        value: float | None = getattr(line.row, of)
        return NOTHING if value is None else 100 * value

    return found
