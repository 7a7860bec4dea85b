"""The Gaps sheet, and the gaps before any plan: what is asked, taught today, reached, and what stays open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from curriplan.base.version import TOOL
from curriplan.catalog.records import Catalog, Taught
from curriplan.plan.figures import Today
from curriplan.problem.gaps import Gap
from curriplan.problem.limits import Limits
from curriplan.report.areas import area_name, write_areas
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.context import Context, FigureCells, GapCells
from curriplan.report.figures import today_said
from curriplan.report.intake_groups import intakes_said
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.figures import (
    MOST_LETTERS,
    Bars,
    ChartPlace,
    bar_room,
    limited,
    link_to_chart,
    write_bars,
)
from curriplan.xlsx.formula import Match, chained, extreme, larger, name_of_extreme, ratio, sum_where
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.sentences import percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import Range, Term, constant
from curriplan.xlsx.workbook import Book


def gap_table(labels: Labels, gaps: Sequence[Gap]) -> Table[Gap]:
    """Return the table of gaps before any plan."""
    return Table(
        *_levels(labels),
        Column(
            "column.missing",
            "term",
            11,
            lambda gap: max(0, gap.required - gap.before),
            lambda line: _lacking(line, "column.before"),
            field="missing",
        ),
        Column(
            "column.teachable", "term", 11, lambda gap: gap.teachable, field="teachable", console="teachable"
        ),
        *_shares(gaps),
        Column("column.need_source", "text", 26, _sources(labels), field="source"),
    )


def planned_gap_table(labels: Labels, view: PlanView) -> Table[Gap]:
    """Return the table of gaps with what the plan reaches."""
    weights = {row.programme: row.weight for row in view.after.programmes}
    totals = _worth_by_programme(view.gaps)
    return Table(
        *_levels(labels),
        Column("column.after", "term", 10, lambda gap: _after(view, gap)),
        Column("column.residual", "term", 11, formula=lambda line: _lacking(line, "column.after")),
        Column("column.weight_in_plan", "number", 10, lambda gap: weights[gap.programme]),
        *_shares(view.gaps),
        Column("column.open_after", "share", 11, lambda gap: _open_after(view, gap, totals)),
        Column(
            "column.closed",
            "share",
            11,
            formula=lambda line: ratio(
                line["column.weight"] - line["column.open_after"], line["column.weight"]
            ),
        ),
        Column("column.modules", "text", 34, lambda gap: ", ".join(_contributions(view, labels, gap))),
        Column("column.remark", "text", 22, lambda gap: _remark(labels.texts, gap)),
        Column("column.need_source", "text", 22, _sources(labels)),
        Column("column.competency_code", "code", 12, lambda gap: gap.competency),
    )


def _levels(labels: Labels) -> tuple[Column[Gap], ...]:
    """Return the columns that do not depend on a plan: programme to the level taught today."""
    competencies = labels.catalog.competency_by_id
    return (
        Column(
            "column.programme", "code", 12, lambda gap: gap.programme, field="programme", console="programme"
        ),
        *competency_columns(labels, 40, 14),
        Column("column.area", "text", 21, lambda gap: area_name(labels, competencies.get(gap.competency))),
        Column("column.essential", "centre", 11, lambda gap: gap.essential, field="essential"),
        Column("column.required", "term", 10, lambda gap: gap.required, field="required", console="required"),
        Column("column.baseline", "term", 10, lambda gap: gap.baseline, field="baseline"),
        Column("column.before", "term", 10, lambda gap: gap.before, field="before", console="before"),
    )


def competency_columns(labels: Labels, name_width: float, framework_width: float) -> tuple[Column, ...]:
    """Return the columns that say which competency a row is about."""
    competencies = labels.catalog.competency_by_id
    return (
        Column(value=lambda row: row.competency, field="competency"),
        Column(
            "column.competency",
            "text",
            name_width,
            lambda row: labels.competency(row.competency),
            field="name",
            console="competency",
            letters=34,
        ),
        Column(
            "column.framework",
            "text",
            framework_width,
            lambda row: labels.framework(competencies.get(row.competency)),
            field="framework",
        ),
    )


def _shares(gaps: Sequence[Gap]) -> tuple[Column[Gap], ...]:
    """Return the worth of the missing steps, and its part that is open today, of the programme's worth."""
    totals = _worth_by_programme(gaps)

    def share(weight: float, gap: Gap) -> float:
        return _share(weight, totals[gap.programme])

    return (
        Column("column.weight", "share", 11, lambda gap: share(gap.weight, gap), field="weight", digits=9),
        Column(
            "column.open_before",
            "share",
            11,
            lambda gap: share(gap.open_weight, gap),
            field="open_weight",
            digits=9,
            console="weight",
        ),
    )


def _worth_by_programme(gaps: Iterable[Gap]) -> Mapping[str, float]:
    totals: dict[str, float] = {}
    for gap in gaps:
        totals[gap.programme] = totals.get(gap.programme, 0.0) + gap.weight
    return totals


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _lacking(line: Line[Gap], reached: str) -> Term:
    return larger(constant(0), line["column.required"] - line[reached])


def _sources(labels: Labels) -> Callable[[Gap], str]:
    """Return what tells the sources of the requirement rows behind a gap."""
    programmes: dict[str, list[str]] = {}
    for target in labels.catalog.base_targets:
        programmes.setdefault(target.occupation, []).append(target.programme)
    found: dict[tuple[str, str], list[str | None]] = {}
    for row in labels.catalog.occupation_requirements:
        for programme in programmes.get(row.occupation, ()):
            found.setdefault((programme, row.competency), []).append(row.source)
    return lambda gap: labels.sources(found.get((gap.programme, gap.competency), ()))


def _after(view: PlanView, gap: Gap) -> int:
    return view.after.levels_after[gap.programme].get(gap.competency, 0)


def _open_after(view: PlanView, gap: Gap, totals: Mapping[str, float]) -> float:
    """Return what the plan leaves open, as a share of the programme's worth: as `_shares` has all of it."""
    gaps, after = view.problem.gaps[gap.programme], _after(view, gap)
    left = sum(s.weight for s in gaps.steps if s.competency == gap.competency and s.level > after)
    return _share(left, totals[gap.programme])


def _contributions(view: PlanView, labels: Labels, gap: Gap) -> Iterable[str]:
    """Yield ``SEC-01 (4)`` for each chosen module that lifts learners above what they bring."""
    for planned in view.chosen(gap.programme):
        for taught in view.catalog.teaching.of(planned.module):
            if taught.competency == gap.competency and taught.exit_level > gap.baseline:
                yield f"{planned.module} ({_level(labels, taught)})"


def _level(labels: Labels, taught: Taught) -> str:
    """Return the level that a module leaves, and of which competency it is carried over, if so."""
    if taught.via is None:
        return str(taught.exit_level)
    source = labels.competency(taught.via.source)
    return labels.texts("phrase.transferred", level=taught.exit_level, competency=source)


def _remark(texts: Words, gap: Gap) -> str:
    if gap.teachable >= gap.required:
        return ""
    if gap.teachable <= gap.baseline:
        return texts("phrase.not_taught")
    return texts("phrase.taught_up_to", level=gap.teachable)


def write_gaps(context: Context, sheet: Sheet, figures: FigureCells) -> GapCells:
    """Write the sheet, with how sure the closure is; return where its columns stand."""
    table = planned_gap_table(context.labels, context.view)
    sheet.set_widths(table.widths)
    top = sheet.heading("title.gaps", "how.gaps")
    said = figures.sentence(context.texts)
    if counted := intakes_said(context.view, context.texts):
        said = chained(said, constant(f" {counted}"))
    sheet.formula_across(top, said, "note", 0, table.last)
    placed = table.write(sheet, top + 2, context.view.gaps)
    finish_gaps(placed, "column.residual")
    below = placed.last + 2
    if write_areas(context, sheet, below, placed, figures) > below:
        link_to_chart(sheet, top + 1, "heading.areas", below)
    keys = ("programme", "weight", "open_before", "open_after")
    return GapCells(
        sheet.name,
        **{key: placed.range(f"column.{key}") for key in keys},
        in_plan=placed.range("column.weight_in_plan"),
        competency=placed.range("column.competency_code"),
    )


def finish_gaps(placed: Placed[Any], missing: str) -> None:
    """Freeze, repeat and filter a table, and colour what stays open: nothing else is coloured."""
    placed.page(2, name="gaps")
    if placed.rows:
        placed.sheet.colour_positive(placed.first, placed.place(missing), placed.last)


def write_gap_workbook(
    catalog: Catalog,
    limits: Limits,
    gaps: Sequence[Gap],
    target: Target,
    language: str,
    tool: str = TOOL,
    today: Today | None = None,
) -> None:
    """Write the gaps before any plan to a path or a binary stream.

    Parameters
    ----------
    gaps : sequence of Gap
        As `curriplan.problem.gaps.find_gaps` returns them.
    today : Today, optional
        What the existing curricula close, and how sure that is.
    """
    labels = Labels(catalog, Words(language))
    with workbook(labels, target, labels.texts("title.gaps"), tool=tool) as book:
        _write_plain(labels, limits, book, gaps, today)


def _write_plain(
    labels: Labels, limits: Limits, book: Book, gaps: Sequence[Gap], today: Today | None
) -> None:
    """Write the sheet, with the settings that the weights rest on."""
    table = gap_table(labels, gaps)
    sheet = book.sheet(labels.texts("sheet.gaps"), table.widths)
    top = first_heading(labels, sheet, "title.gaps", "how.gaps_before")
    theta, kappa = (
        labels.number(value) for value in (limits.settings.meeting_share, limits.settings.essential_factor)
    )
    sheet.across(top, labels.texts("phrase.worth", theta=theta, kappa=kappa), "note")
    if today is not None:
        top += 1
        sheet.across(top, today_said(labels.texts, today), "note")
    placed = table.write(sheet, top + 2, gaps)
    finish_gaps(placed, "column.missing")
    _write_programmes(labels, placed)
    if gaps:
        link_to_chart(sheet, top + 1, TODAY.heading, placed.last + 2)


TODAY = Bars("heading.closure_today", "column.programme", ("column.closure_before",), "axis.closure")


def _write_programmes(labels: Labels, placed: Placed[Gap]) -> None:
    """Write what of each programme's gap today's curriculum closes below the table, and a chart of it."""
    sheet, row = placed.sheet, placed.last + 2
    keys = ("column.weight", "column.open_before", "column.programme")
    worth, left, whose = (placed.range(key) for key in keys)
    found: dict[str, tuple[str, Sequence[Term]]] = {}
    for gap in placed.rows:
        if gap.programme not in found:
            mine: Match = (whose, "=", constant(gap.programme))
            whole = sum_where(worth, mine)
            name = f"{gap.programme}: {labels.programme(gap.programme)}"
            closed = ratio(whole - sum_where(left, mine), whole)
            found[gap.programme] = (shortened(name, MOST_LETTERS), (closed,))
    if not found:
        return
    ranked = sorted(found.values(), key=lambda one: _rank(one[1][0]))
    shown = ranked[: bar_room(sheet, row, TODAY)]

    def message(names: Range, values: Sequence[Range]) -> Term:
        told = {
            "programme": name_of_extreme(names, values[0], "MIN"),
            "least": percent(labels.texts, extreme(values[0], "MIN")),
        }
        return sentence(labels.texts, "sentence.closure_today", told)

    note = limited(labels.texts, len(shown), len(ranked))
    place = ChartPlace(label=(0, 1), values=(2,), chart=(3, placed.table.last))
    write_bars(sheet, row, TODAY, place, shown, message, note)


def _rank(closure: Term) -> float:
    """Return where a programme stands: the least closed first, those that lack nothing last."""
    return 2.0 if isinstance(closure.value, str) else closure.number
