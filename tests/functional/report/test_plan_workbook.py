"""The workbook of a plan, read back from its bytes as Excel, LibreOffice and pandas would."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from curriplan.catalog.records import Catalog, Named, ProfileEntry
from curriplan.plan.plan import Status
from curriplan.problem.problem import find_gaps
from curriplan.report.gaps import write_gap_workbook
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from functional.report.workbooks import (
    differences,
    formula_cells,
    formulas,
    part_names,
    poisoned,
    relations,
    sheet_xml,
    values,
)
from unit.report.sample import sample_catalog, sample_view
from workbooks.kinds import written_view
from workbooks.office import recalculated

SHEETS = {
    "kk": "Жиынтық|Бағдарламалар|Министрлік сұрақтары|ОЖЖ A|ОЖЖ B|Бюджет|Жүктеме картасы|"
    "Талаптарға сәйкестік|Келісу|Шешімдер A|Шешімдер B|Тапшылықтар|Құзыреттер картасы|Жабылу есебі|Кәсіптер|"
    "Сенімділік пен кредиттер|Таңдалмаған модульдер|Шығындар|Төлемдер|Бөлмелер мен педагогтер сағаты|"
    "Ресурстарды пайдалану|Барлық тексерулер|Жауаптарға кестелер|Дереккөздер|Жүйеге арналған деректер",
    "ru": "Сводка|Программы|Вопросы министерства|РУП A|РУП B|Бюджет|Карта загрузки|"
    "Соответствие нормам|Согласование|Решения A|Решения B|Дефициты|Карта компетенций|Расчёт закрытия|"
    "Профессии|Надёжность и кредиты|Не вошло в план|Расходы|Платежи|Часы помещений и педагогов|"
    "Использование ресурсов|Все проверки|Таблицы к ответам|Происхождение данных|Данные для системы",
    "en": "Summary|Programmes|For the ministry|Curriculum A|Curriculum B|Budget|Load map|"
    "Compliance|Review|Decisions A|Decisions B|Gaps|Coverage map|How closure is reckoned|Occupations|"
    "How sure & credits|Not selected|Expenses|Payments|Hours of rooms & teachers|Resource use|Every check|"
    "Tables to the answers|Provenance|Data for the program",
}
"""First what is printed, then the details: an official finds the sheets that he signs in front."""

PAYLOADS = (
    "=1+1",
    "=cmd|'/c calc'!A1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "{=1}",
    '=HYPERLINK("http://example.com","x")',
    "http://example.com",
    "https://example.com/a?b=c",
    "mailto:a@example.com",
    "ftp://example.com",
    "internal:'Gaps'!A1",
    "external:other.xlsx",
    "'=1",
    "0123",
    "1e5",
    "<f>1+1</f>",
    "&amp;&P&N",
    "a\x00b\x07c\x1b",
    "line\nbreak",
    "*",
    "<>",
    "x" * 33_000,
    "\U0001f600",
)


def written(view: PlanView, language: str = "en") -> bytes:
    target = BytesIO()
    write_plan_workbook(view, target, language)
    return target.getvalue()


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    view = sample_view()
    return {language: written(view, language) for language in LANGUAGES}


def hostile_catalog(payloads: tuple[str, ...] = PAYLOADS) -> Catalog:
    """Put a payload into every free text of the sample, each in turn."""
    catalog = sample_catalog()
    count = 0

    def next_payload() -> str:
        nonlocal count
        count += 1
        return payloads[count % len(payloads)]

    free = ("framework", "framework_version", "area", "source", "nkz_code", "assessment_form", "reason")
    free += ("entry_base", "qualification", "as_of", "owner")
    tables = {}
    for name in ("competencies", "occupations", "occupation_requirements", "modules", "module_outcomes"):
        tables[name] = catalog.table(name)
    for name in ("resources", "programmes", "baseline", "funding_sources", "floors", "profile"):
        tables[name] = catalog.table(name)
    for name, rows in tables.items():
        changed = []
        for row in rows:
            texts = [one for one in free if one in type(row).model_fields]
            texts += ["name_kk", "name_ru", "name_en"] if isinstance(row, Named) else []
            changed.append(row.model_copy(update={one: next_payload() for one in texts}))
        tables[name] = tuple(changed)
    info = catalog.info.model_copy(
        update={
            "title_kk": next_payload(),
            "title_ru": next_payload(),
            "title_en": "=1+1",
            "version": "=1&P",
            "licence": "=2",
            "attribution": payloads,
        }
    )
    return catalog.replace(info=info, **tables)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheets_stand_in_their_order(books: dict[str, bytes], language: str) -> None:
    book = openpyxl.load_workbook(BytesIO(books[language]))
    assert book.sheetnames == SHEETS[language].split("|")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_has_a_value(books: dict[str, bytes], language: str) -> None:
    cells = formula_cells(books[language])
    assert len(cells) > 150
    assert [cell for cell in cells if not re.search(r"</f><v>[^<]+</v>", cell)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_old_functions_are_used(books: dict[str, bytes], language: str) -> None:
    text = " ".join(str(formula) for formula in formulas(books[language]).values())
    without_words = re.sub(r'"[^"]*"', '""', text)
    used = set(re.findall(r"([A-Z][A-Z.]*)\(", without_words))
    arithmetic = {"ABS", "MAX", "MIN", "ROUND", "SUM", "SUMIFS", "SUMPRODUCT", "COUNTIFS"}
    arithmetic |= {"COUNT", "INDEX", "MATCH", "N"}
    assert used == arithmetic | {"AND", "IF", "INT", "ISNUMBER", "MOD", "REPT", "RIGHT", "SUBSTITUTE"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_computes_the_values_that_were_written(books: dict[str, bytes], language: str) -> None:
    """It is given a wrong cached value, which it puts right and which is found."""
    data, wrong = books[language], poisoned(books[language])
    found = recalculated(wrong)
    assert differences(values(data), found, formulas(data)) == {}
    assert len(differences(values(wrong), found, formulas(data))) >= 1


def test_a_plan_that_breaks_rules_and_misses_numbers_is_computed_alike(tmp_path: Path) -> None:
    """No hours per credit, no weeks, no budget, self-study beside the credit, one source of gaps."""
    catalog = sample_catalog()
    profile = tuple(row for row in catalog.profile if row.key_name in ("practice_share_min",))
    bare = catalog.replace(profile=profile, funding_budgets=(), programme_terms=(), module_outcomes=())
    data = written(sample_view(bare), "ru")
    assert differences(values(data), recalculated(data), formulas(data)) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalog_text_never_becomes_a_formula_or_a_link(language: str) -> None:
    data = written(sample_view(hostile_catalog()), language)
    harmless = tuple(f"text {place}" for place in range(len(PAYLOADS)))
    honest = written(sample_view(hostile_catalog(harmless)), language)
    # Every formula stands where one stands with harmless texts, and says the same.
    assert formulas(data) == formulas(honest)
    assert not [name for name in part_names(data) if "external" in name.lower() or "vba" in name.lower()]
    for name, xml in sheet_xml(data).items():
        links = re.findall(r"<hyperlink [^>]*>", xml)
        assert all("r:id=" not in link for link in links), name
    assert relations(data) == {"drawing", "table"}


def test_the_payloads_are_there_as_text() -> None:
    data = written(sample_view(hostile_catalog()), "en")
    texts = {str(value) for value in values(data).values()}
    for payload in ("=1+1", "http://example.com", "0123", "<f>1+1</f>", "abc", "\U0001f600"):
        assert payload in texts
    assert all(len(text) <= 32_767 for text in texts)
    # The sheets stay legal XML: a strict parser read every one of them above.


def test_text_cells_are_protected_against_editing_into_formulas(books: dict[str, bytes]) -> None:
    """The style of catalog text carries the apostrophe that keeps ``=x`` a text when it is retyped."""
    book = openpyxl.load_workbook(BytesIO(books["en"]))
    cell = next(cell for row in book["Gaps"].iter_rows() for cell in row if cell.value == "C1 name")
    assert cell.quotePrefix


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom unit.report.sample import sample_view\n"
        "from curriplan.report.write import write_plan_workbook\n"
        "for language in sys.argv[2:]:\n"
        "    write_plan_workbook(sample_view(), Path(sys.argv[1], language), language)\n"
    )
    digests: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", code, str(folder), *LANGUAGES]
        subprocess.run(command, check=True, env=environment, capture_output=True, timeout=120)
        for language in LANGUAGES:
            digests[language].add(hashlib.sha256((folder / language).read_bytes()).hexdigest())
    assert {language: len(found) for language, found in digests.items()} == dict.fromkeys(LANGUAGES, 1)


def find(book: dict[tuple[str, str], object], sheet: str, text: str) -> tuple[str, int]:
    """Return the column and the row of the first cell with a text."""
    for (name, place), value in book.items():
        if name == sheet and value == text:
            match = re.fullmatch(r"([A-Z]+)(\d+)", place)
            assert match
            return match[1], int(match[2])
    raise AssertionError(f"{text!r} is not on {sheet}")


def test_the_programmes_say_what_the_evaluation_says(books: dict[str, bytes]) -> None:
    view, book = sample_view(), values(books["en"])
    column, header = find(book, "Programmes", "Gap closed by plan")
    for place, measures in enumerate(view.after.programmes, start=1):
        assert book["Programmes", f"{column}{header + place}"] == pytest.approx(measures.closure_after)
    assert book["Programmes", f"{column}{header + 3}"] == pytest.approx(view.after.objectives["closure"])
    column, _ = find(book, "Programmes", "Gap closed today")
    assert book["Programmes", f"{column}{header + 3}"] == pytest.approx(view.after.closure_before)


def test_the_note_says_the_money_its_limit_and_the_rules(books: dict[str, bytes]) -> None:
    sentences = [str(value) for (sheet, _), value in values(books["en"]).items() if sheet == "Summary"]
    # 10,000 of 12,000; today 4 checks are broken.
    assert any(
        "find 10\u00a0000 KZT of new money for the first intake, within the limit of 12\u00a0000 KZT" in one
        for one in sentences
    )
    assert any("Broken by the existing curricula: 4." in one for one in sentences)


def test_the_summary_of_an_example_says_so_and_of_a_real_college_does_not(books: dict[str, bytes]) -> None:
    warning = Words("en")("phrase.illustrative")
    assert warning in values(books["en"]).values()
    catalog = sample_catalog()
    info = catalog.info.model_copy(update={"illustrative": False})
    assert warning not in values(written(sample_view(catalog.replace(info=info)))).values()


def test_a_plan_that_breaks_a_rule_says_attention() -> None:
    view = sample_view(budget_kzt=9_000)  # the plan costs 10,000
    shown = [str(value) for value in values(written(view)).values()]
    assert any(text.startswith("ATTENTION: 1 of ") for text in shown)
    assert "✘ broken" in shown


def test_the_curriculum_adds_up(books: dict[str, bytes]) -> None:
    view, book = sample_view(), values(books["en"])
    sheet = "Decisions A"
    _, total = find(book, sheet, "Total")
    column, _ = find(book, sheet, "Credits")
    # 2 fixed + 3 + 2; the dropped 1.5 stand below and do not count.
    assert book[sheet, f"{column}{total}"] == 7
    assert book[sheet, f"{find(book, sheet, 'Total hours')[0]}{total}"] == 168  # 7 x 24
    _, practice = find(book, sheet, "Practice share (denominator: GEN, BM, PM, PP, FA, EL)")
    share = book[sheet, f"{find(book, sheet, 'Total hours')[0]}{practice}"]
    assert share == pytest.approx(72 / 168)
    assert share == pytest.approx(next(c.actual for c in view.after.checks if c.aspect == "practice_share"))
    _, header = find(book, sheet, "H1 name")
    assert book[sheet, f"{column}{header}"] == 5  # M1 and M2


def test_compliance_is_live_and_agrees_with_the_evaluation(books: dict[str, bytes]) -> None:
    view, book = sample_view(), values(books["en"])
    after, header = find(book, "Every check", "In the plan")
    norm, _ = find(book, "Every check", "Norm")
    programme, header = find(book, "Every check", "Programme")
    checks = {check.aspect: check for check in view.after.checks if check.programme in (None, "A")}
    seen = 0
    for row in range(header + 1, header + 60):
        text = book.get(("Every check", f"{norm}{row}"))
        for aspect, check in checks.items():
            same = text == Words("en", "rules")(f"aspect.{aspect}") and check.subject is None
            if same and book.get(("Every check", f"{programme}{row}")) == check.programme:
                assert book["Every check", f"{after}{row}"] == pytest.approx(check.actual)
                seen += 1
    assert seen >= 3
    live = formulas(books["en"])
    rows = {int(place[len(after) :]) for sheet, place in live if sheet == "Every check" and place[0] == after}
    assert len(rows & set(range(header + 1, header + 60))) == sum(
        check.aspect
        in (
            "total_credits_min",
            "total_credits_max",
            "term_credits_min",
            "term_credits_max",
            "term_modules_max",
            "weekly_hours",
            "practice_share",
            "resource_hours",
            "budget",
            "source_budget",
        )
        for check in view.after.checks
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sheet_is_ready_to_print(books: dict[str, bytes], language: str) -> None:
    for name, xml in sheet_xml(books[language]).items():
        assert '<pageSetUpPr fitToPage="1"/>' in xml, name
        assert 'paperSize="9"' in xml, name
        # The note is one upright page; the others are as long as they are.
        is_note = name == "xl/worksheets/sheet1.xml"
        assert ('orientation="landscape"' in xml) is not is_note, name
        assert ('fitToHeight="0"' in xml) is not is_note, name
        assert "<oddFooter>" in xml, name
        assert 'state="frozen"' in xml, name
    book = openpyxl.load_workbook(BytesIO(books[language]))
    texts = Words(language)
    # These are no single table.
    several = ("summary", "programmes", "ministry", "budget", "compliance", "expenses")
    several += ("ministry_tables", "provenance", "carried")
    without = [sheet.title for sheet in book if not sheet.print_title_rows]
    assert without == [texts(f"sheet.{name}") for name in several]


def test_the_footer_has_version_hash_and_page(books: dict[str, bytes]) -> None:
    sha = sample_catalog().sha256
    for xml in sheet_xml(books["en"]).values():
        footer = re.search(r"<oddFooter>(.*?)</oddFooter>", xml)
        assert footer
        assert "curriplan 0 · sample 1.0" in footer[1]
        assert sha[:12] in footer[1]
        assert "Page &amp;P of &amp;N" in footer[1]


def test_the_status_is_honest() -> None:
    view = sample_view()
    line = next(str(v) for v in values(written(view)).values() if str(v).startswith("Plan status"))
    assert "optimality is not fully proven" in line
    assert "closure – 0%" in line
    assert "balance, credits – unknown" in line
    proven = replace(view, plan=replace(view.plan, status=Status.OPTIMAL))
    assert any(str(v).startswith("Plan status: optimal.") for v in values(written(proven)).values())


def test_the_hash_of_the_input_is_a_property_of_the_file(books: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(BytesIO(books["kk"]))
    assert book.custom_doc_props["curriplan input SHA-256"].value == sample_catalog().sha256


def test_provenance_holds_the_whole_hash_and_marks_what_is_not_verified(books: dict[str, bytes]) -> None:
    shown = values(books["en"])
    texts = [value for (sheet, _), value in shown.items() if sheet == "Provenance"]
    assert sample_catalog().sha256 in texts
    assert sample_catalog().table_sha256("modules") in texts
    assert "unverified (as of 2026-05-31)" in texts
    assert "Somebody, somewhere" in texts


def test_ids_that_spell_sheet_names_alike_get_sheets_of_their_own() -> None:
    catalog = sample_catalog()
    long = {"A": "x" * 40 + "-1", "B": "X" * 40 + "-2"}

    def renamed(row: object) -> object:
        fields = {
            name: long[value]
            for name, value in vars(row).items()
            if name in ("id", "programme") and value in long
        }
        return row.model_copy(update=fields)  # type: ignore[attr-defined]

    tables = (
        "programmes",
        "programme_terms",
        "programme_fixed_hours",
        "programme_modules",
        "baseline",
        "targets",
    )
    renamed_catalog = catalog.replace(
        **{name: tuple(renamed(row) for row in catalog.table(name)) for name in tables}
    )
    selection = type(sample_view().plan.selection)(())
    book = openpyxl.load_workbook(BytesIO(written(sample_view(renamed_catalog, selection))))
    assert len({name.casefold() for name in book.sheetnames}) == len(SHEETS["en"].split("|"))
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_a_path_and_a_stream_get_the_same_bytes(books: dict[str, bytes], tmp_path: Path) -> None:
    target = tmp_path / "план ә.xlsx"
    write_plan_workbook(sample_view(), target, "ru")
    assert target.read_bytes() == books["ru"]


def gap_workbook(language: str) -> bytes:
    view = sample_view()
    target = BytesIO()
    write_gap_workbook(view.catalog, view.limits, find_gaps(view.problem), target, language)
    return target.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gap_workbook(language: str) -> None:
    shown = values(gap_workbook(language))
    name = Words(language)("sheet.gaps")
    column, header = find(shown, name, Words(language)("column.missing"))
    # A: C1 asked 4, reached 2; C2 asked 3, reached 0. B: C1 asked 4, C2 brought.
    assert [shown[name, f"{column}{header + row}"] for row in (1, 2, 3, 4)] == [2, 3, 4, 0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_computes_the_values_of_the_gap_workbook(language: str) -> None:
    data = gap_workbook(language)
    assert differences(values(data), recalculated(data), formulas(data)) == {}


def test_the_gap_workbook_of_nothing_is_still_a_workbook() -> None:
    view = sample_view()
    target = BytesIO()
    write_gap_workbook(view.catalog, view.limits, (), target, "kk")
    assert openpyxl.load_workbook(BytesIO(target.getvalue())).sheetnames == ["Тапшылықтар"]


def test_own_weights_and_norms_are_explained_where_they_stand() -> None:
    """A weighs 60 with its 30 learners, and must have 7 credits where the profile asks for 6: no fault."""
    catalog = sample_catalog()
    first, *others = catalog.programmes
    norm = ProfileEntry(key="total_credits_4S_grade9", value="6")
    heavy = first.model_copy(update={"weight": 60.0})
    profile = (*(row for row in catalog.profile if row.key_name != norm.key_name), norm)
    view = sample_view(catalog.replace(programmes=(heavy, *others), profile=profile))
    shown = texts_of_sheet(written_view(view, "en"), "Programmes")
    assert "the catalog gives another one to A: 60 instead of 30." in shown
    assert "the catalog gives another one to A: 7 instead of 6." in shown
    assert "weight in the plan is" not in texts_of_sheet(written_view(sample_view(), "en"), "Programmes")


def test_one_qualification_code_of_two_programmes_is_said() -> None:
    catalog = sample_catalog()
    twins = tuple(row.model_copy(update={"qualification": "4S06130103"}) for row in catalog.programmes)
    data = written_view(sample_view(catalog.replace(programmes=twins)), "en")
    shown = texts_of_sheet(data, "For the ministry")
    assert "one code of several programmes: 4S06130103 – A, B" in shown
    assert "the same qualification code as B" in texts_of_sheet(data, "Tables to the answers")


def texts_of_sheet(data: bytes, sheet: str) -> str:
    book = openpyxl.load_workbook(BytesIO(data), data_only=True)
    return "\n".join(str(value) for row in book[sheet].iter_rows(values_only=True) for value in row if value)
