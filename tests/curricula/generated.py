# ruff: noqa: E501 - cells of sheets
"""Working curricula as data, and workbooks of them in layouts of different make.

The data are the oracle: what an import must give back follows from them alone, never from the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import strategies as st

KINDS = (
    "theory",
    "laboratory_practical",
    "production_training",
    "professional_practice",
    "self_study_guided",
    "self_study",
)
FORM_WORDS = {
    "ru": {"exam": "Экзамен", "pass": "зачёт", "differentiated_pass": "дифференцированный зачет"},
    "kk": {"exam": "Емтихан", "pass": "сынақ", "differentiated_pass": "сараланған сынақ"},
}


@dataclass(frozen=True)
class Item:
    """A module or an outcome: hours by kind, and hours by semester; both sum to credits × 24."""

    number: int
    name: str
    credits: float
    kinds: Mapping[str, float]
    terms: Mapping[int, float]
    form: str


@dataclass(frozen=True)
class Group:
    """A module header with outcomes."""

    number: int
    name: str
    outcomes: tuple[Item, ...]


@dataclass(frozen=True)
class Curriculum:
    general: tuple[Item, ...]
    basic: tuple[Group, ...]
    professional: tuple[Group, ...]
    practice: tuple[Item, ...]
    attestation: tuple[Item, ...]
    weeks: Mapping[int, float]

    def items(self) -> Iterator[Item]:
        yield from self.general
        for group in (*self.basic, *self.professional):
            yield from group.outcomes
        yield from self.practice
        yield from self.attestation

    @property
    def last_term(self) -> int:
        return max(term for item in self.items() for term in item.terms)


LETTERS = {
    "ru": {"general": "ООД", "basic": "БМ", "professional": "ПМ", "outcome": "РО", "practice": "ПП", "attestation": "ИА"},
    "kk": {"general": "ЖБП", "basic": "БМ", "professional": "КМ", "outcome": "ОН", "practice": "КП", "attestation": "ҚА"},
}  # fmt: skip
LATIN = {
    "ООД": "OOD", "ЖБП": "ZHBP", "БМ": "BM", "ПМ": "PM", "КМ": "KM", "ПП": "PP", "КП": "KP", "ИА": "IA", "ҚА": "KA",
}  # fmt: skip
SECTION_NAMES = {
    "ru": {
        "general": "Общеобразовательные дисциплины",
        "basic": "Базовые модули",
        "professional": "Профессиональные модули",
        "practice": "Профессиональная практика",
        "attestation": "Итоговая аттестация",
    },
    "kk": {
        "general": "Жалпы білім беретін пәндер",
        "basic": "Базалық модульдер",
        "professional": "Кәсіптік модульдер",
        "practice": "Кәсіптік практика",
        "attestation": "Қорытынды аттестаттау",
    },
}
HEADINGS = {
    "ru": {
        "ordinal": "№ п/п", "index": "Индекс", "name": "Наименование циклов, модулей,\nрезультатов обучения",
        "forms": "Форма контроля", "exam": "экзамен", "pass": "зачёт", "differentiated_pass": "дифферен-\nцированный зачет",
        "credits": "Количество кредитов", "volume": "Объем учебного времени (часы)", "hours": "Всего",
        "theory": "теоретическое обучение", "laboratory_practical": "лабораторно-практические занятия",
        "production_training": "производственное обучение", "professional_practice": "профессиональная практика",
        "workplace": "производственное обучение / профессиональная практика",
        "self_study_guided": "СРСП", "self_study": "СРС", "terms_hours": "Распределение часов по курсам и семестрам",
        "terms_credits": "Распределение кредитов по курсам и семестрам", "terms": "Распределение по курсам и семестрам",
        "course": "{} курс", "term": "{} семестр", "weeks": "{} недель", "term_column": "Семестр", "total": "Итого",
        "all": "Всего", "kinds": "из них",
    },
    "kk": {
        "ordinal": "р/с №", "index": "Индекс", "name": "Циклдердің, модульдердің, оқыту нәтижелерінің атауы",
        "forms": "Бақылау нысаны", "exam": "емтихан", "pass": "сынақ", "differentiated_pass": "сараланған сынақ",
        "credits": "Кредиттер саны", "volume": "Оқу уақытының көлемі (сағат)", "hours": "Барлығы",
        "theory": "теориялық оқыту", "laboratory_practical": "зертханалық-практикалық жұмыстар",
        "production_training": "өндірістік оқыту", "professional_practice": "кәсіптік практика",
        "workplace": "өндірістік оқыту / кәсіптік практика",
        "self_study_guided": "СОӨЖ", "self_study": "СӨЖ", "terms_hours": "Сағаттарды курстар мен семестрлер бойынша бөлу",
        "terms_credits": "Кредиттерді курстар мен семестрлер бойынша бөлу", "terms": "Курстар мен семестрлер бойынша бөлу",
        "course": "{} курс", "term": "{}-семестр", "weeks": "{} апта", "term_column": "Семестр", "total": "Жиыны",
        "all": "Барлығы", "kinds": "оның ішінде",
    },
}  # fmt: skip
TITLES = {
    "ru": (
        "Утверждаю", "Директор колледжа ____________ Ахметов А. А.", "«___» __________ 20__ г.",
        "РАБОЧИЙ УЧЕБНЫЙ ПЛАН", "Код и наименование специальности: 06130100 – Программное обеспечение (по видам)",
        "Квалификация: 4S06130103 – Разработчик программного обеспечения",
        "Форма обучения: очная, на базе основного среднего образования", "на 2025–2026 учебный год",
    ),
    "kk": (
        "Бекітемін", "Колледж директоры ____________ А. А. Ахметов", "ОҚУ ЖҰМЫС ЖОСПАРЫ",
        "Мамандығы: 06130100 – Бағдарламалық қамтамасыз ету (түрлері бойынша)",
        "Біліктілігі: 4S06130103 – Бағдарламалық қамтамасыз етуді әзірлеуші",
        "Оқу нысаны: күндізгі, негізгі орта білім базасында", "2025–2026 оқу жылы",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a college lays its curriculum out."""

    language: str = "ru"
    terms: str = "hours"  # hours, credits, column
    unit_said: bool = True
    forms: str = "marks"  # marks, words, none
    merged: bool = True
    courses: bool = True
    restart: bool = False  # each course begins with semester 1
    weeks: bool = True
    numbering: bool = True
    ordinal: bool = False
    total_hours: bool = True
    workplace: bool = False  # one column for training and practice
    outcomes: str = "RO"  # RO: РО 1.2; none: no index; running: РО 5 after the last of the module before
    letters: bool = True  # an index in every other row
    section_numbers: bool = True  # sums in the rows of sections
    headers_filled: bool = True
    totals: bool = True
    blank_rows: bool = False
    text_numbers: bool = False
    title_rows: int = 0
    signatures: bool = True
    repeat_heading: bool = False
    zeros: bool = True  # ПМ 01 and not ПМ 1


@dataclass
class Written:
    """A workbook, and where things stand in it."""

    book: Any
    sheet: Any
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    heading: tuple[int, int] = (0, 0)

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path

    def address(self, row: str, column: str) -> tuple[int, str]:
        return self.rows[row], openpyxl.utils.get_column_letter(self.columns[column])


@dataclass(frozen=True)
class Module:
    """What an import must give back."""

    section: str
    parent: str | None
    credits: float
    kinds: Mapping[str, float]
    current_term: int
    weights: tuple[float, ...]
    form: str | None
    name: str


def expected(curriculum: Curriculum, style: Style) -> dict[str, Module]:
    """The modules by id."""
    found = {}
    for section in ("general", "practice", "attestation"):
        for item in getattr(curriculum, section):
            found[module_id(section, item.number, style)] = _module(section, None, item, style)
    for section in ("basic", "professional"):
        running = 0
        for group in getattr(curriculum, section):
            parent = module_id(section, group.number, style)
            for place, item in enumerate(group.outcomes, 1):
                running += 1
                number = running if style.outcomes == "running" else place
                found[f"{parent}.{number}"] = _module(section, parent, item, style)
    return found


def module_id(section: str, number: int, style: Style) -> str:
    letters = LATIN[LETTERS[style.language][section]]
    return f"{letters}{number:02d}" if style.zeros else f"{letters}{number}"


def _module(section: str, parent: str | None, item: Item, style: Style) -> Module:
    span = range(min(item.terms), max(item.terms) + 1)
    amounts = [item.terms.get(term, 0.0) for term in span]
    if style.terms == "column":
        amounts = [1.0] * len(span)
    weights = () if len(set(amounts)) == 1 else tuple(one / sum(amounts) for one in amounts)
    form = None if style.forms == "none" else item.form
    return Module(section, parent, item.credits, dict(item.kinds), min(item.terms), weights, form, item.name)


NAMES = {
    "ru": ("Физика", "Основы алгоритмизации", "Верстать веб-страницы", "Сети и системы", "Право", "Вести проект"),
    "kk": ("Қазақ тілі", "Алгоритмдеу негіздері", "Веб-беттер әзірлеу", "Желілер мен жүйелер", "Құқық", "Жобаны жүргізу"),
}  # fmt: skip


@st.composite
def items(draw: Any, language: str, number: int, first: int, last: int, kinds: Sequence[str]) -> Item:
    """An item whose hours by kind and by semester both sum to its credits × 24."""
    amount = draw(st.integers(1, 16)) / 2
    hours = amount * 24
    cut = draw(st.integers(0, int(hours)))
    split = {kinds[0]: hours} if len(kinds) == 1 else {kinds[0]: float(cut), kinds[-1]: hours - cut}
    start = draw(st.integers(first, last))
    end = min(last, start + draw(st.sampled_from([0, 0, 0, 1, 2])))
    if end == start or amount < 2:
        terms = {start: hours}
    else:
        part = draw(st.integers(1, int(amount) - 1)) * 24.0
        terms = {start: part, end: hours - part}
    name = f"{draw(st.sampled_from(NAMES[language]))} {draw(st.sampled_from('абвгд'))}"
    form = draw(st.sampled_from(["exam", "pass", "differentiated_pass"]))
    return Item(number, name, amount, {kind: value for kind, value in split.items() if value}, terms, form)


TEACHING = (("theory", "laboratory_practical"), ("theory", "self_study"), ("laboratory_practical",), ("theory", "production_training"), ("self_study_guided", "theory"))  # fmt: skip


@st.composite
def curricula(draw: Any, language: str = "ru") -> Curriculum:
    """A small curriculum: some of each section."""
    last = draw(st.integers(2, 8))

    def some(low: int, high: int, kinds: Sequence[Sequence[str]]) -> tuple[Item, ...]:
        count = draw(st.integers(low, high))
        return tuple(
            draw(items(language, number, 1, last, draw(st.sampled_from(kinds))))
            for number in range(1, count + 1)
        )

    def groups(high: int) -> tuple[Group, ...]:
        count = draw(st.integers(1, high))
        return tuple(
            Group(number, f"{NAMES[language][number % 6]} {number}", some(1, 4, TEACHING))
            for number in range(1, count + 1)
        )

    weeks = {term: draw(st.sampled_from([17.0, 18.0, 20.5, 22.0])) for term in range(1, last + 1)}
    return Curriculum(
        some(1, 4, TEACHING[:3]),
        groups(2),
        groups(3),
        some(1, 3, [("professional_practice",)]),
        some(0, 1, [("theory",)]),
        weeks,
    )


@st.composite
def styles(draw: Any) -> Style:
    """A layout of any make."""
    terms = draw(st.sampled_from(["hours", "credits", "column"]))
    boolean = st.booleans()
    courses = draw(boolean) and terms != "column"
    return Style(
        language=draw(st.sampled_from(["ru", "kk"])),
        terms=terms,
        unit_said=draw(boolean),
        forms=draw(st.sampled_from(["marks", "words", "none"])),
        merged=draw(boolean),
        courses=courses,
        restart=courses and draw(boolean),
        weeks=draw(boolean) and terms != "column",
        numbering=draw(boolean),
        ordinal=draw(boolean),
        total_hours=draw(boolean),
        workplace=draw(boolean),
        outcomes=draw(st.sampled_from(["RO", "none", "running"])),
        section_numbers=draw(boolean),
        headers_filled=draw(boolean),
        totals=draw(boolean),
        blank_rows=draw(boolean),
        text_numbers=draw(boolean),
        title_rows=draw(st.integers(0, 8)),
        signatures=draw(boolean),
        repeat_heading=draw(boolean),
        zeros=draw(boolean),
    )


def write(curriculum: Curriculum, style: Style) -> Written:
    """Write a curriculum as a workbook in a style."""
    return _Writer(curriculum, style).run()


class _Writer:
    def __init__(self, curriculum: Curriculum, style: Style) -> None:
        self.curriculum, self.style = curriculum, style
        self.words, self.letters = HEADINGS[style.language], LETTERS[style.language]
        book = openpyxl.Workbook()
        self.out = Written(book, book.active)
        self.out.sheet.title = "План"
        self.row = 1
        self.ordinal = 0

    def run(self) -> Written:
        for text in TITLES[self.style.language][: self.style.title_rows]:
            self.out.sheet.cell(self.row, 2, text)
            self.row += 1
        self.row += bool(self.style.title_rows)
        self._heading()
        self._body()
        if self.style.signatures:
            self.row += 1
            for text in ("Заместитель директора по УР ____________ Иванова И. И.", "Методист ____________"):
                self.out.sheet.cell(self.row, 3, text)
                self.row += 1
        return self.out

    def _paths(self) -> list[tuple[str, tuple[str, ...]]]:
        """The columns: what each is, and the texts over it."""
        style, words = self.style, self.words
        paths: list[tuple[str, tuple[str, ...]]] = [("ordinal", (words["ordinal"],))] if style.ordinal else []
        paths += [("index", (words["index"],)), ("name", (words["name"],))]
        if style.forms == "marks":
            paths += [
                (form, (words["forms"], words[form])) for form in ("exam", "pass", "differentiated_pass")
            ]
        elif style.forms == "words":
            paths += [("form", (words["forms"],))]
        if style.terms == "column":
            paths += [("term", (words["term_column"],))]
        paths += [("credits", (words["credits"],))]
        if style.total_hours:
            paths += [("hours", (words["volume"], words["hours"]))]
        kinds = [
            kind
            for kind in KINDS
            if not (style.workplace and kind in {"production_training", "professional_practice"})
        ]
        if style.workplace:
            kinds.insert(2, "workplace")
        paths += [(kind, (words["volume"], words[kind])) for kind in kinds]
        return paths + (self._term_paths() if style.terms != "column" else [])

    def _term_paths(self) -> list[tuple[str, tuple[str, ...]]]:
        style, words = self.style, self.words
        top = words[f"terms_{style.terms}"] if style.unit_said else words["terms"]
        paths = []
        for term in range(1, self.curriculum.last_term + 1):
            course = (term + 1) // 2
            path = [top] + ([words["course"].format(course)] if style.courses else [])
            path += [words["term"].format((term - 1) % 2 + 1 if style.restart else term)]
            if style.weeks:
                weeks = self.curriculum.weeks[term]
                path += [words["weeks"].format(f"{weeks:g}".replace(".", ","))]
            paths.append((f"term{term}", tuple(path)))
        return paths

    def _heading(self) -> None:
        paths = self._paths()
        depth = max(len(path) for _, path in paths)
        top = self.row
        for column, (name, path) in enumerate(paths, 1):
            self.out.columns[name] = column
            for level in range(depth):
                before = paths[column - 2][1][: level + 1] if column > 1 else ()
                if level < len(path) and not (level < len(path) - 1 and before == path[: level + 1]):
                    self.out.sheet.cell(top + level, column, path[level])
        if self.style.merged:
            self._merge(paths, top, depth)
        self.row = top + depth
        if self.style.numbering:
            for column in range(1, len(paths) + 1):
                self.out.sheet.cell(self.row, column, column)
            self.row += 1
        self.out.heading = (top, self.row - 1)

    def _merge(self, paths: list[tuple[str, tuple[str, ...]]], top: int, depth: int) -> None:
        for column, (_, path) in enumerate(paths, 1):
            if len(path) < depth:
                self.out.sheet.merge_cells(
                    start_row=top + len(path) - 1,
                    end_row=top + depth - 1,
                    start_column=column,
                    end_column=column,
                )
            for level in range(len(path) - 1):
                if column > 1 and paths[column - 2][1][: level + 1] == path[: level + 1]:
                    continue
                end = column
                while (
                    end < len(paths)
                    and paths[end][1][: level + 1] == path[: level + 1]
                    and len(paths[end][1]) > level + 1
                ):
                    end += 1
                if end > column:
                    self.out.sheet.merge_cells(
                        start_row=top + level, end_row=top + level, start_column=column, end_column=end
                    )

    def _body(self) -> None:
        curriculum, style = self.curriculum, self.style
        everything = list(curriculum.items())
        for section in ("general", "basic", "professional", "practice", "attestation"):
            content = getattr(curriculum, section)
            if not content:
                continue
            inside = [
                item for one in content for item in (one.outcomes if isinstance(one, Group) else (one,))
            ]
            index = self.letters[section] if style.letters else ""
            self._line(
                section,
                index,
                SECTION_NAMES[style.language][section],
                inside if style.section_numbers else [],
            )
            if section == "professional" and style.repeat_heading:
                self._repeat_heading()
            running = 0
            for one in content:
                number = f"{one.number:02d}" if style.zeros else f"{one.number}"
                index = f"{self.letters[section]} {number}"
                if isinstance(one, Item):
                    self._item(module_id(section, one.number, style), index, one)
                    continue
                name = module_id(section, one.number, style)
                self._line(name, index, one.name, one.outcomes if style.headers_filled else [])
                for place, item in enumerate(one.outcomes, 1):
                    running += 1
                    texts = {
                        "RO": f"{self.letters['outcome']} {one.number}.{place}",
                        "none": "",
                        "running": f"{self.letters['outcome']} {running}",
                    }
                    number = running if style.outcomes == "running" else place
                    self._item(f"{name}.{number}", texts[style.outcomes], item, indent="   ")
            if style.totals:
                self._line(f"total {section}", "", f"{self.words['total']}", inside)
            self.row += style.blank_rows
        if style.totals:
            self._line("total", "", self.words["all"], everything)

    def _repeat_heading(self) -> None:
        for row in range(*[self.out.heading[0], self.out.heading[1] + 1]):
            for column in range(1, len(self.out.columns) + 1):
                value = self.out.sheet.cell(row, column).value
                if value is not None:
                    self.out.sheet.cell(self.row, column, value)
            self.row += 1

    def _item(self, key: str, index: str, item: Item, indent: str = "") -> None:
        row = self.row
        self._line(key, index, indent + item.name, [item])
        style = self.style
        if style.forms == "marks":
            self.out.sheet.cell(row, self.out.columns[item.form], max(item.terms))
        elif style.forms == "words":
            self.out.sheet.cell(row, self.out.columns["form"], FORM_WORDS[style.language][item.form])
        if style.terms == "column":
            terms = sorted(item.terms)
            self.out.sheet.cell(
                row, self.out.columns["term"], terms[0] if len(terms) == 1 else f"{terms[0]}–{terms[-1]}"
            )
        if style.ordinal:
            self.ordinal += 1
            self.out.sheet.cell(row, 1, self.ordinal)

    def _line(self, key: str, index: str, name: str, sums: Sequence[Item]) -> None:
        self.out.rows[key] = self.row
        columns, style = self.out.columns, self.style
        if index:
            self.out.sheet.cell(self.row, columns["index"], index)
        self.out.sheet.cell(self.row, columns["name"], name)
        for column, value in self._amounts(sums).items():
            if value and column in columns:
                text = f"{value:g}".replace(".", ",") if style.text_numbers else value
                self.out.sheet.cell(self.row, columns[column], text)
        self.row += 1

    def _amounts(self, sums: Sequence[Item]) -> dict[str, float]:
        found = {
            "credits": sum(item.credits for item in sums),
            "hours": sum(item.credits * 24 for item in sums),
        }
        for item in sums:
            for kind, value in item.kinds.items():
                work = self.style.workplace and kind in {"production_training", "professional_practice"}
                column = "workplace" if work else kind
                found[column] = found.get(column, 0.0) + value
            for term, value in item.terms.items():
                amount = value / 24 if self.style.terms == "credits" else value
                found[f"term{term}"] = found.get(f"term{term}", 0.0) + amount
        return found
