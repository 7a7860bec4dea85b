"""Each aspect of a rule is declared once, and complete wherever something follows from its declaration."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from importlib.resources import files
from math import isfinite
from pathlib import Path
from pkgutil import iter_modules
from string import Formatter
from types import ModuleType

import pytest

from curriplan.catalog.records import RECORD_OF_TABLE, FundingBudget, FundingSource, ProfileEntry, Programme
from curriplan.catalog.records.policy import NUMBER_KEYS
from curriplan.cli.console.objectives import SHARES, WHOLE
from curriplan.evaluation.objectives import MAXIMISED, OBJECTIVES
from curriplan.evaluation.rules import PROGRAMME_RULES, SHARED_RULES
from curriplan.optimizer.diagnose.demands import MEANINGS, RATES
from curriplan.optimizer.diagnose.repairs import by_preference
from curriplan.optimizer.explain.levers import located
from curriplan.optimizer.model.variables import Entity
from curriplan.optimizer.rules import RULES as CONSTRAINED
from curriplan.optimizer.rules.objectives import OBJECTIVES as WRITTEN
from curriplan.problem.aspects import (
    ALL_RULES,
    ASPECTS,
    RULES,
    Aspect,
    InProfile,
    InSettings,
    InTable,
    RuleCheck,
)
from curriplan.problem.checks import RULES as CHECKS
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.objectives import OBJECTIVE_NAMES
from curriplan.problem.origins import _ROW_OF, About, locate
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from curriplan.report.checks import UNIT_STYLES
from curriplan.report.provenance import STAGE_STYLES
from curriplan.texts.words import texts_of
from formulation.instances import base, profile
from instances import oracle

SOURCES = Path(str(files("curriplan")))


def literals(room: str) -> set[str]:
    """Return the words in quotation marks of the modules of a room."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((SOURCES / room).rglob("*.py")))
    return set(re.findall(r'"([a-z_]+)"', text))


def named_in(texts: Iterable[str]) -> set[str]:
    """Return the names in braces."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def lacking(aspect: Aspect) -> list[str]:
    """Return where an aspect is incomplete."""
    report, said = set(texts_of("report")), set(texts_of("rules"))
    formulation = (Path(__file__).parents[2] / "docs" / "formulation.md").read_text(encoding="utf-8")
    wanted = {
        f"texts/rules.toml: rule.{aspect.rule}": ({f"rule.{aspect.rule}"}, said),
        f"texts/rules.toml: aspect.{aspect.name}": ({f"aspect.{aspect.name}"}, said),
        f"texts/report.toml: unit.{aspect.unit}": ({f"unit.{aspect.unit}"}, report),
        "report/checks.py: UNIT_STYLES": ({aspect.unit}, set(UNIT_STYLES)),
        "docs/formulation.md": ({aspect.rule}, set(re.findall(r"\*\*(§\d+) ", formulation))),
        "evaluation/rules": ({aspect.name}, literals("evaluation/rules")),
    }
    if aspect.is_demand:
        wanted[f"texts/rules.toml: demand.{aspect.name}"] = ({f"demand.{aspect.name}"}, said)
        constrained = literals("optimizer/rules") | {"term_credits_min", "prerequisites"}
        wanted["optimizer/rules"] = ({aspect.name}, constrained)
        values = {"programme", "semester", "limit", *(aspect.subject or "").split(":")}
        asked = texts_of("rules").get(f"demand.{aspect.name}", {}).values()
        filled = named_in(asked) if aspect.name in MEANINGS else values  # a meaning gives values of its own
        wanted[f"what demand.{aspect.name} names"] = (named_in(asked), filled)
        meant = set(MEANINGS) if not aspect.origins else {aspect.name}
        wanted["optimizer/diagnose/demands.py: MEANINGS"] = ({aspect.name}, meant)
    if not aspect.is_linear:  # its limit is searched for
        wanted["a finite farthest"] = ({aspect.name}, {aspect.name} if isfinite(aspect.farthest) else set())
    for origin in aspect.origins:
        if isinstance(origin, InSettings):
            wanted[f"Settings.{origin.name}"] = ({origin.name}, {one.name for one in fields(Settings)})
            edited = f"edit.settings.{origin.name}"
        elif isinstance(origin, InProfile):
            known = {name for name in dir(Limits) if name.endswith("_key")}
            known = known if origin.is_by_programme else set(NUMBER_KEYS)
            wanted[f"the profile key {origin.key}"] = ({origin.key}, known)
            edited = "edit.profile.value"
        else:
            record = RECORD_OF_TABLE[origin.table]
            columns = {name for name in record.columns() if record.column_info(name)["unit"]}
            wanted[f"the column {origin.table}.{origin.column}, its unit"] = ({origin.column}, columns)
            wanted["problem/origins.py: _ROW_OF"] = ({origin.table}, set(_ROW_OF))
            edited = f"edit.{origin.table}.{origin.column}"
        wanted[f"texts/rules.toml: {edited}"] = ({edited}, said)
    return [place for place, (names, there) in wanted.items() if not names <= there]


@pytest.mark.parametrize("name", ASPECTS)
def test_an_aspect_is_complete(name: str) -> None:
    assert lacking(ASPECTS[name]) == []


def test_what_an_aspect_lacks_is_said_with_its_place() -> None:
    """A new aspect of which nothing but the declaration is written."""
    origins = (InSettings("no_such"), InProfile("no_such_key"), InTable("floors", "no_such"))
    new = Aspect("no_such", "mice", origins, rule="§99", is_linear=False)
    assert lacking(new) == [
        "texts/rules.toml: rule.§99",
        "texts/rules.toml: aspect.no_such",
        "texts/report.toml: unit.mice",
        "report/checks.py: UNIT_STYLES",
        "docs/formulation.md",
        "evaluation/rules",
        "texts/rules.toml: demand.no_such",
        "optimizer/rules",
        "a finite farthest",
        "Settings.no_such",
        "texts/rules.toml: edit.settings.no_such",
        "the profile key no_such_key",
        "the column floors.no_such, its unit",
        "texts/rules.toml: edit.floors.no_such",
    ]


def test_nothing_is_said_of_an_aspect_that_is_not_declared() -> None:
    assert {*MEANINGS, *RATES} <= set(ASPECTS)
    said: dict[str, set[str]] = {}
    for key in texts_of("rules"):
        family, _, name = key.partition(".")
        said.setdefault(family, set()).add(name)
    assert said["rule"] == set(RULES) and said["aspect"] == set(ASPECTS)
    assert said["needed"] | said["change"] <= {*ASPECTS, "other"}
    assert {name.removesuffix("_no_row").removesuffix("_year") for name in said["demand"]} <= set(ASPECTS)


def functions_of(theme: ModuleType) -> set[Callable[..., object]]:
    """Return the public functions of a module with one parameter, which a rule is."""
    found = {one for name, one in inspect.getmembers(theme, inspect.isfunction) if not name.startswith("_")}
    own = {one for one in found if one.__module__ == theme.__name__}
    return {one for one in own if len(inspect.signature(one).parameters) == 1}


def test_every_rule_is_registered_where_it_is_written() -> None:
    """A function that no `RULES` names is asked by nobody, and nothing else tells."""
    registered = {
        "evaluation.rules": {one for _, one in (*PROGRAMME_RULES, *SHARED_RULES)},
        "optimizer.rules": {one for _, one in CONSTRAINED},
        # One function makes the rules of references, one for each table.
        "problem.checks": {rule.check for rule in CHECKS if "<locals>" not in rule.check.__qualname__},
    }
    helping = {
        "evaluation.rules": {"common"},
        "optimizer.rules": {"parts", "objectives", "adaptability", "balance", "distance", "lag"},
        "problem.checks": {"checked", "careful"},
    }
    for room, rules in registered.items():
        path = importlib.import_module(f"curriplan.{room}").__path__
        names = {one.name for one in iter_modules(path)} - helping[room]
        themes = [importlib.import_module(f"curriplan.{room}.{name}") for name in sorted(names)]
        assert {one for theme in themes for one in functions_of(theme)} == rules, room
    numbers = {number for number, _ in CONSTRAINED}
    # What partners leave behind is enumerated in tests/instances/test_partners.py.
    assert numbers == {*RULES, "§2"} == {*oracle.RULES, "§16"}


def test_each_rule_has_a_place_of_its_own_in_a_clash() -> None:
    places = {one.order: one.rule for one in ASPECTS.values()}
    assert len(places) == len(RULES)


def test_an_objective_is_complete() -> None:
    """Each is written in several places, of which some fail only once a plan is shown."""
    places = {
        "optimizer/rules/objectives.py": WRITTEN,
        "evaluation/objectives.py": OBJECTIVES,
        "report/provenance.py: STAGE_STYLES": STAGE_STYLES,
        "tests/instances/oracle.py": oracle.OBJECTIVES,
    }
    lacking = {place: set(OBJECTIVE_NAMES).symmetric_difference(known) for place, known in places.items()}
    assert not any(lacking.values()), lacking
    most = {name for name, one in WRITTEN.items() if one.sense < 0}
    assert most == set(MAXIMISED) == set(oracle.MAXIMISED)
    assert {name for name, style in STAGE_STYLES.items() if style == "share"} == set(SHARES)
    assert {name for name, style in STAGE_STYLES.items() if style in ("money", "count")} == set(WHOLE)


def test_rules_are_named_as_far_as_they_go() -> None:
    assert f"§1–§{max(int(rule[1:]) for rule in RULES)}" == ALL_RULES


def test_every_demand_has_its_place_among_what_a_clash_should_name() -> None:
    """A rule that stood in no list once ended in an error."""
    entities = [Entity(one.rule, one.name) for one in ASPECTS.values()]
    assert {one.aspect for one in by_preference(entities)} == set(ASPECTS)
    last = [one.aspect for one in by_preference(entities)][-2:]
    assert last == ["forbidden_modules", "allowed_terms"]


def check(aspect: str, **named: str | None) -> RuleCheck:
    of = ASPECTS[aspect]
    return RuleCheck(of.rule, aspect, named.get("programme"), named.get("subject"), "<=", 1.0, 1.0, of.unit)


def test_a_cap_above_the_sources_is_not_what_limits() -> None:
    """Both have 900 KZT: a cap of 1,000 limits nothing, one of 800 does."""
    catalog = base(
        funding_sources=(FundingSource(id="S"),), funding_budgets=(FundingBudget(source="S", budget_kzt=900),)
    )
    for cap, column in ((1000, None), (800, "budget_kzt")):
        limits = effective_limits(catalog, Settings(budget_kzt=cap))
        at = located(Problem(catalog, limits), check("budget"))
        assert (at and at.column) == column


def test_a_budget_of_a_source_is_the_row_of_its_year() -> None:
    """A row of any year is no limit of a single year, and pays beside the others (§10); learners count."""
    catalog = base(
        funding_sources=(FundingSource(id="S"),),
        funding_budgets=(
            FundingBudget(source="S", budget_kzt=100),
            FundingBudget(source="S", year=2026, budget_kzt=50, per_learner_kzt=2),
        ),
    )
    learners = sum(programme.learners for programme in catalog.programmes)
    limits = effective_limits(catalog)
    values = {}
    for subject in ("S", "S:2026", "S:2027"):
        at = locate(About(catalog, limits, "source_budget", subject=subject))
        values[subject] = at and at.value
    assert values == {"S": 100.0, "S:2026": 50.0 + 2 * learners, "S:2027": None}
    at = locate(About(catalog, limits, "source_budget", subject="S:2026"))
    assert at is not None
    assert [edit.value for edit in at.edits(60.0 + 2 * learners)] == [60]


def test_a_norm_of_nothing_is_dropped() -> None:
    """Diagnosis and explanation change it alike."""
    catalog = base(profile=profile(practice_share_min="0.4"))
    limits = effective_limits(catalog)
    at = locate(About(catalog, limits, "practice_share", "P"))
    assert at is not None and isinstance(at.row, ProfileEntry)
    (zero,), (half,) = at.edits(0.0), at.edits(0.5)
    assert [(one.column, one.value) for one in (zero, half)] == [("value", "off"), ("value", "0.5")]


def test_the_share_that_may_change_is_that_of_the_kind_of_programme() -> None:
    for dual, value in (("no", 0.5), ("yes", 0.8)):
        catalog = base(
            profile=profile(change_share_ordinary="0.5", change_share_dual="0.8"),
            programmes=(Programme(id="P", start="2026-1", terms=2, learners=30, dual=dual),),
        )
        at = locate(About(catalog, effective_limits(catalog), "change_share", "P"))
        assert at is not None and at.value == value
