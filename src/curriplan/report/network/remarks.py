"""What is strange in the data of the network: nothing that stops a plan, but whoever signs should know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curriplan.report.network.failures import text_of
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Table


def write_remarks(view: NetworkView, sheet: Sheet) -> None:
    """Write what was warned of when the network was held against its catalogs."""
    table: Table[Mapping[str, Any]] = Table(
        Column("nation_column.remark", "text", 120, lambda one: text_of(view, one)),
        Column("nation_column.remark_code", "text", 30, lambda one: str(one["code"])),
    )
    sheet.set_widths(table.widths)
    top = sheet.heading("nation_title.remarks", "nation_how.remarks")
    table.write(sheet, top, view.plan.warnings).page(1)
