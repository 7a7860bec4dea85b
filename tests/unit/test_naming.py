"""Who knows only the workbook finds what a message is about: names of the format bear their titles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broken_catalogs.base_catalog import Tables
from curriplan.base.errors import Issue, Place
from curriplan.catalog.reading.names import Names, column_names, info_keys, table_names
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import RelationKind
from curriplan.problem.checks import check_catalog
from curriplan.texts.naming import FormatWord, with_titles
from curriplan.texts.titles import column_title, table_title
from curriplan.texts.words import read_texts, texts_of
from curriplan.xlsx.styles import STYLES

TABLES = sorted(read_texts("columns")["tables"])


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_table_that_a_message_names_bears_its_title(language: str) -> None:
    alone = re.compile(rf"(?<![\w./«{{=-])({'|'.join(TABLES)})(?![\w./»}}=-])")
    seen = 0
    for key, texts in texts_of("issues").items():
        if key.startswith(("rup-", "import-")):
            continue
        said = with_titles(texts[language], language)
        for name in {match[0] for match in alone.finditer(texts[language])}:
            assert f"«{table_title(name, language)}» ({name})" in said, key
            seen += 1
        assert with_titles(texts["en"], "en") == texts["en"]
    assert seen > 20


def test_the_message_of_a_cell_says_what_the_workbook_calls_it() -> None:
    said = Issue("untranslated-table", values={"count": 1, "total": 2, "languages": "kk"}).advice("ru")
    assert f"«{column_title('catalog', 'languages', 'ru')}» (languages)" in said
    assert f"«{table_title('catalog', 'ru')}» (catalog)" in said
    said = Issue("norm-overridden", values={"key": "k", "profile": "p", "norm": 1, "value": 2}).advice("en")
    assert "«" not in said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place("b.xlsx", "Бюджеты источников", 2, "C"), "столбце «Бюджет, тенге» (budget_kzt)"),
        (Place("funding_budgets.csv", None, 2, "budget_kzt"), "столбце «Бюджет, тенге» (budget_kzt)"),
        (None, "столбце «Бюджет, тенге» (budget_kzt)"),  # one title in all tables
    ],
)
def test_a_column_in_quotation_marks_bears_its_title(place: Place | None, said: str) -> None:
    issue = Issue(
        "number-with-unit", place, {"column": "budget_kzt", "count": 1, "value": "5 тг", "understood": "5"}
    )
    assert said in issue.found("ru")
    assert "теңге» (budget_kzt)" in issue.found("kk")
    assert "(budget" not in issue.found("en")
    other = Issue("number-with-unit", place, {**issue.values, "column": "Мой столбец"})
    assert "«Мой столбец»" in other.found("ru")
    empty = Issue("empty-table", place, {"table": "targets"})
    assert "«Целевые профессии» (targets)" in empty.found("ru") and "(" not in empty.found("en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("файл catalog.toml, «modules», --profile, {resources}", None),
        ("modules и ещё раз modules", "«Модули» (modules) и ещё раз modules"),
        ("«Не менее кредитов» (min_credits)", None),
        # a column that tables call by several titles, and a word that is a column too
        ("столбец source", None),
        ("связь requires", None),
        ("столбец requires листа module_requisites",
         "столбец «Нужный модуль» (requires) листа «Реквизиты модулей» (module_requisites)"),
        ("смените на candidate", "смените на «кандидат» (candidate)"),
    ],
)  # fmt: skip
def test_only_what_is_one_thing_gets_a_title(text: str, said: str | None) -> None:
    assert with_titles(text, "ru") == (said or text)


def test_amounts_of_checks_have_the_decimal_mark_of_the_reader(tmp_path: Path) -> None:
    """3 credits are 0.75 and 2.25, off the step of 0.5."""
    tables = Tables()
    tables.set("modules", 5, "span_terms", "2")
    tables.set("modules", 5, "span_weights", "0.25;0.75")
    found = check_catalog(read_catalog(tables.write_folder(tmp_path / "c")).require())
    (issue,) = (one for one in found if one.code == "span-parts-off-step")
    assert "0,75 + 2,25" in issue.found("ru") and "0,5" in issue.found("kk")
    assert "0.75 + 2.25" in issue.found("en")
    assert "0.33" in issue.advice("ru")  # as the cell is to have it


def test_a_word_of_the_format_in_a_message_bears_its_title() -> None:
    """Enumerations are machine words: whoever keeps the catalog in Russian knows them by their titles."""
    values = {"source": "A", "target": "B", "kind": RelationKind.TRANSFERS, "column": "level"}
    issue = Issue("relation-column-unread", values=values)
    assert "«переносится» (transfers)" in issue.found("ru") and "«ауысады» (transfers)" in issue.found("kk")
    assert "transfers" in issue.found("en") and "(transfers)" not in issue.found("en")
    issue = Issue("wrong-word", values={"value": "x", "allowed": (FormatWord("kept"), FormatWord("yes"))})
    assert issue.advice("ru").endswith("kept, «да» (yes).")


@pytest.mark.parametrize(
    ("names", "title", "name"),
    [
        (table_names(), "Закреплённые часы", "programme_fixed_hours"),
        (table_names(), "Входной уровень", "baseline"),
        (table_names(), "Автоматтандыруға бейімділік", "exposure"),
        (column_names("programme_modules"), "Бекітілген семестр", "pinned_term"),
        (column_names("baseline"), "Кіру деңгейі", "level"),
        (info_keys(), "Только пример", "illustrative"),
    ],
)
def test_a_workbook_with_titles_of_an_earlier_version_is_read(names: Names, title: str, name: str) -> None:
    assert names.find(title) == name


def test_a_difference_of_shares_bears_no_sign_of_per_cent() -> None:
    assert "%" not in STYLES["points"]["num_format"]
