"""What a column is in the light of those beside it and of its cells, where its heading alone is open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from curriplan.importing.rup.amounts import AmountError, amount_of, pair_of, terms_of
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.roles import CONTROL_HOURS, CREDITS, HOURS, KINDS, PAIR, HeadedColumn, Role
from curriplan.importing.rup.vocabulary import (
    CONTROL_WORK,
    COURSE_PROJECT,
    KAZAKH_LETTERS,
    RUSSIAN_WORDS,
    SIGNATURE,
    assessment_of,
    folded,
)

USUAL_HOURS_PER_CREDIT = 24.0
SENTENCE = re.compile(r"(?:[^\W\d_]\W*){12}")
"""A text of so many letters is none of a column of amounts: a note."""


def in_context(sheet: RupSheet, columns: Sequence[HeadedColumn], bottom: int) -> list[HeadedColumn]:
    """Return columns with their roles settled as far as the others and the cells below tell them."""
    return _Context(sheet, columns, bottom).settled()


def first_unit(heading: str, texts: Sequence[str]) -> str:
    """Return which of hours and credits stands first in the cells of a column.

    A heading that names both tells it, else the cells: if all have in one order the hours of their credits.
    """
    one = folded(heading)
    hours, counted = HOURS.search(one), CREDITS.search(one)
    if hours is not None and counted is not None:
        return "hours" if hours.start() < counted.start() else "credits"
    for unit in ("hours", "credits"):
        pairs = [pair_of(text, unit) for text in texts]
        if pairs and all(one is not None and one[0] == one[1] * USUAL_HOURS_PER_CREDIT for one in pairs):
            return unit
    return ""


def naming_columns(columns: Sequence[HeadedColumn]) -> list[int]:
    """Return the columns of indexes and names."""
    names = ((one.index, one.role.name) for one in columns if one.role is not None)
    return [at for at, name in names if name == "index" or name.startswith("name")]


def _is_letter(role: Role) -> bool:
    """Say whether a column is headed by a letter that may mean theory."""
    return "theory?" in {role.name, role.unit}


def _has_words(sheet: RupSheet, row: int, columns: Sequence[int]) -> bool:
    return any(re.search(r"[^\W\d_]", sheet.text(row, at)) for at in columns)


def texts_below(sheet: RupSheet, column: HeadedColumn, bottom: int, beside: Sequence[int]) -> list[str]:
    """Return what the cells of a column say in rows of the table, wherever its heading is repeated.

    Parameters
    ----------
    beside : sequence of int
        The columns of indexes and names, in one of which each row of the table has words.
    """
    rows = sorted(row for row in sheet.grid.rows if row > bottom and _has_words(sheet, row, beside))
    found = [text for row in rows if (text := sheet.text(row, column.index).strip())]
    return [
        text
        for text in found
        if text not in column.heading.path
        and not SENTENCE.search(text)
        and not SIGNATURE.search(folded(text))
    ]


@dataclass
class _Context:
    sheet: RupSheet
    columns: Sequence[HeadedColumn]
    bottom: int

    def settled(self) -> list[HeadedColumn]:
        return [replace(one, role=self._role(at, one)) for at, one in enumerate(self.columns)]

    def _role(self, at: int, column: HeadedColumn) -> Role | None:
        role = column.role
        if role is None:
            return None
        if role.name == "course?" or role.unit == "course?":
            return self._course(at, column, role)
        if role.name == "work?":
            return self._work(at, column)
        if role.name == "laboratory_practical" and assessment_of(column.heading.path[-1]) == "course_project":
            among = self._only_terms(column) and self._beside_forms(at) and not self._adds_up(column)
            return Role("assessment:course_project") if among else role
        if role.name in {"assessment", "assessment:control_work", "self_study"} or _is_letter(role):
            return self._beside(column, role)
        return self._pair(column, role)

    def _beside(self, column: HeadedColumn, role: Role) -> Role:
        """Tell a form of assessment, or self-study, by the columns that stand beside it."""
        if _is_letter(role):
            return self._theory(role)
        leaf = folded(column.heading.path[-1])
        if role.name == "assessment:control_work" and CONTROL_WORK.search(leaf) and self._has_projects():
            return Role("assessment:course_project")
        if role.name == "self_study" and "бөж" in leaf and not self._has("self_study_guided"):
            return Role("self_study?")
        if role.name == "assessment" and CONTROL_HOURS.search(leaf) and self._holds_hours(leaf, column):
            return Role("control?")
        unnamed = role.name == "assessment" and len(column.heading.path) > 1 and self._texts(column)
        return Role("form?") if unnamed and self._only_terms(column) else role

    def _holds_hours(self, leaf: str, column: HeadedColumn) -> bool:
        """Say whether Контроль is hours: as within the semesters, or as numbers that are no semesters."""
        within = any(
            one.role is not None and one.role.unit == "control?" and folded(one.heading.path[-1]) == leaf
            for one in self.columns
        )
        texts = self._texts(column)
        numbers = bool(texts) and all(re.fullmatch(r"\d+([.,]\d+)?", text) for text in texts)
        return within or (numbers and not self._only_terms(column))

    def _course(self, at: int, column: HeadedColumn, role: Role) -> Role:
        """КП is a course project in Russian, practice in Kazakh; among forms of assessment it is a form."""
        kind = {"ru": "laboratory_practical", "kk": "professional_practice"}.get(self._language())
        if role.name == "semester":
            return role if kind is None else replace(role, unit=kind)
        terms = self._only_terms(column)
        if terms and self._beside_forms(at) and kind != "professional_practice":
            return Role("assessment:course_project")
        return role if terms or kind is None else Role(kind)

    def _theory(self, role: Role) -> Role:
        """Т alone is theory in Russian, and beside practical work that has a column of its own."""
        sure = self._language() == "ru" or self._has("laboratory_practical")
        if not sure or self._has("theory"):
            return role
        return replace(role, unit="theory") if role.name == "semester" else Role("theory")

    def _work(self, at: int, column: HeadedColumn) -> Role:
        """КР is credits where hours say so, a form of assessment beside such forms."""
        if not self._has("credits") and self._are_credits(column):
            return Role("credits")
        if self._only_terms(column) and self._beside_forms(at):
            return Role(f"assessment:{'course_project' if self._has_projects() else 'control_work'}")
        small = column.heading.path[-1] == column.heading.path[-1].lower()
        return Role("credits") if small and not self._beside_forms(at) else Role("work?")

    def _pair(self, column: HeadedColumn, role: Role) -> Role:
        """Tell a column whose cells say hours and credits, whatever its heading."""
        if role.name not in {"hours", "credits", "semester", PAIR} or role.unit not in {
            "",
            "hours",
            "credits",
            PAIR,
        }:
            return role
        texts = self._texts(column)
        first = first_unit(column.heading.text, texts)
        paired = sum(pair_of(text, first) is not None for text in texts)
        if paired and paired * 2 >= len(texts):
            return replace(role, unit=PAIR) if role.name == "semester" else Role(PAIR)
        if role.name == PAIR:
            return Role("pair?")
        return replace(role, unit="") if role.unit == PAIR else role

    def _texts(self, column: HeadedColumn) -> list[str]:
        return texts_below(self.sheet, column, self.bottom, naming_columns(self.columns))

    def _only_terms(self, column: HeadedColumn) -> bool:
        try:
            return all(terms_of(text) for text in self._texts(column))
        except AmountError:
            return False

    def _adds_up(self, column: HeadedColumn) -> bool:
        """Say whether a column is hours of its rows: with it the kinds are their total in one of them."""
        kinds = [one for one in self.columns if one.role is not None and one.role.name in KINDS]
        totals = [one for one in self.columns if one.role is not None and one.role.name == "hours"][:1]
        return any(
            self._number(row, column)
            and self._number(row, total) == sum(self._number(row, one) for one in kinds)
            for row in self.sheet.grid.rows
            for total in totals
            if row > self.bottom
        )

    def _are_credits(self, column: HeadedColumn) -> bool:
        """Say whether the hours of most rows are so many credits."""
        hours = [one for one in self.columns if one.role is not None and one.role.name == "hours"][:1]
        hours = hours or [one for one in self.columns if one.role is not None and one.role.name in KINDS]
        same = rows = all_rows = 0
        for row in (row for row in self.sheet.grid.rows if row > self.bottom):
            counted, total = self._number(row, column), sum(self._number(row, one) for one in hours)
            all_rows += total > 0
            if counted and total:
                rows, same = rows + 1, same + (abs(counted * USUAL_HOURS_PER_CREDIT - total) < 0.01)
        return rows * 2 > all_rows and same * 2 > rows

    def _number(self, row: int, column: HeadedColumn) -> float:
        try:
            return amount_of(self.sheet.text(row, column.index))[0] or 0.0
        except AmountError:
            return 0.0

    def _has(self, name: str) -> bool:
        return any(one.role is not None and name in {one.role.name, one.role.unit} for one in self.columns)

    def _has_projects(self) -> bool:
        return any(
            one.heading.path
            and COURSE_PROJECT.search(folded(one.heading.path[-1]))
            and one.role is not None
            and one.role.name != "semester"
            for one in self.columns
        )

    def _beside_forms(self, at: int) -> bool:
        """Say whether the next column that is sure, on either side, is a form of assessment."""
        for side in (range(at - 1, -1, -1), range(at + 1, len(self.columns))):
            roles = (self.columns[place].role for place in side)
            nearest = next((one for one in roles if one is not None and not one.name.endswith("?")), None)
            if nearest is not None and nearest.name.startswith("assessment"):
                return True
        return False

    def _language(self) -> str:
        """Return the language of all headings, an empty text where they have both or neither."""
        texts = [folded(text) for one in self.columns for text in one.heading.path]
        kazakh = any(KAZAKH_LETTERS & set(text) for text in texts)
        russian = any(RUSSIAN_WORDS.search(text) for text in texts)
        if kazakh == russian:
            return ""
        return "kk" if kazakh else "ru"
