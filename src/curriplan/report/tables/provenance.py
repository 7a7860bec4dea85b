"""Where everything comes from: inputs, norms, settings, the solver's word, assumptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.errors import Severity
from curriplan.model import TABLES, Record, RelationKind
from curriplan.plan import Stage
from curriplan.report.tables.labels import Labels
from curriplan.report.tables.sources import known_word
from curriplan.report.view import PlanView
from curriplan.settings import TOTAL_CREDITS_PREFIX, number_of

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

    table: str
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


def input_table(view: PlanView) -> tuple[InputRow, ...]:
    """Return the tables that hold anything, with the hash of their canonical form."""
    return tuple(
        InputRow(name, len(rows), view.catalog.table_sha256(name))
        for name in TABLES
        if (rows := view.catalog.table(name))
    )


def norm_table(view: PlanView, labels: Labels) -> tuple[NormRow, ...]:
    """Return the effective regulation profile, sorted by key."""
    return tuple(
        NormRow(
            key,
            _norm_name(labels, key),
            _norm_value(labels, key, row.value),
            labels.source(row.source or ""),
            labels.verified(row),
        )
        for key, row in sorted(view.limits.profile.items())
    )


def _norm_name(labels: Labels, key: str) -> str:
    """Return what a key of the profile means."""
    if key.startswith(TOTAL_CREDITS_PREFIX):
        level, _, base = key.removeprefix(TOTAL_CREDITS_PREFIX).partition("_")
        after = known_word(labels.texts, f"entry_base.{base}") or base
        return labels.texts("norm_key.total_credits", level=level, base=after)
    return known_word(labels.texts, f"norm_key.{key}") or key


def _norm_value(labels: Labels, key: str, value: str) -> str:
    if key == "practice_share_denominator":
        sections = (known_word(labels.texts, f"section_short.{name}") or name for name in value.split("+"))
        if value != "all":
            return ", ".join(sections)
    words = known_word(labels.texts, f"norm_value.{value}")
    if words:
        return words
    number = number_of(value)
    return value if number is None else _number(labels, number)


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
        found.append((table, "; ".join(f"{source} – {count}" for source, count in ordered)))
    return tuple(found)


def setting_table(view: PlanView, labels: Labels) -> tuple[tuple[str, str], ...]:
    """Return the settings in words; those left alone with the value of the catalog."""
    texts, settings = labels.texts, view.limits.settings
    least = _number(labels, view.limits.practice_share_min)
    profile = texts("phrase.from_catalog" if settings.profile is None else "phrase.from_user")
    return (
        (texts("setting.programmes"), ", ".join(view.limits.planned)),
        (texts("setting.budget"), _kzt(settings.budget_kzt) or _given(labels, _kzt(view.limits.budget_kzt))),
        (texts("setting.practice_share"), _number(labels, settings.practice_share) or _given(labels, least)),
        (texts("setting.profile"), profile),
        *_plan_settings(view, labels),
        (texts("setting.gap"), _number(labels, settings.gap)),
        (texts("setting.time_limit"), _number(labels, settings.time_limit_s)),
        (texts("setting.solver"), settings.solver),
        (texts("setting.meeting_share"), _number(labels, settings.meeting_share)),
        (texts("setting.essential_factor"), _number(labels, settings.essential_factor)),
    )


def _plan_settings(view: PlanView, labels: Labels) -> Iterator[tuple[str, str]]:
    """Yield what the plan was held to beside the catalog: an earlier plan, and equity."""
    texts, settings = labels.texts, view.limits.settings
    nothing = texts("phrase.not_set")
    if settings.previous is None:
        yield texts("setting.previous"), nothing
    else:
        yield texts("setting.previous"), texts("phrase.earlier_starts", modules=len(settings.previous))
        yield texts("setting.max_changes"), _number(labels, settings.max_changes) or texts("phrase.no_limit")
        until = settings.taught_until
        yield texts("setting.taught_until"), labels.semester(until) if until else nothing
    if settings.review:
        yield texts("setting.review"), str(len(settings.review))
    equity = settings.equity
    yield texts("setting.equity"), nothing if equity is None else _number(labels, equity)
    alone = view.limits.closure_alone
    if alone:
        percent = {name: labels.number(round(100 * share, 1)) for name, share in sorted(alone.items())}
        reached = (f"{labels.programme(name)} – {share} %" for name, share in percent.items())
        yield texts("setting.closure_alone"), "; ".join(reached)


def _given(labels: Labels, value: str) -> str:
    """Return a value that the catalog gives, or that there is no limit."""
    if not value:
        return labels.texts("phrase.no_limit")
    return labels.texts("phrase.from_catalog_value", value=value)


def _kzt(value: int | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", " ")


def _number(labels: Labels, value: float | None) -> str:
    return labels.number(value)


def stage_table(view: PlanView, labels: Labels) -> tuple[StageRow, ...]:
    """Return the objectives in the order in which they were solved."""
    tolerances = {choice.name: choice.tolerance for choice in view.limits.settings.objectives}
    return tuple(
        StageRow(
            labels.texts(f"objective.{stage.objective}"),
            stage,
            tolerances.get(stage.objective, 0.0),
            view.after.objectives[stage.objective],
            STAGE_STYLES[stage.objective],
        )
        for stage in view.plan.stages
    )


def last_points(view: PlanView, labels: Labels) -> str:
    """Say what the best closure would cost, where that was proven and is more than the plan costs."""
    cost = view.plan.cost_at_best_closure_kzt
    best = view.plan.stage_value("closure")
    if cost is None or best is None or cost <= view.after.cost_kzt:
        return ""
    closure = f"{100 * best:.2f} %".replace(".", labels.texts.decimal_mark)
    return labels.texts("phrase.last_points", closure=closure, cost=_kzt(cost))


def warning_lines(view: PlanView, labels: Labels) -> tuple[str, ...]:
    """Return the warnings of the run, each once; without rows, which sorting the catalog changes."""
    language = labels.texts.language
    warnings = (issue for issue in view.warnings if issue.severity is Severity.WARNING)
    found = sorted({f"{issue.code}: {issue.found(language)}" for issue in warnings})
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
                    credits=_number(labels, credits_),
                    low=_number(labels, low),
                    high=_number(labels, high),
                )


def attribution_lines(view: PlanView) -> tuple[str, ...]:
    """Return the licence of the catalog and who must be named."""
    info = view.catalog.info
    return tuple(line for line in (info.licence, *info.attribution) if line)
