"""The Provenance sheet: inputs with their hashes, norms, settings, the solver's word, assumptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from curriplan.base.errors import Severity
from curriplan.catalog.records import TABLES, Record, RelationKind
from curriplan.plan.plan import Stage
from curriplan.problem.declaration import Group, Setting
from curriplan.problem.limits import EFFECTIVE
from curriplan.problem.settings import SETTINGS
from curriplan.report.allotted import national_said
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.report.names import NamedFigure, write_names
from curriplan.report.norms import norm_name, norm_source, norm_value
from curriplan.report.view import PlanView
from curriplan.texts.titles import table_title
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column

STAGE_STYLES = {
    "no_harm": "share",
    "closure": "share",
    "cost": "money",
    "disruption": "hours",
    "balance": "credits",
    "peak": "credits",
    "distance": "count",
    "adaptability": "share",
    "fairness": "share",
    "changes": "count",
    "lag": "tenths",
    "outlooks": "share",
}
"""Number style by objective, in the objective's own unit."""

SLACK = 1e-6
ASSUMPTIONS = (
    "intake",
    "levels",
    "reach",
    "transfers",
    "requires",
    "new_money",
    "payments",
    "current_rooms",
    "weights",
    "adaptability",
    "estimates",
    "not_used",
)
"""All that may be said; what a catalog or a run does not use is left out."""


@dataclass(frozen=True)
class InputRow:
    """A table of the catalog."""

    title: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class NormRow:
    """A value of the regulation profile."""

    key: str
    name: str
    """What the key means; the key itself where that is unknown."""
    value: str
    source: str
    verified: str


@dataclass(frozen=True)
class StageRow:
    """An objective as it was solved."""

    objective: str
    stage: Stage
    tolerance: float
    final_value: float
    """In the finished plan: later objectives may have used up the tolerance."""
    style: str


def assumption_lines(view: PlanView, labels: Labels) -> tuple[str, ...]:
    """Return the assumptions that the plan rests on."""
    relations = {row.kind for row in view.catalog.competency_relations}
    objectives = {choice.name for choice in view.limits.settings.objectives}
    used = {
        "transfers": RelationKind.TRANSFERS in relations,
        "requires": RelationKind.REQUIRES in relations,
        "payments": bool(view.plan.payments),
        "adaptability": "adaptability" in objectives,
    }
    return tuple(labels.texts(f"assumption.{name}") for name in ASSUMPTIONS if used.get(name, True))


def input_table(view: PlanView, language: str) -> tuple[InputRow, ...]:
    """Return the tables that hold anything, with the hash of their canonical form."""
    return tuple(
        InputRow(table_title(name, language), len(rows), view.catalog.table_sha256(name))
        for name in TABLES
        if (rows := view.catalog.table(name))
    )


def norm_table(view: PlanView, labels: Labels) -> tuple[NormRow, ...]:
    """Return the effective regulation profile, sorted by key."""
    return tuple(
        NormRow(
            key,
            norm_name(labels, key),
            norm_value(labels, key, row.value),
            norm_source(labels, view.limits, row),
            labels.verified(row),
        )
        for key, row in sorted(view.limits.profile.items())
    )


def _has_origin(record: type[Record]) -> bool:
    """Whether the column ``source`` says where a row comes from: elsewhere it names a record."""
    column = record.model_fields.get("source")
    extra = column.json_schema_extra if column is not None else None
    return isinstance(extra, dict) and extra.get("references") is None


def source_counts(view: PlanView, labels: Labels) -> tuple[tuple[str, str], ...]:
    """Return how many rows of each table of judgements rest on which source, the most frequent first."""
    found = []
    for table in TABLES:
        rows = view.catalog.table(table)
        if table == "profile" or not rows or not _has_origin(type(rows[0])):
            continue
        counts = Counter(labels.source(getattr(row, "source", None) or "") for row in rows)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        title = table_title(table, labels.texts.language)
        found.append((title, "; ".join(f"{source} – {count}" for source, count in ordered)))
    return tuple(found)


def setting_table(view: PlanView, labels: Labels) -> tuple[tuple[str, str], ...]:
    """Return the settings in words; those left alone with the value of the catalog."""
    return tuple(_settings_in_words(view, labels))


def _settings_in_words(view: PlanView, labels: Labels) -> Iterator[tuple[str, str]]:
    settings, alone = view.limits.settings, view.limits.closure_alone
    for one in sorted(SETTINGS, key=lambda one: list(Group).index(one.group)):
        if one.group is Group.OBJECTIVES or (one.needs_previous and settings.previous is None):
            continue  # objectives have a table of their own
        if said := _setting_in_words(view, labels, one):
            yield labels.texts(f"setting.{one.name}"), said
        if one.name == "equity" and alone:
            percent = {name: labels.number(round(100 * share, 1)) for name, share in sorted(alone.items())}
            reached = (f"{labels.programme(name)} – {share} %" for name, share in percent.items())
            yield labels.texts("setting.closure_alone"), "; ".join(reached)


def _setting_in_words(view: PlanView, labels: Labels, one: Setting) -> str:
    """Return what holds, and whether the catalog says so; nothing for an empty list."""
    texts, value = labels.texts, getattr(view.limits.settings, one.name)
    if one.name == "profile":
        return texts("phrase.from_catalog" if value is None else "phrase.from_user")
    if value is None and one.name not in EFFECTIVE:
        return texts("phrase.no_limit" if one.is_limit else "phrase.not_set")
    held = EFFECTIVE[one.name].value(view.limits) if one.name in EFFECTIVE and not value else value
    if held is None:
        return texts("phrase.no_limit")
    said = _in_words(labels, one, held)
    return texts("phrase.from_catalog_value", value=said) if value is None else said


def _in_words(labels: Labels, one: Setting, value: Any) -> str:
    """Return a value in words; of things that are too many, how many they are."""
    if one.is_counted:
        key = f"counted.{one.name}"
        return (
            labels.texts(key, count=len(value)) if value and labels.texts.has(key) else str(len(value) or "")
        )
    if isinstance(value, tuple):
        return ", ".join(value)
    if one.option is not None and one.option.reads == "semester":
        return labels.semester(value)
    if isinstance(value, bool):
        return labels.yes_no(value)
    if isinstance(value, int):
        return labels.texts.number(value)
    return value if isinstance(value, str) else labels.number(value)


def stage_table(view: PlanView, labels: Labels) -> tuple[StageRow, ...]:
    """Return the objectives in the order in which they were solved."""
    tolerances = {choice.name: choice.tolerance for choice in view.limits.settings.objectives}
    return tuple(
        StageRow(
            labels.stage(stage),
            stage,
            tolerances.get(stage.objective, 0.0),
            view.after.objectives[stage.objective],
            STAGE_STYLES[stage.objective],
        )
        for stage in view.plan.stages
    )


def last_points(view: PlanView, labels: Labels) -> str:
    """Say what the best closure would cost, at least or at most, where that is more than the plan costs."""
    least = view.plan.cost_at_best_closure_kzt
    cost = view.plan.cost_at_best_closure_at_most_kzt if least is None else least
    best = view.plan.stage_value("closure")
    if cost is None or best is None or cost <= view.after.cost_kzt:
        return ""
    closure = f"{labels.texts.percent(best, 2)} %"
    phrase = "phrase.last_points_at_most" if least is None else "phrase.last_points"
    return labels.texts(phrase, closure=closure, cost=labels.texts.number(cost))


def warning_lines(view: PlanView, labels: Labels) -> tuple[str, ...]:
    """Return the warnings of the run, each once; without rows, which sorting the catalog changes."""
    language = labels.texts.language
    warnings = (issue for issue in view.warnings if issue.severity is Severity.WARNING)
    found = sorted({issue.found(language) for issue in warnings})
    return (*_years_outside(view, labels), *found)


def _years_outside(view: PlanView, labels: Labels) -> Iterator[str]:
    """Name the years of the plan whose credits lie outside the band of a year, a band that only warns."""
    norm, tolerance = view.limits.number("year_credits"), view.limits.number("year_credits_tolerance")
    if not norm or tolerance is None:
        return
    low, high = (norm * (1 + sign * tolerance) for sign in (-1, 1))
    for row in view.after.programmes:
        terms = row.term_credits
        # A last year of one term is no whole year.
        years = [sum(terms[start : start + 2]) for start in range(0, len(terms) - 1, 2)]
        for year, credits_ in enumerate(years, start=1):
            if not low - SLACK <= credits_ <= high + SLACK:
                yield labels.texts(
                    "phrase.year_outside",
                    programme=row.programme,
                    year=year,
                    credits=labels.number(credits_),
                    low=labels.number(low),
                    high=labels.number(high),
                )


def attribution_lines(view: PlanView) -> tuple[str, ...]:
    """Return the licence of the catalog and who must be named."""
    info = view.catalog.info
    return tuple(line for line in (info.licence, *info.attribution) if line)


WIDTHS = (42, 26, 16, 26, 16, 30)
LAST = len(WIDTHS) - 1
SHORT_LIST = 10
"""A list of so many lines is printed on one page."""

CATALOG_ROWS = ("catalog", "version", "source", "sha256", "tool")
INPUT_COLUMNS = (
    Column("column.table", "text", 0),
    Column("column.rows", "count", 0),
    Column("column.sha256", "hash", 0),
)
STAGE_COLUMNS = (
    Column("column.objective", "text", 0),
    Column("column.value", "number", 0),
    Column("column.bound", "number", 0),
    Column("column.gap", "share", 0),
    Column("column.final_value", "number", 0),
    Column("column.tolerance", "number", 0),
)
ROW_SOURCE_COLUMNS = (
    Column("column.table", "text", 0),
    Column("column.row_sources", "text", 0),
)
NORM_COLUMNS = (
    Column("column.norm", "text", 0),
    Column("column.key", "code", 0),
    Column("column.value", "text", 0),
    Column("column.verified", "text", 0),
    Column("column.source", "text", 0),
)


def add_provenance_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.provenance"), WIDTHS, is_detail=True)


def write_provenance(context: Context, sheet: Sheet, figures: Sequence[NamedFigure]) -> None:
    """Write the sheet; `figures` are those of which it lists the names."""
    row = sheet.heading("title.provenance", "how.provenance")
    sheet.freeze(row)
    row = _write_catalog(context, sheet, row + 1)
    row = _write_stages(context, sheet, row + 1)
    row = _write_settings(context, sheet, row + 1)
    row = _write_norms(context, sheet, row + 1)
    row = write_names(context, sheet, row + 1, figures, LAST)
    row = _write_inputs(context, sheet, row + 1)
    row = _write_row_sources(context, sheet, row + 1)
    assumptions = assumption_lines(context.view, context.labels)
    row = _write_lines(sheet, row + 1, "heading.assumptions", assumptions)
    row = _write_lines(sheet, row + 1, "heading.warnings", warning_lines(context.view, context.labels))
    _write_lines(sheet, row + 1, "heading.attribution", attribution_lines(context.view))


def _write_pairs(sheet: Sheet, row: int, pairs: Sequence[tuple[str, str]]) -> int:
    for label, value in pairs:
        sheet.text(row, 0, label, "text group")
        sheet.across(row, value, "text", 1)
        row += 1
    return row


def _write_catalog(context: Context, sheet: Sheet, row: int) -> int:
    view, reference = context.view, context.view.plan.catalog
    sheet.across(row, context.texts("heading.inputs"), "heading")
    values = (
        f"{view.catalog.info.title(context.texts.language)} ({reference.id})",
        reference.version,
        reference.source or "—",
        reference.sha256,
        view.tool,
    )
    labels = (context.texts(f"provenance.{name}") for name in CATALOG_ROWS)
    pairs = list(zip(labels, values, strict=True))
    if (found := view.catalog.info.allotted) is not None:
        pairs.append((context.texts("provenance.given_sha256"), found.catalog_sha256))
        pairs.append((context.texts("provenance.national"), national_said(context.labels)))
    return _write_pairs(sheet, row + 1, pairs)


def _write_stages(context: Context, sheet: Sheet, row: int) -> int:
    sheet.across(row, context.texts("heading.solver"), "heading")
    status = context.texts(f"plan_status.{context.view.plan.status}")
    row = _write_pairs(sheet, row + 1, [(context.texts("provenance.status"), status)])
    first = sheet.header(row, STAGE_COLUMNS)
    rows = stage_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_stage(context, sheet, place, line)
    price = last_points(context.view, context.labels)
    pairs = [(context.texts("phrase.last_points_title"), price)] if price else []
    return _write_pairs(sheet, first + len(rows), pairs)


def _write_stage(context: Context, sheet: Sheet, row: int, line: StageRow) -> None:
    sheet.text(row, 0, line.objective, "text")
    sheet.number(row, 1, line.stage.value, line.style)
    unknown = context.texts("phrase.unknown")
    sheet.put(row, 2, unknown if line.stage.bound is None else line.stage.bound, f"text {line.style} right")
    sheet.put(row, 3, unknown if line.stage.gap is None else line.stage.gap, "text gap right")
    sheet.number(row, 4, line.final_value, line.style)
    sheet.number(row, 5, line.tolerance, line.style)


def _write_settings(context: Context, sheet: Sheet, row: int) -> int:
    sheet.across(row, context.texts("heading.settings"), "heading")
    pairs = setting_table(context.view, context.labels)
    sheet.keep_together(row, row + len(pairs))
    return _write_pairs(sheet, row + 1, pairs)


def _write_norms(context: Context, sheet: Sheet, row: int) -> int:
    rows = norm_table(context.view, context.labels)
    if not rows:
        return row
    sheet.across(row, context.texts("heading.norms"), "heading")
    sheet.keep_together(row, row + 2 + len(rows))
    first = sheet.header(row + 1, NORM_COLUMNS, LAST)
    for place, line in enumerate(rows, start=first):
        for column, text in enumerate((line.name, line.key, line.value, line.verified)):
            sheet.text(place, column, text, NORM_COLUMNS[column].style)
        sheet.across(place, line.source, "text", len(NORM_COLUMNS) - 1)
    return first + len(rows)


def _write_inputs(context: Context, sheet: Sheet, row: int) -> int:
    rows = input_table(context.view, context.texts.language)
    sheet.across(row, context.texts("heading.tables"), "heading")
    sheet.keep_together(row, row + 2 + len(rows))
    first = sheet.header(row + 1, INPUT_COLUMNS, LAST)
    for place, line in enumerate(rows, start=first):
        sheet.text(place, 0, line.title, "text")
        sheet.number(place, 1, line.rows, "count")
        sheet.across(place, line.sha256, "hash", 2)
    return first + len(rows)


def _write_row_sources(context: Context, sheet: Sheet, row: int) -> int:
    """Write how many rows of each table are estimates, and what the others rest on."""
    rows = source_counts(context.view, context.labels)
    if not rows:
        return row
    sheet.across(row, context.texts("heading.sources_of_rows"), "heading")
    sheet.keep_together(row, row + 2 + len(rows))
    first = sheet.header(row + 1, ROW_SOURCE_COLUMNS, LAST)
    return _write_pairs(sheet, first, rows)


def _write_lines(sheet: Sheet, row: int, key: str, lines: Sequence[str]) -> int:
    if not lines:
        return row
    sheet.across(row, sheet.texts(key), "heading")
    # The last lines are never left alone on a page: short lists stay whole.
    sheet.keep_together(row, row + (len(lines) if len(lines) <= SHORT_LIST else 4))
    for line in lines:
        row += 1
        sheet.across(row, line, "plain")
    return row + 2
