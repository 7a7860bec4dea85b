"""Write a working curriculum as a workbook in any style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import openpyxl

from curricula.furniture import put
from curricula.model import (
    KINDS,
    Curriculum,
    Group,
    Item,
    Style,
    Written,
    course_of,
    module_id,
    of_course,
    section_letters,
)
from curricula.words import (
    BASES,
    COURSE_NAMES,
    FORM_WORDS,
    HEADINGS,
    LAYOUT_WORDS,
    LETTERS,
    PRACTICES,
    SECTION_NAMES,
    TITLES,
    WORDINGS,
)


def write(curriculum: Curriculum, style: Style) -> Written:
    """Write a curriculum as a workbook in a style; of one with sheets of courses the last is told of."""
    if not style.divided:
        return _Writer(curriculum, style).run()
    courses = range(1, course_of(curriculum.last_term) + 1)
    book = openpyxl.Workbook()
    for course in courses:
        sheet = book.active if course == 1 else book.create_sheet()
        sheet.title = COURSE_NAMES[style.language][course % 2].format(course)
        written = _Writer(curriculum, style, course, Written(book, sheet)).run()
    return written


class _Writer:
    def __init__(
        self, curriculum: Curriculum, style: Style, course: int = 0, out: Written | None = None
    ) -> None:
        self.whole, self.style, self.course = curriculum, style, course
        self.curriculum = of_course(curriculum, course, style) if course else curriculum
        terms = range(1, curriculum.last_term + 1)
        self.terms = [term for term in terms if not course or course_of(term) == course]
        self.words, self.letters = HEADINGS[style.language], LETTERS[style.language]
        self.more, self.make = LAYOUT_WORDS[style.language], style.make
        if self.make.wording >= 0:
            other = {kind: words[self.make.wording] for kind, words in WORDINGS[style.language].items()}
            self.words = {**self.words, **other}
        if out is None:
            book = openpyxl.Workbook()
            out = Written(book, book.active)
            out.sheet.title = "План"
        self.out = out
        self.row = 1
        self.ordinal = 0
        self.module: str | None = None
        """The module of the outcome that is written, where modules have a column of their own."""

    def run(self) -> Written:
        if self.make.contents and self.course < 2:
            self._contents()
        for piece in self.style.above:
            self.row = put(self.out.sheet.cell, self.row, piece, self.style.language, {})
        titles = TITLES[self.style.language][: self.style.title_rows]
        base, _ = BASES[self.style.language][self.style.base]
        study = [self.more["correspondence"]] if self.make.lacking else []
        for text in (*titles, *([base] if base else []), *study):
            self.out.sheet.cell(self.row, 2, text)
            self.row += 1
        self.row += bool(self.row > 1)
        self._heading()
        self._body()
        for piece in self.style.below:
            self.row += piece.gap
            self.row = put(self.out.sheet.cell, self.row, piece, self.style.language, self.out.columns)
        if self.style.signatures:
            self.row += 1
            for text in ("Заместитель директора по УР ____________ Иванова И. И.", "Методист ____________"):
                self.out.sheet.cell(self.row, 3, text)
                self.row += 1
        return self.out

    def _contents(self) -> None:
        sheet = self.out.book.create_sheet(self.more["contents"], 0)
        for row, cells in enumerate(
            (("№", self.more["contents"], "стр."), (1, "План", 2), (2, "Титул", 1)), 1
        ):
            for column, value in enumerate(cells, 1):
                sheet.cell(row, column, value)

    def _paths(self) -> list[tuple[str, tuple[str, ...]]]:
        """The columns: what each is, and the texts over it."""
        style, words = self.style, self.words
        make, more = self.make, self.more
        paths: list[tuple[str, tuple[str, ...]]] = [("counted", (more["counted"],))] if make.counted else []
        paths += [("ordinal", (words["ordinal"],))] if style.ordinal else []
        paths += [] if make.index_in_name else [("index", (words["index"],))]
        paths += [("name", self._name_path())]
        paths += [("outcome", (more["outcome"],))] if make.two_names else []
        paths += self._form_paths()
        if style.terms == "column":
            paths += [("term", (words["term_column"],))]
        if make.pairs:
            paths += [("pair", (more["pairs"][make.pairs],))]
        else:
            paths += [("credits", (words["credits"],))]
        if style.total_hours and not make.pairs:
            paths += [("hours", (words["volume"], words["hours"]))]
        if style.terms != "kinds":
            paths += [(kind, (words["volume"], word)) for kind, word in self._kinds()]
        paths += self._term_paths() if style.terms != "column" else []
        return [*paths, *([("hours2", (words["hours"],))] if make.repeated else [])]

    def _name_path(self) -> tuple[str, ...]:
        if self.make.two_names:
            return (self.more["module"],)
        return self.more["broken"] if self.make.broken else (self.words["name"],)

    def _form_paths(self) -> list[tuple[str, tuple[str, ...]]]:
        words, over = self.words, () if self.make.bare_forms else (self.words["forms"],)
        if self.style.forms == "words":
            return [("form", (words["forms"],))]
        if self.style.forms == "none":
            return []
        paths = [(form, (*over, words[form])) for form in ("exam", "pass", "differentiated_pass")]
        if self.make.projects:
            name = "course_project" if self.make.projects == "КП" else "control_work"
            paths.insert(1, (name, (*over, self.make.projects)))
        return paths

    def _kinds(self) -> list[tuple[str, str]]:
        """The columns of kinds of hours, with the words over them."""
        style, words, make = self.style, self.words, self.make
        found: list[tuple[str, str]] = []
        for kind in KINDS:
            if make.lacking and kind in {"self_study", "self_study_guided"}:
                continue
            if style.workplace and kind in {"production_training", "professional_practice"}:
                found += [("workplace", words["workplace"])] if kind == "production_training" else []
            elif make.lab_columns and kind == "laboratory_practical":
                found += [(f"lab{at}", word) for at, word in enumerate(self.more["lab"])]
            elif make.practice_columns and kind == "professional_practice":
                found += [(f"practice{at}", word) for at, word in enumerate(PRACTICES[style.language])]
            else:
                found.append((kind, words[kind]))
        return found

    def _term_paths(self) -> list[tuple[str, tuple[str, ...]]]:
        style, words = self.style, self.words
        top = words[f"terms_{style.terms}"] if style.unit_said and style.terms != "kinds" else words["terms"]
        paths = []
        for term in self.terms:
            course = course_of(term)
            path = [top] + ([words["course"].format(course)] if style.courses else [])
            path += [words["term"].format((term - 1) % 2 + 1 if style.restart else term)]
            if style.weeks:
                weeks = self.curriculum.weeks[term]
                path += [words["weeks"].format(f"{weeks:g}".replace(".", ","))]
            if style.terms == "kinds":
                paths.append((f"term{term}", (*path, self.more["in_all"])))
                paths += [(f"term{term} {kind}", (*path, word)) for kind, word in self._kinds()]
            else:
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
        if self.make.week_rows:
            for label, amounts in ((self.more["weeks"], self.curriculum.weeks), (self.more["weekly"], None)):
                self.out.sheet.cell(self.row, self.out.columns["name"], label)
                for term in self.terms:
                    self.out.sheet.cell(
                        self.row, self.out.columns[f"term{term}"], amounts[term] if amounts else 36
                    )
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
        for section in ("general", "basic", "professional", "practice", "attestation"):
            content = getattr(curriculum, section)
            if not content:
                continue
            inside = [
                item for one in content for item in (one.outcomes if isinstance(one, Group) else (one,))
            ]
            self._section(section, inside if style.section_numbers else [])
            if section == "general" and self.make.uncounted:
                index = f"{self.letters['general']} 99"
                self._line("extra", index, self.more["extra"], content[:1], counts=False)
            if section == "professional" and style.repeat_heading:
                self._repeat_heading()
            self._modules(section, content)
            if style.totals:
                self._line(f"total {section}", "", f"{self.words['total']}", inside)
            self.row += style.blank_rows
        if style.totals:
            self._line("total", "", self.words["all"], list(curriculum.items()))
        if self.make.electives:
            self._elective("Ф", self.more["elective"], "")
            self._elective("Ф 01", self.more["extra"], 48)

    def _modules(self, section: str, content: Sequence[Item | Group]) -> None:
        for one in content:
            number = f"{one.number:02d}" if self.style.zeros else f"{one.number}"
            index = f"{section_letters(section, self.style)} {number}"
            if isinstance(one, Item):
                self._item(module_id(section, one.number, self.style), index, one)
            else:
                before = (group for group in getattr(self.whole, section) if group.number < one.number)
                running = sum(len(group.outcomes) for group in before)
                self._group(module_id(section, one.number, self.style), index, one, running)

    def _group(self, name: str, index: str, group: Group, running: int) -> None:
        """A module and its outcomes; so many outcomes stand before it in its section."""
        if not self.make.two_names:
            self._line(name, index, group.name, group.outcomes if self.style.headers_filled else [])
        for at, item in enumerate(group.outcomes):
            place = item.number
            number = running + place if self.style.outcomes == "running" else place
            if self.make.two_names:
                self.module = group.name if at == 0 else ""
                self._item(f"{name}.{number}", index if at == 0 else "", item)
                self.module = None
                continue
            texts = {
                "RO": f"{self.letters['outcome']} {group.number}.{place}",
                "none": "",
                "running": f"{self.letters['outcome']} {number}",
            }
            self._item(f"{name}.{number}", texts[self.style.outcomes], item, indent="   ")
        if self.make.exam_rows:
            self._line(f"exam {name}", f"{index}.ЭК", self.more["exam"], [])

    def _elective(self, index: str, name: str, hours: float | str) -> None:
        """A row of the electives: hours, and no credits."""
        row = self.row
        self._line(index, index, name, [])
        columns = (name for name in ("hours", "theory", "hours2") if name in self.out.columns)
        for column in columns if hours else ():
            self.out.sheet.cell(row, self.out.columns[column], hours)

    def _section(self, section: str, inside: Sequence[Item]) -> None:
        """The title of a section: a row of its own, or merged over the columns of names."""
        letters, title = section_letters(section, self.style), SECTION_NAMES[self.style.language][section]
        if self.make.counted:
            row = self.row
            self._line(section, "", f"{letters}.{title}", inside, band=True)
            if self.style.merged:
                self.out.sheet.merge_cells(
                    start_row=row, end_row=row, start_column=1, end_column=self.out.columns["name"]
                )
            return
        zero = f"{letters} 00" if self.make.zero_sections else letters
        self._line(section, zero if self.style.letters else "", title, inside)

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
        if item in self.curriculum.practice and not self.make.pairs:
            self._practice(row, item)
        if style.forms == "marks" and item.form:
            self.out.sheet.cell(row, self.out.columns[item.form], self._said(max(item.terms)))
        elif style.forms == "words" and item.form:
            self.out.sheet.cell(row, self.out.columns["form"], FORM_WORDS[style.language][item.form])
        if style.terms == "column":
            terms = [self._said(term) for term in sorted(item.terms)]
            self.out.sheet.cell(
                row, self.out.columns["term"], terms[0] if len(terms) == 1 else f"{terms[0]}–{terms[-1]}"
            )
        if style.ordinal:
            self.ordinal += 1
            self.out.sheet.cell(row, 1, self.ordinal)

    def _said(self, term: int) -> int:
        """How a row names a semester."""
        return (term - 1) % 2 + 1 if self.course and self.style.restart else term

    def _line(
        self,
        key: str,
        index: str,
        name: str,
        sums: Sequence[Item],
        *,
        counts: bool = True,
        band: bool = False,
    ) -> None:
        self.out.rows[key] = self.row
        columns = self.out.columns
        if "counted" in columns:
            self.out.sheet.cell(self.row, columns["counted"], name if band else "+" if counts else "-")
        if self.make.index_in_name and index:
            name = f"{index} {name.strip()}"
        elif index:
            self.out.sheet.cell(self.row, columns["index"], index)
        if self.module is not None:
            self.out.sheet.cell(self.row, columns["name"], self.module or None)
            self.out.sheet.cell(self.row, columns["outcome"], name)
        elif not band:
            self.out.sheet.cell(self.row, columns["name"], name)
        for column, value in self._amounts(sums).items():
            if value and column in columns:
                self.out.sheet.cell(self.row, columns[column], self._shown(column, value))
        self.row += 1

    def _shown(self, column: str, value: float | str) -> float | str:
        """What stands in a cell: a number, as text, with its unit."""
        if isinstance(value, str):
            return value
        text = f"{value:g}".replace(".", ",")
        if self.make.units:
            credit = column == "credits" or (column.startswith("term") and self.style.terms == "credits")
            return f"{text} {self.more['credits' if credit else 'hours']}"
        return text if self.style.text_numbers else value

    def _practice(self, row: int, item: Item) -> None:
        """The hours of a practice in weeks, or with their units in cells beside them."""
        columns = self.out.columns
        if self.make.practice_weeks:
            names = ["hours", "hours2", *(name for name, _ in self._kinds())]
            names += [
                name for name in columns if name.startswith("term") and self.style.terms in {"hours", "kinds"}
            ]
            for name in names:
                cell = self.out.sheet.cell(row, columns[name]) if name in columns and name != "term" else None
                if cell is not None and cell.value is not None:
                    share = float(self._amounts([item])[name]) / 36
                    cell.value = f"{share:g}".replace(".", ",") + f" {self.more['week']}"
        if self.make.beside:
            for term, amount in item.terms.items():
                block = [columns[name] for name in columns if name.split()[0] == f"term{term}"]
                for column in block:
                    self.out.sheet.cell(row, column).value = None
                cells = ("час", amount, "нед", float(f"{amount / 36:.3g}"))
                for column, value in zip(sorted(block), cells, strict=False):
                    self.out.sheet.cell(row, column, value)

    def _amounts(self, sums: Sequence[Item]) -> dict[str, float | str]:
        found: dict[str, float] = {}
        for item in sums:
            self._add(found, "credits", item.credits)
            self._add(found, "hours", item.credits * 24)
            self._add(found, "hours2", item.credits * 24)
            for kind, value in item.kinds.items():
                for column, part in self._parts(item, kind, value):
                    self._add(found, column, part)
            rest = dict(item.kinds)
            for term, value in sorted(item.terms.items()):
                self._add(found, f"term{term}", value / 24 if self.style.terms == "credits" else value)
                # Units beside the numbers of a practice leave no place for its kind within a semester.
                aside = self.make.beside and item in self.curriculum.practice
                if self.style.terms == "kinds" and not aside:
                    for kind, amount in self._taken(rest, value):
                        for column, part in self._parts(item, kind, amount):
                            self._add(found, f"term{term} {column}", part)
        texts: dict[str, float | str] = dict(found)
        if self.make.pairs and sums:
            hours, counted = (f"{found[name]:g}".replace(".", ",") for name in ("hours", "credits"))
            signs = {"letters": f"{hours}с-{counted}к", "order": f"{hours}/{counted}"}
            texts["pair"] = signs.get(self.make.pairs, f"{counted}/{hours}")
        return texts

    @staticmethod
    def _add(found: dict[str, float], column: str, value: float) -> None:
        found[column] = found.get(column, 0.0) + value

    @staticmethod
    def _taken(rest: dict[str, float], amount: float) -> Iterator[tuple[str, float]]:
        """Take so many hours from what is left of the kinds, one kind after the other."""
        for kind in list(rest):
            part = min(rest[kind], amount)
            rest[kind] -= part
            amount -= part
            if part:
                yield kind, part

    def _parts(self, item: Item, kind: str, value: float) -> Iterator[tuple[str, float]]:
        """The columns in which the hours of a kind stand."""
        if self.style.workplace and kind in {"production_training", "professional_practice"}:
            yield "workplace", value
        elif self.make.lab_columns and kind == "laboratory_practical":
            yield "lab0", float(int(value / 2))
            yield "lab1", value - int(value / 2)
        elif self.make.practice_columns and kind == "professional_practice":
            yield f"practice{item.number % 3}", value
        else:
            yield kind, value
