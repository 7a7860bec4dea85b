"""The first sheet of the national workbook: a page that is signed, its annex, and links to the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from curriplan.plan.network import RegionResult, SharedKind
from curriplan.report.network.colleges import (
    ALL_KZT,
    BY_ITSELF,
    CLOSED,
    COLLEGE,
    SHARED_KZT,
    TODAY,
    CollegeCells,
)
from curriplan.report.network.failures import kind_of
from curriplan.report.network.limits import LEFT as LEFT_OVER
from curriplan.report.network.limits import LIMIT as MOST
from curriplan.report.network.limits import USED, Limit, LimitCells
from curriplan.report.network.losers import first_named
from curriplan.report.network.money import ALONE, PLANNED, shown_when, style_of
from curriplan.report.network.proof import ProofCells
from curriplan.report.network.regional import RegionBlock, write_heading
from curriplan.report.network.view import NetworkView
from curriplan.xlsx.formula import chained, choose, difference, holds, rounded, total
from curriplan.xlsx.sentences import decimal_text, grouped, money_words, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Placed
from curriplan.xlsx.term import NOTHING, Range, Term, constant

WIDTHS = (26, 8, 9, 15, 15, 15, 15, 13)
"""Characters: upright A4 prints them at nine tenths."""
LAST = len(WIDTHS) - 1
MOST_SOURCES, MOST_CENTRES = 6, 5
"""Sources and centres with a row of their own; the others share one."""
MOST_LINES = 11
"""Sources, centres and regions with a row: of more, the regions have an annex, or letters were too small."""
DECIDED = ("regions", "colleges", "money_of_colleges", "hours_of_colleges", "places")
"""The sheets with what is approved."""
SIGNING = ("drafted", "regions", "ministry")
SIGN_COLUMNS = {
    (0, 2): "signature.role",
    (3, 4): "signature.name",
    (5, 6): "signature.sign",
    (7, 7): "nation_column.signed_on",
}
LINE_POINTS = 26
BOUND = ("nation.best", "nation.bound")
BOUND_OVER_LIST = ("nation.best_over_list", "nation.bound_over_list")
"""What is said where nothing is left to the bound, and where something is."""


@dataclass(frozen=True)
class NationCells:
    """What the summary refers to."""

    colleges: CollegeCells
    regions: Placed[RegionResult]
    limits: Mapping[SharedKind, LimitCells]
    proof: ProofCells | None


def write_nation_summary(
    view: NetworkView, sheet: Sheet, cells: NationCells, tabs: Mapping[str, Sheet]
) -> None:
    """Write the sheet; `tabs` are the other sheets, by name."""
    sheet.set_widths(WIDTHS)
    row = _write_top(view, sheet, cells, tabs)
    row = _write_closures(view, sheet, row, cells)
    for kind, most in ((SharedKind.MONEY, MOST_SOURCES), (SharedKind.HOURS, MOST_CENTRES)):
        if kind in cells.limits:
            row = _SharedBlock(view, sheet, kind, cells.limits[kind]).write(row, most)
    block = RegionBlock(view, sheet, cells.colleges, cells.regions)
    has_room = _lines(cells) + len(view.plan.regions) <= MOST_LINES
    row = block.write(row) if has_room else block.announce(row)
    row = _write_sure(view, sheet, row)
    row = _write_signatures(sheet, row)
    if has_room:
        sheet.print_on_one_page(row - 1)
    else:
        annex, row = row + 1, block.write_annex(row + 1)
        sheet.print_with_annex(annex, row - 1)
    _write_links(sheet, row + 1, tabs)
    sheet.freeze(1)


def _write_top(view: NetworkView, sheet: Sheet, cells: NationCells, tabs: Mapping[str, Sheet]) -> int:
    texts = view.texts
    sheet.across(0, view.heading, "title")
    row = 1
    if view.is_illustrative:
        sheet.across(row, texts("nation.illustrative"), "banner")
        row += 1
    colleges = cells.colleges
    values = {
        "colleges": Term(f"COUNTA({colleges.column(COLLEGE).text})", float(len(view.colleges)))
        if view.colleges
        else constant(0),
        "regions": constant(len({one.region_id for one in view.colleges})),
        "learners": _learners_said(view, colleges),
    }
    values["sheets"] = constant(
        ", ".join(texts("nation.quoted", name=tabs[one].name) for one in DECIDED if one in tabs)
    )
    key = "nation.what_it_is" if view.is_national else "nation.what_it_is_alone"
    said = sentence(texts, key, values)
    if unprinted := [tabs[one].name for one in DECIDED if one in tabs and not tabs[one].is_printed]:
        names = ", ".join(texts("nation.quoted", name=one) for one in unprinted)
        said = chained(said, constant(" " + texts("nation.not_on_paper", sheets=names)))
    sheet.formula_across(row, said, "sentence", 0, LAST)
    if view.failed:
        row += 1
        sheet.across(row, _failed_said(view), "banner")
    return row + 2


def _learners_said(view: NetworkView, colleges: CollegeCells) -> Term:
    """Return how many learners the plan has, and how many there are today where that is another number."""
    of = colleges.of
    today, planned = (total(colleges.column(one)) for one in (of.learners_today, of.learners_planned))
    if today.number == planned.number:
        return grouped(planned)
    both = {"planned": grouped(planned), "today": grouped(today)}
    return sentence(view.texts, "nation.learners_beside_today", both)


def _failed_said(view: NetworkView) -> str:
    """Name the colleges that are not in the plan, and say what becomes of the division."""
    texts = view.texts
    named = [
        texts(
            "nation.named_failed",
            name=view.college_names[one.id],
            why=texts(f"nation_failed.{kind_of(one)}"),
        )
        for one in view.failed
    ]
    learners = sum(one.learners for one in view.failed)
    key = "nation.not_in_it" if all(one.learners for one in view.failed) else "nation.not_in_it_partly"
    key = key if learners else "nation.not_in_it_unread"
    names, count = first_named(view, named), len(view.failed)
    said = texts(key, count=count, names=names, learners=texts.number(learners))
    return f"{said} {texts('nation.divided_without')}" if view.is_national else said


def _write_closures(view: NetworkView, sheet: Sheet, row: int, cells: NationCells) -> int:
    """Write closure today, by the colleges themselves, nationally, and what nothing passes."""
    texts, colleges = view.texts, cells.colleges
    write_heading(sheet, row, "nation.it_brings")
    sheet.across(row + 1, texts("nation.closure_means", by=view.by), "note")
    row += 2
    sheet.across(row, texts("nation_column.closure_of"), "header", 0, 4)
    sheet.across(row, texts("nation_column.share_closed"), "header", 5, 6)
    sheet.across(row, texts("nation_column.against_today"), "header", 7, LAST)
    said: list[tuple[str, Term]] = [
        ("nation.row_today", colleges.closure(TODAY)),
        ("nation.row_alone", colleges.closure(BY_ITSELF)),
    ]
    if cells.proof is not None:
        said.append(("nation.row_national", colleges.closure(CLOSED)))
        said.append(("nation.row_bound", cells.proof.bound))
    first = row + 1
    for place, (key, closure) in enumerate(said, start=first):
        look = " total" if key == "nation.row_national" else ""
        sheet.across(place, texts(key), f"text{look}", 0, 4)
        sheet.put_across(place, closure, f"share{look}", 5, 6)
        change = difference(sheet.ref(place, 5), sheet.ref(first, 5), times=100)
        sheet.put_across(place, change, f"points{look}", 7, LAST)
    row = first + len(said)
    if (national := view.plan.national) is not None and cells.proof is not None:
        points = decimal_text(cells.proof.gap_points, 2, texts.decimal_mark)
        most = decimal_text(cells.proof.bound * constant(100), 2, texts.decimal_mark)
        told = {"points": points, "bound": most, "by": constant(view.by)}
        best, bound = BOUND_OVER_LIST if national.is_over_list else BOUND
        said_bound = choose(
            holds("<=", rounded(cells.proof.gap_points, 2), constant(0)),
            sentence(texts, best, told),
            sentence(texts, bound, told),
        )
        sheet.formula_across(row, said_bound, "sentence", 0, LAST)
        row += 1
    if (own := _own_money(cells.colleges)) is not None and own.number > 0:
        said_own = sentence(texts, "nation.own_money", {"money": money_words(texts, own)})
        sheet.formula_across(row, said_own, "sentence", 0, LAST)
        row += 1
    if warning := _asked_too_much(view, cells):
        sheet.across(row, warning, "sentence")
        row += 1
    return row + 1


def _own_money(colleges: CollegeCells) -> Term | None:
    """Return what colleges spend of their own; None where no money is shared."""
    if not colleges.of.sources:
        return None
    own = total(colleges.column(ALL_KZT)) - total(colleges.column(SHARED_KZT))
    return Term(f"({own.text})", own.number)


def _asked_too_much(view: NetworkView, cells: NationCells) -> str:
    """Say where the plans of colleges by themselves take more together than there is, or nothing."""
    found = []
    for kind, limits in cells.limits.items():
        for placed in (limits.years, limits.sums):
            for line, one in placed.lines():
                if one.limit is not None and placed.ref(line, ALONE).number > one.limit:
                    name = _subject_said(view, one.row.subject, one.row.region)
                    found.append(f"{name}, {shown_when(view, kind, one.row.when)}")
    if not found or not view.is_national:
        return ""
    more = "…" if len(found) > MOST_NAMED else ""
    return view.texts("nation.asked_too_much", names="; ".join(found[:MOST_NAMED]) + more)


def _subject_said(view: NetworkView, subject: str, region: str | None) -> str:
    """Return a source or a centre as it is named beside others, that of a region with its region."""
    name = view.shared_names[subject]
    return name if region is None else f"{name} ({view.where(region)})"


MOST_NAMED = 3


class _SharedBlock:
    """What is shared: limits, what colleges would take by themselves, what the plan takes."""

    def __init__(self, view: NetworkView, sheet: Sheet, kind: SharedKind, cells: LimitCells) -> None:
        self.view, self.texts = view, view.texts
        self.sheet, self.kind, self.cells = sheet, kind, cells
        self.style = style_of(kind)
        keys = [MOST, ALONE, PLANNED, LEFT_OVER] if view.is_national else [MOST, ALONE, LEFT_OVER]
        self.columns = dict(enumerate(keys, start=LAST - len(keys)))
        """Keys of the amounts by column; the last column is what is used."""
        self.label = LAST - len(keys) - 1
        """The last column of the names."""

    def write(self, row: int, most: int) -> int:
        """Write it, the lines after the first few as one; return the next free row."""
        sheet, is_money = self.sheet, self.kind is SharedKind.MONEY
        write_heading(sheet, row, "nation.money_used" if is_money else "nation.hours_used")
        sheet.across(row + 1, self.texts("nation_column.subject_whose"), "header", 0, self.label)
        for column, key in (self.columns | {LAST: USED}).items():
            sheet.across(row + 1, self.texts(key), "header", column, column)
        lines = self.cells.sums.lines()
        shown = lines if len(lines) <= most else lines[: most - 1]
        place = row + 2
        for line, one in shown:
            self._write_line(place, line, one)
            place += 1
        if len(shown) < len(lines):
            rest = lines[len(shown) :]
            label = self.texts("nation.others", count=len(rest))
            self._write_sum(place, label, lambda key: self._cells(key, rest[0][0], rest[-1][0]), "")
            place += 1
        if is_money and self._overlaps(lines):
            sheet.across(place, self.texts("nation.ceilings"), "note")
            place += 1
        elif is_money:
            above = {key: column for column, key in self.columns.items()}
            rows = (row + 2, place - 1)
            self._write_sum(
                place, self.texts("nation.total"), lambda key: sheet.range(above[key], *rows), " total"
            )
            place += 1
        return place + 1

    @staticmethod
    def _overlaps(lines: Sequence[tuple[int, Limit]]) -> bool:
        """Say whether a source has limits of the country and of regions: their use would count twice."""
        regions: dict[str, set[str | None]] = {}
        for _, one in lines:
            regions.setdefault(one.row.subject, set()).add(one.row.region)
        return any(None in found and len(found) > 1 for found in regions.values())

    def _cells(self, key: str, first: int, last: int) -> Range:
        sums = self.cells.sums
        return sums.sheet.range(sums.place(key), first, last)

    def _write_line(self, place: int, line: int, one: Limit) -> None:
        sums = self.cells.sums
        said = _subject_said(self.view, one.row.subject, one.row.region)
        self.sheet.across(place, said, "text", 0, self.label)
        for column, key in self.columns.items():
            self.sheet.formula(place, column, sums.ref(line, key), self.style)
        self.sheet.formula(place, LAST, sums.ref(line, USED), "share")

    def _write_sum(self, place: int, label: str, cells: Callable[[str], Range], look: str) -> None:
        """Write sums; a dash where some limit is not known, since the sum would be of other things."""
        self.sheet.across(place, label, f"text{look}", 0, self.label)
        for column, key in self.columns.items():
            found = cells(key)
            is_known = not any(isinstance(one, str) for one in found.values)
            self.sheet.put(place, column, total(found) if is_known else NOTHING, self.style + look)
        self.sheet.text(place, LAST, "", f"text{look}")


def _lines(cells: NationCells) -> int:
    """Return how many rows sources and centres take."""
    most = {SharedKind.MONEY: MOST_SOURCES, SharedKind.HOURS: MOST_CENTRES}
    return sum(min(len(one.sums.rows), most[kind]) for kind, one in cells.limits.items())


def _write_sure(view: NetworkView, sheet: Sheet, row: int) -> int:
    """Say how sure it is: what is proven of the colleges, and of the choice among them."""
    texts = view.texts
    write_heading(sheet, row, "nation.how_sure")
    gaps = [one.plan.gap for one in view.colleges]
    proven = sum(gap is not None and gap <= NO_GAP for gap in gaps)
    widest = max((gap for gap in gaps if gap is not None), default=None)
    told = {
        "proven": proven,
        "all": len(gaps),
        "gap": texts.significant(100 * (widest or 0.0), 2),
    }
    lines = [texts("nation.sure_colleges" if proven < len(gaps) else "nation.sure_all", **told)]
    unknown = sum(gap is None for gap in gaps)
    if unknown:
        lines.append(texts("nation.sure_unknown", count=unknown))
    if (national := view.plan.national) is not None:
        lines.append(texts("nation.sure_rounds", rounds=len(national.rounds)))
        if national.stopped is not None:
            lines.append(texts(f"nation_stopped.{national.stopped}"))
    lines.append(texts("nation.estimates"))
    if count := len(view.plan.warnings):
        lines.append(texts("nation.sure_remarks", count=count, sheet=texts("nation_sheet.remarks")))
    sheet.across(row + 1, " ".join(lines), "sentence")
    return row + 3


NO_GAP = 1e-9


def _write_signatures(sheet: Sheet, row: int) -> int:
    """Write a line for each who signs."""
    write_heading(sheet, row, "nation.signatures")
    for (start, end), key in SIGN_COLUMNS.items():
        sheet.across(row + 1, sheet.texts(key), "header", start, end)
    for place, who in enumerate(SIGNING, start=row + 2):
        sheet.height(place, LINE_POINTS)
        for (start, end), key in SIGN_COLUMNS.items():
            if key == "signature.role":
                sheet.put_across(place, sheet.texts(f"nation_signing.{who}"), "text", start, end)
            else:
                sheet.to_sign(place, "text", start, end)
    return row + 2 + len(SIGNING)


def _write_links(sheet: Sheet, row: int, tabs: Mapping[str, Sheet]) -> None:
    """Write the links, below what is printed."""
    sheet.across(row, sheet.texts("heading.sheets"), "heading")
    for place, (name, tab) in enumerate(tabs.items(), start=row + 1):
        sheet.link(place, 0, tab.name, tab.name, "link_line")
        sheet.across(place, sheet.texts(f"nation_link.{name}"), "note", 1, LAST)
