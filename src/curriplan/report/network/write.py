"""The national workbook: which sheets it has, in which order, and in which they are written."""

from __future__ import annotations

from collections.abc import Mapping

from curriplan.base.version import TOOL
from curriplan.plan.network import NetworkPlan, SharedKind
from curriplan.report.book import Target
from curriplan.report.guide import SIZE
from curriplan.report.network.colleges import CollegeSheet
from curriplan.report.network.competencies import write_challenges_of_all, write_competencies
from curriplan.report.network.failures import write_failures
from curriplan.report.network.further import write_further
from curriplan.report.network.limits import write_limits
from curriplan.report.network.money import write_taken
from curriplan.report.network.origin import write_origin
from curriplan.report.network.places import write_places
from curriplan.report.network.proof import write_proof
from curriplan.report.network.reasons import ReasonSheet
from curriplan.report.network.regions import RegionSheet
from curriplan.report.network.remarks import write_remarks
from curriplan.report.network.specialties import SpecialtySheets
from curriplan.report.network.summary import NationCells, write_nation_summary
from curriplan.report.network.view import NetworkView
from curriplan.texts.words import Words
from curriplan.xlsx.legal import clean_text
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.workbook import Book

PRINTED = (
    "regions",
    "further",
    "money",
    "centres",
    "colleges",
    "money_of_colleges",
    "hours_of_colleges",
    "reasons",
    "places",
    "failures",
    "remarks",
)
"""Sheets that are printed beside the summary: what is decided, and why; the others are for the screen."""
LONG = ("money_of_colleges", "hours_of_colleges", "reasons")
"""Those of a row or more for each college: of a country they would be hundreds of pages."""
MOST_PAGES = 40
"""A longer one is left to the screen, and says so."""
DETAILS = (
    "specialties",
    "programmes",
    "competencies",
    "challenges",
    "proof",
    "origin",
)
SHEETS = (*PRINTED, *DETAILS)
"""All but the first, in the order of their tabs."""


def _lacking(view: NetworkView) -> set[str]:
    """Return the sheets for which this plan has nothing."""
    there = {
        "further": bool(view.plan.further),
        "money": bool(view.shared(SharedKind.MONEY)),
        "centres": bool(view.shared(SharedKind.HOURS)),
        "places": view.has_places,
        "failures": bool(view.failed),
        "remarks": bool(view.plan.warnings),
        "money_of_colleges": bool(view.shared(SharedKind.MONEY)),
        "hours_of_colleges": bool(view.shared(SharedKind.HOURS)),
        "challenges": any(one.plan.challenges for one in view.colleges),
        "proof": view.is_national,
    }
    return {name for name, is_there in there.items() if not is_there}


def write_network_workbook(
    plan: NetworkPlan, target: Target, language: str, *, prints_details: bool = False
) -> None:
    """Write a national plan to a path or a binary stream.

    Parameters
    ----------
    prints_details : bool
        Whether the sheets of details are printed too.
    """
    view = NetworkView(plan, Words(language))
    texts = view.texts
    book = Book(
        target,
        texts,
        _footer(view),
        view.heading,
        plan.network_sha256,
        subject=f"{view.title} · {language}",
        prints_details=prints_details,
        leads_back=True,
    )
    first = book.sheet(texts("nation_sheet.summary"), is_portrait=True)
    lacking = _lacking(view)
    tabs = {
        name: book.sheet(texts(f"nation_sheet.{name}"), is_detail=name in DETAILS)
        for name in SHEETS
        if name not in lacking
    }
    cells = _write_sheets(view, tabs)
    pages = _leave_to_screen(tabs)
    write_nation_summary(view, first, cells, tabs)
    _lock(book, first, pages)
    book.close()


def _write_sheets(view: NetworkView, tabs: dict[str, Sheet]) -> NationCells:
    """Write each sheet after those that its formulas look at."""
    money = write_taken(view, tabs.get("money_of_colleges"), SharedKind.MONEY)
    hours = write_taken(view, tabs.get("hours_of_colleges"), SharedKind.HOURS)
    colleges = CollegeSheet(view, money, hours).write(tabs["colleges"])
    regions = RegionSheet(view, colleges).write(tabs["regions"])
    if "further" in tabs:
        write_further(view, tabs["further"])
    limits = {
        kind: write_limits(view, tabs[name], kind, taken)
        for kind, name, taken in (
            (SharedKind.MONEY, "money", money),
            (SharedKind.HOURS, "centres", hours),
        )
        if name in tabs
    }
    if "places" in tabs:
        write_places(view, tabs["places"])
    if "failures" in tabs:
        write_failures(view, tabs["failures"])
    if "remarks" in tabs:
        write_remarks(view, tabs["remarks"])
    ReasonSheet(view, colleges).write(tabs["reasons"])
    SpecialtySheets(view).write(tabs["specialties"], tabs["programmes"])
    write_competencies(view, tabs["competencies"])
    if "challenges" in tabs:
        write_challenges_of_all(view, tabs["challenges"])
    proof = None
    if view.plan.national is not None:
        closure = colleges.closure(colleges.of.closed)
        proof = write_proof(view, tabs["proof"], view.plan.national, closure)
    write_origin(view, tabs["origin"])
    return NationCells(colleges, regions, limits, proof)


def _leave_to_screen(tabs: Mapping[str, Sheet]) -> dict[Sheet, int]:
    """Print no sheet of too many pages unless details are asked for; return how many each would take."""
    found = {tabs[name]: tabs[name].count_pages() for name in LONG if name in tabs}
    long = {sheet: count for sheet, count in found.items() if count > MOST_PAGES}
    for sheet in long:
        sheet.leave_to_screen()
    return {sheet: count for sheet, count in long.items() if not sheet.is_printed}


def _lock(book: Book, first: Sheet, pages: Mapping[Sheet, int]) -> None:
    """Lock every sheet against accidents, and say so above each but the first, with the way back.

    Of a sheet of too many `pages` it is said that it is not printed, and how a part of it is.
    """
    for sheet in book.sheets:
        sheet.protect()
        if sheet is not first:
            back = sheet.texts("guide.back", sheet=first.name)
            last = len(sheet.widths) - 1
            end = sheet.columns_for(back, SIZE)
            sheet.link(0, 0, first.name, back, "way_back", last=end)
            said = [sheet.texts("nation.locked")]
            if sheet in pages:
                said.insert(0, sheet.texts("nation.not_printed", pages=pages[sheet]))
            if end < last:
                sheet.across(0, " ".join(said), "guide", end + 1, last)


def _footer(view: NetworkView) -> str:
    """Return the page footer: program and network, a short hash of the input, the page."""
    texts = view.texts
    warning = f"{texts('phrase.illustrative_short')} · " if view.is_illustrative else ""
    left = clean_text(f"{warning}{TOOL} · {view.title}")[:100].replace("&", "&&")
    page = texts("phrase.page", page="&P", pages="&N")
    return f"&L&8{left}&C&8SHA-256 {view.plan.network_sha256[:12]}&R&8{page}"
