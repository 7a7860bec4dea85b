"""The sheets of a comparison: what changed from one plan to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from curriplan.catalog.records import Catalog
from curriplan.plan.comparison import (
    CLOSURES,
    AmountChange,
    Comparison,
    LevelChange,
    MeasuredValue,
    ModuleChange,
    ValueChange,
    value_text,
)
from curriplan.plan.figures import ErrRange
from curriplan.plan.plan import Status
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.figures import range_words
from curriplan.report.labels import Labels
from curriplan.report.verbs import said_of
from curriplan.texts.titles import objective_title
from curriplan.texts.words import Words
from curriplan.xlsx.charts import Figure, Kind, Series, share_axis
from curriplan.xlsx.figures import limited, write_message
from curriplan.xlsx.formula import count_greater
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sentences import percent, sentence
from curriplan.xlsx.styles import AFTER, BEFORE
from curriplan.xlsx.table import Column, Placed, Row, Table
from curriplan.xlsx.term import NOTHING, constant
from curriplan.xlsx.workbook import Book


def write_comparison_workbook(
    catalog: Catalog, comparison: Comparison, target: Target, language: str
) -> None:
    """Write what changed between two plans to a path or a binary stream; `catalog` gives the names.

    One sheet a table: measures first, then modules, levels, money and hours, limits.
    """
    labels, sha256 = Labels(catalog, Words(language)), comparison.second.catalog.sha256
    with workbook(labels, target, labels.texts("title.compare_measures"), sha256) as book:
        table = measure_table(labels)
        sheet = book.sheet(labels.texts("sheet.compare_measures"), table.widths)
        top = first_heading(labels, sheet, "title.compare_measures", "how.compare_measures")
        unproven = not_proven(labels, comparison)
        for text in notes(labels, comparison):
            sheet.across(top, text, "banner" if text in unproven else "note")
            top += 1
        placed = table.write(sheet, top, comparison.measured)
        placed.page(filtered=False)
        _write_chart(labels, placed)
        _write(book, "compare_modules", module_table(labels), comparison.changed_modules)
        _write(book, "compare_levels", level_table(labels), comparison.levels)
        _write_amounts(labels, book, comparison)
        _write(book, "compare_limits", value_table(labels, labels.limit), comparison.limits)


def notes(labels: Labels, comparison: Comparison) -> list[str]:
    """Return what a reader must know first: plans not proven, other catalogs, names that are not at hand."""
    known = {"other_catalog": comparison.same_catalog, "names_missing": bool(labels.catalog.modules)}
    said = [labels.texts(f"compare_note.{name}") for name, holds in known.items() if not holds]
    return [*not_proven(labels, comparison), *said]


def not_proven(labels: Labels, comparison: Comparison) -> list[str]:
    """Say which of the plans may not be the best: then the difference may be none of what was asked."""
    plans = {"column.first_plan": comparison.first, "column.second_plan": comparison.second}
    return [
        labels.texts("compare_note.not_proven", plan=labels.texts(key))
        for key, plan in plans.items()
        if plan.status is not Status.OPTIMAL
    ]


def _write(book: Book, name: str, table: Table[Row], rows: Sequence[Row]) -> None:
    """Write a table into a sheet of its own."""
    sheet = book.sheet(book.texts(f"sheet.{name}"), table.widths)
    placed = table.write(sheet, sheet.heading(f"title.{name}", f"how.{name}"), rows)
    placed.page(filtered=False)


def module_table(labels: Labels) -> Table[ModuleChange]:
    """Return the table of the modules that changed."""

    def name(line: ModuleChange) -> str:
        known = labels.catalog.module_by_id.get(line.module)
        return f"{line.module} {known.name(labels.texts.language)}" if known else line.module

    return Table(
        Column("column.programme", "code", 14, lambda line: line.programme, console="programme"),
        Column("column.index", "code", 14, lambda line: line.module),
        Column("column.module", "text", 56, lambda line: labels.module(line.module)),
        Column(value=name, console="module", letters=36),
        Column(
            "column.change",
            "centre",
            20,
            lambda line: labels.texts(f"plan_change.{line.change.value}"),
            console="change",
        ),
        Column("column.first_term", "term", 14, lambda line: line.first_term, console="first"),
        Column("column.second_term", "term", 14, lambda line: line.second_term, console="second"),
    )


def level_table(labels: Labels) -> Table[LevelChange]:
    """Return the table of the levels that differ."""
    return Table(
        Column("column.programme", "code", 14, lambda line: line.programme),
        Column("column.competency", "text", 56, lambda line: labels.competency(line.competency)),
        Column("column.required", "term", 14, lambda line: line.required),
        Column("column.first_plan", "term", 14, lambda line: line.first),
        Column("column.second_plan", "term", 14, lambda line: line.second),
    )


def measure_table(labels: Labels) -> Table[MeasuredValue]:
    """Return the table of measures: each closure with its range."""

    def shown(found: ErrRange | None) -> str:
        return "" if found is None else range_words(labels.texts, found)

    what, programme, first, second = value_table(labels, labels.measure).columns
    return Table(
        what,
        programme,
        first,
        Column("column.err_first", "centre", 22, lambda line: shown(line.first_range)),
        second,
        Column("column.err_second", "centre", 22, lambda line: shown(line.second_range)),
    )


def value_table(labels: Labels, words: Callable[[str], str]) -> Table[ValueChange]:
    """Return the table of measures or limits, whose names `words` puts into words."""
    return Table(
        Column("column.what", "text", 56, lambda line: words(line.name)),
        Column("column.programme", "code", 14, lambda line: line.programme or ""),
        Column(
            "column.first_plan",
            width=30,
            value=lambda line: _value(labels, line.first),
            varying=lambda line: _style(line, line.first),
        ),
        Column(
            "column.second_plan",
            width=30,
            value=lambda line: _value(labels, line.second),
            varying=lambda line: _style(line, line.second),
        ),
    )


def _value(labels: Labels, value: Any) -> str | float:
    """Return a number as a number, anything else in words."""
    if _is_number(value):
        number: float = value
        return number
    return NOTHING if value is None else limit_words(labels, value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def limit_words(labels: Labels, value: Any) -> str:
    """Return a value of a limit in words: yes and no, objectives, a reviewer's decisions, what is counted."""
    if value is None or value in ([], {}, ()):
        return labels.texts("phrase.not_set")
    if isinstance(value, bool):
        return labels.yes_no(value)
    if _is_number(value):
        return labels.number(value)
    if isinstance(value, Mapping) and all(map(_is_number, value.values())):  # closures
        return "; ".join(f"{name} – {_closure(labels, one)}" for name, one in value.items())
    if isinstance(value, Mapping) and all({*one} == BEST_OF_OUTLOOK for one in value.values()):
        return "; ".join(f"{labels.outlook(name)} – {_best(labels, one)}" for name, one in value.items())
    rows = value if isinstance(value, list | tuple) else ()
    records = [one for one in rows if isinstance(one, Mapping)]
    return _rows_words(labels, records) if records and len(records) == len(rows) else value_text(value)


BEST_OF_OUTLOOK = {"value", "bound"}
COUNTED = {"previous": "module", "promised": "kzt", "asked": "above"}
"""Lists of which only the number of rows is said, by what each row of them has."""


def _closure(labels: Labels, share: float) -> str:
    """Return a closure as tables have it."""
    return str(percent(labels.texts, constant(share)).value)


def _best(labels: Labels, one: Mapping[str, float | None]) -> str:
    """Return the best closure of an outlook, and what it is at most where that is not proven."""
    value, bound = _closure(labels, one["value"] or 0.0), one["bound"]
    most = labels.texts("phrase.unknown") if bound is None else _closure(labels, bound)
    return value if most == value else labels.texts("phrase.best_at_most", value=value, most=most)


def _rows_words(labels: Labels, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a list of decisions or objectives in words; starts are counted."""
    if "decision" in rows[0]:
        return "; ".join(_decision(labels, one) for one in rows)
    if {*rows[0]} == {"name", "tolerance"}:
        return "; ".join(_objective(labels, one) for one in rows)
    counted = next((name for name, key in COUNTED.items() if key in rows[0]), None)
    return value_text(rows) if counted is None else labels.texts(f"counted.{counted}", count=len(rows))


def _objective(labels: Labels, one: Mapping[str, Any]) -> str:
    """Return ``closure (up to 0.005 may be given away)``."""
    title = objective_title(one["name"], labels.texts.language)
    if not one["tolerance"]:
        return title
    return labels.texts("phrase.with_tolerance", objective=title, tolerance=labels.number(one["tolerance"]))


def _decision(labels: Labels, one: Mapping[str, Any]) -> str:
    """Return ``TECH SEC2: pin, semester 3``."""
    said = labels.texts(f"review_choice.{said_of(one['decision'], one.get('term'))}")
    if one.get("term") is not None:
        said += f", {labels.texts('phrase.term_short', term=one['term'])}"
    return f"{one['programme']} {one['module']}: {said}"


def _style(line: ValueChange, value: Any) -> str:
    if not _is_number(value):
        return "text"
    if line.name in CLOSURES:
        return "share"
    return "count" if float(value).is_integer() else "number"


def _write_amounts(labels: Labels, book: Book, comparison: Comparison) -> None:
    rows = [
        *(
            (f"{labels.funding_source(one.name)}, {labels.texts('unit.KZT')}", one)
            for one in comparison.money
        ),
        *((f"{labels.resource(one.name)}, {labels.texts('unit.h')}", one) for one in comparison.hours),
    ]
    first, second = "column.first_plan", "column.second_plan"
    table: Table[tuple[str, AmountChange]] = Table(
        Column("column.what", "text", 56, lambda row: row[0]),
        Column(first, "money", 18, lambda row: row[1].first),
        Column(second, "money", 18, lambda row: row[1].second),
        Column("column.difference", "money", 18, formula=lambda line: line[second] - line[first]),
    )
    _write(book, "compare_amounts", table, rows)


CHART_ROWS = 20
MOST_PROGRAMMES = 40
"""More columns side by side cannot be told apart."""


def _write_chart(labels: Labels, placed: Placed[MeasuredValue]) -> None:
    """Draw the closure of each programme in both plans, from the rows of the table."""
    sheet, last = placed.sheet, placed.table.last
    lines = [line for line, one in placed.lines() if one.programme is not None]
    if not lines:
        return
    start, end = lines[0], lines[min(len(lines), MOST_PROGRAMMES) - 1]
    row = placed.last + 2
    sheet.across(row, labels.texts("heading.compare_chart"), "heading")
    plans = {"column.first_plan": BEFORE, "column.second_plan": AFTER}
    one, other = (sheet.range(placed.place(key), lines[0], lines[-1]) for key in plans)
    told = {"up": count_greater(other, one), "down": count_greater(one, other)}
    said = sentence(labels.texts, "sentence.compare", told)
    note = limited(labels.texts, end - start + 1, len(lines))
    top = write_message(sheet, row + 1, said, 0, last, note, "note") + 1
    names = placed.cells("column.programme", start, end)
    series = tuple(
        Series(placed.header(key), names, placed.cells(key, start, end), colour)
        for key, colour in plans.items()
    )
    message, heading = sheet.cells(row + 1, 0, row + 1, 0), labels.texts("heading.compare_chart")
    axis = share_axis(labels.texts("axis.closure"))
    places = labels.texts("column.programme")
    sheet.chart(
        Figure(Kind.COLUMNS, message, heading, series, places, axis),
        Box(top, top + CHART_ROWS - 1, 0, last),
    )
    sheet.keep_together(row, top + CHART_ROWS - 1)
