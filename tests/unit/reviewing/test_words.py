"""Decisions, semesters and headers as people type them, in three languages."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriplan.api.review import words
from curriplan.catalog.records import Programme, Standing
from curriplan.plan.plan import Decision
from curriplan.problem.review import Choice, PlanChoice
from curriplan.report.verbs import ASKED, LEFT_OUT, MEANINGS, Verb, offered_verbs
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import read_texts, texts_of

PROGRAMME = Programme(id="P", start="2026-1", terms=6, learners=10)
ENTRIES = texts_of("report")
FURTHER = read_texts("understood")["review"]
PROPOSALS = (*(one.value for one in Decision), LEFT_OUT, ASKED)


def written(word: str, case: str, gap: str, form: str) -> str:
    """A word as somebody typed it: its letters, its gaps, the code points of its letters."""
    cased = {"lower": word.lower(), "upper": word.upper(), "title": word.title()}[case]
    return unicodedata.normalize(form, f"{gap}{cased}{gap}".replace(" ", gap or " "))  # type: ignore[arg-type]


WRITTEN = {
    "case": st.sampled_from(["lower", "upper", "title"]),
    "gap": st.text(" \t\n\u00a0\u2009\u3000", max_size=3),
    "form": st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
}


@given(st.sampled_from(PROPOSALS), st.sampled_from(list(Verb)), st.sampled_from(LANGUAGES), st.data())
def test_what_a_row_offers_is_understood_there(
    proposal: str, verb: Verb, language: str, data: st.DataObject
) -> None:
    """However it is typed: in any case, with any gaps, of letters put together or apart."""
    text = written(
        ENTRIES[f"review_choice.{verb}"][language], **{k: data.draw(v) for k, v in WRITTEN.items()}
    )
    found = words.choice_of(text, proposal)
    assert found is MEANINGS[proposal].get(verb)
    if verb in offered_verbs(proposal):
        assert found is not None


@given(st.sampled_from(list(PlanChoice)), st.sampled_from(LANGUAGES), st.data())
def test_what_the_row_of_the_plan_offers_is_understood(
    choice: PlanChoice, language: str, data: st.DataObject
) -> None:
    text = written(
        ENTRIES[f"review_choice.{choice}"][language], **{k: data.draw(v) for k, v in WRITTEN.items()}
    )
    assert words.plan_choice_of(text) is choice


@given(st.text())
def test_any_text_means_one_thing_at_most(text: str) -> None:
    for proposal in PROPOSALS:
        assert words.choice_of(text, proposal) in (None, *Choice)
    assert words.plan_choice_of(text) in (None, *PlanChoice)


@pytest.mark.parametrize(
    ("typed", "proposal", "choice"),
    [
        ("кабылдау", "kept", Choice.ACCEPT),  # no Kazakh keyboard
        ("ҚАБЫЛДАМАЙМЫН", "kept", Choice.REJECT),
        ("Отклонён", "kept", Choice.REJECT),
        ("отклонен", "kept", Choice.REJECT),
        ("аccept", "kept", Choice.ACCEPT),  # the first letter is Cyrillic
        ("шығару", "kept", Choice.REJECT),
        ("шыгару", "added", Choice.REJECT),
        ("алып тастау", "moved", Choice.REJECT),
        ("шығару", "dropped", Choice.ACCEPT),  # as proposed
        ("оставить", "dropped", Choice.REJECT),
        ("оставить", "kept", Choice.ACCEPT),
        ("сақтау", "moved", None),  # where it is taught today, or where the plan puts it?
        ("keep", "added", None),  # the module, or the curriculum as it is?
        ("қосу", "added", Choice.ACCEPT),
        ("қосу", ASKED, Choice.PIN),
        ("add", "kept", None),
        ("семестрге бекіту", "kept", Choice.PIN),  # as version 0.1.0 offered it
        ("бекіту", "kept", None),  # approves a plan, and nothing else
        ("бекітілді", "moved", None),
        ("accept", ASKED, None),
        ("approve", "kept", None),
        ("maybe", "kept", None),
        ("", "kept", None),
    ],
)
def test_variants_of_words(typed: str, proposal: str, choice: Choice | None) -> None:
    assert words.choice_of(typed, proposal) is choice


def test_on_the_row_of_the_plan_the_same_word_may_mean_another_thing() -> None:
    assert words.plan_choice_of("бекіту") is PlanChoice.APPROVE
    assert words.plan_choice_of("закрепить") is None
    assert words.plan_choice_of("шығару") is None


@pytest.mark.parametrize(("family", "kinds"), [("module", Verb), ("plan", PlanChoice)])
def test_no_word_says_two_things(family: str, kinds: type[Verb] | type[PlanChoice]) -> None:
    meanings: dict[str, set[str]] = {}
    assert set(FURTHER[family]) <= {kind.value for kind in kinds}
    for kind in kinds:
        offered = ENTRIES[f"review_choice.{kind}"].values()
        for word in (*offered, *FURTHER[family].get(kind.value, ())):
            meanings.setdefault(words.folded(word), set()).add(kind.value)
    assert all(len(found) == 1 for found in meanings.values()), meanings


def test_approving_has_a_word_of_its_own() -> None:
    """«бекіту» is no part of what pins a module: neither offered nor said of a semester."""
    assert "бекіт" not in ENTRIES["review_choice.pin"]["kk"]
    assert not [word for name in FURTHER["module"] for word in FURTHER["module"][name] if word == "бекіту"]


@pytest.mark.parametrize(
    ("proposal", "standing", "offered"),
    [
        ("kept", Standing.EXISTING, "accept drop pin"),
        ("kept", Standing.MANDATORY, "accept pin"),
        ("added", Standing.CANDIDATE, "accept drop pin"),
        ("dropped", Standing.EXISTING, "accept keep pin"),
        ("dropped", Standing.FORBIDDEN, "accept"),
        (LEFT_OUT, None, "accept pin"),
        (ASKED, None, "pin"),
    ],
)
def test_a_row_offers_what_makes_sense_there(proposal: str, standing: Standing | None, offered: str) -> None:
    assert " ".join(offered_verbs(proposal, standing)) == offered


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("3", 3),
        ("3.0", 3),
        ("3,0", 3),
        ("semester 3", 3),
        ("3-й семестр", 3),
        ("3-семестр", 3),
        ("Семестр 3", 3),
        ("2027-1", 3),
        ("2027-2", 4),
        ("2027-01-01", 3),  # what Excel makes of 2027-1
        ("autumn 2027", 3),
        ("осень 2027 г.", 3),
        ("Весна 2027 г.", 2),
        ("0", None),
        ("7", None),
        ("2036-1", None),
        ("later", None),
        ("3 or 4", None),
        ("33", None),
    ],
)
def test_semesters(typed: str, term: int | None) -> None:
    assert words.term_of(typed, PROGRAMME) == term


def test_headers_are_told_apart_in_every_language() -> None:
    names = words.header_names()
    assert len(set(names.values())) == 8
    for name in set(names.values()):
        assert {names[words.folded(ENTRIES[f"column.{name}"][code])] for code in LANGUAGES} == {name}


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (header, name)
        for name, headers in {
            "programme": ("Бағдарлама", "Программа", "Programme"),
            "index": ("Индекс", "Индекс", "Index"),
            "review_decision": ("Сіздің шешіміңіз", "Ваше решение", "Your decision"),
            "pinned_term": ("Қай семестрге бекіту", "Закрепить за семестром", "Pinned semester"),
            "comment": ("Түсініктеме", "Комментарий", "Comment"),
            "reviewer": ("Кім қарады", "Кто рассмотрел", "Reviewer"),
            "review_date": ("Күні", "Дата", "Date"),
            "review_key": ("Жол кілті", "Ключ строки", "Row key"),
        }.items()
        for header in headers
    ],
)
def test_headers_of_version_0_1_0_are_found(header: str, name: str) -> None:
    """A header that gets another word goes into `review.headers` of understood.toml."""
    assert words.header_names()[words.folded(header)] == name
