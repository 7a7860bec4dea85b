"""The sheet of how sure the closure is, and of today's credits against the norm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curriplan.plan.figures import ErrRange, HowSure, ProgrammeFigures, Today
from curriplan.report.context import Context, FigureCells, OccupationCells
from curriplan.texts.words import NO_BREAK_SPACE, Words
from curriplan.xlsx.sentences import percent_range
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Table
from curriplan.xlsx.term import NOTHING, constant


@dataclass(frozen=True)
class SureRow:
    """A programme, or the plan as a whole, whose credits are no sum worth showing."""

    sure: ErrRange
    figures: ProgrammeFigures | None


def sure_rows(context: Context) -> tuple[SureRow, ...]:
    """Return the planned programmes in the order of the catalog, then the plan."""
    found = context.view.figures
    by_programme = {row.programme: row for row in found.programmes}
    rows = (SureRow(row, by_programme[row.programme or ""]) for row in found.if_estimates_err.programmes)
    return (*rows, SureRow(found.if_estimates_err.plan, None))


def sure_table(context: Context) -> Table[SureRow]:
    """Return the table: closure if estimates err, then credits."""
    labels, draws = context.labels, context.view.figures.if_estimates_err.draws

    def name(row: SureRow) -> str:
        programme = row.sure.programme
        return labels.texts("phrase.total") if programme is None else labels.programme(programme)

    def credits_column(key: str, field: str) -> Column[SureRow]:
        return Column(
            key,
            "credits",
            12.4,
            lambda row: None if row.figures is None else _known(getattr(row.figures, field)),
        )

    return Table(
        Column("column.programme", "code", 13, lambda row: row.sure.programme or ""),
        Column("column.programme_name", "text", 40, name),
        Column("column.closure_low", "share", 13, lambda row: _known(row.sure.closure_low)),
        Column("column.closure_high", "share", 13, lambda row: _known(row.sure.closure_high)),
        Column("column.draws", "count", 9, lambda _: draws),
        Column("column.entries_hold", "count", 13, lambda row: row.sure.entry_levels_hold),
        Column("column.floors_hold", "count", 14, lambda row: row.sure.floors_hold),
        Column("column.both_hold", "count", 13, lambda row: row.sure.both_hold),
        credits_column("column.credits_norm", "credits_norm"),
        credits_column("column.credits_today", "credits_today"),
        credits_column("column.credits_plan", "credits_plan"),
        credits_column("column.credits_filled", "credits_filled"),
        credits_column("column.credits_exchanged", "credits_exchanged"),
        look=lambda row: "total" if row.figures is None else "",
    )


def sure_said(texts: Words, sure: HowSure) -> str:
    """Say how sure the closure of a plan is, as `FigureCells.sentence` does where there are cells."""
    return texts("sentence.err", **_sure_values(texts, sure))


def sure_changed(texts: Words, before: HowSure, after: HowSure, arrow: str) -> str:
    """Say the same of a plan before and after it is edited."""
    earlier, later = (_sure_values(texts, sure) for sure in (before, after))
    changed = {name: f"{earlier[name]} {arrow} {later[name]}" for name in ("range", "both", "unmet")}
    return texts("sentence.err", **{**later, **changed})


def _sure_values(texts: Words, sure: HowSure) -> dict[str, Any]:
    whole = sure.if_estimates_err.plan
    return {
        "range": range_words(texts, whole),
        "both": whole.both_hold,
        "draws": sure.if_estimates_err.draws,
        "unmet": sure.occupations_not_met,
        "occupations": sure.occupations,
    }


def today_said(texts: Words, today: Today) -> str:
    """Say what the existing curricula close, in all and by programme, and how sure that is."""
    closures = "; ".join(
        f"{name} {texts.ranged(closure, sure.closure_low, sure.closure_high)}{NO_BREAK_SPACE}%"
        for name, closure in today.programmes.items()
        if closure is not None and (sure := today.sure.programmes[name])
    )
    said = texts("sentence.today", closure=texts.percent(today.closure))
    each = texts("sentence.today_each", closures=closures) if closures else ""
    return f"{said} {sure_said(texts, today.sure)} {each}".rstrip()


def range_words(texts: Words, sure: ErrRange) -> str:
    """Return closure if estimates err as text: ``75.1–81.5 %``; a dash where nothing is missing."""
    low, high = (constant(_known(one)) for one in (sure.closure_low, sure.closure_high))
    return str(percent_range(texts, low, high).value)


def _known(value: float | None) -> float | str:
    return NOTHING if value is None else value


def write_figures(context: Context, sheet: Sheet, occupations: OccupationCells) -> FigureCells:
    """Write the sheet; return the cells of each programme and, under None, of the plan."""
    table = sure_table(context)
    sheet.set_widths(table.widths)
    placed = table.write(sheet, sheet.heading("title.figures", "how.figures"), sure_rows(context))
    placed.page(2, filtered=False)
    keys = (
        "closure_low",
        "closure_high",
        "draws",
        "entries_hold",
        "floors_hold",
        "both_hold",
        "credits_norm",
        "credits_today",
        "credits_filled",
        "credits_exchanged",
    )
    return FigureCells(
        {
            row.sure.programme: {key: placed.ref(place, f"column.{key}") for key in keys}
            for place, row in placed.lines()
        },
        occupations,
    )
