# ruff: noqa: E501 - cells of sheets
"""Every issue of importing a working curriculum: raised by what should raise it, with its cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from curricula.colleges import book
from curriplan.base.errors import CurriplanError, Issue, issue_texts
from curriplan.importing.rup.mapping import read_mapping
from curriplan.importing.rup.reading import RupChoices, read_rup
from error_pages.tables import TABLES

PLAIN = """
Индекс|Наименование модулей|Семестр|Кредиты|Всего часов|Теория|ЛПЗ|СРС
ООД|Общеобразовательные дисциплины||3|72|48|24|
ООД 01|Физика|1|3|72|48|24|
ПМ|Профессиональные модули||5|120|60|60|
ПМ 01|Разработка сайтов||5|120|60|60|
РО 1.1|Верстать страницы|2|2|48|24|24|
РО 1.2|Обновлять сайты|3|3|72|36|36|
|Итого||8|192|108|84|
"""
SEMESTERS = """
Индекс|Наименование модулей|Кредиты|Всего часов|Теория|1 семестр|2 семестр
ООД|Общеобразовательные дисциплины|3|72|72||
ООД 01|Физика|3|72|72|1|1
"""

WORKPLACES = """
Индекс|Наименование|Кредиты|Всего часов|Теория|ПО/ПП|1 семестр
ПМ 01|Сварка|2|48|24|24|48
ПП 01|Производственная практика|2|48||48|48
"""


@dataclass(frozen=True)
class Case:
    """What is done to the plain curriculum, and the issues that follow: code, row, column."""

    name: str
    issues: set[tuple[str, int | None, str | None]]
    text: str = PLAIN
    replace: tuple[tuple[str, str], ...] = ()
    change: Callable[[Any], None] | None = None
    mapping: str = ""
    choices: tuple[tuple[str, Any], ...] = (("start", "2025-1"), ("learners", 25))


def _hide_column(found: Any) -> None:
    found["План"].column_dimensions["H"].hidden = True
    found["План"]["H3"] = 5


def _hide_row(found: Any) -> None:
    found["План"].row_dimensions[7].hidden = True


def _courses(found: Any) -> None:
    found.copy_worksheet(found["План"]).title = "2 курс"
    found["План"].title = "1 курс"


def _put(cell: str, value: Any) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        found["План"][cell] = value

    return change


CASES = [
    Case("no such table", {("rup-no-table", None, None)}, text="Протокол|заседания\n1|2"),
    Case(
        "two tables",
        {("rup-several-tables", None, None)},
        change=lambda found: found.copy_worksheet(found["План"]),
    ),
    Case(
        "a second table of nobody knows what",
        {
            *{("rup-header-not-sum", 14, column) for column in "DEFG"},
            *{("rup-total-not-sum", 13, column) for column in "DEFG"},
            *{("rup-id-twice", row, None) for row in (12, 14)},
            ("rup-second-table", 10, None),
        },
        text=PLAIN.strip() + "\n\n" + "\n".join(PLAIN.strip().splitlines()[:6]),
    ),
    Case(
        "sheets of courses with semesters of each other",
        {("rup-sheets-of-courses", 7, None), ("rup-sheets-of-courses", 3, None)},
        change=_courses,
    ),
    Case(
        "a sheet of one course of several",
        {("rup-course-alone", None, None)},
        change=_courses,
        choices=(("start", "2025-1"), ("learners", 25), ("sheet", "2 курс")),
    ),
    Case("no such sheet", {("rup-sheet-unknown", None, None)}, choices=(("sheet", "РУП 2"),)),
    Case(
        "nothing says the semester",
        {("rup-column-missing", 1, None)},
        replace=(("|Семестр|", "|Примечание|"),),
        mapping='[[column]]\ncolumn = "C"\nis = "ignore"\n',
    ),
    Case(
        "two columns of credits",
        {("rup-column-twice", 1, "H")},
        replace=(("|СРС", "|Кредиты по стандарту"),),
    ),
    Case(
        "self-study of both kinds",
        {("rup-column-ambiguous", 1, "H")},
        replace=(("|СРС", "|СРС/СРСП"), ("Физика|1|3|72|48|24|", "Физика|1|3|72|48|12|12"), ("ины||3|72|48|24|", "ины||3|72|48|12|12"), ("192|108|84|", "192|108|72|12")),
    ),
    Case(
        "a column that nobody knows",
        {("rup-column-unknown", 1, "H")},
        replace=(("|СРС", "|Кабинет"), ("Физика|1|3|72|48|24|", "Физика|1|3|72|48|24|12")),
    ),
    Case("a hidden column", {("rup-column-hidden", 1, "H")}, change=_hide_column),
    Case(
        "a hidden row",
        {
            ("rup-row-hidden", 7, None),
            *(("rup-header-not-sum", 5, column) for column in "DEFG"),
            *(("rup-total-not-sum", 4, column) for column in "DEFG"),
            *(("rup-total-not-sum", 8, column) for column in "DEFG"),
        },
        change=_hide_row,
    ),
    Case(
        "a row that says nothing",
        {("rup-row-unknown", 9, None)},
        text=PLAIN + "|Прочее||||||\n",
    ),
    Case(
        "a name that goes on in the next row",
        {("rup-name-continued", 4, None)},
        text=PLAIN.replace("ООД 01|Физика|1|3|72|48|24|", "ООД 01|Физика и|1|3|72|48|24|\n|астрономия||||||"),
    ),
    Case(
        "a row of no section",
        {("rup-section-unknown", 2, None)},
        replace=(("ООД|Общеобразовательные дисциплины||3|72|48|24|\n", ""), ("ООД 01|Физика", "|Физика"), ("|Итого||8|192|108|84|", "")),
    ),
    Case(
        "an outcome without a module",
        {("rup-outcome-alone", 5, None), ("rup-outcome-alone", 6, None)},
        replace=(("ПМ 01|Разработка сайтов||5|120|60|60|\n", ""), ("ПМ|Профессиональные модули||5|120|60|60|", "ПМ|Профессиональные модули||||||"), ("|Итого||8|192|108|84|", "")),
    ),
    Case(
        "two numbers in a cell",
        {("rup-cell-unreadable", 3, "E")},
        replace=(("Физика|1|3|72|", "Физика|1|3|72/36|"), ("ины||3|72|48|24|", "ины||||||"), ("|Итого||8|192|108|84|", "")),
    ),
    Case("a semester in words", {("rup-cell-unreadable", 3, "C"), ("rup-no-term", 3, None)}, replace=(("Физика|1|", "Физика|первый|"),)),
    Case(
        "a thousand or a fraction",
        {("rup-number-ambiguous", 3, "E")},
        replace=(("Физика|1|3|72|", "Физика|1|3|1,200|"), ("ины||3|72|48|24|", "ины||||||"), ("|Итого||8|192|108|84|", "")),
    ),
    Case("semesters of no unit", {("rup-semester-unit", 1, "F")}, text=SEMESTERS),
    Case(
        "hours without a kind",
        {("rup-hours-kind-unknown", 3, None)},
        replace=(("Физика|1|3|72|48|24|", "Физика|1|3|72|||"), ("ины||3|72|48|24|", "ины||3|72||||"), ("192|108|84|", "192|60|60|")),
    ),
    Case(
        "hours by the shares of the mapping",
        {("rup-hours-by-share", None, None)},
        replace=(("Физика|1|3|72|48|24|", "Физика|1|3|72|||"), ("ины||3|72|48|24|", "ины||3|72||||"), ("192|108|84|", "192|60|60|")),
        mapping="[hours]\ngeneral = { theory = 0.75, laboratory_practical = 0.25 }\n",
    ),
    Case(
        "no credits",
        {("rup-credits-from-hours", None, None)},
        replace=(("|Кредиты|", "|Примечание|"),),
        mapping='[[column]]\ncolumn = "D"\nis = "ignore"\n',
    ),
    Case(
        "no amount",
        {("rup-no-amount", 6, None)},
        replace=(("страницы|2|2|48|24|24|", "страницы|2|||||"), ("ПМ 01|Разработка сайтов||5|120|60|60|", "ПМ 01|Разработка сайтов||||||"), ("модули||5|120|60|60|", "модули||||||"), ("|Итого||8|192|108|84|", "")),
    ),
    Case("no semester", {("rup-no-term", 3, None)}, replace=(("Физика|1|", "Физика||"),)),
    Case("an index twice", {("rup-id-twice", 7, None)}, replace=(("РО 1.2", "РО 1.1"),)),
    Case("no year", {("rup-start-missing", None, None)}, choices=(("learners", 25),)),
    Case(
        "two entry bases",
        {("rup-entry-bases", None, None)},
        replace=(("Индекс|", "На базе 9 и 11 классов\nИндекс|"),),
    ),
    Case("no learners", {("rup-learners-missing", None, None)}, choices=(("start", "2025-1"),)),
    Case(
        "too many semesters",
        {("rup-too-many-terms", None, None)},
        text="|Набор: осень 2025 г., семестров 40\n" + PLAIN.strip(),
    ),
    Case("no rows", {("rup-no-rows", None, None)}, text="Индекс|Наименование модулей|Семестр|Кредиты|Всего часов|Теория\n"),
    Case("a header that is no sum", {("rup-header-not-sum", 5, "D"), ("rup-hours-not-credits", 5, "D")}, replace=(("сайтов||5|", "сайтов||6|"),)),
    Case(
        "hours that are not the credits",
        {("rup-hours-not-credits", 3, "D"), ("rup-total-not-sum", 2, "D"), ("rup-total-not-sum", 8, "D")},
        replace=(("Физика|1|3|", "Физика|1|4|"),),
    ),
    Case(
        "kinds that are not the total",
        {("rup-kinds-not-total", 3, "E"), ("rup-total-not-sum", 2, "F"), ("rup-total-not-sum", 8, "F")},
        replace=(("Физика|1|3|72|48|", "Физика|1|3|72|47|"),),
    ),
    Case(
        "semesters that are not the total",
        {("rup-semesters-not-total", 3, "D")},
        text=SEMESTERS.replace("|1 семестр|2 семестр", "|1 семестр, часов|2 семестр, часов").replace("72|1|1", "72|36|24"),
    ),
    Case(
        "hours a week",
        {("rup-column-unknown", 1, "F"), ("rup-column-unknown", 1, "G"), ("rup-column-missing", 1, None)},
        text=SEMESTERS.replace("|1 семестр|2 семестр", "|1 семестр, часов в неделю|2 семестр, часов в неделю").replace("72|1|1", "72|2|2"),
    ),
    Case(
        "weeks among hours",
        {("rup-weeks-in-hours", 3, "E"), ("rup-hours-not-credits", 3, "D"), ("rup-hours-by-share", None, None)},
        replace=(("Физика|1|3|72|", "Физика|1|3|2 нед|"), ("ины||3|72|48|24|", "ины||||||"), ("|Итого||8|192|108|84|", ""), ("2 нед|48|24|", "2 нед|||")),
        mapping='[hours]\ngeneral = "theory"\n',
    ),
    Case(
        "credits among hours",
        {("rup-unit-other", 3, "E")},
        replace=(("Физика|1|3|72|", "Физика|1|3|72 кр|"),),
    ),
    Case(
        "a row that is not counted",
        {("rup-row-not-counted", 9, None)},
        text=PLAIN + "ООД 02|Хор (не учитывается)|1|1|24|24|0|\n",
    ),
    Case(
        "a cycle of an older standard",
        {("rup-section-understood", 2, None)},
        replace=(("ООД|Общеобразовательные дисциплины", "ОГД|Общегуманитарные дисциплины"), ("ООД 01", "ОГД 01")),
    ),
    Case(
        "few hours by kind",
        {("rup-study-unknown", None, None), *(("rup-kinds-not-total", row, "E") for row in (3, 6, 7)), *(("rup-total-not-sum", row, column) for row in (2, 4, 8) for column in "FG"), *(("rup-header-not-sum", 5, column) for column in "FG")},
        replace=(("|72|48|24|\nПМ|", "|72|8|4|\nПМ|"), ("|48|24|24|", "|48|4|4|"), ("|72|36|36|", "|72|6|6|")),
    ),
    Case(
        "formulas that were never calculated",
        {("rup-formulas-not-calculated", 4, "D")},
        change=lambda found: (_put("D4", "=SUM(D5)")(found), _put("D8", "=SUM(D3,D5)")(found)),
    ),
    Case("a total that is no sum", {("rup-total-not-sum", 8, "E")}, replace=(("8|192|", "8|190|"),)),
    Case("a mapping that is no TOML", {("rup-mapping-unreadable", None, None)}, mapping="a = ["),
    Case("a key that nobody knows", {("rup-mapping-key", None, None)}, mapping="colour = 1\n"),
    Case("a value that nobody knows", {("rup-mapping-value", None, None)}, mapping='[[row]]\nrow = 3\nis = "modul"\n'),
    Case("a word that is no answer", {("rup-mapping-value", None, None)}, mapping='[headings]\n"лек" = "лекции"\n'),
    Case("a section that is none", {("rup-mapping-value", None, None)}, mapping='[sections]\n"ОУД" = "general education"\n'),
    Case("an answer that is none", {("rup-mapping-value", None, None)}, mapping='study = "evening"\n'),
    Case(
        "a heading that has changed",
        {("rup-mapping-heading", 1, "D")},
        mapping='[[column]]\ncolumn = "D"\nheading = "Часы"\nis = "credits"\n',
    ),
    Case(
        "practice in a column that is answered to be training",
        {("rup-practice-as-training", 3, "F")},
        text=WORKPLACES,
        mapping='[[column]]\ncolumn = "F"\nis = "production_training"\n',
    ),
    Case("a row that is gone", {("rup-mapping-row-gone", 30, None)}, mapping='[[row]]\nrow = 30\ntext = "ПМ 09"\nis = "skip"\n'),
    Case("a date for an index", {("date-in-cell", 6, "A")}, change=_put("A6", date(2025, 1, 1))),
    Case("an error value", {("error-in-cell", 3, "D")}, change=_put("D3", "#REF!")),
    Case("a formula that was never calculated", {("formula-without-value", 8, "D")}, change=_put("D8", "=SUM(D3,D5)")),
    Case("an id that cannot be", {("wrong-id", 3, None)}, mapping='[[row]]\nrow = 3\nis = "module"\nsection = "general"\nid = "Физика"\n'),
    Case("a semester that cannot be", {("wrong-semester", None, None)}, mapping='[programme]\nstart = "осень"\nlearners = 25\n', choices=()),
]  # fmt: skip


def problems(case: Case, folder: Path) -> list[Issue]:
    text = case.text
    for old, new in case.replace:
        assert old in text, old
        text = text.replace(old, new)
    found = book(("План", text, ()))
    if case.change is not None:
        case.change(found)
    found.save(folder / "plan.xlsx")
    noted = folder / "mapping.toml"
    noted.write_text(case.mapping, encoding="utf-8")
    try:
        return list(
            read_rup(folder / "plan.xlsx", RupChoices(**dict(case.choices)), read_mapping(noted)).issues
        )
    except CurriplanError as error:
        return list(error.issues)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fault_is_said_with_its_cell(case: Case, tmp_path: Path) -> None:
    found = problems(case, tmp_path)
    places = {
        (issue.code, issue.place.row if issue.place else None, issue.place.column if issue.place else None)
        for issue in found
    }
    assert places == case.issues, "\n".join(issue.line() for issue in found)
    for issue in found:
        assert all(issue.line(language) for language in ("kk", "ru", "en"))


def test_the_plain_curriculum_has_no_fault(tmp_path: Path) -> None:
    assert problems(Case("plain", set()), tmp_path) == []


def test_every_code_of_this_import_has_an_example() -> None:
    """Here, or, where it takes several files or answers to raise it, beside its page."""
    codes = {code for code in issue_texts() if code.startswith("rup-")}
    here = {code for case in CASES for code, _, _ in case.issues if code.startswith("rup-")}
    assert codes == here | {one.code for one in TABLES if one.code.startswith("rup-")}
