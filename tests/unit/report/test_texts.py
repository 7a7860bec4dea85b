"""The words of the workbook: complete in three languages, none missing, none unused."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest

from curriplan.catalog.graph import EDGE_KINDS, NODE_KINDS
from curriplan.catalog.records import (
    RECORD_OF_TABLE,
    CostPart,
    FigureUnit,
    Named,
    ResourceCategory,
    Section,
)
from curriplan.catalog.records.policy import ENTRY_BASES, NUMBER_KEYS, OFF, WORD_KEYS
from curriplan.plan.comparison import MEASURES, Change
from curriplan.plan.design import Likeness, ModuleRole
from curriplan.plan.explanation import Obstacle
from curriplan.plan.network import Failed
from curriplan.plan.plan import Decision, Status
from curriplan.plan.retraining import Reason, RouteOutcome
from curriplan.plan.scenarios import MadeFor
from curriplan.problem.declaration import Group
from curriplan.problem.in_force import RESTS_ON
from curriplan.problem.norms import BY_CATALOG, BY_FILE
from curriplan.problem.objectives import OBJECTIVE_NAMES
from curriplan.problem.review import PlanChoice
from curriplan.problem.settings import SETTINGS
from curriplan.report import (
    areas,
    compliance,
    design,
    ministry,
    names,
    provenance,
    signatures,
    summary,
    weeks,
    write,
)
from curriplan.report import curriculum_rows as curriculum
from curriplan.report import labels as sources
from curriplan.report.ministry_rows import SPOKEN
from curriplan.report.network import proof as nation_proof
from curriplan.report.network import summary as nation_summary
from curriplan.report.network import write as nation
from curriplan.report.verbs import Verb
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words, texts_of

KEYS = sorted(texts_of("report"))
ENTRIES = {**texts_of("report"), **texts_of("rules")}
PACKAGE = Path(str(files("curriplan")))
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for room in ("catalog", "report", "texts", "xlsx")
    for path in sorted((PACKAGE / room).rglob("*.py"))
    if path.name != "diagnosis.py"  # its words have a file of their own
).replace("'", '"')
UNITS = ("credits", "h", "share", "KZT", "level", "modules", "learners", "changes", "breaches")

FAMILIES = {
    "recorded": {
        "adaptability",
        "catalog",
        "challenges",
        "closure_alone",
        "outlook_best",
        "outlooks",
        "risk",
        "cost_at_best_closure_at_most_kzt",
        "cost_at_best_closure_kzt",
        "equity",
        "figures",
        "filling",
        "intakes",
        "frontier",
        "lag",
        "gaps",
        "keep_within",
        "max_changes",
        "measures",
        "modules",
        "norm_overrides",
        "objectives",
        "overrides",
        "partners",
        "payments",
        "replanning",
        "reviewed_file",
        "stability",
        "stages",
        "status",
        "taught_until",
        "tool",
        "uses",
        "versions",
        "warnings",
    },
    "design_role": set(ModuleRole),
    "design_alike": set(Likeness),
    **{f"design_{name}": set(design.SHEETS) for name in ("sheet", "title", "how")},
    "design_figure": set(design.FIGURE_NAMES),
    "design_remark": set(design.FIGURE_NAMES),
    "nation_sheet": {"summary", *nation.SHEETS},
    "nation_title": {"summary", *nation.SHEETS},
    "nation_how": set(nation.SHEETS),
    "nation_link": set(nation.SHEETS),
    "nation_failed": {*Failed, "none"},
    "nation_advice": {*Failed, "none"},
    "nation_stage": {"read", "alone", "offered", "priced", "joint", "whole"},
    "nation_round": set(nation_proof.KINDS),
    "nation_stopped": {"rounds", "exhausted"},
    "nation_signing": set(nation_summary.SIGNING),
    "retrain_outcome": {*RouteOutcome, "not_safer"},
    "retrain_why": set(Reason),
    "answer": {
        *ministry.QUESTIONS,
        "intakes_none",
        "posts_none",
        "posts_unknown",
        "rooms_none",
        "codes_shared",
    },
    "unanswered": {"no_link", "nobody_asks", "no_module", "not_taken", "elsewhere", "core_open"},
    "arithmetic": set(compliance.ARITHMETIC),
    "area": set(areas.KNOWN_AREAS),
    "assessment": set(curriculum.KNOWN_ASSESSMENTS),
    "assessment_at": {"differentiated_pass", "control_work", "course_project"},
    "assumption": set(provenance.ASSUMPTIONS),
    "challenge": {"1", "2", "3", "4", "5", "6"},
    "challenge_practice": {"hours", "share"},
    "figure_unit": set(FigureUnit),
    "code_fault": {"qualification", "specialty", "digits", "shared"},
    "asked": {
        *("councils", "councils_intakes", "added", "moved", "dropped"),
        *("director", "director_limited", "director_free", "ministry"),
        *("director_allotted", "director_partly"),
        *("later_intakes", "later_intakes_all", "later_intakes_allotted"),
        *("promised", "promised_left", "promised_lacking"),
    },
    "intake": {"1", "2"},
    "later_intakes": {"director", "ministry", "partners", "all", "then", "from_then_on"},
    "cost_part": set(CostPart),
    "deciding": set(summary.DECIDING),
    "gain": {
        "closure",
        "closure_running",
        "closure_new",
        "occupations",
        "essentials",
        "learners",
        "credits",
        "practice",
        "doors",
        "lag",
    },
    "counted": {"asked", "previous", "promised"},
    "change": set(Obstacle) - {Obstacle.BREAKS_RULES},
    "in_force": {
        *("is", "is_not", "profile", "own", "changed", *RESTS_ON),
        *(f"no_{name}" for name in RESTS_ON),
    }
    - {"norms", "credits"},
    "decision": {*Decision, "fixed", curriculum.CONTINUED},
    "fault": {"hours", "headers", "assessment"},
    "frontier_status": {*Status, "infeasible", "no_plan"},
    "edge_kind": set(EDGE_KINDS),
    "entry_base": ENTRY_BASES,
    "guide": {"back", "inputs", "locked", "review", "signed", "sorted"},
    "left_out": set(Obstacle),
    "named": set(names.NAMES),
    "named_table": {name for name, row in RECORD_OF_TABLE.items() if issubclass(row, Named)},
    "node_kind": set(NODE_KINDS),
    "norm_key": {*NUMBER_KEYS, *WORD_KEYS, "total_credits"},
    "norm_by": {BY_CATALOG, BY_FILE, "own_profile", "run"},
    "norm_value": {OFF, *(value for values in WORD_KEYS.values() for value in values if "+" not in value)},
    "link": {one.name for one in fields(write._Tabs)} - {"summary", "curricula", "decisions"},
    "made_for": set(MadeFor),
    "measure": {*MEASURES, "occupations_not_met"},
    "owner_text": set(sources.OWNERS),
    "compare_note": {"names_missing", "not_proven", "other_catalog"},
    "partner_change": {"falls", "returns", "site"},
    "partner_status": {"unused", "kept", "optimal", "feasible", "shown", "no_plan", "unknown"},
    "coalition_status": {"optimal", "feasible", "no_plan", "unknown"},
    "plan_change": set(Change),
    "plan_status": set(Status),
    "provenance": {"catalog", "version", "source", "sha256", "tool", "status", "given_sha256", "national"},
    "question": set(ministry.QUESTIONS),
    "resource": set(ResourceCategory),
    "setting": {one.name for one in SETTINGS if one.group is not Group.OBJECTIVES}
    | {"closure_alone", "objectives", "outlook_best"},
    "review_choice": {*Verb, *PlanChoice},
    "section": set(Section),
    "section_short": set(Section),
    "semester": {"1", "2", "every_1", "every_2"},
    "signature_of": set(signatures.ROLES),
    "source_text": set(sources.SOURCE_TEXTS),
    "stay": {*OBJECTIVE_NAMES, "changes"},
    "taught_in": set(SPOKEN.values()),
    "unit": set(UNITS),
    "week_letter": set(weeks.PARTS.values()),
    "unit_after": set(UNITS) - {"KZT", "level", "breaches"},
}
"""Words whose key is put together in the code: each family must be exactly this."""

COMPARED = ("modules", "levels", "amounts", "limits")
OF_PARTNERS = ("modules", "money", "challenges", "rules")
NAMED_SHEETS = {
    f"{family}.{kind}_{name}": f"{kind}_{name}"
    for family in ("sheet", "title", "how")
    for kind, names in (("compare", COMPARED), ("partner", OF_PARTNERS))
    for name in names
} | {f"{family}.{name}": name for family in ("sheet", "title", "how") for name in ("shares", "coalitions")}
"""Words of the sheets of a comparison and of partners: the code has the sheet's name, the keys follow."""


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_each_text_stands_in_three_languages_with_the_same_placeholders(key: str) -> None:
    entry = ENTRIES[key]
    assert set(entry) == set(LANGUAGES)
    assert all(text.strip() for text in entry.values())
    wanted = set(placeholders(entry["en"]))
    assert {code: set(placeholders(text)) for code, text in entry.items()} == dict.fromkeys(entry, wanted)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_each_family_of_texts_is_complete_and_has_nothing_else(family: str) -> None:
    found = {key.removeprefix(f"{family}.") for key in KEYS if key.startswith(f"{family}.")}
    assert found == {str(name) for name in FAMILIES[family]}


def test_each_text_is_used() -> None:
    single = [key for key in KEYS if key.split(".")[0] not in FAMILIES]
    unused = [key for key in single if f'"{NAMED_SHEETS.get(key, key)}"' not in SOURCE]
    assert not unused
    assert len(single) > 100


def test_each_family_is_used() -> None:
    unused = [
        name for name in FAMILIES if not re.search(rf'["\']{name}\.(\{{|["\'] ?\+)|f"\{{family\}}\.', SOURCE)
    ]
    assert not unused


def test_each_text_that_the_code_names_is_there() -> None:
    sections = {key.split(".")[0] for key in KEYS}
    named = set(re.findall(r'"((?:' + "|".join(sections) + r')\.[a-z_0-9]+)"', SOURCE))
    assert named <= set(KEYS)
    assert len(named) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_formulas_compare_differ(language: str) -> None:
    """Sums and counts choose rows by these words: two alike would be counted together."""
    texts = Words(language)
    for family, members in (
        ("section_short", list(Section)),
        ("decision", [*Decision, "fixed", curriculum.CONTINUED]),
        ("cost_part", list(CostPart)),
        ("status", ["holds", "broken", "unknown"]),
        ("sign", ["good", "bad"]),
    ):
        words = [texts(f"{family}.{name}").casefold() for name in members]
        assert len(set(words)) == len(words)
        assert not any(character in word for word in words for character in '*?~<>="')


@pytest.mark.parametrize("language", LANGUAGES)
def test_statuses_begin_with_the_sign_that_is_coloured(language: str) -> None:
    texts = Words(language)
    assert all(texts(f"status.{key}").startswith(texts("sign.good")) for key in ("holds", "met"))
    assert all(texts(f"status.{key}").startswith(texts("sign.bad")) for key in ("broken", "unmet"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheet_names_are_legal(language: str) -> None:
    names = [Words(language)(key) for key in KEYS if key.startswith("sheet.")]
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_kazakh_is_kazakh_and_russian_is_russian() -> None:
    """Nobody left an English text in another language, or a Kazakh letter in a Russian text."""
    latin = {"card", "sentence", "how", "title", "assumption", "why", "rule", "aspect", "demand", "edit"}
    for key, entry in ENTRIES.items():
        assert not set(entry["ru"].casefold()) & set("әғқңөұүһі"), key
        if key.split(".")[0] in latin:
            assert re.search("[а-яәғқңөұүһі]", entry["kk"]), key
            assert re.search("[а-я]", entry["ru"]), key
        assert not re.search("[а-яәғқңөұүһі]", entry["en"].casefold()), key


def test_an_unknown_language_or_key_is_a_bug() -> None:
    with pytest.raises(ValueError, match="de"):
        Words("de")
    with pytest.raises(KeyError):
        Words("en")("no.such.key")


def test_a_state_form_is_headed_in_kazakh_and_russian_and_says_what_is_the_same_once() -> None:
    said = {language: Words(language).in_form("column.competency") for language in LANGUAGES}
    assert said == {
        "kk": "Құзырет · Компетенция",
        "ru": "Компетенция · Құзырет",
        "en": "Competency · Құзырет · Компетенция",
    }
    assert Words("ru").in_form("column.index") == "Индекс"


AT_A_TERMINAL = {
    *("explain.do_clash", "explain.do_more_time", "explain.not_known"),
    "catalog_book.next",
    "recorded.risk",
}
"""Texts that only planners read: those of `explain`, of an empty catalog, of `verify` on a terminal; and what
a ministry passes on to a college.
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sheet_names_an_option_or_a_command(language: str) -> None:
    """Who reads a workbook has no terminal."""
    texts = Words(language)
    named = {key for key in KEYS if re.search(r"--[a-z]|curriplan [a-z]", texts.template(key))}
    assert named == AT_A_TERMINAL
