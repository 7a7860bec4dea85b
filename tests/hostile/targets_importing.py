"""The importers and `extends` under the fuzzer."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from curricula.formats import compound
from curriplan.base.errors import CurriplanError, Issue
from hostile import mutate
from hostile.targets import (
    Book,
    Target,
    caught,
    folder_of,
    mini_parts,
    mini_workbook,
    read_catalog_at,
    spoil_book,
)


def _parts_of(write: Callable[[Path], Path]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        written = write(Path(folder) / "release")
        return {path.name: path.read_bytes() for path in sorted(written.iterdir())}


def _spoil_release(random: Random, parts: mutate.Parts) -> mutate.Parts:
    kind = random.randrange(10)
    if kind < 6:
        return mutate.spoil_parts(random, parts, "", mutate.spoil_csv)
    if kind < 8:
        return mutate.spoil_parts(random, parts, "", mutate.spoil_bytes)
    return (
        mutate.spoil_parts(random, parts, "", mutate.spoil_encoding) if kind == 8 else _without(random, parts)
    )


def _without(random: Random, parts: mutate.Parts) -> mutate.Parts:
    name = random.choice(sorted(parts))
    return {key: data for key, data in parts.items() if key != name or len(parts) == 1}


def _read_release(read: Callable[[Path], Any]) -> Callable[[mutate.Parts, Path], list[str]]:
    def reading(parts: mutate.Parts, work: Path) -> list[str]:
        def action() -> Iterable[Issue]:
            from curriplan.problem.checks import check_catalog

            found = read(folder_of(work, parts))
            return (*found.issues, *check_catalog(found.catalog))

        return caught(action)

    return reading


def classification_targets() -> dict[str, Target]:
    """Return ESCO and O*NET, in their small releases made by hand."""
    from curriplan.importing.esco.catalog import import_esco
    from curriplan.importing.onet.catalog import import_onet
    from unit.importing import releases

    esco = [
        _parts_of(lambda at, n=n: releases.write_esco(at, releases.esco_tables(), n)) for n in ("1.1", "1.2")
    ]  # type: ignore[misc]
    onet = _parts_of(lambda at: releases.write_onet(at, releases.onet_tables()))
    return {
        "esco": Target(tuple(esco), _spoil_release, _read_release(import_esco)),
        "onet": Target((onet,), _spoil_release, _read_release(import_onet)),
        "outlooks": Target((_OUTLOOK_FILES,), _spoil_release, _read_outlooks),
        "packed": Target(tuple(mutate.packed(parts) for parts in esco), _spoil_archive, _read_packed),
    }


_OUTLOOK_FILES = {
    "scores.csv": b"isco08,score\n2511,0.3\n3512,0.5\n4132,0.5\n",
    "old.csv": b"period,occupation code,vacancies,source\n2025-2,2511,20,x\n2025-2,3512,30,x\n",
    "new.csv": b"period;occupation code;vacancies;source\n2026-2;2511;1 020;x\n2026-2;9111;3,5;x\n",
}


def _read_outlooks(parts: mutate.Parts, work: Path) -> list[str]:
    """Make outlooks of scores and of two snapshots, of which any may be spoiled or missing."""
    import curriplan
    from curriplan.catalog.records import Catalog, CatalogInfo, Occupation

    folder = folder_of(work, parts)
    catalog = Catalog(CatalogInfo(id="college"), occupations=(Occupation(id="A", isco08="2511"),))
    scores = caught(
        lambda: curriplan.make_outlooks(catalog, exposure={"a": folder / "scores.csv"}, beta=0.5).issues
    )
    files = (folder / "old.csv", folder / "new.csv")
    return [*scores, *caught(lambda: curriplan.make_outlooks(catalog, snapshots=files).issues)]


def _spoil_archive(random: Random, data: bytes) -> bytes:
    """Spoil the bytes of an archive, mostly those that say what is in it; lengths mostly stay."""
    at = data.find(b"PK\x01\x02") if random.random() < 0.7 else 0
    at = random.randrange(max(at, 0), max(len(data), 1))
    kind = random.randrange(4)
    if kind == 0:
        return mutate.spoil_bytes(random, data)
    new = (bytes([random.randrange(256)]), random.choice((b"\0" * 4, b"\xff" * 4, b"PK\3\4")), b"../..")[
        kind - 1
    ]
    return data[:at] + new + data[at + len(new) :]


def _read_packed(data: bytes, work: Path) -> list[str]:
    from curriplan.importing.esco.catalog import import_esco

    path = work / "esco-1.1.zip"
    path.write_bytes(data)
    return caught(lambda: import_esco(path).issues)


def _saved(book: Any) -> Book:
    content = io.BytesIO()
    book.save(content)
    return Book(mutate.unpacked(content.getvalue()))


def _read_rup(book: Book, work: Path) -> list[str]:
    from curriplan.importing.rup.accounts import report_rows
    from curriplan.importing.rup.mapping import read_mapping
    from curriplan.importing.rup.mapping_text import mapping_text
    from curriplan.importing.rup.reading import RupChoices, read_rup

    path, noted = work / "rup.xlsx", work / "mapping.toml"
    path.write_bytes(book.content())

    def action() -> Iterable[Issue]:
        reading = read_rup(path, RupChoices(start="2025-1", learners=25))
        list(report_rows(reading, "ru"))
        noted.write_text(mapping_text(reading.mapping, {}), encoding="utf-8")
        read_rup(path, RupChoices(start="2025-1", learners=25), read_mapping(noted))
        return tuple(reading.issues)

    return caught(action)


def _read_rup_mapping(data: bytes, work: Path) -> list[str]:
    from curriplan.importing.rup.mapping import read_mapping
    from curriplan.importing.rup.reading import RupChoices, read_rup

    path, noted = work / "rup.xlsx", work / "mapping.toml"
    path.write_bytes(_college().content())
    noted.write_bytes(data)
    return caught(lambda: tuple(read_rup(path, RupChoices(), read_mapping(noted)).issues))


@cache
def _college() -> Book:
    from curricula import colleges

    return _saved(colleges.big())


@dataclass(frozen=True)
class OldBook:
    """A workbook of Excel 97 under mutation: its records, or the bytes once they are spoiled as a whole."""

    records: bytes
    data: bytes | None = None

    def content(self) -> bytes:
        """Return the bytes of the file."""
        return compound(self.records) if self.data is None else self.data


def _spoil_old(random: Random, book: OldBook) -> OldBook:
    if book.data is not None or random.random() < 0.15:
        return OldBook(book.records, mutate.spoil_bytes(random, book.content()))
    return OldBook(mutate.spoil_records(random, book.records))


def _read_table(ending: str) -> Callable[[Any, Path], list[str]]:
    from curriplan.importing.rup.reading import RupChoices, read_rup

    def reading(book: Any, work: Path) -> list[str]:
        path = work / f"rup{ending}"
        path.write_bytes(book.content())
        return caught(lambda: read_rup(path, RupChoices(start="2025-1", learners=25)).issues)

    return reading


def table_targets() -> dict[str, Target]:
    """Return the working curriculum as .ods and as .xls."""
    from curricula import colleges
    from curricula.formats import as_ods, as_xls
    from curriplan.catalog.reading.ole import CompoundFile
    from unit.catalog.test_sheets import rich

    books = (colleges.big(), rich())
    old = [CompoundFile(as_xls(book)) for book in books]
    return {
        "ods": Target(
            tuple(Book(mutate.unpacked(as_ods(book))) for book in books), spoil_book, _read_table(".ods")
        ),
        "xls": Target(
            tuple(OldBook(file.stream(file.top()["Workbook"])) for file in old),
            _spoil_old,
            _read_table(".xls"),
        ),
    }


def _written(path: Path, book: Book) -> Path:
    path.write_bytes(book.content())
    return path


def _read_questions(book: Book, work: Path) -> list[str]:
    from curriplan.importing.rup.question_book import is_untouched_book, read_questions
    from curriplan.importing.rup.reading import RupChoices, read_rup

    path = _written(work / "questions.xlsx", book)
    with suppress(CurriplanError):  # spoiled, it is one of something else
        is_untouched_book(path)

    def action() -> Iterable[Issue]:
        (mapping, *_) = read_questions(path) or [None]
        return tuple(read_rup(_written(work / "rup.xlsx", _college()), RupChoices(), mapping).issues)

    return caught(action)


def rup_targets() -> dict[str, Target]:
    """Return the working curriculum, its mapping file, and its questions."""
    from curriplan.importing.rup.mapping_text import mapping_text
    from curriplan.importing.rup.question_book import write_questions
    from curriplan.importing.rup.reading import RupChoices, read_rup

    book = _college()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rup.xlsx"
        path.write_bytes(book.content())
        mapping = mapping_text(read_rup(path, RupChoices(start="2025-1", learners=25)).mapping, {}).encode()

    def spoil(random: Random, data: bytes) -> bytes:
        return random.choice((mutate.spoil_toml, mutate.spoil_toml, mutate.spoil_bytes))(random, data)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.xlsx"
        readings = [read_rup(_written(Path(folder) / "rup.xlsx", book), RupChoices())]
        write_questions(readings, path, "ru")
        questions = Book(mutate.unpacked(path.read_bytes()))
    return {
        "rup": Target((book,), spoil_book, _read_rup),
        "rup questions": Target((questions,), spoil_book, _read_questions),
        "rup mapping": Target((mapping,), spoil, _read_rup_mapping),
    }


BASES = (
    "../base",
    "../base.xlsx",
    "mini",
    ".",
    "..",
    "../folder",
    "/etc",
    "../base/../base",
    "C:\\x",
    "~",
    "",
    "../fifo",
)


def _spoil_extends(random: Random, parts: mutate.Parts) -> mutate.Parts:
    """Change what a catalog builds on, a table of it, or a table of its base."""
    kind = random.randrange(4)
    if kind == 0:
        names = ", ".join(
            f'"{random.choice(BASES)}"'.replace("\\", "\\\\") for _ in range(random.randint(0, 4))
        )
        lines = parts["catalog.toml"].decode("utf-8", "replace").splitlines()
        kept = [line for line in lines if not line.startswith(("extends", "without"))]
        table = random.choice(("modules", "x", "targets", "profile"))
        text = "\n".join([f"extends = [{names}]", f'without = ["{table}"]', *kept])
        return {**parts, "catalog.toml": text.encode("utf-8", "replace")}
    if kind == 1:
        return mutate.spoil_parts(random, parts, "catalog.toml", mutate.spoil_toml)
    return mutate.spoil_parts(random, parts, ".csv", mutate.spoil_csv)


def _read_extends(parts: mutate.Parts, work: Path) -> list[str]:
    base = {name[5:]: data for name, data in parts.items() if name.startswith("base ")}
    folder = folder_of(work, base)
    folder.rename(work / "base") if not (work / "base").exists() else None
    (work / "base.xlsx").write_bytes(mini_workbook())
    own = folder_of(work, {name: data for name, data in parts.items() if not name.startswith("base ")})
    for name, data in base.items():
        (work / "base" / name).write_bytes(data)
    return caught(lambda: read_catalog_at(own))


def extends_targets() -> dict[str, Target]:
    """Return a catalog that builds on another."""
    mini = mini_parts()
    own = {
        "catalog.toml": b'extends = ["../base"]\n' + mini["catalog.toml"].replace(b'"mini"', b'"own"', 1),
        "modules.csv": mini["modules.csv"],
        "targets.csv": mini["targets.csv"],
    }
    parts = {**own, **{f"base {name}": data for name, data in mini.items()}}
    return {"extends": Target((parts,), _spoil_extends, _read_extends)}
