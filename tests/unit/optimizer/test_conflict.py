"""The search for a clash and for repairs: order, stopping early, and the words for all of it."""

from __future__ import annotations

import importlib
import json
import string
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pulp
import pytest
from jsonschema import Draft202012Validator
from pulp.apis import coin_api

from curriplan.catalog.records import (
    CostPart,
    FundingBudget,
    FundingSource,
    ModuleRequisite,
    ModuleResource,
    ProfileEntry,
    Programme,
    ProgrammeTerm,
    Resource,
    ResourceCapacity,
)
from curriplan.optimizer.diagnose.clash import FoundClash, find_clash
from curriplan.optimizer.diagnose.diagnose import diagnose
from curriplan.optimizer.diagnose.feasibility import Amount, Answer, Feasibility
from curriplan.optimizer.diagnose.kinds import in_order
from curriplan.optimizer.diagnose.levers import MovableNumber
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.model.variables import Entity, PlanModel
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.diagnosis import Repair, RuleDemand
from curriplan.problem.concessions import Concession, Given
from curriplan.problem.edits import Edit, added_row, apply_edits, edit_of
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from curriplan.report.diagnosis import Sentences, diagnosis_lines, diagnosis_to_data
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import texts_of
from formulation.instances import base, module, of_programme, profile

diagnose_module = importlib.import_module("curriplan.optimizer.diagnose.diagnose")
"""The module of that name: its package offers the function under the same name."""


LONG_S = 600.0
"""More than anything here takes: on a busy machine, too, no answer hangs on the time."""


class Scripted:
    """Answers as if exactly the supersets of some sets clashed; knows no proofs."""

    def __init__(self, *clashes: str, deadline: float = LONG_S, unknown: int = 0) -> None:
        self.clashes = [frozenset(clash) for clash in clashes]
        self.watch = Watch(time.monotonic() + deadline)
        self.questions = 0
        self.unknown = unknown

    def ask(self, entities: Iterable[Entity]) -> Answer:
        self.questions += 1
        if self.questions == self.unknown:
            return Answer(None)
        names = {entity.aspect for entity in entities}
        return Answer(not any(clash <= names for clash in self.clashes))


class Proving(Scripted):
    """The same, naming the demands of the last clash that fits as a proof."""

    def ask(self, entities: Iterable[Entity]) -> Answer:
        answer = super().ask(entities := list(entities))
        names = {entity.aspect for entity in entities}
        found = [clash for clash in self.clashes if clash <= names]
        if answer.feasible is False and found:
            return Answer(False, core=frozenset(e for e in entities if e.aspect in found[-1]))
        return answer


def demands(names: str) -> Sequence[Entity]:
    return [Entity("§6", name) for name in names]


def clash_in(feasibility: Any, names: str) -> tuple[str, bool] | None:
    found = find_clash(feasibility, demands(names))
    return None if found is None else ("".join(sorted(e.aspect for e in found.entities)), found.is_minimal)


@pytest.mark.parametrize("kind", [Scripted, Proving])
@pytest.mark.parametrize(
    ("clashes", "found"),
    [
        (["abc"], "abc"),
        (["z"], "z"),
        (["agtz"], "agtz"),
        (["az", "bc"], "bc"),  # all of bc stands before z
        (["", "ab"], ""),  # even nothing is too much
    ],
)
def test_a_clash_is_irreducible(kind: type[Scripted], clashes: list[str], found: str) -> None:
    result = clash_in(kind(*clashes), string.ascii_lowercase)
    assert result is not None
    if kind is Scripted:
        assert result == (found, True)
    else:  # a proof may name another clash
        assert result[0] in map("".join, map(sorted, clashes)) and result[1]


def test_no_clash_where_all_can_be_met() -> None:
    assert clash_in(Scripted("ab"), "acdefg") is None


def test_few_questions() -> None:
    """Four members among 200: 4 halvings of 200 (8 questions each), and a few more."""
    feasibility = Scripted("agtz")
    many = [*demands(string.ascii_lowercase), *(Entity("§9", f"x{n}") for n in range(174))]
    assert find_clash(feasibility, many) is not None  # type: ignore[arg-type]
    assert feasibility.questions <= 4 * 8 + 8


def test_without_time_the_clash_is_marked() -> None:
    assert clash_in(Scripted("ac", deadline=0.0), "abcd") == ("abcd", False)


def test_after_ctrl_c_the_clash_is_marked() -> None:
    feasibility = Scripted("ac")
    feasibility.watch.interrupt.pressed = True
    assert clash_in(feasibility, "abcd") == ("abcd", False)


def test_a_question_without_answer_marks_the_clash() -> None:
    found = clash_in(Scripted("ac", unknown=3), "abcd")
    assert found is not None
    assert set("ac") <= set(found[0]) and not found[1]


def test_questions_are_asked_with_the_presolve_of_every_other_solve() -> None:
    """With the rule of presolve that we switch off, HiGHS calls this model infeasible (see test_presolve)."""
    _, lp = pulp.LpProblem.fromMPS(str(Path(__file__).parent / "presolve" / "split_feasible.mps"))
    model = PlanModel(PlanningProblem(Problem.of(base())), lp)
    assert Feasibility(model, Watch(time.monotonic() + LONG_S)).ask([]).feasible is True


def drawn_model(seed: int) -> tuple[PlanModel, dict[Entity, pulp.LpConstraint]]:
    """Twelve demands on five numbers from 0 to 1, most of which clash; with their rows."""
    rng = Random(seed)
    lp = pulp.LpProblem("drawn", pulp.LpMinimize)
    numbers = [lp.add_variable(f"v{place}", 0, 1) for place in range(5)]
    model = PlanModel(PlanningProblem(Problem.of(base())), lp)
    for name in "abcdefghijkl":
        parts = [(number, float(rng.randrange(-2, 3))) for number in rng.sample(numbers, 3)]
        limit = rng.randrange(-3, 3) + 0.5
        model.require("§6", parts, rng.choice(["<=", ">=", "="]), limit, entity=Entity("§6", name))
    rows = {row.name: row for row in lp.constraints()}
    return model, {entity: rows[name] for name, entity in model.entities.items()}


@pytest.mark.parametrize("is_certain", [True, False])
def test_the_demands_of_a_proof_clash(monkeypatch: pytest.MonkeyPatch, is_certain: bool) -> None:
    """By the word of CBC; also where what gives way the least names too few of them."""
    if not is_certain:
        monkeypatch.setattr(Feasibility, "_giving_way", lambda *_: frozenset())
    clashing = smaller = 0
    for seed in range(15):
        model, rows = drawn_model(seed)
        asked = list(rows)[: 12 if seed % 2 else 1]
        core = Feasibility(model, Watch(time.monotonic() + LONG_S)).ask(asked).core
        other = pulp.LpProblem("other", pulp.LpMinimize)
        for entity in asked if core is None else core:
            other.addConstraint(rows[entity].copy())
        other.solve(pulp.COIN_CMD(path=str(coin_api.pulp_cbc_path), msg=False))
        wanted = pulp.LpStatusOptimal if core is None else pulp.LpStatusInfeasible
        assert other.status == wanted, f"seed {seed}"
        clashing += core is not None
        smaller += core is not None and len(core) < len(asked)
    assert 8 <= clashing < 15
    assert smaller >= 6


def test_numbers_are_rounded_to_the_safe_side() -> None:
    def edits(_: float) -> tuple[Edit, ...]:
        return ()

    raised, lowered = MovableNumber(30, True, 0.5, edits), MovableNumber(0.9, False, 0.001, edits)
    assert raised.moved(3.2) == 33.5
    assert raised.moved(3.5 + 1e-8) == 33.5  # solver dust
    assert lowered.moved(0.2345) == 0.665
    assert raised.change(33) == pytest.approx(0.1)


def test_a_diagnosis_without_time_says_so() -> None:
    """Two modules must be taken, for 4 credits of 1.5: no time is left to look for repairs."""
    catalog = base(
        programmes=(base().programmes[0].model_copy(update={"max_credits": 1.5}),),
        programme_modules=of_programme(("A", {"status": "mandatory"}), ("B", {"status": "mandatory"})),
    )
    found = diagnose(Problem.of(catalog), 0.0)
    assert found is None or not found.is_complete
    full = diagnose(Problem.of(catalog), 60.0)
    assert full is not None and full.is_complete and full.repairs
    again = diagnose(Problem.of(catalog), 60.0)
    assert full == again


# --- edits


def test_a_row_is_put_in_and_taken_out() -> None:
    row = ResourceCapacity(resource="L", semester="2026-1", hours=5)
    catalog, _ = apply_edits(base(), Settings(), [added_row(row)])
    assert catalog.resource_capacity == (row,)
    catalog, _ = apply_edits(catalog, Settings(), [edit_of(row, None)])
    assert catalog.resource_capacity == ()


def test_a_profile_of_its_own_is_edited_instead_of_the_catalog() -> None:
    own = (ProfileEntry(key="group_size", value="20"),)
    edit = edit_of(own[0], "value", "30")
    catalog, settings = apply_edits(base(), Settings(profile=own), [edit])
    assert settings.profile is not None and settings.profile[0].value == "30"
    assert catalog.profile == base().profile


def test_an_edited_row_forgets_what_followed_from_the_old_value() -> None:
    module = base().modules[0]
    assert module.term_weights == (1.0,)  # worked out, and kept
    catalog, _ = apply_edits(base(modules=(module,)), Settings(), [edit_of(module, "span_terms", 2)])
    assert catalog.modules[0].term_weights == (0.5, 0.5)


# --- words


def test_every_demand_has_words_in_every_language() -> None:
    for key, entry in {**texts_of("diagnosis"), **texts_of("rules")}.items():
        assert set(entry) == set(LANGUAGES), key
        fields = {
            language: sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for language, text in entry.items()
        }
        assert fields["kk"] == fields["ru"] == fields["en"], key


def test_demands_and_changes_in_the_planners_words() -> None:
    catalog = base(
        programmes=(base().programmes[0].model_copy(update={"name_en": "Accounting", "name_ru": "Учёт"}),),
        module_requisites=(ModuleRequisite(module="B", requires="A"),),
    )
    english, russian, kazakh = (Sentences(catalog, language) for language in ("en", "ru", "kk"))
    values = {"programme": "P", "term": 2, "limit": 30.5}
    demand = RuleDemand("§6", "term_credits_max", "P", "2", None, 30.5, "credits", values)
    assert english.demand(demand) == "P “Accounting”, semester 2: at most 30.5 credits."
    assert russian.demand(demand) == "P «Учёт», 2-й семестр: кредитов не больше 30,5."
    assert kazakh.demand(demand) == "P «Учёт», 2-семестр: ең көбі 30,5 кредит."
    needs = RuleDemand(
        "§4", "prerequisites", "P", values={"programme": "P", "module": "B", "modules": ("A", "C")}
    )
    assert english.demand(needs) == "P “Accounting”: module B comes only after A or C."
    hours = Edit("resource_capacity", ("L", "*-1"), "hours", 1200.5, 1000.0, "h")
    assert english.edit(hours) == "L, every autumn (*-1): raise the hours: 1\xa0000 → 1\xa0200.5."
    share = Edit("settings", (), "practice_share", 0.554, 0.9, "share")
    assert russian.edit(share).endswith("(--practice-share): 90 % → 55,4 %.")
    spring = Edit("settings", (), "taught_until", None, "2026-2")
    assert english.edit(spring).endswith("spring 2027 (2026-2) → none.")
    norm = Edit("profile", ("weekly_hours",), "value", "37.5", "36")  # values of norms are texts
    assert "36 → 37,5" in russian.edit(norm) and "36 → 37.5" in english.edit(norm)
    assert russian.own_norm(norm) == (
        "как: добавьте в таблицу «Профиль регулирования» (profile) каталога строку: «Ключ» (key) – "
        "weekly_hours, «Значение» (value) – 37,5, «Источник» (source) – документ"
    )


def test_money_in_the_wrong_year_is_named_with_its_row() -> None:
    """Only 2035 has money: the row is no budget of 2026, and what is proposed moves or adds one."""
    catalog = base(
        modules=tuple(row.model_copy(update={"cost_per_group_kzt": 1500}) for row in base().modules),
        programme_modules=of_programme(("A", {"status": "mandatory", "pinned_term": 1})),
        funding_sources=(FundingSource(id="S"),),
        funding_budgets=(FundingBudget(source="S", year=2035, budget_kzt=5000),),
    )
    found = diagnose(Problem.of(catalog), 60.0)
    assert found is not None
    text = " ".join(" ".join(diagnosis_lines(found, "en")).split())
    assert (
        "S gives nothing in 2026: the table “Budgets of sources” has no row of it for that year, only for"
        in text
    )
    assert "where: funding_budgets: S/2035 (year)" in text
    assert "S, 2026: give 3 000 KZT (a new row in the table “Budgets of sources”)." in text
    assert "S: move the budget of 2035 to 2026." in text


def dear_catalog() -> tuple[Problem, int]:
    """A must be taken, for 3000 KZT of 100; twenty forbidden modules beside it."""
    others = tuple(
        row.model_copy(update={"id": f"M{n}", "cost_per_group_kzt": 0})
        for n in range(20)
        for row in base().modules[:1]
    )
    catalog = base(
        modules=(*(row.model_copy(update={"cost_per_group_kzt": 1500}) for row in base().modules), *others),
        programme_modules=of_programme(
            ("A", {"status": "mandatory"}), *((row.id, {"status": "forbidden"}) for row in others)
        ),
    )
    return Problem.of(catalog, Settings(budget_kzt=100)), 3000


def unreduced(feasibility: Feasibility, candidates: Sequence[Entity]) -> FoundClash:
    """Stand in for a search for a clash whose time ran out at once."""
    return FoundClash(tuple(candidates), is_minimal=False)


def test_a_setting_that_suffices_is_proposed_whatever_becomes_of_the_clash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, least_kzt = dear_catalog()
    monkeypatch.setattr(diagnose_module, "find_clash", unreduced)
    found = diagnose(problem, 60.0)
    assert found is not None and not found.is_complete and not found.is_stopped
    assert [[(edit.column, edit.value) for edit in row.edits] for row in found.repairs] == [
        [("budget_kzt", least_kzt)]
    ]
    # What was asked of this run stands first, the standing of modules last.
    assert found.clashes[0].demands[0].aspect == "budget"
    lines = diagnosis_lines(found, "en")
    assert sum(line.startswith("  - ") for line in lines) <= 16
    assert any(line.endswith("more, not reduced in time") for line in lines)


def test_a_diagnosis_that_was_stopped_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(feasibility: Feasibility, candidates: Sequence[Entity]) -> FoundClash | None:
        feasibility.watch.interrupt.pressed = True
        return find_clash(feasibility, candidates)

    problem, _ = dear_catalog()
    monkeypatch.setattr(diagnose_module, "find_clash", stopped)
    found = diagnose(problem, 60.0)
    assert found is not None and found.is_stopped and not found.is_complete
    text = "\n".join(diagnosis_lines(found, "en"))
    assert "Stopped by Ctrl-C" in text and "ran out" not in text and "in time" not in text
    data = diagnosis_to_data(found, "curriplan 0")
    assert (data["stopped"], data["complete"]) == (True, False)


def test_a_share_that_is_not_proven_the_best_is_proposed_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = base(
        programme_modules=of_programme(("A", {"status": "mandatory"})),
        profile=profile(practice_share_min="0.9"),
    )
    problem = Problem.of(catalog)
    proven = diagnose(problem, 60.0)
    assert proven is not None and proven.is_complete
    ask = Feasibility.least_slack

    def unproven(feasibility: Feasibility, entities: Iterable[Entity], amounts: Sequence[Amount]) -> Answer:
        return replace(ask(feasibility, entities, amounts), is_least=not amounts)

    monkeypatch.setattr(Feasibility, "least_slack", unproven)
    found = diagnose(problem, 60.0)
    assert found is not None and not found.is_complete
    assert [row.edits for row in found.repairs] == [row.edits for row in proven.repairs]
    assert [row.is_least for row in found.repairs] == [True, False]
    assert all(row.is_least for row in proven.repairs)
    assert found.repairs[-1].edits[0].value == "0.5"
    assert "A smaller change may do as well" in " ".join(diagnosis_lines(found, "en"))


def test_a_norm_gives_way_last_and_is_called_one() -> None:
    """A has no practice at all, B half: 36 of 120 h, so a share of 0.4 cannot be kept with A in the plan."""
    catalog = base(
        modules=(module("A", theory_hours=48, laboratory_practical_hours=0), module("B", 3)),
        profile=profile(practice_share_min="0.4"),
        programme_modules=of_programme(("A", {"status": "mandatory"}), ("B", {"status": "candidate"})),
    )
    for settings in (Settings(), Settings(practice_share=0.45)):
        found = diagnose(Problem.of(catalog, settings), time_limit_s=LONG_S)
        assert found is not None
        given = [[(one.given, one.key, one.norm) for one in repair.concessions] for repair in found.repairs]
        # Without A the plan may be empty; with A and B the share goes down to 0.3, below the norm of 0.4.
        norm = [(Given.NORM, "practice_share_min", "0.4")]
        assert norm in given
        assert given.index(norm) == len(given) - 1
        assert [(Given.MANDATORY, None, None)] in given[:-1]
        lines = " ".join(" ".join(diagnosis_lines(found, "en")).split())
        assert "This is a norm (the catalog's own profile)" in lines
        assert "The college declared this module mandatory" in lines


def test_several_changes_stand_before_a_norm_that_would_suffice_alone() -> None:
    """4 credits in each of two terms that hold 2, and a norm of 8: both terms give way, or the norm does."""
    programme = Programme(
        id="P", start="2026-1", terms=2, learners=30, qualification="4S06120102", entry_base="grade9"
    )
    catalog = base(
        modules=(module("A", 4), module("B", 4)),
        module_outcomes=(),
        programmes=(programme,),
        profile=profile(total_credits_4S_grade9="8"),
        programme_terms=tuple(ProgrammeTerm(programme="P", term=term, max_credits=2) for term in (1, 2)),
        programme_modules=of_programme(
            ("A", {"status": "candidate", "allowed_terms": "1"}),
            ("B", {"status": "candidate", "allowed_terms": "2"}),
        ),
    )
    found = diagnose(Problem.of(catalog), time_limit_s=LONG_S)
    assert found is not None and found.is_complete
    *several, norm = found.repairs
    assert several and all(len(one.edits) > 1 and not one.concessions for one in several)
    both = [("programme_terms", ("P", term), 4.0) for term in "12"]
    assert both in [[(edit.table, edit.key, edit.value) for edit in one.edits] for one in several]
    # Without a plan of any credits the norm would have to go: it is dropped by a word, not by its row.
    assert [(edit.column, edit.value) for edit in norm.edits] == [("value", "off")]
    assert [one.given for one in norm.concessions] == [Given.NORM]


def rooms_of_autumn(modules: str, rooms: Sequence[str], hours: float) -> Problem:
    """Modules of 3 credits, each with 36 h in each room, must be taken in term 1, an autumn.

    30 learners are 3 sub-groups of 13: 108 h a module and room, of so many hours. Each spring has 1000.
    """
    must = {"status": "mandatory", "allowed_terms": "1"}
    return Problem.of(
        base(
            modules=tuple(module(name, 3) for name in modules),
            module_outcomes=(),
            resources=tuple(Resource(id=name, kind=name.lower(), category="laboratory") for name in rooms),
            module_resources=tuple(
                ModuleResource(module=name, resource_kind=room.lower(), hours_kind="laboratory_practical")
                for name in modules
                for room in rooms
            ),
            resource_capacity=tuple(
                ResourceCapacity(resource=room, semester=f"*-{half}", hours=given)
                for room in rooms
                for half, given in ((1, hours), (2, 1000))
            ),
            programme_modules=of_programme(*((name, must) for name in modules)),
        )
    )


def test_a_repair_of_every_kind_that_works_is_named() -> None:
    # 216 h of 150: the room gives way, or a module goes to spring, or one is not mandatory any more: that
    # is the fourth, behind two moves, but the first of its kind.
    found = diagnose(rooms_of_autumn("AB", ["LAB"], 150), time_limit_s=LONG_S)
    assert found is not None and found.is_complete
    changes = [[(edit.column, edit.value) for edit in one.edits] for one in found.repairs]
    moved = [("allowed_terms", (1, 2))]
    assert changes == [[("hours", 216.0)], moved, moved, [("status", "candidate")]]
    assert [bool(one.concessions) for one in found.repairs] == [False, False, False, True]


def test_what_several_changes_of_one_kind_do_is_named_beside_single_ones() -> None:
    # A needs 108 h of 100 in both rooms: neither is enough alone, both together are; so is one move.
    found = diagnose(rooms_of_autumn("A", ["LAB", "HALL"], 100), time_limit_s=LONG_S)
    assert found is not None and found.is_complete
    changes = [[(edit.key, edit.value) for edit in one.edits] for one in found.repairs]
    both = [(("HALL", "*-1"), 108.0), (("LAB", "*-1"), 108.0)]
    assert both in [sorted(one) for one in changes]
    assert [(("P", "A"), (1, 2))] in changes


def test_no_repair_contains_another() -> None:
    one, other, third = (edit_of(row, "hours", 9) for row in (capacity_of(name) for name in "ABC"))
    norm = Repair((third,), concessions=(Concession(Given.NORM, "weekly_hours"),))
    both, alone = Repair((one, other)), Repair((other,))
    # The larger one asks for more than must be; what gives up a norm stands last.
    assert in_order([norm, both, alone]) == (alone, norm)
    assert in_order([both, norm]) == (both, norm)


def capacity_of(name: str) -> ResourceCapacity:
    return ResourceCapacity(resource=name, semester="*-1", hours=1)


def test_the_parts_of_a_cost_have_words_in_every_language() -> None:
    values = {"source": "S", "module": "A", "part": "setup"}
    demand = RuleDemand(
        "§10", "funding_share", None, "S:A:setup", None, 0.3, "share", {**values, "limit": 0.3}
    )
    for language, word in (("kk", "бір жолғы"), ("ru", "разовые"), ("en", "set-up")):
        text = Sentences(base(), language).demand(demand)
        assert word in text and "setup" not in text
    for part in CostPart:
        assert set(texts_of("diagnosis")[f"word.{part}"]) == set(LANGUAGES)


def test_large_budgets_are_raised_by_no_more_than_they_must() -> None:
    """A or B will do, for 50 or 45 million: a tenge is a tiny share of either, and still counts."""
    dear, cheap = (
        row.model_copy(update={"cost_per_group_kzt": kzt, "credits": 3.0})
        for row, kzt in zip(base().modules, (25_000_000, 22_500_000), strict=True)
    )
    catalog = base(
        modules=(dear, cheap),
        module_outcomes=(),
        programmes=(base().programmes[0].model_copy(update={"min_credits": 3.0}),),
    )
    settings = Settings(budget_kzt=44_999_999)
    found = diagnose(Problem.of(catalog, settings), 60.0)
    assert found is not None and found.is_complete
    assert [edit.value for edit in found.repairs[0].edits] == [45_000_000]


def test_the_file_follows_its_schema() -> None:
    catalog = base(
        programme_modules=of_programme(("A", {"status": "mandatory"})),
        profile=profile(practice_share_min="0.9"),
    )
    found = diagnose(Problem.of(catalog), 60.0)
    assert found is not None
    data = json.loads(json.dumps(diagnosis_to_data(found, "curriplan 0")))
    schema = json.loads(files("curriplan").joinpath("schemas/diagnosis-1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(data)
    assert [demand["aspect"] for demand in data["clashes"][0]["demands"]] == [
        "mandatory_modules",
        "practice_share",
    ]
    assert data["repairs"][0]["edits"][0]["value"] == "candidate"
    assert "These demands cannot be met together:" in diagnosis_lines(found, "en")
