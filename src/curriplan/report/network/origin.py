"""What a national plan was made from: the network, the settings, and each college's catalog and plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curriplan.base.version import TOOL
from curriplan.plan.network import CollegeResult
from curriplan.report.labels import known_word
from curriplan.report.network.reasons import sure
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Table

LABEL_COLUMNS = 1
SOLVER_NAMES = {"highs": "HiGHS", "cbc": "CBC"}
GREEK = re.compile("^[α-ω]: ")


def write_origin(view: NetworkView, sheet: Sheet) -> None:
    """Write the sheet."""
    table = _origin_table(view)
    sheet.set_widths(table.widths)
    row = sheet.heading("nation_title.origin", "nation_how.origin")
    for label, value in _pairs(view):
        sheet.across(row, label, "text group", 0, LABEL_COLUMNS)
        sheet.across(row, value, "text", LABEL_COLUMNS + 1, table.last)
        row += 1
    table.write(sheet, row + 1, view.plan.colleges).page(2)


def _pairs(view: NetworkView) -> Iterator[tuple[str, str]]:
    texts = view.texts
    yield texts("nation.origin_network"), view.title
    yield texts("nation.origin_sha256"), view.plan.network_sha256
    yield texts("provenance.tool"), TOOL
    for name, value in sorted(view.plan.settings.items()):
        label = known_word(texts, f"setting.{name}")
        if label is not None and isinstance(value, str | int | float) and not isinstance(value, bool):
            said = texts.significant(value) if isinstance(value, int | float) else value
            yield _in_words(label), SOLVER_NAMES.get(said, said)


def _in_words(label: str) -> str:
    """Return a label without the Greek letter that the model has for it."""
    words = GREEK.sub("", label)
    return words[:1].upper() + words[1:]


def _origin_table(view: NetworkView) -> Table[CollegeResult]:
    def plan_sha(one: CollegeResult) -> str:
        plan = one.national or one.alone
        return "–" if plan is None else plan.plan_sha256

    def how_sure(one: CollegeResult) -> str:
        plan = one.national or one.alone
        return "–" if plan is None else sure(view, plan)

    return Table(
        Column("nation_column.region", "text", 22, lambda one: view.where(one.region)),
        Column("nation_column.college", "text", 40, lambda one: view.college_names[one.id]),
        Column("nation_column.workbook", "text", 40, lambda one: one.workbook or "–"),
        Column("nation_column.sure", "text", 30, how_sure),
        Column("nation_column.catalog_sha256", "hash", 72, lambda one: one.catalog_sha256 or "–"),
        Column("nation_column.plan_sha256", "hash", 72, plan_sha),
    )
