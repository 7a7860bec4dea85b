"""What schema validators miss: faults of a workbook that a program or a reader stumbles over.

`lint` reads the file itself, sheet by sheet, and knows no sheet by its name: what is added to the
workbook later is read too. Each fault is one line that names its place.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from curriplan.xlsx.measure import CELL_MARGIN, column_pixels, text_pixels
from curriplan.xlsx.term import round_half_up
from workbooks.package import MAIN, Box, Cell, Package, Sheet, box_of, formula_texts, overlap

OLD_FUNCTIONS = {
    "ABS", "AND", "AVERAGE", "CHOOSE", "COLUMN", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "EXACT", "IF",
    "IFERROR", "INDEX", "INT", "ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "LARGE", "LEFT", "LEN", "LOWER",
    "MATCH", "MAX", "MID", "MIN", "MOD", "N", "NOT", "OR", "REPT", "RIGHT", "ROUND", "ROUNDDOWN", "ROUNDUP",
    "ROW", "SEARCH", "SMALL", "SUBSTITUTE", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "TRIM",
}  # fmt: skip
"""Functions of Excel 2007 and older that give the same in every region and in LibreOffice.

Not among them, on purpose: TEXT (its codes are of the region), HYPERLINK (a link from a text), INDIRECT
and OFFSET (what they refer to cannot be seen), NOW and TODAY (a plan does not change over night).
"""
FONTS = {"Calibri", "Consolas"}
"""Carlito is as wide as Calibri and has every Kazakh letter; hashes stand in Consolas."""
ERRORS = re.compile(r"#(REF!|NAME\?|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!)")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|(?<!_x005F)_x00[01][0-9A-Fa-f]_")
CELL_NAME = re.compile(r"^([A-Za-z]{1,3}[0-9]+|[Rr][0-9]*|[Cc][0-9]*|[Rr][0-9]*[Cc][0-9]*)$")
FORBIDDEN_PARTS = re.compile(
    r"(vba|externalLink|macrosheets|dialogsheets|activeX|embeddings|queryTable|connections)"
)
MAX_TEXT, MAX_NAME, MAX_LIST, MAX_FOOTER = 32_767, 31, 255, 255
A4 = "9"


def lint(book: bytes | Package) -> list[str]:
    """Return every fault of a workbook, one line each."""
    package = book if isinstance(book, Package) else Package(book)
    found = list(itertools.chain(_parts(package), _names(package), _fonts(package), _strings(package)))
    found += [*_all_formulas(package), *_chart_sheets(package), *_sorting(package)]
    for sheet in package.sheets.values():
        for check in SHEET_CHECKS:
            found += [f"{sheet.name}: {fault}" for fault in check(sheet)]
    return found


def units(text: str) -> int:
    """Return the length of a text as Excel counts it: a letter beyond the basic plane is two."""
    return len(text.encode("utf-16-le")) // 2


def at(cell: Cell) -> str:
    """Return a cell's address."""
    return str(xl_rowcol_to_cell(cell.row, cell.column))


# The whole workbook.


def _parts(package: Package) -> Iterator[str]:
    for name, part in sorted(package.parts.items()):
        if FORBIDDEN_PARTS.search(name):
            yield f"a part that may run or fetch something: {name}"
        if name.endswith(".rels") and b'TargetMode="External"' in part:
            yield f"a link out of the workbook in {name}"
        if b"<ddeLink" in part or b"<oleLink" in part:
            yield f"a link to another program in {name}"
    if b"macroEnabled" in package.parts["[Content_Types].xml"]:
        yield "the workbook says that it has macros"


def _names(package: Package) -> Iterator[str]:
    seen: set[str] = set()
    for name in package.sheet_parts:
        if (
            not 0 < units(name) <= MAX_NAME
            or set(name) & set("[]:*?/\\")
            or name[0] == "'"
            or name[-1] == "'"
        ):
            yield f"not a name for a sheet: {name!r}"
        if name.casefold() in seen or name.casefold() == "history":
            yield f"a sheet's name is taken: {name!r}"
        seen.add(name.casefold())
    for name, _, text in package.defined_names:
        if CELL_NAME.match(name):
            yield f"a defined name that looks like a cell: {name!r}"
        if ERRORS.search(text):
            yield f"a defined name without a target: {name!r}"


def _fonts(package: Package) -> Iterator[str]:
    for name in sorted({font["name"] for _, font in package.formats()} - FONTS):
        yield f"a font that is nowhere else: {name}"


def _strings(package: Package) -> Iterator[str]:
    for text in package.strings:
        if units(text.replace("_x005F_", "_")) > MAX_TEXT:  # which stands before what reads like a code
            yield f"a text of {units(text)} characters: {text[:30]}"
        if CONTROL.search(text):
            yield f"a control character in {text[:30]!r}"


def _all_formulas(package: Package) -> Iterator[str]:
    for where, text in formula_texts(package):
        without_texts = re.sub(r'"[^"]*"', '""', text)
        plain = re.sub(r"'(?:[^']|'')*'!", "", without_texts)
        for name in sorted(set(re.findall(r"([A-Za-z_][A-Za-z0-9_.]*)\s*\(", plain)) - OLD_FUNCTIONS):
            yield f"{where}: the function {name} in {text[:80]}"
        if re.search(r"\[\d+\]|\.xls|://|\\\\|\|", plain) or re.search(r"'[^']*\[[^']*'!", without_texts):
            yield f"{where}: a reference out of the workbook: {text[:80]}"
        if ERRORS.search(without_texts):
            yield f"{where}: an error in {text[:80]}"
        if "{" in plain:
            yield f"{where}: an array constant in {text[:80]}"


def _chart_sheets(package: Package) -> Iterator[str]:
    for name, part in package.sheet_parts.items():
        if "/chartsheets/" in part:
            page, footer = (package.xml(part).find(f".//{MAIN}{tag}") for tag in ("pageSetup", "oddFooter"))
            if page is None or page.get("paperSize") != A4 or page.get("orientation") != "landscape":
                yield f"{name}: is not printed on A4 landscape"
            if footer is None or "SHA-256" not in (footer.text or ""):
                yield f"{name}: has no footer with version, hash and page"


REFERENCE = re.compile(r"(?:('(?:[^']|'')+')!)?(\$?[A-Z]{1,3}\$?\d+)(?::(\$?[A-Z]{1,3}\$?\d+))?")


def references(text: str, own: str) -> Iterator[tuple[str, Box, str]]:
    """Yield sheet, corners and first corner as written of all that a formula of a sheet refers to."""
    for part in re.split(r'"(?:[^"]|"")*"', text):
        for sheet, first, last in REFERENCE.findall(part):
            yield sheet[1:-1].replace("''", "'") or own, box_of(f"{first}:{last or first}"), first


def table_boxes(sheet: Sheet) -> list[Box]:
    """Return the rows of the tables of a sheet, without their headers."""
    boxes = [box_of(one.get("ref", "")) for one in sheet.tables]
    return [(first_row + 1, first, last_row, last) for first_row, first, last_row, last in boxes]


def _sorting(package: Package) -> Iterator[str]:
    """Name what would say something else once the rows of a table are sorted."""
    boxes = {sheet.name: table_boxes(sheet) for sheet in package.sheets.values()}
    for sheet in package.sheets.values():
        for box in boxes[sheet.name]:
            if any(overlap(box, merged) for merged in sheet.merged):
                yield f"{sheet.name}: merged cells in the table {box}"
            if sheet.find("sheetProtection") is not None:
                yield f"{sheet.name}: a table to sort that is locked"
        for cell in sheet.cells.values():
            for named, found, first in references(cell.formula or "", sheet.name):
                for box in boxes.get(named, ()):
                    whole = found[0] <= box[0] and found[2] >= box[2]
                    mine = named == sheet.name and box[0] <= cell.row <= box[2]
                    moves = mine and found[0] == found[2] == cell.row and "$" not in first[1:]
                    if overlap(box, found) and not whole and not moves:
                        yield f"{sheet.name} {at(cell)}: {cell.formula} names rows that may be sorted"


# One sheet.


def _values(sheet: Sheet) -> Iterator[str]:
    for cell in sheet.cells.values():
        if cell.formula is not None and not cell.value:
            yield f"{at(cell)}: a formula without a value"
        if cell.kind == "e" or (cell.formula is not None and ERRORS.search(cell.value or "")):
            yield f"{at(cell)}: an error value"
        if cell.is_number and not math.isfinite(float(cell.value or "0")):
            yield f"{at(cell)}: not a number"


def _links(sheet: Sheet) -> Iterator[str]:
    targets = set(sheet.package.sheet_parts)
    for one in sheet.all("hyperlink"):
        location = one.get("location", "")
        name = location.rpartition("!")[0].strip("'").replace("''", "'")
        if name not in targets:
            yield f"a link to no sheet of this workbook: {location or one.attrib}"


def _merged(sheet: Sheet) -> Iterator[str]:
    for one, other in itertools.combinations(sheet.merged, 2):
        if overlap(one, other):
            yield f"merged cells that overlap: {one} and {other}"
    hidden = {
        place
        for first_row, first, last_row, last in sheet.merged
        for place in itertools.product(range(first_row, last_row + 1), range(first, last + 1))
        if place != (first_row, first)
    }
    for place in sorted(hidden & set(sheet.cells)):
        yield f"{xl_rowcol_to_cell(*place)}: a value that merged cells hide"


def _lists(sheet: Sheet) -> Iterator[str]:
    for one in sheet.all("dataValidation"):
        text = one.findtext(f"{MAIN}formula1", "")
        if one.get("type") == "list" and text.startswith('"') and units(text) - 2 > MAX_LIST:
            yield f"a list of {units(text) - 2} characters at {one.get('sqref')}"
        for name, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
            if units(one.get(name, "")) > most:
                yield f"{name} of {units(one.get(name, ''))} characters at {one.get('sqref')}"


def header_boxes(sheet: Sheet) -> list[Box]:
    """Return the header row of each table: of filters and of Excel's own tables."""
    filters = [one.get("ref", "") for one in sheet.all("autoFilter")]
    tables = [one.get("ref", "") for one in sheet.tables]
    boxes = [box_of(one) for one in (*filters, *tables)]
    return [(first_row, first, first_row, last) for first_row, first, _, last in boxes]


def _headers(sheet: Sheet) -> Iterator[str]:
    for row, first, _, last in header_boxes(sheet):
        shown = [sheet.cells.get((row, column)) for column in range(first, last + 1)]
        texts = [cell.value.strip().casefold() if cell and cell.value else "" for cell in shown]
        for text in sorted({text for text in texts if texts.count(text) > 1 or not text}):
            yield f"row {row + 1}: the header {text!r} is not its column's own"
    for table in sheet.tables:
        row, first, _, _ = box_of(table.get("ref", ""))
        for place, column in enumerate(table.iter(f"{MAIN}tableColumn"), start=first):
            cell = sheet.cells.get((row, place))
            if cell is None or cell.value != column.get("name"):
                yield f"row {row + 1}: the table calls a column {column.get('name')!r}, the cell does not"
    boxes = [box_of(one.get("ref", "")) for one in sheet.tables]
    for one, other in itertools.combinations(boxes, 2):
        if overlap(one, other):
            yield f"tables that overlap: {one} and {other}"


def _print(sheet: Sheet) -> Iterator[str]:
    page, fit, footer = sheet.find("pageSetup"), sheet.find("pageSetUpPr"), sheet.find("oddFooter")
    fits = fit is not None and fit.get("fitToPage") == "1"
    high = "" if page is None else page.get("fitToHeight", "1")
    lies = page is not None and page.get("orientation") == "landscape"
    # A letter may stand upright: one page, or one with an annex, which may be shrunk for its rows.
    is_annexed = not lies and sheet.find("rowBreaks") is not None
    is_letter = not lies and (is_annexed or (fits and high == "1"))
    fits = fits or (is_annexed and page is not None and page.get("scale") is not None)
    if page is None or page.get("paperSize") != A4 or not (lies or is_letter):
        yield "is not printed on A4 landscape"
    if page is None or not fits or page.get("fitToWidth", "1") != "1" or not (is_letter or high == "0"):
        yield "is not fitted to the width of a page"
    text = (footer.text or "") if footer is not None else ""
    if not all(part in text for part in ("&P", "&N", "SHA-256")) or units(text) > MAX_FOOTER:
        yield f"has no footer with version, hash and page: {text!r}"
    below = max((row for row, _ in sheet.cells), default=0)
    blocks = [box for box in table_boxes(sheet) if box[2] < below]  # other blocks have other headers
    if len(header_boxes(sheet)) > len(blocks) and not _repeated_rows(sheet):
        yield "has a table whose header is not repeated on every page"
    pane = sheet.find("pane")
    if pane is None or pane.get("state") != "frozen" or int(pane.get("ySplit", "0")) < 1:
        yield "has no frozen rows"


def _repeated_rows(sheet: Sheet) -> bool:
    for name, owner, text in sheet.package.defined_names:
        if name == "_xlnm.Print_Titles" and owner == sheet.name and re.search(r"\$\d+:\$\d+", text):
            return True
    return False


def _drawings(sheet: Sheet) -> Iterator[str]:
    anchors = sheet.anchors()
    for one, other in itertools.combinations(anchors, 2):
        if _crosses(one, other):
            yield f"drawings that overlap: {one} and {other}"
    breaks = [int(one.get("id", "0")) for one in sheet.all("brk")]
    for (top, down, left, _), (bottom, more, right, over) in anchors:
        last_row, last = bottom if more else bottom - 1, right if over else right - 1
        covered = (top, left, last_row, last)
        for cell in sheet.cells.values():
            if overlap(covered, (cell.row, cell.column, cell.row, cell.column)):
                yield f"{at(cell)}: a drawing lies over this cell"
        for row in breaks:
            if top < row <= last_row or (row == top and down):
                yield f"a page ends at row {row}, within a drawing over rows {top + 1}-{last_row + 1}"


def _crosses(
    one: tuple[tuple[int, ...], tuple[int, ...]], other: tuple[tuple[int, ...], tuple[int, ...]]
) -> bool:
    def apart(place: int) -> bool:
        first, second = (
            [(corner[place], corner[place + 1]) for corner in corners] for corners in (one, other)
        )
        return first[1] <= second[0] or second[1] <= first[0]

    return not apart(0) and not apart(2)


def shown(value: float, code: str) -> str:
    """Return a number as a format shows it, as wide as it may be."""
    sections = code.split(";")
    section = sections[0]
    if len(sections) > 1 and value < 0:
        section = sections[1]
    elif len(sections) > 2 and value == 0:
        section = sections[2]
    sign = "-" if value < 0 and len(sections) == 1 else ""
    if section in ("General", "@"):
        return f"{value:.10g}"
    pattern = re.search(r"[#0,]*[#0](\.[0#]+)?", section)
    if pattern is None:
        return section.replace('"', "")
    digits = len(pattern[1]) - 1 if pattern[1] else 0
    number = round_half_up(abs(value) * (100 if "%" in section else 1), digits)
    text = f"{Decimal(repr(number)):,.{digits}f}" if "," in pattern[0] else f"{number:.{digits}f}"
    before, after = (part.replace('"', "") for part in (section[: pattern.start()], section[pattern.end() :]))
    return sign + before + text + after


def _widths(sheet: Sheet) -> Iterator[str]:
    widths, formats = sheet.widths(), sheet.package.formats()
    merged = {(first_row, first): last for first_row, first, _, last in sheet.merged}
    for place, cell in sheet.cells.items():
        if cell.is_number:
            code, font = formats[cell.style]
            text = shown(float(cell.value or "0"), code)
            columns = range(cell.column, merged.get(place, cell.column) + 1)
            room = sum(widths.get(column, 8.43) * 7 for column in columns)
            if text_pixels(text, float(font["size"]), bold=font["bold"] == "1") / 1.03 > room:
                yield f"{at(cell)}: {text} does not fit its column"


def _header_words(sheet: Sheet) -> Iterator[str]:
    """Find headers with a word that is wider than their columns: it would be broken anywhere."""
    widths, formats = sheet.widths(), sheet.package.formats()
    merged = {(first_row, first): last for first_row, first, _, last in sheet.merged}
    for place, cell in sheet.cells.items():
        font = formats[cell.style][1]
        if font["header"] == "0" or cell.is_number or not cell.value or not widths.get(cell.column, 1):
            continue
        columns = range(cell.column, merged.get(place, cell.column) + 1)
        room = sum(column_pixels(widths.get(column, 8.43)) for column in columns) - CELL_MARGIN
        for word in re.split(r"[\s\-–/]+", cell.value):
            if text_pixels(word, float(font["size"]), bold=True) > room:
                yield f"{at(cell)}: the word {word!r} of the header is wider than its column"


SHEET_CHECKS = (_values, _links, _merged, _lists, _headers, _print, _drawings, _widths, _header_words)
