"""What the fuzzer reads: for each reader its seeds, how they are spoiled, and how they are read.

Reading returns the issues as text, in all three languages, or raises `CurriplanError`. Anything else that
comes out is a find.
"""

from __future__ import annotations

import io
import json
import pickle
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any

from curriplan.base.errors import CurriplanError, Issue
from curriplan.plan.carried import carried_data, carried_lines, is_carried
from hostile import mutate

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "catalogs" / "mini"
BASE = ROOT / "tests" / "broken_catalogs" / "base"
Read = Callable[[Any, Path], list[str]]


@dataclass(frozen=True)
class Target:
    """One reader under the fuzzer."""

    seeds: tuple[Any, ...]
    spoil: Callable[[Random, Any], Any]
    read: Read


def lines_of(issues: Iterable[Issue]) -> list[str]:
    """Return every issue in every language: a text that lacks a value is a find too."""
    from curriplan.cli.console.terminal import printable

    found = [printable(issue.line(language)) for issue in issues for language in ("kk", "ru", "en")]
    for line in found:
        line.encode("utf-8")
    return found


def caught(action: Callable[[], Iterable[Issue]]) -> list[str]:
    """Return the issues of an action as text, raised or returned."""
    try:
        return lines_of(action())
    except CurriplanError as error:
        return [f"exit {error.exit_code}", *lines_of(error.issues)]


def read_catalog_at(source: Path) -> Iterable[Issue]:
    """Read and check a catalog, and find its gaps where it has no errors."""
    from curriplan.api.analyses import catalog_gaps
    from curriplan.api.reading import read

    reading = read(source)
    if reading.found is not None and not reading.errors:
        catalog_gaps(reading.found)
    return reading.issues


def folder_of(work: Path, parts: mutate.Parts) -> Path:
    """Write parts as files of a folder."""
    folder = work / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in parts.items():
        (folder / name).write_bytes(data)
    return folder


def _read_folder(parts: mutate.Parts, work: Path) -> list[str]:
    return caught(lambda: read_catalog_at(folder_of(work, parts)))


FOLDER_NAMES = (
    "modules.csv.txt",
    "MODULES.CSV",
    "модули.csv",
    "x.csv",
    "catalog.toml",
    "level_values.csv",
    "a" * 200,
)


def _spoil_folder(random: Random, parts: mutate.Parts) -> mutate.Parts:
    kind = random.randrange(10)
    if kind < 6:
        return mutate.spoil_parts(random, parts, ".csv", mutate.spoil_csv)
    if kind < 8:
        return mutate.spoil_parts(random, parts, ".csv", mutate.spoil_bytes)
    if kind == 8:
        return mutate.spoil_parts(random, parts, "", mutate.spoil_encoding)
    name = random.choice(sorted(parts))
    other = random.choice((*FOLDER_NAMES, *sorted(parts)))
    return {(other if key == name else key): value for key, value in parts.items()}


def _spoil_info(random: Random, parts: mutate.Parts) -> mutate.Parts:
    change = random.choice((mutate.spoil_toml, mutate.spoil_toml, mutate.spoil_toml, mutate.spoil_bytes))
    return mutate.spoil_parts(random, parts, "catalog.toml", change)


def _spoil_profile(random: Random, data: bytes) -> bytes:
    change = random.choice((mutate.spoil_csv, mutate.spoil_csv, mutate.spoil_bytes, mutate.spoil_encoding))
    return change(random, data)


def _read_profile(data: bytes, work: Path) -> list[str]:
    from curriplan.api.reading import read, read_profile
    from curriplan.problem.settings import Settings

    path = work / "profile.csv"
    path.write_bytes(data)
    return caught(lambda: read(MINI, Settings(profile=read_profile(path))).issues)


def mini_parts() -> dict[str, bytes]:
    """Return the files of the catalog `mini`."""
    return {path.name: path.read_bytes() for path in sorted(MINI.iterdir())}


@cache
def mini_workbook() -> bytes:
    """Return the catalog `mini` as a workbook."""
    import csv
    import tomllib

    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for path in sorted(MINI.glob("*.csv")):
            sheet = book.add_worksheet(path.stem)
            for number, row in enumerate(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))):
                sheet.write_row(number, 0, [_typed(cell) for cell in row])
        info = book.add_worksheet("catalog")
        info.write_row(0, 0, ["key", "value"])
        data = tomllib.loads((MINI / "catalog.toml").read_text(encoding="utf-8"))
        for number, (key, value) in enumerate(data.items(), start=1):
            info.write_row(number, 0, [key, value if isinstance(value, str | int) else None])
    return content.getvalue()


def _typed(cell: str) -> Any:
    try:
        return cell if cell.startswith("0") and len(cell) > 3 else float(cell)
    except ValueError:
        return cell or None


@dataclass(frozen=True)
class Book:
    """A workbook under mutation: its parts, and the bytes once they are spoiled as a whole."""

    parts: mutate.Parts
    data: bytes | None = None

    def content(self) -> bytes:
        """Return the bytes of the file."""
        return mutate.packed(self.parts) if self.data is None else self.data


def spoil_book(random: Random, book: Book) -> Book:
    """Change a workbook: its XML, its archive, its cells."""
    kind = random.randrange(20)
    if book.data is not None or kind == 0:
        return Book(book.parts, mutate.spoil_bytes(random, book.content()))
    if kind < 13:
        return Book(mutate.spoil_parts(random, book.parts, ".xml", mutate.spoil_xml))
    if kind < 15:
        ending = random.choice((".rels", "workbook.xml", "styles.xml", "_Types].xml", "Strings.xml"))
        return Book(mutate.spoil_parts(random, book.parts, ending, mutate.spoil_xml))
    if kind < 17:
        return Book(mutate.spoil_parts(random, book.parts, ".xml", mutate.spoil_bytes))
    if kind == 17:
        return Book(mutate.spoil_parts(random, book.parts, ".xml", mutate.spoil_encoding))
    if kind == 18:
        return Book(mutate.spoil_names(random, book.parts))
    return _spoil_cells(random, book)


@lru_cache(4)
def _loaded(content: bytes) -> bytes:
    """Load a workbook: most often a seed, which comes out of a pickle ten times as fast."""
    import openpyxl

    return pickle.dumps(openpyxl.load_workbook(io.BytesIO(content)))


def _spoil_cells(random: Random, book: Book) -> Book:
    """Write values into cells with openpyxl, as a person would; a workbook that it cannot open stays."""
    try:
        loaded = pickle.loads(_loaded(book.content()))
        for _ in range(random.randint(1, 5)):
            sheet = random.choice(loaded.worksheets)
            row, column = random.randint(1, sheet.max_row + 1), random.randint(1, sheet.max_column + 1)
            sheet.cell(row, column).value = random.choice((*mutate.TEXTS, *mutate.NUMBERS, True, None))
        content = io.BytesIO()
        loaded.save(content)
    except Exception:  # whatever openpyxl makes of it; curriplan has not seen it yet
        return book
    return Book(mutate.unpacked(content.getvalue()))


def _read_book(book: Book, work: Path) -> list[str]:
    path = work / "book.xlsx"
    path.write_bytes(book.content())
    return caught(lambda: read_catalog_at(path))


@cache
def _plan_result() -> Any:
    import curriplan

    return curriplan.optimize(MINI)


def mini_plan() -> bytes:
    """Return the plan of `mini`."""
    from curriplan.api.plan_file import plan_text

    return plan_text(_plan_result().plan).encode()


@cache
def mini_review() -> bytes:
    """Return the workbook of the plan of `mini`."""
    result = _plan_result()
    return bytes(result._workbook(result.plan, "en"))


def _read_plan(data: bytes, work: Path) -> list[str]:
    from curriplan.api.plan_file import earlier_starts, read_plan
    from curriplan.api.verify import verify_saved_plan
    from curriplan.cli.console.terminal import Terminal
    from curriplan.cli.console.verdict import show_verdict

    path = work / "plan.json"
    path.write_bytes(data)

    def action() -> list[Issue]:
        verdict = verify_saved_plan(path, MINI)
        shown, sys.stdout = sys.stdout, io.StringIO()
        try:
            show_verdict(Terminal("en"), verdict)
        finally:
            sys.stdout = shown
        earlier_starts(read_plan(path))
        return []

    return caught(action)


def _spoil_plan(random: Random, data: bytes) -> bytes:
    return mutate.spoil_json(random, data) if random.random() < 0.9 else mutate.spoil_bytes(random, data)


def _spoil_review(random: Random, book: Book) -> Book:
    return _spoil_carried(random, book) if random.random() < 0.35 else spoil_book(random, book)


def _spoil_carried(random: Random, book: Book) -> Book:
    """Change the data that the workbook carries, and give it the hash that it should have."""
    texts = mutate.re.compile(rb"(?<=>)curriplan-review/1:[^<>]*(?=<)")
    name = next((n for n, data in book.parts.items() if texts.search(data)), None)
    if name is None or book.data is not None:
        return spoil_book(random, book)
    found = [one.decode() for one in texts.findall(book.parts[name])]
    try:
        data = carried_data(one for one in found if is_carried(one))
    except ValueError:
        return spoil_book(random, book)
    lines = iter(carried_lines(mutate.spoil_tree(random, json.loads(json.dumps(data)))))
    changed = texts.sub(lambda _: next(lines, "curriplan-review/1:").encode(), book.parts[name])
    return Book({**book.parts, name: changed})


def _read_review(book: Book, work: Path) -> list[str]:
    from curriplan.api.reading import read
    from curriplan.api.review.read import read_review
    from curriplan.api.review.replan import reviewed_settings
    from curriplan.api.review.resolve import resolve_review

    path = work / "review.xlsx"
    path.write_bytes(book.content())

    def action() -> Iterable[Issue]:
        review = read_review(path)
        settings = reviewed_settings(review, {})
        reading = read(MINI, settings)
        resolve_review(review, reading.require())
        return (*review.warnings, *reading.issues)

    return caught(action)


def targets() -> dict[str, Target]:
    """Return the readers by name."""
    review = Book(mutate.unpacked(mini_review()))
    workbook = Book(mutate.unpacked(mini_workbook()))
    folder = mini_parts()
    base = {path.name: path.read_bytes() for path in sorted(BASE.iterdir())}
    return {
        "folder": Target((folder, base), _spoil_folder, _read_folder),
        "info": Target((folder,), _spoil_info, _read_folder),
        "workbook": Target((workbook,), spoil_book, _read_book),
        "plan": Target((mini_plan(),), _spoil_plan, _read_plan),
        "review": Target((review,), _spoil_review, _read_review),
        "profile": Target((folder["profile.csv"],), _spoil_profile, _read_profile),
    }


WEIGHTS = {"folder": 6, "info": 2, "workbook": 6, "plan": 3, "review": 2, "profile": 2}
"""How often each reader gets its turn."""
